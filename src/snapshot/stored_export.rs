//! Exports in a store, beside snapshots: under the same names, with a manifest, kept and removed by the same rules.

use super::catalog::{self, Known};
use super::manifest::{ExportParts, Manifest, Packed};
use super::pack::digest_of_file;
use crate::files;
use crate::patience::Patience;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::store::{Finished, Location, Receipt, SnapshotName, Store};
use crate::stream::Level;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// Gives an export that was written and checked its name in a store, with a manifest. `staged` lies in `scratch`, which is a
/// scratch folder of the store.
#[expect(clippy::too_many_arguments, reason = "they have little to do with each other")]
pub fn keep(
    store: &Store,
    staged: &Path,
    scratch: &Path,
    wanted: SnapshotName,
    level: Level,
    parts: ExportParts,
    began: Instant,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<(Location, Manifest)> {
    let size = files::metadata(staged)?.map_or(0, |metadata| metadata.len());
    let sha256 = digest_of_file(staged, progress)?;
    let packed = Packed { size, sha256, compression: wanted.compression, level };
    let mut manifest = Manifest::of_export(parts, packed, began.elapsed());
    let _lock = store.lock(patience)?;
    let name = store.free_name(wanted)?;
    let text = |receipt: Option<&Receipt>| {
        let mut manifest = manifest.clone();
        manifest.upload = receipt.cloned();
        manifest.to_text()
    };
    let finished = Finished { file: staged, sha256, manifest: &text };
    let receipt = store
        .publish(&finished, &name, scratch, progress)
        .with_context(|| format!("the export is not in {}", store.location()))?;
    manifest.upload = receipt;
    Ok((store.place(&name), manifest))
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
