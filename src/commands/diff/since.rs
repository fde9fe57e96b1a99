//! What changed in a database since a snapshot of it.

use crate::commands::Context;
use crate::commands::configuration::Subject;
use anyhow::Result;
use larder::database::{ReadOptions, Source};
use larder::diff::{DiffOptions, Differences, states};
use larder::files;
use larder::import::by_id::Agreement;
use larder::stream::age::Keys;
use std::path::Path;

/// What changed in a database since a snapshot; how far the rows agree where these are two databases.
pub fn since(
    snapshot: &Path,
    database: &Path,
    (subject, keys): (&Subject, &Keys<'_>),
    context: &Context<'_>,
) -> Result<Result<Differences, Vec<Agreement>>> {
    let beside = files::folder_of(database);
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    let before = Source::open_by(snapshot, keys, &read)?;
    let after = Source::open(database, &read)?;
    let options = DiffOptions {
        rules: &subject.config.rules,
        only: &[],
        temporary: &context.temporary,
        patience: &context.patience,
        progress: context.ui,
    };
    states([&before, &after], &options, |_| Ok(()))
}
