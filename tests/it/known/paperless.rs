//! Paperless computes a column of the values of custom fields by a function of its own: they are exported, and an import of them
//! is refused. Everything else comes in.

use super::fixture::Fixture;
use crate::fixtures::fill;
use crate::scene::Scene;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::path::Path;

/// Gives the values of custom fields the column that Paperless computes.
fn compute(path: &Path) {
    let db = Connection::open(path).expect("open");
    db.create_scalar_function("regexp", 2, FunctionFlags::SQLITE_DETERMINISTIC, |_| Ok(false))
        .expect("register");
    db.execute_batch(
        "alter table documents_customfieldinstance rename to old;
         create table documents_customfieldinstance(id integer not null primary key autoincrement, created datetime not null,
           value_date date null, value_monetary varchar(128) null,
           value_monetary_amount decimal not null generated always as
             (case when \"value_monetary\" regexp '^\\d+' then 1 else ifnull(substr(\"value_monetary\", 4), 0) end) stored,
           document_id integer not null references documents_document(id), field_id integer not null references documents_customfield(id));
         insert into documents_customfieldinstance(id, created, value_date, document_id, field_id)
           select id, created, value_date, document_id, field_id from old;
         drop table old",
    )
    .expect("SQL");
}

#[test]
fn values_that_paperless_alone_computes_are_exported_and_the_rest_comes_in() {
    let (scene, fixture) = (Scene::new(), Fixture::read("paperless-ngx"));
    for (name, rows) in [("alice.db", &fixture.alice), ("bob.db", &fixture.bob)] {
        fill(&scene.path(name), &fixture.tables);
        fill(&scene.path(name), &format!("begin; {rows}; commit"));
        compute(&scene.path(name));
    }
    let document = super::export(&scene, "alice.db", "alice.json");
    let values = &document["data"]["documents_customfieldinstance"];
    assert_eq!(values.as_array().map(Vec::len), Some(2), "{values}");
    let before = std::fs::read(scene.path("bob.db")).expect("read");
    let run = scene.larder(["import", "alice.json", "bob.db"]).run();
    assert_ne!(run.code(), Some(0));
    assert!(run.stderr().to_lowercase().contains("regexp"), "{run}");
    assert!(before == std::fs::read(scene.path("bob.db")).expect("read"));
    scene
        .larder(["import", "alice.json", "bob.db", "--exclude", "documents_customfieldinstance"])
        .run()
        .succeeds();
    let titles = "select title from documents_document order by 1";
    assert_eq!(
        crate::condensed::rows(&scene.path("bob.db"), titles),
        ["Bread", "Bread", "Food", "Statement"]
    );
}
