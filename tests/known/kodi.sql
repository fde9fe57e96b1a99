-- The video library of Kodi, in the shape of version 131.

-- == tables
create table version(idVersion integer, iCompressCount integer);
create table bookmark(idBookmark integer primary key, idFile integer, timeInSeconds double, totalTimeInSeconds double,
  thumbNailImage text, player text, playerState text, type integer);
create table settings(idFile integer, Deinterlace bool, ViewMode integer, ZoomAmount float, PixelRatio float, AudioStream integer,
  SubtitleStream integer, SubtitleDelay float, SubtitlesOn bool, ResumeTime integer, StereoMode integer, VideoStream integer);
create unique index ix_settings on settings(idFile);
create table stacktimes(idFile integer, times text);
create unique index ix_stacktimes on stacktimes(idFile);
create table genre(genre_id integer primary key, name text);
create unique index ix_genre_1 on genre(name);
create table genre_link(genre_id integer, media_id integer, media_type text);
create unique index ix_genre_link_1 on genre_link(genre_id, media_type, media_id);
create unique index ix_genre_link_2 on genre_link(media_id, media_type, genre_id);
create table country(country_id integer primary key, name text);
create unique index ix_country_1 on country(name);
create table country_link(country_id integer, media_id integer, media_type text);
create unique index ix_country_link_1 on country_link(country_id, media_type, media_id);
create unique index ix_country_link_2 on country_link(media_id, media_type, country_id);
create table studio(studio_id integer primary key, name text);
create unique index ix_studio_1 on studio(name);
create table studio_link(studio_id integer, media_id integer, media_type text);
create unique index ix_studio_link_1 on studio_link(studio_id, media_type, media_id);
create unique index ix_studio_link_2 on studio_link(media_id, media_type, studio_id);
create table tag(tag_id integer primary key, name text);
create unique index ix_tag_1 on tag(name);
create table tag_link(tag_id integer, media_id integer, media_type text);
create unique index ix_tag_link_1 on tag_link(tag_id, media_type, media_id);
create unique index ix_tag_link_2 on tag_link(media_id, media_type, tag_id);
create table movie(idMovie integer primary key, idFile integer, c00 text,c01 text,c02 text,c03 text,c04 text,c05 text,c06 text,c07 text,c08 text,c09 text,c10 text,c11 text,c12 text,c13 text,c14 text,c15 text,c16 text,c17 text,c18 text,c19 text,c20 text,c21 text,c22 text,c23 text, idSet integer,
  userrating integer, premiered text);
create unique index ix_movie_file_1 on movie(idFile, idMovie);
create table actor(actor_id integer primary key, name text, art_urls text);
create unique index ix_actor_1 on actor(name);
create table actor_link(actor_id integer, media_id integer, media_type text, role text, cast_order integer);
create unique index ix_actor_link_1 on actor_link(actor_id, media_type, media_id, role);
create table director_link(actor_id integer, media_id integer, media_type text);
create unique index ix_director_link_1 on director_link(actor_id, media_type, media_id);
create unique index ix_director_link_2 on director_link(media_id, media_type, actor_id);
create table writer_link(actor_id integer, media_id integer, media_type text);
create unique index ix_writer_link_1 on writer_link(actor_id, media_type, media_id);
create unique index ix_writer_link_2 on writer_link(media_id, media_type, actor_id);
create table path(idPath integer primary key, strPath text, strContent text, strScraper text, strHash text, scanRecursive integer,
  useFolderNames bool, strSettings text, noUpdate bool, exclude bool, allAudio bool, dateAdded text, idParentPath integer);
create index ix_path on path(strPath);
create table files(idFile integer primary key, idPath integer, strFilename text, playCount integer, lastPlayed text, dateAdded text);
create index ix_files on files(idPath, strFilename);
create table tvshow(idShow integer primary key, c00 text,c01 text,c02 text,c03 text,c04 text,c05 text,c06 text,c07 text,c08 text,c09 text,c10 text,c11 text,c12 text,c13 text,c14 text,c15 text,c16 text,c17 text,c18 text,c19 text,c20 text,c21 text,c22 text,c23 text, userrating integer, duration integer);
create table episode(idEpisode integer primary key, idFile integer, c00 text,c01 text,c02 text,c03 text,c04 text,c05 text,c06 text,c07 text,c08 text,c09 text,c10 text,c11 text,c12 varchar(24),c13 varchar(24),c14 text,c15 text,c16 text,c17 varchar(24),c18 text,c19 text,c20 text,c21 text,c22 text,c23 text, idShow integer,
  userrating integer, idSeason integer);
create unique index ix_episode_file_1 on episode(idEpisode, idFile);
create table tvshowlinkpath(idShow integer, idPath integer);
create unique index ix_tvshowlinkpath_1 on tvshowlinkpath(idShow, idPath);
create table movielinktvshow(idMovie integer, IdShow integer);
create unique index ix_movielinktvshow_1 on movielinktvshow(idShow, idMovie);
create table musicvideo(idMVideo integer primary key, idFile integer, c00 text,c01 text,c02 text,c03 text,c04 text,c05 text,c06 text,c07 text,c08 text,c09 text,c10 text,c11 text,c12 text,c13 text,c14 text,c15 text,c16 text,c17 text,c18 text,c19 text,c20 text,c21 text,c22 text,c23 text, userrating integer, premiered text);
create table streamdetails(idFile integer, iStreamType integer, strVideoCodec text, fVideoAspect float, iVideoWidth integer,
  iVideoHeight integer, strAudioCodec text, iAudioChannels integer, strAudioLanguage text, strSubtitleLanguage text,
  iVideoDuration integer, strStereoMode text, strVideoLanguage text, strHdrType text);
create table sets(idSet integer primary key, strSet text, strOverview text);
create table seasons(idSeason integer primary key, idShow integer, season integer, name text, userrating integer);
create table art(art_id integer primary key, media_id integer, media_type text, type text, url text);
create table rating(rating_id integer primary key, media_id integer, media_type text, rating_type text, rating float, votes integer);
create table uniqueid(uniqueid_id integer primary key, media_id integer, media_type text, value text, type text);
create table videoversiontype(id integer primary key, name text, owner integer, itemType integer);
create table videoversion(idFile integer primary key, idMedia integer, media_type text, itemType integer, idType integer);

-- == triggers
create trigger delete_movie after delete on movie for each row begin
  delete from genre_link where media_id = old.idMovie and media_type = 'movie';
  delete from actor_link where media_id = old.idMovie and media_type = 'movie';
  delete from art where media_id = old.idMovie and media_type = 'movie'; end;
create trigger delete_file after delete on files for each row begin
  delete from bookmark where idFile = old.idFile; delete from settings where idFile = old.idFile;
  delete from stacktimes where idFile = old.idFile; delete from streamdetails where idFile = old.idFile; end;
create trigger delete_tag after delete on tag_link for each row begin
  delete from tag where tag_id = old.tag_id and tag_id not in (select distinct tag_id from tag_link); end;

-- == alice
insert into version values (131, 0);
insert into path(idPath, strPath, strContent, strScraper, idParentPath) values (1, '/films/', 'movies', 'metadata.themoviedb', null), (2, '/series/Bread/', null, null, 4), (4, '/series/', 'tvshows', 'metadata.tvdb', null), (5, '/music/', 'musicvideos', 'local', null);
insert into files values (1, 1, 'rye.mkv', 2, '2026-01-01 20:00:00', '2025-01-01'), (3, 2, 's01e01.mkv', 1, '2026-01-02 20:00:00', '2025-01-01'), (4, 2, 's01e02.mkv', null, null, '2025-01-01'), (6, 5, 'song.mp4', null, null, '2025-01-01'), (9, 1, 'rye-extended.mkv', null, null, '2025-01-01');
insert into bookmark values (1, 4, 300.5, 1800.0, null, 'VideoPlayer', '<state/>', 1), (2, 3, 60.0, 1800.0, null, 'VideoPlayer', null, 2);
insert into settings(idFile, ViewMode, SubtitlesOn, AudioStream) values (1, 0, 1, 1);
insert into streamdetails(idFile, iStreamType, strVideoCodec) values (1, 0, 'h264'), (1, 1, null);
update streamdetails set strAudioCodec = 'aac' where iStreamType = 1;
insert into sets values (1, 'Grains', 'of the field');
insert into movie(idMovie, idFile, c00, c01, c05, c09, c22, c23, idSet, userrating) values (1, 1, 'Rye', 'A *loaf*', '1', '1', '/films/rye.mkv', '1', 1, 9);
insert into tvshow(idShow, c00, c01, c04, c12) values (1, 'Bread', 'Daily', '', '2'), (3, 'Toast', '', '-1', '-1');
insert into seasons values (1, 1, 1, 'The first', 8), (2, 1, -1, null, null);
insert into episode(idEpisode, idFile, c00, c03, c12, c13, c15, c17, c18, c19, c20, idShow, idSeason) values (1, 3, 'Flour', '2', '1', '1', '1', '2', '/series/Bread/s01e01.mkv', '2', '-1', 1, 1), (2, 4, 'Water', '', '1', '2', '-1', '-1', '/series/Bread/s01e02.mkv', '2', '', 1, 1);
insert into musicvideo(idMVideo, idFile, c00, c13, c14) values (1, 6, 'Knead', '/music/song.mp4', '5');
insert into tvshowlinkpath values (1, 2);
insert into movielinktvshow values (1, 3);
insert into actor(actor_id, name) values (1, 'Otto Oven'), (3, 'Ada Alder');
insert into actor_link values (1, 1, 'movie', 'Baker', 0), (3, 1, 'tvshow', 'Host', 0), (1, 1, 'episode', 'Guest', 0), (3, 1, 'musicvideo', '', 0);
insert into director_link values (3, 1, 'movie');
insert into writer_link values (3, 2, 'episode');
insert into genre values (1, 'Drama'), (2, 'Baking');
insert into genre_link values (2, 1, 'movie'), (2, 1, 'tvshow');
insert into country values (1, 'Norway');
insert into country_link values (1, 1, 'movie');
insert into studio values (1, 'Crumb');
insert into studio_link values (1, 1, 'tvshow');
insert into tag values (1, 'Seen at Dan');
insert into tag_link values (1, 1, 'movie');
insert into rating values (1, 1, 'movie', 'imdb', 7.5, 10), (2, 1, 'episode', 'tvdb', 8.5, 11);
insert into uniqueid values (1, 1, 'movie', 'tt0000001', 'imdb'), (2, 1, 'tvshow', '77', 'tvdb');
insert into art values (1, 1, 'movie', 'poster', 'https://img.example/rye.jpg'), (2, 1, 'actor', 'thumb', 'https://img.example/otto.jpg'), (3, 1, 'season', 'poster', 'https://img.example/s1.jpg'), (4, 1, 'set', 'poster', 'https://img.example/grains.jpg'), (5, 9, 'videoversion', 'poster', 'https://img.example/ext.jpg');
insert into videoversiontype values (40400, 'Standard Edition', 0, 0), (40800, 'Dan''s cut', 2, 0);
insert into videoversion values (1, 1, 'movie', 0, 40400), (9, 1, 'movie', 0, 40800);

-- == bob
insert into version values (131, 0);
insert into path(idPath, strPath, strContent) values (1, '/cats/', 'movies'), (2, '/films/', null);
update path set strContent = 'movies', strScraper = 'metadata.themoviedb' where idPath = 2;
insert into files values (1, 1, 'purr.mkv', 1, '2025-01-01', '2024-01-01'), (2, 1, 'meow.mkv', null, null, '2024-01-01');
insert into bookmark values (1, 2, 10.0, 20.0, null, 'VideoPlayer', null, 1), (2, 2, 999.0, 1000.0, null, 'VideoPlayer', null, 2);
insert into settings(idFile, ViewMode) values (1, 3);
insert into sets values (1, 'Cats', null);
insert into movie(idMovie, idFile, c00, c05, c09, c23, idSet) values (1, 1, 'Purr', '1', '1', '1', 1);
insert into rating values (1, 1, 'movie', 'imdb', 2.5, 3);
insert into tvshow(idShow, c00) values (1, 'Meow');
insert into seasons values (1, 1, 1, null, null);
insert into episode(idEpisode, idFile, c00, c12, c13, c15, c17, c19, idShow, idSeason) values (1, 2, 'Mi', '1', '1', '-1', '-1', '1', 1, 1);
insert into actor(actor_id, name) values (1, 'Tom'), (2, 'Otto Oven');
insert into actor_link values (1, 1, 'movie', 'Cat', 0), (2, 1, 'tvshow', 'Owner', 0);
insert into genre values (1, 'Cats'), (2, 'Drama');
insert into genre_link values (1, 1, 'movie');
insert into art values (1, 1, 'movie', 'poster', 'https://img.example/purr.jpg');
insert into uniqueid values (1, 1, 'movie', 'tt0000002', 'imdb');
insert into videoversiontype values (40400, 'Standard Edition', 0, 0);
insert into videoversion values (1, 1, 'movie', 0, 40400);

-- == new
insert into version values (131, 0);
insert into videoversiontype values (40400, 'Standard Edition', 0, 0);

-- == link: files
select p.strPath || f.strFilename || ' ' || ifnull(f.playCount, 0) from files f join path p on p.idPath = f.idPath
union all select p.strPath || ' in ' || q.strPath from path p join path q on q.idPath = p.idParentPath
union all select f.strFilename || ' at ' || b.timeInSeconds from bookmark b join files f on f.idFile = b.idFile
union all select f.strFilename || ' shown ' || ifnull(s.ViewMode, '') || ifnull(s.AudioStream, '') from settings s join files f on f.idFile = s.idFile
union all select f.strFilename || ' ' || s.iStreamType || ifnull(s.strVideoCodec, s.strAudioCodec) from streamdetails s join files f on f.idFile = s.idFile;

-- == link: films
select m.c00 || ' ' || f.strFilename || ' of ' || s.strSet || ' in ' || p.strPath from movie m join files f on f.idFile = m.idFile join sets s on s.idSet = m.idSet join path p on p.idPath = m.c23
union all select m.c00 || ' ' || f.strFilename || ' ' || t.name from videoversion v join files f on f.idFile = v.idFile join movie m on m.idMovie = v.idMedia join videoversiontype t on t.id = v.idType
union all select m.c00 || ' and ' || t.c00 from movielinktvshow x join movie m on m.idMovie = x.idMovie join tvshow t on t.idShow = x.IdShow
union all select m.c00 || ' ' || f.strFilename || ' in ' || p.strPath from musicvideo m join files f on f.idFile = m.idFile join path p on p.idPath = m.c14;

-- == link: the ratings and ids that are shown, never those of others
select m.c00 || ' rated ' || (select count(*) from rating r where r.rating_id = m.c05 and r.media_id <> m.idMovie) from movie m
union all select m.c00 || ' named ' || (select count(*) from uniqueid u where u.uniqueid_id = m.c09 and u.media_id <> m.idMovie) from movie m;

-- == link: series
select e.c00 || ' ' || f.strFilename || ' of ' || t.c00 || ' ' || s.season || ' in ' || p.strPath || ' at ' || ifnull(b.timeInSeconds, e.c17) || ' sorted ' || e.c15 from episode e join files f on f.idFile = e.idFile join tvshow t on t.idShow = e.idShow join seasons s on s.idSeason = e.idSeason and s.idShow = t.idShow join path p on p.idPath = e.c19 left join bookmark b on b.idBookmark = e.c17
union all select t.c00 || ' in ' || p.strPath from tvshowlinkpath x join tvshow t on t.idShow = x.idShow join path p on p.idPath = x.idPath;

-- == link: who and what
with media(type, id, name) as (select 'movie', idMovie, c00 from movie union all select 'tvshow', idShow, c00 from tvshow union all select 'episode', idEpisode, c00 from episode union all select 'musicvideo', idMVideo, c00 from musicvideo
 union all select 'season', idSeason, 'season ' || season || ifnull(name, '') from seasons union all select 'set', idSet, strSet from sets union all select 'actor', actor_id, name from actor union all select 'videoversion', idFile, strFilename from files)
select m.name || ' with ' || a.name || ' as ' || x.role from actor_link x join actor a using(actor_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' by ' || a.name from director_link x join actor a using(actor_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' written by ' || a.name from writer_link x join actor a using(actor_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' is ' || a.name from genre_link x join genre a using(genre_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' from ' || a.name from country_link x join country a using(country_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' of ' || a.name from studio_link x join studio a using(studio_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' #' || a.name from tag_link x join tag a using(tag_id) join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' rated ' || x.rating from rating x join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' is ' || x.value from uniqueid x join media m on m.type = x.media_type and m.id = x.media_id
union all select m.name || ' looks like ' || x.url from art x join media m on m.type = x.media_type and m.id = x.media_id;

-- == made
-- A *loaf*
-- Seen at Dan
-- s01e02.mkv
