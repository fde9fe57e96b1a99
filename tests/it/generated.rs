//! Generated schemas and values through every format and back, in the library. `PROPTEST_CASES=10000` runs more of them.

use super::same::assert_same;
use larder::config::Rules;
use larder::convert::convert;
use larder::database::selection::Selection;
use larder::database::{ReadOptions, Source};
use larder::document::cell::Dialect;
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::document::writer::{CsvZip, Format, Layout};
use larder::export::{self, ExportOptions};
use larder::import::{self, ImportOptions};
use larder::patience::Patience;
use larder::progress::Silent;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A table to be made.
#[derive(Debug, Clone)]
struct Table {
    name: String,
    columns: Vec<(String, &'static str)>,
    options: &'static str,
    rows: Vec<Vec<Value>>,
    rowids: Vec<i64>,
}

/// A database to be made.
#[derive(Debug, Clone)]
struct Database {
    encoding: &'static str,
    page_size: u32,
    auto_vacuum: u32,
    tables: Vec<Table>,
}

fn names() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "a", "select", "o d", "q\"q", "it's", "$x", "$rowid", "$$", "rowid", "naïve", "🎬", "a.b", "a/b",
        "CON", "x\ny", "[b]", "\u{feff}", "-", "1", "sqlit", "{\"$", "\\N", "data", "metadata",
    ]);
    prop_oneof![3 => odd.prop_map(str::to_owned), 1 => "[a-zA-Zé_]{1,9}"]
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "",
        "\\N",
        "NULL",
        "0",
        "1.0",
        "1e5",
        "007",
        "\"",
        "\"x\"",
        "{\"$blob\": \"\"}",
        "a,b",
        "a;b",
        "a\tb",
        "a\nb",
        "a\rb",
        "a\0b",
        "\u{1b}[0m",
        "\u{feff}x",
        "東京",
        "🎬",
        "2026-11-20",
        "[1, 2]",
        "true",
    ]);
    let special = prop::sample::select(vec![
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        0.1,
        1e300,
        5e-324,
        f64::MAX,
        9_007_199_254_740_993.0,
        1.0,
        2.5,
    ]);
    prop_oneof![
        1 => Just(Value::Null),
        2 => any::<i64>().prop_map(Value::Integer),
        2 => (-3..3i64).prop_map(Value::Integer),
        1 => special.prop_map(Value::Real),
        1 => any::<f64>().prop_filter("SQLite has no NaN", |number| !number.is_nan()).prop_map(Value::Real),
        2 => text.prop_map(|text| Value::Text(text.to_owned())),
        1 => any::<String>().prop_map(Value::Text),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Blob),
    ]
}

fn tables() -> impl Strategy<Value = Table> {
    let types = prop::sample::select(vec![
        "",
        "text",
        "int",
        "integer",
        "real",
        "blob",
        "numeric",
        "varchar(9)",
        "datetime",
        "text collate nocase",
        "int unique",
        "text not null default 'x'",
        "double",
        "any",
        "boolean",
        "integer default 7",
    ]);
    let columns = prop::collection::vec((names(), types), 1..5);
    (names(), columns, 0..8usize, prop::collection::vec(any::<i64>(), 0..12)).prop_flat_map(
        |(name, mut columns, kind, rowids)| {
            let mut seen = std::collections::HashSet::new();
            columns.retain(|(name, _)| seen.insert(name.to_lowercase()));
            let options = match kind {
                0 => {
                    columns.insert(0, ("key of it".to_owned(), "integer primary key"));
                    ""
                }
                1 => {
                    columns.insert(0, ("key of it".to_owned(), "integer primary key autoincrement"));
                    ""
                }
                2 => {
                    columns.insert(0, ("key of it".to_owned(), "text primary key"));
                    "without rowid"
                }
                3 => {
                    columns.insert(0, ("key of it".to_owned(), "blob primary key desc"));
                    "without rowid"
                }
                4 => {
                    columns.push(("made".to_owned(), "as (1 + 1)"));
                    ""
                }
                5 => {
                    columns.push(("made".to_owned(), "as (typeof(1)) stored"));
                    ""
                }
                6 => {
                    columns = columns.into_iter().map(|(name, _)| (name, "any")).collect();
                    columns.push(("exact".to_owned(), "text"));
                    "strict"
                }
                _ => "",
            };
            let width = columns.iter().filter(|(_, kind)| !kind.starts_with("as ")).count();
            let rows = prop::collection::vec(prop::collection::vec(values(), width..=width), 0..12);
            rows.prop_map(move |rows| Table {
                name: name.clone(),
                columns: columns.clone(),
                options,
                rows,
                rowids: rowids.clone(),
            })
        },
    )
}

fn databases() -> impl Strategy<Value = Database> {
    (
        prop::sample::select(vec!["UTF-8", "UTF-8", "UTF-16le", "UTF-16be"]),
        prop::sample::select(vec![512, 1024, 4096, 65_536]),
        0..3u32,
        prop::collection::vec(tables(), 0..4),
    )
        .prop_map(|(encoding, page_size, auto_vacuum, mut tables)| {
            let mut seen = std::collections::HashSet::new();
            tables.retain(|table| seen.insert(table.name.to_lowercase()));
            Database { encoding, page_size, auto_vacuum, tables }
        })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Makes a database. What its constraints refuse is left out.
fn make(database: &Database, path: &Path) {
    let db = Connection::open(path).expect("open");
    db.execute_batch(&format!(
        "pragma page_size = {}; pragma auto_vacuum = {}; pragma encoding = '{}'; begin",
        database.page_size, database.auto_vacuum, database.encoding
    ))
    .expect("begin");
    for table in &database.tables {
        let columns: Vec<String> =
            table.columns.iter().map(|(name, kind)| format!("{} {kind}", quoted(name))).collect();
        let create =
            format!("create table {}({}) {}", quoted(&table.name), columns.join(", "), table.options);
        db.execute_batch(&create).unwrap_or_else(|error| panic!("{error}: {create}"));
        let stored: Vec<String> = table
            .columns
            .iter()
            .filter(|(_, kind)| !kind.starts_with("as "))
            .map(|(name, _)| quoted(name))
            .collect();
        for (at, row) in table.rows.iter().enumerate() {
            let taken = table.columns.iter().any(|(name, _)| name.eq_ignore_ascii_case("oid"));
            let rowid = table.rowids.get(at).filter(|_| table.options.is_empty() && !taken && at % 3 == 0);
            let names: Vec<String> =
                rowid.map(|_| "oid".to_owned()).into_iter().chain(stored.clone()).collect();
            let values: Vec<Value> =
                rowid.map(|id| Value::Integer(*id)).into_iter().chain(row.clone()).collect();
            let places = vec!["?"; values.len()].join(", ");
            let insert = format!(
                "insert or ignore into {}({}) values ({places})",
                quoted(&table.name),
                names.join(", ")
            );
            // A row that a STRICT table does not take, or a key that is no integer.
            let _ = db.execute(&insert, rusqlite::params_from_iter(values));
        }
    }
    db.execute_batch("commit").expect("commit");
}

fn patience() -> Patience {
    Patience::new(Duration::from_secs(5), &Silent)
}

fn exported(path: &Path, scratch: &Path) -> Vec<u8> {
    let read = ReadOptions { scratch: &[scratch], patience: patience(), progress: &Silent };
    let source = Source::open(path, &read).expect("open");
    let selection = Selection::default();
    let now = "2026-11-20T10:30:00Z".parse().expect("a time");
    let options =
        ExportOptions { app: "app", rules: &Rules::default(), selection: &selection, now, progress: &Silent };
    let (text, _) = export::full(&source, Format::Json(Vec::new(), Layout::Rows), &options).expect("export");
    text.expect("JSON is one file")
}

fn json(text: &[u8]) -> Input {
    Input::Json(Box::new(Cursor::new(text.to_vec())))
}

fn converted(input: Input, format: Format<Vec<u8>>) -> Option<Vec<u8>> {
    convert(input, "generated", Limits::default(), format, &Silent)
        .unwrap_or_else(|error| panic!("{error:#}"))
        .output
}

fn zipped(text: &[u8], dialect: Dialect, bom: bool) -> Vec<u8> {
    let archive = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&archive);
    let finished = move |bytes| {
        *taken.lock().expect("nobody panics") = bytes;
        Ok(())
    };
    let files = Box::new(CsvZip::new(Vec::new(), 1, finished));
    converted(json(text), Format::Csv(files, dialect, bom));
    std::mem::take(&mut *archive.lock().expect("nobody panics"))
}

fn assert_comes_back(database: &Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    make(database, &path);
    let text = exported(&path, folder.path());
    let back =
        |input: Input| converted(input, Format::Json(Vec::new(), Layout::Rows)).expect("JSON is one file");
    for layout in [Layout::Pretty, Layout::Compact] {
        let other = converted(json(&text), Format::Json(Vec::new(), layout)).expect("JSON is one file");
        assert!(back(json(&other)) == text, "{layout:?}");
    }
    let lines = converted(json(&text), Format::Lines(Vec::new())).expect("lines are one file");
    assert!(back(json(&lines)) == text, "lines");
    for (dialect, bom) in
        [(Dialect::default(), false), (Dialect { delimiter: ';', null: String::new() }, true)]
    {
        let archive = zipped(&text, dialect, bom);
        assert!(back(Input::Zip(Box::new(Cursor::new(archive.clone())))) == text, "CSV");
        if bom {
            let new = folder.path().join("new.db");
            let selection = Selection::default();
            let options = ImportOptions {
                selection: &selection,
                limits: Limits::default(),
                dry_run: false,
                skips_unread: false,
                temporary: folder.path(),
                patience: patience(),
                progress: &Silent,
            };
            import::full(Input::Zip(Box::new(Cursor::new(archive))), "generated", &new, &options)
                .unwrap_or_else(|error| panic!("{error:#}"));
            assert_same(&path, &new);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_database_holds_comes_back_through_every_format(database in databases()) {
        assert_comes_back(&database);
    }
}

/// Few enough for every run; more where somebody asks for them.
pub fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}
