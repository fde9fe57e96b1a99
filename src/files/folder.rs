//! Folders that appear whole or not at all.

use super::{
    Output, Scratch, create, create_folder, folder_of, refuse_taken_folder, rename_new, sync_folder,
};
use crate::{failpoint, platform};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A folder that is filled beside its final place and gets its name only when it is whole and durable.
///
/// Dropped without [`AtomicFolder::commit`], it leaves nothing.
#[derive(Debug)]
pub struct AtomicFolder {
    content: PathBuf,
    target: PathBuf,
    scratch: Scratch,
}

impl AtomicFolder {
    /// Begins a folder at `target`, whose own folder must exist. An empty folder may be there already, and with `marker`
    /// one that has a file of that name, and is then replaced.
    pub fn create(target: &Path, marker: Option<&str>) -> Result<Self> {
        refuse_taken_folder(target, marker)?;
        let scratch = Scratch::new_in(&folder_of(target))?;
        let content = scratch.file("content");
        create_folder(&content)?;
        Ok(Self { content, target: target.to_owned(), scratch })
    }

    /// A new file inside.
    pub fn create_file(&self, name: &str) -> Result<Output> {
        create(&self.content.join(name))
    }

    /// Gives the folder its name, durably. What was there goes with the scratch folder.
    pub fn commit(self) -> Result<()> {
        sync_folder(&self.content)?;
        if self.target.symlink_metadata().is_ok() {
            failpoint::hit("exchange folders")
                .and_then(|()| platform::exchange(&self.content, &self.target))
                .with_context(|| format!("cannot replace {}", self.target.display()))?;
        } else {
            rename_new(&self.content, &self.target)?;
        }
        sync_folder(&folder_of(&self.target)).context("the folder is written, but")?;
        drop(self.scratch);
        Ok(())
    }
}
