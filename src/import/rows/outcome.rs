//! What becomes of the rows of a file.

use crate::problem::Problems;
use serde::Serialize;

/// What becomes of the rows of a file.
#[derive(Debug)]
pub struct Outcome {
    /// How many of each kind there are.
    pub counts: Counts,
    /// What is wrong with rows that do not come in.
    pub problems: Problems,
    /// Rows that already exist and differ, where nobody said what to do with those.
    pub conflicts: Problems,
    /// How many more rows the table has than came in: triggers added or removed them, or its constraints replaced some.
    pub further_rows: i64,
}

/// How many rows came to be what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Added.
    pub new: u64,
    /// Already there, with the same values.
    pub same: u64,
    /// Already there, and left as they are.
    pub skipped: u64,
    /// Already there, and changed.
    pub overwritten: u64,
    /// Not imported.
    pub rejected: u64,
}

impl Counts {
    /// The same of rows that were found to be there, where they were imported before.
    #[must_use]
    pub fn as_found_again(self) -> Self {
        let same = self.new + self.same + self.skipped + self.overwritten;
        Self { same, rejected: self.rejected, ..Self::default() }
    }

    /// How many rows of the table were added or changed.
    pub fn written(&self) -> u64 {
        self.new + self.overwritten
    }
}
