//! Whether a snapshot is whole and what its manifest says it is.

use super::catalog::{self, Known};
use super::manifest::{Manifest, Verdict};
use super::stage::may_be_in_use;
use crate::database::check::{Depth, integrity, row_counts};
use crate::database::connection::{self, Access};
use crate::database::content::schema_digest;
use crate::database::copy::copy_pages;
use crate::database::foreign_keys::foreign_keys;
use crate::database::packed::{self, Unpacked};
use crate::database::properties::Properties;
use crate::database::{ReadOptions, Source, stand_in};
use crate::error::{Kind, is_broken_stream, kind};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::store::SnapshotName;
use crate::stream::Compression;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;

/// How a snapshot is verified.
#[derive(Clone)]
pub struct VerifyOptions<'a> {
    /// Folders where the database may be unpacked, the best first.
    pub scratch: &'a [&'a Path],
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Reads a snapshot whole, checks the database in it, and compares both with the manifest.
///
/// What is wrong with the file is in the result; an error means that it could not be looked at.
pub fn verify(
    snapshot: &Path,
    compression: Compression,
    options: &VerifyOptions<'_>,
) -> Result<Vec<Problem>> {
    find_problems(snapshot, compression, options)
        .with_context(|| format!("cannot verify {}", snapshot.display()))
}

fn find_problems(
    snapshot: &Path,
    compression: Compression,
    options: &VerifyOptions<'_>,
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let manifest = match catalog::beside(snapshot)? {
        Known::Manifest(manifest) => Some(manifest),
        Known::Nothing => {
            problems.push(Problem::warning("manifest", "there is no manifest to compare the file with"));
            None
        }
        Known::Unreadable(why) => {
            problems.push(Problem::error("manifest", format!("the manifest cannot be read: {why}")));
            None
        }
    };
    let size = files::metadata(snapshot)?.map_or(0, |metadata| metadata.len());
    let expected = manifest.as_ref().map_or(size.saturating_mul(4), |m| m.contents.database_size);
    let scratch = Scratch::new_in(files::roomy_folder(options.scratch, expected))?;
    let database = scratch.file("database");
    match unpack(snapshot, compression, &database, options) {
        Ok(unpacked) => {
            if let Some(unpacked) = unpacked {
                compare_bytes(&unpacked, manifest.as_deref(), &mut problems);
            }
            check(&database, manifest.as_deref(), options, &mut problems)?;
        }
        Err(error) if matches!(kind(&error), Kind::Invalid | Kind::Damaged) => {
            problems.push(Problem::error("file", format!("{error:#}")));
        }
        Err(error) => return Err(error),
    }
    let marked = snapshot.file_name().and_then(SnapshotName::parse).is_some_and(|name| name.damaged)
        || manifest.is_some_and(|manifest| !manifest.is_good());
    if marked {
        problems.push(Problem::error("manifest.drill", "it is marked as a copy of a damaged database"));
    }
    Ok(problems)
}

/// Gets the database out. A plain one that may be in use is copied, page by page as it is, and nothing is known of the
/// bytes of its file.
fn unpack(
    snapshot: &Path,
    compression: Compression,
    to: &Path,
    options: &VerifyOptions<'_>,
) -> Result<Option<Unpacked>> {
    if compression != Compression::None || !may_be_in_use(snapshot)? {
        return packed::unpack(snapshot, compression, to, options.progress).map(Some);
    }
    let read = ReadOptions {
        scratch: options.scratch,
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let source = Source::open(snapshot, &read)?;
    files::require_space(&files::folder_of(to), source.origin().size)?;
    copy_pages(source.connection(), to, &options.patience, options.progress)?;
    Ok(None)
}

/// Whether a snapshot's bytes are those that its drilled manifest describes. Nothing is unpacked to the disk.
pub fn matches_manifest(snapshot: &Path, manifest: &Manifest, progress: &dyn Progress) -> Result<bool> {
    use crate::stream::{Decoder, DigestReader};
    let read = || -> Result<bool> {
        let mut file = DigestReader::new(files::open(snapshot)?);
        let decoder = Decoder::new(&mut file, manifest.compression)?;
        let limited = crate::stream::Limited::new(decoder, manifest.contents.database_size);
        let (database, _) = DigestReader::new(Stoppable(limited, progress)).finish()?;
        let (digest, _) = file.finish()?;
        Ok(database == manifest.contents.database_sha256 && digest == manifest.sha256)
    };
    let matches = read();
    crate::progress::go_on(progress)?;
    match matches {
        Ok(matches) => Ok(matches),
        Err(error) if error.downcast_ref().is_some_and(is_broken_stream) => Ok(false),
        Err(error) => Err(error),
    }
}

struct Stoppable<'a, R>(R, &'a dyn Progress);

impl<R: std::io::Read> std::io::Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.1.stopped() { Err(std::io::Error::other("stopped")) } else { self.0.read(buffer) }
    }
}

fn compare_bytes(unpacked: &Unpacked, manifest: Option<&Manifest>, problems: &mut Vec<Problem>) {
    let Some(manifest) = manifest else { return };
    let contents = &manifest.contents;
    let mut compare = |path: &str, same: bool, what: &str, found: String, said: String| {
        if !same {
            let message = format!("{what} is {found}, and the manifest says {said}: one of them was changed");
            problems.push(Problem::error(path, message));
        }
    };
    let (found, said) = (unpacked.packed_size, manifest.size);
    compare("manifest.size", found == said, "the file's size", found.to_string(), said.to_string());
    let (found, said) = (unpacked.packed_digest, manifest.sha256);
    compare("manifest.sha256", found == said, "the file's SHA-256", found.to_string(), said.to_string());
    let (found, said) = (unpacked.size, contents.database_size);
    compare(
        "manifest.database_size",
        found == said,
        "the database's size",
        found.to_string(),
        said.to_string(),
    );
    let (found, said) = (unpacked.digest, contents.database_sha256);
    compare(
        "manifest.database_sha256",
        found == said,
        "the database's SHA-256",
        found.to_string(),
        said.to_string(),
    );
}

fn check(
    database: &Path,
    manifest: Option<&Manifest>,
    options: &VerifyOptions<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let connection = connection::open(database, Access::ReadWrite, &options.patience)?;
    let found = integrity(&connection, Depth::Full, options.progress)?;
    problems.extend(found.damage.iter().map(|line| Problem::error("database", line)));
    problems.extend(found.flaws.iter().map(|line| Problem::warning("database", line)));
    problems.extend(
        found.unchecked.iter().map(|line| Problem::warning("database", format!("not checked: {line}"))),
    );
    if !found.is_sound() {
        return Ok(());
    }
    stand_in::register_collations(&connection)?;
    check_foreign_keys(&connection, manifest, problems)?;
    match manifest {
        Some(manifest) => compare_contents(&connection, manifest, options.progress, problems),
        None => Ok(()),
    }
}

/// Violations that the drill saw are what the application lives with; more than that is damage.
fn check_foreign_keys(
    connection: &Connection,
    manifest: Option<&Manifest>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let found = foreign_keys(connection)?;
    let known = manifest.map(|manifest| manifest.drill.foreign_key_violations);
    let Some(first) = found.examples.first() else { return Ok(()) };
    let message = format!(
        "{} rows have a foreign key that leads nowhere, the first in {} to {}",
        found.violations, first.table, first.parent
    );
    problems.push(match known {
        Some(known) if known != found.violations => {
            Problem::error("manifest.drill", format!("{message}; the manifest knows of {known}"))
        }
        _ => Problem::warning("database", message),
    });
    Ok(())
}

fn compare_contents(
    connection: &Connection,
    manifest: &Manifest,
    progress: &dyn Progress,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let contents = &manifest.contents;
    let found = Properties::read(connection)?;
    let compared = [
        ("page_size", found.page_size.to_string(), contents.page_size.to_string()),
        ("encoding", found.encoding, contents.encoding.clone()),
        ("auto_vacuum", found.auto_vacuum.to_string(), contents.auto_vacuum.to_string()),
        ("user_version", found.user_version.to_string(), contents.user_version.to_string()),
        ("application_id", found.application_id.to_string(), contents.application_id.to_string()),
    ];
    for (name, found, said) in compared {
        if found != said {
            let message = format!("the database's {name} is {found}, and the manifest says {said}");
            problems.push(Problem::error(&format!("manifest.{name}"), message));
        }
    }
    if schema_digest(connection)? != contents.schema_sha256 {
        problems.push(Problem::error(
            "manifest.schema_sha256",
            "the schema is not the one that the manifest describes",
        ));
    }
    let rows = row_counts(connection, progress)?;
    for table in rows.keys().chain(contents.rows.keys().filter(|table| !rows.contains_key(*table))) {
        let (found, said) = (rows.get(table), contents.rows.get(table));
        if found != said && manifest.drill.integrity != Verdict::Damaged {
            let number =
                |rows: Option<&u64>| rows.map_or("no such table".to_owned(), |rows| format!("{rows} rows"));
            let message = format!("{table}: {}, and the manifest says {}", number(found), number(said));
            problems.push(Problem::error("manifest.rows", message));
        }
    }
    Ok(())
}
