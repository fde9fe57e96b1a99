//! Fields that are null in every item of a section, and in every child of a kind: a document names them once.

use crate::app::Model;
use crate::app::model::{Field, Nested, Shape};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// So many rows are looked at first, since most fields have a value there.
const FIRST: i64 = 64;

/// Says of the chosen sections which of their fields are null in every item.
pub(super) fn mark(connection: &Connection, model: &mut Model, chosen: &[String]) -> Result<()> {
    for name in chosen {
        let section = &mut model.sections[name];
        let condition = section.condition.as_deref().unwrap_or("1").to_owned();
        mark_shape(connection, &mut section.shape, &condition)
            .with_context(|| format!("cannot look for empty columns in {}", section.shape.table))?;
    }
    Ok(())
}

fn mark_shape(connection: &Connection, shape: &mut Shape, condition: &str) -> Result<()> {
    shape.null_fields = if is_any(connection, &shape.table, condition)? {
        null_fields(connection, shape, condition)?
    } else {
        Vec::new()
    };
    for nested in shape.nested.values_mut() {
        // Which of them belong to parents that are exported need not be known: more rows have more values.
        let condition = nested.condition.as_deref().unwrap_or("1").to_owned();
        mark_shape(connection, &mut nested.shape, &condition)?;
        // Fields that stand among those of the parent are missing where there is no child.
        if !nested.flattened.is_empty() {
            nested.shape.null_fields.clear();
        }
    }
    Ok(())
}

fn is_any(connection: &Connection, table: &str, condition: &str) -> Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE {condition})", user_table(table));
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// The fields that are null in all rows that meet a condition.
fn null_fields(connection: &Connection, shape: &Shape, condition: &str) -> Result<Vec<String>> {
    let mut found: Vec<&String> = shape.columns.keys().filter(|name| may_be_null(shape, name)).collect();
    for limit in [FIRST, -1] {
        let values: Vec<String> = found
            .iter()
            .enumerate()
            .map(|(at, name)| format!("({}) AS c{at}", is_filled(shape, name)))
            .collect();
        let asked: Vec<String> = (0..found.len()).map(|at| format!("total(c{at})")).collect();
        if found.is_empty() {
            break;
        }
        let sql = format!(
            "SELECT {} FROM (SELECT {} FROM {} WHERE {condition} LIMIT {limit})",
            asked.join(", "),
            values.join(", "),
            user_table(&shape.table),
        );
        let filled = connection.query_row(&sql, [], |row| {
            (0..found.len()).map(|at| row.get::<_, f64>(at)).collect::<rusqlite::Result<Vec<f64>>>()
        })?;
        let mut filled = filled.into_iter();
        found.retain(|_| filled.next() == Some(0.0));
    }
    Ok(found.into_iter().cloned().collect())
}

/// Whether a field can be null, and an item that has it so is the same as one that is said to.
fn may_be_null(shape: &Shape, name: &String) -> bool {
    let is_one = match shape.field(name) {
        Field::Nested(nested) => nested.one,
        Field::Flattened(..) => false,
        _ => true,
    };
    is_one && !shape.key.contains(name)
}

/// The SQL that says whether a field of a row has a value.
fn is_filled(shape: &Shape, name: &str) -> String {
    let is_there = |column: &String| format!("{} IS NOT NULL", identifier(column));
    match shape.field(name) {
        // One of several columns is null where one of these is.
        Field::Reference(reference) => {
            reference.columns.iter().map(is_there).collect::<Vec<_>>().join(" AND ")
        }
        Field::Nested(Nested { condition, shape, .. }) => {
            let condition = condition.as_deref().unwrap_or("1");
            format!("EXISTS (SELECT 1 FROM {} WHERE {condition})", user_table(&shape.table))
        }
        _ => format!("{} IS NOT NULL", identifier(name)),
    }
}
