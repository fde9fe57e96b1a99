//! A condensed document into a database of its application.
//!
//! The document is read whole into a private file. Then it is decided which row of the database each item is, and what
//! becomes of it: first on a database that is only read, which says what would happen; then once more in the one
//! transaction that writes, so that what is decided is what is there.

mod check;
mod circles;
mod content;
mod decide;
mod incoming;
mod items;
mod outcome;
mod pass;
mod question;
mod resolve;
mod staging;
mod target;
mod values;
mod write;

pub use check::check_shape;
pub use outcome::{Counts, Outcome, Strategies, Strategy};
pub use question::{Answer, Asker, Difference, Question, Reply};
pub use resolve::Missing;

use crate::database::connection::{self, Access};
use crate::database::header::read_head;
use crate::database::replace::refuse_unwritable;
use crate::database::{ReadOptions, Source, sidecar, stand_in};
use crate::document::envelope::Metadata;
use crate::document::input::Input;
use crate::document::reader::Limits;
use crate::error::{Fault, Kind, blame_input};
use crate::failpoint;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::Problems;
use crate::progress::Progress;
use crate::stream::Form;
use anyhow::{Context, Result};
use items::Items;
use rusqlite::config::DbConfig;
use staging::Staging;
use std::path::{Path, PathBuf};

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
    /// What becomes of references that lead to nothing.
    pub missing: Missing,
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
    /// The sections that come in.
    wanted: Vec<String>,
    /// What is wrong with it.
    pub problems: Problems,
    /// Whether it was changed after it was written.
    pub edited: bool,
    /// Whether its personal values are made up.
    pub anonymized: bool,
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
    if matches!(Form::of(&read_head(&database)?), Form::Compressed(_)) {
        return Err(Fault::usage(format!("{} is a compressed snapshot", database.display()))
            .hint("restore it to a file first: larder restore SNAPSHOT DB")
            .into());
    }
    let scratch = Scratch::new_in(options.temporary)?;
    let is_in = |names: &[String], name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    let wanted = |name: &str| {
        (options.only.is_empty() || is_in(&options.only, name)) && !is_in(&options.exclude, name)
    };
    let mut staging = Staging::create(&scratch.file("items"), wanted, &options.patience, options.progress)?;
    let read = document.read(name, options.limits, &mut staging);
    options.progress.end();
    let document = read?;
    let (items, metadata, problems) = staging.finish();
    let named = options.only.iter().chain(&options.exclude).chain(options.strategies.sections.keys());
    if let Some(unknown) = named.into_iter().find(|named| !is_in(&metadata.includes, named)) {
        let names: Vec<&str> = metadata.includes.iter().map(String::as_str).collect();
        return Err(Fault::usage(format!("the document has no section {unknown:?}"))
            .hint(crate::error::nearest(unknown, &names))
            .into());
    }
    let anonymized = metadata.anonymized;
    let wanted = metadata.sections.keys().filter(|name| wanted(name)).cloned().collect();
    Ok(Staged {
        database,
        items,
        metadata,
        wanted,
        problems,
        anonymized,
        edited: document.edited,
        _scratch: scratch,
    })
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
        let outcome = pass::run(self, connection, false, options);
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
        let before = check::violations(&connection)?;
        let outcome = pass::run(self, &connection, true, options)?;
        if outcome.is_refused() {
            return Ok(outcome);
        }
        if let Some(why) = check::new_violation(&before, &check::violations(&connection)?, &self.metadata) {
            return Err(Fault::invalid(why).into());
        }
        failpoint::hit("commit imported items")?;
        connection.execute_batch("COMMIT").context("cannot commit")?;
        Ok(outcome)
    }
}

/// What an import that was to fail on conflicts says of them.
pub fn undecided(conflicts: &Problems) -> Fault {
    let count = conflicts.listed.len() as u64 + conflicts.more;
    let what = if count == 1 {
        "1 item is there already and differs".to_owned()
    } else {
        format!("{count} items are there already and differ")
    };
    Fault::new(Kind::Undecided, format!("{what}; nothing was written"))
        .hint("--on-conflict skip leaves them as they are, --on-conflict overwrite gives them the document's values")
}
