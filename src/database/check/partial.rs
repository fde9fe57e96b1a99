//! A check of a database that only its application can check in full: each table by itself, then trees and pages.

use super::{Depth, Integrity, is_found_damage, lines, stored_tables};
use crate::database::connection::lacks_the_application;
use crate::database::pages::account;
use crate::database::quote::{table_pragma, user_table};
use crate::database::stand_in;
use crate::error::sqlite_code;
use crate::progress::Progress;
use anyhow::{Context, Result};
use rusqlite::{Connection, ErrorCode};

/// Whether a table cannot be checked in full: an expression of the schema needs what only the application has, or makes a
/// value that is longer than the whole database.
pub(super) fn needs_more(error: &rusqlite::Error) -> bool {
    lacks_the_application(error) || sqlite_code(error) == Some(ErrorCode::TooBig)
}

/// Each table by itself, then the trees of those that cannot be checked so, and the account of all pages, which a check of
/// single tables does not make.
pub(super) fn in_parts(
    connection: &Connection,
    depth: Depth,
    progress: &dyn Progress,
    found: &mut Integrity,
) -> Result<()> {
    let mut left = Vec::new();
    // With the schema's own table, SQLite checks the list of free pages.
    let schema = ["sqlite_schema".to_owned()];
    for table in schema.into_iter().chain(stored_tables(connection)?) {
        match lines(connection, &table_pragma(depth.pragma(), &table)) {
            Ok(lines) => found.sort_in(lines),
            Err(error) if is_found_damage(&error) => found.damage.push(format!("{table}: {error}")),
            Err(error) if needs_more(&error) => {
                progress.detail(&format!("{table} cannot be checked in full: {error}"));
                found.unchecked.push(format!("{table}: {error}"));
                left.push(table);
            }
            Err(error) => return Err(error).with_context(|| format!("cannot check {table}")),
        }
    }
    stand_in::register_collations(connection)?;
    connection.pragma_update(None, "ignore_check_constraints", true).context("cannot check the database")?;
    left.iter().try_for_each(|table| trees_of(connection, table, found))?;
    match account(connection) {
        Ok(wrong) => found.damage.extend(wrong),
        Err(error) if is_found_damage(&error) => found.damage.push(error.to_string()),
        Err(error) => return Err(error).context("cannot check the database"),
    }
    Ok(())
}

/// The trees of a table and of its indexes, with stand-ins; where even that needs the application, each row once.
fn trees_of(connection: &Connection, table: &str, found: &mut Integrity) -> Result<()> {
    let count = format!("SELECT count(*) FROM {} NOT INDEXED", user_table(table));
    let checked = lines(connection, &table_pragma("quick_check", table)).or_else(|error| match error {
        error if needs_more(&error) => connection.query_row(&count, [], |_| Ok(Vec::new())),
        error => Err(error),
    });
    match checked {
        // A stand-in has an order of its own.
        Ok(lines) => {
            found.sort_in(lines.into_iter().filter(|line| !line.contains("PRIMARY KEY order")).collect());
        }
        Err(error) if is_found_damage(&error) => found.damage.push(format!("{table}: {error}")),
        Err(error) if needs_more(&error) => {}
        Err(error) => return Err(error).with_context(|| format!("cannot check {table}")),
    }
    Ok(())
}
