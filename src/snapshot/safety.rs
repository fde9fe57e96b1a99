//! Safety snapshots: what makes a restore or an import undoable.

use super::attached::Wanted;
use super::create::{self, Created, Options, Snapshot, WantFiles};
use super::history::{self, Before, Now, Outcome, next_sequence};
use super::manifest::{Kind, Replacement};
use super::prune;
use super::span::Span;
use super::take::IfDamaged;
use crate::database::check::Depth;
use crate::error::Fault;
use crate::files::has_scratch;
use crate::patience::Patience;
use crate::progress::Progress;
use crate::store::{Folder, Store};
use crate::stream::age::Keys;
use crate::stream::{Compression, Digest};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// Where the safety snapshots of an application's database are, and how they are made.
#[derive(Clone)]
pub struct Safety<'a> {
    /// The application.
    pub app: &'a str,
    /// The store; made where it does not exist.
    pub store: &'a Path,
    /// Other folders in which earlier ones may be: before something was said of stores or encryption, they went there.
    pub elsewhere: &'a [PathBuf],
    /// How long they are kept.
    pub lifetime: Span,
    /// The present.
    pub now: DateTime<Utc>,
    /// Where private copies of a source may be made, if there is room.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Why a safety snapshot is made, and of what.
#[derive(Clone)]
pub struct Reason {
    /// For a restore or for an import.
    pub kind: Kind,
    /// What will take the place of what it holds.
    pub replaced_by: Replacement,
    /// What to do with a damaged database.
    pub if_damaged: IfDamaged,
    /// This process has connections to the database.
    pub in_use: bool,
    /// Which files will be replaced too.
    pub files: Option<Wanted>,
}

/// What became of an import that is run again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// None that was interrupted is left.
    Not,
    /// It happened, and this holds what was there before.
    Did(PathBuf),
    /// Nobody can tell whether it happened. This holds what was there before it began.
    Unknown(PathBuf),
}

impl Safety<'_> {
    /// Keeps what a database holds, which is about to be replaced.
    pub fn keep(&self, database: &Path, reason: Reason) -> Result<Snapshot> {
        let replaced_by = Replacement { sequence: next_sequence(database, self)?, ..reason.replaced_by };
        let keys = Keys::none();
        let files = reason.files;
        let want = |_: &rusqlite::Connection| Ok(files.clone());
        let options = Options {
            app: self.app,
            app_is_certain: true,
            kind: reason.kind,
            now: self.now,
            compression: Compression::Gzip,
            level: Compression::Gzip.fast_level(),
            // It stays on the machine that has the database itself.
            lock: None,
            keys: &keys,
            depth: Depth::Quick,
            if_damaged: reason.if_damaged,
            files: files.is_some().then_some(&want as &WantFiles<'_>),
            pinned: false,
            // It is what was there, whatever that is.
            allow_empty: true,
            if_changed: false,
            limits: None,
            require: &[],
            state: None,
            in_use: reason.in_use,
            replaced_by: Some(replaced_by),
            temporary: self.temporary,
            patience: self.patience.clone(),
            progress: self.progress,
        };
        let store = Folder::create(self.store).map(Store::from);
        let made = store.and_then(|store| create::in_store(database, &store, &options));
        match made.context("what is there cannot be kept first")? {
            Created::New(made) => Ok(*made),
            Created::Unchanged { newest, .. } => {
                Err(Fault::failed(format!("{newest} was not made anew")).into())
            }
        }
    }

    /// Notes that what one was made for happened.
    pub fn note_done(&self, snapshot: &Path) {
        history::note_done(snapshot, self);
    }

    /// Of an import of `file` that was interrupted before it could note that it happened, and is run again: looks whether it
    /// did, and notes it. `did` says whether it led from what is in a safety snapshot to what has a content digest.
    pub fn settle(
        &self,
        database: &Path,
        file: &str,
        did: impl FnOnce(&Path, Digest) -> Result<bool>,
    ) -> Result<Earlier> {
        self.tidy_up();
        let now = Now::new(database, self);
        let Some(Before::Snapshot(last)) = history::last(database, &now)? else { return Ok(Earlier::Not) };
        let is_of_it = history::replacement(&last).is_some_and(|replacement| replacement.file == file);
        if !is_of_it || !history::is_pending(&last) {
            return Ok(Earlier::Not);
        }
        let kept = last.location.to_path();
        let is_same = now.content()?.map_or(Ok(false), |now| did(&kept, now))?;
        if !is_same && now.tells(&last)? != Outcome::Happened {
            return Ok(Earlier::Unknown(kept));
        }
        self.note_done(&kept);
        // An import of something else that had the same name is no reason not to do this one.
        Ok(if is_same { Earlier::Did(kept) } else { Earlier::Not })
    }

    /// Removes what a killed run left in the store, unless somebody works there.
    pub(super) fn tidy_up(&self) {
        if has_scratch(self.store) {
            let _ = Folder::open(self.store).and_then(|store| store.lock(&self.patience.none()));
        }
    }

    /// After an error of the commit: notes what the database holds now, by which the next run can tell what happened.
    pub fn note_outcome(&self, snapshot: &Path, database: &Path) {
        let noted = history::content_now(database, self).and_then(|now| {
            let Some(now) = now else { return Ok(()) };
            history::change(snapshot, self, |manifest| {
                let before = manifest.contents().map(|contents| contents.content_sha256);
                if let Some(replacement) = manifest.replaced_by.as_mut().filter(|_| before != Some(now)) {
                    replacement.content_sha256 = Some(now);
                }
            })
        });
        if let Err(error) = noted {
            self.progress.detail(&format!("{error:#}"));
        }
    }

    /// Removes one that turned out to be of no use: nothing happened that it would undo.
    pub fn discard(&self, snapshot: &Path) {
        create::discard(snapshot, &self.patience, self.progress);
    }

    /// Removes those whose time is over; `made` is the one that this run made. What cannot be removed is no reason to fail.
    pub fn drop_expired(&self, made: Option<&Path>) {
        let dropped = Folder::open(self.store).map(Store::from).and_then(|store| {
            let until = (self.lifetime, self.now);
            prune::drop_expired_safety(&store, self.app, until, made, &self.patience, self.progress)
        });
        if let Err(error) = dropped {
            self.progress.warn(&format!("expired safety snapshots are still there: {error:#}"));
        }
    }
}
