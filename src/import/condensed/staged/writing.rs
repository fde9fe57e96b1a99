//! The items of a document are written: to a private copy first, where that is to be seen, and to the database.

use super::Staged;
use crate::database::connection::{self, Access};
use crate::database::copy::copy_pages;
use crate::database::replace::refuse_unwritable;
use crate::database::write_limits::{WriteLimits, size_of};
use crate::error::{Fault, blame_input, commit_failed};
use crate::files;
use crate::import::condensed::outcome::Outcome;
use crate::import::condensed::settle::changed;
use crate::import::condensed::watch::Watch;
use crate::import::condensed::{CondensedOptions, Triggers, check, pass, search_index};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

impl Staged {
    /// What becomes of the items: they are written to a private copy of the database.
    pub fn rehearse(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let copy = self.scratch.file("rehearsal");
        files::remove(&copy)?;
        {
            let source = self.open(options)?;
            files::require_space(&files::folder_of(&copy), source.origin().size)?;
            copy_pages(source.connection(), &copy, &options.patience, options.progress)?;
        }
        let mut connection = connection::open(&copy, Access::ReadWrite, &options.patience)?;
        self.watch_triggers(&mut connection)?;
        let outcome = self.carry_out(&mut connection, options);
        options.progress.end();
        drop(connection);
        files::remove(&copy)?;
        outcome.map_err(|error| self.blame(error, name))
    }

    /// Writes the items, all or none. Where something is wrong, or a conflict is to fail, nothing is written.
    pub fn apply(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let applied = self.write(options);
        options.progress.end();
        applied.map_err(|error| self.blame(error, name))
    }

    fn blame(&self, error: anyhow::Error, name: &str) -> anyhow::Error {
        let error = files::name_full(error, &[&files::folder_of(&self.database), self.scratch.folder()]);
        let done = format!("imported into {}", self.database.display());
        match commit_failed(&error) {
            // Who kept what was there before says where it is.
            Some(_) => error,
            None => blame_input(error, format!("{name} is not {done}")),
        }
    }

    fn write(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        refuse_unwritable(&self.database)?;
        let mut connection = connection::open(&self.database, Access::ReadWrite, &options.patience)?;
        self.watch_triggers(&mut connection)?;
        let outcome = self.carry_out(&mut connection, options)?;
        // All questions were answered: one that is left is about what was not so then.
        if outcome.open > 0 && outcome.problems.errors == 0 {
            return Err(changed().into());
        }
        if !outcome.is_refused() && outcome.changed() > 0 {
            connection::commit(&connection, "commit imported items")?;
        }
        Ok(outcome)
    }

    /// Watches what triggers do, where they run.
    fn watch_triggers(&self, connection: &mut Connection) -> Result<()> {
        let is_watched = self.triggers != Triggers::Off && check::has_triggers(connection)?;
        let watch = if is_watched { Some(Watch::begin(connection)?) } else { None };
        self.watch.replace(watch);
        Ok(())
    }

    /// Writes the items in a transaction that is still open, within limits.
    fn carry_out(&self, connection: &mut Connection, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let written = size_of(&self.scratch.file("items"))?;
        let limits = WriteLimits::set(connection, &self.database, written, &self.steps, &options.patience)?;
        self.carry_out_within(connection, options).map_err(|error| limits.explain(error))
    }

    fn carry_out_within(&self, connection: &Connection, options: &CondensedOptions<'_>) -> Result<Outcome> {
        connection.pragma_update(None, "foreign_keys", false)?;
        let runs_triggers = self.triggers != Triggers::Off;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, runs_triggers)?;
        connection.execute_batch("BEGIN IMMEDIATE").context("cannot lock it")?;
        if let Some(expected) = &options.expected {
            self.expect_tables(connection, expected)?;
        }
        let before = check::violations(connection)?;
        let outcome = pass::run(self, connection, true, options)?;
        if !outcome.is_refused()
            && let Some(why) = check::new_violation(&before, &check::violations(connection)?, &self.metadata)
        {
            return Err(Fault::invalid(why).into());
        }
        if let Some(expected) = &options.expected {
            self.expect_outcome(expected, &outcome)?;
        }
        if !runs_triggers && !outcome.is_refused() && outcome.changed() > 0 {
            let shapes = self.wanted.iter().map(|name| &self.metadata.sections[name].shape);
            let failed = search_index::rebuild(connection, shapes)?;
            for message in failed {
                options.progress.warn(&message);
            }
        }
        Ok(outcome)
    }
}
