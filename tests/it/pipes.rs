//! Standard streams and other pipes, and who is at their other end.

use super::fixtures::{count, fill, numbered};
use super::same::assert_same;
use super::scene::Scene;
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::Duration;

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["snapshot", "app.db", "-o", "app.db.gz"]).run().succeeds();
    scene
}

#[test]
fn a_dash_is_the_standard_output_or_input() {
    let scene = scene();
    let document = scene.larder(["export", "--full", "app.db", "-o", "-"]).run().succeeds().stdout();
    scene.larder(["import", "-", "piped.db"]).run_with(document.as_bytes()).succeeds();
    assert_same(&scene.path("app.db"), &scene.path("piped.db"));
    let snapshot = std::fs::read(scene.path("app.db.gz")).expect("read");
    let run = scene.larder(["validate", "-"]).run_with(&snapshot).succeeds();
    assert!(run.stdout().starts_with("standard input: valid"), "{run}");
    assert_eq!(scene.larder(["validate", "-"]).run_with(&snapshot[..100]).code(), Some(3));
    let run = scene.larder(["restore", "-", "restored.db"]).run_with(&snapshot).succeeds();
    let run = run.says("restored standard input to");
    assert_eq!(count(&scene.path("restored.db")), 5, "{run}");
    scene
        .larder(["restore", "-", "other.db"])
        .run_with(b"no snapshot")
        .fails(3)
        .says("neither a SQLite database");
    scene.larder(["snapshot", "app.db", "-o", "-"]).run().fails(2).says("cannot go to the standard output");
    let names = ["app.db", "app.db.gz", "doc.json", "piped.db", "restored.db"];
    assert_eq!(scene.names(""), names);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_like_a_file() {
    let scene = scene();
    for (make, argument) in [("doc.json", "import"), ("app.db.gz", "restore")] {
        let script = format!(
            "mkfifo pipe && (cat {make} > pipe &) && {} {argument} pipe {argument}ed.db && rm pipe",
            env!("CARGO_BIN_EXE_larder")
        );
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(scene.path(""))
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(count(&scene.path(format!("{argument}ed.db"))), 5);
    }
}

/// What could not be written was not noticed where it was small enough to wait in a buffer.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_an_error() {
    let scene = scene();
    for arguments in [&["export", "--full", "app.db"][..], &["snapshot", "app.db"], &["list", "backups"]] {
        let mut larder = scene.larder(arguments);
        larder.command.stdout(std::fs::File::options().write(true).open("/dev/full").expect("open"));
        let output = larder.command.stderr(Stdio::piped()).spawn().expect("it runs").wait_with_output();
        let output = output.expect("it ends");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("cannot write to the standard output"), "{said}");
    }
}

#[cfg(unix)]
fn terminate(child: &mut Child) -> Option<i32> {
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
    assert!(sent.success());
    super::ends::wait_for(child)
}

/// A read or a write that waits was not ended by the first signal.
#[cfg(unix)]
#[test]
fn a_signal_ends_what_waits_for_the_other_end_of_a_pipe() {
    let scene = scene();
    numbered(&scene.path("large.db"), 100_000);
    let mut larder = scene.larder(["export", "--full", "large.db"]);
    let mut child = larder.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let mut output = child.stdout.take().expect("piped");
    output.read_exact(&mut [0; 100]).expect("a beginning");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(terminate(&mut child), Some(130));
    for arguments in [["import", "-", "new.db"], ["restore", "-", "new.db"]] {
        let mut larder = scene.larder(arguments);
        let mut child = larder.command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let _input = child.stdin.take().expect("piped");
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(terminate(&mut child), Some(130), "{arguments:?}");
    }
    assert_eq!(scene.names(""), ["app.db", "app.db.gz", "doc.json", "large.db"]);
}

/// Some editors put a byte order mark before what they save.
#[test]
fn a_document_with_a_byte_order_mark_is_one() {
    let scene = scene();
    let document = std::fs::read(scene.path("doc.json")).expect("read");
    std::fs::write(scene.path("marked.json"), [b"\xef\xbb\xbf", &document[..]].concat()).expect("write");
    let run = scene.larder(["import", "marked.json", "new.db"]).run().succeeds();
    assert!(!run.stderr().contains("changed"), "{run}");
    assert_same(&scene.path("app.db"), &scene.path("new.db"));
}

/// It would have been taken for a part of a database at its next opening.
#[test]
fn nothing_is_written_to_the_name_of_a_sidecar() {
    let scene = scene();
    fill(&scene.path("other.db"), "create table t(a)");
    for output in ["app.db-wal", "app.db-journal", "other.db-wal"] {
        scene
            .larder(["export", "--full", "app.db", "-o", output])
            .run()
            .fails(2)
            .says("for a part of the database");
        scene
            .larder(["snapshot", "app.db", "--force", "-o", output])
            .run()
            .fails(2)
            .says("for a part of the database");
    }
    scene
        .larder(["export", "--full", "app.db", "-o", "/dev/null", "--force"])
        .run()
        .fails(2)
        .says("no ordinary file");
}
