//! Files that appear whole or not at all.

use super::{Output, Scratch, create, folder_of, rename, rename_new, sync_folder};
use crate::error::Fault;
use anyhow::{Context, Result};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written beside its final place and gets its name only when it is whole and durable.
///
/// Dropped without [`AtomicFile::commit`], it leaves nothing.
#[derive(Debug)]
pub struct AtomicFile {
    output: Output,
    target: PathBuf,
    overwrite: bool,
    scratch: Scratch,
}

impl AtomicFile {
    /// Begins a file at `target`, whose folder must exist. Where something is there already and `overwrite` is
    /// not set, that is an error now, and again at the end.
    pub fn create(target: &Path, overwrite: bool) -> Result<Self> {
        refuse_taken(target, overwrite)?;
        let scratch = Scratch::new_in(&folder_of(target))?;
        let output = create(&scratch.file("file"))?;
        Ok(Self { output, target: target.to_owned(), overwrite, scratch })
    }

    /// Gives the file its name, durably.
    pub fn commit(self) -> Result<()> {
        self.output.sync()?;
        place(self.output.path(), &self.target, self.overwrite)?;
        drop(self.scratch);
        Ok(())
    }
}

/// Gives a finished and synced file its final name on the same file system, durably. Where something has that
/// name and `overwrite` is not set, that is an error.
pub fn place(staged: &Path, target: &Path, overwrite: bool) -> Result<()> {
    if overwrite {
        rename(staged, target)?;
    } else {
        let renamed = rename_new(staged, target);
        if renamed.is_err() && target.symlink_metadata().is_ok() {
            return Err(taken(target));
        }
        renamed?;
    }
    sync_folder(&folder_of(target)).context("the file is written, but")
}

/// An error where `target` is a folder, or is there already and must not be overwritten.
pub fn refuse_taken(target: &Path, overwrite: bool) -> Result<()> {
    if let Some(metadata) = super::metadata(target)?.filter(|metadata| !metadata.is_file()) {
        let what = if metadata.is_dir() { "is a folder" } else { "is no ordinary file" };
        return Err(Fault::usage(format!("{} {what}", target.display())).into());
    }
    if !overwrite && target.symlink_metadata().is_ok() {
        return Err(taken(target));
    }
    Ok(())
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// An error that says that a name is taken.
pub(super) fn taken(target: &Path) -> anyhow::Error {
    Fault::failed(format!("{} exists already", target.display())).hint("--force overwrites it").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_there_before_the_commit_and_the_whole_after() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("out.json");
        let mut file = AtomicFile::create(&target, false).expect("create");
        file.write_all(b"whole").expect("write");
        assert!(!target.exists());
        file.commit().expect("commit");
        assert_eq!(std::fs::read(&target).expect("read"), b"whole");
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 1);
    }

    #[test]
    fn a_taken_name_is_kept_unless_told_otherwise() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("out.json");
        let file = AtomicFile::create(&target, false).expect("create");
        std::fs::write(&target, "theirs").expect("write");
        let error = file.commit().expect_err("the name was taken meanwhile");
        assert!(error.to_string().contains("exists already"), "{error:#}");
        assert!(AtomicFile::create(&target, false).is_err());
        assert_eq!(std::fs::read(&target).expect("read"), b"theirs");
        let mut file = AtomicFile::create(&target, true).expect("create");
        file.write_all(b"ours").expect("write");
        file.commit().expect("commit");
        assert_eq!(std::fs::read(&target).expect("read"), b"ours");
    }
}
