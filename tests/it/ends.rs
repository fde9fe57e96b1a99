//! How larder ends: what a signal, a limit of the system or a closed output leaves, and whom it waits for.

#![cfg(unix)]

use super::fixtures::{count, fill, numbered};
use super::scene::Scene;
use rusqlite::Connection;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const NOBODY: u32 = 65534;

fn scene() -> Scene {
    let scene = Scene::new();
    std::fs::create_dir(scene.path("tmp")).expect("a folder");
    scene
}

/// Runs a script of the shell, in which `larder` is the command.
fn shell(scene: &Scene, script: &str) -> Output {
    let larder = env!("CARGO_BIN_EXE_larder");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("larder() {{ \"{larder}\" \"$@\"; }}; {script}")]);
    command.current_dir(scene.path("")).env("HOME", scene.path("")).env("TMPDIR", scene.path("tmp"));
    command.stdin(Stdio::null()).output().expect("a shell")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The document went nowhere, and that was success.
#[cfg(target_os = "linux")]
#[test]
fn a_document_needs_an_output() {
    let scene = scene();
    numbered(&scene.path("app.db"), 5);
    for arguments in
        ["export app.db", "export --full app.db", "keygen", "completions bash", "init app.db --yes -o -"]
    {
        let output = shell(&scene, &format!("larder {arguments} >&-"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments}: {said}");
        assert!(said.contains("the standard output is closed"), "{arguments}: {said}");
        assert!(shell(&scene, &format!("larder {arguments} > /dev/null")).status.success(), "{arguments}");
    }
    // What is done is done, whoever hears of it.
    for arguments in ["snapshot app.db", "validate app.db", "export app.db -o app.json"] {
        assert!(shell(&scene, &format!("larder {arguments} >&-")).status.success(), "{arguments}");
    }
}

/// The signal ended the process, which left its scratch folder, and a journal that has to be rolled back.
#[test]
fn the_limit_of_the_size_of_files_is_an_error() {
    let scene = scene();
    numbered(&scene.path("app.db"), 20_000);
    numbered(&scene.path("small.db"), 5);
    fill(&scene.path("small.db"), "create table large(a); insert into large values (randomblob(300000))");
    shell(&scene, "larder snapshot app.db -o app.db.gz");
    let names = ["app.db", "app.db.gz", "small.db", "tmp"];
    for arguments in [
        "snapshot app.db",
        "snapshot app.db -o other.db",
        "export --full app.db -o app.json",
        "restore app.db.gz small.db --no-safety-snapshot --force --yes",
        "restore app.db.gz new.db",
    ] {
        let output = shell(&scene, &format!("ulimit -f 60; larder {arguments}"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments}: {said}");
        let _ = std::fs::remove_dir(scene.path("backups"));
        let left: Vec<String> = scene.names("").into_iter().filter(|name| name != "backups").collect();
        assert_eq!(left, names, "{arguments}: {said}");
        assert_eq!(scene.names("tmp"), Vec::<String>::new(), "{arguments}");
        // A store that was made for it stays one.
        let is_of_store = |name: &String| name == ".larder.lock" || name == ".larder-store";
        assert!(scene.names("backups").iter().all(is_of_store), "{arguments}");
    }
    assert_eq!(count(&scene.path("small.db")), 5);
}

pub fn wait_for(child: &mut Child) -> Option<i32> {
    for _ in 0..200 {
        if let Some(status) = child.try_wait().expect("a status") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it is killed");
    panic!("it did not stop");
}

#[test]
fn signals_that_end_a_process_leave_nothing() {
    for signal in ["-QUIT", "-TERM", "-INT", "-HUP", "-XCPU"] {
        let scene = scene();
        numbered(&scene.path("large.db"), 100_000);
        let mut larder = scene.larder(["export", "--full", "large.db"]).env("TMPDIR", scene.path("tmp"));
        let mut child = larder.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut output = child.stdout.take().expect("piped");
        output.read_exact(&mut [0; 100]).expect("a beginning");
        assert_ne!(scene.names("tmp"), Vec::<String>::new(), "it works on a copy");
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        assert_eq!(wait_for(&mut child), Some(130), "{signal}");
        assert_eq!(scene.names("tmp"), Vec::<String>::new(), "{signal}");
    }
}

/// Everybody who may read a folder could keep every restore in it from being done.
#[cfg(target_os = "linux")]
#[test]
fn the_lock_of_a_stranger_is_not_waited_for() {
    if !is_root() || Command::new("flock").arg("--version").output().is_err() {
        println!("skipped: only root can be somebody else, and flock is needed");
        return;
    }
    let scene = scene();
    std::fs::set_permissions(scene.path(""), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("chmod");
    numbered(&scene.path("app.db"), 5);
    let settings = "database = 'app.db'\n[hooks]\nbefore = 'true'\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["snapshot"]).run().succeeds();
    let hold = |file: &str, user: u32| {
        let mut command = Command::new("flock");
        command.arg(scene.path(file)).args(["-c", "echo held; exec sleep 60"]).uid(user).gid(user);
        let mut child = command.stdout(Stdio::piped()).process_group(0).spawn().expect("flock");
        child.stdout.take().expect("piped").read_exact(&mut [0; 5]).expect("it is held");
        child
    };
    let release = |mut child: Child| {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = child.wait();
    };
    let restore = ["restore", "latest", "app.db", "--yes"];
    for (file, arguments) in [("", &restore[..]), ("larder.toml", &["snapshot"])] {
        let held = hold(file, NOBODY);
        let run = scene.larder(arguments).run_impatiently();
        release(held);
        run.succeeds();
        // The same lock of somebody who may write there is another larder's.
        let held = hold(file, 0);
        let run = scene.larder(arguments).run_impatiently();
        release(held);
        run.fails(5).says("another larder");
    }
}

/// SQLite opened it for reading although the access allows to write, and left what it made beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_source_that_may_only_grow_is_left_as_it_is() {
    let scene = scene();
    let path = scene.path("app.db");
    numbered(&path, 7);
    Connection::open(&path).and_then(|db| db.execute_batch("pragma journal_mode = wal")).expect("WAL");
    let chattr = |how: &str, path: &std::path::Path| {
        Command::new("chattr")
            .arg(how)
            .arg(path)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|done| done.success())
    };
    for (how, on) in [("a", &path), ("i", &path), ("a", &scene.path(""))] {
        if !is_root() || !chattr(&format!("+{how}"), on) {
            println!("skipped: only root can do so, on some file systems");
            return;
        }
        let run = scene.larder(["export", "--full", "app.db"]).env("TMPDIR", scene.path("tmp")).run();
        let names = scene.names("");
        assert!(chattr(&format!("-{how}"), on));
        run.succeeds();
        assert_eq!(names, ["app.db", "tmp"], "+{how} {}", on.display());
    }
}
