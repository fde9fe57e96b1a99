//! The table for rows where there is none: its columns are the names of the file, its types what all values have in common.

use super::convert::{Converter, truth_of};
use super::mapping::without_prefix;
use super::numbers::{changes_as_real, number_of_cell, unlike_number};
use super::spool::{Spool, SpoolWriter};
use super::staging::{Found, Staging};
use super::{Instructions, REPORT};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use crate::database::value::{Borrowed, Value};
use crate::document::reader::Place;
use crate::document::reader::foreign::RowSink;
use crate::error::Fault;
use crate::import::typed;
use crate::problem::Problem;
use crate::progress::{Progress, go_on};
use anyhow::Result;
use std::collections::HashMap;

/// Takes the rows of a file as they are, and finds out what their values have in common.
pub(super) struct Survey<'a> {
    spool: SpoolWriter,
    converter: &'a Converter,
    progress: &'a dyn Progress,
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    kinds: Vec<Kinds>,
    header: Option<(u64, Vec<usize>)>,
    found: Found,
}

/// The rows of a file as they are.
pub(super) struct Surveyed {
    spool: Spool,
    names: Vec<String>,
    kinds: Vec<Kinds>,
    header: Option<(u64, Vec<usize>)>,
    found: Found,
    is_csv: bool,
}

/// The kinds of values that a column has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind")]
struct Kinds {
    integers: bool,
    reals: bool,
    truths: bool,
    texts: bool,
    blobs: bool,
    /// Integers that a real number cannot hold.
    long: bool,
}

impl Kinds {
    /// The type of a column that takes all of them as they are.
    fn declared(self, is_csv: bool) -> &'static str {
        let Self { integers, reals, truths, texts, blobs, long } = self;
        match (integers, reals, truths, texts, blobs) {
            (true, false, false, false, false) => "INTEGER",
            (_, true, false, false, false) if !long => "REAL",
            (false, false, true, false, false) => "BOOLEAN",
            (false, false, false, false, true) => "BLOB",
            (false, false, false, _, false) => "TEXT",
            // The cells of CSV are texts, whatever they look like.
            _ if is_csv => "TEXT",
            // Without a type, every value stays what it is.
            _ => "",
        }
    }

    fn add(&mut self, value: Borrowed<'_>, converter: &Converter) {
        match value {
            Borrowed::Null => {}
            Borrowed::Integer(number) => self.add_integer(number),
            Borrowed::Real(_) => self.reals = true,
            Borrowed::Blob(_) | Borrowed::RawText(_) => self.blobs = true,
            Borrowed::Text(_) if !converter.is_csv => self.texts = true,
            Borrowed::Text(text) if text.is_empty() || converter.is_said_null(text) => {}
            Borrowed::Text(text) if truth_of(text).is_some() => self.truths = true,
            Borrowed::Text(text) => self.add_cell(text, converter),
        }
    }

    fn add_integer(&mut self, number: i64) {
        self.integers = true;
        self.long |= changes_as_real(number);
    }

    /// A cell is a number where a column of numbers keeps all that it says.
    fn add_cell(&mut self, text: &str, converter: &Converter) {
        let number = number_of_cell(text, converter.notation.decimal_comma);
        match number.filter(|(text, _)| !text.starts_with('+')) {
            Some((text, Value::Integer(number))) if unlike_number(&text, Affinity::Integer).is_none() => {
                self.add_integer(number);
            }
            Some((text, Value::Real(_))) if unlike_number(&text, Affinity::Real).is_none() => {
                self.reals = true;
            }
            _ => self.texts = true,
        }
    }
}

impl<'a> Survey<'a> {
    pub fn new(
        (spool, skips_errors): (SpoolWriter, bool),
        converter: &'a Converter,
        progress: &'a dyn Progress,
    ) -> Self {
        let found = Found::new(skips_errors);
        let (names, numbers, kinds) = (Vec::new(), HashMap::new(), Vec::new());
        Self { spool, converter, progress, names, numbers, kinds, header: None, found }
    }

    /// What was read.
    pub fn finish(self) -> Result<Surveyed> {
        let Self { names, kinds, header, found, .. } = self;
        let spool = self.spool.finish(found.rows)?;
        Ok(Surveyed { spool, names, kinds, header, found, is_csv: self.converter.is_csv })
    }
}

impl RowSink for Survey<'_> {
    fn name(&mut self, name: &str) -> Result<usize> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        self.names.push(name.to_owned());
        self.kinds.push(Kinds::default());
        self.numbers.insert(name.to_owned(), self.names.len() - 1);
        Ok(self.names.len() - 1)
    }

    fn header(&mut self, line: u64, names: &[usize]) -> Result<()> {
        self.header = Some((line, names.to_vec()));
        Ok(())
    }

    fn row(&mut self, cells: &[(usize, Borrowed<'_>)], place: Place) -> Result<()> {
        self.found.rows += 1;
        if self.found.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        for (name, value) in cells {
            self.kinds[*name].add(*value, self.converter);
        }
        self.spool.add(place, cells.iter().copied())
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

impl Surveyed {
    /// The statement that creates a table for them.
    pub fn create_table(&self, table: &str, told: &Instructions) -> Result<String> {
        let mut columns: Vec<(String, &str)> = Vec::new();
        for (name, kinds) in self.names.iter().zip(&self.kinds) {
            let column = column_of(name, table, &told.map);
            let is_known = columns.iter().any(|(known, _)| known.eq_ignore_ascii_case(column));
            if !column.is_empty() && !is_known {
                columns.push((column.to_owned(), kinds.declared(self.is_csv)));
            }
        }
        for fill in &told.fill {
            let Some((column, value)) = fill.split_once('=') else { continue };
            let column = without_prefix(column, table);
            if !columns.iter().any(|(known, _)| known.eq_ignore_ascii_case(column)) {
                let mut kinds = Kinds::default();
                kinds.add((&typed::value(value)).into(), &Converter::default());
                columns.push((column.to_owned(), kinds.declared(false)));
            }
        }
        if columns.is_empty() {
            return Err(Fault::invalid("a table needs a column, and the file names none").into());
        }
        if self.names.iter().any(|name| name.trim().is_empty()) {
            return Err(Fault::invalid("a column of the file has no name")
                .hint("write one into the line of names, or leave it out with --map =")
                .into());
        }
        Ok(sql(table, &columns, &told.key))
    }

    /// Hands the rows on.
    pub fn replay(self, staging: &mut Staging<'_>) -> Result<()> {
        for name in &self.names {
            staging.name(name)?;
        }
        if let Some((line, names)) = &self.header {
            staging.header(*line, names)?;
        }
        let mut rows = self.spool.read()?;
        while let Some(row) = rows.next()? {
            staging.row(&row.cells().collect::<Result<Vec<_>>>()?, row.place)?;
        }
        staging.found.merge(self.found);
        Ok(())
    }
}

/// What the column for a name of the file is called; nothing where it is left out.
fn column_of<'n>(name: &'n str, table: &str, map: &'n [String]) -> &'n str {
    let mapped = |text: &'n String| {
        let whole = text.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
        whole.or_else(|| without_prefix(text, table).strip_prefix(name)?.strip_prefix('='))
    };
    map.iter().find_map(mapped).unwrap_or(name)
}

fn sql(table: &str, columns: &[(String, &str)], key: &[String]) -> String {
    let is_there = |name: &String| columns.iter().any(|(column, _)| column.eq_ignore_ascii_case(name));
    let key = if key.iter().all(is_there) { key } else { &[] };
    let is_key = |name: &str| key.len() == 1 && key[0].eq_ignore_ascii_case(name);
    let mut lines: Vec<String> = Vec::new();
    for (name, declared) in columns {
        let constraint = if is_key(name) { "PRIMARY KEY" } else { "" };
        let words = [identifier(name).as_str(), declared, constraint].map(str::to_owned);
        lines.push(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    }
    if key.len() > 1 {
        let names: Vec<String> = key.iter().map(|name| identifier(name)).collect();
        lines.push(format!("PRIMARY KEY ({})", names.join(", ")));
    }
    format!("CREATE TABLE {}(\n  {}\n)", user_table(table), lines.join(",\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(cells: &[&str], decimal_comma: bool) -> &'static str {
        let notation = super::super::Notation { null: None, decimal_comma };
        let converter = Converter { notation, is_csv: true };
        let mut kinds = Kinds::default();
        for cell in cells {
            kinds.add(Borrowed::Text(cell), &converter);
        }
        kinds.declared(true)
    }

    #[test]
    fn a_column_has_the_type_that_changes_none_of_its_values() {
        for (cells, expected) in [
            (&["1", "-2", "9223372036854775807"][..], "INTEGER"),
            (&["1", "", "2.50"], "REAL"),
            (&["1e3"], "REAL"),
            (&["true", "FALSE", ""], "BOOLEAN"),
            (&["true", "1"], "TEXT"),
            (&["007", "1"], "TEXT"),
            (&["+41791234567"], "TEXT"),
            (&["9223372036854775808"], "TEXT"),
            (&["12345678901234567890.5", "9007199254740993"], "TEXT"),
            (&["1", "x"], "TEXT"),
            (&["2024-01-02"], "TEXT"),
            (&["1e999"], "TEXT"),
            (&["", ""], "TEXT"),
            (&["1,5"], "TEXT"),
        ] {
            assert_eq!(declared(cells, false), expected, "{cells:?}");
        }
        assert_eq!(declared(&["1,5", "2"], true), "REAL");
        assert_eq!(declared(&["1.5", "2"], true), "TEXT");
    }
}
