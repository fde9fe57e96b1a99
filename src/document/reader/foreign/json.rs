//! Rows in JSON.

use super::RowSink;
use super::lines::GoodLines;
use crate::database::value::{Borrowed, Value};
use crate::document::json::ValueSeed;
use crate::document::reader::tap::{Tap, Tapped};
use crate::document::reader::unique::Unique;
use crate::document::reader::{Limits, Place, syntax};
use crate::problem::Problem;
use crate::stream::BUFFER;
use anyhow::Result;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Reads an array of objects, or objects one after the other.
pub(super) fn read(text: impl Read, name: &str, limits: Limits, sink: &mut dyn RowSink) -> Result<()> {
    let mut text = BufReader::with_capacity(BUFFER, text);
    let begins_object = text.fill_buf().is_ok_and(|bytes| bytes.trim_ascii_start().starts_with(b"{"));
    if !sink.recovers() || !begins_object {
        return read_all(text, name, limits, sink);
    }
    let (lines, bad) = GoodLines::new(text, limits.row);
    let read = read_all(lines, name, limits, sink);
    for (at, (line, why)) in bad.borrow().iter().enumerate() {
        let message = format!("it cannot be read: {why}");
        let problem = Problem { path: None, ..Problem::error("", message).at(*line, 1) };
        sink.problem(u64::MAX - at as u64, problem)?;
    }
    read
}

fn read_all(text: impl Read, name: &str, limits: Limits, sink: &mut dyn RowSink) -> Result<()> {
    let (tap, tapped) = Tap::new(text, limits.row);
    let mut deserializer = serde_json::Deserializer::from_reader(tap);
    let mut rows = Rows { sink, tapped: &tapped, failed: None, item: 0 };
    loop {
        rows.tapped.end_row();
        // An error here says that more comes, or that it cannot be read, which shows below.
        if deserializer.end().is_ok() {
            return Ok(());
        }
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

    /// Hands a row on.
    fn take(&mut self, cells: &[(String, Value)]) -> Result<()> {
        let named = cells.iter().map(|(name, value)| Ok((self.sink.name(name)?, Borrowed::from(value))));
        let named = named.collect::<Result<Vec<_>>>()?;
        let (line, column) = self.tapped.row_place();
        self.sink.row(&named, Place { item: self.item, line, column })
    }

    fn problem<E: serde::de::Error>(&mut self, key: &str, why: String) -> Result<(), E> {
        let (line, column) = self.tapped.row_place();
        let path = format!("[{}]{key}", self.item);
        let taken = self.sink.problem(self.item, Problem::error(&path, why).at(line, column));
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
            self.0.tapped.end_row();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.tapped.begin_row();
        RowSeed(self.0).visit_map(map)
    }
}

struct RowSeed<'a, 'b>(&'a mut Rows<'b>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.tapped.begin_row();
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
            let taken = rows.take(&cells);
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
