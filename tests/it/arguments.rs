//! The command line itself: help, wrong usage, and what all commands have in common.

use super::fixtures::numbered;
use super::scene::Scene;

#[test]
fn help_names_every_command_in_the_order_of_the_design() {
    let scene = Scene::new();
    let help = scene.larder(["--help"]).run().succeeds().stdout();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // A line that is further in goes on with what the one before says.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        commands,
        [
            "export",
            "import",
            "validate",
            "diff",
            "find",
            "snapshot",
            "restore",
            "prune",
            "list",
            "pin",
            "init",
            "config",
            "check",
            "guard",
            "convert",
            "store",
            "apps",
            "keygen",
            "completions",
            "man",
            "help"
        ]
    );
    assert!(help.contains("Exit codes: 0 done; 1 failed; 2 wrong usage"), "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let text = scene.larder([command, "--help"]).run().succeeds().stdout();
        assert!(text.contains("Usage: larder"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

#[test]
fn version_is_the_packages() {
    let scene = Scene::new();
    scene.larder(["--version"]).run().succeeds().prints(&format!("larder {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_would_be_right() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 1);
    for (arguments, message) in [
        (&["snapshto"][..], "a similar subcommand exists: 'snapshot'"),
        (&["snapshot", "app.db", "--key-last", "1"], "--keep-last"),
        (&["snapshot"], "which database?"),
        (&["restore", "latest"], "which database?"),
        (&["restore"], "<SNAPSHOT>"),
        (&["restore", "--undo", "a", "b"], "cannot be used with"),
        (&["snapshot", "app.db", "-o", "x", "--to", "y"], "cannot be used with"),
        (&["snapshot", "app.db", "--force"], "--output"),
        (&["list", "-q", "-v"], "cannot be used with"),
        (&["list", "--busy-timeout", "soon"], "is no length of time such as 500ms, 30s or 5m"),
        (&["list", "--timezone", "nowhere"], "write local, UTC, an offset such as +02:00, or a name"),
        (&["prune", "x", "--keep-last", "some"], "write a number, or unlimited"),
    ] {
        scene.larder(arguments).run().fails(2).says(message);
    }
    scene.larder([""; 0]).run().fails(2).says("Usage: larder");
    assert_eq!(scene.names(""), ["app.db"]);
}

#[test]
fn failures_are_json_too_where_json_is_wanted() {
    let scene = Scene::new();
    let run = scene.larder(["restore", "latest", "none.db", "--json"]).run();
    assert_eq!(run.code(), Some(1), "{run}");
    let json = run.json();
    assert!(json["error"].is_string() && json["causes"].is_array() && json["hint"].is_string(), "{run}");
    let run = scene.larder(["restore", "--json"]).run();
    assert_eq!(run.code(), Some(2), "{run}");
    assert!(run.json()["error"].as_str().expect("text").contains("required arguments"), "{run}");
}

#[test]
fn names_from_data_cannot_play_with_the_terminal() {
    let scene = Scene::new();
    let evil = "a\u{1b}[31mred\u{7}.db";
    let run = scene.larder(["snapshot", evil]).run();
    assert_eq!(run.code(), Some(1), "{run}");
    assert!(!run.stderr().contains('\u{1b}') && run.stderr().contains("\\u{1b}[31mred"), "{run}");
}

#[test]
fn names_with_quotes_newlines_and_dashes_are_just_names() {
    for name in [
        "o'clock \"quoted\".db",
        "new\nline.db",
        "file:uri?mode=ro.db",
        "-dash.db",
        "ünï 東京.db",
        "a%20b#c.db",
        "x;y.db",
    ] {
        let scene = Scene::new();
        numbered(&scene.path(name), 3);
        let database = format!("./{name}");
        let path = scene.larder(["snapshot", &database, "--json"]).run().succeeds().json();
        assert!(std::path::Path::new(path["snapshot"].as_str().expect("a path")).is_file());
        super::fixtures::fill(&scene.path(name), "delete from t");
        let undo = scene.larder(["restore", "latest", &database, "--json"]).run().succeeds().json();
        assert_eq!(super::fixtures::count(&scene.path(name)), 3, "{name}");
        // The command that undoes it is one that a shell understands.
        let undo =
            undo["undo"].as_str().expect("a command").replacen("larder", env!("CARGO_BIN_EXE_larder"), 1);
        let done = std::process::Command::new("sh").args(["-c", &undo]).output().expect("a shell");
        assert!(done.status.success(), "{undo}: {}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(super::fixtures::count(&scene.path(name)), 0, "{name}");
        scene.larder(["export", "--full", &database, "-o", "doc.json"]).run().succeeds();
        scene.larder(["import", "doc.json", "./new\n'file'.db"]).run().succeeds();
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_names_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let scene = Scene::new();
    let folder = scene.path(OsStr::from_bytes(b"f\xff"));
    std::fs::create_dir(&folder).expect("a folder");
    let database = folder.join(OsStr::from_bytes(b"a\xfe.db"));
    numbered(&database, 3);
    let run = |arguments: &[&OsStr]| scene.larder(arguments).run().succeeds();
    run(&[OsStr::new("snapshot"), database.as_os_str()]);
    super::fixtures::fill(&database, "delete from t");
    run(&[OsStr::new("restore"), OsStr::new("latest"), database.as_os_str()]);
    assert_eq!(super::fixtures::count(&database), 3);
    run(&[OsStr::new("restore"), OsStr::new("--undo"), database.as_os_str()]);
    assert_eq!(super::fixtures::count(&database), 0);
}

#[test]
fn without_home_path_or_locale_everything_works() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 3);
    let mut larder = scene.larder(["snapshot", "app.db"]);
    larder.command.env_clear();
    larder.run().succeeds();
    let mut larder = scene.larder(["restore", "latest", "app.db"]);
    larder.command.env_clear();
    larder.run().succeeds();
}
