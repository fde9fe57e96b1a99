//! Whether an export is whole and what is wrong with it: all of it, as far as it can be read.
//!
//! The document is read as an import reads it. The schema of a full one is made in a private file, which says what types,
//! keys and references its rows have; a condensed one says so itself. The keys go into a private file, so that the memory
//! stays the same for any document.

mod against;
mod columns;
mod items;
mod keys;
mod model;
mod rows;
mod written;

pub use written::Written;

use crate::database::value::Value;
use crate::document::envelope::{Metadata, Mode};
use crate::document::input::Input;
use crate::document::inspect::Inspected;
use crate::document::reader::{Document, Limits, Place, Sink};
use crate::error::{Fault, Kind, kind};
use crate::files::Scratch;
use crate::import::identity::Own;
use crate::patience::Patience;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, Unit, go_on};
use anyhow::Result;
use indexmap::IndexMap;
use items::{ItemModel, Visit, check_shapes};
use keys::Keys;
use model::Model;
use std::collections::HashSet;
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;

/// How an export is validated.
#[derive(Clone)]
pub struct ValidateOptions<'a> {
    /// How many problems are listed.
    pub max_problems: usize,
    /// A database that the document is compared with.
    pub against: Option<Against<'a>>,
    /// Conditions on the values of sections, by section and field.
    pub checks: IndexMap<String, IndexMap<String, String>>,
    /// How much of the document may be in memory.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// A database that a document is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The database.
    pub database: &'a Path,
    /// What is known of its application.
    pub own: Own<'a>,
}

/// Reads a document and says what is wrong with it. An error means that it could not be looked at.
pub fn validate(document: Input, name: &str, options: &ValidateOptions<'_>) -> Result<Problems> {
    let scratch = Scratch::new_in(options.temporary)?;
    let keys = Keys::create(&scratch.file("keys"), &options.patience)?;
    let mut checker = Checker {
        options,
        scratch: &scratch,
        problems: Problems::new(options.max_problems),
        keys,
        model: None,
        items: None,
        metadata: None,
        section: None,
        cells: Vec::new(),
        rows: 0,
    };
    let mut inspected = Inspected::new(&mut checker, name, options.checks.clone());
    let read = document.read(name, options.limits, &mut inspected);
    let read = read.and_then(|document| inspected.finish().map(|()| document));
    options.progress.end();
    match read {
        Ok(document) => checker.end(&document)?,
        Err(error) if matches!(kind(&error), Kind::Invalid | Kind::Damaged | Kind::Usage) => {
            checker.problems.add(problem_of(&error, name));
        }
        Err(error) => return Err(error),
    }
    if let (Some(against), Some(metadata)) = (options.against, &checker.metadata) {
        let document = against::Document { name, metadata, model: checker.model.as_ref() };
        against::compare(against, document, options, &mut checker.problems)?;
    }
    Ok(checker.problems)
}

/// What ended the reading, as a problem.
fn problem_of(error: &anyhow::Error, name: &str) -> Problem {
    let hint = crate::error::hint(error).map_or_else(String::new, |hint| format!(": {hint}"));
    let text = format!("{error:#}{hint}");
    let fault = error.downcast_ref::<Fault>();
    match fault.and_then(|fault| fault.at) {
        Some((line, column)) => {
            // The place is said beside it, and the file too, unless it is one of several.
            let text = match text.split_once(&format!(":{line}:{column}: ")) {
                Some((file, text)) if file == name => text.to_owned(),
                Some((file, text)) => format!("{file}: {text}"),
                None => text,
            };
            Problem::error("document", text).at(line, column)
        }
        None => Problem::error("document", text),
    }
}

/// Takes a document as it is read, and compares every row with what its section says.
struct Checker<'a> {
    options: &'a ValidateOptions<'a>,
    scratch: &'a Scratch,
    problems: Problems,
    keys: Keys,
    /// What the rows of a full document must be like.
    model: Option<Model>,
    /// What the items of a condensed one must be like.
    items: Option<ItemModel>,
    metadata: Option<Metadata>,
    /// The section that is being read.
    section: Option<String>,
    /// In which cell each of its columns is, where there are cells.
    cells: Vec<u64>,
    rows: u64,
}

impl Checker<'_> {
    fn error(&mut self, path: &str, message: impl Into<String>) {
        self.problems.add(Problem::error(path, message));
    }

    fn warn(&mut self, path: &str, message: impl Into<String>) {
        self.problems.add(Problem::warning(path, message));
    }

    /// Compares the metadata with themselves and with the schema.
    fn check_metadata(&mut self, metadata: &Metadata) {
        let named: Vec<&String> = metadata.sections.keys().collect();
        if metadata.includes.iter().collect::<Vec<_>>() != named {
            self.error("metadata.includes", "it names other sections than metadata.sections");
        }
        let Some(model) = self.model.take() else { return };
        for index in &model.needs_application {
            self.warn("metadata.schema", format!("{index}: an import leaves it out and prints its SQL"));
        }
        for (name, section) in &metadata.sections {
            let path = format!("metadata.sections.{name}");
            match model.sections.get(name) {
                None => self.error(&path, "the schema makes no such table"),
                Some(table) => {
                    let columns: Vec<&str> =
                        table.columns.iter().map(|column| column.name.as_str()).collect();
                    if columns != section.shape.columns.keys().map(String::as_str).collect::<Vec<_>>() {
                        let message = format!(
                            "its columns are not those of the table, which are {}",
                            columns.join(", ")
                        );
                        self.error(&path, message);
                    }
                }
            }
        }
        for name in model.sections.keys().filter(|name| !metadata.sections.contains_key(*name)) {
            self.error("metadata.sections", format!("the table {name:?} of the schema is missing"));
        }
        self.model = Some(model);
    }

    /// Compares what was read with what was announced, and the references with what they lead to.
    fn end(&mut self, document: &Document) -> Result<()> {
        if document.edited {
            self.warn("summary.sha256", "the data was changed after it was written; that is no error");
        }
        for (name, section) in &document.metadata.sections {
            match document.items.get(name) {
                None => self.error(&format!("data.{name}"), "the section is missing"),
                Some(items) if *items != section.items && document.edited => {
                    let message = format!("there are {items} items, and the metadata say {}", section.items);
                    self.warn(&format!("data.{name}"), message);
                }
                Some(_) => {}
            }
        }
        self.add_lost()
    }

    /// Says which references lead nowhere.
    fn add_lost(&mut self) -> Result<()> {
        let (model, items) = (self.model.as_ref(), self.items.as_ref());
        let problems = &mut self.problems;
        self.keys.each_lost(|lost| {
            let place = lost.place;
            let problem = match (items, model) {
                (Some(items), _) => items.lost(lost.target, lost.number, place.item, &lost.path),
                (None, Some(model)) => model.lost(lost.number, place.item),
                (None, None) => return,
            };
            problems.add(problem.at(place.line, place.column));
        })
    }

    /// Counts a row, and says now and then that there was one.
    fn count(&mut self) -> Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.options.progress)?;
            self.options.progress.advance(REPORT);
        }
        Ok(())
    }
}

impl Sink for Checker<'_> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        let rows = metadata.sections.values().map(|section| section.items).sum();
        self.options.progress.begin("validating", Some(rows), Unit::Rows);
        if metadata.mode == Mode::Full {
            match Model::of(metadata, &self.scratch.file("schema"), &self.options.patience) {
                Ok(model) => self.model = Some(model),
                Err(error) if kind(&error) == Kind::Interrupted => return Err(error),
                Err(error) => self.error("metadata.schema", format!("{error:#}")),
            }
        }
        self.check_metadata(metadata);
        if metadata.mode == Mode::Condensed {
            check_shapes(metadata, &mut self.problems);
            self.items = Some(ItemModel::new(metadata));
        }
        self.metadata = Some(metadata.clone());
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        let Some(section) = metadata.sections.get(name) else {
            self.error(&format!("data.{name}"), "metadata.sections has no such section");
            self.section = None;
            return Ok(None);
        };
        let columns = section.shape.columns.keys().cloned().collect();
        self.section = Some(name.to_owned());
        self.cells.clear();
        Ok(Some(columns))
    }

    fn cells(&mut self, cells: &[u64]) {
        cells.clone_into(&mut self.cells);
    }

    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()> {
        self.count()?;
        let Some(name) = self.section.clone() else { return Ok(()) };
        let Some(model) = self.model.take() else { return Ok(()) };
        let checked = match model.sections.get(&name) {
            Some(section) if section.columns.len() == values.len() => {
                self.check_row(section, &name, rowid, &values, place)
            }
            _ => Ok(()),
        };
        self.model = Some(model);
        checked
    }

    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, place: Place) -> Result<()> {
        self.count()?;
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        let at = self.section.as_ref().and_then(|name| metadata.sections.get_index_of(name));
        let (Some(model), Some(at)) = (&self.items, at) else { return Ok(()) };
        let (keys, problems, cells) = (&mut self.keys, &mut self.problems, self.cells.as_slice());
        Visit { model, keys, problems, section: u32::try_from(at)?, cells, place, written: None }
            .item(number, &fields)
    }

    fn problem(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.problems.add(problem);
        Ok(())
    }
}

/// The names of things that are there, in lower case, as SQLite compares them.
fn lower(names: impl IntoIterator<Item = String>) -> HashSet<String> {
    names.into_iter().map(|name| name.to_lowercase()).collect()
}
