//! `larder import --section`: rows of other programs.

mod report;
mod write;

use super::Context;
use super::condensed::CondensedArgs;
use super::configuration::{Subject, or_warn};
use super::input;
use crate::exit::Exit;
use crate::ui::is_interactive;
use anyhow::Result;
use clap::{Args, ValueEnum};
use larder::document::reader::Limits;
use larder::document::reader::foreign::{CsvOptions, Foreign};
use larder::error::{Fault, Kind};
use larder::import::rows::{Notation, RowsOptions, Staged, stage};
use larder::stream::age::Keys;
use report::Report;
use std::path::Path;
use write::{Written, write};

/// Rows of other programs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows of other programs")]
pub struct RowOptions {
    /// Put rows that another program wrote (JSON, NDJSON, CSV) into this table of a database that is there: columns are
    /// matched by name, and values become what the column makes of them
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["only", "exclude"])]
    pub section: Option<String>,
    /// Create the table where it is not there: its columns are the names of the file, with the types that all of their values
    /// have, and --match names its primary key; on a terminal, you are asked without this
    #[arg(long, requires = "section")]
    create_table: bool,
    /// What stands between the cells of CSV [default: what its line of names says]
    #[arg(long, value_name = "CHARACTER", value_parser = super::format::delimiter, requires = "section")]
    delimiter: Option<char>,
    /// How many lines of CSV stand before the one that names the columns
    #[arg(long, value_name = "N", requires = "section")]
    skip_lines: Option<u64>,
    /// What stands before the decimals of numbers in CSV
    #[arg(long, value_name = "CHARACTER", requires = "section")]
    decimal: Option<Decimal>,
    /// What stands for NULL in CSV [default: an empty cell, but in a column of text that is NOT NULL]
    #[arg(long, value_name = "TEXT", requires = "section")]
    null: Option<String>,
}

/// What stands before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Decimal {
    #[value(name = ",")]
    Comma,
    #[value(name = ".")]
    Point,
}

/// What an import of rows was told besides what it is to do with them.
pub struct Told<'a> {
    pub table: &'a str,
    /// What was said, which may be the name that the settings give it.
    pub section: &'a str,
    pub file: &'a Path,
    pub subject: &'a Subject,
    pub dry_run: bool,
    /// Whether what is there is kept first.
    pub keeps: bool,
    /// Whether questions are answered by yes.
    pub yes: bool,
    pub limits: Limits,
    pub keys: &'a Keys<'a>,
}

impl RowOptions {
    /// Imports rows into a table.
    pub fn run(&self, args: &CondensedArgs, told: &Told<'_>, context: &Context<'_>) -> Result<Exit> {
        let notation =
            Notation { null: self.null.clone(), decimal_comma: self.decimal == Some(Decimal::Comma) };
        let may_ask = is_interactive() && !context.ui.is_quiet() && !context.ui.wants_json();
        let creates = self.create_table || may_ask;
        let instructions = args.for_rows(&[told.table, told.section], creates, notation)?;
        let rows = self.read(told, context)?;
        let options = RowsOptions {
            table: told.table,
            told: &instructions,
            limits: told.limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let name = input::name(told.file);
        let staged = stage(rows, &name, &told.subject.database, &options)?;
        self.confirm_table(&staged, told, context)?;
        let Written { outcome, safety, was_there } = write(&staged, &name, told, &options, context)?;
        let (outcome, dry_run) = (&outcome, told.dry_run);
        let report = Report { staged: &staged, outcome, name: &name, dry_run, was_there };
        let forbids = !instructions.skips_errors || staged.refused(&instructions).is_some();
        if outcome.problems.errors > 0 && forbids {
            return report.faulty(context);
        }
        if outcome.conflicts.errors > 0 {
            return Err(report.undecided().into());
        }
        let undo = or_warn(safety.as_ref().map(|_| told.subject.undo_command()), context);
        report.render(safety.as_deref(), undo.as_deref(), context)
    }

    /// Shows the table that is created, and asks about it where nobody said that it is to be.
    fn confirm_table(&self, staged: &Staged, told: &Told<'_>, context: &Context<'_>) -> Result<()> {
        let Some(sql) = staged.creates() else { return Ok(()) };
        context.ui.say(&format!(
            "there is no table {:?}; this creates it:\n{};",
            staged.table(),
            sql.replace('\n', "\n  ")
        ));
        if self.create_table || told.dry_run || told.yes || context.ui.decide("Create the table?")? {
            return Ok(());
        }
        Err(Fault::new(Kind::Undecided, "not confirmed; nothing was done").into())
    }

    /// The rows of the file. Options for CSV mean nothing where it is JSON.
    fn read(&self, told: &Told<'_>, context: &Context<'_>) -> Result<Foreign> {
        if self.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
            return Err(Fault::usage("what stands between cells is an ASCII character").into());
        }
        let csv = CsvOptions { delimiter: self.delimiter, skipped_lines: self.skip_lines.unwrap_or(0) };
        let rows = input::foreign(told.file, &told.limits, csv, told.keys, context)?;
        let said = [
            ("--delimiter", self.delimiter.is_some()),
            ("--skip-lines", self.skip_lines.is_some()),
            ("--decimal", self.decimal.is_some()),
            ("--null", self.null.is_some()),
        ];
        match said.iter().find(|(_, is_said)| *is_said && !rows.is_csv()) {
            None => Ok(rows),
            Some((option, _)) => {
                let message = format!("{option} is for CSV, and {} is JSON", input::name(told.file));
                Err(Fault::usage(message).into())
            }
        }
    }
}
