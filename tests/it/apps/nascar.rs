//! NASCAR: settings, presets, and lineups whose drivers are numbers inside JSON.

use super::{App, text};
use crate::scene::Scene;
use serde_json::{Value, json};

const SCHEMA: &str = r"
    create table drivers(id integer primary key autoincrement, name text not null, driver_id text unique, team text,
        salary integer default 8000, avg_finish real default 20.0);
    create table races(id integer primary key autoincrement, name text not null, track text not null,
        date text not null,
        laps integer, status text default 'scheduled', created_at timestamp default current_timestamp);
    create table race_results(id integer primary key autoincrement, race_id integer not null,
        driver_id integer not null,
        finish_position integer, rating real,
        foreign key(race_id) references races(id) on delete cascade,
        foreign key(driver_id) references drivers(id) on delete cascade);
    create table lineups(id integer primary key autoincrement, race_id integer not null, lineup_data text not null,
        created_at timestamp default current_timestamp, foreign key(race_id) references races(id) on delete cascade);
    create table optimization_configs(id integer primary key autoincrement, name text not null unique,
        config_data text not null, created_at timestamp default current_timestamp);
    create table app_state(key text primary key, value text not null, updated_at timestamp default current_timestamp);
    create table jobs(id text primary key, name text not null,
        status text not null check (status in ('queued', 'running', 'completed', 'failed')),
        config_json text not null,
        result_json text, created_at timestamp default current_timestamp,
        progress_percent integer default 0 check (progress_percent between 0 and 100));
    create index jobs_by_status on jobs(status);
    create table constraint_presets(id integer primary key autoincrement, name text not null unique, description text,
        is_global boolean default 0, config_json text not null, created_at timestamp default current_timestamp,
        updated_at timestamp default current_timestamp, usage_count integer default 0);
    create table recent_presets(id integer primary key autoincrement,
        preset_id integer references constraint_presets(id) on delete cascade,
        applied_at timestamp default current_timestamp);
    create index recent_first on recent_presets(applied_at desc);";

const ROWS: &str = r#"
    insert into drivers values (777001, 'Ann Axle', 'AX1', 'Oval', 9000, 12.5), (777002, 'Bo Brake', 'BB2',
        null, 7000, 30.0),
        (777003, 'Cy Clutch', 'CC3', 'Oval', 8000, 20.0);
    insert into races values (777011, 'Spring 100', 'Short', '2026-03-01', 100, 'done', '2026-02-01 00:00:00'),
        (777012, 'Spring 100', 'Long', '2026-03-01', null, 'scheduled', '2026-02-02 00:00:00');
    insert into race_results values (777021, 777011, 777002, 1, 99.5), (777022, 777011, 777001, 2, null);
    insert into lineups values (777031, 777011,
        '{"drivers": [777003, 777001], "salary": 17000, "note": "first"}', '2026-02-03 00:00:00'),
        (777032, 777011, '{"drivers": [777002], "salary": 7000, "note": "second"}', '2026-02-04 00:00:00'),
        (777033, 777012, '{"drivers": [], "salary": 0, "note": "empty"}', '2026-02-05 00:00:00');
    insert into optimization_configs values (777041, 'Safe', '{"risk": 0.10, "max": 5}', '2026-01-01 00:00:00');
    insert into app_state values ('theme', '"dark"', '2026-01-02 00:00:00'), ('window', x'00ff10',
        '2026-01-03 00:00:00');
    insert into jobs values ('job-1', 'Run', 'completed', '{"n": 2}', '{"best": 1}',
        '2026-02-06 00:00:00', 100);
    insert into constraint_presets values
        (777051, 'Stack', 'two of a team', 1, '{"teams": {"min": 2}}', '2026-01-04 00:00:00',
        '2026-01-05 00:00:00', 3),
        (777052, 'Alone', null, 0, '[]', '2026-01-06 00:00:00', '2026-01-07 00:00:00', 0);
    insert into recent_presets values (777061, 777051, '2026-02-07 00:00:00'), (777062, 777051,
        '2026-02-08 00:00:00')"#;

const OTHERS: &str = r#"
    insert into drivers values (777001, 'Theirs', 'TT9', null, 1, 1.0);
    insert into races values (777011, 'Theirs', 'Theirs', '2020-01-01', 1, 'done', '2020-01-01 00:00:00');
    insert into race_results values (777021, 777011, 777001, 1, 1.0);
    insert into lineups values (777031, 777011, '{"drivers": [777001], "salary": 1, "note": "theirs"}',
        '2020-01-01 00:00:00');
    insert into optimization_configs values (777041, 'Theirs', '{}', '2020-01-01 00:00:00');
    insert into constraint_presets values (777051, 'Theirs', null, 0, '{}', '2020-01-01 00:00:00',
        '2020-01-01 00:00:00', 0);
    insert into recent_presets values (777061, 777051, '2020-01-01 00:00:00')"#;

pub(super) const NASCAR: App = App {
    name: "nascar",
    schema: SCHEMA,
    rows: ROWS,
    others: OTHERS,
    without_others: "delete from recent_presets where applied_at like '2020%'; delete from race_results where rating = 1.0;
        delete from lineups where created_at like '2020%'; delete from races where name = 'Theirs';
        delete from drivers where name = 'Theirs'; delete from optimization_configs where name = 'Theirs';
        delete from constraint_presets where name = 'Theirs'",
};

fn sections(data: &Value) -> Vec<&str> {
    data.as_object().expect("sections").keys().map(String::as_str).collect()
}

fn drivers(scene: &Scene, database: &str, note: &str) -> String {
    let sql = format!(
        "select group_concat(d.driver_id, ',' order by j.key) from lineups l, json_each(l.lineup_data, '$.drivers') j
            join drivers d on d.id = j.value
            where l.lineup_data ->> 'note' = '{note}'"
    );
    text(scene, database, &sql)
}

#[test]
fn everything_travels_and_lineups_keep_their_race_and_drivers() {
    let (scene, data, said) = NASCAR.travels(&[], &[], &[]);
    let race = |track: &str| json!({"name": "Spring 100", "track": track, "date": "2026-03-01"});
    assert_eq!(
        data["drivers"][0],
        json!({"name": "Ann Axle", "driver_id": "AX1", "team": "Oval", "salary": 9000, "avg_finish": 12.5})
    );
    assert_eq!(
        data["race_results"],
        json!([
            {"race": race("Short"), "driver_id": "AX1", "finish_position": 2, "rating": null},
            {"race": race("Short"), "driver_id": "BB2", "finish_position": 1, "rating": 99.5},
        ])
    );
    let lineup = |track, drivers: &[&str], salary: i32, note, created| {
        let data = json!({"drivers": drivers, "salary": salary, "note": note});
        json!({"race": race(track), "lineup_data": data, "created_at": created})
    };
    assert_eq!(
        data["lineups"],
        json!([
            lineup("Long", &[], 0, "empty", "2026-02-05 00:00:00"),
            lineup("Short", &["BB2"], 7000, "second", "2026-02-04 00:00:00"),
            lineup("Short", &["CC3", "AX1"], 17000, "first", "2026-02-03 00:00:00"),
        ])
    );
    assert_eq!(said["needs_refetch"], json!({}));
    // Inside the JSON are the numbers that the drivers have there, in the spelling that the application uses.
    assert_eq!(drivers(&scene, "there.db", "first"), "CC3,AX1");
    let number = |driver: &str| {
        text(
            &scene,
            "there.db",
            &format!("select cast(id as text) from drivers where driver_id = '{driver}'"),
        )
    };
    assert_eq!(
        text(&scene, "there.db", "select lineup_data from lineups where lineup_data like '%first%'"),
        format!(
            "{{\"drivers\": [{}, {}], \"salary\": 17000, \"note\": \"first\"}}",
            number("CC3"),
            number("AX1")
        )
    );
    assert_ne!(
        number("CC3"),
        text(&scene, "here.db", "select cast(id as text) from drivers where driver_id = 'CC3'")
    );
}

#[test]
fn settings_travel_alone_and_binary_ones_to_the_byte() {
    let (scene, data, _) = NASCAR.travels(&["--only", "settings"], &[], &["--only", "settings"]);
    assert_eq!(
        data,
        json!({
            "optimization_configs": [{"name": "Safe", "config_data": {"$json": "{\"risk\": 0.10, \"max\": 5}"},
                "created_at": "2026-01-01 00:00:00"}],
            "app_state": [
                {"key": "theme", "value": "dark", "updated_at": "2026-01-02 00:00:00"},
                {"key": "window", "value": {"$blob": "AP8Q"}, "updated_at": "2026-01-03 00:00:00"},
            ],
        })
    );
    let kept = "select group_concat(typeof(value) || hex(value), ' ' order by key) from app_state";
    assert_eq!(text(&scene, "there.db", kept), text(&scene, "here.db", kept));
    let config = "select config_data from optimization_configs";
    assert_eq!(text(&scene, "there.db", config), "{\"risk\": 0.10, \"max\": 5}");
}

#[test]
fn presets_travel_with_when_they_were_used() {
    let (_, data, _) = NASCAR.travels(&["--only", "presets"], &[], &["--only", "presets"]);
    assert_eq!(
        data,
        json!({"constraint_presets": [
            {"name": "Alone", "description": null, "is_global": false, "config_json": [], "created_at": "2026-01-06 00:00:00",
                "updated_at": "2026-01-07 00:00:00", "usage_count": 0, "recent_presets": []},
            {"name": "Stack", "description": "two of a team", "is_global": true, "config_json": {"teams": {"min": 2}},
                "created_at": "2026-01-04 00:00:00", "updated_at": "2026-01-05 00:00:00", "usage_count": 3,
                "recent_presets": [{"applied_at": "2026-02-07 00:00:00"}, {"applied_at": "2026-02-08 00:00:00"}]},
        ]})
    );
}

#[test]
fn jobs_are_exported_only_when_they_are_named() {
    let scene = NASCAR.install();
    let all = NASCAR.export(&scene, "here.db", &[]);
    assert_eq!(
        sections(&all["data"]),
        [
            "drivers",
            "races",
            "race_results",
            "lineups",
            "optimization_configs",
            "app_state",
            "constraint_presets"
        ]
    );
    let (_, data, said) = NASCAR.travels(&["--only", "jobs"], &[], &["--only", "jobs"]);
    assert_eq!(
        data,
        json!({"jobs": [{"id": "job-1", "name": "Run", "status": "completed", "config_json": {"n": 2},
            "result_json": {"best": 1}, "created_at": "2026-02-06 00:00:00", "progress_percent": 100}]})
    );
    assert_eq!(said["needs_refetch"], json!({}));
}

#[test]
fn a_lineup_of_the_same_number_is_another_lineup() {
    let scene = NASCAR.install();
    NASCAR.export(&scene, "here.db", &["--only", "lineups,drivers,races"]);
    scene.larder(["import", "doc.json", "there.db", "--on-conflict", "overwrite"]).run().succeeds();
    assert_eq!(text(&scene, "there.db", "select cast(count(*) as text) from lineups"), "4");
    assert_eq!(drivers(&scene, "there.db", "theirs"), "TT9");
}
