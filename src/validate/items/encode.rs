//! What items are known by, as bytes: those of a reference are those of the item that it leads to.

use super::ItemModel;
use crate::app::model::{FieldType, Shape};
use crate::database::affinity::Affinity;
use crate::database::value::{Borrowed, Value};
use crate::document::json::{ID, TypedSeed, ValueSeed, key_of};
use crate::document::label;
use crate::stream::digest_of;
use crate::validate::keys::Key;
use crate::validate::model::{Collation, encode};
use indexmap::IndexMap;
use serde::de::DeserializeSeed;
use serde_json::Value as Json;
use std::borrow::Cow;

/// How many references a key may lead through: a key that leads to itself ends nowhere.
const DEEPEST: u32 = 32;
/// What stands before the number of an item that has no key.
const NUMBER: u8 = 0xfe;

/// What a field holds.
#[derive(Clone)]
pub(super) enum Content<'a> {
    /// A value of a column.
    Value(Cow<'a, Value>),
    /// JSON.
    Json(Cow<'a, Json>),
    /// Something that was said to be wrong already.
    Unreadable,
}

/// The fields that an item has.
pub(super) type Fields<'m, 'a> = IndexMap<&'m str, Content<'a>>;

/// Bytes were appended; nothing where that cannot be told. The error says why something is no reference.
type Encoded = Result<Option<()>, String>;

impl Content<'_> {
    pub(super) fn is_null(&self) -> bool {
        match self {
            Self::Value(value) => **value == Value::Null,
            Self::Json(json) => **json == Json::Null,
            Self::Unreadable => false,
        }
    }
}

/// The number by which a reference knows an item.
pub(super) fn number_of(content: &Content<'_>) -> Option<i64> {
    match content {
        Content::Json(json) => label::number(json, ID),
        _ => None,
    }
}

/// A value as JSON has it.
pub(super) fn value_of(json: &Json) -> Result<Value, String> {
    ValueSeed.deserialize(json).map_err(|error| error.to_string())?
}

/// A value of a field as JSON has it.
pub(super) fn typed_value_of(field_type: FieldType, json: &Json) -> Result<Value, String> {
    TypedSeed(field_type).deserialize(json).map_err(|error| error.to_string())?
}

pub(super) fn digest(bytes: &[u8]) -> Key {
    digest_of(bytes).first_bytes()
}

impl ItemModel {
    /// The key of an item; nothing where it has none, or where that cannot be told.
    pub(super) fn key(&self, shape: &Shape, fields: &Fields<'_, '_>) -> Option<Key> {
        if shape.key.is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        for name in &shape.key {
            self.encode_field(shape, name, fields.get(name.as_str())?, DEEPEST, &mut bytes).ok()??;
        }
        Some(digest(&bytes))
    }

    /// The value of a single field of an item.
    pub(super) fn field_key(shape: &Shape, field: &str, content: &Content<'_>) -> Option<Key> {
        let mut bytes = Vec::new();
        encode_value(shape, field, content, &mut bytes).ok()??;
        Some(digest(&bytes))
    }

    /// The key of the item that a reference leads to. The error says why it is no reference.
    pub(super) fn reference_key(&self, section: &str, content: &Content<'_>) -> Result<Option<Key>, String> {
        let mut bytes = Vec::new();
        let encoded = self.encode_reference(section, content, DEEPEST, &mut bytes)?;
        Ok(encoded.map(|()| digest(&bytes)))
    }

    fn encode_field(
        &self,
        shape: &Shape,
        name: &str,
        content: &Content<'_>,
        depth: u32,
        bytes: &mut Vec<u8>,
    ) -> Encoded {
        match shape.references.get(name).filter(|reference| !reference.plain) {
            Some(reference) if depth > 0 => {
                self.encode_reference(&reference.section, content, depth - 1, bytes)
            }
            Some(_) => Ok(None),
            None => encode_value(shape, name, content, bytes),
        }
    }

    fn encode_reference(
        &self,
        section: &str,
        content: &Content<'_>,
        depth: u32,
        bytes: &mut Vec<u8>,
    ) -> Encoded {
        let Some(shape) = self.shape(section) else { return Ok(None) };
        if content.is_null() {
            return Ok(None);
        }
        // Where a key has a single part, that may be known by its number.
        let is_part = !shape.ids && shape.key.len() == 1;
        if let Some(number) = number_of(content).filter(|_| !is_part) {
            if !shape.ids {
                return Err(format!("the items of {section} have no {ID}"));
            }
            bytes.push(NUMBER);
            Borrowed::Integer(number).encode(bytes);
            return Ok(Some(()));
        }
        match shape.key.as_slice() {
            [] if shape.ids => {
                Err(format!("the items of {section} have no key: a reference is {{\"{ID}\": number}}"))
            }
            [] => Ok(None),
            [name] => self.encode_field(shape, name, content, depth, bytes),
            _ => self.encode_parts(shape, section, content, depth, bytes),
        }
    }

    /// A reference by a key of several parts.
    fn encode_parts(
        &self,
        shape: &Shape,
        section: &str,
        content: &Content<'_>,
        depth: u32,
        bytes: &mut Vec<u8>,
    ) -> Encoded {
        let parts = || shape.key.join(", ");
        let object = match content {
            Content::Json(json) => json.as_object(),
            _ => None,
        };
        let Some(object) = object else {
            return Err(format!("a reference to {section} is an object with {}", parts()));
        };
        let keys: Vec<Cow<'_, str>> = shape.key.iter().map(|name| key_of(name)).collect();
        if let Some(unknown) = object.keys().find(|key| !keys.iter().any(|own| *own == key.as_str())) {
            return Err(format!("the key of {section} is {}, without {unknown:?}", parts()));
        }
        let mut told = Some(());
        for (name, key) in shape.key.iter().zip(&keys) {
            let Some(part) = object.get(key.as_ref()) else {
                return Err(format!("the key of {section} is {}, and this lacks {name:?}", parts()));
            };
            let part = Content::Json(Cow::Borrowed(part));
            told = self.encode_field(shape, name, &part, depth, bytes)?.and(told);
        }
        Ok(told)
    }
}

/// Appends a value so that what its column finds equal has the same bytes.
fn encode_value(shape: &Shape, name: &str, content: &Content<'_>, bytes: &mut Vec<u8>) -> Encoded {
    let affinity = match shape.columns.get(name).copied().and_then(FieldType::affinity) {
        // Of a column that leaves everything as it is too, so that a text and a number may be two keys.
        Some(Affinity::Numeric) => Affinity::Blob,
        Some(affinity) => affinity,
        None => {
            let Content::Json(json) = content else { return Ok(None) };
            Borrowed::Text(&json.to_string()).encode(bytes);
            return Ok(Some(()));
        }
    };
    let value = match content {
        Content::Value(value) => Cow::Borrowed(value.as_ref()),
        Content::Json(json) => Cow::Owned(value_of(json)?),
        Content::Unreadable => return Ok(None),
    };
    Ok(encode(&value, affinity, Collation::Binary, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model(sections: &Json) -> ItemModel {
        let metadata = json!({
            "format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
            "schema_version": null, "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
            "includes": [], "sections": sections,
        });
        ItemModel::new(&serde_json::from_value(metadata).expect("metadata"))
    }

    #[test]
    fn a_key_that_leads_to_itself_ends() {
        let reference = json!({"columns": ["a"], "section": "t", "to": ["a"]});
        let model = model(&json!({
            "t": {"items": 0, "table": "t", "columns": {"a": "text"}, "key": ["a"], "references": {"a": reference}}
        }));
        let content = Content::Json(Cow::Owned(json!("x")));
        assert_eq!(model.reference_key("t", &content), Ok(None));
    }

    #[test]
    fn what_a_column_finds_equal_is_the_same_key() {
        let model = model(&json!({
            "t": {"items": 0, "table": "t", "columns": {"a": "integer", "b": "text"}, "key": ["a", "b"]}
        }));
        let key = |json: Json| model.reference_key("t", &Content::Json(Cow::Owned(json)));
        let one = key(json!({"a": 1, "b": "2"}));
        assert!(matches!(one, Ok(Some(_))));
        assert_eq!(one, key(json!({"b": 2, "a": "1"})));
        assert_ne!(one, key(json!({"a": 2, "b": "2"})));
        assert_eq!(key(json!({"a": null, "b": "2"})), Ok(None));
        for (wrong, why) in [
            (json!("x"), "is an object with a, b"),
            (json!({"a": 1}), "lacks \"b\""),
            (json!({"a": 1, "b": "2", "c": 3}), "without \"c\""),
            (json!({"a": 1, "b": []}), "a list is no value"),
            (json!({"$id": 1}), "have no $id"),
        ] {
            assert!(key(wrong.clone()).is_err_and(|said| said.contains(why)), "{wrong}");
        }
    }
}
