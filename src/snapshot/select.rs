//! Which snapshot somebody means: a file, `latest`, or a time.

use super::catalog::{self, Entry};
use super::manifest::Manifest;
use super::zone::Zone;
use crate::error::{Fault, Kind};
use crate::files;
use crate::progress::Progress;
use crate::store::{Location, SnapshotName, Store};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::path::Path;

/// How many snapshots an error message names.
const NAMED: usize = 3;

/// What a snapshot is looked for among.
#[derive(Clone, Copy)]
pub struct Among<'a> {
    /// The store, where there is one.
    pub store: Option<&'a Store>,
    /// The application.
    pub app: &'a str,
    /// The zone of times without one.
    pub zone: Zone,
    /// The present.
    pub now: DateTime<Utc>,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Whether a text means a snapshot of a store by its time: `latest`, or a time.
pub fn means_a_snapshot(text: &str) -> bool {
    text == "latest" || time(text, Zone::Local).is_some()
}

/// Finds the snapshot that an argument means: `latest`, a file, a file of the store, or the newest at or before a time.
pub fn select(path: &Path, among: Among<'_>) -> Result<Location> {
    let text = path.to_string_lossy();
    if text == "latest" {
        return newest(among, None);
    }
    let location = Location::of(path)?;
    if location.path().is_none() || files::metadata(path)?.is_some() {
        return Ok(location);
    }
    if let Some(in_store) = among.store.map(|store| in_store(path, store)).transpose()?.flatten() {
        return Ok(in_store);
    }
    match time(&text, among.zone) {
        Some(time) => newest(among, Some(time)),
        None => Err(unknown(&text, among).into()),
    }
}

/// The file of a store that has that name.
fn in_store(file: &Path, store: &Store) -> Result<Option<Location>> {
    if let Store::Folder(folder) = store {
        let path = folder.path().join(file);
        let is_file = files::metadata(&path)?.is_some_and(|metadata| metadata.is_file());
        return Ok(is_file.then_some(Location::Path(path)));
    }
    let Some(name) = SnapshotName::parse(file.as_os_str()) else { return Ok(None) };
    let is_there = store.list()?.items.iter().any(|item| item.name == name);
    Ok(is_there.then(|| store.place(&name)))
}

fn newest(among: Among<'_>, at: Option<DateTime<Utc>>) -> Result<Location> {
    let Some(store) = among.store else {
        return Err(Fault::failed("there is no store to look for it in")
            .hint("name the snapshot's file, or the store: --from STORE")
            .into());
    };
    let entries = catalog::read(store, Some(among.app))?;
    let regular: Vec<&Entry> = entries.iter().filter(|entry| entry.is_regular()).collect();
    let (newest, passed_over) = catalog::newest(&entries, at.unwrap_or(among.now));
    if let Some(entry) = newest {
        tell_passed_over(&passed_over, among.progress);
        let later = regular.last().filter(|last| at.is_none() && last.name.time > among.now);
        if let Some(later) = later {
            let name = &later.name;
            among.progress.warn(&format!("{name} is dated in the future and not taken for the latest"));
        }
        return Ok(entry.location.clone());
    }
    let (store, app) = (store.location(), among.app);
    if let Some(last) = passed_over.first() {
        let message =
            format!("every snapshot of {app} that is meant is suspicious: {}", why_suspicious(last));
        return Err(Fault::failed(message)
            .hint(format!("use it all the same by its name, {last_name}, or say that it is right: larder pin --accept {last_name}", last_name = last.location))
            .into());
    }
    let missing = match (at, regular.first()) {
        (_, None) => Fault::failed(format!("{store} holds no snapshot of {app}"))
            .hint(others(&catalog::read(among.store.expect("it was there above"), None)?)),
        (Some(_), Some(oldest)) => {
            let time = among.zone.wall_clock(oldest.name.time);
            Fault::failed(format!("no snapshot of {app} is that old: the oldest is of {time}"))
        }
        (None, Some(oldest)) => Fault::failed(format!("all snapshots of {app} are dated in the future"))
            .hint(format!("name one by its file: {}", oldest.location)),
    };
    Err(missing.into())
}

/// Says that suspicious snapshots are passed over for an older one.
fn tell_passed_over(passed_over: &[&Entry], progress: &dyn Progress) {
    let Some(newest) = passed_over.first() else { return };
    let more = match passed_over.len() - 1 {
        0 => String::new(),
        1 => ", and one more before it,".to_owned(),
        more => format!(", and {more} more before it,"),
    };
    progress.warn(&format!(
        "{}{more} is passed over: {}; larder pin --accept {} makes it count",
        newest.name,
        why_suspicious(newest),
        newest.location
    ));
}

/// What makes a snapshot suspicious.
pub fn why_suspicious(entry: &Entry) -> String {
    entry.manifest().and_then(Manifest::suspicion).unwrap_or_default()
}

fn others(entries: &[Entry]) -> String {
    let snapshots = entries.iter().filter(|entry| !entry.name.is_export());
    let mut apps: Vec<&str> = snapshots.map(|entry| entry.name.app.as_str()).collect();
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
