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
use super::inquiry::{Inquiry, Suspicion};
use std::collections::BTreeSet;
pub(super) use unhinted::is_numbering;

/// What a rule says of a column.
pub(super) enum Verdict {
    /// It may refer to these tables, if there are some.
    Doubt(BTreeSet<usize>, &'static str),
    /// It may refer to these tables, and to others that hold its values.
    Wide(BTreeSet<usize>, &'static str),
    /// It may refer to these tables, which nothing but its values says.
    Vague(BTreeSet<usize>, &'static str),
    /// It refers to nothing.
    Nothing,
    /// It is for other rules to say.
    Open,
}

/// The tables that numbers may mean.
enum Meant {
    /// A name says it.
    ByName(BTreeSet<usize>),
    /// Only the numbers say it.
    ByNumbers(BTreeSet<usize>),
}

impl Meant {
    fn nothing() -> Self {
        Self::ByName(BTreeSet::new())
    }

    /// The tables, and whether only the numbers say them.
    fn into_parts(self) -> (BTreeSet<usize>, bool) {
        match self {
            Self::ByName(tables) => (tables, false),
            Self::ByNumbers(tables) => (tables, true),
        }
    }
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
        if let Some((targets, is_vague, why)) = decided {
            let values = &view.column.values;
            let is_number = values.are_integers() || values.are_mostly_integers();
            let place = if is_number { Place::Whole } else { Place::List };
            found.push(Suspicion { at: *at, place, targets, is_vague, when: None, why: why.to_owned() });
        }
    }
    for suspicion in found {
        inquiry.add_suspicion(suspicion);
    }
    inside::find(inquiry, &places);
    settings::find(inquiry)
}

/// What the first rule that decides says, and whether only numbers say it; nothing where it names no table.
fn decide(
    inquiry: &Inquiry<'_>,
    view: &View<'_>,
    rules: &[Rule],
) -> anyhow::Result<Option<(BTreeSet<usize>, bool, &'static str)>> {
    let mut verdicts = rules.iter().map(|rule| rule(inquiry, view));
    let (targets, is_vague, why) = match verdicts.find(|verdict| !matches!(verdict, Verdict::Open)) {
        Some(Verdict::Doubt(targets, why)) => (targets, false, why),
        Some(Verdict::Vague(targets, why)) => (targets, true, why),
        Some(Verdict::Wide(targets, why)) => (wider::wider(inquiry, view, targets)?, true, why),
        _ => return Ok(None),
    };
    Ok((!targets.is_empty()).then_some((targets, is_vague, why)))
}
