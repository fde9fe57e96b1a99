//! A database that has lost all of its rows since its newest snapshot or export, which is refused.
//!
//! An application that starts with an empty volume makes an empty database, and the keep rules would remove the good snapshots
//! for those of the empty one. Whether an empty database is meant, only a person knows.

use super::catalog::Entry;
use super::manifest::Manifest;
use crate::database::check::RowCounts;
use crate::error::{Fault, Kind};
use crate::stream::age::Keys;
use anyhow::Result;
use chrono::{DateTime, Utc};

/// What a new snapshot is compared with.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    /// What the store has of the application, by time.
    pub earlier: &'a [Entry],
    /// Whether exports count, instead of snapshots.
    pub exports: bool,
    /// What may open a manifest that is encrypted.
    pub keys: &'a Keys<'a>,
    /// The present.
    pub now: DateTime<Utc>,
}

impl Before<'_> {
    /// The newest snapshot that would make way for a new one. One without a manifest may be good.
    fn newest(&self) -> Option<&Entry> {
        let counts = |entry: &&Entry| {
            let may_be_good = entry.is_good() || entry.manifest().is_none();
            let is_of_the_kind = entry.name.is_export() == self.exports && !entry.is_safety();
            let is_of_the_kind = is_of_the_kind && !entry.is_suspicious();
            is_of_the_kind && !entry.is_damaged() && entry.name.time <= self.now && may_be_good
        };
        self.earlier.iter().rfind(counts)
    }

    /// The rows of a snapshot, where its manifest says them and can be opened.
    fn rows_of(&self, entry: &Entry) -> Option<RowCounts> {
        let mut manifest = entry.manifest()?.clone();
        if manifest.contents().is_none() && !self.keys.is_empty() {
            // Without the right key, the rows stay unknown.
            let _ = manifest.unseal(self.keys, "the manifest");
        }
        manifest.contents().map(|contents| contents.rows.clone())
    }

    /// An error where a database without rows would follow one that has rows, or of which that is not known.
    pub fn refuse_empty(&self, new: &Manifest) -> Result<()> {
        let Some(contents) = new.contents().filter(|contents| total(&contents.rows) == 0) else {
            return Ok(());
        };
        let Some(newest) = self.newest() else { return Ok(()) };
        let holds_the_same =
            newest.manifest().is_some_and(|manifest| manifest.holds(contents.content_sha256));
        let had = match self.rows_of(newest).map(|rows| total(&rows)) {
            Some(0) => return Ok(()),
            _ if holds_the_same => return Ok(()),
            Some(1) => "has 1 row".to_owned(),
            Some(rows) => format!("has {rows} rows"),
            None => "may have some".to_owned(),
        };
        let what = if contents.rows.is_empty() { "no tables" } else { "no rows" };
        let message = format!("the database has {what}, and the newest snapshot, {}, {had}", newest.name);
        let hint = "if the database is meant to be empty, pass --allow-empty; else larder restore latest brings its rows back";
        Err(Fault::new(Kind::Undecided, message).hint(hint).into())
    }

    /// The same of an export. How many items one has that is encrypted nobody knows; it has some if it is much larger.
    pub fn refuse_empty_export(&self, new: &Manifest, items: u64) -> Result<()> {
        let Some(newest) = self.newest().filter(|_| items == 0) else { return Ok(()) };
        let facts = newest.manifest().and_then(|manifest| manifest.export.as_ref()?.items.as_ref());
        let had = match facts.map(|items| items.values().sum()) {
            Some(0_u64) => return Ok(()),
            Some(1) => "has 1 item",
            Some(items) => &format!("has {items} items"),
            None if newest.size <= new.size + new.size / 2 => return Ok(()),
            None => "is larger, so that it may have some",
        };
        let message = format!("the export has no items, and the newest one, {}, {had}", newest.name);
        let hint = "if there is nothing to export any more, pass --allow-empty";
        Err(Fault::new(Kind::Undecided, message).hint(hint).into())
    }
}

/// The rows of all tables, without those that an index of full text or places has when nothing is in it.
fn total(rows: &RowCounts) -> u64 {
    rows.iter().filter(|(table, _)| !is_bookkeeping(table, rows)).map(|(_, rows)| rows).sum()
}

/// Whether a table is one that FTS5 or R*Tree keeps for itself, and fills at once.
fn is_bookkeeping(table: &str, rows: &RowCounts) -> bool {
    let has = |stem: &str, ends: &[&str]| ends.iter().all(|end| rows.contains_key(&format!("{stem}_{end}")));
    let Some((stem, end)) = table.rsplit_once('_') else { return false };
    match end {
        "data" | "config" => has(stem, &["data", "idx", "config"]),
        "node" => has(stem, &["rowid", "parent"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(tables: &[(&str, u64)]) -> RowCounts {
        tables.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect()
    }

    #[test]
    fn what_an_index_keeps_for_itself_is_no_row() {
        let empty = [("f_data", 2), ("f_idx", 0), ("f_content", 0), ("f_docsize", 0), ("f_config", 1)];
        assert_eq!(total(&rows(&empty)), 0);
        assert_eq!(total(&rows(&[("r_node", 1), ("r_parent", 0), ("r_rowid", 0)])), 0);
        assert_eq!(total(&rows(&[("f_data", 2), ("my_config", 1), ("a_node", 4)])), 7);
        assert_eq!(total(&RowCounts::new()), 0);
    }
}
