//! Which columns and children a condensed export takes.

use super::fixtures::fill;
use super::same::open;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table movies(id integer primary key, title text unique not null, note text, poster text);
    create table people(id integer primary key, name text unique not null);
    create table reviews(id integer primary key, movie_id integer not null references movies(id) on delete cascade,
        person_id integer references people(id), stars integer, body text, unique(movie_id, person_id));
    create table facts(movie_id integer primary key references movies(id) on delete cascade, length integer);";

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(
        &scene.path("app.db"),
        "insert into movies values (1, 'Alien', 'n', 'p'); insert into people values (1, 'Ada');
         insert into reviews values (1, 1, 1, 5, 'good'); insert into facts values (1, 117)",
    );
    let toml =
        "[sections.movies]\nrefetch = [\"poster\"]\nnest.reviews = {}\nnest.facts = { flatten = true }\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    scene
}

fn movie(scene: &Scene, options: &[&str]) -> Value {
    let export = ["export", "app.db", "-o", "out.json", "--force"];
    scene.larder(export.iter().copied().chain(options.iter().copied())).run().succeeds();
    scene.larder(["validate", "out.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["data"]["movies"][0].clone()
}

fn fails(scene: &Scene, options: &[&str]) -> String {
    let export = ["export", "app.db", "-o", "none.json"];
    scene.larder(export.iter().copied().chain(options.iter().copied())).run().fails(2).stderr()
}

#[test]
fn children_of_a_kind_can_be_left_out_and_no_import_removes_them() {
    let scene = scene();
    let without = movie(&scene, &["--exclude", "movies.reviews"]);
    assert_eq!(without, json!({"title": "Alien", "note": "n", "length": 117}));
    fill(&scene.path("app.db"), "update movies set note = 'other'");
    scene.larder(["import", "out.json", "app.db", "--on-conflict", "overwrite"]).run().succeeds();
    let reviews = "select note || count(*) from movies join reviews on movie_id = movies.id";
    let reviews: String =
        open(&scene.path("app.db")).query_row(reviews, [], |row| row.get(0)).expect("a row");
    assert_eq!(reviews, "n1");
    let flat = movie(&scene, &["--exclude", "movies.facts,people"]);
    assert_eq!(flat["length"], Value::Null);
    assert!(flat["reviews"].is_array() && flat.get("length").is_none(), "{flat}");
    assert!(
        fails(&scene, &["--exclude", "movies.nothing"]).contains("there is no section \"movies.nothing\"")
    );
    assert!(fails(&scene, &["--exclude", "reviews"]).contains("--exclude movies.reviews"));
}

#[test]
fn columns_can_be_left_out() {
    let scene = scene();
    let without =
        movie(&scene, &["--omit", "movies.note", "--omit", "movies.reviews.body,movies.reviews.stars"]);
    assert_eq!(without, json!({"title": "Alien", "reviews": [{"person_name": "Ada"}], "length": 117}));
    let by_column = movie(&scene, &["--omit", "movies.note,movies.length", "--exclude", "movies.reviews"]);
    assert_eq!(by_column, json!({"title": "Alien"}));
    // What is not in the document is not touched.
    fill(&scene.path("app.db"), "update movies set note = 'kept'");
    scene.larder(["import", "out.json", "app.db", "--on-conflict", "overwrite"]).run().succeeds();
    let note = "select note from movies";
    let note: String = open(&scene.path("app.db")).query_row(note, [], |row| row.get(0)).expect("a row");
    assert_eq!(note, "kept");
    assert!(fails(&scene, &["--omit", "movies.title"]).contains("it is a part of the key"));
    assert!(fails(&scene, &["--omit", "movies.reviews.person_id"]).contains("it is a part of the key"));
    assert!(fails(&scene, &["--omit", "movies.nite"]).contains("movies has no field \"nite\""));
    assert!(fails(&scene, &["--omit", "films.note"]).contains("there is no section \"films\""));
}

#[test]
fn what_can_be_fetched_again_comes_where_it_is_asked_for() {
    let scene = scene();
    assert!(movie(&scene, &[]).get("poster").is_none());
    assert_eq!(movie(&scene, &["--with-refetch"])["poster"], "p");
    fill(&scene.path("new.db"), SCHEMA);
    let run = scene.larder(["import", "out.json", "new.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["needs_refetch"], json!({}));
}
