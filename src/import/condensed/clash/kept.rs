//! What was settled of children that clash, beside the items in their private file: it holds for the next pass.

use super::Path;
use crate::database::value::Value;
use crate::import::condensed::choices::ItemLine;
use crate::import::condensed::compare::Take;
use crate::import::condensed::items::{Items, pack, unpack};
use crate::import::condensed::outcome::{Fate, Strategy};
use crate::import::condensed::target::Handle;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::{OptionalExtension, params};

/// Below this, numbers are those of children that clash.
const FIRST: i64 = -1 << 40;

/// Whether a number is that of a child that clashes, and not of an item.
pub fn is_of_child(id: i64) -> bool {
    id < FIRST
}

/// The number under which answers for all children of a section are kept.
pub fn for_all(section: u32) -> i64 {
    -1 - i64::from(section)
}

/// What becomes of a child that clashes.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// It does not come in.
    LeftOut,
    /// It is a row that was under another parent.
    Takes(Handle, Take),
}

/// A child that was written in a table in which some clash.
pub struct Member {
    pub item: i64,
    pub path: Path,
    /// Its row; nothing where it could not be written.
    pub handle: Option<Handle>,
    /// The place that it had among others, where it was there and gets another.
    pub before: Option<Value>,
    /// The columns that change, where it was there.
    pub changes: Vec<String>,
    /// Whether it was not there.
    pub is_new: bool,
}

impl Items {
    /// What was settled of a child.
    pub fn settled(&self, item: i64, path: &Path) -> Result<Option<Settled>> {
        if !self.has_settled.get() {
            return Ok(None);
        }
        let sql = "SELECT handle, is_whole FROM settled WHERE item = ?1 AND path = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found: Option<(Option<String>, bool)> = statement
            .query_row(params![item, text(path)?], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(match found {
            None => None,
            Some((None, _)) => Some(Settled::LeftOut),
            Some((Some(handle), true)) => Some(Settled::Takes(unpack(&handle)?, Take::All)),
            Some((Some(handle), false)) => Some(Settled::Takes(unpack(&handle)?, Take::NotNull)),
        })
    }

    /// Keeps what is settled of a child.
    pub fn settle(&self, item: i64, path: &Path, settled: &Settled) -> Result<()> {
        let (handle, is_whole) = match settled {
            Settled::LeftOut => (None, true),
            Settled::Takes(handle, take) => (Some(pack(handle)), *take == Take::All),
        };
        let sql = "INSERT OR REPLACE INTO settled(item, path, handle, is_whole) VALUES (?1, ?2, ?3, ?4)";
        self.connection().execute(sql, params![item, text(path)?, handle, is_whole])?;
        self.has_settled.set(true);
        Ok(())
    }

    /// Whether a row is taken by a child that was under another parent.
    pub fn is_taken(&self, handle: &Handle) -> Result<bool> {
        let sql = "SELECT 1 FROM settled WHERE handle = ?1";
        Ok(self.connection().prepare_cached(sql)?.exists([pack(handle)])?)
    }

    /// Lets an item hold this JSON: children of it have other values.
    pub fn adjust(&self, id: i64, json: &str) -> Result<()> {
        let renamed = "UPDATE renamed SET json = ?2 WHERE id = ?1";
        if self.connection().execute(renamed, params![id, json])? == 0 {
            let sql = "INSERT OR REPLACE INTO adjusted(id, json) VALUES (?1, ?2)";
            self.connection().execute(sql, params![id, json])?;
        }
        Ok(())
    }

    /// Keeps which children are written in a table from now on. Says whether it did not yet.
    pub fn watch_table(&self, table: &str) -> bool {
        self.watched.borrow_mut().insert(table.to_ascii_lowercase())
    }

    /// Whether it is kept which children are written in a table.
    pub fn is_watched(&self, table: &str) -> bool {
        let watched = self.watched.borrow();
        !watched.is_empty() && watched.contains(&table.to_ascii_lowercase())
    }

    /// Keeps that a child was written, or is the same.
    pub fn add_member(&self, table: &str, member: &Member) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO member(name, item, path, handle, before, is_new) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let handle = member.handle.as_deref().map(pack);
        let before = member.before.clone().map(|before| {
            let names = member.changes.iter().cloned().map(Value::Text);
            pack(&std::iter::once(before).chain(names).collect::<Vec<_>>())
        });
        let values = params![
            table.to_ascii_lowercase(),
            member.item,
            text(&member.path)?,
            handle,
            before,
            member.is_new
        ];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Keeps the row of a child that had to wait.
    pub fn set_member(&self, table: &str, item: i64, path: &Path, handle: &Handle) -> Result<()> {
        if !self.is_watched(table) {
            return Ok(());
        }
        let sql = "UPDATE member SET handle = ?4 WHERE name = ?1 AND item = ?2 AND path = ?3";
        let values = params![table.to_ascii_lowercase(), item, text(path)?, pack(handle)];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Whether a row of a table is a child in the document.
    pub fn is_member(&self, table: &str, handle: &Handle) -> Result<bool> {
        let sql = "SELECT 1 FROM member WHERE name = ?1 AND handle = ?2";
        Ok(self
            .connection()
            .prepare_cached(sql)?
            .exists(params![table.to_ascii_lowercase(), pack(handle)])?)
    }

    /// The children that were written in a table, in the order of the document.
    pub fn members(&self, table: &str) -> Result<Vec<Member>> {
        let sql = "SELECT item, path, handle, before, is_new FROM member WHERE name = ?1 ORDER BY item, path";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([table.to_ascii_lowercase()])?;
        let mut members = Vec::new();
        while let Some(row) = rows.next()? {
            let (path, handle, before): (String, Option<String>, Option<String>) =
                (row.get(1)?, row.get(2)?, row.get(3)?);
            let mut before =
                before.map(|before| unpack(&before)).transpose()?.unwrap_or_default().into_iter();
            let place = before.next();
            let name = |value| match value {
                Value::Text(name) => Some(name),
                _ => None,
            };
            members.push(Member {
                item: row.get(0)?,
                path: serde_json::from_str(&path)?,
                handle: handle.map(|handle| unpack(&handle)).transpose()?,
                before: place,
                changes: before.filter_map(name).collect(),
                is_new: row.get(4)?,
            });
        }
        Ok(members)
    }

    /// The number of a child that clashes, always the same.
    pub fn clash_number(&self, item: i64, path: &Path) -> Result<i64> {
        let path = text(path)?;
        let sql = "INSERT OR IGNORE INTO clash(item, path) VALUES (?1, ?2)";
        self.connection().execute(sql, params![item, path])?;
        let sql = "SELECT id FROM clash WHERE item = ?1 AND path = ?2";
        let id: i64 = self.connection().query_row(sql, params![item, path], |row| row.get(0))?;
        Ok(FIRST - id)
    }

    /// The item of a child that clashes; an item is its own.
    pub fn item_of(&self, id: i64) -> Result<i64> {
        if !is_of_child(id) {
            return Ok(id);
        }
        Ok(self
            .connection()
            .query_row("SELECT item FROM clash WHERE id = ?1", [FIRST - id], |row| row.get(0))?)
    }

    /// Keeps what becomes of a child that clashes, and what else could.
    pub fn put_clash(&self, id: i64, line: &ItemLine, choices: &[Strategy]) -> Result<()> {
        let names: Vec<&str> = choices.iter().map(|strategy| strategy.name()).collect();
        let sql = "UPDATE clash SET outcome = ?2, text = ?3, choices = ?4, section = ?5, name = ?6
                   WHERE id = ?1";
        let child = line.child.as_deref().unwrap_or_default();
        let field = child.split(['[', '.']).next().unwrap_or_default();
        let values = params![
            FIRST - id,
            line.outcome.name(),
            serde_json::to_string(line)?,
            names.join(","),
            format!("{}.{field}", line.section),
            child
        ];
        self.connection().execute(sql, values)?;
        Ok(())
    }

    /// What may be done with a child that clashes, besides leaving it out.
    pub fn clash_choices(&self, id: i64) -> Result<Vec<Strategy>> {
        let sql = "SELECT choices FROM clash WHERE id = ?1";
        let names: String = self.connection().query_row(sql, [FIRST - id], |row| row.get(0))?;
        names.split(',').filter(|name| !name.is_empty()).map(str::parse).collect()
    }

    /// What becomes of a child that clashes.
    pub fn clash_line(&self, id: i64) -> Result<Option<ItemLine>> {
        let sql = "SELECT text FROM clash WHERE id = ?1 AND text IS NOT NULL";
        let text: Option<String> =
            self.connection().query_row(sql, [FIRST - id], |row| row.get(0)).optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// The children that clash of which somebody is to be asked.
    pub fn open_clashes(&self) -> Result<Vec<i64>> {
        let mut statement =
            self.connection().prepare("SELECT id FROM clash WHERE outcome = 'open' ORDER BY item, path")?;
        let ids = statement.query_map([], |row| Ok(FIRST - row.get::<_, i64>(0)?))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets what is not settled: it is looked at anew.
    pub fn forget_open_clashes(&self) -> Result<()> {
        let sql =
            "UPDATE clash SET outcome = NULL, text = NULL WHERE outcome IN ('open', 'conflict', 'rejected')";
        self.connection().execute(sql, [])?;
        Ok(())
    }

    /// Calls a function with each child of which somebody chose what becomes of it: its item, what it is called below that, and
    /// what was chosen.
    pub fn each_chosen_child(&self, mut each: impl FnMut(i64, &str, Strategy) -> Result<()>) -> Result<()> {
        let sql = "SELECT id, item, name FROM clash WHERE name IS NOT NULL ORDER BY item, path";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(choice) = self.choice(FIRST - row.get::<_, i64>(0)?)? {
                each(row.get(1)?, row.get_ref(2)?.as_str()?, choice.strategy)?;
            }
        }
        Ok(())
    }

    /// How many children of each kind that clash came to what.
    pub fn count_clashes(&self) -> Result<IndexMap<String, IndexMap<String, u64>>> {
        let mut statement = self.connection().prepare(
            "SELECT section, outcome, count(*) FROM clash WHERE outcome IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
        )?;
        let mut rows = statement.query([])?;
        let mut counts: IndexMap<String, IndexMap<String, u64>> = IndexMap::new();
        while let Some(row) = rows.next()? {
            let outcome: String = row.get(1)?;
            let outcome = if outcome == Fate::Open.name() || outcome == Fate::Conflict.name() {
                "undecided".to_owned()
            } else {
                outcome
            };
            let count: i64 = row.get(2)?;
            *counts.entry(row.get(0)?).or_default().entry(outcome).or_default() += count.unsigned_abs();
        }
        Ok(counts)
    }

    /// Keeps an answer that was given before for a child, by what it is called below its item.
    pub fn choose_child(&self, item: i64, child: &str, strategy: Strategy) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO child_choice(item, child, strategy) VALUES (?1, ?2, ?3)";
        self.connection().execute(sql, params![item, child, strategy.name()])?;
        Ok(())
    }

    /// The answer that was given before for a child.
    pub fn child_choice(&self, item: i64, child: &str) -> Result<Option<Strategy>> {
        let sql = "SELECT strategy FROM child_choice WHERE item = ?1 AND child = ?2";
        let found: Option<String> =
            self.connection().query_row(sql, params![item, child], |row| row.get(0)).optional()?;
        found.map(|name| name.parse()).transpose()
    }
}

/// A path as its text in the private file.
fn text(path: &Path) -> Result<String> {
    Ok(serde_json::to_string(path)?)
}
