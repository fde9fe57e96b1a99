//! What `--anonymize` replaces: every text that nobody said to keep, and numbers that are personal.

use super::condensed::rows;
use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table users(id integer primary key, login text not null unique, born text, birth_year integer, salary real, level integer,
        role text not null check (role in ('admin', 'guest')), mood text, photo blob);
    create table statuses(code text primary key, note text);
    create table notes(id integer primary key, user_id integer not null references users(id), status text references statuses(code),
        title text not null unique, made_at text, data text);";

const ROWS: &str = r#"
    insert into users values (1, 'REAL-ada', '1980-02-03', 1980, 4321.5, 3, 'admin', 'REAL-glad', x'5245414c'),
        (2, 'REAL-bob', '1985-07-08', 1985, 5432.25, 4, 'guest', 'REAL-sad', null);
    insert into statuses values ('open', 'REAL-open to all'), ('done', null);
    insert into notes values (1, 1, 'open', 'REAL-title', '2026-01-02T03:04:05Z', '{"to": "REAL-person", "n": 5, "list": ["REAL-x"]}'),
        (2, 2, 'done', 'REAL-other', '2026-02-03T04:05:06Z', null)"#;

fn export(settings: &str, options: &[&str]) -> (String, Value, String) {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    std::fs::write(scene.path("larder.toml"), format!("app = 'x'\n{settings}")).expect("write");
    let base = ["export", "app.db", "--config", "larder.toml", "--anonymize", "-o", "a.json"];
    let run = scene.larder(base.into_iter().chain(options.iter().copied())).run().succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    fill(&scene.path("new.db"), SCHEMA);
    fill(
        &scene.path("new.db"),
        "insert into users values (9, 'nobody', null, null, null, null, 'guest', null, null)",
    );
    if !options.contains(&"--scope") {
        scene.larder(["import", "a.json", "new.db", "--yes"]).run().succeeds();
    }
    let json = serde_json::from_str(&text).expect("JSON");
    (text, json, run.stderr())
}

#[test]
fn every_text_is_made_up_but_for_those_of_a_fixed_list() {
    let (text, json, said) = export("[sections.notes]\njson = ['data']\n", &[]);
    for real in ["REAL", "1980-02-03", "4321.5", "5432.25", "2026-01-02T03", "5245414c", "UkVBTA"] {
        assert!(!text.contains(real), "{real}: {text}");
    }
    let users = json["data"]["users"].as_array().expect("users");
    let roles: Vec<&Value> = users.iter().map(|user| &user["role"]).collect();
    assert!(roles.contains(&&json!("admin")) && roles.contains(&&json!("guest")), "{roles:?}");
    for user in users {
        let born = user["born"].as_str().expect("a day");
        assert!(("1980-01-01".."1986-01-01").contains(&born), "{born}");
        let year = user["birth_year"].as_i64().expect("a year");
        assert!((1000..10000).contains(&year) && year != 1980 && year != 1985, "{year}");
        assert!([json!(3), json!(4)].contains(&user["level"]), "{user}");
    }
    let notes = json["data"]["notes"].as_array().expect("notes");
    assert!(notes.iter().all(|note| note["made_at"].as_str().expect("a time").len() == 20), "{text}");
    let mut codes: Vec<&str> = notes.iter().map(|note| note["status"].as_str().expect("a status")).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["done", "open"]);
    for told in
        ["statuses.code (one of a fixed list)", "users.role (one of a fixed list)", "users.level (numbers)"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn settings_keep_columns_and_call_numbers_personal() {
    let settings = "[sections.users]\nkeep = ['mood', 'login']\npersonal = ['level']\n[sections.notes]\njson = ['data']\nkeep = ['data']\n";
    let (text, json, said) = export(settings, &[]);
    assert!(
        text.contains("REAL-glad") && text.contains("REAL-ada") && text.contains("REAL-person"),
        "{text}"
    );
    assert!(!text.contains("REAL-title") && !text.contains("REAL-open"), "{text}");
    assert!(
        json["data"]["users"].as_array().expect("users").iter().all(|user| user["level"] != json!(3)),
        "{text}"
    );
    assert!(said.contains("users.mood (the settings keep it)"), "{said}");
    assert!(said.contains("the texts inside notes.data stay as they are"), "{said}");
}

#[test]
fn the_metadata_do_not_say_whose_rows_they_are_whatever_is_kept() {
    let scope = "[scope]\ntable = 'users'\nkey = 'login'\ncolumn = 'user_id'\n";
    for (settings, whose) in [("", None), ("[sections.users]\nkeep = ['login']\n", Some("somebody"))] {
        let (_, json, _) = export(&format!("{scope}{settings}"), &["--scope", "REAL-ada"]);
        let value = json["metadata"]["scope"]["value"].as_str().expect("a name");
        assert!(!value.contains("REAL") && whose.is_none_or(|whose| whose == value), "{value}");
        assert!(!json["metadata"].to_string().contains("REAL"), "{}", json["metadata"]);
    }
}

/// The metadata had the keys of secrets, and what stands around lists of row ids.
#[test]
fn the_metadata_have_no_values() {
    let scene = Scene::new();
    let schema = "create table settings(key text primary key, value text); create table tags(id integer primary key, name text not null unique);
        create table t(id integer primary key, name text not null unique, c text);";
    fill(&scene.path("app.db"), schema);
    fill(
        &scene.path("app.db"),
        "insert into settings values ('REAL-ada_api_key', 'x'), ('theme', 'REAL'); insert into tags values (3, 'REAL-x'), (5, 'REAL-y');
         insert into t values (1, 'a', 'REAL-a 3,5 REAL-b'), (2, 'b', '(3,5)'), (3, 'c', null)",
    );
    let settings = "app = 'x'\n[sections.t]\nreferences.c = { section = 'tags', separator = ',' }\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene
        .larder(["export", "app.db", "--config", "larder.toml", "--anonymize", "-o", "a.json"])
        .run()
        .succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    assert!(!text.contains("REAL"), "{text}");
    fill(&scene.path("new.db"), schema);
    scene.larder(["import", "a.json", "new.db", "--yes"]).run().succeeds();
    assert_eq!(rows(&scene.path("new.db"), "select c from t where c like '(%'").len(), 1);
}

/// A map by address said who they are.
#[test]
fn keys_of_json_that_are_data_are_made_up_too() {
    let schema = "create table users(id integer primary key, login text not null unique, email text);
        create table notes(id integer primary key, title text not null unique, data text)";
    let rows = r#"insert into users values (1, 'ada', 'ada@real.org'), (2, 'bob', null);
        insert into notes values (1, 'a', '{"shared": {"ada@real.org": "rw", "eve@real.org": {"since": 5}}, "by": {"ada": 1, "bob": 2}, "Real Name": [1], "--": "--"}'),
            (2, 'b', '{"ada@real.org": "x"}')"#;
    let keys = |json: &Value| json.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    for settings in [
        "[sections.notes]\njson = ['data']\n",
        "[sections.notes]\njson = ['data']\nkeep = ['data', 'title']\n",
    ] {
        let scene = Scene::new();
        fill(&scene.path("app.db"), schema);
        fill(&scene.path("app.db"), rows);
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
        scene.larder(["export", "app.db", "--anonymize", "-o", "a.json"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
        assert!(!text.contains("real.org"), "{text}");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let notes = json["data"]["notes"].as_array().expect("notes");
        let data = &notes.iter().find(|note| note["data"]["by"].is_object()).expect("the first")["data"];
        let shared = keys(&data["shared"]);
        assert_eq!(shared.len(), 2, "{data}");
        // The same address is the same everywhere.
        let of_ada =
            json["data"]["users"].as_array().expect("users").iter().find_map(|user| user["email"].as_str());
        assert!(shared.iter().any(|key| Some(key.as_str()) == of_ada), "{text}");
        assert_eq!(data["--"], "--");
        if settings.contains("keep") {
            assert_eq!(data["by"], json!({"ada": 1, "bob": 2}));
            continue;
        }
        let written = json["data"].to_string();
        assert!(!["\"ada\"", "\"bob\"", "Real Name"].iter().any(|real| written.contains(real)), "{text}");
        let logins: Vec<&str> = json["data"]["users"]
            .as_array()
            .expect("users")
            .iter()
            .filter_map(|user| user["login"].as_str())
            .collect();
        assert!(keys(&data["by"]).iter().all(|key| logins.contains(&key.as_str())), "{text}");
        assert!(
            data["shared"].as_object().expect("a map").values().any(|inside| inside["since"] == 5),
            "{text}"
        );
    }
}
