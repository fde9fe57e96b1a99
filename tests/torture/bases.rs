//! The databases that are damaged, each as it is and as it was some time before.

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// A database.
pub struct Base {
    pub name: String,
    /// Its file.
    pub bytes: Vec<u8>,
    /// The same file when fewer rows were in it, for pages that were never written since.
    pub before: Vec<u8>,
}

/// Names, the SQL that makes it, and the SQL that goes on.
const MADE: &[(&str, &str, &str)] = &[
    (
        "notes",
        "create table notes(id integer primary key, body text);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 400)
         insert into notes select i, 'note ' || i || ' ' || hex(zeroblob(i % 60)) from n",
        "insert into notes(body) select 'more ' || body from notes; update notes set body = body || '!' where id % 3 = 0",
    ),
    (
        "indexes",
        "pragma page_size = 1024;
         create table people(id integer primary key, name text unique, born real, photo blob);
         create index by_birth on people(born desc, name);
         create table tags(person integer references people, tag text collate nocase, primary key(person, tag)) without rowid;
         with recursive n(i) as (select 1 union all select i + 1 from n limit 300)
         insert into people select i, 'name ' || (i * 7919 % 1000), i / 3.0, zeroblob(i * 11 % 3000) from n;
         insert into tags select id, 'tag ' || (id % 5) from people",
        "insert into tags select id, 'other ' || (id % 3) from people; delete from tags where person % 10 = 0;
         delete from people where id % 10 = 0",
    ),
    (
        "small pages and free ones",
        "pragma page_size = 512; create table a(x); create table b(x, y); create table gone(x);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 500)
         insert into a select hex(zeroblob(i % 90)) from n;
         insert into gone select x from a; insert into b select x, rowid from a where rowid % 2",
        "delete from gone; drop table gone; delete from b where y % 4 = 1",
    ),
    (
        "pointer maps",
        "pragma page_size = 512; pragma auto_vacuum = full; create table a(x, y); create index a_y on a(y);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 600)
         insert into a select zeroblob(i * 13 % 700), i % 50 from n",
        "delete from a where y = 7; insert into a select x, 60 from a where y = 8",
    ),
    (
        "full text and places",
        "create table docs(id integer primary key, body text);
         create virtual table found using fts5(body, content='docs', content_rowid='id');
         create virtual table places using rtree(id, x0, x1);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 200)
         insert into docs select i, 'word' || (i % 17) || ' other' || (i % 5) from n;
         insert into found(rowid, body) select id, body from docs;
         insert into places select id, id, id + 1 from docs",
        "insert into docs(body) values ('a last one')",
    ),
    (
        "write-ahead log",
        "pragma journal_mode = wal; create table t(a primary key, b); create table empty(a);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 500)
         insert into t select 'key ' || i, hex(zeroblob(i % 40)) from n",
        "update t set b = b || 'x' where rowid % 2; insert into t select a || '-', b from t where rowid % 3 = 0",
    ),
    (
        "collation of the application",
        "create table t(a text collate theirs unique, b); create table plain(id integer primary key, x);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 400)
         insert into t select 'key ' || i, hex(zeroblob(i % 40)) from n;
         insert into plain select rowid, b from t",
        "insert into plain(x) select a from t",
    ),
];

/// A connection that has what the application has.
pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.create_collation("theirs", |a: &str, b: &str| b.cmp(a))?;
    Ok(db)
}

/// The databases that are made here, and with `shared` those of other people that are at hand.
pub fn all(shared: bool) -> Vec<Base> {
    let mut bases: Vec<Base> = MADE.iter().map(|(name, first, then)| make(name, first, then)).collect();
    if shared {
        bases.extend(
            files("../shared/databases")
                .into_iter()
                .chain(files("../shared/databases/more"))
                .filter_map(|path| read(&path)),
        );
    }
    bases
}

fn make(name: &str, first: &str, then: &str) -> Base {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("app.db");
    let run = |sql: &str| {
        let db = open(&path).expect("open");
        db.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
        db.close().expect("close");
        std::fs::read(&path).expect("read")
    };
    let before = run(first);
    Base { name: name.to_owned(), before, bytes: run(then) }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// A file, if it is a sound database that is not too large to be damaged often.
fn read(path: &Path) -> Option<Base> {
    const LARGEST: usize = 1 << 20;
    let bytes = std::fs::read(path).ok().filter(|bytes| bytes.len() <= LARGEST)?;
    if !bytes.starts_with(b"SQLite format 3\0") || !crate::judge::look(&bytes).is_sound() {
        return None;
    }
    let name = path.file_name()?.to_string_lossy().into_owned();
    Some(Base { name, before: bytes.clone(), bytes })
}
