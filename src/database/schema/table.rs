//! What a table is: its columns, and how its rows are known.

use crate::database::affinity::Affinity;
use crate::database::check::text;
use crate::database::quote::{identifier, table_pragma};
use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Row};
use std::collections::{HashMap, HashSet};

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
    /// The collation that compares its values where nothing else says one.
    pub collation: String,
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

    /// Whether it is declared to hold what is true or false.
    pub fn is_declared_boolean(&self) -> bool {
        self.declared.to_ascii_uppercase().starts_with("BOOL")
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
    /// Whether its columns insist on their types.
    pub strict: bool,
}

/// The tables of a database. What kinds they are is read once: SQLite lists all of them, however little it is asked for.
pub struct Tables<'a> {
    connection: &'a Connection,
    kinds: HashMap<String, Kind>,
}

#[derive(Clone, Copy)]
struct Kind {
    without_rowid: bool,
    strict: bool,
}

impl<'a> Tables<'a> {
    /// Reads what there is.
    pub fn read(connection: &'a Connection) -> Result<Self> {
        let mut kinds = HashMap::new();
        list(connection, |row| {
            let kind = Kind { without_rowid: row.get("wr")?, strict: row.get("strict")? };
            if row.get_ref("type")?.as_bytes() != Ok(b"view".as_slice()) {
                kinds.insert(text(row, "name")?.to_ascii_lowercase(), kind);
            }
            Ok(())
        })?;
        Ok(Self { connection, kinds })
    }

    /// Whether there is a table of that name.
    pub fn has(&self, name: &str) -> bool {
        self.kinds.contains_key(&name.to_ascii_lowercase())
    }

    /// Describes a table.
    pub fn describe(&self, name: &str) -> Result<Table> {
        let describe = || -> rusqlite::Result<Table> {
            let kind = self.kinds.get(&name.to_ascii_lowercase());
            let Kind { without_rowid, strict } = *kind.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let columns = columns(self.connection, name)?;
            let rowid = if without_rowid {
                Rowid::None(primary_key(self.connection, name)?)
            } else {
                rowid(self.connection, name, &columns)?
            };
            Ok(Table { name: name.to_owned(), columns, rowid, strict })
        };
        describe().with_context(|| format!("cannot read the columns of {name}"))
    }
}

impl Table {
    /// The column of that name, which SQLite compares without regard to case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// What becomes of the values of a column: in a STRICT table, ANY leaves them as they are.
    pub fn affinity(&self, name: &str) -> Affinity {
        let is_any = |column: &&Column| self.strict && column.declared.eq_ignore_ascii_case("any");
        self.column(name).filter(|column| !is_any(column)).map_or(Affinity::Blob, Column::affinity)
    }

    /// What the rowid is called: by a column, or by a name that no column has.
    pub fn rowid_name(&self) -> Option<&str> {
        match &self.rowid {
            Rowid::Column(name) => Some(name),
            Rowid::Hidden(name) => Some(name),
            Rowid::Unreachable | Rowid::None(_) => None,
        }
    }

    /// The columns of the primary key, in its order.
    pub fn primary_key(&self) -> Vec<&str> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        key.into_iter().map(|column| column.name.as_str()).collect()
    }

    /// Whether SQLite computes columns of it when a row is written.
    pub fn computes(&self) -> bool {
        self.columns.iter().any(|column| column.generated == Some(Generated::Stored))
    }

    /// Counts computed columns whose values a document has among those that hold something.
    pub fn keep_computed(&mut self, is_kept: impl Fn(&str) -> bool) {
        for column in &mut self.columns {
            if column.generated == Some(Generated::Stored) && is_kept(&column.name) {
                column.generated = None;
            }
        }
    }

    /// The names of the columns that hold something.
    pub fn stored(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|column| column.generated.is_none()).map(|column| column.name.as_str())
    }
}

/// The tables in which virtual tables keep their rows, as far as SQLite knows their modules.
pub fn shadow_tables(connection: &Connection) -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    list(connection, |row| {
        if row.get_ref("type")?.as_bytes() == Ok(b"shadow".as_slice()) {
            names.insert(text(row, "name")?);
        }
        Ok(())
    })?;
    Ok(names)
}

/// Goes through `PRAGMA table_list`.
///
/// It counts the columns of views too, for which SQLite expands each of them with all that it is made of: a few views, each
/// made of the one before it twice, keep it busy for minutes, and nothing can interrupt it. So views are off meanwhile.
fn list(connection: &Connection, mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>) -> Result<()> {
    const VIEWS: DbConfig = DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW;
    let mut list = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare("PRAGMA main.table_list")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    };
    let had_views = connection.db_config(VIEWS)?;
    connection.set_db_config(VIEWS, false)?;
    let listed = list();
    connection.set_db_config(VIEWS, had_views)?;
    listed.context("cannot read the schema")
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = connection.prepare(&table_pragma("table_xinfo", table))?;
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
            collation: collation(connection, table, &row.get::<_, String>(1)?),
        })
    })?;
    columns.collect()
}

/// The collation of a column; a virtual table does not say any.
fn collation(connection: &Connection, table: &str, column: &str) -> String {
    let described = connection.column_metadata(Some("main"), table, column).ok();
    let name = described.and_then(|(_, collation, ..)| collation);
    name.map_or_else(|| "BINARY".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn rowid(connection: &Connection, table: &str, columns: &[Column]) -> rusqlite::Result<Rowid> {
    if let [key] = columns.iter().filter(|column| column.key > 0).collect::<Vec<_>>().as_slice() {
        let has_index: bool = connection.query_row(
            "SELECT count(*) > 0 FROM temp.pragma_index_list(?1, 'main') WHERE origin = 'pk'",
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
        "SELECT name, coll, desc FROM temp.pragma_index_xinfo(
            (SELECT name FROM temp.pragma_index_list(?1, 'main') WHERE origin = 'pk'), 'main') WHERE key ORDER BY seqno",
    )?;
    let columns = statement.query_map([table], |row| {
        Ok(KeyColumn { name: row.get(0)?, collation: row.get(1)?, descending: row.get(2)? })
    })?;
    columns.collect()
}

#[cfg(test)]
mod tests;
