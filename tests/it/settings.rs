//! What `larder.toml` says of backups, and that every command goes by it.

use super::fixtures::numbered;
use super::scene::Scene;
use serde_json::Value;

fn scene(settings: &str) -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene
}

/// What a setting is, and where it comes from.
fn setting(config: &Value, name: &str) -> (String, String, Option<u64>) {
    let settings = config["settings"].as_array().expect("a list");
    let setting = settings.iter().find(|setting| setting["name"] == name).unwrap_or_else(|| panic!("{name}"));
    let text = |name: &str| setting[name].as_str().expect("a text").to_owned();
    (text("value"), text("from"), setting["line"].as_u64())
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let scene = scene(
        "app = 'films'\ndatabase = 'app.db'\n[retention]\nkeep-daily = 14\n[hooks]\nafter = '''true\ntrue'''",
    );
    let config = scene.larder(["config", "--json"]).run().succeeds().json();
    assert_eq!(config["file"], "larder.toml");
    let file = |value: &str, line| (value.to_owned(), "larder.toml".to_owned(), Some(line));
    assert_eq!(setting(&config, "app"), file("'films'", 1));
    assert_eq!(setting(&config, "retention.keep-daily"), file("14", 4));
    let default = |value: &str| (value.to_owned(), "default".to_owned(), None);
    assert_eq!(setting(&config, "snapshot.drill"), default("\"full\""));
    assert_eq!(setting(&config, "retention.keep-safety"), default("\"14d\""));
    assert!(setting(&config, "snapshot.to").0.ends_with("/backups\""));
    let text = scene.larder(["config"]).run().succeeds().says("settings: larder.toml").stdout();
    assert!(text.starts_with("SETTING"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("hooks.after") && line.contains("'''true true'''")));
    assert!(
        text.lines().any(|line| line.starts_with("retention.keep-daily") && line.ends_with("larder.toml:4"))
    );
    let given = scene.larder(["config", "--app", "films", "app.db", "--json"]).run().succeeds().json();
    assert_eq!(setting(&given, "app"), ("\"films\"".into(), "--app".into(), None));
    assert_eq!(setting(&given, "database"), ("\"app.db\"".into(), "the command line".into(), None));
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    let none = scene.larder(["config", "--json"]).run().succeeds().json();
    assert!(none["file"].is_null());
    scene.larder(["config"]).run().succeeds().says("no larder.toml");
}

#[test]
fn a_snapshot_a_restore_and_an_undo_go_by_the_same_settings() {
    let scene = scene(
        "app = 'films'\ndatabase = 'app.db'\n[snapshot]\nto = 'store'\ncompress = 'zstd'\nlevel = 5\ndrill = 'quick'",
    );
    let made = scene.larder(["snapshot", "--json"]).run().succeeds().json();
    assert!(made["snapshot"].as_str().expect("a path").contains("/store/films-"), "{made}");
    assert!(made["snapshot"].as_str().expect("a path").ends_with(".db.zst"), "{made}");
    assert_eq!(
        (&made["manifest"]["level"], &made["manifest"]["drill"]["depth"]),
        (&5.into(), &"quick".into())
    );
    // A level is one of its codec.
    let gzip = scene.larder(["snapshot", "--compress", "gzip", "--drill", "full", "--json"]).run();
    let gzip = gzip.succeeds().json();
    assert_eq!(
        (&gzip["manifest"]["level"], &gzip["manifest"]["drill"]["depth"]),
        (&6.into(), &"full".into())
    );
    scene.larder(["snapshot", "-o", "one.db.gz"]).run().succeeds();
    let restored = scene.larder(["restore", "latest", "--json"]).run().succeeds().json();
    assert!(restored["safety_snapshot"].as_str().expect("kept").contains("/store/films-"), "{restored}");
    let undo = restored["undo"].as_str().expect("a way back");
    assert!(undo.contains(" --from ") && undo.ends_with(" --app films"), "{undo}");
    // It works where the settings are not found.
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    let words = undo.split(' ').skip(1);
    scene.larder(words).run().succeeds().says("is what it was before");
}

#[test]
fn an_import_keeps_what_was_there_where_a_restore_looks_for_it() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'\n[snapshot]\nto = 'store'");
    std::fs::write(scene.path("rows.csv"), "id,name\n77,new\n").expect("write");
    let table = "t";
    let run = scene.larder(["import", "rows.csv", "--section", table, "--json"]).run().succeeds();
    let undo = run.json()["undo"].as_str().expect("a way back").to_owned();
    scene.larder(undo.split(' ').skip(1)).run().succeeds();
    assert!(scene.names("backups").is_empty() && !scene.names("store").is_empty());
}

#[test]
fn settings_prune_by_themselves_or_when_asked() {
    let scene = scene("app = 'a'\ndatabase = 'app.db'\n[retention]\nkeep-last = 2");
    for _ in 0..3 {
        scene.larder(["snapshot"]).run().succeeds();
    }
    assert_eq!(scene.snapshots("backups").len(), 3);
    scene.larder(["snapshot", "--prune"]).run().succeeds().says("2 kept, 2 removed");
    // A rule that is given takes the place of all of the settings'.
    scene.larder(["snapshot", "--prune", "--keep-last", "3"]).run().succeeds().says("3 kept, 0 removed");
    std::fs::write(
        scene.path("larder.toml"),
        "app = 'a'\ndatabase = 'app.db'\n[snapshot]\nprune = true\n[retention]\nkeep-last = 1",
    )
    .expect("write");
    scene.larder(["snapshot"]).run().succeeds().says("1 kept, 3 removed");
    std::fs::write(scene.path("larder.toml"), "database = 'app.db'\n[snapshot]\nprune = true")
        .expect("write");
    scene.larder(["snapshot"]).run().fails(2).says("nothing says what to keep");
}
