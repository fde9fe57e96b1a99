//! Places among siblings, as positions in a list. Where the children of two rows are merged and two would have one place, what
//! is there keeps its place, and what comes in stands after it.

use super::compare::There;
use super::incoming::Incoming;
use super::resolve::Row;
use super::target_table::TargetTable;
use crate::app::is_place;
use crate::app::model::Nested;
use crate::database::affinity::Affinity;
use crate::database::value::Value;
use std::collections::{HashMap, HashSet};

/// The places of the children of a row.
pub(super) struct Places {
    column: String,
    /// The last one that is there.
    last: i64,
}

impl Places {
    /// Those of the children that are there; nothing where no column says their places, or they are known by them.
    pub fn of(nested: &Nested, table: &TargetTable, there: &[There]) -> Option<Self> {
        let column = column(nested, table)?;
        let last = there.iter().filter_map(|(_, row)| place(row.get(&column))).max().unwrap_or(0);
        Some(Self { column, last })
    }

    /// The column that says them.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The column and its value of each child that cannot have the place that it wants: none, unless two want the same.
    /// `found` are the rows that the children are, and `others` those that stay as they are.
    pub fn settle(
        self,
        children: &[Incoming<'_>],
        found: &[Option<There>],
        others: &[There],
    ) -> HashMap<usize, (String, Value)> {
        let here = |row: &Row| place(row.get(&self.column));
        let own = |child: &Incoming<'_>| place(child.values.get(&self.column));
        let of_child = |(child, found): (&Incoming<'_>, &Option<There>)| {
            own(child).or_else(|| found.as_ref().and_then(|(_, row)| here(row)))
        };
        let stay = others.iter().filter_map(|(_, row)| here(row));
        let mut taken = HashSet::new();
        let mut all = children.iter().zip(found).filter_map(of_child).chain(stay);
        if all.all(|place| taken.insert(place)) {
            return HashMap::new();
        }
        // What has no place needs none.
        let comes = |at: &usize| found[*at].is_none() && own(&children[*at]).is_some();
        let mut coming: Vec<usize> = (0..children.len()).filter(comes).collect();
        coming.sort_by_key(|at| own(&children[*at]));
        let after = (1..).map(|more| Value::Integer(self.last.saturating_add(more)));
        let after = coming.into_iter().zip(after);
        let kept = |(_, row): &There| row.get(&self.column).cloned().unwrap_or(Value::Null);
        let kept = (0..).zip(found).filter_map(|(at, found)| Some((at, kept(found.as_ref()?))));
        after.chain(kept).map(|(at, value)| (at, (self.column.clone(), value))).collect()
    }
}

/// The integer by whose name it is one, and by which the children of one parent must differ, besides what they are known by.
fn column(nested: &Nested, table: &TargetTable) -> Option<String> {
    let key = nested.shape.key_columns();
    let primary = table.table.primary_key();
    let is_parent = |name: &str| nested.parent.iter().any(|own| own.eq_ignore_ascii_case(name));
    let of_unique = |names: &[&str]| {
        let rest: Vec<&str> = names.iter().copied().filter(|name| !is_parent(name)).collect();
        let [one] = rest.as_slice() else { return None };
        let is_place = is_place(one)
            && names.len() == nested.parent.len() + 1
            && table.affinity(one) == Affinity::Integer
            && !key.contains(one)
            && !primary.contains(one);
        is_place.then(|| (*one).to_owned())
    };
    table.uniques.iter().find_map(|unique| of_unique(&unique.names()))
}

fn place(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::Integer(place)) => Some(*place),
        _ => None,
    }
}
