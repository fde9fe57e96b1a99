-- Vaultwarden, in the shape of its migrations of 2026-04.

-- == tables
create table users(uuid text not null primary key, created_at datetime not null, updated_at datetime not null,
  email text not null unique, name text not null, password_hash blob not null, salt blob not null,
  password_iterations integer not null, password_hint text, akey text not null, private_key text, public_key text,
  totp_secret text, totp_recover text, security_stamp text not null, equivalent_domains text not null,
  excluded_globals text not null, client_kdf_type integer not null default 0,
  client_kdf_iter integer not null default 100000, verified_at datetime, last_verifying_at datetime,
  login_verify_count integer not null default 0, email_new text, email_new_token text,
  enabled boolean not null default 1, stamp_exception text, api_key text, avatar_color text,
  client_kdf_memory integer, client_kdf_parallelism integer, external_id text);
create table organizations(uuid text not null primary key, name text not null, billing_email text not null,
  private_key text, public_key text);
create table folders(uuid text not null primary key, created_at datetime not null, updated_at datetime not null,
  user_uuid text not null references users(uuid), name text not null);
create table collections(uuid text not null primary key, org_uuid text not null references organizations(uuid),
  name text not null, external_id text);
create table users_collections(user_uuid text not null references users(uuid),
  collection_uuid text not null references collections(uuid), read_only boolean not null default 0,
  hide_passwords boolean not null default 0, manage boolean not null default 0,
  primary key(user_uuid, collection_uuid));
create table users_organizations(uuid text not null primary key, user_uuid text not null references users(uuid),
  org_uuid text not null references organizations(uuid), access_all boolean not null, akey text not null,
  status integer not null, atype integer not null, reset_password_key text, external_id text, invited_by_email text,
  unique(user_uuid, org_uuid));
create table ciphers(uuid text not null primary key, created_at datetime not null, updated_at datetime not null,
  user_uuid text references users(uuid), organization_uuid text references organizations(uuid),
  atype integer not null, name text not null, notes text, fields text, data text not null, password_history text,
  deleted_at datetime, reprompt integer, key text);
create table folders_ciphers(cipher_uuid text not null references ciphers(uuid),
  folder_uuid text not null references folders(uuid), primary key(cipher_uuid, folder_uuid));
create table ciphers_collections(cipher_uuid text not null references ciphers(uuid),
  collection_uuid text not null references collections(uuid), primary key(cipher_uuid, collection_uuid));
create table attachments(id text not null primary key, cipher_uuid text not null references ciphers(uuid),
  file_name text not null, file_size integer not null, akey text);
create table favorites(user_uuid text not null references users(uuid),
  cipher_uuid text not null references ciphers(uuid), primary key(user_uuid, cipher_uuid));
create table archives(user_uuid char(36) not null references users(uuid) on delete cascade,
  cipher_uuid char(36) not null references ciphers(uuid) on delete cascade,
  archived_at datetime not null default current_timestamp, primary key(user_uuid, cipher_uuid));
create table twofactor(uuid text not null primary key, user_uuid text not null references users(uuid),
  atype integer not null, enabled boolean not null, data text not null, last_used integer not null default 0,
  unique(user_uuid, atype));
create table twofactor_incomplete(user_uuid text not null references users(uuid), device_uuid text not null,
  device_name text not null, login_time datetime not null, ip_address text not null,
  device_type integer not null default 14, primary key(user_uuid, device_uuid));
create table twofactor_duo_ctx(state text not null, user_email text not null, nonce text not null,
  exp integer not null, primary key(state));
create table invitations(email text not null primary key);
create table org_policies(uuid text not null primary key, org_uuid text not null references organizations(uuid),
  atype integer not null, enabled boolean not null, data text not null, unique(org_uuid, atype));
create table organization_api_key(uuid text not null, org_uuid text not null, atype integer not null,
  api_key text not null, revision_date datetime not null, primary key(uuid, org_uuid),
  foreign key(org_uuid) references organizations(uuid));
create table sends(uuid text not null primary key, user_uuid text references users(uuid),
  organization_uuid text references organizations(uuid), name text not null, notes text, atype integer not null,
  data text not null, akey text not null, password_hash blob, password_salt blob, password_iter integer,
  max_access_count integer, access_count integer not null, creation_date datetime not null,
  revision_date datetime not null, expiration_date datetime, deletion_date datetime not null,
  disabled boolean not null, hide_email boolean);
create table emergency_access(uuid text not null primary key, grantor_uuid text references users(uuid),
  grantee_uuid text references users(uuid), email text, key_encrypted text, atype integer not null,
  status integer not null, wait_time_days integer not null, recovery_initiated_at datetime,
  last_notification_at datetime, updated_at datetime not null, created_at datetime not null);
create table devices(uuid text not null, created_at datetime not null, updated_at datetime not null,
  user_uuid text not null, name text not null, atype integer not null, push_token text, refresh_token text not null,
  twofactor_remember text, push_uuid text, primary key(uuid, user_uuid),
  foreign key(user_uuid) references users(uuid));
create table groups(uuid text not null primary key,
  organizations_uuid text not null references organizations(uuid), name text not null, access_all boolean not null,
  external_id text null, creation_date timestamp not null, revision_date timestamp not null);
create table groups_users(groups_uuid text not null references groups(uuid),
  users_organizations_uuid text not null references users_organizations(uuid),
  unique(groups_uuid, users_organizations_uuid));
create table collections_groups(collections_uuid text not null references collections(uuid),
  groups_uuid text not null references groups(uuid), read_only boolean not null, hide_passwords boolean not null,
  manage boolean not null default 0, unique(collections_uuid, groups_uuid));
create table event(uuid text not null primary key, event_type integer not null, user_uuid text, org_uuid text,
  cipher_uuid text, collection_uuid text, group_uuid text, org_user_uuid text, act_user_uuid text,
  device_type integer, ip_address text, event_date datetime not null, policy_uuid text, provider_uuid text,
  provider_user_uuid text, provider_org_uuid text, unique(uuid));
create table auth_requests(uuid text not null primary key, user_uuid text not null, organization_uuid text,
  request_device_identifier text not null, device_type integer not null, request_ip text not null,
  response_device_id text, access_code text not null, public_key text not null, enc_key text,
  master_password_hash text, approved boolean, creation_date datetime not null, response_date datetime,
  authentication_date datetime, foreign key(user_uuid) references users(uuid),
  foreign key(organization_uuid) references organizations(uuid));
create table sso_users(user_uuid char(36) not null primary key, identifier text not null unique,
  created_at timestamp not null default current_timestamp,
  foreign key(user_uuid) references users(uuid) on update cascade on delete cascade);
create table sso_auth(state text not null primary key, client_challenge text not null, nonce text not null,
  redirect_uri text not null, code_response text, auth_response text,
  created_at datetime not null default current_timestamp, updated_at datetime not null default current_timestamp,
  binding_hash text, code_response_error text);

-- == alice
insert into users(uuid, created_at, updated_at, email, name, password_hash, salt, password_iterations, password_hint,
    akey, private_key, public_key, totp_recover, security_stamp, equivalent_domains, excluded_globals, api_key) values
  ('a0000000-0000-4000-8000-000000000001', '2026-01-01 00:00:00', '2026-01-02 00:00:00', 'ada@example.org', 'Ada Alder',
   cast('s3cr3t' as blob), cast('s3cr3t salt' as blob), 600000, null, '2.s3cr3t|a|b', '2.s3cr3t key', 'MIIB',
   's3cr3t', 's3cr3t stamp', '[["example.org","example.com"]]', '[3]', 's3cr3t api key');
insert into organizations values ('b0000000-0000-4000-8000-000000000001', 'Alder family', 'ada@example.org',
  '2.s3cr3t', 'MIIC');
insert into folders values ('c0000000-0000-4000-8000-000000000001', '2026-01-01', '2026-01-02',
  'a0000000-0000-4000-8000-000000000001', '2.Zm9sZGVy|aXY=|bWFj');
insert into collections values ('d0000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001',
  '2.Y29sbA==|aXY=|bWFj', null);
insert into users_organizations values ('e0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
  'b0000000-0000-4000-8000-000000000001', 1, '4.s3cr3t', 2, 0, '4.s3cr3t', null, null);
insert into users_collections values ('a0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
  0, 0, 1);
insert into ciphers values
  ('f0000000-0000-4000-8000-000000000001', '2026-01-01', '2026-01-02', 'a0000000-0000-4000-8000-000000000001', null, 1,
   '2.bWFpbA==|aXY=|bWFj', null, null, '{"Username":"2.dQ==|aXY=|bWFj","Password":"2.cA==|aXY=|bWFj","Uris":[]}', null,
   null, 0, null),
  ('f0000000-0000-4000-8000-000000000002', '2026-01-01', '2026-01-02', null, 'b0000000-0000-4000-8000-000000000001', 2,
   '2.bm90ZQ==|aXY=|bWFj', '2.bm90|aXY=|bWFj', '[]', '{"Type":0}', '[]', null, null, '2.a2V5|aXY=|bWFj');
insert into folders_ciphers values ('f0000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000001');
insert into ciphers_collections values ('f0000000-0000-4000-8000-000000000002', 'd0000000-0000-4000-8000-000000000001');
insert into attachments values ('9f86d081884c7d659a2f', 'f0000000-0000-4000-8000-000000000001', '2.cGRm|aXY=|bWFj',
  1024, '2.YXR0|aXY=|bWFj');
insert into favorites values ('a0000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001');
insert into archives values ('a0000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000002', '2026-05-01');
insert into twofactor values ('10000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 0, 1,
  's3cr3t totp', 5);
insert into invitations values ('cleo@example.org');
insert into org_policies values ('20000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 1, 1,
  '{"minLength":14}');
insert into organization_api_key values ('30000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001',
  0, 's3cr3t', '2026-01-01');
insert into sends values ('40000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', null,
  '2.c2VuZA==|aXY=|bWFj', null, 0, '{"Text":"2.dA==|aXY=|bWFj"}', '2.c2s=|aXY=|bWFj', cast('s3cr3t' as blob),
  cast('s3cr3t' as blob), 100000, null, 3, '2026-01-01', '2026-01-02', null, '2026-12-01', 0, 0);
insert into emergency_access values ('50000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
  null, 'dan@example.org', '4.s3cr3t', 0, 1, 7, null, null, '2026-01-02', '2026-01-01');
insert into devices values ('60000000-0000-4000-8000-000000000001', '2026-01-01', '2026-01-02',
  'a0000000-0000-4000-8000-000000000001', 'firefox', 10, 's3cr3t push', 's3cr3t refresh', 's3cr3t', null);
insert into groups values ('70000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'Grown-ups', 0,
  null, '2026-01-01', '2026-01-02');
insert into groups_users values ('70000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001');
insert into collections_groups values ('d0000000-0000-4000-8000-000000000001', '70000000-0000-4000-8000-000000000001', 1, 0,
  0);
insert into event values ('80000000-0000-4000-8000-000000000001', 1000, 'a0000000-0000-4000-8000-000000000001', null, null,
  null, null, null, 'a0000000-0000-4000-8000-000000000001', 10, '192.0.2.1', '2026-01-02', null, null, null, null);
insert into auth_requests values ('90000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', null, 'x',
  10, '192.0.2.1', null, 's3cr3t', 'MIID', 's3cr3t', 's3cr3t', null, '2026-01-01', null, null);
insert into sso_users values ('a0000000-0000-4000-8000-000000000001', 'https://id.example.org/ada', '2026-01-01');
insert into sso_auth(state, client_challenge, nonce, redirect_uri) values ('s3cr3t', 's3cr3t', 's3cr3t', 'https://x');

-- == bob
insert into users(uuid, created_at, updated_at, email, name, password_hash, salt, password_iterations, akey,
    security_stamp, equivalent_domains, excluded_globals) values
  ('a0000000-0000-4000-8000-000000000009', '2026-01-01 00:00:00', '2026-01-02 00:00:00', 'bob@example.org', 'Bob Birch',
   cast('s3cr3t' as blob), cast('s3cr3t' as blob), 600000, '2.s3cr3t', 's3cr3t', '[]', '[]');
insert into folders values ('c0000000-0000-4000-8000-000000000009', '2026-01-01', '2026-01-02',
  'a0000000-0000-4000-8000-000000000009', '2.Ym9i|aXY=|bWFj');
insert into ciphers(uuid, created_at, updated_at, user_uuid, atype, name, data) values
  ('f0000000-0000-4000-8000-000000000009', '2026-01-01', '2026-01-02', 'a0000000-0000-4000-8000-000000000009', 1,
   '2.Ym9i|aXY=|bWFj', '{}');
insert into folders_ciphers values ('f0000000-0000-4000-8000-000000000009', 'c0000000-0000-4000-8000-000000000009');

-- == link: items of people
select c.name || ' of ' || u.email from ciphers c join users u on u.uuid = c.user_uuid;

-- == link: items of organizations
select c.name || ' of ' || o.name from ciphers c join organizations o on o.uuid = c.organization_uuid;

-- == link: items in folders
select c.name || ' in ' || f.name || ' of ' || u.email from folders_ciphers x join ciphers c on c.uuid = x.cipher_uuid
join folders f on f.uuid = x.folder_uuid join users u on u.uuid = f.user_uuid;

-- == link: items in collections
select c.name || ' in ' || k.name || ' of ' || o.name from ciphers_collections x join ciphers c on c.uuid = x.cipher_uuid
join collections k on k.uuid = x.collection_uuid join organizations o on o.uuid = k.org_uuid;

-- == link: members
select u.email || ' in ' || o.name || coalesce(' as ' || g.name, '') from users_organizations m
join users u on u.uuid = m.user_uuid join organizations o on o.uuid = m.org_uuid
left join groups_users x on x.users_organizations_uuid = m.uuid left join groups g on g.uuid = x.groups_uuid;

-- == link: favourites and archives
select u.email || ' likes ' || c.name from favorites x join users u on u.uuid = x.user_uuid
join ciphers c on c.uuid = x.cipher_uuid
union all select u.email || ' archived ' || c.name from archives x join users u on u.uuid = x.user_uuid
join ciphers c on c.uuid = x.cipher_uuid;

-- == link: attachments and sends
select a.file_name || ' of ' || c.name from attachments a join ciphers c on c.uuid = a.cipher_uuid
union all select s.name || ' of ' || u.email from sends s join users u on u.uuid = s.user_uuid;

-- == absent
-- sso_nonce

-- == made
-- Ada Alder
-- Alder family
-- Grown-ups
-- 2.Zm9sZGVy|aXY=|bWFj
-- cleo@example.org
