//! The files that belong to a database: an application keeps them in folders beside it, and names them in rows.
//!
//! A snapshot that has them holds them in one tar archive beside it, compressed and encrypted as it is. They are copied after
//! the database: what a row names was written before the row.

mod allowed;
mod archive;
mod named;
mod names;
mod pattern;
mod places;
mod put_back;
mod read;
mod roots;
mod survey;
mod unpack;
mod verify;
mod walk;

pub use allowed::PutBack;
pub use archive::{Packed, pack_files};
pub use pattern::Pattern;
pub use put_back::Put;
pub(super) use put_back::{Incoming, Old, Request};
pub use verify::{is_whole, verify};

use crate::database::sidecar::Sidecar;
use crate::files;
use crate::store::{Folder, SnapshotName};
use anyhow::Result;
use indexmap::IndexMap;
use std::path::{Path, PathBuf};

/// The settings beside a database: who writes them says which commands are run.
const SETTINGS: &str = "larder.toml";
/// What a store is called.
const STORE: &str = "a store";

/// Which files belong to a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Where they are, from the folder of the database.
    pub paths: Vec<Pattern>,
    /// Columns that name files, by table.
    pub references: IndexMap<String, String>,
    /// Whether the settings are built in: a table that is not there is then that of another version.
    pub built_in: bool,
}

impl Wanted {
    /// The patterns of which there is something in a folder, as they are written.
    pub fn present(&self, base: &Base) -> Result<Vec<String>> {
        let mut present = Vec::new();
        for pattern in &self.paths {
            if !roots::matching(base, pattern)?.is_empty() {
                present.push(pattern.to_string());
            }
        }
        Ok(present)
    }
}

/// A folder with files, and what in it is never among them.
#[derive(Debug, Clone)]
pub struct Base {
    /// The folder of the database, resolved.
    folder: PathBuf,
    /// The database, what SQLite keeps beside it, the settings, and the stores, resolved, and what each is.
    skipped: Vec<(PathBuf, &'static str)>,
    /// Whether other stores may be in it.
    has_stores: bool,
}

impl Base {
    /// The folder of a database. Stores in it hold copies of what is there, and are not copied again.
    pub fn of(database: &Path, stores: &[PathBuf]) -> Self {
        let folder = files::folder_of(database);
        let mut skipped =
            vec![(database.to_owned(), "the database"), (folder.join(SETTINGS), "larder's settings")];
        skipped.extend(Sidecar::ALL.map(|sidecar| (sidecar.of(database), "a part of the database")));
        let resolved = |store: &PathBuf| files::resolve(store).unwrap_or_else(|_| store.clone());
        skipped.extend(stores.iter().map(|store| (resolved(store), STORE)));
        Self { folder, skipped, has_stores: true }
    }

    /// A folder in which all is among the files.
    fn plain(folder: PathBuf) -> Self {
        Self { folder, skipped: Vec::new(), has_stores: false }
    }

    /// Where a path from the folder is, with the links above it followed.
    fn place_of(&self, path: &Path) -> PathBuf {
        let whole = self.folder.join(path);
        match (whole.parent().map(std::fs::canonicalize), whole.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => whole,
        }
    }

    /// What of the database, the settings and the stores that are known a path is.
    fn skipped(&self, place: &Path) -> Option<&'static str> {
        self.skipped.iter().find(|(skipped, _)| skipped == place).map(|(_, what)| *what)
    }

    /// What that is which is never among the files lies at a path, or is to lie there: larder's own, a store, or what is in the
    /// snapshot itself.
    fn never(&self, place: &Path) -> Result<Option<&'static str>> {
        if is_larders(place) {
            return Ok(Some("what larder keeps for itself"));
        }
        let resolved = || std::fs::canonicalize(place).ok().and_then(|place| self.skipped(&place));
        if let Some(what) = self.skipped(place).or_else(resolved) {
            return Ok(Some(what));
        }
        Ok(self.is_store(place)?.then_some(STORE))
    }

    /// Whether a folder is a store.
    fn is_store(&self, place: &Path) -> Result<bool> {
        Ok(self.has_stores && Folder::is_store(place)?)
    }
}

/// Whether something has the name of what larder keeps for itself.
fn is_larders(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".larder"))
}

/// The archive with the files of a snapshot, which need not be there.
pub fn beside(snapshot: &Path) -> Option<PathBuf> {
    let name = snapshot.file_name().and_then(SnapshotName::parse).filter(|name| !name.is_export())?;
    Some(files::folder_of(snapshot).join(name.files_name()))
}

/// Whether a link at `path`, which is relative to a folder, leads to a place in that folder.
fn stays_inside(path: &Path, target: &Path) -> bool {
    use std::path::Component;
    let mut depth = path.components().count().saturating_sub(1);
    for component in target.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_in_the_folder_or_leads_out_of_it() {
        let stays = |path: &str, target: &str| stays_inside(Path::new(path), Path::new(target));
        assert!(stays("a/b", "c") && stays("a/b", "../c") && stays("a", "b/../c") && stays("a/b", "./c"));
        assert!(!stays("a/b", "../../c") && !stays("a", "..") && !stays("a", "/etc/passwd"));
        assert!(!stays("a", "b/../../c"));
    }
}
