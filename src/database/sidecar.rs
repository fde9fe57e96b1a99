//! The files that SQLite keeps beside a database: `-wal`, `-shm` and `-journal`.

use crate::files;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A kind of sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sidecar {
    /// The write-ahead log: part of the database until it is checkpointed.
    Wal,
    /// The index of the log, shared between processes: rebuilt where it is missing.
    Shm,
    /// The rollback journal: what a crashed transaction has to undo.
    Journal,
}

impl Sidecar {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wal, Self::Shm, Self::Journal];

    /// What it appends to the database's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Wal => "-wal",
            Self::Shm => "-shm",
            Self::Journal => "-journal",
        }
    }

    /// Where it is, or would be.
    pub fn of(self, database: &Path) -> PathBuf {
        files::with_suffix(database, self.suffix())
    }

    /// Its size in bytes; `None` where it is not there. This does not open it.
    pub fn size(self, database: &Path) -> Result<Option<u64>> {
        Ok(files::metadata(&self.of(database))?.map(|metadata| metadata.len()))
    }
}

/// The sidecars that are there.
pub fn present(database: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for sidecar in Sidecar::ALL {
        if sidecar.size(database)?.is_some() {
            found.push(sidecar.of(database));
        }
    }
    Ok(found)
}
