//! Whether the files that rows name are there.

use super::Wanted;
use super::names::Names;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Tables;
use crate::error::Fault;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// How many rows are read between two looks at whether to go on.
const STEP: u64 = 4096;
/// How many files a message names.
const NAMED: usize = 3;

/// What rows name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// How many rows name a file.
    pub(super) rows: u64,
    /// How many of them name one that is not there.
    pub(super) missing: u64,
    /// The first of these, with the column that names it.
    pub(super) examples: Vec<String>,
}

impl Named {
    /// What is missing, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let (is, those) =
            if self.missing == 1 { ("is", "that a row names") } else { ("are", "that rows name") };
        let more = if self.missing > self.examples.len() as u64 { ", …" } else { "" };
        format!(
            "{} of {} files {those} {is} not there: {}{more}",
            self.missing,
            self.rows,
            self.examples.join(", ")
        )
    }
}

/// Looks for each file that a row names. What is empty, and what is a URL, names none.
pub(super) fn look(
    connection: &Connection,
    wanted: &Wanted,
    names: &Names,
    progress: &dyn Progress,
) -> Result<Named> {
    let mut found = Named::default();
    let tables = Tables::read(connection)?;
    for (table, column) in &wanted.references {
        let is_there = tables.has(table) && tables.describe(table)?.column(column).is_some();
        match is_there {
            true => look_in(connection, (table, column), names, &mut found, progress)
                .with_context(|| format!("cannot read which files {table}.{column} names"))?,
            false if wanted.built_in => {}
            false => {
                let message = format!("files.references: there is no column {table}.{column}");
                return Err(Fault::usage(message)
                    .hint("name a table and its column that names files")
                    .into());
            }
        }
    }
    Ok(found)
}

fn look_in(
    connection: &Connection,
    (table, column): (&str, &str),
    names: &Names,
    found: &mut Named,
    progress: &dyn Progress,
) -> Result<()> {
    let name = identifier(column);
    let query = format!("SELECT {name} FROM {} WHERE {name} IS NOT NULL", user_table(table));
    let mut statement = connection.prepare(&query)?;
    let mut rows = statement.query([])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        read += 1;
        if read % STEP == 0 {
            go_on(progress)?;
        }
        let value = match row.get_ref(0)? {
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Integer(number) => number.to_string(),
            _ => continue,
        };
        let path = value.strip_prefix("./").unwrap_or(&value).trim_start_matches('/');
        if path.is_empty() || value.contains("://") {
            continue;
        }
        found.rows += 1;
        if !names.has(path) {
            found.missing += 1;
            if found.examples.len() < NAMED {
                found.examples.push(format!("{value:?} ({table}.{column})"));
            }
        }
    }
    Ok(())
}
