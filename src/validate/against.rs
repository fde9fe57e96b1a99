//! What of a document would not fit a database.

use super::model::Model;
use super::{Against, ValidateOptions, lower};
use crate::app::model::Shape;
use crate::database::check::stored_tables;
use crate::database::schema::{Rowid, Table, Tables};
use crate::database::{ReadOptions, Source};
use crate::document::envelope::{Metadata, Mode};
use crate::files;
use crate::import::condensed::{check_shape, check_targets};
use crate::import::identity::{differences, foreign};
use crate::import::keep_computed;
use crate::problem::{Problem, Problems};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// A document, as far as it is compared.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// What it is called.
    pub name: &'a str,
    pub metadata: &'a Metadata,
    /// What the schema of a full one says.
    pub model: Option<&'a Model>,
}

/// Compares the application and the versions of a document, its sections, their columns and their references with a
/// database.
pub fn compare(
    against: Against<'_>,
    document: Document<'_>,
    options: &ValidateOptions<'_>,
    problems: &mut Problems,
) -> Result<()> {
    let database = against.database;
    files::require_file(database)?;
    let read = ReadOptions {
        scratch: &[options.temporary],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let source = Source::open(database, &read)?;
    let connection = source.connection();
    let mut compare = || -> Result<()> {
        let names = (document.name, database);
        for difference in differences(connection, document.metadata, names, against.own)? {
            problems.add(Problem::warning(difference.path, difference.message));
        }
        if let Some(message) = foreign(&Tables::read(connection)?, document.metadata) {
            problems.add(Problem::error("metadata.app", message));
            return Ok(());
        }
        compare_with(connection, document.metadata, document.model, problems)
    };
    compare().with_context(|| format!("cannot compare with {}", database.display()))
}

fn compare_with(
    connection: &Connection,
    metadata: &Metadata,
    model: Option<&Model>,
    problems: &mut Problems,
) -> Result<()> {
    if metadata.mode == Mode::Condensed {
        return compare_items(connection, metadata, problems);
    }
    let tables = stored_tables(connection)?;
    let there = lower(tables.clone());
    let described = Tables::read(connection)?;
    for (name, section) in &metadata.sections {
        let path = format!("metadata.sections.{name}");
        let Some(table) = tables.iter().find(|table| table.eq_ignore_ascii_case(&section.shape.table)) else {
            let message = format!(
                "the database has no table {:?}: --exclude leaves the section out",
                section.shape.table
            );
            problems.add(Problem::error(&path, message));
            continue;
        };
        let mut table = described.describe(table)?;
        keep_computed(&mut table, metadata);
        let stored = lower(table.stored().map(str::to_owned));
        for column in section.shape.columns.keys().filter(|column| !stored.contains(&column.to_lowercase())) {
            let message = format!("the table of the database has no column {column:?}");
            problems.add(Problem::error(&format!("{path}.columns"), message));
        }
        let given = lower(section.shape.columns.keys().cloned());
        for column in
            required(connection, &table)?.iter().filter(|column| !given.contains(&column.to_lowercase()))
        {
            let message = format!("the database requires a value for {column:?}, and the document has none");
            problems.add(Problem::error(&format!("{path}.columns"), message));
        }
    }
    for reference in model.iter().flat_map(|model| &model.references) {
        if !there.contains(&reference.parent.to_lowercase())
            && !metadata.sections.contains_key(&reference.parent)
        {
            let path = format!("metadata.sections.{}.columns", reference.section);
            let columns = reference.columns.join("+");
            let message = format!("{columns} refers to {}, which neither has", reference.parent);
            problems.add(Problem::error(&path, message));
        }
    }
    Ok(())
}

/// Compares the shapes of items with the tables that they go into.
fn compare_items(connection: &Connection, metadata: &Metadata, problems: &mut Problems) -> Result<()> {
    let tables = Tables::read(connection)?;
    for (name, section) in &metadata.sections {
        let path = format!("metadata.sections.{name}");
        check_shape(&tables, &section.shape, &path, problems);
        check_targets(&tables, &section.shape, metadata, &path, problems);
        check_required(connection, &tables, &section.shape, &[], &path, problems)?;
    }
    for (name, shape) in &metadata.referenced {
        check_shape(&tables, shape, &format!("metadata.referenced.{name}"), problems);
    }
    Ok(())
}

/// Says which columns of a shape's table want a value, and get none: neither from the document, nor from `parent`, nor
/// from an import, which fills in what was left out on purpose.
fn check_required(
    connection: &Connection,
    tables: &Tables<'_>,
    shape: &Shape,
    parent: &[String],
    path: &str,
    problems: &mut Problems,
) -> Result<()> {
    let Ok(table) = tables.describe(&shape.table) else { return Ok(()) };
    let own = shape.table_columns().into_iter().map(str::to_owned);
    let left_out = shape.omitted.iter().chain(&shape.refetch).chain(&shape.secret).chain(&shape.scope);
    let given = lower(own.chain(left_out.chain(shape.composed.keys()).chain(parent).cloned()));
    for column in
        required(connection, &table)?.iter().filter(|column| !given.contains(&column.to_lowercase()))
    {
        let message = format!("the database requires a value for {column:?}, and the document has none");
        problems.add(Problem::error(&format!("{path}.columns"), message));
    }
    for (name, nested) in &shape.nested {
        let path = format!("{path}.nested.{name}");
        check_required(connection, tables, &nested.shape, &nested.parent, &path, problems)?;
    }
    Ok(())
}

/// The columns that a row must have a value for: they are not NULL, have no default, and SQLite does not count them.
fn required(connection: &Connection, table: &Table) -> Result<Vec<String>> {
    let sql =
        "SELECT name FROM temp.pragma_table_xinfo(?1, 'main') WHERE \"notnull\" AND dflt_value IS NULL AND hidden = 0
";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([&table.name], |row| row.get(0))?;
    let names = names.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(names.into_iter().filter(|name| table.rowid != Rowid::Column(name.clone())).collect())
}
