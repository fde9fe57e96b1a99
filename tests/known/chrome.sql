-- The history of Chrome, in the shape of version 70.

-- == tables
create table meta(key longvarchar not null unique primary key, value longvarchar);
create table urls(id integer primary key autoincrement, url longvarchar, title longvarchar, visit_count integer default 0 not null,
  typed_count integer default 0 not null, last_visit_time integer not null, hidden integer default 0 not null);
create index urls_url_index on urls(url);
create table visits(id integer primary key autoincrement, url integer not null, visit_time integer not null, from_visit integer,
  external_referrer_url text, transition integer default 0 not null, segment_id integer, visit_duration integer default 0 not null,
  incremented_omnibox_typed_score boolean default false not null, opener_visit integer, originator_cache_guid text,
  originator_visit_id integer, originator_from_visit integer, originator_opener_visit integer,
  is_known_to_sync boolean default false not null, consider_for_ntp_most_visited boolean default false not null,
  visited_link_id integer default 0 not null, app_id text);
create index visits_url_index on visits(url);
create index visits_time_index on visits(visit_time);
create table visit_source(id integer primary key, source integer not null);
create table visited_links(id integer primary key autoincrement, link_url_id integer not null, top_level_url longvarchar not null,
  frame_url longvarchar not null, visit_count integer default 0 not null);
create table segments(id integer primary key, name varchar, url_id integer non null);
create table segment_usage(id integer primary key, segment_id integer not null, time_slot integer not null,
  visit_count integer default 0 not null);
create table keyword_search_terms(keyword_id integer not null, url_id integer not null, term longvarchar not null,
  normalized_term longvarchar not null);
create table content_annotations(visit_id integer primary key, visibility_score numeric, floc_protected_score numeric,
  categories varchar, page_topics_model_version integer, annotation_flags integer not null, entities varchar,
  related_searches varchar, search_normalized_url varchar, search_terms longvarchar, alternative_title varchar,
  page_language varchar, password_state integer default 0 not null, has_url_keyed_image boolean not null);
create table context_annotations(visit_id integer primary key, context_annotation_flags integer not null,
  duration_since_last_visit integer, page_end_reason integer, total_foreground_duration integer,
  browser_type integer default 0 not null, window_id integer default -1 not null, tab_id integer default -1 not null,
  task_id integer default -1 not null, root_task_id integer default -1 not null, parent_task_id integer default -1 not null,
  response_code integer default 0 not null);
create table clusters(cluster_id integer primary key autoincrement, should_show_on_prominent_ui_surfaces boolean not null,
  label varchar not null, raw_label varchar not null);
create table clusters_and_visits(cluster_id integer not null, visit_id integer not null, score numeric default 0 not null,
  primary key(cluster_id, visit_id)) without rowid;
create table downloads(id integer primary key, guid varchar not null, current_path longvarchar not null,
  target_path longvarchar not null, start_time integer not null, received_bytes integer not null, total_bytes integer not null,
  state integer not null, danger_type integer not null, interrupt_reason integer not null, hash blob not null,
  end_time integer not null, opened integer not null, last_access_time integer not null, transient integer not null,
  referrer varchar not null, site_url varchar not null, tab_url varchar not null, tab_referrer_url varchar not null,
  http_method varchar not null, by_ext_id varchar not null, by_ext_name varchar not null, etag varchar not null,
  last_modified varchar not null, mime_type varchar(255) not null, original_mime_type varchar(255) not null);
create table downloads_url_chains(id integer not null, chain_index integer not null, url longvarchar not null,
  primary key(id, chain_index));
create table downloads_slices(download_id integer not null, offset integer not null, received_bytes integer not null,
  finished integer not null default 0, primary key(download_id, offset));
create table history_sync_metadata(storage_key integer primary key not null, value blob);

-- == alice
insert into meta values ('version', '70'), ('last_compatible_version', '16');
insert into urls(id, url, title, visit_count, typed_count, last_visit_time) values (1, 'https://bread.example/', 'Bread', 2, 1, 13300000000000002), (2, 'https://bread.example/rye', 'Rye', 1, 0, 13300000000000003), (5, 'https://find.example/?q=rye+flour', 'rye flour', 1, 0, 13300000000000001);
insert into segments values (1, 'http://bread.example/', 1);
insert into segment_usage values (1, 1, 13299900000000000, 2);
insert into visits(id, url, visit_time, from_visit, opener_visit, transition, segment_id, originator_cache_guid, is_known_to_sync) values
  (1, 5, 13300000000000001, 0, 0, 805306373, 0, '', 0), (2, 1, 13300000000000002, 1, 0, 805306368, 1, 'other', 1), (4, 2, 13300000000000003, 2, 2, 805306368, 1, '', 0), (7, 1, 13300000000000009, 0, 0, 805306369, 1, '', 0);
insert into visit_source values (2, 0);
insert into keyword_search_terms values (2, 5, 'rye flour', 'rye flour');
insert into content_annotations(visit_id, annotation_flags, search_terms, page_language, has_url_keyed_image) values (1, 1, 'rye flour', 'en', 0), (4, 0, null, 'de', 0);
insert into context_annotations(visit_id, context_annotation_flags, total_foreground_duration, window_id, tab_id) values (4, 2, 1500000, 77, 78);
insert into clusters values (1, 1, 'bread', 'bread');
insert into clusters_and_visits values (1, 2, 1);
insert into downloads values (1, 'aaaaaaaa-0000-4000-8000-000000000001', '/home/ada/rye.pdf', '/home/ada/rye.pdf', 13300000000000004, 9, 9, 1, 0, 0, x'', 13300000000000005, 1, 0, 0, 'https://bread.example/rye', '', 'https://bread.example/rye', '', '', '', '', '', '', 'application/pdf', 'application/pdf');
insert into downloads_url_chains values (1, 0, 'https://bread.example/rye.pdf'), (1, 1, 'https://files.example/rye.pdf');
insert into downloads_slices values (1, 0, 9, 1);

-- == bob
insert into meta values ('version', '70'), ('last_compatible_version', '16');
insert into urls(id, url, title, visit_count, typed_count, last_visit_time) values (1, 'https://cats.example/', 'Cats', 1, 1, 13200000000000001), (2, 'https://cats.example/purr', 'Purr', 1, 0, 13200000000000002);
insert into segments values (1, 'http://cats.example/', 1);
insert into segment_usage values (1, 1, 13199900000000000, 1);
insert into visits(id, url, visit_time, from_visit, opener_visit, transition, segment_id) values (1, 1, 13200000000000001, 0, 0, 805306369, 1), (2, 2, 13200000000000002, 1, 0, 805306368, 1);
insert into content_annotations(visit_id, annotation_flags, page_language, has_url_keyed_image) values (1, 0, 'fr', 0);
insert into downloads values (1, 'bbbbbbbb-0000-4000-8000-000000000001', '/home/bob/cat.jpg', '/home/bob/cat.jpg', 13200000000000004, 9, 9, 1, 0, 0, x'', 13200000000000005, 1, 0, 0, '', '', '', '', '', '', '', '', '', 'image/jpeg', 'image/jpeg');
insert into downloads_url_chains values (1, 0, 'https://cats.example/cat.jpg');

-- == new
insert into meta values ('version', '70'), ('last_compatible_version', '16');

-- == link: visits
select u.url || ' at ' || v.visit_time || ' from ' || ifnull(f.url, v.from_visit) || ' opened by ' || ifnull(o.url, v.opener_visit) || ' in ' || ifnull(s.name, v.segment_id) from visits v join urls u on u.id = v.url left join visits fv on fv.id = v.from_visit left join urls f on f.id = fv.url left join visits ov on ov.id = v.opener_visit left join urls o on o.id = ov.url left join segments s on s.id = v.segment_id
union all select v.visit_time || ' is ' || c.page_language || ifnull(c.search_terms, '') from content_annotations c join visits v on v.id = c.visit_id
union all select v.visit_time || ' for ' || c.total_foreground_duration from context_annotations c join visits v on v.id = c.visit_id
union all select v.visit_time || ' by ' || c.source from visit_source c join visits v on v.id = c.id;

-- == link: searches, downloads, often
select s.name || ' is ' || u.url || ' used ' || x.visit_count from segments s join urls u on u.id = s.url_id join segment_usage x on x.segment_id = s.id
union all select d.target_path || ' ' || c.chain_index || c.url from downloads d join downloads_url_chains c on c.id = d.id;

-- == absent
-- cluster_keywords
-- cluster_visit_duplicates
-- downloads_reroute_info
-- typed_url_sync_metadata

-- == made
-- rye flour
-- /home/ada/rye.pdf
