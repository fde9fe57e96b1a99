//! What may refer to rows of a table, although nothing proves it.

mod hinted;
mod inside;
mod keys;
mod last;
mod listed;
mod settings;
mod unhinted;
mod wider;

use super::Place;
use super::column::View;
use super::facts::ColumnAt;
use super::inquiry::Inquiry;
use std::collections::BTreeSet;
pub(super) use unhinted::is_numbering;

/// What a rule says of a column.
pub(super) enum Verdict {
    /// It may refer to these tables, if there are some.
    Doubt(BTreeSet<usize>, &'static str),
    /// It may refer to these tables, and to others that speak for themselves.
    Wide(BTreeSet<usize>, &'static str),
    /// It refers to nothing.
    Nothing,
    /// It is for other rules to say.
    Open,
}

type Rule = fn(&Inquiry<'_>, &View<'_>) -> Verdict;

/// The rules, the first that decides.
const RULES: &[Rule] = &[
    keys::key,
    keys::id_of_another,
    listed::list,
    listed::path,
    unhinted::no_number,
    hinted::yes_or_no,
    hinted::outside,
    hinted::named,
    hinted::parent,
    hinted::people,
    hinted::side_table,
    hinted::last_words,
    hinted::another_key,
    hinted::short,
    hinted::any,
    hinted::of_a_kind,
    unhinted::sibling,
    unhinted::flag,
    unhinted::bare_word,
    unhinted::preposition,
    unhinted::quantity,
    unhinted::ends_like_a_table,
    unhinted::named_after,
    unhinted::begins_like_a_table,
    unhinted::all_ids,
];

/// Rules for what no other rule suspects.
const LAST_RULES: &[Rule] = &[last::same_key, last::avoids_gaps, last::texts];

/// Adds a doubt for every place that may refer to something.
pub(super) fn find(inquiry: &mut Inquiry<'_>) -> anyhow::Result<()> {
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    let mut found = Vec::new();
    for at in &places {
        if inquiry.is_settled(*at) || inquiry.facts.column(*at).is_boolean() {
            continue;
        }
        let view = View::new(inquiry, *at);
        let mut decided = decide(inquiry, &view, RULES)?;
        if decided.is_none() {
            decided = decide(inquiry, &view, LAST_RULES)?;
        }
        if let Some((targets, why)) = decided {
            let values = &view.column.values;
            let is_number = values.are_integers() || values.are_mostly_integers();
            let place = if is_number { Place::Whole } else { Place::List };
            found.push((*at, place, targets, why));
        }
    }
    for (at, place, targets, why) in found {
        inquiry.suspect_place(at, place, targets, None, why);
    }
    inside::find(inquiry, &places);
    settings::find(inquiry)
}

/// What the first rule that decides says; nothing where it names no table.
fn decide(
    inquiry: &Inquiry<'_>,
    view: &View<'_>,
    rules: &[Rule],
) -> anyhow::Result<Option<(BTreeSet<usize>, &'static str)>> {
    let mut verdicts = rules.iter().map(|rule| rule(inquiry, view));
    let (targets, why) = match verdicts.find(|verdict| !matches!(verdict, Verdict::Open)) {
        Some(Verdict::Doubt(targets, why)) => (targets, why),
        Some(Verdict::Wide(targets, why)) => (wider::wider(inquiry, view, targets)?, why),
        _ => return Ok(None),
    };
    Ok((!targets.is_empty()).then_some((targets, why)))
}
