-- Bookmarks and history of Firefox, in the shape of 2024.

-- == tables
create table moz_origins(id integer primary key, prefix text not null, host text not null, frecency integer not null,
  recalc_frecency integer not null default 0, alt_frecency integer, recalc_alt_frecency integer not null default 0,
  unique(prefix, host));
create table moz_places(id integer primary key, url longvarchar, title longvarchar, rev_host longvarchar,
  visit_count integer default 0, hidden integer default 0 not null, typed integer default 0 not null,
  frecency integer default -1 not null, last_visit_date integer, guid text, foreign_count integer default 0 not null,
  url_hash integer default 0 not null, description text, preview_image_url text, site_name text,
  origin_id integer references moz_origins(id), recalc_frecency integer not null default 0, alt_frecency integer,
  recalc_alt_frecency integer not null default 0);
create index moz_places_url_hashindex on moz_places(url_hash);
create unique index moz_places_guid_uniqueindex on moz_places(guid);
create index moz_places_originidindex on moz_places(origin_id);
create table moz_places_extra(place_id integer primary key not null, sync_json text,
  foreign key(place_id) references moz_places(id) on delete cascade);
create table moz_historyvisits(id integer primary key, from_visit integer, place_id integer, visit_date integer,
  visit_type integer, session integer, source integer default 0 not null, triggeringPlaceId integer);
create index moz_historyvisits_placedateindex on moz_historyvisits(place_id, visit_date);
create table moz_historyvisits_extra(visit_id integer primary key not null, sync_json text,
  foreign key(visit_id) references moz_historyvisits(id) on delete cascade);
create table moz_inputhistory(place_id integer not null, input longvarchar not null, use_count integer,
  primary key(place_id, input));
create table moz_anno_attributes(id integer primary key, name varchar(32) unique not null);
create table moz_annos(id integer primary key, place_id integer not null, anno_attribute_id integer,
  content longvarchar, flags integer default 0, expiration integer default 0, type integer default 0,
  dateAdded integer default 0, lastModified integer default 0);
create unique index moz_annos_placeattributeindex on moz_annos(place_id, anno_attribute_id);
create table moz_items_annos(id integer primary key, item_id integer not null, anno_attribute_id integer,
  content longvarchar, flags integer default 0, expiration integer default 0, type integer default 0,
  dateAdded integer default 0, lastModified integer default 0);
create unique index moz_items_annos_itemattributeindex on moz_items_annos(item_id, anno_attribute_id);
create table moz_bookmarks(id integer primary key, type integer, fk integer default null, parent integer,
  position integer, title longvarchar, keyword_id integer, folder_type text, dateAdded integer, lastModified integer,
  guid text, syncStatus integer not null default 0, syncChangeCounter integer not null default 1);
create index moz_bookmarks_itemindex on moz_bookmarks(fk, type);
create unique index moz_bookmarks_guid_uniqueindex on moz_bookmarks(guid);
create table moz_bookmarks_deleted(guid text primary key, dateRemoved integer not null default 0);
create table moz_keywords(id integer primary key autoincrement, keyword text unique, place_id integer, post_data text);
create table moz_meta(key text primary key, value not null) without rowid;
create table moz_places_metadata_search_queries(id integer primary key, terms text not null unique);
create table moz_places_metadata(id integer primary key, place_id integer not null, referrer_place_id integer,
  created_at integer not null default 0, updated_at integer not null default 0,
  total_view_time integer not null default 0, typing_time integer not null default 0,
  key_presses integer not null default 0, scrolling_time integer not null default 0,
  scrolling_distance integer not null default 0, document_type integer not null default 0, search_query_id integer,
  foreign key(place_id) references moz_places(id) on delete cascade,
  foreign key(referrer_place_id) references moz_places(id) on delete cascade,
  foreign key(search_query_id) references moz_places_metadata_search_queries(id) on delete cascade);
create table moz_previews_tombstones(hash text primary key) without rowid;

-- == alice
insert into moz_origins(id, prefix, host, frecency) values (1, 'https://', 'example.org', 100), (2, 'https://', 'rust-lang.org', 50);
insert into moz_places(id, url, title, rev_host, visit_count, frecency, last_visit_date, guid, foreign_count, url_hash, origin_id) values
  (1, 'https://example.org/', 'Example', 'gro.elpmaxe.', 2, 100, 1760000000000002, 'placeAAAAAA1', 1, 47356000001, 1),
  (2, 'https://rust-lang.org/learn', 'Learn Rust', 'gro.gnal-tsur.', 1, 50, 1760000000000003, 'placeAAAAAA2', 1, 47356000002, 2),
  (3, 'https://example.org/news', 'News', 'gro.elpmaxe.', 1, 50, 1760000000000001, 'placeAAAAAA3', 0, 47356000003, 1);
insert into moz_historyvisits(id, from_visit, place_id, visit_date, visit_type, session) values
  (1, 0, 1, 1760000000000000, 2, 0), (2, 1, 3, 1760000000000001, 1, 0), (3, 0, 1, 1760000000000002, 1, 0),
  (4, 3, 2, 1760000000000003, 1, 0);
insert into moz_inputhistory values (2, 'rust', 3);
insert into moz_anno_attributes values (1, 'bookmarkProperties/description'), (2, 'downloads/destinationFileURI');
insert into moz_annos(id, place_id, anno_attribute_id, content) values (1, 3, 2, 'file:///tmp/news');
insert into moz_bookmarks(id, type, fk, parent, position, title, dateAdded, lastModified, guid, syncStatus) values
  (1, 2, null, 0, 0, '', 1, 1, 'root________', 1), (2, 2, null, 1, 0, 'menu', 1, 1, 'menu________', 1),
  (3, 2, null, 1, 1, 'toolbar', 1, 1, 'toolbar_____', 1), (4, 2, null, 1, 2, 'tags', 1, 1, 'tags________', 1),
  (5, 2, null, 2, 0, 'Reading list', 5, 5, 'bookmarkAAA5', 1), (6, 1, 2, 5, 0, 'The Book', 6, 6, 'bookmarkAAA6', 2),
  (7, 1, 1, 3, 0, 'An example', 7, 7, 'bookmarkAAA7', 1), (8, 3, null, 5, 1, null, 8, 8, 'bookmarkAAA8', 1),
  (9, 2, null, 4, 0, 'languages', 9, 9, 'bookmarkAAA9', 1), (10, 1, 2, 9, 0, null, 10, 10, 'bookmarkAA10', 1);
insert into moz_items_annos(id, item_id, anno_attribute_id, content) values (1, 6, 1, 'read it twice');
insert into moz_keywords values (1, 'book', 2, null);
insert into moz_meta values ('sync/bookmarks/syncId', 's3cr3t');
insert into moz_places_metadata_search_queries values (1, 'how to rust');
insert into moz_places_metadata(id, place_id, referrer_place_id, created_at, search_query_id) values (1, 2, 1, 1760000000000, 1);

-- == bob
insert into moz_origins(id, prefix, host, frecency) values (1, 'https://', 'sqlite.org', 10), (2, 'https://', 'example.org', 7);
insert into moz_places(id, url, title, rev_host, visit_count, frecency, last_visit_date, guid, foreign_count, url_hash, origin_id) values
  (1, 'https://sqlite.org/lang.html', 'SQL', 'gro.etilqs.', 1, 10, 1750000000000000, 'placeBBBBBB1', 1, 47356000009, 1),
  (2, 'https://example.org/', 'Example Domain', 'gro.elpmaxe.', 1, 7, 1750000000000001, 'placeBBBBBB2', 0, 47356000001, 2);
insert into moz_historyvisits(id, from_visit, place_id, visit_date, visit_type, session) values
  (1, 0, 1, 1750000000000000, 1, 0), (2, 1, 2, 1750000000000001, 1, 0);
insert into moz_anno_attributes values (1, 'sync/children'), (2, 'bookmarkProperties/description');
insert into moz_bookmarks(id, type, fk, parent, position, title, dateAdded, lastModified, guid, syncStatus) values
  (1, 2, null, 0, 0, '', 2, 2, 'root________', 1), (2, 2, null, 1, 0, 'menu', 2, 2, 'menu________', 1),
  (3, 2, null, 1, 1, 'toolbar', 2, 2, 'toolbar_____', 1), (4, 2, null, 1, 2, 'tags', 2, 2, 'tags________', 1),
  (5, 1, 1, 2, 0, 'SQL as understood', 5, 5, 'bookmarkBBB5', 1);

-- == new
insert into moz_bookmarks(id, type, fk, parent, position, title, dateAdded, lastModified, guid, syncStatus) values
  (1, 2, null, 0, 0, '', 1, 1, 'root________', 1), (2, 2, null, 1, 0, 'menu', 1, 1, 'menu________', 1),
  (3, 2, null, 1, 1, 'toolbar', 1, 1, 'toolbar_____', 1), (4, 2, null, 1, 2, 'tags', 1, 1, 'tags________', 1);

-- == link: bookmarks
select ifnull(b.title, '(none)') || ' ' || b.guid || ' -> ' || ifnull(p.url, 'nothing') || ' in ' || ifnull(f.guid, 'nothing')
from moz_bookmarks b left join moz_places p on p.id = b.fk left join moz_bookmarks f on f.id = b.parent;

-- == link: visits
select p.url || ' at ' || v.visit_date || ' from ' || ifnull(q.url, 'nothing') from moz_historyvisits v
join moz_places p on p.id = v.place_id left join moz_historyvisits w on w.id = v.from_visit
left join moz_places q on q.id = w.place_id;

-- == link: origins
select p.url || ' of ' || o.host from moz_places p join moz_origins o on o.id = p.origin_id;

-- == link: notes and keywords
select b.title || ': ' || a.name || ' ' || x.content from moz_items_annos x join moz_bookmarks b on b.id = x.item_id
join moz_anno_attributes a on a.id = x.anno_attribute_id
union all select p.url || ': ' || a.name || ' ' || x.content from moz_annos x join moz_places p on p.id = x.place_id
join moz_anno_attributes a on a.id = x.anno_attribute_id
union all select k.keyword || ' -> ' || p.url from moz_keywords k join moz_places p on p.id = k.place_id
union all select i.input || ' -> ' || p.url from moz_inputhistory i join moz_places p on p.id = i.place_id;

-- == import
-- --on-conflict
-- skip

-- == absent
-- moz_bookmarks_roots
-- moz_places.favicon_id
-- moz_favicons
-- moz_hosts

-- == made
-- Reading list
-- The Book
-- read it twice
-- https://rust-lang.org/learn
