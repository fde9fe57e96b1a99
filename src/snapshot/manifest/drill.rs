//! What a manifest says of the checks that a snapshot passed.

use crate::database::check::Depth;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How a snapshot was checked before it got its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// How thorough the check of the structure was.
    pub depth: Depth,
    /// What it found.
    pub integrity: Verdict,
    /// The first of what it found, of what is against the schema's own rules, and of what could not be checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Rows whose foreign key leads nowhere. The application lives with them.
    pub foreign_key_violations: u64,
    /// Whether the copy has as many rows as the source in every table.
    pub rows: RowsCompared,
    /// Whether the finished file was read back and gave the same database.
    pub read_back: bool,
    /// Of an encrypted file: whether it was decrypted for that. Where no key was at hand, what was packed was read back before
    /// it was encrypted, and afterwards the digest of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decrypted: Option<bool>,
    /// When all that was done.
    pub verified_at: DateTime<Utc>,
}

/// A later drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Whether nothing was wrong.
    pub ok: bool,
}

/// What a check of the structure found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing.
    Ok,
    /// Nothing, but not everything could be checked without the application.
    Partial,
    /// Damage.
    Damaged,
}

/// What comparing row counts told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowsCompared {
    /// They are the same.
    Same,
    /// Nothing: the source was written to meanwhile.
    SourceChanged,
    /// Nothing: the source's rows cannot be counted without the application, or not at all.
    NotCounted,
}
