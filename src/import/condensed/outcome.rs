//! What became of the items of a document.

use crate::error::{Fault, nearest};
use crate::problem::Problems;
use anyhow::Result;
use indexmap::IndexMap;
use serde::Serialize;
use std::str::FromStr;

/// What is done with an item whose key is there already, and that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    Fail,
}

impl FromStr for Strategy {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "skip" => Ok(Self::Skip),
            "overwrite" => Ok(Self::Overwrite),
            "fail" => Ok(Self::Fail),
            other => Err(Fault::usage(format!("{other:?} is no strategy"))
                .hint(nearest(other, &["skip", "overwrite", "fail"]))
                .into()),
        }
    }
}

/// The strategies of an import.
#[derive(Debug, Clone)]
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
}

impl Counts {
    /// How many rows were or would be written.
    pub fn changed(&self) -> u64 {
        self.new + self.overwritten + self.merged + self.renamed
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
    /// The keys of new rows that lack what can be fetched again.
    pub needs_refetch: IndexMap<String, Vec<serde_json::Value>>,
    /// What new rows lack that they must have, and what they have instead.
    pub filled: IndexMap<String, u64>,
}

impl Outcome {
    /// Whether nothing is imported, because something is wrong or undecided.
    pub fn is_refused(&self) -> bool {
        self.problems.errors > 0 || !self.conflicts.listed.is_empty()
    }

    /// How many rows were or would be written.
    pub fn changed(&self) -> u64 {
        self.sections.values().map(Counts::changed).sum()
    }
}
