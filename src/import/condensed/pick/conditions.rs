//! Conditions in SQL on the fields of items.
//!
//! They are evaluated in a private file, on tables with the fields of the items: a section is a table called like it, a
//! reference is the key that stands there, and children and JSON are their text.

use crate::app::model::{Field, FieldType, Shape};
use crate::database::condition::check;
use crate::database::connection;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::{Table, Tables};
use crate::database::stand_in;
use crate::database::value::Value;
use crate::document::envelope::Metadata;
use crate::document::json::{LABEL, key_of};
use crate::error::{Fault, nearest};
use crate::import::condensed::items::{Items, Wanted};
use crate::import::condensed::staged::Staged;
use crate::import::condensed::{CondensedOptions, Instructions, incoming};
use anyhow::{Context, Result};
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value as Json};

/// The column with the number of an item, beside its fields.
const ITEM: &str = "larder: number of the item";
/// The column with the number that others refer to it by.
const NUMBER: &str = "$id";

impl Staged {
    /// Items that do not meet the conditions of their sections do not come in. Gives those sections back.
    pub(super) fn narrow(&self, told: &Instructions, options: &CondensedOptions<'_>) -> Result<Vec<String>> {
        if told.conditions.is_empty() {
            return Ok(Vec::new());
        }
        let path = self.scratch.file("fields");
        let fields = Fields { connection: connection::create_private(&path, &options.patience)? };
        let source = self.open(options)?;
        stand_in::register_collations(source.connection())?;
        let tables = Tables::read(source.connection())?;
        for (name, section) in &self.metadata.sections {
            let table = tables.describe(&section.shape.table).ok();
            fields.create(name, &section.shape, table.as_ref())?;
        }
        let is_named = |name: &str| {
            let own = [name.to_ascii_lowercase(), name.replace('"', "\"\"").to_ascii_lowercase()];
            let is_in = |text: &str| own.iter().any(|name| text.to_ascii_lowercase().contains(name));
            told.conditions.iter().any(|(section, sql)| section.eq_ignore_ascii_case(name) || is_in(sql))
        };
        let mut narrowed = Vec::new();
        let mut checked = Vec::new();
        for (section, condition) in &told.conditions {
            let name = self.section_called(section)?;
            let said = format!("--where {name}");
            check(&fields.connection, name, &said, condition)
                .map_err(|fault| fault.hint(fields_of(&self.metadata, name)))?;
            checked.push((name, said, condition));
        }
        let named = self.metadata.sections.iter().enumerate().filter(|(_, (name, _))| is_named(name));
        for (at, (name, section)) in named {
            fields.fill(name, &section.shape, u32::try_from(at)?, &self.items)?;
        }
        for (name, said, condition) in checked {
            fields.each_unlike(name, condition, |id| self.items.want(id, Wanted::No)).context(said)?;
            narrowed.push(name.clone());
        }
        Ok(narrowed)
    }

    fn section_called(&self, section: &str) -> Result<&String, Fault> {
        let names = || self.metadata.sections.keys();
        names().find(|name| name.eq_ignore_ascii_case(section)).ok_or_else(|| {
            let names: Vec<&str> = names().map(String::as_str).collect();
            Fault::usage(format!("--where: the document has no section {section:?}"))
                .hint(nearest(section, &names))
        })
    }
}

/// What a condition may be about.
fn fields_of(metadata: &Metadata, section: &str) -> String {
    let fields: Vec<&str> = metadata.sections[section].shape.columns.keys().map(String::as_str).collect();
    format!("an item of {section} has {}", fields.join(", "))
}

/// The private file.
struct Fields {
    connection: Connection,
}

impl Fields {
    /// Makes the table of a section, whose columns compare like those of the database.
    fn create(&self, name: &str, shape: &Shape, table: Option<&Table>) -> Result<()> {
        let column = |(field, kind): (&String, &FieldType)| {
            let kind = match kind {
                FieldType::Integer => "INTEGER",
                FieldType::Text => "TEXT",
                FieldType::Real => "REAL",
                FieldType::Numeric | FieldType::Boolean => "NUMERIC",
                FieldType::Blob | FieldType::Json => "",
            };
            let own = table.and_then(|table| table.column(field)).map(|column| column.collation.as_str());
            let known =
                own.filter(|own| ["NOCASE", "RTRIM"].iter().any(|known| known.eq_ignore_ascii_case(own)));
            let collation = known.map(|known| format!(" COLLATE {known}")).unwrap_or_default();
            format!("{} {kind}{collation}", identifier(field))
        };
        let columns: Vec<String> = shape.columns.iter().map(column).collect();
        // A field may be called so.
        let number = if shape.columns.contains_key(NUMBER) { "larder: id" } else { NUMBER };
        let sql = format!(
            "CREATE TABLE {}({} INTEGER PRIMARY KEY, {} INTEGER{}{})",
            user_table(name),
            identifier(ITEM),
            identifier(number),
            if columns.is_empty() { "" } else { ", " },
            columns.join(", ")
        );
        self.connection.execute_batch(&sql).with_context(|| format!("cannot compare the fields of {name}"))
    }

    /// Puts the items of a section into its table.
    fn fill(&self, name: &str, shape: &Shape, section: u32, items: &Items) -> Result<()> {
        let parameters: Vec<String> = (1..=shape.columns.len() + 2).map(|at| format!("?{at}")).collect();
        let sql = format!("INSERT INTO {} VALUES ({})", user_table(name), parameters.join(", "));
        self.connection.execute_batch("BEGIN")?;
        let mut statement = self.connection.prepare(&sql)?;
        items.for_each_of(section, |id| {
            let item = items.get(id)?;
            let json: Map<String, Json> = serde_json::from_str(&item.json)?;
            let number = item.number.map_or(Value::Null, Value::Integer);
            let fields = shape.columns.keys().map(|field| value_of(shape, field, &json));
            let values: Vec<Value> = [Value::Integer(id), number].into_iter().chain(fields).collect();
            statement.execute(params_from_iter(values.iter()))?;
            Ok(())
        })?;
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }

    /// Calls a function with every item that does not meet a condition.
    fn each_unlike(
        &self,
        name: &str,
        condition: &str,
        mut each: impl FnMut(i64) -> Result<()>,
    ) -> Result<()> {
        let (table, item) = (user_table(name), identifier(ITEM));
        let sql = format!("SELECT {item} FROM {table} WHERE NOT ifnull(({condition}\n), 0)");
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?)?;
        }
        Ok(())
    }
}

/// A field of an item as a condition sees it.
fn value_of(shape: &Shape, field: &str, item: &Map<String, Json>) -> Value {
    let Some(json) = item.get(key_of(field).as_ref()) else { return Value::Null };
    let text = || Value::Text(json.to_string());
    match (shape.field(field), json) {
        (_, Json::Null) => Value::Null,
        (Field::Reference(_), Json::Object(object)) if object.keys().all(|key| key.starts_with('$')) => {
            let mut numbers =
                object.iter().filter(|(key, _)| *key != LABEL).filter_map(|(_, own)| own.as_i64());
            numbers.next().map_or_else(text, Value::Integer)
        }
        (Field::Nested(_) | Field::Json(..), _) => text(),
        _ => incoming::value_of(shape, field, json).unwrap_or_else(|_| text()),
    }
}
