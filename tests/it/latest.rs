//! `latest`, times and names of a store wherever a file is read, and databases that nobody named.

use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::json;

const SCHEMA: &str = "create table lists(id integer primary key, name text not null unique, color text)";
const ROWS: &str = "insert into lists values (1, 'Best', 'red'), (2, 'Worst', 'blue')";

/// A database with a snapshot of it, and one list less since.
fn scene(settings: &str) -> Scene {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("data")).expect("a folder");
    fill(&scene.path("data/app.db"), SCHEMA);
    fill(&scene.path("data/app.db"), ROWS);
    scene.larder(["snapshot", "data/app.db"]).run().succeeds();
    fill(&scene.path("data/app.db"), "delete from lists where id = 2");
    if !settings.is_empty() {
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
    }
    scene
}

/// The name of its snapshot.
fn snapshot(scene: &Scene) -> String {
    scene.snapshots("data/backups").remove(0)
}

/// A machine that has the store and nothing else.
fn new_machine(old: &Scene) -> Scene {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("backups")).expect("a folder");
    for name in old.names("data/backups") {
        std::fs::copy(old.path("data/backups").join(&name), scene.path("backups").join(&name)).expect("copy");
    }
    scene
}

#[track_caller]
fn ends(run: Run, code: i32) -> Run {
    assert_eq!(run.code(), Some(code), "{run}");
    run
}

const SETTINGS: &str = "database = \"data/app.db\"\n[sections.lists]\nomit = [\"color\"]\n";

#[test]
fn every_command_that_reads_knows_the_snapshots_of_the_store() {
    let scene = scene(SETTINGS);
    let name = snapshot(&scene);
    for argument in ["latest", "2999-01-01", &name] {
        let run = scene.larder(["export", argument, "--only", "lists"]).run().succeeds();
        assert!(run.stdout().contains("Worst") && !run.stdout().contains("blue"), "{run}");
        let run = scene.larder(["validate", argument]).run().succeeds();
        assert!(run.stdout().contains(&name) && run.stdout().contains(": valid"), "{run}");
        ends(scene.larder(["diff", argument, "--json"]).run(), 3);
        ends(scene.larder(["diff", argument, &name]).run(), 0);
        let run = scene.larder(["import", argument, "--dry-run", "--json"]).run().succeeds();
        assert_eq!(run.json()["sections"]["lists"]["new"], 1, "{run}");
        scene.larder(["init", argument, "--yes", "-o", "made.toml", "--force"]).run().succeeds();
        let made = std::fs::read_to_string(scene.path("made.toml")).expect("it was written");
        assert!(made.contains("app.db\"") && !made.contains(".db.gz"), "{made}");
    }
    scene.larder(["export", "2001-01-01"]).run().fails(1).says("no snapshot of app is that old");
    scene.larder(["validate", "app-2001-01-01T00-00-00Z.db.gz"]).run().fails(1).says("is no snapshot");
}

#[test]
fn a_store_needs_no_settings() {
    let old = scene("");
    let scene = new_machine(&old);
    let name = snapshot(&old);
    for argument in ["latest", &name] {
        let run = scene.larder(["export", argument]).run().succeeds();
        assert!(
            run.stdout().contains("\"app\":\"app\"") || run.stdout().contains("\"app\": \"app\""),
            "{run}"
        );
        scene.larder(["validate", argument]).run().succeeds();
        scene.larder(["diff", argument, "latest"]).run().succeeds();
    }
    // Of several applications, one has to be chosen.
    fill(&scene.path("other.db"), SCHEMA);
    fill(&scene.path("other.db"), ROWS);
    scene.larder(["snapshot", "other.db"]).run().succeeds();
    scene.larder(["export", "latest"]).run().fails(2).says("snapshots of app, other").says("--app");
    scene.larder(["validate", "latest", "--app", "other"]).run().succeeds();
    scene.larder(["export", &name]).run().succeeds();
}

#[test]
fn a_snapshot_of_ones_own_goes_by_ones_settings_and_another_does_not() {
    let scene = scene(SETTINGS);
    let file = format!("data/backups/{}", snapshot(&scene));
    let run = scene.larder(["export", &file]).run().succeeds();
    assert!(!run.stdout().contains("blue"), "{run}");
    // Of another application, although it has the same tables.
    std::fs::create_dir(scene.path("other")).expect("a folder");
    fill(&scene.path("other/other.db"), SCHEMA);
    fill(&scene.path("other/other.db"), ROWS);
    scene.larder(["snapshot", "other/other.db"]).run().succeeds();
    let file = format!("other/backups/{}", scene.snapshots("other/backups")[0]);
    let run = scene.larder(["export", &file]).run().succeeds();
    assert!(run.stdout().contains("blue"), "{run}");
    assert!(run.stdout().contains("\"other\""), "{run}");
    let run = scene.larder(["export", &file, "--config", "larder.toml"]).run().succeeds();
    assert!(!run.stdout().contains("blue"), "{run}");
}

#[test]
fn without_a_database_the_one_that_the_manifest_knows_is_named() {
    let old = scene("");
    let scene = new_machine(&old);
    let file = format!("backups/{}", snapshot(&old));
    for (arguments, hint) in [
        (&["restore", "latest"][..], "larder restore latest app.db (backups holds snapshots of /".to_owned()),
        (&["restore", &file], format!("larder restore {file} app.db (it was taken of /")),
        (
            &["restore", "latest", "--from", "backups"],
            "larder restore --from backups latest app.db (".to_owned(),
        ),
        (&["restore", "--undo"], "larder restore --undo app.db (".to_owned()),
        (&["import", "latest"], "larder import latest app.db (".to_owned()),
        (&["import", "rows.json"], "larder import rows.json app.db (".to_owned()),
        (&["diff", "latest"], "larder diff latest app.db (".to_owned()),
        (&["export"], "larder export app.db (".to_owned()),
        (&["init"], "larder init app.db (".to_owned()),
    ] {
        let run = scene.larder(arguments).run().fails(2).says("no database given");
        // It is where it was, on this machine.
        let hint = hint.replace(" app.db (", &format!(" {} (", old.path("data/app.db").display()));
        run.says(&hint);
    }
    std::fs::remove_file(old.path("data/app.db")).expect("remove");
    let run = scene.larder(["restore", "latest"]).run().fails(2).says("hint: larder restore latest app.db (");
    drop(run);
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    let run = scene.larder(["diff", "latest", "app.db"]).run();
    run.succeeds();
}

#[test]
fn an_export_is_not_restored_but_imported() {
    let scene = scene(SETTINGS);
    for name in ["out.json", "out.json.gz", "out.zip"] {
        scene.larder(["export", "-o", name]).run().succeeds();
        let run = scene.larder(["restore", name, "new.db"]).run().fails(3);
        run.says(&format!("{name} ")).says("new.db brings in an export");
    }
    let run = scene.larder(["restore", "out.json", "--yes", "--dry-run"]).run().fails(3);
    run.says("hint: larder import ");
}

#[test]
fn a_container_restores_only_where_there_is_no_database() {
    let old = scene("");
    let scene = new_machine(&old);
    let start = ["restore", "latest", "app.db", "--if-missing"];
    scene.larder(start).run().succeeds().says("restored ");
    fill(&scene.path("app.db"), "delete from lists");
    let before = std::fs::read(scene.path("app.db")).expect("read");
    let run = scene.larder(start).run().succeeds().says("app.db is there, so nothing is restored");
    assert!(run.stdout().ends_with("app.db\n"), "{run}");
    let run = scene.larder([&start[..], &["--json"]].concat()).run().succeeds();
    assert_eq!(run.json()["skipped"], json!("exists"), "{run}");
    assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), before);
    // Not even what is to be restored is looked for.
    scene.larder(["restore", "nowhere.db.gz", "app.db", "--if-missing"]).run().succeeds();
    std::fs::write(scene.path("app.db"), "").expect("write");
    scene.larder(start).run().succeeds().says("restored ");
    scene.larder(["restore", "--undo", "app.db", "--if-missing"]).run().fails(2);
}

#[test]
fn exports_of_a_store_are_named_too() {
    let scene = scene(SETTINGS);
    scene.larder(["export", "--to", "data/backups"]).run().succeeds();
    let name =
        scene.snapshots("data/backups").into_iter().find(|name| name.contains(".json")).expect("an export");
    let run = scene.larder(["validate", &name]).run().succeeds();
    assert!(run.stdout().contains(&name), "{run}");
    scene.larder(["import", &name, "--dry-run"]).run().succeeds();
    scene.larder(["convert", &name, "out.ndjson"]).run().succeeds();
    let run = scene.larder(["convert", "latest", "out.json"]).run().fails(2);
    run.says("latest is a snapshot, not an export").says("larder export latest -o out.json");
}
