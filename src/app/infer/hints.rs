//! Columns that hold numbers of rows although nothing that is sure says so: what is told of them, so that nobody finds out
//! from a document that leads to the wrong rows.

use crate::app::catalog::{Catalog, TableInfo};
use crate::app::names::{counts_something, fit, is_akin, stem};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::{Column, Rowid};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// Why a column may hold the numbers of rows; nothing where nothing speaks for it. `natural` says whether a number of a
/// table is known to the world.
pub fn look(
    connection: &Connection,
    info: &TableInfo,
    column: &Column,
    catalog: &Catalog,
    natural: impl Fn(&TableInfo, &str) -> bool,
) -> Result<Option<String>> {
    let is_key = info.table.primary_key() == [column.name.as_str()];
    if is_key || column.affinity() == Affinity::Text || column.affinity() == Affinity::Blob {
        return Ok(None);
    }
    let start = stem(&column.name);
    for parent in catalog.tables.values().filter(|parent| parent.table.name != info.table.name) {
        let name = &parent.table.name;
        if start.is_none() && counts_something(&column.name, name) {
            continue;
        }
        let fits = fit(start.unwrap_or(&column.name), name).is_some();
        match (&parent.table.rowid, parent.rowid_column()) {
            (Rowid::Hidden(hidden), _) if fits => {
                // A name that says id needs no second witness.
                let least = if start.is_some() { 1 } else { 2 };
                if all_lead(connection, info, column, parent, hidden, least)? {
                    return Ok(Some(format!("every value is the hidden number of a row of {name}")));
                }
            }
            (_, Some(key)) if !fits && !natural(parent, key) && is_akin(&column.name, name) => {
                let key = identifier(key);
                if all_lead(connection, info, column, parent, &key, 2)? {
                    let why = format!("every value is the number of a row of {name}, which it may mean");
                    return Ok(Some(why));
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Whether every value of a column is a number of a row, and there are at least so many different ones.
fn all_lead(
    connection: &Connection,
    info: &TableInfo,
    column: &Column,
    parent: &TableInfo,
    number: &str,
    least: u32,
) -> Result<bool> {
    let (own, table) = (identifier(&column.name), user_table(&info.table.name));
    let sql = format!(
        "SELECT count(DISTINCT c.{own}) >= {least} AND count(*) = total(EXISTS
         (SELECT 1 FROM {} AS p WHERE typeof(c.{own}) IN ('integer', 'real') AND p.{number} = c.{own}))
         FROM {table} AS c WHERE c.{own} IS NOT NULL",
        user_table(&parent.table.name)
    );
    connection.query_row(&sql, [], |row| row.get(0)).with_context(|| {
        format!("cannot compare {}.{} with {}", info.table.name, column.name, parent.table.name)
    })
}
