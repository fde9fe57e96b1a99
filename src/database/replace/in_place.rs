//! Overwriting a database through SQLite, in one transaction.

use super::super::copy::step_through;
use super::super::{Access, connection};
use super::repage;
use crate::files;
use crate::patience::Patience;
use crate::progress::Progress;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// The cache of the connection that writes: each time it is full, a rollback journal has to be synced.
const CACHE_MIB: u32 = 32;

/// The staged database with the page size that it needs in order to take the place of the one at `target`: itself,
/// or a copy beside it. An empty target takes any.
pub fn fit(staged: &Path, target: &Path, patience: &Patience, progress: &dyn Progress) -> Result<PathBuf> {
    let size_of = |connection: &Connection| pragma(connection, "page_size");
    let wanted = {
        let connection = connection::open(target, Access::ReadWrite, patience)?;
        if is_empty(&connection)? { None } else { Some(size_of(&connection)?) }
    };
    let size = size_of(&connection::open(staged, Access::ReadOnly, patience)?)?;
    match wanted {
        Some(wanted) if wanted != size => repage(staged, wanted, patience, progress),
        _ => Ok(staged.to_owned()),
    }
}

/// Makes the database at `target` hold what the one at `staged` holds, which nobody else has open, which is in
/// rollback mode and [`fit`]s. Its journal mode, owner, mode and links stay.
///
/// Locks are waited for as `patience` says. A crash at any moment leaves what SQLite rolls back or has committed.
pub fn in_place(staged: &Path, target: &Path, patience: &Patience, progress: &dyn Progress) -> Result<()> {
    overwrite(staged, target, patience, progress)
        .with_context(|| format!("cannot write the database {}", target.display()))
}

fn overwrite(staged: &Path, target: &Path, patience: &Patience, progress: &dyn Progress) -> Result<()> {
    let mut connection = connection::open(target, Access::ReadWrite, patience)?;
    if is_empty(&connection)? {
        // A database in WAL mode cannot change its page size; without content nobody minds the mode for a moment.
        let _: String = connection.query_row("PRAGMA journal_mode = delete", [], |row| row.get(0))?;
    }
    let wal = is_wal(&connection)?;
    let source = connection::open(staged, Access::ReadOnly, patience)?;
    let room = u64::from(pragma(&source, "page_count")?) * u64::from(pragma(&source, "page_size")?);
    files::require_space(&files::folder_of(target), room)?;
    connection::set_cache(&connection, CACHE_MIB)?;
    connection.pragma_update(None, "synchronous", "extra")?;
    step_through(&source, &mut connection, patience, progress, "writing the database")?;
    if wal {
        checkpoint(&mut connection, progress);
    }
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> Result<u32> {
    Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?)
}

fn is_wal(connection: &Connection) -> Result<bool> {
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    Ok(mode == "wal")
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
mod tests {
    use super::*;
    use crate::progress::Silent;
    use std::time::Duration;

    fn database(path: &Path, pragmas: &str, rows: i64) -> Connection {
        let db = Connection::open(path).expect("open");
        let fill = "create table t(a); with recursive n(i) as (select 1 union all select i + 1 from n)
                    insert into t select i from n limit";
        db.execute_batch(&format!("{pragmas}; {fill} {rows}")).expect("fill");
        db
    }

    fn scene() -> (tempfile::TempDir, PathBuf, PathBuf, Patience) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (staged, target) = (folder.path().join("staged"), folder.path().join("target"));
        (folder, staged, target, Patience::new(Duration::from_millis(200), &Silent))
    }

    fn count(db: &Connection) -> i64 {
        db.query_row("select count(*) from t", [], |row| row.get(0)).expect("count")
    }

    fn in_place(staged: &Path, target: &Path, patience: &Patience, progress: &dyn Progress) -> Result<()> {
        super::in_place(&fit(staged, target, patience, progress)?, target, patience, progress)
    }

    #[test]
    fn a_reader_in_wal_mode_goes_on_and_the_mode_stays() {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "", 3));
        let other = database(&target, "pragma journal_mode = wal", 5000);
        other.execute_batch("begin; select count(*) from t").expect("read");
        in_place(&staged, &target, &patience, &Silent).expect("restore");
        assert_eq!(count(&other), 5000, "its snapshot is still the old one");
        other.execute_batch("commit").expect("end");
        assert_eq!(count(&other), 3);
        let mode: String = other.query_row("pragma journal_mode", [], |row| row.get(0)).expect("mode");
        assert_eq!(mode, "wal");
    }

    #[test]
    fn the_page_size_of_the_target_stays() {
        for mode in ["delete", "wal"] {
            let (_folder, staged, target, patience) = scene();
            drop(database(&staged, "pragma page_size = 1024", 3));
            drop(database(&target, &format!("pragma page_size = 8192; pragma journal_mode = {mode}"), 5000));
            in_place(&staged, &target, &patience, &Silent).expect("restore");
            let db = Connection::open(&target).expect("open");
            assert_eq!(count(&db), 3);
            let size: u32 = db.query_row("pragma page_size", [], |row| row.get(0)).expect("page size");
            assert_eq!(size, 8192);
        }
    }

    #[test]
    fn an_empty_target_takes_the_page_size() {
        for pragmas in ["", "pragma journal_mode = wal"] {
            let (_folder, staged, target, patience) = scene();
            drop(database(&staged, "pragma page_size = 1024", 3));
            Connection::open(&target).expect("open").execute_batch(pragmas).expect("pragmas");
            std::fs::OpenOptions::new().create(true).append(true).open(&target).expect("a file");
            in_place(&staged, &target, &patience, &Silent).expect("restore");
            let db = Connection::open(&target).expect("open");
            let size: u32 = db.query_row("pragma page_size", [], |row| row.get(0)).expect("page size");
            assert_eq!((count(&db), size), (3, 1024));
        }
    }

    #[test]
    fn a_lock_that_stays_is_busy_and_changes_nothing() {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "", 3));
        let other = database(&target, "", 50);
        other.execute_batch("begin immediate; insert into t values (0)").expect("lock");
        let error = in_place(&staged, &target, &patience, &Silent).expect_err("it is locked");
        assert_eq!(crate::error::kind(&error), crate::error::Kind::Busy, "{error:#}");
        other.execute_batch("commit").expect("commit");
        assert_eq!(count(&other), 51);
    }
}
