//! What snapshots, restores and prunes say where they do nothing: errors that no other test sees.

use super::commits::points;
use super::fixtures::{count, fill, numbered};
use super::scene::Scene;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

fn pack(path: &Path, bytes: &[u8]) {
    let file = std::fs::File::create(path).expect("create");
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(bytes).and_then(|()| packer.finish().map(drop)).expect("pack");
}

/// `app.db` has 9 rows, its snapshot 5.
fn scene() -> Scene {
    super::restore::scene()
}

fn manifest(scene: &Scene) -> PathBuf {
    let name = scene.names("backups").into_iter().find(|name| name.ends_with(".meta.json"));
    scene.path("backups").join(name.expect("a manifest"))
}

#[test]
fn arguments_that_cannot_be() {
    let scene = scene();
    std::fs::write(scene.path("rows.csv"), "id,name,n\n20,x,y z\n").expect("write");
    fill(&scene.path("app.db"), "create table strict(n int not null) strict");
    for (arguments, code, message) in [
        (&["snapshot", "app.db", "-o", "s3://bucket/a.db"][..], 2, "-o writes a file of this machine"),
        (&["snapshot", "app.db", "-o", "-"], 2, "so it cannot go to the standard output"),
        (&["snapshot", "app.db", "--level", "77"], 2, "there is no level 77 of this compression"),
        (
            &["import", "rows.csv", "app.db", "--section", "t", "--delimiter", "é"],
            2,
            "what stands between cells is an ASCII character",
        ),
        (
            &["import", "rows.csv", "app.db", "--section", "strict"],
            3,
            "nothing was written, since not everything fits strict",
        ),
        (&["restore", "nonsense", "app.db"], 1, "nonsense is no snapshot: no such file, and not a time"),
    ] {
        scene.larder(arguments).run().fails(code).says(message);
    }
    assert_eq!((count(&scene.path("app.db")), scene.snapshots("backups").len()), (9, 1));
}

#[test]
fn files_that_are_no_whole_snapshot() {
    let scene = scene();
    std::fs::write(scene.path("empty"), "").expect("write");
    std::fs::write(scene.path("a.zip"), b"PK\x03\x04\x14\0\0\0\0\0").expect("write");
    fill(&scene.path("bad.db"), "create table t(a); create index i on t(a); insert into t values (1), (2)");
    let mut bytes = std::fs::read(scene.path("bad.db")).expect("read");
    let index = bytes.len() - 4096;
    bytes[index..].fill(0xff);
    pack(&scene.path("bad.db.gz"), &bytes);
    for (file, message) in [
        ("empty", "it is an empty file"),
        ("a.zip", "it is a zip archive, not a snapshot"),
        ("bad.db.gz", "it is damaged: "),
    ] {
        let run = scene.larder(["restore", file, "app.db"]).run().fails(3);
        run.says(&format!("cannot use the snapshot {}", scene.path(file).display())).says(message);
    }
    assert_eq!(count(&scene.path("app.db")), 9);
    assert!(scene.names("").iter().all(|name| !name.starts_with(".larder-tmp")));
}

#[test]
fn a_snapshot_without_a_name_and_a_table_in_common_is_of_something_else() {
    let scene = scene();
    fill(&scene.path("other.db"), "create table u(a)");
    let bytes = std::fs::read(scene.path("other.db")).expect("read");
    pack(&scene.path("other.db.gz"), &bytes);
    let run = scene.larder(["restore", "other.db.gz", "app.db"]).run().fails(2);
    run.says("the snapshot is of something else, and ").says("--force restores it all the same");
}

#[test]
fn a_damaged_snapshot_of_another_page_size_does_not_fit() {
    let scene = scene();
    numbered(&scene.path("small.db"), 500);
    fill(&scene.path("small.db"), "pragma page_size = 1024; vacuum");
    let mut bytes = std::fs::read(scene.path("small.db")).expect("read");
    bytes[1024..4096].fill(0xff);
    pack(&scene.path("small.db.gz"), &bytes);
    let run = scene.larder(["restore", "small.db.gz", "app.db", "--force"]).run();
    assert_ne!(run.code(), Some(0), "{run}");
    run.says("its pages are of another size")
        .says("cannot give its pages the 4096 bytes that they have in the target")
        .says("move the database away and restore to the empty place");
    assert_eq!((count(&scene.path("app.db")), scene.snapshots("backups").len()), (9, 1));
}

#[test]
fn what_is_there_cannot_be_kept_where_the_store_is_a_file() {
    let scene = scene();
    scene.larder(["snapshot", "app.db", "-o", "own.db.gz"]).run().succeeds();
    std::fs::remove_dir_all(scene.path("backups")).expect("remove");
    std::fs::write(scene.path("backups"), "").expect("write");
    std::fs::write(scene.path("rows.json"), "[{\"id\": 50, \"name\": \"fifty\"}]").expect("write");
    for arguments in
        [&["restore", "own.db.gz", "app.db"][..], &["import", "rows.json", "app.db", "--section", "t"]]
    {
        let run = scene.larder(arguments).run();
        assert_ne!(run.code(), Some(0), "{run}");
        run.says("is not a folder, so it is no store");
    }
    assert_eq!(count(&scene.path("app.db")), 9);
}

#[test]
fn a_writer_is_said_to_keep_the_database_from_being_written() {
    let scene = scene();
    let writer = super::same::open(&scene.path("app.db"));
    writer.execute_batch("begin immediate").expect("lock");
    let run = scene.larder(["restore", "latest", "app.db"]).run_impatiently().fails(5);
    run.says(&format!("cannot write the database {}: cannot lock it", scene.path("app.db").display()));
}

#[test]
fn somebody_may_put_a_database_where_one_is_being_moved() {
    let prepare = || {
        let scene = scene();
        std::fs::write(scene.path("app.db"), "no database any more").expect("write");
        scene
    };
    let restore = ["restore", "latest", "app.db"];
    let moved = |number: &usize| {
        let scene = prepare();
        let run = scene.larder(restore).env("LARDER_FAILPOINT", format!("{number}:kill")).run();
        (run.was_killed() && !scene.path("app.db").exists()).then_some(scene)
    };
    let count_of_points = points(&prepare(), &restore).len();
    let scene = (1..=count_of_points).find_map(|number| moved(&number)).expect("it moves");
    std::fs::write(scene.path("app.db"), "somebody's").expect("write");
    let run = scene.larder(restore).run().fails(1);
    run.says("app.db appeared while its place was empty")
        .says("move it away and run this again; everything is in");
    assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), b"somebody's");
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    scene.larder(restore).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn manifests_of_something_else() {
    for (field, value, message) in [
        ("format", "\"backup\"", "it is no manifest"),
        ("format", "\"larder-export\"", "its format is"),
        ("version", "99", "it is of version 99; this larder knows"),
        ("size", "\"many\"", "it is no manifest"),
    ] {
        let scene = scene();
        let path = manifest(&scene);
        let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
        manifest[field] = serde_json::from_str(value).expect("JSON");
        let text = if value == "\"backup\"" { "[]".to_owned() } else { manifest.to_string() };
        std::fs::write(&path, text).expect("write");
        scene.larder(["restore", "latest", "app.db", "--dry-run"]).run().says(message);
        let run = scene.larder(["prune", "backups", "--keep-last", "1", "--yes"]).run();
        assert_eq!(run.code(), Some(1), "{run}");
        run.says("its manifest cannot be read").says(message);
    }
}

#[test]
fn what_validate_says_of_a_manifest_that_is_of_another_snapshot() {
    let scene = scene();
    let path = manifest(&scene);
    let original: Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    let [snapshot] = &scene.snapshots("backups")[..] else { panic!("one snapshot") };
    for (change, message) in [
        (("size", Value::from(1)), "the file's size is "),
        (("rows", serde_json::json!({ "t": 7 })), "t: 5 rows, and the manifest says 7 rows"),
        (("rows", serde_json::json!({ "t": 5, "u": 1 })), "u: no such table, and the manifest says 1 rows"),
    ] {
        let mut changed = original.clone();
        changed[change.0] = change.1;
        std::fs::write(&path, changed.to_string()).expect("write");
        let run = scene.larder(["validate", &format!("backups/{snapshot}")]).run();
        assert_eq!(run.code(), Some(3), "{run}");
        assert!(run.to_string().contains(message), "{run}");
    }
    let run = scene.larder(["validate", "backups/missing.db.gz"]).run();
    assert_ne!(run.code(), Some(0), "{run}");
}

#[test]
fn what_is_there_cannot_be_kept_first() {
    let prepare = || {
        let scene = scene();
        std::fs::write(scene.path("rows.json"), "[{\"id\": 50, \"name\": \"fifty\"}]").expect("write");
        scene
    };
    for arguments in
        [&["restore", "latest", "app.db"][..], &["import", "rows.json", "app.db", "--section", "t"]]
    {
        let mut said = 0;
        for number in 1..=points(&prepare(), arguments).len() {
            let scene = prepare();
            let run = scene.larder(arguments).env("LARDER_FAILPOINT", format!("{number}:fail")).run();
            if run.stderr().contains("what is there cannot be kept first") {
                assert_eq!((run.code(), count(&scene.path("app.db"))), (Some(1), 9), "{run}");
                assert_eq!(scene.snapshots("backups").len(), 1);
                said += 1;
            }
        }
        assert!(said > 0, "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_damaged_database_whose_pages_cannot_be_kept_stays_while_somebody_has_it_open() {
    let scene = scene();
    let path = scene.path("app.db");
    fill(&path, "create table u(a); insert into u values (zeroblob(100000))");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("open");
    file.set_len(4096).expect("cut");
    let opened = std::fs::File::open(&path).expect("open");
    let mut holder = std::process::Command::new("sleep").arg("60").stdin(opened).spawn().expect("sleep");
    let run = scene.larder(["restore", "latest", "app.db"]).run();
    let _ = holder.kill();
    let _ = holder.wait();
    run.fails(5).says("app.db is damaged, and another program has it open").says("stop that program first");
    assert_eq!(std::fs::metadata(&path).expect("there").len(), 4096);
}

#[test]
fn foreign_keys_that_lead_nowhere_and_the_manifest_does_not_know_of() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "pragma foreign_keys = off; create table u(t int references t); insert into u values (1000), (1001); delete from t where id > 4",
    );
    std::fs::remove_dir_all(scene.path("backups")).expect("remove");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let path = manifest(&scene);
    let text = std::fs::read_to_string(&path).expect("read");
    let changed = text.replace("\"foreign_key_violations\": 2", "\"foreign_key_violations\": 1");
    assert_ne!(text, changed);
    std::fs::write(&path, changed).expect("write");
    let run = scene.larder(["validate", &format!("backups/{}", scene.snapshots("backups")[0])]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.to_string().contains("2 rows have a foreign key that leads nowhere"), "{run}");
    assert!(run.to_string().contains("; the manifest knows of 1"), "{run}");
}

#[test]
fn exports_in_a_store() {
    let scene = scene();
    fill(&scene.path("app.db"), "create unique index names on t(name)");
    let export = ["export", "app.db", "--to", "exports"];
    let mut said = 0;
    for number in 1..=points(&self::scene(), &export).len() {
        let run = scene.larder(export).env("LARDER_FAILPOINT", format!("{number}:fail")).run();
        said += u32::from(run.stderr().contains("the export is not in "));
    }
    assert!(said > 0);
    scene.larder(export).run().succeeds();
    for name in scene.names("exports").iter().filter(|name| name.ends_with(".meta.json")) {
        std::fs::remove_file(scene.path("exports").join(name)).expect("remove");
    }
    let run = scene.larder(["validate", &format!("exports/{}", scene.snapshots("exports")[0])]).run();
    assert!(run.to_string().contains("there is no manifest to compare the file with"), "{run}");
}
