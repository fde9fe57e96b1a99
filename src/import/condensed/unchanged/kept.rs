//! Which items are unchanged, in their private file.

use crate::import::condensed::items::{Items, pack};
use crate::import::condensed::target::Handle;
use anyhow::Result;
use rusqlite::params;

impl Items {
    /// Keeps that an item is a row and unchanged.
    pub(super) fn keep_unchanged(&self, id: i64, section: u32, handle: &Handle) -> Result<()> {
        let sql =
            "INSERT INTO fate(id, section, state, handle, by_key, is_unchanged) VALUES (?1, ?2, 2, ?3, 1, 1)";
        self.connection().prepare_cached(sql)?.execute(params![id, section, pack(handle)])?;
        self.has_unchanged.set(true);
        Ok(())
    }

    /// Keeps that an item was looked at, and that it is not certain whether it is unchanged.
    pub(super) fn keep_uncertain(&self, id: i64) -> Result<()> {
        self.connection().prepare_cached("INSERT OR IGNORE INTO uncertain(id) VALUES (?1)")?.execute([id])?;
        Ok(())
    }

    pub(super) fn was_looked_at(&self, id: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM fate WHERE id = ?1 UNION ALL SELECT 1 FROM uncertain WHERE id = ?1";
        Ok(self.connection().prepare_cached(sql)?.exists([id])?)
    }

    /// Whether an item is a row and unchanged.
    pub fn is_unchanged(&self, id: i64) -> Result<bool> {
        if !self.has_unchanged.get() {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM fate WHERE id = ?1 AND is_unchanged";
        Ok(self.connection().prepare_cached(sql)?.exists([id])?)
    }

    /// How many are unchanged.
    pub(super) fn unchanged(&self) -> Result<u64> {
        if !self.has_unchanged.get() {
            return Ok(0);
        }
        let sql = "SELECT count(*) FROM fate WHERE is_unchanged";
        let count: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// How many that come in are unchanged, by section.
    pub(super) fn count_unchanged(&self) -> Result<Vec<(u32, u64)>> {
        if !self.has_unchanged.get() {
            return Ok(Vec::new());
        }
        let sql = "SELECT i.section, count(*) FROM fate AS f JOIN item AS i ON i.id = f.id
                   WHERE f.is_unchanged AND i.wanted > 0 GROUP BY i.section";
        let mut statement = self.connection().prepare(sql)?;
        let count = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
        Ok(statement.query_map([], count)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets all that was decided; what is unchanged stays, unless something came up for such an item after all.
    pub(in crate::import::condensed) fn forget_decided(&self) -> Result<()> {
        let came_up = "SELECT 1 FROM forced AS o JOIN fate AS f ON f.id = o.id WHERE f.is_unchanged";
        // Of children that clash it is kept which are there, item by item.
        let is_dropped = self.has_unchanged.get()
            && (!self.watched.borrow().is_empty() || self.connection().prepare_cached(came_up)?.exists([])?);
        if is_dropped {
            self.has_unchanged.set(false);
        }
        let all = if self.has_unchanged.get() { " WHERE is_unchanged = 0" } else { "" };
        self.connection().execute(&format!("DELETE FROM fate{all}"), [])?;
        Ok(())
    }
}
