//! Why the rows of a table are known by what they are known by, in words.

use super::Survey;
use super::draft::{name, names};
use crate::app::catalog::TableInfo;
use crate::app::model::{Field, Shape};
use crate::app::names::snake;
use crate::database::affinity::Affinity;
use crate::database::constraints::UniqueOrigin;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};

impl Survey<'_> {
    /// The columns of a shape's key.
    pub(super) fn key_columns(shape: &Shape) -> Vec<String> {
        let mut columns = Vec::new();
        for field in &shape.key {
            match shape.field(field) {
                Field::Column(column) | Field::Json(column, _) => columns.push(column.to_owned()),
                Field::Reference(reference) => columns.extend(reference.columns.iter().cloned()),
                Field::Nested(_) | Field::Flattened(..) => {}
            }
        }
        columns
    }

    /// Why rows are known as they are.
    pub(super) fn key_reason(
        &self,
        info: &TableInfo,
        shape: &Shape,
        is_nested: bool,
    ) -> Result<Option<String>> {
        if shape.singleton {
            return Ok(Some("The table has a single row.".to_owned()));
        }
        let columns = Self::key_columns(shape);
        match (columns.is_empty(), is_nested) {
            (true, true) => return Ok(None),
            (true, false) => return self.content_reason(info, shape).map(Some),
            (false, true) => return Ok(Some(format!("Within it, rows are known by {}.", names(&columns)))),
            (false, false) => {}
        }
        let refers = shape.key.iter().any(|field| shape.references.contains_key(field));
        let through = if refers { ", by what they refer to" } else { "" };
        Ok(Some(format!("Rows are known by {}: {}{through}.", names(&columns), origin(info, &columns))))
    }

    /// Why rows are known by all that they hold.
    fn content_reason(&self, info: &TableInfo, shape: &Shape) -> Result<String> {
        let mut why = Vec::new();
        if let Some(own) = surrogate(info, shape) {
            why.push(format!("{} is a number that the database gave", name(own)));
        }
        for unique in &info.uniques {
            let columns: Vec<String> = unique.names().into_iter().map(str::to_owned).collect();
            let lacks: Vec<String> =
                columns.iter().map(|column| format!("{} IS NULL", identifier(column))).collect();
            let sql =
                format!("SELECT count(*) FROM {} WHERE {}", user_table(&info.table.name), lacks.join(" OR "));
            let rows: i64 = self
                .connection
                .query_row(&sql, [], |row| row.get(0))
                .with_context(|| format!("cannot look at {}", info.table.name))?;
            let made = columns.iter().find_map(|column| shape.composed.get(column));
            why.push(match made {
                _ if rows > 0 => format!("{} is unique, but {rows} of the rows have none", names(&columns)),
                Some(made) => format!("{} is made of {}", names(&columns), names(&made.columns)),
                None => format!("{} is unique, but means nothing outside of this database", names(&columns)),
            });
        }
        if info.uniques.is_empty() {
            why.push("no constraint says that anything else is unique".to_owned());
        }
        Ok(format!("Rows are known by all that they hold: {}.", why.join("; ")))
    }
}

/// The column whose numbers the database gave, and which no document has.
pub(super) fn surrogate<'i>(info: &'i TableInfo, shape: &Shape) -> Option<&'i str> {
    let column = info.rowid_column()?;
    (!shape.table_columns().iter().any(|own| own.eq_ignore_ascii_case(column))).then_some(column)
}

/// What makes columns a key.
fn origin(info: &TableInfo, columns: &[String]) -> String {
    let is_it = |names: &[&str]| {
        names.len() == columns.len() && names.iter().all(|own| columns.iter().any(|column| column == own))
    };
    let origin = info.uniques.iter().find(|unique| is_it(&unique.names())).map(|unique| unique.origin);
    let is_uuid = matches!(columns, [one] if is_made_up(info, one));
    let what = match origin {
        _ if info.rowid_column().is_some_and(|own| is_it(&[own])) => {
            "the primary key, numbers that mean something outside of this database"
        }
        Some(UniqueOrigin::PrimaryKey) => "the primary key",
        Some(UniqueOrigin::Constraint) => "a UNIQUE constraint",
        Some(UniqueOrigin::Index) => "a unique index",
        None => "all that tells them apart",
    };
    if is_uuid { format!("{what}, an id that is made up once and stays") } else { what.to_owned() }
}

/// Whether a column holds ids such as uuids.
fn is_made_up(info: &TableInfo, column: &str) -> bool {
    ["id", "uuid", "guid", "ulid", "uid"].contains(&snake(column).as_str())
        && info.table.column(column).is_some_and(|column| column.affinity() != Affinity::Integer)
}
