//! Going back to what a restore replaced.

use super::super::catalog::{self, Entry};
use super::super::safety::Safety;
use super::super::stage::{StageOptions, stage};
use super::{RestoreOptions, Restored, put};
use crate::database::content::content_digest;
use crate::database::copy::copy;
use crate::database::replace::aside::{self, Aside, Incoming, Note};
use crate::database::replace::{finish_interrupted, refuse_interrupted};
use crate::database::{ReadOptions, Source, sidecar};
use crate::error::Fault;
use crate::files::{self, Scratch, lock_folder};
use crate::store::{Folder, Store};
use crate::stream::Digest;
use anyhow::{Context, Result};
use chrono::SubsecRound;
use std::path::{Path, PathBuf};

/// What was done.
#[derive(Debug, Clone)]
pub struct Undone {
    /// Where what is back now came from.
    pub from: PathBuf,
    /// The restore of it.
    pub restored: Restored,
    /// Whether the database was written to between the restore and the undo.
    pub written_since: bool,
}

/// What an undo would go back to.
#[derive(Debug)]
enum Before {
    Snapshot(Box<Entry>),
    Aside(Aside),
}

/// Goes back to what the last restore replaced. What is there now is kept in the same way.
pub fn undo(database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    let lock = lock_folder(&files::folder_of(&database), &options.patience)?;
    finish_interrupted(&database, &lock, options.progress)?;
    match last(&database, &options.safety())? {
        Some(Before::Snapshot(entry)) => undo_by_snapshot(&entry, &database, options),
        Some(Before::Aside(aside)) => undo_by_moving(&aside, &database, options),
        None => Err(nothing(&database, options).into()),
    }
}

/// Where an undo would go back to, for a plan that is only shown.
pub fn find(database: &Path, options: &RestoreOptions<'_>) -> Result<PathBuf> {
    let database = files::resolve(database)?;
    refuse_interrupted(&database)?;
    match last(&database, &options.safety())? {
        Some(Before::Snapshot(entry)) => Ok(entry.location.to_path()),
        Some(Before::Aside(aside)) => Ok(aside.folder),
        None => Err(nothing(&database, options).into()),
    }
}

fn nothing(database: &Path, options: &RestoreOptions<'_>) -> Fault {
    let message = format!("nothing to undo: no restore of {} left anything", database.display());
    Fault::failed(message).hint(format!(
        "safety snapshots are looked for in {}; --from names another store; larder list shows what can be restored by its name",
        options.store.display()
    ))
}

/// Notes that a restore or an import kept nothing: what earlier ones kept is not what was there before this one.
pub fn supersede(database: &Path, safety: &Safety<'_>) {
    let supersede_all = || -> Result<()> {
        while let Some(before) = last(database, safety)? {
            match before {
                Before::Snapshot(entry) => supersede_snapshot(&entry, safety)?,
                Before::Aside(aside) => aside::supersede(aside)?,
            }
        }
        Ok(())
    };
    if let Err(error) = supersede_all() {
        safety.progress.warn(&format!("an undo would go back to an earlier restore: {error:#}"));
    }
}

fn supersede_snapshot(entry: &Entry, safety: &Safety<'_>) -> Result<()> {
    let folder = files::folder_of(&entry.location.to_path());
    let store = Store::from(Folder::open(&folder)?);
    let _lock = store.lock(&safety.patience)?;
    let mut manifest = entry.manifest().expect("only a manifest makes a safety snapshot").clone();
    manifest.superseded_at = Some(safety.now.trunc_subsecs(0));
    let scratch = Scratch::new_in(&folder)?;
    store.replace_manifest(&entry.name, &manifest.to_text(), scratch.folder())
}

/// The newest of the safety snapshots of this database and of what was moved aside.
fn last(database: &Path, safety: &Safety<'_>) -> Result<Option<Before>> {
    let aside = aside::newest(database)?;
    let mut entry = last_in(safety.store, database, safety)?;
    for store in safety.elsewhere {
        match last_in(store, database, safety) {
            Ok(there)
                if there.as_ref().map(|there| &there.name) > entry.as_ref().map(|entry| &entry.name) =>
            {
                entry = there;
            }
            Ok(_) => {}
            // What is wrong with a folder that is not in use any more must not stand in the way.
            Err(error) => safety.progress.warn(&format!("{} is not looked into: {error:#}", store.display())),
        }
    }
    Ok(match (entry, aside) {
        (Some(entry), Some(aside)) if is_later(&aside, &entry)? => Some(Before::Aside(aside)),
        (Some(entry), _) => Some(Before::Snapshot(Box::new(entry))),
        (None, aside) => aside.map(Before::Aside),
    })
}

/// The newest of the safety snapshots of this database in a folder.
fn last_in(store: &Path, database: &Path, safety: &Safety<'_>) -> Result<Option<Entry>> {
    if files::metadata(store)?.is_none() {
        return Ok(None);
    }
    let entries = catalog::read(&Folder::open(store)?.into(), Some(safety.app))?;
    let path = database.to_string_lossy();
    let of_this = |entry: &Entry| {
        entry.is_safety()
            && entry.name.time <= safety.now
            && entry
                .manifest()
                .is_some_and(|manifest| manifest.superseded_at.is_none() && manifest.source.path == path)
    };
    Ok(entries.into_iter().rfind(of_this))
}

/// Whether something was moved aside after a snapshot was taken. Within a second, the file system knows.
fn is_later(aside: &Aside, entry: &Entry) -> Result<bool> {
    let at = aside.record.at.trunc_subsecs(0);
    if at != entry.name.time {
        return Ok(at > entry.name.time);
    }
    let written = |path: &Path| -> Result<_> { Ok(files::metadata(path)?.and_then(|m| m.modified().ok())) };
    Ok(written(&aside.record_file())? > written(&entry.location.to_path())?)
}

fn undo_by_snapshot(entry: &Entry, database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let scratch = Scratch::new_in(&files::folder_of(database))?;
    // What was there was damaged, if it is marked so: it goes back as it was.
    let force = options.force || entry.is_damaged();
    let stage_options = StageOptions { force, ..options.staging() };
    let snapshot = entry.location.to_path();
    let staged = stage(&snapshot, &scratch.file("database"), &stage_options)?;
    let options = RestoreOptions { force: true, ..options.clone() };
    let restored = put(&snapshot, &staged, database, &options)
        .with_context(|| format!("{} is not restored to {}", snapshot.display(), database.display()))?;
    let after = entry.manifest().and_then(|manifest| manifest.replaced_by.as_ref()?.content_sha256);
    let written_since = differs(after, restored.replaced);
    Ok(Undone { from: snapshot, restored, written_since })
}

fn undo_by_moving(aside: &Aside, database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let written_since = differs(aside.record.content_sha256, content_now(database, options));
    let note = Note { at: options.now, restored: files::name_of(&aside.folder), content_sha256: None };
    let moved = aside::swap(database, &Incoming::Back(aside), note, &options.patience, options.progress)?;
    let restored =
        Restored { database: database.to_owned(), aside: Some(moved.folder), ..Restored::default() };
    Ok(Undone { from: aside.folder.clone(), restored, written_since })
}

/// Content digest of a database as it is now; nothing where it cannot be read.
fn content_now(database: &Path, options: &RestoreOptions<'_>) -> Option<Digest> {
    let folder = files::folder_of(database);
    let read = ReadOptions {
        scratch: &[options.temporary, &folder],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let digest = || -> Result<Digest> {
        let source = Source::open(database, &read)?;
        let scratch = Scratch::new_in(files::roomy_folder(read.scratch, source.origin().size))?;
        let to = scratch.file("copy");
        copy(source.connection(), &to, &options.patience, options.progress)?;
        content_digest(&to, options.progress)
    };
    digest().ok()
}

/// Whether two digests are known and differ.
fn differs(a: Option<Digest>, b: Option<Digest>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}
