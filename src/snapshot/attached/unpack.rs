//! Unpacking the archive, beside where its files belong.

use super::places::Place;
use super::read::{Entry, Kind, broken};
use crate::files;
use crate::platform;
use crate::progress::{Progress, go_on};
use crate::stream::BUFFER;
use anyhow::Result;
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Unpacks entries. Nothing is ever written through a link: only folders that were made here are gone into.
pub(super) struct Unpacking<'a> {
    places: &'a [Place],
    /// The folders that were made.
    made: HashSet<PathBuf>,
    /// What they are to be like in the end.
    folders: BTreeMap<PathBuf, (platform::Ownership, SystemTime)>,
    progress: &'a dyn Progress,
}

impl<'a> Unpacking<'a> {
    pub(super) fn new(places: &'a [Place], progress: &'a dyn Progress) -> Self {
        Self { places, made: HashSet::new(), folders: BTreeMap::new(), progress }
    }

    pub(super) fn unpack(&mut self, entry: &Entry, data: &mut dyn Read) -> Result<()> {
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
                self.folders.insert(to, (owner, entry.modified));
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
    pub(super) fn finish(self) -> Result<()> {
        for (folder, (owner, modified)) in self.folders.iter().rev() {
            files::sync_folder(folder)?;
            // Where a folder has no time that can be set, it has that of its making.
            let _ = files::set_modified(folder, *modified);
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
