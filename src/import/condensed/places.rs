//! Which of several equal rows an item is: items that are the same in themselves stand in the document in an order that
//! says what refers to them, and rows have the same order. So the third of such items is the third of such rows.

use super::resolve::Resolver;
use crate::app::model::{Field, Shape};
use crate::database::quote::{identifier, value_literal};
use crate::database::value::Value;
use crate::document::envelope;
use crate::graph::{self, Section};
use crate::progress::Progress;
use anyhow::Result;
use serde_json::{Map, Value as Json};
use std::collections::{HashMap, HashSet};

/// The places of items and rows among those that are the same in themselves.
pub struct Places<'p> {
    rows: graph::Places<'p>,
    items: HashMap<i64, i64>,
    /// Sections of which the document has a part.
    partial: HashSet<String>,
}

impl<'p> Places<'p> {
    /// Of the rows that are there, and of all items.
    pub fn find(resolver: &Resolver<'p>, progress: &dyn Progress) -> Result<Self> {
        let metadata = resolver.metadata;
        let connection = resolver.target.connection;
        let written = metadata.sections.iter().map(|(name, section)| (name, &section.shape, true));
        let referenced = metadata.referenced.iter().map(|(name, shape)| (name, shape, false));
        let mut sections = Vec::new();
        for (name, shape, is_written) in written.chain(referenced) {
            sections.push(Section { name, shape, condition: condition(resolver, shape), is_written });
        }
        let rows = graph::Places::find(connection, &sections, progress)?;
        for (at, (name, section)) in metadata.sections.iter().enumerate() {
            let shape = &section.shape;
            if is_counted(section) {
                let earlier = |own: &str| metadata.sections.get_index_of(own).is_some_and(|of| of < at);
                let references = shape.references.values().filter(|own| !own.plain && earlier(&own.section));
                let columns: Vec<&str> =
                    references.flat_map(|own| own.columns.iter().map(String::as_str)).collect();
                rows.count_among(name, &shape.table, &columns)?;
            }
        }
        let sections = metadata.sections.iter();
        let partial =
            sections.filter(|(_, section)| is_partial(section)).map(|(name, _)| name.clone()).collect();
        Ok(Self { rows, items: count_items(resolver)?, partial })
    }

    /// The place of a row; nothing where no other is the same in itself.
    pub fn of_row(&self, section: &str, handle: &[Value]) -> Result<Option<i64>> {
        if self.partial.contains(section) { Ok(None) } else { self.rows.of(section, handle) }
    }

    /// The place of an item.
    pub fn of_item(&self, id: i64) -> Option<i64> {
        self.items.get(&id).copied()
    }
}

/// Whether the document has a part of a section's items only: the third of them need not be the third row.
fn is_partial(section: &envelope::Section) -> bool {
    section.partial || section.filter.is_some()
}

fn is_counted(section: &envelope::Section) -> bool {
    section.shape.key.is_empty() && !is_partial(section)
}

/// The condition that rows are those of whom the items become.
fn condition(resolver: &Resolver<'_>, shape: &Shape) -> Option<String> {
    let mut wanted = Vec::new();
    resolver.add_owner(shape, &mut wanted);
    let (column, value) = wanted.pop()?;
    Some(format!("{} IS {}", identifier(&column), value_literal(&value)))
}

/// Counts items without a key among those that the document cannot tell apart where it sorts them.
fn count_items(resolver: &Resolver<'_>) -> Result<HashMap<i64, i64>> {
    let metadata = resolver.metadata;
    let (mut places, mut counts) = (HashMap::new(), HashMap::new());
    resolver.items.for_each(|id| {
        let item = resolver.items.get(id)?;
        let Some((_, section)) = metadata.sections.get_index(item.section as usize) else { return Ok(()) };
        if is_counted(section) {
            let json: Map<String, Json> = serde_json::from_str(&item.json)?;
            let earlier =
                |own: &str| metadata.sections.get_index_of(own).is_some_and(|of| of < item.section as usize);
            let own = own_text(&section.shape, json, earlier);
            let place: &mut i64 = counts.entry((item.section, own)).or_default();
            *place += 1;
            places.insert(id, *place);
        }
        Ok(())
    })?;
    Ok(places)
}

/// What an item holds by itself and by references to sections that come before its own.
fn own_text(shape: &Shape, json: Map<String, Json>, earlier: impl Fn(&str) -> bool) -> String {
    let kept = json.into_iter().filter(|(name, _)| match shape.field(name) {
        Field::Column(_) => true,
        Field::Json(_, json) => json.references.is_empty(),
        Field::Reference(reference) => reference.plain || earlier(&reference.section),
        Field::Nested(_) | Field::Flattened(..) => false,
    });
    Json::Object(kept.collect()).to_string()
}
