//! Tables of the user's may have any name, also one that larder uses for something of its own: their data is whole.

use super::fixtures::fill;
use super::same::content;
use super::scene::Scene;
use rusqlite::Connection;
use serde_json::Value;
use std::path::Path;

/// What larder calls, or once called, its own tables, columns and aliases; what SQLite calls functions that give rows; and
/// what means something in SQL.
const NAMES: &[&str] = &[
    "nodes",
    "edges",
    "ranked",
    "personal",
    "made up",
    "p",
    "c",
    "o",
    "i",
    "a",
    "b",
    "s",
    "t",
    "e",
    "n",
    "m",
    "j",
    "items",
    "item",
    "rows",
    "staged",
    "fate",
    "guess",
    "need",
    "taken",
    "target",
    "reference",
    "line",
    "choice",
    "other",
    "own",
    "larder nodes",
    "LARDER EDGES",
    "larder nodes+",
    "larder ranked",
    "larder personal",
    "larder made up",
    "larder order",
    "larder parent",
    "larder parent of p",
    "larder children",
    "larder chosen",
    "larder owner",
    "larder row",
    "larder level 0",
    "larder level 1",
    "larder_referring_0",
    "larder referring 0",
    "order of nodes",
    "larder order of nodes",
    "larder numbers of nodes",
    "larder chosen of nodes",
    "larder children nodes parts nodes_id 1",
    "json_tree",
    "pragma_table_xinfo",
    "pragma_table_list",
    "pragma_index_list",
    "pragma_index_xinfo",
    "nocase",
    "main",
    "temp",
    "LIMIT 1",
    "SELECT 1",
    "a \"b\".c",
];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Rows that have no key and tie, with references among themselves, and children found without an index; their columns have
/// the names of larder's own, too.
fn schema() -> String {
    let table = |name: &&str| {
        let (table, parts, key) =
            (quoted(name), quoted(&format!("{name} parts")), quoted(&format!("{name}_id")));
        format!(
            "create table {table}(id integer primary key, up_id integer references {table}, note text, email text,
                 key text, place text, number text, rank text, h0 text, p0 text);
             create table {parts}(id integer primary key, {key} integer not null references {table} on delete cascade,
                 word text, p0 text, h0 text);"
        )
    };
    NAMES.iter().map(table).collect()
}

fn data() -> String {
    let rows = |name: &&str| {
        let (table, parts) = (quoted(name), quoted(&format!("{name} parts")));
        let own = name.replace('\'', "''");
        format!(
            "insert into {table}(id, up_id, note, email, h0) values (1, null, 'top of {own}', 'top@{own}.net', 'x'),
                 (2, 1, 'same', 'same@{own}.net', null), (3, 1, 'same', 'same@{own}.net', null),
                 (4, 3, 'same', 'same@{own}.net', null);
             insert into {parts} values (1, 4, 'word of {own}', 'x', 'y'), (2, 1, 'other', null, null);"
        )
    };
    NAMES.iter().map(rows).collect()
}

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("a.db"), &format!("{}{}", schema(), data()));
    scene
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("read")).expect("JSON")
}

/// What a database says of each row that does not depend on the numbers that it gave.
fn meant(path: &Path) -> Vec<(String, Vec<String>)> {
    let db = Connection::open(path).expect("open");
    let of = |name: &&str| {
        let (table, parts, key) =
            (quoted(name), quoted(&format!("{name} parts")), quoted(&format!("{name}_id")));
        let sql = format!(
            "select r.note || ' ' || r.email || ' below ' || ifnull(u.note, '-') || ': ' || ifnull((select
                 group_concat(word || ifnull(h0, '') || ifnull(p0, '')) from {parts} as q where q.{key} = r.id), '-')
             from {table} as r left join {table} as u on u.id = r.up_id order by 1"
        );
        let mut rows = db.prepare(&sql).expect(&sql);
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        ((*name).to_owned(), rows.map(|row| row.expect("text")).collect())
    };
    NAMES.iter().map(of).collect()
}

/// The section of a table.
fn section<'a>(document: &'a Value, table: &str) -> (&'a str, &'a Vec<Value>) {
    let sections = document["metadata"]["sections"].as_object().expect("sections");
    let (name, _) = sections
        .iter()
        .find(|(_, section)| section["table"] == table)
        .unwrap_or_else(|| panic!("{table} is not exported"));
    (name, document["data"][name.as_str()].as_array().expect("items"))
}

#[test]
fn a_condensed_export_has_every_row_and_goes_into_an_empty_database() {
    let scene = scene();
    scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let document = read(&scene.path("a.json"));
    for name in NAMES {
        let (_, items) = section(&document, name);
        let of = |note: &str| items.iter().filter(|item| item["note"] == note).count();
        assert_eq!((items.len(), of("same"), of(&format!("top of {name}"))), (4, 3, 1), "{name}: {items:?}");
    }
    scene.larder(["validate", "a.json", "--against", "a.db"]).run().succeeds();
    fill(&scene.path("b.db"), &schema());
    scene.larder(["import", "a.json", "b.db"]).run().succeeds();
    assert_eq!(meant(&scene.path("b.db")), meant(&scene.path("a.db")));
    // What is there is found again. Rows that differ in nothing but who refers to them are not, where those are no children:
    // an owner has none.
    let told_apart = || meant(&scene.path("a.db")).into_iter().filter(|(name, _)| name != "larder owner");
    let before: Vec<_> = told_apart().collect();
    scene.larder(["import", "a.json", "a.db"]).run().succeeds();
    assert_eq!(told_apart().collect::<Vec<_>>(), before);
}

#[test]
fn a_full_export_makes_the_same_database() {
    let scene = scene();
    scene.larder(["export", "--full", "a.db", "-o", "full.json"]).run().succeeds();
    scene.larder(["validate", "full.json"]).run().succeeds();
    scene.larder(["validate", "full.json", "--against", "a.db"]).run().succeeds();
    scene.larder(["import", "full.json", "b.db"]).run().succeeds();
    assert_eq!(content(&scene.path("b.db")), content(&scene.path("a.db")));
}

#[test]
fn an_anonymized_export_has_every_row_and_nobody() {
    let scene = scene();
    scene.larder(["export", "a.db", "--anonymize", "-o", "a.json"]).run().succeeds();
    let document = read(&scene.path("a.json"));
    for name in NAMES {
        let (_, items) = section(&document, name);
        assert_eq!(items.len(), 4, "{name}");
        let mails: Vec<&str> = items.iter().map(|item| item["email"].as_str().expect("an address")).collect();
        assert!(mails.iter().all(|mail| mail.contains('@') && !mail.contains(".net")), "{name}: {mails:?}");
        let same = items.iter().filter(|item| item["email"] == mails[0]).count();
        assert!(same == 1 || same == 3, "{name}: {mails:?}");
    }
}

#[test]
fn conditions_mean_the_users_tables() {
    let scene = scene();
    let mut toml = String::new();
    // Every table is asked for in the condition of another, by its name alone; what its columns are called is larder's, too.
    for (at, name) in NAMES.iter().enumerate() {
        let other = NAMES[(at + 1) % NAMES.len()];
        let condition = format!(
            "h0 = 'x' and exists (select 1 from {} as x where x.note = 'top of {other}' and key is null and number is null)",
            quoted(other)
        );
        toml.push_str(&format!("[sections.{name:?}]\nwhere = {condition:?}\n"));
    }
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let document = read(&scene.path("a.json"));
    for name in NAMES {
        let (_, items) = section(&document, name);
        assert_eq!(items.len(), 1, "{name}: {items:?}");
        assert_eq!(items[0]["note"], format!("top of {name}"));
    }
}

#[test]
fn chosen_rows_bring_what_they_refer_to() {
    let scene = scene();
    let condition =
        |name: &&str| format!("{name}=note = 'same' and exists (select 1 from {} as x)", quoted(name));
    let conditions: Vec<String> = NAMES.iter().map(condition).collect();
    let options = conditions.iter().flat_map(|condition| ["--where", condition]);
    scene.larder(["export", "a.db", "-o", "a.json"].into_iter().chain(options)).run().succeeds();
    let document = read(&scene.path("a.json"));
    for name in NAMES {
        assert_eq!(section(&document, name).1.len(), 4, "{name}");
    }
}

#[test]
fn an_item_brings_what_belongs_to_it() {
    let scene = scene();
    let label = |name: &&str| format!("[sections.{name:?}]\nlabel = \"email\"\n");
    std::fs::write(scene.path("larder.toml"), NAMES.iter().map(label).collect::<String>()).expect("write");
    for name in ["nodes", "larder row", "larder owner", "larder chosen", "larder level 0"] {
        let item = format!("{name}=top@{name}.net");
        scene.larder(["export", "a.db", "-o", "a.json", "--force", "--item", &item]).run().succeeds();
        let document = read(&scene.path("a.json"));
        assert!(
            section(&document, name).1.iter().any(|item| item["note"] == format!("top of {name}")),
            "{name}"
        );
    }
}

#[test]
fn snapshots_restore_it_and_settings_are_drafted_for_it() {
    let scene = scene();
    scene.larder(["init", "a.db"]).run().succeeds();
    let before = content(&scene.path("a.db"));
    scene.larder(["snapshot", "a.db"]).run().succeeds();
    let deletes: Vec<String> = NAMES.iter().map(|name| format!("delete from {}", quoted(name))).collect();
    fill(&scene.path("a.db"), &deletes.join(";"));
    scene.larder(["restore", "latest", "a.db", "--yes"]).run().succeeds();
    assert_eq!(content(&scene.path("a.db")), before);
}

#[test]
fn replacing_everything_deletes_what_is_not_in_the_document_and_no_more() {
    let scene = scene();
    scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let before = meant(&scene.path("a.db"));
    let more = |name: &&str| {
        let (table, parts) = (quoted(name), quoted(&format!("{name} parts")));
        format!(
            "insert into {table}(id, up_id, note, email) values (5, 4, 'more', 'more');
             insert into {parts} values (3, 5, 'goes with it', null, null);"
        )
    };
    fill(&scene.path("a.db"), &NAMES.iter().map(more).collect::<String>());
    assert_ne!(meant(&scene.path("a.db")), before);
    scene.larder(["import", "a.json", "a.db", "--replace-all", "--yes"]).run().succeeds();
    assert_eq!(meant(&scene.path("a.db")), before);
}
