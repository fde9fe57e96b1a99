//! Bugs that were found, each with the test that would have found it.

use super::fixtures::{broken_index, count, fill, numbered};
use super::same::{assert_same, open};
use super::scene::Scene;

/// `VACUUM INTO` took the bytes of its file name for text in the database's own encoding.
#[test]
fn a_utf16_database_is_vacuumed_into_the_file_that_was_meant() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "pragma encoding = 'UTF-16le'; create table t(a); insert into t values ('x')",
    );
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    assert_eq!(scene.names(""), ["app.db", "backups"]);
}

/// The reader began to digest the data at the colon before it, so every document looked edited.
#[test]
fn a_document_that_nobody_touched_is_not_called_changed() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(a); insert into t values ('x')");
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let run = scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert!(!run.stderr().contains("changed"), "{run}");
}

/// `SQLite` had counted the rows of a table with a stored generated column by itself, and the counters came twice.
#[test]
fn a_counted_table_with_a_stored_column_comes_back() {
    for rows in [
        "insert into t(a) values (1), (2); delete from t where id = 2",
        "",
        "insert into t(a) values (1); delete from sqlite_sequence",
    ] {
        let scene = Scene::new();
        let path = scene.path("app.db");
        fill(
            &path,
            &format!("create table t(id integer primary key autoincrement, a, b as (a * 2) stored); {rows}"),
        );
        scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
        scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
        assert_same(&path, &scene.path("new.db"));
    }
}

/// A tree that was not the index of a constraint was ordered by a collation that is not known, in silence.
#[test]
fn nothing_that_is_rebuilt_is_ordered_by_what_is_not_known() {
    // With a single row nothing is compared, unless the schema itself compares or may do so in an expression.
    for (schema, alone) in [
        ("create table t(a text, b); create index i on t(a collate theirs)", 0),
        ("create table t(a text, b); create index i on t(b, (a || 'x') collate theirs desc)", 1),
        ("create table t(a text collate theirs primary key, b) without rowid", 0),
        ("create table t(a text collate theirs, b, unique(b, a))", 0),
        ("create table t(a text, b); create index i on t(a) where a collate theirs < 'b'", 1),
    ] {
        let scene = Scene::new();
        let path = scene.path("app.db");
        fill(&path, &format!("{schema}; insert into t values ('a', 1), ('b', 1)"));
        scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
        let run = scene.larder(["import", "doc.json", "new.db"]).run();
        run.does_a_part().says("needs the collation theirs, which only the application has");
        let new = open(&scene.path("new.db"));
        let sound =
            "select count(*) || (select group_concat(integrity_check) from pragma_integrity_check) from t";
        let sound: String = new.query_row(sound, [], |row| row.get(0)).expect("check");
        assert_eq!(sound, "2ok", "{schema}");
        drop(new);
        std::fs::remove_file(scene.path("new.db")).expect("remove");
        fill(&path, "delete from t where a = 'a'");
        scene.larder(["export", "--full", "app.db", "-o", "one.json"]).run().succeeds();
        let run = scene.larder(["import", "one.json", "new.db"]).run();
        assert_eq!(run.code(), Some(alone), "{schema}: {run}");
        if alone == 0 {
            assert_same(&path, &scene.path("new.db"));
        }
    }
}

/// A table that is made of a query was made.
#[test]
fn the_sql_of_a_document_defines_and_does_nothing_else() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(a); create view v as select a from t");
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let document = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    let edited = document.replace("CREATE TABLE t(a)", "CREATE TABLE t AS SELECT 1 AS a");
    assert_ne!(document, edited);
    std::fs::write(scene.path("doc.json"), edited).expect("write");
    let run = scene.larder(["import", "doc.json", "new.db"]).run().fails(3);
    assert_eq!(scene.names(""), ["app.db", "doc.json"], "{run}");
}

/// A view or a virtual table was overlooked where a database was said to be empty.
#[test]
fn a_database_with_a_view_alone_is_not_empty() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(a)");
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    fill(&scene.path("new.db"), "create view v as select 1");
    scene.larder(["import", "doc.json", "new.db"]).run().fails(1).says("holds something already");
}

/// One manifest that could not be read made every command on the store fail.
#[test]
fn a_manifest_that_cannot_be_read_hides_nothing() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let old = scene.snapshots("backups")[0].clone();
    let bytes = std::fs::read(scene.path(format!("backups/{old}"))).expect("read");
    for (time, manifest) in [("2020-01-01T00-00-00Z", Some("{")), ("2020-01-02T00-00-00Z", None)] {
        std::fs::write(scene.path(format!("backups/app-{time}.db.gz")), &bytes).expect("write");
        let path = scene.path(format!("backups/app-{time}.meta.json"));
        match manifest {
            Some(text) => std::fs::write(path, text).expect("write"),
            None => std::fs::create_dir(path).expect("a folder"),
        }
    }
    let large =
        std::fs::File::create(scene.path("backups/app-2020-01-01T00-00-00Z.meta.json")).expect("create");
    large.set_len(65 << 20).expect("a length");
    let json = scene.larder(["list", "backups", "--json"]).run().succeeds().json();
    assert_eq!(json["snapshots"].as_array().expect("an array").len(), 3);
    scene.larder(["restore", "latest", "new.db", "--app", "app", "--from", "backups"]).run().succeeds();
    scene.larder(["restore", "2020-01-02", "old.db", "--app", "app", "--from", "backups"]).run().succeeds();
    // The snapshot is made; that the large one cannot be read somebody should know.
    let run = scene.larder(["snapshot", "app.db", "--prune", "--keep-last", "9"]).run().does_a_part();
    run.says("its manifest cannot be read");
}

/// Of two files that differ in their compression only, one had the other's manifest.
#[test]
fn a_manifest_is_about_the_file_that_it_describes() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    let path = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let plain = path.with_extension("");
    scene.larder(["snapshot", "app.db", "-o", plain.to_str().expect("UTF-8")]).run().succeeds();
    let json = scene.larder(["list", "backups", "--json"]).run().succeeds().json();
    for entry in json["snapshots"].as_array().expect("an array") {
        assert_eq!(entry["kind"].is_null(), entry["compression"] == "none", "{entry}");
    }
    for file in [&path, &plain] {
        scene.larder(["validate", file.to_str().expect("UTF-8")]).run().succeeds();
    }
    scene.larder(["prune", "backups", "--max-size", "1B", "--yes"]).run().succeeds();
    assert!(path.exists() && !plain.exists(), "the one that was drilled stays");
    assert_eq!(scene.names("backups").iter().filter(|name| name.ends_with(".meta.json")).count(), 1);
}

/// A safety snapshot that is dated in the future, as a wrong clock leaves it, hid all that came later.
#[test]
fn an_undo_does_not_go_back_to_the_future() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from t where id > 3");
    let json = scene.larder(["restore", "latest", "app.db", "--json"]).run().succeeds().json();
    let safety = std::path::PathBuf::from(json["safety_snapshot"].as_str().expect("a path"));
    let name = safety.file_name().expect("a name").to_str().expect("UTF-8").replace(".db.gz", "");
    for end in [".db.gz", ".meta.json"] {
        std::fs::copy(
            safety.with_file_name(format!("{name}{end}")),
            safety.with_file_name(format!("app-2999-01-01T00-00-00Z{end}")),
        )
        .expect("copy");
    }
    fill(&scene.path("app.db"), "delete from t where id > 1");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 1);
}

/// After restoring a database that was not compact, an undo said that somebody had written to it.
#[test]
fn an_undo_says_that_somebody_wrote_only_where_somebody_did() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    numbered(&scene.path("loose.db"), 500);
    fill(&scene.path("loose.db"), "delete from t where id % 3 = 0");
    for snapshot in ["app.db", "loose.db"] {
        numbered(&scene.path(format!("to-{snapshot}")), 9);
        let to = format!("to-{snapshot}");
        scene.larder(["restore", snapshot, &to, "--force"]).run().succeeds();
        let run = scene.larder(["restore", "--undo", &to]).run().succeeds();
        assert!(!run.stderr().contains("was written to"), "{run}");
    }
}

/// Of a table with more columns than one query reads, rows were put together wrongly where rowids have gaps.
#[test]
fn a_wide_table_with_gaps_comes_back() {
    for encoding in ["UTF-8", "UTF-16be"] {
        let scene = Scene::new();
        let columns: Vec<String> = (0..2000).map(|at| format!("c{at}")).collect();
        let values = |row: usize| (0..2000).map(|at| format!("'{row}:{at}é'")).collect::<Vec<_>>().join(",");
        let path = scene.path("app.db");
        fill(&path, &format!("pragma encoding = '{encoding}'; create table w({})", columns.join(",")));
        for row in [1, 2, 50, 51, 7_000_000] {
            fill(
                &path,
                &format!("insert into w(rowid, {}) values ({row}, {})", columns.join(","), values(row)),
            );
        }
        scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
        scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
        assert_same(&path, &scene.path("new.db"));
    }
}

/// A database whose owner may only read it could not be synced in its new place.
#[cfg(unix)]
#[test]
fn a_read_only_database_comes_back_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    let path = scene.path("app.db");
    numbered(&path, 5);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o440)).expect("a mode");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    std::fs::remove_file(&path).expect("remove");
    scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o440);
}

/// A plain database was read as if nobody used it: without what its log holds.
#[test]
fn a_database_in_use_is_validated_with_its_log() {
    let scene = Scene::new();
    let path = scene.path("app.db");
    numbered(&path, 5);
    let user = open(&path);
    user.execute_batch("pragma journal_mode = wal; pragma wal_autocheckpoint = 0; delete from t")
        .expect("write");
    let run = scene.larder(["validate", "app.db"]).run().succeeds();
    assert!(run.stdout().starts_with("app.db: valid"), "{run}");
    assert_eq!(scene.names(""), ["app.db", "app.db-shm", "app.db-wal"]);
}

/// Once a snapshot had been drilled quickly, `--if-changed` never looked more closely.
#[test]
fn if_changed_drills_as_thoroughly_as_it_was_told() {
    let scene = Scene::new();
    broken_index(&scene.path("app.db"));
    scene.larder(["snapshot", "app.db", "--drill", "quick"]).run().succeeds();
    scene.larder(["snapshot", "app.db", "--drill", "quick", "--if-changed"]).run().succeeds();
    scene.larder(["snapshot", "app.db", "--if-changed"]).run().fails(1).says("is damaged");
}

/// A restore that kept nothing left the safety snapshot of an earlier one to be gone back to.
#[test]
fn an_undo_goes_back_one_restore_and_no_further() {
    for keeps_nothing in ["missing", "unkept"] {
        let scene = Scene::new();
        let path = scene.path("app.db");
        numbered(&path, 5);
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        for rows in [2, 1] {
            fill(&path, &format!("delete from t where id > {rows}"));
            scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        }
        if keeps_nothing == "missing" {
            std::fs::remove_file(&path).expect("remove");
            scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        } else {
            scene.larder(["restore", "latest", "app.db", "--no-safety-snapshot", "--yes"]).run().succeeds();
        }
        scene.larder(["restore", "--undo", "app.db"]).run().fails(1).says("nothing to undo");
        assert_eq!(count(&path), 5);
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    }
}

/// A signal that came while a lock was waited for was told as a lock that stayed.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_for_a_lock_with_130() {
    let scene = Scene::new();
    let path = scene.path("app.db");
    numbered(&path, 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let other = open(&path);
    other.execute_batch("begin exclusive").expect("lock");
    for arguments in
        [&["snapshot", "app.db"][..], &["export", "--full", "app.db"], &["restore", "latest", "app.db"]]
    {
        let mut larder = scene.larder(arguments);
        larder.command.args(["--busy-timeout", "60s"]).stdout(std::process::Stdio::null());
        let mut child = larder.command.stderr(std::process::Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(std::time::Duration::from_millis(400));
        let pid = child.id().to_string();
        std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{arguments:?}");
    }
}

/// A table was half made when its collation was found to be missing.
#[test]
fn a_collation_in_a_generated_column_is_no_reason_to_refuse() {
    let scene = Scene::new();
    let path = scene.path("app.db");
    fill(
        &path,
        "create table t(a text, big as (a > 'b' collate theirs)); insert into t(a) values ('a'), ('c')",
    );
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert_same(&path, &scene.path("new.db"));
}

/// An import that waited for its document kept every restore in the folder waiting.
#[test]
fn an_import_that_waits_for_its_document_locks_nothing() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let mut larder = scene.larder(["import", "-", "new.db"]);
    larder.command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut child = larder.command.spawn().expect("it runs");
    std::thread::sleep(std::time::Duration::from_millis(200));
    scene.larder(["restore", "latest", "app.db"]).run_impatiently().succeeds();
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(3), "an empty document");
}

/// The name of a reference hangs on the key of what it refers to: where that is the same table, the search for it never
/// ended.
#[test]
fn rows_that_refer_to_rows_of_their_own_table_by_name_are_exported() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table c(id integer primary key, name text unique not null, parent_id references c);
         insert into c values (1, 'a', null), (2, 'b', 1);
         create table d(id integer primary key, c_id references c unique not null, e_id references e);
         create table e(id integer primary key, d_id references d, k text unique not null)",
    );
    let document = scene.larder(["export", "app.db"]).run().succeeds().json();
    assert_eq!(document["data"]["c"][1]["parent_name"], "a");
}
