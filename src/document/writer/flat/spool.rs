//! Rows that wait for their file: where files are written one after the other, those of children wait for their parents'.

use super::super::csv::rows_after;
use crate::document::cell::Dialect;
use crate::files::{self, Output, Scratch};
use crate::stream::{BUFFER, charset};
use anyhow::{Context, Result};
use csv::{IntoInnerError, QuoteStyle, Writer};
use std::io::{Read, Write};
use std::path::PathBuf;

/// Makes spools, with a private folder for those that do not fit into memory.
pub(super) struct Spools {
    temporary: PathBuf,
    scratch: Option<Scratch>,
    made: u32,
}

/// The rows of a file.
pub(super) struct Spool {
    rows: Writer<Vec<u8>>,
    spilled: Option<Output>,
}

impl Spools {
    /// Private files may be made in that folder.
    pub(super) fn new(temporary: PathBuf) -> Self {
        Self { temporary, scratch: None, made: 0 }
    }

    fn file(&mut self) -> Result<Output> {
        let scratch = match self.scratch.take() {
            Some(scratch) => scratch,
            None => Scratch::new_in(&self.temporary)?,
        };
        self.made += 1;
        let path = scratch.file(format!("rows-{}", self.made));
        self.scratch = Some(scratch);
        files::create(&path)
    }
}

impl Spool {
    /// A file that begins with the names of its columns, and before them with a mark where that is wanted.
    pub(super) fn begin(header: &[String], dialect: &Dialect, bom: bool) -> Result<Self> {
        let mark = if bom { charset::UTF8_MARK.to_vec() } else { Vec::new() };
        let mut rows = rows_after(mark, dialect, QuoteStyle::Necessary);
        rows.write_record(header)?;
        Ok(Self { rows, spilled: None })
    }

    pub(super) fn row(&mut self, cells: &[Vec<u8>]) -> Result<()> {
        Ok(self.rows.write_record(cells)?)
    }

    /// Whether there is so much of it that it should go on.
    pub(super) fn is_full(&self) -> bool {
        self.rows.get_ref().len() >= BUFFER
    }

    /// The rows that are in memory, which it then has not any more.
    pub(super) fn take(&mut self, dialect: &Dialect) -> Result<Vec<u8>> {
        let empty = rows_after(Vec::new(), dialect, QuoteStyle::Necessary);
        Ok(std::mem::replace(&mut self.rows, empty).into_inner().map_err(IntoInnerError::into_error)?)
    }

    /// Puts the rows that are in memory into a private file.
    pub(super) fn spill(&mut self, dialect: &Dialect, spools: &mut Spools) -> Result<()> {
        let bytes = self.take(dialect)?;
        let output = match self.spilled.take() {
            Some(output) => output,
            None => spools.file()?,
        };
        self.spilled.insert(output).write_all(&bytes).context("cannot keep rows for later")
    }

    /// Passes on all that it has.
    pub(super) fn pour(
        mut self,
        dialect: &Dialect,
        mut write: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        if let Some(spilled) = self.spilled.take() {
            let path = spilled.path().to_owned();
            drop(spilled);
            let mut file = files::open(&path)?;
            let mut buffer = vec![0; BUFFER];
            loop {
                let read = file.read(&mut buffer).context("cannot read the rows that were kept")?;
                if read == 0 {
                    break;
                }
                write(&buffer[..read])?;
            }
            files::remove(&path)?;
        }
        write(&self.take(dialect)?)
    }
}
