//! Databases of the same name, which must not mix in a store: the keep rules would remove one's snapshots for the other's.

use super::catalog::Entry;
use crate::error::Fault;
use anyhow::Result;

/// An error where the newest of what a store has of an application, snapshots or exports, is of another database than the one
/// at the path `source`.
pub fn refuse_foreign<'e>(
    app: &str,
    source: &str,
    earlier: impl DoubleEndedIterator<Item = &'e Entry>,
) -> Result<()> {
    let mut known = earlier.rev().filter_map(|entry| Some((entry, entry.manifest()?)));
    let Some((entry, manifest)) = known.find(|(_, manifest)| !manifest.kind.is_safety()) else {
        return Ok(());
    };
    if manifest.source.path == source {
        return Ok(());
    }
    let what = if entry.name.is_export() { "exports" } else { "snapshots" };
    let message = format!("the {what} of {app} in this store are of {}", manifest.source.path);
    let hint = format!(
        "if it is the same application, say so: --app {app}; else give this one a name of its own: --app NAME"
    );
    Err(Fault::usage(message).hint(hint).into())
}
