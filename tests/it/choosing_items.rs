//! Items of a document that come in because somebody chose them: by name, by a condition, by a group.

use super::closures::{ROWS, SCHEMA};
use super::condensed::done;
use super::pair::Pair;
use serde_json::json;

const SETTINGS: &str = "[sections.movies]\ndate = \"added\"\n[sections.lists]\nnest.list_items = {}\n";

/// The names of all that there is.
const ALL: &str = "select 'movie ' || title from movies union all select 'tag ' || name from tags
    union all select 'tagged ' || title || ' ' || name from movie_tags join movies m on m.id = movie_id join tags t on t.id = tag_id
    union all select 'list ' || name || ' ' || group_concat(title, ' ' order by title) from lists l
        join list_items on list_id = l.id join movies m on m.id = movie_id group by l.id
    union all select 'file ' || path || ' ' || title from attachments join movies m on m.id = movie_id
    union all select 'comment ' || body || ifnull(title, '') from comments left join movies m on m.id = movie_id order by 1";

#[test]
fn choosing_at_import_is_choosing_at_export() {
    let choices: &[&[&str]] = &[
        &["--item", "movies=Alien"],
        &["--item", "movies=Brick", "--exclude", "movie_tags,attachments,comments"],
        &["--item", "movies=Brick", "--only", "movies,comments"],
        &["--item", "tags=space", "--item", "tags=music"],
        &["--item", "comments=scary"],
        &["--where", "movies=year > 2000"],
        &["--where", "movies=year > 2000", "--exclude", "lists"],
        &["--where", "movies=year > 2000", "--where", "comments=body like 'c%'", "--exclude", "lists"],
        &["--where", "tags=name = 'crime'"],
        &["--where", "movies=year > 2000", "--item", "movies=Brick", "--only", "movies"],
        &["--exclude", "lists.list_items", "--only", "lists"],
    ];
    for choice in choices {
        let pair = Pair::configured(SETTINGS, SCHEMA, ROWS, "");
        pair.export(choice);
        pair.import(&[]).succeeds();
        let exported = pair.there(ALL);
        assert!(!exported.is_empty() || choice.contains(&"lists.list_items"), "{choice:?}");
        let pair = Pair::configured(SETTINGS, SCHEMA, ROWS, "");
        pair.brings(choice);
        assert_eq!(pair.there(ALL), exported, "{choice:?}");
    }
}

/// A condition of an export is about the columns of its database, and one of an import about the fields of the items.
#[test]
fn a_condition_is_about_the_fields_of_items() {
    let schema = "create table races(id integer primary key, name text not null unique collate nocase, laps int);
        create table drivers(id integer primary key, number int not null unique, race_id int references races(id), photo blob, born text,
          details text);
        create table laps(id integer primary key, driver_id int not null references drivers(id) on delete cascade, seconds real, unique(driver_id, seconds))";
    let here = "insert into races values (7, 'Spa', 44), (9, 'Monza', 53);
        insert into drivers values (1, 4, 7, x'00ff', '1999-11-13', '{\"team\": {\"name\": \"McLaren\"}}'), (2, 16, 9, null, '1997-10-16', null),
          (3, 44, null, null, '1985-01-07', '{\"team\": null}');
        insert into laps values (1, 1, 90.5), (2, 1, 91.25), (3, 2, 92.0)";
    let settings = "[sections.drivers]\nnest.laps = {}\njson = [\"details\"]\n";
    for (condition, expected) in [
        ("drivers=race_name = 'Spa'", "4 Spa"),
        // As the column compares.
        ("drivers=race_name in (select name from races where name = 'spa')", "4 Spa"),
        ("drivers=race_name in (select name from races where laps > '50')", "16 Monza"),
        ("drivers=number > '9'", "16 Monza, 44 -"),
        ("drivers=born < '1998'", "16 Monza, 44 -"),
        ("drivers=photo = x'00ff'", "4 Spa"),
        ("drivers=json_array_length(laps) = 1", "16 Monza"),
        ("drivers=exists (select 1 from json_each(laps) where value ->> 'seconds' > 91.5)", "16 Monza"),
        ("drivers=details ->> '$.team.name' = 'McLaren'", "4 Spa"),
        ("DRIVERS=race_name is null -- nobody", "44 -"),
    ] {
        let pair = Pair::configured(settings, schema, here, "");
        pair.brings(&["--where", condition]);
        let there = "select group_concat(number || ' ' || ifnull(name, '-'), ', ' order by number) from drivers d left join races r on r.id = race_id";
        assert_eq!(pair.there(there).concat(), expected, "{condition}");
    }
}

#[test]
fn what_is_wrong_with_a_choice_is_said() {
    let pair = Pair::configured(SETTINGS, SCHEMA, ROWS, "");
    pair.refuses(2, &["--where", "movies=nonsense = 1"])
        .says("--where movies: no such column: nonsense")
        .says("an item of movies has title, year, added");
    pair.refuses(2, &["--where", "movies=1) or (1"]).says("--where movies: ");
    pair.refuses(2, &["--where", "movies=year ="]).says("--where movies: near \")\": syntax error");
    pair.refuses(2, &["--where", "movie=1"]).says("the document has no section \"movie\"").says("movies");
    pair.refuses(2, &["--where", "movies=1", "--exclude", "movies"])
        .says("--exclude leaves that section out");
    pair.refuses(2, &["--where", "movies=year > 2100", "--only", "movies"])
        .says("no item of the document is what was asked for");
    pair.refuses(2, &["--where", "movies=1", "--replace-all", "--yes"]).says("--where chooses single items");
    pair.refuses(2, &["--exclude", "movies.nothing"]).says("the document has no section \"movies.nothing\"");
    pair.import(&["--where", "movies"]).fails(2).says("a section and = come first");
}

/// The document says what its groups are, and the settings of the database say otherwise.
#[test]
fn groups_mean_their_sections() {
    let schema = "create table a(id integer primary key, name text unique not null);
        create table b(id integer primary key, name text unique not null); create table c(id integer primary key, name text unique not null)";
    let here = "insert into a values (1, 'x'); insert into b values (1, 'y'); insert into c values (1, 'z')";
    let settings = "[sections.a]\ngroup = \"Library\"\n[sections.b]\ngroup = \"Library\"\n";
    let pair = Pair::configured(settings, schema, here, "");
    std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
    let run = pair.import(&["--only", "library", "--dry-run", "--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"a": {"new": 1}, "b": {"new": 1}}));
    let run = pair.import(&["--exclude", "library", "--dry-run", "--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"c": {"new": 1}}));
    std::fs::write(pair.scene.path("larder.toml"), "[sections.b]\ngroup = \"rest\"\n").expect("write");
    let run = pair.import(&["--only", "library", "--dry-run", "--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"a": {"new": 1}}));
    pair.refuses(2, &["--only", "libary"]).says("the document has no section \"libary\"").says("Library");
    assert_eq!(pair.brings(&["--only", "rest,c"]), json!({"b": {"new": 1}, "c": {"new": 1}}));
}

#[test]
fn children_that_are_excluded_are_left_alone() {
    let there = "insert into movies values (10, 'Zulu', 1964, null), (11, 'Brick', 2005, '2026-02-01');
        insert into lists values (1, 'Best'); insert into list_items values (1, 1, 10, 0)";
    let pair = Pair::configured(SETTINGS, SCHEMA, ROWS, there);
    pair.brings(&["--exclude", "lists.list_items", "--on-conflict", "overwrite"]);
    let lists = "select l.name || ' ' || ifnull(group_concat(title), '-') from lists l left join list_items on list_id = l.id
        left join movies m on m.id = movie_id group by l.id order by l.name";
    assert_eq!(pair.there(lists), ["Best Zulu", "Later -"]);
}

/// A section that is not exported by default, or a part of a state that was.
#[test]
fn a_database_is_chosen_from_like_a_document() {
    let pair =
        Pair::configured(&(SETTINGS.to_owned() + "[sections.comments]\ndefault = false\n"), SCHEMA, ROWS, "");
    let import = |options: &[&str]| {
        let run =
            pair.scene.larder([&["import", "a.db", "b.db", "--json"], options].concat()).run().succeeds();
        done(&run.json())
    };
    assert_eq!(
        import(&["--only", "comments,movies", "--where", "movies=year > 2000"]),
        json!({"movies": {"new": 2}, "comments": {"new": 2}})
    );
    assert_eq!(import(&["--item", "lists=Best", "--exclude", "movies"])["lists"], json!({"new": 1}));
}
