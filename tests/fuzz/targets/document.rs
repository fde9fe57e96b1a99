//! The readers of JSON and NDJSON: whatever comes, it ends, and what it accepts it can write and read again.

#![no_main]

use anyhow::Result;
use larder::convert::convert;
use larder::document::envelope::Metadata;
use larder::document::input::Input;
use larder::document::reader::foreign::{Foreign, RowSink};
use larder::document::reader::{Limits, Place, Sink, read};
use larder::document::writer::{Format, Layout};
use larder::problem::Problem;
use larder::progress::Silent;
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

/// Wants everything and goes on past every problem.
#[derive(Default)]
struct Tolerant(Option<Metadata>);

impl Sink for Tolerant {
    fn item(&mut self, _: Option<i64>, _: Vec<Option<larder::database::value::Value>>, _: Place) -> Result<()> {
        Ok(())
    }

    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        self.0 = Some(metadata.clone());
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let metadata = self.0.as_ref().expect("the metadata come first");
        Ok(metadata.sections.get(name).map(|section| section.shape.columns.keys().cloned().collect()))
    }

    fn row(&mut self, _: Option<i64>, _: Vec<larder::database::value::Value>, _: Place) -> Result<()> {
        Ok(())
    }

    fn problem(&mut self, _: &str, _: Problem) -> Result<()> {
        Ok(())
    }
}

impl RowSink for Tolerant {
    fn row(&mut self, _: Vec<(String, larder::database::value::Value)>, _: Place) -> Result<()> {
        Ok(())
    }

    fn problem(&mut self, _: Problem) -> Result<()> {
        Ok(())
    }
}

fn converted(text: &[u8], format: impl FnOnce(Vec<u8>) -> Format<Vec<u8>>) -> Result<Vec<u8>> {
    let input = Input::Json(Box::new(Cursor::new(text.to_vec())));
    let converted = convert(input, "fuzz", Limits::default(), format(Vec::new()), &Silent)?;
    Ok(converted.output.expect("JSON is one file"))
}

fuzz_target!(|data: &[u8]| {
    let read_all = read(data, "fuzz", Limits::default(), &mut Tolerant::default()).is_ok();
    let small = Limits { row: 64, ..Limits::default() };
    let read_small = read(data, "fuzz", small, &mut Tolerant::default()).is_ok();
    assert!(read_all || !read_small);
    let foreign = |limits| {
        let rows = Foreign::Json(Box::new(Cursor::new(data.to_vec())));
        rows.read("fuzz", limits, &mut Tolerant::default()).is_ok()
    };
    assert!(foreign(Limits::default()) || !foreign(small));
    if let Ok(json) = converted(data, |output| Format::Json(output, Layout::Rows)) {
        let lines = converted(&json, Format::Lines).expect("what was written can be read");
        let back = converted(&lines, |output| Format::Json(output, Layout::Rows)).expect("and read again");
        // Sections without rows may have come in another order than the metadata name them.
        assert_eq!(converted(&back, Format::Lines).expect("and once more"), lines);
    }
});
