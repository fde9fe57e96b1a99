//! What a person says of a snapshot: that it stays whatever the keep rules say (a pin), or that what it lost was meant.

use super::catalog::{self, Known};
use super::manifest::{Manifest, Proven};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::store::{SnapshotName, Store};
use anyhow::{Context, Result};
use chrono::{DateTime, SubsecRound, Utc};
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
    change(store, name, temporary, patience, |manifest| {
        let changes = manifest.pinned != pinned;
        manifest.pinned = pinned;
        changes
    })
    .with_context(|| format!("{} is not pinned", store.place(name)))
}

/// Notes in the manifest of a suspicious snapshot that somebody says it is right, so that it counts from now on. Says whether
/// that changed anything.
pub fn accept(
    store: &Store,
    name: &SnapshotName,
    now: DateTime<Utc>,
    temporary: &Path,
    patience: &Patience,
) -> Result<bool> {
    change(store, name, temporary, patience, |manifest| {
        let Some(comparison) = &mut manifest.comparison else { return false };
        let changes = comparison.is_suspicious();
        if changes {
            comparison.accepted_at = Some(now.trunc_subsecs(0));
        }
        changes
    })
    .with_context(|| format!("{} is not accepted", store.place(name)))
}

/// Notes in the manifest of a snapshot that it was drilled again.
pub fn prove(
    store: &Store,
    name: &SnapshotName,
    proven: Proven,
    temporary: &Path,
    patience: &Patience,
) -> Result<bool> {
    change(store, name, temporary, patience, |manifest| {
        manifest.proven = Some(proven);
        true
    })
}

/// Changes the manifest of a snapshot of a store. Says whether that changed anything.
fn change(
    store: &Store,
    name: &SnapshotName,
    temporary: &Path,
    patience: &Patience,
    change: impl FnOnce(&mut Manifest) -> bool,
) -> Result<bool> {
    let _lock = store.lock(patience)?;
    let mut manifest = match catalog::known(store, name).about(name) {
        Known::Manifest(manifest) => manifest,
        Known::Nothing => {
            let message = "it has no manifest, in which that would be written";
            return Err(Fault::failed(message)
                .hint("prune keeps what it does not know to be larder's")
                .into());
        }
        Known::Unreadable(why) => {
            return Err(Fault::failed(format!("its manifest cannot be read: {why}")).into());
        }
    };
    if !change(&mut manifest) {
        return Ok(false);
    }
    let scratch = match store {
        Store::Folder(folder) => Scratch::new_in(folder.path())?,
        Store::Remote(_) => Scratch::new_in(files::roomy_folder(&[temporary], 0))?,
    };
    store.replace_manifest(name, &manifest.to_text(), scratch.folder())?;
    Ok(true)
}
