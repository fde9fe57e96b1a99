//! What the SQL of views and triggers says.

use super::pairs::other_kinds;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::sql::{Condition, Equality, SqlColumn};
use crate::app::meaning::vocabulary::{KIND, is};
use crate::app::meaning::{Evidence, Place};
use anyhow::Result;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// What SQL says that a column refers to.
#[derive(Default)]
struct Said {
    /// The tables, each with where it is said without a condition.
    always: IndexMap<usize, String>,
    /// The tables, each with the column and value of the rows that it is said of, and where.
    sometimes: Vec<(usize, String, String, String)>,
    /// The tables that it is said of for rows which SQL does not list.
    perhaps: BTreeSet<usize>,
    /// Whether the column is compared with what is no row id too.
    means_else: bool,
}

impl Said {
    fn is_empty(&self) -> bool {
        self.always.is_empty() && self.sometimes.is_empty() && self.perhaps.is_empty()
    }
}

impl Said {
    /// What is said of rows of which a column says something else than this.
    fn without(mut self, by: &str, known: &[String]) -> Self {
        self.sometimes
            .retain(|(_, column, value, _)| column.eq_ignore_ascii_case(by) && !known.contains(value));
        self
    }
}

/// Adds the references that views and triggers say.
pub(in crate::app::meaning) fn views_and_triggers(
    inquiry: &mut Inquiry<'_>,
    equalities: &[Equality],
) -> Result<()> {
    let mut said: IndexMap<ColumnAt, Said> = IndexMap::new();
    for equality in equalities {
        for (to, from) in [(&equality.left, &equality.right), (&equality.right, &equality.left)] {
            if let Some(target) = table_of_key(inquiry, to) {
                note(inquiry, target, from, equality, &mut said);
            } else if let Some(at) = compared_with_another_key(inquiry, to, from) {
                said.entry(at).or_default().means_else = true;
            }
        }
    }
    for (at, mut said) in said {
        if let Some((by, known)) = inquiry.settled_kinds(at) {
            said = said.without(&inquiry.table(at.0).columns[by].name, known);
            if !said.sometimes.is_empty() {
                let known = known.to_vec();
                of_kinds(inquiry, at, said.sometimes, known)?;
                inquiry.close_kinds(at);
            }
        } else if !inquiry.is_settled(at) && !said.is_empty() {
            judge(inquiry, at, said)?;
        }
    }
    Ok(())
}

/// The table whose row id a column is.
fn table_of_key(inquiry: &Inquiry<'_>, column: &SqlColumn) -> Option<usize> {
    let table = inquiry.facts.table(&column.table)?;
    let is_key = inquiry.table(table).key_name().is_some_and(|key| key.eq_ignore_ascii_case(&column.column));
    is_key.then_some(table)
}

fn place(inquiry: &Inquiry<'_>, column: &SqlColumn) -> Option<ColumnAt> {
    let table = inquiry.facts.table(&column.table)?;
    let at = inquiry.table(table).column(&column.column)?;
    (!inquiry.table(table).columns[at].is_generated).then_some((table, at))
}

fn note(
    inquiry: &Inquiry<'_>,
    target: usize,
    from: &SqlColumn,
    equality: &Equality,
    said: &mut IndexMap<ColumnAt, Said>,
) {
    let Some(at) = place(inquiry, from) else { return };
    let key = inquiry.table(at.0).key;
    // Of two row ids, one that its table calls its own is no reference.
    if key == Some(at.1) && (target == at.0 || inquiry.facts.is_own(at.0, at.1, false)) {
        return;
    }
    let said = said.entry(at).or_default();
    let origin = equality.origin.clone();
    let Some(condition) = equality.conditions.iter().find(|condition| tells_kinds(inquiry, at, condition))
    else {
        said.always.entry(target).or_insert(origin);
        return;
    };
    if condition.values.is_empty() {
        said.perhaps.insert(target);
    }
    for value in &condition.values {
        let column = condition.column.column.clone();
        let is_known = |(table, own, known, _): &(usize, String, String, String)| {
            *table == target && *own == column && known == value
        };
        if !said.sometimes.iter().any(is_known) {
            said.sometimes.push((target, column, value.clone(), origin.clone()));
        }
    }
}

/// Whether a condition beside a comparison says which kind of row it is of, and not only which rows a view shows.
fn tells_kinds(inquiry: &Inquiry<'_>, at: ColumnAt, condition: &Condition) -> bool {
    let Some((table, column)) = place(inquiry, &condition.column) else { return false };
    let words = &inquiry.facts.column((table, column)).words;
    let is_kind = words.last().is_some_and(|last| is(last, KIND));
    let is_flag = condition.values.iter().all(|value| value == "0" || value == "1");
    table == at.0 && column != at.1 && (is_kind || !is_flag)
}

/// The column that is compared with a key of another table which is no row id, and that is not called like it.
fn compared_with_another_key(inquiry: &Inquiry<'_>, to: &SqlColumn, from: &SqlColumn) -> Option<ColumnAt> {
    let (to, from) = (place(inquiry, to)?, place(inquiry, from)?);
    let (other, own) = (inquiry.facts.column(to), inquiry.facts.column(from));
    let is_key = inquiry.table(to.0).is_unique(to.1) || other.words.last().is_some_and(|word| word == "id");
    (to.0 != from.0 && is_key && other.words != own.words).then_some(from)
}

fn judge(inquiry: &mut Inquiry<'_>, at: ColumnAt, said: Said) -> Result<()> {
    let mut tables: BTreeSet<usize> =
        said.always.keys().copied().chain(said.sometimes.iter().map(|one| one.0)).collect();
    tables.extend(&said.perhaps);
    if said.means_else && !fits_well(inquiry, at, &tables) {
        inquiry.settle(at);
        inquiry.suspect(at, tables, "SQL compares it with other things too");
        return Ok(());
    }
    let ends: BTreeSet<usize> = said.always.keys().map(|table| inquiry.end(*table)).collect();
    match said.always.first() {
        Some((table, origin)) if said.always.len() == 1 => prove(inquiry, at, *table, origin.clone()),
        Some((_, origin)) if ends.len() == 1 => {
            let end = ends.first().copied().unwrap_or_default();
            prove(inquiry, at, end, origin.clone());
        }
        Some(_) => {
            inquiry.settle(at);
            inquiry.suspect(at, tables, "SQL compares it with several tables");
        }
        None => {
            inquiry.suspect(at, said.perhaps, "SQL compares it for some rows");
            return of_kinds(inquiry, at, said.sometimes, Vec::new());
        }
    }
    Ok(())
}

/// References of rows by what another column of them says, and what the rows mean that no SQL is about.
fn of_kinds(
    inquiry: &mut Inquiry<'_>,
    at: ColumnAt,
    said: Vec<(usize, String, String, String)>,
    settled: Vec<String>,
) -> Result<()> {
    let mut columns: IndexMap<String, Vec<String>> = IndexMap::new();
    for (target, column, value, origin) in said {
        columns.entry(column.clone()).or_default().push(value.clone());
        let when = Some((column, value));
        inquiry.add(Proof { at, place: Place::Whole, target, when, evidence: Evidence::Sql(origin) });
    }
    inquiry.settle(at);
    if let Some((column, mut known)) = columns.into_iter().next()
        && let Some(column) = inquiry.table(at.0).column(&column)
    {
        known.extend(settled);
        other_kinds(inquiry, at, column, &known)?;
    }
    Ok(())
}

/// Whether many values are all row ids of the only table that SQL compares them with.
fn fits_well(inquiry: &Inquiry<'_>, at: ColumnAt, tables: &BTreeSet<usize>) -> bool {
    let fits = |table: &usize| {
        let fit = inquiry.fit_of(at, *table);
        fit.is_whole() && fit.is_many()
    };
    tables.len() == 1 && tables.iter().all(fits)
}

/// A reference, unless most values say otherwise.
fn prove(inquiry: &mut Inquiry<'_>, at: ColumnAt, target: usize, origin: String) {
    // Of two row ids, one that the other refers to already is no reference: following it would lead in a circle.
    let key_of = |table: usize| inquiry.table(table).key.map(|key| (table, key));
    let is_back = key_of(target).is_some_and(|theirs| inquiry.references_of(theirs).contains(&at.0));
    if key_of(at.0) == Some(at) && is_back {
        return;
    }
    let values = &inquiry.facts.column(at).values;
    let fit = inquiry.fit_of(at, target);
    if fit.of > 0 && fit.found == 0 {
        // The name may say more.
        return inquiry.suspect(
            at,
            BTreeSet::from([target]),
            format!("{origin} says so, and no value is there"),
        );
    }
    let denies = values.texts || values.others || values.lists.some || fit.of > 0 && !fit.is_share(50);
    if denies {
        inquiry.settle(at);
        return inquiry.suspect(
            at,
            BTreeSet::from([target]),
            format!("{origin} says so, and most values are not there"),
        );
    }
    inquiry.prove(at, target, Evidence::Sql(origin));
}
