//! Spans of calendar time, written as restic writes them: `1y2m3d4h`.

use super::zone::Zone;
use crate::error::Fault;
use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use std::fmt;
use std::str::FromStr;

/// Years, months, days and hours. A month is not a number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    years: u32,
    months: u32,
    days: u32,
    hours: u32,
}

impl Span {
    /// That many days.
    pub const fn days(days: u32) -> Self {
        Self { years: 0, months: 0, days, hours: 0 }
    }

    /// The instant that lies this far before another: years, months and days back on the calendar of a zone at the
    /// same time of the day, then hours back on the clock.
    ///
    /// A day that does not exist runs over into the next month, as in Go's `time.AddDate` and so in restic: a month
    /// before 31 March is 3 March (or 2 March in a leap year).
    pub fn before(self, time: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
        let wall_clock = zone.wall_clock(time);
        let date = wall_clock.date();
        let month = i64::from(date.year()) * 12 + i64::from(date.month0())
            - i64::from(self.years) * 12
            - i64::from(self.months);
        let first = i32::try_from(month.div_euclid(12)).ok().and_then(|year| {
            let month = u32::try_from(month.rem_euclid(12)).ok()?;
            NaiveDate::from_ymd_opt(year, month + 1, 1)
        });
        let days = TimeDelta::days(i64::from(date.day0()) - i64::from(self.days));
        // Nothing here is older than the calendar's first year, and zones go wrong at the calendar's end.
        let earliest = NaiveDate::from_ymd_opt(1, 1, 1).expect("the first day of the calendar exists");
        let date = first.and_then(|first| first.checked_add_signed(days)).unwrap_or(earliest).max(earliest);
        let instant = zone.instant(date.and_time(wall_clock.time()));
        instant.checked_sub_signed(TimeDelta::hours(self.hours.into())).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl FromStr for Span {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let not_one = || {
            Fault::usage(format!("{text:?} is no span of time"))
                .hint("write years, months, days and hours, as in 1y2m3d4h")
        };
        let (mut span, mut rest) = (Self::default(), text);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(not_one)?;
            let number = rest[..digits].parse().map_err(|_| not_one())?;
            let field = match rest.as_bytes()[digits] {
                b'y' => &mut span.years,
                b'm' => &mut span.months,
                b'd' => &mut span.days,
                b'h' => &mut span.hours,
                _ => return Err(not_one().into()),
            };
            *field = number;
            rest = &rest[digits + 1..];
        }
        if span == Self::default() { Err(not_one().into()) } else { Ok(span) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, unit) in [(self.years, 'y'), (self.months, 'm'), (self.days, 'd'), (self.hours, 'h')] {
            if number > 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(span: &str, from: &str, zone: &str) -> String {
        let span: Span = span.parse().expect("a span");
        let from: DateTime<Utc> = from.parse().expect("a time");
        let zone = zone.parse().expect("a zone");
        span.before(from, zone).format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    #[test]
    fn spans_are_read_in_any_order_and_written_in_one() {
        assert_eq!("3d1y4h2m".parse::<Span>().expect("a span").to_string(), "1y2m3d4h");
        assert_eq!("14d".parse::<Span>().expect("a span"), Span::days(14));
        for text in ["", "0d", "d", "1", "1w", "-1d", "1d ", "99999999999d", "1é"] {
            assert!(text.parse::<Span>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn calendar_spans_run_over_as_in_go() {
        assert_eq!(back("1m", "2026-03-31T12:00:00Z", "UTC"), "2026-03-03T12:00:00Z");
        assert_eq!(back("1m", "2024-03-31T12:00:00Z", "UTC"), "2024-03-02T12:00:00Z");
        assert_eq!(back("1y", "2024-02-29T12:00:00Z", "UTC"), "2023-03-01T12:00:00Z");
        assert_eq!(back("1y2m3d4h", "2026-01-02T03:00:00Z", "UTC"), "2024-10-29T23:00:00Z");
    }

    #[test]
    fn a_day_is_a_day_of_the_zone_and_an_hour_an_hour() {
        // Clocks went back on 25 October 2026 in Berlin: that day had 25 hours.
        assert_eq!(back("1d", "2026-10-25T11:00:00Z", "Europe/Berlin"), "2026-10-24T10:00:00Z");
        assert_eq!(back("24h", "2026-10-25T11:00:00Z", "Europe/Berlin"), "2026-10-24T11:00:00Z");
        assert_eq!(back("1d", "2026-10-25T11:00:00Z", "UTC"), "2026-10-24T11:00:00Z");
    }

    #[test]
    fn absurd_spans_end_at_the_beginning_of_time() {
        for zone in ["UTC", "local", "Europe/Berlin", "-12:00"] {
            assert!(back("4294967295y", "2026-10-25T11:00:00Z", zone).starts_with("000"), "{zone}");
            assert!(back("4294967295d4294967295h", "2026-10-25T11:00:00Z", zone).starts_with('-'), "{zone}");
        }
    }
}
