//! Signals that would end the process while something lies half-written: they ask it to stop, and a second one ends it.

use larder::progress::StopSignal;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A flag that is set when a signal asks to stop. A signal that was ignored from the start (`nohup`) stays ignored.
pub fn catch() -> StopSignal {
    let stop = StopSignal::default();
    for signal in signals() {
        if larder::platform::signal_ignored(signal) {
            continue;
        }
        // The order matters: the first signal finds the flag not yet set. Failing to catch leaves the default.
        let _ = flag::register_conditional_shutdown(signal, 130, StopSignal::clone(&stop));
        let _ = flag::register(signal, StopSignal::clone(&stop));
    }
    take_limits(&stop);
    stop
}

/// A signal that is watched for, besides that it asks to stop.
pub struct Watched {
    pub signal: i32,
    /// Set when it comes.
    pub came: StopSignal,
}

impl Watched {
    /// Whether a terminal sends it to all that are in the foreground.
    pub fn is_of_terminal(&self) -> bool {
        self.signal == SIGINT || is_quit(self.signal)
    }
}

#[cfg(unix)]
fn is_quit(signal: i32) -> bool {
    signal == signal_hook::consts::SIGQUIT
}

#[cfg(not(unix))]
fn is_quit(_: i32) -> bool {
    false
}

/// Watches for the signals that ask to stop: they are somebody else's. One that was ignored from the start stays so.
pub fn watch() -> Vec<Watched> {
    let watched = signals().into_iter().filter(|signal| !larder::platform::signal_ignored(*signal));
    let watched = watched.map(|signal| Watched { signal, came: StopSignal::default() });
    let watched: Vec<Watched> = watched.collect();
    for Watched { signal, came } in &watched {
        let _ = flag::register(*signal, StopSignal::clone(came));
    }
    watched
}

#[cfg(unix)]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM, signal_hook::consts::SIGHUP, signal_hook::consts::SIGQUIT]
}

#[cfg(not(unix))]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// The signals of limits (`ulimit`). Caught, the one of the size of files becomes an error of the write; that of the time
/// comes every second, so the second one must not end the cleaning up. The system kills at the hard limit.
#[cfg(unix)]
fn take_limits(stop: &StopSignal) {
    let _ = flag::register(signal_hook::consts::SIGXFSZ, StopSignal::default());
    let _ = flag::register(signal_hook::consts::SIGXCPU, StopSignal::clone(stop));
}

#[cfg(not(unix))]
fn take_limits(_: &StopSignal) {}
