//! A database that is damaged where a copy does not show it: rows are gone, and the snapshot must not look like a good one.

use super::fixtures::{count, fill};
use super::same::{open, theirs};
use super::scene::Scene;
use rusqlite::Connection;
use std::path::Path;

const PAGE: usize = 4096;

/// The first byte of a leaf of a table.
const LEAF: u8 = 13;

/// A table `t` with 5000 rows on a few hundred pages.
const ROWS: &str = "create table t(id integer primary key, body text);
    with recursive n(i) as (select 1 union all select i + 1 from n limit 5000)
    insert into t select i, 'row ' || i || ' ' || hex(zeroblob(100)) from n";

/// Writes one of its own leaves over the root page of the table `t`, as a disk does that writes to the wrong place: all other
/// leaves lead nowhere any more.
pub fn misdirect(path: &Path, db: Connection) {
    let root: i64 = db
        .query_row("select rootpage from sqlite_schema where name = 't'", [], |row| row.get(0))
        .expect("a root page");
    let root = usize::try_from(root).expect("a page");
    drop(db);
    let mut bytes = std::fs::read(path).expect("read");
    let leaf = (root..bytes.len() / PAGE).find(|page| bytes[page * PAGE] == LEAF).expect("a leaf");
    bytes.copy_within(leaf * PAGE..(leaf + 1) * PAGE, (root - 1) * PAGE);
    std::fs::write(path, bytes).expect("write");
}

/// A scene with a good snapshot, and a database that has been damaged since.
fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), ROWS);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    misdirect(&scene.path("app.db"), open(&scene.path("app.db")));
    assert!(count(&scene.path("app.db")) < 100);
    scene
}

#[test]
fn lost_pages_of_the_source_are_found_and_the_last_good_snapshot_stays() {
    let scene = scene();
    let good = scene.snapshots("backups");
    for arguments in [
        &["snapshot", "app.db", "--prune", "--keep-last", "1"][..],
        &["snapshot", "app.db", "--if-changed"],
        &["snapshot", "app.db", "--drill", "quick"],
        &["snapshot", "app.db", "-o", "other.db.gz"],
    ] {
        let run = scene.larder(arguments).run().fails(1).says("app.db is damaged: Page 3: never used (and ");
        assert!(run.says("--keep-damaged").stderr().len() < 500, "hundreds of pages are not listed");
    }
    assert_eq!(scene.snapshots("backups"), good);
    assert!(!scene.path("other.db.gz").exists());
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5000);
}

#[test]
fn what_is_left_of_a_source_with_lost_pages_is_kept_where_asked_and_marked() {
    let scene = scene();
    let path = scene.larder(["snapshot", "app.db", "--keep-damaged", "--compress", "none"]).run().succeeds();
    let path = path.says("app.db is damaged").printed_path();
    assert!(path.to_string_lossy().ends_with(".damaged.db"), "{path:?}");
    let pages = |path: &Path| std::fs::read(path).expect("read").split_off(PAGE);
    assert!(pages(&path) == pages(&scene.path("app.db")), "every page is kept");
    scene.larder(["prune", "backups", "--keep-last", "1", "--yes"]).run().succeeds();
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5000);
}

#[test]
fn a_restore_over_a_source_with_lost_pages_keeps_every_page_of_it() {
    let scene = scene();
    let damaged = std::fs::read(scene.path("app.db")).expect("read");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds().says("app.db is damaged");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert!(std::fs::read(scene.path("app.db")).expect("read") == damaged, "the pages came back");
}

#[test]
fn lost_pages_are_found_where_the_schema_needs_the_application() {
    let scene = Scene::new();
    for (name, column) in [("collation.db", "k text collate theirs unique"), ("function.db", "k")] {
        let path = scene.path(name);
        let db = open(&path);
        theirs(&db);
        db.execute_batch(&format!("create table other({column}); insert into other values (1), (2); {ROWS}"))
            .expect("fill");
        if name == "function.db" {
            db.execute_batch("create index by_theirs on other(theirs(k))").expect("an index");
        }
        let snapshot = |code: i32| {
            let run = scene.larder(["snapshot", name]).run();
            assert_eq!(run.code(), Some(code), "{run}");
            run
        };
        snapshot(0);
        misdirect(&path, db);
        snapshot(1).says("is damaged: ").says("pages are never used");
    }
}

#[test]
fn tables_that_lost_most_of_their_rows_are_told() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        &format!("{ROWS}; create table log(a); insert into log select id from t limit 1000"),
    );
    scene.larder(["snapshot", "app.db", "--to", "store"]).run().succeeds();
    let snapshot = |arguments: &[&str]| {
        scene.larder(["snapshot", "app.db", "--to", "store"].iter().chain(arguments)).run().succeeds()
    };
    fill(&scene.path("app.db"), "delete from log where a > 499");
    snapshot(&[]).says("log: 1000 rows, now 499 (in app-");
    fill(&scene.path("app.db"), "delete from t where id > 2000; drop table log");
    snapshot(&["--quiet"]).says("log: 1000 rows, now 0; t: 5000 rows, now 2000 (in app-");
    scene.larder(["pin", "--accept", "latest", "--from", "store"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from t where id > 1001");
    assert_eq!(snapshot(&[]).stderr().matches("warning").count(), 0, "less than half is not told");
}

#[test]
fn no_export_of_a_source_with_lost_pages_gets_into_a_store() {
    let scene = scene();
    let export = ["export", "app.db", "--to", "exports"];
    scene.larder(export).run().fails(1).says("app.db is damaged: ");
    assert_eq!(scene.snapshots("exports").len(), 0);
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    scene.larder(export).run().succeeds();
}
