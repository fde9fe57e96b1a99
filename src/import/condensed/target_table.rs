//! A table that takes rows: what it is unique in, what finds its rows, and the numbers that it gives.

use crate::database::affinity::Affinity;
use crate::database::constraints::{PartlyUnique, Unique};
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::schema::{Rowid, Table};
use crate::database::value::Value;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// A table that takes rows.
pub struct TargetTable {
    /// Its columns.
    pub table: Table,
    /// What it is unique in.
    pub uniques: Vec<Unique>,
    /// What some of its rows are unique in.
    pub partly: PartlyUnique,
    /// What finds its rows again.
    pub handle: RowHandle,
    /// The last number that was given, once one was asked for.
    pub(super) next: RefCell<Option<i64>>,
    /// How far the numbers that are given lie from each other.
    pub(super) stride: Cell<i64>,
    /// Statements on it that were written before.
    pub(super) statements: Statements,
}

/// The SQL of statements by what tells them apart: it takes longer to write than to look up.
#[derive(Debug, Default)]
pub struct Statements(RefCell<HashMap<String, Rc<str>>>);

/// So many are kept: rows of one section have few sets of columns.
const MOST_STATEMENTS: usize = 256;

impl Statements {
    /// The SQL of a statement that is told apart by parts, which `write` writes.
    pub fn get<'p>(
        &self,
        parts: impl IntoIterator<Item = &'p str>,
        write: impl FnOnce() -> String,
    ) -> Rc<str> {
        let mut key = String::with_capacity(128);
        for part in parts {
            key.push_str(part);
            key.push('\0');
        }
        if let Some(known) = self.0.borrow().get(&key) {
            return Rc::clone(known);
        }
        let sql: Rc<str> = write().into();
        let mut all = self.0.borrow_mut();
        if all.len() >= MOST_STATEMENTS {
            all.clear();
        }
        all.insert(key, Rc::clone(&sql));
        sql
    }
}

/// How a value stands in a statement, as a part that tells it apart.
pub fn kind_of(value: &Value) -> &str {
    match value {
        Value::Null => "null",
        Value::RawText(_) => "raw",
        _ => "",
    }
}

impl TargetTable {
    /// The column whose numbers the database gives.
    pub fn numbered(&self) -> Option<&str> {
        match &self.table.rowid {
            Rowid::Column(name) => Some(name),
            _ => None,
        }
    }

    /// Whether anything in it must be unique.
    pub fn is_unique(&self) -> bool {
        !self.uniques.is_empty() || self.partly.is_any()
    }

    /// The columns that must be unique together, in all of its rows or some.
    pub fn unique_columns(&self) -> impl Iterator<Item = Vec<&str>> {
        let partly = self.partly.columns.iter().map(|columns| columns.iter().map(String::as_str).collect());
        self.uniques.iter().map(Unique::names).chain(partly)
    }

    /// What becomes of the values of a column.
    pub fn affinity(&self, name: &str) -> Affinity {
        self.table.affinity(name)
    }

    /// Whether two texts are one for the collation of a column that is unique, and yet written differently.
    pub fn confuses(&self, column: &str, a: &Value, b: &Value) -> bool {
        let (Value::Text(a), Value::Text(b)) = (a, b) else { return false };
        let columns = self.uniques.iter().flat_map(|unique| &unique.columns);
        let mut collations =
            columns.filter(|(name, _)| name.eq_ignore_ascii_case(column)).map(|(_, own)| own);
        collations.next().is_some_and(|collation| match collation.to_ascii_uppercase().as_str() {
            "NOCASE" => a.eq_ignore_ascii_case(b),
            "RTRIM" => a.trim_end_matches(' ') == b.trim_end_matches(' '),
            _ => false,
        })
    }

    /// The next number that the database would give, which it then has given.
    pub fn give(&self, connection: &Connection) -> Result<i64> {
        let last = *self.next.borrow();
        let last = match last {
            Some(last) => last,
            None => self.largest(connection)?,
        };
        let number = last
            .checked_add(self.stride.get())
            .with_context(|| format!("{} has no numbers left", self.table.name))?;
        self.next.replace(Some(number));
        Ok(number)
    }

    /// The same, above all that are there by now.
    pub fn give_above(&self, connection: &Connection) -> Result<i64> {
        let largest = self.largest(connection)?;
        self.next.replace_with(|last| Some(last.map_or(largest, |last| last.max(largest))));
        self.give(connection)
    }

    /// The largest number that is there, or that the table ever gave.
    pub fn largest(&self, connection: &Connection) -> Result<i64> {
        let name = &self.table.name;
        let column = self.numbered().with_context(|| format!("{name} gives no numbers"))?;
        self.largest_of(connection, column)
    }

    /// The largest number that is in a column, or that the table ever gave.
    pub fn largest_of(&self, connection: &Connection, column: &str) -> Result<i64> {
        let name = &self.table.name;
        let sql = format!("SELECT ifnull(max({}), 0) FROM {}", identifier(column), user_table(name));
        let largest: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(largest.max(counted(connection, name)?).max(0))
    }

    /// Whether what SQLite says of a constraint is about the numbers.
    pub fn is_about_number(&self, why: &str) -> bool {
        self.numbered().is_some_and(|name| why.ends_with(&format!("{}.{name}", self.table.name)))
    }

    /// The condition that a row is that of a handle, whose values are the parameters after `before` others.
    pub fn wanted(&self, handle: &[Value], before: usize) -> String {
        self.handle.is(&user_table(&self.table.name), handle, before)
    }
}

/// The largest number that an autoincrementing table ever gave.
fn counted(connection: &Connection, table: &str) -> Result<i64> {
    let there: bool = connection.query_row(
        "SELECT count(*) > 0 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'",
        [],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(0);
    }
    let counted = connection
        .query_row("SELECT seq FROM main.sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
        .optional()?;
    Ok(counted.unwrap_or(0))
}
