//! What a store holds, by the names of its files.

use super::{Held, SnapshotName};
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};

/// A file that has the name of a snapshot.
#[derive(Debug, Clone)]
pub struct Item {
    /// What its name says.
    pub name: SnapshotName,
    /// Its size in bytes.
    pub size: u64,
    /// Whether a manifest of its name is beside it.
    pub has_manifest: bool,
    /// The size in bytes of the archive with its files, where there is one.
    pub files: Option<u64>,
}

/// What a store holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// The snapshots, by time.
    pub items: Vec<Item>,
    /// Manifests whose snapshot is not there.
    pub orphans: Vec<SnapshotName>,
}

impl Listing {
    /// What is there, of the names and sizes of all that is; what has no size is no file, and not larder's. Of manifests, only
    /// whether they are files counts.
    pub(super) fn of(entries: impl IntoIterator<Item = (OsString, Option<u64>)>) -> Self {
        let mut items = Vec::new();
        let mut stems = HashSet::new();
        let mut manifests = HashMap::new();
        let mut archives = HashMap::new();
        for (entry, size) in entries {
            if let Some(name) = SnapshotName::parse_manifest(&entry) {
                manifests.extend(size.map(|_| (name.stem(), name)));
            } else if let Some(name) = SnapshotName::parse_files(&entry) {
                archives.extend(size.map(|size| (name.files_name(), size)));
            } else if let (Some(name), Some(size)) = (SnapshotName::parse(&entry), size) {
                items.push((name.stem(), name, size));
            } else {
                stems.extend(stem_of(&entry));
            }
        }
        let mut of_items = HashSet::with_capacity(items.len());
        let item = |(stem, name, size): (String, SnapshotName, u64)| {
            let has_manifest = manifests.contains_key(&stem);
            of_items.insert(stem);
            let has_archive = !archives.is_empty() && !name.is_export();
            let files = if has_archive { archives.get(&name.files_name()).copied() } else { None };
            Item { name, size, has_manifest, files }
        };
        let mut items: Vec<Item> = items.into_iter().map(item).collect();
        items.sort_by(|a, b| a.name.cmp(&b.name));
        let is_orphan =
            |(stem, _): &(String, SnapshotName)| !of_items.contains(stem) && !stems.contains(stem);
        let orphans = manifests.into_iter().filter(is_orphan).map(|(_, name)| name).collect();
        Self { items, orphans }
    }

    /// A name like `wanted` that nothing has, and that sorts behind all of the same second.
    pub fn free_name(&self, mut wanted: SnapshotName) -> SnapshotName {
        let names = self.items.iter().map(|item| &item.name).chain(&self.orphans);
        let same = names.filter(|name| (&name.app, name.time) == (&wanted.app, wanted.time));
        let last = same.map(|name| name.number).max();
        wanted.number = last.map_or(wanted.number, |last| last.saturating_add(1).max(wanted.number));
        wanted
    }
}

/// The stem of a file that is a snapshot, or was made of one: encrypted, or half copied.
pub(super) fn stem_of(name: &OsStr) -> Option<String> {
    let name = name.to_str()?;
    let of = |held: Held| {
        let (stem, _) = name.rsplit_once(held.extension())?;
        SnapshotName::parse(OsStr::new(&format!("{stem}{}", held.extension()))).map(|name| name.stem())
    };
    Held::ALL.into_iter().find_map(of)
}
