//! The items of a document on their way into a private file, and what is wrong with them.

mod held;

use super::items::{Items, Wanted, key_text};
use super::mapping::{Fills, Mapping};
use super::overrides;
use super::part::Part;
use super::settled::Settled;
use super::unread::Unread;
use super::{CondensedOptions, Instructions};
use crate::app::model::Shape;
use crate::config::Rules;
use crate::database::value::Value;
use crate::document::envelope::{Doubt, Metadata, Mode};
use crate::document::json::{key_of, write_field};
use crate::document::label;
use crate::document::reader::{Place, Sink};
use crate::document::tree::object;
use crate::error::Fault;
use crate::problem::{Problem, Problems, Severity};
use crate::progress::{Progress, Unit, go_on};
use anyhow::Result;
use serde_json::{Map, Value as Json};
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 256;

/// Reads a document into a private file.
pub struct Staging<'a> {
    items: Items,
    /// What the document says.
    own: Option<Metadata>,
    /// The same in the names of the database, and with what its settings say.
    metadata: Option<Metadata>,
    section: u32,
    part: Part,
    told: Instructions,
    /// What is called otherwise in the database, and what its settings leave out.
    mappings: Vec<Mapping>,
    fills: Fills,
    /// Doubts that the settings settle.
    settled: Settled,
    rules: &'a Rules,
    wanted: Vec<String>,
    needed: Vec<String>,
    problems: Problems,
    warnings: Problems,
    unread: Unread,
    rows: u64,
    progress: &'a dyn Progress,
}

/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// What was read of a document.
pub struct Read {
    /// Its items.
    pub items: Items,
    /// What it says of them.
    pub metadata: Metadata,
    /// What is wrong with it.
    pub problems: Problems,
    /// What one should look at, and does not keep anything out.
    pub warnings: Problems,
    /// What cannot be read, and stays out.
    pub unread: Unread,
    /// The sections that come in.
    pub wanted: Vec<String>,
    /// Those, and the ones that they refer to.
    pub needed: Vec<String>,
    /// What columns of new rows hold of which the document says nothing.
    pub fills: Fills,
}

impl<'a> Staging<'a> {
    /// Begins with an empty file at `path`.
    pub fn create(path: &Path, options: &CondensedOptions<'a>) -> Result<Self> {
        Ok(Self {
            items: Items::create(path, &options.patience)?,
            own: None,
            metadata: None,
            mappings: Vec::new(),
            fills: Fills::default(),
            settled: Settled::default(),
            rules: options.rules,
            section: 0,
            part: Part::new(options),
            told: options.told.clone(),
            wanted: Vec::new(),
            needed: Vec::new(),
            problems: Problems::new(MOST_PROBLEMS),
            warnings: Problems::new(MOST_PROBLEMS),
            unread: Unread::new(options.told.on_error, MOST_PROBLEMS),
            rows: 0,
            progress: options.progress,
        })
    }

    /// What was read.
    pub fn finish(self) -> Read {
        let Self { items, metadata, problems, warnings, unread, wanted, needed, fills, .. } = self;
        let metadata = metadata.expect("a document that was read has metadata");
        Read { items, metadata, problems, warnings, unread, wanted, needed, fills }
    }

    fn shape(&self) -> &Shape {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        &metadata.sections[self.section as usize].shape
    }

    /// The key of an item, and its fields as JSON, in the names of the database; else the field of its key that it lacks.
    fn key_and_json(&self, fields: &[Option<Value>]) -> Result<Result<(Option<String>, String), String>> {
        let own = self.own.as_ref().expect("the metadata come first");
        let (name, section) = own.sections.get_index(self.section as usize).expect("it was looked up");
        let (own, shape) = (&section.shape, self.shape());
        let text = object(own, fields);
        if self.mappings.is_empty() && self.settled.is_empty() && own.key == shape.key {
            let value = |field: &str| {
                let at = shape.columns.get_index_of(field)?;
                let value = fields.get(at)?.as_ref().filter(|value| **value != Value::Null)?;
                let mut json = Vec::new();
                write_field(value.into(), shape.columns[at], true, &mut json);
                if json.starts_with(b"{") {
                    // References are looked up as they are read.
                    let key: Json = serde_json::from_slice(&json).ok()?;
                    json = label::without(&key).to_string().into_bytes();
                }
                String::from_utf8(json).ok()
            };
            return Ok(key_text_of(shape, value).map(|key| (key, text)));
        }
        let mut json: Map<String, Json> = serde_json::from_str(&text)?;
        self.mappings.iter().for_each(|mapping| mapping.rename_item(name, &mut json));
        self.settled.refer(shape, &mut json);
        let value = |field: &str| {
            let value = json.get(key_of(field).as_ref()).filter(|value| !value.is_null());
            value.map(|value| label::without(value).to_string())
        };
        let text = serde_json::to_string(&json)?;
        Ok(key_text_of(shape, value).map(|key| (key, text)))
    }

    fn add(&mut self, problem: Problem) {
        if problem.severity == Severity::Warning {
            return self.warnings.add(problem);
        }
        if let Some(problem) = self.unread.take(problem) {
            self.problems.add(problem);
        }
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
        if metadata.by_id != self.part.by_id {
            let message = if metadata.by_id {
                "its rows are to be matched by id: --by id"
            } else {
                "--by id: a condensed export has no row ids by which all rows could be matched"
            };
            return Err(Fault::usage(message).into());
        }
        let items = metadata.sections.values().map(|section| section.items).sum();
        self.progress.begin("reading", Some(items), Unit::Rows);
        let chosen = self.part.of(metadata, self.rules)?;
        self.wanted = chosen.wanted;
        self.needed = needed(metadata, &self.wanted);
        self.own = Some(metadata.clone());
        let mut metadata = metadata.clone();
        let mapping = Mapping::parse(&chosen.map, &metadata)?;
        mapping.apply(&mut metadata);
        let overrides = overrides::apply(self.rules, &mut metadata)?;
        overrides::apply_matches(&self.told.matches, &mut metadata)?;
        overrides.notes.iter().for_each(|note| self.progress.note(note));
        self.mappings =
            [mapping, overrides.left_out].into_iter().filter(|mapping| !mapping.is_empty()).collect();
        // What was doubted may be referred to now.
        self.settled = Settled::apply(self.rules, &mut metadata);
        self.fills = Fills::parse(&self.told.fill, &metadata)?;
        self.metadata = Some(metadata);
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let metadata = self.own.as_ref().expect("the metadata come first");
        let Some((at, _, section)) = metadata.sections.get_full(name) else {
            return Err(Fault::invalid(format!("data.{name}: metadata.sections has no such section")).into());
        };
        if !self.needed.iter().any(|needed| needed == name) {
            return Ok(None);
        }
        self.section = u32::try_from(at)?;
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
        let (key, json) = match self.key_and_json(&fields)? {
            Ok(found) => found,
            Err(field) => {
                let path = format!("data.{}[{}].{field}", self.name(), place.item);
                let problem = Problem::error(&path, "it is a part of the key, and the item lacks it");
                self.add(problem.at(place.line, place.column));
                return Ok(());
            }
        };
        if let Some(key) = &key
            && let Some(earlier) = self.items.line_of(self.section, key)?
        {
            let path = format!("data.{}[{}]", self.name(), place.item);
            let message = format!("its key is that of the item on line {earlier} too");
            self.add(Problem::error(&path, message).at(place.line, place.column));
            return Ok(());
        }
        if let Some(number) = number
            && self.items.by_number(self.section, number)?.is_some()
        {
            let path = format!("data.{}[{}].$id", self.name(), place.item);
            let problem = Problem::error(&path, "another item of the section has that number");
            self.add(problem.at(place.line, place.column));
            return Ok(());
        }
        self.hold_doubtful(number, &json)?;
        let is_wanted = self.wanted.iter().any(|wanted| wanted == self.name());
        let wanted = if is_wanted { Wanted::Yes } else { Wanted::No };
        self.items.add(self.section, place, number, key.as_deref(), wanted, &json)
    }

    fn problem(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.add(problem);
        Ok(())
    }

    fn recovers(&self) -> bool {
        self.unread.is_skipped()
    }

    fn lost(&mut self, _: &str, problem: Problem) -> Result<()> {
        let section = problem.path.as_deref().and_then(|path| path.strip_prefix("data."));
        if section.is_none_or(|section| self.needed.iter().any(|needed| needed == section)) {
            self.unread.lost.add(problem);
        }
        Ok(())
    }
}

/// Sections, and those that they refer to, whose items say what is meant.
fn needed(metadata: &Metadata, wanted: &[String]) -> Vec<String> {
    let mut needed = wanted.to_vec();
    let mut at = 0;
    while at < needed.len() {
        let mut targets = Vec::new();
        if let Some(section) = metadata.sections.get(&needed[at]) {
            section.shape.collect_targets(&mut targets);
            let of_section = |doubt: &&Doubt| section.shape.is_within(&doubt.table);
            let doubts = metadata.doubts.iter().filter(of_section);
            targets.extend(doubts.flat_map(|doubt| doubt.sections.iter().cloned()));
        }
        for target in targets {
            if metadata.sections.contains_key(&target) && !needed.contains(&target) {
                needed.push(target);
            }
        }
        at += 1;
    }
    needed
}

/// The key of an item by which others find it; else the field of it that it lacks.
fn key_text_of(shape: &Shape, value: impl Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
    match shape.key.iter().find(|field| value(field).is_none()) {
        Some(field) => Err(field.clone()),
        None => Ok(key_text(shape, value)),
    }
}
