//! `larder restore`

mod differences;
mod part;

use super::configuration::{Subject, or_warn};
use super::keys::{KeyArgs, KeySettings};
use super::{Context, input, shell_word, store, text};
use crate::exit::Exit;
use crate::ui::is_interactive;
use anyhow::Result;
use clap::Args;
use differences::Found;
use larder::database::replace::{Target, look};
use larder::error::Fault;
use larder::files;
use larder::progress::Progress;
use larder::snapshot::restore::{self, RestoreOptions, Restored};
use larder::snapshot::select::{Among, select};
use larder::snapshot::target::{refuse_in_store, why_a_snapshot};
use larder::snapshot::zone::Zone;
use larder::store::{Fetched, Location, Store};
use larder::stream::Form;
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
    /// Do not keep what is there first: it will be lost
    #[arg(long, conflicts_with = "undo")]
    no_safety_snapshot: bool,
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
        let subject = Subject::to_write(named.as_deref(), &self.app, context)?;
        let database = files::resolve(&subject.database)?;
        let store = subject.safety_store()?;
        let elsewhere = subject.safety_stores_elsewhere(self.from.as_deref())?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        let options = RestoreOptions {
            app: &subject.app,
            store: &store,
            elsewhere: &elsewhere,
            lifetime: subject.safety_lifetime(),
            force: self.force,
            keep: !self.no_safety_snapshot,
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

    fn restore(
        &self,
        database: &Path,
        subject: &Subject,
        options: &RestoreOptions<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        self.refuse_target(database, subject)?;
        let target = look(database)?;
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
        if self.wants_part() {
            restore::rehearse(&snapshot, database, options)?;
            return self.put_back(&snapshot, subject, options.keys, context);
        }
        if self.dry_run {
            restore::rehearse(&snapshot, database, options)?;
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
        let restored = restore::restore(&snapshot, database, options)?;
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

    /// The snapshot that was named, as a file of this machine.
    fn choose(&self, database: &Path, subject: &Subject, context: &Context<'_>) -> Result<Chosen> {
        let wanted = self.first.as_deref().expect("it is required unless there is an undo");
        let beside = files::folder_of(database);
        let folders: [&Path; 2] = [&context.temporary, &beside];
        if Location::of(wanted)?.path().is_some() && input::is_pipe(wanted)? {
            let spooled = input::spool(wanted, may_hold_database, self.max_size, &folders, context)?;
            let name = PathBuf::from(input::name(wanted));
            return Ok(Chosen { path: spooled.path.clone(), name, _kept: Kept::Spooled(spooled) });
        }
        match self.select(wanted, subject, context)? {
            Location::Path(path) => {
                let path = files::resolve(&path)?;
                Ok(Chosen { name: path.clone(), path, _kept: Kept::Nothing })
            }
            Location::Url(url) => {
                let fetched = larder::store::fetch(&url, &context.surroundings, &folders, context.ui)?;
                context.ui.call(&fetched.path, &url.to_string());
                let name = PathBuf::from(url.to_string());
                Ok(Chosen { path: fetched.path.clone(), name, _kept: Kept::Fetched(fetched) })
            }
        }
    }

    /// Where the snapshot is that was named.
    fn select(&self, wanted: &Path, subject: &Subject, context: &Context<'_>) -> Result<Location> {
        let store = subject.store(self.from.as_deref())?;
        let is_there = store.path().is_none_or(Path::is_dir);
        let store = is_there.then(|| Store::open(&store, &context.surroundings)).transpose()?;
        let among = Among {
            store: store.as_ref(),
            app: &subject.app,
            zone: self.timezone,
            now: context.now,
            progress: context.ui,
        };
        select(wanted, among)
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
            "undo": undo,
        });
        context.ui.result_path(&result, &restored.database)?;
        Ok(Exit::Done)
    }
}

/// A snapshot as a file of this machine.
struct Chosen {
    path: PathBuf,
    /// What it is called: where it came from.
    name: PathBuf,
    _kept: Kept,
}

/// What keeps a file that is not the user's own.
#[expect(dead_code, reason = "it is kept for as long as the file is used")]
enum Kept {
    Nothing,
    Spooled(input::Spooled),
    Fetched(Fetched),
}

/// Whether a file of this form can hold a database.
fn may_hold_database(form: Form) -> bool {
    matches!(form, Form::Sqlite | Form::Compressed(_) | Form::Age)
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
