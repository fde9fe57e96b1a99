//! Values for columns that the document lacks.

use super::paths::{beginnings, no_section};
use super::shapes;
use crate::app::model::Shape;
use crate::database::value::Value;
use crate::document::envelope::Metadata;
use crate::error::{Fault, nearest};
use crate::import::condensed::target::Target;
use crate::import::typed;
use anyhow::Result;
use indexmap::IndexMap;

/// What columns of new rows hold, of which the document says nothing.
#[derive(Debug, Clone, Default)]
pub struct Fills {
    /// By the table in lower case, then by the column.
    tables: IndexMap<String, IndexMap<String, Value>>,
}

impl Fills {
    /// Reads `SECTION.COLUMN=VALUE` and `SECTION.CHILD.COLUMN=VALUE`, of the sections of a document in the names of the
    /// database. A value is a number, a string, null, true or false of JSON; anything else is a text.
    pub fn parse(texts: &[String], metadata: &Metadata) -> Result<Self> {
        let (mut fills, shapes) = (Self::default(), shapes(metadata));
        for text in texts {
            let (shape, column, given) = find(text, &shapes)
                .map_err(|fault| anyhow::Error::new(fault).context(format!("--fill {text}")))?;
            let columns = fills.tables.entry(shape.table.to_ascii_lowercase()).or_default();
            if columns.insert(column.to_owned(), typed::value(given)).is_some() {
                return Err(Fault::usage(format!("--fill {text}: {column} is filled twice")).into());
            }
        }
        Ok(fills)
    }

    /// The columns of a table that are filled, each with its value.
    pub fn of(&self, table: &str) -> impl Iterator<Item = (&str, &Value)> {
        let columns = self.tables.get(&table.to_ascii_lowercase());
        columns.into_iter().flatten().map(|(column, value)| (column.as_str(), value))
    }

    /// An error where the database has no such column to fill.
    pub fn check(&self, target: &Target<'_>) -> Result<()> {
        for (table, columns) in &self.tables {
            let known = &target.table(table)?.table.columns;
            let is_known = |name: &str| {
                known.iter().any(|own| own.name.eq_ignore_ascii_case(name) && own.generated.is_none())
            };
            if let Some(column) = columns.keys().find(|column| !is_known(column)) {
                let names: Vec<&str> = known.iter().map(|column| column.name.as_str()).collect();
                return Err(Fault::usage(format!(
                    "--fill: the table {table} has no column {column:?} to fill"
                ))
                .hint(nearest(column, &names))
                .into());
            }
        }
        Ok(())
    }
}

/// The shape, the column and the value that a text names.
fn find<'m, 't>(
    text: &'t str,
    shapes: &'m IndexMap<String, Shape>,
) -> Result<(&'m Shape, &'t str, &'t str), Fault> {
    let sections = beginnings(text, shapes.keys().map(String::as_str));
    let inside = sections.into_iter().find_map(|(section, rest)| {
        let inside = rest.strip_prefix('.').filter(|inside| inside.contains('='));
        inside.map(|inside| (&shapes[section], inside))
    });
    let Some((mut shape, mut rest)) = inside else {
        let is_known = !beginnings(text, shapes.keys().map(String::as_str)).is_empty();
        return Err(if is_known || !text.contains('=') {
            Fault::usage("this names no column and value").hint("write SECTION.COLUMN=VALUE")
        } else {
            no_section(text, shapes)
        });
    };
    loop {
        let children = beginnings(rest, shape.nested.keys().map(String::as_str));
        let child = children.into_iter().find_map(|(child, rest)| {
            let inside = rest.strip_prefix('.').filter(|inside| inside.contains('='));
            inside.map(|inside| (&shape.nested[child].shape, inside))
        });
        match child {
            Some((inner, inside)) => (shape, rest) = (inner, inside),
            None => break,
        }
    }
    let (column, given) = rest.split_once('=').expect("it was looked for");
    let has = shape.table_columns().iter().any(|own| own.eq_ignore_ascii_case(column));
    if has {
        let message = format!("the document has {column} of {}", shape.table);
        return Err(Fault::usage(message).hint("what an item says is never replaced"));
    }
    Ok((shape, column, given))
}
