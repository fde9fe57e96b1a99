//! Items that come in under another name: which names are given, and what comes with them.

use super::pair::Pair;
use serde_json::json;

const RENAME: &[&str] = &["--on-conflict", "rename"];

/// An e-mail address with a number would be somebody else's.
#[test]
fn addresses_and_user_names_get_no_number_unless_the_settings_say_so() {
    for (column, value) in [("contact", "ann@example.org"), ("username", "ann")] {
        let schema =
            format!("create table people(id integer primary key, {column} text not null unique, note text)");
        let rows = |note: &str| format!("insert into people values (1, '{value}', '{note}')");
        let pair = Pair::new(&schema, &rows("new"), &rows("old"));
        pair.refuses(3, RENAME).says(&format!(
            "its {column} is somebody's address or user name; `rename` in [sections.people] of larder.toml says which column"
        ));
        let settings = format!("[sections.people]\nrename = \"{column}\"\n");
        std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
        assert_eq!(pair.brings(RENAME), json!({"people": {"renamed": 1}}));
        assert_eq!(
            pair.there(&format!("select {column} from people where id > 1")),
            [format!("{value} (1)")]
        );
    }
}

#[test]
fn a_slug_stays_one() {
    let schema = "create table pages(id integer primary key, slug text not null unique, body text)";
    let rows =
        |body: &str| format!("insert into pages values (1, 'about-us', '{body}'), (2, 'About us', '{body}')");
    let pair = Pair::new(schema, &rows("new"), &rows("old"));
    assert_eq!(pair.brings(RENAME), json!({"pages": {"renamed": 2}}));
    assert_eq!(
        pair.there("select slug from pages where id > 2 order by slug"),
        ["About us (1)", "about-us-1"]
    );
}

/// Rows that refer to it are what they were. What is not there hangs on what the document hung it on.
#[test]
fn rows_that_merely_refer_to_what_is_renamed_are_not_copied() {
    let schema = "create table lists(id integer primary key, name text not null unique, colour text);
        create table entries(id integer primary key, list_id int not null references lists(id) on delete cascade, title text not null, unique(list_id, title));
        create table pins(id integer primary key, what text not null unique, list_id int references lists(id));
        create table notes(id integer primary key, body text, list_id int references lists(id));
        create table replies(id integer primary key, body text, note_id int references notes(id));";
    let rows = |n: u32, colour: &str| {
        format!(
            "insert into lists values ({n}, 'Films', '{colour}'); insert into entries values ({n}, {n}, 'Heat'); insert into pins values ({n}, 'wall', {n});
             insert into notes values ({n}, 'mine', {n}); insert into replies values ({n}, 'yes', {n});"
        )
    };
    let new = "insert into pins values (2, 'desk', 1); insert into notes values (2, 'other', 1); insert into replies values (2, 'no', 2);";
    let pair = Pair::configured(
        "[sections.lists]\nnest.entries = {}\n[sections.pins]\n[sections.notes]\n[sections.replies]\n",
        schema,
        &(rows(1, "red") + new),
        &rows(7, "blue"),
    );
    assert_eq!(
        pair.brings(RENAME),
        json!({"lists": {"renamed": 1}, "pins": {"same": 1, "new": 1}, "notes": {"same": 1, "new": 1}, "replies": {"same": 1, "new": 1}})
    );
    let of = |table: &str, what: &str| {
        let sql = format!(
            "select {what} || ' ' || name from {table} t join lists l on l.id = t.list_id order by 1"
        );
        pair.there(&sql).join(", ")
    };
    assert_eq!(of("entries", "title"), "Heat Films, Heat Films (1)");
    assert_eq!(of("pins", "what"), "desk Films (1), wall Films");
    assert_eq!(of("notes", "body"), "mine Films, other Films (1)");
    let replies = "select r.body || ' ' || n.body from replies r join notes n on n.id = note_id order by 1";
    assert_eq!(pair.there(replies), ["no other", "yes mine"]);
}

/// A key may lead to items that are known by a number and have a label: it is the same key.
#[test]
fn a_name_that_another_item_has_is_not_given() {
    let schema = "create table albums(id integer primary key, title text, year integer);
        create table tracks(id integer primary key, album_id integer not null references albums(id), name text not null, note text, unique(album_id, name))";
    let album = "insert into albums values (1, 'Blue', 1971);";
    let pair = Pair::new(
        schema,
        &format!("{album} insert into tracks values (1, 1, 'Song', 'x'), (2, 1, 'Song (1)', 'other')"),
        &format!("{album} insert into tracks values (1, 1, 'Song', 'y')"),
    );
    pair.brings(RENAME);
    assert_eq!(
        pair.there("select name || ' ' || note from tracks order by name"),
        ["Song y", "Song (1) other", "Song (2) x"]
    );
}
