//! `--flat` of condensed exports: CSV for people.

use super::fixtures::fill;
use super::scene::Scene;
use std::io::Read;

fn read(scene: &Scene, file: &str) -> String {
    std::fs::read_to_string(scene.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A document with sections, of which nothing but these is said.
fn document(sections: &str, referenced: &str, data: &str, items: &str) -> String {
    let names: serde_json::Value = serde_json::from_str(sections).expect("JSON");
    let names: Vec<&String> = names.as_object().expect("an object").keys().collect();
    format!(
        r#"{{"metadata": {{"format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
"schema_version": null, "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0", "includes": {names:?},
"sections": {sections}, "referenced": {referenced}}}, "data": {data},
"summary": {{"items": {items}, "sha256": "{}"}}}}"#,
        "0".repeat(64)
    )
}

#[test]
fn a_movie_with_recommendations_and_a_watch_history_is_spread() {
    let scene = Scene::new();
    fill(
        &scene.path("movies.db"),
        "create table people(id integer primary key, name text not null unique, emoji text);
         create table movies(imdb_id text primary key, title text);
         create table recommendations(id integer primary key, imdb_id text not null references movies on delete cascade,
             person_id int not null references people, rating real, unique(imdb_id, person_id));
         create table watch_history(imdb_id text primary key references movies on delete cascade, date_watched real, my_rating real);
         insert into people values (7, 'Ada', null), (9, 'Bo', 'x');
         insert into movies values ('tt1', 'One, \"1\"'), ('tt2', 'Two');
         insert into recommendations values (3, 'tt1', 9, 2.5), (4, 'tt1', 7, null);
         insert into watch_history values ('tt1', 1758000000.5, 8.5)",
    );
    scene.larder(["export", "movies.db", "-o", "doc.json"]).run().succeeds();
    let text = read(&scene, "doc.json");
    assert!(text.contains("\"recommendations\": [") && text.contains("\"watch_history\": {"), "{text}");
    scene.larder(["export", "movies.db", "--flat", "-o", "flat/"]).run().succeeds();
    assert_eq!(scene.names("flat"), ["movies.csv", "movies.recommendations.csv", "people.csv"]);
    assert_eq!(
        read(&scene, "flat/movies.csv"),
        "imdb_id,title,watch_history.date_watched,watch_history.my_rating\ntt1,\"One, \"\"1\"\"\",1758000000.5,8.5\ntt2,Two,,\n"
    );
    assert_eq!(
        read(&scene, "flat/movies.recommendations.csv"),
        "imdb_id,person_name,rating\ntt1,Ada,\ntt1,Bo,2.5\n"
    );
    assert_eq!(read(&scene, "flat/people.csv"), "name,emoji\nAda,\nBo,x\n");
    // One section in a single file: children are JSON.
    scene.larder(["export", "movies.db", "--only", "movies", "--flat", "-o", "movies.csv"]).run().succeeds();
    let single = read(&scene, "movies.csv");
    assert!(single.starts_with("imdb_id,title,"), "{single}");
    assert!(single.contains("\"\"rating\"\": 2.5") && single.contains(",[]"), "{single}");
    // A conversion gives the same.
    scene.larder(["convert", "doc.json", "again/", "--flat"]).run().succeeds();
    for file in scene.names("flat") {
        assert_eq!(read(&scene, &format!("again/{file}")), read(&scene, &format!("flat/{file}")));
    }
    scene.larder(["convert", "doc.json", "flat.zip", "--flat"]).run().succeeds();
    let zip = std::fs::File::open(scene.path("flat.zip")).expect("open");
    let mut archive = zip::ZipArchive::new(zip).expect("an archive");
    for file in scene.names("flat") {
        let mut text = String::new();
        archive.by_name(&file).expect("there").read_to_string(&mut text).expect("read");
        assert_eq!(text, read(&scene, &format!("flat/{file}")));
    }
    assert_eq!(archive.len(), 3);
}

const RACES: &str = r#"{
"races": {"items": 1, "table": "races", "columns": {"title": "text"}, "ids": true},
"athletes": {"items": 1, "table": "athletes", "columns": {"name": "text", "born": "text"}, "key": ["name", "born"]},
"entries": {"items": 3, "table": "entries", "columns": {"athlete.born": "text", "athlete": "json", "race": "json", "note": "text", "plan": "json",
  "laps": "json", "log": "json"},
 "references": {"athlete": {"columns": ["a"], "section": "athletes", "to": ["id"]}, "race": {"columns": ["r"], "section": "races", "to": ["id"]}},
 "json": {"plan": {}},
 "nested": {"laps": {"parent": ["e"], "to": ["id"], "table": "laps", "columns": {"n": "integer", "photo": "blob", "splits": "json"}, "key": ["n"],
   "nested": {"splits": {"parent": ["l"], "to": ["id"], "table": "splits", "columns": {"seconds": "real", "by": "json"},
     "references": {"by": {"columns": ["by"], "section": "athletes", "to": ["id"]}}}}},
  "log": {"parent": ["e"], "to": ["id"], "one": true, "table": "log", "columns": {"text": "text", "lines": "json"},
   "nested": {"lines": {"parent": ["l"], "to": ["id"], "table": "lines", "columns": {"line": "text"}}}}}}
}"#;

#[test]
fn references_and_children_of_children_are_spread() {
    let scene = Scene::new();
    let data = r#"{"races": [{"$id": 4, "title": "One"}], "athletes": [{"name": "Ada", "born": "2001"}], "entries": [
{"athlete.born": "x", "athlete": {"name": "Ada", "born": "2001"}, "race": {"$id": 4}, "note": "{\"$id\": 4}", "plan": {"a": [1, 2]},
 "laps": [{"n": 1, "photo": {"$blob": "AP8="}, "splits": [{"seconds": 1.5, "by": {"name": "Ada", "born": "2001"}}, {"seconds": 2.0, "by": null}]}, {"n": 2}],
 "log": {"text": "done", "lines": [{"line": "a"}, {"line": "b"}]}},
{"athlete": null, "race": null, "plan": {"$json": "{"}, "laps": [], "log": null},
{"athlete.born": null, "note": "n", "plan": {"$$blob": 1}}
]}"#;
    let items = r#"{"races": 1, "athletes": 1, "entries": 3}"#;
    std::fs::write(scene.path("doc.json"), document(RACES, "{}", data, items)).expect("write");
    scene.larder(["convert", "doc.json", "flat/", "--flat", "--null", "-"]).run().succeeds();
    assert_eq!(
        scene.names("flat"),
        [
            "athletes.csv",
            "entries.csv",
            "entries.laps.csv",
            "entries.laps.splits.csv",
            "entries.log.lines.csv",
            "races.csv"
        ]
    );
    assert_eq!(read(&scene, "flat/races.csv"), "$id,title\n4,One\n");
    assert_eq!(
        read(&scene, "flat/entries.csv"),
        "entries.#,athlete.born,athlete.name,athlete.born-2,race,note,plan,log.text\n\
         1,x,Ada,2001,4,\"{\"\"$id\"\": 4}\",\"{\"\"a\"\": [1, 2]}\",done\n\
         2,-,-,-,-,-,{,-\n\
         3,-,-,-,-,n,\"{\"\"$blob\"\": 1}\",-\n"
    );
    assert_eq!(read(&scene, "flat/entries.laps.csv"), "entries.#,n,photo\n1,1,AP8=\n1,2,-\n");
    assert_eq!(
        read(&scene, "flat/entries.laps.splits.csv"),
        "entries.#,n,seconds,by.name,by.born\n1,1,1.5,Ada,2001\n1,1,2,-,-\n"
    );
    assert_eq!(read(&scene, "flat/entries.log.lines.csv"), "entries.#,line\n1,a\n1,b\n");
}

#[test]
fn files_of_children_are_there_without_children_and_called_apart() {
    let scene = Scene::new();
    let kids = r#""nested": {"b": {"parent": ["a"], "to": ["id"], "table": "b", "columns": {"x": "text", "X y": "text"}}}"#;
    let sections = format!(
        r#"{{"a": {{"items": 0, "table": "a", "columns": {{"k": "text", "b": "json"}}, "key": ["k"], {kids}}},
            "A.B": {{"items": 0, "table": "ab", "columns": {{"x": "text"}}}}}}"#
    );
    let text = document(&sections, "{}", "{\"a\": [], \"A.B\": []}", "{\"a\": 0, \"A.B\": 0}");
    std::fs::write(scene.path("doc.json"), text).expect("write");
    scene.larder(["convert", "doc.json", "flat/", "--flat", "--bom"]).run().succeeds();
    assert_eq!(scene.names("flat"), ["A.B.csv", "a.b-2.csv", "a.csv"]);
    assert_eq!(read(&scene, "flat/a.b-2.csv"), "\u{feff}k,x,X y\n");
    assert_eq!(read(&scene, "flat/a.csv"), "\u{feff}k\n");
}

/// More children than are kept in memory.
#[test]
fn many_children_come_in_their_order() {
    let scene = Scene::new();
    let sections = r#"{"lists": {"items": 3, "table": "lists", "columns": {"name": "text", "entries": "json"}, "key": ["name"],
        "nested": {"entries": {"parent": ["list"], "to": ["name"], "table": "entries", "columns": {"n": "integer", "text": "text"}}}}}"#;
    let text = "0".repeat(400);
    let entries: Vec<String> = (1..=3000).map(|n| format!("{{\"n\": {n}, \"text\": \"{text}\"}}")).collect();
    let entries = entries.join(", ");
    let list = |name: &str| format!("{{\"name\": \"{name}\", \"entries\": [{entries}]}}");
    let data = format!("{{\"lists\": [{}, {}, {}]}}", list("a"), list("b"), list("c"));
    std::fs::write(scene.path("doc.json"), document(sections, "{}", &data, "{\"lists\": 3}")).expect("write");
    std::fs::create_dir(scene.path("temporary")).expect("a folder");
    let larder = scene.larder(["convert", "doc.json", "flat/", "--flat"]);
    larder.env("TMPDIR", scene.path("temporary")).run().succeeds();
    assert_eq!(scene.names("flat"), ["lists.csv", "lists.entries.csv"]);
    assert_eq!(scene.names("temporary"), Vec::<String>::new());
    let written = read(&scene, "flat/lists.entries.csv");
    assert_eq!(written.lines().next(), Some("name,n,text"));
    let expected =
        ["a", "b", "c"].into_iter().flat_map(|list| (1..=3000).map(move |n| format!("{list},{n},")));
    let expected: Vec<String> = expected.map(|start| start + &text).collect();
    assert!(written.lines().skip(1).eq(expected.iter().map(String::as_str)), "{}", written.lines().count());
}
