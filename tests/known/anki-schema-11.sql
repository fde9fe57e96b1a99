-- A collection of Anki, in the shape of schema 11.

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
create table graves(usn integer not null, oid integer not null, type integer not null);
create index ix_notes_usn on notes(usn);
create index ix_cards_nid on cards(nid);
create index ix_cards_sched on cards(did, queue, due);
create index ix_revlog_cid on revlog(cid);

-- == alice
insert into col values (1, 1600000000, 1600000000123, 1600000000456, 11, 0, -1, 0, '{"curDeck":1,"nextPos":3}',
  '{"1500000000001":{"id":1500000000001,"name":"Basic","flds":[{"name":"Front"},{"name":"Back"}]}}',
  '{"1":{"id":1,"name":"Default"},"1500000000100":{"id":1500000000100,"name":"French"}}', '{"1":{"id":1,"name":"Default"}}', '{}');
insert into notes values (1600000000001, 'gA1', 1500000000001, 1600000001, -1, ' animals ', 'chien' || char(31) || 'dog', 'chien', 1, 0, ''),
  (1600000000002, 'gA2', 1500000000001, 1600000002, -1, '', '007' || char(31) || 'bond', 7, 2, 0, '');
insert into cards values (1600000000011, 1600000000001, 1500000000100, 0, 1600000001, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, ''),
  (1600000000012, 1600000000002, 1, 0, 1600000001, -1, 2, 2, 100, 10, 2500, 3, 0, 0, 0, 0, 0, '');
insert into revlog values (1600000100000, 1600000000012, -1, 3, 1, -60, 2500, 5000, 0),
  (1600000200000, 1600000000012, -1, 3, 4, 1, 2500, 4000, 1);
insert into graves values (-1, 1600000000005, 1);

-- == bob
insert into col values (1, 1610000000, 1610000000123, 1610000000456, 11, 0, -1, 0, '{"curDeck":1,"nextPos":2}',
  '{"1500000000001":{"id":1500000000001,"name":"Basic","flds":[{"name":"Front"},{"name":"Back"}]}}',
  '{"1":{"id":1,"name":"Default"},"1500000000100":{"id":1500000000100,"name":"French"}}', '{"1":{"id":1,"name":"Default"}}', '{}');
insert into notes values (1610000000001, 'gB1', 1500000000001, 1610000001, -1, '', 'chat' || char(31) || 'cat', 'chat', 3, 0, '');
insert into cards values (1610000000011, 1610000000001, 1500000000100, 0, 1610000001, -1, 2, 2, 9, 30, 2300, 5, 1, 0, 0, 0, 0, '');
insert into revlog values (1610000100000, 1610000000011, -1, 2, 30, 12, 2300, 9000, 1);

-- == new
insert into col values (1, 1620000000, 1620000000123, 1620000000456, 11, 0, -1, 0, '{}', '{}', '{}', '{}', '{}');

-- == link: cards
select n.guid || ' ' || n.flds || ' ' || c.ord || ' in ' || c.did || ' due ' || c.due from cards c join notes n on n.id = c.nid;

-- == link: reviews
select n.guid || ' at ' || r.id || ': ' || r.ease || ' ' || r.ivl from revlog r join cards c on c.id = r.cid
join notes n on n.id = c.nid;

-- == import
-- --on-conflict
-- skip

-- == import new
-- --on-conflict
-- overwrite

-- == absent
-- decks
-- fields
-- templates
-- notetypes
-- tags
-- deck_config
-- config

-- == made
-- chien
-- French
-- 007
