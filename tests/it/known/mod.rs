//! Known applications: for every file of `apps/`, two people's databases in the application's shape, with row ids that clash
//! (`tests/known/NAME.sql`). What the export of one holds, and that the other's database takes it in with every link right.
//!
//! In the rows, passwords and tokens are called [`SECRET`]. The links are read by queries of the fixture, which give them in
//! words.

mod anki;
mod export_only;
mod fixture;
mod groups;
mod mechanism;
mod paperless;
mod recognition;

use super::condensed::rows;
use super::fixtures::fill;
use super::scene::Scene;
use fixture::Fixture;
use serde_json::Value;
use std::collections::BTreeSet;

const SECRET: &str = "s3cr3t";

/// The words of every link of a database, by what kind of link it is.
fn links(scene: &Scene, fixture: &Fixture, database: &str) -> Vec<(String, BTreeSet<String>)> {
    let read = |(name, sql): &(String, String)| {
        let all = rows(&scene.path(database), sql);
        let set: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(set.len(), all.len(), "{name} of {database}: something is there twice: {all:#?}");
        (name.clone(), set)
    };
    fixture.links.iter().map(read).collect()
}

fn export(scene: &Scene, database: &str, output: &str) -> Value {
    let run = scene.larder(["export", database, "-o", output, "--force"]).run().succeeds();
    assert!(run.stderr().contains("recognised: "), "{}", run.stderr());
    // Nothing is told of sections that are never exported, nor of the numbers (0, -1) by which applications say "none".
    for told in ["may hold row ids", "kept as dangling", "is left out"] {
        assert!(!run.stderr().contains(told), "{}", run.stderr());
    }
    let text = std::fs::read_to_string(scene.path(output)).expect("it was written");
    let line = text.lines().find(|line| line.contains(SECRET) && !line.contains("\"sha256\": "));
    assert_eq!(line, None, "a secret of {database}");
    serde_json::from_str(&text).expect("JSON")
}

/// Items as another installation has them: null stands for what is secret inside JSON.
fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.get("$secret") == Some(&Value::Bool(true)) => Value::Null,
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), without_secrets(value))).collect()
        }
        Value::Array(list) => list.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

/// All that holds for every application.
fn travels(name: &str) {
    let fixture = Fixture::read(name);
    let scene = Scene::new();
    for (database, rows) in [("alice.db", &fixture.alice), ("bob.db", &fixture.bob), ("new.db", &fixture.new)]
    {
        fill(&scene.path(database), &fixture.tables);
        // References may lead to rows that come later.
        fill(&scene.path(database), &format!("begin; {rows}; commit"));
        fill(&scene.path(database), &fixture.triggers);
    }
    let alice = links(&scene, &fixture, "alice.db");
    let bob = links(&scene, &fixture, "bob.db");
    for (name, set) in &alice {
        assert!(!set.is_empty(), "alice has no {name}");
    }
    let document = export(&scene, "alice.db", "alice.json");
    assert_eq!(document["metadata"]["doubts"], Value::Null, "whoever knows the application doubts nothing");
    let text = std::fs::read_to_string(scene.path("alice.json")).expect("it was written");
    for made in &fixture.made {
        assert!(text.contains(made.as_str()), "the document lacks {made}: {text}");
    }

    let import = |database: &str| {
        let mut arguments = vec!["import", "alice.json", database, "--json"];
        let is_new = database == "new.db" && !fixture.import_new.is_empty();
        let told = if is_new { &fixture.import_new } else { &fixture.import };
        arguments.extend(told.iter().map(String::as_str));
        scene.larder(arguments).run().succeeds();
    };
    import("bob.db");
    for ((name, after), ((_, alice), (_, bob))) in
        links(&scene, &fixture, "bob.db").iter().zip(alice.iter().zip(&bob))
    {
        let expected: BTreeSet<String> = alice.union(bob).cloned().collect();
        assert_eq!(*after, expected, "{name} after the import");
    }
    let before = std::fs::read(scene.path("bob.db")).expect("read");
    import("bob.db");
    assert!(
        before == std::fs::read(scene.path("bob.db")).expect("read"),
        "a second import changed something"
    );

    import("new.db");
    assert_eq!(links(&scene, &fixture, "new.db"), alice, "a new database");
    let back = export(&scene, "new.db", "new.json");
    assert_eq!(without_secrets(&document["data"]), back["data"], "a new database");
}

macro_rules! applications {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            travels(&stringify!($name).replace('_', "-"));
        })*

        /// The applications that are tested here.
        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

applications! {
    actual_budget,
    anki_schema_11,
    calibre,
    chrome,
    firefox,
    freshrss,
    gitea,
    gnucash,
    grafana,
    headscale,
    home_assistant,
    jellyfin,
    kodi,
    linkding,
    memos,
    navidrome,
    paperless_ngx,
    pi_hole,
    prowlarr,
    radarr,
    sonarr,
    trilium,
    uptime_kuma,
    uptime_kuma_schema_1,
    vaultwarden,
    zotero,
}

/// The tables of a Vaultwarden server.
pub fn vaultwarden_tables() -> String {
    Fixture::read("vaultwarden").tables
}
