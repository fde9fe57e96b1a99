//! Tables of larder's own on a connection to a user's database.
//!
//! They have names that no table of the user's has, since conditions of the settings name those without saying whose they
//! are, and SQLite looks among the temporary ones first.

use super::quote::identifier;
use crate::error::sqlite_code;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::fmt;

/// A temporary table; as text it is what SQL calls it, before a column's name, too.
#[derive(Debug, Clone)]
pub struct TempTable {
    name: String,
}

impl TempTable {
    /// Makes a table for a purpose, in the place of one that was made for the same before and is not being read. `definition`
    /// is what follows the name in `CREATE TABLE`.
    pub fn create(connection: &Connection, purpose: &str, definition: &str) -> Result<Self> {
        let sql = "SELECT 1 FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
        let mut taken = connection.prepare_cached(sql)?;
        let mut table = Self { name: format!("larder {purpose}") };
        while taken.exists([&table.name])? || table.is_in_use(connection)? {
            table.name.push('+');
        }
        connection.execute_batch(&format!("CREATE TABLE {table}{definition}"))?;
        Ok(table)
    }

    /// Whether it is there and cannot be let go: SQLite drops no table while a statement reads.
    fn is_in_use(&self, connection: &Connection) -> Result<bool> {
        match connection.execute_batch(&format!("DROP TABLE IF EXISTS {self}")) {
            Err(error) if sqlite_code(&error) == Some(rusqlite::ErrorCode::DatabaseLocked) => Ok(true),
            dropped => Ok(dropped.map(|()| false)?),
        }
    }

    /// Makes an index of columns.
    pub fn index(&self, connection: &Connection, columns: &str) -> Result<()> {
        let name = identifier(&format!("{} by {columns}", self.name));
        let table = self.unqualified();
        connection
            .execute_batch(&format!("CREATE INDEX temp.{name} ON {table}({columns})"))
            .with_context(|| format!("cannot index {self}"))
    }

    /// Lets the table go.
    pub fn drop(self, connection: &Connection) -> Result<()> {
        Ok(connection.execute_batch(&format!("DROP TABLE {self}"))?)
    }

    /// Runs statements after every INSERT or UPDATE of a table of the user's. They name this table as [`Self::unqualified`]
    /// says, and take the place of those that were set up for the same event before.
    pub fn follow(&self, connection: &Connection, event: &str, table: &str, statements: &str) -> Result<()> {
        let trigger = identifier(&format!("{} {event}", self.name));
        Ok(connection.execute_batch(&format!(
            "DROP TRIGGER IF EXISTS temp.{trigger};
             CREATE TEMP TRIGGER {trigger} AFTER {event} ON {table} BEGIN {statements} END"
        ))?)
    }

    /// The name as a trigger's statements must write it: without saying that it is temporary.
    pub fn unqualified(&self) -> String {
        identifier(&self.name)
    }
}

impl fmt::Display for TempTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "temp.{}", identifier(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_of_the_users_is_hidden() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch("create table \"LARDER nodes\"(a); create view \"larder nodes+\" as select 1")
            .expect("fill");
        let table = TempTable::create(&db, "nodes", "(a, b)").expect("create");
        assert_eq!(table.to_string(), "temp.\"larder nodes++\"");
        table.index(&db, "a, b").expect("index");
        db.execute_batch(&format!("insert into {table} values (1, 2)")).expect("fill");
        let count = |table: &str| {
            db.query_row(&format!("select count(*) from {table}"), [], |row| row.get::<_, i64>(0))
                .expect("count")
        };
        assert_eq!((count("\"larder nodes\""), count(&table.to_string())), (0, 1));
        let again = TempTable::create(&db, "nodes", "(a)").expect("create it again");
        assert_eq!((again.to_string(), count(&again.to_string())), (table.to_string(), 0));
        let mut reading = db.prepare("select name from sqlite_schema").expect("prepare");
        let mut rows = reading.query([]).expect("query");
        rows.next().expect("the first");
        let third = TempTable::create(&db, "nodes", "(a)").expect("create while a statement reads");
        assert_eq!(third.to_string(), "temp.\"larder nodes+++\"");
    }
}
