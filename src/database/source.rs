//! Opening a database to read it, without changing what it holds and without leaving anything beside it.
//!
//! [`choose`] is the table. Its reasons:
//!
//! - A database in rollback mode is read with `mode=ro`, which never writes. A journal of a crashed transaction
//!   shows when the first read is refused; then a copy is opened, and the original stays for its application.
//! - In WAL mode even a reader writes: it creates `-wal` and `-shm`, and a `mode=ro` connection cannot remove
//!   them again. So where nothing is beside the database it is opened for writing, and the close cleans up.
//! - Where both are there, somebody has it open or crashed. A close must not checkpoint what a crash left, nor
//!   may a `-shm` appear that was not there: a lone `-wal` is read from a copy.
//! - Where file or folder cannot be written, a WAL database without sidecars can be read from a copy only.

use super::connection::{self, Access};
use super::copy::copy_pages;
use super::header::{Header, not_a_database, read_head};
use super::journal_mode::is_wal;
use super::sidecar::Sidecar;
use super::{packed, private_copy};
use crate::error::{Fault, sqlite_code};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::platform::{self, Ownership};
use crate::progress::Progress;
use crate::stream::Form;
use crate::stream::age::Keys;
use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB};
use std::path::{Path, PathBuf};

/// How a source is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// In place, `mode=ro`.
    ReadOnly,
    /// In place, for reading and writing, although nothing is written.
    ReadWrite,
    /// A private copy of it and its sidecars.
    Copy,
}

/// What the choice depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The file has no bytes at all.
    pub empty: bool,
    /// The header says WAL mode.
    pub wal_mode: bool,
    /// A `-wal` is there, empty or not.
    pub wal: bool,
    /// A `-shm` is there.
    pub shm: bool,
    /// A `-journal` is there.
    pub journal: bool,
    /// This process may write to the file.
    pub file_writable: bool,
    /// This process may create files in the folder.
    pub folder_writable: bool,
}

/// The table of how each kind of source is opened.
#[expect(clippy::match_same_arms, reason = "it is read as a table, a row a reason")]
pub fn choose(situation: &Situation) -> Opening {
    let writable = situation.file_writable && situation.folder_writable;
    match (situation.wal_mode, situation.wal, situation.shm, writable) {
        // SQLite removes a log beside an empty file.
        (_, true, _, _) if situation.empty => Opening::Copy,
        (false, false, _, _) => Opening::ReadOnly,
        // A crash while the mode was being changed: SQLite would roll the journal back.
        (true, _, _, _) if situation.journal => Opening::Copy,
        (true, false, false, true) => Opening::ReadWrite,
        // The close would remove the index, which is somebody's.
        (true, false, true, true) => Opening::Copy,
        (true, false, _, false) => Opening::Copy,
        (_, true, true, true) => Opening::ReadWrite,
        (_, true, true, false) => Opening::ReadOnly,
        (_, true, false, _) => Opening::Copy,
    }
}

/// What larder knows of a source besides its content.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file that was named, resolved. Of a packed source, the packed file.
    pub path: PathBuf,
    /// Owner and mode, where the system has them.
    pub ownership: Option<Ownership>,
    /// Whether the database is in WAL mode.
    pub wal_mode: bool,
    /// Bytes of the database and its log together: no copy is larger.
    pub size: u64,
}

/// Where private copies may be made, and how long locks are waited for.
#[derive(Clone)]
pub struct ReadOptions<'a> {
    /// Folders for private copies, the best first.
    pub scratch: &'a [&'a Path],
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// A database that is open for reading.
#[derive(Debug)]
pub struct Source {
    // Declared first, so that it is closed before the copy that it may be reading is removed.
    connection: Connection,
    origin: Origin,
    scratch: Option<Scratch>,
}

impl Source {
    /// Opens a database, or a snapshot of one (compressed or not), for reading.
    pub fn open(path: &Path, options: &ReadOptions<'_>) -> Result<Self> {
        Self::open_by(path, &Keys::none(), options)
    }

    /// The same, also of a snapshot that is encrypted.
    pub fn open_by(path: &Path, keys: &Keys<'_>, options: &ReadOptions<'_>) -> Result<Self> {
        let path = files::resolve(path)?;
        let metadata = files::metadata(&path)?
            .ok_or_else(|| Fault::failed(format!("there is no database at {}", path.display())))?;
        if !metadata.is_file() {
            return Err(Fault::usage(format!("{} is not a file", path.display())).into());
        }
        let head = read_head(&path)?;
        let log = Sidecar::Wal.size(&path)?;
        let header = match Form::of(&head) {
            Form::Compressed(_) | Form::Age => return Self::open_packed(path, keys, options),
            Form::Empty => None,
            _ => Some(Header::parse(&head).ok_or_else(|| not_a_database(&path, &head))?),
        };
        let wal_mode = header.is_some_and(|header| header.wal);
        let situation = Situation {
            empty: header.is_none(),
            wal_mode,
            wal: log.is_some(),
            shm: Sidecar::Shm.size(&path)?.is_some(),
            journal: Sidecar::Journal.size(&path)?.is_some(),
            file_writable: platform::writable(&path),
            folder_writable: platform::writable(&files::folder_of(&path)),
        };
        let origin = Origin {
            ownership: platform::ownership(&metadata),
            wal_mode,
            size: metadata.len() + log.unwrap_or(0),
            path,
        };
        Self::open_as(choose(&situation), origin, situation.wal, options)
    }

    /// Opens a database to which this process has connections already, so that its files must not be opened by hand.
    pub fn open_in_use(path: &Path, options: &ReadOptions<'_>) -> Result<Self> {
        let path = files::resolve(path)?;
        let metadata = files::metadata(&path)?
            .ok_or_else(|| Fault::failed(format!("there is no database at {}", path.display())))?;
        let connection = connection::open(&path, Access::ReadWrite, &options.patience)?;
        first_read(&connection, &path)?;
        let origin = Origin {
            ownership: platform::ownership(&metadata),
            wal_mode: is_wal(&connection)?,
            size: metadata.len() + Sidecar::Wal.size(&path)?.unwrap_or(0),
            path: path.clone(),
        };
        Ok(Self { connection, origin, scratch: None })
    }

    /// Opens a private copy of a database, so that a read may take any time: while somebody reads a pipe, a
    /// database in rollback mode would refuse its writers, and a log would grow.
    pub fn open_detached(path: &Path, keys: &Keys<'_>, options: &ReadOptions<'_>) -> Result<Self> {
        let source = Self::open_by(path, keys, options)?;
        if source.scratch.is_some() {
            return Ok(source);
        }
        let origin = source.origin.clone();
        let scratch = Scratch::new_in(files::roomy_folder(options.scratch, origin.size))?;
        files::require_space(scratch.folder(), origin.size)?;
        let copy = scratch.file("database");
        copy_pages(&source.connection, &copy, &options.patience, options.progress)
            .with_context(|| format!("cannot copy {}", origin.path.display()))?;
        Self::open_scratch(&copy, scratch, origin, options)
    }

    fn open_as(opening: Opening, origin: Origin, keep_log: bool, options: &ReadOptions<'_>) -> Result<Self> {
        let access = match opening {
            Opening::ReadOnly => Access::ReadOnly,
            Opening::ReadWrite => Access::ReadWrite,
            Opening::Copy => return Self::open_copy(origin, options),
        };
        let opened = connection::open(&origin.path, access, &options.patience).and_then(|connection| {
            // Before the first read: a close must not write what a log holds, even where the read fails.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep_log)?;
            if access == Access::ReadWrite {
                refuse_read_only(&connection)?;
            }
            first_read(&connection, &origin.path).map(|()| connection)
        });
        match opened {
            Ok(connection) => {
                options.progress.detail(&format!("reading {} in place", origin.path.display()));
                Ok(Self { connection, origin, scratch: None })
            }
            Err(error) if needs_a_copy(&error) => Self::open_copy(origin, options),
            Err(error) => Err(error),
        }
    }

    fn open_copy(origin: Origin, options: &ReadOptions<'_>) -> Result<Self> {
        options.progress.detail(&format!("reading a private copy of {}", origin.path.display()));
        let scratch = Scratch::new_in(files::roomy_folder(options.scratch, origin.size))?;
        let copy = private_copy::make(&origin.path, &scratch, options)?;
        Self::open_scratch(&copy, scratch, origin, options)
    }

    fn open_packed(path: PathBuf, keys: &Keys<'_>, options: &ReadOptions<'_>) -> Result<Self> {
        let metadata = files::metadata(&path)?;
        let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let scratch = Scratch::new_in(files::roomy_folder(options.scratch, size.saturating_mul(4)))?;
        let copy = scratch.file("database");
        let unpacked = packed::unpack(&path, keys, &copy, options.progress)?;
        let origin = Origin {
            ownership: metadata.as_ref().and_then(platform::ownership),
            wal_mode: unpacked.header.is_some_and(|header| header.wal),
            size: unpacked.size,
            path,
        };
        Self::open_scratch(&copy, scratch, origin, options)
    }

    fn open_scratch(
        copy: &Path,
        scratch: Scratch,
        origin: Origin,
        options: &ReadOptions<'_>,
    ) -> Result<Self> {
        let connection = connection::open(copy, Access::ReadWrite, &options.patience)?;
        first_read(&connection, &origin.path)?;
        Ok(Self { connection, origin, scratch: Some(scratch) })
    }

    /// The connection. It may be able to write; nobody does.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether the database itself is read, and not a copy of it.
    pub fn is_in_place(&self) -> bool {
        self.scratch.is_none()
    }

    /// What is known of the source.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// The first read: finds hot journals, locks, and files that are no databases.
fn first_read(connection: &Connection, path: &Path) -> Result<()> {
    connection
        .query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
        .with_context(|| format!("cannot read {}", path.display()))
}

/// An error where SQLite could open a file for reading alone, although this process may write to it (`chattr +a`, a file of
/// a network). The first read would make sidecars that the close could not remove.
fn refuse_read_only(connection: &Connection) -> Result<()> {
    if connection.is_readonly(MAIN_DB)? {
        let read_only = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
        return Err(rusqlite::Error::SqliteFailure(read_only, None).into());
    }
    Ok(())
}

/// Whether SQLite refused because it would have to write first: a hot journal, or sidecars that it may not make.
fn needs_a_copy(error: &anyhow::Error) -> bool {
    let code = error.downcast_ref::<rusqlite::Error>().and_then(sqlite_code);
    matches!(code, Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen))
}
