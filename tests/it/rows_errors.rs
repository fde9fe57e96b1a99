//! Rows of other programs with which something is wrong, and tables that make something else of rows.

use super::rows_table::TableScene;

const SKIP: [&str; 2] = ["--on-error", "skip"];

#[test]
fn rows_that_do_not_fit_are_left_out_and_told() {
    let schema = "create table t(id integer primary key, n int check (n < 100), name text not null unique)";
    let file = "id,n,name\n1,1,a\n2,x,b\n3,200,c\n4,4\n5,5,\n6,6,a\n7,7,g\n";
    let table = TableScene::new(schema);
    let null = [&SKIP[..], &["--null", ""]].concat();
    table.refuses(file, "t", &null, (4, "rows.csv:7:1: [5]: name \"a\" already exists, and differs in id"));
    // A conflict is no error: what becomes of it is said by --on-conflict.
    let options = [&SKIP[..], &["--null", "", "--on-conflict", "skip"]].concat();
    let run = table.imports(file, "t", &options, [2, 0, 1, 0, 4]);
    let problems = run.json()["problems"].clone();
    let told: Vec<(u64, String)> = problems
        .as_array()
        .expect("a list")
        .iter()
        .map(|problem| {
            (problem["line"].as_u64().expect("a line"), problem["message"].as_str().expect("text").to_owned())
        })
        .collect();
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5, 6], "{run}");
    for (at, message) in [
        "\"x\" is no number",
        "CHECK constraint failed",
        "the row has 2 cells",
        "NOT NULL constraint failed: t.name",
    ]
    .iter()
    .enumerate()
    {
        assert!(told[at].1.contains(message), "{told:?}");
    }
    assert_eq!(table.rows("select id || name from t"), ["1a", "7g"]);
    let again = table.imports(file, "t", &options, [0, 2, 1, 0, 4]);
    assert_eq!(again.json()["problems"], problems);
    // Without it all of them are told, and nothing is written.
    TableScene::new(schema).refuses(file, "t", &[], (3, "[1].n: \"x\" is no number"));
    TableScene::new(schema).refuses(
        "n,name\n200,a\n1,b\n300,c\n",
        "t",
        &[],
        (3, "4: [2]: the table does not take the row: CHECK"),
    );
}

#[test]
fn what_is_wrong_with_a_name_is_wrong_with_all_rows() {
    let table = TableScene::new("create table t(a, b as (a * 2))");
    table.refuses("a,c\n1,2\n", "t", &SKIP, (3, "2: [0].c: the table t has no such column"));
    table.refuses("a,b\n1,2\n", "t", &SKIP, (3, "2: [0].b: the column is computed"));
}

#[test]
fn rows_that_refer_to_what_is_not_there_are_told_one_by_one() {
    let schema = "create table lists(id integer primary key, name text);
         create table t(id integer primary key, list int references lists, boss int references t(id), n int);
         insert into lists values (1, 'a'); pragma foreign_keys = off; insert into t values (1, 7, null, 0)";
    // A row may refer to one that comes later; what refers to a row that stays out stays out too.
    let file = "id,list,boss\n2,1,3\n3,1,\n4,9,\n5,1,4\n6,1,5\n";
    let table = TableScene::new(schema);
    table.refuses(file, "t", &[], (3, "4: [2].list: the row of lists that it refers to does not exist"));
    let run = table.imports(file, "t", &SKIP, [2, 0, 0, 0, 3]);
    assert!(run.json()["problems"].to_string().contains("[4].boss"), "{run}");
    assert_eq!(table.rows("select id || '' from t"), ["1", "2", "3"]);
    // What led nowhere before is not the file's fault.
    table.imports("id,n\n1,5\n", "t", &["--on-conflict", "overwrite"], [0, 0, 0, 1, 0]);
    let keyed = TableScene::new(
        "create table l(id int primary key); create table t(a text primary key, l int references l) without rowid",
    );
    keyed.refuses("a,l\nx,1\n", "t", &[], (3, "some rows refer to rows of other tables that are not there"));
}

/// They were counted, and were not there.
#[test]
fn rows_that_the_table_ignores_do_not_count() {
    let table = TableScene::new(
        "create table t(name text); create trigger g before insert on t when new.name like 'x%' begin select raise(ignore); end",
    );
    table.refuses(
        "name\nxa\nb\n",
        "t",
        &[],
        (3, "2: [0]: a trigger or a constraint of the table ignored the row"),
    );
    table.imports("name\nxa\nb\n", "t", &SKIP, [1, 0, 0, 0, 1]);
    assert_eq!(table.rows("select name from t"), ["b"]);
    table.imports("name\nxa\nb\n", "t", &["--triggers", "off"], [2, 0, 0, 0, 0]);
}

/// A table that ignores or replaces what violates it did so in silence.
#[test]
fn constraints_that_ignore_or_replace_leave_the_decision_to_the_import() {
    for clause in ["ignore", "replace"] {
        let schema = format!(
            "create table t(id integer primary key on conflict {clause}, name text unique on conflict {clause}, n int); insert into t values (1, 'a', 1)"
        );
        let table = TableScene::new(&schema);
        table.refuses("id,name,n\n1,a,2\n", "t", &[], (4, "id \"1\" already exists, and differs in n"));
        table.imports("id,name,n\n1,a,1\n2,b,2\n", "t", &[], [1, 1, 0, 0, 0]);
        table.imports("id,name,n\n1,a,5\n3,c,3\n", "t", &["--on-conflict", "skip"], [1, 0, 1, 0, 0]);
        table.imports("id,name,n\n1,a,6\n", "t", &["--on-conflict", "overwrite"], [0, 0, 0, 1, 0]);
        assert_eq!(table.rows("select id || name || n from t"), ["1a6", "2b2", "3c3"], "{clause}");
    }
}

#[test]
fn rows_that_triggers_add_or_take_away_are_told() {
    for (trigger, further, warning) in [
        ("insert into t(name) values (new.name || '!')", 2, "triggers added 2 rows to t"),
        ("delete from t where id = 1", -1, "removed 1 row of t"),
    ] {
        let table = TableScene::new(&format!(
            "create table t(id integer primary key, name text); insert into t values (1, 'old');
             create trigger g after insert on t when new.name not like '%!' begin {trigger}; end"
        ));
        let run = table.imports("name\na\nb\n", "t", &[], [2, 0, 0, 0, 0]);
        assert_eq!(run.json()["further_rows"], further, "{run}");
        table.scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
        table.scene.larder(["import", "rows.csv", "app.db", "--section", "t"]).run().succeeds().says(warning);
    }
}

/// An error of a trigger may leave something behind, or take everything back.
#[test]
fn a_row_that_a_trigger_refuses_leaves_nothing_behind() {
    for raise in ["abort", "fail", "rollback"] {
        let table = TableScene::new(&format!(
            "create table t(id integer primary key, name text); create table log(name);
             create trigger g after insert on t begin insert into log values (new.name); select raise({raise}, 'no x') where new.name = 'x'; end"
        ));
        table.refuses("name\na\nx\nb\n", "t", &[], (3, "3: [1]: the table does not take the row: no x"));
        table.imports("name\na\nx\nb\n", "t", &SKIP, [2, 0, 0, 0, 1]);
        assert_eq!(table.rows("select name from t"), ["a", "b"], "{raise}");
        assert_eq!(table.rows("select name from log"), ["a", "b"], "{raise}");
    }
}

#[test]
fn many_problems_are_counted_and_the_first_are_listed() {
    let table = TableScene::new("create table t(id integer primary key, n int)");
    let file: String = std::iter::once("id,n\n".to_owned())
        .chain((1..=300).map(|i| format!("{i},{}\n", if i % 2 == 0 { "x" } else { "1" })))
        .collect();
    let run = table.imports(&file, "t", &SKIP, [150, 0, 0, 0, 150]);
    let json = run.json();
    assert_eq!(
        (json["problems"].as_array().map(Vec::len), &json["more_problems"]),
        (Some(100), &50.into()),
        "{run}"
    );
}

/// They ended the reading, and nothing of the file could be had.
#[test]
fn lines_that_cannot_be_read_and_cut_files_are_told_and_the_rest_comes_in() {
    let schema = "create table t(a int, b text)";
    let good = "{\"a\": 1, \"b\": \"x\"}\n";
    for (file, text, counts, problem) in [
        (
            "a.ndjson",
            format!("{good}{{\"a\": \n{good}"),
            [2, 0, 0, 0, 1],
            (2, "it cannot be read: EOF while parsing a value"),
        ),
        (
            "a.ndjson",
            format!("{good}oops\n\n{good}"),
            [2, 0, 0, 0, 1],
            (2, "it cannot be read: expected value"),
        ),
        ("a.ndjson", format!("{good}{{\"a\": 2, \"b"), [1, 0, 0, 0, 1], (2, "it cannot be read: EOF")),
        (
            "a.json",
            "[{\"a\": 1},\n {\"a\": 2},\n {\"a\": ".to_owned(),
            [2, 0, 0, 0, 1],
            (3, "the rest of the file is not imported"),
        ),
        (
            "a.csv",
            "a,b\n1,x\n2,\"y\n3,z\n".to_owned(),
            [1, 0, 0, 0, 1],
            (3, "the quote that begins this cell is not closed"),
        ),
    ] {
        let table = TableScene::new(schema);
        table.write(file, &text);
        let run = table.import_file(file, "t", &[]);
        assert_eq!(run.code(), Some(3), "{run}");
        let run = table.import_file(file, "t", &SKIP);
        assert_eq!((run.code(), super::rows_table::counts(&run, "t")), (Some(1), counts), "{run}");
        let problems = run.json()["problems"].clone();
        assert_eq!(problems[0]["line"], problem.0, "{run}");
        assert!(problems[0]["message"].as_str().expect("text").contains(problem.1), "{run}");
        let created = table.scene.larder([
            "import",
            file,
            "app.db",
            "--section",
            "new",
            "--create-table",
            "--on-error",
            "skip",
        ]);
        created.run().does_a_part().says(problem.1);
        assert_eq!(table.rows("select count(*) || '' from new"), [counts[0].to_string()], "{text}");
    }
}

/// Only SQLite can tell that such an index has a value already.
#[test]
fn what_a_partial_index_or_one_of_expressions_refuses_is_a_conflict() {
    let table = TableScene::new(
        "create table t(a text, b text, gone int default 0); create table log(x unique);
         create unique index u on t(a) where gone = 0; create unique index v on t(lower(b));
         insert into t values ('x', 'X', 0)",
    );
    for file in ["a,b\nx,y\nz,z\n", "a,b\ny,x\nw,w\n"] {
        table.refuses(
            file,
            "t",
            &[],
            (4, "2:1: [0]: the table does not take the row: UNIQUE constraint failed"),
        );
    }
    let skip = ["--on-conflict", "skip", "--match", "a"];
    table.imports("a,b\ny,x\nw,w\n", "t", &skip, [1, 0, 1, 0, 0]);
    let trigger = TableScene::new(
        "create table t(a text unique); create table log(x unique); insert into log values ('x');
         create trigger g after insert on t begin insert into log values (new.a); end",
    );
    trigger.refuses("a\nx\n", "t", &["--on-conflict", "skip"], (3, "UNIQUE constraint failed: log.x"));
}

#[test]
fn a_trigger_that_needs_the_application_is_named_and_can_be_done_without() {
    let table = TableScene::new(
        "create table t(id integer primary key, a text); create table log(x); insert into t values (1, 'x')",
    );
    super::fixtures::fill(
        &table.scene.path("app.db"),
        "create trigger g after insert on t begin insert into log values (theirs(new.a)); end;
         create trigger h after update on t begin insert into log values (theirs(new.a)); end",
    );
    for file in ["a\ny\n", "id,a\n1,y\n"] {
        let options = ["--on-conflict", "overwrite", "--match", "id"];
        let options = if file.starts_with("id") { &options[..] } else { &[] };
        table.refuses(file, "t", options, (3, "theirs"));
        table.refuses(file, "t", options, (3, "--triggers off imports without triggers"));
        table.import(file, "t", &[options, &["--triggers", "off"]].concat()).succeeds();
    }
    assert_eq!(table.rows("select a from t order by id"), ["y", "y"]);
}
