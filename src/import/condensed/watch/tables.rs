//! The tables that triggers may write to, and how many rows they had.

use super::Triggered;
use crate::database::quote::user_table;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::Connection;
use rusqlite::hooks::Action;
use std::sync::atomic::{AtomicI64, Ordering};

/// A table, and what is known of how many rows it has.
#[derive(Debug)]
struct Table {
    name: String,
    has_row_ids: bool,
    /// What its row id is called, where no column has that name.
    row_id: Option<&'static str>,
    /// How many rows it had, where a trigger names it.
    rows: Option<i64>,
    /// How many rows more were put in here than removed, and how many before the item at hand.
    own: AtomicI64,
    own_before: AtomicI64,
}

/// The tables of a database whose rows are rows of an application, by their names in small letters.
#[derive(Debug, Default)]
pub(super) struct Counted {
    tables: IndexMap<String, Table>,
}

impl Counted {
    /// Those of a database as it is.
    pub fn of(connection: &Connection) -> Result<Self> {
        let sql = "SELECT lower(ifnull(group_concat(sql, char(10)), '')) FROM main.sqlite_schema WHERE type = 'trigger'";
        let triggers: String = connection.query_row(sql, [], |row| row.get(0))?;
        let sql = "SELECT name, NOT wr FROM temp.pragma_table_list
                   WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        let mut statement = connection.prepare(sql)?;
        let mut found = statement.query([])?;
        let mut tables = IndexMap::new();
        while let Some(row) = found.next()? {
            let name: String = row.get(0)?;
            let lower = name.to_ascii_lowercase();
            let is_named = triggers.contains(&lower);
            let rows = if is_named { Some(count(connection, &name)?) } else { None };
            let own = AtomicI64::default();
            let columns = connection.prepare(&format!("SELECT * FROM {} LIMIT 0", user_table(&name)))?;
            let is_free = |id: &&str| !columns.column_names().any(|name| name.eq_ignore_ascii_case(id));
            let row_id = ["rowid", "_rowid_", "oid"].into_iter().find(is_free);
            tables.insert(
                lower,
                Table { name, has_row_ids: row.get(1)?, row_id, rows, own, own_before: AtomicI64::default() },
            );
        }
        Ok(Self { tables })
    }

    /// The name of a table; nothing of one whose rows are the inside of something else.
    pub fn name_of(&self, table: &str) -> Option<&str> {
        self.tables.get(table).map(|table| table.name.as_str())
    }

    /// A row was written here.
    pub fn is_own(&self, table: &str, action: Action) {
        if let Some(table) = self.tables.get(&table.to_ascii_lowercase()) {
            let more = match action {
                Action::SQLITE_INSERT => 1,
                Action::SQLITE_DELETE => -1,
                _ => 0,
            };
            table.own.fetch_add(more, Ordering::Relaxed);
        }
    }

    /// Forgets what was written here.
    pub fn forget_own(&self) {
        self.tables.values().for_each(|table| table.own.store(0, Ordering::Relaxed));
    }

    /// An item is about to be written, which may be undone.
    pub fn begin_item(&self) {
        for table in self.tables.values() {
            table.own_before.store(table.own.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// What was written of the item is undone.
    pub fn undo_item(&self) {
        for table in self.tables.values() {
            table.own.store(table.own_before.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// How many rows took the place of others, where so many more were seen.
    pub fn replaced(&self, connection: &Connection, table: &str, seen: i64) -> Result<u64> {
        let Some(Table { name, rows: Some(before), .. }) = self.tables.get(table) else { return Ok(0) };
        let more = count(connection, name)? - before;
        Ok(u64::try_from(seen - more).unwrap_or(0))
    }

    /// Whether a row is there.
    pub fn is_there(&self, connection: &Connection, table: &str, row: i64) -> Result<bool> {
        let Some(Table { name, row_id: Some(row_id), .. }) = self.tables.get(table) else { return Ok(true) };
        let sql = format!("SELECT 1 FROM {} WHERE {row_id} = ?1", user_table(name));
        Ok(connection.prepare_cached(&sql)?.exists([row])?)
    }

    /// How many rows triggers added to tables without row ids, or removed from them.
    pub fn without_row_ids(&self, connection: &Connection) -> Result<IndexMap<String, Triggered>> {
        let mut all = IndexMap::new();
        for table in self.tables.values().filter(|table| !table.has_row_ids) {
            let Some(before) = table.rows else { continue };
            let more = count(connection, &table.name)? - before - table.own.load(Ordering::Relaxed);
            let amount = more.unsigned_abs();
            let (added, removed) = if more > 0 { (amount, 0) } else { (0, amount) };
            all.insert(table.name.clone(), Triggered { added, removed, changed: 0 });
        }
        Ok(all)
    }
}

fn count(connection: &Connection, table: &str) -> Result<i64> {
    let sql = format!("SELECT count(*) FROM {}", user_table(table));
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}
