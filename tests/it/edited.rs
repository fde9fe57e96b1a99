//! Rows without a key that were edited since they were exported: they do not come in beside the old ones without a word.

use super::pair::Pair;
use serde_json::json;

/// Films are known by what they hold, and ratings by that and by their film.
const SCHEMA: &str = "create table film(id integer primary key, title text, year int, lang text, note text);
    create table rating(id integer primary key, film_id int references film(id), who text, stars int)";

/// Four films, two of one name, each with three ratings, all that starting with the number `n`.
fn rows(n: u32, alien: u32, heat: &str) -> String {
    format!(
        "insert into film values ({n}1, 'Alien', {alien}, 'en', 'a'), ({n}2, '{heat}', 1995, 'en', 'b'),
           ({n}3, 'Tenet', 2020, 'en', 'c'), ({n}4, 'Tenet', 2021, 'fr', 'd');
         insert into rating(film_id, who, stars) select {n}1 + (value - 1) % 4, 'p' || value, value % 5 from
           (with recursive s(value) as (select 1 union all select value + 1 from s where value < 12) select value from s)"
    )
}

fn pair() -> Pair {
    Pair::new(SCHEMA, &rows(1, 1979, "Heat"), &rows(7, 1980, "Heat!"))
}

const FILMS: &str = "select group_concat(title || ' ' || year || ' ' || n, ', ' order by title, year, id)
    from (select f.*, count(r.id) as n from film f left join rating r on r.film_id = f.id group by f.id)";

#[test]
fn rows_that_were_edited_are_undecided() {
    let pair = pair();
    let before = pair.bytes();
    for run in [pair.import(&[]).fails(4), pair.import(&["--dry-run"]).leaves_open()] {
        // By its name.
        run.says("film has no key, and this is likely a row that is there, edited: it differs in year")
            // By what refers to it.
            .says("it differs in title")
            .says("--on-conflict overwrite changes that row, rename adds this one beside it, with 3 items that refer to it");
    }
    assert!(pair.bytes() == before);
}

#[test]
fn they_are_changed_with_all_that_refers_to_them_in_its_place() {
    let pair = pair();
    assert_eq!(
        pair.brings(&["--on-conflict", "overwrite"]),
        json!({"film": {"overwritten": 2, "same": 2}, "rating": {"same": 12}})
    );
    assert_eq!(pair.there(FILMS), ["Alien 1979 3, Heat 1995 3, Tenet 2020 3, Tenet 2021 3"]);
}

#[test]
fn they_stay_and_what_refers_to_them_is_the_same() {
    let pair = pair();
    assert_eq!(
        pair.brings(&["--on-conflict", "skip"]),
        json!({"film": {"skipped": 2, "same": 2}, "rating": {"same": 12}})
    );
}

#[test]
fn they_come_in_beside_with_what_refers_to_them() {
    let pair = pair();
    assert_eq!(
        pair.brings(&["--on-conflict", "rename"]),
        json!({"film": {"new": 2, "same": 2}, "rating": {"new": 6, "same": 6}})
    );
    let films = "Alien 1979 3, Alien 1980 3, Heat 1995 3, Heat! 1995 3, Tenet 2020 3, Tenet 2021 3";
    assert_eq!(pair.there(FILMS), [films]);
}

/// Ratings that were added on either side are no reason against it.
#[test]
fn what_was_added_to_them_comes_in_too() {
    let pair = pair();
    pair.change(
        "insert into rating(film_id, who, stars) values (71, 'x', 1); delete from rating where who = 'p1'",
    );
    assert_eq!(
        pair.brings(&["--on-conflict", "overwrite"]),
        json!({"film": {"overwritten": 2, "same": 2}, "rating": {"new": 1, "same": 11}})
    );
    assert_eq!(pair.there(FILMS), ["Alien 1979 4, Heat 1995 3, Tenet 2020 3, Tenet 2021 3"]);
}

/// What two people added to each of two databases has nothing in common.
#[test]
fn rows_that_have_little_in_common_are_others() {
    let film = |id, title, year| {
        format!(
            "insert into film values ({id}, '{title}', {year}, 'en', '{title}');
             insert into rating(film_id, who, stars) values ({id}, 'me', 5), ({id}, 'you', 4)"
        )
    };
    let pair = Pair::new(SCHEMA, &film(1, "Dune", 2021), &film(7, "Ran", 1985));
    assert_eq!(pair.brings(&[]), json!({"film": {"new": 1}, "rating": {"new": 2}}));
}

/// A name that two have tells nothing.
#[test]
fn rows_of_which_several_are_alike_are_others() {
    let film = |id, year, note| format!("insert into film values ({id}, 'Emma', {year}, 'en', '{note}');");
    let here = film(1, 1996, "a") + &film(2, 2009, "b");
    let pair = Pair::new(SCHEMA, &here, &film(7, 2020, "c"));
    assert_eq!(pair.brings(&[]), json!({"film": {"new": 2}, "rating": {}}));
}

/// A list whose entries are in it would come in a second time, entries and all.
#[test]
fn children_are_a_part_of_what_was_edited() {
    let schema = "create table list(id integer primary key, name text, n int);
        create table entry(list_id int not null references list(id) on delete cascade, at int, what text)";
    let rows = |n, what| {
        format!(
            "insert into list values ({n}1, 'A', 1), ({n}2, 'B', 1);
             insert into entry values ({n}1, 1, 'x'), ({n}1, 2, '{what}'), ({n}2, 1, 'z')"
        )
    };
    let settings = "[sections.list]\nnest.entry = {}\n";
    let pair = Pair::configured(settings, schema, &rows(1, "y"), &rows(7, "Y"));
    pair.import(&[]).fails(4).says("list has no key").says("it differs in entry");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"list": {"overwritten": 1, "same": 1}}));
    assert_eq!(pair.there("select group_concat(what, '' order by what) from entry"), ["xyz"]);
}

/// One that was edited refers to another that was: both are found, and what refers to both.
#[test]
fn several_that_refer_to_each_other_are_found() {
    let schema = "create table show(id integer primary key, name text, year int);
        create table season(id integer primary key, show_id int references show(id), title text, n int);
        create table part(id integer primary key, season_id int references season(id), name text)";
    let rows = |n, year, number| {
        format!(
            "insert into show values ({n}1, 'Dark', {year}), ({n}2, 'Lost', 2004);
             insert into season values ({n}1, {n}1, 'One', {number}), ({n}2, {n}1, 'Two', 2), ({n}3, {n}2, 'First', 1);
             insert into part values ({n}1, {n}1, 'a'), ({n}2, {n}1, 'b'), ({n}3, {n}2, 'a'), ({n}4, {n}3, 'a')"
        )
    };
    let pair = Pair::new(schema, &rows(1, 2017, 1), &rows(7, 2018, 11));
    pair.import(&[]).fails(4).says("data.show[0]: show has no key").says("data.season[0]: season has no key");
    assert_eq!(
        pair.brings(&["--on-conflict", "overwrite"]),
        json!({"part": {"same": 4}, "season": {"overwritten": 1, "same": 2}, "show": {"overwritten": 1, "same": 1}})
    );
    assert_eq!(
        pair.brings(&["--replace-all", "--yes"]),
        json!({"part": {"same": 4}, "season": {"same": 3}, "show": {"same": 2}})
    );
}

/// Somebody may say by what they are known.
#[test]
fn columns_that_are_named_for_one_run_find_them() {
    let schema = "create table film(id integer primary key, title text, year int, note text);
        create table rating(id integer primary key, film_id int references film(id), who text)";
    let rows = |n, note| {
        format!(
            "insert into film values ({n}1, 'Emma', 1996, '{note}'), ({n}2, 'Emma', 2009, '{note}');
             insert into rating values ({n}1, {n}1, 'x'), ({n}2, {n}2, 'x')"
        )
    };
    let pair = Pair::new(schema, &rows(1, "a"), &rows(7, "b"));
    // Two have the name.
    pair.import(&["--dry-run"]).succeeds().says("film       2");
    let by_both = ["--match", "film=title,year", "--on-conflict"];
    pair.import(&by_both[..2]).fails(4).says("it is there already, and differs in note");
    assert_eq!(
        pair.brings(&[&by_both[..], &["overwrite"]].concat()),
        json!({"film": {"overwritten": 2}, "rating": {"same": 2}})
    );
    let none = pair.import(&["--match", "films=title"]).fails(2);
    none.says("--match films=title: the document has no section \"films\"").says("did you mean \"film\"?");
    let none = pair.import(&["--match", "film=title,yeer"]).fails(2);
    none.says("its items have no column \"yeer\"").says("did you mean \"year\"?");
    pair.import(&["--match", "title"]).fails(2).says("a section and = come first");
}

/// A plan says it too.
#[test]
fn a_plan_carries_the_columns_that_were_named() {
    let pair = pair();
    let plan = ["--match", "film=lang,note", "--on-conflict", "overwrite", "--plan", "plan.json"];
    pair.import(&plan).succeeds();
    pair.scene.larder(["import", "--plan", "plan.json"]).run().succeeds();
    assert_eq!(pair.there(FILMS), ["Alien 1979 3, Heat 1995 3, Tenet 2020 3, Tenet 2021 3"]);
}
