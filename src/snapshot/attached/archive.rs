//! Writing the archive: every file as it is at one moment, and what is in it compared with what rows name.

use super::named::{self, Named};
use super::names::Names;
use super::roots::{matching, roots};
use super::walk::{Seen, walk};
use super::{Base, Wanted};
use crate::error::Fault;
use crate::files;
use crate::platform;
use crate::progress::{Progress, go_on};
use crate::snapshot::manifest::{FilesContents, FilesFacts};
use crate::snapshot::pack::{PackOptions, pack_written};
use crate::stream::{Digest, DigestWriter};
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tar::{Builder, EntryType, Header};

/// How often a file is read that is written to meanwhile.
const TRIES: usize = 3;
/// How many of what is not copied are named.
const TOLD: u64 = 5;

/// An archive that was written and read back.
#[derive(Debug)]
pub struct Packed {
    /// What the manifest says of it.
    pub facts: FilesFacts,
    /// SHA-256 of the tar archive in it.
    pub tar: Digest,
}

/// Packs the files that belong to a database into a new private file, reads it back, and looks whether what the rows of
/// the copy of the database name is there.
///
/// That not one of them is there is an error: the folder is not mounted, or another one. That some are missing is told.
pub fn pack_files(
    base: &Base,
    wanted: &Wanted,
    copy: &Connection,
    to: &Path,
    options: &PackOptions<'_>,
) -> Result<Packed> {
    let progress = options.progress;
    let found = roots(base, &wanted.paths)?;
    tell_of_empty(base, wanted, progress)?;
    let total = size_of(base, &found, progress)?;
    let mut written = Written::default();
    let packed = pack_written(to, ("copying files", Some(total)), options, |output| {
        written.write(base, &found, wanted, output, progress)
    })?;
    written.tell(progress);
    let named = named::look(copy, wanted, &written.names, progress)?;
    judge(&named, progress)?;
    let contents = FilesContents {
        count: written.count,
        bytes: written.bytes,
        tar_size: packed.database_size,
        tar_sha256: packed.database,
        paths: wanted.paths.iter().map(ToString::to_string).collect(),
        references: wanted.references.clone(),
        named: named.rows,
        missing: named.missing,
    };
    let (size, sha256, tar) = (packed.file.size, packed.file.sha256, packed.database);
    Ok(Packed { facts: FilesFacts { size, sha256, contents: Some(contents), upload: None }, tar })
}

/// SHA-256 of the archive that there would be of what is there now, before it is compressed.
pub(super) fn digest_now(base: &Base, wanted: &Wanted, progress: &dyn Progress) -> Result<Digest> {
    let found = roots(base, &wanted.paths)?;
    let mut output = DigestWriter::new(io::sink());
    Written::default().write(base, &found, wanted, &mut output, progress)?;
    Ok(output.finish().1)
}

fn judge(named: &Named, progress: &dyn Progress) -> Result<()> {
    if named.missing == 0 {
        return Ok(());
    }
    if named.missing == named.rows {
        return Err(Fault::failed(named.sentence())
            .hint("is the folder there, and is it the right one? files.paths says where to look; --no-files leaves files out")
            .into());
    }
    progress.warn(&named.sentence());
    Ok(())
}

/// Says which of the user's own patterns mean nothing.
fn tell_of_empty(base: &Base, wanted: &Wanted, progress: &dyn Progress) -> Result<()> {
    for pattern in wanted.paths.iter().filter(|_| !wanted.built_in) {
        if matching(base, pattern)?.is_empty() {
            progress.warn(&format!("files.paths: nothing is called {pattern} in {}", base.folder.display()));
        }
    }
    Ok(())
}

/// Bytes of all files.
fn size_of(base: &Base, roots: &[PathBuf], progress: &dyn Progress) -> Result<u64> {
    let mut total: u64 = 0;
    walk(base, roots, progress, &mut |_, seen| {
        if let Seen::File(metadata, _) = seen {
            total = total.saturating_add(metadata.len());
        }
        Ok(())
    })?;
    Ok(total)
}

/// What was written so far.
#[derive(Default)]
struct Written {
    names: Names,
    count: u64,
    bytes: u64,
    /// The first of what is not copied, and how much that is.
    not: Vec<String>,
    not_copied: u64,
}

impl Written {
    fn write(
        &mut self,
        base: &Base,
        roots: &[PathBuf],
        wanted: &Wanted,
        output: &mut dyn Write,
        progress: &dyn Progress,
    ) -> Result<()> {
        let mut tar = Builder::new(output);
        let is_looked_for = !wanted.references.is_empty();
        walk(base, roots, progress, &mut |path, seen| match seen {
            Seen::Folder(metadata) => {
                let mut header = header(EntryType::Directory, metadata, 0);
                tar.append_data(&mut header, path, io::empty()).with_context(|| not_packed(path))
            }
            Seen::Link(metadata, target) => {
                let mut header = header(EntryType::Symlink, metadata, 0);
                tar.append_link(&mut header, path, target).with_context(|| not_packed(path))
            }
            Seen::File(_, place) => {
                if let Some(size) = add_file(&mut tar, path, place, progress)? {
                    self.count += 1;
                    self.bytes = self.bytes.saturating_add(size);
                    if is_looked_for {
                        self.names.add(path);
                    }
                }
                Ok(())
            }
            Seen::Not(why) => {
                self.leave_out(path, why);
                Ok(())
            }
            Seen::Store => {
                self.leave_out(path, "is a store of snapshots");
                Ok(())
            }
            Seen::Larders | Seen::Never(_) => Ok(()),
        })?;
        tar.into_inner().context("cannot end the archive")?.flush()?;
        Ok(())
    }

    fn leave_out(&mut self, path: &Path, why: &str) {
        self.not_copied += 1;
        if self.not_copied <= TOLD {
            self.not.push(format!("{} {why}", path.display()));
        }
    }

    fn tell(&self, progress: &dyn Progress) {
        for not in &self.not {
            progress.warn(&format!("not copied: {not}"));
        }
        if self.not_copied > TOLD {
            progress.warn(&format!("not copied: {} more", self.not_copied - TOLD));
        }
    }
}

/// Adds a file as it was at one moment. One that is written to while it is read is read again, and what comes later in
/// the archive counts. Returns its size, unless it vanished.
fn add_file(
    tar: &mut Builder<&mut dyn Write>,
    path: &Path,
    place: &Path,
    progress: &dyn Progress,
) -> Result<Option<u64>> {
    let mut size = None;
    for _ in 0..TRIES {
        go_on(progress)?;
        let Some(file) = files::open_seen(place)? else { return Ok(size) };
        let look = || file.metadata().with_context(|| format!("cannot look at {}", place.display()));
        let before = look()?;
        if !before.is_file() {
            return Ok(size);
        }
        let mut reader = Exactly { file: &file, left: before.len(), was_cut: false, progress };
        let mut header = header(EntryType::Regular, &before, before.len());
        tar.append_data(&mut header, path, &mut reader).with_context(|| not_packed(place))?;
        size = Some(before.len());
        let after = look()?;
        let is_same = (before.len(), before.modified().ok()) == (after.len(), after.modified().ok());
        if is_same && !reader.was_cut {
            return Ok(size);
        }
    }
    progress.warn(&format!("{} was written to each time it was read", place.display()));
    Ok(size)
}

fn not_packed(path: &Path) -> String {
    format!("cannot copy {}", path.display())
}

fn header(kind: EntryType, metadata: &Metadata, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    header.set_mtime(modified.map_or(0, |time| time.as_secs()));
    let usual = if kind == EntryType::Directory { 0o755 } else { 0o644 };
    let owner = platform::ownership(metadata);
    header.set_mode(owner.map_or(usual, |owner| owner.mode));
    header.set_uid(owner.map_or(0, |owner| owner.uid.into()));
    header.set_gid(owner.map_or(0, |owner| owner.gid.into()));
    header
}

/// Gives as many bytes as were promised, whatever becomes of the file: zeros where it was cut.
struct Exactly<'a> {
    file: &'a File,
    left: u64,
    was_cut: bool,
    progress: &'a dyn Progress,
}

impl Read for Exactly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.stopped() {
            return Err(io::Error::other("stopped"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let mut read = if self.was_cut { 0 } else { self.file.read(&mut buffer[..most])? };
        if read == 0 && most > 0 {
            self.was_cut = true;
            buffer[..most].fill(0);
            read = most;
        }
        self.left -= read as u64;
        self.progress.advance(read as u64);
        Ok(read)
    }
}
