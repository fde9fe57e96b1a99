//! An application that starts with an empty volume: its empty database pushes no good snapshot out.

use super::fixtures::{count, fill, numbered};
use super::scene::{Run, Scene};
use std::path::Path;

/// A database that is a file of no bytes, one without tables, one with tables and no rows, and the same with indexes that
/// have rows of their own.
const EMPTY: [&str; 4] = [
    "",
    "pragma user_version = 1",
    "create table t(id integer primary key, name text, amount real); create table u(a)",
    "create table t(id integer primary key); create virtual table f using fts5(body);
     create virtual table places using rtree(id, x0, x1)",
];

fn make(path: &Path, sql: &str) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
        _ if sql.is_empty() => std::fs::write(path, "").expect("write"),
        _ => fill(path, sql),
    }
}

fn refused(run: Run) -> Run {
    run.fails(4).says("the newest snapshot, app-").says("--allow-empty")
}

#[test]
fn an_empty_database_after_one_with_rows_is_refused_unless_it_is_meant() {
    for sql in EMPTY {
        let scene = Scene::new();
        numbered(&scene.path("app.db"), 3);
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        make(&scene.path("app.db"), sql);
        let prune = ["snapshot", "app.db", "--prune", "--keep-last", "1"];
        refused(scene.larder(prune).run()).says("has 3 rows");
        refused(scene.larder(["snapshot", "app.db", "--if-changed"]).run());
        assert_eq!(scene.snapshots("backups").len(), 1, "{sql}");
        // A single file makes nothing go, and an empty database can be restored over.
        scene.larder(["snapshot", "app.db", "-o", "single.db.gz"]).run().succeeds();
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), 3, "{sql}");
        make(&scene.path("app.db"), sql);
        scene.larder(prune).arg("--allow-empty").run().succeeds();
        // From then on it is known to be empty.
        scene.larder(["snapshot", "app.db"]).run().succeeds();
    }
}

#[test]
fn a_database_that_was_empty_from_the_beginning_is_no_loss() {
    for sql in EMPTY {
        let scene = Scene::new();
        make(&scene.path("app.db"), sql);
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        fill(&scene.path("app.db"), "create table more(a)");
        scene.larder(["snapshot", "app.db", "--prune", "--keep-last", "1"]).run().succeeds();
    }
}

#[test]
fn what_another_store_holds_counts_too() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 3);
    scene.larder(["snapshot", "app.db", "--to", "old"]).run().succeeds();
    make(&scene.path("app.db"), EMPTY[2]);
    let both = ["snapshot", "app.db", "--to", "new", "--also-to", "old", "--prune", "--keep-last", "1"];
    scene.larder(both).run().does_a_part().says("the newest snapshot, app-").says("has 3 rows");
    assert_eq!((scene.snapshots("new").len(), scene.snapshots("old").len()), (1, 1));
    scene.larder(["restore", "latest", "app.db", "--from", "old"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 3);
    make(&scene.path("app.db"), EMPTY[2]);
    scene.larder(both).arg("--allow-empty").run().succeeds();
}

#[test]
fn a_snapshot_whose_rows_nobody_knows_may_have_some() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 3);
    let made = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    std::fs::remove_file(made.to_str().expect("a path").replace(".db.gz", ".meta.json")).expect("remove");
    make(&scene.path("app.db"), EMPTY[2]);
    refused(scene.larder(["snapshot", "app.db"]).run()).says("may have some");
}

#[test]
fn an_encrypted_snapshot_is_compared_as_far_as_its_key_is_there() {
    let scene = Scene::new();
    let recipient = scene.larder(["keygen", "-o", "key"]).run().succeeds().stdout();
    let recipient = recipient.trim();
    let snapshot = |arguments: &[&str]| {
        let all = ["snapshot", "app.db", "--encrypt-to", recipient];
        scene.larder(all.iter().chain(arguments)).run()
    };
    make(&scene.path("app.db"), EMPTY[2]);
    snapshot(&[]).succeeds();
    // It holds the same, which is known without the key.
    snapshot(&[]).succeeds();
    fill(&scene.path("app.db"), "create table more(a)");
    refused(snapshot(&[])).says("may have some");
    snapshot(&["--identity", "key"]).succeeds();
    fill(&scene.path("app.db"), "insert into more values (1)");
    snapshot(&[]).succeeds();
    make(&scene.path("app.db"), EMPTY[1]);
    refused(snapshot(&["--identity", "key"])).says("has 1 row");
}

#[test]
fn an_export_without_items_pushes_none_with_items_out_of_a_store() {
    let scene = Scene::new();
    let recipient = scene.larder(["keygen", "-o", "key"]).run().succeeds().stdout();
    for (store, lock) in [("plain", None), ("locked", Some(recipient.trim()))] {
        let export = |arguments: &[&str]| {
            let lock = lock.iter().flat_map(|recipient| ["--encrypt-to", recipient]);
            let all = ["export", "app.db", "--to", store].into_iter().chain(lock);
            scene.larder(all.chain(arguments.iter().copied())).run()
        };
        make(&scene.path("app.db"), EMPTY[2]);
        export(&[]).succeeds();
        export(&[]).succeeds();
        numbered(&scene.path("rows.db"), 300);
        std::fs::rename(scene.path("rows.db"), scene.path("app.db")).expect("rename");
        export(&[]).succeeds();
        make(&scene.path("app.db"), EMPTY[2]);
        export(&[]).fails(4).says("the export has no items, and the newest one, app-").says("--allow-empty");
        assert_eq!(scene.snapshots(store).len(), 3);
        export(&["--allow-empty"]).succeeds();
        export(&[]).succeeds();
    }
}
