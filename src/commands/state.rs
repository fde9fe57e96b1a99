//! What an argument means that is read: a file, or what `latest`, a time or a name means in a store; and which settings count
//! for it. All commands that read databases and snapshots find them here.

mod subject;

pub use subject::{Origin, require_database, subject};

use super::configuration::Subject;
use super::store::App;
use super::{Context, input, store};
use anyhow::{Context as _, Result};
use larder::document::reader::Limits;
use larder::error::is_broken_stream;
use larder::files;
use larder::progress::Progress;
use larder::snapshot::select::{Among, means_a_snapshot, select};
use larder::snapshot::zone::Zone;
use larder::store::{Fetched, Location, SnapshotName, Store};
use larder::stream::age::{Keys, unlock};
use larder::stream::{Form, decompress};
use std::path::{Path, PathBuf};

/// A file on this machine.
pub struct Found {
    pub path: PathBuf,
    pub name: PathBuf,
    /// Keeps it where it was fetched, and goes with it.
    pub fetched: Option<Fetched>,
}

/// The database or the snapshot that an argument names. Nothing where it means something else.
pub fn find(
    file: &Path,
    subject: &Subject,
    (limits, keys): (&Limits, &Keys<'_>),
    context: &Context<'_>,
) -> Result<Option<Found>> {
    if file.is_file() {
        let holds = holds_database(file, limits, keys)?;
        let found = || Found { path: file.to_owned(), name: file.to_owned(), fetched: None };
        return Ok(holds.then(found));
    }
    let is_export = snapshot_name(file).is_some_and(|name| name.is_export());
    if is_export { Ok(None) } else { stored(file, subject, context) }
}

/// The database or the snapshot that a command reads, in the place of the subject's database, and what keeps it there.
pub fn read(file: Option<&Path>, app: &App, context: &Context<'_>) -> Result<(Subject, Option<Found>)> {
    let mut subject = subject(file, app, context)?;
    let found = file.map(|file| stored(file, &subject, context)).transpose()?.flatten();
    if let (Some(found), Some(file)) = (&found, file) {
        subject.database.clone_from(&found.path);
        context.ui.detail(&format!("{}: {}", file.display(), found.name.display()));
    }
    files::require_file(&subject.database)?;
    Ok((subject, found))
}

/// The file of a store that an argument means: `latest`, a time, the name of one there, or the URL of a snapshot. Nothing where
/// it means something else.
pub fn stored(file: &Path, subject: &Subject, context: &Context<'_>) -> Result<Option<Found>> {
    if let Location::Url(url) = Location::of(file)? {
        let is_snapshot = snapshot_name(file).is_some_and(|name| !name.is_export());
        return if is_snapshot { fetched(&Location::Url(url), context).map(Some) } else { Ok(None) };
    }
    if !means_stored(file) {
        return Ok(None);
    }
    let store = subject.store(None)?;
    let is_there = store.path().is_none_or(Path::is_dir);
    let store = is_there.then(|| Store::open(&store, &context.surroundings)).transpose()?;
    let app = &subject.app;
    let among =
        Among { store: store.as_ref(), app, zone: Zone::Local, now: context.now, progress: context.ui };
    fetched(&select(file, among)?, context).map(Some)
}

/// Whether an argument is no file, and means one of a store: `latest`, a time, or a name.
pub fn means_stored(file: &Path) -> bool {
    let is_there = files::metadata(file).is_ok_and(|metadata| metadata.is_some());
    let is_bare = file.parent().is_some_and(|parent| parent.as_os_str().is_empty());
    !is_there && (means_a_snapshot(&file.to_string_lossy()) || (is_bare && snapshot_name(file).is_some()))
}

/// What the name of a file says, where it is one that a store gives.
pub fn snapshot_name(file: &Path) -> Option<SnapshotName> {
    file.file_name().and_then(SnapshotName::parse)
}

fn fetched(location: &Location, context: &Context<'_>) -> Result<Found> {
    Ok(match store::fetched(&location.to_path(), context)? {
        None => Found { path: location.to_path(), name: location.to_path(), fetched: None },
        Some(fetched) => {
            Found { path: fetched.path.clone(), name: location.to_path(), fetched: Some(fetched) }
        }
    })
}

/// Whether a file holds a database, whatever it is compressed or encrypted by.
fn holds_database(file: &Path, limits: &Limits, keys: &Keys<'_>) -> Result<bool> {
    let (_, plain) = unlock(files::open(file)?, keys, &input::name(file))?;
    match decompress(plain, limits.expansion) {
        Ok((form, _)) => Ok(form == Form::Sqlite),
        // What is wrong with a document is told where one is read.
        Err(error) if is_broken_stream(&error) => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}
