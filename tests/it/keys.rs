//! By what items are known, and what they are unique in: keys of several columns, with NULL, that differ by case only;
//! several constraints on one table, and values that swap places.

use super::pair::Pair;
use serde_json::json;

const ALL: &[&str] = &["skip", "overwrite", "merge", "newer", "rename"];

#[test]
fn a_key_of_several_columns_is_one_and_its_first_text_is_renamed() {
    let schema = "create table movies(id integer primary key, title text not null, year int not null, seen int, unique(title, year));
        create table shows(id integer primary key, movie_id integer not null references movies(id), at text unique)";
    let here = "insert into movies values (1, 'Heat', 1986, 1), (2, 'Heat', 1995, 1), (3, 'Ran', 1985, 1); insert into shows values (1, 2, 'noon')";
    let there = "insert into movies values (60, 'Heat', 1995, 0), (61, 'Heat', 1972, 0)";
    for strategy in ALL {
        if *strategy == "newer" {
            continue;
        }
        let pair = Pair::new(schema, here, there);
        let said = pair.brings(&["--on-conflict", strategy]);
        let (fate, movies, shown) = match *strategy {
            "skip" => ("skipped", "Heat 1972 0, Heat 1986 1, Heat 1995 0, Ran 1985 1", "Heat 0"),
            "rename" => (
                "renamed",
                "Heat 1972 0, Heat 1986 1, Heat 1995 0, Heat (1) 1995 1, Ran 1985 1",
                "Heat (1) 1",
            ),
            "merge" => ("merged", "Heat 1972 0, Heat 1986 1, Heat 1995 1, Ran 1985 1", "Heat 1"),
            _ => ("overwritten", "Heat 1972 0, Heat 1986 1, Heat 1995 1, Ran 1985 1", "Heat 1"),
        };
        assert_eq!(said, json!({"movies": {fate: 1, "new": 2}, "shows": {"new": 1}}), "{strategy}");
        let all =
            "select group_concat(title || ' ' || year || ' ' || seen, ', ' order by title, year) from movies";
        assert_eq!(pair.there(all), [movies], "{strategy}");
        let of = "select title || ' ' || seen from shows join movies m on m.id = movie_id";
        assert_eq!(pair.there(of), [shown], "{strategy}");
    }
}

/// What may be NULL is no key where it is: such rows are known by what they hold.
#[test]
fn rows_whose_key_holds_null_are_known_by_their_content() {
    let schema = "create table t(id integer primary key, code text unique, n int)";
    let pair = Pair::new(
        schema,
        "insert into t values (1, 'a', 1), (2, null, 2), (3, null, 2), (4, null, 3)",
        "insert into t values (50, null, 2), (51, 'a', 9), (52, null, 4)",
    );
    assert!(pair.document()["metadata"]["sections"]["t"].get("key").is_none());
    for strategy in ["rename", "merge", "overwrite"] {
        let said = pair.import(&["--on-conflict", strategy, "--dry-run"]).fails(4);
        said.says("data.t[0]");
    }
    assert_eq!(pair.brings(&["--on-conflict", "skip"]), json!({"t": {"new": 2, "same": 1, "skipped": 1}}));
    let all = "select group_concat(ifnull(code, '-') || n, ' ' order by code, n) from t";
    assert_eq!(pair.there(all), ["-2 -2 -3 -4 a9"]);
}

#[test]
fn keys_that_differ_by_case_only_are_the_same_where_the_column_says_so() {
    let schema =
        "create table tags(id integer primary key, name text not null unique collate nocase, colour text);
        create table uses(what text primary key, tag_id integer references tags(id));
        create table words(id integer primary key, name text not null unique, colour text)";
    let here =
        "insert into tags values (1, 'FILMS', 'red'), (2, 'Books', 'red'); insert into uses values ('x', 1);
        insert into words values (1, 'FILMS', 'red')";
    let there = "insert into tags values (30, 'films', 'green'), (31, 'books', 'red'); insert into words values (30, 'films', 'green')";
    for (strategy, tags, uses) in [
        ("skip", "books 31 red, films 30 green", "films"),
        ("overwrite", "Books 31 red, FILMS 30 red", "FILMS"),
        ("merge", "Books 31 red, FILMS 30 red", "FILMS"),
        ("rename", "Books (1) 32 red, books 31 red, films 30 green, FILMS (1) 33 red", "FILMS (1)"),
    ] {
        let pair = Pair::new(schema, here, there);
        let said = pair.brings(&["--on-conflict", strategy]);
        assert_eq!(said["words"], json!({"new": 1}), "{strategy}");
        let all = "select group_concat(name || ' ' || id || ' ' || colour, ', ' order by name) from tags";
        assert_eq!(pair.there(all), [tags], "{strategy}");
        assert_eq!(pair.there("select name from tags join uses on tag_id = id"), [uses], "{strategy}");
    }
}

/// Every constraint counts: one that another row has is a conflict with that row.
#[test]
fn a_row_that_shares_what_is_unique_with_two_is_skipped_renamed_or_an_error() {
    let schema = "create table users(id integer primary key, name text not null unique, mail text unique, badge int unique, note text);
        create table visits(what text primary key, user_id integer references users(id))";
    let here = "insert into users values (1, 'ann', 'a@x', 7, 'new'); insert into visits values ('v', 1)";
    let there = "insert into users values (40, 'ann', 'old@x', 1, 'one'), (41, 'bob', 'a@x', 2, 'two')";
    for strategy in ["overwrite", "merge", "newer", "fail"] {
        let pair = Pair::new(schema, here, there);
        let run = pair.refuses(4, &["--on-conflict", strategy]);
        run.says("data.users[0]: it shares what must be unique with two different rows");
    }
    let pair = Pair::new(schema, here, there);
    let said = pair.brings(&["--on-conflict", "skip"]);
    assert_eq!(said, json!({"users": {"skipped": 1}, "visits": {"new": 1}}));
    // What refers to it refers to the row with its key.
    assert_eq!(pair.there("select user_id || '' from visits"), ["40"]);
    // Another name does not help, where something else is taken too.
    let pair = Pair::new(schema, here, there);
    let run = pair.import(&["--on-conflict", "rename"]).fails(3);
    run.says("data.users[0]").says("it shares something else that must be unique");
    // But it does where the name is all.
    let pair = Pair::new(schema, here, "insert into users values (40, 'ann', 'old@x', 1, 'one')");
    assert_eq!(pair.brings(&["--on-conflict", "rename"])["users"], json!({"renamed": 1}));
    assert_eq!(pair.there("select user_id || '' from visits"), ["41"]);
    let pair = Pair::new(schema, here, there);
    let run = pair.import(&["--on-conflict", "overwrite", "--on-error", "skip", "--json"]);
    assert_eq!(run.code(), Some(1), "{run}");
    assert_eq!(pair.there("select group_concat(note) from users"), ["one,two"]);
}

/// A row whose key is new, and which shares something else with one row, is that row.
#[test]
fn a_row_that_shares_something_unique_with_one_is_that_row() {
    let schema =
        "create table lists(id integer primary key, name text not null unique, slug text unique, n int)";
    let (here, there) =
        ("insert into lists values (1, 'Films', 's', 1)", "insert into lists values (90, 'Movies', 's', 2)");
    for (strategy, fate, all) in [
        ("skip", "skipped", "90 Movies s 2"),
        ("overwrite", "overwritten", "90 Films s 1"),
        ("merge", "merged", "90 Films s 1"),
    ] {
        let pair = Pair::new(schema, here, there);
        assert_eq!(pair.brings(&["--on-conflict", strategy]), json!({"lists": {fate: 1}}));
        let sql = "select group_concat(id || ' ' || name || ' ' || slug || ' ' || n) from lists";
        assert_eq!(pair.there(sql), [all], "{strategy}");
    }
}

/// The file's rows have what the others of the database's rows have.
#[test]
fn unique_values_that_swap_places_come_in() {
    let plain =
        "create table t(id integer primary key, name text not null unique, position integer not null unique)";
    let check = "create table t(id integer primary key, name text not null unique, position integer not null unique check (position between 1 and 9))";
    let strict = "create table t(name text primary key, position integer not null unique check (position > 0)) strict, without rowid";
    let text = "create table t(id integer primary key, name text not null unique, position text not null unique check (length(position) = 1))";
    let real =
        "create table t(id integer primary key, name text not null unique, position real not null unique)";
    let pair_of = "create table t(id integer primary key, name text not null unique, shelf text not null default 's', position int, unique(shelf, position))";
    let nocase = "create table t(id integer primary key, name text not null unique, position text not null collate nocase unique)";
    let partial = "create table t(id integer primary key, name text not null unique, position int); create unique index p on t(position) where position < 100";
    let expression = "create table t(id integer primary key, name text not null unique, position int); create unique index p on t(abs(position))";
    for schema in [plain, check, strict, text, real, pair_of, nocase, partial, expression] {
        for (here, there) in [
            ("a1 b2", "a2 b1"),
            ("a1 b2 c3", "a2 b3 c1"),
            ("a1 b2 c3 d4", "a2 b1 c4 d3"),
            // A chain whose end is free, and one into which another comes.
            ("a1 b2 c3", "a2 b3 c4"),
            ("a1 b2 c3", "a2 b1 d3"),
            ("a1 b2 n3", "a2 b3"),
        ] {
            let values = |rows: &str| {
                let row = |row: &str| {
                    format!("insert into t(name, position) values ('{}', '{}');", &row[..1], &row[1..])
                };
                rows.split(' ').map(row).collect::<String>()
            };
            let pair = Pair::new(schema, &values(here), &values(there));
            if there.contains('d') && !here.contains('d') {
                // The file's value is that of a row of which it says nothing.
                let run = pair.import(&["--on-conflict", "overwrite"]);
                assert_ne!(run.code(), Some(0), "{schema} {here} {there}: {run}");
                continue;
            }
            pair.brings(&["--on-conflict", "overwrite"]);
            let all = "select group_concat(name || printf('%d', position), ' ' order by name) from t";
            assert_eq!(pair.there(all), [here], "{schema} {there}");
        }
    }
}
