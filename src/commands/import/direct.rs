//! A database or a snapshot in the place of a document: what it holds is exported on the way.

use crate::commands::configuration::Subject;
use crate::commands::{Context, shell_word, state};
use anyhow::{Context as _, Result};
use larder::app::{Model, Wanted};
use larder::database::selection::Selection;
use larder::database::{ReadOptions, Source};
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::document::writer::Format;
use larder::error::Fault;
use larder::export::{Check, Choice, CondensedOptions, condensed};
use larder::files::{self, Scratch};
use larder::import::by_id::{agreements, refusal};
use larder::import::{ImportOptions, full};
use larder::stream::age::Keys;
use rusqlite::Connection;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a database or a snapshot holds, as a document.
pub(in crate::commands) struct Direct {
    pub input: Input,
    /// What it is called in messages.
    pub name: String,
    /// Where it is on this machine, if it stays there.
    pub file: Option<PathBuf>,
    /// Keeps the document until it was read.
    _scratch: Scratch,
}

/// What may be a database or a snapshot, and what is known of it.
pub(in crate::commands) struct Argument<'a> {
    /// The argument.
    pub file: &'a Path,
    pub subject: &'a Subject,
    pub limits: &'a Limits,
    pub keys: &'a Keys<'a>,
    /// Only these sections, or those of these groups.
    pub only: &'a [String],
    /// Not these sections, nor those of these groups.
    pub exclude: &'a [String],
    /// Whether secrets come too: the database is the one that they are of.
    pub secrets: bool,
    /// Where rows are matched by their ids: whether they are although these may mean other rows.
    pub by_id: Option<Forced>,
}

/// Whether something is done although it may be wrong.
pub(super) type Forced = bool;

/// Exports a database or a snapshot: one that an argument names, `latest`, or a time. Nothing where the argument means
/// something else.
pub(in crate::commands) fn exported(
    argument: &Argument<'_>,
    context: &Context<'_>,
) -> Result<Option<Direct>> {
    let read = (argument.limits, argument.keys);
    let Some(found) = state::find(argument.file, argument.subject, read, context)? else { return Ok(None) };
    require_target(argument.file, &argument.subject.database)?;
    let file = found.fetched.is_none().then(|| found.path.clone());
    let scratch = Scratch::new_in(&context.temporary)?;
    of_database(&found.path, found.name.display().to_string(), file, (argument, scratch), context).map(Some)
}

/// Exports what a full document holds, which becomes a database first.
pub(super) fn of_full(
    document: Input,
    name: String,
    argument: &Argument<'_>,
    context: &Context<'_>,
) -> Result<Direct> {
    require_target(argument.file, &argument.subject.database)?;
    let scratch = Scratch::new_in(&context.temporary)?;
    let database = scratch.file("full.db");
    let options = ImportOptions {
        selection: &Selection::default(),
        limits: *argument.limits,
        dry_run: false,
        skips_unread: false,
        temporary: &context.temporary,
        patience: context.patience.clone(),
        progress: context.ui,
    };
    full(document, &name, &database, &options)
        .map_err(|error| files::name_full(error, &[scratch.folder()]))?;
    of_database(&database, name, Some(argument.file.to_owned()), (argument, scratch), context)
}

fn of_database(
    database: &Path,
    name: String,
    file: Option<PathBuf>,
    (argument, scratch): (&Argument<'_>, Scratch),
    context: &Context<'_>,
) -> Result<Direct> {
    let path = scratch.file("items");
    write(database, &path, argument, context)
        .map_err(|error| files::name_full(error, &[scratch.folder()]))?;
    let input = Input::Json(Box::new(BufReader::new(files::open(&path)?)));
    Ok(Direct { input, name, file, _scratch: scratch })
}

/// An error where there is nothing that the items could come into, before anything is exported.
fn require_target(file: &Path, database: &Path) -> Result<()> {
    if files::metadata(database)?.is_some() {
        return files::require_file(database);
    }
    let copied = format!("larder restore {} {}", shell_word(file), shell_word(database));
    Err(Fault::failed(format!("there is no database at {}", database.display()))
        .hint(format!("items come into a database of the application; {copied} makes a copy of all"))
        .into())
}

/// Writes what people made of a database as a document.
fn write(database: &Path, path: &Path, argument: &Argument<'_>, context: &Context<'_>) -> Result<()> {
    let Argument { subject, keys, only, .. } = *argument;
    let choice = Choice { only: only.to_vec(), ..Choice::default() };
    let scratch: [&Path; 1] = [&context.temporary];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    let source = Source::open_by(database, keys, &read)?;
    let target = Source::open(&subject.database, &read)?;
    let check = |connection: &Connection, model: &Model, chosen: &[String]| {
        let both = [connection, target.connection()];
        let found = agreements(model, both, chosen, argument.exclude, context.ui)?;
        refusal(&found, &subject.database).map_or(Ok(()), |fault| Err(fault.into()))
    };
    let options = CondensedOptions {
        app: &subject.app,
        rules: &subject.config.rules,
        wanted: Wanted {
            scope: None,
            secrets: argument.secrets,
            refetch: true,
            by_id: argument.by_id.is_some(),
        },
        anonymize: false,
        choice: &choice,
        check: (argument.by_id == Some(false)).then_some(&check as &Check<'_>),
        now: context.now,
        temporary: &context.temporary,
        patience: &context.patience,
        progress: context.ui,
    };
    let output = BufWriter::new(files::create(path)?);
    let exported = condensed(&source, Format::Lines(output), &options)?;
    if let Some(mut output) = exported.output {
        output.flush().with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
