//! The names of snapshots: `app-2026-11-20T10-30-00Z.db.gz`, and beside it `app-2026-11-20T10-30-00Z.meta.json`.
//!
//! One that is encrypted has `.age` behind it.
//! A second snapshot within the same second gets `-2` behind the time; what was copied of a damaged database is
//! `….damaged.db.gz`, so that it is known for what it is even without its manifest.

use crate::stream::{Compression, age};
use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use serde::Serialize;
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

const TIME: &str = "%Y-%m-%dT%H-%M-%SZ";
const TIME_LENGTH: usize = "2026-11-20T10-30-00Z".len();
/// What the name of a manifest ends in.
pub(super) const MANIFEST: &str = ".meta.json";
/// What the name of the files that belong to a snapshot ends in, before compression and encryption.
const FILES: &str = ".files.tar";
/// The longest name of an application in bytes, so that a file name fits every file system.
const MAX_APP: usize = 150;

/// What a file of a store holds, as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// A database: a snapshot.
    Database,
    /// An export as a JSON document.
    Json,
    /// An export as a JSON object a line.
    Ndjson,
    /// An export as CSV in an archive.
    Zip,
}

impl Held {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Database, Self::Json, Self::Ndjson, Self::Zip];

    /// What a name ends in, before compression and encryption.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Database => ".db",
            Self::Json => ".json",
            Self::Ndjson => ".ndjson",
            Self::Zip => ".zip",
        }
    }
}

/// What stands between the application and the user in the name of an export of one user's rows.
const OF_USER: char = '@';

/// What the name of a snapshot's file, or of an export in a store, says. Sorts by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotName {
    /// The application; of an export of one user's rows, `application@user`.
    pub app: String,
    /// What it holds.
    pub held: Held,
    /// When it was taken, to the second.
    pub time: DateTime<Utc>,
    /// Which of those within the same second, from 1.
    pub number: u32,
    /// Whether it is a copy of a damaged database.
    pub damaged: bool,
    /// How it is compressed.
    pub compression: Compression,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

impl SnapshotName {
    /// The first name for that time.
    pub fn new(app: &str, time: DateTime<Utc>, compression: Compression) -> Self {
        let time = time.trunc_subsecs(0);
        let (app, held) = (app.to_owned(), Held::Database);
        Self { app, held, time, number: 1, damaged: false, compression, encrypted: false }
    }

    /// Whether it is an export.
    pub fn is_export(&self) -> bool {
        self.held != Held::Database
    }

    /// The application without the user.
    pub fn base_app(&self) -> &str {
        match self.app.split_once(OF_USER) {
            Some((app, _)) if self.is_export() => app,
            _ => &self.app,
        }
    }

    /// Those among which the keep rules choose: the snapshots of an application, its exports, or those of one of its users.
    pub fn group(&self) -> (&str, bool) {
        (&self.app, self.is_export())
    }

    /// Whether it is of that application, or of one of its users.
    pub fn is_of(&self, app: &str) -> bool {
        self.app == app || self.base_app() == app
    }

    /// What an application is called in the names of exports of one user's rows.
    pub fn app_of_user(app: &str, user: &str) -> String {
        format!("{app}{OF_USER}{user}")
    }

    /// Reads a file name; `None` where it is not a snapshot's.
    pub fn parse(name: &OsStr) -> Option<Self> {
        let (stem, compression, encrypted) = without_packing(name.to_str()?);
        let named = |held: Held| Some((stem.strip_suffix(held.extension())?, held));
        let (stem, held) = Held::ALL.into_iter().find_map(named)?;
        Self::parse_stem(stem, compression).map(|parsed| Self { held, encrypted, ..parsed })
    }

    /// Reads the name of the archive of files that belong to a snapshot: the name of that snapshot.
    pub fn parse_files(name: &OsStr) -> Option<Self> {
        let (stem, compression, encrypted) = without_packing(name.to_str()?);
        let parsed = Self::parse_stem(stem.strip_suffix(FILES)?, compression)?;
        Some(Self { encrypted, ..parsed })
    }

    /// Reads the name of a manifest; compression and encryption are not in it, and none in the result.
    pub fn parse_manifest(name: &OsStr) -> Option<Self> {
        Self::parse_stem(name.to_str()?.strip_suffix(MANIFEST)?, Compression::None)
    }

    fn parse_stem(stem: &str, compression: Compression) -> Option<Self> {
        let (stem, damaged) = match stem.strip_suffix(".damaged") {
            Some(stem) => (stem, true),
            None => (stem, false),
        };
        let (stem, number) = match stem.rsplit_once('-') {
            Some((before, number)) if stem.ends_with(|c: char| c.is_ascii_digit()) => {
                (before, number.parse().ok().filter(|number| *number >= 2)?)
            }
            _ => (stem, 1),
        };
        let at = stem.len().checked_sub(TIME_LENGTH)?;
        let (app, time) = (stem.get(..at)?.strip_suffix('-')?, stem.get(at..)?);
        let time = NaiveDateTime::parse_from_str(time, TIME).ok()?.and_utc();
        let parsed = Self { number, damaged, ..Self::new(app, time, compression) };
        is_app_name(app).then_some(parsed)
    }

    /// The snapshot's file name.
    pub fn file_name(&self) -> String {
        let age = if self.encrypted { age::EXTENSION } else { "" };
        format!("{}{}{}{age}", self.stem(), self.held.extension(), self.compression.extension())
    }

    /// The file name of the archive with the files that belong to the snapshot.
    pub fn files_name(&self) -> String {
        let age = if self.encrypted { age::EXTENSION } else { "" };
        format!("{}{FILES}{}{age}", self.stem(), self.compression.extension())
    }

    /// The manifest's file name.
    pub fn manifest_name(&self) -> String {
        format!("{}{MANIFEST}", self.stem())
    }

    /// What a snapshot and its manifest have in common.
    pub fn stem(&self) -> String {
        let time = self.time.format(TIME);
        let number = if self.number > 1 { format!("-{}", self.number) } else { String::new() };
        let damaged = if self.damaged { ".damaged" } else { "" };
        format!("{}-{time}{number}{damaged}", self.app)
    }
}

/// A file name without its compression and encryption, which are given too.
fn without_packing(name: &str) -> (&str, Compression, bool) {
    let (name, encrypted) = match name.strip_suffix(age::EXTENSION) {
        Some(name) => (name, true),
        None => (name, false),
    };
    match (name.strip_suffix(".gz"), name.strip_suffix(".zst")) {
        (Some(stem), _) => (stem, Compression::Gzip, encrypted),
        (_, Some(stem)) => (stem, Compression::Zstd, encrypted),
        _ => (name, Compression::None, encrypted),
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file_name())
    }
}

impl Ord for SnapshotName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |name: &Self| (name.time, name.number);
        let of_app = || self.app.cmp(&other.app);
        // Made of text only where nothing else tells: thousands are sorted.
        key(self).cmp(&key(other)).then_with(of_app).then_with(|| self.file_name().cmp(&other.file_name()))
    }
}

impl PartialOrd for SnapshotName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a text can be an application's name: a plain part of a file name on every system.
pub fn is_app_name(name: &str) -> bool {
    let allowed = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    !name.is_empty()
        && name.len() <= MAX_APP
        && !name.starts_with(['.', ' ', '-'])
        && !name.ends_with([' ', '.'])
        && name.chars().all(allowed)
}

/// The name of the application whose database lies at a path: the file's stem, or where that says nothing the
/// nearest folder's name that says something.
pub fn app_of(database: &Path) -> String {
    const SAYS_NOTHING: [&str; 6] = ["db", "data", "database", "sqlite", "sqlite3", "db3"];
    let telling = |part: &OsStr| {
        let name = part.to_string_lossy().into_owned();
        (!SAYS_NOTHING.contains(&name.to_lowercase().as_str())).then_some(name)
    };
    let stem = database.file_stem().unwrap_or_default();
    let folders = database.ancestors().skip(1).filter_map(Path::file_name);
    let name = telling(stem).or_else(|| folders.into_iter().find_map(telling));
    as_app_name(&name.unwrap_or_else(|| stem.to_string_lossy().into_owned()))
}

/// The nearest text that can be an application's name.
fn as_app_name(text: &str) -> String {
    let plain: String = text.chars().map(|c| if is_app_name(&format!("a{c}a")) { c } else { '_' }).collect();
    let plain = plain.trim_start_matches(['.', ' ', '-']).trim_end_matches([' ', '.']);
    let end = plain.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= MAX_APP).last();
    let plain = plain[..end.unwrap_or(0)].trim_end_matches([' ', '.']);
    if plain.is_empty() { "database".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests;
