//! Puts rows in, with what was there kept first.

use super::Told;
use crate::commands::{Context, safety};
use anyhow::Result;
use larder::error::Fault;
use larder::import::rows::{Outcome, RowsOptions, Staged};
use larder::progress::Progress;
use larder::snapshot::safety::Earlier;
use larder::stream::Digest;
use std::path::{Path, PathBuf};

/// What became of rows.
pub struct Written {
    pub outcome: Outcome,
    /// Where what was there before is kept.
    pub safety: Option<PathBuf>,
    /// They are there since an import that was interrupted.
    pub was_there: bool,
}

/// Puts the rows in, or finds out what would become of them.
pub fn write(
    staged: &Staged,
    name: &str,
    told: &Told<'_>,
    options: &RowsOptions<'_>,
    context: &Context<'_>,
) -> Result<Written> {
    let looked = |outcome| Written { outcome, safety: None, was_there: false };
    if let Some(outcome) = staged.refused(options.told) {
        return Ok(looked(outcome));
    }
    if told.dry_run {
        return Ok(looked(staged.rehearse(name, options)?));
    }
    // Without rows there is nothing to keep anything for.
    let has_work = staged.rows() > 0 || staged.creates().is_some();
    if has_work && let Some(written) = imported_before(staged, name, told, options, context)? {
        return Ok(written);
    }
    let write = || {
        let outcome = staged.apply(name, options)?;
        let wrote = staged.writes(&outcome, options.told);
        Ok((outcome, wrote))
    };
    let (outcome, safety) = safety::guarded(name, told.subject, told.keeps && has_work, context, write)?;
    Ok(Written { outcome, safety, was_there: false })
}

/// An import of the same rows that was interrupted when it had written. Where nobody can tell whether it had, it asks.
fn imported_before(
    staged: &Staged,
    name: &str,
    told: &Told<'_>,
    options: &RowsOptions<'_>,
    context: &Context<'_>,
) -> Result<Option<Written>> {
    let mut earlier = None;
    let did = |kept: &Path, now: Digest| {
        earlier = staged.leads_to(now, kept, options)?;
        Ok(earlier.is_some())
    };
    match safety::settle(name, told.subject, context, did) {
        Ok(Earlier::Did(kept)) => Ok(earlier.map(|mut outcome| {
            outcome.counts = outcome.counts.as_found_again();
            Written { outcome, safety: Some(kept), was_there: true }
        })),
        Ok(Earlier::Not) => Ok(None),
        Err(error) if told.yes => {
            context.ui.warn(&format!("{error:#}"));
            Ok(None)
        }
        Err(error) => Err(error.context(Fault::failed("nothing was written").hint("--yes imports it"))),
        Ok(Earlier::Unknown(_)) if told.yes => Ok(None),
        Ok(Earlier::Unknown(kept)) => {
            let question = format!(
                "An import of {name} was interrupted, and nobody can tell whether its rows are in {}: what was there before is in {}. Import them?",
                staged.database.display(),
                kept.display()
            );
            context.ui.confirm(&question, "--yes").map(|()| None)
        }
    }
}
