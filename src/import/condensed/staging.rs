//! The items of a document on their way into a private file, and what is wrong with them.

use super::items::{Items, key_text};
use crate::app::model::Shape;
use crate::database::value::Value;
use crate::document::envelope::{Metadata, Mode};
use crate::document::json::write_field;
use crate::document::reader::{Place, Sink};
use crate::document::tree::object;
use crate::error::Fault;
use crate::patience::Patience;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, Unit, go_on};
use anyhow::Result;
use std::collections::HashSet;
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 256;

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
            && let Some(earlier) = self.items.line_of(self.section, key)?
        {
            let path = format!("data.{}[{}]", self.name(), place.item);
            let message = format!("its key is that of the item on line {earlier} too");
            self.problems.add(Problem::error(&path, message).at(place.line, place.column));
            return Ok(());
        }
        if let Some(number) = number
            && self.items.by_number(self.section, number)?.is_some()
        {
            let path = format!("data.{}[{}].$id", self.name(), place.item);
            let problem = Problem::error(&path, "another item of the section has that number");
            self.problems.add(problem.at(place.line, place.column));
            return Ok(());
        }
        self.items.add(self.section, place, number, key.as_deref(), &json)?;
        Ok(())
    }

    fn problem(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.problems.add(problem);
        Ok(())
    }
}
