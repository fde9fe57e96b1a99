//! Rows that other programs wrote: a JSON array of objects, JSON objects one after the other, or CSV with a first line of
//! names.

use super::cells::line_of;
use super::tap::{Tap, Tapped};
use super::unique::Unique;
use super::{Limits, Place, row_too_large, syntax};
use crate::database::value::Value;
use crate::document::json::ValueSeed;
use crate::error::{Fault, is_broken_stream};
use crate::problem::Problem;
use crate::stream::{BUFFER, Text};
use anyhow::{Context, Result};
use csv::{ByteRecord, ReaderBuilder};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// Rows of another program.
pub enum Foreign {
    /// JSON: an array of objects, or objects one after the other.
    Json(Box<dyn Read>),
    /// CSV, in whatever it is encoded.
    Csv(Box<dyn Read>, CsvOptions),
}

/// What CSV of another program looks like.
#[derive(Debug, Clone, Default)]
pub struct CsvOptions {
    /// What stands between the cells; where nothing is said, the first line tells.
    pub delimiter: Option<char>,
    /// What stands for NULL: nothing at all, unless something else is said.
    pub null: String,
}

/// Takes rows.
pub trait RowSink {
    /// A row: the names that it has, each with its value.
    fn row(&mut self, cells: Vec<(String, Value)>, place: Place) -> Result<()>;
    /// Something is wrong with a row, which does not come.
    fn problem(&mut self, problem: Problem) -> Result<()>;
}

impl Foreign {
    /// Reads all rows. `name` is what they are called in errors.
    pub fn read(self, name: &str, limits: Limits, sink: &mut dyn RowSink) -> Result<()> {
        match self {
            Self::Json(text) => read_json(text, name, limits, sink),
            Self::Csv(text, options) => read_csv(text, &options, name, limits, sink),
        }
    }
}

fn read_json(text: impl Read, name: &str, limits: Limits, sink: &mut dyn RowSink) -> Result<()> {
    let (tap, tapped) = Tap::new(text, limits.row);
    let mut deserializer = serde_json::Deserializer::from_reader(tap);
    let mut rows = Rows { sink, tapped: &tapped, failed: None, item: 0 };
    loop {
        // An error here says that more comes, or that it cannot be read, which shows below.
        if deserializer.end().is_ok() {
            return Ok(());
        }
        rows.tapped.begin_row();
        let read = RowsSeed(&mut rows).deserialize(&mut deserializer);
        match (read, rows.failed.take()) {
            (_, Some(error)) => return Err(error),
            (Err(error), None) => return Err(syntax(name, error)),
            (Ok(()), None) => {}
        }
    }
}

struct Rows<'a> {
    sink: &'a mut dyn RowSink,
    tapped: &'a Tapped,
    /// An error of the sink, which the JSON reader's errors cannot carry.
    failed: Option<anyhow::Error>,
    item: u64,
}

impl Rows<'_> {
    fn stop<E: serde::de::Error>(&mut self, result: Result<()>) -> Result<(), E> {
        result.map_err(|error| {
            self.failed = Some(error);
            E::custom("stopped")
        })
    }

    fn problem<E: serde::de::Error>(&mut self, key: &str, why: String) -> Result<(), E> {
        let (line, column) = self.tapped.place();
        let path = format!("[{}]{key}", self.item);
        let taken = self.sink.problem(Problem::error(&path, why).at(line, column));
        self.stop(taken)
    }
}

/// Reads a row, or an array of rows.
struct RowsSeed<'a, 'b>(&'a mut Rows<'b>);

impl<'de> DeserializeSeed<'de> for RowsSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object for each row, or an array of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(RowSeed(self.0))?.is_some() {
            self.0.tapped.begin_row();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        RowSeed(self.0).visit_map(map)
    }
}

struct RowSeed<'a, 'b>(&'a mut Rows<'b>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object for each row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        /// More names than a table can have columns.
        const MOST: usize = 32_767;
        let rows = self.0;
        let (mut cells, mut is_whole) = (Vec::<(String, Value)>::new(), true);
        while let Some(key) = map.next_key::<String>()? {
            if cells.len() >= MOST {
                return Err(A::Error::custom("the row has more names than a table can have columns"));
            }
            let found = if cells.iter().any(|(known, _)| *known == key) {
                map.next_value::<IgnoredAny>()?;
                Err("it comes twice in the row".to_owned())
            } else {
                foreign(map.next_value::<Unique>()?.0)
            };
            match found {
                Ok(Value::Real(real)) if real.abs() >= 9e18 && rows.tapped.number_is_integer() => {
                    is_whole = false;
                    rows.problem(&format!(".{key}"), "the integer does not fit into 64 bits".to_owned())?;
                }
                Ok(value) => cells.push((key, value)),
                Err(why) => {
                    is_whole = false;
                    rows.problem(&format!(".{key}"), why)?;
                }
            }
        }
        if is_whole {
            let place = Place { item: rows.item, line: rows.tapped.place().0 };
            let taken = rows.sink.row(cells, place);
            rows.stop(taken)?;
        }
        rows.item += 1;
        Ok(())
    }
}

/// A value as a database has it: true and false are 1 and 0, and lists and objects are their JSON.
fn foreign(value: serde_json::Value) -> Result<Value, String> {
    match value {
        serde_json::Value::Bool(value) => Ok(Value::Integer(value.into())),
        serde_json::Value::Object(object) if object.len() == 1 && object.keys().all(|key| is_tag(key)) => {
            ValueSeed.deserialize(serde_json::Value::Object(object)).map_err(|error| error.to_string())?
        }
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => Ok(Value::Text(value.to_string())),
        value => ValueSeed.deserialize(value).map_err(|error| error.to_string())?,
    }
}

fn is_tag(key: &str) -> bool {
    ["$blob", "$real"].contains(&key)
}

fn read_csv(
    text: impl Read,
    options: &CsvOptions,
    name: &str,
    limits: Limits,
    sink: &mut dyn RowSink,
) -> Result<()> {
    let text = Text::new(text).with_context(|| format!("cannot read {name}"))?;
    let crlf = text.has_crlf();
    let mut text = BufReader::with_capacity(BUFFER, text);
    let mut first = Vec::new();
    (&mut text)
        .take(limits.row)
        .read_until(b'\n', &mut first)
        .with_context(|| format!("cannot read {name}"))?;
    let delimiter = options.delimiter.map_or_else(|| delimiter_of(&first), |delimiter| delimiter as u8);
    let rest = Limited { inner: Cursor::new(first).chain(text), left: limits.row, limit: limits.row };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(BUFFER)
        .from_reader(rest);
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| -> Result<bool> {
        let read = reader.read_byte_record(record).map_err(|error| broken(error, name));
        reader.get_mut().begin();
        read
    };
    if !next(&mut record)? {
        return Err(Fault::invalid(format!("{name} is empty: its first line names the columns")).into());
    }
    let names = record.iter().map(|cell| String::from_utf8(cell.to_vec())).collect::<Result<Vec<_>, _>>();
    let names = names.map_err(|_| Fault::invalid(format!("{name}:1:1: the first line is not UTF-8")))?;
    if let Some(twice) = (0..names.len()).find(|at| names[..*at].contains(&names[*at])) {
        return Err(Fault::invalid(format!("{name}:1:1: the column {:?} comes twice", names[twice])).into());
    }
    let mut item = 0;
    while next(&mut record)? {
        let place = Place { item, line: line_of(&record, crlf) };
        csv_row(&record, &names, &options.null, place, sink)?;
        item += 1;
    }
    Ok(())
}

fn csv_row(
    record: &ByteRecord,
    names: &[String],
    null: &str,
    place: Place,
    sink: &mut dyn RowSink,
) -> Result<()> {
    let Place { item, line } = place;
    if record.len() != names.len() {
        let why = format!("the row has {} cells, and the first line {}", record.len(), names.len());
        return sink.problem(Problem::error(&format!("[{item}]"), why).at(line, 1));
    }
    let mut cells = Vec::with_capacity(names.len());
    for (name, cell) in names.iter().zip(record) {
        match std::str::from_utf8(cell) {
            Ok(cell) if cell == null => cells.push((name.clone(), Value::Null)),
            Ok(cell) => cells.push((name.clone(), Value::Text(cell.to_owned()))),
            Err(_) => {
                let why = "it is not UTF-8, as the beginning of the file is: save the whole file as UTF-8";
                return sink.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, 1));
            }
        }
    }
    sink.row(cells, place)
}

/// What stands most often between names, outside quotes.
fn delimiter_of(first: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in first {
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == delimiter);
        }
    }
    // Of those that are as frequent, the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

fn broken(error: csv::Error, name: &str) -> anyhow::Error {
    let message = format!("cannot read {name} to its end");
    match error.into_kind() {
        csv::ErrorKind::Io(error) => {
            let is_broken = is_broken_stream(&error);
            let fault = if is_broken { Fault::invalid(message) } else { Fault::failed(message) };
            anyhow::Error::new(error).context(fault)
        }
        other => Fault::invalid(format!("{message}: {other:?}")).into(),
    }
}

/// Lets so many bytes through between two rows.
struct Limited<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R> Limited<R> {
    fn begin(&mut self) {
        self.left = self.limit;
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(row_too_large(self.limit));
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Memory {
        rows: Vec<(Vec<(String, Value)>, u64)>,
        problems: Vec<String>,
    }

    impl RowSink for Memory {
        fn row(&mut self, cells: Vec<(String, Value)>, place: Place) -> Result<()> {
            self.rows.push((cells, place.line));
            Ok(())
        }

        fn problem(&mut self, problem: Problem) -> Result<()> {
            self.problems.push(problem.to_string());
            Ok(())
        }
    }

    fn read(foreign: Foreign) -> Memory {
        let mut memory = Memory::default();
        foreign.read("rows", Limits::default(), &mut memory).expect("it can be read");
        memory
    }

    fn json(text: &'static str) -> Memory {
        read(Foreign::Json(Box::new(text.as_bytes())))
    }

    fn csv(text: &'static str) -> Memory {
        read(Foreign::Csv(Box::new(text.as_bytes()), CsvOptions::default()))
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn arrays_and_objects_one_after_the_other_are_rows() {
        let rows = |memory: Memory| {
            memory.rows.into_iter().map(|(mut cells, line)| (cells.remove(0).1, line)).collect::<Vec<_>>()
        };
        assert_eq!(
            rows(json("[{\"a\": 1},\n {\"a\": 2}]")),
            [(Value::Integer(1), 1), (Value::Integer(2), 2)]
        );
        assert_eq!(
            rows(json("{\"a\": 1}\n\n{\"a\": 2}\n")),
            [(Value::Integer(1), 1), (Value::Integer(2), 3)]
        );
        assert!(json("[]").rows.is_empty() && json("").rows.is_empty());
    }

    #[test]
    fn what_json_has_beyond_a_database_becomes_what_a_database_has() {
        let memory =
            json(r#"{"a": true, "b": [1, {"c": null}], "d": {"$blob": "AA=="}, "e": {"f": 1.5}, "g": null}"#);
        let values: Vec<Value> = memory.rows[0].0.iter().map(|(_, value)| value.clone()).collect();
        let expected = [
            Value::Integer(1),
            text("[1,{\"c\":null}]"),
            Value::Blob(vec![0]),
            text("{\"f\":1.5}"),
            Value::Null,
        ];
        assert_eq!(values, expected);
        let memory =
            json("[{\"a\": 1, \"a\": 2}, {\"b\": 99999999999999999999}, {\"c\": 18446744073709551615}]");
        assert_eq!(memory.rows.len(), 0);
        assert!(memory.problems[0].contains("[0].a: it comes twice"), "{:?}", memory.problems);
        assert!(
            memory.problems[1].contains("[1].b") && memory.problems[2].contains("[2].c"),
            "{:?}",
            memory.problems
        );
    }

    #[test]
    fn the_delimiter_of_csv_is_told_by_its_first_line() {
        for file in ["a,b\n1,x\n", "a;b\n1;x\n", "a\tb\r\n1\tx\r\n", "a|b\n1|x", "\"a\";b\n1;\"x\""] {
            let memory = csv(file);
            let expected = [(vec![("a".to_owned(), text("1")), ("b".to_owned(), text("x"))], 2)];
            assert_eq!(memory.rows, expected, "{file}");
        }
        assert_eq!(csv("a\n\n\"\"\nx\n").rows.len(), 2, "an empty line is no row");
    }

    #[test]
    fn a_row_with_other_cells_than_the_first_line_is_a_problem() {
        let memory = csv("a,b\n1\n2,x\n3,y,z\n");
        assert_eq!(memory.rows.len(), 1);
        assert_eq!(memory.problems.len(), 2);
        assert!(memory.problems[0].starts_with("2:1: [0]: the row has 1 cells"), "{:?}", memory.problems);
    }
}
