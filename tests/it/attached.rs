//! The files that belong to a database: copied, drilled, restored, pruned and carried about with its snapshots.

use super::fixtures::fill;
use super::known::vaultwarden_tables;
use super::scene::Scene;
use super::servers::{Place, s3, webdav};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SETTINGS: &str =
    "[files]\npaths = [\"attachments/\", \"rsa_key*\"]\nreferences = { attachments = \"id\" }\n";

/// An application with two attachments, a key, and settings that say so.
fn application() -> Scene {
    let scene = Scene::new();
    prepare(&scene);
    scene
}

/// Makes it.
pub fn prepare(scene: &Scene) {
    let rows = "create table attachments(id text, cipher text); insert into attachments values ('f1', 'c1'), ('f2', 'c2')";
    fill(&scene.path("app.db"), rows);
    write(scene, "attachments/c1/f1", "the first");
    write(scene, "attachments/c2/f2", "the second");
    fs::create_dir(scene.path("attachments/empty")).expect("a folder");
    write(scene, "rsa_key.pem", "a key");
    write(scene, "other.txt", "not meant");
    write(scene, "larder.toml", SETTINGS);
}

pub fn write(scene: &Scene, name: &str, text: &str) {
    let path = scene.path(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("write");
}

pub fn read(scene: &Scene, name: &str) -> String {
    fs::read_to_string(scene.path(name)).unwrap_or_else(|error| format!("{name}: {error}"))
}

/// The archives of files in a store.
fn archives(scene: &Scene, store: &str) -> Vec<String> {
    scene.names(store).into_iter().filter(|name| name.contains(".files.tar")).collect()
}

fn manifest(snapshot: &Path) -> Value {
    let name = snapshot.to_string_lossy();
    let stem = name.split(".db").next().expect("a stem");
    serde_json::from_slice(&fs::read(format!("{stem}.meta.json")).expect("a manifest")).expect("JSON")
}

/// The archive beside a snapshot.
fn archive_of(snapshot: &Path) -> PathBuf {
    PathBuf::from(snapshot.to_string_lossy().replace(".db.gz", ".files.tar.gz"))
}

fn snapshot(scene: &Scene) -> PathBuf {
    scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path()
}

#[test]
fn a_snapshot_takes_the_files_that_the_settings_name() {
    let scene = application();
    let run = scene.larder(["snapshot", "app.db"]).run().succeeds();
    let run = run.says("3 files, 24 B; packed into").says("2 files that rows name are there");
    let path = run.printed_path();
    let manifest = manifest(&path);
    let files = &manifest["files"];
    assert_eq!(files["contents"]["count"], 3);
    assert_eq!(files["contents"]["named"], 2);
    assert_eq!(files["contents"]["missing"], 0);
    assert_eq!(files["contents"]["paths"], serde_json::json!(["attachments/", "rsa_key*"]));
    assert_eq!(files["size"], fs::metadata(archive_of(&path)).expect("it is there").len());
    let listed = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(listed["snapshots"][0]["files"]["count"], 3);
    assert!(scene.larder(["list"]).run().succeeds().stdout().contains(" + 3 files"));
    scene.larder(["validate"]).arg(&path.to_string_lossy()).run().succeeds();
    scene.larder(["check", "--drill"]).run().succeeds();
    let alone = scene.larder(["validate"]).arg(&archive_of(&path).to_string_lossy()).run();
    assert_eq!(alone.code(), Some(3), "{alone}");
    assert!(alone.stdout().contains("it holds the files of app-"), "{alone}");
    // Without them where that is said, and without a manifest's word of them.
    let path = scene.larder(["snapshot", "app.db", "--no-files"]).run().succeeds().printed_path();
    assert!(!archive_of(&path).exists());
    assert_eq!(self::manifest(&path)["files"], Value::Null);
}

#[cfg(unix)]
#[test]
fn tar_alone_unpacks_it_and_it_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scene = application();
    let archive = archive_of(&snapshot(&scene));
    assert_eq!(fs::metadata(&archive).expect("there").permissions().mode() & 0o777, 0o600);
    fs::create_dir(scene.path("out")).expect("a folder");
    let done = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(scene.path("out")).status();
    assert!(done.expect("there is a tar").success());
    assert_eq!(read(&scene, "out/attachments/c1/f1"), "the first");
    assert!(scene.path("out/attachments/empty").is_dir());
    assert_eq!(scene.names("out"), ["attachments", "rsa_key.pem"]);
}

#[test]
fn files_are_restored_with_the_database_and_an_undo_brings_back_those_that_were_there() {
    let scene = application();
    let path = snapshot(&scene);
    fill(
        &scene.path("app.db"),
        "delete from attachments where id = 'f1'; insert into attachments values ('f3', 'c3')",
    );
    fs::remove_dir_all(scene.path("attachments/c1")).expect("remove");
    write(&scene, "attachments/c2/f2", "the second, changed");
    write(&scene, "attachments/c3/f3", "the third");
    write(&scene, "rsa_key.pub", "a newer key");
    let run = scene.larder(["restore", &path.to_string_lossy(), "app.db", "--json"]).run().succeeds().json();
    assert_eq!((run["files"].as_u64(), run["files_moved"].as_array().map(Vec::len)), (Some(3), Some(0)));
    assert_eq!(read(&scene, "attachments/c1/f1"), "the first");
    assert_eq!(read(&scene, "attachments/c2/f2"), "the second");
    assert_eq!(scene.names("attachments"), ["c1", "c2", "empty"]);
    assert_eq!(read(&scene, "rsa_key.pem"), "a key");
    assert!(!scene.path("rsa_key.pub").exists());
    assert_eq!(read(&scene, "other.txt"), "not meant");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds().says("files are put back");
    assert_eq!(scene.names("attachments"), ["c2", "c3", "empty"]);
    assert_eq!(read(&scene, "attachments/c2/f2"), "the second, changed");
    assert_eq!(read(&scene, "rsa_key.pub"), "a newer key");
    // And an undo of the undo.
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(scene.names("attachments"), ["c1", "c2", "empty"]);
    let left = scene
        .names("")
        .into_iter()
        .filter(|name| name.starts_with("files-before") || name.starts_with(".larder-tmp"));
    assert_eq!(left.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn files_that_no_safety_snapshot_has_are_moved_aside() {
    let scene = application();
    let path = snapshot(&scene);
    fs::remove_file(scene.path("app.db")).expect("remove");
    write(&scene, "attachments/c9/f9", "only here");
    let run = scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().succeeds();
    run.says("the files that were there were moved to");
    assert_eq!(scene.names("attachments"), ["c1", "c2", "empty"]);
    let moved =
        scene.names("").into_iter().find(|name| name.starts_with("files-before-restore-")).expect("a folder");
    assert_eq!(read(&scene, &format!("{moved}/attachments/c9/f9")), "only here");
    // What is as it should be is left alone.
    fs::remove_file(scene.path("app.db")).expect("remove");
    scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().succeeds();
    let moved = scene.names("").into_iter().filter(|name| name.starts_with("files-before-restore-"));
    assert_eq!(moved.count(), 1);
}

#[test]
fn a_new_machine_gets_both_and_no_files_gets_the_database_alone() {
    let scene = application();
    let path = snapshot(&scene);
    fs::create_dir(scene.path("new")).expect("a folder");
    let restore = |arguments: &[&str]| {
        let all = [&["restore", path.to_str().expect("text"), "new/app.db"], arguments].concat();
        scene.larder(all).run().succeeds()
    };
    restore(&["--no-files"]);
    assert!(!scene.names("new").contains(&"attachments".to_owned()));
    restore(&["--dry-run"]);
    assert!(!scene.names("new").contains(&"attachments".to_owned()));
    restore(&[]).says("3 files are put back");
    assert_eq!(read(&scene, "new/attachments/c2/f2"), "the second");
}

#[test]
fn a_missing_file_is_told_and_none_at_all_is_an_error() {
    let scene = application();
    fs::remove_dir_all(scene.path("attachments/c1")).expect("remove");
    let run = scene.larder(["snapshot", "app.db"]).run().succeeds();
    let run = run.says("1 of 2 files that a row names is not there: \"f1\" (attachments.id)");
    let path = run.printed_path();
    // As it was then: a warning, and no error.
    let valid = scene.larder(["validate"]).arg(&path.to_string_lossy()).run().succeeds();
    assert!(valid.stdout().contains("warning: files: 1 of 2 files"), "{valid}");
    fs::rename(scene.path("attachments"), scene.path("elsewhere")).expect("rename");
    let before = scene.names("backups");
    let run = scene.larder(["snapshot", "app.db"]).run().fails(1);
    run.says("2 of 2 files that rows name are not there").says("--no-files leaves files out");
    assert_eq!(scene.names("backups"), before, "a failed snapshot leaves nothing");
    scene.larder(["snapshot", "app.db", "--no-files"]).run().succeeds();
}

#[test]
fn if_changed_sees_files_that_changed() {
    let scene = application();
    let take = || scene.larder(["snapshot", "app.db", "--if-changed", "--json"]).run().succeeds().json();
    assert!(take()["snapshot"].is_string());
    assert_eq!(take()["skipped"], "unchanged");
    write(&scene, "attachments/c1/f1", "another text");
    assert!(take()["snapshot"].is_string());
    assert_eq!(take()["skipped"], "unchanged");
    assert_eq!(archives(&scene, "backups").len(), 2);
}

#[test]
fn an_archive_goes_with_its_snapshot() {
    let scene = application();
    let paths: Vec<PathBuf> = (0..3).map(|_| snapshot(&scene)).collect();
    let pruned =
        scene.larder(["prune", "backups", "--keep-last", "2", "--yes", "--json"]).run().succeeds().json();
    let with_files = fs::metadata(&paths[1]).expect("there").len()
        + fs::metadata(archive_of(&paths[1])).expect("there").len();
    assert!(pruned["freed"].as_u64().is_some_and(|freed| freed.abs_diff(with_files) < 100), "{pruned}");
    assert_eq!(archives(&scene, "backups").len(), 2);
    scene.larder(["store", "rm", &paths[1].to_string_lossy(), "--yes"]).run().succeeds();
    assert_eq!(archives(&scene, "backups").len(), 1);
    // One whose archive is gone is no good snapshot any more.
    fs::remove_file(archive_of(&paths[2])).expect("remove");
    let checked = scene.larder(["check", "backups"]).run();
    assert_eq!(checked.code(), Some(3), "{checked}");
    assert!(checked.stdout().contains("has lost the archive of its files"), "{checked}");
    let run = scene.larder(["validate"]).arg(&paths[2].to_string_lossy()).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("error: files: the archive of its files,"), "{run}");
    let run = scene.larder(["restore", &paths[2].to_string_lossy(), "app.db"]).run().fails(3);
    run.says("--no-files restores the database alone");
    scene.larder(["restore", &paths[2].to_string_lossy(), "app.db", "--no-files"]).run().succeeds();
}

#[test]
fn a_damaged_archive_is_never_put_back() {
    let scene = application();
    let path = snapshot(&scene);
    let archive = archive_of(&path);
    let whole = fs::read(&archive).expect("read");
    write(&scene, "attachments/c1/f1", "as it is now");
    let mut flipped = whole.clone();
    let at = flipped.len() / 2;
    flipped[at] ^= 0x10;
    for damaged in [&whole[..whole.len() / 2], &flipped, &[][..], b"no archive"] {
        fs::write(&archive, damaged).expect("write");
        let run = scene.larder(["validate"]).arg(&path.to_string_lossy()).run();
        assert_eq!(run.code(), Some(3), "{run}");
        scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().fails(3);
        scene.larder(["restore", &path.to_string_lossy(), "app.db", "--dry-run"]).run().fails(3);
        assert_eq!(read(&scene, "attachments/c1/f1"), "as it is now");
    }
}

#[cfg(unix)]
#[test]
fn links_and_strange_names_and_what_is_no_file_are_thought_of() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let scene = application();
    let link = |target: &str, name: &str| symlink(target, scene.path(name)).expect("a link");
    link("../rsa_key.pem", "attachments/inside");
    link("/etc/passwd", "attachments/outside");
    link("nowhere", "attachments/dangling");
    link(".", "attachments/circle");
    let long = format!("attachments/{}/{}", "f".repeat(120), "g".repeat(200));
    write(&scene, &long, "long");
    write(&scene, "attachments/two\nlines \u{1b}[31m'\"", "strange");
    let bytes = std::ffi::OsStr::from_bytes(b"attachments/\xff\xfe");
    fs::write(scene.path(bytes), "bytes").expect("write");
    let pipe = Command::new("mkfifo").arg(scene.path("attachments/pipe")).status();
    assert!(pipe.expect("it runs").success());
    // A link that is named itself is followed, as a folder on another disk is.
    fs::rename(scene.path("attachments"), scene.path("disk")).expect("rename");
    link("disk", "attachments");
    let run = scene.larder(["snapshot", "app.db"]).run().succeeds();
    let run =
        run.says("attachments/outside is a link that leads out").says("attachments/pipe is neither a file");
    let path = run.printed_path();
    scene.larder(["validate"]).arg(&path.to_string_lossy()).run().succeeds();
    for name in scene.names("disk").into_iter().filter(|name| name != "empty") {
        let path = scene.path("disk").join(name);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
    scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().succeeds();
    assert!(scene.path("attachments").is_symlink(), "the link stays, and its folder is filled");
    assert_eq!(read(&scene, &long), "long");
    assert_eq!(read(&scene, "disk/two\nlines \u{1b}[31m'\""), "strange");
    assert_eq!(fs::read(scene.path(bytes)).expect("read"), b"bytes");
    assert_eq!(read(&scene, "attachments/c1/f1"), "the first");
    assert_eq!(fs::read_link(scene.path("disk/inside")).expect("a link"), Path::new("../rsa_key.pem"));
    assert_eq!(fs::read_link(scene.path("disk/dangling")).expect("a link"), Path::new("nowhere"));
    assert!(!scene.path("disk/outside").is_symlink() && !scene.path("disk/pipe").exists());
    assert_eq!(scene.names("disk").iter().filter(|name| name.starts_with(".larder")).count(), 0);
}

#[cfg(unix)]
#[test]
fn owner_mode_and_time_come_back() {
    use std::os::unix::fs::PermissionsExt;
    let scene = application();
    let key = scene.path("rsa_key.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("set");
    let past = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    fs::File::options().write(true).open(&key).and_then(|file| file.set_modified(past)).expect("set");
    let path = snapshot(&scene);
    fs::remove_file(&key).expect("remove");
    scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().succeeds();
    let metadata = fs::metadata(&key).expect("it is back");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(metadata.modified().expect("a time"), past);
}

#[test]
fn neither_the_database_nor_stores_are_among_the_files() {
    let scene = application();
    write(&scene, "larder.toml", "[files]\npaths = [\"*\"]\n");
    snapshot(&scene);
    scene.larder(["snapshot", "app.db", "--to", "elsewhere", "--app", "other"]).run().succeeds();
    let path = snapshot(&scene);
    assert_eq!(manifest(&path)["files"]["contents"]["count"], 4, "two attachments, the key, the text");
    write(&scene, "other.txt", "changed");
    scene.larder(["restore", &path.to_string_lossy(), "app.db"]).run().succeeds();
    assert_eq!(read(&scene, "other.txt"), "not meant");
    assert!(scene.path("backups").is_dir() && scene.path("elsewhere").is_dir());
}

#[test]
fn settings_that_make_no_sense_are_errors_that_say_where() {
    let scene = application();
    for (settings, says) in [
        ("[files]\npaths = [\"../up\"]\n", "larder.toml:2:9: files.paths: \"../up\" leads out of the folder"),
        ("[files]\npaths = [\"/etc\"]\n", "\"/etc\" leads out of the folder of the database"),
        ("[files]\npaths = [\".\"]\n", "\".\" means the folder of the database itself"),
        ("[files]\npaths = []\n", "files.paths: this list is empty"),
        ("[files]\n", "files lacks paths"),
        (
            "[files]\npaths = [\"a\"]\nreferences.t = false\n",
            "files.references.t: this must be the name of a column",
        ),
        (
            "[files]\npaths = [\"rsa_key*\"]\nreferences = { nothing = \"id\" }\n",
            "there is no column nothing.id",
        ),
    ] {
        write(&scene, "larder.toml", settings);
        scene.larder(["snapshot", "app.db"]).run().fails(2).says(says);
    }
    write(&scene, "larder.toml", "[files]\npaths = [\"rsa_key*\", \"gone/\"]\n");
    scene.larder(["snapshot", "app.db"]).run().succeeds().says("nothing is called gone/ in");
    fs::remove_file(scene.path("larder.toml")).expect("remove");
    scene.larder(["snapshot", "app.db", "--files"]).run().fails(2).says("nothing says which files belong");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_error_and_leaves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let scene = application();
    fs::set_permissions(scene.path("attachments/c1/f1"), fs::Permissions::from_mode(0o000)).expect("set");
    if fs::read(scene.path("attachments/c1/f1")).is_ok() {
        // Root reads everything.
        return;
    }
    scene.larder(["snapshot", "app.db"]).run().fails(1).says("cannot open").says("c1/f1");
    assert_eq!(scene.snapshots("backups"), [""; 0]);
}

#[test]
fn other_stores_get_the_files_too() {
    let scene = application();
    scene.larder(["snapshot", "app.db", "--also-to", "second"]).run().succeeds();
    assert_eq!(archives(&scene, "second"), archives(&scene, "backups"));
    let name = scene.snapshots("second")[0].clone();
    scene.larder(["validate", &format!("second/{name}")]).run().succeeds();
}

#[test]
fn remote_stores_get_and_give_files() {
    for start in [s3, webdav] {
        let scene = application();
        let Some(server) = start(&scene) else { continue };
        let url = server.url().to_owned();
        let run = |arguments: &[&str]| server.larder(&scene, arguments).run().succeeds();
        let made = run(&["snapshot", "app.db", "--to", &url, "--also-to", "second", "--json"]).json();
        assert!(made["manifest"]["files"]["contents"]["count"] == 3, "{made}");
        let name = scene.snapshots("second")[0].clone();
        let first = format!("{url}/{name}");
        run(&["validate", &first]);
        fs::create_dir(scene.path("new")).expect("a folder");
        run(&["restore", &first, "new/app.db"]).says("3 files are put back");
        assert_eq!(read(&scene, "new/attachments/c1/f1"), "the first");
        let again = run(&["snapshot", "app.db", "--to", &url, "--json"]).json();
        assert!(again["manifest"]["files"]["upload"]["verified"].is_string(), "{again}");
        run(&["check", &url, "--drill"]);
        run(&["prune", &url, "--keep-last", "1", "--yes"]);
        run(&["store", "get", again["snapshot"].as_str().expect("a URL")]);
        let archive = first.replace(".db.gz", ".files.tar.gz");
        server.larder(&scene, &["store", "get", &archive]).run().fails(1).says("there is no file");
    }
}

/// A key that opens nothing but what these tests make, and its recipient.
const KEY: &str = "AGE-SECRET-KEY-1TW4YGS9U2LCH20ZNTMP7Q3K44HDSXCC4XW0PC8RKLD76U4SWGYJQEAWL9T";
const RECIPIENT: &str = "age1g8l794ykldh463axu6tu9n0gk8mxw57szsvn22m79lfm9rzxsgaq0rte2z";

#[test]
fn encrypted_snapshots_encrypt_their_files_and_what_tells_of_them() {
    let scene = application();
    write(&scene, "key", KEY);
    let take =
        || scene.larder(["snapshot", "app.db", "--encrypt-to", RECIPIENT, "--if-changed"]).run().succeeds();
    let path = take().printed_path();
    let archive = PathBuf::from(path.to_string_lossy().replace(".db.gz.age", ".files.tar.gz.age"));
    assert!(fs::read(&archive).expect("it is there").starts_with(b"age-encryption.org/v1"));
    let text =
        fs::read_to_string(path.to_string_lossy().replace(".db.gz.age", ".meta.json")).expect("a manifest");
    assert!(
        !text.contains("attachments") && !text.contains("rsa_key") && !text.contains("\"count\""),
        "{text}"
    );
    take().says("unchanged");
    let name = path.to_string_lossy().into_owned();
    let valid = scene.larder(["validate", &name]).run().succeeds();
    assert!(valid.stdout().contains("no key is given"), "{valid}");
    scene.larder(["validate", &name, "--identity", "key"]).run().succeeds();
    assert!(scene.larder(["list"]).run().succeeds().stdout().contains(" + files"));
    fs::create_dir(scene.path("new")).expect("a folder");
    scene.larder(["restore", &name, "new/app.db", "--identity", "key"]).run().succeeds();
    assert_eq!(read(&scene, "new/attachments/c1/f1"), "the first");
    write(&scene, "attachments/c1/f1", "another");
    assert_ne!(take().printed_path(), path);
    fs::write(&archive, "age-encryption.org/v1 and nothing else").expect("write");
    let run = scene.larder(["validate", &name]).run();
    assert_eq!(run.code(), Some(3), "{run}");
}

#[test]
fn a_known_application_says_that_it_has_files() {
    let scene = Scene::new();
    fs::create_dir(scene.path("data")).expect("a folder");
    fill(&scene.path("data/db.sqlite3"), &vaultwarden_tables());
    write(&scene, "data/rsa_key.pem", "a key");
    write(&scene, "data/attachments/c1/a1", "an attachment");
    let run = scene.larder(["snapshot", "data/db.sqlite3"]).run().succeeds();
    run.says("Vaultwarden keeps files beside its database (attachments/, rsa_key*); --files takes them too");
    let run = scene.larder(["snapshot", "data/db.sqlite3", "--files"]).run().succeeds();
    run.says("2 files, 18 B");
    scene.larder(["snapshot", "data/db.sqlite3", "--files", "--no-known-app"]).run().fails(2);
    write(&scene, "larder.toml", "database = \"data/db.sqlite3\"\n[snapshot]\nfiles = true\n");
    scene.larder(["snapshot"]).run().succeeds().says("2 files, 18 B");
    scene.larder(["snapshot", "--no-files"]).run().succeeds();
}
