//! One user's rows: what is nobody's by the settings, and what is somebody else's, is left out.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table users(id integer primary key, login text not null unique, email text);
    create table notes(id integer primary key, user_id integer not null references users(id), title text not null unique);
    create table messages(id integer primary key, sender_id integer references users(id), body text not null);
    create table attachments(id integer primary key, message_id integer references messages(id), file text not null);
    create table drafts(id integer primary key, author text not null, body text not null);
    create table mails(id integer primary key, sent_to text, body text not null);
    create table tags(id integer primary key, name text not null unique);
    create table note_tags(note_id integer not null references notes(id), tag_id integer not null references tags(id),
        primary key(note_id, tag_id));
    create table places(id integer primary key, name text not null unique, country_id integer references countries(id));
    create table countries(id integer primary key, name text not null unique);
    create table visits(id integer primary key, user_id integer references users(id), place_id integer references places(id), day text);
    create table news(id integer primary key, headline text not null unique);
    create table comments(id integer primary key, note_id integer not null references notes(id) on delete cascade,
        author_id integer not null references users(id), body text not null);";

const ROWS: &str = "
    insert into users values (1, 'ada', 'ada@x.org'), (2, 'bob', 'bob@x.org');
    insert into notes values (11, 1, 'Hers'), (12, 2, 'PRIVATE note');
    insert into messages values (21, 1, 'hello'), (22, 2, 'PRIVATE message');
    insert into attachments values (31, 21, 'a.png'), (32, 22, 'PRIVATE.png');
    insert into drafts values (41, 'ada', 'to do'), (42, 'bob', 'PRIVATE draft');
    insert into mails values (43, 'ada@x.org', 'PRIVATE to ada'), (44, 'bob@x.org', 'PRIVATE mail');
    insert into tags values (51, 'red'), (52, 'PRIVATE tag'), (53, 'PRIVATE unused');
    insert into note_tags values (11, 51), (12, 52);
    insert into countries values (71, 'Spain'), (72, 'PRIVATE country');
    insert into places values (61, 'Sea', 71), (62, 'PRIVATE place', 72);
    insert into visits values (81, 1, 61, '2026-01-01'), (82, 2, 62, '2026-01-02');
    insert into news values (91, 'PRIVATE news');
    insert into comments values (101, 11, 2, 'PRIVATE comment'), (102, 11, 1, 'of ada')";

const SCOPE: &str = "app = 'x'\n[scope]\ntable = 'users'\nkey = 'login'\ncolumn = 'user_id'\n";

fn export(settings: &str, options: &[&str]) -> (Scene, String, Value, String) {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    std::fs::write(scene.path("larder.toml"), format!("{SCOPE}{settings}")).expect("write");
    let base = ["export", "app.db", "--config", "larder.toml", "--scope", "ada", "-o", "a.json"];
    let run = scene.larder(base.into_iter().chain(options.iter().copied())).run().succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    let json = serde_json::from_str(&text).expect("JSON");
    scene.larder(["validate", "a.json"]).run().succeeds();
    (scene, text, json, run.stderr())
}

#[test]
fn what_nothing_says_is_the_users_is_left_out_and_listed() {
    let (scene, text, json, said) = export("", &[]);
    assert!(!text.contains("PRIVATE"), "{text}");
    let data = &json["data"];
    assert_eq!(data["notes"][0]["title"], "Hers");
    assert_eq!(data["tags"], json!([{"name": "red"}]));
    assert_eq!(data["countries"], json!([{"name": "Spain"}]));
    assert_eq!(data["places"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["users"].as_array().map(Vec::len), Some(1));
    for (table, settings) in [
        ("messages", "sections.messages.owner = \"sender_id\" or sections.messages.shared = true"),
        ("attachments", "sections.attachments.owner = \"message_id\" or sections.attachments.shared = true"),
        ("drafts", "sections.drafts.owner = \"author\" or sections.drafts.shared = true"),
        ("mails", "sections.mails.owner = \"sent_to\" or sections.mails.shared = true"),
        ("news", "sections.news.shared = true"),
        ("comments", "sections.comments.owner = \"author_id\" or sections.comments.shared = true"),
    ] {
        assert!(
            said.contains(&format!(
                "{table} is left out: nothing says that its rows are the user's (in larder.toml: {settings})"
            )),
            "{table}: {said}"
        );
        assert_eq!(json["metadata"]["left_out"][table], "nothing says that its rows are the user's");
    }
    // What is left out comes in by no other way.
    let only = [
        "export",
        "app.db",
        "--config",
        "larder.toml",
        "--scope",
        "ada",
        "--only",
        "messages",
        "-o",
        "b.json",
    ];
    scene.larder(only).run().succeeds();
    assert!(!std::fs::read_to_string(scene.path("b.json")).expect("read").contains("PRIVATE"));
    // Another database of the application takes it in.
    fill(&scene.path("b.db"), SCHEMA);
    fill(&scene.path("b.db"), "insert into users values (7, 'cleo', null)");
    scene.larder(["import", "a.json", "b.db", "--scope", "cleo", "--yes"]).run().succeeds();
}

#[test]
fn settings_say_whose_rows_are() {
    let settings = "[sections.messages]\nowner = 'sender_id'\n[sections.drafts]\nowner = 'author'\n[sections.mails]\nowner = 'sent_to'
        [sections.news]\nshared = true\n[sections.comments]\nowner = 'author_id'\n";
    let (scene, text, json, said) = export(settings, &[]);
    let data = &json["data"];
    let bodies = |section: &str| -> Vec<String> {
        let items = data[section].as_array().expect("a section");
        items.iter().map(|item| item["body"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(bodies("messages"), ["hello"]);
    assert_eq!(bodies("drafts"), ["to do"]);
    assert_eq!(bodies("mails"), ["PRIVATE to ada"]);
    assert!(text.contains("a.png") && text.contains("PRIVATE news") && text.contains("of ada"), "{text}");
    for others in ["PRIVATE message", "PRIVATE draft", "PRIVATE mail\"", "PRIVATE comment", "PRIVATE.png"] {
        assert!(!text.contains(others), "{others}: {text}");
    }
    assert!(!said.contains("nothing says"), "{said}");
    // Whose a message is becomes whoever takes it in.
    fill(&scene.path("b.db"), SCHEMA);
    fill(&scene.path("b.db"), "insert into users values (7, 'cleo', null)");
    scene.larder(["import", "a.json", "b.db", "--scope", "cleo", "--yes"]).run().succeeds();
    let senders = super::condensed::rows(&scene.path("b.db"), "select sender_id || body from messages");
    assert_eq!(senders, ["7hello"]);
}

#[test]
fn rows_of_a_user_are_not_everybodys() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    std::fs::write(scene.path("larder.toml"), format!("{SCOPE}[sections.notes]\nshared = true\n"))
        .expect("write");
    scene
        .larder(["export", "app.db", "--config", "larder.toml", "--scope", "ada"])
        .run()
        .fails(2)
        .says("sections.notes.shared: user_id says whose a row of notes is");
}
