//! A private copy of a database file and of what is beside it, taken again until nothing moved meanwhile.

use super::sidecar::Sidecar;
use super::source::ReadOptions;
use crate::error::{Fault, Kind};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::platform;
use crate::progress::{Unit, go_on, step};
use crate::stream::read_full;
use anyhow::{Context, Result};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file that was written to less than this long ago may be written to again without its time stamp moving:
/// the kernel's clock for time stamps ticks every 1 to 10 milliseconds.
const TICK: Duration = Duration::from_millis(30);

/// Length of a log's header, which holds the salts that change whenever the log starts anew.
const WAL_HEADER: usize = 32;

/// Copies a database, its `-wal` and its `-journal` into a scratch folder, and returns where the database is.
///
/// The copy is good when, from before its first byte to after its last, neither the database nor the journal
/// changed, and the log at most grew: the frames before the end are then those that belong to this database,
/// and SQLite ignores a frame that was cut. This opens the files by hand, so no connection may be open.
pub(super) fn make(path: &Path, scratch: &Scratch, options: &ReadOptions<'_>) -> Result<PathBuf> {
    let copy = scratch.file("database");
    let mut wait = options.patience.begin();
    loop {
        let before = State::of(path)?;
        let settled = before.settled();
        if settled {
            copy_all(path, &copy, options)?;
            if State::of(path)?.continues(&before) {
                return Ok(copy);
            }
            options.progress.detail(&format!("{} changed while it was copied", path.display()));
        }
        go_on(options.progress)?;
        if !wait() {
            return Err(changing(path, &options.patience).into());
        }
    }
}

fn changing(path: &Path, patience: &Patience) -> Fault {
    let waited = humantime::format_duration(patience.timeout);
    Fault::new(Kind::Busy, format!("{} kept changing while it was copied, for {waited}", path.display()))
        .hint("run larder where it may write beside the database, or wait longer with --busy-timeout")
}

fn copy_all(path: &Path, copy: &Path, options: &ReadOptions<'_>) -> Result<()> {
    let sidecars = [Sidecar::Wal, Sidecar::Journal];
    let mut size = files::metadata(path)?.map_or(0, |metadata| metadata.len());
    for sidecar in sidecars {
        size += sidecar.size(path)?.unwrap_or(0);
    }
    files::require_space(&files::folder_of(copy), size)?;
    let what = format!("copying {}", path.display());
    step(options.progress, &what, Some(size), Unit::Bytes, || {
        copy_new(path, copy, options)?;
        for sidecar in sidecars {
            files::remove(&sidecar.of(copy))?;
            if sidecar.size(path)?.is_some() {
                copy_new(&sidecar.of(path), &sidecar.of(copy), options)?;
            }
        }
        Ok(())
    })
}

fn copy_new(from: &Path, to: &Path, options: &ReadOptions<'_>) -> Result<()> {
    files::remove(to)?;
    files::copy(from, to, options.progress)
}

/// What must not change while a copy is made.
#[derive(Debug)]
struct State {
    database: Metadata,
    journal: Option<Metadata>,
    log: Option<(Metadata, Vec<u8>)>,
}

impl State {
    fn of(path: &Path) -> Result<Self> {
        let database = files::metadata(path)?
            .ok_or_else(|| Fault::failed(format!("{} vanished while it was copied", path.display())))?;
        let log = Sidecar::Wal.of(path);
        Ok(Self {
            database,
            journal: files::metadata(&Sidecar::Journal.of(path))?,
            log: match files::metadata(&log)? {
                Some(metadata) => Some((metadata, log_header(&log)?)),
                None => None,
            },
        })
    }

    /// Whether the time stamps are old enough to show the next write.
    fn settled(&self) -> bool {
        let old = |metadata: &Metadata| {
            // A time in the future is not the kernel's: somebody set it, and the next write will change it.
            metadata.modified().is_ok_and(|time| time.elapsed().map_or(true, |age| age > TICK))
        };
        old(&self.database) && self.journal.as_ref().is_none_or(old)
    }

    /// Whether a copy that was made between `earlier` and now is consistent.
    fn continues(&self, earlier: &Self) -> bool {
        let unchanged = |a: &Metadata, b: &Metadata| {
            platform::same_file(a, b) && a.len() == b.len() && a.modified().ok() == b.modified().ok()
        };
        let log = match (&self.log, &earlier.log) {
            (None, None) => true,
            (Some((now, header)), Some((then, earlier))) => {
                platform::same_file(now, then) && now.len() >= then.len() && header == earlier
            }
            _ => false,
        };
        let journal = match (&self.journal, &earlier.journal) {
            (None, None) => true,
            (Some(now), Some(then)) => unchanged(now, then),
            _ => false,
        };
        log && journal && unchanged(&self.database, &earlier.database)
    }
}

fn log_header(log: &Path) -> Result<Vec<u8>> {
    let mut header = vec![0; WAL_HEADER];
    let read = read_full(&mut files::open(log)?, &mut header);
    let read = read.with_context(|| format!("cannot read {}", log.display()))?;
    header.truncate(read);
    Ok(header)
}
