//! JSON in text columns: a document has it as JSON, and the same bytes come back.

use super::pair::Pair;
use serde_json::{Value, json};

const SCHEMA: &str =
    "create table things(id integer primary key, name text not null unique, compact text, spaced text,
    two text, four text, ascii text, odd text, php text, note text)";

const STYLES: [&str; 5] = ["compact", "spaced", "two", "four", "ascii"];

const HERE: &str = r#"insert into things values
    (1, 'a', '{"a":[1,{"b":null}],"ü":1.5}', '{"a": [1, {"b": null}]}', '{
  "a": [],
  "b": [
    1,
    {}
  ]
}', '[
    true
]', '{"a": "\u00fc\ud83c\udfac"}', '{"a":1}', '{"a":"x\/y"}', 'x'),
    (2, 'b', '[]', '[1, 2]', '{}', '{
    "z": 1
}', '{"b": 1}', '{"a":1.50}', '["\/"]', '{"a":1}'),
    (3, 'c', '{"b":2,"a":1}', null, null, '', null, '{ "a": 1 }', null, null),
    (4, 'd', null, null, null, null, null, '[1,1e5,123456789012345678901234567890]', null, null),
    (5, 'e', null, null, null, null, null, '{"a":1,"a":2}', null, null),
    (6, 'f', null, null, null, null, null, '{"$blob":1}', null, null),
    (7, 'g', null, null, null, null, null, '[2]', null, null),
    (8, 'h', null, null, null, null, null, '[3,{}]', null, null)"#;

const ALL: &str = "select name || '|' || ifnull(compact, '-') || '|' || ifnull(spaced, '-') || '|' || ifnull(two, '-') || '|' ||
    ifnull(four, '-') || '|' || ifnull(ascii, '-') || '|' || ifnull(odd, '-') || '|' || ifnull(php, '-') || '|' ||
    ifnull(note, '-') from things order by name";

fn of_here(pair: &Pair) -> Vec<String> {
    super::condensed::rows(&pair.scene.path("a.db"), ALL)
}

#[test]
fn json_is_written_as_json_and_comes_back_byte_by_byte() {
    let pair = Pair::new(SCHEMA, HERE, "");
    let document = pair.document();
    let things = &document["metadata"]["sections"]["things"];
    let style =
        |column: &str| (things["json"][column]["style"].clone(), things["json"][column]["ascii"].clone());
    let expected = [json!(null), json!("spaced"), json!("indent-2"), json!("indent-4"), json!("spaced")];
    for (column, expected) in STYLES.iter().zip(expected) {
        assert_eq!(things["columns"][column], "json", "{column}");
        let ascii = if *column == "ascii" { json!(true) } else { Value::Null };
        assert_eq!(style(column), (expected, ascii), "{column}");
    }
    let items = &document["data"]["things"];
    assert_eq!(items[0]["compact"], json!({"a": [1, {"b": null}], "ü": 1.5}));
    assert_eq!(items[0]["two"], json!({"a": [], "b": [1, {}]}));
    assert_eq!(items[0]["ascii"], json!({"a": "ü🎬"}));
    assert_eq!(items[2]["four"], json!({"$json": ""}));
    // What would not come back is the text that it is, and so is a column of which most would not.
    let odd: Vec<Value> = (0..8).map(|at| items[at]["odd"].clone()).collect();
    assert_eq!(
        odd,
        [
            json!({"a": 1}),
            json!({"$json": "{\"a\":1.50}"}),
            json!({"$json": "{ \"a\": 1 }"}),
            json!({"$json": "[1,1e5,123456789012345678901234567890]"}),
            json!({"$json": "{\"a\":1,\"a\":2}"}),
            json!({"$$blob": 1}),
            json!([2]),
            json!([3, {}]),
        ]
    );
    assert_eq!((&items[0]["php"], &items[1]["note"]), (&json!("{\"a\":\"x\\/y\"}"), &json!("{\"a\":1}")));
    pair.brings(&[]);
    assert_eq!(pair.there(ALL), of_here(&pair));
    for format in ["a.ndjson", "a.zip"] {
        pair.scene.larder(["convert", "a.json", format]).run().succeeds();
        pair.change("delete from things");
        pair.scene.larder(["import", format, "b.db"]).run().succeeds();
        assert_eq!(pair.there(ALL), of_here(&pair), "{format}");
    }
    pair.scene.larder(["validate", "a.json", "--against", "b.db"]).run().succeeds();
}

#[test]
fn json_is_compared_by_what_it_says() {
    let pair = Pair::new(SCHEMA, HERE, HERE);
    pair.change(r#"update things set compact = '{"a": [1, {"b": null}], "\u00fc": 1.50}', two = '{"a":[],"b":[1,{}]}' where id = 1"#);
    let bytes = pair.bytes();
    assert_eq!(pair.brings(&[]), json!({"things": {"same": 8}}));
    assert!(bytes == pair.bytes());
    // What was edited has the style of its column.
    pair.edit(r#""spaced": [1, 2]"#, r#""spaced": [1,   {"c":2}]"#);
    pair.edit(r#""compact": []"#, r#""compact": {"new": true}"#);
    pair.refuses(4, &[]);
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(
        pair.there("select spaced || compact from things where id = 2"),
        [r#"[1, {"c": 2}]{"new":true}"#]
    );
    assert_eq!(pair.there("select two from things where id = 1"), [r#"{"a":[],"b":[1,{}]}"#]);
}

#[test]
fn settings_say_what_is_json_whatever_its_texts_are() {
    let here = r#"insert into things(id, name, note, php, odd) values (1, 'a', 'no json', '5', '{"a" : 1}'), (2, 'b', '[1, 2]', null, null)"#;
    let pair = Pair::configured("[sections.things]\njson = [\"note\", \"php\"]\n", SCHEMA, here, "");
    let document = pair.document();
    let items = &document["data"]["things"];
    assert_eq!(items[0]["note"], json!({"$json": "no json"}));
    assert_eq!((&items[1]["note"], &items[0]["php"]), (&json!([1, 2]), &json!(5)));
    assert_eq!(items[0]["odd"], "{\"a\" : 1}");
    pair.brings(&[]);
    assert_eq!(pair.there(ALL), of_here(&pair));
}

#[test]
fn a_text_by_which_items_are_known_stays_a_text() {
    let schema = "create table rules(id integer primary key, filter text not null unique, name text);
        create table uses(id integer primary key, what text)";
    let here = r#"insert into rules values (1, '{"a":1}', '[1]'); insert into uses values (1, '{"a":1}'), (2, '{"a":1}')"#;
    let pair = Pair::new(schema, here, "");
    let document = pair.document();
    assert_eq!(document["data"]["rules"], json!([{"filter": "{\"a\":1}", "name": "[1]"}]));
    assert_eq!(document["data"]["uses"], json!([{"what": {"a": 1}}, {"what": {"a": 1}}]));
    pair.brings(&[]);
}

#[test]
fn what_is_made_up_says_nothing_of_json_that_was_found() {
    let pair = Pair::new(SCHEMA, HERE, "");
    let document = pair.export(&["--anonymize"]);
    let text = document["data"].to_string();
    assert!(!text.contains("\\\"b\\\"") && !text.contains("1.5"), "{text}");
    assert_eq!(document["metadata"]["sections"]["things"]["columns"]["compact"], "text");
    pair.brings(&[]);
}

#[test]
fn documents_of_version_2_say_of_json_whether_it_is_spaced() {
    let pair = Pair::new(SCHEMA, HERE, "");
    pair.edit(r#""version": 3"#, r#""version": 2"#);
    pair.edit(r#""spaced": {"style": "spaced"}"#, r#""spaced": {"spaced": true}"#);
    pair.brings(&[]);
    assert_eq!(
        pair.there("select spaced from things where spaced is not null"),
        [r#"{"a": [1, {"b": null}]}"#, "[1, 2]"]
    );
}

/// A row that stays behind is told by all that it holds, JSON too.
#[test]
fn a_witness_says_what_json_it_holds() {
    let schema = "create table places(id integer primary key, url text, data text);
        create table marks(id integer primary key, title text not null unique, fk integer)";
    let here = r#"insert into places values (1, 'a', '{"k":1}'), (2, 'b', '{"k":2}'), (5, 'c', '{"k":3}');
        insert into marks values (1, 'A', 1), (2, 'B', 2), (3, 'C', 5)"#;
    let places = here.split_once(';').expect("places").0;
    let pair = Pair::new(schema, here, places);
    let document = pair.export(&["--only", "marks"]);
    assert_eq!(document["metadata"]["witnesses"][0]["item"]["data"], json!({"k": 1}), "{document}");
    pair.brings(&[]);
    let pair = Pair::new(schema, here, &places.replace(r#"{"k":2}"#, r#"{"k":9}"#));
    pair.export(&["--only", "marks"]);
    pair.refuses(4, &[]);
}
