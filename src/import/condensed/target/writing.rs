//! Rows are put in, changed and removed.

use super::{Handle, Target, bind};
use crate::database::quote::{identifier, user_table};
use crate::database::value::{Borrowed, Value};
use crate::error::Fault;
use crate::import::condensed::target_table::kind_of;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Action;

impl Target<'_> {
    /// Puts a row in. Gives its handle back.
    pub fn insert(&self, table: &str, row: &IndexMap<String, Value>) -> Result<Handle> {
        let handle = self.insert_or(table, row, "")?.unwrap_or_default();
        self.is_own(table, &handle, Action::SQLITE_INSERT);
        Ok(handle)
    }

    /// The row that has what must be unique in one that would be put in; nothing where there is none. It is to be undone.
    pub fn holder_of(&self, table: &str, row: &IndexMap<String, Value>) -> Result<Option<Handle>> {
        let Some(first) = row.keys().next().map(|name| identifier(name)) else { return Ok(None) };
        if self.insert_or(table, row, "ON CONFLICT DO NOTHING")?.is_some() {
            return Ok(None);
        }
        self.insert_or(table, row, &format!("ON CONFLICT DO UPDATE SET {first} = {first}"))
    }

    /// Puts a row in, or does what a clause says where another has what must be unique. Gives back the handle of the row that
    /// was put in or changed.
    fn insert_or(&self, table: &str, row: &IndexMap<String, Value>, clause: &str) -> Result<Option<Handle>> {
        let described = self.table(table)?;
        let parts = row.iter().flat_map(|(name, value)| [name.as_str(), kind_of(value)]);
        let sql = described.statements.get(["insert", clause].into_iter().chain(parts), || {
            let names: Vec<String> = row.keys().map(|name| identifier(name)).collect();
            let values: Vec<String> =
                row.values().enumerate().map(|(at, value)| value.parameter(at + 1)).collect();
            let (table, handle) = (user_table(table), described.handle.of_row(""));
            if names.is_empty() {
                return format!("INSERT INTO {table} DEFAULT VALUES {clause} RETURNING {handle}");
            }
            let (names, values) = (names.join(", "), values.join(", "));
            format!("INSERT INTO {table}({names}) VALUES ({values}) {clause} RETURNING {handle}")
        });
        let mut statement = self.prepare(&sql, table)?;
        for (at, value) in row.values().enumerate() {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        let mut rows = statement.raw_query();
        let mut found = None;
        while let Some(row) = rows.next()? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            found = Some((0..described.handle.columns().len()).map(value).collect::<Result<Handle>>()?);
        }
        Ok(found)
    }

    /// Removes a row, and nothing else.
    pub fn delete(&self, table: &str, handle: &[Value]) -> Result<()> {
        let described = self.table(table)?;
        let sql = format!("DELETE FROM {} WHERE {}", user_table(table), described.wanted(handle, 0));
        let mut statement = self.prepare(&sql, table)?;
        bind(&mut statement, handle, 0)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Does something without triggers.
    pub fn without_triggers<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let before = self.connection.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER)?;
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        self.pause(true);
        let done = work();
        self.pause(false);
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, before)?;
        done
    }

    fn pause(&self, is_paused: bool) {
        if let Some(watch) = self.watch.borrow().as_ref() {
            watch.pause(is_paused);
        }
    }

    /// An item is about to be written, which may be undone.
    pub fn begin_item(&self) {
        if let Some(watch) = self.watch.borrow().as_ref() {
            watch.begin_item();
        }
    }

    /// What was written of the item is kept, or undone.
    pub fn end_item(&self, is_kept: bool) {
        if let Some(watch) = self.watch.borrow().as_ref() {
            if is_kept { watch.keep_item() } else { watch.undo_item() }
        }
    }

    /// A row was written, and not by a trigger.
    pub fn is_own(&self, table: &str, handle: &[Value], action: Action) {
        if let Some(watch) = self.watch.borrow().as_ref() {
            watch.is_own(table, handle, action);
        }
    }

    /// Changes columns of a row.
    pub fn update(&self, table: &str, changes: &[(&str, &Value)], handle: &[Value]) -> Result<()> {
        let described = self.table(table)?;
        let parts = changes.iter().flat_map(|(name, value)| [*name, kind_of(value)]);
        let parts = handle.iter().map(kind_of).chain(["update"]).chain(parts);
        let sql = described.statements.get(parts, || {
            let set = |(at, (name, value)): (usize, &(&str, &Value))| {
                format!("{} = {}", identifier(name), value.parameter(at + 1))
            };
            let set: Vec<String> = changes.iter().enumerate().map(set).collect();
            let wanted = described.wanted(handle, changes.len());
            format!("UPDATE {} SET {} WHERE {wanted}", user_table(table), set.join(", "))
        });
        let mut statement = self.prepare(&sql, table)?;
        for (at, (_, value)) in changes.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, *value)?;
        }
        bind(&mut statement, handle, changes.len())?;
        let rows = statement.raw_execute()?;
        self.is_own(table, handle, Action::SQLITE_UPDATE);
        changed(rows, table)
    }
}

/// An error where a row was not changed although it is there: a trigger said no, without saying so.
fn changed(rows: usize, table: &str) -> Result<()> {
    if rows > 0 {
        return Ok(());
    }
    Err(Fault::invalid(format!("a trigger of {table} does not let a row be changed"))
        .hint("--triggers off does")
        .into())
}
