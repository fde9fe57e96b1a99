//! Stand-ins for collations that only the application has.
//!
//! With them a table whose key uses such a collation can be read. They are safe for reading only: an index
//! written with one has an order that the application does not know, and a check with one finds errors that
//! are none.

use anyhow::{Context, Result};
use rusqlite::Connection;

/// Lets every unknown collation compare as bytes, from when a statement first needs it.
pub fn register_collations(connection: &Connection) -> Result<()> {
    connection
        .collation_needed(|connection, name| {
            connection.create_collation(name, |a: &str, b: &str| a.as_bytes().cmp(b.as_bytes()))
        })
        .context("cannot register stand-ins for unknown collations")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keyed_by_an_unknown_collation_can_be_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let theirs = Connection::open(&path).expect("open");
        theirs.create_collation("theirs", |a: &str, b: &str| b.cmp(a)).expect("register");
        theirs
            .execute_batch(
                "create table t(a text collate theirs primary key) without rowid; insert into t values ('b'), ('a')",
            )
            .expect("fill");
        drop(theirs);
        let ours = Connection::open(&path).expect("open");
        let read = |db: &Connection| db.query_row("select count(*) from t", [], |row| row.get::<_, i64>(0));
        assert!(read(&ours).is_err());
        let ours = Connection::open(&path).expect("open");
        register_collations(&ours).expect("register");
        assert_eq!(read(&ours).expect("read"), 2);
    }
}
