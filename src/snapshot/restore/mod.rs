//! Restoring: a snapshot takes a database's place, and nothing that was there is lost.
//!
//! The snapshot is staged and verified first. What is there is kept in a safety snapshot. Then a readable target is
//! overwritten through SQLite, a missing one gets the staged file, and an unreadable one is moved aside whole.

mod again;
mod application;
mod kept;
mod overwrite;
mod undo;

pub use super::history::supersede;
pub use undo::{Undone, find as find_undo, undo};

use super::attached::{self, Base, Old, Put, PutBack};
use super::history::next_sequence;
use super::manifest::JournalMode;
use super::safety::Safety;
use super::span::Span;
use super::stage::{StageOptions, Staged, stage};
use crate::database::connection::{self, Access};
use crate::database::journal_mode::enter_wal;
use crate::database::replace::{
    NewFile, StillEmpty, Target, Verified, as_new_file, aside, finish_interrupted, in_place, look,
    refuse_interrupted, refuse_unwritable,
};
use crate::database::sidecar;
use crate::error::{Fault, commit_failed, not_done, with_safety};
use crate::files::{self, Scratch, lock_folder};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::stream::Digest;
use crate::stream::age::Keys;
use anyhow::Result;
use application::refuse_other_application;
use chrono::{DateTime, Utc};
use overwrite::{content_as_copied, overwrite};
use rusqlite::Connection;
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
    /// Which of the files that belong to the snapshot are put back too.
    pub files: PutBack<'a>,
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

    /// Verifies the files that belong to a snapshot, and changes nothing.
    fn rehearse_files(&self, snapshot: &Path, staged: &Staged, database: &Path) -> Result<()> {
        match self.request(snapshot, staged) {
            Some(request) => request.rehearse(&self.base(snapshot, database)?, || self.open(staged)),
            None => Ok(()),
        }
    }

    /// Unpacks the files that belong to a snapshot, beside the database.
    fn stage_files(
        &self,
        snapshot: &Path,
        staged: &Staged,
        database: &Path,
    ) -> Result<Option<attached::Incoming>> {
        match self.request(snapshot, staged) {
            Some(request) => request.stage(self.base(snapshot, database)?, || self.open(staged)),
            None => Ok(None),
        }
    }

    fn request<'r>(&'r self, snapshot: &'r Path, staged: &'r Staged) -> Option<attached::Request<'r>> {
        let Some(manifest) = staged.manifest.as_ref() else {
            if let Some(archive) = attached::beside(snapshot).filter(|archive| archive.is_file()) {
                let archive = files::name_of(&archive);
                self.progress.warn(&format!(
                    "{archive} is not put back: the snapshot has no manifest that says what it is"
                ));
            }
            return None;
        };
        let (which, keys, progress) = (self.files, self.keys, self.progress);
        Some(attached::Request { snapshot, manifest, which, keys, progress })
    }

    fn base(&self, snapshot: &Path, database: &Path) -> Result<Base> {
        let stores = self.elsewhere.iter().cloned();
        let stores: Vec<PathBuf> =
            stores.chain([self.store.to_owned(), files::folder_of(snapshot)]).collect();
        Ok(Base::of(&files::resolve(database)?, &stores))
    }

    fn open(&self, staged: &Staged) -> Result<Connection> {
        connection::open(&staged.path, Access::ReadOnly, &self.patience)
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
    /// The files that were put back with it.
    pub files: Option<Put>,
    /// Content digest of what was there, where there is a safety snapshot.
    replaced: Option<Digest>,
    /// Whether a safety snapshot that was made for this has the files that were there.
    keeps_files: bool,
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
    options.rehearse_files(snapshot, &staged, database)?;
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
    let files = options.stage_files(snapshot, &staged, &database);
    let files = files.map_err(|error| not_restored(error, snapshot, &database))?;
    let incoming = Incoming { snapshot, staged: &staged, files: files.as_ref(), is_undo: false };
    put_all(incoming, &database, options).map_err(|error| not_restored(error, snapshot, &database))
}

/// Puts a verified database where it belongs, then the files that belong to it.
fn put_all(incoming: Incoming<'_>, database: &Path, options: &RestoreOptions<'_>) -> Result<Restored> {
    let mut restored = put(incoming, database, options)?;
    let Some(files) = incoming.files else { return Ok(restored) };
    let goes = restored.keeps_files || !options.keep;
    let old = if goes { Old::Goes } else { Old::Stays };
    let put = files.put(old, options.now, options.progress).map_err(|error| {
        let name = database.display();
        let hint = "larder restore --undo goes back; or run the same again";
        error.context(Fault::failed(format!("{name} is restored, but not its files")).hint(hint))
    });
    restored.files = Some(put?);
    Ok(restored)
}

/// Says of an error that a snapshot is not restored, or that nobody knows.
fn not_restored(error: anyhow::Error, snapshot: &Path, database: &Path) -> anyhow::Error {
    let error = match commit_failed(&error) {
        Some(failed) if failed.safety.is_none() => with_safety(error, database, None),
        _ => error,
    };
    not_done(error, snapshot.display(), format_args!("restored to {}", database.display()))
}

/// A verified snapshot that is about to be restored.
#[derive(Clone, Copy)]
struct Incoming<'a> {
    snapshot: &'a Path,
    staged: &'a Staged,
    /// The files that belong to it.
    files: Option<&'a attached::Incoming>,
    /// It goes back to what a restore or an import replaced.
    is_undo: bool,
}

/// Puts a verified database where it belongs.
fn put(incoming: Incoming<'_>, database: &Path, options: &RestoreOptions<'_>) -> Result<Restored> {
    let Incoming { snapshot, staged, .. } = incoming;
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
            let verified = Verified { path: &staged.path, content: staged.content };
            in_place(verified, database, &mut StillEmpty::new(database, patience), patience, progress)?;
            if new_file(staged, None).wal
                && let Err(error) = enter_wal(database, patience, progress)
            {
                progress.warn(&format!("{} is not in WAL mode: {error:#}", database.display()));
            }
            supersede(database, &options.safety());
            Ok(Restored { database: database.to_owned(), ..Restored::default() })
        }
        Target::Leftovers | Target::Unreadable => move_aside(incoming, database, options),
        Target::Database(header) => overwrite(incoming, database, header, options),
    }
}

/// Moves what is there aside, and puts the staged file in its place.
fn move_aside(incoming: Incoming<'_>, database: &Path, options: &RestoreOptions<'_>) -> Result<Restored> {
    let Incoming { snapshot, staged, is_undo, .. } = incoming;
    let was = files::metadata(database)?.as_ref().and_then(crate::platform::ownership);
    let note = aside::Note {
        at: options.now,
        restored: files::name_of(snapshot),
        content_sha256: content_as_copied(staged, &options.staging())?,
        sequence: next_sequence(database, &options.safety())?,
        is_undo,
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
