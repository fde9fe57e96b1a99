//! What the library reports to, so that it need not know whether a terminal is there.

use crate::error::Fault;

/// What the amounts of a step count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Database pages.
    Pages,
    /// Rows.
    Rows,
}

/// Receives the progress of a long operation, and says whether it should go on.
///
/// Steps do not nest. Every method may be called from any thread.
pub trait Progress: Sync {
    /// A step begins, described by a phrase such as `copying app.db`. `total` is in `unit`s, where known.
    fn begin(&self, what: &str, total: Option<u64>, unit: Unit);
    /// That much more of the step is done.
    fn advance(&self, amount: u64);
    /// The step is over, well or not.
    fn end(&self);
    /// Something that only those want to know who asked for every step.
    fn detail(&self, message: &str);
    /// Something that everybody should know, and that is nothing bad.
    fn note(&self, message: &str);
    /// Something that everybody should know, although the operation goes on.
    fn warn(&self, message: &str);
    /// The same of what is so bad that those should know it too who want to hear of errors alone.
    fn alarm(&self, message: &str) {
        self.warn(message);
    }
    /// Whether somebody asked the process to stop.
    fn stopped(&self) -> bool;
    /// The same question, for a callback that outlives this borrow (`SQLite`'s busy and progress handlers).
    fn stop_signal(&self) -> StopSignal;
}

/// A question that can be asked from anywhere: was the process asked to stop?
pub type StopSignal = std::sync::Arc<std::sync::atomic::AtomicBool>;

/// An error where the process was asked to stop.
pub fn go_on(progress: &dyn Progress) -> anyhow::Result<()> {
    if progress.stopped() { Err(Fault::interrupted().into()) } else { Ok(()) }
}

/// Does something as a step of that name, and ends the step whatever came of it.
pub fn step<T>(
    progress: &dyn Progress,
    what: &str,
    total: Option<u64>,
    unit: Unit,
    work: impl FnOnce() -> T,
) -> T {
    progress.begin(what, total, unit);
    let done = work();
    progress.end();
    done
}

/// Reports nothing and never stops.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>, _: Unit) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn detail(&self, _: &str) {}
    fn note(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn stopped(&self) -> bool {
        false
    }
    fn stop_signal(&self) -> StopSignal {
        StopSignal::default()
    }
}

/// Has no steps to show, for work beside other work that is shown; all else is passed on.
pub struct Stepless<'a>(pub &'a dyn Progress);

impl Progress for Stepless<'_> {
    fn begin(&self, _: &str, _: Option<u64>, _: Unit) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn detail(&self, message: &str) {
        self.0.detail(message);
    }
    fn note(&self, message: &str) {
        self.0.note(message);
    }
    fn warn(&self, message: &str) {
        self.0.warn(message);
    }
    fn alarm(&self, message: &str) {
        self.0.alarm(message);
    }
    fn stopped(&self) -> bool {
        self.0.stopped()
    }
    fn stop_signal(&self) -> StopSignal {
        self.0.stop_signal()
    }
}
