//! Databases of every kind through snapshots and documents and back.

use super::fixtures::{self, KINDS};
use super::same::{assert_same, assert_same_in_any_order};
use super::scene::Scene;

#[test]
fn every_kind_of_database_comes_back_from_a_snapshot() {
    for kind in KINDS {
        let scene = Scene::new();
        let original = scene.path("app.db");
        fixtures::make(kind, &original);
        let before = std::fs::read(&original).expect("read");
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        scene.larder(["restore", "latest", "new.db", "--from", "backups", "--app", "app"]).run().succeeds();
        assert_eq!(std::fs::read(&original).expect("read"), before, "{}", kind.name);
        assert_same_in_any_order(&original, &scene.path("new.db"));
    }
}

#[test]
fn every_kind_of_database_comes_back_from_a_document() {
    for kind in KINDS {
        let scene = Scene::new();
        let original = scene.path("app.db");
        fixtures::make(kind, &original);
        scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
        scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
        assert_same(&original, &scene.path("new.db"));
        scene.larder(["export", "--full", "new.db", "--app", "app", "-o", "again.json"]).run().succeeds();
        let text = |name: &str| {
            let text = std::fs::read_to_string(scene.path(name)).expect("read");
            let lines: Vec<String> =
                text.lines().filter(|l| !l.contains("\"exported_at\"")).map(str::to_owned).collect();
            lines
        };
        assert_eq!(text("doc.json"), text("again.json"), "{}", kind.name);
    }
}
