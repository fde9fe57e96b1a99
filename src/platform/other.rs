//! Where the system is not Unix: no owners, no modes, and nobody to ask who has a file open.

use super::{Holder, Ownership};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// There are no owners here.
pub fn ownership(_: &Metadata) -> Option<Ownership> {
    None
}

/// There are no owners here.
pub fn apply_ownership(_: &Path, _: Ownership) -> io::Result<()> {
    Ok(())
}

/// There are no owners here.
pub fn for_new_file(recorded: Ownership) -> Ownership {
    recorded
}

/// There are no owners here.
pub fn give_to_owner_of(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens a file to make what somebody else wrote durable, which wants the right to write here.
pub fn open_to_sync(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// Whether two descriptions are of the same file, as far as size and times tell.
pub fn same_file(a: &Metadata, b: &Metadata) -> bool {
    a.len() == b.len() && a.modified().ok() == b.modified().ok() && a.created().ok() == b.created().ok()
}

/// Unknown.
pub fn file_number(_: &Metadata) -> Option<u64> {
    None
}

/// There is no root here.
pub fn is_root() -> bool {
    false
}

/// Nobody else is known to own it.
pub fn owned_by_me(_: &Metadata) -> bool {
    true
}

/// Nobody else is known to have made it.
pub fn is_trusted(_: &Metadata, _: Option<&Metadata>) -> bool {
    true
}

/// Nobody knows.
pub fn others_may_read(_: &Metadata) -> bool {
    false
}

/// There are no modes here.
pub fn others_may_write(_: &Metadata) -> bool {
    false
}

/// There are no modes here.
pub fn others_may_replace(_: &Metadata) -> bool {
    false
}

/// Whether the file or folder is not marked read-only.
pub fn writable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Unknown.
pub fn free_space(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}

/// Creates a file that was not there, open for reading and writing.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

/// Creates a folder that was not there.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir(path)
}

/// Opens a file that processes lock, and creates it where it is not there.
pub fn open_lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Opens a file for reading.
pub fn open_not_following(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// No link can be made here without more rights than most have.
pub fn create_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Nobody can tell.
pub fn same_file_system(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// A file name or a path from its text.
pub fn path_of_bytes(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Renames, and fails with `AlreadyExists` where the new name is taken.
pub fn rename_no_replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(from, to)
}

/// Makes two paths change their names. There is a moment at which the second has none.
pub fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    super::exchange_in_steps(a, b)
}

/// Folders cannot be synced here.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Not possible here.
pub fn forget_cached(_: &File) {}

/// Nobody can say.
pub fn holders(_: &[PathBuf]) -> Vec<Holder> {
    Vec::new()
}

/// There are no such signals here.
pub fn signal_ignored(_: i32) -> bool {
    false
}
