//! The manifest of an export that is in a store.

use super::{Drill, FORMAT, Kind, Manifest, Packed, RowsCompared, SourceFile, VERSION, Verdict};
use crate::database::check::Depth;
use chrono::{DateTime, SubsecRound, Utc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What an export is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFacts {
    /// `condensed` or `full`.
    pub mode: String,
    /// Whose rows it has, where not everybody's.
    #[serde(default)]
    pub scope: Option<String>,
    /// How many items each section has; of an encrypted export nothing.
    #[serde(default)]
    pub items: Option<IndexMap<String, u64>>,
}

/// A manifest's fields that the maker of an export gives.
#[derive(Debug, Clone)]
pub struct ExportParts {
    /// See [`Manifest::app`].
    pub app: String,
    /// See [`Manifest::kind`].
    pub kind: Kind,
    /// See [`Manifest::created_at`].
    pub created_at: DateTime<Utc>,
    /// See [`Manifest::source`].
    pub source: SourceFile,
    /// See [`Manifest::export`].
    pub export: ExportFacts,
    /// See [`Manifest::pinned`].
    pub pinned: bool,
    /// Whether the file is encrypted.
    pub encrypted: bool,
    /// Whether the finished file was read again and is valid; else only its digest was compared.
    pub validated: bool,
}

impl Manifest {
    /// The manifest of an export that has just been written and read back.
    pub fn of_export(parts: ExportParts, packed: Packed, duration: Duration) -> Self {
        let created_at = parts.created_at.trunc_subsecs(0);
        let drill = Drill {
            depth: if parts.validated { Depth::Full } else { Depth::Quick },
            integrity: Verdict::Ok,
            notes: Vec::new(),
            foreign_key_violations: 0,
            rows: RowsCompared::NotCounted,
            read_back: true,
            decrypted: parts.encrypted.then_some(parts.validated),
            verified_at: (created_at + duration).trunc_subsecs(0),
        };
        let mut export = parts.export;
        if parts.encrypted {
            export.items = None;
        }
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            app: parts.app,
            kind: parts.kind,
            created_at,
            unchanged_at: None,
            source: parts.source,
            plain: None,
            size: packed.size,
            sha256: packed.sha256,
            compression: packed.compression,
            level: packed.level,
            encryption: parts.encrypted.then(|| "age".to_owned()),
            sealed: None,
            proof: None,
            opened: None,
            method: None,
            export: Some(export),
            files: None,
            drill,
            comparison: None,
            proven: None,
            pinned: parts.pinned,
            upload: None,
            replaced_by: None,
            superseded_at: None,
            sqlite_version: crate::database::sqlite_version().to_owned(),
            larder_version: env!("CARGO_PKG_VERSION").to_owned(),
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
