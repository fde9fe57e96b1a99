//! CSV for people: plain cells, no metadata. It does not come back.

use super::Counter;
use super::csv::{file_names, rows_after};
use super::files::CsvFiles;
use crate::database::selection::is_internal;
use crate::database::value::Borrowed;
use crate::document::cell::Dialect;
use crate::document::envelope::{Metadata, Section, Summary};
use crate::error::Fault;
use crate::stream::{BUFFER, charset, digest_of};
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use csv::{QuoteStyle, Writer};
use indexmap::IndexMap;

/// Writes the rows of a document for people.
pub struct FlatWriter {
    files: Box<dyn CsvFiles>,
    dialect: Dialect,
    bom: bool,
    names: IndexMap<String, String>,
    counter: Counter,
    /// The rows that are not written yet; nothing in a section that is SQLite's own.
    rows: Option<Writer<Vec<u8>>>,
}

impl FlatWriter {
    /// Begins. A single file takes a single section.
    pub fn begin(files: Box<dyn CsvFiles>, metadata: &Metadata, dialect: Dialect, bom: bool) -> Result<Self> {
        dialect.check()?;
        let sections: Vec<&String> = metadata.sections.keys().filter(|name| !is_internal(name)).collect();
        if files.takes_one() && sections.len() != 1 {
            let message = format!("there are {} sections, and a single file takes one", sections.len());
            return Err(Fault::usage(message)
                .hint("choose one with --only, or name a folder (with a / at its end) or a .zip")
                .into());
        }
        let names = file_names(sections.into_iter(), files.extension());
        Ok(Self { files, dialect, bom, names, counter: Counter::default(), rows: None })
    }

    /// Begins a section.
    pub fn section(&mut self, name: &str, section: &Section) -> Result<()> {
        self.end_section()?;
        let Some(file) = self.names.get(name) else { return Ok(()) };
        self.counter.begin(name);
        self.files.begin(file)?;
        let mark = if self.bom { charset::UTF8_MARK.to_vec() } else { Vec::new() };
        let mut rows = rows_after(mark, &self.dialect, QuoteStyle::Necessary);
        rows.write_record(section.shape.columns.keys())?;
        self.rows = Some(rows);
        Ok(())
    }

    /// Writes a row.
    pub fn row<'a, V: Into<Option<Borrowed<'a>>>, E>(
        &mut self,
        values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        let Some(rows) = &mut self.rows else { return Ok(()) };
        self.counter.row();
        for value in values {
            rows.write_field(plain(value?.into().unwrap_or(Borrowed::Null), &self.dialect))?;
        }
        rows.write_record(None::<&[u8]>)?;
        if rows.get_ref().len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    /// Ends the last file.
    pub fn finish(mut self) -> Result<Summary> {
        self.end_section()?;
        self.files.finish()?;
        Ok(self.counter.summary(digest_of(b"")))
    }

    fn end_section(&mut self) -> Result<()> {
        if self.rows.is_some() {
            self.flush()?;
            self.rows = None;
            self.counter.end();
            self.files.end()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let Some(rows) = self.rows.replace(rows_after(Vec::new(), &self.dialect, QuoteStyle::Necessary))
        else {
            return Ok(());
        };
        self.files.write(&rows.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}

/// A value as people read it.
fn plain(value: Borrowed<'_>, dialect: &Dialect) -> Vec<u8> {
    match value {
        Borrowed::Null => dialect.null.as_bytes().to_vec(),
        Borrowed::Integer(number) => number.to_string().into_bytes(),
        Borrowed::Real(number) => number.to_string().into_bytes(),
        Borrowed::Text(text) => text.as_bytes().to_vec(),
        Borrowed::RawText(bytes) => String::from_utf8_lossy(bytes).into_owned().into_bytes(),
        Borrowed::Blob(bytes) => STANDARD.encode(bytes).into_bytes(),
    }
}
