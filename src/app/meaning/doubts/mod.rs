//! What may refer to rows of a table, although nothing proves it.

mod hinted;
mod inside;
mod keys;
mod listed;
mod settings;
mod unhinted;

use super::Place;
use super::column::View;
use super::facts::ColumnAt;
use super::inquiry::Inquiry;
use std::collections::BTreeSet;
pub(super) use unhinted::is_numbering;

/// What a rule says of a column.
pub(super) enum Verdict {
    /// It may refer to these tables, if there are some.
    Doubt(BTreeSet<usize>, String),
    /// It refers to nothing.
    Nothing,
    /// It is for other rules to say.
    Open,
}

impl Verdict {
    fn doubt(targets: BTreeSet<usize>, why: &str) -> Self {
        Self::Doubt(targets, why.to_owned())
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
    hinted::outside,
    hinted::named,
    hinted::parent,
    hinted::people,
    hinted::side_table,
    hinted::last_words,
    hinted::another_key,
    hinted::short,
    hinted::any,
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

/// Adds a doubt for every place that may refer to something.
pub(super) fn find(inquiry: &mut Inquiry<'_>) -> anyhow::Result<()> {
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    let mut found = Vec::new();
    for at in &places {
        if inquiry.is_settled(*at) || inquiry.facts.column(*at).is_boolean() {
            continue;
        }
        let view = View::new(inquiry, *at);
        let verdicts = RULES.iter().map(|rule| rule(inquiry, &view));
        let decided = verdicts.into_iter().find(|verdict| !matches!(verdict, Verdict::Open));
        if let Some(Verdict::Doubt(targets, why)) = decided {
            let is_list = view.column.values.are_lists();
            found.push((*at, if is_list { Place::List } else { Place::Whole }, targets, why));
        }
    }
    for (at, place, targets, why) in found {
        inquiry.suspect_place(at, place, targets, None, why);
    }
    inside::find(inquiry, &places);
    settings::find(inquiry)
}
