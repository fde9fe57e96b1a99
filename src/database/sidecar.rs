//! The files that SQLite keeps beside a database: `-wal`, `-shm` and `-journal`.

use crate::error::Fault;
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

fn is_file(path: &Path) -> Result<bool> {
    Ok(files::metadata(path)?.is_some_and(|metadata| metadata.is_file()))
}

/// An error where a database is to be put where SQLite keeps a sidecar of another.
pub fn refuse_as_database(database: &Path) -> Result<()> {
    let name = database.to_string_lossy();
    for sidecar in Sidecar::ALL {
        let Some(of) = name.strip_suffix(sidecar.suffix()).map(PathBuf::from) else { continue };
        if is_file(&of)? {
            let message = format!("{name} is no database: SQLite keeps a part of {} there", of.display());
            return Err(Fault::usage(message).hint("name the database itself").into());
        }
    }
    Ok(())
}

/// An error where something is to be written to a database that it is read from, or to a file that SQLite keeps beside
/// one: it would be taken for a part of it.
pub fn refuse_output(output: &Path, database: &Path) -> Result<()> {
    let database = files::resolve(database)?;
    if output == database {
        return Err(Fault::usage(format!("{} is the database itself", output.display())).into());
    }
    let name = output.to_string_lossy();
    for sidecar in Sidecar::ALL {
        let of = name.strip_suffix(sidecar.suffix()).map(|of| is_file(Path::new(of))).transpose()?;
        if sidecar.of(&database) == output || of == Some(true) {
            let message = format!("SQLite would take {name} for a part of the database beside it");
            return Err(Fault::usage(message).hint("choose another name").into());
        }
    }
    Ok(())
}
