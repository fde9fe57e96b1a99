//! `--replace-all`: sections hold what the document holds, and nothing else that it could have had.

use super::fixtures::fill;
use super::pair::{Pair, assert_sound};
use serde_json::json;

const SCHEMA: &str = "
    create table lists(id integer primary key, name text not null unique, colour text);
    create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade, title text not null, unique(list_id, title));
    create table pins(id integer primary key, what text not null unique, list_id integer references lists(id) on delete cascade);
    create table notes(id integer primary key, body text unique, list_id integer references lists(id) on delete set null);
    create table tags(id integer primary key, name text not null unique)";
const HERE: &str = "insert into lists values (1, 'a', 'new'), (2, 'b', 'new'); insert into entries values (1, 1, 'x'), (2, 2, 'y'); insert into tags values (1, 't')";
const THERE: &str = "insert into lists values (70, 'b', 'old'), (71, 'c', 'old'), (72, 'd', 'old');
    insert into entries values (80, 70, 'z'), (81, 71, 'q'); insert into pins values (90, 'p', 71), (91, 'r', 70);
    insert into notes values (95, 'n', 71), (96, 'm', 70); insert into tags values (60, 'u')";

fn lists(pair: &Pair) -> String {
    let sql = "select group_concat(id || name || colour || ifnull((select group_concat(title) from entries where list_id = l.id), '-'), ' ' order by name) from lists l";
    pair.there(sql).concat()
}

#[test]
fn what_the_document_does_not_have_goes_and_what_it_has_keeps_its_id() {
    let pair = Pair::new(SCHEMA, HERE, THERE);
    pair.export(&["--only", "lists,tags"]);
    let said = pair.brings(&["--replace-all", "--yes", "--only", "lists"]);
    assert_eq!(said, json!({"lists": {"new": 1, "overwritten": 1, "removed": 2}}));
    assert_eq!(lists(&pair), "73anewx 70bnewy");
    // What referred to them goes along, or refers to nothing, as the schema says; another section is another.
    assert_eq!(pair.there("select group_concat(what || list_id) from pins"), ["r70"]);
    assert_eq!(pair.there("select group_concat(body || ifnull(list_id, '-')) from notes"), ["n-,m70"]);
    assert_eq!(pair.there("select name from tags"), ["u"]);
}

#[test]
fn what_goes_along_is_shown_and_somebody_says_yes() {
    let pair = Pair::new(SCHEMA, HERE, THERE);
    pair.export(&["--only", "lists"]);
    pair.refuses(4, &["--replace-all"])
        .says("rows that are not in the document would go")
        .says("hint: --yes says yes; --dry-run says which");
    let shown = pair.import(&["--replace-all", "--dry-run"]).succeeds();
    let shown = shown.says("1 row of pins goes with what they refer to").says("this would be written to");
    let shown = shown
        .says("  section  new  same  overwritten  removed\n  lists      1     0            1        2\n");
    shown.says("1 row of notes");
    let json = pair.import(&["--replace-all", "--dry-run", "--json"]).succeeds().json();
    assert_eq!(json["cascades"], json!({"pins": 1}));
    assert_eq!(json["cleared"], json!({"notes": 1}));
    let done = pair.import(&["--replace-all", "--yes", "--json"]).succeeds().json();
    assert_eq!(done["cascades"], json["cascades"]);
    assert_eq!(done["sections"], json["sections"]);
}

#[test]
fn only_rows_that_the_document_could_have_had_go() {
    let schema = "create table t(id integer primary key, name text not null unique, kind text, deleted int)";
    let settings = "[sections.t]\nwhere = \"kind = 'mine'\"\nsoft-delete = \"deleted\"\n";
    let pair = Pair::configured(
        settings,
        schema,
        "insert into t values (1, 'a', 'mine', 0), (2, 'x', 'theirs', 0)",
        "insert into t values (50, 'b', 'mine', 0), (51, 'c', 'theirs', 0), (52, 'd', 'mine', 1), (53, 'e', null, 0)",
    );
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(said, json!({"t": {"new": 1, "removed": 1}}));
    assert_eq!(pair.there("select group_concat(name, '' order by name) from t"), ["acde"]);
}

/// A filter is SQL of a stranger.
#[test]
fn a_filter_that_was_made_up_neither_writes_nor_means_other_rows() {
    let schema = "create table users(id integer primary key, name text not null unique);
        create table t(id integer primary key, user_id int references users(id), name text not null unique, kind text)";
    let settings = "[scope]\ntable = \"users\"\nkey = \"name\"\ncolumn = \"user_id\"\n[sections.users]\ninclude = false\n[sections.t]\nwhere = \"kind = 'mine'\"\n";
    for filter in ["1) or (1", "1) or 1; drop table t; --", "nonsense(", "1; delete from t", "kind = ?1", ""]
    {
        let pair = Pair::new(
            schema,
            "insert into users values (1, 'ann'); insert into t values (1, 1, 'a', 'mine')",
            "insert into users values (1, 'bob'), (2, 'cat'); insert into t values (50, 2, 'b', 'mine')",
        );
        std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
        pair.export(&["--scope", "ann"]);
        pair.edit("\"filter\": \"(kind = 'mine')\"", &format!("\"filter\": \"{filter}\""));
        let run = pair.import(&["--replace-all", "--yes", "--scope", "bob"]);
        assert!(matches!(run.code(), Some(1..=3)), "{filter}: {run}");
        assert!(run.stderr().contains("metadata.sections.t.filter"), "{filter}: {run}");
        assert_eq!(pair.there("select name from t"), ["b"], "{filter}");
    }
}

#[test]
fn only_rows_of_the_user_go() {
    let schema = "create table users(id integer primary key, name text not null unique);
        create table things(id integer primary key, user_id integer not null references users(id), name text not null, unique(user_id, name))";
    let pair = Pair::new(
        schema,
        "",
        "insert into users values (7, 'bob'), (8, 'cat'); insert into things values (1, 7, 'old'), (2, 8, 'old'), (3, 7, 'kept')",
    );
    let settings = "[scope]\ntable = \"users\"\nkey = \"name\"\ncolumn = \"user_id\"\n[sections.users]\n[sections.things]\n";
    std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
    fill(
        &pair.scene.path("a.db"),
        "insert into users values (1, 'ann'); insert into things values (1, 1, 'new'), (2, 1, 'kept')",
    );
    pair.export(&["--scope", "ann"]);
    let said = pair.brings(&["--replace-all", "--yes", "--scope", "bob"]);
    assert_eq!(said["things"], json!({"new": 1, "same": 1, "removed": 1}));
    assert_eq!(pair.there("select group_concat(u.name || t.name, ' ' order by u.name, t.name) from things t join users u on u.id = user_id"), ["bobkept bobnew catold"]);
    assert_eq!(pair.there("select group_concat(name) from users"), ["bob,cat"]);
}

#[test]
fn a_document_of_chosen_items_is_refused() {
    let pair = Pair::new(SCHEMA, HERE, THERE);
    pair.refuses(2, &["--replace-all", "--yes", "--item", "lists=a"])
        .says("--item chooses single items: the rows of others would go");
    pair.import(&["--replace-all", "--on-conflict", "skip"]).fails(2).says("cannot be used with");
    pair.export(&["--item", "lists=a"]);
    pair.refuses(2, &["--replace-all", "--yes"]).says("the document has chosen items of lists only");
    // One that says by which condition it chose means the rows that meet it.
    pair.export(&["--where", "lists=name in ('a', 'c')", "--only", "lists"]);
    assert_eq!(pair.brings(&["--replace-all", "--yes"]), json!({"lists": {"new": 1, "removed": 1}}));
    assert_eq!(lists(&pair), "73anewx 70boldz 72dold-");
}

/// Rows that are known by their content, and such as refer to each other.
#[test]
fn rows_without_a_key_and_circles_go_too() {
    let schema = "create table boxes(id integer primary key, label text, parent_id integer references boxes(id));
        create table people(id integer primary key, name text not null unique, boss_id integer references people(id))";
    let pair = Pair::new(
        schema,
        "insert into boxes values (1, 'a', null), (2, 'b', 1), (3, 'b', 1); insert into people values (1, 'x', null)",
        "pragma foreign_keys = off; insert into boxes values (9, 'a', null), (8, 'b', 9), (7, 'c', 8), (6, 'd', 5), (5, 'd', 6);
         insert into people values (1, 'y', 2), (2, 'z', 1)",
    );
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(
        said,
        json!({"boxes": {"new": 1, "same": 2, "removed": 3}, "people": {"new": 1, "removed": 2}})
    );
    assert_eq!(
        pair.there("select group_concat(label || ifnull(parent_id, '-'), ' ' order by id) from boxes"),
        ["b9 a- b9"]
    );
    assert_sound(&pair.scene.path("b.db"));
}

/// A row that stays needs one that would go: then nothing is written.
#[test]
fn what_other_rows_need_does_not_go() {
    let schema = "create table a(id integer primary key, name text not null unique); create table b(id integer primary key, n text unique, a_id integer not null references a(id))";
    let pair = Pair::new(
        schema,
        "insert into a values (1, 'x')",
        "insert into a values (7, 'y'); insert into b values (1, 'n', 7)",
    );
    pair.export(&["--only", "a"]);
    pair.refuses(3, &["--replace-all", "--yes"])
        .says("1 rows of b would refer to rows of a that are not there");
}

/// A row that stays referred to one that went; the document's null was taken for what leads nowhere.
#[test]
fn what_referred_to_a_row_that_goes_is_null_as_the_document_has_it() {
    let schema = "create table a(id integer primary key, name text not null unique, a_id integer references a(id));
        create table b(id integer primary key, name text not null unique, a_id integer references a(id));
        create table c(b_id integer not null references b(id) on delete cascade, n int, a_id integer references a(id), unique(b_id, n))";
    let pair = Pair::new(
        schema,
        "insert into a values (1, 'x', null); insert into b values (1, 'n', null); insert into c values (1, 1, null)",
        "insert into a values (7, 'y', null), (8, 'x', 7); insert into b values (1, 'n', 7); insert into c values (1, 1, 7)",
    );
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(said, json!({"a": {"overwritten": 1, "removed": 1}, "b": {"overwritten": 1}}));
    assert_eq!(pair.there("select (select a_id is null from a) || (select a_id is null from b) || (select a_id is null from c)"), ["111"]);
    // What led nowhere before may go on to.
    let dangling = "pragma foreign_keys = off; insert into a values (7, 'x', 99); insert into b values (1, 'n', 98); insert into c values (1, 1, 97)";
    let pair = Pair::new(schema, dangling, dangling);
    let run = pair.import(&["--replace-all", "--yes", "--json"]).succeeds();
    assert_eq!(super::condensed::done(&run.json()), json!({"a": {"same": 1}, "b": {"same": 1}}));
}

/// An item that shares something with two rows, of which one goes, is the other.
#[test]
fn what_goes_is_in_the_way_of_nothing() {
    let schema = "create table t(id integer primary key, name text not null unique, place int not null unique, kind text)";
    let settings = "[sections.t]\nwhere = \"kind = 'k'\"\n";
    let here = "insert into t values (1, 'a', 0, 'k')";
    for kind in ["k", "other"] {
        let there = format!("insert into t values (8, 'a', 5, 'k'), (9, 'z', 0, '{kind}')");
        let pair = Pair::configured(settings, schema, here, &there);
        if kind == "k" {
            assert_eq!(
                pair.brings(&["--replace-all", "--yes"]),
                json!({"t": {"overwritten": 1, "removed": 1}})
            );
            assert_eq!(pair.there("select id || name || place from t"), ["8a0"]);
        } else {
            pair.refuses(3, &["--replace-all", "--yes"]).says("UNIQUE constraint failed: t.place");
        }
    }
}
