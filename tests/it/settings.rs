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
    assert!(text.lines().any(|line| line.starts_with("hooks.after") && line.contains("\"true …\"")));
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
    // A store that is not there may be a disk that is not mounted.
    scene.larder(["snapshot"]).run().succeeds();
    let run = scene.larder(["import", "rows.csv", "--section", table, "--json"]).run().succeeds();
    let undo = run.json()["undo"].as_str().expect("a way back").to_owned();
    scene.larder(undo.split(' ').skip(1)).run().succeeds();
    assert!(scene.names("backups").is_empty() && scene.snapshots("store").len() > 1);
}

#[test]
fn lists_and_prunes_are_of_the_stores_of_the_settings() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'store'\n[retention]\nkeep-last = 1\ntimezone = '+05:00'",
    );
    for _ in 0..2 {
        scene.larder(["snapshot"]).run().succeeds();
    }
    scene
        .larder(["snapshot", "--app", "b", "--config", "/dev/null", "app.db", "--to", "store"])
        .run()
        .succeeds();
    scene.larder(["list"]).run().succeeds().says("2 snapshots").says("times are +05:00");
    scene.larder(["list", "--app", "b", "store"]).run().succeeds().says("1 snapshot,");
    scene.larder(["list", "store"]).run().succeeds().says("3 snapshots");
    // What is said of one application is not said of another.
    scene.larder(["prune", "store", "--app", "b", "--yes"]).run().fails(2).says("nothing says what to keep");
    scene.larder(["prune", "store", "--yes"]).run().succeeds().says("1 kept, 1 removed");
    scene.larder(["prune", "--yes"]).run().succeeds().says("1 kept, 0 removed");
    assert_eq!(scene.snapshots("store").len(), 2);
    scene.larder(["prune", "--all"]).run().fails(2).says("--all: there are no settings of any application");
}

#[test]
fn of_all_applications_one_that_fails_does_not_keep_the_others_from_it() {
    let scene = Scene::new();
    std::fs::create_dir_all(scene.path(".config/larder")).expect("a folder");
    for (app, settings) in [
        ("films", "database = '~/films.db'\n[retention]\nkeep-last = 1"),
        (
            "judo",
            "database = '~/judo.db'\n[snapshot]\nto = '~/judo-store'\nprune = true\n[retention]\nkeep-last = 1",
        ),
        ("wrong", "datbase = 'x'"),
    ] {
        std::fs::write(scene.path(format!(".config/larder/{app}.toml")), settings).expect("write");
        if app != "wrong" {
            numbered(&scene.path(format!("{app}.db")), 3);
            scene.larder(["snapshot", "--app", app]).run().succeeds();
        }
    }
    let run = scene
        .larder(["list", "--all"])
        .run()
        .does_a_part()
        .says("wrong: ")
        .says("did you mean \"database\"?");
    let text = run.stdout();
    assert!(text.contains(" films ") && text.contains(" judo ") && text.contains("judo-store"), "{text}");
    let json = scene.larder(["list", "--all", "--json"]).run().does_a_part().json();
    assert_eq!(json["snapshots"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["failed"][0]["of"], "wrong");
    let pruned = scene.larder(["prune", "--all", "--yes", "--json"]).run().does_a_part().json();
    assert_eq!(pruned["keep"].as_array().map(Vec::len), Some(2));
    scene.larder(["prune", "--all", "--app", "judo"]).run().fails(2).says("cannot be used with");
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
