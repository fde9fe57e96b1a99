//! Values as people read them.

use super::plan::Spread;
use crate::database::value::{Borrowed, Value};
use crate::document::cell::Dialect;
use crate::document::json::{ID, RAW_JSON, ValueSeed};
use crate::document::label;
use crate::document::tree::canonical;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeSeed;
use serde_json::Value as Json;

/// The cells of a row, and the children that were found on the way: which of the sheet's, and what they are.
#[derive(Default)]
pub(super) struct Cells {
    pub(super) cells: Vec<Vec<u8>>,
    pub(super) children: Vec<(usize, Json)>,
}

impl Cells {
    /// Adds the cells of a field; none where the item lacks it.
    pub(super) fn add(&mut self, spread: &Spread, value: Option<Borrowed<'_>>, dialect: &Dialect) {
        let json = match (spread, value) {
            (Spread::Value(kind), Some(value)) => {
                let cell = kind.truth(value).map(|truth| truth.to_string().into_bytes());
                return self.push(cell.unwrap_or_else(|| plain(value, dialect)));
            }
            (Spread::Json, Some(Borrowed::Text(text))) if !text.starts_with("{\"$") => {
                return self.push(text.as_bytes().to_vec());
            }
            (_, Some(Borrowed::Text(text))) => serde_json::from_str(text).unwrap_or(Json::Null),
            _ => Json::Null,
        };
        self.add_json(spread, &json, dialect);
    }

    /// Adds the cells of JSON.
    pub(super) fn add_json(&mut self, spread: &Spread, json: &Json, dialect: &Dialect) {
        match (spread, json) {
            (Spread::Rows(child), json) => self.children.push((*child, json.clone())),
            (spread, Json::Null) => {
                for _ in 0..spread.width() {
                    self.push(plain(Borrowed::Null, dialect));
                }
            }
            (Spread::Object(fields), Json::Object(object)) => {
                for (key, spread) in fields {
                    self.add_json(spread, object.get(key).unwrap_or(&Json::Null), dialect);
                }
            }
            (Spread::Json, json) => self.push(json_text(json, dialect)),
            (Spread::Value(_) | Spread::Reference, json) => self.push(value_text(json, dialect)),
            // Not what the shape says: as it is, in the first of the cells.
            (Spread::Object(_), json) => {
                let width = spread.width();
                if width > 0 {
                    self.push(value_text(json, dialect));
                }
                for _ in 1..width {
                    self.push(plain(Borrowed::Null, dialect));
                }
            }
        }
    }

    fn push(&mut self, cell: Vec<u8>) {
        self.cells.push(cell);
    }
}

/// A value, or the number of a reference.
fn value_text(json: &Json, dialect: &Dialect) -> Vec<u8> {
    if let Some(number) = label::number(json, ID) {
        return number.to_string().into_bytes();
    }
    match ValueSeed.deserialize(json) {
        Ok(Ok(value)) => plain((&value).into(), dialect),
        _ => text_of(json),
    }
}

/// JSON as text; of a text that is none, and of what is no text, what it was.
fn json_text(json: &Json, dialect: &Dialect) -> Vec<u8> {
    let tag = json.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match tag {
        Some((tag, Json::String(text))) if tag == RAW_JSON => text.clone().into_bytes(),
        Some((tag, number @ Json::Number(_))) if tag == "$integer" || tag == "$real" => {
            value_text(number, dialect)
        }
        Some((tag, inside)) if tag.starts_with("$$") => {
            text_of(&Json::Object([(tag[1..].to_owned(), inside.clone())].into_iter().collect()))
        }
        Some((tag, _)) if ["$blob", "$text", "$real"].contains(&tag.as_str()) => value_text(json, dialect),
        _ => text_of(json),
    }
}

fn text_of(json: &Json) -> Vec<u8> {
    let text = json.to_string();
    match canonical(&text) {
        Ok(Value::Text(text)) => text.into_bytes(),
        _ => text.into_bytes(),
    }
}

/// A value as people read it.
pub(super) fn plain(value: Borrowed<'_>, dialect: &Dialect) -> Vec<u8> {
    match value {
        Borrowed::Null => dialect.null.as_bytes().to_vec(),
        Borrowed::Integer(number) => number.to_string().into_bytes(),
        Borrowed::Real(number) => number.to_string().into_bytes(),
        Borrowed::Text(text) => text.as_bytes().to_vec(),
        Borrowed::RawText(bytes) => String::from_utf8_lossy(bytes).into_owned().into_bytes(),
        Borrowed::Blob(bytes) => STANDARD.encode(bytes).into_bytes(),
    }
}
