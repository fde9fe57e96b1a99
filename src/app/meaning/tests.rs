//! The rules on small databases: what each of them says, and what it does not.

mod doubts;
mod everything;
mod proofs;
mod row_ids;
mod whole;

use super::{Class, Evidence, Meaning, Place};
use crate::app::catalog::Catalog;
use crate::config::Rules;
use rusqlite::Connection;

/// Rows with these numbers, as values that an INSERT takes.
fn numbered(numbers: impl IntoIterator<Item = i64>) -> String {
    let rows: Vec<String> = numbers.into_iter().map(|number| format!("({number})")).collect();
    rows.join(", ")
}

fn meaning(sql: &str) -> Meaning {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let catalog = Catalog::read(&db).expect("the schema");
    Meaning::find(&db, &catalog, &Rules::default()).expect("a meaning")
}

fn class(sql: &str, table: &str) -> Class {
    meaning(sql).row_ids[table].class
}

fn place(table: &str, column: &str, place: &Place, when: Option<&(String, String)>) -> String {
    let inside = match place {
        Place::Whole => String::new(),
        Place::List => " (list)".to_owned(),
        Place::Json(path) => format!(" at {path}"),
    };
    let when = when.map(|(column, value)| format!(" where {column} = {value}")).unwrap_or_default();
    format!("{table}.{column}{inside}{when}")
}

/// The references that nobody declared.
fn references(meaning: &Meaning) -> Vec<String> {
    let found = meaning.references.iter();
    let found = found.filter(|reference| !matches!(reference.evidence, Evidence::Declared { .. }));
    let line = found.map(|reference| {
        let from = place(&reference.table, &reference.columns[0], &reference.place, reference.when.as_ref());
        format!("{from} -> {}", reference.target)
    });
    line.collect()
}

fn doubts(meaning: &Meaning) -> Vec<String> {
    let line = meaning.doubts.iter().map(|doubt| {
        let from = place(&doubt.table, &doubt.column, &doubt.place, doubt.when.as_ref());
        let targets: Vec<&str> = doubt.targets.iter().map(String::as_str).collect();
        format!("{from} -> {}", targets.join(", "))
    });
    line.collect()
}

/// Holds what references and doubts a database has, and that the numbers themselves say nothing of it.
#[track_caller]
fn holds(sql: &str, wanted_references: &[&str], wanted_doubts: &[&str]) {
    let found = meaning(sql);
    let why: Vec<&str> = found.doubts.iter().map(|doubt| doubt.why.as_str()).collect();
    assert_eq!(references(&found), wanted_references, "references of {sql}: {why:?}");
    assert_eq!(doubts(&found), wanted_doubts, "doubts of {sql}: {why:?}");
}
