//! The names and places that children were given when their items came in before: by them they are the same.
//!
//! With `rename` nothing that is there changes, so that what is in a child's way now will be then.

use super::append::set;
use super::{Path, field_of};
use crate::app::is_place;
use crate::app::model::{Nested, Shape};
use crate::database::affinity::Affinity;
use crate::database::value::Value;
use crate::import::condensed::compare::{Comparer, There, holds};
use crate::import::condensed::describe::json;
use crate::import::condensed::incoming::{self, Incoming};
use crate::import::condensed::names::is_given_for;
use crate::import::condensed::pass::Pass;
use crate::import::condensed::resolve::Row;
use crate::import::condensed::state::State;
use crate::import::condensed::target_table::TargetTable;
use anyhow::Result;
use serde_json::{Map, Value as Json};

/// Values that children have in the place of those of the document.
type Adopted = Vec<(Path, String, Value)>;

impl Pass<'_, '_> {
    /// Lets items that are rows, and come in under another name where they differ, hold what the children of the rows were
    /// given.
    pub(in crate::import::condensed) fn adopt_all(&self) -> Result<()> {
        let items = &self.staged.items;
        items.for_each_changing(|id| {
            let Some(read) = self.read(id)? else { return Ok(()) };
            let State::Matched(handle) = items.state(id)? else { return Ok(()) };
            if read.shape.nested.is_empty() || !self.is_to_be_named(&read)? {
                return Ok(());
            }
            let mut item = read.json.clone();
            if self.writer.comparer.adopt(read.shape, &mut item, &handle)? {
                items.adjust(id, &serde_json::to_string(&item)?)?;
            }
            Ok(())
        })
    }
}

impl Comparer<'_, '_> {
    /// Gives the children of an item the names and places that those of a row were given. Says whether there are any.
    pub(in crate::import::condensed) fn adopt(
        &self,
        shape: &Shape,
        item: &mut Map<String, Json>,
        handle: &[Value],
    ) -> Result<bool> {
        let original = item.clone();
        let Ok(incoming) = incoming::read(shape, &original) else { return Ok(false) };
        let mut adopted = Adopted::new();
        self.apart(|| self.adopt_below(shape, &incoming, handle, &mut Path::new(), &mut adopted))?;
        for (path, column, value) in &adopted {
            set(shape, item, path, column, json(value));
        }
        Ok(!adopted.is_empty())
    }

    fn adopt_below(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        handle: &[Value],
        path: &mut Path,
        adopted: &mut Adopted,
    ) -> Result<()> {
        for (nested, children) in &incoming.children {
            let table = self.decider.resolver.target.table(&nested.shape.table)?;
            let Some(link) = self.link_of(nested, shape, handle)?.filter(|_| table.is_unique()) else {
                continue;
            };
            let mut there = self.there(shape, nested, &link)?;
            let mut left = Vec::new();
            for (at, child) in children.iter().enumerate() {
                let Ok(row) = self.decider.resolver.row(&nested.shape, child, &link)? else { continue };
                match self.position(nested, child, &row, &there, None)? {
                    Some(position) => {
                        let found = there.remove(position);
                        path.push((field_of(shape, nested).to_owned(), at));
                        self.adopt_of(&table, &row, &found, path, adopted)?;
                        self.adopt_below(&nested.shape, child, &found.0, path, adopted)?;
                        path.pop();
                    }
                    None => left.push((at, row)),
                }
            }
            for (at, row) in left {
                path.push((field_of(shape, nested).to_owned(), at));
                self.adopt_name(nested, &table, &row, &mut there, path, adopted)?;
                path.pop();
            }
        }
        Ok(())
    }

    /// Adopts the names and the place of the row that a child is, where what it would have is another row's.
    fn adopt_of(
        &self,
        table: &TargetTable,
        row: &Row,
        (handle, there): &There,
        path: &Path,
        adopted: &mut Adopted,
    ) -> Result<()> {
        let target = self.decider.resolver.target;
        for columns in table.unique_columns() {
            let wanted: Option<Vec<(&str, &Value)>> =
                columns.iter().map(|name| Some((*name, row.get(*name)?))).collect();
            let Some(wanted) = wanted else { continue };
            let is_given = |name: &&&str| match (row.get(**name), there.get(**name)) {
                (Some(Value::Text(own)), Some(Value::Text(kept))) => is_given_for(kept, own),
                (Some(own), Some(kept)) => {
                    own != kept && is_place(name) && table.affinity(name) == Affinity::Integer
                }
                _ => false,
            };
            let Some(name) = columns.iter().find(is_given) else { continue };
            let is_known = adopted.iter().any(|(at, column, _)| at == path && column == name);
            if !is_known && target.find(&table.table.name, &wanted, 2)?.iter().any(|other| other != handle) {
                adopted.push((path.clone(), (*name).to_owned(), there[*name].clone()));
            }
        }
        Ok(())
    }

    /// Adopts the name of a row that holds the same as a child but for it.
    fn adopt_name(
        &self,
        nested: &Nested,
        table: &TargetTable,
        row: &Row,
        there: &mut Vec<There>,
        path: &Path,
        adopted: &mut Adopted,
    ) -> Result<()> {
        for columns in table.unique_columns() {
            for name in columns.iter().filter(|name| !nested.parent.iter().any(|own| own == *name)) {
                let Some(Value::Text(text)) = row.get(*name) else { continue };
                let is_given = |(_, other): &There| match other.get(*name) {
                    Some(Value::Text(other)) => is_given_for(other, text),
                    _ => false,
                };
                let is_same = |(_, other): &There| {
                    let mut columns = row.iter().filter(|(column, _)| column != name && !is_place(column));
                    columns.all(|(column, value)| {
                        other
                            .get(column)
                            .is_none_or(|other| holds(&nested.shape, table, column, value, other))
                    })
                };
                let Some(at) = there.iter().position(|other| is_given(other) && is_same(other)) else {
                    continue;
                };
                let found = there.remove(at);
                return self.adopt_of(table, row, &found, path, adopted);
            }
        }
        Ok(())
    }
}
