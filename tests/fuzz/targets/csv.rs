//! The readers of CSV: the first line is metadata.json (or nothing, for one that is good), the rest the file of a section, or
//! what another program wrote.

#![no_main]

use anyhow::Result;
use larder::database::value::Value;
use larder::document::envelope::Metadata;
use larder::document::reader::csv::{CsvSource, read};
use larder::document::reader::foreign::{CsvOptions, Foreign, RowSink};
use larder::document::reader::{Limits, Place, Sink};
use larder::problem::Problem;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read};

const GOOD: &[u8] = br#"{"metadata": {"format": "larder-export", "version": 1, "mode": "full", "app": "a", "app_version": null,
    "schema_version": "0", "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0", "includes": ["t"],
    "sections": {"t": {"table": "t", "items": 1, "columns": {"a": "text", "b": "blob"}, "rowids": true}}},
    "csv": {"delimiter": ",", "null": "\\N", "files": {"t": "t.csv"}},
    "summary": {"items": {"t": 1}, "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}}"#;

struct Files<'a> {
    index: &'a [u8],
    rows: &'a [u8],
}

impl CsvSource for Files<'_> {
    fn open(&mut self, name: &str, _: Limits) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(if name == "metadata.json" { self.index } else { self.rows }))
    }
}

struct Tolerant;

impl Sink for Tolerant {
    fn item(&mut self, _: Option<i64>, _: Vec<Option<Value>>, _: Place) -> Result<()> {
        Ok(())
    }

    fn metadata(&mut self, _: &Metadata) -> Result<()> {
        Ok(())
    }

    fn section(&mut self, _: &str) -> Result<Option<Vec<String>>> {
        Ok(Some(vec!["a".to_owned(), "b".to_owned()]))
    }

    fn row(&mut self, _: Option<i64>, values: Vec<Value>, _: Place) -> Result<()> {
        assert_eq!(values.len(), 2);
        Ok(())
    }

    fn problem(&mut self, _: &str, _: Problem) -> Result<()> {
        Ok(())
    }
}

/// The bytes of the cells of each row.
#[derive(Default)]
struct Sizes(Vec<usize>);

impl RowSink for Sizes {
    fn row(&mut self, cells: Vec<(String, Value)>, _: Place) -> Result<()> {
        let size = |(_, value): &(String, Value)| if let Value::Text(text) = value { text.len() } else { 0 };
        self.0.push(cells.iter().map(size).sum());
        Ok(())
    }

    fn problem(&mut self, _: Problem) -> Result<()> {
        Ok(())
    }
}

fn foreign(rows: &[u8], row: u64) -> Option<Vec<usize>> {
    let mut sizes = Sizes::default();
    let rows = Foreign::Csv(Box::new(Cursor::new(rows.to_vec())), CsvOptions::default());
    rows.read("fuzz", Limits { row, ..Limits::default() }, &mut sizes).ok().map(|()| sizes.0)
}

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (index, rows) = if end == 0 { (GOOD, data) } else { data.split_at(end) };
    let _ = read(&mut Files { index, rows }, "fuzz", Limits::default(), &mut Tolerant);
    if let Some(sizes) = foreign(rows, u64::MAX) {
        assert_eq!(foreign(rows, 1 << 40), Some(sizes.clone()));
        // A row has at least the bytes of its cells, and at most those of the file.
        let largest = sizes.iter().copied().max().unwrap_or(0) as u64;
        assert!(largest == 0 || foreign(rows, largest - 1).is_none());
        assert_eq!(foreign(rows, rows.len() as u64 * 3), Some(sizes));
    }
});
