//! The row that has what must be unique in a child, and whose it is.

use super::Child;
use crate::app::is_place;
use crate::app::model::{Nested, Shape};
use crate::database::affinity::Affinity;
use crate::database::value::Value;
use crate::import::condensed::describe::Describer;
use crate::import::condensed::park::{Deferred, Operation};
use crate::import::condensed::pass::{Pass, Read};
use crate::import::condensed::resolve::Row;
use crate::import::condensed::target::Handle;
use anyhow::Result;

/// A row that has what must be unique in a child.
pub(super) struct Holder {
    pub handle: Handle,
    /// The rows above it, that of the section first; nothing where it is below none.
    pub above: Option<Vec<Handle>>,
    /// What it is called: its parent, as `movies "Alien"`.
    pub name: String,
}

/// What must be unique in a child.
pub(super) struct Shared {
    /// The columns, where they are columns.
    pub columns: Vec<String>,
    /// The one that says a place among others.
    pub place: Option<String>,
}

impl Shared {
    /// What SQLite says of a constraint that fails.
    pub fn of(why: &str, child: &Child<'_, '_>, affinity: impl Fn(&str) -> Affinity) -> Self {
        let table = format!("{}.", child.nested().shape.table);
        let said = why.rsplit_once(": ").map_or("", |(_, columns)| columns);
        let own = |column: &str| {
            let is_it = column.get(..table.len()).is_some_and(|own| own.eq_ignore_ascii_case(&table));
            is_it.then(|| column[table.len()..].to_owned())
        };
        let columns: Vec<String> = said.split(", ").map(own).collect::<Option<_>>().unwrap_or_default();
        let is_said = |name: &str| matches!(child.incoming.values.get(name), Some(Value::Integer(_)));
        let place = columns
            .iter()
            .find(|name| is_place(name) && affinity(name) == Affinity::Integer && is_said(name));
        Self { place: place.cloned(), columns }
    }

    /// Its own columns in words: without those that say whose child it is.
    pub fn words(&self, nested: &Nested) -> String {
        let is_own =
            |name: &&String| !nested.parent.contains(name) && nested.shape.scope.as_ref() != Some(*name);
        let own: Vec<&str> = self.columns.iter().filter(is_own).map(String::as_str).collect();
        match own.as_slice() {
            [] => "something that must be unique is".to_owned(),
            [one] => format!("its {one} is"),
            [all @ .., last] => format!("its {} and {last} are", all.join(", ")),
        }
    }
}

impl Pass<'_, '_> {
    /// The row that keeps a child from being written; nothing where there is none.
    pub(super) fn holder_of(&self, deferred: &Deferred) -> Result<Option<Handle>> {
        let target = self.decider.resolver.target;
        let connection = target.connection;
        connection.execute_batch("SAVEPOINT holder")?;
        let found = target.without_triggers(|| {
            let row = match &deferred.operation {
                Operation::Insert(row) => row.clone(),
                Operation::Update(sets, handle) => {
                    let mut row = self.whole_row(&deferred.table, handle)?;
                    row.extend(sets.iter().cloned());
                    target.delete(&deferred.table, handle)?;
                    row
                }
            };
            target.holder_of(&deferred.table, &row)
        });
        connection.execute_batch("ROLLBACK TO holder; RELEASE holder")?;
        found
    }

    /// All columns of a row that can be written.
    fn whole_row(&self, table: &str, handle: &Handle) -> Result<Row> {
        let target = self.decider.resolver.target;
        let described = target.table(table)?;
        let columns = described.table.columns.iter().filter(|column| column.generated.is_none());
        let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let values = target.load(table, &names, handle)?.unwrap_or_default();
        Ok(names.into_iter().map(str::to_owned).zip(values).collect())
    }

    /// What is known of the row that keeps a child from being written.
    pub(super) fn know_holder(
        &self,
        read: &Read<'_>,
        child: &Child<'_, '_>,
        handle: Handle,
    ) -> Result<Holder> {
        let above = self.above(&child.chain, &handle)?;
        let describer = Describer { resolver: &self.decider.resolver };
        let label = match above.as_ref().and_then(|above| above.first()) {
            Some(top) => describer.label_of_row(read.shape, top)?,
            None => None,
        };
        let name = match label {
            Some(label) => format!("{} {label:?}", read.name),
            None => format!("another row of {}", child.nested().shape.table),
        };
        Ok(Holder { handle, above, name })
    }

    /// The rows above a row, that of the section first; nothing where it is no such child.
    fn above(&self, chain: &[(&Shape, &Nested)], handle: &Handle) -> Result<Option<Vec<Handle>>> {
        let target = self.decider.resolver.target;
        let mut above: Vec<Handle> = Vec::new();
        let mut below = handle.clone();
        for (shape, nested) in chain.iter().rev() {
            let table = &nested.shape.table;
            if target.is_without(table, nested.condition.as_deref(), &below)? {
                return Ok(None);
            }
            let names: Vec<&str> = nested.parent.iter().map(String::as_str).collect();
            let Some(values) = target.load(table, &names, &below)? else { return Ok(None) };
            let wanted: Vec<(&str, &Value)> = nested.to.iter().map(String::as_str).zip(&values).collect();
            let Some(parent) = target.find(&shape.table, &wanted, 1)?.pop() else { return Ok(None) };
            above.insert(0, parent.clone());
            below = parent;
        }
        Ok(Some(above))
    }

    /// Whether a row may become that of a child under another parent: it is one of the same kind, below an item that the
    /// import may change, and nothing below it refers to what would change.
    pub(super) fn may_move(&self, read: &Read<'_>, child: &Child<'_, '_>, holder: &Holder) -> Result<bool> {
        let target = self.decider.resolver.target;
        let Some(top) = holder.above.as_ref().and_then(|above| above.first()) else { return Ok(false) };
        let nested = child.nested();
        let is_kept =
            |name: &String| !nested.parent.contains(name) && !nested.shape.columns.contains_key(name);
        Ok(nested.shape.nested.values().all(|inner| inner.to.iter().all(is_kept))
            && !target.is_left_out(read.shape, top)?
            && !self.decider.is_of_others(read.shape, top)?
            && !self.decider.is_of_others(&nested.shape, &holder.handle)?
            && !self.staged.items.is_taken(&holder.handle)?)
    }
}
