//! Snapshots of a database that lost many rows: kept, told, and counted by nothing until somebody says that they are right.

use super::scene::{Run, Scene, days_ago};
use rusqlite::Connection;
use std::path::Path;

/// Runs SQL in the database.
fn sql(scene: &Scene, text: &str) {
    Connection::open(scene.path("app.db")).and_then(|db| db.execute_batch(text)).expect("run it");
}

/// A scene with a database of 812 ciphers, and users that these refer to.
fn scene() -> Scene {
    let scene = Scene::new();
    sql(
        &scene,
        "create table users(id integer primary key, name text);
         insert into users values (1, 'ada');
         create table ciphers(id integer primary key, user_id integer references users);
         insert into ciphers with recursive n(i) as (select 1 union all select i + 1 from n where i < 812) select i, 1 from n",
    );
    scene
}

const LOSE: &str = "delete from ciphers where id > 3";
const REGAIN: &str = "insert into ciphers with recursive n(i) as (select 4 union all select i + 1 from n where i < 812) select i, 1 from n";

fn snapshot(scene: &Scene, arguments: &[&str]) -> Run {
    scene.larder([&["snapshot", "app.db"], arguments].concat()).run()
}

/// Makes a key, and gives its recipient.
fn keygen(scene: &Scene, name: &str) -> String {
    scene.larder(["keygen", "-o", name]).run().succeeds().stdout().trim().to_owned()
}

/// Gives the newest snapshot the time of some days ago.
fn age_newest(scene: &Scene, days: i64) {
    let newest = scene.snapshots("backups").pop().expect("a snapshot");
    scene.date(&format!("backups/{newest}"), &days_ago(days));
}

fn restored(scene: &Scene, snapshot: &str) -> (Run, i64) {
    let run = scene
        .larder([
            "restore",
            snapshot,
            "out.db",
            "--app",
            "app",
            "--from",
            "backups",
            "--no-safety-snapshot",
            "--yes",
        ])
        .run()
        .succeeds();
    let count = Connection::open(scene.path("out.db"))
        .and_then(|db| db.query_row("select count(*) from ciphers", [], |row| row.get(0)));
    (run, count.expect("count"))
}

#[test]
fn one_that_lost_most_rows_is_kept_and_told_and_latest_passes_it_over() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    age_newest(&scene, 2);
    sql(&scene, LOSE);
    let run = snapshot(&scene, &["--quiet"]).succeeds();
    run.says("the snapshot is suspicious: ciphers: 812 rows, now 3 (in app-").says("larder pin --accept ");
    let file = scene.snapshots("backups").pop().expect("it is kept");
    let run = snapshot(&scene, &["--strict", "--if-changed"]);
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("unchanged").says("the snapshot is suspicious: ciphers: 812 rows, now 3");
    let (run, count) = restored(&scene, "latest");
    run.says("is passed over: ciphers: 812 rows, now 3; larder pin --accept ");
    assert_eq!(count, 812);
    assert_eq!(restored(&scene, "2126-01-01").1, 812, "a time passes it over too");
    assert_eq!(restored(&scene, &file).1, 3, "by its name it is there");
    let list = scene.larder(["list"]).run().succeeds().stdout();
    assert!(list.contains("manual, suspicious"), "{list}");
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(json["snapshots"][1]["suspicious"], true);
    assert_eq!(json["snapshots"][1]["lost"][0]["table"], "ciphers");
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("NOT AS IT SHOULD BE: ciphers: 812 rows, now 3;"), "{check}");
    // Until somebody says that it was meant.
    scene.larder(["pin", "--accept", "latest"]).run().succeeds().says("is accepted");
    scene.larder(["pin", "--accept", "latest"]).run().succeeds().says("was not suspicious");
    scene.larder(["check"]).run().succeeds();
    assert_eq!(restored(&scene, "latest").1, 3);
    let run = snapshot(&scene, &["--strict"]).succeeds();
    assert!(!run.stderr().contains("suspicious"), "{run}");
}

#[test]
fn rows_that_are_back_end_it() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    sql(&scene, LOSE);
    snapshot(&scene, &[]).succeeds().says("suspicious");
    sql(&scene, "update ciphers set user_id = null where id = 1");
    snapshot(&scene, &[]).succeeds().says("suspicious: ciphers: 812 rows, now 3");
    sql(&scene, REGAIN);
    snapshot(&scene, &["--strict"]).succeeds();
    scene.larder(["check"]).run().succeeds();
    assert_eq!(restored(&scene, "latest").1, 812);
}

#[test]
fn a_table_that_others_refer_to_and_is_empty_is_suspicious_unless_it_was_small() {
    for (rows, code) in [(19, 0), (20, 3)] {
        let scene = scene();
        let insert =
            "insert into users with recursive n(i) as (select 2 union all select i + 1 from n where i <";
        sql(&scene, &format!("{insert} {rows}) select i, 'x' from n"));
        snapshot(&scene, &[]).succeeds();
        sql(&scene, "pragma foreign_keys = off; delete from users");
        let run = snapshot(&scene, &["--strict"]);
        assert_eq!(run.code(), Some(code), "{run}");
        run.says(&format!("users: {rows} rows, now 0"));
    }
    let scene = scene();
    sql(&scene, "create table small(a); insert into small values (1), (2)");
    snapshot(&scene, &[]).succeeds();
    sql(
        &scene,
        "pragma foreign_keys = off; delete from small; drop table ciphers; create table ciphers_2(a); insert into ciphers_2 select value from json_each('[0' || replace(hex(zeroblob(450)), '00', ',0') || ']')",
    );
    let run = snapshot(&scene, &["--strict"]).succeeds();
    run.says("ciphers: 812 rows, now 0 (in app-");
}

#[test]
fn what_a_rule_keeps_stays_although_it_is_suspicious() {
    let scene = scene();
    sql(&scene, "create table log(a); insert into log select id from ciphers");
    snapshot(&scene, &[]).succeeds();
    age_newest(&scene, 9);
    sql(&scene, "delete from log");
    for days in [7, 6, 5, 4, 3] {
        sql(&scene, "insert into ciphers(user_id) values (1)");
        snapshot(&scene, &[]).succeeds().says("suspicious");
        age_newest(&scene, days);
    }
    let prune = |rules: &[&str]| {
        scene.larder([&["prune", "backups", "--yes"], rules].concat()).run().succeeds();
        kinds(&scene)
    };
    assert_eq!(prune(&["--keep-last", "10"]), "gsssss");
    assert_eq!(prune(&["--max-size", "1G"]), "gsssss", "all that fits stays");
    assert_eq!(prune(&["--keep-last", "4"]), "gssss");
    assert_eq!(prune(&["--keep-last", "4", "--max-size", "1B"]), "gsss");
}

/// What the store has, as good (g) and suspicious (s), by time.
fn kinds(scene: &Scene) -> String {
    let json = scene.larder(["list", "--json", "backups"]).run().succeeds().json();
    let all = json["snapshots"].as_array().expect("a list");
    all.iter().map(|one| if one["suspicious"] == true { 's' } else { 'g' }).collect()
}

#[test]
fn suspicious_ones_push_out_no_good_one_and_three_of_them_stay() {
    let scene = scene();
    for days in [9, 8, 7] {
        sql(&scene, "insert into ciphers(user_id) values (1)");
        snapshot(&scene, &[]).succeeds();
        age_newest(&scene, days);
    }
    sql(&scene, LOSE);
    for days in [6, 5, 4, 3, 2] {
        sql(&scene, "update users set name = name || 'x'");
        snapshot(&scene, &[]).succeeds().says("suspicious");
        age_newest(&scene, days);
    }
    assert_eq!(kinds(&scene), "gggsssss");
    let dry = scene.larder(["prune", "backups", "--keep-last", "1", "--dry-run"]).run().succeeds().stdout();
    assert!(dry.contains("suspicious: ciphers: 815 rows, now 3"), "{dry}");
    let prune = |rules: &[&str]| {
        scene.larder([&["prune", "backups", "--yes"], rules].concat()).run().succeeds();
        kinds(&scene)
    };
    assert_eq!(prune(&["--keep-last", "2"]), "ggsss");
    assert_eq!(
        prune(&["--keep-daily", "1", "--max-size", "1"]),
        "gsss",
        "the last good one stays, and no size removes it"
    );
    for _ in 0..3 {
        sql(&scene, "update users set name = name || 'y'");
        snapshot(&scene, &["--prune", "--keep-last", "1"]).succeeds();
        assert_eq!(kinds(&scene), "gsss");
    }
    // Rows that are back make a new good one, and what is suspicious goes by the rules from then on.
    sql(&scene, REGAIN);
    snapshot(&scene, &["--prune", "--keep-last", "1"]).succeeds();
    assert_eq!(kinds(&scene), "g");
}

#[test]
fn a_pinned_suspicious_one_stays_and_is_not_counted_among_the_three() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    age_newest(&scene, 9);
    sql(&scene, LOSE);
    for (days, pin) in [(6, true), (5, false), (4, false), (3, false), (2, false)] {
        sql(&scene, "update users set name = name || 'x'");
        snapshot(&scene, if pin { &["--pin"] } else { &[] }).succeeds();
        age_newest(&scene, days);
    }
    scene.larder(["prune", "backups", "--yes", "--keep-last", "1"]).run().succeeds();
    assert_eq!(kinds(&scene), "gssss");
}

#[test]
fn a_table_that_did_so_twice_in_30_days_and_grew_back_by_itself_is_only_told() {
    for (oldest, again) in [(20, 0), (40, 3)] {
        let scene = scene();
        for days in [oldest, 10] {
            sql(&scene, "update users set name = name || 'x'");
            snapshot(&scene, &[]).succeeds();
            age_newest(&scene, days + 1);
            sql(&scene, LOSE);
            snapshot(&scene, &[]).succeeds().says("suspicious");
            age_newest(&scene, days);
            sql(&scene, REGAIN);
        }
        sql(&scene, "update users set name = name || 'y'");
        snapshot(&scene, &["--strict"]).succeeds();
        age_newest(&scene, 2);
        sql(&scene, LOSE);
        let run = snapshot(&scene, &["--strict"]);
        assert_eq!(run.code(), Some(again), "{run}");
        run.says("ciphers: 812 rows, now 3");
        let run = snapshot(&scene, &["--strict"]);
        assert_eq!(run.code(), Some(again), "what it did stays what it was: {run}");
    }
}

#[test]
fn a_loss_that_was_accepted_starts_no_habit() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    age_newest(&scene, 9);
    sql(&scene, "delete from ciphers where id > 300");
    for days in [8, 7] {
        snapshot(&scene, &[]).succeeds().says("suspicious");
        age_newest(&scene, days);
    }
    scene.larder(["pin", "--accept", "latest"]).run().succeeds();
    sql(&scene, "delete from ciphers where id > 2");
    snapshot(&scene, &["--prune", "--keep-last", "1", "--yes"])
        .succeeds()
        .says("suspicious: ciphers: 300 rows, now 2");
    assert_eq!(restored(&scene, "latest").1, 300);
}

#[test]
fn a_table_that_a_restore_brought_back_has_no_habit() {
    // A program may write between the restore and the next snapshot.
    for writes in [false, true] {
        let scene = scene();
        snapshot(&scene, &[]).succeeds();
        age_newest(&scene, 12);
        for days in [11, 8, 5] {
            sql(&scene, LOSE);
            let run = snapshot(&scene, &["--strict"]);
            assert_eq!(run.code(), Some(3), "{run}");
            assert_eq!(scene.larder(["check"]).run().code(), Some(3));
            age_newest(&scene, days);
            let mut restore = vec!["restore", "latest", "app.db", "--from", "backups", "--yes"];
            restore.extend((!writes).then_some("--no-safety-snapshot"));
            scene.larder(restore).run().succeeds();
            if writes {
                age_newest(&scene, days - 1);
                sql(&scene, "update users set name = name || 'x'");
            }
            snapshot(&scene, &["--strict"]).succeeds();
            age_newest(&scene, days - 2);
        }
    }
}

#[test]
fn settings_say_how_much_a_table_may_lose() {
    let scene = scene();
    let settings = |check: &str| {
        std::fs::write(scene.path("larder.toml"), format!("database = 'app.db'\n[check]\n{check}\n"))
            .expect("write");
    };
    snapshot(&scene, &[]).succeeds();
    sql(&scene, "delete from ciphers where id > 700");
    settings("max-row-loss = { ciphers = \"10%\" }");
    let run = snapshot(&scene, &["--strict"]);
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("suspicious: ciphers: 812 rows, now 700");
    settings("max-row-loss = { ciphers = false }");
    sql(&scene, LOSE);
    snapshot(&scene, &["--strict"]).succeeds();
    settings("max-row-loss = { \"*\" = \"a lot\" }");
    snapshot(&scene, &[]).fails(2).says("check.max-row-loss: *: \"a lot\" is no percentage");
    settings("max-row-loss = 3");
    snapshot(&scene, &[]).fails(2).says("this must be a table, not a number");
}

#[test]
fn where_all_are_suspicious_latest_is_an_error_that_names_the_newest() {
    let scene = scene();
    let good = snapshot(&scene, &[]).succeeds().printed_path();
    age_newest(&scene, 2);
    drop(good);
    sql(&scene, LOSE);
    snapshot(&scene, &[]).succeeds();
    let files = scene.names("backups").into_iter().filter(|name| name.starts_with("app-"));
    for name in files.take(2) {
        std::fs::remove_file(scene.path(format!("backups/{name}"))).expect("remove");
    }
    let run =
        scene.larder(["restore", "latest", "out.db", "--app", "app", "--from", "backups"]).run().fails(1);
    run.says("every snapshot of app that is meant is suspicious: ciphers: 812 rows, now 3")
        .says("larder pin --accept");
}

#[test]
fn copies_in_other_stores_are_suspicious_too_and_accepted_together() {
    let scene = scene();
    std::fs::write(
        scene.path("larder.toml"),
        "app = 'app'\ndatabase = 'app.db'\n[snapshot]\nto = 'a'\nalso-to = ['b']\n",
    )
    .expect("write");
    scene.larder(["snapshot"]).run().succeeds();
    sql(&scene, LOSE);
    scene.larder(["snapshot"]).run().succeeds().says("suspicious");
    let check = |code| {
        let run = scene.larder(["check"]).run();
        assert_eq!(
            (run.code(), run.stdout().matches("ciphers: 812 rows, now 3").count()),
            (Some(code), if code == 0 { 0 } else { 2 }),
            "{run}"
        );
    };
    check(3);
    scene.larder(["pin", "--accept", "latest"]).run().succeeds().says("accepted in b too");
    check(0);
}

#[test]
fn a_copy_is_compared_with_what_is_in_its_own_store_and_accepted_with_the_original() {
    for encrypts in [false, true] {
        let scene = scene();
        let recipient = keygen(&scene, "key");
        let encrypt = if encrypts { format!("encrypt-to = ['{recipient}']\n") } else { String::new() };
        let settings = "app = 'app'\ndatabase = 'app.db'\n[snapshot]\nto = 'a'\nalso-to = ['b']\n";
        std::fs::write(scene.path("larder.toml"), format!("{settings}{encrypt}")).expect("write");
        scene.larder(["snapshot", "--create"]).run().succeeds();
        for name in scene.names("a").iter().filter(|name| name.starts_with("app-")) {
            std::fs::remove_file(scene.path(format!("a/{name}"))).expect("remove");
        }
        // Else the new copy needs another name, as the first one has it.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        sql(&scene, LOSE);
        let run = scene.larder(["snapshot", "--strict", "--prune", "--keep-last", "1", "--yes"]).run();
        assert_eq!(run.code(), Some(3), "{run}");
        run.says("suspicious: ciphers: 812 rows, now 3");
        assert_eq!((scene.snapshots("a").len(), scene.snapshots("b").len()), (1, 2));
        for name in scene.names("b").iter().filter(|name| name.contains(".meta.")) {
            let text = std::fs::read_to_string(scene.path(format!("b/{name}"))).expect("read");
            assert_eq!(text.contains("ciphers"), !encrypts, "{text}");
        }
        let check = scene.larder(["check", "--identity", "key"]).run();
        assert_eq!(check.code(), Some(3), "{check}");
        assert!(check.stdout().contains("ciphers: 812 rows, now 3"), "{check}");
        // By its full path as well, and from the first store, where there is nothing to accept.
        let file = scene.path(format!("a/{}", scene.snapshots("a")[0]));
        scene
            .larder([Path::new("pin"), Path::new("--accept"), &file])
            .run()
            .succeeds()
            .says("accepted in b too");
        scene.larder(["check"]).run().succeeds();
    }
}

#[test]
fn what_is_accepted_in_one_store_is_so_in_another_once_that_is_there_again() {
    let scene = scene();
    let settings = "app = 'app'\ndatabase = 'app.db'\n[snapshot]\nto = 'a'\nalso-to = ['b']\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["snapshot", "--create"]).run().succeeds();
    sql(&scene, LOSE);
    scene.larder(["snapshot"]).run().succeeds().says("suspicious");
    std::fs::rename(scene.path("b"), scene.path("away")).expect("rename");
    scene.larder(["pin", "--accept", "latest"]).run().succeeds();
    std::fs::rename(scene.path("away"), scene.path("b")).expect("rename");
    assert_eq!(scene.larder(["check"]).run().code(), Some(3));
    scene.larder(["snapshot", "--if-changed"]).run().succeeds().says("unchanged");
    scene.larder(["check"]).run().succeeds();
}

#[test]
fn what_cannot_be_compared_is_suspicious_where_the_one_before_it_is() {
    let scene = scene();
    let recipient = keygen(&scene, "key");
    let take = || snapshot(&scene, &["--encrypt-to", recipient.as_str(), "--strict"]);
    take().succeeds();
    sql(&scene, LOSE);
    assert_eq!(take().code(), Some(3));
    std::fs::remove_file(scene.path(".config/larder/state/app.json")).expect("remove");
    sql(&scene, "update users set name = name || 'x'");
    let run = take();
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("the snapshot before it is suspicious, and row counts cannot be compared");
    std::fs::remove_file(scene.path(".config/larder/state/app.json")).expect("remove");
    assert_eq!(scene.larder(["check"]).run().code(), Some(3));
    // Nor does a check say that all is well of one whose manifest says nothing.
    let manifests = scene.names("backups").into_iter().filter(|name| name.ends_with(".meta.json"));
    let paths = manifests.map(|name| scene.path(format!("backups/{name}")));
    let written =
        |path: &std::path::PathBuf| path.metadata().and_then(|metadata| metadata.modified()).expect("a time");
    let path = paths.max_by_key(written).expect("a manifest");
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    manifest.as_object_mut().expect("an object").remove("comparison");
    std::fs::write(&path, manifest.to_string()).expect("write");
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("the snapshot before it is suspicious"), "{check}");
}

#[test]
fn hooks_are_told_and_json_says_it() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    std::fs::write(
        scene.path("larder.toml"),
        "database = 'app.db'\n[hooks]\nafter = 'printf %s \"$LARDER_SUSPICIOUS\" > told'\n",
    )
    .expect("write");
    sql(&scene, LOSE);
    let json = scene.larder(["snapshot", "--json"]).run().succeeds().json();
    assert_eq!(json["manifest"]["comparison"]["suspicious"], true);
    assert_eq!(json["manifest"]["comparison"]["lost"][0]["was"], 812);
    assert_eq!(std::fs::read_to_string(scene.path("told")).expect("told"), "ciphers: 812 rows, now 3");
}

#[test]
fn rows_of_encrypted_snapshots_are_remembered_in_a_private_file() {
    let scene = scene();
    let recipient = keygen(&scene, "key");
    let take =
        |arguments: &[&str]| snapshot(&scene, &[&["--encrypt-to", recipient.as_str()], arguments].concat());
    take(&[]).succeeds();
    let state = scene.path(".config/larder/state/app.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&state).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
    sql(&scene, LOSE);
    let run = take(&["--strict"]);
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("suspicious: ciphers: 812 rows, now 3");
    for name in scene.names("backups").iter().filter(|name| name.contains(".meta.")) {
        let text = std::fs::read_to_string(scene.path(Path::new("backups").join(name))).expect("read");
        assert!(!text.contains("ciphers"), "{text}");
    }
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("ciphers: 812 rows, now 3"), "{check}");
    // On another machine.
    std::fs::remove_file(&state).expect("remove");
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(
        check.stdout().contains("tables lost many rows, or a requirement is not met (a key shows which)"),
        "{check}"
    );
    let check = scene.larder(["check", "--identity", "key"]).run();
    assert!(check.stdout().contains("ciphers: 812 rows, now 3"), "{check}");
}

#[test]
fn without_what_tells_the_rows_a_check_says_that_they_cannot_be_compared() {
    let scene = scene();
    let recipient = keygen(&scene, "key");
    let take = || snapshot(&scene, &["--encrypt-to", recipient.as_str()]);
    take().succeeds();
    let state = scene.path(".config/larder/state/app.json");
    std::fs::remove_file(&state).expect("remove");
    sql(&scene, LOSE);
    take().succeeds().says("row counts are not compared");
    std::fs::remove_file(&state).expect("remove");
    let check = scene.larder(["check"]).run().succeeds();
    assert!(check.stdout().contains("row counts cannot be compared"), "{check}");
    scene.larder(["check", "--quiet"]).run().succeeds().says("app: row counts cannot be compared");
    assert_eq!(scene.larder(["check", "--json"]).run().json()["checked"][0]["rows_compared"], false);
    let check = scene.larder(["check", "--identity", "key"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("ciphers: 812 rows, now 3"), "{check}");
}

#[test]
fn a_damaged_state_file_is_no_failure() {
    let scene = scene();
    let recipient = keygen(&scene, "key");
    std::fs::create_dir_all(scene.path(".config/larder/state")).expect("a folder");
    std::fs::write(scene.path(".config/larder/state/app.json"), "[").expect("write");
    snapshot(&scene, &["--encrypt-to", recipient.as_str()]).succeeds();
    sql(&scene, LOSE);
    snapshot(&scene, &["--encrypt-to", recipient.as_str()])
        .succeeds()
        .says("suspicious: ciphers: 812 rows, now 3");
}

#[test]
fn manifests_of_before_are_compared_by_a_check() {
    let scene = scene();
    snapshot(&scene, &[]).succeeds();
    sql(&scene, LOSE);
    snapshot(&scene, &[]).succeeds();
    let newest =
        scene.names("backups").into_iter().rfind(|name| name.ends_with(".meta.json")).expect("a manifest");
    let path = scene.path(format!("backups/{newest}"));
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    manifest.as_object_mut().expect("an object").remove("comparison");
    std::fs::write(&path, manifest.to_string()).expect("write");
    let check = scene.larder(["check"]).run();
    assert_eq!(check.code(), Some(3), "{check}");
    assert!(check.stdout().contains("ciphers: 812 rows, now 3"), "{check}");
}

#[test]
fn a_safety_snapshot_is_never_suspicious_and_an_empty_one_that_is_allowed_is_accepted() {
    let scene = scene();
    let good = snapshot(&scene, &[]).succeeds().printed_path();
    sql(&scene, LOSE);
    let run = scene.larder(["restore", &good.to_string_lossy(), "app.db"]).run().succeeds();
    assert!(!run.stderr().contains("suspicious"), "{run}");
    sql(&scene, "delete from ciphers; delete from users");
    snapshot(&scene, &["--strict"]).fails(4);
    snapshot(&scene, &["--strict", "--allow-empty"]).succeeds();
    assert_eq!(kinds(&scene).replace('s', "?").matches('?').count(), 0);
}
