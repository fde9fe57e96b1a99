//! Columns whose name says that they refer to something.

use super::Verdict;
use crate::app::meaning::Class;
use crate::app::meaning::column::View;
use crate::app::meaning::inquiry::{Fit, Inquiry};
use crate::app::meaning::names::Level;
use crate::app::meaning::proofs::kinds_beside;
use crate::app::meaning::words::singular;
use std::collections::BTreeSet;

/// The tables of some that hold values of a column as `fits` wants.
fn which(
    inquiry: &Inquiry<'_>,
    view: &View<'_>,
    tables: &[usize],
    fits: impl Fn(Fit) -> bool,
) -> BTreeSet<usize> {
    tables.iter().copied().filter(|table| fits(inquiry.fit_of(view.at, *table))).collect()
}

fn candidates(inquiry: &Inquiry<'_>, view: &View<'_>) -> BTreeSet<usize> {
    inquiry.candidates(&view.column.values.numbers, false)
}

/// An id of another system, which is one of a table only if it is called exactly so.
pub(super) fn outside(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_hinted || !view.is_outside || view.names_exactly() {
        return Verdict::Open;
    }
    let named = view.named.as_ref().map(|meant| meant.tables.as_slice()).unwrap_or_default();
    let targets = which(inquiry, view, named, Fit::may_be_whole);
    Verdict::Doubt(targets, "a word of another system, and all of its values are ids")
}

/// What answers yes or no, although a table's name ends it: `deleted_user`. Who made something may be the first user or none.
pub(super) fn yes_or_no(_: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let is_answer = view.is_hinted && view.is_yes_or_no && view.is_in_role();
    if is_answer { Verdict::Nothing } else { Verdict::Open }
}

/// What is called after tables.
pub(super) fn named(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let Some(tables) = view.exact.as_deref().filter(|_| view.is_hinted) else { return Verdict::Open };
    let [table] = tables else {
        let targets = which(inquiry, view, tables, Fit::is_over_half);
        return if targets.is_empty() {
            Verdict::Open
        } else {
            Verdict::Wide(targets, "its name means several tables")
        };
    };
    let fit = inquiry.fit_of(view.at, *table);
    let is_another = || !fit.is_whole() && inquiry.means_another_key(view.at, &view.stem.words, *table);
    if fit.of == 0 || is_another() {
        return Verdict::Nothing;
    }
    let mut targets = if fit.is_share(50) { BTreeSet::new() } else { candidates(inquiry, view) };
    if inquiry.has_such_a_column(view.at, *table) {
        targets = candidates(inquiry, view);
        targets.insert(*table);
        return Verdict::Wide(targets, "the table that it is called after has such a column itself");
    }
    if !view.ends_like_key_of(inquiry, *table) {
        return Verdict::Wide(
            BTreeSet::from([*table]),
            "it is called after this table, but not like its key",
        );
    }
    targets.insert(*table);
    if fit.found == 0 {
        return Verdict::Wide(targets, "none of its values is in the table that it is called after");
    }
    if fit.is_whole() {
        return Verdict::Wide(
            targets,
            "every value is in the table that it is called after, and something speaks against it",
        );
    }
    Verdict::Wide(targets, "some of its values are not in the table that it is called after")
}

/// `parent` and the like.
pub(super) fn parent(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_hinted || !view.is_parent {
        return Verdict::Open;
    }
    let own = view.at.0;
    if inquiry.table(own).key.is_some() && inquiry.classes[own] == Class::Natural {
        return Verdict::Nothing;
    }
    let extended = inquiry.names.extended_by(own).iter().take(1).copied();
    let mut targets: BTreeSet<usize> =
        extended.chain([own]).filter(|table| inquiry.fit_of(view.at, *table).is_share(50)).collect();
    if targets.is_empty() {
        targets = inquiry.candidates(&view.column.values.numbers, true);
        targets.extend(inquiry.table(own).key.map(|_| own));
    }
    Verdict::Wide(targets, "it is called after a row of its own table")
}

/// What people are to things.
pub(super) fn people(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_hinted || !view.is_people {
        return Verdict::Open;
    }
    let people = inquiry.names.people();
    if let [one] = people
        && inquiry.fit_of(view.at, *one).of > 0
    {
        let mut targets = candidates(inquiry, view);
        targets.insert(*one);
        return Verdict::Wide(targets, "it is called after people, and some of its values are not there");
    }
    let mut targets = which(inquiry, view, people, Fit::may_be_whole);
    if targets.is_empty() {
        targets = inquiry.candidates(&view.column.values.numbers, true);
    }
    Verdict::Wide(targets, "it is called after people")
}

/// `fk`: the table that this one's name extends.
pub(super) fn side_table(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_hinted || !view.stem.words.is_empty() {
        return Verdict::Open;
    }
    let extended = inquiry.names.extended_by(view.at.0).iter().take(1).copied().collect::<Vec<_>>();
    let targets = which(inquiry, view, &extended, |fit| fit.found > 0);
    if targets.is_empty() {
        Verdict::Open
    } else {
        Verdict::Wide(targets, "the table that this one's name extends")
    }
}

/// What is called after the last words of tables.
pub(super) fn last_words(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let Some(meant) = view.named.as_ref().filter(|_| view.is_hinted) else { return Verdict::Open };
    let is_other = |table: &usize| {
        (*table != view.at.0 || meant.in_role)
            && (inquiry.table(*table).key.is_some() || view.names_exactly())
    };
    let tables: Vec<usize> = meant.tables.iter().copied().filter(is_other).collect();
    let mut targets = which(inquiry, view, &tables, Fit::is_over_half);
    if targets.is_empty() {
        targets = which(inquiry, view, &tables, |fit| fit.found > 0);
    }
    if targets.is_empty() { Verdict::Open } else { Verdict::Wide(targets, "its name means these tables") }
}

/// What refers to a table by another key of it.
pub(super) fn another_key(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let Some(meant) = view.named.as_ref().filter(|meant| view.is_hinted && meant.is_exact()) else {
        return Verdict::Open;
    };
    let is_so = |table: &usize| inquiry.means_another_key(view.at, &view.stem.words, *table);
    if meant.tables.iter().any(is_so) { Verdict::Nothing } else { Verdict::Open }
}

/// What is short for the last word of a table.
pub(super) fn short(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let Some(word) = view.stem.words.last().filter(|_| view.is_hinted) else { return Verdict::Open };
    let targets = short_for(inquiry, word, view.at);
    if targets.is_empty() { Verdict::Open } else { Verdict::Wide(targets, "short for these tables") }
}

fn short_for(inquiry: &Inquiry<'_>, word: &str, at: (usize, usize)) -> BTreeSet<usize> {
    let numbers = &inquiry.facts.column(at).values.numbers;
    let others = tables_short(inquiry, word).filter(|table| *table != at.0);
    others.filter(|table| inquiry.fit(numbers, *table).is_share(50)).collect()
}

/// The tables for whose last word a word is short: its beginning, its consonants.
pub(super) fn tables_short<'a>(inquiry: &'a Inquiry<'_>, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let names_a_table = inquiry.names.meaning(&[word.to_owned()], Level::LastWords).is_some();
    let is_one = move |table: &usize| {
        let facts = inquiry.table(*table);
        let last = facts.words.last().map(String::as_str).unwrap_or_default();
        inquiry.may_be_meant(*table) && is_short(word, last, names_a_table)
    };
    (0..inquiry.facts.tables.len()).filter(is_one)
}

fn is_short(word: &str, long: &str, names_a_table: bool) -> bool {
    let letters = word.chars().count();
    let first_four: String = word.chars().take(4).collect();
    let consonants: String = singular(long).chars().filter(|letter| !"aeiou".contains(*letter)).collect();
    let first_two: String = word.chars().take(2).collect();
    letters >= 3 && long.starts_with(word)
        || letters >= 4 && !names_a_table && long.starts_with(&first_four)
        || letters == 3
            && consonants.starts_with(&first_two)
            && word.chars().next() == long.chars().next()
            && word.chars().all(|letter| long.contains(letter))
}

/// What ends like an id and means no table: all that hold its values.
pub(super) fn any(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_hinted {
        return Verdict::Open;
    }
    let numbers = &view.column.values.numbers;
    let mut targets = candidates(inquiry, view);
    if !Inquiry::is_generic(&view.stem.words)
        && let Some(pool) = inquiry.pool(&view.column.name).filter(|pool| pool.len() > numbers.len())
    {
        let held = inquiry.candidates(&pool, true);
        let both: BTreeSet<usize> = targets.intersection(&held).copied().collect();
        if !both.is_empty() {
            targets = both;
        }
    }
    if !targets.iter().any(|table| inquiry.fit(numbers, *table).may_be_whole()) {
        targets.extend(inquiry.hidden_holders(numbers));
    }
    Verdict::Wide(targets, "it ends like an id, and is called after no table")
}

/// What a column beside it may say the kind of.
pub(super) fn of_a_kind(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let may_refer =
        !view.is_yes_or_no && view.column.values.numbers.bounds().is_some_and(|(_, most)| most > 0);
    if may_refer && kinds_beside(inquiry, view.at).next().is_some() {
        return Verdict::Wide(BTreeSet::new(), "a column beside it may say what it refers to");
    }
    Verdict::Open
}
