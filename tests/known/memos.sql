-- Memos, in the shape of 2026.

-- == tables
create table system_setting(name text not null, value text not null, description text not null default '', unique(name));
create table user(id integer primary key autoincrement, created_ts bigint not null default (strftime('%s', 'now')),
  updated_ts bigint not null default (strftime('%s', 'now')),
  row_status text not null check (row_status in ('NORMAL', 'ARCHIVED')) default 'NORMAL',
  username text collate binary not null unique, role text not null default 'USER', email text collate binary default null,
  nickname text not null default '', password_hash text not null, avatar_url text not null default '',
  description text not null default '');
create unique index idx_user_email on user(email);
create table user_setting(user_id integer not null, key text not null, value text not null, unique(user_id, key));
create table space(id integer primary key autoincrement, uid text not null unique, title text not null,
  description text not null default '', payload text not null default '{}');
create table space_member(space_id integer not null, user_id integer not null, status text not null,
  role text not null check (role in ('ADMIN', 'USER')), primary key(space_id, user_id));
create table memo(id integer primary key autoincrement, uid text not null unique, creator_id integer not null,
  created_ts bigint not null default (strftime('%s', 'now')), updated_ts bigint not null default (strftime('%s', 'now')),
  row_status text not null check (row_status in ('NORMAL', 'ARCHIVED')) default 'NORMAL', content text not null default '',
  visibility text not null check (visibility in ('PUBLIC', 'PROTECTED', 'PRIVATE', 'SPACE')) default 'PRIVATE',
  pinned integer not null check (pinned in (0, 1)) default 0, payload text not null default '{}', space_id integer default null);
create index idx_memo_creator_id on memo(creator_id);
create table memo_relation(memo_id integer not null, related_memo_id integer not null, type text not null,
  unique(memo_id, related_memo_id, type));
create table attachment(id integer primary key autoincrement, uid text not null unique, creator_id integer not null,
  created_ts bigint not null default (strftime('%s', 'now')), updated_ts bigint not null default (strftime('%s', 'now')),
  filename text not null default '', blob blob default null, type text not null default '', size integer not null default 0,
  memo_id integer, storage_type text not null default '', reference text not null default '',
  payload text not null default '{}');
create table idp(id integer primary key autoincrement, uid text not null unique, name text not null, type text not null,
  identifier_filter text not null default '', config text not null default '{}');
create table inbox(id integer primary key autoincrement, created_ts bigint not null default (strftime('%s', 'now')),
  sender_id integer not null, receiver_id integer not null, status text not null, message text not null default '{}');
create table reaction(id integer primary key autoincrement, created_ts bigint not null default (strftime('%s', 'now')),
  creator_id integer not null, memo_id integer not null, reaction_type text not null,
  unique(creator_id, memo_id, reaction_type));
create table memo_share(id integer primary key autoincrement, uid text not null unique, memo_id integer not null,
  creator_id integer not null, created_ts bigint not null default (strftime('%s', 'now')), expires_ts bigint default null,
  foreign key(memo_id) references memo(id) on delete cascade);
create table user_identity(id integer primary key autoincrement, user_id integer not null, provider text not null,
  extern_uid text not null, created_ts bigint not null default (strftime('%s', 'now')),
  updated_ts bigint not null default (strftime('%s', 'now')), unique(provider, extern_uid), unique(user_id, provider));
create table poll(id integer primary key autoincrement, created_ts bigint not null default (strftime('%s', 'now')),
  uid text not null unique, memo_id integer not null, definition_hash text not null);
create table poll_vote(id integer primary key autoincrement, created_ts bigint not null default (strftime('%s', 'now')),
  poll_uid text not null, memo_id integer not null, option_index integer not null, voter_id integer not null,
  unique(poll_uid, voter_id, option_index));

-- == alice
insert into system_setting values ('BASIC', '{"secretKey":"s3cr3t"}', ''), ('GENERAL', '{"customProfile":{"title":"Notes"}}', '');
insert into user(id, created_ts, updated_ts, username, role, email, password_hash) values (1, 1760000000, 1760000000, 'ada', 'HOST', 'ada@example.org', '$2a$10$s3cr3t'),
  (3, 1760000001, 1760000001, 'dan', 'USER', null, '$2a$10$s3cr3t');
insert into user_setting values (1, 'GENERAL', '{"locale":"de"}'), (1, 'REFRESH_TOKENS', '{"refreshTokens":[{"tokenId":"s3cr3t"}]}');
insert into space(id, uid, title) values (1, 'spaceA', 'Family');
insert into space_member values (1, 1, 'ACTIVE', 'ADMIN'), (1, 3, 'ACTIVE', 'USER');
insert into memo(id, uid, creator_id, created_ts, updated_ts, content, visibility, pinned, payload, space_id) values
  (1, 'memoA1', 1, 1760000010, 1760000010, 'Buy #rye', 'PRIVATE', 1, '{"tags":["rye"]}', null),
  (2, 'memoA2', 3, 1760000011, 1760000012, 'Bake it', 'SPACE', 0, '{}', 1), (5, 'memoA5', 1, 1760000013, 1760000013, 'A comment', 'PRIVATE', 0, '{}', null);
insert into memo_relation values (5, 2, 'COMMENT'), (2, 1, 'REFERENCE');
insert into attachment(id, uid, creator_id, created_ts, updated_ts, filename, blob, type, size, memo_id) values (1, 'fileA1', 1, 1760000014, 1760000014, 'rye.txt', x'72796500ff', 'text/plain', 5, 1);
insert into idp values (1, 'idpA', 'Home', 'OAUTH2', '', '{"clientSecret":"s3cr3t"}');
insert into inbox values (1, 1760000015, 3, 1, 'UNREAD', '{}');
insert into reaction values (1, 1760000016, 3, 1, '👍');
insert into memo_share values (1, 'shareA', 1, 1, 1760000017, null);
insert into user_identity values (1, 1, 'idpA', 'ada-at-home', 1760000018, 1760000018);
insert into poll values (1, 1760000019, 'pollA', 2, 'abc');
insert into poll_vote values (1, 1760000020, 'pollA', 2, 1, 3);

-- == bob
insert into user(id, created_ts, updated_ts, username, role, password_hash) values (1, 1750000000, 1750000000, 'bob', 'HOST', '$2a$10$s3cr3t');
insert into space(id, uid, title) values (1, 'spaceB', 'Lab');
insert into space_member values (1, 1, 'ACTIVE', 'ADMIN');
insert into memo(id, uid, creator_id, created_ts, updated_ts, content, space_id) values (1, 'memoB1', 1, 1750000010, 1750000010, 'Order tips', 1),
  (2, 'memoB2', 1, 1750000011, 1750000011, 'More tips', null);
insert into memo_relation values (2, 1, 'COMMENT');
insert into reaction values (1, 1750000016, 1, 1, '👍');

-- == link: memos
select m.content || ' by ' || u.username || ' in ' || ifnull(s.title, 'nothing') from memo m join user u on u.id = m.creator_id
left join space s on s.id = m.space_id;

-- == link: relations
select m.content || ' ' || x.type || ' ' || r.content from memo_relation x join memo m on m.id = x.memo_id join memo r on r.id = x.related_memo_id
union all select u.username || ' ' || x.reaction_type || ' ' || m.content from reaction x join memo m on m.id = x.memo_id join user u on u.id = x.creator_id
union all select a.filename || ' ' || hex(a.blob) || ' of ' || m.content || ' by ' || u.username from attachment a join memo m on m.id = a.memo_id join user u on u.id = a.creator_id
union all select x.uid || ' of ' || m.content || ' by ' || u.username from memo_share x join memo m on m.id = x.memo_id join user u on u.id = x.creator_id
union all select p.uid || ' in ' || m.content from poll p join memo m on m.id = p.memo_id
union all select u.username || ' votes in ' || m.content from poll_vote v join memo m on m.id = v.memo_id join user u on u.id = v.voter_id;

-- == link: people
select u.username || ' in ' || s.title from space_member x join space s on s.id = x.space_id join user u on u.id = x.user_id
union all select u.username || ' is ' || x.extern_uid from user_identity x join user u on u.id = x.user_id
union all select u.username || ' ' || x.value from user_setting x join user u on u.id = x.user_id where x.key = 'GENERAL';

-- == made
-- Buy #rye
-- rye.txt
-- Family
