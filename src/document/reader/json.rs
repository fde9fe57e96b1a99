//! The document that is one JSON object.

use super::row::{FoundRow, RowSeed, RowShape};
use super::tap::Tapped;
use super::unique::Unique;
use super::{Parts, State, understand};
use crate::document::envelope::Metadata;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// What the first object of a file is.
pub(super) enum Read {
    /// The whole document.
    Whole(Box<Parts>),
    /// The metadata alone: a line follows for each row.
    First(Box<Metadata>),
}

/// Reads the first object of a file.
pub(super) struct DocumentSeed<'a, 'b>(pub(super) &'a mut State<'b>);

impl<'de> DeserializeSeed<'de> for DocumentSeed<'_, '_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DocumentSeed<'_, '_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with metadata, data and summary, in this order")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        expect_key(map.next_key()?, "metadata")?;
        let metadata: Unique = map.next_value()?;
        let metadata = understand(metadata.0).map_err(A::Error::custom)?;
        let state = self.0;
        state.metadata = Some(metadata.clone());
        let taken = state.sink.metadata(&metadata);
        state.stop(taken)?;
        let Some(key) = map.next_key::<String>()? else { return Ok(Read::First(Box::new(metadata))) };
        expect_key(Some(key), "data")?;
        map.next_value_seed(DataSeed(state))?;
        let digest = state.tapped.end_digest();
        expect_key(map.next_key()?, "summary")?;
        let summary = map.next_value()?;
        if let Some(more) = map.next_key::<String>()? {
            return Err(A::Error::custom(format_args!(
                "{more:?} after the summary is not part of a document"
            )));
        }
        let parts = Parts { metadata, digest, summary: Some(summary), incomplete: false };
        Ok(Read::Whole(Box::new(parts)))
    }
}

fn expect_key<E: serde::de::Error>(key: Option<String>, wanted: &str) -> Result<(), E> {
    match key {
        Some(key) if key == wanted => Ok(()),
        Some(key) => Err(E::custom(format_args!("{wanted:?} is expected here, not {key:?}"))),
        None => Err(E::custom(format_args!("{wanted:?} is missing"))),
    }
}

struct DataSeed<'a, 'b>(&'a mut State<'b>);

impl<'de> DeserializeSeed<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // The reader has just taken the colon.
        if self.0.sink.recovers() {
            // It looks at the next byte before it stops.
            self.0.tapped.begin_digest();
            self.0.at_data = true;
            return Err(D::Error::custom("stopped"));
        }
        self.0.tapped.begin_digest();
        self.0.tapped.end_row();
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an array for each section")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let state = self.0;
        while let Some(name) = map.next_key::<String>()? {
            if state.items.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the section {name:?} comes twice")));
            }
            let wanted = state.sink.section(&name);
            let items = match state.stop(wanted)? {
                Some(columns) => {
                    let shape = state.shape(&name, &columns);
                    map.next_value_seed(RowsSeed { state, section: &name, shape })?
                }
                None => map.next_value_seed(CountSeed(state))?,
            };
            state.tapped.end_row();
            state.items.insert(name, items);
        }
        Ok(())
    }
}

/// Counts the rows of a section that nobody wants.
struct CountSeed<'a, 'b>(&'a State<'b>);

impl<'de> DeserializeSeed<'de> for CountSeed<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for CountSeed<'_, '_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while rows.next_element_seed(IgnoredRow(&self.0.tapped))?.is_some() {
            self.0.tapped.end_row();
            count += 1;
        }
        Ok(count)
    }
}

/// A row of which nothing is kept.
struct IgnoredRow<'a>(&'a Tapped);

impl<'de> DeserializeSeed<'de> for IgnoredRow<'_> {
    type Value = IgnoredAny;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<IgnoredAny, D::Error> {
        self.0.begin_row();
        IgnoredAny::deserialize(deserializer)
    }
}

struct RowsSeed<'a, 'b> {
    state: &'a mut State<'b>,
    section: &'a str,
    shape: RowShape,
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
        loop {
            let seed = RowSeed { shape: &self.shape, tapped: &self.state.tapped };
            let Some(row) = rows.next_element_seed(seed)? else { return Ok(item) };
            self.state.tapped.end_row();
            self.state.row(self.section, row, item)?;
            item += 1;
        }
    }
}

/// An item that stands alone.
pub(super) struct ItemSeed<'a> {
    pub(super) shape: &'a RowShape,
    pub(super) tapped: &'a Tapped,
}

impl<'de> DeserializeSeed<'de> for ItemSeed<'_> {
    type Value = FoundRow;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundRow, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ItemSeed<'_> {
    type Value = FoundRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item: an object with a value for each field")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FoundRow, A::Error> {
        self.tapped.begin_row();
        RowSeed { shape: self.shape, tapped: self.tapped }.visit_map(map)
    }
}
