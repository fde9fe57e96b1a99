//! Keys and passphrases: where they come from, and what is said where they are missing.

use super::encryption::{passphrase, run, scene};
use super::fixtures::{count, numbered};
use super::scene::Scene;
use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};
use std::process::Command;

#[test]
fn a_passphrase_comes_from_a_file_or_a_command() {
    let (scene, _, _) = scene();
    passphrase(&scene, "keys/pass", "correct horse\n");
    run(&scene, "snapshot app.db --passphrase-file keys/pass").succeeds();
    scene
        .larder(["restore", "latest", "new.db", "--from", "backups", "--app", "app", "--passphrase-command"])
        .arg("echo correct horse")
        .run()
        .succeeds();
    assert_eq!(count(&scene.path("new.db")), 20);
    let again =
        run(&scene, "snapshot app.db --passphrase-file keys/pass --if-changed --json").succeeds().json();
    assert_eq!(again["skipped"], "unchanged");
    let listed = run(&scene, "list --json --passphrase-file keys/pass").succeeds().json();
    assert!(listed["snapshots"][0]["database_size"].is_u64());
    let file = format!("backups/{}", scene.snapshots("backups")[0]);
    passphrase(&scene, "keys/wrong", "wrong");
    run(&scene, &format!("validate {file} --passphrase-file keys/wrong"))
        .fails(2)
        .says("the passphrase does not open")
        .says("hint: try again with another");
    run(&scene, &format!("export {file}"))
        .fails(2)
        .says("is encrypted with a passphrase, and none is given")
        .says("--passphrase-file FILE or --passphrase-command COMMAND");
    run(&scene, &format!("export {file} --identity keys/one"))
        .fails(2)
        .says("is encrypted with a passphrase, and an identity does not open it");
}

#[test]
fn what_gives_no_passphrase_is_said_and_the_passphrase_is_not() {
    let (scene, one, _) = scene();
    passphrase(&scene, "several", "hunter2\nhunter3\n");
    passphrase(&scene, "empty", "\n");
    for (arguments, code, message) in [
        ("--passphrase-file several", 2, "the passphrase file several has several lines"),
        ("--passphrase-file empty", 2, "the passphrase file empty is empty"),
        ("--passphrase-file missing", 1, "cannot open missing"),
        ("--passphrase-command false", 1, "--passphrase-command failed"),
        ("--passphrase-command true", 2, "what --passphrase-command prints is empty"),
        ("--encrypt", 2, "--encrypt asks for a passphrase, and there is no terminal to ask on"),
        (
            &format!("--encrypt-to {one} --passphrase-command true"),
            2,
            "for recipients or with a passphrase, not both",
        ),
        (&format!("--encrypt-to {one} --encrypt"), 2, "cannot be used with"),
        ("--passphrase-file a --passphrase-command b", 2, "cannot be used with"),
    ] {
        let run = run(&scene, &format!("snapshot app.db {arguments}"));
        let run = run.fails(code).says(message);
        assert!(!run.stderr().contains("hunter"), "{run}");
        assert_eq!(scene.snapshots("backups"), Vec::<String>::new());
    }
    scene
        .larder(["snapshot", "app.db", "--passphrase-command"])
        .arg("yes | head -c 1000000")
        .run()
        .fails(2)
        .says("--passphrase-command prints too much for a passphrase");
}

#[test]
fn a_name_says_whether_a_file_is_encrypted() {
    let (scene, one, _) = scene();
    passphrase(&scene, "keys/pass", "correct horse");
    for command in ["snapshot app.db -o", "export app.db -o"] {
        run(&scene, &format!("{command} x.gz.age"))
            .fails(2)
            .says("nothing says whom")
            .says("hint: --encrypt-to RECIPIENT, --passphrase-file FILE, --passphrase-command COMMAND, or --encrypt");
        for option in [format!("--encrypt-to {one}"), "--passphrase-file keys/pass".to_owned()] {
            run(&scene, &format!("{command} x.gz {option}"))
                .fails(2)
                .says("would be encrypted, and its name does not say so")
                .says("hint: name it with .age at its end");
        }
    }
    run(&scene, "export app.db -o x.json").succeeds();
    run(&scene, "convert x.json y.json.age").fails(2).says("nothing says whom");
    run(&scene, &format!("convert x.json y.json --encrypt-to {one}"))
        .fails(2)
        .says("its name does not say so");
    run(&scene, &format!("export app.db --format csv -o x.age --encrypt-to {one}"))
        .fails(2)
        .says("a folder of files cannot be encrypted")
        .says("hint: name a .zip.age");
    // A folder takes the name of a snapshot in a store.
    std::fs::create_dir(scene.path("stick")).expect("a folder");
    let path = run(&scene, &format!("snapshot app.db -o stick --encrypt-to {one}")).succeeds().printed_path();
    assert!(path.to_string_lossy().ends_with("Z.db.gz.age"));
    // A passphrase on the way to the standard output is meant for what is written, where nothing else can be.
    let out = run(&scene, "export app.db --passphrase-file keys/pass").succeeds();
    assert!(out.stdout_bytes().starts_with(b"age-encryption.org/v1\n"));
    // And for what is read, where that needs it.
    run(&scene, "export app.db -o p.json.age --passphrase-file keys/pass").succeeds();
    run(&scene, "convert p.json.age plain.json --passphrase-file keys/pass").succeeds();
    assert!(std::fs::read(scene.path("plain.json")).expect("read").starts_with(b"{"));
    run(&scene, &format!("convert p.json.age r.json.age --passphrase-file keys/pass --encrypt-to {one}"))
        .succeeds();
    run(&scene, "validate r.json.age --identity keys/one").succeeds();
}

#[test]
fn recipients_may_be_in_a_file_and_what_is_none_is_said() {
    let (scene, one, two) = scene();
    std::fs::write(scene.path("team"), format!("# the team\n{one}\n{two}\n")).expect("write");
    run(&scene, "snapshot app.db --encrypt-to team").succeeds();
    let file = format!("backups/{}", scene.snapshots("backups")[0]);
    for key in ["keys/one", "keys/two"] {
        run(&scene, &format!("validate {file} --identity {key}")).succeeds();
    }
    run(&scene, &format!("validate {file} --identity keys/two --identity keys/one")).succeeds();
    let secret = std::fs::read_to_string(scene.path("keys/one")).expect("read");
    let secret = secret.lines().last().expect("a line");
    for (recipient, message) in [
        (secret, "a secret key stands where a recipient should"),
        ("keys/one", "keys/one, line 3: a secret key stands where a recipient should"),
        ("nobody", "--encrypt-to nobody: it is no recipient, and there is no such file"),
        ("ssh-ed25519", "keys of SSH cannot be encrypted to"),
        ("age1x", "the recipient is not whole"),
    ] {
        let run = run(&scene, &format!("snapshot app.db --encrypt-to {recipient}")).fails(2).says(message);
        assert!(!run.stderr().contains(secret), "{run}");
    }
    run(&scene, &format!("validate {file} --identity team")).fails(2).says("team, line 2: it is a recipient");
    run(&scene, &format!("validate {file} --identity missing")).fails(1).says("cannot open missing");
}

#[test]
fn keygen_makes_what_age_keygen_makes_and_never_overwrites() {
    let scene = Scene::new();
    let recipient = run(&scene, "keygen -o key").succeeds().says("keep a copy of it").stdout();
    let text = std::fs::read_to_string(scene.path("key")).expect("read");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("# created: 20") && lines[2].starts_with("AGE-SECRET-KEY-1"), "{text}");
    assert_eq!(lines[1], format!("# public key: {}", recipient.trim()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(scene.path("key")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    run(&scene, "keygen -o key").fails(2).says("exists already").says("a key is never overwritten");
    assert_eq!(std::fs::read_to_string(scene.path("key")).expect("read"), text);
    run(&scene, "keygen --public key").succeeds().prints(&recipient);
    let json = run(&scene, "keygen --public key --json").succeeds().json();
    assert_eq!(json["recipients"][0], recipient.trim());
    let json = run(&scene, "keygen -o other --json").succeeds().json();
    assert!(
        json["recipient"].as_str().is_some_and(|text| text.starts_with("age1")) && json["identity"].is_null()
    );
    let printed = run(&scene, "keygen").succeeds().says("the recipient is age1").stdout();
    std::fs::write(scene.path("printed"), printed).expect("write");
    run(&scene, "keygen --public printed").succeeds();
    if let Ok(output) = Command::new("age-keygen").arg("-y").arg(scene.path("key")).output() {
        assert_eq!(String::from_utf8_lossy(&output.stdout), recipient);
    }
    run(&scene, "keygen --public missing").fails(1).says("there is no file missing");
    std::fs::write(scene.path("junk"), "hunter2").expect("write");
    let junk = run(&scene, "keygen --public junk").fails(2).says("junk, line 1: it is no identity");
    assert!(!junk.stderr().contains("hunter2"), "{junk}");
}

#[test]
fn a_key_beside_the_backup_is_warned_of() {
    let (scene, one, two) = scene();
    std::fs::create_dir(scene.path("store")).expect("a folder");
    std::fs::copy(scene.path("keys/one"), scene.path("store/my-key")).expect("copy");
    let warning = "THE KEY LIES BESIDE THE BACKUP";
    run(&scene, &format!("snapshot app.db --to store --encrypt-to {one}"))
        .succeeds()
        .says(warning)
        .says("my-key");
    run(&scene, &format!("export app.db -o store/x.json.age --encrypt-to {one}")).succeeds().says(warning);
    let quiet = run(&scene, &format!("snapshot app.db --to store --encrypt-to {two}")).succeeds();
    assert!(!quiet.stderr().contains(warning), "{quiet}");
    passphrase(&scene, "store/pass", "correct horse");
    run(&scene, "snapshot app.db -o store/y.db.age --passphrase-file store/pass").succeeds().says(warning);
    passphrase(&scene, "keys/pass", "correct horse");
    let quiet = run(&scene, "snapshot app.db -o store/z.db.age --passphrase-file keys/pass").succeeds();
    assert!(!quiet.stderr().contains(warning), "{quiet}");
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let (scene, one, _) = scene();
    run(&scene, &format!("snapshot app.db -o a.db.age --encrypt-to {one}")).succeeds();
    let fine = run(&scene, "validate a.db.age --identity keys/one").succeeds();
    assert_eq!(fine.stderr(), "");
    for name in ["keys/one", "keys/pass"] {
        std::fs::write(scene.path("keys/pass"), "x").expect("write");
        std::fs::set_permissions(scene.path(name), std::fs::Permissions::from_mode(0o640)).expect("a mode");
    }
    run(&scene, "validate a.db.age --identity keys/one")
        .succeeds()
        .says("others on this machine can read the identity in keys/one: chmod 600 keys/one");
    run(&scene, "snapshot app.db -o b.db.age --passphrase-file keys/pass")
        .succeeds()
        .says("others on this machine can read the passphrase in keys/pass");
}

/// Starts larder on a terminal.
fn on_terminal(scene: &Scene, arguments: &str) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
    command.args(arguments.split(' ')).current_dir(scene.path("")).env_clear();
    command.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
    spawn_command(command, Some(60_000)).expect("a terminal")
}

fn end(mut session: PtySession) -> (i32, String) {
    let rest = session.exp_eof().expect("the end");
    match session.process().wait().expect("it ends") {
        WaitStatus::Exited(_, code) => (code, rest),
        other => panic!("{other:?}"),
    }
}

/// Types a line once something is asked.
fn answer(session: &mut PtySession, question: &str, line: &str) {
    session.exp_string(question).expect(question);
    session.send_line(line).expect("a line");
}

#[test]
fn a_passphrase_is_asked_for_twice_and_not_shown() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 20);
    let mut session = on_terminal(&scene, "snapshot app.db --encrypt");
    answer(&mut session, "Passphrase to encrypt with:", "correct horse");
    answer(&mut session, "The same again:", "correct mouse");
    session.exp_string("two different passphrases").expect("a warning");
    answer(&mut session, "Passphrase to encrypt with:", "correct horse");
    answer(&mut session, "The same again:", "correct horse");
    let (code, rest) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(!rest.contains("horse"), "{rest}");

    let mut session = on_terminal(&scene, "restore latest new.db --from backups --app app");
    answer(&mut session, ".db.gz.age:", "correct horse");
    let (code, rest) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert_eq!(count(&scene.path("new.db")), 20);

    let mut session = on_terminal(&scene, "restore latest new.db --from backups --app app");
    answer(&mut session, ".db.gz.age:", "wrong");
    let (code, rest) = end(session);
    assert!(code == 2 && rest.contains("the passphrase does not open"), "{rest}");
}

#[test]
fn a_question_for_a_passphrase_can_be_given_up() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 20);
    let mut session = on_terminal(&scene, "snapshot app.db --encrypt");
    answer(&mut session, "Passphrase to encrypt with:", "");
    let (code, rest) = end(session);
    assert!(code == 4 && rest.contains("no passphrase was given"), "{rest}");
    let mut session = on_terminal(&scene, "snapshot app.db --encrypt");
    session.exp_string("Passphrase to encrypt with:").expect("a question");
    session.send_control('c').expect("a key");
    assert_eq!(end(session).0, 130);
    assert_eq!(scene.snapshots("backups"), Vec::<String>::new());
}

#[test]
fn an_identity_that_is_encrypted_is_opened_when_it_is_needed() {
    let (scene, one, _) = scene();
    passphrase(&scene, "keys/pass", "correct horse");
    run(&scene, &format!("snapshot app.db -o a.db.gz.age --encrypt-to {one}")).succeeds();
    // An encrypted identity is an age file like any other.
    let mut session = on_age(&scene);
    for question in ["Enter passphrase", "Confirm passphrase"] {
        session.exp_string(question).expect("a question");
        session.send_line("correct horse").expect("a line");
    }
    session.exp_eof().expect("the end");
    session.process().wait().expect("it ends");
    run(&scene, "validate app.db --identity keys/one.age").succeeds();
    run(&scene, "validate a.db.gz.age --identity keys/one.age")
        .fails(2)
        .says("keys/one.age is encrypted with a passphrase, and none is given");
    run(&scene, "validate a.db.gz.age --identity keys/one.age --passphrase-file keys/pass").succeeds();
    run(&scene, "keygen --public keys/one.age").fails(2).says("keys/one.age is encrypted with a passphrase");
    let mut session = on_terminal(&scene, "restore a.db.gz.age new.db --identity keys/one.age");
    answer(&mut session, "Passphrase of keys/one.age:", "correct horse");
    assert_eq!(end(session).0, 0);
    assert_eq!(count(&scene.path("new.db")), 20);
}

/// Encrypts `keys/one` with a passphrase, by the age command.
fn on_age(scene: &Scene) -> PtySession {
    let mut command = Command::new("age");
    command.args(["-p", "-o", "keys/one.age", "keys/one"]).current_dir(scene.path(""));
    spawn_command(command, Some(60_000)).expect("age is there")
}
