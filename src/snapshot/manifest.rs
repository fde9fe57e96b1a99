//! The manifest: what a snapshot is, where it came from, and how it was drilled. `docs/formats.md` describes it.

mod comparison;
mod contents;
mod drill;
mod export;
mod files;
mod replacement;
mod seal;

pub use comparison::{Comparison, Loss, named, reasons};
pub use contents::{Contents, JournalMode, SourceFile};
pub use drill::{Drill, Proven, RowsCompared, Verdict};
pub use export::{ExportFacts, ExportParts};
pub use files::{FilesContents, FilesFacts};
pub use replacement::{Replacement, State};
pub use seal::Proof;

use crate::database::copy::Method;
use crate::error::Fault;
use crate::store::{Receipt, Receipts};
use crate::stream::{Compression, Digest, Level, Text};
use anyhow::{Context, Result};
use chrono::{DateTime, SubsecRound, Utc};
use seal::Sealed;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::Read;

const FORMAT: &str = "larder-snapshot";
const VERSION: u32 = 1;
/// The version of a manifest that is partly encrypted, which those who know 1 only could not read.
const SEALED: u32 = 2;

/// What is said where only a key shows what makes a snapshot suspicious.
const SEALED_REASON: &str = "tables lost many rows, or a requirement is not met (a key shows which)";

/// Why a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// By hand.
    Manual,
    /// By a schedule.
    Scheduled,
    /// To keep what a restore replaced.
    BeforeRestore,
    /// To keep what an import changed.
    BeforeImport,
}

impl Kind {
    /// Whether it was taken to make something else undoable. Such a snapshot is never `latest`, and expires.
    pub fn is_safety(self) -> bool {
        matches!(self, Self::BeforeRestore | Self::BeforeImport)
    }

    /// Its name in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Scheduled => "scheduled",
            Self::BeforeRestore => "before-restore",
            Self::BeforeImport => "before-import",
        }
    }
}

/// What a snapshot is. Every field that is not in the file itself was true when it was made; the file's own bytes
/// count more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    /// The application.
    pub app: String,
    /// Why it was taken.
    pub kind: Kind,
    /// When it was taken.
    pub created_at: DateTime<Utc>,
    /// When the database was last found to be still the same.
    #[serde(default)]
    pub unchanged_at: Option<DateTime<Utc>>,
    /// The database that it was taken of.
    pub source: SourceFile,
    /// What the database in it is, unless that is sealed.
    #[serde(flatten)]
    plain: Option<Contents>,
    /// Bytes of the snapshot's file.
    pub size: u64,
    /// SHA-256 of the snapshot's file.
    pub sha256: Digest,
    /// How the file is compressed.
    pub compression: Compression,
    /// How hard.
    pub level: Level,
    /// How the file is encrypted; nothing where it is not.
    pub encryption: Option<String>,
    /// What tells of the content, encrypted like the file, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    /// What tells whether another database holds the same, to somebody who has that database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<Proof>,
    /// What was sealed, where it was opened.
    #[serde(skip)]
    opened: Option<Box<Sealed>>,
    /// How the copy was made; nothing of an export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// What an export in a store is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportFacts>,
    /// The files that belong to it, in an archive beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FilesFacts>,
    /// What was checked.
    pub drill: Drill,
    /// What comparing its rows with those of an earlier snapshot found; nothing where there was none, or they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// When the finished file was last read whole and checked again, and what came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proven: Option<Proven>,
    /// Of a snapshot in a remote store: how it was verified that it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Receipt>,
    /// Whether it stays whatever the keep rules say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Of a safety snapshot: what took the place of what it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Replacement>,
    /// Of a safety snapshot: when a later restore or import kept nothing, so that there is nothing to go back to any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<DateTime<Utc>>,
    /// The version of SQLite that copied.
    pub sqlite_version: String,
    /// The version of larder.
    pub larder_version: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// A manifest's fields that its maker gives; the rest is larder's own.
#[derive(Debug, Clone)]
pub struct Parts {
    /// See [`Manifest::app`].
    pub app: String,
    /// See [`Manifest::kind`].
    pub kind: Kind,
    /// See [`Manifest::created_at`].
    pub created_at: DateTime<Utc>,
    /// See [`Manifest::source`].
    pub source: SourceFile,
    /// See [`Manifest::contents`].
    pub contents: Contents,
    /// See [`Manifest::method`].
    pub method: Method,
    /// See [`Manifest::files`].
    pub files: Option<FilesFacts>,
    /// See [`Manifest::drill`].
    pub drill: Drill,
    /// See [`Manifest::pinned`].
    pub pinned: bool,
    /// See [`Manifest::replaced_by`].
    pub replaced_by: Option<Replacement>,
}

/// A finished file.
#[derive(Debug, Clone, Copy)]
pub struct Packed {
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// How it is compressed.
    pub compression: Compression,
    /// How hard.
    pub level: Level,
}

/// An error where something is the manifest of something else, or of a newer larder, whatever else it says.
fn refuse_unknown(json: &[u8]) -> Result<()> {
    #[derive(Deserialize)]
    struct Envelope {
        format: String,
        version: u32,
    }
    let envelope: Envelope = serde_json::from_slice(json).context("it is no manifest")?;
    if envelope.format != FORMAT {
        return Err(Fault::invalid(format!("its format is {:?}, not {FORMAT:?}", envelope.format)).into());
    }
    if envelope.version > SEALED {
        let message = format!("it is of version {}; this larder knows {SEALED}", envelope.version);
        return Err(Fault::invalid(message).hint("use a newer larder").into());
    }
    Ok(())
}

/// A manifest's text as UTF-8.
fn plain(text: &[u8]) -> Result<Cow<'_, [u8]>> {
    // Its second character is in the same byte order as its first.
    if text.first() == Some(&b'{') && text.get(1) != Some(&0) {
        return Ok(Cow::Borrowed(text));
    }
    let mut json = Vec::new();
    Text::json(text)?.read_to_end(&mut json)?;
    Ok(Cow::Owned(json))
}

impl Manifest {
    /// The manifest of a snapshot that has just been made.
    pub fn new(parts: Parts, packed: Packed, duration: std::time::Duration) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            app: parts.app,
            kind: parts.kind,
            created_at: parts.created_at.trunc_subsecs(0),
            unchanged_at: None,
            source: parts.source,
            plain: Some(parts.contents),
            size: packed.size,
            sha256: packed.sha256,
            compression: packed.compression,
            level: packed.level,
            encryption: None,
            sealed: None,
            proof: None,
            opened: None,
            method: Some(parts.method),
            export: None,
            files: parts.files,
            drill: parts.drill,
            comparison: None,
            proven: None,
            pinned: parts.pinned,
            upload: None,
            replaced_by: parts.replaced_by,
            superseded_at: None,
            sqlite_version: crate::database::sqlite_version().to_owned(),
            larder_version: env!("CARGO_PKG_VERSION").to_owned(),
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Reads a manifest, in whatever Unicode an editor saved it.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let json = plain(text).context("it is no manifest")?;
        let read = serde_json::from_slice::<Self>(&json);
        if !matches!(&read, Ok(read) if read.format == FORMAT && read.version <= SEALED) {
            refuse_unknown(&json)?;
        }
        let manifest = read.context("it is no manifest")?;
        if manifest.plain.is_none() && manifest.sealed.is_none() && manifest.export.is_none() {
            // What is optional above says nothing of what it lacks.
            serde_json::from_slice::<Contents>(&json).context("it is no manifest")?;
        }
        Ok(manifest)
    }

    /// Its text: one line a field, so that a person can read it.
    pub fn to_text(&self) -> Vec<u8> {
        let mut text =
            serde_json::to_vec_pretty(self).expect("a manifest has text keys and plain values only");
        text.push(b'\n');
        text
    }

    /// Whether the drill found nothing wrong and read the file back.
    pub fn is_good(&self) -> bool {
        self.drill.integrity != Verdict::Damaged && self.drill.read_back
    }

    /// What the database in it is, unless that is sealed and was not opened.
    pub fn contents(&self) -> Option<&Contents> {
        self.plain.as_ref().or(self.opened.as_ref().map(|opened| &opened.contents))
    }

    /// Whether a table lost so many rows that neither `latest` nor the keep rules count it.
    pub fn is_suspicious(&self) -> bool {
        self.comparison.as_ref().is_some_and(Comparison::is_suspicious)
    }

    /// The tables that lost many rows, as far as that is known; nothing where it is sealed and was not opened.
    pub fn lost(&self) -> Option<&[Loss]> {
        match (&self.sealed, &self.opened) {
            (Some(_), opened) => opened.as_ref().map(|opened| opened.lost.as_slice()),
            (None, _) => self.comparison.as_ref().map(|comparison| comparison.lost.as_slice()),
        }
    }

    /// What the settings require and is not so; nothing where it is sealed and was not opened.
    pub fn unmet(&self) -> Option<&[String]> {
        match (&self.sealed, &self.opened) {
            (Some(_), opened) => opened.as_ref().map(|opened| opened.unmet.as_slice()),
            (None, _) => self.comparison.as_ref().map(|comparison| comparison.unmet.as_slice()),
        }
    }

    /// What makes it suspicious, as far as that is known; nothing where it is not suspicious, or accepted.
    pub fn suspicion(&self) -> Option<String> {
        let comparison = self.comparison.as_ref().filter(|comparison| comparison.is_suspicious())?;
        Some(match (&self.sealed, &self.opened) {
            (Some(_), Some(opened)) => reasons(&opened.lost, &opened.unmet),
            (Some(_), None) => SEALED_REASON.to_owned(),
            (None, _) => reasons(&comparison.lost, &comparison.unmet),
        })
    }

    /// What the drill noted, unless that is sealed and was not opened.
    pub fn notes(&self) -> &[String] {
        self.opened.as_ref().map_or(&self.drill.notes, |opened| &opened.notes)
    }

    /// What the files are that belong to it, unless that is sealed and was not opened.
    pub fn files_contents(&self) -> Option<&FilesContents> {
        let plain = self.files.as_ref().and_then(|files| files.contents.as_ref());
        plain.or(self.opened.as_ref().and_then(|opened| opened.files.as_ref()))
    }

    /// The same manifest, which says how what was published arrived.
    #[must_use]
    pub fn received(&self, receipts: &Receipts) -> Self {
        let mut manifest = self.clone();
        manifest.upload.clone_from(&receipts.snapshot);
        if let Some(files) = &mut manifest.files {
            files.upload.clone_from(&receipts.files);
        }
        manifest
    }

    /// Whether the file is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encryption.is_some()
    }
}
