//! What the rows of a table are known by: its primary key, what else is unique in it, and what `--match` names.

use super::mapping::{column, no_column};
use crate::database::constraints::{has_index, uniques};
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::schema::{Rowid, Table};
use crate::database::temporary::TempTable;
use crate::error::Fault;
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashSet;

/// What rows are known by.
#[derive(Debug)]
pub(super) struct Keys {
    pub keys: Vec<Key>,
    /// Whether the first one was named: it alone says which row is which, and the others only what is taken.
    pub is_named: bool,
}

/// Columns that say which row is which.
#[derive(Debug)]
pub(super) struct Key {
    /// Their places in the table.
    pub columns: Vec<usize>,
    /// What compares each.
    collations: Vec<String>,
}

impl Keys {
    /// Those of a table, with a named one first.
    pub fn of(connection: &Connection, table: &Table, named: &[String]) -> Result<Self> {
        let mut keys: Vec<Key> = Vec::new();
        if !named.is_empty() {
            keys.push(Key::named(table, named)?);
        }
        if let Rowid::Column(name) = &table.rowid {
            keys.extend(Key::new(table, [(name.as_str(), "BINARY")].into_iter()));
        }
        for unique in uniques(connection, &table.name)? {
            let columns = unique.columns.iter().map(|(name, collation)| (name.as_str(), collation.as_str()));
            keys.extend(Key::new(table, columns));
        }
        let mut known = HashSet::new();
        keys.retain(|key| known.insert((key.columns.clone(), key.collations.clone())));
        Ok(Self { keys, is_named: !named.is_empty() })
    }

    /// Whether a row has the values of some key.
    pub fn any_complete(&self, has: impl Fn(usize) -> bool) -> bool {
        let known = if self.is_named { &self.keys[..1] } else { &self.keys };
        known.iter().any(|key| key.columns.iter().all(|at| has(*at)))
    }

    /// A column of the named key that a row has no value of.
    pub fn missing(&self, has: impl Fn(usize) -> bool) -> Option<usize> {
        let named = self.keys.first().filter(|_| self.is_named);
        named.and_then(|key| key.columns.iter().copied().find(|at| !has(*at)))
    }
}

impl Key {
    fn new<'n>(table: &Table, columns: impl Iterator<Item = (&'n str, &'n str)>) -> Option<Self> {
        let mut key = Self { columns: Vec::new(), collations: Vec::new() };
        for (name, collation) in columns {
            let at = column(name, table)?;
            // What is computed is in no row of a file.
            if table.columns[at].generated.is_some() {
                return None;
            }
            key.columns.push(at);
            key.collations.push(collation.to_owned());
        }
        Some(key)
    }

    fn named(table: &Table, names: &[String]) -> Result<Self> {
        let mut columns: Vec<(&str, &str)> = Vec::new();
        for name in names {
            let Some(at) = column(name, table) else {
                return Err(anyhow::Error::new(no_column(name, table)).context("--match"));
            };
            let found = &table.columns[at];
            columns.push((&found.name, &found.collation));
        }
        let computed = || Fault::usage("--match: a column whose value is computed is in no row of a file");
        Ok(Self::new(table, columns.into_iter()).ok_or_else(computed)?)
    }

    /// The names of its columns.
    pub fn names(&self, table: &Table) -> String {
        let names: Vec<&str> = self.columns.iter().map(|at| table.columns[*at].name.as_str()).collect();
        names.join(", ")
    }

    /// The condition that a row has the values of the parameters that have its columns' numbers, counted from 1.
    pub fn condition(&self, table: &Table) -> String {
        let row = user_table(&table.name);
        let equal = |(at, collation): (&usize, &String)| {
            let name = identifier(&table.columns[*at].name);
            format!("{row}.{name} = ?{} COLLATE {}", at + 1, identifier(collation))
        };
        self.columns.iter().zip(&self.collations).map(equal).collect::<Vec<_>>().join(" AND ")
    }
}

/// Where the rows of a key are looked for: the table itself, or an index of larder's own beside it.
pub(super) struct Place {
    index: Option<TempTable>,
}

impl Place {
    /// Looks whether the table has an index for a key, and makes one where it has not. It is kept up as rows are written,
    /// whoever writes them.
    pub fn prepare(connection: &Connection, table: &Table, handle: &RowHandle, key: &Key) -> Result<Self> {
        let names = key.columns.iter().map(|at| table.columns[*at].name.as_str());
        let columns: Vec<(&str, &str)> = names.zip(key.collations.iter().map(String::as_str)).collect();
        if !handle.exists() || has_index(connection, table, &columns)? {
            return Ok(Self { index: None });
        }
        let declared = columns.iter().enumerate().map(|(at, (name, collation))| {
            format!("k{at} {} COLLATE {}", table.affinity(name).declared(), identifier(collation))
        });
        let declared = declared.collect::<Vec<_>>().join(", ");
        let index = TempTable::create(connection, "match", &format!("({declared}, {})", handle.declared()))?;
        let kept: Vec<String> = (0..columns.len()).map(|at| format!("k{at}")).collect();
        let (kept, row) = (kept.join(", "), user_table(&table.name));
        let names: Vec<String> = columns.iter().map(|(name, _)| identifier(name)).collect();
        let of = |row: &str| names.iter().map(|name| format!("{row}.{name}")).collect::<Vec<_>>().join(", ");
        connection.execute_batch(&format!(
            "INSERT INTO {index} SELECT {}, {} FROM {row}",
            of(&row),
            handle.of_row(&row)
        ))?;
        index.index(connection, &kept)?;
        let into = index.unqualified();
        let insert = format!("INSERT INTO {into} VALUES ({}, {});", of("new"), handle.of_row("new"));
        for event in ["INSERT", "UPDATE"] {
            index.follow(connection, event, &row, &insert)?;
        }
        Ok(Self { index: Some(index) })
    }

    /// What follows FROM in a query for rows of a key: the tables and the condition.
    pub fn rows(&self, table: &Table, handle: &RowHandle, key: &Key) -> String {
        let (row, condition) = (user_table(&table.name), key.condition(table));
        let Some(index) = &self.index else { return format!("{row} WHERE {condition}") };
        let kept =
            key.columns.iter().enumerate().map(|(at, column)| format!("{index}.k{at} = ?{}", column + 1));
        let kept = kept.collect::<Vec<_>>().join(" AND ");
        // What it keeps of rows that were changed since is no longer so.
        format!("{index} CROSS JOIN {row} ON {} WHERE {kept} AND {condition}", handle.joins(&row, index))
    }
}
