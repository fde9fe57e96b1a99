//! What somebody requires of a database, as a query whose first value is true. It may read and nothing else, and not for long:
//! whoever writes it does not think of the database of next year.

use super::connection::{self, Access};
use super::stand_in;
use crate::error::Fault;
use crate::patience::Patience;
use anyhow::{Context, Result};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a query may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How many steps of SQLite's virtual machine it may take.
const MOST_STEPS: u64 = 4_000_000_000;
/// Steps between two looks.
const LOOK: u32 = 20_000;
/// The longest value, in bytes.
const LONGEST_VALUE: i32 = 64 << 20;

/// The queries that are not true of a database, each with what it says instead.
pub fn unmet(database: &Path, queries: &[String], patience: &Patience) -> Result<Vec<String>> {
    unmet_within(database, queries, (LONGEST, MOST_STEPS), patience)
}

fn unmet_within(
    database: &Path,
    queries: &[String],
    (longest, most_steps): (Duration, u64),
    patience: &Patience,
) -> Result<Vec<String>> {
    if queries.is_empty() {
        return Ok(Vec::new());
    }
    let mut connection = connection::open(database, Access::ReadOnly, patience)?;
    stand_in::register_collations(&connection)?;
    let began = Arc::new(Mutex::new(Instant::now()));
    let looks = Arc::new(AtomicU64::new(0));
    let (since, counted) = (Arc::clone(&began), Arc::clone(&looks));
    let is_enough = move || {
        let since = *since.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = counted.fetch_add(1, Ordering::Relaxed);
        since.elapsed() >= longest || looked >= most_steps / u64::from(LOOK)
    };
    let limit = || {
        connection.pragma_update(None, "query_only", true)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
        connection::stop_when(&mut connection, LOOK, patience, is_enough)?;
        connection.authorizer(Some(only_reads))
    };
    limit().context("cannot prepare a query that only reads")?;
    let mut unmet = Vec::new();
    for query in queries {
        *began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        looks.store(0, Ordering::Relaxed);
        let found = match ask(&connection, query) {
            Ok(None) => continue,
            Ok(Some(found)) => found,
            Err(error) if is_stopped(&error) => {
                if patience.stop.load(Ordering::Relaxed) {
                    return Err(Fault::interrupted().into());
                }
                format!("not known within {} and {most_steps} steps", humantime::format_duration(longest))
            }
            Err(error) => error.to_string(),
        };
        unmet.push(format!("{query}: {found}"));
    }
    Ok(unmet)
}

/// What a query says where that is not true.
fn ask(connection: &Connection, query: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(Some("no row".to_owned())) };
    let found = match row.get_ref(0)? {
        ValueRef::Integer(0) => "0".to_owned(),
        ValueRef::Real(0.0) => "0.0".to_owned(),
        ValueRef::Integer(_) | ValueRef::Real(_) => return Ok(None),
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Text(_) => "a text, and not true or false".to_owned(),
        ValueRef::Blob(_) => "a blob, and not true or false".to_owned(),
    };
    Ok(Some(found))
}

fn is_stopped(error: &rusqlite::Error) -> bool {
    crate::error::sqlite_code(error) == Some(ErrorCode::OperationInterrupted)
}

const DATA_VERSION: AuthAction<'_> = AuthAction::Pragma { pragma_name: "data_version", pragma_value: None };

/// Lets a query read tables and call functions that do no more than that. What a search index asks itself is read too.
fn only_reads(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        // Of pragmas, the index of full text asks this one.
        action if action == DATA_VERSION => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn unmet_of(queries: &[&str], limits: (Duration, u64)) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let db = Connection::open(&path).expect("open");
        db.execute_batch(
            "create table users(id integer primary key, name text); insert into users values (1, 'ada');
             create virtual table f using fts5(t); insert into f values ('alpha beta')",
        )
        .expect("fill");
        drop(db);
        let before = std::fs::read(&path).expect("read");
        let queries: Vec<String> = queries.iter().map(|query| (*query).to_owned()).collect();
        let unmet =
            unmet_within(&path, &queries, limits, &Patience::new(Duration::ZERO, &Silent)).expect("ask");
        assert!(std::fs::read(&path).expect("read") == before, "nothing is written");
        unmet
    }

    const LIMITS: (Duration, u64) = (LONGEST, MOST_STEPS);

    #[test]
    fn what_is_true_is_met() {
        let met = [
            "select count(*) > 0 from users",
            "select 1 from users where name = 'ada'",
            "select 0.5",
            "select count(*) from f where f match 'alpha'",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9) select sum(i) = 45 from n",
        ];
        assert_eq!(unmet_of(&met, LIMITS), [""; 0]);
    }

    #[test]
    fn what_is_not_is_said_with_what_it_is_instead() {
        for (query, says) in [
            ("select count(*) > 5 from users", "0"),
            ("select 1 from users where id = 7", "no row"),
            ("select max(id) from users where id = 7", "NULL"),
            ("select name from users", "a text"),
            ("select count(*) from gone", "no such table: gone"),
            ("select", "incomplete input"),
            ("delete from users", "not authorized"),
            ("insert into users(name) values ('x') returning 1", "not authorized"),
            ("select writefile('x', 'y')", "no such function: writefile"),
            ("select load_extension('x')", "not authorized"),
            ("attach '/tmp/x' as x", "not authorized"),
            ("pragma journal_mode = wal", "not authorized"),
            ("select 1; delete from users", "not authorized"),
            ("select zeroblob(1000000000) is not null", "too big"),
        ] {
            let unmet = unmet_of(&[query], LIMITS);
            assert_eq!(unmet.len(), 1, "{query}");
            assert!(unmet[0].starts_with(query) && unmet[0].contains(says), "{unmet:?}");
        }
    }

    #[test]
    fn what_takes_too_long_is_ended_and_the_next_is_asked() {
        let endless =
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
        for limits in [(Duration::from_millis(50), u64::MAX), (LONGEST, 1_000_000)] {
            let unmet = unmet_of(&[endless, "select 1", endless], limits);
            assert_eq!(unmet.len(), 2, "{unmet:?}");
            assert!(unmet[0].contains("not known within "), "{unmet:?}");
        }
    }
}
