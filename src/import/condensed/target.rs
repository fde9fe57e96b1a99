//! The database that takes the items: what finds and changes its rows.

mod writing;

use super::target_table::{Statements, TargetTable, kind_of};
use super::watch::Watch;
use crate::app::model::{Nested, Shape};
use crate::database::application::trigger_fault;
use crate::database::constraints::{Unique, partly_unique, uniques};
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::rows::Encoding;
use crate::database::schema::Tables;
use crate::database::value::{Borrowed, Value};
use crate::database::write_limits::Steps;
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Finds a row of a table again: its rowid, or its primary key.
pub type Handle = Vec<Value>;

/// What the only child of a row has in a column.
pub struct Below<'a> {
    /// The kind of the child.
    pub nested: &'a Nested,
    /// The column.
    pub column: &'a str,
    /// What it has there; a child that is not there has nothing.
    pub value: Value,
}

impl Below<'_> {
    /// The condition that a row of a table has such a child, whose value is a parameter.
    fn condition(&self, table: &str, parameter: usize) -> String {
        let (table, column) = (user_table(table), identifier(self.column));
        let pairs = self.nested.parent.iter().zip(&self.nested.to);
        let is_child = |(own, to): (&String, &String)| {
            format!("\"$child\".{} = {table}.{}", identifier(own), identifier(to))
        };
        let mut all: Vec<String> = pairs.map(is_child).collect();
        let (not, is_it) = match self.value {
            Value::Null => ("NOT ", format!("\"$child\".{column} IS NOT NULL")),
            _ => ("", format!("\"$child\".{column} = {}", self.value.parameter(parameter))),
        };
        all.push(is_it);
        let child = user_table(&self.nested.shape.table);
        format!("{not}EXISTS (SELECT 1 FROM {child} AS \"$child\" WHERE {})", all.join(" AND "))
    }
}

/// The database that takes the items.
pub struct Target<'c> {
    /// The connection, which only an import that writes writes to.
    pub connection: &'c Connection,
    encoding: Encoding,
    schema: Tables<'c>,
    steps: Steps,
    tables: RefCell<HashMap<String, Rc<TargetTable>>>,
    /// Which tables have no rows, until anything is written.
    empty: RefCell<HashMap<String, bool>>,
    /// Whether anything may have been written.
    pub(super) has_written: Cell<bool>,
    /// What triggers put in, where somebody wants to know.
    pub(super) watch: RefCell<Option<Watch>>,
}

impl<'c> Target<'c> {
    /// A database that is open. `steps` is told of each statement.
    pub fn new(connection: &'c Connection, steps: &Steps) -> Result<Self> {
        let (encoding, schema) = (Encoding::of(connection)?, Tables::read(connection)?);
        Ok(Self {
            connection,
            encoding,
            schema,
            steps: steps.clone(),
            tables: RefCell::default(),
            empty: RefCell::default(),
            has_written: Cell::new(false),
            watch: RefCell::default(),
        })
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Result<Rc<TargetTable>> {
        if let Some(known) = self.tables.borrow().get(name) {
            return Ok(Rc::clone(known));
        }
        let table = self.schema.describe(name)?;
        let found = Rc::new(TargetTable {
            uniques: uniques(self.connection, name)?,
            partly: partly_unique(self.connection, name)?,
            handle: RowHandle::of(&table),
            table,
            next: RefCell::new(None),
            stride: Cell::new(1),
            statements: Statements::default(),
        });
        if !found.handle.exists() {
            let message =
                format!("rows of {name} cannot be found again: columns have all names of its rowid");
            return Err(Fault::invalid(message).hint("--exclude leaves the section out").into());
        }
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&found));
        Ok(found)
    }

    /// Whether a table has no rows, and nothing was written since that was seen.
    pub fn is_empty(&self, table: &TargetTable) -> Result<bool> {
        if self.has_written.get() {
            return Ok(false);
        }
        let name = &table.table.name;
        if let Some(known) = self.empty.borrow().get(name) {
            return Ok(*known);
        }
        let sql = format!("SELECT 1 FROM {} LIMIT 1", user_table(name));
        let is_empty = !self.prepare(&sql, name)?.exists([])?;
        self.empty.borrow_mut().insert(name.clone(), is_empty);
        Ok(is_empty)
    }

    /// The handles of rows whose columns have these values, as the columns compare them; at most `most`.
    pub fn find(&self, table: &str, wanted: &[(&str, &Value)], most: usize) -> Result<Vec<Handle>> {
        self.find_above(table, wanted, &[], most)
    }

    /// The same, of rows whose only children of some kinds have values, too.
    pub fn find_above(
        &self,
        table: &str,
        wanted: &[(&str, &Value)],
        below: &[Below<'_>],
        most: usize,
    ) -> Result<Vec<Handle>> {
        let described = self.table(table)?;
        let condition = |(at, (name, value)): (usize, &(&str, &Value))| {
            let is_null = **value == Value::Null;
            let name = identifier(name);
            if is_null { format!("{name} IS NULL") } else { format!("{name} = {}", value.parameter(at + 1)) }
        };
        let limit = most.to_string();
        let parts = wanted.iter().flat_map(|(name, value)| [*name, kind_of(value)]);
        let inside = below.iter().flat_map(|own| [&own.nested.shape.table, own.column, kind_of(&own.value)]);
        let sql = described.statements.get(["find", &limit].into_iter().chain(parts).chain(inside), || {
            let own = wanted.iter().enumerate().map(condition);
            let inside =
                below.iter().enumerate().map(|(at, own)| own.condition(table, wanted.len() + at + 1));
            select_handles(&described, &own.chain(inside).collect::<Vec<_>>(), most)
        });
        let values = wanted.iter().map(|(_, value)| *value);
        self.find_by(&described, &sql, values.chain(below.iter().map(|own| &own.value)))
    }

    /// The handle of the row that has these values in columns that no two rows share, as what makes them unique compares
    /// them.
    pub fn find_unique(&self, table: &str, unique: &Unique, values: &[Value]) -> Result<Option<Handle>> {
        let described = self.table(table)?;
        let condition = |(at, ((name, collation), value)): (usize, (&(String, String), &Value))| {
            let (name, collation) = (identifier(name), identifier(collation));
            format!("{name} = {} COLLATE {collation}", value.parameter(at + 1))
        };
        let columns = || unique.columns.iter().zip(values);
        let parts = columns().flat_map(|((name, collation), value)| [name, collation, kind_of(value)]);
        let sql = described.statements.get(["unique"].into_iter().chain(parts), || {
            select_handles(&described, &columns().enumerate().map(condition).collect::<Vec<_>>(), 1)
        });
        Ok(self.find_by(&described, &sql, values.iter())?.pop())
    }

    /// The handles that a statement finds, whose parameters are the values that are not NULL.
    fn find_by<'v>(
        &self,
        described: &TargetTable,
        sql: &str,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Vec<Handle>> {
        if self.is_empty(described)? {
            return Ok(Vec::new());
        }
        let mut statement = self.prepare(sql, &described.table.name)?;
        for (at, value) in values.enumerate() {
            if *value != Value::Null {
                statement.raw_bind_parameter(at + 1, value)?;
            }
        }
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            found.push((0..described.handle.columns().len()).map(value).collect::<Result<Handle>>()?);
        }
        Ok(found)
    }

    /// The values of a column of a table that are in no row of a column of another.
    pub fn dangling(&self, [table, column]: [&str; 2], [parent, to]: [&str; 2]) -> Result<Vec<Value>> {
        let sql = format!(
            "SELECT DISTINCT a.{column} FROM {table} AS a WHERE a.{column} IS NOT NULL
             AND NOT ifnull(a.{column} IN (SELECT {to} FROM {parent}), 0)",
            column = identifier(column),
            table = user_table(table),
            parent = user_table(parent),
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
        let parts = handle.iter().map(kind_of).chain(["load"]).chain(columns.iter().copied());
        let sql = described.statements.get(parts, || {
            let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
            let raw: Vec<String> = match self.encoding {
                Encoding::Utf8 => Vec::new(),
                _ => names.iter().map(|name| format!("CAST({name} AS BLOB)")).collect(),
            };
            let selected: Vec<&str> = names.iter().chain(&raw).map(String::as_str).chain(["1"]).collect();
            let wanted = described.wanted(handle, 0);
            format!("SELECT {} FROM {} WHERE {wanted}", selected.join(", "), user_table(table))
        });
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

    /// Whether a row is one that the settings of the database leave out of its section.
    pub fn is_left_out(&self, shape: &Shape, handle: &[Value]) -> Result<bool> {
        self.is_without(&shape.table, shape.condition.as_deref(), handle)
    }

    /// Whether a row is one that the settings of the database leave out by a condition.
    pub fn is_without(&self, table: &str, condition: Option<&str>, handle: &[Value]) -> Result<bool> {
        let Some(condition) = condition else { return Ok(false) };
        let described = self.table(table)?;
        let sql = format!(
            "SELECT 1 FROM {} WHERE {} AND ({condition})",
            user_table(table),
            described.wanted(handle, 0)
        );
        let wrong = || format!("the settings say that rows of {table} are those where {condition}");
        let mut statement = self.prepare(&sql, table).with_context(wrong)?;
        bind(&mut statement, handle, 0)?;
        let mut rows = statement.raw_query();
        Ok(rows.next().with_context(wrong)?.is_none())
    }

    fn prepare(&self, sql: &str, table: &str) -> Result<CachedStatement<'c>> {
        self.steps.begin();
        self.connection.prepare_cached(sql).map_err(|error| {
            match trigger_fault(self.connection, table, &error) {
                Some(fault) => anyhow::Error::new(error).context(fault),
                None => anyhow::Error::new(error).context(format!("cannot use the table {table}")),
            }
        })
    }
}

/// A query for the handles of rows that meet conditions, `most` of them.
fn select_handles(described: &TargetTable, conditions: &[String], most: usize) -> String {
    let (handle, table) = (described.handle.of_row(""), user_table(&described.table.name));
    let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    format!("SELECT {handle} FROM {table} WHERE {condition} LIMIT {most}")
}

fn bind(statement: &mut CachedStatement<'_>, handle: &[Value], before: usize) -> Result<()> {
    for (at, value) in handle.iter().enumerate() {
        statement.raw_bind_parameter(before + at + 1, value)?;
    }
    Ok(())
}
