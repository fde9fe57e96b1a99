//! Which items of two documents are the same.

use super::staged::{Item, Staged};
use anyhow::{Context, Result};
use rusqlite::{Connection, params};

/// By what an item is known.
pub(super) struct Known {
    /// All that both documents say of it.
    pub content: String,
    /// Its key.
    pub key: Option<String>,
    pub label: String,
    pub item: String,
}

/// The items of a section, and those of them that are the same.
pub(super) struct Pairs<'s> {
    connection: &'s Connection,
}

impl<'s> Pairs<'s> {
    pub fn create(staged: &'s Staged) -> Result<Self> {
        staged.connection.execute_batch(
            "DROP TABLE IF EXISTS item; DROP TABLE IF EXISTS pair;
             CREATE TABLE item(id INTEGER PRIMARY KEY, side INTEGER, number INTEGER, content TEXT, key TEXT, label TEXT,
               item TEXT, paired INTEGER NOT NULL DEFAULT 0);
             CREATE TABLE pair(after INTEGER PRIMARY KEY, before INTEGER UNIQUE, same INTEGER)",
        )?;
        Ok(Self { connection: &staged.connection })
    }

    pub fn add(&self, side: u8, number: Option<i64>, known: &Known) -> Result<()> {
        let Known { content, key, label, item } = known;
        self.connection
            .prepare_cached(
                "INSERT INTO item(side, number, content, key, label, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![side, number, content, key, label, item])?;
        Ok(())
    }

    /// Pairs items: those that hold the same, as many as there are; then those of one key; then those without a key that have a
    /// name to themselves.
    pub fn find(&self) -> Result<()> {
        const PAIRS: &str = "INSERT INTO pair(after, before, same) SELECT a.id, b.id, SAME FROM
            (SELECT id, COLUMN AS known, row_number() OVER own AS nth, count(*) OVER all_of AS n FROM item
             WHERE side = 1 AND NOT paired AND ONLY WINDOW own AS (PARTITION BY COLUMN ORDER BY id),
             all_of AS (PARTITION BY COLUMN)) AS a JOIN
            (SELECT id, COLUMN AS known, row_number() OVER own AS nth, count(*) OVER all_of AS n FROM item
             WHERE side = 0 AND NOT paired AND ONLY WINDOW own AS (PARTITION BY COLUMN ORDER BY id),
             all_of AS (PARTITION BY COLUMN)) AS b
            ON a.known = b.known AND a.nth = b.nth AND ALONE;
            UPDATE item SET paired = 1 WHERE id IN (SELECT before FROM pair UNION ALL SELECT after FROM pair)";
        for (column, same, only, alone) in [
            ("content", "1", "1", "1"),
            ("key", "0", "key IS NOT NULL", "1"),
            ("label", "0", "key IS NULL AND label <> ''", "a.n = 1 AND b.n = 1"),
        ] {
            let sql = PAIRS.replace("COLUMN", column).replace("SAME", same);
            self.connection.execute_batch(&sql.replace("ONLY", only).replace("ALONE", alone))?;
        }
        Ok(())
    }

    /// Keeps what the local ids of the items mean for those that refer to them.
    pub fn keep_classes(&self, section: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO class SELECT side, ?1, number,
            ifnull((SELECT after FROM pair WHERE before = item.id), id), label FROM item WHERE number IS NOT NULL";
        self.connection.execute(sql, [section])?;
        Ok(())
    }

    /// Calls a function with every item that is on one side only.
    pub fn for_each_alone(&self, side: u8, mut each: impl FnMut(Item) -> Result<()>) -> Result<()> {
        let mut statement =
            self.connection.prepare("SELECT item FROM item WHERE side = ?1 AND NOT paired ORDER BY id")?;
        let mut rows = statement.query([side])?;
        while let Some(row) = rows.next()? {
            each(read(row, 0)?)?;
        }
        Ok(())
    }

    /// Calls a function with every pair that does not hold the same.
    pub fn for_each_changed(&self, mut each: impl FnMut(Item, Item) -> Result<()>) -> Result<()> {
        let mut statement = self.connection.prepare(
            "SELECT b.item, a.item FROM pair JOIN item AS b ON b.id = before JOIN item AS a ON a.id = after
             WHERE NOT same ORDER BY after",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(read(row, 0)?, read(row, 1)?)?;
        }
        Ok(())
    }
}

fn read(row: &rusqlite::Row<'_>, at: usize) -> Result<Item> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).context("what was kept of an item")
}
