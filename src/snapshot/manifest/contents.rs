//! What a manifest says of the database: where it was, and what is in it.

use crate::database::check::RowCounts;
use crate::platform::Ownership;
use crate::stream::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a snapshot came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The name of the database's file.
    pub file: String,
    /// The whole path, which tells two databases of the same name apart.
    pub path: String,
    /// User id of its owner.
    #[serde(default)]
    pub uid: Option<u32>,
    /// Group id of its owner.
    #[serde(default)]
    pub gid: Option<u32>,
    /// Its mode, in octal digits.
    #[serde(default)]
    pub mode: Option<String>,
}

impl SourceFile {
    /// Owner and mode, where all of it is known and makes sense.
    pub fn ownership(&self) -> Option<Ownership> {
        let mode = u32::from_str_radix(self.mode.as_deref()?, 8).ok().filter(|mode| *mode <= 0o777)?;
        Some(Ownership { uid: self.uid?, gid: self.gid?, mode })
    }
}

/// What tells of a database's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Bytes in a page.
    pub page_size: u32,
    /// `UTF-8`, `UTF-16le` or `UTF-16be`.
    pub encoding: String,
    /// `wal`, or `delete` for every mode with a rollback journal, which the file does not tell apart.
    pub journal_mode: JournalMode,
    /// `PRAGMA auto_vacuum`: 0 none, 1 full, 2 incremental.
    pub auto_vacuum: u32,
    /// `PRAGMA user_version`.
    pub user_version: i32,
    /// `PRAGMA application_id`.
    pub application_id: i32,
    /// Digest of the schema's text.
    pub schema_sha256: Digest,
    /// Rows of each table.
    pub rows: RowCounts,
    /// The tables that foreign keys of others refer to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub referred: BTreeSet<String>,
    /// Bytes of the database.
    pub database_size: u64,
    /// SHA-256 of the database.
    pub database_sha256: Digest,
    /// SHA-256 of the database without what differs between two copies of the same content.
    pub content_sha256: Digest,
}

/// The journal mode that a database file records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JournalMode {
    /// A rollback journal.
    Delete,
    /// A write-ahead log.
    Wal,
}
