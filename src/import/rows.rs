//! Rows of other programs into a table: read, map, convert, write.
//!
//! They are read whole first (`staging`): names become columns (`mapping`), values what those hold (`convert`), and all
//! that fit are kept in a private file (`spool`), with everything that is wrong with the others. Then they are put in
//! (`write`), in one transaction, in which nobody waits for a file or a person: each is looked for by what the table's rows
//! are known by (`keys`, `existing`), and added, changed or left alone (`writer`).

mod convert;
mod create;
mod existing;
mod keys;
mod mapping;
mod numbers;
mod outcome;
mod pass;
mod references;
mod replay;
mod spool;
mod staging;
mod target;
mod write;
mod writer;

pub use convert::Notation;
pub use outcome::{Counts, Outcome};

use crate::database::schema::Table;
use crate::database::sidecar;
use crate::document::reader::Limits;
use crate::document::reader::foreign::{Foreign, RowSink};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::Problems;
use crate::progress::{Progress, Unit, step};
use anyhow::Result;
use convert::Converter;
use create::{Survey, Surveyed};
use keys::Keys;
use mapping::{Fills, Mapping};
use spool::{Spool, SpoolWriter};
use staging::{Found, Staging};
use std::path::{Path, PathBuf};
use target::Target;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// How rows are imported.
#[derive(Clone)]
pub struct RowsOptions<'a> {
    /// The table that takes them.
    pub table: &'a str,
    /// What is done with them.
    pub told: &'a Instructions,
    /// How large a row may be.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What is done with rows.
#[derive(Debug, Clone)]
pub struct Instructions {
    /// `NAME=COLUMN`: which column a name of the file means; `NAME=` leaves it out.
    pub map: Vec<String>,
    /// `COLUMN=VALUE`: what new rows have that lack a column.
    pub fill: Vec<String>,
    /// The columns by which rows are known; without any, the primary key and whatever else is unique.
    pub key: Vec<String>,
    /// What is done with a row that already exists and differs.
    pub on_conflict: Option<OnConflict>,
    /// Whether rows with which something is wrong are left out, instead of nothing being imported.
    pub skips_errors: bool,
    /// Whether the table is created where it is not there.
    pub creates: bool,
    /// Whether the triggers of the database run.
    pub triggers: bool,
    /// How values are written.
    pub notation: Notation,
}

/// What is done with a row that already exists and differs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Nothing is imported.
    #[default]
    Fail,
    /// It stays as it is.
    Skip,
    /// It takes the values that the file has.
    Overwrite,
}

/// Rows that were read.
pub struct Staged {
    /// The database, resolved.
    pub database: PathBuf,
    table: Table,
    /// The statement that creates the table, where it is not there.
    creates: Option<String>,
    fills: Fills,
    keys: Keys,
    spool: Spool,
    found: Found,
    scratch: Scratch,
}

/// Reads rows, and compares them with the table that is to take them. `name` is what they are called in errors.
pub fn stage(rows: Foreign, name: &str, database: &Path, options: &RowsOptions<'_>) -> Result<Staged> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    files::require_file(&database)?;
    let told = options.told;
    let converter = Converter { notation: told.notation.clone(), is_csv: rows.is_csv() };
    let scratch = Scratch::new_in(options.temporary)?;
    let (target, rows) = if let Some(target) = Target::find(&database, options)? {
        (target, Rows::Unread(rows))
    } else {
        let spool = SpoolWriter::create(&scratch.file("survey"))?;
        let mut survey = Survey::new((spool, told.skips_errors), &converter, options.progress);
        read(rows, name, &mut survey, options)?;
        let surveyed = survey.finish()?;
        (Target::create(&surveyed, options)?, Rows::Surveyed(surveyed))
    };
    let Target { table, keys, creates } = target;
    let fills = Fills::parse(&told.fill, &table, &converter)?;
    let parts = (Mapping::parse(&told.map, &table)?, &fills, &keys);
    let spool = SpoolWriter::create(&scratch.file("rows"))?;
    let mut staging =
        Staging::new((&table, name), parts, &converter, (spool, told.skips_errors), options.progress);
    match rows {
        Rows::Unread(rows) => read(rows, name, &mut staging, options)?,
        Rows::Surveyed(surveyed) => surveyed.replay(&mut staging)?,
    }
    let (spool, found) = staging.finish()?;
    if told.on_conflict.is_some() && found.rows > 0 && found.keyed == 0 {
        return Err(unknowable(name, &table, &keys).into());
    }
    let spool = spool.finish(found.rows)?;
    Ok(Staged { database, table, creates, fills, keys, spool, found, scratch })
}

/// The rows of a file, before or after somebody looked at what they are.
enum Rows {
    Unread(Foreign),
    Surveyed(Surveyed),
}

fn read(rows: Foreign, name: &str, sink: &mut dyn RowSink, options: &RowsOptions<'_>) -> Result<()> {
    let work = || rows.read(name, options.limits, sink);
    step(options.progress, "reading rows", None, Unit::Rows, work)
}

/// An error where a strategy was named, and nothing of the file says which row is which.
fn unknowable(name: &str, table: &Table, keys: &Keys) -> Fault {
    let message = if keys.keys.is_empty() {
        format!("--on-conflict: the rows of {} have no key", table.name)
    } else {
        let known: Vec<String> = keys.keys.iter().map(|key| key.names(table)).collect();
        format!("--on-conflict: {name} lacks what rows of {} are known by: {}", table.name, known.join("; "))
    };
    Fault::usage(message).hint("--match COLUMN names the columns by which rows are known in this import")
}

impl Staged {
    /// What the database calls the table.
    pub fn table(&self) -> &str {
        &self.table.name
    }

    /// The statement that creates the table, where it is not there.
    pub fn creates(&self) -> Option<&str> {
        self.creates.as_deref()
    }

    /// Whether an import that came to this writes anything.
    pub fn writes(&self, outcome: &Outcome, told: &Instructions) -> bool {
        !outcome.is_refused(told) && (outcome.counts.written() > 0 || self.creates.is_some())
    }

    /// How many rows there are that fit.
    pub fn rows(&self) -> u64 {
        self.spool.rows
    }

    /// What becomes of the rows as far as it is known without the table: what is wrong with some. Where that forbids to import
    /// any, nothing else is to be found out.
    pub fn refused(&self, told: &Instructions) -> Option<Outcome> {
        let Found { problems, rejected, is_general, .. } = &self.found;
        let is_refused = *is_general || problems.errors > 0 && !told.skips_errors;
        is_refused.then(|| {
            let counts = Counts { rejected: *rejected, ..Counts::default() };
            Outcome { counts, problems: problems.clone(), ..Outcome::new() }
        })
    }
}

impl Outcome {
    pub(super) fn new() -> Self {
        let none = || Problems::new(MOST_PROBLEMS);
        Self { counts: Counts::default(), problems: none(), conflicts: none(), further_rows: 0 }
    }

    /// Whether nothing is written, since something is wrong or undecided.
    pub fn is_refused(&self, told: &Instructions) -> bool {
        self.conflicts.errors > 0 || self.problems.errors > 0 && !told.skips_errors
    }
}
