//! From a document to a database.
//!
//! A full document is rebuilt in a private file, compared with what was read, and only then put where it belongs:
//! a new file by its name, an empty database through SQLite, so that whoever has it open sees all or nothing.

mod application;
pub mod by_id;
pub mod condensed;
pub mod identity;
mod load;
mod plain;
mod rebuild;
pub mod rows;
mod schema_rows;
mod stand_ins;
mod typed;
mod unconstrained;
mod verify;

pub use application::LeftOut;
pub use rebuild::{keep_computed, make_schema};

use crate::database::content::content_digest;
use crate::database::journal_mode::{enter_wal, leave_wal};
use crate::database::replace::{
    NewFile, StillEmpty, Target, Verified, as_new_file, fit, holds_nothing, in_place, look,
    refuse_interrupted,
};
use crate::database::selection::Selection;
use crate::database::value::Value;
use crate::database::{ReadOptions, Source, sidecar};
use crate::document::envelope::{Metadata, Mode};
use crate::document::input::Input;
use crate::document::reader::{Limits, Place, Sink};
use crate::error::{Fault, blame_input, commit_failed, not_done, with_safety};
use crate::files::{self, Scratch, lock_folder};
use crate::patience::Patience;
use crate::problem::{Problem, Problems, Severity};
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use load::Loader;
use rebuild::{Expected, Rebuild};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::thread::Scope;

/// How to import.
#[derive(Clone)]
pub struct ImportOptions<'a> {
    /// Which tables.
    pub selection: &'a Selection,
    /// How much of the document may be in memory.
    pub limits: Limits,
    /// Read and rebuild everything, and change nothing.
    pub dry_run: bool,
    /// Whether what can be read comes in without what cannot.
    pub skips_unread: bool,
    /// Where private files may be made, if there is room.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What came in.
#[derive(Debug)]
pub struct Imported {
    /// The database, resolved.
    pub database: PathBuf,
    /// How many rows each section brought.
    pub sections: IndexMap<String, u64>,
    /// What could not be built without the application.
    pub left_out: Vec<LeftOut>,
    /// What of the document could not be read.
    pub lost: Problems,
}

/// Imports a full document into a database that is new or empty. `name` is what the document is called in errors.
pub fn full(document: Input, name: &str, database: &Path, options: &ImportOptions<'_>) -> Result<Imported> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    refuse_interrupted(&database)?;
    refuse_filled(&database, options)?;
    let folder = files::folder_of(&database);
    let scratch = Scratch::new_in(&folder)?;
    let staged = scratch.file("database");
    let rebuilt = rebuild(document, name, &staged, options);
    let Rebuilt { metadata, expected, lost } =
        rebuilt.map_err(|error| files::name_full(error, &[scratch.folder(), options.temporary]))?;
    if !options.dry_run {
        // Only now: a document may come through a pipe that takes any time.
        let _lock = lock_folder(&folder, &options.patience)?;
        refuse_interrupted(&database)?;
        put(&staged, &database, &metadata, options).map_err(|error| {
            let error =
                if commit_failed(&error).is_some() { with_safety(error, &database, None) } else { error };
            not_done(error, name, format_args!("imported into {}", database.display()))
        })?;
    }
    Ok(Imported { database, sections: expected.items(), left_out: expected.left_out, lost })
}

/// An error where a full document may not come in: only a new file or an empty database takes it.
fn refuse_filled(database: &Path, options: &ImportOptions<'_>) -> Result<()> {
    let name = database.display();
    let empty = match look(database)? {
        Target::Missing | Target::Empty => true,
        Target::Leftovers => {
            return Err(Fault::failed(format!("beside {name} lies what is left of an earlier database"))
                .hint(format!("move {name}-wal, {name}-shm and {name}-journal away, or restore a snapshot"))
                .into());
        }
        Target::Unreadable => {
            return Err(Fault::failed(format!("{name} is there and is no database"))
                .hint("name another file")
                .into());
        }
        Target::Database(_) => {
            let folder = files::folder_of(database);
            let read = ReadOptions {
                scratch: &[options.temporary, &folder],
                patience: options.patience.clone(),
                progress: options.progress,
            };
            holds_nothing(Source::open(database, &read)?.connection())?
        }
    };
    if empty {
        return Ok(());
    }
    Err(Fault::failed(format!("{name} holds something already"))
        .hint(format!("a full export comes into a new or an empty database: larder import FILE NEW.db makes one, and larder restore NEW.db {name} puts it in the place of what is there"))
        .into())
}

/// A database that was rebuilt.
struct Rebuilt {
    metadata: Metadata,
    expected: Expected,
    lost: Problems,
}

/// Reads a document to its end and rebuilds its database, verified, at `staged`.
fn rebuild(document: Input, name: &str, staged: &Path, options: &ImportOptions<'_>) -> Result<Rebuilt> {
    let (document, rebuilt, lost) = std::thread::scope(|scope| {
        let mut incoming = Incoming::new(staged, options, scope);
        let read = document.read(name, options.limits, &mut incoming);
        options.progress.end();
        let read = read.and_then(|document| incoming.all_came().map(|()| document));
        // The loader's own error is the cause where the reader only found it gone.
        let loaded = incoming.loader.map(Loader::finish).transpose();
        match (read, loaded) {
            (Ok(document), Ok(Some(rebuilt))) => Ok((document, rebuilt, incoming.lost)),
            (_, Err(error)) => Err(blame_input(error, format!("cannot import {name}"))),
            (Err(error), _) => Err(error),
            (Ok(_), Ok(None)) => {
                unreachable!("a document that was read has metadata, which begin the loading")
            }
        }
    })?;
    go_on(options.progress)?;
    if document.edited && lost.errors == 0 {
        options.progress.warn(&format!("{name} was changed after it was written"));
        for (section, items) in &document.items {
            let announced = document.metadata.sections.get(section).map(|section| section.items);
            if let Some(announced) = announced.filter(|announced| announced != items) {
                options
                    .progress
                    .warn(&format!("{section} has {items} rows, and had {announced} when it was written"));
            }
        }
    }
    let finished = step(options.progress, "building indexes", None, Unit::Rows, || rebuilt.finish());
    let expected =
        finished.map_err(|error| blame_input(error, format!("cannot rebuild the database of {name}")))?;
    verify::verify(staged, &expected, &options.patience, options.progress)
        .with_context(|| format!("what was built from {name} is not what it says"))?;
    Ok(Rebuilt { metadata: document.metadata, expected, lost })
}

/// Takes a document as it is read, and hands its rows to the loader.
struct Incoming<'a, 'scope, 'env> {
    staged: &'a Path,
    options: &'a ImportOptions<'a>,
    scope: &'scope Scope<'scope, 'env>,
    loader: Option<Loader<'scope>>,
    /// Which sections are wanted, and their columns.
    sections: IndexMap<String, Vec<String>>,
    /// Every table that the document's schema makes.
    known: HashSet<String>,
    /// The sections that came.
    seen: HashSet<String>,
    /// What of the document could not be read.
    lost: Problems,
}

/// So much of it is listed.
const MOST_LOST: usize = 100;

impl<'a, 'scope, 'env> Incoming<'a, 'scope, 'env> {
    fn new(staged: &'a Path, options: &'a ImportOptions<'a>, scope: &'scope Scope<'scope, 'env>) -> Self {
        let (sections, known, seen) = (IndexMap::new(), HashSet::new(), HashSet::new());
        let lost = Problems::new(MOST_LOST);
        Self { staged, options, scope, loader: None, sections, known, seen, lost }
    }

    /// An error where the rows of a table did not come.
    fn all_came(&self) -> Result<()> {
        match self.sections.keys().find(|name| !self.seen.contains(*name)) {
            Some(name) => {
                Err(Fault::invalid(format!("the document has no data for the table {name}")).into())
            }
            None => Ok(()),
        }
    }
}

/// An error where a document says of its sections what its schema does not: somebody changed one of them, and nobody knows
/// which is right.
fn refuse_contradiction(metadata: &Metadata, tables: &IndexMap<String, Vec<String>>) -> Result<()> {
    if !metadata.includes.iter().eq(metadata.sections.keys()) {
        let message = "metadata.includes: it names other sections than metadata.sections";
        return Err(Fault::invalid(message).into());
    }
    for (name, columns) in tables {
        let message = match metadata.sections.get(name) {
            None => format!("metadata.sections: the table {name:?} of the schema is missing"),
            Some(section) if !columns.iter().eq(section.shape.columns.keys()) => {
                let columns = columns.join(", ");
                format!(
                    "metadata.sections.{name}: its columns are not those of the table, which are {columns}"
                )
            }
            Some(_) => continue,
        };
        return Err(Fault::invalid(message).into());
    }
    Ok(())
}

impl Sink for Incoming<'_, '_, '_> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        if metadata.mode != Mode::Full {
            return Err(
                Fault::usage("it is a condensed export, and larder imports full ones only so far").into()
            );
        }
        let rebuild = Rebuild::begin(self.staged, metadata, self.options)
            .map_err(|error| blame_input(error, "the document's schema cannot be made"))?;
        self.sections = rebuild.sections();
        refuse_contradiction(metadata, &self.sections)?;
        let tables = metadata.schema.iter().flatten().filter(|object| object.is_stored_table());
        self.known = tables.map(|table| table.name.clone()).collect();
        let rows = metadata.sections.values().map(|section| section.items).sum();
        self.options.progress.begin("importing", Some(rows), Unit::Rows);
        self.loader = Some(Loader::start(rebuild, self.scope)?);
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        if !self.known.contains(name) {
            return Err(
                Fault::invalid(format!("data.{name}: the document's schema has no such table")).into()
            );
        }
        let Some(columns) = self.sections.get(name) else { return Ok(None) };
        self.seen.insert(name.to_owned());
        let loader = self.loader.as_mut().expect("the metadata come first");
        loader.section(name)?;
        Ok(Some(columns.clone()))
    }

    fn item(&mut self, _: Option<i64>, _: Vec<Option<Value>>, _: Place) -> Result<()> {
        unreachable!("a condensed document was refused by its metadata")
    }

    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()> {
        let loader = self.loader.as_mut().expect("the metadata come first");
        if loader.row(rowid, values, place)? {
            go_on(self.options.progress)?;
            self.options.progress.advance(load::BATCH as u64);
        }
        Ok(())
    }

    fn problem(&mut self, file: &str, problem: Problem) -> Result<()> {
        match problem.severity {
            Severity::Warning => Ok(()),
            Severity::Error if self.recovers() => self.lost(file, problem),
            Severity::Error => Err(Fault::invalid(format!("{file}:{problem}")).into()),
        }
    }

    fn recovers(&self) -> bool {
        self.options.skips_unread
    }

    fn lost(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.lost.add(problem);
        Ok(())
    }
}

/// Puts a rebuilt database where it belongs. Where somebody has the empty database there open in WAL mode, it keeps its
/// mode and page size; else it takes those of the document.
fn put(staged: &Path, database: &Path, metadata: &Metadata, options: &ImportOptions<'_>) -> Result<()> {
    let (patience, progress) = (&options.patience, options.progress);
    let wal = metadata.pragmas.as_ref().is_some_and(|pragmas| pragmas.journal_mode == "wal");
    // Somebody may have filled it meanwhile.
    refuse_filled(database, options)?;
    let fitting = match look(database)? {
        Target::Missing => {
            return as_new_file(staged, database, NewFile { wal, ownership: None }, patience, progress);
        }
        Target::Database(header) if header.wal => in_rollback_mode_or_fitting(staged, database, options)?,
        _ => staged.to_owned(),
    };
    let verified = Verified { path: &fitting, content: content_digest(&fitting, progress)? };
    in_place(verified, database, &mut StillEmpty::new(database, patience), patience, progress)?;
    if wal && let Err(error) = enter_wal(database, patience, progress) {
        progress.warn(&format!("{} is not in WAL mode: {error:#}", database.display()));
    }
    Ok(())
}

/// Puts an empty database into rollback mode, so that it takes any page size; where somebody has it open, gives the
/// staged one its page size instead.
fn in_rollback_mode_or_fitting(
    staged: &Path,
    database: &Path,
    options: &ImportOptions<'_>,
) -> Result<PathBuf> {
    leave_wal(database, &options.patience.none(), options.progress);
    match look(database)? {
        Target::Database(header) if header.wal => {
            fit(staged, header.page_size, &options.patience, options.progress)
        }
        _ => Ok(staged.to_owned()),
    }
}
