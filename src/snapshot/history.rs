//! What an undo may go back to: the safety snapshots of a database and what was moved aside, in the order in which they
//! were made.
//!
//! A safety snapshot is made before a restore or an import writes, and its manifest says `pending` until that is over. Where
//! a process was killed, or nobody knows whether its commit happened, the database itself tells: it holds what was to come
//! in, or still what the safety snapshot holds. It is asked anew each time until it is done: a commit that failed may
//! happen later, when the program that has the database open recovers its log.

mod now;

pub(super) use now::{Now, Outcome, content_now};

use super::catalog::{self, Entry, Known};
use super::manifest::{Manifest, Replacement, State};
use super::safety::Safety;
use crate::database::replace::aside::{self, Aside};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::store::{Folder, Store};
use crate::stream::Digest;
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use std::cmp::Ordering;
use std::path::Path;

/// What an undo may go back to.
#[derive(Debug)]
pub(super) enum Before {
    /// A safety snapshot.
    Snapshot(Box<Entry>),
    /// A database that was moved aside.
    Aside(Aside),
}

impl Before {
    /// Where it is, to be named.
    pub fn path(&self) -> std::path::PathBuf {
        match self {
            Self::Snapshot(entry) => entry.location.to_path(),
            Self::Aside(aside) => aside.folder.clone(),
        }
    }

    fn sequence(&self) -> u64 {
        match self {
            Self::Snapshot(entry) => sequence(entry),
            Self::Aside(aside) => aside.record.sequence,
        }
    }

    fn time(&self) -> DateTime<Utc> {
        match self {
            Self::Snapshot(entry) => entry.name.time,
            Self::Aside(aside) => aside.record.at.trunc_subsecs(0),
        }
    }

    /// Whether it was made for a restore of that file, after which the database had the content digest `content`.
    pub fn led_to(&self, file: &str, content: Digest) -> bool {
        let (restored, after) = match self {
            Self::Snapshot(entry) => match replacement(entry) {
                Some(replacement) => (&replacement.file, replacement.content_sha256),
                None => return false,
            },
            Self::Aside(aside) => (&aside.record.restored, aside.record.content_sha256),
        };
        restored == file && after == Some(content)
    }

    fn is_superseded(&self) -> bool {
        match self {
            Self::Snapshot(entry) => is_superseded(entry),
            Self::Aside(aside) => aside.record.superseded,
        }
    }

    fn is_from_the_future(&self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Snapshot(entry) if is_from_the_future(entry, now))
    }

    /// By sequence, where both have one that tells; else by time, and within a second as the file system says.
    fn cmp(&self, other: &Self) -> Ordering {
        let tie = || match (self, other) {
            (Self::Snapshot(a), Self::Snapshot(b)) => in_order(a, b),
            (Self::Aside(a), Self::Aside(b)) => a.record.at.cmp(&b.record.at).then(a.folder.cmp(&b.folder)),
            (Self::Aside(_), Self::Snapshot(_)) | (Self::Snapshot(_), Self::Aside(_)) => {
                self.written().cmp(&other.written())
            }
        };
        self.sequence().cmp(&other.sequence()).then(self.time().cmp(&other.time())).then_with(tie)
    }

    fn written(&self) -> Option<std::time::SystemTime> {
        let path = match self {
            Self::Snapshot(entry) => entry.location.to_path(),
            Self::Aside(aside) => aside.record_file(),
        };
        files::metadata(&path).ok().flatten().and_then(|metadata| metadata.modified().ok())
    }
}

/// What the manifest of a safety snapshot says of what it was made for.
pub(super) fn replacement(entry: &Entry) -> Option<&Replacement> {
    entry.manifest()?.replaced_by.as_ref()
}

/// The place of a safety snapshot in the order; 0 by a version that knew no other order than time.
fn sequence(entry: &Entry) -> u64 {
    replacement(entry).map_or(0, |replacement| replacement.sequence)
}

/// The order in which two safety snapshots were made.
pub(super) fn in_order(a: &Entry, b: &Entry) -> Ordering {
    sequence(a).cmp(&sequence(b)).then_with(|| a.name.cmp(&b.name))
}

/// Whether no undo goes back to a safety snapshot any more.
pub(super) fn is_superseded(entry: &Entry) -> bool {
    entry.manifest().is_some_and(|manifest| manifest.superseded_at.is_some())
}

/// Whether a safety snapshot is dated in the future by a version that knew no other order than time: an undo passes it over.
pub(super) fn is_from_the_future(entry: &Entry, now: DateTime<Utc>) -> bool {
    sequence(entry) == 0 && entry.name.time > now
}

/// Whether it is not known that what a safety snapshot was made for happened.
pub(super) fn is_pending(entry: &Entry) -> bool {
    replacement(entry).is_some_and(|replacement| replacement.state == State::Pending)
}

/// The place in the order that the next one has.
pub(super) fn next_sequence(database: &Path, safety: &Safety<'_>) -> Result<u64> {
    let last = all(database, safety)?.0.iter().map(Before::sequence).max();
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// All that an undo may go back to, the newest first.
pub(super) fn steps(database: &Path, safety: &Safety<'_>) -> Result<Vec<Before>> {
    Ok(steps_and_unread(database, safety)?.0)
}

/// The same, and the snapshots that may belong to it: their manifests cannot be read.
pub(super) fn steps_and_unread(database: &Path, safety: &Safety<'_>) -> Result<(Vec<Before>, Vec<Entry>)> {
    let (mut steps, unread) = all(database, safety)?;
    steps.retain(|step| !step.is_superseded() && !step.is_from_the_future(safety.now));
    steps.sort_by(|a, b| b.cmp(a));
    Ok((steps, unread))
}

/// An error where a snapshot whose manifest cannot be read may have been made after `step`, or at all: nobody knows whether it
/// is what was there before the last replacement.
pub(super) fn refuse_unread(step: Option<&Before>, unread: &[Entry]) -> Result<()> {
    let may_be_later = |entry: &&Entry| step.is_none_or(|step| entry.name.time >= step.time());
    let Some(entry) = unread.iter().find(may_be_later) else { return Ok(()) };
    let Known::Unreadable(why) = &entry.known else { return Ok(()) };
    let message =
        format!("the manifest of {} cannot be read, and it may be what was kept last: {why}", entry.location);
    Err(Fault::failed(message)
        .hint("restore it by its name, or move it out of the store if it is another")
        .into())
}

/// What was made for the last replacement that happened, as far as anybody knows.
pub(super) fn last(database: &Path, now: &Now<'_>) -> Result<Option<Before>> {
    for step in steps(database, now.safety)? {
        match &step {
            Before::Snapshot(entry) if is_pending(entry) && now.tells(entry)? == Outcome::DidNot => {}
            _ => return Ok(Some(step)),
        }
    }
    Ok(None)
}

/// Every safety snapshot of a database, and all that was moved aside; and the snapshots whose manifests cannot be read.
fn all(database: &Path, safety: &Safety<'_>) -> Result<(Vec<Before>, Vec<Entry>)> {
    let (mut all, unread) = snapshots_in(safety.store, database, safety)?;
    for store in safety.elsewhere {
        match snapshots_in(store, database, safety) {
            Ok((there, unread)) => {
                all.extend(there);
                // They may as well be of an application that was there before.
                for Entry { location, .. } in unread {
                    safety.progress.warn(&format!("the manifest of {location} cannot be read"));
                }
            }
            // What is wrong with a folder that is not in use any more must not stand in the way.
            Err(error) => safety.progress.warn(&format!("{} is not looked into: {error:#}", store.display())),
        }
    }
    let mut all: Vec<Before> = all.into_iter().map(|entry| Before::Snapshot(Box::new(entry))).collect();
    all.extend(aside::all(database)?.into_iter().map(Before::Aside));
    Ok((all, unread))
}

/// The safety snapshots of a database in a folder, and those snapshots of which nobody knows.
fn snapshots_in(store: &Path, database: &Path, safety: &Safety<'_>) -> Result<(Vec<Entry>, Vec<Entry>)> {
    if files::metadata(store)?.is_none() {
        return Ok(Default::default());
    }
    let entries = catalog::read(&Folder::open(store)?.into(), Some(safety.app))?;
    let (unread, mut entries): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| matches!(entry.known, Known::Unreadable(_)));
    let path = database.to_string_lossy();
    let is_of_this = |manifest: &Manifest| manifest.source.path == path;
    entries.retain(|entry| entry.is_safety() && entry.manifest().is_some_and(is_of_this));
    Ok((entries, unread))
}

/// Changes what the manifest of a safety snapshot says.
pub(super) fn change(snapshot: &Path, safety: &Safety<'_>, change: impl FnOnce(&mut Manifest)) -> Result<()> {
    let folder = files::folder_of(snapshot);
    let store = Store::from(Folder::open(&folder)?);
    let _lock = store.lock(&safety.patience)?;
    let mut manifest = match catalog::beside(snapshot)? {
        Known::Manifest(manifest) => manifest,
        Known::Nothing => return Ok(()),
        Known::Unreadable(why) => {
            return Err(Fault::failed(format!("its manifest cannot be read: {why}")).into());
        }
    };
    let Some(name) = snapshot.file_name().and_then(crate::store::SnapshotName::parse) else { return Ok(()) };
    change(&mut manifest);
    let scratch = Scratch::new_in(&folder)?;
    store.replace_manifest(&name, &manifest.to_text(), scratch.folder())
}

/// Notes that what a safety snapshot was made for happened. Where that cannot be noted, the database tells the next run.
pub(super) fn note_done(snapshot: &Path, safety: &Safety<'_>) {
    let noted = change(snapshot, safety, |manifest| {
        if let Some(replacement) = &mut manifest.replaced_by {
            replacement.state = State::Done;
        }
    });
    if let Err(error) = noted {
        let name = snapshot.display();
        safety
            .progress
            .warn(&format!("{name} does not say yet that what it was made for is done: {error:#}"));
    }
}

/// Notes that a restore or an import kept nothing: what earlier ones kept is not what was there before this one.
pub fn supersede(database: &Path, safety: &Safety<'_>) {
    let supersede_all = || -> Result<()> {
        // Those dated in the future too: a later undo would take them for the newest.
        let (mut all, _) = all(database, safety)?;
        all.retain(|step| !step.is_superseded());
        all.sort_by(|a, b| b.cmp(a));
        for step in all {
            match step {
                Before::Snapshot(entry) => change(&entry.location.to_path(), safety, |manifest| {
                    manifest.superseded_at = Some(safety.now.trunc_subsecs(0));
                })?,
                Before::Aside(aside) => aside::supersede(aside)?,
            }
        }
        Ok(())
    };
    if let Err(error) = supersede_all() {
        safety.progress.warn(&format!("an undo would go back to an earlier restore: {error:#}"));
    }
}
