//! What references are written as: the natural key of what they refer to.

mod key;

use super::anonymize::Anonymizer;
use super::lost::{Loss, Losses};
use super::order::Handles;
use super::ordering::order_bytes;
use crate::app::Model;
use crate::app::model::{Reference, Shape};
use crate::database::children::conditions;
use crate::database::quote::{identifier, user_table};
use crate::database::rows::Encoding;
use crate::database::value::{Borrowed, Value};
use crate::document::id_type::plain_number;
use crate::document::json::{DANGLING, ID, LABEL, write_string, write_value};
use crate::document::label;
use anyhow::Result;
use key::KeyQuery;
use rusqlite::{Connection, params_from_iter};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// How many resolved references are remembered.
const REMEMBERED: usize = 50_000;

/// What a reference leads to.
#[derive(Debug)]
pub(super) struct Target {
    /// Its key as a value, where it has a single part that is one.
    pub(super) scalar: Option<Value>,
    /// Its key as JSON.
    pub(super) json: String,
    /// Bytes that order it among others.
    pub(super) order: Vec<u8>,
}

/// What became of a reference.
#[derive(Debug)]
pub(super) enum Resolved {
    /// It leads to an item, or to a row that has a key.
    Item(Rc<Target>),
    /// No row has the id that it holds.
    Dangling(Target),
    /// There is none, or it leads to nothing and cannot be kept.
    Nothing,
    /// It leads to a row that the document cannot name.
    Unsaid,
}

/// Resolves references, and counts those that lead nowhere.
pub(super) struct Resolver<'c> {
    connection: &'c Connection,
    model: &'c Model,
    encoding: Encoding,
    anonymizer: Option<Rc<Anonymizer<'c>>>,
    queries: RefCell<HashMap<String, Rc<RefCell<KeyQuery<'c>>>>>,
    known: RefCell<HashMap<Vec<u8>, Option<Rc<Target>>>>,
    /// What is said of references that lead nowhere.
    pub(super) losses: Losses,
    numbers: RefCell<HashMap<String, Handles>>,
    /// How many keys are being looked up, each for the sake of another.
    depth: Cell<u32>,
}

/// So many keys that lead to others are a circle.
const DEEPEST: u32 = 32;

impl<'c> Resolver<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        model: &'c Model,
        encoding: Encoding,
        anonymizer: Option<Rc<Anonymizer<'c>>>,
    ) -> Self {
        Self {
            connection,
            model,
            encoding,
            anonymizer,
            queries: RefCell::default(),
            known: RefCell::default(),
            losses: Losses::default(),
            numbers: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// The items of a table have numbers, in a table of their own.
    pub(super) fn number(&self, table: &str, numbers: Handles) {
        self.numbers.borrow_mut().insert(table.to_owned(), numbers);
        self.forget();
    }

    /// Forgets all numbers of items, because they get others.
    pub(super) fn forget_numbers(&self) {
        self.numbers.borrow_mut().clear();
        self.forget();
    }

    /// Forgets what was resolved before items had their numbers.
    pub(super) fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    /// What the columns of a reference lead to.
    pub(super) fn resolve(&self, table: &str, reference: &Reference, values: &[&Value]) -> Result<Resolved> {
        if values.iter().any(|value| **value == Value::Null) {
            return Ok(Resolved::Nothing);
        }
        let section = &reference.section;
        if let Some(target) = self.find(section, &reference.to, values)? {
            return Ok(Resolved::Item(target));
        }
        let is_there = self.is_there(section, &reference.to, values)?;
        if let ([value], false) = (values, is_there)
            && self.is_kept(reference, value)
        {
            if !is_none(value) {
                self.losses.add(format!("{table}.{}", reference.columns.join("+")), section, Loss::Dangling);
            }
            return Ok(Resolved::Dangling(Target::dangling(value)));
        }
        let loss = match (is_there, reference.required) {
            (true, true) => Loss::Needed,
            (true, false) => Loss::Absent,
            (false, true) => Loss::Refused,
            (false, false) => Loss::Null,
        };
        self.losses.add(format!("{table}.{}", reference.columns.join("+")), section, loss);
        Ok(if is_there { Resolved::Unsaid } else { Resolved::Nothing })
    }

    /// Whether a document keeps what leads to nothing: a row id, or what is none (`n/a`) and stands where there are row ids.
    fn is_kept(&self, reference: &Reference, value: &Value) -> bool {
        let table = &self.model.sections[&reference.section].shape.table;
        let row_id = || self.model.meaning.row_ids.get(table).map(|id| id.column.as_deref());
        let is_to_row_id = || row_id().is_some_and(|id| id.is_none_or(|id| reference.to == [id]));
        match value {
            Value::Integer(_) => true,
            // Names are made up where they stand.
            _ if self.anonymizer.is_some() => false,
            Value::Text(text) => (is_none(value) || plain_number(text).is_none()) && is_to_row_id(),
            _ => is_to_row_id(),
        }
    }

    /// Whether a section's table has a row whose columns have these values, in the document or not.
    fn is_there(&self, section: &str, to: &[String], values: &[&Value]) -> Result<bool> {
        let table = user_table(&self.model.sections[section].shape.table);
        let sql = format!("SELECT 1 FROM {table} WHERE {}", conditions(&table, to, values));
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.exists(params_from_iter(values.iter().copied()))?)
    }

    /// What a value inside JSON leads to; nothing where it is none that a reference has, or leads nowhere.
    pub(super) fn resolve_inside(
        &self,
        place: &str,
        section: &str,
        to: &[String],
        value: Option<&Value>,
    ) -> Result<Option<Rc<Target>>> {
        let mut is_there = false;
        if let (Some(value), [_]) = (value, to) {
            let found = self.find(section, to, &[value])?;
            if found.is_some() {
                return Ok(found);
            }
            is_there = self.is_there(section, to, &[value])?;
        }
        let loss = if is_there { Loss::MarkedAbsent } else { Loss::Marked };
        self.losses.add(place.to_owned(), section, loss);
        Ok(None)
    }

    /// The item of a section whose columns `to` have these values.
    pub(super) fn find(&self, section: &str, to: &[String], values: &[&Value]) -> Result<Option<Rc<Target>>> {
        let mut key = section.as_bytes().to_vec();
        for name in to {
            key.push(0);
            key.extend_from_slice(name.as_bytes());
        }
        key.push(0xff);
        for value in values {
            Borrowed::from(*value).encode(&mut key);
        }
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(known.clone());
        }
        let shape = &self.model.sections[section].shape;
        if self.depth.get() >= DEEPEST {
            return Ok(None);
        }
        self.depth.set(self.depth.get() + 1);
        let found =
            if shape.ids { self.numbered(shape, to, values) } else { self.keyed(section, shape, to, values) };
        self.depth.set(self.depth.get() - 1);
        let found = found?;
        let found = found.map(Rc::new);
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, found.clone());
        Ok(found)
    }

    /// An item that is known by its number.
    fn numbered(&self, shape: &Shape, to: &[String], values: &[&Value]) -> Result<Option<Target>> {
        let Some(numbers) = self.numbers.borrow().get(&shape.table).cloned() else { return Ok(None) };
        let fields = label::fields(shape);
        let columns: Vec<String> = fields.iter().map(|name| format!("t.{}", identifier(name))).collect();
        let columns = ["n.number".to_owned()].into_iter().chain(columns).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT {columns} FROM {table} AS t, {numbers} AS n WHERE {wanted} AND {same}",
            table = user_table(&shape.table),
            numbers = numbers.table,
            wanted = conditions("t", to, values),
            same = numbers.handle.joins("t", "n"),
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let number: i64 = row.get(0)?;
        let mut called = Vec::with_capacity(fields.len());
        for (name, at) in fields.iter().zip(1..) {
            let value = Value::from(Borrowed::of(row.get_ref(at)?));
            called.push(match &self.anonymizer {
                Some(anonymizer) => anonymizer.replace(&shape.table, name, &value)?,
                None => value,
            });
        }
        let mut json = format!("{{\"{ID}\": {number}").into_bytes();
        if let Some(called) = label::of_values(&called) {
            json.extend_from_slice(format!(", \"{LABEL}\": ").as_bytes());
            write_string(&called, &mut json);
        }
        json.push(b'}');
        let order = order_bytes(&Value::Integer(number));
        Ok(Some(Target { scalar: None, json: String::from_utf8(json)?, order }))
    }
}

/// Whether a value that no row has says that there is none, as applications write it: nothing is lost with it.
fn is_none(value: &Value) -> bool {
    match value {
        Value::Integer(number) => matches!(number, 0 | -1),
        Value::Text(text) => matches!(text.as_str(), "" | "0" | "-1"),
        _ => false,
    }
}

impl Target {
    fn dangling(value: &Value) -> Self {
        let Self { json, order, .. } = Self::of(value);
        Self { scalar: None, json: format!("{{\"{DANGLING}\": {json}}}"), order }
    }

    fn of(value: &Value) -> Self {
        let mut json = Vec::new();
        write_value(value.into(), &mut json);
        let json = String::from_utf8(json).expect("values are written as UTF-8");
        Self { scalar: Some(value.clone()), json, order: order_bytes(value) }
    }
}
