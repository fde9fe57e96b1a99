//! What a database says of its own words: a word that means rows of a table elsewhere, and tables that are called after the
//! two whose rows they link.
//!
//! A bare word (`book`) alone proves nothing, since it may count or name something. It does where SQL or a declared key says
//! that the same word in another table is a row id of the table that it names.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::Level;
use crate::app::meaning::vocabulary::{LINK, QUANTITY, is};
use crate::app::meaning::{Class, Evidence};

/// Adds the references that the words of the schema prove beside those that are proven already.
pub(in crate::app::meaning) fn by_conventions(inquiry: &mut Inquiry<'_>) {
    for rule in [by_word as fn(&Inquiry<'_>, &View<'_>) -> Option<usize>, by_link, by_rest_of_link] {
        let columns: Vec<ColumnAt> = inquiry.facts.columns().collect();
        let mut found = Vec::new();
        for at in columns.into_iter().filter(|at| !inquiry.is_settled(*at)) {
            let view = View::new(inquiry, at);
            if is_number(&view)
                && let Some(target) = rule(inquiry, &view)
            {
                found.push((at, target));
            }
        }
        for (at, target) in found {
            inquiry.prove(at, target, Evidence::Name("what the schema calls so elsewhere"));
        }
    }
}

/// Whether a column holds numbers that may be row ids of other tables.
fn is_number(view: &View<'_>) -> bool {
    let counts = view.words.last().is_some_and(|last| is(last, QUANTITY));
    view.column.values.are_integers()
        && !view.column.is_boolean()
        && !view.is_key
        && !view.is_own
        && !view.is_outside
        && !counts
}

/// The one table that the whole name of a column is, where all of its numbers are row ids of that.
fn named(inquiry: &Inquiry<'_>, view: &View<'_>) -> Option<usize> {
    let meant = inquiry.names.meaning(view.words, Level::Shortened).filter(|meant| !meant.in_role)?;
    let [target] = meant.tables.as_slice() else { return None };
    fits(inquiry, view, *target).then_some(*target)
}

fn fits(inquiry: &Inquiry<'_>, view: &View<'_>, target: usize) -> bool {
    target != view.at.0
        && inquiry.table(target).key.is_some()
        && inquiry.classes[target] != Class::Natural
        && inquiry.fit_of(view.at, target).is_proof()
}

/// A word that is said to mean the table that it names, in another table, and nowhere to mean another.
fn by_word(inquiry: &Inquiry<'_>, view: &View<'_>) -> Option<usize> {
    let target = named(inquiry, view)?;
    let is_elsewhere = |at: ColumnAt| {
        at.0 != view.at.0 && inquiry.facts.column(at).name.eq_ignore_ascii_case(&view.column.name)
    };
    let elsewhere: Vec<ColumnAt> = inquiry.facts.columns().filter(|at| is_elsewhere(*at)).collect();
    let means_it = |at: &ColumnAt| inquiry.references_of(*at) == [target];
    let means_other = |at: &ColumnAt| inquiry.references_of(*at).iter().any(|meant| *meant != target);
    let is_said = elsewhere.iter().any(|at| means_it(at) && inquiry.is_said(*at));
    (is_said && !elsewhere.iter().any(means_other)).then_some(target)
}

/// `series` in `books_series_link`: the table is called after this one and another, both of them tables.
fn by_link(inquiry: &Inquiry<'_>, view: &View<'_>) -> Option<usize> {
    let linked = linked(inquiry, view.at.0)?;
    named(inquiry, view).filter(|target| linked.contains(target))
}

/// `value` in `books_custom_column_1_link`, beside `book`: the one number left of a link between two tables.
fn by_rest_of_link(inquiry: &Inquiry<'_>, view: &View<'_>) -> Option<usize> {
    let own = inquiry.table(view.at.0);
    if !own.words.last().is_some_and(|last| is(last, LINK)) {
        return None;
    }
    let [one, other] = linked(inquiry, view.at.0)?;
    let columns: Vec<usize> = (0..own.columns.len()).filter(|column| own.key != Some(*column)).collect();
    let [first, second] = columns.as_slice() else { return None };
    let beside = if *first == view.at.1 { *second } else { *first };
    let target = match inquiry.references_of((view.at.0, beside)) {
        [known] if *known == one => other,
        [known] if *known == other => one,
        _ => return None,
    };
    fits(inquiry, view, target).then_some(target)
}

/// The two tables whose whole names, one after the other, are that of a table, but for a word such as `link`.
fn linked(inquiry: &Inquiry<'_>, table: usize) -> Option<[usize; 2]> {
    let words = &inquiry.table(table).words;
    let words = match words.split_last() {
        Some((last, start)) if is(last, LINK) => start,
        _ => words.as_slice(),
    };
    let whole = |words: &[String]| {
        let meant = inquiry.names.meaning(words, Level::Shortened).filter(|meant| !meant.in_role)?;
        match meant.tables.as_slice() {
            [one] if *one != table => Some(*one),
            _ => None,
        }
    };
    (1..words.len()).find_map(|at| Some([whole(&words[..at])?, whole(&words[at..])?]))
}
