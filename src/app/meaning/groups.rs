//! The numbers of a column by what another column of the same rows says, one group of rows after the other.

use super::facts::ColumnAt;
use super::inquiry::Inquiry;
use super::numbers::Numbers;
use super::values::written;
use crate::database::check::text;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::types::ValueRef;

/// Rows of which a column says the same.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// What it says.
    pub said: String,
    /// The numbers that they have.
    pub numbers: Numbers,
    /// Whether one has several, or something around them.
    pub is_list: bool,
    rows: u64,
    /// How many have something else.
    others: u64,
}

impl Group {
    /// Whether all have numbers.
    pub(super) fn are_numbers(&self) -> bool {
        self.others == 0
    }

    /// Whether most have numbers.
    pub(super) fn are_mostly_numbers(&self) -> bool {
        self.others.saturating_mul(2) < self.rows
    }

    fn add(&mut self, found: Option<(Vec<i64>, bool)>) {
        self.rows += 1;
        let Some((numbers, is_list)) = found else { return self.others += 1 };
        for number in numbers {
            self.numbers.insert(number);
        }
        self.is_list |= is_list;
    }
}

/// Which rows are looked at, by what the column holds that tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    Anything,
    Texts,
    Integers,
}

impl Saying {
    fn condition(self, by: &str) -> String {
        match self {
            Self::Anything => format!("{by} IS NOT NULL"),
            Self::Texts => format!("typeof({by}) = 'text'"),
            Self::Integers => format!("typeof({by}) = 'integer'"),
        }
    }
}

/// What is no number, and does not stand around numbers either.
const NO_NUMBER: &str = "*[^]0-9,;\"[ \t\r\n-]*";

/// Calls a function with each group of a table's rows. However many there are, one is in memory at a time.
pub(super) fn each_group(
    inquiry: &Inquiry<'_>,
    by: ColumnAt,
    value: ColumnAt,
    saying: Saying,
    each: &mut dyn FnMut(Group) -> Result<()>,
) -> Result<()> {
    let table = inquiry.table(by.0).name();
    let by = identifier(&inquiry.facts.column(by).name);
    let sql = format!(
        "SELECT CAST({by} AS TEXT), CASE WHEN typeof({value}) = 'integer' OR typeof({value}) = 'text'
         AND {value} NOT GLOB ?1 THEN {value} END FROM {} WHERE {} AND {value} IS NOT NULL ORDER BY 1",
        user_table(table),
        saying.condition(&by),
        value = identifier(&inquiry.facts.column(value).name),
    );
    let doing = || format!("cannot look at the rows of {table}");
    let mut statement = inquiry.connection.prepare(&sql).with_context(doing)?;
    let mut rows = statement.query([NO_NUMBER]).with_context(doing)?;
    let mut open: Option<Group> = None;
    let mut end = |group: Option<Group>| match group {
        Some(mut group) => {
            group.numbers.finish();
            each(group)
        }
        None => Ok(()),
    };
    while let Some(row) = rows.next().with_context(doing)? {
        let said = text(row, 0).with_context(doing)?;
        if open.as_ref().is_none_or(|open| open.said != said) {
            end(open.replace(Group { said, ..Group::default() }))?;
        }
        let found = match row.get_ref(1).with_context(doing)? {
            ValueRef::Integer(number) => Some((vec![number], false)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().and_then(numbers),
            _ => None,
        };
        if let Some(open) = &mut open {
            open.add(found);
        }
    }
    end(open)
}

/// The groups of a table's rows; nothing where there are more than so many.
pub(super) fn few_groups(
    inquiry: &Inquiry<'_>,
    by: ColumnAt,
    value: ColumnAt,
    most: usize,
) -> Result<Option<Vec<Group>>> {
    if count_groups(inquiry, by, value, most + 1)? > most {
        return Ok(None);
    }
    let mut groups = Vec::new();
    each_group(inquiry, by, value, Saying::Anything, &mut |group| {
        groups.push(group);
        Ok(())
    })?;
    Ok(Some(groups))
}

/// How many groups there are, up to so many.
pub(super) fn count_groups(
    inquiry: &Inquiry<'_>,
    by: ColumnAt,
    value: ColumnAt,
    most: usize,
) -> Result<usize> {
    let mut count = 0;
    each_saying(inquiry, by, value, &mut |_| {
        count += 1;
        count < most
    })?;
    Ok(count)
}

/// Calls a function with everything that a column says of rows that have a value, until it says that it is enough.
pub(super) fn each_saying(
    inquiry: &Inquiry<'_>,
    by: ColumnAt,
    value: ColumnAt,
    each: &mut dyn FnMut(&str) -> bool,
) -> Result<()> {
    let table = inquiry.table(by.0).name();
    let sql = format!(
        "SELECT DISTINCT CAST({by} AS TEXT) FROM {} WHERE {by} IS NOT NULL AND {} IS NOT NULL",
        user_table(table),
        identifier(&inquiry.facts.column(value).name),
        by = identifier(&inquiry.facts.column(by).name),
    );
    let mut look = || -> rusqlite::Result<()> {
        let mut statement = inquiry.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !each(&text(row, 0)?) {
                break;
            }
        }
        Ok(())
    };
    look().with_context(|| format!("cannot look at the rows of {table}"))
}

/// The numbers of a text that holds one, or several, as JSON does; and whether there is something around them.
fn numbers(text: &str) -> Option<(Vec<i64>, bool)> {
    let is_around = |letter: char| letter.is_whitespace() || "[],;\"".contains(letter);
    if !text.contains(is_around) {
        return written(text).map(|number| (vec![number], false));
    }
    let parts = text.split(is_around).filter(|part| !part.is_empty());
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?;
    let found: Option<Vec<i64>> = parts.map(number).collect();
    found.filter(|found| !found.is_empty()).map(|found| (found, true))
}
