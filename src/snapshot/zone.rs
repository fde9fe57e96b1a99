//! The time zone in which days, weeks and months begin.

use crate::error::Fault;
use anyhow::Result;
use chrono::{DateTime, FixedOffset, Local, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use std::fmt;
use std::str::FromStr;

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// The system's, as `TZ` or `/etc/localtime` say.
    #[default]
    Local,
    /// A fixed offset from UTC.
    Fixed(FixedOffset),
    /// A zone of the IANA database.
    Named(chrono_tz::Tz),
}

impl Zone {
    /// What a clock on the wall shows.
    pub fn wall_clock(self, time: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Local => time.with_timezone(&Local).naive_local(),
            Self::Fixed(offset) => time.with_timezone(&offset).naive_local(),
            Self::Named(zone) => time.with_timezone(&zone).naive_local(),
        }
    }

    /// When a clock on the wall shows that: the later time where it shows it twice, and where it skips it the time
    /// that it would be without the skip.
    pub fn instant(self, wall_clock: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Local => instant_in(&Local, wall_clock),
            Self::Fixed(offset) => instant_in(&offset, wall_clock),
            Self::Named(zone) => instant_in(&zone, wall_clock),
        }
    }
}

fn instant_in<Z: TimeZone>(zone: &Z, wall_clock: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall_clock) {
        LocalResult::Single(time) => time.to_utc(),
        LocalResult::Ambiguous(_, later) => later.to_utc(),
        LocalResult::None => {
            let before = zone.from_local_datetime(&(wall_clock - TimeDelta::hours(3))).latest();
            before.map_or_else(|| wall_clock.and_utc(), |time| time.to_utc() + TimeDelta::hours(3))
        }
    }
}

impl FromStr for Zone {
    type Err = anyhow::Error;

    /// `local`, `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`.
    fn from_str(text: &str) -> Result<Self> {
        if text.eq_ignore_ascii_case("local") {
            return Ok(Self::Local);
        }
        if text.eq_ignore_ascii_case("utc") || text == "Z" {
            return Ok(Self::Fixed(FixedOffset::east_opt(0).expect("zero is an offset")));
        }
        if let Ok(offset) = text.parse() {
            return Ok(Self::Fixed(offset));
        }
        text.parse().map(Self::Named).map_err(|_| {
            Fault::usage(format!("{text:?} is no time zone"))
                .hint("write local, UTC, an offset such as +02:00, or a name such as Europe/Berlin")
                .into()
        })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local time"),
            Self::Fixed(offset) if offset.local_minus_utc() == 0 => f.write_str("UTC"),
            Self::Fixed(offset) => write!(f, "{offset}"),
            Self::Named(zone) => write!(f, "{zone}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().expect("a time")
    }

    #[test]
    fn zones_are_read_and_named() {
        for (text, name) in [
            ("local", "local time"),
            ("utc", "UTC"),
            ("+02:00", "+02:00"),
            ("-0330", "-03:30"),
            ("Europe/Berlin", "Europe/Berlin"),
        ] {
            assert_eq!(text.parse::<Zone>().expect("a zone").to_string(), name);
        }
        assert!("Europe/Nowhere".parse::<Zone>().is_err());
    }

    #[test]
    fn repeated_and_skipped_hours_have_an_instant() {
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        assert_eq!(berlin.instant(wall("2026-07-01T12:00:00")).naive_utc(), wall("2026-07-01T10:00:00"));
        assert_eq!(berlin.instant(wall("2026-10-25T02:30:00")).naive_utc(), wall("2026-10-25T01:30:00"));
        assert_eq!(berlin.instant(wall("2026-03-29T02:30:00")).naive_utc(), wall("2026-03-29T01:30:00"));
        assert_eq!(
            berlin.wall_clock(wall("2026-10-25T00:30:00").and_utc()),
            berlin.wall_clock(wall("2026-10-25T01:30:00").and_utc())
        );
    }
}
