//! Whether a snapshot belongs to the application whose database it is to replace.

use super::super::stage::Staged;
use super::RestoreOptions;
use crate::database::check::{is_damage, stored_tables};
use crate::database::connection::{self, Access};
use crate::database::content::schema_digest;
use crate::database::replace::Target;
use crate::database::{ReadOptions, Source};
use crate::error::Fault;
use crate::files;
use crate::store::SnapshotName;
use anyhow::Result;
use std::path::Path;

/// An error where the snapshot is of another application than the database.
///
/// They are the same where the names are, or the schemas; where the snapshot has no name, where they share a table.
pub(super) fn refuse_other_application(
    snapshot: &Path,
    staged: &Staged,
    database: &Path,
    target: &Target,
    options: &RestoreOptions<'_>,
) -> Result<()> {
    let named = snapshot.file_name().and_then(SnapshotName::parse).map(|name| name.app);
    let named = staged.manifest.as_ref().map(|manifest| manifest.app.clone()).or(named);
    let is_named_alike = named.as_deref() == Some(options.app);
    if is_named_alike || !matches!(target, Target::Database | Target::Unreadable) {
        return Ok(());
    }
    let alike = match target {
        Target::Database => has_like_schema(staged, named.is_none(), database, options),
        _ => Ok(named.is_none()),
    };
    match alike {
        Ok(true) => Ok(()),
        // What cannot be read is no reason to think it the same.
        Err(error) if !is_damage(&error) => Err(error),
        _ => {
            let of = named.map_or_else(|| "of something else".to_owned(), |name| format!("of {name}"));
            let message = format!("the snapshot is {of}, and {} is {}'s", database.display(), options.app);
            Err(Fault::usage(message).hint("--force restores it all the same").into())
        }
    }
}

fn has_like_schema(
    staged: &Staged,
    one_table_is_enough: bool,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<bool> {
    let folder = files::folder_of(&staged.path);
    let read = ReadOptions {
        scratch: &[options.temporary, &folder],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let source = Source::open(database, &read)?;
    let ours = connection::open(&staged.path, Access::ReadOnly, &options.patience)?;
    if schema_digest(source.connection(), "main")? == schema_digest(&ours, "main")? {
        return Ok(true);
    }
    let theirs = stored_tables(source.connection())?;
    let shared = stored_tables(&ours)?.into_iter().any(|t| !t.starts_with("sqlite_") && theirs.contains(&t));
    Ok(theirs.is_empty() || one_table_is_enough && shared)
}
