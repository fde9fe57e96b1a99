//! What other programs write while larder replaces a database is lost neither by them nor by us.

use super::fixtures::{count, fill, numbered};
use super::same::open;
use super::scene::Scene;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A writer of ever larger numbers, one a transaction. It returns those that were committed.
fn write_until(done: Arc<AtomicBool>, path: &Path) -> std::thread::JoinHandle<BTreeSet<i64>> {
    let db = open(path);
    db.busy_timeout(Duration::from_secs(20)).expect("patience");
    std::thread::spawn(move || {
        let mut committed = BTreeSet::new();
        for number in 1_000_000.. {
            if done.load(Ordering::Relaxed) {
                break;
            }
            db.execute("insert into t(id) values (?1)", [number]).expect("it is let in again");
            committed.insert(number);
        }
        committed
    })
}

fn numbers(path: &Path) -> BTreeSet<i64> {
    let db = open(path);
    let mut statement = db.prepare("select id from t where id >= 1000000").expect("the table is there");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a number")).collect()
}

/// A safety snapshot, taken before the database was locked, missed what was committed until then.
#[test]
fn every_commit_is_in_the_safety_snapshot_or_in_the_restored_database() {
    for mode in ["delete", "truncate", "persist", "wal"] {
        let scene = Scene::new();
        let path = scene.path("app.db");
        numbered(&path, 2000);
        fill(&path, &format!("pragma journal_mode = {mode}; pragma synchronous = normal"));
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        for round in 0..3 {
            let done = Arc::new(AtomicBool::new(false));
            let writer = write_until(Arc::clone(&done), &path);
            let run = scene.larder(["restore", "latest", "app.db", "--json", "--busy-timeout", "20s"]).run();
            std::thread::sleep(Duration::from_millis(20));
            done.store(true, Ordering::Relaxed);
            let committed = writer.join().expect("the writer goes on");
            let json = run.succeeds().json();
            let safety = json["safety_snapshot"].as_str().expect("a safety snapshot").to_owned();
            scene.larder(["restore", &safety, "kept.db", "--force"]).run().succeeds();
            let kept: BTreeSet<i64> =
                numbers(&scene.path("kept.db")).union(&numbers(&path)).copied().collect();
            let lost: Vec<_> = committed.difference(&kept).collect();
            assert!(lost.is_empty(), "{mode}, round {round}: {} of {} lost", lost.len(), committed.len());
            std::fs::remove_file(scene.path("kept.db")).expect("remove");
            scene.larder(["restore", "latest", "app.db"]).run().succeeds();
            assert_eq!(count(&path), 2000);
        }
    }
}

/// What is in an empty database when the import is ready to write was not looked for under the lock.
#[test]
fn a_database_that_is_filled_while_an_import_runs_is_not_overwritten() {
    for mode in ["delete", "wal"] {
        let scene = Scene::new();
        numbered(&scene.path("app.db"), 50_000);
        scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
        let path = scene.path("new.db");
        fill(&path, &format!("pragma journal_mode = {mode}; vacuum"));
        let other = Connection::open(&path).expect("open");
        let mut larder = scene.larder(["import", "doc.json", "new.db"]);
        let mut child = larder.command.spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(100));
        other.execute_batch("create table theirs(a); insert into theirs values (1)").expect("fill");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(1), "{mode}");
        let rows: i64 =
            other.query_row("select count(*) from theirs", [], |row| row.get(0)).expect("theirs is there");
        assert_eq!(rows, 1);
    }
}

/// Two restores of one database could interleave their safety snapshots and their moves.
#[test]
fn one_larder_at_a_time_replaces_a_database_in_a_folder() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let folder = std::fs::File::open(scene.path("")).expect("open");
    folder.lock().expect("lock");
    for command in [
        &["restore", "latest", "app.db"][..],
        &["restore", "--undo", "app.db"],
        &["import", "doc.json", "new.db"],
    ] {
        scene.larder(command).run_impatiently().fails(5).says("another larder is replacing a database");
    }
    // Who only looks does not wait.
    scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
    scene.larder(["import", "doc.json", "new.db", "--dry-run"]).run().succeeds();
}
