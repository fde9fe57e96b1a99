//! Rows that differ, in a private file until all of a table are known.

use super::What;
use crate::database::connection::create_private;
use crate::database::value::{Borrowed, Value};
use crate::patience::Patience;
use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use std::path::Path;

/// Rows of one table that differ.
pub(super) struct Events {
    connection: Connection,
}

/// A row that differs.
pub(super) struct Event {
    pub what: What,
    /// What it held, where it was there.
    pub before: Option<Vec<Value>>,
    /// What it holds, where it is there.
    pub after: Option<Vec<Value>>,
}

impl Events {
    /// None, in an empty file at `path`.
    pub fn create(path: &Path, patience: &Patience) -> Result<Self> {
        let connection = create_private(path, patience)?;
        connection.execute_batch(
            "CREATE TABLE event(id INTEGER PRIMARY KEY, what INTEGER, key BLOB, before BLOB, after BLOB); BEGIN",
        )?;
        Ok(Self { connection })
    }

    /// Forgets all.
    pub fn clear(&self) -> Result<()> {
        self.connection.execute("DELETE FROM event", [])?;
        Ok(())
    }

    /// Keeps a row that differs; `key` are the places of the values that make it the same as another.
    pub fn put(
        &self,
        before: Option<&[Borrowed<'_>]>,
        after: Option<&[Borrowed<'_>]>,
        key: &[usize],
    ) -> Result<()> {
        let what = match (before, after) {
            (None, _) => What::New,
            (_, None) => What::Gone,
            _ => What::Changed,
        };
        let own = after.or(before).unwrap_or_default();
        let is_known = !key.is_empty() && key.iter().all(|at| !matches!(own[*at], Borrowed::Null));
        let key = is_known.then(|| encode(key.iter().map(|at| own[*at])));
        let encoded = |values: Option<&[Borrowed<'_>]>| values.map(|values| encode(values.iter().copied()));
        self.connection
            .prepare_cached("INSERT INTO event(what, key, before, after) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![what as i64, key, encoded(before), encoded(after)])?;
        Ok(())
    }

    /// Rows that are gone and come back under another id are the same: those that hold the same are no difference, and those
    /// that have the same key are changed.
    pub fn pair(&self) -> Result<()> {
        const SAME: &str = "SELECT n.id AS new, g.id AS gone FROM
            (SELECT id, COLUMN AS known, row_number() OVER (PARTITION BY COLUMN ORDER BY id) AS nth
             FROM event WHERE what = 0 AND COLUMN IS NOT NULL) AS n JOIN
            (SELECT id, OTHER AS known, row_number() OVER (PARTITION BY OTHER ORDER BY id) AS nth
             FROM event WHERE what = 1 AND OTHER IS NOT NULL) AS g ON g.known = n.known AND g.nth = n.nth";
        let pairs = |column: &str, other: &str| SAME.replace("COLUMN", column).replace("OTHER", other);
        self.connection.execute_batch(&format!(
            "CREATE TABLE pair AS {};
             DELETE FROM event WHERE id IN (SELECT new FROM pair UNION ALL SELECT gone FROM pair);
             DROP TABLE pair;
             CREATE TABLE pair AS {}; CREATE UNIQUE INDEX pair_new ON pair(new);
             UPDATE event SET what = 2, before = (SELECT g.before FROM pair JOIN event AS g ON g.id = gone
               WHERE new = event.id) WHERE id IN (SELECT new FROM pair);
             DELETE FROM event WHERE id IN (SELECT gone FROM pair);
             DROP TABLE pair",
            pairs("after", "before"),
            pairs("key", "key")
        ))?;
        Ok(())
    }

    /// Calls a function with every row that differs.
    pub fn for_each(&self, mut each: impl FnMut(Event) -> Result<()>) -> Result<()> {
        let mut statement =
            self.connection.prepare("SELECT what, before, after FROM event ORDER BY what, id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let what = match row.get(0)? {
                0 => What::New,
                1 => What::Gone,
                _ => What::Changed,
            };
            let values = |at| -> Result<Option<Vec<Value>>> {
                let bytes: Option<Vec<u8>> = row.get(at)?;
                bytes.map(|bytes| decode(&bytes).context("what was kept of a row cannot be read")).transpose()
            };
            each(Event { what, before: values(1)?, after: values(2)? })?;
        }
        Ok(())
    }
}

pub(super) fn encode<'v>(values: impl Iterator<Item = Borrowed<'v>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.for_each(|value| value.encode(&mut bytes));
    bytes
}

fn decode(mut bytes: &[u8]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(Borrowed::decode(&mut bytes)?.into());
    }
    Some(values)
}
