-- The gravity database of Pi-hole, in the shape of version 16.

-- == tables
create table "group"(id integer primary key autoincrement, enabled boolean not null default 1, name text unique not null,
  date_added integer not null default (cast(strftime('%s', 'now') as int)),
  date_modified integer not null default (cast(strftime('%s', 'now') as int)), description text);
create table domainlist(id integer primary key autoincrement, type integer not null default 0, domain text not null,
  enabled boolean not null default 1, date_added integer not null default (cast(strftime('%s', 'now') as int)),
  date_modified integer not null default (cast(strftime('%s', 'now') as int)), comment text, unique(domain, type));
create table adlist(id integer primary key autoincrement, address text unique not null, enabled boolean not null default 1,
  date_added integer not null default (cast(strftime('%s', 'now') as int)),
  date_modified integer not null default (cast(strftime('%s', 'now') as int)), comment text, date_updated integer,
  number integer not null default 0, invalid_domains integer not null default 0, status integer not null default 0,
  abp_entries integer not null default 0, type integer not null default 0);
create table adlist_by_group(adlist_id integer not null references adlist(id),
  group_id integer not null references "group"(id), primary key(adlist_id, group_id));
create table gravity(domain text not null, adlist_id integer not null references adlist(id));
create table antigravity(domain text not null, adlist_id integer not null references adlist(id));
create table info(property text primary key, value text not null);
create table domain_audit(id integer primary key autoincrement, domain text unique not null,
  date_added integer not null default (cast(strftime('%s', 'now') as int)));
create table domainlist_by_group(domainlist_id integer not null references domainlist(id),
  group_id integer not null references "group"(id), primary key(domainlist_id, group_id));
create table client(id integer primary key autoincrement, ip text not null unique,
  date_added integer not null default (cast(strftime('%s', 'now') as int)),
  date_modified integer not null default (cast(strftime('%s', 'now') as int)), comment text);
create table client_by_group(client_id integer not null references client(id),
  group_id integer not null references "group"(id), primary key(client_id, group_id));

-- == triggers
create trigger tr_domainlist_update after update on domainlist begin
  update domainlist set date_modified = (cast(strftime('%s', 'now') as int)) where domain = new.domain; end;
create trigger tr_domainlist_add after insert on domainlist begin
  insert into domainlist_by_group(domainlist_id, group_id) values (new.id, 0); end;
create trigger tr_client_add after insert on client begin
  insert into client_by_group(client_id, group_id) values (new.id, 0); end;
create trigger tr_adlist_add after insert on adlist begin
  insert into adlist_by_group(adlist_id, group_id) values (new.id, 0); end;
create trigger tr_group_zero after delete on "group" begin
  insert or ignore into "group"(id, enabled, name) values (0, 1, 'Default'); end;
create trigger tr_domainlist_delete after delete on domainlist begin
  delete from domainlist_by_group where domainlist_id = old.id; end;

-- == alice
insert into "group" values (0, 1, 'Default', 1700000000, 1700000000, 'The default group'), (1, 1, 'Kids', 1700000001, 1700000001, null),
  (2, 1, 'Things', 1700000002, 1700000002, null);
insert into domainlist values (1, 1, 'bad.example', 1, 1700000003, 1700000003, 'really'), (2, 0, 'good.example', 1, 1700000004, 1700000004, null),
  (3, 3, '(^|\.)ads\.example$', 1, 1700000005, 1700000005, null);
insert into domainlist_by_group values (1, 1), (2, 0), (2, 1), (3, 2);
insert into adlist(id, address, date_added, date_modified, number, status) values
  (1, 'https://lists.example/hosts', 1700000006, 1700000006, 1000, 2), (2, 'https://kids.example/hosts', 1700000007, 1700000007, 10, 1);
insert into adlist_by_group values (1, 0), (2, 1);
insert into client values (1, '192.0.2.7', 1700000008, 1700000008, 'tablet'), (2, '192.0.2.9', 1700000009, 1700000009, 'lamp');
insert into client_by_group values (1, 1), (2, 2);
insert into gravity values ('ads.example', 1);
insert into info values ('version', '16'), ('gravity_count', '1010');

-- == bob
insert into "group" values (0, 1, 'Default', 1600000000, 1600000000, 'The default group'), (1, 1, 'Work', 1600000001, 1600000001, null);
insert into domainlist values (1, 1, 'games.example', 1, 1600000003, 1600000003, null);
insert into domainlist_by_group values (1, 1);
insert into adlist(id, address, date_added, date_modified) values (1, 'https://other.example/hosts', 1600000006, 1600000006);
insert into adlist_by_group values (1, 0);
insert into client values (1, '198.51.100.7', 1600000008, 1600000008, null);
insert into client_by_group values (1, 1);
insert into info values ('version', '16');

-- == new
insert into "group" values (0, 1, 'Default', 1700000000, 1700000000, 'The default group');
insert into info values ('version', '16');

-- == link: groups
select d.domain || ' ' || d.type || ' for ' || g.name from domainlist_by_group x join domainlist d on d.id = x.domainlist_id join "group" g on g.id = x.group_id
union all select a.address || ' for ' || g.name from adlist_by_group x join adlist a on a.id = x.adlist_id join "group" g on g.id = x.group_id
union all select c.ip || ' for ' || g.name from client_by_group x join client c on c.id = x.client_id join "group" g on g.id = x.group_id;

-- == link: dates
select domain || ' ' || date_added || ' ' || date_modified from domainlist union all select ip || ' ' || date_modified from client;

-- == import
-- --on-conflict
-- skip

-- == made
-- bad.example
-- https://kids.example/hosts
-- tablet
