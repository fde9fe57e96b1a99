-- The database of one user of FreshRSS, in the shape of 1.24.

-- == tables
create table category(id integer primary key autoincrement not null, name varchar(191) not null, kind smallint default 0,
  lastUpdate bigint default 0, error smallint default 0, attributes text, unique(name));
create table feed(id integer primary key autoincrement not null, url varchar(32768) not null, kind smallint default 0,
  category integer default 0, name varchar(191) not null, website varchar(32768), description text,
  lastUpdate int(11) default 0, priority tinyint(2) not null default 10, pathEntries varchar(65535) default null,
  httpAuth varchar(1024) default null, error boolean default 0, ttl int not null default 0, attributes text,
  cache_nbEntries int default 0, cache_nbUnreads int default 0,
  foreign key(category) references category(id) on delete set null on update cascade);
create index feed_name_index on feed(name);
create table entry(id bigint not null, guid varchar(767) not null, title varchar(65535) not null, author varchar(65535),
  content text, link varchar(32768) not null, date int(11), lastSeen int(11) default 0, hash binary(16),
  is_read boolean not null default 0, is_favorite boolean not null default 0, id_feed integer, tags varchar(65535),
  attributes text, primary key(id), foreign key(id_feed) references feed(id) on delete cascade on update cascade,
  unique(id_feed, guid));
create index entry_is_read_index on entry(is_read);
create table entrytmp(id bigint not null, guid varchar(767) not null, title varchar(65535) not null, author varchar(65535),
  content text, link varchar(32768) not null, date int(11), lastSeen int(11) default 0, hash binary(16),
  is_read boolean not null default 0, is_favorite boolean not null default 0, id_feed integer, tags varchar(65535),
  attributes text, primary key(id), foreign key(id_feed) references feed(id) on delete cascade on update cascade,
  unique(id_feed, guid));
create table tag(id integer primary key autoincrement not null, name varchar(191) not null, attributes text, unique(name));
create table entrytag(id_tag integer, id_entry bigint, primary key(id_tag, id_entry),
  foreign key(id_tag) references tag(id) on delete cascade on update cascade,
  foreign key(id_entry) references entry(id) on delete cascade on update cascade);

-- == alice
insert into category(id, name) values (1, 'Uncategorized'), (2, 'Science'), (4, 'Cooking');
insert into feed(id, url, category, name, website, httpAuth, lastUpdate) values (1, 'https://bread.example/feed', 4, 'Bread', 'https://bread.example', null, 1760000000),
  (2, 'https://stars.example/rss', 2, 'Stars', 'https://stars.example', 'ada:s3cr3t', 1760000001), (3, 'https://misc.example/rss', 1, 'Misc', null, null, 0);
insert into entry(id, guid, title, link, content, date, hash, is_read, is_favorite, id_feed, tags) values
  (1760000000000001, 'b1', 'Rye', 'https://bread.example/1', '<p>Flour</p>', 1760000000, x'00112233', 1, 1, 1, '#rye'),
  (1760000000000002, 's1', 'Comet', 'https://stars.example/1', '<p>Ice</p>', 1760000001, x'44556677', 0, 0, 2, '');
insert into tag(id, name) values (1, 'To bake'), (3, 'Tonight');
insert into entrytag values (1, 1760000000000001), (3, 1760000000000002);
insert into entrytmp(id, guid, title, link, id_feed) values (1760000000000009, 's2', 'Unread', 'https://stars.example/2', 2);

-- == bob
insert into category(id, name) values (1, 'Uncategorized'), (2, 'Cats');
insert into feed(id, url, category, name) values (1, 'https://cats.example/feed', 2, 'Cats'), (2, 'https://misc.example/rss', 1, 'Misc');
insert into entry(id, guid, title, link, is_read, id_feed) values (1750000000000001, 'c1', 'Cat', 'https://cats.example/1', 0, 1);
insert into tag(id, name) values (1, 'Tonight');
insert into entrytag values (1, 1750000000000001);

-- == new
insert into category(id, name) values (1, 'Uncategorized');

-- == link: feeds
select f.name || ' ' || f.url || ' in ' || c.name from feed f join category c on c.id = f.category;

-- == link: articles
select f.name || ': ' || e.title || ' ' || e.is_read || e.is_favorite from entry e join feed f on f.id = e.id_feed
union all select t.name || ': ' || e.title from entrytag x join tag t on t.id = x.id_tag join entry e on e.id = x.id_entry;

-- == import
-- --on-conflict
-- skip

-- == made
-- Bread
-- Comet
-- To bake
