//! The snapshot that is made before an import writes.

use super::Context;
use super::configuration::Subject;
use anyhow::{Context as _, Result};
use larder::database::replace::refuse_unwritable;
use larder::files;
use larder::snapshot::manifest::Replacement;
use larder::snapshot::safety::{Reason, Safety};
use larder::snapshot::{IfDamaged, Kind, restore};
use std::path::PathBuf;

/// Writes to a database, after keeping what is there unless `keeps` is not set. `write` says besides what it gives
/// whether it wrote; where it did not, there is nothing to go back to. Returns where what was there is kept.
pub fn guarded<T>(
    name: &str,
    subject: &Subject,
    keeps: bool,
    context: &Context<'_>,
    write: impl FnOnce() -> Result<(T, bool)>,
) -> Result<(T, Option<PathBuf>)> {
    let (database, store) = (files::resolve(&subject.database)?, subject.safety_store(None)?);
    let elsewhere = subject.safety_stores_elsewhere(None)?;
    // Before anything is kept for it.
    refuse_unwritable(&database)
        .with_context(|| format!("{name} is not imported into {}", database.display()))?;
    let safety = Safety {
        app: &subject.app,
        store: &store,
        elsewhere: &elsewhere,
        lifetime: subject.safety_lifetime(),
        now: context.now,
        temporary: &context.temporary,
        patience: context.patience.clone(),
        progress: context.ui,
    };
    if !keeps {
        let (written, wrote) = write()?;
        if wrote {
            restore::supersede(&database, &safety);
        }
        return Ok((written, None));
    }
    let reason = Reason {
        kind: Kind::BeforeImport,
        replaced_by: Replacement { file: name.to_owned(), content_sha256: None },
        if_damaged: IfDamaged::Refuse,
        in_use: false,
    };
    let kept = safety.keep(&database, reason)?.location.to_path();
    let written = write();
    if !matches!(written, Ok((_, true))) {
        safety.discard(&kept);
        return written.map(|(written, _)| (written, None));
    }
    safety.drop_expired();
    written.map(|(written, _)| (written, Some(kept)))
}
