//! Which snapshot somebody means: a file, `latest`, or a time.

use super::catalog::{self, Entry};
use super::zone::Zone;
use crate::error::{Fault, Kind};
use crate::files;
use crate::progress::Progress;
use crate::store::Folder;
use anyhow::Result;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};

/// How many snapshots an error message names.
const NAMED: usize = 3;

/// What a snapshot is looked for among.
#[derive(Clone, Copy)]
pub struct Among<'a> {
    /// The store, where there is one.
    pub store: Option<&'a Folder>,
    /// The application.
    pub app: &'a str,
    /// The zone of times without one.
    pub zone: Zone,
    /// The present.
    pub now: DateTime<Utc>,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Finds the snapshot that an argument means: `latest`, a file, a file of the store, or the newest at or before a time.
pub fn select(path: &Path, among: Among<'_>) -> Result<PathBuf> {
    let text = path.to_string_lossy();
    if text == "latest" {
        return newest(among, None);
    }
    if files::metadata(path)?.is_some() {
        return Ok(path.to_owned());
    }
    if let Some(in_store) = among.store.map(|store| store.path().join(path)).filter(|path| path.is_file()) {
        return Ok(in_store);
    }
    match time(&text, among.zone) {
        Some(time) => newest(among, Some(time)),
        None => Err(unknown(&text, among).into()),
    }
}

fn newest(among: Among<'_>, at: Option<DateTime<Utc>>) -> Result<PathBuf> {
    let Some(store) = among.store else {
        return Err(Fault::failed("there is no store to look for it in")
            .hint("name the snapshot's file, or the store: --from STORE")
            .into());
    };
    let entries = catalog::read(store, Some(among.app))?;
    let regular: Vec<&Entry> = entries.iter().filter(|entry| entry.is_regular()).collect();
    if let Some(entry) = catalog::newest(&entries, at.unwrap_or(among.now)) {
        let later = regular.last().filter(|last| at.is_none() && last.name.time > among.now);
        if let Some(later) = later {
            let name = &later.name;
            among.progress.warn(&format!("{name} is dated in the future and not taken for the latest"));
        }
        return Ok(entry.path.clone());
    }
    let (store, app) = (store.path().display(), among.app);
    let missing = match (at, regular.first()) {
        (_, None) => Fault::failed(format!("{store} holds no snapshot of {app}"))
            .hint(others(&catalog::read(among.store.expect("it was there above"), None)?)),
        (Some(_), Some(oldest)) => {
            let time = among.zone.wall_clock(oldest.name.time);
            Fault::failed(format!("no snapshot of {app} is that old: the oldest is of {time}"))
        }
        (None, Some(oldest)) => Fault::failed(format!("all snapshots of {app} are dated in the future"))
            .hint(format!("name one by its file: {}", oldest.path.display())),
    };
    Err(missing.into())
}

fn others(entries: &[Entry]) -> String {
    let mut apps: Vec<&str> = entries.iter().map(|entry| entry.name.app.as_str()).collect();
    apps.dedup();
    apps.sort_unstable();
    apps.dedup();
    match apps.as_slice() {
        [] => "larder snapshot DB makes one".to_owned(),
        apps => format!("it holds snapshots of {}: choose with --app NAME", apps.join(", ")),
    }
}

fn unknown(text: &str, among: Among<'_>) -> Fault {
    let entries =
        among.store.and_then(|store| catalog::read(store, Some(among.app)).ok()).unwrap_or_default();
    let newest = entries.iter().rev().take(NAMED).map(|entry| entry.name.file_name());
    let newest: Vec<String> = newest.collect();
    let hint = if newest.is_empty() {
        "name a file, latest, or a time such as 2026-11-19T14:00".to_owned()
    } else {
        format!(
            "name a file, latest, or a time such as 2026-11-19T14:00; the newest are {}",
            newest.join(", ")
        )
    };
    Fault::new(Kind::Failed, format!("{text} is no snapshot: no such file, and not a time")).hint(hint)
}

/// Times without an offset.
const FORMATS: [&str; 4] = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];

/// Reads a time: a date means the end of that day; a time without an offset is in `zone`.
fn time(text: &str, zone: Zone) -> Option<DateTime<Utc>> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        let next = date.succ_opt()?.and_time(NaiveTime::MIN);
        return Some(zone.instant(next) - TimeDelta::nanoseconds(1));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    // As a snapshot's name writes it.
    if let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H-%M-%SZ") {
        return Some(time.and_utc());
    }
    let wall_clock = FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(zone.instant(wall_clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let zone = "Europe/Berlin".parse().expect("a zone");
        time(text, zone).map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    #[test]
    fn times_are_read_in_the_zone_and_a_date_is_its_end() {
        for (text, utc) in [
            ("2026-11-19T14:00", "2026-11-19T13:00:00Z"),
            ("2026-11-19 14:00:05", "2026-11-19T13:00:05Z"),
            ("2026-11-19T14:00:00Z", "2026-11-19T14:00:00Z"),
            ("2026-11-19T14:00:00+05:00", "2026-11-19T09:00:00Z"),
            ("2026-11-19T14-00-00Z", "2026-11-19T14:00:00Z"),
            ("2026-11-19", "2026-11-19T22:59:59Z"),
            ("2026-10-25", "2026-10-25T22:59:59Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(utc), "{text}");
        }
        for text in ["yesterday", "2026-11-31", "14:00", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
