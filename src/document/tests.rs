//! What is written is read, and what is wrong is refused with its place.

use super::envelope::{FORMAT, Metadata, Mode, Section, VERSION};
use super::reader::{Document, Place, Sink, read};
use super::writer::DocumentWriter;
use crate::database::value::{Borrowed, Value};
use crate::error::{Kind, hint, kind};
use anyhow::Result;

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
}

fn metadata(sections: &[(&str, u64)]) -> Metadata {
    let section = |(name, items): &(&str, u64)| {
        ((*name).to_owned(), Section { table: (*name).to_owned(), items: *items })
    };
    Metadata {
        format: FORMAT.to_owned(),
        version: VERSION,
        mode: Mode::Full,
        app: "app".to_owned(),
        app_version: None,
        schema_version: None,
        exported_at: "2026-11-20T10:30:00Z".parse().expect("a time"),
        larder_version: "0.1.0".to_owned(),
        includes: sections.iter().map(|(name, _)| (*name).to_owned()).collect(),
        sections: sections.iter().map(section).collect(),
        schema: None,
        pragmas: None,
    }
}

/// A document of a table `t` with the columns `a` and `$b`, and of an empty one.
fn document() -> String {
    let mut writer = DocumentWriter::begin(Vec::new(), &metadata(&[("t", 2), ("empty", 0)])).expect("begin");
    writer.section("t", ["a", "$b"]).expect("section");
    let rows = [[Borrowed::Integer(1), Borrowed::Text("x")], [Borrowed::Null, Borrowed::Real(2.5)]];
    for (rowid, row) in [7, 9].into_iter().zip(rows) {
        writer.row(Some(rowid), row.into_iter().map(Ok::<_, anyhow::Error>)).expect("row");
    }
    writer.section("empty", ["c"]).expect("section");
    let (text, _) = writer.finish().expect("finish");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn read_text(text: &str) -> (Result<Document>, Memory) {
    let mut memory = Memory { columns: vec!["a".into(), "$b".into()], ..Memory::default() };
    (read(text.as_bytes(), "doc.json", &mut memory), memory)
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
                Place { item: 0, line: line("\"$rowid\": 7") }
            ),
            (Some(9), vec![Value::Null, Value::Real(2.5)], Place { item: 1, line: line("\"$rowid\": 9") }),
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
        ("\"version\": 1", "\"version\": 2", "use a newer larder"),
        ("\"mode\": \"full\"", "\"mode\": \"empty\"", "metadata: unknown variant `empty`"),
        ("\"a\": 1,", "", "the row has no \"a\""),
        ("\"a\": 1", "\"z\": 1", "the table has no column \"z\""),
        ("\"a\": 1", "\"a\": 1, \"a\": 2", "\"a\" comes twice"),
        ("\"$rowid\": 7", "\"$rowid\": 7, \"$rowid\": 8", "\"$rowid\" comes twice"),
        ("\"a\": 1", "\"a\": 100000000000000000000", "does not fit into 64 bits"),
        ("\"a\": 1", "\"a\": 9223372036854775808", "does not fit into the 64 bits"),
        ("\"a\": 1", "\"a\": true", "invalid type: boolean `true`"),
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
    assert!(error_with("\"items\": 2", "\"items\": 3").contains("says otherwise"));
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
