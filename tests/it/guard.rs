//! `larder guard`

use super::fixtures::{count, fill, numbered};
use super::scene::{Run, Scene};

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 20);
    scene
}

/// Guards a command of the shell.
fn guard(scene: &Scene, options: &[&str], command: &str) -> Run {
    scene.larder([&["guard", "app.db"], options, &["--", "/bin/sh", "-c", command]].concat()).run()
}

const SQLITE: &str = "sqlite3 \"$LARDER_DATABASE\"";

#[test]
fn what_a_command_changed_is_told_and_how_to_undo_it() {
    let scene = scene();
    let run =
        guard(&scene, &[], &format!("{SQLITE} 'delete from t where id <= 3; create table u(a)'; echo done"));
    let run = run.succeeds().says("what is there is kept in ").says("t: 3 gone").says("table u: new");
    assert_eq!(run.stdout(), "done\n", "{run}");
    assert_eq!(count(&scene.path("app.db")), 17, "it is told and not undone");
    let undo = run
        .stderr()
        .lines()
        .find_map(|line| Some(line.split_once("to undo: ")?.1.to_owned()))
        .expect("the undo");
    let undo: Vec<&str> = undo.split(' ').skip(1).collect();
    scene.larder(undo).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 20);
    guard(&scene, &[], "test -f \"$LARDER_SNAPSHOT\"").succeeds().says("nothing differs");
}

#[test]
fn the_exit_code_is_the_commands_own() {
    let scene = scene();
    for code in [1, 3, 4, 77, 130] {
        let run = guard(&scene, &[], &format!("exit {code}"));
        assert_eq!(run.code(), Some(code), "{run}");
        run.says(&format!("the command failed with exit code {code}")).says("to undo: larder restore ");
    }
    let run = guard(&scene, &["--quiet"], "kill -9 $$");
    assert_eq!(run.code(), Some(137), "{run}");
    run.says("to undo: larder restore ");
    let run = scene.larder(["guard", "app.db", "--", "./no-such-command"]).run();
    assert_eq!(run.code(), Some(127), "{run}");
    run.says("cannot run ./no-such-command");
    let run = scene.larder(["guard", "app.db", "--", "./app.db"]).run();
    assert_eq!(run.code(), Some(126), "{run}");
}

#[test]
fn where_larder_fails_before_the_command_it_is_not_run_and_the_code_is_125() {
    let scene = scene();
    std::fs::write(scene.path("broken.db"), "this is no database, whatever its name says").expect("write");
    for arguments in [
        &["guard", "gone.db", "--", "touch", "ran"][..],
        &["guard", "broken.db", "--", "touch", "ran"],
        &["guard", "app.db"],
        &["guard", "app.db", "--no-such-option", "--", "touch", "ran"],
        &["--config", "larder.toml", "guard", "--no-such-option"],
        &["--busy-timeout", "1s", "--quiet", "guard", "app.db"],
    ] {
        scene.larder(arguments).run().fails(125);
    }
    assert!(!scene.path("ran").exists());
    scene.larder(["--config", "guard", "check", "--no-such-option"]).run().fails(2);
}

#[test]
fn a_failed_command_is_undone_where_that_is_wanted() {
    let scene = scene();
    let command = format!("{SQLITE} 'delete from t'; exit 7");
    let run = guard(&scene, &["--undo-on-failure"], &command);
    assert_eq!(run.code(), Some(7), "{run}");
    run.says("app.db is what it was before the command").says("what the command left is kept in");
    assert_eq!(count(&scene.path("app.db")), 20);
    scene.larder(["restore", "--undo", "app.db"]).run().succeeds();
    assert_eq!(count(&scene.path("app.db")), 0);
    guard(&scene, &["--undo-on-failure"], &format!("{SQLITE} 'insert into t(id) values (1)'")).succeeds();
    assert_eq!(count(&scene.path("app.db")), 1, "it did not fail");
}

#[test]
fn what_cannot_be_compared_has_failed_and_the_way_back_is_said_in_any_case() {
    let scene = scene();
    for (command, code) in [("exit 7", 7), ("exit 0", 3)] {
        let folder = format!("rm app.db; mkdir app.db; {command}");
        let run = guard(&scene, &["--undo-on-failure"], &folder);
        assert_eq!(run.code(), Some(code), "{run}");
        let run = run.says("it is not undone: ").says("to undo: larder restore ");
        if code == 7 {
            run.says("the command failed with exit code 7");
        }
        std::fs::remove_dir(scene.path("app.db")).expect("remove");
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
        let json = guard(&scene, &["--undo-on-failure", "--json"], &folder).json();
        assert_eq!(json["undone"], false);
        assert_ne!(json["failures"], serde_json::json!([]));
        assert!(json["undo"].as_str().is_some_and(|undo| undo.starts_with("larder restore ")), "{json}");
        std::fs::remove_dir(scene.path("app.db")).expect("remove");
        scene.larder(["restore", "latest", "app.db"]).run().succeeds();
    }
    // A name says nothing of what is in it.
    std::fs::rename(scene.path("app.db"), scene.path("damaged.db")).expect("rename");
    fill(&scene.path("damaged.db"), "create table p(id integer primary key); create table c(p references p)");
    let command = format!("{SQLITE} 'insert into c values (1)'");
    let run = scene.larder(["guard", "damaged.db", "--", "/bin/sh", "-c", &command]).run();
    assert_eq!(run.code(), Some(3), "{run}");
    run.says("rows with a foreign key that leads nowhere: 1").says("c: 1 new");
}

#[test]
fn damage_lost_parents_and_what_is_required_are_failures() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "create table p(id integer primary key); insert into p values (1);
         create table c(p references p); insert into c values (1)",
    );
    std::fs::write(
        scene.path("larder.toml"),
        "database = 'app.db'\n[check]\nrequire = ['select count(*) > 5 from t']\n",
    )
    .expect("write");
    let failing = |command: &str, says: &str| {
        let run = guard(&scene, &["--undo-on-failure"], command);
        assert_eq!(run.code(), Some(3), "{run}");
        run.says(says).says("app.db is what it was before the command");
        assert_eq!(count(&scene.path("app.db")), 20);
    };
    failing(
        &format!("{SQLITE} 'pragma foreign_keys = off; delete from p'"),
        "rows with a foreign key that leads nowhere: 1, and 0 before, as in c to p",
    );
    failing(
        &format!("{SQLITE} 'delete from t where id > 2'"),
        "required, and not so: select count(*) > 5 from t: 0",
    );
    failing("rm \"$LARDER_DATABASE\"", "app.db is gone");
    failing("head -c 5000 /dev/zero | tr '\\0' x > \"$LARDER_DATABASE\"", "app.db");
}

#[test]
fn json_is_on_the_standard_output_and_what_the_command_prints_is_not() {
    let scene = scene();
    let run = guard(&scene, &["--json"], &format!("echo hello; {SQLITE} 'delete from t where id = 1'"));
    let json = run.succeeds().says("hello").json();
    assert_eq!(json["command"]["code"], 0);
    assert_eq!(json["differences"]["sections"]["t"]["gone"], 1);
    assert_eq!((&json["undone"], &json["failures"]), (&false.into(), &serde_json::json!([])));
}

#[cfg(unix)]
#[test]
fn a_signal_is_the_commands_and_larder_compares_afterwards() {
    let scene = scene();
    for (signal, code) in [("INT", 9), ("TERM", 9), ("HUP", 9)] {
        // It tells when it is ready, and takes its time to end.
        let command = format!("trap 'sleep 0.3; exit 9' {signal}; touch ready; while :; do sleep 0.05; done");
        let mut larder = scene.larder(["guard", "app.db", "--", "/bin/sh", "-c", &command]);
        let child = larder
            .command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        while !scene.path("ready").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::fs::remove_file(scene.path("ready")).expect("remove");
        let id = child.id().to_string();
        let kill =
            std::process::Command::new("kill").args([&format!("-{signal}"), &id]).status().expect("kill");
        assert!(kill.success());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{signal}: {said}");
        assert!(said.contains("nothing differs") && said.contains("to undo: "), "{signal}: {said}");
    }
}
