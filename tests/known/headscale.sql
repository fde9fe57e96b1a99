-- Headscale, in the shape of 0.29.

-- == tables
create table migrations(id text, primary key(id));
create table users(id integer primary key autoincrement, name text, display_name text, email text, provider_identifier text,
  provider text, profile_pic_url text, created_at datetime, updated_at datetime, deleted_at datetime);
create index idx_users_deleted_at on users(deleted_at);
create unique index idx_provider_identifier on users(provider_identifier) where provider_identifier is not null;
create unique index idx_name_provider_identifier on users(name, provider_identifier);
create unique index idx_name_no_provider_identifier on users(name) where provider_identifier is null;
create table pre_auth_keys(id integer primary key autoincrement, key text, prefix text, hash blob, user_id integer,
  reusable numeric, ephemeral numeric default false, used numeric default false, tags text, expiration datetime,
  created_at datetime, constraint fk_pre_auth_keys_user foreign key(user_id) references users(id) on delete set null);
create unique index idx_pre_auth_keys_prefix on pre_auth_keys(prefix) where prefix is not null and prefix != '';
create table api_keys(id integer primary key autoincrement, prefix text, hash blob, expiration datetime, last_seen datetime,
  created_at datetime);
create table nodes(id integer primary key autoincrement, machine_key text, node_key text, disco_key text, endpoints text,
  host_info text, ipv4 text, ipv6 text, hostname text, given_name varchar(63), user_id integer, register_method text,
  ephemeral numeric default false, tags text, auth_key_id integer, last_seen datetime, expiry datetime, approved_routes text,
  created_at datetime, updated_at datetime, deleted_at datetime,
  constraint fk_nodes_user foreign key(user_id) references users(id) on delete cascade,
  constraint fk_nodes_auth_key foreign key(auth_key_id) references pre_auth_keys(id));
create table policies(id integer primary key autoincrement, data text, created_at datetime, updated_at datetime,
  deleted_at datetime);
create table database_versions(id integer primary key, version text not null, updated_at datetime);

-- == alice
insert into migrations values ('202312101416');
insert into users(id, name, email, provider_identifier, provider, created_at) values (1, 'ada', 'ada@example.org', 'https://id.example/ada', 'oidc', '2026-01-01'),
  (2, 'lab', null, null, null, '2026-01-02');
insert into pre_auth_keys(id, key, prefix, hash, user_id, reusable, used, tags, created_at) values (1, 's3cr3t', 'hskey-aa', cast('s3cr3t' as blob), 2, 1, 1, '["tag:lab"]', '2026-01-03');
insert into api_keys(id, prefix, hash) values (1, 'apikey-a', cast('s3cr3t' as blob));
insert into nodes(id, machine_key, node_key, disco_key, endpoints, host_info, ipv4, hostname, given_name, user_id, register_method, tags, auth_key_id, approved_routes, created_at) values
  (1, 'mkey:aa01', 'nodekey:aa01', 'discokey:aa01', '["192.0.2.1:41641"]', '{"OS":"linux"}', '100.64.0.1', 'desk', 'desk', 1, 'oidc', '[]', null, '["10.0.0.0/24"]', '2026-01-04'),
  (3, 'mkey:aa03', 'nodekey:aa03', 'discokey:aa03', '[]', '{}', '100.64.0.3', 'scope', 'scope', 2, 'authkey', '[]', 1, null, '2026-01-05');
insert into policies(id, data, updated_at) values (1, '{"acls":[{"action":"accept","src":["ada@"],"dst":["*:*"]}]}', '2026-01-06');
insert into database_versions values (1, '0.29.0', '2026-01-01');

-- == bob
insert into users(id, name, created_at) values (1, 'bob', '2025-01-01');
insert into pre_auth_keys(id, key, prefix, user_id, reusable, created_at) values (1, 's3cr3t', 'hskey-bb', 1, 0, '2025-01-03');
insert into nodes(id, machine_key, node_key, disco_key, ipv4, hostname, given_name, user_id, register_method, auth_key_id, created_at) values
  (1, 'mkey:bb01', 'nodekey:bb01', 'discokey:bb01', '100.64.0.9', 'phone', 'phone', 1, 'authkey', 1, '2025-01-04');

-- == link: nodes
select n.given_name || ' ' || n.machine_key || ' of ' || u.name || ' by ' || ifnull(k.prefix, 'nothing') from nodes n join users u on u.id = n.user_id
left join pre_auth_keys k on k.id = n.auth_key_id;

-- == link: keys
select k.prefix || ' of ' || u.name from pre_auth_keys k join users u on u.id = k.user_id;

-- == made
-- ada@example.org
-- mkey:aa03
-- ada@"], "dst
