//! Rows of a key and a value, and of a kind and a value: what the value is depends on the row.

use super::Meant;
use crate::app::meaning::Place;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::groups::{Group, Saying, each_group};
use crate::app::meaning::inquiry::{Inquiry, Suspicion};
use crate::app::meaning::names::{self, Level};
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{CHOSEN, COUNTER, KIND_VALUE, QUANTITY, SETTING, SETTING_VALUE, is};
use crate::app::meaning::words::{singular, split, stem};
use anyhow::Result;
use std::collections::BTreeSet;

/// Adds the doubts about values whose meaning another column says.
pub(super) fn find(inquiry: &mut Inquiry<'_>) -> Result<()> {
    for table in 0..inquiry.facts.tables.len() {
        by_key(inquiry, table)?;
        by_kind(inquiry, table)?;
        counters(inquiry, table)?;
    }
    Ok(())
}

fn by_key(inquiry: &mut Inquiry<'_>, table: usize) -> Result<()> {
    let facts = inquiry.table(table);
    let is_called = |at: usize, names: &[&str]| is(&facts.columns[at].name.to_ascii_lowercase(), names);
    let keys =
        (0..facts.columns.len()).filter(|at| is_called(*at, SETTING) && facts.columns[*at].values.texts);
    for key in keys.collect::<Vec<usize>>() {
        by_this_key(inquiry, table, key)?;
    }
    Ok(())
}

fn by_this_key(inquiry: &mut Inquiry<'_>, table: usize, key: usize) -> Result<()> {
    let facts = inquiry.table(table);
    let is_called = |at: usize, names: &[&str]| is(&facts.columns[at].name.to_ascii_lowercase(), names);
    let values: Vec<usize> = (0..facts.columns.len())
        .filter(|at| *at != key && is_called(*at, SETTING_VALUE) && inquiry.is_open((table, *at), key))
        .collect();
    for value in values {
        by_groups(inquiry, (table, key), (table, value), Saying::Texts, &|inquiry, group| {
            (meant_by_setting(inquiry, group), format!("the value of {}", group.said))
        })?;
    }
    Ok(())
}

/// What a group of rows may mean, and why.
type Reading<'m> = &'m dyn Fn(&Inquiry<'_>, &Group) -> (Meant, String);

/// Adds a doubt for each group of rows that may mean something.
fn by_groups(
    inquiry: &mut Inquiry<'_>,
    by: ColumnAt,
    value: ColumnAt,
    saying: Saying,
    meant: Reading<'_>,
) -> Result<()> {
    let column = inquiry.facts.column(by).name.clone();
    let mut found = Vec::new();
    each_group(inquiry, by, value, saying, &mut |group| {
        if group.are_mostly_numbers() && !inquiry.is_kind_settled(value, &group.said) {
            let (meant, why) = meant(inquiry, &group);
            let (targets, is_vague) = meant.into_parts();
            let place = if group.is_list { Place::List } else { Place::Whole };
            let when = Some((column.clone(), group.said));
            if !targets.is_empty() {
                found.push(Suspicion { at: value, place, targets, is_vague, when, why });
            }
        }
        Ok(())
    })?;
    inquiry.suspicions.extend(found);
    Ok(())
}

fn meant_by_setting(inquiry: &Inquiry<'_>, group: &Group) -> Meant {
    let Group { said: name, numbers, is_list, .. } = group;
    let last = name.rsplit(['.', ':', '/']).next().unwrap_or(name);
    let all = split(name);
    let own = stem(last, &split(last), &inquiry.facts.endings);
    let meant = inquiry.names.meaning(&own.words, Level::LastWords);
    let is_chosen = all.len() > 1 && is(&all[0], CHOSEN);
    let counts = own.words.last().is_some_and(|word| is(word, QUANTITY));
    let is_plural = own.words.last().is_some_and(|last| singular(last) != *last);
    let are_rows = *is_list && is_plural && meant.as_ref().is_some_and(names::Meant::is_exact);
    let is_reference = own.is_id || are_rows || is_chosen && meant.is_some() && !counts;
    if !is_reference {
        return Meant::nothing();
    }
    let tables = meant.map(|meant| meant.tables).unwrap_or_default();
    let hit: BTreeSet<usize> =
        tables.into_iter().filter(|table| inquiry.fit(numbers, *table).found > 0).collect();
    if hit.is_empty() && own.is_id {
        Meant::ByNumbers(inquiry.candidates(numbers, true))
    } else {
        Meant::ByName(hit)
    }
}

/// Rows that are called after tables, and hold the last or the next row id of each.
fn counters(inquiry: &mut Inquiry<'_>, table: usize) -> Result<()> {
    let facts = inquiry.table(table);
    let Some(key) =
        (0..facts.columns.len()).find(|at| facts.is_unique(*at) && facts.columns[*at].values.texts)
    else {
        return Ok(());
    };
    let is_number = |at: &usize| {
        let words = &facts.columns[*at].words;
        words.iter().any(|word| is(word, COUNTER))
            && facts.columns[*at].values.are_integers()
            && facts.key != Some(*at)
            && inquiry.is_open((table, *at), key)
    };
    for value in (0..facts.columns.len()).filter(is_number).collect::<Vec<_>>() {
        by_groups(inquiry, (table, key), (table, value), Saying::Texts, &|inquiry, group| {
            let counted = inquiry.facts.table(&group.said).filter(|named| *named != table);
            let is_last = |named: &usize| {
                let (last, next) = (inquiry.table(*named).ids.bounds(), group.numbers.bounds());
                last.zip(next)
                    .is_some_and(|((_, last), (next, _))| next == last || last.checked_add(1) == Some(next))
            };
            let counted = counted.filter(is_last);
            (Meant::ByName(counted.into_iter().collect()), "a counter of row ids".to_owned())
        })?;
    }
    Ok(())
}

fn by_kind(inquiry: &mut Inquiry<'_>, table: usize) -> Result<()> {
    let facts = inquiry.table(table);
    let value =
        (0..facts.columns.len()).find(|at| is(&facts.columns[*at].name.to_ascii_lowercase(), KIND_VALUE));
    let kind = (0..facts.columns.len()).find(|at| {
        let words = &facts.columns[*at].words;
        words.len() > 1 && words.last().is_some_and(|last| is(last, &["type", "kind", "rule"]))
    });
    let (Some(value), Some(kind)) = (value, kind) else { return Ok(()) };
    if !inquiry.is_open((table, value), kind) || inquiry.is_suspected((table, value)) {
        return Ok(());
    }
    let is_number = !facts.columns[kind].values.numbers.is_empty();
    let saying = if is_number { Saying::Integers } else { Saying::Texts };
    by_groups(inquiry, (table, kind), (table, value), saying, &|inquiry, group| {
        let targets = meant_by_kind(inquiry, &group.said, is_number, &group.numbers);
        (targets, "what it is depends on the kind beside it".to_owned())
    })
}

fn meant_by_kind(inquiry: &Inquiry<'_>, name: &str, is_number: bool, numbers: &Numbers) -> Meant {
    let words = split(name);
    if is_number {
        return Meant::ByNumbers(inquiry.candidates(numbers, true));
    }
    if !words.iter().any(|word| word == "id") {
        return Meant::nothing();
    }
    let beginnings = (1..=words.len()).rev().map(|length| &words[..length]);
    let meant = beginnings.into_iter().find_map(|words| inquiry.names.meaning(words, Level::LastWords));
    match meant {
        Some(meant) => Meant::ByName(meant.tables.into_iter().collect()),
        None => Meant::ByNumbers(inquiry.candidates(numbers, true)),
    }
}
