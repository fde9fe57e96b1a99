//! Reading a row of a document.

use super::json::{ROWID, ValueSeed, key_of};
use super::tap::Tapped;
use crate::database::value::Value;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// The keys of a section's rows.
pub(super) struct RowShape {
    keys: Vec<String>,
    by_key: HashMap<String, usize>,
}

impl RowShape {
    pub(super) fn new(columns: &[String]) -> Self {
        let keys: Vec<String> = columns.iter().map(|column| key_of(column).into_owned()).collect();
        let by_key = keys.iter().cloned().enumerate().map(|(at, key)| (key, at)).collect();
        Self { keys, by_key }
    }

    /// Which column a key means; the one that is expected next is tried first.
    fn find(&self, key: &str, expected: usize) -> Option<usize> {
        match self.keys.get(expected) {
            Some(next) if next == key => Some(expected),
            _ => self.by_key.get(key).copied(),
        }
    }
}

/// Reads a row of that shape.
pub(super) struct RowSeed<'a> {
    pub(super) shape: &'a RowShape,
    pub(super) tapped: &'a Tapped,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = (Option<i64>, Vec<Value>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = (Option<i64>, Vec<Value>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row: an object with a value for each column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let keys = &self.shape.keys;
        let mut values: Vec<Option<Value>> = Vec::with_capacity(keys.len());
        values.resize_with(keys.len(), || None);
        let (mut rowid, mut expected) = (None, 0);
        while let Some(key) = map.next_key_seed(KeySeed { shape: self.shape, expected })? {
            let again = match key {
                Key::Column(at) => {
                    expected = at + 1;
                    let value = map.next_value_seed(ValueSeed)?;
                    self.refuse_inexact(&value, at)?;
                    values[at].replace(value).is_some().then(|| keys[at].as_str())
                }
                Key::Rowid => rowid.replace(map.next_value::<i64>()?).map(|_| ROWID),
                Key::Unknown(name) => {
                    return Err(A::Error::custom(format_args!("the table has no column {name:?}")));
                }
            };
            if let Some(key) = again {
                return Err(A::Error::custom(format_args!("{key:?} comes twice")));
            }
        }
        match values.iter().position(Option::is_none) {
            Some(at) => Err(A::Error::custom(format_args!("the row has no {:?}", keys[at]))),
            None => Ok((rowid, values.into_iter().flatten().collect())),
        }
    }
}

impl RowSeed<'_> {
    /// An integer of more than 64 bits arrives as a real that is not exact.
    fn refuse_inexact<E: serde::de::Error>(&self, value: &Value, at: usize) -> Result<(), E> {
        let Value::Real(number) = value else { return Ok(()) };
        let is_large = number.is_finite() && number.abs() >= 9_223_372_036_854_775_808.0;
        if is_large && self.tapped.number_is_integer() {
            let key = &self.shape.keys[at];
            return Err(E::custom(format_args!("the integer in {key:?} does not fit into 64 bits")));
        }
        Ok(())
    }
}

enum Key {
    Column(usize),
    Rowid,
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
            None if key == ROWID => Key::Rowid,
            None => Key::Unknown(key.to_owned()),
        })
    }
}
