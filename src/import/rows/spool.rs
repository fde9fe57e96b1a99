//! Rows on their way from the file to the table, in a private file: they are read whole before anything is written, and nobody
//! waits for a file or a person while the database is locked.

use crate::database::value::Borrowed;
use crate::document::reader::Place;
use crate::files::{self, Output};
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Writes rows down.
pub(super) struct SpoolWriter {
    out: BufWriter<Output>,
    record: Vec<u8>,
}

/// Rows that were written down.
pub(super) struct Spool {
    path: PathBuf,
    /// How many there are.
    pub rows: u64,
}

/// Reads rows that were written down.
pub(super) struct SpoolReader<'s> {
    input: BufReader<File>,
    path: &'s Path,
    record: Vec<u8>,
}

/// A row: where it is in its file, and the numbers of its columns, each with its value.
pub(super) struct SpooledRow<'r> {
    /// Where it is in its file.
    pub place: Place,
    cells: &'r [u8],
}

impl SpoolWriter {
    /// Begins a file.
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self { out: BufWriter::with_capacity(1 << 16, files::create(path)?), record: Vec::new() })
    }

    /// Adds a row.
    pub fn add<'v>(
        &mut self,
        place: Place,
        cells: impl Iterator<Item = (usize, Borrowed<'v>)>,
    ) -> Result<()> {
        self.record.clear();
        for number in [place.item, place.line, place.column] {
            self.record.extend_from_slice(&number.to_le_bytes());
        }
        for (column, value) in cells {
            self.record.extend_from_slice(&(column as u64).to_le_bytes());
            value.encode(&mut self.record);
        }
        let length = (self.record.len() as u64).to_le_bytes();
        self.out
            .write_all(&length)
            .and_then(|()| self.out.write_all(&self.record))
            .context("cannot keep rows")
    }

    /// Ends the file, which has so many rows.
    pub fn finish(mut self, rows: u64) -> Result<Spool> {
        self.out.flush().context("cannot keep rows")?;
        Ok(Spool { path: self.out.get_ref().path().to_owned(), rows })
    }
}

impl Spool {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads them from the beginning.
    pub fn read(&self) -> Result<SpoolReader<'_>> {
        let input = BufReader::with_capacity(1 << 16, files::open(&self.path)?);
        Ok(SpoolReader { input, path: &self.path, record: Vec::new() })
    }
}

impl SpoolReader<'_> {
    /// The next row, if there is one.
    pub fn next(&mut self) -> Result<Option<SpooledRow<'_>>> {
        let failed = || format!("cannot read {}", self.path.display());
        let mut length = [0; 8];
        match self.input.read_exact(&mut length) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            read => read.with_context(failed)?,
        }
        let length = usize::try_from(u64::from_le_bytes(length)).with_context(failed)?;
        self.record.resize(length, 0);
        self.input.read_exact(&mut self.record).with_context(failed)?;
        let mut cells = self.record.as_slice();
        let mut number = || take_number(&mut cells).with_context(failed);
        let place = Place { item: number()?, line: number()?, column: number()? };
        Ok(Some(SpooledRow { place, cells }))
    }
}

impl<'r> SpooledRow<'r> {
    /// The columns that the row has, each with its value.
    pub fn cells(&self) -> impl Iterator<Item = Result<(usize, Borrowed<'r>)>> {
        let mut rest = self.cells;
        std::iter::from_fn(move || {
            (!rest.is_empty()).then(|| take_cell(&mut rest).context("a row that was kept cannot be read"))
        })
    }
}

fn take_cell<'r>(bytes: &mut &'r [u8]) -> Option<(usize, Borrowed<'r>)> {
    Some((usize::try_from(take_number(bytes)?).ok()?, Borrowed::decode(bytes)?))
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut writer = SpoolWriter::create(&folder.path().join("rows")).expect("create");
        let place = |item| Place { item, line: item + 2, column: 1 };
        let rows: [&[(usize, Borrowed<'_>)]; 3] = [
            &[(0, Borrowed::Integer(1)), (3, Borrowed::Text("x"))],
            &[],
            &[(2, Borrowed::Null), (1, Borrowed::Blob(&[0, 255]))],
        ];
        for (item, row) in rows.iter().enumerate() {
            writer.add(place(item as u64), row.iter().copied()).expect("add");
        }
        let spool = writer.finish(3).expect("finish");
        for _ in 0..2 {
            let mut reader = spool.read().expect("read");
            for (item, row) in rows.iter().enumerate() {
                let found = reader.next().expect("read").expect("a row");
                assert_eq!(found.place, place(item as u64));
                let cells = found.cells().collect::<Result<Vec<_>>>().expect("cells");
                assert_eq!(cells, *row);
            }
            assert!(reader.next().expect("read").is_none());
        }
    }
}
