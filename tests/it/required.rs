//! What the settings require of a database: in a snapshot, a check and a validation.

use super::fixtures::numbered;
use super::scene::Scene;

/// A scene with a database of that many rows, and settings that require something.
fn scene(rows: u32, require: &str) -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), rows);
    let settings = format!("app = 'app'\ndatabase = 'app.db'\n[check]\nrequire = [{require}]\n");
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene
}

#[test]
fn what_is_required_and_so_is_not_mentioned() {
    let scene = scene(20, "'select count(*) > 5 from t', 'select 1'");
    let run = scene.larder(["snapshot", "--strict"]).run().succeeds();
    assert!(!run.stderr().contains("require"), "{run}");
    scene.larder(["check", "--drill"]).run().succeeds();
    let newest = scene.snapshots("backups").pop().expect("a snapshot");
    scene.larder(["validate", &format!("backups/{newest}")]).run().succeeds();
}

#[test]
fn a_snapshot_that_is_not_as_it_is_required_is_kept_and_counted_by_nothing() {
    let scene = scene(20, "'select count(*) > 5 from t', 'select count(*) from nobody'");
    let run = scene.larder(["snapshot"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    let path = run
        .says("the snapshot is suspicious: required, and not so: select count(*) from nobody: no such table: nobody")
        .printed_path();
    assert!(path.is_file());
    scene.larder(["restore", "latest", "out.db", "--app", "app"]).run().fails(1).says("is suspicious");
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(
        check.stdout().contains("NOT AS IT SHOULD BE: required, and not so: select count(*) from nobody"),
        "{check}"
    );
    scene.larder(["pin", "--accept", "latest"]).run().succeeds();
    scene.larder(["check"]).run().succeeds();
    let drill = scene.larder(["check", "--drill"]).run();
    assert_eq!(drill.code(), Some(3), "{drill}");
    assert!(drill.stdout().contains("required, and not so: select count(*) from nobody"), "{drill}");
    let valid = scene.larder(["validate", &path.to_string_lossy()]).run();
    assert_eq!(valid.code(), Some(3), "{valid}");
    assert!(valid.stdout().contains("required, and not so: select count(*) from nobody"), "{valid}");
    let run = scene.larder(["snapshot", "-o", "one.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("the snapshot is suspicious: required, and not so");
}

#[test]
fn a_requirement_reads_and_does_nothing_else() {
    let scene = scene(20, "'delete from t'");
    let run = scene.larder(["snapshot"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("delete from t: not authorized");
    assert_eq!(super::fixtures::count(&scene.path("app.db")), 20);
    for (require, message) in
        [("", "check.require: this list is empty"), ("3", "must be a text, not a number")]
    {
        let settings = format!("database = 'app.db'\n[check]\nrequire = [{require}]\n");
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        scene.larder(["snapshot"]).run().fails(2).says(message);
    }
}

#[test]
fn of_an_encrypted_snapshot_what_is_not_so_is_sealed() {
    let scene = scene(20, "'select count(*) > 500 from t'");
    let recipient = scene.larder(["keygen", "-o", "key"]).run().succeeds().stdout().trim().to_owned();
    let run = scene.larder(["snapshot", "--encrypt-to", &recipient]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    let manifest =
        scene.names("backups").into_iter().find(|name| name.contains(".meta.")).expect("a manifest");
    let text = std::fs::read_to_string(scene.path(format!("backups/{manifest}"))).expect("read");
    assert!(!text.contains("count(*)"), "{text}");
    let check = scene.larder(["check"]).run();
    assert!(check.stdout().contains("or a requirement is not met (a key shows which)"), "{check}");
    let check = scene.larder(["check", "--identity", "key"]).run();
    assert!(check.stdout().contains("required, and not so: select count(*) > 500 from t: 0"), "{check}");
}
