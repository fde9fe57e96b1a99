//! What was found wrong with imports, and is no more.

use super::pair::Pair;
use serde_json::json;

const LISTS: &str = "create table lists(id integer primary key, name text not null unique, color text);
    create table movies(id integer primary key, imdb text not null unique, list_id int references lists(id));
    create table log(n); create trigger t after insert on movies begin insert into log values (1); end;";

/// Triggers had it put right by the file, although it only came along.
#[test]
fn what_a_chosen_item_refers_to_stays_as_it_is() {
    let pair = Pair::new(
        LISTS,
        "insert into lists values (1, 'Fav', 'red'); insert into movies values (1, 'tt1', 1)",
        "insert into lists values (5, 'Fav', 'GREEN')",
    );
    assert_eq!(pair.brings(&["--item", "movies=tt1"])["movies"], json!({"new": 1}));
    assert_eq!(pair.there("select color || (select list_id from movies) from lists"), ["GREEN5"]);
}

/// The same of the account of whoever takes the rows of somebody else.
#[test]
fn nobody_becomes_somebody_else() {
    let schema = "create table users(id integer primary key, name text not null unique, mail text);
        create table notes(id integer primary key, user_id int references users(id), text text not null unique);
        create table log(n); create trigger t after insert on notes begin insert into log values (1); end;";
    let settings = "[scope]\ntable = \"users\"\nkey = \"name\"\ncolumn = \"user_id\"\n";
    let pair = Pair::new(
        schema,
        "insert into users values (1, 'alice', 'a@x'); insert into notes values (1, 1, 'hers')",
        "insert into users values (7, 'bob', 'b@x'), (8, 'carol', 'c@x')",
    );
    std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
    pair.export(&["--scope", "alice"]);
    pair.import(&["--scope", "bob"]).succeeds();
    assert_eq!(pair.there("select group_concat(id || name || mail, ' ') from users"), ["7bobb@x 8carolc@x"]);
    assert_eq!(pair.there("select user_id || text from notes"), ["7hers"]);
    // A section that does not say whose its rows are would be a way around that.
    pair.edit("\"scope\": \"user_id\", ", "");
    pair.import(&["--scope", "bob"]).fails(3).says("notes.user_id says whose a row is");
}

/// It became the row that had its place.
#[test]
fn a_place_that_is_taken_makes_no_item_another() {
    let schema = "create table lists(id integer primary key, name text not null unique, position int unique);
        create table movies(id integer primary key, imdb text not null unique, list_id int references lists(id))";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'Favorites', 0); insert into movies values (1, 'tt1', 1)",
        "insert into lists values (9, 'To see', 0); insert into movies values (9, 'tt5', 9)",
    );
    pair.import(&["--on-conflict", "overwrite"]).fails(3).says("shares what must be unique with another row");
    pair.import(&["--on-conflict", "skip"]).fails(3).says("shares what must be unique with another row");
    assert_eq!(pair.there("select name || position from lists"), ["To see0"]);
    let said = pair.brings(&["--on-conflict", "skip", "--missing-reference", "null"]);
    assert_eq!(said, json!({"lists": {"skipped": 1}, "movies": {"new": 1}}));
}

/// A text that a collation does not take for another is an id of its own.
#[test]
fn an_id_stays_as_it_is_written() {
    let schema = "create table lists(id text primary key, name text not null unique);
        create table movies(imdb text primary key, list text)";
    let pair = Pair::new(
        schema,
        "insert into lists values ('FAV', 'Favorites')",
        "insert into lists values ('fav', 'Favorites'); insert into movies values ('tt1', 'fav')",
    );
    std::fs::write(pair.scene.path("larder.toml"), "[sections.lists]\nmatch = [[\"name\"]]\n")
        .expect("write");
    pair.export(&[]);
    pair.import(&["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(pair.there("select id from lists"), ["fav"]);
}

/// It was the child of the row whose number it took.
#[test]
fn a_child_that_takes_the_number_of_one_that_goes_is_no_child_of_its_parent() {
    let schema = "create table lists(id integer primary key, name text not null unique);
        create table movies(id integer primary key, imdb text not null unique);
        create table slots(list_id int not null references lists(id) on delete cascade,
            movie_id int references movies(id) on delete cascade, pos int)";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'A'), (2, 'B'); insert into movies values (1, 'x');
         insert into slots values (1, 1, 1), (1, 1, 2), (2, null, 3)",
        "insert into lists values (1, 'A'), (2, 'B'); insert into movies values (1, 'x'), (2, 'gone');
         insert into slots values (1, 1, 1), (2, 2, 7), (2, null, 3)",
    );
    pair.brings(&["--replace-all", "--yes"]);
    let slots = "select group_concat(list_id || ':' || pos, ' ' order by list_id, pos) from slots";
    assert_eq!(pair.there(slots), ["1:1 1:2 2:3"]);
}

/// Rows went before those that are in the file were changed, and took them along.
#[test]
fn what_moves_away_from_a_row_that_goes_does_not_go_with_it() {
    let schema = "create table lists(id integer primary key, name text not null unique, position int unique);
        create table movies(id integer primary key, imdb text not null unique,
            list_id int references lists(id) on delete cascade)";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'New', 1); insert into movies values (1, 'tt1', 1), (2, 'tt2', null)",
        "insert into lists values (5, 'Old', 1), (6, 'New', 2); insert into movies values (5, 'tt1', 5), (6, 'tt2', 5), (7, 'tt3', 5)",
    );
    let said = pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(said["lists"], json!({"overwritten": 1, "removed": 1}));
    let movies = "select group_concat(id || imdb || ifnull(list_id, '-'), ' ' order by id) from movies";
    assert_eq!(pair.there(movies), ["5tt16 6tt2-"]);
}

/// Children kept the ids that the row beside has.
#[test]
fn a_renamed_item_has_children_with_ids_of_their_own() {
    let schema = "create table charts(id text primary key, name text not null unique, n int);
        create table notes(id text primary key, chart_id text not null references charts(id) on delete cascade, text text)";
    let rows = |n: u32| {
        format!(
            "insert into charts values ('3a73e4de-171d-4e5e-9895-3f63c145d771', 'Ada', {n});
             insert into notes values ('3a73e4de-171d-4e5e-9895-3f63c145d001', '3a73e4de-171d-4e5e-9895-3f63c145d771', 'x')"
        )
    };
    let pair = Pair::new(schema, &rows(1), &rows(2));
    assert_eq!(pair.brings(&["--on-conflict", "rename"])["charts"], json!({"renamed": 1}));
    let all = "select group_concat(name || n || text, ' ') from charts join notes on chart_id = charts.id";
    assert_eq!(pair.there(all), ["Ada2x Ada (1)1x"]);
}

/// A reference that is written as its key was let in unseen.
#[test]
fn a_key_that_is_nowhere_is_told_with_its_place() {
    let schema = "create table lists(name text primary key);
        create table movies(imdb text primary key, list text references lists(name))";
    let pair = Pair::new(
        schema,
        "insert into lists values ('Fav'); insert into movies values ('tt1', 'Fav'), ('tt2', null)",
        "",
    );
    pair.edit("\"list\": \"Fav\"", "\"list\": \"Gone\"");
    pair.import(&[]).fails(3).says("data.movies[0].list: it leads nowhere");
    let said = pair.brings(&["--missing-reference", "null"]);
    assert_eq!(said["movies"], json!({"new": 2}));
}

/// Bytes are written with a space that a reference to them had not.
#[test]
fn a_key_of_bytes_is_found_by_what_refers_to_it() {
    let schema = "create table a(id blob primary key, n int) without rowid;
        create table b(a_id blob not null references a(id), x text not null unique)";
    let pair =
        Pair::new(schema, "insert into a values (x'0102', 1); insert into b values (x'0102', 'y')", "");
    assert_eq!(pair.brings(&[]), json!({"a": {"new": 1}, "b": {"new": 1}}));
}

/// Each waited for the next, round after round.
#[test]
fn many_places_that_move_by_one_take_no_time() {
    let schema =
        "create table t(id integer primary key, name text not null unique, position int not null unique)";
    let rows = |by: i64| {
        format!(
            "with recursive c(n) as (values (1) union all select n + 1 from c where n < 4000)
             insert into t(name, position) select 'n' || n, n + {by} from c"
        )
    };
    let pair = Pair::new(schema, &rows(1), &rows(0));
    pair.import(&["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(pair.there("select sum(position = substr(name, 2) + 1) || '' from t"), ["4000"]);
}

/// One foreign key that SQLite cannot check kept everything out.
#[test]
fn a_foreign_key_to_what_is_not_unique_does_not_keep_the_rest_out() {
    let schema = "create table odd(a int); create table wrong(b int references odd(a));
        create table lists(id integer primary key, name text not null unique)";
    let pair = Pair::new(schema, "insert into lists values (1, 'Fav')", "");
    pair.import(&[]).succeeds();
    assert_eq!(pair.there("select name from lists"), ["Fav"]);
}

/// It was refused. What refers to such a row must know the number that it gets in the end.
#[test]
fn a_trigger_that_takes_numbers_is_in_nobodys_way() {
    let schema = "create table a(id integer primary key, name text not null unique);
        create table log(id integer primary key, text text not null unique, before_id int references log(id));
        create table marks(id integer primary key, log_id int not null references log(id), mark int);";
    let rows = "insert into a values (1, 'x'), (2, 'y');
        insert into log values (1, 'mine', 2), (2, 'yours', null), (3, 'his', 1); insert into marks values (1, 2, 5), (2, 3, 6)";
    let log = "select group_concat(l.text || '<' || ifnull(b.text, '') || ifnull(mark, ''), ' ' order by l.text)
        from log l left join log b on b.id = l.before_id left join marks on log_id = l.id where l.text not like 'made %'";
    for (trigger, made) in [
        ("after insert on a begin insert into log(text) values ('made ' || new.name); end", "2"),
        // One that takes two numbers for each of the rows themselves.
        (
            "after insert on log when new.text not like 'made %' begin
             insert into log(text) values ('made ' || new.text), ('made too ' || new.text); end",
            "6",
        ),
    ] {
        let pair = Pair::new(schema, rows, "");
        pair.change(&format!("create trigger t {trigger}"));
        pair.brings(&[]);
        assert_eq!(pair.there(log), ["his<mine6 mine<yours yours<5"], "{trigger}");
        let all = "select cast(count(*) as text) from log where text like 'made %'";
        assert_eq!(pair.there(all), [made], "{trigger}");
    }
}

/// Children too.
#[test]
fn a_trigger_that_takes_numbers_of_children_is_in_nobodys_way() {
    let schema = "create table a(id integer primary key, name text not null unique);
        create table parts(id integer primary key, a_id integer not null references a(id) on delete cascade, text text);
        create table bits(id integer primary key, part_id integer not null references parts(id) on delete cascade, bit int)";
    let rows = "insert into a values (1, 'x'), (2, 'y'); insert into parts values (1, 1, 'p'), (2, 1, 'q'), (3, 2, 'r');
        insert into bits values (1, 1, 10), (2, 2, 20), (3, 3, 30)";
    let pair =
        Pair::new(schema, rows, "insert into a values (9, 'z'); insert into parts values (9, 9, 'there')");
    pair.change(
        "create trigger t after insert on a begin insert into parts(a_id, text) values (9, 'made ' || new.name); end",
    );
    pair.import(&[]).succeeds();
    let parts = "select group_concat(name || text || ifnull(bit, ''), ' ' order by name, text)
        from parts join a on a.id = a_id left join bits on part_id = parts.id";
    assert_eq!(pair.there(parts), ["xp10 xq20 yr30 zmade x zmade y zthere"]);
}

/// Nobody was told what to do.
#[test]
fn a_trigger_that_takes_number_after_number_is_named() {
    let schema = "create table log(id integer primary key, text text not null unique)";
    let pair = Pair::new(schema, "insert into log values (1, 'mine'), (2, 'yours')", "");
    pair.change(
        "create trigger t after insert on log when new.text not like 'made %' begin insert into log(text)
         with recursive c(n) as (select 1 union all select n + 1 from c where n < 200) select 'made ' || new.text || n from c; end",
    );
    pair.import(&[]).fails(4).says("a trigger took its number: --triggers off does not run it");
    pair.import(&["--triggers", "off"]).succeeds();
    assert_eq!(pair.there("select group_concat(text, ' ') from log"), ["mine yours"]);
}

#[test]
fn a_plan_needs_a_document_that_can_be_read_again() {
    let pair = Pair::new(LISTS, "insert into lists values (1, 'Fav', 'red')", "");
    pair.scene
        .larder(["import", "-", "b.db", "--plan", "p"])
        .run()
        .fails(2)
        .says("may not be the same when the plan is carried out");
    let run = pair.import(&["--item", "lists=Fav", "--only", "movies"]);
    run.fails(2).says("--only or --exclude leaves that section out");
}
