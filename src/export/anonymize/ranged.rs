//! Numbers and dates that are personal: made-up ones have the form of the real ones, and lie where those do.

use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// So many different values hide where the first and the last of them are.
const MANY: u64 = 5;
/// Digits after the point that are kept at most.
const DIGITS: usize = 6;
const DAY: i64 = 86_400;

/// What a column holds, all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Numbers, with so many digits after the point at most.
    Number(u32),
    /// Days.
    Days,
    /// Days with a time.
    Times,
}

/// Where the values of a column lie: numbers without their point, days, or seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) form: Form,
    first: i64,
    last: i64,
}

impl Range {
    /// That of a column; nothing where it holds something that is neither all numbers nor all dates. `texts` says whether
    /// there are texts at all.
    pub(super) fn of(connection: &Connection, table: &str, column: &str) -> Result<Option<(Self, bool)>> {
        let own = identifier(column);
        let sql = format!(
            "SELECT DISTINCT {own} FROM {} WHERE {own} IS NOT NULL AND {own} <> ''",
            user_table(table)
        );
        let mut rows = connection.prepare(&sql)?;
        let mut rows = rows.query([])?;
        let (mut texts, mut found): (bool, Vec<String>) = (false, Vec::new());
        while let Some(row) = rows.next().with_context(|| format!("cannot read {table}.{column}"))? {
            match row.get_ref(0)? {
                ValueRef::Integer(number) => found.push(number.to_string()),
                ValueRef::Real(number) => found.push(format!("{number}")),
                ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) if number(text, 0).is_some() || date(text).is_some() => {
                        texts = true;
                        found.push(text.to_owned());
                    }
                    _ => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        Ok(Self::around(&found).map(|range| (range, texts)))
    }

    fn around(values: &[String]) -> Option<Self> {
        let form = form_of(values)?;
        let mut units: Vec<i64> = values.iter().filter_map(|value| units(value, form)).collect();
        if units.len() < values.len() {
            return None;
        }
        units.sort_unstable();
        let (first, last) = (*units.first()?, *units.last()?);
        let range = if values.len() as u64 >= MANY { (first, last) } else { widened(first, last, form) };
        Some(Self { form, first: range.0, last: range.1 })
    }

    /// The made-up value with a number among so many, in the form of a real one.
    pub(super) fn made_up(self, number: i64, count: i64, like: &str) -> Option<String> {
        let width = i128::from(self.last) - i128::from(self.first) + 1;
        let step = (2 * i128::from(number) + 1) * width / (2 * i128::from(count.max(1)));
        let units = i64::try_from(i128::from(self.first) + step.min(width - 1)).ok()?;
        match self.form {
            Form::Number(digits) => Some(write_number(units, digits, like)),
            Form::Days => write_date(units.checked_mul(DAY)?, like),
            Form::Times => write_date(units, like),
        }
    }
}

fn form_of(values: &[String]) -> Option<Form> {
    if values.iter().all(|value| number(value, 0).is_some()) {
        let digits = |value: &String| value.split_once('.').map_or(0, |(_, digits)| digits.len());
        let most = values.iter().map(digits).max()?.min(DIGITS);
        return u32::try_from(most).ok().map(Form::Number);
    }
    let dates: Option<Vec<bool>> = values.iter().map(|value| date(value).map(|date| date.1)).collect();
    Some(if dates?.into_iter().any(|has_time| has_time) { Form::Times } else { Form::Days })
}

fn units(value: &str, form: Form) -> Option<i64> {
    match form {
        Form::Number(digits) => number(value, digits),
        Form::Days => date(value).map(|(seconds, _)| seconds.div_euclid(DAY)),
        Form::Times => date(value).map(|(seconds, _)| seconds),
    }
}

/// The whole numbers of as many digits, or the whole years.
fn widened(first: i64, last: i64, form: Form) -> (i64, i64) {
    let year = |units: i64| {
        let seconds = if form == Form::Days { units.saturating_mul(DAY) } else { units };
        DateTime::from_timestamp(seconds, 0).map_or(1970, |date| date.year())
    };
    let start = |year: i32| {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
        let seconds = day.map_or(0, |day| day.and_utc().timestamp());
        if form == Form::Days { seconds.div_euclid(DAY) } else { seconds }
    };
    match form {
        Form::Number(_) => {
            let power =
                |number: i64| 10_i64.saturating_pow(number.unsigned_abs().checked_ilog10().unwrap_or(0));
            let above = |number: i64| power(number).saturating_mul(10) - 1;
            let low = match first {
                ..0 => -above(first),
                0..10 => 0,
                _ => power(first),
            };
            let high = if last < 0 { -power(last) } else { above(last) };
            (low, high)
        }
        _ => (start(year(first)), start(year(last) + 1) - 1),
    }
}

/// A number without its point.
fn number(text: &str, digits: u32) -> Option<i64> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || !is_digits(whole) || !is_digits(rest) {
        return None;
    }
    let digits = usize::try_from(digits).ok()?;
    let mut rest: String = rest.chars().take(digits).collect();
    while rest.len() < digits {
        rest.push('0');
    }
    let number: i64 = format!("{whole}{rest}").parse().ok()?;
    Some(if text.starts_with('-') { -number } else { number })
}

/// A date as seconds, and whether it has a time.
fn date(text: &str) -> Option<(i64, bool)> {
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some((day.and_time(NaiveTime::MIN).and_utc().timestamp(), false));
    }
    let clock = rest.strip_prefix(['T', ' '])?;
    let length = if clock.len() >= 8 && clock.as_bytes()[5] == b':' { 8 } else { 5 };
    let time = match length {
        8 => NaiveTime::parse_from_str(clock.get(..8)?, "%H:%M:%S").ok()?,
        _ => NaiveTime::parse_from_str(clock.get(..5)?, "%H:%M").ok()?,
    };
    let is_end = clock[length..].bytes().all(|byte| byte.is_ascii_digit() || b".:+-Z ".contains(&byte));
    is_end.then(|| (day.and_time(time).and_utc().timestamp(), true))
}

fn write_number(units: i64, digits: u32, like: &str) -> String {
    let scale = 10_u64.pow(digits);
    let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let sign = if units < 0 { "-" } else { "" };
    let (own, after) = like.split_once('.').map_or((like, 0), |(own, rest)| (own, rest.len()));
    let width = if own.starts_with('0') { own.len() } else { 0 };
    let mut text = format!("{sign}{whole:0width$}");
    if after > 0 {
        let mut rest = format!("{rest:0digits$}", digits = digits as usize);
        rest.truncate(after);
        while rest.len() < after {
            rest.push('0');
        }
        text = format!("{text}.{rest}");
    }
    text
}

fn write_date(seconds: i64, like: &str) -> Option<String> {
    let date: NaiveDateTime = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    let mut text = date.format("%Y-%m-%d").to_string();
    if like.len() > 10 {
        let clock = &like[11..];
        let length = if clock.len() >= 8 && clock.as_bytes()[5] == b':' { 8 } else { 5 };
        text.push_str(&like[10..11]);
        text.push_str(&date.format(if length == 8 { "%H:%M:%S" } else { "%H:%M" }).to_string());
        // Parts of a second say what moment it was; the zone does not.
        let mut is_fraction = false;
        for letter in clock[length..].chars() {
            is_fraction = letter == '.' || is_fraction && letter.is_ascii_digit();
            text.push(if is_fraction && letter.is_ascii_digit() { '0' } else { letter });
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up(values: &[&str]) -> Vec<String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let range = Range::around(&values).expect("a range");
        let count = i64::try_from(values.len()).expect("few");
        values.iter().zip(0..).map(|(like, at)| range.made_up(at, count, like).expect("a value")).collect()
    }

    #[test]
    fn made_up_values_have_the_form_of_the_real_ones() {
        assert_eq!(made_up(&["12345"]), ["55000"]);
        assert_eq!(made_up(&["007", "012"]), ["025", "075"]);
        assert_eq!(made_up(&["10", "11", "12", "13", "14"]), ["10", "11", "12", "13", "14"]);
        assert_eq!(made_up(&["1.50", "9.25"]).len(), 2);
        assert_eq!(made_up(&["1980-05-06"]), ["1980-07-02"]);
        assert_eq!(made_up(&["1980-05-06T07:08:09.123Z"]), ["1980-07-02T00:00:00.000Z"]);
        assert_eq!(made_up(&["1980-05-06 07:08+02:00"]), ["1980-07-02 00:00+02:00"]);
        assert!(Range::around(&["1980-05-06".to_owned(), "soon".to_owned()]).is_none());
        assert!(Range::around(&["5".to_owned(), "1980-05-06".to_owned()]).is_none());
    }

    #[test]
    fn different_values_stay_different_where_there_is_room() {
        let values: Vec<String> =
            (0..1000).map(|day| write_date(day * DAY * 3, "1980-01-01").expect("a day")).collect();
        let range = Range::around(&values).expect("a range");
        let made: std::collections::HashSet<_> =
            (0..1000).map(|at| range.made_up(at, 1000, "1980-01-01").expect("a value")).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|day| *day >= values[0] && *day <= values[999]));
    }
}
