//! Rows that are known by what the only child of each holds: `match = ["name", "births.birth_date"]`.

use super::pair::Pair;
use serde_json::json;

const SCHEMA: &str = "
    create table athletes(id integer primary key, name text not null, club text);
    create table births(athlete_id integer primary key references athletes(id) on delete cascade, birth_date text, place text);
    create table fights(id integer primary key, athlete_id integer not null references athletes(id), what text not null unique);";

const HERE: &str = "
    insert into athletes values (1, 'Kim', 'Alder'), (2, 'Kim', 'Birch'), (3, 'Lee', 'Cedar'), (4, 'Max', null);
    insert into births values (1, '1990-01-01', 'a'), (2, '1991-02-02', 'b'), (3, '1992-03-03', 'c');
    insert into fights values (1, 1, 'first'), (2, 2, 'second'), (3, 4, 'third')";

const THERE: &str = "
    insert into athletes values (11, 'Kim', 'Fir'), (12, 'Kim', 'Gorse'), (13, 'Max', 'Hazel'), (14, 'Max', null), (15, 'Lee', null);
    insert into births values (11, '1991-02-02', 'x'), (12, '1990-01-01', 'y'), (14, '1999-09-09', 'z'), (15, null, 'q')";

const WHO: &str =
    "select a.id || ' ' || name || ' ' || ifnull(club, '-') || ' ' || ifnull(birth_date, '-') || ' ' || ifnull(place, '-')
     from athletes a left join births on athlete_id = a.id order by a.id";

/// The right one of two with a name is changed, one without a birth is one without, and one with another date is new.
fn assert_matched(pair: &Pair) {
    assert_eq!(
        pair.there(WHO),
        [
            "11 Kim Birch 1991-02-02 b",
            "12 Kim Alder 1990-01-01 a",
            "13 Max - - -",
            "14 Max - 1999-09-09 z",
            "15 Lee - - q",
            "16 Lee Cedar 1992-03-03 c"
        ]
    );
    let fights = pair.there("select what || ' ' || athlete_id from fights order by what");
    assert_eq!(fights, ["first 12", "second 11", "third 13"]);
}

#[test]
fn rows_are_matched_by_what_their_only_child_holds() {
    for nest in ["nest.births = {}", "nest.births = { flatten = true }"] {
        for matched in ["[\"name\", \"births.birth_date\"]", "[[\"name\", \"births.birth_date\"]]"] {
            let settings = format!("[sections.athletes]\n{nest}\nmatch = {matched}\n");
            let pair = Pair::configured(&settings, SCHEMA, HERE, THERE);
            // The document says it itself.
            std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
            let done = pair.brings(&["--on-conflict", "overwrite"]);
            assert_eq!(done["athletes"], json!({"overwritten": 3, "new": 1}), "{settings}");
            assert_matched(&pair);
        }
    }
}

#[test]
fn an_option_and_the_settings_of_the_target_name_children_too() {
    let nest = "[sections.athletes]\nnest.births = {}\n";
    let matched = ["--match", "athletes=name,births.birth_date", "--on-conflict", "overwrite"];
    let pair = Pair::configured(nest, SCHEMA, HERE, THERE);
    pair.brings(&matched);
    assert_matched(&pair);
    let pair = Pair::configured(nest, SCHEMA, HERE, THERE);
    std::fs::write(
        pair.scene.path("larder.toml"),
        format!("{nest}match = [\"name\", \"births.birth_date\"]\n"),
    )
    .expect("write");
    pair.brings(&["--on-conflict", "overwrite"]);
    assert_matched(&pair);
    // Another name of the column.
    let pair = Pair::configured(nest, SCHEMA, HERE, THERE);
    pair.change("alter table births rename column birth_date to born");
    pair.import(&[&matched[..], &["--map", "athletes.births.birth_date=born"]].concat())
        .fails(2)
        .says("births.birth_date");
    pair.change("alter table births rename column born to birth_date");
    let settings = format!("{nest}match = [\"name\", \"births.birth_date\"]\n");
    let pair = Pair::configured(&settings, SCHEMA, HERE, THERE);
    pair.change("alter table births rename column birth_date to born");
    std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
    pair.brings(&["--on-conflict", "overwrite", "--map", "athletes.births.birth_date=born"]);
    pair.change("alter table births rename column born to birth_date");
    assert_matched(&pair);
}

#[test]
fn what_is_no_column_of_an_only_child_is_an_error() {
    let settings = "[sections.athletes]\nnest.births = {}\n";
    let pair = Pair::configured(settings, SCHEMA, HERE, THERE);
    pair.refuses(2, &["--match", "athletes=name,births.weight"]).says("births.weight");
    for matched in ["births.weight", "fights.what", "nothing.at_all"] {
        let text = format!("[sections.athletes]\nnest.births = {{}}\nmatch = [\"name\", \"{matched}\"]\n");
        std::fs::write(pair.scene.path("larder.toml"), text).expect("write");
        pair.scene
            .larder(["export", "a.db", "-o", "b.json", "--force"])
            .run()
            .fails(2)
            .says(&format!("match: {matched} is no column of a child that a row of athletes has one of"));
    }
}
