//! Whether a database is sound: its structure, and how many rows there are.

mod partial;

use super::connection::set_cache;
use super::quote::user_table;
use crate::error::{Kind, kind, sqlite_code};
use crate::progress::{Progress, Unit, step};
use anyhow::{Context, Result};
use partial::{in_parts, needs_more};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Row, RowIndex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The cache of a check, in mebibytes.
const CACHE_MIB: u32 = 32;

/// How many problems SQLite collects before it stops: enough that a constraint that every row violates does not
/// hide a damaged index.
const MOST: usize = 100_000;

/// How long a value may become while a database is checked, however small that is.
const LEAST_LENGTH: i32 = 16 << 20;

/// How thoroughly the structure is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// `quick_check`: the trees, but not whether indexes agree with their tables.
    Quick,
    /// `integrity_check`.
    Full,
}

impl Depth {
    fn pragma(self) -> &'static str {
        match self {
            Self::Quick => "quick_check",
            Self::Full => "integrity_check",
        }
    }
}

/// What a check of the structure found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Integrity {
    /// What is broken, in SQLite's words; empty where nothing is.
    pub damage: Vec<String>,
    /// What is whole but against the schema's own rules, or an index of FTS that does not fit its text. The
    /// application put it there and lives with it.
    pub flaws: Vec<String>,
    /// Tables that could not be checked in full, because only the application could, or with too much memory, and why.
    pub unchecked: Vec<String>,
}

impl Integrity {
    /// Whether nothing broken was found.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    fn sort_in(&mut self, lines: Vec<String>) {
        if lines.len() >= MOST {
            self.damage.push(format!("more than {MOST} problems, of which not all were looked at"));
        }
        for line in lines {
            if is_flaw(&line) { self.flaws.push(line) } else { self.damage.push(line) }
        }
    }
}

/// Whether a line of `integrity_check` is about a constraint or about an inverted index, not about the structure.
/// The texts are those of sqlite's `pragma.c`, `fts3.c` and `fts5_main.c`.
fn is_flaw(line: &str) -> bool {
    const STARTS: [&str; 6] = [
        "NULL value in ",
        "NUMERIC value in ",
        "TEXT value in ",
        "CHECK constraint failed in ",
        "malformed inverted index for FTS",
        "unable to validate the inverted index for FTS",
    ];
    STARTS.iter().any(|start| line.starts_with(start))
        || line.starts_with("non-") && line.contains(" value in ")
        || line.starts_with("index ") && line.contains(" stores an imprecise floating-point value for row ")
}

/// Checks the structure of a database.
///
/// Where a table needs a collation or a function that only the application has, its indexes cannot be compared
/// with it: then every other table is checked by itself, and of that one the trees. This leaves stand-ins on the
/// connection, so it is for copies, on a connection of their own.
pub fn integrity(connection: &Connection, depth: Depth, progress: &dyn Progress) -> Result<Integrity> {
    // Every index is looked up for every row. A schema that cannot be read is what the check will say itself.
    let _ = set_cache(connection, CACHE_MIB).and_then(|()| limit_values(connection));
    let work = || integrity_of(connection, depth, progress);
    step(progress, "checking the database", None, Unit::Pages, work)
}

/// What is broken in the structure of a database, in SQLite's words: its trees, its free pages, and pages that nothing leads to.
///
/// This is what the source of a `VACUUM INTO` needs besides the check of the copy. The copy is a new tree of the rows that were
/// found: if a page was lost, nothing in the copy tells. What is compared here costs one reading of the file; indexes, which
/// are copied entry by entry, and constraints are left to the check of the copy. Like [`integrity`], this leaves stand-ins on
/// the connection.
pub fn structure(connection: &Connection, progress: &dyn Progress) -> Result<Vec<String>> {
    connection.pragma_update(None, "ignore_check_constraints", true).context("cannot check the database")?;
    Ok(integrity(connection, Depth::Quick, progress)?.damage)
}

/// Lets expressions of the schema make no longer values than the database could hold: a CHECK of a hundred bytes can make a
/// gibibyte for each row.
fn limit_values(connection: &Connection) -> rusqlite::Result<()> {
    let pragma = |name| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let size = pragma("page_count")?.saturating_mul(pragma("page_size")?);
    let length = i32::try_from(size).unwrap_or(i32::MAX).max(LEAST_LENGTH);
    // More than what SQLite was built for is taken for that.
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, length)?;
    Ok(())
}

fn integrity_of(connection: &Connection, depth: Depth, progress: &dyn Progress) -> Result<Integrity> {
    let mut found = Integrity::default();
    match lines(connection, &format!("PRAGMA {}({MOST})", depth.pragma())) {
        Ok(lines) => found.sort_in(lines),
        Err(error) if is_found_damage(&error) => found.damage.push(error.to_string()),
        Err(error) if needs_more(&error) => in_parts(connection, depth, progress, &mut found)?,
        Err(error) => return Err(error).context("cannot check the database"),
    }
    Ok(found)
}

fn lines(connection: &Connection, pragma: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(pragma)?;
    let lines = statement.query_map([], |row| text(row, 0))?;
    let lines = lines.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// A column as text, whatever it holds.
pub fn text(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        value => format!("{value:?}"),
    })
}

fn is_found_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(sqlite_code(error), Some(DatabaseCorrupt | NotADatabase))
}

/// Names of the tables that have a tree of their own: no views, no virtual tables.
pub fn stored_tables(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid")
        .context("cannot read the schema")?;
    let names = statement.query_map([], |row| text(row, 0))?;
    names.collect::<rusqlite::Result<_>>().context("cannot read the schema")
}

/// Rows of each stored table that is not SQLite's own.
pub type RowCounts = BTreeMap<String, u64>;

/// Counts the rows of each table, with stand-ins for unknown collations in place.
pub fn row_counts(connection: &Connection, progress: &dyn Progress) -> Result<RowCounts> {
    let mut counts = RowCounts::new();
    for table in stored_tables(connection)?.into_iter().filter(|name| !name.starts_with("sqlite_")) {
        crate::progress::go_on(progress)?;
        let count = format!("SELECT count(*) FROM {}", user_table(&table));
        let rows: i64 = connection
            .query_row(&count, [], |row| row.get(0))
            .with_context(|| format!("cannot count the rows of {table}"))?;
        counts.insert(table, rows.unsigned_abs());
    }
    Ok(counts)
}

/// Whether an error means that a database is damaged, rather than locked, missing or out of reach.
pub fn is_damage(error: &anyhow::Error) -> bool {
    kind(error) == Kind::Damaged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn database(schema: &str) -> Connection {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(schema).expect("fill");
        db
    }

    #[test]
    fn a_sound_database_has_no_problems() {
        let db = database("create table t(a primary key, b); insert into t values (1, 2)");
        assert_eq!(integrity(&db, Depth::Full, &Silent).expect("check"), Integrity::default());
    }

    #[test]
    fn an_index_that_lacks_a_row_is_damage_that_only_the_full_check_sees() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let db = Connection::open(&path).expect("open");
        db.execute_batch(
            "create table t(a); create index i on t(a); insert into t values (1), (2), (3);
             pragma writable_schema = on; delete from sqlite_schema where name = 'i'",
        )
        .expect("hide the index");
        drop(db);
        let db = Connection::open(&path).expect("open");
        db.execute_batch(
            "update t set a = 4 where a = 1;
             pragma writable_schema = on;
             insert into sqlite_schema values ('index', 'i', 't', 3, 'CREATE INDEX i on t(a)')",
        )
        .expect("show it again");
        drop(db);
        let db = Connection::open(&path).expect("open");
        assert!(integrity(&db, Depth::Quick, &Silent).expect("check").is_sound());
        let full = integrity(&db, Depth::Full, &Silent).expect("check");
        assert!(full.damage.iter().any(|line| line.contains("missing from index i")), "{full:?}");
    }

    #[test]
    fn violated_constraints_are_flaws_and_hide_no_damage() {
        let db = database(
            "create table t(a, b text);
             insert into t values (1, 1), (null, 2);
             pragma writable_schema = on;
             update sqlite_schema set sql = 'CREATE TABLE t(a not null check (a > 1), b)';
             pragma writable_schema = reset",
        );
        let found = integrity(&db, Depth::Full, &Silent).expect("check");
        assert!(found.is_sound(), "{found:?}");
        assert_eq!(found.flaws.len(), 2, "{found:?}");
    }

    #[test]
    fn a_check_that_makes_huge_values_is_not_evaluated_and_the_rest_checked() {
        let db = database(
            "pragma ignore_check_constraints = on;
             create table t(a unique check (length(hex(zeroblob(490000000))) > 0)); insert into t values (1);
             create table u(a not null check (a > 1)); insert into u values (1)",
        );
        db.pragma_update(None, "ignore_check_constraints", false).expect("set");
        let found = integrity(&db, Depth::Full, &Silent).expect("check");
        assert!(found.is_sound(), "{found:?}");
        assert_eq!(found.unchecked, ["t: string or blob too big"], "{found:?}");
        assert_eq!(found.flaws, ["CHECK constraint failed in u"], "{found:?}");
    }

    #[test]
    fn what_only_the_application_can_check_is_named_and_the_rest_checked() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let db = Connection::open(&path).expect("open");
        db.create_collation("theirs", |a: &str, b: &str| b.cmp(a)).expect("register");
        db.execute_batch(
            "create table a(a text collate theirs unique); insert into a values ('x'), ('y');
             create table b(a text collate theirs primary key) without rowid; insert into b values ('x'), ('y');
             create table c(a); insert into c values (1)",
        )
        .expect("fill");
        drop(db);
        let db = Connection::open(&path).expect("open");
        let found = integrity(&db, Depth::Full, &Silent).expect("check");
        assert!(found.is_sound(), "{found:?}");
        assert_eq!(found.unchecked.len(), 2, "{found:?}");
        assert_eq!(row_counts(&db, &Silent).expect("count").values().sum::<u64>(), 5);
    }
}
