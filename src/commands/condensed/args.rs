//! What may be said of an import of a condensed export.

use crate::commands::choose::pair;
use crate::ui::is_interactive;
use anyhow::Result;
use clap::{Args, FromArgMatches, ValueEnum};
use indexmap::IndexMap;
use larder::error::Fault;
use larder::import::condensed::{Instructions, Missing, OnError, Strategies, Strategy, Triggers};
use std::path::PathBuf;

/// How a condensed export is brought in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Condensed exports")]
pub struct CondensedArgs {
    /// What to do with items that are there already and differ: skip, overwrite, merge, newer, rename, prompt or fail; or
    /// SECTION=STRATEGY for one section [default: prompt on a terminal, else fail]. Of rows (--section), skip, overwrite or
    /// fail
    #[arg(long, value_name = "STRATEGY", value_delimiter = ',', value_parser = conflict)]
    pub(super) on_conflict: Vec<(Option<String>, Strategy)>,
    /// Only this item, by its key (with commas between the parts of one) or by its name, and what belongs to it; what they
    /// refer to comes along where it is not there; may be given several times
    #[arg(long, value_name = "SECTION=KEY", value_parser = pair)]
    pub(super) item: Vec<(String, String)>,
    /// Only items of a section that meet a condition in SQL on their fields, as films=year > 1990, and of the sections that
    /// belong to it only what belongs to them; may be given several times
    #[arg(long = "where", value_name = "SECTION=SQL", value_parser = pair)]
    pub(super) conditions: Vec<(String, String)>,
    /// Let rows go that the document does not have, so that the sections hold what it holds: only of those that it could
    /// have had, by its filters and its user
    #[arg(long, conflicts_with = "on_conflict")]
    pub(super) replace_all: bool,
    /// What a column of the document is called in this database, as movies.liked=rating; movies.liked= leaves it out;
    /// movies=films says what the table is called; may be given several times. Of rows (--section), NAME=COLUMN
    #[arg(long, value_name = "SECTION.OLD=NEW")]
    pub(super) map: Vec<String>,
    /// What a column of new rows holds that the database needs and the document lacks; may be given several times. Of rows
    /// (--section), COLUMN=VALUE
    #[arg(long, value_name = "SECTION.COLUMN=VALUE")]
    pub(super) fill: Vec<String>,
    /// Columns by which rows are matched, after the key and before those that the settings name, as film=title,year, or
    /// people=name,births.date for a column of a child that a row has one of; may be given several times: the first that fits a
    /// row counts. Of rows (--section), COLUMNS by which they are known [default: the primary key, and whatever else is unique]
    #[arg(long = "match", value_name = "SECTION=COLUMNS")]
    pub(super) matches: Vec<String>,
    /// Match rows by their primary key, or by their rowid where they have none, and by nothing else: FILE is another state of
    /// this very database (a database, a snapshot, or a full export)
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with = "matches")]
    pub(super) by: Option<ByArg>,
    /// With --by id: match rows by their ids although few that both have agree in what they hold
    #[arg(long, requires = "by")]
    pub force: bool,
    /// Whether a row with the id of an item is another, where nothing that they hold is alike.
    #[arg(skip)]
    pub doubts_ids: bool,
    /// On an invalid item, or a document that is damaged or cut: fail (import nothing), or skip (import the rest; of a full
    /// export too)
    #[arg(long, value_enum, value_name = "WHAT", default_value = "fail")]
    pub(super) on_error: OnErrorArg,
    /// Whose rows they become, where the document holds those of one user
    #[arg(long, value_name = "NAME")]
    pub(super) scope: Option<String>,
    /// What becomes of a reference to what is neither in the database nor in the document: fail, null where the column may
    /// be NULL, or skip (its item does not come in)
    #[arg(long, value_enum, value_name = "WHAT", default_value = "fail")]
    pub(super) missing_reference: MissingArg,
    /// On doubtful numbers, which may be row ids and mean something else here: refuse (import nothing), or ignore (write
    /// them as they stand; a new row whose own row id is taken gets another)
    #[arg(long, value_enum, default_value_t = DoubtsArg::Refuse)]
    pub(super) doubts: DoubtsArg,
    /// Whether the application's triggers run: auto (they do, and what they changed of the items is put right), on, or off
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) triggers: TriggersArg,
    /// Write down what would be done, and do nothing; where the file is such a plan, carry it out, if the database is still
    /// what it was
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Write what became of each item to this file, as JSON, an item a line
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Use the answers that were kept in this file
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Keep the answers that are given in this file, to use them again with --answers
    #[arg(long, value_name = "FILE")]
    pub save_answers: Option<PathBuf>,
    /// Do not ask before it is written
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MissingArg {
    Fail,
    Null,
    Skip,
}

impl From<MissingArg> for Missing {
    fn from(missing: MissingArg) -> Self {
        match missing {
            MissingArg::Fail => Self::Fail,
            MissingArg::Null => Self::Null,
            MissingArg::Skip => Self::Skip,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnErrorArg {
    Fail,
    Skip,
}

impl From<OnErrorArg> for OnError {
    fn from(on_error: OnErrorArg) -> Self {
        match on_error {
            OnErrorArg::Fail => Self::Fail,
            OnErrorArg::Skip => Self::Skip,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ByArg {
    Id,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DoubtsArg {
    Refuse,
    Ignore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TriggersArg {
    Auto,
    On,
    Off,
}

impl From<TriggersArg> for Triggers {
    fn from(triggers: TriggersArg) -> Self {
        match triggers {
            TriggersArg::Auto => Self::Auto,
            TriggersArg::On => Self::On,
            TriggersArg::Off => Self::Off,
        }
    }
}

fn conflict(text: &str) -> Result<(Option<String>, Strategy), String> {
    let (section, strategy) = match text.rsplit_once('=') {
        Some((section, strategy)) => (Some(section.to_owned()), strategy),
        None => (None, text),
    };
    crate::cli::parse(strategy).map(|strategy| (section, strategy))
}

impl CondensedArgs {
    /// Those that these options of an import say.
    pub fn of(options: &[String]) -> Result<Self> {
        let command = Self::augment_args(clap::Command::new("import").no_binary_name(true));
        Ok(Self::from_arg_matches(&command.try_get_matches_from(options)?)?)
    }

    /// Whether anything was said that only a condensed export understands, or rows of other programs.
    pub fn is_said(&self) -> bool {
        let files = [&self.plan, &self.report, &self.answers, &self.save_answers];
        self.decides_items() || files.iter().any(|file| file.is_some())
    }

    /// Whether rows are matched by their ids.
    pub fn is_by_id(&self) -> bool {
        self.by == Some(ByArg::Id)
    }

    /// Whether what is right comes in without what is wrong.
    pub fn skips_errors(&self) -> bool {
        self.on_error == OnErrorArg::Skip
    }

    /// Whether anything was said that a plan says itself.
    pub fn decides(&self) -> bool {
        self.decides_items() || self.skips_errors()
    }

    fn decides_items(&self) -> bool {
        !self.on_conflict.is_empty()
            || !self.item.is_empty()
            || !self.conditions.is_empty()
            || !self.map.is_empty()
            || !self.fill.is_empty()
            || !self.matches.is_empty()
            || self.replace_all
            || self.by.is_some()
            || self.scope.is_some()
            || self.missing_reference != MissingArg::Fail
            || self.triggers != TriggersArg::Auto
            || self.doubts != DoubtsArg::Refuse
    }

    /// What is to be done, with these sections only, and without those.
    pub(super) fn instructions(&self, [only, exclude]: [Vec<String>; 2]) -> Result<Instructions> {
        Ok(Instructions {
            only,
            exclude,
            items: self.item.clone(),
            conditions: self.conditions.clone(),
            strategies: self.strategies()?,
            replace_all: self.replace_all,
            scope: self.scope.clone(),
            missing: self.missing_reference.into(),
            on_error: self.on_error.into(),
            triggers: self.triggers.into(),
            ignores_doubts: self.doubts == DoubtsArg::Ignore,
            map: self.map.clone(),
            fill: self.fill.clone(),
            matches: self.matches()?,
            by_id: self.is_by_id(),
            doubts_ids: self.doubts_ids,
        })
    }

    /// Sections, and by which columns their rows are matched.
    fn matches(&self) -> Result<Vec<(String, String)>> {
        let parse =
            |text: &String| pair(text).map_err(|why| Fault::usage(format!("--match {text}: {why}")).into());
        self.matches.iter().map(parse).collect()
    }

    /// An error where two strategies are for the same.
    fn refuse_two_strategies(&self) -> Result<()> {
        let name = |section: &Option<String>| section.as_deref().map(str::to_ascii_lowercase);
        for (at, (section, strategy)) in self.on_conflict.iter().enumerate() {
            let earlier = self.on_conflict[..at].iter().find(|(other, _)| name(other) == name(section));
            if let Some((_, other)) = earlier {
                let what = section.as_deref().map_or("all".to_owned(), |section| format!("{section:?}"));
                let message = format!("--on-conflict: {} and {} for {what}", other.name(), strategy.name());
                return Err(Fault::usage(message)
                    .hint("one for all, and SECTION=STRATEGY for single sections")
                    .into());
            }
        }
        Ok(())
    }

    fn strategies(&self) -> Result<Strategies> {
        let default = match (self.replace_all, is_interactive()) {
            (true, _) => Strategy::Overwrite,
            (_, true) => Strategy::Prompt,
            (_, false) => Strategy::Fail,
        };
        let mut strategies = Strategies { default, sections: IndexMap::new() };
        self.refuse_two_strategies()?;
        for (section, strategy) in &self.on_conflict {
            if *strategy == Strategy::Rename && self.is_by_id() {
                return Err(Fault::usage(
                    "--on-conflict rename: by id, an item is the row with its id, and no other",
                )
                .hint("--on-conflict skip, overwrite, merge or newer")
                .into());
            }
            if *strategy == Strategy::Prompt && !is_interactive() {
                return Err(Fault::usage("--on-conflict prompt: there is no terminal to ask on")
                    .hint("--on-conflict skip, overwrite, merge, newer or rename asks nothing")
                    .into());
            }
            match section {
                Some(section) => drop(strategies.sections.insert(section.clone(), *strategy)),
                None => strategies.default = *strategy,
            }
        }
        Ok(strategies)
    }
}
