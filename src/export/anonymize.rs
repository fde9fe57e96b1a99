//! Made-up names, addresses and texts in the place of personal ones: the same for the same value within a document, and
//! different for different ones, so that keys and references still hold.
//!
//! Which made-up value stands for which is decided by the order of the values' digests: the same data gives the same
//! document, and neither the order of items nor the made-up values say anything of the real ones.

mod made_up;

use self::made_up::{Kind, known};
use crate::app::Model;
use crate::app::model::Shape;
use crate::config::SectionConfig;
use crate::database::quote::identifier;
use crate::database::value::Value;
use crate::error::Fault;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};

/// Replaces the values of personal columns.
pub(super) struct Anonymizer<'c> {
    connection: &'c Connection,
    /// What each personal column holds, by table and column.
    columns: HashMap<(String, String), Kind>,
}

impl<'c> Anonymizer<'c> {
    /// Decides what stands for every value of every personal column. Where no column is personal, that is an error.
    pub(super) fn create(connection: &'c Connection, model: &Model) -> Result<Self> {
        let mut columns = HashMap::new();
        for section in model.sections.values() {
            collect(&section.shape, Some(&section.config), &mut columns);
        }
        if columns.is_empty() {
            return Err(Fault::usage("--anonymize: no column is known to be personal")
                .hint("sections.NAME.personal = [\"COLUMN\", …] in larder.toml says which are")
                .into());
        }
        // What refers by a key that is replaced has to follow.
        loop {
            let before = columns.len();
            for section in model.sections.values() {
                follow(&section.shape, model, &mut columns);
            }
            if columns.len() == before {
                break;
            }
        }
        let anonymizer = Self { connection, columns };
        anonymizer.number()?;
        Ok(anonymizer)
    }

    /// The columns that are replaced.
    pub(super) fn replaced(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.columns.keys().map(|(table, column)| format!("{table}.{column}")).collect();
        names.sort();
        names
    }

    /// Gives every different value of a kind a number, in the order of the digests.
    fn number(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "CREATE TABLE temp.personal(kind, value, digest, PRIMARY KEY(kind, value)) WITHOUT ROWID;
                 CREATE TABLE temp.\"made up\"(kind, value, number, PRIMARY KEY(kind, value)) WITHOUT ROWID",
            )
            .context("cannot prepare to anonymize")?;
        let insert = "INSERT OR IGNORE INTO temp.personal VALUES (?1, ?2, ?3)";
        let ordered: BTreeMap<_, _> = self.columns.iter().collect();
        for ((table, column), kind) in ordered {
            let (name, from) = (identifier(column), identifier(table));
            let sql = format!("SELECT DISTINCT CAST({name} AS TEXT) FROM {from} WHERE typeof({name}) NOT IN ('null', 'blob')
                 AND {name} <> ''");
            let mut values = self.connection.prepare(&sql)?;
            let mut values = values.query([])?;
            while let Some(row) = values.next()? {
                let text = String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned();
                let digest = digest_of(text.as_bytes()).first_bytes();
                self.connection.prepare_cached(insert)?.execute(params![*kind as i64, text, digest])?;
            }
        }
        self.connection
            .execute_batch(
                "INSERT INTO temp.\"made up\" SELECT kind, value,
                 row_number() OVER (PARTITION BY kind ORDER BY digest, value) - 1 FROM temp.personal",
            )
            .context("cannot anonymize")
    }

    /// Whether a column is replaced.
    pub(super) fn replaces(&self, table: &str, column: &str) -> bool {
        self.columns.contains_key(&(table.to_owned(), column.to_owned()))
    }

    /// What stands for a value of a column. What is empty stays.
    pub(super) fn replace(&self, table: &str, column: &str, value: &Value) -> Result<Value> {
        let kind = self.columns.get(&(table.to_owned(), column.to_owned()));
        let Some(kind) = kind else { return Ok(value.clone()) };
        let text = match value {
            Value::Text(text) if !text.is_empty() => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Text(_) | Value::Null => return Ok(value.clone()),
            // What is no text that anybody reads is not passed on.
            Value::Real(_) => return Ok(Value::Real(0.5)),
            Value::RawText(_) => return Ok(Value::Text(String::new())),
            Value::Blob(_) => return Ok(Value::Blob(Vec::new())),
        };
        let sql = "SELECT number FROM temp.\"made up\" WHERE kind = ?1 AND value = ?2";
        let mut statement: CachedStatement<'_> = self.connection.prepare_cached(sql)?;
        let number: Option<i64> =
            statement.query_row(params![*kind as i64, text], |row| row.get(0)).optional()?;
        let number = number.unwrap_or_default();
        Ok(match value {
            Value::Integer(_) => Value::Integer(number + 1),
            _ => Value::Text(kind.made_up(usize::try_from(number)?, &text)),
        })
    }
}

/// Collects the personal columns of a shape and its children.
fn collect(shape: &Shape, config: Option<&SectionConfig>, columns: &mut HashMap<(String, String), Kind>) {
    let personal = config.map(|config| config.personal.as_slice()).unwrap_or_default();
    for name in shape.table_columns() {
        let key = || (shape.table.clone(), name.to_owned());
        let known = known(name);
        let said = personal.iter().any(|column| column.eq_ignore_ascii_case(name)).then(|| Kind::of(name));
        if let Some(kind) = known.or(said) {
            columns.insert(key(), kind);
        }
    }
    for (name, nested) in &shape.nested {
        let child = config.and_then(|config| config.nest.get(name));
        collect(&nested.shape, child, columns);
    }
}

/// Adds the columns that refer to personal ones, and those that personal ones refer to.
fn follow(shape: &Shape, model: &Model, columns: &mut HashMap<(String, String), Kind>) {
    for reference in shape.references.values().filter(|reference| reference.plain) {
        let Some(target) = model.sections.get(&reference.section) else { continue };
        for (column, to) in reference.columns.iter().zip(&reference.to) {
            let own = (shape.table.clone(), column.clone());
            let there = (target.shape.table.clone(), to.clone());
            // Both are replaced in the same way, whichever was known to be personal.
            if let Some(kind) = columns.get(&there).or_else(|| columns.get(&own)).copied() {
                columns.insert(own, kind);
                columns.insert(there, kind);
            }
        }
    }
    shape.nested.values().for_each(|nested| follow(&nested.shape, model, columns));
}
