//! A document that was read, and what is done with it.

mod writing;

use super::items::Items;
use super::mapping::Fills;
use super::outcome::{Outcome, Strategies, Strategy};
use super::staging::{self, Staging};
use super::unread::Unread;
use super::watch::Watch;
use super::{CondensedOptions, Triggers, check, doubts, pass};
use crate::app::catalog::Catalog;
use crate::app::known::InForce;
use crate::app::meaning::Meaning;
use crate::config::Rules;
use crate::database::header::read_head;
use crate::database::write_limits::Steps;
use crate::database::{ReadOptions, Source, sidecar, stand_in};
use crate::document::envelope::{Doubt, Metadata};
use crate::document::input::Input;
use crate::document::inspect::Inspected;
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::import::identity::{Own, differences};
use crate::problem::{Problem, Problems};
use crate::stream::Form;
use anyhow::{Context, Result};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A document that was read.
pub struct Staged {
    /// The database, resolved.
    pub database: PathBuf,
    pub(super) items: Items,
    pub(super) metadata: Metadata,
    /// The sections that come in.
    pub(super) wanted: Vec<String>,
    /// Those, and the ones that they refer to.
    pub(super) needed: Vec<String>,
    /// What columns of new rows hold of which the document says nothing.
    pub(super) fills: Fills,
    /// What is wrong with it.
    pub problems: Problems,
    /// What one should look at, and does not keep anything out.
    pub warnings: Problems,
    /// What of it cannot be read, and stays out.
    pub(super) unread: Unread,
    /// Whether it was changed after it was written.
    pub edited: bool,
    /// Whether its personal values are made up.
    pub anonymized: bool,
    pub(super) scratch: Scratch,
    /// Conditions of the document that cannot be asked of the database, in words.
    pub(super) unasked: Vec<String>,
    /// What triggers put in while items are written.
    pub(super) watch: RefCell<Option<Watch>>,
    /// Counts those of each statement on the database.
    pub(super) steps: Steps,
    /// What the settings say of the data of the database, those of a known application among them.
    rules: Rules,
    /// What its triggers do.
    pub(super) triggers: Triggers,
}

/// Reads a document. `name` is what it is called in errors.
pub fn stage(document: Input, name: &str, database: &Path, options: &CondensedOptions<'_>) -> Result<Staged> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    if files::metadata(&database)?.is_none() {
        return Err(Fault::failed(format!("there is no database at {}", database.display()))
            .hint("a condensed export comes into a database of its application: let that make one first")
            .into());
    }
    files::require_file(&database)?;
    if matches!(Form::of(&read_head(&database)?), Form::Compressed(_)) {
        return Err(Fault::usage(format!("{} is a compressed snapshot", database.display()))
            .hint("restore it to a file first: larder restore SNAPSHOT DB")
            .into());
    }
    let in_force = rules_in_force(&database, options)?;
    in_force.message().iter().for_each(|message| options.progress.note(message));
    if !options.told.by_id {
        in_force.allow_import(&database)?;
    }
    let triggers = match options.told.triggers {
        Triggers::Auto => in_force.rules.triggers.unwrap_or_default(),
        said => said,
    };
    let options = &CondensedOptions { rules: &in_force.rules, ..options.clone() };
    let scratch = Scratch::new_in(options.temporary)?;
    let mut staging = Staging::create(&scratch.file("items"), options)?;
    let mut inspected = Inspected::new(&mut staging, name, options.rules.checks());
    let read = document.read(name, options.limits, &mut inspected);
    options.progress.end();
    let document = read?;
    inspected.finish()?;
    let staging::Read { items, metadata, mut problems, warnings, mut unread, wanted, needed, fills } =
        staging.finish();
    for name in needed.iter().filter(|name| !document.items.contains_key(*name)) {
        problems.add(Problem::error(&format!("data.{name}"), "the section is missing"));
    }
    let is_damaged = unread.lost.errors > 0;
    unread.items.retain(|section, _| wanted.contains(section));
    let mut staged = Staged {
        database,
        items,
        anonymized: metadata.anonymized,
        metadata,
        wanted,
        needed,
        fills,
        problems,
        warnings,
        unread,
        edited: document.edited && !is_damaged,
        scratch,
        unasked: Vec::new(),
        watch: RefCell::default(),
        steps: Steps::default(),
        rules: in_force.rules.clone(),
        triggers,
    };
    staged.find_meaning(options)?;
    staged.pick(options)?;
    if options.told.replace_all {
        staged.refuse_partial(options)?;
    }
    Ok(staged)
}

fn open(database: &Path, options: &CondensedOptions<'_>) -> Result<Source> {
    let folder = files::folder_of(database);
    let read = ReadOptions {
        scratch: &[options.temporary, &folder],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    Source::open(database, &read)
}

/// What the settings say of the data of a database, those of the application among them that it is recognised as.
fn rules_in_force(database: &Path, options: &CondensedOptions<'_>) -> Result<InForce> {
    let source = open(database, options)?;
    stand_in::register_collations(source.connection())?;
    InForce::of(source.connection(), options.rules)
}

impl Staged {
    /// What would become of the items, as the database is now. It is only read: what constraints and triggers say to the
    /// rows is not known.
    pub fn look(&self, options: &CondensedOptions<'_>) -> Result<Outcome> {
        let source = self.open(options)?;
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        connection.execute_batch("BEGIN")?;
        let outcome = pass::run(self, connection, false, options);
        connection.execute_batch("ROLLBACK")?;
        outcome
    }

    /// What speaks against an import, and does not forbid it: the schema may be another than that of the document.
    pub fn doubts(&self, name: &str, options: &CondensedOptions<'_>) -> Result<Vec<String>> {
        let source = self.open(options)?;
        let own = Own { app: options.app, rules: &self.rules };
        let names = (name, self.database.as_path());
        let found = differences(source.connection(), &self.metadata, names, own)?;
        let mut doubts: Vec<String> = found.into_iter().map(|difference| difference.message).collect();
        doubts.extend(self.unasked.iter().cloned());
        let is_unsaid = |name: &&String| !self.says_whose(&self.metadata.sections[*name].shape);
        for name in self.wanted.iter().filter(is_unsaid).filter(|_| options.told.replace_all) {
            doubts.push(format!(
                "rows of {name} that are not in the document stay: nothing says whose they are"
            ));
        }
        Ok(doubts)
    }

    /// The triggers that would run if they were not told otherwise.
    pub fn silenced(&self, options: &CondensedOptions<'_>) -> Result<Vec<String>> {
        if options.told.triggers != Triggers::Off {
            return Ok(Vec::new());
        }
        check::triggers_of(self.open(options)?.connection(), &self.metadata, &self.wanted)
    }

    /// Finds out what the numbers in the database mean: no new row gets one that anything holds already. A document of version 1
    /// says nothing of doubtful numbers; the database does.
    fn find_meaning(&mut self, options: &CondensedOptions<'_>) -> Result<()> {
        /// The first version that says what is doubtful.
        const SAYS_DOUBTS: u32 = 2;
        let source = self.open(options)?;
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        self.keep_conditions(connection)?;
        let meaning = Meaning::find(connection, &Catalog::read(connection)?, options.rules)?;
        if self.metadata.version < SAYS_DOUBTS {
            let sections = &self.metadata.sections;
            let section_of = |table: &String| {
                let found =
                    sections.iter().find(|(_, section)| section.shape.table.eq_ignore_ascii_case(table));
                found.map_or_else(|| table.clone(), |(name, _)| name.clone())
            };
            self.metadata.doubts = meaning.doubts.iter().map(|doubt| Doubt::of(doubt, section_of)).collect();
        }
        self.items.meaning.replace(Some(meaning));
        Ok(())
    }

    pub(super) fn open(&self, options: &CondensedOptions<'_>) -> Result<Source> {
        open(&self.database, options)
    }

    /// Calls a function with what became of each item in the last look, rehearsal or import that kept it, as a line of
    /// JSON.
    pub fn each_line(&self, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.items.each_line(|_, line| each(line))
    }

    /// Calls a function with the key, as JSON, of each item of a section that lacks what can be fetched again.
    pub fn each_lacking(&self, section: &str, each: impl FnMut(&str) -> Result<()>) -> Result<()> {
        match self.metadata.sections.get_index_of(section) {
            Some(at) => self.items.each_lacking(at, each),
            None => Ok(()),
        }
    }

    /// The items that lack what can be fetched again, in a private file: an object with the section and key a line, and whose
    /// they are where the document holds those of one user.
    pub fn lacking(&self, outcome: &Outcome, scope: Option<&str>) -> Result<File> {
        let path = self.scratch.file("lacking");
        files::remove(&path)?;
        let mut file = BufWriter::new(files::create(&path)?);
        let scope = scope.map_or_else(String::new, |scope| format!("\"scope\":{},", Json::from(scope)));
        for section in outcome.needs_refetch.keys() {
            let name = Json::from(section.as_str());
            self.each_lacking(section, |key| {
                writeln!(file, "{{{scope}\"section\":{name},\"key\":{key}}}")
                    .with_context(|| format!("cannot write {}", path.display()))
            })?;
        }
        file.flush().with_context(|| format!("cannot write {}", path.display()))?;
        files::open(&path)
    }

    /// What is said where doubtful numbers would come to mean something else; nothing where there are none.
    pub fn refusal(&self, outcome: &Outcome) -> Option<Fault> {
        doubts::refusal(outcome, &self.metadata, &self.database)
    }

    /// What is to be done with an item of a section that is there and differs: what somebody chose, or what is done with the
    /// section.
    pub(super) fn strategy_of(&self, id: i64, section: &str, strategies: &Strategies) -> Result<Strategy> {
        if let Some(choice) = self.items.choice(id)? {
            return Ok(choice.strategy);
        }
        // Children that are sections of their own go with their parents.
        let told = self.metadata.lineage(section).find(|name| strategies.names(name));
        Ok(strategies.of(told.unwrap_or(section)))
    }

    /// Whether somebody said of single items what is done with them.
    pub fn was_asked(&self) -> bool {
        self.items.has_choices.get()
    }

    /// Whether items refer to those of a section.
    pub(super) fn is_referred_to(&self, section: &str) -> bool {
        let mut targets = Vec::new();
        self.metadata.sections.values().for_each(|section| section.shape.collect_targets(&mut targets));
        targets.iter().any(|target| target == section)
    }

    /// An error where the document does not say which rows it chose from.
    fn refuse_partial(&self, options: &CondensedOptions<'_>) -> Result<()> {
        let partial =
            |name: &&String| self.metadata.sections.get(*name).is_some_and(|section| section.partial);
        let why = if let Some(name) = self.unread.items.keys().next() {
            format!("items of {name} cannot be read")
        } else if self.unread.lost.errors > 0 {
            "a part of the document is lost".to_owned()
        } else if let Some(name) = self.wanted.iter().find(partial) {
            format!("the document has chosen items of {name} only")
        } else if let Some(option) = options.told.chooses_by() {
            format!("{option} chooses single items")
        } else {
            return Ok(());
        };
        Err(Fault::usage(format!("--replace-all: {why}: the rows of others would go")).into())
    }
}
