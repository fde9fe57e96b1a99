//! What a restore replaces, kept in a safety snapshot until it is sure that nothing was lost.

use super::super::attached;
use super::super::create;
use super::super::history::note_done;
use super::super::manifest::{Kind, Replacement};
use super::super::safety::Reason;
use super::super::take::{IfDamaged, Witness};
use super::{Incoming, RestoreOptions, Restored};
use crate::database::replace::Guard;
use crate::error::{commit_failed, with_safety};
use crate::files;
use crate::stream::Digest;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Keeps what a restore will replace, in a safety snapshot.
pub(super) struct Kept<'a> {
    incoming: Incoming<'a>,
    content: Option<Digest>,
    database: &'a Path,
    options: &'a RestoreOptions<'a>,
    if_damaged: IfDamaged,
    made: Option<create::Snapshot>,
    /// The database is being overwritten, or was.
    begun: bool,
}

impl<'a> Kept<'a> {
    /// For a restore of what has the content digest `content` once it is in its place.
    pub(super) fn new(
        incoming: Incoming<'a>,
        content: Option<Digest>,
        database: &'a Path,
        options: &'a RestoreOptions<'a>,
    ) -> Self {
        Self { incoming, content, database, options, if_damaged: IfDamaged::Refuse, made: None, begun: false }
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
            replaced: self.made.as_ref().and_then(|kept| Some(kept.manifest.contents()?.content_sha256)),
            keeps_files: self.made.as_ref().is_some_and(|kept| kept.manifest.files.is_some()),
            safety: self.made.map(|kept| kept.location.to_path()),
            ..Restored::default()
        }
    }

    /// A restore that did not happen leaves no safety snapshot: it goes where it is sure that the database was not
    /// overwritten. After an error of the commit that is never sure.
    pub(super) fn after(&mut self, error: anyhow::Error) -> anyhow::Error {
        if commit_failed(&error).is_some() {
            return with_safety(error, self.database, self.path().as_deref());
        }
        if !self.begun || self.is_current().unwrap_or(false) {
            self.discard();
        }
        error
    }

    /// Notes that the restore happened.
    pub(super) fn note_done(&self) {
        if let Some(snapshot) = self.path() {
            note_done(&snapshot, &self.options.safety());
        }
    }

    pub(super) fn path(&self) -> Option<PathBuf> {
        self.made.as_ref().map(|kept| kept.location.to_path())
    }

    fn discard(&mut self) {
        if let Some(kept) = self.made.take() {
            self.options.safety().discard(&kept.location.to_path());
        }
    }
}

impl Guard for Kept<'_> {
    fn begin(&mut self) {
        self.begun = true;
    }

    fn keep_again(&mut self) -> Result<()> {
        self.keep_while(true)
    }

    fn is_current(&mut self) -> Result<bool> {
        self.made.as_ref().and_then(|kept| kept.witness.as_ref()).map_or(Ok(false), Witness::is_current)
    }
}

impl Kept<'_> {
    /// Keeps what is there. This process has no connection to the database yet.
    pub(super) fn keep(&mut self) -> Result<()> {
        self.keep_while(false)
    }

    fn keep_while(&mut self, in_use: bool) -> Result<()> {
        let Incoming { snapshot, is_undo, .. } = self.incoming;
        let pending = Replacement::pending(files::name_of(snapshot), self.content);
        let replaced_by = Replacement { undo: is_undo, ..pending };
        let if_damaged = self.if_damaged;
        let files = self.incoming.files.map(attached::Incoming::replaced);
        let reason = Reason { kind: Kind::BeforeRestore, replaced_by, if_damaged, in_use, files };
        let kept = self.options.safety().keep(self.database, reason)?;
        // The earlier one goes when the new one is there.
        self.discard();
        self.made = Some(kept);
        Ok(())
    }
}
