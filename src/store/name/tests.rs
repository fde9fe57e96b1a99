//! Tests of the names of snapshots.

use super::*;
use chrono::TimeZone;

fn parse(name: &str) -> Option<SnapshotName> {
    SnapshotName::parse(OsStr::new(name))
}

#[test]
fn names_say_application_time_number_and_compression() {
    let time = Utc.with_ymd_and_hms(2026, 11, 20, 10, 30, 0).single().expect("a time");
    let mut name = SnapshotName::new("my-app", time, Compression::Gzip);
    assert_eq!(name.file_name(), "my-app-2026-11-20T10-30-00Z.db.gz");
    assert_eq!(name.manifest_name(), "my-app-2026-11-20T10-30-00Z.meta.json");
    name.number = 2;
    name.compression = Compression::None;
    assert_eq!(name.file_name(), "my-app-2026-11-20T10-30-00Z-2.db");
    assert_eq!(parse(&name.file_name()), Some(name.clone()));
    name.damaged = true;
    name.compression = Compression::Zstd;
    assert_eq!(name.file_name(), "my-app-2026-11-20T10-30-00Z-2.damaged.db.zst");
    assert_eq!(parse(&name.file_name()), Some(name.clone()));
    name.encrypted = true;
    assert_eq!(name.file_name(), "my-app-2026-11-20T10-30-00Z-2.damaged.db.zst.age");
    assert_eq!(parse(&name.file_name()), Some(name));
}

#[test]
fn names_of_exports_say_whose_they_are() {
    let mut name = parse("films@ada@example.org-2026-11-20T10-30-00Z.json.gz").expect("a name");
    assert_eq!((name.held, name.is_export(), name.base_app()), (Held::Json, true, "films"));
    assert!(name.is_of("films") && name.is_of("films@ada@example.org") && !name.is_of("ada"));
    name.encrypted = true;
    assert_eq!(name.file_name(), "films@ada@example.org-2026-11-20T10-30-00Z.json.gz.age");
    assert_eq!(parse(&name.file_name()), Some(name));
    let snapshot = parse("a@b-2026-11-20T10-30-00Z.db").expect("a name");
    assert!(!snapshot.is_export() && !snapshot.is_of("a"), "an application may be called so");
    assert_eq!(parse("a-2026-11-20T10-30-00Z.zip").map(|name| name.held), Some(Held::Zip));
}

#[test]
fn other_names_are_not_snapshots() {
    for name in [
        "app.db.gz",
        "app-2026-11-20T10-30-00Z.gz",
        "app-2026-13-20T10-30-00Z.db.gz",
        "-2026-11-20T10-30-00Z.db.gz",
        "2026-11-20T10-30-00Z.db.gz",
        "app-2026-11-20T10-30-00Z-1.db.gz",
        "app-2026-11-20T10-30-00Z-x.db.gz",
        ".app-2026-11-20T10-30-00Z.db.gz",
        "app-2026-11-20T10-30-00Z.meta.json",
        "app-2026-11-20T10-30-00Z.db.age.gz",
        "app-2026-11-20T10-30-00Z.db.gz.age.age",
        "é-20T10-30-00Z.db.gz",
    ] {
        assert_eq!(parse(name), None, "{name}");
    }
}

#[test]
fn they_sort_by_time_and_number() {
    let mut names: Vec<_> = [
        "b-2026-11-20T10-30-00Z.db.gz",
        "a-2026-11-20T10-30-01Z.db.gz",
        "b-2026-11-20T10-30-00Z-10.db.gz",
        "b-2026-11-20T10-30-00Z-2.db.gz",
    ]
    .map(|name| parse(name).expect("a name"))
    .into();
    names.sort();
    let numbers: Vec<_> = names.iter().map(|name| (name.app.as_str(), name.number)).collect();
    assert_eq!(numbers, [("b", 1), ("b", 2), ("b", 10), ("a", 1)]);
}

#[test]
fn the_application_is_the_stem_or_the_folder() {
    for (path, app) in [
        ("/srv/movies/app.db", "app"),
        ("/srv/movies/data.db", "movies"),
        ("/srv/movies/data/Database.sqlite", "movies"),
        ("/data.db", "data"),
        ("/srv/x/.hidden.db", "hidden"),
        ("/srv/x/a:b?.db", "a_b_"),
    ] {
        assert_eq!(app_of(Path::new(path)), app, "{path}");
        assert!(is_app_name(app), "{app}");
    }
    assert!(is_app_name(&app_of(Path::new(&format!("/{}.db", "ä".repeat(200))))));
}
