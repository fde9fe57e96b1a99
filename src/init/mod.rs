//! From a database to a `larder.toml` for it: what larder finds out by itself, and why, as settings that count; and what
//! it supposes as proposals that do not.
//!
//! The file means what no file means until somebody accepts a proposal: [`draft()`] makes sure of it by inferring both
//! models and taking back what differs.

mod doubts;
mod draft;
mod facts;
mod identity;
mod json;
mod known;
mod reasons;
mod sections;
mod users;

pub use draft::{Block, Doubt, Draft, Question, Setting};

use crate::app::catalog::Catalog;
use crate::app::known::InForce;
use crate::app::{Model, Wanted};
use crate::config::{Config, Rules};
use crate::database::copy::ReadTransaction;
use crate::database::{Source, stand_in};
use crate::progress::{Progress, Unit, go_on};
use anyhow::{Context, Result};
use draft::name;
use facts::Facts;
use indexmap::IndexMap;
use rusqlite::Connection;
use std::path::Path;

/// What a file is written for.
pub struct InitOptions<'a> {
    /// The application.
    pub app: &'a str,
    /// The database, as the file names it; nothing where it cannot.
    pub database: Option<&'a str>,
    /// Whether the settings count that are built in for the application.
    pub known_app: bool,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What is known of a database.
struct Survey<'a> {
    connection: &'a Connection,
    catalog: Catalog,
    model: Model,
    /// The settings that are built in for the application; without any, none.
    built_in: InForce,
    facts: IndexMap<String, Facts>,
}

/// Looks at a database and writes down what it means.
pub fn draft(source: &Source, options: &InitOptions<'_>) -> Result<Draft> {
    let look = || {
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        let _transaction = ReadTransaction::begin(connection)?;
        let survey = Survey::new(connection, options)?;
        let mut draft = survey.draft(options)?;
        survey.agree(&mut draft)?;
        anyhow::Ok(draft)
    };
    look().with_context(|| format!("cannot look at {}", source.origin().path.display()))
}

/// An error where a file does not fit the database that it was written for.
pub fn check(source: &Source, text: &str) -> Result<()> {
    let rules = InForce::of(source.connection(), &parse(text)?)?.rules;
    Model::infer(source.connection(), &rules, Wanted::default()).map(|_| ())
}

fn parse(text: &str) -> Result<Rules> {
    // What the home is does not matter to what the data mean.
    Ok(Config::parse(Path::new("larder.toml"), text, Some(Path::new("/")))?.rules)
}

impl<'a> Survey<'a> {
    fn new(connection: &'a Connection, options: &InitOptions<'_>) -> Result<Self> {
        let progress = options.progress;
        let catalog = Catalog::read(connection)?;
        let rules = Rules { known_app: Some(options.known_app), ..Rules::default() };
        let built_in = InForce::of(connection, &rules)?;
        built_in.message().iter().for_each(|message| progress.note(message));
        let model = Model::infer(connection, &built_in.rules, Wanted::default())?;
        progress.begin("looking at the tables", Some(catalog.tables.len() as u64), Unit::Rows);
        let facts = catalog.tables.iter().map(|(table, info)| {
            go_on(progress)?;
            progress.advance(1);
            Ok((table.clone(), Facts::read(connection, info)?))
        });
        let facts = facts.collect::<Result<IndexMap<_, _>>>();
        progress.end();
        Ok(Self { connection, catalog, model, built_in, facts: facts? })
    }

    fn draft(&self, options: &InitOptions<'_>) -> Result<Draft> {
        let mut draft = Draft { head: self.head(options), ..Draft::default() };
        draft.settings.push(Setting::text("app", options.app, "", true));
        match options.database {
            Some(database) => draft.settings.push(Setting::text("database", database, "", true)),
            None => draft.settings.push(Setting::text(
                "database",
                "…",
                "The path of the database is not UTF-8, and cannot stand here.",
                false,
            )),
        }
        if let Some(known) = self.built_in.known.as_ref() {
            draft.tail = known::proposals(known.text);
        }
        if self.built_in.rules.known_app == Some(false) {
            let why = "The settings that are built in for the application do not count.";
            draft.settings.push(Setting::new(&["known-app"], "false".to_owned(), why, true));
        }
        if self.built_in.rules.scope.is_none() {
            draft.blocks.extend(self.users()?);
        }
        for (section, model) in &self.model.sections {
            if self.built_in.says_something_of(&model.shape.table) {
                continue;
            }
            draft.blocks.push(self.section(section, &model.shape)?);
        }
        Ok(draft)
    }

    fn head(&self, options: &InitOptions<'_>) -> Vec<String> {
        let mut head = vec![
            format!(
                "What larder knows and supposes of {}; written by larder init, {}.",
                name(options.app),
                env!("CARGO_PKG_VERSION")
            ),
            "A line that begins with # and goes on without a space is a proposal: take the # away, and it counts. The \
             other lines say what larder finds out by itself, so that it stays so."
                .to_owned(),
            "docs/configuration.md describes every setting.".to_owned(),
        ];
        if let Some(known) = &self.built_in.known {
            head.push(format!(
                "It is recognised as {}. What larder knows of that stands at the end, and counts as it is; a section of it that                  you change and take the marks away from takes the place of what is built in for its table.",
                name(&known.head.name)
            ));
        }
        if let Some(version) = &self.model.schema_version {
            head.push(format!(
                "The version of the schema is {}, which a migration tool keeps.",
                name(version)
            ));
        }
        if !self.model.left_out.is_empty() {
            let tables = self.model.left_out.iter().map(|(table, why)| format!("{} ({why})", name(table)));
            head.push(format!("Not exported: {}.", tables.collect::<Vec<_>>().join(", ")));
        }
        let warnings = self.model.warnings.iter();
        head.extend(warnings.map(|warning| format!("Beware: {warning}.")));
        head
    }

    /// Takes back what makes the file mean something else than no file does.
    fn agree(&self, draft: &mut Draft) -> Result<()> {
        let Some(differing) = self.differing(draft)? else { return Ok(()) };
        for section in &differing {
            draft.doubt(section);
        }
        if self.differing(draft)?.is_some() {
            for section in self.model.sections.keys() {
                draft.doubt(section);
            }
        }
        Ok(())
    }

    /// The sections that mean something else with the file than without it; nothing where all is the same.
    fn differing(&self, draft: &Draft) -> Result<Option<Vec<String>>> {
        let rules = InForce::of(self.connection, &parse(&draft.to_toml())?)?.rules;
        let all = || self.model.sections.keys().cloned().collect::<Vec<_>>();
        let Ok(model) = Model::infer(self.connection, &rules, Wanted::default()) else {
            return Ok(Some(all()));
        };
        let is_other = |section: &String| {
            let (own, other) = (&self.model.sections[section], model.sections.get(section));
            other.is_none_or(|other| own.shape != other.shape || own.condition != other.condition)
        };
        let differing: Vec<String> = all().into_iter().filter(is_other).collect();
        if !differing.is_empty() {
            return Ok(Some(differing));
        }
        let is_same = self.model.sections.keys().eq(model.sections.keys());
        Ok((!is_same).then(all))
    }
}
