//! `larder import`

pub(super) mod direct;

use super::condensed::{CondensedArgs, Told, list};
use super::configuration::Subject;
use super::input::{self, LimitOptions};
use super::keys::{KeyArgs, KeySettings};
use super::rows::{self, RowOptions};
use super::{Context, shell_word, state, store, text};
use crate::exit::Exit;
use crate::ui::table;
use anyhow::Result;
use clap::Args;
use direct::{Argument, Direct};
use larder::database::selection::Selection;
use larder::document::envelope::Mode;
use larder::document::input::Input;
use larder::error::Fault;
use larder::files;
use larder::import::condensed::Plan;
use larder::import::{ImportOptions, Imported, LeftOut, full};
use larder::snapshot::target::why_a_snapshot;
use larder::stream::age::Keys;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Bring an export into a database, or rows into a table
///
/// A condensed export comes into a database of its application: all of it or nothing, with what was there kept first.
/// A full export becomes a new database, or fills an empty one: it is built beside its place, read back and compared,
/// and only then gets its name. JSON, NDJSON and CSV, compressed or not, are recognised by their content.
#[derive(Debug, Args)]
pub struct Import {
    /// The document: a file, a folder of CSV, or - for the standard input; or a database of the application or a snapshot of
    /// one (a file, latest, or a time), whose items come in as those of a condensed export
    #[arg(required_unless_present = "plan")]
    file: Option<PathBuf>,
    /// The database that takes the items; of a full export, a new file or a database without tables [default: the one of
    /// the settings]
    database: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// Only these sections, or those of these groups; of a full export, tables and views, with their indexes and triggers
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    only: Vec<String>,
    /// Not these sections or groups, nor these children (movies.reviews); of a full export, tables and views
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Say what would come in and what would become of it, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    limits: LimitOptions,
    /// Do not keep what is there first
    #[arg(long)]
    no_safety_snapshot: bool,
    #[command(flatten)]
    condensed: CondensedArgs,
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Import {
    pub fn run(self, context: &Context<'_>) -> Result<Exit> {
        let (mut file, subject, plan) = self.subject(context)?;
        let is_export = state::snapshot_name(&file).is_some_and(|name| name.is_export());
        let found = if is_export { state::stored(&file, &subject, context)? } else { None };
        if let Some(found) = &found {
            file.clone_from(&found.path);
        }
        self.refuse(&file, &subject.database)?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        if let Some(name) = &self.rows.section {
            return self.run_rows(name, (&file, &subject), &keys, context);
        }
        let limits = self.limits.limits();
        // Who carries out a plan has seen it.
        let is_forced = self.condensed.force || plan.is_some();
        let is_by_id = plan.as_ref().map_or(self.condensed.is_by_id(), |plan| plan.told.by_id);
        let parts =
            plan.as_ref().map_or([&self.only, &self.exclude], |plan| [&plan.told.only, &plan.told.exclude]);
        let [only, exclude] = parts.map(Clone::clone);
        let argument = Argument {
            file: &file,
            subject: &subject,
            limits: &limits,
            keys: &keys,
            only: &only,
            exclude: &exclude,
            secrets: false,
            by_id: is_by_id.then_some(is_forced),
        };
        if let Some(direct) = direct::exported(&argument, context)? {
            return self.run_direct(direct, (&file, &subject), plan, context);
        }
        let document = input::document(&file, &limits, self.limits.piped(), &keys, context)?;
        let name = input::name(&file);
        let (metadata, input) = document.input.metadata(&name, limits)?;
        if is_by_id && metadata.mode == Mode::Full {
            let direct = direct::of_full(input, name, &argument, context)?;
            return self.run_direct(direct, (&file, &subject), plan, context);
        }
        if is_by_id {
            let message = format!("--by id: {name} is a condensed export, which has no row ids of all rows");
            let hint = "give a database, a snapshot (latest), or an export made with --full";
            return Err(Fault::usage(message).hint(hint).into());
        }
        if metadata.mode == Mode::Condensed {
            let told = self.told(&file, &name, &subject);
            let parts = [self.only.clone(), self.exclude.clone()];
            return self.condensed.run(input, parts, &told, plan, context);
        }
        self.run_full(input, &name, &subject.database, context)
    }

    /// An error where what was named cannot come into a database.
    fn refuse(&self, file: &Path, database: &Path) -> Result<()> {
        if let Some(why) = why_a_snapshot(&files::resolve(database)?, database)? {
            let hint = "restore it to a file first: larder restore SNAPSHOT DATABASE";
            return Err(Fault::usage(format!("a document comes into a database: {why}")).hint(hint).into());
        }
        if !input::is_pipe(file)? && files::resolve(file)? == files::resolve(database)? {
            return Err(Fault::usage(format!("{} is the document itself", database.display())).into());
        }
        if self.condensed.plan.is_some() && input::is_pipe(file)? {
            let message = "--plan: what comes through a pipe or from a remote store may not be the same when the plan is carried out";
            return Err(Fault::usage(message).hint("write the document to a file first").into());
        }
        Ok(())
    }

    /// Makes a new database of a full export.
    fn run_full(&self, input: Input, name: &str, database: &Path, context: &Context<'_>) -> Result<Exit> {
        if self.condensed.is_said() || self.condensed.yes || self.no_safety_snapshot {
            let message =
                "a full export comes into a new database: there are no conflicts, and nothing to keep";
            return Err(Fault::usage(message).into());
        }
        let selection = Selection { only: self.only.clone(), exclude: self.exclude.clone() };
        let options = ImportOptions {
            selection: &selection,
            limits: self.limits.limits(),
            dry_run: self.dry_run,
            skips_unread: self.condensed.skips_errors(),
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let imported = full(input, name, database, &options)?;
        render(&imported, name, self.dry_run, context)
    }

    /// Imports what was exported on the way.
    fn run_direct(
        &self,
        direct: Direct,
        (file, subject): (&Path, &Subject),
        plan: Option<Plan>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        if self.condensed.plan.is_some() && direct.file.is_none() {
            let message =
                "--plan: a snapshot in a remote store may not be the same when the plan is carried out";
            return Err(Fault::usage(message).hint("fetch it first: larder store get").into());
        }
        let told = self.told(direct.file.as_deref().unwrap_or(file), &direct.name, subject);
        let parts = [self.only.clone(), self.exclude.clone()];
        self.condensed.run(direct.input, parts, &told, plan, context)
    }

    /// Imports rows of another program into a table, or into that of a section of the settings.
    fn run_rows(
        &self,
        name: &str,
        (file, subject): (&Path, &Subject),
        keys: &Keys<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let section = subject.config.rules.sections.get(name);
        let told = rows::Told {
            table: section.and_then(|section| section.table.as_deref()).unwrap_or(name),
            section: name,
            file,
            subject,
            dry_run: self.dry_run,
            keeps: !self.no_safety_snapshot,
            yes: self.condensed.yes,
            limits: self.limits.limits(),
            keys,
        };
        self.rows.run(&self.condensed, &told, context)
    }

    fn told<'a>(&self, file: &'a Path, name: &'a str, subject: &'a Subject) -> Told<'a> {
        Told {
            dry_run: self.dry_run,
            no_safety_snapshot: self.no_safety_snapshot,
            limits: self.limits.limits(),
            name,
            file,
            subject,
        }
    }

    /// The document and the database, and the plan where one is to be carried out.
    fn subject(&self, context: &Context<'_>) -> Result<(PathBuf, Subject, Option<Plan>)> {
        let path = self.condensed.plan.as_ref().filter(|path| !self.dry_run && path.exists());
        let plan = path.map(|path| Plan::read(path)).transpose()?;
        if let (Some(plan), Some(path)) = (&plan, path)
            && (self.condensed.decides() || !self.only.is_empty() || !self.exclude.is_empty())
        {
            let message =
                format!("{} says itself what is to be done with {}", path.display(), plan.document.display());
            return Err(Fault::usage(message).hint("say nothing but --plan, or make another plan").into());
        }
        let of_plan = |own: fn(&Plan) -> &PathBuf| plan.as_ref().map(own).cloned();
        let file = self.file.clone().or_else(|| of_plan(|plan| &plan.document));
        let database = self.database.clone().or_else(|| of_plan(|plan| &plan.database));
        let Some(file) = file else {
            let path = self.condensed.plan.iter().map(|path| path.display().to_string()).collect::<String>();
            return Err(Fault::usage(format!("there is no plan at {path}"))
                .hint("larder import FILE DB --plan PLAN makes one")
                .into());
        };
        let command = format!("larder import {}", shell_word(&file));
        let of = (None, Some(file.as_path()));
        state::require_database(database.as_deref(), of, &self.app, &command, context)?;
        Ok((file, Subject::to_write(database.as_deref(), &self.app, context)?, plan))
    }
}

fn render(imported: &Imported, name: &str, dry_run: bool, context: &Context<'_>) -> Result<Exit> {
    let rows = table::count(imported.sections.values().sum(), "row", "rows");
    let tables = table::count(imported.sections.len() as u64, "table", "tables");
    let verb = if dry_run { "would come" } else { "came" };
    context.ui.say(&format!("{rows} of {tables} {verb} into {}", imported.database.display()));
    let is_complete = imported.left_out.is_empty() && imported.lost.errors == 0;
    say_left_out(&imported.left_out, context);
    if imported.lost.errors > 0 {
        context.ui.error(&format!("parts of the document are lost:\n{}", list(name, &imported.lost)), None);
    }
    let section = |(name, new): (&String, &u64)| {
        let counts = json!({
            "new": new, "same": 0, "skipped": 0, "overwritten": 0, "merged": 0, "renamed": 0, "rejected": 0,
        });
        (name.clone(), counts)
    };
    let sections: Map<String, Value> = imported.sections.iter().map(section).collect();
    let result = json!({
        "dry_run": dry_run,
        "database": text(&imported.database),
        "sections": sections,
        "problems": imported.lost.listed,
        "left_out": imported.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "needs_refetch": {},
        "safety_snapshot": null,
        "undo": null,
    });
    context.ui.result_path(&result, &imported.database)?;
    Ok(if is_complete { Exit::Done } else { Exit::Failed })
}

/// Says what is left for the application to build, and how: with --quiet too, since the import is not complete.
fn say_left_out(left_out: &[LeftOut], context: &Context<'_>) {
    for LeftOut { index, sql } in left_out {
        let hint = format!("run this with the application's functions and collations: {sql};");
        context.ui.error(&format!("{index}; it was left out, and everything else is there"), Some(&hint));
    }
}

fn left_out(left_out: &LeftOut) -> Value {
    let mut value = json!(left_out.index);
    value["sql"] = json!(left_out.sql);
    value
}
