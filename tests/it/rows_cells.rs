//! Rows of other programs: how spreadsheets write values.

use super::rows_table::{TableScene, counts};

/// Everything of a row, with its types.
fn quoted(columns: &str) -> String {
    let columns: Vec<String> = columns.split(',').map(|column| format!("quote({column})")).collect();
    format!("select concat_ws(' ', {}) from t", columns.join(", "))
}

/// An empty text was NULL, which the column refused; with --null, an empty number was no number.
#[test]
fn an_empty_cell_is_null_unless_its_column_can_only_mean_an_empty_text() {
    let schema =
        "create table t(name text not null, note text, code string not null, n int, r real, d date, any)";
    for (options, expected) in
        [(&[][..], "'' NULL '' NULL NULL NULL NULL"), (&["--null", "\\N"], "'' '' '' NULL NULL NULL ''")]
    {
        let table = TableScene::new(schema);
        table.imports("name,note,code,n,r,d,any\n\"\",,,,,,\n", "t", options, [1, 0, 0, 0, 0]);
        assert_eq!(table.rows(&quoted("name,note,code,n,r,d,any")), [expected]);
    }
    let table = TableScene::new(schema);
    table.imports("name,note,code,n\nx,\\N,y,\\N\n", "t", &["--null", "\\N"], [1, 0, 0, 0, 0]);
    assert_eq!(table.rows(&quoted("name,note,code,n")), ["'x' NULL 'y' NULL"]);
    table.refuses("name,code\n\\N,y\n", "t", &["--null", "\\N"], (3, "NOT NULL constraint failed: t.name"));
    // In JSON, an empty text is one.
    table.write("rows.json", "[{\"name\": \"\", \"note\": \"\", \"code\": \"\"}]");
    let run = table.import_file("rows.json", "t", &[]);
    assert_eq!(counts(&run, "t"), [1, 0, 0, 0, 0]);
    assert_eq!(table.rows(&quoted("note"))[1], "''");
}

#[test]
fn decimals_may_follow_a_comma() {
    let schema = "create table t(r real, n int, price decimal(10,2), day date, name text)";
    let decimal = ["--decimal", ","];
    let table = TableScene::new(schema);
    let file = "r;n;price;day;name\n1,5;2;-0,50;2024-01-02;1,5\n-2,25e3;;7;;\n";
    table.imports(file, "t", &decimal, [2, 0, 0, 0, 0]);
    let found = table.rows(&quoted("r,n,price,day,name"));
    assert_eq!(found, ["1.5 2 -0.5 '2024-01-02' '1,5'", "-2250.0 NULL 7 NULL NULL"]);
    for (file, message) in [
        ("r;n\n1.5;1\n", "2: [0].r: \"1.5\" has a decimal point, and --decimal says a comma"),
        ("r;n\n1.234,5;1\n", "2: [0].r: \"1.234,5\" is no number"),
        ("r;n\n1,2,3;1\n", "2: [0].r: \"1,2,3\" is no number"),
        ("n;r\n007;1\n", "2: [0].n: \"007\" would lose its leading zeros"),
        ("price;r\n1,23E+17;1\n", "2: [0].price: \"1,23E+17\" may have lost digits in a spreadsheet"),
    ] {
        table.refuses(file, "t", &decimal, (3, message));
    }
    table.refuses("r;n\n1,5;1\n", "t", &[], (3, "2: [0].r: \"1,5\" is no number"));
    table.refuses("r;n\n1,5;1\n", "t", &["--decimal", "."], (3, "2: [0].r: \"1,5\" is no number"));
}

/// The text came into a BOOLEAN column, where no application finds it.
#[test]
fn true_and_false_are_1_and_0_where_the_column_holds_numbers() {
    let table = TableScene::new("create table t(b boolean, i integer, s text, a bool)");
    table.imports("b,i,s,a\ntrue,FALSE,true,False\n0,1,false,1\n,,x,\n", "t", &[], [3, 0, 0, 0, 0]);
    assert_eq!(table.rows(&quoted("b,i,s,a")), ["1 0 'true' 0", "0 1 'false' 1", "NULL NULL 'x' NULL"]);
    table.refuses(
        "b\nyes\n",
        "t",
        &[],
        (3, "2: [0].b: \"yes\" is neither true nor false, and the column is boolean"),
    );
    table.refuses("i\nyes\n", "t", &[], (3, "2: [0].i: \"yes\" is no number"));
    table.write("rows.json", "[{\"b\": true, \"i\": \"false\"}]");
    table.import_file("rows.json", "t", &[]).succeeds();
    assert_eq!(table.rows(&quoted("b,i"))[3], "1 0");
}

#[test]
fn lines_before_the_names_are_passed_over() {
    let table = TableScene::new("create table t(id integer primary key, name text)");
    table.imports("sep=;\r\nid;name\r\n1;Ada\r\n", "t", &[], [1, 0, 0, 0, 0]);
    let skip = |lines| ["--skip-lines", lines];
    table.imports("People of \"2026\n\nid,name\n2,Bob\n", "t", &skip("2"), [1, 0, 0, 0, 0]);
    assert_eq!(table.rows(&quoted("id,name")), ["1 'Ada'", "2 'Bob'"]);
    table.refuses("People\nid,name\nx,Bob\n", "t", &skip("1"), (3, "3: [0].id: \"x\" is no number"));
    table.refuses(
        "People\r\n\r\nid,name\r\nx,Bob\r\n",
        "t",
        &skip("2"),
        (3, "4: [0].id: \"x\" is no number"),
    );
    table.refuses(
        "sep=,\nid,name\n1,\"Bob\n",
        "t",
        &[],
        (3, "rows.csv:3:2: the quote that begins this cell is not closed"),
    );
    table.refuses("id,name\n", "t", &skip("3"), (3, "rows.csv has 1 lines, and --skip-lines passes over 3"));
    table.refuses(
        "id,name\n",
        "t",
        &skip("1"),
        (3, "rows.csv is empty: the line of names that begins CSV is missing"),
    );
}

/// They were accepted and did nothing.
#[test]
fn options_for_csv_are_refused_for_json() {
    let table = TableScene::new("create table t(a)");
    table.write("rows.json", "[{\"a\": 1}]");
    for (option, value) in [("--delimiter", ";"), ("--skip-lines", "1"), ("--decimal", ","), ("--null", "x")]
    {
        let run = table.import_file("rows.json", "t", &[option, value]);
        assert_eq!(run.code(), Some(2), "{run}");
        assert_eq!(run.json()["error"], format!("{option} is for CSV, and rows.json is JSON"));
    }
    assert!(table.rows("select '' from t").is_empty());
}
