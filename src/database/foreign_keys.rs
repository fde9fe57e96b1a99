//! Foreign keys that lead nowhere.

use super::check::{stored_tables, text};
use super::connection::lacks_the_application;
use super::quote::table_pragma;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// How many violated foreign keys are named.
const EXAMPLES: usize = 20;

/// A row whose foreign key leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The table that the row is in.
    pub table: String,
    /// Its rowid, where the table has them.
    pub rowid: Option<i64>,
    /// The table that the key should lead to.
    pub parent: String,
}

/// What a check of the foreign keys found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignKeys {
    /// How many rows violate a key.
    pub violations: u64,
    /// The first of them.
    pub examples: Vec<Violation>,
    /// Tables whose keys cannot be checked, and why.
    pub unchecked: Vec<String>,
}

/// Checks every foreign key. `integrity_check` does not look at them, and some applications live with violations.
pub fn foreign_keys(connection: &Connection) -> Result<ForeignKeys> {
    let mut found = ForeignKeys::default();
    for table in stored_tables(connection)? {
        let pragma = table_pragma("foreign_key_check", &table);
        match violations(connection, &pragma, &mut found) {
            Err(error) if lacks_the_application(&error) => found.unchecked.push(format!("{table}: {error}")),
            done => done.with_context(|| format!("cannot check the foreign keys of {table}"))?,
        }
    }
    Ok(found)
}

/// The tables that foreign keys of other tables refer to, by their own names.
pub fn referred(connection: &Connection) -> Result<BTreeSet<String>> {
    let tables = stored_tables(connection)?;
    let parents = |table: &String| -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(&table_pragma("foreign_key_list", table))?;
        let parents = statement.query_map([], |row| text(row, "table"))?;
        parents.collect()
    };
    let mut referred = BTreeSet::new();
    for table in &tables {
        let found = parents(table).with_context(|| format!("cannot read the foreign keys of {table}"))?;
        for parent in found.iter().filter(|parent| !parent.eq_ignore_ascii_case(table)) {
            // The key may be written in another case than the table.
            referred.extend(tables.iter().find(|known| known.eq_ignore_ascii_case(parent)).cloned());
        }
    }
    Ok(referred)
}

fn violations(connection: &Connection, pragma: &str, found: &mut ForeignKeys) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(pragma)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.violations += 1;
        if found.examples.len() < EXAMPLES {
            found.examples.push(Violation {
                table: text(row, 0)?,
                rowid: row.get(1)?,
                parent: text(row, 2)?,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violated_foreign_keys_are_counted_and_keys_that_lead_to_no_key_named() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "pragma foreign_keys = off;
             create table p(id integer primary key, x);
             create table c(p references p); insert into c values (1), (null), (2);
             create table d(x references p(x)); insert into d values (1)",
        )
        .expect("fill");
        let found = foreign_keys(&db).expect("check");
        assert_eq!(found.violations, 2);
        let first = Violation { table: "c".into(), rowid: Some(1), parent: "p".into() };
        assert_eq!(found.examples.first(), Some(&first));
        assert!(found.unchecked[0].starts_with("d: "), "{found:?}");
    }

    #[test]
    fn tables_that_others_refer_to_are_known_in_any_case() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "create table Users(id integer primary key, boss references users);
             create table lone(id integer primary key, up references lone);
             create table notes(u references USERS, gone references nobody)",
        )
        .expect("fill");
        assert_eq!(referred(&db).expect("read"), BTreeSet::from(["Users".to_owned()]));
    }
}
