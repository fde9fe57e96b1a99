//! Puts single rows into the table.

use super::OnConflict;
use super::existing::{Existing, ExistingRow, Lookup, Values, bind};
use super::keys::{Keys, Place};
use super::mapping::Fills;
use crate::database::application::trigger_fault;
use crate::database::connection::lacks_the_application;
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::schema::Table;
use crate::database::value::Value;
use crate::error::{Fault, Kind, sqlite_extended_code};
use anyhow::{Context, Result};
use rusqlite::{Connection, Statement, ffi};
use std::collections::HashMap;

/// How many shapes of rows have their statements kept.
const MOST_SHAPES: usize = 64;

/// Puts rows into a table.
pub(super) struct Writer<'c> {
    pub connection: &'c Connection,
    pub table: &'c Table,
    pub handle: &'c RowHandle,
    pub keys: &'c Keys,
    places: Vec<Place>,
    fills: &'c Fills,
    on_conflict: OnConflict,
    /// By the columns that rows have.
    shapes: HashMap<Vec<usize>, Shape<'c>>,
}

/// The statements for rows that have the same columns.
struct Shape<'c> {
    lookup: Lookup<'c>,
    insert: Statement<'c>,
    update: Option<Statement<'c>>,
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Fate {
    New,
    Same,
    Skipped,
    /// With what finds its row again.
    Overwritten(Vec<Value>),
    /// It already exists and differs, and nobody said what to do.
    Conflict(String),
    Rejected(Rejection),
}

/// Why a row does not come in.
#[derive(Debug)]
pub(super) struct Rejection {
    pub why: String,
    /// Whether it may have left something behind all the same, as an error of a trigger may.
    pub is_unclean: bool,
    /// Whether it has what belongs to another row.
    is_clash: bool,
}

impl Fate {
    fn rejected(why: impl Into<String>) -> Self {
        Self::Rejected(Rejection { why: why.into(), is_unclean: false, is_clash: false })
    }

    /// The same where a row has what belongs to another one, as only the table can tell: of a partial index, or of one of
    /// expressions.
    fn of_clash(self, on_conflict: OnConflict) -> Self {
        match (self, on_conflict) {
            (Self::Rejected(Rejection { is_clash: true, .. }), OnConflict::Skip) => Self::Skipped,
            (Self::Rejected(Rejection { is_clash: true, why, .. }), OnConflict::Fail) => Self::Conflict(why),
            (fate, _) => fate,
        }
    }
}

impl<'c> Writer<'c> {
    /// Prepares to write, in a transaction.
    pub fn new(
        connection: &'c Connection,
        (table, handle): (&'c Table, &'c RowHandle),
        keys: &'c Keys,
        (fills, on_conflict): (&'c Fills, OnConflict),
    ) -> Result<Self> {
        let places = keys.keys.iter().map(|key| Place::prepare(connection, table, handle, key));
        let places = places.collect::<Result<_>>()?;
        Ok(Self { connection, table, handle, keys, places, fills, on_conflict, shapes: HashMap::new() })
    }

    /// Puts a row in, or finds out why not. `values` has those of the row and of nothing else.
    pub fn write<'v>(&mut self, values: &mut Values<'v>) -> Result<Fate>
    where
        'c: 'v,
    {
        let given: Vec<usize> = (0..values.len()).filter(|at| values[*at].is_some()).collect();
        if !self.shapes.contains_key(&given) {
            if self.shapes.len() >= MOST_SHAPES {
                self.shapes.clear();
            }
            let shape = self.prepare(&given)?;
            self.shapes.insert(given.clone(), shape);
        }
        for (at, value) in self.fills.values() {
            values[at].get_or_insert(value);
        }
        let shape = self.shapes.get_mut(&given).expect("it was put there");
        let existing = shape.lookup.find(values, self.keys, self.table)?;
        let row = match (existing, self.on_conflict) {
            (Existing::Nothing, _) => {
                bind(&mut shape.insert, values)?;
                let fate = executed(&mut shape.insert, self.table, Fate::New)?;
                return Ok(fate.of_clash(self.on_conflict));
            }
            (Existing::Row(row), _) if row.differs.is_empty() => return Ok(Fate::Same),
            (_, OnConflict::Skip) => return Ok(Fate::Skipped),
            (Existing::Clash(why), OnConflict::Overwrite) => return Ok(Fate::rejected(why)),
            (Existing::Clash(why), OnConflict::Fail) => return Ok(Fate::Conflict(why)),
            (Existing::Row(row), OnConflict::Fail) => {
                return Ok(Fate::Conflict(describe(&row, values, self.keys, self.table)));
            }
            (Existing::Row(row), OnConflict::Overwrite) => row,
        };
        if let Some(why) = moved(&row, self.keys, self.table) {
            return Ok(Fate::rejected(why));
        }
        self.update(&given, row.handle, values)
    }

    fn update(&mut self, given: &[usize], handle: Vec<Value>, values: &Values<'_>) -> Result<Fate> {
        let shape = self.shapes.get_mut(given).expect("it was put there");
        let statement = match &mut shape.update {
            Some(statement) => statement,
            none => {
                let sql = update_sql(self.table, self.handle, given);
                none.insert(prepared(self.connection, &sql, self.table)?)
            }
        };
        bind(statement, values)?;
        for (at, value) in handle.iter().enumerate() {
            statement.raw_bind_parameter(values.len() + at + 1, value)?;
        }
        executed(statement, self.table, Fate::Overwritten(handle))
    }

    fn prepare(&self, given: &[usize]) -> Result<Shape<'c>> {
        let is_filled = |at: usize| self.fills.values().any(|(filled, _)| filled == at);
        let has = |at: usize| given.contains(&at) || is_filled(at);
        let tables = (self.table, self.handle);
        let lookup = Lookup::prepare(self.connection, tables, (self.keys, &self.places), given, has)?;
        let sql =
            insert_sql(self.table, &(0..self.table.columns.len()).filter(|at| has(*at)).collect::<Vec<_>>());
        Ok(Shape { lookup, insert: prepared(self.connection, &sql, self.table)?, update: None })
    }
}

/// Prepares a statement that writes to a table. Its triggers may need what only the application has.
fn prepared<'c>(connection: &'c Connection, sql: &str, table: &Table) -> Result<Statement<'c>> {
    connection.prepare(sql).map_err(|error| {
        let message = format!("cannot write to {}", table.name);
        let fault = match trigger_fault(connection, &table.name, &error) {
            Some(mut fault) => {
                fault.kind = Kind::Invalid;
                fault
            }
            None if lacks_the_application(&error) => Fault::invalid(message)
                .hint("if a trigger needs the application, --triggers off imports without it"),
            None => Fault::failed(message),
        };
        anyhow::Error::new(error).context(fault)
    })
}

fn update_sql(table: &Table, handle: &RowHandle, given: &[usize]) -> String {
    let row = user_table(&table.name);
    let set = given.iter().map(|at| format!("{} = ?{}", identifier(&table.columns[*at].name), at + 1));
    let set = set.collect::<Vec<_>>().join(", ");
    format!("UPDATE {row} SET {set} WHERE {}", handle.is(&row, &[], table.columns.len()))
}

fn insert_sql(table: &Table, columns: &[usize]) -> String {
    let into = user_table(&table.name);
    if columns.is_empty() {
        return format!("INSERT INTO {into} DEFAULT VALUES");
    }
    let names: Vec<String> = columns.iter().map(|at| identifier(&table.columns[*at].name)).collect();
    let values: Vec<String> = columns.iter().map(|at| format!("?{}", at + 1)).collect();
    format!("INSERT INTO {into}({}) VALUES ({})", names.join(", "), values.join(", "))
}

/// Runs a statement that writes one row, and says what the table made of it.
fn executed(statement: &mut Statement<'_>, table: &Table, done: Fate) -> Result<Fate> {
    match statement.raw_execute() {
        Ok(1) => Ok(done),
        // RAISE(IGNORE), or a constraint that ignores what violates it.
        Ok(_) => Ok(Fate::rejected(
            "a trigger or a constraint of the table ignored the row; --triggers off runs no triggers",
        )),
        Err(error) => match refusal(&error, table) {
            Some(rejection) => Ok(Fate::Rejected(rejection)),
            None => Err(error).context("cannot write a row"),
        },
    }
}

/// Why a table does not take a row; nothing where an error is about something else.
fn refusal(error: &rusqlite::Error, table: &Table) -> Option<Rejection> {
    let code = sqlite_extended_code(error)?;
    let is_about_row =
        [ffi::SQLITE_CONSTRAINT, ffi::SQLITE_MISMATCH, ffi::SQLITE_TOOBIG].contains(&(code & 0xff));
    let is_unclean = code == ffi::SQLITE_CONSTRAINT_TRIGGER;
    // Not of a table that a trigger writes to.
    let message = error.to_string();
    let is_own = [format!(": {}.", table.name), ": index '".to_owned()].iter().any(|of| message.contains(of));
    let uniques = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    let is_clash = is_own && uniques.contains(&code);
    let why = format!("the table does not take the row: {message}");
    is_about_row.then_some(Rejection { why, is_unclean, is_clash })
}

/// Why a row that exists cannot become that of the file: it would get another primary key, by which others may refer to it.
fn moved(row: &ExistingRow, keys: &Keys, table: &Table) -> Option<String> {
    let key = &keys.keys[row.key];
    let is_other = |at: &&usize| table.columns[**at].key > 0 && !key.columns.contains(at);
    let at = row.differs.iter().find(is_other)?;
    let name = &table.columns[*at].name;
    let by = key.names(table);
    Some(format!("the row with its {by} has another {name}, and keeps it: leave it out with --map {name}="))
}

/// What a row is that already exists, and in what it differs.
fn describe(row: &ExistingRow, values: &Values<'_>, keys: &Keys, table: &Table) -> String {
    let key = &keys.keys[row.key];
    let name = |at: &usize| table.columns[*at].name.as_str();
    let known = key.columns.iter().map(|at| {
        let value = values[*at].map_or(Value::Null, Value::from);
        format!("{} {}", name(at), shown(&value))
    });
    let known = known.collect::<Vec<_>>().join(", ");
    let differs = row.differs.iter().map(name).collect::<Vec<_>>().join(", ");
    format!("{known} already exists, and differs in {differs}")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Value::Null => "NULL".to_owned(),
        Value::Blob(_) | Value::RawText(_) => "(bytes)".to_owned(),
    }
}
