//! What triggers put in while items are written: rows that nobody wrote.

use super::target::Handle;
use crate::database::value::Value;
use anyhow::Result;
use rusqlite::Connection;
use rusqlite::hooks::Action;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

type Rows = HashMap<String, HashSet<i64>>;

/// Watches which rows appear that are not written here.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    rows: Arc<Mutex<Rows>>,
}

impl Watch {
    /// Watches a database from now on.
    pub fn begin(connection: &mut Connection) -> Result<Self> {
        let watch = Self::default();
        let rows = Arc::clone(&watch.rows);
        connection.update_hook(Some(move |action, database: &str, table: &str, row| {
            if database == "main" {
                let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                let of_table = rows.entry(table.to_ascii_lowercase()).or_default();
                match action {
                    Action::SQLITE_INSERT => drop(of_table.insert(row)),
                    Action::SQLITE_DELETE => drop(of_table.remove(&row)),
                    _ => {}
                }
            }
        }))?;
        Ok(watch)
    }

    /// A row was written here.
    pub fn is_own(&self, table: &str, handle: &Handle) {
        if let [Value::Integer(row)] = handle.as_slice() {
            let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(of_table) = rows.get_mut(&table.to_ascii_lowercase()) {
                of_table.remove(row);
            }
        }
    }

    /// The row ids of a table that appeared, and were not written here.
    pub fn others(&self, table: &str) -> Vec<i64> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut others: Vec<i64> =
            rows.get(&table.to_ascii_lowercase()).into_iter().flatten().copied().collect();
        others.sort_unstable();
        others
    }
}
