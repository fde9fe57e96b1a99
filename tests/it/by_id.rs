//! `--by id`: two states of one database, whose rows are matched by their ids.

use super::any_import::{SCHEMA as ANY, SETTINGS, cases, rows as any_rows};
use super::condensed::{done, rows};
use super::fixtures::fill;
use super::same::open;
use super::scene::{Run, Scene};
use proptest::prelude::*;
use rusqlite::types::Value;
use serde_json::json;
use std::path::Path;

/// Rows with and without a key, children, a circle, links without rowids, an id that is hidden, and a number that may be one.
const SCHEMA: &str = "
    create table artist(id integer primary key, name text not null unique, born text);
    create table film(id integer primary key, title text not null, year int, note text, artist_id integer references artist(id),
        next_id integer references film(id));
    create table scene(id integer primary key, film_id integer not null references film(id) on delete cascade, text text, n int);
    create table film_artist(film_id integer references film(id) on delete cascade, artist_id integer references artist(id) on delete cascade,
        part text, primary key(film_id, artist_id)) without rowid;
    create table remark(body text, film_id integer references film(id));
    create table setting(key text primary key, value text);";

const ROWS: &str = "
    insert into artist values (1, 'Ada Alder', '1950-01-02'), (2, 'Ben Birch', '1961-03-04'), (3, 'Cy Cedar', null), (6, 'Jo Juniper', '1977-08-09'),
        (7, 'Kit Kapok', '1988-09-10');
    insert into film values (1, 'Dusk', 1990, 'slow', 1, 2), (2, 'Dawn', 1991, 'fine', 1, 1), (3, 'Noon', 1992, 'long', 2, null),
        (4, 'Night', 1993, 'short', 3, 3);
    insert into scene values (1, 1, 'a door', 1), (2, 1, 'a window', 2), (3, 2, 'a garden', 1), (4, 4, 'a road', 1), (5, 3, 'a hill', 1), (6, 3, 'a shore', 2), (7, 4, 'a tower', 2);
    insert into film_artist values (1, 1, 'lead'), (1, 2, 'guest'), (2, 1, 'lead'), (3, 3, 'lead');
    insert into remark values ('seen twice', 1), ('lent to Eva', 2), ('a gift', 3);
    insert into setting values ('theme', 'dark'), ('size', '12')";

/// `old.db`, and `app.db`, which is the same.
fn scene() -> Scene {
    let scene = Scene::new();
    for name in ["old.db", "app.db"] {
        fill(&scene.path(name), SCHEMA);
        fill(&scene.path(name), ROWS);
    }
    scene
}

fn import(scene: &Scene, options: &[&str]) -> Run {
    scene.larder([&["import", "old.db", "app.db", "--by", "id", "--json"], options].concat()).run()
}

/// The same, which is refused.
#[track_caller]
fn refused(scene: &Scene, options: &[&str]) -> Run {
    scene.larder([&["import", "old.db", "app.db", "--by", "id"], options].concat()).run().fails(4)
}

/// Every row of every table but these, with hidden rowids.
fn all(path: &Path, but: &[&str]) -> Vec<String> {
    let db = open(path);
    let tables = rows(
        path,
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' order by 1",
    );
    let mut all = Vec::new();
    for table in tables.iter().filter(|table| !but.contains(&table.as_str())) {
        let has_rowid = db.prepare(&format!("select rowid from {table}")).is_ok();
        let rowid = if has_rowid { "rowid, " } else { "" };
        let mut statement =
            db.prepare(&format!("select {rowid}* from {table} order by 1, 2")).expect("a query");
        let count = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let values = (0..count).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>()?;
            Ok(format!("{table} {values:?}"))
        };
        let found = statement.query_map([], row).expect("rows");
        all.extend(found.map(|row| row.expect("a row")));
    }
    all
}

#[track_caller]
fn assert_same(scene: &Scene) {
    assert_eq!(all(&scene.path("app.db"), &[]), all(&scene.path("old.db"), &[]));
}

#[test]
fn an_edited_row_is_a_difference_and_nothing_comes_in_beside_it() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "update film set title = 'Dusk (1990)', note = null where id = 1; update artist set name = 'Ada' where id = 1;
         update scene set film_id = 2 where id = 2; update remark set body = 'seen three times' where rowid = 1;
         update film_artist set part = 'voice' where film_id = 3; update setting set value = 'light' where key = 'theme'",
    );
    let bytes = std::fs::read(scene.path("app.db")).expect("read");
    let said = refused(&scene, &[]).stderr();
    for line in [
        "artist 1 (Ada Alder): it is there already, and differs in name",
        "film 1 (Dusk): it is there already, and differs in title, note",
        "scene 2: it is there already, and differs in film_id",
        "film_artist 3,3: it is there already, and differs in part",
        "remark 1: it is there already, and differs in body",
        "setting theme: it is there already, and differs in value",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), bytes);
    let skipped = import(&scene, &["--on-conflict", "skip"]).succeeds();
    assert_eq!(done(&skipped.json())["film"], json!({"same": 3, "skipped": 1}));
    let dry = import(&scene, &["--on-conflict", "overwrite", "--dry-run"]).succeeds().json();
    let done_ = import(&scene, &["--on-conflict", "overwrite"]).succeeds().json();
    assert_eq!(done(&dry), done(&done_));
    assert_eq!(
        done(&done_),
        json!({"artist": {"same": 4, "overwritten": 1}, "film": {"same": 3, "overwritten": 1}, "scene": {"same": 6, "overwritten": 1},
            "film_artist": {"same": 3, "overwritten": 1}, "remark": {"same": 2, "overwritten": 1},
            "setting": {"same": 1, "overwritten": 1}})
    );
    assert_same(&scene);
    scene.larder(["restore", "--undo", "app.db", "--yes"]).run().succeeds();
    assert_eq!(rows(&scene.path("app.db"), "select title from film where id = 1"), ["Dusk (1990)"]);
}

#[test]
fn deleted_rows_come_back_with_their_ids_and_new_ones_go_only_if_they_are_to() {
    let scene = scene();
    let change = "update film set next_id = null where id in (1, 4); delete from remark where rowid = 2;
         delete from film where id in (2, 4); delete from setting where key = 'size';
         insert into film values (9, 'Later', 2001, 'new', 2, 3); insert into scene values (9, 9, 'a lake', 1);
         insert into remark(rowid, body, film_id) values (9, 'new', 9); insert into setting(rowid, key, value) values (9, 'zoom', '2')";
    fill(&scene.path("app.db"), change);
    let kept = import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    let sections = done(&kept.json());
    assert_eq!(sections["film"], json!({"new": 2, "same": 1, "overwritten": 1}));
    assert_eq!(sections["scene"], json!({"new": 3, "same": 4}));
    assert_eq!(
        rows(&scene.path("app.db"), "select title from film order by id"),
        ["Dusk", "Dawn", "Noon", "Night", "Later"]
    );
    scene.larder(["import", "old.db", "app.db", "--by", "id", "--replace-all"]).run().fails(4).says("--yes");
    let replaced = import(&scene, &["--replace-all", "--yes"]).succeeds();
    assert_eq!(done(&replaced.json())["film"], json!({"same": 4, "removed": 1}));
    assert_same(&scene);
    let again = import(&scene, &["--replace-all", "--yes"]).succeeds().json();
    assert!(again["safety_snapshot"].is_null(), "{again}");
}

#[test]
fn both_sides_have_new_rows_and_one_id_is_one_row() {
    let scene = scene();
    fill(
        &scene.path("old.db"),
        "insert into film values (5, 'Theirs', 2000, 'a', 1, null), (6, 'Also', 2001, 'b', 1, null)",
    );
    fill(&scene.path("app.db"), "insert into film values (5, 'Ours', 2002, 'c', 2, null)");
    refused(&scene, &[]);
    let done_ = import(&scene, &["--on-conflict", "skip"]).succeeds();
    assert_eq!(done(&done_.json())["film"], json!({"new": 1, "same": 4, "skipped": 1}));
    assert_eq!(rows(&scene.path("app.db"), "select title from film where id > 4"), ["Ours", "Also"]);
}

#[test]
fn what_must_be_unique_and_is_another_rows_is_a_conflict_and_swaps_are_none() {
    let scene = scene();
    fill(
        &scene.path("old.db"),
        "update artist set name = 'x', born = '1971' where id = 1; update artist set name = 'Ada Alder' where id = 2;
         update artist set name = 'Ben Birch', born = '1950-01-02' where id = 1",
    );
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    assert_same(&scene);
    fill(&scene.path("app.db"), "insert into artist values (4, 'Dee Dogwood', null)");
    fill(&scene.path("old.db"), "insert into artist values (5, 'Dee Dogwood', null)");
    let said = refused(&scene, &["--on-conflict", "overwrite"]);
    said.says("artist 5 (Dee Dogwood): it shares what must be unique with another row");
    import(&scene, &["--replace-all", "--yes"]).succeeds();
    assert_same(&scene);
}

#[test]
fn a_snapshot_and_a_full_export_are_states_of_the_database_too() {
    let scene = scene();
    scene.larder(["snapshot", "app.db"]).run().succeeds();
    for format in ["full.json", "full.ndjson", "full.csv.zip"] {
        scene.larder(["export", "--full", "app.db", "-o", format]).run().succeeds();
    }
    for old in ["latest", "full.json", "full.ndjson", "full.csv.zip"] {
        fill(
            &scene.path("app.db"),
            "update film set note = 'changed'  where id = 3; delete from remark where rowid = 2; delete from scene where id = 4",
        );
        let run = scene
            .larder(["import", old, "app.db", "--by", "id", "--on-conflict", "overwrite", "--json"])
            .run()
            .succeeds();
        let sections = done(&run.json());
        assert_eq!(sections["film"], json!({"same": 3, "overwritten": 1}), "{old}");
        assert_eq!(sections["remark"], json!({"new": 1, "same": 2}), "{old}");
        assert_same(&scene);
    }
    let piped = std::fs::read(scene.path("full.json")).expect("read");
    let run = scene.larder(["import", "-", "app.db", "--by", "id", "--json"]).run_with(&piped).succeeds();
    assert_eq!(done(&run.json())["film"], json!({"same": 4}));
}

#[test]
fn what_cannot_be_matched_by_id_is_said_to_be_so() {
    let scene = scene();
    scene.larder(["export", "app.db", "-o", "condensed.json"]).run().succeeds();
    let by_id = |file: &str, more: &[&str]| {
        scene.larder([&["import", file, "app.db", "--by", "id"], more].concat()).run()
    };
    by_id("condensed.json", &[]).fails(2).says("condensed.json is a condensed export").says("--full");
    by_id("old.db", &["--on-conflict", "rename"]).fails(2).says("--on-conflict rename: by id");
    by_id("old.db", &["--match", "film=title"]).fails(2);
    by_id("old.db", &["--section", "film"]).fails(2).says("--by means nothing for rows");
    scene.larder(["import", "old.db", "app.db", "--force"]).run().fails(2).says("--by");
    scene.larder(["import", "old.db", "app.db", "--by", "name"]).run().fails(2).says("invalid value");
    scene.larder(["import", "old.db", "none.db", "--by", "id"]).run().fails(1).says("there is no database");
}

#[test]
fn sections_whose_ids_were_given_independently_are_named_and_refused() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "update artist set name = 'Eve Elder', born = '1971-05-06' where id = 1; update artist set name = 'Flo Fir', born = null where id = 2;
         update artist set name = 'Gus Gorse', born = '1980-07-08' where id = 3",
    );
    let bytes = std::fs::read(scene.path("app.db")).expect("read");
    let said = scene
        .larder(["import", "old.db", "app.db", "--by", "id", "--on-conflict", "overwrite"])
        .run()
        .fails(4);
    said.says("row ids do not mean the same rows in app.db").says("artist: of 5 ids that both have, 2 agree");
    assert_eq!(std::fs::read(scene.path("app.db")).expect("read"), bytes);
    // What refers to them would refer to others.
    let films = ["--only", "film", "--on-conflict", "overwrite"];
    refused(&scene, &films);
    import(&scene, &["--only", "setting"]).succeeds();
    import(&scene, &["--on-conflict", "overwrite", "--force"]).succeeds();
    assert_same(&scene);
}

#[test]
fn a_part_is_that_of_a_section_with_its_children() {
    let scene = scene();
    std::fs::write(scene.path("larder.toml"), "[sections.movies]\ntable = \"film\"\nnest.scene = {}\n")
        .expect("write");
    fill(
        &scene.path("app.db"),
        "delete from scene; delete from remark; update film set note = 'x' where id = 1",
    );
    let overwritten =
        import(&scene, &["--only", "movies", "--on-conflict", "fail,movies=overwrite"]).succeeds();
    assert_eq!(
        done(&overwritten.json()),
        json!({"movies": {"same": 3, "overwritten": 1}, "scene": {"new": 7}})
    );
    let rest = import(&scene, &["--exclude", "movies"]).succeeds();
    assert_eq!(done(&rest.json())["remark"], json!({"new": 3}));
    assert!(rest.json()["sections"].get("scene").is_none());
    fill(&scene.path("app.db"), "update scene set text = 'y' where id = 1");
    import(&scene, &["--on-conflict", "movies=skip"]).succeeds();
    import(&scene, &["--on-conflict", "movies=skip,scene=overwrite"]).succeeds();
    assert_same(&scene);
}

#[test]
fn an_item_comes_back_with_what_belongs_to_it() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "delete from remark; update film set next_id = null; delete from film where id in (1, 3)",
    );
    let run = import(&scene, &["--item", "film=1", "--on-conflict", "overwrite"]).succeeds();
    let sections = done(&run.json());
    assert_eq!(sections["film"], json!({"new": 1, "same": 1}), "{run}");
    assert_eq!(sections["scene"], json!({"new": 2}), "{run}");
    assert_eq!(sections["film_artist"], json!({"new": 2}), "{run}");
    let found =
        rows(&scene.path("app.db"), "select id || ' ' || title || ' ' || ifnull(next_id, '') from film");
    assert_eq!(found, ["1 Dusk 2", "2 Dawn ", "4 Night "]);
    let narrowed = import(&scene, &["--where", "film=year = 1992", "--only", "film"]).succeeds();
    assert_eq!(done(&narrowed.json())["film"], json!({"new": 1}), "{narrowed}");
    fill(&scene.path("app.db"), "update scene set text = 'x' where id = 1");
    import(&scene, &["--exclude", "film.scene,remark", "--on-conflict", "overwrite"]).succeeds();
    assert_eq!(rows(&scene.path("app.db"), "select text from scene where id = 1"), ["x"]);
}

#[test]
fn rows_outside_of_the_settings_conditions_are_left_alone_with_their_children() {
    let scene = scene();
    std::fs::write(scene.path("larder.toml"), "[sections.film]\nwhere = \"year > 1990\"\nnest.scene = {}\n")
        .expect("write");
    fill(
        &scene.path("app.db"),
        "update film set note = 'own'; update scene set text = 'own' where id < 3; insert into scene values (8, 1, 'own', 3), (9, 2, 'own', 3)",
    );
    let run = import(&scene, &["--replace-all", "--yes"]).succeeds();
    assert_eq!(done(&run.json())["film"], json!({"overwritten": 3}));
    assert_eq!(
        rows(&scene.path("app.db"), "select note from film order by id"),
        ["own", "fine", "long", "short"]
    );
    let scenes = rows(&scene.path("app.db"), "select id || ' ' || text from scene order by id");
    assert_eq!(
        scenes,
        ["1 own", "2 own", "3 a garden", "4 a road", "5 a hill", "6 a shore", "7 a tower", "8 own"]
    );
}

#[test]
fn a_plan_a_report_and_answers_work_with_it() {
    let scene = scene();
    fill(
        &scene.path("app.db"),
        "update film set note = 'x' where id = 1; update remark set body = 'y' where rowid = 1",
    );
    scene
        .larder(["import", "old.db", "app.db", "--by", "id", "--on-conflict", "overwrite", "--plan", "plan"])
        .run()
        .succeeds();
    scene.larder(["import", "--plan", "plan", "--report", "report"]).run().succeeds();
    assert_same(&scene);
    let report = std::fs::read_to_string(scene.path("report")).expect("read");
    assert!(report.contains(r#""label":"1 (Dusk)","outcome":"overwritten""#), "{report}");
    fill(
        &scene.path("app.db"),
        "update film set note = 'x' where id = 1; update remark set body = 'y' where rowid = 1",
    );
    std::fs::write(
        scene.path("answers"),
        "{\"format\":\"larder-answers\",\"version\":1}\n{\"section\":\"film\",\"key\":1,\"answer\":\"overwrite\"}\n\
         {\"section\":\"remark\",\"key\":1,\"answer\":\"overwrite\"}\n",
    )
    .expect("write");
    import(&scene, &["--answers", "answers"]).succeeds();
    assert_same(&scene);
}

#[test]
fn doubtful_numbers_mean_the_same_where_the_rows_are_the_same() {
    let scene = Scene::new();
    // Whether `topic` holds ids of `item` nobody can prove.
    let schema = "create table item(id integer primary key, name text, note text);
        create table vote(id integer primary key, what text, item_ref integer);";
    let both =
        "insert into item select value, 'name ' || value, 'note ' || value from generate_series(1, 20);";
    let both = both.replace(
        "generate_series(1, 20)",
        "json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]')",
    );
    for name in ["old.db", "app.db"] {
        fill(&scene.path(name), schema);
        fill(&scene.path(name), &both);
    }
    fill(&scene.path("old.db"), "insert into vote values (1, 'a', 3), (2, 'b', 4), (3, 'c', 99)");
    fill(
        &scene.path("app.db"),
        "update item set note = 'edited' where id = 3; update item set name = 'other', note = 'thing' where id = 4",
    );
    let said = refused(&scene, &["--on-conflict", "skip"]);
    said.says("4 as a row id of item: the row that it means is another one here, and stays as it is");
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    assert_same(&scene);
}

#[test]
fn an_id_inside_of_json_and_a_text_that_is_made_of_ids_stay_as_they_are() {
    let scene = Scene::new();
    let schema = "create table driver(id integer primary key, name text unique);
        create table lineup(id text primary key, driver_id integer references driver(id), n int, plan text)";
    let all_rows = "insert into driver values (3, 'Ada'), (7, 'Ben'), (8, 'Cy');
        insert into lineup values ('3-1', 3, 1, '{ \"drivers\":[ {\"id\": 7},{\"id\":8} ] }'), ('7-2', 7, 2, '{\"drivers\": [{\"id\": 3}]}')";
    for name in ["old.db", "app.db"] {
        fill(&scene.path(name), schema);
    }
    fill(&scene.path("old.db"), all_rows);
    std::fs::write(
        scene.path("larder.toml"),
        "[sections.lineup]\nreferences.\"plan.drivers[*].id\" = \"driver\"\n",
    )
    .expect("write");
    let run = import(&scene, &[]).succeeds();
    assert_eq!(done(&run.json()), json!({"driver": {"new": 3}, "lineup": {"new": 2}}));
    assert_same(&scene);
}

#[test]
fn secrets_are_neither_read_nor_changed() {
    let scene = Scene::new();
    let schema = "create table account(id integer primary key, name text, password text, config text)";
    for (name, password) in [("old.db", "old-hash"), ("app.db", "new-hash")] {
        fill(&scene.path(name), schema);
        fill(
            &scene.path(name),
            &format!(
                "insert into account values (1, 'Ada', '{password}', '{{\"theme\":1,\"api_key\":\"sk_live_{password}-0123456789abcdef\"}}'), (2, 'Ben', 'x', null)"
            ),
        );
    }
    fill(&scene.path("app.db"), "update account set name = 'Ada A' where id = 1");
    let run = import(&scene, &["--on-conflict", "overwrite", "--dry-run"]).succeeds();
    assert!(!run.stdout().contains("-hash"), "{run}");
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    let found = rows(
        &scene.path("app.db"),
        "select name || ' ' || password || ' ' || config from account where id = 1",
    );
    assert_eq!(found, ["Ada new-hash {\"theme\":1,\"api_key\":\"sk_live_new-hash-0123456789abcdef\"}"]);
}

#[test]
fn tables_without_a_primary_key_and_with_rows_that_lack_theirs_are_known_by_their_rowids() {
    let scene = Scene::new();
    let schema = "create table a(x text, y text); create table b(k text primary key, v text); create table c(x text unique, y text)";
    for name in ["old.db", "app.db"] {
        fill(&scene.path(name), schema);
        fill(
            &scene.path(name),
            "insert into a(rowid, x, y) values (5, 'one', 'uno'), (-3, 'two', 'due'), (700, 'three', 'tre');
             insert into b(rowid, k, v) values (2, 'k', 'first'), (4, null, 'second'), (6, null, 'third');
             insert into c(rowid, x, y) values (1, 'one', 'uno'), (2, null, 'due')",
        );
    }
    fill(
        &scene.path("app.db"),
        "update a set y = 'changed' where rowid = -3; update b set v = 'changed' where rowid = 4; delete from a where rowid = 700;
         delete from c where rowid = 1; insert into c(rowid, x, y) values (9, 'one', 'nine')",
    );
    refused(&scene, &["--on-conflict", "overwrite"]).says("c 1: it shares what must be unique");
    import(&scene, &["--replace-all", "--yes"]).succeeds();
    assert_same(&scene);
}

/// Rows of words: the same seed gives the same rows.
fn words(seed: u32, rows: u32) -> String {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut sql = String::new();
    for id in 1..=rows {
        let (a, b) = (next(4000), next(4000));
        sql += &format!(
            "insert into list values ({id}, 'list {a}', '#{:06x}', {id}, {});
             insert into task values ({id}, {}, 'task {b} of {a}', {}, {}, {id}, '2026-0{}-1{}');",
            next(8) * 0x111,
            next(2),
            1 + next(u64::from(id)),
            ["'open'", "'done'", "null"][usize::try_from(next(3)).expect("small")],
            next(5),
            1 + next(9),
            next(10)
        );
    }
    sql
}

const TASKS: &str = "create table list(id integer primary key, name text, color text, position int, is_open boolean);
    create table task(id integer primary key, list_id integer references list(id) on delete cascade, title text, state text,
        priority int, position int, due text)";

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 2, failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_database_holds_it_comes_to_be_the_other_row_for_row(here in any_rows(), there in any_rows()) {
        let scene = Scene::new();
        std::fs::write(scene.path("larder.toml"), SETTINGS).expect("write");
        for (name, rows) in [("old.db", &here), ("app.db", &there)] {
            fill(&scene.path(name), ANY);
            fill(&scene.path(name), rows);
        }
        let run = import(&scene, &["--replace-all", "--yes", "--force"]).succeeds();
        prop_assert_eq!(all(&scene.path("app.db"), &["log"]), all(&scene.path("old.db"), &["log"]), "{}", run);
        let again = import(&scene, &["--replace-all", "--yes", "--force"]).succeeds();
        prop_assert!(again.json()["safety_snapshot"].is_null(), "{}", again);
    }

    #[test]
    fn states_of_one_database_are_matched_and_others_are_refused(
        seed in any::<u32>(), n in 3..30u32, edits in prop::collection::vec((1..30u32, 0..6u32), 0..6)
    ) {
        let scene = Scene::new();
        for (name, seed) in [("old.db", seed), ("app.db", seed), ("other.db", seed ^ 1)] {
            fill(&scene.path(name), TASKS);
            fill(&scene.path(name), &words(seed, n));
        }
        // A quarter of the rows at most.
        for (at, (id, what)) in edits.iter().take(n as usize / 4).enumerate() {
            fill(&scene.path(["app.db", "old.db"][at % 2]), &[
                format!("update task set title = 'edited {id}' where id = {id} % {n}"),
                format!("update list set name = 'edited {id}', color = null where id = {id} % {n}"),
                format!("delete from task where id = {id} % {n}"),
                format!("insert into task select max(id) + 1, 1, 'new', 'open', 1, {id}, null from task"),
                format!("update task set list_id = 1, position = 99 where id = {id} % {n}"),
                format!("update task set state = 'done', due = '2027-01-01', priority = 9 where id = {id} % {n}"),
            ][*what as usize]);
        }
        let run = import(&scene, &["--replace-all", "--yes"]).succeeds();
        prop_assert_eq!(all(&scene.path("app.db"), &[]), all(&scene.path("old.db"), &[]), "{}", run);
        scene.larder(["import", "other.db", "app.db", "--by", "id", "--on-conflict", "overwrite"]).run().fails(4)
            .says("row ids do not mean the same rows");
    }
}
