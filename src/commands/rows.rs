//! `larder import --section`: rows of other programs.

use super::configuration::{Subject, or_warn};
use super::input;
use super::{Context, safety, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use larder::document::reader::Limits;
use larder::document::reader::foreign::CsvOptions;
use larder::error::Fault;
use larder::import::rows::{Read, RowsOptions, Staged, stage};
use larder::problem::Problem;
use larder::progress::Progress as _;
use larder::snapshot::safety::Earlier;
use larder::stream::Digest;
use larder::stream::age::Keys;
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
}

/// What an import of rows was told besides how they are read.
pub struct Told<'a> {
    /// The table.
    pub table: &'a str,
    pub file: &'a Path,
    pub dry_run: bool,
    /// What is there is kept first.
    pub keeps: bool,
    pub yes: bool,
    pub limits: Limits,
    pub keys: &'a Keys<'a>,
}

impl RowOptions {
    /// Imports rows into a table.
    pub fn run(&self, told: &Told<'_>, subject: &Subject, context: &Context<'_>) -> Result<Exit> {
        if self.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
            return Err(Fault::usage("what stands between cells is an ASCII character").into());
        }
        let csv = CsvOptions { delimiter: self.delimiter, null: self.null.clone().unwrap_or_default() };
        let rows = input::foreign(told.file, &told.limits, csv, told.keys, context)?;
        let options = RowsOptions {
            table: told.table,
            limits: told.limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let name = input::name(told.file);
        let staged = match stage(rows, &name, &subject.database, &options)? {
            Read::Whole(staged) => staged,
            Read::Faulty(problems, more) => {
                return faulty(&name, told.table, &problems, more, told.dry_run, context);
            }
        };
        // Without rows there is nothing to do, nor to undo.
        let (safety, what) = if told.dry_run || staged.rows == 0 {
            (None, if told.dry_run { What::WouldCome } else { What::Came })
        } else if let Some(kept) = imported_before(&staged, &name, told, &options, subject, context)? {
            (Some(kept), What::WasThere)
        } else {
            let write = || staged.apply(&name, &options).map(|()| ((), true));
            (safety::guarded(&name, subject, told.keeps, context, write)?.1, What::Came)
        };
        let undo = or_warn(safety.as_ref().map(|_| subject.undo_command()), context);
        render(&staged, &what, safety.as_deref(), undo.as_deref(), context)
    }
}

/// What was kept by an import of the same rows that was interrupted when it had written. Where nobody can tell whether it
/// had, it asks.
fn imported_before(
    staged: &Staged,
    name: &str,
    told: &Told<'_>,
    options: &RowsOptions<'_>,
    subject: &Subject,
    context: &Context<'_>,
) -> Result<Option<PathBuf>> {
    let did = |kept: &Path, now: Digest| staged.leads_to(now, kept, name, options);
    match safety::settle(name, subject, context, did) {
        Ok(Earlier::Did(kept)) => Ok(Some(kept)),
        Ok(Earlier::Not) => Ok(None),
        Err(error) if told.yes => {
            context.ui.warn(&format!("{error:#}"));
            Ok(None)
        }
        Err(error) => Err(error.context(Fault::failed("nothing was written").hint("--yes imports it"))),
        Ok(Earlier::Unknown(_)) if told.yes => Ok(None),
        Ok(Earlier::Unknown(kept)) => {
            let question = format!(
                "An import of {name} was interrupted, and nobody can tell whether its rows are in {}: what was there before is in {}. Import them?",
                staged.database.display(),
                kept.display()
            );
            context.ui.confirm(&question, "--yes").map(|()| None)
        }
    }
}

/// What became of the rows.
enum What {
    WouldCome,
    Came,
    /// They are there since an import that was interrupted.
    WasThere,
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
        let counts = json!({ table: counts(0, 0, problems.len() as u64 + more) });
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

fn counts(new: u64, same: u64, rejected: u64) -> serde_json::Value {
    json!({
        "new": new, "same": same, "skipped": 0, "overwritten": 0, "merged": 0, "renamed": 0, "rejected": rejected,
    })
}

fn render(
    staged: &Staged,
    what: &What,
    safety: Option<&Path>,
    undo: Option<&str>,
    context: &Context<'_>,
) -> Result<Exit> {
    let rows = table::count(staged.rows, "row", "rows");
    let (table, database) = (&staged.table, staged.database.display());
    let (said, [new, same]) = match what {
        What::WouldCome => (format!("{rows} would come into {table} of {database}"), [staged.rows, 0]),
        What::Came => (format!("{rows} came into {table} of {database}"), [staged.rows, 0]),
        What::WasThere => (
            format!("nothing to change in {database}: {rows} came into {table} when this was run before"),
            [0, staged.rows],
        ),
    };
    context.ui.say(&said);
    if let Some(safety) = safety {
        context.ui.say(&format!("what was there is kept in {}", safety.display()));
    }
    if let Some(undo) = undo {
        context.ui.say(&format!("to undo: {undo}"));
    }
    let result = json!({
        "dry_run": matches!(what, What::WouldCome),
        "database": text(&staged.database),
        "sections": { table.as_str(): counts(new, same, 0) },
        "problems": [],
        "needs_refetch": {},
        "safety_snapshot": safety.map(text),
        "undo": undo,
    });
    context.ui.result_path(&result, &staged.database)?;
    Ok(Exit::Done)
}
