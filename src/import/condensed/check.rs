//! What a document and a database say of each other before any item is compared.

use super::resolve::Owner;
use crate::app::model::Shape;
use crate::database::check::stored_tables;
use crate::database::quote::{identifier, table_pragma, user_table};
use crate::database::schema::{Rowid, Table, Tables};
use crate::database::selection::is_internal;
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::Metadata;
use crate::error::{Fault, sqlite_code};
use crate::import::identity::foreign;
use crate::problem::{Problem, Problems};
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// Says which tables and columns the database lacks.
pub(super) fn tables(
    connection: &Connection,
    metadata: &Metadata,
    wanted: &[String],
    problems: &mut Problems,
) -> Result<()> {
    let tables = Tables::read(connection)?;
    if let Some(message) = foreign(&tables, metadata) {
        problems.add(Problem::error("metadata.app", message));
        return Ok(());
    }
    let mut referenced = Vec::new();
    for (name, section) in metadata.sections.iter().filter(|(name, _)| wanted.contains(name)) {
        check_shape(&tables, &section.shape, &format!("metadata.sections.{name}"), problems);
        check_scope(&tables, &section.shape, metadata, &format!("metadata.sections.{name}"), problems);
        check_targets(&tables, &section.shape, metadata, &format!("metadata.sections.{name}"), problems);
        section.shape.collect_targets(&mut referenced);
    }
    for name in &referenced {
        let is_described = metadata.sections.contains_key(name) || metadata.referenced.contains_key(name);
        if !is_described {
            let message = format!("references lead to {name:?}, of which the metadata say nothing");
            problems.add(Problem::error("metadata.sections", message));
        }
    }
    for (name, shape) in metadata.referenced.iter().filter(|(name, _)| referenced.contains(name)) {
        check_shape(&tables, shape, &format!("metadata.referenced.{name}"), problems);
    }
    if !metadata.includes.iter().eq(metadata.sections.keys()) {
        problems.add(Problem::error("metadata.includes", "it names other sections than metadata.sections"));
    }
    Ok(())
}

/// Rows of a user could be those of another where the document does not say that a column tells whose they are.
fn check_scope(tables: &Tables<'_>, shape: &Shape, metadata: &Metadata, path: &str, problems: &mut Problems) {
    let Some(scope) = &metadata.scope else { return };
    let is_users = shape.table.eq_ignore_ascii_case(&scope.table);
    let table = tables.describe(&shape.table).ok();
    let says = table.is_some_and(|table| table.column(&scope.column).is_some());
    if says && !is_users && shape.scope.is_none() {
        let message = format!(
            "{}.{} says whose a row is, and the document does not say that it does",
            shape.table, scope.column
        );
        problems.add(Problem::error(path, message));
    }
}

/// How many rows of a table refer to nothing in another, by the two.
pub(super) type Violations = HashMap<(String, String), HashMap<(Option<i64>, i64), u64>>;

/// All rows whose foreign keys lead nowhere: by the tables, then by rowid and key. Tables with a foreign key that refers to
/// what is not unique cannot be checked, before and after: SQLite does not let their rows be written where it enforces
/// foreign keys. Nor can a foreign key that refers to a table which the schema lacks.
pub(super) fn violations(connection: &Connection) -> Result<Violations> {
    let mut found = Violations::new();
    let tables = stored_tables(connection)?;
    let known: HashSet<String> = tables.iter().map(|table| table.to_lowercase()).collect();
    for table in tables {
        let sql = table_pragma("foreign_key_check", &table);
        match add_violations(connection, &sql, &mut found) {
            Err(error) if sqlite_code(&error) == Some(rusqlite::ErrorCode::Unknown) => {}
            checked => checked.with_context(|| format!("cannot check the foreign keys of {table}"))?,
        }
    }
    found.retain(|(_, parent), _| known.contains(parent));
    Ok(found)
}

fn add_violations(connection: &Connection, sql: &str, found: &mut Violations) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key = (row.get::<_, String>(0)?.to_lowercase(), row.get::<_, String>(2)?.to_lowercase());
        *found.entry(key).or_default().entry((row.get(1)?, row.get(3)?)).or_default() += 1;
    }
    Ok(())
}

/// What leads nowhere that did not before, in words. As many as the document had when it was written may come along.
pub(super) fn new_violation(before: &Violations, after: &Violations, metadata: &Metadata) -> Option<String> {
    let none = HashMap::new();
    after.iter().find_map(|((table, parent), rows)| {
        let earlier = before.get(&(table.clone(), parent.clone())).unwrap_or(&none);
        let new =
            rows.iter().map(|(row, count)| count.saturating_sub(earlier.get(row).copied().unwrap_or(0)));
        let new: u64 = new.sum();
        let message = format!("{new} rows of {table} would refer to rows of {parent} that are not there");
        (new > lost(metadata, table, parent)).then_some(message)
    })
}

/// How many references of one table to another led nowhere where the document was written.
fn lost(metadata: &Metadata, table: &str, parent: &str) -> u64 {
    fn of(shape: &Shape, table: &str, parent: &str, metadata: &Metadata) -> u64 {
        let leads = |section: &String| {
            metadata.shape(section).is_some_and(|shape| shape.table.eq_ignore_ascii_case(parent))
        };
        let own = shape.references.values().filter(|reference| leads(&reference.section));
        let own: u64 = own.map(|reference| reference.lost).sum();
        let is_it = shape.table.eq_ignore_ascii_case(table);
        let children = shape.nested.values().map(|nested| of(&nested.shape, table, parent, metadata));
        children.sum::<u64>() + if is_it { own } else { 0 }
    }
    metadata.sections.values().map(|section| of(&section.shape, table, parent, metadata)).sum()
}

/// Whose rows the items become.
pub(super) fn owner(connection: &Connection, metadata: &Metadata, wanted: Option<&str>) -> Result<Owner> {
    let (scope, wanted) = match (&metadata.scope, wanted) {
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            return Err(Fault::usage("--scope: the document does not hold one user's rows").into());
        }
        (Some(scope), None) => {
            let message = format!("the document holds the rows of {} {}", scope.key, scope.value);
            return Err(Fault::usage(message)
                .hint(format!("--scope {} says whose they become", scope.key.to_uppercase()))
                .into());
        }
        (Some(scope), Some(wanted)) => (scope, wanted),
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?1",
        identifier(&scope.id),
        user_table(&scope.table),
        identifier(&scope.key)
    );
    let mut statement = connection.prepare(&sql).with_context(|| format!("cannot read {}", scope.table))?;
    let mut rows = statement.query([wanted])?;
    let Some(row) = rows.next()? else {
        let message = format!("{} has no row whose {} is {wanted:?}", scope.table, scope.key);
        return Err(Fault::usage(message).into());
    };
    Ok(Some((scope.column.clone(), Value::from(Borrowed::of(row.get_ref(0)?)))))
}

/// Whether the database has triggers.
pub(super) fn has_triggers(connection: &Connection) -> Result<bool> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'trigger'";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// The triggers of tables that the document writes to, each with its table, as `books_ai of books`.
pub(super) fn triggers_of(
    connection: &Connection,
    metadata: &Metadata,
    wanted: &[String],
) -> Result<Vec<String>> {
    fn collect(shape: &Shape, tables: &mut HashSet<String>) {
        tables.insert(shape.table.to_lowercase());
        shape.nested.values().for_each(|nested| collect(&nested.shape, tables));
    }
    let mut tables = HashSet::new();
    let sections = wanted.iter().filter_map(|name| metadata.sections.get(name));
    sections.for_each(|section| collect(&section.shape, &mut tables));
    let sql = "SELECT name, tbl_name FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY rowid";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found = found.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    let found = found.into_iter().filter(|(_, table)| tables.contains(&table.to_lowercase()));
    Ok(found.map(|(name, table)| format!("{name} of {table}")).collect())
}

/// Says which tables and columns of a shape the database lacks.
pub fn check_shape(tables: &Tables<'_>, shape: &Shape, path: &str, problems: &mut Problems) {
    if is_internal(&shape.table) {
        let message = format!("{} is SQLite's own: nothing is imported into it", shape.table);
        problems.add(Problem::error(path, message));
        return;
    }
    let table = tables.describe(&shape.table);
    let table = match table {
        Ok(table) if !table.columns.is_empty() => table,
        _ => {
            let message =
                format!("the database has no table {:?}: --exclude leaves the section out", shape.table);
            problems.add(Problem::error(path, message));
            return;
        }
    };
    check_columns(&table, shape, path, problems);
    check_links(&table, shape, path, problems);
    for (name, nested) in &shape.nested {
        let child = tables.describe(&nested.shape.table);
        let has = |names: &[String], table: &Table| names.iter().all(|name| table.column(name).is_some());
        let is_child = child.is_ok_and(|child| has(&nested.parent, &child)) && has(&nested.to, &table);
        if nested.parent.is_empty() || nested.parent.len() != nested.to.len() || !is_child {
            let message = "its columns and its parent's do not fit together";
            problems.add(Problem::error(&format!("{path}.nested.{name}"), message));
        }
        check_shape(tables, &nested.shape, &format!("{path}.nested.{name}"), problems);
    }
}

/// Says which columns a table lacks or computes.
fn check_columns(table: &Table, shape: &Shape, path: &str, problems: &mut Problems) {
    for column in shape.table_columns() {
        match table.column(column) {
            None => {
                let place = path.strip_prefix("metadata.sections.").unwrap_or(path).replace(".nested.", ".");
                let message = format!(
                    "the table {} has no column {column:?}: --map {place}.{column}=NAME says what it is called there, --map {place}.{column}= leaves it out",
                    shape.table
                );
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(found) if found.generated.is_some() => {
                let message = format!("{}.{column} is computed", shape.table);
                problems.add(Problem::error(&format!("{path}.columns.{column}"), message));
            }
            Some(_) => {}
        }
    }
}

/// Says which columns the tables lack that references refer to.
pub fn check_targets(
    tables: &Tables<'_>,
    shape: &Shape,
    metadata: &Metadata,
    path: &str,
    problems: &mut Problems,
) {
    for (field, reference) in &shape.references {
        let parent = metadata.shape(&reference.section).map(|parent| tables.describe(&parent.table));
        let Some(Ok(parent)) = parent else { continue };
        for column in reference.to.iter().filter(|column| !has_column(&parent, column)) {
            let message = format!("the table {} has no column {column:?}", parent.name);
            problems.add(Problem::error(&format!("{path}.references.{field}.to"), message));
        }
    }
    for (name, nested) in &shape.nested {
        check_targets(tables, &nested.shape, metadata, &format!("{path}.nested.{name}"), problems);
    }
}

/// Whether a table has a column, or row ids under that name.
fn has_column(table: &Table, name: &str) -> bool {
    table.column(name).is_some() || matches!(&table.rowid, Rowid::Hidden(hidden) if *hidden == name)
}

/// Says where keys and references name what is not there.
fn check_links(table: &Table, shape: &Shape, path: &str, problems: &mut Problems) {
    for field in shape.key.iter().chain(shape.matches.iter().flatten()) {
        if !shape.columns.contains_key(field) && shape.below(field).is_none() {
            problems.add(Problem::error(&format!("{path}.key"), format!("there is no field {field:?}")));
        }
    }
    for (field, reference) in &shape.references {
        if reference.columns.is_empty() || reference.columns.len() != reference.to.len() {
            let message = "it has other columns than it refers to";
            problems.add(Problem::error(&format!("{path}.references.{field}"), message));
        }
    }
    if let Some(row) = shape.row.as_ref().filter(|row| !has_column(table, &row.column)) {
        let message = format!("the table {} has no column {:?}", shape.table, row.column);
        problems.add(Problem::error(&format!("{path}.row"), message));
    }
    let composed =
        shape.composed.iter().flat_map(|(name, composed)| [name].into_iter().chain(&composed.columns));
    for column in composed.chain(&shape.scope) {
        if table.column(column).is_none() {
            problems.add(Problem::error(path, format!("the table {} has no column {column:?}", shape.table)));
        }
    }
}
