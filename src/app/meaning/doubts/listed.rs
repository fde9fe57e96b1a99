//! Numbers in texts: lists and paths.

use super::Verdict;
use crate::app::meaning::column::View;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{NO_LIST, PATH, USUAL, is};
use crate::app::meaning::words::singular;
use std::collections::BTreeSet;

/// A text of several numbers.
pub(super) fn list(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let values = &view.column.values;
    if !values.are_mostly_lists() {
        return Verdict::Open;
    }
    let last = view.words.last().map(String::as_str).unwrap_or_default();
    let meant = if view.stem.is_id {
        view.named.clone()
    } else {
        inquiry.names.meaning(view.words, Level::Shortened)
    };
    let is_called_so = view.stem.is_id || is(last, USUAL) || singular(last) != last && meant.is_some();
    if !values.are_lists() && !is_called_so {
        return Verdict::Open;
    }
    if view.is_own && !view.column.declared.starts_with("REAL") {
        return Verdict::Vague(in_a_text_key(inquiry, view), "its texts are made of numbers, as a key");
    }
    if is_called_so {
        let named: BTreeSet<usize> = meant.iter().flat_map(|meant| &meant.tables).copied().collect();
        let hit: BTreeSet<usize> =
            named.into_iter().filter(|table| inquiry.fit(&values.listed, *table).found > 0).collect();
        return if hit.is_empty() {
            Verdict::Vague(inquiry.candidates(&values.listed, false), "a list of numbers")
        } else {
            Verdict::Doubt(hit, "a list of numbers")
        };
    }
    if is(last, PATH) || values.lists.rooted {
        return path_of(inquiry, view, is(last, PATH));
    }
    let is_counted = view.words.iter().any(|word| is(word, NO_LIST));
    if is_counted || values.listed.len() < 2 || values.lists.divided {
        return Verdict::Nothing;
    }
    Verdict::Vague(inquiry.holders(&values.listed), "a list of numbers, all of which are ids")
}

/// The tables that the table itself refers to, and those small ones of which many are named.
fn in_a_text_key(inquiry: &Inquiry<'_>, view: &View<'_>) -> BTreeSet<usize> {
    let listed = &view.column.values.listed;
    let mut targets = inquiry.targets_of(view.at.0);
    let is_hit = |table: &usize| {
        let facts = inquiry.table(*table);
        inquiry.may_be_meant(*table)
            && facts.rows > 1
            && listed.shared(&facts.ids) >= 2
            && facts.ids.len() <= listed.len()
    };
    targets.extend((0..inquiry.facts.tables.len()).filter(is_hit));
    targets
}

fn path_of(inquiry: &Inquiry<'_>, view: &View<'_>, is_called_so: bool) -> Verdict {
    let listed: &Numbers = &view.column.values.listed;
    let own = view.at.0;
    if inquiry.table(own).key.is_none() {
        return Verdict::Nothing;
    }
    if inquiry.fit(listed, own).may_be_whole() {
        return Verdict::Doubt(BTreeSet::from([own]), "a path of rows of its own table");
    }
    if is_called_so {
        Verdict::Vague(inquiry.holders(listed), "a list of numbers, all of which are ids")
    } else {
        Verdict::Nothing
    }
}

/// A text of one number that is called like a path.
pub(super) fn path(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let values = &view.column.values;
    let is_path = view.words.last().is_some_and(|last| is(last, PATH))
        && values.as_text
        && values.are_integers()
        && inquiry.table(view.at.0).key.is_some()
        && inquiry.fit_of(view.at, view.at.0).may_be_whole();
    if is_path {
        return Verdict::Doubt(BTreeSet::from([view.at.0]), "a path of rows of its own table");
    }
    Verdict::Open
}
