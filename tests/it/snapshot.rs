//! `larder snapshot`

use super::fixtures::{broken_index, count, crashed_wal, fill, numbered};
use super::same::{assert_same_in_any_order, open};
use super::scene::Scene;
use serde_json::Value;
use std::path::Path;

fn manifest(path: &Path) -> Value {
    let name = path.to_string_lossy();
    let stem = name.split(".db").next().expect("a name");
    let text = std::fs::read_to_string(format!("{stem}.meta.json")).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_snapshot_lands_beside_the_database_with_a_manifest() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().says("1 table, 5 rows").printed_path();
    let names = scene.names("backups");
    assert_eq!(names.len(), 4, "with the marker and the lock: {names:?}");
    assert_eq!(path.parent(), Some(std::fs::canonicalize(scene.path("backups")).expect("there").as_path()));
    assert!(path.to_string_lossy().ends_with("Z.db.gz"));
    let manifest = manifest(&path);
    assert_eq!(manifest["format"], "larder-snapshot");
    assert_eq!(manifest["app"], "app");
    assert_eq!(manifest["kind"], "manual");
    assert_eq!(manifest["rows"]["t"], 5);
    assert_eq!(manifest["page_size"], 4096);
    assert_eq!(manifest["journal_mode"], "delete");
    assert_eq!(manifest["method"], "vacuum-into");
    assert_eq!(manifest["compression"], "gzip");
    assert_eq!(manifest["drill"]["integrity"], "ok");
    assert_eq!(manifest["drill"]["depth"], "full");
    assert_eq!(manifest["drill"]["rows"], "same");
    assert_eq!(manifest["size"], std::fs::metadata(&path).expect("there").len());
}

#[cfg(unix)]
#[test]
fn everything_in_a_store_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&scene.path("backups")), 0o700);
    for name in scene.names("backups") {
        assert_eq!(mode(&scene.path("backups").join(&name)), 0o600, "{name}");
    }
}

#[test]
fn json_is_the_path_and_the_manifest() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let run = scene.larder(["snapshot", "app.db", "--json"]).run().succeeds();
    let json = run.json();
    assert_eq!(run.stderr(), "");
    assert_eq!(json["manifest"]["rows"]["t"], 5);
    assert!(Path::new(json["snapshot"].as_str().expect("a path")).is_file());
}

#[test]
fn quiet_is_silent_and_verbose_says_each_step() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let run = scene.larder(["snapshot", "app.db", "-q"]).run().succeeds();
    assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
    scene.larder(["snapshot", "app.db", "-v"]).run().succeeds().says("reading").says("compressing");
}

#[test]
fn two_within_a_second_have_two_names() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let mut paths: Vec<_> =
        (0..4).map(|_| scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 4);
    assert_eq!(scene.snapshots("backups").len(), 4);
}

#[test]
fn gunzip_and_sqlite_are_enough() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5000);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let unzipped = std::process::Command::new("gunzip").arg("-c").arg(&path).output();
    let Ok(unzipped) = unzipped else {
        println!("skipped: gunzip is not here; Debian has it in the package gzip");
        return;
    };
    assert!(unzipped.status.success());
    std::fs::write(scene.path("plain.db"), unzipped.stdout).expect("write");
    assert_same_in_any_order(&scene.path("app.db"), &scene.path("plain.db"));
}

#[test]
fn what_was_deleted_is_not_in_it() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table t(a); insert into t values ('a secret that was deleted'); delete from t",
    );
    scene.larder(["snapshot", "app.db", "-o", "plain.db"]).run().succeeds();
    let holds = |name: &str| {
        let bytes = std::fs::read(scene.path(name)).expect("read");
        bytes.windows(8).any(|window| window == b"a secret")
    };
    assert!(holds("app.db"));
    assert!(!holds("plain.db"));
}

#[test]
fn if_changed_makes_none_until_something_changes() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let first = scene.larder(["snapshot", "app.db", "--if-changed"]).run().succeeds().printed_path();
    let again = scene.larder(["snapshot", "app.db", "--if-changed", "--json"]).run().succeeds().json();
    assert_eq!(again["skipped"], "unchanged");
    assert_eq!(again["newest"], first.to_str().expect("UTF-8"));
    assert!(manifest(&first)["unchanged_at"].is_string());
    // What SQLite changes by itself is no change.
    fill(&scene.path("app.db"), "vacuum; create table x(a); drop table x; pragma journal_mode = wal");
    scene.larder(["snapshot", "app.db", "--if-changed"]).run().succeeds().says("unchanged");
    assert_eq!(scene.snapshots("backups").len(), 1);
    fill(&scene.path("app.db"), "update t set amount = 1 where id = 3");
    scene.larder(["snapshot", "app.db", "--if-changed"]).run().succeeds();
    assert_eq!(scene.snapshots("backups").len(), 2);
}

#[test]
fn if_changed_does_not_rely_on_a_snapshot_that_was_cut() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 500);
    let first = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let bytes = std::fs::read(&first).expect("read");
    std::fs::write(&first, &bytes[..bytes.len() - 1]).expect("cut");
    let json = scene.larder(["snapshot", "app.db", "--if-changed", "--json"]).run().succeeds().json();
    assert!(json["snapshot"].is_string(), "{json}");
}

#[test]
fn a_file_of_its_own_is_what_its_name_says() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 500);
    std::fs::create_dir(scene.path("stick")).expect("a folder");
    for (output, starts) in [
        ("one.db", &b"SQLite format 3\0"[..]),
        ("two.db.gz", &[0x1f, 0x8b]),
        ("three.db.zst", &[0x28, 0xb5, 0x2f, 0xfd]),
        ("four.sqlite", b"SQLite format 3\0"),
    ] {
        scene.larder(["snapshot", "app.db", "-o", output]).run().succeeds();
        assert!(std::fs::read(scene.path(output)).expect("there").starts_with(starts), "{output}");
        scene.larder(["restore", output, &format!("{output}.back")]).run().succeeds().says("no manifest");
        assert_same_in_any_order(&scene.path("app.db"), &scene.path(format!("{output}.back")));
    }
    let path = scene.larder(["snapshot", "app.db", "-o", "stick"]).run().succeeds().printed_path();
    assert!(path.to_string_lossy().contains("stick/app-2"), "{path:?}");
    assert_eq!(scene.names("stick").len(), 1, "no manifest, no lock, nothing else");
    assert!(!scene.path("backups").exists());
}

#[test]
fn a_file_is_not_overwritten_unless_told_and_never_the_database() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    std::fs::write(scene.path("out.db"), "theirs").expect("write");
    scene
        .larder(["snapshot", "app.db", "-o", "out.db"])
        .run()
        .fails(1)
        .says("exists already")
        .says("--force");
    assert_eq!(std::fs::read(scene.path("out.db")).expect("read"), b"theirs");
    scene.larder(["snapshot", "app.db", "-o", "out.db", "--force"]).run().succeeds();
    assert_eq!(count(&scene.path("out.db")), 5);
    scene
        .larder(["snapshot", "app.db", "-o", "app.db", "--force"])
        .run()
        .fails(2)
        .says("is the database itself");
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn levels_and_codecs_are_used_and_checked() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5000);
    let size = |arguments: &[&str]| {
        let all = ["snapshot", "app.db", "--json"].iter().chain(arguments);
        let json = scene.larder(all).run().succeeds().json();
        json["manifest"]["size"].as_u64().expect("a size")
    };
    assert!(size(&["--level", "9"]) < size(&["--level", "1"]));
    assert!(size(&["--level", "1"]) < size(&["--level", "0"]));
    assert!(size(&["--compress", "zstd", "--level", "19"]) < size(&["--compress", "zstd", "--level", "1"]));
    assert!(size(&["--compress", "none"]) > size(&["--level", "1"]));
    scene.larder(["snapshot", "app.db", "--level", "10"]).run().fails(2).says("choose 0 to 9");
    scene.larder(["snapshot", "app.db", "--compress", "none", "--level", "1"]).run().fails(2).says("is not");
}

#[test]
fn a_broken_index_is_found_and_leaves_nothing() {
    let scene = Scene::new();
    broken_index(&scene.path("app.db"));
    scene
        .larder(["snapshot", "app.db"])
        .run()
        .fails(1)
        .says("app.db is damaged: row 2 missing from index i")
        .says("--keep-damaged");
    assert_eq!(scene.names("backups"), [".larder-store", ".larder.lock"]);
    // The quick drill does not compare indexes, and says that it is quick.
    let json = scene.larder(["snapshot", "app.db", "--drill", "quick", "--json"]).run().succeeds().json();
    assert_eq!(json["manifest"]["drill"]["depth"], "quick");
}

#[test]
fn a_damaged_database_is_kept_where_asked_and_marked() {
    let scene = Scene::new();
    broken_index(&scene.path("app.db"));
    let path = scene
        .larder(["snapshot", "app.db", "--keep-damaged"])
        .run()
        .succeeds()
        .says("DAMAGED")
        .printed_path();
    assert!(path.to_string_lossy().ends_with(".damaged.db.gz"), "{path:?}");
    assert_eq!(manifest(&path)["drill"]["integrity"], "damaged");
    scene.larder(["restore", "latest", "app.db"]).run().fails(1).says("holds no snapshot of app");
    scene
        .larder(["restore", path.to_str().expect("UTF-8"), "new.db"])
        .run()
        .fails(3)
        .says("copy of a damaged database");
    scene.larder(["restore", path.to_str().expect("UTF-8"), "new.db", "--force"]).run().succeeds();
    assert_eq!(count(&scene.path("new.db")), 3);
}

#[test]
fn what_sqlite_cannot_read_is_kept_byte_for_byte_where_asked() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 500);
    let mut bytes = std::fs::read(scene.path("app.db")).expect("read");
    bytes[100..4096].fill(0xa5);
    std::fs::write(scene.path("app.db"), &bytes).expect("write");
    scene.larder(["snapshot", "app.db"]).run().fails(1).says("malformed");
    assert_eq!(scene.names("backups"), [".larder-store", ".larder.lock"]);
    let path = scene
        .larder(["snapshot", "app.db", "--keep-damaged", "--compress", "none"])
        .run()
        .succeeds()
        .printed_path();
    assert!(path.to_string_lossy().ends_with(".damaged.db"), "{path:?}");
    let kept = std::fs::read(&path).expect("read");
    assert_eq!(kept.len(), bytes.len());
    assert_eq!(kept[200..], bytes[200..]);
    std::fs::write(scene.path("no.db"), "no database at all, but somebody may want it").expect("write");
    let path = scene.larder(["snapshot", "no.db", "--keep-damaged"]).run().succeeds().printed_path();
    assert_eq!(manifest(&path)["method"], "file-copy");
}

#[test]
fn what_only_the_application_knows_is_copied_page_by_page() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "
        create table t(a text collate theirs, b, unique(a)); insert into t values ('b', 1), ('a', 2), ('c', 3);
        create table e(a); insert into e values (1), (2); create index i on e(theirs(a));
        create table sound(a unique); insert into sound values (1)");
    let json = scene.larder(["snapshot", "app.db", "--json"]).run().succeeds().json();
    assert_eq!(json["manifest"]["method"], "page-copy");
    assert_eq!(json["manifest"]["drill"]["integrity"], "partial");
    assert_eq!(json["manifest"]["rows"]["t"], 3);
    scene.larder(["restore", "latest", "new.db", "--from", "backups", "--app", "app"]).run().succeeds();
    assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
    fill(&scene.path("app.db"), "delete from t");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
}

#[test]
fn constraints_and_foreign_keys_that_are_violated_are_told_and_no_reason_to_refuse() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "
        pragma foreign_keys = off;
        create table p(id integer primary key); create table c(p references p); insert into c values (7);
        create table t(a); insert into t values (null);
        pragma writable_schema = on; update sqlite_schema set sql = 'CREATE TABLE t(a not null)' where name = 't'");
    let run = scene.larder(["snapshot", "app.db"]).run().succeeds();
    let run = run.says("1 row has a foreign key that leads nowhere").says("NULL value in t.a");
    let manifest = manifest(&run.printed_path());
    assert_eq!(manifest["drill"]["foreign_key_violations"], 1);
    assert_eq!(manifest["drill"]["integrity"], "ok");
}

#[test]
fn two_databases_do_not_share_a_name_unless_told() {
    let scene = Scene::new();
    for folder in ["a", "b"] {
        std::fs::create_dir(scene.path(folder)).expect("a folder");
        numbered(&scene.path(folder).join("app.db"), 5);
    }
    scene.larder(["snapshot", "a/app.db", "--to", "store"]).run().succeeds();
    let run = scene.larder(["snapshot", "b/app.db", "--to", "store"]).run();
    run.fails(2).says("a/app.db").says("hint: if it is the same application, say so: --app app");
    scene.larder(["snapshot", "b/app.db", "--to", "store", "--app", "other"]).run().succeeds();
    scene.larder(["snapshot", "b/app.db", "--to", "store", "--app", "app"]).run().succeeds();
    assert_eq!(scene.snapshots("store").len(), 3);
}

#[test]
fn the_application_is_called_after_the_folder_where_the_file_says_nothing() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("movies")).expect("a folder");
    numbered(&scene.path("movies/data.db"), 5);
    let path = scene.larder(["snapshot", "movies/data.db"]).run().succeeds().printed_path();
    assert!(path.to_string_lossy().contains("/movies-2"), "{path:?}");
    scene
        .larder(["snapshot", "movies/data.db", "--app", "a/b"])
        .run()
        .fails(2)
        .says("cannot be part of a file's name");
}

#[test]
fn a_snapshot_can_be_read_like_a_database() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let document =
        scene.larder(["export", "--full", path.to_str().expect("UTF-8")]).run().succeeds().stdout();
    assert!(document.contains(r#"{"id": 5, "name": "name 5", "amount": 1.25}"#), "{document}");
    let copy =
        scene.larder(["snapshot", path.to_str().expect("UTF-8"), "--app", "copy", "--to", "other"]).run();
    copy.succeeds();
}

#[test]
fn snapshots_under_a_writer_are_consistent() {
    let scene = Scene::new();
    let path = scene.path("app.db");
    for mode in ["delete", "wal"] {
        let _ = std::fs::remove_file(&path);
        fill(
            &path,
            &format!(
                "pragma journal_mode = {mode}; create table t(id integer primary key, n); insert into t values (1, 500), (2, 500)"
            ),
        );
        let writer = open(&path);
        writer.busy_timeout(std::time::Duration::from_secs(10)).expect("timeout");
        let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stop = std::sync::Arc::clone(&done);
        let transfers = std::thread::spawn(move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                writer.execute_batch("begin immediate; update t set n = n - 1 where id = 1; update t set n = n + 1 where id = 2; commit").expect("transfer");
            }
        });
        for _ in 0..8 {
            let path = scene.larder(["snapshot", "app.db", "--app", mode]).run().succeeds().printed_path();
            scene
                .larder([
                    "restore",
                    path.to_str().expect("UTF-8"),
                    "copy.db",
                    "--force",
                    "--no-safety-snapshot",
                    "--yes",
                ])
                .run()
                .succeeds();
            let sum: i64 = open(&scene.path("copy.db"))
                .query_row("select sum(n) from t", [], |row| row.get(0))
                .expect("sum");
            assert_eq!(sum, 1000);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        transfers.join().expect("the writer was never refused");
    }
}

#[test]
fn prune_with_a_snapshot_needs_rules_and_rules_need_prune() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db", "--prune"]).run().fails(2).says("nothing says what to keep");
    scene
        .larder(["snapshot", "app.db", "--keep-last", "2"])
        .run()
        .fails(2)
        .says("do nothing without --prune");
    assert!(!scene.path("backups").exists(), "wrong usage is found before anything is made");
    for _ in 0..4 {
        scene.larder(["snapshot", "app.db", "--prune", "--keep-last", "2"]).run().succeeds();
    }
    assert_eq!(scene.snapshots("backups").len(), 2);
    let json =
        scene.larder(["snapshot", "app.db", "--prune", "--keep-last", "1", "--json"]).run().succeeds().json();
    assert_eq!(json["prune"]["remove"].as_array().map(Vec::len), Some(2));
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[test]
fn no_store_is_made_for_a_database_that_is_not_there() {
    let scene = Scene::new();
    scene.larder(["snapshot", "none.db"]).run().fails(1).says("there is no file none.db");
    assert!(scene.names("").is_empty());
}

#[test]
fn a_store_that_another_larder_writes_to_is_busy() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let lock = std::fs::File::open(scene.path("backups/.larder.lock")).expect("the lock");
    lock.lock().expect("lock");
    scene
        .larder(["snapshot", "app.db"])
        .run_impatiently()
        .fails(5)
        .says("another larder is writing to the store");
    drop(lock);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
}

#[test]
fn a_crashed_log_is_part_of_the_database() {
    let scene = Scene::new();
    crashed_wal(&scene.path("app.db"), 100, false);
    let json = scene.larder(["snapshot", "app.db", "--json"]).run().succeeds().json();
    assert_eq!(json["manifest"]["rows"]["t"], 100);
    assert_eq!(json["manifest"]["journal_mode"], "wal");
}
