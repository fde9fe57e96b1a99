//! Stores that are not there: made by hand, beside the database, or where asked for, and never on a disk that is not mounted.

use super::fixtures::numbered;
use super::scene::Scene;

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 20);
    scene
}

#[test]
fn without_a_terminal_a_new_store_has_to_be_asked_for() {
    let scene = scene();
    let larder = |arguments: &[&str]| scene.larder_as_it_is(arguments).run();
    larder(&["snapshot", "app.db"]).succeeds();
    larder(&["snapshot", "app.db", "--to", "./backups"]).succeeds();
    let run = larder(&["snapshot", "app.db", "--to", "store"]).fails(1);
    run.says("the store store is not there").says("--create makes a new store there");
    std::fs::create_dir(scene.path("store")).expect("a folder");
    larder(&["snapshot", "app.db", "--to", "store"])
        .fails(1)
        .says("the store store is a folder, but no store");
    larder(&["export", "app.db", "--to", "store"]).fails(1).says("is a folder, but no store");
    assert_eq!(scene.names("store"), [""; 0]);
    larder(&["export", "app.db", "--to", "store", "--create"]).succeeds();
    larder(&["snapshot", "app.db", "--to", "store"]).succeeds();
    larder(&["snapshot", "app.db", "--to", "a/b/c", "--create"]).succeeds();
    larder(&["snapshot", "app.db", "--create", "-o", "x.db"]).fails(2);
}

#[test]
fn a_disk_that_is_not_mounted_is_no_store() {
    let scene = scene();
    std::fs::create_dir(scene.path("disk")).expect("a folder");
    let settings = "app = 'app'\ndatabase = 'app.db'\n[snapshot]\nto = 'disk/store'\nalso-to = ['other']\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    let larder = |arguments: &[&str]| scene.larder_as_it_is(arguments).run();
    larder(&["snapshot"]).fails(1).says("the store disk/store is not there");
    larder(&["snapshot", "--create"]).succeeds();
    larder(&["snapshot", "--kind", "scheduled"]).succeeds();
    std::fs::rename(scene.path("disk"), scene.path("unmounted")).expect("rename");
    std::fs::create_dir_all(scene.path("disk/store")).expect("a folder");
    let run = larder(&["snapshot", "--kind", "scheduled"]);
    assert_eq!(run.code(), Some(1), "{run}");
    run.says("the store disk/store is a folder, but no store").says("if it is on a disk that is not mounted");
    assert_eq!(scene.names("disk/store"), [""; 0], "nothing is written there");
    assert_eq!(scene.snapshots("other").len(), 3, "the other store got it");
    // What a restore keeps goes beside the database meanwhile, and an undo finds it.
    let newest = scene.snapshots("other").pop().expect("a snapshot");
    larder(&["restore", &format!("other/{newest}"), "app.db"]).succeeds();
    assert_eq!(scene.names("disk/store"), [""; 0]);
    assert_eq!(scene.snapshots("backups").len(), 1);
    larder(&["restore", "--undo"]).succeeds();
    std::fs::remove_dir_all(scene.path("disk")).expect("remove");
    std::fs::rename(scene.path("unmounted"), scene.path("disk")).expect("rename");
    larder(&["snapshot", "--kind", "scheduled"]).succeeds();
}

#[test]
fn a_store_of_before_is_known_and_gets_its_marker() {
    let scene = scene();
    scene.larder(["snapshot", "app.db", "--to", "store"]).run().succeeds();
    for file in [".larder-store", ".larder.lock"] {
        std::fs::remove_file(scene.path(format!("store/{file}"))).expect("remove");
    }
    scene.larder_as_it_is(["snapshot", "app.db", "--to", "store"]).run().succeeds();
    assert!(scene.path("store/.larder-store").is_file());
    for name in scene.snapshots("store") {
        let stem = name.trim_end_matches(".db.gz");
        for end in [".db.gz", ".meta.json"] {
            std::fs::remove_file(scene.path(format!("store/{stem}{end}"))).expect("remove");
        }
    }
    scene.larder_as_it_is(["snapshot", "app.db", "--to", "store"]).run().succeeds();
}

#[test]
fn what_is_nearly_a_url_is_an_error_with_the_right_form() {
    let scene = scene();
    for (store, right) in
        [("s3:/bucket/app", "s3://bucket/app"), ("ada@host:backups", "sftp://ada@host/~/backups")]
    {
        let run = scene.larder(["snapshot", "app.db", "--to", store]).run().fails(2);
        run.says(&format!("as a URL it is {right}"));
        scene.larder(["list", store]).run().fails(2).says(right);
        std::fs::write(
            scene.path("larder.toml"),
            format!("database = 'app.db'\n[snapshot]\nto = '{store}'\n"),
        )
        .expect("write");
        scene.larder(["snapshot"]).run().fails(2).says("larder.toml:3:6: snapshot.to: ").says(right);
        std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    }
    scene.larder(["snapshot", "app.db", "--to", "./s3:x"]).run().succeeds();
    scene.larder(["list", "./s3:x"]).run().succeeds();
}
