//! What a manifest says of the files that belong to a snapshot.

use crate::store::Receipt;
use crate::stream::Digest;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The archive with the files that belong to a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesFacts {
    /// Bytes of the archive, compressed and encrypted as the snapshot is.
    pub size: u64,
    /// SHA-256 of the archive.
    pub sha256: Digest,
    /// What is in it, unless that is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<FilesContents>,
    /// In a remote store: how it was verified that it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Receipt>,
}

/// What tells of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesContents {
    /// How many files there are.
    pub count: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Bytes of the tar archive, before it is compressed.
    pub tar_size: u64,
    /// SHA-256 of the tar archive, before it is compressed.
    pub tar_sha256: Digest,
    /// Which files were meant: patterns, from the folder of the database.
    pub paths: Vec<String>,
    /// Columns that name files, by table.
    #[serde(default)]
    pub references: IndexMap<String, String>,
    /// How many rows name a file.
    #[serde(default)]
    pub named: u64,
    /// How many of them name one that is not there.
    #[serde(default)]
    pub missing: u64,
}
