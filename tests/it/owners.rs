//! What one user makes in the folder of another. Only root can try.

#![cfg(unix)]

use super::fixtures::{fill, numbered};
use super::scene::{Run, Scene};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;

const NOBODY: u32 = 65534;

/// A scene whose folder and database are nobody's; nothing where these tests may not do so.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn scene() -> Option<Scene> {
    if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
        println!("skipped: only root can be somebody else");
        return None;
    }
    let scene = Scene::new();
    let binary = scene.path("larder");
    std::fs::copy(env!("CARGO_BIN_EXE_larder"), &binary).expect("copy");
    numbered(&scene.path("app.db"), 5);
    for name in ["", "larder", "app.db"] {
        chown(scene.path(name), Some(NOBODY), Some(NOBODY)).expect("chown");
    }
    std::fs::set_permissions(binary, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    Some(scene)
}

fn as_nobody(scene: &Scene, arguments: &[&str]) -> Run {
    scene.larder_at(&scene.path("larder"), arguments, |command| {
        command.uid(NOBODY).gid(NOBODY);
    })
}

fn owner(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").uid()
}

#[test]
fn what_root_makes_in_a_store_is_its_owners() {
    let Some(scene) = scene() else { return };
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    assert_eq!(owner(&scene.path("backups")), NOBODY);
    for name in scene.names("backups") {
        assert_eq!(owner(&scene.path("backups").join(&name)), NOBODY, "{name}");
    }
    scene.larder(["snapshot", "app.db", "--if-changed"]).run().succeeds();
    as_nobody(&scene, &["snapshot", "app.db", "--if-changed"]).succeeds().says("unchanged");
    as_nobody(&scene, &["prune", "backups", "--keep-last", "1", "--yes"]).succeeds();
}

/// A restore by root left a folder that nobody else could look into, and no later restore went past it.
#[test]
fn what_root_moves_aside_is_the_folders_owners() {
    let Some(scene) = scene() else { return };
    as_nobody(&scene, &["snapshot", "app.db"]).succeeds();
    std::fs::write(scene.path("app.db"), "no database").expect("write");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    as_nobody(&scene, &["restore", "latest", "app.db"]).succeeds();
    as_nobody(&scene, &["restore", "--undo", "app.db"]).succeeds();
}

/// A restore by somebody who may not write to the file left sidecars with which its owner could not write either.
#[test]
fn a_database_that_may_not_be_written_to_is_refused_before_it_is_opened() {
    let Some(scene) = scene() else { return };
    as_nobody(&scene, &["snapshot", "app.db"]).succeeds();
    fill(&scene.path("app.db"), "pragma journal_mode = wal");
    chown(scene.path("app.db"), Some(0), Some(0)).expect("chown");
    std::fs::set_permissions(scene.path("app.db"), std::fs::Permissions::from_mode(0o644)).expect("chmod");
    for more in [&[][..], &["--dry-run"]] {
        let arguments = [&["restore", "latest", "app.db"], more].concat();
        as_nobody(&scene, &arguments).fails(1).says("may not be written to by this user");
        assert_eq!(scene.names(""), ["app.db", "backups", "larder"]);
    }
}

/// It left a folder `backups` with nothing in it.
#[test]
fn an_import_that_may_not_write_leaves_nothing() {
    let Some(scene) = scene() else { return };
    fill(
        &scene.path("b.db"),
        "create table t(id integer primary key, name text not null unique); insert into t values (1, 'a')",
    );
    scene.larder(["export", "b.db", "-o", "b.json"]).run().succeeds();
    fill(&scene.path("b.db"), "delete from t");
    for (name, mode) in [("b.db", 0o644), ("b.json", 0o644)] {
        std::fs::set_permissions(scene.path(name), std::fs::Permissions::from_mode(mode)).expect("chmod");
    }
    let run = as_nobody(&scene, &["import", "b.json", "b.db"]).fails(1);
    run.says("b.json is not imported into").says("may not be written to by this user");
    assert_eq!(scene.names(""), ["app.db", "b.db", "b.json", "larder"]);
}

#[test]
fn what_may_not_be_read_is_named() {
    let Some(scene) = scene() else { return };
    as_nobody(&scene, &["snapshot", "app.db"]).succeeds();
    scene.date(&format!("backups/{}", scene.snapshots("backups")[0]), "2026-01-05T10-00-00Z");
    as_nobody(&scene, &["snapshot", "app.db"]).succeeds();
    let newest = scene.snapshots("backups").pop().expect("one");
    let file = scene.path("backups").join(&newest);
    chown(&file, Some(0), Some(0)).expect("chown");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    let run = as_nobody(&scene, &["prune", "backups", "--keep-last", "1", "--yes"]);
    assert_eq!(run.code(), Some(1), "{run}");
    run.says(&format!("cannot drill {newest}"));
    assert_eq!(scene.snapshots("backups").len(), 2);
    let aside = scene.path("app.db.aside-2026-11-20T10-30-00Z");
    std::fs::create_dir(&aside).expect("a folder");
    std::fs::set_permissions(&aside, std::fs::Permissions::from_mode(0o700)).expect("chmod");
    let run = as_nobody(&scene, &["restore", "latest", "app.db"]).fails(1);
    run.says(&format!("{} may hold an interrupted restore", aside.display()))
        .says("run this as the user that the folder belongs to");
}
