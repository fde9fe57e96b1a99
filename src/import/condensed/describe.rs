//! Rows of a database in the words of a document, for people: which fields differ, and what is there.

use super::choices::word;
use super::incoming::Incoming;
use super::question::Difference;
use super::resolve::{Resolver, Row};
use super::secret_members::as_document;
use super::target::Handle;
use crate::app::model::{Field, Nested, Reference, Shape};
use crate::app::secrets::{MARKER, is_marker, is_secret};
use crate::database::value::Value;
use crate::document::json::{key_of, write_value};
use anyhow::Result;
use serde_json::{Map, Value as Json};

/// So many references are followed to say what a row is called.
const DEEPEST: u32 = 4;

/// Says what rows and items hold.
pub struct Describer<'r, 'p> {
    /// Knows what references lead to.
    pub resolver: &'r Resolver<'p>,
}

impl Describer<'_, '_> {
    /// Adds that a column of a row differs from what its item says.
    pub fn column(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        name: &str,
        value: &Value,
        there: &Value,
        differences: &mut Vec<Difference>,
    ) -> Result<()> {
        let refers = |reference: &&Reference| reference.columns.iter().any(|column| column == name);
        let reference = shape.references.iter().find(|(_, reference)| refers(reference));
        if is_secret(name) && !shape.json.contains_key(name) {
            let hidden = |own: &Value| {
                if *own == Value::Null { Json::Null } else { serde_json::json!({MARKER: true}) }
            };
            let (there, incoming) = (hidden(there), hidden(value));
            let difference =
                Difference { field: name.to_owned(), there: Some(there), incoming: Some(incoming) };
            differences.push(difference);
            return Ok(());
        }
        let difference = match reference {
            Some((field, reference)) if !reference.plain && reference.columns.len() == 1 => {
                let key = incoming.references.iter().find(|(own, _)| *own == reference);
                let there =
                    self.key_of_row(&reference.section, &reference.to, std::slice::from_ref(there), 0)?;
                let incoming = key.map_or(Json::Null, |(_, key)| key.clone());
                Difference { field: field.clone(), there: Some(there), incoming: Some(incoming) }
            }
            Some((field, reference)) if !reference.plain => {
                if differences.iter().any(|difference| difference.field == *field) {
                    return Ok(());
                }
                let key = incoming.references.iter().find(|(own, _)| *own == reference);
                let incoming = key.map_or(Json::Null, |(_, key)| key.clone());
                Difference { field: field.clone(), there: Some(json(there)), incoming: Some(incoming) }
            }
            _ => Difference {
                field: name.to_owned(),
                there: Some(field_json(shape, name, there)),
                incoming: Some(
                    incoming
                        .json
                        .iter()
                        .find(|(column, ..)| column == name)
                        .map_or_else(|| field_json(shape, name, value), |(_, _, json)| json.clone()),
                ),
            },
        };
        differences.push(difference);
        Ok(())
    }

    /// Adds that a row has a child that its item lacks.
    pub fn removed(
        &self,
        shape: &Shape,
        nested: &Nested,
        row: &Row,
        differences: &mut Vec<Difference>,
    ) -> Result<()> {
        let item = self.row(&nested.shape, row)?;
        let of_key = nested.shape.key.iter().filter_map(|field| item.get(field));
        let of_label = nested.shape.label.iter().filter_map(|field| item.get(field));
        let name = of_key.chain(of_label).next().map(word);
        let field = path(shape, nested, &name.unwrap_or_else(|| "*".to_owned()));
        differences.push(Difference { field, there: Some(Json::Object(item)), incoming: None });
        Ok(())
    }

    /// The key by which a document would refer to the row whose columns have these values.
    fn key_of_row(&self, section: &str, to: &[String], values: &[Value], depth: u32) -> Result<Json> {
        if values.contains(&Value::Null) {
            return Ok(Json::Null);
        }
        let shape = self.resolver.shape(section)?;
        let wanted: Vec<(&str, &Value)> = to.iter().map(String::as_str).zip(values).collect();
        let found = self.resolver.target.find(&shape.table, &wanted, 1)?;
        let Some(handle) = found.first().filter(|_| depth < DEEPEST) else {
            return Ok(values.first().map_or(Json::Null, json));
        };
        Ok(self.name(shape, handle, depth)?.unwrap_or_else(|| values.first().map_or(Json::Null, json)))
    }

    /// What a row is called: its key, or its label; nothing where it has neither.
    fn name(&self, shape: &Shape, handle: &Handle, depth: u32) -> Result<Option<Json>> {
        let mut parts = Map::new();
        let named = if shape.key.is_empty() { shape.label.as_slice() } else { &shape.key };
        for field in named {
            let columns: Vec<&str> = match shape.field(field) {
                Field::Reference(reference) => reference.columns.iter().map(String::as_str).collect(),
                _ => vec![field],
            };
            let Some(values) = self.resolver.target.load(&shape.table, &columns, handle)? else {
                return Ok(None);
            };
            let part = match shape.field(field) {
                Field::Reference(reference) if !reference.plain => {
                    self.key_of_row(&reference.section, &reference.to, &values, depth + 1)?
                }
                _ => json(&values[0]),
            };
            parts.insert(field.clone(), part);
        }
        Ok(match parts.len() {
            0 => None,
            1 => parts.into_iter().next().map(|(_, part)| part),
            _ => Some(Json::Object(parts)),
        })
    }

    /// What a row is called: its label, else its key; nothing where it has neither.
    pub(super) fn label_of_row(&self, shape: &Shape, handle: &Handle) -> Result<Option<String>> {
        if !shape.label.is_empty() {
            let columns: Vec<&str> = shape.label.iter().map(String::as_str).collect();
            let values = self.resolver.target.load(&shape.table, &columns, handle)?.unwrap_or_default();
            let text = |value: Value| match value {
                Value::Text(text) if !text.is_empty() => Some(text),
                _ => None,
            };
            let texts: Vec<String> = values.into_iter().filter_map(text).collect();
            if !texts.is_empty() {
                return Ok(Some(texts.join(", ")));
            }
        }
        let name = self.name(shape, handle, 0)?.filter(|name| *name != Json::Null);
        Ok(name.map(|name| match &name {
            Json::Object(parts) => parts.values().map(word).collect::<Vec<_>>().join(", "),
            name => word(name),
        }))
    }

    /// A row that is there as an item, without its children.
    fn row(&self, shape: &Shape, row: &Row) -> Result<Map<String, Json>> {
        let mut item = Map::new();
        for name in shape.columns.keys() {
            match shape.field(name) {
                Field::Reference(reference) if !reference.plain => {
                    let values: Vec<Value> =
                        reference.columns.iter().filter_map(|column| row.get(column).cloned()).collect();
                    item.insert(
                        name.clone(),
                        self.key_of_row(&reference.section, &reference.to, &values, 0)?,
                    );
                }
                Field::Nested(_) | Field::Flattened(..) => {}
                _ => item.extend(row.get(name).map(|value| (name.clone(), field_json(shape, name, value)))),
            }
        }
        Ok(item)
    }
}

/// That an item has a child which its row lacks.
pub fn added(
    shape: &Shape,
    nested: &Nested,
    child: &Incoming<'_>,
    at: usize,
    place: Option<&(String, Value)>,
) -> Difference {
    let field = path(shape, nested, &label(&nested.shape, child, at));
    let mut incoming = whole(&nested.shape, child);
    if let (Some((column, place)), Json::Object(fields)) = (place, &mut incoming) {
        fields.insert(column.clone(), json(place));
    }
    Difference { field, there: None, incoming: Some(incoming) }
}

/// What differs in a child, by the path that leads to it from its parent.
pub fn inside(
    shape: &Shape,
    nested: &Nested,
    child: &Incoming<'_>,
    at: usize,
    inner: &[Difference],
) -> Vec<Difference> {
    let start = path(shape, nested, &label(&nested.shape, child, at));
    let named = |difference: &Difference| {
        let flat = nested.flattened.iter().find(|(_, field)| **field == difference.field);
        let below = |field: &str| format!("{start}.{field}");
        let field = flat.map_or_else(|| below(&difference.field), |(field, _)| field.clone());
        Difference { field, ..difference.clone() }
    };
    inner.iter().map(named).collect()
}

/// The path of a child, or the field of children.
pub(super) fn path(shape: &Shape, nested: &Nested, name: &str) -> String {
    let field = shape.nested.iter().find(|(_, own)| *own == nested).map_or("", |(field, _)| field);
    if nested.one { field.to_owned() } else { format!("{field}[{name}]") }
}

/// What a child is called among those of its parent.
pub(super) fn label(shape: &Shape, child: &Incoming<'_>, at: usize) -> String {
    let item = whole(shape, child);
    let field = shape.key.first().or(shape.label.first());
    field.and_then(|field| item.get(field)).map_or_else(|| at.to_string(), word)
}

/// A child as its document has it, without what is inside it.
fn whole(shape: &Shape, child: &Incoming<'_>) -> Json {
    let mut item = Map::new();
    for name in shape.columns.keys() {
        let value = match shape.field(name) {
            Field::Reference(reference) if !reference.plain => {
                child.references.iter().find(|(own, _)| *own == reference).map(|(_, key)| key.clone())
            }
            Field::Json(column, _) => {
                let text = child.json.iter().find(|(own, ..)| own == column).map(|(_, _, json)| json.clone());
                text.or_else(|| child.values.get(name).map(json))
            }
            Field::Nested(_) | Field::Flattened(..) => None,
            _ => child.values.get(name).map(|value| field_json(shape, name, value)),
        };
        item.extend(value.map(|value| (name.clone(), value)));
    }
    Json::Object(item)
}

/// What a document would say that a column of a row holds, without secrets.
pub(crate) fn field_json(shape: &Shape, name: &str, value: &Value) -> Json {
    let Some(model) = shape.json.get(name) else {
        let truth = shape.columns.get(name).and_then(|field_type| field_type.truth(value.into()));
        return truth.map_or_else(|| json(value), Json::Bool);
    };
    match as_document(value, model) {
        Value::Text(text) => match serde_json::from_str(&text) {
            Ok(tree) if model.holds_json() || is_marker(&tree) => tree,
            _ => Json::String(text),
        },
        value => json(&value),
    }
}

/// A value as a document has it.
pub fn json(value: &Value) -> Json {
    let mut text = Vec::new();
    write_value(value.into(), &mut text);
    serde_json::from_slice(&text).unwrap_or(Json::Null)
}

/// What an item is called by its label, as far as it has one; without some fields.
pub fn label_in(shape: &Shape, item: &Map<String, Json>, but: &[String]) -> Option<String> {
    let values = shape.label.iter().filter(|field| !but.contains(field));
    let values = values.filter_map(|field| item.get(key_of(field).as_ref())).filter(|value| !value.is_null());
    let words: Vec<String> = values.map(word).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What an item is called: its label, else its key, else its place.
pub fn label_of(shape: &Shape, item: &Map<String, Json>, at: u64) -> String {
    let key = || {
        let words: Vec<String> = shape.key.iter().filter_map(|field| item.get(field)).map(word).collect();
        (!words.is_empty()).then(|| words.join(", "))
    };
    label_in(shape, item, &[]).or_else(key).unwrap_or_else(|| format!("item {}", at + 1))
}

/// What an item is called that is known by its id: that, and its label.
pub fn label_with_id(shape: &Shape, item: &Map<String, Json>, number: Option<i64>) -> String {
    let parts: Vec<String> = shape.key.iter().filter_map(|field| item.get(field)).map(word).collect();
    let id = if parts.is_empty() { number.unwrap_or_default().to_string() } else { parts.join(",") };
    match label_in(shape, item, &shape.key) {
        Some(label) => format!("{id} ({label})"),
        None => id,
    }
}

/// The first fields that differ.
pub fn fields_of(differences: &[Difference]) -> String {
    const MOST: usize = 8;
    let fields: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
    let more = if fields.len() > MOST { ", …" } else { "" };
    format!("{}{more}", fields[..fields.len().min(MOST)].join(", "))
}

pub fn needs_refetch(shape: &Shape) -> bool {
    !shape.refetch.is_empty() || shape.nested.values().any(|nested| needs_refetch(&nested.shape))
}

/// The key of an item as it is written.
pub fn key_of_item(shape: &Shape, item: &Map<String, Json>) -> Json {
    match shape.key.as_slice() {
        [field] => item.get(field).cloned().unwrap_or(Json::Null),
        key => key.iter().filter_map(|field| Some((field.clone(), item.get(field)?.clone()))).collect(),
    }
}

/// Says of an item without a key that it is likely a row that is there and was edited.
pub(super) fn likely_edited(section: &str, fields: &str, referring: u64) -> String {
    let with = match referring {
        0 => String::new(),
        1 => ", with 1 item that refers to it".to_owned(),
        many => format!(", with {many} items that refer to it"),
    };
    format!(
        "{section} has no key, and this is likely a row that is there, edited: it differs in {fields}; \
         --on-conflict overwrite changes that row, rename adds this one beside it{with}"
    )
}
