//! A table that takes rows of other programs, and the rule that a dry run says what the import does.

use super::fixtures::fill;
use super::same::open;
use super::scene::{Run, Scene};
use serde_json::Value;

pub struct TableScene {
    pub scene: Scene,
}

impl TableScene {
    /// A database `app.db` with that schema.
    pub fn new(schema: &str) -> Self {
        let scene = Scene::new();
        fill(&scene.path("app.db"), schema);
        Self { scene }
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.scene.path(name), text).expect("write");
    }

    fn run(&self, file: &str, table: &str, options: &[&str]) -> Run {
        let import = ["import", file, "app.db", "--section", table];
        self.scene.larder([&import[..], options].concat()).run()
    }

    /// Imports a file with --json, after a dry run that said the same and wrote nothing.
    #[track_caller]
    pub fn import_file(&self, file: &str, table: &str, options: &[&str]) -> Run {
        let bytes = || std::fs::read(self.scene.path("app.db")).expect("read");
        let (before, snapshots) = (bytes(), self.scene.snapshots("backups"));
        let planned = self.run(file, table, &[options, &["--json", "--dry-run"]].concat());
        assert!(before == bytes(), "{planned}");
        let run = self.run(file, table, &[options, &["--json"]].concat());
        assert_eq!(planned.code(), run.code(), "{planned}{run}");
        let (planned_json, json) = (planned.json(), run.json());
        for part in ["sections", "problems", "more_problems", "further_rows", "creates", "error", "hint"] {
            assert_eq!(planned_json[part], json[part], "{planned}{run}");
        }
        if ![Some(0), Some(1)].contains(&run.code()) {
            assert!(before == bytes(), "{run}");
            assert_eq!(self.scene.snapshots("backups"), snapshots, "nothing to go back to: {run}");
        }
        run
    }

    /// The same of a text in `rows.csv`.
    #[track_caller]
    pub fn import(&self, text: &str, table: &str, options: &[&str]) -> Run {
        self.write("rows.csv", text);
        self.import_file("rows.csv", table, options)
    }

    /// Imports a text and compares what became of its rows: `new same skipped overwritten rejected`.
    #[track_caller]
    pub fn imports(&self, text: &str, table: &str, options: &[&str], expected: [u64; 5]) -> Run {
        let run = self.import(text, table, options);
        assert_eq!(counts(&run, table), expected, "{run}");
        let rejects = expected[4] > 0;
        assert_eq!(run.code(), Some(i32::from(rejects)), "{run}");
        run
    }

    /// Refuses to import a text: the exit code, and the error or the problems.
    #[track_caller]
    pub fn refuses(&self, text: &str, table: &str, options: &[&str], (code, message): (i32, &str)) {
        let run = self.import(text, table, options);
        assert_eq!(run.code(), Some(code), "{run}");
        let json = run.json();
        let problems = json["problems"].as_array().into_iter().flatten();
        let lines = problems.map(|problem| {
            format!("{}: {}: {}", problem["line"], text_of(&problem["path"]), text_of(&problem["message"]))
        });
        let causes = json["causes"].as_array().into_iter().flatten().map(text_of);
        let error = [text_of(&json["error"]), text_of(&json["hint"])];
        let said = lines.chain(causes).chain(error).collect::<Vec<_>>().join("\n");
        assert!(said.contains(message), "{message:?} is not said: {run}");
    }

    /// The rows of a query whose one column is a text.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let db = open(&self.scene.path("app.db"));
        let mut statement = db.prepare(sql).expect(sql);
        let rows = statement.query_map([], |row| row.get(0)).expect(sql);
        rows.map(|row| row.expect(sql)).collect()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What became of the rows: new, same, skipped, overwritten, rejected.
#[track_caller]
pub fn counts(run: &Run, table: &str) -> [u64; 5] {
    let json = run.json();
    let count = |kind: &str| json["sections"][table][kind].as_u64().expect(kind);
    ["new", "same", "skipped", "overwritten", "rejected"].map(count)
}
