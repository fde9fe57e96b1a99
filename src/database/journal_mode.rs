//! Changing how a database keeps what a crash must not lose: a write-ahead log, or a rollback journal.

use super::connection::{self, Access};
use crate::patience::Patience;
use crate::progress::Progress;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;

/// Whether a database is in WAL mode. This reads it, so it waits for locks.
pub fn is_wal(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA journal_mode", [], |row| Ok(row.get::<_, String>(0)? == "wal"))
}

/// Puts a database into WAL mode.
pub fn enter_wal(database: &Path, patience: &Patience, progress: &dyn Progress) -> Result<()> {
    let mode = set(database, "wal", patience)
        .with_context(|| format!("cannot put {} into WAL mode", database.display()))?;
    if mode != "wal" {
        progress.warn(&format!("{} is in journal mode {mode} and not in WAL mode", database.display()));
    }
    Ok(())
}

/// Puts a database into rollback mode, if nobody has it open: then it is a single file, and reading it writes nothing.
/// A damaged one may refuse; it stays as it is.
pub fn leave_wal(database: &Path, patience: &Patience, progress: &dyn Progress) {
    let stays = match set(database, "delete", patience) {
        Ok(mode) if mode == "delete" => return,
        Ok(mode) => mode,
        Err(error) => format!("as it is: {error:#}"),
    };
    progress.detail(&format!("the journal mode of {} stays {stays}", database.display()));
}

fn set(database: &Path, mode: &str, patience: &Patience) -> Result<String> {
    let connection = connection::open(database, Access::ReadWrite, patience)?;
    Ok(connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get(0))?)
}
