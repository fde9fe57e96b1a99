//! CSV for people: plain cells, no metadata. It does not come back.

mod cells;
mod plan;
mod spool;

use super::Counter;
use super::csv::FileNames;
use super::files::CsvFiles;
use crate::database::selection::is_internal;
use crate::database::value::Borrowed;
use crate::document::cell::Dialect;
use crate::document::envelope::{Metadata, Section, Summary};
use crate::error::Fault;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use cells::Cells;
use indexmap::IndexMap;
use plan::{Number, Plan, Sheet};
use serde_json::Value as Json;
use spool::{Spool, Spools};
use std::path::PathBuf;

/// Writes the rows of a document for people.
pub struct FlatWriter {
    files: Box<dyn CsvFiles>,
    dialect: Dialect,
    bom: bool,
    sheets: Vec<Sheet>,
    /// The name of each sheet's file.
    names: Vec<String>,
    /// The sheet of each section; none of one that is SQLite's own.
    sections: IndexMap<String, usize>,
    counter: Counter,
    /// The section that is being written.
    open: Option<Open>,
    spools: Spools,
}

/// The files of a section: its own, and those of its children.
struct Open {
    sheet: usize,
    rows: Spool,
    children: IndexMap<usize, Child>,
}

/// The file of children.
struct Child {
    rows: Spool,
    /// How many there were.
    count: u64,
}

impl FlatWriter {
    /// Begins. A single file takes a single section. Private files may be made in `temporary`.
    pub fn begin(
        files: Box<dyn CsvFiles>,
        metadata: &Metadata,
        dialect: Dialect,
        bom: bool,
        temporary: PathBuf,
    ) -> Result<Self> {
        dialect.check()?;
        let own = metadata.sections.iter().filter(|(name, _)| !is_internal(name));
        let count = own.clone().count();
        if files.takes_one() && count != 1 {
            let message = format!("there are {count} sections, and a single file takes one");
            return Err(Fault::usage(message)
                .hint("choose one with --only, or name a folder (with a / at its end) or a .zip")
                .into());
        }
        let mut plan = Plan::new(metadata, files.takes_one());
        let sections: IndexMap<String, usize> =
            own.map(|(name, section)| (name.clone(), plan.section(name, section))).collect();
        let sheets = plan.sheets;
        let names = file_names(&sheets, &sections, files.extension());
        let (counter, spools) = (Counter::default(), Spools::new(temporary));
        Ok(Self { files, dialect, bom, sheets, names, sections, counter, open: None, spools })
    }

    /// Begins a section.
    pub fn section(&mut self, name: &str, _: &Section) -> Result<()> {
        self.end_section()?;
        let Some(sheet) = self.sections.get(name).copied() else { return Ok(()) };
        self.counter.begin(name);
        self.files.begin(&self.names[sheet])?;
        let begin = |sheet: usize| Spool::begin(&self.sheets[sheet].header, &self.dialect, self.bom);
        let mut children = IndexMap::new();
        let mut next = self.sheets[sheet].children.clone();
        next.reverse();
        while let Some(child) = next.pop() {
            children.insert(child, Child { rows: begin(child)?, count: 0 });
            next.extend(self.sheets[child].children.iter().rev());
        }
        self.open = Some(Open { sheet, rows: begin(sheet)?, children });
        Ok(())
    }

    /// Writes a row, and keeps its children for their files.
    pub fn row<'a, V: Into<Option<Borrowed<'a>>>, E>(
        &mut self,
        number: Option<i64>,
        values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        let Some(open) = &mut self.open else { return Ok(()) };
        let running = self.counter.row() + 1;
        let sheet = &self.sheets[open.sheet];
        let mut row = Cells::default();
        match sheet.number {
            Number::None => {}
            Number::Item => row.cells.push(number.unwrap_or_default().to_string().into_bytes()),
            Number::Running => row.cells.push(running.to_string().into_bytes()),
        }
        for ((_, spread), value) in sheet.fields.iter().zip(values) {
            row.add(spread, value?.into(), &self.dialect);
        }
        open.rows.row(&row.cells)?;
        if !row.children.is_empty() {
            let mut writer = ChildWriter {
                sheets: &self.sheets,
                dialect: &self.dialect,
                spools: &mut self.spools,
                open: &mut open.children,
            };
            writer.children(sheet, &row)?;
        }
        if open.rows.is_full() { self.flush() } else { Ok(()) }
    }

    /// Ends the last file.
    pub fn finish(mut self) -> Result<Summary> {
        self.end_section()?;
        self.files.finish()?;
        Ok(self.counter.summary(digest_of(b"")))
    }

    fn flush(&mut self) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        self.files.write(&open.rows.take(&self.dialect)?)
    }

    fn end_section(&mut self) -> Result<()> {
        self.flush()?;
        let Some(open) = self.open.take() else { return Ok(()) };
        self.counter.end();
        self.files.end()?;
        for (sheet, child) in open.children {
            self.files.begin(&self.names[sheet])?;
            child.rows.pour(&self.dialect, |bytes| self.files.write(bytes))?;
            self.files.end()?;
        }
        Ok(())
    }
}

/// The file names: first those of sections, so that they do not depend on what children there are.
fn file_names(sheets: &[Sheet], sections: &IndexMap<String, usize>, extension: &str) -> Vec<String> {
    let mut names = FileNames::new(extension);
    let mut found = vec![String::new(); sheets.len()];
    for at in sections.values() {
        found[*at] = names.name_of(&sheets[*at].name);
    }
    for (sheet, name) in sheets.iter().zip(&mut found).filter(|(_, name)| name.is_empty()) {
        *name = names.name_of(&sheet.name);
    }
    found
}

/// Writes children of a row, and their children.
struct ChildWriter<'a> {
    sheets: &'a [Sheet],
    dialect: &'a Dialect,
    spools: &'a mut Spools,
    open: &'a mut IndexMap<usize, Child>,
}

impl ChildWriter<'_> {
    /// Writes the children that were found in a row of a sheet.
    fn children(&mut self, parent: &Sheet, row: &Cells) -> Result<()> {
        let identity: Vec<Vec<u8>> =
            parent.identity.iter().map(|at| row.cells.get(*at).cloned().unwrap_or_default()).collect();
        for (child, json) in &row.children {
            let child = parent.children[*child];
            for json in json.as_array().into_iter().flatten() {
                self.child(child, identity.clone(), json)?;
            }
        }
        Ok(())
    }

    fn child(&mut self, at: usize, parent: Vec<Vec<u8>>, json: &Json) -> Result<()> {
        let sheet = &self.sheets[at];
        let open = self.open.get_mut(&at).context("the file of children was begun")?;
        open.count += 1;
        let mut row = Cells { cells: parent, children: Vec::new() };
        if sheet.number == Number::Running {
            row.cells.push(open.count.to_string().into_bytes());
        }
        for (key, spread) in &sheet.fields {
            row.add_json(spread, json.get(key).unwrap_or(&Json::Null), self.dialect);
        }
        open.rows.row(&row.cells)?;
        if open.rows.is_full() {
            open.rows.spill(self.dialect, self.spools)?;
        }
        self.children(sheet, &row)
    }
}
