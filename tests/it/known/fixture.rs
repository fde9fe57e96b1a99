//! A fixture: a file of SQL in parts, each after a line `-- == NAME`.

use std::path::PathBuf;

/// What a fixture's file says.
#[derive(Debug, Default)]
pub struct Fixture {
    /// The tables as the application makes them.
    pub tables: String,
    /// Its triggers, which may call functions that only the application has.
    pub triggers: String,
    /// One person's rows.
    pub alice: String,
    /// Another's.
    pub bob: String,
    /// The rows that every new installation has.
    pub new: String,
    /// Queries that give links in words.
    pub links: Vec<(String, String)>,
    /// What an import is told besides.
    pub import: Vec<String>,
    /// The same of an import into a new installation, where that is something else.
    pub import_new: Vec<String>,
    /// What the application's settings name and this version of its schema has not.
    pub absent: Vec<String>,
    /// What the document must hold.
    pub made: Vec<String>,
}

/// Where the fixtures are.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/known")
}

/// The lines of a part that is no SQL.
fn words(body: &str) -> Vec<String> {
    body.lines().filter_map(|line| line.strip_prefix("-- ")).map(str::to_owned).collect()
}

impl Fixture {
    pub fn read(name: &str) -> Self {
        let file = folder().join(format!("{name}.sql"));
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut fixture = Self::default();
        for part in text.split("\n-- == ").skip(1) {
            let (head, body) = part.split_once('\n').expect("a part has lines");
            let body = body.to_owned();
            match head.split_once(": ") {
                Some(("link", name)) => fixture.links.push((name.to_owned(), body)),
                Some(other) => panic!("{name}: {other:?}"),
                None => match head {
                    "tables" => fixture.tables = body,
                    "triggers" => fixture.triggers = body,
                    "alice" => fixture.alice = body,
                    "bob" => fixture.bob = body,
                    "new" => fixture.new = body,
                    "made" => fixture.made = words(&body),
                    "import" => fixture.import = words(&body),
                    "import new" => fixture.import_new = words(&body),
                    "absent" => fixture.absent = words(&body),
                    other => panic!("{name}: {other:?}"),
                },
            }
        }
        fixture
    }
}
