//! `larder prune` in a store that is damaged itself: whatever is whole counts, and what could not be read is no success.

use super::fixtures::fill;
use super::scene::Scene;

/// A store with a snapshot of each day, which holds the day's name, from the oldest. The stems of their names.
fn store(scene: &Scene, days: &[&str]) -> Vec<String> {
    fill(&scene.path("a.db"), "create table t(a)");
    days.iter()
        .map(|day| {
            fill(&scene.path("a.db"), &format!("delete from t; insert into t values ('{day}')"));
            let path = scene.larder(["snapshot", "a.db", "--to", "store"]).run().succeeds().printed_path();
            path.to_str().expect("a path").trim_end_matches(".db.gz").to_owned()
        })
        .collect()
}

/// Changes a bit in the middle of a snapshot.
fn rot(stem: &str) {
    let path = format!("{stem}.db.gz");
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(path, bytes).expect("write");
}

fn forget(stem: &str) {
    std::fs::remove_file(format!("{stem}.meta.json")).expect("remove");
}

fn is_there(stem: &str) -> bool {
    std::path::Path::new(&format!("{stem}.db.gz")).exists()
}

const KEEP_ONE: [&str; 5] = ["prune", "store", "--keep-last", "1", "--yes"];

#[test]
fn the_newest_that_is_whole_stays_although_its_manifest_is_gone() {
    let scene = Scene::new();
    let stems = store(&scene, &["sunday", "monday", "tuesday", "wednesday"]);
    forget(&stems[2]);
    rot(&stems[3]);
    let run = scene.larder(KEEP_ONE).run();
    assert_eq!(run.code(), Some(1), "{run}");
    let run = run.says("fails its drill");
    assert!(is_there(&stems[2]) && is_there(&stems[1]), "{run}");
    assert!(!is_there(&stems[0]), "what is surely not needed goes: {run}");
    scene.larder(["restore", &format!("{}.db.gz", stems[2]), "b.db"]).run().succeeds();
}

#[test]
fn one_without_a_manifest_counts_only_if_it_is_whole() {
    let scene = Scene::new();
    let stems = store(&scene, &["good", "whole", "cut", "rotten"]);
    stems[1..].iter().for_each(|stem| forget(stem));
    rot(&stems[3]);
    let cut = format!("{}.db.gz", stems[2]);
    let bytes = std::fs::read(&cut).expect("read");
    std::fs::write(&cut, &bytes[..bytes.len() - 9]).expect("write");
    let run = scene.larder(KEEP_ONE).arg("--json").run();
    assert_eq!(run.code(), Some(1), "{run}");
    assert!(is_there(&stems[0]) && is_there(&stems[1]), "{run}");
    let failed = run.json()["failed"].clone();
    assert!(failed[0]["error"] == "fails its drill" && !failed[1].is_null(), "{run}");
}

#[test]
fn max_size_leaves_the_newest_that_is_whole() {
    let scene = Scene::new();
    let stems = store(&scene, &["good", "whole"]);
    forget(&stems[1]);
    scene.larder(["prune", "store", "--max-size", "1B", "--yes"]).run().succeeds();
    assert!(is_there(&stems[0]) && is_there(&stems[1]));
}

#[test]
fn a_snapshot_whose_manifest_cannot_be_read_may_be_pinned_and_stays() {
    let scene = Scene::new();
    let stems = store(&scene, &["pinned", "middle", "newest"]);
    let manifest = format!("{}.meta.json", stems[0]);
    let text = std::fs::read(&manifest).expect("read");
    let too_large = std::fs::File::create(&manifest).expect("create");
    for length in [u64::from(u32::MAX), 2] {
        too_large.set_len(length).expect("a length");
        let run = scene.larder(["prune", "store", "--keep-last", "1", "--dry-run"]).run().does_a_part();
        run.says("its manifest cannot be read");
    }
    let run = scene.larder(KEEP_ONE).run();
    assert_eq!(run.code(), Some(1), "{run}");
    assert!(is_there(&stems[0]) && !is_there(&stems[1]) && is_there(&stems[2]), "{run}");
    // The snapshot itself is made, and the exit code says that not everything is well.
    let run =
        scene.larder(["snapshot", "a.db", "--to", "store", "--prune", "--keep-last", "1", "--json"]).run();
    let run = run.does_a_part().says("its manifest cannot be read");
    assert!(run.json()["snapshot"].is_string() && run.json()["failed"][0]["error"].is_string(), "{run}");
    std::fs::write(&manifest, text).expect("write");
    scene.larder(KEEP_ONE).run().succeeds();
    assert!(!is_there(&stems[0]), "it was not pinned after all");
}

#[test]
fn a_left_over_manifest_that_cannot_be_read_is_told() {
    let scene = Scene::new();
    store(&scene, &["only"]);
    let manifest = scene.path("store/a-2026-01-05T10-00-00Z.meta.json");
    let file = std::fs::File::create(&manifest).expect("create");
    file.set_len(u64::from(u32::MAX)).expect("a length");
    let then = std::time::SystemTime::now() - std::time::Duration::from_hours(48);
    file.set_modified(then).expect("a time");
    let run = scene.larder(KEEP_ONE).run();
    assert_eq!(run.code(), Some(1), "{run}");
    run.says("cannot be read");
    assert!(manifest.exists());
}
