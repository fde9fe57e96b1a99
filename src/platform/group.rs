//! Commands of the shell that run in a process group of their own, so that all of what they start can be ended.

use std::process::{Child, Command};
use std::time::Duration;

/// How long processes may take to end when they are asked to.
const GRACE: Duration = Duration::from_secs(5);
/// How often it is looked whether they have.
const POLL: Duration = Duration::from_millis(20);

/// A command of the shell. It needs no PATH.
#[cfg(unix)]
pub fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt;
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command).process_group(0);
    shell
}

/// A command of the shell.
#[cfg(windows)]
pub fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new(std::env::var_os("ComSpec").unwrap_or_else(|| "cmd.exe".into()));
    // It has its own rules for quotes, by which the command is already written.
    shell.arg("/C").raw_arg(command);
    shell
}

/// A command of the shell.
#[cfg(not(any(unix, windows)))]
pub fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// Sends a process a signal. One that has ended hears nothing.
#[cfg(unix)]
pub fn send(child: &Child, signal: i32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(Pid::from_child(child), signal);
    }
}

/// Sends a process a signal, of which there are none.
#[cfg(not(unix))]
pub fn send(_: &Child, _: i32) {}

/// Ends a shell and all that it started: asks first, and does not ask twice.
#[cfg(unix)]
pub fn end(child: &mut Child) -> std::io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
    use std::time::Instant;
    // The group is known by the shell's number, which nobody else gets while there is somebody in the group.
    let group = Pid::from_child(child);
    let _ = kill_process_group(group, Signal::TERM);
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if child.try_wait()?.is_some() && test_kill_process_group(group).is_err() {
            return Ok(());
        }
        std::thread::sleep(POLL);
    }
    let _ = kill_process_group(group, Signal::KILL);
    child.wait().map(drop)
}

/// Ends a shell.
#[cfg(not(unix))]
pub fn end(child: &mut Child) -> std::io::Result<()> {
    child.kill()?;
    child.wait().map(drop)
}
