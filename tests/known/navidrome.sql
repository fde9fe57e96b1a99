-- Navidrome, in the shape of its migrations of 2026-08.

-- == tables
create table goose_db_version(id integer primary key autoincrement, version_id integer not null, is_applied integer not null,
  tstamp timestamp default (datetime('now')));
create table property(id varchar(255) not null primary key, value varchar(1024) default '' not null);
create table "user"(id varchar(255) not null primary key, user_name varchar(255) default '' not null unique,
  name varchar(255) collate nocase default '' not null, email varchar(255) default '' not null,
  password varchar(255) default '' not null, is_admin bool default false not null, last_login_at datetime,
  last_access_at datetime, created_at datetime not null, updated_at datetime not null,
  scrobble_filter varchar default '' not null);
create table user_props(user_id varchar not null, key varchar not null, value varchar,
  constraint user_props_pk primary key(user_id, key));
create table library(id integer primary key autoincrement, name text not null unique, path text not null unique,
  remote_path text null default '', last_scan_at datetime not null default '0000-00-00 00:00:00',
  updated_at datetime not null default current_timestamp, created_at datetime not null default current_timestamp,
  last_scan_started_at datetime default '0000-00-00 00:00:00' not null, full_scan_in_progress boolean default false not null,
  total_songs integer default 0 not null, total_albums integer default 0 not null, total_size integer default 0 not null,
  total_duration real default 0, default_new_users boolean default false);
create table user_library(user_id varchar(255) not null, library_id integer not null, primary key(user_id, library_id),
  foreign key(user_id) references user(id) on delete cascade, foreign key(library_id) references library(id) on delete cascade);
create table transcoding(id varchar(255) not null primary key, name varchar(255) not null, target_format varchar(255) not null,
  command varchar(255) default '' not null, default_bit_rate int default 192, unique(name), unique(target_format));
create table player(id varchar(255) not null primary key, name varchar not null, user_agent varchar,
  user_id varchar not null references user(id) on update cascade on delete cascade, client varchar not null, ip varchar,
  last_seen timestamp, max_bit_rate int default 0, transcoding_id varchar, report_real_path bool default false not null,
  scrobble_enabled bool default true);
create table radio(id varchar(255) not null primary key, name varchar not null unique, stream_url varchar not null,
  home_page_url varchar default '' not null, created_at datetime, updated_at datetime, uploaded_image varchar default '' not null);
create table plugin(id text primary key, path text not null, manifest jsonb not null, config jsonb, users jsonb,
  all_users bool not null default false, libraries jsonb, all_libraries bool not null default false,
  enabled bool not null default false, last_error text, sha256 text not null, created_at datetime not null,
  updated_at datetime not null, allow_write_access bool not null default false);
create table folder(id varchar not null primary key, library_id integer not null references library(id) on delete cascade,
  path varchar default '' not null, name varchar default '' not null, missing boolean default false not null,
  parent_id varchar default '' not null, num_audio_files integer default 0 not null, num_playlists integer default 0 not null,
  image_files jsonb default '[]' not null, images_updated_at datetime default '0000-00-00 00:00:00' not null,
  updated_at datetime not null default '2026-01-01', created_at datetime not null default '2026-01-01', hash varchar default '' not null);
create table artist(id varchar(255) not null primary key, name varchar(255) default '' not null,
  sort_artist_name varchar(255) collate nocase default '' not null, order_artist_name varchar(255) collate nocase default '' not null,
  mbz_artist_id varchar(255), biography varchar(255) default '' not null, external_url varchar(255) default '' not null,
  missing boolean default false not null, similar_artists jsonb default '[]' not null, created_at datetime, updated_at datetime,
  search_normalized text not null default '');
create table album(id varchar(255) not null primary key, name varchar(255) default '' not null, embed_art_path varchar default '' not null,
  album_artist_id varchar(255) default '' not null, album_artist varchar(255) default '' not null, max_year integer default 0 not null,
  compilation bool default false not null, song_count integer default 0 not null, duration real default 0 not null,
  library_id integer not null default 1 references library(id) on delete cascade, tags jsonb default '{}' not null,
  participants jsonb default '{}' not null, folder_ids jsonb default '[]' not null, discs jsonb default '{}' not null,
  missing boolean default false not null, created_at datetime, updated_at datetime, search_normalized text not null default '');
create table media_file(id varchar(255) not null primary key, path varchar(255) default '' not null, title varchar(255) default '' not null,
  album varchar(255) default '' not null, artist varchar(255) default '' not null, artist_id varchar(255) default '' not null,
  album_artist varchar(255) default '' not null, album_id varchar(255) default '' not null, track_number integer default 0 not null,
  size integer default 0 not null, suffix varchar(255) default '' not null, duration real default 0 not null, lyrics jsonb default '[]',
  library_id integer not null default 1 references library(id) on delete cascade, folder_id varchar default '' not null,
  pid varchar default '' not null, missing boolean default false not null, tags jsonb default '{}' not null,
  participants jsonb default '{}' not null, created_at datetime, updated_at datetime, search_normalized text not null default '');
create index media_file_folder_id on media_file(folder_id);
create table media_file_artists(media_file_id varchar not null references media_file(id) on delete cascade,
  artist_id varchar not null references artist(id) on delete cascade, role varchar default '' not null,
  sub_role varchar default '' not null, constraint artist_tracks unique(artist_id, media_file_id, role, sub_role));
create table album_artists(album_id varchar not null references album(id) on delete cascade,
  artist_id varchar not null references artist(id) on delete cascade, role varchar default '' not null,
  sub_role varchar default '' not null, constraint album_artists unique(album_id, artist_id, role, sub_role));
create table tag(id varchar not null primary key, tag_name varchar default '' not null, tag_value varchar default '' not null,
  constraint tags_name_value unique(tag_name, tag_value));
create table library_artist(library_id integer not null default 1 references library(id) on delete cascade,
  artist_id varchar not null references artist(id) on delete cascade, stats text default '{}',
  constraint library_artist_ux unique(library_id, artist_id));
create table library_tag(tag_id varchar not null, library_id integer not null, album_count integer default 0 not null,
  media_file_count integer default 0 not null, primary key(tag_id, library_id),
  foreign key(tag_id) references tag(id) on delete cascade, foreign key(library_id) references library(id) on delete cascade);
create table playlist(id varchar(255) not null primary key, name varchar(255) collate nocase default '' not null,
  comment varchar(255) default '' not null, duration real default 0 not null, song_count integer default 0 not null,
  public bool default false not null, created_at datetime, updated_at datetime, path string default '' not null,
  sync bool default false not null, size integer default 0 not null, rules varchar, evaluated_at datetime,
  owner_id varchar(255) not null constraint playlist_user_user_id_fk references user on update cascade on delete cascade,
  uploaded_image varchar default '' not null, external_image_url varchar default '' not null,
  average_rating real not null default 0, imported_hash varchar default '' not null);
create table playlist_fields(field varchar(255) not null, playlist_id varchar(255) not null
  constraint playlist_fields_playlist_id_fk references playlist on update cascade on delete cascade);
create table playlist_tracks(id integer default 0 not null, playlist_id varchar(255) not null
  constraint playlist_tracks_playlist_id_fk references playlist on update cascade on delete cascade,
  media_file_id varchar(255) not null);
create unique index playlist_tracks_pos on playlist_tracks(playlist_id, id);
create table annotation(user_id varchar(255) not null references user(id) on delete cascade on update cascade,
  item_id varchar(255) default '' not null, item_type varchar(255) default '' not null, play_count integer default 0,
  play_date datetime, rating integer default 0, starred bool default false not null, starred_at datetime, rated_at datetime,
  unique(user_id, item_id, item_type));
create table bookmark(user_id varchar(255) not null references user on update cascade on delete cascade,
  item_id varchar(255) not null, item_type varchar(255) not null, comment varchar(255), position integer, changed_by varchar(255),
  created_at datetime, updated_at datetime, constraint bookmark_pk unique(user_id, item_id, item_type));
create table playqueue(id varchar(255) not null, user_id varchar(255) not null references user(id) on update cascade on delete cascade,
  current integer not null default 0, position integer, changed_by varchar(255), items varchar(255), created_at datetime,
  updated_at datetime);
create table share(id varchar(255) not null primary key, description varchar(255), expires_at datetime, last_visited_at datetime,
  resource_ids varchar not null, resource_type varchar(255) not null, contents varchar, format varchar, max_bit_rate integer,
  visit_count integer default 0, created_at datetime, updated_at datetime,
  user_id varchar(255) not null constraint share_user_id_fk references user on update cascade on delete cascade,
  downloadable bool not null default false);
create table scrobbles(id integer primary key, media_file_id varchar(255) not null references media_file(id) on delete cascade on update cascade,
  user_id varchar(255) not null references user(id) on delete cascade on update cascade, submission_time integer not null);
create table scrobble_buffer(user_id varchar not null constraint scrobble_buffer_user_id_fk references user on update cascade on delete cascade,
  service varchar not null,
  media_file_id varchar not null constraint scrobble_buffer_media_file_id_fk references media_file on update cascade on delete cascade,
  play_time datetime not null, enqueue_time datetime not null default current_timestamp, id varchar not null default '',
  constraint scrobble_buffer_pk unique(user_id, service, media_file_id, play_time));
create table artwork(hash text primary key, mime text not null, width integer not null default 0, height integer not null default 0,
  size_bytes integer not null default 0);
create table item_artwork(item_kind text not null, item_id text not null, image_type text not null default 'primary',
  hash text not null default '', primary key(item_kind, item_id, image_type)) without rowid;
create table artwork_queue(item_kind text not null, item_id text not null, image_type text not null default 'primary',
  primary key(item_kind, item_id, image_type)) without rowid;
create virtual table media_file_fts using fts5(title, album, artist, search_normalized, content='', content_rowid='rowid',
  tokenize='unicode61 remove_diacritics 2');
create virtual table album_fts using fts5(name, album_artist, search_normalized, content='', content_rowid='rowid',
  tokenize='unicode61 remove_diacritics 2');
create virtual table artist_fts using fts5(name, search_normalized, content='', content_rowid='rowid',
  tokenize='unicode61 remove_diacritics 2');

-- == triggers
create trigger media_file_fts_ai after insert on media_file begin
  insert into media_file_fts(rowid, title, album, artist, search_normalized)
  values (new.rowid, new.title, new.album, new.artist, coalesce(new.search_normalized, '')); end;
create trigger media_file_fts_ad after delete on media_file begin
  insert into media_file_fts(media_file_fts, rowid, title, album, artist, search_normalized)
  values ('delete', old.rowid, old.title, old.album, old.artist, coalesce(old.search_normalized, '')); end;
create trigger album_fts_ai after insert on album begin
  insert into album_fts(rowid, name, album_artist, search_normalized)
  values (new.rowid, new.name, new.album_artist, coalesce(new.search_normalized, '')); end;
create trigger artist_fts_ai after insert on artist begin
  insert into artist_fts(rowid, name, search_normalized) values (new.rowid, new.name, coalesce(new.search_normalized, '')); end;

-- == alice
insert into goose_db_version(version_id, is_applied) values (20260819204637, 1);
insert into property values ('JWTSecret', 's3cr3t'), ('PIDTrack', 'x');
insert into "user"(id, user_name, name, email, password, is_admin, created_at, updated_at) values ('uA1', 'ada', 'Ada', 'ada@example.org', 's3cr3t', 1, '2026-01-01', '2026-01-01'),
  ('uA2', 'sam', 'Sam', '', 's3cr3t', 0, '2026-01-02', '2026-01-02');
insert into user_props values ('uA1', 'LastFMSessionKey', 's3cr3t');
insert into library(id, name, path) values (1, 'Music Library', '/music'), (2, 'Plays', '/plays');
insert into user_library values ('uA1', 1), ('uA1', 2), ('uA2', 2);
insert into transcoding values ('tA', 'mp3 audio', 'mp3', 'ffmpeg -i %s', 192);
insert into player(id, name, user_id, client, transcoding_id) values ('pA', 'Phone', 'uA1', 'app', 'tA');
insert into radio(id, name, stream_url) values ('rA', 'Bread FM', 'https://bread.example/stream');
insert into folder(id, library_id, path, name, parent_id) values ('f0', 1, '', '.', ''), ('f1', 1, '.', 'Rye', 'f0');
insert into artist(id, name, search_normalized) values ('ar1', 'Ada Choir', 'ada choir'), ('ar2', 'Otto', 'otto');
insert into album(id, name, album_artist_id, library_id, folder_ids) values ('al1', 'Crust', 'ar1', 1, '["f1"]');
insert into media_file(id, path, title, album, artist, artist_id, album_id, library_id, folder_id, pid) values
  ('mA1', 'Rye/01.flac', 'Knead', 'Crust', 'Ada Choir', 'ar1', 'al1', 1, 'f1', 'pid1'),
  ('mA2', 'Rye/02.flac', 'Bake', 'Crust', 'Ada Choir', 'ar1', 'al1', 1, 'f1', 'pid2'),
  ('mA3', 'hamlet.mp3', 'Hamlet', '', 'Otto', 'ar2', '', 2, '', 'pid3');
insert into media_file_artists values ('mA1', 'ar1', 'artist', ''), ('mA1', 'ar2', 'composer', ''), ('mA2', 'ar1', 'artist', '');
insert into album_artists values ('al1', 'ar1', 'albumartist', '');
insert into tag values ('t1', 'genre', 'Choral');
insert into library_artist values (1, 'ar1', '{}');
insert into library_tag values ('t1', 1, 1, 2);
insert into playlist(id, name, owner_id, comment) values ('plA', 'Morning', 'uA1', 'while it *bakes*'), ('plB', 'Smart', 'uA2', '');
update playlist set rules = '{"all":[{"is":{"loved":true}}]}' where id = 'plB';
insert into playlist_fields values ('genre', 'plB');
insert into playlist_tracks values (1, 'plA', 'mA2'), (2, 'plA', 'mA1'), (3, 'plA', 'mA2');
insert into annotation values ('uA1', 'mA1', 'media_file', 7, '2026-02-01', 5, 1, '2026-02-01', '2026-02-01'), ('uA1', 'al1', 'album', 7, '2026-02-01', 0, 1, '2026-02-01', null),
  ('uA2', 'ar1', 'artist', 2, null, 4, 0, null, null), ('uA2', 'plA', 'playlist', 0, null, 3, 0, null, null);
insert into bookmark values ('uA1', 'mA3', 'media_file', 'act two', 123456, 'app', '2026-02-02', '2026-02-02');
insert into playqueue values ('qA', 'uA1', 1, 30, 'app', 'mA2,mA1', '2026-02-02', '2026-02-02');
insert into share(id, resource_ids, resource_type, user_id, description) values ('shA', 'al1', 'album', 'uA1', 'for Dan');
insert into scrobbles values (1, 'mA1', 'uA1', 1769900000);
insert into scrobble_buffer values ('uA1', 'lastfm', 'mA1', '2026-02-01', '2026-02-01', 'sb1');

-- == bob
insert into goose_db_version(version_id, is_applied) values (20260819204637, 1);
insert into "user"(id, user_name, name, password, created_at, updated_at) values ('uB1', 'bob', 'Bob', 's3cr3t', '2025-01-01', '2025-01-01'), ('uB2', 'sam', 'Sam', 's3cr3t', '2026-01-02', '2026-01-02');
insert into library(id, name, path) values (1, 'Cats', '/cats'), (2, 'Music Library', '/music');
insert into user_library values ('uB1', 1), ('uB2', 1);
insert into transcoding values ('tB', 'opus audio', 'opus', 'ffmpeg -i %s', 96);
insert into artist(id, name) values ('ar1', 'Ada Choir'), ('ar9', 'Tom');
insert into album(id, name, album_artist_id, library_id) values ('al9', 'Purr', 'ar9', 1);
insert into media_file(id, path, title, album, artist, artist_id, album_id, library_id, folder_id, pid) values
  ('mB1', 'purr.mp3', 'Purr', 'Purr', 'Tom', 'ar9', 'al9', 1, '', 'pid9');
insert into playlist(id, name, owner_id) values ('plZ', 'Naps', 'uB1');
insert into playlist_tracks values (1, 'plZ', 'mB1');
insert into annotation values ('uB1', 'mB1', 'media_file', 1, null, 0, 1, null, null);

-- == link: people
select u.user_name || ' has ' || l.name from user_library x join user u on u.id = x.user_id join library l on l.id = x.library_id
union all select u.user_name || ' on ' || p.name || ' as ' || t.name from player p join user u on u.id = p.user_id join transcoding t on t.id = p.transcoding_id
union all select u.user_name || ' knows ' || p.key from user_props p join user u on u.id = p.user_id;

-- == link: playlists
select p.name || ' of ' || u.user_name || ' ' || t.id || ' ' || l.name || '/' || m.path from playlist p join user u on u.id = p.owner_id join playlist_tracks t on t.playlist_id = p.id join media_file m on m.id = t.media_file_id join library l on l.id = m.library_id
union all select p.name || ' by ' || f.field from playlist_fields f join playlist p on p.id = f.playlist_id;

-- == link: stars, plays, places
select u.user_name || ' ' || a.rating || a.starred || ' ' || m.path || ' ' || l.name from annotation a join user u on u.id = a.user_id join media_file m on m.id = a.item_id and a.item_type = 'media_file' join library l on l.id = m.library_id
union all select u.user_name || ' ' || a.rating || a.starred || ' ' || m.name from annotation a join user u on u.id = a.user_id join album m on m.id = a.item_id and a.item_type = 'album'
union all select u.user_name || ' ' || a.rating || a.starred || ' ' || m.name from annotation a join user u on u.id = a.user_id join artist m on m.id = a.item_id and a.item_type = 'artist'
union all select u.user_name || ' ' || a.rating || a.starred || ' ' || m.name from annotation a join user u on u.id = a.user_id join playlist m on m.id = a.item_id and a.item_type = 'playlist'
union all select u.user_name || ' at ' || a.position || ' of ' || m.path from bookmark a join user u on u.id = a.user_id join media_file m on m.id = a.item_id
union all select u.user_name || ' queues ' || j.key || ' ' || m.path from playqueue q join user u on u.id = q.user_id join json_each('["' || replace(q.items, ',', '","') || '"]') j join media_file m on m.id = j.value;

-- == link: music
select l.name || '/' || m.path || ' on ' || ifnull(a.name, 'none') || ' with ' || r.name || ' as ' || x.role from media_file_artists x join media_file m on m.id = x.media_file_id join library l on l.id = m.library_id left join album a on a.id = m.album_id join artist r on r.id = x.artist_id
union all select a.name || ' by ' || r.name from album_artists x join album a on a.id = x.album_id join artist r on r.id = x.artist_id
union all select f.name || ' in ' || ifnull(p.name, 'none') || ' of ' || l.name from folder f join library l on l.id = f.library_id left join folder p on p.id = f.parent_id
union all select t.tag_value || ' in ' || l.name from library_tag x join tag t on t.id = x.tag_id join library l on l.id = x.library_id;

-- == import
-- --on-conflict
-- skip

-- == made
-- while it *bakes*
-- act two
-- Bread FM
