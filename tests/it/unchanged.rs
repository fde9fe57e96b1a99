//! Items that rows hold already: they are found first, and nothing that becomes of others is different for it.

use super::pair::Pair;
use serde_json::json;

const OVERWRITE: &[&str] = &["--on-conflict", "overwrite"];

/// Parents may come after their children, and lead in a circle.
#[test]
fn a_tree_in_any_order_is_the_same_but_for_what_differs() {
    let schema = "create table places(id integer primary key, name text not null unique, inside integer references places(id), note text)";
    let here = "insert into places values (1, 'Rome', 3, 'a'), (2, 'Earth', null, 'b'), (3, 'Italy', 2, 'c'),
        (4, 'egg', 5, 'd'), (5, 'hen', 4, 'e')";
    let there = "insert into places values (11, 'Rome', 13, 'a'), (12, 'Earth', null, 'other'), (13, 'Italy', 12, 'c'),
        (14, 'egg', 15, 'd'), (15, 'hen', 14, 'e')";
    let pair = Pair::new(schema, here, there);
    assert_eq!(pair.brings(OVERWRITE), json!({"places": {"same": 4, "overwritten": 1}}));
    assert_eq!(
        pair.there(
            "select a.name || ' in ' || b.name from places a join places b on b.id = a.inside order by a.name"
        ),
        ["Italy in Earth", "Rome in Italy", "egg in hen", "hen in egg"]
    );
}

/// What a trigger does to them while others come in is put right.
#[test]
fn what_triggers_make_of_unchanged_rows_is_put_right() {
    let schema = "create table lists(id integer primary key, name text not null unique, films integer);
        create table films(id integer primary key, title text not null unique, list_id integer references lists(id));
        create trigger counted after insert on films begin update lists set films = films + 1 where id = new.list_id; end;";
    let here = "insert into films values (1, 'Alien', null), (2, 'Heat', null);
        insert into lists values (1, 'Best', 1), (2, 'Worst', 7); update films set list_id = 1;";
    let there = "insert into films values (5, 'Alien', null);
        insert into lists values (3, 'Best', 1), (4, 'Worst', 7); update films set list_id = 3;";
    let pair = Pair::new(schema, here, there);
    assert_eq!(pair.brings(&[]), json!({"lists": {"same": 2}, "films": {"same": 1, "new": 1}}));
    assert_eq!(pair.there("select name || films from lists order by id"), ["Best1", "Worst7"]);
}

/// Another item that shares what is unique with an unchanged one is in a conflict, as it would be with any row.
#[test]
fn what_is_unique_in_an_unchanged_row_is_no_other_s() {
    let schema =
        "create table people(id integer primary key, name text not null unique, badge integer unique)";
    let pair = Pair::new(
        schema,
        "insert into people values (1, 'Ann', 10), (2, 'Bob', 777)",
        "insert into people values (7, 'Ann', 10)",
    );
    pair.edit("777", "10");
    pair.refuses(4, &[]).says("it shares what must be unique with another row");
}

/// Neither a key in other letters nor one that several rows have says that an item is a row.
#[test]
fn keys_in_other_letters_and_of_several_rows_are_decided_by_themselves() {
    let schema =
        "create table tags(id integer primary key, name text not null unique collate nocase, colour text)";
    let pair = Pair::new(
        schema,
        "insert into tags values (1, 'Films', 'red'), (2, 'Books', 'blue')",
        "insert into tags values (4, 'FILMS', 'red'), (5, 'Books', 'blue')",
    );
    assert_eq!(pair.brings(OVERWRITE), json!({"tags": {"same": 1, "overwritten": 1}}));
    assert_eq!(pair.there("select name from tags order by id"), ["Films", "Books"]);
}

/// The report tells of them like of all others, in the order of the document.
#[test]
fn a_report_lists_them_in_their_place() {
    let schema = "create table tags(id integer primary key, name text not null unique, colour text)";
    let pair = Pair::new(
        schema,
        "insert into tags values (1, 'a', 'red'), (2, 'b', 'blue'), (3, 'c', 'green'), (4, 'd', 'grey')",
        "insert into tags values (4, 'b', 'blue'), (5, 'c', 'other'), (6, 'd', 'grey')",
    );
    pair.import(&["--on-conflict", "overwrite", "--report", "report.ndjson"]).succeeds();
    let report = std::fs::read_to_string(pair.scene.path("report.ndjson")).expect("read");
    let lines = report.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let told: Vec<_> = lines
        .filter(|line| line["label"].is_string())
        .map(|line| {
            format!(
                "{} {}",
                line["label"].as_str().unwrap_or_default(),
                line["outcome"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(told, ["a new", "b same", "c overwritten", "d same"]);
}

/// A row that a trigger removes while others are written is not the same: it is gone.
#[test]
fn rows_that_triggers_remove_at_the_very_end_are_not_the_same() {
    let schema = "create table tags(id integer primary key, name text not null unique);
        create table films(id integer primary key, name text not null unique, tag_id integer references tags(id));
        create trigger tidy after delete on films begin delete from tags where id not in (select tag_id from films); end;";
    let pair = Pair::new(
        schema,
        "insert into tags values (1, 'used'), (2, 'idle'); insert into films values (1, 'Heat', 1)",
        "insert into tags values (7, 'used'), (8, 'idle'); insert into films values (4, 'Heat', 7), (5, 'Ran', 7)",
    );
    pair.refuses(3, &["--replace-all"]).says("a trigger of the database removed its row: --triggers off");
}

/// With `--triggers on`, what a trigger makes of a row before it is its turn is what the item is compared with.
#[test]
fn with_triggers_on_what_they_change_is_looked_at() {
    let schema = "create table lists(id integer primary key, name text not null unique);
        create table films(id integer primary key, title text not null unique, note text);
        create trigger shout after insert on lists begin update films set note = 'loud'; end;";
    let films = "insert into films values (1, 'Alien', 'quiet')";
    let pair = Pair::new(schema, &format!("insert into lists values (1, 'new'); {films}"), films);
    let run = pair.import(&["--triggers", "on", "--on-conflict", "overwrite", "--json"]).succeeds();
    assert_eq!(pair.there("select note from films"), ["quiet"], "{run}");
}

/// Two texts that hold numbers which differ beyond what a 64-bit number holds are not the same.
#[test]
fn json_is_the_same_to_the_last_digit() {
    let schema = "create table notes(id integer primary key, name text not null unique, body text)";
    let row = |body: &str| format!("insert into notes values (1, 'a', '{body}')");
    for (here, there) in [
        (r#"{"n":12345678901234567890123}"#, r#"{"n":12345678901234567890124}"#),
        (r#"{"n":0.1000000000000000055}"#, r#"{"n":0.1}"#),
    ] {
        let pair = Pair::new(schema, &row(here), &row(there));
        assert_eq!(pair.brings(OVERWRITE), json!({"notes": {"overwritten": 1}}));
        assert_eq!(pair.there("select body from notes"), [here]);
    }
    let pair = Pair::new(schema, &row(r#"{"n": 1}"#), &row(r#"{"n":1}"#));
    assert_eq!(pair.brings(OVERWRITE), json!({"notes": {"same": 1}}));
}
