//! What references of items lead to: rows that are there, or items that come along.

use super::dangling::Dangling;
use super::incoming::{self, Incoming};
use super::items::{Items, key_text};
use super::state::State;
use super::target::{Handle, Target};
use crate::app::model::{Field, Reference, Shape};
use crate::database::value::Value;
use crate::document::envelope::{Metadata, Witness};
use crate::document::json::{ID, ROW, key_of};
use crate::document::label;
use crate::document::tree::dangling;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Whose rows a document becomes: the column that says so, and its value.
pub type Owner = Option<(String, Value)>;

/// What becomes of a reference that leads to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Nothing is imported.
    #[default]
    Fail,
    /// The column is NULL, where it may be.
    Null,
    /// The item does not come in.
    Skip,
}

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// The values of the columns that it refers to.
    Values(Vec<Value>),
    /// It leads to an item that is being decided.
    Pending,
    /// Nothing: what it should lead to, in words.
    Missing(String),
}

/// The values of a row's columns.
pub type Row = IndexMap<String, Value>;

/// Why an item has no row.
#[derive(Debug, Clone, PartialEq)]
pub enum Unresolved {
    /// It depends on an item that is being decided: which columns.
    Pending,
    /// A reference leads nowhere: where it stands in the item, and what it should lead to.
    Missing(String, String),
}

impl Unresolved {
    /// The same of a reference inside a column.
    pub fn inside(self, column: &str) -> Self {
        match self {
            Self::Missing(path, what) => {
                let dot = if path.starts_with('[') { "" } else { "." };
                Self::Missing(format!("{column}{dot}{path}"), what)
            }
            Self::Pending => Self::Pending,
        }
    }
}

/// Resolves references.
pub struct Resolver<'p> {
    /// The items of the document.
    pub items: &'p Items,
    /// What the document says of them.
    pub metadata: &'p Metadata,
    /// The database that takes them.
    pub target: &'p Target<'p>,
    /// Whose rows they become.
    pub owner: Owner,
    /// What a reference to nothing becomes.
    pub missing: Missing,
    /// How many references are being resolved, each for the sake of another.
    pub depth: Cell<u32>,
    /// What dangling references hold here.
    pub dangling: RefCell<Dangling>,
    /// What stands for rows that are no items, by their section and row id.
    pub witnesses: HashMap<(&'p str, i64), &'p Witness>,
}

/// So many references in the key of a key are a circle.
const DEEPEST: u32 = 32;

impl<'p> Resolver<'p> {
    /// The shape of a section that is in the document or that it refers to.
    pub fn shape(&self, section: &str) -> Result<&'p Shape> {
        self.metadata.shape(section).with_context(|| format!("the document does not say what {section:?} is"))
    }

    /// The item that a reference leads to, where it is in the document.
    pub fn item(&self, section: &str, key: &Json) -> Result<Option<i64>> {
        item_of(self.items, self.metadata, section, key)
    }

    /// The values of the columns that a reference refers to.
    pub fn resolve(&self, section: &str, to: &[String], key: &Json) -> Result<Link> {
        if let (Some(number), [to]) = (dangling(key), to) {
            return self.resolve_dangling(section, to, number);
        }
        if let (Some(number), [to]) = (row_number(key), to)
            && self.item(section, key)?.is_none()
        {
            return self.resolve_row(section, to, number);
        }
        if self.depth.get() >= DEEPEST {
            return Ok(Link::Missing(format!("the key of {section} leads in a circle")));
        }
        self.depth.set(self.depth.get() + 1);
        let found = self.follow(section, to, key);
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn follow(&self, section: &str, to: &[String], key: &Json) -> Result<Link> {
        if let Some(id) = self.item(section, key)? {
            return match self.items.state(id)? {
                State::Open | State::Deciding => Ok(Link::Pending),
                State::Matched(handle) | State::Several(handle) => self.load(section, to, &handle),
                State::New(given) => self.of_new(section, to, id, given),
                State::Taken => Ok(Link::Missing(format!("{section} {key} is somebody else's"))),
                State::Blocked => {
                    let what = format!("{section} {key} shares what must be unique with another row");
                    Ok(Link::Missing(what))
                }
                State::Out(why) => Ok(Link::Missing(format!("{section} {key} {why}"))),
            };
        }
        if local_number(self.shape(section)?, key).is_some() {
            return Ok(Link::Missing(format!("no item of {section} has the number {key}")));
        }
        match self.find(section, key)?.as_slice() {
            [handle] => self.load(section, to, handle),
            _ => Ok(Link::Missing(format!("{section} {key} is neither in the database nor in the document"))),
        }
    }

    fn load(&self, section: &str, to: &[String], handle: &Handle) -> Result<Link> {
        let names: Vec<&str> = to.iter().map(String::as_str).collect();
        let table = &self.shape(section)?.table;
        let values = self.target.load(table, &names, handle)?;
        Ok(values.map_or_else(|| Link::Missing(format!("a row of {table}")), Link::Values))
    }

    /// The values that an item which is not there yet will have.
    fn of_new(&self, section: &str, to: &[String], id: i64, given: Option<i64>) -> Result<Link> {
        let shape = self.shape(section)?;
        let table = self.target.table(&shape.table)?;
        if let ([name], Some(number)) = (to, given)
            && table.numbered().is_some_and(|numbered| numbered.eq_ignore_ascii_case(name))
        {
            return Ok(Link::Values(vec![Value::Integer(number)]));
        }
        let item = self.items.get(id)?;
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        let Ok(incoming) = incoming::read(shape, &json) else { return Ok(Link::Pending) };
        let mut values = Vec::new();
        for name in to {
            let value = match (self.column(&incoming, name)?, given) {
                (Link::Values(mut value), _) => value.pop().unwrap_or(Value::Null),
                (other, None) => return Ok(other),
                (_, Some(number)) => Value::Integer(number),
            };
            values.push(value);
        }
        Ok(Link::Values(values))
    }

    /// What a reference leads to whose column holds the natural key itself: an item of the document may be a row with
    /// another, or come in under another. Nothing where it is none.
    pub fn resolve_plain(&self, reference: &Reference, key: &Json) -> Result<Option<Link>> {
        match self.item(&reference.section, key)? {
            Some(_) => self.resolve(&reference.section, &reference.to, key).map(Some),
            // So many led nowhere where it was written.
            None if reference.lost > 0 => Ok(None),
            None => {
                let (section, shape) = (&reference.section, self.shape(&reference.section)?);
                let ([to], Ok(value)) = (reference.to.as_slice(), incoming::value(key)) else {
                    return Ok(None);
                };
                if !self.target.find(&shape.table, &[(to.as_str(), &value)], 1)?.is_empty() {
                    return Ok(None);
                }
                let what = format!("{section} {key} is neither in the database nor in the document");
                Ok(Some(Link::Missing(what)))
            }
        }
    }

    /// The value that a column of an item will have.
    pub fn column(&self, incoming: &Incoming<'_>, name: &str) -> Result<Link> {
        if let Some((reference, key)) =
            incoming.plain.iter().find(|(reference, _)| reference.columns == [name])
            && !self.metadata.by_id
        {
            match self.resolve_plain(reference, key)? {
                Some(Link::Values(values)) => return Ok(Link::Values(values)),
                Some(Link::Pending) => return Ok(Link::Pending),
                Some(Link::Missing(_)) | None => {}
            }
        }
        if let Some(value) = incoming.values.get(name) {
            return Ok(Link::Values(vec![value.clone()]));
        }
        if let Some((column, value)) = &self.owner
            && column == name
        {
            return Ok(Link::Values(vec![value.clone()]));
        }
        for (reference, key) in &incoming.references {
            if let Some(at) = reference.columns.iter().position(|column| column == name) {
                return Ok(match self.resolve(&reference.section, &reference.to, key)? {
                    Link::Values(values) => Link::Values(vec![values[at].clone()]),
                    other => other,
                });
            }
        }
        Ok(Link::Missing(format!("the item lacks {name}")))
    }

    /// The rows that are there and that have the key of a reference.
    fn find(&self, section: &str, key: &Json) -> Result<Vec<Handle>> {
        let shape = self.shape(section)?;
        let mut wanted: Vec<(String, Value)> = Vec::new();
        for field in &shape.key {
            let Some(json) = part(shape, key, field) else { return Ok(Vec::new()) };
            match shape.field(field) {
                Field::Reference(reference) if !reference.plain => {
                    match self.resolve(&reference.section, &reference.to, json)? {
                        Link::Values(values) => {
                            wanted.extend(reference.columns.iter().cloned().zip(values));
                        }
                        _ => return Ok(Vec::new()),
                    }
                }
                _ => match incoming::value_of(shape, field, json) {
                    Ok(value) => wanted.push((field.clone(), value)),
                    Err(_) => return Ok(Vec::new()),
                },
            }
        }
        self.add_owner(shape, &mut wanted);
        if wanted.is_empty() && !shape.singleton {
            return Ok(Vec::new());
        }
        let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (name.as_str(), value)).collect();
        self.target.find(&shape.table, &wanted, 2)
    }

    /// Adds the condition that rows are the owner's.
    pub fn add_owner(&self, shape: &Shape, wanted: &mut Vec<(String, Value)>) {
        if let (Some(column), Some((_, value))) = (&shape.scope, &self.owner) {
            wanted.push((column.clone(), value.clone()));
        }
    }
}

/// The item that a reference leads to, where it is in the document.
pub fn item_of(items: &Items, metadata: &Metadata, section: &str, key: &Json) -> Result<Option<i64>> {
    let Some((at, _, known)) = metadata.sections.get_full(section) else { return Ok(None) };
    let at = u32::try_from(at)?;
    let shape = &known.shape;
    if let Some(number) = local_number(shape, key).or_else(|| row_number(key)) {
        return items.by_number(at, number);
    }
    match key_text(shape, |field| part(shape, key, field).map(|part| label::without(part).to_string())) {
        Some(text) => items.by_key(at, &text),
        None => Ok(None),
    }
}

/// The row id that an item had, where a reference knows it by that.
pub fn row_number(key: &Json) -> Option<i64> {
    label::number(key, ROW)
}

/// The number by which a reference knows an item: where items have a key, it is a part of that.
fn local_number(shape: &Shape, key: &Json) -> Option<i64> {
    label::number(key, ID).filter(|_| shape.ids)
}

/// A part of a key: the key itself where it has a single one.
fn part<'j>(shape: &Shape, key: &'j Json, field: &str) -> Option<&'j Json> {
    match shape.key.as_slice() {
        [_] => Some(key),
        _ => key.as_object()?.get(key_of(field).as_ref()),
    }
}
