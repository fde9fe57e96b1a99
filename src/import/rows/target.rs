//! The table that takes the rows: one that is there, or one that is made for them.

use super::create::Surveyed;
use super::keys::Keys;
use super::{OnConflict, RowsOptions};
use crate::database::row_handle::RowHandle;
use crate::database::schema::{Object, Table, Tables, objects, shadow_tables};
use crate::database::selection::is_internal;
use crate::database::{ReadOptions, Source};
use crate::error::Fault;
use crate::files;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;

/// The table that takes the rows.
pub(super) struct Target {
    pub table: Table,
    /// What its rows are known by.
    pub keys: Keys,
    /// The statement that creates it, where it is not there.
    pub creates: Option<String>,
}

impl Target {
    /// A table of the database; nothing where there is none and it is to be created. One that nobody can write to is an error.
    pub fn find(database: &Path, options: &RowsOptions<'_>) -> Result<Option<Self>> {
        let source = open(database, options)?;
        let connection = source.connection();
        let objects = objects(connection)?;
        let shadows = shadow_tables(connection)?;
        let is_own = |object: &&Object| !is_internal(&object.name) && !shadows.contains(&object.name);
        let tables = || objects.iter().filter(|object| object.is_stored_table()).filter(is_own);
        let Some(found) = tables().find(|object| object.name.eq_ignore_ascii_case(options.table)) else {
            let other = objects.iter().find(|object| object.name.eq_ignore_ascii_case(options.table));
            return match other {
                None if options.told.creates => Ok(None),
                None => {
                    let names: Vec<&str> = tables().map(|object| object.name.as_str()).take(20).collect();
                    Err(no_table(database, options.table, &names).into())
                }
                Some(other) => {
                    let message = format!("{:?} is not a table that holds rows of its own", other.name);
                    Err(Fault::usage(message).into())
                }
            };
        };
        let table = Tables::read(connection)?.describe(&found.name)?;
        if options.told.on_conflict == Some(OnConflict::Overwrite) && !RowHandle::of(&table).exists() {
            let message = format!("--on-conflict overwrite: nothing finds a row of {} again", table.name);
            return Err(Fault::usage(message).into());
        }
        let keys = Keys::of(connection, &table, &options.told.key)?;
        Ok(Some(Self { table, keys, creates: None }))
    }

    /// A table that is made for rows.
    pub fn create(surveyed: &Surveyed, options: &RowsOptions<'_>) -> Result<Self> {
        let sql = surveyed.create_table(options.table, options.told)?;
        // SQLite says what it makes of the statement.
        let connection = Connection::open_in_memory().context("cannot try to create the table")?;
        connection.execute_batch(&sql).with_context(|| {
            Fault::invalid(format!("no table {:?} can be made for these columns", options.table))
        })?;
        let table = Tables::read(&connection)?.describe(options.table)?;
        let keys = Keys::of(&connection, &table, &options.told.key)?;
        Ok(Self { table, keys, creates: Some(sql) })
    }
}

fn no_table(database: &Path, wanted: &str, names: &[&str]) -> Fault {
    let there = if names.is_empty() { String::new() } else { format!("there are {}; ", names.join(", ")) };
    Fault::usage(format!("{} has no table {wanted:?}", database.display()))
        .hint(format!("{there}--create-table creates it"))
}

pub(super) fn open(database: &Path, options: &RowsOptions<'_>) -> Result<Source> {
    let folder = files::folder_of(database);
    let read = ReadOptions {
        scratch: &[options.temporary, &folder],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    Source::open(database, &read)
}
