//! Where snapshots go, how they are made, how long they are kept, and what a check expects of them.

use super::section::ALL_OTHERS;
use super::settings::{Named, Settings};
use crate::database::check::Depth;
use crate::error::Fault;
use crate::patience::length_of_time;
use crate::snapshot::retention::{Count, Policy};
use crate::snapshot::span::Span;
use crate::snapshot::suspicion::RowLimits;
use crate::snapshot::zone::Zone;
use crate::store::VerifyUpload;
use crate::stream::{Compression, Level};
use anyhow::Result;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What is said of making snapshots: `[snapshot]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnapshotConfig {
    /// The store: a folder or a URL.
    pub to: Option<PathBuf>,
    /// More stores, each of which gets what the first one gets.
    pub also_to: Vec<Destination>,
    /// How the file is compressed.
    pub compress: Option<Compression>,
    /// How hard.
    pub level: Option<Level>,
    /// How thorough the drill is.
    pub drill: Option<Depth>,
    /// Take the files that belong to the database too.
    pub files: Option<bool>,
    /// Make none where the newest holds the same.
    pub if_changed: bool,
    /// Keep what can be copied of a damaged database.
    pub keep_damaged: bool,
    /// Whom it is encrypted for: recipients, or paths of files of them.
    pub encrypt_to: Vec<String>,
    /// The file that holds the passphrase for it.
    pub passphrase_file: Option<PathBuf>,
    /// The command that prints the passphrase for it.
    pub passphrase_command: Option<String>,
    /// How uploads to remote stores are verified.
    pub verify: Option<VerifyUpload>,
    /// Remove afterwards what `[retention]` does not keep.
    pub prune: bool,
}

/// A store besides the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// A folder or a URL.
    pub to: PathBuf,
    /// How long snapshots are kept there, where that is something else.
    pub retention: Option<RetentionConfig>,
}

/// How long snapshots are kept: `[retention]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetentionConfig {
    /// The keep rules.
    pub policy: Policy,
    /// How many bytes the snapshots of an application may have.
    pub max_size: Option<u64>,
    /// How long exports are kept, where that is something else.
    pub exports: Option<(Policy, Option<u64>)>,
    /// How long safety snapshots are kept.
    pub keep_safety: Option<Span>,
    /// The zone in which days begin.
    pub timezone: Option<Zone>,
}

/// What a check expects: `[check]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckConfig {
    /// How old the newest may be.
    pub max_age: Option<Duration>,
    /// How many bytes its file must have.
    pub min_size: Option<u64>,
    /// By how many percent it may be smaller than the one before.
    pub max_shrink: Option<Percent>,
    /// How many of its rows a table may lose before a snapshot is suspicious.
    pub max_row_loss: RowLimits,
    /// What is required of the database, as queries whose first value is true.
    pub require: Vec<String>,
    /// Restore it to a scratch file, and check that.
    pub drill: bool,
}

/// A part of a whole: 0 to 100 of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u8);

impl SnapshotConfig {
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let config = Self {
            to: settings.store("to")?,
            also_to: settings.stores("also-to", Destination::plain, Destination::read)?,
            compress: settings.parsed("compress", codec)?,
            level: settings.parsed("level", |text| Ok(text.parse()?))?,
            drill: settings.parsed("drill", depth)?,
            files: settings.flag("files")?,
            if_changed: settings.flag("if-changed")?.unwrap_or_default(),
            keep_damaged: settings.flag("keep-damaged")?.unwrap_or_default(),
            encrypt_to: settings.recipients("encrypt-to")?,
            passphrase_file: settings.place("passphrase-file")?,
            passphrase_command: settings.some_text("passphrase-command")?,
            verify: settings.parsed("verify", verify)?,
            prune: settings.flag("prune")?.unwrap_or_default(),
        };
        let passphrases = [config.passphrase_file.is_some(), config.passphrase_command.is_some()];
        if [!config.encrypt_to.is_empty(), passphrases[0], passphrases[1]].iter().filter(|is| **is).count()
            > 1
        {
            return Err(settings.contradicts("encrypt-to, passphrase-file and passphrase-command").into());
        }
        settings.finish()?;
        Ok(config)
    }
}

impl SnapshotConfig {
    /// Whether snapshots are encrypted.
    pub fn encrypts(&self) -> bool {
        !self.encrypt_to.is_empty() || self.passphrase_file.is_some() || self.passphrase_command.is_some()
    }
}

impl Destination {
    /// A store with the same retention as the first.
    pub fn plain(to: PathBuf) -> Self {
        Self { to, retention: None }
    }

    fn read(mut settings: Settings<'_>) -> Result<Self> {
        let to = settings.store("to")?;
        let to = to.ok_or_else(|| settings.lacks("to"))?;
        let retention = RetentionConfig::take(&mut settings)?;
        settings.finish()?;
        let is_said = retention != RetentionConfig::default();
        Ok(Self { to, retention: is_said.then_some(retention) })
    }
}

impl RetentionConfig {
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let config = Self::take(&mut settings)?;
        settings.finish()?;
        Ok(config)
    }

    fn take(settings: &mut Settings<'_>) -> Result<Self> {
        let (policy, max_size) = Self::rules(settings)?;
        let exports = settings.table("exports")?.map(|mut exports| {
            let rules = Self::rules(&mut exports)?;
            exports.finish()?;
            Ok::<_, anyhow::Error>(rules)
        });
        Ok(Self {
            policy,
            max_size,
            exports: exports.transpose()?,
            keep_safety: settings.parsed("keep-safety", Span::from_str)?,
            timezone: settings.parsed("timezone", Zone::from_str)?,
        })
    }

    /// The keep rules, and the size.
    fn rules(settings: &mut Settings<'_>) -> Result<(Policy, Option<u64>)> {
        let mut count = |name| settings.parsed(name, Count::from_str).map(Option::unwrap_or_default);
        let last = count("keep-last")?;
        let periods = [
            count("keep-hourly")?,
            count("keep-daily")?,
            count("keep-weekly")?,
            count("keep-monthly")?,
            count("keep-yearly")?,
        ];
        let mut span = |name| settings.parsed(name, Span::from_str);
        let within = span("keep-within")?;
        let periods_within = [
            span("keep-within-hourly")?,
            span("keep-within-daily")?,
            span("keep-within-weekly")?,
            span("keep-within-monthly")?,
            span("keep-within-yearly")?,
        ];
        let policy = Policy { last, periods, within, periods_within };
        Ok((policy, settings.parsed("max-size", size)?))
    }
}

impl CheckConfig {
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let config = Self {
            max_age: settings.parsed("max-age", length_of_time)?,
            min_size: settings.parsed("min-size", size)?,
            max_shrink: settings.parsed("max-shrink", Percent::from_str)?,
            max_row_loss: row_limits(&mut settings)?,
            require: settings.some_texts("require")?.unwrap_or_default(),
            drill: settings.flag("drill")?.unwrap_or_default(),
        };
        settings.finish()?;
        Ok(config)
    }
}

/// How many of its rows a table may lose, by its name; `*` is all others.
fn row_limits(settings: &mut Settings<'_>) -> Result<RowLimits> {
    const NEEDED: &str = "how much a table may lose, such as \"90%\", or false for any";
    let mut limits = RowLimits::default();
    for (table, value) in settings.named("max-row-loss", NEEDED)? {
        let percent = match value {
            Named::Text(text) => {
                let wrong = |error| Fault::usage(format!("check.max-row-loss: {table}: {error}"));
                text.parse::<Percent>().map_err(wrong)?.0
            }
            Named::No => 100,
            Named::Table(table) => return Err(table.not_a(NEEDED).into()),
        };
        if table == ALL_OTHERS {
            limits.others = Some(percent);
        } else {
            limits.tables.insert(table, percent);
        }
    }
    Ok(limits)
}

impl FromStr for Percent {
    type Err = anyhow::Error;

    /// `20%`, or `20`.
    fn from_str(text: &str) -> Result<Self> {
        let number = text.strip_suffix('%').unwrap_or(text).trim_end().parse().ok();
        number.filter(|number| *number <= 100).map(Self).ok_or_else(|| {
            Fault::usage(format!("{text:?} is no percentage")).hint("write 0% to 100%, such as 20%").into()
        })
    }
}

/// Reads a number of bytes.
pub fn size(text: &str) -> Result<u64> {
    let size = text.parse::<bytesize::ByteSize>();
    size.map(|size| size.0).map_err(|_| {
        Fault::usage(format!("{text:?} is no size: write a number and a unit, such as 500MB or 20GiB")).into()
    })
}

fn codec(text: &str) -> Result<Compression> {
    match text {
        "gzip" => Ok(Compression::Gzip),
        "zstd" => Ok(Compression::Zstd),
        "none" => Ok(Compression::None),
        _ => Err(Fault::usage(format!("{text:?} is no compression")).hint("gzip, zstd or none").into()),
    }
}

fn verify(text: &str) -> Result<VerifyUpload> {
    match text {
        "auto" => Ok(VerifyUpload::Auto),
        "size" => Ok(VerifyUpload::Size),
        _ => Err(Fault::usage(format!("{text:?} is no way to verify")).hint("auto or size").into()),
    }
}

fn depth(text: &str) -> Result<Depth> {
    match text {
        "full" => Ok(Depth::Full),
        "quick" => Ok(Depth::Quick),
        _ => Err(Fault::usage(format!("{text:?} is no drill")).hint("full or quick").into()),
    }
}
