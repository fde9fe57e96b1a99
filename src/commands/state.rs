//! A state of a database as an argument: a file, or a snapshot that `latest` or a time means.

use super::configuration::Subject;
use super::{Context, input};
use anyhow::{Context as _, Result};
use larder::document::reader::Limits;
use larder::error::is_broken_stream;
use larder::files;
use larder::snapshot::select::{Among, means_a_snapshot, select};
use larder::snapshot::zone::Zone;
use larder::store::{Fetched, Location, Store};
use larder::stream::age::{Keys, unlock};
use larder::stream::{Form, decompress};
use std::path::{Path, PathBuf};

/// A database or a snapshot on this machine.
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
    let is_there = files::metadata(file).is_ok_and(|metadata| metadata.is_some());
    if is_there || !means_a_snapshot(&file.to_string_lossy()) {
        return Ok(None);
    }
    let store = subject.store(None)?;
    let is_there = store.path().is_none_or(Path::is_dir);
    let store = is_there.then(|| Store::open(&store, &context.surroundings)).transpose()?;
    let app = &subject.app;
    let among =
        Among { store: store.as_ref(), app, zone: Zone::Local, now: context.now, progress: context.ui };
    Ok(Some(match select(file, among)? {
        Location::Path(path) => Found { name: path.clone(), path, fetched: None },
        Location::Url(url) => {
            let folders = [context.temporary.as_path()];
            let fetched = larder::store::fetch(&url, &context.surroundings, &folders, context.ui)?;
            let (path, name) = (fetched.path.clone(), PathBuf::from(url.to_string()));
            Found { path, name, fetched: Some(fetched) }
        }
    }))
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
