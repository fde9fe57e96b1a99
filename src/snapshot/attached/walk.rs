//! All that is in files and folders, in one order on every machine.

use super::{Base, is_larders, stays_inside};
use crate::files;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Something that is among the files.
pub(super) enum Seen<'a> {
    /// A folder.
    Folder(&'a Metadata),
    /// A file, and where it is read.
    File(&'a Metadata, &'a Path),
    /// A link that leads to a place in the folder of the database, and to where.
    Link(&'a Metadata, &'a Path),
    /// What is not copied, and why.
    Not(&'static str),
    /// What larder keeps for itself.
    Larders,
    /// What is never among the files, and what it is: the database, or a store that is known.
    Never(&'static str),
    /// A store of somebody else.
    Store,
}

/// What is told of everything that is seen, by its path from the folder of the database.
pub(super) type Visit<'a> = dyn FnMut(&Path, Seen<'_>) -> Result<()> + 'a;

/// Tells of all that is in `roots`: a folder before what is in it. What vanishes meanwhile is not there.
pub(super) fn walk(
    base: &Base,
    roots: &[PathBuf],
    progress: &dyn Progress,
    visit: &mut Visit<'_>,
) -> Result<()> {
    for root in roots {
        // A link that is named itself is a folder on another disk, or a file that lies elsewhere.
        let place = base.folder.join(root);
        let Some(metadata) = files::metadata(&place)? else {
            visit(root, Seen::Not("is a link that leads nowhere"))?;
            continue;
        };
        let place = files::resolve(&place)?;
        Walk { base, progress, visit }.see(root, &place, &metadata)?;
    }
    Ok(())
}

struct Walk<'w, 'v> {
    base: &'w Base,
    progress: &'w dyn Progress,
    visit: &'w mut Visit<'v>,
}

impl Walk<'_, '_> {
    fn see(&mut self, path: &Path, place: &Path, metadata: &Metadata) -> Result<()> {
        go_on(self.progress)?;
        if is_larders(place) || is_larders(path) {
            return (self.visit)(path, Seen::Larders);
        }
        if let Some(what) = self.base.skipped(place) {
            return (self.visit)(path, Seen::Never(what));
        }
        let kind = metadata.file_type();
        if kind.is_symlink() {
            return self.link(path, place, metadata);
        }
        if kind.is_file() {
            return (self.visit)(path, Seen::File(metadata, place));
        }
        if !kind.is_dir() {
            return (self.visit)(path, Seen::Not("is neither a file, a folder nor a link"));
        }
        if self.base.is_store(place)? {
            return (self.visit)(path, Seen::Store);
        }
        (self.visit)(path, Seen::Folder(metadata))?;
        let mut names: Vec<OsString> =
            files::entries(place)?.iter().map(std::fs::DirEntry::file_name).collect();
        names.sort();
        for name in names {
            let place = place.join(&name);
            if let Some(metadata) = files::metadata_of_link(&place)? {
                self.see(&path.join(name), &place, &metadata)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, path: &Path, place: &Path, metadata: &Metadata) -> Result<()> {
        let target = files::if_there(std::fs::read_link(place), place)
            .with_context(|| format!("cannot read the link {}", place.display()))?;
        match target {
            None => Ok(()),
            Some(target) if stays_inside(path, &target) => (self.visit)(path, Seen::Link(metadata, &target)),
            Some(_) => {
                (self.visit)(path, Seen::Not("is a link that leads out of the folder of the database"))
            }
        }
    }
}
