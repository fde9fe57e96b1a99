//! Reading a document, a row at a time, in constant memory.

use super::envelope::{FORMAT, Metadata, Summary, VERSION};
use super::row::{RowSeed, RowShape};
use super::tap::{Tap, Tapped};
use crate::database::value::Value;
use crate::error::{Fault, fault_inside, is_broken_stream};
use crate::stream::Digest;
use anyhow::{Result, anyhow};
use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::io::Read;

/// Takes what a document holds, in its order.
pub trait Sink {
    /// The metadata, before everything else.
    fn metadata(&mut self, metadata: &Metadata) -> Result<()>;
    /// A section begins. Returns the columns whose values are wanted, every one of which each row must have;
    /// nothing where the section is to be passed over.
    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>>;
    /// A row of the section: its hidden rowid, where it has one, and a value for each column.
    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()>;
}

/// Where in a document a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number in its section, from 0.
    pub item: u64,
    /// The line on which it ends, from 1.
    pub line: u64,
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
}

/// Reads a document to its end and passes what it holds to a sink.
///
/// What is wrong with the document is an error with the line and column; errors of the sink come out as they are.
pub fn read(reader: impl Read, name: &str, sink: &mut dyn Sink) -> Result<Document> {
    let (tap, tapped) = Tap::new(reader);
    let mut failed = None;
    let mut deserializer = serde_json::Deserializer::from_reader(tap);
    let state = DocumentSeed { sink, failed: &mut failed, tapped: &tapped };
    let read = state.deserialize(&mut deserializer).and_then(|parts| deserializer.end().map(|()| parts));
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(syntax(name, error)),
        (Ok(parts), None) => parts.check(name),
    }
}

/// An error of the JSON reader, with the file and the place before the message.
fn syntax(name: &str, error: serde_json::Error) -> anyhow::Error {
    let (line, column) = (error.line(), error.column());
    if error.is_io() {
        let error = std::io::Error::from(error);
        if let Some(fault) = fault_inside(&error) {
            return fault.clone().into();
        }
        let fault = if is_broken_stream(&error) { Fault::invalid } else { Fault::failed };
        return anyhow!(error).context(fault(format!("cannot read {name} to its end")));
    }
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let fault = Fault::invalid(format!("{name}:{line}:{column}: {message}"));
    let fault =
        if error.is_eof() { fault.hint("the file was cut: get it again from where it came") } else { fault };
    fault.into()
}

/// What was read, before the parts were compared.
struct Parts {
    metadata: Metadata,
    items: IndexMap<String, u64>,
    digest: Option<Digest>,
    summary: Summary,
}

impl Parts {
    fn check(self, name: &str) -> Result<Document> {
        let edited = self.digest != Some(self.summary.sha256);
        let announced = |section: &String| self.metadata.sections.get(section).map(|section| section.items);
        let counted = if edited { None } else { Some(&self.items) };
        for (section, items) in counted.into_iter().flatten() {
            let summed = self.summary.items.get(section).copied();
            if summed != Some(*items) || announced(section) != Some(*items) {
                let message =
                    format!("{name}: data.{section} has {items} items, and the document says otherwise");
                return Err(Fault::invalid(message)
                    .hint("the document contradicts itself: do not trust it")
                    .into());
            }
        }
        Ok(Document { metadata: self.metadata, items: self.items, edited })
    }
}

/// What every part of the reader shares.
struct DocumentSeed<'a> {
    sink: &'a mut dyn Sink,
    /// An error of the sink, which the JSON reader's errors cannot carry.
    failed: &'a mut Option<anyhow::Error>,
    tapped: &'a Tapped,
}

impl DocumentSeed<'_> {
    /// Takes an error of the sink aside, and stops the JSON reader.
    fn stop<T, E: serde::de::Error>(&mut self, result: Result<T>) -> Result<T, E> {
        result.map_err(|error| {
            *self.failed = Some(error);
            E::custom("stopped")
        })
    }
}

impl<'de> DeserializeSeed<'de> for DocumentSeed<'_> {
    type Value = Parts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parts, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DocumentSeed<'_> {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with metadata, data and summary, in this order")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Parts, A::Error> {
        expect_key(&mut map, "metadata")?;
        let metadata = map.next_value_seed(MetadataSeed)?;
        let taken = self.sink.metadata(&metadata);
        self.stop(taken)?;
        expect_key(&mut map, "data")?;
        let mut items = IndexMap::new();
        map.next_value_seed(DataSeed { document: &mut self, items: &mut items })?;
        let digest = self.tapped.end_digest();
        expect_key(&mut map, "summary")?;
        let summary = map.next_value()?;
        if let Some(more) = map.next_key::<String>()? {
            return Err(A::Error::custom(format_args!(
                "{more:?} after the summary is not part of a document"
            )));
        }
        Ok(Parts { metadata, items, digest, summary })
    }
}

fn expect_key<'de, A: MapAccess<'de>>(map: &mut A, wanted: &str) -> Result<(), A::Error> {
    match map.next_key::<String>()? {
        Some(key) if key == wanted => Ok(()),
        Some(key) => Err(A::Error::custom(format_args!("{wanted:?} is expected here, not {key:?}"))),
        None => Err(A::Error::custom(format_args!("{wanted:?} is missing"))),
    }
}

/// The metadata, refused by its format and version before its other fields are understood.
struct MetadataSeed;

impl<'de> DeserializeSeed<'de> for MetadataSeed {
    type Value = Metadata;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Metadata, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let format = value.get("format").and_then(serde_json::Value::as_str);
        if format != Some(FORMAT) {
            return Err(D::Error::custom(format_args!(
                "metadata.format is not {FORMAT:?}: this is no export of larder"
            )));
        }
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version <= u64::from(VERSION) => {}
            Some(version) => {
                return Err(D::Error::custom(format_args!(
                    "the document is of version {version} of the format, and this larder knows {VERSION}: use a newer larder"
                )));
            }
            None => return Err(D::Error::custom("metadata.version is missing or no number")),
        }
        serde_json::from_value(value).map_err(|error| D::Error::custom(format_args!("metadata: {error}")))
    }
}

struct DataSeed<'a, 'b> {
    document: &'a mut DocumentSeed<'b>,
    items: &'a mut IndexMap<String, u64>,
}

impl<'de> DeserializeSeed<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // The reader has just taken the colon.
        self.document.tapped.begin_digest();
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an array for each section")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if self.items.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the section {name:?} comes twice")));
            }
            let wanted = self.document.sink.section(&name);
            let items = match self.document.stop(wanted)? {
                Some(columns) => {
                    let row = RowShape::new(&columns);
                    map.next_value_seed(RowsSeed { document: self.document, row })?
                }
                None => map.next_value_seed(CountSeed)?,
            };
            self.items.insert(name, items);
        }
        Ok(())
    }
}

/// Counts the rows of a section that nobody wants.
struct CountSeed;

impl<'de> DeserializeSeed<'de> for CountSeed {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for CountSeed {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while rows.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

struct RowsSeed<'a, 'b> {
    document: &'a mut DocumentSeed<'b>,
    row: RowShape,
}

impl<'de> DeserializeSeed<'de> for RowsSeed<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_, '_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<u64, A::Error> {
        let mut item = 0;
        while let Some((rowid, values)) =
            rows.next_element_seed(RowSeed { shape: &self.row, tapped: self.document.tapped })?
        {
            let place = Place { item, line: self.document.tapped.line() };
            let taken = self.document.sink.row(rowid, values, place);
            self.document.stop(taken)?;
            item += 1;
        }
        Ok(item)
    }
}
