//! Whether the newest snapshot holds what the database holds now, so that none need be made.

use super::{Created, Options};
use crate::database::check::Depth;
use crate::files::Scratch;
use crate::progress::Progress;
use crate::snapshot::attached;
use crate::snapshot::catalog::{self, Entry};
use crate::snapshot::pack::digest_of_file;
use crate::store::Store;
use crate::stream::Digest;
use anyhow::Result;
use chrono::SubsecRound;

/// The newest snapshot, if it is whole, holds the same, and was drilled as thoroughly as is wanted now.
pub(super) fn unchanged_since<'a>(
    earlier: &'a [Entry],
    content: Digest,
    files: Option<Digest>,
    options: &Options<'_>,
) -> Option<&'a Entry> {
    let newest = catalog::newest_of_all(earlier, options.now)?;
    let manifest = newest.manifest()?;
    let same_files = files.is_none_or(|files| manifest.holds_files(files));
    let same = manifest.holds(content) && same_files && manifest.is_locked_by(options.lock);
    let drilled = manifest.drill.depth == Depth::Full || options.depth == Depth::Quick;
    (same && drilled && newest.is_good()).then_some(newest)
}

/// Whether the file is still the one that was drilled: by its digest, or of a remote one by what the store said of it.
pub(in crate::snapshot) fn is_as_drilled(
    store: &Store,
    entry: &Entry,
    progress: &dyn Progress,
) -> Result<bool> {
    let Some(manifest) = entry.manifest() else { return Ok(false) };
    match store {
        Store::Folder(folder) => {
            let file = folder.file(&entry.name);
            let is_same = manifest.sha256 == digest_of_file(&file, progress)?;
            Ok(is_same && attached::is_whole(&file, manifest, progress)?)
        }
        Store::Remote(remote) => remote.is_as_uploaded(&entry.name, manifest.upload.as_ref()),
    }
}

/// Notes in a manifest that the database is still the same.
pub(super) fn note_unchanged(
    store: &Store,
    entry: &Entry,
    scratch: &Scratch,
    options: &Options<'_>,
) -> Result<Created> {
    let mut manifest = entry.manifest().expect("it was compared by its manifest").clone();
    manifest.pinned |= options.pinned;
    manifest.unchanged_at = Some(options.now.trunc_subsecs(0));
    store.replace_manifest(&entry.name, &manifest.to_text(), scratch.folder())?;
    Ok(Created::Unchanged { newest: entry.location.clone(), manifest: Box::new(manifest) })
}
