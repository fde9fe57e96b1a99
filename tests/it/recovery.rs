//! Documents that are damaged or cut, with `--on-error skip`: what can be read comes in, and what was lost is told with its
//! lines.

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::json;
use std::fs;

const SCHEMA: &str = "create table lists(id integer primary key, name text not null unique);
    create table movies(id integer primary key, title text not null unique, list_id integer references lists(id), n int)";
const DATA: &str = "insert into lists values (1, 'Later'), (2, 'Seen'); insert into movies values (1, 'Alien', 1, 1), (2, 'Brazil', 2, 2), (3, 'Cube', 1, 3), (4, 'Dune', 2, 4)";

/// A database `a.db` with data, and `b.db` without.
fn scene(format: &str) -> Scene {
    let scene = Scene::new();
    for name in ["a.db", "b.db"] {
        fill(&scene.path(name), SCHEMA);
    }
    fill(&scene.path("a.db"), DATA);
    scene.larder(["export", "a.db", "-o", format]).run().succeeds();
    scene
}

/// Changes a text in a file.
#[track_caller]
fn edit(scene: &Scene, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(scene.path(file)).expect("read");
    assert!(text.contains(from), "{from:?} is not in {text}");
    fs::write(scene.path(file), text.replacen(from, to, 1)).expect("write");
}

/// Cuts a file behind a text.
#[track_caller]
fn cut(scene: &Scene, file: &str, behind: &str) {
    let text = fs::read_to_string(scene.path(file)).expect("read");
    let end = text.find(behind).unwrap_or_else(|| panic!("{behind:?} is not in {text}")) + behind.len();
    fs::write(scene.path(file), &text[..end]).expect("write");
}

/// Without the option nothing is written; with it, the titles are these, and the dry run says the same.
#[track_caller]
fn recovers(scene: &Scene, file: &str, titles: &str) -> Run {
    let refused = scene.larder(["import", file, "b.db"]).run().fails(3);
    assert_eq!(there(scene), "", "{refused}");
    assert_eq!(scene.snapshots("backups"), [""; 0], "{refused}");
    let planned = scene.larder(["import", file, "b.db", "--on-error", "skip", "--dry-run", "--json"]).run();
    assert_eq!(planned.code(), Some(1), "{planned}");
    assert_eq!(there(scene), "", "{planned}");
    let run = scene.larder(["import", file, "b.db", "--on-error", "skip", "--json"]).run();
    assert_eq!(run.code(), Some(1), "{run}");
    assert_eq!(run.json()["problems"], planned.json()["problems"], "{run}");
    assert_eq!(run.json()["sections"], planned.json()["sections"], "{run}");
    assert_eq!(there(scene), titles, "{run}");
    scene.larder(["import", file, "b.db", "--on-error", "skip"]).run().does_a_part()
}

fn there(scene: &Scene) -> String {
    let sql = "select ifnull(group_concat(title || ifnull(n, '-'), ' ' order by title), '') from movies";
    rows(&scene.path("b.db"), sql).concat()
}

#[test]
fn bad_lines_are_left_out_and_told_with_their_numbers() {
    let scene = scene("a.ndjson");
    edit(&scene, "a.ndjson", "\"Brazil\", ", "\"Brazil, ");
    edit(
        &scene,
        "a.ndjson",
        "{\"$section\": \"movies\", \"title\": \"Cube\"",
        "\u{0}\u{0}ection\": \"movies\", \"title\": \"Cube\"",
    );
    recovers(&scene, "a.ndjson", "Alien1 Dune4")
        .says("a.ndjson:5:43: data.movies[1]: it is not closed")
        .says("a.ndjson:6:1: document: this line is lost: it is not a JSON object")
        .says("data.movies: 1 of 4 items are missing, by the count in the metadata");
}

#[test]
fn a_line_of_a_section_that_is_not_there_is_told() {
    let scene = scene("a.ndjson");
    edit(
        &scene,
        "a.ndjson",
        "{\"$section\": \"movies\", \"title\": \"Cube\"",
        "{\"$section\": \"mowies\", \"title\": \"Cube\"",
    );
    recovers(&scene, "a.ndjson", "Alien1 Brazil2 Dune4")
        .says("a.ndjson:6:22: document: this line is lost: metadata.sections has no section \"mowies\"");
}

#[test]
fn a_bad_item_of_a_json_document_is_left_out() {
    for (from, to) in [
        ("\"title\": \"Brazil\"", "\"title\": \"Brazil"),
        ("\"title\": \"Brazil\"", "\"title\": Brazil"),
        ("{\"title\": \"Brazil\"", "\"title\": \"Brazil\""),
        ("\"n\": 2}", "\"n\": 2"),
        ("\"n\": 2}", "\"n\": }"),
        ("\"n\": 2}", "\"n\": [{2}"),
    ] {
        let scene = scene("a.json");
        edit(&scene, "a.json", from, to);
        recovers(&scene, "a.json", "Alien1 Cube3 Dune4").says("data.movies[1]: ");
    }
}

#[test]
fn what_came_before_a_cut_comes_in() {
    for file in ["a.json", "a.ndjson"] {
        let scene = scene(file);
        cut(&scene, file, "\"Cube\"");
        let run = recovers(&scene, file, "Alien1 Brazil2");
        let run = run.says("data.movies: ").says("the document ends within it");
        run.says("the document ends before its end: the rest is lost");
    }
    // Between two rows, and where nothing but the summary is missing.
    for (behind, titles) in [("\"n\": 2}", "Alien1 Brazil2"), ("\"n\": 4}", "Alien1 Brazil2 Cube3 Dune4")] {
        let scene = scene("a.json");
        cut(&scene, "a.json", behind);
        recovers(&scene, "a.json", titles).says("the document ends before its end");
    }
    // What refers to what was lost does not come in, unless it may do without.
    let scene = scene("a.ndjson");
    edit(&scene, "a.ndjson", "\"name\": \"Seen\"}", "\"name\": \"Seen}");
    recovers(&scene, "a.ndjson", "Alien1 Cube3").says("data.movies[1]");
    let null = ["--missing-reference", "null"];
    scene
        .larder([&["import", "a.ndjson", "b.db", "--on-error", "skip"][..], &null].concat())
        .run()
        .does_a_part();
    assert_eq!(there(&scene), "Alien1 Brazil2 Cube3 Dune4");
}

#[test]
fn of_a_compressed_document_that_was_cut_comes_what_can_be_unpacked() {
    let scene = scene("a.ndjson.gz");
    let bytes = fs::read(scene.path("a.ndjson.gz")).expect("read");
    fs::write(scene.path("cut.gz"), &bytes[..bytes.len() - 4]).expect("write");
    recovers(&scene, "cut.gz", "Alien1 Brazil2 Cube3 Dune4").says("the document cannot be read any further");
}

#[test]
fn of_csv_that_was_cut_come_the_rows_before() {
    for (from, to, why) in [
        ("ube,Later,3\nDune,Seen,4\n", "u", "csv:4:1: data.movies[2]: the file ends within this row"),
        ("Cube,", "\"Cube,", "data.movies: all but its first 2 rows are lost"),
    ] {
        let scene = scene("csv/");
        edit(&scene, "csv/movies.csv", from, to);
        recovers(&scene, "csv", "Alien1 Brazil2").says(why);
    }
    // A file that is gone, and one that is empty.
    for is_gone in [true, false] {
        let scene = scene("csv/");
        let lists = scene.path("csv/lists.csv");
        if is_gone { fs::remove_file(lists) } else { fs::write(lists, "") }.expect("damage");
        scene.larder(["import", "csv", "b.db"]).run().fails(3);
        let options = ["--on-error", "skip", "--missing-reference", "null"];
        let run = scene.larder([&["import", "csv", "b.db"][..], &options].concat()).run().does_a_part();
        run.says("data.lists: all but its first 0 rows are lost")
            .says("data.lists: 2 of 2 items are missing");
        assert_eq!(there(&scene), "Alien1 Brazil2 Cube3 Dune4");
    }
}

/// What was lost may be rows that are there.
#[test]
fn nothing_is_replaced_by_a_document_of_which_a_part_is_lost() {
    let scene = scene("a.ndjson");
    cut(&scene, "a.ndjson", "\"n\": 2}\n");
    fill(&scene.path("b.db"), "insert into movies values (7, 'Dune', null, 4)");
    let options = ["--on-error", "skip", "--replace-all", "--yes"];
    let run = scene.larder([&["import", "a.ndjson", "b.db"][..], &options].concat()).run().fails(2);
    run.says("a part of the document is lost");
    assert_eq!(there(&scene), "Dune4");
}

#[test]
fn a_part_that_nobody_wants_may_be_damaged() {
    let scene = scene("a.json");
    edit(&scene, "a.json", "\"title\": \"Brazil\"", "\"title\": \"Brazil");
    let run =
        scene.larder(["import", "a.json", "b.db", "--on-error", "skip", "--only", "lists", "--json"]).run();
    let run = run.succeeds();
    assert_eq!(done(&run.json()), json!({"lists": {"new": 2}}));
}

#[test]
fn a_whole_document_is_whole_with_the_option_too() {
    for file in ["a.json", "a.ndjson"] {
        let scene = scene(file);
        let run = scene.larder(["import", file, "b.db", "--on-error", "skip"]).run().succeeds();
        assert!(!run.stderr().contains("changed") && !run.stderr().contains("lost"), "{run}");
        assert_eq!(there(&scene), "Alien1 Brazil2 Cube3 Dune4");
    }
}

#[test]
fn of_a_full_export_comes_what_can_be_read_into_a_new_database() {
    let scene = scene("a.json");
    for file in ["full.json", "full.ndjson"] {
        scene.larder(["export", "a.db", "--full", "-o", file]).run().succeeds();
        edit(&scene, file, "\"Brazil\"", "\"Brazil");
        cut(&scene, file, "\"Dune\"");
        scene.larder(["import", file, "new.db"]).run().fails(3);
        assert!(!scene.path("new.db").exists());
        let run = scene.larder(["import", file, "new.db", "--on-error", "skip"]).run().does_a_part();
        run.says("data.movies[1]: ").says("data.movies[3]: the document ends within it");
        let sql = "select group_concat(id || title, ' ') || (select count(*) from lists) from movies";
        assert_eq!(rows(&scene.path("new.db"), sql), ["1Alien 3Cube2"]);
        let run = scene.larder(["import", file, "other.db", "--on-error", "skip", "--json"]).run();
        assert_eq!(run.code(), Some(1), "{run}");
        assert!(run.json()["problems"].as_array().is_some_and(|problems| problems.len() >= 3), "{run}");
        fs::remove_file(scene.path("new.db")).expect("remove");
        fs::remove_file(scene.path("other.db")).expect("remove");
    }
    scene.larder(["import", "full.json", "new.db", "--on-conflict", "skip"]).run().fails(2);
}
