//! Reading the document that is CSV: a file for each section, and `metadata.json`.

use super::cells::Rows;
use super::unique::Unique;
use super::{Document, Limits, Parts, Sink, understand};
use crate::document::cell::Dialect;
use crate::document::envelope::{METADATA_FILE, Summary};
use crate::error::{Fault, blame_input};
use crate::files;
use crate::stream::{DigestWriter, Text, charset, decompress};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::Deserialize;
use std::cell::RefCell;
use std::io::{self, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use zip::ZipArchive;

/// Where the files of a document are.
pub trait CsvSource {
    /// Opens a file by its name, which is a plain one.
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>>;
}

/// Files in a folder.
pub struct CsvFolder(pub PathBuf);

impl CsvSource for CsvFolder {
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>> {
        let path = self.0.join(name);
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        if !is_file {
            return Err(Fault::invalid(format!("there is no file {}", path.display())).into());
        }
        let (_, text) = decompress(files::open(&path)?, limits.expansion)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Box::new(text))
    }
}

/// Files in a zip archive.
pub struct CsvZip<R>(ZipArchive<R>);

impl<R: Read + Seek> CsvZip<R> {
    /// Reads the table of contents.
    pub fn new(archive: R) -> Result<Self> {
        let archive =
            ZipArchive::new(archive).map_err(|error| invalid("it is no whole zip archive", &error))?;
        Ok(Self(archive))
    }
}

impl<R: Read + Seek> CsvSource for CsvZip<R> {
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>> {
        let entry =
            self.0.by_name(name).map_err(|error| invalid(&format!("{name} cannot be read"), &error))?;
        if !entry.is_file() {
            return Err(Fault::invalid(format!("{name} is not a file")).into());
        }
        let packed = entry.compressed_size();
        Ok(Box::new(limits.expansion.limit(entry, packed)))
    }
}

fn invalid(what: &str, error: &zip::result::ZipError) -> anyhow::Error {
    match error {
        zip::result::ZipError::Io(io) if io.raw_os_error().is_some() => {
            Fault::failed(format!("{what}: {error}"))
        }
        _ => Fault::invalid(format!("{what}: {error}")),
    }
    .into()
}

/// What `metadata.json` holds.
#[derive(Deserialize)]
struct Index {
    metadata: Unique,
    csv: Described,
    summary: Summary,
}

#[derive(Deserialize)]
struct Described {
    delimiter: char,
    null: String,
    files: IndexMap<String, String>,
}

/// Reads a document to its end, and passes what it holds to a sink.
pub fn read(source: &mut dyn CsvSource, name: &str, limits: Limits, sink: &mut dyn Sink) -> Result<Document> {
    let index =
        read_index(source, limits).map_err(|error| blame_input(error, format!("{name}/{METADATA_FILE}")))?;
    let metadata = understand(index.metadata.0).map_err(|why| Fault::invalid(format!("{name}: {why}")))?;
    let dialect = Dialect { delimiter: index.csv.delimiter, null: index.csv.null };
    dialect.check().map_err(|error| Fault::invalid(format!("{name}/{METADATA_FILE}: {error}")))?;
    sink.metadata(&metadata)?;
    let digest = Rc::new(RefCell::new(DigestWriter::new(io::sink())));
    let mut items = IndexMap::new();
    for (section, description) in &metadata.sections {
        let file = index.csv.files.get(section).filter(|file| is_plain(file));
        let file = file.ok_or_else(|| {
            Fault::invalid(format!(
                "{name}/{METADATA_FILE}: csv.files names no file for the section {section:?}"
            ))
        })?;
        let wanted = sink.section(section)?;
        let label = format!("{name}/{file}");
        let text = source.open(file, limits).map_err(|error| blame_input(error, label.clone()))?;
        let text = Text::new(Tee { inner: text, digest: Rc::clone(&digest) })
            .with_context(|| format!("cannot read {label}"))?;
        let mut rows = Rows { label: &label, section, description, dialect: &dialect, limits };
        let count = rows.read(text, wanted.as_deref(), sink)?;
        items.insert(section.clone(), count);
    }
    let digest = Rc::into_inner(digest).map(|digest| digest.into_inner().finish().1);
    Parts { metadata, digest, summary: index.summary }.check(name, items, sink)
}

fn read_index(source: &mut dyn CsvSource, limits: Limits) -> Result<Index> {
    let mut text = Vec::new();
    source.open(METADATA_FILE, limits)?.take(limits.row).read_to_end(&mut text).context("cannot read it")?;
    let text = text.strip_prefix(charset::UTF8_MARK).unwrap_or(&text);
    serde_json::from_slice(text).map_err(|error| Fault::invalid(error.to_string()).into())
}

/// Whether a name is that of a file here, and leads nowhere else on any system.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
        && !name.contains(['/', '\\', ':', '\0'])
}

/// Digests what passes by.
struct Tee<R> {
    inner: R,
    digest: Rc<RefCell<DigestWriter<io::Sink>>>,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.digest.borrow_mut().write_all(&buffer[..read])?;
        Ok(read)
    }
}
