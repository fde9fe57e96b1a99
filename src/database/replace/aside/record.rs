//! The folder of a database that was moved aside, and the record in it.

use super::super::super::sidecar::Sidecar;
use super::{Note, file_name};
use crate::error::Fault;
use crate::files;
use crate::platform;
use crate::stream::Digest;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const VERSION: u32 = 1;
/// The record of what was moved.
pub(super) const RECORD: &str = "larder-record.json";
/// The record while it is being written.
pub(super) const NEW_RECORD: &str = "larder-record.new";
/// The folder inside in which a staged database waits.
pub(super) const INCOMING: &str = "incoming";
const MARK: &str = ".aside-";
const FOLDER_TIME: &str = "%Y-%m-%dT%H-%M-%SZ";
const MAX_RECORD: u64 = 1 << 20;

/// What is being moved, or was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// When it began.
    pub at: DateTime<Utc>,
    /// Whether everything has moved.
    pub(super) done: bool,
    /// The files that go into the folder, the database last.
    pub(super) files: Vec<Moved>,
    /// Where the new files come from, relative to the database's folder, and their names; the database last.
    pub(super) incoming: Vec<(PathBuf, String)>,
    /// What took the place.
    pub restored: String,
    /// Its content digest, where known.
    pub content_sha256: Option<Digest>,
    /// See `replaced_by.sequence` of a safety snapshot's manifest: one order for both.
    #[serde(default)]
    pub sequence: u64,
    /// Whether it was an undo.
    #[serde(default)]
    pub undo: bool,
    /// A later restore kept nothing, so that there is nothing to go back to any more.
    #[serde(default)]
    pub superseded: bool,
}

/// A file that is moved, by which it is known again: somebody may have put another in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    /// Its name.
    pub(super) name: String,
    size: u64,
    modified: Option<SystemTime>,
    number: Option<u64>,
}

impl Moved {
    /// The file at that path; nothing where there is none.
    pub(super) fn at(path: &Path) -> Result<Option<Self>> {
        let Some(metadata) = files::metadata(path)? else { return Ok(None) };
        // A time before 1970 cannot be written down.
        let modified = metadata.modified().ok().filter(|time| *time >= SystemTime::UNIX_EPOCH);
        let size = metadata.len();
        Ok(Some(Self { name: file_name(path)?, size, modified, number: platform::file_number(&metadata) }))
    }
}

impl Record {
    /// One of what is about to begin.
    pub(super) fn new(files: Vec<Moved>, incoming: Vec<(PathBuf, String)>, note: Note) -> Self {
        let Note { at, restored, content_sha256, sequence, is_undo } = note;
        Self {
            version: VERSION,
            at,
            done: false,
            files,
            incoming,
            restored,
            content_sha256,
            sequence,
            undo: is_undo,
            superseded: false,
        }
    }

    /// Whether it moves nothing but a database and its sidecars, from and to where a restore moves them.
    fn is_about(&self, target: &Path) -> Result<bool> {
        let target = file_name(target)?;
        let allowed = |name: &str| {
            name == target || Sidecar::ALL.iter().any(|s| name.strip_suffix(s.suffix()) == Some(&target))
        };
        let start = format!("{target}{MARK}");
        let from_aside = |path: &Path, name: &str| {
            let mut parts = path.iter().map(|part| part.to_str().unwrap_or_default());
            let folder = parts.next().is_some_and(|folder| is_aside_name(folder, &start));
            let rest: Vec<&str> = parts.collect();
            folder && (rest == [name] || rest == [INCOMING, name])
        };
        Ok(self.files.iter().all(|moved| allowed(&moved.name))
            && self.incoming.iter().all(|(from, name)| allowed(name) && from_aside(from, name)))
    }
}

/// Makes the folder for a database that is to be moved aside.
pub(super) fn new_folder(target: &Path, at: DateTime<Utc>) -> Result<PathBuf> {
    let first = files::with_suffix(target, &format!("{MARK}{}", at.format(FOLDER_TIME)));
    let mut number = 1;
    let mut folder = first.clone();
    while folder.symlink_metadata().is_ok() {
        number += 1;
        folder = files::with_suffix(&first, &format!("-{number}"));
    }
    files::create_folder(&folder)?;
    match files::give_to_owner_of(&files::folder_of(target), &folder) {
        Ok(()) => Ok(folder),
        Err(error) => {
            files::remove_folder(&folder)?;
            Err(error)
        }
    }
}

/// The folders of what was moved aside, by time. One that somebody else made is none.
pub(super) fn folders(target: &Path) -> Result<Vec<PathBuf>> {
    let parent = files::folder_of(target);
    let Ok(start) = file_name(target).map(|name| name + MARK) else { return Ok(Vec::new()) };
    let owner = files::metadata(&parent)?;
    let mut found = Vec::new();
    for entry in files::entries(&parent)? {
        let named = entry.file_name().to_str().is_some_and(|name| is_aside_name(name, &start));
        let ours = |metadata: &Metadata| metadata.is_dir() && platform::is_trusted(metadata, owner.as_ref());
        if named && files::if_there(entry.metadata(), &entry.path())?.is_some_and(|metadata| ours(&metadata))
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a name is one that [`new_folder`] gives.
fn is_aside_name(name: &str, start: &str) -> bool {
    let Some(time) = name.strip_prefix(start) else { return false };
    let length = "2026-11-20T10-30-00Z".len();
    let (time, number) = (time.get(..length).unwrap_or_default(), time.get(length..).unwrap_or_default());
    let number = number.strip_prefix('-').map_or(number.is_empty(), |number| number.parse::<u32>().is_ok());
    number && chrono::NaiveDateTime::parse_from_str(time, FOLDER_TIME).is_ok()
}

/// Writes a record down, durably.
pub(super) fn write_record(folder: &Path, record: &Record) -> Result<()> {
    let staged = folder.join(NEW_RECORD);
    files::remove(&staged)?;
    let mut file = files::create(&staged)?;
    file.write_all(&serde_json::to_vec_pretty(record).context("cannot write down what is moved")?)?;
    file.sync()?;
    files::give_to_owner_of(folder, &staged)?;
    files::rename(&staged, &folder.join(RECORD))?;
    files::sync_folder(folder)
}

/// Reads the record in a folder; `None` where nothing had been moved yet. One that larder cannot have written is an error.
pub(super) fn read_record(folder: &Path, target: &Path) -> Result<Option<Record>> {
    let path = folder.join(RECORD);
    let there = files::metadata(&path).context(
        Fault::failed(format!("{} may hold an interrupted restore", folder.display()))
            .hint("run this as the user that the folder belongs to"),
    )?;
    if there.is_none() {
        return Ok(None);
    }
    let text = files::read_small(&path, MAX_RECORD)?;
    let record: Record =
        serde_json::from_slice(&text).with_context(|| format!("cannot read {}", path.display()))?;
    if record.version > VERSION {
        return Err(Fault::failed(format!("{} was written by a newer larder", path.display()))
            .hint("finish with that one what it began")
            .into());
    }
    if !record.is_about(target)? {
        let message = format!("{} says something that larder does not write", path.display());
        return Err(Fault::failed(message)
            .hint("look at the folder: it may hold a database that was moved aside; then move it away")
            .into());
    }
    Ok(Some(record))
}
