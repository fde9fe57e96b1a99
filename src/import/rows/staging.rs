//! The rows of a file as the table takes them, in a private file, and what does not fit.

use super::convert::Converter;
use super::keys::Keys;
use super::mapping::{Fills, Mapping, Meaning};
use super::spool::SpoolWriter;
use super::{MOST_PROBLEMS, REPORT};
use crate::database::schema::Table;
use crate::database::value::Borrowed;
use crate::document::reader::Place;
use crate::document::reader::foreign::RowSink;
use crate::error::Fault;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, go_on};
use anyhow::Result;
use std::collections::HashMap;

/// Takes the rows of a file.
pub(super) struct Staging<'a> {
    pub table: &'a Table,
    /// What the file is called.
    pub file: &'a str,
    pub mapping: Mapping,
    pub fills: &'a Fills,
    pub converter: &'a Converter,
    pub keys: &'a Keys,
    pub spool: SpoolWriter,
    pub found: Found,
    pub progress: &'a dyn Progress,
    names: Vec<Name>,
    numbers: HashMap<String, usize>,
    /// Which of the fills some row lacked.
    filled: Vec<bool>,
}

/// What was found in a file.
pub(super) struct Found {
    /// Rows that fit.
    pub rows: u64,
    /// Rows that do not.
    pub rejected: u64,
    pub problems: Problems,
    /// Whether a problem is about all rows, and not about some.
    pub is_general: bool,
    /// Rows that have what rows are known by.
    pub keyed: u64,
    last_rejected: Option<u64>,
    /// Whether rows with which something is wrong are left out.
    pub skips_errors: bool,
}

impl Found {
    /// Nothing yet.
    pub fn new(skips_errors: bool) -> Self {
        let problems = Problems::new(MOST_PROBLEMS);
        Self {
            rows: 0,
            rejected: 0,
            problems,
            is_general: false,
            keyed: 0,
            last_rejected: None,
            skips_errors,
        }
    }

    /// The rest of the file cannot be read: rows that were read before may be imported all the same.
    pub fn cut(&mut self, error: anyhow::Error) -> Result<()> {
        if !self.skips_errors || self.rows == 0 {
            return Err(error);
        }
        let message = format!("the rest of the file is not imported, since it cannot be read: {error:#}");
        let (line, column) = error.downcast_ref::<Fault>().and_then(|fault| fault.at).unzip();
        self.problems.add(Problem { line, column, path: None, ..Problem::error("", message) });
        self.rejected += 1;
        Ok(())
    }

    /// Something is wrong with a row, which does not come. More may be wrong with it.
    pub fn problem(&mut self, item: u64, problem: Problem) {
        self.problems.add(problem);
        self.reject(item);
    }

    fn reject(&mut self, item: u64) {
        self.rejected += u64::from(self.last_rejected.replace(item) != Some(item));
    }

    /// What was found before in the same file, of other rows.
    pub fn merge(&mut self, before: Self) {
        self.rejected += before.rejected;
        self.problems.merge(before.problems);
    }
}

/// A name of the file.
struct Name {
    text: String,
    meaning: Meaning,
    /// Whether what is wrong with it was told.
    is_told: bool,
}

impl<'a> Staging<'a> {
    /// Takes rows into a private file.
    pub fn new(
        (table, file): (&'a Table, &'a str),
        (mapping, fills, keys): (Mapping, &'a Fills, &'a Keys),
        converter: &'a Converter,
        (spool, skips_errors): (SpoolWriter, bool),
        progress: &'a dyn Progress,
    ) -> Self {
        let found = Found::new(skips_errors);
        let filled = vec![false; fills.values().count()];
        let (names, numbers) = (Vec::new(), HashMap::new());
        Self { table, file, mapping, fills, converter, keys, spool, found, progress, names, numbers, filled }
    }

    /// What was found, once all rows were read. What was said and is of no use is an error.
    pub fn finish(self) -> Result<(SpoolWriter, Found)> {
        let names: Vec<&str> = self.names.iter().map(|name| name.text.as_str()).collect();
        self.mapping.refuse_unused(&names, self.file)?;
        let rows = self.found.rows + self.found.rejected;
        let unused = self.filled.iter().position(|is_used| !is_used).filter(|_| rows > 0);
        if let Some((column, _)) = unused.and_then(|at| self.fills.values().nth(at)) {
            let name = &self.table.columns[column].name;
            return Err(Fault::usage(format!("--fill {name}: every row of {} has it", self.file))
                .hint("what a row says is never replaced; --map NAME= leaves a column out")
                .into());
        }
        Ok((self.spool, self.found))
    }

    /// What the names of a row mean, and what is wrong with them.
    fn meaning(&mut self, number: usize, place: Place) -> Option<usize> {
        let table = self.table;
        let name = &mut self.names[number];
        let why = match name.meaning {
            Meaning::Column(at) => return Some(at),
            Meaning::LeftOut => return None,
            Meaning::Computed => "the column is computed: leave it out".to_owned(),
            Meaning::Unknown => format!(
                "the table {} has no such column: --map {name}=COLUMN names the one that is meant, --map {name}= none",
                table.name,
                name = name.text
            ),
        };
        if !std::mem::replace(&mut name.is_told, true) {
            let path = format!("[{}].{}", place.item, name.text);
            self.found.is_general = true;
            self.found.problems.add(Problem::error(&path, why).at(place.line, place.column));
        }
        None
    }

    fn wrong(&mut self, path: &str, why: String, place: Place) {
        let path = format!("[{}]{path}", place.item);
        self.found.problems.add(Problem::error(&path, why).at(place.line, place.column));
    }

    /// A row as the table takes it, by its columns; nothing where something is wrong with it.
    fn convert<'v>(
        &mut self,
        cells: &[(usize, Borrowed<'v>)],
        place: Place,
    ) -> Option<Vec<Option<Borrowed<'v>>>> {
        let mut values = vec![None; self.table.columns.len()];
        let errors = self.found.problems.errors;
        for (number, value) in cells {
            let Some(at) = self.meaning(*number, place) else { continue };
            let wanted = &self.table.columns[at];
            let converted = if values[at].is_some() {
                Err(format!("another name in the row also means the column {}", wanted.name))
            } else {
                self.converter.convert(*value, wanted)
            };
            match converted {
                Ok(value) => values[at] = Some(value),
                Err(why) => self.wrong(&format!(".{}", self.names[*number].text.clone()), why, place),
            }
        }
        let is_filled = |at: usize| self.fills.values().any(|(filled, _)| filled == at);
        let has = |at: usize| values[at].map_or_else(|| is_filled(at), |value| value != Borrowed::Null);
        self.found.keyed += u64::from(self.keys.any_complete(has));
        if let Some(at) = self.keys.missing(has) {
            let name = &self.table.columns[at].name;
            self.wrong("", format!("the row has no {name}, by which --match knows rows"), place);
        }
        (self.found.problems.errors == errors).then_some(values)
    }

    fn report(&self) -> Result<()> {
        if (self.found.rows + self.found.rejected).is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        Ok(())
    }
}

impl RowSink for Staging<'_> {
    fn name(&mut self, name: &str) -> Result<usize> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let meaning = self.mapping.meaning(name, self.table);
        self.names.push(Name { text: name.to_owned(), meaning, is_told: false });
        self.numbers.insert(name.to_owned(), self.names.len() - 1);
        Ok(self.names.len() - 1)
    }

    fn header(&mut self, line: u64, names: &[usize]) -> Result<()> {
        let mut known = HashMap::new();
        for number in names {
            let Name { text, meaning, .. } = &self.names[*number];
            let Meaning::Column(at) = meaning else { continue };
            if let Some(first) = known.insert(at, text) {
                let message = format!("{}:{line}:1: {first:?} and {text:?} name the same column", self.file);
                return Err(Fault::invalid(message)
                    .hint("rename one of them, or leave it out with --map NAME=")
                    .into());
            }
        }
        Ok(())
    }

    fn row(&mut self, cells: &[(usize, Borrowed<'_>)], place: Place) -> Result<()> {
        self.report()?;
        let Some(values) = self.convert(cells, place) else {
            self.found.reject(place.item);
            return Ok(());
        };
        self.found.rows += 1;
        for (at, (column, _)) in self.fills.values().enumerate() {
            self.filled[at] |= values[column].is_none();
        }
        let given = values.into_iter().enumerate().filter_map(|(at, value)| Some((at, value?)));
        self.spool.add(place, given)
    }

    fn problem(&mut self, item: u64, problem: Problem) -> Result<()> {
        self.found.problem(item, problem);
        Ok(())
    }

    fn recovers(&self) -> bool {
        self.found.skips_errors
    }

    fn cut(&mut self, error: anyhow::Error) -> Result<()> {
        self.found.cut(error)
    }
}
