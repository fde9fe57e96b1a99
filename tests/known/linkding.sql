-- linkding, in the shape of migration 54 of its bookmarks.

-- == tables
create table django_migrations(id integer not null primary key autoincrement, app varchar(255) not null,
  name varchar(255) not null, applied datetime not null);
create table django_content_type(id integer not null primary key autoincrement, app_label varchar(100) not null,
  model varchar(100) not null);
create unique index django_content_type_uniq on django_content_type(app_label, model);
create table django_session(session_key varchar(40) not null primary key, session_data text not null,
  expire_date datetime not null);
create table auth_user(id integer not null primary key autoincrement, password varchar(128) not null, last_login datetime null,
  is_superuser bool not null, username varchar(150) not null unique, last_name varchar(150) not null,
  email varchar(254) not null, is_staff bool not null, is_active bool not null, date_joined datetime not null,
  first_name varchar(150) not null);
create table bookmarks_tag(id integer not null primary key autoincrement, name varchar(64) not null,
  date_added datetime not null, owner_id integer not null references auth_user(id) deferrable initially deferred);
create table bookmarks_bookmark(id integer not null primary key autoincrement, url varchar(2048) not null,
  url_normalized varchar(2048) not null, title varchar(512) not null, description text not null, notes text not null,
  website_title varchar(512) null, website_description text null, web_archive_snapshot_url varchar(2048) not null,
  favicon_file varchar(512) not null, preview_image_file varchar(512) not null, unread bool not null,
  is_archived bool not null, shared bool not null, date_added datetime not null, date_modified datetime not null,
  date_accessed datetime null, owner_id integer not null references auth_user(id) deferrable initially deferred,
  latest_snapshot_id integer null references bookmarks_bookmarkasset(id) deferrable initially deferred);
create table bookmarks_bookmark_tags(id integer not null primary key autoincrement,
  bookmark_id integer not null references bookmarks_bookmark(id) deferrable initially deferred,
  tag_id integer not null references bookmarks_tag(id) deferrable initially deferred);
create unique index bookmarks_bookmark_tags_uniq on bookmarks_bookmark_tags(bookmark_id, tag_id);
create table bookmarks_bookmarkasset(id integer not null primary key autoincrement, date_created datetime not null,
  file varchar(2048) not null, file_size integer null, asset_type varchar(64) not null, content_type varchar(128) not null,
  display_name varchar(2048) not null, status varchar(64) not null, gzip bool not null,
  bookmark_id integer not null references bookmarks_bookmark(id) deferrable initially deferred);
create table bookmarks_bookmarkbundle(id integer not null primary key autoincrement, name varchar(256) not null,
  search varchar(256) not null, any_tags varchar(1024) not null, all_tags varchar(1024) not null,
  excluded_tags varchar(1024) not null, filter_unread varchar(8) not null, filter_shared varchar(8) not null,
  "order" integer not null, date_created datetime not null, date_modified datetime not null,
  owner_id integer not null references auth_user(id) deferrable initially deferred);
create table bookmarks_userprofile(id integer not null primary key autoincrement, theme varchar(10) not null,
  items_per_page integer not null, custom_css text not null, search_preferences text not null,
  user_id integer not null unique references auth_user(id) deferrable initially deferred);
create table bookmarks_globalsettings(id integer not null primary key autoincrement, landing_page varchar(50) not null,
  enable_link_prefetch bool not null,
  guest_profile_user_id integer null references auth_user(id) deferrable initially deferred);
create table bookmarks_toast(id integer not null primary key autoincrement, key varchar(50) not null, message text not null,
  acknowledged bool not null, owner_id integer not null references auth_user(id) deferrable initially deferred);
create table bookmarks_feedtoken(key varchar(40) not null primary key, created datetime not null,
  user_id integer not null unique references auth_user(id) deferrable initially deferred);
create table bookmarks_apitoken(id integer not null primary key autoincrement, key varchar(40) not null unique,
  name varchar(128) not null, created datetime not null,
  user_id integer not null references auth_user(id) deferrable initially deferred);

-- == alice
insert into django_migrations values (1, 'bookmarks', '0054_bookmarkbundle_filter_shared_and_more', '2026-01-01');
insert into django_content_type values (1, 'bookmarks', 'bookmark');
insert into django_session values ('s3cr3t', 's3cr3t', '2027-01-01');
insert into auth_user values (1, 'pbkdf2_sha256$1$s3cr3t', null, 1, 'ada', 'Alder', 'ada@example.org', 1, 1, '2026-01-01', 'Ada'),
  (2, 'pbkdf2_sha256$1$s3cr3t', null, 0, 'dan', '', '', 0, 1, '2026-01-02', '');
insert into bookmarks_tag values (1, 'rust', '2026-01-03', 1), (2, 'cooking', '2026-01-03', 1), (3, 'rust', '2026-01-03', 2);
insert into bookmarks_bookmark(id, url, url_normalized, title, description, notes, web_archive_snapshot_url, favicon_file, preview_image_file, unread, is_archived, shared, date_added, date_modified, owner_id, latest_snapshot_id) values
  (1, 'https://rust-lang.org/', 'https://rust-lang.org', 'Rust', '', 'learn *this*', '', '', '', 1, 0, 0, '2026-01-04', '2026-01-05', 1, 2),
  (2, 'https://bread.example/', 'https://bread.example', 'Bread', 'rye', '', '', '', '', 0, 1, 1, '2026-01-04', '2026-01-04', 1, null),
  (4, 'https://rust-lang.org/', 'https://rust-lang.org', 'Rust of dan', '', '', '', '', '', 0, 0, 0, '2026-01-04', '2026-01-04', 2, null);
insert into bookmarks_bookmark_tags values (1, 1, 1), (2, 2, 2), (3, 4, 3), (4, 2, 1);
insert into bookmarks_bookmarkasset values (1, '2026-01-05', 'upload_1.pdf', 10, 'upload', 'application/pdf', 'a.pdf', 'complete', 0, 2),
  (2, '2026-01-05', 'snapshot_1.html.gz', 20, 'snapshot', 'text/html', 'HTML', 'complete', 1, 1);
insert into bookmarks_bookmarkbundle values (1, 'To read', 'unread', 'rust', '', '', 'yes', 'off', 0, '2026-01-06', '2026-01-06', 1);
insert into bookmarks_userprofile values (1, 'dark', 30, '', '{"sort": "added_desc"}', 1), (2, 'auto', 30, '', '{}', 2);
insert into bookmarks_globalsettings values (1, 'login', 0, 1);
insert into bookmarks_toast values (1, 'x', 'y', 1, 1);
insert into bookmarks_feedtoken values ('s3cr3t', '2026-01-01', 1);
insert into bookmarks_apitoken values (1, 's3cr3t', 'phone', '2026-01-01', 1);

-- == bob
insert into auth_user values (1, 'pbkdf2_sha256$1$s3cr3t', null, 1, 'bob', '', '', 1, 1, '2025-01-01', '');
insert into bookmarks_tag values (1, 'cats', '2025-01-03', 1), (2, 'rust', '2025-01-03', 1);
insert into bookmarks_bookmark(id, url, url_normalized, title, description, notes, web_archive_snapshot_url, favicon_file, preview_image_file, unread, is_archived, shared, date_added, date_modified, owner_id, latest_snapshot_id) values
  (1, 'https://cats.example/', 'https://cats.example', 'Cats', '', '', '', '', '', 0, 0, 0, '2025-01-04', '2025-01-05', 1, 1);
insert into bookmarks_bookmark_tags values (1, 1, 1);
insert into bookmarks_bookmarkasset values (1, '2025-01-05', 'snapshot_9.html.gz', 20, 'snapshot', 'text/html', 'HTML', 'complete', 1, 1);
insert into bookmarks_userprofile values (1, 'light', 10, '', '{}', 1);

-- == link: bookmarks
select b.title || ' ' || b.url || ' of ' || u.username || ' latest ' || ifnull(a.file, 'none') from bookmarks_bookmark b
join auth_user u on u.id = b.owner_id left join bookmarks_bookmarkasset a on a.id = b.latest_snapshot_id;

-- == link: tags
select b.title || ': ' || t.name || ' of ' || u.username from bookmarks_bookmark_tags x join bookmarks_bookmark b on b.id = x.bookmark_id
join bookmarks_tag t on t.id = x.tag_id join auth_user u on u.id = t.owner_id;

-- == link: files, bundles, profiles
select a.file || ' of ' || b.title from bookmarks_bookmarkasset a join bookmarks_bookmark b on b.id = a.bookmark_id
union all select n.name || ' of ' || u.username from bookmarks_bookmarkbundle n join auth_user u on u.id = n.owner_id
union all select p.theme || ' of ' || u.username from bookmarks_userprofile p join auth_user u on u.id = p.user_id
union all select 'guests see ' || u.username from bookmarks_globalsettings g join auth_user u on u.id = g.guest_profile_user_id;

-- == absent
-- authtoken_token
-- background_task
-- background_task_completedtask

-- == made
-- learn *this*
-- https://bread.example/
-- To read
