//! Giving a finished database a name that nothing has.

use super::super::journal_mode::enter_wal;
use crate::files;
use crate::patience::Patience;
use crate::platform::{self, Ownership};
use crate::progress::Progress;
use anyhow::Result;
use std::path::Path;

/// What a new database file is to be like.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewFile {
    /// In WAL mode.
    pub wal: bool,
    /// Owner and mode. Where unknown, root gives it to the folder's owner, mode 0600.
    pub ownership: Option<Ownership>,
}

/// Gives `staged`, which nobody has open, the name `target` on the same file system. The name must be free, and
/// nothing may be left beside it that SQLite would take for a part of the database.
pub fn as_new_file(
    staged: &Path,
    target: &Path,
    new: NewFile,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    prepare(staged, target, new, patience, progress)?;
    files::rename_new(staged, target)?;
    if let Err(error) = files::sync_folder(&files::folder_of(target)) {
        // It is there, and somebody may use it already.
        let target = target.display();
        progress.alarm(&format!("{target} is whole, but it may be gone after a power failure: {error:#}"));
    }
    Ok(())
}

/// Makes a staged database what it is to be under its name, durably.
pub(super) fn prepare(
    staged: &Path,
    target: &Path,
    new: NewFile,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    if new.wal {
        enter_wal(staged, patience, progress)?;
    }
    if let Some(ownership) = new.ownership.or_else(|| owner_of_folder(target))
        && let Err(error) = files::apply_ownership(staged, ownership)
    {
        progress.warn(&format!("{error:#}"));
    }
    files::sync(staged)
}

fn owner_of_folder(target: &Path) -> Option<Ownership> {
    let folder = files::metadata(&files::folder_of(target)).ok()??;
    let ownership = platform::ownership(&folder).filter(|_| platform::is_root())?;
    Some(Ownership { mode: 0o600, ..ownership })
}
