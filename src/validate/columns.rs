//! What a table says of the values in its columns.

use crate::database::affinity::{Affinity, number_of};
use crate::database::schema::{Column, Rowid, Table};
use crate::database::value::Value;
use crate::problem::Severity;
use anyhow::Result;
use rusqlite::Connection;

/// What a column says of its values.
pub struct ColumnModel {
    /// Its name.
    pub name: String,
    not_null: bool,
    /// It is in the key of a table without rowids, in which NULL cannot even be stored.
    is_stored_key: bool,
    /// The type that a STRICT table insists on.
    strict: Option<String>,
    affinity: Affinity,
    /// It is the rowid.
    is_rowid: bool,
}

/// The columns of a table that are stored.
pub fn columns(connection: &Connection, table: &Table) -> Result<Vec<ColumnModel>> {
    let mut statement =
        connection.prepare("SELECT name FROM temp.pragma_table_xinfo(?1, 'main') WHERE \"notnull\"")?;
    let not_null = statement.query_map([&table.name], |row| row.get(0))?;
    let not_null = not_null.collect::<rusqlite::Result<Vec<String>>>()?;
    let stored = table.columns.iter().filter(|column| column.generated.is_none());
    let describe = |column: &Column| ColumnModel {
        name: column.name.clone(),
        not_null: not_null.contains(&column.name),
        is_stored_key: column.key > 0 && matches!(table.rowid, Rowid::None(_)),
        strict: table.strict.then(|| column.declared.to_ascii_uppercase()),
        affinity: column.affinity(),
        is_rowid: table.rowid == Rowid::Column(column.name.clone()),
    };
    Ok(stored.map(describe).collect())
}

impl ColumnModel {
    /// Why a value is not what the column would have made of it: somebody may have edited it.
    fn unlike(&self, value: &Value) -> Option<(Severity, String)> {
        let Value::Text(text) = value else { return None };
        let is_numeric = matches!(self.affinity, Affinity::Integer | Affinity::Real | Affinity::Numeric);
        let why =
            "it is a text here, and the column would have made a number of it; an import keeps the text";
        (is_numeric && number_of(text).is_some()).then(|| (Severity::Warning, why.to_owned()))
    }

    /// How bad it is that a value is in this column, and why; nothing where it is not.
    pub fn refuses(&self, value: &Value) -> Option<(Severity, String)> {
        if self.is_rowid && !matches!(value, Value::Integer(_)) {
            return Some((
                Severity::Error,
                format!("it is the number of the row, an integer, and this is {}", kind(value)),
            ));
        }
        if *value == Value::Null && self.is_stored_key {
            return Some((
                Severity::Error,
                "it is in the key of the table, which does not allow NULL".to_owned(),
            ));
        }
        if *value == Value::Null {
            let why = "the column does not allow NULL; an import keeps it as it is".to_owned();
            return self.not_null.then_some((Severity::Warning, why));
        }
        let Some(strict) = self.strict.as_deref() else { return self.unlike(value) };
        let fits = match strict {
            "INT" | "INTEGER" => matches!(value, Value::Integer(_)),
            "REAL" => matches!(value, Value::Real(_)),
            "TEXT" => matches!(value, Value::Text(_) | Value::RawText(_)),
            "BLOB" => matches!(value, Value::Blob(_)),
            _ => true,
        };
        let why = || {
            let kind = kind(value);
            format!(
                "the table is STRICT and the column {strict}, and this is {kind}; an import keeps it as it is"
            )
        };
        (!fits).then(|| (Severity::Warning, why()))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Integer(_) => "an integer",
        Value::Real(_) => "a real",
        Value::Text(_) | Value::RawText(_) => "a text",
        Value::Blob(_) => "a blob",
    }
}
