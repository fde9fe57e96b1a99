//! What this machine remembers of an application's stores: how many rows the tables of encrypted snapshots had, which their
//! manifests keep to themselves.
//!
//! It is a private file beside the settings. Without it nothing is lost but the comparison with what came before.

use super::manifest::Loss;
use crate::database::check::RowCounts;
use crate::files::{self, AtomicFile};
use crate::progress::Progress;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// The largest file that is read.
const MAX_FILE: u64 = 64 << 20;

/// Of how many snapshots the rows are remembered: of those that lost nothing, and of the others.
const REMEMBERED: usize = 8;

/// For how long it is remembered that a table lost rows.
const LOSSES: TimeDelta = TimeDelta::days(31);

/// What is remembered of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Encrypted snapshots, by time.
    #[serde(default)]
    counted: Vec<Counted>,
}

/// What is remembered of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The name of its file.
    pub snapshot: String,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Rows of each table, of the newest.
    pub rows: Option<RowCounts>,
    /// The tables that lost many rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Loss>,
}

impl State {
    /// Reads what is remembered: nothing where there is no file.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let Some(text) = files::read_small_if_there(file, MAX_FILE)? else { return Ok(Self::default()) };
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is not what larder wrote there", file.display()))
    }

    /// The same, where a file that cannot be read is as none: it holds nothing that is needed.
    pub fn read_or_nothing(file: Option<&Path>, progress: &dyn Progress) -> Self {
        Self::read(file).unwrap_or_else(|error| {
            progress.detail(&format!("{error:#}"));
            Self::default()
        })
    }

    /// Changes what is remembered. A file that cannot be read is written anew: it holds nothing that is needed.
    pub fn update(file: &Path, change: impl FnOnce(&mut Self)) -> Result<()> {
        let before = Self::read(Some(file)).unwrap_or_default();
        let mut state = before.clone();
        change(&mut state);
        if state == before {
            return Ok(());
        }
        files::create_folders(&files::folder_of(file))?;
        let mut output = AtomicFile::create(file, true)?;
        let text = serde_json::to_vec_pretty(&state).context("cannot write what is remembered")?;
        output.write_all(&text).and_then(|()| output.write_all(b"\n"))?;
        output.commit()
    }

    /// What is remembered of the snapshot of that name.
    pub fn counted(&self, snapshot: &str) -> Option<&Counted> {
        self.counted.iter().find(|counted| counted.snapshot == snapshot)
    }

    /// Remembers a snapshot, and forgets what is of no use any more.
    pub fn remember(&mut self, new: Counted) {
        let now = new.at;
        self.counted.retain(|counted| counted.snapshot != new.snapshot);
        self.counted.push(new);
        let (mut calm, mut lossy) = (0, 0);
        for counted in self.counted.iter_mut().rev() {
            let number = if counted.lost.is_empty() { &mut calm } else { &mut lossy };
            *number += 1;
            if *number > REMEMBERED {
                counted.rows = None;
            }
        }
        let is_needed = |counted: &Counted| {
            counted.rows.is_some() || !counted.lost.is_empty() && now - counted.at < LOSSES
        };
        self.counted.retain(is_needed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(number: i64, lost: bool) -> Counted {
        let loss = Loss { table: "t".to_owned(), was: 100, is: 1, usual: false };
        Counted {
            snapshot: format!("s{number}"),
            at: DateTime::UNIX_EPOCH + TimeDelta::hours(number),
            rows: Some(RowCounts::new()),
            lost: if lost { vec![loss] } else { Vec::new() },
        }
    }

    #[test]
    fn a_long_run_of_losses_does_not_push_out_what_was_before_it() {
        let mut state = State::default();
        (0..20).for_each(|number| state.remember(counted(number, false)));
        (20..200).for_each(|number| state.remember(counted(number, true)));
        assert!(state.counted("s11").is_none());
        assert!(state.counted("s12").is_some_and(|counted| counted.rows.is_some()));
        assert!(state.counted("s150").is_some_and(|counted| counted.rows.is_none()));
        assert!(state.counted("s199").is_some_and(|counted| counted.rows.is_some()));
        state.remember(counted(200 + 24 * 40, true));
        assert!(state.counted("s150").is_none());
    }

    #[test]
    fn what_is_no_state_is_an_error_to_read_and_is_written_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("state/app.json");
        assert_eq!(State::read(Some(&file)).expect("none"), State::default());
        State::update(&file, |state| state.remember(counted(0, false))).expect("write");
        std::fs::write(&file, "[").expect("write");
        let error = State::read(Some(&file)).expect_err("it is broken");
        assert!(error.to_string().ends_with("state/app.json is not what larder wrote there"), "{error:#}");
        State::update(&file, |state| state.remember(counted(1, false))).expect("write");
        assert!(State::read(Some(&file)).expect("read").counted("s1").is_some());
    }
}
