//! Databases of real applications, where a folder of them lies beside the project. They are not part of it.

use super::same::{assert_same, assert_same_in_any_order, open};
use super::scene::Scene;
use std::path::{Path, PathBuf};

/// The databases, or nothing where there is no such folder.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn databases() -> Vec<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut found = Vec::new();
    for folder in ["databases", "databases/edge", "apps/empty"] {
        for entry in std::fs::read_dir(shared.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_database = entry.path().is_file() && name != "README.md" && !name.contains("sqlite-");
            if is_database {
                found.push(entry.path());
            }
        }
    }
    if found.is_empty() {
        println!("skipped: no databases of real applications in {}", shared.display());
    }
    found.sort();
    found
}

/// A scene with a copy of a database and of what is beside it, and whether it is sound.
fn copied(database: &Path) -> (Scene, PathBuf, bool) {
    let scene = Scene::new();
    let name = database.file_name().expect("a name");
    for suffix in ["", "-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{suffix}", database.display()));
        if from.exists() {
            let to = scene.path(format!("{}{suffix}", name.to_string_lossy()));
            std::fs::copy(from, &to).expect("copy");
            let mut permissions = std::fs::metadata(&to).expect("there").permissions();
            #[expect(clippy::permissions_set_readonly_false, reason = "it is a copy in a private folder")]
            permissions.set_readonly(false);
            std::fs::set_permissions(&to, permissions).expect("writable");
        }
    }
    let probe = Scene::new();
    for entry in scene.names("") {
        std::fs::copy(scene.path(&entry), probe.path(&entry)).expect("copy");
    }
    let sound = open(&probe.path(name))
        .query_row("pragma integrity_check", [], |row| row.get::<_, String>(0))
        .is_ok_and(|line| line == "ok");
    let path = scene.path(name);
    (scene, path, sound)
}

#[test]
fn sound_databases_come_back_from_snapshots_and_documents() {
    let mut sound = 0;
    for database in databases() {
        let (scene, path, is_sound) = copied(&database);
        if !is_sound {
            continue;
        }
        sound += 1;
        let path_text = path.to_str().expect("UTF-8");
        let snapshot = scene.larder(["snapshot", path_text]).run().succeeds().printed_path();
        scene.larder(["restore", snapshot.to_str().expect("UTF-8"), "restored.db"]).run().succeeds();
        scene.larder(["export", "--full", path_text, "-o", "doc.json.gz"]).run().succeeds();
        scene.larder(["import", "doc.json.gz", "imported.db"]).run().succeeds();
        assert_same_in_any_order(&path, &scene.path("restored.db"));
        assert_same(&path, &scene.path("imported.db"));
    }
    println!("{sound} databases");
}

#[test]
fn damaged_databases_are_refused_by_every_command_and_nothing_is_left() {
    for database in databases() {
        let (scene, path, is_sound) = copied(&database);
        if is_sound {
            continue;
        }
        let before = scene.names("");
        let name = path.file_name().expect("a name").to_str().expect("UTF-8");
        scene.larder(["snapshot", name]).run().fails(1).says(name);
        scene.larder(["export", "--full", name, "-o", "doc.json"]).run().fails(1).says(name);
        let validated = scene.larder(["validate", name]).run();
        assert_eq!(validated.code(), Some(3), "{validated}");
        scene.larder(["restore", name, "new.db"]).run().fails(3).says(name);
        assert_eq!(scene.snapshots("backups"), Vec::<String>::new());
        let after: Vec<String> = scene.names("").into_iter().filter(|name| name != "backups").collect();
        assert_eq!(after, before);
    }
}
