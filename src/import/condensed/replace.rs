//! Sections that hold what a document holds, and nothing else: rows that no item is go.

use super::pass::Pass;
use crate::app::model::Shape;
use crate::database::quote::identifier;
use crate::database::value::{Borrowed, Value};
use crate::error::Fault;
use anyhow::{Context, Result};

impl Pass<'_, '_> {
    /// Removes the rows of wanted sections that no item is, where they are to hold nothing else: of the owner's, and of
    /// those that the document chose from.
    pub fn remove_rest(&mut self) -> Result<()> {
        if !self.options.told.replace_all {
            return Ok(());
        }
        self.writer.comparer.remember_lost()?;
        for (at, (name, section)) in self.staged.metadata.sections.iter().enumerate() {
            let shape = &section.shape;
            if !self.staged.wanted.contains(name) || shape.singleton || self.decider.is_of_users(shape) {
                continue;
            }
            let rows = self.rest(u32::try_from(at)?, name, shape)?;
            self.outcome.sections.entry(name.clone()).or_default().removed += rows.len() as u64;
            if self.writes {
                for handle in rows {
                    self.writer.delete(shape, &handle)?;
                }
                self.writer.settle(true);
            }
        }
        Ok(())
    }

    /// The rows of a section that no item is.
    fn rest(&self, at: u32, name: &str, shape: &Shape) -> Result<Vec<Vec<Value>>> {
        let resolver = &self.decider.resolver;
        let table = resolver.target.table(&shape.table)?;
        let mut owner = Vec::new();
        resolver.add_owner(shape, &mut owner);
        let owned: Vec<String> = owner
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", identifier(column), at + 1))
            .collect();
        let filter = self.staged.metadata.sections[name].filter.as_deref().unwrap_or("1");
        let sql = format!(
            "SELECT {} FROM {} WHERE {} AND ({filter})",
            table.handle().join(", "),
            identifier(&shape.table),
            if owned.is_empty() { "1".to_owned() } else { owned.join(" AND ") },
        );
        let wrong = || format!("metadata.sections.{name}.filter: {filter}");
        // One that closes the parentheses around it would mean other rows: it is no condition without them.
        let alone = format!("SELECT 1 FROM {} WHERE {filter}", identifier(&shape.table));
        let has_parameters =
            resolver.target.connection.prepare(&alone).with_context(wrong)?.parameter_count() > 0;
        let mut statement = resolver.target.connection.prepare(&sql).with_context(wrong)?;
        if has_parameters || !statement.readonly() {
            return Err(Fault::invalid(format!("{}: it is no condition", wrong())).into());
        }
        let mut rows = statement.query(rusqlite::params_from_iter(owner.iter().map(|(_, value)| value)))?;
        let mut rest = Vec::new();
        while let Some(row) = rows.next().with_context(wrong)? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            let handle = (0..table.handle().len()).map(value).collect::<Result<Vec<Value>>>()?;
            if !self.staged.items.is_claimed(at, &handle)? {
                rest.push(handle);
            }
        }
        Ok(rest)
    }
}
