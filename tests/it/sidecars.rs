//! What SQLite keeps beside a database is never mistaken for something else.

use super::fixtures::{count, crashed_wal, hot_journal, numbered};
use super::same::open;
use super::scene::Scene;

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene
}

/// A plain snapshot was put beside a log or a journal of another database, which destroyed it at its next opening.
#[test]
fn a_plain_snapshot_is_not_put_beside_a_log_of_another() {
    let scene = scene();
    crashed_wal(&scene.path("wal.db"), 7, true);
    hot_journal(&scene.path("journal.db"), 7);
    crashed_wal(&scene.path("gone.db"), 7, true);
    std::fs::remove_file(scene.path("gone.db")).expect("remove");
    numbered(&scene.path("used.db"), 3);
    let user = open(&scene.path("used.db"));
    user.query_row("select count(*) from t", [], |_| Ok(())).expect("read");
    for target in ["wal.db", "journal.db", "gone.db", "used.db"] {
        let before = scene.names("");
        let run = scene.larder(["snapshot", "app.db", "-o", target, "--force"]).run();
        // That another process has it open can be seen; that this one has, only by its locks.
        if target != "used.db" {
            run.fails(1).says("cannot be put in its place").says("larder restore");
        }
        assert_eq!(scene.names(""), before);
    }
    assert_eq!(count(&scene.path("journal.db")), 7);
    scene.larder(["snapshot", "app.db", "-o", "wal.db.gz"]).run().succeeds();
}

/// A mistyped name moved the log of a database aside, or put a database where SQLite deletes it.
#[test]
fn a_sidecar_is_no_database() {
    let scene = scene();
    crashed_wal(&scene.path("wal.db"), 7, false);
    let log = std::fs::read(scene.path("wal.db-wal")).expect("read");
    for target in ["wal.db-wal", "app.db-journal", "app.db-shm"] {
        for command in [
            &["restore", "latest", target, "--app", "app"][..],
            &["restore", "latest", target, "--app", "app", "--dry-run"],
            &["restore", "--undo", target],
            &["import", "doc.json", target],
        ] {
            scene.larder(command).run().fails(2).says("SQLite keeps a part of");
        }
    }
    assert_eq!(std::fs::read(scene.path("wal.db-wal")).expect("it is there"), log);
    assert_eq!(scene.names(""), ["app.db", "backups", "doc.json", "wal.db", "wal.db-wal"]);
}
