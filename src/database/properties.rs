//! What a database says of itself besides its schema and its rows.

use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::FromSql;

/// The properties that SQLite has pragmas for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Bytes in a page.
    pub page_size: u32,
    /// `UTF-8`, `UTF-16le` or `UTF-16be`.
    pub encoding: String,
    /// 0 none, 1 full, 2 incremental.
    pub auto_vacuum: u32,
    /// The application's own number.
    pub user_version: i32,
    /// What kind of file it is.
    pub application_id: i32,
}

impl Properties {
    /// Reads them.
    pub fn read(connection: &Connection) -> Result<Self> {
        let read = || -> rusqlite::Result<Self> {
            Ok(Self {
                page_size: pragma(connection, "page_size")?,
                encoding: pragma(connection, "encoding")?,
                auto_vacuum: pragma(connection, "auto_vacuum")?,
                user_version: pragma(connection, "user_version")?,
                application_id: pragma(connection, "application_id")?,
            })
        };
        read().context("cannot read what the database says of itself")
    }

    /// Those that can be read of a damaged database; the others are what they are where nobody says anything.
    pub fn readable(connection: &Connection) -> Self {
        Self {
            page_size: pragma(connection, "page_size").unwrap_or(0),
            encoding: pragma(connection, "encoding").unwrap_or_else(|_| "UTF-8".to_owned()),
            auto_vacuum: pragma(connection, "auto_vacuum").unwrap_or(0),
            user_version: pragma(connection, "user_version").unwrap_or(0),
            application_id: pragma(connection, "application_id").unwrap_or(0),
        }
    }
}

fn pragma<T: FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<T> {
    connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_read() {
        let db = Connection::open_in_memory().expect("open");
        let set = "PRAGMA page_size = 8192; PRAGMA encoding = 'UTF-16be'; PRAGMA user_version = -7;
                   PRAGMA application_id = -2147483648; CREATE TABLE t(a)";
        db.execute_batch(set).expect("set");
        let expected = Properties {
            page_size: 8192,
            encoding: "UTF-16be".to_owned(),
            auto_vacuum: 0,
            user_version: -7,
            application_id: i32::MIN,
        };
        assert_eq!(Properties::read(&db).expect("read"), expected);
        assert_eq!(Properties::readable(&db), expected);
    }
}
