//! Rows of other programs into a table that is made for them.

use super::rows_table::{TableScene, counts};
use rexpect::session::spawn_command;
use std::process::Command;

const CREATE: [&str; 1] = ["--create-table"];

/// The table that a file makes, and its rows.
#[track_caller]
fn created(file: &str, text: &str, options: &[&str]) -> (String, TableScene) {
    let table = TableScene::new("create table other(a)");
    table.write(file, text);
    let run = table.import_file(file, "people", &[&CREATE[..], options].concat());
    assert!([Some(0), Some(1)].contains(&run.code()), "{run}");
    let sql = table.rows("select sql from sqlite_schema where name = 'people'").remove(0);
    assert_eq!(
        run.json()["creates"].as_str().expect("the SQL"),
        sql.replacen("TABLE ", "TABLE main.", 1),
        "{run}"
    );
    (sql, table)
}

#[test]
fn a_table_has_the_types_that_change_no_value() {
    let file = "id,Full Name,zip,price,ok,born,none,big\n1,Ada,0123,0.50,true,1815-12-10,,9223372036854775808\n2,,7,12,FALSE,,,1\n";
    let (sql, table) = created("a.csv", file, &[]);
    let columns = "\"id\" INTEGER,\n  \"Full Name\" TEXT,\n  \"zip\" TEXT,\n  \"price\" REAL,\n  \"ok\" BOOLEAN,\n  \"born\" TEXT,\n  \"none\" TEXT,\n  \"big\" TEXT";
    assert_eq!(sql, format!("CREATE TABLE \"people\"(\n  {columns}\n)"));
    let all = "select concat_ws(' ', id, quote(\"Full Name\"), quote(zip), price, ok, quote(born), quote(none), quote(big)) from people";
    assert_eq!(
        table.rows(all),
        ["1 'Ada' '0123' 0.5 1 '1815-12-10' NULL '9223372036854775808'", "2 NULL '7' 12.0 0 NULL NULL '1'"]
    );
    table.scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert!(table.rows("select name from sqlite_schema where name = 'people'").is_empty());
}

#[test]
fn json_keeps_its_types_and_names_come_from_all_rows() {
    let file = "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5, \"c\": [1], \"d\": 1}\n{\"d\": \"one\", \"e\": {\"$blob\": \"AA==\"}}\n";
    let (sql, table) = created("a.ndjson", file, &[]);
    assert_eq!(
        sql,
        "CREATE TABLE \"people\"(\n  \"a\" REAL,\n  \"b\" TEXT,\n  \"c\" TEXT,\n  \"d\",\n  \"e\" BLOB\n)"
    );
    let types = "select concat_ws(' ', typeof(a), typeof(b), typeof(c), typeof(d), typeof(e)) from people";
    assert_eq!(
        table.rows(types),
        ["real text null null null", "real null text integer null", "null null null text blob"]
    );
}

#[test]
fn names_are_mapped_filled_and_keys_declared() {
    let options =
        ["--map", "Full Name=name", "--map", "people.note=", "--fill", "source=import", "--match", "id"];
    let (sql, table) = created("a.csv", "id,Full Name,note\n1,Ada,x\n2,Bob,y\n", &options);
    assert_eq!(
        sql,
        "CREATE TABLE \"people\"(\n  \"id\" INTEGER PRIMARY KEY,\n  \"name\" TEXT,\n  \"source\" TEXT\n)"
    );
    assert_eq!(table.rows("select id || name || source from people"), ["1Adaimport", "2Bobimport"]);
    // The second time it is there.
    table.write("a.csv", "id,name\n2,Rob\n3,Cy\n");
    let run = table.import_file(
        "a.csv",
        "people",
        &["--create-table", "--match", "id", "--on-conflict", "overwrite"],
    );
    assert_eq!(counts(&run, "people"), [1, 0, 0, 1, 0]);
    assert!(run.json()["creates"].is_null(), "{run}");
    let (sql, _) = created("a.csv", "a,b\n1,x\n1,y\n", &["--match", "a,b"]);
    assert_eq!(
        sql,
        "CREATE TABLE \"people\"(\n  \"a\" INTEGER,\n  \"b\" TEXT,\n  PRIMARY KEY (\"a\", \"b\")\n)"
    );
    let (sql, _) = created("a.csv", "a;b\n1,5;x\n", &["--decimal", ",", "--on-error", "skip"]);
    assert_eq!(sql, "CREATE TABLE \"people\"(\n  \"a\" REAL,\n  \"b\" TEXT\n)");
    // Without rows there is a table all the same.
    let (sql, table) = created("a.csv", "a,b\n", &[]);
    assert_eq!(sql, "CREATE TABLE \"people\"(\n  \"a\" TEXT,\n  \"b\" TEXT\n)");
    assert!(table.rows("select '' from people").is_empty());
}

#[test]
fn bad_rows_are_told_and_a_table_that_cannot_be_is_refused() {
    let table = TableScene::new(
        "create table other(a); create view seen as select 1; create virtual table words using fts5(a)",
    );
    table.refuses("a,b\n1,2\n3\n", "people", &CREATE, (3, "3: [1]: the row has 1 cells"));
    table.refuses("a,b\n1,2\n", "people", &[], (2, "there are other; --create-table creates it"));
    table.refuses("a,b\n1,2\n", "othr", &[], (2, "there are other; --create-table creates it"));
    table.refuses("a,\n1,2\n", "people", &CREATE, (3, "a column of the file has no name"));
    table.refuses("a,A\n1,2\n", "people", &CREATE, (3, "\"a\" and \"A\" name the same column"));
    table.refuses(
        "a\n1\n",
        "people",
        &["--create-table", "--match", "b"],
        (2, "the table people has no column \"b\""),
    );
    table.refuses("a\n1\n", "sqlite_people", &CREATE, (3, "no table \"sqlite_people\" can be made"));
    for name in ["seen", "words", "words_data"] {
        let message = format!("\"{name}\" is not a table that holds rows of its own");
        table.refuses("a\n1\n", name, &CREATE, (2, &message));
    }
    let run = table.import("a,b\n1,2\n3\n4,5\n", "people", &["--create-table", "--on-error", "skip"]);
    assert_eq!((run.code(), counts(&run, "people")), (Some(1), [2, 0, 0, 0, 1]), "{run}");
    assert_eq!(table.rows("select a || b from people"), ["12", "45"]);
}

#[test]
fn the_sql_is_shown_and_asked_about_on_a_terminal() {
    for (answer, code) in [("y", 0), ("n", 4)] {
        let table = TableScene::new("create table other(a)");
        table.write("a.csv", "a\n1\n");
        let run = table
            .scene
            .larder(["import", "a.csv", "app.db", "--section", "t", "--create-table", "--dry-run"])
            .run();
        run.succeeds()
            .says("CREATE TABLE main.\"t\"(\n    \"a\" INTEGER\n  );")
            .says("1 row would come into t");
        let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
        command
            .args(["import", "a.csv", "app.db", "--section", "t"])
            .current_dir(table.scene.path(""))
            .env_clear();
        command.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
        let mut session = spawn_command(command, Some(20_000)).expect("a terminal");
        session.exp_string("\"a\" INTEGER").expect("the SQL");
        session.exp_string("Create the table?").expect("a question");
        session.send(answer).expect("an answer");
        session.flush().expect("sent");
        session.exp_eof().expect("the end");
        let status = session.process().wait().expect("it ends");
        assert!(format!("{status:?}").contains(&format!(", {code})")), "{status:?}");
        let tables = table.rows("select name from sqlite_schema where name = 't'");
        assert_eq!(tables.len(), usize::from(code == 0));
    }
}
