//! What an undo goes back to when something before it was killed, failed, or ran with a wrong clock.

use super::commits::points;
use super::fixtures::{count, fill, numbered};
use super::scene::{Run, Scene, days_ago};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Larger than the number of fail points of any command here: a run that passes fewer succeeds.
pub const MOST: u32 = 200;

const ORIGINAL: u32 = 40;

/// `app.db` has 40 rows; the stores `first` and `second` have snapshots of it with 20 and 30.
pub fn scene() -> Scene {
    let scene = Scene::new();
    for (store, rows) in [("first", 20), ("second", 30)] {
        let _ = std::fs::remove_file(scene.path("app.db"));
        numbered(&scene.path("app.db"), rows);
        scene.larder(["snapshot", "app.db", "--to", store]).run().succeeds();
    }
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    numbered(&scene.path("app.db"), ORIGINAL);
    scene
}

fn rows(scene: &Scene) -> u32 {
    count(&scene.path("app.db"))
}

fn snapshot_in(scene: &Scene, store: &str) -> String {
    let regular =
        |name: &String| !manifest(scene, &format!("{store}/{name}"))["kind"].to_string().contains("before");
    format!("{store}/{}", scene.snapshots(store).into_iter().find(regular).expect("a snapshot"))
}

fn restore(scene: &Scene, store: &str) -> Run {
    scene.larder(["restore", &snapshot_in(scene, store), "app.db"]).run()
}

pub fn undo(scene: &Scene) -> Run {
    scene.larder(["restore", "--undo", "app.db"]).run()
}

/// Runs a command killed at a fail point. Says whether it was.
pub fn killed_at(scene: &Scene, arguments: &[&str], point: u32) -> bool {
    let run = scene.larder(arguments).env("LARDER_FAILPOINT", format!("{point}:kill")).run();
    run.was_killed()
}

fn manifest_of(scene: &Scene, snapshot: &str) -> PathBuf {
    let (stem, _) = snapshot.split_once(".db").expect("a snapshot's name");
    scene.path(format!("{stem}.meta.json"))
}

fn manifest(scene: &Scene, snapshot: &str) -> Value {
    read(&manifest_of(scene, snapshot))
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a manifest")).expect("JSON")
}

/// The newest safety snapshot, of those whose manifests say so.
pub fn newest_safety(scene: &Scene) -> String {
    let sequence =
        |name: &String| manifest(scene, &format!("backups/{name}"))["replaced_by"]["sequence"].as_u64();
    scene
        .snapshots("backups")
        .into_iter()
        .max_by_key(sequence)
        .map(|name| format!("backups/{name}"))
        .expect("one")
}

pub fn state(scene: &Scene) -> Value {
    manifest(scene, &newest_safety(scene))["replaced_by"]["state"].clone()
}

#[test]
fn an_undo_that_was_killed_is_finished_by_the_next() {
    for point in 1..MOST {
        let scene = scene();
        restore(&scene, "first").succeeds();
        if !killed_at(&scene, &["restore", "--undo", "app.db"], point) {
            assert!(point > 10);
            return;
        }
        assert!([20, ORIGINAL].contains(&rows(&scene)));
        // What was done and noted before the kill is done: the next goes forward.
        let then =
            if rows(&scene) == ORIGINAL && state(&scene) == "done" { [20, ORIGINAL] } else { [ORIGINAL, 20] };
        for expected in then {
            undo(&scene).succeeds();
            assert_eq!(rows(&scene), expected, "after a kill at {point}");
        }
    }
    panic!("there are more fail points");
}

#[test]
fn a_restore_that_was_killed_shadows_nothing() {
    for point in 1..MOST {
        let scene = scene();
        restore(&scene, "first").succeeds();
        let snapshot = snapshot_in(&scene, "second");
        if !killed_at(&scene, &["restore", &snapshot, "app.db"], point) {
            return;
        }
        let before = if rows(&scene) == 20 { ORIGINAL } else { 20 };
        undo(&scene).succeeds();
        assert_eq!(rows(&scene), before, "after a kill at {point}");
    }
    panic!("there are more fail points");
}

#[test]
fn a_restore_that_was_killed_and_run_again_leads_back_to_what_it_replaced() {
    for point in 1..MOST {
        let scene = scene();
        let snapshot = snapshot_in(&scene, "first");
        if !killed_at(&scene, &["restore", &snapshot, "app.db"], point) {
            return;
        }
        restore(&scene, "first").succeeds();
        assert_eq!(rows(&scene), 20);
        undo(&scene).succeeds();
        assert_eq!(rows(&scene), ORIGINAL, "after a kill at {point}");
    }
    panic!("there are more fail points");
}

#[test]
fn an_import_that_was_killed_shadows_nothing_that_it_did_not_do() {
    let import = ["import", "rows.json", "app.db", "--section", "t"];
    for point in 1..MOST {
        let scene = scene();
        std::fs::write(scene.path("rows.json"), "[{\"id\": 1000, \"name\": \"new\"}]").expect("write");
        restore(&scene, "first").succeeds();
        if !killed_at(&scene, &import, point) {
            return;
        }
        let run = undo(&scene);
        match rows(&scene) {
            // Between the commit and the note of it, nobody can tell; both ways are named.
            21 => drop(run.fails(4).says("nobody can tell whether rows.json was written")),
            now => {
                run.succeeds();
                assert!([20, ORIGINAL].contains(&now), "{now} after a kill at {point}");
            }
        }
    }
    panic!("there are more fail points");
}

#[test]
fn an_import_that_was_killed_and_run_again_can_be_undone() {
    let import = ["import", "doc.json", "app.db", "--on-conflict", "overwrite"];
    let mut finished = 0;
    for point in 1..MOST {
        let scene = scene();
        fill(&scene.path("app.db"), "create unique index names on t(name)");
        scene.larder(["export", "app.db", "-o", "doc.json"]).run().succeeds();
        fill(&scene.path("app.db"), "delete from t where id > 7");
        if !killed_at(&scene, &import, point) {
            assert!(finished > 0, "no kill came between the commit and the note of it");
            return;
        }
        let had = rows(&scene);
        let run = scene.larder(import).run().succeeds();
        assert_eq!(rows(&scene), ORIGINAL);
        if had == ORIGINAL && run.stderr().contains("to undo: ") {
            run.says("nothing to change in").says("what was there is kept in");
            finished += 1;
        }
        undo(&scene).succeeds();
        assert_eq!(rows(&scene), 7, "after a kill at {point}");
    }
    panic!("there are more fail points");
}

/// A scene in which a restore of `second` was killed while it wrote.
fn killed_while_writing() -> Scene {
    let prepared = || {
        let scene = scene();
        restore(&scene, "first").succeeds();
        let snapshot = snapshot_in(&scene, "second");
        (scene, snapshot)
    };
    let (scene, snapshot) = prepared();
    let points = points(&scene, &["restore", &snapshot, "app.db"]);
    // The last copy is that by which the result is compared, the one before it is the restore.
    let is_end = |(at, point): (usize, &String)| (point == "copied pages").then_some(at);
    let commit = points.iter().enumerate().filter_map(is_end).rev().nth(1).expect("it commits");
    let writing = points[..commit].iter().rposition(|point| point == "copy pages").expect("it writes");
    let writing = u32::try_from(writing).expect("few points") + 1;
    let (scene, snapshot) = prepared();
    assert!(killed_at(&scene, &["restore", &snapshot, "app.db"], writing));
    assert_eq!((rows(&scene), state(&scene).as_str()), (20, Some("pending")));
    scene
}

#[test]
fn where_nobody_can_tell_both_ways_are_named() {
    let scene = killed_while_writing();
    fill(&scene.path("app.db"), "insert into t values (500, 'after', 0)");
    let run = undo(&scene).fails(4).says("nobody can tell whether").says("was written to since");
    let hint = run.stderr();
    assert_eq!(rows(&scene), 21, "nothing was done");
    let commands: Vec<Vec<String>> = hint
        .split("larder ")
        .skip(1)
        .map(|rest| rest.split(' ').take(3).map(|word| word.trim_end_matches(',').to_owned()).collect())
        .collect();
    assert_eq!(commands.len(), 2, "{hint}");
    for (command, there) in commands.iter().zip([20, ORIGINAL]) {
        scene.larder(command).run().succeeds();
        assert_eq!(rows(&scene), there, "{command:?}");
    }
    undo(&scene).succeeds();
    assert_eq!(rows(&scene), 20, "the pending one is no longer the newest");
}

#[test]
fn what_cannot_be_read_just_now_is_no_reason_to_say_that_nobody_can_tell() {
    let scene = killed_while_writing();
    let plan = ["restore", "--undo", "app.db", "--dry-run"];
    for point in 1..=points(&scene, &plan).len() {
        let run = scene.larder(plan).env("LARDER_FAILPOINT", format!("{point}:fail")).run();
        assert!(matches!(run.code(), Some(0 | 1)), "{run}");
    }
    let db = super::same::open(&scene.path("app.db"));
    db.execute_batch("begin exclusive").expect("lock");
    let path = scene.path("app.db");
    for arguments in [&plan[..], &["restore", &snapshot_in(&scene, "second"), "app.db"]] {
        let run = scene.larder(arguments).arg("--busy-timeout").arg("50ms").run();
        run.fails(5).says(&format!("cannot tell what {} holds", path.display()));
    }
}

#[test]
fn why_nobody_can_tell_is_told() {
    let scene = killed_while_writing();
    std::fs::write(scene.path("app.db"), "no database any more").expect("write");
    undo(&scene).fails(4).says("nobody can tell whether").says("app.db is damaged");
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    undo(&scene).fails(4).says("nobody can tell whether").says("app.db is gone");
}

#[test]
fn a_plan_says_what_did_not_happen_and_changes_nothing() {
    let scene = killed_while_writing();
    let before = scene.names("backups");
    let run = scene.larder(["restore", "--undo", "app.db", "--dry-run"]).run().succeeds();
    run.says("it was not: it holds what it held before").says("would put back what is in");
    assert_eq!((rows(&scene), scene.names("backups")), (20, before));
}

#[test]
fn a_restore_that_is_run_again_is_the_same_restore() {
    let scene = scene();
    let kept = |run: Run| run.json()["safety_snapshot"].as_str().expect("a path").to_owned();
    let snapshot = snapshot_in(&scene, "first");
    let again = || scene.larder(["restore", &snapshot, "app.db", "--json"]).run().succeeds();
    let first = kept(again());
    let second = again();
    assert!(second.json()["undo"].is_string(), "{second}");
    assert_eq!(kept(second.says("holds that since")), first);
    restore(&scene, "first").succeeds().says(&format!("what was there is kept in {first}")).says("to undo: ");
    assert_eq!(scene.snapshots("backups").len(), 1);
    undo(&scene).succeeds();
    assert_eq!(rows(&scene), ORIGINAL);
}

#[test]
fn a_restore_of_what_is_there_already_can_be_undone_like_any() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    scene.larder(["snapshot", "app.db", "-o", "third.db.gz"]).run().succeeds();
    scene.larder(["restore", "third.db.gz", "app.db"]).run().succeeds();
    assert_eq!(scene.snapshots("backups").len(), 2);
    fill(&scene.path("app.db"), "delete from t");
    undo(&scene).succeeds().says("was written to after it was restored");
    assert_eq!(rows(&scene), 20);
    // Written to between the two, the second restore of the same snapshot is not the first one run again.
    let scene = self::scene();
    restore(&scene, "first").succeeds();
    fill(&scene.path("app.db"), "delete from t where id > 7");
    restore(&scene, "first").succeeds();
    undo(&scene).succeeds();
    assert_eq!(rows(&scene), 7);
}

#[test]
fn an_undo_says_where_it_changes_nothing() {
    let scene = scene();
    scene.larder(["snapshot", "app.db", "-o", "third.db.gz"]).run().succeeds();
    scene.larder(["restore", "third.db.gz", "app.db"]).run().succeeds();
    undo(&scene).succeeds().says("held that already");
    assert_eq!(rows(&scene), ORIGINAL);
}

#[test]
fn a_restore_that_moved_a_wreck_aside_and_is_run_again_is_the_same_restore() {
    for has_manifest in [true, false] {
        let scene = scene();
        scene.larder(["snapshot", "app.db", "-o", "third.db.gz"]).run().succeeds();
        let snapshot = if has_manifest { snapshot_in(&scene, "first") } else { "third.db.gz".to_owned() };
        std::fs::write(scene.path("app.db"), "no database any more").expect("write");
        for _ in 0..2 {
            let run = scene.larder(["restore", &snapshot, "app.db", "--json"]).run().succeeds();
            assert!(run.json()["moved_aside"].is_string(), "{run}");
        }
        assert!(scene.names("").iter().all(|name| name != "backups"));
        undo(&scene).succeeds();
        assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), b"no database any more");
    }
}

#[test]
fn a_damaged_snapshot_is_restored_with_force_and_can_be_undone() {
    let scene = scene();
    fill(&scene.path("app.db"), "create table u(a); insert into u values (randomblob(100000))");
    std::fs::copy(scene.path("app.db"), scene.path("bad.db")).expect("copy");
    // The root of the table: what a copy of SQLite's needs.
    let mut bytes = std::fs::read(scene.path("bad.db")).expect("read");
    bytes[4096..8192].fill(0xff);
    let pack = std::fs::File::create(scene.path("bad.db.gz")).expect("create");
    let mut pack = flate2::write::GzEncoder::new(pack, flate2::Compression::fast());
    std::io::Write::write_all(&mut pack, &bytes).expect("pack");
    pack.finish().expect("pack");
    for target in ["healthy", "wreck"] {
        std::fs::copy(scene.path("app.db"), scene.path("good")).expect("copy");
        if target == "wreck" {
            std::fs::write(scene.path("app.db"), "no database any more").expect("write");
        }
        let before = std::fs::read(scene.path("app.db")).expect("read");
        scene.larder(["restore", "bad.db.gz", "app.db", "--force"]).run().succeeds();
        undo(&scene).succeeds();
        let after = std::fs::read(scene.path("app.db")).expect("read");
        assert!(after == before || target == "healthy" && rows(&scene) == ORIGINAL, "{target}");
        std::fs::rename(scene.path("good"), scene.path("app.db")).expect("rename");
    }
}

#[test]
fn so_is_one_of_a_file_without_a_manifest() {
    let scene = scene();
    numbered(&scene.path("plain.db"), 500);
    fill(&scene.path("plain.db"), "delete from t where id > 20");
    let file = std::fs::File::create(scene.path("plain.db.gz")).expect("a file");
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    std::io::copy(&mut std::fs::File::open(scene.path("plain.db")).expect("open"), &mut packer)
        .expect("copy");
    packer.finish().expect("write");
    std::fs::write(scene.path("app.db"), "no database any more").expect("write");
    for _ in 0..2 {
        scene.larder(["restore", "plain.db.gz", "app.db"]).run().succeeds();
        assert_eq!(rows(&scene), 20);
    }
    undo(&scene).succeeds();
    assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), b"no database any more");
}

#[test]
fn a_manifest_that_cannot_be_read_may_be_the_last_and_is_not_passed_over() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    restore(&scene, "second").succeeds();
    std::fs::write(manifest_of(&scene, &newest_safety(&scene)), "{").expect("write");
    undo(&scene).fails(1).says("cannot be read, and it may be what was kept last");
    assert_eq!(rows(&scene), 30);
}

#[test]
fn order_goes_by_what_came_first_and_not_by_the_clock() {
    for (first, second) in
        [("2090-01-01T00-00-00Z", "2026-01-01T00-00-00Z"), ("1969-12-31T23-59-59Z", "2090-01-01T00-00-00Z")]
    {
        let scene = scene();
        restore(&scene, "first").succeeds();
        scene.date(&newest_safety(&scene), first);
        restore(&scene, "second").succeeds();
        scene.date(&newest_safety(&scene), second);
        for rows_then in [20, 30] {
            undo(&scene).succeeds();
            assert_eq!(rows(&scene), rows_then, "{first} {second}");
        }
    }
}

#[test]
fn a_clock_that_leaps_expires_nothing() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    scene.date(&newest_safety(&scene), "2020-01-01T00-00-00Z");
    let is_there = |name: &str| scene.snapshots("backups").iter().any(|of| of.contains(name));
    // By what is there, this is a clock that is years ahead for several runs, or a store that was not used for years.
    for store in ["second", "first", "second"] {
        restore(&scene, store).succeeds();
        scene.larder(["prune", "backups", "--keep-last", "1", "--yes"]).run().succeeds();
        assert!(is_there("2020"));
    }
    assert_eq!(scene.snapshots("backups").len(), 4);
    // Once the clock has gone on for a week, it is that store.
    let second = newest_safety(&scene);
    scene.date(&second, &days_ago(8));
    restore(&scene, "first").succeeds();
    assert!(!is_there("2020"));
}

#[test]
fn a_clock_that_was_ahead_for_several_runs_expires_nothing_when_it_is_right_again() {
    for is_of_older_version in [false, true] {
        let scene = scene();
        for (store, at) in [("first", days_ago(13)), ("second", days_ago(9)), ("first", days_ago(3))] {
            restore(&scene, store).succeeds();
            let made = newest_safety(&scene);
            if is_of_older_version {
                without_sequence(&scene, &made, &at);
            } else {
                scene.date(&made, &at);
            }
        }
        let before = scene.snapshots("backups");
        for (store, at) in [("second", "00"), ("first", "05"), ("second", "10")] {
            restore(&scene, store).succeeds();
            scene.date(&newest_safety(&scene), &format!("2040-01-01T00-{at}-00Z"));
        }
        restore(&scene, "first").succeeds();
        let after = scene.snapshots("backups");
        assert!(before.iter().all(|name| after.contains(name)), "{before:?} {after:?}");
        undo(&scene).succeeds();
        assert_eq!(rows(&scene), 30, "the order is not that of the clock");
    }
}

#[test]
fn what_an_undo_would_go_back_to_is_never_pruned() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    scene.date(&newest_safety(&scene), "2020-01-01T00-00-00Z");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["prune", "backups", "--keep-last", "1", "--yes"]).run().succeeds();
    undo(&scene).succeeds();
    assert_eq!(rows(&scene), ORIGINAL);
}

#[test]
fn an_undo_finds_what_a_restore_from_another_store_replaced() {
    for safe in [true, false] {
        let scene = scene();
        restore(&scene, "first").succeeds();
        let mut line = vec!["restore", "latest", "app.db", "--from", "second", "--yes"];
        if !safe {
            line.push("--no-safety-snapshot");
        }
        scene.larder(line).run().succeeds();
        assert_eq!((rows(&scene), scene.snapshots("second").len()), (30, 1));
        let run = undo(&scene);
        if safe {
            run.succeeds();
            assert_eq!(rows(&scene), 20);
        } else {
            run.fails(1);
            assert_eq!(
                rows(&scene),
                30,
                "what was there before the first restore is not what was there before"
            );
        }
    }
}

#[test]
fn an_undo_finds_what_an_earlier_version_kept_in_the_store_that_is_named() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    let kept = newest_safety(&scene);
    for end in [".db.gz", ".meta.json"] {
        let name = kept.replace(".db.gz", end);
        std::fs::rename(scene.path(&name), scene.path(name.replace("backups", "second"))).expect("rename");
    }
    let run =
        undo(&scene).fails(1).says("nothing to undo").says("restore --undo --from STORE looks there too");
    run.says(&format!("are looked for in {}", scene.path("backups").display()));
    let run = scene.larder(["restore", "--undo", "app.db", "--from", "first"]).run().fails(1);
    run.says(&format!("{} and first", scene.path("backups").display()));
    scene.larder(["restore", "--undo", "app.db", "--from", "second"]).run().succeeds();
    assert_eq!(rows(&scene), ORIGINAL);
}

/// Makes a safety snapshot one of a version that knew no other order than time.
fn without_sequence(scene: &Scene, snapshot: &str, time: &str) {
    let path = manifest_of(scene, snapshot);
    let mut manifest = read(&path);
    manifest["replaced_by"]["sequence"] = 0.into();
    std::fs::write(path, manifest.to_string()).expect("write");
    scene.date(snapshot, time);
}

#[test]
fn what_is_dated_in_the_future_is_superseded_too() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    without_sequence(&scene, &newest_safety(&scene), "2090-01-01T00-00-00Z");
    let second = snapshot_in(&scene, "second");
    scene.larder(["restore", &second, "app.db", "--no-safety-snapshot", "--yes"]).run().succeeds();
    let [kept] = &scene.snapshots("backups")[..] else { panic!("one safety snapshot") };
    let superseded = &manifest(&scene, &format!("backups/{kept}"))["superseded_at"];
    assert!(superseded.is_string(), "once its time comes, an undo would take it for the last: {superseded}");
}

#[test]
fn what_is_dated_in_the_future_does_not_have_what_an_undo_takes_pruned() {
    let scene = scene();
    restore(&scene, "first").succeeds();
    without_sequence(&scene, &newest_safety(&scene), "2020-01-01T00-00-00Z");
    let old = scene.snapshots("backups");
    restore(&scene, "second").succeeds();
    let later = scene.snapshots("backups").into_iter().find(|name| !old.contains(name)).expect("one");
    without_sequence(&scene, &format!("backups/{later}"), "2090-01-01T00-00-00Z");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["prune", "backups", "--keep-last", "1", "--yes"]).run().succeeds();
    undo(&scene).succeeds();
    assert_eq!(rows(&scene), ORIGINAL);
}
