//! Plain schemas: what a table is to SQLite while its rows come in.
//!
//! A plain table has the columns that are stored, in their order, without types and constraints, and no index but
//! its own tree. Its rows have the same form on disk as those of the real one.

use super::schema_rows::{SchemaRow, SchemaRows, set_sql};
use crate::database::quote::identifier;
use crate::database::schema::{Generated, KeyColumn, ObjectKind, Rowid, Table};
use crate::database::selection::is_internal;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// What a table's schema was before it became plain.
pub struct Plain {
    rowid: i64,
    sql: String,
    /// The indexes of its constraints, which have no SQL of their own.
    indexes: Vec<SchemaRow>,
}

/// Makes a table plain; nothing where it cannot be: the value of a stored generated column is known to SQLite only.
pub fn make_plain(connection: &Connection, table: &Table, schema: &SchemaRows) -> Result<Option<Plain>> {
    let computed = table.columns.iter().any(|column| column.generated == Some(Generated::Stored));
    if computed || is_internal(&table.name) {
        return Ok(None);
    }
    replace(connection, table, schema)
        .map(Some)
        .with_context(|| format!("cannot prepare {} for its rows", table.name))
}

fn replace(connection: &Connection, table: &Table, schema: &SchemaRows) -> Result<Plain> {
    let row = schema.find(ObjectKind::Table, &table.name).context("the schema has no such table")?;
    let indexes: Vec<SchemaRow> = schema.constraints(&table.name).cloned().collect();
    for index in &indexes {
        connection.execute("DELETE FROM sqlite_schema WHERE rowid = ?1", [index.rowid])?;
    }
    set_sql(connection, row.rowid, &plain_sql(table))?;
    Ok(Plain { rowid: row.rowid, sql: row.sql.clone().unwrap_or_default(), indexes })
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

impl Plain {
    /// Gives the table its schema back. Its constraints' indexes are empty until they are built.
    pub fn undo(&self, connection: &Connection, table: &str) -> Result<()> {
        set_sql(connection, self.rowid, &self.sql)?;
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
