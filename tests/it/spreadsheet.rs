//! Condensed CSV that a spreadsheet saved.

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::json;
use std::fs;

const SCHEMA: &str = "create table lists(id integer primary key, name text not null unique);
    create table movies(id integer primary key, title text not null unique, code text, list_id integer references lists(id), n int,
        rating real, seen date);
    create table notes(id integer primary key, movie_id integer not null references movies(id) on delete cascade, text text not null, stars int);
    create table status(movie_id integer primary key references movies(id) on delete cascade, state text not null, since int)";
const DATA: &str = "insert into lists values (1, 'Later'), (2, 'Seen');
    insert into movies values (1, 'Alien', '007', 1, 123456789012345678, 8.5, '1979-05-25'), (2, 'Brazil', '', null, null, null, null);
    insert into notes values (1, 1, 'loud', 3); insert into status values (1, 'done', 7)";

/// Two databases of one schema, and a folder of CSV of the first.
fn scene() -> Scene {
    let scene = Scene::new();
    let settings = "[sections.movies]\nnest.status = { flatten = true }\nnest.notes = {}\n";
    fs::write(scene.path("larder.toml"), settings).expect("write");
    for name in ["a.db", "b.db"] {
        fill(&scene.path(name), SCHEMA);
    }
    fill(&scene.path("a.db"), DATA);
    scene.larder(["export", "a.db", "-o", "csv/"]).run().succeeds();
    scene
}

fn movies(scene: &Scene) -> String {
    fs::read_to_string(scene.path("csv/movies.csv")).expect("read")
}

fn save(scene: &Scene, text: &str) {
    fs::write(scene.path("csv/movies.csv"), text).expect("write");
}

fn import(scene: &Scene, options: &[&str]) -> Run {
    scene.larder([&["import", "csv", "b.db"], options].concat()).run()
}

/// The movies of the second database, with the types of their values.
fn there(scene: &Scene) -> Vec<String> {
    let sql = "select title || quote(code) || quote((select name from lists where id = list_id)) || quote(n) || quote(rating) || quote(seen)
        || (select count(*) from notes where movie_id = movies.id) || (select count(*) from status where movie_id = movies.id)
        from movies order by title";
    rows(&scene.path("b.db"), sql)
}

#[track_caller]
fn shows(run: &Run, text: &str) {
    assert!(run.stdout().contains(text), "{text:?} is not in {run}");
}

const ALIEN: &str = "Alien'007''Later'1234567890123456788.5'1979-05-25'11";
const BRAZIL: &str = "Brazil''NULLNULLNULLNULL00";

#[test]
fn what_a_spreadsheet_writes_between_cells_and_lines_is_recognised() {
    for (delimiter, end, mark) in [(';', "\r\n", "\u{feff}"), ('\t', "\n", ""), ('|', "\r", "")] {
        let scene = scene();
        let saved = movies(&scene);
        let mut text = Vec::new();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(saved.as_bytes());
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(&mut text);
        reader.records().for_each(|record| writer.write_record(&record.expect("CSV")).expect("memory"));
        drop(writer);
        let text = String::from_utf8(text).expect("UTF-8").replace('\n', end);
        save(&scene, &format!("{mark}{text}"));
        scene.larder(["validate", "csv"]).run().succeeds();
        import(&scene, &[]).succeeds();
        assert_eq!(there(&scene), [ALIEN, BRAZIL], "{text}");
    }
}

#[test]
fn an_empty_cell_of_a_row_that_was_added_is_null_unless_its_column_is_text() {
    let scene = scene();
    let text = movies(&scene);
    let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
    let row: Vec<&str> = header.iter().map(|name| if *name == "title" { "Cube" } else { "" }).collect();
    save(&scene, &format!("{text}{}\n", row.join(",")));
    scene.larder(["validate", "csv"]).run().succeeds();
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"lists": {"new": 2}, "movies": {"new": 3}}), "{run}");
    assert_eq!(there(&scene), [ALIEN, BRAZIL, "Cube''NULLNULLNULLNULL00"]);
    // Of a child that has something, the rest is empty.
    let row: Vec<&str> = header
        .iter()
        .map(|name| match *name {
            "title" => "Dune",
            "state" => "done",
            _ => "",
        })
        .collect();
    save(&scene, &format!("{text}{}\n", row.join(",")));
    import(&scene, &[]).succeeds();
    let sql =
        "select state || quote(since) from status join movies on movies.id = movie_id where title = 'Dune'";
    assert_eq!(rows(&scene.path("b.db"), sql), ["doneNULL"]);
}

#[test]
fn an_empty_text_comes_back_from_any_column() {
    let scene = Scene::new();
    for name in ["a.db", "b.db"] {
        fill(
            &scene.path(name),
            "create table k(id integer primary key, name text not null unique);
            create table t(name text primary key, n int, b, k_id integer references k(id))",
        );
    }
    fill(
        &scene.path("a.db"),
        "insert into k values (1, ''), (2, 'x'); insert into t values ('a', '', '', 1), ('b', null, null, null), ('', 1, x'', 2)",
    );
    scene.larder(["export", "a.db", "-o", "csv/"]).run().succeeds();
    scene.larder(["import", "csv", "b.db"]).run().succeeds();
    let sql = "select quote(t.name) || quote(n) || quote(b) || quote(k.name) from t left join k on k.id = k_id order by 1";
    assert_eq!(rows(&scene.path("b.db"), sql), rows(&scene.path("a.db"), sql));
    scene.larder(["convert", "csv", "t.json"]).run().succeeds();
    scene.larder(["export", "a.db", "-o", "again.json"]).run().succeeds();
    let data = |name: &str| {
        let text = fs::read_to_string(scene.path(name)).expect("read");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["data"].clone()
    };
    assert_eq!(data("t.json"), data("again.json"));
}

#[test]
fn an_integer_that_was_rounded_is_an_error_with_its_line() {
    let scene = scene();
    let text = movies(&scene);
    save(&scene, &text.replace("123456789012345678", "1.23457E+17"));
    let column =
        text.lines().next().expect("a header").split(',').position(|name| name == "n").expect("n") + 1;
    let why = format!("2:{column}: data.movies[0].n: 1.23457E+17 is an integer that a spreadsheet rounded");
    let run = scene.larder(["validate", "csv"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    shows(&run, &why);
    import(&scene, &[]).fails(3).says(&why);
    assert_eq!(there(&scene), [""; 0]);
    import(&scene, &["--on-error", "skip"]).does_a_part().says(&why);
    assert_eq!(there(&scene), [BRAZIL]);
    // Where a text stands, it may be one.
    save(&scene, &text.replace("007", "1.23457E+17"));
    let why = "data.movies[0].code: it looks like a number that a spreadsheet rounded";
    shows(&scene.larder(["validate", "csv"]).run().succeeds(), why);
    let run = import(&scene, &["--json"]).succeeds().says(why);
    assert_eq!(run.json()["warnings"][0]["line"], 2, "{run}");
}
