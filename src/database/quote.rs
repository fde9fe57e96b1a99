//! SQL text for names that come from a schema.
//!
//! A connection looks for a name in its temporary tables first, so that a table of larder's own could hide one of the user's.
//! So a user's table is always written by [`user_table`], and larder's by [`super::temporary`]; a query gives a table a name
//! of its own (`AS`) only where all of its tables have one, or by [`alias`]. Functions of SQLite's that give rows are written
//! `temp.json_tree(…)`: what is no temporary table is then looked for among them, and not among the user's tables. A test
//! holds all that.

use super::value::Value;

/// The name of a column, a collation or an index as a SQL identifier, whatever it holds.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table of the user's, whatever larder's own are called. It stands before a column's name, too.
pub fn user_table(name: &str) -> String {
    format!("main.{}", identifier(name))
}

/// The table in a CREATE INDEX statement: SQLite takes no database before it, since it is always that of the index.
pub fn indexed_table(name: &str) -> String {
    identifier(name)
}

/// What a table is called in a query, or part of one, that has the table `other` by its own name: never the same.
pub fn alias(role: &str, other: &str) -> String {
    identifier(&format!("larder {role} of {other}"))
}

/// A PRAGMA about a table of the user's.
pub fn table_pragma(pragma: &str, table: &str) -> String {
    format!("PRAGMA main.{pragma}({})", identifier(table))
}

/// A text as a SQL literal.
pub fn literal(text: &str) -> String {
    if text.contains('\0') {
        return format!("CAST({} AS TEXT)", bytes(text.as_bytes()));
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A value as a SQL literal.
pub fn value_literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) if number.is_infinite() => {
            if *number > 0.0 { "9e999" } else { "-9e999" }.to_owned()
        }
        Value::Real(number) => format!("{number:e}"),
        Value::Text(text) => literal(text),
        Value::RawText(raw) => format!("CAST({} AS TEXT)", bytes(raw)),
        Value::Blob(blob) => bytes(blob),
    }
}

fn bytes(bytes: &[u8]) -> String {
    let mut text = "x'".to_owned();
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text + "'"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::value::Borrowed;
    use rusqlite::Connection;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier(r#"a "b".c"#), r#""a ""b"".c""#);
        assert_eq!(user_table(r#"a "b".c"#), r#"main."a ""b"".c""#);
        assert_eq!(literal("o'clock"), "'o''clock'");
        assert_eq!(literal("a\0"), "CAST(x'6100' AS TEXT)");
    }

    #[test]
    fn a_value_is_itself_as_a_literal() {
        let db = Connection::open_in_memory().expect("open");
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(0.1),
            Value::Real(-1e300),
            Value::Real(3.0),
            Value::Real(f64::NEG_INFINITY),
            Value::Text("o'cl\0ck".into()),
            Value::RawText(vec![0xff, 0x41]),
            Value::Blob(vec![0, 255]),
        ];
        for value in values {
            let sql = format!("SELECT {}", value_literal(&value));
            let read = db.query_row(&sql, [], |row| Ok(Value::from(Borrowed::of(row.get_ref(0)?))));
            assert_eq!(read.expect(&sql), value, "{sql}");
        }
    }

    #[test]
    fn a_name_means_the_users_table_or_sqlites_function_whatever_others_are_called() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "pragma foreign_keys = off; create table t(a references x); create temp table t(b, c); create table json_tree(z);
             create table pragma_table_xinfo(z); insert into t values (1, 2); insert into main.t values ('[3]')",
        )
        .expect("fill");
        let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).expect(sql);
        let own = user_table("t");
        assert_eq!(text(&format!("SELECT {own}.a FROM {own}")), "[3]");
        assert_eq!(text("SELECT group_concat(type) FROM temp.json_tree('[3]')"), "array,integer");
        assert_eq!(text("SELECT group_concat(name) FROM temp.pragma_table_xinfo('t', 'main')"), "a");
        let pragma = table_pragma("foreign_key_list", "t");
        let parent: String = db.query_row(&pragma, [], |row| row.get("table")).expect("the key");
        assert_eq!(parent, "x");
    }

    #[test]
    fn a_table_under_another_name_is_not_taken_for_one_under_its_own() {
        let db = Connection::open_in_memory().expect("open");
        for name in ["t", "larder parent", "larder parent of t"] {
            let (table, parent) = (user_table(name), alias("parent", name));
            db.execute_batch(&format!(
                "create table {table}(id, up); insert into {table} values (1, 2), (2, 3)"
            ))
            .expect("fill");
            let sql = format!(
                "SELECT id FROM {table} WHERE NOT EXISTS
                 (SELECT 1 FROM {table} AS {parent} WHERE {parent}.id = {table}.up)"
            );
            assert_eq!(db.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("a row"), 2, "{name}");
        }
    }
}
