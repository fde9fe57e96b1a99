//! Plans: what an import will do, kept in a file, and carried out only where it still is what it does.
//!
//! A plan is JSON, an object a line: what it is of and what was told, what becomes of each item, and a digest of all that.

use super::choices::{Choice, ItemLine};
use super::outcome::{Fate, Outcome, Strategy};
use super::{CondensedOptions, Instructions, Staged};
use crate::app::model::Shape;
use crate::database::content::{add_rows, schema_digest};
use crate::database::quote::user_table;
use crate::error::Fault;
use crate::files::{self, AtomicFile};
use crate::stream::DigestWriter;
use anyhow::{Context, Result};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write, sink};
use std::path::{Path, PathBuf};

/// The format's name.
const FORMAT: &str = "larder-plan";
/// The newest version of the format that this larder writes and reads.
const VERSION: u32 = 1;

/// What a plan is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    /// [`FORMAT`].
    format: String,
    /// [`VERSION`].
    version: u32,
    /// The document.
    document: PathBuf,
    /// The database.
    database: PathBuf,
    /// What was told.
    told: Instructions,
    /// What the database and the document were like.
    items_sha256: String,
    /// The same of the tables.
    tables_sha256: String,
}

/// The last line of a plan.
#[derive(Debug, Serialize, Deserialize)]
struct Trailer {
    /// How many items of each section come to what, and what goes with removed rows.
    sums: Json,
    /// A digest of the lines before it, and of the sums.
    sha256: String,
}

/// What the database must be like so that a plan is carried out, and what must come of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    items: String,
    tables: String,
    lines: String,
    sums: Json,
}

/// A plan that was read.
#[derive(Debug)]
pub struct Plan {
    /// The document.
    pub document: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// What was told.
    pub told: Instructions,
    /// What must be so.
    pub expected: Expected,
    lines: Vec<ItemLine>,
}

impl Plan {
    /// Reads a plan.
    pub fn read(path: &Path) -> Result<Self> {
        let wrong = |line: usize, why: &str| {
            Fault::invalid(format!("{}:{line}: {why}", path.display()))
                .hint("make it again: larder import --dry-run --plan FILE")
        };
        let mut lines = BufReader::new(files::open(path)?).lines();
        let first = lines.next().transpose().with_context(|| format!("cannot read {}", path.display()))?;
        let first = first.ok_or_else(|| wrong(1, "this is no plan: it is empty"))?;
        let header: Header = serde_json::from_str(&first)
            .map_err(|error| wrong(1, &format!("this is no plan of an import: {error}")))?;
        if header.format != FORMAT || header.version > VERSION {
            return Err(wrong(1, "this is no plan that this larder understands").into());
        }
        let (mut kept, mut texts) = (Vec::new(), Vec::new());
        for line in lines {
            texts.push(line.with_context(|| format!("cannot read {}", path.display()))?);
        }
        let trailer = texts.pop().and_then(|line| serde_json::from_str::<Trailer>(&line).ok());
        let trailer = trailer.ok_or_else(|| wrong(texts.len() + 2, "the plan is cut off"))?;
        let (mut whole, mut digest) = (DigestWriter::new(sink()), DigestWriter::new(sink()));
        writeln!(whole, "{first}")?;
        for (at, text) in texts.iter().enumerate() {
            writeln!(whole, "{text}")?;
            writeln!(digest, "{text}")?;
            kept.push(serde_json::from_str(text).map_err(|error| wrong(at + 2, &error.to_string()))?);
        }
        writeln!(whole, "{}", trailer.sums)?;
        if whole.finish().1.to_string() != trailer.sha256 {
            return Err(wrong(texts.len() + 2, "the plan was changed after it was written").into());
        }
        let Header { document, database, told, items_sha256, tables_sha256, .. } = header;
        let lines = digest.finish().1.to_string();
        let expected = Expected { items: items_sha256, tables: tables_sha256, lines, sums: trailer.sums };
        Ok(Self { document, database, told, expected, lines: kept })
    }
}

impl Staged {
    /// Writes down what the last look or rehearsal, which kept what becomes of each item, said.
    pub fn write_plan(
        &self,
        path: &Path,
        document: &Path,
        outcome: &Outcome,
        options: &CondensedOptions<'_>,
    ) -> Result<()> {
        let source = self.open(options)?;
        let header = Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            document: files::resolve(document)?,
            database: self.database.clone(),
            told: options.told.clone(),
            items_sha256: self.items.digest()?,
            tables_sha256: self.tables_digest(source.connection())?,
        };
        drop(source);
        let mut file = AtomicFile::create(path, false)?;
        let mut digest = DigestWriter::new(sink());
        let mut line = |line: &str| -> Result<()> {
            writeln!(file, "{line}")?;
            Ok(writeln!(digest, "{line}")?)
        };
        line(&serde_json::to_string(&header)?)?;
        self.each_line(&mut line)?;
        let sums = sums(outcome);
        writeln!(digest, "{sums}")?;
        let trailer = Trailer { sums, sha256: digest.finish().1.to_string() };
        writeln!(file, "{}", serde_json::to_string(&trailer)?)?;
        file.commit()
    }

    /// Chooses for each item what a plan says. An error where the document or the database is another than it was.
    pub fn follow(&self, plan: &Plan, options: &CondensedOptions<'_>) -> Result<()> {
        if self.items.digest()? != plan.expected.items {
            return Err(Fault::failed("the document is not what it was when the plan was made").into());
        }
        self.expect_tables(self.open(options)?.connection(), &plan.expected)?;
        for line in &plan.lines {
            let strategy = match line.outcome {
                Fate::Skipped => Strategy::Skip,
                Fate::Overwritten | Fate::Moved => Strategy::Overwrite,
                Fate::Merged | Fate::Placed => Strategy::Merge,
                Fate::Renamed => Strategy::Rename,
                _ => continue,
            };
            let at = self.metadata.sections.get_index_of(&line.section);
            let id = at.map(|at| self.items.at_place(at, line.item)).transpose()?.flatten();
            let id = id.with_context(|| format!("data.{}[{}] is not there", line.section, line.item))?;
            match &line.child {
                Some(child) => self.items.choose_child(id, child, strategy)?,
                None => self.items.choose(id, &Choice { strategy, name: line.name.clone(), seen: None })?,
            }
        }
        Ok(())
    }

    /// An error where the database is not what a plan saw.
    pub(super) fn expect_tables(&self, connection: &Connection, expected: &Expected) -> Result<()> {
        if self.tables_digest(connection)? == expected.tables { Ok(()) } else { Err(outdated().into()) }
    }

    /// An error where something else came of it than a plan says.
    pub(super) fn expect_outcome(&self, expected: &Expected, outcome: &Outcome) -> Result<()> {
        let mut digest = DigestWriter::new(sink());
        self.each_line(|line| Ok(writeln!(digest, "{line}")?))?;
        let is_it = digest.finish().1.to_string() == expected.lines && sums(outcome) == expected.sums;
        if is_it { Ok(()) } else { Err(outdated().into()) }
    }

    /// A digest of the schema and of every table that the document tells of.
    fn tables_digest(&self, connection: &Connection) -> Result<String> {
        fn add(shape: &Shape, tables: &mut BTreeSet<String>) {
            tables.insert(shape.table.clone());
            shape.nested.values().for_each(|nested| add(&nested.shape, tables));
        }
        let mut tables = BTreeSet::new();
        self.metadata.sections.values().for_each(|section| add(&section.shape, &mut tables));
        self.metadata.referenced.values().for_each(|shape| add(shape, &mut tables));
        tables.extend(self.metadata.scope.iter().map(|scope| scope.table.clone()));
        let mut digest = DigestWriter::new(sink());
        writeln!(digest, "{}", schema_digest(connection)?)?;
        for table in tables {
            writeln!(digest, "{table}")?;
            let sql = format!("SELECT * FROM {}", user_table(&table));
            // A table that is not there is told of as such.
            let Ok(mut statement) = connection.prepare(&sql) else { continue };
            add_rows(&mut statement, &mut digest)?;
        }
        Ok(digest.finish().1.to_string())
    }
}

/// What becomes of all, in numbers.
fn sums(outcome: &Outcome) -> Json {
    json!({ "sections": outcome.sections, "cascades": outcome.cascades, "cleared": outcome.cleared, "filled": outcome.filled,
        "children": outcome.children, "triggers": outcome.triggered })
}

fn outdated() -> Fault {
    Fault::failed("the database has changed since the plan was made; nothing was written")
        .hint("make the plan again: larder import FILE DB --dry-run --plan PLAN")
}
