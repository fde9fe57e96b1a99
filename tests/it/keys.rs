//! By what items are known, and what they are unique in: keys of several columns, with NULL, that differ by case only;
//! several constraints on one table, and values that swap places.

use super::pair::{Pair, assert_sound};
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

/// What may be NULL is no key: such rows are known by what they hold. What is unique about them is still a conflict.
#[test]
fn rows_whose_key_may_be_null_are_known_by_their_content_and_conflict_where_it_is_not() {
    let schema = "create table t(id integer primary key, code text unique, n int); create table parts(t_id integer not null references t(id) on delete cascade, p int)";
    let here = "insert into t values (1, 'a', 1), (2, null, 2), (3, null, 2), (4, null, 3); insert into parts values (1, 7), (2, 7)";
    let there =
        "insert into t values (50, null, 2), (51, 'a', 9), (52, null, 4); insert into parts values (51, 8)";
    let all = "select group_concat(id || ' ' || ifnull(code, '-') || n || ifnull((select group_concat(' ' || p, '' order by p) from parts where t_id = id), ''), ', ' order by id) from t";
    for (strategy, fate, rows) in [
        ("skip", "skipped", "50 -2, 51 a9 8, 52 -4, 53 -2 7, 54 -3"),
        ("overwrite", "overwritten", "50 -2, 51 a1 7, 52 -4, 53 -2 7, 54 -3"),
        ("merge", "merged", "50 -2, 51 a1 7 8, 52 -4, 53 -2 7, 54 -3"),
    ] {
        let pair = Pair::new(schema, here, there);
        assert!(pair.document()["metadata"]["sections"]["t"].get("key").is_none());
        assert_eq!(pair.brings(&["--on-conflict", strategy]), json!({"t": {"new": 2, "same": 1, fate: 1}}));
        assert_eq!(pair.there(all), [rows], "{strategy}");
    }
    let pair = Pair::new(schema, here, there);
    pair.refuses(4, &["--on-conflict", "fail"])
        .says("data.t[3]: it is there already, and differs in n, parts[");
    pair.refuses(3, &["--on-conflict", "rename"]).says("no text in its key could be another");
}

/// An index may compare otherwise than its column does.
#[test]
fn what_is_unique_is_compared_as_its_index_compares() {
    let schema = "create table t(name text primary key, slug text not null, n int); create unique index s on t(slug collate nocase);
        create table u(name text primary key, slug text not null collate nocase, n int); create unique index us on u(slug collate binary)";
    let pair = Pair::configured(
        "[sections.t]\nmatch = [[\"slug\"]]\n[sections.u]\n",
        schema,
        "insert into t values ('a', 'X', 1); insert into u values ('a', 'X', 1)",
        "insert into t values ('b', 'x', 2); insert into u values ('b', 'x', 2)",
    );
    assert_eq!(pair.brings(&["--on-conflict", "skip"]), json!({"t": {"skipped": 1}, "u": {"new": 1}}));
    assert_eq!(pair.there("select group_concat(slug) from u order by slug"), ["X,x"]);
}

/// A table without a primary key had every row with another key, and something else unique, for two rows.
#[test]
fn a_table_needs_no_primary_key() {
    let schema = "create table t(name text not null unique, slug text not null unique, n int)";
    let pair = Pair::new(schema, "insert into t values ('a', 's', 1)", "insert into t values ('b', 's', 2)");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"t": {"overwritten": 1}}));
    assert_eq!(pair.there("select name || slug || n from t"), ["as1"]);
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
        ("rename", "books 31 red, Books (1) 32 red, films 30 green, FILMS (1) 33 red", "FILMS (1)"),
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
    assert_eq!(run.stderr().matches("data.users[0]").count(), 1, "{run}");
    run.says("it is there already and differs, and cannot come in under another name: its mail is that of what is there too");
    let run = pair.import(&["--on-conflict", "rename", "--on-error", "skip", "--json"]);
    assert_eq!((run.code(), &run.json()["sections"]["users"]["rejected"]), (Some(1), &json!(1)), "{run}");
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
            // The file's value is that of a row of which it says nothing: a name would make it that row, a place does not.
            let is_another = there.contains('d') && !here.contains('d');
            if is_another && ![text, nocase].contains(&schema) {
                let run = pair.import(&["--on-conflict", "overwrite"]);
                assert!(matches!(run.code(), Some(3 | 4)), "{schema} {here} {there}: {run}");
                continue;
            }
            pair.import(&["--on-conflict", "overwrite"]).succeeds();
            assert_sound(&pair.scene.path("b.db"));
            let all = "select group_concat(name || printf('%d', position), ' ' order by name) from t";
            assert_eq!(pair.there(all), [here], "{schema} {there}");
        }
    }
}

/// Neither of two items has the row's key, and each shares something else with it: it becomes the one that has its name.
#[test]
fn a_row_that_two_items_share_something_with_becomes_the_one_with_its_name() {
    let schema = "create table t(id integer primary key, name text not null unique, place int not null unique, code text unique)";
    let here = "insert into t values (1, 'b', 5, 'A'), (2, 'c', 0, 'a')";
    let pair = Pair::new(schema, here, "insert into t values (9, 'x', 5, 'a')");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"t": {"new": 1, "overwritten": 1}}));
    assert_eq!(
        pair.there("select group_concat(id || name || place || code, ' ' order by name) from t"),
        ["10b5A 9c0a"]
    );
    let pair = Pair::new(schema, here, "insert into t values (9, 'x', 5, 'a')");
    assert_eq!(pair.brings(&["--on-conflict", "skip"]), json!({"t": {"skipped": 2}}));
}

/// With it as a key, what came in was not found again.
#[test]
fn a_number_whose_table_another_column_says_is_no_key() {
    let here = "insert into kinds values (1, 'tag'), (2, 'doc'); insert into docs values (1, 'a'), (2, 'b');
        insert into tags values (1, 't'); insert into rights values (1, '2', 2, 'see doc'), (2, '1', 1, 'see tag')";
    let there = "insert into kinds values (1, 'doc'), (3, 'tag'); insert into docs values (1, 'x');
        insert into tags values (1, 'y'), (2, 'z'); insert into rights values (1, '1', 1, 'see doc')";
    let settings = "[sections.rights]
        references.object = { type = \"kind_id\", sections = { doc = \"docs\", tag = \"tags\" } }";
    let rights = "select ifnull(d.title, t.name) from rights r join kinds k on k.id = r.kind_id
        left join docs d on d.id = r.object and k.name = 'doc' left join tags t on t.id = r.object and k.name = 'tag' order by 1";
    for unique in ["what, object", "what, object, kind_id"] {
        let schema = format!(
            "create table kinds(id integer primary key, name text unique);
             create table docs(id integer primary key, title text unique);
             create table tags(id integer primary key, name text unique);
             create table rights(id integer primary key, object varchar(9) not null,
               kind_id integer not null references kinds(id), what text not null, unique({unique}))"
        );
        let pair = Pair::configured(settings, &schema, here, there);
        pair.document();
        pair.import(&[]).succeeds();
        assert_eq!(pair.there(rights), ["b", "t", "x"]);
        let before = pair.bytes();
        pair.import(&[]).succeeds();
        assert!(before == pair.bytes(), "{unique}");
    }
}
