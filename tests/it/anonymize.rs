//! What `--anonymize` replaces: every text that nobody said to keep, and numbers that are personal.

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
