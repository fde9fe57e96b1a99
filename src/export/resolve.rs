//! What references are written as: the natural key of what they refer to.

use super::anonymize::Anonymizer;
use super::order::Handles;
use super::ordering::order_bytes;
use crate::app::Model;
use crate::app::model::{Field, Reference, Shape};
use crate::database::children::conditions;
use crate::database::quote::identifier;
use crate::database::row_query::{Columns, RowQuery};
use crate::database::rows::Encoding;
use crate::database::value::{Borrowed, Value};
use crate::document::json::{ID, key_of, write_string, write_value};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
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

/// Resolves references, and counts those that lead nowhere.
pub(super) struct Resolver<'c> {
    connection: &'c Connection,
    model: &'c Model,
    encoding: Encoding,
    anonymizer: Option<Rc<Anonymizer<'c>>>,
    queries: RefCell<HashMap<String, Rc<RefCell<KeyQuery<'c>>>>>,
    known: RefCell<HashMap<Vec<u8>, Option<Rc<Target>>>>,
    lost: RefCell<IndexMap<String, u64>>,
    numbers: RefCell<HashMap<String, Handles>>,
    /// How many keys are being looked up, each for the sake of another.
    depth: Cell<u32>,
}

/// So many keys that lead to others are a circle.
const DEEPEST: u32 = 32;

/// What reads the key of a row that is referred to.
struct KeyQuery<'c> {
    columns: Columns,
    query: RowQuery<'c>,
}

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
            lost: RefCell::default(),
            numbers: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// The items of a table have numbers, in a table of their own.
    pub(super) fn number(&self, table: &str, numbers: Handles) {
        self.numbers.borrow_mut().insert(table.to_owned(), numbers);
    }

    /// Forgets what was resolved before items had their numbers.
    pub(super) fn forget(&self) {
        self.known.borrow_mut().clear();
        self.lost.borrow_mut().clear();
    }

    /// What was counted: the references that lead nowhere, and how many each.
    pub(super) fn lost(&self) -> IndexMap<String, u64> {
        self.lost.borrow().clone()
    }

    /// What the columns of a reference lead to; nothing where one of them is NULL, or where nothing is there.
    pub(super) fn resolve(
        &self,
        table: &str,
        reference: &Reference,
        values: &[&Value],
    ) -> Result<Option<Rc<Target>>> {
        if values.iter().any(|value| **value == Value::Null) {
            return Ok(None);
        }
        let found = self.find(&reference.section, &reference.to, values)?;
        if found.is_none() {
            let name = format!("{table}.{} to {}", reference.columns.join("+"), reference.section);
            *self.lost.borrow_mut().entry(name).or_default() += 1;
        }
        Ok(found)
    }

    /// What a value inside JSON leads to.
    pub(super) fn resolve_inside(
        &self,
        table: &str,
        path: &str,
        section: &str,
        to: &[String],
        value: &Value,
    ) -> Result<Option<Rc<Target>>> {
        let found = if to.len() == 1 { self.find(section, to, &[value])? } else { None };
        if found.is_none() {
            let name = format!("{table}.{path} to {section}");
            *self.lost.borrow_mut().entry(name).or_default() += 1;
        }
        Ok(found)
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
        let sql = format!(
            "SELECT n.number FROM {table} AS t, temp.{name} AS n WHERE {wanted} AND {same}",
            table = identifier(&shape.table),
            name = numbers.name,
            wanted = conditions("t", to),
            same = numbers.joins("t", "n"),
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let number: Option<i64> =
            statement.query_row(params_from_iter(values), |row| row.get(0)).optional()?;
        Ok(number.map(|number| Target {
            scalar: None,
            json: format!("{{\"{ID}\": {number}}}"),
            order: order_bytes(&Value::Integer(number)),
        }))
    }

    /// An item that is known by its key.
    fn keyed(
        &self,
        section: &str,
        shape: &Shape,
        to: &[String],
        values: &[&Value],
    ) -> Result<Option<Target>> {
        let name = format!("{section}\0{}", to.join("\0"));
        let known = self.queries.borrow().get(&name).cloned();
        let query = if let Some(query) = known {
            query
        } else {
            let query = Rc::new(RefCell::new(self.key_query(shape, to)?));
            self.queries.borrow_mut().insert(name, Rc::clone(&query));
            query
        };
        let mut found = None;
        // A key of a table may lead to another row of it, so the query must not be held while that is looked for.
        let columns = {
            let mut query = query.borrow_mut();
            let columns = query.columns.clone();
            query.query.for_each(&params_from_iter(values.iter().copied()), |row| {
                found.get_or_insert(row);
                Ok(())
            })?;
            columns
        };
        match found {
            Some(row) if !self.means_another(section, to, values, &columns, &row)? => {
                self.key_of(shape, &columns, &row).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Whether a row is not exported, and its key means one that is: a key may hold among the exported rows only.
    fn means_another(
        &self,
        section: &str,
        to: &[String],
        values: &[&Value],
        columns: &Columns,
        row: &[Value],
    ) -> Result<bool> {
        let section = &self.model.sections[section];
        let Some(condition) = &section.condition else { return Ok(false) };
        let table = identifier(&section.shape.table);
        let own = format!(
            "SELECT 1 FROM {table} WHERE {} AND NOT ifnull(({condition}), 0)",
            conditions(&table, to)
        );
        let exists = |sql: &str, values: &[&Value]| -> Result<bool> {
            let mut statement = self.connection.prepare_cached(sql)?;
            Ok(statement.exists(params_from_iter(values.iter().copied()))?)
        };
        if !exists(&own, values)? {
            return Ok(false);
        }
        let others =
            format!("SELECT 1 FROM {table} WHERE {} AND ({condition})", conditions(&table, columns.names()));
        exists(&others, &row.iter().collect::<Vec<_>>())
    }

    fn key_query(&self, shape: &Shape, to: &[String]) -> Result<KeyQuery<'c>> {
        let mut columns = Columns::default();
        for field in &shape.key {
            match shape.field(field) {
                Field::Reference(reference) => reference.columns.iter().for_each(|name| columns.add(name)),
                _ => columns.add(field),
            }
        }
        let rest = format!("FROM {} AS t WHERE {} LIMIT 1", identifier(&shape.table), conditions("t", to));
        let query = RowQuery::prepare(self.connection, &columns, "t", &rest, self.encoding)
            .with_context(|| format!("cannot look up {}", shape.table))?;
        Ok(KeyQuery { columns, query })
    }

    /// The key of a row: its only part, or an object of its parts.
    fn key_of(&self, shape: &Shape, columns: &Columns, row: &[Value]) -> Result<Target> {
        let mut parts = Vec::new();
        for field in &shape.key {
            parts.push(match shape.field(field) {
                Field::Reference(reference) if !reference.plain => {
                    let values: Vec<&Value> =
                        reference.columns.iter().map(|name| &row[columns.at(name)]).collect();
                    self.find(&reference.section, &reference.to, &values)?
                        .unwrap_or_else(|| Rc::new(Target::of(&Value::Null)))
                }
                _ => {
                    let value = &row[columns.at(field)];
                    Rc::new(match &self.anonymizer {
                        Some(anonymizer) => Target::of(&anonymizer.replace(&shape.table, field, value)?),
                        None => Target::of(value),
                    })
                }
            });
        }
        if let [part] = parts.as_slice() {
            let (scalar, json, order) = (part.scalar.clone(), part.json.clone(), part.order.clone());
            return Ok(Target { scalar, json, order });
        }
        let mut json = b"{".to_vec();
        let mut order = Vec::new();
        for (field, part) in shape.key.iter().zip(&parts) {
            if json.len() > 1 {
                json.extend_from_slice(b", ");
            }
            write_string(&key_of(field), &mut json);
            json.extend_from_slice(b": ");
            json.extend_from_slice(part.json.as_bytes());
            order.extend_from_slice(&part.order);
        }
        json.push(b'}');
        Ok(Target { scalar: None, json: String::from_utf8(json)?, order })
    }
}

impl Target {
    fn of(value: &Value) -> Self {
        let mut json = Vec::new();
        write_value(value.into(), &mut json);
        let json = String::from_utf8(json).expect("values are written as UTF-8");
        Self { scalar: Some(value.clone()), json, order: order_bytes(value) }
    }
}
