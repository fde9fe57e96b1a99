//! The versions of the schema and of the application, where the configuration says how to ask for them.

use crate::app::catalog::Catalog;
use crate::error::Fault;
use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

/// The setting that says how to ask for the version of the schema.
pub const SCHEMA_VERSION: &str = "schema-version";

/// The version of the schema of a database: what a query says, else what a migration tool keeps, else the number that
/// SQLite keeps for the application.
pub fn schema_version(connection: &Connection, sql: Option<&str>) -> Result<String> {
    let known = match sql {
        Some(sql) => ask(connection, SCHEMA_VERSION, sql)?,
        None => Catalog::read(connection)?.schema_version(connection)?,
    };
    known.map_or_else(|| user_version(connection), Ok)
}

/// The number that SQLite keeps for the application.
pub fn user_version(connection: &Connection) -> Result<String> {
    let number: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(number.to_string())
}

/// The version of the application, where a query says it.
pub fn app_version(connection: &Connection, sql: Option<&str>) -> Result<Option<String>> {
    Ok(sql.map(|sql| ask(connection, "app-version", sql)).transpose()?.flatten())
}

/// The first value that the query of a setting gives, as a text; nothing where it gives none.
pub fn ask(connection: &Connection, setting: &str, sql: &str) -> Result<Option<String>> {
    let wrong = |why: &str| Fault::usage(format!("{setting}.sql: {why}: {sql}"));
    let mut statement = connection.prepare(sql).map_err(|error| wrong(&error.to_string()))?;
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(wrong("this is no query").into());
    }
    let version = statement.query_row([], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
        })
    });
    Ok(version.optional().map_err(|error| wrong(&error.to_string()))?.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_the_version_and_nothing_else_is_let_in() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch("create table v(n); insert into v values ('0003'), (4)").expect("create");
        let ask = |sql: &str| ask(&db, SCHEMA_VERSION, sql);
        assert_eq!(ask("select n from v").expect("a text").as_deref(), Some("0003"));
        assert_eq!(ask("select max(n) + 0 from v where n = 4").expect("a number").as_deref(), Some("4"));
        assert_eq!(ask("pragma user_version").expect("a number").as_deref(), Some("0"));
        assert_eq!(ask("select n from v where 0").expect("nothing"), None);
        for sql in ["delete from v", "begin", "selec", "select n from v; delete from v", ""] {
            let error = ask(sql).expect_err(sql);
            assert!(error.to_string().contains("schema-version.sql"), "{error:#}");
            assert_eq!(crate::error::kind(&error), crate::error::Kind::Usage, "{sql}");
        }
        assert_eq!(ask("select count(*) from v").expect("a number").as_deref(), Some("2"));
    }
}
