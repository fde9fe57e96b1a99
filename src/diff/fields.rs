//! The fields of a row, as they are compared and shown: references by what they lead to, and no secrets.

use super::FieldChange;
use super::names::Names;
use crate::app::model::{Field, Shape};
use crate::database::value::Value;
use crate::import::condensed::field_json;
use anyhow::Result;
use serde_json::Value as Json;

/// What stands in the place of a secret.
const SECRET: &str = "(secret)";

/// What a row holds in a field.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub field: String,
    values: Vec<Value>,
    /// The key of what a reference leads to.
    key: Option<Vec<Value>>,
    shown: Json,
}

impl Held {
    /// Whether another state holds the same: a reference to what was written anew under another id is the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.values == other.values || (self.key.is_some() && self.key == other.key)
    }

    /// What makes it the same as another.
    pub fn identity(&self) -> &[Value] {
        self.key.as_deref().unwrap_or(&self.values)
    }

    /// That the other is what it became.
    pub fn change_to(self, after: Self) -> FieldChange {
        FieldChange { field: self.field, before: self.shown, after: after.shown }
    }
}

/// The field that a column of a row is, or is part of.
pub(super) fn held(
    names: &Names<'_>,
    shape: &Shape,
    columns: &[String],
    row: &[Value],
    at: usize,
) -> Result<Held> {
    let (name, own) = (&columns[at], &row[at]);
    let plain = |shown| Held { field: name.clone(), values: vec![own.clone()], key: None, shown };
    if shape.secret.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
        return Ok(plain(if *own == Value::Null { Json::Null } else { Json::from(SECRET) }));
    }
    let refers = |columns: &[String]| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let reference = shape.references.iter().find(|(_, own)| !own.plain && refers(&own.columns));
    let Some((field, reference)) = reference else { return Ok(plain(value(shape, name, columns, row, at))) };
    let known = columns.iter().cloned().zip(row.iter().cloned()).collect();
    let called = names.of_reference(reference, &known, 0)?;
    Ok(Held {
        field: field.clone(),
        values: reference.columns.iter().filter_map(|name| known.get(name).cloned()).collect(),
        key: names.key_of_reference(reference, &known)?,
        shown: called.map_or_else(|| field_json(shape, name, own), Json::from),
    })
}

/// A value as a document would have it, without secrets.
fn value(shape: &Shape, name: &str, columns: &[String], row: &[Value], at: usize) -> Json {
    if let Some(secret) = &shape.secret_rows {
        let key = columns.iter().position(|column| column.eq_ignore_ascii_case(&secret.column));
        if key.is_some_and(|key| key != at && secret.covers(&row[key])) {
            return Json::from(SECRET);
        }
    }
    match shape.field(name) {
        Field::Json(column, _) => field_json(shape, column, &row[at]),
        _ => field_json(shape, name, &row[at]),
    }
}
