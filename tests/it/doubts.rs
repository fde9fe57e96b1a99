//! Numbers that may be row ids, without proof: written only where they mean the same.

use super::condensed::done;
use super::pair::Pair;
use serde_json::{Value, json};

const SCHEMA: &str = "create table places(id integer primary key, url text not null unique);
    create table marks(id integer primary key, title text not null unique, fk integer);
    create table notes(id integer primary key, title text not null, data text)";
const HERE: &str = "insert into places values (1, 'a.org'), (2, 'b.org'), (5, 'c.org');
    insert into marks values (1, 'A', 1), (2, 'B', 2), (3, 'C', 5);
    insert into notes values (1, 'n', '{\"place_id\": 2}')";
const THERE: &str = "insert into places values (1, 'z.org'), (2, 'y.org'), (3, 'a.org')";

const MARKS: &str =
    "select group_concat(title || '>' || url, ' ' order by title) from marks join places p on p.id = fk";

fn refused(pair: &Pair, options: &[&str]) {
    let before = std::fs::read(pair.scene.path("b.db")).expect("read");
    let run = pair.import(options).fails(4);
    assert!(run.stderr().contains(" may mean something else in"), "{run}");
    assert!(run.stderr().contains("sections.marks.references.fk = \"places\""), "{run}");
    assert!(std::fs::read(pair.scene.path("b.db")).expect("read") == before, "{run}");
    assert!(!pair.scene.path("backups").exists(), "{run}");
}

#[test]
fn a_number_that_may_mean_something_else_is_not_written() {
    let pair = Pair::new(SCHEMA, HERE, THERE);
    refused(&pair, &[]);
    refused(&pair, &["--on-conflict", "rename"]);
    refused(&pair, &["--on-error", "skip"]);
    refused(&pair, &["--dry-run"]);
    let run = pair.import(&["--doubts", "ignore"]).succeeds();
    assert!(run.stderr().contains("doubtful numbers written as they stand"), "{run}");
    assert_eq!(pair.there(MARKS), ["A>z.org B>y.org C>c.org"]);
}

#[test]
fn what_was_exported_comes_back_and_an_empty_database_gets_it_as_it_was() {
    let pair = Pair::new(SCHEMA, HERE, HERE);
    let run = pair.import(&["--json"]).succeeds();
    assert_eq!(
        done(&run.json()),
        json!({"places": {"same": 3}, "marks": {"same": 3}, "notes": {"same": 1}}),
        "{run}"
    );
    let pair = Pair::new(SCHEMA, HERE, "");
    pair.import(&[]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
    let ids = "select group_concat(id || url, ' ' order by id) from places";
    assert_eq!(pair.there(ids), ["1a.org 2b.org 5c.org"]);
    // Where the numbers in question do not clash, nothing is in doubt.
    let pair = Pair::new(SCHEMA, HERE, "insert into places values (1, 'a.org'), (9, 'z.org')");
    pair.import(&[]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
}

/// Which tables a vague doubt names depends on the numbers that the rows of all tables have: so all of them keep theirs, and
/// the database that took the document in has the same document. Here the pages would have those of the note otherwise.
#[test]
fn all_rows_keep_their_numbers_where_a_doubt_is_vague() {
    let schema = "create table books(id integer primary key, t text not null);
        create table pages(id integer primary key, n int not null, book_id int not null references books(id) on delete cascade);
        create table memos(code text primary key, item_id int)";
    let pages: Vec<String> = (101..140).map(|id| format!("({id}, {id}, 5)")).collect();
    let pages = pages.join(", ");
    let here = format!(
        "insert into books values (2, 'a'), (5, 'b'), (9, 'c'); insert into pages values {pages}, (140, 1, 2);
         insert into memos values ('x', 5), ('y', 9)"
    );
    let pair = Pair::new(schema, &here, "");
    let document = pair.document();
    assert_eq!(document["metadata"]["doubts"][0]["sections"], json!(["books"]), "{document}");
    pair.import(&[]).succeeds();
    pair.scene.larder(["export", "b.db", "-o", "b.json"]).run().succeeds();
    let there: Value =
        serde_json::from_str(&std::fs::read_to_string(pair.scene.path("b.json")).expect("read"))
            .expect("JSON");
    assert_eq!(there["data"], document["data"]);
    assert_eq!(there["metadata"]["sections"], document["metadata"]["sections"]);
    assert_eq!(there["metadata"]["doubts"], document["metadata"]["doubts"]);
    // What a name alone says pins no other table.
    let named = Pair::new(&schema.replace("item_id", "book"), &here, "");
    let row = |pair: &Pair, section: &str| pair.document()["metadata"]["sections"][section]["row"].clone();
    assert_eq!(row(&named, "books"), json!({"column": "id"}));
    assert!(row(&named, "pages").is_null());
}

/// An item that differs from its row in nothing but doubtful numbers is no conflict that a strategy settles.
#[test]
fn doubts_are_told_before_conflicts_that_hang_on_them() {
    let there = "insert into places values (11, 'a.org'), (12, 'b.org'), (15, 'c.org');
        insert into marks values (1, 'A', 11), (2, 'B', 12), (3, 'C', 15)";
    let pair = Pair::new(SCHEMA, HERE, there);
    refused(&pair, &["--on-conflict", "fail"]);
    let run = pair.import(&["--on-conflict", "fail", "--doubts", "ignore"]).fails(4);
    assert!(run.stderr().contains("differs in fk"), "{run}");
    // What else differs is a conflict, as it is where the numbers mean the same.
    pair.change("update marks set fk = null; update marks set title = 'a' where title = 'A'");
    pair.edit("\"title\": \"A\"", "\"title\": \"a\"");
    refused(&pair, &["--on-conflict", "fail"]);
    let schema = "create table things(id integer primary key, t text not null unique);
        create table notes(id integer primary key, title text not null unique, item_id int, body text)";
    let here = "insert into things values (2, 'a'), (5, 'b'); insert into notes values (1, 'n', 5, 'x'), (2, 'm', 2, 'y')";
    let there = "insert into things values (2, 'a'), (5, 'b'); insert into notes values (1, 'n', 2, 'x'), (2, 'm', 2, 'z')";
    let run = Pair::new(schema, here, there).import(&["--on-conflict", "fail"]).fails(4);
    assert!(run.stderr().contains("2 items are there already and differ"), "{run}");
}

/// What refers to an item that waits for a decision waits for it too, and is nothing that is wrong with the document.
#[test]
fn what_refers_to_a_conflict_is_no_error() {
    let schema = "create table things(id integer primary key, t text not null unique);
        create table states(id integer primary key, item_id int unique, note text);
        create table rooms(id integer primary key, name text not null unique, state_id int references states(id))";
    let here =
        "insert into things values (3, 'a'), (7, 'b'); insert into states values (1, 3, 'x'), (2, 7, 'y');
        insert into rooms values (1, 'r', 1), (2, 's', 2)";
    let there =
        "insert into things values (7, 'a'), (3, 'b'); insert into states values (5, 7, 'x'), (6, 3, 'y');
        insert into rooms values (1, 'r', 5), (2, 's', 6)";
    let pair = Pair::new(schema, here, there);
    let run = pair.import(&["--on-conflict", "fail"]).fails(4);
    assert!(run.stderr().contains(" may mean something else in"), "{run}");
    let run = pair.import(&["--on-conflict", "fail", "--doubts", "ignore"]).fails(4);
    assert!(run.stderr().contains("shares what must be unique with another row"), "{run}");
}

#[test]
fn rows_that_stay_behind_are_witnesses() {
    let pair = Pair::new(SCHEMA, HERE, "insert into places values (1, 'a.org'), (2, 'b.org'), (5, 'c.org')");
    pair.export(&["--only", "marks"]);
    let document = pair.document();
    assert_eq!(document["metadata"]["witnesses"].as_array().map(Vec::len), Some(3), "{document}");
    pair.import(&[]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
    let pair =
        Pair::new(SCHEMA, HERE, "insert into places values (1, 'a.org'), (2, 'other.org'), (5, 'c.org')");
    pair.export(&["--only", "marks"]);
    refused(&pair, &[]);
}

#[test]
fn the_settings_of_either_database_settle_a_doubt() {
    let settings = "[sections.marks.references]\nfk = \"places\"\n[sections.notes.references]\n\"data.place_id\" = \"places\"\n";
    // Where it is exported, it becomes references.
    let pair = Pair::new(SCHEMA, HERE, THERE);
    std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
    pair.export(&[]);
    assert!(pair.document()["metadata"]["doubts"].is_null());
    pair.import(&[]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
    let data = "select url from notes join places p on p.id = data ->> 'place_id'";
    assert_eq!(pair.there(data), ["b.org"]);
    // Where it is imported, what is settled is settled, and the rest is not.
    let pair = Pair::new(SCHEMA, HERE, THERE);
    std::fs::write(pair.scene.path("larder.toml"), "[sections.marks.references]\nfk = \"places\"\n")
        .expect("write");
    let run = pair.import(&[]).fails(4);
    assert!(run.stderr().contains("notes.data.place_id") && !run.stderr().contains("marks.fk"), "{run}");
    pair.import(&["--exclude", "notes"]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
    // A number that refers to nothing is written as it stands.
    let pair = Pair::new(SCHEMA, HERE, THERE);
    let nothing = settings.replace("\"places\"", "false");
    std::fs::write(pair.scene.path("larder.toml"), nothing).expect("write");
    pair.import(&[]).succeeds();
    assert_eq!(pair.there("select group_concat(fk, ' ' order by title) from marks"), ["1 2 5"]);
}

#[test]
fn a_document_of_version_1_says_nothing_of_doubts_and_the_database_does() {
    let pair = Pair::new(SCHEMA, HERE, THERE);
    let mut document = pair.document();
    let metadata = document["metadata"].as_object_mut().expect("metadata");
    metadata["version"] = json!(1);
    metadata.remove("doubts");
    for section in ["places", "marks", "notes"] {
        document["metadata"]["sections"][section].as_object_mut().expect("a section").remove("row");
        for item in document["data"][section].as_array_mut().expect("items") {
            item.as_object_mut().expect("an item").remove("$row");
        }
    }
    std::fs::write(pair.scene.path("a.json"), document.to_string()).expect("write");
    // Nothing here says that fk may refer to places, since there are no marks; but what is in a mark says it.
    pair.change("insert into marks values (7, 'Z', 1)");
    let run = pair.import(&[]).fails(4);
    assert!(run.stderr().contains("the document does not say what it means"), "{run}");
}

#[test]
fn a_settled_number_whose_row_nobody_knows_is_no_link() {
    // The places stay behind, and have no key by which one could be named.
    let schema = SCHEMA.replace("url text not null unique", "url text");
    let pair = Pair::configured("[sections.places]\ninclude = false\n", &schema, HERE, THERE);
    assert_eq!(pair.document()["metadata"]["unwitnessed"], json!(["places"]));
    std::fs::write(pair.scene.path("larder.toml"), "[sections.marks.references]\nfk = \"places\"\n")
        .expect("write");
    let before = pair.bytes();
    let run = pair.import(&["--exclude", "notes"]).fails(3);
    assert!(run.stderr().contains("the document does not say what row 1 of places was"), "{run}");
    assert!(before == pair.bytes(), "{run}");
}

/// What is no row id, in a column that is said to refer, is written as it stands.
#[test]
fn a_settled_column_may_hold_what_is_no_row_id() {
    let schema = "create table places(id integer primary key, url text not null unique);
        create table marks(id integer primary key, title text not null unique, place not null);
        create table visits(id integer primary key, place_id, n int)";
    let here = "insert into places values (1, 'a.org'), (2, 'b.org');
        insert into marks values (1, 'A', 2), (2, 'B', 'n/a'), (3, 'C', ''), (4, 'D', 2.5), (5, 'E', x'01');
        insert into visits values (1, 1, 5), (2, 'n/a', 6)";
    let settings =
        "sections.marks.references.place = \"places\"\nsections.visits.references.place_id = \"places\"";
    let pair =
        Pair::configured(settings, schema, here, "insert into places values (1, 'x.org'), (7, 'b.org')");
    assert_eq!(pair.document()["data"]["marks"][1], json!({"title": "B", "place_url": {"$dangling": "n/a"}}));
    let warned = pair.scene.larder(["export", "a.db", "-o", "c.json"]).run().succeeds();
    // The empty text says that there is none.
    let warning = "3 references from marks.place to places lead to nothing: kept as dangling";
    assert!(warned.stderr().contains(warning), "{warned}");
    pair.scene.larder(["validate", "a.json", "--against", "b.db"]).run().succeeds();
    pair.import(&[]).succeeds();
    let marks = "select group_concat(title || quote(place), ' ' order by title) from marks";
    assert_eq!(pair.there(marks), ["A7 B'n/a' C'' D2.5 EX'01'"]);
    assert_eq!(pair.there("select group_concat(quote(place_id), ' ' order by n) from visits"), ["8 'n/a'"]);
    let again = done(&pair.import(&["--json"]).succeeds().json());
    assert_eq!(again, json!({"places": {"same": 2}, "marks": {"same": 5}, "visits": {"same": 2}}));
    pair.edit("{\"$dangling\": \"n/a\"}", "{\"$dangling\": null}");
    let run = pair.scene.larder(["validate", "a.json"]).run();
    assert!(run.stdout().contains("$dangling is what a reference held, and not null"), "{run}");
    // Names are made up where they stand.
    pair.export(&["--anonymize"]);
    assert!(!pair.document().to_string().contains("n/a"));
}

#[test]
fn a_settled_number_that_refers_to_nothing_stays_nothing() {
    let here = format!("{HERE}; insert into marks values (4, 'D', 6), (5, 'E', 3), (6, 'F', 1000)");
    let pair = Pair::new(SCHEMA, &here, THERE);
    std::fs::write(pair.scene.path("larder.toml"), "[sections.marks.references]\nfk = \"places\"\n")
        .expect("write");
    pair.import(&["--exclude", "notes"]).succeeds();
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
    let nothing = "select count(*) || '' from marks where title in ('D', 'E', 'F') and fk not in (select id from places)";
    assert_eq!(pair.there(nothing), ["3"]);
    // Nor does a row that comes later make something of it.
    pair.change("insert into places(url) values ('new.org')");
    assert_eq!(pair.there(MARKS), ["A>a.org B>b.org C>c.org"]);
}

const INSIDE: &str = "create table places(id integer primary key, url text not null unique);
    create table notes(title text primary key, data text)";
const HERE_INSIDE: &str = "insert into places values (1, 'a.org'), (2, 'b.org'), (5, 'c.org')";

/// What the numbers at a path in the notes are here.
fn inside(path: &str) -> String {
    format!(
        "select group_concat(title || '>' || ifnull(url, '?'), ' ' order by title) from notes
         left join places p on p.id = data ->> '{path}'"
    )
}

#[test]
fn json_that_would_not_come_back_is_doubted_although_it_is_known_what_it_refers_to() {
    let settings = "sections.notes.references.\"data.place_id\" = \"places\"\n";
    let here = |data: &str| {
        format!("{HERE_INSIDE}; insert into notes values ('m', '{{\"place_id\": 1}}'), ('n', {data})")
    };
    for data in ["'{\"place_id\": 2, \"x\": 1.50}'", "cast('{\"place_id\": 2}' as blob)"] {
        let pair = Pair::configured(settings, INSIDE, &here(data), THERE);
        let run = pair.import(&[]).fails(4);
        assert!(run.stderr().contains("notes.data.place_id: 2 as a row id of places"), "{run}");
        pair.import(&["--doubts", "ignore"]).succeeds();
        assert_eq!(pair.there(&inside("$.place_id")), ["m>a.org n>y.org"]);
        // Where it means the same, it is written.
        let pair = Pair::configured(settings, INSIDE, &here(data), "insert into places values (2, 'b.org')");
        pair.import(&[]).succeeds();
        assert_eq!(pair.there(&inside("$.place_id")), ["m>a.org n>b.org"]);
    }
    let pair = Pair::configured(settings, INSIDE, &here("'{\"place_id\": 2, \"x\": 1.5}'"), THERE);
    assert!(pair.document()["metadata"]["doubts"].is_null());
    pair.import(&[]).succeeds();
    assert_eq!(pair.there(&inside("$.place_id")), ["m>a.org n>b.org"]);
}

#[test]
fn every_place_in_json_can_be_settled_and_is_checked_until_then() {
    for (path, there, json) in [
        ("\"a.b\".place_id", "$.\"a.b\".place_id", "{\"a.b\": {\"place_id\": 2}}"),
        ("$place_id", "$.\"$place_id\"", "{\"$place_id\": 2}"),
        ("places.{}.place_id", "$.places.\"5\".place_id", "{\"places\": {\"5\": {\"place_id\": 2}}}"),
        ("places[*]", "$.places.\"70\"", "{\"places\": {\"70\": 2, \"71\": 2}}"),
    ] {
        let here = format!("{HERE_INSIDE}; insert into notes values ('n', '{json}')");
        let pair = Pair::new(INSIDE, &here, "insert into places values (2, 'x.org'), (5, 'c.org')");
        let run = pair.import(&[]).fails(4);
        assert!(
            run.stderr().contains(&format!("notes.data.{path}: 2 as a row id of places")),
            "{path} {run}"
        );
        let line = format!("sections.notes.references.'data.{path}' = \"places\"\n");
        let pair =
            Pair::configured(&line, INSIDE, &here, "insert into places values (2, 'x.org'), (5, 'c.org')");
        let run = pair.import(&["--on-conflict", "skip"]);
        if path == "places.{}.place_id" {
            // The keys of the object are doubted as well, and mean the same here.
            assert!(pair.document()["metadata"]["doubts"].to_string().contains("places.{}"));
        }
        run.succeeds();
        assert_eq!(pair.there(&inside(there)), ["n>b.org"], "{path}");
    }
}

/// What a text inside JSON holds is looked at, and no document names rows there: only that they are plain numbers settles it.
#[test]
fn texts_inside_json_are_doubted_whatever_is_said_of_them() {
    let here = r#"insert into places values (1, 'a.org'), (2, 'b.org');
        insert into notes values (1, 'n', '{"inner": "{\"place_id\": 2}", "places": "1,2"}')"#;
    let there = "insert into places values (1, 'b.org'), (2, 'a.org')";
    let import = |settings: &str| Pair::configured(settings, SCHEMA, here, there).import(&[]);
    let table = "[sections.notes.references]\n";
    let named = format!("{table}\"data.inner.place_id\" = \"places\"\n\"data.places[*]\" = false");
    for settings in ["", named.as_str()] {
        let run = import(settings).fails(4);
        assert!(run.stderr().contains("sections.notes.references.\"data.inner.place_id\" = false"), "{run}");
        assert_eq!(run.stderr().contains("\"data.places[*]\" = false"), settings.is_empty(), "{run}");
    }
    import(&format!("{table}\"data.inner.place_id\" = false\n\"data.places[*]\" = false")).succeeds();
}

#[test]
fn keys_of_objects_and_what_they_lead_to_are_references_together() {
    let settings = "[sections.notes.references]\n\"data.places.{}\" = \"places\"\n\"data.places.{}.next_id\" = \"places\"\n";
    let here = format!(
        "{HERE_INSIDE}; insert into notes values ('n', '{{\"places\": {{\"2\": {{\"next_id\": 5}}}}}}')"
    );
    let pair =
        Pair::configured(settings, INSIDE, &here, "insert into places values (2, 'x.org'), (5, 'y.org')");
    pair.import(&[]).succeeds();
    let keys =
        "select p.url || '>' || q.url from notes, json_each(data, '$.places') j join places p on p.id = j.key
        join places q on q.id = j.value ->> 'next_id'";
    assert_eq!(pair.there(keys), ["b.org>c.org"]);
}

#[test]
fn rows_of_a_kind_are_settled_by_themselves() {
    let schema = "create table places(id integer primary key, url text not null unique);
        create table settings(key text primary key, value text)";
    let here = format!(
        "{HERE_INSIDE}; insert into settings values ('last_place_id', '2'), ('first_place_id', '1'), ('volume', '5')"
    );
    let line = "sections.settings.references.value.key.last_place_id = \"places\"\n";
    let pair = Pair::configured(line, schema, &here, THERE);
    let run = pair.import(&[]).fails(4);
    assert!(run.stderr().contains("references.value.key.first_place_id = \"places\""), "{run}");
    assert!(!run.stderr().contains("last_place_id"), "{run}");
    // On the side of the import, a kind may be said to be no reference.
    let both = format!("{line}sections.settings.references.value.key.first_place_id = false\n");
    std::fs::write(pair.scene.path("larder.toml"), &both).expect("write");
    pair.import(&[]).succeeds();
    let last = "select url from settings join places p on p.id = value where key = 'last_place_id'";
    assert_eq!(pair.there(last), ["b.org"]);
    assert_eq!(
        pair.there("select value from settings where key <> 'last_place_id' order by key"),
        ["1", "5"]
    );
}

#[test]
fn the_line_for_an_unclear_row_id_settles_it() {
    let schema = "create table stations(id integer primary key, n text)";
    let here =
        "insert into stations values (10, 'a'), (20000, 'b'), (900000, 'c'), (900001, 'd'), (900007, 'e')";
    let pair = Pair::new(schema, here, "insert into stations values (20000, 'other')");
    let run = pair.import(&[]).fails(4);
    assert!(run.stderr().contains("stations: the row id of 1 new item is that of another row"), "{run}");
    let line = "sections.stations.key = [\"id\"]";
    assert!(run.stderr().contains(line), "{run}");
    for key in ["integer", "int"] {
        let schema = schema.replace("integer", key);
        let (here, wanted) = match key {
            "integer" => (here.to_owned(), "10a 20000other 900000c 900001d 900007e 900008b"),
            _ => ("insert into stations values (1, 'a'), (2, 'b'), (3, 'c')".to_owned(), "1a 2other 3c 4b"),
        };
        let there =
            format!("insert into stations values ({}, 'other')", if key == "int" { 2 } else { 20000 });
        let pair = Pair::new(&schema, &here, &there);
        pair.import(&[]).fails(4);
        let run = pair.import(&["--doubts", "ignore"]).succeeds();
        assert!(run.stderr().contains("1 item of stations gets another row id"), "{run}");
        assert_eq!(pair.there("select group_concat(id || n, ' ' order by id) from stations"), [wanted]);
    }
    std::fs::write(pair.scene.path("larder.toml"), line).expect("write");
    pair.export(&[]);
    assert!(pair.document()["metadata"]["doubts"].is_null());
    let run = pair.import(&["--on-conflict", "skip"]);
    assert!(!run.stderr().contains("new item"), "{run}");
}

#[test]
fn log_in_sessions_are_meant_by_no_number_that_does_not_say_so() {
    let schema = "create table sessions(id integer primary key, session_key text, user text, expires text);
        create table notes(id integer primary key, title text not null unique, qu_id int)";
    let here =
        "insert into sessions values (1, 'k1', 'a', '2030'), (2, 'k2', 'b', '2030'), (3, 'k3', 'b', '2030');
        insert into notes values (7, 'a', 1), (8, 'b', 3), (9, 'c', 2)";
    let pair = Pair::new(schema, here, "insert into sessions values (1, 'k9', 'z', '2030')");
    assert!(!pair.document()["metadata"]["doubts"].to_string().contains("sessions"), "{}", pair.document());
    pair.import(&[]).succeeds();
}
