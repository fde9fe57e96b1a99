//! Parts of a document, and databases that are not quite those it was written for.

use super::pair::Pair;
use serde_json::json;

const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique);
    create table lists(id integer primary key, name text not null unique, owner_id integer references people(id));
    create table films(id integer primary key, title text not null, year int not null, list_id integer references lists(id), rating int, unique(title, year));
    create table votes(id integer primary key, film_id integer not null references films(id) on delete cascade, person_id integer references people(id), unique(film_id, person_id))";
const HERE: &str = "insert into people values (1, 'Ada'), (2, 'Bo'), (3, 'Cy');
    insert into lists values (1, 'Best', 1), (2, 'Worst', 2);
    insert into films values (1, 'Heat', 1995, 1, 9), (2, 'Ran', 1985, 2, 8), (3, 'Heat', 1986, null, 4);
    insert into votes values (1, 1, 2), (2, 2, 3)";

/// What there is of each section.
fn all(pair: &Pair) -> String {
    let sql = "select (select ifnull(group_concat(name, ' ' order by name), '-') from people) || '|'
        || (select ifnull(group_concat(l.name || ifnull(p.name, '-'), ' ' order by l.name), '-') from lists l left join people p on p.id = owner_id) || '|'
        || (select ifnull(group_concat(title || year || ifnull(l.name, '-') || ifnull((select p.name from votes v join people p on p.id = v.person_id where film_id = f.id), '-'), ' ' order by title, year), '-')
            from films f left join lists l on l.id = list_id)";
    pair.there(sql).concat()
}

#[test]
fn only_some_sections_come_in() {
    let pair = Pair::new(SCHEMA, HERE, "");
    assert_eq!(pair.brings(&["--only", "people,lists"]), json!({"people": {"new": 3}, "lists": {"new": 2}}));
    assert_eq!(all(&pair), "Ada Bo Cy|BestAda WorstBo|-");
    let pair = Pair::new(SCHEMA, HERE, "");
    assert_eq!(pair.brings(&["--exclude", "films"]), json!({"people": {"new": 3}, "lists": {"new": 2}}));
    // What it refers to has to be there already, and is not made.
    let pair = Pair::new(SCHEMA, HERE, "");
    pair.refuses(3, &["--only", "lists"]).says(
        "data.lists[0].owner_name: it leads nowhere: people \"Ada\" is not in the database, and was left out",
    );
    let pair = Pair::new(SCHEMA, HERE, "insert into people values (80, 'Bo'), (81, 'Ada')");
    assert_eq!(pair.brings(&["--only", "lists"]), json!({"lists": {"new": 2}}));
    assert_eq!(all(&pair), "Ada Bo|BestAda WorstBo|-");
    pair.refuses(2, &["--only", "list"])
        .says("the document has no section \"list\"")
        .says("hint: did you mean \"lists\"?");
}

#[test]
fn a_single_item_comes_with_what_it_refers_to() {
    for name in ["films=Heat,1995", "films=Ran,1985", "lists=Best"] {
        let pair = Pair::new(SCHEMA, HERE, "");
        pair.brings(&["--item", name]);
        let expected = match name {
            "films=Heat,1995" => "Ada Bo|BestAda|Heat1995BestBo",
            "films=Ran,1985" => "Bo Cy|WorstBo|Ran1985WorstCy",
            _ => "Ada|BestAda|-",
        };
        assert_eq!(all(&pair), expected, "{name}");
    }
    // Several, and what comes along stays as it is where it is there.
    let pair = Pair::new(
        SCHEMA,
        HERE,
        "insert into lists values (30, 'Best', null); insert into people values (9, 'Ada')",
    );
    pair.brings(&["--item", "films=Heat,1995", "--item", "people=Cy", "--on-conflict", "overwrite"]);
    assert_eq!(all(&pair), "Ada Bo Cy|Best-|Heat1995BestBo");
    pair.refuses(2, &["--item", "films=Heat,1972"])
        .says("--item: films has no item with the key or name \"Heat,1972\"");
    pair.refuses(2, &["--item", "film=Ran,1985"])
        .says("the document has no section \"film\"")
        .says("\"films\"");
    pair.import(&["--item", "films"]).fails(2).says("a section and = come first");
}

#[test]
fn an_item_is_named_by_its_label_too() {
    let schema = "create table t(id integer primary key, code text not null unique, title text, n int)";
    let settings = "[sections.t]\nlabel = \"title\"\n";
    let pair = Pair::configured(
        settings,
        schema,
        "insert into t values (1, 'a', 'One', 1), (2, 'b', 'Two', 2), (3, 'c', 'Two', 3)",
        "",
    );
    assert_eq!(pair.brings(&["--item", "t=Two"]), json!({"t": {"new": 2}}));
    assert_eq!(pair.brings(&["--item", "T=a"]), json!({"t": {"new": 1}}));
    assert_eq!(pair.there("select group_concat(code) from t order by code"), ["a,b,c"]);
}

/// The schema went on: a table and a column have other names, one is gone, and a new one must have a value.
#[test]
fn what_has_another_name_is_mapped_and_what_is_needed_is_filled() {
    let pair = Pair::new(SCHEMA, HERE, "");
    pair.change("alter table films rename to movies; alter table movies rename column title to name; alter table movies drop column rating;
        alter table movies add column source text not null default 'x'; alter table people add column mail text");
    pair.refuses(3, &[]).says("the database has no table \"films\": --exclude leaves the section out");
    let run = pair.refuses(3, &["--map", "films=movies"]);
    let run = run.says("the table movies has no column \"title\": --map films.title=NAME says what it is called there, --map films.title= leaves it out");
    run.says("the table movies has no column \"rating\"");
    let map = ["--map", "films=movies", "--map", "films.title=name", "--map", "films.rating="];
    assert_eq!(pair.brings(&map), json!({"people": {"new": 3}, "lists": {"new": 2}, "films": {"new": 3}}));
    assert_eq!(
        pair.there("select group_concat(name || year || source, ' ' order by name, year) from movies"),
        ["Heat1986x Heat1995x Ran1985x"]
    );
    assert_eq!(pair.there("select p.name from votes v join movies m on m.id = film_id join people p on p.id = person_id order by m.name"), ["Bo", "Cy"]);
    pair.refuses(2, &["--map", "films.titel=name"]).says("titel").says("title");
    pair.refuses(2, &["--map", "films.title="]).says("title is part of the key by which items are known");
    pair.import(&["--map", "films.title=year"]).fails(2).says("films would have two fields");
}

#[test]
fn a_column_that_must_have_a_value_is_named_with_the_flag_that_gives_one() {
    let there = "drop table votes; create table votes(id integer primary key, film_id integer not null references films(id) on delete cascade, person_id integer references people(id), weight int not null, unique(film_id, person_id))";
    let pair = Pair::new(SCHEMA, HERE, there);
    pair.change("create table p2(id integer primary key, name text not null unique, age int not null, note text not null default 'n'); drop table people; alter table p2 rename to people");
    let run = pair.refuses(3, &[]);
    let run = run.says("the table people needs a value of \"age\", which the document lacks: --fill people.age=VALUE gives one");
    run.says("--fill films.votes.weight=VALUE gives one");
    assert_eq!(
        pair.brings(&["--fill", "people.age=7", "--fill", "films.votes.weight=2"])["people"],
        json!({"new": 3})
    );
    assert_eq!(pair.there("select group_concat(name || age || note) from people"), ["Ada7n,Bo7n,Cy7n"]);
    assert_eq!(pair.there("select sum(weight) || '' from votes"), ["4"]);
    // What is there needs none.
    let pair = Pair::new("create table t(name text primary key, n int)", "insert into t values ('a', 2)", "");
    pair.change("drop table t; create table t(name text primary key, n int, more text not null); insert into t values ('a', 1, 'kept')");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"t": {"overwritten": 1}}));
    assert_eq!(pair.there("select n || more from t"), ["2kept"]);
    pair.refuses(2, &["--fill", "t.moer=1"])
        .says("the table t has no column \"moer\" to fill")
        .says("did you mean \"more\"?");
    pair.refuses(2, &["--fill", "t.n=1"])
        .says("the document has n of t")
        .says("what an item says is never replaced");
}

#[test]
fn another_version_of_the_schema_is_warned_of() {
    let pair = Pair::new(SCHEMA, HERE, "pragma user_version = 4");
    pair.import(&["--dry-run"])
        .succeeds()
        .says("warning: the document is of version 0 of the schema, and")
        .says("has version 4");
    pair.change("pragma user_version = 0");
    let run = pair.import(&["--dry-run"]).succeeds();
    assert!(!run.stderr().contains("version"), "{run}");
}

#[test]
fn a_reference_to_nothing_fails_is_null_or_keeps_its_item_out() {
    let lost = |pair: &Pair| {
        pair.edit("\"owner_name\": \"Bo\"", "\"owner_name\": \"Nobody\"");
        pair.edit("\"person_name\": \"Cy\"", "\"person_name\": \"No one\"");
    };
    let pair = Pair::new(SCHEMA, HERE, "");
    lost(&pair);
    let run = pair.refuses(3, &[]);
    let run = run.says("data.lists[1].owner_name: it leads nowhere: people \"Nobody\" is neither in the database nor in the document");
    run.says("data.films[2].votes[0].person_name: it leads nowhere");
    assert_eq!(pair.brings(&["--missing-reference", "null"])["lists"], json!({"new": 2}));
    assert_eq!(all(&pair), "Ada Bo Cy|BestAda Worst-|Heat1986-- Heat1995BestBo Ran1985Worst-");
    // What refers to an item that does not come in cannot either: it says so.
    let pair = Pair::new(SCHEMA, HERE, "");
    lost(&pair);
    let run = pair.import(&["--missing-reference", "skip"]).says("2 items cannot come in");
    assert_eq!(run.code(), Some(1), "{run}");
    assert_eq!(all(&pair), "Ada Bo Cy|BestAda|Heat1986-- Heat1995BestBo");
    // A column that takes no NULL has none.
    let schema = "create table a(id integer primary key, name text not null unique); create table b(name text primary key, a_id integer not null references a(id))";
    let pair = Pair::new(schema, "insert into a values (1, 'x'); insert into b values ('n', 1)", "");
    pair.edit("\"a_name\": \"x\"", "\"a_name\": \"y\"");
    pair.refuses(3, &["--missing-reference", "null"]).says("data.b[0].a_name: it leads nowhere");
}
