//! The databases of the scenes, each known by a letter, and which of them a file holds.

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a file holds, where it is none of the databases with a letter.
pub const MISSING: &str = "nothing";
pub const OTHER: &str = "something else";

/// A file that is no database, and its letter.
pub const DAMAGED: &[u8] = b"what another program wrote over the database";
pub const NO_DATABASE: &str = "D";

/// Letters, and how many rows there are. The sizes differ, so that files grow and shrink.
const MADE: &[(&str, u32)] = &[("Z", 30), ("A", 60), ("X", 45), ("Y", 75)];

/// Makes the database of a letter.
pub fn make(path: &Path, letter: &str, mode: &str) {
    let rows = MADE.iter().find(|(of, _)| *of == letter).expect("a letter").1;
    let sql = format!(
        "pragma page_size = 1024; pragma journal_mode = {mode};
         create table t(id integer primary key, name text not null unique, v text);
         create table parts(t integer not null references t, part text, primary key(t, part)) without rowid;
         create index by_v on t(v);
         begin;
         with recursive n(i) as (select 1 union all select i + 1 from n limit {rows})
         insert into t select i, 'name ' || i, '{letter} ' || hex(zeroblob(i % 40)) from n;
         insert into parts select id, '{letter}' from t;
         commit"
    );
    open(path).execute_batch(&sql).expect("valid SQL");
}

/// Which content has which letter.
#[derive(Default)]
pub struct Letters {
    known: HashMap<String, &'static str>,
    /// What files that were looked at hold, by their digests.
    seen: HashMap<[u8; 32], &'static str>,
}

impl Letters {
    /// Those that can be made, looked at in a folder.
    pub fn new(folder: &Path) -> Self {
        let mut letters = Self::default();
        for (letter, _) in MADE {
            let path = folder.join(letter);
            make(&path, letter, "delete");
            letters.learn(&path, letter);
            std::fs::remove_file(path).expect("remove");
        }
        letters
    }

    /// From now on the content of a database has a letter.
    pub fn learn(&mut self, database: &Path, letter: &'static str) {
        if letter == NO_DATABASE {
            return;
        }
        let content = content(&open(database)).expect("a sound database");
        let before = self.known.insert(content, letter);
        assert!(before.is_none_or(|before| before == letter), "{letter} holds what {before:?} holds");
    }

    pub fn of(&self, db: &Connection) -> &'static str {
        content(db).ok().and_then(|content| self.known.get(&content)).map_or(OTHER, |letter| letter)
    }

    /// What a database holds once SQLite has recovered it. It is looked at as a copy: the file stays as it is.
    pub fn of_file(&self, database: &Path, scratch: &Path) -> &'static str {
        if !database.exists() {
            return MISSING;
        }
        if std::fs::read(database).is_ok_and(|bytes| bytes == DAMAGED) {
            return NO_DATABASE;
        }
        let copy = scratch.join("copy.db");
        for end in ["", "-journal", "-wal", "-shm"] {
            let (from, to) = (with_end(database, end), with_end(&copy, end));
            let _ = std::fs::remove_file(&to);
            if end != "-shm" && from.exists() {
                std::fs::copy(from, to).expect("copy");
            }
        }
        self.of(&open(&copy))
    }

    /// What a compressed database holds.
    pub fn of_packed(&mut self, bytes: &[u8], scratch: &Path) -> &'static str {
        use std::io::Read;
        let digest = Sha256::digest(bytes).into();
        if let Some(letter) = self.seen.get(&digest) {
            return letter;
        }
        let mut unpacked = Vec::new();
        let letter = match flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut unpacked) {
            Ok(_) => {
                let path = scratch.join("unpacked.db");
                std::fs::write(&path, unpacked).expect("write");
                self.of_file(&path, scratch)
            }
            Err(_) => OTHER,
        };
        self.seen.insert(digest, letter);
        letter
    }
}

pub fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}

pub fn open(path: &Path) -> Connection {
    Connection::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All that is in a database, if it is sound.
fn content(db: &Connection) -> rusqlite::Result<String> {
    let mut content = lines(db, "select type || name || coalesce(sql, '') from sqlite_schema order by name")?;
    let check = lines(db, "select integrity_check from pragma_integrity_check")?;
    if check != "ok\n" {
        return Err(rusqlite::Error::InvalidQuery);
    }
    content += &lines(db, "select quote(id) || quote(name) || quote(v) from t order by id")?;
    content += &lines(db, "select quote(t) || quote(part) from parts order by t, part")?;
    Ok(content)
}

fn lines(db: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut text = String::new();
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let _ = writeln!(text, "{}", row.get::<_, String>(0)?);
    }
    Ok(text)
}
