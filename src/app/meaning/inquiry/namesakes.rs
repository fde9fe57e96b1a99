//! Other columns that are called as one is, and what that says of it.

use super::Inquiry;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::vocabulary::{self, is};

impl Inquiry<'_> {
    /// Whether the named table holds a column's values in another of its columns, which is what the name means then.
    pub(in crate::app::meaning) fn means_another_key(
        &self,
        at: ColumnAt,
        stem: &[String],
        table: usize,
    ) -> bool {
        /// Fewer rows have different values in any column.
        const SOME_ROWS: u64 = 5;
        let own = self.facts.column(at);
        let facts = self.table(table);
        facts.columns.iter().enumerate().any(|(column, other)| {
            let with_id = other.words.strip_suffix(&["id".to_owned()]);
            let is_called_so = other.name.eq_ignore_ascii_case(&own.name)
                || other.words == stem
                || with_id.is_some_and(|words| words == stem);
            let is_distinct = || facts.rows >= SOME_ROWS && other.values.numbers.len() == facts.rows;
            let shared = || own.values.numbers.shared(&other.values.numbers);
            // Some rows of a key may be gone; what only tells these rows apart has to have all.
            let holds = || {
                if facts.is_unique(column) {
                    shared().saturating_mul(2) >= own.values.numbers.len()
                } else {
                    is_distinct() && shared() == own.values.numbers.len()
                }
            };
            facts.key != Some(column)
                && (table, column) != at
                && !self.is_settled((table, column))
                && is_called_so
                && !own.values.numbers.is_empty()
                && holds()
        })
    }

    /// Whether a table has another column of the very name of a column that seems to refer to it.
    pub(in crate::app::meaning) fn has_such_a_column(&self, at: ColumnAt, table: usize) -> bool {
        let own = self.facts.column(at);
        self.table(table).columns.iter().enumerate().any(|(column, other)| {
            let place = (table, column);
            self.table(table).key != Some(column)
                && place != at
                && other.words == own.words
                && self.references_of(place).is_empty()
                && !self.is_settled(place)
        })
    }

    /// Whether a name could mean a row of any table.
    pub(in crate::app::meaning) fn is_generic(stem: &[String]) -> bool {
        is(&stem.concat(), vocabulary::GENERIC)
    }
}
