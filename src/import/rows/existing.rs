//! Which row of the table a row of the file is, and in what the two differ.

use super::keys::{Keys, Place};
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::schema::Table;
use crate::database::value::{Borrowed, Value};
use anyhow::{Context, Result};
use rusqlite::{Connection, Statement};

/// What the table has of a row of the file.
#[derive(Debug)]
pub(super) enum Existing {
    /// Nothing.
    Nothing,
    /// A row.
    Row(ExistingRow),
    /// What belongs to several rows, or to another row than the one it is.
    Clash(String),
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct ExistingRow {
    /// What finds it again.
    pub handle: Vec<Value>,
    /// The key that it was found by, by its number.
    pub key: usize,
    /// The columns of the row of the file whose values it does not have.
    pub differs: Vec<usize>,
}

/// The values of a row, by the columns of its table.
pub(super) type Values<'v> = [Option<Borrowed<'v>>];

/// Looks for rows that have certain columns.
pub(super) struct Lookup<'c> {
    /// A statement for each key that such rows have, with the number of the key.
    statements: Vec<(usize, Statement<'c>)>,
    /// The columns that are compared.
    compared: Vec<usize>,
    /// How many columns find a row again.
    handle: usize,
}

impl<'c> Lookup<'c> {
    /// Prepares to look for rows with values of the columns `compared`, and of others that `has` says.
    pub fn prepare(
        connection: &'c Connection,
        (table, handle): (&Table, &RowHandle),
        (keys, places): (&Keys, &[Place]),
        compared: &[usize],
        has: impl Fn(usize) -> bool,
    ) -> Result<Self> {
        let row = user_table(&table.name);
        let mut columns: Vec<String> = handle.columns().iter().map(|name| format!("{row}.{name}")).collect();
        columns.extend(compared.iter().map(|at| {
            format!("{row}.{} IS ?{} COLLATE BINARY", identifier(&table.columns[*at].name), at + 1)
        }));
        if columns.is_empty() {
            columns.push("1".to_owned());
        }
        let mut statements = Vec::new();
        for (number, key) in keys.keys.iter().enumerate() {
            if key.columns.iter().all(|at| has(*at)) {
                let rows = places[number].rows(table, handle, key);
                let sql = format!("SELECT {} FROM {rows}", columns.join(", "));
                let prepared = connection.prepare(&sql);
                let prepared = prepared.with_context(|| format!("cannot look for rows of {}", table.name))?;
                statements.push((number, prepared));
            }
        }
        Ok(Self { statements, compared: compared.to_vec(), handle: handle.columns().len() })
    }

    /// Looks for a row.
    pub fn find(&mut self, values: &Values<'_>, keys: &Keys, table: &Table) -> Result<Existing> {
        let mut found: Option<ExistingRow> = None;
        for (number, statement) in &mut self.statements {
            let key = &keys.keys[*number];
            // NULL is unique by itself.
            if key.columns.iter().any(|at| values[*at] == Some(Borrowed::Null)) {
                continue;
            }
            bind(statement, values)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let handle = (0..self.handle).map(|at| Ok(Borrowed::of(row.get_ref(at)?).into()));
                let handle = handle.collect::<Result<Vec<Value>>>()?;
                match &found {
                    Some(other) if other.handle == handle => continue,
                    Some(other) if other.key == *number => {
                        return Ok(Existing::Clash(format!("several rows have its {}", key.names(table))));
                    }
                    Some(other) => {
                        let (one, two) = (keys.keys[other.key].names(table), key.names(table));
                        return Ok(Existing::Clash(format!("its {one} and its {two} are of different rows")));
                    }
                    None if keys.is_named && *number > 0 => {
                        return Ok(Existing::Clash(format!("another row has its {}", key.names(table))));
                    }
                    None => {}
                }
                let mut differs = Vec::new();
                for (at, column) in self.compared.iter().enumerate() {
                    if !row.get::<_, bool>(self.handle + at)? {
                        differs.push(*column);
                    }
                }
                found = Some(ExistingRow { handle, key: *number, differs });
            }
        }
        Ok(found.map_or(Existing::Nothing, Existing::Row))
    }
}

/// Binds the values of a row to the parameters that have their columns' numbers, counted from 1.
pub(super) fn bind(statement: &mut Statement<'_>, values: &Values<'_>) -> rusqlite::Result<()> {
    let most = statement.parameter_count();
    for (at, value) in values.iter().enumerate().take(most) {
        if let Some(value) = value {
            statement.raw_bind_parameter(at + 1, value)?;
        }
    }
    Ok(())
}
