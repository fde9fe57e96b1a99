//! Snapshots with files and their restore, failed and killed at each of their file operations: no file is ever lost.

use super::attached::{prepare, read, write};
use super::failpoints::{End, Trial, nothing_left_by_failure};
use super::fixtures::fill;
use super::same::content;
use super::scene::Scene;
use std::fs;

/// An archive without its manifest could belong to anything.
fn no_archive_alone(scene: &Scene) {
    for name in scene.names("backups").into_iter().filter(|name| name.contains(".files.tar")) {
        let manifest = name.replace(".files.tar.gz", ".meta.json");
        assert!(scene.path("backups").join(manifest).exists(), "{name} stands alone");
    }
}

#[test]
fn snapshot_with_files() {
    let points = Trial {
        name: "snapshot with files",
        prepare,
        arguments: &["snapshot", "app.db"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            no_archive_alone(scene);
        },
        after: |scene| {
            no_archive_alone(scene);
            let snapshots = scene.snapshots("backups");
            assert!(!snapshots.is_empty());
            for name in snapshots {
                scene.larder(["validate", &format!("backups/{name}")]).run().succeeds();
            }
        },
    }
    .run();
    assert!(points > 15);
}

/// An application with a snapshot, and other files since.
fn with_other_files(scene: &Scene) {
    prepare(scene);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "update attachments set cipher = 'later'");
    write(scene, "attachments/c1/f1", "changed since");
    fs::remove_dir_all(scene.path("attachments/c2")).expect("remove");
    write(scene, "attachments/c3/f3", "new since");
    write(scene, "rsa_key.pub", "new since");
}

fn is_restored(scene: &Scene) {
    assert_eq!(read(scene, "attachments/c1/f1"), "the first");
    assert_eq!(read(scene, "attachments/c2/f2"), "the second");
    assert_eq!(read(scene, "rsa_key.pem"), "a key");
    assert!(!scene.path("attachments/c3").exists() && !scene.path("rsa_key.pub").exists());
}

/// Whether a text is in a file of the scene, in a folder of it, or in the archive of a snapshot.
fn is_somewhere(scene: &Scene, name: &str, text: &str) -> bool {
    let moved = scene.names("").into_iter().filter(|folder| folder.starts_with("files-before-restore-"));
    let plain = read(scene, name) == text
        || moved.into_iter().any(|folder| read(scene, &format!("{folder}/{name}")) == text);
    plain
        || scene.names("backups").iter().filter(|file| file.ends_with(".files.tar.gz")).any(|archive| {
            let archive = scene.path("backups").join(archive);
            let out = std::process::Command::new("tar").arg("-xzOf").arg(archive).arg(name).output();
            out.is_ok_and(|out| out.stdout == text.as_bytes())
        })
}

fn nothing_is_lost(scene: &Scene, end: End) {
    if end == End::Fail {
        let left = scene.names("").into_iter().filter(|name| name.starts_with(".larder-tmp"));
        assert_eq!(left.collect::<Vec<_>>(), [""; 0], "a failure tidies up");
    }
    for (name, text) in [
        ("attachments/c1/f1", "changed since"),
        ("attachments/c3/f3", "new since"),
        ("rsa_key.pub", "new since"),
        ("rsa_key.pem", "a key"),
        ("attachments/c2/f2", "the second"),
    ] {
        assert!(is_somewhere(scene, name, text), "{name} is lost");
    }
    content(&scene.path("app.db"));
}

#[test]
fn restore_of_files_over_others() {
    let points = Trial {
        name: "restore of files",
        prepare: with_other_files,
        arguments: &["restore", "latest", "app.db"],
        promises: nothing_is_lost,
        after: |scene| {
            is_restored(scene);
            nothing_is_lost(scene, End::Kill);
        },
    }
    .run();
    assert!(points > 30);
}

#[test]
fn restore_of_files_where_the_database_is_gone() {
    Trial {
        name: "restore of files without a database",
        prepare: |scene| {
            with_other_files(scene);
            fs::remove_file(scene.path("app.db")).expect("remove");
        },
        arguments: &["restore", "latest", "app.db"],
        promises: |scene, _| {
            assert!(is_somewhere(scene, "attachments/c1/f1", "changed since"));
            assert!(is_somewhere(scene, "attachments/c3/f3", "new since"));
            assert!(is_somewhere(scene, "rsa_key.pub", "new since"));
        },
        after: |scene| {
            is_restored(scene);
            assert!(is_somewhere(scene, "attachments/c3/f3", "new since"));
        },
    }
    .run();
}
