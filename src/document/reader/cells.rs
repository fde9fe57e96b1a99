//! The rows of a file of CSV.

use super::records::{Records, line_of};
use super::{Limits, Place, Sink, unreadable};
use crate::app::model::{Field, FieldType, Shape as Model};
use crate::database::value::Value;
use crate::document::cell::{Dialect, is_text_reference, looks_rounded, read_field_cell};
use crate::document::envelope::{METADATA_LIMIT, Section};
use crate::document::json::key_of;
use crate::error::Fault;
use crate::problem::Problem;
use crate::stream::{BUFFER, Text};
use anyhow::Result;
use csv::{ByteRecord, ReaderBuilder};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Cursor, Read};

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
        let mut text = BufReader::with_capacity(BUFFER, text);
        let mut first = Vec::new();
        (&mut text)
            .take(METADATA_LIMIT)
            .read_until(b'\n', &mut first)
            .map_err(|error| unreadable(self.label, error))?;
        let delimiter = self.delimiter(&first);
        let mut records =
            Records::new(Cursor::new(first).chain(text), delimiter, self.limits.row, self.label);
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

    /// What stands between the cells: what the metadata say, unless more of the section's columns are found with something
    /// else that a spreadsheet may have written.
    fn delimiter(&self, first: &[u8]) -> u8 {
        let declared = u8::try_from(self.dialect.delimiter).unwrap_or(b',');
        let columns = self.description.shape.columns.keys().map(|name| key_of(name).into_owned());
        let known: HashSet<String> =
            columns.chain(self.description.number_key().map(str::to_owned)).collect();
        let count = |delimiter: u8| {
            let mut reader = ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(first);
            let mut names = ByteRecord::new();
            let is_read = reader.read_byte_record(&mut names).is_ok_and(|is_read| is_read);
            let is_known = |name: &&[u8]| std::str::from_utf8(name).is_ok_and(|name| known.contains(name));
            if is_read { names.iter().filter(is_known).count() } else { 0 }
        };
        let others = [b',', b';', b'\t', b'|'].map(|other| (other, count(other)));
        let most = others.iter().map(|(_, count)| *count).max().unwrap_or_default();
        match others.iter().find(|(_, count)| *count == most) {
            Some((other, _)) if most > count(declared) => *other,
            _ => declared,
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
        // Of a condensed document all columns are wanted, in their order.
        let (nested, flattened) =
            if self.condensed { children(&self.description.shape) } else { Default::default() };
        let (width, is_whole) = (header.len(), columns.len() == wanted.len());
        let model = &self.description.shape;
        let references = model.columns.iter().filter(|(name, kind)| is_text_reference(model, name, **kind));
        let references = references.map(|(name, _)| key_of(name).into_owned()).collect();
        let nulls = model.null_fields.iter().filter(|_| self.condensed);
        let nulls = nulls.map(|name| key_of(name).into_owned()).collect();
        Ok(Some(Shape { columns, rowid, width, is_whole, nested, flattened, references, nulls }))
    }

    /// Takes out children of which nothing was filled in: whoever added the row did not mean to add one.
    fn leave_out_empty(&self, record: &ByteRecord, shape: &Shape, values: &mut [Option<Value>]) {
        let is_empty = |at: &usize| {
            let cell = shape.columns.get(*at).and_then(|(cell, ..)| record.get(*cell));
            cell.is_none_or(<[u8]>::is_empty)
        };
        let is_text =
            |at: &usize| shape.columns.get(*at).is_some_and(|(_, kind, _)| *kind == FieldType::Text);
        let is_none = |child: &&Vec<usize>| child.iter().all(is_empty) && !child.iter().all(is_text);
        // Where nothing stands for NULL, a child may hold nothing else.
        let flattened = shape.flattened.iter().filter(|_| !self.dialect.null.is_empty());
        let left_out =
            flattened.filter(is_none).flatten().chain(shape.nested.iter().filter(|at| is_empty(at)));
        for at in left_out {
            if let Some(value) = values.get_mut(*at) {
                *value = None;
            }
        }
    }

    /// Adds what the cell of a column holds, or that the row lacks it. Says whether it can be read; if not, that is told.
    fn add_value(
        &self,
        record: &ByteRecord,
        (at, field_type, key): &(usize, FieldType, String),
        shape: &Shape,
        (path, line): (&str, u64),
        values: &mut Vec<Option<Value>>,
        sink: &mut dyn Sink,
    ) -> Result<bool> {
        let Some(cell) = record.get(*at) else {
            values.push(shape.nulls.contains(key).then_some(Value::Null));
            return Ok(true);
        };
        let read = match std::str::from_utf8(cell) {
            Ok("") if shape.references.contains(key) => Ok(Some(Value::Null)),
            Ok(cell) => read_field_cell(cell, *field_type, self.dialect),
            Err(_) => Err("it is not UTF-8: save the file as UTF-8".to_owned()),
        };
        let (path, column) = (format!("{path}.{key}"), *at as u64 + 1);
        if let Ok(Some(Value::Text(text))) = &read
            && looks_rounded(text)
        {
            let problem = Problem::warning(&path, "it looks like a number that a spreadsheet rounded");
            sink.problem(self.label, problem.at(line, column))?;
        }
        match read {
            Ok(value) => {
                values.push(value);
                Ok(true)
            }
            Err(why) => {
                sink.problem(self.label, Problem::error(&path, why).at(line, column))?;
                Ok(false)
            }
        }
    }

    fn row(&self, record: &ByteRecord, shape: &Shape, place: Place, sink: &mut dyn Sink) -> Result<()> {
        let Place { item, line, .. } = place;
        let path = format!("data.{}[{item}]", self.section);
        if record.len() != shape.width {
            let why = format!("the row has {} cells, and the first line {}", record.len(), shape.width);
            return sink.problem(self.label, Problem::error(&path, why).at(line, 1));
        }
        let mut faulty = !shape.is_whole;
        let mut values = Vec::with_capacity(shape.columns.len());
        for column in &shape.columns {
            faulty |= !self.add_value(record, column, shape, (&path, line), &mut values, sink)?;
        }
        self.leave_out_empty(record, shape, &mut values);
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

/// The children of a shape that empty cells are none of: lists and single ones, and those whose fields are among its own, with
/// the places of these.
fn children(shape: &Model) -> (Vec<usize>, Vec<Vec<usize>>) {
    let (mut nested, mut flattened) = (Vec::new(), IndexMap::<&str, Vec<usize>>::new());
    for (at, name) in shape.columns.keys().enumerate() {
        match shape.field(name) {
            Field::Nested(_) => nested.push(at),
            Field::Flattened(child, _) => flattened.entry(child).or_default().push(at),
            _ => {}
        }
    }
    (nested, flattened.into_values().collect())
}

/// Where the columns of a file are.
struct Shape {
    columns: Vec<(usize, FieldType, String)>,
    rowid: Option<usize>,
    width: usize,
    /// No wanted column is missing.
    is_whole: bool,
    /// Which columns are children.
    nested: Vec<usize>,
    /// Which are the fields of a single child.
    flattened: Vec<Vec<usize>>,
    /// The references by a text.
    references: HashSet<String>,
    /// Which fields are NULL in an item whose file does not have them.
    nulls: HashSet<String>,
}

#[expect(clippy::naive_bytecount, reason = "the compiler makes it fast enough for lines")]
fn line_feeds(cell: &[u8]) -> u64 {
    cell.iter().filter(|byte| **byte == b'\n').count() as u64
}
