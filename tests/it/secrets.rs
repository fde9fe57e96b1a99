//! Secrets: what condensed exports leave out, and what an import does where it was.

use super::condensed::rows;
use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table users(id integer primary key, login text not null unique, passwd text not null, salt text, rands text,
        twofa_secret text, api_token text not null unique, pin integer, token_count integer, hash text);
    create table mqtt(id integer primary key, host text not null unique, mqtt_password text, basic_auth_pass text, tls_key_path text);
    create table settings(key text primary key, value text);
    create table channels(id integer primary key, name text not null unique, config text not null);
    create table django_session(session_key text primary key, session_data text not null, expire_date text not null);
    create table sessions(id integer primary key, title text not null unique, starts_at text);
    create table secrets(id integer primary key, name text not null unique, value text);";

const ROWS: &str = r#"
    insert into users values (1, 'ada', 'S3CRET-a', 'S3CRET-b', 'S3CRET-c', 'S3CRET-d', 'S3CRET-e', 1234567, 5,
        '$2b$12$S3CRETS3CRETS3CRETS3CRETS3CRETS3CRET');
    insert into users values (2, 'bob', 'S3CRET-f', '', null, null, 'S3CRET-g', null, 7, null);
    insert into mqtt values (1, 'broker', 'S3CRET-h', 'S3CRET-i', '/etc/tls.pem');
    insert into settings values ('jwtSecret', 'S3CRET-j'), ('theme', 'dark'), ('smtp.password', '"S3CRET-k"'),
        ('use_token', 'true'), ('webhook', 'https://u:S3CRET@example.com/'), ('signing', '-----BEGIN PRIVATE KEY-----
S3CRET
-----END PRIVATE KEY-----'), ('mail', '{"host": "h", "password": "S3CRET-l"}');
    insert into channels values (1, 'chat', '{"url": "https://example.com", "apiKey": "S3CRET-m", "retries": 3}');
    insert into channels values (2, 'list', '{"targets": [{"name": "x", "token": "S3CRET-n"}, {"name": "y"}]}');
    insert into django_session values ('S3CRET-o', 'S3CRET-p', '2026-01-01');
    insert into sessions values (1, 'Opening', '2026-05-01');
    insert into secrets values (1, 'deploy', 'S3CRET-q')"#;

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    scene
}

fn document(scene: &Scene, options: &[&str]) -> (String, Value) {
    let base = ["export", "app.db", "-o", "a.json", "--force"];
    scene.larder(base.into_iter().chain(options.iter().copied())).run().succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    let json = serde_json::from_str(&text).expect("JSON");
    (text, json)
}

#[test]
fn no_secret_is_in_a_document_unless_somebody_asks_for_it() {
    let scene = scene();
    let (text, json) = document(&scene, &[]);
    assert!(!text.contains("S3CRET") && !text.contains("1234567"), "{text}");
    let data = &json["data"];
    assert_eq!(data["users"][0], json!({"login": "ada", "token_count": 5}));
    assert_eq!(data["mqtt"][0], json!({"host": "broker", "tls_key_path": "/etc/tls.pem"}));
    assert_eq!(
        data["settings"],
        json!([{"key": "theme", "value": "dark"}, {"key": "use_token", "value": "true"}])
    );
    assert_eq!(
        data["channels"][0]["config"],
        json!({"url": "https://example.com", "apiKey": {"$secret": true}, "retries": 3})
    );
    assert_eq!(data["secrets"], json!([{"name": "deploy"}]));
    assert_eq!(data["sessions"], json!([{"title": "Opening", "starts_at": "2026-05-01"}]));
    assert!(
        json["metadata"]["left_out"]["django_session"] == json!("log-in sessions"),
        "{}",
        json["metadata"]
    );
    scene.larder(["validate", "a.json"]).run().succeeds();
    let (text, _) = document(&scene, &["--with-secrets"]);
    for letter in 'a'..='q' {
        assert!(text.contains(&format!("S3CRET-{letter}")), "{letter}");
    }
}

#[test]
fn what_is_left_out_is_listed_one_by_one() {
    let scene = scene();
    let listed = scene.larder(["export", "app.db", "--dry-run", "--json"]).run().succeeds().json();
    for place in [
        "users.passwd",
        "users.hash",
        "users.pin",
        "mqtt.basic_auth_pass",
        "settings[key=jwtSecret]",
        "settings[key=mail]",
        "channels.config.apiKey",
        "channels.config.targets[*].token",
        "secrets.value",
    ] {
        assert_eq!(listed["omitted"][place], json!("secret"), "{place} of {}", listed["omitted"]);
    }
    assert_eq!(listed["omitted"].get("users.token_count"), None);
    scene.larder(["export", "app.db", "-o", "b.json"]).run().succeeds().says("mqtt.mqtt_password");
}

#[test]
fn an_import_leaves_the_secrets_that_are_there_and_says_what_is_empty() {
    let scene = scene();
    document(&scene, &[]);
    fill(&scene.path("b.db"), SCHEMA);
    fill(
        &scene.path("b.db"),
        r#"insert into users values (5, 'ada', 'theirs', 'theirs', null, null, 'theirs', null, 1, null);
           insert into settings values ('jwtSecret', 'theirs'), ('ldapPassword', 'theirs'), ('theme', 'light'), ('old', '1');
           insert into channels values (9, 'chat', '{"url": "https://other", "apiKey": "theirs", "retries": 1}')"#,
    );
    let run = scene.larder(["import", "a.json", "b.db", "--replace-all", "--yes"]).run();
    let run = run.succeeds();
    for told in [
        "users.passwd is not in the document, and empty in 1 row",
        "users.twofa_secret is not in the document, and empty in 1 row",
        "users.api_token is not in the document, and a random value in 1 row",
        "a secret inside channels.config is not in the document, and empty in 1 row",
    ] {
        assert!(run.stderr().contains(told), "{told}: {}", run.stderr());
    }
    let path = scene.path("b.db");
    assert_eq!(
        rows(&path, "select passwd || api_token || token_count from users where login = 'ada'"),
        ["theirstheirs5"]
    );
    assert_eq!(
        rows(&path, "select passwd || ifnull(salt, '-') || length(api_token) from users where login = 'bob'"),
        ["-46"]
    );
    assert_eq!(
        rows(&path, "select key || '=' || value from settings order by 1"),
        ["jwtSecret=theirs", "ldapPassword=theirs", "theme=dark", "use_token=true"]
    );
    assert_eq!(
        rows(&path, "select config from channels order by name"),
        [
            r#"{"url": "https://example.com", "apiKey": "theirs", "retries": 3}"#,
            r#"{"targets": [{"name": "x", "token": null}, {"name": "y"}]}"#
        ]
    );
    scene.larder(["import", "a.json", "b.db", "--on-conflict", "fail", "--yes"]).run().succeeds();
}

/// What differs was shown with the secrets of the database.
#[test]
fn a_report_says_no_secret_that_is_there() {
    let scene = scene();
    document(&scene, &[]);
    fill(&scene.path("b.db"), SCHEMA);
    fill(
        &scene.path("b.db"),
        r#"insert into channels values (9, 'chat', '{"url": "https://other", "apiKey": "THEIRS", "retries": 1}')"#,
    );
    let options = ["--on-conflict", "overwrite", "--report", "r.json", "-v", "--dry-run"];
    let run = scene.larder(["import", "a.json", "b.db"].into_iter().chain(options)).run().succeeds();
    let report = std::fs::read_to_string(scene.path("r.json")).expect("read");
    assert!(report.contains("https://other") && run.stderr().contains("https://other"), "{run}");
    assert!(!report.contains("THEIRS") && !run.stderr().contains("THEIRS"), "{run}");
}

#[test]
fn rows_that_are_known_by_what_they_hold_are_found_again_whatever_their_secrets_are() {
    let scene = Scene::new();
    let schema = "create table hooks(id integer primary key, config text)";
    fill(&scene.path("app.db"), schema);
    fill(
        &scene.path("app.db"),
        r#"insert into hooks values (1, '{"to":"a","token":"S3CRET"}'), (2, '{"$secret":true}')"#,
    );
    document(&scene, &[]);
    scene.larder(["import", "a.json", "app.db", "--yes"]).run().succeeds();
    assert_eq!(
        rows(&scene.path("app.db"), "select config from hooks order by id"),
        [r#"{"to":"a","token":"S3CRET"}"#, r#"{"$secret":true}"#]
    );
    fill(&scene.path("new.db"), schema);
    scene.larder(["import", "a.json", "new.db", "--yes"]).run().succeeds();
    assert_eq!(
        rows(&scene.path("new.db"), "select config from hooks order by config"),
        [r#"{"$secret":true}"#, r#"{"to":"a","token":null}"#]
    );
    scene.larder(["import", "a.json", "new.db", "--yes"]).run().succeeds().says("nothing to change");
}

#[test]
fn settings_say_what_is_a_secret_and_what_is_none() {
    let scene = scene();
    let settings = "app = 'x'\n[sections.mqtt]\nnot-secret = ['basic_auth_pass']\nsecret = ['tls_key_path']
        [sections.settings]\nnot-secret = ['webhook']\n[sections.channels]\nnot-secret = ['apiKey']\n[sections.users]\npublic = ['salt']\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    let (_, json) = document(&scene, &["--config", "larder.toml"]);
    let data = &json["data"];
    assert_eq!(data["mqtt"][0], json!({"host": "broker", "basic_auth_pass": "S3CRET-i"}));
    assert_eq!(data["settings"][2]["key"], json!("webhook"));
    assert_eq!(data["channels"][0]["config"]["apiKey"], json!("S3CRET-m"));
    assert_eq!(data["channels"][1]["config"]["targets"][0]["token"], json!({"$secret": true}));
    assert_eq!(data["users"][0]["salt"], json!("S3CRET-b"));
}

/// The whole column was left out, or the secrets were not.
#[test]
fn secrets_among_other_texts_are_left_out_one_by_one() {
    const SCHEMA: &str = "create table feeds(id integer primary key, title text, url text not null unique);
        create table notes(id integer primary key, body text);
        create table users(id integer primary key, name text not null unique);
        create table links(id integer primary key, user_id integer not null references users on delete cascade,
            url text not null, place integer, unique(user_id, url));";
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(
        &scene.path("app.db"),
        r#"insert into feeds values (3, 'a', 'https://example.com/a'), (4, 'b', 'https://example.com/b?token=S3CRET1'),
               (5, 'c', 'https://example.com/c?q=token'), (6, 'd', 'https://example.com/d?api_key=S3CRET2');
           insert into notes values (1, 'milk'), (2, 'the token is ghp_S3CRETabcdefghijklmnopqrstuvwxyz012345'),
               (3, '{"$secret": true}'), (4, '42'), (5, null);
           insert into users values (1, 'ada');
           insert into links values (1, 1, 'https://u:S3CRET@example.com', 1), (2, 1, 'https://example.com', 2), (3, 1, 'x', 3)"#,
    );
    let run = scene.larder(["export", "app.db", "-o", "a.json"]).run().succeeds();
    run.says("2 of 4 values of feeds.url look like secrets, and only they are left out (sections.feeds.not-secret keeps them)")
        .says("secrets are left out: feeds.url, notes.body, links.url");
    let (text, json) = document(&scene, &[]);
    assert!(!text.contains("S3CRET"), "{text}");
    let marker = json!({"$secret": true});
    let urls: Vec<&Value> =
        json["data"]["feeds"].as_array().expect("items").iter().map(|item| &item["url"]).collect();
    assert_eq!(urls.iter().filter(|url| ***url == marker).count(), 2, "{urls:?}");
    assert!(urls.contains(&&json!("https://example.com/c?q=token")), "{urls:?}");
    scene.larder(["convert", "a.json", "a.zip"]).run().succeeds();
    scene.larder(["convert", "a.json", "a.ndjson"]).run().succeeds();
    for file in ["a.json", "a.zip", "a.ndjson"] {
        scene.larder(["validate", file]).run().succeeds();
        let run = scene.larder(["import", file, "app.db", "--yes"]).run().succeeds();
        run.says("nothing to change");
        let new = format!("{file}.db");
        fill(&scene.path(&new), SCHEMA);
        let run = scene.larder(["import", file, &new, "--yes"]).run().succeeds();
        run.says("feeds.url is not in the document, and a random value in 2 rows")
            .says("a secret inside notes.body is not in the document, and empty in 2 rows");
        let path = scene.path(&new);
        assert_eq!(
            rows(
                &path,
                "select title, case when url like 'larder-secret-%' then '' else url end from feeds order by title"
            ),
            rows(
                &scene.path("app.db"),
                "select title, case when id in (4, 6) then '' else url end from feeds order by title"
            )
        );
        assert_eq!(
            rows(&path, "select ifnull(body, '-') from notes order by 1"),
            ["-", "-", "-", "42", "milk"]
        );
        assert_eq!(rows(&path, "select count(*) || '' from links where url like 'larder-secret-%'"), ["1"]);
        scene.larder(["import", file, &new, "--yes"]).run().succeeds().says("nothing to change");
    }
    let flat = scene.larder(["export", "app.db", "--flat", "--only", "notes"]).run().succeeds();
    assert!(flat.stdout().lines().any(|line| line == "milk"), "{flat}");
    let (text, json) = document(&scene, &["--anonymize"]);
    assert!(!text.contains("S3CRET") && !text.contains("milk") && !text.contains("/a\""), "{text}");
    assert_eq!(
        json["data"]["notes"].as_array().expect("items").iter().filter(|item| item["body"] == marker).count(),
        2
    );
    scene.larder(["validate", "a.json"]).run().succeeds();
}

/// The document could not be imported: the column takes no NULL.
#[test]
fn a_secret_that_is_all_of_a_required_value_is_empty_in_a_new_row() {
    let schema = "create table t(id integer primary key, name text not null unique, j text not null)";
    let token = "ghp_S3CRETabcdefghijklmnopqrstuvwxyz012345";
    let scene = Scene::new();
    fill(&scene.path("app.db"), schema);
    fill(
        &scene.path("app.db"),
        &format!(
            r#"insert into t values (1, 'a', '{{"password": "S3CRET", "b": 1}}'), (2, 'b', '"{token}"'), (3, 'c', '1')"#
        ),
    );
    document(&scene, &[]);
    fill(&scene.path("b.db"), schema);
    scene
        .larder(["import", "a.json", "b.db", "--yes"])
        .run()
        .succeeds()
        .says("t.j is not in the document, and empty in 1 row");
    assert_eq!(
        rows(&scene.path("b.db"), "select j from t order by name"),
        [r#"{"password": null, "b": 1}"#, "", "1"]
    );
}

#[test]
fn secrets_that_something_refers_by_are_warned_of() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table feeds(url text primary key, title text);
         create table entries(id integer primary key, feed text references feeds, title text);
         insert into feeds values ('https://u:p@example.com', 'a'), ('https://example.com/b', 'b');
         insert into entries values (1, 'https://u:p@example.com', 'x'), (2, 'https://example.com/b', 'y')",
    );
    scene
        .larder(["export", "app.db", "-o", "a.json"])
        .run()
        .succeeds()
        .says("1 of 2 values of feeds.url look like secrets, and are not left out (sections.feeds.secret leaves out the column)");
}

#[test]
fn the_key_of_a_table_of_keys_and_values_has_many_names() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table config(k text primary key, v text); insert into config values ('smtp_password', 'S3CRET'), ('theme', 'dark')",
    );
    let (text, json) = document(&scene, &[]);
    assert!(!text.contains("S3CRET"), "{text}");
    assert_eq!(json["data"]["config"], json!([{"k": "theme", "v": "dark"}]));
}

/// A text in quotes is JSON too.
#[test]
fn a_secret_that_is_the_whole_json_of_a_column_is_left_out() {
    let token = "ghp_S3CRETabcdefghijklmnopqrstuvwxyz012345";
    let schema = "create table t(id integer primary key, name text not null unique, data text);";
    let plain = "insert into t with recursive n(i) as (select 1 union all select i + 1 from n where i < 30) select i, 'n' || i, '[2]' from n;";
    let scene = Scene::new();
    fill(&scene.path("app.db"), &format!("{schema}{plain}"));
    fill(
        &scene.path("app.db"),
        &format!(
            r#"update t set data = '{{"password": "S3CRET-a"}}' where id = 1; update t set data = '"{token}"' where id = 2"#
        ),
    );
    let (text, json) = document(&scene, &[]);
    assert!(!text.contains("S3CRET"), "{text}");
    let all = json["data"]["t"].as_array().expect("items");
    let of = |name: &str| all.iter().find(|item| item["name"] == name).expect("an item")["data"].clone();
    assert_eq!((of("n1"), of("n2")), (json!({"password": {"$secret": true}}), json!({"$secret": true})));
    let run = scene.larder(["import", "a.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["sections"]["t"]["same"], json!(30), "{run}");
    assert_eq!(rows(&scene.path("app.db"), "select data from t where id = 2"), [format!("\"{token}\"")]);

    // Where many are, the column is left out.
    let scene = Scene::new();
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), &format!(r#"insert into t values (1, 'a', '"{token}"'), (2, 'b', '"x"')"#));
    let (text, _) = document(&scene, &[]);
    assert!(!text.contains("S3CRET"), "{text}");
}

#[test]
fn secrets_of_a_table_with_a_dot_in_its_name_are_listed() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        r#"create table "my.t"(id integer primary key, name text not null unique, data text);
           insert into "my.t" values (1, 'a', '{"password": "S3CRET-a"}')"#,
    );
    let run = scene.larder(["export", "app.db", "-o", "a.json"]).run().succeeds();
    run.says("secrets are left out: my.t.data.password");
}

/// Log-ins and what migration tools keep are known by their whole name and by their shape; what only sounds so stays.
#[test]
fn sessions_and_migrations_are_known_by_their_shape() {
    let sections = |sql: &str| -> Vec<String> {
        let scene = Scene::new();
        fill(&scene.path("a.db"), sql);
        scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert!(!text.contains("s3cr3t"), "{text}");
        document["data"].as_object().expect("sections").keys().cloned().collect()
    };
    let kept = "create table notes(id integer primary key, t text); insert into notes values (1, 'a');
        create table session_notes(id integer primary key, token_of text, expires text); insert into session_notes values (1, 'a', 'b');";
    let of_frameworks = "create table django_session(session_key text primary key, session_data text, expire_date text);
        insert into django_session values ('s3cr3t', 's3cr3t', '2030');
        create table sessions(id text primary key, user_id int, payload text, last_activity int);
        insert into sessions values ('s3cr3t', 1, 's3cr3t', 5);
        create table schema_migrations(version text primary key); insert into schema_migrations values ('3');
        create table flyway_schema_history(installed_rank int primary key, version text, script text, installed_on text);
        insert into flyway_schema_history values (1, '1', 'a', 'b');
        create table alembic_version(version_num text primary key); insert into alembic_version values ('4');";
    assert_eq!(sections(&format!("{kept} {of_frameworks}")), ["notes", "session_notes"]);
    let of_people = "create table sessions(id integer primary key, title text, activity text, data text);
        insert into sessions values (1, 'Squats', 'strength', '{}');
        create table migrations(id integer primary key, species text, started text); insert into migrations values (1, 'crane', 'May');
        create table alembic_version(id integer primary key, flask text); insert into alembic_version values (1, 'glass');";
    let mut found = sections(&format!("{kept} {of_people}"));
    found.sort();
    assert_eq!(found, ["alembic_version", "migrations", "notes", "session_notes", "sessions"]);
}
