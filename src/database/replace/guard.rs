//! What stands before the first page that is overwritten.

use super::super::{Access, connection};
use crate::error::Fault;
use crate::patience::Patience;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Sees to it that nothing is overwritten that was not kept.
pub trait Guard {
    /// Whether what was kept is what is there. It is asked while nobody can write.
    fn is_current(&mut self) -> Result<bool>;

    /// Keeps what is there, while nobody can write. This process has connections to the database: its files must not be
    /// opened by hand, which would drop their locks.
    fn keep_again(&mut self) -> Result<()>;

    /// From now on, what is there is being overwritten. Until then an error leaves it as it is.
    fn begin(&mut self) {}
}

/// For those who do not want to keep what is there.
pub struct Unguarded;

impl Guard for Unguarded {
    fn is_current(&mut self) -> Result<bool> {
        Ok(true)
    }

    fn keep_again(&mut self) -> Result<()> {
        Ok(())
    }
}

/// For a database that holds nothing. One that somebody has filled meanwhile is refused.
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

impl Guard for StillEmpty<'_> {
    fn keep_again(&mut self) -> Result<()> {
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
