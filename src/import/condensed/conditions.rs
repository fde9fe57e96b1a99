//! The conditions that a document says of the rows that its items could have been: they hold here, too, whatever the settings
//! of the database say.

use super::Staged;
use crate::app::model::Shape;
use crate::database::condition::check;
use crate::database::quote::user_table;
use anyhow::Result;
use rusqlite::Connection;

impl Staged {
    /// Lets no row be changed that does not meet the document's condition, as if the settings said it. What cannot be asked of
    /// the database is a warning.
    pub(super) fn keep_conditions(&mut self, connection: &Connection) -> Result<()> {
        for (name, section) in &mut self.metadata.sections {
            let Some(own) = keep(&mut section.shape, name, connection, &mut self.unasked)? else { continue };
            add(&mut section.shape.condition, own);
        }
        Ok(())
    }
}

/// The condition of a section or of children, and below it those of all children.
fn keep(
    shape: &mut Shape,
    path: &str,
    connection: &Connection,
    unasked: &mut Vec<String>,
) -> Result<Option<String>> {
    for (name, nested) in &mut shape.nested {
        if let Some(own) = keep(&mut nested.shape, &format!("{path}.{name}"), connection, unasked)? {
            add(&mut nested.condition, own);
        }
    }
    let Some(condition) = shape.rows.clone() else { return Ok(None) };
    if is_condition(connection, &shape.table, &condition)? {
        return Ok(Some(condition));
    }
    unasked.push(format!(
        "the document says that items of {path} are rows where {condition}, and the database cannot tell: all rows count"
    ));
    Ok(None)
}

fn add(condition: &mut Option<String>, own: String) {
    *condition = Some(match condition.take() {
        Some(before) if before != own => format!("({before}) AND ({own})"),
        _ => own,
    });
}

/// Whether SQLite takes a text for a condition on the rows of a table, and for nothing else.
fn is_condition(connection: &Connection, table: &str, condition: &str) -> Result<bool> {
    if check(connection, table, "", condition).is_err() {
        return Ok(false);
    }
    let statement =
        connection.prepare(&format!("SELECT 1 FROM {} WHERE ({condition}\n)", user_table(table)))?;
    Ok(statement.parameter_count() == 0 && statement.readonly() && statement.column_count() == 1)
}
