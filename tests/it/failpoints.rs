//! Every command that writes, failed and killed at each of its file operations and commits: the promises hold after
//! each, and the next run succeeds.

use super::fixtures::{broken_index, count, crashed_wal, fill, numbered};
use super::same::{content, open};
use super::scene::Scene;
use std::path::Path;

/// How a run ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Fail,
    Kill,
}

/// A command on a scene, and what must be true after it ended early.
pub struct Trial {
    pub name: &'static str,
    pub prepare: fn(&Scene),
    pub arguments: &'static [&'static str],
    /// What must be true after the command ended early.
    pub promises: fn(&Scene, End),
    /// What must be true after the command was run once more, and succeeded.
    pub after: fn(&Scene),
}

impl Trial {
    /// Runs the command once for every fail point and every way to end. Returns how many points there were.
    #[expect(clippy::print_stdout, reason = "a failed test shows where")]
    pub fn run(&self) -> usize {
        let points = self.points();
        for (at, point) in points.iter().enumerate() {
            for end in [End::Fail, End::Kill] {
                println!("{} {end:?} at {} of {}: {point}", self.name, at + 1, points.len());
                self.end_at(at + 1, end);
            }
        }
        println!("{}: {} fail points", self.name, points.len());
        points.len()
    }

    /// The fail points that the command passes when nothing fails.
    fn points(&self) -> Vec<String> {
        let (scene, log) = (self.scene(), tempfile::NamedTempFile::new().expect("a file"));
        self.larder(&scene).env("LARDER_FAILPOINT_LOG", log.path()).run().succeeds();
        (self.after)(&scene);
        let points = logged(log.path());
        assert!(!points.is_empty(), "{} passes no fail point", self.name);
        points
    }

    fn end_at(&self, number: usize, end: End) {
        let (scene, log) = (self.scene(), tempfile::NamedTempFile::new().expect("a file"));
        let how = match end {
            End::Fail => format!("{number}:fail"),
            End::Kill => format!("{number}:kill"),
        };
        let larder = self.larder(&scene).env("LARDER_FAILPOINT_LOG", log.path());
        let run = larder.env("LARDER_FAILPOINT", how).run();
        // A name that is taken within one second and free in the next makes a run shorter.
        let is_shorter = logged(log.path()).len() < number;
        if end == End::Kill && !is_shorter {
            assert!(run.was_killed(), "{run}");
        } else {
            // Some points are only about tidying up, and a run may succeed without.
            assert!(matches!(run.code(), Some(0 | 1)), "{run}");
        }
        if run.code() == Some(0) {
            (self.after)(&scene);
            return;
        }
        (self.promises)(&scene, end);
        no_unfinished_snapshots(&scene);
        self.larder(&scene).run().succeeds();
        (self.after)(&scene);
        no_unfinished_snapshots(&scene);
        assert_eq!(leftovers(&scene), Vec::<String>::new(), "after the next run");
    }

    fn scene(&self) -> Scene {
        let scene = Scene::new();
        (self.prepare)(&scene);
        scene
    }

    fn larder<'a>(&self, scene: &'a Scene) -> super::scene::Larder<'a> {
        scene.larder(self.arguments)
    }
}

/// The names of the fail points that a run passed.
fn logged(log: &Path) -> Vec<String> {
    std::fs::read_to_string(log).expect("read").lines().map(str::to_owned).collect()
}

/// Every file that has the name of a snapshot is a whole one.
fn no_unfinished_snapshots(scene: &Scene) {
    for name in scene.snapshots("backups") {
        let run = scene.larder(["validate", &format!("backups/{name}")]).run();
        // A safety snapshot of a database with a broken index is whole, and has what was there.
        assert!(run.code() == Some(0) || run.stdout().contains("missing from index"), "{run}");
    }
}

/// Temporary folders anywhere in the scene.
fn leftovers(scene: &Scene) -> Vec<String> {
    let in_folder =
        |folder: &str| scene.names(folder).into_iter().filter(|name| name.starts_with(".larder-tmp"));
    in_folder("").chain(in_folder("backups")).collect()
}

pub fn nothing_left_by_failure(scene: &Scene, end: End) {
    if end == End::Fail {
        assert_eq!(leftovers(scene), Vec::<String>::new(), "a failure tidies up");
    }
}

fn app(scene: &Scene) -> std::path::PathBuf {
    scene.path("app.db")
}

/// A database of 40 rows with a snapshot of it when it had 20.
fn with_earlier_snapshot(scene: &Scene) {
    numbered(&app(scene), 20);
    take_snapshot(scene);
    fill(
        &app(scene),
        "with recursive n(i) as (select 21 union all select i + 1 from n limit 20) insert into t select i, 'name ' || i, i from n",
    );
}

fn take_snapshot(scene: &Scene) {
    scene.larder(["snapshot", "app.db"]).run().succeeds();
}

fn rows_of_newest_snapshot(scene: &Scene) -> u32 {
    let arguments = ["restore", "latest", "check.db", "--from", "backups", "--app", "app"];
    scene.larder(arguments).run().succeeds();
    let rows = count(&scene.path("check.db"));
    std::fs::remove_file(scene.path("check.db")).expect("remove");
    rows
}

#[test]
fn snapshot_into_a_store() {
    let points = Trial {
        name: "snapshot",
        prepare: with_earlier_snapshot,
        arguments: &["snapshot", "app.db"],
        promises: |scene, end| {
            assert_eq!(count(&app(scene)), 40);
            nothing_left_by_failure(scene, end);
            let snapshots = scene.snapshots("backups").len();
            assert!(snapshots == 1 || end == End::Kill && snapshots == 2, "a failed snapshot leaves nothing");
        },
        after: |scene| assert_eq!(rows_of_newest_snapshot(scene), 40),
    }
    .run();
    assert!(points > 10);
}

#[test]
fn first_snapshot_of_a_log() {
    Trial {
        name: "first snapshot of a crashed log",
        prepare: |scene| crashed_wal(&app(scene), 40, false),
        arguments: &["snapshot", "app.db", "--prune", "--keep-last", "3"],
        promises: |scene, end| {
            assert_eq!(scene.names("").iter().filter(|name| name.starts_with("app.db")).count(), 2);
            nothing_left_by_failure(scene, end);
        },
        after: |scene| {
            assert_eq!(rows_of_newest_snapshot(scene), 40);
            assert_eq!(count(&app(scene)), 40);
        },
    }
    .run();
}

#[test]
fn snapshot_to_a_file() {
    Trial {
        name: "snapshot to a file",
        prepare: |scene| {
            numbered(&app(scene), 40);
            std::fs::write(scene.path("out.db.gz"), "an older one").expect("write");
        },
        arguments: &["snapshot", "app.db", "-o", "out.db.gz", "--force"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            let bytes = std::fs::read(scene.path("out.db.gz")).expect("it is always there");
            if bytes != b"an older one" {
                scene.larder(["validate", "out.db.gz"]).run().succeeds();
            }
        },
        after: |scene| drop(scene.larder(["validate", "out.db.gz"]).run().succeeds()),
    }
    .run();
}

/// The target of a restore is the old database or the new one, whole.
fn old_or_new(scene: &Scene, end: End) {
    nothing_left_by_failure(scene, end);
    let rows = count(&app(scene));
    assert!(rows == 40 || rows == 20, "{rows} rows");
    let sound: String =
        open(&app(scene)).query_row("pragma integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(sound, "ok");
    let regular = |name: &String| scene.path("backups").join(name.replace(".db.gz", ".meta.json")).exists();
    assert!(scene.snapshots("backups").iter().all(regular), "every snapshot has its manifest");
}

fn restored(scene: &Scene) {
    assert_eq!(count(&app(scene)), 20);
    // What was there can come back, the first time and after an interruption.
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert!(matches!(count(&app(scene)), 20 | 40));
}

#[test]
fn restore_over_a_closed_database() {
    Trial {
        name: "restore over a closed database",
        prepare: with_earlier_snapshot,
        arguments: &["restore", "latest", "app.db"],
        promises: old_or_new,
        after: restored,
    }
    .run();
}

#[test]
fn restore_over_a_crashed_log() {
    Trial {
        name: "restore over a crashed log",
        prepare: |scene| {
            numbered(&app(scene), 20);
            take_snapshot(scene);
            std::fs::remove_file(app(scene)).expect("remove");
            crashed_wal(&app(scene), 40, true);
        },
        arguments: &["restore", "latest", "app.db"],
        promises: old_or_new,
        after: restored,
    }
    .run();
}

#[test]
fn restore_over_another_page_size() {
    Trial {
        name: "restore over another page size",
        prepare: |scene| {
            numbered(&app(scene), 20);
            take_snapshot(scene);
            std::fs::remove_file(app(scene)).expect("remove");
            fill(&app(scene), "pragma page_size = 1024; create table x(a); drop table x");
            numbered(&app(scene), 40);
        },
        arguments: &["restore", "latest", "app.db"],
        promises: old_or_new,
        after: restored,
    }
    .run();
}

#[test]
fn restore_of_a_missing_database() {
    Trial {
        name: "restore of a missing database",
        prepare: |scene| {
            numbered(&app(scene), 20);
            fill(&app(scene), "pragma journal_mode = wal");
            take_snapshot(scene);
            std::fs::remove_file(app(scene)).expect("remove");
        },
        arguments: &["restore", "latest", "app.db"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            assert!(!app(scene).exists() || count(&app(scene)) == 20);
        },
        after: |scene| assert_eq!(count(&app(scene)), 20),
    }
    .run();
}

#[test]
fn restore_under_a_program_that_has_the_database_open() {
    for mode in ["delete", "wal"] {
        let points = {
            let trial = Trial {
                name: "restore under a program",
                prepare: with_earlier_snapshot,
                arguments: &["restore", "latest", "app.db"],
                promises: old_or_new,
                after: |scene| assert_eq!(count(&app(scene)), 20),
            };
            trial.points().len()
        };
        for number in 1..=points {
            for how in ["fail", "kill"] {
                let scene = Scene::new();
                with_earlier_snapshot(&scene);
                fill(&app(&scene), &format!("pragma journal_mode = {mode}"));
                let program = open(&app(&scene));
                let rows = |db: &rusqlite::Connection| {
                    db.query_row("select count(*) from t", [], |row| row.get::<_, u32>(0))
                        .expect("it goes on reading")
                };
                assert_eq!(rows(&program), 40);
                let chosen = format!("{number}:{how}");
                scene.larder(["restore", "latest", "app.db"]).env("LARDER_FAILPOINT", &chosen).run();
                assert!(matches!(rows(&program), 20 | 40), "{mode} {chosen}");
                program
                    .execute_batch("insert into t values (1000, 'it goes on writing', 0)")
                    .expect("a write");
                assert!(matches!(rows(&program), 21 | 41), "{mode} {chosen}");
                scene.larder(["restore", "latest", "app.db"]).run().succeeds();
                assert_eq!(rows(&program), 20, "{mode} {chosen}");
            }
        }
        println!("restore under a program, {mode}: {points} fail points");
    }
}

/// What the damaged database was, byte for byte.
const DAMAGED: &[u8] = b"SQLite format 3\0 but nothing else that makes sense";

fn with_damaged_database(scene: &Scene) {
    numbered(&app(scene), 20);
    take_snapshot(scene);
    std::fs::write(app(scene), DAMAGED.repeat(50)).expect("write");
    std::fs::write(scene.path("app.db-wal"), "its log").expect("write");
}

/// Where a file of the damaged database is: in its place, or in a folder aside.
fn damaged_files(scene: &Scene) -> Vec<Vec<u8>> {
    let mut folders = vec![scene.path("")];
    let aside = scene.names("").into_iter().filter(|name| name.starts_with("app.db.aside-"));
    folders.extend(aside.map(|name| scene.path(name)));
    let read = |folder: &std::path::PathBuf, name: &str| std::fs::read(folder.join(name)).ok();
    let of = |name: &str| folders.iter().filter_map(|folder| read(folder, name)).collect::<Vec<_>>();
    [of("app.db"), of("app.db-wal")].concat()
}

#[test]
fn restore_over_a_damaged_database() {
    Trial {
        name: "restore over a damaged database",
        prepare: with_damaged_database,
        arguments: &["restore", "latest", "app.db"],
        promises: |scene, _| {
            let files = damaged_files(scene);
            assert!(
                files.contains(&DAMAGED.repeat(50)) && files.contains(&b"its log".to_vec()),
                "nothing is lost"
            );
            if let Ok(bytes) = std::fs::read(app(scene))
                && bytes != DAMAGED.repeat(50)
            {
                assert!(!scene.path("app.db-wal").exists(), "no log of the old one beside the new one");
                assert_eq!(count(&app(scene)), 20);
            }
        },
        after: |scene| {
            assert_eq!(count(&app(scene)), 20);
            scene.larder(["restore", "latest", "app.db"]).run().succeeds();
            assert_eq!(count(&app(scene)), 20);
        },
    }
    .run();
}

#[test]
fn undo_of_a_damaged_database() {
    Trial {
        name: "undo of a damaged database",
        prepare: |scene| {
            with_damaged_database(scene);
            scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        },
        arguments: &["restore", "--undo", "app.db"],
        promises: |scene, _| {
            let files = damaged_files(scene);
            assert!(
                files.contains(&DAMAGED.repeat(50)) && files.contains(&b"its log".to_vec()),
                "nothing is lost"
            );
        },
        // The next undo finishes what was begun: both are there.
        after: |scene| {
            let files = damaged_files(scene);
            assert!(
                files.contains(&DAMAGED.repeat(50)) && files.contains(&b"its log".to_vec()),
                "nothing is lost"
            );
            assert!(
                files.iter().any(|bytes| bytes.starts_with(b"SQLite format 3\0\x10")),
                "nor the restored one"
            );
        },
    }
    .run();
}

#[test]
fn restore_over_a_broken_index() {
    Trial {
        name: "restore over a broken index",
        prepare: |scene| {
            numbered(&app(scene), 20);
            take_snapshot(scene);
            std::fs::remove_file(app(scene)).expect("remove");
            broken_index(&app(scene));
        },
        arguments: &["restore", "latest", "app.db", "--force"],
        promises: |scene, _| assert!(matches!(count(&app(scene)), 3 | 20)),
        after: |scene| assert_eq!(count(&app(scene)), 20),
    }
    .run();
}

#[test]
fn prune_a_store() {
    Trial {
        name: "prune",
        prepare: |scene| {
            numbered(&app(scene), 20);
            for _ in 0..4 {
                take_snapshot(scene);
            }
        },
        arguments: &["prune", "backups", "--keep-last", "2", "--yes"],
        promises: |scene, _| {
            assert!(scene.snapshots("backups").len() >= 2);
            assert_eq!(rows_of_newest_snapshot(scene), 20);
        },
        after: |scene| assert_eq!(scene.snapshots("backups").len(), 2),
    }
    .run();
}

fn exported(scene: &Scene) {
    numbered(&scene.path("source.db"), 40);
    fill(
        &scene.path("source.db"),
        "create virtual table f using fts5(a); insert into f values ('words'); create view v as select 1; pragma journal_mode = wal",
    );
    scene.larder(["export", "--full", "source.db", "-o", "doc.json"]).run().succeeds();
}

fn imported(scene: &Scene) {
    assert_eq!(content(&scene.path("source.db")), content(&app(scene)));
    // For the next run, which wants a new or an empty database.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.path(format!("app.db{suffix}")));
    }
}

#[test]
fn import_into_a_new_database() {
    Trial {
        name: "import into a new database",
        prepare: exported,
        arguments: &["import", "doc.json", "app.db"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            if app(scene).exists() {
                imported(scene);
            }
        },
        after: imported,
    }
    .run();
}

#[test]
fn import_into_an_empty_database() {
    Trial {
        name: "import into an empty database",
        prepare: |scene| {
            exported(scene);
            fill(&app(scene), "create table x(a); drop table x");
        },
        arguments: &["import", "doc.json", "app.db"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            let tables: u32 = open(&app(scene))
                .query_row("select count(*) from sqlite_schema where type = 'table'", [], |row| row.get(0))
                .expect("it can be read");
            if tables > 0 {
                // Only its journal mode may be missing.
                fill(&app(scene), "pragma journal_mode = wal");
                imported(scene);
            }
        },
        after: imported,
    }
    .run();
}

#[test]
fn export_to_a_file() {
    Trial {
        name: "export to a file",
        prepare: |scene| {
            numbered(&app(scene), 40);
            std::fs::write(scene.path("doc.json.gz"), "an older one").expect("write");
        },
        arguments: &["export", "--full", "app.db", "-o", "doc.json.gz", "--force"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            if std::fs::read(scene.path("doc.json.gz")).expect("it is always there") != b"an older one" {
                whole_document(&scene.path("doc.json.gz"));
            }
        },
        after: |scene| whole_document(&scene.path("doc.json.gz")),
    }
    .run();
}

fn whole_document(path: &Path) {
    let mut text = String::new();
    let bytes = std::fs::read(path).expect("read");
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text)
        .expect("whole gzip");
    assert!(text.ends_with("}\n}\n"), "the document is cut");
}

#[test]
fn import_rows_into_a_table() {
    fn rows(scene: &Scene) -> u32 {
        open(&app(scene)).query_row("select count(*) from r", [], |row| row.get(0)).expect("it can be read")
    }
    Trial {
        name: "import rows into a table",
        prepare: |scene| {
            fill(&app(scene), "create table r(a)");
            std::fs::write(scene.path("rows.json"), "[{\"a\": 1}, {\"a\": 2}]").expect("write");
        },
        arguments: &["import", "rows.json", "app.db", "--section", "r"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            assert!([0, 2].contains(&rows(scene)), "all or none");
            if end == End::Fail {
                assert!(scene.snapshots("backups").is_empty() || rows(scene) == 2, "nothing to go back to");
            }
        },
        after: |scene| assert!([2, 4].contains(&rows(scene))),
    }
    .run();
}

#[test]
fn convert_over_a_folder() {
    fn whole(scene: &Scene) {
        scene.larder(["validate", "out"]).run().succeeds();
    }
    Trial {
        name: "convert over a folder",
        prepare: |scene| {
            numbered(&app(scene), 3);
            scene.larder(["export", "--full", "app.db", "-o", "out/"]).run().succeeds();
            numbered(&scene.path("other.db"), 30);
            scene.larder(["export", "--full", "other.db", "-o", "doc.json"]).run().succeeds();
        },
        arguments: &["convert", "doc.json", "out/", "--force"],
        promises: |scene, end| {
            nothing_left_by_failure(scene, end);
            whole(scene);
        },
        after: whole,
    }
    .run();
}
