//! Plain schemas: what a table is to SQLite while its rows come in.
//!
//! A plain table has the columns that are stored, in their order, without types and constraints, and no index but
//! its own tree. Its rows have the same form on disk as those of the real one.

use crate::database::quote::identifier;
use crate::database::schema::{Generated, KeyColumn, Rowid, Table};
use crate::database::selection::is_internal;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// What a table's schema was before it became plain.
pub struct Plain {
    sql: String,
    indexes: Vec<ConstraintIndex>,
}

/// The index of a constraint, which has no SQL of its own.
struct ConstraintIndex {
    rowid: i64,
    name: String,
    root_page: i64,
}

/// Makes a table plain; nothing where it cannot be: the value of a stored generated column is known to SQLite only.
pub fn make_plain(connection: &Connection, table: &Table) -> Result<Option<Plain>> {
    let computed = table.columns.iter().any(|column| column.generated == Some(Generated::Stored));
    if computed || is_internal(&table.name) {
        return Ok(None);
    }
    replace(connection, table)
        .map(Some)
        .with_context(|| format!("cannot prepare {} for its rows", table.name))
}

fn replace(connection: &Connection, table: &Table) -> Result<Plain> {
    let name = &table.name;
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let sql = connection.query_row(sql, [name], |row| row.get(0))?;
    let constraint = "FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NULL";
    let mut statement = connection.prepare(&format!("SELECT rowid, name, rootpage {constraint}"))?;
    let indexes = statement.query_map([name], |row| {
        Ok(ConstraintIndex { rowid: row.get(0)?, name: row.get(1)?, root_page: row.get(2)? })
    })?;
    let indexes = indexes.collect::<rusqlite::Result<Vec<_>>>()?;
    connection.execute(&format!("DELETE {constraint}"), [name])?;
    set_sql(connection, "table", name, &plain_sql(table))?;
    Ok(Plain { sql, indexes })
}

fn plain_sql(table: &Table) -> String {
    let column = |name: &str| match &table.rowid {
        Rowid::Column(key) if key == name => format!("{} INTEGER PRIMARY KEY", identifier(name)),
        _ => identifier(name),
    };
    let mut parts: Vec<String> = table.stored().map(column).collect();
    let mut options = "";
    if let Rowid::None(key) = &table.rowid {
        parts.push(format!(
            "PRIMARY KEY({})",
            key.iter().map(KeyColumn::to_sql).collect::<Vec<_>>().join(", ")
        ));
        options = " WITHOUT ROWID";
    }
    format!("CREATE TABLE {}({}){options}", identifier(&table.name), parts.join(", "))
}

/// Changes the SQL that SQLite has of an object.
pub fn set_sql(connection: &Connection, kind: &str, name: &str, sql: &str) -> Result<()> {
    let update = "UPDATE sqlite_schema SET sql = ?3 WHERE type = ?1 AND name = ?2";
    connection.execute(update, [kind, name, sql])?;
    Ok(())
}

impl Plain {
    /// Gives the table its schema back. Its constraints' indexes are empty until they are built.
    pub fn undo(&self, connection: &Connection, table: &str) -> Result<()> {
        set_sql(connection, "table", table, &self.sql)?;
        let insert = "INSERT INTO sqlite_schema(rowid, type, name, tbl_name, rootpage, sql)
                      VALUES (?1, 'index', ?2, ?3, ?4, NULL)";
        for index in &self.indexes {
            connection.execute(insert, (index.rowid, &index.name, table, index.root_page))?;
        }
        Ok(())
    }

    /// Whether there are indexes to build.
    pub fn has_indexes(&self) -> bool {
        !self.indexes.is_empty()
    }
}
