//! From one format of a document to another.

use crate::database::value::{Borrowed, Value};
use crate::document::envelope::{Metadata, Summary};
use crate::document::input::Input;
use crate::document::reader::{Limits, Place, Sink};
use crate::document::writer::{DocumentWriter, Format};
use crate::error::Fault;
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use std::io::Write;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;

/// What came of a conversion.
pub struct Converted<W> {
    /// What was written to, unfinished, where it is a single thing.
    pub output: Option<W>,
    /// How many rows there are, and the digest of the new document.
    pub summary: Summary,
    /// Whether the old document was edited after it was written.
    pub edited: bool,
}

/// Reads a document and writes it in another format. `name` is what it is called in errors.
pub fn convert<W: Write>(
    document: Input,
    name: &str,
    limits: Limits,
    format: Format<W>,
    progress: &dyn Progress,
) -> Result<Converted<W>> {
    let mut passing = Passing { format: Some(format), writer: None, metadata: None, rows: 0, progress };
    let read = document.read(name, limits, &mut passing);
    progress.end();
    let document = read?;
    let mut writer = passing.writer.context("a document that was read has metadata")?;
    for (missing, section) in
        document.metadata.sections.iter().filter(|(name, _)| !document.items.contains_key(*name))
    {
        if section.items > 0 {
            return Err(Fault::invalid(format!("{name}: data.{missing}: the section is missing")).into());
        }
        writer.section(missing, section)?;
    }
    let (output, summary) = writer.finish()?;
    Ok(Converted { output, summary, edited: document.edited })
}

/// Passes rows on as they come.
struct Passing<'a, W: Write> {
    /// What is to be written, until the metadata come.
    format: Option<Format<W>>,
    writer: Option<DocumentWriter<W>>,
    metadata: Option<Metadata>,
    rows: u64,
    progress: &'a dyn Progress,
}

impl<W: Write> Sink for Passing<'_, W> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        let rows = metadata.sections.values().map(|section| section.items).sum();
        self.progress.begin("converting", Some(rows), Unit::Rows);
        self.metadata = Some(metadata.clone());
        self.writer = self.format.take().map(|format| format.begin(metadata)).transpose()?;
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        let section = metadata.sections.get(name);
        let section = section
            .ok_or_else(|| Fault::invalid(format!("data.{name}: metadata.sections has no such section")))?;
        self.writer.as_mut().expect("the metadata come first").section(name, section)?;
        Ok(Some(section.shape.columns.keys().cloned().collect()))
    }

    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()> {
        self.item(rowid, values.into_iter().map(Some).collect(), place)
    }

    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, _: Place) -> Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        let fields = fields.iter().map(|value| Ok::<_, anyhow::Error>(value.as_ref().map(Borrowed::from)));
        self.writer.as_mut().expect("the metadata come first").row(number, fields)
    }
}
