//! Runs the user's own commands: with what they need to know in their environment and on their standard input, not
//! longer than they may take, and without letting them hold up or break what they belong to.

#[cfg(test)]
mod tests;

use crate::config::is_harmful;
use crate::error::Fault;
use crate::platform::group;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How much of what a command writes is kept: the last of it.
const TAIL: usize = 64 << 10;
/// The longest line that is passed on in one piece.
const LINE: usize = 4 << 10;
/// How often it is looked whether a command has ended.
const POLL: Duration = Duration::from_millis(20);
/// How long what a command has written is waited for when it has ended: something that it started may still hold its output
/// open.
const AFTER_END: Duration = Duration::from_millis(500);

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Hook<'a> {
    /// What it is called in messages, and in its `LARDER_HOOK`.
    pub name: &'a str,
    /// What the shell runs.
    pub command: &'a str,
    /// How long it may take.
    pub timeout: Duration,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Itself(ExitStatus),
    /// It took too long, and was ended with all that it had started.
    TimedOut(Duration),
}

/// A command that was run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// How it ended.
    pub ended: Ended,
    /// The last of what it wrote, both streams, 64 KiB at most, without control characters.
    pub output: String,
    name: String,
}

impl Ran {
    /// An error where it did not end well.
    pub fn require(&self) -> Result<()> {
        let how = match self.ended {
            Ended::Itself(status) if status.success() => return Ok(()),
            Ended::Itself(status) => format!("failed ({status})"),
            Ended::TimedOut(timeout) => {
                format!("took longer than {} and was ended", humantime::format_duration(timeout))
            }
        };
        let last = self.output.lines().rev().find(|line| !line.trim().is_empty());
        let last = last.map(|last| format!(": {}", last.trim())).unwrap_or_default();
        Err(Fault::failed(format!("the hook {} {how}{last}", self.name)).into())
    }
}

/// Runs a command in the shell. `environment` is added to that of this process, `stdin` is what it may read.
///
/// An error where it cannot be run, or where the process was asked to stop; a command that fails is none.
pub fn run(
    hook: &Hook<'_>,
    environment: &[(String, String)],
    stdin: Option<Box<dyn Read + Send>>,
    progress: &dyn Progress,
) -> Result<Ran> {
    go_on(progress)?;
    let (child, output) =
        start(hook, environment, stdin).with_context(|| format!("cannot run the hook {}", hook.name))?;
    let mut running = Running { child, output: listen(output), heard: Heard::default(), progress };
    let ended = running.wait(hook.timeout)?;
    running.listen_until(Instant::now() + AFTER_END);
    Ok(Ran { ended, output: running.heard.end(progress), name: hook.name.to_owned() })
}

fn start(
    hook: &Hook<'_>,
    environment: &[(String, String)],
    stdin: Option<Box<dyn Read + Send>>,
) -> io::Result<(Child, PipeReader)> {
    let (reader, writer): (PipeReader, PipeWriter) = io::pipe()?;
    let mut command: Command = group::shell(hook.command);
    command.env("LARDER_HOOK", hook.name).envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    if let (Some(stdin), Some(to)) = (stdin, child.stdin.take()) {
        feed(stdin, to);
    }
    // The command goes, and with it this side of the pipe, which would never end otherwise.
    Ok((child, reader))
}

/// Gives a command what it may read. One that does not read it is not waited for.
fn feed(mut from: Box<dyn Read + Send>, mut to: ChildStdin) {
    thread::spawn(move || {
        // It ended without reading all, or what it is given cannot be read, which it sees as an end.
        let _ = io::copy(&mut from, &mut to);
    });
}

/// Passes on what is written into a pipe.
fn listen(mut pipe: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(16);
    thread::spawn(move || {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// A command that runs.
struct Running<'p> {
    child: Child,
    output: Receiver<Vec<u8>>,
    heard: Heard,
    progress: &'p dyn Progress,
}

impl Running<'_> {
    /// Waits until it has ended, or ends it.
    fn wait(&mut self, timeout: Duration) -> Result<Ended> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().context("cannot wait for a hook")? {
                return Ok(Ended::Itself(status));
            }
            let stopped = self.progress.stopped();
            if stopped || began.elapsed() >= timeout {
                group::end(&mut self.child).context("cannot end a hook")?;
                go_on(self.progress)?;
                return Ok(Ended::TimedOut(timeout));
            }
            self.listen(POLL);
        }
    }

    /// Hears what it writes for at most that long. Says whether there may be more.
    fn listen(&mut self, longest: Duration) -> bool {
        match self.output.recv_timeout(longest) {
            Ok(bytes) => self.heard.add(&bytes, self.progress),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(Duration::from_millis(5).min(longest));
                return false;
            }
        }
        true
    }

    fn listen_until(&mut self, end: Instant) {
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if !self.listen(left) {
                return;
            }
        }
    }
}

/// What a command has written.
#[derive(Default)]
struct Heard {
    /// The last of it.
    tail: Vec<u8>,
    /// A line that has no end yet.
    line: Vec<u8>,
}

impl Heard {
    fn add(&mut self, bytes: &[u8], progress: &dyn Progress) {
        self.tail.extend_from_slice(bytes);
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.line.len() > LINE {
                self.pass_on(progress);
            }
        }
    }

    fn pass_on(&mut self, progress: &dyn Progress) {
        let line = std::mem::take(&mut self.line);
        progress.detail(harmless(&line).trim_end());
    }

    /// The last of it, when there is no more.
    fn end(mut self, progress: &dyn Progress) -> String {
        if !self.line.is_empty() {
            self.pass_on(progress);
        }
        let kept = harmless(&self.tail[self.tail.len().saturating_sub(TAIL)..]);
        // Escapes take more room than what they stand for.
        let cut = (kept.len().saturating_sub(TAIL)..=kept.len()).find(|at| kept.is_char_boundary(*at));
        kept[cut.unwrap_or(0)..].to_owned()
    }
}

/// Text of a command as it may be shown: control characters, but for the ends of lines, are visible escapes.
fn harmless(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\t' => shown.push(letter),
            letter if is_harmful(letter) => shown.extend(letter.escape_default()),
            letter => shown.push(letter),
        }
    }
    shown
}
