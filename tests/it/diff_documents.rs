//! What differs where a side is an export, or two databases have no common past; and single items.

use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique, password text);
    create table lists(id integer primary key, name text not null unique, owner_id integer references people(id), color text);
    create table artists(id integer primary key, name text, country text);
    create table albums(id integer primary key, title text, artist_id integer references artists(id), year int);
    create table films(id integer primary key, title text not null unique, year int, list_id integer references lists(id));
    create table reviews(id integer primary key, film_id integer not null references films(id) on delete cascade, body text)";
const ROWS: &str = "
    insert into people values (1, 'Ada', 'pw1'), (2, 'Bo', 'pw2');
    insert into lists values (1, 'Best', 1, 'red'), (2, 'Worst', 2, 'blue');
    insert into artists values (1, 'Ace', 'SE'), (2, 'Blur', 'UK'), (3, 'Blur', 'US');
    insert into albums values (1, 'One', 1, 1991), (2, 'Two', 2, 1992), (3, 'Two', 3, 1993);
    insert into films values (1, 'Heat', 1995, 1), (2, 'Ran', 1985, 2);
    insert into reviews values (1, 1, 'good'), (2, 1, 'great')";
/// The same in other places.
const ELSEWHERE: &str = "
    insert into people values (82, 'Ada', 'pw1'), (71, 'Bo', 'pw2');
    insert into lists values (62, 'Best', 82, 'red'), (51, 'Worst', 71, 'blue');
    insert into artists values (93, 'Ace', 'SE'), (62, 'Blur', 'UK'), (41, 'Blur', 'US');
    insert into albums values (17, 'One', 93, 1991), (16, 'Two', 62, 1992), (15, 'Two', 41, 1993);
    insert into films values (99, 'Heat', 1995, 62), (98, 'Ran', 1985, 51);
    insert into reviews values (77, 99, 'good'), (76, 99, 'great')";
const CHANGE: &str =
    "update films set year = 1996, list_id = 51 where title = 'Heat'; delete from films where title = 'Ran';
    insert into films values (5, 'Dune', 2021, 62); delete from reviews where body = 'good';
    insert into reviews values (5, 99, 'grand'); update people set password = 'other' where name = 'Ada';
    update artists set name = 'Acer' where name = 'Ace'; update albums set year = 1994 where artist_id = 62";

/// Two databases that hold the same under other row ids, the second of which was changed.
fn scene(change: &str) -> Scene {
    let scene = Scene::new();
    for (name, rows) in [("a.db", ROWS), ("b.db", ELSEWHERE)] {
        fill(&scene.path(name), SCHEMA);
        fill(&scene.path(name), rows);
    }
    if !change.is_empty() {
        fill(&scene.path("b.db"), change);
    }
    for (database, files) in [("a.db", ["a.json", "a.zip"]), ("b.db", ["b.ndjson.gz", "b-csv"])] {
        for file in files {
            let name = if file == "b-csv" { "b-csv/" } else { file };
            scene.larder(["export", database, "-o", name]).run().succeeds();
        }
    }
    scene
}

#[track_caller]
fn diff(scene: &Scene, code: i32, arguments: &[&str]) -> Value {
    let run = scene.larder([&["diff", "--json"], arguments].concat()).run();
    assert_eq!(run.code(), Some(code), "{run}");
    run.json()
}

#[test]
fn exports_are_compared_by_what_items_are_known_by() {
    let same = scene("");
    for pair in [["a.json", "b.db"], ["a.db", "b-csv"], ["a.zip", "b.ndjson.gz"], ["b-csv", "a.db"]] {
        assert_eq!(diff(&same, 0, &pair)["same"], true, "{pair:?}");
    }
    let scene = scene(CHANGE);
    let expected = diff(&scene, 3, &["a.json", "b.db"]);
    assert_eq!(expected["sections"]["films"], json!({"new": 1, "gone": 1, "changed": 1}), "{expected}");
    assert_eq!(
        expected["sections"]["films.reviews"],
        json!({"new": 1, "gone": 1, "changed": 0}),
        "{expected}"
    );
    let items = expected["items"].as_array().expect("items");
    for item in [
        json!({"section": "films", "item": "Heat", "what": "changed", "changes": [
            {"field": "year", "before": 1995, "after": 1996}, {"field": "list_name", "before": "Best", "after": "Worst"}]}),
        json!({"section": "films.reviews", "item": "Heat / grand", "what": "new"}),
        json!({"section": "films.reviews", "item": "Heat / good", "what": "gone"}),
        json!({"section": "films", "item": "Dune", "what": "new"}),
        json!({"section": "films", "item": "Ran", "what": "gone"}),
    ] {
        assert!(items.contains(&item), "{item}: {expected}");
    }
    assert!(expected["sections"]["people"].is_null(), "a password is in no export: {expected}");
    for pair in [["a.db", "b-csv"], ["a.zip", "b.ndjson.gz"]] {
        assert_eq!(diff(&scene, 3, &pair), expected, "{pair:?}");
    }
    let run = scene.larder(["diff", "a.zip", "b.db", "--summary", "--only", "films"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    run.prints("SECTION        NEW  GONE  CHANGED\nfilms            1     1        1\nfilms.reviews    1     1        -\n");
}

/// What is known by its content alone: an artist that was renamed is another, and its album is the same with another artist.
#[test]
fn what_has_no_key_is_known_by_what_it_holds() {
    let scene = scene(CHANGE);
    let found = diff(&scene, 3, &["a.json", "b.db", "--only", "artists,albums"]);
    assert_eq!(found["sections"]["artists"], json!({"new": 1, "gone": 1, "changed": 0}), "{found}");
    let items = found["items"].as_array().expect("items");
    let album = json!({"section": "albums", "item": "One", "what": "changed", "changes": [
        {"field": "artist", "before": "Ace", "after": "Acer"}]});
    assert!(items.contains(&album), "{found}");
    // Of two albums called the same, the one that changed is the one that is left.
    let album = json!({"section": "albums", "item": "Two", "what": "changed", "changes": [
        {"field": "year", "before": 1992, "after": 1994}]});
    assert!(items.contains(&album), "{found}");
}

#[test]
fn two_databases_are_compared_by_key_where_somebody_says_so() {
    let scene = scene(CHANGE);
    let refused: Run = scene.larder(["diff", "a.db", "b.db"]).run();
    refused.fails(4).says("hint: larder diff a.db b.db --by key compares");
    let found = diff(&scene, 3, &["a.db", "b.db", "--by", "key"]);
    assert_eq!(found["items"], diff(&scene, 3, &["a.json", "b.db"])["items"]);
    scene.larder(["diff", "a.json", "b.db", "--by", "id"]).run().fails(2).says("has no row ids");
}

#[test]
fn a_full_export_is_a_state_of_its_database() {
    let scene = scene("");
    scene.larder(["export", "a.db", "--full", "-o", "full.json"]).run().succeeds();
    assert_eq!(diff(&scene, 0, &["full.json", "a.db"])["same"], true);
    fill(
        &scene.path("a.db"),
        "update people set password = 'other' where id = 1; insert into films values (9, 'Dune', 2021, 1)",
    );
    let found = diff(&scene, 3, &["full.json", "a.db"]);
    assert_eq!(
        found["sections"],
        json!({"people": {"new": 0, "gone": 0, "changed": 1}, "films": {"new": 1, "gone": 0, "changed": 0}})
    );
    let found = diff(&scene, 0, &["full.json", "a.json"]);
    assert_eq!(found["same"], true, "{found}");
}

#[test]
fn what_an_export_does_not_have_is_no_difference() {
    let scene = scene(CHANGE);
    scene
        .larder(["export", "a.db", "--only", "lists", "--omit", "lists.color", "-o", "part.json"])
        .run()
        .succeeds();
    scene
        .larder(["export", "a.db", "--only", "films", "--omit", "films.reviews.body", "-o", "films.json"])
        .run()
        .succeeds();
    let found = diff(&scene, 3, &["films.json", "b.db", "--only", "films"]);
    assert!(found["sections"]["films.reviews"].is_null(), "{found}");
    fill(&scene.path("b.db"), "update lists set color = 'green'");
    let run = scene.larder(["diff", "part.json", "b.db"]).run().succeeds();
    run.says("only in b.db, and not compared: ").says("nothing differs");
    scene.larder(["export", "a.db", "--item", "films=Heat", "-o", "one.json"]).run().succeeds();
    let found = diff(&scene, 3, &["one.json", "b.db"]);
    assert_eq!(found["sections"]["films"], json!({"new": 0, "gone": 0, "changed": 1}), "{found}");
    scene
        .larder(["diff", "part.json", "b.db", "--only", "list"])
        .run()
        .fails(2)
        .says("there is no section \"list\"");
}

#[test]
fn secrets_that_an_export_has_are_not_shown() {
    let scene = scene(CHANGE);
    for (database, file) in [("a.db", "a-secret.json"), ("b.db", "b-secret.json")] {
        scene.larder(["export", database, "--with-secrets", "-o", file]).run().succeeds();
    }
    let found = diff(&scene, 3, &["a-secret.json", "b-secret.json"]);
    assert_eq!(found["sections"]["people"]["changed"], 1, "{found}");
    for secret in ["pw1", "other"] {
        assert!(!found.to_string().contains(secret), "{secret}: {found}");
    }
}

#[test]
fn a_single_item_is_compared() {
    let scene = scene("");
    std::fs::copy(scene.path("a.db"), scene.path("c.db")).expect("copy");
    fill(
        &scene.path("c.db"),
        "update films set year = 1 where id = 1; update films set year = 2, list_id = null where id = 2; delete from reviews where id = 2; delete from lists where id = 2",
    );
    let found = diff(&scene, 3, &["a.db", "c.db", "--item", "films=Heat"]);
    assert_eq!(
        found["sections"],
        json!({"films": {"new": 0, "gone": 0, "changed": 1}, "films.reviews": {"new": 0, "gone": 1, "changed": 0}}),
        "{found}"
    );
    assert_eq!(
        diff(&scene, 3, &["a.db", "c.db", "--item", "lists=Worst"])["items"],
        json!([{"section": "lists", "item": "Worst", "what": "gone"}])
    );
    assert_eq!(diff(&scene, 0, &["a.db", "c.db", "--item", "people=1"])["same"], true);
    scene
        .larder(["diff", "a.db", "c.db", "--item", "films=Alien"])
        .run()
        .fails(2)
        .says("films has no item \"Alien\"");
    scene
        .larder(["diff", "a.db", "c.db", "--item", "film=1"])
        .run()
        .fails(2)
        .says("there is no section \"film\"");
    scene
        .larder(["diff", "a.json", "c.db", "--item", "films=1"])
        .run()
        .fails(2)
        .says("name two databases or snapshots");
}

/// Documents of other versions say nulls, empty lists, and true and false in other ways.
#[test]
fn the_version_of_a_document_is_no_difference() {
    let scene = Scene::new();
    let schema = "create table films(id integer primary key, title text not null unique, seen boolean, note text, extra text);
        create table discs(id integer primary key, film_id integer not null references films(id), kind text, own boolean, note text);
        insert into films values (1, 'Heat', 1, null, '{\"a\": [1,  2]}'), (2, 'Ran', 0, null, '{\"a\":1}');
        insert into discs values (1, 1, 'DVD', 1, null), (2, 1, 'BD', 0, null)";
    fill(&scene.path("a.db"), schema);
    std::fs::write(scene.path("larder.toml"), "[sections.films]\njson = [\"extra\"]\n").expect("write");
    scene.larder(["export", "a.db", "-o", "new.json"]).run().succeeds();
    let old = r#"{"metadata": {"format": "larder-export", "version": 2, "mode": "condensed", "app": "a", "app_version": null,
        "schema_version": "0", "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0", "includes": ["films"],
        "sections": {"films": {"table": "films", "key": ["title"], "items": 2,
          "columns": {"title": "text", "seen": "numeric", "note": "text", "extra": "json", "discs": "json"},
          "json": {"extra": {}},
          "nested": {"discs": {"table": "discs", "parent": ["film_id"], "to": ["id"], "columns": {"kind": "text", "own": "numeric", "note": "text"}}}}}},
      "data": {"films": [
        {"title": "Heat", "seen": 1, "note": null, "extra": {"a": [1, 2]}, "discs": [{"kind": "BD", "own": 0, "note": null}, {"kind": "DVD", "own": 1, "note": null}]},
        {"title": "Ran", "seen": 0, "note": null, "extra": {"a": 1}, "discs": []}]},
      "summary": {"items": {"films": 2}, "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}}"#;
    std::fs::write(scene.path("old.json"), old).expect("write");
    for other in ["new.json", "a.db"] {
        assert_eq!(diff(&scene, 0, &["old.json", other])["same"], true, "{other}");
    }
}
