//! How long to wait for what somebody else has locked: a database, or a store.

use crate::progress::{Progress, StopSignal};
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Short, because a program that writes all the time lets its lock go for microseconds only.
const BETWEEN_TRIES: Duration = Duration::from_millis(1);

/// How long to wait for locks, and what ends the wait early.
#[derive(Debug, Clone)]
pub struct Patience {
    /// The longest wait for a single lock.
    pub timeout: Duration,
    /// Set when the process is asked to stop.
    pub stop: StopSignal,
}

impl Patience {
    /// Waits that long, or until `progress` says to stop.
    pub fn new(timeout: Duration, progress: &dyn Progress) -> Self {
        Self { timeout, stop: progress.stop_signal() }
    }

    /// The same, but waits for nothing.
    #[must_use]
    pub fn none(&self) -> Self {
        Self { timeout: Duration::ZERO, stop: self.stop.clone() }
    }

    /// A waiter that begins now: each call waits a little and says whether to try again.
    pub fn begin(&self) -> impl FnMut() -> bool + Send + 'static {
        let (timeout, stop) = (self.timeout, self.stop.clone());
        let mut began = None;
        move || {
            let began = *began.get_or_insert_with(Instant::now);
            if stop.load(Ordering::Relaxed) || began.elapsed() >= timeout {
                return false;
            }
            sleep(BETWEEN_TRIES.min(timeout));
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_stop_ends_the_wait() {
        let patience = Patience::new(Duration::from_secs(600), &Silent);
        patience.stop.store(true, Ordering::Relaxed);
        assert!(!patience.begin()());
    }
}
