//! Full exports of databases whose schemas need functions and collations that only the application has.

use super::fixtures::fill;
use super::same::{assert_same, assert_same_in_any_order, open};
use super::scene::{Run, Scene};
use serde_json::{Value, json};

/// A scene with a full export, `doc.json`, of a database `app.db`, and what the export said.
fn exported(schema: &str) -> (Scene, Run) {
    let scene = Scene::new();
    fill(&scene.path("app.db"), schema);
    let run = scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    (scene, run)
}

fn metadata(scene: &Scene) -> Value {
    let text = std::fs::read(scene.path("doc.json")).expect("read");
    serde_json::from_slice::<Value>(&text).expect("JSON")["metadata"].clone()
}

/// What the application would do: run the SQL that was left.
fn complete(scene: &Scene, imported: &Value) {
    let db = open(&scene.path("new.db"));
    for left_out in imported["left_out"].as_array().expect("a list") {
        db.execute_batch(left_out["sql"].as_str().expect("SQL")).expect("the application can");
    }
}

#[test]
fn indexes_that_only_the_application_can_build_are_left_out_and_the_rest_is_built() {
    let (scene, run) = exported(
        "create table t(id integer primary key, a int, b text);
         create index by_b on t(b);
         create unique index computed on t(theirs(a));
         create index ordered on t(b collate theirs) where a > 0;
         create index part on t(b) where theirs(a) > 2;
         create view v as select theirs(a) from t;
         create trigger tr after insert on t begin update t set b = theirs(new.a) where id = new.id; end;
         insert into t values (1, 10, 'x'), (2, 20, 'y');
         create table empty(a int); create index of_none on empty(theirs(a))",
    );
    let run = run
        .says("index computed of t needs the function theirs, which only the application has: an import leaves it out")
        .says("index ordered of t needs the collation theirs")
        .says("index part of t needs the function theirs");
    assert!(!run.stderr().contains("by_b") && !run.stderr().contains("of_none"), "{run}");
    let index =
        |name: &str, needs: &str| json!({"type": "index", "name": name, "table": "t", "needs": needs});
    let mut needed = metadata(&scene)["needs_application"].as_array().expect("a list").clone();
    needed.sort_by_key(|index| index["name"].to_string());
    assert_eq!(
        needed,
        [
            index("computed", "function theirs"),
            index("ordered", "collation theirs"),
            index("part", "function theirs")
        ]
    );
    let run = scene.larder(["validate", "doc.json"]).run().succeeds();
    assert!(run.stdout().contains("index computed of t needs the function theirs"), "{run}");
    let run = scene.larder(["import", "doc.json", "new.db", "-q"]).run().fails(1);
    let run = run
        .says("index computed of t needs the function theirs")
        .says("CREATE UNIQUE INDEX computed on t(theirs(a));");
    assert_eq!(run.stderr().matches("error:").count(), 3, "{run}");
    std::fs::remove_file(scene.path("new.db")).expect("remove");
    let imported = scene.larder(["import", "doc.json", "new.db", "--json"]).run().does_a_part().json();
    assert_eq!(imported["sections"]["t"]["new"], 2);
    complete(&scene, &imported);
    assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
}

#[test]
fn a_computed_column_that_only_the_application_computes_is_written_and_comes_back() {
    let table = "create table t(id integer primary key, a int, twice int as (theirs(a)) stored, more real as (twice + 1) stored, c text);
                 create index i on t(more)";
    let (scene, run) = exported(&format!("{table}; insert into t(a, c) values (1, 'x'), (2, null)"));
    assert_eq!(run.stderr().matches("warning").count(), 0, "{run}");
    let columns = metadata(&scene)["sections"]["t"]["columns"].clone();
    assert_eq!(
        columns,
        json!({"id": "integer", "a": "integer", "twice": "integer", "more": "real", "c": "text"})
    );
    scene.larder(["validate", "doc.json", "--against", "app.db"]).run().succeeds();
    for name in ["doc.json", "doc.zip", "doc.ndjson"] {
        if name != "doc.json" {
            scene.larder(["convert", "doc.json", name]).run().succeeds();
        }
        scene.larder(["import", name, "new.db"]).run().succeeds();
        assert_same(&scene.path("app.db"), &scene.path("new.db"));
        std::fs::remove_file(scene.path("new.db")).expect("remove");
    }
    // What SQLite computes by itself is not written.
    let (scene, _) = exported("create table t(a int, b as (a + 1) stored); insert into t(a) values (1)");
    assert_eq!(metadata(&scene)["sections"]["t"]["columns"], json!({"a": "integer"}));
}

#[test]
fn constraints_that_only_the_application_can_order_are_taken_out_and_no_row_is_lost() {
    let (scene, run) = exported(
        "create table t(id integer primary key autoincrement, a text collate theirs constraint u unique on conflict ignore, b unique, check (b > 0));
         create table w(a text collate theirs, b, c unique, primary key(b, a)) without rowid;
         create table c(a text references t(a), b);
         insert into t(a, b) values ('x', 1), ('y', 2); insert into w values ('x', 1, 1), ('y', 1, 2);
         insert into c values ('x', 1)",
    );
    let run = run.says("UNIQUE (a) of t needs the collation theirs").says("PRIMARY KEY (b, a) of w needs");
    assert!(!run.stderr().contains("UNIQUE (b)"), "{run}");
    let imported = scene.larder(["import", "doc.json", "new.db", "--json"]).run().does_a_part().json();
    complete(&scene, &imported);
    let (own, new) = (open(&scene.path("app.db")), open(&scene.path("new.db")));
    for table in ["t", "w", "c"] {
        let rows =
            format!("select group_concat(quote(a) || quote(b)) from (select * from {table} order by a, b)");
        let rows =
            |db: &rusqlite::Connection| db.query_row(&rows, [], |row| row.get::<_, String>(0)).expect("rows");
        assert_eq!(rows(&own), rows(&new), "{table}");
    }
    let sound: String = new.query_row("pragma integrity_check", [], |row| row.get(0)).expect("check");
    assert_eq!(sound, "ok");
    for twice in [
        "insert into t(a, b) values ('x', 3)",
        "insert into t(a, b) values ('z', 1)",
        "insert into w values ('x', 1, 3)",
    ] {
        let error = new.execute(twice, []).expect_err(twice);
        assert!(error.to_string().contains("UNIQUE"), "{error}");
    }
    // Only what has to go is gone.
    let error = new.execute("insert into t(a, b) values ('z', -1)", []).expect_err("the check");
    assert!(error.to_string().contains("CHECK"), "{error}");
}
