//! Applications whose databases are exported only, since rows that they did not write themselves cannot be safe there.

use super::fixture::Fixture;
use super::{SECRET, export};
use crate::fixtures::fill;
use crate::scene::Scene;
use serde_json::json;

/// Their fixtures.
pub const EXPORT_ONLY: &[&str] = &["apple_notes", "imessage"];

fn install(name: &str) -> (Scene, Fixture) {
    let (scene, fixture) = (Scene::new(), Fixture::read(&name.replace('_', "-")));
    for (database, rows) in [("alice.db", &fixture.alice), ("bob.db", &fixture.bob)] {
        for sql in [&fixture.tables, rows, &fixture.triggers] {
            fill(&scene.path(database), sql);
        }
    }
    (scene, fixture)
}

#[test]
fn what_somebody_made_is_exported() {
    for name in EXPORT_ONLY {
        let (scene, fixture) = install(name);
        scene.larder(["export", "alice.db", "-o", "alice.json"]).run().succeeds().says("recognised: ");
        let text = std::fs::read_to_string(scene.path("alice.json")).expect("it was written");
        let line = text.lines().find(|line| line.contains(SECRET) && !line.contains("\"sha256\": "));
        assert_eq!(line, None, "a secret of {name}");
        for made in &fixture.made {
            assert!(text.contains(made.as_str()), "the document lacks {made}: {text}");
        }
    }
}

#[test]
fn an_import_is_refused_with_the_reason_and_nothing_is_written() {
    for name in EXPORT_ONLY {
        let (scene, _) = install(name);
        scene.larder(["export", "alice.db", "-o", "alice.json"]).run().succeeds();
        let before = std::fs::read(scene.path("bob.db")).expect("read");
        for arguments in [&["--yes"][..], &["--dry-run"], &["--on-conflict", "skip"]] {
            let run =
                scene.larder([&["import", "alice.json", "bob.db"][..], arguments].concat()).run().fails(2);
            run.says("which is exported only: ").says("--no-known-app");
        }
        scene.larder(["import", "alice.db", "bob.db"]).run().fails(2).says("which is exported only: ");
        assert!(before == std::fs::read(scene.path("bob.db")).expect("read"), "{name}");
    }
}

#[test]
fn the_reason_is_in_the_list_of_applications() {
    let scene = Scene::new();
    let listed = scene.larder(["apps"]).run().succeeds();
    assert!(listed.stdout().contains("Apple Notes (export only)"), "{listed}");
    let shown = scene.larder(["apps", "imessage", "--json"]).run().succeeds().json();
    assert!(shown["export_only"].as_str().expect("a reason").contains("triggers"), "{shown}");
    let shown = scene.larder(["apps", "calibre", "--json"]).run().succeeds().json();
    assert_eq!(shown["export_only"], json!(null));
}

#[test]
fn messages_are_read_with_their_chats_people_and_attachments() {
    let (scene, _) = install("imessage");
    let document = export(&scene, "alice.db", "alice.json");
    let messages = document["data"]["message"].as_array().expect("messages");
    let look = messages.iter().find(|message| message["text"] == "Look").expect("it");
    assert_eq!(look["attachments"].as_array().map(Vec::len), Some(1), "{look}");
    assert!(look["chats"].to_string().contains("chat77"), "{look}");
    let question = messages.iter().find(|message| message["text"] == "Is the *rye* done?").expect("it");
    assert!(question.to_string().contains("+15550100"), "{question}");
}
