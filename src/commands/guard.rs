//! `larder guard`: a snapshot, a command that may go wrong, and what it came to.

mod compare;
mod run;

use super::configuration::Subject;
use super::snapshot::attached::of_settings;
use super::{Context, shell_word, store, text};
use crate::exit::{self, Exit};
use crate::ui::Ui;
use anyhow::Result;
use clap::Args;
use compare::Found;
use larder::database::check::Depth;
use larder::error::{Kind as ErrorKind, hint, kind};
use larder::files;
use larder::progress::Progress;
use larder::snapshot::attached::PutBack;
use larder::snapshot::create::{self, Created, Options, Snapshot};
use larder::snapshot::restore::{self, RestoreOptions};
use larder::snapshot::{IfDamaged, Kind};
use larder::store::{Folder, Store};
use larder::stream::Compression;
use larder::stream::age::Keys;
use rusqlite::Connection;
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Take a snapshot of a database, run a command such as an upgrade, and say what it changed
///
/// The command failed where its exit code is not 0, or where afterwards the database is damaged, has foreign keys that lead nowhere
/// and did not before, or is not what [check] require requires. What it changed otherwise is told and never undone. The exit
/// code is the command's own; 3 where that is 0 and the database is not as it should be; 125 where larder failed before it
/// ran, 126 and 127 where it could not be run.
#[derive(Debug, Args)]
#[command(override_usage = "larder guard [OPTIONS] [DATABASE] -- COMMAND…")]
pub struct Guard {
    /// The database [default: the one that larder.toml names]
    database: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// Put the snapshot back where the command failed; what it left is kept, so that larder restore --undo brings it back
    #[arg(long)]
    undo_on_failure: bool,
    /// The command with its arguments; its environment names the database and the snapshot
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What is kept for the way back.
struct Kept {
    subject: Subject,
    database: PathBuf,
    snapshot: Snapshot,
}

impl Guard {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let kept = match self.keep(context) {
            Ok(kept) => kept,
            Err(error) if kind(&error) == ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                exit::failure(&error, context.ui);
                return Ok(Exit::Command(NOT_BEGUN));
            }
        };
        let path = kept.snapshot.location.to_path();
        context.ui.say(&format!("what is there is kept in {}", path.display()));
        let variables = [("LARDER_DATABASE", kept.database.as_path()), ("LARDER_SNAPSHOT", path.as_path())];
        let code = match run::run(&self.command, &variables, context) {
            Ok(code) => code,
            Err(error) => {
                exit::failure(&error, context.ui);
                return Ok(Exit::Command(run::code_of(&error)));
            }
        };
        // The command may have taken its time.
        let context = Context { now: super::now()?, ..context.clone() };
        let finished = self.finish(&kept, code, &context);
        finished.map_or_else(
            |error| {
                exit::failure(&error, context.ui);
                Ok(if code == 0 { Exit::Failed } else { Exit::Command(code) })
            },
            Ok,
        )
    }

    /// Takes the snapshot: plain, in a folder of this machine, so that nothing else is needed for the way back.
    fn keep(&self, context: &Context<'_>) -> Result<Kept> {
        let subject = Subject::of(self.database.as_deref(), &self.app, context)?;
        let database = files::resolve(&subject.database)?;
        let store = Store::from(Folder::create(&subject.safety_store()?)?);
        let keys = Keys::none();
        let files = |copy: &Connection| of_settings(copy, &subject);
        let options = Options {
            app: &subject.app,
            app_is_certain: subject.app_is_said,
            kind: Kind::Manual,
            now: context.now,
            compression: Compression::Gzip,
            level: Compression::Gzip.fast_level(),
            lock: None,
            keys: &keys,
            depth: Depth::Full,
            if_damaged: IfDamaged::Refuse,
            files: Some(&files),
            pinned: false,
            // It is what there is before the command.
            allow_empty: true,
            if_changed: false,
            limits: Some(&subject.config.check.max_row_loss),
            require: &subject.config.check.require,
            state: None,
            in_use: false,
            replaced_by: None,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let created = create::in_store(&database, &store, &options)?;
        match created {
            Created::New(snapshot) => Ok(Kept { subject, database, snapshot: *snapshot }),
            Created::Unchanged { newest, .. } => anyhow::bail!("{newest} was not made anew"),
        }
    }

    /// Compares, says what was found, and goes back where that is wanted.
    fn finish(&self, kept: &Kept, code: u8, context: &Context<'_>) -> Result<Exit> {
        let snapshot = kept.snapshot.location.to_path();
        let undo = format!("larder restore {} {}", shell_word(&snapshot), shell_word(&kept.database));
        let found =
            compare::compare(&snapshot, &kept.snapshot.manifest, &kept.database, &kept.subject, context);
        let mut found = found.inspect_err(|_| context.ui.alarm(&format!("to undo: {undo}")))?;
        found.differences.iter().for_each(|line| context.ui.say(line));
        found.failures.iter().for_each(|failure| context.ui.alarm(failure));
        if code != 0 {
            context.ui.alarm(&format!("the command failed with exit code {code}"));
        }
        let has_failed = code != 0 || !found.failures.is_empty();
        let undone = has_failed && self.undo_on_failure && went_back(&snapshot, kept, context);
        if undone {
            context.ui.alarm(&format!("{} is what it was before the command", kept.database.display()));
        } else if has_failed {
            context.ui.alarm(&format!("to undo: {undo}"));
        } else {
            context.ui.say(&format!("to undo: {undo}"));
        }
        if context.ui.wants_json() {
            print(&mut found, code, (&snapshot, &undo, undone), kept)?;
        }
        Ok(match code {
            0 if found.failures.is_empty() => Exit::Done,
            0 => Exit::Problems,
            code => Exit::Command(code),
        })
    }
}

/// The exit code where larder failed before the command.
pub const NOT_BEGUN: u8 = 125;

fn print(
    found: &mut Found,
    code: u8,
    (snapshot, undo, undone): (&Path, &str, bool),
    kept: &Kept,
) -> Result<()> {
    Ui::print_json(&json!({
        "command": { "code": code },
        "database": text(&kept.database),
        "snapshot": text(snapshot),
        "failures": found.failures,
        "differences": found.described.take(),
        "undo": undo,
        "undone": undone,
    }))
}

/// Puts the snapshot back, and says why where that fails.
fn went_back(snapshot: &Path, kept: &Kept, context: &Context<'_>) -> bool {
    let gone_back = go_back(snapshot, kept, context);
    if let Err(error) = &gone_back {
        context.ui.error(&format!("it is not undone: {error:#}"), hint(error).as_deref());
    }
    gone_back.is_ok()
}

/// Puts the snapshot back. What the command left is kept first.
fn go_back(snapshot: &Path, kept: &Kept, context: &Context<'_>) -> Result<()> {
    let subject = &kept.subject;
    let (store, elsewhere, keys) =
        (subject.safety_store()?, subject.safety_stores_elsewhere(None)?, Keys::none());
    let options = RestoreOptions {
        app: &subject.app,
        store: &store,
        elsewhere: &elsewhere,
        lifetime: subject.safety_lifetime(),
        force: false,
        keep: true,
        files: PutBack::All,
        keys: &keys,
        now: context.now,
        temporary: &context.temporary,
        patience: context.patience.clone(),
        progress: context.ui,
    };
    let restored = restore::restore(snapshot, &kept.database, &options)?;
    if let Some(left) = restored.safety.as_ref().or(restored.aside.as_ref()) {
        context.ui.say(&format!("what the command left is kept in {}", left.display()));
    }
    Ok(())
}
