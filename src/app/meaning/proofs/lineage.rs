//! Paths in text of which the rows themselves say that they are of row ids: `/1/5/9/` in row 9, below `/1/5/` in row 5.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::{Class, Evidence, Place};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use std::collections::HashMap;

/// The paths are kept in memory.
const MOST: u64 = 100_000;

/// Adds the paths of rows of their own table.
pub(in crate::app::meaning) fn by_lineage(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let columns: Vec<ColumnAt> = inquiry.facts.columns().collect();
    for at in columns {
        if !inquiry.is_settled(at) && is_path(inquiry, at) && are_lineages(inquiry, at)? {
            let evidence = Evidence::Name("paths that end with their own row");
            inquiry.add(Proof { at, place: Place::List, target: at.0, when: None, evidence });
        }
    }
    Ok(())
}

/// Whether a column holds lists of row ids of its own table, and is no part of what makes rows unique.
fn is_path(inquiry: &Inquiry<'_>, at: ColumnAt) -> bool {
    let view = View::new(inquiry, at);
    let values = &view.column.values;
    let facts = inquiry.table(at.0);
    values.are_lists()
        && !view.is_own
        && facts.key.is_some()
        && facts.rows <= MOST
        && !facts.uniques.iter().any(|unique| unique.contains(&at.1))
        && inquiry.classes[at.0] != Class::Natural
        && inquiry.fit(&values.listed, at.0).is_whole()
}

/// Whether every path is that of the row before its end, and then the row's own id; one leads over three rows at least.
fn are_lineages(inquiry: &Inquiry<'_>, at: ColumnAt) -> Result<bool> {
    let facts = inquiry.table(at.0);
    let Some(key) = facts.key_name().map(identifier) else { return Ok(false) };
    let (column, table) = (identifier(&facts.columns[at.1].name), user_table(facts.name()));
    let sql = format!("SELECT {key}, CAST({column} AS TEXT) FROM {table} WHERE {column} <> ''");
    let read = || -> rusqlite::Result<HashMap<i64, Vec<i64>>> {
        let mut statement = inquiry.connection.prepare(&sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, numbers(&row.get::<_, String>(1)?))))?;
        rows.collect()
    };
    let paths = read().with_context(|| format!("cannot look at the paths of {}", facts.name()))?;
    let is_lineage = |(id, path): (&i64, &Vec<i64>)| match path.split_last() {
        Some((last, [])) => last == id,
        Some((last, before)) => {
            last == id
                && before.last().and_then(|parent| paths.get(parent)).is_some_and(|path| path == before)
        }
        None => false,
    };
    Ok(paths.values().any(|path| path.len() > 2) && paths.iter().all(is_lineage))
}

fn numbers(path: &str) -> Vec<i64> {
    path.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}
