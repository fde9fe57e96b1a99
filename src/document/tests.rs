//! What is written is read, and what is wrong is refused with its place.

use super::envelope::{FORMAT, Metadata, Mode, Section, VERSION};
use super::reader::{Document, Limits, Place, Sink, read};
use super::writer::{Format, Layout};
use crate::app::model::{FieldType, Shape};
use crate::database::value::{Borrowed, Value};
use crate::error::{Kind, hint, kind};
use anyhow::Result;
use indexmap::IndexMap;

/// Remembers what it is given.
#[derive(Default)]
struct Memory {
    columns: Vec<String>,
    rows: Vec<(Option<i64>, Vec<Value>, Place)>,
}

impl Sink for Memory {
    fn metadata(&mut self, _: &Metadata) -> Result<()> {
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        Ok((name == "t").then(|| self.columns.clone()))
    }

    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()> {
        self.rows.push((rowid, values, place));
        Ok(())
    }

    fn item(&mut self, _: Option<i64>, _: Vec<Option<Value>>, _: Place) -> Result<()> {
        unreachable!("the document is a full one")
    }
}

fn metadata(sections: &[(&str, u64)]) -> Metadata {
    let section = |(name, items): &(&str, u64)| {
        let columns = ["a", "$b"].map(|column| (column.to_owned(), FieldType::Blob)).into_iter().collect();
        let shape = Shape { table: (*name).to_owned(), columns, ..Shape::default() };
        (
            (*name).to_owned(),
            Section {
                items: *items,
                shape,
                group: None,
                filter: None,
                partial: false,
                rowids: true,
                within: None,
            },
        )
    };
    Metadata {
        format: FORMAT.to_owned(),
        version: VERSION,
        empty_sections: Vec::new(),
        mode: Mode::Full,
        app: "app".to_owned(),
        app_version: None,
        schema_version: None,
        exported_at: "2026-11-20T10:30:00Z".parse().expect("a time"),
        larder_version: "0.1.0".to_owned(),
        includes: sections.iter().map(|(name, _)| (*name).to_owned()).collect(),
        sections: sections.iter().map(section).collect(),
        anonymized: false,
        referenced: IndexMap::new(),
        by_id: false,
        scope: None,
        doubts: Vec::new(),
        witnesses: Vec::new(),
        unwitnessed: Vec::new(),
        left_out: IndexMap::new(),
        schema: None,
        needs_application: Vec::new(),
        pragmas: None,
    }
}

/// A document of a table `t` with the columns `a` and `$b`, and of an empty one.
fn document() -> String {
    document_in(|output| Format::Json(output, Layout::Rows))
}

fn document_in(format: impl FnOnce(Vec<u8>) -> Format<Vec<u8>>) -> String {
    let metadata = metadata(&[("t", 2), ("empty", 0)]);
    let mut writer = format(Vec::new()).begin(&metadata).expect("begin");
    writer.section("t", &metadata.sections["t"]).expect("section");
    let rows = [[Borrowed::Integer(1), Borrowed::Text("x")], [Borrowed::Null, Borrowed::Real(2.5)]];
    for (rowid, row) in [7, 9].into_iter().zip(rows) {
        writer.row(Some(rowid), row.into_iter().map(Ok::<_, anyhow::Error>)).expect("row");
    }
    writer.section("empty", &metadata.sections["empty"]).expect("section");
    let (text, _) = writer.finish().expect("finish");
    String::from_utf8(text.expect("JSON is one file")).expect("JSON is UTF-8")
}

fn read_text(text: &str) -> (Result<Document>, Memory) {
    let mut memory = Memory { columns: vec!["a".into(), "$b".into()], ..Memory::default() };
    (read(text.as_bytes(), "doc.json", Limits::default(), &mut memory), memory)
}

/// The error of a document in which something was replaced, and which must be invalid.
fn error_with(from: &str, to: &str) -> String {
    let text = document();
    assert!(text.contains(from), "{from} is not in {text}");
    let (read, _) = read_text(&text.replacen(from, to, 1));
    let error = read.map(|document| document.edited).expect_err(to);
    assert_eq!(kind(&error), Kind::Invalid, "{error:#}");
    format!("{error:#}")
}

#[test]
fn a_document_has_one_row_a_line() {
    let text = document();
    let data = &text[text.find("  \"data\"").expect("data")..text.find("  \"summary\"").expect("summary")];
    assert_eq!(
        data,
        r#"  "data": {
    "t": [
      {"$rowid": 7, "a": 1, "$$b": "x"},
      {"$rowid": 9, "a": null, "$$b": 2.5}
    ],
    "empty": []
  },
"#
    );
}

#[test]
fn what_was_written_is_read_with_its_place() {
    let text = document();
    let (read, memory) = read_text(&text);
    let document = read.expect("it is whole");
    assert!(!document.edited);
    assert_eq!(document.items.get("t"), Some(&2));
    let line = |of: &str| text.lines().position(|line| line.contains(of)).expect("a line") as u64 + 1;
    assert_eq!(
        memory.rows,
        [
            (
                Some(7),
                vec![Value::Integer(1), Value::Text("x".into())],
                Place { item: 0, line: line("\"$rowid\": 7"), column: 7 }
            ),
            (
                Some(9),
                vec![Value::Null, Value::Real(2.5)],
                Place { item: 1, line: line("\"$rowid\": 9"), column: 7 }
            ),
        ]
    );
}

#[test]
fn an_edit_is_noticed_and_white_space_around_the_data_is_none() {
    let text = document();
    let edited = |text: &str| read_text(text).0.expect("it is whole").edited;
    assert!(edited(&text.replace("\"x\"", "\"y\"")));
    assert!(!edited(&text.replace("\"data\": {", "\"data\" :  \n\t{")));
    assert!(!edited(&text.replace("}\n}\n", "}}")));
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    for (from, to, message) in [
        ("larder-export", "other-export", "metadata.format is not \"larder-export\""),
        ("\"version\": 3", "\"version\": 4", "use a newer larder"),
        ("\"mode\": \"full\"", "\"mode\": \"empty\"", "metadata: unknown variant `empty`"),
        ("\"a\": 1,", "", "data.t[0].a: the row lacks it"),
        ("\"a\": 1", "\"z\": 1", "data.t[0].z: the section has no such column"),
        ("\"a\": 1", "\"a\": 1, \"a\": 2", "data.t[0].a: it comes twice in the row"),
        ("\"$rowid\": 7", "\"$rowid\": 7, \"$rowid\": 8", "data.t[0].$rowid: it comes twice in the row"),
        ("\"a\": 1", "\"a\": 100000000000000000000", "does not fit into the 64 bits"),
        ("\"a\": 1", "\"a\": 9223372036854775808", "does not fit into the 64 bits"),
        ("\"a\": 1", "\"a\": true", "data.t[0].a: true is no value of a database"),
        ("\"empty\": []", "\"t\": []", "the section \"t\" comes twice"),
        ("\"summary\"", "\"sumary\"", "\"summary\" is expected here"),
        ("\"data\"", "\"dada\"", "\"data\" is expected here"),
    ] {
        let found = error_with(from, to);
        assert!(found.contains(message), "{found}");
        assert!(found.starts_with("doc.json:"), "{found}");
    }
    assert!(error_with("}\n}\n", "}\n}\n x").contains("doc.json:"));
}

#[test]
fn large_reals_are_reals() {
    let text = document().replace("\"a\": 1", "\"a\": 1e20");
    assert_eq!(read_text(&text).1.rows[0].1[0], Value::Real(1e20));
    let text = document().replace("\"a\": 1", "\"a\": 100000000000000000000.0");
    assert_eq!(read_text(&text).1.rows[0].1[0], Value::Real(1e20));
}

#[test]
fn counts_that_contradict_the_data_are_refused() {
    let (read, _) = read_text(&document().replacen("\"items\": 2", "\"items\": 3", 1));
    assert!(!read.expect("the summary counts more").edited);
    assert!(error_with("{\"t\": 2", "{\"t\": 1").contains("says otherwise"));
}

#[test]
fn a_cut_document_is_refused_wherever_it_is_cut() {
    let text = document();
    for length in 0..text.trim_end().len() {
        let (read, _) = read_text(&text[..length]);
        let error = read.map(|document| document.edited).expect_err("it is cut");
        assert_eq!(kind(&error), Kind::Invalid, "{length}: {error:#}");
        assert!(hint(&error).is_some(), "{length}: {error:#}");
    }
}

#[test]
fn every_layout_is_read_and_has_its_digest() {
    type Begin = fn(Vec<u8>) -> Format<Vec<u8>>;
    let formats: [Begin; 4] = [
        |output| Format::Json(output, Layout::Rows),
        |output| Format::Json(output, Layout::Pretty),
        |output| Format::Json(output, Layout::Compact),
        Format::Lines,
    ];
    for format in formats {
        let text = document_in(format);
        let (read, memory) = read_text(&text);
        let document = read.unwrap_or_else(|error| panic!("{error:#}: {text}"));
        assert!(!document.edited, "{text}");
        assert_eq!(
            document.items.iter().map(|(name, items)| (name.as_str(), *items)).collect::<Vec<_>>(),
            [("t", 2), ("empty", 0)]
        );
        assert_eq!(memory.rows.len(), 2);
        assert!(read_text(&text.replace("\"x\"", "\"y\"")).0.expect("it is whole").edited, "{text}");
    }
}

#[test]
fn lines_are_digested_without_the_summary_wherever_a_buffer_ends() {
    let metadata = metadata(&[("t", 9000)]);
    for padding in [0, 1000, 100_000, crate::stream::BUFFER - 500, crate::stream::BUFFER] {
        let mut writer = Format::Lines(Vec::new()).begin(&metadata).expect("begin");
        writer.section("t", &metadata.sections["t"]).expect("section");
        let text = "x".repeat(padding);
        for row in 0..9000 {
            let values = [Borrowed::Integer(row), Borrowed::Text(if row % 4000 == 0 { &text } else { "" })];
            writer.row(Some(row), values.into_iter().map(Ok::<_, anyhow::Error>)).expect("row");
        }
        let (text, _) = writer.finish().expect("finish");
        let text = String::from_utf8(text.expect("a file")).expect("UTF-8");
        assert!(!read_text(&text).0.expect("it is whole").edited);
        // The summary alone in the last buffer, or cut by one.
        let long =
            text.replace("{\"summary\"", &format!("{}{{\"summary\"", " ".repeat(crate::stream::BUFFER)));
        assert!(!read_text(&long).0.expect("it is whole").edited);
    }
}

/// A section that had lost its rows was missing from what its document was converted to.
#[test]
fn a_section_without_rows_is_there_whatever_the_metadata_say() {
    let text = document_in(Format::Lines).replacen("\"items\": 0", "\"items\": 1", 1);
    let document = read_text(&text).0.expect("it is whole");
    assert_eq!(document.items.get("empty"), Some(&0));
}

#[test]
fn lines_that_are_wrong_are_refused() {
    let text = document_in(Format::Lines);
    for (from, to, message) in [
        ("{\"$section\": \"t\", \"$rowid\": 9", "{\"$rowid\": 9", "a line begins with \"$section\""),
        (
            "{\"summary\"",
            "{\"$section\": \"u\"}\n{\"$section\": \"t\"}\n{\"summary\"",
            "put the lines of a section together",
        ),
        ("{\"summary\"", "[1]\n{\"summary\"", "a row that begins with $section"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let error = read_text(&changed).0.map(|document| document.edited).expect_err(message);
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert!(format!("{error:#}").starts_with("doc.json:"), "{error:#}");
    }
    for length in 0..text.trim_end().len() {
        let error = read_text(&text[..length]).0.map(|document| document.edited).expect_err("it is cut");
        assert_eq!(kind(&error), Kind::Invalid, "{length}: {error:#}");
    }
}
