//! What had to wait for other rows, and what of it cannot be written although all else was.

use super::items::Items;
use super::park::{Deferred, Operation};
use super::pass::Pass;
use super::refused::Refused;
use super::state::State;
use super::target::Target;
use super::{OnError, check};
use anyhow::Result;
use rusqlite::params;
use std::collections::HashSet;

/// So far from each other numbers are given at most, so that what a trigger takes lies between them.
pub(super) const FARTHEST: i64 = 64;

impl Pass<'_, '_> {
    /// Writes what had to wait for other rows.
    pub(super) fn finish_deferred(&mut self) -> Result<()> {
        if self.writer.deferred.borrow().is_empty() || self.again {
            return Ok(());
        }
        let (done, failed) = self.writer.write_deferred()?;
        for (id, handle) in done {
            self.is_row(id, handle)?;
        }
        let mut moved = HashSet::new();
        let mut children = Vec::new();
        for deferred in failed {
            // All are given others then, and what refers to them knows.
            if moved.contains(&deferred.table) || self.moves_numbers(&deferred)? {
                moved.insert(deferred.table);
                self.again = true;
                continue;
            }
            children.extend(self.still_deferred(deferred)?);
        }
        self.settle_clashes(&children)
    }

    /// What else is to be said where the number of a new row is taken: only a trigger can have put in a row with it.
    pub(super) fn of_trigger(&self, deferred: &Deferred) -> Result<&'static str> {
        let is_it = self.has_trigger_its_number(deferred)?;
        Ok(if is_it { "; a trigger took its number: --triggers off does not run it" } else { "" })
    }

    /// Something that could not be written although all else was: another row has what must be unique, and keeps it. Gives
    /// back a child, of which its item's strategy says what becomes of it.
    fn still_deferred(&mut self, deferred: Deferred) -> Result<Option<Deferred>> {
        // Where all is to become what the document holds, there is nothing else to decide.
        let may_decide = !self.options.told.replace_all;
        if deferred.is_item || may_decide && self.is_own_row(&deferred)? {
            // What becomes of it then its strategy says.
            let why = format!("{}{}", deferred.why, self.of_trigger(&deferred)?);
            self.staged.items.block(deferred.item, &why)?;
            self.again = true;
            return Ok(None);
        }
        if may_decide && !deferred.path.is_empty() {
            return Ok(Some(deferred));
        }
        let besides = self.of_trigger(&deferred)?;
        let why = format!("it shares what must be unique with another row: {}{besides}", deferred.why);
        if let Some(read) = self.read(deferred.item)? {
            self.refuse(&read, &Refused::new("", why))?;
            // What else was written of it is there already.
            self.again |= self.options.told.on_error == OnError::Skip;
        }
        Ok(None)
    }

    /// Whether it is the row of its item that was to be changed, and not a child's.
    fn is_own_row(&self, deferred: &Deferred) -> Result<bool> {
        let Operation::Update(_, handle) = &deferred.operation else { return Ok(false) };
        let item = self.staged.items.get(deferred.item)?;
        let is_table = self.decider.section(&item).1.table == deferred.table;
        Ok(is_table && self.staged.items.state(deferred.item)? == State::Matched(handle.clone()))
    }

    /// Whether the number of a new row is taken: only a trigger can have put in a row with it.
    fn has_trigger_its_number(&self, deferred: &Deferred) -> Result<bool> {
        let target = self.decider.resolver.target;
        let is_number = target.table(&deferred.table)?.is_about_number(&deferred.why);
        Ok(is_number && check::has_triggers(target.connection)?)
    }

    /// Gives the items of a table other numbers the next time, where a trigger took some of theirs: above all that it took,
    /// and farther from each other each time. Says whether that may help.
    fn moves_numbers(&self, deferred: &Deferred) -> Result<bool> {
        if !deferred.is_item || !self.has_trigger_its_number(deferred)? {
            return Ok(false);
        }
        let target = self.decider.resolver.target;
        let table = target.table(&deferred.table)?;
        let stride = if self.staged.items.has_moved(&deferred.table)? { table.stride.get() * 2 } else { 1 };
        if stride <= FARTHEST {
            self.staged.items.move_above(&deferred.table, table.largest(target.connection)?, stride)?;
        }
        Ok(stride <= FARTHEST)
    }
}

impl Items {
    /// Whether the numbers of a table were moved.
    fn has_moved(&self, table: &str) -> Result<bool> {
        Ok(self.connection().prepare_cached("SELECT 1 FROM moved WHERE name = ?1")?.exists([table])?)
    }

    /// Keeps above what the numbers of new rows of a table begin, and how far they lie from each other.
    fn move_above(&self, table: &str, largest: i64, stride: i64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO moved(name, largest, stride) VALUES (?1, ?2, ?3)";
        self.connection().execute(sql, params![table, largest, stride])?;
        Ok(())
    }

    /// Lets the numbers of new rows begin where they were moved to.
    pub(super) fn move_numbers(&self, target: &Target<'_>) -> Result<()> {
        let mut statement = self.connection().prepare("SELECT name, largest, stride FROM moved")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let table = target.table(row.get_ref(0)?.as_str()?)?;
            table.next.replace(Some(row.get(1)?));
            table.stride.set(row.get(2)?);
        }
        Ok(())
    }
}
