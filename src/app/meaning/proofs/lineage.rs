//! Paths in text of which the rows themselves say that they are of row ids: `/1/5/9/` in row 9, below `/1/5/` in row 5.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::{Class, Evidence, Place};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};

/// Adds the paths of rows of their own table.
pub(in crate::app::meaning) fn by_lineage(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let columns: Vec<ColumnAt> = inquiry.facts.columns().collect();
    for at in columns {
        if !inquiry.is_settled(at) && is_path(inquiry, at) && ends_with_own_row(inquiry, at)? {
            let evidence = Evidence::Name("paths that end with their own row");
            inquiry.add(Proof { at, place: Place::List, target: at.0, when: None, evidence });
        }
    }
    Ok(())
}

/// Whether a column holds lists of row ids of its own table.
fn is_path(inquiry: &Inquiry<'_>, at: ColumnAt) -> bool {
    let view = View::new(inquiry, at);
    let values = &view.column.values;
    values.are_lists()
        && !view.is_own
        && inquiry.table(at.0).key.is_some()
        && inquiry.classes[at.0] != Class::Natural
        && inquiry.fit(&values.listed, at.0).is_whole()
}

/// Whether every path ends with the row id of its row, and one says more than that.
fn ends_with_own_row(inquiry: &Inquiry<'_>, at: ColumnAt) -> Result<bool> {
    let facts = inquiry.table(at.0);
    let Some(key) = facts.key_name().map(identifier) else { return Ok(false) };
    let (column, table) = (identifier(&facts.columns[at.1].name), user_table(facts.name()));
    let sql = format!("SELECT {key}, CAST({column} AS TEXT) FROM {table} WHERE {column} <> ''");
    let look = || -> rusqlite::Result<bool> {
        let mut statement = inquiry.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut longest = 0;
        while let Some(row) = rows.next()? {
            let path: String = row.get(1)?;
            let mut numbers = path.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
            if numbers.next_back().and_then(|last| last.parse().ok()) != Some(row.get::<_, i64>(0)?) {
                return Ok(false);
            }
            longest = longest.max(1 + numbers.count());
        }
        Ok(longest > 1)
    };
    look().with_context(|| format!("cannot look at the paths of {}", facts.name()))
}
