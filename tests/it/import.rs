//! `larder export --full` and `larder import`

use super::fixtures::{count, fill, numbered, wide};
use super::same::{assert_same, open};
use super::scene::Scene;
use std::io::Read;

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 50);
    fill(&scene.path("app.db"), "pragma journal_mode = wal; create table u(x); insert into u values ('only here'); create view v as select * from u;
        create table logged(a); create trigger on_u insert on u begin insert into logged values (1); end");
    scene
}

#[test]
fn to_a_file_to_a_pipe_and_compressed_it_is_the_same_document() {
    let scene = scene();
    let plain = scene.larder(["export", "--full", "app.db"]).run().succeeds().says("51 rows").stdout();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json.gz"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json.zst"]).run().succeeds();
    let data = |text: &str| text[text.find("\"data\"").expect("data")..].to_owned();
    let read = |name: &str| std::fs::read(scene.path(name)).expect("read");
    let mut unzipped = String::new();
    flate2::read::GzDecoder::new(&read("doc.json.gz")[..]).read_to_string(&mut unzipped).expect("gzip");
    let document = String::from_utf8(read("doc.json")).expect("UTF-8");
    assert_eq!(data(&plain), data(&document));
    assert_eq!(data(&unzipped), data(&document));
    for (at, name) in ["doc.json", "doc.json.gz", "doc.json.zst"].into_iter().enumerate() {
        // Recognised by its content, whatever its name.
        std::fs::rename(scene.path(name), scene.path("some.file")).expect("rename");
        scene.larder(["import", "some.file", &format!("new{at}.db")]).run().succeeds();
        assert_same(&scene.path("app.db"), &scene.path(format!("new{at}.db")));
    }
    scene.larder(["import", "-", "piped.db"]).run_with(plain.as_bytes()).succeeds();
    assert_same(&scene.path("app.db"), &scene.path("piped.db"));
}

#[test]
fn two_exports_of_the_same_data_differ_in_their_time_only() {
    let scene = scene();
    let export = || {
        let text = scene.larder(["export", "--full", "app.db"]).run().succeeds().stdout();
        text.lines().filter(|line| !line.contains("\"exported_at\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = export();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(first, export());
}

#[test]
fn json_tells_the_file_and_the_rows() {
    let scene = scene();
    let json =
        scene.larder(["export", "--full", "app.db", "-o", "doc.json", "--json"]).run().succeeds().json();
    assert_eq!(json["items"]["t"], 50);
    assert!(json["file"].as_str().expect("a path").ends_with("/doc.json"));
    let json = scene.larder(["import", "doc.json", "new.db", "--json"]).run().succeeds().json();
    assert_eq!(json["dry_run"], false);
    assert_eq!(json["sections"]["t"]["new"], 50);
    assert_eq!(json["sections"]["t"]["overwritten"], 0);
    assert_eq!(json["problems"], serde_json::json!([]));
    assert!(json["undo"].is_null());
    scene
        .larder(["export", "--full", "app.db", "--json"])
        .run()
        .says("cannot both go to the standard output");
}

#[test]
fn a_part_of_the_tables_is_chosen_on_either_side() {
    let scene = scene();
    let names = |file: &str| {
        let db = open(&scene.path(file));
        let mut statement = db.prepare("select name from sqlite_schema order by name").expect("schema");
        let names =
            statement.query_map([], |row| row.get::<_, String>(0)).expect("schema").map(Result::unwrap);
        names.collect::<Vec<_>>()
    };
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "--only", "u,v", "-o", "part.json"]).run().succeeds();
    scene.larder(["import", "part.json", "a.db"]).run().succeeds();
    assert_eq!(names("a.db"), ["on_u", "u", "v"]);
    scene.larder(["import", "doc.json", "b.db", "--only", "T"]).run().succeeds();
    assert_eq!(names("b.db"), ["by_amount", "sqlite_autoindex_t_1", "t"]);
    assert_eq!(count(&scene.path("b.db")), 50);
    scene.larder(["import", "doc.json", "c.db", "--exclude", "t", "--exclude", "v"]).run().succeeds();
    assert_eq!(names("c.db"), ["logged", "on_u", "u"]);
    scene
        .larder(["export", "--full", "app.db", "--only", "tt"])
        .run()
        .fails(2)
        .says("there is no table \"tt\"")
        .says("did you mean \"t\"?");
}

#[test]
fn sequences_and_statistics_follow_the_tables_that_are_chosen() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "
        create table a(id integer primary key autoincrement, x); insert into a(x) values (1), (2); create index i on a(x);
        create table b(id integer primary key autoincrement); insert into b values (9); analyze");
    scene.larder(["export", "--full", "app.db", "--only", "b", "-o", "doc.json"]).run().succeeds();
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    let db = open(&scene.path("new.db"));
    let rows: Vec<(String, i64)> = db
        .prepare("select name, seq from sqlite_sequence")
        .expect("sequences")
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("query")
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows, [("b".to_owned(), 9)]);
    let statistics: i64 = db
        .query_row("select count(*) from sqlite_stat1 where tbl <> 'b'", [], |row| row.get(0))
        .expect("statistics");
    assert_eq!(statistics, 0);
}

#[test]
fn it_comes_into_an_empty_database_that_somebody_has_open() {
    let scene = scene();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    std::fs::write(scene.path("zero.db"), "").expect("write");
    scene.larder(["import", "doc.json", "zero.db"]).run().succeeds();
    assert_same(&scene.path("app.db"), &scene.path("zero.db"));
    let path = scene.path("empty.db");
    fill(&path, "pragma page_size = 1024; pragma journal_mode = wal; create table x(a); drop table x");
    let user = open(&path);
    scene.larder(["import", "doc.json", "empty.db"]).run().succeeds();
    let rows: u32 = user.query_row("select count(*) from t", [], |row| row.get(0)).expect("it sees the rows");
    assert_eq!(rows, 50);
    drop(user);
    assert_same(&scene.path("app.db"), &path);
}

#[test]
fn a_database_with_tables_is_left_as_it_is() {
    let scene = scene();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    numbered(&scene.path("other.db"), 3);
    scene.larder(["import", "doc.json", "other.db"]).run().fails(1).says("holds something already");
    assert_eq!(count(&scene.path("other.db")), 3);
    std::fs::write(scene.path("text.db"), "no database").expect("write");
    scene.larder(["import", "doc.json", "text.db"]).run().fails(1).says("is there and is no database");
    scene.larder(["import", "doc.json", "doc.json"]).run().fails(2).says("is the document itself");
    std::fs::write(scene.path("gone.db-wal"), "an old log").expect("write");
    scene
        .larder(["import", "doc.json", "gone.db"])
        .run()
        .fails(1)
        .says("what is left of an earlier database");
    assert!(!scene.path("gone.db").exists());
}

#[test]
fn a_dry_run_reads_everything_and_changes_nothing() {
    let scene = scene();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let json = scene.larder(["import", "doc.json", "new.db", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!(
        (&json["dry_run"], &json["sections"]["t"]["new"]),
        (&serde_json::json!(true), &serde_json::json!(50))
    );
    assert!(!scene.path("new.db").exists());
    assert_eq!(scene.names("").iter().filter(|name| name.starts_with('.')).count(), 0);
}

#[test]
fn a_document_that_is_wrong_is_refused_with_its_place_and_leaves_nothing() {
    let scene = scene();
    let document = scene.larder(["export", "--full", "app.db"]).run().succeeds().stdout();
    let line = document.lines().position(|line| line.contains("\"name 7\"")).expect("a line") + 1;
    for (from, to, message) in [
        ("\"name 7\"", "\"name 7", format!("doc.json:{line}:")),
        ("\"name 7\"", "true", format!("doc.json:{line}:")),
        ("{\"id\": 7, ", "{\"id\": 6, ", format!("data.t[6] on line {line}")),
        ("\"name 7\"", "\"name 6\"", "UNIQUE constraint failed: t.name".to_owned()),
        (
            "CREATE TABLE u(x)",
            "CREATE TABLE u(y)",
            "metadata.sections.u: its columns are not those of the table, which are y".to_owned(),
        ),
        ("CREATE TABLE u(x)", "CREATE TABLE u(x", "cannot make the table u".to_owned()),
        ("CREATE TABLE u(x)", "ATTACH 'x' AS u", "the SQL of the table u makes something else".to_owned()),
        ("CREATE TABLE u(x)", "CREATE TABLE w(x)", "the SQL of the table u makes something else".to_owned()),
        ("CREATE TABLE u(x)", "CREATE TABLE u(x); ATTACH 'stolen.db' AS s", "not authorized".to_owned()),
        ("\"u\": [", "\"uu\": [", "the document's schema has no such table".to_owned()),
        ("\"page_size\": 4096", "\"page_size\": 4097", "4097 is no page size".to_owned()),
        (
            "\"encoding\": \"UTF-8\"",
            "\"encoding\": \"'; ATTACH 'x\"",
            "no such auto_vacuum or encoding".to_owned(),
        ),
        ("\"mode\": \"full\"", "\"mode\": \"condensed\"", "there is no database at".to_owned()),
        ("\"version\": 2", "\"version\": 9", "use a newer larder".to_owned()),
    ] {
        assert!(document.contains(from), "{from}");
        std::fs::write(scene.path("doc.json"), document.replacen(from, to, 1)).expect("write");
        let run = scene.larder(["import", "doc.json", "new.db"]).run();
        assert!(matches!(run.code(), Some(1..=3)), "{from} {to} {run}");
        let said = run.stderr().to_lowercase();
        assert!(said.contains(&message.to_lowercase()), "{message}: {run}");
        assert_eq!(scene.names(""), ["app.db", "doc.json"], "{from} {to}");
    }
}

#[test]
fn an_edited_document_is_imported_with_a_warning() {
    let scene = scene();
    let document = scene.larder(["export", "--full", "app.db"]).run().succeeds().stdout();
    std::fs::write(scene.path("doc.json"), document.replace("only here", "edited")).expect("write");
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds().says("was changed after it was written");
    let text: String =
        open(&scene.path("new.db")).query_row("select x from u", [], |row| row.get(0)).expect("a row");
    assert_eq!(text, "edited");
}

#[test]
fn what_is_no_document_is_said_to_be_what_it_is() {
    let scene = scene();
    let snapshot = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    // A database and a snapshot come into one that is there.
    let snapshot = snapshot.to_str().expect("UTF-8");
    for source in [snapshot, "app.db"] {
        let refused = scene.larder(["import", source, "new.db"]).run().fails(1);
        refused.says("there is no database at new.db").says("larder restore");
    }
    for (content, message) in [
        (&b""[..], "is empty"),
        (b"some text", "is no export"),
        (b"\x1f\x8b\x08 broken", "cannot be read"),
        (b"[]", "an object with metadata"),
    ] {
        std::fs::write(scene.path("file"), content).expect("write");
        scene.larder(["import", "file", "new.db"]).run().fails(3).says(message);
    }
    scene.larder(["import", "none.json", "new.db"]).run().fails(1).says("there is no file none.json");
    assert!(!scene.path("new.db").exists());
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 100_000);
    let mut larder = scene.larder(["export", "--full", "app.db"]);
    let mut child = larder
        .command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut first = [0; 100];
    child.stdout.take().expect("piped").read_exact(&mut first).expect("a beginning");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_pipe_that_nobody_reads_does_not_hold_the_database() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 100_000);
    let mut larder = scene.larder(["export", "--full", "app.db"]);
    let mut child = larder.command.stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut first = [0; 100];
    let mut output = child.stdout.take().expect("piped");
    output.read_exact(&mut first).expect("a beginning");
    // The export has begun and waits for its reader; a writer must not.
    fill(&scene.path("app.db"), "insert into t values (200000, 'written meanwhile', 0)");
    std::io::copy(&mut output, &mut std::io::sink()).expect("the rest");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn two_thousand_columns() {
    let scene = Scene::new();
    wide(&scene.path("app.db"));
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert_same(&scene.path("app.db"), &scene.path("new.db"));
}

#[test]
fn what_is_ordered_as_only_the_application_knows_comes_without_its_constraint() {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "
        create table ordered(a text collate theirs unique); insert into ordered values ('a'), ('b');
        create table plain(a text collate theirs, b); insert into plain values ('a', 1), ('b', 2);
        create table computed(a, b as (theirs(a)), check (theirs(a) > 0)); insert into computed(a) values (1), (2)");
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    let run = scene.larder(["import", "doc.json", "new.db"]).run();
    run.does_a_part().says("UNIQUE (a) of ordered needs the collation theirs").says("CREATE UNIQUE INDEX");
    scene.larder(["import", "doc.json", "rest.db", "--exclude", "ordered"]).run().succeeds();
    for (name, query) in [
        ("new.db", "select sum(b) + (select count(*) from ordered) from computed"),
        ("rest.db", "select sum(b) + 2 from computed"),
    ] {
        let rows: i64 = open(&scene.path(name)).query_row(query, [], |row| row.get(0)).expect("rows");
        assert_eq!(rows, 8, "{name}");
    }
}
