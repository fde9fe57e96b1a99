//! `larder check`

use super::fixtures::numbered;
use super::scene::Scene;
use rusqlite::Connection;

/// A scene with a database of many rows and a snapshot of it.
fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 2_000);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene
}

/// Gives the only snapshot in the store the time of a day.
fn date(scene: &Scene, day: &str) {
    for name in scene.names("backups") {
        if let Some((_, ending)) = name.split_once('Z').filter(|(stem, _)| stem.starts_with("app-")) {
            let to = scene.path(format!("backups/app-{day}T10-30-00Z{ending}"));
            std::fs::rename(scene.path(format!("backups/{name}")), to).expect("rename");
        }
    }
}

#[test]
fn all_is_well_and_said_in_a_sentence() {
    let scene = scene();
    let run =
        scene.larder(["check", "--max-age", "1h", "--min-size", "1kB", "--max-shrink", "20%", "--drill"]);
    let text = run.run().succeeds().stdout();
    assert!(text.starts_with("app: the newest snapshot, app-") && text.lines().count() == 1, "{text}");
    assert!(text.contains("restored and checked"), "{text}");
    scene.larder(["check", "--quiet", "backups"]).run().succeeds().prints("");
    let json = scene.larder(["check", "--json"]).run().succeeds().json();
    assert_eq!((&json["ok"], &json["checked"][0]["app"]), (&true.into(), &"app".into()));
    assert_eq!(json["checked"][0]["problems"], serde_json::json!([]));
    assert!(json["checked"][0]["newest"]["size"].as_u64() > Some(0));
}

#[test]
fn what_is_not_as_it_should_be_is_said_and_exits_with_3() {
    let scene = scene();
    let check = |arguments: &[&str]| {
        let run = scene.larder([&["check"], arguments].concat()).run();
        assert_eq!(run.code(), Some(3), "{run}");
        run.stdout()
    };
    assert!(check(&["--min-size", "1GB"]).contains("app: NOT AS IT SHOULD BE: it is smaller than 1.0 GB"));
    let none = check(&["--app", "other"]);
    assert!(none.contains("other: NOT AS IT SHOULD BE: there is no snapshot in backups"), "{none}");
    Connection::open(scene.path("app.db"))
        .and_then(|db| db.execute("delete from t where id > 20", []))
        .expect("delete");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let shrunk = check(&["--max-shrink", "20"]);
    assert!(shrunk.contains("% than the one before, which is more than 20 %"), "{shrunk}");
    scene.larder(["pin", "--accept", "latest"]).run().succeeds();
    let list = scene.larder(["list", "--json"]).run().succeeds().json();
    let path = std::path::PathBuf::from(list["snapshots"][1]["file"].as_str().expect("a path"));
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("write");
    let drilled = check(&["--drill"]);
    assert!(drilled.contains("it fails its drill: "), "{drilled}");
    scene.larder(["check"]).run().succeeds();
    std::fs::write(&path, "short").expect("write");
    let cut = check(&[]);
    assert!(cut.contains("it has 5 bytes, and had "), "{cut}");
    let quiet = scene.larder(["check", "-q"]).run();
    assert_eq!((quiet.code(), quiet.stdout().as_str()), (Some(3), ""), "{quiet}");
    quiet.says("app: NOT AS IT SHOULD BE");
    let json = scene.larder(["check", "--json"]).run();
    assert_eq!((json.code(), &json.json()["ok"]), (Some(3), &false.into()), "{json}");
}

#[test]
fn age_is_since_it_was_last_known_to_be_up_to_date() {
    let scene = scene();
    date(&scene, "2026-01-02");
    let old = scene.larder(["check", "--max-age", "30d"]).run();
    assert_eq!(old.code(), Some(3), "{old}");
    assert!(old.stdout().contains("it is older than 30 days; the newest snapshot"), "{old}");
    scene.larder(["snapshot", "app.db", "--if-changed"]).run().succeeds().says("unchanged");
    scene.larder(["check", "--max-age", "1h"]).run().succeeds();
}

#[test]
fn the_future_and_safety_snapshots_do_not_count() {
    let scene = scene();
    date(&scene, "2126-01-02");
    let run = scene.larder(["check"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("only snapshots that are dated in the future"), "{run}");
    std::fs::remove_dir_all(scene.path("backups")).expect("remove");
    scene.larder(["snapshot", "app.db", "-o", "copy.db"]).run().succeeds();
    scene.larder(["restore", "copy.db", "app.db", "--force"]).run().succeeds();
    let run = scene.larder(["check"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("there is no snapshot"), "{run}");
}

#[test]
fn a_store_without_snapshots_or_none_at_all() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("store")).expect("a folder");
    scene.larder(["check", "store"]).run().fails(3).says("there are no snapshots in store");
    scene.larder(["check", "none"]).run().fails(1).says("there is no store at none");
    scene.larder(["check"]).run().fails(2).says("which store?");
    for (arguments, message) in [
        (["--max-age", "old"], "is no length of time"),
        (["--max-shrink", "120%"], "is no percentage"),
        (["--min-size", "big"], "is no size"),
    ] {
        scene.larder([&["check"], &arguments[..]].concat()).run().fails(2).says(message);
    }
}

#[test]
fn settings_say_what_is_expected_and_of_whom() {
    let scene = scene();
    std::fs::create_dir_all(scene.path(".config/larder")).expect("a folder");
    std::fs::write(
        scene.path(".config/larder/app.toml"),
        "database = '~/app.db'\n[check]\nmax-age = '1h'\nmin-size = '1GB'\ndrill = true",
    )
    .expect("write");
    std::fs::write(scene.path(".config/larder/gone.toml"), "[snapshot]\nto = '~/nowhere'").expect("write");
    let run = scene.larder(["check", "--app", "app", "--json"]).run();
    assert_eq!((run.code(), &run.json()["checked"][0]["drilled"]), (Some(3), &true.into()), "{run}");
    scene.larder(["check", "--app", "app", "--min-size", "1B"]).run().succeeds();
    // One that cannot be looked at does not hide what is wrong with another.
    let all = scene.larder(["check", "--all"]).run();
    assert_eq!(all.code(), Some(3), "{all}");
    assert!(all.stdout().starts_with("app in ") && all.stdout().contains(": NOT AS IT SHOULD BE"), "{all}");
    all.says("there is no store at ");
    scene.larder(["check", "--all", "--min-size", "1B"]).run().does_a_part();
}
