//! What the row ids of a table mean outside its database.

use super::Class;
use super::facts::{TableFacts, is_dense};
use super::inquiry::Inquiry;
use super::names::Level;
use super::proofs::is_configured_key;
use super::words::{Stem, singular, stem};
use crate::config::Rules;
use std::collections::HashSet;

/// From here on, numbers are made by clocks and machines.
const HUGE: i64 = 1 << 40;

/// What seconds since 1970 are in this century.
const SECONDS: (i64, i64) = (900_000_000, 4_200_000_000);

/// SQLite does not begin to count here.
const FAR: i64 = 10_000;

/// From so many rows on, gaps say something.
const SOME_ROWS: u64 = 5;

/// The class of every table's row id, apart from those that are references.
pub(super) fn classify(inquiry: &Inquiry<'_>, rules: &Rules) -> Vec<Class> {
    let is_configured = |table: &TableFacts<'_>| {
        table.key.is_some_and(|key| is_configured_key(rules, table.name(), &table.columns[key].name))
    };
    let class = |table: usize| {
        if is_configured(inquiry.table(table)) { Class::Natural } else { class(inquiry, table) }
    };
    (0..inquiry.facts.tables.len()).map(class).collect()
}

fn class(inquiry: &Inquiry<'_>, at: usize) -> Class {
    let table = inquiry.table(at);
    let Some(key) = table.key else { return Class::Surrogate };
    let is_own = inquiry.facts.is_own(at, key, false);
    if table.ids.is_empty() {
        return if is_own { Class::Surrogate } else { Class::Natural };
    }
    let is_natural = says_something_by_itself(table, is_own)
        || names_tables(inquiry, at)
        || table.info.is_singleton()
        || inquiry.facts.is_outside((at, key)) && !is_own;
    if is_natural {
        return Class::Natural;
    }
    if table.info.counts_ids() {
        return Class::Surrogate;
    }
    if !table.is_rowid(key) {
        // SQLite gives no such number.
        return if is_own && is_dense(&table.ids) { Class::Unclear } else { Class::Natural };
    }
    if is_own {
        return if is_sparse(table) { Class::Unclear } else { Class::Surrogate };
    }
    if names_nothing(inquiry, at, key) {
        let is_counted = is_dense(&table.ids) && is_declared_target(inquiry, at);
        return if is_counted { Class::Surrogate } else { Class::Unclear };
    }
    if inquiry.avoids_gaps(&table.ids, at).is_empty() { Class::Natural } else { Class::Unclear }
}

/// Whether a key ends like an id and means no table.
fn names_nothing(inquiry: &Inquiry<'_>, at: usize, key: usize) -> bool {
    let column = inquiry.facts.column((at, key));
    let Stem { words, is_id } = stem(&column.name, &column.words, &inquiry.facts.endings);
    is_id && inquiry.names.meaning(&words, Level::LastWords).is_none()
}

/// Whether the numbers are none that SQLite counts up: below zero, huge, or times.
fn says_something_by_itself(table: &TableFacts<'_>, is_own: bool) -> bool {
    let Some((least, most)) = table.ids.bounds() else { return false };
    let are_times = least >= SECONDS.0 && most <= SECONDS.1 && table.rows > 1 && !table.info.counts_ids();
    // Some applications keep rows of their own below zero, beside those that SQLite counts up.
    let has_shadows =
        is_own && least.unsigned_abs() <= table.rows && table.ids.from(1).saturating_mul(2) > table.ids.len();
    let are_huge = || table.ids.is_whole() && table.ids.from(HUGE).saturating_mul(2) >= table.ids.len();
    least < -1 && !has_shadows || most >= HUGE && (least >= HUGE || are_huge()) || are_times
}

/// Whether few of the numbers up to the last are used.
fn is_sparse(table: &TableFacts<'_>) -> bool {
    let range = table.ids.bounds().map_or(0, |(least, most)| most.abs_diff(least).saturating_add(1));
    let is_far = table.ids.bounds().is_some_and(|(least, _)| least >= FAR);
    let least_rows = if is_far { 2 } else { SOME_ROWS };
    table.rows >= least_rows && table.rows.saturating_mul(100) < range
}

/// Whether the numbers are the ends of other tables' names, which have a word of this one: `custom_column_1`.
fn names_tables(inquiry: &Inquiry<'_>, at: usize) -> bool {
    /// Nobody has so many tables of a kind.
    const MOST: u64 = 10_000;
    let table = inquiry.table(at);
    let word = singular(table.words.last().map(String::as_str).unwrap_or_default());
    let ends: HashSet<&str> = inquiry
        .facts
        .tables
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at)
        .filter_map(|(_, other)| {
            let (last, before) = other.words.split_last()?;
            before.iter().any(|own| singular(own) == word).then_some(last.as_str())
        })
        .collect();
    !ends.is_empty()
        && table.ids.is_whole()
        && table.ids.len() <= MOST
        && table.ids.iter().all(|id| ends.contains(id.to_string().as_str()))
}

fn is_declared_target(inquiry: &Inquiry<'_>, at: usize) -> bool {
    let name = inquiry.table(at).name();
    inquiry
        .facts
        .tables
        .iter()
        .any(|table| table.info.foreign_keys.iter().any(|key| key.parent.eq_ignore_ascii_case(name)))
}
