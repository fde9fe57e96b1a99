//! Every link that a database has is there after its export was imported elsewhere, leads to the same things, and nothing
//! else does; or nothing was written. Tried on made-up schemas with references of all kinds, over ids that overlap.

use super::fixtures::fill;
use super::scene::{Run, Scene};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// Numbers that look random, the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn is_one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// How a column refers to rows.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Declared,
    Named,
    Role,
    Bare,
    Person,
    Parent,
    ByType,
    List,
    Json,
}

const KINDS: [Kind; 9] = [
    Kind::Declared,
    Kind::Named,
    Kind::Role,
    Kind::Bare,
    Kind::Person,
    Kind::Parent,
    Kind::ByType,
    Kind::List,
    Kind::Json,
];

/// A column that refers to the rows of a table; of several, where another column says of which.
struct Column {
    name: String,
    kind: Kind,
    target: usize,
}

struct Table {
    name: &'static str,
    one: &'static str,
    has_key: bool,
    columns: Vec<Column>,
}

const NAMES: [(&str, &str); 5] = [
    ("users", "user"),
    ("projects", "project"),
    ("albums", "album"),
    ("invoices", "invoice"),
    ("recipes", "recipe"),
];

fn schema(random: &mut Random) -> Vec<Table> {
    let count = 2 + random.below(4);
    let keyed: Vec<bool> = (0..count).map(|_| !random.is_one_in(3)).collect();
    let mut tables: Vec<Table> = Vec::new();
    for (at, (name, one)) in NAMES.iter().take(count).enumerate() {
        let mut columns: Vec<Column> = Vec::new();
        for _ in 0..random.below(4) {
            let kind = KINDS[random.below(KINDS.len())];
            let target = match kind {
                Kind::Person => 0,
                Kind::Parent => at,
                _ => random.below(count),
            };
            let one = NAMES[target].1;
            let name = match kind {
                Kind::Declared => format!("{one}_key_id"),
                Kind::Named => format!("{one}_id"),
                Kind::Role => format!("main_{one}_id"),
                Kind::Bare => one.to_owned(),
                Kind::Person => "created_by".to_owned(),
                Kind::Parent => "parent_id".to_owned(),
                Kind::ByType => "subject_id".to_owned(),
                Kind::List => format!("{one}_ids"),
                Kind::Json => "data".to_owned(),
            };
            // A table that is called so itself has no such reference to itself.
            let is_own = target == at && matches!(kind, Kind::Named | Kind::Bare | Kind::List);
            // Circles of rows without a key are for the tests of how rows are matched.
            let is_circle = !keyed[at]
                && kind != Kind::Parent
                && (kind == Kind::ByType || target >= at && !keyed[target]);
            if !is_own && !is_circle && !columns.iter().any(|column| column.name == name) {
                columns.push(Column { name, kind, target });
            }
        }
        tables.push(Table { name, one, has_key: keyed[at], columns });
    }
    tables
}

fn create(tables: &[Table]) -> String {
    let mut sql = String::new();
    for table in tables {
        let unique = if table.has_key { " unique" } else { "" };
        let mut columns = vec!["id integer primary key".to_owned(), format!("name text not null{unique}")];
        for column in &table.columns {
            columns.push(match column.kind {
                Kind::Declared => {
                    format!("{} integer references {}(id)", column.name, tables[column.target].name)
                }
                Kind::List | Kind::Json => format!("{} text", column.name),
                Kind::ByType => "subject_type text, subject_id integer".to_owned(),
                _ => format!("{} integer", column.name),
            });
        }
        writeln!(sql, "create table {}({});", table.name, columns.join(", ")).expect("a text");
    }
    sql
}

/// Rows with names of a small world, of which every database has a part, under ids of its own. Whether some refer to rows
/// that are gone is said, too: an application that gives the next id may link them to something new, and so may an import
/// of tables that say nothing of those.
fn rows(tables: &[Table], dangles: bool, random: &mut Random) -> String {
    let mut ids: Vec<Vec<i64>> = Vec::new();
    let mut names: Vec<Vec<String>> = Vec::new();
    for table in tables {
        let (mut own, mut called) = (Vec::new(), Vec::new());
        let mut id = 0;
        let mut world: Vec<usize> = (0..9).collect();
        for _ in 0..=random.below(6) {
            id += 1 + i64::try_from(random.below(3)).expect("small");
            own.push(id);
            let name = world.remove(random.below(world.len()));
            called.push(format!("{} {name}", table.one));
        }
        ids.push(own);
        names.push(called);
    }
    let mut sql = "pragma foreign_keys = off;\n".to_owned();
    for (at, table) in tables.iter().enumerate() {
        for (row, id) in ids[at].iter().enumerate() {
            let mut values = vec![id.to_string(), format!("'{}'", names[at][row])];
            for column in &table.columns {
                values.extend(value(column, (at, row), &ids, tables, dangles, random));
            }
            writeln!(sql, "insert into {} values ({});", table.name, values.join(", ")).expect("a text");
        }
    }
    sql
}

fn value(
    column: &Column,
    (at, row): (usize, usize),
    ids: &[Vec<i64>],
    tables: &[Table],
    dangles: bool,
    random: &mut Random,
) -> Vec<String> {
    let one = |target: usize, random: &mut Random| ids[target][random.below(ids[target].len())];
    match column.kind {
        // No row is its own parent, or its parent's.
        Kind::Parent if row == 0 || random.is_one_in(3) => vec!["null".to_owned()],
        Kind::Parent => vec![ids[at][random.below(row)].to_string()],
        Kind::List => {
            let several: Vec<String> =
                (0..=random.below(3)).map(|_| one(column.target, random).to_string()).collect();
            vec![format!("'{}'", several.join(","))]
        }
        Kind::Json => {
            let target = tables[column.target].one;
            vec![format!("'{{\"{target}_id\": {}, \"x\": \"y\"}}'", one(column.target, random))]
        }
        Kind::ByType => {
            let target = random.below(tables.len());
            vec![format!("'{}'", tables[target].name), one(target, random).to_string()]
        }
        _ if random.is_one_in(6) => vec!["null".to_owned()],
        _ if random.is_one_in(8) => vec!["0".to_owned()],
        // A row that is gone; a word without any sign of an id says nothing then.
        _ if random.is_one_in(12) && dangles && column.kind != Kind::Bare => {
            vec![(ids[column.target].iter().max().unwrap_or(&0) + 1).to_string()]
        }
        _ => vec![one(column.target, random).to_string()],
    }
}

/// What every row is called, and what it is linked to: the row, the column, and what that leads to.
type Links = BTreeSet<(String, String, String)>;

fn links(path: &Path, tables: &[Table]) -> (BTreeMap<String, bool>, Links) {
    let db = Connection::open(path).expect("open");
    let mut called: Vec<BTreeMap<i64, String>> = Vec::new();
    for table in tables {
        let mut names = db.prepare(&format!("select id, name from {}", table.name)).expect("names");
        let names = names.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("names");
        called.push(names.map(|name| name.expect("a name")).collect());
    }
    let (mut known, mut links) = (BTreeMap::new(), Links::new());
    for (at, table) in tables.iter().enumerate() {
        known.extend(called[at].values().map(|name| (name.clone(), table.has_key)));
        for column in &table.columns {
            let kind = if column.kind == Kind::ByType { "subject_type" } else { "''" };
            let sql = format!("select name, {kind}, cast({} as text) from {}", column.name, table.name);
            let mut statement = db.prepare(&sql).expect("rows");
            let mut rows = statement.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                let (name, kind): (String, Option<String>) =
                    (row.get(0).expect("a name"), row.get(1).expect("a kind"));
                let Some(value) = row.get::<_, Option<String>>(2).expect("a value") else { continue };
                let target = match column.kind {
                    Kind::ByType => tables.iter().position(|table| Some(table.name) == kind.as_deref()),
                    _ => Some(column.target),
                };
                let is_several = matches!(column.kind, Kind::List | Kind::Json);
                let parts = value.split(|c: char| is_several && !c.is_ascii_digit());
                for number in parts.filter_map(|number| number.parse::<i64>().ok()) {
                    if let Some(target) = target.and_then(|target| called[target].get(&number)) {
                        links.insert((name.clone(), column.name.clone(), target.clone()));
                    }
                }
            }
        }
    }
    (known, links)
}

/// What became of an import.
#[derive(PartialEq, Eq, Debug, Clone, Copy, PartialOrd, Ord)]
enum Outcome {
    Right,
    Refused,
}

fn import(scene: &Scene) -> Run {
    scene.larder(["import", "a.json", "b.db", "--on-conflict", "skip", "--no-safety-snapshot", "--yes"]).run()
}

fn trial(seed: u64) -> Outcome {
    let mut random = Random(seed);
    let tables = schema(&mut random);
    let scene = Scene::new();
    let sql = create(&tables);
    let only = random.is_one_in(4).then(|| tables[random.below(tables.len())].name);
    let a = rows(&tables, true, &mut random);
    let b = rows(&tables, only.is_none(), &mut random);
    for (name, rows) in [("a.db", &a), ("b.db", &b)] {
        fill(&scene.path(name), &sql);
        fill(&scene.path(name), rows);
    }
    let story = format!("seed {seed}\n{sql}\n-- a\n{a}\n-- b\n{b}");
    let mut export = vec!["export", "a.db", "-o", "a.json"];
    export.extend(only.iter().flat_map(|only| ["--only", only]));
    scene.larder(&export).run().succeeds();
    scene.larder(["validate", "a.json"]).run().succeeds();
    let (_, of_a) = links(&scene.path("a.db"), &tables);
    let (known, of_b) = links(&scene.path("b.db"), &tables);
    let before = std::fs::read(scene.path("b.db")).expect("read");
    let run = import(&scene);
    if run.code() != Some(0) {
        assert!(matches!(run.code(), Some(3 | 4)), "{run}\n{story}");
        assert!(std::fs::read(scene.path("b.db")).expect("read") == before, "{run}\n{story}");
        return Outcome::Refused;
    }
    let (there, after) = links(&scene.path("b.db"), &tables);
    // What was there under its key stays as it is.
    let stays = |name: &String| known.get(name) == Some(&true);
    // What was there without a key may be the same, edited, and then stays too; else all of it comes.
    let came = |name: &String| after.iter().any(|link| link.0 == *name && !of_b.contains(link));
    let comes = |link: &&(String, String, String)| {
        !stays(&link.0) && there.contains_key(&link.0) && (!known.contains_key(&link.0) || came(&link.0))
    };
    let expected: Links = if only.is_some() {
        after.iter().filter(|link| of_a.contains(*link) || of_b.contains(*link)).cloned().collect()
    } else {
        of_b.iter().chain(of_a.iter().filter(comes)).cloned().collect()
    };
    let wrong: Vec<_> = after.symmetric_difference(&expected).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{run}\n{story}");
    assert!(of_b.iter().all(|link| after.contains(link)), "{run}\n{story}");
    import(&scene).succeeds();
    let (_, again) = links(&scene.path("b.db"), &tables);
    assert_eq!(again, after, "{story}");
    Outcome::Right
}

/// How many are tried: as many as `LARDER_CASES` says, from the seed `LARDER_SEED`.
#[test]
fn links_lead_to_the_same_things_or_nothing_is_written() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let (first, cases) = (number("LARDER_SEED", 1), number("LARDER_CASES", 60));
    let mut count: BTreeMap<Outcome, u64> = BTreeMap::new();
    for seed in first..first + cases {
        *count.entry(trial(seed)).or_default() += 1;
    }
    println!("{count:?}");
    assert!(count.get(&Outcome::Right).is_some_and(|right| *right * 4 > cases), "{count:?}");
}
