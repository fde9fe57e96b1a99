//! Free space: asked for before something large is written, and named where it ran out.

use crate::error::{Fault, is_database_full};
use crate::platform;
use anyhow::{Context, Result};
use std::path::Path;

/// An error where the file system of `folder` has no room for `needed` more bytes.
pub fn require_space(folder: &Path, needed: u64) -> Result<()> {
    let free = platform::free_space(folder)
        .with_context(|| format!("cannot ask how much space is free at {}", folder.display()))?;
    match free {
        Some(free) if free < needed => Err(Fault::failed(format!(
            "not enough space at {}: {} needed, {} free",
            folder.display(),
            bytesize::ByteSize(needed),
            bytesize::ByteSize(free)
        ))
        .hint("free some space, or choose another place")
        .into()),
        _ => Ok(()),
    }
}

/// Says of an error of SQLite that a disk is full which one that is. `folders` are those that it may have been writing to.
/// Other errors say it themselves.
pub fn name_full(error: anyhow::Error, folders: &[&Path]) -> anyhow::Error {
    if !is_database_full(&error) {
        return error;
    }
    let free = |folder: &&Path| platform::free_space(folder).ok().flatten();
    let mut places: Vec<(Option<u64>, String)> = Vec::new();
    for folder in folders {
        let (left, name) = (free(folder), folder.display().to_string());
        // Folders of one file system have the same space.
        if left.is_none() || places.iter().all(|(other, _)| *other != left) {
            let left_there = left.map(|left| format!(" ({} free)", bytesize::ByteSize(left)));
            places.push((left, name + &left_there.unwrap_or_default()));
        }
    }
    places.sort_by_key(|(left, _)| left.unwrap_or(u64::MAX));
    let names: Vec<String> = places.into_iter().map(|(_, name)| name).collect();
    match names.as_slice() {
        [] => error,
        names => error.context(format!("no space left at {}", names.join(" or at "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_a_name_and_other_errors_are_left() {
        let code =
            |code| anyhow::Error::new(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
        let folder = std::env::temp_dir();
        let folders = [folder.as_path(), folder.as_path()];
        let full = format!("{:#}", name_full(code(rusqlite::ffi::SQLITE_FULL), &folders));
        let start = format!("no space left at {} (", folder.display());
        assert!(full.starts_with(&start) && full.contains(" free): "), "{full}");
        let gone = folder.join("larder is not here");
        let unknown = format!("{:#}", name_full(code(rusqlite::ffi::SQLITE_FULL), &[gone.as_path()]));
        assert!(unknown.starts_with(&format!("no space left at {}: ", gone.display())), "{unknown}");
        let other = name_full(code(rusqlite::ffi::SQLITE_BUSY), &folders);
        assert!(!other.to_string().contains("space"), "{other:#}");
    }
}
