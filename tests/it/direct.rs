//! Items straight from another database of the application, or from a snapshot.

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::scene::Scene;
use serde_json::json;

const SCHEMA: &str = "create table tags(id integer primary key, name text not null unique);
    create table notes(id integer primary key, title text not null unique, body text,
      tag_id integer references tags(id))";

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("old.db"), SCHEMA);
    fill(
        &scene.path("old.db"),
        "insert into tags values (1, 'red'), (2, 'blue');
         insert into notes values (1, 'first', 'x', 2), (2, 'second', 'y', 1)",
    );
    fill(&scene.path("app.db"), SCHEMA);
    fill(
        &scene.path("app.db"),
        "insert into tags values (1, 'blue'), (2, 'green'); insert into notes values (1, 'own', 'z', 2)",
    );
    scene
}

#[test]
fn a_database_comes_in_as_its_condensed_export_does() {
    let scene = scene();
    let dry = scene.larder(["import", "old.db", "app.db", "--dry-run", "--json"]).run().succeeds();
    let import = scene.larder(["import", "old.db", "app.db", "--json"]).run().succeeds();
    let said = json!({"tags": {"new": 1, "same": 1}, "notes": {"new": 2}});
    assert_eq!(done(&import.json()), said);
    assert_eq!(done(&dry.json()), said);
    assert_eq!(
        rows(
            &scene.path("app.db"),
            "select title || ' ' || name from notes join tags on tags.id = tag_id order by title"
        ),
        ["first blue", "own green", "second red"]
    );
    let again = scene.larder(["import", "old.db", "app.db", "--json"]).run().succeeds();
    assert_eq!(done(&again.json()), json!({"tags": {"same": 2}, "notes": {"same": 2}}));
    assert_eq!(rows(&scene.path("old.db"), "select group_concat(title) from notes"), ["first,second"]);
}

#[test]
fn a_part_of_a_snapshot_comes_back_and_conflicts_are_as_ever() {
    let scene = scene();
    let made = scene.larder(["snapshot", "app.db", "--json"]).run().succeeds().json();
    let file = made["snapshot"].as_str().expect("its path");
    fill(
        &scene.path("app.db"),
        "update notes set body = 'changed', tag_id = null; delete from tags where id = 2",
    );
    let tags = scene.larder(["import", "latest", "app.db", "--only", "tags", "--json"]).run().succeeds();
    assert_eq!(done(&tags.json()), json!({"tags": {"new": 1, "same": 1}}));
    scene.larder(["import", file, "app.db"]).run().fails(4).says("it is there already, and differs in body");
    let notes =
        scene.larder(["import", file, "app.db", "--on-conflict", "overwrite", "--json"]).run().succeeds();
    assert_eq!(done(&notes.json()), json!({"tags": {"same": 2}, "notes": {"overwritten": 1}}));
}

#[test]
fn what_is_no_database_is_said_to_be_what_it_is() {
    let scene = scene();
    scene.larder(["import", "latest", "app.db"]).run().fails(1);
    scene.larder(["import", "old.db", "missing.db"]).run().fails(1).says("missing.db");
    scene.larder(["import", "old.db", "old.db"]).run().fails(2).says("is the document itself");
    std::fs::write(scene.path("garbage.gz"), [0x1f, 0x8b, 8, 0, 0]).expect("write");
    scene.larder(["import", "garbage.gz", "app.db"]).run().fails(3).says("garbage.gz");
}

#[test]
fn a_plan_is_of_a_database_too_and_of_what_it_was() {
    let scene = scene();
    scene.larder(["import", "old.db", "app.db", "--plan", "p"]).run().succeeds();
    fill(&scene.path("old.db"), "update notes set body = 'later'");
    scene.larder(["import", "--plan", "p"]).run().fails(1).says("the document is not what it was");
    fill(
        &scene.path("old.db"),
        "update notes set body = 'x' where id = 1; update notes set body = 'y' where id = 2",
    );
    let import = scene.larder(["import", "--plan", "p", "--json"]).run().succeeds();
    assert_eq!(done(&import.json()), json!({"tags": {"new": 1, "same": 1}, "notes": {"new": 2}}));
}

/// The two commands that put a full export in the place of a database.
#[test]
fn a_full_export_is_not_mixed_with_what_is_there() {
    let scene = scene();
    scene.larder(["export", "--full", "old.db", "-o", "full.json"]).run().succeeds();
    let refused = scene.larder(["import", "full.json", "app.db"]).run().fails(1);
    refused.says("larder restore NEW.db");
    scene.larder(["import", "full.json", "NEW.db"]).run().succeeds();
    scene.larder(["restore", "NEW.db", "app.db"]).run().succeeds();
    assert_eq!(rows(&scene.path("app.db"), "select title from notes order by id"), ["first", "second"]);
}
