//! The keys of a document's rows, on the disk: which were there before, and which references lead nowhere.

use crate::database::connection::{self};
use crate::document::reader::Place;
use crate::patience::Patience;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, Row};
use std::path::Path;

/// Mebibytes of pages in memory.
const CACHE_MIB: u32 = 16;

/// The digest of a key: two different ones are as good as never the same.
pub type Key = [u8; 16];

/// A reference that leads nowhere.
pub struct Lost {
    /// Its number.
    pub number: u32,
    /// What it should lead to.
    pub target: u32,
    /// Where its row is.
    pub place: Place,
    /// Where it is below its row, where that was said.
    pub path: String,
}

/// The keys of a document.
pub struct Keys(Connection);

impl Keys {
    /// Makes the file, which nobody else sees.
    pub fn create(path: &Path, patience: &Patience) -> Result<Self> {
        let connection = connection::create_private(path, patience)?;
        connection
            .execute_batch(
                "CREATE TABLE taken(key, number, item, line, column, PRIMARY KEY(key, number)) WITHOUT ROWID;
                 CREATE TABLE target(key, number, PRIMARY KEY(key, number)) WITHOUT ROWID;
                 CREATE TABLE reference(target, key, number, item, line, column, path);
                 BEGIN",
            )
            .context("cannot prepare to remember keys")?;
        connection::set_cache(&connection, CACHE_MIB)?;
        Ok(Self(connection))
    }

    /// Remembers a key of that number. Returns where it was before, if it was.
    pub fn taken(&mut self, number: u32, key: &Key, place: Place) -> Result<Option<Place>> {
        let mut look =
            self.0.prepare_cached("SELECT item, line, column FROM taken WHERE key = ?1 AND number = ?2")?;
        let there = look.query_row((key, number), |row| place_of(row, 0)).optional()?;
        if there.is_none() {
            let mut insert = self.0.prepare_cached("INSERT INTO taken VALUES (?1, ?2, ?3, ?4, ?5)")?;
            insert.execute((key, number, signed(place.item), signed(place.line), signed(place.column)))?;
        }
        Ok(there)
    }

    /// Remembers what references of that number may lead to.
    pub fn add_target(&mut self, number: u32, key: &Key) -> Result<()> {
        let insert = "INSERT INTO target VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.0.prepare_cached(insert)?.execute((key, number))?;
        Ok(())
    }

    /// Whether references of that number may lead to this, as far as is known yet.
    pub fn has_target(&self, number: u32, key: &Key) -> Result<bool> {
        let look = "SELECT 1 FROM target WHERE key = ?1 AND number = ?2";
        Ok(self.0.prepare_cached(look)?.exists((key, number))?)
    }

    /// Remembers a reference to a target, and where it is below its row, where the number does not say that.
    pub fn add_reference(
        &mut self,
        target: u32,
        number: u32,
        key: &Key,
        place: Place,
        path: Option<&str>,
    ) -> Result<()> {
        let insert = "INSERT INTO reference VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.0.prepare_cached(insert)?.execute((
            target,
            key,
            number,
            signed(place.item),
            signed(place.line),
            signed(place.column),
            path,
        ))?;
        Ok(())
    }

    /// Calls a function with each reference that leads nowhere.
    pub fn each_lost(&self, mut each: impl FnMut(Lost)) -> Result<()> {
        let lost = "SELECT number, item, line, column, target, path FROM reference AS r WHERE NOT EXISTS
                    (SELECT 1 FROM target AS t WHERE t.key = r.key AND t.number = r.target)
                    ORDER BY line, number, rowid";
        let mut statement = self.0.prepare(lost)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let path: Option<String> = row.get(5)?;
            each(Lost {
                number: row.get(0)?,
                place: place_of(row, 1)?,
                target: row.get(4)?,
                path: path.unwrap_or_default(),
            });
        }
        Ok(())
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The place in three columns of a row.
fn place_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Place> {
    let number = |at: usize| row.get(first + at).map(i64::unsigned_abs);
    Ok(Place { item: number(0)?, line: number(1)?, column: number(2)? })
}
