//! Rows without a key that are the same in themselves: what refers to them tells them apart, and nothing else does.

use super::condensed::done;
use super::fixtures::fill;
use super::pair::Pair;
use super::scene::Scene;
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Two copies of a film that only who lent them tells apart.
#[test]
fn equal_rows_are_told_apart_by_what_refers_to_them() {
    let schema = "create table copies(id integer primary key, film text not null);
        create table rentals(id integer primary key, copy_id integer not null references copies(id), who text not null);
        create table payments(id integer primary key, rental_id integer not null references rentals(id), amount int not null)";
    let here = "insert into copies values (1, 'Alien'), (2, 'Alien'), (3, 'Alien');
        insert into rentals values (1, 1, 'ann'), (2, 2, 'bob'), (3, 2, 'cy'), (4, 3, 'bob');
        insert into payments values (1, 1, 5), (2, 2, 7), (3, 3, 9), (4, 4, 8)";
    let there = "insert into copies values (5, 'Alien'), (9, 'Alien'), (4, 'Alien');
        insert into rentals values (7, 9, 'ann'), (4, 5, 'bob'), (5, 5, 'cy'), (9, 4, 'bob');
        insert into payments values (3, 7, 5), (8, 4, 7), (6, 5, 9), (1, 9, 8)";
    assert_same_document(&Pair::new(schema, here, there));
}

/// Rows without a key that are the same in themselves are known by rows whose key they are.
#[test]
fn equal_rows_whose_number_is_the_key_of_others_are_told_apart() {
    let schema = "create table person(id integer primary key, name text not null);
        create table employee(person_id integer primary key references person(id), salary integer not null);
        create table shift(id integer primary key, employee_id integer not null references employee(person_id), day text not null)";
    let here = "insert into person values (1, 'Ann'), (2, 'Ann');
        insert into employee values (1, 10), (2, 20);
        insert into shift values (1, 2, 'mon'), (2, 1, 'tue')";
    let there = "insert into person values (8, 'Ann'), (5, 'Ann');
        insert into employee values (8, 10), (5, 20);
        insert into shift values (7, 5, 'mon'), (3, 8, 'tue')";
    let pair = Pair::new(schema, here, there);
    assert_same_document(&pair);
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
}

/// An item that lacks a field is compared without it, and what refers to it is what it was.
#[test]
fn what_refers_to_an_item_that_lacks_a_field_is_there_too() {
    let schema = "create table lists(id integer primary key, name text, colour text);
        create table notes(id integer primary key, list_id integer references lists(id), body text)";
    let here = "insert into lists values (1, 'a', 'red'), (2, 'b', 'blue');
        insert into notes values (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x')";
    let pair = Pair::new(schema, here, here);
    pair.edit(r#", "colour": "red""#, "");
    assert_eq!(changed(&pair.brings(&[])), [""; 0]);
}

/// Children tell their parents apart, also by what they refer to.
#[test]
fn equal_rows_are_told_apart_by_their_children() {
    let schema = "create table lists(id integer primary key, note text);
        create table things(id integer primary key, what text);
        create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade,
          thing_id integer references things(id), n int);
        create table marks(id integer primary key, thing_id integer not null references things(id), colour text)";
    let here = "insert into lists values (1, 'x'), (2, 'x'); insert into things values (1, 't'), (2, 't');
        insert into entries values (1, 1, 1, 1), (2, 1, 2, 1), (3, 2, 2, 1), (4, 2, 2, 1);
        insert into marks values (1, 1, 'red')";
    let there = "insert into lists values (4, 'x'), (3, 'x'); insert into things values (7, 't'), (6, 't');
        insert into entries values (9, 4, 7, 1), (8, 4, 6, 1), (7, 3, 6, 1), (6, 3, 6, 1);
        insert into marks values (5, 7, 'red')";
    assert_same_document(&Pair::new(schema, here, there));
}

/// The database that the document did not come from has the same document, and takes in nothing.
#[track_caller]
fn assert_same_document(pair: &Pair) {
    let export = |database: &str, file: &str| {
        pair.scene.larder(["export", database, "--app", "app", "--force", "-o", file]).run().succeeds();
        lines(&pair.scene.path(file))
    };
    assert_eq!(export("a.db", "a.json"), export("b.db", "b.json"));
    assert_eq!(changed(&pair.brings(&[])), [""; 0]);
}

/// The sections of which an import did not find every item as it is.
fn changed(done: &Value) -> Vec<String> {
    let sections = done.as_object().expect("sections").iter();
    let differs = |counts: &Value| counts.as_object().expect("counts").keys().any(|fate| fate != "same");
    sections.filter(|(_, counts)| differs(counts)).map(|(name, _)| name.clone()).collect()
}

/// A document without the time that it bears.
fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("read");
    text.lines().filter(|line| !line.contains("\"exported_at\"")).map(str::to_owned).collect()
}

/// Of each row the label and the rows that it refers to.
type Rows = Vec<(bool, Vec<Option<usize>>)>;

/// A table: for each reference which table it leads to, and of each row the label and the rows that it refers to.
#[derive(Debug, Clone)]
struct Table {
    targets: Vec<usize>,
    rows: Rows,
}

/// Tables that refer to each other, and the ids that their rows have in the second database.
#[derive(Debug, Clone)]
struct Tables {
    tables: Vec<Table>,
    ids: Vec<Vec<i64>>,
}

fn tables() -> impl Strategy<Value = Tables> {
    (1..4_usize, any::<bool>()).prop_flat_map(|(count, is_acyclic)| {
        let most = [8, 5, 4][count - 1];
        let table = (
            prop::collection::vec(0..count, 0..3),
            prop::collection::vec(
                (any::<bool>(), prop::collection::vec(prop::option::of(0..most), 2)),
                1..=most,
            ),
        );
        let ids = prop::sample::subsequence((1..60_i64).collect::<Vec<_>>(), most).prop_shuffle();
        (prop::collection::vec(table, count), prop::collection::vec(ids, count)).prop_map(
            move |(tables, ids)| {
                let sizes: Vec<usize> = tables.iter().map(|(_, rows)| rows.len()).collect();
                let fit = |at: usize, row: usize, target: usize, to: usize| {
                    let is_before = target < at || target == at && to < row;
                    (to < sizes[target] && (is_before || !is_acyclic)).then_some(to)
                };
                let fitted = |(at, (targets, rows)): (usize, (Vec<usize>, Rows))| {
                    let row = |(row, (label, refers)): (usize, (bool, Vec<Option<usize>>))| {
                        let pairs = refers.into_iter().zip(&targets);
                        (
                            label,
                            pairs.map(|(to, target)| to.and_then(|to| fit(at, row, *target, to))).collect(),
                        )
                    };
                    Table { rows: rows.into_iter().enumerate().map(row).collect(), targets }
                };
                Tables { tables: tables.into_iter().enumerate().map(fitted).collect(), ids }
            },
        )
    })
}

impl Tables {
    /// Those of which the first database lacks the last rows, to which no others refer then but those.
    fn without_last(&self) -> Self {
        let kept = |table: usize| self.tables[table].rows.len().div_ceil(2);
        let mut tables = self.clone();
        for (at, table) in tables.tables.iter_mut().enumerate() {
            for (_, refers) in table.rows.iter_mut().take(kept(at)) {
                for (row, target) in refers.iter_mut().zip(&table.targets) {
                    row.take_if(|row| *row >= kept(*target));
                }
            }
        }
        tables
    }

    /// The SQL that makes them, by rows' places or by their other ids.
    fn sql(&self, case: usize, is_other: bool, is_whole: bool) -> String {
        let letter = |at: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[at]);
        let name = |table: usize| format!("k{}{}x{}", letter(case / 26), letter(case % 26), letter(table));
        let id = |table: usize, row: usize| {
            if is_other { self.ids[table][row] } else { i64::try_from(row).expect("few rows") + 1 }
        };
        let mut sql = String::new();
        for (at, table) in self.tables.iter().enumerate() {
            let refers = table.targets.iter().zip(["one_id", "two_id"]);
            let refers: Vec<String> = refers
                .map(|(to, column)| format!(", {column} integer references {}(id)", name(*to)))
                .collect();
            let _ = writeln!(
                sql,
                "create table {}(id integer primary key, label text{});",
                name(at),
                refers.concat()
            );
            let count = if is_whole { table.rows.len() } else { table.rows.len().div_ceil(2) };
            for (row, (label, refers)) in table.rows.iter().take(count).enumerate() {
                let to = refers.iter().zip(&table.targets);
                let to: String = to
                    .map(|(row, target)| {
                        row.map_or(", null".to_owned(), |row| format!(", {}", id(*target, row)))
                    })
                    .collect();
                let _ = writeln!(sql, "insert into {} values ({}, '{label}'{to});", name(at), id(at, row));
            }
        }
        sql
    }
}

/// So many cases are in one database, since each run of larder takes its time.
const AT_ONCE: usize = 20;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: super::generated::cases().div_ceil(6), failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default()
    })]

    #[test]
    fn a_renumbered_database_has_the_same_document_and_takes_in_nothing(cases in prop::collection::vec(tables(), AT_ONCE)) {
        let scene = Scene::new();
        let mut documents = Vec::new();
        for (name, is_other) in [("a.db", false), ("b.db", true)] {
            let sql: String = cases.iter().enumerate().map(|(at, case)| case.sql(at, is_other, true)).collect();
            fill(&scene.path(name), &format!("pragma foreign_keys = off; begin; {sql} commit"));
            let file = format!("{name}.json");
            scene.larder(["export", name, "--app", "app", "-o", &file]).run().succeeds();
            documents.push(lines(&scene.path(&file)));
        }
        prop_assert_eq!(&documents[0], &documents[1]);
        let import = scene.larder(["import", "a.db.json", "b.db", "--dry-run", "--json"]).run().succeeds();
        prop_assert_eq!(changed(&done(&import.json())), [""; 0]);
    }

    /// The target has further rows, which hold the same and refer in.
    #[test]
    fn what_was_exported_from_a_part_of_a_database_takes_in_nothing(cases in prop::collection::vec(tables(), AT_ONCE)) {
        let scene = Scene::new();
        let cases: Vec<Tables> = cases.iter().map(Tables::without_last).collect();
        for (name, is_other) in [("a.db", false), ("b.db", true)] {
            let sql: String = cases.iter().enumerate().map(|(at, case)| case.sql(at, is_other, is_other)).collect();
            fill(&scene.path(name), &format!("pragma foreign_keys = off; begin; {sql} commit"));
        }
        scene.larder(["export", "a.db", "--app", "app", "-o", "a.json"]).run().succeeds();
        let import = scene.larder(["import", "a.json", "b.db", "--dry-run", "--json"]).run().succeeds();
        prop_assert_eq!(changed(&done(&import.json())), [""; 0]);
    }
}
