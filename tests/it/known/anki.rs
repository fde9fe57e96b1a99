//! Anki from schema 15 on keeps decks and kinds of notes in tables whose names it alone can compare: they are exported, and an
//! import into such a collection is refused, since it would write indexes that Anki reads otherwise.

use super::fixture::Fixture;
use super::{SECRET, export};
use crate::scene::Scene;
use larder::app::known::Known;
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;

/// A connection that has Anki's collation.
fn open(path: &Path) -> Connection {
    let db = Connection::open(path).expect("open");
    db.create_collation("unicase", |a: &str, b: &str| a.to_lowercase().cmp(&b.to_lowercase()))
        .expect("register");
    db
}

fn install() -> Scene {
    let (scene, fixture) = (Scene::new(), Fixture::read("anki"));
    for (name, rows) in [("alice.db", &fixture.alice), ("bob.db", &fixture.bob)] {
        open(&scene.path(name))
            .execute_batch(&format!("{}{rows}", fixture.tables))
            .expect("the fixture's SQL");
    }
    scene
}

#[test]
fn decks_and_kinds_of_notes_are_exported() {
    let scene = install();
    assert_eq!(
        Known::recognise(&open(&scene.path("alice.db"))).expect("read").map(|known| known.id),
        Some("anki")
    );
    let document = export(&scene, "alice.db", "alice.json");
    assert_eq!(document["metadata"]["doubts"], json!(null), "{SECRET}");
    assert_eq!(document["data"]["decks"][1]["name"], "French");
    assert_eq!(document["data"]["notetypes"][0]["fields"][1]["name"], "Back");
    assert_eq!(document["data"]["notes"][0]["mid"], 1_500_000_000_001_i64);
    assert_eq!(document["data"]["graves"], json!(null));
}

#[test]
fn what_only_anki_can_sort_in_is_refused_and_nothing_is_written() {
    let scene = install();
    export(&scene, "alice.db", "alice.json");
    let before = std::fs::read(scene.path("bob.db")).expect("read");
    let run = scene.larder(["import", "alice.json", "bob.db", "--on-conflict", "skip"]).run();
    assert_ne!(run.code(), Some(0));
    assert!(run.stderr().contains("unicase"), "{}", run.stderr());
    assert!(before == std::fs::read(scene.path("bob.db")).expect("read"));
}
