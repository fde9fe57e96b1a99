//! What triggers changed of the items is put right, once they have run.

use super::Triggers;
use super::compare::{Comparer, Take};
use super::items::{Items, Wanted};
use super::outcome::Strategy;
use super::pass::Pass;
use super::resolve::Row;
use super::state::State;
use super::write::Writer;
use crate::app::model::Shape;
use crate::database::value::Value;
use crate::error::Fault;
use anyhow::Result;
use rusqlite::config::DbConfig;
use rusqlite::{OptionalExtension, params};

impl Pass<'_, '_> {
    /// Gives all rows that were written the values of their items back, with triggers off, where that is wanted.
    pub fn put_all_right(&mut self) -> Result<()> {
        let connection = self.decider.resolver.target.connection;
        let puts_right = self.puts_right && self.outcome.changed() > 0 && !self.again;
        if puts_right && !self.outcome.is_refused() {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            // A new one, which sees the children that were written.
            self.writer = Writer::new(Comparer::new(self.decider)?, &self.staged.fills, true);
            let items = &self.staged.items;
            items.for_each_written(|id, take| self.put_right(id, take))?;
            items.for_each_unchanged(|id| self.put_unchanged_right(id))?;
            let (_, failed) = self.writer.write_deferred()?;
            if let Some(deferred) = failed.first() {
                let message = format!("what triggers changed cannot be put right: {}", deferred.why);
                return Err(Fault::invalid(message)
                    .hint("--triggers on leaves it, off does not run them")
                    .into());
            }
        }
        Ok(())
    }

    /// Keeps that an item is a row now, and what of it, where triggers may change that.
    pub(super) fn keep_written(&self, id: i64, take: Take) -> Result<()> {
        if self.puts_right { self.staged.items.add_written(id, take) } else { Ok(()) }
    }

    /// Counts the links that triggers put into sections of the document, and that no item is: nobody said that what they
    /// link belongs together.
    pub fn count_added(&mut self) -> Result<()> {
        let target = self.decider.resolver.target;
        let watch = target.watch.borrow();
        let is_watched = !self.again && self.staged.triggers == Triggers::Auto;
        let Some(watch) = watch.as_ref().filter(|_| is_watched) else { return Ok(()) };
        let items = &self.staged.items;
        for name in &self.staged.wanted {
            let Some((at, _, section)) = self.staged.metadata.sections.get_full(name) else { continue };
            if !is_link(&section.shape) {
                continue;
            }
            let others = watch.others(&section.shape.table);
            if others.is_empty() {
                continue;
            }
            items.index_handles()?;
            for row in others {
                let handle = vec![Value::Integer(row)];
                let is_there = target.load(&section.shape.table, &[], &handle)?.is_some();
                if is_there && !items.is_claimed(u32::try_from(at)?, &handle)? {
                    *self.outcome.added.entry(name.clone()).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// Counts the rows that triggers put in, changed and removed.
    pub fn count_triggered(&mut self) -> Result<()> {
        let target = self.decider.resolver.target;
        if let Some(watch) = target.watch.borrow().as_ref().filter(|_| !self.again) {
            let puts_right = self.staged.triggers == Triggers::Auto;
            self.outcome.triggered = watch.triggered(target.connection, puts_right)?;
        }
        Ok(())
    }

    /// The same of an item that was unchanged before.
    fn put_unchanged_right(&mut self, id: i64) -> Result<()> {
        let item = self.staged.items.get(id)?;
        if item.wanted != Wanted::Yes {
            return Ok(());
        }
        let strategy = self.strategy_of(id, self.decider.section(&item).0)?;
        self.put_right(id, if strategy == Strategy::Merge { Take::NotNull } else { Take::All })
    }

    /// Gives a row that triggers changed the item's values back.
    fn put_right(&mut self, id: i64, take: Take) -> Result<()> {
        let State::Matched(handle) = self.staged.items.state(id)? else { return Ok(()) };
        if let Some(read) = self.read(id)? {
            self.writer.item.set(id);
            self.writer.comparer.begin_item(Some(id));
            let compared =
                self.writer.comparer.compare(read.shape, &read.incoming, &Row::new(), &handle, take)?;
            if let Ok(change) = compared {
                drop(self.writer.change(&change)?);
            }
            self.writer.comparer.begin_item(None);
        }
        Ok(())
    }
}

impl Items {
    fn add_written(&self, id: i64, take: Take) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO written(id, is_all) VALUES (?1, ?2)";
        self.connection().prepare_cached(sql)?.execute(params![id, take == Take::All])?;
        Ok(())
    }

    fn for_each_written(&self, mut each: impl FnMut(i64, Take) -> Result<()>) -> Result<()> {
        let sql = "SELECT id, is_all FROM written WHERE id > ?1 ORDER BY id LIMIT 1";
        let mut last = 0;
        loop {
            let mut statement = self.connection().prepare_cached(sql)?;
            let next: Option<(i64, bool)> =
                statement.query_row([last], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((id, is_all)) = next else { return Ok(()) };
            each(id, if is_all { Take::All } else { Take::NotNull })?;
            last = id;
        }
    }
}

/// Whether rows say nothing but that others belong together.
fn is_link(shape: &Shape) -> bool {
    let fields = shape.columns.keys();
    let mut references = fields.clone().filter(|field| shape.references.contains_key(*field));
    references.clone().count() >= 2 && references.by_ref().count() == fields.count()
}
