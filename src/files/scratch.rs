//! Private folders for work in progress, which vanish with the work, or with the next one where a process died.

use super::{create, create_folder};
use crate::platform;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const PREFIX: &str = ".larder-tmp-";
const LOCK: &str = "lock";

/// A private folder (mode 0700) that is removed when the value is dropped.
///
/// It holds a lock file that is locked while its process lives. [`Scratch::new_in`] removes those beside it
/// whose process has died, so that a killed run leaves its work only until the next.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes a new one in `folder`, which may be relative, or the empty path of a file without a folder; its own path is
    /// absolute.
    pub fn new_in(folder: &Path) -> Result<Self> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = std::path::absolute(folder).context("cannot tell what the current folder is")?;
        sweep(&folder);
        loop {
            let path = folder.join(format!("{PREFIX}{:016x}", random()));
            create_folder(&path)?;
            match lock_new(&path.join(LOCK)) {
                Ok(Some(lock)) => return Ok(Self { folder: path, _lock: lock }),
                // Swept away between its creation and its lock: once more.
                Ok(None) => {}
                Err(error) => {
                    clear(&path);
                    return Err(error);
                }
            }
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a file of that name inside.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        clear(&self.folder);
    }
}

/// Removes a scratch folder, its lock last: while something is in it, the lock says whose it is. What cannot be
/// removed now is removed by the next run.
fn clear(folder: &Path) {
    let clear = || -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name() == LOCK {
                continue;
            }
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        match std::fs::remove_file(folder.join(LOCK)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => std::fs::remove_dir(folder),
        }
    };
    let _ = clear();
}

fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// A locked lock file; `None` where a sweeping process was faster. File systems that know no locks have none.
fn lock_new(path: &Path) -> Result<Option<File>> {
    let file = match create(path) {
        Ok(output) => output.file,
        Err(_) if !path.parent().is_some_and(Path::exists) => return Ok(None),
        Err(error) => return Err(error),
    };
    let swept = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    let still_there = |m: std::fs::Metadata| file.metadata().is_ok_and(|mine| platform::same_file(&m, &mine));
    Ok((!swept && std::fs::metadata(path).is_ok_and(still_there)).then_some(file))
}

/// Whether a name is that of a scratch folder.
pub fn is_scratch(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX))
}

/// Whether a scratch folder is in `folder`.
pub fn has_scratch(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| is_scratch(&entry.file_name())))
}

/// Removes the scratch folders in `folder` that dead processes left. What cannot be looked at is left alone.
pub fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let mine = entry.metadata().is_ok_and(|m| m.is_dir() && platform::owned_by_me(&m));
        if !is_scratch(&entry.file_name()) || !mine {
            continue;
        }
        match File::open(entry.path().join(LOCK)) {
            // The lock is kept until the folder is gone: nobody else can want it.
            Ok(lock) if lock.try_lock().is_ok() => clear(&entry.path()),
            Ok(_) => {}
            // Its process died before the lock, or is about to make it: then it will notice, and make another.
            Err(_) => drop(std::fs::remove_dir(entry.path())),
        }
    }
}

/// The first of the folders that has room for `needed` bytes and may be written to; where none has, the first.
pub fn roomy_folder<'a>(folders: &[&'a Path], needed: u64) -> &'a Path {
    let fits = |folder: &&&Path| {
        folder.is_dir()
            && platform::writable(folder)
            && platform::free_space(folder).is_ok_and(|free| free.is_none_or(|free| free >= needed))
    };
    folders.iter().find(fits).or(folders.first()).expect("callers name at least one folder")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_vanishes_when_dropped() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let scratch = Scratch::new_in(folder.path()).expect("a scratch");
        std::fs::write(scratch.file("x"), "x").expect("write");
        let path = scratch.folder().to_owned();
        drop(scratch);
        assert!(!path.exists());
    }

    #[test]
    fn only_abandoned_scratches_are_swept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let living = Scratch::new_in(folder.path()).expect("a scratch");
        let dead = folder.path().join(".larder-tmp-deadbeef");
        std::fs::create_dir(&dead).expect("a folder");
        std::fs::write(dead.join(LOCK), "").expect("write");
        std::fs::write(dead.join("copy"), "half a copy").expect("write");
        let unborn = folder.path().join(".larder-tmp-unborn");
        std::fs::create_dir(&unborn).expect("a folder");
        let foreign = folder.path().join(".larder-tmp-foreign");
        std::fs::create_dir(&foreign).expect("a folder");
        std::fs::write(foreign.join("theirs"), "").expect("write");
        let _another = Scratch::new_in(folder.path()).expect("a scratch");
        assert!(living.folder().exists());
        assert!(!dead.exists() && !unborn.exists());
        assert!(foreign.exists(), "without a lock it is not known to be a scratch");
    }
}
