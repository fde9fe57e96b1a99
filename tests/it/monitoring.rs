//! What tells in time: a check without options, drills of older snapshots, metrics, and services that are told.

use super::fixtures::{fill, numbered};
use super::scene::{Run, Scene, days_ago};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

fn scene() -> Scene {
    let scene = Scene::new();
    numbered(&scene.path("app.db"), 2_000);
    scene
}

/// Makes a snapshot that is so many days old.
fn snapshot_of(scene: &Scene, days: i64) {
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let newest = scene.snapshots("backups").pop().expect("a snapshot");
    scene.date(&format!("backups/{newest}"), &days_ago(days));
}

fn check(scene: &Scene, arguments: &[&str], code: i32) -> Run {
    let run = scene.larder([&["check"], arguments].concat()).run();
    assert_eq!(run.code(), Some(code), "{run}");
    run
}

#[test]
fn a_check_without_options_knows_what_is_usual() {
    let scene = scene();
    for days in [30, 28, 26, 24] {
        snapshot_of(&scene, days);
    }
    let run = check(&scene, &[], 3);
    let says = "it is older than three times 2 days, which usually passes between two";
    assert!(run.stdout().contains(says), "{run}");
    check(&scene, &["--max-age", "40d"], 0);
    snapshot_of(&scene, 5);
    check(&scene, &[], 0);
    fill(&scene.path("app.db"), "create table big(a); insert into big values (zeroblob(1000000))");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    check(&scene, &[], 0);
    fill(&scene.path("app.db"), "delete from big");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let run = check(&scene, &[], 3);
    assert!(run.stdout().contains("it is smaller by "), "{run}");
    check(&scene, &["--max-shrink", "99%"], 0);
}

#[test]
fn every_store_and_every_users_exports_have_a_line_of_their_own() {
    let scene = Scene::new();
    fill(
        &scene.path("app.db"),
        "create table users(id integer primary key, name text unique not null); insert into users values (1, 'ada'), (2, 'bob');
         create table notes(id integer primary key, user_id integer references users, note text unique);
         insert into notes values (1, 1, 'x'), (2, 2, 'y')",
    );
    let settings = "app = 'app'\ndatabase = 'app.db'\n[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'\n[snapshot]\nto = 'one'\nalso-to = ['two']\n";
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["snapshot"]).run().succeeds();
    scene.larder(["export", "--to", "one", "--scope", "each"]).run().succeeds();
    let run = check(&scene, &[], 0);
    let lines: Vec<String> = run.stdout().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 4, "{run}");
    for (line, start) in
        lines.iter().zip(["app in one: ", "app@ada in one: ", "app@bob in one: ", "app in two: "])
    {
        assert!(
            line.replace(&format!("{}/", scene.path("").display()).replace("//", "/"), "").starts_with(start),
            "{line} {start}"
        );
    }
    for name in scene.snapshots("two") {
        std::fs::remove_file(scene.path(format!("two/{name}"))).expect("remove");
    }
    let run = check(&scene, &[], 3);
    assert_eq!(run.stdout().matches("NOT AS IT SHOULD BE: there is no snapshot").count(), 1, "{run}");
}

#[test]
fn older_snapshots_are_drilled_too_those_first_that_were_not_for_the_longest_time() {
    let scene = scene();
    for days in [4, 3, 2, 1] {
        fill(&scene.path("app.db"), &format!("insert into t(id) values ({})", 10_000 + days));
        snapshot_of(&scene, days);
    }
    let drills = |last: &str| {
        let shown = scene.larder(["list", "--drills"]).run().succeeds();
        assert!(shown.stdout().lines().last().is_some_and(|line| line.ends_with(last)), "{last}: {shown}");
        shown
    };
    drills("ago, 4 of 4");
    let run = check(&scene, &["--all-snapshots"], 0);
    assert!(run.stdout().contains("; 4 snapshots drilled"), "{run}");
    let run = check(&scene, &["--all-snapshots", "--sample", "10%"], 0);
    assert!(run.stdout().contains("; 2 snapshots drilled"), "the newest, and one of three: {run}");
    let broken = scene.snapshots("backups").remove(1);
    let path = scene.path(format!("backups/{broken}"));
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("write");
    check(&scene, &["--drill"], 0);
    let run = check(&scene, &["--all-snapshots"], 3);
    assert!(run.stdout().contains(&format!("{broken} fails its drill: ")), "{run}");
    assert!(drills("ago, 3 of 4").stdout().contains("FAILED "));
    let json = scene.larder(["list", "--json"]).run().succeeds().json();
    assert_eq!(json["snapshots"][1]["proven_at"], serde_json::Value::Null);
    scene.larder(["check", "--sample", "10%"]).run().fails(2);
}

#[test]
fn what_is_required_today_is_not_asked_of_older_snapshots() {
    let scene = scene();
    snapshot_of(&scene, 2);
    fill(&scene.path("app.db"), "create table u(a)");
    settings(&scene, "[check]\nrequire = [\"select count(*) = 1 from sqlite_schema where name = 'u'\"]");
    scene.larder(["snapshot"]).run().succeeds();
    check(&scene, &["--all-snapshots"], 0);
    let shown = scene.larder(["list", "--drills"]).run().succeeds();
    assert!(shown.stdout().contains(", 2 of 2"), "{shown}");
    settings(&scene, "[check]\nrequire = [\"select count(*) = 1 from sqlite_schema where name = 'v'\"]");
    check(&scene, &["--all-snapshots"], 3);
}

#[test]
fn metrics_are_written_whole_for_everybody_to_read() {
    let scene = scene();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    check(&scene, &["--metrics", "larder.prom"], 0);
    let metrics = || std::fs::read_to_string(scene.path("larder.prom")).expect("metrics");
    assert!(
        metrics().contains("\nlarder_check_ok{app=\"app\",store=\"backups\",kind=\"snapshot\"} 1\n"),
        "{}",
        metrics()
    );
    assert!(metrics().contains("\nlarder_check_failures 0\n"), "{}", metrics());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(scene.path("larder.prom")).expect("metrics").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
    check(&scene, &["--metrics", "larder.prom", "--min-size", "1GB"], 3);
    assert!(
        metrics().contains("\nlarder_check_ok{app=\"app\",store=\"backups\",kind=\"snapshot\"} 0\n"),
        "{}",
        metrics()
    );
    check(&scene, &["--metrics", "none/larder.prom"], 1).says("none/larder.prom");
}

#[test]
fn what_cannot_be_looked_at_is_among_the_metrics() {
    let scene = scene();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    check(&scene, &["backups", "--metrics", "larder.prom"], 0);
    std::fs::rename(scene.path("backups"), scene.path("away")).expect("rename");
    std::fs::write(scene.path("backups"), "").expect("write");
    check(&scene, &["backups", "--metrics", "larder.prom"], 2);
    let metrics = std::fs::read_to_string(scene.path("larder.prom")).expect("metrics");
    assert!(metrics.contains("\nlarder_check_failures 1\n"), "{metrics}");
    assert!(!metrics.contains("\nlarder_check_ok{"), "{metrics}");
    let run = check(&scene, &["backups", "--metrics", "none/larder.prom"], 2);
    run.says("none/larder.prom").says("backups is not a folder");
}

/// A service that is told: it keeps the path and the body of each request.
struct Service {
    url: String,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Service {
    /// Starts one that answers with a status.
    fn start(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/ping/secret-uuid", listener.local_addr().expect("its address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
                let text = loop {
                    let read = stream.read(&mut buffer).unwrap_or(0);
                    bytes.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let length = text.lines().find_map(|line| {
                        line.to_lowercase()
                            .strip_prefix("content-length: ")
                            .and_then(|n| n.parse::<usize>().ok())
                    });
                    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
                    if read == 0 || body.is_some_and(|body| body >= length.unwrap_or(0)) {
                        break text;
                    }
                };
                let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text.as_str(), ""));
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                assert!(head.starts_with("POST "), "{head}");
                noted.lock().expect("nobody panicked").push((path, body.to_owned()));
                let _ =
                    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
            }
        });
        Self { url, heard }
    }

    /// The ends of the paths that were asked for since the last time, and the last body.
    fn heard(&self) -> (Vec<String>, String) {
        let mut heard = self.heard.lock().expect("nobody panicked");
        let last = heard.last().map(|(_, body)| body.clone()).unwrap_or_default();
        let paths = heard.drain(..).map(|(path, _)| path.trim_start_matches("/ping/secret-uuid").to_owned());
        (paths.collect(), last)
    }
}

fn settings(scene: &Scene, rest: &str) {
    std::fs::write(scene.path("larder.toml"), format!("app = 'app'\ndatabase = 'app.db'\n{rest}\n"))
        .expect("write");
}

#[test]
fn a_service_is_told_of_the_start_and_of_the_end() {
    let scene = scene();
    let service = Service::start("200 OK");
    settings(&scene, &format!("[notify]\nurl = '{}'", service.url));
    scene.larder(["snapshot"]).run().succeeds();
    let (paths, body) = service.heard();
    assert_eq!(paths, ["/start", ""]);
    assert!(body.starts_with("snapshot ") && body.contains("app-"), "{body}");
    check(&scene, &["--min-size", "1GB"], 3);
    let (paths, body) = service.heard();
    assert_eq!(paths, ["/start", "/fail"]);
    assert!(body.contains("it is smaller than 1.0 GB"), "{body}");
    scene.larder(["prune", "--keep-last", "1", "--yes"]).run().succeeds();
    assert_eq!(service.heard().0, ["/start", ""]);
    scene.larder(["prune", "--keep-last", "1", "--dry-run"]).run().succeeds();
    assert_eq!(service.heard().0, [""; 0]);
    scene.larder(["export", "--to", "backups"]).run().succeeds();
    assert_eq!(service.heard().0, ["/start", ""]);
    std::fs::remove_file(scene.path("app.db")).expect("remove");
    scene.larder(["snapshot"]).run().fails(1);
    let (paths, body) = service.heard();
    assert_eq!(paths, ["/start", "/fail"]);
    assert!(body.contains("there is no file"), "{body}");
}

#[test]
fn a_service_that_does_not_hear_is_a_warning_without_its_url() {
    let scene = scene();
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let broken = Service::start("500 Internal Server Error");
    for (url, says) in [
        (format!("http://{gone}/secret-uuid"), "there is no answer"),
        (broken.url.clone(), "the answer was 500"),
    ] {
        settings(&scene, &format!("[notify]\nurl = '{url}'"));
        let run = scene
            .larder(["snapshot"])
            .run()
            .succeeds()
            .says("the service of notify.url is not told: ")
            .says(says);
        assert!(!run.stderr().contains("secret-uuid"), "{run}");
    }
    let shown = scene.larder(["config"]).run().succeeds().stdout();
    assert!(shown.contains("notify.url") && !shown.contains("secret-uuid"), "{shown}");
    for (notify, message) in [
        (
            "url = 'ftp://secret-uuid'",
            "larder.toml:4:7: notify.url: this is no URL that begins with https://",
        ),
        ("url = 'https://x'\ncommands = ['list']", "notify.commands: \"list\" tells nobody"),
    ] {
        settings(&scene, &format!("[notify]\n{notify}"));
        scene.larder(["snapshot"]).run().fails(2).says(message);
    }
}

#[test]
fn a_service_is_told_of_the_commands_that_are_named() {
    let scene = scene();
    let service = Service::start("200 OK");
    settings(&scene, &format!("[notify]\nurl = '{}'\ncommands = ['check']", service.url));
    scene.larder(["snapshot"]).run().succeeds();
    assert_eq!(service.heard().0, [""; 0]);
    check(&scene, &[], 0);
    assert_eq!(service.heard().0, ["/start", ""]);
}

#[cfg(unix)]
#[test]
fn a_service_is_told_of_a_hook_that_fails_after_it_and_of_an_interruption() {
    let scene = scene();
    let service = Service::start("200 OK");
    let notify = format!("[notify]\nurl = '{}'\n[hooks]\n", service.url);
    settings(&scene, &format!("{notify}after = 'echo no >&2; exit 7'"));
    let run = scene.larder(["snapshot"]).run();
    assert_eq!(run.code(), Some(1), "{run}");
    run.says("the hook after failed");
    let (paths, body) = service.heard();
    assert_eq!(paths, ["/start", "/fail"]);
    assert!(body.contains("the hook after failed"), "{body}");
    settings(&scene, &format!("{notify}before = 'touch ready; sleep 20'"));
    let mut larder = scene.larder(["snapshot"]);
    let child = larder.command.stderr(std::process::Stdio::piped()).spawn().expect("it starts");
    while !scene.path("ready").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert_eq!(service.heard().0, ["/start", "/fail"], "{said}");
}

#[cfg(unix)]
#[test]
fn a_service_that_somebody_else_could_have_written_keeps_no_backup_from_being_made() {
    use std::os::unix::fs::PermissionsExt;
    let scene = scene();
    let service = Service::start("200 OK");
    settings(&scene, &format!("[notify]\nurl = '{}'", service.url));
    let mode = std::fs::Permissions::from_mode(0o664);
    std::fs::set_permissions(scene.path("larder.toml"), mode).expect("chmod");
    let run = scene.larder(["snapshot"]).run().succeeds();
    run.says("the service of notify.url is not told: others may write ").says("chmod go-w");
    assert_eq!(service.heard().0, [""; 0]);
    assert_eq!(scene.snapshots("backups").len(), 1);
}

#[cfg(unix)]
#[test]
fn hooks_are_run_around_exports_prunes_and_checks() {
    let scene = scene();
    let hooks = "[hooks]\nbefore = 'echo before $LARDER_COMMAND >> told'\nafter = 'echo after $LARDER_COMMAND $LARDER_APP >> told'\non-failure = 'echo failed $LARDER_COMMAND: \"$LARDER_ERROR\" >> told'\n";
    settings(&scene, hooks);
    let told = || {
        let text = std::fs::read_to_string(scene.path("told")).unwrap_or_default();
        let _ = std::fs::remove_file(scene.path("told"));
        text
    };
    scene.larder(["export", "--to", "backups"]).run().succeeds();
    assert_eq!(told(), "before export\nafter export app\n");
    scene.larder(["snapshot"]).run().succeeds();
    assert_eq!(told(), "before snapshot\nafter snapshot app\n");
    scene.larder(["prune", "--keep-last", "1", "--yes"]).run().succeeds();
    assert_eq!(told(), "before prune\nafter prune app\n");
    check(&scene, &[], 0);
    assert_eq!(told(), "before check\nafter check app\n");
    check(&scene, &["--min-size", "1GB"], 3);
    let failed = told();
    assert!(failed.starts_with("before check\nfailed check: app"), "{failed}");
    assert!(failed.contains("it is smaller than 1.0 GB"), "{failed}");
    settings(&scene, "[hooks]\nbefore = 'echo one; echo two; exit 7'\n");
    let run = check(&scene, &["--quiet"], 1);
    run.says("the hook before failed (exit status: 7): two").says("the hook before printed: one");
}
