//! Folders that appear whole or not at all.

use super::{Output, Scratch, create, create_folder, entries, folder_of, rename_new, sync_folder, taken};
use crate::error::Fault;
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
    /// The files that may be in a folder that is replaced.
    replaced: Option<Vec<String>>,
    scratch: Scratch,
}

/// What is where a folder is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Nothing,
    Empty,
    Replaceable,
}

impl AtomicFolder {
    /// Begins a folder at `target`, whose own folder must exist. An empty folder may be there already, and with `replaced`
    /// one that holds nothing but files of these names.
    pub fn create(target: &Path, replaced: Option<Vec<String>>) -> Result<Self> {
        // A separator at the end would be followed through a link.
        let target: PathBuf = target.components().collect();
        look(&target, replaced.as_deref())?;
        let scratch = Scratch::new_in(&folder_of(&target))?;
        let content = scratch.file("content");
        create_folder(&content)?;
        Ok(Self { content, target, replaced, scratch })
    }

    /// A new file inside.
    pub fn create_file(&self, name: &str) -> Result<Output> {
        create(&self.content.join(name))
    }

    /// Gives the folder its name, durably; `last` is the file that makes it whole. What was replaced goes with the scratch
    /// folder. An empty folder that is there is filled, and stays what it is besides.
    pub fn commit(self, last: &str) -> Result<()> {
        sync_folder(&self.content)?;
        match look(&self.target, self.replaced.as_deref())? {
            There::Nothing => rename_new(&self.content, &self.target)?,
            There::Empty => self.fill(last)?,
            There::Replaceable => {
                if let Some(was) = super::metadata(&self.target)?.as_ref().and_then(platform::ownership) {
                    super::apply_ownership(&self.content, was)?;
                }
                failpoint::hit("exchange folders")
                    .and_then(|()| platform::exchange(&self.content, &self.target))
                    .with_context(|| format!("cannot replace {}", self.target.display()))?;
            }
        }
        sync_folder(&folder_of(&self.target)).context("the folder is written, but")?;
        drop(self.scratch);
        Ok(())
    }

    fn fill(&self, last: &str) -> Result<()> {
        let mut names: Vec<_> = entries(&self.content)?.iter().map(std::fs::DirEntry::file_name).collect();
        names.sort_by_key(|name| name == last);
        for name in names {
            rename_new(&self.content.join(&name), &self.target.join(&name))?;
        }
        sync_folder(&self.target)
    }
}

/// What is at a path; an error where it may not be touched.
fn look(target: &Path, replaced: Option<&[String]>) -> Result<There> {
    let Ok(metadata) = target.symlink_metadata() else { return Ok(There::Nothing) };
    if !metadata.is_dir() {
        return Err(Fault::usage(format!("{} is not a folder", target.display())).into());
    }
    let inside = entries(target)?;
    if inside.is_empty() {
        return Ok(There::Empty);
    }
    let Some(replaced) = replaced else { return Err(taken(target)) };
    let is_known = |entry: &&std::fs::DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && entry.file_name().to_str().is_some_and(|name| replaced.iter().any(|known| known == name))
    };
    match inside.iter().find(|entry| !is_known(entry)) {
        None => Ok(There::Replaceable),
        Some(other) => {
            let message = format!("{} is not part of what would be overwritten", other.path().display());
            Err(Fault::failed(message)
                .hint("only a folder that holds an export and nothing else is overwritten")
                .into())
        }
    }
}
