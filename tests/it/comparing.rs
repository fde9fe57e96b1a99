//! Rows that SQLite tells apart, or takes for one, by another collation, affinity or encoding than that of the column at hand.

use super::fixtures::fill;
use super::pair::Pair;
use super::scene::Scene;
use serde_json::{Value, json};

/// The data of an export.
fn exported(schema: &str, rows: &str, options: &[&str]) -> Value {
    let scene = Scene::new();
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), rows);
    scene.larder([&["export", "app.db", "-o", "doc.json"], options].concat()).run().succeeds();
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    serde_json::from_str::<Value>(&text).expect("JSON")["data"].clone()
}

#[test]
fn rows_are_found_by_the_collation_of_their_primary_key() {
    let apart =
        "create table t(name text collate nocase, v int, primary key(name collate binary)) without rowid";
    let rows = "insert into t values ('a', 1), ('A', 2), ('b', 3)";
    let data = exported(apart, rows, &[]);
    assert_eq!(data, json!({"t": [{"name": "A", "v": 2}, {"name": "a", "v": 1}, {"name": "b", "v": 3}]}));
    let one = exported(apart, rows, &["--where", "t=v = 2"]);
    assert_eq!(one, json!({"t": [{"name": "A", "v": 2}]}));
    let pair = Pair::new(apart, "insert into t values ('a', 1)", rows);
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(said, json!({"t": {"same": 1, "removed": 2}}));
    assert_eq!(pair.there("select name || v from t"), ["a1"]);

    let alike = "create table t(name text, v int, primary key(name collate nocase)) without rowid";
    let pair = Pair::new(alike, "insert into t values ('A', 1)", "insert into t values ('b', 3), ('c', 2)");
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(said, json!({"t": {"new": 1, "removed": 2}}));
}

/// As foreign keys do: by the collation and the affinity of what they refer to.
#[test]
fn children_are_found_as_foreign_keys_compare() {
    let child = "references p(name) on delete cascade, t text)";
    let both = json!([[{"t": "x"}, {"t": "y"}], [{"t": "z"}]]);
    for (parent, own, rows, expected) in [
        ("text collate nocase", "text", "(1, 'ann', 'x'), (2, 'Ann', 'y'), (3, 'BOB', 'z')", both.clone()),
        (
            "text collate nocase",
            "text collate nocase",
            "(1, 'ann', 'x'), (2, 'Ann', 'y'), (3, 'BOB', 'z')",
            both.clone(),
        ),
        ("text collate rtrim", "text", "(1, 'Ann ', 'x'), (2, 'Ann', 'y'), (3, 'Bob  ', 'z')", both),
        (
            "text",
            "text collate nocase",
            "(1, 'Ann', 'x'), (3, 'Bob', 'z')",
            json!([[{"t": "x"}], [{"t": "z"}]]),
        ),
    ] {
        for index in ["", "; create index by_parent on c(p)"] {
            let schema = format!(
                "create table p(name {parent} primary key, n int);
                 create table c(id integer primary key, p {own} not null {child}{index}"
            );
            let rows = format!("insert into p values ('Ann', 1), ('Bob', 2); insert into c values {rows}");
            let data = exported(&schema, &rows, &[]);
            assert_eq!(json!([data["p"][0]["c"], data["p"][1]["c"]]), expected, "{schema}");
            let item = exported(&schema, &rows, &["--item", "p=Ann"]);
            assert_eq!(item["p"], json!([data["p"][0]]), "{schema}");
            Pair::new(&schema, &rows, "insert into p values ('Ann', 7)")
                .brings(&["--on-conflict", "overwrite"]);
        }
    }
    // A text is a number for the parent's column.
    let schema = format!(
        "create table p(name int primary key, n int); create table c(id integer primary key, p text not null {child}"
    );
    let data = exported(
        &schema,
        "insert into p values (5, 1); insert into c values (1, '05', 'x'), (2, 5, 'y')",
        &[],
    );
    assert_eq!(data["p"][0]["c"], json!([{"t": "x"}, {"t": "y"}]));
}

#[test]
fn rows_of_one_user_are_found_as_foreign_keys_compare() {
    let scene = Scene::new();
    let schema = "create table users(id integer primary key, name text not null unique);
        create table lists(name text collate nocase primary key, user_id int not null references users(id));
        create table entries(id integer primary key, list text not null references lists(name), t text not null unique)";
    let rows =
        "insert into users values (1, 'ann'), (2, 'bob'); insert into lists values ('Main', 1), ('Other', 2);
        insert into entries values (1, 'main', 'x'), (2, 'Main', 'y'), (3, 'OTHER', 'z')";
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), rows);
    let settings = "[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["export", "app.db", "--scope", "ann", "-o", "a.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    let data = serde_json::from_str::<Value>(&text).expect("JSON")["data"].clone();
    assert_eq!(data["entries"], json!([{"list": "main", "t": "x"}, {"list": "Main", "t": "y"}]));
}

/// Text that is not valid was bound as a blob, which equals no text.
#[test]
fn rows_whose_key_is_text_that_is_not_valid_are_found() {
    let schema = "create table u(id integer primary key, name text not null unique);
        create table t(name text, u integer references u(id), v int, primary key(name, u)) without rowid;
        create table p(name text primary key, v int);
        create table c(id integer primary key, p text not null references p(name) on delete cascade, t text)";
    let rows = "insert into u values (5, 'u5'); insert into t values (cast(x'ff41' as text), 5, 1), ('B', 5, 2);
        insert into p values (cast(x'ff41' as text), 5); insert into c values (1, cast(x'ff41' as text), 'x')";
    let raw = json!({"$text": "/0E="});
    let data = exported(schema, rows, &[]);
    assert_eq!(data["t"][1], json!({"name": raw, "u_name": "u5", "v": 1}));
    assert_eq!(data["p"], json!([{"name": raw, "v": 5, "c": [{"t": "x"}]}]));
    let pair = Pair::new(
        schema,
        rows,
        "insert into u values (9, 'u5'); insert into t values (cast(x'ff41' as text), 9, 7)",
    );
    let said = pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(said["t"], json!({"new": 1, "overwritten": 1}));
    assert_eq!(pair.there("select group_concat(hex(name) || u || v, ' ') from t"), ["4292 FF4191"]);
}
