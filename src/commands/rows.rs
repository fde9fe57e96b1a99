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
use larder::stream::age::Keys;
use serde_json::json;
use std::path::Path;

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

impl RowOptions {
    /// Imports rows into a table.
    pub fn run(
        &self,
        table: &str,
        file: &Path,
        subject: &Subject,
        [dry_run, safe]: [bool; 2],
        (limits, keys): (Limits, &Keys<'_>),
        context: &Context<'_>,
    ) -> Result<Exit> {
        if self.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
            return Err(Fault::usage("what stands between cells is an ASCII character").into());
        }
        let csv = CsvOptions { delimiter: self.delimiter, null: self.null.clone().unwrap_or_default() };
        let rows = input::foreign(file, &limits, csv, keys, context)?;
        let options = RowsOptions {
            table,
            limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let name = input::name(file);
        let staged = match stage(rows, &name, &subject.database, &options)? {
            Read::Whole(staged) => staged,
            Read::Faulty(problems, more) => return faulty(&name, table, &problems, more, dry_run, context),
        };
        // Without rows there is nothing to do, nor to undo.
        let applies = !dry_run && staged.rows > 0;
        let write = || staged.apply(&name, &options).map(|()| ((), true));
        let safety = if applies { safety::guarded(&name, subject, safe, context, write)?.1 } else { None };
        let undo = or_warn(safety.as_ref().map(|_| subject.undo_command()), context);
        render(&staged, safety.as_deref(), undo.as_deref(), dry_run, context)
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

fn render(
    staged: &Staged,
    safety: Option<&Path>,
    undo: Option<&str>,
    dry_run: bool,
    context: &Context<'_>,
) -> Result<Exit> {
    let verb = if dry_run { "would come" } else { "came" };
    let rows = table::count(staged.rows, "row", "rows");
    context.ui.say(&format!("{rows} {verb} into {} of {}", staged.table, staged.database.display()));
    if let Some(safety) = safety {
        context.ui.say(&format!("what was there is kept in {}", safety.display()));
    }
    if let Some(undo) = undo {
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
