//! Whether an export is whole and what is wrong with it: all of it, as far as it can be read.
//!
//! The document is read as an import reads it. Its schema is made in a private file, which says what types, keys and
//! references its rows have; the keys themselves go into another, so that the memory stays the same for any document.

mod against;
mod columns;
mod keys;
mod model;

use crate::database::value::Value;
use crate::document::envelope::{Metadata, Mode};
use crate::document::input::Input;
use crate::document::reader::{Document, Limits, Place, Sink};
use crate::error::{Fault, Kind, kind};
use crate::files::Scratch;
use crate::patience::Patience;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, Unit, go_on};
use anyhow::Result;
use keys::Keys;
use model::{Model, SectionModel};
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
    pub against: Option<&'a Path>,
    /// How much of the document may be in memory.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
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
        metadata: None,
        section: None,
        cells: Vec::new(),
        rows: 0,
    };
    let read = document.read(name, options.limits, &mut checker);
    options.progress.end();
    match read {
        Ok(document) => checker.end(&document)?,
        Err(error) if matches!(kind(&error), Kind::Invalid | Kind::Damaged | Kind::Usage) => {
            checker.problems.add(problem_of(&error, name));
        }
        Err(error) => return Err(error),
    }
    if let (Some(database), Some(metadata)) = (options.against, &checker.metadata) {
        against::compare(database, metadata, checker.model.as_ref(), options, &mut checker.problems)?;
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
        let Some(model) = self.model.take() else { return Ok(()) };
        let mut lost = 0;
        self.keys.each_lost(|reference, place| {
            lost += 1;
            if lost <= self.options.max_problems as u64 {
                let reference = &model.references[reference as usize];
                let path =
                    format!("data.{}[{}].{}", reference.section, place.item, reference.columns.join("+"));
                let message =
                    format!("it refers to a row of {} that is not in the document", reference.parent);
                self.problems.add(Problem::warning(&path, message).at(place.line, place.column));
            } else {
                self.problems.more += 1;
            }
        })?;
        self.model = Some(model);
        Ok(())
    }

    /// Where a column of a row begins: of CSV its cell, else the row.
    fn column(&self, place: Place, at: Option<usize>) -> u64 {
        at.and_then(|at| self.cells.get(at).copied()).unwrap_or(place.column)
    }

    fn check_row(
        &mut self,
        section: &SectionModel,
        name: &str,
        rowid: Option<i64>,
        values: &[Value],
        place: Place,
    ) -> Result<()> {
        let path = |column: &str| format!("data.{name}[{}].{column}", place.item);
        for (at, (column, value)) in section.columns.iter().zip(values).enumerate() {
            if let Some((severity, why)) = column.refuses(value) {
                let found = Problem::new(severity, &path(&column.name), why);
                self.problems.add(found.at(place.line, self.column(place, Some(at))));
            }
        }
        for unique in &section.uniques {
            let Some(key) = unique.key(rowid, values) else { continue };
            if let Some(earlier) = self.keys.taken(unique.number, &key, place)? {
                let message = format!(
                    "{} is that of data.{name}[{}] on line {} too, and must be unique",
                    unique.name, earlier.item, earlier.line
                );
                let found = Problem::error(&path(&unique.name), message);
                self.problems.add(found.at(place.line, self.column(place, unique.first())));
            }
        }
        for target in &section.targets {
            if let Some(key) = target.key(rowid, values) {
                self.keys.add_target(target.number, &key)?;
            }
        }
        for (number, reference) in &section.references {
            if let Some(key) = reference.key(rowid, values) {
                let place = Place { column: self.column(place, reference.first()), ..place };
                self.keys.add_reference(reference.number, *number, &key, place)?;
            }
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
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.options.progress)?;
            self.options.progress.advance(REPORT);
        }
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

    fn item(&mut self, _: Option<i64>, _: Vec<Option<Value>>, _: Place) -> Result<()> {
        self.rows += 1;
        Ok(())
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
