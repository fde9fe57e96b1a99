//! On a real terminal: questions, and signals while they wait.

use super::fixtures::numbered;
use super::scene::Scene;
use rexpect::process::{Signal, WaitStatus};
use rexpect::session::{PtySession, spawn_command};
use std::process::Command;

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    for _ in 0..3 {
        scene.larder(["snapshot", "app.db"]).run().succeeds();
    }
    scene
}

/// Starts `larder prune` on a terminal and waits for its question.
fn asked(scene: &Scene) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
    command.args(["prune", "backups", "--keep-last", "1"]).current_dir(scene.path("")).env_clear();
    command.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
    let mut session = spawn_command(command, Some(20_000)).expect("a terminal");
    session.exp_string("Delete 2 files").expect("a question");
    session
}

fn code(session: &PtySession) -> i32 {
    match session.process().wait().expect("it ends") {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn yes_goes_on() {
    let scene = scene();
    let mut session = asked(&scene);
    session.send("y").expect("an answer");
    session.flush().expect("sent");
    session.exp_string("removed").expect("a summary");
    session.exp_eof().expect("the end");
    assert_eq!(code(&session), 0);
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[test]
fn no_and_nothing_stop_with_4() {
    for answer in ["n", "\r", "\u{1b}"] {
        let scene = scene();
        let mut session = asked(&scene);
        session.send(answer).expect("an answer");
        session.flush().expect("sent");
        session.exp_string("not confirmed; nothing was done").expect("a message");
        session.exp_eof().expect("the end");
        assert_eq!(code(&session), 4, "{answer:?}");
        assert_eq!(scene.snapshots("backups").len(), 3);
    }
}

/// What a restore would lose is said before it is done; nobody is asked who said yes, or where there is nothing to lose.
#[test]
fn a_restore_says_what_would_be_lost_and_asks() {
    for (options, answer, rows) in [(&[][..], "y", 5), (&[], "n", 9), (&["--yes"], "", 5)] {
        let scene = super::restore::scene();
        let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
        command.args(["restore", "latest", "app.db"]).args(options).current_dir(scene.path("")).env_clear();
        command.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
        let mut session = spawn_command(command, Some(20_000)).expect("a terminal");
        if !answer.is_empty() {
            session.exp_string("would be lost: 4 t").expect("what is lost");
            session.exp_string("What it holds is kept.").expect("a question");
            session.send(answer).expect("an answer");
            session.flush().expect("sent");
        }
        session.exp_eof().expect("the end");
        assert_eq!(code(&session), if answer == "n" { 4 } else { 0 });
        assert_eq!(super::fixtures::count(&scene.path("app.db")), rows, "{options:?} {answer}");
    }
}

#[test]
fn control_c_stops_with_130() {
    let scene = scene();
    let mut session = asked(&scene);
    session.send_control('c').expect("a key");
    session.exp_eof().expect("the end");
    assert_eq!(code(&session), 130);
    assert_eq!(scene.snapshots("backups").len(), 3);
}

#[test]
fn term_and_hup_stop_with_130() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let scene = scene();
        let mut session = asked(&scene);
        session.process_mut().signal(signal).expect("a signal");
        session.exp_eof().expect("the end");
        assert_eq!(code(&session), 130, "{signal:?}");
        assert_eq!(scene.snapshots("backups").len(), 3);
    }
}

/// Starts `larder init` on a terminal and waits for its question.
fn unsure(scene: &Scene) -> PtySession {
    let sql = "create table films(id integer primary key, title text unique, cached text);
               with recursive n(i) as (select 1 union all select i + 1 from n limit 30)
               insert into films select i, 'film ' || i, '{\"\u{1b}[31m\": \"' || hex(zeroblob(400)) || '\"}' from n";
    super::fixtures::fill(&scene.path("films.db"), sql);
    let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
    command.args(["init", "films.db"]).current_dir(scene.path("")).env_clear();
    command.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
    let mut session = spawn_command(command, Some(20_000)).expect("a terminal");
    // What the data hold is shown, and cannot play with the terminal.
    session.exp_string("\\u{1b}[31m").expect("a sample");
    session.exp_string("Can it be fetched again").expect("a question");
    session
}

#[test]
fn init_asks_about_what_much_hangs_on() {
    for (answer, line) in [("y", "\nrefetch = [\"cached\"]"), ("n", "\n#refetch = [\"cached\"]")] {
        let scene = Scene::new();
        let mut session = unsure(&scene);
        session.send(answer).expect("an answer");
        session.flush().expect("sent");
        session.exp_string("larder.toml").expect("the file");
        session.exp_eof().expect("the end");
        assert_eq!(code(&session), 0);
        let file = std::fs::read_to_string(scene.path("larder.toml")).expect("read");
        assert!(file.contains(line), "{file}");
    }
}

#[test]
fn init_writes_nothing_where_its_question_is_given_up() {
    let scene = Scene::new();
    let mut session = unsure(&scene);
    session.send("\u{1b}").expect("a key");
    session.flush().expect("sent");
    session.exp_string("given up; nothing was written").expect("a message");
    session.exp_eof().expect("the end");
    assert_eq!(code(&session), 4);
    assert_eq!(scene.names(""), ["films.db"]);
}
