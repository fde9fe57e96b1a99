//! Where files are unpacked, so that they need only change their names with what is there.

use super::roots::matching_parts;
use super::{Base, Wanted};
use crate::files::{self, Scratch};
use crate::platform;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where a part of the files is unpacked: beside where it belongs, on the same file system.
#[derive(Debug)]
pub(super) struct Place {
    /// The part, as a path from the folder of the database; empty for all that is in no other place.
    pub(super) part: PathBuf,
    /// The folder that it is in the end.
    pub(super) folder: PathBuf,
    /// What is replaced of what was there, as paths from the part.
    pub(super) there: BTreeSet<PathBuf>,
    pub(super) scratch: Scratch,
}

impl Place {
    fn new(part: PathBuf, folder: PathBuf) -> Result<Self> {
        let scratch = Scratch::new_in(&folder)?;
        let place = Self { part, folder, there: BTreeSet::new(), scratch };
        files::create_folder(&place.staged())?;
        Ok(place)
    }

    pub(super) fn staged(&self) -> PathBuf {
        self.scratch.file("files")
    }
}

/// Where the files are unpacked: in the folder of the database, and in folders that are links to other places, or on other file
/// systems, since nothing can be renamed from one file system to another. What is inside another comes first.
pub(super) fn places(base: &Base, wanted: &Wanted, there: &[PathBuf]) -> Result<Vec<Place>> {
    let mut places = vec![Place::new(PathBuf::new(), base.folder.clone())?];
    for part in folders(base, wanted, there)? {
        let around = places.iter().rev().find(|place| part.starts_with(&place.part));
        let around = around.map_or(&base.folder, |place| &place.folder);
        let folder = files::resolve(&base.folder.join(&part))?;
        let is_link = there.contains(&part) && base.folder.join(&part).is_symlink();
        if is_link || !is_one_file_system(around, &folder)? {
            places.push(Place::new(part, folder)?);
        }
    }
    places.reverse();
    for root in there {
        let place = places.iter_mut().find(|place| root.starts_with(&place.part));
        let place = place.expect("the last place takes everything");
        match root.strip_prefix(&place.part) {
            Ok(name) if !name.as_os_str().is_empty() => drop(place.there.insert(name.to_owned())),
            _ => place.there.extend(all_in(base, &place.folder)?),
        }
    }
    Ok(places)
}

/// The folders that patterns mean, and those that they lead through: what is around another comes first.
fn folders(base: &Base, wanted: &Wanted, there: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    let mut folders = BTreeSet::new();
    for pattern in &wanted.paths {
        for depth in 1..=pattern.parts().len() {
            folders.extend(matching_parts(base, &pattern.parts()[..depth])?);
        }
    }
    let is_inside = |path: &Path| there.iter().any(|root| root != path && path.starts_with(root));
    folders.retain(|path| base.folder.join(path).is_dir() && !is_inside(path));
    Ok(folders)
}

fn is_one_file_system(a: &Path, b: &Path) -> Result<bool> {
    let (a, b) = (files::metadata(a)?, files::metadata(b)?);
    Ok(matches!((a, b), (Some(a), Some(b)) if platform::same_file_system(&a, &b)))
}

/// All that is in a folder and may be among the files.
fn all_in(base: &Base, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in files::entries(folder)? {
        if base.never(&entry.path())?.is_none() {
            names.push(PathBuf::from(entry.file_name()));
        }
    }
    Ok(names)
}
