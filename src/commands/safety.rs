//! The snapshot that is made before an import writes.

use super::Context;
use super::configuration::Subject;
use anyhow::{Context as _, Result};
use larder::database::replace::refuse_unwritable;
use larder::error::{commit_failed, not_done, with_safety};
use larder::files;
use larder::snapshot::manifest::Replacement;
use larder::snapshot::safety::{Earlier, Reason, Safety};
use larder::snapshot::{IfDamaged, Kind, restore};
use larder::stream::Digest;
use std::path::{Path, PathBuf};

/// Writes to a database, after keeping what is there unless `keeps` is not set. `write` says besides what it gives
/// whether it wrote; where it did not, there is nothing to go back to. Returns where what was there is kept.
pub fn guarded<T>(
    name: &str,
    subject: &Subject,
    keeps: bool,
    context: &Context<'_>,
    write: impl FnOnce() -> Result<(T, bool)>,
) -> Result<(T, Option<PathBuf>)> {
    let places = SafetyPlaces::of(subject)?;
    let (database, safety) = (&places.database, places.safety(subject, context));
    // Before anything is kept for it.
    refuse_unwritable(database)
        .with_context(|| format!("{name} is not imported into {}", database.display()))?;
    if !keeps {
        let (written, wrote) = write().map_err(|error| match commit_failed(&error) {
            Some(_) => unknown(error, name, database, None),
            None => error,
        })?;
        if wrote {
            restore::supersede(database, &safety);
        }
        return Ok((written, None));
    }
    let reason = Reason {
        kind: Kind::BeforeImport,
        replaced_by: Replacement::pending(name, None),
        if_damaged: IfDamaged::Refuse,
        in_use: false,
        files: None,
    };
    let kept = safety.keep(database, reason)?.location.to_path();
    match write() {
        Ok((written, true)) => {
            safety.note_done(&kept);
            safety.drop_expired(Some(&kept));
            Ok((written, Some(kept)))
        }
        Ok((written, false)) => {
            safety.discard(&kept);
            Ok((written, None))
        }
        Err(error) if commit_failed(&error).is_some() => {
            safety.note_outcome(&kept, database);
            Err(unknown(error, name, database, Some(&kept)))
        }
        Err(error) => {
            safety.discard(&kept);
            Err(error)
        }
    }
}

/// What became of an import of `name` that was interrupted when it may have written, where it is run again. See
/// [`Safety::settle`].
pub fn settle(
    name: &str,
    subject: &Subject,
    context: &Context<'_>,
    did: impl FnOnce(&Path, Digest) -> Result<bool>,
) -> Result<Earlier> {
    let places = SafetyPlaces::of(subject)?;
    let settled = places.safety(subject, context).settle(&places.database, name, did);
    settled.with_context(|| format!("nobody can tell whether {name} was imported before"))
}

/// A database, and where its safety snapshots are.
struct SafetyPlaces {
    database: PathBuf,
    store: PathBuf,
    elsewhere: Vec<PathBuf>,
}

impl SafetyPlaces {
    fn of(subject: &Subject) -> Result<Self> {
        Ok(Self {
            database: files::resolve(&subject.database)?,
            store: subject.safety_store()?,
            elsewhere: subject.safety_stores_elsewhere(None)?,
        })
    }

    fn safety<'a>(&'a self, subject: &'a Subject, context: &'a Context<'_>) -> Safety<'a> {
        Safety {
            app: &subject.app,
            store: &self.store,
            elsewhere: &self.elsewhere,
            lifetime: subject.safety_lifetime(),
            now: context.now,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        }
    }
}

/// Says that nobody knows whether something was imported.
fn unknown(error: anyhow::Error, name: &str, database: &Path, safety: Option<&Path>) -> anyhow::Error {
    not_done(with_safety(error, database, safety), name, format_args!("imported into {}", database.display()))
}
