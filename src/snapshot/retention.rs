//! The keep rules: which of a series of times a policy keeps, and why. Nothing here looks at a file or a clock.
//!
//! The rules mean what they mean in restic's `forget`
//! (<https://restic.readthedocs.io/en/stable/060_forget.html>): each counts calendar buckets of one zone from the
//! newest back and keeps the newest of each; while a count is left, the oldest of all is kept too; what lies
//! within a span is measured from the newest that is not in the future.

use super::span::Span;
use super::zone::Zone;
use crate::error::Fault;
use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};
use std::str::FromStr;

/// How many buckets a rule keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Limited(u32),
    /// All.
    Unlimited,
}

impl Default for Count {
    fn default() -> Self {
        Self::Limited(0)
    }
}

impl FromStr for Count {
    type Err = anyhow::Error;

    /// A number, or `unlimited`.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        if text == "unlimited" || text == "-1" {
            return Ok(Self::Unlimited);
        }
        text.parse().map(Self::Limited).map_err(|_| {
            Fault::usage(format!("{text:?} is not how many to keep"))
                .hint("write a number, or unlimited")
                .into()
        })
    }
}

/// A calendar bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// An hour of a day.
    Hour,
    /// A day.
    Day,
    /// A week as ISO 8601 counts them, from Monday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Period {
    /// All of them, in the order in which reasons are given.
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    fn adverb(self) -> &'static str {
        match self {
            Self::Hour => "hourly",
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
            Self::Year => "yearly",
        }
    }

    /// A number that two times share when they lie in the same bucket.
    fn bucket(self, time: NaiveDateTime) -> i64 {
        let (year, month, day) = (i64::from(time.year()), i64::from(time.month()), i64::from(time.day()));
        match self {
            Self::Hour => ((year * 100 + month) * 100 + day) * 100 + i64::from(time.hour()),
            Self::Day => (year * 100 + month) * 100 + day,
            Self::Week => {
                let week = time.iso_week();
                i64::from(week.year()) * 100 + i64::from(week.week())
            }
            Self::Month => year * 100 + month,
            Self::Year => year,
        }
    }
}

/// What to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The newest, whatever their time.
    pub last: Count,
    /// The newest of so many buckets, a count for each of [`Period::ALL`].
    pub periods: [Count; 5],
    /// Everything within a span of the newest.
    pub within: Option<Span>,
    /// The newest of each bucket within a span of the newest, for each of [`Period::ALL`].
    pub periods_within: [Option<Span>; 5],
}

impl Policy {
    /// Whether it keeps nothing, because it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Why something is kept; nothing where it is not.
pub type Reasons = Vec<String>;

/// Applies a policy to times that are sorted from old to new, and says of each why it is kept.
pub fn apply(policy: &Policy, zone: Zone, now: DateTime<Utc>, times: &[DateTime<Utc>]) -> Vec<Reasons> {
    let newest = times.iter().rev().find(|time| **time <= now).or(times.last());
    let Some(newest) = newest.copied() else { return Vec::new() };
    let mut rules = rules(policy, zone, newest);
    let last = times.len() - 1;
    let reasons = times.iter().rev().enumerate().map(|(number, time)| {
        let seen =
            Seen { time: *time, wall_clock: zone.wall_clock(*time), number, is_oldest: number == last };
        rules.iter_mut().filter_map(|rule| rule.keeps(&seen)).collect()
    });
    let mut reasons: Vec<Reasons> = reasons.collect();
    reasons.reverse();
    reasons
}

fn rules(policy: &Policy, zone: Zone, newest: DateTime<Utc>) -> Vec<Rule> {
    let mut rules = Vec::new();
    if let Some(span) = policy.within {
        let reason = format!("within {span}");
        rules.push(Rule::new(None, Count::Unlimited, Some(span.before(newest, zone)), reason));
    }
    rules.push(Rule::new(None, policy.last, None, "last snapshot".to_owned()));
    for (period, count) in Period::ALL.into_iter().zip(policy.periods) {
        rules.push(Rule::new(Some(period), count, None, format!("{} snapshot", period.adverb())));
    }
    for (period, span) in Period::ALL.into_iter().zip(policy.periods_within) {
        if let Some(span) = span {
            let reason = format!("{} within {span}", period.adverb());
            rules.push(Rule::new(Some(period), Count::Unlimited, Some(span.before(newest, zone)), reason));
        }
    }
    rules
}

/// A snapshot's turn, from the newest back.
struct Seen {
    time: DateTime<Utc>,
    wall_clock: NaiveDateTime,
    number: usize,
    is_oldest: bool,
}

struct Rule {
    /// Without one, each snapshot is a bucket of its own.
    period: Option<Period>,
    left: Count,
    /// Only what is later counts.
    after: Option<DateTime<Utc>>,
    reason: String,
    last_bucket: Option<i64>,
}

impl Rule {
    fn new(period: Option<Period>, left: Count, after: Option<DateTime<Utc>>, reason: String) -> Self {
        Self { period, left, after, reason, last_bucket: None }
    }

    fn keeps(&mut self, seen: &Seen) -> Option<String> {
        if self.left == Count::Limited(0) || self.after.is_some_and(|after| seen.time <= after) {
            return None;
        }
        let bucket = match self.period {
            Some(period) => period.bucket(seen.wall_clock),
            None => i64::try_from(seen.number).unwrap_or(i64::MAX),
        };
        let is_new = self.last_bucket != Some(bucket);
        if !is_new && !seen.is_oldest {
            return None;
        }
        self.last_bucket = Some(bucket);
        if let Count::Limited(left) = &mut self.left {
            *left -= 1;
        }
        Some(if is_new { self.reason.clone() } else { format!("oldest {}", self.reason) })
    }
}

#[cfg(test)]
mod tests;
