//! Writing all pages of a verified database over those of another, and once more where they came out otherwise.

use super::super::super::copy::Stepper;
use super::super::super::{Access, connection};
use super::Verified;
use super::compare::{Written, compare, differs};
use crate::error::{CommitFailed, Kind, commit_failed, kind};
use crate::patience::Patience;
use crate::progress::Progress;
use anyhow::{Error, Result};
use rusqlite::Connection;

/// What is written, and how.
pub(super) struct Writing<'a> {
    pub staged: Verified<'a>,
    pub patience: &'a Patience,
    pub progress: &'a dyn Progress,
}

impl Writing<'_> {
    /// Writes all pages in one transaction, and compares. Once it is begun, `may_go_on` is asked; where it says no, nothing
    /// is written.
    pub fn once(
        &self,
        connection: &mut Connection,
        may_go_on: &mut dyn FnMut() -> Result<bool>,
    ) -> Result<Option<Written>> {
        // What a connection has read, right or wrong, it does not read again.
        let source = connection::open(self.staged.path, Access::ReadOnly, self.patience)?;
        let stepper = Stepper::begin(&source, connection, self.patience, self.progress)?;
        if !may_go_on()? {
            return Ok(None);
        }
        commit(stepper)?;
        Ok(Some(compare(connection, self.staged, self.patience, self.progress)))
    }

    /// Writes once more what was committed and is not what was to be written, if `may_go_on` says so.
    pub fn again_unless_same(
        &self,
        written: &Written,
        connection: &mut Connection,
        may_go_on: &mut dyn FnMut() -> Result<bool>,
    ) -> Result<()> {
        if !matches!(written, Written::Otherwise(_)) {
            return Ok(());
        }
        self.progress.warn("what was written is not what was to be written: it is written again");
        match self.once(connection, may_go_on).map_err(after_a_commit)? {
            Some(Written::Otherwise(damage)) => Err(damage.unwrap_or_else(|| differs("some pages"))),
            Some(_) => Ok(()),
            None => Err(differs("somebody writes to it, so it was not written again")),
        }
    }
}

/// Writes all pages and commits.
fn commit(stepper: Stepper<'_>) -> Result<()> {
    let committed = stepper.copy("writing the database")?.commit();
    // Who is kept out by a lock has not committed.
    let is_known = committed.as_ref().is_err_and(|error| kind(error) == Kind::Busy);
    if is_known { committed } else { committed.map_err(after_a_commit) }
}

/// Whatever failed, something was committed, or may have been.
pub(super) fn after_a_commit(error: Error) -> Error {
    if commit_failed(&error).is_some() { error } else { error.context(CommitFailed::default()) }
}
