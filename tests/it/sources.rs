//! How each kind of source is opened, row by row: what is read is right, and nothing is left or changed.

use super::fixtures::{count, crashed_wal, fill, hot_journal, numbered};
use super::scene::{Run, Scene};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What lies in the folder of the source: names and bytes. The index of a log is rebuilt by whoever reads it.
fn state(scene: &Scene) -> BTreeMap<String, Vec<u8>> {
    let bytes = |name: &String| std::fs::read(scene.path("data").join(name)).expect("read");
    let content = |name: String| {
        let bytes = if name.ends_with("-shm") { Vec::new() } else { bytes(&name) };
        (name, bytes)
    };
    scene.names("data").into_iter().map(content).collect()
}

/// Snapshots and exports the source, and says how many rows both hold; the folder of the source stays as it is.
fn rows_read(scene: &Scene) -> u32 {
    let before = state(scene);
    scene.larder(["snapshot", "data/app.db", "--to", "store"]).run().succeeds();
    scene.larder(["export", "--full", "data/app.db", "-o", "doc.json", "--force"]).run().succeeds();
    let piped = scene.larder(["export", "--full", "data/app.db"]).run().succeeds();
    assert_eq!(state(scene), before);
    assert_eq!(scene.names("data").len(), before.len());
    scene.larder(["restore", "latest", "new.db", "--from", "store", "--app", "app"]).run().succeeds();
    scene.larder(["import", "doc.json", "imported.db"]).run().succeeds();
    let (restored, imported) = (count(&scene.path("new.db")), count(&scene.path("imported.db")));
    assert_eq!(restored, imported);
    assert_eq!(
        piped.stdout().lines().filter(|line| line.starts_with("      {\"id\"")).count(),
        imported as usize
    );
    restored
}

fn scene() -> Scene {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("data")).expect("a folder");
    scene
}

#[test]
fn rollback_mode_without_sidecars() {
    let scene = scene();
    numbered(&scene.path("data/app.db"), 7);
    assert_eq!(rows_read(&scene), 7);
}

#[test]
fn rollback_mode_with_a_hot_journal() {
    let scene = scene();
    hot_journal(&scene.path("data/app.db"), 5000);
    assert_eq!(rows_read(&scene), 5000);
    let db = Connection::open(scene.path("new.db")).expect("open");
    let changed: i64 =
        db.query_row("select count(*) from t where name like '%changed'", [], |r| r.get(0)).expect("count");
    assert_eq!(changed, 0, "what was not committed is not there");
}

#[test]
fn rollback_mode_with_a_journal_that_is_not_hot() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 3);
    fill(&path, "pragma journal_mode = persist; insert into t values (4, 'four', 4)");
    assert_eq!(scene.names("data"), ["app.db", "app.db-journal"]);
    assert_eq!(rows_read(&scene), 4);
}

#[test]
fn rollback_mode_while_a_writer_is_at_work() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 3);
    let writer = Connection::open(&path).expect("open");
    writer.execute_batch("begin immediate; insert into t values (4, 'four', 4)").expect("write");
    assert_eq!(rows_read(&scene), 3);
    writer.execute_batch("commit").expect("commit");
    assert_eq!(count(&path), 4);
}

#[test]
fn wal_mode_closed() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 7);
    fill(&path, "pragma journal_mode = wal");
    assert_eq!(rows_read(&scene), 7);
}

#[test]
fn wal_mode_in_use() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 7);
    let user = Connection::open(&path).expect("open");
    user.execute_batch("pragma journal_mode = wal; insert into t values (8, 'eight', 8)").expect("write");
    assert_eq!(rows_read(&scene), 8);
    user.execute_batch("insert into t values (9, 'nine', 9)").expect("it goes on");
}

#[test]
fn wal_mode_crashed_with_its_index() {
    let scene = scene();
    crashed_wal(&scene.path("data/app.db"), 100, true);
    assert_eq!(rows_read(&scene), 100);
}

#[test]
fn wal_mode_crashed_without_its_index() {
    let scene = scene();
    crashed_wal(&scene.path("data/app.db"), 100, false);
    assert_eq!(rows_read(&scene), 100);
}

#[test]
fn wal_mode_with_an_empty_log_that_somebody_left() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 7);
    fill(&path, "pragma journal_mode = wal");
    std::fs::write(scene.path("data/app.db-wal"), "").expect("write");
    std::fs::write(scene.path("data/app.db-shm"), vec![0; 32768]).expect("write");
    assert_eq!(rows_read(&scene), 7);
}

#[test]
fn an_empty_file_is_an_empty_database() {
    let scene = scene();
    std::fs::write(scene.path("data/app.db"), "").expect("write");
    scene.larder(["snapshot", "data/app.db", "--to", "store"]).run().succeeds();
    assert_eq!(std::fs::metadata(scene.path("data/app.db")).expect("there").len(), 0);
    assert_eq!(scene.names("data"), ["app.db"]);
}

#[test]
fn a_link_is_followed() {
    #[cfg(unix)]
    {
        let scene = scene();
        std::fs::create_dir(scene.path("real")).expect("a folder");
        numbered(&scene.path("real/the.db"), 7);
        fill(&scene.path("real/the.db"), "pragma journal_mode = wal");
        std::os::unix::fs::symlink("../real/the.db", scene.path("data/app.db")).expect("a link");
        scene.larder(["snapshot", "data/app.db", "--app", "app", "--to", "store"]).run().succeeds();
        assert_eq!(
            (scene.names("data"), scene.names("real")),
            (vec!["app.db".to_owned()], vec!["the.db".to_owned()])
        );
    }
}

#[test]
fn a_database_that_stays_locked_is_busy() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 7);
    let owner = Connection::open(&path).expect("open");
    owner.execute_batch("begin exclusive").expect("lock");
    for arguments in [&["snapshot", "data/app.db", "--to", "store"][..], &["export", "--full", "data/app.db"]]
    {
        let run = scene.larder(arguments).run_impatiently();
        run.fails(5).says("locked").says("hint: another program is using it");
    }
    assert!(scene.snapshots("store").is_empty());
    assert_eq!(scene.names("store"), [".larder-store", ".larder.lock"]);
}

#[test]
fn a_database_that_is_soon_free_is_waited_for() {
    let scene = scene();
    let path = scene.path("data/app.db");
    numbered(&path, 7);
    let owner = Connection::open(&path).expect("open");
    owner.execute_batch("begin exclusive").expect("lock");
    let free = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(400));
        owner.execute_batch("commit").expect("commit");
    });
    scene.larder(["snapshot", "data/app.db", "--to", "store"]).run().succeeds();
    free.join().expect("it is free");
}

/// Runs a command as somebody who owns nothing, if these tests may do so.
#[cfg(unix)]
fn as_nobody(mut command: Command) -> Option<Command> {
    use std::os::unix::process::CommandExt;
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !is_root {
        return None;
    }
    command.uid(65534).gid(65534);
    Some(command)
}

#[cfg(unix)]
fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");
}

/// Reads the source as nobody, with the file and folder modes given, and returns how many rows there were.
#[cfg(unix)]
fn rows_read_by_nobody(scene: &Scene, file: u32, folder: u32) -> Option<u32> {
    // Somebody who owns nothing must be able to reach the binary and the scene.
    let binary = scene.path("larder");
    std::fs::copy(env!("CARGO_BIN_EXE_larder"), &binary).expect("copy");
    for (path, bits) in [("", 0o755), ("larder", 0o755), ("data", folder)] {
        mode(&scene.path(path), bits);
    }
    for name in scene.names("data") {
        mode(&scene.path("data").join(name), file);
    }
    std::fs::create_dir(scene.path("store")).expect("a folder");
    mode(&scene.path("store"), 0o777);
    let before = state(scene);
    let mut command = Command::new(&binary);
    command
        .args(["snapshot", "data/app.db", "--to", "store", "--create"])
        .current_dir(scene.path(""))
        .env_clear();
    command.env("TMPDIR", scene.path("store"));
    let mut command = as_nobody(command)?;
    let output = super::scene::output(&mut command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(state(scene), before);
    scene.larder(["restore", "latest", "new.db", "--from", "store", "--app", "app"]).run().succeeds();
    Some(count(&scene.path("new.db")))
}

#[cfg(unix)]
#[test]
fn files_and_folders_that_cannot_be_written_are_read_all_the_same() {
    type Make = fn(&Path);
    let makes: [(&str, Make, u32); 5] = [
        ("rollback", |path| numbered(path, 7), 7),
        ("hot journal", |path| hot_journal(path, 5000), 5000),
        (
            "wal, closed",
            |path| {
                numbered(path, 7);
                fill(path, "pragma journal_mode = wal");
            },
            7,
        ),
        ("wal, crashed", |path| crashed_wal(path, 100, true), 100),
        ("wal, crashed without index", |path| crashed_wal(path, 100, false), 100),
    ];
    for (kind, make, rows) in makes {
        for (file, folder) in [(0o644, 0o755), (0o444, 0o555), (0o666, 0o755), (0o644, 0o777), (0o666, 0o777)]
        {
            let scene = scene();
            make(&scene.path("data/app.db"));
            let Some(found) = rows_read_by_nobody(&scene, file, folder) else {
                println!("skipped: only root can become somebody who may not write");
                return;
            };
            assert_eq!(found, rows, "{kind}, file {file:o}, folder {folder:o}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_error_that_says_so() {
    let scene = scene();
    numbered(&scene.path("data/app.db"), 1);
    let binary = scene.path("larder");
    std::fs::copy(env!("CARGO_BIN_EXE_larder"), &binary).expect("copy");
    for (path, bits) in [("", 0o777), ("larder", 0o755), ("data/app.db", 0o600)] {
        mode(&scene.path(path), bits);
    }
    let mut command = Command::new(&binary);
    command
        .args(["snapshot", "data/app.db", "--to", "store", "--create"])
        .current_dir(scene.path(""))
        .env_clear();
    let Some(mut command) = as_nobody(command) else {
        println!("skipped: root may read everything");
        return;
    };
    let output = super::scene::output(&mut command);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("app.db: Permission denied"), "{error}");
}

#[test]
fn what_is_no_database_is_said_to_be_what_it_is() {
    let scene = scene();
    std::fs::write(
        scene.path("data/text.db"),
        "just some text that is longer than a header would be".repeat(9),
    )
    .expect("write");
    std::fs::write(scene.path("data/cut.db"), b"SQLite format 3\0\x10\x00").expect("write");
    std::fs::write(scene.path("data/doc.db"), "{\"metadata\": 1}".repeat(20)).expect("write");
    for (file, message) in [
        ("data/text.db", "is not a SQLite database, or it is encrypted by its application"),
        ("data/cut.db", "was cut or damaged in its first bytes"),
        ("data/doc.db", "it looks like JSON"),
        ("data/none.db", "there is no file data/none.db"),
    ] {
        let named = |run: Run| run.fails(1).says(message);
        named(scene.larder(["snapshot", file, "--to", "store"]).run());
        named(scene.larder(["export", "--full", file]).run());
    }
    scene.larder(["snapshot", "data", "--to", "store"]).run().fails(2).says("is not a file");
    assert!(scene.snapshots("store").is_empty());
}
