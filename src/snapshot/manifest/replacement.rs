//! What a manifest says of the restore or the import that a safety snapshot was made for.

use crate::stream::Digest;
use serde::{Deserialize, Serialize};

/// What took the place of what a safety snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The file that was restored or imported.
    pub file: String,
    /// Content digest of the database afterwards, from which a later write can be told.
    #[serde(default)]
    pub content_sha256: Option<Digest>,
    /// Whether it took the place. Versions that did not write this made sure of it.
    #[serde(default)]
    pub state: State,
    /// Its place in the order of what an undo goes back through, from 1: clocks are wrong at times. Nothing in what older
    /// versions wrote, which is before all that have one.
    #[serde(default)]
    pub sequence: u64,
    /// Whether it was an undo: whoever runs one again that was killed wants the same, and not to go forward.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
}

impl Replacement {
    /// One that is about to happen. Its place in the order is given by who keeps the order.
    pub fn pending(file: impl Into<String>, content_sha256: Option<Digest>) -> Self {
        Self { file: file.into(), content_sha256, state: State::Pending, sequence: 0, undo: false }
    }
}

/// Whether a replacement happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was about to: only the database tells whether it did.
    Pending,
    /// It did.
    #[default]
    Done,
}
