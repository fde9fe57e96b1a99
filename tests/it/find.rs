//! In which snapshots an item is.

use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table lists(id integer primary key, name text not null unique, color text, token text);
    create table films(id integer primary key, title text not null, year int, list_id integer references lists(id));
    create table reviews(id integer primary key, film_id integer not null references films(id) on delete cascade, body text)";
const ROWS: &str = "insert into lists values (1, 'Best', 'red', 't1');
    insert into films values (1, 'Heat', 1995, 1), (2, 'Heat', 1986, 1); insert into reviews values (1, 1, 'good')";
/// What happened before each snapshot but the first.
const HISTORY: [&str; 5] = [
    "insert into lists values (4, 'Later', 'blue', 't2')",
    "update films set year = 1996 where id = 1",
    "update lists set color = 'green', token = 't3' where id = 4; insert into reviews values (2, 1, 'great')",
    "delete from lists where id = 4",
    "insert into lists values (5, 'Later', 'green', 't3')",
];

/// A store with six snapshots, one a day, and the database as after the last.
fn scene(options: &[&str]) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    for (day, change) in [""].iter().chain(&HISTORY).enumerate() {
        if !change.is_empty() {
            fill(&scene.path("app.db"), change);
        }
        scene.larder([&["snapshot", "app.db"], options].concat()).run().succeeds();
        let made = scene.snapshots("backups");
        let newest = made.iter().find(|name| !name.contains("2026-11-0")).expect("it was made");
        let (stem, end) = newest.split_once(".db").expect("a snapshot");
        let (stem, to) = (format!("backups/{stem}"), format!("backups/app-2026-11-0{}T12-00-00Z", day + 1));
        for end in [&format!(".db{end}"), ".meta.json"] {
            std::fs::rename(scene.path(format!("{stem}{end}")), scene.path(format!("{to}{end}")))
                .expect("rename");
        }
    }
    scene
}

fn find(scene: &Scene, code: i32, arguments: &[&str]) -> Value {
    let run = scene.larder([&["find", "--json"], arguments].concat()).run();
    assert_eq!(run.code(), Some(code), "{run}");
    run.json()
}

/// What became of it, from snapshot to snapshot.
fn story(found: &Value) -> Vec<&str> {
    let snapshots = found["snapshots"].as_array().expect("a list");
    snapshots.iter().map(|seen| seen["what"].as_str().expect("a word")).collect()
}

#[test]
fn an_item_appears_changes_goes_and_comes_back() {
    let scene = scene(&[]);
    let found = find(&scene, 0, &["lists=Later"]);
    assert_eq!(story(&found), ["absent", "new", "same", "changed", "gone", "new"], "{found}");
    assert_eq!(found["found"], true);
    let changed = &found["snapshots"][3];
    assert_eq!(changed["changes"][0]["section"], "lists");
    assert_eq!(
        changed["changes"][0]["changes"],
        json!([{"field": "color", "before": "blue", "after": "green"}, {"field": "token", "before": "(secret)", "after": "(secret)"}])
    );
    assert_eq!(changed["created_at"], "2026-11-04T12:00:00Z");
    assert!(found["database"].is_null(), "nobody said which it is: {found}");
    // By its row id it is the one that went.
    let found = find(&scene, 0, &["lists=4", "backups"]);
    assert_eq!(story(&found), ["absent", "new", "same", "changed", "gone", "absent"]);
    // What is inside it belongs to it.
    let found = find(&scene, 0, &["films=1"]);
    assert_eq!(story(&found), ["present", "same", "changed", "changed", "same", "same"], "{found}");
    assert_eq!(
        found["snapshots"][3]["changes"],
        json!([{"section": "films.reviews", "item": "Heat / great", "what": "new"}])
    );
}

#[test]
fn people_read_it_from_the_first_to_the_last() {
    let scene = scene(&[]);
    let run = scene.larder(["find", "lists=4"]).run().succeeds();
    run.prints(
        "TIME                 WHAT     FILE                            CHANGES
2026-11-02 12:00:00  new      app-2026-11-02T12-00-00Z.db.gz
2026-11-03 12:00:00  same     app-2026-11-03T12-00-00Z.db.gz
2026-11-04 12:00:00  changed  app-2026-11-04T12-00-00Z.db.gz  color blue → green, token (secret) → (secret)
2026-11-05 12:00:00  gone     app-2026-11-05T12-00-00Z.db.gz\n",
    )
    .says("lists \"4\" is in 3 of 6 snapshots")
    .says("/backups/app-2026-11-04T12-00-00Z.db.gz DATABASE --item lists=4");
    // With the database that the settings name.
    std::fs::write(scene.path("larder.toml"), "database = \"app.db\"\n").expect("write");
    fill(&scene.path("app.db"), "delete from films where id = 2");
    let run = scene.larder(["find", "films=2"]).run().succeeds();
    assert!(run.stdout().contains("now                  gone"), "{run}");
    let run = run.says("app.db --item films=2");
    let said = run.stderr();
    let line = said.lines().find_map(|line| line.strip_prefix("to get it back: larder ")).expect("the line");
    scene.larder(line.split(' ')).run().succeeds();
    let found = find(&scene, 0, &["films=2"]);
    assert_eq!(found["database"]["what"], "new", "the safety snapshot lacks it: {found}");
    let quiet = scene.larder(["find", "films=2", "--quiet"]).run().succeeds();
    assert_eq!(quiet.stdout() + &quiet.stderr(), "");
}

#[test]
fn what_is_nowhere_is_exit_code_1() {
    let scene = scene(&[]);
    let run = scene.larder(["find", "lists=Never"]).run();
    run.fails(1).says("lists \"Never\" is in none of 6 snapshots");
    let found = find(&scene, 1, &["lists=Never"]);
    assert_eq!(found["found"], false);
    scene.larder(["find", "list=Later"]).run().fails(2).says("there is no section \"list\"").says("lists");
    scene.larder(["find", "lists"]).run().fails(2).says("a section and = come first");
    scene.larder(["find", "lists=Later", "nowhere"]).run().fails(1).says("nowhere");
    scene
        .larder(["find", "lists=Later", "--app", "other"])
        .run()
        .fails(1)
        .says("no snapshots of other in backups");
}

#[test]
fn a_name_that_several_items_have_is_no_answer() {
    let scene = scene(&[]);
    let run = scene.larder(["find", "films=Heat"]).run();
    run.fails(4).says("2 items of films are called \"Heat\"").says("films=1, films=2");
}

#[test]
fn a_snapshot_that_cannot_be_read_does_not_hide_the_others() {
    let scene = scene(&[]);
    let file = scene.path("backups/app-2026-11-03T12-00-00Z.db.gz");
    let bytes = std::fs::read(&file).expect("read");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("write");
    let found = find(&scene, 1, &["lists=Later"]);
    assert_eq!(story(&found), ["absent", "new", "changed", "gone", "new"], "{found}");
    assert!(found["failed"][0]["of"].as_str().is_some_and(|name| name.contains("2026-11-03")), "{found}");
}

/// A snapshot that holds what the one before does is not unpacked again, nor is one without rows in the table.
#[test]
fn no_snapshot_is_unpacked_for_nothing() {
    let scene = scene(&[]);
    fill(&scene.path("app.db"), "delete from reviews; delete from films; delete from lists");
    for _ in 0..2 {
        scene.larder(["snapshot", "app.db", "--allow-empty"]).run().succeeds();
    }
    let run = scene.larder(["find", "lists=Best", "--verbose"]).run().succeeds();
    let unpacked =
        run.stderr().lines().filter(|line| line.starts_with("reading ") || line.contains("unpack")).count();
    assert!(unpacked <= 7, "{run}");
    let found = find(&scene, 0, &["lists=Best"]);
    assert_eq!(story(&found)[5..], ["same", "gone", "absent"], "{found}");
}

#[test]
fn encrypted_snapshots_are_looked_into_with_their_key() {
    let key = Scene::new();
    let run: Run = key.larder(["keygen", "-o", "key.txt"]).run().succeeds();
    let recipient = run.stdout().trim().to_owned();
    let scene = scene(&["--encrypt-to", &recipient]);
    scene.larder(["find", "lists=Later"]).run().fails(2).says("--identity");
    let key = key.path("key.txt");
    let found = find(&scene, 0, &["lists=Later", "--identity", &key.to_string_lossy()]);
    assert_eq!(story(&found), ["absent", "new", "same", "changed", "gone", "new"], "{found}");
}

/// A table that a later version dropped or renamed a column of.
#[test]
fn the_schema_may_have_gone_on() {
    let scene = scene(&[]);
    fill(&scene.path("app.db"), "alter table lists rename column color to shade; drop table reviews");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let found = find(&scene, 0, &["lists=Later"]);
    assert_eq!(story(&found)[4..], ["gone", "new", "same"], "{found}");
    fill(
        &scene.path("app.db"),
        "drop table films; drop table lists; create table other(id integer primary key, name text unique); insert into other values (1, 'a')",
    );
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let found = find(&scene, 0, &["lists=Later"]);
    assert_eq!(story(&found)[5..], ["new", "same", "gone"], "{found}");
}
