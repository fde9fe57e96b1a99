//! The natural keys of rows that are referred to.

use super::{Resolver, Target};
use crate::app::model::{Field, Shape};
use crate::database::children::conditions;
use crate::database::quote::user_table;
use crate::database::row_query::{Columns, RowQuery};
use crate::database::value::Value;
use crate::document::json::{key_of, write_string};
use anyhow::{Context, Result};
use rusqlite::params_from_iter;
use std::cell::RefCell;
use std::rc::Rc;

/// What reads the key of a row that is referred to.
pub(super) struct KeyQuery<'c> {
    columns: Columns,
    query: RowQuery<'c>,
}

impl<'c> Resolver<'c> {
    /// An item that is known by its key.
    pub(super) fn keyed(
        &self,
        section: &str,
        shape: &Shape,
        to: &[String],
        values: &[&Value],
    ) -> Result<Option<Target>> {
        let wanted = conditions("t", to, values);
        let name = format!("{section}\0{wanted}");
        let known = self.queries.borrow().get(&name).cloned();
        let query = if let Some(query) = known {
            query
        } else {
            let query = Rc::new(RefCell::new(self.key_query(shape, &wanted)?));
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
        let table = user_table(&section.shape.table);
        let own = format!(
            "SELECT 1 FROM {table} WHERE {} AND NOT ifnull(({condition}), 0)",
            conditions(&table, to, values)
        );
        let exists = |sql: &str, values: &[&Value]| -> Result<bool> {
            let mut statement = self.connection.prepare_cached(sql)?;
            Ok(statement.exists(params_from_iter(values.iter().copied()))?)
        };
        if !exists(&own, values)? {
            return Ok(false);
        }
        let key: Vec<&Value> = row.iter().collect();
        let is_key = conditions(&table, columns.names(), &key);
        exists(&format!("SELECT 1 FROM {table} WHERE {is_key} AND ({condition})"), &key)
    }

    fn key_query(&self, shape: &Shape, wanted: &str) -> Result<KeyQuery<'c>> {
        let mut columns = Columns::default();
        for field in &shape.key {
            match shape.field(field) {
                Field::Reference(reference) => reference.columns.iter().for_each(|name| columns.add(name)),
                _ => columns.add(field),
            }
        }
        let rest = format!("FROM {} AS t WHERE {wanted} LIMIT 1", user_table(&shape.table));
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
