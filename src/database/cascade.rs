//! Deletes a row as SQLite does with `foreign_keys=ON`, on a connection that does not enforce them.
//!
//! Rows that refer to it by `ON DELETE CASCADE` go too, and what refers to those; by `SET NULL` and `SET DEFAULT` they
//! lose their reference. `NO ACTION` and `RESTRICT` leave rows that refer to nothing: whoever deletes looks for
//! violations when all is done. What `ON UPDATE` would do about a reference that was cleared is not done.

mod referring;
#[cfg(test)]
mod tests;

use super::check::stored_tables;
use super::constraints::{OnDelete, foreign_keys, uniques};
use super::quote::user_table;
use super::row_handle::RowHandle;
use super::schema::{Table, Tables};
use super::value::{Borrowed, Value};
use crate::error::Fault;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use referring::{Clear, Referring};
use rusqlite::{Connection, Statement, StatementStatus, params_from_iter};
use std::collections::HashMap;

/// Steps of SQLite's machine that searches may waste before an index is made for them: a million are some milliseconds.
const PATIENCE: i64 = 1_000_000;

/// Deletes rows with what refers to them.
pub struct Cascade<'c> {
    connection: &'c Connection,
    /// The tables, by their names in lower case.
    tables: IndexMap<String, Known>,
    /// Who refers to the rows of each table, and loses something with them.
    referring: Vec<Vec<Referring>>,
    statements: Statements<'c>,
    patience: i64,
    /// How many rows of each table went because they referred to one that did.
    pub removed: IndexMap<String, u64>,
    /// How many rows of each table lost a reference.
    pub cleared: IndexMap<String, u64>,
    /// The rows that were deleted or cleared, by their tables, and whether they were deleted; whoever wants them takes them.
    pub touched: Vec<(String, Vec<Value>, bool)>,
}

/// A table, and the columns that find its rows again.
struct Known {
    table: Table,
    handle: RowHandle,
}

impl Known {
    /// Its name in SQL, whatever temporary tables there are.
    fn name(&self) -> String {
        user_table(&self.table.name)
    }
}

impl<'c> Cascade<'c> {
    /// Reads what the tables declare. A table that is made later is not known.
    pub fn new(connection: &'c Connection) -> Result<Self> {
        let schema = Tables::read(connection)?;
        let mut tables = IndexMap::new();
        for name in stored_tables(connection)? {
            let table = schema.describe(&name)?;
            tables.insert(name.to_ascii_lowercase(), Known { handle: RowHandle::of(&table), table });
        }
        let mut cascade = Self {
            connection,
            referring: tables.values().map(|_| Vec::new()).collect(),
            tables,
            statements: Statements { connection, prepared: HashMap::new() },
            patience: PATIENCE,
            removed: IndexMap::new(),
            cleared: IndexMap::new(),
            touched: Vec::new(),
        };
        for child in 0..cascade.tables.len() {
            cascade.read_references(child)?;
        }
        Ok(cascade)
    }

    /// Reads to whom the rows of a table refer, and lose something with.
    fn read_references(&mut self, child: usize) -> Result<()> {
        let known = &self.tables[child];
        let tables = |name: &str| self.tables.get(&name.to_ascii_lowercase()).map(|known| &known.table);
        for key in foreign_keys(self.connection, &known.table.name, tables)? {
            let Some((parent, _, referred)) = self.tables.get_full(&key.parent.to_ascii_lowercase()) else {
                continue;
            };
            let columns = key.columns.iter().map(|name| known.table.column(name)).collect::<Option<Vec<_>>>();
            let to = key.to.iter().map(|name| referred.table.column(name)).collect::<Option<Vec<_>>>();
            let (Some(columns), Some(to)) = (columns, to) else { continue };
            let clear = match key.on_delete {
                OnDelete::Nothing => continue,
                OnDelete::Cascade => None,
                OnDelete::SetNull => Some(Clear::to_null(&columns)),
                OnDelete::SetDefault => Some(Clear::to_default(&columns)),
            };
            let number = self.referring.iter().map(Vec::len).sum();
            let mut uniques = uniques(self.connection, &referred.table.name)?;
            let is_of_key = |name: &&str| to.iter().any(|column| column.name.eq_ignore_ascii_case(name));
            uniques.retain(|unique| unique.names().iter().all(is_of_key));
            let referring =
                Referring::new(number, (child, &columns), (&referred.table, &to), &uniques, clear);
            self.referring[parent].push(referring);
        }
        Ok(())
    }

    /// Deletes a row, by its rowid or its primary key. One that is gone already is no error; one that a trigger keeps is.
    pub fn delete(&mut self, table: &str, handle: &[Value]) -> Result<()> {
        let at = self.tables.get_index_of(&table.to_ascii_lowercase());
        let at = at.with_context(|| format!("there is no table {table}"))?;
        let (_, mut open) =
            self.delete_row(at, handle).with_context(|| format!("cannot delete a row of {table}"))?;
        while let Some((at, handle)) = open.pop() {
            let (is_deleted, more) = self.delete_row(at, &handle)?;
            open.extend(more);
            if is_deleted {
                *self.removed.entry(self.tables[at].table.name.clone()).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Deletes one row, and clears what refers to it. Says whether it was there, and which rows go with it.
    fn delete_row(&mut self, at: usize, handle: &[Value]) -> Result<(bool, Vec<Found>)> {
        let mut found = Vec::new();
        for number in 0..self.referring[at].len() {
            found.push(self.rows_that_refer(at, number, handle)?);
        }
        let known = &self.tables[at];
        let name = known.name();
        let sql = format!("DELETE FROM {name} WHERE {}", known.handle.is(&name, handle, 0));
        let deleted = self.statements.execute(&sql, handle)? > 0;
        if deleted {
            self.touched.push((known.table.name.clone(), handle.to_vec(), true));
        } else {
            self.require_gone(at, handle, "1")?;
        }
        let mut with_it = Vec::new();
        for (number, handles) in found.into_iter().enumerate() {
            let child = self.referring[at][number].child;
            match self.referring[at][number].clear.clone() {
                None => with_it.extend(handles.into_iter().map(|handle| (child, handle))),
                Some(clear) => {
                    handles.iter().try_for_each(|handle| self.clear(child, handle, &clear))?;
                }
            }
        }
        Ok((deleted, with_it))
    }

    /// The rows that refer to one by a foreign key.
    fn rows_that_refer(&mut self, at: usize, number: usize, handle: &[Value]) -> Result<Vec<Vec<Value>>> {
        let referring = &mut self.referring[at][number];
        let (parent, child) = (&self.tables[at], &self.tables[referring.child]);
        if referring.wasted > self.patience && !referring.is_indexed() {
            referring.make_index(self.connection, child)?;
        }
        let statement = self.statements.get(&referring.query(parent, child, handle))?;
        let found = read(statement, handle, child.handle.columns().len());
        let found = found.with_context(|| format!("cannot find what refers to {}", parent.table.name))?;
        if !child.handle.exists() && !found.is_empty() {
            let child = &child.table.name;
            let message =
                format!("rows of {child} cannot be found again: columns have all names of its rowid");
            return Err(Fault::failed(message).into());
        }
        referring.count(statement.reset_status(StatementStatus::VmStep), found.len());
        Ok(found)
    }

    /// Takes the reference from a row that had one.
    fn clear(&mut self, child: usize, handle: &[Value], clear: &Clear) -> Result<()> {
        let known = &self.tables[child];
        let name = known.name();
        let sql = format!("UPDATE {name} SET {} WHERE {}", clear.set, known.handle.is(&name, handle, 0));
        let changed = self.statements.execute(&sql, handle);
        if changed.with_context(|| format!("cannot clear a reference of {}", known.table.name))? == 0 {
            return self.require_gone(child, handle, &clear.refers);
        }
        self.touched.push((known.table.name.clone(), handle.to_vec(), false));
        *self.cleared.entry(known.table.name.clone()).or_default() += 1;
        Ok(())
    }

    /// An error where a row is there that was to be changed, and meets a condition: a trigger said no, without saying so.
    fn require_gone(&mut self, at: usize, handle: &[Value], condition: &str) -> Result<()> {
        let known = &self.tables[at];
        let name = known.name();
        let sql = format!("SELECT 1 FROM {name} WHERE {} AND {condition}", known.handle.is(&name, handle, 0));
        if read(self.statements.get(&sql)?, handle, 0)?.is_empty() {
            return Ok(());
        }
        let message = format!("a trigger of {} does not let a row be changed", known.table.name);
        Err(Fault::invalid(message).hint("--triggers off does").into())
    }
}

/// A row: the place of its table, and what finds it.
type Found = (usize, Vec<Value>);

/// Statements, prepared once: more than a connection keeps.
struct Statements<'c> {
    connection: &'c Connection,
    prepared: HashMap<String, Statement<'c>>,
}

impl<'c> Statements<'c> {
    fn get(&mut self, sql: &str) -> Result<&mut Statement<'c>> {
        if !self.prepared.contains_key(sql) {
            self.prepared.insert(sql.to_owned(), self.connection.prepare(sql)?);
        }
        Ok(self.prepared.get_mut(sql).expect("it was put in"))
    }

    fn execute(&mut self, sql: &str, handle: &[Value]) -> Result<usize> {
        Ok(self.get(sql)?.execute(params_from_iter(handle))?)
    }
}

/// The first values of every row that a statement finds.
fn read(statement: &mut Statement<'_>, handle: &[Value], width: usize) -> Result<Vec<Vec<Value>>> {
    let mut rows = statement.query(params_from_iter(handle))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
        found.push((0..width).map(value).collect::<Result<_>>()?);
    }
    Ok(found)
}
