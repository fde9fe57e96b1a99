//! What a part of a database takes along: what belongs to it, wherever it is written, and what it refers to.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Map, Value, json};

pub const SCHEMA: &str = "
    create table movies(id integer primary key, title text unique not null, year integer, added text);
    create table tags(id integer primary key, name text unique not null);
    create table movie_tags(movie_id integer not null references movies(id), tag_id integer not null references tags(id),
        primary key(movie_id, tag_id));
    create table lists(id integer primary key, name text unique not null);
    create table list_items(id integer primary key, list_id integer not null references lists(id) on delete cascade,
        movie_id integer not null references movies(id), place integer, unique(list_id, movie_id));
    create table attachments(id integer primary key, movie_id integer not null references movies(id) on delete cascade,
        path text unique not null);
    create table comments(id integer primary key, movie_id integer references movies(id), body text unique not null);
    create trigger movies_delete after delete on movies begin delete from comments where movie_id = old.id; end;";

pub const ROWS: &str = "
    insert into movies values (1, 'Alien', 1979, '2026-01-01'), (2, 'Brick', 2005, '2026-02-01'), (3, 'Coco', 2017, '2026-03-01');
    insert into tags values (1, 'space'), (2, 'crime'), (3, 'music');
    insert into movie_tags values (1, 1), (2, 2), (3, 3), (3, 2);
    insert into lists values (1, 'Best'), (2, 'Later'); insert into list_items values (1, 1, 2, 0), (2, 1, 3, 1), (3, 2, 1, 0);
    insert into attachments values (1, 1, 'alien.jpg'), (2, 2, 'brick.jpg'), (3, 3, 'coco.jpg');
    insert into comments values (1, 1, 'scary'), (2, 2, 'clever'), (3, null, 'off topic')";

fn scene() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("app.db"), SCHEMA);
    fill(&scene.path("app.db"), ROWS);
    let toml = "[sections.movies]\ndate = \"added\"\n[sections.lists]\nnest.list_items = {}\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    scene
}

/// The names by which the items of each section are known, in an export with these options that an empty database takes.
fn names(scene: &Scene, options: &[&str]) -> Value {
    let export = ["export", "app.db", "-o", "out.json", "--force"];
    scene.larder(export.iter().copied().chain(options.iter().copied())).run().succeeds();
    scene.larder(["validate", "out.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let _ = std::fs::remove_file(scene.path("new.db"));
    fill(&scene.path("new.db"), SCHEMA);
    scene.larder(["import", "out.json", "new.db"]).run().succeeds();
    let name = |item: &Value| {
        let known = ["title", "name", "path", "body"].iter().find_map(|field| item[field].as_str());
        let link = || {
            format!(
                "{} {}",
                item["movie_title"].as_str().unwrap_or(""),
                item["tag_name"].as_str().unwrap_or("")
            )
        };
        known.map_or_else(link, str::to_owned)
    };
    let data = document["data"].as_object().expect("sections").iter();
    let all: Map<String, Value> = data
        .map(|(section, items)| {
            let names: Vec<String> = items.as_array().expect("items").iter().map(name).collect();
            (section.clone(), json!(names.join(", ")))
        })
        .collect();
    Value::Object(all)
}

#[test]
fn an_item_brings_what_belongs_to_it_wherever_it_is() {
    let scene = scene();
    // The link row and its tag; the attachment; the comment that a trigger deletes with it; the list that it is in.
    assert_eq!(
        names(&scene, &["--item", "movies=Alien"]),
        json!({"movies": "Alien", "tags": "space", "movie_tags": "Alien space", "lists": "Later", "attachments": "alien.jpg", "comments": "scary"})
    );
    // A list is written with all of its items, which refer to the other movie of it.
    assert_eq!(
        names(&scene, &["--item", "movies=Brick", "--exclude", "movie_tags,attachments,comments"]),
        json!({"movies": "Brick, Coco", "lists": "Best"})
    );
    assert_eq!(
        names(&scene, &["--item", "movies=Brick", "--only", "movies,comments"]),
        json!({"movies": "Brick", "comments": "clever"})
    );
    // One that is named twice is one.
    let twice = ["--item", "tags=space", "--item", "tags=space", "--only", "tags"];
    assert_eq!(names(&scene, &twice), json!({"tags": "space"}));
}

#[test]
fn conditions_bring_what_rows_refer_to_and_what_belongs_to_them() {
    let scene = scene();
    let new = ["--where", "movies=year > 2000"];
    // The list "Later" is asked for as a whole, so the movie in it comes along, with what belongs to that.
    assert_eq!(
        names(&scene, &new),
        json!({"movies": "Alien, Brick, Coco", "tags": "crime, music, space", "movie_tags": "Alien space, Brick crime, Coco crime, Coco music",
            "lists": "Best, Later", "attachments": "alien.jpg, brick.jpg, coco.jpg", "comments": "clever, off topic, scary"})
    );
    fill(&scene.path("app.db"), "delete from lists where id = 2; delete from list_items where list_id = 2");
    let expected = json!({"movies": "Brick, Coco", "tags": "crime, music, space", "movie_tags": "Brick crime, Coco crime, Coco music",
        "lists": "Best", "attachments": "brick.jpg, coco.jpg", "comments": "clever, off topic"});
    assert_eq!(names(&scene, &new), expected);
    assert_eq!(names(&scene, &["--since", "2026-01-15"]), expected);
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let sections = &document["metadata"]["sections"];
    assert!(
        sections["movies"]["partial"].is_null() && sections["attachments"]["partial"] == true,
        "{sections}"
    );
}

/// The movie was left behind, and no database but this one could take the file.
#[test]
fn rows_of_a_time_bring_the_older_ones_that_they_refer_to() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "alter table comments add column at text; update comments set at = '2026-0' || (id + 2) || '-01'",
    );
    let toml = "[sections.comments]\ndate = \"at\"\n[sections.lists]\nnest.list_items = {}\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    let only = ["--only", "movies,comments", "--since", "2026-04-01"];
    let export = ["export", "app.db", "-o", "out.json"];
    scene.larder(export.iter().chain(&only).copied()).run().succeeds();
    std::fs::write(scene.path("larder.toml"), toml.to_owned() + "[sections.movies]\ndate = \"added\"\n")
        .expect("write");
    scene.larder(export.iter().chain(&only).chain(&["--force"]).copied()).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let titles: Vec<&Value> =
        document["data"]["movies"].as_array().expect("movies").iter().map(|movie| &movie["title"]).collect();
    assert_eq!(titles, ["Brick"], "no movie is that new, and a comment is about this one");
}

/// Rows whose section another column says: those that are meant come along, and not all that there are.
#[test]
fn what_is_referred_to_by_type_comes_alone() {
    let scene = Scene::new();
    let schema = "create table posts(id integer primary key, title text unique); create table pages(id integer primary key, title text unique);
        create table comments(id integer primary key, target_type text not null, target_id integer not null, body text unique);
        create trigger lost after delete on posts begin delete from comments where target_type = 'post' and target_id = old.id; end";
    fill(&scene.path("app.db"), schema);
    fill(
        &scene.path("app.db"),
        "insert into posts values (1, 'p1'), (2, 'p2'), (3, 'p3'); insert into pages values (1, 'g1'), (2, 'g2'), (3, 'g3');
         insert into comments values (1, 'post', 1, 'on p1'), (2, 'page', 1, 'on g1'), (3, 'page', 2, 'on g2'), (7, 'post', 3, 'on p3')",
    );
    let titles = |options: &[&str]| {
        let export = ["export", "app.db", "-o", "out.json", "--force"];
        scene.larder([&export, options].concat()).run().succeeds();
        scene.larder(["validate", "out.json"]).run().succeeds();
        let _ = std::fs::remove_file(scene.path("new.db"));
        fill(&scene.path("new.db"), schema);
        scene.larder(["import", "out.json", "new.db"]).run().succeeds();
        super::condensed::rows(
            &scene.path("new.db"),
            "select title from posts union all select title from pages union all
             select body || ' ' || ifnull(case target_type when 'post' then p.title else g.title end, '-') from comments
             left join posts p on p.id = target_id left join pages g on g.id = target_id order by 1",
        )
        .join(", ")
    };
    assert_eq!(titles(&["--item", "posts=p3"]), "on p3 p3, p3");
    assert_eq!(titles(&["--item", "comments=on g2"]), "g2, on g2 g2");
    // As at import, and in a restore.
    scene.larder(["export", "app.db", "-o", "out.json", "--force"]).run().succeeds();
    fill(&scene.path("part.db"), schema);
    scene.larder(["import", "out.json", "part.db", "--item", "posts=p3"]).run().succeeds();
    assert_eq!(super::condensed::rows(&scene.path("part.db"), "select body from comments"), ["on p3"]);
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    fill(&scene.path("app.db"), "delete from posts where id = 3");
    scene.larder(["restore", "latest", "app.db", "--item", "posts=3"]).run().succeeds();
    assert_eq!(
        super::condensed::rows(&scene.path("app.db"), "select body from comments where id = 7"),
        ["on p3"]
    );
}
