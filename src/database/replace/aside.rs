//! Moving a database aside, with everything beside it, and another in its place.
//!
//! The files go into a folder `NAME.aside-TIME` next to the database, under their own names, so that they open
//! there as they did here. A record in the folder says what is to move before anything moves; whoever is killed
//! in between leaves it, and [`resume`] finishes the work. Sidecars move first and the database last, and what
//! comes in comes in the same order: SQLite never finds a database beside a log that is not its own.

mod finish;
mod holders;
mod record;

pub use holders::is_held;
pub use record::Record;

use super::super::sidecar;
use super::new_file::{NewFile, prepare};
use crate::error::Fault;
use crate::files;
use crate::patience::Patience;
use crate::progress::Progress;
use crate::stream::Digest;
use anyhow::Result;
use chrono::{DateTime, Utc};
use finish::finish;
use holders::refuse_holders;
use record::{INCOMING, Moved, NEW_RECORD, RECORD, folders, new_folder, read_record, write_record};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A database that was moved aside.
#[derive(Debug, Clone)]
pub struct Aside {
    /// The folder that it is in.
    pub folder: PathBuf,
    /// What was moved and why.
    pub record: Record,
}

impl Aside {
    /// The file that says what was moved.
    pub fn record_file(&self) -> PathBuf {
        self.folder.join(RECORD)
    }
}

/// What takes the place of a database that is moved aside.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A finished file on the same file system, which nobody has open.
    Staged(&'a Path, NewFile),
    /// What was moved aside earlier.
    Back(&'a Aside),
}

/// What a record says of what takes the place.
#[derive(Debug, Clone)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// The name of what is put in place.
    pub restored: String,
    /// Its content digest, where known.
    pub content_sha256: Option<Digest>,
    /// Its place in the order of what an undo goes back through.
    pub sequence: u64,
    /// Whether it is an undo.
    pub is_undo: bool,
}

/// Moves what is at `target` aside and puts something else in its place. Nobody may have the database open.
pub fn swap(
    target: &Path,
    incoming: &Incoming<'_>,
    note: Note,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<Aside> {
    refuse_holders(target)?;
    let moved = files_at(target)?;
    if let Incoming::Staged(staged, new) = incoming {
        prepare(staged, target, *new, patience, progress)?;
    }
    let folder = new_folder(target, note.at)?;
    let swapped = begin(target, &folder, incoming, moved, note).and_then(|record| {
        let mut aside = Aside { folder: folder.clone(), record };
        finish(target, &mut aside, progress).map(|()| aside)
    });
    swapped.map_err(|error| {
        // Where nothing has moved, nothing stays behind. Else the next run finishes it.
        match abandon(target, &folder) {
            Ok(()) if !is_pending(target).unwrap_or(true) => error,
            _ => half_way(error, target, &folder),
        }
    })
}

/// Says where what was there lies, and what to do.
fn half_way(error: anyhow::Error, target: &Path, folder: &Path) -> anyhow::Error {
    let (target, folder) = (target.display(), folder.display());
    let message = format!("it was interrupted while files moved: what was at {target} is in {folder}");
    error.context(Fault::failed(message).hint("run the restore again: it finishes what was begun"))
}

/// Writes down what is about to move.
fn begin(
    target: &Path,
    folder: &Path,
    incoming: &Incoming<'_>,
    moved: Vec<Moved>,
    note: Note,
) -> Result<Record> {
    let parent = files::folder_of(target);
    let coming = match incoming {
        Incoming::Staged(staged, _) => {
            let waiting = folder.join(INCOMING);
            files::create_folder(&waiting)?;
            files::give_to_owner_of(folder, &waiting)?;
            let kept = waiting.join(file_name(target)?);
            files::rename(staged, &kept)?;
            files::sync_folder(&waiting)?;
            vec![(relative(&kept, &parent), file_name(target)?)]
        }
        Incoming::Back(aside) => {
            let from =
                |moved: &Moved| (relative(&aside.folder.join(&moved.name), &parent), moved.name.clone());
            aside.record.files.iter().map(from).collect()
        }
    };
    let record = Record::new(moved, coming, note);
    write_record(folder, &record)?;
    files::sync_folder(&parent)?;
    Ok(record)
}

/// Takes back what was written down, if nothing has moved yet.
fn abandon(target: &Path, folder: &Path) -> Result<()> {
    if let Some(record) = read_record(folder, target)? {
        if record.done || !moved_into(folder, &record)?.is_empty() {
            return Ok(());
        }
        files::remove(&folder.join(RECORD))?;
    }
    discard_unbegun(folder)
}

/// Finishes what a killed process began. Returns what was moved aside, where there was something to finish.
pub fn resume(target: &Path, progress: &dyn Progress) -> Result<Option<Aside>> {
    let mut finished = None;
    for folder in folders(target)? {
        match read_record(&folder, target)? {
            None => discard_unbegun(&folder)?,
            Some(record) if record.done => {}
            Some(record) if is_outdated(target, &folder, &record)? => abandon(target, &folder)?,
            Some(record) => {
                refuse_holders(target)?;
                let mut aside = Aside { folder, record };
                finish(target, &mut aside, progress)?;
                finished = Some(aside);
            }
        }
    }
    Ok(finished)
}

/// Whether nothing has moved yet, and what is there is not what was to move: somebody has put another database there.
fn is_outdated(target: &Path, folder: &Path, record: &Record) -> Result<bool> {
    if !moved_into(folder, record)?.is_empty() {
        return Ok(false);
    }
    Ok(files_at(target)? != record.files)
}

/// Notes that what was moved aside is not what was there before the last restore.
pub fn supersede(mut aside: Aside) -> Result<()> {
    aside.record.superseded = true;
    write_record(&aside.folder, &aside.record)
}

/// Whether a killed process left something to finish.
pub fn is_pending(target: &Path) -> Result<bool> {
    for folder in folders(target)? {
        if read_record(&folder, target)?.is_some_and(|record| !record.done) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was moved aside and is still there.
pub fn all(target: &Path) -> Result<Vec<Aside>> {
    let mut found = Vec::new();
    for folder in folders(target)? {
        let Some(record) = read_record(&folder, target)?.filter(|record| record.done) else { continue };
        if moved_into(&folder, &record)?.len() == record.files.len() {
            found.push(Aside { folder, record });
        }
    }
    Ok(found)
}

/// Those of the files that were to move aside that have.
fn moved_into<'a>(folder: &Path, record: &'a Record) -> Result<Vec<&'a Moved>> {
    let mut there = Vec::new();
    for moved in &record.files {
        there.extend(files::is_there(&folder.join(&moved.name))?.then_some(moved));
    }
    Ok(there)
}

fn files_at(target: &Path) -> Result<Vec<Moved>> {
    let mut moved = Vec::new();
    for path in sidecar::present(target)?.into_iter().chain([target.to_owned()]) {
        moved.extend(Moved::at(&path)?);
    }
    Ok(moved)
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Fault::failed(format!("the name of {} is not UTF-8", path.display())))?;
    Ok(name.to_owned())
}

fn relative(path: &Path, parent: &Path) -> PathBuf {
    path.strip_prefix(parent).unwrap_or(path).to_owned()
}

/// A folder without a record is one that a process was killed over before it moved anything: all that can be in
/// it is the copy that was to come in, which can be made again.
fn discard_unbegun(folder: &Path) -> Result<()> {
    let incoming = folder.join(INCOMING);
    let is_ours = |name: &OsStr| name == INCOMING || name == NEW_RECORD;
    if !files::entries(folder)?.iter().all(|entry| is_ours(&entry.file_name())) {
        return Ok(());
    }
    if files::is_there(&incoming)? {
        for entry in files::entries(&incoming)? {
            files::remove(&entry.path())?;
        }
        files::remove_folder(&incoming)?;
    }
    files::remove(&folder.join(NEW_RECORD))?;
    files::remove_folder(folder)
}
