//! `larder export`

use super::format::{self, FormatOptions};
use super::{Context, store, text};
use crate::exit::Exit;
use crate::ui::table;
use anyhow::Result;
use clap::Args;
use larder::database::selection::Selection;
use larder::database::{ReadOptions, Source, sidecar};
use larder::document::envelope::Summary;
use larder::error::Fault;
use larder::export::{ExportOptions, full};
use larder::files;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Write everything that a database holds as a document: JSON, NDJSON or CSV
///
/// A full export holds every table, row, value and type, the schema, and what else the file keeps: importing it gives
/// a database that is the same. It has one row a line, is the same for the same data, and streams. A snapshot can be
/// exported like a database.
#[derive(Debug, Args)]
pub struct Export {
    /// The database, or a snapshot of one
    database: PathBuf,
    /// Export everything that SQLite holds
    #[arg(long)]
    full: bool,
    /// Write to this file instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst, or
    /// a folder (CSV)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite the file of --output
    #[arg(long, requires = "output")]
    force: bool,
    /// Only these tables and views, with their indexes and triggers
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    only: Vec<String>,
    /// Not these tables and views
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    exclude: Vec<String>,
    #[command(flatten)]
    app: store::App,
    #[command(flatten)]
    format: FormatOptions,
}

impl Export {
    pub fn run(self, context: &Context<'_>) -> Result<Exit> {
        let output = format::output(self.output.as_deref())?;
        if !self.full {
            return Err(Fault::usage("condensed exports are not there yet")
                .hint("--full exports everything that SQLite holds")
                .into());
        }
        if context.ui.wants_json() && output.is_none() {
            return Err(Fault::usage("--json and the document cannot both go to the standard output")
                .hint("name a file: -o FILE")
                .into());
        }
        files::require_file(&self.database)?;
        let app = self.app.of(&self.database)?;
        let selection = Selection { only: self.only, exclude: self.exclude };
        let options =
            ExportOptions { app: &app, selection: &selection, now: context.now, progress: context.ui };
        if let Some(output) = &output {
            sidecar::refuse_output(output, &self.database)?;
            if files::resolve(&self.database)?.starts_with(files::resolve(output)?) {
                let message = format!("{} holds the database", output.display());
                return Err(Fault::usage(message).hint("choose another place").into());
            }
        }
        let target = self.format.target(output.as_deref(), self.force)?;
        let source = open(&self.database, output.as_deref(), context)?;
        let summary = target.write(context, |format| full(&source, format, &options))?;
        drop(source);
        say(&summary, context);
        if let Some(output) = &output {
            let result = json!({ "file": text(output), "items": summary.items });
            context.ui.result_path(&result, output)?;
        }
        Ok(Exit::Done)
    }
}

/// Opens the database in the way that suits where the document goes: a file takes what it gets, and a pipe or a person
/// may take any time.
fn open(database: &Path, output: Option<&Path>, context: &Context<'_>) -> Result<Source> {
    let beside = match output {
        Some(output) => files::folder_of(output),
        None => files::folder_of(&files::resolve(database)?),
    };
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    if output.is_some() || crate::ui::stdout_is_file() {
        Source::open(database, &read)
    } else {
        Source::open_detached(database, &read)
    }
}

fn say(summary: &Summary, context: &Context<'_>) {
    let rows = summary.items.values().sum();
    let tables = table::count(summary.items.len() as u64, "table", "tables");
    context.ui.say(&format!("{} from {tables}", table::count(rows, "row", "rows")));
}
