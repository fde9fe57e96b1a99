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
        let (mut seen, mut texts) = (Seen::default(), false);
        let is_one = each_value(connection, table, column, |value, is_text| {
            texts |= is_text;
            seen.look(value)
        })?;
        let Some(form) = seen.form().filter(|_| is_one) else { return Ok(None) };
        let mut span = Span::default();
        let is_one = each_value(connection, table, column, |value, _| span.take(units(value, form)))?;
        Ok(span.range(form).filter(|_| is_one).map(|range| (range, texts)))
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

/// Calls a function with every different value of a column as a text, and whether it is one; `false` where one is neither a
/// number nor a date, or where the function says so.
fn each_value(
    connection: &Connection,
    table: &str,
    column: &str,
    mut each: impl FnMut(&str, bool) -> bool,
) -> Result<bool> {
    let own = identifier(column);
    let sql =
        format!("SELECT DISTINCT {own} FROM {} WHERE {own} IS NOT NULL AND {own} <> ''", user_table(table));
    let mut rows = connection.prepare(&sql)?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next().with_context(|| format!("cannot read {table}.{column}"))? {
        let goes_on = match row.get_ref(0)? {
            ValueRef::Integer(number) => each(&number.to_string(), false),
            ValueRef::Real(number) => each(&number.to_string(), false),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).is_ok_and(|text| each(text, true)),
            _ => false,
        };
        if !goes_on {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What values have been so far.
#[derive(Debug, Default)]
struct Seen {
    numbers: bool,
    dates: bool,
    times: bool,
    /// The most digits after a point.
    digits: usize,
}

impl Seen {
    /// Looks at one more; `false` where all cannot have one form any more.
    fn look(&mut self, value: &str) -> bool {
        if number(value, 0).is_some() {
            self.numbers = true;
            self.digits = self.digits.max(value.split_once('.').map_or(0, |(_, digits)| digits.len()));
        } else if let Some((_, has_time)) = date(value) {
            self.dates = true;
            self.times |= has_time;
        } else {
            return false;
        }
        self.numbers != self.dates
    }

    fn form(&self) -> Option<Form> {
        match (self.numbers, self.dates) {
            (true, false) => u32::try_from(self.digits.min(DIGITS)).ok().map(Form::Number),
            (false, true) => Some(if self.times { Form::Times } else { Form::Days }),
            _ => None,
        }
    }
}

/// How far values lie apart, and how many there are.
#[derive(Debug, Default)]
struct Span {
    ends: Option<(i64, i64)>,
    values: u64,
}

impl Span {
    fn take(&mut self, units: Option<i64>) -> bool {
        let Some(units) = units else { return false };
        let (first, last) = self.ends.unwrap_or((units, units));
        self.ends = Some((first.min(units), last.max(units)));
        self.values += 1;
        true
    }

    fn range(&self, form: Form) -> Option<Range> {
        let (first, last) = self.ends?;
        let (first, last) = if self.values >= MANY { (first, last) } else { widened(first, last, form) };
        Some(Range { form, first, last })
    }
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

    fn around<'v>(values: impl IntoIterator<Item = &'v str>) -> Option<Range> {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch("create table t(c)").expect("create");
        for value in values {
            db.execute("insert into t values (?1)", [value]).expect("fill");
        }
        Range::of(&db, "t", "c").expect("read").map(|(range, _)| range)
    }

    fn made_up(values: &[&str]) -> Vec<String> {
        let range = around(values.iter().copied()).expect("a range");
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
        assert!(around(["1980-05-06", "soon"]).is_none());
        assert!(around(["5", "1980-05-06"]).is_none());
    }

    #[test]
    fn different_values_stay_different_where_there_is_room() {
        let values: Vec<String> =
            (0..1000).map(|day| write_date(day * DAY * 3, "1980-01-01").expect("a day")).collect();
        let range = around(values.iter().map(String::as_str)).expect("a range");
        let made: std::collections::HashSet<_> =
            (0..1000).map(|at| range.made_up(at, 1000, "1980-01-01").expect("a value")).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|day| *day >= values[0] && *day <= values[999]));
    }
}
