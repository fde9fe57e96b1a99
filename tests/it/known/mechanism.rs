//! How settings that are built in count: said in one line, overridden table by table, switched off, shown, listed.

use super::fixture::Fixture;
use crate::condensed::rows;
use crate::fixtures::fill;
use crate::scene::Scene;
use serde_json::{Value, json};

/// Libraries of calibre, under names that say nothing.
fn libraries() -> Scene {
    let (scene, fixture) = (Scene::new(), Fixture::read("calibre"));
    for (name, rows) in [("a.db", &fixture.alice), ("b.db", &fixture.bob)] {
        fill(&scene.path(name), &fixture.tables);
        fill(&scene.path(name), rows);
        fill(&scene.path(name), &fixture.triggers);
    }
    scene
}

fn exported(scene: &Scene, arguments: &[&str]) -> (Value, String) {
    let run =
        scene.larder([&["export", "a.db", "-o", "doc.json", "--force"], arguments].concat()).run().succeeds();
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
    (serde_json::from_str(&text).expect("JSON"), run.stderr())
}

#[test]
fn a_recognised_application_is_said_in_one_line() {
    let scene = libraries();
    let (document, said) = exported(&scene, &[]);
    let line = "recognised: Calibre library; settings are built in, larder config shows them\n";
    assert_eq!(said.matches("recognised").count(), 1, "{said}");
    assert!(said.contains(line), "{said}");
    assert_eq!(document["metadata"]["app"], "a", "the file's name stays that of the application");
    assert_eq!(document["data"]["library_id"], Value::Null);
    let quiet = scene.larder(["export", "a.db", "-o", "doc.json", "--force", "--quiet"]).run().succeeds();
    assert_eq!(quiet.stderr(), "");
    let run = scene.larder(["import", "doc.json", "b.db"]).run().succeeds();
    assert_eq!(run.stderr().matches("recognised").count(), 1, "{}", run.stderr());
    let run = scene.larder(["import", "a.db", "b.db", "--on-conflict", "skip"]).run().succeeds();
    assert_eq!(run.stderr().matches("recognised").count(), 1, "{}", run.stderr());
}

#[test]
fn the_file_of_an_application_is_one_to_begin_with() {
    let scene = libraries();
    let (without, _) = exported(&scene, &[]);
    let printed = scene.larder(["apps", "calibre"]).run().succeeds();
    std::fs::write(scene.path("larder.toml"), printed.stdout()).expect("write");
    let (with, _) = exported(&scene, &["--no-known-app"]);
    assert_eq!(with["data"], without["data"]);
}

#[test]
fn it_is_switched_off_by_an_option_and_by_a_setting() {
    let scene = libraries();
    let (document, said) = exported(&scene, &["--no-known-app"]);
    assert!(!said.contains("recognised"), "{said}");
    assert!(document["data"]["library_id"].is_array());
    std::fs::write(scene.path("larder.toml"), "known-app = false\n").expect("write");
    let (by_setting, said) = exported(&scene, &[]);
    assert!(!said.contains("recognised"), "{said}");
    assert_eq!(document["data"], by_setting["data"]);
}

#[test]
fn what_the_user_says_of_a_table_takes_the_place_of_what_is_built_in() {
    let scene = libraries();
    let settings =
        "[sections.library_id]\n[sections.people]\ntable = \"authors\"\n[sections.tags]\nomit = [\"link\"]\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    let (document, _) = exported(&scene, &[]);
    assert_eq!(document["data"]["library_id"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["data"]["people"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["data"]["tags"][0], json!({"name": "Fiction"}));
    let books = document["data"]["books"].as_array().expect("books");
    let authors = books.iter().find(|book| book["title"] == "Good Omens").map(|book| &book["authors"]);
    assert_eq!(authors, Some(&json!([{"author_name": "Terry Pratchett"}, {"author_name": "Neil Gaiman"}])));
}

#[test]
fn what_is_wrong_in_the_user_s_settings_is_an_error_as_ever() {
    let scene = libraries();
    std::fs::write(scene.path("larder.toml"), "[sections.books]\nkey = [\"isbn\"]\n").expect("write");
    scene.larder(["export", "a.db", "-o", "doc.json"]).run().fails(2).says("books has no column \"isbn\"");
}

#[test]
fn a_document_means_the_same_whether_its_writer_and_reader_know_the_application() {
    let scene = libraries();
    let links = "select b.title || ': ' || a.name from books b join books_authors_link l on l.book = b.id
        join authors a on a.id = l.author order by 1";
    for (name, export, import) in [
        ("none", vec!["--no-known-app"], vec!["--no-known-app", "--triggers", "off", "--doubts", "ignore"]),
        ("writer", vec![], vec!["--no-known-app", "--triggers", "off"]),
        ("reader", vec!["--no-known-app"], vec!["--doubts", "ignore"]),
        ("both", vec![], vec![]),
    ] {
        exported(&scene, &export);
        let target = format!("{name}.db");
        std::fs::copy(scene.path("b.db"), scene.path(&target)).expect("copy");
        let skip = ["--on-conflict", "skip", "--exclude"];
        let exclude =
            if export.is_empty() { vec![] } else { [&skip[..], &["library_id,metadata_dirtied"]].concat() };
        scene.larder([&["import", "doc.json", &target][..], &import, &exclude].concat()).run().succeeds();
        assert_eq!(
            rows(&scene.path(&target), links),
            [
                "Coraline: Neil Gaiman",
                "Dune: Frank Herbert",
                "Good Omens: Neil Gaiman",
                "Good Omens: Terry Pratchett",
                "Mort: Terry Pratchett",
                "The Left Hand of Darkness: Ursula K. Le Guin",
            ],
            "{name}"
        );
    }
}

#[test]
fn triggers_run_where_the_user_says_so() {
    let scene = libraries();
    exported(&scene, &[]);
    scene.larder(["import", "doc.json", "b.db", "--triggers", "on"]).run().fails(3).says("title_sort");
    std::fs::write(scene.path("larder.toml"), "triggers = \"on\"\n").expect("write");
    scene.larder(["import", "doc.json", "b.db"]).run().fails(3).says("title_sort");
    std::fs::write(scene.path("larder.toml"), "triggers = \"never\"\n").expect("write");
    scene
        .larder(["import", "doc.json", "b.db"])
        .run()
        .fails(2)
        .says("triggers: \"never\" is not auto, on or off");
}

#[test]
fn rows_that_do_not_fit_what_is_built_in_are_exported_all_the_same() {
    let scene = libraries();
    // Two books share a uuid, and a tag is of no book.
    fill(
        &scene.path("a.db"),
        "drop trigger books_update_trg; update books set uuid = 'same' where id < 3;
         insert into books_tags_link values (9, 99, 1)",
    );
    let (document, _) = exported(&scene, &[]);
    assert_eq!(document["data"]["books"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["metadata"]["sections"]["books"]["key"], Value::Null);
    assert_eq!(document["data"]["books_tags_link"].as_array().map(Vec::len), Some(4));
}

#[test]
fn config_shows_what_is_built_in() {
    let scene = libraries();
    let run = scene.larder(["config", "a.db"]).run().succeeds();
    assert!(run.stdout().contains("sections.books.key"), "{}", run.stdout());
    assert!(run.stderr().contains("recognised: Calibre library"), "{}", run.stderr());
    assert!(run.stdout().contains("built in: apps/calibre.toml:"), "{}", run.stdout());
    std::fs::write(scene.path("larder.toml"), "[sections.books]\nlabel = \"title\"\n").expect("write");
    let shown = scene.larder(["config", "a.db", "--json"]).run().succeeds().json();
    assert_eq!(shown["known_app"], "calibre");
    let names: Vec<&str> =
        shown["settings"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"sections.books.label"), "{names:?}");
    assert!(!names.contains(&"sections.books.key"), "{names:?}");
    assert!(names.contains(&"sections.custom_columns.key"), "{names:?}");
    let off = scene.larder(["config", "a.db", "--json", "--no-known-app"]).run().succeeds().json();
    assert_eq!(off["known_app"], Value::Null);
}

#[test]
fn init_begins_with_what_is_built_in() {
    let scene = libraries();
    scene.larder(["init", "a.db", "--yes"]).run().succeeds();
    let file = std::fs::read_to_string(scene.path("larder.toml")).expect("it was written");
    assert!(file.contains("It is recognised as \"Calibre library\"."), "{file}");
    assert!(file.contains("\n#[sections.books]\n"), "{file}");
    assert!(!file.contains("\n[sections.books]\n"), "{file}");
    let (with, _) = exported(&scene, &[]);
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    let (without, _) = exported(&scene, &[]);
    assert_eq!(with["data"], without["data"]);

    scene.larder(["init", "a.db", "--yes", "--force", "--no-known-app"]).run().succeeds();
    let off = std::fs::read_to_string(scene.path("larder.toml")).expect("it was written");
    assert!(off.contains("\nknown-app = false\n") && off.contains("\n[sections.books]\n"), "{off}");
}

#[test]
fn apps_lists_what_is_known_and_prints_one() {
    let scene = Scene::new();
    let run = scene.larder(["apps"]).run().succeeds();
    assert!(run.stdout().contains("Calibre library"), "{}", run.stdout());
    assert!(run.stdout().contains("vaultwarden"), "{}", run.stdout());
    let json = scene.larder(["apps", "--json"]).run().succeeds().json();
    let calibre =
        json["apps"].as_array().expect("a list").iter().find(|app| app["name"] == "calibre").expect("it");
    assert_eq!(calibre["application"], "Calibre library");
    assert!(calibre["left_out"].as_array().expect("a list").contains(&json!("library_id")));
    assert!(calibre["sources"][0].as_str().expect("an address").starts_with("https://"));
    let printed = scene.larder(["apps", "calibre"]).run().succeeds();
    assert!(printed.stdout().contains("[sections.books]"), "{}", printed.stdout());
    // It may be the beginning of one's own file.
    std::fs::write(scene.path("larder.toml"), printed.stdout()).expect("write");
    let run = scene.larder(["config"]).run().succeeds();
    assert!(run.stdout().contains("sections.books.key"), "{}", run.stdout());
    scene
        .larder(["apps", "calibr"])
        .run()
        .fails(2)
        .says("larder knows no application \"calibr\"")
        .says("calibre");
}

/// Of whoever has read the schema: all others are plain numbers, whatever their values look like.
#[test]
fn one_setting_says_that_all_other_columns_of_a_table_refer_to_nothing() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table shelf(id integer primary key, name text); insert into shelf values (1, 'a'), (2, 'b'), (3, 'c');
         create table jar(id integer primary key, label text, from_shelf integer, shelf_id integer);
         insert into jar values (1, 'x', 1, 3), (2, 'y', 3, 9), (3, 'z', 2, 7)",
    );
    let doubts = |settings: &str| {
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        scene.larder(["export", "app.db", "-o", "doc.json", "--force"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        document["metadata"]["doubts"].as_array().map_or(0, Vec::len)
    };
    assert!(doubts("") > 0);
    assert_eq!(doubts("[sections.jar]\nreferences.\"*\" = false\n"), 0);
    std::fs::write(scene.path("larder.toml"), "[sections.jar]\nreferences.\"*\" = \"shelf\"\n")
        .expect("write");
    scene
        .larder(["export", "app.db", "-o", "doc.json", "--force"])
        .run()
        .fails(2)
        .says("sections.jar.references.\"*\": all others can refer to nothing only");
}

/// A nested row has no name that a document could refer to it by; what it is a part of has.
#[test]
fn a_reference_to_what_the_settings_nest_is_told_or_said_otherwise() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table album(id integer primary key, title text unique);
         insert into album values (1, 'Rye'), (2, 'Oats');
         create table cover(album_id integer primary key references album(id), file text);
         insert into cover values (1, 'r.png'), (2, 'o.png');
         create table print(id integer primary key, size text unique, cover_id integer references cover(album_id));
         insert into print values (7, 'A4', 2)",
    );
    let export = |settings: &str| {
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        let run = scene.larder(["export", "app.db", "-o", "doc.json", "--force"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        (document["data"]["print"][0].clone(), run.stderr())
    };
    let (print, said) = export("[sections.album]\nnest.cover = {}\n");
    assert_eq!(print, json!({"size": "A4"}));
    assert!(said.contains("print.cover_id is left out: cover is nested"), "{said}");
    let (print, said) =
        export("[sections.album]\nnest.cover = {}\n[sections.print]\nreferences.cover_id = \"album\"\n");
    assert_eq!(print, json!({"size": "A4", "cover_title": "Oats"}));
    assert!(!said.contains("is left out"), "{said}");
}

/// Whoever has read the schema says so, and no value proves the contrary.
#[test]
fn what_refers_to_nothing_is_no_reference_whatever_its_name_and_values_are() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table shelf(id integer primary key, name text unique); insert into shelf values (1, 'a'), (2, 'b'), (3, 'c');
         create table jar(id integer primary key, label text unique, shelf_id integer);
         insert into jar values (1, 'x', 1), (2, 'y', 3), (3, 'z', 2)",
    );
    for (settings, jar) in [
        ("", json!({"label": "x", "shelf_name": "a"})),
        ("[sections.jar]\nreferences.\"*\" = false\n", json!({"label": "x", "shelf_id": 1})),
    ] {
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        scene.larder(["export", "app.db", "-o", "doc.json", "--force"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["data"]["jar"][0], jar);
    }
}
