//! Encrypted snapshots and exports: what goes in comes back, to those who have the key.

use super::fixtures::{count, fill, numbered};
use super::same::assert_same_in_any_order;
use super::scene::{Run, Scene};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A database, the keys `keys/one` and `keys/two`, and their recipients.
pub fn scene() -> (Scene, String, String) {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 20);
    std::fs::create_dir(scene.path("keys")).expect("a folder");
    let key = |name: &str| {
        scene.larder(["keygen", "-o", &format!("keys/{name}")]).run().succeeds().stdout().trim().to_owned()
    };
    let (one, two) = (key("one"), key("two"));
    (scene, one, two)
}

/// Runs larder with arguments in one text.
pub fn run(scene: &Scene, arguments: &str) -> Run {
    scene.larder(arguments.split(' ')).run()
}

/// Puts a passphrase into a file that nobody else reads.
#[cfg(unix)]
pub fn passphrase(scene: &Scene, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = scene.path(name);
    std::fs::write(&path, text).expect("write");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    path
}

/// Opens a file by the `age` command; nothing where that is not installed.
#[expect(clippy::print_stdout, reason = "who reads the tests' output shall know")]
fn age(scene: &Scene, key: &str, file: &Path) -> Option<Vec<u8>> {
    let ran = Command::new("age").args(["-d", "-i", key]).arg(file).current_dir(scene.path("")).output();
    let Ok(output) = ran else {
        println!("skipped: there is no age here; apt-get install age");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

fn unpacked(bytes: &[u8], command: &str) -> Vec<u8> {
    use std::io::Write;
    use std::process::Stdio;
    let mut command = Command::new(command);
    let mut child =
        command.args(["-d", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it is there");
    let mut stdin = child.stdin.take().expect("it is piped");
    let bytes = bytes.to_vec();
    let feed = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    feed.join().expect("it does not panic").expect("write");
    output.stdout
}

#[test]
fn a_snapshot_in_a_store_is_encrypted_listed_validated_and_restored() {
    let (scene, one, _) = scene();
    let path = run(&scene, &format!("snapshot app.db --encrypt-to {one}"))
        .succeeds()
        .says("1 table, 20 rows")
        .says("packed and encrypted into")
        .printed_path();
    assert!(path.to_string_lossy().ends_with("Z.db.gz.age"), "{}", path.display());
    let bytes = std::fs::read(&path).expect("read");
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    let text =
        std::fs::read_to_string(path.to_string_lossy().replace(".db.gz.age", ".meta.json")).expect("read");
    assert!(!text.contains("\"t\"") && !text.contains("schema_sha256"), "{text}");
    let file = path.to_string_lossy().into_owned();

    let listed = run(&scene, "list --json").succeeds().json();
    assert_eq!(listed["snapshots"][0]["encrypted"], true);
    assert_eq!(listed["snapshots"][0]["database_size"], serde_json::Value::Null);
    assert!(run(&scene, "list").succeeds().stdout().contains(" ? "));
    let listed = run(&scene, "list --json --identity keys/one").succeeds().json();
    assert!(listed["snapshots"][0]["database_size"].as_u64().is_some_and(|size| size >= 8192));
    run(&scene, "list --json --identity keys/two").succeeds();

    let blind = run(&scene, &format!("validate {file}")).succeeds();
    assert!(
        blind.stdout().contains("valid\n  warning: file: it is encrypted, and no key is given"),
        "{blind}"
    );
    let seen = run(&scene, &format!("validate {file} --identity keys/one")).succeeds();
    assert!(!seen.stdout().contains("warning"), "{seen}");
    run(&scene, &format!("validate {file} --identity keys/two"))
        .fails(2)
        .says("is not encrypted for the key that is given")
        .says("hint: --identity FILE names another");

    numbered_again(&scene, 7);
    run(&scene, "restore latest app.db")
        .fails(2)
        .says("is encrypted, and no key is given")
        .says("--identity FILE");
    assert_eq!(count(&scene.path("app.db")), 7, "nothing was touched");
    run(&scene, "restore latest app.db --identity keys/one").succeeds();
    assert_eq!(count(&scene.path("app.db")), 20);
    run(&scene, "restore --undo app.db").succeeds();
    assert_eq!(count(&scene.path("app.db")), 7);
    let tomorrow = "2999-01-01";
    scene
        .larder(["restore", tomorrow, "new.db", "--from", "backups", "--app", "app"])
        .env("LARDER_IDENTITY", scene.path("keys/one"))
        .run()
        .succeeds();
    assert_eq!(count(&scene.path("new.db")), 20);
}

fn numbered_again(scene: &Scene, rows: u32) {
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    numbered(&scene.path("app.db"), rows);
}

#[test]
fn age_and_sqlite_alone_open_every_kind_of_file() {
    let (scene, one, two) = scene();
    for name in ["a.db.age", "a.db.gz.age", "a.db.zst.age"] {
        run(&scene, &format!("snapshot app.db -o {name} --encrypt-to {one} --encrypt-to {two}")).succeeds();
        for key in ["keys/one", "keys/two"] {
            run(&scene, &format!("restore {name} new.db --identity {key}")).succeeds();
            assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
            std::fs::remove_file(scene.path("new.db")).expect("remove");
            let Some(plain) = age(&scene, key, &scene.path(name)) else { return };
            let database = match name {
                "a.db.gz.age" => unpacked(&plain, "gunzip"),
                // What zstd is unpacked by is not on every machine.
                "a.db.zst.age" => zstd(&scene, &plain),
                _ => plain,
            };
            std::fs::write(scene.path("by-age.db"), database).expect("write");
            assert_same_in_any_order(&scene.path("app.db"), &scene.path("by-age.db"));
        }
    }
}

/// Unpacks zstd by restoring it: that it is plain zstd, other tests say.
fn zstd(scene: &Scene, plain: &[u8]) -> Vec<u8> {
    std::fs::write(scene.path("plain.db.zst"), plain).expect("write");
    run(scene, "restore plain.db.zst unpacked.db").succeeds();
    let bytes = std::fs::read(scene.path("unpacked.db")).expect("read");
    std::fs::remove_file(scene.path("unpacked.db")).expect("remove");
    bytes
}

#[test]
fn what_age_encrypts_is_read() {
    let (scene, one, _) = scene();
    run(&scene, "snapshot app.db -o plain.db.gz").succeeds();
    for (arguments, name) in
        [(["-r", &one].as_slice(), "by-age.db.gz.age"), (["-a", "-r", &one].as_slice(), "armoured")]
    {
        let made = Command::new("age")
            .args(arguments)
            .args(["-o", name, "plain.db.gz"])
            .current_dir(scene.path(""))
            .status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        run(&scene, &format!("restore {name} new.db --identity keys/one")).succeeds();
        assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
        run(&scene, &format!("validate {name} --identity keys/one")).succeeds();
        run(&scene, &format!("validate {name}")).fails(2).says("is encrypted, and no key is given");
        std::fs::remove_file(scene.path("new.db")).expect("remove");
    }
}

#[test]
fn documents_of_every_format_come_back() {
    let (scene, one, _) = scene();
    for name in ["x.json.age", "x.json.gz.age", "x.ndjson.zst.age", "x.zip.age"] {
        run(&scene, &format!("export --full app.db -o {name} --encrypt-to {one}")).succeeds();
        assert!(std::fs::read(scene.path(name)).expect("read").starts_with(b"age-encryption.org/v1\n"));
        run(&scene, &format!("import {name} new.db")).fails(2).says("is encrypted, and no key is given");
        run(&scene, &format!("validate {name} --identity keys/one")).succeeds();
        run(&scene, &format!("import {name} new.db --identity keys/one")).succeeds();
        assert_same_in_any_order(&scene.path("app.db"), &scene.path("new.db"));
        std::fs::remove_file(scene.path("new.db")).expect("remove");
        run(&scene, &format!("convert {name} back.json --force --identity keys/one")).succeeds();
        run(&scene, "import back.json new.db").succeeds();
        std::fs::remove_file(scene.path("new.db")).expect("remove");
        age(&scene, "keys/one", &scene.path(name));
    }
    // To the standard output, and from the standard input.
    let out = run(&scene, &format!("export --full app.db --encrypt-to {one}")).succeeds();
    assert!(out.stdout_bytes().starts_with(b"age-encryption.org/v1\n"));
    let import = scene.larder(["import", "-", "new.db", "--identity", "keys/one"]);
    import.run_with(out.stdout_bytes()).succeeds();
    assert_eq!(count(&scene.path("new.db")), 20);
    // What is read by one key is written for another.
    let (_, _, two) = (&one, &one, scene.larder(["keygen", "--public", "keys/two"]).run().stdout());
    run(&scene, &format!("convert x.zip.age y.json.age --identity keys/one --encrypt-to {}", two.trim()))
        .succeeds();
    run(&scene, "validate y.json.age --identity keys/two").succeeds();
}

#[test]
fn an_encrypted_snapshot_serves_as_a_database() {
    let (scene, one, _) = scene();
    run(&scene, &format!("snapshot app.db -o a.db.gz.age --encrypt-to {one}")).succeeds();
    run(&scene, "export a.db.gz.age -o x.json").fails(2).says("is encrypted, and no key is given");
    run(&scene, "export a.db.gz.age -o x.json --identity keys/one").succeeds().says("20 items");
    run(&scene, "init a.db.gz.age --yes --identity keys/one").succeeds();
    fill(&scene.path("app.db"), "delete from t where id > 5");
    let rows = run(&scene, "export a.db.gz.age --identity keys/one").succeeds();
    let import = scene.larder(["import", "-", "app.db", "--on-conflict", "skip"]);
    import.run_with(rows.stdout_bytes()).succeeds();
    assert_eq!(count(&scene.path("app.db")), 20);
}

#[test]
fn rows_of_other_programs_are_read() {
    let (scene, one, _) = scene();
    std::fs::write(scene.path("rows.csv"), "id,name,amount\n100,hundred,1.5\n").expect("write");
    let made = Command::new("age")
        .args(["-r", &one, "-o", "rows.csv.age", "rows.csv"])
        .current_dir(scene.path(""))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    run(&scene, "import rows.csv.age app.db --section t --identity keys/one").succeeds();
    assert_eq!(count(&scene.path("app.db")), 21);
}

#[test]
fn a_file_that_was_cut_or_changed_is_refused() {
    let (scene, one, _) = scene();
    run(&scene, &format!("snapshot app.db -o a.db.gz.age --encrypt-to {one}")).succeeds();
    run(&scene, &format!("export app.db -o x.json.age --encrypt-to {one}")).succeeds();
    for name in ["a.db.gz.age", "x.json.age"] {
        let whole = std::fs::read(scene.path(name)).expect("read");
        let header = whole.windows(5).position(|bytes| bytes == b"\n--- ").expect("a header") + 50;
        let mut bad: Vec<(Vec<u8>, &str)> = [22, 60, header, header + 10, header + 30, whole.len() - 1]
            .map(|length| (whole[..length].to_vec(), "cut"))
            .into();
        for at in [header - 20, header + 3, header + 40, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            bad.push((changed, "changed"));
        }
        for (bytes, what) in bad {
            std::fs::write(scene.path("bad"), &bytes).expect("write");
            let restore = if name.starts_with('a') { "restore bad new.db" } else { "import bad new.db" };
            let run = run(&scene, &format!("{restore} --identity keys/one"));
            assert_eq!(run.code(), Some(3), "{what} to {} of {}: {run}", bytes.len(), whole.len());
            assert!(run.stderr().contains("cut") || run.stderr().contains("changed or damaged"), "{run}");
            assert!(!scene.path("new.db").exists());
            let run = self::run(&scene, "validate bad --identity keys/one");
            assert_eq!(run.code(), Some(3), "{what} to {}: {run}", bytes.len());
        }
    }
}

#[test]
fn a_snapshot_in_a_store_that_was_changed_is_noticed_without_a_key() {
    let (scene, one, _) = scene();
    let path = run(&scene, &format!("snapshot app.db --encrypt-to {one}")).succeeds().printed_path();
    let mut bytes = std::fs::read(&path).expect("read");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).expect("write");
    let validate = scene.larder([Path::new("validate"), &path]).run();
    assert_eq!(validate.code(), Some(3), "{validate}");
    assert!(validate.stdout().contains("the file's SHA-256 is"), "{validate}");
    // The only other one that is good is not given up for it.
    run(&scene, &format!("snapshot app.db --to other --encrypt-to {one}")).succeeds();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let newest =
        run(&scene, &format!("snapshot app.db --to other --encrypt-to {one}")).succeeds().printed_path();
    let mut bytes = std::fs::read(&newest).expect("read");
    bytes[300] ^= 1;
    std::fs::write(&newest, bytes).expect("write");
    run(&scene, "prune other --keep-last 1 --yes").does_a_part().says("fails its drill");
    assert_eq!(scene.snapshots("other").len(), 2);
}

#[test]
fn prune_keeps_what_the_rules_say_without_a_key() {
    let (scene, one, _) = scene();
    for _ in 0..3 {
        run(&scene, &format!("snapshot app.db --encrypt-to {one}")).succeeds();
    }
    run(&scene, "prune backups --keep-last 2 --yes").succeeds();
    assert_eq!(scene.snapshots("backups").len(), 2);
    assert_eq!(scene.names("backups").len(), 6, "each with its manifest, the marker and the lock");
    run(&scene, "check backups --drill").succeeds();
    let check = run(&scene, "check backups --drill --identity keys/one").succeeds();
    assert!(check.stdout().contains("restored and checked"), "{check}");
}

#[test]
fn if_changed_works_where_there_is_no_key_and_knows_another_lock() {
    let (scene, one, two) = scene();
    let first = run(&scene, &format!("snapshot app.db --encrypt-to {one}")).succeeds().printed_path();
    let again =
        run(&scene, &format!("snapshot app.db --encrypt-to {one} --if-changed --json")).succeeds().json();
    assert_eq!(again["skipped"], "unchanged");
    let text =
        std::fs::read_to_string(first.to_string_lossy().replace(".db.gz.age", ".meta.json")).expect("read");
    assert!(
        text.contains("\"unchanged_at\": \"20") && text.contains("\"sealed\"") && !text.contains("page_size")
    );
    let made = |arguments: &str| {
        let json = run(&scene, arguments).succeeds().json();
        json["skipped"].is_null()
    };
    assert!(made(&format!("snapshot app.db --encrypt-to {one} --encrypt-to {two} --if-changed --json")));
    assert!(made(&format!("snapshot app.db --encrypt-to {two} --if-changed --json")));
    assert!(!made(&format!("snapshot app.db --encrypt-to {two} --if-changed --json")));
    assert!(made("snapshot app.db --if-changed --json"));
    assert!(made(&format!("snapshot app.db --encrypt-to {two} --if-changed --json")));
    fill(&scene.path("app.db"), "delete from t where id = 1");
    assert!(made(&format!("snapshot app.db --encrypt-to {two} --if-changed --json")));
}

#[test]
fn the_drill_says_whether_the_file_was_opened() {
    let (scene, one, _) = scene();
    let decrypted =
        |arguments: &str| run(&scene, arguments).succeeds().json()["manifest"]["drill"]["decrypted"].clone();
    assert_eq!(decrypted(&format!("snapshot app.db --json --encrypt-to {one}")), false);
    assert_eq!(decrypted(&format!("snapshot app.db --json --encrypt-to {one} --identity keys/one")), true);
    assert_eq!(decrypted("snapshot app.db --json"), serde_json::Value::Null);
    run(&scene, &format!("snapshot app.db --to elsewhere --encrypt-to {one} --identity keys/two"))
        .fails(2)
        .says("the snapshot could not be opened by the key that is given")
        .says("hint: give the identity of one of the recipients, or none");
    assert_eq!(scene.snapshots("elsewhere"), Vec::<String>::new());
}

#[test]
fn a_snapshot_that_lost_its_manifest_is_restored_and_not_pruned() {
    let (scene, one, _) = scene();
    let path = run(&scene, &format!("snapshot app.db --encrypt-to {one}")).succeeds().printed_path();
    std::fs::remove_file(path.to_string_lossy().replace(".db.gz.age", ".meta.json")).expect("remove");
    run(&scene, "restore latest new.db --from backups --app app --identity keys/one")
        .succeeds()
        .says("has no manifest, so it is checked in full");
    assert_eq!(count(&scene.path("new.db")), 20);
    scene.larder([Path::new("validate"), &path]).run().fails(2).says("is encrypted, and no key is given");
    run(&scene, "snapshot app.db").succeeds();
    run(&scene, "prune backups --keep-last 1 --yes").succeeds();
    assert_eq!(scene.snapshots("backups").len(), 2, "nothing proves it to be a snapshot");
}

#[test]
fn a_file_for_every_user_is_encrypted() {
    let (scene, one, _) = scene();
    let sql = "create table users(id integer primary key, username text unique);
               create table notes(id integer primary key, user_id integer references users, text text);
               insert into users values (1, 'ann'), (2, 'bob'); insert into notes values (1, 1, 'hers'), (2, 2, 'his')";
    fill(&scene.path("notes.db"), sql);
    let settings = "[scope]\ntable = \"users\"\nkey = \"username\"\ncolumn = \"user_id\"\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    run(&scene, &format!("export notes.db --scope each -o out/ --encrypt-to {one}")).succeeds();
    assert_eq!(scene.names("out"), ["notes-ann.json.age", "notes-bob.json.age"]);
    run(&scene, "validate out/notes-ann.json.age --identity keys/one").succeeds();
}

/// Once the store was encrypted, what earlier restores had kept there was not found any more.
#[test]
fn an_undo_finds_what_was_kept_before_the_store_was_encrypted() {
    let (scene, one, _) = scene();
    let store = |store: &str| {
        let settings = format!("app = 'app'\ndatabase = 'app.db'\n[snapshot]\nto = '{store}'\n");
        std::fs::write(scene.path("larder.toml"), settings).expect("write");
    };
    store("store");
    run(&scene, "snapshot app.db --to store").succeeds();
    numbered_again(&scene, 7);
    run(&scene, "restore latest app.db").succeeds();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    run(&scene, &format!("snapshot app.db --to store --encrypt-to {one}")).succeeds();
    run(&scene, "restore --undo app.db").succeeds();
    assert_eq!(count(&scene.path("app.db")), 7);
    // What the undo kept lies beside the database now, and is newer.
    run(&scene, "restore --undo app.db").succeeds();
    assert_eq!(count(&scene.path("app.db")), 20);
    // A folder that is none stands in nobody's way.
    std::fs::remove_dir_all(scene.path("backups")).expect("remove");
    std::fs::write(scene.path("backups"), "a file").expect("write");
    std::fs::create_dir(scene.path("other")).expect("a folder");
    store("other");
    run(&scene, "snapshot app.db").succeeds();
    run(&scene, "restore latest app.db").succeeds();
    run(&scene, "restore --undo app.db").succeeds().says("backups is not looked into: ");
}
