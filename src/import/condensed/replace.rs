//! Sections that hold what a document holds, and nothing else: rows that no item is go.

use super::Staged;
use super::pass::Pass;
use super::target::{Handle, Target};
use crate::app::model::Shape;
use crate::database::quote::user_table;
use crate::database::value::{Borrowed, Value};
use crate::error::Fault;
use anyhow::{Context, Result};

impl Staged {
    /// Whether it is known whose the rows of a section are, where the document holds those of one user.
    pub(super) fn says_whose(&self, shape: &Shape) -> bool {
        self.metadata.scope.is_none() || shape.scope.is_some()
    }
}

/// Rows of a section that no item is.
pub struct Rest {
    section: usize,
    rows: Vec<Handle>,
}

/// Whether a row is one that the document may lack because it is secret.
fn is_secret(target: &Target<'_>, shape: &Shape, handle: &Handle) -> Result<bool> {
    let Some(secret) = &shape.secret_rows else { return Ok(false) };
    let key = target.load(&shape.table, &[&secret.column], handle)?.and_then(|mut values| values.pop());
    Ok(key.is_some_and(|key| secret.covers(&key)))
}

impl Pass<'_, '_> {
    /// The rows of wanted sections that no item is, where they are to hold nothing else: of the owner's, and of those that
    /// the document chose from.
    pub fn rest(&self) -> Result<Vec<Rest>> {
        let mut all = Vec::new();
        if !self.options.told.replace_all {
            return Ok(all);
        }
        self.staged.items.index_handles()?;
        self.writer.comparer.remember_lost()?;
        for (at, (name, section)) in self.staged.metadata.sections.iter().enumerate() {
            let shape = &section.shape;
            let number = u32::try_from(at)?;
            // Which row an item is that cannot be read nobody knows.
            let is_readable = !self.staged.items.unreadable.borrow().contains(&number);
            let may_go = is_readable && !shape.singleton && self.staged.says_whose(shape);
            if may_go && self.staged.wanted.contains(name) {
                all.push(Rest { section: at, rows: self.rest_of(number, name, shape)? });
            }
        }
        Ok(all)
    }

    /// Removes rows, with what goes with them.
    pub fn remove(&mut self, all: Vec<Rest>) -> Result<()> {
        let metadata = &self.staged.metadata;
        for Rest { section, rows } in all {
            let Some((name, section)) = metadata.sections.get_index(section) else { continue };
            self.outcome.sections.entry(name.clone()).or_default().removed += rows.len() as u64;
            if self.writes {
                for handle in rows {
                    self.writer.delete(&section.shape, &handle)?;
                }
                self.writer.settle(true);
            }
        }
        Ok(())
    }

    /// The rows of a section that no item is.
    fn rest_of(&self, at: u32, name: &str, shape: &Shape) -> Result<Vec<Handle>> {
        let resolver = &self.decider.resolver;
        let table = resolver.target.table(&shape.table)?;
        let filter = self.staged.metadata.sections[name].filter.as_deref().unwrap_or("1");
        // Whose they are is asked apart, since a document could write anything here.
        let sql =
            format!("SELECT {} FROM {} WHERE ({filter})", table.handle.of_row(""), user_table(&shape.table));
        let wrong = || format!("metadata.sections.{name}.filter: {filter}");
        // One that closes the parentheses around it would mean other rows: it is no condition without them.
        let alone = format!("SELECT 1 FROM {} WHERE {filter}", user_table(&shape.table));
        let has_parameters =
            resolver.target.connection.prepare(&alone).with_context(wrong)?.parameter_count() > 0;
        let mut statement = resolver.target.connection.prepare(&sql).with_context(wrong)?;
        if has_parameters || !statement.readonly() || statement.column_count() != table.handle.columns().len()
        {
            return Err(Fault::invalid(format!("{}: it is no condition", wrong())).into());
        }
        let mut rows = statement.query([]).with_context(wrong)?;
        let mut rest = Vec::new();
        while let Some(row) = rows.next().with_context(wrong)? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            let handle = (0..table.handle.columns().len()).map(value).collect::<Result<Vec<Value>>>()?;
            let is_there =
                || Ok::<bool, anyhow::Error>(resolver.target.load(&shape.table, &[], &handle)?.is_some());
            let is_ours = !self.decider.is_of_others(shape, &handle)?
                && !self.decider.resolver.target.is_left_out(shape, &handle)?;
            let may_go = is_ours && is_there()? && !is_secret(resolver.target, shape, &handle)?;
            if may_go && !self.staged.items.is_claimed(at, &handle)? {
                rest.push(handle);
            }
        }
        Ok(rest)
    }
}
