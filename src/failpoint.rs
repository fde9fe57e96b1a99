//! Fail points: places where a test can make the process fail or die.
//!
//! Every file operation of [`crate::files`] and every commit passes one. They exist only with the feature
//! `failpoints`, which the tests turn on; elsewhere [`hit`] is nothing. The points of a run are numbered from 1
//! in the order in which they are passed:
//!
//! - `LARDER_FAILPOINT=17:fail` makes the seventeenth return an error, `17:kill` kills the process there;
//! - `LARDER_FAILPOINT_LOG=FILE` appends the name of each point that is passed to a file.

/// Passes the fail point of that name.
#[cfg(not(feature = "failpoints"))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
pub fn hit(_name: &str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub use armed::hit;

#[cfg(feature = "failpoints")]
mod armed {
    use std::io::{Error, Result, Write};
    use std::sync::atomic::{AtomicU64, Ordering};

    static PASSED: AtomicU64 = AtomicU64::new(0);

    /// Passes the fail point of that name.
    pub fn hit(name: &str) -> Result<()> {
        let number = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(log) = std::env::var_os("LARDER_FAILPOINT_LOG") {
            let mut log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
            log.write_all(format!("{name}\n").as_bytes())?;
        }
        let Ok(chosen) = std::env::var("LARDER_FAILPOINT") else { return Ok(()) };
        match chosen.split_once(':') {
            Some((at, "fail")) if at == number.to_string() => {
                Err(Error::other(format!("fail point {number}, {name}")))
            }
            Some((at, "kill")) if at == number.to_string() => die(),
            _ => Ok(()),
        }
    }

    #[cfg(unix)]
    fn die() -> Result<()> {
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?;
        loop {
            std::thread::park();
        }
    }

    #[cfg(not(unix))]
    fn die() -> Result<()> {
        std::process::abort()
    }
}
