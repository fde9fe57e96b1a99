//! tvarr: what users made beside what the program brings along, known by name.

use super::{App, assert_sound, text};
use crate::condensed::done;
use crate::fixtures::fill;
use serde_json::{Value, json};

const SCHEMA: &str = r"
    create table schema_migrations(id integer primary key autoincrement, version text not null,
        applied_at datetime not null);
    create unique index one_version on schema_migrations(version);
    create table stream_sources(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null,
        url text not null, username text, password text, enabled numeric default true, primary key(id));
    create unique index stream_sources_name on stream_sources(name);
    create table epg_sources(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null,
        url text not null, username text, password text, primary key(id));
    create unique index epg_sources_name on epg_sources(name);
    create table channels(id varchar(26), deleted_at datetime, source_id varchar(26) not null,
        channel_name text not null,
        primary key(id), foreign key(source_id) references stream_sources(id) on delete cascade);
    create table epg_programs(id varchar(26), deleted_at datetime, source_id varchar(26) not null,
        title text not null,
        primary key(id), foreign key(source_id) references epg_sources(id));
    create table manual_stream_channels(id varchar(26), deleted_at datetime, source_id varchar(26) not null,
        channel_name text not null, primary key(id));
    create table filters(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null,
        source_type text not null, action text not null default 'include', expression text not null,
        is_system numeric default false, source_id varchar(26), primary key(id));
    create index filters_source on filters(source_id);
    create table data_mapping_rules(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null, expression text not null, priority integer default 0, is_system numeric default false,
        source_id varchar(26), primary key(id));
    create table encoding_profiles(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null, target_video_codec text default 'h264', is_system numeric default false, primary key(id));
    create unique index encoding_profiles_name on encoding_profiles(name);
    create table client_detection_rules(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null, expression text not null, priority integer default 0, is_system numeric default false,
        accepted_video_codecs text, accepted_audio_codecs text, encoding_profile_id varchar(26), primary key(id),
        foreign key(encoding_profile_id) references encoding_profiles(id));
    create table stream_proxies(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        name text not null, encoding_profile_id varchar(26), primary key(id));
    create unique index stream_proxies_name on stream_proxies(name);
    create table proxy_sources(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        proxy_id varchar(26) not null, source_id varchar(26) not null, priority integer default 0, primary key(id),
        foreign key(proxy_id) references stream_proxies(id) on delete cascade,
        foreign key(source_id) references stream_sources(id));
    create unique index proxy_source on proxy_sources(proxy_id, source_id);
    create table proxy_filters(id varchar(26), created_at datetime, updated_at datetime, deleted_at datetime,
        proxy_id varchar(26) not null, filter_id varchar(26) not null, priority integer default 0, primary key(id),
        foreign key(proxy_id) references stream_proxies(id) on delete cascade,
        foreign key(filter_id) references filters(id));
    create unique index proxy_filter on proxy_filters(proxy_id, filter_id);
    create table jobs(id varchar(26), type text not null, target_id varchar(26), primary key(id));
    create table job_history(id varchar(26), job_id varchar(26) not null, primary key(id));
    create table last_known_codecs(id varchar(26), stream_url text not null, primary key(id));
    create table encoder_overrides(id varchar(26), deleted_at datetime, name text not null,
        is_system numeric default false,
        primary key(id));
    create table ffmpegd_config(key text, value text not null, primary key(key));
    create table backup_settings(id integer primary key autoincrement, enabled numeric default null, cron text);";

const ROWS: &str = r#"
    insert into schema_migrations values (1, '001', '2026-01-01');
    insert into stream_sources values
        ('01HSRC00000000000000000001', '2026-01-01', '2026-01-01', null, 'Aerial', 'http://tv.example', 'me',
        'hidden', 1),
        ('01HSRC00000000000000000008', '2026-01-01', '2026-01-01', '2026-02-02', 'Gone', 'http://gone.example',
        null, null, 1);
    insert into epg_sources values ('01HEPG00000000000000000001', '2026-01-01', '2026-01-01', null, 'Guide',
        'http://g.example', null, 'hidden');
    insert into channels values ('01HCHA00000000000000000001', null, '01HSRC00000000000000000001', 'fetched');
    insert into epg_programs values ('01HPRG00000000000000000001', null, '01HEPG00000000000000000001', 'fetched');
    insert into filters values
        ('01HFLT00000000000000000001', '2026-01-01', '2026-01-01', null, 'No shops', 'stream', 'exclude',
        'name contains "shop"', 0, null),
        ('01HFLT00000000000000000002', '2026-01-01', '2026-01-01', null, 'Mine', 'stream', 'include', 'all', 0,
        '01HSRC00000000000000000001'),
        ('01HFLT00000000000000000003', '2026-01-01', '2026-01-01', null, 'Of the program', 'epg', 'include',
        'all', 1, null),
        ('01HFLT00000000000000000004', '2026-01-01', '2026-01-01', '2026-02-02', 'Thrown away', 'epg',
        'include', 'all', 0, null);
    insert into data_mapping_rules values
        ('01HMAP00000000000000000001', '2026-01-01', '2026-01-01', null, 'Rename', 'set name', 5, 0, null),
        ('01HMAP00000000000000000002', '2026-01-01', '2026-01-01', null, 'Of the program', 'set', 6, 1, null);
    insert into encoding_profiles values
        ('01HPRF00000000000000000001', '2026-01-01', '2026-01-01', null, 'Small', 'h265', 0),
        ('01HPRF00000000000000000002', '2026-01-01', '2026-01-01', null, 'Of the program', 'h264', 1);
    insert into client_detection_rules values
        ('01HCLI00000000000000000001', '2026-01-01', '2026-01-01', null, 'Old box', 'agent', 1, 0,
        '["h264", "h265"]', '[]', '01HPRF00000000000000000001'),
        ('01HCLI00000000000000000002', '2026-01-01', '2026-01-01', null, 'Tablet', 'agent', 2, 0, null,
        '["aac"]', '01HPRF00000000000000000002'),
        ('01HCLI00000000000000000003', '2026-01-01', '2026-01-01', null, 'Of the program', 'x', 3, 1, null,
        null, null);
    insert into stream_proxies values ('01HPRX00000000000000000001', '2026-01-01', '2026-01-01', null,
        'Living room', '01HPRF00000000000000000001');
    insert into proxy_sources values ('01HPXS00000000000000000001', '2026-01-01', '2026-01-01', null,
        '01HPRX00000000000000000001', '01HSRC00000000000000000001', 1);
    insert into proxy_filters values ('01HPXF00000000000000000001', '2026-01-01', '2026-01-01', null,
        '01HPRX00000000000000000001', '01HFLT00000000000000000001', 1);
    insert into jobs values ('01HJOB00000000000000000001', 'ingest', '01HSRC00000000000000000001');
    insert into backup_settings values (1, 1, '@daily')"#;

/// Another installation, in which the program's own rows have ids of their own.
const OTHERS: &str = r"
    insert into schema_migrations values (1, '001', '2026-01-01');
    insert into encoding_profiles values
        ('01HPRF0000000000000000THEM', '2025-01-01', '2025-01-01', null, 'Of the program', 'h264', 1);
    insert into filters values
        ('01HFLT0000000000000000THEM', '2025-01-01', '2025-01-01', null, 'Of the program', 'epg', 'include', 'all', 1, null);
    insert into data_mapping_rules values
        ('01HMAP0000000000000000THEM', '2025-01-01', '2025-01-01', null, 'Theirs', 'set', 1, 0, null)";

pub(super) const TVARR: App = App {
    name: "tvarr",
    schema: SCHEMA,
    rows: ROWS,
    others: OTHERS,
    without_others: "delete from data_mapping_rules where name = 'Theirs'",
};

/// What users share, with the sources that it needs.
const NAMED: &[&str] = &[
    "--only",
    "stream_sources,epg_sources,filters,encoding_profiles,client_detection_rules,data_mapping_rules,stream_proxies",
];

#[test]
fn an_export_holds_what_users_made_and_knows_it_by_name() {
    let scene = TVARR.install();
    let document = TVARR.export(&scene, "here.db", &[]);
    assert_eq!(
        document["data"],
        json!({
            "filters": [
                {"id": "01HFLT00000000000000000002", "name": "Mine", "source_type": "stream",
                    "action": "include", "expression": "all", "is_system": 0, "source_name": "Aerial"},
                {"id": "01HFLT00000000000000000001", "name": "No shops", "source_type": "stream",
                    "action": "exclude", "expression": "name contains \"shop\"", "is_system": 0, "source_name": null},
            ],
            "data_mapping_rules": [{"id": "01HMAP00000000000000000001", "name": "Rename",
                "expression": "set name", "priority": 5, "is_system": 0}],
            "encoding_profiles": [{"id": "01HPRF00000000000000000001", "name": "Small",
                "target_video_codec": "h265", "is_system": 0}],
            "client_detection_rules": [
                {"id": "01HCLI00000000000000000001", "name": "Old box", "expression": "agent",
                    "priority": 1, "is_system": 0, "accepted_video_codecs": ["h264", "h265"], "accepted_audio_codecs": [],
                    "encoding_profile_name": "Small"},
                {"id": "01HCLI00000000000000000002", "name": "Tablet", "expression": "agent",
                    "priority": 2, "is_system": 0, "accepted_video_codecs": null, "accepted_audio_codecs": ["aac"],
                    "encoding_profile_name": "Of the program"},
            ],
        })
    );
    assert_eq!(document["metadata"]["sections"]["filters"]["key"], json!(["name"]));
}

#[test]
fn it_comes_into_another_installation_with_sources_and_proxies() {
    let (scene, data, _) = TVARR.travels(NAMED, &[], NAMED);
    assert_eq!(
        data["stream_sources"],
        json!([{"id": "01HSRC00000000000000000001", "created_at": "2026-01-01", "updated_at": "2026-01-01",
            "name": "Aerial", "url": "http://tv.example", "username": "me", "enabled": 1}])
    );
    let proxy = &data["stream_proxies"][0];
    assert_eq!(proxy["encoding_profile_name"], "Small");
    assert_eq!(proxy["proxy_sources"][0]["source_name"], "Aerial");
    assert_eq!(proxy["proxy_filters"][0]["filter_name"], "No shops");
    // What the program brought along there is what a rule refers to by its name.
    let profile = "select encoding_profile_id from client_detection_rules where name = 'Tablet'";
    assert_eq!(text(&scene, "there.db", profile), "01HPRF0000000000000000THEM");
    let codecs =
        "select group_concat(ifnull(accepted_video_codecs, '-') || accepted_audio_codecs, ',' order by name)
        from client_detection_rules where not is_system";
    assert_eq!(text(&scene, "there.db", codecs), "[\"h264\", \"h265\"][],-[\"aac\"]");
}

#[test]
fn a_reference_to_what_is_not_there_fails_or_becomes_null() {
    let scene = TVARR.install();
    TVARR.export(&scene, "here.db", &[]);
    let import = |more: &[&str]| scene.larder([&["import", "doc.json", "there.db"], more].concat()).run();
    import(&[]).fails(3).says("data.filters[0].source_name: it leads nowhere: stream_sources \"Aerial\"");
    let null = ["--missing-reference", "null", "--json"];
    assert_eq!(done(&import(&null).succeeds().json())["filters"], json!({"new": 2}));
    let source = "select ifnull(source_id, 'none') from filters where name = 'Mine'";
    assert_eq!(text(&scene, "there.db", source), "none");
    assert_eq!(done(&import(&null).succeeds().json())["filters"], json!({"same": 2}));
    assert_sound(&scene, "there.db");
}

#[test]
fn what_has_the_name_keeps_its_id() {
    let scene = TVARR.install();
    TVARR.export(&scene, "here.db", &["--only", "filters,stream_proxies,stream_sources,encoding_profiles"]);
    fill(
        &scene.path("there.db"),
        "insert into filters(id, name, source_type, expression) values
            ('01HFLT00000000000000000MINE', 'No shops', 'epg', 'old')",
    );
    let import = |more: &[&str]| scene.larder([&["import", "doc.json", "there.db"], more].concat()).run();
    import(&[]).fails(4).says("data.filters[1]: it is there already, and differs");
    let said = import(&["--on-conflict", "overwrite", "--json"]).succeeds().json();
    assert_eq!(done(&said)["filters"], json!({"new": 1, "overwritten": 1}));
    let filter = "select id || ' ' || source_type || ' ' || expression from filters where name = 'No shops'";
    assert_eq!(text(&scene, "there.db", filter), "01HFLT00000000000000000MINE stream name contains \"shop\"");
    // What refers to it by name refers to that id.
    assert_eq!(
        text(&scene, "there.db", "select filter_id from proxy_filters"),
        "01HFLT00000000000000000MINE"
    );
    assert_sound(&scene, "there.db");
    let again = import(&["--json"]).succeeds().json();
    assert_eq!(done(&again)["filters"], json!({"same": 2}));
}

#[test]
fn a_name_that_what_is_thrown_away_has_too_is_still_known() {
    let scene = TVARR.install();
    fill(
        &scene.path("here.db"),
        "insert into filters(id, deleted_at, name, source_type, expression, is_system) values
            ('01HFLT0000000000000000OLD1', '2025', 'No shops', 'stream', 'older', 0),
            ('01HFLT0000000000000000OLD2', '2025', 'No shops', 'stream', 'oldest', 0),
            ('01HFLT0000000000000000OLD3', null, 'Mine', 'stream', 'of the program', 1)",
    );
    TVARR.export(&scene, "here.db", &[]);
    let import = ["import", "doc.json", "here.db", "--json"];
    assert_eq!(done(&scene.larder(import).run().succeeds().json())["filters"], json!({"same": 2}));
    fill(
        &scene.path("here.db"),
        "update filters set expression = 'changed' where id like '%1' or id like '%2'",
    );
    scene.larder(import.iter().chain(&["--on-conflict", "overwrite"])).run().succeeds();
    let filters = "select group_concat(expression, ', ' order by id) from filters";
    assert_eq!(
        text(&scene, "here.db", filters),
        "name contains \"shop\", all, all, all, changed, changed, of the program"
    );
}

#[test]
fn passwords_leave_only_when_they_are_asked_for() {
    let scene = TVARR.install();
    let only = ["--only", "stream_sources,epg_sources"];
    let document = TVARR.export(&scene, "here.db", &only);
    assert_eq!(document["metadata"]["sections"]["epg_sources"]["secret"], json!(["password"]));
    let open =
        TVARR.larder(&scene, "here.db", &[&only[..], &["--with-secrets"]].concat()).run().succeeds().json();
    assert_eq!(open["data"]["stream_sources"][0]["password"], "hidden");
    assert_eq!(open["data"]["epg_sources"][0]["password"], "hidden");
    // An import without it leaves the one that is there.
    fill(
        &scene.path("here.db"),
        "update stream_sources set password = 'newer', url = 'http://moved.example'",
    );
    scene.larder(["import", "doc.json", "here.db", "--on-conflict", "overwrite"]).run().succeeds();
    let source = "select password || ' ' || url from stream_sources where name = 'Aerial'";
    assert_eq!(text(&scene, "here.db", source), "newer http://tv.example");
    assert_eq!(document["data"]["stream_sources"][0]["password"], Value::Null);
}
