//! The commands: each gathers its arguments, calls the library, and renders what came of it.

pub mod apps;
pub mod check;
mod choose;
pub mod completions;
mod condensed;
pub mod config;
mod configuration;
pub mod convert;
pub mod diff;
pub mod export;
pub mod find;
mod format;
pub mod guard;
mod hooks;
pub mod import;
pub mod init;
mod input;
mod keep;
pub mod keygen;
mod keys;
pub mod list;
pub mod man;
pub mod pin;
pub mod prune;
pub mod restore;
mod rows;
mod safety;
mod shelf;
pub mod snapshot;
mod state;
pub mod store;
mod target;
pub mod validate;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::ui::Ui;
use anyhow::Result;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use larder::config::Places;
use larder::database::temporary_files::TemporaryFiles;
use larder::error::Fault;
use larder::patience::Patience;
use larder::progress::Progress;
use larder::store::Surroundings;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a command finds around it.
#[derive(Clone)]
pub struct Context<'a> {
    /// The terminal.
    pub ui: &'a Ui,
    /// The present.
    pub now: DateTime<Utc>,
    /// Where temporary files go.
    pub temporary: PathBuf,
    /// How long locks are waited for.
    pub patience: Patience,
    /// Where settings are looked for.
    pub places: Places,
    /// Whether the settings do not count that are built in for known applications.
    pub no_known_app: bool,
    /// What is to be known to reach remote stores.
    pub surroundings: Surroundings,
}

/// Runs what the command line says.
pub fn run(cli: Cli, ui: &Ui) -> Result<Exit> {
    let places = configuration::places(cli.global.config);
    let context = Context {
        ui,
        now: now()?,
        temporary: std::env::temp_dir(),
        patience: Patience::new(cli.global.busy_timeout, ui),
        surroundings: store::surroundings(&places, ui),
        places,
        no_known_app: cli.global.no_known_app,
    };
    // Until the end: whoever reads a database may have to sort.
    let temporary = reads_databases(&cli.command).then(|| TemporaryFiles::keep_in(&[&context.temporary]));
    if let Some(Err(error)) = &temporary {
        ui.detail(&format!("SQLite chooses itself where its temporary files go: {error:#}"));
    }
    match cli.command {
        Command::Export(command) => command.run(&context),
        Command::Import(command) => command.run(&context),
        Command::Validate(command) => command.run(&context),
        Command::Diff(command) => command.run(&context),
        Command::Find(command) => command.run(&context),
        Command::Snapshot(command) => command.run(&context),
        Command::Restore(command) => command.run(&context),
        Command::Prune(command) => command.run(&context),
        Command::List(command) => command.run(&context),
        Command::Pin(command) => command.run(&context),
        Command::Init(command) => command.run(&context),
        Command::Apps(command) => command.run(&context),
        Command::Check(command) => command.run(&context),
        Command::Guard(command) => command.run(&context),
        Command::Config(command) => command.run(&context),
        Command::Convert(command) => command.run(&context),
        Command::Store(command) => command.run(&context),
        Command::Keygen(command) => command.run(&context),
        Command::Completions(command) => command.run(&context),
        Command::Man(command) => command.run(&context),
    }
}

/// Whether a command may have a database of the user's open.
fn reads_databases(command: &Command) -> bool {
    use Command::{Apps, Completions, Config, Keygen, List, Man, Pin, Store};
    !matches!(
        command,
        Apps(_) | Completions(_) | Config(_) | Keygen(_) | List(_) | Man(_) | Pin(_) | Store(_)
    )
}

/// The present, also where the clock says that it is before 1970. The name of a snapshot has four digits for the year.
fn now() -> Result<DateTime<Utc>> {
    time_of(SystemTime::now())
}

fn time_of(clock: SystemTime) -> Result<DateTime<Utc>> {
    let elapsed = |later: SystemTime, earlier| later.duration_since(earlier).unwrap_or_default();
    let before = TimeDelta::from_std(elapsed(SystemTime::UNIX_EPOCH, clock));
    let after = TimeDelta::from_std(elapsed(clock, SystemTime::UNIX_EPOCH));
    let now = after.ok().zip(before.ok()).and_then(|(after, before)| {
        DateTime::UNIX_EPOCH.checked_add_signed(after)?.checked_sub_signed(before)
    });
    now.filter(|now| (1..=9999).contains(&now.year()))
        .ok_or_else(|| Fault::failed("the clock of this machine is wrong").hint("set it").into())
}

/// A path as JSON has it, which knows UTF-8 only.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A path as an argument in a shell.
fn shell_word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,=@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_clock_is_read_and_one_without_a_year_of_four_digits_is_an_error() {
        let seconds = std::time::Duration::from_secs;
        let read = |clock| time_of(clock).map(|time| time.format("%Y-%m-%dT%H-%M-%SZ").to_string()).ok();
        assert_eq!(read(SystemTime::UNIX_EPOCH - seconds(1)).as_deref(), Some("1969-12-31T23-59-59Z"));
        assert_eq!(read(SystemTime::UNIX_EPOCH + seconds(1)).as_deref(), Some("1970-01-01T00-00-01Z"));
        assert_eq!(read(SystemTime::UNIX_EPOCH + seconds(253_402_300_800)), None, "the year 10000");
        assert_eq!(read(SystemTime::UNIX_EPOCH - seconds(62_167_219_200)), None, "the year 0");
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(shell_word(Path::new("/srv/app.db")), "/srv/app.db");
        assert_eq!(shell_word(Path::new("/my data/o'clock.db")), r"'/my data/o'\''clock.db'");
    }
}
