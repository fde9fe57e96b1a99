//! Made-up texts in the place of all that nobody said to keep, and made-up numbers and dates in the place of personal ones: the
//! same for the same value within a document, and different for different ones, so that keys and references still hold. None is
//! like a real one.
//!
//! Which made-up value stands for which is decided by the order of the values' digests: the same data gives the same
//! document, and neither the order of items nor the made-up values say anything of the real ones.

mod columns;
mod inside;
mod made_up;
mod numbers;
mod ranged;

use self::columns::{Columns, Personal};
use self::inside::{Inside, each_inside};
use self::made_up::Kind;
use self::numbers::{Class, Numbers};
use crate::app::Model;
use crate::app::model::{Layout, Shape};
use crate::database::value::Value;
use anyhow::Result;
use rusqlite::Connection;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Takes out of a model what metadata would say of values: the keys of secret rows, and texts around lists of row ids; and what
/// was found in values.
pub(super) fn remove_texts(model: &mut Model) {
    fn from_shape(shape: &mut Shape) {
        shape.secret_rows.iter_mut().for_each(|rows| rows.keys.clear());
        // What is JSON by chance is a text like any other, and made up as a whole.
        let columns = &mut shape.columns;
        shape.json.retain(|column, json| {
            if let Some(before) = json.found {
                columns.insert(column.clone(), before);
            }
            json.found.is_none()
        });
        for json in shape.json.values_mut() {
            if let Layout::List { start, end, .. } = &mut json.layout {
                [start, end]
                    .into_iter()
                    .filter(|text| text.contains(char::is_alphanumeric))
                    .for_each(String::clear);
            }
        }
        shape.nested.values_mut().for_each(|nested| from_shape(&mut nested.shape));
    }
    model.sections.values_mut().for_each(|section| from_shape(&mut section.shape));
}

/// Replaces the values of personal columns.
pub(super) struct Anonymizer<'c> {
    columns: Columns,
    numbers: Numbers<'c>,
    /// JSON columns of which some texts stay.
    staying: Vec<String>,
    /// How many different values there are in columns of numbers and dates.
    counts: HashMap<i64, i64>,
}

impl<'c> Anonymizer<'c> {
    /// Decides what stands for every value of every personal column.
    pub(super) fn create(connection: &'c Connection, model: &Model) -> Result<Self> {
        let columns = Columns::of(connection, model)?;
        let numbers = Numbers::prepare(connection)?;
        for ((table, column), personal) in &columns.personal {
            numbers.add_column(table, column, *personal)?;
        }
        let mut staying = Vec::new();
        for ((table, column), json) in &columns.json {
            if numbers.add_json(table, column, json)? {
                staying.push(format!("{table}.{column}"));
            }
        }
        numbers.give()?;
        let counts = numbers.counts()?;
        Ok(Self { columns, numbers, staying, counts })
    }

    /// The columns that are replaced.
    pub(super) fn replaced(&self) -> Vec<String> {
        let json = self.columns.json.iter().filter(|(_, json)| json.said).map(|(name, _)| name);
        let mut names: Vec<String> = self
            .columns
            .personal
            .keys()
            .chain(json)
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        names.sort();
        names
    }

    /// The columns that stay as they are, and why.
    pub(super) fn kept(&self) -> Vec<(String, &'static str)> {
        self.columns.kept.iter().map(|((table, column), why)| (format!("{table}.{column}"), *why)).collect()
    }

    /// The JSON columns of which some texts stay as they are.
    pub(super) fn staying(&self) -> &[String] {
        &self.staying
    }

    /// Whether a column is replaced.
    pub(super) fn replaces(&self, table: &str, column: &str) -> bool {
        self.columns.personal.contains_key(&(table.to_owned(), column.to_owned()))
    }

    /// What stands for a value of a column. What is empty stays.
    pub(super) fn replace(&self, table: &str, column: &str, value: &Value) -> Result<Value> {
        let personal = self.columns.personal.get(&(table.to_owned(), column.to_owned()));
        let Some(personal) = personal else { return Ok(value.clone()) };
        let Personal { kind, class, unique, .. } = personal;
        let Some(text) = numbers::text_of(value) else { return Ok(value.clone()) };
        let number = self.numbers.of(personal.group, *class, &text)?;
        if let Some(range) = personal.range {
            let count = self.counts.get(&personal.group).copied().unwrap_or(1);
            let made_up = range.made_up(number, count, &text);
            return Ok(match (value, made_up) {
                (Value::Integer(_), Some(text)) => text.parse().map_or(Value::Null, Value::Integer),
                (Value::Real(_), Some(text)) => text.parse().map_or(Value::Null, Value::Real),
                (_, Some(text)) => Value::Text(text),
                (_, None) => Value::Null,
            });
        }
        let at = usize::try_from(number)?;
        Ok(match value {
            Value::Integer(_) => Value::Integer(number + 1),
            #[expect(clippy::cast_precision_loss, reason = "nobody has so many values")]
            Value::Real(_) => Value::Real(number as f64 + 0.5),
            // What is no text that anybody reads is not passed on.
            Value::RawText(_) => Value::Text(kind.made_up(at, "")),
            Value::Blob(_) if *unique => Value::Blob(number.to_be_bytes().to_vec()),
            Value::Blob(_) => Value::Blob(Vec::new()),
            _ => Value::Text(kind.made_up(at, &text)),
        })
    }

    /// Replaces what is personal inside the JSON of a column, without what refers to something.
    pub(super) fn replace_inside(&self, table: &str, column: &str, json: &mut Json) -> Result<()> {
        let said =
            self.columns.json.get(&(table.to_owned(), column.to_owned())).is_some_and(|json| json.said);
        each_inside(json, "", &mut |inside| {
            match inside {
                Inside::Key(key) => {
                    let Some(kind) = self.numbers.kind_of_key(key, said)? else { return Ok(false) };
                    *key = self.made_up(kind, key)?;
                    return Ok(true);
                }
                Inside::Value(name, json) => match (inside::kind_of(name, said, json), &mut *json) {
                    (Some(kind), Json::String(text)) if !text.is_empty() => {
                        *text = self.made_up(kind, text)?;
                    }
                    (Some(kind), Json::Number(number)) => {
                        let number = number.to_string();
                        *json = Json::from(self.numbers.of(kind as i64, Class::Binary, &number)? + 1);
                    }
                    _ => {}
                },
            }
            Ok(false)
        })
    }

    /// What stands for a text inside JSON.
    fn made_up(&self, kind: Kind, text: &str) -> Result<String> {
        let number = self.numbers.of(kind as i64, Class::Binary, text)?;
        Ok(kind.made_up(usize::try_from(number)?, text))
    }

    /// What stands for a text that should be JSON and is none, where its column is not kept.
    pub(super) fn replace_raw(&self, table: &str, column: &str, text: &str) -> Result<Option<String>> {
        let json = self.columns.json.get(&(table.to_owned(), column.to_owned()));
        if text.is_empty() || !json.is_some_and(|json| json.said) {
            return Ok(None);
        }
        self.made_up(Kind::Text, text).map(Some)
    }
}
