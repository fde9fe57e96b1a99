//! Conditions in SQL on the rows of a table.

use super::quote::user_table;
use crate::error::Fault;
use rusqlite::Connection;

/// An error where SQLite takes something for no condition on the rows of a table. `said` is where it was said.
pub fn check(connection: &Connection, table: &str, said: &str, condition: &str) -> Result<(), Fault> {
    let table = user_table(table);
    // One that closes the parentheses around it is none without them.
    for sql in [
        format!("SELECT 1 FROM {table} WHERE ({condition}\n)"),
        format!("SELECT 1 FROM {table} WHERE {condition}"),
    ] {
        connection.prepare(&sql).map_err(|error| {
            let message = match &error {
                rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
                other => other.to_string(),
            };
            Fault::usage(format!("{said}: {message}"))
        })?;
    }
    Ok(())
}
