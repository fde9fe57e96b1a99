//! Which columns the schema's own SQL compares: the application's developers wrote in a view or a trigger that
//! `comments.post = posts.id`, even where no foreign key says so.
//!
//! The SQL is read with SQLite's own grammar. A view or trigger that does not parse, or that is nested deeper than
//! anybody writes, proves nothing and is no error.

mod conditions;
mod definitions;
mod expressions;
mod ids;
mod leads;
mod literals;
mod names;
mod outputs;
mod owned;
mod reader;
mod scope;
mod selects;
mod sources;
mod statements;
#[cfg(test)]
mod tests;

pub use ids::{IdUse, id_uses};

use crate::app::catalog::Catalog;
use crate::database::schema::objects;
use anyhow::Result;
use definitions::Definitions;
use indexmap::IndexSet;
use reader::Reader;
use rusqlite::Connection;
use sqlite3_parser::Bump;
use statements::Walker;

/// A column of a table of the catalog, named as the schema names it, or its rowid by a name that no column has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SqlColumn {
    /// A table of the catalog.
    pub table: String,
    /// One of its columns, or its hidden rowid.
    pub column: String,
}

/// A comparison with literals that must hold too: `AND type = 'post'`, `AND type IN ('post', 'page')`.
///
/// The column can be one of a third table. Without values, the rows are restricted in a way that cannot be listed, such
/// as `type <> 'post'`, `type LIKE 'p%'` or the `ELSE` of a `CASE type`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// What is compared.
    pub column: SqlColumn,
    /// The literals as text, `3` for the number 3 too.
    pub values: Vec<String>,
}

/// Two columns that hold the same value in rows that belong together, where all conditions hold.
///
/// Where SQL inserts or assigns, the texts that it writes beside the value count as conditions (`VALUES (NEW.id,
/// 'post')`); numbers do not, since they are mostly counters and flags at their start.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Equality {
    /// One column.
    pub left: SqlColumn,
    /// The other; which is which means nothing.
    pub right: SqlColumn,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// What says so: `trigger fkc_insert`, `view meta`.
    pub origin: String,
}

/// Rows that a trigger deletes together with another row: `DELETE FROM pages WHERE book = OLD.id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owned {
    /// The column of the rows that go, `pages.book`.
    pub child: SqlColumn,
    /// What it equals in the deleted row: its row id, or a column that is unique.
    pub parent: SqlColumn,
    /// Only such rows go.
    pub conditions: Vec<Condition>,
    /// `trigger books_delete`.
    pub origin: String,
}

/// The equalities between columns that views and triggers state, each once per view or trigger.
pub fn equalities(connection: &Connection, catalog: &Catalog) -> Result<Vec<Equality>> {
    let (objects, bump) = (objects(connection)?, Bump::new());
    let definitions = Definitions::parse(&objects, &bump);
    let mut reader = Reader::new(connection, catalog, &definitions)?;
    let mut found = IndexSet::new();
    for view in &definitions.views {
        Walker::new(&mut reader, &mut found, format!("view {}", view.name)).view(view);
    }
    for trigger in &definitions.triggers {
        Walker::new(&mut reader, &mut found, format!("trigger {}", trigger.name)).trigger(trigger);
    }
    Ok(found.into_iter().collect())
}

/// What triggers delete together with a row, each once per trigger.
pub fn deletions(connection: &Connection, catalog: &Catalog) -> Result<Vec<Owned>> {
    let (objects, bump) = (objects(connection)?, Bump::new());
    let definitions = Definitions::parse(&objects, &bump);
    let mut reader = Reader::new(connection, catalog, &definitions)?;
    let mut found = IndexSet::new();
    for trigger in &definitions.triggers {
        owned::deletions(&mut reader, catalog, trigger, &mut found);
    }
    Ok(found.into_iter().collect())
}
