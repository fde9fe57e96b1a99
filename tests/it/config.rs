//! `larder.toml`: where it is found, what it changes, and what is wrong with it.

use super::fixtures::fill;
use super::scene::{Run, Scene};
use serde_json::Value;

const MOVIES: &str = "
    create table users(id integer primary key, name text unique, pin text);
    insert into users values (1, 'ada', '11'), (2, 'bob', '22');
    create table lists(id integer primary key, user_id integer references users(id) on delete cascade,
        name text, colour text, unique(user_id, name));
    insert into lists values (1, 1, 'Best', 'red'), (2, 2, 'Best', 'blue'), (3, 2, 'Worst', 'grey');
    create table movies(id integer primary key, imdb text unique, title text, list text, blob_of_tmdb text);
    insert into movies values (1, 'tt1', 'Alien', '1', '{\"a\": 1}'), (2, 'tt2', 'Brazil', '3', null);
    create table version(n); insert into version values ('0042')";

fn scene(settings: &str) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("movies.db"), MOVIES);
    write(&scene, "larder.toml", settings);
    scene
}

fn write(scene: &Scene, name: &str, text: &str) {
    let path = scene.path(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("write");
}

fn document(scene: &Scene, arguments: &[&str]) -> Value {
    scene.larder([&["export"][..], arguments].concat()).run().succeeds().json()
}

fn app(run: &Run) -> String {
    run.json()["metadata"]["app"].as_str().expect("a name").to_owned()
}

#[test]
fn rules_decide_what_a_condensed_export_holds() {
    let scene = scene(
        "app = 'films'\ndatabase = 'movies.db'\nschema-version = { sql = 'select n from version' }
         [sections.version]\ninclude = false
         [sections.users]\nsecret = ['pin']
         [sections.films]\ntable = 'movies'\nkey = ['title']\nrefetch = ['blob_of_tmdb']\nwhere = \"title < 'B'\"",
    );
    let document = document(&scene, &[]);
    assert_eq!(document["metadata"]["app"], "films");
    assert_eq!(document["metadata"]["schema_version"], "0042");
    assert!(document["data"]["version"].is_null() && document["data"]["movies"].is_null());
    let films = &document["metadata"]["sections"]["films"];
    assert_eq!((&films["key"][0], &films["refetch"][0]), (&"title".into(), &"blob_of_tmdb".into()));
    assert_eq!(document["data"]["films"].as_array().map(Vec::len), Some(1), "{document}");
    assert!(document["data"]["users"][0]["pin"].is_null());
    let open = self::document(&scene, &["--with-secrets", "movies.db"]);
    assert_eq!(open["data"]["users"][0]["pin"], "11");
}

#[test]
fn the_files_are_looked_for_in_their_order() {
    let scene = scene("app = 'here'");
    write(&scene, "named.toml", "app = 'named'\ndatabase = 'movies.db'");
    write(&scene, "variable.toml", "app = 'variable'");
    write(
        &scene,
        ".config/larder/user.toml",
        "database = '~/movies.db'\n[sections.version]\ninclude = false",
    );
    write(&scene, "xdg/larder/user.toml", "app = 'xdg'\ndatabase = '../../movies.db'");
    let xdg = scene.path("xdg");
    let larder = |arguments: &[&str]| scene.larder([&["export"][..], arguments].concat());
    let variable = |arguments: &[&str]| larder(arguments).env("LARDER_CONFIG", "variable.toml").run();
    assert_eq!(app(&variable(&["movies.db", "--config", "named.toml"]).succeeds()), "named");
    assert_eq!(app(&variable(&["--config", "named.toml"]).succeeds()), "named");
    assert_eq!(app(&variable(&["movies.db"]).succeeds()), "variable");
    assert_eq!(app(&larder(&["movies.db"]).env("LARDER_CONFIG", "").run().succeeds()), "here");
    // The file here is another application's than the one that is named.
    let run = larder(&["--app", "user"]).run().succeeds();
    assert_eq!(app(&run), "user");
    assert!(run.json()["data"]["version"].is_null(), "{run}");
    assert_eq!(app(&larder(&["--app", "user"]).env("XDG_CONFIG_HOME", &xdg).run().succeeds()), "user");
    assert_eq!(
        app(&larder(&["--app", "user"]).env("XDG_CONFIG_HOME", "not/absolute").run().succeeds()),
        "user"
    );
}

#[test]
fn settings_of_another_database_are_passed_over_and_it_is_said() {
    let scene = scene("app = 'here'\ndatabase = 'movies.db'\n[sections.version]\ninclude = false");
    fill(
        &scene.path("other.db"),
        "create table notes(name text primary key); insert into notes values ('x')",
    );
    let run = scene.larder(["export", "other.db"]).run().succeeds();
    assert_eq!(app(&run), "other");
    run.says("larder.toml is not used: it is for movies.db (--config larder.toml uses it all the same)");
    let run = scene.larder(["export", "./movies.db"]).run().succeeds();
    assert_eq!((app(&run).as_str(), run.stderr().contains("not used")), ("here", false), "{run}");
    scene.larder(["export", "other.db", "--config", "larder.toml"]).run().fails(2).says("there is no table");
}

#[test]
fn a_database_that_nobody_names_is_asked_for() {
    let scene = Scene::new();
    scene.larder(["export"]).run().fails(2).says("which database?");
    write(&scene, ".config/larder/movies.toml", "database = 'none.db'");
    scene.larder(["export"]).run().fails(2).says("--app movies");
    scene.larder(["export", "--app", "films"]).run().fails(2).says("there are settings of movies");
    scene.larder(["export", "--app", "movies"]).run().fails(1).says("there is no file");
    write(&scene, "larder.toml", "");
    scene.larder(["export"]).run().fails(2).says("larder.toml names none");
    scene.larder(["export", "--config", "none.toml"]).run().fails(2).says("there is no file none.toml");
}

#[test]
fn one_user_s_rows_are_exported_where_the_settings_say_who_the_users_are() {
    let scene = scene("[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'");
    let ada = document(&scene, &["movies.db", "--scope", "ada"]);
    assert_eq!(ada["data"]["users"].as_array().map(Vec::len), Some(1));
    assert_eq!(ada["data"]["lists"].as_array().map(Vec::len), Some(1));
    assert_eq!(ada["metadata"]["scope"]["value"], "ada");
    assert!(!ada.to_string().contains("blue"), "{ada}");
    let all = document(&scene, &["movies.db", "--scope", "all"]);
    assert_eq!(all["data"]["lists"].as_array().map(Vec::len), Some(3));
    scene.larder(["export", "movies.db"]).run().fails(2).says("--scope NAME");
    scene.larder(["export", "movies.db", "--scope", "adda"]).run().fails(2).says("did you mean \"ada\"?");
    scene.larder(["export", "movies.db", "--scope", "a'b"]).run().fails(2).says("there is nobody in users");
    scene
        .larder(["export", "movies.db", "--scope", "somebody else"])
        .run()
        .fails(2)
        .says("there are ada, bob");
    scene.larder(["export", "--full", "movies.db", "--scope", "ada"]).run().fails(2).says("cannot be used");
    std::fs::remove_file(scene.path("larder.toml")).expect("remove");
    scene.larder(["export", "movies.db", "--scope", "ada"]).run().fails(2).says("[scope] in larder.toml");
}

#[test]
fn every_user_gets_a_file_of_its_own() {
    let scope = "app = 'movies'\n[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'\n";
    let scene = scene(scope);
    fill(
        &scene.path("movies.db"),
        "insert into users values (3, 'a/../b', ''), (4, 'ADA', ''), (5, null, ''); insert into lists values (9, 3, 'Mine', 'x')",
    );
    let export = |options: &[&str]| {
        scene.larder([&["export", "movies.db", "--scope", "each"][..], options].concat()).run()
    };
    export(&[]).fails(2).says("name a folder: -o FOLDER/");
    export(&["-o", "one.json"]).fails(2).says("--scope each writes several files");
    for url in ["s3://bucket/exports/", "dropbox://exports"] {
        export(&["-o", url]).fails(2).says("or a store: --to STORE");
    }
    let run = export(&["-o", "new/", "--json"]).succeeds();
    let names = scene.names("new");
    assert_eq!((names.len(), names.contains(&"movies-bob.json".to_owned())), (4, true), "{names:?}");
    let files = run.json()["files"].as_array().expect("files").clone();
    assert_eq!(files.len(), 4);
    for file in &files {
        let path = file["file"].as_str().expect("a path");
        let text = std::fs::read_to_string(path).expect("it is there");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["metadata"]["scope"]["value"], file["scope"]);
        assert_eq!(document["summary"]["items"], file["items"]);
        scene.larder(["validate", path]).run().succeeds();
    }
    assert_eq!(files[0]["scope"], "ADA");
    export(&["-o", "new/"]).fails(2).says("exists");
    assert_eq!(export(&["-o", "new/", "--force"]).succeeds().stdout().lines().count(), 4);
    write(&scene, "larder.toml", &format!("{scope}where = \"pin <> ''\"\n"));
    let run = export(&["-o", "here/", "--dry-run", "--json"]).succeeds();
    assert_eq!((&run.json()["files"][1]["items"]["lists"], scene.names("here").len()), (&Value::from(2), 0));
    export(&["-o", "here/", "--compress", "gzip", "--format", "ndjson"]).succeeds();
    assert_eq!(scene.names("here"), ["movies-ada.ndjson.gz", "movies-bob.ndjson.gz"]);
    export(&["-o", "flat/", "--flat"]).succeeds();
    assert_eq!(scene.names("flat"), ["movies-ada.zip", "movies-bob.zip"]);
    write(&scene, "larder.toml", &format!("{scope}where = \"nonsense\"\n"));
    export(&["-o", "here/"]).fails(2).says("scope.where: no such column: nonsense");
}

#[test]
fn settings_of_the_user_s_folder_count_where_they_name_the_database() {
    let scene = Scene::new();
    fill(&scene.path("movies.db"), MOVIES);
    fill(&scene.path("other.db"), MOVIES);
    let settings = "database = '../../movies.db'\n[sections.version]\ninclude = false\n";
    write(&scene, ".config/larder/films.toml", settings);
    write(&scene, ".config/larder/none.toml", "[sections.version]\ninclude = false\n");
    let run = scene.larder(["export", "movies.db", "-v"]).run().succeeds();
    assert_eq!((app(&run).as_str(), run.json()["data"].get("version")), ("films", None));
    run.says(".config/larder/films.toml");
    assert_eq!(app(&scene.larder(["export", "other.db"]).run().succeeds()), "other");
    let run =
        scene.larder(["export", "other.db", "-v"]).run().succeeds().says("there are no settings for it");
    assert!(run.json()["data"].get("version").is_some(), "{run}");
    // Two that name it: which one is meant nobody knows.
    write(&scene, ".config/larder/again.toml", settings);
    let run = scene.larder(["export", "movies.db"]).run().succeeds();
    assert_eq!(app(&run), "movies");
    run.says("--app again, films says which");
    assert_eq!(app(&scene.larder(["export", "movies.db", "--app", "films"]).run().succeeds()), "films");
    // What is wrong with another application's settings is no reason to stop.
    write(&scene, ".config/larder/again.toml", "databse = 'x'");
    assert_eq!(app(&scene.larder(["export", "movies.db"]).run().succeeds()), "films");
}

#[test]
fn what_hangs_on_another_user_s_rows_is_that_user_s_too() {
    let scene = scene("[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'user_id'");
    fill(
        &scene.path("movies.db"),
        "create table notes(id integer primary key, list_id integer references lists, slug text unique not null,
             next_id integer references notes);
         insert into notes values (1, 1, 'of ada', 3), (2, 2, 'of bob', null), (3, null, 'of everybody', null);
         create table tags(note_id integer references notes, tag text);
         insert into tags values (1, 'hers'), (2, 'his'), (3, 'all');
         create table pairs(a integer, b integer, note_id integer references notes, primary key(a, b));
         insert into pairs values (1, 1, 1), (2, 2, 2);
         create table thirds(a integer, b integer, word text, foreign key(a, b) references pairs);
         insert into thirds values (1, 1, 'hers'), (2, 2, 'his')",
    );
    let names = |user: &str, section: &str, field: &str| -> Vec<String> {
        let document = document(&scene, &["movies.db", "--scope", user]);
        let items = document["data"][section].as_array().expect("a section").clone();
        let mut names: Vec<String> =
            items.iter().map(|item| item[field].as_str().expect("a text").to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("ada", "notes", "slug"), ["of ada", "of everybody"]);
    // What is nobody's goes in only where a row of the user's refers to it.
    assert_eq!(names("bob", "notes", "slug"), ["of bob"]);
    assert_eq!(names("ada", "tags", "tag"), ["all", "hers"]);
    assert_eq!(names("bob", "thirds", "word"), ["his"]);
    assert_eq!(names("all", "tags", "tag"), ["all", "hers", "his"]);
}

#[test]
fn what_does_not_fit_the_database_is_an_error_that_says_which_setting() {
    let scene = scene("");
    for (settings, message) in [
        ("[sections.movie]", "sections.movie: there is no table \"movie\""),
        ("[sections.movies]\nkey = ['imdbb']", "did you mean \"imdb\"?"),
        ("[sections.movies]\nkey = ['list', 'blob_of_tmdb']", "is no key of movies"),
        ("[sections.movies]\nlabel = 'titel'", "sections.movies.label: movies has no column \"titel\""),
        ("[sections.movies]\nrename = 'x'", "sections.movies.rename: movies has no column"),
        ("[sections.movies]\nupdated-at = 'x'", "sections.movies.updated-at: movies has no column"),
        ("[sections.movies]\ndate = 'x'", "sections.movies.date: movies has no column"),
        ("[sections.movies]\npersonal = ['x']", "sections.movies.personal: movies has no column"),
        ("[sections.movies]\nmatch = [['x']]", "sections.movies.match: movies has no column"),
        ("[sections.movies]\nreferences.list = 'list'", "there is no section \"list\""),
        ("[sections.movies]\nreferences.'lits[*]' = 'lists'", "movies has no column \"lits\""),
        ("[sections.movies]\n[sections.films]\ntable = 'movies'", "are both about the table movies"),
        ("[sections.lists]\ntable = 'movies'", "another table is called that"),
        ("[sections.users]\nnest.movies = {}", "movies does not refer to users"),
        ("[scope]\ntable = 'users'\nkey = 'nam'\ncolumn = 'user_id'", "did you mean \"name\"?"),
        ("[scope]\ntable = 'users'\nkey = 'name'\ncolumn = 'owner'", "no other table has a column \"owner\""),
        ("[scope]\ntable = 'version'\nkey = 'n'\ncolumn = 'id'", "has no primary key of one column"),
        ("schema-version.sql = 'select x'", "schema-version.sql: no such column"),
        ("schema-version.sql = 'delete from users'", "schema-version.sql: this is no query"),
        ("app = 'a/b'", "larder.toml: app: \"a/b\" cannot be part of a file's name"),
        ("nonsense", "larder.toml:1:"),
        ("[retain]\nkeep-daily = 3", "larder.toml:1:2: this larder does not know the setting retain"),
    ] {
        write(&scene, "larder.toml", settings);
        let arguments = [&["export", "movies.db"][..], scope(settings)].concat();
        scene.larder(arguments).run().fails(2).says(message);
    }
}

fn scope(settings: &str) -> &[&str] {
    if settings.contains("[scope]") { &["--scope", "all"] } else { &[] }
}
