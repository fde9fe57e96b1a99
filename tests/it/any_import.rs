//! Any small database into any other of the application, by any strategy: what comes of it is sound, the second time
//! nothing comes of it, and it can be undone.

use super::condensed::done;
use super::pair::{Pair, assert_sound};
use super::same::content_in_any_order;
use proptest::prelude::*;

/// Keys that differ by case only, several of them on a table, places that swap, children of children, rows without a key,
/// circles, and checks.
pub const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique collate nocase, boss_id integer references people(id), n int check (n <> 3), at int);
    create table lists(id integer primary key, name text not null unique, place int not null unique, code text unique, owner_id integer references people(id), at int);
    create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade, title text not null, n int,
        person_id integer references people(id), unique(list_id, title), unique(list_id, n));
    create table remarks(id integer primary key, entry_id integer not null references entries(id) on delete cascade, body text);
    create table covers(list_id integer primary key references lists(id) on delete cascade, url text);
    create table notes(id integer primary key, body text, list_id integer references lists(id), next_id integer references notes(id), tag text unique);
    create table links(a text, b text, n int, primary key(a, b)) without rowid;
    create table config(id integer primary key check (id = 1), theme text, size int);
    create table log(what text);
    create trigger t after insert on lists begin insert into log values (new.name); end;
    create trigger u after update on people begin update people set at = 0 where id = new.id; end;";
pub const SETTINGS: &str = "[sections.log]\ninclude = false\n[sections.people]\nupdated-at = \"at\"\n[sections.lists]\nupdated-at = \"at\"\n[sections.notes]\n";

/// Rows of all tables: each a few small numbers, which say what is in its columns.
pub fn rows() -> impl Strategy<Value = String> {
    let row = (0..8u8, prop::array::uniform5(0..6u32));
    prop::collection::vec(row, 0..24).prop_map(|rows| {
        let mut sql = "pragma foreign_keys = off;".to_owned();
        for (table, [a, b, c, d, e]) in rows {
            // Small and large numbers of rows: what refers may come before what it refers to.
            let id = a + 1;
            let or_null = |value: u32| if value == 0 { "null".to_owned() } else { value.to_string() };
            let text = |value: u32| {
                if value == 0 {
                    "null".to_owned()
                } else {
                    format!("'{}'", ["", "a", "A", "b", "é", "x (1)"][value as usize])
                }
            };
            let name = ["a", "A", "b", "B (1)", "a (1)", "é"][b as usize];
            sql.push_str("insert or ignore into ");
            sql.push_str(&match table {
                0 => {
                    format!("people values ({id}, '{name}', {}, {}, {});", or_null(c), or_null(d), or_null(e))
                }
                1 => format!(
                    "lists values ({id}, '{name}', {c}, {}, {}, {});",
                    text(d),
                    or_null(e),
                    or_null(b)
                ),
                2 => format!("entries values ({id}, {}, '{name}', {}, {});", c + 1, or_null(d), or_null(e)),
                3 => format!("remarks values ({id}, {}, {});", b + 1, text(c)),
                4 => format!("covers values ({id}, {});", text(b)),
                5 => format!(
                    "notes values ({id}, {}, {}, {}, {});",
                    text(b),
                    or_null(c),
                    or_null(d),
                    if e == 1 { "'t'" } else { "null" }
                ),
                6 => format!(
                    "links values ('{name}', {}, {});",
                    if c == 0 { "'a'".to_owned() } else { text(c) },
                    or_null(d)
                ),
                _ => format!("config values (1, {}, {});", text(a), or_null(b)),
            });
        }
        // What leads nowhere goes, until all leads somewhere.
        for _ in 0..6 {
            sql.push_str(
                "update people set boss_id = null where boss_id not in (select id from people);
                 update lists set owner_id = null where owner_id not in (select id from people);
                 delete from entries where list_id not in (select id from lists);
                 update entries set person_id = null where person_id not in (select id from people);
                 delete from remarks where entry_id not in (select id from entries);
                 delete from covers where list_id not in (select id from lists);
                 update notes set list_id = null where list_id not in (select id from lists);
                 update notes set next_id = null where next_id not in (select id from notes);",
            );
        }
        sql
    })
}

fn options() -> impl Strategy<Value = Vec<&'static str>> {
    let strategies =
        ["skip", "overwrite", "merge", "newer", "rename", "overwrite,lists=rename", "rename,people=skip"];
    let strategy = prop::sample::select(strategies.to_vec());
    let how = prop_oneof![
        6 => strategy.prop_map(|strategy| vec!["--on-conflict", strategy]),
        1 => Just(vec!["--replace-all", "--yes"]),
    ];
    let more =
        prop::sample::select(vec![vec![], vec![], vec!["--on-error", "skip"], vec!["--triggers", "off"]]);
    (how, more).prop_map(|(how, more)| [how, more].concat())
}

fn assert_import(here: &str, there: &str, options: &[&str]) {
    let pair = Pair::configured(SETTINGS, SCHEMA, here, there);
    let path = pair.scene.path("b.db");
    let (before, bytes) = (content_in_any_order(&path), pair.bytes());
    let options = [options, &["--json"]].concat();
    let run = pair.import(&options);
    let code = run.code().expect("a code");
    let is_in = code == 0 || code == 1 && options.contains(&"skip") && run.json().get("error").is_none();
    if !is_in {
        assert!(matches!(code, 3 | 4), "{run}");
        assert!(bytes == pair.bytes(), "{run}");
        return;
    }
    assert_sound(&path);
    if code == 1 {
        assert_settles(&pair, &options);
        return;
    }
    let bytes = pair.bytes();
    let again = pair.import(&options);
    assert_eq!(again.code(), Some(code), "{run}{again}");
    assert!(bytes == pair.bytes(), "it wrote the second time: {run}{again}");
    for (section, counts) in done(&again.json()).as_object().expect("sections") {
        let changes = |fate: &&String| !["same", "skipped", "rejected"].contains(&fate.as_str());
        assert_eq!(counts.as_object().expect("counts").keys().find(changes), None, "{section}: {run}{again}");
    }
    pair.undo(&run);
    assert_eq!(content_in_any_order(&path), before, "{run}");
}

/// What stayed out may come in once what was in its way is another: after a few times there is nothing more.
fn assert_settles(pair: &Pair, options: &[&str]) {
    for _ in 0..8 {
        let bytes = pair.bytes();
        let run = pair.import(options);
        assert!(matches!(run.code(), Some(0 | 1)), "{run}");
        assert_sound(&pair.scene.path("b.db"));
        if bytes == pair.bytes() {
            return;
        }
    }
    panic!("it goes on to write");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_imported_is_sound_and_nothing_the_second_time_and_can_be_undone(
        here in rows(), there in rows(), options in options()
    ) {
        assert_import(&here, &there, &options);
    }
}

/// Few enough for every run; more where somebody asks for them.
pub fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}
