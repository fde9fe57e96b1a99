//! The command line: the commands and what all of them share.

use crate::commands;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};
use larder::patience::length_of_time;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a validation found problems, input was invalid, or something differs;
4 a decision was needed that nobody gave, or the answer was no; 5 busy or locked past --busy-timeout;
130 interrupted; 141 the reader of the output went away.";

/// Keeps what a SQLite application knows: snapshots that are verified before they count, a restore that loses
/// nothing, and exports that hold everything.
#[derive(Debug, Parser)]
#[command(name = "larder", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
#[command(propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Print the result as one JSON object on the standard output
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say each step
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds
    #[arg(long, global = true, value_name = "TIME", default_value = "10s", value_parser = length_of_time)]
    #[arg(help_heading = "Global options")]
    pub busy_timeout: Duration,
    /// The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with
    /// --app APP]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// Do not use the settings that are built in for the application that a database is of
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_known_app: bool,
}

/// What larder can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Export(commands::export::Export),
    Import(commands::import::Import),
    Validate(commands::validate::Validate),
    Diff(commands::diff::Diff),
    Find(commands::find::Find),
    Snapshot(Box<commands::snapshot::Snapshot>),
    Restore(commands::restore::Restore),
    Prune(commands::prune::Prune),
    List(commands::list::List),
    Pin(commands::pin::Pin),
    Init(commands::init::Init),
    Config(commands::config::Config),
    Check(commands::check::Check),
    Guard(commands::guard::Guard),
    Convert(commands::convert::Convert),
    Store(commands::store::command::StoreCommand),
    Apps(commands::apps::Apps),
    Keygen(commands::keygen::Keygen),
    Completions(commands::completions::Completions),
    Man(commands::man::Man),
}

/// Reads the value of an option; what is wrong with it and what would be right is one text.
pub fn parse<T: FromStr<Err = anyhow::Error>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: anyhow::Error| match larder::error::hint(&error) {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
