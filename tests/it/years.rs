//! Retention at scale: a year of hourly snapshots, and what 24 hourly, 14 daily, 8 weekly and 12 monthly leave of it.

use super::fixtures::numbered;
use super::scene::Scene;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The rules: how many, of what, and what tells two of them apart on a clock on the wall.
const RULES: [(usize, &str, &str); 4] = [
    (24, "hourly", "%Y-%m-%d %H"),
    (14, "daily", "%Y-%m-%d"),
    (8, "weekly", "%G-%V"),
    (12, "monthly", "%Y-%m"),
];

const KEEP: [&str; 8] =
    ["--keep-hourly", "24", "--keep-daily", "14", "--keep-weekly", "8", "--keep-monthly", "12"];

/// The hours of a year, up to the morning after a night whose third hour came twice in Berlin.
fn hours() -> Vec<DateTime<Utc>> {
    let last = Utc.with_ymd_and_hms(2025, 10, 26, 9, 7, 30).single().expect("a time");
    (0..365 * 24).rev().map(|hours| last - TimeDelta::hours(hours)).collect()
}

fn stem(time: DateTime<Utc>) -> String {
    time.format("app-%Y-%m-%dT%H-%M-%SZ").to_string()
}

/// A store with a snapshot of each of these times, made of one that larder made.
fn scene(times: &[DateTime<Utc>]) -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let made = scene.larder(["snapshot", "app.db", "--to", "made"]).run().succeeds().printed_path();
    let snapshot = std::fs::read(&made).expect("read");
    let manifest = made.to_str().expect("text").replace(".db.gz", ".meta.json");
    let manifest = std::fs::read_to_string(manifest).expect("read");
    let value: Value = serde_json::from_str(&manifest).expect("JSON");
    let created_at = format!("\"created_at\": {}", value["created_at"]);
    std::fs::create_dir(scene.path("store")).expect("a folder");
    for time in times {
        let stem = stem(*time);
        let dated = manifest.replace(&created_at, &format!("\"created_at\": \"{}\"", time.format("%FT%TZ")));
        assert_ne!(dated, manifest);
        std::fs::write(scene.path(format!("store/{stem}.meta.json")), dated).expect("write");
        std::fs::write(scene.path(format!("store/{stem}.db.gz")), &snapshot).expect("write");
    }
    scene
}

/// What is to be kept, and why: of each rule, the last time of each of the last so many.
fn expected(times: &[DateTime<Utc>], zone: Tz) -> BTreeMap<String, Vec<String>> {
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, adverb, tells_apart) in RULES {
        let latest: BTreeMap<String, DateTime<Utc>> = times
            .iter()
            .map(|time| (time.with_timezone(&zone).format(tells_apart).to_string(), *time))
            .collect();
        for time in latest.values().rev().take(number) {
            kept.entry(stem(*time)).or_default().push(format!("{adverb} snapshot"));
        }
    }
    kept
}

fn planned(of: &Value) -> BTreeMap<String, Vec<String>> {
    let one = |decision: &Value| {
        let name = decision["name"].as_str().expect("a name").trim_end_matches(".db.gz").to_owned();
        let reasons = decision["reasons"].as_array().expect("reasons");
        (name, reasons.iter().map(|reason| reason.as_str().expect("text").to_owned()).collect())
    };
    of.as_array().expect("decisions").iter().map(one).collect()
}

#[test]
fn a_year_of_hours_is_pruned_to_what_the_rules_say() {
    let times = hours();
    let scene = scene(&times);
    let plan = |zone: &str| {
        let arguments = ["prune", "store", "--dry-run", "--json", "--timezone", zone];
        scene.larder(arguments.iter().chain(&KEEP)).run().succeeds().json()
    };
    for zone in [Tz::Asia__Kolkata, Tz::America__New_York, Tz::UTC, Tz::Europe__Berlin] {
        let json = plan(zone.name());
        let expected = expected(&times, zone);
        assert_eq!(planned(&json["keep"]), expected, "{zone}");
        let removed = planned(&json["remove"]);
        assert_eq!(removed.len() + expected.len(), times.len(), "{zone}");
        assert!(removed.keys().all(|name| !expected.contains_key(name)), "{zone}");
        assert!(removed.values().all(|why| *why == ["no rule keeps it"]), "{zone}");
    }
    assert_eq!(scene.names("store").len(), 2 * times.len(), "plans change nothing");

    let arguments = ["prune", "store", "--yes", "--json", "--timezone", "Europe/Berlin"];
    let json = scene.larder(arguments.iter().chain(&KEEP)).run().succeeds().json();
    let expected = expected(&times, Tz::Europe__Berlin);
    assert_eq!(planned(&json["keep"]), expected);
    let is_there: BTreeSet<String> = scene.names("store").into_iter().collect();
    let mut should_be: BTreeSet<String> = BTreeSet::from([".larder.lock".to_owned()]);
    for stem in expected.keys() {
        should_be.extend([format!("{stem}.db.gz"), format!("{stem}.meta.json")]);
    }
    assert_eq!(is_there, should_be);
    let again = scene.larder(arguments.iter().chain(&KEEP)).run().succeeds().json();
    assert_eq!(planned(&again["remove"]), BTreeMap::new(), "what was kept once is kept again");
    for stem in expected.keys().take(3) {
        scene.larder(["validate", &format!("store/{stem}.db.gz")]).run().succeeds();
    }
}
