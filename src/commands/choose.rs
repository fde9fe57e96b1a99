//! Options that say which part of a database is exported.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use clap::Args;
use larder::error::Fault;
use larder::export::Choice;
use larder::snapshot::span::Span;
use larder::snapshot::zone::Zone;
use std::str::FromStr;

/// Which part of a condensed export is wanted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Choosing")]
pub struct ChooseArgs {
    /// Only this item, by its key (with commas between the parts of one) or by its name, with what belongs to it in any
    /// section and what all that refers to; may be given several times
    #[arg(long, value_name = "SECTION=KEY", value_parser = pair, conflicts_with = "full")]
    item: Vec<(String, String)>,
    /// Only rows of this time or later, with what they refer to, in sections whose `date` in larder.toml says what time a row
    /// is about: 2026-11-20, 2026-11-20T14:00 (UTC), or 30d for that long ago
    #[arg(long, value_name = "TIME", conflicts_with = "full")]
    since: Option<Moment>,
    /// Only rows of before this time, or of that day or before
    #[arg(long, value_name = "TIME", conflicts_with = "full")]
    until: Option<Moment>,
    /// Only rows of a section that meet a condition in SQL, with what they refer to; what belongs to other rows stays out. An
    /// id in it is written into the document as what it refers to; may be given several times
    #[arg(long = "where", value_name = "SECTION=SQL", value_parser = pair, conflicts_with = "full")]
    conditions: Vec<(String, String)>,
    /// Only these fields of a section, and those of its key; may be given several times
    #[arg(long, value_name = "[SECTION=]FIELD,…", value_parser = columns, conflicts_with = "full")]
    columns: Vec<(Option<String>, Fields)>,
    /// Not this column of a section, or of children: movies.notes, movies.reviews.text; may be given several times
    #[arg(long, value_name = "SECTION.COLUMN", value_delimiter = ',', conflicts_with = "full")]
    omit: Vec<String>,
}

/// Names of fields.
type Fields = Vec<String>;

/// A time, or how long ago it is.
#[derive(Debug, Clone, Copy)]
enum Moment {
    At(DateTime<Utc>),
    Day(NaiveDate),
    Ago(Span),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(time.to_utc()));
        }
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
        if let Some(time) = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        {
            return Ok(Self::At(time.and_utc()));
        }
        let is_none = |_| format!("{text:?} is no time such as 2026-11-20, 2026-11-20T14:00 or 30d");
        text.parse().map(Self::Ago).map_err(|error: anyhow::Error| is_none(error))
    }
}

impl Moment {
    /// When it begins, or where it is a day and its end is asked for, when it ends.
    fn resolve(self, now: DateTime<Utc>, is_end: bool) -> DateTime<Utc> {
        let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        match self {
            Self::At(time) => time,
            Self::Day(day) if is_end => midnight(day.checked_add_days(Days::new(1)).unwrap_or(day)),
            Self::Day(day) => midnight(day),
            Self::Ago(span) => span.before(now, Zone::Local),
        }
    }
}

/// A section, and what comes after the equal sign.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (section, rest) = text.split_once('=').ok_or("a section and = come first")?;
    Ok((section.trim().to_owned(), rest.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "it parses the value of an option")]
fn columns(text: &str) -> Result<(Option<String>, Fields), String> {
    let (section, fields) = match text.split_once('=') {
        Some((section, fields)) => (Some(section.trim().to_owned()), fields),
        None => (None, text),
    };
    let fields = fields.split(',').map(str::trim).filter(|field| !field.is_empty());
    Ok((section, fields.map(str::to_owned).collect()))
}

impl ChooseArgs {
    /// What is wanted.
    pub fn choice(&self, only: &[String], exclude: &[String], now: DateTime<Utc>) -> anyhow::Result<Choice> {
        let since = self.since.map(|moment| moment.resolve(now, false));
        let until = self.until.map(|moment| moment.resolve(now, true));
        if let (Some(since), Some(until)) = (since, until)
            && since >= until
        {
            return Err(Fault::usage("--since is not before --until").into());
        }
        Ok(Choice {
            only: only.to_vec(),
            exclude: exclude.to_vec(),
            items: self.item.clone(),
            conditions: self.conditions.clone(),
            columns: self.columns.clone(),
            omit: self.omit.clone(),
            since,
            until,
        })
    }
}
