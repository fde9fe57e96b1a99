//! Remote stores, against real servers on loopback.

use super::fixtures;
use super::scene::Scene;
use super::servers::{Place, Server, s3, sftp, sftp_that_never_replaces, webdav};
use serde_json::Value;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A database, and a server.
fn scene(start: fn(&Scene) -> Option<Server>) -> Option<(Scene, Server)> {
    let scene = Scene::new();
    fixtures::numbered(&scene.path("movies.db"), 2000);
    let server = start(&scene)?;
    Some((scene, server))
}

/// The snapshots that are listed.
pub fn files(server: &impl Place, scene: &Scene) -> Vec<String> {
    let listed = server.larder(scene, &["list", server.url(), "--json"]).run().succeeds().json();
    let snapshots = listed["snapshots"].as_array().expect("snapshots").clone();
    snapshots.iter().map(|snapshot| snapshot["file"].as_str().expect("a file").to_owned()).collect()
}

/// Snapshot, list, validate, restore, prune.
pub fn round_trip(scene: &Scene, server: &impl Place, verified: &str) {
    let url = server.url();
    let run = |arguments: &[&str]| server.larder(scene, arguments).run().succeeds();
    let made = run(&["snapshot", "movies.db", "--to", url, "--json"]).json();
    assert_eq!(made["manifest"]["upload"]["verified"], verified, "{made}");
    let first = made["snapshot"].as_str().expect("a URL").to_owned();
    assert_eq!(files(server, scene), [first.as_str()]);
    run(&["snapshot", "movies.db", "--to", url, "--if-changed"]).says("unchanged");
    let second =
        run(&["snapshot", "movies.db", "--to", url, "--verify", "size"]).stdout().trim_end().to_owned();
    assert_eq!(files(server, scene), [first.as_str(), &second]);
    run(&["validate", &first, &second]).prints(&format!("{first}: valid\n{second}: valid\n"));
    run(&["restore", "latest", "again.db", "--app", "movies", "--from", url]).says(&second);
    run(&["restore", &first, "movies.db"]).says("what was there is kept in");
    assert_eq!(scene.snapshots("backups").len(), 1, "safety snapshots stay on this machine");
    run(&["restore", "--undo", "movies.db"]);
    let pruned = run(&["prune", url, "--keep-last", "1", "--yes", "--json"]).json();
    assert_eq!(pruned["remove"][0]["file"], first.as_str());
    assert_eq!(files(server, scene), [second.as_str()]);
    run(&["check", url]);
    run(&["store", "get", &second]);
    let name = second.rsplit('/').next().expect("a name").split('?').next().expect("a name").to_owned();
    run(&["validate", &name]);
    server.larder(scene, &["store", "rm", &second]).run().fails(4).says("--yes");
    run(&["store", "rm", &second, "--yes"]).says("1 file is deleted");
    assert_eq!(files(server, scene), Vec::<String>::new());
}

/// Documents go there and come back.
pub fn documents(scene: &Scene, server: &impl Place) {
    let url = format!("{}/movies.json.gz", server.url());
    let run = |arguments: &[&str]| server.larder(scene, arguments).run();
    run(&["export", "--full", "movies.db", "-o", &url]).succeeds().prints(&format!("{url}\n"));
    run(&["export", "--full", "movies.db", "-o", &url]).fails(1).says("exists");
    run(&["export", "--full", "movies.db", "-o", &url, "--force"]).succeeds();
    run(&["import", &url, "new.db"]).succeeds();
    run(&["validate", &url]).succeeds().prints(&format!("{url}: valid\n"));
    run(&["store", "rm", &url]).fails(2).says("is not called like a snapshot");
    run(&["store", "rm", &url, "--force", "--yes"]).succeeds();
    run(&["import", &url, "other.db"]).fails(1).says("there is no file");
}

/// Tries itself.
pub fn tests_itself(scene: &Scene, server: &impl Place) {
    let run = server.larder(scene, &["store", "test", server.url()]).run().succeeds();
    run.says("ok: it is read back, and the same")
        .says("ok: it is deleted")
        .prints(&format!("{}: all is well\n", server.url()));
}

#[test]
fn an_s3_store_does_all_that_a_folder_does() {
    let Some((scene, server)) = scene(s3) else { return };
    tests_itself(&scene, &server);
    round_trip(&scene, &server, "digest");
    documents(&scene, &server);
}

#[test]
fn a_webdav_store_does_all_that_a_folder_does() {
    let Some((scene, server)) = scene(webdav) else { return };
    tests_itself(&scene, &server);
    round_trip(&scene, &server, "read-back");
    documents(&scene, &server);
}

#[test]
fn an_sftp_store_does_all_that_a_folder_does() {
    let Some((scene, server)) = scene(sftp) else { return };
    tests_itself(&scene, &server);
    round_trip(&scene, &server, "read-back");
    documents(&scene, &server);
}

#[test]
fn a_manifest_is_replaced_where_no_name_can_be_taken_from_another() {
    let Some((scene, server)) = scene(sftp_that_never_replaces) else { return };
    let again = ["snapshot", "movies.db", "--to", &server.url, "--if-changed"];
    std::fs::create_dir_all(server.folder.join("some/where")).expect("a folder");
    for of in ["movies-2026-01-01T00-00-00Z.db.gz", "movies-2026-01-01T00-00-00Z.meta.json"] {
        let abandoned = server.folder.join(format!("some/where/.larder-upload-{of}~01"));
        std::fs::write(abandoned, "what a process left that was killed").expect("written");
    }
    server.larder(&scene, &again).run().succeeds();
    server.larder(&scene, &again).run().succeeds().says("unchanged");
    let names = scene.names("served/some/where");
    assert_eq!(names.len(), 2, "{names:?}");
    let manifest = std::fs::read_to_string(server.folder.join("some/where").join(&names[1]));
    assert!(manifest.expect("it is there").contains("unchanged_at"));
}

#[test]
fn a_file_that_was_changed_on_the_server_is_found() {
    for start in [webdav, sftp] {
        let Some((scene, server)) = scene(start) else { continue };
        let made = server.larder(&scene, &["snapshot", "movies.db", "--to", &server.url]).run().succeeds();
        let url = made.stdout().trim_end().to_owned();
        let file = server.folder.join("some/where").join(url.rsplit('/').next().expect("a name"));
        let mut bytes = std::fs::read(&file).expect("it is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).expect("written");
        let found = server.larder(&scene, &["validate", &url]).run();
        assert_eq!(found.code(), Some(3), "{found}");
        server.larder(&scene, &["restore", &url, "movies.db"]).run().fails(3);
        server
            .larder(&scene, &["store", "get", &url])
            .run()
            .fails(3)
            .says("is not the file that its manifest describes");
        // It does not count as good, so nothing is pruned in its favour, nor it because of an older one.
        server.larder(&scene, &["prune", &server.url, "--keep-last", "1", "--yes"]).run().succeeds();
        assert_eq!(files(&server, &scene), [url]);
    }
}

/// A server that is not there, and comes back.
fn comes_back(start: fn(&Scene) -> Option<Server>) {
    let Some((scene, mut server)) = scene(start) else { return };
    server.stop();
    let run = server.larder(&scene, &["snapshot", "movies.db", "--to", &server.url]).run().fails(1);
    run.says(&server.url);
    assert_eq!(scene.names("backups"), Vec::<String>::new());
    server.start_again();
    if server.url.starts_with("s3") {
        server.make_bucket();
    }
    server.larder(&scene, &["snapshot", "movies.db", "--to", &server.url]).run().succeeds();
}

#[test]
fn a_server_that_is_not_there_is_an_error_and_later_all_is_well() {
    // They are waited for more than they work.
    std::thread::scope(|threads| {
        for start in [s3, webdav, sftp] {
            threads.spawn(move || comes_back(start));
        }
    });
}

/// A database that takes a while to be sent, and does not get smaller.
fn large(scene: &Scene) {
    fixtures::fill(
        &scene.path("large.db"),
        "create table t(x); with recursive n(i) as (select 1 union all select i + 1 from n limit 60) insert into t select randomblob(1000000) from n",
    );
}

/// Snapshot of a large database, with something done to the server as soon as `begun` says so.
fn interrupted(
    scene: &Scene,
    server: &mut Server,
    begun: &dyn Fn(&Server) -> bool,
    then: &mut dyn FnMut(&mut Server, u32),
) -> Output {
    let arguments =
        ["snapshot", "large.db", "--to", &server.url.clone(), "--compress", "none", "--drill", "quick"];
    let mut larder = server.larder(scene, &arguments);
    larder.command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = larder.command.spawn().expect("it runs");
    while !begun(server) {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended before it was interrupted");
        std::thread::sleep(Duration::from_millis(2));
    }
    then(server, child.id());
    child.wait_with_output().expect("it ends")
}

/// Whether an upload has begun, of a server whose files are here.
fn has_begun(server: &Server) -> bool {
    let entries = std::fs::read_dir(server.folder.join("some/where")).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(".larder-upload-"))
}

/// A server that ends in the middle of an upload, and comes back.
fn dies_half_way(start: fn(&Scene) -> Option<Server>) {
    let Some((scene, mut server)) = scene(start) else { return };
    large(&scene);
    let is_s3 = server.url.starts_with("s3");
    let parts = |server: &Server| server.request("GET", "/backups?uploads", b"").contains("<UploadId>");
    let begun: &dyn Fn(&Server) -> bool = if is_s3 { &parts } else { &has_begun };
    let output = interrupted(&scene, &mut server, begun, &mut |server, _| server.stop());
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{says}");
    assert!(says.contains("nothing of large-") && output.stdout.is_empty(), "{says}");
    server.start_again();
    if is_s3 {
        server.make_bucket();
    }
    assert_eq!(files(&server, &scene), Vec::<String>::new());
    server.larder(&scene, &["snapshot", "movies.db", "--to", &server.url]).run().succeeds();
    assert_eq!(files(&server, &scene).len(), 1);
}

#[test]
fn a_server_that_dies_half_way_leaves_nothing_that_looks_finished() {
    std::thread::scope(|threads| {
        for start in [webdav, s3] {
            threads.spawn(move || dies_half_way(start));
        }
    });
}

#[test]
fn ctrl_c_ends_an_upload_at_once() {
    let Some((scene, mut server)) = scene(webdav) else { return };
    large(&scene);
    let signal = |signal: &str, id: u32| {
        assert!(Command::new("kill").args([signal, &id.to_string()]).status().expect("it runs").success());
    };
    let mut asked = Instant::now();
    let output = interrupted(&scene, &mut server, &has_begun, &mut |server, larder| {
        // A server that hangs is the worst case.
        signal("-STOP", server.id());
        asked = Instant::now();
        signal("-INT", larder);
    });
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    signal("-CONT", server.id());
    assert_eq!(files(&server, &scene), Vec::<String>::new());
}

#[test]
fn wrong_credentials_are_said_and_never_shown() {
    let Some((scene, server)) = scene(webdav) else { return };
    let run = server
        .larder(&scene, &["list", &server.url])
        .env("LARDER_WEBDAV_PASSWORD", "wrong-word")
        .run()
        .fails(1);
    run.says("it does not let you in").says("LARDER_WEBDAV_PASSWORD or ~/.netrc");
    let shown = server
        .larder(&scene, &["list", &server.url, "-v", "--json"])
        .env("LARDER_WEBDAV_PASSWORD", "wrong-word")
        .run();
    assert!(
        !format!("{shown}")
            .replace("\"LARDER_WEBDAV_PASSWORD\"=\"wrong-word\"", "")
            .replace("LARDER_WEBDAV_PASSWORD=\"wrong-word\"", "")
            .contains("wrong-word"),
        "{shown}"
    );
    let host = server.url.split('@').nth(1).and_then(|rest| rest.split('/').next()).expect("a host");
    let netrc = format!("machine {host} login ada password a-secret-word\n");
    std::fs::write(scene.path(".netrc"), netrc).expect("written");
    scene.larder(["list", &server.url]).run().succeeds();
}

#[test]
fn an_ssh_server_that_is_not_known_is_not_trusted() {
    let Some((scene, server)) = scene(sftp) else { return };
    std::fs::write(scene.path("ssh/known_hosts"), "").expect("written");
    server.larder(&scene, &["list", &server.url]).run().fails(1).says("ssh does not know the server's key");
}

#[test]
fn a_bucket_that_is_not_there_is_said() {
    let Some((scene, server)) = scene(s3) else { return };
    let run = server.larder(&scene, &["snapshot", "movies.db", "--to", "s3://other/x"]).run().fails(1);
    run.says("s3://other/x: there is no such bucket").says("hint: make it first");
    server.larder(&scene, &["store", "test", "s3://other/x"]).run().fails(1).says("it cannot be reached");
}

#[test]
fn urls_that_cannot_be_are_wrong_usage() {
    let scene = Scene::new();
    fixtures::numbered(&scene.path("movies.db"), 2000);
    for (url, says) in [
        ("webdav://ada:geheim@host/x", "has a password in it"),
        ("https://host/x", "larder knows no store of the kind https://"),
        ("s3:///x", "does not name a bucket"),
        ("s3://b?key=geheim", "is nothing that a s3:// URL can say"),
    ] {
        let run = scene.larder(["snapshot", "movies.db", "--to", url]).run().fails(2).says(says);
        assert!(!run.stderr().contains("geheim"), "{run}");
    }
    scene.larder(["list", "dropbox://x"]).run().fails(1).says("larder is not signed in to dropbox");
    scene.larder(["snapshot", "movies.db", "-o", "s3://b/x.db.gz"]).run().fails(2).says("--to takes the URL");
}

#[test]
fn an_object_that_was_overwritten_does_not_count_as_good() {
    let Some((scene, server)) = scene(s3) else { return };
    let run = |arguments: &[&str]| server.larder(&scene, arguments).run();
    let made = run(&["snapshot", "movies.db", "--to", &server.url]).succeeds().stdout();
    run(&["export", "--full", "movies.db", "-o", made.trim_end(), "--force"]).succeeds();
    let listed: Value = run(&["list", &server.url, "--json"]).succeeds().json();
    assert!(listed["snapshots"][0]["verified_at"].is_null(), "{listed}");
    run(&["restore", made.trim_end(), "movies.db"]).fails(3);
    run(&["snapshot", "movies.db", "--to", &server.url, "--if-changed"]).succeeds();
    assert_eq!(files(&server, &scene).len(), 2);
}
