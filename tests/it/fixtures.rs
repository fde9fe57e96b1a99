//! Databases of every kind, made by SQL.

use super::same::{open, theirs};
use rusqlite::Connection;
use std::path::Path;

/// A database that is easy to tell apart: a table `t` with that many rows.
pub fn numbered(path: &Path, rows: u32) {
    fill(
        path,
        &format!(
            "
        create table t(id integer primary key, name text unique, amount real);
        create index by_amount on t(amount);
        with recursive n(i) as (select 1 union all select i + 1 from n limit {rows})
        insert into t select i, 'name ' || i, i / 4.0 from n"
        ),
    );
}

/// How many rows the table `t` has.
pub fn count(path: &Path) -> u32 {
    open(path)
        .query_row("select count(*) from t", [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{error}"))
}

pub fn fill(path: &Path, sql: &str) {
    open(path).execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// A database that larder can read whole and rebuild, by its name.
pub struct Kind {
    pub name: &'static str,
    pub sql: &'static str,
}

/// Kinds of databases that a full export and a snapshot must bring back as they were.
pub const KINDS: &[Kind] = &[
    Kind { name: "no tables", sql: "pragma user_version = 7" },
    Kind { name: "empty tables", sql: "create table a(x); create table b(y integer primary key autoincrement)" },
    Kind {
        name: "values",
        sql: "create table v(x);
              insert into v values (null), (0), (-9223372036854775808), (9223372036854775807), (0.1), (-0.0), (9e999),
                (-9e999), (1e300), (4.9e-324), (''), ('a' || char(0) || 'b'), (char(1) || char(27) || char(127)),
                (x''), (x'00ff'), (cast(x'ff41' as text)), (cast(x'c3' as text)), ('naïve 東京 🎬'), ('{\"$blob\": \"x\"}'),
                (zeroblob(100000)), ('2026-11-20 10:30:00'), ('{\"a\": [1, 2.50]}')",
    },
    Kind {
        name: "rowids",
        sql: "create table gaps(a); insert into gaps(rowid, a) values (-5, 'x'), (3, 'y'), (9223372036854775807, 'z');
              create table counted(a); insert into counted values ('x'), ('y');
              create table aliased(id integer primary key, a); insert into aliased values (-1, 'x'), (7, 'y');
              create table descending(id integer primary key desc, a); insert into descending values (3, 'x'), (1, 'y');
              create table hidden(rowid, _rowid_, a); insert into hidden(oid, rowid, _rowid_, a) values (9, 1, 2, 3);
              create table unreachable(rowid, _rowid_, oid); insert into unreachable values (5, 6, 7), (1, 2, 3)",
    },
    Kind {
        name: "sequences",
        sql: "create table a(id integer primary key autoincrement, x);
              insert into a(x) values (1), (2), (3); delete from a where id = 3;
              create table b(id integer primary key autoincrement); insert into b values (100);
              update sqlite_sequence set seq = 1000 where name = 'b'",
    },
    Kind {
        name: "without rowid",
        sql: "create table w(a text collate nocase, b, c, primary key(b desc, a)) without rowid;
              insert into w values ('x', 1, null), ('Y', 2, x'01'), ('z', 1, 2.5);
              create unique index w_c on w(c); create table only_key(k primary key) without rowid;
              insert into only_key values ('b'), ('a')",
    },
    Kind {
        name: "strict",
        sql: "create table s(i integer, r real, t text, b blob, a any) strict;
              insert into s values (1, 2, '3', x'04', '005'), (null, null, null, null, 5.0);
              create table ws(k any primary key, v int) strict, without rowid; insert into ws values ('1', 1), (1, 2)",
    },
    Kind {
        name: "generated",
        sql: "create table g(a integer, b as (a * 2), c as (a * 3) stored, d text);
              insert into g(a, d) values (1, 'x'), (2, 'y'); create index g_b on g(b);
              create table v(a, b as (a || '!') virtual, c); insert into v(a, c) values ('x', 1)",
    },
    Kind {
        name: "types that do not say what is there",
        sql: "create table m(i integer, n numeric, t text, r real, b blob, x);
              insert into m values ('abc', 'def', 5, 'ghi', 'jkl', 1.0), (x'00', 1.5, x'00', 1, 2, '1'), (1.5, '1e400', 1.5, 3, 1.5, 1)",
    },
    Kind {
        name: "values against their types and constraints",
        sql: "create table m(a, b, c); insert into m values ('007', 5.0, null), ('1e5', 7, 9);
              pragma writable_schema = on;
              update sqlite_schema set sql = 'CREATE TABLE m(a integer, b integer check (b > 6), c not null)' where name = 'm';
              pragma writable_schema = off",
    },
    Kind {
        name: "foreign keys",
        sql: "pragma foreign_keys = off;
              create table p(a, b, primary key(a, b)); insert into p values (1, 2);
              create table c(id integer primary key, x, y, self references c, foreign key(x, y) references p on delete cascade);
              insert into c values (1, 1, 2, 2), (2, 1, 2, 1), (3, 8, 9, 99);
              create table x(id integer primary key, y references y); create table y(id integer primary key, x references x);
              insert into x values (1, 1); insert into y values (1, 1)",
    },
    Kind {
        name: "indexes, views and triggers",
        sql: "create table t(a, b, c unique, d collate nocase); insert into t values (1, 2, 3, 'X'), (4, 5, 6, 'y');
              create index partial on t(a) where b > 2; create index expression on t(a + b, lower(d)); create index descending on t(d desc, a);
              create view v as select a, b from t; create view broken as select one from nowhere;
              create table log(x);
              create trigger logs after insert on t begin insert into log values (new.a); end;
              create trigger instead instead of insert on v begin insert into t(a, b) values (new.a, new.b); end;
              create trigger needs after update on t begin select the_application_has_this(new.a); end",
    },
    Kind {
        name: "full text search",
        sql: "create virtual table f5 using fts5(title, body); insert into f5 values ('one', 'the quick brown fox'), ('two', 'lazy dog');
              create virtual table f4 using fts4(body); insert into f4 values ('some words here');
              create virtual table f3 using fts3(body); insert into f3 values ('other words there');
              create table docs(id integer primary key, body); insert into docs values (1, 'external content'), (5, 'more of it');
              create virtual table external using fts5(body, content='docs', content_rowid='id');
              insert into external(external) values ('rebuild');
              create virtual table contentless using fts5(body, content=''); insert into contentless(rowid, body) values (3, 'nothing kept')",
    },
    Kind {
        name: "rtree",
        sql: "create virtual table boxes using rtree(id, x0, x1, y0, y1, +label);
              insert into boxes values (1, 0, 1, 0, 1, 'a'), (2, 5, 6, 5, 6, 'b')",
    },
    Kind {
        name: "unknown module",
        sql: "create table t(a); insert into t values (1); pragma writable_schema = on;
              insert into sqlite_schema values ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING the_application_has_this(a, b)');
              pragma writable_schema = off",
    },
    Kind {
        name: "names",
        sql: "create table \"a \"\"b\"\".c\"(\"select\", \"x y\", \"q\"\"q\", \"new
line\", \"ro'wid\", \"$rowid\", \"$id\", \"🎬\", \"\");
              insert into \"a \"\"b\"\".c\" values (1, 2, 3, 4, 5, 6, 7, 8, 9);
              create table \"order\"(\"group\" primary key); insert into \"order\" values ('x');
              create table [brackets](`ticks`); create index \"in dex\" on [brackets](`ticks`); create view \"vi.ew\" as select 1;
              create table \"tab
le\"(a); insert into \"tab
le\" values (1)",
    },
    Kind { name: "statistics", sql: "create table t(a, b); create index i on t(a); insert into t values (1, 2), (1, 3), (2, 4); analyze" },
    Kind { name: "utf-16le", sql: "pragma encoding = 'UTF-16le'; create table t(a text, b text unique); insert into t values ('naïve 🎬', 'x'), ('', null), (cast(x'00d8' as text), 'y')" },
    Kind { name: "utf-16be", sql: "pragma encoding = 'UTF-16be'; create table t(a primary key) without rowid; insert into t values ('東京'), ('a' || char(0))" },
    Kind { name: "small pages", sql: "pragma page_size = 512; create table t(a, b); insert into t values (hex(zeroblob(5000)), 1), ('x', 2)" },
    Kind { name: "large pages", sql: "pragma page_size = 65536; create table t(a); insert into t values ('x')" },
    Kind { name: "auto-vacuum", sql: "pragma auto_vacuum = full; create table t(a unique); create table u(a unique); insert into t values (zeroblob(9000)), ('x'); insert into u select a from t; create table d(a); drop table d" },
    Kind { name: "incremental vacuum", sql: "pragma auto_vacuum = incremental; create table t(a); insert into t values (zeroblob(90000)); delete from t; insert into t values ('x')" },
    Kind { name: "pragmas", sql: "pragma user_version = -5; pragma application_id = 1196437808; create table t(a)" },
    Kind { name: "wal", sql: "pragma journal_mode = wal; create table t(a); insert into t values (1)" },
    Kind {
        name: "renamed and altered",
        sql: "create table t(a, b); insert into t values (1, 2); alter table t add column c default 'd'; insert into t values (3, 4, 5);
              alter table t rename to u; alter table u rename column b to \"b c\"; alter table u drop column a;
              create table made as select 1 as one, 'x' as two",
    },
    Kind { name: "many constraints", sql: "create table t(a unique, b unique, c, primary key(c, a)); insert into t values (3, 1, 2), (1, 3, 2), (2, 2, null)" },
];

/// Makes a database of a kind.
pub fn make(kind: &Kind, path: &Path) {
    fill(path, kind.sql);
}

/// A table with two thousand columns, the most there can be.
pub fn wide(path: &Path) {
    let columns: Vec<String> = (0..2000).map(|at| format!("c{at}")).collect();
    let values: Vec<String> = (0..2000).map(|at| at.to_string()).collect();
    fill(
        path,
        &format!("create table w({}); insert into w values ({})", columns.join(","), values.join(",")),
    );
}

/// A sound database but for an index that lacks what its table has: only a full check sees it.
pub fn broken_index(path: &Path) {
    fill(
        path,
        "create table t(id integer primary key, a); create index i on t(a);
                insert into t values (1, 10), (2, 20), (3, 30);
                pragma writable_schema = on; delete from sqlite_schema where name = 'i'",
    );
    fill(
        path,
        "update t set a = 99 where id = 2; pragma writable_schema = on;
                insert into sqlite_schema values ('index', 'i', 't', 3, 'CREATE INDEX i on t(a)')",
    );
}

/// A database in WAL mode as a crash leaves it: its rows are in the `-wal` only. With `shm`, the `-shm` is there too.
pub fn crashed_wal(path: &Path, rows: u32, shm: bool) {
    let scratch = tempfile::tempdir().expect("a folder");
    let living = scratch.path().join("db");
    let db = Connection::open(&living).expect("open");
    theirs(&db);
    db.execute_batch(
        "pragma journal_mode = wal; create table t(id integer primary key); pragma wal_checkpoint",
    )
    .expect("wal");
    db.execute_batch(&format!("with recursive n(i) as (select 1 union all select i + 1 from n limit {rows}) insert into t select i from n")).expect("fill");
    copy(&living, path, if shm { &["", "-wal", "-shm"] } else { &["", "-wal"] });
}

/// A database in rollback mode as a crash in the middle of a commit leaves it, with a hot journal: it holds `rows`.
pub fn hot_journal(path: &Path, rows: u32) {
    let scratch = tempfile::tempdir().expect("a folder");
    let living = scratch.path().join("db");
    numbered(&living, rows);
    let db = Connection::open(&living).expect("open");
    // A tiny cache makes SQLite write the changed pages before the commit.
    db.execute_batch("pragma cache_size = 2; pragma cache_spill = 2; begin; update t set name = name || ' changed', amount = -amount").expect("change");
    copy(&living, path, &["", "-journal"]);
}

fn copy(from: &Path, to: &Path, suffixes: &[&str]) {
    for suffix in suffixes {
        let with = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(with(from), with(to)).unwrap_or_else(|error| panic!("{suffix}: {error}"));
    }
}
