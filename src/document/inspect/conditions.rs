//! Conditions on the values of a section that the settings set, as SQLite has them.
//!
//! They are evaluated on a database of their own that has nothing in it: an expression sees the fields of one item, a few
//! functions that neither write nor take much memory, and has so many steps.

use crate::app::model::{FieldType, Shape};
use crate::database::quote::identifier;
use crate::database::value::Value;
use crate::error::Fault;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, params_from_iter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Functions that an expression may call.
const FUNCTIONS: [&str; 33] = [
    "abs",
    "coalesce",
    "date",
    "datetime",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json_array_length",
    "json_extract",
    "json_type",
    "json_valid",
    "julianday",
    "length",
    "like",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "octet_length",
    "round",
    "rtrim",
    "sign",
    "strftime",
    "substr",
    "substring",
    "time",
    "trim",
    "typeof",
    "unicode",
    "upper",
];
/// Steps of SQLite between two looks at how many there were.
const STEPS: i32 = 1_000;
/// So many looks a condition may take for an item.
const MOST_LOOKS: u32 = 1_000;
/// Bytes that a condition may have.
const MOST_SQL: i32 = 10_000;

/// The conditions of a section.
pub(super) struct Conditions {
    connection: Connection,
    /// By field: the condition as it is written, and the query that evaluates it.
    all: Vec<(String, String, String)>,
    /// The places of the fields that an expression sees.
    seen: Vec<usize>,
    /// Fields with a condition that the section does not have.
    pub(super) unknown: Vec<String>,
    /// How many looks the present one took.
    looks: Arc<AtomicU32>,
}

impl Conditions {
    /// The conditions of a section of that name, by its fields.
    pub(super) fn new(name: &str, shape: &Shape, check: &IndexMap<String, String>) -> Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, MOST_SQL + 64 * 1024)?;
        let is_seen = |(_, (_, kind)): &(usize, (&String, &FieldType))| **kind != FieldType::Json;
        let fields: Vec<(usize, &String)> =
            shape.columns.iter().enumerate().filter(is_seen).map(|(at, (name, _))| (at, name)).collect();
        let names: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(at, (_, name))| format!("?{} AS {}", at + 1, identifier(name)))
            .collect();
        let (mut conditions, mut unknown) = (Vec::new(), Vec::new());
        for (field, condition) in check {
            let wrong = |why: String| {
                Fault::usage(format!("sections.{name}.check.{field}: {why}"))
                    .hint("a condition follows the column, as \"between -90 and 90\"")
            };
            if condition.len() > MOST_SQL as usize {
                return Err(wrong(format!("it has more than {MOST_SQL} bytes")).into());
            }
            if !fields.iter().any(|(_, name)| *name == field) {
                let left_out = shape.omitted.iter().chain(&shape.refetch).chain(&shape.secret);
                if !left_out.into_iter().any(|column| column == field) {
                    unknown.push(field.clone());
                }
                continue;
            }
            let sql = format!(
                "SELECT ({} {condition}\n) IS NOT FALSE FROM (SELECT {})",
                identifier(field),
                names.join(", ")
            );
            conditions.push((field.clone(), condition.clone(), sql));
        }
        connection.authorizer(Some(only_values))?;
        let looks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&looks);
        let is_enough = move || counted.fetch_add(1, Ordering::Relaxed) >= MOST_LOOKS;
        connection.progress_handler(STEPS, Some(is_enough))?;
        for (field, _, sql) in &conditions {
            connection.prepare_cached(sql).map_err(|error| {
                Fault::usage(format!("sections.{name}.check.{field}: {error}"))
                    .hint("a condition follows the column, as \"between -90 and 90\"")
            })?;
        }
        let seen = fields.into_iter().map(|(at, _)| at).collect();
        Ok(Self { connection, all: conditions, seen, unknown, looks })
    }

    /// The conditions that an item does not meet: the field, and the condition. One that says neither yes nor no is met, as
    /// a CHECK is.
    pub(super) fn unmet(&self, fields: &[Option<Value>]) -> Result<Vec<(&str, String)>> {
        let mut unmet = Vec::new();
        for (field, condition, sql) in &self.all {
            let null = Value::Null;
            let values = self.seen.iter().map(|at| fields.get(*at).and_then(Option::as_ref).unwrap_or(&null));
            let mut statement = self.connection.prepare_cached(sql)?;
            self.looks.store(0, Ordering::Relaxed);
            match statement.query_row(params_from_iter(values), |row| row.get::<_, bool>(0)) {
                Ok(false) => unmet.push((field.as_str(), format!("it is not {condition}"))),
                Ok(true) => {}
                Err(error) => {
                    unmet
                        .push((field.as_str(), format!("whether it is {condition} cannot be told: {error}")));
                }
            }
        }
        Ok(unmet)
    }
}

/// Lets an expression see its own values and call harmless functions, and nothing else.
fn only_values(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select => Authorization::Allow,
        // Of the fields of the item: a table has a database.
        AuthAction::Read { .. } if context.database_name.is_none() => Authorization::Allow,
        AuthAction::Function { function_name }
            if FUNCTIONS.iter().any(|name| function_name.eq_ignore_ascii_case(name)) =>
        {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}
