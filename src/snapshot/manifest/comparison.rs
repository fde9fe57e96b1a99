//! What a manifest says of the rows that a database lost since the snapshots before it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What looking at the rows of a snapshot found: compared with those of an earlier one, and by what the settings require.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier snapshot; nothing where there was none, or its rows are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Whether neither `latest` nor the keep rules count the snapshot: a table lost too many rows, or something that the
    /// settings require is not so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspicious: bool,
    /// The tables that lost many rows; of an encrypted snapshot, they are sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Loss>,
    /// What the settings require and is not so, with what is instead; of an encrypted snapshot, it is sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
    /// When somebody said that this was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
}

/// A table that lost many rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The table.
    pub table: String,
    /// Its rows in the earlier snapshot.
    pub was: u64,
    /// Its rows in this one.
    pub is: u64,
    /// Whether it is told only: the table does so time and again, has another name now, or had few rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub usual: bool,
}

impl Comparison {
    /// Whether neither `latest` nor the keep rules count the snapshot.
    pub fn is_suspicious(&self) -> bool {
        self.suspicious && self.accepted_at.is_none()
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = if self.was == 1 { "row" } else { "rows" };
        write!(f, "{}: {} {rows}, now {}", self.table, self.was, self.is)
    }
}

/// Losses in a line, the first few.
pub fn named<'l>(losses: impl IntoIterator<Item = &'l Loss>) -> String {
    in_a_line(&losses.into_iter().map(Loss::to_string).collect::<Vec<_>>())
}

/// What is said of a snapshot that is suspicious since the one before it is.
pub const INHERITED: &str = "the snapshot before it is suspicious, and row counts cannot be compared";

/// What makes a snapshot suspicious, in a line.
pub fn reasons(lost: &[Loss], unmet: &[String]) -> String {
    let lost = lost.iter().filter(|loss| !loss.usual).map(Loss::to_string);
    let unmet = unmet.iter().map(|unmet| format!("required, and not so: {unmet}"));
    let all: Vec<String> = unmet.chain(lost).collect();
    if all.is_empty() { INHERITED.to_owned() } else { in_a_line(&all) }
}

fn in_a_line(all: &[String]) -> String {
    const NAMED: usize = 3;
    let more = all.len().saturating_sub(NAMED);
    let named = all[..all.len().min(NAMED)].join("; ");
    if more == 0 { named } else { format!("{named}; and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_few_are_named() {
        let loss = |was| Loss { table: "t".to_owned(), was, is: 0, usual: false };
        assert_eq!(named(&[]), "");
        assert_eq!(named(&[loss(1), loss(2)]), "t: 1 row, now 0; t: 2 rows, now 0");
        assert_eq!(
            named(&[loss(1), loss(2), loss(3), loss(4)]),
            "t: 1 row, now 0; t: 2 rows, now 0; t: 3 rows, now 0; and 1 more"
        );
    }
}
