//! What a schema holds: its objects as SQLite keeps them, and the columns of a table.

use super::affinity::Affinity;
use super::quote::identifier;
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

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its declared type, empty where there is none.
    pub declared: String,
    /// How its value is computed, where it is: then it is neither exported nor imported.
    pub generated: Option<Generated>,
    /// Its place in the primary key, from 1; 0 where it is not in it.
    pub key: u32,
    /// Whether it is declared NOT NULL.
    pub not_null: bool,
    /// The expression of its default, where it has one.
    pub default: Option<String>,
}

/// How the value of a generated column comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    /// Whenever it is read.
    Virtual,
    /// When the row is written; it takes room in the row.
    Stored,
}

impl Column {
    /// What becomes of the values that are stored in it.
    pub fn affinity(&self) -> Affinity {
        Affinity::of(&self.declared)
    }
}

impl KeyColumn {
    /// The column as an index or an ORDER BY names it.
    pub fn to_sql(&self) -> String {
        let direction = if self.descending { " DESC" } else { "" };
        format!("{} COLLATE {}{direction}", identifier(&self.name), identifier(&self.collation))
    }
}

/// How the rows of a table are known to SQLite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rowid {
    /// By a column that is the rowid.
    Column(String),
    /// By a hidden number that has this name.
    Hidden(&'static str),
    /// By a hidden number whose names are all taken by columns, so that nobody can read it.
    Unreachable,
    /// By the primary key, in the order that it has in the tree: `WITHOUT ROWID`.
    None(Vec<KeyColumn>),
}

/// A column of a primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// Its name.
    pub name: String,
    /// The collation that orders it.
    pub collation: String,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A table with rows of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// How its rows are known.
    pub rowid: Rowid,
}

impl Table {
    /// Describes a table.
    pub fn describe(connection: &Connection, name: &str) -> Result<Self> {
        let describe = || -> rusqlite::Result<Self> {
            let columns = columns(connection, name)?;
            let rowid = rowid(connection, name, &columns)?;
            Ok(Self { name: name.to_owned(), columns, rowid })
        };
        describe().with_context(|| format!("cannot read the columns of {name}"))
    }

    /// The column of that name, which SQLite compares without regard to case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The columns of the primary key, in its order.
    pub fn primary_key(&self) -> Vec<&str> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        key.into_iter().map(|column| column.name.as_str()).collect()
    }

    /// The names of the columns that hold something.
    pub fn stored(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|column| column.generated.is_none()).map(|column| column.name.as_str())
    }
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = connection.prepare(&format!("PRAGMA table_xinfo({})", identifier(table)))?;
    let columns = statement.query_map([], |row| {
        let hidden: i64 = row.get(6)?;
        let generated = match hidden {
            2 => Some(Generated::Virtual),
            3 => Some(Generated::Stored),
            _ => None,
        };
        Ok(Column {
            name: row.get(1)?,
            declared: row.get(2)?,
            generated,
            key: row.get(5)?,
            not_null: row.get(3)?,
            default: row.get(4)?,
        })
    })?;
    columns.collect()
}

fn rowid(connection: &Connection, table: &str, columns: &[Column]) -> rusqlite::Result<Rowid> {
    let without: bool = connection.query_row(
        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE",
        [table],
        |row| row.get(0),
    )?;
    if without {
        return Ok(Rowid::None(primary_key(connection, table)?));
    }
    if let [key] = columns.iter().filter(|column| column.key > 0).collect::<Vec<_>>().as_slice() {
        let has_index: bool = connection.query_row(
            "SELECT count(*) > 0 FROM pragma_index_list(?1) WHERE origin = 'pk'",
            [table],
            |row| row.get(0),
        )?;
        // A primary key of one column that needs no index is the rowid itself.
        if !has_index {
            return Ok(Rowid::Column(key.name.clone()));
        }
    }
    let taken = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let free = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name));
    Ok(free.map_or(Rowid::Unreachable, Rowid::Hidden))
}

fn primary_key(connection: &Connection, table: &str) -> rusqlite::Result<Vec<KeyColumn>> {
    let mut statement = connection.prepare(
        "SELECT name, coll, desc FROM pragma_index_xinfo(
            (SELECT name FROM pragma_index_list(?1) WHERE origin = 'pk')) WHERE key ORDER BY seqno",
    )?;
    let columns = statement.query_map([table], |row| {
        Ok(KeyColumn { name: row.get(0)?, collation: row.get(1)?, descending: row.get(2)? })
    })?;
    columns.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(sql: &str) -> Table {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(sql).expect("create");
        Table::describe(&db, "t").expect("describe")
    }

    #[test]
    fn the_rowid_is_found_in_its_disguises() {
        for (sql, rowid) in [
            ("create table t(a)", Rowid::Hidden("rowid")),
            ("create table t(id integer primary key, a)", Rowid::Column("id".into())),
            ("create table t(id integer, a, primary key(id))", Rowid::Column("id".into())),
            ("create table t(id integer primary key desc)", Rowid::Hidden("rowid")),
            ("create table t(id int primary key)", Rowid::Hidden("rowid")),
            (
                "create table t(a, b collate nocase, primary key(b desc, a)) without rowid",
                Rowid::None(vec![
                    KeyColumn { name: "b".into(), collation: "nocase".into(), descending: true },
                    KeyColumn { name: "a".into(), collation: "BINARY".into(), descending: false },
                ]),
            ),
            ("create table t(rowid, a)", Rowid::Hidden("_rowid_")),
            ("create table t(ROWID, _rowid_)", Rowid::Hidden("oid")),
            ("create table t(rowid, _rowid_, oid)", Rowid::Unreachable),
            ("create table t(a, b, primary key(a, b))", Rowid::Hidden("rowid")),
        ] {
            assert_eq!(table(sql).rowid, rowid, "{sql}");
        }
    }

    #[test]
    fn generated_columns_are_not_stored() {
        let table = table("create table t(a, b as (a + 1), c as (a + 2) stored, d)");
        assert_eq!(table.stored().collect::<Vec<_>>(), ["a", "d"]);
    }

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
