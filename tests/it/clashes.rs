//! Children that clash with a row outside their item: what must be unique in one is held by a row under another parent.

use super::condensed::done;
use super::pair::{Pair, assert_sound};
use super::same::content_in_any_order;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Films have entries in lists, which have places there; a code of their own, a number of their own, and what only some or
/// computed values must be unique in.
const SCHEMA: &str = "
    create table lists(id integer primary key, name text not null unique);
    create table films(id integer primary key, title text not null unique, at int);
    create table entries(id integer primary key, film_id int not null references films(id) on delete cascade, what text not null,
        list_id int references lists(id), position int, code text unique, tmdb int unique, slug text, alias text, note text default 'none',
        unique(film_id, what), unique(list_id, position));
    create unique index few on entries(slug) where slug <> 'any';
    create unique index low on entries(lower(alias));
    create table remarks(id integer primary key, entry_id int not null references entries(id) on delete cascade, body text);";
const SETTINGS: &str = "[sections.lists]\n[sections.films]\nupdated-at = \"at\"\nnest.entries = { key = [\"film_id\", \"what\"], omit = [\"note\"], nest.remarks = {} }\n";

/// `Heat` is not there, and its entry has a code that an entry of `Alien` has.
const HERE: &str = "insert into films values (1, 'Heat', 9); insert into lists values (1, 'A');
    insert into entries values (1, 1, 'disc', 1, 1, 'x', null, null, null, 'here'); insert into remarks values (1, 1, 'good')";
const THERE: &str = "insert into films values (7, 'Alien', 5), (8, 'Ran', 5); insert into lists values (70, 'B');
    insert into entries values (71, 7, 'tape', 70, 1, 'x', 348, null, null, 'mine'), (72, 8, 'disc', 70, 2, 'y', null, null, null, 'mine');
    insert into remarks values (91, 71, 'scary'), (92, 72, 'long')";

fn pair(here: &str, there: &str) -> Pair {
    Pair::configured(SETTINGS, SCHEMA, here, there)
}

/// The entries with what hangs on them: whose, what, where, codes, note, remarks.
const ALL: &str = "select e.id || ' ' || title || ' ' || what || ' ' || ifnull((select name from lists where id = list_id), '-')
    || ifnull(position, '-') || ' ' || ifnull(code, '-') || ' ' || ifnull(tmdb, '-') || ' ' || note
    || ifnull((select group_concat(' ' || body, '' order by body) from remarks where entry_id = e.id), '')
    from entries e join films f on f.id = film_id order by e.id";

#[test]
fn a_clash_is_found_before_anything_is_written_and_names_both_parents() {
    let pair = pair(HERE, THERE);
    let run = pair.refuses(4, &[]).says("1 child clashes with what is there; nothing was written");
    run.says("data.films[0].entries[0]: films \"Heat\": its code is that of films \"Alien\"");
    let planned = pair.import(&["--dry-run", "--json"]).json();
    assert_eq!(planned["children"], json!({"films.entries": {"undecided": 1}}));
    let line = planned["items"].as_array().expect("items").iter().find(|line| line["child"] != Json::Null);
    let line = line.expect("a child").clone();
    assert_eq!((&line["child"], &line["outcome"]), (&json!("entries[disc]"), &json!("conflict")));
    assert_eq!(line["why"], "its code is that of films \"Alien\"");
}

#[test]
fn skip_leaves_the_child_out_and_what_is_there_as_it_is() {
    let pair = pair(HERE, THERE);
    let before = pair.there(ALL);
    assert_eq!(pair.brings(&["--on-conflict", "skip"])["films"], json!({"new": 1}));
    assert_eq!(pair.there(ALL), before);
    let run = pair.import(&["--on-conflict", "skip", "--json"]).succeeds();
    // By now the film is there, and is skipped whole.
    assert_eq!(done(&run.json())["films"], json!({"skipped": 1}));
}

/// The row keeps its id, and columns that the document lacks.
#[test]
fn overwrite_and_newer_move_the_row_and_merge_fills_it() {
    for (strategy, fate, row) in [
        ("overwrite", "moved", "71 Heat disc A1 x - mine good"),
        ("newer", "moved", "71 Heat disc A1 x - mine good"),
        ("merge", "merged", "71 Heat disc A1 x 348 mine good scary"),
    ] {
        let pair = pair(HERE, THERE);
        let options = ["--on-conflict", strategy];
        let planned = pair.import(&[&options[..], &["--dry-run", "--json"]].concat()).succeeds();
        assert_eq!(planned.json()["children"], json!({"films.entries": {fate: 1}}), "{planned}");
        assert_eq!(pair.brings(&options)["films"], json!({"new": 1}));
        assert_eq!(pair.there(ALL), [row, "72 Ran disc B2 y - mine long"], "{strategy}");
    }
}

/// What is there is newer, so it stays.
#[test]
fn newer_leaves_an_older_child_out() {
    let pair = pair(&HERE.replace("'Heat', 9", "'Heat', 2"), THERE);
    let before = pair.there(ALL);
    assert_eq!(pair.brings(&["--on-conflict", "newer"])["films"], json!({"new": 1}));
    assert_eq!(pair.there(ALL), before);
}

#[test]
fn rename_makes_a_copy_where_what_clashes_is_a_text() {
    let pair = pair(HERE, THERE);
    let planned = pair.import(&["--on-conflict", "rename", "--dry-run"]).succeeds();
    planned
        .says("films Heat, entries[disc]")
        .says("its code is that of films \"Alien\": it comes in as \"x (1)\"");
    assert_eq!(pair.brings(&["--on-conflict", "rename"])["films"], json!({"new": 1}));
    assert_eq!(
        pair.there(ALL),
        [
            "71 Alien tape B1 x 348 mine scary",
            "72 Ran disc B2 y - mine long",
            "73 Heat disc A1 x (1) - none good"
        ]
    );
}

/// A copy of an item has copies of its children.
#[test]
fn what_a_renamed_item_hung_on_it_gets_free_names_too() {
    let pair = pair(HERE, &THERE.replace("'Alien'", "'Heat'"));
    assert_eq!(pair.brings(&["--on-conflict", "rename"])["films"], json!({"renamed": 1}));
    assert_eq!(
        pair.there(ALL),
        [
            "71 Heat tape B1 x 348 mine scary",
            "72 Ran disc B2 y - mine long",
            "73 Heat (1) disc A1 x (1) - none good"
        ]
    );
}

#[test]
fn rename_is_refused_where_no_text_could_be_another() {
    let pair = pair(&HERE.replace("'x', null", "null, 348"), THERE);
    let run = pair.refuses(3, &["--on-conflict", "rename"]);
    run.says("its tmdb is that of films \"Alien\", and no text in it could be another");
    let options = ["--on-conflict", "rename", "--on-error", "skip"];
    let run = pair.import(&options).says("no text in it could be another");
    assert_eq!(run.code(), Some(1), "{run}");
    assert_eq!(pair.there("select title from films order by id"), ["Alien", "Ran"]);
}

/// Places in a list that are taken: what is there keeps its place, and what comes in stands after the last, in its order.
#[test]
fn a_place_that_is_taken_is_none_and_what_comes_in_stands_after_the_last() {
    let here = "insert into films values (1, 'Heat', 9), (2, 'Jaws', 9), (3, 'Emma', 9); insert into lists values (1, 'B');
        insert into entries(film_id, what, list_id, position) values (1, 'disc', 1, 3), (2, 'disc', 1, 1), (3, 'disc', 1, 2)";
    for strategy in ["overwrite", "merge", "newer", "rename"] {
        let pair = pair(here, THERE);
        let planned = pair.import(&["--on-conflict", strategy, "--dry-run", "--json"]).succeeds();
        assert_eq!(planned.json()["children"], json!({"films.entries": {"placed": 3}}));
        assert_eq!(pair.brings(&["--on-conflict", strategy])["films"], json!({"new": 3}), "{strategy}");
        let places = "select title || position from entries join films f on f.id = film_id order by position";
        assert_eq!(pair.there(places), ["Alien1", "Ran2", "Jaws3", "Emma4", "Heat5"], "{strategy}");
    }
}

/// One that is there keeps its place, which another of the document would have.
#[test]
fn a_place_of_a_child_that_stays_is_taken_too() {
    let here = "insert into films values (1, 'Heat', 9), (2, 'Jaws', 9); insert into lists values (1, 'B');
        insert into entries(film_id, what, list_id, position) values (1, 'disc', 1, 1), (2, 'disc', 1, 2)";
    for strategy in ["overwrite", "merge", "newer"] {
        let pair = pair(here, &THERE.replace("'Ran'", "'Heat'").replace("'y'", "null"));
        pair.brings(&["--on-conflict", strategy]);
        let places = "select title || position from entries join films f on f.id = film_id order by position";
        assert_eq!(pair.there(places), ["Alien1", "Heat2", "Jaws3"], "{strategy}");
    }
}

/// Where what is there moves away in the same import, nothing clashes.
#[test]
fn a_child_that_moves_from_one_parent_to_another_is_no_clash() {
    let here = "insert into films values (1, 'Heat', 9), (2, 'Alien', 9); insert into lists values (1, 'B');
        insert into entries(film_id, what, list_id, position, code) values (1, 'disc', 1, 1, 'x'), (2, 'tape', 1, 2, 'z')";
    let pair = pair(here, &THERE.replace("'Ran'", "'Heat'"));
    let run = pair.import(&["--on-conflict", "overwrite", "--json", "--dry-run"]).succeeds();
    assert_eq!(run.json()["children"], json!({}));
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"])["films"], json!({"overwritten": 2}));
    assert_eq!(pair.there(ALL), ["71 Alien tape B2 z - mine", "72 Heat disc B1 x - mine"]);
}

#[test]
fn what_only_some_rows_or_computed_values_must_be_unique_in_clashes_too() {
    let with = |text: &str, slug: &str, alias: &str| {
        text.replace("null, null, 'here'", &format!("{slug}, {alias}, 'here'"))
            .replace("348, null, null", &format!("348, {slug}, {alias}"))
            .replace("'x'", "null")
    };
    for (slug, alias, what) in
        [("'s'", "null", "its slug is that"), ("null", "'Q'", "something that must be unique is that")]
    {
        let pair = pair(&with(HERE, slug, &alias.to_lowercase()), &with(THERE, slug, alias));
        pair.refuses(4, &[]).says(&format!("{what} of films \"Alien\""));
        assert_eq!(pair.brings(&["--on-conflict", "overwrite"])["films"], json!({"new": 1}));
        assert_eq!(pair.there(ALL)[0], "71 Heat disc A1 - - mine good");
    }
    // Rows outside the index are in nobody's way.
    let pair = pair(&with(HERE, "'any'", "null"), &with(THERE, "'any'", "null"));
    assert_eq!(pair.brings(&[])["films"], json!({"new": 1}));
}

/// A child that is there under its parent and would get what another has is two rows.
#[test]
fn a_child_that_is_there_takes_no_other_row() {
    let pair = pair(HERE, &THERE.replace("'Ran'", "'Heat'"));
    pair.refuses(4, &["--on-conflict", "overwrite"])
        .says("its code is that of films \"Alien\": it can only be skipped or renamed");
    let pair = self::pair(HERE, &THERE.replace("'Ran'", "'Heat'"));
    assert_eq!(pair.brings(&["--on-conflict", "rename"])["films"], json!({"renamed": 1}));
}

#[test]
fn two_children_of_a_document_that_clash_with_each_other_are_an_error() {
    let pair = pair(&HERE.replace("'x'", "'u'"), THERE);
    let text = std::fs::read_to_string(pair.scene.path("a.json")).expect("read");
    let line = text.lines().find(|line| line.contains("\"Heat\"")).expect("the film").to_owned();
    pair.edit(&line, &format!("{line},\n{}", line.replace("Heat", "Jaws")));
    for strategy in ["skip", "overwrite", "rename"] {
        let run = pair.refuses(3, &["--on-conflict", strategy]);
        run.says("it shares what must be unique with another row, which is in the document too");
    }
}

/// A child's own key that is held under another parent.
#[test]
fn a_child_known_by_a_key_of_its_own_moves_with_it() {
    let schema = "create table lists(id integer primary key, name text unique not null);
        create table items(id text primary key, list_id int not null references lists(id), what text) without rowid";
    let pair = Pair::configured(
        "[sections.lists]\nnest.items = {}\n",
        schema,
        "insert into lists values (1, 'A'); insert into items values ('i', 1, 'new')",
        "insert into lists values (7, 'B'); insert into items values ('i', 7, 'old'), ('j', 7, 'old')",
    );
    pair.refuses(4, &[]).says("lists \"A\": its id is that of lists \"B\"");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"])["lists"], json!({"new": 1}));
    let all = "select i.id || name || what from items i join lists l on l.id = list_id order by i.id";
    assert_eq!(pair.there(all), ["iAnew", "jBold"]);
}

/// A row of somebody else is never moved.
#[test]
fn rows_of_other_users_are_left_alone() {
    let schema = "create table users(id integer primary key, name text unique not null);
        create table lists(id integer primary key, user_id int not null references users(id), name text not null, unique(user_id, name));
        create table items(id integer primary key, list_id int not null references lists(id), code text unique)";
    let settings = "[scope]\ntable = \"users\"\nkey = \"name\"\ncolumn = \"user_id\"\n[sections.lists]\nnest.items = {}\n";
    let here = "insert into users values (1, 'ann'); insert into lists values (1, 1, 'A'); insert into items values (1, 1, 'x')";
    let there = "insert into users values (7, 'ann'), (8, 'bob'); insert into lists values (70, 8, 'B'); insert into items values (71, 70, 'x')";
    let scene = Pair::configured("", schema, here, there);
    std::fs::write(scene.scene.path("larder.toml"), settings).expect("write");
    scene.export(&["--scope", "ann"]);
    scene
        .refuses(4, &["--scope", "ann", "--on-conflict", "overwrite"])
        .says("it can only be skipped or renamed");
    assert_eq!(scene.brings(&["--scope", "ann", "--on-conflict", "rename"])["lists"], json!({"new": 1}));
    assert_eq!(scene.there("select code from items order by id"), ["x", "x (1)"]);
}

#[test]
fn a_plan_and_answers_carry_what_becomes_of_children() {
    let pair = pair(HERE, THERE);
    let before = pair.there(ALL);
    pair.import(&["--on-conflict", "overwrite", "--dry-run", "--plan", "p"]).succeeds();
    let plan = std::fs::read_to_string(pair.scene.path("p")).expect("a plan");
    assert!(plan.contains("\"outcome\":\"moved\",\"child\":\"entries[disc]\""), "{plan}");
    let run = pair.scene.larder(["import", "--plan", "p", "--json", "--report", "r"]).run().succeeds();
    assert_eq!(run.json()["children"], json!({"films.entries": {"moved": 1}}));
    let report = std::fs::read_to_string(pair.scene.path("r")).expect("a report");
    assert!(report.contains("\"outcome\":\"moved\",\"child\":\"entries[disc]\""), "{report}");
    assert_eq!(pair.there(ALL)[0], "71 Heat disc A1 x - mine good");
    pair.undo(&run);
    assert_eq!(pair.there(ALL), before);
    for (line, fate) in [
        ("\"key\":\"Heat\",\"child\":\"entries[disc]\",\"answer\":\"merge\"", "merged"),
        ("\"child\":\"entries\",\"answer\":\"rename\"", "renamed"),
    ] {
        let answers =
            format!("{{\"format\":\"larder-answers\",\"version\":1}}\n{{\"section\":\"films\",{line}}}\n");
        std::fs::write(pair.scene.path("answers"), answers).expect("write");
        let run = pair.import(&["--answers", "answers", "--json"]).succeeds();
        assert_eq!(run.json()["children"], json!({"films.entries": {fate: 1}}), "{run}");
        pair.undo(&run);
    }
}

/// Rows of all tables: each a few small numbers, which say what is in its columns.
fn rows() -> impl Strategy<Value = String> {
    let row = (0..8u8, prop::array::uniform7(0..5u32));
    prop::collection::vec(row, 0..20).prop_map(|rows| {
        let mut sql = "pragma foreign_keys = off;".to_owned();
        let text = |value: u32| {
            if value < 2 {
                "null".to_owned()
            } else {
                format!("'{}'", ["a", "B", "b (1)"][value as usize - 2])
            }
        };
        let number = |value: u32| if value == 0 { "null".to_owned() } else { value.to_string() };
        for (table, [a, b, c, d, e, f, g]) in rows {
            sql.push_str("insert or ignore into ");
            sql.push_str(&match table {
                0 => format!("lists values ({}, '{b}');", a + 1),
                1 | 2 => format!("films values ({}, '{b}', {});", a + 1, number(c)),
                7 => format!("remarks values (null, {}, {});", a + 1, text(b)),
                _ => format!(
                    "entries values ({}, {}, '{}', {}, {}, {}, {}, {}, {}, 'n{a}');",
                    a + b * 5 + 1,
                    b + 1,
                    c % 3,
                    number(d),
                    number(e),
                    text(f),
                    number(g),
                    text((f + g) % 5),
                    text((d + g) % 5)
                ),
            });
        }
        sql + "delete from entries where film_id not in (select id from films);
               update entries set list_id = null where list_id not in (select id from lists);
               delete from remarks where entry_id not in (select id from entries);"
    })
}

/// The rows of films that are not in the document, with their entries.
fn rows_of_others(pair: &Pair) -> Vec<String> {
    let document = pair.document();
    let films = document["data"]["films"].as_array().cloned().unwrap_or_default();
    let titles: Vec<String> =
        films.iter().map(|film| format!("'{}'", film["title"].as_str().unwrap_or_default())).collect();
    pair.there(&format!(
        "select e.id || '|' || hex(title) || '|' || what || '|' || ifnull(list_id, '-') || '|' || ifnull(position, '-') || '|' || ifnull(code, '-')
         || '|' || ifnull(tmdb, '-') || '|' || note from entries e join films f on f.id = film_id where title not in ({}) order by e.id",
        titles.join(", ")
    ))
}

fn assert_import(here: &str, there: &str, strategy: &str) {
    let pair = pair(here, there);
    let path = pair.scene.path("b.db");
    let (before, bytes, others) = (content_in_any_order(&path), pair.bytes(), rows_of_others(&pair));
    let options = ["--on-conflict", strategy, "--json"];
    let planned = pair.import(&[&options[..], &["--dry-run"]].concat());
    let run = pair.import(&options);
    assert_eq!(planned.code(), run.code(), "{planned}{run}");
    if run.code() != Some(0) {
        assert!(matches!(run.code(), Some(3 | 4)), "{run}");
        assert!(bytes == pair.bytes(), "{run}");
        assert!(!run.stdout().contains("UNIQUE constraint failed: entries"), "{run}");
        return;
    }
    assert_eq!(planned.json()["children"], run.json()["children"], "{planned}{run}");
    assert_sound(&path);
    let left = rows_of_others(&pair);
    let moved: u64 = run.json()["children"]["films.entries"].as_object().map_or(0, |fates| {
        fates
            .iter()
            .filter(|(fate, _)| ["moved", "merged"].contains(&fate.as_str()))
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    });
    let gone = others.iter().filter(|row| !left.contains(row)).count() as u64;
    assert!(gone <= moved, "{gone} rows that nobody named are not what they were: {run}");
    let bytes = pair.bytes();
    let again = pair.import(&options);
    assert_eq!(again.code(), Some(0), "{run}{again}");
    assert!(bytes == pair.bytes(), "it wrote the second time: {run}{again}");
    for (section, counts) in done(&again.json()).as_object().expect("sections") {
        let changes = |fate: &&String| !["same", "skipped"].contains(&fate.as_str());
        assert_eq!(counts.as_object().expect("counts").keys().find(changes), None, "{section}: {run}{again}");
    }
    pair.undo(&run);
    assert_eq!(content_in_any_order(&path), before, "{run}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_clashes_is_settled_and_nothing_comes_of_it_the_second_time(
        here in rows(), there in rows(), strategy in prop::sample::select(vec!["skip", "overwrite", "merge", "newer", "rename", "fail"])
    ) {
        assert_import(&here, &there, strategy);
    }
}

/// Few enough for every run; more where somebody asks for them.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}
