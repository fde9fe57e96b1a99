//! The snapshot that is made before an import writes.

use super::{Context, store};
use anyhow::{Context as _, Result};
use larder::database::check::Depth;
use larder::snapshot::create::{self, Created, Options};
use larder::snapshot::manifest::Replacement;
use larder::snapshot::{IfDamaged, Kind};
use larder::store::{Folder, app_of};
use larder::stream::Compression;
use std::path::{Path, PathBuf};

/// Keeps what is there in a safety snapshot.
pub fn keep(name: &str, database: &Path, context: &Context<'_>) -> Result<PathBuf> {
    let store = Folder::create(&store::beside(database)?)?;
    let app = app_of(database);
    let made = create::in_store(
        database,
        &store,
        &Options {
            app: &app,
            app_is_certain: true,
            kind: Kind::BeforeImport,
            now: context.now,
            compression: Compression::Gzip,
            level: Compression::Gzip.fast_level(),
            depth: Depth::Quick,
            if_damaged: IfDamaged::Refuse,
            if_changed: false,
            in_use: false,
            replaced_by: Some(Replacement { file: name.to_owned(), content_sha256: None }),
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        },
    );
    match made.context("what is there cannot be kept first")? {
        Created::New(made) => Ok(made.path),
        Created::Unchanged(path) => Ok(path),
    }
}

/// Removes a snapshot before an import that wrote nothing: there is nothing to go back to.
pub fn discard(snapshot: &Path, context: &Context<'_>) {
    create::discard(snapshot, &context.patience, context.ui);
}
