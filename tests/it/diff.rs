//! What differs between two states of a database.

use super::fixtures::fill;
use super::links::Random;
use super::scene::{Run, Scene};
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique, password text, settings text);
    create table lists(id integer primary key, name text not null unique, owner_id integer references people(id));
    create table films(id integer primary key, title text not null, year int, list_id integer references lists(id));
    create table reviews(id integer primary key, film_id integer not null references films(id) on delete cascade, body text, stars int);
    create table tags(film_id integer not null references films(id), person_id integer not null references people(id), primary key(film_id, person_id)) without rowid;
    create table schema_migrations(version text primary key)";
const ROWS: &str = "
    insert into people values (1, 'Ada', 'pw', '{\"theme\": \"dark\", \"api_key\": \"k1\"}'), (2, 'Bo', 'pw', null);
    insert into lists values (1, 'Best', 1), (2, 'Worst', 2);
    insert into films values (1, 'Heat', 1995, 1), (2, 'Ran', 1985, 1), (3, 'Plan 9', 1959, 2);
    insert into reviews values (1, 1, 'good', 4), (2, 1, 'great', 5), (3, 3, 'so bad', 1);
    insert into tags values (1, 1), (2, 1), (3, 2); insert into schema_migrations values ('1')";

/// Two states, `a.db` and `b.db`.
fn scene(change: &str) -> Scene {
    let scene = Scene::new();
    for name in ["a.db", "b.db"] {
        fill(&scene.path(name), SCHEMA);
        fill(&scene.path(name), ROWS);
    }
    let settings = "[sections.people]\njson = [\"settings\"]\n[sections.films]\ngroup = \"library\"\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    if !change.is_empty() {
        fill(&scene.path("b.db"), change);
    }
    scene
}

fn diff(scene: &Scene, code: i32, options: &[&str]) -> Value {
    ends(scene.larder([&["diff", "a.db", "b.db", "--json"], options].concat()).run(), code).json()
}

#[track_caller]
fn ends(run: Run, code: i32) -> Run {
    assert_eq!(run.code(), Some(code), "{run}");
    run
}

/// Says that something differs, and this.
#[track_caller]
fn shows(run: Run, text: &str) -> Run {
    let run = ends(run, 3);
    assert!(run.stdout().contains(text), "{text:?} is not in {run}");
    run
}

#[test]
fn what_differs_is_said_in_the_words_of_the_items() {
    let scene = scene(
        "update films set year = 1996, list_id = 2 where id = 1; delete from tags where film_id = 3; delete from films where id = 3;

         insert into films values (9, 'Alien', 1979, 1); insert into reviews values (9, 9, 'scary', 5);
         update people set password = 'other', settings = '{\"theme\": \"light\", \"api_key\": \"k2\"}' where id = 1;
         insert into tags values (9, 2); insert into schema_migrations values ('2');
         create table notes(id integer primary key, text); create index by_year on films(year); pragma user_version = 7",
    );
    let mut run = scene.larder(["diff", "a.db", "b.db"]).run();
    for line in [
        "new      films Alien",
        "gone     films Plan 9",
        "changed  films Heat: year 1995 → 1996, list_name Best → Worst",
        "new      films.reviews Alien / scary",
        "gone     films.reviews Plan 9 / so bad",
        "changed  people Ada: settings {\"theme\":\"dark\",\"api_key\":{\"$secret\":",
        "password (secret) → (secret)",
        "new      tags Alien, Bo",
        "new      table notes",
        "new      index by_year",
        "changed  user_version 0 → 7",
        "schema_migrations (not exported)",
    ] {
        run = shows(run, line);
    }
    for secret in ["k1", "k2", "other"] {
        assert!(!run.stdout().contains(secret), "{secret}: {run}");
    }
    let json = diff(&scene, 3, &[]);
    assert_eq!(json["same"], false);
    assert_eq!(json["sections"]["films"], json!({"new": 1, "gone": 1, "changed": 1}));
    assert_eq!(json["sections"]["films.reviews"], json!({"new": 1, "gone": 1, "changed": 0}));
    assert_eq!(json["left_out"], json!({"schema_migrations": {"new": 1, "gone": 0, "changed": 0}}));
    assert_eq!(json["settings"], json!([{"name": "user_version", "before": "0", "after": "7"}]));
    let heat = json!({"section": "films", "item": "Heat", "what": "changed", "changes": [
        {"field": "year", "before": 1995, "after": 1996}, {"field": "list_name", "before": "Best", "after": "Worst"}]});
    let items = json["items"].as_array().expect("items");
    assert!(items.contains(&heat), "{json}");
    // The other way round, what is new is gone.
    let back = ends(scene.larder(["diff", "b.db", "a.db", "--json", "--summary"]).run(), 3).json();
    assert_eq!(back["sections"]["films"], json!({"new": 1, "gone": 1, "changed": 1}));
    assert!(back["items"].is_null(), "{back}");
    assert_eq!(back["schema"][0], json!({"type": "table", "name": "notes", "what": "gone"}));
}

#[test]
fn what_is_the_same_is_no_difference() {
    let scene = scene("");
    let json = diff(&scene, 0, &[]);
    assert_eq!(json["same"], true);
    assert_eq!(json["items"], json!([]));
    scene.larder(["diff", "a.db", "b.db"]).run().succeeds().says("nothing differs");
    let quiet = scene.larder(["diff", "a.db", "b.db", "--quiet"]).run().succeeds();
    assert_eq!(quiet.stdout() + &quiet.stderr(), "");
    // Neither is where rows lie, nor how the schema is spaced.
    fill(&scene.path("b.db"), "vacuum");
    diff(&scene, 0, &[]);
}

/// Applications write lists anew: other row ids, the same content.
#[test]
fn rows_that_were_written_anew_are_what_they_were() {
    let scene = scene(
        "insert into reviews select id + 100, film_id, body, stars from reviews; delete from reviews where id < 100;
         pragma foreign_keys = off; insert into lists select id + 10, name || ' ', owner_id from lists; delete from lists where id < 10;
         update lists set name = trim(name); update films set list_id = list_id + 10",
    );
    assert_eq!(diff(&scene, 0, &[])["items"], json!([]));
    // One of them is another one now.
    fill(
        &scene.path("b.db"),
        "update reviews set stars = 2 where id = 101; update lists set owner_id = null where id = 12",
    );
    let json = diff(&scene, 3, &[]);
    assert_eq!(json["sections"]["lists"], json!({"new": 0, "gone": 0, "changed": 1}));
    assert_eq!(json["sections"]["films.reviews"], json!({"new": 1, "gone": 1, "changed": 0}));
}

#[test]
fn a_part_can_be_compared() {
    let scene = scene(
        "delete from tags where film_id = 2; delete from films where id = 2; update people set name = 'Bob' where id = 2; create table x(a)",
    );
    let json = diff(&scene, 3, &["--only", "library"]);
    assert_eq!(json["sections"], json!({"films": {"new": 0, "gone": 1, "changed": 0}}));
    assert_eq!(json["schema"], json!([]));
    diff(&scene, 0, &["--only", "lists"]);
    scene
        .larder(["diff", "a.db", "b.db", "--only", "flims"])
        .run()
        .fails(2)
        .says("no section \"flims\"")
        .says("films");
}

#[test]
fn a_snapshot_is_compared_with_the_database() {
    let scene = scene("");
    scene.larder(["snapshot", "b.db"]).run().succeeds();
    scene.larder(["diff", "latest", "b.db"]).run().succeeds().says("nothing differs");
    fill(&scene.path("b.db"), "insert into films values (7, 'Dune', 1984, null)");
    shows(scene.larder(["diff", "latest", "b.db"]).run(), "new      films Dune");
    std::fs::write(scene.path("larder.toml"), "database = \"b.db\"\n").expect("write");
    shows(scene.larder(["diff", "latest"]).run(), "new      films Dune");
    let file = scene.snapshots("backups").remove(0);
    shows(scene.larder(["diff", "b.db", &format!("backups/{file}")]).run(), "gone     films Dune");
}

#[test]
fn two_databases_without_a_common_past_are_refused() {
    let scene = scene("");
    std::fs::remove_file(scene.path("b.db")).expect("remove");
    fill(&scene.path("b.db"), SCHEMA);
    fill(
        &scene.path("b.db"),
        "insert into people values (1, 'Xu', 'a', null), (2, 'Yan', 'b', null);
         insert into films values (1, 'Up', 2009, null), (2, 'Coco', 2017, null), (3, 'Brave', 2012, null)",
    );
    scene
        .larder(["diff", "a.db", "b.db"])
        .run()
        .fails(4)
        .says("these are not two states of one database:")
        .says("films: of 3 row ids that both have, 0 agree");
    // An empty one may be the beginning of any.
    std::fs::remove_file(scene.path("b.db")).expect("remove");
    fill(&scene.path("b.db"), SCHEMA);
    assert_eq!(
        diff(&scene, 3, &["--summary"])["sections"]["films"],
        json!({"new": 0, "gone": 3, "changed": 0})
    );
}

/// Two states, each made by its own SQL.
fn two(before: &str, after: &str) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("a.db"), before);
    fill(&scene.path("b.db"), after);
    scene
}

/// What two things are called alike does not make them one.
#[test]
fn a_reference_to_another_thing_of_the_same_name_is_a_difference() {
    let before = "create table films(id integer primary key, title text not null, year int not null, unique(title, year));
        insert into films values (1, 'Heat', 1986), (2, 'Heat', 1995), (3, 'Ran', 1985);
        create table seen(id integer primary key, day text unique, film_id int references films(id));
        insert into seen values (1, 'monday', 1), (2, 'friday', 3)";
    let scene = two(before, &format!("{before}; update seen set film_id = 2 where id = 1"));
    std::fs::write(scene.path("larder.toml"), "[sections.films]\nlabel = \"title\"\n").expect("write");
    assert_eq!(diff(&scene, 3, &[])["sections"], json!({"seen": {"new": 0, "gone": 0, "changed": 1}}));
}

#[test]
fn a_migration_is_no_hindrance() {
    let before = "create table genres(id integer primary key, name text unique); insert into genres values (1, 'Noir');
        create table films(id integer primary key, title text, genre_id int references genres(id)); insert into films values (1, 'Laura', 1), (2, 'Gilda', 1);
        create table old(id integer primary key, text text); insert into old values (1, 'x'), (2, 'y')";
    let after = "alter table genres add column color text; alter table films add column stars int; delete from films where id = 2;
        drop table old; create table tags(id integer primary key, name text); insert into tags values (1, 'a')";
    let scene = two(before, &format!("{before}; {after}"));
    let json = diff(&scene, 3, &[]);
    assert_eq!(json["sections"]["films"], json!({"new": 0, "gone": 1, "changed": 0}));
    assert_eq!(json["sections"]["old"], json!({"new": 0, "gone": 2, "changed": 0}));
    assert_eq!(json["sections"]["tags"], json!({"new": 1, "gone": 0, "changed": 0}));
    scene.larder(["restore", "a.db", "b.db", "--dry-run"]).run().succeeds().says("would be lost: 1 tags");
}

/// What differs is never taken for the same.
#[test]
fn ids_that_are_data_and_tables_of_any_kind_are_compared() {
    let movies = "create table movies(id integer primary key, title text); insert into movies values (1, 'A'), (2, 'B'), (3, 'C')";
    for (schema, rows, change) in [
        (
            "create table favorites(movie_id integer primary key references movies(id))",
            "insert into favorites values (1)",
            "update favorites set movie_id = 2",
        ),
        (
            "create table details(movie_id integer primary key references movies(id) on delete cascade, text text)",
            "insert into details values (1, 'x')",
            "update details set text = 'y'",
        ),
        (
            "create table odd(rowid text, _rowid_ text, oid text)",
            "insert into odd values ('a', 'b', 'c')",
            "update odd set oid = 'd'",
        ),
        (
            "create virtual table texts using fts5(body)",
            "insert into texts values ('one two')",
            "update texts set body = 'three'",
        ),
    ] {
        let before = format!("{movies}; {schema}; {rows}");
        let scene = two(&before, &format!("{before}; {change}"));
        assert_eq!(diff(&scene, 3, &[])["same"], false, "{schema}");
        diff(&two(&before, &before), 0, &[]);
    }
}

#[test]
fn no_secret_is_part_of_a_name() {
    let schema = "create table logins(id integer primary key, n int, password_hash text, token text unique)";
    let scene = two(
        &format!("{schema}; insert into logins values (1, 5, 'hash1', 'tok1'), (2, 6, 'hash2', 'tok2')"),
        &format!(
            "{schema}; insert into logins values (1, 5, 'other', 'tok1'), (2, 6, 'hash2', 'tok2'), (3, 7, 'hash3', 'tok3')"
        ),
    );
    let run = ends(scene.larder(["diff", "a.db", "b.db", "--json"]).run(), 3);
    for secret in ["hash", "other", "tok"] {
        let said = run.stdout().replace("password_hash", "").replace("token", "");
        assert!(!said.contains(secret), "{run}");
    }
}

#[test]
fn rows_that_the_settings_leave_out_are_no_items() {
    let scene = scene("insert into films values (20, 'Hidden', 1900, null)");
    std::fs::write(scene.path("larder.toml"), "[sections.films]\nwhere = \"year > 1950\"\n").expect("write");
    assert_eq!(diff(&scene, 0, &[])["items"], json!([]));
}

#[test]
fn what_is_no_database_is_an_error() {
    let scene = scene("");
    std::fs::write(scene.path("a.txt"), "nothing").expect("write");
    scene
        .larder(["diff", "a.txt", "b.db"])
        .run()
        .fails(2)
        .says("a.txt is neither a database, nor a snapshot, nor an export");
    scene.larder(["diff", "a.db", "none.db"]).run().fails(1).says("none.db");
    scene.larder(["diff", "a.db"]).run().fails(2).says("database");
}

/// Whatever is done to a database, every row that differs is counted, and nothing else.
#[test]
fn random_changes_are_all_found() {
    for seed in 0..40 {
        let mut random = Random(seed);
        let scene = Scene::new();
        let schema = "create table t(id integer primary key, a int, b text); create table h(a int, b text);
            create table w(k text, n int, a, primary key(k desc, n)) without rowid";
        let (mut rows, mut change) = (String::new(), String::new());
        let mut expected = [[0; 3]; 3];
        for id in 1..=random.below(40) {
            // No two rows hold the same, so that none is taken for another.
            for (at, insert) in [
                format!("insert into t values ({id}, {id}, 'text {id}');"),
                format!("insert into h(rowid, a, b) values ({id}, {id}, 'text {id}');"),
                format!("insert into w values ('k{}', {id}, 'text {id}');", id % 3),
            ]
            .into_iter()
            .enumerate()
            {
                let table = ["t", "h", "w"][at];
                let row = format!("{table} where {} = {id}", ["id", "rowid", "n"][at]);
                match random.below(5) {
                    0 => {
                        change.push_str(&insert);
                        expected[at][0] += 1;
                    }
                    1 => {
                        rows.push_str(&insert);
                        change.push_str(&format!("delete from {row};"));
                        expected[at][1] += 1;
                    }
                    2 => {
                        rows.push_str(&insert);
                        let set = if at == 2 { "a = 'other'" } else { "b = 'other'" };
                        change.push_str(&format!(
                            "update {};",
                            row.replacen(" where", &format!(" set {set} where"), 1)
                        ));
                        expected[at][2] += 1;
                    }
                    _ => rows.push_str(&insert),
                }
            }
        }
        for name in ["a.db", "b.db"] {
            fill(&scene.path(name), schema);
            fill(&scene.path(name), &rows);
        }
        fill(&scene.path("b.db"), &change);
        let run = scene.larder(["diff", "a.db", "b.db", "--json"]).run();
        if run.stderr().contains("not two states") {
            continue;
        }
        let json = run.json();
        for (table, [new, gone, changed]) in ["t", "h", "w"].iter().zip(expected) {
            let counts = json["sections"].get(table).cloned();
            let counts = counts.unwrap_or_else(|| json!({"new": 0, "gone": 0, "changed": 0}));
            assert_eq!(
                counts,
                json!({"new": new, "gone": gone, "changed": changed}),
                "seed {seed}, {table}: {json}"
            );
        }
    }
}

/// SQLite returns 2,000 values of a row at most, and the row id is one more.
#[test]
fn tables_of_two_thousand_columns_are_compared() {
    let scene = Scene::new();
    let columns: Vec<String> = (0..1999).map(|n| format!("c{n} int")).collect();
    let schema = format!(
        "create table wide(id integer primary key, {}); insert into wide(id, c7, c1998) values (1, 7, 8), (2, 7, 8)",
        columns.join(", ")
    );
    for name in ["a.db", "b.db"] {
        fill(&scene.path(name), &schema);
    }
    assert_eq!(diff(&scene, 0, &[])["same"], true);
    fill(&scene.path("b.db"), "update wide set c1998 = 9 where id = 2");
    let found = diff(&scene, 3, &[]);
    assert_eq!(found["items"][0]["changes"], json!([{"field": "c1998", "before": 8, "after": 9}]), "{found}");
}

/// Reals that are written alike with fifteen digits are two keys.
#[test]
fn keys_that_are_reals_are_told_apart() {
    let scene = Scene::new();
    for name in ["a.db", "b.db"] {
        fill(
            &scene.path(name),
            "create table marks(at real primary key, note text not null) without rowid;
             insert into marks values (0.1, 'a'), (0.10000000000000002, 'b'), (0.09999999999999999, 'c'), (1e300, 'd'), (-5.0, 'e')",
        );
    }
    diff(&scene, 0, &[]);
    fill(
        &scene.path("b.db"),
        "delete from marks where note = 'a'; update marks set note = 'B' where note = 'b'",
    );
    let found = diff(&scene, 3, &[]);
    assert_eq!(found["sections"]["marks"], json!({"new": 0, "gone": 1, "changed": 1}), "{found}");
    assert_eq!(
        found["items"][1]["changes"],
        json!([{"field": "note", "before": "b", "after": "B"}]),
        "{found}"
    );
}

#[test]
fn rows_of_new_and_dropped_tables_are_listed() {
    let scene = scene(
        "drop table tags; drop table reviews; create table notes(id integer primary key, title text, password text);
         insert into notes values (1, 'Milk', 'pw7'), (2, 'Eggs', null)",
    );
    let found = diff(&scene, 3, &[]);
    let items = found["items"].as_array().expect("items");
    for item in [
        json!({"section": "notes", "item": "Milk", "what": "new"}),
        json!({"section": "films.reviews", "item": "Heat / good", "what": "gone"}),
        json!({"section": "tags", "item": "Heat, Ada", "what": "gone"}),
    ] {
        assert!(items.contains(&item), "{item}: {found}");
    }
    assert!(!found.to_string().contains("pw7"), "{found}");
    // The other way round.
    let back = ends(scene.larder(["diff", "b.db", "a.db", "--json"]).run(), 3).json();
    let items = back["items"].as_array().expect("items");
    assert!(items.contains(&json!({"section": "notes", "item": "Milk", "what": "gone"})), "{back}");
    assert!(
        items.contains(&json!({"section": "films.reviews", "item": "Heat / good", "what": "new"})),
        "{back}"
    );
    assert!(!back.to_string().contains("pw7"), "{back}");
}

/// The condition of the settings names a column that the older state lacks.
#[test]
fn a_condition_of_a_newer_schema_holds_for_the_newer_state() {
    let scene = scene("alter table lists add column deleted int; update lists set deleted = 1 where id = 2");
    std::fs::write(scene.path("larder.toml"), "[sections.lists]\nwhere = \"deleted is null\"\n")
        .expect("write");
    let found = diff(&scene, 3, &[]);
    assert_eq!(found["sections"], json!({"lists": {"new": 0, "gone": 1, "changed": 0}}), "{found}");
    assert_eq!(found["items"], json!([{"section": "lists", "item": "Worst", "what": "gone"}]));
}
