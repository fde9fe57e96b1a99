//! The items of a document, in a private file: where each is, what it is known by, and what was decided about it.

use super::target::Handle;
use crate::app::model::Shape;
use crate::database::connection::{self};
use crate::database::value::Value;
use crate::document::json::write_value;
use crate::document::reader::Place;
use crate::patience::Patience;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value as Json;
use std::path::Path;

/// The items of a document.
pub struct Items {
    connection: Connection,
}

/// An item.
pub struct Item {
    /// Its section, by its place in the document.
    pub section: u32,
    /// Where it is.
    pub place: Place,
    /// Its fields as JSON.
    pub json: String,
}

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
}

impl Items {
    /// None yet, in an empty file at `path`.
    pub fn create(path: &Path, patience: &Patience) -> Result<Self> {
        let connection = connection::create_private(path, patience)?;
        connection
            .execute_batch(
                "CREATE TABLE item(id INTEGER PRIMARY KEY, section, item, line, at, number, key, json, state, handle);
                 CREATE INDEX by_key ON item(section, key);
                 CREATE INDEX by_number ON item(section, number);
                 BEGIN",
            )
            .context("cannot prepare to read items")?;
        Ok(Self { connection })
    }

    /// Adds an item.
    pub fn add(
        &self,
        section: u32,
        place: Place,
        number: Option<i64>,
        key: Option<&str>,
        json: &str,
    ) -> Result<()> {
        let sql = "INSERT INTO item(section, item, line, at, number, key, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (item, line, column) = (signed(place.item), signed(place.line), signed(place.column));
        let values = params![section, item, line, column, number, key, json];
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// The line of the item of a section with this key.
    pub fn line_of(&self, section: u32, key: &str) -> Result<Option<i64>> {
        let mut statement =
            self.connection.prepare_cached("SELECT line FROM item WHERE section = ?1 AND key = ?2")?;
        Ok(statement.query_row(params![section, key], |row| row.get(0)).optional()?)
    }

    /// Calls a function with every item, in the document's order.
    pub fn for_each(&self, mut each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        let last: i64 =
            self.connection.query_row("SELECT ifnull(max(id), 0) FROM item", [], |row| row.get(0))?;
        (1..=last).try_for_each(&mut each)
    }

    /// How many there are.
    pub fn len(&self) -> Result<u64> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM item", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// An item by its number here.
    pub fn get(&self, id: i64) -> Result<Item> {
        let mut statement =
            self.connection.prepare_cached("SELECT section, item, line, json, at FROM item WHERE id = ?1")?;
        let item = statement.query_row([id], |row| {
            let unsigned = |number: i64| number.unsigned_abs();
            let place = Place {
                item: unsigned(row.get(1)?),
                line: unsigned(row.get(2)?),
                column: unsigned(row.get(4)?),
            };
            Ok(Item { section: row.get(0)?, place, json: row.get(3)? })
        });
        item.context("an item is where it was put")
    }

    /// The item of a section with this key.
    pub fn by_key(&self, section: u32, key: &str) -> Result<Option<i64>> {
        let sql = "SELECT id FROM item WHERE section = ?1 AND key = ?2 LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![section, key], |row| row.get(0)).optional()?)
    }

    /// The item of a section with this number.
    pub fn by_number(&self, section: u32, number: i64) -> Result<Option<i64>> {
        let sql = "SELECT id FROM item WHERE section = ?1 AND number = ?2 LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![section, number], |row| row.get(0)).optional()?)
    }

    /// What was decided about an item.
    pub fn state(&self, id: i64) -> Result<State> {
        let mut statement = self.connection.prepare_cached("SELECT state, handle FROM item WHERE id = ?1")?;
        let (state, handle): (Option<i64>, Option<String>) =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let handle = || unpack(handle.as_deref().unwrap_or("[]"));
        Ok(match state {
            None => State::Open,
            Some(1) => State::Deciding,
            Some(2) => State::Matched(handle()?),
            Some(3) => State::New(handle()?.first().and_then(|value| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            })),
            Some(4) => State::Several(handle()?),
            _ => State::Taken,
        })
    }

    /// Keeps what was decided about an item.
    pub fn decide(&self, id: i64, state: &State) -> Result<()> {
        let (number, handle) = match state {
            State::Open => (None, None),
            State::Deciding => (Some(1), None),
            State::Matched(handle) => (Some(2), Some(pack(handle))),
            State::New(given) => {
                (Some(3), Some(pack(&given.map(Value::Integer).into_iter().collect::<Vec<_>>())))
            }
            State::Several(handle) => (Some(4), Some(pack(handle))),
            State::Taken => (Some(5), None),
        };
        let sql = "UPDATE item SET state = ?2, handle = ?3 WHERE id = ?1";
        self.connection.prepare_cached(sql)?.execute(params![id, number, handle])?;
        Ok(())
    }

    /// Calls a function with every item that is a row which an earlier item is too, and the line of that one.
    pub fn each_claimed_twice(&self, mut each: impl FnMut(i64, i64) -> Result<()>) -> Result<()> {
        let mut statement = self.connection.prepare(
            "SELECT b.id, a.line FROM (SELECT min(id) AS first, section, handle FROM item WHERE state = 2
             GROUP BY section, handle HAVING count(*) > 1) AS c
             JOIN item AS a ON a.id = c.first
             JOIN item AS b ON b.state = 2 AND b.section = c.section AND b.handle = c.handle AND b.id > c.first",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?, row.get(1)?)?;
        }
        Ok(())
    }

    /// Forgets everything that was decided.
    pub fn reopen(&self) -> Result<()> {
        self.connection.execute("UPDATE item SET state = NULL, handle = NULL", [])?;
        Ok(())
    }
}

/// Values as text that a private file keeps.
pub fn pack(values: &[Value]) -> String {
    let mut text = b"[".to_vec();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        write_value(value.into(), &mut text);
    }
    text.push(b']');
    String::from_utf8(text).expect("values are written as UTF-8")
}

/// The values that [`pack`] made text of.
pub fn unpack(text: &str) -> Result<Handle> {
    let values: Vec<Json> = serde_json::from_str(text)?;
    values.iter().map(|json| super::incoming::value(json).map_err(anyhow::Error::msg)).collect()
}

/// The text that two items with the same key share; nothing where items have no key.
pub fn key_text(shape: &Shape, field: impl Fn(&str) -> Option<String>) -> Option<String> {
    if shape.key.is_empty() {
        return None;
    }
    let parts: Option<Vec<String>> = shape.key.iter().map(|name| field(name)).collect();
    parts.map(|parts| parts.join("\n"))
}
