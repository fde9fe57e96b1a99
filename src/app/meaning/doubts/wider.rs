//! The other tables that a doubtful column may mean: those that its name begins, those that hold all of its values, and those
//! that hold the values of a kind of rows.

use crate::app::meaning::column::View;
use crate::app::meaning::groups::few_groups;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::proofs::kinds_beside;
use crate::app::meaning::vocabulary::{KIND, is};
use anyhow::Result;
use std::collections::BTreeSet;

/// More different values are not looked at by kinds.
const MOST_VALUES: u64 = 5000;

/// More kinds are none.
const MOST_KINDS: usize = 12;

/// Words of columns that say a kind, beside those of pairs.
const OTHER_KINDS: &[&str] = &["domain", "key", "realm"];

pub(super) fn wider(
    inquiry: &Inquiry<'_>,
    view: &View<'_>,
    mut targets: BTreeSet<usize>,
) -> Result<BTreeSet<usize>> {
    let numbers = &view.column.values.numbers;
    targets.extend(begun_by(inquiry, view));
    if numbers.is_empty() {
        return Ok(targets);
    }
    let holders = inquiry.holders(numbers);
    if numbers.len() <= MOST_VALUES {
        targets.extend(by_kind(inquiry, view, holders.is_empty())?);
    }
    targets.extend(holders.into_iter().filter(|table| *table != view.at.0));
    // The same numbers as the rows themselves have are another number of theirs.
    let facts = inquiry.table(view.at.0);
    let same = facts.ids.len();
    if !view.is_key && !view.is_parent && numbers.len() == same && numbers.shared(&facts.ids) == same {
        targets.remove(&view.at.0);
    }
    Ok(targets)
}

/// The tables whose first word that says something begins with the column's last, and that hold some of its values.
fn begun_by(inquiry: &Inquiry<'_>, view: &View<'_>) -> BTreeSet<usize> {
    const SHORTEST: usize = 3;
    let Some(word) = view.last().filter(|word| word.chars().count() >= SHORTEST) else {
        return BTreeSet::new();
    };
    let begins = |table: &usize| {
        let first = inquiry.names.first_word(&inquiry.table(*table).words);
        inquiry.may_be_meant(*table) && first.starts_with(word) && inquiry.fit_of(view.at, *table).found > 0
    };
    (0..inquiry.facts.tables.len()).filter(begins).collect()
}

/// The tables that hold all values of the rows of a kind.
fn by_kind(inquiry: &Inquiry<'_>, view: &View<'_>, fits_nowhere: bool) -> Result<BTreeSet<usize>> {
    let (table, own) = view.at;
    let columns = &inquiry.table(table).columns;
    let says =
        |column: &usize, words: &[&str]| columns[*column].words.last().is_some_and(|last| is(last, words));
    let others = || (0..columns.len()).filter(|column| *column != own);
    let mut targets = BTreeSet::new();
    let beside: Vec<usize> = kinds_beside(inquiry, view.at).collect();
    let is_kind = |column: &usize| says(column, KIND) || beside.contains(column);
    if !fits_nowhere && !others().any(|column| is_kind(&column)) {
        return Ok(targets);
    }
    for column in others().filter(|column| is_kind(column) || says(column, OTHER_KINDS)) {
        let groups = few_groups(inquiry, (table, column), view.at, MOST_KINDS)?.unwrap_or_default();
        if groups.len() > 1 {
            let of_numbers = groups.iter().filter(|group| group.are_mostly_numbers());
            targets.extend(of_numbers.flat_map(|group| inquiry.candidates(&group.numbers, false)));
        }
    }
    Ok(targets)
}
