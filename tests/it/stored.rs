//! `larder export --to`: exports in a store, beside snapshots.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::Value;

const USERS: &str = "
    create table users(id integer primary key, name text unique, backup integer);
    insert into users values (1, 'ada', 1), (2, 'b/o.', 1), (3, 'eve', 0);
    create table lists(id integer primary key, user_id integer references users(id), name text, unique(user_id, name));
    insert into lists values (1, 1, 'Best'), (2, 2, 'Best'), (3, 2, 'Worst'), (4, 3, 'None');";

const SCOPE: &str = "app = 'films'\ndatabase = 'app.db'\n[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'\nwhere = 'backup'\n";

fn scene(settings: &str) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), USERS);
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene
}

fn entries(scene: &Scene, store: &str) -> Vec<Value> {
    let list = scene.larder(["list", store, "--json"]).run().succeeds().json();
    list["snapshots"].as_array().expect("a list").clone()
}

#[test]
fn an_export_in_a_store_is_one_of_its_files() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'");
    let path =
        scene.larder(["export", "--to", "store", "--kind", "scheduled"]).run().succeeds().printed_path();
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("films-") && name.ends_with("Z.json.gz"), "{name}");
    let entry = entries(&scene, "store").remove(0);
    assert_eq!(
        (&entry["holds"], &entry["kind"], &entry["app"]),
        (&"json".into(), &"scheduled".into(), &"films".into())
    );
    assert_eq!(
        (&entry["export"]["mode"], &entry["export"]["items"]["lists"]),
        (&"condensed".into(), &4.into())
    );
    assert!(entry["verified_at"].is_string() && entry["drill"]["read_back"] == true, "{entry}");
    let text = scene.larder(["list", "store"]).run().succeeds().says("0 snapshots, 1 export, ").stdout();
    assert!(text.contains("scheduled export") && text.contains("7 items"), "{text}");
    scene.larder(["validate".into(), path.clone()]).run().succeeds();
    scene.larder(["import".into(), path.clone(), "app.db".into(), "--dry-run".into()]).run().succeeds();
    // It is no snapshot.
    let restore = scene.larder(["restore", "latest", "--from", "store"]).run();
    restore.fails(1).says("holds no snapshot of films").says("hint: larder snapshot DB makes one");
    let check = scene.larder(["check", "store", "--drill"]).run().succeeds().stdout();
    assert!(
        check.contains("films: the newest export, films-") && check.contains("read and checked"),
        "{check}"
    );
    for (format, ending) in [("ndjson", ".ndjson.gz"), ("csv", ".zip")] {
        let path =
            scene.larder(["export", "--to", "store", "--format", format]).run().succeeds().printed_path();
        assert!(path.to_string_lossy().ends_with(ending), "{path:?}");
        scene.larder(["validate".into(), path]).run().succeeds();
    }
    let full = scene
        .larder(["export", "--full", "--to", "store", "--compress", "none", "--json"])
        .run()
        .succeeds()
        .json();
    let file = full["file"].as_str().expect("a path");
    assert_eq!(file.rsplit_once('.').map(|(_, ending)| ending), Some("json"), "{full}");
    scene.larder(["validate", full["file"].as_str().expect("a path")]).run().succeeds();
    // What is not the file that was written is found, and pushes nothing out.
    std::fs::write(&path, "{}").expect("write");
    let run = scene.larder(["validate".into(), path.clone()]).run();
    assert!(
        run.code() == Some(3) && run.stdout().contains("not the one that the manifest is about"),
        "{run}"
    );
    let named = ["export", "--to", "x", "--app", "a@b", "app.db", "--config", "/dev/null"];
    scene.larder(named).run().fails(2).says("@ stands before the user");
    for wrong in [["export", "--to", "x", "-o", "y"], ["export", "--to", "x", "--flat", "app.db"]] {
        scene.larder(wrong).run().fails(2).says("cannot be used with");
    }
    scene.larder(["export", "--kind", "manual"]).run().fails(2).says("--to");
}

#[test]
fn every_user_s_exports_are_kept_by_themselves() {
    let scene = scene(SCOPE);
    scene.larder(["snapshot", "--to", "store"]).run().succeeds();
    for _ in 0..3 {
        let run = scene.larder(["export", "--scope", "each", "--to", "store"]).run().succeeds();
        assert_eq!(run.stdout().lines().count(), 2, "{run}");
    }
    scene.larder(["export", "--scope", "ada", "--to", "store"]).run().succeeds();
    let dry = scene
        .larder(["export", "--scope", "each", "--to", "store", "--dry-run", "--json"])
        .run()
        .succeeds()
        .json();
    assert_eq!(dry["files"].as_array().map(Vec::len), Some(2), "{dry}");
    let names = scene.snapshots("store");
    let of = |user: &str| names.iter().filter(|name| name.starts_with(user)).count();
    assert_eq!((of("films@ada-"), of("films@b_o.-"), of("films-2")), (4, 3, 1), "{names:?}");
    let plan =
        scene.larder(["prune", "store", "--keep-last", "2", "--yes", "--json"]).run().succeeds().json();
    assert_eq!(
        (plan["keep"].as_array().map(Vec::len), plan["remove"].as_array().map(Vec::len)),
        (Some(5), Some(3))
    );
    let app = scene.larder(["list", "store", "--app", "films", "--json"]).run().succeeds().json();
    assert_eq!(app["snapshots"].as_array().map(Vec::len), Some(5));
    assert_eq!(entries(&scene, "store").iter().filter(|entry| entry["export"]["scope"] == "b/o.").count(), 2);
    let check = scene.larder(["check", "store"]).run().succeeds().stdout();
    assert_eq!(check.lines().count(), 3, "one of the snapshots, one of each user: {check}");
    // A full export is everybody's.
    scene.larder(["export", "--full", "--to", "full"]).run().succeeds();
    // A snapshot beside them is what latest means.
    scene.larder(["restore", "latest", "new.db", "--from", "store", "--app", "films"]).run().succeeds();
    let personal = format!("{SCOPE}[sections.lists]\npersonal = ['name']\n");
    std::fs::write(scene.path("larder.toml"), personal).expect("write");
    let hidden = scene
        .larder(["export", "--scope", "each", "--to", "hidden", "--anonymize"])
        .run()
        .succeeds()
        .stdout();
    assert!(hidden.contains("films@1-") && !hidden.contains("ada"), "{hidden}");
    let json = scene.larder(["export", "--scope", "each", "--to", "json", "--json"]).run().succeeds().json();
    assert_eq!(
        (json["files"].as_array().map(Vec::len), &json["files"][1]["scope"]),
        (Some(2), &"b/o.".into())
    );
}

#[test]
fn exports_have_keep_rules_of_their_own() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'store'\n[retention]\nkeep-last = 3\nexports = { keep-last = 1 }",
    );
    for _ in 0..4 {
        scene.larder(["snapshot"]).run().succeeds();
        scene.larder(["export", "--to", "store"]).run().succeeds();
    }
    let plan = scene.larder(["prune", "--dry-run", "--json"]).run().succeeds().json();
    let kept: Vec<&str> =
        plan["keep"].as_array().expect("a list").iter().filter_map(|kept| kept["name"].as_str()).collect();
    let exports = kept.iter().filter(|name| name.contains(".json")).count();
    assert_eq!((kept.len() - exports, exports), (3, 1), "{plan}");
    // What the command line says is said of all.
    scene.larder(["prune", "--keep-last", "2", "--yes"]).run().succeeds().says("4 kept, 4 removed");
    std::fs::write(scene.path("larder.toml"), "[retention]\nexports = { kep-last = 1 }").expect("write");
    scene.larder(["prune"]).run().fails(2).says("retention.exports.kep-last");
}

#[test]
fn exports_in_a_store_are_encrypted_as_snapshots_are() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'");
    let key = scene.larder(["keygen", "-o", "key.txt"]).run().succeeds().stdout();
    let path =
        scene.larder(["export", "--to", "store", "--encrypt-to", key.trim()]).run().succeeds().printed_path();
    assert!(path.to_string_lossy().ends_with(".json.gz.age"), "{path:?}");
    let entry = entries(&scene, "store").remove(0);
    assert_eq!((&entry["encrypted"], entry["export"]["items"].is_null()), (&true.into(), true), "{entry}");
    let run = scene.larder(["validate".into(), path.clone()]).run().succeeds();
    assert!(run.stdout().contains("its content is not checked"), "{run}");
    let open = ["validate".into(), path.clone(), "--identity".into(), "key.txt".into()];
    let run = scene.larder(open).run().succeeds();
    assert!(!run.stdout().contains("its content is not checked"), "{run}");
    scene.larder(["check", "store", "--drill"]).run().succeeds();
    scene.larder(["check", "store", "--drill", "--identity", "key.txt"]).run().succeeds();
}

#[test]
fn an_export_that_fails_leaves_nothing_in_the_store() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'");
    std::fs::write(scene.path("app.db"), "no database").expect("write");
    scene.larder(["export", "--to", "store"]).run().fails(1);
    assert!(
        scene.names("store").iter().all(|name| name.starts_with(".larder")),
        "{:?}",
        scene.names("store")
    );
    std::fs::write(scene.path("blocked"), "").expect("write");
    fill(&scene.path("whole.db"), USERS);
    scene.larder(["export", "whole.db", "--to", "blocked"]).run().fails(1).says("blocked");
}

#[test]
fn exports_of_two_databases_of_one_name_do_not_mix() {
    let scene = scene("");
    std::fs::create_dir(scene.path("other")).expect("a folder");
    fill(&scene.path("other/app.db"), USERS);
    scene.larder(["export", "app.db", "--to", "store"]).run().succeeds();
    scene
        .larder(["export", "other/app.db", "--to", "store"])
        .run()
        .fails(2)
        .says("the exports of app in this store are of ")
        .says("--app NAME");
    scene.larder(["export", "other/app.db", "--to", "store", "--app", "app"]).run().succeeds();
    scene.larder(["export", "app.db", "--to", "store", "--app", "app"]).run().succeeds();
}

/// A store that had lost all its snapshots, but for an export, was said to be well.
#[test]
fn where_snapshots_are_to_be_exports_are_not_enough() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'\n[snapshot]\nto = 'store'");
    scene.larder(["export", "--to", "store"]).run().succeeds();
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("films: NOT AS IT SHOULD BE: there is no snapshot"), "{check}");
    scene.larder(["snapshot"]).run().succeeds();
    scene.larder(["check"]).run().succeeds();
}

/// A manifest that says more than can be counted made the list panic.
#[test]
fn what_a_manifest_of_an_export_says_is_not_trusted() {
    let scene = scene("");
    let file = scene.larder(["export", "app.db", "--to", "store"]).run().succeeds().printed_path();
    let manifest = std::path::PathBuf::from(file.display().to_string().replace(".json.gz", ".meta.json"));
    let text = std::fs::read_to_string(&manifest).expect("read");
    let text = text.replace("\"items\": {", &format!("\"items\": {{\"x\": {},", u64::MAX));
    std::fs::write(&manifest, text).expect("write");
    scene.larder(["list", "store"]).run().succeeds().says("1 export");
}

/// The exports, and the snapshots, in a store.
fn numbers(scene: &Scene, store: &str) -> (usize, usize) {
    let entries = entries(scene, store);
    let exports = entries.iter().filter(|entry| entry["holds"] == "json").count();
    (exports, entries.len() - exports)
}

#[test]
fn an_export_prunes_exports_and_no_snapshots() {
    let scene = scene("app = 'films'\ndatabase = 'app.db'");
    for _ in 0..3 {
        scene.larder(["snapshot", "--to", "store"]).run().succeeds();
        scene.larder(["export", "--to", "store"]).run().succeeds();
    }
    let run = scene.larder(["export", "--to", "store", "--prune", "--keep-last", "2"]).run().succeeds();
    assert!(run.says("2 kept, 2 removed").printed_path().is_file());
    assert_eq!(numbers(&scene, "store"), (2, 3));
    let run =
        scene.larder(["export", "--to", "store", "--prune", "--keep-last", "1", "--json"]).run().succeeds();
    assert_eq!(run.json()["prune"]["remove"].as_array().map(Vec::len), Some(2));
    assert_eq!(numbers(&scene, "store"), (1, 3));
    scene
        .larder(["export", "--to", "store", "--keep-last", "1"])
        .run()
        .fails(2)
        .says("nothing without --prune");
    scene.larder(["export", "--to", "store", "--prune"]).run().fails(2).says("nothing says what to keep");
    for option in ["--prune", "--kind=scheduled", "--allow-empty"] {
        scene.larder(["export", "-o", "x.json", option]).run().fails(2).says("cannot be used with");
    }
    let settings = "app = 'films'\ndatabase = 'app.db'\n[retention]\nkeep-last = 3\nexports.keep-last = 1\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["export", "--to", "store", "--prune"]).run().succeeds().says("1 kept, 1 removed");
    assert_eq!(numbers(&scene, "store"), (1, 3));
}

#[test]
fn exports_of_every_user_are_pruned_each_by_itself() {
    let scene = scene(SCOPE);
    for _ in 0..3 {
        scene.larder(["export", "--to", "store", "--scope", "each"]).run().succeeds();
    }
    let arguments = ["export", "--to", "store", "--scope", "each", "--prune", "--keep-last", "1", "--json"];
    let json = scene.larder(arguments).run().succeeds().json();
    assert_eq!(json["prune"]["keep"].as_array().map(Vec::len), Some(2), "{json}");
    assert_eq!(numbers(&scene, "store").0, 2);
}
