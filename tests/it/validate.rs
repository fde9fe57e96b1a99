//! `larder validate`

use super::fixtures::{broken_index, fill, numbered};
use super::scene::Scene;
use serde_json::{Value, json};
use std::path::PathBuf;

fn scene() -> (Scene, PathBuf) {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 500);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    (scene, path)
}

fn problems(scene: &Scene, file: &std::path::Path, code: i32) -> Vec<Value> {
    let run = scene.larder(["validate", file.to_str().expect("UTF-8"), "--json"]).run();
    assert_eq!(run.code(), Some(code), "{run}");
    let json = run.json();
    assert_eq!(json["valid"], json!(code == 0));
    assert_eq!(json["files"][0]["valid"], json!(code == 0));
    json["files"][0]["problems"].as_array().expect("an array").clone()
}

#[test]
fn a_whole_snapshot_is_valid() {
    let (scene, path) = scene();
    let run = scene.larder(["validate", path.to_str().expect("UTF-8")]).run().succeeds();
    assert_eq!(run.stdout(), format!("{}: valid\n", path.display()));
    assert!(problems(&scene, &path, 0).is_empty());
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[test]
fn damage_is_found_and_exits_with_3() {
    let (scene, path) = scene();
    let bytes = std::fs::read(&path).expect("read");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    for bytes in [flipped, bytes[..bytes.len() - 5].to_vec(), [&bytes[..], b"more"].concat(), vec![]] {
        std::fs::write(&path, bytes).expect("write");
        let found = problems(&scene, &path, 3);
        assert!(found.iter().any(|problem| problem["severity"] == "error"), "{found:?}");
    }
}

#[test]
fn a_manifest_that_lies_is_found_out() {
    let (scene, path) = scene();
    let manifest = path.to_string_lossy().replace(".db.gz", ".meta.json");
    let text = std::fs::read_to_string(&manifest).expect("read");
    let original: Value = serde_json::from_str(&text).expect("JSON");
    let zeros = "0".repeat(64);
    for (field, lie) in [
        ("size", json!(1)),
        ("sha256", json!(zeros)),
        ("database_size", json!(4096)),
        ("database_sha256", json!(zeros)),
        ("schema_sha256", json!(zeros)),
        ("page_size", json!(512)),
        ("encoding", json!("UTF-16le")),
        ("user_version", json!(9)),
        ("application_id", json!(9)),
        ("auto_vacuum", json!(1)),
        ("rows", json!({"t": 499})),
        ("rows", json!({"t": 500, "u": 1})),
        ("rows", json!({})),
    ] {
        let mut lying = original.clone();
        lying[field] = lie;
        std::fs::write(&manifest, lying.to_string()).expect("write");
        let found = problems(&scene, &path, 3);
        let named = format!("manifest.{field}");
        assert!(found.iter().any(|problem| problem["path"] == named.as_str()), "{field}: {found:?}");
    }
    std::fs::write(&manifest, "no manifest").expect("write");
    assert_eq!(problems(&scene, &path, 3)[0]["path"], "manifest");
    std::fs::remove_file(&manifest).expect("remove");
    assert_eq!(problems(&scene, &path, 0)[0]["severity"], "warning");
}

#[test]
fn a_database_with_a_broken_index_is_not_valid() {
    let scene = Scene::new();
    broken_index(&scene.path("app.db"));
    scene.larder(["snapshot", "app.db", "--drill", "quick", "-o", "plain.db"]).run().succeeds();
    let run = scene.larder(["validate", "plain.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("plain.db: NOT VALID\n"), "{run}");
    assert!(run.stdout().contains("  error: database: row 2 missing from index i\n"), "{run}");
}

#[test]
fn violations_that_the_application_lives_with_are_warnings() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "pragma foreign_keys = off; create table p(id integer primary key); create table c(p references p); insert into c values (7)",
    );
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let found = problems(&scene, &path, 0);
    assert_eq!(found[0]["severity"], "warning");
    assert!(
        found[0]["message"].as_str().expect("text").contains("1 rows have a foreign key that leads nowhere"),
        "{found:?}"
    );
}

#[test]
fn several_files_are_looked_at_and_one_bad_one_decides() {
    let (scene, path) = scene();
    std::fs::write(scene.path("bad.db.gz"), "nothing").expect("write");
    let run = scene.larder(["validate", path.to_str().expect("UTF-8"), "bad.db.gz"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert_eq!(
        run.stdout().lines().filter(|line| line.ends_with("valid") || line.ends_with("NOT VALID")).count(),
        2,
        "{run}"
    );
    scene.larder(["validate", "none.db.gz"]).run().fails(1).says("there is no file none.db.gz");
    scene.larder(["validate"]).run().fails(2);
    std::fs::write(scene.path("doc.json"), "{}").expect("write");
    scene.larder(["validate", "doc.json"]).run().fails(2).says("validate reads snapshots");
}

#[test]
fn a_small_file_that_would_become_a_large_one_is_stopped() {
    let (scene, path) = scene();
    // A gzip member of a header that announces 8 kB, followed by as many zeros as one likes.
    let database = std::fs::read(scene.path("app.db")).expect("read");
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut bomb, &database[..4096]).expect("write");
    std::io::Write::write_all(&mut bomb, &vec![0; 50_000_000]).expect("write");
    std::fs::write(&path, bomb.finish().expect("finish")).expect("write");
    let found = problems(&scene, &path, 3);
    assert!(
        found.iter().any(|p| p["message"].as_str().expect("text").contains("more than the expected")),
        "{found:?}"
    );
}
