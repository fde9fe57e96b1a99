//! The architecture, held: who may import whom, where the terminal is, where files are touched.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file, as a path below `src`, with its text up to its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).expect("read");
                let code = text.split("\n#[cfg(test)]").next().unwrap_or_default();
                let is_comment = |line: &&str| line.trim_start().starts_with("//");
                let code = code.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join(
                    "
",
                );
                found.push((path.strip_prefix(root().join("src")).expect("below src").to_owned(), code));
            }
        }
    }
    found
}

fn is_terminal_side(path: &Path) -> bool {
    ["main.rs", "cli.rs", "exit.rs"].iter().any(|file| path == Path::new(file))
        || path.starts_with("commands")
        || path.starts_with("ui")
}

#[test]
fn the_library_knows_no_terminal() {
    for (path, code) in sources().into_iter().filter(|(path, _)| !is_terminal_side(path)) {
        for word in ["clap", "dialoguer", "indicatif", "console", "comfy_table"] {
            assert!(
                !code.contains(&format!("use {word}")) && !code.contains(&format!("{word}::")),
                "{} knows {word}",
                path.display()
            );
        }
        for word in ["println!", "print!(", "eprintln!", "stdin()", "stdout()", "stderr()"] {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn only_the_terminal_prompts_and_draws() {
    for (path, code) in sources().into_iter().filter(|(path, _)| !path.starts_with("ui")) {
        for word in ["dialoguer", "indicatif", "comfy_table", "console::"] {
            assert!(!code.contains(word), "{} knows {word}", path.display());
        }
    }
}

#[test]
fn files_are_changed_in_one_place() {
    for (path, code) in sources() {
        if path.starts_with("files") || path.starts_with("platform") || path.ends_with("failpoint.rs") {
            continue;
        }
        for word in [
            "fs::write",
            "fs::rename",
            "fs::remove",
            "fs::create",
            "fs::copy",
            "fs::hard_link",
            "OpenOptions",
            " File::create",
            "File::options",
            "set_permissions",
        ] {
            assert!(
                !code.contains(word),
                "{} uses {word}; crate::files does that, with a fail point",
                path.display()
            );
        }
    }
}

/// What follows a text, wherever it stands in the code.
fn after<'a>(code: &'a str, text: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(text).map(move |(at, _)| code[at + text.len()..].trim_start())
}

/// Calls of `identifier` with the name of a table.
fn tables_as_identifiers(code: &str) -> Vec<String> {
    let arguments = after(code, "identifier(").map(|rest| rest.split(')').next().unwrap_or_default());
    let is_table = |argument: &&str| {
        let last = argument.trim_start_matches('&').rsplit('.').next().unwrap_or_default();
        ["table", "parent", "child"].contains(&last)
            || ["table.name", "object.name"].iter().any(|name| argument.ends_with(name))
    };
    arguments.filter(is_table).map(|argument| format!("identifier({argument})")).collect()
}

/// What looks among temporary tables, or among the user's where SQLite's own is meant.
fn names_without_their_database(code: &str) -> Vec<String> {
    let mut words: Vec<String> =
        ["CREATE TEMP", "ATTACH DATABASE", "column_metadata(None"].map(str::to_owned).into();
    words.extend(["table_", "index_", "foreign_key_"].map(|start| format!("PRAGMA {start}")));
    let mut found: Vec<String> = words.into_iter().filter(|word| code.contains(word)).collect();
    let sqlites = ["pragma_", "json_", "dbstat"];
    let is_function = |rest: &str| sqlites.iter().any(|name| rest.starts_with(name));
    let tables = after(code, "temp.").filter(|rest| !is_function(rest));
    found.extend(tables.map(|rest| format!("temp.{}", rest.lines().next().unwrap_or_default())));
    let functions = ["pragma_", "json_tree(", "json_each("].iter().flat_map(|name| code.match_indices(name));
    let functions = functions
        .filter(|(at, _)| !code[..*at].ends_with("temp.") && !code[*at..].starts_with("pragma_update"));
    found.extend(
        functions.map(|(at, name)| format!("{name} in {}", code[..at].lines().last().unwrap_or_default())),
    );
    found
}

/// Tables that SQL calls by a name of larder's own.
fn own_tables(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for keyword in ["FROM ", "JOIN ", "INSERT INTO ", "OR IGNORE INTO ", "UPDATE ", "CREATE TABLE "] {
        for rest in after(code, keyword) {
            let name = rest.split(|c: char| !c.is_alphanumeric() && !['_', '.'].contains(&c)).next();
            let name = name.unwrap_or_default();
            let is_known =
                ["", "sqlite_schema", "main.sqlite_schema", "main.sqlite_sequence"].contains(&name);
            let is_name = name.chars().all(|c| c.is_lowercase() || ['_', '.'].contains(&c));
            if is_name && !is_known && !name.starts_with("temp.") {
                found.push(format!("{keyword}{name}"));
            }
        }
    }
    found
}

/// A user's table may have any name, also that of a temporary table, which SQLite would take for it. So SQL names the tables of a
/// user's database by `user_table` only, and temporary ones by `TempTable`.
#[test]
fn tables_are_named_in_one_place() {
    // Those that have a database of their own, with nothing of the user's in it, call its tables what they like.
    let private = [
        "diff/documents",
        "diff/events.rs",
        "import/condensed",
        "import/rows",
        "import/rows.rs",
        "validate/keys.rs",
    ];
    let here = ["database/quote.rs", "database/temporary.rs"];
    for (path, code) in sources().into_iter().filter(|(path, _)| !here.iter().any(|own| path.ends_with(own)))
    {
        // Text that is written into sqlite_schema names no database.
        let code = code.replace("\"CREATE TABLE {}({}){options}\", identifier(&table.name)", "");
        let code =
            code.replace("AuthAction::Pragma { pragma_name: \"data_version\", pragma_value: None }", "");
        let mut found = tables_as_identifiers(&code);
        found.extend(names_without_their_database(&code));
        if !private.iter().any(|own| path.starts_with(own)) {
            found.extend(own_tables(&code));
        }
        assert_eq!(found, [""; 0], "{}: crate::database::quote says how", path.display());
    }
}

#[test]
fn modules_import_only_what_they_may() {
    // What everybody may use, then what each may use besides.
    let base = ["error", "failpoint", "files", "patience", "platform", "problem", "progress"];
    let allowed: &[(&str, &[&str])] = &[
        ("error.rs", &[]),
        ("failpoint.rs", &[]),
        ("progress.rs", &[]),
        ("platform", &[]),
        ("files", &[]),
        ("stream", &[]),
        ("database", &["stream"]),
        ("store", &["stream"]),
        ("config", &["database", "snapshot", "store", "stream"]),
        ("hooks.rs", &["config"]),
        ("notify.rs", &["store"]),
        ("app", &["config", "database"]),
        ("document", &["app", "database", "stream"]),
        ("graph", &["app", "database", "stream"]),
        ("export", &["app", "config", "document", "database", "graph", "stream", "validate"]),
        ("init", &["app", "config", "database"]),
        ("convert.rs", &["document", "database"]),
        ("diff", &["app", "config", "database", "document", "import"]),
        ("import", &["app", "config", "document", "database", "graph", "stream"]),
        ("validate", &["app", "document", "database", "stream", "import"]),
        ("snapshot", &["store", "database", "stream"]),
    ];
    for (path, code) in sources().into_iter().filter(|(path, _)| !is_terminal_side(path)) {
        let Some((start, besides)) = allowed.iter().find(|(start, _)| path.starts_with(start)) else {
            continue;
        };
        for import in code.split("crate::").skip(1) {
            let module: String = import.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let own = start.trim_end_matches(".rs");
            let may = module.is_empty()
                || module == own
                || base.contains(&module.as_str())
                || besides.contains(&module.as_str());
            assert!(may, "{} must not import {module}", path.display());
        }
    }
}

#[test]
fn manual_pages_and_completions_are_fresh() {
    let scene = super::scene::Scene::new();
    scene.larder(["man", "man"]).run().succeeds();
    for name in scene.names("man") {
        let (now, kept) = (scene.path("man").join(&name), root().join("man").join(&name));
        let same = std::fs::read(now).expect("read") == std::fs::read(kept).unwrap_or_default();
        assert!(same, "man/{name} is stale: larder man --force man");
    }
    for (shell, file) in [
        ("bash", "larder.bash"),
        ("zsh", "_larder"),
        ("fish", "larder.fish"),
        ("elvish", "larder.elv"),
        ("powershell", "_larder.ps1"),
    ] {
        let now = scene.larder(["completions", shell]).run().succeeds().stdout();
        let kept = std::fs::read_to_string(root().join("completions").join(file)).unwrap_or_default();
        assert!(now == kept, "completions/{file} is stale: larder completions {shell} > completions/{file}");
    }
}
