//! Items of documents side by side: what they hold, what they are called, and what became of their fields and children.

use super::pair::Known;
use super::staged::{Item, Staged};
use crate::app::model::{Field, FieldType, JsonColumn, Nested, Reference, Shape};
use crate::app::secrets::is_secret;
use crate::diff::{FieldChange, ItemChange, What};
use crate::document::json::{ID, RAW_JSON};
use anyhow::Result;
use serde_json::{Value as Json, json};

/// The member of a reference that says which pair of items it means.
const CLASS: &str = "$class";
/// A name has so many characters at most.
const LONGEST: usize = 80;

/// Compares the items of a section, whose shape two documents say.
pub(super) struct Comparing<'a> {
    staged: &'a Staged,
    shapes: [&'a Shape; 2],
    /// The fields that both have.
    fields: Vec<&'a str>,
}

impl<'a> Comparing<'a> {
    pub fn of(staged: &'a Staged, shapes: [&'a Shape; 2]) -> Self {
        Self { staged, shapes, fields: common(shapes) }
    }

    /// An item whose references by local ids are by what they mean.
    pub fn resolved(&self, side: u8, item: Item) -> Result<Item> {
        resolve_item(self.staged, side, self.shapes[usize::from(side)], item)
    }

    /// By what a resolved item is known.
    pub fn known(&self, item: &Item) -> Result<Known> {
        let [before, after] = self.shapes;
        let content: Vec<Option<&Json>> = self.fields.iter().map(|field| item.get(*field)).collect();
        let has_key = !after.key.is_empty()
            && before.key == after.key
            && after.key.iter().all(|field| self.fields.contains(&field.as_str()));
        let key: Option<Vec<&Json>> =
            after.key.iter().map(|field| item.get(field).filter(|value| !value.is_null())).collect();
        let key = key.filter(|_| has_key).map(|key| serde_json::to_string(&key)).transpose()?;
        Ok(Known {
            content: serde_json::to_string(&content)?,
            key,
            label: called(self.staged, after, item)?,
            item: serde_json::to_string(item)?,
        })
    }

    /// An item that is on one side only.
    pub fn alone(&self, section: &str, item: &Item, what: What) -> Result<ItemChange> {
        let item = called(self.staged, self.shapes[1], item)?;
        Ok(ItemChange { section: section.to_owned(), item, what, changes: Vec::new() })
    }

    /// What became of an item and its children.
    pub fn changes(
        &self,
        section: &str,
        shapes: [&Shape; 2],
        items: [&Item; 2],
        each: &mut dyn FnMut(&ItemChange) -> Result<()>,
    ) -> Result<()> {
        let name = called(self.staged, shapes[1], items[1])?;
        self.compare((section, &name), shapes, items, each)
    }

    fn compare(
        &self,
        (section, name): (&str, &str),
        shapes: [&Shape; 2],
        [before, after]: [&Item; 2],
        each: &mut dyn FnMut(&ItemChange) -> Result<()>,
    ) -> Result<()> {
        let mut changes = Vec::new();
        let mut children = Vec::new();
        for field in common(shapes) {
            let (Some(old), Some(new)) = (before.get(field), after.get(field)) else { continue };
            if old == new {
                continue;
            }
            match (shapes[0].field(field), shapes[1].field(field)) {
                (Field::Nested(a), Field::Nested(b)) => children.push((field, [a, b], [old, new])),
                _ => changes.push(self.change(shapes[1], field, old, new)?),
            }
        }
        if !changes.is_empty() {
            let (section, item) = (section.to_owned(), name.to_owned());
            each(&ItemChange { section, item, what: What::Changed, changes })?;
        }
        for (field, nested, lists) in children {
            self.children((&format!("{section}.{field}"), name), nested, lists, each)?;
        }
        Ok(())
    }

    /// What became of the children of an item of that name.
    fn children(
        &self,
        (section, parent): (&str, &str),
        nested: [&Nested; 2],
        lists: [&Json; 2],
        each: &mut dyn FnMut(&ItemChange) -> Result<()>,
    ) -> Result<()> {
        let shapes = nested.map(|nested| &nested.shape);
        let fields = common(shapes);
        let own = |item: &Item| -> Item {
            let own = item.iter().filter(|(name, _)| fields.contains(&name.as_str()));
            own.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let [mut before, mut after]: [Vec<Item>; 2] =
            lists.map(|value| list(value).into_iter().map(own).collect());
        before.retain(|old| match after.iter().position(|new| new == old) {
            Some(at) => {
                after.remove(at);
                false
            }
            None => true,
        });
        let name = |item: &Item| -> Result<String> {
            let own = called(self.staged, shapes[1], item)?;
            Ok(if nested[1].one || own.is_empty() { parent.to_owned() } else { format!("{parent} / {own}") })
        };
        let key = |item: &Item| -> Option<Vec<Json>> {
            let key = shapes[1].key.iter().map(|field| item.get(field).cloned());
            key.collect::<Option<Vec<Json>>>().filter(|key| !key.is_empty() || nested[1].one)
        };
        for old in before {
            let at = after.iter().position(|new| key(new).is_some() && key(new) == key(&old));
            match at.map(|at| after.remove(at)) {
                Some(new) => self.compare((section, &name(&new)?), shapes, [&old, &new], each)?,
                None => each(&child(section, name(&old)?, What::Gone))?,
            }
        }
        after.iter().try_for_each(|new| each(&child(section, name(new)?, What::New)))
    }

    fn change(&self, shape: &Shape, field: &str, before: &Json, after: &Json) -> Result<FieldChange> {
        let is_hidden = is_secret(field) || shape.secret.iter().any(|secret| secret == field);
        let shown = |value: &Json| -> Result<Json> {
            match value {
                Json::Null => Ok(Json::Null),
                _ if is_hidden => Ok(Json::from("(secret)")),
                value => shown(self.staged, value),
            }
        };
        Ok(FieldChange { field: field.to_owned(), before: shown(before)?, after: shown(after)? })
    }
}

fn child(section: &str, item: String, what: What) -> ItemChange {
    ItemChange { section: section.to_owned(), item, what, changes: Vec::new() }
}

/// The children that a field holds.
fn list(value: &Json) -> Vec<&Item> {
    match value {
        Json::Array(list) => list.iter().filter_map(Json::as_object).collect(),
        Json::Object(one) => vec![one],
        _ => Vec::new(),
    }
}

/// The fields that both shapes have.
fn common([before, after]: [&Shape; 2]) -> Vec<&str> {
    after.columns.keys().filter(|field| before.columns.contains_key(*field)).map(String::as_str).collect()
}

/// An item with references by what they mean, also those of its children, in the same form whatever version of the format has
/// it.
fn resolve_item(staged: &Staged, side: u8, shape: &Shape, mut item: Item) -> Result<Item> {
    for name in shape.null_fields.iter().filter(|name| shape.columns.contains_key(*name)) {
        let is_list = matches!(shape.field(name), Field::Nested(nested) if !nested.one);
        if !is_list && !item.contains_key(name) {
            item.insert(name.clone(), Json::Null);
        }
    }
    let fields = item.into_iter().map(|(name, value)| {
        let value = match shape.field(&name) {
            Field::Reference(reference) => resolve(staged, side, reference, value)?,
            Field::Flattened(child, field) => match shape.nested[child].shape.field(field) {
                Field::Reference(reference) => resolve(staged, side, reference, value)?,
                _ => value,
            },
            Field::Nested(nested) => resolve_children(staged, side, &nested.shape, value)?,
            Field::Json(_, column) => resolve_json(staged, side, column, unwrapped(value))?,
            Field::Column(_) => number(shape.columns.get(&name), value),
        };
        Ok((name, value))
    });
    fields.collect()
}

/// A value of a column: one that is true or false is a number in some documents.
fn number(field: Option<&FieldType>, value: Json) -> Json {
    match (field, value) {
        (Some(FieldType::Boolean), Json::Bool(value)) => Json::from(u8::from(value)),
        (_, value) => value,
    }
}

/// JSON that a document has as a text, because the text is not as larder would write it.
fn unwrapped(value: Json) -> Json {
    match value.get(RAW_JSON).and_then(Json::as_str) {
        Some(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::from(text)),
        None => value,
    }
}

fn resolve_children(staged: &Staged, side: u8, shape: &Shape, value: Json) -> Result<Json> {
    Ok(match value {
        Json::Array(list) => {
            let each = list.into_iter().map(|child| resolve_children(staged, side, shape, child));
            Json::Array(each.collect::<Result<_>>()?)
        }
        Json::Object(child) => Json::Object(resolve_item(staged, side, shape, child)?),
        other => other,
    })
}

fn resolve(staged: &Staged, side: u8, reference: &Reference, value: Json) -> Result<Json> {
    by_class(staged, side, &reference.section, value)
}

/// The references inside JSON, where they lead to one section.
fn resolve_json(staged: &Staged, side: u8, column: &JsonColumn, value: Json) -> Result<Json> {
    let mut sections: Vec<&String> = column.references.values().collect();
    sections.dedup();
    match sections.as_slice() {
        [section] => by_class(staged, side, section, value),
        _ => Ok(value),
    }
}

/// A value in which local ids of a section are what they mean.
fn by_class(staged: &Staged, side: u8, section: &str, value: Json) -> Result<Json> {
    if let Some(number) = value.get(ID).and_then(Json::as_i64) {
        // What comes later in the documents is not paired yet, and not compared.
        let class = staged.class(side, section, number)?;
        return Ok(json!({ CLASS: class, "section": section }));
    }
    Ok(match value {
        Json::Array(list) => {
            let each = list.into_iter().map(|value| by_class(staged, side, section, value));
            Json::Array(each.collect::<Result<_>>()?)
        }
        Json::Object(object) => {
            let each =
                object.into_iter().map(|(name, value)| Ok((name, by_class(staged, side, section, value)?)));
            Json::Object(each.collect::<Result<_>>()?)
        }
        other => other,
    })
}

/// A value for people: references as what they lead to is called.
fn shown(staged: &Staged, value: &Json) -> Result<Json> {
    let class = value.get(CLASS).and_then(Json::as_i64);
    let section = value.get("section").and_then(Json::as_str);
    if let (Some(class), Some(section)) = (class, section) {
        return Ok(staged.label(section, class)?.map_or_else(|| value.clone(), Json::from));
    }
    match value {
        Json::Array(list) => {
            Ok(Json::Array(list.iter().map(|value| shown(staged, value)).collect::<Result<_>>()?))
        }
        other => Ok(other.clone()),
    }
}

/// What an item is called: its label, its key, or the first words that it holds.
fn called(staged: &Staged, shape: &Shape, item: &Item) -> Result<String> {
    /// So many words tell most items apart.
    const MOST: usize = 3;
    for fields in [&shape.label, &shape.key] {
        let words = words(staged, item, fields.iter().map(String::as_str))?;
        if !words.is_empty() {
            return Ok(words.join(", "));
        }
    }
    let plain = shape.columns.keys().filter(|name| !is_secret(name) && !shape.nested.contains_key(*name));
    Ok(words(staged, item, plain.map(String::as_str))?.into_iter().take(MOST).collect::<Vec<_>>().join(", "))
}

fn words<'f>(staged: &Staged, item: &Item, fields: impl Iterator<Item = &'f str>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for value in fields.filter_map(|field| item.get(field)) {
        let word = match shown(staged, value)? {
            Json::String(text) if !text.is_empty() => text,
            Json::Number(number) => number.to_string(),
            _ => continue,
        };
        found.push(match word.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &word[..end]),
            None => word,
        });
    }
    Ok(found)
}
