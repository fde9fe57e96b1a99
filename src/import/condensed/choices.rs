//! What was chosen for single items, and what became of each: beside the items in their private file.

use super::clash::is_of_child;
use super::items::Items;
use super::outcome::{Fate, Strategy};
use super::question::Difference;
use super::refused::Refused;
use super::state::Forced;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What somebody chose for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is done with it.
    pub strategy: Strategy,
    /// Under which name it comes in.
    pub name: Option<String>,
    /// What its row held when it was chosen: a digest.
    pub seen: Option<String>,
}

/// What became of an item: a line of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemLine {
    /// Its section.
    pub section: String,
    /// Which of its section it is, from 0.
    pub item: u64,
    /// Its line in the document.
    pub line: u64,
    /// What it is called: its key, or its label.
    pub label: String,
    /// What became of it.
    pub outcome: Fate,
    /// The child that it is about, where it clashes with what is there: its path, as `entries[Alien]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<String>,
    /// Under which name it came in, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What its row had, and what the item has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Difference>,
    /// Why it did not come in, or cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Items {
    /// Forgets what was decided and what was concluded from it; what somebody chose stays.
    pub fn forget(&self) -> Result<()> {
        self.connection().execute_batch(
            "DELETE FROM forced; DELETE FROM renamed; DELETE FROM moved; DELETE FROM adjusted; DELETE FROM settled; DELETE FROM stays;
             DELETE FROM uncertain;
             UPDATE clash SET outcome = NULL, text = NULL",
        )?;
        self.has_settled.set(false);
        self.watched.borrow_mut().clear();
        self.has_forced.set(false);
        self.has_renamed.set(false);
        self.knows_names.set(false);
        self.knows_unchanged.set(false);
        self.has_unchanged.set(false);
        self.reopen()
    }

    /// Keeps what somebody chose for an item.
    pub fn choose(&self, id: i64, choice: &Choice) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO choice(id, strategy, name, seen) VALUES (?1, ?2, ?3, ?4)";
        let values = params![id, choice.strategy.name(), choice.name, choice.seen];
        self.connection().prepare_cached(sql)?.execute(values)?;
        self.has_choices.set(true);
        Ok(())
    }

    /// Forgets what somebody chose for an item.
    pub fn unchoose(&self, id: i64) -> Result<()> {
        self.connection().execute("DELETE FROM choice WHERE id = ?1", [id])?;
        Ok(())
    }

    /// What somebody chose for an item.
    pub fn choice(&self, id: i64) -> Result<Option<Choice>> {
        if !self.has_choices.get() {
            return Ok(None);
        }
        let mut statement =
            self.connection().prepare_cached("SELECT strategy, name, seen FROM choice WHERE id = ?1")?;
        let found: Option<(String, Option<String>, Option<String>)> =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let choice =
            |(strategy, name, seen): (String, _, _)| Ok(Choice { strategy: strategy.parse()?, name, seen });
        found.map(choice).transpose()
    }

    /// Lets an item come in under another name: as this JSON, with this key.
    pub fn rename(&self, id: i64, section: u32, key: Option<&str>, name: &str, json: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO renamed(id, section, key, name, json) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![id, section, key, name, json])?;
        self.has_renamed.set(true);
        Ok(())
    }

    /// The name that an item comes in under instead of its own; empty where it has other ids only.
    pub fn renamed(&self, id: i64) -> Result<Option<String>> {
        if !self.has_renamed.get() {
            return Ok(None);
        }
        let mut statement = self.connection().prepare_cached("SELECT name FROM renamed WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    /// The fields of an item as its document has them, as JSON.
    pub fn original(&self, id: i64) -> Result<String> {
        let mut statement = self.connection().prepare_cached("SELECT json FROM item WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    }

    /// Whether an item has this key, by its own name or by the one that it comes in under.
    pub fn is_key_used(&self, id: i64, section: u32, key: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM item WHERE section = ?1 AND key = ?2 AND id <> ?3 UNION ALL
                   SELECT 1 FROM renamed WHERE section = ?1 AND key = ?2 AND id <> ?3";
        Ok(self.connection().prepare_cached(sql)?.exists(params![section, key, id])?)
    }

    /// Keeps that an item does not come in, and why.
    pub fn reject(&self, id: i64, refused: &Refused) -> Result<()> {
        self.force(id, Forced::Rejected)?;
        let why = serde_json::to_string(&[&refused.below, &refused.why])?;
        self.connection().execute("UPDATE forced SET why = ?2 WHERE id = ?1", params![id, why])?;
        Ok(())
    }

    /// Why an item does not come in.
    pub fn rejection(&self, id: i64) -> Result<Option<Refused>> {
        if !self.has_forced.get() {
            return Ok(None);
        }
        let mut statement = self.connection().prepare_cached("SELECT why FROM forced WHERE id = ?1")?;
        let why: Option<Option<String>> = statement.query_row([id], |row| row.get(0)).optional()?;
        let Some(why) = why.flatten() else { return Ok(None) };
        let [below, why]: [String; 2] = serde_json::from_str(&why)?;
        Ok(Some(Refused::new(&below, why)))
    }

    /// Keeps what became of an item.
    pub fn put_line(&self, id: i64, line: &ItemLine) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO line(id, outcome, text) VALUES (?1, ?2, ?3)";
        let outcome = line.outcome.name();
        self.connection().prepare_cached(sql)?.execute(params![id, outcome, serde_json::to_string(line)?])?;
        Ok(())
    }

    /// Keeps the key of a new row that lacks what can be fetched again, as JSON.
    pub fn put_lacking(&self, section: u32, key: &str) -> Result<()> {
        let sql = "INSERT INTO lacking(section, key) VALUES (?1, ?2)";
        self.connection().prepare_cached(sql)?.execute(params![section, key])?;
        Ok(())
    }

    /// Calls a function with the key of each new row of a section that lacks what can be fetched again.
    pub fn each_lacking(&self, section: usize, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
        let sql = "SELECT key FROM lacking WHERE section = ?1 ORDER BY rowid";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(section)?])?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_str()?)?;
        }
        Ok(())
    }

    /// Calls a function with what became of each item, as JSON, in the document's order.
    pub fn each_line(&self, mut each: impl FnMut(i64, &str) -> Result<()>) -> Result<()> {
        let mut statement = self.connection().prepare(
            "SELECT id, text FROM (SELECT id, '' AS path, text FROM line UNION ALL
             SELECT item, path, text FROM clash WHERE text IS NOT NULL) ORDER BY id, path",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?, row.get_ref(1)?.as_str()?)?;
        }
        Ok(())
    }

    /// The items of which somebody is to be asked, and the lines that say what they differ in, by section.
    pub fn open_questions(&self) -> Result<Vec<i64>> {
        let mut statement =
            self.connection().prepare("SELECT id FROM line WHERE outcome = 'open' ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(ids)
    }

    /// Keeps what the row held of which somebody is asked: a digest.
    pub fn see(&self, id: i64, digest: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO seen(id, digest) VALUES (?1, ?2)";
        self.connection().prepare_cached(sql)?.execute(params![id, digest])?;
        Ok(())
    }

    /// What the row held of which somebody is asked.
    pub fn seen(&self, id: i64) -> Result<Option<String>> {
        let mut statement = self.connection().prepare_cached("SELECT digest FROM seen WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Keeps why somebody is asked again.
    pub fn explain(&self, why: &str) -> Result<()> {
        self.connection().execute("INSERT INTO explanation(why) VALUES (?1)", [why])?;
        Ok(())
    }

    /// Why somebody is asked again, which is then forgotten.
    pub fn take_explanations(&self) -> Result<Vec<String>> {
        let mut statement = self.connection().prepare("SELECT why FROM explanation")?;
        let found = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        self.connection().execute("DELETE FROM explanation", [])?;
        Ok(found)
    }

    /// What became of an item.
    pub fn line(&self, id: i64) -> Result<Option<ItemLine>> {
        if is_of_child(id) {
            return self.clash_line(id);
        }
        let mut statement = self.connection().prepare_cached("SELECT text FROM line WHERE id = ?1")?;
        let text: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }
}

/// A JSON value as a word.
pub fn word(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
