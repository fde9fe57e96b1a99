//! Ids inside JSON.

use super::Meant;
use super::unhinted::meant_by_word;
use crate::app::json_path::EACH;
use crate::app::meaning::Place;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Suspicion};
use crate::app::meaning::json::{End, Inside};
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{CONTAINERS, FLAG, OUTSIDE, PEOPLE, USUAL, is};
use crate::app::meaning::words::{Stem, same, singular, split, stem};
use std::collections::BTreeSet;

/// Adds the doubts about what stands inside JSON.
pub(super) fn find(inquiry: &mut Inquiry<'_>, places: &[ColumnAt]) {
    let mut found = Vec::new();
    for at in places.iter().filter(|at| !inquiry.is_settled(**at)) {
        for inside in &inquiry.facts.column(*at).values.json {
            if inquiry.is_path_settled(*at, &inside.path) {
                continue;
            }
            let (mut targets, is_vague) = targets(inquiry, *at, inside).into_parts();
            targets.retain(|table| inquiry.fit(&inside.numbers, *table).found > 0);
            let (place, why) = (Place::Json(inside.path.clone()), "numbers inside JSON".to_owned());
            found.push(Suspicion { at: *at, place, targets, is_vague, when: None, why });
        }
    }
    for suspicion in found {
        inquiry.add_suspicion(suspicion);
    }
}

fn targets(inquiry: &Inquiry<'_>, at: ColumnAt, inside: &Inside) -> Meant {
    let numbers = &inside.numbers;
    let column = inquiry.facts.column(at);
    let name = inside.names.last().unwrap_or(&column.name);
    let words = split(name);
    let Stem { words: start, is_id } = stem(name, &words, &inquiry.facts.endings);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let may_refer = is_id || words == ["id"] || inside.end != End::Member;
    let meant = match () {
        () if words == ["id"] => Meant::ByName(of_id(inquiry, at, inside)),
        () if is_id && !start.is_empty() && words.iter().any(|word| is(word, OUTSIDE)) => Meant::nothing(),
        () if is_id => of_ending(inquiry, &start, numbers),
        () if inside.end != End::Member => of_several(inquiry, inside, &words),
        () if is(&words[0], FLAG) => Meant::nothing(),
        () if is(last, PEOPLE) => Meant::ByName(inquiry.names.people().iter().copied().collect()),
        () if is(last, USUAL) => Meant::ByNumbers(inquiry.candidates(numbers, false)),
        // A plural counts.
        () if singular(last) != last => Meant::nothing(),
        () => Meant::ByName(meant_by_word(inquiry, name, &words, numbers, None).unwrap_or_default()),
    };
    // Where names were forgotten, any table may be meant.
    let is_open = || matches!(&meant, Meant::ByName(tables) | Meant::ByNumbers(tables) if tables.is_empty());
    if inside.is_vague && may_refer && is_open() {
        return Meant::ByNumbers(inquiry.meant_by_any(numbers));
    }
    meant
}

/// The elements of an array, or the keys or values of an object, that is called after a table.
fn of_several(inquiry: &Inquiry<'_>, inside: &Inside, words: &[String]) -> Meant {
    const FEW: u64 = 3;
    let numbers = &inside.numbers;
    let holds_all = |tables: &[usize]| tables.iter().all(|table| inquiry.fit(numbers, *table).may_be_whole());
    match inquiry.names.meaning(words, Level::Shortened) {
        // Yes and no, or counts from 0.
        Some(meant) if meant.in_role && numbers.bounds() == Some((0, 1)) => Meant::nothing(),
        Some(meant) if !meant.in_role || holds_all(&meant.tables) => {
            Meant::ByName(meant.tables.into_iter().collect())
        }
        None if inside.end == End::Keys && numbers.len() >= FEW => Meant::ByNumbers(inquiry.holders(numbers)),
        _ => Meant::nothing(),
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

fn of_ending(inquiry: &Inquiry<'_>, start: &[String], numbers: &Numbers) -> Meant {
    if let Some(meant) = inquiry.names.meaning(start, Level::LastWords) {
        return Meant::ByName(meant.tables.into_iter().collect());
    }
    let short = start.last().map(|word| {
        let tables = super::hinted::tables_short(inquiry, word);
        tables.filter(|table| inquiry.fit(numbers, *table).is_share(50)).collect::<BTreeSet<_>>()
    });
    match short.filter(|tables| !tables.is_empty()) {
        Some(short) => Meant::ByName(short),
        None => Meant::ByNumbers(inquiry.candidates(numbers, false)),
    }
}
