//! How numbers fit the row ids of tables.

use super::Inquiry;
use crate::app::meaning::Class;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::numbers::Numbers;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Numbers that mean no row where they are no row id.
const NONE: [i64; 2] = [0, -1];

/// Wider tables hold more than links.
const MOST_COLUMNS_OF_A_LINK: usize = 8;

/// How many distinct values of a column are row ids of a table, without those that mean none.
#[derive(Debug, Clone, Copy)]
pub(in crate::app::meaning) struct Fit {
    /// How many values there are.
    pub of: u64,
    /// How many of them are row ids.
    pub found: u64,
    /// Whether it is known, and not only guessed by the bounds of sets that are too large.
    pub is_exact: bool,
}

impl Fit {
    /// From so many values on, some of them may be of rows that are gone.
    const MANY: u64 = 20;

    /// Whether there is a value, and all are row ids.
    pub(in crate::app::meaning) fn is_whole(self) -> bool {
        self.of > 0 && self.found == self.of
    }

    /// Whether it is whole as far as anybody knows: enough for a doubt.
    pub(in crate::app::meaning) fn may_be_whole(self) -> bool {
        if self.is_exact { self.is_whole() } else { self.found > 0 }
    }

    /// Whether it is whole, or nearly so with many values.
    pub(in crate::app::meaning) fn is_proof(self) -> bool {
        self.is_whole() || self.is_many() && self.is_share(95)
    }

    pub(in crate::app::meaning) fn is_many(self) -> bool {
        self.of >= Self::MANY
    }

    /// Whether there is a value, and so many in 100 are row ids at least.
    pub(in crate::app::meaning) fn is_share(self, percent: u64) -> bool {
        self.of > 0 && self.found.saturating_mul(100) >= self.of.saturating_mul(percent)
    }

    pub(in crate::app::meaning) fn is_over_half(self) -> bool {
        self.found.saturating_mul(2) > self.of
    }
}

impl Inquiry<'_> {
    /// How many of some numbers are row ids of a table.
    pub(in crate::app::meaning) fn fit(&self, numbers: &Numbers, table: usize) -> Fit {
        let ids = &self.table(table).ids;
        if numbers.is_empty() {
            return Fit { of: 0, found: 0, is_exact: true };
        }
        if !numbers.is_whole() || !ids.is_whole() {
            return by_bounds(numbers, ids);
        }
        let none = NONE.iter().filter(|number| numbers.contains(**number) && !ids.contains(**number)).count();
        Fit { of: numbers.len() - none as u64, found: numbers.shared(ids), is_exact: true }
    }

    pub(in crate::app::meaning) fn fit_of(&self, at: ColumnAt, table: usize) -> Fit {
        self.fit(&self.facts.column(at).values.numbers, table)
    }

    /// How unlikely it is that numbers which mean something else hit no gap between the row ids of a table, as a power of
    /// ten: -3 is one in a thousand.
    pub(in crate::app::meaning) fn chance(&self, numbers: &Numbers, table: usize) -> f64 {
        let ids = &self.table(table).ids;
        let Some((least, most)) = numbers.bounds() else { return 0.0 };
        let span = |(least, most): (i64, i64)| most.abs_diff(least).saturating_add(1);
        // Of too many row ids only their bounds and how many they are is known.
        let (known, range) = match ids.bounds().filter(|_| !ids.is_whole()) {
            Some(bounds) => (self.table(table).rows, span(bounds)),
            None => (ids.between(least, most), span((least, most))),
        };
        let known = known.max(1);
        #[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
        if known < range { numbers.len() as f64 * (known as f64 / range as f64).log10() } else { 0.0 }
    }

    /// The tables whose row ids have gaps, none of which a row id of this table hits.
    pub(in crate::app::meaning) fn avoids_gaps(&self, ids: &Numbers, own: usize) -> BTreeSet<usize> {
        const FEW: u64 = 5;
        const CHANCE: f64 = -6.0;
        let is_one = |other: &usize| {
            let facts = self.table(*other);
            *other != own
                && facts.key.is_some()
                && self.fit(ids, *other).may_be_whole()
                && self.chance(ids, *other) < CHANCE
        };
        if ids.len() < FEW { BTreeSet::new() } else { (0..self.facts.tables.len()).filter(is_one).collect() }
    }

    /// Whether rows of a table can be meant by a doubtful number: their ids may change, and there are some.
    pub(in crate::app::meaning) fn may_be_meant(&self, table: usize) -> bool {
        let facts = self.table(table);
        facts.key.is_some() && facts.rows > 0 && self.classes[table] != Class::Natural
    }

    /// The tables that hold all of some numbers, else those that hold half of them. Tables of one row count only if they
    /// are `named`.
    pub(in crate::app::meaning) fn candidates(&self, numbers: &Numbers, named: bool) -> BTreeSet<usize> {
        let fitting: Vec<(usize, Fit)> = self
            .eligible
            .iter()
            .copied()
            .filter(|table| named || self.table(*table).rows > 1)
            .map(|table| (table, self.fit(numbers, table)))
            .filter(|(table, fit)| fit.is_share(50) && !self.is_mere_link(*table))
            .collect();
        let has_whole = fitting.iter().any(|(_, fit)| fit.is_whole());
        fitting
            .into_iter()
            .filter(|(_, fit)| !has_whole || fit.may_be_whole())
            .map(|(table, _)| table)
            .collect()
    }

    /// The tables without any key whose hidden row ids are all of many numbers. Few applications refer to those, and fewer
    /// numbers are row ids of nearly every table.
    pub(in crate::app::meaning) fn hidden_holders(&self, numbers: &Numbers) -> BTreeSet<usize> {
        const MANY: u64 = 12;
        if numbers.len() < MANY {
            return BTreeSet::new();
        }
        let is_one = |table: &usize| self.fit(numbers, *table).may_be_whole() && !self.is_mere_link(*table);
        self.hidden.iter().copied().filter(is_one).collect()
    }

    /// The tables that hold all of some numbers.
    pub(in crate::app::meaning) fn holders(&self, numbers: &Numbers) -> BTreeSet<usize> {
        let mut found = self.candidates(numbers, false);
        found.retain(|table| self.fit(numbers, *table).may_be_whole());
        found
    }

    /// The tables that hold any of some numbers.
    pub(in crate::app::meaning) fn meant_by_any(&self, numbers: &Numbers) -> BTreeSet<usize> {
        let is_one = |table: &usize| self.fit(numbers, *table).found > 0 && !self.is_mere_link(*table);
        self.eligible.iter().copied().filter(is_one).collect()
    }

    /// The tables whose rows a number may mean that nothing but its value says something of.
    pub(in crate::app::meaning) fn numbered(&self) -> impl Iterator<Item = usize> {
        self.eligible.iter().copied().filter(|table| !self.is_mere_link(*table))
    }

    /// Whether a table only links others, and nobody refers to it.
    fn is_mere_link(&self, table: usize) -> bool {
        let facts = self.table(table);
        if self.referred.contains(&table) || facts.columns.len() > MOST_COLUMNS_OF_A_LINK {
            return false;
        }
        let columns = 0..facts.columns.len();
        let refers = columns.filter(|column| self.referring.contains(&(table, *column))).count();
        refers >= 2 && facts.columns.len() <= refers + 2
    }

    /// The numbers in all columns of a name; nothing where there is one only.
    pub(in crate::app::meaning) fn pool(&self, column: &str) -> Option<Rc<Numbers>> {
        let name = column.to_ascii_lowercase();
        let columns = self.namesakes.get(&name).filter(|columns| columns.len() > 1)?;
        let mut pools = self.pools.borrow_mut();
        let pool = pools.entry(name).or_insert_with(|| {
            let mut pool = Numbers::default();
            for at in columns {
                pool.absorb(self.facts.column(*at).values.numbers.clone());
            }
            Rc::new(pool)
        });
        Some(Rc::clone(pool))
    }
}

/// What the bounds of two sets say, of which one is too large to be known: enough for a doubt, and never for a proof.
fn by_bounds(numbers: &Numbers, ids: &Numbers) -> Fit {
    let (Some((least, most)), Some((first, last))) = (numbers.bounds(), ids.bounds()) else {
        return Fit { of: u64::from(!numbers.is_empty()), found: 0, is_exact: true };
    };
    let meets = least <= last && first <= most;
    Fit { of: 1000, found: if meets { 900 } else { 0 }, is_exact: !meets }
}
