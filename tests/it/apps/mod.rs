//! Five applications, as `apps/` describes them: what their exports hold, and that another installation takes it in and
//! gives it back. The databases here have the applications' shapes, and rows that nobody ever had.
//!
//! In the rows, what must not leave the database can be told by its look: numbers and ids of the database hold [`ID`],
//! passwords are [`SECRET`], and what the application fetches is [`FETCHED`].

mod astrology;
mod judo;
mod movies;
mod nascar;
mod tvarr;

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::scene::{Larder, Scene};
use larder::app::known::Known;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::PathBuf;

const ID: &str = "777";
const SECRET: &str = "hidden";
const FETCHED: &str = "fetched";

/// An application, installed twice.
struct App {
    /// What `apps/` calls it.
    name: &'static str,
    schema: &'static str,
    /// What people made in the first installation, `here.db`.
    rows: &'static str,
    /// What the second one, `there.db`, holds already: other rows, with the same numbers.
    others: &'static str,
    /// Takes those rows out again.
    without_others: &'static str,
}

impl App {
    /// Both installations.
    fn install(&self) -> Scene {
        let scene = Scene::new();
        for (name, rows) in [("here.db", self.rows), ("there.db", self.others)] {
            fill(&scene.path(name), self.schema);
            fill(&scene.path(name), rows);
            assert_sound(&scene, name);
        }
        scene
    }

    fn settings(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("apps/{}.toml", self.name))
    }

    /// An export by the application's settings, to be run.
    fn larder<'s>(&self, scene: &'s Scene, database: &str, arguments: &[&str]) -> Larder<'s> {
        let settings = self.settings();
        let settings = settings.to_str().expect("a path that is text");
        scene.larder([&["export", database, "--config", settings][..], arguments].concat())
    }

    /// An export, which is also in `doc.json`, and of which nothing tells what must not leave the database.
    fn export(&self, scene: &Scene, database: &str, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["-o", "doc.json", "--force"]].concat();
        self.larder(scene, database, &arguments).run().succeeds();
        let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
        for word in [ID, SECRET, FETCHED] {
            let line = text.lines().find(|line| line.contains(word) && !line.contains("\"sha256\": "));
            assert_eq!(line, None, "{word}");
        }
        serde_json::from_str(&text).expect("JSON")
    }

    /// Exports from here, imports there, where all of it is new, and exports it from there again. Gives the scene, the
    /// document's items and what the import said.
    fn travels(&self, export: &[&str], import: &[&str], again: &[&str]) -> (Scene, Value, Value) {
        let scene = self.install();
        let first = self.export(&scene, "here.db", export);
        let import = [&["import", "doc.json", "there.db", "--json"], import].concat();
        let run = scene.larder(&import).run().succeeds().json();
        let counts = |outcome: &str| -> Value {
            let sections = first["summary"]["items"].as_object().expect("counts").iter();
            sections.map(|(section, count)| (section.clone(), json!({outcome: count}))).collect()
        };
        assert_eq!(done(&run), counts("new"));
        assert_sound(&scene, "there.db");

        let before = std::fs::read(scene.path("there.db")).expect("read");
        let second = scene.larder(&import).run().succeeds().json();
        assert_eq!(done(&second), counts("same"));
        assert_eq!(second["safety_snapshot"], Value::Null);
        assert!(before == std::fs::read(scene.path("there.db")).expect("read"));

        fill(&scene.path("there.db"), self.without_others);
        let back = self.export(&scene, "there.db", again);
        assert_eq!(first["data"], back["data"]);
        assert_eq!(first["summary"], back["summary"]);
        (scene, first["data"].clone(), run)
    }
}

#[test]
fn each_is_recognised_and_no_other_is() {
    for app in [&astrology::ASTROLOGY, &judo::JUDO, &movies::MOVIES, &nascar::NASCAR, &tvarr::TVARR] {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(app.schema).expect("the schema");
        let fits = |known: &Known| known.fits(&db).expect("read");
        let found: Vec<&str> =
            Known::all().iter().filter(|known| fits(known)).map(|known| known.id).collect();
        assert_eq!(found, [app.name]);
        let scene = app.install();
        let run = scene.larder(["export", "here.db", "-o", "doc.json"]).run().succeeds();
        assert!(run.stderr().contains("recognised: "), "{}", run.stderr());
    }
}

/// Every reference in a database leads somewhere, and it is whole.
fn assert_sound(scene: &Scene, database: &str) {
    let path = scene.path(database);
    assert_eq!(rows(&path, "select \"table\" || rowid from pragma_foreign_key_check"), [""; 0]);
    assert_eq!(rows(&path, "select integrity_check from pragma_integrity_check"), ["ok"]);
}

/// A text in a database.
fn text(scene: &Scene, database: &str, sql: &str) -> String {
    rows(&scene.path(database), sql).concat()
}
