//! Rows of a key and a value, and of a kind and a value: what the value is depends on the row.

use crate::app::meaning::Place;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::{Level, Meant};
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{CHOSEN, COUNTER, KIND_VALUE, QUANTITY, SETTING, SETTING_VALUE, is};
use crate::app::meaning::words::{singular, split, stem};
use crate::database::check::text;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// How many keys or kinds a table may have that is looked at.
const MOST: usize = 100_000;

/// Adds the doubts about values whose meaning another column says.
pub(super) fn find(inquiry: &mut Inquiry<'_>) -> Result<()> {
    for table in 0..inquiry.facts.tables.len() {
        by_key(inquiry, table)?;
        by_kind(inquiry, table)?;
        counters(inquiry, table)?;
    }
    Ok(())
}

/// What is said of a row, and the numbers of all rows of which it is; nothing where one has something else.
type Said = IndexMap<String, Option<Found>>;

/// Numbers in values.
#[derive(Default)]
struct Found {
    numbers: Numbers,
    /// Whether a value has several, or something around them.
    is_list: bool,
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
        .filter(|at| *at != key && is_called(*at, SETTING_VALUE) && !inquiry.is_settled((table, *at)))
        .collect();
    let column = facts.columns[key].name.clone();
    for value in values {
        for (name, numbers) in read(inquiry, (table, key), (table, value), "text")? {
            let Some(Found { numbers, is_list }) = numbers else { continue };
            let targets = meant_by_setting(inquiry, &name, &numbers, is_list);
            let place = if is_list { Place::List } else { Place::Whole };
            let why = format!("the value of {name}");
            let when = Some((column.clone(), name));
            inquiry.suspect_place((table, value), place, targets, when, why);
        }
    }
    Ok(())
}

fn meant_by_setting(inquiry: &Inquiry<'_>, name: &str, numbers: &Numbers, is_list: bool) -> BTreeSet<usize> {
    let last = name.rsplit(['.', ':', '/']).next().unwrap_or(name);
    let all = split(name);
    let own = stem(last, &split(last), &inquiry.facts.endings);
    let meant = inquiry.names.meaning(&own.words, Level::LastWords);
    let is_chosen = all.len() > 1 && is(&all[0], CHOSEN);
    let counts = own.words.last().is_some_and(|word| is(word, QUANTITY));
    let is_plural = own.words.last().is_some_and(|last| singular(last) != *last);
    let are_rows = is_list && is_plural && meant.as_ref().is_some_and(Meant::is_exact);
    let is_reference = own.is_id || are_rows || is_chosen && meant.is_some() && !counts;
    if !is_reference {
        return BTreeSet::new();
    }
    let tables = meant.map(|meant| meant.tables).unwrap_or_default();
    let hit: BTreeSet<usize> =
        tables.into_iter().filter(|table| inquiry.fit(numbers, *table).found > 0).collect();
    if hit.is_empty() && own.is_id { inquiry.candidates(numbers, true) } else { hit }
}

/// Rows that are called after tables, and hold the last or the next row id of each.
fn counters(inquiry: &mut Inquiry<'_>, table: usize) -> Result<()> {
    let facts = inquiry.table(table);
    let Some(key) =
        (0..facts.columns.len()).find(|at| facts.is_unique(*at) && facts.columns[*at].values.texts)
    else {
        return Ok(());
    };
    let column = facts.columns[key].name.clone();
    let is_number = |at: &usize| {
        let words = &facts.columns[*at].words;
        words.iter().any(|word| is(word, COUNTER))
            && facts.columns[*at].values.are_integers()
            && facts.key != Some(*at)
            && !inquiry.is_settled((table, *at))
    };
    for value in (0..facts.columns.len()).filter(is_number).collect::<Vec<_>>() {
        for (name, numbers) in read(inquiry, (table, key), (table, value), "text")? {
            let (Some(found), Some(named)) = (numbers, inquiry.facts.table(&name)) else { continue };
            let (last, next) = (inquiry.table(named).ids.bounds(), found.numbers.bounds());
            let is_last =
                last.zip(next).is_some_and(|((_, last), (next, _))| next == last || next == last + 1);
            if is_last && named != table {
                let (targets, when) = (BTreeSet::from([named]), Some((column.clone(), name)));
                inquiry.suspect_place((table, value), Place::Whole, targets, when, "a counter of row ids");
            }
        }
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
    let is_known = inquiry.is_settled((table, value))
        || inquiry.suspicions.iter().any(|known| known.at == (table, value));
    if is_known {
        return Ok(());
    }
    let is_number = !facts.columns[kind].values.numbers.is_empty();
    let said = read(inquiry, (table, kind), (table, value), if is_number { "integer" } else { "text" })?;
    let column = facts.columns[kind].name.clone();
    for (name, found) in said {
        let Some(Found { numbers, is_list }) = found else { continue };
        let place = if is_list { Place::List } else { Place::Whole };
        let targets = meant_by_kind(inquiry, &name, is_number, &numbers);
        let when = Some((column.clone(), name));
        inquiry.suspect_place(
            (table, value),
            place,
            targets,
            when,
            "what it is depends on the kind beside it",
        );
    }
    Ok(())
}

fn meant_by_kind(inquiry: &Inquiry<'_>, name: &str, is_number: bool, numbers: &Numbers) -> BTreeSet<usize> {
    let words = split(name);
    if is_number {
        return inquiry.candidates(numbers, true);
    }
    if !words.iter().any(|word| word == "id") {
        return BTreeSet::new();
    }
    let beginnings = (1..=words.len()).rev().map(|length| &words[..length]);
    let meant = beginnings.into_iter().find_map(|words| inquiry.names.meaning(words, Level::LastWords));
    match meant {
        Some(meant) => meant.tables.into_iter().collect(),
        None => inquiry.candidates(numbers, true),
    }
}

/// What stands in a column by what another one of the same rows says: nothing where one is no number or list of numbers.
fn read(inquiry: &Inquiry<'_>, by: ColumnAt, value: ColumnAt, kind: &str) -> Result<Said> {
    let table = inquiry.table(by.0);
    let (by, value) = (&inquiry.facts.column(by).name, &inquiry.facts.column(value).name);
    let sql = format!(
        "SELECT CAST({by} AS TEXT), CASE WHEN typeof({value}) IN ('integer', 'text') AND octet_length({value}) < 5000
         THEN CAST({value} AS TEXT) END FROM {} WHERE typeof({by}) = '{kind}' AND {value} IS NOT NULL",
        user_table(table.name()),
        by = identifier(by),
        value = identifier(value),
    );
    let collect = || -> rusqlite::Result<Said> {
        let mut said = Said::new();
        let mut statement = inquiry.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = text(row, 0)?;
            if said.len() >= MOST && !said.contains_key(&name) {
                return Ok(Said::new());
            }
            let bytes = row.get_ref(1)?.as_bytes().ok();
            let listed = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(numbers);
            let known = said.entry(name).or_insert_with(|| Some(Found::default()));
            match (listed, known.as_mut()) {
                (Some((listed, is_list)), Some(known)) => {
                    for number in listed {
                        known.numbers.insert(number);
                    }
                    known.is_list |= is_list;
                }
                _ => *known = None,
            }
        }
        said.values_mut().flatten().for_each(|found| found.numbers.finish());
        Ok(said)
    };
    collect().with_context(|| format!("cannot look at the rows of {}", table.name()))
}

/// The numbers of a text that holds one, or several, as JSON does; and whether there is something around them.
fn numbers(text: &str) -> Option<(Vec<i64>, bool)> {
    let is_around = |letter: char| letter.is_whitespace() || "[],;\"".contains(letter);
    let parts = text.split(is_around).filter(|part| !part.is_empty());
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?;
    let found: Option<Vec<i64>> = parts.map(number).collect();
    found.filter(|found| !found.is_empty()).map(|found| (found, text.contains(is_around)))
}
