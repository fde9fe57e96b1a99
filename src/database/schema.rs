//! What a schema holds: its objects as SQLite keeps them, and what its tables are.

mod table;

pub use table::{Column, Generated, KeyColumn, Rowid, Table, Tables, shadow_tables};

use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of a schema object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// A table, virtual ones included.
    Table,
    /// An index.
    Index,
    /// A view.
    View,
    /// A trigger.
    Trigger,
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::View => "view",
            Self::Trigger => "trigger",
        })
    }
}

/// A row of `sqlite_schema` that has SQL; the indexes of constraints have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The table that it belongs to; a table's own name.
    pub table: String,
    /// The statement that made it.
    pub sql: String,
}

impl Object {
    /// Whether it is a table whose rows a module keeps elsewhere.
    pub fn is_virtual(&self) -> bool {
        self.kind == ObjectKind::Table && starts_with_words(&self.sql, &["create", "virtual", "table"])
    }

    /// Whether it is a table with rows of its own.
    pub fn is_stored_table(&self) -> bool {
        self.kind == ObjectKind::Table && !self.is_virtual()
    }
}

/// Whether SQL begins with these words, in any case and with any space between them.
pub fn starts_with_words(sql: &str, words: &[&str]) -> bool {
    let mut found = sql.split(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty());
    words.iter().all(|word| found.next().is_some_and(|found| found.eq_ignore_ascii_case(word)))
}

/// The objects of a schema, in the order of their creation.
pub fn objects(connection: &Connection) -> Result<Vec<Object>> {
    let mut statement = connection
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        .context("cannot read the schema")?;
    let mut rows = statement.query([])?;
    let mut objects = Vec::new();
    while let Some(row) = rows.next().context("cannot read the schema")? {
        let kind = match text(row, 0)?.as_str() {
            "table" => ObjectKind::Table,
            "index" => ObjectKind::Index,
            "view" => ObjectKind::View,
            "trigger" => ObjectKind::Trigger,
            other => {
                return Err(Fault::failed(format!("the schema holds something called a {other:?}")).into());
            }
        };
        objects.push(Object { kind, name: text(row, 1)?, table: text(row, 2)?, sql: text(row, 3)? });
    }
    Ok(objects)
}

fn text(row: &Row<'_>, column: usize) -> Result<String> {
    row.get::<_, String>(column).context("the schema holds text that is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_tables_are_known_by_their_sql() {
        let object = |sql: &str| Object {
            kind: ObjectKind::Table,
            name: "t".into(),
            table: "t".into(),
            sql: sql.into(),
        };
        let fts = object("create  VIRTUAL\ntable \"using x\" using FTS5(a, content='')");
        assert!(fts.is_virtual());
        assert!(object("CREATE TABLE virtual(a)").is_stored_table());
    }
}
