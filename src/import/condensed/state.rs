//! What was decided about items: which rows they are, and what follows from that for others.

use super::items::{Items, pack, unpack};
use super::target::Handle;
use crate::database::value::Value;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};

/// What was decided about an item.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nothing yet.
    Open,
    /// It is being decided: it depends on itself.
    Deciding,
    /// It is a row that is there.
    Matched(Handle),
    /// It is not there; a new row has this number, where the database gives them.
    New(Option<i64>),
    /// It is several rows that are there.
    Several(Handle),
    /// What it is known by is that of a row of somebody else, which is neither changed nor referred to.
    Taken,
    /// It is not there, and what must be unique in it is another row's.
    Blocked,
    /// It is not there and does not come in: why, in words that follow its name.
    Out(String),
}

/// What is known of an item before it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forced {
    /// Rows that share something unique with it are those of other items.
    ByKeyOnly,
    /// It does not come in.
    Rejected,
    /// What must be unique in it is another row's, and stays that.
    Blocked,
    /// It comes in beside the row that it is likely an edited state of.
    Beside,
}

impl Forced {
    const ALL: [Self; 4] = [Self::ByKeyOnly, Self::Rejected, Self::Blocked, Self::Beside];

    /// What stands for it in the private file.
    pub const fn number(self) -> i64 {
        match self {
            Self::ByKeyOnly => 1,
            Self::Rejected => 2,
            Self::Blocked => 3,
            Self::Beside => 4,
        }
    }
}

/// The rows that an item is, or shares what is unique with.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// Whether it was found by a key, and not by something else that is unique.
    pub by_key: bool,
    /// Further rows that share something unique with it.
    pub others: Vec<Handle>,
}

impl Items {
    /// What was decided about an item.
    pub fn state(&self, id: i64) -> Result<State> {
        let mut statement =
            self.connection().prepare_cached("SELECT state, handle FROM fate WHERE id = ?1")?;
        let found = statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((state, handle)): Option<(i64, Option<String>)> = found else { return Ok(State::Open) };
        let handle = handle.unwrap_or_else(|| "[]".to_owned());
        Ok(match state {
            1 => State::Deciding,
            2 => State::Matched(unpack(&handle)?),
            3 => State::New(unpack(&handle)?.first().and_then(|value| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            })),
            4 => State::Several(unpack(&handle)?),
            5 => State::Taken,
            7 => State::Blocked,
            _ => State::Out(handle),
        })
    }

    /// Whether the row that an item is was found by its key or its content, and not by something else that is unique.
    pub fn is_by_key(&self, id: i64) -> Result<bool> {
        let mut statement = self.connection().prepare_cached("SELECT by_key FROM fate WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Keeps what was decided about an item, and by what its rows were found.
    pub fn decide(&self, id: i64, section: u32, state: &State, claim: &Claim) -> Result<()> {
        let (number, handle) = match state {
            State::Open => return Ok(()),
            State::Deciding => (1, None),
            State::Matched(handle) => (2, Some(pack(handle))),
            State::New(given) => (3, given.map(|given| pack(&[Value::Integer(given)]))),
            State::Several(handle) => (4, Some(pack(handle))),
            State::Taken => (5, None),
            State::Out(why) => (6, Some(why.clone())),
            State::Blocked => (7, None),
        };
        // A number that is to be given is no row.
        let section = if number == 3 { None } else { Some(section) };
        let sql = "INSERT INTO fate(id, section, state, handle, by_key) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT(id) DO UPDATE SET section = ?2, state = ?3, handle = ?4, by_key = ?5";
        self.connection().prepare_cached(sql)?.execute(params![id, section, number, handle, claim.by_key])?;
        for other in &claim.others {
            let sql = "INSERT INTO collision(id, section, handle) VALUES (?1, ?2, ?3)";
            self.connection().prepare_cached(sql)?.execute(params![id, section, pack(other)])?;
        }
        Ok(())
    }

    /// What is known of an item before it is decided.
    pub fn forced(&self, id: i64) -> Result<Option<Forced>> {
        if !self.has_forced.get() {
            return Ok(None);
        }
        let mut statement = self.connection().prepare_cached("SELECT how FROM forced WHERE id = ?1")?;
        let how: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?;
        Ok(how.and_then(|how| Forced::ALL.into_iter().find(|forced| forced.number() == how)))
    }

    /// Says something of an item before it is decided anew.
    pub fn force(&self, id: i64, how: Forced) -> Result<()> {
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO forced(id, how) VALUES (?1, ?2)")?
            .execute([id, how.number()])?;
        self.has_forced.set(true);
        Ok(())
    }

    /// Keeps that what must be unique in an item is another row's, and which constraint says so.
    pub fn block(&self, id: i64, constraint: &str) -> Result<()> {
        self.force(id, Forced::Blocked)?;
        let sql = "UPDATE forced SET constraint_failed = ?2 WHERE id = ?1";
        self.connection().execute(sql, params![id, constraint])?;
        Ok(())
    }

    /// The constraint that keeps an item out.
    pub fn blocked_by(&self, id: i64) -> Result<Option<String>> {
        let sql = "SELECT constraint_failed FROM forced WHERE id = ?1";
        let found: Option<Option<String>> =
            self.connection().prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }

    /// Of items that share something unique with rows, those whose rows are all those of other items: they are looked for
    /// by their key only. An item that is no row yields to whatever is one. Says how many there are.
    pub fn yield_claims(&self) -> Result<u64> {
        if !self.connection().prepare_cached("SELECT 1 FROM collision")?.exists([])? {
            return Ok(0);
        }
        self.index_handles()?;
        let own = "EXISTS (SELECT 1 FROM fate AS f WHERE f.section = c.section AND f.handle = c.handle
                   AND f.id <> c.id AND (f.by_key AND f.state IN (2, 4)
                   OR f.state = 2 AND (SELECT state FROM fate WHERE id = c.id) = 7))";
        let sql = format!(
            "INSERT INTO forced(id, how) SELECT c.id, {} FROM collision AS c
             WHERE c.id NOT IN (SELECT id FROM forced) GROUP BY c.id HAVING min({own})",
            Forced::ByKeyOnly.number()
        );
        let yielded = self.connection().execute(&sql, [])? as u64;
        self.has_forced.set(self.has_forced.get() || yielded > 0);
        Ok(yielded)
    }

    /// Looks for items that are several rows by their key only, where the other rows go. Says how many there are.
    pub fn yield_several(&self) -> Result<u64> {
        let sql = "INSERT INTO forced(id, how) SELECT id, ?1 FROM fate WHERE state = 4
                   AND id NOT IN (SELECT id FROM forced)";
        let yielded = self.connection().execute(sql, [Forced::ByKeyOnly.number()])? as u64;
        self.has_forced.set(self.has_forced.get() || yielded > 0);
        Ok(yielded)
    }

    /// Calls a function with every item that is a row which an earlier item is too, and the line of that one.
    pub fn each_claimed_twice(&self, mut each: impl FnMut(i64, i64) -> Result<()>) -> Result<()> {
        let mut statement = self.connection().prepare(
            "SELECT b.id, a.line FROM (SELECT min(id) AS first, section, handle FROM fate WHERE state = 2
             GROUP BY section, handle HAVING count(*) > 1) AS c
             JOIN item AS a ON a.id = c.first
             JOIN fate AS b ON b.state = 2 AND b.section = c.section AND b.handle = c.handle AND b.id > c.first",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?, row.get(1)?)?;
        }
        Ok(())
    }

    /// Makes that items are found by their rows.
    pub fn index_handles(&self) -> Result<()> {
        self.connection().execute_batch("CREATE INDEX IF NOT EXISTS by_handle ON fate(section, handle)")?;
        Ok(())
    }

    /// Whether a row of a section is an item; fast once they are found by their rows.
    pub fn is_claimed(&self, section: u32, handle: &Handle) -> Result<bool> {
        let sql = "SELECT 1 FROM fate WHERE section = ?1 AND handle = ?2 AND state IN (2, 4)";
        Ok(self.connection().prepare_cached(sql)?.exists(params![section, pack(handle)])?)
    }

    /// Whether an item of a section is to be put in.
    pub fn has_new(&self, section: u32) -> Result<bool> {
        let sql = "SELECT 1 FROM item AS i JOIN fate AS f ON f.id = i.id
                   WHERE i.section = ?1 AND i.wanted > 0 AND f.state = 3";
        Ok(self.connection().prepare_cached(sql)?.exists([section])?)
    }

    /// Forgets everything that was decided.
    pub fn reopen(&self) -> Result<()> {
        self.connection().execute_batch(
            "DROP INDEX IF EXISTS by_handle; DELETE FROM collision; DELETE FROM line; DELETE FROM lacking;
             DELETE FROM alike; DELETE FROM pair; DELETE FROM member; DELETE FROM written",
        )?;
        self.forget_decided()?;
        self.forget_open_clashes()?;
        Ok(())
    }
}
