//! What nobody knows after an error: whether a commit that failed happened all the same.
//!
//! An error of a commit says that something went wrong, not that nothing happened. Where unlocking the file fails, the new
//! content is there already; where the log could not be synced, the program that has the database open may replay it
//! later. So nothing that would be needed to go back is taken away then.

use std::fmt;
use std::path::{Path, PathBuf};

/// A commit failed. In the chain of an error, it says that the outcome is unknown.
#[derive(Debug, Clone, Default)]
pub struct CommitFailed {
    /// The safety snapshot that holds what was there before, where there is one.
    pub safety: Option<PathBuf>,
    /// How to see what is there now.
    pub(super) hint: Option<String>,
}

impl fmt::Display for CommitFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.hint.is_some() { "the outcome is unknown" } else { "the commit failed" })
    }
}

impl std::error::Error for CommitFailed {}

/// What is known of the commit that failed, where the error is about one.
pub fn commit_failed(error: &anyhow::Error) -> Option<&CommitFailed> {
    error.downcast_ref()
}

/// Says of an error what did not happen: `what` is not `done`, as "d.json" is not "imported into app.db". After a failed
/// commit nobody knows.
pub fn not_done(error: anyhow::Error, what: impl fmt::Display, done: impl fmt::Display) -> anyhow::Error {
    match commit_failed(&error) {
        None => error.context(format!("{what} is not {done}")),
        Some(_) => error.context(format!("{what} may or may not be {done}")),
    }
}

/// Adds to the error of a failed commit where what was there before is, and how to see what is there now.
pub fn with_safety(error: anyhow::Error, database: &Path, safety: Option<&Path>) -> anyhow::Error {
    let database = database.display();
    let hint = match safety {
        Some(safety) => format!(
            "larder restore --undo {database} --dry-run says whether it happened; the state before is in {}",
            safety.display()
        ),
        None => format!("look at {database} before you run this again"),
    };
    error.context(CommitFailed { safety: safety.map(Path::to_owned), hint: Some(hint) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, blame_input, hint, kind};

    #[test]
    fn a_failed_commit_is_a_failure_whatever_its_cause_and_says_where_the_state_before_is() {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        let cause = anyhow::Error::new(rusqlite::Error::SqliteFailure(code, None));
        let error =
            with_safety(cause.context(CommitFailed::default()), Path::new("a.db"), Some(Path::new("s.gz")));
        let error = blame_input(not_done(error, "d.json", "imported into a.db"), "cannot import");
        assert_eq!(kind(&error), Kind::Failed);
        assert_eq!(
            commit_failed(&error).and_then(|failed| failed.safety.clone()),
            Some(PathBuf::from("s.gz"))
        );
        assert!(format!("{error:#}").contains("d.json may or may not be imported into a.db"), "{error:#}");
        assert!(hint(&error).is_some_and(|hint| hint.contains("s.gz")));
    }

    #[test]
    fn what_failed_before_the_commit_did_not_happen() {
        let error = not_done(anyhow::anyhow!("no space"), "d.json", "imported into a.db");
        assert_eq!(format!("{error:#}"), "d.json is not imported into a.db: no space");
        assert!(commit_failed(&error).is_none());
    }
}
