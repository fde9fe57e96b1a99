//! From a result to an exit code, and from an error to what is printed of it.

use crate::cli::Cli;
use crate::ui::{Ui, redacted};
use clap::{CommandFactory, Parser};
use larder::error::{self, Kind};
use larder::progress::Progress;
use serde_json::json;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// It did not work.
    Failed,
    /// Wrong usage.
    Usage,
    /// A validation or a check found problems.
    Problems,
    /// A decision was needed that nobody gave, or the answer was no.
    Undecided,
    /// A database or a store is busy.
    Busy,
    /// A signal ended it.
    Interrupted,
    /// Whoever read the output went away.
    ClosedPipe,
    /// As a command ended that was run, or why it could not be.
    Command(u8),
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Problems => 3,
            Self::Undecided => 4,
            Self::Busy => 5,
            Self::Interrupted => 130,
            Self::ClosedPipe => 141,
            Self::Command(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Failed | Kind::Damaged => Self::Failed,
            Kind::Usage => Self::Usage,
            Kind::Invalid => Self::Problems,
            Kind::Undecided => Self::Undecided,
            Kind::Busy => Self::Busy,
            Kind::Interrupted => Self::Interrupted,
        }
    }
}

/// The reader of the standard output is gone: nobody is left to tell.
#[derive(Debug)]
pub struct ClosedPipe;

impl std::fmt::Display for ClosedPipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the output was closed")
    }
}

impl std::error::Error for ClosedPipe {}

/// Parses the command line, runs it, and says how the process ends.
pub fn report(run: impl FnOnce(Cli, &Ui) -> anyhow::Result<Exit>) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let ui = Ui::new(&cli.global);
    let exit = match run(cli, &ui) {
        Ok(exit) => exit,
        Err(error) => failure(&error, &ui),
    };
    exit.into()
}

/// Help and version are no errors; the rest is wrong usage, also for those who asked for JSON.
fn usage(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && wants_json {
        let text = redacted(&error.render().to_string()).into_owned();
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let failure = json!({ "error": message, "causes": [], "hint": lines.next_back() });
        return match Ui::print_json(&failure) {
            Err(error) if error.chain().any(is_closed_pipe) => Exit::ClosedPipe,
            _ => wrong_usage(),
        }
        .into();
    }
    let exit = if error.use_stderr() { wrong_usage() } else { Exit::Done };
    let text = error.render().to_string();
    if let Cow::Owned(text) = redacted(&text)
        && error.use_stderr()
    {
        // What was typed is repeated, without the colours that the parser would give it.
        let _ = std::io::stderr().write_all(text.as_bytes());
        return exit.into();
    }
    match error.print() {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::ClosedPipe.into(),
        Err(_) => Exit::Failed.into(),
        Ok(()) => exit.into(),
    }
}

/// Wrong usage; of `larder guard`, whose exit code is a command's, what says that larder failed before it.
fn wrong_usage() -> Exit {
    match command_of(std::env::args_os().skip(1)) {
        Some(command) if command == "guard" => Exit::Command(crate::commands::guard::NOT_BEGUN),
        _ => Exit::Usage,
    }
}

/// The command of a line that is wrong, after the options that every command understands and their values.
fn command_of(mut arguments: impl Iterator<Item = OsString>) -> Option<OsString> {
    let parser = Cli::command();
    let takes_value = |option: &str| {
        let mut all = parser.get_arguments().filter(|known| known.get_action().takes_values());
        all.any(|known| known.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long)))
    };
    loop {
        let argument = arguments.next().filter(|argument| argument != "--")?;
        let text = argument.to_string_lossy();
        if !text.starts_with('-') {
            return Some(argument);
        }
        if takes_value(&text) {
            arguments.next()?;
        }
    }
}

/// The texts of an error's chain, without SQLite's number of what its own text says already.
fn causes(error: &anyhow::Error) -> impl Iterator<Item = String> {
    error.chain().filter(|cause| !cause.is::<rusqlite::ffi::Error>()).map(ToString::to_string)
}

fn is_closed_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    let inside = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<ClosedPipe>() || inside.is_some_and(|inside| inside.is::<ClosedPipe>())
}

/// Says why something failed, and gives the exit code of that.
pub fn failure(error: &anyhow::Error, ui: &Ui) -> Exit {
    if error.chain().any(is_closed_pipe) {
        return Exit::ClosedPipe;
    }
    let exit = match error::kind(error) {
        // Who waits for a lock gives up when a signal asks to stop.
        Kind::Busy if ui.stopped() => Exit::Interrupted,
        kind => Exit::from(kind),
    };
    let hint = error::hint(error);
    if ui.wants_json() {
        let causes: Vec<String> = causes(error).skip(1).map(|cause| ui.named(&cause)).collect();
        let mut failure = json!({ "error": ui.named(&error.to_string()), "causes": causes, "hint": hint });
        if let Some(failed) = error::commit_failed(error) {
            failure["outcome"] = "unknown".into();
            failure["safety_snapshot"] = json!(failed.safety.as_ref().map(|path| path.to_string_lossy()));
        }
        // Where even that cannot be printed, the line below is all there is.
        let _ = Ui::print_json(&failure);
    }
    ui.error(&causes(error).collect::<Vec<_>>().join(": "), hint.as_deref());
    exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_an_option_is_no_command() {
        for (line, command) in [
            ("guard --nope", Some("guard")),
            ("--config guard check --nope", Some("check")),
            ("--config=guard -v --busy-timeout 5s guard", Some("guard")),
            ("--nope guard", Some("guard")),
            ("--config guard", None),
            ("-q -- guard", None),
        ] {
            let found = command_of(line.split(' ').map(OsString::from));
            assert_eq!(found.as_deref().and_then(|found| found.to_str()), command, "{line}");
        }
    }

    #[test]
    fn every_kind_has_its_documented_code() {
        let codes = [
            (Kind::Failed, 1),
            (Kind::Damaged, 1),
            (Kind::Usage, 2),
            (Kind::Invalid, 3),
            (Kind::Undecided, 4),
            (Kind::Busy, 5),
            (Kind::Interrupted, 130),
        ];
        for (kind, code) in codes {
            assert_eq!(Exit::from(kind).code(), code, "{kind:?}");
        }
        assert_eq!((Exit::Done.code(), Exit::ClosedPipe.code(), Exit::Command(125).code()), (0, 141, 125));
    }
}
