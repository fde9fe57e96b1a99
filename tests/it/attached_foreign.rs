//! Files that somebody else's snapshot has, and what lies where they would be: nothing is lost, and nothing is put where no
//! settings say that it belongs.

use super::attached::{prepare, read, write};
use super::fixtures::fill;
use super::same::content;
use super::scene::Scene;
use std::fs;
use std::path::PathBuf;

const ALL: &str = "[files]\npaths = [\"*\"]\n";

fn snapshot(scene: &Scene, arguments: &[&str]) -> String {
    let path: PathBuf = scene.larder(["snapshot"].iter().chain(arguments)).run().succeeds().printed_path();
    path.to_string_lossy().into_owned()
}

/// Two machines: on the first, the application has a folder `backups` and another database; on the second, larder has them.
fn two_machines() -> (Scene, String) {
    let scene = Scene::new();
    for machine in ["m1", "m2"] {
        fs::create_dir(scene.path(machine)).expect("a folder");
        fill(
            &scene.path(format!("{machine}/app.db")),
            &format!("create table t(a); insert into t values ('{machine}')"),
        );
    }
    write(&scene, "m1/backups/own.txt", "the application's own");
    fill(&scene.path("m1/other.db"), "create table t(a); insert into t values ('old')");
    write(&scene, "larder.toml", ALL);
    let path = snapshot(&scene, &["m1/app.db", "--to", "out", "--create"]);
    (scene, path)
}

#[test]
fn an_archive_never_takes_the_place_of_a_store_or_of_the_database() {
    let (scene, path) = two_machines();
    snapshot(&scene, &["m2/app.db"]);
    let (names, before) = (scene.names("m2/backups"), content(&scene.path("m2/app.db")));
    for flag in ["--files", "--dry-run", "--no-safety-snapshot"] {
        let run = scene.larder(["restore", &path, "m2/app.db", "--yes", flag]).run().fails(1);
        run.says("the snapshot has the files \"backups\", which here is a store");
        assert_eq!(scene.names("m2/backups"), names);
        assert!(content(&scene.path("m2/app.db")) == before);
        assert_eq!(scene.names("m2"), ["app.db", "backups"]);
    }
    // Nor of a store that is not there yet, nor of the very database that is restored.
    fs::remove_dir_all(scene.path("m2/backups")).expect("remove");
    scene
        .larder(["restore", &path, "m2/app.db", "--yes"])
        .run()
        .fails(1)
        .says("\"backups\", which here is a store");
    fs::create_dir(scene.path("m3")).expect("a folder");
    let run = scene.larder(["restore", &path, "m3/other.db", "--app", "app", "--yes"]).run().fails(1);
    run.says("which here is");
    assert_eq!(scene.names("m3"), [""; 0]);
    scene.larder(["restore", &path, "m2/app.db", "--yes", "--no-files"]).run().succeeds();
}

#[test]
fn settings_are_neither_packed_nor_put_back() {
    let scene = Scene::new();
    prepare(&scene);
    write(&scene, "larder.toml", ALL);
    write(&scene, "attachments/c1/larder.toml", "somebody's file");
    let path = snapshot(&scene, &["app.db"]);
    write(&scene, "larder.toml", "# other\n[files]\npaths = [\"*\"]\n");
    fs::remove_dir_all(scene.path("attachments")).expect("remove");
    scene.larder(["restore", &path, "app.db"]).run().succeeds();
    assert!(read(&scene, "larder.toml").starts_with("# other"));
    assert_eq!(read(&scene, "attachments/c1/larder.toml"), "somebody's file");
}

#[cfg(unix)]
#[test]
fn what_no_snapshot_takes_stays_when_its_folder_is_replaced() {
    let scene = Scene::new();
    prepare(&scene);
    let path = snapshot(&scene, &["app.db"]);
    std::os::unix::fs::symlink("/etc/passwd", scene.path("attachments/c1/outside")).expect("a link");
    write(&scene, "attachments/c1/.larder-notes", "somebody's");
    write(&scene, "attachments/c1/f1", "changed since");
    write(&scene, "rsa_key.pem", "a newer key");
    let run = scene.larder(["restore", &path, "app.db"]).run().succeeds();
    let run = run.says("no snapshot takes \"attachments/c1/.larder-notes\", \"attachments/c1/outside\"");
    run.says("the files that were there were moved to");
    assert_eq!(read(&scene, "attachments/c1/f1"), "the first");
    assert!(!scene.path("attachments/c1/outside").is_symlink());
    let kept =
        scene.names("").into_iter().find(|name| name.starts_with("files-before-restore-")).expect("a folder");
    assert_eq!(scene.names(&kept), ["attachments"], "the key is in the safety snapshot");
    assert!(scene.path(&kept).join("attachments/c1/outside").is_symlink());
    assert_eq!(read(&scene, &format!("{kept}/attachments/c1/.larder-notes")), "somebody's");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(read(&scene, "attachments/c1/f1"), "changed since");
    assert_eq!(read(&scene, "rsa_key.pem"), "a newer key");
}

#[test]
fn a_store_in_a_folder_that_would_be_replaced_is_refused_first() {
    let scene = Scene::new();
    prepare(&scene);
    let path = snapshot(&scene, &["app.db"]);
    fs::create_dir(scene.path("attachments/c1/deep")).expect("a folder");
    // Older versions left no marker in a store.
    for name in scene.names("backups").into_iter().filter(|name| !name.starts_with('.')) {
        fs::copy(scene.path("backups").join(&name), scene.path("attachments/c1/deep").join(&name))
            .expect("copy");
    }
    write(&scene, "attachments/c1/f1", "changed since");
    fill(&scene.path("app.db"), "update attachments set cipher = 'later'");
    let before = content(&scene.path("app.db"));
    for flag in ["--yes", "--dry-run"] {
        let run = scene.larder(["restore", &path, "app.db", flag]).run().fails(1);
        run.says("attachments/c1/deep is a store, in a folder which the files of the snapshot would replace");
    }
    assert!(content(&scene.path("app.db")) == before);
    assert_eq!(read(&scene, "attachments/c1/f1"), "changed since");
    scene
        .larder(["snapshot", "app.db"])
        .run()
        .succeeds()
        .says("not copied: attachments/c1/deep is a store of snapshots");
}

#[test]
fn files_that_no_settings_here_name_need_to_be_asked_for() {
    let scene = Scene::new();
    prepare(&scene);
    write(&scene, ".bashrc", "evil");
    write(&scene, "larder.toml", "[files]\npaths = [\"attachments/\", \".bashrc\"]\n");
    let path = snapshot(&scene, &["app.db", "--to", "out", "--create"]);
    write(&scene, ".bashrc", "mine");
    let restore = |arguments: &[&str]| {
        let all = [&["restore", path.as_str(), "app.db"], arguments].concat();
        scene.larder(all).run()
    };
    for settings in
        ["", "[files]\npaths = [\"attachments/\"]\n", "[files]\npaths = [\"bash*\", \"attachments/*\"]\n"]
    {
        write(&scene, "larder.toml", settings);
        for flag in ["--yes", "--dry-run"] {
            let run = restore(&[flag]).fails(2).says("names: ").says("\".bashrc\"");
            run.says("--files puts them back all the same");
        }
    }
    assert_eq!((read(&scene, ".bashrc"), scene.snapshots("backups").len()), ("mine".to_owned(), 0));
    restore(&["--files"]).succeeds().says("3 files are put back");
    assert_eq!(read(&scene, ".bashrc"), "evil");
    // What was kept here goes back without a word.
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(read(&scene, ".bashrc"), "mine");
}

#[test]
fn what_begins_with_a_dot_in_the_home_folder_needs_to_be_asked_for() {
    let scene = Scene::new();
    prepare(&scene);
    write(&scene, "home/.bashrc", "evil");
    fs::rename(scene.path("app.db"), scene.path("home/app.db")).expect("rename");
    write(&scene, "larder.toml", ALL);
    let path = snapshot(&scene, &["home/app.db", "--to", "out", "--create"]);
    write(&scene, "home/.bashrc", "mine");
    let home = scene.path("home");
    let restore = |arguments: &[&str]| {
        let all = [&["restore", path.as_str(), "home/app.db", "--yes"], arguments].concat();
        scene.larder(all).env("HOME", &home).run()
    };
    restore(&[]).fails(2).says("the snapshot has \".bashrc\", which would be in your home folder");
    assert_eq!(read(&scene, "home/.bashrc"), "mine");
    restore(&["--files"]).succeeds();
    assert_eq!(read(&scene, "home/.bashrc"), "evil");
}

#[cfg(unix)]
#[test]
fn files_behind_a_link_to_another_file_system_are_put_back() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let scene = Scene::new();
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let device = |path: &std::path::Path| fs::metadata(path).expect("it is there").dev();
    if device(disk.path()) == device(&scene.path("")) {
        return;
    }
    prepare(&scene);
    symlink(disk.path(), scene.path("data")).expect("a link");
    write(&scene, "data/one/f", "in a folder");
    write(&scene, "data/plain", "a file");
    write(&scene, "larder.toml", "[files]\npaths = [\"data/*\"]\n");
    let path = snapshot(&scene, &["app.db"]);
    write(&scene, "data/one/f", "changed");
    fs::remove_file(scene.path("data/plain")).expect("remove");
    write(&scene, "data/new", "new since");
    scene.larder(["restore", &path, "app.db"]).run().succeeds();
    assert_eq!(read(&scene, "data/one/f"), "in a folder");
    assert_eq!(read(&scene, "data/plain"), "a file");
    assert!(!scene.path("data/new").exists() && scene.path("data").is_symlink());
    // Into an empty one too.
    fs::remove_dir_all(scene.path("data/one")).expect("remove");
    fs::remove_file(scene.path("data/plain")).expect("remove");
    scene.larder(["restore", &path, "app.db"]).run().succeeds();
    assert_eq!(scene.names("data"), ["one", "plain"]);
}

#[test]
fn an_archive_without_a_manifest_is_told() {
    let scene = Scene::new();
    prepare(&scene);
    let path = snapshot(&scene, &["app.db"]);
    fs::remove_file(path.replace(".db.gz", ".meta.json")).expect("remove");
    let run = scene.larder(["restore", &path, "app.db", "--yes"]).run().succeeds();
    run.says(".files.tar.gz is not put back: the snapshot has no manifest that says what it is");
}
