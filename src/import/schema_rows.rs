//! The rows of `sqlite_schema`, read at once: it has no index by which SQLite could find one of them, and a schema may have
//! many.

use crate::database::schema::ObjectKind;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::collections::HashMap;

/// A row of `sqlite_schema`.
#[derive(Debug, Clone)]
pub struct SchemaRow {
    /// Its number.
    pub rowid: i64,
    /// The object's name.
    pub name: String,
    /// The first page of its tree.
    pub root_page: i64,
    /// Its statement; the indexes of constraints have none.
    pub sql: Option<String>,
}

/// The rows, by what they are about.
pub struct SchemaRows {
    rows: Vec<SchemaRow>,
    /// Where the row of an object is, by its kind and name.
    objects: HashMap<(String, String), usize>,
    /// Where the rows of constraints' indexes are, by their table.
    constraints: HashMap<String, Vec<usize>>,
}

impl SchemaRows {
    /// Reads all rows.
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut found = Self { rows: Vec::new(), objects: HashMap::new(), constraints: HashMap::new() };
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = connection.prepare(
                "SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (kind, table): (String, String) = (row.get(1)?, row.get(3)?);
                let found_row = SchemaRow {
                    rowid: row.get(0)?,
                    name: row.get(2)?,
                    root_page: row.get(4)?,
                    sql: row.get(5)?,
                };
                found.add(kind, table, found_row);
            }
            Ok(())
        };
        read().context("cannot read the schema")?;
        Ok(found)
    }

    fn add(&mut self, kind: String, table: String, row: SchemaRow) {
        if row.sql.is_none() && kind == "index" {
            self.constraints.entry(table).or_default().push(self.rows.len());
        }
        self.objects.insert((kind, row.name.clone()), self.rows.len());
        self.rows.push(row);
    }

    /// All rows, in their order.
    pub fn all(&self) -> &[SchemaRow] {
        &self.rows
    }

    /// The row of an object.
    pub fn find(&self, kind: ObjectKind, name: &str) -> Option<&SchemaRow> {
        self.objects.get(&(kind.to_string(), name.to_owned())).map(|at| &self.rows[*at])
    }

    /// The indexes of a table's constraints, in their order.
    pub fn constraints(&self, table: &str) -> impl Iterator<Item = &SchemaRow> {
        self.constraints.get(table).into_iter().flatten().map(|at| &self.rows[*at])
    }
}

/// Changes the SQL that SQLite has of an object.
pub fn set_sql(connection: &Connection, rowid: i64, sql: &str) -> Result<()> {
    connection.execute("UPDATE sqlite_schema SET sql = ?2 WHERE rowid = ?1", (rowid, sql))?;
    Ok(())
}
