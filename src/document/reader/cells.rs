//! The rows of a file of CSV.

use super::{Limits, Place, Sink, row_too_large};
use crate::database::affinity::Affinity;
use crate::document::cell::{Dialect, read_cell};
use crate::document::envelope::Section;
use crate::document::json::{ROWID, key_of};
use crate::error::{Fault, is_broken_stream};
use crate::problem::Problem;
use crate::stream::{BUFFER, Text};
use anyhow::Result;
use csv::{ByteRecord, ReaderBuilder};
use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// The rows of a section.
pub(super) struct Rows<'a> {
    /// What the file is called.
    pub(super) label: &'a str,
    /// The section's name.
    pub(super) section: &'a str,
    /// What the metadata say of it.
    pub(super) description: &'a Section,
    /// What its cells look like.
    pub(super) dialect: &'a Dialect,
    /// How large a row may be.
    pub(super) limits: Limits,
}

impl Rows<'_> {
    /// Reads every row, and returns how many there are.
    pub(super) fn read(
        &mut self,
        text: Text<impl Read>,
        wanted: Option<&[String]>,
        sink: &mut dyn Sink,
    ) -> Result<u64> {
        let crlf = text.has_crlf();
        let meter = Rc::new(RefCell::new(Meter { left: self.limits.row, limit: self.limits.row }));
        let mut reader = ReaderBuilder::new()
            .delimiter(u8::try_from(self.dialect.delimiter).unwrap_or(b','))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(Metered { inner: text, meter: Rc::clone(&meter) });
        let mut record = ByteRecord::new();
        let mut next = |record: &mut ByteRecord| -> Result<bool> {
            meter.borrow_mut().begin();
            reader.read_byte_record(record).map_err(|error| self.broken(error))
        };
        if !next(&mut record)? {
            let why = "the file is empty: its first line names the columns";
            return Err(Fault::invalid(format!("{}:1: {why}", self.label)).into());
        }
        let shape = self.shape(&record, wanted, sink)?;
        let mut item = 0;
        while next(&mut record)? {
            if let Some(shape) = &shape {
                self.row(&record, shape, Place { item, line: line_of(&record, crlf) }, sink)?;
            }
            item += 1;
        }
        Ok(item)
    }

    fn broken(&self, error: csv::Error) -> anyhow::Error {
        let message = format!("cannot read {} to its end", self.label);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => {
                let is_broken = is_broken_stream(&error);
                let fault = if is_broken { Fault::invalid(message) } else { Fault::failed(message) };
                anyhow::Error::new(error).context(fault)
            }
            other => Fault::invalid(format!("{message}: {other:?}")).into(),
        }
    }

    /// Where the wanted columns are, by the names in the first line; nothing where none are wanted.
    fn shape(
        &self,
        header: &ByteRecord,
        wanted: Option<&[String]>,
        sink: &mut dyn Sink,
    ) -> Result<Option<Shape>> {
        let Some(wanted) = wanted else { return Ok(None) };
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let problem = |why: String| Problem::error(&format!("data.{}", self.section), why).at(1, 1);
        let mut columns = Vec::new();
        for column in wanted {
            let key = key_of(column);
            match names.iter().position(|name| **name == *key) {
                Some(at) => {
                    let affinity = self.description.columns.get(column).copied();
                    columns.push((at, affinity.unwrap_or(Affinity::Blob), key.into_owned()));
                }
                None => sink.problem(
                    self.label,
                    problem(format!("the first line does not name the column {key:?}")),
                )?,
            }
        }
        let rowid = names.iter().position(|name| name == ROWID);
        for (at, name) in names.iter().enumerate() {
            let is_known = rowid == Some(at) || columns.iter().any(|(known, ..)| *known == at);
            if !is_known {
                let why = if names[..at].contains(name) {
                    "comes twice in the first line"
                } else {
                    "is no column of the section"
                };
                sink.problem(self.label, problem(format!("{name:?} {why}")))?;
            }
        }
        Ok(Some(Shape { columns, rowid, width: names.len(), is_whole: true }.with_all(wanted.len())))
    }

    fn row(&self, record: &ByteRecord, shape: &Shape, place: Place, sink: &mut dyn Sink) -> Result<()> {
        let Place { item, line } = place;
        let path = format!("data.{}[{item}]", self.section);
        if record.len() != shape.width {
            let why = format!("the row has {} cells, and the first line {}", record.len(), shape.width);
            return sink.problem(self.label, Problem::error(&path, why).at(line, 1));
        }
        let mut values = Vec::with_capacity(shape.columns.len());
        let mut faulty = !shape.is_whole;
        for (at, affinity, key) in &shape.columns {
            let read = match std::str::from_utf8(&record[*at]) {
                Ok(cell) => read_cell(cell, *affinity, self.dialect),
                Err(_) => Err("it is not UTF-8: save the file as UTF-8".to_owned()),
            };
            match read {
                Ok(value) => values.push(value),
                Err(why) => {
                    faulty = true;
                    sink.problem(
                        self.label,
                        Problem::error(&format!("{path}.{key}"), why).at(line, *at as u64 + 1),
                    )?;
                }
            }
        }
        let rowid = match shape
            .rowid
            .map(|at| std::str::from_utf8(&record[at]).ok().and_then(|cell| cell.parse().ok()))
        {
            None => None,
            Some(Some(rowid)) => Some(rowid),
            Some(None) => {
                faulty = true;
                let problem = Problem::error(&format!("{path}.{ROWID}"), "a rowid is an integer").at(line, 1);
                sink.problem(self.label, problem)?;
                None
            }
        };
        if faulty { Ok(()) } else { sink.row(rowid, values, place) }
    }
}

/// Where the columns of a file are.
struct Shape {
    columns: Vec<(usize, Affinity, String)>,
    rowid: Option<usize>,
    width: usize,
    /// No wanted column is missing.
    is_whole: bool,
}

impl Shape {
    fn with_all(mut self, wanted: usize) -> Self {
        self.is_whole = self.columns.len() == wanted;
        self
    }
}

/// How many bytes may be read before the next row begins.
struct Meter {
    left: u64,
    limit: u64,
}

impl Meter {
    fn begin(&mut self) {
        self.left = self.limit;
    }
}

struct Metered<R> {
    inner: R,
    meter: Rc<RefCell<Meter>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut meter = self.meter.borrow_mut();
        if meter.left == 0 {
            return Err(row_too_large(meter.limit));
        }
        let read = self.inner.read(buffer)?;
        meter.left = meter.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// The line on which a record begins. Where lines end with two characters, the reader has not yet counted the end of the
/// line before.
pub(super) fn line_of(record: &ByteRecord, crlf: bool) -> u64 {
    let line = record.position().map_or(0, csv::Position::line);
    if crlf && line > 0 { line + 1 } else { line }
}
