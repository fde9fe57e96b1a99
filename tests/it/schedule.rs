//! Without anybody there: from cron or a systemd timer, with as little of an environment as there can be.
#![cfg(unix)]

use super::fixtures::{count, numbered};
use super::scene::{Larder, Run, Scene};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 5);
    scene
}

/// A command that a shell runs, which has it as `"$0" "$@"`.
fn by_shell<'a>(scene: &'a Scene, script: &str, arguments: &[&str]) -> Larder<'a> {
    let mut larder = scene.larder(arguments);
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_larder")).args(arguments);
    shell.current_dir(scene.path("")).env_clear().stdin(Stdio::null());
    shell.env("HOME", scene.path("")).env("TZ", "UTC").env("PATH", "/usr/bin:/bin");
    larder.command = shell;
    larder
}

/// What a night may do, one after the other.
fn night(run: &dyn Fn(&[&str]) -> Run) {
    run(&["snapshot", "app.db", "--kind", "scheduled", "--prune", "--keep-last", "2"]).succeeds();
    run(&["snapshot", "app.db", "--json"]).succeeds();
    run(&["list"]).succeeds();
    run(&["check", "--max-age", "1h", "--drill"]).succeeds();
    run(&["prune", "--keep-last", "1", "--yes"]).succeeds();
    run(&["validate", "latest"]).code().expect("it ends by itself");
    run(&["restore", "latest", "app.db"]).succeeds();
    run(&["export", "app.db", "-o", "doc.json", "--force"]).succeeds();
    run(&["import", "doc.json", "app.db"]).succeeds();
}

#[test]
fn nothing_asks_without_a_terminal_and_without_a_standard_input() {
    let scene = scene();
    night(&|arguments| by_shell(&scene, "exec \"$0\" \"$@\" <&-", arguments).run());
    let closed = |arguments: &[&str]| by_shell(&scene, "exec \"$0\" \"$@\" <&-", arguments).run();
    closed(&["snapshot", "app.db"]).succeeds();
    let run = closed(&["prune", "--keep-last", "1"]);
    assert_eq!(run.code(), Some(4), "{run}");
    run.says("There is no terminal to ask on").says("--yes says yes");
    let run = closed(&["prune", "--keep-last", "1", "--json"]);
    assert_eq!(run.code(), Some(4), "{run}");
    assert!(run.json()["hint"].as_str().expect("a hint").contains("--yes"));
    closed(&["snapshot", "app.db", "--encrypt"]).fails(2).says("--passphrase-file");
    closed(&["snapshot", "-", "app.db"]).fails(2);
    super::fixtures::fill(&scene.path("app.db"), "update t set amount = 99");
    closed(&["import", "doc.json", "app.db"]).fails(4).says("--on-conflict");
}

#[test]
fn closed_streams_do_no_harm() {
    let scene = scene();
    for script in [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", "</dev/full 2>/dev/full >/dev/null"] {
        night(&|arguments| by_shell(&scene, &format!("exec \"$0\" \"$@\" {script}"), arguments).run());
    }
    assert!(!scene.snapshots("backups").is_empty());
}

#[test]
fn an_output_that_takes_nothing_is_an_error_and_the_snapshot_is_whole() {
    let scene = scene();
    let full = |arguments: &[&str]| by_shell(&scene, "exec \"$0\" \"$@\" >/dev/full", arguments).run();
    full(&["snapshot", "app.db", "--quiet"]).succeeds();
    for arguments in [
        &["snapshot", "app.db"] as &[&str],
        &["snapshot", "app.db", "--json"],
        &["list"],
        &["list", "--json"],
        &["check"],
        &["export", "app.db"],
        &["--help"],
        &["--version"],
    ] {
        full(arguments).fails(1).says("");
    }
    full(&["list"]).fails(1).says("cannot write to the standard output");
    for snapshot in scene.snapshots("backups") {
        scene.larder(["validate", &format!("backups/{snapshot}")]).run().succeeds();
    }
}

#[test]
fn neither_home_nor_path_is_needed() {
    let scene = scene();
    std::fs::write(
        scene.path("hooked.toml"),
        "[hooks]\nbefore = 'echo \"$LARDER_APP\" >> said'\nafter = 'echo done >> said'",
    )
    .expect("write");
    std::fs::set_permissions(scene.path("hooked.toml"), std::fs::Permissions::from_mode(0o600))
        .expect("chmod");
    for (home, path) in
        [(None, None), (Some(""), Some("")), (Some("/nowhere"), None), (Some("here"), Some("."))]
    {
        let run = |arguments: &[&str]| {
            let mut larder = scene.larder(arguments);
            larder.command.env_clear();
            larder.command.envs(home.map(|home| ("HOME", home))).envs(path.map(|path| ("PATH", path)));
            larder.run()
        };
        night(&run);
        let _ = std::fs::remove_file(scene.path("said"));
        run(&["snapshot", "app.db", "--config", "hooked.toml"]).succeeds();
        let said = std::fs::read_to_string(scene.path("said")).expect("the hooks ran");
        assert_eq!(said, "app\ndone\n");
        run(&["snapshot", "app.db", "--app", "none-such"]).succeeds();
        run(&["list", "--all"]).fails(2).says("--all");
    }
}

#[test]
fn home_is_asked_for_where_it_is_needed() {
    let scene = scene();
    std::fs::write(scene.path("home.toml"), "database = '~/app.db'").expect("write");
    let mut larder = scene.larder(["snapshot", "--config", "home.toml"]);
    larder.command.env_remove("HOME");
    larder.run().fails(2).says("home.toml:1:12").says("~");
}

/// The modes of all that is in a folder, without what is named.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mode = |entry: std::fs::DirEntry| {
        let mode = entry.metadata().expect("it is there").mode() & 0o777;
        (entry.file_name().to_string_lossy().into_owned(), mode)
    };
    entries.map(mode).collect()
}

#[test]
fn whatever_the_umask_what_is_in_a_store_is_private() {
    for umask in ["000", "022", "077"] {
        let scene = scene();
        let run = |arguments: &[&str]| {
            by_shell(&scene, &format!("umask {umask}; exec \"$0\" \"$@\""), arguments).run()
        };
        let to = "deep/store";
        run(&["snapshot", "app.db", "--to", to, "--create"]).succeeds();
        run(&["snapshot", "app.db", "--to", to, "--if-changed"]).succeeds().says("unchanged");
        run(&["snapshot", "app.db", "-o", "copy.db"]).succeeds();
        run(&["snapshot", "app.db", "-o", "copy.db.gz"]).succeeds();
        run(&["export", "app.db", "-o", "doc.json"]).succeeds();
        run(&["restore", "latest", "app.db", "--store", to]).succeeds();
        assert_eq!(modes(&scene.path("deep")), [("store".to_owned(), 0o700)]);
        for (name, mode) in modes(&scene.path(to)) {
            assert_eq!(mode, 0o600, "{name} with the umask {umask}");
        }
        for name in ["copy.db", "copy.db.gz"] {
            let mode = scene.path(name).metadata().expect("it is there").mode() & 0o777;
            assert_eq!(mode, 0o600, "{name} with the umask {umask}");
        }
        let mode = scene.path("doc.json").metadata().expect("it is there").mode() & 0o777;
        assert_eq!(mode & 0o022, 0, "nobody else may write an export with the umask {umask}: {mode:o}");
    }
}

#[test]
fn names_are_bytes_whatever_the_locale() {
    let scene = Scene::new();
    let name = "größe 東京 🎬";
    numbered(&scene.path(format!("{name}.db")), 5);
    for (variable, value) in [("LANG", "C"), ("LC_ALL", "POSIX"), ("LC_ALL", "xx_YY.none"), ("LANG", "de_DE")]
    {
        let run = |arguments: &[&str]| scene.larder(arguments).env(variable, value).run();
        let database = format!("{name}.db");
        let made = run(&["snapshot", &database, "--to", "ström"]).succeeds();
        let path = made.printed_path();
        assert!(path.is_file() && path.as_os_str().as_bytes().windows(2).any(|two| two == "ß".as_bytes()));
        let list = run(&["list", "ström"]).succeeds().stdout();
        assert!(list.contains(name), "{list}");
        let json = run(&["list", "ström", "--json"]).succeeds().json();
        assert_eq!(json["snapshots"][0]["app"], name);
        run(&["restore", "latest", &database, "--store", "ström"]).succeeds();
        run(&["prune", "ström", "--keep-last", "1", "--yes"]).succeeds();
    }
    // A name that is no text at all.
    let odd = std::ffi::OsStr::from_bytes(b"odd-\xff.db");
    numbered(&scene.path(odd), 5);
    let larder = scene.larder([std::ffi::OsStr::new("snapshot"), odd, std::ffi::OsStr::new("--quiet")]);
    larder.env("LC_ALL", "C").run().succeeds();
}

#[test]
fn a_time_zone_that_is_none_does_no_harm() {
    let scene = scene();
    for zone in ["Nowhere/Nothing", ":", "", "/etc/passwd", "UTC+99", "\u{1}"] {
        night(&|arguments| scene.larder(arguments).env("TZ", zone).run());
    }
}

#[test]
fn a_current_folder_that_is_gone_is_needed_for_relative_paths_only() {
    let scene = scene();
    let gone = "mkdir -p gone && cd gone && rmdir ../gone && exec \"$0\" \"$@\"";
    let (database, store) = (scene.path("app.db"), scene.path("store"));
    let (database, store) = (database.to_str().expect("text"), store.to_str().expect("text"));
    let run = |arguments: &[&str]| by_shell(&scene, gone, arguments).run();
    run(&["snapshot", database, "--to", store, "--create", "--prune", "--keep-last", "3"]).succeeds();
    run(&["list", store]).succeeds();
    run(&["check", store, "--drill"]).succeeds();
    run(&["restore", "latest", database, "--store", store]).succeeds();
    run(&["export", database]).succeeds();
    for arguments in
        [&["snapshot", "app.db"] as &[&str], &["list"], &["check"], &["prune", "--keep-last", "1"]]
    {
        let run = run(arguments);
        assert!(run.code().is_some_and(|code| (1..=3).contains(&code)), "{run}");
        assert_eq!(run.stdout(), "", "{run}");
    }
    assert_eq!(count(Path::new(database)), 5);
}

/// As `su` without `-` from root's own folder is.
#[test]
fn a_current_folder_that_cannot_be_read_is_needed_for_relative_paths_only() {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !is_root || !Path::new("/usr/bin/setpriv").is_file() {
        println!("skipped: only root can be somebody else, by setpriv (of util-linux)");
        return;
    }
    let scene = scene();
    std::fs::copy(env!("CARGO_BIN_EXE_larder"), scene.path("larder")).expect("copy");
    for (name, mode) in
        [("", 0o755), ("larder", 0o755), ("closed", 0o700), ("open", 0o777), ("app.db", 0o644)]
    {
        if !scene.path(name).exists() {
            std::fs::create_dir(scene.path(name)).expect("a folder");
        }
        std::fs::set_permissions(scene.path(name), std::fs::Permissions::from_mode(mode)).expect("chmod");
    }
    let (database, store) = (scene.path("app.db"), scene.path("open/store"));
    let (database, store) = (database.to_str().expect("text"), store.to_str().expect("text"));
    let nobody = "cd closed && exec setpriv --reuid 65534 --regid 65534 --clear-groups ../larder \"$@\"";
    let nobody = nobody.replace("../larder", scene.path("larder").to_str().expect("text"));
    let run = |arguments: &[&str]| by_shell(&scene, &nobody, arguments).run();
    run(&["snapshot", database, "--to", store, "--create", "--prune", "--keep-last", "3"]).succeeds();
    run(&["list", store]).succeeds();
    run(&["check", store, "--drill"]).succeeds();
    run(&["export", database]).succeeds();
    // Nor need temporary files go there.
    let closed = scene.path("closed");
    let run_closed = |arguments: &[&str]| by_shell(&scene, &nobody, arguments).env("TMPDIR", &closed).run();
    run_closed(&["snapshot", database, "--to", store]).succeeds();
    run_closed(&["snapshot", database, "-o", &format!("{store}/copy.db.gz")]).succeeds();
    let run = run(&["snapshot", "app.db"]);
    assert!(run.code().is_some_and(|code| (1..=2).contains(&code)), "{run}");
    assert!(run.stderr().starts_with("error: "), "{run}");
}

#[test]
fn a_folder_for_temporary_files_that_is_none_does_not_stop_a_snapshot() {
    let scene = scene();
    for folder in ["/nowhere/at/all", "", "relative", "/dev/null"] {
        let run = |arguments: &[&str]| scene.larder(arguments).env("TMPDIR", folder).run();
        run(&["snapshot", "app.db", "--prune", "--keep-last", "2"]).succeeds();
        run(&["snapshot", "app.db", "--json", "-o", "copy.db.gz", "--force"]).succeeds();
        run(&["list"]).succeeds();
        run(&["check"]).succeeds();
        run(&["restore", "latest", "app.db"]).succeeds();
        for arguments in [
            &["check", "--drill"] as &[&str],
            &["validate", "copy.db.gz"],
            &["prune", "--keep-last", "1", "--yes"],
            &["export", "app.db", "-o", "doc.json", "--force"],
            &["import", "doc.json", "app.db"],
            &["snapshot", "copy.db.gz", "--to", "other"],
        ] {
            let run = run(arguments);
            assert!(matches!(run.code(), Some(0..=3)), "{run}");
            assert!(
                run.code() == Some(0) || run.stderr().contains("TMPDIR") || run.stderr().contains("folder"),
                "{run}"
            );
        }
    }
    assert_eq!(count(&scene.path("app.db")), 5);
}

#[test]
fn it_can_be_nice() {
    let scene = scene();
    for nice in ["/usr/bin/nice", "/bin/nice"] {
        if Path::new(nice).is_file() {
            let script = format!("exec {nice} -n 19 \"$0\" \"$@\"");
            night(&|arguments| by_shell(&scene, &script, arguments).run());
            return;
        }
    }
}

/// The text of the fenced blocks of a kind in the page about schedules.
fn blocks(kind: &str) -> Vec<&'static str> {
    let page = include_str!("../../docs/schedule.md");
    let begin = format!("```{kind}\n");
    page.split(&begin).skip(1).map(|rest| rest.split("```").next().expect("it ends")).collect()
}

#[test]
fn the_lines_of_the_page_about_schedules_do_what_it_says() {
    let scene = Scene::new();
    for folder in ["movies", ".config/larder", "etc"] {
        std::fs::create_dir_all(scene.path(folder)).expect("a folder");
    }
    numbered(&scene.path("movies/app.db"), 200);
    let settings = blocks("toml")[0];
    for (file, text) in [
        (".config/larder/movies.toml", settings.to_owned()),
        ("etc/movies.toml", settings.replace('~', scene.path("").to_str().expect("text"))),
    ] {
        std::fs::write(scene.path(file), text).expect("write");
        std::fs::set_permissions(scene.path(file), std::fs::Permissions::from_mode(0o600)).expect("chmod");
    }
    // Once, by hand.
    scene.larder(["snapshot", "--app", "movies", "--create"]).run().succeeds();
    let crontab = blocks("crontab").join("\n");
    let from_cron = crontab.lines().filter_map(|line| line.split_once("/usr/local/bin/larder"));
    let units = blocks("ini").join("\n");
    let by_systemd = units.lines().filter_map(|line| line.split_once("ExecStart=/usr/local/bin/larder"));
    let mut ran = 0;
    for (has_home, command) in
        from_cron.map(|(_, rest)| (true, rest)).chain(by_systemd.map(|(_, rest)| (false, rest)))
    {
        let command = command.split("&&").next().expect("a command").replace("\\%", "%");
        let command = command.replace("/etc/larder", scene.path("etc").to_str().expect("text"));
        let mut shell = by_shell(&scene, &format!("exec \"$0\" {command}"), &[]);
        shell.command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        if has_home {
            shell.command.env("HOME", scene.path(""));
        }
        let run = shell.run().succeeds();
        assert!(
            !has_home || (run.stdout().is_empty() && run.stderr().is_empty()),
            "cron would send a mail: {run}"
        );
        ran += 1;
    }
    assert_eq!(
        (ran, scene.snapshots("backups/movies").len()),
        (7, 2),
        "the first and the last of an hour stay"
    );
    // What goes wrong is told, by those who are quiet too.
    std::fs::write(scene.path("movies/app.db"), "no database").expect("write");
    let settings = std::fs::read_to_string(scene.path("etc/movies.toml")).expect("read");
    let hook = settings.lines().find(|line| line.starts_with("on-failure")).expect("the hook");
    let told = settings.replace(hook, "on-failure = 'echo \"$LARDER_APP: $LARDER_ERROR\" > said'");
    std::fs::write(scene.path("etc/movies.toml"), told).expect("write");
    let run = scene.larder(["--quiet", "snapshot", "--config", "etc/movies.toml"]).run().fails(1);
    let said = std::fs::read_to_string(scene.path("said")).expect("the hook ran");
    assert!(said.starts_with("movies: no snapshot of ") && said.contains("app.db"), "{said}");
    assert!(run.stderr().starts_with("error: no snapshot of ") && run.stderr().lines().count() <= 3, "{run}");
}

#[test]
fn what_is_bad_is_told_by_those_who_are_quiet_too() {
    let scene = scene();
    for _ in 0..3 {
        scene.larder(["snapshot", "app.db"]).run().succeeds();
    }
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    let newest = scene.path(json["snapshots"][2]["file"].as_str().expect("a path"));
    let mut bytes = std::fs::read(&newest).expect("read");
    let at = bytes.len() - 10;
    bytes[at] ^= 0xff;
    std::fs::write(&newest, bytes).expect("write");
    let run = scene.larder(["prune", "--keep-last", "1", "--yes", "--quiet"]).run().fails(1);
    assert!(run.stderr().starts_with("warning: app-") && run.stderr().contains("fails its drill"), "{run}");

    std::fs::write(scene.path("no.db"), "no database at all").expect("write");
    let run = scene.larder(["snapshot", "no.db", "--keep-damaged", "--quiet"]).run().succeeds();
    assert!(run.stderr().contains("no.db is damaged"), "{run}");
}
