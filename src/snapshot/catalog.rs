//! The snapshots of a store with their manifests.

use super::manifest::Manifest;
use crate::files;
use crate::store::{Folder, Item, Listing, Location, SnapshotName, Store};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::num::NonZero;
use std::path::Path;
use std::thread;

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

    /// The same, unless it is about another file: two that differ in their compression or encryption only have one name for
    /// a manifest.
    #[must_use]
    pub fn about(self, name: &SnapshotName) -> Self {
        match self {
            Self::Manifest(manifest)
                if (manifest.compression, manifest.is_encrypted()) != (name.compression, name.encrypted) =>
            {
                Self::Nothing
            }
            known => known,
        }
    }
}

/// A snapshot in a store.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it is.
    pub location: Location,
    /// What its name says. The time is the one that counts: it is there with and without a manifest.
    pub name: SnapshotName,
    /// Its size in bytes.
    pub size: u64,
    /// The size in bytes of the archive with its files, where there is one.
    pub files: Option<u64>,
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

    /// Whether it stays whatever the keep rules say.
    pub fn is_pinned(&self) -> bool {
        self.manifest().is_some_and(|manifest| manifest.pinned)
    }

    /// Whether a table lost so many rows that neither `latest` nor the keep rules count it.
    pub fn is_suspicious(&self) -> bool {
        self.manifest().is_some_and(Manifest::is_suspicious)
    }

    /// When it was last known to be whole, by a drill; nothing where the last one failed, or there was none.
    pub fn proven_at(&self) -> Option<DateTime<Utc>> {
        let manifest = self.manifest().filter(|_| self.is_good())?;
        match manifest.proven {
            Some(proven) => proven.ok.then_some(proven.at),
            None => Some(manifest.drill.verified_at),
        }
    }

    /// Whether it is marked as a copy of a damaged database.
    pub fn is_damaged(&self) -> bool {
        self.name.damaged || self.manifest().is_some_and(|manifest| !manifest.is_good())
    }

    /// Whether its drill was passed, and it and its files still have the sizes that were drilled.
    pub fn is_good(&self) -> bool {
        let is_as_large = |manifest: &Manifest| {
            let files = manifest.files.as_ref();
            manifest.size == self.size && files.is_none_or(|files| Some(files.size) == self.files)
        };
        !self.is_damaged() && self.manifest().is_some_and(is_as_large)
    }

    /// Its size in bytes, with its files.
    pub fn total_size(&self) -> u64 {
        self.size.saturating_add(self.files.unwrap_or(0))
    }

    /// Whether `latest`, times and the keep rules see it.
    pub fn is_regular(&self) -> bool {
        !self.is_safety() && !self.name.damaged && !self.name.is_export()
    }
}

/// What a store holds.
#[derive(Debug)]
pub struct Catalog {
    /// The snapshots, by time.
    pub entries: Vec<Entry>,
    /// Manifests whose snapshot is not there.
    pub orphans: Vec<SnapshotName>,
}

/// Reads what snapshots a store holds, by time; with `app`, of that application only.
pub fn read(store: &Store, app: Option<&str>) -> Result<Vec<Entry>> {
    Ok(read_all(store, app)?.entries)
}

/// The same, with what is left over.
pub fn read_all(store: &Store, app: Option<&str>) -> Result<Catalog> {
    let Listing { mut items, mut orphans } = store.list()?;
    let is_meant = |name: &SnapshotName| app.is_none_or(|app| name.is_of(app));
    items.retain(|item| is_meant(&item.name));
    orphans.retain(is_meant);
    let known = match store {
        Store::Folder(folder) => in_shares(&items, |items| {
            items.iter().map(|item| known_to(item, || folder.read_manifest(&item.name))).collect()
        }),
        Store::Remote(remote) => {
            let named: Vec<&SnapshotName> =
                items.iter().filter(|item| item.has_manifest).map(|item| &item.name).collect();
            let mut texts = remote.read_manifests(&named)?.into_iter();
            items.iter().map(|item| known_to(item, || texts.next().unwrap_or(Ok(None)))).collect()
        }
    };
    let entry = |(item, known): (Item, Known)| {
        let location = store.place(&item.name);
        Entry { location, known, name: item.name, size: item.size, files: item.files }
    };
    Ok(Catalog { entries: items.into_iter().zip(known).map(entry).collect(), orphans })
}

/// What the manifest of an item says, where it has one.
fn known_to(item: &Item, read: impl FnOnce() -> Result<Option<Vec<u8>>>) -> Known {
    let text = if item.has_manifest { read() } else { Ok(None) };
    known_of(text).about(&item.name)
}

/// How many manifests are worth a thread.
const SHARE: usize = 500;

/// Does something with items, in shares beside each other where there are many.
fn in_shares<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let shares: Vec<&[T]> = items.chunks(items.len().div_ceil(threads).max(SHARE)).collect();
    let Some((mine, others)) = shares.split_first() else { return Vec::new() };
    thread::scope(|scope| {
        let work = &work;
        let mut begun = Vec::new();
        for share in others.iter().copied() {
            begun.push((thread::Builder::new().spawn_scoped(scope, move || work(share)), share));
        }
        let mut done = work(mine);
        for (begun, share) in begun {
            done.extend(match begun {
                Ok(thread) => thread.join().expect("a manifest that cannot be read is no panic"),
                // Where no thread can be had, one after the other.
                Err(_) => work(share),
            });
        }
        done
    })
}

/// What the manifest of a name says.
pub fn known(store: &Store, name: &SnapshotName) -> Known {
    known_of(store.read_manifest(name))
}

/// What was read of a manifest. One that cannot be read must not hide the snapshots that can.
fn known_of(text: Result<Option<Vec<u8>>>) -> Known {
    match text {
        Ok(text) => Known::of(text.as_deref()),
        Err(error) => Known::Unreadable(format!("{error:#}")),
    }
}

/// What the manifest beside a snapshot's file says.
pub fn beside(snapshot: &Path) -> Result<Known> {
    let Some(name) = snapshot.file_name().and_then(SnapshotName::parse) else { return Ok(Known::Nothing) };
    let store = Store::from(Folder::open(&files::folder_of(snapshot))?);
    Ok(known(&store, &name).about(&name))
}

/// The newest snapshot at or before a time that `latest` and times see, and those after it that are passed over because they
/// are suspicious.
///
/// A snapshot from the future is not the newest, or one clock that was wrong once would hide all that came later.
pub fn newest(entries: &[Entry], at: DateTime<Utc>) -> (Option<&Entry>, Vec<&Entry>) {
    let mut passed_over = Vec::new();
    for entry in entries.iter().rev().filter(|entry| entry.is_regular() && entry.name.time <= at) {
        if !entry.is_suspicious() {
            return (Some(entry), passed_over);
        }
        passed_over.push(entry);
    }
    (None, passed_over)
}

/// The newest snapshot at or before a time, suspicious or not.
pub fn newest_of_all(entries: &[Entry], at: DateTime<Utc>) -> Option<&Entry> {
    entries.iter().rfind(|entry| entry.is_regular() && entry.name.time <= at)
}
