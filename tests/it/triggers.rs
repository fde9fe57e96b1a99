//! What triggers do while items are written: it is told, and what it costs to do without them.

use super::pair::Pair;
use serde_json::json;

const SCHEMA: &str = "
    create table films(id integer primary key, title text not null unique, note text, entries int default 0);
    create table entries(id integer primary key, film_id int not null references films(id), what text not null, unique(film_id, what));
    create table log(id integer primary key, what text);
    create table kept(what text primary key) without rowid;
    create virtual table search using fts5(title);
    create trigger counted after insert on entries begin update films set entries = entries + 1 where id = new.film_id; end;
    create trigger logged after insert on films begin
      insert into log(what) values (new.title); insert or replace into kept values ('x'); insert into search values (new.title);
      delete from log where what = 'old'; end;
    create trigger shouted after update of note on films begin update films set note = upper(note) where id = new.id; end;";
const SETTINGS: &str = "[sections.films]\nomit = [\"entries\"]\nnest.entries = {}\n[sections.log]\ninclude = false\n[sections.kept]\ninclude = false\n";
const HERE: &str = "insert into films(id, title, note) values (1, 'Heat', 'n'), (2, 'Ran', 'm'); insert into entries values (1, 2, 'disc')";
const THERE: &str = "insert into films(id, title, note) values (7, 'Heat', 'o'), (8, 'Jaws', null); delete from log; insert into log(what) values ('old')";

fn pair() -> Pair {
    Pair::configured(SETTINGS, SCHEMA, HERE, THERE)
}

#[test]
fn rows_that_triggers_touched_are_told() {
    let pair = pair();
    let overwrite = ["--on-conflict", "overwrite"];
    let run = pair.import(&[&overwrite[..], &["--json", "--report", "r"]].concat()).succeeds();
    // The note that a trigger changed was put right, and the film is new that counts its entries.
    let all = json!({"log": {"added": 1, "changed": 0, "removed": 1}});
    assert_eq!(run.json()["triggers"], all, "{run}");
    let report = std::fs::read_to_string(pair.scene.path("r")).expect("a report");
    assert_eq!(
        report.lines().last(),
        Some(r#"{"table":"log","triggers":{"added":1,"changed":0,"removed":1}}"#),
        "{report}"
    );
    assert_eq!(pair.there("select title || note from films where id <> 8 order by 1"), ["Heatn", "Ranm"]);
    pair.undo(&run);
    let planned = pair.import(&[&overwrite[..], &["--json", "--dry-run"]].concat()).succeeds();
    assert_eq!(planned.json()["triggers"], all);
    pair.import(&overwrite).succeeds().says("triggers added 1 row to log, removed 1 row from log");
    let again = pair.import(&[&overwrite[..], &["--json"]].concat()).succeeds();
    assert_eq!(again.json()["triggers"], json!({}));
}

/// With `--triggers on`, what they changed stays; importing again does not call it the same.
#[test]
fn what_triggers_changed_for_good_is_told_and_is_not_the_same() {
    let pair = pair();
    let options = ["--on-conflict", "overwrite", "--triggers", "on", "--json"];
    let run = pair.import(&options).succeeds();
    let films = json!({"added": 0, "changed": 2, "removed": 0});
    assert_eq!(run.json()["triggers"]["films"], films, "{run}");
    assert_eq!(pair.there("select note from films where id = 7"), ["N"]);
    let again = pair.import(&options).succeeds();
    assert_eq!(again.json()["sections"]["films"]["overwritten"], 1);
    assert_eq!(again.json()["triggers"]["films"]["changed"], 1, "{again}");
}

/// Rows of the document that a trigger removes again.
#[test]
fn rows_that_triggers_removed_again_are_told() {
    let schema = "create table visits(id integer primary key, url text not null unique);
        create trigger capped after insert on visits begin delete from visits where (select count(*) from visits) > 2 and id = (select min(id) from visits); end;";
    let pair = Pair::new(
        &schema.replace("create trigger", "create table unused(x); create trigger"),
        "drop trigger capped; insert into visits(url) values ('a'), ('b'), ('c'), ('d')",
        "insert into visits(url) values ('z')",
    );
    let run = pair.import(&[]).succeeds().says("triggers removed 3 rows from visits");
    assert!(run.stderr().contains("new"), "{run}");
    // Importing again would remove others, which are the same now.
    pair.refuses(3, &[]).says("data.visits[2]: a trigger of the database removed its row: --triggers off");
}

#[test]
fn a_trigger_that_needs_the_application_is_named_with_the_way_out() {
    let schema = "create table books(id integer primary key, title text not null unique, sort text);
        create table other(x text primary key); create trigger other_trg after insert on other begin select title_sort(new.x); end;";
    let pair = Pair::new(
        schema,
        "insert into books(title, sort) values ('The Waves', 'Waves, The')",
        "create trigger books_trg after insert on books begin update books set sort = title_sort(new.title) where id = new.id; end;",
    );
    let what = "the trigger books_trg of books needs the function title_sort, which only the application has";
    pair.import(&[]).fails(3).says(what).says("--triggers off imports without triggers: what they keep up");
    std::fs::write(pair.scene.path("rows.json"), "[{\"title\": \"Dune\"}]").expect("write");
    let rows = ["import", "rows.json", "b.db", "--section", "books"];
    pair.scene.larder(rows).run().fails(3).says(what).says("--triggers off");
    let run = pair.import(&["--triggers", "off"]).succeeds();
    run.says("triggers do not run, and what they keep up is not brought up to date: other_trg of other, books_trg of books");
    assert_eq!(pair.there("select sort from books"), ["Waves, The"]);
    pair.scene.larder([&rows[..], &["--triggers", "off"]].concat()).run().succeeds();
}
