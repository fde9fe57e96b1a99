//! Taking a copy of a source: the first step of a snapshot.

use super::drill::refuse_broken;
use super::manifest::RowsCompared;
use crate::database::check::{RowCounts, is_damage, row_counts};
use crate::database::copy::{Method, copy, copy_pages};
use crate::database::{ReadOptions, Source};
use crate::error::{Fault, Kind};
use crate::files;
use crate::platform::Ownership;
use crate::progress::{Unit, step};
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// What to do with a source that is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfDamaged {
    /// Fail.
    Refuse,
    /// Copy its pages, if SQLite can still read them.
    KeepPages,
    /// Copy its pages, or the bytes of its file.
    KeepAnything,
}

/// A copy of a source, not yet checked.
#[derive(Debug)]
pub struct Taken {
    /// Where it is.
    pub path: PathBuf,
    /// How it was made.
    pub method: Method,
    /// The file that was copied, resolved.
    pub source: PathBuf,
    /// Its owner and mode.
    pub ownership: Option<Ownership>,
    /// Whether it is in WAL mode.
    pub wal_mode: bool,
    /// Its row counts, where they could be counted and belong to the copy.
    pub counts: Counts,
}

/// Row counts of a source, to compare with those of the copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counts {
    /// These.
    Known(RowCounts),
    /// None, and why.
    Unknown(RowsCompared),
}

/// Tells whether anybody has written to a source since its copy was begun. It holds no lock.
#[derive(Debug)]
pub struct Witness {
    source: Source,
    version: i64,
}

impl Witness {
    /// Whether the copy is still what the source holds. Of a source that was read from a copy itself, nobody knows.
    pub fn is_current(&self) -> Result<bool> {
        Ok(self.source.is_in_place() && data_version(self.source.connection())? == self.version)
    }
}

/// Copies a source to `to`, on whose file system there must be room. With `in_use`, this process has connections to it.
pub fn take(
    path: &Path,
    to: &Path,
    if_damaged: IfDamaged,
    in_use: bool,
    options: &ReadOptions<'_>,
) -> Result<(Taken, Option<Witness>)> {
    match take_whole(path, to, in_use, options) {
        Err(error) if is_damage(&error) && if_damaged != IfDamaged::Refuse => {
            options.progress.alarm(&format!("{} is damaged: {error:#}", path.display()));
            files::remove(to)?;
            salvage(path, to, if_damaged, in_use, options)
        }
        taken => taken.map(|(taken, witness)| (taken, Some(witness))),
    }
}

fn open(path: &Path, in_use: bool, options: &ReadOptions<'_>) -> Result<Source> {
    if in_use { Source::open_in_use(path, options) } else { Source::open(path, options) }
}

fn take_whole(path: &Path, to: &Path, in_use: bool, options: &ReadOptions<'_>) -> Result<(Taken, Witness)> {
    let source = open(path, in_use, options)?;
    files::require_space(&files::folder_of(to), source.origin().size)?;
    let connection = source.connection();
    let version = data_version(connection)?;
    let counts = match row_counts(connection, options.progress) {
        Ok(counts) => Some(counts),
        Err(error) if worth_stopping_for(&error) => return Err(error),
        Err(_) => None,
    };
    let method = copy(connection, to, &options.patience, options.progress)?;
    // This comes after the copy: what was broken while the rows were read is still broken now.
    if method == Method::VacuumInto {
        refuse_broken(&source, options.progress)?;
    }
    let counts = match counts {
        _ if data_version(connection)? != version => Counts::Unknown(RowsCompared::SourceChanged),
        Some(counts) => Counts::Known(counts),
        None => Counts::Unknown(RowsCompared::NotCounted),
    };
    let taken = taken(&source, to, method, counts);
    Ok((taken, Witness { source, version }))
}

fn taken(source: &Source, to: &Path, method: Method, counts: Counts) -> Taken {
    let origin = source.origin();
    Taken {
        path: to.to_owned(),
        method,
        source: origin.path.clone(),
        ownership: origin.ownership,
        wal_mode: origin.wal_mode,
        counts,
    }
}

/// Changes whenever another connection commits.
fn data_version(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).context("cannot read the database")
}

/// Rows that cannot be counted, for want of a collation, are not counted: the copy has its own errors for the rest. What
/// says more than "it did not work" ends it here.
fn worth_stopping_for(error: &anyhow::Error) -> bool {
    crate::error::kind(error) != Kind::Failed
}

/// What can be copied of a damaged database: its pages, else the bytes of the file.
fn salvage(
    path: &Path,
    to: &Path,
    if_damaged: IfDamaged,
    in_use: bool,
    options: &ReadOptions<'_>,
) -> Result<(Taken, Option<Witness>)> {
    let pages = || -> Result<(Taken, Option<Witness>)> {
        let source = open(path, in_use, options)?;
        let version = data_version(source.connection())?;
        copy_pages(source.connection(), to, &options.patience, options.progress)?;
        let taken = taken(&source, to, Method::PageCopy, Counts::Unknown(RowsCompared::NotCounted));
        Ok((taken, Some(Witness { source, version })))
    };
    match pages() {
        Err(error) if is_damage(&error) && if_damaged == IfDamaged::KeepAnything && !in_use => {
            copy_bytes(path, to, options).map(|taken| (taken, None))
        }
        taken => taken,
    }
}

fn copy_bytes(path: &Path, to: &Path, options: &ReadOptions<'_>) -> Result<Taken> {
    let path = files::resolve(path)?;
    let metadata =
        files::metadata(&path)?.ok_or_else(|| Fault::failed(format!("{} vanished", path.display())))?;
    files::require_space(&files::folder_of(to), metadata.len())?;
    let work = || files::copy(&path, to, options.progress);
    step(options.progress, "copying the damaged file", Some(metadata.len()), Unit::Bytes, work)?;
    if crate::database::sidecar::present(&path)?.is_empty() {
        options.progress.detail("the file is kept byte for byte");
    } else {
        options.progress.warn(&format!("the log or journal beside {} is not in the copy", path.display()));
    }
    Ok(Taken {
        path: to.to_owned(),
        method: Method::FileCopy,
        ownership: crate::platform::ownership(&metadata),
        wal_mode: false,
        source: path,
        counts: Counts::Unknown(RowsCompared::NotCounted),
    })
}
