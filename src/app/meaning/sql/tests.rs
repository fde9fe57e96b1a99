//! Every form in which SQL says that two columns are equal.

mod changes;
mod conditions;
mod ids;
mod limits;
mod names;
mod ownership;
mod selects;

use super::{Condition, Equality, SqlColumn, equalities};
use crate::app::catalog::Catalog;
use rusqlite::Connection;

const TABLES: &str = "
    CREATE TABLE posts(id INTEGER PRIMARY KEY, title, author, parent, kind);
    CREATE TABLE users(id INTEGER PRIMARY KEY, name);
    CREATE TABLE comments(id INTEGER PRIMARY KEY, post, user, item, item_type, text);
    CREATE TABLE notes(post, body);";

fn database(sql: &str) -> (Connection, Catalog) {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(TABLES).expect("create the tables");
    db.execute_batch(sql).expect(sql);
    let catalog = Catalog::read(&db).expect("read");
    (db, catalog)
}

fn column(column: &SqlColumn) -> String {
    format!("{}.{}", column.table, column.column)
}

fn condition(condition: &Condition) -> String {
    format!("{} in ({})", column(&condition.column), condition.values.join(","))
}

fn equality(equality: &Equality) -> String {
    let conditions = equality.conditions.iter().map(|one| format!(" if {}", condition(one)));
    format!("{} = {}{}", column(&equality.left), column(&equality.right), conditions.collect::<String>())
}

/// The equalities that views and triggers beside [`TABLES`] state.
fn stated(sql: &str) -> Vec<String> {
    let (db, catalog) = database(sql);
    let mut found: Vec<_> = equalities(&db, &catalog).expect(sql).iter().map(equality).collect();
    found.sort();
    found.dedup();
    found
}

/// What a view of this select states.
fn by_view(select: &str) -> Vec<String> {
    stated(&format!("CREATE VIEW v AS {select};"))
}

/// What these statements of a trigger on posts state.
fn by_trigger(statements: &str) -> Vec<String> {
    stated(&format!("CREATE TRIGGER t AFTER UPDATE ON posts BEGIN {statements}; END;"))
}

const POST: &str = "comments.post = posts.id";
