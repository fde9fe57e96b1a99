//! `larder restore`

use super::fixtures::{count, crashed_wal, fill, hot_journal, numbered};
use super::same::open;
use super::scene::{Scene, days_ago};
use serde_json::json;
use std::path::Path;

/// A scene with a database of 5 rows, its snapshot, and then 9 rows in it.
pub fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    numbered(&scene.path("app.db"), 9);
    scene
}

fn journal_mode(path: &Path) -> String {
    open(path).query_row("pragma journal_mode", [], |row| row.get(0)).expect("a mode")
}

#[test]
fn an_existing_database_is_overwritten_and_what_it_held_is_kept() {
    let scene = scene();
    let run = scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let run = run.says("what was there is kept in").says("to undo: larder restore --undo ");
    assert_eq!(count(&scene.path("app.db")), 5);
    let undo = run
        .stderr()
        .lines()
        .find_map(|l| l.strip_prefix("to undo: larder ").map(str::to_owned))
        .expect("a command");
    scene.larder(undo.split(' ')).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 9);
}

#[test]
fn json_has_everything_that_a_script_needs() {
    let scene = scene();
    let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
    assert!(json["restored"].as_str().expect("a path").ends_with("Z.db.gz"));
    assert!(json["database"].as_str().expect("a path").ends_with("/app.db"));
    assert!(Path::new(json["safety_snapshot"].as_str().expect("a path")).is_file());
    assert!(json["undo"].as_str().expect("a command").starts_with("larder restore --undo "));
}

#[test]
fn a_missing_database_is_made_with_its_journal_mode() {
    for mode in ["delete", "wal"] {
        let scene = Scene::new();
        numbered(&scene.path("app.db"), 5);
        fill(&scene.path("app.db"), &format!("pragma journal_mode = {mode}"));
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
        assert!(json["safety_snapshot"].is_null() && json["undo"].is_null(), "{json}");
        assert_eq!(scene.names(""), ["app.db", "backups"]);
        assert_eq!((count(&scene.path("app.db")), journal_mode(&scene.path("app.db")).as_str()), (5, mode));
    }
}

#[cfg(unix)]
#[test]
fn owner_mode_and_link_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let scene = scene();
    std::fs::create_dir(scene.path("real")).expect("a folder");
    std::fs::rename(scene.path("app.db"), scene.path("real/the.db")).expect("move");
    std::os::unix::fs::symlink("real/the.db", scene.path("app.db")).expect("a link");
    std::fs::set_permissions(scene.path("real/the.db"), PermissionsExt::from_mode(0o640)).expect("chmod");
    let _ = std::os::unix::fs::chown(scene.path("real/the.db"), Some(12345), Some(54321));
    let before = std::fs::metadata(scene.path("real/the.db")).expect("there");
    scene.larder(["restore", "latest", "app.db", "--from", "backups", "--app", "app"]).run().succeeds();
    let after = std::fs::metadata(scene.path("real/the.db")).expect("there");
    assert_eq!(
        (before.ino(), before.uid(), before.gid(), before.mode()),
        (after.ino(), after.uid(), after.gid(), after.mode())
    );
    assert!(std::fs::symlink_metadata(scene.path("app.db")).expect("there").is_symlink());
    assert_eq!(count(&scene.path("real/the.db")), 5);
}

#[cfg(unix)]
#[test]
fn root_gives_a_missing_database_its_owner_and_mode() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let scene = Scene::new();
    let path = scene.path("app.db");
    numbered(&path, 5);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).expect("chmod");
    let is_root = std::os::unix::fs::chown(&path, Some(12345), Some(54321)).is_ok();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let before = std::fs::metadata(&path).expect("there");
    std::fs::remove_file(&path).expect("remove");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let after = std::fs::metadata(&path).expect("there");
    assert_eq!(after.mode() & 0o777, 0o640);
    if is_root {
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    }
}

#[test]
fn a_link_to_nothing_names_the_place() {
    #[cfg(unix)]
    {
        let scene = scene();
        std::fs::create_dir(scene.path("real")).expect("a folder");
        std::os::unix::fs::symlink("real/the.db", scene.path("link.db")).expect("a link");
        scene.larder(["restore", "latest", "link.db", "--from", "backups", "--app", "app"]).run().succeeds();
        assert_eq!(count(&scene.path("real/the.db")), 5);
        assert!(std::fs::symlink_metadata(scene.path("link.db")).expect("there").is_symlink());
    }
}

#[test]
fn a_crashed_log_or_journal_beside_the_target_does_not_reach_the_restored() {
    type Make = fn(&Path);
    let makes: [Make; 3] = [
        |path| crashed_wal(path, 100, true),
        |path| crashed_wal(path, 100, false),
        |path| hot_journal(path, 5000),
    ];
    for make in makes {
        let scene = scene();
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        make(&scene.path("app.db"));
        let rows = {
            let copy = Scene::new();
            make(&copy.path("app.db"));
            count(&copy.path("app.db"))
        };
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), 5);
        scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert_eq!(count(&scene.path("app.db")), rows, "what the log held was kept");
    }
}

#[test]
fn sidecars_of_a_database_that_is_gone_are_moved_aside() {
    for suffix in ["-wal", "-journal"] {
        let scene = scene();
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        if suffix == "-wal" {
            crashed_wal(&scene.path("app.db"), 100, true);
        } else {
            hot_journal(&scene.path("app.db"), 5000);
        }
        std::fs::remove_file(scene.path("app.db")).expect("remove");
        scene.larder(["restore", "latest", "app.db"]).run().succeeds().says("was moved to");
        assert_eq!(count(&scene.path("app.db")), 5);
        let aside = scene.names("").into_iter().find(|name| name.contains(".aside-")).expect("a folder");
        assert!(scene.names(&aside).contains(&format!("app.db{suffix}")), "{:?}", scene.names(&aside));
    }
}

#[test]
fn a_program_that_has_the_database_open_sees_all_or_nothing() {
    for mode in ["delete", "wal"] {
        let scene = scene();
        let path = scene.path("app.db");
        fill(&path, &format!("pragma journal_mode = {mode}"));
        let reader = open(&path);
        reader.busy_timeout(std::time::Duration::from_secs(20)).expect("timeout");
        let rows = |db: &rusqlite::Connection| {
            db.query_row("select count(*) from t", [], |row| row.get::<_, u32>(0)).expect("count")
        };
        assert_eq!(rows(&reader), 9);
        let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stop = std::sync::Arc::clone(&done);
        let watching = std::thread::spawn(move || {
            let mut seen = vec![];
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                seen.push(rows(&reader));
            }
            seen.push(rows(&reader));
            seen.dedup();
            reader
                .execute_batch("insert into t values (100, 'written after', 0)")
                .expect("it can go on writing");
            seen
        });
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        let seen = watching.join().expect("the reader goes on");
        assert!(seen == [9, 5] || seen == [5], "{mode}: {seen:?}");
        assert_eq!((count(&path), journal_mode(&path).as_str()), (6, mode));
    }
}

#[test]
fn a_writer_that_does_not_let_go_means_busy_and_nothing_changes() {
    for mode in ["delete", "wal"] {
        let scene = scene();
        let path = scene.path("app.db");
        fill(&path, &format!("pragma journal_mode = {mode}"));
        let writer = open(&path);
        writer.execute_batch("begin immediate; insert into t values (10, 'ten', 10)").expect("write");
        let stores = scene.snapshots("backups");
        scene.larder(["restore", "latest", "app.db"]).run_impatiently().fails(5).says("locked");
        assert_eq!(
            scene.snapshots("backups"),
            stores,
            "a restore that did not happen leaves no safety snapshot"
        );
        writer.execute_batch("commit").expect("commit");
        assert_eq!(count(&path), 10);
    }
}

#[test]
fn the_page_size_of_an_existing_database_stays() {
    for mode in ["delete", "wal"] {
        let scene = scene();
        let path = scene.path("app.db");
        std::fs::remove_file(&path).expect("remove");
        fill(&path, &format!("pragma page_size = 1024; create table x(a); pragma journal_mode = {mode}"));
        numbered(&path, 9);
        let writer = open(&path);
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        let size: u32 = writer.query_row("pragma page_size", [], |row| row.get(0)).expect("a page size");
        assert_eq!((count(&path), size), (5, 1024));
        drop(writer);
        let undo = scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert!(!undo.stderr().contains("was written to"), "{undo}");
        assert_eq!(count(&path), 9);
    }
}

#[test]
fn a_damaged_database_is_moved_aside_whole_and_can_come_back() {
    let scene = scene();
    let damaged = b"SQLite format 3\0 and then nothing that makes sense".repeat(100);
    std::fs::write(scene.path("app.db"), &damaged).expect("write");
    std::fs::write(scene.path("app.db-wal"), "its log").expect("write");
    let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
    assert_eq!(count(&scene.path("app.db")), 5);
    let aside = json["moved_aside"].as_str().expect("a folder");
    assert_eq!(std::fs::read(Path::new(aside).join("app.db")).expect("kept"), damaged);
    assert_eq!(std::fs::read(Path::new(aside).join("app.db-wal")).expect("kept"), b"its log");
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(std::fs::read(scene.path("app.db")).expect("back"), damaged);
    assert_eq!(std::fs::read(scene.path("app.db-wal")).expect("back"), b"its log");
    assert!(!Path::new(aside).exists());
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn a_database_with_a_broken_index_is_kept_page_by_page() {
    let scene = scene();
    let path = scene.path("app.db");
    std::fs::remove_file(&path).expect("remove");
    super::fixtures::broken_index(&path);
    scene.larder(["restore", "latest", "app.db", "--force"]).run().succeeds();
    assert_eq!(count(&path), 5);
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&path), 3);
}

#[test]
fn a_damaged_database_that_somebody_has_open_is_not_moved() {
    let scene = scene();
    std::fs::write(scene.path("app.db"), "no database".repeat(100)).expect("write");
    let mut holder = std::process::Command::new("sleep")
        .arg("60")
        .stdin(std::fs::File::open(scene.path("app.db")).expect("open"))
        .spawn()
        .expect("sleep");
    let run = scene.larder(["restore", "latest", "app.db"]).run();
    let _ = holder.kill();
    let _ = holder.wait();
    if !Path::new("/proc/self/fd").exists() {
        println!("skipped: this system does not tell who has a file open");
        return;
    }
    run.fails(5).says("sleep (process ").says("has it open").says("stop that program first");
    assert_eq!(scene.names(""), ["app.db", "backups"]);
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn undo_goes_back_and_forth() {
    let scene = scene();
    let path = scene.path("app.db");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    for rows in [9, 5, 9] {
        let run = scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        assert!(!run.stderr().contains("was written to"), "{run}");
        assert_eq!(count(&path), rows);
    }
}

#[test]
fn undo_after_a_write_says_so_and_loses_nothing() {
    let scene = scene();
    let path = scene.path("app.db");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    fill(&path, "insert into t values (6, 'after', 0)");
    scene
        .larder(["restore", "--undo", "app.db"])
        .run()
        .succeeds()
        .says("was written to after it was restored");
    assert_eq!(count(&path), 9);
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&path), 6);
}

#[test]
fn nothing_to_undo_is_an_error() {
    let scene = scene();
    scene.larder(["restore", "--undo", "app.db"]).run().fails(1).says("nothing to undo");
    assert_eq!(count(&scene.path("app.db")), 9);
}

#[test]
fn latest_and_times_find_the_right_snapshot() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 1);
    let made = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let rename = |time: &str| {
        for suffix in [".db.gz", ".meta.json"] {
            let from = made.to_string_lossy().replace(".db.gz", suffix);
            std::fs::copy(from, scene.path(format!("backups/app-{time}{suffix}"))).expect("copy");
        }
    };
    for time in
        ["2026-01-01T10-00-00Z", "2026-01-01T14-00-00Z", "2026-01-02T00-30-00Z", "2090-01-01T00-00-00Z"]
    {
        rename(time);
    }
    std::fs::remove_file(&made).expect("remove");
    std::fs::remove_file(made.to_string_lossy().replace(".db.gz", ".meta.json")).expect("remove");
    let found = |wanted: &str, zone: &str| {
        let arguments = [
            "restore",
            wanted,
            "new.db",
            "--dry-run",
            "--from",
            "backups",
            "--app",
            "app",
            "--timezone",
            zone,
        ];
        let path = scene.larder(arguments).run().succeeds().printed_path();
        path.file_name().expect("a name").to_string_lossy().into_owned()
    };
    for (wanted, zone, name) in [
        ("2026-01-01T14:00", "UTC", "app-2026-01-01T14-00-00Z.db.gz"),
        ("2026-01-01T13:59:59", "UTC", "app-2026-01-01T10-00-00Z.db.gz"),
        ("2026-01-01", "UTC", "app-2026-01-01T14-00-00Z.db.gz"),
        ("2026-01-01", "-01:00", "app-2026-01-02T00-30-00Z.db.gz"),
        ("2026-01-01T15:30", "Europe/Berlin", "app-2026-01-01T14-00-00Z.db.gz"),
        ("latest", "UTC", "app-2026-01-02T00-30-00Z.db.gz"),
        ("app-2026-01-01T10-00-00Z.db.gz", "UTC", "app-2026-01-01T10-00-00Z.db.gz"),
    ] {
        assert_eq!(found(wanted, zone), name, "{wanted} {zone}");
    }
    let error = |wanted: &str| {
        scene.larder(["restore", wanted, "new.db", "--from", "backups", "--app", "app"]).run().fails(1)
    };
    error("2025-12-31").says("no snapshot of app is that old");
    error("yesterday").says("yesterday is no snapshot").says("the newest are app-2090");
    scene
        .larder(["restore", "latest", "new.db", "--from", "backups"])
        .run()
        .fails(1)
        .says("it holds snapshots of app: choose with --app");
    scene.larder(["restore", "latest", "new.db"]).run().fails(1).says("holds no snapshot of new");
    assert!(!scene.path("new.db").exists());
}

#[test]
fn safety_snapshots_are_never_the_latest() {
    let scene = scene();
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from t");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn a_snapshot_without_its_manifest_is_checked_in_full() {
    let scene = scene();
    let manifest =
        scene.names("backups").into_iter().find(|name| name.ends_with(".meta.json")).expect("a manifest");
    std::fs::remove_file(scene.path("backups").join(&manifest)).expect("remove");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds().says("has no manifest");
    assert_eq!(count(&scene.path("app.db")), 5);
    std::fs::write(scene.path("backups").join(&manifest), "{ not a manifest").expect("write");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds().says("cannot be read");
}

#[test]
fn a_manifest_that_lies_is_not_believed() {
    for (from, to, message) in [
        ("\"sha256\": \"", "\"sha256\": \"0", "the manifest of"),
        ("\"database_sha256\": \"", "\"database_sha256\": \"0", "the manifest of"),
    ] {
        let scene = scene();
        let name =
            scene.names("backups").into_iter().find(|name| name.ends_with(".meta.json")).expect("a manifest");
        let path = scene.path("backups").join(name);
        let text = std::fs::read_to_string(&path).expect("read");
        // A digit too many is no digest; another digit is another one.
        std::fs::write(&path, text.replace(from, to)).expect("write");
        scene.larder(["restore", "latest", "app.db"]).run().succeeds().says(message);
        let at = text.find(from).expect("a digest") + from.len();
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        let mut other = text.clone();
        other.replace_range(at..=at, digit);
        std::fs::write(&path, other).expect("write");
        let run = scene.larder(["restore", "latest", "new.db", "--from", "backups", "--app", "app"]).run();
        run.fails(3)
            .says("is not the one that its manifest describes")
            .says("--force checks this one in full");
        let forced = scene
            .larder(["restore", "latest", "new.db", "--from", "backups", "--app", "app", "--force"])
            .run();
        forced.succeeds().says("it is checked in full");
        assert_eq!(count(&scene.path("new.db")), 5);
    }
}

#[test]
fn a_snapshot_that_was_damaged_is_refused_and_the_database_stays() {
    let scene = scene();
    let name = scene.snapshots("backups").remove(0);
    let path = scene.path("backups").join(&name);
    let bytes = std::fs::read(&path).expect("read");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    for (what, bytes) in
        [("flipped", flipped), ("cut", bytes[..bytes.len() - 10].to_vec()), ("empty", vec![])]
    {
        std::fs::write(&path, bytes).expect("write");
        scene.larder(["restore", "latest", "app.db"]).run().fails(3).says("cannot use the snapshot");
        assert_eq!(count(&scene.path("app.db")), 9, "{what}");
        assert_eq!(scene.names(""), ["app.db", "backups"]);
        assert_eq!(scene.snapshots("backups").len(), 1);
    }
}

#[test]
fn another_applications_snapshot_needs_force() {
    let scene = scene();
    fill(&scene.path("other.db"), "create table somethingelse(a); insert into somethingelse values (1)");
    scene
        .larder(["restore", "latest", "other.db", "--from", "backups", "--app", "app"])
        .run()
        .fails(2)
        .says("not a table in common");
    fill(&scene.path("other.db"), "create table t(a)");
    scene.larder(["restore", "latest", "other.db", "--from", "backups", "--app", "app"]).run().succeeds();
    let scene = self::scene();
    fill(&scene.path("other.db"), "create table somethingelse(a); insert into somethingelse values (1)");
    let snapshot = format!("backups/{}", scene.snapshots("backups")[0]);
    scene
        .larder(["restore", &snapshot, "other.db"])
        .run()
        .fails(2)
        .says("the snapshot is of app")
        .says("--force");
    scene.larder(["restore", &snapshot, "other.db", "--force"]).run().succeeds();
    // The same schema is the same application, whatever the file is called.
    numbered(&scene.path("renamed.db"), 2);
    scene.larder(["restore", &snapshot, "renamed.db"]).run().succeeds();
    assert_eq!(count(&scene.path("renamed.db")), 5);
}

#[test]
fn without_a_safety_snapshot_it_asks_first() {
    let scene = scene();
    let arguments = ["restore", "latest", "app.db", "--no-safety-snapshot"];
    scene.larder(arguments).run().fails(4).says("There is no terminal to ask on").says("--yes says yes");
    assert_eq!(count(&scene.path("app.db")), 9);
    scene.larder(arguments.into_iter().chain(["--yes"])).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let scene = scene();
    let run = scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
    run.says("would restore").says("would be kept in a safety snapshot first").says("would be lost: 4 t");
    let json = scene.larder(["restore", "latest", "app.db", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(json["differences"]["sections"], json!({"t": {"new": 4, "gone": 0, "changed": 0}}));
    fill(
        &scene.path("app.db"),
        "delete from t where id = 1; update t set amount = 9 where id = 2; create table x(a)",
    );
    let run = scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
    run.says("would come back: 1 t").says("would be as they were: 1 t").says("the schema differs: table x");
    fill(
        &scene.path("app.db"),
        "insert into t values (1, 'name 1', 0.25); update t set amount = 0.5 where id = 2; drop table x",
    );
    assert_eq!(count(&scene.path("app.db")), 9);
    assert_eq!(scene.snapshots("backups").len(), 1);
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    scene
        .larder(["restore", "--undo", "app.db", "--dry-run"])
        .run()
        .succeeds()
        .says("would put back what is in");
    assert_eq!(count(&scene.path("app.db")), 5);
    let run = scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
    run.says("the database holds what the snapshot does");
    // Nothing is there, or something that nobody can read: there is nothing to compare.
    std::fs::write(scene.path("other.db"), "no database").expect("write");
    for other in ["new.db", "other.db"] {
        let run = scene.larder(["restore", "latest", other, "--app", "app", "--dry-run", "--json"]).run();
        assert!(run.succeeds().json()["differences"].is_null());
    }
    // It is another one.
    fill(&scene.path("app.db"), "update t set name = 'other ' || id, amount = id + 1000");
    let run = scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().succeeds();
    run.says("the database is not an earlier or later state of the snapshot");
}

#[test]
fn a_plain_database_can_be_restored_from() {
    let scene = scene();
    crashed_wal(&scene.path("other.db"), 100, true);
    scene.larder(["restore", "other.db", "app.db", "--force"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 100, "what is in its log counts");
    scene.larder(["restore", "app.db", "app.db"]).run().fails(2).says("is the database itself");
}

#[test]
fn what_is_no_snapshot_is_said_to_be_what_it_is() {
    let scene = scene();
    std::fs::write(scene.path("doc.json"), "{\"metadata\": 1}").expect("write");
    std::fs::write(scene.path("text"), "some text").expect("write");
    for (file, message) in [
        ("doc.json", "it is JSON, not a snapshot"),
        ("text", "it is neither a SQLite database nor a compressed one"),
    ] {
        scene.larder(["restore", file, "app.db"]).run().fails(3).says(message);
    }
    scene.larder(["restore", "backups", "app.db"]).run().fails(2).says("is not a file");
    scene.larder(["restore", "latest", "backups"]).run().fails(2).says("is not a file");
    assert_eq!(count(&scene.path("app.db")), 9);
}

/// The name of the only safety snapshot of a scene, made by a restore that is run here.
fn safety(scene: &Scene) -> String {
    let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
    let path = json["safety_snapshot"].as_str().expect("a path");
    format!("backups/{}", Path::new(path).file_name().expect("a name").display())
}

/// Lets the store have been in use for eight days: a clock is not believed before.
fn used(scene: &Scene) {
    let safety = safety(scene);
    scene.date(&safety, &days_ago(8));
    fill(&scene.path("app.db"), "insert into t values (7, 'x', 0)");
}

#[test]
fn expired_safety_snapshots_go_when_a_new_one_is_made() {
    let scene = scene();
    scene.date(&safety(&scene), "2020-01-01T00-00-00Z");
    fill(&scene.path("app.db"), "insert into t values (6, 'x', 0)");
    used(&scene);
    assert_eq!(scene.snapshots("backups").len(), 3);
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let left = scene.snapshots("backups");
    assert!(!left.iter().any(|name| name.contains("2020")), "{left:?}");
    assert_eq!(left.len(), 3);
}

/// A restore dropped after 14 days what the settings say is kept longer.
#[test]
fn safety_snapshots_are_kept_as_long_as_the_settings_say() {
    for (settings, left) in [("[retention]\nkeep-safety = '90d'", 4), ("", 3)] {
        let scene = scene();
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        scene.date(&safety(&scene), &days_ago(30));
        fill(&scene.path("app.db"), "insert into t values (6, 'x', 0)");
        used(&scene);
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        assert_eq!(scene.snapshots("backups").len(), left, "{settings}");
    }
}

#[test]
fn arguments_the_wrong_way_round_are_refused_with_the_right_line() {
    let scene = scene();
    let snapshot = format!("backups/{}", scene.snapshots("backups")[0]);
    scene.larder(["snapshot", "app.db", "-o", "one.db.gz"]).run().succeeds();
    for target in [snapshot.as_str(), "one.db.gz", "latest", "2026-11-19"] {
        for extra in [None, Some("--dry-run"), Some("--force")] {
            let arguments = ["restore", "app.db", target].into_iter().chain(extra);
            scene
                .larder(arguments)
                .run()
                .fails(2)
                .says("the wrong way round")
                .says(&format!("did you mean larder restore {target} app.db?"));
        }
    }
    scene.larder(["restore", "latest", &snapshot]).run().fails(2).says("larder restore SNAPSHOT DATABASE");
    std::fs::write(scene.path("rows.json"), "[]").expect("write");
    scene
        .larder(["import", "rows.json", &snapshot, "--section", "t"])
        .run()
        .fails(2)
        .says("restore it to a file first");
    assert_eq!(count(&scene.path("app.db")), 9);
    assert_eq!(scene.snapshots("backups").len(), 1);
    scene.larder(["validate", &snapshot]).run().succeeds();
}

#[test]
fn a_place_among_snapshots_is_refused_unless_they_are_of_that_database() {
    let scene = scene();
    let arguments = ["restore", "latest", "backups/new.db", "--from", "backups", "--app", "app"];
    scene.larder(arguments).run().fails(2).says("lies in a store, among snapshots").says("--force");
    assert!(!scene.path("backups/new.db").exists());
    scene.larder(arguments.into_iter().chain(["--force"])).run().succeeds();
    // A store may be the folder of its database.
    scene.larder(["snapshot", "app.db", "--to", "."]).run().succeeds();
    fill(&scene.path("app.db"), "delete from t");
    scene.larder(["restore", "latest", "app.db", "--from", "."]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 9);
}
