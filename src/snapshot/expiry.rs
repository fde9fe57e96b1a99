//! Which safety snapshots have been kept long enough.
//!
//! A clock that is wrong must not cost anything, be it once or for several runs. So the present is the newest time that an
//! earlier run saw, if that is before what the clock says. And where that time came after a leap, it counts only once the
//! clock has gone on for some time since; until then, the present is the last time before the leap. A leap is a gap that
//! is longer than half of the time for which safety snapshots are kept, and so long has the clock to go on. What an undo of
//! a database would go back to stays, however old it is.

use super::catalog::Entry;
use super::history::{in_order, is_from_the_future, is_pending, is_superseded};
use super::span::Span;
use super::zone::Zone;
use crate::store::SnapshotName;
use chrono::{DateTime, TimeDelta, Utc};
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
    let earlier = entries.iter().filter(|entry| !is_own(&entry.name));
    let seen = earlier.flat_map(|entry| times(entry)).collect();
    let leap = (now - lifetime.before(now, zone)) / 2;
    let edge = lifetime.before(present(seen, now, leap), zone);
    let needed = for_undo(entries, now);
    let is_over = |entry: &&&Entry| {
        entry.is_safety()
            && !entry.is_pinned()
            && entry.name.time < edge
            && !needed.contains(&entry.name.file_name())
    };
    entries.iter().filter(is_over).map(|entry| entry.name.file_name()).collect()
}

/// When a run left something in the store.
fn times(entry: &Entry) -> impl Iterator<Item = DateTime<Utc>> {
    let unchanged = entry.manifest().and_then(|manifest| manifest.unchanged_at);
    [Some(entry.name.time), unchanged].into_iter().flatten()
}

/// The present, as far as earlier runs saw the clock go. What comes after a gap of more than `leap` counts only after as much
/// time.
fn present(mut seen: Vec<DateTime<Utc>>, now: DateTime<Utc>, leap: TimeDelta) -> DateTime<Utc> {
    seen.retain(|time| *time <= now);
    seen.sort_unstable();
    let leapt = seen.windows(2).rev().find(|pair| pair[1] - pair[0] > leap);
    match (leapt, seen.last()) {
        (Some(&[before, after]), _) if now - after < leap => before,
        (_, Some(newest)) => *newest,
        (_, None) => now,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The present by what was seen and what the clock says, where safety snapshots are kept for two weeks.
    fn present_of(seen: &[&str], now: &str) -> String {
        let time = |text: &&str| text.parse().expect("a time");
        let seen = seen.iter().map(time).collect();
        present(seen, time(&now), TimeDelta::days(7)).format("%Y-%m-%dT%H").to_string()
    }

    const LAST: &str = "2026-11-20T10:00:00Z";

    #[test]
    fn a_clock_that_is_wrong_once_or_for_days_is_not_believed() {
        let mut seen = vec!["2026-11-19T10:00:00Z", LAST];
        for wrong in
            ["2040-01-01T00:00:00Z", "2040-01-01T00:05:00Z", "2040-01-03T00:00:00Z", "2040-01-07T23:00:00Z"]
        {
            assert_eq!(present_of(&seen, wrong), "2026-11-20T10", "{wrong}");
            seen.push(wrong);
        }
        assert_eq!(present_of(&seen, "2026-11-21T10:00:00Z"), "2026-11-20T10", "and right again");
        assert_eq!(present_of(&seen, "2033-01-01T00:00:00Z"), "2026-11-20T10", "and wrong in another way");
    }

    #[test]
    fn a_store_that_was_not_used_for_long_goes_on() {
        let seen = [LAST, "2040-01-01T00:00:00Z", "2040-01-02T00:00:00Z"];
        assert_eq!(present_of(&seen, "2040-01-07T00:00:00Z"), "2026-11-20T10");
        assert_eq!(present_of(&seen, "2040-01-08T00:00:00Z"), "2040-01-02T00");
    }

    #[test]
    fn where_runs_are_far_apart_the_one_before_is_believed() {
        let seen = ["2026-09-20T10:00:00Z", "2026-10-20T10:00:00Z", LAST];
        assert_eq!(present_of(&seen, "2026-12-20T10:00:00Z"), "2026-11-20T10");
        assert_eq!(present_of(&[], LAST), "2026-11-20T10");
    }
}
