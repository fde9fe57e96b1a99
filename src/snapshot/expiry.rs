//! Which safety snapshots have been kept long enough.
//!
//! A clock that is wrong once must not cost anything. So a clock is believed only as far as an earlier run saw it go: the
//! present is the newest time that the store itself knows of, if that is before what the clock says. And what an undo of a
//! database would go back to stays, however old it is.

use super::catalog::Entry;
use super::history::{in_order, is_from_the_future, is_pending, is_superseded};
use super::span::Span;
use super::zone::Zone;
use crate::store::SnapshotName;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// The safety snapshots among those of one application whose time is over, by their names. What this very run made, as
/// `is_own` tells, says nothing of the clock.
pub(super) fn expired(
    entries: &[&Entry],
    lifetime: Span,
    now: DateTime<Utc>,
    zone: Zone,
    is_own: impl Fn(&SnapshotName) -> bool,
) -> HashSet<String> {
    let earlier: Vec<&Entry> = entries.iter().copied().filter(|entry| !is_own(&entry.name)).collect();
    let edge = lifetime.before(present(&earlier, now), zone);
    let needed = for_undo(entries, now);
    let is_over = |entry: &&&Entry| {
        entry.is_safety()
            && !entry.is_pinned()
            && entry.name.time < edge
            && !needed.contains(&entry.name.file_name())
    };
    entries.iter().filter(is_over).map(|entry| entry.name.file_name()).collect()
}

/// The present, as far as an earlier run saw the clock go.
fn present(earlier: &[&Entry], now: DateTime<Utc>) -> DateTime<Utc> {
    let seen = earlier.iter().flat_map(|entry| {
        let unchanged = entry.manifest().and_then(|manifest| manifest.unchanged_at);
        [Some(entry.name.time), unchanged].into_iter().flatten()
    });
    seen.max().map_or(now, |seen| seen.min(now))
}

/// What an undo of each database would go back to: the newest that is done, and those after it of which nobody knows, or that
/// an undo passes over only for as long as their time is to come.
fn for_undo(entries: &[&Entry], now: DateTime<Utc>) -> HashSet<String> {
    let mut of_database: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.is_safety() && !is_superseded(entry)) {
        let Some(manifest) = entry.manifest() else { continue };
        of_database.entry(&manifest.source.path).or_default().push(entry);
    }
    let mut needed = HashSet::new();
    for mut steps in of_database.into_values() {
        steps.sort_by(|a, b| in_order(b, a));
        for step in steps {
            needed.insert(step.name.file_name());
            if !is_pending(step) && !is_from_the_future(step, now) {
                break;
            }
        }
    }
    needed
}
