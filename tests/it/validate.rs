//! `larder validate`

use super::fixtures::{broken_index, fill, numbered};
use super::scene::Scene;
use serde_json::{Value, json};
use std::path::PathBuf;

fn scene() -> (Scene, PathBuf) {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 500);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    (scene, path)
}

fn problems(scene: &Scene, file: &std::path::Path, code: i32) -> Vec<Value> {
    let run = scene.larder(["validate", file.to_str().expect("UTF-8"), "--json"]).run();
    assert_eq!(run.code(), Some(code), "{run}");
    let json = run.json();
    assert_eq!(json["valid"], json!(code == 0));
    assert_eq!(json["files"][0]["valid"], json!(code == 0));
    json["files"][0]["problems"].as_array().expect("an array").clone()
}

#[test]
fn a_whole_snapshot_is_valid() {
    let (scene, path) = scene();
    let run = scene.larder(["validate", path.to_str().expect("UTF-8")]).run().succeeds();
    assert_eq!(run.stdout(), format!("{}: valid\n", path.display()));
    assert!(problems(&scene, &path, 0).is_empty());
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[test]
fn damage_is_found_and_exits_with_3() {
    let (scene, path) = scene();
    let bytes = std::fs::read(&path).expect("read");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    for bytes in [flipped, bytes[..bytes.len() - 5].to_vec(), [&bytes[..], b"more"].concat(), vec![]] {
        std::fs::write(&path, bytes).expect("write");
        let found = problems(&scene, &path, 3);
        assert!(found.iter().any(|problem| problem["severity"] == "error"), "{found:?}");
    }
}

#[test]
fn a_manifest_that_lies_is_found_out() {
    let (scene, path) = scene();
    let manifest = path.to_string_lossy().replace(".db.gz", ".meta.json");
    let text = std::fs::read_to_string(&manifest).expect("read");
    let original: Value = serde_json::from_str(&text).expect("JSON");
    let zeros = "0".repeat(64);
    for (field, lie) in [
        ("size", json!(1)),
        ("sha256", json!(zeros)),
        ("database_size", json!(4096)),
        ("database_sha256", json!(zeros)),
        ("schema_sha256", json!(zeros)),
        ("page_size", json!(512)),
        ("encoding", json!("UTF-16le")),
        ("user_version", json!(9)),
        ("application_id", json!(9)),
        ("auto_vacuum", json!(1)),
        ("rows", json!({"t": 499})),
        ("rows", json!({"t": 500, "u": 1})),
        ("rows", json!({})),
    ] {
        let mut lying = original.clone();
        lying[field] = lie;
        std::fs::write(&manifest, lying.to_string()).expect("write");
        let found = problems(&scene, &path, 3);
        let named = format!("manifest.{field}");
        assert!(found.iter().any(|problem| problem["path"] == named.as_str()), "{field}: {found:?}");
    }
    std::fs::write(&manifest, "no manifest").expect("write");
    assert_eq!(problems(&scene, &path, 3)[0]["path"], "manifest");
    std::fs::remove_file(&manifest).expect("remove");
    assert_eq!(problems(&scene, &path, 0)[0]["severity"], "warning");
}

#[test]
fn a_database_with_a_broken_index_is_not_valid() {
    let scene = Scene::new();
    broken_index(&scene.path("app.db"));
    scene.larder(["snapshot", "app.db", "--drill", "quick", "-o", "plain.db"]).run().succeeds();
    let run = scene.larder(["validate", "plain.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("plain.db: NOT VALID\n"), "{run}");
    assert!(run.stdout().contains("  error: database: row 2 missing from index i\n"), "{run}");
}

#[test]
fn violations_that_the_application_lives_with_are_warnings() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "pragma foreign_keys = off; create table p(id integer primary key); create table c(p references p); insert into c values (7)",
    );
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let found = problems(&scene, &path, 0);
    assert_eq!(found[0]["severity"], "warning");
    assert!(
        found[0]["message"].as_str().expect("text").contains("1 rows have a foreign key that leads nowhere"),
        "{found:?}"
    );
}

#[test]
fn several_files_are_looked_at_and_one_bad_one_decides() {
    let (scene, path) = scene();
    std::fs::write(scene.path("bad.db.gz"), "nothing").expect("write");
    let run = scene.larder(["validate", path.to_str().expect("UTF-8"), "bad.db.gz"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert_eq!(
        run.stdout().lines().filter(|line| line.ends_with("valid") || line.ends_with("NOT VALID")).count(),
        2,
        "{run}"
    );
    scene.larder(["validate", "none.db.gz"]).run().fails(1).says("there is no file none.db.gz");
    scene.larder(["validate"]).run().fails(2);
    std::fs::write(scene.path("doc.json"), "{}").expect("write");
    let run = scene.larder(["validate", "doc.json"]).run();
    assert!(run.code() == Some(3) && run.stdout().contains("\"metadata\" is missing"), "{run}");
}

#[test]
fn a_small_file_that_would_become_a_large_one_is_stopped() {
    let (scene, path) = scene();
    // A gzip member of a header that announces 8 kB, followed by as many zeros as one likes.
    let database = std::fs::read(scene.path("app.db")).expect("read");
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut bomb, &database[..4096]).expect("write");
    std::io::Write::write_all(&mut bomb, &vec![0; 50_000_000]).expect("write");
    std::fs::write(&path, bomb.finish().expect("finish")).expect("write");
    let found = problems(&scene, &path, 3);
    assert!(
        found.iter().any(|p| p["message"].as_str().expect("text").contains("more than the expected")),
        "{found:?}"
    );
}

/// A scene with a document of two tables, the second of which refers to the first.
fn document() -> (Scene, String) {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table lists(id integer primary key, name text unique not null collate nocase);
         create table items(list int references lists, n int, weight real, primary key(list, n)) without rowid;
         create table typed(a int, b text, c any) strict;
         insert into lists values (1, 'one'), (2, 'two');
         insert into items values (1, 1, 0.5), (1, 2, 1.5), (2, 1, null);
         insert into typed values (1, 'x', 1.5)",
    );
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    (scene, text)
}

#[test]
fn an_export_in_any_format_is_valid() {
    let (scene, _) = document();
    for name in ["doc.json", "doc.json.gz", "doc.ndjson", "doc.zip", "doc.json.zst", "folder/"] {
        if name != "doc.json" {
            scene.larder(["convert", "doc.json", name]).run().succeeds();
        }
        let run = scene.larder(["validate", name]).run().succeeds();
        assert_eq!(run.stdout(), format!("{name}: valid\n"));
    }
    let json = scene.larder(["validate", "doc.json", "folder", "--json"]).run().succeeds().json();
    assert_eq!(json["files"][1]["kind"], "export");
    assert_eq!(json["files"][1]["problems"], serde_json::json!([]));
}

#[test]
fn every_problem_of_an_export_has_its_place_and_says_what_to_do() {
    let (scene, text) = document();
    for (from, to, code, message) in [
        (
            "\"name\": \"two\"",
            "\"name\": \"ONE\"",
            3,
            "data.lists[1].name: name is that of data.lists[0] on line 26 too, and must be unique",
        ),
        ("{\"id\": 2,", "{\"id\": 1,", 3, "data.lists[1].id: id is that of data.lists[0]"),
        (
            "{\"id\": 2,",
            "{\"id\": 2.5,",
            3,
            "data.lists[1].id: it is the number of the row, an integer, and this is a real",
        ),
        ("\"name\": \"two\"", "\"name\": null", 0, "data.lists[1].name: the column does not allow NULL"),
        (
            "{\"list\": 2, \"n\": 1",
            "{\"list\": 7, \"n\": 1",
            0,
            "data.items[2].list: it refers to a row of lists that is not in the document",
        ),
        (
            "{\"list\": 2, \"n\": 1",
            "{\"list\": 1, \"n\": 1",
            3,
            "data.items[2].list+n: list+n is that of data.items[0]",
        ),
        (
            "\"b\": \"x\"",
            "\"b\": 5",
            0,
            "data.typed[0].b: the table is STRICT and the column TEXT, and this is an integer; an import keeps it as it is",
        ),
        (
            "\"weight\": 0.5",
            "\"weight\": 0.5, \"weight\": 0.5",
            3,
            "data.items[0].weight: it comes twice in the row",
        ),
        ("\"weight\": 0.5", "\"weight\": [0.5]", 3, "data.items[0].weight: a list is no value of a database"),
        ("\"weight\": 0.5", "\"wait\": 0.5", 3, "data.items[0].wait: the section has no such column"),
        ("\"weight\": 0.5", "\"wait\": 0.5", 3, "data.items[0].weight: the row lacks it"),
        (
            "\"weight\": 0.5",
            "\"weight\": 0.25",
            0,
            "summary.sha256: the data was changed after it was written",
        ),
        ("    \"typed\": [", "    \"types\": [", 3, "data.types: metadata.sections has no such section"),
        ("    \"typed\": [", "    \"types\": [", 3, "data.typed: the section is missing"),
        ("\"items\": 3}", "\"items\": 4}", 0, "data.items: there are 3 items, and the metadata say 4"),
        ("\"app\": \"app\"", "\"app\": \"app\", \"app\": \"other\"", 3, "\"app\" comes twice"),
        ("\"includes\": [", "\"includes\": [\"more\", ", 3, "metadata.includes"),
        (
            "CREATE TABLE typed(",
            "CREATE TABLE typed(z int, ",
            3,
            "metadata.sections.typed: its columns are not those of the table",
        ),
        ("CREATE TABLE typed(", "CREATE TABLE typed((", 3, "metadata.schema"),
        ("\"summary\":", "\"sumary\":", 3, "\"summary\" is expected here"),
        ("\"version\": 2", "\"version\": 4", 3, "use a newer larder"),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        std::fs::write(scene.path("doc.json"), text.replacen(from, to, 1)).expect("write");
        let run = scene.larder(["validate", "doc.json"]).run();
        assert!(run.stdout().contains(message), "{message}: {run}");
        assert_eq!(run.code(), Some(code), "{run}");
    }
    for (bad, message) in
        [(format!("{text} x"), "trailing"), (text[..text.len() - 40].to_owned(), "the file was cut")]
    {
        std::fs::write(scene.path("doc.json"), bad).expect("write");
        let run = scene.larder(["validate", "doc.json"]).run();
        assert!(run.code() == Some(3) && run.stdout().contains(message), "{run}");
    }
}

#[test]
fn what_ends_the_reading_has_its_place_once() {
    let (scene, text) = document();
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let rows = std::fs::read_to_string(scene.path("out/lists.csv")).expect("read");
    std::fs::write(scene.path("out/lists.csv"), rows.replace("two", "\"two")).expect("write");
    let message = "  error: 3:2: document: out/lists.csv: the quote that begins this cell is not closed";
    let run = scene.larder(["validate", "out"]).run();
    assert!(run.stdout().contains(message), "{run}");
    std::fs::write(scene.path("doc.json"), format!("{text}x")).expect("write");
    let line = text.lines().count() + 1;
    let run = scene.larder(["validate", "doc.json"]).run();
    assert!(run.stdout().contains(&format!("  error: {line}:1: document: trailing characters\n")), "{run}");
}

/// Problems of keys and references were all said to be in column 1.
#[test]
fn a_problem_of_a_row_is_where_the_row_begins_or_in_its_cell() {
    let (scene, text) = document();
    let edited = text
        .replace("\"name\": \"two\"", "\"name\": \"ONE\"")
        .replace("{\"list\": 1, \"n\": 2", "{\"list\": 7, \"n\": 2")
        .replace("\"b\": \"x\"", "\"b\": 5");
    std::fs::write(scene.path("doc.json"), edited).expect("write");
    let line_of = |name: &str, number: usize, what: &str| {
        let text = std::fs::read_to_string(scene.path(name)).expect("read");
        let lines: Vec<&str> = text.lines().collect();
        let found = lines.iter().enumerate().filter(|(_, line)| line.contains(what)).nth(number);
        found.expect("a line").0 as u64 + 1
    };
    let places = |name: &str| -> Vec<(String, u64, u64)> {
        let found = problems(&scene, &scene.path(name), 3);
        let places = found.iter().filter(|problem| problem["line"].is_u64()).map(|problem| {
            let path = problem["path"].as_str().expect("a path").to_owned();
            (path, problem["line"].as_u64().expect("a line"), problem["column"].as_u64().expect("a column"))
        });
        places.collect()
    };
    let expected = |lines: [u64; 3], columns: [u64; 3]| -> Vec<(String, u64, u64)> {
        let paths = ["data.lists[1].name", "data.typed[0].b", "data.items[1].list"];
        (0..3).map(|at| (paths[at].to_owned(), lines[at], columns[at])).collect()
    };
    for (name, options, column) in
        [("doc.json", &[][..], 7), ("doc.ndjson", &[], 1), ("pretty.json", &["--pretty"], 7)]
    {
        if name != "doc.json" {
            scene.larder([&["convert", "doc.json", name], options].concat()).run().succeeds();
        }
        let back = u64::from(name == "pretty.json");
        let lines = [
            line_of(name, 0, "\"ONE\"") - 2 * back,
            line_of(name, 0, "\"b\": 5") - 2 * back,
            line_of(name, 0, "\"list\": 7") - back,
        ];
        assert_eq!(places(name), expected(lines, [column; 3]), "{name}");
    }
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    assert_eq!(places("out"), expected([3, 2, 3], [2, 2, 1]));
    // The columns in another order.
    std::fs::write(scene.path("out/items.csv"), "weight,n,list\n0.5,1,1\n1.5,2,7\n\\N,1,2\n").expect("write");
    assert_eq!(places("out"), expected([3, 2, 3], [2, 2, 3]));
}

#[test]
fn problems_are_listed_up_to_a_number_and_counted_beyond() {
    let (scene, text) = document();
    let (metadata, data) = text.split_once("\"data\"").expect("data");
    let many = format!("{metadata}\"data\"{}", data.replace("\"weight\"", "\"wait\""));
    std::fs::write(scene.path("doc.json"), many).expect("write");
    let json = scene.larder(["validate", "doc.json", "--max-problems", "2", "--json"]).run().json();
    let file = &json["files"][0];
    assert_eq!(file["problems"].as_array().expect("an array").len(), 2);
    assert!(file["more_problems"].as_u64().expect("a number") >= 4, "{file}");
    let problem = &file["problems"][0];
    assert!(problem["line"].as_u64() > Some(20) && problem["column"].is_u64(), "{problem}");
    assert_eq!(problem["severity"], "error");
}

#[test]
fn an_export_is_compared_with_a_database() {
    let (scene, _) = document();
    scene.larder(["validate", "doc.json", "--against", "app.db"]).run().succeeds();
    fill(
        &scene.path("other.db"),
        "create table LISTS(ID integer primary key, name text, colour text not null, size int not null default 3);
         create table typed(a)",
    );
    let run = scene.larder(["validate", "doc.json", "--against", "other.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    for message in [
        "metadata.sections.items: the database has no table \"items\"",
        "metadata.sections.lists.columns: the database requires a value for \"colour\"",
        "metadata.sections.typed.columns: the table of the database has no column \"b\"",
    ] {
        assert!(run.stdout().contains(message), "{message}: {run}");
    }
    assert!(!run.stdout().contains("size"), "{run}");
    scene
        .larder(["validate", "doc.json", "--against", "gone.db"])
        .run()
        .fails(1)
        .says("there is no file gone.db");
}

/// What a database accepts was said to be twice there, or to lead nowhere.
#[test]
fn what_a_database_holds_is_no_error() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table a(x integer unique); insert into a values ('inf'), ('infinity'), ('nan'), ('NaN'), ('INF');
         create table b(x numeric unique); insert into b values (5), (char(160) || '5');
         create table c(x any unique) strict; insert into c values (1), ('1');
         create table d(x any primary key, y any) strict, without rowid; insert into d values ('1', 1), (1, 2), ('1.0', 3);
         create table r(x real primary key); insert into r values (1e16);
         create table s(x int references r); insert into s values (10000000000000000);
         create table t(x text primary key); insert into t values ('1.5'), ('5.0');
         create table u(x real references t); insert into u values (1.5), (5.0)",
    );
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["validate", "doc.json"]).run().succeeds().prints("doc.json: valid\n");
}

#[test]
fn a_key_of_several_columns_is_required_in_each() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(id integer, a text); insert into t values (1, 'x')");
    fill(
        &scene.path("other.db"),
        "create table t(id integer, a text, k integer not null, primary key(id, k))",
    );
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let run = scene.larder(["validate", "doc.json", "--against", "other.db"]).run();
    assert!(run.code() == Some(3) && run.stdout().contains("requires a value for \"k\""), "{run}");
}

/// Metadata of many small things took many times their room in memory.
#[test]
fn large_metadata_is_stopped() {
    let (scene, text) = document();
    let padded = text.replacen(
        "\"app\": \"app\"",
        &format!("\"app\": \"app\", \"x\": [{}0]", "[0],".repeat(9 << 20)),
        1,
    );
    std::fs::write(scene.path("doc.json"), padded).expect("write");
    let run = scene.larder(["validate", "doc.json"]).run();
    assert!(run.code() == Some(3) && run.stdout().contains("bytes"), "{run}");
}
