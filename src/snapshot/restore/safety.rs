//! The safety snapshot: what makes a restore undoable.

use super::super::create::{self, Created, Options};
use super::super::manifest::{Kind, Replacement};
use super::super::prune;
use super::super::take::{IfDamaged, Witness};
use super::super::zone::Zone;
use super::{RestoreOptions, Restored};
use crate::database::check::Depth;
use crate::database::replace::Guard;
use crate::error::Fault;
use crate::files;
use crate::store::Folder;
use crate::stream::{Compression, Digest};
use anyhow::{Context, Result};
use std::path::Path;

/// Keeps what a restore will replace, in a safety snapshot.
pub(super) struct Safety<'a> {
    snapshot: &'a Path,
    content: Option<Digest>,
    database: &'a Path,
    options: &'a RestoreOptions<'a>,
    if_damaged: IfDamaged,
    kept: Option<create::Snapshot>,
    /// The database is being overwritten, or was.
    begun: bool,
}

impl<'a> Safety<'a> {
    /// For a restore of `snapshot`, whose content digest is `content` once it is in its place.
    pub(super) fn new(
        snapshot: &'a Path,
        content: Option<Digest>,
        database: &'a Path,
        options: &'a RestoreOptions<'a>,
    ) -> Self {
        Self { snapshot, content, database, options, if_damaged: IfDamaged::Refuse, kept: None, begun: false }
    }

    /// Keeps the pages of a database that is known to be damaged.
    pub(super) fn keep_damaged(&mut self) -> Result<()> {
        self.if_damaged = IfDamaged::KeepPages;
        self.keep()
    }

    /// What the restore came to.
    pub(super) fn restored(self) -> Restored {
        Restored {
            database: self.database.to_owned(),
            replaced: self.kept.as_ref().map(|kept| kept.manifest.contents.content_sha256),
            safety: self.kept.map(|kept| kept.path),
            aside: None,
        }
    }

    /// A restore that did not happen leaves no safety snapshot, since an undo would go back to it: after an error, it
    /// goes where it is sure that the database was not overwritten.
    pub(super) fn discard_if_unneeded(&mut self) {
        if !self.begun || self.is_current().unwrap_or(false) {
            self.discard();
        }
    }

    fn discard(&mut self) {
        if let Some(kept) = self.kept.take() {
            create::discard(&kept.path, &self.options.patience, self.options.progress);
        }
    }

    fn make(&self, in_use: bool) -> Result<Created> {
        let options = self.options;
        create::in_store(
            self.database,
            &Folder::create(options.store)?,
            &Options {
                app: options.app,
                app_is_certain: true,
                kind: Kind::BeforeRestore,
                now: options.now,
                compression: Compression::Gzip,
                level: Compression::Gzip.fast_level(),
                depth: Depth::Quick,
                if_damaged: self.if_damaged,
                if_changed: false,
                in_use,
                replaced_by: Some(Replacement {
                    file: files::name_of(self.snapshot),
                    content_sha256: self.content,
                }),
                temporary: options.temporary,
                patience: options.patience.clone(),
                progress: options.progress,
            },
        )
    }
}

impl Guard for Safety<'_> {
    fn begin(&mut self) {
        self.begun = true;
    }

    fn keep_again(&mut self) -> Result<()> {
        self.keep_while(true)
    }

    fn is_current(&mut self) -> Result<bool> {
        self.kept.as_ref().and_then(|kept| kept.witness.as_ref()).map_or(Ok(false), Witness::is_current)
    }
}

impl Safety<'_> {
    /// Keeps what is there. This process has no connection to the database yet.
    pub(super) fn keep(&mut self) -> Result<()> {
        self.keep_while(false)
    }

    fn keep_while(&mut self, in_use: bool) -> Result<()> {
        let made = self.make(in_use).context("what is there cannot be kept first")?;
        // The earlier one goes when the new one is there.
        self.discard();
        match made {
            Created::New(made) => self.kept = Some(*made),
            Created::Unchanged(path) => {
                return Err(Fault::failed(format!("{} was not made anew", path.display())).into());
            }
        }
        Ok(())
    }
}

/// Removes the safety snapshots whose time is over. What cannot be removed is no reason to fail.
pub(super) fn drop_expired(options: &RestoreOptions<'_>) {
    let dropped = Folder::open(options.store).and_then(|store| {
        let edge = prune::SAFETY.before(options.now, Zone::Local);
        prune::drop_expired_safety(&store, options.app, edge, &options.patience, options.progress)
    });
    if let Err(error) = dropped {
        options.progress.warn(&format!("expired safety snapshots are still there: {error:#}"));
    }
}
