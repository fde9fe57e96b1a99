//! The files of CSV in a zip archive, at its top or in the folder that somebody put into it.

use super::Limits;
use super::csv::CsvSource;
use crate::document::envelope::METADATA_FILE;
use crate::error::Fault;
use crate::stream::Spent;
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// What to do with an archive that cannot be read as it is.
const UNPACK: &str = "unpack it, and give larder the folder that has metadata.json";

/// Files in a zip archive.
pub struct CsvZip<R> {
    archive: ZipArchive<R>,
    /// Which entries they are, by their names.
    files: HashMap<String, usize>,
    /// Bytes of the archive itself, which no entry can have more of.
    length: u64,
    spent: Spent,
}

impl<R: Read + Seek> CsvZip<R> {
    /// Reads the table of contents.
    pub fn new(mut archive: R) -> Result<Self> {
        let length = archive.seek(SeekFrom::End(0)).context("cannot read the archive")?;
        let archive =
            ZipArchive::new(archive).map_err(|error| invalid("it is no whole zip archive", &error))?;
        let files = files(&archive)?;
        Ok(Self { archive, files, length, spent: Spent::default() })
    }
}

impl<R: Read + Seek> CsvSource for CsvZip<R> {
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>> {
        let at = self.files.get(name);
        let at = at.ok_or_else(|| Fault::invalid(format!("there is no file {name} in the archive")))?;
        let entry =
            self.archive.by_index(*at).map_err(|error| invalid(&format!("{name} cannot be read"), &error))?;
        if !entry.is_file() {
            return Err(Fault::invalid(format!("{name} is not a file")).into());
        }
        let packed = entry.compressed_size().min(self.length);
        Ok(Box::new(limits.expansion.limit(entry, packed, &self.spent)))
    }
}

/// The files of an archive by their names in the folder that has the metadata.
fn files(archive: &ZipArchive<impl Read + Seek>) -> Result<HashMap<String, usize>> {
    let mut entries = Vec::new();
    for (at, name) in archive.file_names().enumerate() {
        // One that cannot be read is none of ours. Some programs write the separators of their own system.
        let name = name.unwrap_or_default().replace('\\', "/");
        if !name.ends_with('/') && !is_clutter(&name) {
            entries.push((name, at));
        }
    }
    let folder = folder(&entries)?;
    let own = entries.iter().filter_map(|(name, at)| Some((name.strip_prefix(folder)?.to_owned(), *at)));
    let own: Vec<(String, usize)> = own.collect();
    let count = own.len();
    let files: HashMap<String, usize> = own.into_iter().collect();
    if archive.has_duplicate_names() || files.len() < count {
        let message = "two of its entries have the same name, and only one of them can be meant";
        return Err(Fault::invalid(message).hint(UNPACK).into());
    }
    Ok(files)
}

/// What a Mac adds to archives by itself.
fn is_clutter(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next() == Some(".DS_Store")
}

/// The folder of the metadata, with its slash, which is that of all files; nothing where it is the top.
fn folder(entries: &[(String, usize)]) -> Result<&str> {
    let folders = entries.iter().filter_map(|(name, _)| name.strip_suffix(METADATA_FILE));
    let folders: Vec<&str> = folders.filter(|folder| folder.is_empty() || folder.ends_with('/')).collect();
    let why = match folders.as_slice() {
        [] => format!("it has no {METADATA_FILE}: it is no export"),
        folders if folders.contains(&"") => return Ok(""),
        [folder] => match entries.iter().find(|(name, _)| !name.starts_with(folder)) {
            None => return Ok(folder),
            Some((other, _)) => format!("its {METADATA_FILE} is in the folder {folder}, and {other} is not"),
        },
        [one, other, ..] => format!("it has a {METADATA_FILE} in {one} and one in {other}"),
    };
    let hint = if folders.is_empty() { "larder export writes exports" } else { UNPACK };
    Err(Fault::invalid(why).hint(hint).into())
}

fn invalid(what: &str, error: &ZipError) -> anyhow::Error {
    match error {
        ZipError::Io(io) if io.raw_os_error().is_some() => Fault::failed(format!("{what}: {error}")),
        _ => Fault::invalid(format!("{what}: {error}")),
    }
    .into()
}
