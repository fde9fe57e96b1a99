//! What larder writes, larder accepts: a document that an import would refuse gets no name.

use super::fixtures::fill;
use super::scene::Scene;

/// Schemas that lead to documents of every kind of reference, and one that was exported with references that led nowhere: every
/// column called `book` was taken for one to pages.
const SCHEMAS: [&str; 4] = [
    "create table books(id integer primary key, title text);
     create table authors(id integer primary key, name text unique);
     create table books_pages_link(id integer primary key, book integer, pages text, unique(book));
     create table books_authors_link(id integer primary key, book integer not null, author integer not null, unique(book, author));
     create table comments(id integer primary key, book integer not null, text text, unique(book));
     create trigger books_delete after delete on books begin delete from books_pages_link where book = old.id;
       delete from books_authors_link where book = old.id; delete from comments where book = old.id; end;
     insert into books values (1, 'Emma'), (2, 'Ulysses'), (3, 'Emma'); insert into authors values (1, 'Austen'), (2, 'Joyce');
     insert into books_pages_link values (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c');
     insert into books_authors_link values (1, 1, 1), (2, 2, 2), (3, 3, 1); insert into comments values (1, 2, 'long')",
    "create table nodes(id integer primary key, label text, parent_id integer references nodes(id));
     create table edges(a integer not null references nodes(id), b integer not null references nodes(id), primary key(a, b));
     pragma foreign_keys = off; insert into nodes values (1, 'x', null), (2, 'x', 1), (3, 'y', 9); insert into edges values (1, 2), (2, 2), (3, 1)",
    "create table people(name text primary key collate nocase, boss text references people(name));
     create table tags(id integer primary key, name text unique, person text references people(name));
     create table uses(tag_id integer not null references tags(id), at text, unique(tag_id, at));
     pragma foreign_keys = off; insert into people values ('Ada', null), ('Bo', 'ADA'), ('Cy', 'nobody');
     insert into tags values (1, 'red', 'ada'), (2, 'blue', 'CY'); insert into uses values (1, 'mon'), (2, 'mon'), (7, 'tue')",
    "create table a(id integer primary key, x text, b_id integer); create table b(id integer primary key, y text, a_id integer);
     insert into a values (1, 'p', 1), (2, 'p', 2); insert into b values (1, 'q', 2), (2, 'q', 1)",
];

#[test]
fn what_is_exported_is_accepted_or_not_written_at_all() {
    for (at, schema) in SCHEMAS.into_iter().enumerate() {
        let scene = Scene::new();
        fill(&scene.path("app.db"), schema);
        for format in ["out.json", "out.ndjson", "out.zip"] {
            let run = scene.larder(["export", "app.db", "-o", format]).run();
            if !scene.path(format).exists() {
                run.fails(1).says("no import would accept the document: data.");
                let piped = scene.larder(["export", "app.db"]).run().fails(1);
                piped.says("no import would accept the document");
                continue;
            }
            run.succeeds();
            scene.larder(["validate", format]).run().succeeds();
            let back = scene.larder(["import", format, "app.db", "--json"]).run();
            let json = back.succeeds().json();
            let sections = json["sections"].as_object().expect("sections");
            assert!(sections.values().all(|section| section["new"] == 0), "{at} {format}: {json}");
        }
    }
}
