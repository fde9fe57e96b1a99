//! Rows of other programs whose import was interrupted and is run again: they come in once.

use super::commits::points;
use super::fixtures::fill;
use super::same::open;
use super::scene::Scene;
use super::undo::{MOST, killed_at, newest_safety, scene, state, undo};

const IMPORT: [&str; 5] = ["import", "rows.csv", "app.db", "--section", "r"];

fn rows(scene: &Scene) -> u32 {
    let db = open(&scene.path("app.db"));
    db.query_row("select count(*) from r", [], |row| row.get(0)).expect("a count")
}

#[test]
fn an_import_of_rows_that_was_killed_and_run_again_brings_them_once() {
    let mut finished = 0;
    for point in 1..MOST {
        let scene = scene();
        // Rows without a key, which would come in twice.
        fill(&scene.path("app.db"), "create table r(a); insert into r values ('there')");
        std::fs::write(scene.path("rows.csv"), "a\none\ntwo\n").expect("write");
        if !killed_at(&scene, &IMPORT, point) {
            assert!(finished > 0, "no kill came between the commit and the note of it");
            return;
        }
        let is_in = rows(&scene) == 3;
        let noted = is_in && state(&scene) == "done";
        let run = scene.larder(IMPORT).run().succeeds();
        if noted {
            // It was done, so this is another one.
            assert_eq!(rows(&scene), 5);
            continue;
        }
        assert_eq!(rows(&scene), 3, "after a kill at {point}");
        if is_in {
            run.says("nothing to change in")
                .says("2 rows came into r when this was run before")
                .says("to undo: ");
            finished += 1;
        }
        undo(&scene).succeeds();
        assert_eq!(rows(&scene), 1, "after a kill at {point}");
    }
    panic!("there are more fail points");
}

/// A scene in which an import of rows was killed when it had written, and what has been done to its rows since.
fn rows_killed_when_written(since: &str) -> Scene {
    let prepared = || {
        let scene = scene();
        fill(&scene.path("app.db"), "create table r(a)");
        std::fs::write(scene.path("rows.csv"), "a\none\ntwo\n").expect("write");
        scene
    };
    let commit = points(&prepared(), &IMPORT).iter().position(|point| point == "commit imported rows, done");
    let scene = prepared();
    let commit = u32::try_from(commit.expect("it commits")).expect("few points") + 1;
    assert!(killed_at(&scene, &IMPORT, commit));
    assert_eq!(state(&scene), "pending");
    fill(&scene.path("app.db"), since);
    scene
}

#[test]
fn where_nobody_can_tell_whether_rows_came_in_an_import_asks() {
    // Somebody wrote since, or the file holds other rows.
    for (since, rows) in [("insert into r values ('other')", "a\none\ntwo\n"), ("select 1", "a\nthree\n")] {
        let scene = rows_killed_when_written(since);
        std::fs::write(scene.path("rows.csv"), rows).expect("write");
        let before = self::rows(&scene);
        let kept = newest_safety(&scene);
        let run = scene.larder(IMPORT).run().fails(4);
        run.says("nobody can tell whether its rows are in").says(&kept).says("--yes says yes");
        assert_eq!((self::rows(&scene), newest_safety(&scene)), (before, kept));
        scene.larder(IMPORT).arg("--yes").run().succeeds();
        assert_eq!(self::rows(&scene), before + u32::try_from(rows.lines().count() - 1).expect("few"));
        undo(&scene).succeeds();
        assert_eq!(self::rows(&scene), before);
    }
}

#[test]
fn rows_whose_safety_snapshot_cannot_be_read_are_not_imported_twice() {
    let scene = rows_killed_when_written("select 1");
    std::fs::write(scene.path(newest_safety(&scene)), "no snapshot").expect("write");
    let run = scene.larder(IMPORT).run();
    assert_ne!(run.code(), Some(0));
    run.says("nobody can tell whether rows.csv was imported before").says("--yes imports it");
    scene
        .larder(IMPORT)
        .arg("--yes")
        .run()
        .succeeds()
        .says("nobody can tell whether rows.csv was imported before");
}
