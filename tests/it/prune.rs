//! `larder prune`

use super::fixtures::numbered;
use super::scene::{Scene, days_ago};
use serde_json::Value;

/// A scene with a snapshot and copies of it under other times.
fn scene(times: &[&str]) -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db", "--to", "store"]).run().succeeds();
    let stem = scene.snapshots("store").remove(0).trim_end_matches(".db.gz").to_owned();
    for time in times {
        copy(&scene, &stem, &format!("app-{time}"));
    }
    for suffix in [".db.gz", ".meta.json"] {
        std::fs::remove_file(scene.path(format!("store/{stem}{suffix}"))).expect("remove");
    }
    scene
}

fn copy(scene: &Scene, from: &str, to: &str) {
    for suffix in [".db.gz", ".meta.json"] {
        std::fs::copy(scene.path(format!("store/{from}{suffix}")), scene.path(format!("store/{to}{suffix}")))
            .expect("copy");
    }
}

const WEEK: [&str; 6] = [
    "2026-01-05T10-00-00Z",
    "2026-01-06T10-00-00Z",
    "2026-01-06T22-00-00Z",
    "2026-01-07T10-00-00Z",
    "2026-01-07T10-00-00Z-2",
    "2026-01-08T10-00-00Z",
];

fn removed(json: &Value) -> Vec<String> {
    let of = |decision: &Value| {
        decision["name"].as_str().expect("a name").trim_end_matches(".db.gz").replacen("app-", "", 1)
    };
    json["remove"].as_array().expect("an array").iter().map(of).collect()
}

#[test]
fn a_plan_has_a_reason_for_every_file_and_a_dry_run_stops_there() {
    let scene = scene(&WEEK);
    let json =
        scene.larder(["prune", "store", "--keep-daily", "3", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(removed(&json), [WEEK[0], WEEK[1], WEEK[3]]);
    for decision in json["keep"].as_array().expect("an array") {
        assert_eq!(decision["reasons"], serde_json::json!(["daily snapshot"]));
    }
    for decision in json["remove"].as_array().expect("an array") {
        assert_eq!(decision["reasons"], serde_json::json!(["no rule keeps it"]));
    }
    assert_eq!(scene.snapshots("store").len(), 6);
    let text = scene.larder(["prune", "store", "--keep-daily", "3", "--dry-run"]).run().succeeds().stdout();
    assert_eq!(text.lines().filter(|line| line.starts_with("remove  ")).count(), 3, "{text}");
}

#[test]
fn without_a_terminal_yes_must_be_said() {
    let scene = scene(&WEEK);
    let run = scene.larder(["prune", "store", "--keep-last", "1"]).run();
    assert_eq!(run.code(), Some(4), "{run}");
    run.says("--yes says yes");
    assert_eq!(scene.snapshots("store").len(), 6);
    scene.larder(["prune", "store", "--keep-last", "1", "--yes"]).run().succeeds().says("1 kept, 5 removed");
    assert_eq!(scene.snapshots("store"), ["app-2026-01-08T10-00-00Z.db.gz"]);
    assert_eq!(scene.names("store").len(), 4, "the manifests went with them");
    scene.larder(["prune", "store", "--keep-last", "1"]).run().succeeds().says("1 kept, 0 removed");
}

#[test]
fn an_empty_policy_is_refused() {
    let scene = scene(&WEEK);
    scene.larder(["prune", "store", "--yes"]).run().fails(2).says("nothing says what to keep");
    scene
        .larder(["prune", "store", "--keep-last", "0", "--yes"])
        .run()
        .fails(2)
        .says("nothing says what to keep");
    scene.larder(["prune", "store", "--keep-within", "2w"]).run().fails(2).says("1y2m3d4h");
    scene.larder(["prune", "store", "--max-size", "much"]).run().fails(2).says("is no size");
    scene.larder(["prune", "none", "--keep-last", "1"]).run().fails(1).says("there is no store at none");
    scene.larder(["prune", "--keep-last", "1"]).run().fails(2).says("which store?");
    assert_eq!(scene.snapshots("store").len(), 6);
}

#[test]
fn foreign_files_are_not_touched() {
    let scene = scene(&WEEK);
    let foreign = [
        "notes.txt",
        "app.db.gz",
        "app-2026-01-01T10-00-00Z.db.gz",
        "app-2026-01-01T10-00-00Z-2.db",
        "x-2026-01-02T10-00-00Z.db.gz",
    ];
    for name in foreign {
        std::fs::write(scene.path("store").join(name), "not a snapshot").expect("write");
    }
    let json =
        scene.larder(["prune", "store", "--keep-last", "1", "--yes", "--json"]).run().succeeds().json();
    assert_eq!(json["remove"].as_array().map(Vec::len), Some(5));
    for name in foreign {
        assert_eq!(std::fs::read(scene.path("store").join(name)).expect("there"), b"not a snapshot");
    }
}

#[test]
fn snapshots_that_are_not_known_to_be_good_push_nothing_out() {
    let scene = scene(&WEEK);
    // The newest has no manifest, the one before was cut: neither counts.
    std::fs::remove_file(scene.path("store/app-2026-01-08T10-00-00Z.meta.json")).expect("remove");
    std::fs::write(scene.path("store/app-2026-01-07T10-00-00Z-2.db.gz"), [0x1f, 0x8b]).expect("cut");
    let json =
        scene.larder(["prune", "store", "--keep-last", "1", "--yes", "--json"]).run().succeeds().json();
    let kept: Vec<&str> = json["keep"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|k| k["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(kept, ["app-2026-01-07T10-00-00Z.db.gz", "app-2026-01-08T10-00-00Z.db.gz"]);
    let why = &json["keep"][1]["reasons"];
    assert_eq!(why, &serde_json::json!(["last snapshot", "has no manifest"]));
}

#[test]
fn the_newest_that_is_kept_is_drilled_before_anything_goes() {
    let scene = scene(&WEEK);
    let newest = scene.path("store/app-2026-01-08T10-00-00Z.db.gz");
    let mut bytes = std::fs::read(&newest).expect("read");
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    std::fs::write(&newest, bytes).expect("write");
    // Everything else is done, and the exit code says that somebody should look at this one.
    let run = scene.larder(["prune", "store", "--keep-last", "1", "--yes"]).run().does_a_part();
    run.says("app-2026-01-08T10-00-00Z.db.gz fails its drill");
    let left = scene.snapshots("store");
    assert!(left.contains(&"app-2026-01-07T10-00-00Z-2.db.gz".to_owned()), "{left:?}");
    assert!(
        left.contains(&"app-2026-01-08T10-00-00Z.db.gz".to_owned()),
        "the plan that was shown kept it: {left:?}"
    );
}

#[test]
fn the_last_good_snapshot_always_stays() {
    let scene = scene(&WEEK[..1]);
    let json =
        scene.larder(["prune", "store", "--max-size", "1B", "--yes", "--json"]).run().succeeds().json();
    assert_eq!(json["keep"][0]["reasons"], serde_json::json!(["over --max-size", "the last good snapshot"]));
    assert_eq!(scene.snapshots("store").len(), 1);
    // Where none is good, all stay.
    std::fs::remove_file(scene.path("store/app-2026-01-05T10-00-00Z.meta.json")).expect("remove");
    let json =
        scene.larder(["prune", "store", "--max-size", "1B", "--yes", "--json"]).run().succeeds().json();
    assert_eq!(json["remove"], serde_json::json!([]));
}

#[test]
fn a_snapshot_from_the_future_stays_and_counts_for_nothing() {
    let scene = scene(&["2026-01-05T10-00-00Z", "2026-01-06T10-00-00Z", "2090-01-01T00-00-00Z"]);
    let json =
        scene.larder(["prune", "store", "--keep-last", "1", "--yes", "--json"]).run().succeeds().json();
    assert_eq!(removed(&json), ["2026-01-05T10-00-00Z"]);
    assert_eq!(json["keep"][1]["reasons"], serde_json::json!(["dated in the future"]));
}

#[test]
fn max_size_drops_the_oldest_of_what_the_rules_keep() {
    let scene = scene(&WEEK);
    let size = std::fs::metadata(scene.path("store/app-2026-01-05T10-00-00Z.db.gz")).expect("there").len();
    let limit = format!("{}B", size * 2 + 10);
    let arguments = ["prune", "store", "--keep-daily", "4", "--max-size", &limit, "--dry-run", "--json"];
    let json = scene.larder(arguments).run().succeeds().json();
    assert_eq!(removed(&json), [WEEK[0], WEEK[1], WEEK[2], WEEK[3]]);
    assert_eq!(json["remove"][0]["reasons"], serde_json::json!(["over --max-size"]));
    assert_eq!(json["remove"][1]["reasons"], serde_json::json!(["no rule keeps it"]));
}

#[test]
fn each_application_is_pruned_by_itself() {
    let scene = scene(&WEEK);
    for time in &WEEK[..3] {
        copy(&scene, &format!("app-{time}"), &format!("other-{time}"));
    }
    let json =
        scene.larder(["prune", "store", "--keep-last", "2", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(json["keep"].as_array().map(Vec::len), Some(4));
    let arguments = ["prune", "store", "--keep-last", "2", "--app", "other", "--yes"];
    scene.larder(arguments).run().succeeds().says("2 kept, 1 removed");
    assert_eq!(scene.snapshots("store").len(), 8);
}

#[test]
fn safety_snapshots_have_a_policy_of_their_own() {
    let scene = scene(&WEEK);
    std::fs::rename(scene.path("store"), scene.path("backups")).expect("rename");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let run = |arguments: &[&str]| {
        let all = ["prune", "backups", "--keep-last", "1", "--dry-run", "--json"].iter().chain(arguments);
        scene.larder(all).run().succeeds().json()
    };
    let kept = run(&[]);
    assert_eq!(kept["keep"][1]["reasons"], serde_json::json!(["safety snapshot, kept 14d"]));
    let json = scene.larder(["list", "backups", "--json"]).run().succeeds().json();
    let name = json["snapshots"][6]["name"].as_str().expect("a name").trim_end_matches(".db.gz").to_owned();
    for suffix in [".db.gz", ".meta.json"] {
        let from = scene.path(format!("backups/{name}{suffix}"));
        std::fs::copy(from, scene.path(format!("backups/app-2026-01-04T10-00-00Z{suffix}"))).expect("copy");
    }
    // The clock is believed once the store was in use for a week.
    assert_eq!(run(&[])["remove"].as_array().map(Vec::len), Some(5));
    scene.date(&format!("backups/{name}.db.gz"), &days_ago(8));
    let expired = run(&[]);
    assert_eq!(expired["remove"][0]["reasons"], serde_json::json!(["safety snapshot older than 14d"]));
    assert_eq!(run(&[])["remove"].as_array().map(Vec::len), Some(6));
    assert_eq!(run(&["--keep-safety", "100y"])["remove"].as_array().map(Vec::len), Some(5));
}

#[test]
fn days_begin_in_the_zone() {
    let scene = scene(&["2026-01-05T22-30-00Z", "2026-01-05T23-30-00Z", "2026-01-06T00-30-00Z"]);
    let run = |zone: &str| {
        let arguments = ["prune", "store", "--keep-daily", "2", "--timezone", zone, "--dry-run", "--json"];
        removed(&scene.larder(arguments).run().succeeds().json())
    };
    assert_eq!(run("UTC"), ["2026-01-05T22-30-00Z"]);
    assert_eq!(run("Europe/Berlin"), ["2026-01-05T23-30-00Z"]);
    assert_eq!(run("-10:00"), ["2026-01-05T23-30-00Z"]);
    scene
        .larder(["prune", "store", "--keep-daily", "2", "--timezone", "Mars/Olympus"])
        .run()
        .fails(2)
        .says("is no time zone");
}

#[test]
fn manifests_without_their_snapshot_go_after_a_day() {
    let scene = scene(&WEEK);
    let (file, manifest) =
        ("store/app-2026-01-05T10-00-00Z.db.gz", "store/app-2026-01-05T10-00-00Z.meta.json");
    let bytes = std::fs::read(scene.path(file)).expect("read");
    std::fs::remove_file(scene.path(file)).expect("remove");
    let removed = || -> Value {
        let arguments = ["prune", "store", "--keep-last", "9", "--yes", "--json"];
        scene.larder(arguments).run().succeeds().json()["remove"].clone()
    };
    assert_eq!(removed(), serde_json::json!([]), "somebody may be copying the store");
    let text = std::fs::read(scene.path(manifest)).expect("read");
    age(&scene.path(manifest));
    // What was encrypted, half copied, or is no manifest of larder's at all stays.
    std::fs::write(scene.path(format!("{file}.age")), &bytes).expect("write");
    assert_eq!(removed(), serde_json::json!([]));
    std::fs::remove_file(scene.path(format!("{file}.age"))).expect("remove");
    std::fs::write(scene.path(manifest), "{\"theirs\": true}").expect("write");
    age(&scene.path(manifest));
    assert_eq!(removed(), serde_json::json!([]));
    std::fs::write(scene.path(manifest), text).expect("write");
    age(&scene.path(manifest));
    assert_eq!(removed()[0]["reasons"], serde_json::json!(["manifest without its snapshot"]));
    assert!(!scene.path(manifest).exists());
}

/// Makes a file two days old.
fn age(path: &std::path::Path) {
    let then = std::time::SystemTime::now() - std::time::Duration::from_hours(48);
    let file = std::fs::File::options().write(true).open(path).expect("open");
    file.set_modified(then).expect("a time");
}

#[test]
fn what_is_pinned_stays_and_does_not_count_for_the_size() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db", "--pin"]).run().succeeds();
    for _ in 0..2 {
        scene.larder(["snapshot", "app.db"]).run().succeeds();
    }
    let list = scene.larder(["list"]).run().succeeds().stdout();
    assert_eq!(list.matches("manual, pinned").count(), 1, "{list}");
    let plan = scene.larder(["prune", "--keep-last", "1", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(plan["keep"][0]["reasons"], serde_json::json!(["pinned"]));
    assert_eq!(plan["remove"].as_array().map(Vec::len), Some(1));
    let plan = scene.larder(["prune", "--max-size", "1B", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(
        plan["keep"].as_array().map(Vec::len),
        Some(2),
        "the pinned one and the last good one: {plan}"
    );
    scene.larder(["prune", "--keep-last", "1", "--yes"]).run().succeeds().says("2 kept, 1 removed");
    let pinned = plan["keep"][0]["name"].as_str().expect("a name").to_owned();
    scene.larder(["pin", &pinned]).run().succeeds().says("was pinned already");
    scene.larder(["pin", &pinned, "--remove"]).run().succeeds().says("is not pinned any more");
    scene.larder(["pin", &format!("backups/{pinned}"), "--remove"]).run().succeeds().says("was not pinned");
    scene.larder(["prune", "--keep-last", "1", "--yes"]).run().succeeds().says("1 kept, 1 removed");
    // What is found unchanged can be pinned too.
    scene.larder(["snapshot", "app.db", "--if-changed", "--pin"]).run().succeeds().says("unchanged");
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(json["snapshots"][0]["pinned"], true);
}

#[test]
fn safety_snapshots_can_be_pinned_and_what_cannot_is_said() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let restored = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
    let safety = restored["safety_snapshot"].as_str().expect("kept");
    scene.larder(["pin", safety]).run().succeeds().says("is pinned");
    let plan = scene.larder(["prune", "--keep-last", "1", "--dry-run", "--json"]).run().succeeds().json();
    let all = plan["keep"].as_array().expect("a list");
    assert!(all.iter().any(|kept| kept["reasons"][1] == "pinned"), "{plan}");
    scene.larder(["pin", "app.db"]).run().fails(2).says("its name is not a snapshot's");
    let latest = scene.larder(["pin", "latest"]).run().succeeds().printed_path();
    std::fs::remove_file(latest.to_str().expect("a path").replace(".db.gz", ".meta.json")).expect("remove");
    scene
        .larder(["pin", "latest"])
        .run()
        .fails(1)
        .says("is not pinned: it has no manifest, in which that would be written");
    scene.larder(["snapshot", "app.db", "--app", "other"]).run().succeeds();
    scene.larder(["pin", "latest"]).run().fails(2).says("holds those of app, other");
    scene.larder(["pin", "latest", "--app", "other"]).run().succeeds();
    scene.larder(["pin", "none", "--app", "other"]).run().fails(1).says("none is no snapshot");
}
