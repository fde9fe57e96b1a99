//! `larder validate` of condensed exports: items against their shapes, and what they refer to.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::Value;

/// A document that somebody wrote by hand, with everything that items may have.
fn document() -> String {
    let metadata = r#"{"format": "larder-export", "version": 1, "mode": "condensed", "app": "movies", "app_version": null,
"schema_version": "0", "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
"includes": ["people", "races", "athletes", "lists", "movies"], "sections": {
"people": {"items": 2, "table": "people", "columns": {"name": "text", "age": "integer"}, "key": ["name"], "omitted": ["id"]},
"races": {"items": 2, "table": "races", "columns": {"title": "text"}, "ids": true, "omitted": ["id"]},
"athletes": {"items": 2, "table": "athletes", "columns": {"name": "text", "born": "text", "partner": "json"}, "key": ["name", "born"],
 "references": {"partner": {"columns": ["partner_id"], "section": "athletes", "to": ["id"]}}, "omitted": ["id"]},
"lists": {"items": 1, "table": "lists", "columns": {"id": "text", "title": "text"}, "key": ["id"]},
"movies": {"items": 2, "table": "movies", "columns": {"imdb_id": "text", "year": "integer", "race": "json", "hero": "json", "list_id": "text",
 "owner_email": "text", "plan": "json", "recommendations": "json", "watch_history": "json"}, "key": ["imdb_id"],
 "references": {"race": {"columns": ["race_id"], "section": "races", "to": ["id"]}, "hero": {"columns": ["hero_id"], "section": "athletes", "to": ["id"]},
  "list_id": {"columns": ["list_id"], "section": "lists", "to": ["id"], "plain": true},
  "owner_email": {"columns": ["owner_id"], "section": "users", "to": ["id"]}},
 "nested": {"recommendations": {"parent": ["movie_id"], "to": ["id"], "table": "recommendations",
   "columns": {"person_name": "text", "rating": "real"}, "key": ["person_name"],
   "references": {"person_name": {"columns": ["person_id"], "section": "people", "to": ["id"]}}},
  "watch_history": {"parent": ["movie_id"], "to": ["id"], "one": true, "table": "watch_history", "columns": {"date_watched": "real"}}},
 "json": {"plan": {"references": {"picks[*].person": "people"}}}, "omitted": ["id"]}},
"referenced": {"users": {"table": "users", "columns": {"email": "text"}, "key": ["email"], "omitted": ["id"]}}}"#;
    let data = r#"{
"people": [
{"name": "Ada", "age": 36},
{"name": "Bo", "age": null}
],
"races": [
{"$id": 1, "title": "One"},
{"$id": 2, "title": "One"}
],
"athletes": [
{"name": "Cy", "born": "2001", "partner": {"name": "Di", "born": "2002"}},
{"name": "Di", "born": "2002", "partner": null}
],
"lists": [
{"id": "l1", "title": "Seen"}
],
"movies": [
{"imdb_id": "tt1", "year": 1999, "race": {"$id": 2}, "hero": {"name": "Cy", "born": "2001"}, "list_id": "l1", "owner_email": "a@example.com", "plan": {"picks": [{"person": "Ada"}, {"person": "Bo"}]}, "recommendations": [{"person_name": "Ada", "rating": 1.5}, {"person_name": "Bo", "rating": 2.5}], "watch_history": {"date_watched": 1.5}},
{"imdb_id": "tt2", "year": null, "race": null, "hero": null, "list_id": null, "owner_email": null, "plan": {"$json": "{"}, "recommendations": [], "watch_history": null}
]
}"#;
    let items = r#"{"people": 2, "races": 2, "athletes": 2, "lists": 1, "movies": 2}"#;
    let sha256 = larder_sha256(data);
    format!(
        "{{\"metadata\": {metadata}, \"data\": {data}, \"summary\": {{\"items\": {items}, \"sha256\": \"{sha256}\"}}}}"
    )
}

fn larder_sha256(data: &str) -> String {
    larder::stream::digest_of(data.as_bytes()).to_string()
}

/// The severities, paths and messages of the problems of a file, without those of an edited document.
fn problems(scene: &Scene, file: &str) -> Vec<(String, String, String)> {
    let run = scene.larder(["validate", file, "--json"]).run();
    let json = run.json();
    let found = json["files"][0]["problems"].as_array().unwrap_or_else(|| panic!("{run}")).clone();
    let text = |problem: &Value, field: &str| problem[field].as_str().unwrap_or_default().to_owned();
    let found = found.iter().map(|problem| {
        let place = (problem["line"].is_u64(), problem["column"].is_u64());
        assert!(place == (true, true) || !text(problem, "path").starts_with("data."), "{run}");
        (text(problem, "severity"), text(problem, "path"), text(problem, "message"))
    });
    let found: Vec<_> = found
        .filter(|(_, _, message)| !message.contains("changed after") && !message.contains("metadata say"))
        .collect();
    assert_eq!(run.code() == Some(3), found.iter().any(|(severity, ..)| severity == "error"), "{run}");
    found
}

#[test]
fn items_that_fit_their_shapes_are_valid_in_every_format() {
    let scene = Scene::new();
    std::fs::write(scene.path("doc.json"), document()).expect("write");
    for file in ["doc.json", "doc.ndjson", "out/"] {
        if file != "doc.json" {
            scene.larder(["convert", "doc.json", file]).run().succeeds();
        }
        scene.larder(["validate", file]).run().succeeds().prints(&format!("{file}: valid\n"));
    }
}

/// What is replaced in the document, then the severity, path and message of the problem that it makes.
const EDITS: &[(&str, &str, &str, &str, &str)] = &[
    ("\"year\": 1999", "\"year\": \"1999\"", "warning", "data.movies[0].year", "makes a number of it"),
    ("\"title\": \"Seen\"", "\"title\": 5", "warning", "data.lists[0].title", "makes a text of it"),
    (
        "\"rating\": 1.5",
        "\"rating\": \"1.5\"",
        "warning",
        "data.movies[0].recommendations[0].rating",
        "number of it",
    ),
    (
        "\"rating\": 2.5",
        "\"rating\": true",
        "error",
        "data.movies[0].recommendations[1].rating",
        "no value of a",
    ),
    (
        "\"rating\": 2.5",
        "\"stars\": 2.5",
        "error",
        "data.movies[0].recommendations[1].stars",
        "no such field",
    ),
    (
        "{\"person_name\": \"Bo\", \"rating\": 2.5}",
        "7",
        "error",
        "data.movies[0].recommendations[1]",
        "this is a number",
    ),
    (
        "\"recommendations\": []",
        "\"recommendations\": {}",
        "error",
        "data.movies[1].recommendations",
        "are a list",
    ),
    (
        "\"watch_history\": null",
        "\"watch_history\": []",
        "error",
        "data.movies[1].watch_history",
        "one at most",
    ),
    ("{\"name\": \"Bo\", \"age\": null}", "{\"age\": 1}", "error", "data.people[1].name", "part of the key"),
    (
        "\"name\": \"Di\", \"born\": \"2002\", ",
        "\"name\": \"Di\", ",
        "error",
        "data.athletes[1].born",
        "lacks it",
    ),
    (
        "\"name\": \"Bo\", \"age\"",
        "\"name\": \"Ada\", \"age\"",
        "error",
        "data.people[1]",
        "its key is that of",
    ),
    (
        "\"person_name\": \"Bo\"",
        "\"person_name\": \"Ada\"",
        "error",
        "data.movies[0].recommendations[1]",
        "that of [0]",
    ),
    (
        "{\"person_name\": \"Bo\", ",
        "{",
        "error",
        "data.movies[0].recommendations[1].person_name",
        "part of the key",
    ),
    ("{\"$id\": 1, \"title\"", "{\"$id\": 2, \"title\"", "error", "data.races[1].$id", "its $id is that of"),
    (
        "\"race\": {\"$id\": 2}",
        "\"race\": {\"$id\": 3}",
        "error",
        "data.movies[0].race",
        "no item of races has",
    ),
    ("\"race\": {\"$id\": 2}", "\"race\": \"One\"", "error", "data.movies[0].race", "have no key"),
    ("\"hero\": null", "\"hero\": {\"$id\": 1}", "error", "data.movies[1].hero", "have no $id"),
    ("\"hero\": null", "\"hero\": \"Cy\"", "error", "data.movies[1].hero", "an object with name, born"),
    ("\"hero\": null", "\"hero\": {\"name\": \"Cy\"}", "error", "data.movies[1].hero", "lacks \"born\""),
    (
        "\"hero\": null",
        "\"hero\": {\"name\": \"Cy\", \"born\": \"1990\"}",
        "warning",
        "data.movies[1].hero",
        "it leads to no item of athletes in the document; it must be in the database already",
    ),
    ("\"list_id\": null", "\"list_id\": \"l2\"", "warning", "data.movies[1].list_id", "no item of lists"),
    (
        "{\"person\": \"Bo\"}",
        "{\"person\": \"Ed\"}",
        "warning",
        "data.movies[0].plan.picks[1].person",
        "of people",
    ),
    ("{\"$json\": \"{\"}", "{\"$json\": 1}", "error", "data.movies[1].plan", "$json is a string"),
    (
        "{\"person_name\": \"Bo\"",
        "{\"person_name\": \"Ed\"",
        "warning",
        "data.movies[0].recommendations[1].person_name",
        "it leads to no item of people",
    ),
];

#[test]
fn what_is_wrong_with_items_is_found_in_every_format() {
    for (from, to, severity, path, message) in EDITS {
        let scene = Scene::new();
        let (metadata, data) =
            document().split_once("\"data\"").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("data");
        assert!(data.contains(from), "{from}");
        let edited = format!("{metadata}\"data\"{}", data.replacen(from, to, 1));
        std::fs::write(scene.path("doc.json"), edited).expect("write");
        scene.larder(["convert", "doc.json", "doc.ndjson"]).run().succeeds();
        scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
        for file in ["doc.json", "doc.ndjson", "out"] {
            let found = problems(&scene, file);
            let is_it = |(own, at, why): &(String, String, String)| {
                own == severity && at == path && why.contains(message)
            };
            assert!(found.iter().any(is_it), "{file}: {to}: {found:?}");
            // What refers to an item that lost its key leads nowhere, which is a warning.
            let others = found.iter().filter(|found| !is_it(found) && found.0 == "error").count();
            assert_eq!(others, 0, "{file}: {to}: {found:?}");
        }
    }
}

#[test]
fn a_field_that_items_do_not_have_is_found() {
    let scene = Scene::new();
    std::fs::write(scene.path("doc.json"), document().replacen("\"age\": 36", "\"years\": 36", 1))
        .expect("write");
    let found = problems(&scene, "doc.json");
    assert!(found.iter().any(|(_, path, _)| path == "data.people[0].years"), "{found:?}");
}

#[test]
fn a_problem_of_an_item_has_its_line_and_cell() {
    let scene = Scene::new();
    let edited = document().replacen("{\"$id\": 2}, \"hero\"", "{\"$id\": 9}, \"hero\"", 1);
    std::fs::write(scene.path("doc.json"), &edited).expect("write");
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let place = |file: &str| {
        let json = scene.larder(["validate", file, "--json"]).run().json();
        let problems = json["files"][0]["problems"].as_array().expect("an array").clone();
        let found =
            problems.iter().find(|problem| problem["path"] == "data.movies[0].race").expect("it is found");
        (found["line"].as_u64(), found["column"].as_u64())
    };
    let line = edited.lines().position(|line| line.contains("{\"$id\": 9}")).map(|line| line as u64 + 1);
    assert_eq!(place("doc.json"), (line, Some(1)));
    assert_eq!(place("out"), (Some(2), Some(3)));
    // A file without one of the columns: its items lack the field.
    std::fs::write(scene.path("out/people.csv"), "age\n1\n2\n").expect("write");
    let found = problems(&scene, "out");
    assert!(found.iter().any(|(_, path, _)| path == "data.people[1].name"), "{found:?}");
}

#[test]
fn metadata_that_contradict_themselves_are_found() {
    for (from, to, path, message) in [
        (
            "\"key\": [\"imdb_id\"]",
            "\"key\": [\"imdb\"]",
            "metadata.sections.movies.key",
            "not among the columns",
        ),
        (
            "\"section\": \"races\"",
            "\"section\": \"rices\"",
            "metadata.sections.movies.references.race",
            "\"rices\"",
        ),
        (
            "\"picks[*].person\": \"people\"",
            "\"picks[*].person\": \"folk\"",
            "metadata.sections.movies.json.plan.references.picks[*].person",
            "\"folk\"",
        ),
        (
            "\"key\": [\"person_name\"]",
            "\"key\": [\"person\"]",
            "metadata.sections.movies.nested.recommendations.key",
            "\"person\"",
        ),
        (
            "\"recommendations\": \"json\"",
            "\"recommendations\": \"text\"",
            "metadata.sections.movies.nested.recommendations",
            "not json",
        ),
        ("\"key\": [\"email\"]", "\"key\": [\"mail\"]", "metadata.referenced.users.key", "\"mail\""),
        (
            "\"to\": [\"id\"], \"one\"",
            "\"to\": [], \"one\"",
            "metadata.sections.movies.nested.watch_history",
            "same number",
        ),
        ("\"includes\": [\"people\", ", "\"includes\": [", "metadata.includes", "other sections"),
        (
            "\"year\": \"integer\"",
            "\"year\": \"json\"",
            "metadata.sections.movies.columns.year",
            "nothing says",
        ),
    ] {
        let scene = Scene::new();
        assert!(document().contains(from), "{from}");
        std::fs::write(scene.path("doc.json"), document().replacen(from, to, 1)).expect("write");
        let found = problems(&scene, "doc.json");
        let is_it = |(severity, at, why): &(String, String, String)| {
            severity == "error" && at == path && why.contains(message)
        };
        assert!(found.iter().any(is_it), "{to}: {found:?}");
    }
}

#[test]
fn items_are_compared_with_a_database() {
    let scene = Scene::new();
    std::fs::write(scene.path("doc.json"), document()).expect("write");
    let tables = "create table people(id integer primary key, name text not null unique, age int);
         create table races(id integer primary key, title text not null);
         create table athletes(id integer primary key, name text, born text, partner_id int, unique(name, born));
         create table lists(id text primary key, title text);
         create table users(id integer primary key, email text unique);
         create table movies(id integer primary key, imdb_id text unique, year int, race_id int, hero_id int, list_id text, owner_id int, plan text);
         create table recommendations(id integer primary key, movie_id int not null, person_id int not null, rating real);
         create table watch_history(movie_id integer primary key, date_watched real not null)";
    fill(&scene.path("app.db"), tables);
    // What is in neither would not come in.
    let run = scene.larder(["validate", "doc.json", "--against", "app.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(
        run.stdout().contains("users \"a@example.com\" is neither in the database nor in the document"),
        "{run}"
    );
    fill(&scene.path("app.db"), "insert into users(email) values ('a@example.com')");
    scene
        .larder(["validate", "doc.json", "--against", "app.db"])
        .run()
        .succeeds()
        .prints("doc.json: valid\n");
    let other = tables
        .replace(
            "title text not null",
            "title text not null, place text not null, size int not null default 1",
        )
        .replace("rating real", "stars real, said text not null")
        .replace("create table users", "create table members");
    fill(&scene.path("other.db"), &other);
    let run = scene.larder(["validate", "doc.json", "--against", "other.db"]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    for message in [
        "metadata.sections.races.columns: the database requires a value for \"place\"",
        "metadata.sections.movies.nested.recommendations.columns.rating: the table recommendations has no column",
        "metadata.sections.movies.nested.recommendations.columns: the database requires a value for \"said\"",
        "metadata.referenced.users: the database has no table \"users\"",
    ] {
        assert!(run.stdout().contains(message), "{message}: {run}");
    }
    assert!(run.stdout().lines().count() == 5, "{run}");
}

#[test]
fn what_was_left_out_is_not_required() {
    let scene = Scene::new();
    let with = document().replace(
        "\"key\": [\"name\"], \"omitted\": [\"id\"]",
        "\"key\": [\"name\"], \"secret\": [\"pin\"], \"refetch\": [\"photo\"], \"omitted\": [\"id\", \"made\"], \"scope\": \"owner\",
         \"composed\": {\"slug\": {\"columns\": [\"id\", \"name\"], \"separator\": \"-\"}}",
    );
    std::fs::write(scene.path("doc.json"), with).expect("write");
    scene.larder(["convert", "doc.json", "doc.ndjson"]).run().succeeds();
    fill(
        &scene.path("app.db"),
        "create table people(id integer primary key, name text, age int, pin text not null, photo text not null,
                             made int not null, owner int not null, slug text not null)",
    );
    let run = scene.larder(["validate", "doc.ndjson", "--against", "app.db"]).run();
    assert!(!run.stdout().contains("requires"), "{run}");
}
