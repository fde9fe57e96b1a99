//! An item: what it is known by, and where something in it is wrong.

use super::encode::{Content, Fields, digest};
use super::{By, ItemModel};
use crate::app::model::{FieldType, Shape};
use crate::database::value::{Borrowed, Value};
use crate::document::json::ID;
use crate::document::reader::Place;
use crate::problem::{Problem, Problems};
use crate::validate::keys::{Key, Keys};
use anyhow::Result;
use serde_json::Value as Json;
use std::borrow::Cow;

/// Looks at an item.
pub struct Visit<'a> {
    /// What the metadata say.
    pub model: &'a ItemModel,
    /// The keys of the document.
    pub keys: &'a mut Keys,
    /// What is wrong with it.
    pub problems: &'a mut Problems,
    /// The section, by its place in the document.
    pub section: u32,
    /// In which cell each field is, where there are cells.
    pub cells: &'a [u64],
    /// Where the item is.
    pub place: Place,
    /// Of items that larder writes: what can be wrong with them.
    pub written: Option<WrittenItems<'a>>,
}

/// Items that larder writes, with the values of a database and with numbers that differ: what can be wrong is what they refer
/// to, and a key of two.
pub struct WrittenItems<'a> {
    /// Which fields are looked at: those of the key, and what refers to something.
    pub fields: &'a [bool],
    /// The key of the item before, in a section that has the order of its keys: those of one key stand side by side.
    pub before: Option<&'a mut Option<Key>>,
}

/// Where in an item something is.
pub(super) struct At {
    /// The path below the item, with what stands before it.
    pub(super) below: String,
    pub(super) place: Place,
}

impl At {
    pub(super) fn inside(&self, below: &str) -> Self {
        Self { below: format!("{}{below}", self.below), place: self.place }
    }
}

impl Visit<'_> {
    /// Looks at an item of the section: its number, where it has one, and its fields.
    pub fn item(&mut self, number: Option<i64>, values: &[Option<Value>]) -> Result<()> {
        let Some((name, section)) = self.model.metadata.sections.get_index(self.section as usize) else {
            return Ok(());
        };
        let shape = &section.shape;
        let item = At { below: String::new(), place: self.place };
        if shape.singleton && self.place.item > 0 {
            self.error(&item, format!("the table {} has a single row", shape.table));
        }
        let fields = read(shape, values, self.written.as_ref().map(|written| written.fields));
        for (field, content) in &fields {
            let cell = shape.columns.get_index_of(*field).and_then(|at| self.cells.get(at).copied());
            let column = cell.unwrap_or(self.place.column);
            let at = At { below: format!(".{field}"), place: Place { column, ..self.place } };
            self.field(shape, field, content, &at)?;
        }
        self.know(name, shape, number, &fields)
    }

    /// Remembers what an item is known by, and says whether another one is.
    fn know(
        &mut self,
        name: &str,
        shape: &Shape,
        number: Option<i64>,
        fields: &Fields<'_, '_>,
    ) -> Result<()> {
        let item = At { below: String::new(), place: self.place };
        self.require_key(shape, fields, &item);
        let taken = |what: &str, earlier: Place| {
            format!("its {what} is that of data.{name}[{}] on line {} too", earlier.item, earlier.line)
        };
        if let Some(key) = self.model.key(shape, fields) {
            if let Some(before) = self.written.as_mut().and_then(|written| written.before.as_deref_mut()) {
                if before.replace(key) == Some(key) {
                    self.error(&item, "its key is that of the item before too");
                }
            } else if let Some(earlier) = self.keys.taken(self.section * 2, &key, self.place)? {
                self.error(&item, taken("key", earlier));
            }
            self.add_target(name, By::Key, &key)?;
        }
        if let Some(number) = number {
            let key = key_of_number(number);
            if self.written.is_some() {
                return self.add_target(name, By::Number, &key);
            }
            if let Some(earlier) = self.keys.taken(self.section * 2 + 1, &key, self.place)? {
                self.error(&item.inside(&format!(".{ID}")), taken(ID, earlier));
            }
            self.add_target(name, By::Number, &key)?;
        }
        if self.written.is_some() {
            return Ok(());
        }
        for (field, content) in fields {
            let by = By::Field((*field).to_owned());
            if let Some(target) = self.model.target(name, by)
                && let Some(key) = ItemModel::field_key(shape, field, content)
            {
                self.keys.add_target(target, &key)?;
            }
        }
        Ok(())
    }

    fn add_target(&mut self, section: &str, by: By, key: &Key) -> Result<()> {
        match self.model.target(section, by) {
            Some(target) => self.keys.add_target(target, key),
            None => Ok(()),
        }
    }

    pub(super) fn require_key(&mut self, shape: &Shape, fields: &Fields<'_, '_>, at: &At) {
        for name in &shape.key {
            if fields.get(name.as_str()).is_none_or(Content::is_null) {
                let at = at.inside(&format!(".{name}"));
                self.error(&at, "it is a part of the key, and the item lacks it");
            }
        }
    }

    pub(super) fn error(&mut self, at: &At, message: impl Into<String>) {
        let problem = Problem::error(&self.path(at), message);
        self.problems.add(problem.at(at.place.line, at.place.column));
    }

    pub(super) fn warn(&mut self, at: &At, message: impl Into<String>) {
        let problem = Problem::warning(&self.path(at), message);
        self.problems.add(problem.at(at.place.line, at.place.column));
    }

    fn path(&self, at: &At) -> String {
        let name = self.model.metadata.sections.get_index(self.section as usize).map_or("", |(name, _)| name);
        format!("data.{name}[{}]{}", at.place.item, at.below)
    }
}

/// The fields that an item has; only some of them where `only` says which.
fn read<'a, 'v>(shape: &'a Shape, values: &'v [Option<Value>], only: Option<&[bool]>) -> Fields<'a, 'v> {
    let mut fields = Fields::new();
    for (at, ((name, field_type), value)) in shape.columns.iter().zip(values).enumerate() {
        let is_wanted = only.is_none_or(|only| only.get(at).copied().unwrap_or(true));
        let Some(value) = value.as_ref().filter(|_| is_wanted) else { continue };
        let content = match (field_type, value) {
            (FieldType::Json, Value::Text(text)) => match serde_json::from_str(text) {
                Ok(json) => Content::Json(Cow::Owned(json)),
                Err(_) => Content::Unreadable,
            },
            (FieldType::Json, _) => Content::Json(Cow::Owned(Json::Null)),
            (_, value) => Content::Value(Cow::Borrowed(value)),
        };
        fields.insert(name, content);
    }
    fields
}

/// The key of an item that is known by its number.
pub(super) fn key_of_number(number: i64) -> Key {
    let mut bytes = Vec::new();
    Borrowed::Integer(number).encode(&mut bytes);
    digest(&bytes)
}
