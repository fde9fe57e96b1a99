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
/// One that refers to it twice, and by a child, is one.
#[test]
fn items_that_refer_to_an_edited_one_are_counted_once() {
    let schema = "create table film(id integer primary key, title text, year int);
        create table pair(id integer primary key, a int references film(id), b int references film(id), what text);
        create table part(id integer primary key, pair_id int not null references pair(id), film_id int references film(id), n int)";
    let rows = |year: u32| {
        format!(
            "insert into film values (1, 'Alien', {year}), (2, 'Ran', 1985);
             insert into pair values (1, 1, 1, 'p'), (2, 1, 2, 'q'); insert into part values (1, 1, 1, 1), (2, 1, 1, 2), (3, 2, 2, 1)"
        )
    };
    let settings = "[sections.film]\n[sections.pair]\nnest.part = {}\n";
    let pair = Pair::configured(settings, schema, &rows(1979), &rows(1980));
    pair.import(&[]).fails(4).says("rename adds this one beside it, with 2 items that refer to it");
}

#[test]
fn an_item_that_several_rows_could_be_by_match_says_so() {
    let schema = "create table film(id integer primary key, title text, year int)";
    let pair = Pair::new(
        schema,
        "insert into film values (1, 'Alien', 1979)",
        "insert into film values (7, 'Alien', 1980), (8, 'Alien', 1981)",
    );
    pair.refuses(4, &["--match", "film=title"]).says(
        "2 rows have its title, and it could be any of them; --match with more columns can tell them apart",
    );
}

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

const SHOWS: &str = "create table show(id integer primary key, name text, year int);
    create table season(id integer primary key, show_id int not null references show(id), title text, n int);
    create table episode(id integer primary key, season_id int not null references season(id), name text)";

/// A name that is another's child is not the same.
#[test]
fn what_is_elsewhere_is_another() {
    let here = "insert into show values (2, 'C', 2000); insert into season values (2, 2, 'Season 1', 1); insert into episode values (2, 2, 'c1')";
    let there = "insert into show values (12, 'D', 1990); insert into season values (12, 12, 'Season 1', 8); insert into episode values (12, 12, 'd1')";
    let pair = Pair::new(SHOWS, here, there);
    for options in [&[][..], &["--on-conflict", "skip"], &["--on-conflict", "overwrite"]] {
        let pair = Pair::new(SHOWS, here, there);
        assert_eq!(
            pair.brings(options),
            json!({"show": {"new": 1}, "season": {"new": 1}, "episode": {"new": 1}})
        );
    }
    pair.import(&[]).succeeds();
    let all = "select group_concat(s.name || title || e.name, ' ' order by s.id) from show s join season a on a.show_id = s.id join episode e on e.season_id = a.id";
    assert_eq!(pair.there(all), ["DSeason 1d1 CSeason 1c1"]);
}

/// The same where whose they are has a key, and its own column.
#[test]
fn what_is_somebody_else_s_is_another() {
    let schema = "create table person(id integer primary key, name text not null unique);
        create table tag(id integer primary key, person_id int references person(id), title text, colour text);
        create table note(id integer primary key, tag_id int references tag(id), what text)";
    let rows = |n, person, colour, what| {
        format!(
            "insert into person values ({n}, '{person}'); insert into tag values ({n}, {n}, 'work', '{colour}');
             insert into note values ({n}, {n}, '{what}')"
        )
    };
    let pair = Pair::new(schema, &rows(1, "Ann", "red", "a"), &rows(7, "Bob", "blue", "b"));
    assert_eq!(
        pair.brings(&["--on-conflict", "overwrite"]),
        json!({"person": {"new": 1}, "tag": {"new": 1}, "note": {"new": 1}})
    );
}

/// An edited child of an edited parent is found once that is.
#[test]
fn what_is_below_an_edited_parent_is_found_too() {
    let here = "insert into show values (1, 'A', 1), (2, 'B', 2000); insert into season values (1, 1, 'Season 1', 1), (2, 2, 'Season 1', 1);
        insert into episode values (1, 1, 'a1'), (2, 2, 'b1')";
    let there = "insert into show values (11, 'A', 9), (12, 'B', 2009); insert into season values (11, 11, 'Season 1', 7), (12, 12, 'Season 1', 1);
        insert into episode values (11, 11, 'a1'), (12, 12, 'b1')";
    let pair = Pair::new(SHOWS, here, there);
    assert_eq!(
        pair.brings(&["--on-conflict", "overwrite"]),
        json!({"show": {"overwritten": 2}, "season": {"overwritten": 1, "same": 1}, "episode": {"same": 2}})
    );
}

/// Rows that are paired anew beside one that was edited are each one item's.
#[test]
fn no_row_is_two_items() {
    let schema = "create table show(id integer primary key, name text);
        create table season(id integer primary key, show_id int references show(id), title text, n int);
        create table episode(id integer primary key, season_id int references season(id), what text)";
    let here = "insert into show values (2, 'A'); insert into season values (1, 2, 'S2', 2), (2, 2, 'S1', 2);
        insert into episode values (2, 2, 'a'), (3, 2, 'c'), (4, 1, 'a'), (5, 1, 'a')";
    let there = "insert into show values (102, 'A'); insert into season values (101, 102, 'S2', 2), (102, 102, 'S2', 2);
        insert into episode values (101, 101, 'c'), (102, 102, 'a'), (104, 101, 'a')";
    for strategy in ["overwrite", "skip", "merge"] {
        let pair = Pair::new(schema, here, there);
        pair.import(&["--on-conflict", strategy]).succeeds();
        let count = pair.there("select count(*) || '' from episode where what = 'a'");
        assert!(count == ["3"] || count == ["4"], "{strategy}: {count:?}");
    }
}

/// Much that only one of two has is no reason to take them for the same.
#[test]
fn what_has_much_more_than_the_other_is_another() {
    let schema = "create table person(id integer primary key, name text, role text, lang text);
        create table skill(id integer primary key, person_id int references person(id), what text)";
    let here = "insert into person values (1, 'Bob', 'dev', 'en'); insert into skill(person_id, what) values (1, 'sql'), (1, 'rust')";
    let there = "insert into person values (7, 'Ann', 'dev', 'en');
        insert into skill(person_id, what) values (7, 'sql'), (7, 'rust'), (7, 'go'), (7, 'c'), (7, 'lisp')";
    let pair = Pair::new(schema, here, there);
    assert_eq!(pair.brings(&[]), json!({"person": {"new": 1}, "skill": {"new": 2}}));
}

/// What a chosen item refers to stays as it is.
#[test]
fn what_comes_along_stays_as_it_is() {
    let schema = "create table film(id integer primary key, title text, year int);
        create table review(id integer primary key, code text not null unique, film_id int references film(id))";
    let pair = Pair::new(
        schema,
        "insert into film values (1, 'Alien', 1979), (2, 'Heat', 1995); insert into review values (1, 'r1', 2), (2, 'r2', 1)",
        "insert into film values (7, 'Alien', 1980)",
    );
    pair.import(&["--item", "review=r2", "--on-conflict", "overwrite"]).succeeds();
    assert_eq!(
        pair.there("select title || year || code from film join review on film_id = film.id"),
        ["Alien1980r2"]
    );
    assert_eq!(pair.there("select count(*) || '' from film"), ["1"]);
}

/// NULL is no key.
#[test]
fn a_named_column_that_is_null_finds_nothing() {
    let schema = "create table film(id integer primary key, title text, year int);
        create table rating(id integer primary key, film_id int references film(id), who text)";
    let pair = Pair::new(
        schema,
        "insert into film values (1, null, 1979); insert into rating values (1, 1, 'a')",
        "insert into film values (7, null, 2001); insert into rating values (7, 7, 'z')",
    );
    let brought = pair.brings(&["--match", "film=title", "--on-conflict", "overwrite"]);
    assert_eq!(brought, json!({"film": {"new": 1}, "rating": {"new": 1}}));
}

/// Rows that the settings leave out are nobody's old state.
#[test]
fn rows_that_the_settings_leave_out_are_others() {
    let schema = "create table film(id integer primary key, title text, year int, gone int);
        create table rating(id integer primary key, film_id int references film(id), who text)";
    let pair = Pair::configured(
        "[sections.film]\nwhere = \"gone = 0\"\n",
        schema,
        "insert into film values (1, 'Alien', 1979, 0); insert into rating values (1, 1, 'a')",
        "insert into film values (7, 'Alien', 1980, 1), (8, 'Alien', 1981, 0); insert into rating values (7, 8, 'a')",
    );
    let brought = pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(brought, json!({"film": {"overwritten": 1}, "rating": {"same": 1}}));
    assert_eq!(pair.there("select group_concat(year, ' ' order by id) from film"), ["1980 1979"]);
}
