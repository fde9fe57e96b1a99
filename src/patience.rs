//! How long to wait for what somebody else has locked: a database, or a store.

use crate::error::Fault;
use crate::progress::{Progress, StopSignal};
use anyhow::Result;
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

/// Reads a length of time: a number of seconds, or numbers with units.
pub fn length_of_time(text: &str) -> Result<Duration> {
    let not_one = || Fault::usage(format!("{text:?} is no length of time such as 500ms, 30s or 5m"));
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| not_one().into());
    }
    humantime::parse_duration(text).map_err(|_| not_one().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_stop_ends_the_wait() {
        let patience = Patience::new(Duration::from_mins(10), &Silent);
        patience.stop.store(true, Ordering::Relaxed);
        assert!(!patience.begin()());
    }

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(length_of_time("500ms").expect("a time"), Duration::from_millis(500));
        assert_eq!(length_of_time("2").expect("a time"), Duration::from_secs(2));
        assert_eq!(length_of_time("0").expect("a time"), Duration::ZERO);
        for text in ["-1", "soon", "NaN", "1e400"] {
            assert!(length_of_time(text).is_err(), "{text}");
        }
    }
}
