//! What an import says that it will do, and what it does: dry runs, plans, reports, and databases that change in between.

use super::condensed::done;
use super::fixtures::fill;
use super::pair::{Pair, assert_same_plan, assert_sound};
use serde_json::{Value, json};

/// A table with all that may refuse a row.
const SCHEMA: &str = "
    create table shelves(id integer primary key, name text not null unique collate nocase, place int not null unique check (place between 0 and 99));
    create table books(id integer primary key, title text not null, shelf_id integer references shelves(id), isbn text, state text not null default 'in'
        check (state in ('in', 'out')), n int, touched text, unique(title));
    create unique index isbns on books(isbn collate nocase);
    create unique index outs on books(shelf_id) where state = 'out';
    create unique index lows on books(lower(substr(title, 1, 5)));
    create table pages(id integer primary key, book_id integer not null references books(id) on delete cascade, number int not null, text text, unique(book_id, number));
    create table log(what text);
    create trigger t1 after update on books begin update books set touched = 'now' where id = new.id; end;
    create trigger t2 before insert on pages when new.text = 'bad' begin select raise(abort, 'no such page'); end;
    create trigger t3 after insert on books begin insert into log values (new.title); end;";

const HERE: &str = "insert into shelves values (1, 'Top', 1), (2, 'low', 2), (3, 'new', 3);
    insert into books values (1, 'Emma and', 1, 'i1', 'in', 1, null), (2, 'Ulysses', 2, 'i2', 'out', 2, null), (3, 'Walden', 3, null, 'out', 3, null);
    insert into pages values (1, 1, 1, 'a'), (2, 1, 2, 'b'), (3, 3, 1, 'c')";

/// What the second database may hold: all is well, or something stands in the way.
const THERE: &[&str] = &[
    "",
    "insert into shelves values (70, 'TOP', 2), (71, 'LOW', 1); insert into books values (80, 'Emma and', 71, 'i1', 'in', 9, null); insert into pages values (90, 80, 2, 'z'), (91, 80, 3, 'y')",
    "insert into books values (80, 'other', null, 'I2', 'in', 9, null), (81, 'Ulysses', null, 'i9', 'in', 9, null)",
    "insert into books values (80, 'emma is another', null, 'x', 'in', 9, null)",
    "insert into shelves values (70, 'low', 9); insert into books values (80, 'x', 70, null, 'out', 9, null)",
    "insert into shelves values (70, 'a', 1), (71, 'b', 3)",
    "insert into shelves values (70, 'new', 3); insert into books values (80, 'Walden', 70, 'w', 'in', 3, 'then'); insert into log values ('old')",
];

/// Whatever a dry run says happens, and what it does not say does not.
#[test]
fn a_dry_run_is_exact() {
    let mut ended = [0; 5];
    for there in THERE {
        for strategy in ["skip", "overwrite", "merge", "rename", "fail"] {
            let also: [&[&str]; 3] = [&[], &["--on-error", "skip"], &["--triggers", "off"]];
            for more in &also[..if ["skip", "overwrite"].contains(&strategy) { 3 } else { 1 }] {
                let pair = Pair::new(SCHEMA, HERE, there);
                if there.is_empty() {
                    pair.edit("\"text\": \"c\"", "\"text\": \"bad\"");
                }
                let options =
                    [&["--on-conflict", strategy, "--only", "shelves,books", "--json"][..], more].concat();
                let bytes = pair.bytes();
                let planned = pair.import(&[&options[..], &["--dry-run"]].concat());
                assert!(bytes == pair.bytes(), "{planned}");
                let run = pair.import(&options);
                let code = run.code().expect("a code");
                ended[usize::try_from(code).expect("a small code")] += 1;
                match code {
                    0 | 1 => {
                        assert_eq!(planned.code(), Some(code), "{planned}{run}");
                        assert_same_plan(&planned, &run);
                        assert_sound(&pair.scene.path("b.db"));
                    }
                    3 => {
                        assert_eq!(planned.code(), Some(3), "{planned}{run}");
                        assert_eq!(planned.json()["problems"], run.json()["problems"], "{planned}{run}");
                        assert!(bytes == pair.bytes(), "{run}");
                    }
                    // A dry run shows the conflicts, or what stands in the way besides.
                    4 => {
                        let is_shown =
                            planned.json()["conflicts"].as_array().is_some_and(|list| !list.is_empty());
                        assert!(
                            is_shown && planned.code() == Some(4) || planned.code() == Some(3),
                            "{planned}{run}"
                        );
                        assert!(bytes == pair.bytes(), "{run}");
                    }
                    _ => panic!("{run}"),
                }
            }
        }
    }
    assert!(ended[0] > 10 && ended[1] > 3 && ended[3] > 3 && ended[4] > 3, "{ended:?}");
}

#[test]
fn a_dry_run_says_what_differs() {
    let pair = Pair::new(SCHEMA, HERE, THERE[1]);
    let options = ["--dry-run", "--only", "shelves,books", "--on-conflict", "overwrite"];
    let run = pair.import(&options).succeeds();
    let run = run.says(
        "  section  new  same  overwritten\n  shelves    1     0            2\n  books      2     0            1\n",
    );
    let run = run.says("books Emma and (line 25): takes the file's values\n    n: 9 → 1\n    shelf_name: \"LOW\" → \"Top\"\n");
    let run = run.says("    pages[1]: (none) → {\"number\":1,\"text\":\"a\"}\n    pages[2].text: \"z\" → \"b\"\n    pages[3]: {\"number\":3,\"text\":\"y\"} → (none)\n");
    run.says("this would be written to");
    let json = pair.import(&[&options[..], &["--json"]].concat()).succeeds().json();
    assert_eq!(json["dry_run"], true);
    let item = json["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["label"] == "Emma and")
        .expect("Emma");
    assert_eq!(item["outcome"], "overwritten");
    assert_eq!(item["changes"][0], json!({"field": "n", "there": 9, "incoming": 1}));
}

fn planned() -> Pair {
    let pair = Pair::new(SCHEMA, HERE, THERE[1]);
    pair.export(&["--exclude", "log"]);
    pair.import(&["--plan", "p.jsonl", "--on-conflict", "overwrite,shelves=skip"])
        .succeeds()
        .says("the plan is in p.jsonl")
        .says("larder import --plan p.jsonl");
    pair
}

fn carry_out(pair: &Pair, more: &[&str]) -> super::scene::Run {
    pair.scene.larder([&["import", "--plan", "p.jsonl"], more].concat()).run()
}

#[test]
fn a_plan_is_carried_out_as_it_was_written() {
    let pair = planned();
    let bytes = pair.bytes();
    let said = pair.import(&["--dry-run", "--json", "--on-conflict", "overwrite,shelves=skip"]).succeeds();
    assert!(bytes == pair.bytes());
    let run = carry_out(&pair, &["--json"]).succeeds();
    assert_same_plan(&said, &run);
    assert_eq!(done(&run.json())["shelves"], json!({"new": 1, "skipped": 2}));
    assert_sound(&pair.scene.path("b.db"));
    // It is done: the database is another now.
    let bytes = pair.bytes();
    carry_out(&pair, &[])
        .fails(1)
        .says("the database has changed since the plan was made; nothing was written")
        .says("make the plan again");
    assert!(bytes == pair.bytes());
    carry_out(&pair, &["--on-conflict", "skip"]).fails(2).says("p.jsonl says itself what is to be done");
    pair.import(&["--plan", "none.jsonl", "--dry-run"]).leaves_open().says("the plan is in none.jsonl");
    pair.scene
        .larder(["import", "--plan", "nowhere.jsonl"])
        .run()
        .fails(2)
        .says("there is no plan at nowhere.jsonl");
}

#[test]
fn a_plan_is_refused_where_anything_it_saw_is_another() {
    let refused = |change: &dyn Fn(&Pair), why: &str| {
        let pair = planned();
        change(&pair);
        let bytes = pair.bytes();
        let run = carry_out(&pair, &[]);
        assert!(matches!(run.code(), Some(1..=3)), "{why}: {run}");
        let run = run.says(why);
        assert!(bytes == pair.bytes(), "{run}");
        assert!(pair.scene.snapshots("backups").is_empty(), "{run}");
    };
    let changed = "the database has changed since the plan was made";
    for sql in [
        "update books set n = 8",
        "delete from pages where id = 91",
        "insert into shelves values (99, 'z', 50)",
        "update books set touched = 'x'",
        "create index more on books(n)",
        "drop trigger t1",
        "alter table pages add column x",
    ] {
        refused(&|pair| pair.change(sql), changed);
    }
    refused(
        &|pair| pair.edit("\"n\": 1,", "\"n\": 4,"),
        "the document is not what it was when the plan was made",
    );
    let edit_plan = |from: &'static str, to: &'static str| {
        move |pair: &Pair| {
            let text = std::fs::read_to_string(pair.scene.path("p.jsonl")).expect("read");
            assert!(text.contains(from), "{from} is not in {text}");
            std::fs::write(pair.scene.path("p.jsonl"), text.replacen(from, to, 1)).expect("write");
        }
    };
    refused(&edit_plan("\"overwritten\"", "\"merged\""), "the plan was changed after it was written");
    let edited = "the plan was changed after it was written";
    refused(&edit_plan("\"default\":\"overwrite\"", "\"default\":\"merge\""), edited);
    refused(&edit_plan("\"replace_all\":false", "\"replace_all\":true"), edited);
    refused(&edit_plan("larder-plan", "larder-plum"), "this is no plan that this larder understands");
    refused(&edit_plan("{\"sums\"", "{\"sum"), "the plan is cut off");
    // What it did not look at may change.
    let pair = planned();
    pair.change("insert into log values ('more')");
    carry_out(&pair, &[]).succeeds();
}

#[test]
fn a_report_has_a_line_an_item() {
    let pair = Pair::new(SCHEMA, HERE, THERE[1]);
    pair.edit("\"n\": 3", "\"n\": 3, \"state\": \"lost\"");
    pair.edit("\"state\": \"out\", \"n\": 3, ", "\"n\": 3, ");
    let run = pair.import(&[
        "--report",
        "r.jsonl",
        "--on-conflict",
        "shelves=rename,books=merge",
        "--on-error",
        "skip",
        "--only",
        "shelves,books",
    ]);
    assert_eq!(run.code(), Some(1), "{run}");
    let text = std::fs::read_to_string(pair.scene.path("r.jsonl")).expect("a report");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |line: &Value| {
        format!(
            "{} {} {} {}",
            line["section"].as_str().unwrap_or("?"),
            line["item"],
            line["label"].as_str().unwrap_or("?"),
            line["outcome"].as_str().unwrap_or("?")
        )
    };
    // The last says what triggers did.
    assert_eq!(lines.len(), 7, "{text}");
    assert_eq!(lines[6]["triggers"]["added"], 1, "{text}");
    assert_eq!(of(&lines[3]), "books 0 Emma and merged");
    assert_eq!(of(&lines[5]), "books 2 Walden rejected");
    assert!(lines[5]["why"].as_str().is_some_and(|why| why.contains("CHECK constraint failed")), "{text}");
    for line in &lines[..6] {
        assert!(line["line"].as_u64().is_some_and(|line| line > 15), "{line}");
    }
    // It takes no other file's place.
    pair.import(&["--report", "r.jsonl", "--on-conflict", "skip"]).fails(1).says("r.jsonl");
    pair.import(&["--report", "a.json", "--on-conflict", "skip"]).fails(1).says("a.json");
}

const REFETCH: &str = "[sections.films]\nrefetch = [\"plot\"]\n[hooks]\nrefetch = \"cat > keys; echo $LARDER_COUNT $LARDER_APP >> keys; exit ${CODE:-0}\"\n";

#[test]
#[cfg(unix)]
fn what_new_rows_lack_is_fetched_by_a_command_and_its_failure_does_not_undo() {
    use std::os::unix::fs::PermissionsExt;
    let schema = "create table films(id integer primary key, title text not null, year int not null, plot text, unique(title, year))";
    let here = "insert into films values (1, 'Heat', 1995, 'p'), (2, 'Ran', 1985, 'p'), (3, 'Up', 2009, 'p')";
    for fails in [false, true] {
        let settings = if fails { REFETCH.replace("${CODE:-0}", "3") } else { REFETCH.to_owned() };
        let pair =
            Pair::configured(&settings, schema, here, "insert into films values (9, 'Ran', 1985, 'there')");
        std::fs::set_permissions(pair.scene.path("larder.toml"), std::fs::Permissions::from_mode(0o600))
            .expect("private");
        let planned = pair.import(&["--dry-run", "--json"]).succeeds();
        assert!(!pair.scene.path("keys").exists(), "{planned}");
        let run = pair.import(&["--json"]);
        assert_eq!(run.code(), Some(i32::from(fails)), "{run}");
        let keys = std::fs::read_to_string(pair.scene.path("keys")).expect("it was run");
        assert_eq!(
            keys,
            "{\"section\":\"films\",\"key\":{\"title\":\"Heat\",\"year\":1995}}\n{\"section\":\"films\",\"key\":{\"title\":\"Up\",\"year\":2009}}\n2 b\n",
            "{run}"
        );
        assert_eq!(pair.there("select count(*) || '' from films"), ["3"]);
        assert_eq!(run.json()["needs_refetch"]["films"].as_array().map(Vec::len), Some(2));
        if fails {
            run.says("the items are in, and what they lack was not fetched");
        }
        std::fs::remove_file(pair.scene.path("keys")).expect("remove");
        pair.import(&[]).succeeds();
        assert!(!pair.scene.path("keys").exists(), "nothing is new");
    }
}

/// A trigger that fails at the end, a constraint that only the whole shows: the dry run says so too.
#[test]
fn what_only_the_end_shows_fails_the_dry_run_too() {
    let schema = "create table a(id integer primary key, name text not null unique); create table b(id integer primary key, name text unique, a_name text);
        create table log(a_id integer not null references a(id)); create trigger t after insert on a begin insert into log values (new.id + 100); end";
    let pair = Pair::new(schema, "", "");
    fill(&pair.scene.path("a.db"), "drop trigger t; insert into a values (1, 'x')");
    pair.export(&["--only", "a"]);
    let run = pair.refuses(3, &[]);
    run.says("1 rows of log would refer to rows of a that are not there");
    assert_eq!(pair.brings(&["--triggers", "off"]), json!({"a": {"new": 1}}));
}
