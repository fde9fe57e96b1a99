//! Places among others that are taken: of the children that have them in common, those that are there keep their places, and
//! those that come in stand after the last, in the order of the document.

use super::Path;
use super::kept::Member;
use crate::app::model::Shape;
use crate::database::quote::{identifier, user_table};
use crate::database::value::{Borrowed, Value};
use crate::document::json::key_of;
use crate::import::condensed::park::{Deferred, Operation};
use crate::import::condensed::pass::Pass;
use crate::import::condensed::resolve::Row;
use crate::import::condensed::target::Handle;
use anyhow::{Context, Result};
use serde_json::{Map, Value as Json};
use std::collections::HashSet;

/// A place that children get.
pub(super) type Placed = (Member, i64);

impl Pass<'_, '_> {
    /// The places that children get which have one in common with a child that clashes: by the columns that tell where the
    /// places are, and the values that these have. `failed` are those that could not be written.
    pub(super) fn places_of(
        &self,
        table: &str,
        [columns, place]: [&[String]; 2],
        group: &[Value],
        failed: &[Deferred],
    ) -> Result<Vec<Placed>> {
        let place = &place[0];
        let wanted: Vec<&str> = columns.iter().chain([place]).map(String::as_str).collect();
        let (mut coming, mut staying) = (Vec::new(), Vec::new());
        let mut own: HashSet<String> = HashSet::new();
        let mut last = 0;
        for member in self.staged.items.members(table)? {
            let Some(mut values) = self.values_of(table, &wanted, &member, failed)? else { continue };
            let at = values.pop();
            if values != group {
                continue;
            }
            let Some(Value::Integer(at)) = at else { continue };
            if let Some(handle) = &member.handle {
                own.insert(format!("{handle:?}"));
            }
            let is_elsewhere = columns.iter().any(|name| member.changes.contains(name));
            match (&member.before, member.is_new || is_elsewhere) {
                (Some(Value::Integer(before)), false) => {
                    last = last.max(*before);
                    staying.push((*before, member));
                }
                (_, true) => coming.push((at, member)),
                _ => last = last.max(at),
            }
        }
        last = last.max(self.last_place(table, columns, place, group, &own)?);
        coming.sort_by_key(|(at, member)| (*at, member.item));
        let after = (1..).map(|more| last.saturating_add(more));
        let coming = coming.into_iter().zip(after).map(|((_, member), at)| (member, at));
        Ok(coming.chain(staying.into_iter().map(|(at, member)| (member, at))).collect())
    }

    /// What a child would hold in some columns.
    fn values_of(
        &self,
        table: &str,
        columns: &[&str],
        member: &Member,
        failed: &[Deferred],
    ) -> Result<Option<Vec<Value>>> {
        let late = failed.iter().find(|late| late.item == member.item && late.path == member.path);
        let none = Row::new();
        let (row, handle) = match late.map(|late| &late.operation) {
            Some(Operation::Insert(row)) => (row, None),
            Some(Operation::Update(sets, handle)) => {
                let sets: Row = sets.iter().cloned().collect();
                return Ok(self.load(table, columns, handle)?.map(|there| overlaid(columns, there, &sets)));
            }
            None => (&none, member.handle.as_ref()),
        };
        match handle {
            Some(handle) => self.load(table, columns, handle),
            None => Ok(columns.iter().map(|name| row.get(*name).cloned()).collect()),
        }
    }

    fn load(&self, table: &str, columns: &[&str], handle: &Handle) -> Result<Option<Vec<Value>>> {
        self.decider.resolver.target.load(table, columns, handle)
    }

    /// The last place of the rows that are no children in the document.
    fn last_place(
        &self,
        table: &str,
        columns: &[String],
        place: &str,
        group: &[Value],
        own: &HashSet<String>,
    ) -> Result<i64> {
        let target = self.decider.resolver.target;
        let described = target.table(table)?;
        let is_it = |(at, (name, value)): (usize, (&String, &Value))| {
            format!("{} IS {}", identifier(name), value.parameter(at + 1))
        };
        let mut conditions: Vec<String> = columns.iter().zip(group).enumerate().map(is_it).collect();
        conditions.push(format!("typeof({}) = 'integer'", identifier(place)));
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE {}",
            identifier(place),
            described.handle.of_row(""),
            user_table(table),
            conditions.join(" AND ")
        );
        let mut statement = target.connection.prepare(&sql)?;
        for (at, value) in group.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        let mut rows = statement.raw_query();
        let mut last = 0;
        while let Some(row) = rows.next()? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            let handle = (1..=described.handle.columns().len()).map(value).collect::<Result<Handle>>()?;
            if !own.contains(&format!("{handle:?}")) {
                last = last.max(row.get(0)?);
            }
        }
        Ok(last)
    }

    /// Lets a child hold another value.
    pub(super) fn set_in_child(&self, item: i64, path: &Path, column: &str, value: Json) -> Result<()> {
        let found = self.staged.items.get(item)?;
        let (_, shape) = self.decider.section(&found);
        let mut json: Map<String, Json> = serde_json::from_str(&found.json)?;
        set(shape, &mut json, path, column, value).context("a child that clashes is in its item")?;
        self.staged.items.adjust(item, &serde_json::to_string(&json)?)
    }
}

fn overlaid(columns: &[&str], there: Vec<Value>, sets: &Row) -> Vec<Value> {
    columns.iter().zip(there).map(|(name, there)| sets.get(*name).cloned().unwrap_or(there)).collect()
}

/// Sets a column of the child at a path.
pub(super) fn set(
    shape: &Shape,
    item: &mut Map<String, Json>,
    path: &[(String, usize)],
    column: &str,
    value: Json,
) -> Option<()> {
    let [(field, at), rest @ ..] = path else {
        item.insert(key_of(column).into_owned(), value);
        return Some(());
    };
    let nested = shape.nested.get(field)?;
    if !nested.flattened.is_empty() && rest.is_empty() {
        let (own, _) = nested.flattened.iter().find(|(_, inner)| *inner == column)?;
        item.insert(key_of(own).into_owned(), value);
        return Some(());
    }
    let child = match item.get_mut(key_of(field).as_ref())? {
        Json::Array(children) => children.get_mut(*at)?,
        child => child,
    };
    set(&nested.shape, child.as_object_mut()?, rest, column, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::Nested;
    use indexmap::IndexMap;
    use serde_json::json;

    #[test]
    fn a_value_is_set_below_an_item_also_among_its_own_fields() {
        let nested = |shape: Shape, flattened: &[(&str, &str)]| Nested {
            parent: Vec::new(),
            to: Vec::new(),
            one: !flattened.is_empty(),
            flattened: flattened.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            condition: None,
            ordered: false,
            shape,
        };
        let inner = Shape {
            nested: IndexMap::from([("c".to_owned(), nested(Shape::default(), &[]))]),
            ..Shape::default()
        };
        let flat = nested(Shape::default(), &[("cover_url", "url")]);
        let shape = Shape {
            nested: IndexMap::from([("b".to_owned(), nested(inner, &[])), ("cover".to_owned(), flat)]),
            ..Shape::default()
        };
        let mut item = json!({"b": [{}, {"c": [{"n": 1}]}], "cover_url": "x"});
        let item = item.as_object_mut().expect("an object");
        let path = [("b".to_owned(), 1), ("c".to_owned(), 0)];
        set(&shape, item, &path, "n", json!(7)).expect("it is there");
        set(&shape, item, &[("cover".to_owned(), 0)], "url", json!("y")).expect("it is there");
        assert_eq!(json!(item), json!({"b": [{}, {"c": [{"n": 7}]}], "cover_url": "y"}));
        assert_eq!(set(&shape, item, &[("b".to_owned(), 9)], "n", json!(7)), None);
    }
}
