//! Items that refer to each other in a circle, also through rows that are known by their content, under other names.

use super::pair::Pair;
use serde_json::json;

/// Players have prizes, which were won in rounds, which players played at cups; and cups have players.
const SCHEMA: &str = "create table players(id integer primary key, name text not null unique, n int);
    create table cups(id integer primary key, name text not null unique, place text);
    create table rounds(id integer primary key, player_id integer not null references players(id), cup_id integer references cups(id), day text);
    create table prizes(id integer primary key, player_id integer not null references players(id) on delete cascade, round_id integer references rounds(id), what text);
    create table entries(cup_id integer not null references cups(id) on delete cascade, player_id integer not null references players(id), seat int, primary key(cup_id, player_id))";

const SETTINGS: &str = "[sections.players]\nnest.prizes = {}\n[sections.cups]\nnest.entries = {}\n";

/// Ada and Bob won at cups where Cem and Dan played too, all that starting with the number `n`.
fn rows(n: u32, place: &str) -> String {
    format!(
        "insert into players values ({n}1, 'Ada', 1), ({n}2, 'Bob', 1), ({n}3, 'Cem', 1), ({n}4, 'Dan', 1), ({n}5, 'Eve', 1);
         insert into cups values ({n}1, 'Spring', '{place}'), ({n}2, 'Summer', 'Rome'), ({n}3, 'Autumn', 'Oslo');
         insert into rounds values ({n}1, {n}1, {n}1, 'd1'), ({n}2, {n}2, {n}1, 'd1'), ({n}3, {n}1, {n}2, 'd2'), ({n}4, {n}3, {n}2, 'd2'),
           ({n}5, {n}3, {n}2, 'd2'), ({n}6, {n}5, {n}3, 'd3');
         insert into prizes values ({n}1, {n}1, {n}1, 'gold'), ({n}2, {n}2, {n}2, 'gold'), ({n}3, {n}1, {n}3, 'gold'), ({n}4, {n}3, {n}4, 'gold'),
           ({n}5, {n}3, {n}5, 'gold'), ({n}6, {n}5, {n}6, 'gold');
         insert into entries values ({n}1, {n}1, 1), ({n}1, {n}2, 1), ({n}2, {n}1, 1), ({n}2, {n}3, 1), ({n}2, {n}4, 1), ({n}3, {n}5, 1)"
    )
}

const RENAME: &[&str] = &["--on-conflict", "rename"];

/// One cup differs, and with it all that hangs on it, and what that hangs on.
#[test]
fn a_circle_through_rows_known_by_their_content_is_found_again_under_its_other_names() {
    let pair = Pair::configured(SETTINGS, SCHEMA, &rows(1, "Paris"), &rows(2, "Bern"));
    assert_eq!(
        pair.brings(RENAME),
        json!({"cups": {"renamed": 2, "same": 1}, "players": {"renamed": 3, "same": 2}, "rounds": {"new": 5, "same": 1}})
    );
    let cups = "select group_concat(c.name || ':' || p.name, ' ' order by c.name, p.name) from entries e
        join cups c on c.id = cup_id join players p on p.id = e.player_id where c.name like '%(1)'";
    assert_eq!(
        pair.there(cups),
        ["Spring (1):Ada (1) Spring (1):Bob (1) Summer (1):Ada (1) Summer (1):Cem (1) Summer (1):Dan"]
    );
    // A third time too.
    let third = pair.import(RENAME).succeeds();
    third.says("nothing to change");
}

/// What came in under another name was changed there: it and what hangs on it come in once more, and then are there.
#[test]
fn a_circle_of_which_a_part_was_changed_meanwhile_comes_in_once_more() {
    let pair = Pair::configured(SETTINGS, SCHEMA, &rows(1, "Paris"), &rows(2, "Bern"));
    pair.import(RENAME).succeeds();
    pair.change("update cups set place = 'Lima' where name = 'Spring (1)'");
    assert_eq!(
        pair.brings(RENAME),
        json!({"cups": {"renamed": 2, "same": 1}, "players": {"renamed": 3, "same": 2}, "rounds": {"new": 5, "same": 1}})
    );
    assert_eq!(
        pair.there("select group_concat(name, ' ' order by name) from cups"),
        ["Autumn Spring Spring (1) Spring (2) Summer Summer (1) Summer (2)"]
    );
    // And where it is only what a row refers to.
    pair.change(
        "update entries set player_id = (select id from players where name = 'Eve')
         where player_id = (select id from players where name = 'Bob (2)')",
    );
    pair.brings(RENAME);
    assert_eq!(
        pair.there("select group_concat(name) from cups where name like 'Spring (3)'"),
        ["Spring (3)"]
    );
    assert_eq!(pair.there("select cast(count(*) as text) from players"), ["14"]);
}

/// The circle leads through references inside JSON.
#[test]
fn a_circle_through_json_is_found_again_under_its_other_names() {
    let schema = "create table drivers(id integer primary key, name text not null unique, job_id int references jobs(id));
        create table jobs(id integer primary key, name text not null unique, data text, note text)";
    let settings = "[sections.jobs]\njson = ['data']\nreferences.'data.list[*].driver' = 'drivers'\n";
    let rows = |n: u32, note: &str| {
        format!(
            "pragma foreign_keys = off; insert into drivers values ({n}1, 'Ann', {n}1), ({n}2, 'Ben', {n}1), ({n}3, 'Cid', {n}2);
             insert into jobs values ({n}1, 'J', '{{\"list\":[{{\"driver\":{n}1}},{{\"driver\":{n}3}}]}}', '{note}'),
               ({n}2, 'K', '{{\"list\":[{{\"driver\":{n}2}}]}}', 'same')"
        )
    };
    let pair = Pair::configured(settings, schema, &rows(1, "x"), &rows(2, "y"));
    assert_eq!(pair.brings(RENAME), json!({"jobs": {"renamed": 2}, "drivers": {"renamed": 3}}));
    let jobs = "select j.name || ':' || group_concat(d.name, ',') from jobs j, json_each(j.data, '$.list') e
        join drivers d on d.id = e.value ->> 'driver' where j.name like '%(1)' group by j.id";
    assert_eq!(pair.there(jobs), ["J (1):Ann (1),Cid (1)", "K (1):Ben (1)"]);
    pair.change("update jobs set note = 'z' where name = 'J (1)'");
    assert_eq!(pair.brings(RENAME), json!({"jobs": {"renamed": 2}, "drivers": {"renamed": 3}}));
}
