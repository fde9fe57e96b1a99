//! The document that is one JSON object a line: the metadata, every row with the section that it belongs to, the summary.

use super::row::{FoundRow, RowSeed, RowShape};
use super::{Parts, State};
use crate::document::envelope::{Metadata, Summary};
use crate::document::json::SECTION;
use anyhow::Result as Outcome;
use indexmap::IndexMap;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::io::Read;

/// Reads what follows the metadata.
pub(super) fn read<R: Read>(
    deserializer: &mut serde_json::Deserializer<serde_json::de::IoRead<R>>,
    metadata: Metadata,
    state: &mut State<'_>,
) -> serde_json::Result<Parts> {
    state.tapped.begin_lines();
    let mut section = None;
    loop {
        state.tapped.end_row();
        match (LineSeed { state, metadata: &metadata, section: &mut section })
            .deserialize(&mut *deserializer)?
        {
            Line::Row => state.tapped.take_line(),
            Line::Summary(summary) => {
                let digest = state.tapped.end_lines();
                end_section(section, state);
                let passed = pass_empty(&metadata, &summary.items, None, state);
                state.stop::<_, serde_json::Error>(passed)?;
                let parts = Parts { metadata, digest, summary: Some(summary), incomplete: false };
                return deserializer.end().map(|()| parts);
            }
        }
    }
}

/// Passes on the sections that have no rows, by the metadata or by the summary, and come before another or before the
/// end: no line speaks of them.
pub(super) fn pass_empty(
    metadata: &Metadata,
    summed: &IndexMap<String, u64>,
    before: Option<&str>,
    state: &mut State<'_>,
) -> Outcome<()> {
    for (name, section) in &metadata.sections {
        if Some(name.as_str()) == before {
            break;
        }
        let is_empty = section.items == 0 || summed.get(name) == Some(&0);
        if is_empty && !state.items.contains_key(name) {
            state.sink.section(name)?;
            state.items.insert(name.clone(), 0);
        }
    }
    Ok(())
}

/// The section whose rows are being read.
pub(super) struct Section {
    pub(super) name: String,
    /// The shape of its rows, where they are wanted.
    shape: Option<RowShape>,
    pub(super) items: u64,
}

impl Section {
    /// Whether its rows are passed on.
    pub(super) fn is_wanted(&self) -> bool {
        self.shape.is_some()
    }
}

pub(super) fn end_section(section: Option<Section>, state: &mut State<'_>) {
    if let Some(section) = section {
        state.items.insert(section.name, section.items);
    }
}

pub(super) enum Line {
    Row,
    Summary(Summary),
}

pub(super) struct LineSeed<'a, 'b> {
    pub(super) state: &'a mut State<'b>,
    pub(super) metadata: &'a Metadata,
    pub(super) section: &'a mut Option<Section>,
}

impl<'de> DeserializeSeed<'de> for LineSeed<'_, '_> {
    type Value = Line;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Line, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LineSeed<'_, '_> {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row that begins with {SECTION}, or the summary")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        self.state.tapped.begin_row();
        match map.next_key::<String>()?.as_deref() {
            Some(SECTION) => {}
            Some("summary") => {
                self.state.tapped.end_row();
                let summary = map.next_value()?;
                return match map.next_key::<String>()? {
                    None => Ok(Line::Summary(summary)),
                    Some(more) => Err(A::Error::custom(format_args!("{more:?} is not part of a summary"))),
                };
            }
            Some(other) => {
                return Err(A::Error::custom(format_args!(
                    "a line begins with {SECTION:?} or \"summary\", not with {other:?}"
                )));
            }
            None => return Err(A::Error::custom(format_args!("a line without {SECTION:?}"))),
        }
        let name: String = map.next_value()?;
        let (state, section) = (self.state, self.section);
        if section.as_ref().is_none_or(|section| section.name != name) {
            if state.items.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "rows of {name:?} come again after rows of others: put the lines of a section together"
                )));
            }
            if state.sink.recovers() && !self.metadata.sections.contains_key(&name) {
                return Err(A::Error::custom(format_args!("metadata.sections has no section {name:?}")));
            }
            end_section(section.take(), state);
            *section = Some(begin_section(name, self.metadata, state)?);
        }
        let section = section.as_mut().expect("it has just begun");
        state.in_section = true;
        match &section.shape {
            Some(shape) => {
                let row: FoundRow = RowSeed { shape, tapped: &state.tapped }.visit_map(map)?;
                state.row(&section.name, row, section.items)?;
            }
            None => while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {},
        }
        section.items += 1;
        Ok(Line::Row)
    }
}

fn begin_section<E: serde::de::Error>(
    name: String,
    metadata: &Metadata,
    state: &mut State<'_>,
) -> Result<Section, E> {
    let passed = pass_empty(metadata, &IndexMap::new(), Some(&name), state);
    state.stop(passed)?;
    let wanted = state.sink.section(&name);
    let shape = state.stop(wanted)?.map(|columns| state.shape(&name, &columns));
    Ok(Section { name, shape, items: 0 })
}
