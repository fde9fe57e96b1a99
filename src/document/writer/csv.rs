//! The document that is CSV: a file for each section, and `metadata.json`.

use super::files::CsvFiles;
use super::{Counter, digest, json::spaced, metadata_lines};
use crate::app::model::FieldType;
use crate::database::value::Borrowed;
use crate::document::cell::{Dialect, is_text_reference, write_field_cell};
use crate::document::envelope::{METADATA_FILE, Metadata, Section, Summary};
use crate::document::json::key_of;
use crate::stream::{BUFFER, DigestWriter, charset};
use anyhow::Result;
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::io::{Sink, Write};

/// Writes a document as CSV.
pub struct CsvWriter {
    files: Box<dyn CsvFiles>,
    metadata: Metadata,
    dialect: Dialect,
    bom: bool,
    names: IndexMap<String, String>,
    /// The sections that have a file, in the order in which these were written.
    written: Vec<String>,
    counter: Counter,
    digest: DigestWriter<Sink>,
    section: Option<Open>,
}

/// The file that is being written.
struct Open {
    rows: Writer<Vec<u8>>,
    types: Vec<FieldType>,
    /// Which columns are references of text: an empty text in one names an item.
    references: Vec<bool>,
    cell: Vec<u8>,
}

impl CsvWriter {
    /// Begins a document. With `bom`, each file begins with a byte order mark, by which spreadsheets know UTF-8.
    pub fn begin(files: Box<dyn CsvFiles>, metadata: &Metadata, dialect: Dialect, bom: bool) -> Result<Self> {
        dialect.check()?;
        let names = file_names(metadata.sections.keys(), files.extension());
        Ok(Self {
            files,
            metadata: metadata.clone(),
            dialect,
            bom,
            names,
            written: Vec::new(),
            counter: Counter::new(metadata),
            digest: digest(),
            section: None,
        })
    }

    /// Begins a section.
    pub fn section(&mut self, name: &str, section: &Section) -> Result<()> {
        self.end_section()?;
        self.counter.begin(name);
        self.written.push(name.to_owned());
        self.files.begin(&self.names[name])?;
        let mut header: Vec<String> = section.number_key().map(str::to_owned).into_iter().collect();
        header.extend(section.shape.columns.keys().map(|column| key_of(column).into_owned()));
        // A mark that belongs to the first name is not at the beginning of the file when a quote stands before it.
        let begins_with_mark = header.first().is_some_and(|first| first.starts_with('\u{feff}'));
        let quotes = if begins_with_mark { QuoteStyle::Always } else { QuoteStyle::Necessary };
        let mark = if self.bom { charset::UTF8_MARK.to_vec() } else { Vec::new() };
        let mut first = rows_after(mark, &self.dialect, quotes);
        first.write_record(&header)?;
        let first = first.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let rows = rows_after(first, &self.dialect, QuoteStyle::Necessary);
        let types = section.shape.columns.values().copied().collect();
        let columns = section.shape.columns.iter();
        let references = columns.map(|(name, kind)| is_text_reference(&section.shape, name, *kind)).collect();
        self.section = Some(Open { rows, types, references, cell: Vec::new() });
        Ok(())
    }

    /// Writes a row.
    pub fn row<'a, V: Into<Option<Borrowed<'a>>>, E>(
        &mut self,
        number: Option<i64>,
        values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        self.counter.row();
        let Open { rows, types, references, cell } = self.section.as_mut().expect("a section has begun");
        if let Some(number) = number {
            rows.write_field(number.to_string())?;
        }
        for ((field_type, is_reference), value) in types.iter().zip(references.iter()).zip(values) {
            cell.clear();
            match value?.into() {
                Some(Borrowed::Text("")) if *is_reference => cell.extend_from_slice(b"\"\""),
                value => write_field_cell(value, *field_type, &self.dialect, cell),
            }
            rows.write_field(&*cell)?;
        }
        rows.write_record(None::<&[u8]>)?;
        cell.shrink_to(BUFFER);
        if rows.get_ref().len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    /// Writes `metadata.json`, which has the summary.
    pub fn finish(mut self) -> Result<Summary> {
        self.end_section()?;
        let (_, sha256, _) = self.digest.finish();
        let summary = self.counter.summary(sha256);
        // In the order in which they were written, which is that of the digest.
        let files: IndexMap<&String, &String> =
            self.written.iter().map(|section| (section, &self.names[section])).collect();
        let mut text = b"{\n  \"metadata\": ".to_vec();
        text.extend(metadata_lines(&self.metadata)?);
        text.extend_from_slice(b",\n  \"csv\": ");
        text.extend(spaced(&serde_json::json!({
            "delimiter": self.dialect.delimiter, "null": self.dialect.null, "files": files,
        }))?);
        text.extend_from_slice(b",\n  \"summary\": ");
        text.extend(spaced(&summary)?);
        text.extend_from_slice(b"\n}\n");
        self.files.begin(METADATA_FILE)?;
        self.files.write(&text)?;
        self.files.end()?;
        self.files.finish()?;
        Ok(summary)
    }

    fn end_section(&mut self) -> Result<()> {
        if self.section.is_some() {
            self.flush()?;
            self.section = None;
            self.counter.end();
            self.files.end()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let Some(open) = &mut self.section else { return Ok(()) };
        let rows =
            std::mem::replace(&mut open.rows, rows_after(Vec::new(), &self.dialect, QuoteStyle::Necessary));
        let bytes = rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
        self.digest.write_all(&bytes)?;
        self.files.write(&bytes)
    }
}

/// A writer of rows that go to memory, after what is there.
pub(super) fn rows_after(start: Vec<u8>, dialect: &Dialect, quotes: QuoteStyle) -> Writer<Vec<u8>> {
    /// The writer looks at the rest of a cell each time that this is full, so a large cell wants a large one.
    const CELLS: usize = 1 << 20;
    WriterBuilder::new()
        .buffer_capacity(CELLS)
        .delimiter(u8::try_from(dialect.delimiter).unwrap_or(b','))
        .quote_style(quotes)
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .from_writer(start)
}

/// A file name for each section: its own name as far as every file system takes it, and no two that differ in case only.
fn file_names<'a>(sections: impl Iterator<Item = &'a String>, extension: &str) -> IndexMap<String, String> {
    let mut names = FileNames::new(extension);
    sections.map(|section| (section.clone(), names.name_of(section))).collect()
}

/// Gives names to files, no two of which differ in case only.
pub(super) struct FileNames {
    taken: HashSet<String>,
    extension: String,
}

impl FileNames {
    /// With what a compression adds to each.
    pub(super) fn new(extension: &str) -> Self {
        Self { taken: HashSet::new(), extension: extension.to_owned() }
    }

    /// A name as far as every file system takes it.
    pub(super) fn name_of(&mut self, wanted: &str) -> String {
        const LONGEST: usize = 100;
        let plain = |c: char| if c.is_alphanumeric() || "_-. ()".contains(c) { c } else { '_' };
        let mut stem: String = wanted.chars().map(plain).collect();
        while stem.len() > LONGEST {
            stem.pop();
        }
        let stem = stem.trim_end_matches(['.', ' ']).trim_start_matches([' ', '-']);
        let stem = if stem.is_empty() || stem.starts_with('.') || is_device(stem) {
            format!("_{stem}")
        } else {
            stem.to_owned()
        };
        let mut name = stem.clone();
        let mut number = 1;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{stem}-{number}");
        }
        format!("{name}.csv{}", self.extension)
    }
}

/// Names that Windows keeps for devices, whatever follows a point.
fn is_device(stem: &str) -> bool {
    let base = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |start: &str| base.strip_prefix(start).is_some_and(|rest| rest.len() == 1 && rest != "0");
    ["con", "prn", "aux", "nul"].contains(&base.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_a_file_of_its_own_that_every_system_takes() {
        let sections =
            ["lists", "Lists", "a/b", "a\\b", "..", "", "CON", "com1.x", "naïve 東京", "x\ny", "-rf"];
        let sections: Vec<String> =
            sections.iter().map(|s| (*s).to_owned()).chain([("é".repeat(200))]).collect();
        let names = file_names(sections.iter(), ".gz");
        let names: Vec<&str> = names.values().map(String::as_str).collect();
        assert_eq!(
            names[..11],
            [
                "lists.csv.gz",
                "Lists-2.csv.gz",
                "a_b.csv.gz",
                "a_b-2.csv.gz",
                "_.csv.gz",
                "_-2.csv.gz",
                "_CON.csv.gz",
                "_com1.x.csv.gz",
                "naïve 東京.csv.gz",
                "x_y.csv.gz",
                "rf.csv.gz"
            ]
        );
        assert!(names[11].len() < 120);
    }
}
