//! What only some systems have: owners and modes, free space, who else has a file open.
//!
//! Where the system is not Unix, a fallback does what can be done with the standard library.

pub mod flock;
pub mod group;

use std::path::PathBuf;

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use other::*;
#[cfg(unix)]
pub use unix::*;

/// Who owns a file, and what others may do with it, in Unix terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ownership {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// Permission bits, `0o000` to `0o777`.
    pub mode: u32,
}

/// Another process that has a file open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// The program's name, empty where unknown.
    pub program: String,
    /// Which of the files it has open.
    pub file: PathBuf,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.pid, self.program.as_str()) {
            (0, _) => f.write_str("another program"),
            (pid, "") => write!(f, "process {pid}"),
            (pid, program) => write!(f, "{program} (process {pid})"),
        }
    }
}

/// Makes two paths change their names, by way of a third beside the first.
fn exchange_in_steps(a: &std::path::Path, b: &std::path::Path) -> std::io::Result<()> {
    let mut third = a.as_os_str().to_owned();
    third.push(".exchanged");
    std::fs::rename(b, &third)?;
    match std::fs::rename(a, b) {
        Ok(()) => std::fs::rename(&third, a),
        Err(error) => std::fs::rename(&third, b).and(Err(error)),
    }
}
