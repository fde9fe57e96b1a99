//! Putting files back. All of them are unpacked and verified beside the place where they belong before anything is touched;
//! then each folder and file changes its name with what was there.

use super::archive::digest_now;
use super::read::{Entry, Kind, broken};
use super::roots::roots;
use super::verify::{difference, read_archive, refused, require};
use super::{Base, Pattern, Wanted, is_store};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::platform;
use crate::progress::{Progress, go_on};
use crate::snapshot::manifest::{FilesContents, Manifest};
use crate::stream::BUFFER;
use crate::stream::age::Keys;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Files that are unpacked, verified, and about to be put where they belong.
#[derive(Debug)]
pub struct Incoming {
    base: Base,
    wanted: Wanted,
    contents: FilesContents,
    places: Vec<Place>,
}

/// Where a part of the files is unpacked: beside where it belongs, on the same file system.
#[derive(Debug)]
struct Place {
    /// The part, as a path from the folder of the database; empty for all that is in no other place.
    part: PathBuf,
    /// The folder that it is in the end.
    folder: PathBuf,
    scratch: Scratch,
}

impl Place {
    fn staged(&self) -> PathBuf {
        self.scratch.file("files")
    }
}

/// What becomes of the files that are replaced.
#[derive(Debug, Clone, Copy)]
pub enum Old {
    /// They go: a safety snapshot has them, or nobody wants them.
    Goes,
    /// They are moved to a folder that says when.
    Stays(DateTime<Utc>),
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Put {
    /// How many files are where they belong.
    pub count: u64,
    /// The folders that what was there was moved to.
    pub moved: Vec<PathBuf>,
}

impl Incoming {
    /// Unpacks the files that belong to a snapshot, where there are any. Nothing is touched.
    pub fn stage(
        snapshot: &Path,
        manifest: &Manifest,
        base: Base,
        keys: &Keys<'_>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        if manifest.files.is_none() {
            return Ok(None);
        }
        let archive = require(snapshot)?;
        let contents = manifest.files_contents().cloned().ok_or_else(|| {
            Fault::invalid("what its manifest says of the files cannot be read")
                .hint("--no-files restores the database alone")
        })?;
        let paths = contents.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Pattern>>>()?;
        let wanted = Wanted { paths, built_in: true, ..Wanted::default() };
        let places = places(&base, &wanted)?;
        files::require_space(&base.folder, contents.bytes).context("there is no room for the files")?;
        let mut unpacking =
            Unpacking { places: &places, made: HashSet::new(), folders: BTreeMap::new(), progress };
        let found = read_archive(&archive, manifest, keys, progress, &mut |entry, data| {
            unpacking.unpack(entry, data)
        })?;
        if let Some(difference) = difference(&found, manifest) {
            return Err(refused(difference).into());
        }
        unpacking.finish()?;
        Ok(Some(Self { base, wanted, contents, places }))
    }

    /// Which files will be replaced.
    pub fn replaced(&self) -> Wanted {
        self.wanted.clone()
    }

    /// Puts them where they belong. Where that fails, all that was there is there again.
    pub fn put(&self, old: Old, progress: &dyn Progress) -> Result<Put> {
        let mut put = Put { count: self.contents.count, moved: Vec::new() };
        if digest_now(&self.base, &self.wanted, progress)? == self.contents.tar_sha256 {
            return Ok(put);
        }
        let mut swaps = Vec::new();
        for place in &self.places {
            swaps.extend(self.swaps(place, old, &mut put)?);
        }
        for (at, swap) in swaps.iter().enumerate() {
            if let Err(error) = go_on(progress).and_then(|()| swap.carry_out()) {
                swaps[..at].iter().rev().for_each(|swap| swap.take_back(progress));
                return Err(error);
            }
        }
        let folders: BTreeSet<PathBuf> = swaps.iter().map(|swap| files::folder_of(&swap.target)).collect();
        folders.iter().try_for_each(|folder| files::sync_folder(folder))?;
        Ok(put)
    }

    /// What changes its name with what, in a place.
    fn swaps(&self, place: &Place, old: Old, put: &mut Put) -> Result<Vec<Swap>> {
        let staged = Base { folder: place.staged(), skipped: Vec::new() };
        let mut names: BTreeSet<PathBuf> = BTreeSet::new();
        if place.part.as_os_str().is_empty() {
            names.extend(roots(&staged, &self.wanted.paths)?);
            let is_elsewhere = |root: &PathBuf| self.places.iter().any(|place| place.part == *root);
            names.extend(
                roots(&self.base, &self.wanted.paths)?.into_iter().filter(|root| !is_elsewhere(root)),
            );
        } else {
            for folder in [&staged.folder, &place.folder] {
                names.extend(files::entries(folder)?.iter().map(|entry| PathBuf::from(entry.file_name())));
            }
            names.retain(|name| !self.base.skips(&place.folder.join(name)));
        }
        let kept = match old {
            Old::Goes => place.scratch.file("old"),
            Old::Stays(now) => free_folder(&place.folder, now)?,
        };
        let mut swaps = Vec::new();
        for name in names {
            let (target, waiting) = (place.folder.join(&name), staged.folder.join(&name));
            let is_there = files::metadata_of_link(&target)?.is_some();
            let is_staged = files::metadata_of_link(&waiting)?.is_some();
            let old_place = kept.join(&name);
            if is_there {
                files::create_folders(&files::folder_of(&old_place))?;
                if matches!(old, Old::Stays(_)) && !put.moved.contains(&kept) {
                    put.moved.push(kept.clone());
                }
            } else {
                files::create_folders(&files::folder_of(&target))?;
            }
            let exchanges = matches!(old, Old::Goes) && is_there && is_staged;
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

/// Where the files are unpacked: in the folder of the database, and in folders that are links to other places, or other file
/// systems, since nothing can be renamed from one file system to another.
fn places(base: &Base, wanted: &Wanted) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for root in roots(base, &wanted.paths)? {
        let place = base.folder.join(&root);
        let Some(metadata) = files::metadata(&place)?.filter(std::fs::Metadata::is_dir) else { continue };
        let folder = files::resolve(&place)?;
        if let Some(inside) =
            base.skipped.iter().find(|skipped| skipped.starts_with(&folder) && skipped.exists())
        {
            let message = format!("{} is in {}, which would be replaced", inside.display(), folder.display());
            return Err(Fault::failed(message).hint("--no-files restores the database alone").into());
        }
        if is_store(&folder) {
            continue;
        }
        let parent = files::metadata(&files::folder_of(&place))?;
        let is_mounted = parent.is_some_and(|parent| !platform::same_file_system(&parent, &metadata));
        if is_mounted || place.is_symlink() {
            places.push(Place { part: root, scratch: Scratch::new_in(&folder)?, folder });
        }
    }
    let scratch = Scratch::new_in(&base.folder)?;
    places.push(Place { part: PathBuf::new(), folder: base.folder.clone(), scratch });
    for place in &places {
        files::create_folder(&place.staged())?;
    }
    Ok(places)
}

/// Unpacks entries. Nothing is ever written through a link: only folders that were made here are gone into.
struct Unpacking<'a> {
    places: &'a [Place],
    /// The folders that were made.
    made: HashSet<PathBuf>,
    /// What they are to be like in the end.
    folders: BTreeMap<PathBuf, platform::Ownership>,
    progress: &'a dyn Progress,
}

impl Unpacking<'_> {
    fn unpack(&mut self, entry: &Entry, data: &mut dyn Read) -> Result<()> {
        let place = self.places.iter().find(|place| entry.path.starts_with(&place.part));
        let place = place.expect("the last place takes everything");
        let path = entry.path.strip_prefix(&place.part).unwrap_or(&entry.path);
        if path.as_os_str().is_empty() {
            return Ok(());
        }
        let staged = place.staged();
        if let Some(parent) = path.parent() {
            self.make(&staged, parent)?;
        }
        let to = staged.join(path);
        let owner = platform::for_new_file(entry.owner);
        match &entry.kind {
            Kind::Folder => {
                self.make(&staged, path)?;
                self.folders.insert(to, owner);
                Ok(())
            }
            Kind::Link(target) => files::create_link(target, &to),
            Kind::File => {
                // One that was written to while it was copied comes again.
                if files::metadata_of_link(&to)?.is_some() {
                    files::remove(&to)?;
                }
                let mut output = files::create(&to)?;
                copy(data, &mut output, self.progress)?;
                files::apply_ownership(&to, owner)?;
                output.set_modified(entry.modified)?;
                output.sync()
            }
        }
    }

    /// Makes a folder below `staged`, and what is missing above it.
    fn make(&mut self, staged: &Path, path: &Path) -> Result<()> {
        let mut folder = staged.to_owned();
        for part in path {
            folder.push(part);
            if !self.made.contains(&folder) {
                files::create_folder(&folder)?;
                self.made.insert(folder.clone());
            }
        }
        Ok(())
    }

    /// Makes the folders what they are to be, those inside others first: one may not be written to any more.
    fn finish(self) -> Result<()> {
        for (folder, owner) in self.folders.iter().rev() {
            files::sync_folder(folder)?;
            files::apply_ownership(folder, *owner)?;
        }
        Ok(())
    }
}

fn copy(data: &mut dyn Read, output: &mut dyn Write, progress: &dyn Progress) -> Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        go_on(progress)?;
        match data.read(&mut buffer).map_err(broken)? {
            0 => return Ok(()),
            read => output.write_all(&buffer[..read])?,
        }
        progress.advance(0);
    }
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
