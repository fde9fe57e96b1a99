//! Reading the document that is CSV: a file for each section, and `metadata.json`.

use super::cells::Rows;
use super::unique::Unique;
use super::{Document, Limits, Parts, Sink, understand};
use crate::document::cell::Dialect;
use crate::document::envelope::{METADATA_FILE, METADATA_LIMIT, Metadata, Mode, Summary};
use crate::error::{Fault, Kind, blame_input, is_broken_stream, kind};
use crate::files;
use crate::problem::Problem;
use crate::stream::{DigestWriter, Spent, Text, decompress_into};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// Where the files of a document are.
pub trait CsvSource {
    /// Opens a file by its name, which is a plain one.
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>>;
}

/// Files in a folder.
pub struct CsvFolder {
    folder: PathBuf,
    spent: Spent,
}

impl CsvFolder {
    /// The files in a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, spent: Spent::default() }
    }
}

impl CsvSource for CsvFolder {
    fn open(&mut self, name: &str, limits: Limits) -> Result<Box<dyn Read + '_>> {
        let path = self.folder.join(name);
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        if !is_file {
            return Err(Fault::invalid(format!("there is no file {}", path.display())).into());
        }
        let (_, text) = decompress_into(files::open(&path)?, limits.expansion, &self.spent)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Box::new(text))
    }
}

/// What `metadata.json` holds.
#[derive(Deserialize)]
struct Index {
    metadata: serde_json::Value,
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
    let metadata = understand(index.metadata).map_err(|why| Fault::invalid(format!("{name}: {why}")))?;
    let dialect = Dialect { delimiter: index.csv.delimiter, null: index.csv.null };
    dialect.check().map_err(|error| Fault::invalid(format!("{name}/{METADATA_FILE}: {error}")))?;
    sink.metadata(&metadata)?;
    let digest = Rc::new(RefCell::new(DigestWriter::new(io::sink())));
    let mut items = IndexMap::new();
    refuse_files(&metadata, &index.csv.files, name)?;
    let mut incomplete = false;
    for (section, file) in &index.csv.files {
        let description = &metadata.sections[section];
        let wanted = sink.section(section)?;
        let label = format!("{name}/{file}");
        let condensed = metadata.mode == Mode::Condensed;
        let mut rows =
            Rows { label: &label, section, description, condensed, dialect: &dialect, limits, count: 0 };
        let read =
            source.open(file, limits).map_err(|error| blame_input(error, label.clone())).and_then(|text| {
                let text = Text::new(Tee { inner: text, digest: Rc::clone(&digest) })
                    .with_context(|| format!("cannot read {label}"))?;
                rows.read(text, wanted.as_deref(), sink)
            });
        items.insert(section.clone(), rows.count);
        match read {
            Err(error) if sink.recovers() && kind(&error) == Kind::Invalid => {
                incomplete = true;
                sink.lost(name, lost(&error, section, rows.count))?;
            }
            read => read?,
        }
    }
    let digest = Rc::into_inner(digest).map(|digest| digest.into_inner().finish().1);
    Parts { metadata, digest, summary: Some(index.summary), incomplete }.check(name, items, sink)
}

/// What is said of a file that cannot be read to its end, of which so many rows were read.
fn lost(error: &anyhow::Error, section: &str, count: u64) -> Problem {
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let problem =
        Problem::error(&format!("data.{section}"), format!("all but its first {rows} are lost: {error:#}"));
    match error.downcast_ref::<Fault>().and_then(|fault| fault.at) {
        Some((line, column)) => problem.at(line, column),
        None => problem,
    }
}

/// The files of a document in a folder; nothing where it holds none.
pub fn files_of(folder: &Path) -> Option<Vec<String>> {
    let index = read_index(&mut CsvFolder::new(folder.to_owned()), Limits::default()).ok()?;
    understand(index.metadata).ok()?;
    Some(index.csv.files.into_values().chain([METADATA_FILE.to_owned()]).collect())
}

fn read_index(source: &mut dyn CsvSource, limits: Limits) -> Result<Index> {
    let mut text = Vec::new();
    Text::json(source.open(METADATA_FILE, limits)?)
        .and_then(|json| json.take(METADATA_LIMIT + 1).read_to_end(&mut text))
        .map_err(unreadable)?;
    if text.len() as u64 > METADATA_LIMIT {
        return Err(Fault::invalid(format!("it has more than {METADATA_LIMIT} bytes")).into());
    }
    let index: Unique = serde_json::from_slice(&text).map_err(|error| Fault::invalid(error.to_string()))?;
    serde_json::from_value(index.0).map_err(|error| Fault::invalid(error.to_string()).into())
}

/// An error where the files are not one for each section, with a plain name.
fn refuse_files(metadata: &Metadata, files: &IndexMap<String, String>, name: &str) -> Result<()> {
    let wrong = |what: String| Err(Fault::invalid(format!("{name}/{METADATA_FILE}: {what}")).into());
    let mut taken = HashSet::new();
    for (section, file) in files {
        if !metadata.sections.contains_key(section) {
            return wrong(format!("csv.files: metadata.sections has no section {section:?}"));
        }
        if !taken.insert(file.to_lowercase()) {
            return wrong(format!("csv.files: {file:?} is the file of two sections"));
        }
    }
    let is_named = |section: &String| match files.get(section) {
        Some(file) => is_plain(file),
        None => metadata.empty_sections.contains(section),
    };
    match metadata.sections.keys().find(|section| !is_named(section)) {
        Some(section) => wrong(format!("csv.files names no file for the section {section:?}")),
        None => Ok(()),
    }
}

/// What a stream that breaks says of its file.
fn unreadable(error: io::Error) -> anyhow::Error {
    let fault = if is_broken_stream(&error) { Fault::invalid } else { Fault::failed };
    anyhow::Error::new(error).context(fault("cannot read it".to_owned()))
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
