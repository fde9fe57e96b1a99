//! Whether an application's backups are as they should be: what a monitor wants to know.

use super::catalog::{Entry, Known};
use super::manifest::{Kind, Manifest, reasons};
use super::state::State;
use super::suspicion::{Past, RowLimits};
use crate::stream::age::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

/// What is expected of an application's snapshots.
#[derive(Clone)]
pub struct Expected<'a> {
    /// How old the newest may be.
    pub max_age: Option<Duration>,
    /// How many bytes its file must have.
    pub min_size: Option<u64>,
    /// By how many percent it may be smaller than the one before.
    pub max_shrink: Option<u8>,
    /// How many rows its tables may have lost.
    pub limits: &'a RowLimits,
    /// What may open a manifest that is encrypted.
    pub keys: &'a Keys<'a>,
    /// What this machine remembers of those that no key opens.
    pub state: &'a State,
    /// The present.
    pub now: DateTime<Utc>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Checked<'a> {
    /// The newest snapshot.
    pub newest: Option<&'a Entry>,
    /// For how long it has not been known that the newest is up to date.
    pub age: Option<Duration>,
    /// The good one before it.
    pub before: Option<&'a Entry>,
    /// What is wrong.
    pub problems: Vec<Wrong>,
    /// Whether its rows cannot be compared with those before, since nothing tells them.
    pub is_uncompared: bool,
}

/// What may be wrong with an application's snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is none.
    None,
    /// All are dated in the future.
    OnlyFuture,
    /// The newest is older than it may be.
    Old(Duration),
    /// The newest is older than three times what usually passes between two, which is this.
    Overdue(Duration),
    /// The newest has fewer bytes than it must have.
    Small(u64),
    /// The newest is smaller than the one before by so many percent, rounded up.
    Shrunk(u8),
    /// The newest is suspicious, and why.
    Suspicious(String),
    /// The newest is not known to be good, and why.
    Doubtful(String),
}

/// Checks the snapshots of one application, sorted by time, by what is known of them.
pub fn check<'a>(entries: &'a [Entry], expected: &Expected<'_>) -> Checked<'a> {
    let now = expected.now;
    let regular = |entry: &&Entry| !entry.is_safety() && entry.name.time <= now;
    let Some(newest) = entries.iter().rfind(regular) else {
        let has_future = entries.iter().any(|entry| !entry.is_safety());
        let wrong = if has_future { Wrong::OnlyFuture } else { Wrong::None };
        return Checked { problems: vec![wrong], ..Checked::default() };
    };
    let mut problems = Vec::new();
    let age = age(newest, now);
    match (expected.max_age, usual_interval(entries, newest)) {
        (Some(max), _) if age > max => problems.push(Wrong::Old(age)),
        (None, Some(usual)) if age > usual * MISSED => problems.push(Wrong::Overdue(usual)),
        _ => {}
    }
    problems.extend(doubt(newest).map(Wrong::Doubtful));
    if expected.min_size.is_some_and(|min| newest.size < min) {
        problems.push(Wrong::Small(newest.size));
    }
    let earlier = &entries[..entries.iter().position(|entry| std::ptr::eq(entry, newest)).unwrap_or(0)];
    // Two users may have much and little.
    let is_before = |entry: &&Entry| {
        regular(entry) && entry.is_good() && !entry.is_suspicious() && entry.name.app == newest.name.app
    };
    let before = earlier.iter().rfind(is_before);
    problems.extend(before.and_then(|before| too_small(before, newest, expected.max_shrink)));
    let is_uncompared = compare_rows(earlier, newest, expected, &mut problems);
    Checked { newest: Some(newest), age: Some(age), before, problems, is_uncompared }
}

/// Adds what the newest snapshot lost, and says whether nobody can tell. What was found when it was made counts; where nothing
/// was, as by an earlier version, it is compared now.
fn compare_rows(
    earlier: &[Entry],
    newest: &Entry,
    expected: &Expected<'_>,
    problems: &mut Vec<Wrong>,
) -> bool {
    let Some(manifest) = newest.manifest().filter(|_| newest.is_regular() && newest.is_good()) else {
        return false;
    };
    let Expected { keys, state, now, .. } = *expected;
    let past = Past { earlier, keys, state, now };
    let was_compared = manifest.comparison.as_ref().is_some_and(|found| found.with.is_some());
    if let Some(why) = manifest.suspicion() {
        problems.push(Wrong::Suspicious(why_with_key(manifest, newest, expected).unwrap_or(why)));
        return false;
    }
    let is_accepted = manifest.comparison.as_ref().is_some_and(|found| found.accepted_at.is_some());
    if was_compared || is_accepted || !past.is_there() {
        return false;
    }
    let found = past.rows(newest, true).and_then(|rows| {
        let none = BTreeSet::new();
        let referred = manifest.contents().map_or(&none, |contents| &contents.referred);
        past.compare(&rows, referred, expected.limits)
    });
    let Some(found) = found else {
        problems.extend(past.inherited().map(|_| Wrong::Suspicious(reasons(&[], &[]))));
        return true;
    };
    if found.suspicious {
        problems.push(Wrong::Suspicious(reasons(&found.lost, &found.unmet)));
    }
    false
}

/// What makes an encrypted snapshot suspicious, as a key or this machine's memory tells.
fn why_with_key(manifest: &Manifest, newest: &Entry, expected: &Expected<'_>) -> Option<String> {
    if !manifest.is_encrypted() {
        return None;
    }
    let mut opened = manifest.clone();
    if !expected.keys.is_empty() && opened.unseal(expected.keys, "the manifest").is_ok() {
        return opened.suspicion();
    }
    let lost = &expected.state.counted(&newest.name.file_name())?.lost;
    lost.iter().any(|loss| !loss.usual).then(|| reasons(lost, &[]))
}

/// How long ago it was last known that a snapshot holds what the database holds. Clocks that differ make nothing younger
/// than now.
fn age(entry: &Entry, now: DateTime<Utc>) -> Duration {
    let unchanged = entry.manifest().and_then(|manifest| manifest.unchanged_at).filter(|at| *at <= now);
    let known = unchanged.map_or(entry.name.time, |at| at.max(entry.name.time));
    (now - known).max(TimeDelta::zero()).to_std().unwrap_or_default()
}

/// Why a snapshot is not known to be good.
fn doubt(entry: &Entry) -> Option<String> {
    match &entry.known {
        _ if entry.is_good() => None,
        _ if entry.is_damaged() => Some("is a copy of a damaged database".to_owned()),
        Known::Manifest(manifest) if manifest.size == entry.size => Some(match entry.files {
            None => "has lost the archive of its files".to_owned(),
            Some(size) => {
                let was = manifest.files.as_ref().map_or(0, |files| files.size);
                format!("has files in an archive of {size} bytes, which had {was} when it was drilled")
            }
        }),
        Known::Manifest(manifest) => {
            Some(format!("has {} bytes, and had {} when it was drilled", entry.size, manifest.size))
        }
        Known::Nothing => Some("has no manifest".to_owned()),
        Known::Unreadable(why) => Some(format!("has a manifest that cannot be read: {why}")),
    }
}

/// The time that usually passes between two snapshots, as far as those tell that are there: the lower quartile of the last gaps,
/// since the longer ones are what a prune left. It is an hour at least; where none of them was made by a schedule, a day.
fn usual_interval(entries: &[Entry], newest: &Entry) -> Option<Duration> {
    let is_alike = |entry: &&Entry| {
        !entry.is_safety()
            && entry.name.app == newest.name.app
            && entry.name.is_export() == newest.name.is_export()
    };
    let times = |only_scheduled: bool| -> Vec<DateTime<Utc>> {
        let is_meant = |entry: &&Entry| {
            !only_scheduled || entry.manifest().is_some_and(|manifest| manifest.kind == Kind::Scheduled)
        };
        let meant = entries.iter().filter(is_alike).filter(is_meant);
        let times = meant.map(|entry| entry.name.time).filter(|time| *time <= newest.name.time);
        let mut times: Vec<DateTime<Utc>> = times.collect();
        // Several in a row, as by hand, say nothing of when the next is due.
        times.dedup_by(|later, earlier| *later - *earlier < AT_ONCE);
        times
    };
    for (only_scheduled, least) in [(true, Duration::from_hours(1)), (false, Duration::from_hours(24))] {
        let times = times(only_scheduled);
        let mut gaps: Vec<TimeDelta> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        gaps.drain(..gaps.len().saturating_sub(MOST_GAPS));
        gaps.sort_unstable();
        if gaps.len() >= LEAST_GAPS {
            return gaps[gaps.len() / 4].to_std().ok().map(|gap| gap.max(least));
        }
    }
    None
}

/// How much smaller the newest is than the one before, where that is more than it may be; half, where nobody says it. What
/// somebody accepted may be smaller.
fn too_small(before: &Entry, newest: &Entry, max: Option<u8>) -> Option<Wrong> {
    let shrunk = shrunk(before, newest)?;
    let is_accepted = || {
        let comparison = newest.manifest().and_then(|manifest| manifest.comparison.as_ref());
        comparison.is_some_and(|comparison| comparison.accepted_at.is_some())
    };
    let is_too_small = match max {
        Some(max) => shrunk > max,
        None => shrunk >= HALF && sizes(before, newest).0 >= LEAST_SIZE && !is_accepted(),
    };
    is_too_small.then_some(Wrong::Shrunk(shrunk))
}

/// How many intervals may go by.
const MISSED: u32 = 3;
/// From how many gaps between snapshots on there is a usual one, and how many of the last are looked at.
const LEAST_GAPS: usize = 3;
const MOST_GAPS: usize = 10;
/// How close snapshots are that were made at once.
const AT_ONCE: TimeDelta = TimeDelta::minutes(30);
/// Half of something, in percent.
const HALF: u8 = 50;
/// Smaller databases double and halve all the time, in bytes.
const LEAST_SIZE: u64 = 64 << 10;

/// The sizes of two: of the databases where both are known, else of the files.
fn sizes(before: &Entry, newest: &Entry) -> (u64, u64) {
    let database = |entry: &Entry| Some(entry.manifest()?.contents()?.database_size);
    database(before).zip(database(newest)).unwrap_or((before.size, newest.size))
}

/// By how many percent something is smaller than what was before, rounded up: the databases where both are known, else the
/// files.
fn shrunk(before: &Entry, newest: &Entry) -> Option<u8> {
    let (was, is) = sizes(before, newest);
    let lost = u128::from(was.checked_sub(is).filter(|lost| *lost > 0)?);
    u8::try_from((lost * 100).div_ceil(u128::from(was))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Location, SnapshotName};
    use crate::stream::Compression;
    use chrono::TimeZone;
    use std::sync::LazyLock;

    fn at(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 20, hour, 0, 0).single().expect("a time")
    }

    /// A snapshot without a manifest.
    fn entry(hour: u32, size: u64) -> Entry {
        let name = SnapshotName::new("app", at(hour), Compression::Gzip);
        let location = Location::Path(name.file_name().into());
        Entry { location, name, size, files: None, known: Known::Nothing }
    }

    fn expected() -> Expected<'static> {
        static NOTHING: LazyLock<(RowLimits, Keys<'static>, State)> =
            LazyLock::new(|| (RowLimits::default(), Keys::none(), State::default()));
        let (limits, keys, state) = &*NOTHING;
        Expected { max_age: None, min_size: None, max_shrink: None, limits, keys, state, now: at(12) }
    }

    #[test]
    fn nothing_and_only_the_future_are_not_enough() {
        assert_eq!(check(&[], &expected()).problems, [Wrong::None]);
        assert_eq!(check(&[entry(13, 1)], &expected()).problems, [Wrong::OnlyFuture]);
    }

    #[test]
    fn age_and_size_are_those_of_the_newest_that_is_not_from_the_future() {
        let entries = [entry(2, 500), entry(3, 100), entry(23, 1)];
        let expected = Expected { max_age: Some(Duration::from_hours(8)), min_size: Some(101), ..expected() };
        let checked = check(&entries, &expected);
        assert_eq!(checked.newest.map(|entry| entry.size), Some(100));
        assert_eq!(
            checked.problems,
            [
                Wrong::Old(Duration::from_hours(9)),
                Wrong::Doubtful("has no manifest".to_owned()),
                Wrong::Small(100)
            ]
        );
    }

    #[test]
    fn what_usually_passes_is_known_and_three_times_that_are_too_much() {
        let interval = |hours: &[u32]| {
            let entries: Vec<Entry> = hours.iter().map(|hour| entry(*hour, 1)).collect();
            usual_interval(&entries, entries.last().expect("one")).map(|usual| usual.as_secs() / 3600)
        };
        assert_eq!(interval(&[1, 2, 3]), None, "too few to tell");
        assert_eq!(interval(&[1, 2, 3, 4]), Some(24), "a day, where no schedule made them");
        let days: Vec<Entry> = (0..5)
            .map(|day| {
                let mut entry = entry(1, 1);
                entry.name.time = at(1) - TimeDelta::days(50 - 10 * day);
                entry
            })
            .collect();
        let of = |now| Expected { now, ..expected() };
        let last = days[4].name.time;
        let overdue = Wrong::Overdue(Duration::from_hours(240));
        assert!(check(&days, &of(last + TimeDelta::days(31))).problems.contains(&overdue));
        assert!(!check(&days, &of(last + TimeDelta::days(29))).problems.contains(&overdue));
    }

    #[test]
    fn what_a_prune_left_does_not_hide_that_no_more_snapshots_come() {
        let day = |month, day| Utc.with_ymd_and_hms(2026, month, day, 3, 0, 0).single().expect("a time");
        let of = |times: &[DateTime<Utc>]| -> Vec<Entry> {
            let dated = |time: &DateTime<Utc>| {
                let mut entry = entry(1, 1);
                entry.name.time = *time;
                entry
            };
            times.iter().map(dated).collect()
        };
        let left = of(&[day(5, 31), day(6, 30), day(7, 31), day(8, 31), day(9, 4), day(9, 5)]);
        let overdue = Wrong::Overdue(Duration::from_hours(4 * 24));
        let at = |now| Expected { now, ..expected() };
        assert!(check(&left, &at(day(11, 30))).problems.contains(&overdue));
        assert!(!check(&left, &at(day(9, 17))).problems.contains(&overdue));
        // A few by hand on one day do not make the others come late.
        let days = [1, 2, 3, 4].map(|of| day(9, of));
        let burst = [5, 10, 15, 20].map(|minutes| day(9, 4) + TimeDelta::minutes(minutes));
        let all = of(&[&days[..], &burst].concat());
        assert_eq!(usual_interval(&all, all.last().expect("one")), Some(Duration::from_hours(24)));
    }

    #[test]
    fn what_shrank_is_said_in_whole_percent() {
        for (was, is, percent) in
            [(100, 80, Some(20)), (1000, 799, Some(21)), (100, 100, None), (0, 5, None), (7, 0, Some(100))]
        {
            assert_eq!(shrunk(&entry(1, was), &entry(2, is)), percent, "{was} {is}");
        }
    }
}
