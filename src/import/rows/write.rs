//! Puts the rows into the table, all or none: into the database, or into a private copy of it to see what would become of them.

use super::outcome::Outcome;
use super::pass::{LeftOut, Pass};
use super::references::Written;
use super::target::open;
use super::writer::Writer;
use super::{RowsOptions, Staged};
use crate::database::connection::{self, Access};
use crate::database::copy::copy_pages;
use crate::database::foreign_keys::foreign_keys;
use crate::database::quote::user_table;
use crate::database::replace::refuse_unwritable;
use crate::database::row_handle::RowHandle;
use crate::database::write_limits::{Steps, WriteLimits, size_of};
use crate::error::{Fault, blame_input, commit_failed};
use crate::files;
use crate::progress::{Progress, Unit};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;

impl Staged {
    /// Puts the rows into their table, all or none; nothing where something is wrong, unless that is to be skipped.
    pub fn apply(&self, name: &str, options: &RowsOptions<'_>) -> Result<Outcome> {
        self.blame(self.put(&self.database, options), name, options.progress)
    }

    /// The same in any database that may take the place of the one that the rows are for.
    pub(super) fn put(&self, database: &Path, options: &RowsOptions<'_>) -> Result<Outcome> {
        refuse_unwritable(database)?;
        let mut target = connection::open(database, Access::ReadWrite, &options.patience)?;
        let outcome = self.write(&mut target, options)?;
        if self.writes(&outcome, options.told) {
            connection::commit(&target, "commit imported rows")?;
        }
        Ok(outcome)
    }

    /// What would become of the rows: they are put into a private copy of the database.
    pub fn rehearse(&self, name: &str, options: &RowsOptions<'_>) -> Result<Outcome> {
        let copy = self.scratch.file("rehearsal");
        let rehearse = || {
            {
                let source = open(&self.database, options)?;
                files::require_space(&files::folder_of(&copy), source.origin().size)?;
                copy_pages(source.connection(), &copy, &options.patience, options.progress)?;
            }
            let mut target = connection::open(&copy, Access::ReadWrite, &options.patience)?;
            let outcome = self.write(&mut target, options);
            drop(target);
            files::remove(&copy)?;
            outcome
        };
        self.blame(rehearse(), name, options.progress)
    }

    fn blame(&self, outcome: Result<Outcome>, name: &str, progress: &dyn Progress) -> Result<Outcome> {
        progress.end();
        let done = format!("imported into {}", self.database.display());
        outcome.map_err(|error| {
            let folders = [&*files::folder_of(&self.database), self.scratch.folder()];
            let error = files::name_full(error, &folders);
            match commit_failed(&error) {
                // Who kept what was there before says where it is.
                Some(_) => error,
                None => blame_input(error, format!("{name} is not {done}")),
            }
        })
    }

    /// Writes the rows in a transaction that is still open, within limits.
    fn write(&self, target: &mut Connection, options: &RowsOptions<'_>) -> Result<Outcome> {
        let (written, steps) = (size_of(self.spool.path())?, Steps::default());
        let limits = WriteLimits::set(target, &self.database, written, &steps, &options.patience)?;
        target.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, options.told.triggers)?;
        let mut attempts = Attempts { staged: self, options, steps: &steps, left_out: LeftOut::default() };
        attempts.run(target).map_err(|error| limits.explain(error))
    }
}

/// Passes over the rows, each without those that the ones before it had to do without.
struct Attempts<'a> {
    staged: &'a Staged,
    options: &'a RowsOptions<'a>,
    steps: &'a Steps,
    left_out: LeftOut,
}

impl Attempts<'_> {
    fn run(&mut self, target: &Connection) -> Result<Outcome> {
        let mut tracks = false;
        loop {
            target.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
            let known = self.left_out.len();
            let mut outcome = self.attempt(target, &mut tracks)?;
            if let Some(outcome) = &mut outcome {
                self.add_rejected(outcome);
            }
            let is_final = self.left_out.len() == known || !self.options.told.skips_errors;
            match outcome {
                Some(outcome) if is_final => return Ok(outcome),
                _ if target.is_autocommit() => {}
                _ => target.execute_batch("ROLLBACK")?,
            }
        }
    }

    /// One pass; nothing where it has to be made again, to know which rows refer to what is not there.
    fn attempt(&mut self, target: &Connection, tracks: &mut bool) -> Result<Option<Outcome>> {
        let (staged, told) = (self.staged, self.options.told);
        let table = &staged.table;
        if let Some(create) = &staged.creates {
            target.execute_batch(create).with_context(|| format!("cannot create {}", table.name))?;
        }
        let before = violations(target)?;
        let written = if *tracks { Written::begin(target, table)? } else { None };
        let handle = RowHandle::of(table);
        let rows_before = self.rows(target)?;
        let mut writer = Writer::new(
            target,
            (table, &handle),
            &staged.keys,
            (&staged.fills, told.on_conflict.unwrap_or_default()),
        )?;
        self.options.progress.begin("writing rows", Some(staged.spool.rows), Unit::Rows);
        let known = self.left_out.len();
        let mut pass =
            Pass { left_out: &mut self.left_out, written: written.as_ref(), outcome: Outcome::new() };
        pass.run(&staged.spool, &mut writer, self.steps, self.options.progress)?;
        self.options.progress.end();
        let mut outcome = pass.outcome;
        drop(writer);
        self.steps.begin();
        if target.is_autocommit() || self.left_out.len() > known || outcome.is_refused(told) {
            return Ok(Some(outcome));
        }
        if violations(target)? > before {
            self.find_dangling(target, written.as_ref(), *tracks)?;
            *tracks = true;
            return Ok((self.left_out.len() > known).then_some(outcome));
        }
        if let (Some(before), Some(after)) = (rows_before, self.rows(target)?) {
            let new = i64::try_from(outcome.counts.new).unwrap_or(i64::MAX);
            outcome.further_rows = after - before - new;
        }
        Ok(Some(outcome))
    }

    /// Leaves out the rows that refer to what is not there, as far as somebody kept track of what was written.
    fn find_dangling(&mut self, target: &Connection, written: Option<&Written>, tracks: bool) -> Result<()> {
        let known = self.left_out.len();
        if let Some(written) = written {
            written.leave_out(target, &self.staged.table, &mut self.left_out)?;
        }
        if tracks && self.left_out.len() == known {
            let message = "some rows refer to rows of other tables that are not there";
            return Err(Fault::invalid(message).hint("import those first").into());
        }
        Ok(())
    }

    /// How many rows the table has, where something else than the rows of the file may add or remove some.
    fn rows(&self, target: &Connection) -> Result<Option<i64>> {
        let sql = "SELECT count(*) FROM main.sqlite_schema WHERE type = 'trigger'
                   OR type = 'table' AND name = ?1 COLLATE NOCASE AND sql LIKE '%REPLACE%'";
        let table = &self.staged.table.name;
        if target.query_row(sql, [table], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(None);
        }
        self.steps.begin();
        Ok(target.query_row(&format!("SELECT count(*) FROM {}", user_table(table)), [], |row| row.get(0))?)
    }

    /// Adds what was found when the rows were read, and what earlier passes found.
    fn add_rejected(&self, outcome: &mut Outcome) {
        let read = &self.staged.found;
        outcome.counts.rejected += read.rejected + self.left_out.len() as u64;
        outcome.problems.merge(read.problems.clone());
        outcome.problems.merge(self.left_out.problems.clone());
    }
}

fn violations(connection: &Connection) -> Result<u64> {
    Ok(foreign_keys(connection)?.violations)
}
