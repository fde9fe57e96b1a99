//! Movies: the library of one of many users, brought into another's.

use super::{App, assert_sound, text};
use crate::condensed::done;
use crate::fixtures::fill;
use crate::scene::Scene;
use serde_json::json;

const SCHEMA: &str = r"
    create table alembic_version(version_num varchar(32) not null primary key);
    create table users(id varchar not null primary key, email varchar not null, username varchar not null,
        hashed_password varchar not null, created_at float, backup_enabled boolean default 0 not null);
    create unique index users_by_email on users(email);
    create unique index users_by_name on users(username);
    create table movies(imdb_id varchar not null, user_id varchar not null references users(id) on delete cascade,
        tmdb_data text, omdb_data text, media_type varchar default 'movie' not null, last_modified float,
        primary key(imdb_id, user_id));
    create index movies_by_age on movies(user_id, last_modified);
    create table people(id integer not null primary key, name varchar not null,
        user_id varchar not null references users(id) on delete cascade,
        is_trusted boolean, emoji varchar, last_modified float, constraint one_name unique(user_id, name));
    create table custom_lists(id varchar not null primary key,
        user_id varchar not null references users(id) on delete cascade,
        name varchar not null, icon varchar default 'list', position integer, last_modified float);
    create table movie_status(imdb_id varchar not null, user_id varchar not null,
        status varchar default 'toWatch' not null,
        custom_list_id varchar, primary key(imdb_id, user_id),
        check (status in ('toWatch', 'watched', 'deleted', 'custom')),
        foreign key(imdb_id, user_id) references movies(imdb_id, user_id) on delete cascade);
    create table recommendations(id integer not null primary key, imdb_id varchar not null, user_id varchar not null,
        person_id integer not null references people(id) on delete cascade, date_recommended float,
        vote_type boolean default 1 not null, unique(imdb_id, user_id, person_id),
        foreign key(imdb_id, user_id) references movies(imdb_id, user_id) on delete cascade);
    create table watch_history(imdb_id varchar not null, user_id varchar not null, date_watched float not null,
        my_rating float not null check (my_rating between 1.0 and 10.0), primary key(imdb_id, user_id),
        foreign key(imdb_id, user_id) references movies(imdb_id, user_id) on delete cascade);
    create table movie_rankings(imdb_id varchar not null,
        user_id varchar not null references users(id) on delete cascade,
        position integer not null, score float not null, liked boolean default '1' not null,
        primary key(imdb_id, user_id),
        unique(user_id, liked, position),
        foreign key(imdb_id, user_id) references movies(imdb_id, user_id) on delete cascade);";

const ROWS: &str = r#"
    insert into alembic_version values ('0003');
    insert into users values ('u-777-a', 'a@example.org', 'alice', 'hidden', 1.0, 1), ('u-777-b',
        'b@example.org', 'bob', 'hidden', 2.0, 0);
    insert into custom_lists values
        ('11111111-aaaa-4aaa-8aaa-111111111111', 'u-777-a', 'Rainy days', 'cloud', 0, 1.5),
        ('22222222-bbbb-4bbb-8bbb-222222222222', 'u-777-b', 'Of Bob', 'list', 0, 1.5);
    insert into people values (77701, 'Zoe', 'u-777-b', 0, null, null), (77702, 'Zoe', 'u-777-a', 1, '🎬', 3.0),
        (77703, 'Ada', 'u-777-a', 0, null, 4.25);
    insert into movies values ('tt1', 'u-777-a', '{"fetched": 1}', '{"fetched": 2}', 'movie', 10.0),
        ('tt2', 'u-777-a', '{"fetched": 3}', null, 'tv', 11.5), ('tt3', 'u-777-a', null, null, 'movie', null),
        ('tt1', 'u-777-b', '{"fetched": 4}', null, 'movie', 12.0), ('tt9', 'u-777-b', null, null, 'movie', 13.0);
    insert into movie_status values ('tt1', 'u-777-a', 'custom', '11111111-aaaa-4aaa-8aaa-111111111111'),
        ('tt2', 'u-777-a', 'watched', null), ('tt1', 'u-777-b', 'custom', '22222222-bbbb-4bbb-8bbb-222222222222');
    insert into recommendations values (77711, 'tt1', 'u-777-a', 77702, 20.0, 1), (77712, 'tt1', 'u-777-a',
        77703, null, 0),
        (77713, 'tt1', 'u-777-b', 77701, 21.0, 1);
    insert into watch_history values ('tt2', 'u-777-a', 30.0, 8.5), ('tt1', 'u-777-b', 31.0, 1.0);
    insert into movie_rankings values ('tt1', 'u-777-a', 2, 7.0, 1), ('tt2', 'u-777-a', 1, 9.25, 1), ('tt1',
        'u-777-b', 1, 3.0, 1)"#;

/// Another installation: Bob under another id, an Alice with a library of her own, numbers that are taken.
const OTHERS: &str = r"
    insert into alembic_version values ('0003');
    insert into users values ('u-bob', 'bob@example.org', 'bob', 'of bob', 1.0, 1), ('u-alice',
        'al@example.org', 'alice', 'of alice', 2.0, 1);
    insert into custom_lists values ('33333333-cccc-4ccc-8ccc-333333333333', 'u-alice', 'Rainy days', 'sun', 5, null);
    insert into people values (1, 'Ada', 'u-alice', 1, null, null), (77703, 'Eve', 'u-alice', 1, null, null);
    insert into movies values ('tt1', 'u-alice', 'theirs', 'theirs', 'movie', 1.0);
    insert into movie_status values ('tt1', 'u-alice', 'deleted', null);
    insert into recommendations values (77711, 'tt1', 'u-alice', 1, 5.0, 1);
    insert into movie_rankings values ('tt1', 'u-alice', 1, 1.0, 1)";

pub(super) const MOVIES: App = App {
    name: "movies",
    schema: SCHEMA,
    rows: ROWS,
    others: OTHERS,
    without_others: "pragma foreign_keys = on; delete from users where username = 'alice'",
};

const ALICE: &[&str] = &["--scope", "alice"];
const BOB: &[&str] = &["--scope", "bob"];

/// Everything that belongs to a user, as text.
fn library(scene: &Scene, database: &str, user: &str) -> String {
    let tables = [
        "movies",
        "people",
        "custom_lists",
        "movie_status",
        "recommendations",
        "watch_history",
        "movie_rankings",
    ];
    let rows = |table: &str| {
        let columns = format!("select group_concat(name) from pragma_table_info('{table}')");
        let columns = text(scene, database, &columns);
        let rows = format!("select json_array({columns}) from {table} where user_id = '{user}' order by 1");
        format!("{table} {}\n", text(scene, database, &rows))
    };
    tables.map(rows).concat()
}

#[test]
fn one_user_s_library_is_all_that_her_export_holds() {
    let scene = MOVIES.install();
    let document = MOVIES.export(&scene, "here.db", ALICE);
    assert_eq!(
        document["data"],
        json!({
            "lists": [{"id": "11111111-aaaa-4aaa-8aaa-111111111111", "name": "Rainy days", "icon": "cloud", "position": 0,
                "last_modified": 1.5}],
            "people": [
                {"name": "Ada", "is_trusted": false, "emoji": null, "last_modified": 4.25},
                {"name": "Zoe", "is_trusted": true, "emoji": "🎬", "last_modified": 3.0},
            ],
            "movies": [
                {"imdb_id": "tt1", "media_type": "movie", "last_modified": 10.0, "status": "custom",
                    "custom_list_id": "11111111-aaaa-4aaa-8aaa-111111111111",
                    "recommendations": [
                        {"person_name": "Ada", "date_recommended": null, "vote_type": false},
                        {"person_name": "Zoe", "date_recommended": 20.0, "vote_type": true},
                    ],
                    "watch_history": null},
                {"imdb_id": "tt2", "media_type": "tv", "last_modified": 11.5, "status": "watched", "custom_list_id": null,
                    "recommendations": [], "watch_history": {"date_watched": 30.0, "my_rating": 8.5}},
                {"imdb_id": "tt3", "media_type": "movie", "last_modified": null,
                    "recommendations": [], "watch_history": null},
            ],
            "movie_rankings": [
                {"imdb_id": "tt1", "position": 2, "score": 7.0, "liked": true},
                {"imdb_id": "tt2", "position": 1, "score": 9.25, "liked": true},
            ],
        })
    );
    let metadata = &document["metadata"];
    assert_eq!((&metadata["app"], &metadata["schema_version"]), (&json!("movies"), &json!("0003")));
    assert_eq!(metadata["sections"]["movies"]["refetch"], json!(["tmdb_data", "omdb_data"]));
}

#[test]
fn another_user_elsewhere_takes_it_in() {
    let (scene, _, said) = MOVIES.travels(ALICE, BOB, BOB);
    assert_eq!(said["needs_refetch"], json!({"movies": ["tt1", "tt2", "tt3"]}));
    let owners = "select group_concat(distinct user_id) from movies";
    assert_eq!(text(&scene, "there.db", owners), "u-bob");
    let unfetched = "select group_concat(imdb_id, ',' order by imdb_id) from movies
        where tmdb_data is null and omdb_data is null";
    assert_eq!(text(&scene, "there.db", unfetched), "tt1,tt2,tt3");
    let people = "select group_concat(p.name || r.vote_type, ',' order by p.name)
        from recommendations r join people p on p.id = r.person_id and p.user_id = r.user_id";
    assert_eq!(text(&scene, "there.db", people), "Ada0,Zoe1");
}

#[test]
fn who_lives_there_is_left_alone() {
    let scene = MOVIES.install();
    let before = library(&scene, "there.db", "u-alice");
    MOVIES.export(&scene, "here.db", ALICE);
    scene.larder(["import", "doc.json", "there.db", "--scope", "bob"]).run().succeeds();
    assert_eq!(library(&scene, "there.db", "u-alice"), before);
}

#[test]
fn a_change_comes_in_again_and_what_was_fetched_stays() {
    let scene = MOVIES.install();
    let first = MOVIES.export(&scene, "here.db", ALICE);
    let change = "update movies set media_type = 'tv' where imdb_id = 'tt1'; delete from recommendations;
        update movie_status set status = 'toWatch', custom_list_id = null; update watch_history set my_rating = 2.0";
    fill(&scene.path("here.db"), change);
    let bob = library(&scene, "here.db", "u-777-b");
    let import = |more: &[&str]| {
        scene.larder([&["import", "doc.json", "here.db", "--scope", "alice"], more].concat()).run()
    };
    import(&[]).fails(4).says("doc.json:").says("data.movies[0]: it is there already, and differs");
    import(&["--dry-run"])
        .leaves_open()
        .says(
            "
movies tt1 (line 30): it is there already, and differs in ",
        )
        .says("    media_type: \"tv\" → \"movie\"")
        .says("nothing would be written to");
    let said = import(&["--on-conflict", "overwrite", "--json"]).succeeds().json();
    assert_eq!(done(&said)["movies"], json!({"same": 1, "overwritten": 2}));
    // What was never fetched lacks it, changed or not.
    assert_eq!(said["needs_refetch"], json!({"movies": ["tt3"]}));
    assert_eq!(library(&scene, "here.db", "u-777-b"), bob);
    assert_eq!(
        text(&scene, "here.db", "select tmdb_data from movies where imdb_id = 'tt2'"),
        "{\"fetched\": 3}"
    );
    assert_eq!(MOVIES.export(&scene, "here.db", ALICE)["data"], first["data"]);
}

#[test]
fn nobody_s_rows_are_taken_away_by_an_import_for_somebody_else() {
    let scene = MOVIES.install();
    MOVIES.export(&scene, "here.db", ALICE);
    let alice = library(&scene, "here.db", "u-777-a");
    // The id of Alice's list is one of the whole database.
    let import = |strategy| {
        let arguments = ["import", "doc.json", "here.db", "--scope", "bob", "--on-conflict", strategy];
        scene.larder(arguments).run()
    };
    import("overwrite").succeeds();
    assert_eq!(library(&scene, "here.db", "u-777-a"), alice);
    assert_sound(&scene, "here.db");
    // Bob has a list of his own now, on which his movies are.
    let lists =
        "select count(distinct l.id) || ' ' || count(distinct l.user_id) || ' ' || sum(l.user_id = s.user_id)
        from movie_status s join custom_lists l on l.id = s.custom_list_id";
    assert_eq!(text(&scene, "here.db", lists), "2 2 2");
    let said = import("fail").succeeds();
    said.says("nothing to change");
}

#[test]
fn whose_rows_must_be_said() {
    let scene = MOVIES.install();
    MOVIES.larder(&scene, "here.db", &[]).run().fails(2).says("--scope NAME, or --scope all");
    MOVIES.larder(&scene, "here.db", &["--scope", "nobody"]).run().fails(2).says("there are alice, bob");
    let document = MOVIES.export(&scene, "here.db", ALICE);
    assert_eq!(document["metadata"]["scope"]["value"], "alice");
    let before = std::fs::read(scene.path("there.db")).expect("read");
    let import = |more: &[&str]| scene.larder([&["import", "doc.json", "there.db"], more].concat()).run();
    import(&[]).fails(2).says("the document holds the rows of username alice").says("hint: --scope USERNAME");
    import(&["--scope", "nobody"]).fails(2).says("users has no row whose username is \"nobody\"");
    assert!(before == std::fs::read(scene.path("there.db")).expect("read"));
}
