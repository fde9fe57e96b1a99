//! How it is known that what was uploaded arrived.

use serde::{Deserialize, Serialize};

/// What proves that an uploaded file is the one that was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How it was verified.
    pub verified: Verified,
    /// What the store calls this version of the file, by which a later change can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// The receipts of what was published; nothing of what is in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipts {
    /// That of the snapshot.
    pub snapshot: Option<Receipt>,
    /// That of the archive with its files.
    pub files: Option<Receipt>,
}

/// How an upload was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// By a digest of the content that the store told.
    Digest,
    /// By reading all of it back.
    ReadBack,
    /// By its size alone.
    Size,
}

/// How uploads are to be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VerifyUpload {
    /// By a digest where the store has one, else by reading it back.
    #[default]
    Auto,
    /// By its size alone.
    Size,
}
