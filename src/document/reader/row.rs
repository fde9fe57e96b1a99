//! Reading a row of a document.

use super::tap::Tapped;
use crate::app::model::FieldType;
use crate::database::value::Value;
use crate::document::envelope::Section;
use crate::document::json::{Found, TypedSeed, ValueSeed, key_of};
use crate::document::tree::FieldSeed;
use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// The keys of a section's rows.
pub(super) struct RowShape {
    keys: Vec<String>,
    by_key: HashMap<String, usize>,
    /// What the fields hold.
    types: Vec<FieldType>,
    /// The key of the number that each row begins with.
    number: Option<&'static str>,
    /// Which columns are NULL in a row that lacks them.
    nulls: Vec<usize>,
    /// Whether a row may lack fields.
    lenient: bool,
}

impl RowShape {
    /// The shape of rows with these columns, of a section of a condensed document or of a full one.
    pub(super) fn new(columns: &[String], section: Option<&Section>, condensed: bool) -> Self {
        let keys: Vec<String> = columns.iter().map(|column| key_of(column).into_owned()).collect();
        let by_key = keys.iter().cloned().enumerate().map(|(at, key)| (key, at)).collect();
        let type_of = |column| section.and_then(|section| section.shape.columns.get(column));
        let types =
            columns.iter().map(|column| type_of(column).copied().unwrap_or(FieldType::Blob)).collect();
        let number = section.and_then(Section::number_key);
        let nulls = section.filter(|_| condensed).map(|section| section.shape.null_fields.as_slice());
        let is_null = |column: &String| nulls.is_some_and(|nulls| nulls.contains(column));
        let nulls = (0..columns.len()).filter(|at| is_null(&columns[*at])).collect();
        Self { keys, by_key, types, number, nulls, lenient: condensed }
    }

    /// Which column a key means; the one that is expected next is tried first.
    fn find(&self, key: &str, expected: usize) -> Option<usize> {
        match self.keys.get(expected) {
            Some(next) if next == key => Some(expected),
            _ => self.by_key.get(key).copied(),
        }
    }
}

/// A row as it was found.
pub(super) struct FoundRow {
    /// Its number, where it is written down: a hidden rowid, or one that is local to the document.
    pub(super) number: Option<i64>,
    /// A value for each column that it has.
    pub(super) values: Vec<Option<Value>>,
    /// What is wrong with it: the key, and why.
    pub(super) faults: Vec<(Option<String>, String)>,
}

/// A row that is wrong in more ways than this is wrong enough.
const MOST_FAULTS: usize = 20;

/// Reads a row of that shape.
pub(super) struct RowSeed<'a> {
    pub(super) shape: &'a RowShape,
    pub(super) tapped: &'a Tapped,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = FoundRow;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundRow, D::Error> {
        // Its first byte tells that there is a row, so that it was taken.
        self.tapped.begin_row();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = FoundRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row: an object with a value for each column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FoundRow, A::Error> {
        let keys = &self.shape.keys;
        let mut values: Vec<Option<Value>> = Vec::with_capacity(keys.len());
        values.resize_with(keys.len(), || None);
        let (mut number, mut expected, mut faults) = (None, 0, Vec::new());
        let mut bad = Vec::new();
        while let Some(key) = map.next_key_seed(KeySeed { shape: self.shape, expected })? {
            let fault = match key {
                Key::Column(at) => {
                    expected = at + 1;
                    let found = match self.shape.types[at] {
                        FieldType::Json => Ok(map.next_value_seed(FieldSeed)?),
                        kind => map.next_value_seed(TypedSeed(kind))?.and_then(|value| self.exact(value)),
                    };
                    match found {
                        Ok(value) => values[at].replace(value).map(|_| (keys[at].clone(), TWICE.to_owned())),
                        Err(why) => {
                            bad.push(at);
                            Some((keys[at].clone(), why))
                        }
                    }
                }
                Key::Number(key) => match map.next_value_seed(ValueSeed)? {
                    Ok(Value::Integer(found)) => {
                        number.replace(found).map(|_| (key.to_owned(), TWICE.to_owned()))
                    }
                    _ => Some((key.to_owned(), "it is an integer".to_owned())),
                },
                Key::Unknown(name) => {
                    map.next_value::<IgnoredAny>()?;
                    Some((name, "the section has no such column".to_owned()))
                }
            };
            if faults.len() < MOST_FAULTS {
                faults.extend(fault.map(|(key, why)| (Some(key), why)));
            }
        }
        if let (Some(key), None, true) = (self.shape.number, number, faults.is_empty()) {
            faults.push((Some(key.to_owned()), "the row lacks it".to_owned()));
        }
        for at in self.shape.nulls.iter().filter(|at| !bad.contains(at)) {
            values[*at].get_or_insert(Value::Null);
        }
        let lacks = |at: &usize| values[*at].is_none() && !bad.contains(at) && !self.shape.lenient;
        let missing = (0..keys.len()).filter(lacks);
        let missing = missing.take(MOST_FAULTS.saturating_sub(faults.len()));
        faults.extend(missing.map(|at| (Some(keys[at].clone()), "the row lacks it".to_owned())));
        Ok(FoundRow { number, values, faults })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FoundRow, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(no_row("a list"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<FoundRow, E> {
        Ok(no_row("null"))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<FoundRow, E> {
        Ok(no_row("true or false"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<FoundRow, E> {
        Ok(no_row("a number"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<FoundRow, E> {
        Ok(no_row("a number"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<FoundRow, E> {
        Ok(no_row("a number"))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<FoundRow, E> {
        Ok(no_row("a string"))
    }
}

const TWICE: &str = "it comes twice in the row";

fn no_row(what: &str) -> FoundRow {
    let why = format!("a row is an object with a value for each column, and this is {what}");
    FoundRow { number: None, values: Vec::new(), faults: vec![(None, why)] }
}

impl RowSeed<'_> {
    /// An integer of more than 64 bits arrives as a real that is not exact.
    fn exact(&self, value: Value) -> Found {
        match value {
            Value::Real(number)
                if number.is_finite()
                    && number.abs() >= 9_223_372_036_854_775_808.0
                    && self.tapped.number_is_integer() =>
            {
                Err("the integer does not fit into the 64 bits of a database's integers".to_owned())
            }
            value => Ok(value),
        }
    }
}

enum Key {
    Column(usize),
    Number(&'static str),
    Unknown(String),
}

struct KeySeed<'a> {
    shape: &'a RowShape,
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
        Ok(match self.shape.find(key, self.expected) {
            Some(at) => Key::Column(at),
            None => match self.shape.number {
                Some(number) if number == key => Key::Number(number),
                _ => Key::Unknown(key.to_owned()),
            },
        })
    }
}
