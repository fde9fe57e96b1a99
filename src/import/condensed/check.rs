//! What a document and a database say of each other before any item is compared.

use super::resolve::Owner;
use crate::app::model::Shape;
use crate::database::quote::identifier;
use crate::database::schema::Tables;
use crate::database::selection::is_internal;
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::Metadata;
use crate::error::{Fault, sqlite_code};
use crate::problem::{Problem, Problems};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// Says which tables and columns the database lacks.
pub(super) fn tables(connection: &Connection, metadata: &Metadata, problems: &mut Problems) -> Result<()> {
    let tables = Tables::read(connection)?;
    for (name, section) in &metadata.sections {
        check_shape(&tables, &section.shape, &format!("metadata.sections.{name}"), problems);
    }
    for (name, shape) in &metadata.referenced {
        check_shape(&tables, shape, &format!("metadata.referenced.{name}"), problems);
    }
    Ok(())
}

/// How many references led nowhere where the document was written.
pub(super) fn lost(metadata: &Metadata) -> u64 {
    fn of(shape: &Shape) -> u64 {
        let own: u64 = shape.references.values().map(|reference| reference.lost).sum();
        own + shape.nested.values().map(|nested| of(&nested.shape)).sum::<u64>()
    }
    metadata.sections.values().map(|section| of(&section.shape)).sum()
}

/// Whose rows the items become.
pub(super) fn owner(connection: &Connection, metadata: &Metadata, wanted: Option<&str>) -> Result<Owner> {
    let (scope, wanted) = match (&metadata.scope, wanted) {
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            return Err(Fault::usage("--scope: the document does not hold one user's rows").into());
        }
        (Some(scope), None) => {
            let message = format!("the document holds the rows of {} {}", scope.key, scope.value);
            return Err(Fault::usage(message)
                .hint(format!("--scope {} says whose they become", scope.key.to_uppercase()))
                .into());
        }
        (Some(scope), Some(wanted)) => (scope, wanted),
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?1",
        identifier(&scope.id),
        identifier(&scope.table),
        identifier(&scope.key)
    );
    let mut statement = connection.prepare(&sql).with_context(|| format!("cannot read {}", scope.table))?;
    let mut rows = statement.query([wanted])?;
    let Some(row) = rows.next()? else {
        let message = format!("{} has no row whose {} is {wanted:?}", scope.table, scope.key);
        return Err(Fault::usage(message).into());
    };
    Ok(Some((scope.column.clone(), Value::from(Borrowed::of(row.get_ref(0)?)))))
}

/// Whether the database has triggers.
pub(super) fn has_triggers(connection: &Connection) -> Result<bool> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'trigger'";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Says which tables and columns of a shape the database lacks.
pub fn check_shape(tables: &Tables<'_>, shape: &Shape, path: &str, problems: &mut Problems) {
    if is_internal(&shape.table) {
        let message = format!("{} is SQLite's own: nothing is imported into it", shape.table);
        problems.add(Problem::error(path, message));
        return;
    }
    let table = tables.describe(&shape.table);
    let table = match table {
        Ok(table) if !table.columns.is_empty() => table,
        _ => {
            let message =
                format!("the database has no table {:?}: --exclude leaves the section out", shape.table);
            problems.add(Problem::error(path, message));
            return;
        }
    };
    for column in shape.table_columns() {
        match table.column(column) {
            None => {
                let message = format!("the table {} has no column {column:?}", shape.table);
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(found) if found.generated.is_some() => {
                let message = format!("{}.{column} is computed", shape.table);
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(_) => {}
        }
    }
    for (name, nested) in &shape.nested {
        check_shape(tables, &nested.shape, &format!("{path}.nested.{name}"), problems);
    }
}

/// What a table says of a row that it does not take; nothing where the error is about something else.
pub(super) fn refused_by_table(error: &anyhow::Error) -> Option<String> {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<rusqlite::Error>())?;
    let code = sqlite_code(cause)?;
    let is_constraint =
        matches!(code, rusqlite::ErrorCode::ConstraintViolation | rusqlite::ErrorCode::TypeMismatch);
    is_constraint.then(|| format!("the table does not take it: {cause}"))
}
