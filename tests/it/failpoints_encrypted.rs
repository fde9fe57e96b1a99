//! Encrypted snapshots and keys, failed and killed at each of their file operations.

use super::failpoints::{End, Trial, nothing_left_by_failure};
use super::fixtures::{count, numbered};
use super::scene::Scene;
use std::path::Path;

/// A key that opens nothing but what these tests make, and its recipient.
const KEY: &str = "AGE-SECRET-KEY-1TW4YGS9U2LCH20ZNTMP7Q3K44HDSXCC4XW0PC8RKLD76U4SWGYJQEAWL9T";
const RECIPIENT: &str = "age1g8l794ykldh463axu6tu9n0gk8mxw57szsvn22m79lfm9rzxsgaq0rte2z";

fn with_key(scene: &Scene) {
    numbered(&scene.path("app.db"), 40);
    std::fs::write(scene.path("key"), KEY).expect("write");
}

/// Whether a file of a folder, or of one in it, is a database that anybody can read.
fn holds_a_database(folder: &Path) -> bool {
    let entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.iter().any(|entry| {
        let path = entry.path();
        let is_database =
            |bytes: Vec<u8>| bytes.starts_with(b"SQLite format 3\0") || bytes.starts_with(b"\x1f\x8b");
        if path.is_dir() { holds_a_database(&path) } else { std::fs::read(&path).is_ok_and(is_database) }
    })
}

#[test]
fn encrypted_snapshot_into_a_store() {
    let points = Trial {
        name: "encrypted snapshot",
        prepare: with_key,
        arguments: &["snapshot", "app.db", "--encrypt-to", RECIPIENT],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            assert!(!holds_a_database(&scene.path("backups")), "the store never holds it as it is");
            assert!(scene.snapshots("backups").is_empty() || end == End::Kill);
        },
        after: |scene| {
            let arguments =
                ["restore", "latest", "check.db", "--from", "backups", "--app", "app", "--identity", "key"];
            scene.larder(arguments).run().succeeds();
            assert_eq!(count(&scene.path("check.db")), 40);
            std::fs::remove_file(scene.path("check.db")).expect("remove");
        },
    }
    .run();
    assert!(points > 10);
}

#[test]
fn encrypted_export_to_a_file() {
    Trial {
        name: "encrypted export",
        prepare: with_key,
        arguments: &["export", "app.db", "-o", "x.json.gz.age", "--force", "--encrypt-to", RECIPIENT],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            if scene.path("x.json.gz.age").exists() {
                scene.larder(["validate", "x.json.gz.age", "--identity", "key"]).run().succeeds();
            }
        },
        after: |scene| {
            drop(scene.larder(["validate", "x.json.gz.age", "--identity", "key"]).run().succeeds());
        },
    }
    .run();
}

#[test]
fn restore_of_an_encrypted_snapshot() {
    Trial {
        name: "restore of an encrypted snapshot",
        prepare: |scene| {
            with_key(scene);
            scene
                .larder(["snapshot", "app.db", "-o", "a.db.gz.age", "--encrypt-to", RECIPIENT])
                .run()
                .succeeds();
        },
        arguments: &["restore", "a.db.gz.age", "new.db", "--identity", "key", "--yes"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            assert!(!scene.path("new.db").exists() || count(&scene.path("new.db")) == 40);
        },
        after: |scene| assert_eq!(count(&scene.path("new.db")), 40),
    }
    .run();
}
