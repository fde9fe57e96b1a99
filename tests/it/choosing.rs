//! Which part of a database a condensed export takes.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Value, json};

fn scene() -> Scene {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table clubs(id integer primary key, name text unique not null, changed text);
         create table people(id integer primary key, name text unique not null, club_id integer references clubs(id));
         create table visits(id integer primary key, person_id integer not null references people(id) on delete cascade, day text, unique(person_id, day));
         create table rooms(id integer primary key, label text);
         create table bookings(id integer primary key, person_id integer references people(id) on delete cascade,
             room_id integer references rooms(id), at integer, note text, unique(person_id, at));
         create table logs(id integer primary key, text text);
         insert into clubs values (1, 'Alder', '2026-01-01'), (2, 'Birch', '2026-02-01T10:00:00Z'), (3, 'Cedar', null);
         insert into people values (1, 'Ada', 1), (2, 'Bo', 2), (3, 'Cy', null);
         insert into visits values (1, 1, 'mon'), (2, 1, 'tue'), (3, 2, 'mon');
         insert into rooms values (1, 'blue'), (2, 'red'), (3, 'red');
         insert into bookings values (1, 1, 2, 1767225600, 'a'), (2, 2, 3, 1769904000, 'b'), (3, 1, null, 1772323200, 'c');
         insert into logs values (1, 'x')",
    );
    std::fs::write(
        scene.path("larder.toml"),
        "app = \"club\"\n[sections.clubs]\nupdated-at = \"changed\"\ngroup = \"base\"\n[sections.rooms]\ngroup = \"base\"\n\
         [sections.bookings]\ndate = \"at\"\nkey = [\"person_id\", \"at\"]\n[sections.logs]\ndefault = false\n",
    )
    .expect("write");
    scene
}

/// The data of an export with these options.
fn data(scene: &Scene, options: &[&str]) -> Value {
    let export = ["export", "app.db", "-o", "out.json", "--force"];
    scene.larder(export.iter().copied().chain(options.iter().copied())).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    scene.larder(["validate", "out.json"]).run().succeeds();
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["data"].clone()
}

/// How many items each section has.
fn counts(data: &Value) -> Value {
    let sections = data.as_object().expect("sections");
    sections.iter().map(|(name, items)| (name.clone(), json!(items.as_array().map_or(0, Vec::len)))).collect()
}

#[test]
fn groups_and_what_is_not_exported_unless_it_is_named() {
    let scene = scene();
    assert_eq!(counts(&data(&scene, &["--only", "base"])), json!({"clubs": 3, "rooms": 3}));
    assert_eq!(counts(&data(&scene, &["--only", "logs"])), json!({"logs": 1}));
    assert_eq!(
        counts(&data(&scene, &["--exclude", "base,people"])),
        json!({"rooms": 2, "bookings": 3}),
        "rooms come along, those that bookings refer to"
    );
}

#[test]
fn an_item_comes_with_what_belongs_to_it_and_what_it_refers_to() {
    let scene = scene();
    let all = data(&scene, &["--item", "people=Ada"]);
    assert_eq!(counts(&all), json!({"clubs": 1, "people": 1, "rooms": 1, "bookings": 2}));
    assert_eq!(all["people"][0]["visits"], json!([{"day": "mon"}, {"day": "tue"}]));
    assert_eq!(all["clubs"][0]["name"], "Alder");
    assert_eq!(all["bookings"][0]["room"], json!({"$id": 1, "$label": "red"}));
    let two = data(&scene, &["--item", "people=Ada", "--item", "people=Bo", "--only", "people"]);
    assert_eq!(counts(&two), json!({"people": 2}));
    let export = |item| scene.larder(["export", "app.db", "--item", item]).run().fails(2);
    export("people=Nobody").says("people has no item \"Nobody\"");
    export("rooms=red").says("2 items of rooms are called \"red\"").says("--where rooms=");
    export("room=red").says("did you mean \"rooms\"?");
}

#[test]
fn conditions_and_times_narrow_rows() {
    let scene = scene();
    let some = data(&scene, &["--where", "people=name > 'B'", "--only", "people"]);
    assert_eq!(some["people"][0]["name"], "Bo");
    assert_eq!(counts(&some), json!({"people": 2}));
    let timed = data(&scene, &["--since", "2026-01-15", "--until", "2026-02-01", "--only", "clubs,bookings"]);
    assert_eq!(
        counts(&timed),
        json!({"clubs": 3, "rooms": 1, "bookings": 1}),
        "when a club was changed is no date"
    );
    assert_eq!(timed["bookings"][0]["note"], "b");
    let export = |options: [&str; 2]| {
        let all = ["export", "app.db", "--only", "people"];
        scene.larder(all.iter().copied().chain(options)).run().fails(2)
    };
    export(["--where", "people=nonsense = 1"]).says("--where people: no such column: nonsense");
    export(["--where", "clubs=1"]).says("clubs is not exported");
    export(["--since", "yesterday"]).says("is no time such as");
    export(["--since", "2026-01-01"]).says("no section says what time its rows are about");
}

#[test]
fn nothing_to_export_is_wrong_usage() {
    let scene = scene();
    let export = |options: &[&str]| {
        let all = ["export", "app.db", "-o", "none.json"];
        scene.larder(all.iter().copied().chain(options.iter().copied())).run().fails(2)
    };
    export(&["--only", "people", "--exclude", "people"]).says("no section is left to export");
    export(&["--only", "people", "--where", "people=name = 'Zoe'"]).says("no row is what was asked for");
    export(&["--only", "bookings", "--since", "2027-01-01"]).says("no row is what was asked for");
    assert!(!scene.path("none.json").exists());
    // A section may be empty, and one condition among others may be met by nothing.
    fill(&scene.path("app.db"), "delete from logs");
    assert_eq!(data(&scene, &["--only", "logs"]), json!({}));
    let where_none = ["export", "app.db", "-o", "some.json", "--where", "clubs=name = 'Zebra'"];
    scene.larder(where_none).run().succeeds().says("--where clubs: no row meets name = 'Zebra'");
}

/// Whoever empties a section before an import must know which of its rows the document speaks for.
#[test]
fn a_section_says_which_of_its_rows_it_has() {
    let scene = scene();
    std::fs::write(
        scene.path("larder.toml"),
        "[sections.clubs]\nwhere = \"name < 'C' or name is null\"\nsoft-delete = \"changed\"\n[sections.bookings]\ndate = \"at\"\n",
    )
    .expect("write");
    let sections = |options: &[&str]| {
        data(&scene, options);
        let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
        serde_json::from_str::<Value>(&text).expect("JSON")["metadata"]["sections"].clone()
    };
    let configured = "(name < 'C' or name is null) AND (\"changed\" IS NULL OR \"changed\" IN (0, ''))";
    let all = sections(&[]);
    assert_eq!(all["clubs"]["filter"], configured);
    assert!(all["people"].get("filter").is_none() && all["clubs"].get("partial").is_none(), "{all}");
    let some = sections(&["--where", "clubs=name > 'A' or 1", "--since", "2026-01-15"]);
    assert_eq!(some["clubs"]["filter"], format!("{configured} AND (name > 'A' or 1)"));
    assert!(some["bookings"]["filter"].as_str().expect("a condition").contains("\"at\" >= "), "{some}");
    let chosen = sections(&["--item", "people=Ada", "--where", "people=name > ''"]);
    let people = &chosen["people"];
    assert_eq!((&people["filter"], &people["partial"]), (&json!("(name > '')"), &json!(true)));
    assert!(chosen["bookings"]["filter"].is_null() && chosen["bookings"]["partial"] == true, "{chosen}");
    let along = sections(&["--only", "bookings"]);
    assert!(along["rooms"]["partial"] == true && along["bookings"]["partial"].is_null(), "{along}");
    scene.larder(["convert", "out.json", "out.zip"]).run().succeeds();
    scene.larder(["convert", "out.zip", "again.json"]).run().succeeds();
    let read = |name| std::fs::read_to_string(scene.path(name)).expect("read");
    assert_eq!(read("out.json"), read("again.json"));
}

#[test]
fn columns_narrow_items_and_the_key_stays() {
    let scene = scene();
    let some = data(&scene, &["--only", "people", "--columns", "visits"]);
    assert_eq!(some["people"][0], json!({"name": "Ada", "visits": [{"day": "mon"}, {"day": "tue"}]}));
    let run = scene.larder(["export", "app.db", "--only", "people", "--columns", "nmae"]).run().fails(2);
    run.says("did you mean \"name\"?");
    // What is not in the document is not touched.
    data(&scene, &["--only", "people", "--columns", "name"]);
    fill(&scene.path("app.db"), "update people set club_id = 2 where name = 'Ada'");
    let run = scene.larder(["import", "out.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["sections"]["people"]["same"], json!(3));
}

/// References to rows that nobody asked for became null.
#[test]
fn rows_that_are_referred_to_by_number_come_along() {
    let scene = scene();
    let some = data(&scene, &["--where", "rooms=label = 'blue'"]);
    assert_eq!(counts(&some)["rooms"], 3);
    fill(&scene.path("app.db"), "update bookings set room_id = 2 where id = 2");
    for options in [["--where", "rooms=label = 'blue'"], ["--where", "rooms=0"]] {
        let some = data(&scene, &options);
        let rooms = if options[1] == "rooms=0" {
            json!([{"$id": 1, "label": "red"}])
        } else {
            json!([{"$id": 1, "label": "blue"}, {"$id": 2, "label": "red"}])
        };
        assert_eq!(some["rooms"], rooms);
        assert!(some["bookings"][0]["room"].is_object() && some["bookings"][1]["room"].is_null(), "{some}");
    }
    let one = data(&scene, &["--item", "people=Ada", "--where", "rooms=label = 'blue'"]);
    assert_eq!(one["rooms"], json!([{"$id": 1, "label": "red"}]));
    let run = scene.larder(["import", "out.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["sections"]["rooms"]["new"], 0);
    // What the configuration keeps out stays out, and is not called nothing.
    std::fs::write(
        scene.path("larder.toml"),
        "[sections.rooms]\nwhere = \"label <> 'red'\"\n[sections.bookings]\nkey = [\"person_id\", \"at\"]\n",
    )
    .expect("write");
    let run = scene.larder(["export", "app.db", "-o", "out.json", "--force"]).run().succeeds();
    run.says("2 references from bookings.room_id to rooms lead to what is not in the document: left out");
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let bookings = document["data"]["bookings"].as_array().expect("bookings");
    assert_eq!(bookings.iter().filter(|booking| booking.get("room").is_none()).count(), 2, "{document}");
    scene.larder(["validate", "out.json"]).run().succeeds();
    let run = scene.larder(["import", "out.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["sections"]["bookings"]["same"], 3);
}

/// A reference to a row that is not exported was written by a key that means another one among those that are.
#[test]
fn a_key_that_means_another_row_is_no_reference() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table filters(id text primary key, name text, deleted int);
         create table uses(id integer primary key, filter_id text references filters(id));
         insert into filters values ('f1', 'Mine', 0), ('f2', 'Mine', 1), ('f3', 'Gone', 1);
         insert into uses values (1, 'f1'), (2, 'f2'), (3, 'f3')",
    );
    let toml = "[sections.filters]\nkey = [\"name\"]\nsoft-delete = \"deleted\"\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    let run = scene.larder(["export", "app.db", "-o", "out.json"]).run().succeeds();
    run.says("1 reference from uses.filter_id to filters leads to what is not in the document: left out");
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let names: Vec<&Value> =
        document["data"]["uses"].as_array().expect("uses").iter().map(|item| &item["filter_name"]).collect();
    assert_eq!(names, [&Value::Null, &json!("Gone"), &json!("Mine")]);
}

#[test]
fn a_dry_run_says_what_would_be_written_and_what_not() {
    let scene = scene();
    let run = scene.larder(["export", "app.db", "--dry-run"]).run().succeeds();
    run.says("bookings").says("logs: not asked for").says("people.id: a number of the database");
    let json = scene.larder(["export", "app.db", "--dry-run", "--json"]).run().succeeds().json();
    let text = scene.larder(["export", "app.db"]).run().succeeds().stdout();
    assert_eq!(json["items"]["people"], json!(3));
    assert_eq!(json["size"], json!(text.len()));
}

#[test]
fn an_item_may_be_known_by_other_fields_than_its_key() {
    let scene = Scene::new();
    let schema = "create table lists(id text primary key, name text not null, colour text)";
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), "insert into lists values ('u-1', 'Favourites', 'red')");
    std::fs::write(scene.path("larder.toml"), "[sections.lists]\nmatch = [[\"name\"]]\n").expect("write");
    scene.larder(["export", "app.db", "-o", "a.json"]).run().succeeds();
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    fill(&scene.path("other.db"), schema);
    fill(&scene.path("other.db"), "insert into lists values ('u-2', 'Favourites', 'blue')");
    let run = scene.larder(["import", "a.json", "other.db", "--on-conflict", "overwrite", "--json"]).run();
    assert_eq!(run.succeeds().json()["sections"]["lists"]["overwritten"], json!(1));
    let rows = super::same::open(&scene.path("other.db"))
        .query_row("select group_concat(id || colour) from lists", [], |row| row.get::<_, String>(0))
        .expect("rows");
    assert_eq!(rows, "u-2red");
}

#[test]
fn personal_values_are_made_up_and_keys_and_references_still_hold() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table people(id integer primary key, name text unique not null, email text, phone integer);
         create table notes(id integer primary key, person_id integer not null references people(id), author text references people(name), body text);
         insert into people values (1, 'Grace Hopper', 'grace@navy.mil', 12345), (2, 'Alan Turing', null, null), (3, 'Zuse', 'grace@navy.mil', 12345);
         insert into notes values (1, 1, 'Zuse', 'a secret about Grace'), (2, 2, null, 'a secret about Grace'), (3, 3, 'Alan Turing', '')",
    );
    let refused = scene.larder(["export", "app.db", "--only", "notes", "--anonymize"]).run();
    refused.succeeds().says("people.email");
    std::fs::write(
        scene.path("larder.toml"),
        "[sections.people]\npersonal = [\"name\"]\n[sections.notes]\npersonal = [\"body\"]\n",
    )
    .expect("write");
    let first = data(&scene, &["--anonymize"]);
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    for real in ["Grace", "Turing", "Zuse", "navy", "12345", "secret"] {
        assert!(!text.contains(real), "{real}");
    }
    let people = first["people"].as_array().expect("people");
    let names: Vec<&Value> = people.iter().map(|person| &person["name"]).collect();
    assert!(
        first["notes"].as_array().expect("notes").iter().all(|note| names.contains(&&note["person_name"]))
    );
    let authors = first["notes"].as_array().expect("notes").iter().map(|note| &note["author"]);
    assert!(authors.filter(|author| !author.is_null()).all(|author| names.contains(&author)));
    let mails: Vec<&Value> =
        people.iter().map(|person| &person["email"]).filter(|mail| !mail.is_null()).collect();
    assert_eq!((mails.len(), mails[0]), (2, mails[1]));
    assert_eq!(first, data(&scene, &["--anonymize"]));
    let run = scene.larder(["import", "out.json", "app.db", "--dry-run"]).run().succeeds();
    run.says("the names and texts of out.json are made up");
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(a integer primary key, b)");
    scene
        .larder(["export", "app.db", "--anonymize"])
        .run()
        .succeeds()
        .says("as they are: t.a (numbers), t.b (numbers)");
}

/// Made-up values broke what the schema says of the real ones, were real ones themselves, or left those inside JSON.
#[test]
fn made_up_values_fit_the_schema_and_are_like_no_real_one() {
    let scene = Scene::new();
    let schema = "create table users(id integer primary key, name text collate nocase unique, code real unique, key blob unique);
        create table posts(id integer primary key, author text references users(name), profile text, settings text);
        create table tags(name text unique);";
    fill(&scene.path("app.db"), schema);
    fill(
        &scene.path("app.db"),
        r#"insert into users values (1, 'Bob', 1.5, x'01'), (2, 'Ada Acker', 2.5, x'02'), (3, 'BELA ACKER', null, null), (4, 'Zed', 3.0, x'03');
         insert into posts values (1, 'bob', '{"name":"Bob","bio":["likes Zed",5,true],"friend":4}', '{"email":"zed@real.org","theme":"dark"}'),
            (2, 'BOB', 'no json, Zed', '{"phone":123456}'), (3, 'Zed', null, null);
         insert into tags values ('bob'), ('Bob'), ('zed')"#,
    );
    let toml = "[sections.users]\npersonal = [\"name\", \"code\", \"key\"]\n[sections.tags]\npersonal = [\"name\"]\n         [sections.posts]\nkeep = [\"settings\"]\njson = [\"profile\", \"settings\"]\nreferences.\"profile.friend\" = \"users\"\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    let run = scene.larder(["export", "app.db", "-o", "out.json", "--anonymize"]).run().succeeds();
    run.says("the texts inside posts.settings stay as they are");
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let text = document["data"].to_string();
    let list = |section: &str, field: &str| -> Vec<String> {
        let items = document["data"][section].as_array().expect("items");
        items.iter().map(|item| item[field].as_str().unwrap_or_default().to_lowercase()).collect()
    };
    for real in ["bob", "ada acker", "bela acker", "zed", "real.org", "123456", "likes"] {
        assert!(!text.to_lowercase().contains(real), "{real}: {text}");
    }
    let (users, authors, tags) = (list("users", "name"), list("posts", "author"), list("tags", "name"));
    assert!(authors.iter().all(|author| users.contains(author)), "{text}");
    assert_eq!(authors.iter().collect::<std::collections::HashSet<_>>().len(), 2, "{authors:?}");
    assert_eq!(tags.iter().collect::<std::collections::HashSet<_>>().len(), 3, "{tags:?}");
    let posts = document["data"]["posts"].as_array().expect("posts");
    let friend =
        posts.iter().find_map(|post| post["profile"]["friend"].as_str()).expect("a friend").to_lowercase();
    assert!(users.contains(&friend) && text.contains("\"theme\":\"dark\""), "{text}");
    assert_eq!(document["data"], data(&scene, &["--anonymize"]));
    fill(&scene.path("new.db"), schema);
    scene.larder(["import", "out.json", "new.db"]).run().succeeds();
}

/// Whose rows they were stood in the metadata, and so did what they were chosen by.
#[test]
fn made_up_documents_do_not_say_whom_they_are_about() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table users(id integer primary key, login text unique, email text);
         create table notes(id integer primary key, user_id integer not null references users(id), body text unique);
         insert into users values (1, 'grace', 'grace@navy.mil'), (2, 'alan', null);
         insert into notes values (1, 1, 'one'), (2, 1, 'about alan')",
    );
    let toml = "[scope]\ntable = \"users\"\nkey = \"login\"\ncolumn = \"user_id\"\n[sections.users]\npersonal = [\"login\"]\n         [sections.notes]\npersonal = [\"body\"]\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    let options = ["--scope", "grace", "--anonymize", "--where", "notes=body not like '%alan%'"];
    let all = data(&scene, &options);
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    assert!(!text.contains("grace") && !text.contains("alan"), "{text}");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["metadata"]["scope"]["value"], all["users"][0]["login"]);
    assert_eq!(document["metadata"]["sections"]["notes"]["partial"], true);
}
