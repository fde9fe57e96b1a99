//! Rows of other programs into a table that is there.
//!
//! They are read whole and kept in a private file first, with everything that is wrong with them; then they are put in, in
//! one transaction, in which nobody waits for a file or a person.

use crate::database::affinity::Affinity;
use crate::database::connection::{self, Access};
use crate::database::quote::identifier;
use crate::database::schema::{Column, Table, objects};
use crate::database::selection::is_internal;
use crate::database::value::Value;
use crate::database::{ReadOptions, Source, sidecar};
use crate::document::reader::foreign::{Foreign, RowSink};
use crate::document::reader::{Limits, Place};
use crate::error::{Fault, Kind, blame_input};
use crate::failpoint;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::Problem;
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Rows between two reports of progress.
const REPORT: u64 = 1024;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// How rows are imported.
#[derive(Clone)]
pub struct RowsOptions<'a> {
    /// The table that takes them.
    pub table: &'a str,
    /// How large a row may be.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Rows that were read and fit their table.
pub struct Staged {
    /// The database, resolved.
    pub database: PathBuf,
    /// How many there are.
    pub rows: u64,
    /// The table, as the database calls it.
    pub table: String,
    connection: Connection,
    columns: Vec<String>,
    /// Removed after the connection is closed.
    _scratch: Scratch,
}

/// What became of the reading.
pub enum Read {
    /// All fit.
    Whole(Box<Staged>),
    /// Some do not, and why: the first of them, and how many more.
    Faulty(Vec<Problem>, u64),
}

/// Reads rows, and compares them with the table that is to take them. `name` is what they are called in errors.
pub fn stage(rows: Foreign, name: &str, database: &Path, options: &RowsOptions<'_>) -> Result<Read> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    files::require_file(&database)?;
    let table = describe(&database, options)?;
    let scratch = Scratch::new_in(options.temporary)?;
    let connection = prepare(&scratch.file("rows"), &table, &options.patience)?;
    let mut staging = Staging {
        insert: insert_into("staged", &["line".to_owned(), "given".to_owned()], table.columns.len()),
        table: &table,
        connection: &connection,
        problems: Vec::new(),
        more: 0,
        unknown: HashSet::new(),
        rows: 0,
        progress: options.progress,
    };
    options.progress.begin("reading rows", None, Unit::Rows);
    let read = rows.read(name, options.limits, &mut staging);
    options.progress.end();
    read?;
    let Staging { problems, more, rows, .. } = staging;
    if !problems.is_empty() {
        return Ok(Read::Faulty(problems, more));
    }
    connection.execute_batch("COMMIT")?;
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Ok(Read::Whole(Box::new(Staged {
        database,
        rows,
        table: table.name,
        connection,
        columns,
        _scratch: scratch,
    })))
}

/// The table that takes the rows; one that nobody can write to is an error.
fn describe(database: &Path, options: &RowsOptions<'_>) -> Result<Table> {
    let folder = files::folder_of(database);
    let read = ReadOptions {
        scratch: &[options.temporary, &folder],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let source = Source::open(database, &read)?;
    let objects = objects(source.connection())?;
    let tables = || objects.iter().filter(|object| object.is_stored_table() && !is_internal(&object.name));
    let Some(found) = tables().find(|object| object.name.eq_ignore_ascii_case(options.table)) else {
        let names: Vec<&str> = tables().map(|object| object.name.as_str()).take(20).collect();
        return Err(Fault::usage(format!("{} has no table {:?}", database.display(), options.table))
            .hint(format!("there are {}", names.join(", ")))
            .into());
    };
    Table::describe(source.connection(), &found.name)
}

fn prepare(path: &Path, table: &Table, patience: &Patience) -> Result<Connection> {
    drop(files::create(path)?);
    let connection = connection::open(path, Access::ReadWrite, patience)?;
    let columns: Vec<String> = (0..table.columns.len()).map(|at| format!(", c{at}")).collect();
    let create = format!(
        "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA locking_mode = exclusive;
         CREATE TABLE staged(line, given{}); BEGIN",
        columns.concat()
    );
    connection.execute_batch(&create).context("cannot prepare to read rows")?;
    Ok(connection)
}

fn insert_into(table: &str, names: &[String], more: usize) -> String {
    let names = names.iter().cloned().chain((0..more).map(|at| format!("c{at}"))).collect::<Vec<_>>();
    let places = vec!["?"; names.len()].join(", ");
    format!("INSERT INTO {table}({}) VALUES ({places})", names.join(", "))
}

/// Keeps rows in a private file.
struct Staging<'a> {
    insert: String,
    table: &'a Table,
    connection: &'a Connection,
    problems: Vec<Problem>,
    more: u64,
    /// Names that the table does not have, each of which is told once.
    unknown: HashSet<String>,
    rows: u64,
    progress: &'a dyn Progress,
}

impl Staging<'_> {
    fn column(&self, name: &str) -> Option<usize> {
        let columns = &self.table.columns;
        let exact = columns.iter().position(|column| column.name == name);
        exact.or_else(|| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
    }
}

/// Why a value does not fit a column, where it does not.
fn misfit(value: &Value, column: &Column) -> Option<String> {
    match (value, column.affinity()) {
        (Value::Text(text), Affinity::Integer | Affinity::Real) => {
            let is_number = text.trim().parse::<f64>().is_ok_and(f64::is_finite);
            let shown: String = text.chars().take(40).collect();
            (!is_number).then(|| format!("{shown:?} is no number, and the column is {}", column.declared))
        }
        (Value::RawText(_), _) => Some("it is no text".to_owned()),
        _ => None,
    }
}

impl RowSink for Staging<'_> {
    fn row(&mut self, cells: Vec<(String, Value)>, place: Place) -> Result<()> {
        let Place { item, line } = place;
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        let mut values = vec![None; self.table.columns.len()];
        for (name, value) in cells {
            let Some(at) = self.column(&name) else {
                if self.unknown.insert(name.clone()) {
                    let why = format!("the table {} has no such column", self.table.name);
                    self.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, 1))?;
                }
                continue;
            };
            let column = &self.table.columns[at];
            let why = match column.generated {
                Some(_) => Some("the column is computed: leave it out".to_owned()),
                None => misfit(&value, column),
            };
            match why {
                Some(why) => self.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, 1))?,
                None => values[at] = Some(value),
            }
        }
        let given: Vec<String> =
            (0..values.len()).filter(|at| values[*at].is_some()).map(|at| at.to_string()).collect();
        let mut statement = self.connection.prepare_cached(&self.insert)?;
        statement.raw_bind_parameter(1, i64::try_from(line).unwrap_or(i64::MAX))?;
        statement.raw_bind_parameter(2, given.join(","))?;
        for (at, value) in values.into_iter().enumerate() {
            statement.raw_bind_parameter(at + 3, value.unwrap_or(Value::Null))?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn problem(&mut self, problem: Problem) -> Result<()> {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
        Ok(())
    }
}

impl Staged {
    /// Puts the rows into their table, all or none. A row that is there already is an error, and so is a reference that
    /// would lead nowhere.
    pub fn apply(&self, name: &str, options: &RowsOptions<'_>) -> Result<()> {
        let applied = self.put(name, options);
        options.progress.end();
        applied.map_err(|error| {
            blame_input(error, format!("{name} is not imported into {}", self.database.display()))
        })
    }

    fn put(&self, name: &str, options: &RowsOptions<'_>) -> Result<()> {
        crate::database::replace::refuse_unwritable(&self.database)?;
        let target = connection::open(&self.database, Access::ReadWrite, &options.patience)?;
        target.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        let before = violations(&target)?;
        options.progress.begin("writing rows", Some(self.rows), Unit::Rows);
        let mut statement = self.connection.prepare("SELECT * FROM staged ORDER BY rowid")?;
        let mut rows = statement.query([])?;
        let mut done = 0;
        while let Some(row) = rows.next()? {
            done += 1;
            if done % REPORT == 0 {
                go_on(options.progress)?;
                options.progress.advance(REPORT);
            }
            let (line, given): (i64, String) = (row.get(0)?, row.get(1)?);
            let given: Vec<usize> = given.split(',').filter_map(|at| at.parse().ok()).collect();
            let columns: Vec<String> = given.iter().map(|at| identifier(&self.columns[*at])).collect();
            let sql = match columns.as_slice() {
                [] => format!("INSERT INTO {} DEFAULT VALUES", identifier(&self.table)),
                columns => {
                    let places = vec!["?"; columns.len()].join(", ");
                    format!(
                        "INSERT INTO {}({}) VALUES ({places})",
                        identifier(&self.table),
                        columns.join(", ")
                    )
                }
            };
            let mut insert =
                target.prepare_cached(&sql).with_context(|| format!("cannot write to {}", self.table))?;
            for (place, at) in given.iter().enumerate() {
                insert.raw_bind_parameter(place + 1, owned(row.get_ref(at + 2)?))?;
            }
            insert.raw_execute().map_err(|error| refused(error, name, line))?;
        }
        if violations(&target)? > before {
            return Err(Fault::invalid(format!(
                "{name}: some rows refer to rows of other tables that are not there"
            ))
            .hint("import those first")
            .into());
        }
        failpoint::hit("commit imported rows")?;
        target.execute_batch("COMMIT").context("cannot commit")?;
        Ok(())
    }
}

fn violations(connection: &Connection) -> Result<u64> {
    Ok(crate::database::check::foreign_keys(connection)?.violations)
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

/// What SQLite says of a row that it does not take.
fn refused(error: rusqlite::Error, name: &str, line: i64) -> anyhow::Error {
    let unique = [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    let code = error.sqlite_error().map(|error| error.extended_code);
    let message = format!("{name}:{line}: the table does not take the row");
    let fault = if code.is_some_and(|code| unique.contains(&code)) {
        Fault::new(Kind::Undecided, message).hint("a row with that key is there already; nothing was written")
    } else {
        Fault::invalid(message)
    };
    anyhow::Error::new(error).context(fault)
}
