//! Ctrl-C, TERM and HUP ask the process to stop; a second one ends it.

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
    stop
}

#[cfg(unix)]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM, signal_hook::consts::SIGHUP]
}

#[cfg(not(unix))]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}
