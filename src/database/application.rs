//! Indexes that only the application can build, because they call its functions or are ordered by its collations.
//!
//! SQLite itself says which: a statement that would build the index cannot be prepared. So the connection must not have
//! stand-ins ([`super::stand_in`]).

use super::quote::{identifier, user_table};
use super::schema::{Generated, KeyColumn, Table};
use super::{connection::lacks_the_application, schema::Column};
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How an index came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IndexOrigin {
    /// By a statement of its own.
    Index,
    /// By a UNIQUE constraint of its table.
    Unique,
    /// By the primary key of its table.
    #[serde(rename = "primary key")]
    PrimaryKey,
}

/// An index that only the application can build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationIndex {
    /// How it came to be.
    #[serde(rename = "type")]
    pub origin: IndexOrigin,
    /// Its name; of a constraint its columns, as `a+b`.
    pub name: String,
    /// Its table.
    pub table: String,
    /// What it needs first: `function slug`, `collation unicase`.
    pub needs: String,
    /// Its columns, where none is an expression.
    #[serde(skip)]
    pub columns: Vec<KeyColumn>,
    /// The collation only orders entries: nothing is compared before there are two.
    #[serde(skip)]
    only_orders: bool,
}

impl ApplicationIndex {
    /// Whether it can be built without the application, because there is nothing to compute or compare.
    pub fn is_buildable(&self, rows: u64) -> bool {
        rows == 0 || rows == 1 && self.only_orders
    }

    /// Whether it is a constraint of its table.
    pub fn is_constraint(&self) -> bool {
        self.origin != IndexOrigin::Index
    }
}

impl fmt::Display for ApplicationIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, table, .. } = self;
        let columns = name.replace('+', ", ");
        match self.origin {
            IndexOrigin::Index => write!(f, "index {name} of {table}"),
            IndexOrigin::Unique => write!(f, "UNIQUE ({columns}) of {table}"),
            IndexOrigin::PrimaryKey => write!(f, "PRIMARY KEY ({columns}) of {table}"),
        }?;
        write!(f, " needs the {}, which only the application has", self.needs)
    }
}

/// The indexes of a table that only the application can build, whatever rows there are.
pub fn application_indexes(connection: &Connection, table: &Table) -> Result<Vec<ApplicationIndex>> {
    let read = || -> rusqlite::Result<Vec<ApplicationIndex>> {
        let mut statement = connection.prepare_cached(
            "SELECT name, origin, partial FROM temp.pragma_index_list(?1, 'main') ORDER BY seq",
        )?;
        let indexes =
            statement.query_map([&table.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut found = Vec::new();
        for index in indexes {
            let (name, origin, partial): (String, String, bool) = index?;
            if let Err(error) = connection.prepare(&format!("REINDEX main.{}", identifier(&name))) {
                if !lacks_the_application(&error) {
                    return Err(error);
                }
                found.push(describe(connection, table, (name, &origin, partial), &error)?);
            }
        }
        Ok(found)
    };
    let look = || {
        let found = read()?;
        if !found.is_empty() {
            // SQLite does not look again for a collation that it missed, until it reads the schema anew.
            connection.execute_batch("PRAGMA writable_schema = reset")?;
        }
        Ok::<_, rusqlite::Error>(found)
    };
    look().with_context(|| format!("cannot look at the indexes of {}", table.name))
}

fn describe(
    connection: &Connection,
    table: &Table,
    (name, origin, partial): (String, &str, bool),
    error: &rusqlite::Error,
) -> rusqlite::Result<ApplicationIndex> {
    let mut statement = connection.prepare_cached(
        "SELECT name, coll, desc FROM temp.pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno",
    )?;
    let columns = statement.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let columns = columns.collect::<rusqlite::Result<Vec<(Option<String>, String, bool)>>>()?;
    let column = |(name, collation, descending)| {
        let name: Option<String> = name;
        name.map(|name| KeyColumn { name, collation, descending })
    };
    let columns: Vec<KeyColumn> = columns.into_iter().map(column).collect::<Option<_>>().unwrap_or_default();
    let is_computed = |name: &str| {
        table.column(name).and_then(|column: &Column| column.generated) == Some(Generated::Virtual)
    };
    let needs = needs(error);
    let only_orders = needs.starts_with(COLLATION)
        && !partial
        && !columns.is_empty()
        && !columns.iter().any(|column| is_computed(&column.name));
    let origin = match origin {
        "u" => IndexOrigin::Unique,
        "pk" => IndexOrigin::PrimaryKey,
        _ => IndexOrigin::Index,
    };
    let name = match origin {
        IndexOrigin::Index => name,
        _ => columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join("+"),
    };
    Ok(ApplicationIndex { origin, name, table: table.name.clone(), needs, columns, only_orders })
}

const COLLATION: &str = "collation ";

/// What is missing, by SQLite's message.
fn needs(error: &rusqlite::Error) -> String {
    let message = match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        error => error.to_string(),
    };
    if let Some(name) = message.strip_prefix("no such collation sequence: ") {
        return format!("{COLLATION}{name}");
    }
    let function =
        message.strip_prefix("unknown function: ").or_else(|| message.strip_prefix("no such function: "));
    function.map_or_else(|| message.clone(), |name| format!("function {}", name.trim_end_matches("()")))
}

/// Says of an error by which a table cannot be written to that a trigger needs a function which only the application has, and
/// which trigger; nothing where it is about something else.
pub fn trigger_fault(connection: &Connection, table: &str, error: &rusqlite::Error) -> Option<Fault> {
    let needs = Some(error).filter(|error| lacks_the_application(error)).map(needs)?;
    let name = needs.strip_prefix("function ")?;
    let sql = "SELECT name, tbl_name FROM main.sqlite_schema WHERE type = 'trigger' AND instr(lower(sql), lower(?1))
               ORDER BY tbl_name <> ?2 COLLATE NOCASE, rowid LIMIT 1";
    let found = connection.query_row(sql, [name, table], |row| Ok((row.get(0)?, row.get(1)?)));
    let (trigger, of): (String, String) = found.ok()?;
    let message =
        format!("the trigger {trigger} of {of} needs the function {name}, which only the application has");
    Some(Fault::failed(message).hint(
        "--triggers off imports without triggers: what they keep up, as search indexes and counts, is not brought up to date",
    ))
}

/// Whether rows cannot be written to a table without the application, for more than its CHECKs.
pub fn cannot_write(connection: &Connection, table: &str) -> Result<bool> {
    connection.pragma_update(None, "ignore_check_constraints", true)?;
    let insert = connection.prepare(&format!("INSERT INTO {} DEFAULT VALUES", user_table(table)));
    let cannot = insert.is_err_and(|error| lacks_the_application(&error));
    connection.pragma_update(None, "ignore_check_constraints", false)?;
    Ok(cannot)
}

#[cfg(test)]
mod tests {
    use super::super::schema::Tables;
    use super::*;
    use rusqlite::functions::FunctionFlags;

    /// What is found in a schema by somebody who does not have the application.
    fn found(schema: &str) -> Vec<ApplicationIndex> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let db = Connection::open(&path).expect("open");
        db.create_collation("theirs", |a: &str, b: &str| b.cmp(a)).expect("register");
        let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
        db.create_scalar_function("slug", 1, flags, |_| Ok(1)).expect("register");
        db.execute_batch(schema).expect("create");
        drop(db);
        let db = Connection::open(&path).expect("open");
        let table = Tables::read(&db).expect("tables").describe("t").expect("describe");
        application_indexes(&db, &table).expect("look")
    }

    #[test]
    fn sqlite_says_what_an_index_needs() {
        for (schema, text, with_one) in [
            ("create index i on t(slug(a))", "index i of t needs the function slug", false),
            ("create index i on t(a) where slug(a) > 1", "index i of t needs the function slug", false),
            ("create index i on t(v)", "index i of t needs the function slug", false),
            ("create index i on t(b, a collate theirs)", "index i of t needs the collation theirs", true),
            (
                "create index i on t(a) where a collate theirs > 'b'",
                "index i of t needs the collation theirs",
                false,
            ),
        ] {
            let table = "create table t(a, b, v as (slug(a)) virtual, check (slug(a) > 0))";
            let indexes = found(&format!("{table}; {schema}; create index other on t(a, b)"));
            assert_eq!(indexes.len(), 1, "{schema}");
            assert_eq!(indexes[0].to_string(), format!("{text}, which only the application has"), "{schema}");
            let buildable = [0, 1, 2].map(|rows| indexes[0].is_buildable(rows));
            assert_eq!(buildable, [true, with_one, false], "{schema}");
        }
    }

    #[test]
    fn constraints_are_named_by_their_columns() {
        let indexes = found(
            "create table t(a collate theirs, b, c unique, primary key(b, a), unique(a)) without rowid",
        );
        let names: Vec<String> = indexes.iter().map(ToString::to_string).collect();
        assert!(
            names.iter().any(|name| name.starts_with("PRIMARY KEY (b, a) of t needs the collation theirs")),
            "{names:?}"
        );
        assert!(names.iter().any(|name| name.starts_with("UNIQUE (a) of t")), "{names:?}");
    }
}
