//! Items in the names of the database.

use super::{Mapping, Renames};
use crate::app::json_path::steps;
use crate::app::model::{Field, Nested, Shape};
use crate::document::json::key_of;
use crate::document::tree::each_at;
use serde_json::{Map, Value as Json};

/// So many references in the key of a key are a circle.
const DEEPEST: u32 = 32;

impl Mapping {
    /// Puts the names of the database into an item of a section, as the document has it.
    pub fn rename_item(&self, section: &str, item: &mut Map<String, Json>) {
        if let (false, Some(shape)) = (self.is_empty(), self.shapes.get(section)) {
            self.rename_fields(shape, self.renames.get(section), item);
        }
    }

    fn rename_fields(&self, shape: &Shape, renames: Option<&Renames>, item: &mut Map<String, Json>) {
        let none = Renames::default();
        let renames = renames.unwrap_or(&none);
        for (key, mut value) in std::mem::take(item) {
            let name = plain(&key);
            if renames.left_out.contains(name) {
                continue;
            }
            if !shape.columns.contains_key(name) {
                // A number, or something that is told later to be none of its fields.
                item.insert(key, value);
                continue;
            }
            if let Field::Nested(nested) = shape.field(name) {
                self.rename_children(nested, renames.children.get(name), &mut value);
            } else {
                self.rename_inside(shape, name, &mut value);
            }
            item.insert(key_of(renames.field(shape, name)).into_owned(), value);
        }
    }

    fn rename_children(&self, nested: &Nested, renames: Option<&Renames>, children: &mut Json) {
        let rename = |child: &mut Json| {
            if let Json::Object(child) = child {
                self.rename_fields(&nested.shape, renames, child);
            }
        };
        match children {
            Json::Array(list) => list.iter_mut().for_each(rename),
            child => rename(child),
        }
    }

    /// The keys that a field refers to items by.
    fn rename_inside(&self, shape: &Shape, field: &str, value: &mut Json) {
        match shape.field(field) {
            Field::Reference(reference) if !reference.plain => self.rename_key(&reference.section, value, 0),
            Field::Json(_, model) => {
                for (path, section) in &model.references {
                    let renamed = each_at(value, &steps(path), &mut |key| {
                        self.rename_key(section, key, 0);
                        Ok(())
                    });
                    renamed.expect("renaming has no errors");
                }
            }
            Field::Flattened(child, field) => self.rename_inside(&shape.nested[child].shape, field, value),
            Field::Column(_) | Field::Reference(_) | Field::Nested(_) => {}
        }
    }

    /// The key of an item of a section: a value, or an object with the fields of a key that has several.
    fn rename_key(&self, section: &str, key: &mut Json, depth: u32) {
        let Some(shape) = self.shapes.get(section).filter(|_| depth < DEEPEST) else { return };
        let part = |field: &str, value: &mut Json| {
            if let Some(reference) = shape.references.get(field).filter(|reference| !reference.plain) {
                self.rename_key(&reference.section, value, depth + 1);
            }
        };
        match (shape.key.as_slice(), key) {
            ([field], value) => part(field, value),
            (fields, Json::Object(object)) => {
                for (key, mut value) in std::mem::take(object) {
                    let name = plain(&key);
                    let Some(field) = fields.iter().find(|field| *field == name) else {
                        object.insert(key, value);
                        continue;
                    };
                    part(field, &mut value);
                    let new = self.renames.get(section).map_or(name, |renames| renames.field(shape, name));
                    object.insert(key_of(new).into_owned(), value);
                }
            }
            _ => {}
        }
    }
}

/// A field's name, of the key that it has in an item.
fn plain(key: &str) -> &str {
    key.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(key)
}
