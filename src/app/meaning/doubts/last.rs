//! What no name says, and the values do.

use super::Verdict;
use super::unhinted::is_numbering;
use crate::app::meaning::Class;
use crate::app::meaning::column::View;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::vocabulary::is;
use crate::app::meaning::words::{same, split, stem};
use std::collections::BTreeSet;

/// Names of keys that many tables have.
const COMMON: &[&str] = &["id", "_id", "pk", "rowid", "key", "name"];

/// A column that has the name of another table's key.
pub(super) fn same_key(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let name = view.column.name.to_ascii_lowercase();
    if !view.column.values.are_integers() || view.is_own || view.is_id || is(&name, COMMON) {
        return Verdict::Open;
    }
    let is_called_so = |table: &usize| {
        let facts = inquiry.table(*table);
        let key = facts.key.map(|key| &facts.columns[key].name);
        *table != view.at.0
            && key.is_some_and(|key| key.eq_ignore_ascii_case(&name))
            && inquiry.classes[*table] != Class::Natural
            && inquiry.fit_of(view.at, *table).is_share(50)
    };
    let targets: BTreeSet<usize> = (0..inquiry.facts.tables.len()).filter(is_called_so).collect();
    if targets.is_empty() {
        Verdict::Open
    } else {
        Verdict::Wide(targets, "the key of another table has this name")
    }
}

/// A key that misses every gap of another table.
pub(super) fn avoids_gaps(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_key {
        return Verdict::Open;
    }
    let mut targets = inquiry.avoids_gaps(&view.column.values.numbers, view.at.0);
    if targets.is_empty() {
        return Verdict::Open;
    }
    targets.insert(view.at.0);
    Verdict::Vague(targets, "it misses every gap between the ids of another table")
}

/// Texts that are the same but for numbers, which are all ids, and that look like addresses: `tt:12`, `.../ticket/12`.
pub(super) fn texts(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    const FEW: u64 = 3;
    const MANY: u64 = 12;
    const CHANCE: f64 = -3.0;
    let values = &view.column.values;
    if !values.texts || is_numbering(inquiry, view.at) {
        return Verdict::Open;
    }
    let mut targets = BTreeSet::new();
    // `Episode 12` is a name, and `sku12` a code.
    let addresses = |before: &str| before.ends_with([':', '/', '=', '[', '#']) || before.ends_with("%2F");
    let forms = values.forms().filter(|(before, numbers)| numbers.len() >= FEW && addresses(before));
    for (before, numbers) in forms {
        let words = split(before);
        let last = &words[words.len().saturating_sub(2)..];
        let is_named = |table: &usize| {
            let own = &inquiry.table(*table).words;
            last.iter().any(|word| {
                let stem = stem(word, std::slice::from_ref(word), &inquiry.facts.endings);
                let is_one =
                    |word: &String| word.chars().count() >= 3 && own.iter().any(|own| same(own, word));
                is_one(word) || stem.is_id && stem.words.last().is_some_and(is_one)
            })
        };
        let is_plain = |table: &usize| {
            let last = inquiry.table(*table).ids.bounds().map_or(i64::MAX, |(_, last)| last);
            let reaches = numbers.bounds().is_some_and(|(_, most)| most >= last / 10 * 9);
            numbers.len() >= MANY && reaches || inquiry.chance(numbers, *table) < CHANCE
        };
        let held = inquiry.holders(numbers);
        let named: BTreeSet<usize> = held.iter().copied().filter(is_named).collect();
        targets.extend(if named.is_empty() { held.into_iter().filter(is_plain).collect() } else { named });
    }
    Verdict::Vague(targets, "numbers in texts of one form, all of which are ids")
}
