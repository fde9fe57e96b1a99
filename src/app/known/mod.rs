//! Applications that people run, with settings that are built in: `apps/NAME.toml`, each recognised by the tables and columns
//! of a database, and never by its file's name.
//!
//! What the user's settings say of a table takes the place of what is built in for it. A document carries the whole model, so
//! what it means does not depend on whether its reader knows the application.

mod files;
mod fit;
mod merge;

use super::catalog::Catalog;
use crate::config::{Application, Config, Rules, Said, key};
use crate::database::schema::Tables;
use crate::error::Fault;
use anyhow::Result;
use files::FILES;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// An application that larder knows.
#[derive(Debug, Clone)]
pub struct Known {
    /// What its file is called.
    pub id: &'static str,
    /// Its file.
    pub text: &'static str,
    /// The head of the file.
    pub head: Application,
    /// What the file says.
    pub config: Config,
}

/// The settings that count for a database.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    /// What the user's settings say, and what is built in where these say nothing.
    pub rules: Rules,
    /// The application, where it is known and its settings count.
    pub known: Option<Known>,
}

impl Known {
    /// All, by their names.
    pub fn all() -> Vec<Self> {
        FILES.iter().map(|(id, text)| Self::parse(id, text)).collect()
    }

    /// The one whose file is called so.
    pub fn named(id: &str) -> Option<Self> {
        Self::all().into_iter().find(|known| known.id.eq_ignore_ascii_case(id))
    }

    fn parse(id: &'static str, text: &'static str) -> Self {
        let file = PathBuf::from(format!("apps/{id}.toml"));
        let config = Config::parse(&file, text, None);
        let config = config.expect("a test parses every file that is built in");
        let head =
            config.application.clone().expect("a test looks for the head of every file that is built in");
        Self { id, text, head, config }
    }

    /// The application that a database is of. Where several fit, it is the one that names more tables, then more columns.
    pub fn recognise(connection: &Connection) -> Result<Option<Self>> {
        let tables = Tables::read(connection)?;
        let mut found: Option<(Self, (usize, usize))> = None;
        for known in Self::all() {
            let columns = known.head.tables.iter().map(|(_, columns)| columns.len()).sum();
            let size = (known.head.tables.len(), columns);
            let is_better = found.as_ref().is_none_or(|(_, most)| size > *most);
            if is_better && known.fits_tables(&tables)? {
                found = Some((known, size));
            }
        }
        Ok(found.map(|(known, _)| known))
    }

    /// Whether a database has the tables and columns by which it is recognised.
    pub fn fits(&self, connection: &Connection) -> Result<bool> {
        self.fits_tables(&Tables::read(connection)?)
    }

    fn fits_tables(&self, tables: &Tables<'_>) -> Result<bool> {
        for (table, columns) in &self.head.tables {
            if !tables.has(table) {
                return Ok(false);
            }
            let table = tables.describe(table)?;
            if columns.iter().any(|column| table.column(column).is_none()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What its settings name and a database has not: tables, and columns of tables that are there.
    pub fn unknown(&self, connection: &Connection) -> Result<Vec<String>> {
        Ok(fit::unknown(&self.config.rules, &Catalog::read(connection)?))
    }

    /// What is said once where its settings count.
    pub fn message(&self) -> String {
        format!("recognised: {}; settings are built in, larder config shows them", self.head.name)
    }
}

impl InForce {
    /// The settings that count for a database of which the user's say something.
    pub fn of(connection: &Connection, rules: &Rules) -> Result<Self> {
        // A file that begins as those that are built in is read as they are.
        let user = if rules.has_head {
            fit::fitted(rules, &Catalog::read(connection)?, connection)
        } else {
            rules.clone()
        };
        let recognised = if rules.known_app == Some(false) { None } else { Known::recognise(connection)? };
        let Some(known) = recognised else { return Ok(Self { rules: user, known: None }) };
        let catalog = Catalog::read(connection)?;
        let built_in = fit::fitted(&known.config.rules, &catalog, connection);
        Ok(Self { rules: merge::merged(&user, built_in), known: Some(known) })
    }

    /// The settings that are built in, as they are written, without those of tables that the user's speak of.
    pub fn said(&self) -> impl Iterator<Item = &Said> {
        let sections = &self.rules.sections;
        let gone =
            self.known.iter().flat_map(|known| known.config.rules.sections.keys()).filter(|name| {
                !name.contains('*') && sections.get(*name).is_none_or(|config| !config.built_in)
            });
        let gone: Vec<String> = gone.map(|name| format!("sections.{}.", key(name))).collect();
        let said = self.known.iter().flat_map(|known| &known.config.said);
        said.filter(move |said| {
            !said.name.starts_with("application.") && !gone.iter().any(|start| said.name.starts_with(start))
        })
    }

    /// The file that they are from.
    pub fn file(&self) -> PathBuf {
        self.known.as_ref().map(|known| known.config.file.clone()).unwrap_or_default()
    }

    /// Whether settings that are built in say something of a table.
    pub fn says_something_of(&self, table: &str) -> bool {
        merge::says_something_of(&self.rules.sections, table)
    }

    /// An error where the application says that nothing can be imported into its databases.
    pub fn allow_import(&self, database: &Path) -> Result<()> {
        let Some(head) = self.known.as_ref().map(|known| &known.head) else { return Ok(()) };
        let Some(reason) = &head.export_only else { return Ok(()) };
        let database = database.display();
        Err(Fault::usage(format!("{database} is of {}, which is exported only: {reason}", head.name))
            .hint("larder snapshot and larder restore move all of it; --no-known-app imports without what is built in")
            .into())
    }

    /// What is said once where settings that are built in count.
    pub fn message(&self) -> Option<String> {
        self.known.as_ref().map(Known::message)
    }
}

#[cfg(test)]
mod tests;
