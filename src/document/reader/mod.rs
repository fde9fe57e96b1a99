//! Reading a document of any format, a row at a time, in constant memory.

pub mod archive;
mod cells;
pub mod csv;
mod damaged;
pub mod foreign;
mod json;
mod lines;
mod records;
mod row;
mod tap;
mod unique;

use super::envelope::{FORMAT, Metadata, Mode, Summary, VERSION};
use crate::database::value::Value;
use crate::error::{Fault, Kind, fault_inside, is_broken_stream};
use crate::problem::{Problem, Severity};
use crate::stream::{Digest, Expansion};
use anyhow::{Result, anyhow};
use indexmap::IndexMap;
use json::{DocumentSeed, Read as Found};
use serde::de::DeserializeSeed;
use std::io::Read;
use tap::Tap;

/// Takes what a document holds, in its order.
pub trait Sink {
    /// The metadata, before everything else.
    fn metadata(&mut self, metadata: &Metadata) -> Result<()>;

    /// A section begins. Returns the columns whose values are wanted, every one of which each row must have; nothing
    /// where the section is to be passed over.
    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>>;

    /// Of CSV: in which cell of every row the value of each wanted column is, from 1, before the first row of the section.
    fn cells(&mut self, cells: &[u64]) {
        let _ = cells;
    }

    /// A row of the section of a full document: its hidden rowid, where it has one, and a value for each column.
    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()>;

    /// An item of the section of a condensed document: the number by which others refer to it, where it has one, and a
    /// value for each field that it has. That of a field which holds JSON is its text, in one form.
    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, place: Place) -> Result<()>;

    /// Something is wrong with the file of that name, past which it can be read. A row that has an error does not come.
    /// What this returns an error for, as for errors unless somebody wants to know of more, ends the reading.
    fn problem(&mut self, file: &str, problem: Problem) -> Result<()> {
        if problem.severity == Severity::Warning {
            return Ok(());
        }
        Err(Fault::invalid(format!("{file}:{problem}")).into())
    }

    /// Whether reading goes on past what cannot be read: a damaged item is a problem then, and anything else is lost.
    fn recovers(&self) -> bool {
        false
    }

    /// A part of the document that is more than an item, or less, is lost: it was cut, or cannot be read.
    fn lost(&mut self, file: &str, problem: Problem) -> Result<()> {
        self.problem(file, problem)
    }
}

/// Where in a document a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number in its section, from 0.
    pub item: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The column at which it begins, from 1; of CSV, the first cell.
    pub column: u64,
}

/// What a document that was read to its end was found to be.
#[derive(Debug)]
pub struct Document {
    /// Its metadata.
    pub metadata: Metadata,
    /// How many rows each section has.
    pub items: IndexMap<String, u64>,
    /// Whether the data is not what the summary was made of: somebody edited it.
    pub edited: bool,
    /// Whether a part of it was lost, of which nobody knows what it held.
    pub incomplete: bool,
}

/// How much of a document may be in memory at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a row: of JSON from its first brace to its last, of CSV without the end of its line.
    pub row: u64,
    /// Bytes that may come out of a compressed file.
    pub expansion: Expansion,
}

impl Default for Limits {
    /// As much as a row with a blob of 190 MB has.
    fn default() -> Self {
        Self { row: 256 << 20, expansion: Expansion::default() }
    }
}

/// Reads a document that is a JSON object, or one JSON object a line, to its end, and passes what it holds to a sink.
///
/// What is wrong with the document is an error with the line and column; errors of the sink come out as they are.
pub fn read(reader: impl Read, name: &str, limits: Limits, sink: &mut dyn Sink) -> Result<Document> {
    let (mut tap, tapped) = Tap::new(reader, limits.row);
    let mut deserializer = serde_json::Deserializer::from_reader(&mut tap);
    let mut state = State {
        name,
        sink,
        failed: None,
        tapped,
        items: IndexMap::new(),
        metadata: None,
        at_data: false,
        in_section: false,
    };
    let found = DocumentSeed(&mut state).deserialize(&mut deserializer);
    let parts = match found {
        Err(_) if state.at_data => {
            drop(deserializer);
            damaged::object(&mut tap, &mut state)?
        }
        Ok(Found::First(metadata)) if state.sink.recovers() => {
            drop(deserializer);
            damaged::lines(&mut tap, *metadata, &mut state)?
        }
        found => {
            let parts = found.and_then(|found| match found {
                Found::Whole(parts) => deserializer.end().map(|()| *parts),
                Found::First(metadata) => lines::read(&mut deserializer, *metadata, &mut state),
            });
            parts.map_err(|error| state.failed.take().unwrap_or_else(|| syntax(name, error)))?
        }
    };
    parts.check(name, state.items, sink)
}

/// What the readers of JSON share.
struct State<'a> {
    /// What the document is called.
    name: &'a str,
    sink: &'a mut dyn Sink,
    /// An error of the sink, which the JSON reader's errors cannot carry.
    failed: Option<anyhow::Error>,
    tapped: tap::Tapped,
    /// The rows that were counted.
    items: IndexMap<String, u64>,
    /// The metadata, once they were read.
    metadata: Option<Metadata>,
    /// Whether the reader stopped before the data, which is read as data that may be damaged.
    at_data: bool,
    /// Whether it is known to which section the present line belongs.
    in_section: bool,
}

impl State<'_> {
    /// Whether the document is one of items, which may lack fields.
    fn is_condensed(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.mode == Mode::Condensed)
    }

    /// The shape of a section's rows, of which these columns are wanted.
    fn shape(&self, name: &str, columns: &[String]) -> row::RowShape {
        let section = self.metadata.as_ref().and_then(|metadata| metadata.sections.get(name));
        row::RowShape::new(columns, section, self.is_condensed())
    }

    /// Takes an error of the sink aside, and stops the JSON reader.
    fn stop<T, E: serde::de::Error>(&mut self, result: Result<T>) -> Result<T, E> {
        result.map_err(|error| {
            self.failed = Some(error);
            E::custom("stopped")
        })
    }

    /// Passes on what is wrong with a row, and the row where nothing is.
    fn row<E: serde::de::Error>(&mut self, section: &str, row: row::FoundRow, item: u64) -> Result<(), E> {
        let taken = self.take_row(section, row, item);
        self.stop(taken)
    }

    fn take_row(&mut self, section: &str, row: row::FoundRow, item: u64) -> Result<()> {
        let (line, column) = self.tapped.row_place();
        if row.faults.is_empty() {
            let place = Place { item, line, column };
            return if self.is_condensed() {
                self.sink.item(row.number, row.values, place)
            } else {
                self.sink.row(row.number, row.values.into_iter().flatten().collect(), place)
            };
        }
        for (key, why) in row.faults {
            let key = key.map_or_else(String::new, |key| format!(".{key}"));
            let problem = Problem::error(&format!("data.{section}[{item}]{key}"), why).at(line, column);
            self.sink.problem(self.name, problem)?;
        }
        Ok(())
    }
}

/// An error of the JSON reader, with the file and the place before the message.
fn syntax(name: &str, error: serde_json::Error) -> anyhow::Error {
    let (line, column) = (error.line(), error.column());
    if error.is_io() {
        return unreadable(name, error.into());
    }
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let fault = Fault::invalid(format!("{name}:{line}:{column}: {message}")).at(line as u64, column as u64);
    let fault =
        if error.is_eof() { fault.hint("the file was cut: get it again from where it came") } else { fault };
    fault.into()
}

/// An error of what the bytes of a document come from.
fn unreadable(name: &str, error: std::io::Error) -> anyhow::Error {
    if let Some(fault) = fault_inside(&error) {
        return match fault.kind {
            Kind::Interrupted => fault.clone().into(),
            kind => {
                let named = Fault::new(kind, format!("{name}: {fault}"));
                fault.hint.iter().fold(named, |named, hint| named.hint(hint)).into()
            }
        };
    }
    let fault = if is_broken_stream(&error) { Fault::invalid } else { Fault::failed };
    anyhow!(error).context(fault(format!("cannot read {name} to its end")))
}

fn row_too_large(limit: u64) -> Fault {
    Fault::invalid(format!("a row of more than {limit} bytes")).hint("--max-row SIZE lets it in")
}

/// What was read, before the parts were compared.
struct Parts {
    metadata: Metadata,
    digest: Option<Digest>,
    /// The summary, unless it was lost.
    summary: Option<Summary>,
    /// Whether a part was lost, of which nobody knows what it held.
    incomplete: bool,
}

impl Parts {
    /// Compares the counts with the rows. In a document that was edited they may differ.
    fn check(self, name: &str, mut items: IndexMap<String, u64>, sink: &mut dyn Sink) -> Result<Document> {
        let edited = self.summary.as_ref().is_none_or(|summary| self.digest != Some(summary.sha256));
        let Self { metadata, summary, incomplete, .. } = self;
        // They are there, and hold nothing.
        let is_unsaid = |name: &&String| metadata.sections.contains_key(*name) && !items.contains_key(*name);
        for name in metadata.empty_sections.iter().filter(is_unsaid).cloned().collect::<Vec<_>>() {
            sink.section(&name)?;
            items.insert(name, 0);
        }
        if incomplete {
            tell_missing(name, &metadata, &mut items, sink)?;
        }
        let summary = summary.filter(|_| !edited);
        for (section, found) in items.iter().filter(|_| summary.is_some()) {
            let path = format!("data.{section}");
            if summary.as_ref().and_then(|summary| summary.items.get(section)) != Some(found) {
                let message = format!(
                    "there are {found} items, and the summary says otherwise: the document contradicts itself, do not trust it"
                );
                sink.problem(name, Problem::error(&path, message))?;
                continue;
            }
            let announced = metadata.sections.get(section).map(|section| section.items);
            if let Some(announced) = announced.filter(|announced| announced != found) {
                // As a conversion of a document that was edited has it.
                let message = format!("there are {found} items, and the metadata say {announced}");
                sink.problem(name, Problem::warning(&path, message))?;
            }
        }
        Ok(Document { metadata, items, edited, incomplete })
    }
}

/// Says how many items were lost with parts of a document, by what its metadata announce.
fn tell_missing(
    name: &str,
    metadata: &Metadata,
    items: &mut IndexMap<String, u64>,
    sink: &mut dyn Sink,
) -> Result<()> {
    for (section, description) in &metadata.sections {
        if !items.contains_key(section) {
            sink.section(section)?;
            items.insert(section.clone(), 0);
        }
        let (found, announced) = (items[section], description.items);
        if found < announced {
            let missing = announced - found;
            let message = format!("{missing} of {announced} items are missing, by the count in the metadata");
            sink.lost(name, Problem::error(&format!("data.{section}"), message))?;
        }
    }
    Ok(())
}

/// Reads metadata from JSON: a larger version is refused before the other fields are understood.
fn understand(value: serde_json::Value) -> Result<Metadata, String> {
    let format = value.get("format").and_then(serde_json::Value::as_str);
    if format != Some(FORMAT) {
        return Err(format!("metadata.format is not {FORMAT:?}: this is no export of larder"));
    }
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version <= u64::from(VERSION) => {}
        Some(version) => {
            return Err(format!(
                "the document is of version {version} of the format, and this larder knows {VERSION}: use a newer larder"
            ));
        }
        None => return Err("metadata.version is missing or no number".to_owned()),
    }
    serde_json::from_value(value).map_err(|error| format!("metadata: {error}"))
}
