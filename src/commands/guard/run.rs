//! Runs the guarded command, and stays until it has ended.

use crate::commands::Context;
use crate::ui::signals;
use anyhow::{Context as _, Result};
use larder::platform::group;
use larder::progress::Progress;
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often it is looked whether the command has ended, and whether a signal came.
const POLL: Duration = Duration::from_millis(10);

/// Runs a command, and gives its exit code: 128 and the signal's number, where one ended it.
pub fn run(command: &[OsString], variables: &[(&str, &Path)], context: &Context<'_>) -> Result<u8> {
    let (program, arguments) = command.split_first().expect("the arguments require one");
    let mut process = Command::new(program);
    process.args(arguments).envs(variables.iter().copied());
    if context.ui.wants_json() {
        // The standard output is for the result.
        process.stdout(Stdio::from(io::stderr()));
    }
    // Before the command, so that no signal is missed.
    let asked = signals::watch();
    let run = || format!("cannot run {}", program.to_string_lossy());
    let mut child = process.spawn().with_context(run)?;
    let status = wait(&mut child, &asked, context)
        .with_context(|| format!("cannot wait for {}", program.to_string_lossy()))?;
    Ok(code(status))
}

/// What a shell says where a command cannot be run.
pub fn code_of(error: &anyhow::Error) -> u8 {
    let is_missing = |cause: &io::Error| cause.kind() == ErrorKind::NotFound;
    if error.downcast_ref::<io::Error>().is_some_and(is_missing) { 127 } else { 126 }
}

/// Waits for a command, whatever signals come: they are the command's, and larder has to compare afterwards. Those of a terminal
/// reach it anyway.
fn wait(child: &mut Child, asked: &[signals::Watched], context: &Context<'_>) -> io::Result<ExitStatus> {
    let stop = context.ui.stop_signal();
    let has_terminal = io::stdin().is_terminal();
    loop {
        let ended = child.try_wait()?;
        for watched in asked {
            if watched.came.swap(false, Ordering::Relaxed)
                && !(has_terminal && watched.is_of_terminal())
                && ended.is_none()
            {
                group::send(child, watched.signal);
            }
        }
        stop.store(false, Ordering::Relaxed);
        if let Some(status) = ended {
            return Ok(status);
        }
        std::thread::sleep(POLL);
    }
}

fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
