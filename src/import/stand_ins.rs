//! Building a schema that needs functions and collations which only its application has.
//!
//! A stand-in function fails when it is called: a schema may name it, nothing may depend on what it returns. A
//! stand-in collation cannot fail, so no tree may be ordered by it.

use crate::database::quote::identifier;
use crate::database::schema::Object;
use crate::database::stand_in::register_collations;
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Collations that SQLite brings along.
const BUILT_IN: [&str; 3] = ["BINARY", "NOCASE", "RTRIM"];

/// Executes a statement of a schema; each function that it misses gets a stand-in.
pub fn execute(connection: &Connection, object: &Object) -> Result<()> {
    let mut registered = 0;
    loop {
        let done = connection.execute(&object.sql, []);
        let Err(error) = done else { return Ok(()) };
        let missing = missing_function(&error);
        match missing {
            // A schema that misses more than this is made to keep somebody busy.
            Some(name) if registered < 1000 => {
                registered += 1;
                register_function(connection, &name)?;
            }
            _ => {
                return Err(error)
                    .with_context(|| format!("cannot make the {} {}", object.kind, object.name));
            }
        }
    }
}

/// Lets unknown collations be named.
pub fn allow_collations(connection: &Connection) -> Result<()> {
    register_collations(connection)
}

fn missing_function(error: &rusqlite::Error) -> Option<String> {
    let text = error.to_string();
    let at = text.find("no such function: ")?;
    let name = &text[at + "no such function: ".len()..];
    let end = name.find(" in ").unwrap_or(name.len());
    Some(name[..end].to_owned())
}

fn register_function(connection: &Connection, name: &str) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let message = format!("the function {name} is the application's, and is not here");
    connection
        .create_scalar_function(name, -1, flags, move |_| -> rusqlite::Result<i64> {
            Err(rusqlite::Error::UserFunctionError(message.clone().into()))
        })
        .with_context(|| format!("cannot register a stand-in for the function {name}"))
}

/// An error where a tree of a table with more than one row is ordered by a collation that is not known here.
pub fn refuse_unknown_order(connection: &Connection, table: &str, rows: u64) -> Result<()> {
    if rows <= 1 {
        return Ok(());
    }
    let mut indexes = connection.prepare("SELECT name FROM pragma_index_list(?1)")?;
    let names = indexes.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for name in names {
        let pragma = format!("PRAGMA index_xinfo({})", identifier(&name));
        let mut columns = connection.prepare(&pragma)?;
        let collations = columns.query_map([], |row| Ok((row.get(4)?, row.get(5)?)))?;
        for collation in collations {
            let (collation, is_key): (Option<String>, bool) = collation?;
            let unknown = collation.filter(|c| is_key && !BUILT_IN.iter().any(|b| b.eq_ignore_ascii_case(c)));
            if let Some(collation) = unknown {
                let message = format!(
                    "{table} is ordered by the collation {collation}, which only its application knows"
                );
                return Err(Fault::invalid(message)
                    .hint("such a table can be kept in a snapshot, but not rebuilt from an export; --exclude leaves it out")
                    .into());
            }
        }
    }
    Ok(())
}
