//! `larder restore`

mod chosen;
mod differences;
mod part;

use super::configuration::{Subject, or_warn};
use super::keys::{KeyArgs, KeySettings};
use super::snapshot::attached::named_here;
use super::{Context, shell_word, state, store, text};
use crate::exit::Exit;
use crate::ui::{is_interactive, table};
use anyhow::Result;
use clap::Args;
use differences::Found;
use larder::database::replace::{Target, look};
use larder::document::reader::Limits;
use larder::error::{Fault, kind};
use larder::files;
use larder::progress::Progress;
use larder::snapshot::attached::PutBack;
use larder::snapshot::create::WantFiles;
use larder::snapshot::restore::{self, RestoreOptions, Restored};
use larder::snapshot::target::{refuse_in_store, why_a_snapshot};
use larder::snapshot::zone::Zone;
use larder::stream::{Form, decompress};
use rusqlite::Connection;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Put a snapshot back; what was there is kept first
///
/// The snapshot is verified before anything is touched. An existing database is overwritten through SQLite in one
/// transaction, so that a program that has it open sees all or nothing; what it held is kept in a safety snapshot.
/// A file that is no readable database is moved aside whole.
#[derive(Debug, Args)]
#[command(
    override_usage = "larder restore [OPTIONS] <SNAPSHOT> [DATABASE]\n       larder restore [OPTIONS] --undo [DATABASE]"
)]
pub struct Restore {
    /// A snapshot's file or URL (- is the standard input), latest, or a time such as 2026-11-19T14:00: the newest at or before
    /// it; 2026-11-19 is the end of that day
    #[arg(value_name = "SNAPSHOT", required_unless_present = "undo")]
    first: Option<PathBuf>,
    /// The database that it becomes [default: the one that larder.toml names]
    #[arg(value_name = "DATABASE", conflicts_with = "undo")]
    second: Option<PathBuf>,
    /// Go back to what the last restore replaced, or an import of rows changed
    #[arg(long)]
    undo: bool,
    /// The store in which to look, a folder or a URL; --undo looks there too [default: that of larder.toml, or the
    /// folder backups beside the database]
    #[arg(long, value_name = "STORE", aliases = ["to", "store"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Zone,
    /// Restore what is another application's, is marked as damaged, or is not what its manifest says, and to a place among
    /// the snapshots of a store
    #[arg(long)]
    force: bool,
    /// Do nothing where there is a database already, as when a container starts
    #[arg(long, conflicts_with_all = ["undo", "only", "item"])]
    if_missing: bool,
    /// Do not keep what is there first: it will be lost
    #[arg(long, conflicts_with = "undo")]
    no_safety_snapshot: bool,
    /// Put back all files that belong to the snapshot, also those that neither larder.toml here nor a known application names
    #[arg(long, conflicts_with = "no_files")]
    files: bool,
    /// Restore the database alone, without the files that belong to the snapshot
    #[arg(long)]
    no_files: bool,
    /// Verify the snapshot, show what would be done, and stop
    #[arg(long)]
    dry_run: bool,
    /// Only these sections, or those of these groups: what is missing is added, and what changed is as it was, under its own row
    /// ids; newer rows stay
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "undo")]
    only: Vec<String>,
    /// Only this item, by its row id or its name, with what belongs to it; may be given several times
    #[arg(long, value_name = "SECTION=KEY", value_parser = super::choose::pair, conflicts_with = "undo")]
    item: Vec<(String, String)>,
    /// With --only: newer rows of these sections go
    #[arg(long, requires = "only", conflicts_with = "item")]
    exact: bool,
    /// With --only and --item: whether the application's triggers run: auto, on, or off [default: auto, or what the settings say]
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "on", "off"], conflicts_with = "undo")]
    triggers: Option<String>,
    /// How many bytes may come through a pipe
    #[arg(long, value_name = "SIZE", default_value = "16GiB", value_parser = larder::config::size)]
    max_size: u64,
    /// Do not ask: on a terminal, a restore over a database says what would be lost, and asks
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Restore {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let named = if self.undo { &self.first } else { &self.second };
        self.require_database(named.as_deref(), context)?;
        let subject = Subject::to_write(named.as_deref(), &self.app, context)?;
        let database = files::resolve(&subject.database)?;
        let store = subject.safety_store()?;
        let elsewhere = subject.safety_stores_elsewhere(self.from.as_deref())?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        let named_files = |copy: &Connection| named_here(copy, &subject);
        let options = RestoreOptions {
            app: &subject.app,
            store: &store,
            elsewhere: &elsewhere,
            lifetime: subject.safety_lifetime(),
            force: self.force,
            keep: !self.no_safety_snapshot,
            files: self.which_files(&named_files, context),
            keys: &keys,
            now: context.now,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        if self.undo {
            self.undo(&database, &subject, &options, context)
        } else {
            self.restore(&database, &subject, &options, context)
        }
    }

    fn which_files<'a>(&self, named: &'a WantFiles<'a>, context: &'a Context<'_>) -> PutBack<'a> {
        match (self.no_files, self.files) {
            (true, _) => PutBack::No,
            (_, true) => PutBack::All,
            _ => PutBack::Named { named, home: context.places.home.as_deref() },
        }
    }

    fn require_database(&self, named: Option<&Path>, context: &Context<'_>) -> Result<()> {
        let snapshot = self.first.as_deref().filter(|_| !self.undo);
        let what = snapshot.map_or("--undo".to_owned(), shell_word);
        let from = self.from.as_deref().map(|from| format!(" --from {}", shell_word(from)));
        let command = format!("larder restore{} {what}", from.unwrap_or_default());
        state::require_database(named, (self.from.as_deref(), snapshot), &self.app, &command, context)
    }

    /// Says that nothing is to be done, because there is a database.
    fn skip(database: &Path, context: &Context<'_>) -> Result<Exit> {
        context.ui.say(&format!("{} is there, so nothing is restored", database.display()));
        let result = json!({ "restored": null, "database": text(database), "skipped": "exists" });
        context.ui.result_path(&result, database)?;
        Ok(Exit::Done)
    }

    fn restore(
        &self,
        database: &Path,
        subject: &Subject,
        options: &RestoreOptions<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        self.refuse_target(database, subject)?;
        let target = look(database)?;
        if self.if_missing && !matches!(target, Target::Missing | Target::Empty | Target::Leftovers) {
            return Self::skip(database, context);
        }
        let chosen = self.choose(database, subject, context)?;
        let (snapshot, name) = (chosen.path.clone(), chosen.name.clone());
        if snapshot == database {
            return Err(Fault::usage(format!("{} is the database itself", database.display())).into());
        }
        let is_over = matches!(target, Target::Database(_));
        let differences = || differences::find(&snapshot, database, (subject, options.keys), context);
        if self.triggers.is_some() && !self.wants_part() {
            let message =
                "--triggers: without --only or --item, a restore writes the whole database, and none run";
            return Err(Fault::usage(message).into());
        }
        let to_import = |error| point_to_import(error, &snapshot, (&name, database));
        if self.wants_part() {
            let options = RestoreOptions { files: PutBack::No, ..options.clone() };
            restore::rehearse(&snapshot, database, &options).map_err(to_import)?;
            return self.put_back(&snapshot, subject, options.keys, context);
        }
        if self.dry_run {
            restore::rehearse(&snapshot, database, options).map_err(to_import)?;
            context.ui.say(&format!("would restore {} to {}", name.display(), database.display()));
            context.ui.say(plan(&target, options.keep));
            let differences = if is_over { differences()? } else { Found::Unknown };
            differences.lines().iter().for_each(|line| context.ui.say(line));
            let result = json!({
                "dry_run": true, "restored": text(&name), "database": text(database), "differences": differences.json(),
            });
            context.ui.result_path(&result, &name)?;
            return Ok(Exit::Done);
        }
        if is_over && !self.yes && (is_interactive() || !options.keep) {
            if is_interactive() {
                differences()?.lines().iter().for_each(|line| context.ui.say(line));
                differences::say_who_has(database, context);
            }
            let how =
                if options.keep { "? What it holds is kept." } else { " without keeping what it holds?" };
            let question = format!("Overwrite {}{how}", database.display());
            context.ui.confirm(&question, "--yes")?;
        }
        let restored = restore::restore(&snapshot, database, options).map_err(to_import)?;
        context.ui.say(&format!("restored {} to {}", name.display(), database.display()));
        Self::render(&name, &restored, subject, context)
    }

    /// An error where what is to be restored to is no database, with the right line where the arguments are the wrong way
    /// round.
    fn refuse_target(&self, database: &Path, subject: &Subject) -> Result<()> {
        let named = &subject.database;
        if let Some(why) = why_a_snapshot(database, named)? {
            let is_other = |first: &&Path| matches!(why_a_snapshot(first, first), Ok(None));
            let line = match self.first.as_deref().filter(is_other) {
                Some(first) => format!("larder restore {} {}", shell_word(named), shell_word(first)),
                None => "larder restore SNAPSHOT DATABASE".to_owned(),
            };
            let fault = Fault::usage(format!("the arguments may be the wrong way round: {why}"));
            return Err(fault.hint(format!("did you mean {line}?")).into());
        }
        if self.force { Ok(()) } else { refuse_in_store(database, named) }
    }

    fn undo(
        &self,
        database: &Path,
        subject: &Subject,
        options: &RestoreOptions<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        if self.dry_run {
            let from = restore::find_undo(database, options)?;
            context.ui.say(&format!("would put back what is in {}", from.display()));
            let result = json!({ "dry_run": true, "restored": text(&from), "database": text(database) });
            context.ui.result_path(&result, &from)?;
            return Ok(Exit::Done);
        }
        let undone = restore::undo(database, options)?;
        if undone.written_since {
            context.ui.warn(&format!("{} was written to after it was restored", database.display()));
        }
        context.ui.say(&format!("{} is what it was before: {}", database.display(), undone.from.display()));
        Self::render(&undone.from, &undone.restored, subject, context)
    }

    /// Says what was kept and how to go back.
    fn render(from: &Path, restored: &Restored, subject: &Subject, context: &Context<'_>) -> Result<Exit> {
        let undo = restored.can_undo().then(|| subject.undo_command());
        let undo = or_warn(undo, context);
        if let Some(files) = &restored.files {
            context.ui.say(&format!("{} put back", table::count(files.count, "file is", "files are")));
            for moved in &files.moved {
                context.ui.say(&format!("the files that were there were moved to {}", moved.display()));
            }
        }
        if let Some(safety) = &restored.safety {
            context.ui.say(&format!("what was there is kept in {}", safety.display()));
        }
        if let Some(aside) = &restored.aside {
            context.ui.say(&format!("what was there was moved to {}", aside.display()));
        }
        if let Some(undo) = &undo {
            context.ui.say(&format!("to undo: {undo}"));
        }
        let result = json!({
            "restored": text(from),
            "database": text(&restored.database),
            "safety_snapshot": restored.safety.as_deref().map(text),
            "moved_aside": restored.aside.as_deref().map(text),
            "files": restored.files.as_ref().map(|files| files.count),
            "files_moved": restored.files.iter().flat_map(|files| &files.moved).map(|moved| text(moved)).collect::<Vec<_>>(),
            "undo": undo,
        });
        context.ui.result_path(&result, &restored.database)?;
        Ok(Exit::Done)
    }
}

/// An error with the command that reads an export, where somebody tried to restore one.
fn point_to_import(error: anyhow::Error, file: &Path, (name, database): (&Path, &Path)) -> anyhow::Error {
    let is_export = state::snapshot_name(file).is_some_and(|name| name.is_export());
    if !is_export && !holds_document(file) {
        return error;
    }
    let hint = format!("larder import {} {} brings in an export", shell_word(name), shell_word(database));
    Fault::new(kind(&error), format!("{error:#}")).hint(hint).into()
}

/// Whether a file that is not encrypted holds a document.
fn holds_document(file: &Path) -> bool {
    let open = || files::open(file).ok().and_then(|file| decompress(file, Limits::default().expansion).ok());
    open().is_some_and(|(form, _)| matches!(form, Form::Json | Form::Zip))
}

fn plan(target: &Target, keep: bool) -> &'static str {
    match (target, keep) {
        (Target::Missing, _) => "nothing is there; a new file would be made",
        (Target::Empty, _) => "an empty file is there; it would be filled",
        (Target::Database(_), true) => "what is there would be kept in a safety snapshot first",
        (Target::Database(_), false) => "what is there would be LOST",
        (Target::Leftovers, _) => "what is left of an earlier database would be moved aside",
        (Target::Unreadable, _) => "what is there is no readable database; it would be moved aside whole",
    }
}
