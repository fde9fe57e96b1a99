//! Whether a snapshot is whole and what its manifest says it is.

use super::attached;
use super::catalog::{self, Known};
use super::manifest::{Contents, Manifest, Verdict};
use super::pack::digest_of_file;
use super::stage::may_be_in_use;
use crate::database::check::{Depth, integrity, row_counts};
use crate::database::connection::{self, Access};
use crate::database::content::schema_digest;
use crate::database::copy::copy_pages;
use crate::database::foreign_keys::foreign_keys;
use crate::database::header::read_head;
use crate::database::packed::{self, Unpacked};
use crate::database::properties::Properties;
use crate::database::{ReadOptions, Source, requirement, stand_in};
use crate::error::{Kind, is_broken_stream, kind};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::problem::{Problem, Severity};
use crate::progress::Progress;
use crate::store::SnapshotName;
use crate::stream::age::Keys;
use crate::stream::{Digest, Form};
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;

/// How a snapshot is verified.
#[derive(Clone)]
pub struct VerifyOptions<'a> {
    /// Folders where the database may be unpacked, the best first.
    pub scratch: &'a [&'a Path],
    /// What opens one that is encrypted.
    pub keys: &'a Keys<'a>,
    /// What is required of the database, as queries whose first value is true.
    pub require: &'a [String],
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Reads a snapshot whole, checks the database in it, and compares both with the manifest.
///
/// What is wrong with the file is in the result; an error means that it could not be looked at.
pub fn verify(snapshot: &Path, form: Form, options: &VerifyOptions<'_>) -> Result<Vec<Problem>> {
    find_problems(snapshot, form, options).with_context(|| format!("cannot verify {}", snapshot.display()))
}

fn find_problems(snapshot: &Path, form: Form, options: &VerifyOptions<'_>) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut manifest = match catalog::beside(snapshot)? {
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
    let contents = manifest.as_ref().and_then(|manifest| manifest.contents());
    let expected = contents.map_or(size.saturating_mul(4), |contents| contents.database_size);
    let scratch = Scratch::new_in(files::roomy_folder(options.scratch, expected))?;
    let database = scratch.file("database");
    match unpack(snapshot, form, &database, options) {
        Ok(unpacked) => {
            if let Some(manifest) = &mut manifest {
                unseal(manifest, options, &mut problems)?;
            }
            if let Some(unpacked) = unpacked {
                compare_bytes(&unpacked, manifest.as_deref(), &mut problems);
            }
            check(&database, manifest.as_deref(), options, &mut problems)?;
            check_files(snapshot, Some(&database), manifest.as_deref(), options, &mut problems)?;
        }
        // Without a key, the file can still be the one that was drilled.
        Err(error) if form == Form::Age && options.keys.is_empty() && kind(&error) == Kind::Usage => {
            let Some(manifest) = &manifest else { return Err(error) };
            compare_file(snapshot, manifest, options.progress, &mut problems)?;
            check_files(snapshot, None, Some(manifest), options, &mut problems)?;
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

/// Opens what a manifest keeps to itself, which what opens the file opens too.
fn unseal(manifest: &mut Manifest, options: &VerifyOptions<'_>, problems: &mut Vec<Problem>) -> Result<()> {
    match manifest.unseal(options.keys, "the manifest") {
        Err(error) if matches!(kind(&error), Kind::Usage | Kind::Invalid) => {
            problems.push(Problem::error("manifest.sealed", format!("{error:#}")));
            Ok(())
        }
        opened => opened,
    }
}

/// Looks at the files that belong to a snapshot.
fn check_files(
    snapshot: &Path,
    database: Option<&Path>,
    manifest: Option<&Manifest>,
    options: &VerifyOptions<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let Some(manifest) = manifest.filter(|manifest| manifest.files.is_some()) else { return Ok(()) };
    // What a damaged database names cannot be read, and it is said to be damaged already.
    let is_sound = problems.iter().all(|problem| problem.severity == Severity::Warning);
    let open = |database| connection::open(database, Access::ReadOnly, &options.patience);
    let copy = database.filter(|_| is_sound).map(open).transpose()?;
    problems.extend(attached::verify(snapshot, manifest, copy.as_ref(), options.keys, options.progress)?);
    Ok(())
}

/// Compares a file that cannot be opened with what its manifest says of it.
fn compare_file(
    snapshot: &Path,
    manifest: &Manifest,
    progress: &dyn Progress,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let (sha256, size) =
        (digest_of_file(snapshot, progress)?, files::metadata(snapshot)?.map_or(0, |m| m.len()));
    compare_packed((size, sha256), manifest, problems);
    let message = "it is encrypted, and no key is given: it is the file that its manifest describes, and what is in it \
                   was not checked; --identity FILE (or --passphrase-file FILE) does that";
    if problems.iter().all(|problem| problem.severity == Severity::Warning) {
        problems.push(Problem::warning("file", message));
    }
    Ok(())
}

/// Gets the database out. A plain one that may be in use is copied, page by page as it is, and nothing is known of the
/// bytes of its file.
fn unpack(snapshot: &Path, form: Form, to: &Path, options: &VerifyOptions<'_>) -> Result<Option<Unpacked>> {
    if form != Form::Sqlite || !may_be_in_use(snapshot)? {
        return packed::unpack(snapshot, options.keys, to, options.progress).map(Some);
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

/// Whether a snapshot's bytes are those that its drilled manifest describes. Nothing is unpacked to the disk, and what is
/// encrypted is not opened.
pub fn matches_manifest(snapshot: &Path, manifest: &Manifest, progress: &dyn Progress) -> Result<bool> {
    use crate::stream::{Decoder, DigestReader};
    let Some(contents) = manifest.contents().filter(|_| !manifest.is_encrypted()) else {
        return Ok(digest_of_file(snapshot, progress)? == manifest.sha256);
    };
    let read = || -> Result<bool> {
        let mut file = DigestReader::new(files::open(snapshot)?);
        let decoder = Decoder::new(&mut file, manifest.compression)?;
        let limited = crate::stream::Limited::new(decoder, contents.database_size);
        let (database, _) = DigestReader::new(Stoppable(limited, progress)).finish()?;
        let (digest, _) = file.finish()?;
        Ok(database == contents.database_sha256 && digest == manifest.sha256)
    };
    let matches = read();
    crate::progress::go_on(progress)?;
    match matches {
        Ok(matches) => Ok(matches),
        Err(error) if error.downcast_ref().is_some_and(is_broken_stream) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a snapshot without a manifest can be restored: all of it can be read, and the database in it is sound.
pub fn is_whole(snapshot: &Path, options: &VerifyOptions<'_>) -> Result<bool> {
    let form = Form::of(&read_head(snapshot)?);
    let size = files::metadata(snapshot)?.map_or(0, |metadata| metadata.len());
    let scratch = Scratch::new_in(files::roomy_folder(options.scratch, size.saturating_mul(4)))?;
    let database = scratch.file("database");
    match unpack(snapshot, form, &database, options) {
        Ok(_) => {}
        Err(error) if matches!(kind(&error), Kind::Invalid | Kind::Damaged) => return Ok(false),
        Err(error) => return Err(error),
    }
    let mut problems = Vec::new();
    check(&database, None, options, &mut problems)?;
    Ok(problems.iter().all(|problem| problem.severity == Severity::Warning))
}

struct Stoppable<'a, R>(R, &'a dyn Progress);

impl<R: std::io::Read> std::io::Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.1.stopped() { Err(std::io::Error::other("stopped")) } else { self.0.read(buffer) }
    }
}

/// An error where what was found is not what the manifest says.
fn compare(problems: &mut Vec<Problem>, path: &str, what: &str, found: &impl ToString, said: &impl ToString) {
    let (found, said) = (found.to_string(), said.to_string());
    if found != said {
        let message = format!("{what} is {found}, and the manifest says {said}: one of them was changed");
        problems.push(Problem::error(path, message));
    }
}

fn compare_packed((size, sha256): (u64, Digest), manifest: &Manifest, problems: &mut Vec<Problem>) {
    compare(problems, "manifest.size", "the file's size", &size, &manifest.size);
    compare(problems, "manifest.sha256", "the file's SHA-256", &sha256, &manifest.sha256);
}

fn compare_bytes(unpacked: &Unpacked, manifest: Option<&Manifest>, problems: &mut Vec<Problem>) {
    let Some(manifest) = manifest else { return };
    compare_packed((unpacked.packed_size, unpacked.packed_digest), manifest, problems);
    let Some(contents) = manifest.contents() else { return };
    let (found, said) = (unpacked.size, contents.database_size);
    compare(problems, "manifest.database_size", "the database's size", &found, &said);
    let (found, said) = (unpacked.digest, contents.database_sha256);
    compare(problems, "manifest.database_sha256", "the database's SHA-256", &found, &said);
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
    for unmet in requirement::unmet(database, options.require, &options.patience)? {
        problems.push(Problem::error("require", format!("required, and not so: {unmet}")));
    }
    match manifest.and_then(|manifest| Some((manifest, manifest.contents()?))) {
        Some((manifest, contents)) => {
            compare_contents(&connection, manifest, contents, options.progress, problems)
        }
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
    contents: &Contents,
    progress: &dyn Progress,
    problems: &mut Vec<Problem>,
) -> Result<()> {
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
