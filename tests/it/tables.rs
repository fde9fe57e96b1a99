//! Items in tables of every kind: computed columns, without rowid, strict, with a single row, with an index of words, with
//! checks; and references to them from columns and from inside JSON.

use super::pair::Pair;
use serde_json::json;

/// Rows of a list swap places, also where the whole is watched by a search index that triggers keep.
#[test]
fn children_swap_places_and_a_search_index_follows() {
    let schema = "create table lists(id integer primary key, name text not null unique);
        create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade,
            title text not null, position int not null check (position > 0), unique(list_id, title), unique(list_id, position));
        create virtual table words using fts5(title, content='entries', content_rowid='id');
        create trigger ai after insert on entries begin insert into words(rowid, title) values (new.id, new.title); end;
        create trigger ad after delete on entries begin insert into words(words, rowid, title) values ('delete', old.id, old.title); end;
        create trigger au after update on entries begin insert into words(words, rowid, title) values ('delete', old.id, old.title);
            insert into words(rowid, title) values (new.id, new.title); end";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'x'), (2, 'y'); insert into entries values
            (1, 1, 'the first', 1), (2, 1, 'the second', 2), (3, 1, 'third of all', 3), (4, 1, 'new here', 4), (5, 2, 'other', 1)",
        "insert into lists values (8, 'x'), (9, 'y'); insert into entries values
            (11, 8, 'The first', 9), (12, 8, 'the second', 3), (13, 8, 'third of all', 1), (14, 8, 'the first', 2), (15, 8, 'gone', 4), (16, 9, 'other', 1)",
    );
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"lists": {"overwritten": 1, "same": 1}}));
    let all = "select group_concat(id || title || position, ', ' order by list_id, position) from entries";
    assert_eq!(pair.there(all), ["14the first1, 12the second2, 13third of all3, 17new here4, 16other1"]);
    pair.change("insert into words(words, rank) values ('integrity-check', 1)");
    assert_eq!(pair.there("select group_concat(rowid) || '' from words where words match 'first'"), ["14"]);
    assert_eq!(pair.there("select count(*) || '' from words where words match 'gone'"), ["0"]);
}

/// What is searched swaps its own text, which is unique.
#[test]
fn texts_that_swap_places_leave_a_search_index_whole() {
    let schema = "create table t(id integer primary key, code text not null unique, title text not null unique check (length(title) < 20));
        create virtual table words using fts5(title, content='t', content_rowid='id');
        create trigger ai after insert on t begin insert into words(rowid, title) values (new.id, new.title); end;
        create trigger ad after delete on t begin insert into words(words, rowid, title) values ('delete', old.id, old.title); end;
        create trigger au after update on t begin insert into words(words, rowid, title) values ('delete', old.id, old.title);
            insert into words(rowid, title) values (new.id, new.title); end";
    for (here, there) in [("a1 b2", "a2 b1"), ("a1 b2 c3", "a2 b3 c1"), ("a1 b2 c3", "b3 a4 c1")] {
        let rows = |rows: &str| {
            let row = |row: &str| {
                format!("insert into t(code, title) values ('{}', 'word{}');", &row[..1], &row[1..])
            };
            rows.split(' ').map(row).collect::<String>()
        };
        let pair = Pair::configured("[sections.t]\nkey = [\"code\"]\n", schema, &rows(here), &rows(there));
        pair.brings(&["--on-conflict", "overwrite"]);
        assert_eq!(
            pair.there("select group_concat(code || substr(title, 5), ' ' order by code) from t"),
            [here]
        );
        pair.change("insert into words(words, rank) values ('integrity-check', 1)");
        assert_eq!(
            pair.there("select code from words join t on t.id = words.rowid where words match 'word1'"),
            ["a"]
        );
    }
}

#[test]
fn computed_columns_are_left_to_the_database() {
    let schema = "create table t(name text primary key, price int not null, tax as (price / 10), total int as (price + price / 10) stored,
        upper text as (upper(name)) virtual); create unique index u on t(total)";
    let pair = Pair::new(
        schema,
        "insert into t values ('a', 100), ('b', 200), ('c', 300)",
        "insert into t values ('a', 200), ('b', 100)",
    );
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"t": {"overwritten": 2, "new": 1}}));
    assert_eq!(
        pair.there("select group_concat(upper || tax || ' ' || total, ', ') from t"),
        ["A10 110, B20 220, C30 330"]
    );
}

#[test]
fn tables_without_rowid_and_strict_ones_are_like_others() {
    let schema = "create table w(a text, b int, v text, primary key(a, b)) without rowid;
        create table s(k text primary key, i integer not null, r real, t text, b blob, any any) strict;
        create table ws(k integer not null, part text not null, n int, primary key(k, part)) strict, without rowid;
        create table uses(id integer primary key, a text, b int, note text unique, foreign key(a, b) references w(a, b))";
    let here = "insert into w values ('x', 1, 'new'), ('x', 2, null), ('y', 1, 'new'); insert into s values ('k', 1, 2.0, '3', x'04', '5'), ('l', 1, null, null, null, 5.5);
        insert into ws values (1, 'p', 1), (1, 'q', 2); insert into uses values (1, 'x', 1, 'n')";
    let there = "insert into w values ('x', 1, 'old'), ('x', 2, 'kept'); insert into s values ('k', 9, 9.0, '9', x'09', 5), ('l', 1, 7.0, null, null, 5.5);
        insert into ws values (1, 'p', 9)";
    for (strategy, fate, w, s) in [
        ("skip", "skipped", "x1old x2kept y1new", "k 9 9.0 9 09 5 integer, l 1 7.0 - - 5.5 real"),
        ("overwrite", "overwritten", "x1new x2- y1new", "k 1 2.0 3 04 5 text, l 1 - - - 5.5 real"),
        ("merge", "merged", "x1new x2kept y1new", "k 1 2.0 3 04 5 text, l 1 7.0 - - 5.5 real"),
        (
            "rename",
            "renamed",
            "x1old x2kept y1new x (1)1new x (1)2-",
            "k 9 9.0 9 09 5 integer, k (1) 1 2.0 3 04 5 text, l 1 7.0 - - 5.5 real, l (1) 1 - - - 5.5 real",
        ),
    ] {
        let pair = Pair::new(schema, here, there);
        let said = pair.brings(&["--on-conflict", strategy]);
        // What the file has that is null, a merge leaves.
        let merges = strategy == "merge";
        assert_eq!(said["s"], if merges { json!({fate: 1, "same": 1}) } else { json!({fate: 2}) });
        let all = "select group_concat(a || b || ifnull(v, '-'), ' ' order by a like '%(%', a, b) from w";
        assert_eq!(pair.there(all), [w], "{strategy}");
        let all = "select group_concat(concat_ws(' ', k, i, ifnull(r, '-'), ifnull(t, '-'), ifnull(nullif(hex(b), ''), '-'), any, typeof(any)), ', ' order by k) from s";
        assert_eq!(pair.there(all), [s], "{strategy}");
        assert_eq!(said["uses"], json!({"new": 1}));
        let used = "select group_concat(v) from uses join w using(a, b)";
        if strategy != "rename" {
            assert_eq!(pair.there(used), [if strategy == "skip" { "old" } else { "new" }], "{strategy}");
        }
    }
}

#[test]
fn the_only_row_of_a_table_is_there_already() {
    let schema =
        "create table config(id integer primary key check (id = 1), theme text, size int, token text)";
    let here = "insert into config values (1, 'dark', null, 'ours')";
    let there = "insert into config values (1, 'light', 5, 'theirs')";
    for (strategy, fate, row) in [
        ("skip", "skipped", "light5theirs"),
        ("overwrite", "overwritten", "dark-theirs"),
        ("merge", "merged", "dark5theirs"),
    ] {
        let pair = Pair::configured("[sections.config]\nsecret = [\"token\"]\n", schema, here, there);
        assert_eq!(pair.brings(&["--on-conflict", strategy]), json!({"config": {fate: 1}}));
        assert_eq!(pair.there("select theme || ifnull(size, '-') || token from config"), [row]);
        let pair = Pair::configured("[sections.config]\nsecret = [\"token\"]\n", schema, here, "");
        assert_eq!(pair.brings(&["--on-conflict", strategy]), json!({"config": {"new": 1}}));
        assert_eq!(pair.there("select id || theme from config"), ["1dark"]);
    }
    let pair = Pair::new(schema, here, there);
    pair.refuses(3, &["--on-conflict", "rename"]).says("cannot come in under another name");
}

/// What the file hangs on an item follows it, whatever number or name it has there: by a foreign key, by a uuid that the
/// schema does not declare, and from inside JSON.
#[test]
fn references_follow_items_that_are_renamed() {
    let schema = "create table lists(id text primary key, name text not null unique, colour text);
        create table films(id integer primary key, title text not null unique, list_id text);
        create table boards(id integer primary key, name text unique, layout text);
        create table tags(id integer primary key, name text not null unique, n int);
        create table views(id integer primary key, name text unique, layout text)";
    let here = "insert into lists values ('3a73e4de-171d-4e5e-9895-3f63c145d771', 'Favorites', 'red');
        insert into films values (1, 'Heat', '3a73e4de-171d-4e5e-9895-3f63c145d771'), (2, 'Ran', null);
        insert into boards values (1, 'Home', '{\"lists\":[\"3a73e4de-171d-4e5e-9895-3f63c145d771\"],\"n\":1}');
        insert into tags values (1, 'x', 1), (2, 'y', 1); insert into views values (1, 'V', '[{\"tag\":2},{\"tag\":1}]')";
    let there = "insert into lists values ('99999999-171d-4e5e-9895-3f63c145d771', 'Favorites', 'green'); insert into tags values (50, 'x', 2), (51, 'z', 1)";
    let settings = "[sections.films.references]\nlist_id = \"lists\"\n[sections.boards]\njson = [\"layout\"]\nreferences.\"layout.lists[*]\" = \"lists\"\n[sections.lists]\nmatch = [[\"name\"]]\n[sections.tags]\n[sections.views]\njson = [\"layout\"]\nreferences.\"layout[*].tag\" = \"tags\"\n";
    let pair = Pair::configured(settings, schema, here, there);
    let said = pair.brings(&["--on-conflict", "rename"]);
    assert_eq!((&said["lists"], &said["tags"]), (&json!({"renamed": 1}), &json!({"renamed": 1, "new": 1})));
    let lists = "select group_concat(name || colour || (id = '3a73e4de-171d-4e5e-9895-3f63c145d771'), ' ' order by name) from lists";
    assert_eq!(pair.there(lists), ["Favoritesgreen0 Favorites (1)red0"]);
    assert_eq!(pair.there("select name from films join lists on lists.id = list_id"), ["Favorites (1)"]);
    assert_eq!(
        pair.there(
            "select l.name from boards b, json_each(layout, '$.lists') j join lists l on l.id = j.value"
        ),
        ["Favorites (1)"]
    );
    let tags = "select group_concat(t.name, ' ' order by j.key) from views v, json_each(layout) j join tags t on t.id = j.value ->> 'tag'";
    assert_eq!(pair.there(tags), ["y x (1)"]);
    // Over what is there, all refers to that.
    let pair = Pair::configured(settings, schema, here, there);
    let said = pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(
        (&said["lists"], &said["tags"]),
        (&json!({"overwritten": 1}), &json!({"overwritten": 1, "new": 1}))
    );
    let lists = "select group_concat(id || colour) from lists";
    assert_eq!(pair.there(lists), ["99999999-171d-4e5e-9895-3f63c145d771red"]);
    assert_eq!(
        pair.there("select list_id from films where title = 'Heat'"),
        ["99999999-171d-4e5e-9895-3f63c145d771"]
    );
    assert_eq!(
        pair.there("select layout from boards"),
        ["{\"lists\":[\"99999999-171d-4e5e-9895-3f63c145d771\"],\"n\":1}"]
    );
    assert_eq!(pair.there(tags), ["y x"]);
}

/// Items that refer to each other in a circle, where one of them is there already.
#[test]
fn circles_and_references_to_what_comes_later_hold() {
    let schema = "create table people(id integer primary key, name text not null unique, boss_id integer references people(id), team_id integer references teams(id), note text);
        create table teams(id integer primary key, name text not null unique, lead_id integer references people(id))";
    let here = "pragma foreign_keys = off; insert into people values (1, 'a', 2, 1, 'n'), (2, 'b', 3, 1, 'n'), (3, 'c', 1, 2, 'n'), (4, 'd', 4, null, 'n');
        insert into teams values (1, 't', 3), (2, 'u', 4)";
    let there = "insert into people values (70, 'b', null, null, 'o'), (71, 'z', 70, null, 'o')";
    let all = "select group_concat(p.name || '>' || ifnull(b.name, '-') || '>' || ifnull(t.name, '-'), ', ' order by p.name)
        from people p left join people b on b.id = p.boss_id left join teams t on t.id = p.team_id";
    for (strategy, rows) in [
        ("skip", "a>b>t, b>->-, c>a>u, d>d>-, z>b>-"),
        ("overwrite", "a>b>t, b>c>t, c>a>u, d>d>-, z>b>-"),
        // Only the one that is there and differs: those that refer to it are new.
        ("rename", "a>b (1)>t, b>->-, b (1)>c>t, c>a>u, d>d>-, z>b>-"),
    ] {
        let pair = Pair::new(schema, here, there);
        let said = pair.brings(&["--on-conflict", strategy]);
        assert_eq!(said["teams"], json!({"new": 2}), "{strategy}");
        assert_eq!(pair.there(all), [rows], "{strategy}");
        assert_eq!(pair.there("select group_concat(t.name || p.name, ' ' order by 1) from teams t join people p on p.id = lead_id"), ["tc ud"]);
    }
}

/// Each of the two that refer to each other is there and differs: both come in beside, and refer to each other.
#[test]
fn two_that_refer_to_each_other_are_both_renamed() {
    let schema = "create table people(id integer primary key, name text not null unique, boss_id integer references people(id), n int)";
    let rows = |n: u32| {
        format!(
            "pragma foreign_keys = off; insert into people values ({n}1, 'p', {n}2, {n}), ({n}2, 'q', {n}1, {n}), ({n}3, 'r', {n}3, {n}), ({n}4, 's', {n}1, 7)"
        )
    };
    let pair = Pair::new(schema, &rows(1), &rows(2));
    // What merely refers to one of them stays as it is.
    assert_eq!(pair.brings(&["--on-conflict", "rename"]), json!({"people": {"renamed": 3, "same": 1}}));
    let all = "select group_concat(p.name || '>' || b.name || p.n, ', ' order by p.name) from people p join people b on b.id = p.boss_id";
    assert_eq!(pair.there(all), ["p>q2, p (1)>q (1)1, q>p2, q (1)>p (1)1, r>r2, r (1)>r (1)1, s>p7"]);
}
