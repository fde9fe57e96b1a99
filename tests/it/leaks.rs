//! What must not get out, or in: secrets in messages, line feeds of data on a terminal, links that lead elsewhere.

use super::fixtures::numbered;
use super::scene::Scene;

const IDENTITY: &str = "AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW4ZGRL6PSG0FQSQAG2UZ";

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene
}

/// The settings are printed to be shown to others, and the URL stood there as it is.
#[test]
fn passwords_in_settings_are_not_printed() {
    let scene = scene();
    std::fs::write(
        scene.path("larder.toml"),
        "database = 'app.db'\n[snapshot]\nto = 'webdavs://ada:geheim@host/x'\nalso-to = ['s3://b/x?secret_access_key=geheim']\n\
         [hooks]\nafter = 'curl -H \"Authorization: Bearer geheim\" https://ada:geheim@host/done?token=geheim'\n\
         before = \"\"\"TOKEN=geheim\nnotify --password geheim\"\"\"\nrefetch = 'notify'\n",
    )
    .expect("write");
    for arguments in [&["config"][..], &["config", "--json"], &["-v", "config"]] {
        let run = scene.larder(arguments).run().succeeds();
        assert!(!run.stdout().contains("geheim") && !run.stderr().contains("geheim"), "{run}");
        assert!(run.stdout().contains("webdavs://ada:***@host/x"), "{run}");
        for shown in ["curl …", "notify"] {
            assert!(run.stdout().contains(shown), "{shown}: {run}");
        }
    }
    for arguments in
        [&["snapshot"][..], &["list"], &["list", "sftp://ada:geheim@host/x/../y"], &["-v", "check", "--json"]]
    {
        let run = scene.larder(arguments).run();
        assert_ne!(run.code(), Some(0), "{run}");
        assert!(!run.stdout().contains("geheim") && !run.stderr().contains("geheim"), "{run}");
    }
}

/// The error repeated the identity, which logs and mails of cron keep.
#[test]
fn an_identity_that_stands_where_its_file_should_is_not_repeated() {
    let scene = scene();
    let run = scene.larder(["snapshot", "app.db", "--identity", IDENTITY]).run();
    run.fails(2).says("an identity itself was given").says("pass the path of the file");
    for arguments in [
        &["validate", "app.db", "--identity", IDENTITY][..],
        &["keygen", "--public", IDENTITY],
        &["restore", IDENTITY, "new.db"],
        &["snapshot", "app.db", "--encrypt-to", IDENTITY],
        &["snapshot", "app.db", "--passphrase-file", IDENTITY],
        &["snapshot", "app.db", IDENTITY],
        &["snapshot", "app.db", "--level", IDENTITY],
        &["snapshot", "--json", "app.db", "--level", IDENTITY],
        &["snapshot", "--json", "app.db", "--identity", IDENTITY],
    ] {
        for text in [IDENTITY.to_owned(), IDENTITY.to_lowercase()] {
            let arguments = arguments.iter().map(|argument| argument.replace(IDENTITY, &text));
            let run = scene.larder(arguments).run();
            assert_ne!(run.code(), Some(0), "{run}");
            let said = (run.stdout() + &run.stderr()).to_uppercase();
            assert!(!said.contains(&IDENTITY[..20]), "{run}");
        }
    }
    let run = scene.larder(["validate", "app.db"]).env("LARDER_IDENTITY", IDENTITY).run();
    run.fails(2).says("an identity itself was given");
    assert_eq!(scene.names(""), ["app.db"]);
}

/// Whoever may write to the store had a file made anywhere, as the user that larder runs for.
#[cfg(unix)]
#[test]
fn the_lock_of_a_store_is_no_link() {
    let scene = scene();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let lock = scene.path("backups/.larder.lock");
    std::fs::remove_file(&lock).expect("remove");
    std::os::unix::fs::symlink(scene.path("elsewhere"), &lock).expect("a link");
    let run = scene.larder(["snapshot", "app.db"]).run();
    run.fails(1).says(".larder.lock").says("it is a symbolic link");
    assert!(!scene.path("elsewhere").exists());
    std::fs::write(scene.path("elsewhere"), "theirs").expect("write");
    scene.larder(["snapshot", "app.db"]).run().fails(1).says("it is a symbolic link");
}

/// A line of data looked like one of larder's own.
#[test]
fn line_feeds_of_data_begin_no_line() {
    let scene = scene();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let name = scene.snapshots("backups").remove(0);
    let manifest = scene.path("backups").join(name.replace(".db.gz", ".meta.json"));
    let text = std::fs::read_to_string(&manifest).expect("read");
    let forged = text.replace("\"app.db\"", "\"app\\nerror: forged\\nspoof.db\"");
    assert_ne!(text, forged);
    std::fs::write(&manifest, forged.replace("\"kind\": \"manual\"", "\"kind\": \"x\\nerror: forged\""))
        .expect("write");
    for arguments in [
        &["list", "backups"][..],
        &["-v", "list", "backups"],
        &["validate", &format!("backups/{name}")],
        &["-v", "restore", "latest", "app.db"],
        &["check", "backups"],
        &["-v", "prune", "backups", "--keep-last", "1", "--dry-run"],
    ] {
        let run = scene.larder(arguments).run();
        for line in (run.stdout() + &run.stderr()).lines() {
            assert!(!line.starts_with("error: forged") && !line.starts_with("spoof"), "{run}");
        }
    }
    let run = scene.larder(["export", "there\nerror: forged"]).run();
    assert_eq!(run.code(), Some(1), "{run}");
    assert!(!run.stderr().lines().any(|line| line.starts_with("error: forged")), "{run}");
}
