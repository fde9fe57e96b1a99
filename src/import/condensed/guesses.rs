//! Which rows items could be, and what each of these guesses needs of others: kept in the private file, and refuted until
//! what is left is consistent.

use super::items::{Items, pack, unpack};
use super::rename::Renamed;
use super::target::Handle;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};

/// What a guess needs: of each part one guess that holds.
pub type Parts = Vec<Vec<i64>>;

/// That an item is a row.
pub struct Guess {
    /// The item; nothing where it is about a child of one.
    pub item: Option<i64>,
    /// The row.
    pub handle: Handle,
    /// The fields that the item has under the name by which the row is it, as JSON.
    pub json: Option<String>,
}

impl Items {
    /// Forgets all guesses.
    pub fn forget_guesses(&self) -> Result<()> {
        self.connection().execute_batch("DELETE FROM guess; DELETE FROM need")?;
        Ok(())
    }

    /// Keeps that an item could be a row: as it is, or under another name.
    pub fn guess(&self, id: i64, section: u32, handle: &Handle, renamed: Option<&Renamed>) -> Result<i64> {
        let sql = "INSERT INTO guess(item, section, handle, name, key, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT DO NOTHING";
        let name = renamed.map(|renamed| renamed.name.as_str());
        let (key, json) = (renamed.and_then(|own| own.key.as_deref()), renamed.map(|own| own.json.as_str()));
        let handle = pack(handle);
        self.connection().prepare_cached(sql)?.execute(params![id, section, handle, name, key, json])?;
        let sql = "SELECT id FROM guess WHERE item = ?1 AND handle = ?2";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![id, handle], |row| row.get(0))?)
    }

    /// Keeps that a child of an item could be a child of a row, and what that needs.
    pub fn guess_child(&self, needs: &Parts) -> Result<i64> {
        self.connection().prepare_cached("INSERT INTO guess(checked) VALUES (1)")?.execute([])?;
        let id = self.connection().last_insert_rowid();
        self.keep_needs(id, needs)?;
        Ok(id)
    }

    /// The guess that an item is a row, where it was made.
    pub fn guessed(&self, id: i64, handle: &Handle) -> Result<Option<i64>> {
        let sql = "SELECT id FROM guess WHERE item = ?1 AND handle = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row(params![id, pack(handle)], |row| row.get(0)).optional()?)
    }

    /// The items that could be a row.
    pub fn guessed_of(&self, section: u32, handle: &Handle) -> Result<Vec<i64>> {
        let sql = "SELECT item FROM guess WHERE section = ?1 AND handle = ?2 AND item IS NOT NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_map(params![section, pack(handle)], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether an item could be a row under another name.
    pub fn has_names_guessed(&self) -> Result<bool> {
        Ok(self.connection().prepare("SELECT 1 FROM guess WHERE name IS NOT NULL LIMIT 1")?.exists([])?)
    }

    /// The first guess after another that was not looked at.
    pub fn guess_after(&self, after: i64) -> Result<Option<(i64, Guess)>> {
        let sql =
            "SELECT id, item, handle, json FROM guess WHERE id > ?1 AND NOT checked ORDER BY id LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found: Option<(i64, Option<i64>, String, Option<String>)> = statement
            .query_row([after], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let guess = |(id, item, handle, json): (i64, _, String, _)| {
            Ok((id, Guess { item, handle: unpack(&handle)?, json }))
        };
        found.map(guess).transpose()
    }

    /// Keeps what a guess needs.
    pub fn keep_needs(&self, id: i64, parts: &Parts) -> Result<()> {
        let sql = "INSERT INTO need(guess, part, other) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for (part, others) in parts.iter().enumerate() {
            for other in others {
                statement.execute(params![id, i64::try_from(part)?, other])?;
            }
        }
        Ok(())
    }

    /// Keeps that a guess is wrong.
    pub fn refute(&self, id: i64) -> Result<()> {
        self.connection().prepare_cached("UPDATE guess SET is_wrong = 1 WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Refutes all that needs what was refuted, then settles which row each item is: the one with its own name where it
    /// can be that, else the first that is left.
    pub fn settle_guesses(&self) -> Result<()> {
        self.connection().execute_batch(
            "CREATE INDEX IF NOT EXISTS need_of ON need(other); CREATE INDEX IF NOT EXISTS needs ON need(guess, part)",
        )?;
        self.refute_on(self.ids("SELECT id FROM guess WHERE is_wrong", None)?)?;
        let named = self.ids("SELECT DISTINCT item FROM guess WHERE name IS NOT NULL ORDER BY item", None)?;
        for by_own_name in [true, false] {
            for item in &named {
                let left = "SELECT id FROM guess WHERE item = ?1 AND NOT is_wrong ORDER BY id";
                let left = self.ids(left, Some(*item))?;
                let Some((first, others)) = left.split_first() else { continue };
                let sql = "SELECT name IS NULL FROM guess WHERE id = ?1";
                let is_own: bool =
                    self.connection().prepare_cached(sql)?.query_row([first], |row| row.get(0))?;
                if by_own_name && !is_own {
                    continue;
                }
                for other in others {
                    self.refute(*other)?;
                }
                self.refute_on(others.to_vec())?;
            }
        }
        Ok(())
    }

    /// Refutes what needs guesses that were refuted.
    fn refute_on(&self, mut wrong: Vec<i64>) -> Result<()> {
        let of = "SELECT DISTINCT guess FROM need WHERE other = ?1 AND NOT EXISTS (
                    SELECT 1 FROM need AS n JOIN guess AS o ON o.id = n.other
                    WHERE n.guess = need.guess AND n.part = need.part AND NOT o.is_wrong)
                  AND NOT (SELECT is_wrong FROM guess WHERE id = need.guess)";
        while let Some(id) = wrong.pop() {
            for other in self.ids(of, Some(id))? {
                self.refute(other)?;
                wrong.push(other);
            }
        }
        Ok(())
    }

    fn ids(&self, sql: &str, of: Option<i64>) -> Result<Vec<i64>> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_map(rusqlite::params_from_iter(of), |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Lets items come in under the names of the rows that they are. Says whether there is one.
    pub fn take_guessed_names(&self) -> Result<bool> {
        let sql = "INSERT INTO renamed(id, section, key, name, json)
                   SELECT item, section, key, name, json FROM guess AS g
                   WHERE id = (SELECT min(id) FROM guess WHERE item = g.item AND NOT is_wrong) AND name IS NOT NULL";
        let taken = self.connection().execute(sql, [])? > 0;
        self.has_renamed.set(self.has_renamed.get() || taken);
        Ok(taken)
    }
}
