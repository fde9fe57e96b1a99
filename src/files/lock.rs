//! One at a time in a folder, without leaving a file behind.

use crate::error::{Fault, Kind};
use crate::patience::Patience;
use crate::platform::flock;
use anyhow::{Context, Result};
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

/// The lock of a folder itself. It ends with the value, or with the process.
#[derive(Debug)]
pub struct FolderLock {
    _folder: Option<File>,
}

/// The lock of a file. It ends with the value, or with the process.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

/// Waits until no other larder replaces a database in a folder. Systems and file systems that cannot lock a folder
/// let everybody in.
pub fn lock_folder(folder: &Path, patience: &Patience) -> Result<FolderLock> {
    let file = match File::open(folder) {
        Ok(file) => file,
        // Who may write to a folder need not be allowed to read it, and Windows opens none.
        Err(error) if cfg!(windows) || error.kind() == io::ErrorKind::PermissionDenied => {
            return Ok(FolderLock { _folder: None });
        }
        Err(error) => return Err(error).with_context(|| format!("cannot lock {}", folder.display())),
    };
    lock_unless_strangers(&file, patience, || {
        format!("the folder {} is locked: another larder is replacing a database in it", folder.display())
    })?;
    Ok(FolderLock { _folder: Some(file) })
}

/// Waits until no other larder has the lock of a file that others may read and replace. It leaves nothing behind. On Windows
/// nobody could read a file that is locked, and file systems without locks let everybody in.
pub fn lock_reading(
    path: &Path,
    patience: &Patience,
    busy: impl FnOnce() -> String,
) -> Result<Option<FileLock>> {
    if cfg!(windows) {
        return Ok(None);
    }
    let file = super::open(path)?;
    lock_unless_strangers(&file, patience, busy)?;
    Ok(Some(FileLock { _file: file }))
}

/// Waits for the lock of what everybody may lock who may read it. The lock of somebody who may not write to it is no larder's
/// that does anything here, and is not waited for: it could last for ever.
fn lock_unless_strangers(file: &File, patience: &Patience, busy: impl FnOnce() -> String) -> Result<()> {
    let is_strangers = || file.metadata().is_ok_and(|metadata| flock::is_held_by_strangers(&metadata));
    if file.try_lock().is_ok() || is_strangers() {
        return Ok(());
    }
    // A stranger may take it next.
    lock(file, patience, busy).or_else(|error| if is_strangers() { Ok(()) } else { Err(error) })
}

/// Waits for the lock of a file that larder alone locks. File systems that know no locks let everybody in.
pub fn lock(file: &File, patience: &Patience, busy: impl FnOnce() -> String) -> Result<()> {
    let mut wait = patience.begin();
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if wait() {
            continue;
        }
        if patience.stop.load(Ordering::Relaxed) {
            return Err(Fault::interrupted().into());
        }
        return Err(Fault::new(Kind::Busy, busy())
            .hint("wait for it, or wait longer with --busy-timeout")
            .into());
    }
    Ok(())
}
