//! The keep rules as options.

use crate::cli::parse;
use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Args;
use larder::config::RetentionConfig;
use larder::error::Fault;
use larder::snapshot::prune::{self, Rules};
use larder::snapshot::retention::{Count, Policy};
use larder::snapshot::span::Span;
use larder::snapshot::zone::Zone;

/// What to keep. Each rule keeps the newest snapshot of so many hours, days, weeks, months or years.
#[derive(Debug, Default, PartialEq, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the options")]
#[command(next_help_heading = "What to keep")]
pub struct Keep {
    /// Keep the N newest snapshots (or unlimited, here and below)
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_last: Option<Count>,
    /// Keep the newest of each of the last N hours that have one
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_hourly: Option<Count>,
    /// Keep the newest of each of the last N days that have one
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_daily: Option<Count>,
    /// Keep the newest of each of the last N weeks (from Monday) that have one
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_weekly: Option<Count>,
    /// Keep the newest of each of the last N months that have one
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_monthly: Option<Count>,
    /// Keep the newest of each of the last N years that have one
    #[arg(long, value_name = "N", value_parser = parse::<Count>)]
    keep_yearly: Option<Count>,
    /// Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within: Option<Span>,
    /// Keep the newest of each hour within SPAN of the newest
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within_hourly: Option<Span>,
    /// Keep the newest of each day within SPAN of the newest
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within_daily: Option<Span>,
    /// Keep the newest of each week within SPAN of the newest
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within_weekly: Option<Span>,
    /// Keep the newest of each month within SPAN of the newest
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within_monthly: Option<Span>,
    /// Keep the newest of each year within SPAN of the newest
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_within_yearly: Option<Span>,
    /// After the rules, remove the oldest until an application's snapshots fit into SIZE, such as 20GB
    #[arg(long, value_name = "SIZE", value_parser = larder::config::size)]
    max_size: Option<u64>,
    /// How long to keep safety snapshots, which restores and imports make [default: 14d]
    #[arg(long, value_name = "SPAN", value_parser = parse::<Span>)]
    keep_safety: Option<Span>,
}

impl Keep {
    /// An error where a rule was given without --prune: it would do nothing.
    pub fn refuse_without_prune(&self) -> Result<()> {
        let empty = Self::default();
        if *self == empty {
            Ok(())
        } else {
            Err(Fault::usage("keep rules do nothing without --prune").into())
        }
    }

    /// The rules as of now: those that were given, else those of the settings.
    pub fn rules(&self, settings: &RetentionConfig, zone: Option<Zone>, now: DateTime<Utc>) -> Result<Rules> {
        let (policy, max_size, exports) = match (self.policy(), self.max_size) {
            // A policy is one thing: half of one and half of another would be neither's.
            (policy, None) if policy.is_empty() => {
                (settings.policy.clone(), settings.max_size, settings.exports.clone())
            }
            (policy, max_size) => (policy, max_size, None),
        };
        let safety = self.keep_safety.or(settings.keep_safety).unwrap_or(prune::SAFETY);
        let zone = zone.or(settings.timezone).unwrap_or_default();
        let rules = Rules { policy, zone, max_size, exports, safety, now };
        rules.refuse_empty()?;
        Ok(rules)
    }

    /// The same of exports: the settings may have rules of their own for them.
    pub fn rules_of_exports(
        &self,
        settings: &RetentionConfig,
        zone: Option<Zone>,
        now: DateTime<Utc>,
    ) -> Result<Rules> {
        let rules = self.rules(settings, zone, now)?;
        match &rules.exports {
            Some((policy, max_size)) if policy.is_empty() && max_size.is_none() => {
                Err(Fault::usage("nothing says which exports to keep").into())
            }
            _ => Ok(rules),
        }
    }

    fn policy(&self) -> Policy {
        let count = |count: Option<Count>| count.unwrap_or_default();
        Policy {
            last: count(self.keep_last),
            periods: [
                count(self.keep_hourly),
                count(self.keep_daily),
                count(self.keep_weekly),
                count(self.keep_monthly),
                count(self.keep_yearly),
            ],
            within: self.keep_within,
            periods_within: [
                self.keep_within_hourly,
                self.keep_within_daily,
                self.keep_within_weekly,
                self.keep_within_monthly,
                self.keep_within_yearly,
            ],
        }
    }
}
