//! The database that takes the items: its tables, and what finds and changes their rows.

use crate::database::affinity::Affinity;
use crate::database::constraints::{Unique, uniques};
use crate::database::quote::identifier;
use crate::database::rows::{Encoding, handle_columns};
use crate::database::schema::{Column, Rowid, Table, Tables};
use crate::database::value::{Borrowed, Value};
use crate::error::Fault;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::{CachedStatement, Connection, OptionalExtension};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Finds a row of a table again: its rowid, or its primary key.
pub type Handle = Vec<Value>;

/// A table that takes rows.
pub struct TargetTable {
    /// Its columns.
    pub table: Table,
    /// What it is unique in.
    pub uniques: Vec<Unique>,
    /// The expressions of its handles.
    handle: Vec<String>,
    /// The last number that was given, once one was asked for.
    next: RefCell<Option<i64>>,
}

/// The database that takes the items.
pub struct Target<'c> {
    /// The connection, which only an import that writes writes to.
    pub connection: &'c Connection,
    encoding: Encoding,
    schema: Tables<'c>,
    tables: RefCell<HashMap<String, Rc<TargetTable>>>,
}

impl TargetTable {
    /// The column whose numbers the database gives.
    pub fn numbered(&self) -> Option<&str> {
        match &self.table.rowid {
            Rowid::Column(name) => Some(name),
            _ => None,
        }
    }

    /// The expressions of its handles.
    pub fn handle(&self) -> &[String] {
        &self.handle
    }

    /// What becomes of the values of a column: in a STRICT table, ANY leaves them as they are.
    pub fn affinity(&self, name: &str) -> Affinity {
        let column = self.table.column(name);
        let is_any = |column: &&Column| self.table.strict && column.declared.eq_ignore_ascii_case("any");
        column.filter(|column| !is_any(column)).map_or(Affinity::Blob, Column::affinity)
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
        let Some(column) = self.numbered() else { anyhow::bail!("{} gives no numbers", self.table.name) };
        let mut next = self.next.borrow_mut();
        let number = if let Some(number) = *next {
            number
        } else {
            let sql = format!(
                "SELECT ifnull(max({}), 0) FROM {}",
                identifier(column),
                identifier(&self.table.name)
            );
            let largest: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
            largest.max(counted(connection, &self.table.name)?).max(0)
        };
        let number =
            number.checked_add(1).with_context(|| format!("{} has no numbers left", self.table.name))?;
        *next = Some(number);
        Ok(number)
    }
}

/// The largest number that an autoincrementing table ever gave.
fn counted(connection: &Connection, table: &str) -> Result<i64> {
    let there: bool = connection.query_row(
        "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'sqlite_sequence'",
        [],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(0);
    }
    let counted = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
        .optional()?;
    Ok(counted.unwrap_or(0))
}

impl<'c> Target<'c> {
    /// A database that is open.
    pub fn new(connection: &'c Connection) -> Result<Self> {
        let (encoding, schema) = (Encoding::of(connection)?, Tables::read(connection)?);
        Ok(Self { connection, encoding, schema, tables: RefCell::default() })
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Result<Rc<TargetTable>> {
        if let Some(known) = self.tables.borrow().get(name) {
            return Ok(Rc::clone(known));
        }
        let table = self.schema.describe(name)?;
        let found = Rc::new(TargetTable {
            uniques: uniques(self.connection, name)?,
            handle: handle_columns(&table),
            table,
            next: RefCell::new(None),
        });
        if found.handle.is_empty() {
            let message =
                format!("rows of {name} cannot be found again: columns have all names of its rowid");
            return Err(Fault::invalid(message).hint("--exclude leaves the section out").into());
        }
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&found));
        Ok(found)
    }

    /// The handles of rows whose columns have these values, as the columns compare them; at most `most`.
    pub fn find(&self, table: &str, wanted: &[(&str, &Value)], most: usize) -> Result<Vec<Handle>> {
        let condition = |(at, (name, value)): (usize, &(&str, &Value))| {
            let is_null = **value == Value::Null;
            let name = identifier(name);
            if is_null { format!("{name} IS NULL") } else { format!("{name} = {}", parameter(value, at)) }
        };
        let conditions: Vec<String> = wanted.iter().enumerate().map(condition).collect();
        let values: Vec<&Value> = wanted.iter().map(|(_, value)| *value).collect();
        self.find_where(table, &conditions, &values, most)
    }

    /// The handle of the row that has these values in columns that no two rows share, as what makes them unique compares
    /// them.
    pub fn find_unique(&self, table: &str, unique: &Unique, values: &[Value]) -> Result<Option<Handle>> {
        let condition = |(at, ((name, collation), value)): (usize, (&(String, String), &Value))| {
            let (name, collation) = (identifier(name), identifier(collation));
            format!("{name} = {} COLLATE {collation}", parameter(value, at))
        };
        let conditions: Vec<String> = unique.columns.iter().zip(values).enumerate().map(condition).collect();
        let values: Vec<&Value> = values.iter().collect();
        Ok(self.find_where(table, &conditions, &values, 1)?.pop())
    }

    /// The handles of rows that meet conditions, whose parameters are the values that are not NULL; at most `most`.
    fn find_where(
        &self,
        table: &str,
        conditions: &[String],
        values: &[&Value],
        most: usize,
    ) -> Result<Vec<Handle>> {
        let described = self.table(table)?;
        let sql = format!(
            "SELECT {} FROM {} WHERE {} LIMIT {most}",
            described.handle.join(", "),
            identifier(table),
            if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") },
        );
        let mut statement = self.prepare(&sql, table)?;
        for (at, value) in values.iter().enumerate() {
            if **value != Value::Null {
                statement.raw_bind_parameter(at + 1, *value)?;
            }
        }
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            found.push((0..described.handle.len()).map(value).collect::<Result<Handle>>()?);
        }
        Ok(found)
    }

    /// The values of a column of a table that are in no row of a column of another.
    pub fn dangling(&self, [table, column]: [&str; 2], [parent, to]: [&str; 2]) -> Result<Vec<Value>> {
        let sql = format!(
            "SELECT DISTINCT a.{column} FROM {table} AS a WHERE a.{column} IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM {parent} AS b WHERE b.{to} = a.{column})",
            column = identifier(column),
            table = identifier(table),
            parent = identifier(parent),
            to = identifier(to),
        );
        let mut statement = self.prepare(&sql, table)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Borrowed::of(row.get_ref(0)?).into());
        }
        Ok(found)
    }

    /// The values of columns of a row.
    pub fn load(&self, table: &str, columns: &[&str], handle: &[Value]) -> Result<Option<Vec<Value>>> {
        let described = self.table(table)?;
        let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let raw: Vec<String> = match self.encoding {
            Encoding::Utf8 => Vec::new(),
            _ => names.iter().map(|name| format!("CAST({name} AS BLOB)")).collect(),
        };
        let selected: Vec<&str> = names.iter().chain(&raw).map(String::as_str).chain(["1"]).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {}",
            selected.join(", "),
            identifier(table),
            described.wanted(0)
        );
        let mut statement = self.prepare(&sql, table)?;
        bind(&mut statement, handle, 0)?;
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else { return Ok(None) };
        let value = |at: usize| -> Result<Value> {
            let value = row.get_ref(at)?;
            Ok(match self.encoding {
                Encoding::Utf8 => Borrowed::of(value),
                encoding => {
                    Borrowed::of_utf16(value, row.get_ref(columns.len() + at)?, encoding == Encoding::Utf16Be)
                }
            }
            .into())
        };
        (0..columns.len()).map(value).collect::<Result<Vec<Value>>>().map(Some)
    }

    /// Puts a row in. Gives its handle back.
    pub fn insert(&self, table: &str, row: &IndexMap<String, Value>) -> Result<Handle> {
        let described = self.table(table)?;
        let names: Vec<String> = row.keys().map(|name| identifier(name)).collect();
        let parameters: Vec<String> =
            row.values().enumerate().map(|(at, value)| parameter(value, at)).collect();
        let sql = if names.is_empty() {
            format!(
                "INSERT INTO {} DEFAULT VALUES RETURNING {}",
                identifier(table),
                described.handle.join(", ")
            )
        } else {
            format!(
                "INSERT INTO {}({}) VALUES ({}) RETURNING {}",
                identifier(table),
                names.join(", "),
                parameters.join(", "),
                described.handle.join(", ")
            )
        };
        let mut statement = self.prepare(&sql, table)?;
        for (at, value) in row.values().enumerate() {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        let mut rows = statement.raw_query();
        let mut handle = Vec::new();
        while let Some(row) = rows.next()? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            handle = (0..described.handle.len()).map(value).collect::<Result<Handle>>()?;
        }
        Ok(handle)
    }

    /// Changes columns of a row.
    pub fn update(&self, table: &str, changes: &[(&str, &Value)], handle: &[Value]) -> Result<()> {
        let described = self.table(table)?;
        let set = |(at, (name, value)): (usize, &(&str, &Value))| {
            format!("{} = {}", identifier(name), parameter(value, at))
        };
        let set: Vec<String> = changes.iter().enumerate().map(set).collect();
        let sql = format!(
            "UPDATE {} SET {} WHERE {}",
            identifier(table),
            set.join(", "),
            described.wanted(changes.len())
        );
        let mut statement = self.prepare(&sql, table)?;
        for (at, (_, value)) in changes.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, *value)?;
        }
        bind(&mut statement, handle, changes.len())?;
        changed(statement.raw_execute()?, table)
    }

    fn prepare(&self, sql: &str, table: &str) -> Result<CachedStatement<'c>> {
        self.connection.prepare_cached(sql).with_context(|| format!("cannot use the table {table}"))
    }
}

impl TargetTable {
    /// The condition that a row is that of a handle, whose parameters come after `before` others.
    fn wanted(&self, before: usize) -> String {
        let equal = |(at, column): (usize, &String)| format!("{column} = ?{}", before + at + 1);
        self.handle.iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
    }
}

/// A parameter for a value; text that is not valid comes as bytes.
fn parameter(value: &Value, at: usize) -> String {
    match value {
        Value::RawText(_) => format!("CAST(?{} AS TEXT)", at + 1),
        _ => format!("?{}", at + 1),
    }
}

fn bind(statement: &mut CachedStatement<'_>, handle: &[Value], before: usize) -> Result<()> {
    for (at, value) in handle.iter().enumerate() {
        statement.raw_bind_parameter(before + at + 1, value)?;
    }
    Ok(())
}

/// An error where a row was not changed although it is there: a trigger said no, without saying so.
fn changed(rows: usize, table: &str) -> Result<()> {
    if rows > 0 {
        return Ok(());
    }
    Err(Fault::invalid(format!("a trigger of {table} does not let a row be changed"))
        .hint("--triggers off does")
        .into())
}
