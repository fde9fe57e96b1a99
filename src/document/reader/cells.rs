//! The rows of a file of CSV.

use super::records::{Records, line_of};
use super::{Limits, Place, Sink};
use crate::app::model::FieldType;
use crate::document::cell::{Dialect, read_field_cell};
use crate::document::envelope::Section;
use crate::document::json::key_of;
use crate::error::Fault;
use crate::problem::Problem;
use crate::stream::Text;
use anyhow::Result;
use csv::ByteRecord;
use indexmap::IndexMap;
use std::io::Read;

/// The most columns that SQLite can be built for.
const MOST_COLUMNS: usize = 32_767;
/// A first line that is wrong in more ways than this is wrong enough.
const MOST_PROBLEMS: usize = 20;

/// The rows of a section.
pub(super) struct Rows<'a> {
    /// What the file is called.
    pub(super) label: &'a str,
    /// The section's name.
    pub(super) section: &'a str,
    /// What the metadata say of it.
    pub(super) description: &'a Section,
    /// Whether its rows are items, which may lack fields.
    pub(super) condensed: bool,
    /// What its cells look like.
    pub(super) dialect: &'a Dialect,
    /// How large a row may be.
    pub(super) limits: Limits,
    /// How many rows were read.
    pub(super) count: u64,
}

impl Rows<'_> {
    /// Reads every row.
    pub(super) fn read(
        &mut self,
        text: Text<impl Read>,
        wanted: Option<&[String]>,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let crlf = text.has_crlf();
        let delimiter = u8::try_from(self.dialect.delimiter).unwrap_or(b',');
        let mut records = Records::new(text, delimiter, self.limits.row, self.label);
        let mut record = ByteRecord::new();
        if !records.next(&mut record)? {
            let why = "the file is empty: its first line names the columns";
            return Err(Fault::invalid(format!("{}:1: {why}", self.label)).into());
        }
        let shape = self.shape(&record, wanted, sink)?;
        if let Some(Shape { columns, .. }) = &shape {
            // A field that the file does not have is in no cell.
            let cell = |at: usize| if at == usize::MAX { 1 } else { at as u64 + 1 };
            sink.cells(&columns.iter().map(|(at, ..)| cell(*at)).collect::<Vec<_>>());
        }
        let is_narrow = record.len() == 1;
        while records.next(&mut record)? {
            let line = line_of(&record, crlf);
            let before = record.position().map_or(0, csv::Position::line);
            if is_narrow && records.line() > before + record.iter().map(line_feeds).sum::<u64>() + 1 {
                let why = "an empty line is no row: an empty text is written as \"\"";
                sink.problem(self.label, Problem::error(&format!("data.{}", self.section), why).at(line, 1))?;
            }
            if records.is_cut() && self.count + 1 < self.description.items {
                let why = "the file ends within this row: it was cut, or the end of its last line is missing";
                let path = format!("data.{}[{}]", self.section, self.count);
                sink.problem(self.label, Problem::error(&path, why).at(line, 1))?;
            } else if let Some(shape) = &shape {
                self.row(&record, shape, Place { item: self.count, line, column: 1 }, sink)?;
            }
            self.count += 1;
        }
        Ok(())
    }

    /// Where the wanted columns are, by the names in the first line; nothing where none are wanted.
    fn shape(
        &self,
        header: &ByteRecord,
        wanted: Option<&[String]>,
        sink: &mut dyn Sink,
    ) -> Result<Option<Shape>> {
        let Some(wanted) = wanted else { return Ok(None) };
        if header.len() > MOST_COLUMNS {
            let why = format!("the first line has more than {MOST_COLUMNS} cells, which no table can have");
            return Err(Fault::invalid(format!("{}:1: {why}", self.label)).into());
        }
        let mut places: IndexMap<String, usize> = IndexMap::new();
        let mut problems = Vec::new();
        for (at, name) in header.iter().enumerate() {
            let name = String::from_utf8_lossy(name).into_owned();
            if places.contains_key(&name) {
                problems.push(format!("{name:?} comes twice in the first line"));
            } else {
                places.insert(name, at);
            }
        }
        let mut columns = Vec::new();
        for column in wanted {
            let key = key_of(column).into_owned();
            match places.swap_remove(&key) {
                Some(at) => {
                    let field_type = self.description.shape.columns.get(column).copied();
                    columns.push((at, field_type.unwrap_or(FieldType::Blob), key));
                }
                // An item lacks what its file does not have.
                None if self.condensed => columns.push((usize::MAX, FieldType::Blob, key)),
                None => problems.push(format!("the first line does not name the column {key:?}")),
            }
        }
        let number = self.description.number_key();
        let rowid = number.and_then(|number| places.swap_remove(number));
        if let (Some(number), None) = (number, rowid) {
            problems.push(format!("the first line does not name {number:?}"));
        }
        // A table without columns that are written has lines all the same.
        if wanted.is_empty() && header.len() == 1 {
            places.shift_remove("");
        }
        problems.extend(places.keys().map(|name| format!("{name:?} is no column of the section")));
        for why in problems.into_iter().take(MOST_PROBLEMS) {
            sink.problem(self.label, Problem::error(&format!("data.{}", self.section), why).at(1, 1))?;
        }
        Ok(Some(Shape { columns, rowid, width: header.len(), is_whole: true }.with_all(wanted.len())))
    }

    fn row(&self, record: &ByteRecord, shape: &Shape, place: Place, sink: &mut dyn Sink) -> Result<()> {
        let Place { item, line, .. } = place;
        let path = format!("data.{}[{item}]", self.section);
        if record.len() != shape.width {
            let why = format!("the row has {} cells, and the first line {}", record.len(), shape.width);
            return sink.problem(self.label, Problem::error(&path, why).at(line, 1));
        }
        let mut values = Vec::with_capacity(shape.columns.len());
        let mut faulty = !shape.is_whole;
        for (at, field_type, key) in &shape.columns {
            let Some(cell) = record.get(*at) else {
                values.push(None);
                continue;
            };
            let read = match std::str::from_utf8(cell) {
                Ok(cell) => read_field_cell(cell, *field_type, self.dialect),
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
                let number = self.description.number_key().unwrap_or_default();
                let problem = Problem::error(&format!("{path}.{number}"), "it is an integer");
                let problem = problem.at(line, shape.rowid.map_or(1, |at| at as u64 + 1));
                sink.problem(self.label, problem)?;
                None
            }
        };
        match faulty {
            true => Ok(()),
            false if self.condensed => sink.item(rowid, values, place),
            false if values.contains(&None) => {
                let why = "it lacks a value";
                sink.problem(self.label, Problem::error(&path, why).at(line, 1))
            }
            false => sink.row(rowid, values.into_iter().flatten().collect(), place),
        }
    }
}

/// Where the columns of a file are.
struct Shape {
    columns: Vec<(usize, FieldType, String)>,
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

#[expect(clippy::naive_bytecount, reason = "the compiler makes it fast enough for lines")]
fn line_feeds(cell: &[u8]) -> u64 {
    cell.iter().filter(|byte| **byte == b'\n').count() as u64
}
