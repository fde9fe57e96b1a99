//! Connections, with every setting made on purpose.

use crate::error::{CommitFailed, sqlite_code};
use crate::failpoint;
use crate::files;
use crate::patience::Patience;
use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::atomic::Ordering;

/// How a database file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `mode=ro`.
    ReadOnly,
    /// For reading and writing; the file must exist.
    ReadWrite,
    /// For reading and writing; created where it does not exist.
    Create,
}

/// Opens a database. `path` must be absolute, or `file:` at its start would make it a URI.
pub fn open(path: &Path, access: Access, patience: &Patience) -> Result<Connection> {
    debug_assert!(path.is_absolute(), "{} is not absolute", path.display());
    let flags = match access {
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_context(|| format!("cannot open {}", path.display()))?;
    configure(&mut connection, patience).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(connection)
}

/// The settings of every connection: what the schema says is not trusted, what only old schemas say is
/// understood, nothing is enforced behind our back.
fn configure(connection: &mut Connection, patience: &Patience) -> rusqlite::Result<()> {
    wait_for_locks(connection, patience)?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false),
        // Else a statement may be prepared anew for every value that is bound to it.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(setting, value)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    stop_when(connection, 20_000, patience, || false)
}

/// Stops statements when the process is asked to stop, or a function says so, which is asked after each `steps` steps.
pub(super) fn stop_when(
    connection: &mut Connection,
    steps: u32,
    patience: &Patience,
    mut is_enough: impl FnMut() -> bool + Send + 'static,
) -> rusqlite::Result<()> {
    let stop = patience.stop.clone();
    let steps = i32::try_from(steps).unwrap_or(i32::MAX);
    connection.progress_handler(steps, Some(move || stop.load(Ordering::Relaxed) || is_enough()))
}

fn wait_for_locks(connection: &mut Connection, patience: &Patience) -> rusqlite::Result<()> {
    let patience = patience.clone();
    let mut wait: Option<Box<dyn FnMut() -> bool + Send>> = None;
    let handler = move |earlier: i32| {
        if earlier == 0 {
            wait = None;
        }
        wait.get_or_insert_with(|| Box::new(patience.begin()))()
    };
    connection.busy_handler(Some(handler))
}

/// Gives a connection a cache of that many mebibytes. This reads the schema, so it waits for locks.
pub fn set_cache(connection: &Connection, mebibytes: u32) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -i64::from(mebibytes) * 1024)
}

/// Whether an error says that a lock is held by somebody else.
pub fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(sqlite_code(error), Some(DatabaseBusy | DatabaseLocked))
}

/// Whether an error says that the schema needs a collation, a function or a module that only the application has:
/// SQLite has no code of its own for that.
pub fn lacks_the_application(error: &rusqlite::Error) -> bool {
    sqlite_code(error) == Some(rusqlite::ErrorCode::Unknown)
}

/// Commits the open transaction. `name` is that of the fail points before and after it. An error is a [`CommitFailed`],
/// unless the transaction is still open: then nothing happened.
pub fn commit(connection: &Connection, name: &str) -> Result<()> {
    failpoint::hit(name)?;
    let committed = connection.execute_batch("COMMIT").context("cannot commit");
    if committed.is_err() && !connection.is_autocommit() {
        return committed;
    }
    committed.and_then(|()| Ok(failpoint::hit(&format!("{name}, done"))?)).context(CommitFailed::default())
}

/// Makes a database that nobody else sees and that need not outlive the process: without a journal, and without waiting for
/// the disk.
pub fn create_private(path: &Path, patience: &Patience) -> Result<Connection> {
    drop(files::create(path)?);
    let connection = open(path, Access::ReadWrite, patience)?;
    connection
        .execute_batch("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA locking_mode = exclusive")
        .with_context(|| format!("cannot prepare {}", path.display()))?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use std::time::{Duration, Instant};

    #[test]
    fn a_locked_database_is_waited_for_and_no_longer_than_asked() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let other = Connection::open(&path).expect("open");
        other.execute_batch("create table t(a); begin exclusive").expect("lock");
        let patience = Patience::new(Duration::from_millis(150), &Silent);
        let began = Instant::now();
        let connection = open(&path, Access::ReadOnly, &patience).expect("opening waits for nothing");
        let error = connection.query_row("select count(*) from t", [], |_| Ok(())).expect_err("it is locked");
        assert!(is_busy(&error), "{error}");
        assert!(began.elapsed() >= Duration::from_millis(150));
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
