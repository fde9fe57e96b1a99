//! Which databases are recognised: those of the application, and no others.

use super::TESTED;
use super::export_only::EXPORT_ONLY;
use super::fixture::Fixture;
use crate::fixtures::fill;
use crate::scene::Scene;
use larder::app::known::Known;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// What the application is called that a fixture is of: `uptime-kuma` of `uptime_kuma_schema_1`.
fn id_of(fixture: &str) -> String {
    fixture.split("_schema_").next().expect("a name").replace('_', "-")
}

/// All that have a fixture.
fn fixtures() -> impl Iterator<Item = &'static &'static str> {
    TESTED.iter().chain(EXPORT_ONLY)
}

fn recognised(sql: &str) -> Option<&'static str> {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(sql).expect("the fixture's SQL");
    Known::recognise(&db).expect("read").map(|known| known.id)
}

#[test]
fn every_application_has_a_fixture_and_is_tested() {
    let built_in: BTreeSet<String> = Known::all().iter().map(|known| known.id.to_owned()).collect();
    let tested = fixtures().map(|name| id_of(name));
    // Those of `tests/it/apps`.
    let own = ["astrology", "judo", "movies", "nascar", "tvarr"].map(str::to_owned);
    assert_eq!(tested.chain(own).collect::<BTreeSet<_>>(), built_in);
}

#[test]
fn a_fixture_is_recognised_as_its_own_application() {
    for name in fixtures() {
        let tables = Fixture::read(&name.replace('_', "-")).tables;
        assert_eq!(recognised(&tables).map(str::to_owned), Some(id_of(name)), "{name}");
    }
}

#[test]
fn no_application_fits_the_database_of_another() {
    for name in fixtures() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(&Fixture::read(&name.replace('_', "-")).tables).expect("the fixture's SQL");
        for known in Known::all().into_iter().filter(|known| known.id != id_of(name)) {
            assert!(!known.fits(&db).expect("read"), "{} fits the fixture of {name}", known.id);
        }
    }
}

#[test]
fn every_file_says_what_was_read_and_where() {
    for known in Known::all() {
        let head = &known.head;
        assert!(!head.versions.is_empty(), "{}", known.id);
        assert!(
            head.sources.iter().all(|source| source.starts_with("https://") || source.starts_with("file: ")),
            "{}",
            known.id
        );
        assert!(known.text.starts_with("# "), "{}: what it is and the commands come first", known.id);
        for groups in known.config.rules.sections.values().filter_map(|section| section.group.as_deref()) {
            assert!(
                ["settings", "library", "history", "presets", "races"].contains(&groups),
                "{}: {groups} is no group that people think in",
                known.id
            );
        }
    }
}

#[test]
fn what_a_file_names_is_in_its_fixture() {
    let scene = Scene::new();
    for name in fixtures() {
        let (id, name) = (id_of(name), name.replace('_', "-"));
        let database = scene.path(format!("{name}.db"));
        let fixture = Fixture::read(&name);
        fill(&database, &fixture.tables);
        let known = Known::named(&id).expect("it is built in");
        let db = Connection::open(&database).expect("open");
        assert_eq!(known.unknown(&db).expect("read"), fixture.absent, "{name}: the fixture has not");
    }
}
