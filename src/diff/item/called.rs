//! Which row of a table somebody means: by its row id, by its key, by what is unique, or by what it is called.

use crate::app::model::{Field, Shape};
use crate::database::affinity::Affinity;
use crate::database::constraints::uniques;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Table;
use crate::database::value::{Borrowed, Value};
use crate::diff::kinds::Kind;
use crate::diff::names::LABELS;
use crate::diff::table::ids;
use crate::error::{self, Fault};
use anyhow::{Context, Result};
use rusqlite::{Connection, params_from_iter};

/// So many items of one name are listed.
const MOST: usize = 5;

/// A condition that means single rows, with the values of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub condition: String,
    pub values: Vec<Value>,
}

/// Finds the row that a text means. An error where it means several.
pub(super) fn find(
    connection: &Connection,
    kind: &Kind<'_>,
    table: &Table,
    key: &str,
) -> Result<Option<Named>> {
    let Some(shape) = kind.shape else { return Ok(None) };
    let own = kind.condition_in(connection).map(|own| format!(" AND ({own}\n)")).unwrap_or_default();
    for Named { condition, values } in candidates(connection, shape, table, key)? {
        let named = Named { condition: format!("({condition}){own}"), values };
        let found = rows(connection, table, &named)?;
        match found.len() {
            0 => {}
            1 => return Ok(Some(named)),
            _ => return Err(several(kind, table, key, &found).into()),
        }
    }
    Ok(None)
}

/// The ids of the rows that a condition means, as far as it matters.
fn rows(connection: &Connection, table: &Table, named: &Named) -> Result<Vec<Vec<Value>>> {
    let ids = ids(table);
    let selected = if ids.is_empty() { "1".to_owned() } else { ids.join(", ") };
    let sql = format!(
        "SELECT {selected} FROM {} WHERE {} LIMIT {}",
        user_table(&table.name),
        named.condition,
        MOST + 1
    );
    let mut statement = connection.prepare(&sql).with_context(|| format!("cannot read {}", table.name))?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(named.values.iter()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
        found.push((0..columns).map(value).collect::<Result<_>>()?);
    }
    Ok(found)
}

fn several(kind: &Kind<'_>, table: &Table, key: &str, found: &[Vec<Value>]) -> Fault {
    let more = if found.len() > MOST { "more than " } else { "" };
    let count = found.len().min(MOST);
    let fault = Fault::new(
        error::Kind::Undecided,
        format!("{more}{count} items of {} are called {key:?}", kind.name),
    );
    let id = |ids: &Vec<Value>| match ids.as_slice() {
        [Value::Integer(id)] => Some(format!("{}={id}", kind.name)),
        _ => None,
    };
    match table.rowid_name().and(found.iter().take(MOST).map(id).collect::<Option<Vec<String>>>()) {
        Some(ids) => fault.hint(format!("name it by its row id: {}", ids.join(", "))),
        None => fault.hint("name it by its key"),
    }
}

/// All that a text may mean, the best first.
fn candidates(connection: &Connection, shape: &Shape, table: &Table, key: &str) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    let mut add = |columns: &[&str], parts: &[&str]| {
        let is_there = columns.iter().all(|name| table.column(name).is_some());
        if !columns.is_empty() && columns.len() == parts.len() && is_there {
            let named = Named {
                condition: columns.iter().map(|name| is(table, name)).collect::<Vec<_>>().join(" AND "),
                values: parts.iter().map(|part| Value::Text((*part).to_owned())).collect(),
            };
            if !found.contains(&named) {
                found.push(named);
            }
        }
    };
    let split = |columns: usize| -> Vec<&str> {
        if columns > 1 { key.split(',').map(str::trim).collect() } else { vec![key] }
    };
    let id = table.rowid_name().zip(key.parse().ok()).map(|(name, id)| Named {
        condition: format!("{} = ?", identifier(name)),
        values: vec![Value::Integer(id)],
    });
    let primary = table.primary_key();
    let is_id = primary.len() == 1 && table.rowid_name() == Some(primary[0]);
    if !is_id {
        add(&primary, &split(primary.len()));
    }
    let plain = |name: &&str| matches!(shape.field(name), Field::Column(_));
    let own: Vec<&str> = shape.key.iter().map(String::as_str).collect();
    if own.iter().all(plain) {
        add(&own, &split(own.len()));
    }
    for unique in uniques(connection, &table.name)?.iter().filter(|unique| unique.columns.len() == 1) {
        add(&unique.names(), &[key]);
    }
    let label: Vec<&str> = shape.label.iter().map(String::as_str).collect();
    let usual = shape.columns.keys().map(String::as_str);
    let usual = usual.filter(plain).find(|name| LABELS.iter().any(|label| label.eq_ignore_ascii_case(name)));
    let texts: Vec<&str> = if label.len() > 1 { key.split(", ").collect() } else { vec![key] };
    add(&label, &texts);
    add(usual.as_slice(), &[key]);
    Ok(id.into_iter().chain(found).collect())
}

/// That a column holds a text, or a number that is written so.
fn is(table: &Table, name: &str) -> String {
    match table.affinity(name) {
        // Numbers stay numbers there, and SQLite compares them with no text.
        Affinity::Blob => format!("CAST({} AS TEXT) = ?", identifier(name)),
        // SQLite makes the text what the column holds, and an index serves.
        _ => format!("{} = ?", identifier(name)),
    }
}
