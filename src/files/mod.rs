//! Every file operation of larder: each error carries its path, and each operation passes a fail point.
//!
//! Nothing else in the library touches the file system in a way that changes it, so that "killed at any moment"
//! can be tested by counting. [`AtomicFile`] and [`Scratch`] are built on these.

mod atomic;
mod folder;
mod lock;
mod scratch;
mod space;

use atomic::taken;
pub use atomic::{AtomicFile, place, refuse_taken};
pub use folder::AtomicFolder;
pub use lock::{FileLock, FolderLock, lock, lock_folder, lock_reading};
pub use scratch::{Scratch, has_scratch, is_scratch, roomy_folder, sweep};
pub use space::{name_full, require_space};

use crate::{error::Fault, failpoint, platform, progress::Progress};
use anyhow::{Context, Result};
use std::fs::{DirEntry, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How much is copied between two looks at whether to go on.
const COPY_STEP: u64 = 32 << 20;

/// Opens a file for reading.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("cannot open {}", path.display()))
}

/// Opens a file for reading that is to be what was seen of it: no link, and nothing that makes who opens it wait. `None` where
/// it is gone.
pub fn open_seen(path: &Path) -> Result<Option<File>> {
    match platform::open_not_following(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot open {}", path.display())),
    }
}

/// What the file system says of a path, links not followed; `None` where nothing is there.
pub fn metadata_of_link(path: &Path) -> Result<Option<Metadata>> {
    if_there(std::fs::symlink_metadata(path), path)
}

/// What the file system says of a path, links followed; `None` where nothing is there.
pub fn metadata(path: &Path) -> Result<Option<Metadata>> {
    if_there(std::fs::metadata(path), path)
}

/// What was found out of a path; `None` where nothing is there. What cannot be looked at may be there, so it is an error.
pub fn if_there<T>(looked: io::Result<T>, path: &Path) -> Result<Option<T>> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot look at {}", path.display())),
    }
}

/// Whether something is there, links followed.
pub fn is_there(path: &Path) -> Result<bool> {
    Ok(metadata(path)?.is_some())
}

/// An error where a path names no file.
pub fn require_file(path: &Path) -> Result<()> {
    match metadata(path)? {
        Some(metadata) if metadata.is_file() => Ok(()),
        Some(_) => Err(Fault::usage(format!("{} is not a file", path.display())).into()),
        None => Err(Fault::failed(format!("there is no file {}", path.display())).into()),
    }
}

/// The whole of a small file. A larger one than `limit` bytes is an error.
pub fn read_small(path: &Path, limit: u64) -> Result<Vec<u8>> {
    read_whole(open(path)?, path, limit)
}

/// The same; `None` where nothing is there.
pub fn read_small_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    let file = if_there(File::open(path), path)?;
    file.map(|file| read_whole(file, path, limit)).transpose()
}

fn read_whole(file: File, path: &Path, limit: u64) -> Result<Vec<u8>> {
    // The size is a hint: a pipe has none.
    let size = file.metadata().map_or(0, |metadata| metadata.len()).min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() as u64 > limit {
        return Err(Fault::invalid(format!("{} is larger than {limit} bytes", path.display())).into());
    }
    Ok(bytes)
}

/// The absolute form of a path, with its links followed as far as it exists; its folder must exist.
pub fn resolve(path: &Path) -> Result<PathBuf> {
    let mut path = path.to_owned();
    // A link whose target is missing names the place where the target will be.
    for _ in 0..40 {
        match std::fs::canonicalize(&path) {
            Ok(resolved) => return Ok(resolved),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot resolve {}", path.display())),
        }
        let folder = folder_of(&path);
        let folder = std::fs::canonicalize(&folder)
            .with_context(|| format!("no folder {} for {}", folder.display(), path.display()))?;
        let name = path
            .file_name()
            .ok_or_else(|| Fault::usage(format!("{} does not name a file", path.display())))?;
        match std::fs::read_link(folder.join(name)) {
            Ok(target) => path = folder.join(target),
            // Nothing is there, or what is there is no link and appeared just now.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => {
                return Ok(folder.join(name));
            }
            Err(error) => return Err(error).with_context(|| format!("cannot resolve {}", path.display())),
        }
    }
    Err(Fault::failed(format!("too many links at {}", path.display())).into())
}

/// The last part of a path, as text.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder that a path lies in, `.` for a bare name.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A path with something appended to its file name, as `SQLite` names its sidecars.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Creates a folder and what is missing above it; the new ones are for their owner alone.
pub fn create_folders(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folders(parent)?;
    }
    match create_folder(path) {
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => give_to_owner_of(&folder_of(path), path),
    }
}

/// Creates a folder that was not there, for its owner alone.
pub fn create_folder(path: &Path) -> Result<()> {
    failpoint::hit("create folder")
        .and_then(|()| platform::create_private_folder(path))
        .with_context(|| format!("cannot create the folder {}", path.display()))
}

/// Creates a file that was not there, for its owner alone.
pub fn create(path: &Path) -> Result<Output> {
    let file = failpoint::hit("create file")
        .and_then(|()| platform::create_private_file(path))
        .with_context(|| format!("cannot create {}", path.display()))?;
    Ok(Output { file, path: path.to_owned() })
}

/// Renames, replacing what has the new name.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    failpoint::hit("rename")
        .and_then(|()| std::fs::rename(from, to))
        .with_context(|| format!("cannot rename {} to {}", from.display(), to.display()))
}

/// Renames, and fails where the new name is taken.
pub fn rename_new(from: &Path, to: &Path) -> Result<()> {
    failpoint::hit("rename to a free name")
        .and_then(|()| platform::rename_no_replace(from, to))
        .with_context(|| format!("cannot rename {} to {}", from.display(), to.display()))
}

/// Makes two paths change their names.
pub fn exchange(a: &Path, b: &Path) -> Result<()> {
    failpoint::hit("exchange")
        .and_then(|()| platform::exchange(a, b))
        .with_context(|| format!("cannot replace {}", b.display()))
}

/// Makes a symbolic link where nothing is.
pub fn create_link(target: &Path, path: &Path) -> Result<()> {
    failpoint::hit("create link")
        .and_then(|()| platform::create_link(target, path))
        .with_context(|| format!("cannot create the link {}", path.display()))
}

/// Removes a file; one that is not there is as good as removed.
pub fn remove(path: &Path) -> Result<()> {
    match failpoint::hit("remove file").and_then(|()| std::fs::remove_file(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.with_context(|| format!("cannot remove {}", path.display())),
    }
}

/// Removes what a failed operation made, as well as can be: its error is the one that counts.
pub fn discard(path: &Path) {
    let _ = std::fs::remove_file(path);
}

/// Opens a file that processes lock; made for its owner alone where it is not there.
pub fn open_lock(path: &Path) -> Result<File> {
    failpoint::hit("open lock")
        .and_then(|()| platform::open_lock_file(path))
        .with_context(|| format!("cannot open {}", path.display()))
}

/// What is in a folder.
pub fn entries(folder: &Path) -> Result<Vec<DirEntry>> {
    let read = || std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>();
    read().with_context(|| format!("cannot read the folder {}", folder.display()))
}

/// Removes an empty folder.
pub fn remove_folder(path: &Path) -> Result<()> {
    failpoint::hit("remove folder")
        .and_then(|()| std::fs::remove_dir(path))
        .with_context(|| format!("cannot remove the folder {}", path.display()))
}

/// Says when a folder was changed last.
pub fn set_modified(folder: &Path, time: SystemTime) -> Result<()> {
    let set = File::open(folder).and_then(|folder| folder.set_modified(time));
    set.with_context(|| format!("cannot set the time of {}", folder.display()))
}

/// Makes what was created, renamed or removed in a folder durable.
pub fn sync_folder(path: &Path) -> Result<()> {
    failpoint::hit("sync folder")
        .and_then(|()| platform::sync_folder(path))
        .with_context(|| format!("cannot sync the folder {}", path.display()))
}

/// Makes the content of a file that something else wrote (`SQLite`) durable.
pub fn sync(path: &Path) -> Result<()> {
    failpoint::hit("sync file")
        .and_then(|()| platform::open_to_sync(path)?.sync_all())
        .with_context(|| format!("cannot sync {}", path.display()))
}

/// What root makes in somebody else's folder is theirs, who could not read it or delete it otherwise.
pub fn give_to_owner_of(folder: &Path, path: &Path) -> Result<()> {
    failpoint::hit("set owner")
        .and_then(|()| platform::give_to_owner_of(folder, path))
        .with_context(|| format!("cannot set the owner of {}", path.display()))
}

/// Gives a file an owner and a mode, as far as this process may.
pub fn apply_ownership(path: &Path, wanted: platform::Ownership) -> Result<()> {
    failpoint::hit("set owner and mode")
        .and_then(|()| platform::apply_ownership(path, wanted))
        .with_context(|| format!("cannot set the owner and mode of {}", path.display()))
}

/// Copies a file to a new one that is for its owner alone.
pub fn copy(from: &Path, to: &Path, progress: &dyn Progress) -> Result<()> {
    let mut reader = open(from)?;
    let mut output = create(to)?;
    let mut total = 0;
    loop {
        crate::progress::go_on(progress)?;
        failpoint::hit("copy").with_context(|| format!("cannot write {}", to.display()))?;
        let copied = io::copy(&mut (&mut reader).take(COPY_STEP), &mut output.file)
            .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
        progress.advance(copied);
        total += copied;
        if copied < COPY_STEP {
            return require_all_read(&reader, total, from);
        }
    }
}

/// An error where a file has more bytes than were read until it seemed to end.
pub fn require_all_read(file: &File, read: u64, path: &Path) -> Result<()> {
    let size = file.metadata().with_context(|| format!("cannot look at {}", path.display()))?.len();
    if read >= size {
        return Ok(());
    }
    let path = path.display();
    Err(Fault::failed(format!("reading {path} ended after {read} of its {size} bytes")).into())
}

/// A file being written, whose errors carry its path.
#[derive(Debug)]
pub struct Output {
    file: File,
    path: PathBuf,
}

impl Output {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says when it was last written to, other than just now.
    pub fn set_modified(&self, time: SystemTime) -> Result<()> {
        failpoint::hit("set time")
            .and_then(|()| self.file.set_modified(time))
            .with_context(|| format!("cannot set the time of {}", self.path.display()))
    }

    /// Makes what was written durable, and lets the page cache forget it, so that reading it back reads the disk.
    pub fn sync(&self) -> Result<()> {
        failpoint::hit("sync file")
            .and_then(|()| self.file.sync_all())
            .with_context(|| format!("cannot sync {}", self.path.display()))?;
        platform::forget_cached(&self.file);
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        failpoint::hit("write")
            .and_then(|()| self.file.write(bytes))
            .map_err(|error| naming("cannot write", &self.path, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// An I/O error of the same kind whose text says the operation and the path.
fn naming(operation: &str, path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{operation} {}: {error}", path.display()))
}
