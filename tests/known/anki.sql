-- A collection of Anki, in the shape of schema 18. Its collation unicase is Anki's own.

-- == tables
create table col(id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null,
  dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null,
  decks text not null, dconf text not null, tags text not null);
create table notes(id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null,
  tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null,
  data text not null);
create table cards(id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null,
  odue integer not null, odid integer not null, flags integer not null, data text not null);
create table revlog(id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not null);
create table graves(oid integer not null, type integer not null, usn integer not null, primary key(oid, type)) without rowid;
create table deck_config(id integer primary key not null, name text not null collate unicase, mtime_secs integer not null,
  usn integer not null, config blob not null);
create table config(key text not null primary key, usn integer not null, mtime_secs integer not null, val blob not null) without rowid;
create table tags(tag text not null primary key collate unicase, usn integer not null, collapsed boolean not null,
  config blob null) without rowid;
create table fields(ntid integer not null, ord integer not null, name text not null collate unicase, config blob not null,
  primary key(ntid, ord)) without rowid;
create unique index idx_fields_name_ntid on fields(name, ntid);
create table templates(ntid integer not null, ord integer not null, name text not null collate unicase,
  mtime_secs integer not null, usn integer not null, config blob not null, primary key(ntid, ord)) without rowid;
create unique index idx_templates_name_ntid on templates(name, ntid);
create table notetypes(id integer not null primary key, name text not null collate unicase, mtime_secs integer not null,
  usn integer not null, config blob not null);
create unique index idx_notetypes_name on notetypes(name);
create table decks(id integer primary key not null, name text not null collate unicase, mtime_secs integer not null,
  usn integer not null, common blob not null, kind blob not null);
create unique index idx_decks_name on decks(name);
create index idx_notes_mid on notes(mid);

-- == alice
insert into col values (1, 1600000000, 1600000000123, 1600000000456, 18, 0, -1, 0, '', '', '', '', '');
insert into notetypes values (1500000000001, 'Basic', 1600000000, -1, x'0a01');
insert into fields values (1500000000001, 0, 'Front', x''), (1500000000001, 1, 'Back', x'');
insert into templates values (1500000000001, 0, 'Card 1', 1600000000, -1, x'0a');
insert into decks values (1, 'Default', 0, 0, x'', x''), (1500000000100, 'French', 1600000000, -1, x'0a02', x'');
insert into deck_config values (1, 'Default', 0, 0, x'0d');
insert into config values ('curDeck', -1, 1600000000, cast('1' as blob));
insert into tags values ('animals', -1, 0, null);
insert into notes values (1600000000001, 'gA1', 1500000000001, 1600000001, -1, ' animals ', 'chien' || char(31) || 'dog', 'chien', 1, 0, ''),
  (1600000000002, 'gA2', 1500000000001, 1600000002, -1, '', '007' || char(31) || 'bond', 7, 2, 0, '');
insert into cards values (1600000000011, 1600000000001, 1500000000100, 0, 1600000001, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, ''),
  (1600000000012, 1600000000002, 1, 0, 1600000001, -1, 2, 2, 100, 10, 2500, 3, 0, 0, 0, 0, 0, '{"pos":1}');
insert into revlog values (1600000100000, 1600000000012, -1, 3, 1, -60, 2500, 5000, 0);
insert into graves values (1600000000005, 1, -1);

-- == bob
insert into col values (1, 1610000000, 1610000000123, 1610000000456, 18, 0, -1, 0, '', '', '', '', '');
insert into notetypes values (1500000000001, 'Basic', 1600000000, -1, x'0a01');
insert into fields values (1500000000001, 0, 'Front', x''), (1500000000001, 1, 'Back', x'');
insert into templates values (1500000000001, 0, 'Card 1', 1600000000, -1, x'0a');
insert into decks values (1, 'Default', 0, 0, x'', x''), (1500000000100, 'French', 1600000000, -1, x'0a02', x'');
insert into deck_config values (1, 'Default', 0, 0, x'0d');
insert into notes values (1610000000001, 'gB1', 1500000000001, 1610000001, -1, '', 'chat' || char(31) || 'cat', 'chat', 3, 0, '');
insert into cards values (1610000000011, 1610000000001, 1500000000100, 0, 1610000001, -1, 2, 2, 9, 30, 2300, 5, 1, 0, 0, 0, 0, '');
insert into revlog values (1610000100000, 1610000000011, -1, 2, 30, 12, 2300, 9000, 1);
