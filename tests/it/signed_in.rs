//! Google Drive and Dropbox, against a stand-in for them.

use super::cloud::{Cloud, Fault};
use super::fixtures;
use super::remote::{documents, files, round_trip, tests_itself};
use super::scene::{Larder, Run, Scene};
use super::servers::Place;

const SERVICES: [&str; 2] = ["dropbox", "gdrive"];

/// A service with a store in it.
struct Service {
    cloud: Cloud,
    name: &'static str,
    url: String,
}

impl Place for Service {
    fn url(&self) -> &str {
        &self.url
    }

    fn larder<'a>(&self, scene: &'a Scene, arguments: &[&str]) -> Larder<'a> {
        self.cloud.larder(scene, arguments)
    }
}

impl Service {
    fn files(&self) -> Vec<String> {
        self.cloud.files(self.name)
    }

    fn snapshot(&self, scene: &Scene) -> Run {
        self.larder(scene, &["snapshot", "movies.db", "--to", &self.url, "--compress", "none"]).run()
    }
}

fn scene(name: &'static str) -> (Scene, Service) {
    let scene = Scene::new();
    fixtures::numbered(&scene.path("movies.db"), 2000);
    (scene, Service { cloud: Cloud::start(), name, url: format!("{name}://some/where") })
}

fn does_all_that_a_folder_does(name: &'static str, room: &str) {
    let (scene, service) = scene(name);
    service.larder(&scene, &["list", &service.url]).run().succeeds().says("no snapshots in");
    tests_itself(&scene, &service);
    service
        .larder(&scene, &["store", "test", &service.url])
        .run()
        .succeeds()
        .says(&format!("it says that it has room for {room}"));
    round_trip(&scene, &service, "digest");
    documents(&scene, &service);
    assert_eq!(service.files(), Vec::<String>::new(), "nothing is left");
}

#[test]
fn a_dropbox_store_does_all_that_a_folder_does() {
    does_all_that_a_folder_does("dropbox", "1.5 GB");
}

#[test]
fn a_gdrive_store_does_all_that_a_folder_does() {
    does_all_that_a_folder_does("gdrive", "15");
}

#[test]
fn names_of_all_letters_can_be_had_there() {
    for name in SERVICES {
        let (scene, mut service) = scene(name);
        service.url = format!("{name}://Bücher & mehr/Ada's 🎬");
        let arguments = ["snapshot", "movies.db", "--to", &service.url, "--app", "é'n"];
        let made = service.larder(&scene, &arguments).run().succeeds().stdout();
        service.larder(&scene, &["restore", made.trim_end(), "new.db"]).run().succeeds();
        assert_eq!(files(&service, &scene), [made.trim_end()]);
        assert!(service.files()[0].starts_with("/Bücher & mehr/Ada's 🎬/é'n-"), "{:?}", service.files());
    }
}

fn breaks_off(name: &'static str) {
    let (scene, service) = scene(name);
    service.cloud.goes_wrong(&[Fault::CutUploads]);
    service.snapshot(&scene).fails(1).says("nothing of movies-").says("the connection broke");
    assert_eq!(service.files(), Vec::<String>::new());
    assert_eq!(scene.names("backups"), Vec::<String>::new());
    service.cloud.goes_wrong(&[]);
    service.snapshot(&scene).succeeds();
    assert_eq!(service.files().len(), 2, "a snapshot and its manifest");
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    // They are waited for more than they work.
    std::thread::scope(|threads| {
        for name in SERVICES {
            threads.spawn(move || breaks_off(name));
        }
    });
}

#[test]
fn what_the_service_tells_of_an_upload_is_compared() {
    for name in SERVICES {
        let (scene, service) = scene(name);
        for (fault, says) in [
            (Fault::WrongDigests, "which is not that of what was uploaded"),
            (Fault::KeepsHalf, "nothing of movies-"),
            (Fault::NoRename, "nothing of movies-"),
        ] {
            service.cloud.goes_wrong(&[fault]);
            service.snapshot(&scene).fails(1).says(says);
            assert_eq!(service.files(), Vec::<String>::new(), "{fault:?}");
        }
        service.cloud.goes_wrong(&[Fault::Full]);
        service.snapshot(&scene).fails(1).says("there is no room left").says("hint: free some space there");
    }
}

#[test]
fn a_file_that_was_changed_there_is_found() {
    for name in SERVICES {
        let (scene, service) = scene(name);
        let url = service.snapshot(&scene).succeeds().stdout().trim_end().to_owned();
        let path = url.replace(&format!("{name}://"), "/");
        service.cloud.damage(name, &path);
        service.larder(&scene, &["restore", &url, "movies.db"]).run().fails(3);
        service.larder(&scene, &["store", "get", &url]).run().fails(3).says("its manifest describes");
        service.larder(&scene, &["prune", &service.url, "--keep-last", "1", "--yes"]).run().succeeds();
        assert_eq!(files(&service, &scene), [url]);
    }
}

/// A scene with a database of more than a megabyte, which is sent in parts.
fn large(name: &'static str) -> (Scene, Service) {
    let (scene, service) = scene(name);
    fixtures::fill(&scene.path("movies.db"), "create table r(b); insert into r values (randomblob(1200000))");
    (scene, service)
}

fn snapshot_in_parts(scene: &Scene, service: &Service) -> Run {
    let arguments = ["snapshot", "movies.db", "--to", &service.url, "--compress", "none"];
    service.larder(scene, &arguments).env("LARDER_STAND_IN_LIMIT", "300000").run()
}

#[test]
fn a_large_file_is_sent_in_parts() {
    for name in SERVICES {
        let (scene, service) = large(name);
        service.cloud.asked();
        let made = snapshot_in_parts(&scene, &service).succeeds().stdout();
        let parts = service.cloud.asked().into_iter().filter(|asked| {
            ["append_v2", "upload_session/finish", "PUT "].iter().any(|part| asked.contains(part))
        });
        assert!(parts.count() >= 3, "{name}");
        service.larder(&scene, &["validate", made.trim_end()]).run().succeeds();
        let names: Vec<_> = service.files().into_iter().filter(|file| file.contains("upload")).collect();
        assert_eq!(names, [""; 0]);
    }
}

#[test]
fn a_part_that_does_not_arrive_or_whose_answer_gets_lost_is_sent_again() {
    for name in SERVICES {
        for fault in [Fault::CutsSome, Fault::LosesAnswers, Fault::TokensEndEarly] {
            let (scene, service) = large(name);
            service.cloud.goes_wrong(&[fault]);
            let made = snapshot_in_parts(&scene, &service).succeeds().stdout();
            service.cloud.goes_wrong(&[]);
            service.larder(&scene, &["validate", made.trim_end()]).run().succeeds();
        }
    }
}

#[test]
fn what_arrives_in_parts_and_is_not_what_was_sent_is_deleted() {
    for name in SERVICES {
        for (fault, says) in [
            (Fault::KeepsHalf, "were uploaded"),
            (Fault::WrongDigests, "has the digest 00000"),
            (Fault::Full, "there is no room left"),
            (Fault::CutUploads, "cannot write"),
        ] {
            let (scene, service) = large(name);
            service.cloud.goes_wrong(&[fault]);
            snapshot_in_parts(&scene, &service).fails(1).says(says);
            assert_eq!(service.files(), Vec::<String>::new(), "{name} {fault:?}");
        }
    }
}

#[test]
fn an_access_token_that_ends_is_refreshed_on_the_way() {
    for name in SERVICES {
        let (scene, service) = scene(name);
        let refreshed = || service.cloud.asked().iter().filter(|asked| asked.contains("token ")).count();
        service.snapshot(&scene).succeeds();
        assert!(refreshed() <= 2);
        // OpenDAL asks for another one two minutes early.
        service.cloud.tokens_last(60);
        service.snapshot(&scene).succeeds();
        assert!(refreshed() > 3);
        service.cloud.tokens_last(14400);
        service.cloud.goes_wrong(&[Fault::TokensEndEarly]);
        service.snapshot(&scene).succeeds();
        assert!(refreshed() > 2);
        assert_eq!(files(&service, &scene).len(), 3);
    }
}

#[test]
fn a_manifest_is_never_away_while_it_is_replaced() {
    for name in SERVICES {
        let (scene, service) = scene(name);
        service.snapshot(&scene).succeeds();
        service.cloud.asked();
        let again = ["snapshot", "movies.db", "--to", &service.url, "--if-changed"];
        service.larder(&scene, &again).run().succeeds().says("unchanged");
        let asked = service.cloud.asked();
        assert!(asked.iter().any(|asked| asked.contains("upload")), "{asked:?}");
        let others = ["delete_v2", "move_v2", "PATCH /www.googleapis.com/drive/v3/files"];
        assert!(!asked.iter().any(|asked| others.iter().any(|other| asked.contains(other))), "{asked:?}");
    }
}

#[test]
fn signing_in_keeps_a_token_for_the_user_alone_and_it_is_refreshed() {
    use std::os::unix::fs::PermissionsExt;
    for name in SERVICES {
        let scene = Scene::new();
        let cloud = Cloud::start();
        let secret = format!("LARDER_{}_CLIENT_SECRET", name.to_uppercase());
        let run = |arguments: &[&str], input: &str| {
            let larder = scene.larder(arguments).env("LARDER_STAND_IN", &cloud.url);
            larder.env(&secret, "a-secret").run_with(input.as_bytes())
        };
        let login = ["store", "login", name, "--client-id", "me", "--no-browser"];
        scene.larder(&login[..5]).run().fails(2).says(&secret);
        let refused = format!("{name} does not let larder in: code expired");
        run(&login, "wrong-code\n").fails(1).says(&refused);
        run(&login, "http://127.0.0.1:53682/?state=another&code=good-code\n")
            .fails(1)
            .says("belongs to another login");
        let run_well = run(&login, "good-code\n").succeeds();
        assert!(!format!("{run_well}").contains("a-refresh-token"), "{run_well}");
        let kept = scene.path(format!(".config/larder/tokens/{name}.json"));
        assert_eq!(run_well.printed_path(), kept);
        assert_eq!(std::fs::metadata(&kept).expect("it is kept").permissions().mode() & 0o777, 0o600);
        let list = ["list", &format!("{name}://backups")];
        cloud.asked();
        run(&list, "").succeeds().says(&format!("no snapshots in {name}://backups"));
        let asked = cloud.asked();
        assert_eq!(asked.iter().filter(|asked| asked.contains("token ")).count(), 1, "{asked:?}");
        let revoked = r#"{"client_id": "me", "client_secret": "a-secret", "refresh_token": "revoked"}"#;
        std::fs::write(&kept, revoked).expect("written");
        let run_ill = run(&list, "").fails(1).says(&format!("larder store login {name}"));
        assert!(!format!("{}{}", run_ill.stdout(), run_ill.stderr()).contains("revoked"), "{run_ill}");
    }
}

#[test]
fn a_token_is_encrypted_where_a_passphrase_is_said_and_signing_out_deletes_it() {
    for name in SERVICES {
        let scene = Scene::new();
        let cloud = Cloud::start();
        std::fs::write(scene.path("words"), "correct horse battery staple\n").expect("written");
        std::fs::write(scene.path("two"), "a\nb\n").expect("written");
        let larder = |arguments: &[&str], words: Option<&str>| {
            let larder = scene.larder(arguments).env("LARDER_STAND_IN", &cloud.url);
            let larder = larder.env(&format!("LARDER_{}_CLIENT_SECRET", name.to_uppercase()), "a-secret");
            match words {
                Some(words) => larder.env("LARDER_TOKEN_PASSPHRASE_FILE", scene.path(words)),
                None => larder,
            }
        };
        let login = ["store", "login", name, "--client-id", "me", "--no-browser"];
        larder(&login, Some("two")).run_with(b"good-code\n").fails(2).says("does not hold a passphrase");
        let kept = larder(&login, Some("words")).run_with(b"good-code\n").succeeds().printed_path();
        let text = std::fs::read_to_string(&kept).expect("it is kept");
        assert!(
            text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") && !text.contains("refresh"),
            "{text}"
        );
        let list = ["list", &format!("{name}://backups")];
        larder(&list, Some("words")).run().succeeds();
        larder(&list, None).run().fails(1).says("is encrypted, and LARDER_TOKEN_PASSPHRASE_FILE is not set");
        let logout = ["store", "logout", name];
        larder(&logout, None).run().succeeds().says(&format!("larder is signed out of {name}; https://"));
        assert!(!kept.exists());
        larder(&logout, None).run().fails(1).says(&format!("larder is not signed in to {name}"));
        larder(&list, None).run().fails(1).says(&format!("larder is not signed in to {name}"));
    }
}
