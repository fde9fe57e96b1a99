//! What became of the items of a document.

use super::doubts::Unsettled;
use super::watch::Triggered;
use crate::error::{Fault, nearest};
use crate::problem::Problems;
use anyhow::Result;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What is done with an item whose key is there already, and that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// The row stays as it is.
    Skip,
    /// The row takes the item's values, and keeps its id; its children become the item's.
    Overwrite,
    /// The row takes the item's values that are not null, and the children that it lacks.
    Merge,
    /// The row takes the item's values where the item was changed later.
    Newer,
    /// The item comes in beside the row under another name.
    Rename,
    /// Somebody is asked.
    Prompt,
    /// Nothing is imported.
    #[default]
    Fail,
}

/// Every strategy by its name.
const STRATEGIES: [(&str, Strategy); 7] = [
    ("skip", Strategy::Skip),
    ("overwrite", Strategy::Overwrite),
    ("merge", Strategy::Merge),
    ("newer", Strategy::Newer),
    ("rename", Strategy::Rename),
    ("prompt", Strategy::Prompt),
    ("fail", Strategy::Fail),
];

impl FromStr for Strategy {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let names = STRATEGIES.map(|(name, _)| name);
        let found = STRATEGIES.iter().find(|(name, _)| *name == text);
        found.map(|(_, strategy)| *strategy).ok_or_else(|| {
            Fault::usage(format!("{text:?} is no strategy")).hint(nearest(text, &names)).into()
        })
    }
}

impl Strategy {
    /// Its name.
    pub fn name(self) -> &'static str {
        STRATEGIES.iter().find(|(_, strategy)| *strategy == self).map_or("", |(name, _)| name)
    }
}

/// The strategies of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Strategies {
    /// That of sections that have none of their own.
    pub default: Strategy,
    /// Those of single sections.
    pub sections: IndexMap<String, Strategy>,
}

impl Strategies {
    /// That of a section.
    pub fn of(&self, section: &str) -> Strategy {
        let own = self.sections.iter().find(|(name, _)| name.eq_ignore_ascii_case(section));
        own.map_or(self.default, |(_, strategy)| *strategy)
    }

    /// Whether one was said for a section.
    pub fn names(&self, section: &str) -> bool {
        self.sections.keys().any(|name| name.eq_ignore_ascii_case(section))
    }

    /// Whether somebody is to be asked.
    pub fn asks(&self) -> bool {
        self.default == Strategy::Prompt || self.sections.values().any(|own| *own == Strategy::Prompt)
    }
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was not there, and came in.
    New,
    /// It was there, and is the same.
    Same,
    /// It was there, differs, and stays as it is.
    Skipped,
    /// It was there, and its row took the document's values.
    Overwritten,
    /// It was there, and its row took some of the document's values.
    Merged,
    /// It came in under another name.
    Renamed,
    /// It did not come in.
    Rejected,
    /// It was there and differs, which is to fail.
    Conflict,
    /// It was there and differs, of which somebody is to be asked.
    Open,
    /// It is a child that is the row of another parent, and was moved.
    Moved,
    /// It is a child whose place is taken, and stands after the last.
    Placed,
}

impl Fate {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Skipped => "skipped",
            Self::Overwritten => "overwritten",
            Self::Merged => "merged",
            Self::Renamed => "renamed",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::Open => "open",
            Self::Moved => "moved",
            Self::Placed => "placed",
        }
    }
}

/// How many items of a section came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there.
    pub new: u64,
    /// They were there, and are the same.
    pub same: u64,
    /// They were there, differ, and stay as they are.
    pub skipped: u64,
    /// They were there, and took the document's values.
    pub overwritten: u64,
    /// They were there, and took some of the document's values.
    pub merged: u64,
    /// They came in under another name.
    pub renamed: u64,
    /// They did not come in.
    pub rejected: u64,
    /// They were there and differ, and what becomes of them is not decided.
    #[serde(skip_serializing_if = "is_zero")]
    pub undecided: u64,
    /// Rows that no item is, and that went.
    #[serde(skip_serializing_if = "is_zero")]
    pub removed: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Counts {
    /// How many items there are, and rows that went.
    pub fn total(&self) -> u64 {
        self.changed() + self.same + self.skipped + self.rejected + self.undecided
    }

    /// How many rows were or would be written.
    pub fn changed(&self) -> u64 {
        self.new + self.overwritten + self.merged + self.renamed + self.removed
    }

    /// One more item that came to this.
    pub(super) fn add(&mut self, fate: Fate) {
        match fate {
            Fate::New => self.new += 1,
            Fate::Same => self.same += 1,
            Fate::Skipped => self.skipped += 1,
            Fate::Overwritten => self.overwritten += 1,
            Fate::Merged => self.merged += 1,
            Fate::Renamed => self.renamed += 1,
            Fate::Rejected => self.rejected += 1,
            Fate::Conflict | Fate::Open => self.undecided += 1,
            // What becomes of children is counted apart.
            Fate::Moved | Fate::Placed => {}
        }
    }
}

/// What became of a document.
#[derive(Debug)]
pub struct Outcome {
    /// How many items of each section came to what.
    pub sections: IndexMap<String, Counts>,
    /// What is wrong with items; with any error, nothing is imported.
    pub problems: Problems,
    /// Items that differ from what is there, where that is to fail.
    pub conflicts: Problems,
    /// How many items of each section lack what can be fetched again.
    pub needs_refetch: IndexMap<String, u64>,
    /// What new rows lack that they must have, and what they have instead.
    pub filled: IndexMap<String, u64>,
    /// Secrets of new rows in whose place is a value that nobody can guess, since no two rows may share it.
    pub made_up: IndexMap<String, u64>,
    /// How many items of each section stay as they are because nothing says which is newer.
    pub untold: IndexMap<String, u64>,
    /// How many items of each section were to change a row that is not of it by its condition.
    pub left_out: IndexMap<String, u64>,
    /// What is wrong with items that do not come in, while the others do.
    pub rejected: Problems,
    /// Parts of the document that are lost, while the others come in.
    pub lost: Problems,
    /// How many items somebody is to be asked about.
    pub open: u64,
    /// Rows of tables that went with others which they refer to.
    pub cascades: IndexMap<String, u64>,
    /// Rows of tables that lost a reference to one that went.
    pub cleared: IndexMap<String, u64>,
    /// Doubtful numbers that do not mean the same here: the first of each doubt, and how many there are.
    pub unsettled: IndexMap<usize, (Unsettled, u64)>,
    /// How many rows of each section triggers put in that no item is.
    pub added: IndexMap<String, u64>,
    /// How many items of each section may mean something by their row id, which is another row's here.
    pub taken: IndexMap<String, u64>,
    /// Whether doubtful numbers are written as they stand.
    pub ignores_doubts: bool,
    /// Of children that clash with what is there, how many of each kind came to what.
    pub children: IndexMap<String, IndexMap<String, u64>>,
    /// How many of the conflicts are about such children.
    pub clashes: u64,
    /// What triggers did to the rows of each table.
    pub triggered: IndexMap<String, Triggered>,
    /// Whether children may clash with what is there, which nobody knows before they are written.
    pub may_clash: bool,
    /// How many new rows of each section have another row id than they had, since that was taken.
    pub renumbered: IndexMap<String, u64>,
}

impl Outcome {
    /// Nothing came in yet of these sections; so many problems will be listed.
    pub(super) fn new(sections: &[String], problems: usize) -> Self {
        Self {
            sections: sections.iter().map(|name| (name.clone(), Counts::default())).collect(),
            problems: Problems::new(problems),
            conflicts: Problems::new(problems),
            needs_refetch: IndexMap::new(),
            filled: IndexMap::new(),
            made_up: IndexMap::new(),
            untold: IndexMap::new(),
            left_out: IndexMap::new(),
            rejected: Problems::new(problems),
            lost: Problems::new(problems),
            open: 0,
            cascades: IndexMap::new(),
            cleared: IndexMap::new(),
            unsettled: IndexMap::new(),
            added: IndexMap::new(),
            taken: IndexMap::new(),
            ignores_doubts: false,
            renumbered: IndexMap::new(),
            children: IndexMap::new(),
            clashes: 0,
            may_clash: false,
            triggered: IndexMap::new(),
        }
    }

    /// Whether nothing is imported, because something is wrong or undecided.
    pub fn is_refused(&self) -> bool {
        self.is_blocked() || !self.unsettled.is_empty() && !self.ignores_doubts
    }

    /// Whether nothing speaks against an import but numbers that may mean something else here.
    pub fn has_only_doubts(&self) -> bool {
        !self.is_blocked() && !self.unsettled.is_empty()
    }

    /// Whether anything but doubtful numbers speaks against an import.
    fn is_blocked(&self) -> bool {
        self.problems.errors > 0
            || !self.conflicts.listed.is_empty()
            || self.open > 0
            || !self.taken.is_empty()
            || !self.added.is_empty()
    }

    /// How many rows were or would be written.
    pub fn changed(&self) -> u64 {
        self.sections.values().map(Counts::changed).sum()
    }
}
