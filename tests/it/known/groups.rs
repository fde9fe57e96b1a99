//! Groups that people think in: settings without history is one flag.

use super::fixture::Fixture;
use crate::fixtures::fill;
use crate::scene::Scene;
use serde_json::Value;

/// The sections of alice's database, with these options.
fn sections(name: &str, arguments: &[&str]) -> Vec<String> {
    let (scene, fixture) = (Scene::new(), Fixture::read(name));
    for sql in [&fixture.tables, &fixture.alice, &fixture.triggers] {
        fill(&scene.path("alice.db"), sql);
    }
    scene.larder([&["export", "alice.db", "-o", "doc.json"], arguments].concat()).run().succeeds();
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("it was written");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["data"].as_object().expect("sections").keys().cloned().collect()
}

#[test]
fn settings_without_history_is_one_flag() {
    for (name, settings, others) in [
        (
            "uptime-kuma",
            &["monitor", "notification", "status_page", "setting"][..],
            &["heartbeat", "stat_daily"][..],
        ),
        ("uptime-kuma-schema-1", &["monitor", "notification", "status_page", "setting"], &["heartbeat"]),
        (
            "sonarr",
            &["Indexers", "QualityProfiles", "CustomFormats", "Config"],
            &["Series", "Episodes", "History"],
        ),
        (
            "radarr",
            &["Indexers", "QualityProfiles", "CustomFormats", "Config"],
            &["Movies", "MovieFiles", "History"],
        ),
        ("grafana", &["org", "user", "data_source"], &["annotation", "dashboard_version"]),
        ("prowlarr", &["Indexers", "Applications", "AppSyncProfiles", "Config"], &["History"]),
    ] {
        let found = sections(name, &["--only", "settings"]);
        let has = |section: &&&str| found.iter().any(|own| own == **section);
        assert_eq!(settings.iter().filter(has).count(), settings.len(), "{name}: {found:?}");
        assert_eq!(others.iter().filter(has).count(), 0, "{name}: {found:?}");
        // History is there for who asks for it.
        let history = sections(name, &["--only", "history"]);
        assert!(others.iter().any(|other| history.iter().any(|own| own == other)), "{name}: {history:?}");
    }
}

#[test]
fn what_one_user_monitors_becomes_another_s() {
    let (scene, fixture) = (Scene::new(), Fixture::read("uptime-kuma"));
    for (database, rows) in [("alice.db", &fixture.alice), ("bob.db", &fixture.bob)] {
        fill(&scene.path(database), &fixture.tables);
        fill(&scene.path(database), rows);
    }
    scene.larder(["export", "alice.db", "--scope", "ada", "-o", "ada.json"]).run().succeeds();
    scene.larder(["import", "ada.json", "bob.db", "--scope", "bob"]).run().succeeds();
    let rows = |sql: &str| crate::condensed::rows(&scene.path("bob.db"), sql);
    assert_eq!(rows("select username from user"), ["bob"]);
    assert_eq!(
        rows(
            "select m.name from monitor m join user u on u.id = m.user_id where u.username = 'bob' order by 1"
        ),
        ["At home", "Bench", "Box", "Lab", "Router", "Scope", "Shop"]
    );
    assert_eq!(
        rows(
            "select s.slug || ' ' || m.name from monitor_group x join \"group\" g on g.id = x.group_id
              join status_page s on s.id = g.status_page_id join monitor m on m.id = x.monitor_id order by 1"
        ),
        ["alder Box", "alder Router", "alder Shop", "birch Bench"]
    );
}
