//! Databases that are moved aside, and moves that were cut short.

use super::fixtures::{count, numbered};
use super::scene::Scene;

/// More than a restore passes fail points.
const POINTS: u32 = 45;

/// A scene with a snapshot of 5 rows, a document, and a file that is no database.
fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    std::fs::write(scene.path("app.db"), "no database any more").expect("write");
    scene
}

/// The folder of a move, and whether it is finished.
fn moved(scene: &Scene) -> Option<bool> {
    let folder = scene.names("").into_iter().find(|name| name.contains(".aside-"))?;
    let record = std::fs::read_to_string(scene.path(folder).join("larder-record.json")).ok()?;
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    record["done"].as_bool()
}

/// A move that had not begun was finished over the database that somebody had put there since.
#[test]
fn a_move_that_had_not_begun_is_forgotten_when_another_database_is_there() {
    let mut found = 0;
    for point in 1..=POINTS {
        let scene = scene();
        let run = scene
            .larder(["restore", "latest", "app.db"])
            .env("LARDER_FAILPOINT", format!("{point}:kill"))
            .run();
        assert!(point < POINTS || run.code() == Some(0), "there are more points");
        let untouched =
            std::fs::read(scene.path("app.db")).is_ok_and(|bytes| bytes == b"no database any more");
        if moved(&scene) != Some(false) || !untouched {
            continue;
        }
        found += 1;
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        numbered(&scene.path("app.db"), 40);
        scene.larder(["import", "doc.json", "app.db"]).run().fails(1);
        assert_eq!(count(&scene.path("app.db")), 40);
        let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
        assert!(json["safety_snapshot"].is_string(), "{json}");
        assert_eq!(count(&scene.path("app.db")), 5);
        scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), 40);
        assert_eq!(moved(&scene), None, "the move is forgotten");
    }
    assert!(found > 0, "no kill came between the record and the first move");
}

/// A move that failed before its first file left a folder that stood in the way of every later restore.
#[cfg(unix)]
#[test]
fn a_move_that_fails_leaves_nothing() {
    let mut failed = 0;
    for point in 1..=POINTS {
        let scene = scene();
        let run = scene
            .larder(["restore", "latest", "app.db"])
            .env("LARDER_FAILPOINT", format!("{point}:fail"))
            .run();
        if run.code() == Some(0) {
            continue;
        }
        failed += 1;
        if std::fs::read(scene.path("app.db")).is_ok_and(|bytes| bytes == b"no database any more") {
            assert_eq!(scene.names(""), ["app.db", "backups", "doc.json"], "{run}");
        }
    }
    assert!(failed > 10, "{failed}");
    let scene = scene();
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"bad\xff.db");
    std::fs::write(scene.path(name), "no database any more").expect("write");
    for _ in 0..2 {
        let arguments = ["restore".as_ref(), "latest".as_ref(), name, "--app".as_ref(), "app".as_ref()];
        scene.larder(arguments).run().fails(1).says("is not UTF-8");
        assert_eq!(scene.names("").len(), 4, "{:?}", scene.names(""));
    }
}

/// A record that larder cannot have written would have moved any file anywhere.
#[test]
fn a_record_that_larder_did_not_write_moves_nothing() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    std::fs::write(scene.path("precious"), "theirs").expect("write");
    let moved =
        |name: &str| format!(r#"[{{"name": "{name}", "size": 1, "modified": null, "number": null}}]"#);
    let folder = "app.db.aside-2026-11-20T10-30-00Z";
    std::fs::create_dir(scene.path(folder)).expect("a folder");
    for (files, incoming) in [
        (&moved("precious"), "[]"),
        (&moved("app.db"), r#"[["precious", "app.db"]]"#),
        (&moved("app.db"), r#"[["app.db.aside-2026-11-20T10-30-00Z/../precious", "app.db"]]"#),
        (&moved("app.db"), r#"[["app.db.aside-2026-11-20T10-30-00Z/app.db", "../app.db"]]"#),
    ] {
        let record = format!(
            r#"{{"version": 1, "at": "2026-11-20T10:30:00Z", "done": false, "files": {files}, "incoming": {incoming}, "restored": "x", "content_sha256": null}}"#
        );
        std::fs::write(scene.path(folder).join("larder-record.json"), record).expect("write");
        for command in [&["restore", "latest", "app.db"][..], &["restore", "--undo", "app.db"]] {
            scene.larder(command).run().fails(1).says("says something that larder does not write");
        }
        assert_eq!(std::fs::read(scene.path("precious")).expect("it is there"), b"theirs");
        assert_eq!(count(&scene.path("app.db")), 5);
    }
    // A folder that only looks like one is none of ours.
    std::fs::rename(scene.path(folder), scene.path("app.db.aside-mine")).expect("rename");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
}
