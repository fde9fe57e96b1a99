//! Imports of condensed documents, failed and killed at each of their file operations and commits: all is there or nothing,
//! and the next run succeeds.

use super::failpoints::{End, Trial, nothing_left_by_failure};
use super::fixtures::fill;
use super::pair::assert_sound;
use super::same::open;
use super::scene::Scene;

const SCHEMA: &str = "
    create table things(id integer primary key, name text unique not null, place int not null unique check (place > 0), twin_id integer references things(id));
    create table parts(id integer primary key, thing_id integer not null references things(id) on delete cascade, n int, unique(thing_id, n));
    create virtual table words using fts5(name, content='things', content_rowid='id');
    create trigger ai after insert on things begin insert into words(rowid, name) values (new.id, new.name); end;
    create trigger ad after delete on things begin insert into words(words, rowid, name) values ('delete', old.id, old.name); end;
    create trigger au after update on things begin insert into words(words, rowid, name) values ('delete', old.id, old.name);
        insert into words(rowid, name) values (new.id, new.name); end";

/// The file has `a` and `b`, which swap places, refer to each other, and `d`, which is new.
const HERE: &str =
    "pragma foreign_keys = off; insert into things values (5, 'a', 2, 6), (6, 'b', 1, 5), (7, 'd', 9, null);
    insert into parts values (1, 5, 1), (2, 5, 2), (3, 6, 3)";
const THERE: &str = "insert into things values (1, 'a', 1, null), (2, 'b', 2, null), (3, 'c', 3, 1);
    insert into parts values (1, 1, 1), (2, 2, 9), (3, 3, 4)";
const OLD: &str = "a1[1]- b2[9]- c3[4]a";

fn prepare(scene: &Scene) {
    for (name, rows) in [("app.db", THERE), ("other.db", HERE)] {
        fill(&scene.path(name), SCHEMA);
        fill(&scene.path(name), rows);
    }
    scene.larder(["export", "other.db", "-o", "doc.json"]).run().succeeds();
}

/// What there is, as text. The database is sound, and so is its search index.
fn state(scene: &Scene) -> String {
    let path = scene.path("app.db");
    fill(&path, "insert into words(words, rank) values ('integrity-check', 1)");
    assert_sound(&path);
    let sql = "select group_concat(name || place || ifnull((select '[' || group_concat(n, ',' order by n) || ']' from parts where thing_id = t.id), '[]')
            || ifnull((select name from things where id = t.twin_id), '-'), ' ' order by name) from things t";
    open(&path).query_row(sql, [], |row| row.get(0)).expect("the state")
}

/// All is there or nothing; and where nothing is, there is nothing to go back to.
#[track_caller]
fn all_or_nothing(scene: &Scene, end: End, new: &str) {
    nothing_left_by_failure(scene, end);
    let state = state(scene);
    assert!([OLD, new].contains(&state.as_str()), "all or none: {state}");
    if end == End::Fail {
        assert!(scene.snapshots("backups").is_empty() || state == new, "nothing to go back to");
    }
}

/// Tries an import with these options, after which this is there.
macro_rules! trial {
    ($name:ident, $prepare:expr, $new:expr, $($option:literal),*) => {
        #[test]
        fn $name() {
            let points = Trial {
                name: stringify!($name),
                prepare: $prepare,
                arguments: &["import", "doc.json", "app.db", $($option),*],
                promises: |scene, end| all_or_nothing(scene, end, $new),
                after: |scene| assert_eq!(state(scene), $new),
            }
            .run();
            assert!(points > 10);
        }
    };
}

/// The same, with places of its own in the file.
fn elsewhere(scene: &Scene) {
    prepare(scene);
    let path = scene.path("doc.json");
    let text = std::fs::read_to_string(&path).expect("read");
    let text = text.replace("\"place\": 2", "\"place\": 20").replace("\"place\": 1", "\"place\": 10");
    std::fs::write(path, text).expect("write");
}

trial!(places_that_swap, prepare, "a2[1,2]b b1[3]a c3[4]a d9[]-", "--on-conflict", "overwrite");
trial!(what_is_united, prepare, "a2[1,2]b b1[3,9]a c3[4]a d9[]-", "--on-conflict", "merge");
trial!(what_is_replaced, prepare, "a2[1,2]b b1[3]a d9[]-", "--replace-all", "--yes");
trial!(
    what_is_renamed,
    elsewhere,
    "a1[1]- a (1)20[1,2]b (1) b2[9]- b (1)10[3]a (1) c3[4]a d9[]-",
    "--on-conflict",
    "rename"
);

/// The points that an import passes.
fn points(scene: &Scene, arguments: &[&str]) -> Vec<String> {
    let log = tempfile::NamedTempFile::new().expect("a file");
    scene.larder(arguments).env("LARDER_FAILPOINT_LOG", log.path()).run();
    std::fs::read_to_string(log.path()).expect("read").lines().map(str::to_owned).collect()
}

#[test]
fn what_leaves_out_what_is_wrong() {
    const NEW: &str = "a1[1]- b2[9]- c3[4]a d9[]-";
    let arguments = ["import", "doc.json", "app.db", "--on-conflict", "overwrite", "--on-error", "skip"];
    let wrong = |scene: &Scene| {
        prepare(scene);
        let path = scene.path("doc.json");
        let text = std::fs::read_to_string(&path).expect("read");
        // The parts are written before it is known that the place cannot be.
        let text = text.replace("\"place\": 2", "\"place\": -2").replace("\"place\": 1", "\"place\": -1");
        std::fs::write(path, text).expect("write");
    };
    let first = Scene::new();
    wrong(&first);
    let points = points(&first, &arguments);
    assert_eq!(state(&first), NEW);
    for number in 1..=points.len() {
        for (how, end) in [("fail", End::Fail), ("kill", End::Kill)] {
            let scene = Scene::new();
            wrong(&scene);
            let run = scene.larder(arguments).env("LARDER_FAILPOINT", format!("{number}:{how}")).run();
            assert_eq!(run.was_killed(), end == End::Kill, "{run}");
            all_or_nothing(&scene, end, NEW);
            let run = scene.larder(arguments).run();
            assert_eq!(run.code(), Some(1), "{run}");
            assert_eq!(state(&scene), NEW);
        }
    }
}

/// A report that cannot be written when all is in does not hide how to go back.
#[test]
fn what_writes_a_report() {
    const NEW: &str = "a1[1]- b2[9]- c3[4]a d9[]-";
    let arguments = ["import", "doc.json", "app.db", "--on-conflict", "skip", "--report", "r.jsonl"];
    let first = Scene::new();
    prepare(&first);
    let points = points(&first, &arguments);
    assert_eq!(state(&first), NEW);
    let commit = points.iter().position(|point| point == "commit imported items").expect("it is a point") + 1;
    let mut warned = 0;
    for number in 1..=points.len() {
        let scene = Scene::new();
        prepare(&scene);
        let run = scene.larder(arguments).env("LARDER_FAILPOINT", format!("{number}:fail")).run();
        all_or_nothing(&scene, End::Fail, NEW);
        if number > commit {
            assert_eq!(state(&scene), NEW, "{run}");
            let run = match points[number - 1].as_str() {
                "commit imported items, done" => {
                    run.fails(1).says("the outcome is unknown").says("larder restore --undo");
                    continue;
                }
                "say how to undo" => run.says("what was there is kept in"),
                _ => run.says("to undo: larder restore --undo"),
            };
            warned += u32::from(run.code() == Some(1));
            assert!(run.code() == Some(0) || run.stderr().contains("the report was not written"), "{run}");
        } else {
            assert!(state(&scene) == OLD || run.code() == Some(0), "{run}");
        }
    }
    assert!(warned > 0);
}
