//! Keeping what a database holds before it is overwritten.

use super::super::{Access, connection};
use crate::error::Fault;
use crate::patience::Patience;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Keeps what a database holds before it is overwritten.
pub trait Keep {
    /// Keeps it. With `in_use`, this process has connections to the database: its files must not be opened by hand,
    /// which would drop their locks.
    fn keep(&mut self, in_use: bool) -> Result<()>;

    /// Whether what was kept is what is there. It is asked while nobody can write.
    fn is_current(&mut self) -> Result<bool>;
}

/// Keeps nothing: for those who mean it.
pub struct Nothing;

impl Keep for Nothing {
    fn keep(&mut self, _: bool) -> Result<()> {
        Ok(())
    }

    fn is_current(&mut self) -> Result<bool> {
        Ok(true)
    }
}

/// Keeps nothing of a database that holds nothing, and refuses one that somebody has filled meanwhile.
pub struct StillEmpty<'a> {
    database: &'a Path,
    patience: &'a Patience,
}

impl<'a> StillEmpty<'a> {
    /// For the database at that path.
    pub fn new(database: &'a Path, patience: &'a Patience) -> Self {
        Self { database, patience }
    }
}

impl Keep for StillEmpty<'_> {
    fn keep(&mut self, _: bool) -> Result<()> {
        Ok(())
    }

    fn is_current(&mut self) -> Result<bool> {
        if holds_nothing(&connection::open(self.database, Access::ReadWrite, self.patience)?)? {
            return Ok(true);
        }
        let message = format!("{} was filled by somebody meanwhile", self.database.display());
        Err(Fault::failed(message).hint("look at it, and run this again").into())
    }
}

/// Whether a database has no tables, views or anything else that somebody made.
pub fn holds_nothing(connection: &Connection) -> Result<bool> {
    let query = r"SELECT count(*) = 0 FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'";
    Ok(connection.query_row(query, [], |row| row.get(0))?)
}
