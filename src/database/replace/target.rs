//! What is where a database is to be put.

use super::super::header::{Header, read_head};
use super::super::sidecar;
use super::aside::{self, Aside};
use crate::error::Fault;
use crate::files::{self, FolderLock};
use crate::progress::Progress;
use anyhow::Result;
use std::path::Path;

/// What is where a database is to be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// No file, and nothing that was beside one.
    Missing,
    /// No file, but sidecars of one that was there.
    Leftovers,
    /// A file without content.
    Empty,
    /// A database, as far as its header tells.
    Database(Header),
    /// A file that is no database.
    Unreadable,
}

/// Looks at where a database is to be put. Nothing is opened through SQLite.
pub fn look(database: &Path) -> Result<Target> {
    let sidecars = !sidecar::present(database)?.is_empty();
    let Some(metadata) = files::metadata(database)? else {
        return Ok(if sidecars { Target::Leftovers } else { Target::Missing });
    };
    if !metadata.is_file() {
        return Err(Fault::usage(format!("{} is not a file", database.display())).into());
    }
    let head = read_head(database)?;
    Ok(match Header::parse(&head) {
        Some(header) => Target::Database(header),
        None if head.is_empty() && !sidecars => Target::Empty,
        None => Target::Unreadable,
    })
}

/// Finishes what a restore began that was killed while it moved files, and returns it. The lock of the folder must be held.
pub fn finish_interrupted(
    database: &Path,
    _lock: &FolderLock,
    progress: &dyn Progress,
) -> Result<Option<Aside>> {
    let finished = aside::resume(database, progress)?;
    if let Some(finished) = &finished {
        let (restored, folder) = (&finished.record.restored, finished.folder.display());
        progress.warn(&format!(
            "finished an interrupted restore of {restored}; what was there before is in {folder}"
        ));
    }
    Ok(finished)
}

/// An error where a restore was killed while it moved files, and somebody wants to look only.
pub fn refuse_interrupted(database: &Path) -> Result<()> {
    if aside::is_pending(database)? {
        let name = database.display();
        return Err(Fault::failed(format!("a restore of {name} was interrupted while it moved files"))
            .hint("the next restore finishes it")
            .into());
    }
    Ok(())
}
