-- Grafana, in the shape of 9.5.

-- == tables
create table org(id integer primary key autoincrement not null, version integer not null, name text not null,
  created datetime not null, updated datetime not null);
create unique index UQE_org_name on org(name);
create table user(id integer primary key autoincrement not null, version integer not null, login text not null,
  email text not null, name text, password text, salt text, rands text, company text, org_id integer not null,
  is_admin integer not null, email_verified integer, theme text, created datetime not null, updated datetime not null,
  help_flags1 integer not null default 0, last_seen_at datetime, is_disabled integer not null default 0,
  is_service_account boolean default 0);
create unique index UQE_user_login on user(login);
create unique index UQE_user_email on user(email);
create table org_user(id integer primary key autoincrement not null, org_id integer not null, user_id integer not null,
  role text not null, created datetime not null, updated datetime not null);
create unique index UQE_org_user_org_id_user_id on org_user(org_id, user_id);
create table team(id integer primary key autoincrement not null, name text not null, org_id integer not null,
  created datetime not null, updated datetime not null, email text);
create unique index UQE_team_org_id_name on team(org_id, name);
create table team_member(id integer primary key autoincrement not null, org_id integer not null, team_id integer not null,
  user_id integer not null, created datetime not null, updated datetime not null, external integer, permission integer);
create unique index UQE_team_member_org_id_team_id_user_id on team_member(org_id, team_id, user_id);
create table data_source(id integer primary key autoincrement not null, org_id integer not null, version integer not null,
  type text not null, name text not null, access text not null, url text not null, password text, user text, database text,
  basic_auth integer not null, basic_auth_user text, basic_auth_password text, is_default integer not null, json_data text,
  created datetime not null, updated datetime not null, with_credentials integer not null default 0, secure_json_data text,
  read_only integer, uid text not null default 0);
create unique index UQE_data_source_org_id_name on data_source(org_id, name);
create unique index UQE_data_source_org_id_uid on data_source(org_id, uid);
create table dashboard(id integer primary key autoincrement not null, version integer not null, slug text not null,
  title text not null, data text not null, org_id integer not null, created datetime not null, updated datetime not null,
  updated_by integer, created_by integer, gnet_id integer, plugin_id text, folder_id integer not null default 0,
  is_folder integer not null default 0, has_acl integer not null default 0, uid text, is_public integer not null default 0);
create unique index UQE_dashboard_org_id_folder_id_title on dashboard(org_id, folder_id, title);
create unique index UQE_dashboard_org_id_uid on dashboard(org_id, uid);
create table dashboard_tag(id integer primary key autoincrement not null, dashboard_id integer not null, term text not null);
create table dashboard_acl(id integer primary key autoincrement not null, org_id integer not null,
  dashboard_id integer not null, user_id integer, team_id integer, permission integer not null default 4, role text,
  created datetime not null, updated datetime not null);
create unique index UQE_dashboard_acl_dashboard_id_user_id on dashboard_acl(dashboard_id, user_id);
create unique index UQE_dashboard_acl_dashboard_id_team_id on dashboard_acl(dashboard_id, team_id);
create table dashboard_provisioning(id integer primary key autoincrement not null, dashboard_id integer,
  name text not null, external_id text not null, updated integer not null default 0, check_sum text);
create table dashboard_version(id integer primary key autoincrement not null, dashboard_id integer not null,
  parent_version integer not null, restored_from integer not null, version integer not null, created datetime not null,
  created_by integer not null, message text not null, data text);
create unique index UQE_dashboard_version_dashboard_id_version on dashboard_version(dashboard_id, version);
create table folder(id integer primary key autoincrement not null, uid text not null, org_id integer not null,
  title text not null, description text, parent_uid text, created datetime not null, updated datetime not null);
create unique index UQE_folder_uid_org_id on folder(uid, org_id);
create table library_element(id integer primary key autoincrement not null, org_id integer not null,
  folder_id integer not null, uid text not null, name text not null, kind integer not null, type text not null,
  description text not null, model text not null, created datetime not null, created_by integer not null,
  updated datetime not null, updated_by integer not null, version integer not null);
create unique index UQE_library_element_org_id_uid on library_element(org_id, uid);
create table library_element_connection(id integer primary key autoincrement not null, element_id integer not null,
  kind integer not null, connection_id integer not null, created datetime not null, created_by integer not null);
create unique index UQE_library_element_connection on library_element_connection(element_id, kind, connection_id);
create table playlist(id integer primary key autoincrement not null, name text not null, interval text not null,
  org_id integer not null, uid text not null default 0);
create unique index UQE_playlist_org_id_uid on playlist(org_id, uid);
create table playlist_item(id integer primary key autoincrement not null, playlist_id integer not null, type text not null,
  value text not null, title text not null, "order" integer not null);
create table preferences(id integer primary key autoincrement not null, org_id integer not null, user_id integer not null,
  version integer not null, home_dashboard_id integer not null, timezone text not null, theme text not null,
  created datetime not null, updated datetime not null, team_id integer, week_start text, json_data text);
create table star(id integer primary key autoincrement not null, user_id integer not null, dashboard_id integer not null);
create unique index UQE_star_user_id_dashboard_id on star(user_id, dashboard_id);
create table alert_rule(id integer primary key autoincrement not null, org_id integer not null, title text not null,
  condition text not null, data text, updated datetime not null, interval_seconds integer not null default 60,
  version integer not null default 0, uid text not null default 0, namespace_uid text not null, rule_group text not null,
  no_data_state text not null default 'NoData', exec_err_state text not null default 'Alerting',
  "for" integer not null default 0, annotations text, labels text, dashboard_uid text, panel_id integer,
  rule_group_idx integer not null default 1, is_paused integer not null default 0);
create unique index UQE_alert_rule_org_id_uid on alert_rule(org_id, uid);
create table alert_rule_version(id integer primary key autoincrement not null, rule_org_id integer not null,
  rule_uid text not null default 0, rule_namespace_uid text not null, rule_group text not null,
  parent_version integer not null, version integer not null, created datetime not null, title text not null);
create table alert_instance(rule_org_id integer not null, rule_uid text not null default 0, labels text not null,
  labels_hash text not null, current_state text not null, primary key(rule_org_id, rule_uid, labels_hash));
create table alert_configuration(id integer primary key autoincrement not null, alertmanager_configuration text,
  configuration_version text not null, created_at integer not null, "default" integer not null default 0,
  org_id integer not null default 0, configuration_hash text not null default 'not-yet-calculated');
create unique index UQE_alert_configuration_org_id on alert_configuration(org_id);
create table annotation(id integer primary key autoincrement not null, org_id integer not null, alert_id integer,
  user_id integer, dashboard_id integer, panel_id integer, type text not null, title text not null, text text not null,
  prev_state text not null, new_state text not null, data text not null, epoch integer not null,
  epoch_end integer not null default 0);
create table api_key(id integer primary key autoincrement not null, org_id integer not null, name text not null,
  key text not null, role text not null, created datetime not null, updated datetime not null, expires integer,
  service_account_id integer);
create unique index UQE_api_key_key on api_key(key);
create unique index UQE_api_key_org_id_name on api_key(org_id, name);
create table plugin_setting(id integer primary key autoincrement not null, org_id integer, plugin_id text not null,
  enabled integer not null, pinned integer not null, json_data text, secure_json_data text, created datetime not null,
  updated datetime not null);
create unique index UQE_plugin_setting_org_id_plugin_id on plugin_setting(org_id, plugin_id);
create table role(id integer primary key autoincrement not null, name text not null, description text,
  version integer not null, org_id integer not null, uid text not null, created datetime not null,
  updated datetime not null);
create unique index UQE_role_org_id_name on role(org_id, name);
create table permission(id integer primary key autoincrement not null, role_id integer not null, action text not null,
  scope text not null, created datetime not null, updated datetime not null);
create table user_role(id integer primary key autoincrement not null, org_id integer not null, user_id integer not null,
  role_id integer not null, created datetime not null);
create table secrets(id integer primary key autoincrement not null, org_id integer not null, namespace text not null,
  type text not null, value text, created datetime not null, updated datetime not null);
create table data_keys(name text not null primary key, active integer not null, scope text not null, provider text not null,
  encrypted_data blob not null, created datetime not null, updated datetime not null, label text);
create table kv_store(id integer primary key autoincrement not null, org_id integer not null, namespace text not null,
  key text not null, value text not null, created datetime not null, updated datetime not null);
create table user_auth_token(id integer primary key autoincrement not null, user_id integer not null,
  auth_token text not null, prev_auth_token text not null, user_agent text not null, client_ip text not null);
create table migration_log(id integer primary key autoincrement not null, migration_id text not null, sql text not null,
  success integer not null, error text not null, timestamp datetime not null);

-- == alice
insert into org values (1, 0, 'Main Org.', '2026-01-01', '2026-01-01'), (2, 0, 'Alder', '2026-01-02', '2026-01-02');
insert into user(id, version, login, email, name, password, salt, rands, org_id, is_admin, created, updated) values
  (1, 0, 'admin', 'admin@localhost', '', 's3cr3t', 's3cr3t', 's3cr3t', 1, 1, '2026-01-01', '2026-01-01'),
  (2, 0, 'ada', 'ada@example.org', 'Ada Alder', 's3cr3t', 's3cr3t', 's3cr3t', 2, 0, '2026-01-02', '2026-01-02');
insert into org_user values (1, 1, 1, 'Admin', '2026-01-01', '2026-01-01'), (2, 2, 2, 'Editor', '2026-01-02', '2026-01-02');
insert into team values (1, 'Sensors', 2, '2026-01-02', '2026-01-02', '');
insert into team_member values (1, 2, 1, 2, '2026-01-02', '2026-01-02', 0, 4);
insert into data_source(id, org_id, version, type, name, access, url, basic_auth, basic_auth_password, is_default, json_data,
    secure_json_data, created, updated, uid) values
  (1, 2, 1, 'prometheus', 'Prometheus', 'proxy', 'http://prom:9090', 1, 's3cr3t', 1, '{"httpMethod":"POST"}', '{"password":"s3cr3t"}',
   '2026-01-02', '2026-01-02', 'prom-uid-a');
insert into dashboard(id, version, slug, title, data, org_id, created, updated, updated_by, created_by, folder_id, is_folder, has_acl, uid) values
  (1, 1, 'house', 'House', '{"id":1,"title":"House"}', 2, '2026-01-03', '2026-01-03', 2, 2, 0, 1, 1, 'folderAAA'),
  (2, 4, 'energy', 'Energy', '{"id":2,"panels":[{"id":1,"datasource":{"uid":"prom-uid-a"}},{"id":2}],"title":"Energy"}', 2, '2026-01-04',
   '2026-01-05', 2, 1, 1, 0, 0, 'dashAAA2'),
  (4, 1, 'water', 'Water', '{"id":4,"panels":[{"id":1}],"title":"Water"}', 2, '2026-01-04', '2026-01-04', -1, -1, 0, 0, 0, 'dashAAA4');
insert into dashboard_tag values (1, 2, 'power'), (2, 4, 'meters'), (3, 2, 'meters');
insert into dashboard_acl values (1, -1, -1, null, null, 1, 'Viewer', '2017-06-20', '2017-06-20'),
  (2, -1, -1, null, null, 2, 'Editor', '2017-06-20', '2017-06-20'), (3, 2, 1, null, 1, 2, null, '2026-01-03', '2026-01-03');
insert into dashboard_version values (1, 2, 3, 0, 4, '2026-01-05', 2, 'better', '{"id":2}');
insert into folder values (1, 'folderAAA', 2, 'House', null, null, '2026-01-03', '2026-01-03');
insert into library_element values (1, 2, 1, 'libAAA', 'Clock', 1, 'text', '', '{}', '2026-01-03', 2, '2026-01-03', 2, 1);
insert into library_element_connection values (1, 1, 1, 2, '2026-01-03', 2);
insert into playlist values (1, 'Hall', '5m', 2, 'plAAA');
insert into playlist_item values (1, 1, 'dashboard_by_id', '4', 'Water', 1), (2, 1, 'dashboard_by_tag', 'meters', 'meters', 2);
insert into preferences values (1, 2, 0, 0, 2, '', 'dark', '2026-01-03', '2026-01-03', 0, '', null),
  (2, 2, 2, 0, 4, 'utc', '', '2026-01-03', '2026-01-03', 0, 'monday', null);
insert into star values (1, 2, 2), (2, 2, 4);
insert into alert_rule(id, org_id, title, condition, data, updated, uid, namespace_uid, rule_group, dashboard_uid, panel_id) values
  (1, 2, 'Too much', 'A', '[]', '2026-01-06', 'ruleAAA', 'folderAAA', 'hourly', 'dashAAA2', 1);
insert into alert_rule_version values (1, 2, 'ruleAAA', 'folderAAA', 'hourly', 0, 1, '2026-01-06', 'Too much');
insert into alert_configuration values (1, '{"receivers":[{"settings":{"url":"https://chat.example/s3cr3t"}}]}', 'v1', 1760000000, 0, 2, 'abc');
insert into annotation values (1, 2, 0, 2, 2, 1, '', '', 'New meter', '', '', '{}', 1760000000000, 1760000000000);
insert into api_key values (1, 2, 'ci', 's3cr3t', 'Viewer', '2026-01-02', '2026-01-02', null, null);
insert into plugin_setting values (1, 2, 'clock-panel', 1, 0, '{}', '{"token":"s3cr3t"}', '2026-01-02', '2026-01-02');
insert into role values (1, 'managed:users:2:permissions', '', 0, 2, 'role-a', '2026-01-02', '2026-01-02');
insert into permission values (1, 1, 'dashboards:read', 'dashboards:uid:dashAAA2', '2026-01-02', '2026-01-02');
insert into user_role values (1, 2, 2, 1, '2026-01-02');
insert into secrets values (1, 2, 'Prometheus', 'datasource', 's3cr3t', '2026-01-02', '2026-01-02');
insert into data_keys values ('k', 1, 'root', 'secretKey.v1', x'00', '2026-01-02', '2026-01-02', 's3cr3t');
insert into kv_store values (1, 2, 'alertmanager', 'silences', 's3cr3t', '2026-01-02', '2026-01-02');
insert into user_auth_token values (1, 2, 's3cr3t', 's3cr3t', 'Firefox', '192.0.2.1');
insert into migration_log values (1, 'create org table', 'create', 1, '', '2026-01-01');

-- == bob
insert into org values (1, 0, 'Main Org.', '2025-01-01', '2025-01-01'), (2, 0, 'Birch', '2025-01-02', '2025-01-02');
insert into user(id, version, login, email, name, password, salt, rands, org_id, is_admin, created, updated) values
  (1, 0, 'admin', 'admin@localhost', '', 's3cr3t', 's3cr3t', 's3cr3t', 1, 1, '2025-01-01', '2025-01-01'),
  (2, 0, 'bob', 'bob@example.org', 'Bob Birch', 's3cr3t', 's3cr3t', 's3cr3t', 2, 0, '2025-01-02', '2025-01-02');
insert into org_user values (1, 1, 1, 'Admin', '2025-01-01', '2025-01-01'), (2, 2, 2, 'Admin', '2025-01-02', '2025-01-02');
insert into dashboard(id, version, slug, title, data, org_id, created, updated, updated_by, created_by, folder_id, is_folder, uid) values
  (1, 1, 'lab', 'Lab', '{"id":1,"panels":[{"id":1}]}', 2, '2025-01-03', '2025-01-03', 2, 2, 0, 0, 'dashBBB1'),
  (2, 1, 'energy', 'Energy', '{"id":2}', 1, '2025-01-03', '2025-01-03', 1, 1, 0, 0, 'dashBBB2');
insert into dashboard_acl values (1, -1, -1, null, null, 1, 'Viewer', '2017-06-20', '2017-06-20'),
  (2, -1, -1, null, null, 2, 'Editor', '2017-06-20', '2017-06-20');
insert into playlist values (1, 'Lab', '1m', 2, 'plBBB');
insert into playlist_item values (1, 1, 'dashboard_by_id', '1', 'Lab', 1);
insert into preferences values (1, 2, 0, 0, 1, '', '', '2025-01-03', '2025-01-03', 0, '', null);
insert into star values (1, 2, 1);

-- == new
insert into org values (1, 0, 'Main Org.', '2026-01-01', '2026-01-01');
insert into user(id, version, login, email, name, password, salt, rands, org_id, is_admin, created, updated) values
  (1, 0, 'admin', 'admin@localhost', '', 's3cr3t', 's3cr3t', 's3cr3t', 1, 1, '2026-01-01', '2026-01-01');
insert into org_user values (1, 1, 1, 'Admin', '2026-01-01', '2026-01-01');
insert into dashboard_acl values (1, -1, -1, null, null, 1, 'Viewer', '2017-06-20', '2017-06-20'),
  (2, -1, -1, null, null, 2, 'Editor', '2017-06-20', '2017-06-20');

-- == link: dashboards
select d.title || ' of ' || o.name || ' in ' || ifnull(f.title, 'General') || ' by ' || ifnull(c.login, 'nobody') || ' ' || ifnull(u.login, 'nobody')
  || case (d.data ->> 'id') when d.id then '' else ' says another id' end
from dashboard d join org o on o.id = d.org_id left join dashboard f on f.id = d.folder_id left join user c on c.id = d.created_by
left join user u on u.id = d.updated_by;

-- == link: people
select u.login || ' at home in ' || o.name from user u join org o on o.id = u.org_id
union all select u.login || ' in ' || o.name || ' as ' || x.role from org_user x join org o on o.id = x.org_id join user u on u.id = x.user_id
union all select u.login || ' in team ' || t.name || ' of ' || o.name from team_member x join team t on t.id = x.team_id
join org o on o.id = x.org_id join user u on u.id = x.user_id;

-- == link: stars and preferences
select u.login || ' likes ' || d.uid from star s join user u on u.id = s.user_id join dashboard d on d.id = s.dashboard_id
union all select o.name || ' ' || ifnull(u.login, 'everybody') || ' begins at ' || d.uid from preferences p join org o on o.id = p.org_id
left join user u on u.id = p.user_id join dashboard d on d.id = p.home_dashboard_id;

-- == link: playlists
select p.name || ' ' || i."order" || ' ' || i.type || ' ' || ifnull(d.uid, i.value) from playlist_item i join playlist p on p.id = i.playlist_id
left join dashboard d on i.type = 'dashboard_by_id' and d.id = cast(i.value as integer);

-- == link: tags, access and library
select d.uid || ': ' || t.term from dashboard_tag t join dashboard d on d.id = t.dashboard_id
union all select d.uid || ' for ' || t.name from dashboard_acl a join dashboard d on d.id = a.dashboard_id join team t on t.id = a.team_id
union all select e.name || ' in ' || f.title || ' by ' || u.login from library_element e join dashboard f on f.id = e.folder_id join user u on u.id = e.created_by
union all select e.name || ' on ' || d.uid from library_element_connection x join library_element e on e.id = x.element_id join dashboard d on d.id = x.connection_id;

-- == link: data sources and rules
select s.name || ' of ' || o.name from data_source s join org o on o.id = s.org_id
union all select r.title || ' of ' || o.name from alert_rule r join org o on o.id = r.org_id
union all select k.name || ' of ' || o.name from api_key k join org o on o.id = k.org_id;

-- == import
-- --on-conflict
-- skip

-- == absent
-- user_auth
-- temp_user
-- quota
-- alert_notification
-- provenance_type
-- short_url
-- dashboard_public
-- correlation
-- dashboard_snapshot
-- annotation_tag
-- tag
-- query_history
-- query_history_star
-- builtin_role
-- team_role
-- seed_assignment
-- alert_configuration_history
-- alert_image
-- session
-- cache_data
-- login_attempt
-- server_lock
-- entity_event
-- test_data

-- == made
-- Energy
-- Ada Alder
-- Sensors
-- http://prom:9090
-- Too much
