//! Exports in a store, beside snapshots: under the same names, with a manifest, kept and removed by the same rules.

use super::catalog::{self, Known};
use super::loss::Before;
use super::manifest::{ExportParts, Manifest, Packed};
use super::pack::digest_of_file;
use crate::files;
use crate::patience::Patience;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::store::{Finished, Location, Receipts, SnapshotName, Store};
use crate::stream::Level;
use crate::stream::age::Keys;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// An export that was written and checked.
pub struct Written<'a> {
    /// Its file, in a scratch folder of the store.
    pub staged: &'a Path,
    /// That folder.
    pub scratch: &'a Path,
    /// The name that it is to have, if nothing has it yet.
    pub name: SnapshotName,
    /// How hard it is compressed.
    pub level: Level,
    /// What its manifest says.
    pub parts: ExportParts,
    /// It may have no items although the newest one has some.
    pub allow_empty: bool,
    /// When its making began.
    pub began: Instant,
}

/// Gives an export its name in a store, with a manifest, and says where it is.
pub fn keep(
    store: &Store,
    export: Written<'_>,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<Location> {
    let Written { staged, scratch, name: wanted, level, parts, allow_empty, began } = export;
    let size = files::metadata(staged)?.map_or(0, |metadata| metadata.len());
    let sha256 = digest_of_file(staged, progress)?;
    let packed = Packed { size, sha256, compression: wanted.compression, level };
    let (now, items) = (parts.created_at, parts.export.items.as_ref().map(|items| items.values().sum()));
    let manifest = Manifest::of_export(parts, packed, began.elapsed());
    let _lock = store.lock(patience)?;
    if let (false, Some(items)) = (allow_empty, items) {
        let mut earlier = catalog::read(store, Some(&manifest.app))?;
        // Each user has exports of their own.
        earlier.retain(|entry| entry.name.app == wanted.app);
        let before = Before { earlier: &earlier, exports: true, keys: &Keys::none(), now };
        before.refuse_empty_export(&manifest, items)?;
    }
    let name = store.free_name(wanted)?;
    let text = |receipts: &Receipts| manifest.received(receipts).to_text();
    let finished = Finished { file: staged, sha256, files: None, manifest: &text };
    store
        .publish(&finished, &name, scratch, progress)
        .with_context(|| format!("the export is not in {}", store.location()))?;
    Ok(store.place(&name))
}

/// What is wrong with an export in a store, as far as its manifest tells; of other files nothing.
pub fn compare(file: &Path, progress: &dyn Progress) -> Result<Vec<Problem>> {
    let is_export = file.file_name().and_then(SnapshotName::parse).is_some_and(|name| name.is_export());
    if !is_export {
        return Ok(Vec::new());
    }
    let manifest = match catalog::beside(file)? {
        Known::Manifest(manifest) => manifest,
        Known::Nothing => {
            let message = "there is no manifest to compare the file with";
            return Ok(vec![Problem::warning("manifest", message)]);
        }
        Known::Unreadable(why) => {
            return Ok(vec![Problem::error("manifest", format!("the manifest cannot be read: {why}"))]);
        }
    };
    if digest_of_file(file, progress)? == manifest.sha256 {
        return Ok(Vec::new());
    }
    Ok(vec![Problem::error("manifest.sha256", "the file is not the one that the manifest is about")])
}
