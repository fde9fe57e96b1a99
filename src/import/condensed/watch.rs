//! What triggers do while items are written: which rows they put in, change and remove.
//!
//! SQLite says of each change which row it is about, not who makes it. So what the import writes itself is taken away from
//! that, statement by statement. Rows of tables without a row id are only counted, and the insides of search indexes are
//! nobody's rows.

mod tables;
#[cfg(test)]
mod tests;

use crate::database::value::Value;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::Connection;
use rusqlite::hooks::Action;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tables::Counted;

/// How many rows of a table triggers put in, changed and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Triggered {
    /// Rows that were put in, and are there.
    pub added: u64,
    /// Rows that were there, and hold something else or took the place of another.
    pub changed: u64,
    /// Rows that were there, or that the import put in, and are gone.
    pub removed: u64,
}

/// What is known of a row that was touched.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// Whether it was there before, and is now.
    was: bool,
    is: bool,
    /// How many changes of it nobody made here.
    changes: u32,
    /// Whether it was put in, changed or removed here.
    is_own: bool,
}

#[derive(Debug, Default)]
struct Seen {
    /// The rows of each table that were touched, by its name in small letters and the row id.
    rows: IndexMap<String, HashMap<i64, Mark>>,
    /// What was known before the item at hand, while one is written.
    before: Option<Vec<(String, i64, Option<Mark>)>>,
    /// Whether nothing is watched for now.
    is_paused: bool,
}

impl Seen {
    /// Changes what is known of a row.
    fn mark(&mut self, table: &str, row: i64, change: impl FnOnce(&mut Mark, bool)) {
        let table = table.to_ascii_lowercase();
        let rows = self.rows.entry(table.clone()).or_default();
        let known = rows.get(&row).copied();
        let mut mark = known.unwrap_or_default();
        change(&mut mark, known.is_none());
        rows.insert(row, mark);
        self.before.iter_mut().for_each(|before| before.push((table.clone(), row, known)));
    }

    fn see(&mut self, action: Action, table: &str, row: i64) {
        if self.is_paused {
            return;
        }
        self.mark(table, row, |mark, is_new| match action {
            Action::SQLITE_INSERT => {
                mark.is = true;
                // It was removed before.
                mark.changes += u32::from(mark.was);
            }
            Action::SQLITE_DELETE => {
                mark.was |= is_new;
                mark.is = false;
            }
            _ => {
                mark.was |= is_new;
                mark.is = true;
                mark.changes += 1;
            }
        });
    }
}

/// Watches which rows are touched that are not written here.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    counted: Arc<Counted>,
}

impl Watch {
    /// Watches a database from now on.
    pub fn begin(connection: &mut Connection) -> Result<Self> {
        let watch = Self { seen: Arc::default(), counted: Arc::new(Counted::of(connection)?) };
        let seen = Arc::clone(&watch.seen);
        connection.update_hook(Some(move |action, database: &str, table: &str, row| {
            if database == "main" {
                seen.lock().unwrap_or_else(PoisonError::into_inner).see(action, table, row);
            }
        }))?;
        Ok(watch)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was seen: it was undone.
    pub fn forget(&self) {
        *self.seen() = Seen::default();
        self.counted.forget_own();
    }

    /// An item is about to be written, which may be undone.
    pub fn begin_item(&self) {
        self.seen().before = Some(Vec::new());
        self.counted.begin_item();
    }

    /// What was written of the item is undone.
    pub fn undo_item(&self) {
        let mut seen = self.seen();
        for (table, row, known) in seen.before.take().unwrap_or_default().into_iter().rev() {
            let Some(rows) = seen.rows.get_mut(&table) else { continue };
            match known {
                Some(known) => drop(rows.insert(row, known)),
                None => drop(rows.remove(&row)),
            }
        }
        self.counted.undo_item();
    }

    /// What was written of the item is kept.
    pub fn keep_item(&self) {
        self.seen().before = None;
    }

    /// Watches nothing until it is told otherwise.
    pub fn pause(&self, is_paused: bool) {
        self.seen().is_paused = is_paused;
    }

    /// A row was written here.
    pub fn is_own(&self, table: &str, handle: &[Value], action: Action) {
        if let [Value::Integer(row)] = handle {
            self.seen().mark(table, *row, |mark, _| {
                // What was put in here and removed here is nobody's.
                mark.is_own = action != Action::SQLITE_DELETE || mark.was;
                if action == Action::SQLITE_UPDATE {
                    mark.changes = mark.changes.saturating_sub(1);
                }
            });
        }
        self.counted.is_own(table, action);
    }

    /// The row ids of a table that appeared, and were not written here.
    pub fn others(&self, table: &str) -> Vec<i64> {
        let seen = self.seen();
        let rows = seen.rows.get(&table.to_ascii_lowercase()).into_iter().flatten();
        let others = rows.filter(|(_, mark)| mark.is && !mark.was && !mark.is_own);
        let mut others: Vec<i64> = others.map(|(row, _)| *row).collect();
        others.sort_unstable();
        others
    }

    /// What triggers did to the rows of each table. Where what they changed of the items is put right, rows that were written
    /// here are not among it.
    pub fn triggered(
        &self,
        connection: &Connection,
        puts_right: bool,
    ) -> Result<IndexMap<String, Triggered>> {
        let mut all: IndexMap<String, Triggered> = IndexMap::new();
        for (table, rows) in &self.seen().rows {
            let Some(name) = self.counted.name_of(table) else { continue };
            let mut of_table = Triggered::default();
            let more = rows.values().map(|mark| i64::from(mark.is) - i64::from(mark.was)).sum();
            let is_whole = self.counted.replaced(connection, table, more)? == 0;
            let (mut there_before, mut there_now) = (0, 0);
            for (row, mark) in rows {
                // One that another took the place of was not seen to go.
                if !is_whole && mark.is && !mark.was && !self.counted.is_there(connection, table, *row)? {
                    of_table.removed += u64::from(mark.is_own);
                    continue;
                }
                there_before += i64::from(mark.was);
                there_now += i64::from(mark.is);
                match (mark.was, mark.is) {
                    (false, true) if !mark.is_own => of_table.added += 1,
                    // It was there, or was put in here, and is gone.
                    (was, false) if was != mark.is_own => of_table.removed += 1,
                    (_, true) if mark.changes > 0 && !(mark.is_own && puts_right) => of_table.changed += 1,
                    _ => {}
                }
            }
            // One that took the place of another was not seen to remove it.
            let replaced = self.counted.replaced(connection, table, there_now - there_before)?;
            let replaced = replaced.min(of_table.added);
            of_table.added -= replaced;
            of_table.changed += replaced;
            all.insert(name.to_owned(), of_table);
        }
        all.extend(self.counted.without_row_ids(connection)?);
        all.retain(|_, of_table| *of_table != Triggered::default());
        all.sort_keys();
        Ok(all)
    }
}
