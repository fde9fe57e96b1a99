//! `larder export`

use super::snapshot::{Codec, level_of};
use super::{Context, input, store, text};
use crate::exit::Exit;
use crate::ui::pipe::StandardOutput;
use crate::ui::table;
use anyhow::{Context as _, Result};
use clap::Args;
use larder::database::selection::Selection;
use larder::database::sidecar;
use larder::database::{ReadOptions, Source};
use larder::document::envelope::Summary;
use larder::error::Fault;
use larder::export::{ExportOptions, full};
use larder::files::{self, AtomicFile};
use larder::progress::Progress;
use larder::stream::{BUFFER, Compression, Encoder, Level};
use serde_json::json;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write everything that a database holds as a JSON document
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
    /// Write to this file instead of the standard output (-); .gz and .zst compress
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
    /// How to compress [default: what the name of --output says]
    #[arg(long, value_enum, value_name = "CODEC")]
    compress: Option<Codec>,
    /// How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]
    #[arg(long, value_name = "N")]
    level: Option<Level>,
}

impl Export {
    pub fn run(mut self, context: &Context<'_>) -> Result<Exit> {
        self.output = self.output.filter(|output| !input::is_standard(output));
        if !self.full {
            return Err(Fault::usage("condensed exports are not there yet")
                .hint("--full exports everything that SQLite holds")
                .into());
        }
        if context.ui.wants_json() && self.output.is_none() {
            return Err(Fault::usage("--json and the document cannot both go to the standard output")
                .hint("name a file: -o FILE")
                .into());
        }
        files::require_file(&self.database)?;
        let app = self.app.of(&self.database)?;
        let compression = match (self.compress, &self.output) {
            (Some(codec), _) => codec.into(),
            (None, Some(output)) => Compression::by_name(output),
            (None, None) => Compression::None,
        };
        let level = level_of(compression, self.level)?;
        let selection = Selection { only: self.only, exclude: self.exclude };
        let options =
            ExportOptions { app: &app, selection: &selection, now: context.now, progress: context.ui };
        match &self.output {
            Some(output) => {
                to_file(&self.database, output, self.force, compression, level, &options, context)
            }
            None => to_stdout(&self.database, compression, level, &options, context),
        }
    }
}

fn to_file(
    database: &Path,
    output: &Path,
    overwrite: bool,
    compression: Compression,
    level: Level,
    options: &ExportOptions<'_>,
    context: &Context<'_>,
) -> Result<Exit> {
    let output = files::resolve(output)?;
    sidecar::refuse_output(&output, database)?;
    let file = AtomicFile::create(&output, overwrite)?;
    let beside = files::folder_of(&output);
    let source = Source::open(database, &read_options(&[&context.temporary, &beside], context))?;
    let (file, summary) = encode(&source, file, compression, level, options)?;
    drop(source);
    file.commit()?;
    say(&summary, context);
    let result = json!({ "file": text(&output), "items": summary.items });
    context.ui.result_path(&result, &output)?;
    Ok(Exit::Done)
}

fn to_stdout(
    database: &Path,
    compression: Compression,
    level: Level,
    options: &ExportOptions<'_>,
    context: &Context<'_>,
) -> Result<Exit> {
    let beside = store::beside(database)?;
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = read_options(&scratch[..if beside.is_dir() { 2 } else { 1 }], context);
    // A file takes what it gets; a pipe or a person may take any time.
    let source = if crate::ui::stdout_is_file() {
        Source::open(database, &read)?
    } else {
        Source::open_detached(database, &read)?
    };
    let output =
        StandardOutput::new(context.ui.stop_signal()).context("cannot write to the standard output")?;
    let (output, summary) = encode(&source, output, compression, level, options)?;
    output.finish()?;
    say(&summary, context);
    Ok(Exit::Done)
}

fn read_options<'a>(scratch: &'a [&'a Path], context: &'a Context<'_>) -> ReadOptions<'a> {
    ReadOptions { scratch, patience: context.patience.clone(), progress: context.ui }
}

fn encode<W: Write>(
    source: &Source,
    output: W,
    compression: Compression,
    level: Level,
    options: &ExportOptions<'_>,
) -> Result<(W, Summary)> {
    let encoder = Encoder::new(BufWriter::with_capacity(BUFFER, output), compression, level)?;
    let (encoder, summary) = full(source, encoder, options)?;
    let output = encoder.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok((output, summary))
}

fn say(summary: &Summary, context: &Context<'_>) {
    let rows = summary.items.values().sum();
    let tables = table::count(summary.items.len() as u64, "table", "tables");
    context.ui.say(&format!("{} from {tables}", table::count(rows, "row", "rows")));
}
