//! Commands of the user around what larder does.
#![cfg(unix)]

use super::fixtures::{fill, numbered};
use super::scene::Scene;
use std::os::unix::fs::PermissionsExt;

/// A database, and settings with these hooks.
fn scene(hooks: &str) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), "create table t(id integer primary key, name text unique)");
    let file = scene.path("larder.toml");
    std::fs::write(&file, format!("[hooks]\n{hooks}")).expect("write");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    scene
}

fn said(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path("said")).unwrap_or_default()
}

#[test]
fn a_snapshot_is_made_between_its_hooks() {
    let scene = scene(
        "before = 'echo $LARDER_HOOK $LARDER_COMMAND $LARDER_APP >> said; ls backups >> said 2>/dev/null; true'
         after = 'echo $LARDER_HOOK; test -s \"$LARDER_SNAPSHOT\" && echo it is there >> said'",
    );
    let run = scene.larder(["snapshot", "app.db"]).run().succeeds();
    assert_eq!(said(&scene), "before snapshot app\nit is there\n");
    assert_eq!(run.stdout().lines().count(), 1, "what hooks say is no result: {run}");
}

#[test]
fn no_snapshot_is_made_where_the_hook_before_it_fails() {
    let scene = scene("before = 'echo no way; exit 3'\non-failure = 'echo \"$LARDER_ERROR\" >> said'");
    scene.larder(["snapshot", "app.db"]).run().fails(1).says("the hook before failed").says("no way");
    assert!(said(&scene).contains("nothing was done") && said(&scene).contains("no way"), "{}", said(&scene));
    assert!(!scene.path("backups").exists());
}

#[test]
fn failures_are_told_and_a_hook_that_fails_afterwards_undoes_nothing() {
    let scene = scene("after = 'exit 7'\non-failure = 'echo $LARDER_ERROR >> said; exit 1'");
    scene.larder(["snapshot", "app.db"]).run().does_a_part().says("the hook after failed");
    assert_eq!(scene.names("backups").iter().filter(|name| name.ends_with(".db.gz")).count(), 1);
    std::fs::write(scene.path("app.db"), "no database at all").expect("write");
    scene.larder(["snapshot", "app.db"]).run().fails(1).says("the hook on-failure failed");
    assert!(said(&scene).contains("app.db"), "{}", said(&scene));
}

#[test]
fn hooks_that_somebody_else_could_have_written_are_not_run() {
    let scene = scene("before = 'touch said'");
    let file = scene.path("larder.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).expect("chmod");
    let run = scene.larder(["snapshot", "app.db"]).run().fails(2);
    run.says("the hook before is not run").says("chmod go-w");
    assert!(!scene.path("said").exists() && !scene.path("backups").exists());
}

#[test]
fn what_new_rows_lack_is_fetched_again_by_the_hook() {
    let scene = scene("refetch = 'cat > said; echo $LARDER_COUNT >> said'\n[sections.t]\nrefetch = ['data']");
    fill(
        &scene.path("app.db"),
        "alter table t add column data text; insert into t values (1, 'a', 'x'), (2, 'b', 'y')",
    );
    scene.larder(["export", "app.db", "-o", "doc.json"]).run().succeeds();
    scene.larder(["import", "doc.json", "app.db"]).run().succeeds();
    assert_eq!(said(&scene), "", "nothing is missing");
    fill(&scene.path("app.db"), "delete from t where id = 2");
    scene.larder(["import", "doc.json", "app.db", "--dry-run"]).run().succeeds();
    assert_eq!(said(&scene), "", "nothing was done");
    scene.larder(["import", "doc.json", "app.db"]).run().succeeds();
    assert_eq!(said(&scene), "{\"section\":\"t\",\"key\":\"b\"}\n1\n");
    // Also one that is there and lacks it.
    fill(&scene.path("app.db"), "delete from t where id = 2; update t set data = null");
    let run = scene.larder(["import", "doc.json", "app.db", "--json"]).run().succeeds();
    assert_eq!(run.json()["needs_refetch"], serde_json::json!({"t": ["a", "b"]}));
    assert_eq!(said(&scene), "{\"section\":\"t\",\"key\":\"a\"}\n{\"section\":\"t\",\"key\":\"b\"}\n2\n");
    // Nothing is written, and so nothing is run; it is told all the same.
    std::fs::write(scene.path("said"), "").expect("write");
    let run = scene.larder(["import", "doc.json", "app.db"]).run().succeeds();
    run.says("2 items of t lack what can be fetched again");
    assert_eq!(said(&scene), "");
    fill(&scene.path("app.db"), "delete from t");
    let file = scene.path("larder.toml");
    let text = std::fs::read_to_string(&file).expect("read").replace("cat > said", "exit 5; cat > said");
    std::fs::write(&file, text).expect("write");
    let run = scene.larder(["import", "doc.json", "app.db"]).run().does_a_part();
    run.says("the items are in, and what they lack was not fetched").says("the hook refetch failed");
    scene.larder(["import", "doc.json", "app.db"]).run().succeeds().says("nothing to change");
}

/// The rows of one user, and children that can be fetched again.
#[test]
fn the_hook_is_told_whose_rows_and_which_sections_lack_something() {
    let scene = scene(
        "refetch = 'cat > said; echo $LARDER_SCOPE $LARDER_SECTION $LARDER_COUNT >> said'
         [scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'
         [sections.films]\nnest.posters = { refetch = ['image'] }\n[sections.books]\nrefetch = ['cover', 'text']\n[sections.t]\ninclude = false",
    );
    fill(
        &scene.path("app.db"),
        "create table users(id integer primary key, name text not null unique, token text); insert into users values (1, 'ann', 's'), (2, 'bob', 's');
         create table films(id integer primary key, user_id int not null references users(id), title text not null, unique(user_id, title));
         create table posters(id integer primary key, film_id int not null references films(id), size text not null, image text, unique(film_id, size));
         create table books(id integer primary key, user_id int not null references users(id), title text not null, cover text, text text, unique(user_id, title));
         insert into films values (1, 1, 'Heat'), (2, 1, 'Ran'); insert into posters values (1, 1, 'big', 'i'), (2, 2, 'big', 'i');
         insert into books values (1, 1, 'Emma', 'c', 't'), (2, 1, 'Dune', 'c', null)",
    );
    scene.larder(["export", "app.db", "-o", "doc.json", "--scope", "ann"]).run().succeeds();
    fill(
        &scene.path("app.db"),
        "update books set cover = null where id = 1; delete from posters where id = 2; delete from films where id = 2",
    );
    scene.larder(["import", "doc.json", "app.db", "--scope", "ann"]).run().succeeds();
    // A book that has one of the two is no such item.
    assert_eq!(said(&scene), "{\"scope\":\"ann\",\"section\":\"films\",\"key\":\"Ran\"}\nann films 1\n");
    fill(&scene.path("app.db"), "update books set text = null where id = 1; delete from books where id = 2");
    scene.larder(["import", "doc.json", "app.db", "--scope", "ann"]).run().succeeds();
    assert!(
        said(&scene).ends_with("ann books,films 3\n") || said(&scene).ends_with("ann films,books 3\n"),
        "{}",
        said(&scene)
    );
}

/// A secret that may be NULL is one that an import leaves empty, too.
#[test]
fn a_secret_that_is_left_empty_is_told() {
    let scene = scene("timeout = '1m'");
    fill(
        &scene.path("app.db"),
        "create table feeds(id integer primary key, url text not null unique, api_key text); insert into feeds values (1, 'a', 's1'), (2, 'b', 's2')",
    );
    scene.larder(["export", "app.db", "-o", "doc.json"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from feeds");
    let run = scene.larder(["import", "doc.json", "app.db", "--json", "--only", "feeds"]).run().succeeds();
    assert_eq!(run.json()["filled"], serde_json::json!({"feeds.api_key": 2}), "{run}");
    run.says("feeds.api_key is not in the document, and empty in 2 rows");
}

#[test]
fn hooks_of_two_runs_never_overlap() {
    let scene =
        scene("before = 'echo begin >> said; while ! test -e go; do sleep 0.05; done; echo end >> said'");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| scene.larder(["snapshot", "app.db"]).run().succeeds());
        while said(&scene).is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let run = scene.larder(["snapshot", "app.db", "--quiet"]).run_impatiently().fails(5);
        run.says("another larder is running the hooks of").says("larder.toml").says("--busy-timeout");
        assert_eq!(said(&scene), "begin\n");
        let waiting = scope.spawn(|| scene.larder(["snapshot", "app.db"]).run().succeeds());
        std::fs::write(scene.path("go"), "").expect("write");
        first.join().expect("the first ends well");
        waiting.join().expect("the one that waits ends well");
    });
    assert_eq!(said(&scene), "begin\nend\nbegin\nend\n");
    assert_eq!(scene.snapshots("backups").len(), 2);
}

#[test]
fn a_hook_that_fails_is_told_also_by_those_who_are_quiet() {
    let scene = scene("after = 'echo no route; exit 7'");
    let run = scene.larder(["snapshot", "app.db", "--quiet"]).run();
    assert_eq!((run.code(), run.stdout().as_str()), (Some(1), ""), "{run}");
    run.says("error: the hook after failed").says("no route");
}

#[test]
fn a_snapshot_is_of_the_time_when_it_was_taken_not_when_the_hooks_began() {
    let scene = scene("before = 'sleep 2; date -u +%Y-%m-%dT%H-%M-%SZ > began'");
    let made = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let began = std::fs::read_to_string(scene.path("began")).expect("the hook ran");
    let name = made.file_name().expect("a name").to_string_lossy().into_owned();
    let time = name.trim_start_matches("app-").trim_end_matches(".db.gz").to_owned();
    assert!(*time >= *began.trim(), "{time} {began}");
}

#[test]
fn the_application_of_a_manifest_leads_to_no_settings_elsewhere() {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 3);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    std::fs::create_dir_all(scene.path(".config/larder")).expect("a folder");
    std::fs::write(scene.path("evil.toml"), "[hooks]\nbefore = 'touch ran'\n").expect("write");
    let snapshot = format!("backups/{}", scene.snapshots("backups").remove(0));
    let manifest = scene.path(snapshot.replace(".db.gz", ".meta.json"));
    let text = std::fs::read_to_string(&manifest).expect("read");
    let absolute = scene.path("evil").display().to_string();
    for app in ["../../evil", &absolute] {
        let changed = text.replacen("\"app\": \"app\"", &format!("\"app\": \"{app}\""), 1);
        assert_ne!(changed, text);
        std::fs::write(&manifest, changed).expect("write");
        scene.larder(["export", &snapshot, "--to", "exports"]).run().succeeds();
        assert!(!scene.path("ran").exists(), "{app}");
    }
}
