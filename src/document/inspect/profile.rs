//! What the values of a field are like, and which of them are not.

use crate::app::model::FieldType;
use crate::database::affinity::number_of;
use crate::database::value::Borrowed;
use crate::document::reader::Place;
use crate::problem::Problem;
use chrono::{NaiveDate, NaiveTime};

/// So many values that are unlike the others are told one by one.
const MOST_TOLD: usize = 5;
/// Of so many values that are alike, one may be unlike them.
const ALIKE: u64 = 4;
/// Words at the end of a column's name that say that it holds dates.
const DATES: [&str; 12] = [
    "date",
    "at",
    "on",
    "time",
    "datetime",
    "timestamp",
    "day",
    "since",
    "until",
    "created",
    "updated",
    "modified",
];

/// What the values of a field are like.
pub(super) struct Profile {
    kind: FieldType,
    /// Whether its name or type says that it may hold dates.
    may_be_dates: bool,
    is_named_uuid: bool,
    numbers: u64,
    dates: u64,
    uuids: u64,
    not_numbers: Unlike,
    not_dates: Unlike,
    not_uuids: Unlike,
    impossible: Unlike,
}

/// Values that are unlike the others.
#[derive(Default)]
struct Unlike {
    count: u64,
    first: Vec<(String, Place)>,
}

impl Unlike {
    fn add(&mut self, path: &dyn Fn() -> String, place: Place) {
        self.count += 1;
        if self.first.len() < MOST_TOLD {
            self.first.push((path(), place));
        }
    }

    fn tell(self, why: &str, (section, field): (&str, &str), problems: &mut Vec<Problem>) {
        let listed = self.first.len() as u64;
        let problem =
            |(path, place): (String, Place)| Problem::warning(&path, why).at(place.line, place.column);
        problems.extend(self.first.into_iter().map(problem));
        if self.count > listed {
            let more = format!("{} more like this: {why}", self.count - listed);
            problems.push(Problem::warning(&format!("{section}{field}"), more));
        }
    }
}

impl Profile {
    pub(super) fn new(name: &str, kind: FieldType) -> Self {
        let lower = name.to_lowercase();
        let is_camel = |word: &&str| {
            name.strip_suffix(&format!("{}{}", word[..1].to_uppercase(), &word[1..]))
                .is_some_and(|before| before.ends_with(char::is_lowercase))
        };
        let ends = |word: &&str| lower == **word || lower.ends_with(&format!("_{word}")) || is_camel(word);
        Self {
            kind,
            may_be_dates: kind == FieldType::Numeric || DATES.iter().any(&ends),
            is_named_uuid: ["uuid", "guid"].iter().any(&ends),
            numbers: 0,
            dates: 0,
            uuids: 0,
            not_numbers: Unlike::default(),
            not_dates: Unlike::default(),
            not_uuids: Unlike::default(),
            impossible: Unlike::default(),
        }
    }

    /// Takes a value of the field, which is at that path.
    pub(super) fn add(&mut self, value: Borrowed<'_>, path: &dyn Fn() -> String, place: Place) {
        let text = match value {
            Borrowed::Integer(_) | Borrowed::Real(_) => {
                self.numbers += 1;
                return;
            }
            Borrowed::Text(text) if !text.is_empty() => text,
            _ => return,
        };
        if matches!(self.kind, FieldType::Integer | FieldType::Real) {
            // What looks like a number is told elsewhere.
            if number_of(text).is_none() {
                self.not_numbers.add(path, place);
            }
            return;
        }
        match date(text) {
            Some(true) => self.dates += 1,
            Some(false) => self.impossible.add(path, place),
            None if self.may_be_dates => self.not_dates.add(path, place),
            None => {}
        }
        if is_uuid(text) {
            self.uuids += 1;
        } else {
            self.not_uuids.add(path, place);
        }
    }

    /// What of the values one should look at.
    pub(super) fn problems(self, section: &str, field: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let place = (section, field);
        // Where most are texts, the application keeps texts there.
        let texts = self.not_numbers.count;
        if texts <= self.numbers || texts + self.numbers < ALIKE {
            self.not_numbers.tell("it is a text in a column of numbers", place, &mut problems);
        }
        self.impossible.tell("there is no such date", place, &mut problems);
        let is_unlike = |unlike: &Unlike, alike: u64| unlike.count > 0 && unlike.count * ALIKE <= alike;
        if is_unlike(&self.not_dates, self.dates) {
            self.not_dates.tell("it is no date, and the other values are", place, &mut problems);
        }
        if is_unlike(&self.not_uuids, self.uuids)
            || self.is_named_uuid && self.uuids > 0 && self.not_uuids.count <= self.uuids
        {
            self.not_uuids.tell("it is no UUID, and the other values are", place, &mut problems);
        }
        problems
    }
}

/// Whether a text that is written like a date, or a date and a time, is one that exists; nothing where it is not written so.
fn date(text: &str) -> Option<bool> {
    let (day, time) = (text.get(..10)?, &text[10..]);
    let number = |from: usize, to: usize| -> Option<u32> {
        let part = day.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    if day.as_bytes()[4] != b'-' || day.as_bytes()[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let is_day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).is_some();
    if time.is_empty() {
        return Some(is_day);
    }
    let time = time.strip_prefix(['T', ' '])?;
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time[..zone].trim_end(), &time[zone..]);
    let is_written = |text: &str, others: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || others.contains(letter))
    };
    if !is_written(clock, ":.") || !zone.is_empty() && zone != "Z" && !is_written(&zone[1..], ":") {
        return None;
    }
    let formats = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];
    let is_time = formats.iter().any(|format| NaiveTime::parse_from_str(clock, format).is_ok());
    Some(is_day && is_time)
}

/// Whether a text is a UUID, with its hyphens or without.
fn is_uuid(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.len() {
        32 => is_hex(text),
        36 => {
            let parts: Vec<&str> = text.split('-').collect();
            let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            sizes == [8, 4, 4, 4, 12] && parts.into_iter().all(is_hex)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_exist_are_told_from_those_that_do_not() {
        for text in [
            "2026-11-30",
            "2024-02-29",
            "2026-11-30 12:00",
            "2026-11-30T12:00:00.5Z",
            "2026-11-30T12:00:00+02:00",
        ] {
            assert_eq!(date(text), Some(true), "{text}");
        }
        for text in [
            "2026-02-30",
            "2023-02-29",
            "2026-13-01",
            "0000-00-00",
            "2026-11-30 25:00",
            "2026-11-30T12:61:00Z",
        ] {
            assert_eq!(date(text), Some(false), "{text}");
        }
        for text in [
            "",
            "today",
            "2026-11",
            "30.11.2026",
            "2026-11-30 and so on",
            "2026-11-30-1",
            "ééééé",
            "1234567890123",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn uuids_are_told_from_texts_of_their_length() {
        for text in ["0b0fa7e2-1111-4222-8333-444455556666", "0B0FA7E2111142228333444455556666"] {
            assert!(is_uuid(text), "{text}");
        }
        for text in [
            "0b0fa7e2-1111-4222-8333-44445555666",
            "0b0fa7e2-1111-4222-8333-44445555666g",
            "0b0fa7e211114-222-8333-444455556666",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
