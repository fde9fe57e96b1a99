//! A condensed document into a database of its application.
//!
//! The document is read whole into a private file. Then it is decided which row of the database each item is, and what
//! becomes of it: first on a database that is only read, which says what would happen; then once more in the one
//! transaction that writes, so that what is decided is what is there.

mod ask;
mod answers;
mod check;
mod choices;
mod circles;
mod compare;
mod content;
mod decide;
mod describe;
mod incoming;
mod items;
mod judge;
mod newer;
mod outcome;
mod park;
mod pass;
mod pick;
mod plan;
mod question;
mod refused;
mod rename;
mod replace;
mod resolve;
mod row;
mod settle;
mod staging;
mod target;
mod values;
mod write;

pub use answers::Answers;
pub use check::check_shape;
pub use choices::ItemLine;
pub use outcome::{Counts, Fate, Outcome, Strategies, Strategy};
pub use plan::{Expected, Plan};
pub use question::{Answer, Asker, Difference, Question, Reply};
pub use resolve::Missing;

use crate::database::connection::{self, Access};
use crate::database::copy::copy_pages;
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
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde::{Deserialize, Serialize};
use staging::{Part, Staging};
use std::path::{Path, PathBuf};

/// How a condensed document is imported.
#[derive(Clone)]
pub struct CondensedOptions<'a> {
    /// What is to be done.
    pub told: Instructions,
    /// Whether it is kept what becomes of each item.
    pub lists: bool,
    /// What the database and the outcome must be like, where a plan is carried out.
    pub expected: Option<Expected>,
    /// How large an item may be.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What is to be done with a document: all that decides what becomes of its items.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instructions {
    /// Only these sections; without any, all.
    pub only: Vec<String>,
    /// Not these sections.
    pub exclude: Vec<String>,
    /// Only these items, each of a section and with a key or a name, and what they refer to where it is not there.
    pub items: Vec<(String, String)>,
    /// What is done with items that are there and differ.
    pub strategies: Strategies,
    /// Whether rows that no item is go.
    pub replace_all: bool,
    /// Whose rows they become, where the document holds those of one user.
    pub scope: Option<String>,
    /// What becomes of references that lead to nothing.
    pub missing: Missing,
    /// What becomes of all, where something is wrong with one.
    pub on_error: OnError,
    /// What the application's triggers do.
    pub triggers: Triggers,
}

/// What becomes of all items, where something is wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// None comes in.
    #[default]
    Fail,
    /// The others come in.
    Skip,
}

/// What the application's triggers do while items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// Those, and the ones that they refer to.
    needed: Vec<String>,
    /// What is wrong with it.
    pub problems: Problems,
    /// Whether it was changed after it was written.
    pub edited: bool,
    /// Whether its personal values are made up.
    pub anonymized: bool,
    scratch: Scratch,
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
    let part = Part::new(options);
    let mut staging = Staging::create(&scratch.file("items"), part, &options.patience, options.progress)?;
    let read = document.read(name, options.limits, &mut staging);
    options.progress.end();
    let document = read?;
    let staging::Read { items, metadata, problems, wanted, needed } = staging.finish();
    let staged = Staged {
        database,
        items,
        anonymized: metadata.anonymized,
        metadata,
        wanted,
        needed,
        problems,
        edited: document.edited,
        scratch,
    };
    staged.pick(&options.told.items)?;
    if options.told.replace_all {
        staged.refuse_partial(options)?;
    }
    Ok(staged)
}

impl Staged {
    /// What would become of the items, as the database is now. It is only read: what constraints and triggers say to the
    /// rows is not known.
    pub fn look(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let source = self.open(options)?;
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        connection.execute_batch("BEGIN")?;
        let outcome = pass::run(self, connection, false, options);
        connection.execute_batch("ROLLBACK")?;
        outcome
    }

    fn open(&self, options: &CondensedOptions<'_>) -> Result<Source> {
        let folder = files::folder_of(&self.database);
        let read = ReadOptions {
            scratch: &[options.temporary, &folder],
            patience: options.patience.clone(),
            progress: options.progress,
        };
        Source::open(&self.database, &read)
    }

    /// What becomes of the items: they are written to a private copy of the database.
    pub fn rehearse(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let copy = self.scratch.file("rehearsal");
        files::remove(&copy)?;
        {
            let source = self.open(options)?;
            files::require_space(&files::folder_of(&copy), source.origin().size)?;
            copy_pages(source.connection(), &copy, &options.patience, options.progress)?;
        }
        let connection = connection::open(&copy, Access::ReadWrite, &options.patience)?;
        let outcome = self.carry_out(&connection, options);
        options.progress.end();
        drop(connection);
        files::remove(&copy)?;
        outcome.map_err(|error| self.blame(error, name))
    }

    /// Writes the items, all or none. Where something is wrong, or a conflict is to fail, nothing is written.
    pub fn apply(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let applied = self.write(options);
        options.progress.end();
        applied.map_err(|error| self.blame(error, name))
    }

    fn blame(&self, error: anyhow::Error, name: &str) -> anyhow::Error {
        blame_input(error, format!("{name} is not imported into {}", self.database.display()))
    }

    fn write(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        refuse_unwritable(&self.database)?;
        let connection = connection::open(&self.database, Access::ReadWrite, &options.patience)?;
        let outcome = self.carry_out(&connection, options)?;
        if !outcome.is_refused() {
            failpoint::hit("commit imported items")?;
            connection.execute_batch("COMMIT").context("cannot commit")?;
        }
        Ok(outcome)
    }

    /// Writes the items in a transaction that is still open.
    fn carry_out(&self, connection: &Connection, options: &CondensedOptions<'_>) -> Result<Outcome> {
        connection.pragma_update(None, "foreign_keys", false)?;
        let runs_triggers = options.told.triggers != Triggers::Off;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, runs_triggers)?;
        connection.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        if let Some(expected) = &options.expected {
            self.expect_tables(connection, expected)?;
        }
        let before = check::violations(connection)?;
        let outcome = pass::run(self, connection, true, options)?;
        if !outcome.is_refused()
            && let Some(why) = check::new_violation(&before, &check::violations(connection)?, &self.metadata)
        {
            return Err(Fault::invalid(why).into());
        }
        if let Some(expected) = &options.expected {
            self.expect_lines(expected)?;
        }
        Ok(outcome)
    }

    /// Calls a function with what became of each item in the last look, rehearsal or import that kept it, as a line of
    /// JSON.
    pub fn each_line(&self, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.items.each_line(|_, line| each(line))
    }

    /// Whether items refer to those of a section.
    fn is_referred_to(&self, section: &str) -> bool {
        let mut targets = Vec::new();
        self.metadata.sections.values().for_each(|section| section.shape.collect_targets(&mut targets));
        targets.iter().any(|target| target == section)
    }

    /// An error where the document does not say which rows it chose from.
    fn refuse_partial(&self, options: &CondensedOptions<'_>) -> Result<()> {
        let partial =
            |name: &&String| self.metadata.sections.get(*name).is_some_and(|section| section.partial);
        let why = if let Some(name) = self.wanted.iter().find(partial) {
            format!("the document has chosen items of {name} only")
        } else if !options.told.items.is_empty() {
            "--item chooses single items".to_owned()
        } else {
            return Ok(());
        };
        Err(Fault::usage(format!("--replace-all: {why}: all others would go")).into())
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
        .hint("--on-conflict skip, overwrite, merge, newer or rename says what becomes of them; --dry-run shows them")
}
