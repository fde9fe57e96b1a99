//! Which columns hold numbers that the database gave, and texts that are made of such numbers.

use crate::app::catalog::TableInfo;
use crate::app::model::Composed;
use crate::app::names::{is_row_number, stem};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, literal, user_table};
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::collections::HashSet;

/// What stands between the parts of a text that is made of ids.
const SEPARATORS: [&str; 8] = ["/", "-", "_", ":", "|", ".", " ", ","];

/// The column that holds a number which the database gave to the row: the one that is the rowid, unless everything
/// speaks against it. In a table without rowids, nobody but the application gives numbers.
pub fn of(
    connection: &Connection,
    info: &TableInfo,
    configured: Option<&[String]>,
) -> Result<Option<String>> {
    let Some(column) = info.rowid_column() else { return Ok(None) };
    let is_configured =
        configured.is_some_and(|key| key.iter().any(|name| name.eq_ignore_ascii_case(column)));
    if is_configured {
        return Ok(None);
    }
    if info.counts_ids() || is_row_number(column, &info.table.name) {
        return Ok(Some(column.to_owned()));
    }
    let known_to_the_world = if stem(column).is_none() {
        // A year, a code, a number of its own.
        !looks_counted(connection, info, column)?
    } else {
        // Numbers that SQLite does not give by itself.
        has_odd_numbers(connection, info, column)?
    };
    Ok((!known_to_the_world).then(|| column.to_owned()))
}

/// Whether numbers begin near 1 and have few gaps.
fn looks_counted(connection: &Connection, info: &TableInfo, column: &str) -> Result<bool> {
    let (rows, min, max) = spread(connection, info, column)?;
    Ok(rows == 0 || min >= 1 && max <= rows.saturating_mul(2).saturating_add(10))
}

/// Whether there are numbers that counting up never gives.
fn has_odd_numbers(connection: &Connection, info: &TableInfo, column: &str) -> Result<bool> {
    let (rows, min, _) = spread(connection, info, column)?;
    Ok(rows > 0 && min <= 0)
}

fn spread(connection: &Connection, info: &TableInfo, column: &str) -> Result<(i64, i64, i64)> {
    let (table, name) = (user_table(&info.table.name), identifier(column));
    let sql = format!(
        "SELECT count(*), ifnull((SELECT min({name}) FROM {table}), 0), ifnull((SELECT max({name}) FROM {table}), 0)
         FROM {table}"
    );
    connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .with_context(|| format!("cannot look at {}.{column}", info.table.name))
}

/// A text primary key that is made of two columns, one of which is an id that the database gave: in every row, and
/// there are some.
pub fn composed(
    connection: &Connection,
    info: &TableInfo,
    ids: &HashSet<&str>,
) -> Result<Option<(String, Composed)>> {
    let key = info.table.primary_key();
    let [key] = key.as_slice() else { return Ok(None) };
    let column = info.table.column(key).filter(|column| column.affinity() == Affinity::Text);
    let Some(column) = column.filter(|_| !ids.is_empty()) else { return Ok(None) };
    let others: Vec<&str> = info.table.stored().filter(|name| *name != column.name).take(20).collect();
    let table = user_table(&info.table.name);
    for first in &others {
        for second in others.iter().filter(|second| *second != first) {
            if !ids.contains(first) && !ids.contains(second) {
                continue;
            }
            for separator in SEPARATORS {
                let select = format!(
                    "SELECT count(*) > 0 AND total({key} IS NOT {first} || {separator} || {second}) = 0 FROM",
                    key = identifier(key),
                    first = identifier(first),
                    separator = literal(separator),
                    second = identifier(second),
                );
                let is_so = |from: &str| {
                    connection.query_row(&format!("{select} {from}"), [], |row| row.get::<_, bool>(0))
                };
                // The first row says no to nearly everything.
                if is_so(&format!("(SELECT * FROM {table} LIMIT 1)"))? && is_so(&table)? {
                    let columns = [(*first).to_owned(), (*second).to_owned()];
                    let composed = Composed { columns, separator: separator.to_owned() };
                    return Ok(Some((column.name.clone(), composed)));
                }
            }
        }
    }
    Ok(None)
}
