//! Lists whose entries have places, merged: what comes in stands after what is there.

use super::pair::Pair;
use serde_json::json;

const SETTINGS: &str = "[sections.list]\nnest.entry = {}\n";

/// A schema in which entries are known by `what`, and have places.
fn schema(what: &str) -> String {
    format!(
        "create table list(id integer primary key, name text not null unique);
         create table entry(id integer primary key, list_id int not null references list(id) on delete cascade,
           position int not null, title text not null, unique(list_id, position){what})"
    )
}

fn entries(n: u32, entries: &[(u32, &str)]) -> String {
    let all = entries.iter().map(|(at, title)| format!("({n}, {at}, '{title}')"));
    format!(
        "insert into list values ({n}, 'A'); insert into entry(list_id, position, title) values {}",
        all.collect::<Vec<_>>().join(", ")
    )
}

const ALL: &str = "select group_concat(position || title, ' ' order by position) from entry";
const MERGE: &[&str] = &["--on-conflict", "merge"];

#[test]
fn entries_that_come_in_stand_after_those_that_are_there() {
    let schema = schema(", unique(list_id, title)");
    let here = entries(1, &[(1, "x"), (2, "y"), (3, "z")]);
    let pair = Pair::configured(SETTINGS, &schema, &here, &entries(7, &[(1, "w"), (2, "x")]));
    // A place says where it will be.
    pair.import(&["--on-conflict", "merge", "--dry-run"]).succeeds().says("\"position\":3,\"title\":\"y\"");
    assert_eq!(pair.brings(MERGE), json!({"list": {"merged": 1}}));
    assert_eq!(pair.there(ALL), ["1w 2x 3y 4z"]);
}

/// Where all places are free, entries have those of the file.
#[test]
fn places_of_the_file_are_taken_where_they_are_free() {
    let schema = schema(", unique(list_id, title)");
    let here = entries(1, &[(1, "x"), (2, "y"), (3, "z")]);
    let pair = Pair::configured(SETTINGS, &schema, &here, &entries(7, &[(2, "x"), (9, "w")]));
    assert_eq!(pair.brings(MERGE), json!({"list": {"merged": 1}}));
    assert_eq!(pair.there(ALL), ["1x 2y 3z 9w"]);
}

/// The file's order is taken where nothing else is there, also by swapping.
#[test]
fn overwriting_takes_the_order_of_the_file() {
    let schema = schema(", unique(list_id, title)");
    let here = entries(1, &[(1, "x"), (2, "y"), (3, "z")]);
    let pair = Pair::configured(SETTINGS, &schema, &here, &entries(7, &[(1, "w"), (2, "x"), (3, "y")]));
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"list": {"overwritten": 1}}));
    assert_eq!(pair.there(ALL), ["1x 2y 3z"]);
}

/// Other integers that are unique in a list are no places: by them an entry is one that is there.
#[test]
fn numbers_that_are_no_places_stay_what_they_are() {
    let schema = "create table list(id integer primary key, name text not null unique);
        create table entry(id integer primary key, list_id int not null references list(id), title text not null, tmdb int not null,
          unique(list_id, title), unique(list_id, tmdb))";
    let pair = Pair::configured(
        SETTINGS,
        schema,
        "insert into list values (1, 'A'); insert into entry values (1, 1, 'The Alien', 348), (2, 1, 'Heat', 949)",
        "insert into list values (7, 'A'); insert into entry values (7, 7, 'Alien', 348), (8, 7, 'Ran', 11645)",
    );
    assert_eq!(pair.brings(MERGE), json!({"list": {"merged": 1}}));
    let all = "select id || title || tmdb from entry order by id";
    assert_eq!(pair.there(all), ["7The Alien348", "8Ran11645", "9Heat949"]);
}

/// What has no place gets none.
#[test]
fn entries_without_a_place_keep_none() {
    let schema = schema(", unique(list_id, title)").replace("position int not null", "position int");
    let here = "insert into list values (1, 'A'); insert into entry(list_id, position, title) values (1, 1, 'w'), (1, null, 'q')";
    let pair = Pair::configured(SETTINGS, &schema, here, &entries(7, &[(1, "x")]));
    assert_eq!(pair.brings(MERGE), json!({"list": {"merged": 1}}));
    assert_eq!(
        pair.there("select group_concat(ifnull(position, '-') || title, ' ' order by title) from entry"),
        ["-q 2w 1x"]
    );
}
