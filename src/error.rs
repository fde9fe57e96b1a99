//! The one typed error: a [`Fault`] where an exit code or a hint hangs on what went wrong.
//!
//! Everything else is `anyhow` with the operation and the path in each context.

mod outcome;

pub use outcome::{CommitFailed, commit_failed, not_done, with_safety};

use std::fmt;

/// What class of failure an error is, from which the exit code follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It did not work.
    Failed,
    /// The command line asks for something that cannot be.
    Usage,
    /// A file that was given as input is not what it should be.
    Invalid,
    /// A decision was needed that nobody gave, or the answer was no.
    Undecided,
    /// A database is damaged, or is no database at all.
    Damaged,
    /// A database or a store stayed locked for longer than the busy timeout.
    Busy,
    /// A signal asked the process to stop.
    Interrupted,
}

/// An error with a [`Kind`] and, where there is something to do about it, a hint.
///
/// It serves as a root cause and as a context on top of another error.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The class of the failure.
    pub kind: Kind,
    message: String,
    /// What the reader can do about it, in one sentence.
    pub hint: Option<String>,
    /// The line and column of a file that it is about, from 1.
    pub at: Option<(u64, u64)>,
}

impl Fault {
    /// A fault without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, at: None }
    }

    /// A plain failure, for the sake of its hint.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Input that is not what it should be.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// The process was asked to stop.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    /// Adds the line and column that it is about.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.at = Some((line, column));
        self
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// The class of any error: its outermost fault's, else what SQLite's own code says.
pub fn kind(error: &anyhow::Error) -> Kind {
    // Whatever it was that failed: no caller may take it for "nothing happened".
    if commit_failed(error).is_some() {
        return Kind::Failed;
    }
    match error.downcast_ref::<Fault>() {
        Some(fault) if fault.kind != Kind::Failed => fault.kind,
        _ => error.chain().find_map(kind_of_cause).unwrap_or(Kind::Failed),
    }
}

/// The hint that travels with an error: its outermost fault's, else one for a condition everybody knows.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(hint) = commit_failed(error).and_then(|failed| failed.hint.clone()) {
        return Some(hint);
    }
    if let Some(hint) = error.downcast_ref::<Fault>().and_then(|fault| fault.hint.clone()) {
        return Some(hint);
    }
    let carried =
        |cause: &(dyn std::error::Error + 'static)| fault_inside(cause.downcast_ref()?)?.hint.clone();
    if let Some(hint) = error.chain().find_map(carried) {
        return Some(hint);
    }
    if kind(error) == Kind::Busy {
        return Some("another program is using it; try again, or wait longer with --busy-timeout".into());
    }
    is_disk_full(error).then(|| "free some space and run it again".to_owned())
}

/// Puts a context on an error that came of reading input: it is the input's fault, unless the cause says otherwise
/// (a signal, a lock, a full disk). The hint of the cause stays.
pub fn blame_input(error: anyhow::Error, message: impl Into<String>) -> anyhow::Error {
    let kind = match kind(&error) {
        Kind::Failed if error.chain().any(is_about_data) => Kind::Invalid,
        Kind::Damaged => Kind::Invalid,
        kind => kind,
    };
    let hint = hint(&error);
    error.context(Fault { kind, message: message.into(), hint, at: None })
}

/// Whether SQLite understood what it was told to do and could not do it with the data or the schema that it got.
fn is_about_data(cause: &(dyn std::error::Error + 'static)) -> bool {
    use rusqlite::ErrorCode as Code;
    let Some(error) = cause.downcast_ref::<rusqlite::Error>() else { return false };
    match sqlite_code(error) {
        // Authorization is denied to SQL of a schema that does anything but define.
        Some(
            Code::Unknown
            | Code::ConstraintViolation
            | Code::TypeMismatch
            | Code::TooBig
            | Code::AuthorizationForStatementDenied,
        ) => true,
        _ => matches!(error, rusqlite::Error::MultipleStatement),
    }
}

/// Whether an I/O error says that a stream is broken, which is its content's fault: the system's own errors and a
/// signal's say nothing about the content.
pub fn is_broken_stream(error: &std::io::Error) -> bool {
    error.raw_os_error().is_none() && fault_inside(error).is_none()
}

/// The fault that an I/O error carries through those who know I/O errors only.
pub fn fault_inside(error: &std::io::Error) -> Option<&Fault> {
    error.get_ref()?.downcast_ref()
}

fn kind_of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Kind> {
    if let Some(fault) = cause.downcast_ref::<Fault>().or_else(|| fault_inside(cause.downcast_ref()?)) {
        return (fault.kind != Kind::Failed).then_some(fault.kind);
    }
    match sqlite_code(cause.downcast_ref::<rusqlite::Error>()?)? {
        rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked => Some(Kind::Busy),
        rusqlite::ErrorCode::OperationInterrupted => Some(Kind::Interrupted),
        rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase => Some(Kind::Damaged),
        _ => None,
    }
}

/// SQLite's own code of an error, also where it is about a place in SQL.
pub fn sqlite_code(error: &rusqlite::Error) -> Option<rusqlite::ErrorCode> {
    match error {
        rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
        error => error.sqlite_error_code(),
    }
}

/// SQLite's own extended code of an error.
pub fn sqlite_extended_code(error: &rusqlite::Error) -> Option<i32> {
    match error {
        rusqlite::Error::SqlInputError { error, .. } | rusqlite::Error::SqliteFailure(error, _) => {
            Some(error.extended_code)
        }
        _ => None,
    }
}

/// Whether SQLite says that a disk is full, or a database may not grow any further. It does not say where.
pub fn is_database_full(error: &anyhow::Error) -> bool {
    let code = |cause: &(dyn std::error::Error + 'static)| sqlite_code(cause.downcast_ref()?);
    error.chain().any(|cause| code(cause) == Some(rusqlite::ErrorCode::DiskFull))
}

/// Whether a disk is full, a quota is used up, or a file may not grow any further.
fn is_disk_full(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
    };
    let is_full = |kind| matches!(kind, StorageFull | QuotaExceeded | FileTooLarge);
    is_database_full(error) || error.chain().filter_map(kind).any(is_full)
}

/// What to write instead of a name that is not there: the nearest of those that are, else all of them.
pub fn nearest(name: &str, names: &[&str]) -> String {
    const NAMED: usize = 10;
    let near = names.iter().min_by_key(|there| distance(name, there));
    if let Some(near) = near.filter(|near| distance(name, near) <= name.chars().count().div_ceil(3)) {
        format!("did you mean {near:?}?")
    } else {
        let more = names.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("there are {}{more}", names[..names.len().min(NAMED)].join(", "))
    }
}

/// How many letters have to be changed, added or removed (Levenshtein) to get from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn the_kind_is_found_below_contexts() {
        let error = Err::<(), _>(Fault::new(Kind::Busy, "locked").hint("wait"))
            .context("copying")
            .context("snapshot of app.db")
            .expect_err("it is an error");
        assert_eq!(kind(&error), Kind::Busy);
        assert_eq!(hint(&error).as_deref(), Some("wait"));
        assert_eq!(format!("{error:#}"), "snapshot of app.db: copying: locked");
    }

    #[test]
    fn a_plain_fault_on_top_keeps_the_kind_below() {
        let error = anyhow::Error::new(Fault::interrupted()).context(Fault::failed("copying").hint("again"));
        assert_eq!(kind(&error), Kind::Interrupted);
        assert_eq!(hint(&error).as_deref(), Some("again"));
    }

    fn code(code: i32) -> anyhow::Error {
        anyhow::Error::new(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None))
            .context("reading")
    }

    #[test]
    fn the_input_is_blamed_for_what_is_its_fault_only() {
        let blamed = |error| kind(&blame_input(error, "cannot import doc.json"));
        assert_eq!(blamed(code(rusqlite::ffi::SQLITE_CONSTRAINT)), Kind::Invalid);
        assert_eq!(blamed(code(rusqlite::ffi::SQLITE_ERROR)), Kind::Invalid);
        assert_eq!(blamed(code(rusqlite::ffi::SQLITE_FULL)), Kind::Failed);
        assert_eq!(blamed(code(rusqlite::ffi::SQLITE_INTERRUPT)), Kind::Interrupted);
        assert_eq!(blamed(code(rusqlite::ffi::SQLITE_BUSY)), Kind::Busy);
        assert_eq!(blamed(Fault::usage("no such table").into()), Kind::Usage);
        let error =
            blame_input(Fault::failed("it sorts differently").hint("leave it out").into(), "cannot import");
        assert_eq!(hint(&error).as_deref(), Some("leave it out"));
    }

    #[test]
    fn an_io_error_carries_a_fault() {
        let error = anyhow::Error::new(std::io::Error::other(Fault::interrupted())).context("writing");
        assert_eq!(kind(&error), Kind::Interrupted);
    }

    #[test]
    fn sqlite_codes_have_kinds() {
        assert_eq!(kind(&code(rusqlite::ffi::SQLITE_BUSY)), Kind::Busy);
        assert_eq!(kind(&code(rusqlite::ffi::SQLITE_LOCKED)), Kind::Busy);
        assert_eq!(kind(&code(rusqlite::ffi::SQLITE_INTERRUPT)), Kind::Interrupted);
        assert_eq!(kind(&code(rusqlite::ffi::SQLITE_CORRUPT)), Kind::Damaged);
        assert_eq!(kind(&code(rusqlite::ffi::SQLITE_ERROR)), Kind::Failed);
        assert!(hint(&code(rusqlite::ffi::SQLITE_FULL)).is_some());
    }
}
