//! Overwriting a database through SQLite, in one transaction, without losing what somebody writes meanwhile.
//!
//! What is there is kept before it is overwritten. Keeping takes time, in which others may commit, so it is asked again
//! under the lock that keeps writers out whether what was kept is still what is there; if not, it is kept once more
//! under that lock. Between the lock and the first page that is written no writer gets in:
//!
//! - In rollback mode the connection is in `locking_mode = exclusive`, in which it goes from the one to the other without
//!   letting go.
//! - In WAL mode readers are never locked out, so the question is asked after the backup has taken the write lock.
//!
//! SQLite takes what it cannot read of a file for zeros, also of the one that it copies from. So what was written is read
//! back and compared, in rollback mode before anybody else gets in.

mod compare;
mod writing;

use super::super::copy::vacuum_into;
use super::super::journal_mode::is_wal;
use super::super::{Access, connection};
use super::Guard;
use crate::error::{Fault, Kind, blame_input};
use crate::files;
use crate::patience::Patience;
use crate::platform;
use crate::progress::Progress;
use crate::stream::Digest;
use anyhow::{Context, Result};
use compare::Written;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use writing::{Writing, after_a_commit};

/// The cache of the connection that writes: each time it is full, a rollback journal has to be synced.
const CACHE_MIB: u32 = 32;

/// How often a writer may get in between in WAL mode, where the gap is a few microseconds.
const ATTEMPTS: usize = 10;

/// A verified database that is to be written to the place of another. Nobody has it open, and it is in rollback mode.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Its content digest.
    pub content: Digest,
}

/// The staged database with another page size: itself, or a copy beside it.
pub fn fit(staged: &Path, page_size: u32, patience: &Patience, progress: &dyn Progress) -> Result<PathBuf> {
    let connection = connection::open(staged, Access::ReadOnly, patience)?;
    let fits = pragma(&connection, "page_size").map(|size| size == page_size);
    if fits.map_err(|error| blame_input(error, "what is to take its place cannot be read"))? {
        return Ok(staged.to_owned());
    }
    progress.detail(&format!("changing the page size to {page_size}"));
    let to = files::with_suffix(staged, ".repaged");
    connection.pragma_update(None, "page_size", page_size)?;
    // VACUUM INTO keeps hidden rowids; a plain VACUUM may count them anew.
    vacuum_into(&connection, &to, patience, progress).map_err(|error| {
        blame_input(
            error,
            format!("cannot give its pages the {page_size} bytes that they have in the target"),
        )
    })?;
    Ok(to)
}

/// Makes the database at `target` hold what a staged one holds, and compares the two. Its journal mode, owner, mode and
/// links stay. Where it could not be read back after the commit, a warning says why.
///
/// `target`: its pages have the size of those of `staged`, unless it holds nothing and is in rollback mode. What it holds
/// was kept; it is kept again if somebody wrote since.
///
/// Locks are waited for as `patience` says. A crash at any moment leaves what SQLite rolls back or has committed. An error
/// of the commit is a [`crate::error::CommitFailed`].
pub fn in_place(
    staged: Verified<'_>,
    target: &Path,
    guard: &mut dyn Guard,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    overwrite(staged, target, guard, patience, progress)
        .map_err(|error| files::name_full(error, &[&files::folder_of(target)]))
        .with_context(|| format!("cannot write the database {}", target.display()))
}

fn overwrite(
    staged: Verified<'_>,
    target: &Path,
    guard: &mut dyn Guard,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    refuse_unwritable(target)?;
    let source = connection::open(staged.path, Access::ReadOnly, patience)?;
    let room =
        size(&source).map_err(|error| blame_input(error, "what is to take its place cannot be read"))?;
    drop(source);
    files::require_space(&files::folder_of(target), room)?;
    let mut connection = connection::open(target, Access::ReadWrite, patience)?;
    connection::set_cache(&connection, CACHE_MIB)?;
    connection.pragma_update(None, "synchronous", "extra")?;
    let writing = Writing { staged, patience, progress };
    if is_wal(&connection)? {
        let finished = overwrite_wal(&writing, &mut connection, target, guard);
        checkpoint(&mut connection, progress);
        return finished;
    }
    connection.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
    // Only now: in this mode, who waits for the lock keeps the one who has it from ending.
    let mode: String = connection.query_row("PRAGMA locking_mode = exclusive", [], |row| row.get(0))?;
    debug_assert_eq!(mode, "exclusive");
    if !guard.is_current()? {
        progress.detail("somebody wrote to it meanwhile: keeping it again");
        guard.keep_again()?;
    }
    // Nothing was written, and in this locking mode the lock stays.
    connection.execute_batch("COMMIT")?;
    let mut begin = || {
        guard.begin();
        Ok(true)
    };
    match writing.once(&mut connection, &mut begin)? {
        Some(written) => writing.again_unless_same(&written, &mut connection, &mut || Ok(true)),
        None => Ok(()),
    }
}

fn overwrite_wal(
    writing: &Writing<'_>,
    connection: &mut Connection,
    target: &Path,
    guard: &mut dyn Guard,
) -> Result<()> {
    let Writing { patience, progress, .. } = *writing;
    for _ in 0..ATTEMPTS {
        let before = data_version(connection)?;
        let mut may_begin = || {
            let is_current = guard.is_current()?;
            if is_current {
                guard.begin();
            }
            Ok(is_current)
        };
        if let Some(written) = writing.once(connection, &mut may_begin)? {
            return settle(writing, written, before, connection, target).map_err(after_a_commit);
        }
        progress.detail("somebody wrote to it meanwhile: keeping it again");
        let writers_out = connection::open(target, Access::ReadWrite, patience)?;
        writers_out.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        guard.keep_again()?;
        writers_out.execute_batch("ROLLBACK")?;
    }
    Err(Fault::new(Kind::Busy, "other programs write to it all the time")
        .hint("stop them for the moment of the restore")
        .into())
}

/// Tells what others wrote from what was written wrong, which is written again if they do not write meanwhile: in WAL mode
/// they may as soon as the transaction has ended. `before`: the data version then.
fn settle(
    writing: &Writing<'_>,
    written: Written,
    before: u32,
    connection: &mut Connection,
    target: &Path,
) -> Result<()> {
    if !matches!(written, Written::Otherwise(_)) {
        return Ok(());
    }
    let witness = connection::open(target, Access::ReadOnly, writing.patience)?;
    let seen = data_version(&witness)?;
    let others_wrote = data_version(connection)? != before;
    match written {
        Written::Otherwise(Some(damage)) if others_wrote => Err(damage),
        Written::Otherwise(None) if others_wrote => {
            writing
                .progress
                .warn("it was written to by somebody before it was compared with what was restored");
            Ok(())
        }
        written => {
            writing.again_unless_same(&written, connection, &mut || Ok(data_version(&witness)? == seen))
        }
    }
}

/// Changes whenever another connection commits.
fn data_version(connection: &Connection) -> Result<u32> {
    pragma(connection, "data_version")
}

/// Bytes of all pages.
fn size(connection: &Connection) -> Result<u64> {
    Ok(u64::from(pragma(connection, "page_count")?) * u64::from(pragma(connection, "page_size")?))
}

fn pragma(connection: &Connection, name: &str) -> Result<u32> {
    Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
}

/// An error where this process may not write to a database. SQLite would open it for reading, and leave what it makes
/// beside it, with which its owner could not write either.
pub fn refuse_unwritable(database: &Path) -> Result<()> {
    if platform::writable(database) {
        return Ok(());
    }
    let message = format!("{} may not be written to by this user", database.display());
    Err(Fault::failed(message).hint("run this as the user that the database belongs to").into())
}

/// Shrinks the log, which now holds the whole database, if nobody is reading from it. The data is safe either way.
fn checkpoint(connection: &mut Connection, progress: &dyn Progress) {
    let done = connection.busy_handler(None::<fn(i32) -> bool>).and_then(|()| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
    });
    if !matches!(done, Ok(0)) {
        progress.detail("the log could not be emptied now; the application will do it");
    }
}

#[cfg(test)]
mod tests;
