//! Conditions in documents say the same in every database: an id is written as what it refers to.

use super::fixtures::fill;
use super::same::open;
use super::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table series(id integer primary key, name text unique not null);
    create table races(id integer primary key, series_id integer not null references series(id), name text not null,
        unique(series_id, name));
    create table lineups(id integer primary key, race_id integer references races(id), driver text, rating integer);";

/// The race of Spa is another one in the other database.
fn scene() -> Scene {
    let scene = Scene::new();
    for (file, first, second) in [("app.db", 1, 2), ("other.db", 2, 1)] {
        fill(&scene.path(file), SCHEMA);
        fill(
            &scene.path(file),
            &format!(
                "insert into series values ({first}, 'Cup'), ({second}, 'Open');
                 insert into races values ({first}, {first}, 'Spa'), ({second}, {first}, 'Monza')"
            ),
        );
    }
    fill(
        &scene.path("app.db"),
        "insert into lineups values (1, 1, 'Ada', 3), (2, 1, 'Bo', 1), (3, 2, 'Cy', 2)",
    );
    fill(
        &scene.path("other.db"),
        "insert into lineups values (7, 2, 'Dee', 5), (8, 1, 'Eve', 4), (9, null, 'Flo', 0)",
    );
    scene
}

fn filter(scene: &Scene, condition: &str) -> String {
    let export = ["export", "app.db", "-o", "out.json", "--force", "--only", "lineups", "--where"];
    let condition = format!("lineups={condition}");
    scene.larder(export.iter().copied().chain([condition.as_str()])).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["metadata"]["sections"]["lineups"]["filter"].as_str().expect("a filter").to_owned()
}

fn drivers(scene: &Scene) -> String {
    let sql = "select group_concat(driver order by driver) from lineups";
    open(&scene.path("other.db")).query_row(sql, [], |row| row.get(0)).expect("drivers")
}

/// The lineup of another race was deleted, whose id happened to be the same.
#[test]
fn replacing_the_rows_of_a_race_replaces_those_of_that_race() {
    let scene = scene();
    let filter = filter(&scene, "race_id=1");
    assert_eq!(
        filter,
        "(race_id=ifnull((SELECT \"id\" FROM main.\"races\" WHERE \"series_id\" IS \
         (SELECT \"id\" FROM main.\"series\" WHERE \"name\" IS 'Cup') AND \"name\" IS 'Spa'), x''))"
    );
    scene.larder(["import", "out.json", "other.db", "--replace-all", "--yes"]).run().succeeds();
    assert_eq!(drivers(&scene), "Ada,Bo,Eve,Flo");
}

#[test]
fn conditions_with_ids_mean_the_same_rows_elsewhere() {
    for (condition, left) in [
        ("race_id <> 1", "Cy,Dee,Flo"),
        ("race_id in (1, 2) and rating > 0", "Ada,Bo,Cy,Flo"),
        ("race_id is not 1 and rating < 10", "Cy,Dee"),
        ("race_id in (select id from races where name = 'Spa' or name like 'x%')", "Ada,Bo,Eve,Flo"),
        ("(select series_id from races where races.id = race_id) = 1", "Ada,Bo,Cy,Flo"),
        ("rating = 1 or driver = '1'", "Bo,Dee,Eve,Flo"),
    ] {
        let scene = scene();
        filter(&scene, condition);
        scene.larder(["import", "out.json", "other.db", "--replace-all", "--yes"]).run().succeeds();
        assert_eq!(drivers(&scene), left, "{condition}");
    }
}

#[test]
fn what_no_key_can_say_is_refused() {
    let scene = scene();
    let export = |condition: &str| {
        let condition = format!("lineups={condition}");
        scene.larder(["export", "app.db", "-o", "out.json", "--where", &condition]).run().fails(2)
    };
    let by_race = "race_id IN (SELECT id FROM races WHERE name = '…')";
    let said = "--where lineups: the numbers in lineups.race_id mean nothing in another database";
    for condition in
        ["race_id > 1", "race_id % 2", "race_id between 1 and 2", "race_id = rating", "abs(race_id) = 1"]
    {
        export(condition).says(said).says(by_race);
    }
    export("id = 1")
        .says("the numbers in lineups.id mean nothing")
        .says("say which rows by what they hold, such as driver = '…'");
    export("rowid in (1, 2)").says("the numbers in lineups.id mean nothing");
    export("race_id = 99").says("--where lineups: races has no row with id 99");
    export("rating = 1) or (1").says("--where lineups");
    assert!(!scene.path("out.json").exists());
}

#[test]
fn conditions_of_the_settings_say_the_same_everywhere_too() {
    let scene = scene();
    let write = |condition: &str| {
        let toml = format!(
            "[sections.lineups]\nwhere = \"{condition}\"\n[sections.races]\nsoft-delete = \"name\"\n"
        );
        std::fs::write(scene.path("larder.toml"), toml.replace("soft-delete = \"name\"", "")).expect("write");
    };
    write("race_id = 1");
    scene.larder(["export", "app.db", "-o", "out.json"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out.json")).expect("read");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let lineups = &document["metadata"]["sections"]["lineups"];
    assert!(lineups["filter"].as_str().expect("a filter").contains("\"name\" IS 'Spa'"), "{lineups}");
    assert_eq!(lineups["items"], json!(2));
    write("id < 3");
    let run = scene.larder(["export", "app.db", "-o", "out.json", "--force"]).run().fails(2);
    run.says("sections.lineups.where: the numbers in lineups.id mean nothing in another database");
}
