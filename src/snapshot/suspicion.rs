//! Whether a database lost so many rows since the snapshots before it that somebody should look: the newest snapshot is then
//! no proof that the older ones are not needed any more.
//!
//! Rows are compared with the newest snapshot that is not suspicious itself, so that a loss stays one until somebody accepts
//! it or the rows are back. What a table does time and again, and makes good by itself, is its habit: it is told and no more.

use super::catalog::Entry;
use super::manifest::{Comparison, Kind, Loss, Manifest};
use super::state::State;
use crate::database::check::RowCounts;
use crate::store::SnapshotName;
use crate::stream::age::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// From how many lost rows on a table is looked at: small tables double and halve all the time.
const LEAST: u64 = 20;

/// How long a loss is remembered when the same table loses rows again.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// How many earlier losses make one a habit.
const HABIT: usize = 2;

/// How many snapshots back rows are looked for.
const FARTHEST: usize = 50;

/// How many percent of its rows a table may lose, where somebody said it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowLimits {
    /// By the names of tables.
    pub tables: BTreeMap<String, u8>,
    /// All others.
    pub others: Option<u8>,
}

impl RowLimits {
    /// Whether a table lost more rows than it may.
    fn is_loss(&self, table: &str, was: u64, is: u64, is_referred: bool) -> bool {
        let lost = was.saturating_sub(is);
        let over = |percent: u8| u128::from(lost) * 100 > u128::from(was) * u128::from(percent);
        let emptied = is_referred && was > 0 && is == 0;
        match (self.tables.get(table), self.others) {
            (Some(percent), _) => over(*percent),
            (None, Some(percent)) => over(percent) && (lost >= LEAST || emptied),
            (None, None) => emptied || lost >= LEAST && lost >= was.div_ceil(2),
        }
    }

    /// Whether a table had so few rows that what it lost is told and no more.
    fn is_small(&self, table: &str, was: u64) -> bool {
        was < LEAST && !self.tables.contains_key(table)
    }
}

/// What is known of the snapshots before one.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    /// What the store has of the application from before, by time.
    pub earlier: &'a [Entry],
    /// What may open a manifest that is encrypted.
    pub keys: &'a Keys<'a>,
    /// What this machine remembers of those that no key opens.
    pub state: &'a State,
    /// The present.
    pub now: DateTime<Utc>,
}

impl<'a> Past<'a> {
    /// The snapshots that count, by time.
    fn counted(&self) -> impl DoubleEndedIterator<Item = &'a Entry> {
        let now = self.now;
        self.earlier
            .iter()
            .filter(move |entry| entry.is_regular() && entry.is_good() && entry.name.time <= now)
    }

    /// Whether there is a snapshot to compare with.
    pub fn is_there(&self) -> bool {
        self.counted().any(|entry| !entry.is_suspicious())
    }

    /// What is known of a snapshot whose rows cannot be compared: it is suspicious where the one before it is.
    pub fn inherited(&self) -> Option<Comparison> {
        let newest = self.counted().next_back().filter(|newest| newest.is_suspicious());
        newest.map(|_| Comparison { suspicious: true, ..Comparison::default() })
    }

    /// The rows of a snapshot, where they are known. With `tries`, a key is tried, which may take a second.
    pub fn rows(&self, entry: &Entry, tries: bool) -> Option<RowCounts> {
        self.rows_of(&entry.name, entry.manifest()?, tries)
    }

    /// The same of one with that name and manifest.
    pub fn rows_of(&self, name: &SnapshotName, manifest: &Manifest, tries: bool) -> Option<RowCounts> {
        if let Some(contents) = manifest.contents() {
            return Some(contents.rows.clone());
        }
        if let Some(counted) = self.state.counted(&name.file_name()) {
            return counted.rows.clone();
        }
        let mut manifest = manifest.clone();
        if tries && !self.keys.is_empty() {
            // Without the right key, the rows stay unknown.
            let _ = manifest.unseal(self.keys, "the manifest");
        }
        manifest.contents().map(|contents| contents.rows.clone())
    }

    /// What a snapshot lost of a table, where that is known without a key.
    fn loss(&self, entry: &'a Entry, table: &str) -> Option<&'a Loss> {
        let remembered = || self.state.counted(&entry.name.file_name());
        let lost = entry.manifest()?.lost().or_else(|| remembered().map(|counted| counted.lost.as_slice()));
        lost?.iter().find(|loss| loss.table == table)
    }

    /// Compares rows with those of the newest snapshot before that is not suspicious. Nothing where no rows are known.
    pub fn compare(
        &self,
        rows: &RowCounts,
        referred: &BTreeSet<String>,
        limits: &RowLimits,
    ) -> Option<Comparison> {
        let mut tries = true;
        let known = |entry: &'a Entry| {
            let rows = self.rows(entry, std::mem::take(&mut tries))?;
            Some((entry, rows))
        };
        let candidates = self.counted().rev().filter(|entry| !entry.is_suspicious());
        let (entry, before) = candidates.take(FARTHEST).find_map(known)?;
        let is_lost = |table: &str, was, is| limits.is_loss(table, was, is, referred.contains(table));
        let is_loss = |table: &str, was, is| !is_of_an_index(table, &before) && is_lost(table, was, is);
        let mut lost = Vec::new();
        for (table, was) in &before {
            let is = rows.get(table).copied();
            if is_loss(table, *was, is.unwrap_or(0)) {
                let usual = self.is_usual(table, (entry, *was), &|was, is| is_lost(table, was, is))
                    || is.is_none() && is_renamed(*was, rows, &before)
                    || limits.is_small(table, *was);
                lost.push(Loss { table: table.clone(), was: *was, is: is.unwrap_or(0), usual });
            }
        }
        let suspicious = lost.iter().any(|loss| !loss.usual);
        Some(Comparison { with: Some(entry.name.file_name()), suspicious, lost, ..Comparison::default() })
    }

    /// Whether a table that lost rows since a snapshot, where it had so many, did so time and again not long ago, and grew back
    /// by itself each time. What it lost since a snapshot that is suspicious for that is the same loss.
    fn is_usual(&self, table: &str, since: (&'a Entry, u64), is_loss: &dyn Fn(u64, u64) -> bool) -> bool {
        let last = self.counted().next_back().filter(|last| last.is_suspicious());
        if let Some(same) = last.and_then(|last| self.loss(last, table)) {
            return same.usual;
        }
        let accepted: BTreeSet<&str> = self.counted().filter_map(accepted_since).collect();
        let (mut base, mut rows) = since;
        for _ in 0..HABIT {
            let earlier = self.counted().rev().filter(|entry| entry.name < base.name);
            let recent = earlier.take_while(|entry| entry.name.time >= self.now - REMEMBERED);
            let mut not_meant =
                recent.filter(|entry| with(entry).is_some_and(|with| !accepted.contains(with)));
            let found = not_meant.find_map(|entry| Some((entry, self.loss(entry, table)?)));
            let Some((lossy, loss)) = found else { return false };
            let grew_back = !is_loss(loss.was, rows) && !self.was_restored(lossy, base);
            let before = self.counted().find(|entry| with(lossy) == Some(entry.name.file_name().as_str()));
            let (true, Some(before)) = (grew_back, before) else { return false };
            (base, rows) = (before, loss.was);
        }
        true
    }

    /// Whether a database got its rows back by a restore, after one snapshot and until another: it then holds what it held
    /// before, or a safety snapshot tells. Where that is not known, it may be so.
    fn was_restored(&self, lossy: &Entry, until: &Entry) -> bool {
        let between = |entry: &&Entry| entry.name > lossy.name && entry.name <= until.name;
        let is_undone =
            |entry: &Entry| entry.manifest().is_some_and(|manifest| manifest.kind == Kind::BeforeRestore);
        let held_before = |entry: &Entry| {
            let Some(contents) = entry.manifest().and_then(|manifest| manifest.contents()) else {
                return true;
            };
            let mut before = self.counted().take_while(|earlier| earlier.name < lossy.name);
            before.any(|earlier| earlier.manifest().is_some_and(|then| then.holds(contents.content_sha256)))
        };
        self.earlier.iter().filter(between).any(is_undone)
            || self.counted().filter(between).filter(|entry| !entry.is_suspicious()).any(held_before)
    }
}

/// The name of the snapshot that one was compared with.
fn with(entry: &Entry) -> Option<&str> {
    entry.manifest()?.comparison.as_ref()?.with.as_deref()
}

/// The name of the snapshot since which somebody said that a loss was meant.
fn accepted_since(entry: &Entry) -> Option<&str> {
    entry.manifest()?.comparison.as_ref().filter(|found| found.accepted_at.is_some())?.with.as_deref()
}

/// Whether the rows of a table that is gone may be in one that is new.
fn is_renamed(was: u64, rows: &RowCounts, before: &RowCounts) -> bool {
    rows.iter().any(|(table, is)| !before.contains_key(table) && *is > 0 && *is >= was.div_ceil(2))
}

/// Whether a table is one that an index of full text or places rebuilds as it likes.
fn is_of_an_index(table: &str, rows: &RowCounts) -> bool {
    let Some((stem, end)) = table.rsplit_once('_') else { return false };
    let kinds: [&[&str]; 3] =
        [&["data", "idx", "config"], &["segments", "segdir"], &["node", "parent", "rowid"]];
    let has = |end: &&str| rows.contains_key(&format!("{stem}_{end}"));
    kinds.iter().any(|kind| kind.contains(&end) && kind.iter().all(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_half_and_twenty_rows_or_all_of_what_others_refer_to() {
        for (was, is, referred, loss) in [
            (812, 3, false, true),
            (40, 20, false, true),
            (41, 21, false, false),
            (39, 20, false, false),
            (19, 0, false, false),
            (1, 0, true, true),
            (30, 1, true, true),
            (15, 1, true, false),
            (0, 0, true, false),
            (3, 812, false, false),
        ] {
            let limits = RowLimits::default();
            assert_eq!(limits.is_loss("t", was, is, referred), loss, "{was} {is} {referred}");
        }
    }

    #[test]
    fn limits_are_of_a_table_or_of_all_others() {
        let limits =
            RowLimits { tables: [("log".to_owned(), 100), ("users".to_owned(), 0)].into(), others: Some(80) };
        for (table, was, is, referred, loss) in [
            ("log", 5000, 0, true, false),
            ("users", 5, 4, false, true),
            ("users", 5, 5, false, false),
            ("t", 100, 21, false, false),
            ("t", 100, 19, false, true),
            ("t", 10, 0, false, false),
            ("t", 10, 0, true, true),
        ] {
            assert_eq!(limits.is_loss(table, was, is, referred), loss, "{table} {was} {is}");
        }
        let none = RowLimits { others: Some(100), ..RowLimits::default() };
        assert!(!none.is_loss("t", 100, 0, true));
    }

    #[test]
    fn what_an_index_rebuilds_is_no_loss_and_what_has_its_name_is() {
        let rows = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 1)).collect::<RowCounts>();
        let fts =
            rows(&["f_data", "f_idx", "f_config", "f_content", "g_segments", "g_segdir", "my_data", "data"]);
        let of_an_index: Vec<&str> =
            fts.keys().map(String::as_str).filter(|table| is_of_an_index(table, &fts)).collect();
        assert_eq!(of_an_index, ["f_config", "f_data", "f_idx", "g_segdir", "g_segments"]);
    }
}
