//! Condensed exports, without configuration: what they hold, and that any database of the application takes them in.

use super::fixtures::fill;
use super::same::open;
use super::scene::Scene;
use serde_json::{Value, json};
use std::path::Path;

/// A database in which nearly everything occurs that makes items of rows.
const SCHEMA: &str = "
    create table clubs(id integer primary key autoincrement, name text not null unique, password_hash text);
    create table athletes(id integer primary key, name text not null, born text not null, clubId integer, unique(name, born));
    create table medals(id integer primary key, athlete_id integer not null references athletes(id) on delete cascade,
        medal text not null, won text);
    create table passports(athlete_id integer primary key references athletes(id) on delete cascade, number text);
    create table boxes(id integer primary key, label text, parent_id integer references boxes(id));
    create table things(id integer primary key, box_id integer references boxes(id), what text, picture blob);
    create table links(a text, b text, weight real, primary key(a, b)) without rowid;
    create table config(id integer primary key check (id = 1), theme text);
    create table schema_migrations(version text primary key);
    create table notes(made as (upper(body)), body text, touched text);
    create trigger touch after update on notes begin update notes set touched = 'by trigger' where rowid = new.rowid; end;
    create virtual table search using fts5(body);";

const ROWS: &str = "
    insert into clubs values (7, 'Alder', 'secret'), (3, 'Birch', null);
    insert into athletes values (10, 'Ada', '2001-01-01', 7), (11, 'Ada', '2002-02-02', 3), (12, 'Bo', '2003-03-03', null);
    insert into medals values (1, 10, 'gold', '2020'), (2, 10, 'gold', '2020'), (3, 12, 'silver', null);
    insert into passports values (11, 'P1');
    insert into boxes values (1, 'big', null), (2, 'small', 1), (3, 'small', 1), (4, 'loop', 4);
    insert into things values (5, 2, 'cup', x'00ff'), (6, 3, 'cup', null), (7, null, 'free', null), (8, null, 'free', null);
    insert into links values ('x', 'y', 1.0), ('x', 'z', -0.0);
    insert into config values (1, 'dark'); insert into schema_migrations values ('001'), ('002');
    insert into notes(body, touched) values ('a\"b', 'yes'), ('', null)";

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    scene
}

fn document(scene: &Scene, database: &str) -> Value {
    let name = format!("{database}.json");
    scene.larder(["export", database, "-o", &name, "--force"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path(name)).expect("read");
    serde_json::from_str(&text).expect("JSON")
}

/// The texts that a query gives.
pub fn rows(path: &Path, sql: &str) -> Vec<String> {
    let db = open(path);
    let mut statement = db.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("text")).collect()
}

/// What an import says it did, by section, without what it did not.
pub fn done(json: &Value) -> Value {
    let sections = json["sections"].as_object().expect("sections");
    let kept = |counts: &Value| -> Value {
        let counts = counts.as_object().expect("counts");
        counts.iter().filter(|(_, count)| **count != json!(0)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    sections.iter().map(|(name, counts)| (name.clone(), kept(counts))).collect()
}

#[test]
fn a_condensed_export_holds_what_people_made_and_no_number_of_the_database() {
    let scene = scene();
    let document = document(&scene, "app.db");
    let data = &document["data"];
    assert_eq!(data["clubs"], json!([{"name": "Alder"}, {"name": "Birch"}]));
    assert_eq!(
        data["athletes"][0],
        json!({"name": "Ada", "born": "2001-01-01", "clubName": "Alder",
               "medals": [{"medal": "gold", "won": "2020"}, {"medal": "gold", "won": "2020"}], "passports": null})
    );
    assert_eq!(data["athletes"][1]["passports"], json!({"number": "P1"}));
    assert_eq!(data["athletes"][2]["clubName"], Value::Null);
    let loops = data["boxes"].as_array().expect("boxes").iter().find(|item| item["label"] == "loop");
    let loops = loops.expect("the box in itself");
    assert_eq!(loops["parent"]["$id"], loops["$id"]);
    assert_eq!(data["things"][2]["picture"], json!({"$blob": "AP8="}));
    assert_eq!(data["config"], json!([{"theme": "dark"}]));
    assert_eq!(data["notes"][1], json!({"body": "a\"b", "touched": "yes"}));
    assert_eq!(document["metadata"]["schema_version"], "002");
    assert_eq!(document["metadata"]["sections"]["clubs"]["secret"], json!(["password_hash"]));
    assert!(data.get("schema_migrations").is_none() && data.get("search").is_none());
}

#[test]
fn importing_it_back_changes_nothing_not_even_a_byte() {
    let scene = scene();
    document(&scene, "app.db");
    let before = std::fs::read(scene.path("app.db")).expect("read");
    let run = scene.larder(["import", "app.db.json", "app.db", "--json"]).run().succeeds();
    assert!(
        done(&run.json())
            .as_object()
            .expect("sections")
            .values()
            .all(|counts| { counts.as_object().expect("counts").keys().all(|outcome| outcome == "same") })
    );
    assert_eq!(run.json()["safety_snapshot"], Value::Null);
    assert!(before == std::fs::read(scene.path("app.db")).expect("read"));
}

#[test]
fn a_database_with_other_numbers_takes_it_in_and_gives_it_back() {
    let scene = scene();
    let first = document(&scene, "app.db");
    fill(&scene.path("other.db"), SCHEMA);
    // Numbers that are taken already, by rows that are none of the document's.
    fill(
        &scene.path("other.db"),
        "insert into clubs(id, name) values (900, 'theirs'); insert into athletes values (901, 'x', 'y', 900);
         insert into boxes values (902, 'theirs', null); insert into things values (903, 902, 'theirs', null);
         insert into schema_migrations values ('002')",
    );
    let run = scene.larder(["import", "app.db.json", "other.db", "--json"]).run().succeeds();
    assert_eq!(done(&run.json())["boxes"], json!({"new": 4}));
    let again = scene.larder(["import", "app.db.json", "other.db", "--json"]).run().succeeds();
    assert_eq!(done(&again.json())["boxes"], json!({"same": 4}));
    let ids = rows(&scene.path("other.db"), "select cast(min(id) as text) from clubs where name <> 'theirs'");
    assert_eq!(ids, ["901"]);
    fill(
        &scene.path("other.db"),
        "delete from clubs where name = 'theirs'; delete from athletes where name = 'x';
         delete from things where what = 'theirs'; delete from boxes where label = 'theirs'",
    );
    let second = document(&scene, "other.db");
    assert_eq!(first["data"], second["data"]);
    assert_eq!(first["summary"], second["summary"]);
}

#[test]
fn every_format_comes_back_to_the_same_document_and_into_a_database() {
    let scene = scene();
    document(&scene, "app.db");
    let first = std::fs::read(scene.path("app.db.json")).expect("read");
    for name in ["a.ndjson", "a.json.gz", "a.zip", "folder/", "a.ndjson.zst"] {
        scene.larder(["convert", "app.db.json", name]).run().succeeds();
        scene.larder(["convert", name, "back.json", "--force"]).run().succeeds();
        assert!(first == std::fs::read(scene.path("back.json")).expect("read"), "{name}");
        let run = scene.larder(["import", name, "app.db", "--json", "--dry-run"]).run().succeeds();
        assert_eq!(done(&run.json())["athletes"], json!({"same": 3}), "{name}");
    }
    scene.larder(["convert", "app.db.json", "c.json", "--compact"]).run().succeeds();
    assert!(!std::fs::read_to_string(scene.path("c.json")).expect("read").contains(", \""));
    scene.larder(["convert", "c.json", "back.json", "--force"]).run().succeeds();
    assert!(first == std::fs::read(scene.path("back.json")).expect("read"));
}

#[test]
fn conflicts_fail_are_skipped_or_overwritten() {
    let scene = scene();
    document(&scene, "app.db");
    fill(
        &scene.path("app.db"),
        "update clubs set password_hash = 'kept' where name = 'Alder'; update athletes set clubId = 3 where id = 10;
         delete from medals where id = 1; insert into medals values (9, 10, 'mine', null); update config set theme = 'light'",
    );
    scene
        .larder(["import", "app.db.json", "app.db"])
        .run()
        .fails(4)
        .says("data.athletes[0]: it is there already, and differs")
        .says("--on-conflict skip");
    let skipped = scene.larder(["import", "app.db.json", "app.db", "--on-conflict", "skip", "--json"]).run();
    let skipped = skipped.succeeds().json();
    assert_eq!(done(&skipped)["athletes"], json!({"same": 2, "skipped": 1}));
    let dry = ["import", "app.db.json", "app.db", "--on-conflict", "overwrite,config=skip", "--json"];
    let planned = scene.larder(dry.iter().copied().chain(["--dry-run"])).run().succeeds().json();
    let applied = scene.larder(dry).run().succeeds().json();
    assert_eq!(planned["sections"], applied["sections"]);
    assert_eq!(done(&applied)["athletes"], json!({"overwritten": 1, "same": 2}));
    assert_eq!(done(&applied)["config"], json!({"skipped": 1}));
    let ada = "select clubId || ' ' || (select group_concat(medal) from medals where athlete_id = 10) from athletes where id = 10";
    assert_eq!(rows(&scene.path("app.db"), ada), ["7 gold,gold"]);
    assert_eq!(rows(&scene.path("app.db"), "select password_hash from clubs where id = 7"), ["kept"]);
    let undo = applied["undo"].as_str().expect("an undo command");
    let words: Vec<&str> = undo.split(' ').skip(1).collect();
    scene.larder(words.iter().copied().chain(["--yes"])).run().succeeds();
    assert_eq!(rows(&scene.path("app.db"), ada), ["3 gold,mine"]);
}

#[test]
fn what_a_trigger_changes_is_put_right_unless_it_should_stay() {
    for (triggers, touched) in [("auto", "yes"), ("on", "by trigger"), ("off", "yes")] {
        let scene = Scene::new();
        let keyed = "create table notes(body text primary key, touched text);
            create trigger touch after update on notes begin update notes set touched = 'by trigger' where body = new.body; end;
            insert into notes values ('a', 'yes')";
        fill(&scene.path("app.db"), keyed);
        document(&scene, "app.db");
        fill(&scene.path("app.db"), "drop trigger touch; update notes set touched = 'no';
            create trigger touch after update on notes begin update notes set touched = 'by trigger' where body = new.body; end");
        let import =
            ["import", "app.db.json", "app.db", "--on-conflict", "overwrite", "--triggers", triggers];
        scene.larder(import).run().succeeds();
        assert_eq!(rows(&scene.path("app.db"), "select touched from notes"), [touched]);
    }
}

#[test]
fn an_item_that_does_not_fit_leaves_everything_as_it_was() {
    let scene = scene();
    document(&scene, "app.db");
    let text = std::fs::read_to_string(scene.path("app.db.json")).expect("read");
    fill(&scene.path("other.db"), SCHEMA);
    let before = std::fs::read(scene.path("other.db")).expect("read");
    for (from, to, message) in [
        ("\"clubName\": \"Alder\"", "\"clubName\": \"Nowhere\"", "it leads nowhere: clubs \"Nowhere\""),
        ("{\"medal\": \"silver\"", "{\"metal\": \"silver\"", "data.athletes[2].medals[0].metal"),
        ("{\"medal\": \"silver\"", "{\"medal\": null", "NOT NULL constraint failed: medals.medal"),
        ("\"name\": \"Bo\", ", "", "data.athletes[2].name: it is a part of the key"),
        (
            "{\"name\": \"Birch\"}",
            "{\"name\": \"Alder\"}",
            "data.clubs[1]: its key is that of the item on line",
        ),
        ("\"parent\": {\"$id\": 1,", "\"parent\": {\"$id\": 99,", "no item of boxes has the number"),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(scene.path("doc.json"), text.replacen(from, to, 1)).expect("write");
        scene.larder(["import", "doc.json", "other.db"]).run().fails(3).says(message);
        assert!(before == std::fs::read(scene.path("other.db")).expect("read"), "{from}");
        assert!(scene.snapshots("backups").is_empty(), "{from}");
    }
}

/// A key that refers to its own section, in metadata that somebody made up, was followed for ever.
#[test]
fn a_key_that_leads_in_a_circle_is_an_error() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table t(a text primary key, b text references t(a)); insert into t values ('x', 'x');
         create table u(c text primary key references t(a)); insert into u values ('x')",
    );
    document(&scene, "app.db");
    let text = std::fs::read_to_string(scene.path("app.db.json")).expect("read");
    let turned =
        text.replace("\"key\": [\"a\"]", "\"key\": [\"b\"]").replace("\"plain\": true", "\"lost\": 0");
    assert_ne!(text, turned);
    let turned = turned.replace("{\"c\": \"x\"}", "{\"c\": \"q\"}");
    std::fs::write(scene.path("doc.json"), turned).expect("write");
    scene.larder(["import", "doc.json", "app.db"]).run().fails(3).says("it leads nowhere");
}

#[test]
fn only_a_database_of_the_application_takes_it() {
    let scene = scene();
    document(&scene, "app.db");
    scene
        .larder(["import", "app.db.json", "new.db"])
        .run()
        .fails(1)
        .says("there is no database at")
        .says("let that make one first");
    scene.larder(["snapshot", "app.db", "-o", "app.db.gz"]).run().succeeds();
    scene.larder(["import", "app.db.json", "app.db.gz"]).run().fails(2).says("restore it to a file first");
    fill(&scene.path("other.db"), "create table clubs(id integer primary key, title text)");
    scene
        .larder(["import", "app.db.json", "other.db"])
        .run()
        .fails(3)
        .says("the table clubs has no column \"name\"")
        .says("the database has no table \"athletes\"");
    let text = std::fs::read_to_string(scene.path("app.db.json")).expect("read");
    std::fs::write(
        scene.path("own.json"),
        text.replace("\"table\": \"clubs\"", "\"table\": \"sqlite_sequence\""),
    )
    .expect("write");
    scene.larder(["import", "own.json", "app.db"]).run().fails(3).says("sqlite_sequence is SQLite's own");
    scene.larder(["import", "app.db.json", "app.db", "--only", "nonsense"]).run().fails(2).says("no section");
    scene.larder(["export", "app.db", "--only", "clubz"]).run().fails(2).says("did you mean \"clubs\"?");
    scene
        .larder(["export", "app.db", "--only", "medals"])
        .run()
        .fails(2)
        .says("it is written inside athletes");
    scene.larder(["export", "app.db", "--only", "search"]).run().fails(2).says("--full");
}

#[test]
fn sections_come_with_what_they_refer_to_by_number() {
    let scene = scene();
    scene.larder(["export", "app.db", "--only", "things", "-o", "some.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("some.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["metadata"]["includes"], json!(["boxes", "things"]));
    scene.larder(["export", "app.db", "--only", "athletes", "-o", "athletes.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("athletes.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["metadata"]["includes"], json!(["athletes"]));
    assert_eq!(document["metadata"]["referenced"]["clubs"]["key"], json!(["name"]));
    fill(&scene.path("app.db"), "delete from athletes; delete from medals; delete from passports");
    let run = scene.larder(["import", "athletes.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(done(&run.json())["athletes"], json!({"new": 3}));
    assert_eq!(
        rows(&scene.path("app.db"), "select cast(clubId as text) from athletes where name = 'Ada'"),
        ["7", "3"]
    );
}

#[test]
fn an_item_that_is_two_rows_at_once_can_only_be_skipped() {
    let scene = Scene::new();
    let schema =
        "create table t(id integer primary key, code text unique not null, name text unique not null)";
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), "insert into t(code, name) values ('a', 'one')");
    document(&scene, "app.db");
    fill(&scene.path("other.db"), schema);
    fill(&scene.path("other.db"), "insert into t(code, name) values ('a', 'two'), ('b', 'one')");
    let import =
        |strategy| scene.larder(["import", "app.db.json", "other.db", "--on-conflict", strategy]).run();
    import("overwrite").fails(4).says("with two different rows");
    import("skip").succeeds();
    // A name alone that is taken is a conflict as well, and overwriting keeps the row's id.
    fill(&scene.path("other.db"), "delete from t; insert into t values (50, 'c', 'one')");
    import("fail").fails(4);
    import("overwrite").succeeds();
    assert_eq!(rows(&scene.path("other.db"), "select id || code || name from t"), ["50aone"]);
}
