//! The snapshots of a store with their manifests.

use super::manifest::Manifest;
use crate::files;
use crate::store::{Folder, SnapshotName};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// What is known of a snapshot besides its bytes.
#[derive(Debug, Clone)]
pub enum Known {
    /// Its manifest.
    Manifest(Box<Manifest>),
    /// There is no manifest.
    Nothing,
    /// There is one that cannot be read, and why.
    Unreadable(String),
}

impl Known {
    /// What the text of a manifest says.
    pub fn of(manifest: Option<&[u8]>) -> Self {
        match manifest.map(Manifest::parse) {
            None => Self::Nothing,
            Some(Ok(manifest)) => Self::Manifest(Box::new(manifest)),
            Some(Err(error)) => Self::Unreadable(format!("{error:#}")),
        }
    }

    /// The same, unless it is about another file: two that differ in their compression only have one name for a manifest.
    #[must_use]
    pub fn about(self, name: &SnapshotName) -> Self {
        match self {
            Self::Manifest(manifest) if manifest.compression != name.compression => Self::Nothing,
            known => known,
        }
    }
}

/// A snapshot in a store.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// What its name says. The time is the one that counts: it is there with and without a manifest.
    pub name: SnapshotName,
    /// Its size in bytes.
    pub size: u64,
    /// What its manifest says.
    pub known: Known,
}

impl Entry {
    /// The manifest, where there is one that can be read.
    pub fn manifest(&self) -> Option<&Manifest> {
        match &self.known {
            Known::Manifest(manifest) => Some(manifest),
            _ => None,
        }
    }

    /// Whether it was taken to make something undoable.
    pub fn is_safety(&self) -> bool {
        self.manifest().is_some_and(|manifest| manifest.kind.is_safety())
    }

    /// Whether it is marked as a copy of a damaged database.
    pub fn is_damaged(&self) -> bool {
        self.name.damaged || self.manifest().is_some_and(|manifest| !manifest.is_good())
    }

    /// Whether its drill was passed and its size is still the one that was drilled.
    pub fn is_good(&self) -> bool {
        !self.is_damaged() && self.manifest().is_some_and(|manifest| manifest.size == self.size)
    }

    /// Whether `latest`, times and the keep rules see it.
    pub fn is_regular(&self) -> bool {
        !self.is_safety() && !self.name.damaged
    }
}

/// Reads what a store holds, by time; with `app`, of that application only.
pub fn read(store: &Folder, app: Option<&str>) -> Result<Vec<Entry>> {
    let wanted = |name: &SnapshotName| app.is_none_or(|app| app == name.app);
    let items = store.list()?.items.into_iter().filter(|item| wanted(&item.name));
    Ok(items.map(|item| entry(store, item)).collect())
}

fn entry(store: &Folder, item: crate::store::Item) -> Entry {
    let known = if item.has_manifest { known(store, &item.name) } else { Known::Nothing };
    Entry { path: store.file(&item.name), known: known.about(&item.name), name: item.name, size: item.size }
}

/// What the manifest of a name says. One that cannot be read must not hide the snapshots that can.
pub fn known(store: &Folder, name: &SnapshotName) -> Known {
    match store.read_manifest(name) {
        Ok(text) => Known::of(text.as_deref()),
        Err(error) => Known::Unreadable(format!("{error:#}")),
    }
}

/// What the manifest beside a snapshot's file says.
pub fn beside(snapshot: &Path) -> Result<Known> {
    let Some(name) = snapshot.file_name().and_then(SnapshotName::parse) else { return Ok(Known::Nothing) };
    Ok(known(&Folder::open(&files::folder_of(snapshot))?, &name).about(&name))
}

/// The newest snapshot at or before a time that `latest` and times see.
///
/// A snapshot from the future is not the newest, or one clock that was wrong once would hide all that came later.
pub fn newest(entries: &[Entry], at: DateTime<Utc>) -> Option<&Entry> {
    entries.iter().rfind(|entry| entry.is_regular() && entry.name.time <= at)
}
