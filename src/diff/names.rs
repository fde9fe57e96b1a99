//! What rows are called.

use super::kinds::{Kind, table_of};
use crate::app::Model;
use crate::app::model::{Field, Reference, Shape};
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Tables;
use crate::database::value::{Borrowed, Value};
use anyhow::Result;
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;

/// Names of columns that people call a row by, in lower case.
pub(super) const LABELS: [&str; 4] = ["name", "title", "label", "display_name"];
/// So many references are followed to say what a row is called.
const DEEPEST: u32 = 3;
/// A name has so many characters at most.
const LONGEST: usize = 80;

type Row = HashMap<String, Value>;

/// Says what the rows of a database are called.
pub(super) struct Names<'c> {
    connection: &'c Connection,
    tables: Tables<'c>,
    pub model: &'c Model,
}

impl<'c> Names<'c> {
    /// Of a database, by a model that may be of another state of it.
    pub fn of(connection: &'c Connection, model: &'c Model) -> Result<Self> {
        Ok(Self { connection, tables: Tables::read(connection)?, model })
    }

    /// What a row is called; of a child, after what its parent is called.
    pub fn of_row(&self, kind: &Kind<'_>, columns: &[String], values: &[Value]) -> Result<String> {
        let row: Row = columns.iter().cloned().zip(values.iter().cloned()).collect();
        let Some(shape) = kind.shape else { return Ok(first_words(&row, columns)) };
        let is_shown = |name: &&String| !shape.secret.iter().any(|own| own.eq_ignore_ascii_case(name));
        let shown: Vec<String> = columns.iter().filter(is_shown).cloned().collect();
        let own = match self.label(shape, &row, 0)? {
            Some(label) => label,
            None => first_words(&row, &shown),
        };
        let Some((parent, nested)) = kind.parent else { return Ok(own) };
        let keys: Vec<Value> = nested.parent.iter().filter_map(|name| row.get(name).cloned()).collect();
        let above = self.row(parent, &nested.to, &keys)?;
        let above = above.map(|row| self.label(parent, &row, 0)).transpose()?.flatten();
        Ok(match above {
            Some(above) if nested.one => above,
            Some(above) => format!("{above} / {own}"),
            None => own,
        })
    }

    /// What a reference leads to; nothing where that cannot be said.
    pub fn of_reference(&self, reference: &Reference, row: &Row, depth: u32) -> Result<Option<String>> {
        let values: Vec<Value> = reference.columns.iter().filter_map(|name| row.get(name).cloned()).collect();
        let Some(section) = self.model.sections.get(&reference.section) else { return Ok(None) };
        if depth >= DEEPEST || values.len() != reference.to.len() || values.contains(&Value::Null) {
            return Ok(None);
        }
        match self.row(&section.shape, &reference.to, &values)? {
            Some(row) => self.label(&section.shape, &row, depth + 1),
            None => Ok(None),
        }
    }

    /// The key of what a reference leads to; nothing where that has none.
    pub fn key_of_reference(&self, reference: &Reference, row: &Row) -> Result<Option<Vec<Value>>> {
        let values: Vec<Value> = reference.columns.iter().filter_map(|name| row.get(name).cloned()).collect();
        let section = self.model.sections.get(&reference.section);
        let Some(section) = section.filter(|section| !section.shape.key.is_empty()) else { return Ok(None) };
        let Some(row) = self.row(&section.shape, &reference.to, &values)? else { return Ok(None) };
        let key: Option<Vec<Value>> =
            section.shape.key_columns().into_iter().map(|name| row.get(name).cloned()).collect();
        Ok(key.filter(|key| !key.contains(&Value::Null)))
    }

    /// What a row is called: its label, its key, or what a link leads to.
    fn label(&self, shape: &Shape, row: &Row, depth: u32) -> Result<Option<String>> {
        let plain = shape.columns.keys().filter(|name| matches!(shape.field(name), Field::Column(_)));
        let usual = plain.clone().find(|name| LABELS.iter().any(|label| label.eq_ignore_ascii_case(name)));
        for fields in [shape.label.as_slice(), &shape.key, usual.map_or(&[][..], std::slice::from_ref)] {
            let mut parts = Vec::new();
            for field in fields {
                parts.extend(match shape.field(field) {
                    Field::Reference(reference) if !reference.plain => {
                        self.of_reference(reference, row, depth)?
                    }
                    _ => row.get(field).and_then(word),
                });
            }
            if !parts.is_empty() {
                return Ok(Some(parts.join(", ")));
            }
        }
        // A link is called by what it leads to; one that others are called by, by the first of that.
        let most = if depth == 0 { 2 } else { 1 };
        let mut parts = Vec::new();
        for reference in shape.references.values().filter(|reference| !reference.plain) {
            if parts.len() < most {
                parts.extend(self.of_reference(reference, row, depth)?);
            }
        }
        let text = plain.filter_map(|name| row.get(name)).find_map(|value| match value {
            Value::Text(text) if !text.is_empty() => Some(shortened(text)),
            _ => None,
        });
        parts.extend(text.filter(|_| parts.len() < most));
        Ok(Some(parts.join(", ")).filter(|label| !label.is_empty()))
    }

    /// The row whose columns have these values.
    fn row(&self, shape: &Shape, to: &[String], values: &[Value]) -> Result<Option<Row>> {
        // The other state may lack tables and columns.
        let Some(table) = table_of(&self.tables, &shape.table)? else { return Ok(None) };
        let has = |name: &str| table.column(name).is_some();
        if values.len() != to.len() || !to.iter().all(|name| has(name)) {
            return Ok(None);
        }
        let mut columns: Vec<&str> = shape.table_columns().into_iter().filter(|name| has(name)).collect();
        columns
            .extend(to.iter().map(String::as_str).filter(|name| !columns.contains(name)).collect::<Vec<_>>());
        let selected: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let wanted: Vec<String> = to.iter().map(|name| format!("{} = ?", identifier(name))).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {} LIMIT 1",
            selected.join(", "),
            user_table(&shape.table),
            wanted.join(" AND ")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values.iter()))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let value = |(at, name): (usize, &&str)| -> Result<(String, Value)> {
            Ok(((*name).to_owned(), Borrowed::of(row.get_ref(at)?).into()))
        };
        columns.iter().enumerate().map(value).collect::<Result<Row>>().map(Some)
    }
}

/// A value as a word; nothing where it is none.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.is_empty() => Some(shortened(text)),
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first values of a row that are words.
fn first_words(row: &Row, columns: &[String]) -> String {
    /// So many tell most rows apart.
    const MOST: usize = 3;
    let words = columns.iter().filter_map(|name| word(row.get(name)?)).take(MOST);
    words.collect::<Vec<_>>().join(", ")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
