//! One snapshot in several stores, and of several applications.

use super::fixtures::{count, fill, numbered};
use super::scene::Scene;
use std::os::unix::fs::PermissionsExt;

fn scene(settings: &str) -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    write(&scene, "larder.toml", settings);
    scene
}

fn write(scene: &Scene, name: &str, text: &str) {
    let path = scene.path(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, text).expect("write");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
}

#[test]
fn every_store_gets_it_and_keeps_it_by_its_own_rules() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'
         [snapshot]\nto = 'one'\nalso-to = ['two', { to = 'three', keep-last = 3 }]\nprune = true
         [retention]\nkeep-last = 2",
    );
    for _ in 0..4 {
        scene.larder(["snapshot"]).run().succeeds().says("/two/a-").says("/three/a-");
    }
    let counts = ["one", "two", "three"].map(|store| scene.snapshots(store).len());
    assert_eq!(counts, [2, 2, 3]);
    for store in ["one", "two", "three"] {
        for name in scene.snapshots(store) {
            scene.larder(["validate".into(), scene.path(store).join(name)]).run().succeeds();
        }
    }
    let json = scene.larder(["snapshot", "--json"]).run().succeeds().json();
    assert_eq!(json["also"][1]["store"], "three");
    assert!(json["also"][0]["snapshot"].as_str().expect("a path").contains("/two/a-"), "{json}");
    assert_eq!(
        (json["failed"].as_array().map(Vec::len), json["also"][0]["prune"]["keep"][1]["size"].is_u64()),
        (Some(0), true)
    );
    let list = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(list["snapshots"].as_array().map(Vec::len), Some(2 + 2 + 3));
    let check = scene.larder(["check"]).run().succeeds().stdout();
    assert_eq!(check.lines().count(), 3, "{check}");
    let plan = scene.larder(["prune", "--dry-run"]).run().succeeds().stdout();
    assert!(plan.contains("two\n") && plan.contains("three\n"), "{plan}");
    // Who names a store means that one.
    let only = scene.larder(["snapshot", "--to", "usb", "--json"]).run().succeeds().json();
    assert!(only["also"].is_null() && scene.snapshots("usb").len() == 1);
}

#[test]
fn one_store_that_fails_does_not_keep_the_others_from_it() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'
         [snapshot]\nto = 'one'\nalso-to = ['blocked', 'two']
         [hooks]\nafter = 'echo after > after'\non-failure = 'echo \"$LARDER_ERROR|$LARDER_SNAPSHOT\" > failure'",
    );
    write(&scene, "blocked", "a file");
    let run = scene.larder(["snapshot"]).run().does_a_part().says("blocked: ");
    assert!(run.stdout().contains("/one/a-"), "{run}");
    assert_eq!((scene.snapshots("one").len(), scene.snapshots("two").len()), (1, 1));
    let failure = std::fs::read_to_string(scene.path("failure")).expect("the hook ran");
    assert!(failure.starts_with("blocked: ") && failure.contains("/one/a-"), "{failure}");
    assert!(!scene.path("after").exists());
    // The first one too: the next one takes it.
    write(
        &scene,
        "larder.toml",
        "app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'blocked'\nalso-to = ['two', 'three']",
    );
    let json = scene.larder(["snapshot", "--json"]).run().does_a_part().json();
    assert!(json["snapshot"].as_str().expect("a path").contains("/two/a-"), "{json}");
    assert_eq!((json["failed"][0]["of"].as_str(), scene.snapshots("three").len()), (Some("blocked"), 1));
    // What is wrong with the database is said once.
    std::fs::write(scene.path("app.db"), "no database").expect("write");
    let run = scene.larder(["snapshot"]).run();
    assert!(run.code() == Some(1) && run.stderr().matches("error: ").count() <= 2, "{run}");
}

#[test]
fn what_is_there_already_is_not_copied_and_what_is_missing_comes_later() {
    let scene =
        scene("app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'one'\nalso-to = ['two']\nif-changed = true");
    write(&scene, "two", "in the way");
    scene.larder(["snapshot"]).run().does_a_part();
    std::fs::remove_file(scene.path("two")).expect("remove");
    scene.larder(["snapshot"]).run().succeeds().says("unchanged").says("/two/a-");
    let first = scene.snapshots("two");
    scene.larder(["snapshot"]).run().succeeds().says("unchanged");
    assert_eq!(scene.snapshots("two"), first);
    let list = scene.larder(["list", "two", "--json"]).run().succeeds().json();
    assert!(list["snapshots"][0]["unchanged_at"].is_string(), "{list}");
}

#[test]
fn of_all_applications_each_is_done_with_its_own_hooks() {
    let scene = Scene::new();
    for app in ["films", "judo"] {
        numbered(&scene.path(format!("{app}.db")), 3);
        write(
            &scene,
            &format!(".config/larder/{app}.toml"),
            &format!("database = '~/{app}.db'\n[hooks]\nafter = 'echo done > {app}.hook'"),
        );
    }
    write(&scene, ".config/larder/gone.toml", "database = '~/gone.db'");
    write(&scene, ".config/larder/none.toml", "app = 'none'");
    let run = scene.larder(["snapshot", "--all", "--kind", "scheduled"]).run().does_a_part();
    assert_eq!(run.stdout().lines().count(), 2, "{run}");
    let run = run.says("gone: ").says("none.toml names no database");
    assert!(!run.stderr().contains("films: "), "{run}");
    assert!(scene.path("films.hook").exists() && scene.path("judo.hook").exists());
    let json = scene.larder(["snapshot", "--all", "--json"]).run().does_a_part().json();
    assert!(json["apps"]["judo"]["snapshot"].is_string());
    assert_eq!(json["failed"].as_array().map(Vec::len), Some(2));
    scene.larder(["snapshot", "--all", "films.db"]).run().fails(2).says("cannot be used with");
    std::fs::remove_dir_all(scene.path(".config")).expect("remove");
    scene
        .larder(["snapshot", "--all"])
        .run()
        .fails(2)
        .says("--all: there are no settings of any application");
}

#[test]
fn settings_encrypt_and_open_and_keep_what_is_plain_out_of_the_store() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'\nidentity = 'key.txt'\n[snapshot]\nto = 'usb'\nencrypt-to = ['recipients.txt']",
    );
    let key = scene.larder(["keygen", "-o", "key.txt"]).run().succeeds().stdout();
    write(&scene, "recipients.txt", &key);
    let made = scene.larder(["snapshot"]).run().succeeds().printed_path();
    assert!(made.to_string_lossy().ends_with(".db.gz.age"), "{made:?}");
    let list = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(
        (&list["snapshots"][0]["encrypted"], list["snapshots"][0]["database_size"].is_u64()),
        (&true.into(), true)
    );
    scene.larder(["validate".into(), made]).run().succeeds();
    scene.larder(["check", "--drill"]).run().succeeds();
    let restored = scene.larder(["restore", "latest", "--json"]).run().succeeds().json();
    let safety = restored["safety_snapshot"].as_str().expect("kept");
    assert!(safety.contains("/backups/a-") && safety.ends_with(".db.gz"), "{restored}");
    scene.larder(["restore", "--undo"]).run().succeeds();
    assert_eq!(scene.snapshots("usb").len(), 1);
    // Without settings it is seen by what is there.
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    let arguments =
        ["restore", "latest", "app.db", "--from", "usb", "--app", "a", "--identity", "key.txt", "--json"];
    let restored = scene.larder(arguments).run().succeeds().json();
    assert!(restored["safety_snapshot"].as_str().expect("kept").contains("/backups/a-"), "{restored}");
    for settings in
        ["encrypt-to = ['age1x']\npassphrase-file = 'p'", "passphrase-command = 'x'\npassphrase-file = 'p'"]
    {
        write(&scene, "larder.toml", &format!("[snapshot]\n{settings}"));
        scene.larder(["snapshot", "app.db"]).run().fails(2).says("there may be one");
    }
    write(&scene, "larder.toml", "[snapshot]\npassphrase-command = 'echo secret'");
    std::fs::set_permissions(scene.path("larder.toml"), std::fs::Permissions::from_mode(0o666))
        .expect("chmod");
    scene
        .larder(["snapshot", "app.db"])
        .run()
        .fails(2)
        .says("passphrase-command is not run: others may write");
}

/// A second database of the same name went into the other stores, where the keep rules would have taken the two for one.
#[test]
fn other_stores_do_not_mix_databases_of_one_name_either() {
    let scene = Scene::new();
    for folder in ["x", "y"] {
        std::fs::create_dir(scene.path(folder)).expect("a folder");
        numbered(&scene.path(format!("{folder}/app.db")), 5);
    }
    let snapshot = |folder: &str, more: &[&str]| {
        let (database, to) = (format!("{folder}/app.db"), format!("{folder}/store"));
        let arguments = ["snapshot", &database, "--to", &to, "--also-to", "usb"];
        scene.larder(arguments.iter().chain(more)).run()
    };
    snapshot("x", &[]).succeeds();
    snapshot("y", &[])
        .does_a_part()
        .says("the snapshots of app in this store are of ")
        .says("hint: if it is the same");
    assert_eq!((scene.snapshots("usb").len(), scene.snapshots("y/store").len()), (1, 1));
    snapshot("y", &["--app", "app"]).succeeds();
    assert_eq!(scene.snapshots("usb").len(), 2);
}

#[test]
fn a_store_that_is_named_twice_is_an_error() {
    let scene = scene("app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'one'\nalso-to = ['two', './one']");
    scene.larder(["snapshot"]).run().fails(2).says("/one is named twice");
    assert!(!scene.path("one").exists());
}

/// What was damaged in another store was said to be there; what was older there than another state was left for the newest.
#[test]
fn what_is_unchanged_is_the_newest_and_whole_in_the_other_stores_too() {
    let scene =
        scene("app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'one'\nalso-to = ['two']\nif-changed = true");
    let path = scene.larder(["snapshot"]).run().succeeds().printed_path();
    let copy = scene.path("two").join(path.file_name().expect("a name"));
    let mut bytes = std::fs::read(&copy).expect("read");
    bytes[100] ^= 1;
    std::fs::write(&copy, bytes).expect("write");
    scene.larder(["snapshot", "--pin"]).run().succeeds().says("is not the file that was drilled any more");
    assert_eq!((scene.snapshots("one").len(), scene.snapshots("two").len()), (1, 2));
    scene.larder(["snapshot", "--pin"]).run().succeeds().says("unchanged");
    assert_eq!(scene.snapshots("two").len(), 2);
    let newest = |store: &str| {
        let list = scene.larder(["list", store, "--json"]).run().succeeds().json();
        list["snapshots"].as_array().and_then(|all| all.last().cloned()).expect("a snapshot")
    };
    assert_eq!(newest("two")["pinned"], true);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    fill(&scene.path("app.db"), "insert into t values (9, 'x', 0)");
    scene.larder(["snapshot", "--to", "two"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from t where id = 9");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    scene.larder(["snapshot"]).run().succeeds().says("unchanged");
    scene.larder(["restore", "latest", "--from", "two"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 5);
    scene.larder(["check"]).run().succeeds();
}

/// Settings that were named counted for another database too, whose snapshots then pushed out those of their own.
#[test]
fn another_database_does_not_get_into_the_store_by_settings_that_are_named() {
    let scene = scene(
        "app = 'a'\ndatabase = 'app.db'\n[snapshot]\nto = 'one'\nprune = true\n[retention]\nkeep-last = 1",
    );
    numbered(&scene.path("other.db"), 3);
    scene.larder(["snapshot"]).run().succeeds();
    let named = ["snapshot", "other.db", "--config", "larder.toml"];
    scene.larder(named).run().fails(2).says("the snapshots of a in this store are of ").says("--app NAME");
    scene.larder(["snapshot", "app.db", "--config", "larder.toml"]).run().succeeds();
    let list = scene.larder(["list", "--json"]).run().succeeds().json();
    assert!(list["snapshots"][0]["source"].as_str().is_some_and(|path| path.ends_with("/app.db")), "{list}");
}
