//! The terminal: the only place that knows one.

mod conflict;
mod fit;
mod line;
mod menu;
pub mod pipe;
mod prompt;
mod redact;
mod safe;
pub mod signals;
pub mod table;

pub use redact::{program, redacted};
pub use safe::{one_line, safe};

use crate::cli::Global;
use crate::exit::ClosedPipe;
use anyhow::{Context, Result};
use console::{Style, Term};
use indicatif::{ProgressBar, ProgressStyle};
use larder::error::Fault;
use larder::progress::{Progress, StopSignal, Unit};
use std::collections::HashSet;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Whether the standard output is a file, which takes what it gets at once.
pub fn stdout_is_file() -> bool {
    #[cfg(unix)]
    return rustix::fs::fstat(std::io::stdout())
        .is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file());
    #[cfg(not(unix))]
    false
}

/// An error where the process was started without a standard output: what is written there would be lost.
///
/// Before `main`, Rust opens `/dev/null` in its place, for reading and writing, as hardly anybody does who wants an output
/// thrown away: a shell's `> /dev/null` is for writing alone.
pub fn require_stdout() -> Result<()> {
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
        let is_null = fstat(std::io::stdout()).is_ok_and(|output| {
            stat("/dev/null").is_ok_and(|null| (output.st_rdev, output.st_ino) == (null.st_rdev, null.st_ino))
        });
        let flags = fcntl_getfl(std::io::stdout()).unwrap_or(OFlags::WRONLY);
        if is_null && flags.contains(OFlags::RDWR) {
            return Err(Fault::failed("the standard output is closed: what is written there would be lost")
                .hint("name a file, or write > /dev/null to throw it away")
                .into());
        }
    }
    Ok(())
}

/// Whether somebody is there to answer.
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// What the commands print to, ask through, and report progress to.
pub struct Ui {
    quiet: bool,
    verbose: bool,
    json: bool,
    /// Bars are drawn: the standard error is a terminal, and nobody asked for silence.
    bars: bool,
    stop: StopSignal,
    bar: Mutex<Option<ProgressBar>>,
    /// What a path is called in messages, where it means nothing to anybody.
    alias: Mutex<Option<(String, String)>>,
    /// What was noted so far: nothing is noted twice.
    noted: Mutex<HashSet<String>>,
}

impl Ui {
    /// The terminal as the global options want it, with the signals caught that ask to stop.
    pub fn new(global: &Global) -> Self {
        let bars = std::io::stderr().is_terminal() && !global.quiet;
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            json: global.json,
            bars,
            stop: signals::catch(),
            bar: Mutex::new(None),
            alias: Mutex::new(None),
            noted: Mutex::default(),
        }
    }

    /// Whether the result is wanted as JSON.
    pub fn wants_json(&self) -> bool {
        self.json
    }

    /// Whether nothing but errors is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints the result for programs, where that is wanted, else for people.
    pub fn result(&self, json: &serde_json::Value, text: impl FnOnce() -> String) -> Result<()> {
        if self.json {
            return Self::print_json(json);
        }
        if self.quiet { Ok(()) } else { Self::print(&text()) }
    }

    /// Prints the result for programs, where that is wanted, else the path that a script wants.
    pub fn result_path(&self, json: &serde_json::Value, path: &Path) -> Result<()> {
        if self.json {
            return Self::print_json(json);
        }
        if self.quiet { Ok(()) } else { Self::print_path(path) }
    }

    /// Prints a part of the result for people, where that is what is wanted.
    pub fn result_line(&self, text: &str) -> Result<()> {
        if self.json || self.quiet { Ok(()) } else { Self::print(text) }
    }

    /// Writes a result for programs to the standard output.
    pub fn print_json(result: &serde_json::Value) -> Result<()> {
        Self::print(&format!("{result}\n"))
    }

    /// Writes to the standard output. Where its reader has gone, the error is a [`ClosedPipe`].
    pub fn print(text: &str) -> Result<()> {
        let is_terminal = std::io::stdout().is_terminal();
        let text = if is_terminal { safe(text) } else { text.into() };
        Self::print_bytes(text.as_bytes())
    }

    /// Writes a path and a line feed to the standard output: its very bytes, unless a person reads them.
    fn print_path(path: &Path) -> Result<()> {
        #[cfg(unix)]
        if !std::io::stdout().is_terminal() {
            use std::os::unix::ffi::OsStrExt;
            return Self::print_bytes(&[path.as_os_str().as_bytes(), b"\n"].concat());
        }
        Self::print(&format!("{}\n", one_line(&path.to_string_lossy())))
    }

    /// Writes bytes to the standard output as they are, also where it is a terminal.
    pub fn print_bytes(bytes: &[u8]) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(ClosedPipe.into()),
            done => done.context("cannot write to the standard output"),
        }
    }

    /// From now on, a path is called something else in messages.
    pub fn call(&self, path: &Path, name: &str) {
        let alias = (path.display().to_string(), name.to_owned());
        *self.alias.lock().unwrap_or_else(PoisonError::into_inner) = Some(alias);
    }

    /// A message with the names that paths are called by, and without secrets.
    pub fn named(&self, message: &str) -> String {
        let message = redacted(message);
        match &*self.alias.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((path, name)) => message.replace(path, name),
            None => message.into_owned(),
        }
    }

    /// Says something to people, on the standard error.
    pub fn say(&self, text: &str) {
        if !self.quiet && !self.json {
            self.line(&safe(text));
        }
    }

    /// Says what went wrong.
    pub fn error(&self, message: &str, hint: Option<&str>) {
        let red = Style::new().for_stderr().red().bold();
        self.line(&format!("{} {}", red.apply_to("error:"), safe(message)));
        if let Some(hint) = hint {
            let cyan = Style::new().for_stderr().cyan().bold();
            self.line(&format!("{} {}", cyan.apply_to("hint:"), one_line(hint)));
        }
    }

    /// A message on the standard error. There is nobody to tell where that fails. Its further lines are indented: text of
    /// data, which may hold line feeds, never begins a line that looks like one of larder's own.
    fn line(&self, text: &str) {
        let text = indented(&self.named(text));
        let write = || {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        };
        match self.bar().as_ref() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Ui {
    fn begin(&self, what: &str, total: Option<u64>, unit: Unit) {
        if self.verbose {
            self.line(&one_line(what));
        }
        if !self.bars {
            return;
        }
        let what = Term::stderr().size_checked().map_or_else(
            || what.to_owned(),
            |(_, columns)| console::truncate_str(what, usize::from(columns / 2), "…").into_owned(),
        );
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        bar.set_style(style(total.is_some(), unit));
        bar.set_message(one_line(&what).into_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        *self.bar() = Some(bar);
    }

    fn advance(&self, amount: u64) {
        if let Some(bar) = self.bar().as_ref() {
            bar.inc(amount);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
    }

    fn detail(&self, message: &str) {
        if self.verbose {
            self.line(&one_line(message));
        }
    }

    fn note(&self, message: &str) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.quiet && noted.insert(message.to_owned()) {
            self.line(&one_line(message));
        }
    }

    fn warn(&self, message: &str) {
        if !self.quiet {
            self.alarm(message);
        }
    }

    fn alarm(&self, message: &str) {
        let yellow = Style::new().for_stderr().yellow().bold();
        self.line(&format!("{} {}", yellow.apply_to("warning:"), one_line(message)));
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn stop_signal(&self) -> StopSignal {
        StopSignal::clone(&self.stop)
    }
}

/// A text whose lines but the first begin with two spaces at least.
fn indented(text: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push_str(if line.is_empty() || line.starts_with("  ") { "\n" } else { "\n  " });
        out.push_str(line);
    }
    out
}

fn style(has_total: bool, unit: Unit) -> ProgressStyle {
    let template = match (has_total, unit) {
        (true, Unit::Bytes) => "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
        (true, Unit::Pages | Unit::Rows) => "{msg} {wide_bar} {percent}% {eta}",
        (false, _) => "{spinner} {msg} {elapsed}",
    };
    ProgressStyle::with_template(template).expect("the templates are constant and well-formed")
}
