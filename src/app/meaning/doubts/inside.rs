//! Ids inside JSON.

use crate::app::json_path::EACH;
use crate::app::meaning::Place;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::json::{End, Inside};
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{CONTAINERS, FLAG, OUTSIDE, PEOPLE, USUAL, is};
use crate::app::meaning::words::{Stem, same, split, stem};
use std::collections::BTreeSet;

/// Adds the doubts about what stands inside JSON.
pub(super) fn find(inquiry: &mut Inquiry<'_>, places: &[ColumnAt]) {
    let mut found = Vec::new();
    for at in places.iter().filter(|at| !inquiry.is_settled(**at)) {
        for inside in &inquiry.facts.column(*at).values.json {
            if inquiry.is_path_settled(*at, &inside.path) {
                continue;
            }
            let mut targets = targets(inquiry, *at, inside);
            targets.retain(|table| inquiry.fit(&inside.numbers, *table).found > 0);
            found.push((*at, Place::Json(inside.path.clone()), targets));
        }
    }
    for (at, place, targets) in found {
        inquiry.suspect_place(at, place, targets, None, "numbers inside JSON");
    }
}

/// The tables that the numbers at a place may mean, by the names on its path.
fn targets(inquiry: &Inquiry<'_>, at: ColumnAt, inside: &Inside) -> BTreeSet<usize> {
    let numbers = &inside.numbers;
    let column = inquiry.facts.column(at);
    let name = inside.names.last().unwrap_or(&column.name);
    let words = split(name);
    let Stem { words: start, is_id } = stem(name, &words, &inquiry.facts.endings);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let may_refer = is_id || words == ["id"] || inside.end != End::Member;
    let named = match () {
        () if words == ["id"] => of_id(inquiry, at, inside),
        () if is_id && !start.is_empty() && words.iter().any(|word| is(word, OUTSIDE)) => BTreeSet::new(),
        () if is_id => of_ending(inquiry, &start, numbers),
        () if inside.end != End::Member => of_several(inquiry, inside, &words),
        () if is(&words[0], FLAG) => BTreeSet::new(),
        () if is(last, PEOPLE) => inquiry.names.people().iter().copied().collect(),
        () if is(last, USUAL) => inquiry.candidates(numbers, false),
        () => BTreeSet::new(),
    };
    // Where names were forgotten, any table may be meant.
    if named.is_empty() && inside.is_vague && may_refer { inquiry.meant_by_any(numbers) } else { named }
}

/// The elements of an array, or the keys or values of an object, that is called after a table.
fn of_several(inquiry: &Inquiry<'_>, inside: &Inside, words: &[String]) -> BTreeSet<usize> {
    const FEW: u64 = 3;
    let numbers = &inside.numbers;
    let holds_all = |tables: &[usize]| tables.iter().all(|table| inquiry.fit(numbers, *table).may_be_whole());
    match inquiry.names.meaning(words, Level::Shortened) {
        // Yes and no, or counts from 0.
        Some(meant) if meant.in_role && numbers.bounds() == Some((0, 1)) => BTreeSet::new(),
        Some(meant) if !meant.in_role || holds_all(&meant.tables) => meant.tables.into_iter().collect(),
        None if inside.end == End::Keys && numbers.len() >= FEW => inquiry.holders(numbers),
        _ => BTreeSet::new(),
    }
}

/// `id` under the name of a table, or of the row itself.
fn of_id(inquiry: &Inquiry<'_>, at: ColumnAt, inside: &Inside) -> BTreeSet<usize> {
    let column = &inquiry.facts.column(at).name;
    let mut above = inside.names.split_last().map(|(_, above)| above).unwrap_or_default();
    while let [start @ .., container] = above
        && !start.is_empty()
        && split(container).last().is_some_and(|last| is(last, CONTAINERS))
    {
        above = start;
    }
    match above.last().or_else(|| inside.path.starts_with(EACH).then_some(column)) {
        Some(above) => {
            let words = split(above);
            let is_person = words.last().is_some_and(|last| is(last, PEOPLE));
            match inquiry.names.meaning(&words, Level::LastWords) {
                Some(meant) => meant.tables.into_iter().collect(),
                None if is_person => inquiry.names.people().iter().copied().collect(),
                None => with_word(inquiry, &words),
            }
        }
        None if inside.path == "id" && inquiry.table(at.0).key.is_some() => BTreeSet::from([at.0]),
        None => BTreeSet::new(),
    }
}

/// The tables that have the last of some words in their name.
fn with_word(inquiry: &Inquiry<'_>, words: &[String]) -> BTreeSet<usize> {
    let Some(last) = words.last() else { return BTreeSet::new() };
    let has = |table: &usize| inquiry.table(*table).words.iter().any(|word| same(word, last));
    (0..inquiry.facts.tables.len()).filter(has).collect()
}

fn of_ending(inquiry: &Inquiry<'_>, start: &[String], numbers: &Numbers) -> BTreeSet<usize> {
    if let Some(meant) = inquiry.names.meaning(start, Level::LastWords) {
        return meant.tables.into_iter().collect();
    }
    let short = start.last().map(|word| {
        let tables = super::hinted::tables_short(inquiry, word);
        tables.filter(|table| inquiry.fit(numbers, *table).is_share(50)).collect::<BTreeSet<_>>()
    });
    short.filter(|tables| !tables.is_empty()).unwrap_or_else(|| inquiry.candidates(numbers, false))
}
