use super::{doubts, meaning, references};
use crate::app::catalog::Catalog;
use crate::app::meaning::{Class, Evidence, Meaning};
use crate::config::{ReferenceConfig, Rules, SectionConfig};
use rusqlite::Connection;
use std::fmt::Write;

/// The same rows with other row ids, and in another order, mean the same.
#[test]
fn neither_the_numbers_nor_the_order_of_rows_matter() {
    let sql = |ids: [u32; 4], order: &str| {
        let [a, b, c, d] = ids;
        let rows = [
            format!("insert into users values ({a}, 'ann'), ({b}, 'bob');"),
            format!("insert into posts values ({c}, {a}, {b}, '{a},{b}'), ({d}, {b}, {b}, '{b}');"),
        ];
        let rows = if order == "asc" { rows.concat() } else { rows.iter().rev().cloned().collect() };
        format!(
            "pragma foreign_keys = off; create table users(id integer primary key, name);
             create table posts(id integer primary key, user_id int, user int, user_ids text); {rows}"
        )
    };
    let first = meaning(&sql([1, 2, 1, 2], "asc"));
    for other in [sql([40, 30, 7, 3], "asc"), sql([2, 1, 9, 11], "desc")] {
        let other = meaning(&other);
        assert_eq!((references(&first), doubts(&first)), (references(&other), doubts(&other)));
        assert_eq!(first.row_ids, other.row_ids);
    }
}

#[test]
fn what_the_settings_say_is_settled() {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(
        "create table users(id integer primary key, name); create table posts(id integer primary key, item_id int, thing_id int, code int);
         insert into users values (3, 'a'), (5, 'b'); insert into posts values (3, 5, 5, 3), (4, 3, 3, 5)",
    )
    .expect("fill");
    let mut posts =
        SectionConfig { key: Some(vec!["id".into(), "thing_id".into()]), ..SectionConfig::default() };
    posts.references.insert("item_id".into(), ReferenceConfig::Section("users".into()));
    let rules = Rules { sections: [("posts".to_owned(), posts)].into_iter().collect(), ..Rules::default() };
    let found = Meaning::find(&db, &Catalog::read(&db).expect("the schema"), &rules).expect("a meaning");
    assert_eq!(references(&found), ["posts.item_id -> users"]);
    assert_eq!(found.references[0].evidence, Evidence::Configured);
    assert_eq!(found.row_ids["posts"].class, Class::Natural);
    assert_eq!(doubts(&found), Vec::<String>::new());
}

#[test]
fn plain_numbers_that_are_all_ids_are_listed() {
    let found = meaning(
        "create table things(id integer primary key, t); create table other(code text primary key, quux int);
         insert into things values (1, 'a'), (2, 'b'), (3, 'c'); insert into other values ('x', 1), ('y', 2), ('z', 3)",
    );
    assert_eq!(doubts(&found), Vec::<String>::new());
    let (table, column, tables) = &found.numbers[0];
    assert_eq!((table.as_str(), column.as_str(), tables.len()), ("other", "quux", 1));
}

/// A word for a number.
fn letters(number: u32) -> String {
    let letter = |digit: u8| char::from(b'b' + (digit - b'0') * 2);
    number.to_string().bytes().map(letter).chain("um".chars()).collect()
}

/// Every column was compared with every table: of thousands of tables nothing came back for minutes.
#[test]
fn thousands_of_tables_and_columns_are_no_problem() {
    let mut sql = String::new();
    for table in 0..2000 {
        let (name, other) = (letters(table), letters(table / 2));
        write!(sql, "create table {name}s(id integer primary key, {other}_id int, name text);")
            .expect("a text");
        write!(sql, "insert into {name}s values (1, 1, 'a'), (2, 2, 'b');").expect("a text");
    }
    let columns: Vec<String> = (0..1500).map(|column| format!("c{column} int")).collect();
    write!(sql, "create table wide({}); insert into wide(c1) values (1)", columns.join(", "))
        .expect("a text");
    let start = std::time::Instant::now();
    let found = meaning(&sql);
    assert!(found.references.len() > 1900, "{}", found.references.len());
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
