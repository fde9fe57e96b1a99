//! A condensed document into a database of its application.
//!
//! The document is read whole into a private file. Then it is decided which row of the database each item is, and what
//! becomes of it: first on a database that is only read, which says what would happen; then once more in the one
//! transaction that writes, so that what is decided is what is there.

mod content;
mod decide;
mod incoming;
mod items;
mod outcome;
mod resolve;
mod target;
mod write;

pub use outcome::{Counts, Outcome, Strategies, Strategy};

use crate::app::model::Shape;
use crate::database::connection::{self, Access};
use crate::database::foreign_keys::foreign_keys;
use crate::database::quote::identifier;
use crate::database::replace::refuse_unwritable;
use crate::database::schema::Tables;
use crate::database::value::{Borrowed, Value};
use crate::database::{ReadOptions, Source, sidecar, stand_in};
use crate::document::envelope::Metadata;
use crate::document::input::Input;
use crate::document::reader::Limits;
use crate::error::{Fault, Kind, blame_input};
use crate::failpoint;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use content::Content;
use decide::Decider;
use items::{Items, Staging, State};
use resolve::{Owner, Resolver, Row};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use target::Target;
use write::Writer;

/// Items between two reports of progress.
const REPORT: u64 = 256;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// How a condensed document is imported.
#[derive(Clone)]
pub struct CondensedOptions<'a> {
    /// Only these sections; without any, all.
    pub only: Vec<String>,
    /// Not these sections.
    pub exclude: Vec<String>,
    /// What is done with items that are there and differ.
    pub strategies: Strategies,
    /// Whose rows they become, where the document holds those of one user.
    pub scope: Option<String>,
    /// What the application's triggers do.
    pub triggers: Triggers,
    /// How large an item may be.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What the application's triggers do while items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Triggers {
    /// They run; then what they changed of the items is put right.
    #[default]
    Auto,
    /// They run.
    On,
    /// They do not run.
    Off,
}

/// A document that was read.
pub struct Staged {
    /// The database, resolved.
    pub database: PathBuf,
    items: Items,
    metadata: Metadata,
    /// What is wrong with it.
    pub problems: Problems,
    /// Whether it was changed after it was written.
    pub edited: bool,
    _scratch: Scratch,
}

/// Reads a document. `name` is what it is called in errors.
pub fn stage(document: Input, name: &str, database: &Path, options: &CondensedOptions<'_>) -> Result<Staged> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    if files::metadata(&database)?.is_none() {
        return Err(Fault::failed(format!("there is no database at {}", database.display()))
            .hint("a condensed export comes into a database of its application: let that make one first")
            .into());
    }
    files::require_file(&database)?;
    let scratch = Scratch::new_in(options.temporary)?;
    let is_in = |names: &[String], name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    let wanted = |name: &str| {
        (options.only.is_empty() || is_in(&options.only, name)) && !is_in(&options.exclude, name)
    };
    let mut staging = Staging::create(&scratch.file("items"), wanted, &options.patience, options.progress)?;
    let read = document.read(name, options.limits, &mut staging);
    options.progress.end();
    let document = read?;
    let (items, metadata, problems) = staging.finish()?;
    let named = options.only.iter().chain(&options.exclude);
    if let Some(unknown) = named.into_iter().find(|named| !is_in(&metadata.includes, named)) {
        let names: Vec<&str> = metadata.includes.iter().map(String::as_str).collect();
        return Err(Fault::usage(format!("the document has no section {unknown:?}"))
            .hint(crate::error::nearest(unknown, &names))
            .into());
    }
    Ok(Staged { database, items, metadata, problems, edited: document.edited, _scratch: scratch })
}

impl Staged {
    /// What would become of the items, as the database is now. It is only read.
    pub fn plan(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let folder = files::folder_of(&self.database);
        let read = ReadOptions {
            scratch: &[options.temporary, &folder],
            patience: options.patience.clone(),
            progress: options.progress,
        };
        let source = Source::open(&self.database, &read)?;
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        connection.execute_batch("BEGIN")?;
        let outcome = self.run(connection, false, options);
        connection.execute_batch("ROLLBACK")?;
        outcome
    }

    /// Writes the items, all or none. Where something is wrong, or a conflict is to fail, nothing is written.
    pub fn apply(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let applied = self.write(options);
        options.progress.end();
        applied.map_err(|error| {
            blame_input(error, format!("{name} is not imported into {}", self.database.display()))
        })
    }

    fn write(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        refuse_unwritable(&self.database)?;
        let connection = connection::open(&self.database, Access::ReadWrite, &options.patience)?;
        connection.pragma_update(None, "foreign_keys", false)?;
        let runs_triggers = options.triggers != Triggers::Off;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, runs_triggers)?;
        connection.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        let before = foreign_keys(&connection)?.violations;
        let outcome = self.run(&connection, true, options)?;
        if outcome.is_refused() {
            return Ok(outcome);
        }
        if foreign_keys(&connection)?.violations > before {
            return Err(Fault::invalid("some items would refer to rows that are not there").into());
        }
        failpoint::hit("commit imported items")?;
        connection.execute_batch("COMMIT").context("cannot commit")?;
        Ok(outcome)
    }

    fn run(&self, connection: &Connection, writes: bool, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let target = Target::new(connection)?;
        let mut outcome = Outcome {
            sections: self.metadata.includes.iter().map(|name| (name.clone(), Counts::default())).collect(),
            problems: Problems::new(MOST_PROBLEMS),
            conflicts: Problems::new(MOST_PROBLEMS),
            needs_refetch: indexmap::IndexMap::new(),
            filled: indexmap::IndexMap::new(),
        };
        self.check_target(connection, &mut outcome.problems)?;
        if outcome.problems.errors > 0 {
            return Ok(outcome);
        }
        self.items.reopen()?;
        let resolver = Resolver {
            items: &self.items,
            metadata: &self.metadata,
            target: &target,
            owner: self.owner(connection, options)?,
        };
        let content = Content::new(&resolver)?;
        let decider = Decider { resolver, content };
        let progress = options.progress;
        progress.begin("comparing", Some(self.items.len()? * 2), Unit::Rows);
        let report = Report { progress, done: std::cell::Cell::new(0) };
        let done = self
            .items
            .for_each(|id| report.step().and_then(|()| decider.decide(id)))
            .and_then(|()| self.write_items(&decider, writes, options, &report, &mut outcome));
        progress.end();
        done?;
        Ok(outcome)
    }

    fn write_items(
        &self,
        decider: &Decider<'_>,
        writes: bool,
        options: &CondensedOptions<'_>,
        report: &Report<'_>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let writer = Writer::new(decider, writes)?;
        let mut written = Vec::new();
        self.items.for_each(|id| {
            report.step()?;
            if self.write_item(id, decider, &writer, options, outcome)? {
                written.push(id);
            }
            Ok(())
        })?;
        outcome.filled = writer.filled.borrow().clone();
        let connection = decider.resolver.target.connection;
        if writes && !outcome.is_refused() && options.triggers == Triggers::Auto && has_triggers(connection)?
        {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            written.into_iter().try_for_each(|id| self.put_right(id, decider, &writer))?;
        }
        Ok(())
    }

    /// Does with an item what is to be done. Says whether a row was written, which the item then is.
    fn write_item(
        &self,
        id: i64,
        decider: &Decider<'_>,
        writer: &Writer<'_, '_>,
        options: &CondensedOptions<'_>,
        outcome: &mut Outcome,
    ) -> Result<bool> {
        let item = self.items.get(id)?;
        let (name, shape) = decider.section(&item);
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        let path = |below: &str| {
            let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
            format!("data.{name}[{}]{dot}{below}", item.place.item)
        };
        let (line, column) = (item.place.line, item.place.column);
        let incoming = match incoming::read(shape, &json) {
            Ok(incoming) => incoming,
            Err((below, why)) => {
                outcome.problems.add(Problem::error(&path(&below), why).at(line, column));
                outcome.sections[name].rejected += 1;
                return Ok(false);
            }
        };
        let strategy = options.strategies.of(name);
        let counts = &mut outcome.sections[name];
        let state = self.items.state(id)?;
        let result = match &state {
            State::Matched(_) if shape.key.is_empty() && !shape.singleton => {
                counts.same += 1;
                return Ok(false);
            }
            State::Matched(handle) => match writer.compare(shape, &incoming, &Row::new(), handle, false)? {
                Ok(false) => {
                    counts.same += 1;
                    return Ok(false);
                }
                Ok(true) if strategy == Strategy::Skip => {
                    counts.skipped += 1;
                    return Ok(false);
                }
                Ok(true) if strategy == Strategy::Fail => {
                    let message = "it is there already, and differs";
                    outcome.conflicts.add(Problem::error(&path(""), message).at(line, column));
                    return Ok(false);
                }
                Ok(true) => {
                    counts.overwritten += 1;
                    writer.compare(shape, &incoming, &Row::new(), handle, true)
                }
                Err(refused) => Ok(Err(refused)),
            },
            State::Several(_) if strategy == Strategy::Skip => {
                counts.skipped += 1;
                return Ok(false);
            }
            State::Several(_) => {
                let message = "it shares what must be unique with two different rows: it can only be skipped";
                outcome.conflicts.add(Problem::error(&path(""), message).at(line, column));
                return Ok(false);
            }
            State::New(given) => {
                counts.new += 1;
                if needs_refetch(shape) {
                    let keys = outcome.needs_refetch.entry(name.to_owned()).or_default();
                    keys.push(key_of_item(shape, &json));
                }
                let inserted = writer.insert(shape, &incoming, &Row::new(), *given);
                inserted.and_then(|inserted| {
                    let inserted = match inserted {
                        Ok(handle) => handle,
                        Err(refused) => return Ok(Err(refused)),
                    };
                    if !inserted.is_empty() {
                        self.items.decide(id, &State::Matched(inserted))?;
                    }
                    Ok(Ok(true))
                })
            }
            State::Open | State::Deciding => unreachable!("every item was decided"),
        };
        let refused = match result {
            Ok(Ok(_)) => return Ok(true),
            Ok(Err(refused)) => refused,
            Err(error) => match refused_by_table(&error) {
                Some(why) => (String::new(), why),
                None => return Err(error).with_context(|| path("")),
            },
        };
        outcome.sections[name].rejected += 1;
        outcome.problems.add(Problem::error(&path(&refused.0), refused.1).at(line, column));
        Ok(false)
    }

    /// Gives a row that triggers changed the item's values back.
    fn put_right(&self, id: i64, decider: &Decider<'_>, writer: &Writer<'_, '_>) -> Result<()> {
        let item = self.items.get(id)?;
        let (_, shape) = decider.section(&item);
        let State::Matched(handle) = self.items.state(id)? else { return Ok(()) };
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        if let Ok(incoming) = incoming::read(shape, &json) {
            drop(writer.compare(shape, &incoming, &Row::new(), &handle, true)?);
        }
        Ok(())
    }

    /// Compares what the document says with the tables of the database.
    fn check_target(&self, connection: &Connection, problems: &mut Problems) -> Result<()> {
        let tables = Tables::read(connection)?;
        for (name, section) in &self.metadata.sections {
            check_shape(&tables, &section.shape, &format!("metadata.sections.{name}"), problems);
        }
        for (name, shape) in &self.metadata.referenced {
            check_shape(&tables, shape, &format!("metadata.referenced.{name}"), problems);
        }
        Ok(())
    }

    /// Whose rows the items become.
    fn owner(&self, connection: &Connection, options: &CondensedOptions<'_>) -> Result<Owner> {
        let Some(scope) = &self.metadata.scope else {
            if options.scope.is_some() {
                return Err(Fault::usage("--scope: the document does not hold one user's rows").into());
            }
            return Ok(None);
        };
        let Some(wanted) = &options.scope else {
            let message = format!("the document holds the rows of {} {}", scope.key, scope.value);
            return Err(Fault::usage(message)
                .hint(format!("--scope {} says whose they become", scope.key.to_uppercase()))
                .into());
        };
        let sql = format!(
            "SELECT {} FROM {} WHERE {} = ?1",
            identifier(&scope.id),
            identifier(&scope.table),
            identifier(&scope.key)
        );
        let mut statement =
            connection.prepare(&sql).with_context(|| format!("cannot read {}", scope.table))?;
        let mut rows = statement.query([wanted])?;
        let Some(row) = rows.next()? else {
            let message = format!("{} has no row whose {} is {wanted:?}", scope.table, scope.key);
            return Err(Fault::usage(message).into());
        };
        Ok(Some((scope.column.clone(), Value::from(Borrowed::of(row.get_ref(0)?)))))
    }
}

/// Reports progress a step at a time.
struct Report<'a> {
    progress: &'a dyn Progress,
    done: std::cell::Cell<u64>,
}

impl Report<'_> {
    fn step(&self) -> Result<()> {
        self.done.set(self.done.get() + 1);
        if self.done.get().is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        Ok(())
    }
}

fn has_triggers(connection: &Connection) -> Result<bool> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'trigger'";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Says which tables and columns of a shape the database lacks.
pub fn check_shape(tables: &Tables<'_>, shape: &Shape, path: &str, problems: &mut Problems) {
    let table = tables.describe(&shape.table);
    let table = match table {
        Ok(table) if !table.columns.is_empty() => table,
        _ => {
            let message =
                format!("the database has no table {:?}: --exclude leaves the section out", shape.table);
            problems.add(Problem::error(path, message));
            return;
        }
    };
    for column in shape.table_columns() {
        match table.column(column) {
            None => {
                let message = format!("the table {} has no column {column:?}", shape.table);
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(found) if found.generated.is_some() => {
                let message = format!("{}.{column} is computed", shape.table);
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(_) => {}
        }
    }
    for (name, nested) in &shape.nested {
        check_shape(tables, &nested.shape, &format!("{path}.nested.{name}"), problems);
    }
}

fn needs_refetch(shape: &Shape) -> bool {
    !shape.refetch.is_empty() || shape.nested.values().any(|nested| needs_refetch(&nested.shape))
}

/// The key of an item as it is written.
fn key_of_item(shape: &Shape, item: &serde_json::Map<String, Json>) -> Json {
    match shape.key.as_slice() {
        [field] => item.get(field).cloned().unwrap_or(Json::Null),
        key => key.iter().filter_map(|field| Some((field.clone(), item.get(field)?.clone()))).collect(),
    }
}

/// What a table says of a row that it does not take; nothing where the error is about something else.
fn refused_by_table(error: &anyhow::Error) -> Option<String> {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<rusqlite::Error>())?;
    let code = crate::error::sqlite_code(cause)?;
    let is_constraint =
        matches!(code, rusqlite::ErrorCode::ConstraintViolation | rusqlite::ErrorCode::TypeMismatch);
    is_constraint.then(|| format!("the table does not take it: {cause}"))
}

/// What an import that was to fail on conflicts says of them.
pub fn undecided(conflicts: &Problems) -> Fault {
    let count = conflicts.listed.len() as u64 + conflicts.more;
    Fault::new(Kind::Undecided, format!("{count} items are there already and differ; nothing was written"))
        .hint("--on-conflict skip leaves them as they are, --on-conflict overwrite gives them the document's values")
}
