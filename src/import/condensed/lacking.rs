//! Items that lack what can be fetched again, once all is written: new ones, and those that lacked it before.

use super::compare::Comparer;
use super::describe::{key_of_item, needs_refetch};
use super::fill::empty;
use super::items::Wanted;
use super::pass::Pass;
use super::state::State;
use crate::app::model::Shape;
use crate::database::schema::Column;
use crate::database::value::Value;
use anyhow::Result;

impl Pass<'_, '_> {
    /// Keeps which items lack what can be fetched again.
    pub(super) fn count_lacking(&mut self) -> Result<()> {
        let staged = self.staged;
        let sections = staged.metadata.sections.iter().zip(0..);
        for ((name, section), at) in sections
            .filter(|((name, section), _)| staged.wanted.contains(name) && needs_refetch(&section.shape))
        {
            let mut count = 0;
            staged.items.for_each_of(at, |id| {
                if self.lacks(id, &section.shape)?
                    && let Some(read) = self.read(id)?
                {
                    staged.items.put_lacking(at, &key_of_item(read.shape, &read.json).to_string())?;
                    count += 1;
                }
                Ok(())
            })?;
            if count > 0 {
                self.outcome.needs_refetch.insert(name.clone(), count);
            }
        }
        Ok(())
    }

    fn lacks(&self, id: i64, shape: &Shape) -> Result<bool> {
        let items = &self.staged.items;
        if items.wanted(id)? == Wanted::No || items.rejection(id)?.is_some() {
            return Ok(false);
        }
        match items.state(id)? {
            State::Matched(handle) | State::Several(handle) => self.writer.comparer.lacks(shape, &handle),
            State::New(_) => Ok(!self.writes),
            _ => Ok(false),
        }
    }
}

impl Comparer<'_, '_> {
    /// Whether a row or a child of it has nothing in the columns that can be fetched again.
    fn lacks(&self, shape: &Shape, handle: &[Value]) -> Result<bool> {
        let target = self.decider.resolver.target;
        let table = target.table(&shape.table)?;
        let columns: Vec<_> = shape.refetch.iter().filter_map(|name| table.table.column(name)).collect();
        if !columns.is_empty() {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let Some(values) = target.load(&shape.table, &names, handle)? else { return Ok(false) };
            let is_empty = |(column, value): (&&Column, &Value)| {
                *value == Value::Null || column.not_null && *value == empty(column.affinity())
            };
            if columns.iter().zip(&values).all(is_empty) {
                return Ok(true);
            }
        }
        for nested in shape.nested.values().filter(|nested| needs_refetch(&nested.shape)) {
            let Some(link) = self.link_of(nested, shape, handle)? else { continue };
            for (handle, _) in self.there(shape, nested, &link)? {
                if self.lacks(&nested.shape, &handle)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
