//! Rows that merely refer to what comes in under another name: they are what they were, and stay as they are. Nobody would want
//! a copy of each note because the list that it is about has one.

use super::compare::Take;
use super::items::{Items, Wanted, pack, unpack};
use super::pass::Pass;
use super::resolve::Row;
use super::state::State;
use super::target::Handle;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};
use std::collections::HashSet;

impl Pass<'_, '_> {
    /// Keeps which items are the same as rows, and refer to those that just got another name.
    pub(super) fn keep_referring(&self) -> Result<()> {
        let items = &self.staged.items;
        let renamed = items.just_renamed()?;
        if renamed.is_empty() {
            return Ok(());
        }
        // What such an item refers to goes with it in a circle, if it refers back.
        let circled = self.reached_from(&renamed)?;
        items.for_each_changing(|id| {
            let State::Matched(handle) = items.state(id)? else { return Ok(()) };
            if circled.contains(&id) || items.renamed(id)?.is_some() || items.wanted(id)? == Wanted::No {
                return Ok(());
            }
            if self.staged.referred_to(id)?.iter().any(|other| renamed.contains(other))
                && let Some(read) = self.read(id)?
            {
                let comparer = &self.writer.comparer;
                let compared =
                    comparer.compare(read.shape, &read.incoming, &Row::new(), &handle, Take::All)?;
                if compared.is_ok_and(|change| change.is_none()) {
                    items.stay(id, &handle)?;
                }
            }
            Ok(())
        })
    }

    /// Items, and all that they refer to, at whatever distance.
    fn reached_from(&self, items: &HashSet<i64>) -> Result<HashSet<i64>> {
        let mut reached = items.clone();
        let mut open: Vec<i64> = items.iter().copied().collect();
        while let Some(id) = open.pop() {
            for other in self.staged.referred_to(id)? {
                if reached.insert(other) {
                    open.push(other);
                }
            }
        }
        Ok(reached)
    }
}

impl Items {
    /// The items that got another name since this was asked last, and were rows.
    fn just_renamed(&self) -> Result<HashSet<i64>> {
        if !self.has_renamed.get() {
            return Ok(HashSet::new());
        }
        let sql = "SELECT r.id FROM renamed AS r JOIN fate AS f ON f.id = r.id
                   WHERE NOT is_looked_at AND name <> '' AND f.state IN (2, 4)";
        let mut statement = self.connection().prepare(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        self.connection().execute("UPDATE renamed SET is_looked_at = 1", [])?;
        Ok(ids)
    }

    fn stay(&self, id: i64, handle: &Handle) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO stays(id, handle) VALUES (?1, ?2)";
        self.connection().prepare_cached(sql)?.execute(params![id, pack(handle)])?;
        Ok(())
    }

    /// The row that an item is, and that stays as it is, whatever it refers to.
    pub(super) fn stays(&self, id: i64) -> Result<Option<Handle>> {
        if !self.has_renamed.get() {
            return Ok(None);
        }
        let sql = "SELECT handle FROM stays WHERE id = ?1";
        let handle: Option<String> =
            self.connection().prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        handle.map(|handle| unpack(&handle)).transpose()
    }
}
