//! Rows of a time, whatever way their table writes times.

use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

/// Above this a number counts milliseconds: as seconds it would be in the year 5138.
const MOST_SECONDS: f64 = 100_000_000_000.0;

/// A condition in SQL that a column says a time from `since` and before `until`. Texts are what SQLite's date functions
/// understand, without a zone UTC; numbers are seconds or milliseconds since 1970.
pub(super) fn between(
    connection: &Connection,
    table: &str,
    column: &str,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<String> {
    let name = identifier(column);
    let sql = format!(
        "SELECT max(abs({name})) FROM {} WHERE typeof({name}) IN ('integer', 'real')",
        user_table(table)
    );
    let largest: Option<f64> = connection
        .query_row(&sql, [], |row| row.get(0))
        .optional()
        .with_context(|| format!("cannot look at the times in {table}.{column}"))?
        .flatten();
    let unit = if largest.is_some_and(|largest| largest > MOST_SECONDS) { 1000.0 } else { 1.0 };
    let compare = |time: DateTime<Utc>, operator: &str| {
        #[expect(clippy::cast_precision_loss, reason = "a real holds the milliseconds of any calendar date")]
        let seconds = time.timestamp_millis() as f64 / 1000.0;
        format!(
            "CASE WHEN typeof({name}) = 'text' THEN julianday({name}) {operator} julianday('{}')
             ELSE {name} {operator} {} END",
            time.format("%Y-%m-%d %H:%M:%S%.3f"),
            seconds * unit
        )
    };
    let bounds =
        since.map(|time| compare(time, ">=")).into_iter().chain(until.map(|time| compare(time, "<")));
    Ok(bounds.collect::<Vec<_>>().join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_compared_however_they_are_written() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "create table t(id, a, b, c); insert into t values
             (1, '2026-01-01', 1767225600, 1767225600000.5), (2, '2026-02-01T12:00:00Z', 1769947200.5, 1769947200000),
             (3, '2026-03-01 00:00:00', 1772323200, 1772323200000), (4, null, null, null), (5, 'soon', 'soon', 'soon')",
        )
        .expect("fill");
        let time = |text: &str| Some(text.parse().expect("a time"));
        for column in ["a", "b", "c"] {
            let sql = between(&db, "t", column, time("2026-01-15T00:00:00Z"), time("2026-03-01T00:00:00Z"))
                .expect("a condition");
            let mut statement = db.prepare(&format!("SELECT id FROM t WHERE {sql}")).expect("a query");
            let ids = statement.query_map([], |row| row.get::<_, i64>(0)).expect("rows");
            assert_eq!(ids.flatten().collect::<Vec<_>>(), [2], "{column}: {sql}");
        }
    }
}
