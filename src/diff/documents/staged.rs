//! The items of two documents, in a private file.

use super::DocumentOptions;
use crate::app::model::FieldType;
use crate::database::connection::create_private;
use crate::database::value::Value;
use crate::document::envelope::{Metadata, Mode};
use crate::document::input::Input;
use crate::document::reader::{Place, Sink};
use crate::error::Fault;
use crate::import::condensed::field_json;
use crate::patience::Patience;
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value as Json};
use std::path::Path;

/// Items between two reports of progress.
const REPORT: u64 = 1024;

/// An item as JSON, by its fields.
pub(super) type Item = Map<String, Json>;

/// The items of two documents.
pub(super) struct Staged {
    pub connection: Connection,
}

impl Staged {
    /// None, in an empty file at `path`.
    pub fn create(path: &Path, patience: &Patience) -> Result<Self> {
        let connection = create_private(path, patience)?;
        connection.execute_batch(
            "CREATE TABLE raw(id INTEGER PRIMARY KEY, side INTEGER, section TEXT, number INTEGER, item TEXT);
             CREATE TABLE class(side INTEGER, section TEXT, number INTEGER, class INTEGER, label TEXT,
               PRIMARY KEY(side, section, number)) WITHOUT ROWID; BEGIN",
        )?;
        Ok(Self { connection })
    }

    /// Reads a document.
    pub fn read(
        &self,
        (input, name): (Input, &str),
        side: u8,
        options: &DocumentOptions<'_>,
    ) -> Result<Metadata> {
        let mut staging = Staging {
            staged: self,
            side,
            metadata: None,
            section: String::new(),
            rows: 0,
            progress: options.progress,
            name,
        };
        let read = input.read(name, options.limits, &mut staging);
        options.progress.end();
        let read = read?;
        self.connection.execute_batch("CREATE INDEX IF NOT EXISTS raw_section ON raw(section, side)")?;
        Ok(read.metadata)
    }

    /// Calls a function with every item of a section, and its local id.
    pub fn for_each(
        &self,
        side: u8,
        section: &str,
        progress: &dyn Progress,
        mut each: impl FnMut(Option<i64>, Item) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT number, item FROM raw WHERE section = ?1 AND side = ?2 ORDER BY id";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query(params![section, side])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            if count.is_multiple_of(REPORT) {
                go_on(progress)?;
            }
            let text: String = row.get(1)?;
            each(row.get(0)?, serde_json::from_str(&text).context("what was kept of an item")?)?;
        }
        Ok(())
    }

    /// What a local id means: the same for both items of a pair. Nothing of what is not paired yet.
    pub fn class(&self, side: u8, section: &str, number: i64) -> Result<Option<i64>> {
        let sql = "SELECT class FROM class WHERE side = ?1 AND section = ?2 AND number = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![side, section, number], |row| row.get(0)).optional()?)
    }

    /// What the items of a class are called, as the newest of them is.
    pub fn label(&self, section: &str, class: i64) -> Result<Option<String>> {
        let sql = "SELECT label FROM class WHERE section = ?1 AND class = ?2 ORDER BY side DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![section, class], |row| row.get(0)).optional()?)
    }
}

/// Keeps the items of a document.
struct Staging<'a> {
    staged: &'a Staged,
    side: u8,
    metadata: Option<Metadata>,
    section: String,
    rows: u64,
    progress: &'a dyn Progress,
    name: &'a str,
}

impl Sink for Staging<'_> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        if metadata.mode != Mode::Condensed {
            return Err(Fault::usage(format!("{} is not a condensed export", self.name)).into());
        }
        let rows = metadata.sections.values().map(|section| section.items).sum();
        self.progress.begin(&format!("reading {}", self.name), Some(rows), Unit::Rows);
        self.metadata = Some(metadata.clone());
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        name.clone_into(&mut self.section);
        let section = self.metadata.as_ref().and_then(|metadata| metadata.sections.get(name));
        Ok(section.map(|section| section.shape.columns.keys().cloned().collect()))
    }

    fn row(&mut self, _: Option<i64>, _: Vec<Value>, _: Place) -> Result<()> {
        Ok(())
    }

    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, _: Place) -> Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        let section = self.metadata.as_ref().and_then(|metadata| metadata.sections.get(&self.section));
        let Some(section) = section else { return Ok(()) };
        let mut item = Item::new();
        for ((name, kind), value) in section.shape.columns.iter().zip(fields) {
            let Some(value) = value else { continue };
            let json = match (&value, kind) {
                (Value::Text(text), FieldType::Json) => {
                    serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone()))
                }
                _ => field_json(&crate::app::model::Shape::default(), name, &value),
            };
            item.insert(name.clone(), json);
        }
        let text = serde_json::to_string(&item)?;
        self.staged
            .connection
            .prepare_cached("INSERT INTO raw(side, section, number, item) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.side, self.section, number, text])?;
        Ok(())
    }
}
