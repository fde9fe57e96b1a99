//! Writing a document in any format, a row at a time.

mod csv;
mod files;
mod flat;
mod json;
mod lines;

pub use csv::CsvWriter;
pub use files::{CsvFiles, CsvFolder, CsvSingle, CsvZip};
pub use flat::FlatWriter;
pub use json::{JsonWriter, Layout};
pub use lines::LinesWriter;

use super::cell::Dialect;
use super::envelope::{Metadata, Section, Summary};
use crate::database::value::Borrowed;
use crate::stream::{Digest, DigestWriter};
use anyhow::Result;
use indexmap::IndexMap;
use std::io::{Sink, Write};
use std::path::PathBuf;

/// The format of a document that is to be written, and where it goes.
pub enum Format<W: Write> {
    /// One JSON object.
    Json(W, Layout),
    /// One JSON object a line.
    Lines(W),
    /// A file of CSV for each section; with a byte order mark at the beginning of each.
    Csv(Box<dyn CsvFiles>, Dialect, bool),
    /// The same for people, who do not want it back, and a folder for private files meanwhile.
    Flat(Box<dyn CsvFiles>, Dialect, bool, PathBuf),
}

impl<W: Write> Format<W> {
    /// Begins a document.
    pub fn begin(self, metadata: &Metadata) -> Result<DocumentWriter<W>> {
        // People see the columns of a table that is empty.
        let is_flat = matches!(self, Self::Flat(..));
        let writer = match self {
            Self::Json(output, layout) => Kind::Json(JsonWriter::begin(output, metadata, layout)?),
            Self::Lines(output) => Kind::Lines(LinesWriter::begin(output, metadata)?),
            Self::Csv(files, dialect, bom) => {
                Kind::Csv(Box::new(CsvWriter::begin(files, metadata, dialect, bom)?))
            }
            Self::Flat(files, dialect, bom, temporary) => {
                Kind::Flat(Box::new(FlatWriter::begin(files, metadata, dialect, bom, temporary)?))
            }
        };
        let unsaid = if is_flat { Vec::new() } else { metadata.empty_sections.clone() };
        Ok(DocumentWriter { writer, unsaid, pending: None })
    }
}

/// Writes a document of one format or another: the metadata, every section in its order, then the summary.
pub struct DocumentWriter<W: Write> {
    writer: Kind<W>,
    /// Sections without items: nothing is written of them, unless items come all the same.
    unsaid: Vec<String>,
    /// The present section, where it is such a one.
    pending: Option<(String, Section)>,
}

/// A writer of a format.
enum Kind<W: Write> {
    /// One JSON object.
    Json(JsonWriter<W>),
    /// One JSON object a line.
    Lines(LinesWriter<W>),
    /// A file of CSV for each section.
    Csv(Box<CsvWriter>),
    /// CSV for people.
    Flat(Box<FlatWriter>),
}

impl<W: Write> DocumentWriter<W> {
    /// Begins a section, which the metadata must have.
    pub fn section(&mut self, name: &str, section: &Section) -> Result<()> {
        self.pending = None;
        if self.unsaid.iter().any(|unsaid| unsaid == name) {
            self.pending = Some((name.to_owned(), section.clone()));
            return Ok(());
        }
        self.begin(name, section)
    }

    fn begin(&mut self, name: &str, section: &Section) -> Result<()> {
        match &mut self.writer {
            Kind::Json(writer) => writer.section(name, section),
            Kind::Lines(writer) => writer.section(name, section),
            Kind::Csv(writer) => writer.section(name, section),
            Kind::Flat(writer) => writer.section(name, section),
        }
    }

    /// Writes a row of the section: its number where it is written down, and a value for each of its fields, in their
    /// order; nothing for a field that it lacks. The value of a field that holds JSON is its text.
    pub fn row<'a, V: Into<Option<Borrowed<'a>>>, E>(
        &mut self,
        number: Option<i64>,
        values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        if let Some((name, section)) = self.pending.take() {
            self.begin(&name, &section)?;
        }
        match &mut self.writer {
            Kind::Json(writer) => writer.row(number, values),
            Kind::Lines(writer) => writer.row(number, values),
            Kind::Csv(writer) => writer.row(number, values),
            Kind::Flat(writer) => writer.row(number, values),
        }
    }

    /// Writes the summary and gives the output back, where there is a single one.
    pub fn finish(self) -> Result<(Option<W>, Summary)> {
        match self.writer {
            Kind::Json(writer) => writer.finish().map(|(output, summary)| (Some(output), summary)),
            Kind::Lines(writer) => writer.finish().map(|(output, summary)| (Some(output), summary)),
            Kind::Csv(writer) => writer.finish().map(|summary| (None, summary)),
            Kind::Flat(writer) => writer.finish().map(|summary| (None, summary)),
        }
    }
}

/// Counts the rows of each section.
#[derive(Debug, Default)]
struct Counter {
    section: Option<(String, u64)>,
    /// The sections that were begun, in that order.
    items: IndexMap<String, u64>,
    /// Sections that have no rows unless they are begun.
    unsaid: Vec<String>,
}

impl Counter {
    /// Of a document with these metadata.
    fn new(metadata: &Metadata) -> Self {
        Self { unsaid: metadata.empty_sections.clone(), ..Self::default() }
    }

    fn begin(&mut self, name: &str) {
        self.end();
        self.section = Some((name.to_owned(), 0));
    }

    /// Counts a row, and returns how many came before it.
    fn row(&mut self) -> u64 {
        let (_, rows) = self.section.as_mut().expect("a row is written after its section has begun");
        *rows += 1;
        *rows - 1
    }

    fn end(&mut self) -> Option<u64> {
        let (name, rows) = self.section.take()?;
        self.items.insert(name, rows);
        Some(rows)
    }

    fn summary(mut self, sha256: Digest) -> Summary {
        self.end();
        for name in self.unsaid {
            self.items.entry(name).or_insert(0);
        }
        Summary { items: self.items, sha256 }
    }
}

/// A digest of bytes that go to one place after another.
fn digest() -> DigestWriter<Sink> {
    DigestWriter::new(std::io::sink())
}

/// What a document consists of besides its rows, as text.
fn metadata_lines(metadata: &Metadata) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    json::write_metadata(metadata, &mut text)?;
    Ok(text)
}
