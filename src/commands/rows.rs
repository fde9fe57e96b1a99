//! `larder import --section`: rows of other programs.

use super::input::{self, LimitOptions};
use super::restore::undo_command;
use super::{Context, store, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use larder::document::reader::foreign::CsvOptions;
use larder::error::Fault;
use larder::import::rows::{Read, RowsOptions, Staged, stage};
use larder::problem::Problem;
use larder::snapshot::manifest::Replacement;
use larder::snapshot::safety::{Reason, Safety};
use larder::snapshot::{IfDamaged, Kind, restore};
use larder::store::app_of;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Rows of other programs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows of other programs")]
pub struct RowOptions {
    /// Put rows that another program wrote (JSON, NDJSON, CSV) into this table of a database that is there: columns are
    /// matched by name, and values become what the column makes of them
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["only", "exclude"])]
    pub section: Option<String>,
    /// What stands between the cells of CSV [default: what its first line says]
    #[arg(long, value_name = "CHARACTER", value_parser = super::format::delimiter, requires = "section")]
    delimiter: Option<char>,
    /// What stands for NULL in CSV [default: an empty cell]
    #[arg(long, value_name = "TEXT", requires = "section")]
    null: Option<String>,
    /// Do not keep what is there first
    #[arg(long, requires = "section")]
    no_safety_snapshot: bool,
}

impl RowOptions {
    /// Imports rows into a table.
    pub fn run(
        &self,
        table: &str,
        file: &Path,
        database: &Path,
        dry_run: bool,
        limits: &LimitOptions,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let limits = limits.limits();
        if self.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
            return Err(Fault::usage("what stands between cells is an ASCII character").into());
        }
        let csv = CsvOptions { delimiter: self.delimiter, null: self.null.clone().unwrap_or_default() };
        let rows = input::foreign(file, &limits, csv, context)?;
        let options = RowsOptions {
            table,
            limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let name = input::name(file);
        let staged = match stage(rows, &name, database, &options)? {
            Read::Whole(staged) => staged,
            Read::Faulty(problems, more) => return faulty(&name, table, &problems, more, dry_run, context),
        };
        // Without rows there is nothing to do, nor to undo.
        let applies = !dry_run && staged.rows > 0;
        let safety = if applies { self.apply(&staged, &name, &options, context)? } else { None };
        render(&staged, safety.as_deref(), dry_run, context)
    }

    /// Puts the rows in, after keeping what is there. Returns where it is kept.
    fn apply(
        &self,
        staged: &Staged,
        name: &str,
        options: &RowsOptions<'_>,
        context: &Context<'_>,
    ) -> Result<Option<PathBuf>> {
        let database = &staged.database;
        let (app, store) = (app_of(database), store::beside(database)?);
        let safety = Safety {
            app: &app,
            store: &store,
            now: context.now,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        if self.no_safety_snapshot {
            staged.apply(name, options)?;
            restore::supersede(database, &safety);
            return Ok(None);
        }
        let reason = Reason {
            kind: Kind::BeforeImport,
            replaced_by: Replacement { file: name.to_owned(), content_sha256: None },
            if_damaged: IfDamaged::Refuse,
            in_use: false,
        };
        let kept = safety.keep(database, reason)?.path;
        if let Err(error) = staged.apply(name, options) {
            // Nothing was written, so there is nothing to go back to.
            safety.discard(&kept);
            return Err(error);
        }
        safety.drop_expired();
        Ok(Some(kept))
    }
}

/// Says what does not fit, and that nothing was written.
fn faulty(
    name: &str,
    table: &str,
    problems: &[Problem],
    more: u64,
    dry_run: bool,
    context: &Context<'_>,
) -> Result<Exit> {
    if context.ui.wants_json() {
        let counts = json!({ table: counts(0, problems.len() as u64 + more) });
        Ui::print_json(&json!({
            "dry_run": dry_run, "sections": counts, "problems": problems, "more_problems": more, "needs_refetch": {},
            "safety_snapshot": null, "undo": null,
        }))?;
        return Ok(Exit::Problems);
    }
    let listed: Vec<String> = problems.iter().map(|problem| format!("{name}:{problem}")).collect();
    let rest = if more > 0 { format!("\nand {more} more") } else { String::new() };
    Err(Fault::invalid(format!(
        "nothing was written, since not everything fits {table}:\n{}{rest}",
        listed.join("\n")
    ))
    .into())
}

fn counts(new: u64, rejected: u64) -> serde_json::Value {
    json!({
        "new": new, "same": 0, "skipped": 0, "overwritten": 0, "merged": 0, "renamed": 0, "rejected": rejected,
    })
}

fn render(staged: &Staged, safety: Option<&Path>, dry_run: bool, context: &Context<'_>) -> Result<Exit> {
    let verb = if dry_run { "would come" } else { "came" };
    let rows = table::count(staged.rows, "row", "rows");
    context.ui.say(&format!("{rows} {verb} into {} of {}", staged.table, staged.database.display()));
    let undo = safety.map(|_| undo_command(&staged.database));
    if let (Some(safety), Some(undo)) = (safety, &undo) {
        context.ui.say(&format!("what was there is kept in {}", safety.display()));
        context.ui.say(&format!("to undo: {undo}"));
    }
    let result = json!({
        "dry_run": dry_run,
        "database": text(&staged.database),
        "sections": { staged.table.as_str(): counts(staged.rows, 0) },
        "problems": [],
        "needs_refetch": {},
        "safety_snapshot": safety.map(text),
        "undo": undo,
    });
    context.ui.result_path(&result, &staged.database)?;
    Ok(Exit::Done)
}
