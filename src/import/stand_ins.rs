//! Building a schema that needs functions and collations which only its application has.
//!
//! A stand-in function fails when it is called: a schema may name it, nothing may depend on what it returns. A
//! stand-in collation cannot fail, so it remembers that it was called: nothing that was ordered by it may stay.

use crate::database::schema::Object;
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

/// A schema that misses more than this is made to keep somebody busy.
const MOST: usize = 1000;

/// The stand-ins of a connection.
#[derive(Debug, Default)]
pub struct StandIns {
    /// The first collation that was asked to compare something.
    called: Arc<OnceLock<String>>,
}

impl StandIns {
    /// Registers what the SQL of a schema names after COLLATE and is not built in, before it is missed: by then, a table
    /// may be half made. Too many do no harm.
    pub fn register_collations(&self, connection: &Connection, schema: &[Object]) -> Result<()> {
        let mut known: HashSet<String> = ["binary", "nocase", "rtrim"].map(str::to_owned).into();
        for name in schema.iter().flat_map(|object| collations(&object.sql)) {
            if known.len() < MOST && known.insert(name.to_lowercase()) {
                self.register_collation(connection, &name)?;
            }
        }
        Ok(())
    }

    /// Executes a statement of a schema; each function and collation that it misses gets a stand-in.
    pub fn execute(&self, connection: &Connection, object: &Object) -> Result<()> {
        for _ in 0..MOST {
            let Err(error) = connection.execute(&object.sql, []) else { return Ok(()) };
            let text = error.to_string();
            if let Some(name) = missing(&text, "no such function: ") {
                register_function(connection, name)?;
            } else if let Some(name) = missing(&text, "no such collation sequence: ") {
                self.register_collation(connection, name)?;
            } else {
                return Err(error)
                    .with_context(|| format!("cannot make the {} {}", object.kind, object.name));
            }
        }
        let message = format!("the {} {} needs more than {MOST} functions", object.kind, object.name);
        Err(Fault::invalid(message).into())
    }

    fn register_collation(&self, connection: &Connection, name: &str) -> Result<()> {
        let (called, own) = (Arc::clone(&self.called), name.to_owned());
        connection
            .create_collation(name, move |a: &str, b: &str| {
                // Only the first counts.
                let _ = called.set(own.clone());
                a.as_bytes().cmp(b.as_bytes())
            })
            .with_context(|| format!("cannot register a stand-in for the collation {name}"))
    }

    /// An error where something was ordered by a collation that is not known here.
    pub fn refuse_unknown_order(&self, what: &str) -> Result<()> {
        let Some(collation) = self.called.get() else { return Ok(()) };
        let message =
            format!("{what} is ordered by the collation {collation}, which only its application knows");
        let hint =
            "such a table can be kept in a snapshot, but not rebuilt from an export; --exclude leaves it out";
        Err(Fault::invalid(message).hint(hint).into())
    }
}

/// The names that follow the word COLLATE, quoted or not. What is in a string or a comment may be among them.
fn collations(sql: &str) -> Vec<String> {
    let lower = sql.to_ascii_lowercase();
    let mut names = Vec::new();
    for (at, word) in lower.match_indices("collate") {
        let rest = sql[at + word.len()..].trim_start();
        let name = match rest.chars().next() {
            Some(quote @ ('"' | '`' | '\'')) => quoted(&rest[1..], quote),
            Some('[') => quoted(&rest[1..], ']'),
            _ => rest.split(|c: char| !c.is_alphanumeric() && !"_$".contains(c)).next().map(str::to_owned),
        };
        names.extend(name.filter(|name| !name.is_empty() && !name.contains('\0')));
    }
    names
}

/// What stands before a closing quote, with doubled ones made single.
fn quoted(text: &str, end: char) -> Option<String> {
    let mut name = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == end && letters.next_if_eq(&end).is_none() {
            return Some(name);
        }
        name.push(letter);
    }
    None
}

/// The name in an error that says what is missing, where it does.
fn missing<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    let name = &text[text.find(what)? + what.len()..];
    // The statement follows, and where in it.
    Some(&name[..name.find(" in ").unwrap_or(name.len())])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collations_are_found_by_their_word() {
        let sql = "create table t(a text collate theirs, b COLLATE \"the \"\"other\"\"\", c collate [x y], d collate\n'z')";
        assert_eq!(collations(sql), ["theirs", "the \"other\"", "x y", "z"]);
        assert!(collations("create table collate_not(a)").iter().all(|name| name == "_not"));
    }
}
