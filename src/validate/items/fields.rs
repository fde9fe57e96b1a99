//! What fields of items hold: values, references, JSON, and children with fields of their own.

use super::encode::{Content, Fields, number_of, typed_value_of, value_of};
use super::visit::{At, Visit, key_of_number};
use super::{By, ItemModel};
use crate::app::json_path::{Step, steps};
use crate::app::model::{Field, FieldType, JsonColumn, Nested, Reference, Shape};
use crate::app::secrets::MARKER;
use crate::database::affinity::{Affinity, number_of as number_in};
use crate::database::value::Value;
use crate::document::id_type::IdType;
use crate::document::json::{DANGLING, ID, RAW_JSON};
use crate::document::layout::PARTS;
use crate::document::tree::{dangling, kind_of};
use crate::validate::keys::Key;
use anyhow::Result;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::HashMap;

impl<'a> Visit<'a> {
    /// Looks at what a field holds.
    pub(super) fn field(
        &mut self,
        shape: &'a Shape,
        name: &'a str,
        content: &Content<'_>,
        at: &At,
    ) -> Result<()> {
        let field_type = shape.columns.get(name).copied().unwrap_or(FieldType::Blob);
        match shape.field(name) {
            Field::Column(_) => self.value(field_type, content, at),
            Field::Reference(reference) if reference.plain => {
                self.value(field_type, content, at);
                self.plain_reference(reference, content, at)?;
            }
            Field::Reference(reference) if reference.required && content.is_null() => {
                self.warn(at, "it refers to nothing, and the column takes no NULL: no import can take that");
            }
            Field::Reference(reference) => self.reference(&reference.section, content, at)?,
            Field::Json(_, json) => self.json(json, content, at)?,
            Field::Nested(nested) => self.children(nested, content, at)?,
            // A field of a child that stands among its parent's.
            Field::Flattened(child, field) => match shape.nested.get(child) {
                Some(nested) if nested.shape.columns.contains_key(field) => {
                    self.field(&nested.shape, field, content, at)?;
                }
                _ => {}
            },
        }
        Ok(())
    }

    /// Says where the column makes something else of a value: somebody may have edited it.
    fn value(&mut self, field_type: FieldType, content: &Content<'_>, at: &At) {
        let Content::Value(value) = content else { return };
        let why = match (field_type.affinity(), value.as_ref()) {
            (Some(Affinity::Integer | Affinity::Real | Affinity::Numeric), Value::Text(text)) => {
                number_in(text).is_some().then_some("it is a text here, and the column makes a number of it")
            }
            (Some(Affinity::Text), Value::Integer(_) | Value::Real(_)) => {
                Some("it is a number here, and the column makes a text of it")
            }
            _ => None,
        };
        if let Some(why) = why {
            self.warn(at, why);
        }
    }

    /// A column that holds the key of what it refers to.
    fn plain_reference(&mut self, reference: &Reference, content: &Content<'_>, at: &At) -> Result<()> {
        let [to] = reference.to.as_slice() else { return Ok(()) };
        let section = reference.section.as_str();
        let (Some(field), Some(shape)) = (self.model.field_of(section, to), self.model.shape(section)) else {
            return Ok(());
        };
        match ItemModel::field_key(shape, &field, content) {
            Some(key) => self.add_reference(section, By::Field(field), &key, at),
            None => Ok(()),
        }
    }

    fn reference(&mut self, section: &str, content: &Content<'_>, at: &At) -> Result<()> {
        if let Content::Json(json) = content
            && let Some(number) = dangling(json)
        {
            if value_of(number).is_ok_and(|value| value == Value::Null) {
                self.error(at, format!("{DANGLING} is what a reference held, and not null"));
            } else if let Err(why) = value_of(number) {
                self.error(at, why);
            }
            return Ok(());
        }
        let key = match self.model.reference_key(section, content) {
            Ok(Some(key)) => key,
            Ok(None) => return Ok(()),
            Err(why) => {
                self.error(at, why);
                return Ok(());
            }
        };
        let has_numbers = self.model.shape(section).is_none_or(|shape| shape.ids);
        let Some(number) = number_of(content).filter(|_| has_numbers) else {
            return self.add_reference(section, By::Key, &key, at);
        };
        if !self.model.metadata.sections.contains_key(section) {
            self.error(at, format!("an {ID} leads to an item of {section}, which is not in the document"));
            return Ok(());
        }
        self.add_reference(section, By::Number, &key_of_number(number), at)
    }

    fn add_reference(&mut self, section: &str, by: By, key: &Key, at: &At) -> Result<()> {
        let Some(target) = self.model.target(section, by) else { return Ok(()) };
        // Most of what is referred to has been written before.
        let is_there = |visit: &Self| visit.keys.has_target(target, key);
        if self.written.is_some() && (!self.model.must_have(target) || is_there(self)?) {
            return Ok(());
        }
        self.keys.add_reference(target, self.section, key, at.place, Some(&at.below))
    }

    /// A text column that holds JSON, and what is referred to inside.
    fn json(&mut self, model: &JsonColumn, content: &Content<'_>, at: &At) -> Result<()> {
        let Content::Json(json) = content else { return Ok(()) };
        let tag = json.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        let inside = match tag {
            Some((tag, inside)) if tag.starts_with('$') && !tag.starts_with("$$") && tag != PARTS => {
                let wrong = match (tag.as_str(), inside) {
                    (MARKER, Json::Bool(true)) if model.secrets => None,
                    (RAW_JSON, Json::String(_)) | ("$integer" | "$real", Json::Number(_)) => None,
                    (RAW_JSON, _) => Some(format!("{RAW_JSON} is a string")),
                    _ => value_of(json).err(),
                };
                if let Some(why) = wrong {
                    self.error(at, why);
                }
                return Ok(());
            }
            _ => json,
        };
        for (path, section) in &model.references {
            let mut found = Vec::new();
            find(inside, &steps(path), String::new(), &mut found);
            for (below, json) in found {
                let (_, json) = IdType::of(json);
                if dangling(json).is_some() {
                    self.warn(
                        &at.inside(&below),
                        format!("it led to nothing in {section} when the document was written"),
                    );
                    continue;
                }
                self.reference(section, &Content::Json(Cow::Borrowed(json)), &at.inside(&below))?;
            }
        }
        Ok(())
    }

    fn children(&mut self, nested: &'a Nested, content: &Content<'_>, at: &At) -> Result<()> {
        let Content::Json(json) = content else { return Ok(()) };
        let shape = &nested.shape;
        match (nested.one, json.as_ref()) {
            (true, Json::Null) => Ok(()),
            (true, Json::Array(_)) => {
                self.error(at, "there is one at most: an object or null, and this is a list");
                Ok(())
            }
            (true, json) => self.child(shape, json, at).map(drop),
            (false, Json::Array(list)) => {
                let mut taken = HashMap::new();
                for (number, json) in list.iter().enumerate() {
                    let child = at.inside(&format!("[{number}]"));
                    if let Some(key) = self.child(shape, json, &child)?
                        && let Some(earlier) = taken.insert(key, number)
                    {
                        self.error(&child, format!("its key is that of [{earlier}] too"));
                    }
                }
                Ok(())
            }
            (false, other) => {
                self.error(at, format!("children are a list, and this is {}", kind_of(other)));
                Ok(())
            }
        }
    }

    /// Looks at a child. Returns its key.
    fn child(&mut self, shape: &'a Shape, json: &Json, at: &At) -> Result<Option<Key>> {
        let Json::Object(object) = json else {
            self.error(at, format!("a child is an object, and this is {}", kind_of(json)));
            return Ok(None);
        };
        let mut fields = Fields::new();
        for (key, json) in object {
            let name = key.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(key);
            let inside = at.inside(&format!(".{key}"));
            let Some((name, field_type)) = shape.columns.get_key_value(name) else {
                self.error(&inside, "there is no such field");
                continue;
            };
            let content = match field_type {
                FieldType::Json => Content::Json(Cow::Borrowed(json)),
                field_type => typed_value_of(*field_type, json).map_or_else(
                    |why| {
                        self.error(&inside, why);
                        Content::Unreadable
                    },
                    |value| Content::Value(Cow::Owned(value)),
                ),
            };
            self.field(shape, name, &content, &inside)?;
            fields.insert(name, content);
        }
        self.require_key(shape, &fields, at);
        Ok(self.model.key(shape, &fields))
    }
}

/// Everything that a path leads to, with where it is.
fn find<'j>(json: &'j Json, steps: &[Step], below: String, found: &mut Vec<(String, &'j Json)>) {
    let Some((step, rest)) = steps.split_first() else { return found.push((below, json)) };
    match (step, json) {
        (Step::Key(key), Json::Object(object)) => {
            if let Some(inside) = object.get(key) {
                find(inside, rest, format!("{below}.{key}"), found);
            }
        }
        (Step::Each, Json::Array(list)) => {
            for (at, inside) in list.iter().enumerate() {
                find(inside, rest, format!("{below}[{at}]"), found);
            }
        }
        (Step::Each | Step::Keys, Json::Object(object)) if !object.contains_key(PARTS) => {
            for (key, inside) in object {
                find(inside, rest, format!("{below}.{key}"), found);
            }
        }
        _ => {}
    }
}
