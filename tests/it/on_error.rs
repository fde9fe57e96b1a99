//! `--on-error skip`: what is valid comes in, items whole with their children, and the rest is told.

use super::pair::{Pair, assert_same_plan, assert_sound};
use super::scene::Run;
use serde_json::json;

/// Imports with what is wrong left out, which ends with 1. The dry run says the same, and the second time nothing comes in.
#[track_caller]
fn skips(pair: &Pair, options: &[&str]) -> Run {
    let options = [options, &["--on-error", "skip", "--json"]].concat();
    let bytes = pair.bytes();
    let planned = pair.import(&[&options[..], &["--dry-run"]].concat());
    assert_eq!(planned.code(), Some(1), "{planned}");
    assert!(bytes == pair.bytes(), "{planned}");
    let run = pair.import(&options);
    assert_eq!(run.code(), Some(1), "{run}");
    assert_same_plan(&planned, &run);
    assert_sound(&pair.scene.path("b.db"));
    let bytes = pair.bytes();
    let again = pair.import(&options);
    assert_eq!(again.code(), Some(1), "{again}");
    assert!(bytes == pair.bytes(), "{again}");
    assert_eq!(again.json()["problems"], run.json()["problems"], "{again}");
    run
}

#[test]
fn an_item_comes_in_whole_or_not_at_all() {
    let schema = "create table t(id integer primary key, name text not null unique, n int check (n < 100));
        create table c(id integer primary key, t_id integer not null references t(id) on delete cascade, v int not null check (v > 0), unique(t_id, v));
        create table g(id integer primary key, c_id integer not null references c(id) on delete cascade, w text not null)";
    let here = "insert into t values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4), (5, 'e', 5);
        insert into c values (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 3, 1), (5, 4, 1), (6, 5, 5); insert into g values (1, 1, 'x'), (2, 4, 'y')";
    let there =
        "insert into t values (60, 'c', 9), (61, 'd', 9); insert into c values (70, 60, 7), (71, 61, 7)";
    let pair = Pair::new(schema, here, there);
    pair.edit("{\"v\": 2,", "{\"v\": -2,");
    pair.edit("\"n\": 2", "\"n\": 200");
    pair.edit("{\"w\": \"y\"}", "{\"w\": null}");
    let run = pair.refuses(3, &["--on-conflict", "overwrite"]);
    let run = run
        .says("data.t[0]")
        .says("CHECK constraint failed: v > 0")
        .says("data.t[1]")
        .says("CHECK constraint failed: n < 100");
    run.says("data.t[2]").says("NOT NULL constraint failed: g.w");
    let run = skips(&pair, &["--on-conflict", "overwrite"]);
    assert_eq!(
        super::condensed::done(&run.json()),
        json!({"t": {"new": 1, "overwritten": 1, "rejected": 3}})
    );
    let all = "select group_concat(name || n || ifnull((select group_concat(v) from c where t_id = t.id), '-'), ' ' order by name) from t";
    assert_eq!(pair.there(all), ["c97 d41 e55"]);
    assert_eq!(pair.there("select count(*) || '' from g"), ["0"]);
    let problems = run.json()["problems"].to_string();
    for place in ["data.t[0]", "data.t[1]", "data.t[2]"] {
        assert!(problems.contains(place), "{problems}");
    }
}

#[test]
fn what_refers_to_an_item_that_stays_out_stays_out_too() {
    let schema = "create table a(id integer primary key, name text not null unique, n int check (n < 100), peer_id integer references a(id));
        create table b(id integer primary key, name text not null unique, a_id integer not null references a(id));
        create table c(id integer primary key, name text not null unique, b_id integer references b(id))";
    let here = "pragma foreign_keys = off; insert into a values (1, 'a1', 1, 2), (2, 'a2', 2, 3), (3, 'a3', 3, 1), (4, 'a4', 4, 4), (5, 'a5', 5, null);
        insert into b values (1, 'b1', 1), (2, 'b2', 4); insert into c values (1, 'c1', 1), (2, 'c2', 2), (3, 'c3', null)";
    let pair = Pair::new(schema, here, "");
    pair.edit("\"n\": 3", "\"n\": 300");
    let run = skips(&pair, &[]);
    // The three of the circle, and all that hangs on them.
    assert_eq!(
        super::condensed::done(&run.json()),
        json!({"a": {"new": 2, "rejected": 3}, "b": {"new": 1, "rejected": 1}, "c": {"new": 2, "rejected": 1}})
    );
    assert_eq!(pair.there("select group_concat(name, ' ' order by name) from (select name from a union all select name from b union all select name from c)"), ["a4 a5 b2 c2 c3"]);
    assert!(run.json()["problems"].to_string().contains("did not come in"), "{run}");
    // Where it may be null, what hangs on it comes in without.
    let pair = Pair::new(schema, here, "");
    pair.edit("\"n\": 3", "\"n\": 300");
    skips(&pair, &["--missing-reference", "null"]);
    assert_eq!(
        pair.there("select group_concat(name || ifnull(peer_id, '-'), ' ' order by name) from a"),
        ["a12 a2- a44 a5-"]
    );
    assert_eq!(pair.there("select group_concat(name, ' ' order by name) from (select name from b union all select name from c)"), ["b1 b2 c1 c2 c3"]);
    // What is there already is referred to, whether the file's comes in or not.
    let pair = Pair::new(schema, here, "insert into a values (50, 'a3', 7, null)");
    pair.edit("\"n\": 3", "\"n\": 300");
    skips(&pair, &["--on-conflict", "overwrite"]);
    assert_eq!(
        pair.there("select group_concat(name || n, ' ' order by name) from a"),
        ["a11 a22 a37 a44 a55"]
    );
}

#[test]
fn what_cannot_be_read_or_is_two_rows_or_shares_what_is_unique_stays_out() {
    let schema = "create table t(id integer primary key, name text not null unique, code text unique, n int);
        create unique index low on t(lower(code)); create unique index half on t(n) where n > 10";
    let here =
        "insert into t values (1, 'a', 'x', 1), (2, 'b', 'y', 2), (3, 'c', 'z', 30), (4, 'd', null, 4)";
    let there =
        "insert into t values (50, 'a', 'q', 1), (51, 'p', 'x', 5), (52, 'r', 'Y', 6), (53, 's', null, 30)";
    let pair = Pair::new(schema, here, there);
    pair.edit("\"n\": 4", "\"m\": 4, \"o\": 5");
    let run = skips(&pair, &["--on-conflict", "overwrite"]);
    assert_eq!(super::condensed::done(&run.json()), json!({"t": {"rejected": 4}}));
    let problems = run.json()["problems"].to_string();
    for why in [
        "with two different rows",
        "the section has no such column",
        "UNIQUE constraint failed: index 'low'",
        "UNIQUE constraint failed: t.n",
    ] {
        assert!(problems.contains(why), "{why}: {problems}");
    }
    assert_eq!(
        pair.there("select group_concat(name || ifnull(code, '-') || n, ' ' order by name) from t"),
        ["aq1 px5 rY6 s-30"]
    );
}

#[test]
fn what_a_trigger_refuses_stays_out() {
    let schema = "create table t(id integer primary key, name text not null unique, n int); create table log(what text);
        create trigger tb before insert on t when new.n = 2 begin select raise(abort, 'no twos'); end;
        create trigger tu before update on t when new.n = 3 begin select raise(ignore); end;
        create trigger ta after insert on t begin insert into log values (new.name); end";
    let pair = Pair::new(schema, "", "insert into t values (9, 'c', 1)");
    super::fixtures::fill(
        &pair.scene.path("a.db"),
        "drop trigger tb; drop trigger tu; insert into t values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)",
    );
    pair.export(&["--only", "t"]);
    pair.refuses(3, &["--on-conflict", "overwrite"])
        .says("no twos")
        .says("a trigger of t does not let a row be changed");
    let run = skips(&pair, &["--on-conflict", "overwrite"]);
    assert_eq!(super::condensed::done(&run.json()), json!({"t": {"new": 1, "rejected": 2}}));
    assert_eq!(pair.there("select group_concat(what) from log"), ["c,a"]);
}

/// What cannot be read at all, in items and in what is inside them; keys that are missing, and that come twice.
#[test]
fn what_cannot_be_read_stays_out_with_what_refers_to_it() {
    let schema = "create table t(id integer primary key, name text not null unique, n int);
        create table c(id integer primary key, t_id integer not null references t(id) on delete cascade, v int, unique(t_id, v));
        create table u(name text primary key, t_id integer not null references t(id))";
    let here = "insert into t values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4), (5, 'e', 5);
        insert into c values (1, 1, 11), (2, 2, 12), (3, 3, 13); insert into u values ('u1', 1), ('u2', 2), ('u3', 3), ('u4', 5)";
    for strategy in ["fail", "overwrite", "rename"] {
        let pair = Pair::new(schema, here, "");
        pair.edit("\"name\": \"a\", \"n\": 1", "\"name\": \"a\", \"n\": 1, \"x\": 1");
        pair.edit("{\"v\": 12}", "{\"v\": 12, \"w\": 1}");
        pair.edit("\"name\": \"d\"", "\"name\": \"c\"");
        pair.edit("\"name\": \"e\", ", "");
        let report = format!("{strategy}.jsonl");
        let run = skips(&pair, &["--on-conflict", strategy]);
        assert_eq!(
            super::condensed::done(&run.json()),
            json!({"t": {"new": 1, "rejected": 4}, "u": {"new": 1, "rejected": 3}}),
            "{run}"
        );
        assert_eq!(
            pair.there("select group_concat(name) from (select name from t union all select name from u)"),
            ["c,u3"]
        );
        let problems = run.json()["problems"].as_array().expect("problems").len();
        assert_eq!(problems, 7, "{run}");
        pair.import(&["--on-conflict", strategy, "--on-error", "skip", "--report", &report]);
        let lines = std::fs::read_to_string(pair.scene.path(&report)).expect("a report");
        assert_eq!(lines.matches("\"outcome\":\"rejected\"").count(), 7, "{lines}");
    }
}

/// Two items that are the same row: the second one stays out.
#[test]
fn of_two_items_that_are_one_row_the_first_comes_in() {
    let schema = "create table t(id integer primary key, name text not null unique collate nocase, n int)";
    let pair = Pair::new(
        schema,
        "insert into t values (1, 'a', 1), (2, 'b', 2)",
        "insert into t values (9, 'A', 7)",
    );
    pair.edit("\"name\": \"b\"", "\"name\": \"A\"");
    pair.refuses(3, &["--on-conflict", "overwrite"])
        .says("data.t[1]: it is the row that the item on line 18 is too");
    let run = skips(&pair, &["--on-conflict", "overwrite"]);
    assert_eq!(super::condensed::done(&run.json()), json!({"t": {"overwritten": 1, "rejected": 1}}));
    assert_eq!(pair.there("select id || name || n from t"), ["9a1"]);
}

/// What is there stays, though the file's does not come in.
#[test]
fn replacing_all_leaves_what_the_file_has_but_cannot_come_in() {
    let schema = "create table t(id integer primary key, name text not null unique, n int check (n < 100))";
    let pair = Pair::new(
        schema,
        "insert into t values (1, 'a', 1), (2, 'b', 2)",
        "insert into t values (8, 'b', 7), (9, 'c', 7)",
    );
    pair.edit("\"n\": 2", "\"n\": 200");
    let run = skips(&pair, &["--replace-all", "--yes"]);
    assert_eq!(super::condensed::done(&run.json()), json!({"t": {"new": 1, "rejected": 1, "removed": 1}}));
    assert_eq!(pair.there("select group_concat(name || n, ' ' order by name) from t"), ["a1 b7"]);
    // Of what cannot be read, nobody knows which row it is.
    let schema = "create table t(id integer primary key, name text not null unique); create table c(t_id integer not null references t(id) on delete cascade, n)";
    for (from, to) in [("\"name\": \"a\"", "\"nome\": \"a\""), ("{\"n\": 1}", "{\"m\": 1}")] {
        let pair = Pair::new(
            schema,
            "insert into t values (1, 'a'); insert into c values (1, 1)",
            "insert into t values (8, 'a')",
        );
        pair.edit(from, to);
        let run = pair.import(&["--replace-all", "--yes", "--on-error", "skip"]);
        assert!(matches!(run.code(), Some(2 | 3)), "{run}");
        assert_eq!(pair.there("select name from t"), ["a"]);
    }
}
