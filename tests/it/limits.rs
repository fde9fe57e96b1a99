//! What has no end, or becomes larger than anybody expects: it is stopped, with an error that says so.

use super::fixtures::{fill, numbered};
use super::scene::{Larder, Run, Scene};
use rusqlite::Connection;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any of this takes, and far less than it took.
const SOON: Duration = Duration::from_secs(30);

#[track_caller]
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    done
}

/// A scene with a folder of its own for temporary files.
fn scene() -> Scene {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("tmp")).expect("a folder");
    scene
}

fn larder<'a>(scene: &'a Scene, arguments: &[&str]) -> Larder<'a> {
    scene.larder(arguments).env("TMPDIR", scene.path("tmp"))
}

/// Runs a command whose standard input repeats a text for ever.
#[cfg(unix)]
fn run_with_endless(scene: &Scene, arguments: &[&str], piece: &str) -> Run {
    let mut feeder = Command::new("yes");
    let mut feeder = feeder.arg(piece).stdout(Stdio::piped()).spawn().expect("yes");
    let mut larder = larder(scene, arguments);
    larder.command.stdin(feeder.stdout.take().expect("piped"));
    let run = larder.run();
    let _ = feeder.kill();
    let _ = feeder.wait();
    run
}

/// SQLite lists the columns of views by expanding them: 2 kB of schema kept larder busy for minutes, and deaf to signals.
#[test]
fn views_that_double_are_not_expanded() {
    let scene = scene();
    fill(&scene.path("v.db"), "create table notes(name text primary key); insert into notes values ('a')");
    let db = Connection::open(scene.path("v.db")).expect("open");
    for at in 0..60 {
        let before = if at == 0 { "notes".to_owned() } else { format!("v{}", at - 1) };
        let sql =
            format!("create view v{at} as select name from {before} union all select name from {before}");
        db.execute_batch(&sql).expect("create");
    }
    drop(db);
    soon(|| larder(&scene, &["export", "v.db", "-o", "v.json"]).run().succeeds());
    soon(|| larder(&scene, &["init", "v.db", "--yes", "-o", "v.toml"]).run().succeeds());
    soon(|| larder(&scene, &["export", "--full", "v.db", "-o", "full.json"]).run().succeeds());
    soon(|| larder(&scene, &["snapshot", "v.db"]).run().succeeds());
    soon(|| larder(&scene, &["validate", "full.json", "v.json"]).run().succeeds());
    soon(|| larder(&scene, &["validate", "v.json", "--against", "v.db"]).run().succeeds());
    fill(&scene.path("v.db"), "delete from notes");
    soon(|| larder(&scene, &["import", "v.json", "v.db"]).run().succeeds());
    soon(|| larder(&scene, &["import", "full.json", "new.db"]).run().succeeds());
    soon(|| larder(&scene, &["restore", "latest", "v.db", "--yes"]).run().succeeds());
}

/// It was copied until the disk was full.
#[cfg(target_os = "linux")]
#[test]
fn an_endless_input_that_is_nothing_is_not_copied() {
    let scene = scene();
    let run = soon(|| larder(&scene, &["validate", "/dev/zero"]).run());
    assert_eq!(run.code(), Some(3), "{run}");
    assert!(run.stdout().contains("neither an export nor a database"), "{run}");
    soon(|| larder(&scene, &["restore", "/dev/zero", "new.db"]).run())
        .fails(3)
        .says("neither a SQLite database");
    let run = soon(|| run_with_endless(&scene, &["validate", "-"], "nothing that anybody knows"));
    assert_eq!(run.code(), Some(3), "{run}");
    assert_eq!(scene.names("tmp"), Vec::<String>::new());
    assert_eq!(scene.names(""), ["tmp"]);
}

/// The same of what begins like something that larder knows.
#[cfg(unix)]
#[test]
fn an_endless_input_ends_at_the_limit() {
    let scene = scene();
    numbered(&scene.path("app.db"), 5);
    let export = larder(&scene, &["export", "app.db"]).run().succeeds().stdout();
    let endless = " ".repeat(50);
    for arguments in [
        &["validate", "-", "--max-size", "1MiB"][..],
        &["import", "-", "app.db", "--max-size", "1MiB"],
        &["import", "-", "app.db", "--section", "t", "--max-size", "1MiB"],
        &["convert", "-", "out.json", "--max-size", "1MiB"],
    ] {
        let run = soon(|| run_with_endless(&scene, arguments, &format!("[{endless}")));
        assert_ne!(run.code(), Some(0), "{run}");
    }
    // A document that is larger than the limit, and whole.
    let padded = export.replacen('{', &format!("{{{}", " ".repeat(2 << 20)), 1);
    let run = larder(&scene, &["validate", "-", "--max-size", "1MiB"]).run_with(padded.as_bytes());
    run.fails(3).says("more than 1.0 MiB come through it").says("--max-size SIZE lets more in");
    let run = larder(&scene, &["import", "-", "app.db", "--max-size", "1MiB"]).run_with(padded.as_bytes());
    run.fails(3).says("more than 1.0 MiB come through it");
    larder(&scene, &["validate", "-", "--max-size", "3MiB"]).run_with(padded.as_bytes()).succeeds();
    larder(&scene, &["import", "-", "app.db"]).run_with(padded.as_bytes()).succeeds();
    let database = std::fs::read(scene.path("app.db")).expect("read");
    let run = larder(&scene, &["restore", "-", "new.db", "--max-size", "4kB"]).run_with(&database);
    run.fails(3).says("come through it");
    larder(&scene, &["restore", "-", "new.db"]).run_with(&database).succeeds();
    assert_eq!(scene.names("tmp"), Vec::<String>::new());
}

/// A CHECK of a hundred bytes made a gibibyte for the only row of a snapshot.
#[cfg(target_os = "linux")]
#[test]
fn expressions_of_a_snapshots_schema_do_not_fill_the_memory() {
    let scene = scene();
    fill(
        &scene.path("c.db"),
        "create table t(a, check(length(hex(zeroblob(490000000))) > 0)); pragma ignore_check_constraints = 1;
         insert into t values (1)",
    );
    let script = format!("ulimit -v 1000000; exec {} validate c.db", env!("CARGO_BIN_EXE_larder"));
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(scene.path("")).output().expect("a shell");
    let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{printed}{said}");
    assert!(printed.contains("not checked: t: string or blob too big"), "{printed}{said}");
}

/// It filled the disk.
#[test]
fn a_trigger_that_inserts_without_end_is_stopped() {
    let scene = scene();
    let schema = "create table notes(name text primary key, body text); create table log(what blob)";
    fill(&scene.path("app.db"), schema);
    fill(&scene.path("app.db"), "insert into notes values ('a', 'b')");
    larder(&scene, &["export", "app.db", "--only", "notes", "-o", "doc.json"]).run().succeeds();
    fill(
        &scene.path("app.db"),
        "delete from notes; create trigger endless after insert on notes begin
           insert into log with recursive n(i) as (select 1 union all select i + 1 from n) select zeroblob(1000000) from n;
         end",
    );
    let before = std::fs::read(scene.path("app.db")).expect("read");
    let size = before.len();
    std::fs::write(scene.path("rows.csv"), "name,body\nx,y\n").expect("write");
    for arguments in [
        &["import", "doc.json", "app.db", "--no-safety-snapshot"][..],
        &["import", "doc.json", "app.db", "--dry-run"],
        &["import", "rows.csv", "app.db", "--section", "notes", "--no-safety-snapshot"],
    ] {
        let run = larder(&scene, arguments).run();
        let run = run
            .fails(1)
            .says("the database would grow by more than")
            .says("a trigger of the database may have no end");
        let now = std::fs::metadata(scene.path("app.db")).expect("there").len();
        assert_eq!(now, size as u64, "{run}");
    }
    assert_eq!(scene.names("tmp"), Vec::<String>::new());
    larder(&scene, &["import", "doc.json", "app.db", "--triggers", "off"]).run().succeeds();
}
