//! A part of a snapshot back into the database: rows under their own ids, with what belongs to them.

use super::fixtures::fill;
use super::pair::assert_sound;
use super::same::{Content, content_in_any_order};
use super::scene::Scene;

const SCHEMA: &str = "
    create table users(id integer primary key, name text not null unique, password text not null);
    create table posts(id integer primary key, slug text not null unique, title text not null, user_id integer not null references users(id), seen int default 0);
    create table comments(id integer primary key, post_id integer not null references posts(id) on delete cascade, body text);
    create table tags(id integer primary key, name text not null unique);
    create table post_tags(post_id integer not null references posts(id) on delete cascade, tag_id integer not null references tags(id), primary key(post_id, tag_id));
    create table files(post_id integer primary key references posts(id) on delete cascade, data blob)";
const ROWS: &str = "
    insert into users values (1, 'ada', 'pw1'), (2, 'bo', 'pw2');
    insert into posts values (1, 'hello', 'Hello', 1, 9), (2, 'bye', 'Bye', 2, 3), (7, 'more', 'More', 1, 0);
    insert into comments values (1, 1, 'first'), (2, 1, 'second'), (3, 2, 'third');
    insert into tags values (1, 'news'), (2, 'old');
    insert into post_tags values (1, 1), (1, 2), (2, 2); insert into files values (1, x'00ff')";

/// A database of which there is a snapshot, and that was changed since.
fn scene(settings: &str, change: &str) -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "pragma foreign_keys = on");
    fill(&scene.path("app.db"), change);
    scene
}

fn content(scene: &Scene) -> Content {
    content_in_any_order(&scene.path("app.db"))
}

/// What a database of these rows holds.
fn expected(change: &str) -> Content {
    let scene = Scene::new();
    for sql in [SCHEMA, ROWS, change] {
        fill(&scene.path("app.db"), sql);
    }
    content(&scene)
}

fn put_back(scene: &Scene, options: &[&str]) {
    let before = content(scene);
    let restore = ["restore", "latest", "app.db"];
    scene.larder([&restore, options, &["--dry-run"]].concat()).run().succeeds();
    assert_eq!(content(scene), before, "a dry run changes nothing");
    let run = scene.larder([&restore[..], options, &["--json"]].concat()).run().succeeds();
    let after = content(scene);
    assert_sound(&scene.path("app.db"));
    let undo = run.json()["undo"].as_str().expect("the way back").to_owned();
    scene.larder(undo.split(' ').skip(1).chain(["--yes"])).run().succeeds();
    assert_eq!(content(scene), before, "undone");
    scene.larder([&restore[..], options].concat()).run().succeeds();
    assert_eq!(content(scene), after);
}

#[test]
fn an_item_comes_back_under_its_id_with_what_belonged_to_it() {
    for item in ["posts=1", "posts=hello", "posts=Hello"] {
        let scene = scene(
            "",
            "delete from posts where id = 1; insert into posts values (9, 'new', 'New', 2, 1); update posts set title = 'Other' where id = 2",
        );
        put_back(&scene, &["--item", item]);
        let newer =
            "insert into posts values (9, 'new', 'New', 2, 1); update posts set title = 'Other' where id = 2";
        assert_eq!(content(&scene), expected(newer), "{item}: all of it, and nothing else");
    }
}

/// What exports leave out was there, too.
#[test]
fn settings_that_leave_things_out_of_exports_do_not_count() {
    let settings =
        "[sections.posts]\nwhere = \"id > 5\"\nomit = [\"seen\"]\n[sections.comments]\ninclude = false\n";
    let scene = scene(settings, "delete from posts where id = 1");
    put_back(&scene, &["--item", "posts=1"]);
    assert_eq!(content(&scene), expected(""));
}

#[test]
fn what_changed_is_as_it_was() {
    let scene = scene(
        "",
        "update posts set title = 'Edited', seen = 100 where id = 1; delete from comments where id = 1; insert into comments values (8, 1, 'newer')",
    );
    put_back(&scene, &["--item", "posts=1"]);
    assert_eq!(content(&scene), expected("insert into comments values (8, 1, 'newer')"));
}

#[test]
fn sections_come_back() {
    let change = "delete from posts where id in (1, 2); insert into posts values (9, 'new', 'New', 2, 1); update users set password = 'other'";
    let scene = scene("", change);
    // With all that hangs on posts.
    put_back(&scene, &["--only", "posts"]);
    let there = "insert into posts values (9, 'new', 'New', 2, 1); update users set password = 'other'";
    assert_eq!(content(&scene), expected(there));
    // Secrets come back like the rest.
    put_back(&scene, &["--only", "users"]);
    assert_eq!(content(&scene), expected("insert into posts values (9, 'new', 'New', 2, 1)"));
    put_back(&scene, &["--only", "posts", "--exact", "--yes"]);
    assert_eq!(content(&scene), expected(""));
}

/// A parent that is missing comes along; one that is there stays as it is.
#[test]
fn what_it_refers_to_comes_along() {
    let scene = scene(
        "",
        "delete from comments; delete from post_tags; delete from files; delete from posts; delete from users where id = 1; delete from tags where id = 2; update users set name = 'bob' where id = 2",
    );
    put_back(&scene, &["--item", "posts=hello"]);
    let there = "delete from posts where id <> 1; delete from comments where post_id <> 1; delete from post_tags where post_id <> 1; update users set name = 'bob' where id = 2";
    assert_eq!(content(&scene), expected(there));
}

/// SQLite gives the id of the last row that went to the next that comes.
#[test]
fn an_id_that_another_row_has_now_is_a_conflict() {
    let scene = scene(
        "",
        "delete from posts where id = 7; insert into posts values (7, 'other', 'Something else', 2, 55)",
    );
    let before = content(&scene);
    let run = scene.larder(["restore", "latest", "app.db", "--item", "posts=more"]).run();
    assert_eq!(run.code(), Some(4), "{run}");
    assert!(run.stderr().contains("the same id, and nothing else alike"), "{run}");
    assert_eq!(content(&scene), before);
    put_back(&scene, &["--item", "posts=more", "--force"]);
    assert_eq!(content(&scene), expected(""));
}

/// Nothing but the id is the same, or too little else; whatever the table is like.
#[test]
fn a_newer_row_with_the_id_is_not_overwritten() {
    let schema = "create table notes(title text, body text); create table scores(id integer primary key, a int, b int);
        create table drafts(id integer primary key, title text, state text)";
    let rows = "insert into notes values ('a', 'aa'), ('b', 'bb'), ('c', 'cc'); insert into scores values (1, 10, 20), (2, 30, 40), (4, 4, 400);
        insert into drafts values (1, 'One', 'live'), (2, 'Two', 'live'), (4, 'Four', 'live')";
    for (change, part) in [
        ("delete from notes where title = 'c'; insert into notes values ('z', 'zz')", ["--only", "notes"]),
        ("delete from scores where id = 4; insert into scores values (4, 99, 12345)", ["--item", "scores=4"]),
        (
            "delete from drafts where id = 4; insert into drafts values (4, 'Other', 'live')",
            ["--item", "drafts=Four"],
        ),
    ] {
        let scene = Scene::new();
        fill(&scene.path("app.db"), schema);
        fill(&scene.path("app.db"), rows);
        scene.larder(["snapshot", "app.db"]).run().succeeds();
        fill(&scene.path("app.db"), change);
        let before = content(&scene);
        let run = scene.larder([&["restore", "latest", "app.db"][..], &part].concat()).run().fails(4);
        run.says("the same id, and nothing else alike").says("--force overwrites a row");
        assert_eq!(content(&scene), before, "{change}");
    }
}

/// What a restore shows of secrets.
#[test]
fn secrets_come_back_unseen() {
    let scene = scene("", "update users set password = 'changed'");
    let run = scene.larder(["restore", "latest", "app.db", "--only", "users", "--dry-run"]).run().succeeds();
    let json = scene
        .larder(["restore", "latest", "app.db", "--only", "users", "--dry-run", "--json"])
        .run()
        .succeeds();
    for text in [run.stdout(), run.stderr(), json.stdout()] {
        assert!(!text.contains("changed") && !text.contains("pw1"), "{text}");
    }
}

#[test]
fn one_name_is_one_item() {
    let scene = scene("", "insert into posts values (8, 'again', 'More', 1, 0)");
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    let restore = |item: &str| scene.larder(["restore", "latest", "app.db", "--item", item]).run().fails(2);
    restore("posts=More").says("2 items of posts are called \"More\"");
    restore("posts=null").says("no item with the key or name");
}

/// A trigger makes the row anew that comes back.
#[test]
fn triggers_are_as_one_says() {
    let trigger = "create table search(id integer primary key, words text);
        insert into search select id, title from posts;
        create trigger found after insert on posts begin insert into search values (new.id, new.title); end;
        create trigger lost after delete on posts begin delete from search where id = old.id; end;";
    let scene = scene("", trigger);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from posts where id = 1");
    scene
        .larder(["restore", "latest", "app.db", "--only", "posts,search"])
        .run()
        .fails(4)
        .says("--triggers off");
    scene
        .larder(["restore", "latest", "app.db", "--only", "posts,search", "--triggers", "off"])
        .run()
        .succeeds();
    assert_eq!(content(&scene), expected(trigger));
    fill(&scene.path("app.db"), "delete from posts where id = 1");
    put_back(&scene, &["--item", "posts=1"]);
    assert_eq!(content(&scene), expected(trigger));
    scene
        .larder(["restore", "latest", "app.db", "--triggers", "off"])
        .run()
        .fails(2)
        .says("--only or --item");
}

#[test]
fn what_is_wrong_is_said() {
    let scene = scene("", "delete from posts where id = 1");
    let restore = |options: &[&str], code| {
        scene.larder([&["restore", "latest", "app.db"], options].concat()).run().fails(code)
    };
    restore(&["--item", "posts=nothing"], 2).says("posts has no item with the key or name \"nothing\"");
    restore(&["--item", "post=1"], 2).says("no section \"post\"");
    restore(&["--only", "post"], 2).says("no section \"post\"");
    restore(&["--exact"], 2).says("--only");
    scene
        .larder(["restore", "latest", "new.db", "--app", "app", "--only", "posts"])
        .run()
        .fails(1)
        .says("new.db");
}
