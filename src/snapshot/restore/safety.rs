//! The safety snapshot: what makes a restore undoable.

use super::super::create::{self, Created, Options};
use super::super::manifest::{Kind, Replacement};
use super::super::prune;
use super::super::take::IfDamaged;
use super::super::zone::Zone;
use super::{RestoreOptions, name_of};
use crate::database::check::Depth;
use crate::error::{self, Fault};
use crate::store::{Folder, SnapshotName};
use crate::stream::{Compression, Digest};
use anyhow::{Context, Result};
use std::path::Path;

/// Makes the safety snapshot.
pub(super) fn keep(
    snapshot: &Path,
    content: Digest,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<create::Snapshot> {
    let store = Folder::create(options.store)?;
    let made = create::in_store(
        database,
        &store,
        &Options {
            app: options.app,
            app_is_certain: true,
            kind: Kind::BeforeRestore,
            now: options.now,
            compression: Compression::Gzip,
            level: Compression::Gzip.fast_level(),
            depth: Depth::Quick,
            if_damaged: IfDamaged::KeepPages,
            if_changed: false,
            replaced_by: Some(Replacement { file: name_of(snapshot), content_sha256: Some(content) }),
            temporary: options.temporary,
            patience: options.patience.clone(),
            progress: options.progress,
        },
    );
    match made.context("what is there cannot be kept first")? {
        Created::New(made) => Ok(*made),
        Created::Unchanged(path) => {
            Err(Fault::failed(format!("{} was not made anew", path.display())).into())
        }
    }
}

/// Whether a failure is one before the first page was written.
pub(super) fn left_untouched(error: &anyhow::Error) -> bool {
    matches!(error::kind(error), error::Kind::Busy | error::Kind::Interrupted)
}

/// A restore that did not happen leaves no safety snapshot: an undo would go back to it.
pub(super) fn discard(safety: &Path, options: &RestoreOptions<'_>) {
    let removed = Folder::open(options.store).and_then(|store| {
        let _lock = store.lock(&options.patience.none())?;
        match safety.file_name().and_then(SnapshotName::parse) {
            Some(name) => store.remove(&name),
            None => Ok(()),
        }
    });
    if let Err(error) = removed {
        options.progress.detail(&format!("{} stays: {error:#}", safety.display()));
    }
}

pub(super) fn drop_expired(options: &RestoreOptions<'_>) {
    let dropped = Folder::open(options.store).and_then(|store| {
        let edge = prune::SAFETY.before(options.now, Zone::Local);
        prune::drop_expired_safety(&store, options.app, edge, &options.patience, options.progress)
    });
    if let Err(error) = dropped {
        options.progress.warn(&format!("expired safety snapshots are still there: {error:#}"));
    }
}
