//! What must not be taken for a database that something is restored or imported to: a snapshot, or what lies among them.
//! Most often the arguments are the wrong way round.

use super::catalog;
use super::select::means_a_snapshot;
use crate::database::header::read_head;
use crate::error::Fault;
use crate::files;
use crate::store::{Folder, SnapshotName, Store};
use crate::stream::Form;
use anyhow::Result;
use std::path::Path;

/// Why a path is no database: it is a snapshot, or names one as `latest` does. `named` is how it was written.
pub fn why_a_snapshot(database: &Path, named: &Path) -> Result<Option<String>> {
    let there = files::metadata(database)?;
    let what = if there.is_none() && means_a_snapshot(&named.to_string_lossy()) {
        "names a snapshot, not a database"
    } else if database.file_name().and_then(SnapshotName::parse).is_some() {
        "has the name of a snapshot, not of a database"
    } else if there.is_some_and(|metadata| metadata.is_file())
        && matches!(Form::of(&read_head(database)?), Form::Compressed(_) | Form::Age)
    {
        "is compressed or encrypted, as a snapshot is; a database is not"
    } else {
        return Ok(None);
    };
    Ok(Some(format!("{} {what}", named.display())))
}

/// An error where a path lies among the snapshots of a store, unless it is the database that they were taken of.
pub fn refuse_in_store(database: &Path, named: &Path) -> Result<()> {
    let folder = files::folder_of(database);
    if files::metadata(&folder)?.is_none() {
        return Ok(());
    }
    let folder = Folder::open(&folder)?;
    if !folder.list()?.items.iter().any(|item| item.has_manifest) {
        return Ok(());
    }
    let path = database.to_string_lossy();
    let entries = catalog::read(&Store::from(folder), None)?;
    let mut manifests = entries.iter().filter_map(|entry| entry.manifest()).peekable();
    if manifests.peek().is_none() || manifests.any(|manifest| manifest.source.path == path) {
        return Ok(());
    }
    Err(Fault::usage(format!("{} lies in a store, among snapshots", named.display()))
        .hint("name a database elsewhere; --force restores there all the same")
        .into())
}
