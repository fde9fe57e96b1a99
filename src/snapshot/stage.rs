//! Staging: a snapshot becomes a verified database in a private folder, before anything else is touched.

use super::catalog::{self, Known};
use super::manifest::Manifest;
use crate::database::check::{Depth, integrity};
use crate::database::connection::{self, Access};
use crate::database::content::content_digest;
use crate::database::copy;
use crate::database::header::{Header, read_head};
use crate::database::journal_mode::leave_wal;
use crate::database::packed::{self, Unpacked};
use crate::database::sidecar;
use crate::database::{ReadOptions, Source};
use crate::error::{Fault, Kind, blame_input, kind};
use crate::files;
use crate::patience::Patience;
use crate::progress::{Progress, Stepless};
use crate::store::SnapshotName;
use crate::stream::age::Keys;
use crate::stream::{Digest, Form};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A verified database, in rollback mode, that nobody has open.
#[derive(Debug)]
pub struct Staged {
    /// Where it is.
    pub path: PathBuf,
    /// What the snapshot's manifest says, where there is one.
    pub manifest: Option<Manifest>,
    /// Whether the database's own header says WAL mode.
    pub wal_mode: bool,
    /// Whether its pages are as a copy of larder's has them, so that its content digest can be compared with another.
    pub is_canonical: bool,
    /// Whether it was found damaged, and is used all the same.
    pub is_damaged: bool,
    /// Its content digest.
    pub content: Digest,
}

/// How to stage.
#[derive(Clone)]
pub struct StageOptions<'a> {
    /// Use a snapshot although it is marked as damaged, or is not what its manifest says.
    pub force: bool,
    /// What opens one that is encrypted.
    pub keys: &'a Keys<'a>,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Unpacks a snapshot to `to` and verifies it: by the digests of its manifest where it was drilled, else in full.
pub fn stage(snapshot: &Path, to: &Path, options: &StageOptions<'_>) -> Result<Staged> {
    stage_verified(snapshot, to, options)
        .map_err(|error| blame_input(error, format!("cannot use the snapshot {}", snapshot.display())))
}

fn stage_verified(snapshot: &Path, to: &Path, options: &StageOptions<'_>) -> Result<Staged> {
    files::require_file(snapshot)?;
    let mut manifest = match catalog::beside(snapshot)? {
        Known::Manifest(manifest) => Some(*manifest),
        Known::Nothing => {
            options
                .progress
                .warn(&format!("{} has no manifest, so it is checked in full", snapshot.display()));
            None
        }
        Known::Unreadable(why) => {
            let name = snapshot.display();
            options
                .progress
                .warn(&format!("the manifest of {name} cannot be read ({why}), so it is checked in full"));
            None
        }
    };
    refuse_damaged(snapshot, manifest.as_ref(), options)?;
    let unpacked = unpack(snapshot, to, options)?;
    if let Some(sealed) = &mut manifest {
        open_manifest(sealed, snapshot, options)?;
    }
    let vouched = match &unpacked {
        Some(unpacked) => vouched(unpacked, manifest.as_ref(), options)?,
        None => false,
    };
    let wal_mode = Header::parse(&read_head(to)?).is_some_and(|header| header.wal);
    if wal_mode {
        leave_wal(to, &options.patience, options.progress);
    }
    let is_damaged = !vouched && is_damaged(to, options)?;
    let is_canonical = vouched || unpacked.is_none();
    let drilled = manifest.as_ref().and_then(Manifest::contents).map(|contents| contents.content_sha256);
    // What vouches for the bytes vouches for their digest: one that is read anew would be that of what was read.
    let content = match drilled.filter(|_| vouched && !wal_mode) {
        Some(drilled) => drilled,
        None => content_digest(to, options.progress)?,
    };
    Ok(Staged { path: to.to_owned(), manifest, wal_mode, is_canonical, is_damaged, content })
}

fn refuse_damaged(snapshot: &Path, manifest: Option<&Manifest>, options: &StageOptions<'_>) -> Result<()> {
    let named = snapshot.file_name().and_then(SnapshotName::parse).is_some_and(|name| name.damaged);
    let damaged = named || manifest.is_some_and(|manifest| !manifest.is_good());
    if damaged && !options.force {
        return Err(Fault::invalid("it is marked as a copy of a damaged database")
            .hint("larder list shows the others; --force uses it as far as SQLite can read it")
            .into());
    }
    Ok(())
}

/// Gets the database out; nothing is known of the bytes where the snapshot is a database that may be in use.
fn unpack(snapshot: &Path, to: &Path, options: &StageOptions<'_>) -> Result<Option<Unpacked>> {
    let head = read_head(snapshot)?;
    let in_use = may_be_in_use(snapshot)?;
    match Form::of(&head) {
        Form::Compressed(_) | Form::Age => {
            packed::unpack(snapshot, options.keys, to, options.progress).map(Some)
        }
        Form::Sqlite if in_use => copy_database(snapshot, to, options).map(|()| None),
        Form::Sqlite => packed::unpack(snapshot, options.keys, to, options.progress).map(Some),
        Form::Empty => Err(Fault::invalid("it is an empty file").into()),
        Form::Json => {
            Err(Fault::invalid("it is JSON, not a snapshot").hint("larder import reads exports").into())
        }
        Form::Zip => Err(Fault::invalid("it is a zip archive, not a snapshot")
            .hint("larder import reads exports")
            .into()),
        Form::Unknown => Err(Fault::invalid("it is neither a SQLite database nor a compressed one").into()),
    }
}

/// Whether a plain database may be one that an application uses: it has not the name of a snapshot, or something is
/// beside it.
pub(super) fn may_be_in_use(database: &Path) -> Result<bool> {
    let is_snapshot = database.file_name().and_then(SnapshotName::parse).is_some();
    Ok(!is_snapshot || !sidecar::present(database)?.is_empty())
}

/// A plain database that is no snapshot of a store may be in use: it is read through SQLite.
fn copy_database(database: &Path, to: &Path, options: &StageOptions<'_>) -> Result<()> {
    let folder = files::folder_of(to);
    let read =
        ReadOptions { scratch: &[&folder], patience: options.patience.clone(), progress: options.progress };
    let source = Source::open(database, &read)?;
    files::require_space(&folder, source.origin().size)?;
    copy::copy(source.connection(), to, &options.patience, options.progress)?;
    Ok(())
}

/// Opens what a manifest keeps to itself. It is locked as its file is, which was opened; one that is not was not made with it.
fn open_manifest(manifest: &mut Manifest, snapshot: &Path, options: &StageOptions<'_>) -> Result<()> {
    let name = format!("the manifest of {}", snapshot.display());
    match manifest.unseal(options.keys, &name) {
        Err(error) if matches!(kind(&error), Kind::Usage | Kind::Invalid) => {
            options.progress.warn(&format!("{error:#}; so the snapshot is checked in full"));
            Ok(())
        }
        opened => opened,
    }
}

/// Whether a drilled manifest vouches for the bytes. One that contradicts them is an error.
fn vouched(unpacked: &Unpacked, manifest: Option<&Manifest>, options: &StageOptions<'_>) -> Result<bool> {
    let Some(manifest) = manifest else { return Ok(false) };
    let differs = match manifest.contents() {
        _ if unpacked.packed_digest != manifest.sha256 => {
            "the file is not the one that its manifest describes"
        }
        // What is sealed and could not be opened vouches for nothing.
        None => return Ok(false),
        Some(contents) if unpacked.digest == contents.database_sha256 => return Ok(manifest.is_good()),
        Some(_) => "the database in it is not the one that its manifest describes",
    };
    if !options.force {
        return Err(Fault::invalid(format!("{differs}: one of them was changed or damaged"))
            .hint("larder validate says more; another snapshot is safer; --force checks this one in full and uses it")
            .into());
    }
    options.progress.warn(&format!("{differs}; it is checked in full"));
    Ok(false)
}

/// Checks a database in full. Damage is an error, unless it is to be used all the same.
fn is_damaged(database: &Path, options: &StageOptions<'_>) -> Result<bool> {
    let connection = connection::open(database, Access::ReadOnly, &options.patience)?;
    let found = integrity(&connection, Depth::Full, &Stepless(options.progress))?;
    for line in found.unchecked.iter().chain(&found.flaws).take(5) {
        options.progress.warn(line);
    }
    match found.damage.first() {
        None => Ok(false),
        Some(first) if options.force => {
            options.progress.warn(&format!("it is damaged: {first}"));
            Ok(true)
        }
        Some(first) => Err(Fault::invalid(format!("it is damaged: {first}"))
            .hint("use another snapshot; --force uses this one as far as SQLite can read it")
            .into()),
    }
}
