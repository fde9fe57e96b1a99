//! Whatever is damaged or cut: what is whole comes, and nothing that was not there.

use super::super::{Limits, Place, Sink, read};
use crate::app::model::{FieldType, Shape};
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::{FORMAT, Metadata, Section};
use crate::document::writer::{Format, Layout};
use crate::problem::{Problem, Severity};
use anyhow::Result;
use serde_json::json;

type Item = (String, Vec<Option<Value>>);

/// Remembers items, and what is wrong.
#[derive(Default)]
struct Memory {
    section: String,
    items: Vec<Item>,
    wrong: Vec<Problem>,
}

impl Sink for Memory {
    fn metadata(&mut self, _: &Metadata) -> Result<()> {
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        name.clone_into(&mut self.section);
        Ok(Some(vec!["name".to_owned(), "list".to_owned()]))
    }

    fn row(&mut self, _: Option<i64>, _: Vec<Value>, _: Place) -> Result<()> {
        unreachable!("the document is a condensed one")
    }

    fn item(&mut self, _: Option<i64>, fields: Vec<Option<Value>>, _: Place) -> Result<()> {
        self.items.push((self.section.clone(), fields));
        Ok(())
    }

    fn problem(&mut self, _: &str, problem: Problem) -> Result<()> {
        self.wrong.push(problem);
        Ok(())
    }

    fn recovers(&self) -> bool {
        true
    }
}

/// Two sections of items with a text and a list of objects.
fn document(format: impl FnOnce(Vec<u8>) -> Format<Vec<u8>>) -> Vec<u8> {
    let columns = [("name".to_owned(), FieldType::Text), ("list".to_owned(), FieldType::Json)];
    let shape = |table: &str| Shape {
        table: table.to_owned(),
        columns: columns.clone().into_iter().collect(),
        ..Shape::default()
    };
    let section = |table: &str| Section {
        items: 4,
        shape: shape(table),
        group: None,
        filter: None,
        partial: false,
        rowids: false,
        within: None,
    };
    let metadata = json!({
        "format": FORMAT, "version": 2, "mode": "condensed", "app": "app", "app_version": null, "schema_version": null,
        "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0", "includes": ["a", "b"],
        "sections": {"a": section("a"), "b": section("b")},
    });
    let metadata: Metadata = serde_json::from_value(metadata).expect("metadata");
    let mut writer = format(Vec::new()).begin(&metadata).expect("begin");
    for section in ["a", "b"] {
        writer.section(section, &metadata.sections[section]).expect("section");
        for item in 0..4 {
            let name = format!("{section}{item} {{\"[é");
            let list = format!("[{{\"n\": {item}}}, {{\"n\": \"}}\"}}]");
            let row = [Borrowed::Text(&name), Borrowed::Text(&list)];
            writer.row(None, row.into_iter().map(Ok::<_, anyhow::Error>)).expect("row");
        }
    }
    writer.finish().expect("finish").0.expect("it is one file")
}

fn formats() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("rows", document(|output| Format::Json(output, Layout::Rows))),
        ("pretty", document(|output| Format::Json(output, Layout::Pretty))),
        ("compact", document(|output| Format::Json(output, Layout::Compact))),
        ("lines", document(Format::Lines)),
    ]
}

fn recovered(text: &[u8]) -> (bool, Memory) {
    let mut memory = Memory::default();
    let read = read(text, "doc", Limits::default(), &mut memory);
    (read.is_ok(), memory)
}

/// Where the data begins.
fn data(text: &[u8]) -> usize {
    let find = |wanted: &str| text.windows(wanted.len()).position(|part| part == wanted.as_bytes());
    find("\"data\":").map(|at| at + 7).or_else(|| find("\n")).expect("there is data")
}

fn is_wrong(memory: &Memory) -> bool {
    memory.wrong.iter().any(|problem| problem.severity == Severity::Error)
}

#[test]
fn what_is_whole_is_read_as_it_is() {
    for (format, text) in formats() {
        let (is_read, memory) = recovered(&text);
        assert!(is_read && memory.wrong.is_empty(), "{format}: {:?}", memory.wrong);
        assert_eq!(memory.items.len(), 8, "{format}");
    }
}

#[test]
fn what_came_before_a_cut_comes_wherever_it_is() {
    for (format, text) in formats() {
        let whole = recovered(&text).1.items;
        for end in data(&text) + 2..text.len() - 1 {
            let (is_read, memory) = recovered(&text[..end]);
            assert!(is_read, "{format}, cut at {end}: {:?}", String::from_utf8_lossy(&text[..end]));
            assert!(is_wrong(&memory), "{format}, cut at {end}");
            assert_eq!(memory.items, whole[..memory.items.len()], "{format}, cut at {end}");
        }
        let (_, memory) = recovered(&text[..text.len() - 20]);
        assert_eq!(memory.items.len(), 8, "{format}");
    }
}

/// A byte that is another, or gone, or one more: the items that it is not in come as they are, unless everything stands in
/// one line. Where it stands between items, those beside it may be lost with it.
#[test]
fn an_item_that_is_damaged_takes_no_other_with_it() {
    let mut failures = Vec::new();
    for (format, text) in formats() {
        let whole = recovered(&text).1.items;
        let begin = data(&text);
        let end = text.windows(9).rposition(|part| part == b"\"summary\"").expect("a summary");
        for at in begin..end {
            for damage in [&b""[..], b"x", b"\"", b"{", b"}", b"]", b"\0", b"\n"] {
                let damaged = [&text[..at], damage, &text[at + 1..]].concat();
                let (is_read, memory) = recovered(&damaged);
                let kept = memory.items.iter().filter(|item| whole.contains(item)).count();
                let changed = memory.items.len() - kept;
                // A change within a text, or of white space, is none that anybody sees.
                let is_told = is_wrong(&memory) || memory.items.len() == 8;
                let line = text[..at].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
                let line =
                    if text[at] == b'{' && at > begin + 2 { &text[at..=at] } else { line.trim_ascii_start() };
                let has_lines = matches!(format, "rows" | "lines");
                // The end of a line is beside two items.
                let beside = if text[at] == b'\n' { 2 } else { 1 };
                let least = if line.starts_with(b"{") && has_lines {
                    8 - beside
                } else if has_lines {
                    3
                } else {
                    0
                };
                if !is_read || !is_told || changed > 1 || kept < least {
                    let (damage, instead) = (String::from_utf8_lossy(damage), text[at] as char);
                    failures.push(format!(
                        "{format}: {damage:?} for {instead:?} at {at} ({:?}): {kept} kept, {changed} changed, {:?}",
                        String::from_utf8_lossy(line), memory.wrong
                    ));
                }
            }
        }
    }
    let few = &failures[..failures.len().min(30)];
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), few.join("\n"));
}
