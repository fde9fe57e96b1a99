//! Astrology: clients and charts known by uuid, JSON kept to the byte, triggers that note when a row was changed.

use super::{App, assert_sound, text};
use crate::condensed::done;
use crate::fixtures::fill;
use serde_json::json;

const SCHEMA: &str = r"
    create table app_config(id integer primary key check (id = 1), password_hash text,
        app_version text not null default '1.0.0',
        created_at text not null default (datetime('now')), updated_at text not null default (datetime('now')));
    create trigger app_config_updated_at after update on app_config for each row
        begin update app_config set updated_at = datetime('now') where id = 1; end;
    create table user_preferences(id integer primary key check (id = 1),
        default_zodiac text not null default 'tropical',
        aspect_orbs text, displayed_points text, updated_at text not null default (datetime('now')));
    create trigger user_preferences_updated_at after update on user_preferences for each row
        begin update user_preferences set updated_at = datetime('now') where id = 1; end;
    create table clients(id text primary key, first_name text, last_name text, email text, phone text, notes text,
        created_at text not null default (datetime('now')), updated_at text not null default (datetime('now')));
    create trigger clients_updated_at after update on clients for each row
        begin update clients set updated_at = datetime('now') where id = old.id; end;
    create table birth_data(id text primary key, client_id text not null, birth_date text not null,
        latitude real not null,
        city text, state_province text, updated_at text not null default (datetime('now')),
        foreign key(client_id) references clients(id) on delete cascade);
    create table charts(id text primary key, client_id text, birth_data_id text not null, chart_name text,
        calculation_params text, chart_data text not null, updated_at text not null default (datetime('now')),
        foreign key(client_id) references clients(id) on delete cascade,
        foreign key(birth_data_id) references birth_data(id) on delete cascade);
    create trigger charts_updated_at after update on charts for each row
        begin update charts set updated_at = datetime('now') where id = old.id; end;
    create table chart_interpretations(id text primary key, chart_id text not null, element_key text not null,
        ai_description text not null, version integer not null default 1,
        updated_at text not null default (datetime('now')),
        foreign key(chart_id) references charts(id) on delete cascade);
    create trigger chart_interpretations_updated_at after update on chart_interpretations for each row
        begin update chart_interpretations set updated_at = datetime('now') where id = old.id; end;
    create table aspect_patterns(id text primary key, chart_id text not null, pattern_type text not null,
        planets_involved text not null, foreign key(chart_id) references charts(id) on delete cascade);
    create table transit_events(id text primary key, chart_id text not null, event_date text not null, orb real,
        foreign key(chart_id) references charts(id) on delete cascade);
    create table session_notes(id text primary key, client_id text not null, note_date text not null,
        note_content text,
        updated_at text not null default (datetime('now')),
        foreign key(client_id) references clients(id) on delete cascade);
    create trigger session_notes_updated_at after update on session_notes for each row
        begin update session_notes set updated_at = datetime('now') where id = old.id; end;
    create table interpretations(id text primary key, key_identifier text not null, text_content text not null,
        is_user_custom integer not null default 0, updated_at text not null default (datetime('now')));
    create table location_cache(id text primary key, city_name text not null, geonames_id integer unique);
    create view client_summary as select c.id, c.last_name, count(ch.id) as charts
        from clients c left join charts ch on ch.client_id = c.id group by c.id;";

const ROWS: &str = r#"
    insert into app_config values (1, 'hidden', '1.2.0', '2026-01-01 00:00:00', '2026-01-02 00:00:00');
    insert into user_preferences values (1, 'sidereal', '{"trine":8,  "square": 7.50}', '["sun", "moon"]',
        '2026-01-03 00:00:00');
    insert into clients values
        ('a0000000-0000-4000-8000-000000000001', 'Ada', 'Alder', 'ada@example.org', null, 'line
two', '2026-01-04 00:00:00', '2026-01-05 00:00:00'),
        ('a0000000-0000-4000-8000-000000000002', 'Bo', null, null, null, null, '2026-01-06 00:00:00',
        '2026-01-07 00:00:00');
    insert into session_notes values
        ('b0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', '2026-02-01', 'asked',
        '2026-02-01 00:00:00'),
        ('b0000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000001', '2026-02-02', null,
        '2026-02-02 00:00:00');
    insert into birth_data values
        ('c0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', '1990-05-05', 48.0,
        'Ulm', 'BW', '2026-01-08 00:00:00');
    insert into charts values
        ('d0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
        'c0000000-0000-4000-8000-000000000001',
         'Natal', null, '{"planets":{"sun":{"longitude":1.50e1,"sign":4}},"id":1.0}', '2026-01-09 00:00:00'),
        ('d0000000-0000-4000-8000-000000000002', null, 'c0000000-0000-4000-8000-000000000001',
         null, '{"orbs": []}', '{"$blob":"no blob","z":[{}]}', '2026-01-10 00:00:00'),
        ('d0000000-0000-4000-8000-000000000003', null, 'c0000000-0000-4000-8000-000000000001',
        null, null, '{"$blob":"no blob"}', '2026-01-10 00:00:00');
    insert into chart_interpretations values
        ('e0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'sun', 'bright', 2,
        '2026-01-11 00:00:00');
    insert into aspect_patterns values
        ('f0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 'yod', '["sun","moon"]');
    insert into transit_events values
        ('90000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', '2026-03-03', 0.5);
    insert into interpretations values
        ('80000000-0000-4000-8000-000000000001', 'sun_in_aries', 'mine', 1, '2026-01-12 00:00:00'),
        ('80000000-0000-4000-8000-000000000002', 'sun_in_leo', 'of the program', 0, '2026-01-12 00:00:00');
    insert into location_cache values ('70000000-0000-4000-8000-000000000001', 'fetched', 5)"#;

const OTHERS: &str = r"
    insert into clients values ('a0000000-0000-4000-8000-0000000000ff', 'Their', 'Client', null, null, null,
        '2020', '2020');
    insert into birth_data values ('c0000000-0000-4000-8000-0000000000ff',
        'a0000000-0000-4000-8000-0000000000ff', '2000-01-01', 1.0, null, null, '2020');
    insert into location_cache values ('70000000-0000-4000-8000-0000000000ff', 'theirs', 5)";

pub(super) const ASTROLOGY: App = App {
    name: "astrology",
    schema: SCHEMA,
    rows: ROWS,
    others: OTHERS,
    without_others: "delete from birth_data where updated_at = '2020'; delete from clients where last_name = 'Client'",
};

#[test]
fn clients_and_charts_travel_with_what_belongs_to_them() {
    let (scene, data, _) = ASTROLOGY.travels(&[], &[], &[]);
    let id = |letter: char, number: u8| format!("{letter}0000000-0000-4000-8000-00000000000{number}");
    assert_eq!(
        data["clients"],
        json!([
            {"id": id('a', 1), "first_name": "Ada", "last_name": "Alder", "email": "ada@example.org",
                "notes": "line\ntwo", "created_at": "2026-01-04 00:00:00", "updated_at": "2026-01-05 00:00:00",
                "session_notes": [
                    {"id": id('b', 1), "note_date": "2026-02-01", "note_content": "asked", "updated_at": "2026-02-01 00:00:00"},
                    {"id": id('b', 2), "note_date": "2026-02-02", "note_content": null, "updated_at": "2026-02-02 00:00:00"},
                ]},
            {"id": id('a', 2), "first_name": "Bo", "last_name": null, "email": null, "notes": null,
                "created_at": "2026-01-06 00:00:00", "updated_at": "2026-01-07 00:00:00", "session_notes": []},
        ])
    );
    assert_eq!(
        data["charts"],
        json!([
            {"id": id('d', 1), "client_id": id('a', 1), "birth_data_id": id('c', 1), "chart_name": "Natal",
                "calculation_params": null,
                // 1.50e1 would not come back as it was.
                "chart_data": {"$json": "{\"planets\":{\"sun\":{\"longitude\":1.50e1,\"sign\":4}},\"id\":1.0}"},
                "updated_at": "2026-01-09 00:00:00",
                "chart_interpretations": [{"id": id('e', 1), "element_key": "sun", "ai_description": "bright", "version": 2,
                    "updated_at": "2026-01-11 00:00:00"}],
                "aspect_patterns": [{"id": id('f', 1), "pattern_type": "yod", "planets_involved": ["sun", "moon"]}],
                "transit_events": [{"id": id('9', 1), "event_date": "2026-03-03", "orb": 0.5}]},
            {"id": id('d', 2), "client_id": null, "birth_data_id": id('c', 1), "chart_name": null,
                "calculation_params": {"orbs": []}, "chart_data": {"$blob": "no blob", "z": [{}]},
                "updated_at": "2026-01-10 00:00:00", "chart_interpretations": [], "aspect_patterns": [], "transit_events": []},
            // It looks like one of larder's own.
            {"id": id('d', 3), "client_id": null, "birth_data_id": id('c', 1), "chart_name": null,
                "calculation_params": null, "chart_data": {"$$blob": "no blob"}, "updated_at": "2026-01-10 00:00:00",
                "chart_interpretations": [], "aspect_patterns": [], "transit_events": []},
        ])
    );
    // What the program brings along and what it looks up stays.
    assert_eq!(data["interpretations"].as_array().map(Vec::len), Some(1));
    assert_eq!(data.get("location_cache"), None);
    for json in [
        "select group_concat(ifnull(calculation_params, '-') || chart_data, '+' order by id) from charts",
        "select aspect_orbs || displayed_points from user_preferences",
        "select planets_involved from aspect_patterns",
    ] {
        assert_eq!(text(&scene, "there.db", json), text(&scene, "here.db", json));
    }
}

#[test]
fn a_password_s_hash_neither_leaves_nor_is_touched() {
    let scene = ASTROLOGY.install();
    let document = ASTROLOGY.export(&scene, "here.db", &["--only", "settings"]);
    assert_eq!(
        document["data"],
        json!({
            "app_config": [{"app_version": "1.2.0", "created_at": "2026-01-01 00:00:00", "updated_at": "2026-01-02 00:00:00"}],
            "user_preferences": [{"default_zodiac": "sidereal",
                "aspect_orbs": {"$json": "{\"trine\":8,  \"square\": 7.50}"}, "displayed_points": ["sun", "moon"],
                "updated_at": "2026-01-03 00:00:00"}],
        })
    );
    fill(&scene.path("there.db"), "insert into app_config(password_hash) values ('of there')");
    let import = |more: &[&str]| scene.larder([&["import", "doc.json", "there.db"], more].concat()).run();
    import(&[]).fails(4).says("data.app_config[0]: it is there already, and differs");
    let said = import(&["--on-conflict", "overwrite", "--json"]).succeeds().json();
    assert_eq!(done(&said), json!({"app_config": {"overwritten": 1}, "user_preferences": {"new": 1}}));
    let config = "select id || password_hash || app_version || updated_at from app_config";
    assert_eq!(text(&scene, "there.db", config), "1of there1.2.02026-01-02 00:00:00");
}

#[test]
fn triggers_do_not_change_what_an_overwrite_brings() {
    let scene = ASTROLOGY.install();
    let first = ASTROLOGY.export(&scene, "here.db", &[]);
    fill(
        &scene.path("here.db"),
        "update clients set notes = 'changed'; delete from session_notes where note_content is null;
         insert into session_notes(id, client_id, note_date)
            select 'one more', id, '2026-09-09' from clients where last_name is null;
         update charts set chart_name = 'changed'; update chart_interpretations set version = 9;
         update app_config set password_hash = 'newer', app_version = '0';
         update user_preferences set aspect_orbs = null",
    );
    let touched = "select cast(count(*) as text) from clients where updated_at > '2026-02-01'";
    assert_eq!(text(&scene, "here.db", touched), "2");
    let said = scene.larder(["import", "doc.json", "here.db", "--on-conflict", "overwrite", "--json"]).run();
    assert_eq!(
        done(&said.succeeds().json()),
        json!({"app_config": {"overwritten": 1}, "user_preferences": {"overwritten": 1}, "clients": {"overwritten": 2},
            "birth_data": {"same": 1}, "charts": {"overwritten": 3}, "interpretations": {"same": 1}})
    );
    assert_eq!(ASTROLOGY.export(&scene, "here.db", &[])["data"], first["data"]);
    assert_eq!(text(&scene, "here.db", "select password_hash from app_config"), "newer");
    assert_sound(&scene, "here.db");
}
