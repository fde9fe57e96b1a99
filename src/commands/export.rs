//! `larder export`

mod each;
mod foretell;
mod stored;

use super::choose::ChooseArgs;
use super::configuration::Subject;
use super::format::{self, FormatOptions};
use super::hooks::{self, Told};
use super::keep::Keep;
use super::keys::{EncryptArgs, KeyArgs, KeySettings, warn_of_keys_beside};
use super::snapshot::Reason;
use super::{Context, state, store, text};
use crate::exit::Exit;
use crate::ui::table;
use anyhow::Result;
use clap::Args;
use larder::app::Wanted;
use larder::app::known::InForce;
use larder::config::Rules;
use larder::database::header::read_head;
use larder::database::selection::Selection;
use larder::database::{ReadOptions, Source, sidecar};
use larder::document::envelope::Summary;
use larder::document::writer::Format;
use larder::error::Fault;
use larder::export::{CondensedOptions, ExportOptions, Exported, condensed, full};
use larder::files;
use larder::snapshot::zone::Zone;
use larder::stream::Form;
use larder::stream::age::{Keys, Lock};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What `--scope` calls all users.
const EVERYBODY: &str = "all";
/// What `--scope` calls every user by itself.
const EACH: &str = "each";

/// Write what people made, or everything that a database holds, as a document
///
/// A condensed export holds items by their natural keys, without the numbers that the database gave and without what a
/// machine makes: any database of the application takes it in. larder.toml says what larder cannot know. A full export
/// (--full) holds every table, row, value and type, the schema, and what else the file keeps: importing it gives a
/// database that is the same. Both have one row a line, are the same for the same data, and stream. A snapshot can be
/// exported like a database.
#[derive(Debug, Args)]
pub struct Export {
    /// The database, or a snapshot of one: a file, latest, or a time [default: the one that larder.toml names]
    database: Option<PathBuf>,
    /// Export everything that SQLite holds
    #[arg(long)]
    full: bool,
    /// Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and
    /// with .age, or a folder (CSV)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write into a store, beside snapshots, with a manifest: a folder or a URL. The document is read back before it gets its
    /// name
    #[arg(long, value_name = "STORE", alias = "store", conflicts_with_all = ["output", "flat"])]
    to: Option<PathBuf>,
    /// Make the store where there is none, which is done without it only beside the database, or by hand at a terminal
    #[arg(long, requires = "to")]
    create: bool,
    /// Why it is written into a store [default: manual]
    #[arg(long, value_enum, requires = "to", conflicts_with = "output")]
    kind: Option<Reason>,
    /// Afterwards, delete the exports of this application in the store that the rules below, or those of larder.toml, do not keep
    #[arg(long, requires = "to", conflicts_with_all = ["output", "dry_run"])]
    prune: bool,
    /// With --prune: do not ask. Without a terminal, --prune itself is the answer
    #[arg(short, long, requires = "prune")]
    yes: bool,
    /// With --prune: the zone in which days begin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
    #[command(flatten)]
    keep: Keep,
    /// Write an export without items into a store although the newest one there has some
    #[arg(long, requires = "to", conflicts_with = "output")]
    allow_empty: bool,
    /// Overwrite the file of --output
    #[arg(long, requires = "output")]
    force: bool,
    /// Only these sections or groups; with --full, tables and views, with their indexes and triggers
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    only: Vec<String>,
    /// Not these sections or groups, nor these children of a section (movies.reviews); with --full, tables and views
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Whose rows, where larder.toml says who the users are; all for everybody's, each for a file of every user's in the
    /// folder that --output names
    #[arg(long, value_name = "NAME", conflicts_with = "full")]
    scope: Option<String>,
    /// Replace every text by a made-up one, the same for the same value, but for those that larder.toml keeps and those of a
    /// fixed list; and numbers in columns that are personal, by their name or by larder.toml. What stays is listed
    #[arg(long, conflicts_with = "full")]
    anonymize: bool,
    /// Export passwords, keys and tokens too
    #[arg(long, conflicts_with = "full")]
    with_secrets: bool,
    /// Export columns that can be fetched again too
    #[arg(long, conflicts_with = "full")]
    with_refetch: bool,
    /// Say what would be written, how large it would be, what is left out and why, and write nothing
    #[arg(long, conflicts_with = "full")]
    dry_run: bool,
    #[command(flatten)]
    choose: ChooseArgs,
    #[command(flatten)]
    app: store::App,
    #[command(flatten)]
    format: FormatOptions,
    #[command(flatten)]
    encrypt: EncryptArgs,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Export {
    pub fn run(mut self, context: &Context<'_>) -> Result<Exit> {
        let fetched =
            self.database.as_deref().map(|file| store::fetched(file, context)).transpose()?.flatten();
        if let Some(fetched) = &fetched {
            self.database = Some(fetched.path.clone());
        }
        if !self.prune {
            self.keep.refuse_without_prune()?;
        }
        let outgoing = store::Outgoing::of(self.output.as_deref(), context)?;
        let output = match &outgoing {
            Some(outgoing) => Some(outgoing.path.clone()),
            None => format::output(self.output.as_deref())?,
        };
        if context.ui.wants_json() && output.is_none() && self.to.is_none() && !self.dry_run {
            return Err(Fault::usage("--json and the document cannot both go to the standard output")
                .hint("name a file: -o FILE")
                .into());
        }
        let named = self.database.as_deref();
        state::require_database(named, (None, None), &self.app, "larder export", context)?;
        let (subject, _found) = state::read(named, &self.app, context)?;
        let database = &subject.database;
        if let Some(to) = self.to.as_deref().filter(|_| !self.dry_run) {
            let told = |exit: &Exit| Told {
                variables: Vec::new(),
                failure: (*exit != Exit::Done).then(|| "not every export was made".to_owned()),
                sentence: format!("exports of {} in {}", subject.app, to.display()),
            };
            let work = || self.to_store(to, &subject, context);
            let (exit, hooks) = hooks::around((&subject).into(), "export", context, work, told)?;
            return Ok(if exit == Exit::Done { hooks } else { exit });
        }
        if self.scope.as_deref() == Some(EACH) {
            return self.each(output.as_deref(), &subject, context);
        }
        if let Some(output) = &output {
            refuse_place(output, database)?;
        }
        let locks = self.locks(output.as_deref(), &subject, context)?;
        if self.dry_run {
            let source = open(database, None, &locks.keys, context)?;
            return self.foretell(&source, &subject, context);
        }
        let target = self.format.target(output.as_deref(), self.force, locks.lock.clone())?;
        let source = open(database, output.as_deref(), &locks.keys, context)?;
        let scope = self.scope(&source, &subject.config.rules)?;
        let summary =
            target.write(context, |format| self.write(&source, format, &subject, scope, context))?;
        drop(source);
        say(&summary, self.full, context);
        if let Some(output) = &output {
            let output = if let Some(outgoing) = &outgoing {
                outgoing.send(self.force, context)?
            } else {
                locks.warn(output, &self, context);
                output.clone()
            };
            let result = json!({ "file": text(&output), "items": summary.items });
            context.ui.result_path(&result, &output)?;
        }
        Ok(Exit::Done)
    }
}

impl Export {
    /// Whom a document is encrypted for that goes there, and what opens the database.
    fn locks<'a>(
        &self,
        output: Option<&Path>,
        subject: &Subject,
        context: &'a Context<'_>,
    ) -> Result<Locks<'a>> {
        let settings = KeySettings::of(&subject.config)?;
        let reads = Form::of(&read_head(&subject.database)?) == Form::Age;
        let keys = self.keys.keys(&settings, context)?;
        let lock = self.encrypt.lock_of(output, reads, &self.keys, &settings, context)?;
        Ok(Locks { lock, keys, settings })
    }

    fn write<W: Write>(
        &self,
        source: &Source,
        format: Format<W>,
        subject: &Subject,
        scope: Option<&str>,
        context: &Context<'_>,
    ) -> Result<(Option<W>, Summary)> {
        if self.full {
            return self.write_full(source, format, subject, context);
        }
        let exported = self.write_condensed(source, format, subject, scope, context)?;
        Ok((exported.output, exported.summary))
    }

    fn write_full<W: Write>(
        &self,
        source: &Source,
        format: Format<W>,
        subject: &Subject,
        context: &Context<'_>,
    ) -> Result<(Option<W>, Summary)> {
        let selection = Selection { only: self.only.clone(), exclude: self.exclude.clone() };
        let (app, rules) = (&subject.app, &subject.config.rules);
        let (now, progress) = (context.now, context.ui);
        let options = ExportOptions { app, rules, selection: &selection, now, progress };
        full(source, format, &options)
    }

    fn write_condensed<W: Write>(
        &self,
        source: &Source,
        format: Format<W>,
        subject: &Subject,
        scope: Option<&str>,
        context: &Context<'_>,
    ) -> Result<Exported<W>> {
        let choice = self.choose.choice(&self.only, &self.exclude, context.now)?;
        let (app, rules) = (&subject.app, &subject.config.rules);
        let wanted = Wanted { scope, secrets: self.with_secrets, refetch: self.with_refetch, by_id: false };
        let (now, progress) = (context.now, context.ui);
        let anonymize = self.anonymize;
        let (temporary, patience) = (context.temporary.as_path(), &context.patience);
        let options = CondensedOptions {
            app,
            rules,
            wanted,
            anonymize,
            choice: &choice,
            check: None,
            now,
            temporary,
            patience,
            progress,
        };
        condensed(source, format, &options).map_err(|error| files::name_full(error, &[temporary]))
    }

    /// Whose rows are wanted; nothing for everybody's.
    fn scope(&self, source: &Source, rules: &Rules) -> Result<Option<&str>> {
        if self.full {
            return Ok(None);
        }
        if rules.scope.is_none() && self.scope.is_none() {
            // What is built in says who the users are, and does not ask for one of them.
            return Ok(None);
        }
        let in_force = InForce::of(source.connection(), rules)?;
        match (&in_force.rules.scope, self.scope.as_deref()) {
            (Some(_), Some(EVERYBODY)) | (None, None) => Ok(None),
            (Some(_), Some(name)) => Ok(Some(name)),
            (Some(scope), None) => {
                let message =
                    format!("whose rows? The settings say that {} are users of their own", scope.table);
                Err(Fault::usage(message).hint("--scope NAME, or --scope all for everybody's; --scope each -o FOLDER/ writes a file for every user").into())
            }
            (None, Some(_)) => Err(Fault::usage("--scope: nothing says who the users are")
                .hint("[scope] in larder.toml does")
                .into()),
        }
    }
}

/// Whom a document is encrypted for, and what opens the database.
struct Locks<'a> {
    lock: Option<Lock>,
    keys: Keys<'a>,
    settings: KeySettings,
}

impl Locks<'_> {
    /// Says so where what opens a document lies beside it.
    fn warn(&self, file: &Path, export: &Export, context: &Context<'_>) {
        if let Some(lock) = &self.lock {
            warn_of_keys_beside(file, lock, &export.keys, &self.settings, context);
        }
    }
}

/// An error where a document would be in the way of the database that it is of.
fn refuse_place(output: &Path, database: &Path) -> Result<()> {
    sidecar::refuse_output(output, database)?;
    if files::resolve(database)?.starts_with(files::resolve(output)?) {
        let message = format!("{} holds the database", output.display());
        return Err(Fault::usage(message).hint("choose another place").into());
    }
    Ok(())
}

/// Opens the database in the way that suits where the document goes: a file takes what it gets, and a pipe or a person
/// may take any time.
fn open(database: &Path, output: Option<&Path>, keys: &Keys<'_>, context: &Context<'_>) -> Result<Source> {
    let beside = match output {
        Some(output) => files::folder_of(output),
        None => files::folder_of(&files::resolve(database)?),
    };
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    if output.is_some() || crate::ui::stdout_is_file() {
        Source::open_by(database, keys, &read)
    } else {
        Source::open_detached(database, keys, &read)
    }
}

fn say(summary: &Summary, full: bool, context: &Context<'_>) {
    let (items, sections) = (summary.items.values().sum(), summary.items.len() as u64);
    context.ui.say(&if full {
        format!("{} from {}", table::count(items, "row", "rows"), table::count(sections, "table", "tables"))
    } else {
        format!(
            "{} in {}",
            table::count(items, "item", "items"),
            table::count(sections, "section", "sections")
        )
    });
}
