//! Values as cells of CSV, and back.
//!
//! A cell is the value itself wherever that is plain: a number, a text. What would be read as something else is written
//! as JSON: a text in quotes, or an object with a tag. In a column of text, everything is text that is not one of those;
//! in every other column, what is written like a number is one.

use super::json::{ABSENT, Found, ValueSeed, write_string, write_value};
use super::tree::canonical;
use crate::app::model::{Field, FieldType, Shape};
use crate::database::affinity::Affinity;
use crate::database::value::{Borrowed, Value};
use crate::error::Fault;
use anyhow::Result;
use serde::de::DeserializeSeed;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::Write;

/// What cells and their files look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// What stands between cells: a single ASCII character.
    pub delimiter: char,
    /// What stands for NULL.
    pub null: String,
}

impl Dialect {
    /// An error where cells could not be told apart.
    pub fn check(&self) -> Result<()> {
        if !self.delimiter.is_ascii()
            || self.delimiter.is_ascii_alphanumeric()
            || "\"\\\r\n\0{}.-+$".contains(self.delimiter)
        {
            return Err(Fault::usage(format!("{:?} cannot stand between cells", self.delimiter))
                .hint("choose , or ; or | or a tab")
                .into());
        }
        let null = &self.null;
        if null.starts_with(['"', '{']) || number(null).is_some() || null.contains(char::is_control) {
            return Err(Fault::usage(format!("{null:?} cannot stand for NULL: it may be a value"))
                .hint("choose \\N, NULL, or nothing at all")
                .into());
        }
        Ok(())
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: ',', null: "\\N".to_owned() }
    }
}

/// Appends a value as a cell, not yet quoted for CSV.
pub fn write_cell(value: Borrowed<'_>, affinity: Affinity, dialect: &Dialect, cell: &mut Vec<u8>) {
    match value {
        Borrowed::Null => cell.extend_from_slice(dialect.null.as_bytes()),
        Borrowed::Text(text) if is_plain(text, affinity, dialect) => cell.extend_from_slice(text.as_bytes()),
        Borrowed::Text(text) => write_string(text, cell),
        Borrowed::Integer(_) | Borrowed::Real(_) if affinity == Affinity::Text => tagged(value, cell),
        value => write_value(value, cell),
    }
}

/// Appends the value of a field as a cell: JSON as it is, and a mark where the item lacks the field.
pub fn write_field_cell(
    value: Option<Borrowed<'_>>,
    field_type: FieldType,
    dialect: &Dialect,
    cell: &mut Vec<u8>,
) {
    let truth = value.and_then(|value| field_type.truth(value));
    match (value, field_type.affinity()) {
        (Some(_), _) if truth.is_some() => {
            cell.extend_from_slice(if truth == Some(true) { b"true" } else { b"false" });
        }
        // What a person reads as one is written as the text that it is.
        (Some(Borrowed::Text(text)), _) if field_type == FieldType::Boolean && truth_of(text).is_some() => {
            write_string(text, cell);
        }
        (None, _) => cell.extend_from_slice(format!("{{\"{ABSENT}\": true}}").as_bytes()),
        (Some(value), Some(affinity)) => write_cell(value, affinity, dialect, cell),
        (Some(Borrowed::Text(json)), None) => cell.extend_from_slice(json.as_bytes()),
        (Some(_), None) => cell.extend_from_slice(dialect.null.as_bytes()),
    }
}

/// Reads the cell of a field; nothing where the item lacks it. The error says what is wrong with it.
///
/// A cell with nothing in it is an empty text in a column of text, and NULL in every other: larder writes neither like this,
/// but whoever adds a row in a spreadsheet does.
pub fn read_field_cell(
    cell: &str,
    field_type: FieldType,
    dialect: &Dialect,
) -> Result<Option<Value>, String> {
    if cell.is_empty() && field_type != FieldType::Text {
        return Ok(Some(Value::Null));
    }
    if cell == format!("{{\"{ABSENT}\": true}}") {
        return Ok(None);
    }
    match field_type.affinity() {
        Some(_) if field_type == FieldType::Boolean && truth_of(cell).is_some() => {
            Ok(truth_of(cell).map(|truth| Value::Integer(truth.into())))
        }
        Some(affinity) => {
            let value = read_cell(cell, affinity, dialect)?;
            if rounded(cell, &value, affinity) {
                return Err(format!("{cell} is an integer that a spreadsheet rounded: its digits are lost"));
            }
            Ok(Some(value))
        }
        None if cell == dialect.null => Ok(Some(Value::Null)),
        None => canonical(cell).map(Some),
    }
}

/// What is true or false, as larder and spreadsheets write it.
fn truth_of(cell: &str) -> Option<bool> {
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// Whether a number with an exponent stands where SQLite keeps an integer, which larder writes with all its digits.
fn rounded(cell: &str, value: &Value, affinity: Affinity) -> bool {
    /// The first number that is none of 64 bits.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let keeps_integers = matches!(affinity, Affinity::Integer | Affinity::Numeric);
    keeps_integers
        && !cell.starts_with('{')
        && cell.contains(['e', 'E'])
        && matches!(value, Value::Real(number) if number.fract() == 0.0 && number.abs() < END)
}

/// Whether a field is a reference by a text, in which an empty cell is NULL: an item whose key is empty is `""`.
pub fn is_text_reference(shape: &Shape, name: &str, kind: FieldType) -> bool {
    kind == FieldType::Text && matches!(shape.field(name), Field::Reference(_))
}

/// Whether a text looks like a number of many digits that a spreadsheet rounded, as 1.23457E+17.
pub fn looks_rounded(text: &str) -> bool {
    let Some((digits, exponent)) = text.strip_prefix('-').unwrap_or(text).split_once("E+") else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    whole.len() == 1
        && is_number(whole)
        && is_number(rest)
        && (2..=3).contains(&exponent.len())
        && is_number(exponent)
}

/// A number where it would be taken for a text.
fn tagged(value: Borrowed<'_>, cell: &mut Vec<u8>) {
    match value {
        Borrowed::Integer(number) => {
            write!(cell, "{{\"$integer\": {number}}}").expect("memory takes everything");
        }
        Borrowed::Real(number) if number.is_finite() => {
            cell.extend_from_slice(b"{\"$real\": ");
            write_value(value, cell);
            cell.push(b'}');
        }
        value => write_value(value, cell),
    }
}

/// Whether a text is read as itself.
fn is_plain(text: &str, affinity: Affinity, dialect: &Dialect) -> bool {
    text != dialect.null
        && !text.starts_with(['"', '\u{feff}'])
        && !text.starts_with("{\"$")
        && !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t')
        && (affinity == Affinity::Text || !text.is_empty() && number(text).is_none())
}

/// Reads a cell. The error says what is wrong with it.
pub fn read_cell(cell: &str, affinity: Affinity, dialect: &Dialect) -> Found {
    if cell == dialect.null {
        return Ok(Value::Null);
    }
    if cell.starts_with('"') {
        let text = serde_json::from_str::<Cow<'_, str>>(cell);
        return text.map(|text| Value::Text(text.into_owned())).map_err(|error| {
            format!("a cell that begins with a quote is a JSON string, and this is none: {error}")
        });
    }
    if let Some(rest) = cell.strip_prefix("{\"$") {
        return tag(cell, rest);
    }
    let number = if affinity == Affinity::Text { None } else { number(cell) };
    Ok(number.unwrap_or_else(|| Value::Text(cell.to_owned())))
}

fn tag(cell: &str, rest: &str) -> Found {
    let inside = |name: &str| {
        let value = rest.strip_prefix(name)?.trim_start().strip_prefix(':')?;
        number(value.strip_suffix('}')?.trim())
    };
    if let Some(number @ Value::Integer(_)) = inside("integer\"") {
        return Ok(number);
    }
    if let Some(number @ Value::Real(_)) = inside("real\"") {
        return Ok(number);
    }
    let mut deserializer = serde_json::Deserializer::from_str(cell);
    let value = ValueSeed.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    value
}

/// A number as larder writes it: an integer of 64 bits without a sign that it does not need and without leading zeros, or
/// a real with a point or an exponent.
fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_short = digits == "0" || !digits.starts_with('0');
        return text.parse().ok().filter(|_| is_short && text != "-0").map(Value::Integer);
    }
    let allowed = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !digits.bytes().all(allowed) {
        return None;
    }
    serde_json::from_str::<f64>(text).ok().filter(|number| number.is_finite()).map(Value::Real)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &Value, affinity: Affinity, dialect: &Dialect) -> String {
        let mut cell = Vec::new();
        write_cell(value.into(), affinity, dialect, &mut cell);
        String::from_utf8(cell).expect("cells are UTF-8")
    }

    fn same(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
            (a, b) => a == b,
        }
    }

    #[test]
    fn what_is_plain_is_written_plainly() {
        let dialect = Dialect::default();
        for (value, text, other) in [
            (Value::Null, "\\N", "\\N"),
            (Value::Text(String::new()), "", "\"\""),
            (Value::Text("two\nlines".into()), "two\nlines", "two\nlines"),
            (Value::Text("007".into()), "007", "007"),
            (Value::Text("42".into()), "42", "\"42\""),
            (Value::Text("\\N".into()), "\"\\\\N\"", "\"\\\\N\""),
            (Value::Text("\"x\"".into()), "\"\\\"x\\\"\"", "\"\\\"x\\\"\""),
            (Value::Text("{\"a\": 1}".into()), "{\"a\": 1}", "{\"a\": 1}"),
            (Value::Integer(42), "{\"$integer\": 42}", "42"),
            (Value::Real(1.5), "{\"$real\": 1.5}", "1.5"),
            (Value::Real(f64::INFINITY), "{\"$real\": \"inf\"}", "{\"$real\": \"inf\"}"),
            (Value::Blob(vec![0]), "{\"$blob\": \"AA==\"}", "{\"$blob\": \"AA==\"}"),
        ] {
            assert_eq!(written(&value, Affinity::Text, &dialect), text);
            assert_eq!(written(&value, Affinity::Blob, &dialect), other);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for cell in ["\"", "\"a", "{\"$blob\": 1}", "{\"$x\": 1}", "{\"$blob\": \"AA==\"} "] {
            let read = read_cell(cell, Affinity::Blob, &Dialect::default());
            assert!(read.is_err() || cell.ends_with(' '), "{cell}: {read:?}");
        }
    }

    #[test]
    fn what_a_spreadsheet_leaves_is_read_by_the_type_of_the_column() {
        let read = |cell, field_type| read_field_cell(cell, field_type, &Dialect::default());
        for field_type in
            [FieldType::Integer, FieldType::Real, FieldType::Numeric, FieldType::Blob, FieldType::Json]
        {
            assert_eq!(read("", field_type), Ok(Some(Value::Null)), "{field_type:?}");
        }
        assert_eq!(read("", FieldType::Text), Ok(Some(Value::Text(String::new()))));
        for cell in ["1.23457E+17", "1E+5", "-1.2e3", "1.23457E+017"] {
            assert!(
                read(cell, FieldType::Integer).is_err() && read(cell, FieldType::Numeric).is_err(),
                "{cell}"
            );
            assert!(matches!(read(cell, FieldType::Real), Ok(Some(Value::Real(_)))), "{cell}");
        }
        for cell in ["1.5", "1.5e300", "2.5E-7", "{\"$real\": 1e5}"] {
            assert!(read(cell, FieldType::Numeric).is_ok(), "{cell}");
        }
        for text in ["1.23457E+17", "-9E+99", "1,23457E+017"] {
            assert!(looks_rounded(text), "{text}");
        }
        for text in ["E+17", "1.5E+1", "12.5E+17", "1.E+17", "1.2e+17", "1.2E+1a"] {
            assert!(!looks_rounded(text), "{text}");
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let tricky = prop::sample::select(vec![
            "",
            "\\N",
            "NULL",
            "0",
            "-0",
            "1e5",
            "1.0",
            ".5",
            "+1",
            "\"",
            "{\"$blob\": \"\"}",
            "{\"$integer\": 1}",
            "\u{feff}",
            "a\u{0}b",
            "\r\n",
            " 1",
            "9223372036854775808",
            "inf",
            "nan",
            "1_000",
        ]);
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            any::<f64>().prop_filter("SQLite has no NaN", |n| !n.is_nan()).prop_map(Value::Real),
            any::<String>().prop_map(Value::Text),
            tricky.prop_map(|text| Value::Text(text.to_owned())),
            prop::collection::vec(any::<u8>(), 0..9).prop_map(Value::Blob),
            prop::collection::vec(any::<u8>(), 0..9).prop_map(Value::RawText),
        ]
    }

    proptest! {
        #[test]
        fn every_value_comes_back_from_every_column(
            value in values(), null in prop::sample::select(vec!["\\N", "", "NULL", "-", "∅"])
        ) {
            let dialect = Dialect { null: null.to_owned(), ..Dialect::default() };
            for affinity in [Affinity::Text, Affinity::Blob, Affinity::Integer, Affinity::Real, Affinity::Numeric] {
                let cell = written(&value, affinity, &dialect);
                let read = read_cell(&cell, affinity, &dialect);
                prop_assert!(read.as_ref().is_ok_and(|read| same(read, &value)), "{:?}: {} is {:?}", value, cell, read);
            }
        }
    }
}
