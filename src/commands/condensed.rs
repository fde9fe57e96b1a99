//! `larder import` of a condensed export.

use super::restore::undo_command;
use super::{Context, safety, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::{Args, ValueEnum};
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::error::Fault;
use larder::import::condensed::{
    CondensedOptions, Missing, Outcome, Staged, Strategies, Strategy, Triggers, stage, undecided,
};
use larder::problem::Problems;
use larder::progress::Progress;
use serde_json::{Value, json};
use std::path::Path;

/// How a condensed export is brought in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Condensed exports")]
pub struct CondensedArgs {
    /// What to do with items that are there already and differ: skip, overwrite or fail; or SECTION=STRATEGY for one
    /// section [default: fail]
    #[arg(long, value_name = "STRATEGY", value_delimiter = ',', value_parser = conflict)]
    on_conflict: Vec<(Option<String>, Strategy)>,
    /// Whose rows they become, where the document holds those of one user
    #[arg(long, value_name = "NAME")]
    scope: Option<String>,
    /// What becomes of a reference to what is neither in the database nor in the document: fail, or null where the
    /// column may be NULL
    #[arg(long, value_enum, value_name = "WHAT", default_value = "fail")]
    missing_reference: MissingArg,
    /// Whether the application's triggers run: auto (they do, and what they changed of the items is put right), on, or off
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    triggers: TriggersArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MissingArg {
    Fail,
    Null,
}

impl From<MissingArg> for Missing {
    fn from(missing: MissingArg) -> Self {
        match missing {
            MissingArg::Fail => Self::Fail,
            MissingArg::Null => Self::Null,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TriggersArg {
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

/// What else an import was told.
pub struct Told<'a> {
    pub only: Vec<String>,
    pub exclude: Vec<String>,
    pub dry_run: bool,
    pub no_safety_snapshot: bool,
    pub limits: Limits,
    pub name: &'a str,
}

impl CondensedArgs {
    /// Whether anything was said that only a condensed export understands.
    pub fn is_said(&self) -> bool {
        !self.on_conflict.is_empty()
            || self.scope.is_some()
            || self.missing_reference != MissingArg::Fail
            || !matches!(self.triggers, TriggersArg::Auto)
    }

    /// Imports a condensed document.
    pub fn run(
        &self,
        document: Input,
        database: &Path,
        told: Told<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let Told { only, exclude, dry_run, no_safety_snapshot, limits, name } = told;
        let options = CondensedOptions {
            only,
            exclude,
            strategies: self.strategies(),
            scope: self.scope.clone(),
            missing: self.missing_reference.into(),
            triggers: self.triggers.into(),
            limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let staged = stage(document, name, database, &options)?;
        if staged.edited {
            context.ui.warn(&format!("{name} was changed after it was written"));
        }
        if staged.anonymized {
            context.ui.warn(&format!(
                "the names and texts of {name} are made up: they replace real ones where they overwrite"
            ));
        }
        if staged.problems.errors > 0 {
            return faulty(name, &staged.problems, dry_run, context);
        }
        let plan = staged.plan(&options)?;
        if let Some(exit) = refuse(name, &plan, dry_run, context)? {
            return Ok(exit);
        }
        if dry_run || plan.changed() == 0 {
            return render(name, &staged, &plan, None, dry_run, context);
        }
        let apply = || {
            staged.apply(name, &options).map(|outcome| {
                let wrote = !outcome.is_refused();
                (outcome, wrote)
            })
        };
        let (outcome, safety) = safety::guarded(name, &staged.database, !no_safety_snapshot, context, apply)?;
        if let Some(exit) = refuse(name, &outcome, dry_run, context)? {
            return Ok(exit);
        }
        render(name, &staged, &outcome, safety.as_deref(), dry_run, context)
    }

    fn strategies(&self) -> Strategies {
        let mut strategies = Strategies { default: Strategy::Fail, sections: indexmap::IndexMap::new() };
        for (section, strategy) in &self.on_conflict {
            match section {
                Some(section) => drop(strategies.sections.insert(section.clone(), *strategy)),
                None => strategies.default = *strategy,
            }
        }
        strategies
    }
}

/// Says why nothing is imported, where that is so.
fn refuse(name: &str, outcome: &Outcome, dry_run: bool, context: &Context<'_>) -> Result<Option<Exit>> {
    if outcome.problems.errors > 0 {
        return faulty(name, &outcome.problems, dry_run, context).map(Some);
    }
    if outcome.conflicts.listed.is_empty() || dry_run {
        return Ok(None);
    }
    let listed = list(name, &outcome.conflicts);
    let fault = undecided(&outcome.conflicts);
    let hint = fault.hint.clone().unwrap_or_default();
    Err(Fault::new(fault.kind, format!("{fault}:\n{listed}")).hint(hint).into())
}

fn list(name: &str, problems: &Problems) -> String {
    let listed: Vec<String> = problems.listed.iter().map(|problem| format!("{name}:{problem}")).collect();
    let more = if problems.more > 0 { format!("\nand {} more", problems.more) } else { String::new() };
    format!("{}{more}", listed.join("\n"))
}

fn faulty(name: &str, problems: &Problems, dry_run: bool, context: &Context<'_>) -> Result<Exit> {
    if context.ui.wants_json() {
        Ui::print_json(&json!({
            "dry_run": dry_run, "sections": {}, "problems": problems.listed, "more_problems": problems.more,
            "needs_refetch": {}, "safety_snapshot": null, "undo": null,
        }))?;
        return Ok(Exit::Problems);
    }
    Err(Fault::invalid(format!("nothing was written:\n{}", list(name, problems))).into())
}

fn render(
    name: &str,
    staged: &Staged,
    outcome: &Outcome,
    safety: Option<&Path>,
    dry_run: bool,
    context: &Context<'_>,
) -> Result<Exit> {
    let ui = context.ui;
    say_outcome(name, outcome, dry_run, context);
    let is_undecided = !outcome.conflicts.listed.is_empty();
    let verb = match (dry_run, outcome.changed()) {
        (true, _) if is_undecided => "nothing would be written to",
        (_, 0) => "nothing to change in",
        (true, _) => "this would be written to",
        (false, _) => "written to",
    };
    ui.say(&format!("{verb} {}", staged.database.display()));
    let undo = safety.map(|_| undo_command(&staged.database));
    if let (Some(safety), Some(undo)) = (safety, &undo) {
        ui.say(&format!("what was there is kept in {}", safety.display()));
        ui.say(&format!("to undo: {undo}"));
    }
    let result: Value = json!({
        "dry_run": dry_run,
        "database": text(&staged.database),
        "sections": outcome.sections,
        "problems": [],
        "conflicts": outcome.conflicts.listed,
        "needs_refetch": outcome.needs_refetch,
        "safety_snapshot": safety.map(text),
        "undo": undo,
    });
    ui.result_path(&result, &staged.database)?;
    Ok(Exit::Done)
}

/// Says what became of each section, and what is missing now.
fn say_outcome(name: &str, outcome: &Outcome, dry_run: bool, context: &Context<'_>) {
    let ui = context.ui;
    let mut rows = Vec::new();
    for (section, counts) in &outcome.sections {
        rows.push(vec![
            section.clone(),
            counts.new.to_string(),
            counts.same.to_string(),
            counts.skipped.to_string(),
            counts.overwritten.to_string(),
        ]);
    }
    ui.say(&table::table(&["section", "new", "same", "skipped", "overwritten"], rows, &[1, 2, 3, 4]));
    if dry_run && !outcome.conflicts.listed.is_empty() {
        ui.say(&format!(
            "{} differ from what is there:\n{}",
            items(outcome.conflicts.errors),
            list(name, &outcome.conflicts)
        ));
    }
    for (column, rows) in &outcome.filled {
        ui.warn(&format!(
            "{column} is not in the document, and empty in {}",
            table::count(*rows, "row", "rows")
        ));
    }
    for (section, keys) in &outcome.needs_refetch {
        ui.say(&format!("{} of {section} lack what can be fetched again", items(keys.len() as u64)));
    }
}

fn items(count: u64) -> String {
    table::count(count, "item", "items")
}
