-- A library of calibre, in the shape of database version 27.

-- == tables
create table authors(id integer primary key, name text not null collate nocase, sort text collate nocase,
  link text not null default "", unique(name));
create table books(id integer primary key autoincrement, title text not null default 'Unknown' collate nocase,
  sort text collate nocase, timestamp timestamp default current_timestamp, pubdate timestamp default current_timestamp,
  series_index real not null default 1.0, author_sort text collate nocase, path text not null default "", uuid text,
  has_cover bool default 0, last_modified timestamp not null default "2000-01-01 00:00:00+00:00");
create index authors_idx on books(author_sort collate nocase);
create index books_idx on books(sort collate nocase);
create table series(id integer primary key, name text not null collate nocase, sort text collate nocase,
  link text not null default "", unique(name));
create table tags(id integer primary key, name text not null collate nocase, link text not null default "", unique(name));
create table publishers(id integer primary key, name text not null collate nocase, sort text collate nocase,
  link text not null default "", unique(name));
create table ratings(id integer primary key, rating integer check(rating > -1 and rating < 11),
  link text not null default "", unique(rating));
create table languages(id integer primary key, lang_code text not null collate nocase, link text not null default "",
  unique(lang_code));
create table books_authors_link(id integer primary key, book integer not null, author integer not null,
  unique(book, author));
create table books_series_link(id integer primary key, book integer not null, series integer not null, unique(book));
create table books_tags_link(id integer primary key, book integer not null, tag integer not null, unique(book, tag));
create table books_publishers_link(id integer primary key, book integer not null, publisher integer not null,
  unique(book));
create table books_ratings_link(id integer primary key, book integer not null, rating integer not null,
  unique(book, rating));
create table books_languages_link(id integer primary key, book integer not null, lang_code integer not null,
  item_order integer not null default 0, unique(book, lang_code));
create table identifiers(id integer primary key, book integer not null, type text not null default "isbn" collate nocase,
  val text not null collate nocase, unique(book, type));
create table comments(id integer primary key, book integer not null, text text not null collate nocase, unique(book));
create table data(id integer primary key, book integer not null, format text not null collate nocase,
  uncompressed_size integer not null, name text not null, unique(book, format));
create table conversion_options(id integer primary key, format text not null collate nocase, book integer,
  data blob not null, unique(format, book));
create table books_plugin_data(id integer primary key, book integer not null, name text not null, val text not null,
  unique(book, name));
create table feeds(id integer primary key, title text not null, script text not null, unique(title));
create table preferences(id integer primary key, key text not null, val text not null, unique(key));
create table library_id(id integer primary key, uuid text not null, unique(uuid));
create table metadata_dirtied(id integer primary key, book integer not null, unique(book));
create table annotations_dirtied(id integer primary key, book integer not null, unique(book));
create table custom_columns(id integer primary key autoincrement, label text not null, name text not null,
  datatype text not null, mark_for_delete bool default 0 not null, editable bool default 1 not null,
  display text default "{}" not null, is_multiple bool default 0 not null, normalized bool not null, unique(label));
create table custom_column_1(id integer primary key autoincrement, value text not null collate nocase,
  link text not null default "", unique(value));
create table books_custom_column_1_link(id integer primary key autoincrement, book integer not null,
  value integer not null, unique(book, value));
create table custom_column_2(id integer primary key autoincrement, book integer, value bool not null, unique(book));
create table last_read_positions(id integer primary key, book integer not null, format text not null collate nocase,
  user text not null, device text not null, cfi text not null, epoch real not null, pos_frac real not null default 0,
  unique(user, device, book, format));
create table annotations(id integer primary key, book integer not null, format text not null collate nocase,
  user_type text not null, user text not null, timestamp real not null, annot_id text not null,
  annot_type text not null, annot_data text not null, searchable_text text not null default "",
  unique(book, user_type, user, format, annot_type, annot_id));
create virtual table annotations_fts using fts5(searchable_text, content = 'annotations', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2');
create table books_pages_link(book integer primary key, pages integer default 0 not null,
  algorithm integer default 0 not null, format text default '' not null collate nocase,
  format_size integer default 0 not null, timestamp timestamp default current_timestamp,
  needs_scan integer not null default 0 check(needs_scan in (0, 1)),
  foreign key(book) references books(id) on delete cascade);
create view meta as select id, title, (select sortconcat(l.id, name) from books_authors_link as l
  join authors on (author = authors.id) where book = books.id) authors, uuid from books;

-- == triggers
create trigger books_insert_trg after insert on books begin
  update books set sort = title_sort(new.title), uuid = uuid4() where id = new.id; end;
create trigger books_update_trg after update on books begin
  update books set sort = title_sort(new.title) where id = new.id and old.title <> new.title; end;
create trigger books_delete_trg after delete on books begin
  delete from books_authors_link where book = old.id; delete from books_tags_link where book = old.id;
  delete from books_series_link where book = old.id; delete from data where book = old.id;
  delete from comments where book = old.id; delete from identifiers where book = old.id; end;
create trigger series_insert_trg after insert on series begin
  update series set sort = title_sort(new.name) where id = new.id; end;
create trigger series_update_trg after update on series begin
  update series set sort = title_sort(new.name) where id = new.id; end;
create trigger books_pages_link_create_trigger after insert on books for each row begin
  insert into books_pages_link(book) values (new.id); end;
create trigger annotations_fts_insert_trg after insert on annotations begin
  insert into annotations_fts(rowid, searchable_text) values (new.id, new.searchable_text); end;
create trigger fkc_insert_books_authors_link before insert on books_authors_link begin
  select case when (select id from books where id = new.book) is null then raise(abort, 'book not in books')
    when (select id from authors where id = new.author) is null then raise(abort, 'author not in authors') end; end;
create trigger fkc_insert_books_custom_column_1_link before insert on books_custom_column_1_link begin
  select case when (select id from books where id = new.book) is null then raise(abort, 'book not in books')
    when (select id from custom_column_1 where id = new.value) is null then raise(abort, 'value not there') end; end;

-- == alice
insert into library_id values (1, '00000000-0000-4000-8000-00000000000a');
insert into preferences values (1, 'bools_are_tristate', 'true'),
  (2, 'saved_searches', '{
  "Unread": "#read:false"
}');
insert into custom_columns values (1, 'shelf', 'Shelf', 'text', 0, 1, '{"is_names": false}', 1, 1),
  (2, 'read', 'Read', 'bool', 0, 1, '{}', 0, 0);
insert into authors values (1, 'Ursula K. Le Guin', 'Le Guin, Ursula K.', ''), (2, 'Terry Pratchett', 'Pratchett, Terry', ''),
  (3, 'Neil Gaiman', 'Gaiman, Neil', '');
insert into series values (1, 'Hainish Cycle', 'Hainish Cycle', ''), (2, 'The Discworld', 'Discworld, The', '');
insert into tags values (1, 'Fiction', ''), (2, 'Signed', '');
insert into publishers values (1, 'Ace', null, '');
insert into ratings values (1, 10, ''), (2, 8, '');
insert into languages values (1, 'eng', '');
insert into books(id, title, sort, timestamp, pubdate, series_index, author_sort, path, uuid, has_cover, last_modified) values
  (1, 'The Left Hand of Darkness', 'Left Hand of Darkness, The', '2026-01-01 00:00:00+00:00', '1969-03-01 00:00:00+00:00', 4.0,
   'Le Guin, Ursula K.', 'Ursula K. Le Guin/The Left Hand of Darkness (1)', '11111111-0000-4000-8000-000000000001', 1,
   '2026-02-01 00:00:00+00:00'),
  (2, 'Good Omens', 'Good Omens', '2026-01-02 00:00:00+00:00', '1990-05-01 00:00:00+00:00', 1.0,
   'Pratchett, Terry & Gaiman, Neil', 'Terry Pratchett/Good Omens (2)', '11111111-0000-4000-8000-000000000002', 0,
   '2026-02-02 00:00:00+00:00'),
  (4, 'Mort', 'Mort', '2026-01-03 00:00:00+00:00', '1987-11-01 00:00:00+00:00', 4.0, 'Pratchett, Terry',
   'Terry Pratchett/Mort (4)', '11111111-0000-4000-8000-000000000004', 0, '2026-02-03 00:00:00+00:00');
insert into books_authors_link values (1, 1, 1), (2, 2, 2), (3, 2, 3), (4, 4, 2);
insert into books_series_link values (1, 1, 1), (2, 4, 2);
insert into books_tags_link values (1, 1, 1), (2, 2, 1), (3, 2, 2);
insert into books_publishers_link values (1, 1, 1);
insert into books_ratings_link values (1, 1, 1), (2, 4, 2);
insert into books_languages_link values (1, 1, 1, 0), (2, 2, 1, 0);
insert into identifiers values (1, 1, 'isbn', '9780441478125'), (2, 2, 'isbn', '9780060853983');
insert into comments values (1, 1, '<p>Winter, and the Gethenians</p>');
insert into data values (1, 1, 'EPUB', 400000, 'The Left Hand of Darkness - Ursula K. Le Guin'), (2, 2, 'PDF', 5, 'Good Omens');
insert into conversion_options values (1, 'EPUB', 2, x'8004');
insert into books_plugin_data values (1, 1, 'pages', '304');
insert into custom_column_1(id, value) values (1, 'Hall'), (2, 'Attic');
insert into books_custom_column_1_link values (1, 1, 2), (2, 2, 1);
insert into custom_column_2 values (1, 1, 1), (2, 4, 0);
insert into annotations values (1, 1, 'EPUB', 'local', 'viewer', 1760000000.5, 'a1', 'highlight',
  '{"highlighted_text": "the king was pregnant", "notes": "!"}', 'the king was pregnant');
insert into last_read_positions values (1, 2, 'PDF', 'ada', 'phone', 'epubcfi(/6)', 1760000000.25, 0.5);
insert into annotations_fts(annotations_fts) values ('rebuild');
insert into metadata_dirtied values (1, 2);
insert into books_pages_link(book, pages) values (1, 304), (2, 0), (4, 0);

-- == bob
insert into library_id values (1, '00000000-0000-4000-8000-00000000000b');
insert into preferences values (1, 'bools_are_tristate', 'true');
insert into custom_columns values (1, 'shelf', 'Shelf', 'text', 0, 1, '{"is_names": false}', 1, 1),
  (2, 'read', 'Read', 'bool', 0, 1, '{}', 0, 0);
insert into authors values (1, 'Frank Herbert', 'Herbert, Frank', ''), (2, 'Neil Gaiman', 'Gaiman, Neil', '');
insert into series values (1, 'Dune', 'Dune', '');
insert into tags values (1, 'Desert', ''), (2, 'Fiction', '');
insert into publishers values (1, 'Chilton', null, '');
insert into ratings values (1, 6, '');
insert into languages values (1, 'deu', ''), (2, 'eng', '');
insert into books(id, title, sort, timestamp, pubdate, series_index, author_sort, path, uuid, has_cover, last_modified) values
  (1, 'Dune', 'Dune', '2026-01-01 00:00:00+00:00', '1965-08-01 00:00:00+00:00', 1.0, 'Herbert, Frank',
   'Frank Herbert/Dune (1)', '22222222-0000-4000-8000-000000000001', 1, '2026-02-01 00:00:00+00:00'),
  (2, 'Coraline', 'Coraline', '2026-01-02 00:00:00+00:00', '2002-07-02 00:00:00+00:00', 1.0, 'Gaiman, Neil',
   'Neil Gaiman/Coraline (2)', '22222222-0000-4000-8000-000000000002', 1, '2026-02-02 00:00:00+00:00');
insert into books_authors_link values (1, 1, 1), (2, 2, 2);
insert into books_series_link values (1, 1, 1);
insert into books_tags_link values (1, 1, 1), (2, 1, 2);
insert into books_publishers_link values (1, 1, 1);
insert into books_ratings_link values (1, 1, 1);
insert into books_languages_link values (1, 1, 1, 0);
insert into identifiers values (1, 1, 'isbn', '9780441013593');
insert into comments values (1, 1, '<p>Sand</p>');
insert into custom_column_1(id, value) values (1, 'Attic');
insert into books_custom_column_1_link values (1, 1, 1);
insert into custom_column_2 values (1, 1, 1);

-- == new
insert into library_id values (1, '00000000-0000-4000-8000-00000000000c');
insert into preferences values (1, 'bools_are_tristate', 'true');

-- == link: authors in their order
select b.title || ': ' || (select group_concat(name, ' & ') from (select a.name from books_authors_link l
  join authors a on a.id = l.author where l.book = b.id order by l.id)) from books b;

-- == link: series, publisher, rating
select b.title || ': ' || s.name || ' ' || b.series_index from books b join books_series_link l on l.book = b.id
  join series s on s.id = l.series
union all select b.title || ': ' || p.name from books b join books_publishers_link l on l.book = b.id
  join publishers p on p.id = l.publisher
union all select b.title || ': ' || r.rating from books b join books_ratings_link l on l.book = b.id
  join ratings r on r.id = l.rating;

-- == link: tags and languages
select b.title || ': ' || t.name from books b join books_tags_link l on l.book = b.id join tags t on t.id = l.tag
union all select b.title || ': ' || t.lang_code from books b join books_languages_link l on l.book = b.id
  join languages t on t.id = l.lang_code;

-- == link: what belongs to books
select b.title || ': ' || val from books b join identifiers i on i.book = b.id
union all select b.title || ': ' || text from books b join comments i on i.book = b.id
union all select b.title || ': ' || format || name from books b join data i on i.book = b.id
union all select b.title || ': ' || name || val from books b join books_plugin_data i on i.book = b.id
union all select b.title || ': ' || searchable_text from books b join annotations i on i.book = b.id
union all select b.title || ': ' || user || pos_frac from books b join last_read_positions i on i.book = b.id
union all select b.title || ': ' || hex(data) from books b join conversion_options i on i.book = b.id;

-- == link: what a search finds
select b.title || ': ' || a.annot_id from annotations_fts f join annotations a on a.id = f.rowid join books b on b.id = a.book
where annotations_fts match 'pregnant';

-- == link: custom columns
select b.title || ': ' || v.value from books b join books_custom_column_1_link l on l.book = b.id
  join custom_column_1 v on v.id = l.value
union all select b.title || ': ' || v.value from books b join custom_column_2 v on v.book = b.id;

-- == link: what would be computed
select title || ': ' || sort || ' ' || uuid from books;

-- == absent
-- custom_column_1.book

-- == made
-- The Left Hand of Darkness
-- Hainish Cycle
-- Winter, and the Gethenians
-- the king was pregnant
-- #read:false
