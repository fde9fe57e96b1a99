//! Overwriting a readable database, after keeping what it holds.

use super::again::restored_before;
use super::kept::Kept;
use super::{Incoming, RestoreOptions, Restored, StageOptions, Staged, move_aside, supersede};
use crate::database::check::is_damage;
use crate::database::connection::{self, Access};
use crate::database::content::content_digest;
use crate::database::copy::copy;
use crate::database::header::Header;
use crate::database::replace::{Unguarded, Verified, aside, fit, in_place};
use crate::error::{Fault, Kind, commit_failed};
use crate::files;
use crate::stream::Digest;
use anyhow::Result;
use std::path::Path;

/// Overwrites a readable database, after keeping what it holds. One that turns out to be damaged is moved aside, unless
/// somebody has it open.
pub(super) fn overwrite(
    incoming: Incoming<'_>,
    database: &Path,
    header: Header,
    options: &RestoreOptions<'_>,
) -> Result<Restored> {
    let staged = incoming.staged;
    let fitting =
        fit(&staged.path, header.page_size, &options.patience, options.progress).map_err(|error| {
            let hint = "move the database away and restore to the empty place: --undo is then a move back";
            error.context(Fault::failed("its pages are of another size").hint(hint))
        })?;
    let is_staged = fitting == staged.path;
    let content = if is_staged { staged.content } else { content_digest(&fitting, options.progress)? };
    let verified = Verified { path: &fitting, content };
    if !options.keep {
        return overwrite_unkept(incoming, verified, database, options);
    }
    let after = if is_staged { content_as_copied(staged, &options.staging())? } else { Some(content) };
    if !incoming.is_undo
        && let Some(after) = after
        && let Some(restored) = restored_before(incoming.snapshot, after, database, options)?
    {
        return Ok(restored);
    }
    let mut kept = Kept::new(incoming, after, database, options);
    if let Err(error) = kept.keep() {
        if !is_damage(&error) {
            return Err(error);
        }
        warn_of_damage(database, &error, options);
        if !aside::is_held(database)? {
            return move_aside(incoming, database, options);
        }
        kept.keep_damaged().map_err(|error| {
            let message = format!("{} is damaged, and another program has it open", database.display());
            error.context(Fault::new(Kind::Busy, message).hint("stop that program first"))
        })?;
    }
    match in_place(verified, database, &mut kept, &options.patience, options.progress) {
        Ok(()) => {
            kept.note_done();
            options.safety().drop_expired(kept.path().as_deref());
            Ok(kept.restored())
        }
        Err(error) => Err(kept.after(error)),
    }
}

/// Content digest of a copy of a staged database, as a copy of the database will have it once it is restored. Nothing where
/// it cannot be copied because it is damaged, and restored all the same.
pub(super) fn content_as_copied(staged: &Staged, options: &StageOptions<'_>) -> Result<Option<Digest>> {
    if staged.is_canonical {
        return Ok(Some(staged.content));
    }
    let to = files::with_suffix(&staged.path, ".copied");
    let digest = || -> Result<Digest> {
        let source = connection::open(&staged.path, Access::ReadOnly, &options.patience)?;
        copy(&source, &to, &options.patience, options.progress)?;
        content_digest(&to, options.progress)
    };
    let content = digest();
    files::discard(&to);
    match content {
        // One that was found sound and cannot be read now fails as any other.
        Err(error) if staged.is_damaged && is_damage(&error) => {
            options.progress.detail(&format!("{error:#}"));
            Ok(None)
        }
        content => content.map(Some),
    }
}

/// Overwrites a readable database for those who do not want to keep what it holds.
fn overwrite_unkept(
    incoming: Incoming<'_>,
    verified: Verified<'_>,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<Restored> {
    match in_place(verified, database, &mut Unguarded, &options.patience, options.progress) {
        Ok(()) => {
            supersede(database, &options.safety());
            Ok(Restored { database: database.to_owned(), ..Restored::default() })
        }
        Err(error) if is_damage(&error) && commit_failed(&error).is_none() => {
            warn_of_damage(database, &error, options);
            move_aside(incoming, database, options)
        }
        Err(error) => Err(error),
    }
}

fn warn_of_damage(database: &Path, error: &anyhow::Error, options: &RestoreOptions<'_>) {
    options.progress.warn(&format!("{} cannot be read: {error:#}", database.display()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::kind;
    use crate::patience::Patience;
    use crate::progress::Silent;
    use crate::stream::age::Keys;
    use std::time::Duration;

    #[test]
    fn what_was_found_sound_and_cannot_be_copied_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("database");
        std::fs::write(&path, "not what was checked").expect("write");
        let content = crate::stream::digest_of(b"");
        let mut staged =
            Staged { path, manifest: None, wal_mode: false, is_canonical: false, is_damaged: false, content };
        let keys = Keys::none();
        let options = StageOptions {
            force: false,
            keys: &keys,
            patience: Patience::new(Duration::ZERO, &Silent),
            progress: &Silent,
        };
        let error = content_as_copied(&staged, &options).expect_err("it cannot be read");
        assert_eq!(kind(&error), Kind::Damaged);
        staged.is_damaged = true;
        assert_eq!(content_as_copied(&staged, &options).expect("damage is no news"), None);
    }
}
