//! The reader of CSV: the first line is metadata.json (or nothing, for one that is good), the rest the file of a section.

#![no_main]

use anyhow::Result;
use larder::document::envelope::Metadata;
use larder::document::reader::csv::{CsvSource, read};
use larder::document::reader::{Limits, Place, Sink};
use larder::problem::Problem;
use libfuzzer_sys::fuzz_target;
use std::io::Read;

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
    fn metadata(&mut self, _: &Metadata) -> Result<()> {
        Ok(())
    }

    fn section(&mut self, _: &str) -> Result<Option<Vec<String>>> {
        Ok(Some(vec!["a".to_owned(), "b".to_owned()]))
    }

    fn row(&mut self, _: Option<i64>, values: Vec<larder::database::value::Value>, _: Place) -> Result<()> {
        assert_eq!(values.len(), 2);
        Ok(())
    }

    fn problem(&mut self, _: &str, _: Problem) -> Result<()> {
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (index, rows) = if end == 0 { (GOOD, data) } else { data.split_at(end) };
    let _ = read(&mut Files { index, rows }, "fuzz", Limits::default(), &mut Tolerant);
});
