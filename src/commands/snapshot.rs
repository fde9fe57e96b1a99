//! `larder snapshot`

mod say;

use super::configuration::Subject;
use super::keep::Keep;
use super::keys::{EncryptArgs, KeyArgs, KeySettings, warn_of_keys_beside};
use super::{Context, hooks, prune as prune_command, store, text};
use crate::exit::Exit;
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use larder::database::check::Depth;
use larder::error::Fault;
use larder::snapshot::create::{self, Created, Options};
use larder::snapshot::prune::{self, Rules};
use larder::snapshot::zone::Zone;
use larder::snapshot::{IfDamaged, Kind};
use larder::store::{Location, SnapshotName, Store, Surroundings};
use larder::stream::age::{Keys, Lock};
use larder::stream::{Compression, Level};
use say::{path_of, print_json, show};
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
    #[command(flatten)]
    app: store::App,
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
    /// How to verify what was uploaded to a remote store
    #[arg(long, value_enum, value_name = "HOW", default_value = "auto", conflicts_with = "output")]
    verify: store::Verify,
    /// Make none where the newest snapshot holds the same, and note there that it still does
    #[arg(long)]
    if_changed: bool,
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reason {
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

impl Snapshot {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let subject = Subject::to_write(self.database.as_deref(), &self.app, context)?;
        let prunes = self.output.is_none() && (self.prune || subject.config.snapshot.prune);
        let rules = if prunes {
            Some(self.keep.rules(&subject.config.retention, self.timezone, context.now)?)
        } else {
            self.keep.refuse_without_prune()?;
            None
        };
        let work = || match &self.output {
            Some(output) => self.to_file(output, &subject, context),
            None => self.to_store(&subject, rules.as_ref(), context),
        };
        let made = |path: &PathBuf| vec![("LARDER_SNAPSHOT", text(path))];
        Ok(hooks::around(&subject, "snapshot", context, work, made)?.1)
    }

    fn options<'a>(
        &self,
        subject: &'a Subject,
        compression: Compression,
        locks: &'a Locks<'a>,
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
            kind: match self.kind {
                Reason::Manual => Kind::Manual,
                Reason::Scheduled => Kind::Scheduled,
            },
            now: context.now,
            compression,
            level: level_of(compression, self.level.or(settings_level))?,
            lock: locks.lock.as_ref(),
            keys: &locks.keys,
            depth: depth.unwrap_or(Depth::Full),
            if_damaged: if keep_damaged { IfDamaged::KeepAnything } else { IfDamaged::Refuse },
            if_changed: self.if_changed || settings.if_changed,
            in_use: false,
            replaced_by: None,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        })
    }

    fn to_file(&self, output: &Path, subject: &Subject, context: &Context<'_>) -> Result<PathBuf> {
        let settings = KeySettings::of(&subject.config);
        let keys = self.keys.keys(&settings, context)?;
        let (file, compression, lock) = if output.is_dir() {
            let lock = self.encrypt.lock(&self.keys, &settings, context)?;
            let compression = self.compression(subject);
            let mut name = SnapshotName::new(&subject.app, context.now, compression);
            name.encrypted = lock.is_some();
            (output.join(name.file_name()), compression, lock)
        } else {
            refuse_unwritable(output)?;
            let lock = self.encrypt.lock_of(Some(output), false, &self.keys, &settings, context)?;
            let named = Compression::by_name(output);
            (output.to_owned(), self.compress.map_or(named, Compression::from), lock)
        };
        let locks = Locks { lock, keys, settings };
        let options = self.options(subject, compression, &locks, context)?;
        let made = create::in_file(&subject.database, &file, self.force, &options)?;
        let made = Created::New(Box::new(made));
        print_json(&show(&made, context)?, context)?;
        self.warn(&file, &locks, context);
        Ok(path_of(&made))
    }

    /// The compression of what is not named.
    fn compression(&self, subject: &Subject) -> Compression {
        let settings = subject.config.snapshot.compress;
        self.compress.map(Compression::from).or(settings).unwrap_or(Compression::Gzip)
    }

    fn to_store(&self, subject: &Subject, rules: Option<&Rules>, context: &Context<'_>) -> Result<PathBuf> {
        let store = subject.store(self.to.as_deref())?;
        // A store is not made for a database that is not there.
        larder::files::require_file(&subject.database)?;
        let settings = KeySettings::of(&subject.config);
        let keys = self.keys.keys(&settings, context)?;
        let lock = self.encrypt.lock(&self.keys, &settings, context)?;
        let locks = Locks { lock, keys, settings };
        let surroundings = Surroundings { verify: self.verify.into(), ..context.surroundings.clone() };
        let store = Store::create(&store, &surroundings)?;
        let options = self.options(subject, self.compression(subject), &locks, context)?;
        let created = create::in_store(&subject.database, &store, &options)?;
        // The path is out before a question is asked, and before pruning can fail.
        let mut result = show(&created, context)?;
        if store.location().path().is_some() {
            self.warn(&path_of(&created), &locks, context);
        }
        if let Some(rules) = rules {
            let plan = self.prune(subject, &store, rules, context).context("the snapshot is made, but")?;
            context.ui.say(&prune_command::summary(&plan, "removed"));
            result["prune"] = prune_command::describe(&plan);
        }
        print_json(&result, context)?;
        Ok(path_of(&created))
    }

    /// Says so where what opens a snapshot lies beside it.
    fn warn(&self, snapshot: &Path, locks: &Locks<'_>, context: &Context<'_>) {
        if let Some(lock) = &locks.lock {
            warn_of_keys_beside(snapshot, lock, &self.keys, &locks.settings, context);
        }
    }

    fn prune(
        &self,
        subject: &Subject,
        store: &Store,
        rules: &Rules,
        context: &Context<'_>,
    ) -> Result<prune::Plan> {
        let app = Some(subject.app.as_str());
        let plan = prune::plan(store, app, rules)?;
        // Who writes it into the settings means it each time.
        let yes = self.yes || subject.config.snapshot.prune || !crate::ui::is_interactive();
        prune_command::carry_out(store, app, rules, &plan, yes, context)
    }
}

/// Whom a snapshot is encrypted for, and what opens it.
struct Locks<'a> {
    lock: Option<Lock>,
    keys: Keys<'a>,
    settings: KeySettings,
}

fn refuse_unwritable(file: &Path) -> Result<()> {
    if Location::of(file)?.path().is_none() {
        return Err(Fault::usage("-o writes a file of this machine")
            .hint("--to takes the URL of a remote store")
            .into());
    }
    if file == Path::new("-") {
        return Err(Fault::usage(
            "a snapshot is read back before it counts, so it cannot go to the standard output",
        )
        .hint("name a file: -o FILE.db.gz")
        .into());
    }
    Ok(())
}
