//! What becomes of an item that is there already and differs, by each strategy: its own columns, what it owns, and what
//! refers to it.

use super::condensed::done;
use super::pair::Pair;
use serde_json::json;

/// Lists with a cover (one, flattened), settings (one), entries (many, with a key), and remarks below those (many, without
/// one); people and pins are others, and refer to lists or are referred to.
const SCHEMA: &str = "
    create table people(id integer primary key, name text not null unique);
    create table lists(id integer primary key autoincrement, name text not null unique, colour text, note text,
        cached text default 'uncached', changed_at real);
    create table covers(list_id integer primary key references lists(id) on delete cascade, url text, etag text);
    create table settings(id integer primary key, list_id integer not null unique references lists(id) on delete cascade, sort text);
    create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade,
        title text not null, rating int, person_id integer references people(id), fetched text, unique(list_id, title));
    create table remarks(id integer primary key, entry_id integer not null references entries(id) on delete cascade, body text);
    create table pins(id integer primary key, what text unique, list_id integer references lists(id));";

const SETTINGS: &str = "
    [sections.people]
    [sections.lists]
    refetch = [\"cached\"]
    updated-at = \"changed_at\"
    nest.covers = { flatten = true, omit = [\"etag\"] }
    nest.settings = {}
    nest.entries = { omit = [\"fetched\"], nest.remarks = {} }
    [sections.pins]";

const HERE: &str = "
    insert into people values (1, 'Ada'), (2, 'Bo');
    insert into lists values (1, 'Films', 'red', null, 'of a', 20.0), (2, 'Books', 'blue', 'new', 'of a', 5.0);
    insert into covers values (1, 'http://new', 'a'); insert into settings values (1, 1, 'down');
    insert into entries values (1, 1, 'Heat', 9, 1, 'a'), (2, 1, 'Ran', null, 2, 'a'), (3, 2, 'Emma', 5, null, 'a');
    insert into remarks values (1, 1, 'good'), (2, 1, 'long'), (3, 3, 'fine');
    insert into pins values (1, 'wall', 1)";

/// `Films` is there and differs in all that it can; its number and those of what it owns are others.
const THERE: &str = "
    insert into people values (71, 'Bo'), (72, 'Ada');
    insert into lists values (700, 'Films', 'green', 'mine', 'of b', 10.0), (701, 'Plays', null, null, 'of b', null);
    insert into covers values (700, 'http://old', 'b'); insert into settings values (740, 700, 'up');
    insert into entries values (750, 700, 'Ran', 7, null, 'b'), (751, 700, 'Alien', 8, 71, 'b');
    insert into remarks values (760, 750, 'mine'), (761, 751, 'scary');
    insert into pins values (770, 'desk', 700)";

fn pair() -> Pair {
    Pair::configured(SETTINGS, SCHEMA, HERE, THERE)
}

/// A list with all that it owns, as text.
fn list(pair: &Pair, name: &str) -> String {
    let sql = format!(
        "select printf('%d %s %s %s %s|', id, ifnull(colour, '-'), ifnull(note, '-'), cached, ifnull(changed_at, '-'))
            || ifnull((select url || ' ' || ifnull(etag, '-') from covers where list_id = l.id), 'none') || '|'
            || ifnull((select id || ' ' || sort from settings where list_id = l.id), 'none') || '|'
            || ifnull((select group_concat(e.id || ' ' || title || ' ' || ifnull(rating, '-') || ' '
                || ifnull((select name from people where id = person_id), '-') || ' ' || ifnull(fetched, '-')
                || ifnull((select group_concat(' ' || body, '' order by body) from remarks where entry_id = e.id), ''),
                ', ' order by title) from entries e where list_id = l.id), 'none')
         from lists l where name = '{name}'"
    );
    pair.there(&sql).concat()
}

#[test]
fn skip_leaves_what_is_there_as_it_is() {
    let pair = pair();
    let films = list(&pair, "Films");
    let said = pair.brings(&["--on-conflict", "skip"]);
    assert_eq!(said["lists"], json!({"new": 1, "skipped": 1}));
    assert_eq!(said["pins"], json!({"new": 1}));
    assert_eq!(list(&pair, "Films"), films);
    assert_eq!(list(&pair, "Books"), "702 blue new uncached 5.0|none|none|752 Emma 5 - - fine");
    // What refers to it refers to what is there.
    assert_eq!(pair.there("select group_concat(list_id) from pins order by id"), ["700,700"]);
}

#[test]
fn fail_writes_nothing_and_names_every_difference() {
    let pair = pair();
    let run = pair.refuses(4, &["--on-conflict", "fail"]);
    let run = run.says(
        "data.lists[1]: it is there already, and differs in colour, note, changed_at, settings.sort, entries[Heat]",
    );
    run.says("hint: --on-conflict skip, overwrite, merge, newer or rename");
    // Without a terminal it is what happens.
    pair.refuses(4, &[]).says("1 item is there already and differs; nothing was written");
}

#[test]
fn overwrite_takes_the_file_s_values_and_its_children_and_keeps_ids_and_what_the_file_lacks() {
    let pair = pair();
    let said = pair.brings(&["--on-conflict", "overwrite"]);
    assert_eq!(said["lists"], json!({"new": 1, "overwritten": 1}));
    assert_eq!(said["people"], json!({"same": 2}));
    // A null of the file is a value too. The child that is there too keeps its number and what the file does not have of
    // it; the others come and go.
    assert_eq!(
        list(&pair, "Films"),
        "700 red - of b 20.0|http://new b|740 down|753 Heat 9 Ada - good long, 750 Ran - Bo b"
    );
    assert_eq!(pair.there("select group_concat(list_id) from pins order by id"), ["700,700"]);
    assert_eq!(pair.there("select group_concat(body) from remarks"), ["fine,good,long"]);
}

#[test]
fn merge_takes_what_is_not_null_and_unites_children() {
    let pair = pair();
    let said = pair.brings(&["--on-conflict", "merge"]);
    assert_eq!(said["lists"], json!({"merged": 1, "new": 1}));
    assert_eq!(
        list(&pair, "Films"),
        "700 red mine of b 20.0|http://new b|740 down|751 Alien 8 Bo b scary, 753 Heat 9 Ada - good long, 750 Ran 7 Bo b mine"
    );
}

#[test]
fn newer_overwrites_where_the_file_s_row_was_changed_later() {
    let pair = pair();
    let overwritten = "700 red - of b 20.0|http://new b|740 down|753 Heat 9 Ada - good long, 750 Ran - Bo b";
    assert_eq!(pair.brings(&["--on-conflict", "newer"])["lists"], json!({"new": 1, "overwritten": 1}));
    assert_eq!(list(&pair, "Films"), overwritten);
    for (theirs, fate) in
        [("20.0", "skipped"), ("21.5", "skipped"), ("null", "overwritten"), ("19.5", "overwritten")]
    {
        let pair = self::pair();
        pair.change(&format!("update lists set changed_at = {theirs} where name = 'Films'"));
        let said = pair.brings(&["--on-conflict", "newer"]);
        assert_eq!(said["lists"], json!({"new": 1, fate: 1}), "{theirs}");
        assert_eq!(list(&pair, "Films") == overwritten, fate == "overwritten", "{theirs}");
    }
    // Where the file does not say when it was changed, it is not later.
    let pair = self::pair();
    pair.edit("\"changed_at\": 20.0", "\"changed_at\": null");
    assert_eq!(pair.brings(&["--on-conflict", "newer"])["lists"], json!({"new": 1, "skipped": 1}));
    // Where nobody can tell, it is a conflict.
    pair.edit("\"changed_at\": null", "\"changed_at\": \"soon\"");
    let run = pair.import(&["--on-conflict", "newer"]).fails(4);
    run.says("data.lists[1]: it is there already, and differs in").says("nothing says which is newer");
}

/// It was an error, which named nothing that would help.
#[test]
fn newer_skips_where_the_section_does_not_say_when_items_were_changed() {
    let schema = "create table tags(id integer primary key, name text not null unique, note text)";
    let pair = Pair::new(
        schema,
        "insert into tags values (1, 'a', 'x'), (2, 'b', 'x')",
        "insert into tags values (7, 'a', 'y')",
    );
    assert_eq!(pair.brings(&["--on-conflict", "newer"]), json!({"tags": {"new": 1, "skipped": 1}}));
    pair.import(&["--on-conflict", "newer"]).succeeds().says(
        "warning: nothing says which is newer: 1 item of tags stays as it is (sections.tags.updated-at names the column that does)",
    );
    assert_eq!(pair.there("select group_concat(name || note) from tags"), ["ay,bx"]);
}

#[test]
fn two_strategies_for_the_same_are_refused() {
    let pair = pair();
    for (said, why) in [
        ("skip,merge", "--on-conflict: skip and merge for all"),
        ("skip,lists=merge,Lists=rename", "--on-conflict: merge and rename for \"Lists\""),
    ] {
        pair.refuses(2, &["--on-conflict", said]).says(why).says("one for all, and SECTION=STRATEGY");
    }
    pair.refuses(2, &["--on-conflict", "skip", "--on-conflict", "merge"]).says("skip and merge for all");
}

/// Whatever an import and a dry run find first, they end alike.
#[test]
fn a_dry_run_finds_conflicts_before_what_the_database_refuses() {
    let schema = "create table t(id integer primary key, name text not null unique, n int check (n < 5))";
    let pair = Pair::new(
        "create table t(id integer primary key, name text not null unique, n int)",
        "insert into t values (1, 'a', 1), (2, 'b', 9)",
        "",
    );
    pair.change(&format!("drop table t; {schema}; insert into t values (1, 'a', 2)"));
    pair.import(&[]).fails(4).says("1 item is there already and differs");
    pair.import(&["--dry-run"]).leaves_open().says("nothing would be written to").says("differs in n");
    pair.refuses(3, &["--on-conflict", "skip"]).says("CHECK constraint failed");
}

/// What an index over an expression says is known only when it is written.
#[test]
fn a_change_that_an_index_over_an_expression_forbids_is_a_conflict() {
    let schema = "create table t(id integer primary key, name text not null unique, code text);
        create table marks(id integer primary key, t_id int not null references t(id), mark int)";
    let pair = Pair::new(
        schema,
        "insert into t values (1, 'a', 'x'); insert into marks values (1, 1, 4)",
        "insert into t values (1, 'a', 'y'), (2, 'b', 'X')",
    );
    pair.change("create unique index codes on t(lower(code))");
    let run = pair.import(&["--on-conflict", "overwrite"]).fails(4);
    run.says("it shares what must be unique with another row (UNIQUE constraint failed: index 'codes')")
        .says("it can only be skipped or renamed");
    assert_eq!(pair.brings(&["--on-conflict", "skip"]), json!({"t": {"skipped": 1}, "marks": {"new": 1}}));
}

#[test]
fn rows_that_the_settings_leave_out_are_never_changed() {
    let schema = "create table filters(id integer primary key, name text not null unique, rule text, is_system int not null default 0);
        create table uses(id integer primary key, filter_id int not null references filters(id), what text not null unique)";
    let new = || {
        let pair = Pair::new(
            schema,
            "insert into filters values (1, 'News', 'mine', 0), (2, 'Own', 'mine', 0), (3, 'Same', 's', 0); insert into uses values (1, 1, 'tv')",
            "insert into filters values (7, 'News', 'theirs', 1), (8, 'Own', 'theirs', 0), (9, 'Kept', 'k', 1), (10, 'Same', 's', 0)",
        );
        let settings = "[sections.filters]\nwhere = 'is_system = 0'\nomit = ['is_system']\n";
        std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
        pair.export(&[]);
        pair
    };
    let filters = "select group_concat(name || '=' || rule, ' ' order by id) from filters";
    let pair = new();
    pair.refuses(4, &["--on-conflict", "fail"]).says(
        "data.filters[0]: it is there already, and differs in rule; by `where` its row is not of filters",
    );
    for (options, own) in [
        (&["--on-conflict", "overwrite"][..], "mine"),
        (&["--on-conflict", "merge"], "mine"),
        (&["--on-conflict", "overwrite,filters=skip"], "theirs"),
        (&["--replace-all", "--yes"], "mine"),
    ] {
        let pair = new();
        // The document says the same, where nothing here does.
        for settings in [true, false] {
            let pair = if settings { &pair } else { &new() };
            if !settings {
                std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
            }
            let run = pair.import(&[options, &["--json"]].concat()).succeeds();
            let overwritten = u64::from(own == "mine");
            let found = &run.json()["sections"]["filters"];
            assert_eq!(found["skipped"], 2 - overwritten, "{run}");
            assert_eq!(
                found["overwritten"].as_u64().unwrap_or(0) + found["merged"].as_u64().unwrap_or(0),
                overwritten
            );
            let told = if overwritten == 1 { json!({"filters": 1}) } else { json!({}) };
            assert_eq!(run.json()["left_as_is"], told, "{run}");
            assert_eq!(pair.there(filters), [format!("News=theirs Own={own} Kept=k Same=s")]);
            assert_eq!(pair.there("select name from uses join filters on filters.id = filter_id"), ["News"]);
        }
    }
    let pair = new();
    assert_eq!(
        pair.brings(&["--on-conflict", "rename"]),
        json!({"filters": {"same": 1, "renamed": 2}, "uses": {"new": 1}})
    );
    assert_eq!(pair.there(filters), ["News=theirs Own=theirs Kept=k Same=s News (1)=mine Own (1)=mine"]);
    let pair = new();
    pair.import(&["--on-conflict", "overwrite"])
        .succeeds()
        .says("1 item of filters stays as it is: by `where` the row is not of the section");
    // What is not in the document goes, but not what the settings leave out.
    let pair = new();
    pair.change("update filters set rule = 'mine' where name = 'News'; insert into filters values (20, 'Gone', 'g', 0)");
    pair.brings(&["--replace-all", "--yes"]);
    assert_eq!(pair.there(filters), ["News=mine Own=mine Kept=k Same=s"]);
    std::fs::write(pair.scene.path("larder.toml"), "[sections.filters]\nwhere = 'nonsense = 0'\n")
        .expect("write");
    pair.import(&["--on-conflict", "overwrite"]).succeeds();
    pair.change("update filters set rule = 'other' where name = 'Own'");
    pair.import(&["--on-conflict", "overwrite"])
        .fails(1)
        .says("rows of filters are those where (nonsense = 0) AND (is_system = 0)");
}

/// Such a child was taken for one that the document lacks, and removed.
#[test]
fn children_that_the_settings_leave_out_are_never_removed() {
    let schema = "create table lists(id integer primary key, name text not null unique, note text);
        create table entries(id integer primary key, list_id int not null references lists(id) on delete cascade, text text, hidden int not null default 0)";
    let pair = Pair::configured(
        "[sections.lists]\nnest.entries = { where = 'hidden = 0', omit = ['hidden'] }\n",
        schema,
        "insert into lists values (1, 'a', 'x'); insert into entries values (1, 1, 'one', 0)",
        "insert into lists values (7, 'a', 'y'); insert into entries values (8, 7, 'two', 0), (9, 7, 'secret', 1)",
    );
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"lists": {"overwritten": 1}}));
    assert_eq!(pair.there("select group_concat(text, ' ' order by text) from entries"), ["one secret"]);
}

#[test]
fn answers_for_what_is_not_imported_are_told() {
    let pair = pair();
    let answers = "{\"format\":\"larder-answers\",\"version\":1}\n{\"section\":\"lists\",\"key\":\"Films\",\"answer\":\"skip\"}\n";
    std::fs::write(pair.scene.path("answers"), answers).expect("write");
    let run = pair.import(&["--answers", "answers", "--dry-run"]).succeeds();
    assert!(!run.stderr().contains("answer"), "{run}");
    let more = "{\"section\":\"lists\",\"key\":\"Filsm\",\"answer\":\"skip\"}\n{\"section\":\"lits\",\"answer\":\"skip\"}\n";
    std::fs::write(pair.scene.path("answers"), format!("{answers}{more}")).expect("write");
    let run = pair.import(&["--answers", "answers", "--dry-run"]).succeeds();
    run.says("warning: answers: 2 answers for what is not imported, first lists \"Filsm\"");
}

#[test]
fn rename_brings_it_in_beside_what_is_there_with_all_that_hangs_on_it() {
    let pair = pair();
    let films = list(&pair, "Films");
    let said = pair.brings(&["--on-conflict", "rename"]);
    assert_eq!(said["lists"], json!({"new": 1, "renamed": 1}));
    assert_eq!(list(&pair, "Films"), films);
    assert_eq!(
        list(&pair, "Films (1)"),
        "703 red - uncached 20.0|http://new -|741 down|753 Heat 9 Ada - good long, 754 Ran - Bo -"
    );
    // What the file hung on it follows, and what was there stays.
    let pins = "select group_concat(what || ' ' || (select name from lists where id = list_id), ', ' order by what) from pins";
    assert_eq!(pair.there(pins), ["desk Films, wall Films (1)"]);
    // Another one beside it, where the first was changed since.
    pair.change("update lists set colour = 'pink' where name = 'Films (1)'");
    let said = pair.brings(&["--on-conflict", "rename"]);
    assert_eq!(said["lists"], json!({"renamed": 1, "same": 1}));
    assert_eq!(
        pair.there("select group_concat(name, ', ' order by id) from lists"),
        ["Films, Plays, Books, Films (1), Films (2)"]
    );
}

#[test]
fn each_section_has_its_own_strategy() {
    let pair = pair();
    pair.change("insert into pins values (771, 'wall', null)");
    pair.refuses(4, &["--on-conflict", "lists=overwrite"])
        .says("data.pins[0]: it is there already, and differs in list_name");
    let said = pair.brings(&["--on-conflict", "skip,lists=merge", "--on-conflict", "pins=overwrite"]);
    assert_eq!(
        said,
        json!({"people": {"same": 2}, "lists": {"merged": 1, "new": 1}, "pins": {"overwritten": 1}})
    );
    assert_eq!(pair.there("select group_concat(list_id) from pins order by id"), ["700,700"]);
    pair.refuses(2, &["--on-conflict", "list=skip"])
        .says("the document has no section \"list\"")
        .says("did you mean \"lists\"?");
    pair.refuses(2, &["--on-conflict", "owerwrite"]).says("overwrite");
    pair.refuses(2, &["--on-conflict", "pins=prompt"]).says("there is no terminal to ask on");
}

/// A document that has no children of a kind says nothing of them; one that has none of a row, or none any more, does.
#[test]
fn children_that_the_document_does_not_have_at_all_stay() {
    let pair = pair();
    pair.export(&["--exclude", "pins", "--columns", "lists=name,colour,settings"]);
    assert_eq!(
        pair.document()["data"]["lists"][1],
        json!({"name": "Films", "colour": "red", "settings": {"sort": "down"}})
    );
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"])["lists"], json!({"new": 1, "overwritten": 1}));
    assert_eq!(
        list(&pair, "Films"),
        "700 red mine of b 10.0|http://old b|740 down|751 Alien 8 Bo b scary, 750 Ran 7 - b mine"
    );
    let pair = self::pair();
    pair.edit("{\"sort\": \"down\"}", "null");
    pair.edit("\"url\": \"http://new\", ", "");
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"])["lists"], json!({"new": 1, "overwritten": 1}));
    assert_eq!(
        list(&pair, "Films"),
        "700 red - of b 20.0|none|none|753 Heat 9 Ada - good long, 750 Ran - Bo b"
    );
}

/// An overwrite is an UPDATE: what refers to a row with ON DELETE does not see it go.
#[test]
fn what_refers_to_a_row_with_on_delete_stays_when_it_is_overwritten() {
    let schema = "create table lists(id integer primary key, name text not null unique, colour text);
        create table a(what text primary key, list_id integer not null references lists(id) on delete cascade, other integer not null references lists(id) on delete cascade);
        create table b(what text primary key, list_id integer references lists(id) on delete set null);
        create table c(what text primary key, list_id integer references lists(id) on delete restrict)";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'x', 'red')",
        "insert into lists values (5, 'x', 'green'); insert into a values ('a', 5, 5); insert into b values ('b', 5);
         insert into c values ('c', 5)",
    );
    pair.export(&["--only", "lists"]);
    assert_eq!(pair.brings(&["--on-conflict", "overwrite"]), json!({"lists": {"overwritten": 1}}));
    let left = "select colour || (select list_id from a) || (select list_id from b) || (select list_id from c) from lists";
    assert_eq!(pair.there(left), ["red555"]);
}

/// Children that the document could not have are nobody's to remove.
#[test]
fn children_outside_of_the_documents_condition_stay() {
    let schema = "create table lists(id integer primary key, name text not null unique);
        create table entries(id integer primary key, list_id int not null references lists(id) on delete cascade, what text, is_hidden int);";
    let pair = Pair::new(
        schema,
        "insert into lists values (1, 'a'); insert into entries values (1, 1, 'one', 0), (2, 1, 'secretly', 1)",
        "insert into lists values (5, 'a'); insert into entries values (1, 5, 'two', 0), (2, 5, 'own', 1)",
    );
    let settings = "[sections.lists]\nnest.entries = { where = 'is_hidden = 0' }\n";
    std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
    pair.export(&[]);
    std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
    for options in [&["--on-conflict", "overwrite"][..], &["--replace-all", "--yes"]] {
        pair.import(options).succeeds();
        assert_eq!(pair.there("select what from entries order by id"), ["own", "one"]);
    }
    pair.change("alter table entries rename column is_hidden to hidden");
    pair.import(&["--on-conflict", "skip", "--map", "lists.entries.is_hidden=hidden"]).succeeds().says(
        "warning: the document says that items of lists.entries are rows where is_hidden = 0, and the database cannot tell: all rows count",
    );
}

#[test]
fn a_label_may_be_of_several_columns() {
    let schema = "create table people(id integer primary key, first text, middle text, last text, code text unique not null, note text)";
    let pair = Pair::configured(
        "[sections.people]\nkey = [\"code\"]\nlabel = [\"first\", \"middle\", \"last\"]\n",
        schema,
        "insert into people values (1, 'Ada', 'B', 'Alder', 'a', 'x'), (2, 'Eve', null, 'Elm', 'e', 'y')",
        "insert into people values (7, 'Ada', 'B', 'Alder', 'a', 'old'), (8, 'Eve', null, 'Elm', 'e', 'old')",
    );
    assert_eq!(
        pair.document()["metadata"]["sections"]["people"]["label"],
        json!(["first", "middle", "last"])
    );
    for settings in [true, false] {
        if !settings {
            std::fs::remove_file(pair.scene.path("larder.toml")).expect("remove");
        }
        let dry = pair.import(&["--dry-run", "--on-conflict", "overwrite"]).succeeds();
        dry.says("people Ada, B, Alder (line").says("people Eve, Elm (line");
    }
    let run = pair.import(&["--item", "people=Eve, Elm", "--on-conflict", "overwrite", "--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"people": {"overwritten": 1}}));
    std::fs::write(pair.scene.path("larder.toml"), "[sections.people]\nlabel = [\"first\", \"lst\"]\n")
        .expect("write");
    pair.scene
        .larder(["export", "a.db", "-o", "c.json"])
        .run()
        .fails(2)
        .says("sections.people.label")
        .says("lst");
    std::fs::write(pair.scene.path("larder.toml"), "[sections.people]\nlabel = \"last\"\n").expect("write");
    pair.import(&["--dry-run", "--on-conflict", "overwrite"]).succeeds().says("people Alder (line");
}
