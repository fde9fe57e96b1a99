//! The items of a document, in a private file: where each is, what it is known by, and what was decided about it.

use super::target::Handle;
use crate::app::model::Shape;
use crate::database::connection::{self, Access};
use crate::database::value::Value;
use crate::document::envelope::{Metadata, Mode};
use crate::document::json::{write_field, write_value};
use crate::document::reader::{Place, Sink};
use crate::document::tree::object;
use crate::error::Fault;
use crate::files;
use crate::patience::Patience;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 256;

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
    fn create(path: &Path, patience: &Patience) -> Result<Self> {
        drop(files::create(path)?);
        let connection = connection::open(path, Access::ReadWrite, patience)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA locking_mode = exclusive;
                 CREATE TABLE item(id INTEGER PRIMARY KEY, section, item, line, at, number, key, json, state, handle);
                 CREATE INDEX by_key ON item(section, key);
                 CREATE INDEX by_number ON item(section, number);
                 BEGIN",
            )
            .context("cannot prepare to read items")?;
        Ok(Self { connection })
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

/// Reads a document into a private file.
pub struct Staging<'a> {
    items: Items,
    metadata: Option<Metadata>,
    section: u32,
    /// Sections that are wanted; nothing where all are.
    wanted: Box<dyn Fn(&str) -> bool + 'a>,
    /// What is wrong with the document.
    pub problems: Problems,
    seen: HashSet<String>,
    rows: u64,
    progress: &'a dyn Progress,
}

/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

impl<'a> Staging<'a> {
    /// Begins with an empty file at `path`.
    pub fn create(
        path: &Path,
        wanted: impl Fn(&str) -> bool + 'a,
        patience: &Patience,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        Ok(Self {
            items: Items::create(path, patience)?,
            metadata: None,
            section: 0,
            wanted: Box::new(wanted),
            problems: Problems::new(MOST_PROBLEMS),
            seen: HashSet::new(),
            rows: 0,
            progress,
        })
    }

    /// The items and what the document says of them, and what is wrong with it.
    pub fn finish(self) -> (Items, Metadata, Problems) {
        let metadata = self.metadata.expect("a document that was read has metadata");
        (self.items, metadata, self.problems)
    }

    fn shape(&self) -> &Shape {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        &metadata.sections[self.section as usize].shape
    }

    fn name(&self) -> &str {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        metadata.sections.get_index(self.section as usize).map_or("", |(name, _)| name)
    }
}

impl Sink for Staging<'_> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        if metadata.mode != Mode::Condensed {
            return Err(Fault::usage("it is a full export, not a condensed one").into());
        }
        let items = metadata.sections.values().map(|section| section.items).sum();
        self.progress.begin("reading", Some(items), Unit::Rows);
        self.metadata = Some(metadata.clone());
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        let Some((at, _, section)) = metadata.sections.get_full(name) else {
            return Err(Fault::invalid(format!("data.{name}: metadata.sections has no such section")).into());
        };
        if !(self.wanted)(name) {
            return Ok(None);
        }
        self.section = u32::try_from(at)?;
        self.seen.insert(name.to_owned());
        Ok(Some(section.shape.columns.keys().cloned().collect()))
    }

    fn row(&mut self, _: Option<i64>, _: Vec<Value>, _: Place) -> Result<()> {
        unreachable!("a condensed document has items")
    }

    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, place: Place) -> Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        let shape = self.shape();
        let lacks = |field: &&String| {
            let at = shape.columns.get_index_of(*field);
            at.is_none_or(|at| fields.get(at).is_none_or(|value| matches!(value, None | Some(Value::Null))))
        };
        if let Some(field) = shape.key.iter().find(lacks) {
            let path = format!("data.{}[{}].{field}", self.name(), place.item);
            let problem = Problem::error(&path, "it is a part of the key, and the item lacks it");
            self.problems.add(problem.at(place.line, place.column));
            return Ok(());
        }
        let key = key_text(shape, |field| {
            let at = shape.columns.get_index_of(field)?;
            let mut json = Vec::new();
            write_field(fields.get(at)?.as_ref()?.into(), shape.columns[at], true, &mut json);
            String::from_utf8(json).ok()
        });
        let json = object(shape, &fields);
        if let Some(key) = &key
            && let Some(earlier) = self.twin(key)?
        {
            let path = format!("data.{}[{}]", self.name(), place.item);
            let message = format!("its key is that of the item on line {earlier} too");
            self.problems.add(Problem::error(&path, message).at(place.line, place.column));
            return Ok(());
        }
        let sql = "INSERT INTO item(section, item, line, at, number, key, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let values = params![
            self.section,
            signed(place.item),
            signed(place.line),
            signed(place.column),
            number,
            key,
            json
        ];
        self.items.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn problem(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.problems.add(problem);
        Ok(())
    }
}

impl Staging<'_> {
    /// The line of an item with the same key, which came before.
    fn twin(&self, key: &str) -> Result<Option<i64>> {
        let items = &self.items.connection;
        let sql = "SELECT line FROM item WHERE section = ?1 AND key = ?2";
        let mut statement = items.prepare_cached(sql)?;
        Ok(statement.query_row(params![self.section, key], |row| row.get(0)).optional()?)
    }
}

/// The text that two items with the same key share; nothing where items have no key.
pub fn key_text(shape: &Shape, field: impl Fn(&str) -> Option<String>) -> Option<String> {
    if shape.key.is_empty() {
        return None;
    }
    let parts: Option<Vec<String>> = shape.key.iter().map(|name| field(name)).collect();
    parts.map(|parts| parts.join("\n"))
}
