//! Ids inside JSON.

use crate::app::meaning::Place;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{CONTAINERS, FLAG, OUTSIDE, PEOPLE, USUAL, is};
use crate::app::meaning::words::{Stem, same, split, stem};
use std::collections::BTreeSet;

/// Adds the doubts about what stands inside JSON.
pub(super) fn find(inquiry: &mut Inquiry<'_>, places: &[ColumnAt]) {
    let mut found = Vec::new();
    for at in places.iter().filter(|at| !inquiry.is_settled(**at)) {
        for (path, numbers) in &inquiry.facts.column(*at).values.json {
            if inquiry.is_path_settled(*at, &as_setting(path)) {
                continue;
            }
            let mut targets = targets(inquiry, *at, path, numbers);
            targets.retain(|table| inquiry.fit(numbers, *table).found > 0);
            found.push((*at, Place::Json(as_setting(path)), targets));
        }
    }
    for (at, place, targets) in found {
        inquiry.suspect_place(at, place, targets, None, "numbers inside JSON");
    }
}

/// A path as the settings write it.
fn as_setting(path: &str) -> String {
    path.trim_start_matches('$').trim_start_matches('.').replace("[]", "[*]")
}

/// The tables that the numbers at a path may mean, by the names on it.
fn targets(inquiry: &Inquiry<'_>, at: ColumnAt, path: &str, numbers: &Numbers) -> BTreeSet<usize> {
    let is_part = |part: &&str| !part.is_empty() && *part != "$";
    let parts: Vec<&str> = path.split(['.', '[', ']', '{', '}']).filter(is_part).collect();
    let column = inquiry.facts.column(at);
    let name = parts.last().copied().unwrap_or(&column.name);
    let words = split(name);
    let Stem { words: start, is_id } = stem(name, &words, &inquiry.facts.endings);
    let is_several = path.ends_with("[]") || path.ends_with("{}");
    if words == ["id"] {
        return of_id(inquiry, at, path, &parts);
    }
    if is_id {
        if words.iter().any(|word| is(word, OUTSIDE)) && !start.is_empty() {
            return BTreeSet::new();
        }
        return of_ending(inquiry, &start, numbers);
    }
    if is_several {
        return of_several(inquiry, path, &words, numbers);
    }
    let last = words.last().map(String::as_str).unwrap_or_default();
    match () {
        () if is(&words[0], FLAG) => BTreeSet::new(),
        () if is(last, PEOPLE) => inquiry.names.people().iter().copied().collect(),
        () if is(last, USUAL) => inquiry.candidates(numbers, false),
        () => BTreeSet::new(),
    }
}

/// The elements of an array, or the keys of an object, that is called after a table.
fn of_several(inquiry: &Inquiry<'_>, path: &str, words: &[String], numbers: &Numbers) -> BTreeSet<usize> {
    const FEW: u64 = 3;
    let holds_all = |tables: &[usize]| tables.iter().all(|table| inquiry.fit(numbers, *table).is_whole());
    match inquiry.names.meaning(words, Level::Shortened) {
        // Yes and no, or counts from 0.
        Some(meant) if meant.in_role && numbers.bounds() == Some((0, 1)) => BTreeSet::new(),
        Some(meant) if !meant.in_role || holds_all(&meant.tables) => meant.tables.into_iter().collect(),
        None if path.ends_with("{}") && numbers.len() >= FEW => inquiry.holders(numbers),
        _ => BTreeSet::new(),
    }
}

/// `id` under the name of a table, or of the row itself.
fn of_id(inquiry: &Inquiry<'_>, at: ColumnAt, path: &str, parts: &[&str]) -> BTreeSet<usize> {
    let column = &inquiry.facts.column(at).name;
    let mut above = parts.split_last().map(|(_, above)| above).unwrap_or_default();
    while let [start @ .., container] = above
        && !start.is_empty()
        && split(container).last().is_some_and(|last| is(last, CONTAINERS))
    {
        above = start;
    }
    let above = above.last().copied();
    match above.or_else(|| path.starts_with("$[]").then_some(column.as_str())) {
        Some(above) => {
            let words = split(above);
            let is_person = words.last().is_some_and(|last| is(last, PEOPLE));
            match inquiry.names.meaning(&words, Level::LastWords) {
                Some(meant) => meant.tables.into_iter().collect(),
                None if is_person => inquiry.names.people().iter().copied().collect(),
                None => with_word(inquiry, &words),
            }
        }
        None if path == "$.id" && inquiry.table(at.0).key.is_some() => BTreeSet::from([at.0]),
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
