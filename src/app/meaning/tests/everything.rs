//! However long a value is, and however many there are: nothing hides the others.

use super::{doubts, holds, meaning, references};
use std::fmt::Write;

const TABLES: &str = "create table books(id integer primary key, t); create table pages(id integer primary key, t);
     insert into books values (2, 'a'), (5, 'b'), (9, 'c'); insert into pages values (5, 'x'), (9, 'y'), (12, 'z');";

#[test]
fn a_long_list_hides_no_other() {
    let sql = format!(
        "{TABLES} create table notes(code text primary key, seen text);
         insert into notes values ('a', '2,5'), ('b', '9'), ('c', '2' || replace(hex(zeroblob(3000)), '00', ',5'))"
    );
    holds(&sql, &[], &["notes.seen (list) -> books"]);
    let sql = format!(
        "{TABLES} create table settings(key text primary key, value text);
         insert into settings values ('shown_books', '[5' || replace(hex(zeroblob(3000)), '00', ',2') || ']')"
    );
    holds(&sql, &[], &["settings.value (list) where key = shown_books -> books"]);
}

#[test]
fn a_value_of_another_kind_hides_no_other() {
    let doubted = |column: &str, values: &str, wanted: &[&str]| {
        let sql = format!(
            "{TABLES} create table notes(code text primary key, {column}); insert into notes({column}) values {values}"
        );
        let wanted: Vec<String> = wanted.iter().map(|wanted| format!("notes.{column}{wanted}")).collect();
        holds(&sql, &[], &wanted.iter().map(String::as_str).collect::<Vec<_>>());
    };
    doubted("book_id", "(2), (5), ('none')", &[" -> books"]);
    doubted("book_ids", "('2,5'), ('9'), ('all')", &[" (list) -> books"]);
    doubted("book", "(2), (5), (x'00')", &[" -> books"]);
    doubted("book_id", "('b2'), ('b5'), (5)", &[]);
    let sql = format!(
        "{TABLES} create table settings(user text, key text, value text);
         insert into settings values ('a', 'last_book_id', '5'), ('b', 'last_book_id', 'none'), ('c', 'last_book_id', '2')"
    );
    holds(&sql, &[], &["settings.value where key = last_book_id -> books"]);
    let sql = format!(
        "{TABLES} create table comments(id integer primary key, on_type text, on_id);
         insert into comments values (1, 'Book', 2), (2, 'Book', 'x'), (3, 'Book', 5), (4, 'Page', 12)"
    );
    holds(
        &sql,
        &["comments.on_id where on_type = Page -> pages"],
        &["comments.on_id where on_type = Book -> books"],
    );
}

#[test]
fn any_key_in_json_has_a_path() {
    let sql = format!(
        r#"{TABLES} create table notes(id integer primary key, data text); insert into notes values
         (1, ' {{"last.book_id": 5, "$book_id": 2, "decks": {{"3": 2, "4": 9}}, "books": {{"100": 5}}}}')"#
    );
    holds(
        &sql,
        &[],
        &[
            "notes.data at \"last.book_id\" -> books",
            "notes.data at $book_id -> books",
            "notes.data at books[*] -> books",
        ],
    );
}

#[test]
fn json_of_thousands_of_names_is_looked_at() {
    let mut json = "{".to_owned();
    for at in 0..3000 {
        write!(json, "\"k{at}x\": {{\"n\": 1}}, \"m{at}x\": {at}, ").expect("a text");
    }
    json.push_str("\"last\": {\"book_id\": 5}, \"page_id\": 9}");
    let sql = format!(
        "{TABLES} create table notes(id integer primary key, data text); insert into notes values (1, '{json}')"
    );
    holds(&sql, &[], &["notes.data at page_id -> pages", "notes.data at [*].book_id -> books"]);
}

#[test]
fn thousands_of_kinds_are_kinds() {
    let sql = "create table items(id integer primary key, n); create table posts(id integer primary key, n);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 3000) insert into items select i, 'x' from n;
         insert into posts select id * 10, n from items;
         create table votes(code text primary key, item_id int, item_type text);
         insert into votes select id, id, 'kind' || id from items";
    let found = meaning(sql);
    assert_eq!(references(&found), Vec::<String>::new());
    assert_eq!(doubts(&found), ["votes.item_id -> items"]);
}

#[test]
fn numbers_of_too_many_ranges_may_still_be_ids() {
    let sql = "create table things(id integer primary key, t); create table other(code integer primary key, quux int, thing_id int);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 1100000) insert into things select i * 3, null from n;
         insert into other select id, id, id from things";
    let found = meaning(sql);
    assert!(doubts(&found).contains(&"other.quux -> things".to_owned()), "{:?}", doubts(&found));
    assert!(doubts(&found).contains(&"other.thing_id -> things".to_owned()), "{:?}", doubts(&found));
}

#[test]
fn the_last_number_that_there_is_counts_like_others() {
    let sql = "create table things(id integer primary key, t); insert into things values (1, 'a'), (2, 'b'), (3, 'c'), (9223372036854775807, 'd');
         create table counters(name text primary key, last int); insert into counters values ('things', 9223372036854775807)";
    holds(sql, &[], &["counters.last where name = things -> things"]);
}

#[test]
fn a_hidden_row_id_has_a_name_that_no_column_has() {
    let sql = "create table book(rowid text, t); insert into book values ('x', 'a'), ('y', 'b'), ('z', 'c');
         create table page(rowid text, _rowid_ text, t); insert into page values ('x', 'y', 'a');
         create table notes(code text primary key, book_id int, page int, rowid int);
         insert into notes values ('a', 1, 1, 3), ('b', 2, 1, 1), ('c', 3, 1, 2);
         create view v as select 1 from notes, page where notes.page = page.oid;
         create view w as select 1 from notes, book where notes.rowid = book.oid";
    let found = meaning(sql);
    assert_eq!(references(&found), ["notes.page -> page", "notes.rowid -> book", "notes.book_id -> book"]);
    let to: Vec<&str> = found.references.iter().map(|reference| reference.to[0].as_str()).collect();
    assert_eq!(to, ["oid", "_rowid_", "_rowid_"]);
}
