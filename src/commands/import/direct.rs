//! A database or a snapshot in the place of a document: what it holds is exported on the way.

use crate::commands::configuration::Subject;
use crate::commands::{Context, input, shell_word};
use anyhow::{Context as _, Result};
use larder::app::Wanted;
use larder::database::{ReadOptions, Source};
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::document::writer::Format;
use larder::error::{Fault, is_broken_stream};
use larder::export::{Choice, CondensedOptions, condensed};
use larder::files::{self, Scratch};
use larder::snapshot::select::{Among, means_a_snapshot, select};
use larder::snapshot::zone::Zone;
use larder::store::{Fetched, Location, Store};
use larder::stream::age::{Keys, unlock};
use larder::stream::{Form, decompress};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a database or a snapshot holds, as a document.
pub(super) struct Direct {
    pub input: Input,
    /// What it is called in messages.
    pub name: String,
    /// Keeps the document until it was read.
    _scratch: Scratch,
}

/// What may be a database or a snapshot, and what is known of it.
pub(super) struct Argument<'a> {
    /// The argument.
    pub file: &'a Path,
    pub subject: &'a Subject,
    pub limits: &'a Limits,
    pub keys: &'a Keys<'a>,
    /// Only these sections, or those of these groups.
    pub only: &'a [String],
    /// Whether a plan is to be made or carried out.
    pub is_planned: bool,
}

/// Exports a database or a snapshot: one that an argument names, `latest`, or a time. Nothing where the argument means
/// something else.
pub(super) fn exported(argument: &Argument<'_>, context: &Context<'_>) -> Result<Option<Direct>> {
    let Some(found) = found(argument, context)? else { return Ok(None) };
    if argument.is_planned {
        let message = "--plan: a plan is of a document, and this is a database";
        return Err(Fault::usage(message).hint("write one first: larder export DATABASE -o FILE").into());
    }
    require_target(argument.file, &argument.subject.database)?;
    let name = found.name.display().to_string();
    let scratch = Scratch::new_in(&context.temporary)?;
    let path = scratch.file("items");
    write(&found.path, &path, argument, context)
        .map_err(|error| files::name_full(error, &[scratch.folder()]))?;
    let input = Input::Json(Box::new(BufReader::new(files::open(&path)?)));
    Ok(Some(Direct { input, name, _scratch: scratch }))
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

/// A database or a snapshot on this machine.
struct Found {
    path: PathBuf,
    name: PathBuf,
    _fetched: Option<Fetched>,
}

fn found(argument: &Argument<'_>, context: &Context<'_>) -> Result<Option<Found>> {
    let Argument { file, subject, limits, keys, .. } = *argument;
    if file.is_file() {
        let holds = holds_database(file, limits, keys)?;
        let found = || Found { path: file.to_owned(), name: file.to_owned(), _fetched: None };
        return Ok(holds.then(found));
    }
    let is_there = files::metadata(file).is_ok_and(|metadata| metadata.is_some());
    if is_there || !means_a_snapshot(&file.to_string_lossy()) {
        return Ok(None);
    }
    let store = subject.store(None)?;
    let is_there = store.path().is_none_or(Path::is_dir);
    let store = is_there.then(|| Store::open(&store, &context.surroundings)).transpose()?;
    let app = &subject.app;
    let among =
        Among { store: store.as_ref(), app, zone: Zone::Local, now: context.now, progress: context.ui };
    Ok(Some(match select(file, among)? {
        Location::Path(path) => Found { name: path.clone(), path, _fetched: None },
        Location::Url(url) => {
            let folders = [context.temporary.as_path()];
            let fetched = larder::store::fetch(&url, &context.surroundings, &folders, context.ui)?;
            let (path, name) = (fetched.path.clone(), PathBuf::from(url.to_string()));
            Found { path, name, _fetched: Some(fetched) }
        }
    }))
}

/// Whether a file holds a database, whatever it is compressed or encrypted by.
fn holds_database(file: &Path, limits: &Limits, keys: &Keys<'_>) -> Result<bool> {
    let (_, plain) = unlock(files::open(file)?, keys, &input::name(file))?;
    match decompress(plain, limits.expansion) {
        Ok((form, _)) => Ok(form == Form::Sqlite),
        // What is wrong with a document is told where one is read.
        Err(error) if is_broken_stream(&error) => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Writes what people made of a database as a document.
fn write(database: &Path, path: &Path, argument: &Argument<'_>, context: &Context<'_>) -> Result<()> {
    let Argument { subject, keys, only, .. } = *argument;
    let choice = Choice { only: only.to_vec(), ..Choice::default() };
    let scratch: [&Path; 1] = [&context.temporary];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    let source = Source::open_by(database, keys, &read)?;
    let options = CondensedOptions {
        app: &subject.app,
        rules: &subject.config.rules,
        wanted: Wanted { scope: None, secrets: false, refetch: true },
        anonymize: false,
        choice: &choice,
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
