//! Row ids that may be those of other tables.

use super::Verdict;
use crate::app::meaning::Class;
use crate::app::meaning::column::View;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::numbers::Numbers;
use std::collections::BTreeSet;

/// The row id of its table.
pub(super) fn key(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_key {
        return Verdict::Open;
    }
    let own = view.at.0;
    if view.is_own {
        return extended(inquiry, view);
    }
    match view.exact.as_deref() {
        _ if !view.stem.is_id => Verdict::Nothing,
        Some([other]) if *other != own => {
            let targets = BTreeSet::from([*other, own]);
            if inquiry.fit_of(view.at, *other).found > 0 {
                Verdict::Wide(targets, "it is called after this table, and some of its values are there")
            } else {
                Verdict::Nothing
            }
        }
        _ if inquiry.classes[own] == Class::Unclear => {
            let mut targets = inquiry.candidates(&view.column.values.numbers, false);
            targets.insert(own);
            Verdict::Wide(targets, "it ends like an id, and is not called after its table")
        }
        _ => Verdict::Nothing,
    }
}

/// A key whose ids are all ids of a table that its table's name extends, which counting up would not give.
fn extended(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    const CHANCE: f64 = -2.0;
    let (own, facts) = (view.at.0, inquiry.table(view.at.0));
    let is_odd = !facts.info.counts_ids() && !facts.is_dense();
    let is_one = |other: &&usize| {
        inquiry.fit_of(view.at, **other).may_be_whole()
            && (is_odd || inquiry.chance(&facts.ids, **other) < CHANCE)
    };
    match inquiry.names.extended_by(own).iter().find(is_one) {
        Some(other) => Verdict::Wide(
            BTreeSet::from([*other, own]),
            "its ids have gaps, and all are ids of the table that its name extends",
        ),
        None => scattered(inquiry, view),
    }
}

/// A key that has so few of the numbers up to its last that nobody counted them up, all of which are ids of a table that was
/// counted up: a row beside another's, with its id.
fn scattered(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    const SOME_ROWS: u64 = 3;
    const SHARE: u64 = 4;
    let (own, facts) = (view.at.0, inquiry.table(view.at.0));
    let is_scattered = |ids: &Numbers| {
        let last = ids.bounds().map_or(0, |(_, last)| last.unsigned_abs());
        ids.len().saturating_mul(SHARE) < last
    };
    if facts.info.counts_ids() || facts.rows < SOME_ROWS || facts.is_dense() || !is_scattered(&facts.ids) {
        return Verdict::Open;
    }
    let mut targets = inquiry.holders(&facts.ids);
    targets.retain(|other| *other != own && !is_scattered(&inquiry.table(*other).ids));
    if targets.is_empty() {
        return Verdict::Open;
    }
    targets.insert(own);
    Verdict::Wide(targets, "few of the numbers up to its last, and all are ids of another table")
}

/// A column called `id` that does not tell the rows of its table apart.
pub(super) fn id_of_another(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let facts = inquiry.table(view.at.0);
    let values = &view.column.values;
    let is_loose = values.are_integers() && view.column.is_integer() && !facts.is_unique(view.at.1);
    if !view.is_id || !is_loose {
        return Verdict::Open;
    }
    let extended = inquiry.names.extended_by(view.at.0);
    let extended = extended.iter().copied().find(|other| inquiry.fit_of(view.at, *other).is_over_half());
    if let Some(other) = extended {
        return Verdict::Wide(
            BTreeSet::from([other]),
            "an id that is no key, of a table whose name extends this one's",
        );
    }
    if facts.is_part_of_a_key(view.at.1) {
        return Verdict::Wide(inquiry.candidates(&values.numbers, true), "an id that is a part of a key");
    }
    let mut targets = inquiry.candidates(&values.numbers, false);
    targets.insert(view.at.0);
    Verdict::Wide(targets, "an id that is no key")
}
