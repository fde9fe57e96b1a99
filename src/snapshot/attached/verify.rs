//! Whether the archive with the files of a snapshot is whole, and what its manifest says it is.

use super::names::Names;
use super::read::{self, Entry, Kind};
use super::{Wanted, beside, named};
use crate::error::{Fault, Kind as ErrorKind, blame_input, kind};
use crate::files;
use crate::problem::{Problem, Severity};
use crate::progress::{Progress, Unit, go_on, step};
use crate::snapshot::manifest::{FilesContents, Manifest};
use crate::snapshot::pack::digest_of_file;
use crate::stream::age::{Keys, unlock};
use crate::stream::{Decoder, Digest, DigestReader, Limited};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

/// What came out of an archive.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) names: Names,
    /// How many files there are.
    pub(super) count: u64,
    /// What the archive is: its size and digest, packed and unpacked.
    pub(super) packed: Option<(u64, Digest)>,
    pub(super) tar: Option<(u64, Digest)>,
}

/// Reads an archive from its beginning to its end, and tells of every entry. No more comes out of it than its manifest says.
pub(super) fn read_archive(
    archive: &Path,
    manifest: &Manifest,
    keys: &Keys<'_>,
    progress: &dyn Progress,
    visit: &mut read::Visit<'_>,
) -> Result<Found> {
    let size = files::metadata(archive)?.map(|metadata| metadata.len());
    let limit = manifest.files_contents().map_or(u64::MAX, |contents| contents.tar_size);
    let what = format!("reading {}", archive.display());
    let read = || -> Result<Found> {
        let name = archive.display().to_string();
        let mut found = Found::default();
        let mut file = DigestReader::new(files::open(archive)?);
        let (_, opened) = unlock(&mut file, keys, &name)?;
        let decoder = Limited::new(Decoder::new(opened, manifest.compression)?, limit);
        let mut tar = DigestReader::new(Watched { inner: decoder, progress });
        let mut seen = HashSet::new();
        read::read(&mut tar, &mut |entry: &Entry, data: &mut dyn Read| {
            go_on(progress)?;
            // A file that was written to while it was copied is there more than once.
            if entry.kind == Kind::File && seen.insert(entry.path.clone()) {
                found.count += 1;
                found.names.add(&entry.path);
            }
            visit(entry, data)
        })?;
        let (digest, size) = tar.finish().map_err(read::broken)?;
        found.tar = Some((size, digest));
        let (digest, size) = file.finish()?;
        found.packed = Some((size, digest));
        Ok(found)
    };
    let found = step(progress, &what, size, Unit::Bytes, read);
    go_on(progress)?;
    found.map_err(|error| blame_input(error, format!("cannot read the files in {}", archive.display())))
}

/// Ends where the process was asked to stop, and reports.
struct Watched<'a, R> {
    inner: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.progress.stopped() { Err(std::io::Error::other("stopped")) } else { self.inner.read(buffer) }
    }
}

/// How what came out of an archive differs from what its manifest says.
pub(super) fn difference(found: &Found, manifest: &Manifest) -> Option<&'static str> {
    let facts = manifest.files.as_ref()?;
    let contents = manifest.files_contents();
    let tar = contents.map(|contents| (contents.tar_size, contents.tar_sha256));
    if found.packed != Some((facts.size, facts.sha256)) {
        Some("the archive of files is not the one that the manifest describes")
    } else if tar.is_some() && tar != found.tar {
        Some("what is in the archive of files is not what the manifest describes")
    } else {
        None
    }
}

/// What is wrong with the files of a snapshot, of which `copy` is the database.
pub fn verify(
    snapshot: &Path,
    manifest: &Manifest,
    copy: Option<&Connection>,
    keys: &Keys<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Problem>> {
    let Some(facts) = &manifest.files else { return Ok(Vec::new()) };
    let Some(archive) = beside(snapshot).filter(|archive| archive.is_file()) else {
        return Ok(vec![Problem::error("files", absent(snapshot))]);
    };
    if manifest.is_encrypted() && keys.is_empty() {
        let is_same = digest_of_file(&archive, progress)? == facts.sha256;
        let message = "the archive of files is not the one that the manifest describes";
        return Ok(if is_same { Vec::new() } else { vec![Problem::error("files", message)] });
    }
    let found = match read_archive(&archive, manifest, keys, progress, &mut |_, _| Ok(())) {
        Ok(found) => found,
        Err(error) if matches!(kind(&error), ErrorKind::Invalid | ErrorKind::Damaged) => {
            return Ok(vec![Problem::error("files", format!("{error:#}"))]);
        }
        Err(error) => return Err(error),
    };
    let mut problems = Vec::new();
    problems.extend(difference(&found, manifest).map(|message| Problem::error("files", message)));
    if let (Some(contents), Some(copy)) = (manifest.files_contents(), copy) {
        problems.extend(compare(&found, contents, copy, progress)?);
    }
    Ok(problems)
}

fn compare(
    found: &Found,
    contents: &FilesContents,
    copy: &Connection,
    progress: &dyn Progress,
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    if found.count != contents.count {
        let message =
            format!("{} files are in the archive, and the manifest says {}", found.count, contents.count);
        problems.push(Problem::error("manifest.files", message));
    }
    // The settings need not be built in any more; what they named then may not be in this database.
    let wanted = Wanted { references: contents.references.clone(), built_in: true, paths: Vec::new() };
    let named = named::look(copy, &wanted, &found.names, progress)?;
    if named.missing > 0 {
        // What was missing then is what the application lives with.
        let severity = if named.missing > contents.missing { Severity::Error } else { Severity::Warning };
        problems.push(Problem { severity, ..Problem::warning("files", named.sentence()) });
    }
    Ok(problems)
}

/// An error that says how an archive differs from its manifest.
pub(super) fn refused(difference: &str) -> Fault {
    Fault::invalid(difference).hint("another snapshot is safer; --no-files restores the database alone")
}

/// What is said where the archive of a snapshot is not there.
pub(super) fn absent(snapshot: &Path) -> String {
    let name = beside(snapshot).map(|archive| files::name_of(&archive)).unwrap_or_default();
    format!("the archive of its files, {name}, is not beside it")
}

/// Whether the archive beside a snapshot is the one that its manifest describes; it is where there should be none.
pub fn is_whole(snapshot: &Path, manifest: &Manifest, progress: &dyn Progress) -> Result<bool> {
    let Some(facts) = &manifest.files else { return Ok(true) };
    match beside(snapshot).filter(|archive| archive.is_file()) {
        Some(archive) => Ok(digest_of_file(&archive, progress)? == facts.sha256),
        None => Ok(false),
    }
}

/// An error where the archive of a snapshot is not there.
pub(super) fn require(snapshot: &Path) -> Result<std::path::PathBuf> {
    let archive = beside(snapshot).filter(|archive| archive.is_file());
    archive
        .ok_or_else(|| Fault::invalid(absent(snapshot)).hint("--no-files restores the database alone").into())
}
