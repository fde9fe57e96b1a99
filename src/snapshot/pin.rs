//! Pins: snapshots that stay whatever the keep rules say.

use super::catalog::{self, Known};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::store::{SnapshotName, Store};
use anyhow::{Context, Result};
use std::path::Path;

/// Pins a snapshot of a store, or takes the pin away. Says whether that changed anything.
///
/// The pin stands in the manifest, so that it goes with the snapshot wherever that is copied.
pub fn pin(
    store: &Store,
    name: &SnapshotName,
    pinned: bool,
    temporary: &Path,
    patience: &Patience,
) -> Result<bool> {
    let place = store.place(name);
    let _lock = store.lock(patience)?;
    let mut manifest = match catalog::known(store, name).about(name) {
        Known::Manifest(manifest) => manifest,
        Known::Nothing => {
            let message = format!("{place} has no manifest, in which the pin would be");
            return Err(Fault::failed(message)
                .hint("prune keeps what it does not know to be larder's")
                .into());
        }
        Known::Unreadable(why) => {
            return Err(Fault::failed(format!("the manifest of {place} cannot be read: {why}")).into());
        }
    };
    if manifest.pinned == pinned {
        return Ok(false);
    }
    manifest.pinned = pinned;
    let scratch = match store {
        Store::Folder(folder) => Scratch::new_in(folder.path())?,
        Store::Remote(_) => Scratch::new_in(files::roomy_folder(&[temporary], 0))?,
    };
    store
        .replace_manifest(name, &manifest.to_text(), scratch.folder())
        .with_context(|| format!("{place} is not pinned"))?;
    Ok(true)
}
