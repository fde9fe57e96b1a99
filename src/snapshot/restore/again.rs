//! A restore that is run again: most often after one that was killed.
//!
//! Where the database still holds what the last restore of that very snapshot wrote, the two are one. A safety snapshot of
//! what the first one wrote would stand before the way back.

use super::super::history::{Before, Now, is_pending, last, note_done};
use super::{RestoreOptions, Restored};
use crate::files;
use crate::stream::Digest;
use anyhow::Result;
use std::path::Path;

/// What the last restore did, if it was of that snapshot and what it wrote, with the content digest `content`, is still there.
pub(super) fn restored_before(
    snapshot: &Path,
    content: Digest,
    database: &Path,
    options: &RestoreOptions<'_>,
) -> Result<Option<Restored>> {
    let safety = options.safety();
    let now = Now::new(database, &safety);
    let name = files::name_of(snapshot);
    let Some(last) = last(database, &now)?.filter(|last| last.led_to(&name, content)) else {
        return Ok(None);
    };
    if now.content()? != Some(content) {
        return Ok(None);
    }
    safety.tidy_up();
    options.progress.note(&format!("{} holds that since it was restored before", database.display()));
    let mut restored = Restored { database: database.to_owned(), ..Restored::default() };
    match last {
        Before::Snapshot(entry) => {
            let kept = entry.location.to_path();
            if is_pending(&entry) {
                note_done(&kept, &safety);
            }
            restored.safety = Some(kept);
        }
        Before::Aside(aside) => restored.aside = Some(aside.folder),
    }
    Ok(Some(restored))
}
