//! What a restore would change, in the words of the items: what is lost, what comes back.

use crate::commands::Context;
use crate::commands::configuration::Subject;
use crate::commands::diff::{described, since};
use crate::ui::table;
use anyhow::Result;
use larder::diff::{Counts, Differences};
use larder::error::{Kind, kind};
use larder::platform;
use larder::progress::Progress;
use larder::stream::age::Keys;
use serde_json::Value;
use std::path::Path;

/// What differs between a snapshot and the database that it is to be restored to.
pub(super) enum Found {
    /// They are states of one database.
    States(Differences),
    /// They are two databases.
    Others,
    /// Nobody can tell: one of them cannot be read so.
    Unknown,
}

/// Compares a snapshot with a database.
pub(super) fn find(
    snapshot: &Path,
    database: &Path,
    (subject, keys): (&Subject, &Keys<'_>),
    context: &Context<'_>,
) -> Result<Found> {
    match since(snapshot, database, (subject, keys), context) {
        Ok(Ok(found)) => Ok(Found::States(found)),
        Ok(Err(_)) => Ok(Found::Others),
        // A key that does not open it will not do so later.
        Err(error) if matches!(kind(&error), Kind::Interrupted | Kind::Usage) => Err(error),
        // A restore needs no more than a snapshot that is whole.
        Err(error) => {
            context.ui.detail(&format!("it cannot be said what would change: {error:#}"));
            Ok(Found::Unknown)
        }
    }
}

impl Found {
    /// Lines that say it.
    pub(super) fn lines(&self) -> Vec<String> {
        let found = match self {
            Self::Others => {
                return vec!["the database is not an earlier or later state of the snapshot".to_owned()];
            }
            Self::Unknown => return Vec::new(),
            Self::States(found) if found.is_none() => {
                return vec!["the database holds what the snapshot does".to_owned()];
            }
            Self::States(found) => found,
        };
        let mut lines = Vec::new();
        for (start, count) in [
            ("would be lost", (|counts: &Counts| counts.new) as fn(&Counts) -> u64),
            ("would come back", |counts| counts.gone),
            ("would be as they were", |counts| counts.changed),
        ] {
            let all = found.sections.iter().chain(&found.left_out);
            let counted: Vec<String> = all
                .filter(|(_, counts)| count(counts) > 0)
                .map(|(name, counts)| format!("{} {name}", table::number(count(counts))))
                .collect();
            if !counted.is_empty() {
                lines.push(format!("{start}: {}", counted.join(", ")));
            }
        }
        if !found.schema.is_empty() {
            let names: Vec<String> =
                found.schema.iter().map(|object| format!("{} {}", object.kind, object.name)).collect();
            lines.push(format!("the schema differs: {}", shown(&names)));
        }
        lines
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::States(found) => described(found),
            Self::Others | Self::Unknown => Value::Null,
        }
    }
}

/// Says which programs have a database open.
pub(super) fn say_who_has(database: &Path, context: &Context<'_>) {
    let holders = platform::holders(&[database.to_owned()]);
    let mut names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    names.dedup();
    if !names.is_empty() {
        context.ui.say(&format!("it is open in {}", shown(&names)));
    }
}

/// The first of several names.
fn shown(names: &[String]) -> String {
    /// So many fit a line.
    const MOST: usize = 5;
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    names[..names.len().min(MOST)].join(", ") + &more
}
