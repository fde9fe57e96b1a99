//! Columns that hold row ids among other things: what comes back is of the type, and of the form, that it had.

use super::pair::Pair;
use serde_json::json;

const TAGS: &str = "create table tags(id integer primary key, name text not null unique)";
const HERE: &str = "insert into tags values (3, 'x'), (5, 'y')";
const THERE: &str = "insert into tags values (70, 'y'), (71, 'x')";

/// What column `c` of `t` holds after an import, by `name`, with its type.
#[track_caller]
fn comes_back(settings: &str, schema: &str, rows: &str, expected: &[&str]) -> Pair {
    let pair = Pair::configured(settings, &format!("{TAGS}; {schema}"), &format!("{HERE}; {rows}"), THERE);
    pair.brings(&[]);
    assert_eq!(pair.there("select typeof(c) || ' ' || ifnull(c, '') from t order by name"), expected);
    pair
}

#[test]
fn lists_that_are_written_in_another_way_come_back() {
    let settings = "[sections.t]\nreferences.c = { section = 'tags', separator = ',' }\n";
    let rows = "insert into t values (1, 'a', '3,5'), (2, 'b', '3, 5'), (3, 'c', ''), (4, 'd', '5'), (5, 'e', null), (6, 'f', 'none'), (7, 'g', '5;3')";
    for kind in ["text", ""] {
        let schema = format!("create table t(id integer primary key, name text not null unique, c {kind})");
        let expected = ["text 71,70", "text 71, 70", "text ", "text 70", "null ", "text none", "text 70;71"];
        let pair = comes_back(settings, &schema, rows, &expected);
        let parts = json!({"$parts": [{"id": "x"}, {"text": ", "}, {"id": "y"}]});
        assert_eq!(pair.document()["data"]["t"][1]["c"], parts);
    }
}

#[test]
fn an_integer_in_a_column_of_lists_stays_one() {
    let settings = "[sections.t]\nreferences.c = { section = 'tags', separator = ',' }\n";
    let rows = "insert into t values (1, 'a', '3,5'), (2, 'b', 5), (3, 'c', '5')";
    for (kind, expected) in [
        ("", ["text 71,70", "integer 70", "text 70"]),
        ("text", ["text 71,70", "text 70", "text 70"]),
        ("int", ["text 71,70", "integer 70", "integer 70"]),
    ] {
        let schema = format!("create table t(id integer primary key, name text not null unique, c {kind})");
        comes_back(settings, &schema, rows, &expected);
    }
}

#[test]
fn a_text_that_another_column_makes_an_id_stays_a_text() {
    let settings = "[sections.t]\nreferences.c = { type = 'kind', sections = { tag = 'tags' } }\n";
    let rows = "insert into t values (1, 'a', 'tag', 3), (2, 'b', 'tag', '3'), (3, 'c', 'tag', '05'), (4, 'd', 'other', '7'), (5, 'e', 'other', 7), (6, 'f', 'tag', '99')";
    for (kind, expected) in [
        ("", ["integer 71", "text 71", "text 05", "text 7", "integer 7", "text 99"]),
        ("text", ["text 71", "text 71", "text 05", "text 7", "text 7", "text 99"]),
    ] {
        let schema = format!(
            "create table t(id integer primary key, name text not null unique, kind text not null, c {kind})"
        );
        comes_back(settings, &schema, rows, &expected);
    }
}

#[test]
fn an_id_inside_json_keeps_its_type() {
    let settings = "[sections.t]\njson = ['c']\nreferences.'c.tag' = 'tags'\nreferences.'c.list[*]' = 'tags'\nreferences.'c.by.{}' = 'tags'\n";
    let schema = "create table t(id integer primary key, name text not null unique, c text)";
    let rows = r#"insert into t values (1, 'a', '{"tag":"3"}'), (2, 'b', '{"tag":3}'), (3, 'c', '{"tag":"03"}'),
        (4, 'd', '{"list":[3,"5",null,"x"]}'), (5, 'e', '{"tag":"99"}'), (6, 'f', '{"by":{"3":"3","x":1}}')"#;
    let expected = [
        r#"text {"tag":"71"}"#,
        r#"text {"tag":71}"#,
        r#"text {"tag":"03"}"#,
        r#"text {"list":[71,"70",null,"x"]}"#,
        r#"text {"tag":"99"}"#,
        r#"text {"by":{"71":"3","x":1}}"#,
    ];
    let pair = comes_back(settings, schema, rows, &expected);
    let data = &pair.document()["data"]["t"];
    assert_eq!(data[0]["c"], json!({"tag": {"$string": "x"}}));
    assert_eq!(data[4]["c"], json!({"tag": {"$string": {"$dangling": 99}}}));
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
    // Rows without a key are the same as those that are there.
    let schema = "create table t(id integer primary key, name text, c text)";
    comes_back(
        settings,
        schema,
        &rows.replace("(5, 'e', '{\"tag\":\"99\"}'), ", ""),
        &[expected[0], expected[1], expected[2], expected[3], expected[5]],
    );
    // The columns of ids that are texts.
    let uuids = "create table u(id text primary key, v int)";
    let settings = "[sections.t]\njson = ['c']\nreferences.'c.u' = 'u'\n";
    let schema =
        format!("{uuids}; create table t(id integer primary key, name text not null unique, c text)");
    let rows = r#"insert into u values ('5', 1), ('a', 2); insert into t values (1, 'a', '{"u":"5"}'), (2, 'b', '{"u":5}'), (3, 'c', '{"u":"a"}')"#;
    comes_back(settings, &schema, rows, &[r#"text {"u":"5"}"#, r#"text {"u":5}"#, r#"text {"u":"a"}"#]);
}

#[test]
fn what_leads_nowhere_inside_a_column_is_told_with_its_place() {
    let settings = "[sections.t]\njson = ['c']\nreferences.'c.list[*]' = 'tags'\n";
    let schema = format!("{TAGS}; create table t(id integer primary key, name text not null unique, c text)");
    let rows = format!(r#"{HERE}; insert into t values (1, 'a', '{{"list":[3,5]}}')"#);
    let pair = Pair::configured(settings, &schema, &rows, THERE);
    pair.edit("[\"x\", \"y\"]", "[\"x\", \"z\"]");
    pair.refuses(3, &[]).says("data.t[0].c.list[*]: it leads nowhere: tags \"z\"");
}

/// A document was refused as it was written: such a key leads from row to row.
#[test]
fn a_column_that_names_rows_of_its_own_table_is_no_key() {
    let settings = "[sections.t]\nreferences.c = { section = 't', separator = ',' }\n";
    let pair = Pair::configured(
        settings,
        "create table t(id integer primary key, name text, c text not null unique)",
        "insert into t values (1, 'a', 'p2'), (2, 'b', 'p1')",
        "insert into t values (50, 'z', 'p50')",
    );
    pair.brings(&[]);
    let leads = "select a.name || b.name from t a join t b on a.c = 'p' || b.id order by 1";
    assert_eq!(pair.there(leads), ["ab", "ba", "zz"]);
}

/// A key that is a text follows its row too, also where that has another one in the database.
#[test]
fn an_id_by_type_follows_a_row_whose_key_is_a_text() {
    let settings = "[sections.songs]\nkey = [\"id\"]\nmatch = [[\"path\"]]\n[sections.stars]\n\
        references.item_id = { type = \"item_type\", sections = { song = \"songs\" } }\n";
    let schema = "create table songs(id text primary key, path text not null unique);
        create table stars(note text not null unique, item_id text not null, item_type text not null)";
    let here = "insert into songs values ('aa', '/x.mp3'), ('bb', '/y.mp3');
        insert into stars values ('a', 'aa', 'song'), ('b', 'bb', 'song'), ('c', 'gone', 'song'), ('d', 'other', 'album'), ('e', '', 'song')";
    let there = "insert into songs values ('zz', '/x.mp3')";
    let pair = Pair::configured(settings, schema, here, there);
    pair.brings(&["--on-conflict", "skip"]);
    assert_eq!(
        pair.there("select s.path from stars join songs as s on s.id = stars.item_id order by 1"),
        ["/x.mp3", "/y.mp3"]
    );
    assert_eq!(
        pair.there("select item_id from stars where item_id not in (select id from songs) order by 1"),
        ["", "gone", "other"]
    );
}
