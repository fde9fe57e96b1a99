//! What the schema says of the tables of a database, in one place.

use super::left_out::{self, Why};
use crate::database::constraints::{ForeignKey, Unique, foreign_keys, uniques};
use crate::database::quote::{identifier, user_table};
use crate::database::schema::{Object, Rowid, Table, Tables, objects, shadow_tables, starts_with_words};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;
use std::collections::HashSet;

/// A table with what is said of it.
#[derive(Debug, Clone)]
pub struct TableInfo {
    /// Its columns.
    pub table: Table,
    /// The statement that made it.
    pub sql: String,
    /// What it is unique in, without the rowid.
    pub uniques: Vec<Unique>,
    /// What it refers to.
    pub foreign_keys: Vec<ForeignKey>,
}

/// The tables of a database that hold data of the application, and those that do not.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The tables by their names.
    pub tables: IndexMap<String, TableInfo>,
    /// Those that are left out by themselves.
    pub left_out: IndexMap<String, Why>,
}

impl TableInfo {
    /// The column that is the rowid.
    pub fn rowid_column(&self) -> Option<&str> {
        match &self.table.rowid {
            Rowid::Column(name) => Some(name),
            _ => None,
        }
    }

    /// Whether SQLite hands out ids that it never handed out before.
    pub fn counts_ids(&self) -> bool {
        self.sql.to_ascii_lowercase().contains("autoincrement")
    }

    /// Whether the schema lets in a single row only, by a check of its id.
    pub fn is_singleton(&self) -> bool {
        let Some(id) = self.rowid_column() else { return false };
        let plain: String = self.sql.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let plain = plain.replace(['"', '[', ']', '`'], "");
        ["1", "0"].iter().any(|number| {
            let id = id.to_ascii_lowercase();
            plain.contains(&format!("check({id}={number})"))
                || plain.contains(&format!("check({id}in({number}))"))
        })
    }

    /// Whether rows are unique in exactly these columns.
    pub fn is_unique_in(&self, columns: &[String]) -> bool {
        let same = |names: &[&str]| {
            names.len() == columns.len()
                && names.iter().all(|name| columns.iter().any(|column| column.eq_ignore_ascii_case(name)))
        };
        self.uniques.iter().any(|unique| same(&unique.names()))
            || self.rowid_column().is_some_and(|rowid| same(&[rowid]))
    }
}

impl Catalog {
    /// Reads the schema.
    pub fn read(connection: &Connection) -> Result<Self> {
        let shadows = shadows(connection)?;
        let mut catalog = Self::default();
        let tables = Tables::read(connection)?;
        let mut described: IndexMap<String, (Object, Table)> = IndexMap::new();
        for object in objects(connection)? {
            if object.is_virtual() {
                catalog.left_out.insert(object.name, Why::Virtual);
            } else if object.is_stored_table() {
                let table = tables.describe(&object.name)?;
                let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                match left_out::why(&object, shadows.contains(&object.name), &columns) {
                    Some(why) => drop(catalog.left_out.insert(object.name, why)),
                    None => drop(described.insert(object.name.clone(), (object, table))),
                }
            }
        }
        for (name, (object, table)) in &described {
            let find = |name: &str| {
                described.values().map(|(_, table)| table).find(|table| table.name.eq_ignore_ascii_case(name))
            };
            let info = TableInfo {
                table: table.clone(),
                sql: object.sql.clone(),
                uniques: uniques(connection, name)?,
                foreign_keys: foreign_keys(connection, name, find)?,
            };
            catalog.tables.insert(name.clone(), info);
        }
        Ok(catalog)
    }

    /// A table by its name, in whatever case.
    pub fn table(&self, name: &str) -> Option<&TableInfo> {
        self.tables
            .get(name)
            .or_else(|| self.tables.values().find(|info| info.table.name.eq_ignore_ascii_case(name)))
    }

    /// The version of the schema, where a migration tool keeps one.
    pub fn schema_version(&self, connection: &Connection) -> Result<Option<String>> {
        for (name, _) in self.left_out.iter().filter(|(_, why)| **why == Why::Migration) {
            let table = Tables::read(connection)?.describe(name)?;
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let Some(column) = left_out::version_column(name, &columns) else { continue };
            let sql = format!("SELECT CAST(max({}) AS TEXT) FROM {}", identifier(&column), user_table(name));
            let version: Option<String> = connection
                .query_row(&sql, [], |row| row.get(0))
                .with_context(|| format!("cannot read the version of the schema from {name}"))?;
            if version.is_some() {
                return Ok(version);
            }
        }
        Ok(None)
    }
}

/// The tables in which virtual tables keep their rows, as SQLite knows them, and those that begin with the name of a
/// virtual table whose module it does not know.
fn shadows(connection: &Connection) -> Result<HashSet<String>> {
    let mut shadows = shadow_tables(connection)?;
    let objects = objects(connection)?;
    let is_unknown = |object: &&Object| {
        let sql = format!("SELECT 1 FROM {} LIMIT 0", user_table(&object.name));
        object.is_virtual()
            && starts_with_words(&object.sql, &["create", "virtual", "table"])
            && connection.prepare(&sql).is_err_and(|error| error.to_string().contains("no such module"))
    };
    for owner in objects.iter().filter(is_unknown) {
        let start = format!("{}_", owner.name.to_lowercase());
        let named = objects.iter().filter(|object| object.is_stored_table());
        let named = named.filter(|object| object.name.to_lowercase().starts_with(&start));
        shadows.extend(named.map(|object| object.name.clone()));
    }
    Ok(shadows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_a_single_row_is_known_by_its_check() {
        for (sql, is_singleton) in [
            ("create table t(id integer primary key check (id = 1), a)", true),
            ("create table t(\"id\" integer primary key, a, CHECK(\"id\"=1))", true),
            ("create table t(id integer primary key check (id > 1), a)", false),
            ("create table t(id integer primary key, a check (a = 1))", false),
        ] {
            let db = Connection::open_in_memory().expect("open");
            db.execute_batch(sql).expect("create");
            let catalog = Catalog::read(&db).expect("read");
            assert_eq!(catalog.tables["t"].is_singleton(), is_singleton, "{sql}");
        }
    }

    #[test]
    fn the_tables_of_the_application_are_those_that_nobody_else_keeps() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "create table notes(id integer primary key, body); create virtual table search using fts5(body);
             create table alembic_version(version_num text primary key);
             insert into alembic_version values ('0003')",
        )
        .expect("create");
        let catalog = Catalog::read(&db).expect("read");
        assert_eq!(catalog.tables.keys().collect::<Vec<_>>(), ["notes"]);
        assert_eq!(catalog.left_out.get("search"), Some(&Why::Virtual));
        assert_eq!(catalog.left_out.get("search_data"), Some(&Why::Shadow));
        assert_eq!(catalog.schema_version(&db).expect("read").as_deref(), Some("0003"));
    }
}
