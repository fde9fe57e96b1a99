//! Documents for people: what is so in every item is said once, and values are what they mean.

use super::pair::Pair;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique, nick text, mother_id integer references people(id));
    create table notes(id integer primary key, person_id integer not null references people(id) on delete cascade, body text,
        colour text, unique(person_id, body));
    create table passports(person_id integer primary key references people(id) on delete cascade, number text);
    create table tags(id integer primary key, name text not null unique)";

const HERE: &str = "
    insert into people(id, name) values (1, 'Ada'), (2, 'Bo'); insert into notes(person_id, body) values (2, 'x')";

/// The same document in every format, and as it was after all of them.
fn converts(scene: &Scene) {
    let convert = |from: &str, to: &str| {
        scene.larder(["convert", from, to]).run().succeeds();
        scene.larder(["validate", to]).run().succeeds();
    };
    for (from, to) in [("a.json", "a.ndjson"), ("a.ndjson", "a.zip"), ("a.zip", "again.json")] {
        convert(from, to);
    }
    let read = |name: &str| std::fs::read_to_string(scene.path(name)).expect("read");
    assert_eq!(read("again.json"), read("a.json"));
    let exported = ["export", "a.db", "-o", "direct.ndjson"];
    scene.larder(exported).run().succeeds();
    let after_the_time = |text: String| text.split_once("larder_version").map(|(_, rest)| rest.to_owned());
    assert_eq!(after_the_time(read("direct.ndjson")), after_the_time(read("a.ndjson")));
}

#[test]
fn fields_that_are_null_everywhere_and_empty_sections_are_named_once() {
    let pair = Pair::new(SCHEMA, HERE, "");
    let document = pair.document();
    let metadata = &document["metadata"];
    assert_eq!(metadata["version"], 3);
    assert_eq!(metadata["empty_sections"], json!(["tags"]));
    let people = &metadata["sections"]["people"];
    assert_eq!(people["null_fields"], json!(["nick", "mother_name", "passports"]));
    assert_eq!(people["nested"]["notes"]["null_fields"], json!(["colour"]));
    assert_eq!(people["nested"]["passports"]["null_fields"], Value::Null);
    assert_eq!(
        document["data"],
        json!({"people": [{"name": "Ada", "notes": []}, {"name": "Bo", "notes": [{"body": "x"}]}]})
    );
    assert_eq!(document["summary"]["items"], json!({"people": 2, "tags": 0}));
    converts(&pair.scene);
    assert_eq!(pair.brings(&[]), json!({"people": {"new": 2}, "tags": {}}));
    assert_eq!(pair.there("select name || ifnull(nick, '-') from people order by 1"), ["Ada-", "Bo-"]);
}

#[test]
fn what_is_null_everywhere_is_there_and_not_absent() {
    let there =
        "insert into people values (7, 'Ada', 'Countess', 8), (8, 'Bo', null, null), (9, 'Cy', null, null);
        insert into notes values (1, 8, 'x', 'red'), (2, 8, 'y', null); insert into passports values (7, 'P');
        insert into tags values (1, 'old')";
    let says = "select name || ':' || ifnull(nick, '-') || ':' || ifnull(mother_id, '-') || ':' ||
        (select count(*) from passports where person_id = people.id) || ':' ||
        (select ifnull(group_concat(body || ifnull(colour, '-')), '') from (select * from notes where person_id = people.id order by body))
        from people order by name";
    let pair = Pair::new(SCHEMA, HERE, there);
    pair.refuses(4, &[]);
    pair.brings(&["--on-conflict", "merge"]);
    assert_eq!(pair.there(says)[0], "Ada:Countess:8:1:");
    let pair = Pair::new(SCHEMA, HERE, there);
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(pair.there(says), ["Ada:-:-:0:", "Bo:-:-:0:x-", "Cy:-:-:0:"]);
    assert_eq!(pair.there("select name from tags"), ["old"]);
    let pair = Pair::new(SCHEMA, HERE, there);
    pair.import(&["--replace-all", "--yes"]).succeeds();
    assert_eq!(pair.there(says), ["Ada:-:-:0:", "Bo:-:-:0:x-"]);
    assert_eq!(pair.there("select name from tags"), Vec::<String>::new());
}

#[test]
fn what_is_named_once_may_be_said_all_the_same() {
    let pair = Pair::new(SCHEMA, HERE, "");
    pair.edit(r#"{"name": "Ada", "notes": []}"#, r#"{"name": "Ada", "nick": "Countess", "notes": []}"#);
    pair.edit("\n    ]\n  }", "\n    ],\n    \"tags\": [{\"name\": \"new\"}]\n  }");
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
    // A conversion does not lose it either.
    for (from, to) in [("a.json", "edited.zip"), ("edited.zip", "edited.ndjson"), ("edited.ndjson", "a.json")]
    {
        pair.scene.larder(["convert", from, to, "--force"]).run().succeeds();
    }
    pair.brings(&[]);
    assert_eq!(pair.there("select nick from people where name = 'Ada'"), ["Countess"]);
    assert_eq!(pair.there("select name from tags"), ["new"]);
}

#[test]
fn a_renamed_field_that_is_null_everywhere_is_still_null() {
    let pair = Pair::new(SCHEMA, HERE, "insert into people values (1, 'Ada', 'x', null)");
    pair.change(
        "alter table people rename column nick to alias; insert into notes values (5, 1, 'x', 'red')",
    );
    pair.change("alter table notes rename column colour to color");
    pair.edit(r#""name": "Ada", "notes": []"#, r#""name": "Ada", "notes": [{"body": "x"}]"#);
    let map =
        ["--map", "people.nick=alias", "--map", "people.notes.colour=color", "--on-conflict", "overwrite"];
    pair.brings(&map);
    let all = "select ifnull(alias, '-') || ifnull(color, '-') from people join notes on person_id = people.id where name = 'Ada'";
    assert_eq!(pair.there(all), ["--"]);
}

#[test]
fn a_document_in_which_null_is_written_out_is_read_as_before() {
    let pair = Pair::new(SCHEMA, HERE, "insert into people values (1, 'Ada', 'x', null)");
    pair.edit(r#""version": 3"#, r#""version": 2"#);
    pair.edit(r#", "null_fields": ["nick", "mother_name", "passports"]"#, "");
    // What an item lacks then is not touched.
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(pair.there("select nick from people where name = 'Ada'"), ["x"]);
    pair.edit(r#"{"name": "Ada""#, r#"{"name": "Ada", "nick": null"#);
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(pair.there("select nick from people where nick is not null"), Vec::<String>::new());
}

const FLAGS: &str = "create table tasks(id integer primary key, title text not null unique, done boolean not null default 0,
    late Bool, tally integer);
    create table steps(task_id integer not null references tasks(id) on delete cascade, what text, done boolean);
    create table views(owner text, is_default boolean, title text, unique(owner, is_default))";

#[test]
fn what_is_declared_true_or_false_is_so() {
    let here = "insert into tasks values (1, 'a', 1, 0, 1), (2, 'b', 0, null, 0), (3, 'c', 2, 'true', null),
        (4, 'd', 1, 'x', null), (5, 'e', 0.5, 1, null);
        insert into steps values (1, 'go', 1), (1, 'stop', 7); insert into views values ('me', 1, 'x'), ('me', 0, 'y')";
    let pair = Pair::new(FLAGS, here, "");
    let document = pair.document();
    let tasks = &document["metadata"]["sections"]["tasks"];
    assert_eq!(tasks["columns"]["done"], "boolean");
    assert_eq!(
        document["data"]["tasks"],
        json!([
            {"title": "a", "done": true, "late": false, "tally": 1,
                "steps": [{"what": "go", "done": true}, {"what": "stop", "done": 7}]},
            {"title": "b", "done": false, "late": null, "tally": 0, "steps": []},
            {"title": "c", "done": 2, "late": "true", "tally": null, "steps": []},
            {"title": "d", "done": true, "late": "x", "tally": null, "steps": []},
            {"title": "e", "done": 0.5, "late": true, "tally": null, "steps": []},
        ])
    );
    // A part of a key is written as it is wherever it stands.
    assert_eq!(document["data"]["views"][0]["is_default"], 0);
    converts(&pair.scene);
    pair.brings(&[]);
    let all =
        "select title || typeof(done) || done || typeof(late) || ifnull(late, '') from tasks order by title";
    assert_eq!(
        pair.there(all),
        ["ainteger1integer0", "binteger0null", "cinteger2texttrue", "dinteger1textx", "ereal0.5integer1"]
    );
    // Into its own database, nothing changes; a flat export is for people.
    pair.scene.larder(["import", "a.json", "a.db", "--json"]).run().succeeds();
    pair.scene
        .larder(["export", "a.db", "--only", "tasks", "--format", "csv", "--flat", "-o", "flat/"])
        .run()
        .succeeds();
    let flat = std::fs::read_to_string(pair.scene.path("flat/tasks.csv")).expect("read");
    assert!(flat.contains("a,true,false,1"), "{flat}");
}

#[test]
fn true_and_1_are_both_read() {
    let here = "insert into tasks values (1, 'a', 1, 0, 1); insert into steps values (1, 'go', 1)";
    let pair = Pair::new(FLAGS, here, here);
    pair.edit(r#""done": true, "late": false"#, r#""done": 1, "late": 0"#);
    pair.edit(r#""what": "go", "done": true"#, r#""what": "go", "done": 1"#);
    assert_eq!(pair.brings(&[]), json!({"tasks": {"same": 1}, "views": {}}));
    pair.edit(r#""done": 1, "late": 0"#, r#""done": false, "late": true"#);
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
    let run = pair.import(&["--dry-run"]);
    assert!(run.code() == Some(4) && run.stderr().contains("done: true → false"), "{run}");
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(pair.there("select done || ',' || late from tasks"), ["0,1"]);
    // Nowhere else: a text column would hold `1`.
    pair.edit(r#""title": "a""#, r#""title": true"#);
    pair.refuses(3, &[]).says("true is no value of a database: write 1 or 0, or a text");
}

#[test]
fn a_spreadsheet_may_write_true_in_capitals() {
    let here = "insert into tasks values (1, 'a', 1, 0, 1), (2, 'b', 0, 'TRUE', 1)";
    let pair = Pair::new(FLAGS, here, "");
    pair.scene.larder(["export", "a.db", "-o", "csv/"]).run().succeeds();
    let path = pair.scene.path("csv/tasks.csv");
    let text = std::fs::read_to_string(&path).expect("read");
    assert!(text.contains("a,true,false,1") && text.contains(r#"b,false,"""TRUE""",1"#), "{text}");
    std::fs::write(&path, text.replace("true", "TRUE").replace("false", "FALSE")).expect("write");
    pair.scene.larder(["import", "csv/", "b.db"]).run().succeeds();
    assert_eq!(
        pair.there("select title || done || typeof(late) || late from tasks order by 1"),
        ["a1integer0", "b0textTRUE"]
    );
}

/// Rows that stay behind are told by their keys, and the fields of items that are null say nothing of them.
#[test]
fn a_witness_says_nothing_of_what_is_null_in_items() {
    let schema = "create table places(id integer primary key, url text not null unique, note text);
        create table marks(id integer primary key, title text not null unique, fk integer)";
    let here = "insert into places values (1, 'a.org', null), (2, 'b.org', 'x'), (5, 'c.org', null);
        insert into marks values (1, 'A', 1), (2, 'B', 2), (3, 'C', 5)";
    let there = "insert into places values (1, 'a.org', null), (2, 'b.org', 'y'), (5, 'c.org', 'z')";
    let pair = Pair::new(schema, here, there);
    let metadata = pair.export(&["--where", "places=url = 'a.org'"])["metadata"].clone();
    assert_eq!(metadata["witnesses"].as_array().map(Vec::len), Some(2), "{metadata}");
    assert_eq!(metadata["sections"]["places"]["null_fields"], json!(["note"]));
    pair.brings(&[]);
    assert_eq!(pair.there("select group_concat(fk, ',') from marks"), ["1,2,5"]);
}
