//! From a row to an item: its fields in their order, references by what they lead to, children inside.

use super::anonymize::Anonymizer;
use super::json_column::{self, Ids};
use super::ordering::order_bytes;
use super::resolve::{Resolved, Resolver};
use crate::app::Model;
use crate::app::model::{Field, FieldType, JsonColumn, Nested, Reference, Shape, TypeColumn};
use crate::database::affinity::Affinity;
use crate::database::children::{Children, Kind};
use crate::database::row_query::Columns;
use crate::database::rows::Encoding;
use crate::database::schema::Tables;
use crate::database::value::Value;
use crate::document::tree::object;
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashMap;
use std::rc::Rc;

/// Makes items of rows.
pub(super) struct ItemBuilder<'c> {
    pub(super) resolver: Resolver<'c>,
    anonymizer: Option<Rc<Anonymizer<'c>>>,
    children: Children<'c>,
    /// The primary key of each section's table, to which references inside JSON lead.
    ids: HashMap<String, Ids>,
    encoding: Encoding,
    pub(super) tables: Tables<'c>,
}

impl<'c> ItemBuilder<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        model: &'c Model,
        anonymizer: Option<Rc<Anonymizer<'c>>>,
    ) -> Result<Self> {
        let encoding = Encoding::of(connection)?;
        let mut ids = HashMap::new();
        let tables = Tables::read(connection)?;
        for (name, section) in &model.sections {
            let table = tables.describe(&section.shape.table)?;
            let columns: Vec<String> = table.primary_key().into_iter().map(str::to_owned).collect();
            let affinity = columns.first().map_or(Affinity::Blob, |column| table.affinity(column));
            ids.insert(name.clone(), Ids { columns, affinity });
        }
        let resolver = Resolver::new(connection, model, encoding, anonymizer.clone());
        let children = Children::new(connection, encoding);
        Ok(Self { resolver, anonymizer, children, ids, encoding, tables })
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The columns that an item is made of.
    pub(super) fn columns(shape: &Shape) -> Columns {
        let mut columns = Columns::default();
        shape.table_columns().into_iter().for_each(|name| columns.add(name));
        add_types(shape, &mut columns);
        for nested in shape.nested.values() {
            nested.to.iter().for_each(|name| columns.add(name));
        }
        columns
    }

    /// The columns that an item is ordered by.
    pub(super) fn order_columns(shape: &Shape) -> Columns {
        let mut columns = Columns::default();
        for field in order_fields(shape) {
            match shape.field(field) {
                Field::Reference(reference) => reference.columns.iter().for_each(|name| columns.add(name)),
                Field::Column(name) | Field::Json(name, _) => columns.add(name),
                Field::Nested(_) | Field::Flattened(..) => {}
            }
        }
        add_types(shape, &mut columns);
        columns
    }

    /// Bytes that order an item among others: those of its key, else of its content without its children.
    pub(super) fn order_of(&self, shape: &Shape, columns: &Columns, row: &[Value]) -> Result<Vec<u8>> {
        self.resolver.losses.paused(|| self.order_bytes_of(shape, columns, row))
    }

    fn order_bytes_of(&self, shape: &Shape, columns: &Columns, row: &[Value]) -> Result<Vec<u8>> {
        let mut order = Vec::new();
        for field in order_fields(shape) {
            match shape.field(field) {
                Field::Reference(reference) if !reference.plain => {
                    match self.target(&shape.table, reference, columns, row)? {
                        Resolved::Item(target) => order.extend_from_slice(&target.order),
                        Resolved::Dangling(target) => order.extend_from_slice(&target.order),
                        _ => order.extend(order_bytes(&Value::Null)),
                    }
                }
                Field::Reference(_) | Field::Column(_) => {
                    order.extend(order_bytes(&self.value(&shape.table, field, columns, row)?));
                }
                // What is written says nothing of the numbers that references inside have here.
                Field::Json(column, json) => {
                    order.extend(order_bytes(&self.json(&shape.table, column, json, columns, row)?));
                }
                Field::Nested(_) | Field::Flattened(..) => {}
            }
        }
        Ok(order)
    }

    fn target(
        &self,
        table: &str,
        reference: &Reference,
        columns: &Columns,
        row: &[Value],
    ) -> Result<Resolved> {
        let values: Vec<&Value> = reference.columns.iter().map(|name| &row[columns.at(name)]).collect();
        self.resolver.resolve(table, reference, &values)
    }

    /// The fields of an item.
    pub(super) fn fields(
        &self,
        shape: &Shape,
        columns: &Columns,
        row: &[Value],
    ) -> Result<Vec<Option<Value>>> {
        let mut flattened: HashMap<&str, Option<Vec<Option<Value>>>> = HashMap::new();
        let mut fields = Vec::with_capacity(shape.columns.len());
        for name in shape.columns.keys() {
            fields.push(match shape.field(name) {
                Field::Column(_) => Some(self.value(&shape.table, name, columns, row)?),
                Field::Reference(reference) if reference.plain => {
                    Some(self.value(&shape.table, name, columns, row)?)
                }
                Field::Reference(reference) => match self.target(&shape.table, reference, columns, row)? {
                    Resolved::Item(target) => {
                        let scalar = target.scalar.clone().filter(|_| shape.columns[name] != FieldType::Json);
                        Some(scalar.unwrap_or_else(|| Value::Text(target.json.clone())))
                    }
                    Resolved::Dangling(target) => Some(Value::Text(target.json)),
                    Resolved::Nothing => Some(Value::Null),
                    Resolved::Unsaid => None,
                },
                Field::Json(column, json) => Some(self.json(&shape.table, column, json, columns, row)?),
                Field::Nested(nested) => Some(self.nested(shape, nested, columns, row)?),
                Field::Flattened(child, field) => {
                    let nested = &shape.nested[child];
                    if !flattened.contains_key(child) {
                        let found = self.rows(shape, nested, columns, row)?.into_iter().next();
                        let found = found.map(|(columns, row)| self.fields(&nested.shape, &columns, &row));
                        flattened.insert(child, found.transpose()?);
                    }
                    let at = nested.shape.columns.get_index_of(field).unwrap_or_default();
                    flattened[child].as_ref().and_then(|fields| fields[at].clone())
                }
            });
        }
        Ok(fields)
    }

    /// Whether any of these columns is replaced by made-up values.
    pub(super) fn replaces_any(&self, table: &str, columns: &[&str]) -> bool {
        let anonymizer = self.anonymizer.as_ref();
        anonymizer.is_some_and(|anonymizer| columns.iter().any(|name| anonymizer.replaces(table, name)))
    }

    /// The value of a column, or what stands for it.
    fn value(&self, table: &str, name: &str, columns: &Columns, row: &[Value]) -> Result<Value> {
        let value = &row[columns.at(name)];
        match &self.anonymizer {
            Some(anonymizer) => anonymizer.replace(table, name, value),
            None => Ok(value.clone()),
        }
    }

    /// What a text column that holds JSON is written as.
    fn json(
        &self,
        table: &str,
        column: &str,
        json: &JsonColumn,
        columns: &Columns,
        row: &[Value],
    ) -> Result<Value> {
        let says = |types: &'_ TypeColumn| match &row[columns.at(&types.column)] {
            Value::Text(text) => types.sections.get(text).cloned(),
            Value::Integer(number) => types.sections.get(&number.to_string()).cloned(),
            _ => None,
        };
        let section = json.types.as_ref().and_then(says);
        let value = &row[columns.at(column)];
        let column = json_column::Column { table, name: column, json, section: section.as_deref() };
        let ids = |section: &str| &self.ids[section];
        json_column::written(value, column, ids, &self.resolver, self.anonymizer.as_deref())
    }

    /// The rows of children of an item of that shape, with their columns.
    fn rows(
        &self,
        shape: &Shape,
        nested: &Nested,
        columns: &Columns,
        row: &[Value],
    ) -> Result<Vec<(Columns, Vec<Value>)>> {
        let parent: Vec<&Value> = nested.to.iter().map(|name| &row[columns.at(name)]).collect();
        let own = Self::columns(&nested.shape);
        let kind = Kind {
            table: &nested.shape.table,
            parent: &nested.parent,
            to: (&shape.table, &nested.to),
            condition: nested.condition.as_deref(),
            ordered: nested.ordered,
        };
        let rows = self.children.rows(kind, &own, &parent)?;
        Ok(rows.into_iter().map(|row| (own.clone(), row)).collect())
    }

    /// Children as JSON: an object or null where there is one at most, else a list in the order of their keys, or of
    /// their row ids.
    fn nested(&self, shape: &Shape, nested: &Nested, columns: &Columns, row: &[Value]) -> Result<Value> {
        let mut found = Vec::new();
        for (columns, row) in self.rows(shape, nested, columns, row)? {
            let order = self.order_of(&nested.shape, &columns, &row)?;
            let mut fields = self.fields(&nested.shape, &columns, &row)?;
            for (name, field) in nested.shape.columns.keys().zip(&mut fields) {
                field.take_if(|value| nested.shape.leaves_out(name, value));
            }
            found.push((order, object(&nested.shape, &fields)));
        }
        // What is in the order of its row ids is so already.
        if !nested.ordered {
            found.sort();
        }
        let mut items = found.into_iter().map(|(_, item)| item);
        if nested.one {
            return Ok(items.next().map_or(Value::Null, Value::Text));
        }
        Ok(Value::Text(format!("[{}]", items.collect::<Vec<_>>().join(", "))))
    }
}

/// Adds the columns that say of which section a row id is.
fn add_types(shape: &Shape, columns: &mut Columns) {
    shape.json.values().filter_map(|json| json.types.as_ref()).for_each(|types| columns.add(&types.column));
}

/// The fields that tell an item from others.
fn order_fields(shape: &Shape) -> Vec<&str> {
    if shape.key.is_empty() {
        return shape.columns.keys().map(String::as_str).collect();
    }
    shape.key.iter().map(String::as_str).collect()
}
