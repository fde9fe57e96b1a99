//! Two databases of one application, and what the first has on its way into the second: each import is looked at from all
//! sides.

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::same::{Content, content_in_any_order};
use super::scene::{Run, Scene};
use serde_json::Value;
use std::path::Path;

/// Two databases, `a.db` and `b.db`, and an export of the first, `a.json`.
pub struct Pair {
    pub scene: Scene,
}

impl Pair {
    /// Both of one schema.
    pub fn new(schema: &str, here: &str, there: &str) -> Self {
        Self::configured("", schema, here, there)
    }

    /// With a `larder.toml` that export and import go by.
    pub fn configured(settings: &str, schema: &str, here: &str, there: &str) -> Self {
        let scene = Scene::new();
        for (name, rows) in [("a.db", here), ("b.db", there)] {
            fill(&scene.path(name), schema);
            fill(&scene.path(name), rows);
        }
        if !settings.is_empty() {
            std::fs::write(scene.path("larder.toml"), settings).expect("write");
        }
        let pair = Self { scene };
        pair.export(&[]);
        pair
    }

    /// Writes `a.json` anew.
    pub fn export(&self, options: &[&str]) -> Value {
        let export = ["export", "a.db", "-o", "a.json", "--force"];
        self.scene.larder([&export, options].concat()).run().succeeds();
        self.document()
    }

    pub fn document(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.scene.path("a.json")).expect("read"))
            .expect("JSON")
    }

    /// Changes the text of the document.
    #[track_caller]
    pub fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.scene.path("a.json")).expect("read");
        assert!(text.contains(from), "{from:?} is not in {text}");
        std::fs::write(self.scene.path("a.json"), text.replacen(from, to, 1)).expect("write");
    }

    /// Imports it into the second database.
    pub fn import(&self, options: &[&str]) -> Run {
        self.scene.larder([&["import", "a.json", "b.db"], options].concat()).run()
    }

    /// Runs SQL on the second database.
    pub fn change(&self, sql: &str) {
        fill(&self.scene.path("b.db"), sql);
    }

    /// The texts that a query of the second database gives.
    pub fn there(&self, sql: &str) -> Vec<String> {
        rows(&self.scene.path("b.db"), sql)
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.scene.path("b.db")).expect("read")
    }

    fn content(&self) -> Content {
        content_in_any_order(&self.scene.path("b.db"))
    }

    /// Imports, and gives back what became of the sections. What `--dry-run` said before is what then happened, and it
    /// wrote nothing; the database is sound; the same import changes nothing the second time; undoing gives back all that
    /// was there, and the import does then what it did before.
    #[track_caller]
    pub fn brings(&self, options: &[&str]) -> Value {
        let options = [options, &["--json"]].concat();
        let (before, bytes) = (self.content(), self.bytes());
        let planned = self.import(&[&options[..], &["--dry-run"]].concat()).succeeds();
        assert!(bytes == self.bytes(), "--dry-run wrote: {planned}");
        let first = self.import(&options).succeeds();
        assert_same_plan(&planned, &first);
        assert_sound(&self.scene.path("b.db"));
        let after = self.content();
        self.changes_nothing(&options, &first);
        self.undo(&first);
        assert_eq!(self.content(), before, "after it was undone: {first}");
        let again = self.import(&options).succeeds();
        assert_eq!(done(&again.json()), done(&first.json()), "{again}");
        assert_eq!(self.content(), after, "after it was done again: {again}");
        done(&first.json())
    }

    /// The same import changes nothing.
    #[track_caller]
    fn changes_nothing(&self, options: &[&str], first: &Run) {
        let bytes = self.bytes();
        let second = self.import(options).succeeds();
        let said = done(&second.json());
        for (section, counts) in said.as_object().expect("sections") {
            let changed = counts
                .as_object()
                .expect("counts")
                .keys()
                .find(|fate| !["same", "skipped", "rejected"].contains(&fate.as_str()));
            assert_eq!(changed, None, "{section} the second time: {first}{second}");
        }
        assert_eq!(second.json()["safety_snapshot"], Value::Null, "{second}");
        assert!(bytes == self.bytes(), "{second}");
    }

    /// Runs the command that an import gave for its undoing, if it wrote.
    #[track_caller]
    pub fn undo(&self, import: &Run) {
        let json = import.json();
        let Some(command) = json["undo"].as_str() else {
            let changes = |fate: &String| {
                ["new", "overwritten", "merged", "renamed", "removed"].contains(&fate.as_str())
            };
            let sections = done(&json);
            let mut counts = sections.as_object().expect("sections").values();
            assert!(
                !counts.any(|counts| counts.as_object().expect("counts").keys().any(changes)),
                "nothing undoes {import}"
            );
            return;
        };
        let words: Vec<&str> = command.split(' ').skip(1).chain(["--yes"]).collect();
        self.scene.larder(words).run().succeeds();
    }

    /// An import that ends with this code and writes nothing. The dry run of it ends in the same way, and says the same.
    #[track_caller]
    pub fn refuses(&self, code: i32, options: &[&str]) -> Run {
        let (bytes, snapshots) = (self.bytes(), self.scene.snapshots("backups"));
        let run = self.import(options).fails(code);
        assert!(bytes == self.bytes(), "it wrote: {run}");
        assert_eq!(self.scene.snapshots("backups"), snapshots, "there is nothing to go back to: {run}");
        if code != 4 {
            let planned = self.import(&[options, &["--dry-run"]].concat()).fails(code);
            assert_eq!(planned.stderr(), run.stderr(), "the dry run says something else");
        }
        run
    }
}

/// What a dry run said of sections, rejected items and what goes along is what an import then said.
#[track_caller]
pub fn assert_same_plan(planned: &Run, done: &Run) {
    for part in ["sections", "problems", "needs_refetch", "cascades"] {
        assert_eq!(planned.json()[part], done.json()[part], "{part}: {planned}{done}");
    }
}

/// Every reference in a database leads somewhere, and it is whole.
#[track_caller]
pub fn assert_sound(path: &Path) {
    assert_eq!(rows(path, "select \"table\" || rowid from pragma_foreign_key_check"), [""; 0]);
    assert_eq!(rows(path, "select integrity_check from pragma_integrity_check"), ["ok"]);
}
