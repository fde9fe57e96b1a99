//! Of which application a document is, and of which versions.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::Value;

const SETTINGS: &str = "app = 'movies'\ndatabase = 'app.db'\nschema-version.sql = 'select schema from about'
    app-version.sql = 'select app from about'\n[sections.about]\ninclude = false";

/// Documents of an application that says its versions, `doc.json` and `full.json`.
fn scene() -> Scene {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table about(app text, schema int); insert into about values ('1.4.0', 7);
         create table movies(id integer primary key, title text not null unique); insert into movies(title) values ('Up')",
    );
    std::fs::copy(scene.path("app.db"), scene.path("new.db")).expect("copy");
    std::fs::write(scene.path("larder.toml"), SETTINGS).expect("write");
    scene.larder(["export", "-o", "doc.json"]).run().succeeds();
    scene.larder(["export", "--full", "-o", "full.json"]).run().succeeds();
    std::fs::write(scene.path("larder.toml"), SETTINGS.replace("app.db", "new.db")).expect("write");
    scene
}

#[test]
fn documents_say_the_version_of_the_application() {
    let scene = scene();
    for name in ["doc.json", "full.json"] {
        let text = std::fs::read(scene.path(name)).expect("read");
        let metadata = &serde_json::from_slice::<Value>(&text).expect("JSON")["metadata"];
        assert_eq!(
            (&metadata["app_version"], &metadata["schema_version"]),
            (&"1.4.0".into(), &"7".into()),
            "{name}"
        );
        let run = scene.larder(["validate", name, "--against", "new.db"]).run().succeeds();
        assert_eq!(run.stdout(), format!("{name}: valid\n"));
    }
    scene.larder(["import", "doc.json"]).run().succeeds().says("nothing to change");
    std::fs::write(scene.path("larder.toml"), "app-version.sql = 'select none'").expect("write");
    scene.larder(["export", "app.db"]).run().fails(2).says("app-version.sql: no such column");
}

#[test]
fn another_version_of_the_application_is_a_warning() {
    let scene = scene();
    fill(&scene.path("new.db"), "update about set app = '2.0.0', schema = 8");
    let versions = [
        "the document is of version 1.4.0 of the application, and new.db of version 2.0.0",
        "the document is of version 7 of the schema, and new.db has version 8",
    ];
    for name in ["doc.json", "full.json"] {
        let run = scene.larder(["validate", name, "--against", "new.db"]).run().succeeds();
        assert!(versions.iter().all(|text| run.stdout().contains(text)), "{run}");
        assert!(run.stdout().contains("warning: metadata.app_version: "), "{run}");
    }
    let run = scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert!(run.stderr().matches("warning:").count() == 2, "{run}");
    assert!(run.stderr().contains("of version 1.4.0 of the application"), "{run}");
}

#[test]
fn a_document_of_another_application_is_named_as_such() {
    let scene = scene();
    let settings = SETTINGS.replace("app.db", "new.db").replace("'movies'", "'tvarr'");
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    let other = "doc.json is an export of \"movies\", not of \"tvarr\"";
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds().says(&format!("warning: {other}\n"));
    let run = scene.larder(["validate", "doc.json", "--against", "new.db"]).run().succeeds();
    assert!(run.stdout().contains(&format!("warning: metadata.app: {other}\n")), "{run}");
    // The name of a file is no name of an application.
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    let run = scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert!(!run.stderr().contains("an export of"), "{run}");
    fill(&scene.path("shows.db"), "create table shows(id integer primary key, name text unique)");
    let none = "it is an export of \"movies\", and the database has none of its tables";
    let run = scene.larder(["import", "doc.json", "shows.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stderr().contains(none) && !run.stderr().contains("has no table"), "{run}");
    for name in ["doc.json", "full.json"] {
        let run = scene.larder(["validate", name, "--against", "shows.db"]).run();
        assert_eq!(run.code(), Some(3), "{run}");
        assert_eq!(run.stdout().matches("error:").count(), 1, "{run}");
        assert!(run.stdout().contains(none), "{run}");
    }
}
