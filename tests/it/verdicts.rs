//! `validate --against` and `import` say the same of a condensed document.

use super::pair::Pair;
use super::scene::Run;
use serde_json::{Value, json};

const SCHEMA: &str = "create table users(id integer primary key, name text not null unique);
    create table lists(id integer primary key, user_id integer not null references users(id), title text not null,
                       size integer check(size < 100), unique(user_id, title));
    create table marks(id integer primary key, title text not null unique, fk integer)";
const ROWS: &str = "insert into users values (1, 'ann'), (2, 'bob');
    insert into lists values (1, 1, 'a', 5), (2, 2, 'b', 7); insert into marks values (1, 'M', 2), (2, 'N', 1)";

fn pair() -> Pair {
    Pair::new(SCHEMA, ROWS, ROWS)
}

fn validate(pair: &Pair) -> Run {
    pair.scene.larder(["validate", "a.json", "--against", "b.db"]).run()
}

/// Both refuse it, and say this.
#[track_caller]
fn both_refuse(pair: &Pair, message: &str) {
    let before = pair.bytes();
    let run = validate(pair);
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains(message), "{message}: {run}");
    let run = pair.import(&["--on-conflict", "overwrite"]).fails(3);
    assert!(run.stderr().contains(message), "{message}: {run}");
    assert!(before == pair.bytes(), "{run}");
}

#[test]
fn what_an_import_takes_is_valid() {
    let run = validate(&pair()).succeeds();
    assert_eq!(run.stdout(), "a.json: valid\n", "{run}");
    // What differs is for somebody to settle, and no fault of the document.
    let pair = pair();
    pair.change("update lists set size = 8");
    let run = validate(&pair).succeeds();
    assert_eq!(run.stdout(), "a.json: valid\n", "{run}");
}

#[test]
fn a_reference_that_nothing_has_is_refused_by_both() {
    let pair = pair();
    pair.edit("\"user_name\": \"bob\"", "\"user_name\": \"nobody\"");
    both_refuse(&pair, "neither in the database nor in the document");
}

#[test]
fn a_value_that_a_constraint_refuses_is_refused_by_both() {
    let pair = pair();
    pair.edit("\"size\": 7", "\"size\": 700");
    both_refuse(&pair, "CHECK constraint failed");
}

#[test]
fn metadata_that_name_what_no_table_has_are_refused_by_both() {
    let pair = pair();
    let change = |at: &str, value: Value| {
        let mut document = pair.document();
        *document["metadata"].pointer_mut(at).expect(at) = value;
        std::fs::write(pair.scene.path("a.json"), document.to_string()).expect("write");
    };
    let own = pair.document();
    change("/sections/users/row/column", json!("number"));
    both_refuse(&pair, "metadata.sections.users.row: the table users has no column \"number\"");
    std::fs::write(pair.scene.path("a.json"), own.to_string()).expect("write");
    change("/sections/lists/references/user_name/to", json!(["number"]));
    both_refuse(&pair, "the table users has no column \"number\"");
    std::fs::write(pair.scene.path("a.json"), own.to_string()).expect("write");
    change("/includes", json!(["users", "lists", "marks", "others"]));
    both_refuse(&pair, "metadata.includes: it names other sections than metadata.sections");
}

#[test]
fn a_section_that_is_missing_is_refused_by_both() {
    let pair = pair();
    let mut document = pair.document();
    document["data"].as_object_mut().expect("sections").remove("marks");
    std::fs::write(pair.scene.path("a.json"), document.to_string()).expect("write");
    both_refuse(&pair, "data.marks: the section is missing");
}

#[test]
fn a_doubtful_number_is_a_warning_of_one_and_a_question_of_the_other() {
    let pair = pair();
    pair.change(
        "pragma foreign_keys = off; update users set id = id + 10; update lists set user_id = user_id + 10",
    );
    let run = validate(&pair).succeeds();
    assert!(
        run.stdout().contains("warning: metadata.doubts: 2 doubtful numbers may mean something else"),
        "{run}"
    );
    pair.import(&[]).fails(4);
}

#[test]
fn a_child_without_its_key_is_refused_by_both() {
    let schema = "create table items(id integer primary key, name text not null unique);
         create table item_tags(item_id integer not null references items(id) on delete cascade, tag text not null,
                                primary key(item_id, tag))";
    let rows = "insert into items values (1, 'a'); insert into item_tags values (1, 'red'), (1, 'blue')";
    let pair = Pair::new(schema, rows, rows);
    pair.edit("\"tag\": \"red\"", "\"tag\": null");
    both_refuse(&pair, "data.items[0].item_tags[1].tag: it is a part of the key, and the item lacks it");
}
