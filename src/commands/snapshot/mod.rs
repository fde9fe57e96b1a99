//! `larder snapshot`

pub mod attached;
mod file;
mod show;
mod stores;

use super::configuration::Subject;
use super::hooks::{self, Told};
use super::keep::Keep;
use super::keys::{EncryptArgs, KeyArgs, KeySettings, warn_of_keys_beside};
use super::shelf::Failures;
use super::{Context, store, text};
use crate::exit::Exit;
use crate::ui::Ui;
use anyhow::Result;
use clap::{Args, ValueEnum};
use larder::database::check::Depth;
use larder::error::Fault;
use larder::snapshot::create::{Options, WantFiles};
use larder::snapshot::zone::Zone;
use larder::snapshot::{IfDamaged, Kind};
use larder::stream::age::{Keys, Lock};
use larder::stream::{Compression, Level};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Write a verified, compressed copy of a database with a manifest
///
/// The copy is consistent while the application writes, compact, and free of what was deleted. It is checked, packed
/// and read back before it gets its name; a snapshot that fails leaves nothing. It is a plain gzipped SQLite file:
/// gunzip and sqlite3 are enough to use it.
#[derive(Debug, Args)]
pub struct Snapshot {
    /// The database [default: the one that larder.toml names]
    database: Option<PathBuf>,
    /// The folder that takes it, or the URL of a remote store [default: that of larder.toml, or the folder backups
    /// beside the database]
    #[arg(long, value_name = "STORE", alias = "store", conflicts_with = "output")]
    to: Option<PathBuf>,
    /// Another store that gets it too; may be given several times. One that fails does not keep the others from it
    #[arg(long, value_name = "STORE", conflicts_with = "output")]
    also_to: Vec<PathBuf>,
    /// Make the store where there is none, which is done without it only beside the database, or by hand at a terminal
    #[arg(long, conflicts_with = "output")]
    create: bool,
    #[command(flatten)]
    app: store::App,
    /// Take one of every application that has settings in ~/.config/larder; one that fails does not keep the others from it
    #[arg(long, conflicts_with_all = ["database", "to", "also_to", "output", "name"])]
    all: bool,
    /// Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["if_changed", "prune"])]
    output: Option<PathBuf>,
    /// Overwrite the file of --output
    #[arg(long, requires = "output")]
    force: bool,
    /// Why it is taken
    #[arg(long, value_enum, default_value = "manual")]
    kind: Reason,
    /// How to compress [default: gzip, or what the name of --output says]
    #[arg(long, value_enum, value_name = "CODEC")]
    compress: Option<Codec>,
    /// How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]
    #[arg(long, value_name = "N")]
    level: Option<Level>,
    /// How thoroughly to check the copy: full compares every index with its table, quick does not [default: full]
    #[arg(long, value_enum)]
    drill: Option<DrillDepth>,
    /// Take the files that belong to the database too, as [files] of larder.toml or of a known application says [default: where
    /// your larder.toml has [files]]
    #[arg(long, conflicts_with = "output")]
    files: bool,
    /// Take the database alone
    #[arg(long, conflicts_with = "files")]
    no_files: bool,
    /// How to verify what was uploaded to a remote store [default: auto]
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "output")]
    verify: Option<store::Verify>,
    /// Keep it whatever the keep rules say
    #[arg(long, conflicts_with = "output")]
    pin: bool,
    /// Make none where the newest snapshot holds the same, and note there that it still does
    #[arg(long)]
    if_changed: bool,
    /// Make one of a database without tables or rows although the newest snapshot has rows, which the keep rules may then
    /// delete
    #[arg(long, conflicts_with = "output")]
    allow_empty: bool,
    /// Exit with 3 where the snapshot is suspicious, as its tables lost many rows since the one before
    #[arg(long, conflicts_with = "output")]
    strict: bool,
    /// Keep what can be copied of a damaged database, marked as damaged
    #[arg(long)]
    keep_damaged: bool,
    /// Afterwards, delete the snapshots of this application that the rules below, or those of larder.toml, do not keep
    #[arg(long)]
    prune: bool,
    /// With --prune: do not ask. Without a terminal, --prune itself is the answer
    #[arg(short, long, requires = "prune")]
    yes: bool,
    /// With --prune: the zone in which days begin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
    #[command(flatten)]
    keep: Keep,
    #[command(flatten)]
    encrypt: EncryptArgs,
    #[command(flatten)]
    keys: KeyArgs,
}

/// Why something is taken.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Reason {
    /// By hand
    Manual,
    /// By a schedule
    Scheduled,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DrillDepth {
    Full,
    Quick,
}

impl Reason {
    /// As manifests have it.
    pub fn kind(self) -> Kind {
        match self {
            Self::Manual => Kind::Manual,
            Self::Scheduled => Kind::Scheduled,
        }
    }
}

impl From<DrillDepth> for Depth {
    fn from(depth: DrillDepth) -> Self {
        match depth {
            DrillDepth::Full => Self::Full,
            DrillDepth::Quick => Self::Quick,
        }
    }
}

/// A compression as an option.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Codec {
    Gzip,
    Zstd,
    None,
}

impl From<Codec> for Compression {
    fn from(codec: Codec) -> Self {
        match codec {
            Codec::Gzip => Self::Gzip,
            Codec::Zstd => Self::Zstd,
            Codec::None => Self::None,
        }
    }
}

/// The level, or the codec's default; one that the codec does not have is an error.
pub fn level_of(compression: Compression, level: Option<Level>) -> Result<Level> {
    let levels = compression.levels();
    match level {
        None => Ok(compression.default_level()),
        Some(level) if levels.contains(&level) => Ok(level),
        Some(_) if compression == Compression::None => {
            Err(Fault::usage("--level is for compressed files, and this one is not").into())
        }
        Some(level) => Err(Fault::usage(format!("there is no level {level} of this compression"))
            .hint(format!("choose {} to {}", levels.start(), levels.end()))
            .into()),
    }
}

/// What a snapshot came to.
struct Done {
    /// Where it is.
    path: PathBuf,
    /// What is printed for programs.
    result: Value,
    /// Why it is suspicious.
    suspicion: Option<String>,
    /// Whether that is because something that the settings require is not so.
    is_unmet: bool,
    /// The stores that it did not get into, and those that could not be pruned.
    failures: Failures,
}

impl Snapshot {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        if self.all {
            return self.of_all(context);
        }
        let subject = Subject::to_write(self.database.as_deref(), &self.app, context)?;
        let (result, exit) = self.of_one(&subject, context)?;
        if context.ui.wants_json() {
            Ui::print_json(&result)?;
        }
        Ok(exit)
    }

    /// Takes one of every application that has settings.
    fn of_all(&self, context: &Context<'_>) -> Result<Exit> {
        let apps = context.places.apps();
        if apps.is_empty() {
            return Err(super::shelf::nobody().into());
        }
        let (mut results, mut failures, mut worst) = (Map::new(), Failures::default(), Exit::Done);
        for app in apps {
            let work = || {
                let subject = Subject::of_settings(context.places.of_app(&app)?, &app)?;
                self.of_one(&subject, context)
            };
            if let Some((result, exit)) = failures.attempt(&app, context, work)? {
                results.insert(app, result);
                worst = match (worst, exit) {
                    (Exit::Done, exit) | (Exit::Problems, exit @ Exit::Failed) => exit,
                    (worst, _) => worst,
                };
            }
        }
        if context.ui.wants_json() {
            Ui::print_json(&json!({ "apps": results, "failed": failures.describe() }))?;
        }
        Ok(if failures.is_empty() { worst } else { Exit::Failed })
    }

    /// Takes one of an application, with its hooks around.
    fn of_one(&self, subject: &Subject, context: &Context<'_>) -> Result<(Value, Exit)> {
        if !self.prune && !subject.config.snapshot.prune {
            self.keep.refuse_without_prune()?;
        }
        let work = || {
            // A hook may have taken its time, and so may the application before.
            let context = Context { now: super::now()?, ..context.clone() };
            match &self.output {
                Some(output) => self.to_file(output, subject, &context),
                None => self.to_stores(subject, &context),
            }
        };
        let told = |done: &Done| {
            let mut variables = vec![("LARDER_SNAPSHOT", text(&done.path))];
            variables.extend(done.suspicion.clone().map(|why| ("LARDER_SUSPICIOUS", why)));
            let is_wrong = done.is_unmet || self.strict;
            let suspicion = done.suspicion.as_ref().map(|why| format!("the snapshot is suspicious: {why}"));
            let made = format!("snapshot {}", done.path.display());
            let sentence = suspicion.as_ref().map_or(made.clone(), |why| format!("{made}; {why}"));
            let failure = done.failures.text().or_else(|| suspicion.filter(|_| is_wrong));
            Told { variables, failure, sentence }
        };
        let (done, exit) = hooks::around(subject.into(), "snapshot", context, work, told)?;
        let exit = match exit {
            _ if !done.failures.is_empty() => Exit::Failed,
            // What the settings require is no guess.
            Exit::Done if done.is_unmet || self.strict && done.suspicion.is_some() => Exit::Problems,
            exit => exit,
        };
        Ok((done.result, exit))
    }

    fn options<'a>(
        &self,
        subject: &'a Subject,
        compression: Compression,
        locks: &'a Locks<'a>,
        files: Option<&'a WantFiles<'a>>,
        context: &'a Context<'_>,
    ) -> Result<Options<'a>> {
        let settings = &subject.config.snapshot;
        // A level is one of the codec that it stands beside.
        let settings_level =
            settings.level.filter(|_| compression == settings.compress.unwrap_or(Compression::Gzip));
        let depth = self.drill.map(Depth::from).or(settings.drill);
        let keep_damaged = self.keep_damaged || settings.keep_damaged;
        Ok(Options {
            app: &subject.app,
            app_is_certain: subject.app_is_said,
            kind: self.kind.kind(),
            now: context.now,
            compression,
            level: level_of(compression, self.level.or(settings_level))?,
            lock: locks.lock.as_ref(),
            keys: &locks.keys,
            depth: depth.unwrap_or(Depth::Full),
            if_damaged: if keep_damaged { IfDamaged::KeepAnything } else { IfDamaged::Refuse },
            files,
            pinned: self.pin,
            allow_empty: self.allow_empty,
            if_changed: self.if_changed || settings.if_changed,
            limits: Some(&subject.config.check.max_row_loss),
            require: &subject.config.check.require,
            state: locks.state.as_deref(),
            in_use: false,
            replaced_by: None,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        })
    }

    /// The compression of what is not named.
    fn compression(&self, subject: &Subject) -> Compression {
        let settings = subject.config.snapshot.compress;
        self.compress.map(Compression::from).or(settings).unwrap_or(Compression::Gzip)
    }

    /// Says so where what opens a snapshot lies beside it.
    fn warn(&self, snapshot: &Path, locks: &Locks<'_>, context: &Context<'_>) {
        if let Some(lock) = &locks.lock {
            warn_of_keys_beside(snapshot, lock, &self.keys, &locks.settings, context);
        }
    }
}

/// Whom a snapshot is encrypted for, and what opens it.
struct Locks<'a> {
    lock: Option<Lock>,
    keys: Keys<'a>,
    settings: KeySettings,
    /// Where this machine remembers the rows of what is encrypted.
    state: Option<PathBuf>,
}
