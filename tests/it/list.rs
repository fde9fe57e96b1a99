//! `larder list`

use super::fixtures::numbered;
use super::scene::Scene;

#[test]
fn a_list_shows_when_how_large_how_verified_and_which_kind() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["snapshot", "app.db", "--kind", "scheduled", "--drill", "quick"]).run().succeeds();
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let run = scene.larder(["list"]).run().succeeds().says("3 snapshots").says("times are local time");
    let text = run.stdout();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("TIME") && lines[0].ends_with("FILE"), "{text}");
    assert!(lines[1].contains(" manual ") && lines[1].contains("ok (full)"), "{text}");
    assert!(lines[2].contains(" scheduled ") && lines[2].contains("ok (quick)"), "{text}");
    assert!(lines[3].contains(" before-restore "), "{text}");
    let json = scene.larder(["list", "backups", "--json"]).run().succeeds().json();
    let snapshot = &json["snapshots"][1];
    assert_eq!(snapshot["kind"], "scheduled");
    assert_eq!(snapshot["encrypted"], false);
    assert!(snapshot["verified_at"].is_string() && snapshot["created_at"].is_string());
    assert!(std::path::Path::new(snapshot["file"].as_str().expect("a path")).is_file());
}

#[test]
fn what_is_not_in_order_is_shown_too() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    for _ in 0..3 {
        scene.larder(["snapshot", "app.db"]).run().succeeds();
    }
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    let stem = |at: usize| {
        json["snapshots"][at]["name"].as_str().expect("a name").trim_end_matches(".db.gz").to_owned()
    };
    std::fs::remove_file(scene.path(format!("backups/{}.meta.json", stem(0)))).expect("remove");
    std::fs::write(scene.path(format!("backups/{}.meta.json", stem(1))), "{}").expect("write");
    std::fs::write(scene.path(format!("backups/{}.db.gz", stem(2))), "short").expect("write");
    let text = scene.larder(["list"]).run().succeeds().stdout();
    for state in ["no manifest", "bad manifest", "size changed"] {
        assert!(text.contains(state), "{text}");
    }
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    assert!(json["snapshots"][0]["kind"].is_null());
    assert!(json["snapshots"][2]["verified_at"].is_null(), "what was changed is not verified");
}

#[test]
fn an_empty_store_and_one_that_is_not_there() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("store")).expect("a folder");
    scene.larder(["list", "store"]).run().succeeds().prints("").says("no snapshots in");
    assert_eq!(
        scene.larder(["list", "store", "--json"]).run().succeeds().json(),
        serde_json::json!({ "snapshots": [] })
    );
    assert_eq!(scene.names("store"), Vec::<String>::new(), "a list leaves nothing");
    scene.larder(["list", "none"]).run().fails(1).says("there is no store at none");
    scene.larder(["list"]).run().fails(2).says("which store?");
}

#[test]
fn times_are_shown_in_the_zone_and_one_application_alone() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let made = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    std::fs::rename(&made, scene.path("backups/app-2026-07-01T23-30-00Z.db.gz")).expect("rename");
    let shown = |zone: &str| scene.larder(["list", "--timezone", zone]).run().succeeds().stdout();
    assert!(shown("UTC").contains("2026-07-01 23:30:00"));
    assert!(shown("Europe/Berlin").contains("2026-07-02 01:30:00"));
    scene.larder(["list", "--app", "other"]).run().succeeds().prints("");
}
