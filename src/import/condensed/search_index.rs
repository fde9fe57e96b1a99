//! Search indexes of tables that were written while triggers did not run, which keep them: they are built again. An index that
//! lacks a row is damaged when the application takes that row out.

use crate::app::model::Shape;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::objects;
use anyhow::Result;
use rusqlite::Connection;

/// Builds the indexes of the tables again that some shapes write to. Returns what could not be done, and why.
pub(super) fn rebuild<'s>(
    connection: &Connection,
    shapes: impl Iterator<Item = &'s Shape>,
) -> Result<Vec<String>> {
    let mut written = Vec::new();
    shapes.for_each(|shape| collect_tables(shape, &mut written));
    let mut failed = Vec::new();
    for object in objects(connection)?.into_iter().filter(|object| object.is_virtual()) {
        let is_written = |table: &String| written.iter().any(|own| own.eq_ignore_ascii_case(table));
        if content_table(&object.sql).as_ref().is_some_and(is_written) {
            // Commands to an index are written to a column of its own name.
            let column = object.name.as_str();
            let (index, command) = (user_table(&object.name), identifier(column));
            let built = connection.execute(&format!("INSERT INTO {index}({command}) VALUES ('rebuild')"), []);
            if let Err(error) = built {
                failed.push(format!("the search index {} was not built again: {error}", object.name));
            }
        }
    }
    Ok(failed)
}

fn collect_tables(shape: &Shape, tables: &mut Vec<String>) {
    tables.push(shape.table.clone());
    shape.nested.values().for_each(|nested| collect_tables(&nested.shape, tables));
}

/// The table whose rows an FTS5 index is of, where it keeps no copy of them.
fn content_table(sql: &str) -> Option<String> {
    let lower = sql.to_ascii_lowercase();
    let arguments = lower.find("fts5").and_then(|at| sql.get(at..))?;
    let option = arguments.split(['(', ',']).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("content").then_some(value)
    })?;
    let table = option.trim().trim_end_matches(')').trim();
    let table = table.trim_matches(['\'', '"', '`', '[', ']']);
    (!table.is_empty()).then(|| table.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_of_an_index_is_one_of_its_options() {
        for (sql, table) in [
            ("CREATE VIRTUAL TABLE f USING fts5(a, content = 'notes', content_rowid = 'id')", Some("notes")),
            ("create virtual table f using fts5(a, b, content=\"my notes\")", Some("my notes")),
            ("create virtual table f using fts5(a, content=notes)", Some("notes")),
            ("create virtual table f using fts5(a, content='')", None),
            ("create virtual table f using fts5(a, content_rowid=id)", None),
            ("create virtual table f using fts5(content)", None),
            ("create virtual table f using rtree(id, x, y)", None),
        ] {
            assert_eq!(content_table(sql).as_deref(), table, "{sql}");
        }
    }
}
