//! Restoring: a snapshot takes a database's place, and nothing that was there is lost.
//!
//! The snapshot is staged and verified first. What is there is kept in a safety snapshot. Then a readable target is
//! overwritten through SQLite, a missing one gets the staged file, and an unreadable one is moved aside whole.

mod application;
mod kept;
mod undo;

pub use undo::{Undone, find as find_undo, supersede, undo};

use super::manifest::JournalMode;
use super::safety::Safety;
use super::span::Span;
use super::stage::{StageOptions, Staged, stage};
use crate::database::check::is_damage;
use crate::database::content::content_digest;
use crate::database::header::Header;
use crate::database::journal_mode::enter_wal;
use crate::database::replace::{
    NewFile, StillEmpty, Target, Unguarded, as_new_file, aside, finish_interrupted, fit, in_place, look,
    refuse_interrupted, refuse_unwritable,
};
use crate::database::sidecar;
use crate::error::{Fault, Kind};
use crate::files::{self, Scratch, lock_folder};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::stream::Digest;
use crate::stream::age::Keys;
use anyhow::{Context, Result};
use application::refuse_other_application;
use chrono::{DateTime, Utc};
use kept::Kept;
use std::path::{Path, PathBuf};

/// How to restore.
#[derive(Clone)]
pub struct RestoreOptions<'a> {
    /// The application whose database it is.
    pub app: &'a str,
    /// Where the safety snapshot goes; made where it does not exist.
    pub store: &'a Path,
    /// See [`Safety::elsewhere`].
    pub elsewhere: &'a [PathBuf],
    /// See [`Safety::lifetime`].
    pub lifetime: Span,
    /// Restore what is another application's, is marked as damaged, or is not what its manifest says.
    pub force: bool,
    /// Keep what is there in a safety snapshot first.
    pub keep: bool,
    /// What opens a snapshot that is encrypted.
    pub keys: &'a Keys<'a>,
    /// The present.
    pub now: DateTime<Utc>,
    /// Where private copies of a source may be made, if there is room.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

impl<'a> RestoreOptions<'a> {
    fn staging(&self) -> StageOptions<'a> {
        StageOptions {
            force: self.force,
            keys: self.keys,
            patience: self.patience.clone(),
            progress: self.progress,
        }
    }

    /// Where its safety snapshots are.
    pub(super) fn safety(&self) -> Safety<'a> {
        Safety {
            app: self.app,
            store: self.store,
            elsewhere: self.elsewhere,
            lifetime: self.lifetime,
            now: self.now,
            temporary: self.temporary,
            patience: self.patience.clone(),
            progress: self.progress,
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Restored {
    /// The database, resolved.
    pub database: PathBuf,
    /// The snapshot that holds what was there.
    pub safety: Option<PathBuf>,
    /// The folder that holds what was there, where SQLite could not read it.
    pub aside: Option<PathBuf>,
    /// Content digest of what was there, where there is a safety snapshot.
    replaced: Option<Digest>,
}

impl Restored {
    /// Whether an undo has something to go back to.
    pub fn can_undo(&self) -> bool {
        self.safety.is_some() || self.aside.is_some()
    }
}

/// Stages and verifies a snapshot and looks whether it may be restored there, and changes nothing.
pub fn rehearse(snapshot: &Path, database: &Path, options: &RestoreOptions<'_>) -> Result<()> {
    sidecar::refuse_as_database(database)?;
    refuse_interrupted(database)?;
    let roomy = files::folder_of(database);
    let size = files::metadata(snapshot)?.map_or(0, |metadata| metadata.len());
    let scratch = Scratch::new_in(files::roomy_folder(&[options.temporary, &roomy], size.saturating_mul(4)))?;
    let staged = stage(snapshot, &scratch.file("database"), &options.staging())?;
    let target = look(database)?;
    if matches!(target, Target::Database(_) | Target::Empty) {
        refuse_unwritable(database)?;
    }
    if options.force {
        return Ok(());
    }
    refuse_other_application(snapshot, &staged, database, &target, options)
}

/// Restores a snapshot.
pub fn restore(snapshot: &Path, database: &Path, options: &RestoreOptions<'_>) -> Result<Restored> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    let lock = lock_folder(&files::folder_of(&database), &options.patience)?;
    finish_interrupted(&database, &lock, options.progress)?;
    let scratch = Scratch::new_in(&files::folder_of(&database))?;
    let staged = stage(snapshot, &scratch.file("database"), &options.staging())?;
    put(snapshot, &staged, &database, options)
        .with_context(|| format!("{} is not restored to {}", snapshot.display(), database.display()))
}

/// Puts a verified database where it belongs.
fn put(snapshot: &Path, staged: &Staged, database: &Path, options: &RestoreOptions<'_>) -> Result<Restored> {
    let target = look(database)?;
    if !options.force {
        refuse_other_application(snapshot, staged, database, &target, options)?;
    }
    let (patience, progress) = (&options.patience, options.progress);
    match target {
        Target::Missing => {
            as_new_file(&staged.path, database, new_file(staged, None), patience, progress)?;
            supersede(database, &options.safety());
            Ok(Restored { database: database.to_owned(), ..Restored::default() })
        }
        Target::Empty => {
            in_place(&staged.path, database, &mut StillEmpty::new(database, patience), patience, progress)?;
            if new_file(staged, None).wal {
                enter_wal(database, patience, progress)?;
            }
            supersede(database, &options.safety());
            Ok(Restored { database: database.to_owned(), ..Restored::default() })
        }
        Target::Leftovers | Target::Unreadable => move_aside(snapshot, staged, database, options),
        Target::Database(header) => replace(snapshot, staged, database, header, options),
    }
}

/// Overwrites a readable database, after keeping what it holds. One that turns out to be damaged is moved aside, unless
/// somebody has it open.
fn replace(
    snapshot: &Path,
    staged: &Staged,
    database: &Path,
    header: Header,
    options: &RestoreOptions<'_>,
) -> Result<Restored> {
    let fitting =
        fit(&staged.path, header.page_size, &options.patience, options.progress).map_err(|error| {
            let hint = "move the database away and restore to the empty place: --undo is then a move back";
            error.context(Fault::failed("its pages are of another size").hint(hint))
        })?;
    if !options.keep {
        return overwrite_unkept(snapshot, staged, &fitting, database, options);
    }
    let is_canonical = staged.is_canonical || fitting != staged.path;
    let content = is_canonical.then(|| content_digest(&fitting, options.progress)).transpose()?;
    let mut kept = Kept::new(snapshot, content, database, options);
    if let Err(error) = kept.keep() {
        if !is_damage(&error) {
            return Err(error);
        }
        warn_of_damage(database, &error, options);
        if !aside::is_held(database)? {
            return move_aside(snapshot, staged, database, options);
        }
        kept.keep_damaged().map_err(|error| {
            let message = format!("{} is damaged, and another program has it open", database.display());
            error.context(Fault::new(Kind::Busy, message).hint("stop that program first"))
        })?;
    }
    match in_place(&fitting, database, &mut kept, &options.patience, options.progress) {
        Ok(()) => {
            options.safety().drop_expired();
            Ok(kept.restored())
        }
        Err(error) => {
            kept.discard_if_unneeded();
            Err(error)
        }
    }
}

/// Overwrites a readable database for those who do not want to keep what it holds.
fn overwrite_unkept(
    snapshot: &Path,
    staged: &Staged,
    fitting: &Path,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<Restored> {
    match in_place(fitting, database, &mut Unguarded, &options.patience, options.progress) {
        Ok(()) => {
            supersede(database, &options.safety());
            Ok(Restored { database: database.to_owned(), ..Restored::default() })
        }
        Err(error) if is_damage(&error) => {
            warn_of_damage(database, &error, options);
            move_aside(snapshot, staged, database, options)
        }
        Err(error) => Err(error),
    }
}

fn warn_of_damage(database: &Path, error: &anyhow::Error, options: &RestoreOptions<'_>) {
    options.progress.warn(&format!("{} cannot be read: {error:#}", database.display()));
}

/// Moves what is there aside, and puts the staged file in its place.
fn move_aside(
    snapshot: &Path,
    staged: &Staged,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<Restored> {
    let was = files::metadata(database)?.as_ref().and_then(crate::platform::ownership);
    let note = aside::Note {
        at: options.now,
        restored: files::name_of(snapshot),
        content_sha256: staged
            .is_canonical
            .then(|| content_digest(&staged.path, options.progress))
            .transpose()?,
    };
    let incoming = aside::Incoming::Staged(&staged.path, new_file(staged, was));
    let moved = aside::swap(database, &incoming, note, &options.patience, options.progress)?;
    Ok(Restored { database: database.to_owned(), aside: Some(moved.folder), ..Restored::default() })
}

/// What a new file is to be like: as the one before, else as the manifest says.
fn new_file(staged: &Staged, was: Option<crate::platform::Ownership>) -> NewFile {
    let manifest = staged.manifest.as_ref();
    let recorded =
        manifest.and_then(|manifest| manifest.source.ownership()).map(crate::platform::for_new_file);
    let wal = match manifest.and_then(|manifest| manifest.contents()) {
        Some(contents) => contents.journal_mode == JournalMode::Wal,
        None => staged.wal_mode,
    };
    NewFile { wal, ownership: was.or(recorded) }
}
