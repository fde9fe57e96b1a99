//! `larder import --section`: rows that other programs wrote.

use super::fixtures::fill;
use super::same::open;
use super::scene::{Scene, days_ago};
use std::path::Path;

/// A scene with two tables, the second of which refers to the first.
fn scene() -> Scene {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table lists(id integer primary key, name text not null unique, colour text default 'red', weight real);
         create table items(list int references lists, n int, made as (n * 2), check (n < 100));
         insert into lists(name) values ('there')",
    );
    scene
}

fn write(scene: &Scene, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(scene.path(name), text).expect("write");
}

fn rows(path: &Path, sql: &str) -> Vec<String> {
    let db = open(path);
    let mut statement = db.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("text")).collect()
}

const LISTS: &str = "select name || '|' || coalesce(colour, 'NULL') || '|' || coalesce(weight, 'NULL') || '|' || typeof(weight)
                     from lists order by id";

#[test]
fn json_ndjson_and_csv_of_others_come_into_a_table() {
    let utf16: Vec<u8> =
        "\u{feff}name;weight\r\nZoë;1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_json = "\u{feff}[\r\n{\"name\": \"Zoë\", \"weight\": 1}]"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        (
            "a.json",
            br#"[{"name": "one", "weight": 1}, {"name": "two", "colour": null, "weight": 2.5}]"#.to_vec(),
            &["one|red|1.0|real", "two|NULL|2.5|real"],
        ),
        (
            "a.ndjson",
            b"{\"NAME\": \"one\"}\n{\"name\": \"007\", \"colour\": [1, true]}\n".to_vec(),
            &["one|red|NULL|null", "007|[1,true]|NULL|null"],
        ),
        ("a.csv", b"weight,name\n1,one\n,007\n".to_vec(), &["one|red|1.0|real", "007|red|NULL|null"]),
        ("b.csv", utf16, &["Zoë|red|1.0|real"]),
        ("b.json", utf16_json, &["Zoë|red|1.0|real"]),
        (
            "c.csv",
            "name\tcolour\ngr\u{fc}n\tblau\n".chars().map(|c| c as u8).collect(),
            &["grün|blau|NULL|null"],
        ),
        (
            "d.csv",
            b"name\n\"two\nlines\"\n\"a \"\"b\"\"\"\n".to_vec(),
            &["two\nlines|red|NULL|null", "a \"b\"|red|NULL|null"],
        ),
    ];
    for (name, bytes, expected) in cases {
        let scene = scene();
        write(&scene, name, bytes);
        let run = scene.larder(["import", name, "app.db", "--section", "Lists"]).run().succeeds();
        let run = run.says("came into lists of").says("to undo: larder restore --undo");
        assert_eq!(rows(&scene.path("app.db"), LISTS)[1..], **expected, "{name}: {run}");
        scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert_eq!(rows(&scene.path("app.db"), LISTS), ["there|red|NULL|null"]);
    }
}

#[test]
fn what_stands_for_null_and_between_cells_can_be_said() {
    let scene = scene();
    write(&scene, "a.csv", "name|colour\none|\ntwo|NULL\n");
    let arguments = ["import", "a.csv", "app.db", "--section", "lists", "--null", "NULL", "--delimiter", "|"];
    scene.larder(arguments).run().succeeds();
    assert_eq!(rows(&scene.path("app.db"), LISTS)[1..], ["one||NULL|null", "two|NULL|NULL|null"]);
}

#[test]
fn everything_that_does_not_fit_is_told_and_nothing_is_written() {
    let scene = scene();
    write(&scene, "a.csv", "name,weight,size\none,heavy,3\ntwo,1\nthree,2,4\n");
    let before = std::fs::read(scene.path("app.db")).expect("read");
    let run = scene.larder(["import", "a.csv", "app.db", "--section", "lists"]).run().fails(3);
    let run = run.says("a.csv:2:1: [0].weight: \"heavy\" is no number, and the column is REAL");
    let run = run.says("a.csv:2:1: [0].size: the table lists has no such column");
    run.says("a.csv:3:1: [1]: the row has 2 cells, and the first line 3");
    let json = scene.larder(["import", "a.csv", "app.db", "--section", "lists", "--json"]).run().json();
    assert_eq!(json["problems"].as_array().expect("an array").len(), 3, "{json}");
    assert_eq!(json["sections"]["lists"]["new"], 0);
    assert!(std::fs::read(scene.path("app.db")).expect("read") == before);
    assert_eq!(scene.names(""), ["a.csv", "app.db"]);
}

/// The rest of the file was taken for a cell in silence.
#[test]
fn a_quote_that_is_not_closed_is_an_error_with_its_place() {
    for (text, place) in [
        ("name,colour\none,red\ntwo,\"blue\nthree,red\n", "3:2"),
        ("name\n\"one", "2:1"),
        ("name;\"colour\none;x\n", "1:2"),
    ] {
        let scene = scene();
        write(&scene, "a.csv", text);
        let run = scene.larder(["import", "a.csv", "app.db", "--section", "lists"]).run().fails(3);
        let run = run.says(&format!("a.csv:{place}: the quote that begins this cell is not closed"));
        run.says("close it, and write a quote within quotes twice");
        assert_eq!(scene.names(""), ["a.csv", "app.db"]);
    }
    let scene = scene();
    write(&scene, "a.csv", "name,colour\n5\" disk,\"the \"\"red\"\"\"\n");
    scene.larder(["import", "a.csv", "app.db", "--section", "lists"]).run().succeeds();
    assert_eq!(rows(&scene.path("app.db"), LISTS)[1..], ["5\" disk|the \"red\"|NULL|null"]);
}

#[test]
fn a_row_that_the_table_does_not_take_takes_everything_back() {
    for (table, text, code, message) in [
        (
            "lists",
            "[{\"name\": \"new\"}, {\"name\": \"there\", \"colour\": \"x\"}]",
            4,
            "[1]: name \"there\" already exists, and differs in colour",
        ),
        ("lists", "[{\"colour\": \"x\"}]", 3, "NOT NULL constraint failed: lists.name"),
        ("items", "[{\"n\": 1}, {\"n\": 100}]", 3, "CHECK constraint failed"),
        (
            "items",
            "[{\"list\": 1, \"n\": 1}, {\"list\": 9, \"n\": 1}]",
            3,
            "[1].list: the row of lists that it refers to does not exist",
        ),
        ("items", "[{\"made\": 1}]", 3, "[0].made: the column is computed"),
    ] {
        let scene = scene();
        write(&scene, "a.json", text);
        scene.larder(["import", "a.json", "app.db", "--section", table]).run().fails(code).says(message);
        assert_eq!(rows(&scene.path("app.db"), LISTS).len(), 1);
        assert_eq!(rows(&scene.path("app.db"), "select '' from items").len(), 0);
        assert!(scene.snapshots("backups").is_empty(), "nothing to go back to");
    }
}

#[test]
fn a_row_may_have_as_many_bytes_as_it_is_told() {
    let scene = scene();
    let long = "x".repeat(300_000);
    let csv = format!("\"{long}\",red");
    let json = format!("{{\"name\": \"{long}\"}}");
    for (name, text, size) in [
        ("a.csv", format!("name,colour\r\none,red\r\n{csv}\r\ntwo,red\r\n"), csv.len()),
        ("a.json", format!("[{{\"name\": 1}}, {json}, {{\"name\": 2}}]"), json.len()),
        ("a.ndjson", format!("{{\"name\": 1}}\n{json}\n"), json.len()),
    ] {
        write(&scene, name, text);
        let import = |limit: usize| {
            let limit = limit.to_string();
            scene
                .larder(["import", name, "app.db", "--section", "lists", "--dry-run", "--max-row", &limit])
                .run()
        };
        import(size).succeeds();
        import(size - 1).fails(3).says(&format!("a row of more than {} bytes", size - 1));
    }
    // The names of the columns are no row.
    write(&scene, "a.csv", "colour;name\nr;a\n");
    let arguments = ["import", "a.csv", "app.db", "--section", "lists", "--max-row", "3"];
    scene.larder(arguments).run().succeeds();
}

#[test]
fn a_dry_run_reads_everything_and_writes_nothing() {
    let scene = scene();
    write(&scene, "a.json", "[{\"name\": \"new\"}]");
    let json = scene
        .larder(["import", "a.json", "app.db", "--section", "lists", "--dry-run", "--json"])
        .run()
        .succeeds()
        .json();
    assert_eq!(
        (json["sections"]["lists"]["new"].as_u64(), &json["safety_snapshot"]),
        (Some(1), &serde_json::Value::Null)
    );
    assert_eq!(scene.names(""), ["a.json", "app.db"]);
}

#[test]
fn wrong_names_and_files_are_told() {
    let scene = scene();
    write(&scene, "a.json", "[{\"name\": \"new\"}]");
    scene
        .larder(["import", "a.json", "app.db", "--section", "list"])
        .run()
        .fails(2)
        .says("there are lists, items");
    scene
        .larder(["import", "a.json", "gone.db", "--section", "lists"])
        .run()
        .fails(1)
        .says("there is no file");
    scene.larder(["import", "a.json", "app.db", "--null", "x"]).run().fails(2);
    write(&scene, "bad.json", "[{\"name\": \"new\"},");
    scene.larder(["import", "bad.json", "app.db", "--section", "lists"]).run().fails(3).says("bad.json:1:");
    scene
        .larder(["import", "app.db", "new.db", "--section", "lists"])
        .run()
        .fails(2)
        .says("holds a database");
    let run = scene
        .larder(["import", "a.json", "app.db", "--section", "lists", "--no-safety-snapshot"])
        .run()
        .succeeds();
    assert!(!run.stderr().contains("undo"), "{run}");
}

/// An undo went back to the state before an earlier restore, and the rows were gone in silence.
#[test]
fn an_import_that_kept_nothing_leaves_nothing_to_undo() {
    let scene = scene();
    write(&scene, "a.json", "[{\"name\": \"one\"}]");
    write(&scene, "b.json", "[{\"name\": \"two\"}]");
    write(&scene, "none.json", "[]");
    write(&scene, "other.json", "[{\"name\": \"one\", \"colour\": \"blue\"}]");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let import = |file: &str, more: &[&str]| {
        scene.larder([&["import", file, "app.db", "--section", "lists"], more].concat()).run()
    };
    import("a.json", &[]).succeeds();
    for (file, more) in
        [("none.json", &["--no-safety-snapshot"][..]), ("b.json", &["--no-safety-snapshot", "--dry-run"])]
    {
        import(file, more).succeeds();
        let run = scene.larder(["restore", "--undo", "app.db", "--dry-run"]).run().succeeds();
        assert!(run.stdout().contains("backups/app-"), "there is something to undo: {run}");
    }
    import("other.json", &["--no-safety-snapshot"]).fails(4);
    import("a.json", &["--no-safety-snapshot"]).succeeds().says("1 row the same already");
    scene.larder(["restore", "--undo", "app.db", "--dry-run"]).run().succeeds();
    import("b.json", &["--no-safety-snapshot"]).succeeds();
    scene.larder(["restore", "--undo", "app.db"]).run().fails(1).says("nothing to undo");
    assert_eq!(rows(&scene.path("app.db"), "select name from lists order by id"), ["there", "one", "two"]);
}

/// Those of imports were kept for ever, unless somebody restored something.
#[test]
fn an_import_drops_the_safety_snapshots_whose_time_is_over() {
    let scene = scene();
    write(&scene, "a.json", "[{\"name\": \"one\"}]");
    scene.larder(["import", "a.json", "app.db", "--section", "lists"]).run().succeeds();
    let old = scene.snapshots("backups").remove(0);
    scene.date(&format!("backups/{old}"), "2020-01-01T00-00-00Z");
    // The clock may be wrong for some runs: it is believed once it has gone on for a week.
    for (file, ago) in [("b.json", 8), ("c.json", 1)] {
        write(&scene, file, format!("[{{\"name\": \"{file}\"}}]"));
        scene.larder(["import", file, "app.db", "--section", "lists"]).run().succeeds();
        let [.., newest] = &scene.snapshots("backups")[..] else { panic!("a safety snapshot") };
        scene.date(&format!("backups/{newest}"), &days_ago(ago));
        assert_eq!(scene.snapshots("backups").len(), 2, "{file}");
    }
    assert!(!scene.snapshots("backups").iter().any(|name| name.contains("2020")));
}

#[test]
fn triggers_run_and_a_program_that_has_the_database_open_goes_on() {
    for mode in ["delete", "wal"] {
        let scene = scene();
        let path = scene.path("app.db");
        fill(
            &path,
            &format!(
                "pragma journal_mode = {mode}; create table log(name); create trigger t insert on lists begin insert into log values (new.name); end"
            ),
        );
        let other = open(&path);
        other.query_row("select count(*) from lists", [], |_| Ok(())).expect("read");
        write(&scene, "a.ndjson", "{\"name\": \"one\"}\n{\"name\": \"two\"}\n");
        scene.larder(["import", "a.ndjson", "app.db", "--section", "lists"]).run().succeeds();
        other.execute_batch("insert into lists(name) values ('after')").expect("it goes on");
        assert_eq!(rows(&path, "select name from log"), ["one", "two", "after"]);
    }
}

/// The second of two names of one column won in silence.
#[test]
fn two_names_that_differ_only_in_case_are_an_error() {
    let scene = scene();
    write(&scene, "a.csv", "name,Name\na,b\n");
    write(&scene, "a.json", "[{\"name\": \"a\", \"Name\": \"b\"}]");
    for (file, message) in [
        ("a.csv", "a.csv:1:1: \"name\" and \"Name\" name the same column"),
        ("a.json", "[0].Name: another name in the row also means the column name"),
    ] {
        scene.larder(["import", file, "app.db", "--section", "lists"]).run().fails(3).says(message);
    }
    assert_eq!(rows(&scene.path("app.db"), LISTS).len(), 1);
}

/// 007 became 7, and 2^63 a real number, in silence.
#[test]
fn a_value_that_a_column_of_numbers_would_change_is_a_problem() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table t(n integer, r real, price decimal(10,2), code string, zip text)",
    );
    for (cells, message) in [
        ("007,,,,", "[0].n: \"007\" would lose its leading zeros, and the column is INTEGER"),
        (",,,-007,", "[0].code: \"-007\" would lose its leading zeros"),
        ("9223372036854775808,,,,", "[0].n: \"9223372036854775808\" does not fit into 64 bits"),
        (",12345678901234567890,,,", "[0].r: \"12345678901234567890\" does not fit into 64 bits"),
        (",9007199254740993,,,", "[0].r: \"9007199254740993\" has more digits than a real number keeps"),
        (",,1.23E+17,,", "[0].price: \"1.23E+17\" may have lost digits in a spreadsheet"),
    ] {
        write(&scene, "a.csv", format!("n,r,price,code,zip\n{cells}\n"));
        scene.larder(["import", "a.csv", "app.db", "--section", "t"]).run().fails(3).says(message);
    }
    write(&scene, "a.csv", "n,r,price,code,zip\n-7,1.5e300,0.50,x1,007\n0,0.5,2024-01-02,0,\n");
    scene.larder(["import", "a.csv", "app.db", "--section", "t"]).run().succeeds();
    let found = rows(
        &scene.path("app.db"),
        "select n || '|' || price || '|' || code || '|' || coalesce(zip, '') from t",
    );
    assert_eq!(found, ["-7|0.5|x1|007", "0|2024-01-02|0|"]);
}

/// They were accepted and did nothing.
#[test]
fn options_that_mean_nothing_for_rows_are_refused() {
    let scene = scene();
    write(&scene, "a.csv", "name\none\n");
    for option in [
        &["--item", "lists=a"][..],
        &["--replace-all", "--yes"],
        &["--scope", "ada"],
        &["--missing-reference", "null"],
        &["--doubts", "ignore"],
        &["--plan", "plan.json"],
        &["--report", "report.json"],
        &["--answers", "a.csv"],
        &["--save-answers", "answers.json"],
    ] {
        let arguments = [&["import", "a.csv", "app.db", "--section", "lists"][..], option].concat();
        let message = format!("{} means nothing for rows of other programs", option[0]);
        scene.larder(arguments).run().fails(2).says(&message);
    }
    assert_eq!(rows(&scene.path("app.db"), LISTS).len(), 1);
}
