//! Bugs that were found, each with the test that would have found it.

use super::fixtures::fill;
use super::scene::Scene;

/// `VACUUM INTO` took the bytes of its file name for text in the database's own encoding.
#[test]
fn a_utf16_database_is_vacuumed_into_the_file_that_was_meant() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "pragma encoding = 'UTF-16le'; create table t(a); insert into t values ('x')",
    );
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    assert_eq!(scene.names(""), ["app.db", "backups"]);
}

/// The reader began to digest the data at the colon before it, so every document looked edited.
#[test]
fn a_document_that_nobody_touched_is_not_called_changed() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(a); insert into t values ('x')");
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let run = scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert!(!run.stderr().contains("changed"), "{run}");
}
