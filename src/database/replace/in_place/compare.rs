//! Whether a database holds what was to be written to it.

use super::super::super::check::{Depth, integrity};
use super::super::super::content::content_digest;
use super::super::super::copy::copy_pages;
use super::super::super::{Access, connection};
use super::{Verified, size};
use crate::error::{CommitFailed, Fault};
use crate::files;
use crate::patience::Patience;
use crate::progress::{Progress, Stepless};
use anyhow::{Error, Result};
use rusqlite::Connection;
use std::fmt;
use std::path::Path;

/// What comparing told.
pub(super) enum Written {
    /// It is what was to be written.
    Same,
    /// It is not; where its structure is damaged, the error says how.
    Otherwise(Option<Error>),
    /// It could not be read back.
    Unknown,
}

/// Reads back what the connection's database holds, as SQLite reads it, and compares it with what was to be written.
///
/// The commit is over: what fails here is worth a warning and changes nothing of what happened.
pub(super) fn compare(
    written: &Connection,
    staged: Verified<'_>,
    patience: &Patience,
    progress: &dyn Progress,
) -> Written {
    let copy = files::with_suffix(staged.path, ".written");
    let found = read_back(written, &copy, staged, patience, progress);
    files::discard(&copy);
    found.unwrap_or_else(|error| {
        progress.warn(&format!("the database was written and could not be compared: {error:#}"));
        Written::Unknown
    })
}

fn read_back(
    written: &Connection,
    copy: &Path,
    staged: Verified<'_>,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<Written> {
    files::require_space(&files::folder_of(copy), size(written)?)?;
    copy_pages(written, copy, patience, progress)?;
    if content_digest(copy, progress)? == staged.content {
        return Ok(Written::Same);
    }
    let copied = connection::open(copy, Access::ReadOnly, patience)?;
    let damage = match integrity(&copied, Depth::Full, &Stepless(progress)) {
        Ok(found) => found.damage.into_iter().next(),
        Err(error) => Some(format!("{error:#}")),
    };
    Ok(Written::Otherwise(damage.map(differs)))
}

/// The error that what was written is not what was to be written, which is known only after the commit.
pub(super) fn differs(damage: impl fmt::Display) -> Error {
    Error::new(CommitFailed::default())
        .context(Fault::failed(format!("what was written is not what was to be written: {damage}")))
}
