-- Uptime Kuma, in the shape of 2.1.

-- == tables
create table user(id integer primary key autoincrement, username varchar(255) not null unique, password varchar(255),
  active boolean not null default 1, timezone varchar(150), twofa_secret varchar(64), twofa_status boolean not null default 0,
  twofa_last_token varchar(6));
create table docker_host(id integer primary key autoincrement, user_id integer not null, docker_daemon varchar(255),
  docker_type varchar(255), name varchar(255));
create table proxy(id integer primary key autoincrement, user_id integer not null, protocol varchar(10) not null,
  host varchar(255) not null, port smallint not null, auth boolean not null, username varchar(255), password varchar(255),
  active boolean not null default 1, "default" boolean not null default 0,
  created_date datetime default (datetime('now')) not null);
create table remote_browser(id integer primary key autoincrement, name varchar(255) not null, url varchar(255) not null,
  user_id integer);
create table monitor(id integer not null primary key autoincrement, name varchar(150), active boolean default 1 not null,
  user_id integer references user(id) on update cascade on delete set null, interval integer default 20 not null,
  url text, type varchar(20), weight integer default 2000, hostname varchar(255), port integer,
  created_date datetime default (datetime('now')) not null, keyword varchar(255), maxretries integer not null default 0,
  ignore_tls boolean default 0 not null, upside_down boolean default 0 not null, maxredirects integer default 10 not null,
  accepted_statuscodes_json text default '["200-299"]' not null, dns_resolve_type varchar(5),
  dns_resolve_server varchar(255), dns_last_result varchar(255), retry_interval integer default 0 not null,
  push_token varchar(20) default null, method text default 'GET' not null, body text default null,
  headers text default null, basic_auth_user text default null, basic_auth_pass text default null,
  docker_host integer references docker_host(id), docker_container varchar(255),
  proxy_id integer references proxy(id), expiry_notification boolean default 1, mqtt_topic text,
  mqtt_success_message varchar(255), mqtt_username varchar(255), mqtt_password varchar(255),
  database_connection_string varchar(2000), database_query text, auth_method varchar(250), radius_secret varchar(255),
  radius_password varchar(255), http_body_encoding varchar(25), description text default null, tls_ca text, tls_cert text,
  tls_key text, parent integer references monitor(id) on delete set null on update cascade, oauth_client_secret text,
  kafka_producer_sasl_options text, conditions text not null default '[]', rabbitmq_nodes text,
  rabbitmq_username varchar(255), rabbitmq_password varchar(255), bearer_token text, gamedig_token text,
  remote_browser integer references remote_browser(id));
create table heartbeat(id integer primary key autoincrement, important boolean not null default 0,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade, status smallint not null,
  msg text, time datetime not null, ping integer, duration integer not null default 0,
  down_count integer not null default 0);
create index monitor_time_index on heartbeat(monitor_id, time);
create table notification(id integer primary key autoincrement, name varchar(255), active boolean not null default 1,
  user_id integer not null, is_default boolean not null default 0, config text);
create table monitor_notification(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade,
  notification_id integer not null references notification(id) on delete cascade on update cascade);
create index monitor_notification_index on monitor_notification(monitor_id, notification_id);
create table tag(id integer primary key autoincrement, name varchar(255) not null, color varchar(255) not null,
  created_date datetime default (datetime('now')) not null);
create table monitor_tag(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade,
  tag_id integer not null references tag(id) on delete cascade on update cascade, value text);
create table status_page(id integer primary key autoincrement, slug varchar(255) not null unique,
  title varchar(255) not null, description text, icon varchar(255) not null, theme varchar(30) not null,
  published boolean not null default 1, search_engine_index boolean not null default 1,
  show_tags boolean not null default 0, password varchar, created_date datetime default (datetime('now')) not null,
  modified_date datetime default (datetime('now')) not null, footer_text text, custom_css text,
  show_powered_by boolean not null default 1);
create table status_page_cname(id integer primary key autoincrement,
  status_page_id integer references status_page(id) on delete cascade on update cascade, domain varchar not null unique);
create table "group"(id integer primary key autoincrement, name varchar(255) not null,
  created_date datetime default (datetime('now')) not null, public boolean default 0 not null,
  active boolean default 1 not null, weight integer not null default 1000, status_page_id integer);
create table monitor_group(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade,
  group_id integer not null references "group"(id) on delete cascade on update cascade,
  weight integer not null default 1000, send_url boolean not null default 0);
create table incident(id integer primary key autoincrement, title varchar(255) not null, content text not null,
  style varchar(30) not null default 'warning', created_date datetime default (datetime('now')) not null,
  last_updated_date datetime, pin boolean not null default 1, active boolean not null default 1, status_page_id integer);
create table maintenance(id integer primary key autoincrement, title varchar(150) not null, description text not null,
  user_id integer references user(id) on update cascade on delete set null, active boolean default 1 not null,
  strategy varchar(50) default 'single' not null, start_date datetime, end_date datetime, start_time time, end_time time,
  weekdays varchar(250) default '[]', days_of_month text default '[]', interval_day integer, cron text,
  timezone varchar(255), duration integer);
create table maintenance_status_page(id integer primary key autoincrement,
  status_page_id integer not null references status_page(id) on delete cascade on update cascade,
  maintenance_id integer not null references maintenance(id) on delete cascade on update cascade);
create table monitor_maintenance(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade,
  maintenance_id integer not null references maintenance(id) on delete cascade on update cascade);
create table monitor_tls_info(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade, info_json text);
create table notification_sent_history(id integer primary key autoincrement, type varchar(50) not null,
  monitor_id integer not null, days integer not null, unique(type, monitor_id, days));
create table setting(id integer primary key autoincrement, key varchar(200) not null unique, value text, type varchar(20));
create table api_key(id integer not null primary key autoincrement, key varchar(255) not null, name varchar(255) not null,
  user_id integer not null references user(id) on delete cascade on update cascade,
  created_date datetime default (datetime('now')) not null, active boolean default 1 not null, expires datetime);
create table stat_minutely(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade, timestamp integer not null,
  ping float not null, up smallint not null, down smallint not null, ping_min float default 0 not null,
  ping_max float default 0 not null, extras text, unique(monitor_id, timestamp));
create table stat_hourly(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade, timestamp integer not null,
  ping float not null, up smallint not null, down smallint not null, ping_min float default 0 not null,
  ping_max float default 0 not null, extras text, unique(monitor_id, timestamp));
create table stat_daily(id integer primary key autoincrement,
  monitor_id integer not null references monitor(id) on delete cascade on update cascade, timestamp integer not null,
  ping float not null, up smallint not null, down smallint not null, ping_min float default 0 not null,
  ping_max float default 0 not null, extras text, unique(monitor_id, timestamp));
create table domain_expiry(id integer primary key autoincrement, last_check datetime, domain varchar(255) not null unique,
  expiry datetime, last_expiry_notification_sent integer);

-- == alice
insert into user(id, username, password, twofa_secret) values (1, 'ada', '$2a$10$s3cr3t', 's3cr3t');
insert into docker_host values (1, 1, '/var/run/docker.sock', 'socket', 'This machine');
insert into proxy(id, user_id, protocol, host, port, auth, username, password, created_date) values
  (1, 1, 'http', 'proxy.example.org', 3128, 1, 'ada', 's3cr3t', '2026-01-01');
insert into notification values (1, 'Phone', 1, 1, 1, '{"type":"telegram","telegramBotToken":"s3cr3t"}'),
  (3, 'Mail', 1, 1, 0, '{"type":"smtp","smtpPassword":"s3cr3t"}');
insert into tag values (1, 'home', '#00ff00', '2026-01-01'), (2, 'work', '#0000ff', '2026-01-01');
insert into monitor(id, name, user_id, type, url, hostname, parent, docker_host, docker_container, proxy_id, basic_auth_pass, headers,
    created_date) values
  (1, 'At home', 1, 'group', 'https://', null, null, null, null, null, null, null, '2026-01-01'),
  (2, 'Router', 1, 'ping', null, '192.0.2.1', 1, null, null, null, null, null, '2026-01-02'),
  (4, 'Shop', 1, 'http', 'https://shop.example.org/', null, null, null, null, 1, 's3cr3t', '{"Authorization": "s3cr3t"}', '2026-01-03'),
  (5, 'Box', 1, 'docker', null, null, 1, 1, 'box', null, null, null, '2026-01-04');
insert into monitor_notification values (1, 2, 1), (2, 4, 3), (3, 4, 1);
insert into monitor_tag values (1, 2, 1, 'lan'), (2, 4, 2, ''), (3, 5, 1, 'lan');
insert into status_page(id, slug, title, icon, theme, created_date, modified_date) values
  (1, 'alder', 'Alder family', '/icon.svg', 'auto', '2026-01-01', '2026-01-02');
insert into status_page_cname values (1, 1, 'status.example.org');
insert into "group" values (1, 'Network', '2026-01-01', 1, 1, 1, 1), (2, 'Business', '2026-01-01', 1, 1, 2, 1);
insert into monitor_group values (1, 2, 1, 1, 0), (2, 5, 1, 2, 0), (3, 4, 2, 1, 1);
insert into incident(id, title, content, created_date, pin, status_page_id) values (1, 'Power cut', 'The router was off', '2026-02-01', 0, 1);
insert into maintenance(id, title, description, user_id, strategy, cron) values (1, 'Sunday updates', 'All of it', 1, 'cron', '0 3 * * 0');
insert into monitor_maintenance values (1, 2, 1), (2, 5, 1);
insert into maintenance_status_page values (1, 1, 1);
insert into setting values (1, 'jwtSecret', '"s3cr3t"', 'general'), (2, 'primaryBaseURL', '"https://kuma.example.org"', 'general'),
  (3, 'keepDataPeriodDays', '180', 'general');
insert into api_key(id, key, name, user_id, created_date) values (1, 's3cr3t', 'grafana', 1, '2026-01-01');
insert into heartbeat(id, monitor_id, status, time, ping) values (1, 2, 1, '2026-03-01 00:00:00', 3), (2, 4, 0, '2026-03-01 00:01:00', null);
insert into monitor_tls_info values (1, 4, '{"valid":true}');
insert into notification_sent_history values (1, 'certificate', 4, 7);
insert into remote_browser values (1, 'Chrome', 'ws://chrome:3000', 1);
update monitor set remote_browser = 1 where id = 4;
insert into stat_daily(id, monitor_id, timestamp, ping, up, down) values (1, 2, 1772323200, 3.5, 1440, 0);
insert into stat_minutely(id, monitor_id, timestamp, ping, up, down) values (1, 4, 1772323200, 20.5, 0, 1);
insert into domain_expiry(id, domain) values (1, 'example.org');

-- == bob
insert into user(id, username, password) values (1, 'bob', '$2a$10$s3cr3t');
insert into notification values (1, 'Pager', 1, 1, 1, '{"type":"pushover","pushoverapptoken":"s3cr3t"}');
insert into tag values (1, 'lab', '#ff0000', '2026-01-01'), (2, 'home', '#00ff00', '2026-01-01');
insert into monitor(id, name, user_id, type, url, hostname, parent, created_date) values
  (1, 'Bench', 1, 'ping', null, '198.51.100.1', null, '2026-01-01'), (2, 'Lab', 1, 'group', 'https://', null, null, '2026-01-01'),
  (3, 'Scope', 1, 'ping', null, '198.51.100.2', 2, '2026-01-01');
insert into monitor_notification values (1, 1, 1);
insert into monitor_tag values (1, 1, 1, '');
insert into status_page(id, slug, title, icon, theme, created_date, modified_date) values
  (1, 'birch', 'Birch labs', '/icon.svg', 'auto', '2026-01-01', '2026-01-02');
insert into "group" values (1, 'Bench', '2026-01-01', 1, 1, 1, 1);
insert into monitor_group values (1, 1, 1, 1, 0);
insert into setting values (1, 'jwtSecret', '"s3cr3t of bob"', 'general');
insert into heartbeat(id, monitor_id, status, time, ping) values (1, 1, 1, '2026-03-01 00:00:00', 9);

-- == new
insert into setting values (1, 'jwtSecret', '"s3cr3t of a new one"', 'general');

-- == link: monitors with their groups and owners
select m.name || ' of ' || u.username || ' in ' || ifnull(p.name, 'nothing') from monitor m join user u on u.id = m.user_id
left join monitor p on p.id = m.parent;

-- == link: notifications of monitors
select m.name || ' -> ' || n.name from monitor_notification x join monitor m on m.id = x.monitor_id
join notification n on n.id = x.notification_id;

-- == link: tags of monitors
select m.name || ': ' || t.name || ' ' || x.value from monitor_tag x join monitor m on m.id = x.monitor_id
join tag t on t.id = x.tag_id;

-- == link: what monitors go through
select m.name || ' through ' || p.host from monitor m join proxy p on p.id = m.proxy_id
union all select m.name || ' on ' || d.name from monitor m join docker_host d on d.id = m.docker_host
union all select m.name || ' by ' || b.name from monitor m join remote_browser b on b.id = m.remote_browser;

-- == link: status pages
select s.slug || ': ' || g.name || ': ' || x.weight || ' ' || m.name from monitor_group x join "group" g on g.id = x.group_id
join status_page s on s.id = g.status_page_id join monitor m on m.id = x.monitor_id
union all select s.slug || ': ' || i.title || ' ' || i.pin from incident i join status_page s on s.id = i.status_page_id
union all select s.slug || ': ' || c.domain from status_page_cname c join status_page s on s.id = c.status_page_id;

-- == link: maintenance
select a.title || ': ' || m.name from monitor_maintenance x join maintenance a on a.id = x.maintenance_id
join monitor m on m.id = x.monitor_id
union all select a.title || ': ' || s.slug from maintenance_status_page x join maintenance a on a.id = x.maintenance_id
join status_page s on s.id = x.status_page_id;

-- == absent
-- maintenance_timeslot

-- == made
-- Router
-- Alder family
-- Power cut
-- Sunday updates
-- https://kuma.example.org
