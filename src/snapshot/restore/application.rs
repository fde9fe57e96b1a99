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
/// They are the same where the snapshot was taken of that very file, or where the schemas are. Where neither is known,
/// the name has to be the same (if the snapshot has one), and, where both can be read, a table that both have.
pub(super) fn refuse_other_application(
    snapshot: &Path,
    staged: &Staged,
    database: &Path,
    target: &Target,
    options: &RestoreOptions<'_>,
) -> Result<()> {
    let taken_of = staged.manifest.as_ref().map(|manifest| manifest.source.path.as_str());
    let has_other = matches!(target, Target::Database(_) | Target::Unreadable);
    if !has_other || taken_of == Some(&*database.to_string_lossy()) {
        return Ok(());
    }
    let named = snapshot.file_name().and_then(SnapshotName::parse).map(|name| name.app);
    let named = staged.manifest.as_ref().map(|manifest| manifest.app.clone()).or(named);
    let may_be = named.as_deref().is_none_or(|name| name == options.app);
    let is_same = match target {
        Target::Database(_) => has_like_schema(staged, may_be, database, options),
        _ => Ok(may_be),
    };
    match is_same {
        Ok(true) => Ok(()),
        // What cannot be read is no reason to think it another.
        Err(error) if is_damage(&error) && may_be => Ok(()),
        Err(error) if !is_damage(&error) => Err(error),
        _ if may_be && named.is_some() => {
            let name = database.display();
            let message =
                format!("the snapshot has the same name as {name}, and not a table in common with it");
            Err(Fault::usage(message).hint("--force restores it all the same").into())
        }
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
    if schema_digest(source.connection())? == schema_digest(&ours)? {
        return Ok(true);
    }
    let theirs = stored_tables(source.connection())?;
    let ours = stored_tables(&ours)?;
    let shared = ours.iter().any(|table| !table.starts_with("sqlite_") && theirs.contains(table));
    // One of the two without tables is a beginning, or an end.
    Ok(one_table_is_enough && (shared || theirs.is_empty() || ours.is_empty()))
}
