//! Putting files back. All of them are unpacked and verified beside the place where they belong before anything is touched;
//! then each folder and file changes its name with what was there.

use super::allowed::{Allowed, PutBack};
use super::archive::digest_now;
use super::places::{Place, places};
use super::read::Entry;
use super::roots::{outermost, roots, roots_below};
use super::survey::{InTheWay, LeftOut, survey};
use super::unpack::Unpacking;
use super::verify::{difference, read_archive, refused, require};
use super::{Base, Pattern, Wanted};
use crate::error::Fault;
use crate::files;
use crate::progress::{Progress, go_on};
use crate::snapshot::manifest::{FilesContents, Manifest};
use crate::stream::age::Keys;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Files that are unpacked, verified, and about to be put where they belong.
#[derive(Debug)]
pub struct Incoming {
    base: Base,
    wanted: Wanted,
    contents: FilesContents,
    places: Vec<Place>,
    /// What is replaced of what was there.
    there: Vec<PathBuf>,
}

/// What is to be put back, and where.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The snapshot.
    pub snapshot: &'a Path,
    /// What is said of it.
    pub manifest: &'a Manifest,
    /// Which of its files are wanted.
    pub which: PutBack<'a>,
    /// What opens it.
    pub keys: &'a Keys<'a>,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What becomes of the files that are replaced.
#[derive(Debug, Clone, Copy)]
pub enum Old {
    /// They go: a safety snapshot has them, or nobody wants them. Folders stay that have what no snapshot takes.
    Goes,
    /// They are moved to a folder that says when.
    Stays,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Put {
    /// How many files are where they belong.
    pub count: u64,
    /// The folders that what was there was moved to.
    pub moved: Vec<PathBuf>,
}

/// What is known before an archive is read.
struct Begun {
    archive: PathBuf,
    contents: FilesContents,
    wanted: Wanted,
    allowed: Allowed,
    there: Vec<PathBuf>,
}

impl Request<'_> {
    /// Looks whether the files of a snapshot may be put there, where there are any.
    fn begin(&self, base: &Base, copy: impl FnOnce() -> Result<Connection>) -> Result<Option<Begun>> {
        if matches!(self.which, PutBack::No) || self.manifest.files.is_none() {
            return Ok(None);
        }
        let archive = require(self.snapshot)?;
        let contents = self.manifest.files_contents().cloned().ok_or_else(|| {
            Fault::invalid("what its manifest says of the files cannot be read")
                .hint("--no-files restores the database alone")
        })?;
        let paths = contents.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Pattern>>>()?;
        let allowed = self.which.allow(&paths, &base.folder, copy)?;
        let wanted = Wanted { paths, built_in: true, ..Wanted::default() };
        let there = roots(base, &wanted.paths)?;
        survey(base, &there, self.progress)?;
        Ok(Some(Begun { archive, contents, wanted, allowed, there }))
    }

    /// An error where the files of a snapshot cannot be put there. Nothing is changed.
    pub fn rehearse(&self, base: &Base, copy: impl FnOnce() -> Result<Connection>) -> Result<()> {
        let Some(begun) = self.begin(base, copy)? else { return Ok(()) };
        let mut in_the_way = InTheWay::new(base);
        let check = &mut |entry: &Entry, _: &mut dyn std::io::Read| {
            begun.allowed.check(&entry.path)?;
            in_the_way.check(&entry.path)
        };
        let found = read_archive(&begun.archive, self.manifest, self.keys, self.progress, check)?;
        difference(&found, self.manifest).map_or(Ok(()), |difference| Err(refused(difference).into()))
    }

    /// Unpacks the files that belong to a snapshot, where there are any. Nothing is touched.
    pub fn stage(&self, base: Base, copy: impl FnOnce() -> Result<Connection>) -> Result<Option<Incoming>> {
        let Some(Begun { archive, contents, wanted, allowed, there }) = self.begin(&base, copy)? else {
            return Ok(None);
        };
        let places = places(&base, &wanted, &there)?;
        files::require_space(&base.folder, contents.bytes).context("there is no room for the files")?;
        let mut in_the_way = InTheWay::new(&base);
        let mut unpacking = Unpacking::new(&places, self.progress);
        let found = read_archive(&archive, self.manifest, self.keys, self.progress, &mut |entry, data| {
            allowed.check(&entry.path)?;
            in_the_way.check(&entry.path)?;
            unpacking.unpack(entry, data)
        })?;
        if let Some(difference) = difference(&found, self.manifest) {
            return Err(refused(difference).into());
        }
        unpacking.finish()?;
        let incoming = Incoming { base, wanted, contents, places, there };
        incoming.check_wholes()?;
        Ok(Some(incoming))
    }
}

impl Incoming {
    /// An error where a store is, or is to be, in a folder that is replaced whole.
    fn check_wholes(&self) -> Result<()> {
        let staged = self.places.iter().map(|place| self.names(place)).collect::<Result<Vec<_>>>()?;
        for (place, names) in self.places.iter().zip(staged) {
            for name in names {
                InTheWay::new(&self.base).check_whole(&place.folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Which files will be replaced.
    pub fn replaced(&self) -> Wanted {
        self.wanted.clone()
    }

    /// Puts them where they belong. Where that fails, all that was there is there again.
    pub fn put(&self, old: Old, now: DateTime<Utc>, progress: &dyn Progress) -> Result<Put> {
        let mut put = Put { count: self.contents.count, moved: Vec::new() };
        if digest_now(&self.base, &self.wanted, progress)? == self.contents.tar_sha256 {
            return Ok(put);
        }
        let left_out = survey(&self.base, &self.there, progress)?;
        let mut swaps = Vec::new();
        for place in &self.places {
            swaps.extend(self.swaps(place, (old, now), &left_out, &mut put)?);
        }
        for (at, swap) in swaps.iter().enumerate() {
            if let Err(error) = go_on(progress).and_then(|()| swap.carry_out()) {
                swaps[..at].iter().rev().for_each(|swap| swap.take_back(progress));
                return Err(error);
            }
        }
        let folders: BTreeSet<PathBuf> = swaps.iter().map(|swap| files::folder_of(&swap.target)).collect();
        folders.iter().try_for_each(|folder| files::sync_folder(folder))?;
        left_out.tell(progress);
        Ok(put)
    }

    /// What is replaced, or comes, in a place.
    fn names(&self, place: &Place) -> Result<Vec<PathBuf>> {
        let staged = Base::plain(place.staged());
        let mut names = place.there.clone();
        if self.there.contains(&place.part) {
            let staged = files::entries(&staged.folder)?;
            names.extend(staged.iter().map(|entry| PathBuf::from(entry.file_name())));
        } else {
            names.extend(roots_below(&staged, &self.wanted.paths, &place.part)?);
        }
        Ok(outermost(names))
    }

    /// What changes its name with what, in a place.
    fn swaps(
        &self,
        place: &Place,
        (old, now): (Old, DateTime<Utc>),
        left_out: &LeftOut,
        put: &mut Put,
    ) -> Result<Vec<Swap>> {
        let aside = free_folder(&place.folder, now)?;
        let mut swaps = Vec::new();
        for name in self.names(place)? {
            let (target, waiting) = (place.folder.join(&name), place.staged().join(&name));
            let is_there = files::metadata_of_link(&target)?.is_some();
            let is_staged = files::metadata_of_link(&waiting)?.is_some();
            let stays = matches!(old, Old::Stays) || left_out.has(&place.part.join(&name));
            let kept = if stays { aside.clone() } else { place.scratch.file("old") };
            let old_place = kept.join(&name);
            if is_there {
                files::create_folders(&files::folder_of(&old_place))?;
                if stays && !put.moved.contains(&kept) {
                    put.moved.push(kept);
                }
            } else {
                files::create_folders(&files::folder_of(&target))?;
            }
            let exchanges = !stays && is_there && is_staged;
            swaps.push(Swap {
                target,
                staged: is_staged.then_some(waiting),
                old: is_there.then_some(old_place),
                exchanges,
            });
        }
        Ok(swaps)
    }
}

/// A folder that is not there, named after the time.
fn free_folder(folder: &Path, now: DateTime<Utc>) -> Result<PathBuf> {
    let name = format!("files-before-restore-{}", now.format("%Y-%m-%dT%H-%M-%SZ"));
    let mut free = folder.join(&name);
    let mut number = 2;
    while files::metadata_of_link(&free)?.is_some() {
        free = folder.join(format!("{name}-{number}"));
        number += 1;
    }
    Ok(free)
}

/// Something that is to be where something else may be.
#[derive(Debug)]
struct Swap {
    target: PathBuf,
    staged: Option<PathBuf>,
    /// Where what is there goes, where anything is.
    old: Option<PathBuf>,
    /// Whether the two change their names at once. What was there is then where the other one was.
    exchanges: bool,
}

impl Swap {
    fn carry_out(&self) -> Result<()> {
        match (&self.staged, &self.old) {
            (Some(staged), Some(_)) if self.exchanges => files::exchange(staged, &self.target),
            (staged, old) => {
                if let Some(old) = old {
                    files::rename_new(&self.target, old)?;
                }
                let Some(staged) = staged else { return Ok(()) };
                files::rename_new(staged, &self.target).inspect_err(|_| {
                    if let Some(old) = old {
                        let _ = files::rename_new(old, &self.target);
                    }
                })
            }
        }
    }

    fn take_back(&self, progress: &dyn Progress) {
        let back = || -> Result<()> {
            match (&self.staged, &self.old) {
                (Some(staged), Some(_)) if self.exchanges => files::exchange(staged, &self.target),
                (staged, old) => {
                    if let Some(staged) = staged {
                        files::rename_new(&self.target, staged)?;
                    }
                    old.as_ref().map_or(Ok(()), |old| files::rename_new(old, &self.target))
                }
            }
        };
        if let Err(error) = back() {
            progress.alarm(&format!("{} is not what it was before: {error:#}", self.target.display()));
        }
    }
}
