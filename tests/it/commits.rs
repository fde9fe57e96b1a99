//! Errors of a commit, and after it: what was there before is never thrown away, and what happened decides the exit code.

use super::fixtures::{count, fill};
use super::scene::{Run, Scene};
use std::path::{Path, PathBuf};

/// The points that a command passes.
pub fn points(scene: &Scene, arguments: &[&str]) -> Vec<String> {
    let log = tempfile::NamedTempFile::new().expect("a file");
    scene.larder(arguments).env("LARDER_FAILPOINT_LOG", log.path()).run().succeeds();
    std::fs::read_to_string(log.path()).expect("read").lines().map(str::to_owned).collect()
}

/// Runs a command on a new scene, which fails at the last fail point of that name but so many.
fn fails_at(prepare: fn() -> Scene, arguments: &[&str], name: &str, but: usize) -> (Scene, Run) {
    let points = points(&prepare(), arguments);
    let number = points.iter().enumerate().rev().filter(|(_, point)| *point == name).nth(but);
    let number = number.unwrap_or_else(|| panic!("{name} is not among {points:?}")).0 + 1;
    let scene = prepare();
    let run = scene.larder(arguments).env("LARDER_FAILPOINT", format!("{number}:fail")).run();
    (scene, run)
}

/// `app.db` has 9 rows, its snapshot 5; `rows.json` has one more.
fn scene() -> Scene {
    let scene = super::restore::scene();
    std::fs::write(scene.path("rows.json"), "[{\"id\": 1000, \"name\": \"new\"}]").expect("write");
    scene
}

/// What a failed commit says, and where the state before is.
#[track_caller]
fn unknown(run: &Run) -> PathBuf {
    assert_eq!(run.code(), Some(1), "{run}");
    let json = run.json();
    assert_eq!(json["outcome"], "unknown", "{run}");
    assert!(json["error"].as_str().is_some_and(|error| error.contains("may or may not be")), "{run}");
    assert!(
        json["hint"].as_str().is_some_and(|hint| hint.contains("--undo") && hint.contains("--dry-run")),
        "{run}"
    );
    PathBuf::from(json["safety_snapshot"].as_str().expect("a path"))
}

#[test]
fn an_error_after_the_commit_of_a_restore_keeps_the_way_back() {
    for mode in ["delete", "wal"] {
        let prepare = if mode == "wal" {
            || {
                let scene = scene();
                fill(&scene.path("app.db"), "pragma journal_mode = wal");
                scene
            }
        } else {
            scene
        };
        // The last is that of the copy by which the result is compared.
        let (scene, run) = fails_at(prepare, &["restore", "latest", "app.db", "--json"], "copied pages", 1);
        assert!(unknown(&run).is_file(), "{mode}");
        assert_eq!(count(&scene.path("app.db")), 5, "it happened");
        scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), 9, "{mode}");
    }
}

#[test]
fn an_error_after_the_commit_of_an_import_keeps_the_way_back() {
    let arguments = ["import", "rows.json", "app.db", "--section", "t", "--json"];
    let (scene, run) = fails_at(scene, &arguments, "commit imported rows, done", 0);
    assert!(unknown(&run).is_file());
    assert_eq!(count(&scene.path("app.db")), 10, "it happened");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 9);
}

#[test]
fn an_error_after_the_commit_of_a_condensed_import_keeps_the_way_back() {
    fn prepare() -> Scene {
        let scene = Scene::new();
        for (name, row) in [("app.db", "('a', 'old')"), ("other.db", "('a', 'new')")] {
            fill(
                &scene.path(name),
                &format!("create table t(k text primary key, v text); insert into t values {row}"),
            );
        }
        scene.larder(["export", "other.db", "-o", "doc.json"]).run().succeeds();
        scene
    }
    let arguments = ["import", "doc.json", "app.db", "--on-conflict", "overwrite", "--json"];
    let (scene, run) = fails_at(prepare, &arguments, "commit imported items, done", 0);
    assert!(unknown(&run).is_file());
    let value = |scene: &Scene| -> String {
        super::same::open(&scene.path("app.db"))
            .query_row("select v from t", [], |row| row.get(0))
            .expect("a value")
    };
    assert_eq!(value(&scene), "new", "it happened");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(value(&scene), "old");
}

#[test]
fn an_error_before_the_commit_leaves_nothing_to_undo() {
    let arguments = ["import", "rows.json", "app.db", "--section", "t", "--json"];
    let (scene, run) = fails_at(scene, &arguments, "commit imported rows", 0);
    assert_eq!(run.code(), Some(1), "{run}");
    assert!(run.json().get("outcome").is_none(), "{run}");
    assert_eq!((count(&scene.path("app.db")), scene.snapshots("backups").len()), (9, 1));
}

#[test]
fn nobody_knows_either_where_nothing_was_kept() {
    let arguments = ["restore", "latest", "app.db", "--no-safety-snapshot", "--yes", "--json"];
    let (_scene, run) = fails_at(scene, &arguments, "copied pages", 1);
    assert_eq!(run.code(), Some(1), "{run}");
    let json = run.json();
    assert_eq!(json["outcome"], "unknown", "{run}");
    assert!(json["safety_snapshot"].is_null(), "{run}");
}

#[test]
fn a_result_that_cannot_be_compared_is_restored_all_the_same() {
    let (scene, run) = fails_at(scene, &["restore", "latest", "app.db"], "copied pages", 0);
    run.succeeds().says("could not be compared");
    assert_eq!(count(&scene.path("app.db")), 5);
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 9);
}

#[test]
fn how_to_undo_may_be_unsayable() {
    let (scene, run) = fails_at(scene, &["restore", "latest", "app.db"], "say how to undo", 0);
    run.succeeds().says("what was there is kept in").says("how to undo it cannot be said");
    assert_eq!(count(&scene.path("app.db")), 5);
    let arguments = ["import", "rows.json", "app.db", "--section", "t"];
    let (scene, run) = fails_at(self::scene, &arguments, "say how to undo", 0);
    run.succeeds().says("what was there is kept in").says("how to undo it cannot be said");
    assert_eq!(count(&scene.path("app.db")), 10);
}

#[test]
fn a_snapshot_that_stands_is_a_snapshot() {
    let (scene, run) = fails_at(scene, &["snapshot", "app.db", "--quiet"], "sync folder", 0);
    run.succeeds().says("it may be gone after a power failure");
    assert_eq!(scene.snapshots("backups").len(), 2);
    scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
}

#[test]
fn a_database_that_stands_is_restored() {
    fn prepare() -> Scene {
        let scene = scene();
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        scene
    }
    let (scene, run) = fails_at(prepare, &["restore", "latest", "app.db"], "sync folder", 0);
    run.succeeds().says("it may be gone after a power failure");
    assert_eq!(count(&scene.path("app.db")), 5);
}

/// Manifests without their snapshot, and snapshots without their manifest.
fn halves(scene: &Scene) -> Vec<String> {
    let names = scene.names("backups");
    let stem = |name: &String| {
        name.split(".meta.json").next().and_then(|stem| stem.split(".db").next()).map(str::to_owned)
    };
    let is_half = |name: &&String| names.iter().filter(|other| stem(other) == stem(name)).count() != 2;
    names.iter().filter(|name| name.starts_with("app-")).filter(is_half).cloned().collect()
}

#[test]
fn a_manifest_whose_snapshot_did_not_get_its_name_is_swept() {
    let points = points(&scene(), &["snapshot", "app.db"]);
    let mut found = 0;
    for number in 1..=points.len() {
        let scene = scene();
        scene.larder(["snapshot", "app.db"]).env("LARDER_FAILPOINT", format!("{number}:kill")).run();
        found += halves(&scene).len();
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        assert_eq!(halves(&scene), Vec::<String>::new(), "after a kill at {}", points[number - 1]);
    }
    assert!(found > 0, "no kill came between the two names");
}

#[test]
fn a_manifest_that_somebody_copied_first_stays() {
    let scene = scene();
    let other = Path::new("backups/app-2026-01-01T00-00-00Z.meta.json");
    let name =
        scene.names("backups").into_iter().find(|name| name.ends_with(".meta.json")).expect("a manifest");
    std::fs::copy(scene.path("backups").join(name), scene.path(other)).expect("copy");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    assert!(scene.path(other).is_file());
}

#[test]
fn a_move_that_fails_half_way_says_where_everything_is() {
    fn prepare() -> Scene {
        let scene = scene();
        std::fs::write(scene.path("app.db"), "no database any more").expect("write");
        scene
    }
    let points = points(&prepare(), &["restore", "latest", "app.db"]);
    let mut found = 0;
    for number in 1..=points.len() {
        let scene = prepare();
        let run = scene
            .larder(["restore", "latest", "app.db"])
            .env("LARDER_FAILPOINT", format!("{number}:fail"))
            .run();
        if std::fs::read(scene.path("app.db")).is_ok_and(|bytes| bytes == b"no database any more") {
            continue;
        }
        if run.code() == Some(0) {
            assert_eq!(count(&scene.path("app.db")), 5);
            continue;
        }
        found += 1;
        let run =
            run.fails(1).says(": what was at ").says("run the restore again: it finishes what was begun");
        let aside = scene.names("").into_iter().find(|name| name.contains(".aside-")).expect("a folder");
        run.says(&aside);
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), 5);
    }
    assert!(found > 0, "nothing failed half-way");
}
