//! Texts that are made of numbers which the database gave.

use crate::app::catalog::TableInfo;
use crate::app::model::Composed;
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, literal, user_table};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashSet;

/// What stands between the parts of a text that is made of ids.
const SEPARATORS: [&str; 8] = ["/", "-", "_", ":", "|", ".", " ", ","];

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
