//! Rows of other programs into a table that is there.
//!
//! They are read whole and kept in a private file first, with everything that is wrong with them; then they are put in, in
//! one transaction, in which nobody waits for a file or a person.

mod replay;
mod staging;

use crate::database::connection::{self, Access};
use crate::database::foreign_keys::foreign_keys;
use crate::database::quote::{identifier, user_table};
use crate::database::replace::refuse_unwritable;
use crate::database::schema::{Table, Tables, objects};
use crate::database::selection::is_internal;
use crate::database::value::Value;
use crate::database::write_limits::{Steps, WriteLimits, size_of};
use crate::database::{ReadOptions, Source, sidecar};
use crate::document::reader::Limits;
use crate::document::reader::foreign::Foreign;
use crate::error::{Fault, Kind, blame_input, commit_failed};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::Problem;
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use staging::Staging;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Rows between two reports of progress.
const REPORT: u64 = 1024;

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
    scratch: Scratch,
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
    let work = || rows.read(name, options.limits, &mut staging);
    step(options.progress, "reading rows", None, Unit::Rows, work)?;
    let Staging { problems, more, rows, .. } = staging;
    if !problems.is_empty() {
        return Ok(Read::Faulty(problems, more));
    }
    connection.execute_batch("COMMIT")?;
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Ok(Read::Whole(Box::new(Staged { database, rows, table: table.name, connection, columns, scratch })))
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
    Tables::read(source.connection())?.describe(&found.name)
}

fn prepare(path: &Path, table: &Table, patience: &Patience) -> Result<Connection> {
    let connection = connection::create_private(path, patience)?;
    let columns: Vec<String> = (0..table.columns.len()).map(|at| format!(", c{at}")).collect();
    let create = format!("CREATE TABLE staged(line, given{}); BEGIN", columns.concat());
    connection.execute_batch(&create).context("cannot prepare to read rows")?;
    Ok(connection)
}

fn insert_into(table: &str, names: &[String], more: usize) -> String {
    let names = names.iter().cloned().chain((0..more).map(|at| format!("c{at}"))).collect::<Vec<_>>();
    let places = vec!["?"; names.len()].join(", ");
    format!("INSERT INTO {table}({}) VALUES ({places})", names.join(", "))
}

impl Staged {
    /// Puts the rows into their table, all or none. A row that is there already is an error, and so is a reference that
    /// would lead nowhere.
    pub fn apply(&self, name: &str, options: &RowsOptions<'_>) -> Result<()> {
        let applied = self.put(&self.database, name, options);
        options.progress.end();
        let done = format!("imported into {}", self.database.display());
        applied.map_err(|error| {
            let folders = [&*files::folder_of(&self.database), self.scratch.folder()];
            let error = files::name_full(error, &folders);
            match commit_failed(&error) {
                // Who kept what was there before says where it is.
                Some(_) => error,
                None => blame_input(error, format!("{name} is not {done}")),
            }
        })
    }

    fn put(&self, database: &Path, name: &str, options: &RowsOptions<'_>) -> Result<()> {
        refuse_unwritable(database)?;
        let mut target = connection::open(database, Access::ReadWrite, &options.patience)?;
        let (written, steps) = (size_of(&self.scratch.file("rows"))?, Steps::default());
        let limits = WriteLimits::set(&mut target, database, written, &steps, &options.patience)?;
        self.put_within(&target, &steps, name, options).map_err(|error| limits.explain(error))
    }

    fn put_within(
        &self,
        target: &Connection,
        steps: &Steps,
        name: &str,
        options: &RowsOptions<'_>,
    ) -> Result<()> {
        target.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        let before = violations(target)?;
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
                [] => format!("INSERT INTO {} DEFAULT VALUES", user_table(&self.table)),
                columns => {
                    let places = vec!["?"; columns.len()].join(", ");
                    format!(
                        "INSERT INTO {}({}) VALUES ({places})",
                        user_table(&self.table),
                        columns.join(", ")
                    )
                }
            };
            let mut insert =
                target.prepare_cached(&sql).with_context(|| format!("cannot write to {}", self.table))?;
            for (place, at) in given.iter().enumerate() {
                insert.raw_bind_parameter(place + 1, owned(row.get_ref(at + 2)?))?;
            }
            steps.begin();
            insert.raw_execute().map_err(|error| refused(error, name, line))?;
        }
        if violations(target)? > before {
            return Err(Fault::invalid(format!(
                "{name}: some rows refer to rows of other tables that are not there"
            ))
            .hint("import those first")
            .into());
        }
        connection::commit(target, "commit imported rows")
    }
}

fn violations(connection: &Connection) -> Result<u64> {
    Ok(foreign_keys(connection)?.violations)
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
