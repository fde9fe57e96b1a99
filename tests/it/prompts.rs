//! Conflicts that somebody is asked about, on a real terminal.
#![cfg(unix)]

use super::fixtures::fill;
use super::pair::{Pair, assert_sound};
use rexpect::process::{Signal, WaitStatus};
use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use std::process::Command;

const SCHEMA: &str = "
    create table lists(id integer primary key, name text not null unique, colour text, note text);
    create table entries(id integer primary key, list_id integer not null references lists(id) on delete cascade, title text not null, unique(list_id, title));
    create table pins(what text primary key, list_id integer references lists(id), n int)";
const HERE: &str = "insert into lists values (1, 'a', 'red', null), (2, 'b', 'red', 'new'), (3, 'c', 'red', 'new'), (4, 'd', 'red', 'new'), (5, 'e', 'red', 'new');
    insert into entries values (1, 1, 'x'), (2, 2, 'y'); insert into pins values ('p', 2, 1), ('q', 3, 1)";
const THERE: &str = "insert into lists values (71, 'a', 'green', 'old'), (72, 'b', 'green', 'old'), (73, 'c', 'green', 'old'), (74, 'd', 'red', 'new');
    insert into entries values (81, 71, 'z'); insert into pins values ('p', 71, 9)";

fn pair() -> Pair {
    Pair::new(SCHEMA, HERE, THERE)
}

/// What there is, as text.
fn all(pair: &Pair) -> String {
    let lists = "select group_concat(name || ' ' || colour || ' ' || ifnull(note, '-') || ifnull((select group_concat(' ' || title, '' order by title) from entries where list_id = l.id), ''), ', ' order by name) from lists l";
    let pins =
        "select group_concat(what || name || n, ' ' order by what) from pins join lists l on l.id = list_id";
    format!("{}; {}", pair.there(lists).concat(), pair.there(pins).concat())
}

/// Somebody at a terminal, on which an import asks.
struct Somebody {
    session: PtySession,
}

impl Somebody {
    fn at(pair: &Pair, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
        command.args(["import", "a.json", "b.db"]).args(more).current_dir(pair.scene.path("")).env_clear();
        command
            .env("TERM", "xterm")
            .env("PATH", "/usr/bin:/bin")
            .env("NO_COLOR", "1")
            .env("HOME", pair.scene.path(""));
        Self { session: spawn_command(command, Some(20_000)).expect("a terminal") }
    }

    #[track_caller]
    fn sees(&mut self, text: &str) -> &mut Self {
        if let Err(error) = self.session.exp_string(text) {
            panic!("{text:?} is not to be seen: {error}");
        }
        self
    }

    fn types(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).expect("keys");
        self.session.flush().expect("sent");
        self
    }

    /// Waits for a question, and answers it.
    #[track_caller]
    fn answers(&mut self, question: &str, keys: &str) -> &mut Self {
        self.sees(question).sees("Stop: write nothing").types(keys)
    }

    #[track_caller]
    fn ends(&mut self, code: i32) -> String {
        let rest = self.session.exp_eof().expect("the end");
        match self.session.process().wait().expect("it ends") {
            WaitStatus::Exited(_, found) => assert_eq!(found, code, "{rest}"),
            other => panic!("{other:?}: {rest}"),
        }
        rest
    }
}

const YES: &str = "Write this to b.db?";

#[test]
fn each_conflict_is_shown_and_answered_and_then_all_is_written() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &[]);
    somebody.sees("1 of 4").sees("colour").sees("green").sees("red");
    somebody.answers("entries[z]", "k").sees("what is in the database is kept");
    somebody.answers("2 of 4", "t").sees("the file's is taken");
    somebody.answers("3 of 4", "m").sees("both are merged");
    somebody.answers("4 of 4", "t");
    somebody.sees("section").sees(YES).types("y").ends(0);
    assert_eq!(all(&pair), "a green old z, b red new y, c red new, d red new, e red new; pb1 qc1");
    assert_sound(&pair.scene.path("b.db"));
    assert_eq!(pair.scene.snapshots("backups").len(), 1);
}

/// A child whose code is that of one under another parent, and two whose places are taken.
#[test]
fn a_child_that_clashes_is_asked_about_with_both_parents() {
    let schema = "create table lists(id integer primary key, name text not null unique);
        create table films(id integer primary key, title text not null unique);
        create table discs(id integer primary key, film_id int not null unique references films(id), code text unique,
            list_id int references lists(id), position int, unique(list_id, position))";
    let here =
        "insert into films values (1, 'Heat'), (2, 'Jaws'), (3, 'Emma'); insert into lists values (1, 'L');
        insert into discs values (1, 1, 'x', null, null), (2, 2, null, 1, 1), (3, 3, null, 1, 2)";
    let there = "insert into films values (7, 'Alien'); insert into lists values (9, 'L'); insert into discs values (71, 7, 'x', 9, 1)";
    let settings = "[sections.lists]\n[sections.films]\nnest.discs = {}\n";
    let pair = Pair::configured(settings, schema, here, there);
    let discs = "select title || ifnull(code, '-') || ifnull(position, '-') from discs join films f on f.id = film_id order by title";
    let mut somebody = Somebody::at(&pair, &["--save-answers", "kept"]);
    somebody.sees("1 of 2").sees("Heat: discs").sees("its code is that of films \"Alien\"");
    somebody
        .sees("Move it here")
        .sees("Stop: write nothing")
        .types("k")
        .sees("what is in the database is kept");
    somebody.sees("2 of 2").sees("Jaws").sees("its list_id and position are those of films");
    somebody.sees("Stop: write nothing").types("b");
    somebody
        .answers("1 of 2", "r")
        .sees("Name: x (1)")
        .types("\u{7f}\u{7f}\u{7f}2)\r")
        .sees("it comes in as \"x 2)\"");
    somebody
        .answers("2 of 2", "m")
        .sees("it stands after the last")
        .sees("films.discs that clash")
        .sees(YES)
        .types("y")
        .ends(0);
    assert_eq!(pair.there(discs), ["Alienx1", "Emma-3", "Heatx 2)-", "Jaws-2"]);
    let kept = std::fs::read_to_string(pair.scene.path("kept")).expect("answers");
    assert!(kept.contains(r#"{"section":"films","key":"Heat","child":"discs","answer":"rename"}"#), "{kept}");
    assert_sound(&pair.scene.path("b.db"));
}

/// Also where nothing is to be decided.
#[test]
fn what_will_be_written_is_shown_and_confirmed_once() {
    let pair = pair();
    pair.change("delete from pins; delete from entries; delete from lists where id <> 74");
    let before = pair.bytes();
    Somebody::at(&pair, &[]).sees("section").sees("lists").sees(YES).types("n").ends(4);
    let mut somebody = Somebody::at(&pair, &["--on-conflict", "overwrite"]);
    let said = somebody.sees("section").sees(YES).types("\u{3}").ends(130);
    assert!(!said.contains("written to"), "{said}");
    assert!(pair.bytes() == before, "it wrote");
    assert!(pair.scene.snapshots("backups").is_empty());
    let said = Somebody::at(&pair, &[]).sees("section").sees("lists").sees(YES).types("y").ends(0);
    assert!(said.contains("written to") && !said.contains("section"), "the table is shown again: {said}");
    assert_eq!(all(&pair), "a red - x, b red new y, c red new, d red new, e red new; pb1 qc1");
    // Nothing to write is nothing to ask about, and --yes says yes.
    Somebody::at(&pair, &[]).sees("nothing to change in").ends(0);
    pair.change("delete from pins");
    Somebody::at(&pair, &["--yes"]).sees("written to").ends(0);
    pair.change("delete from pins");
    pair.brings(&[]);
}

#[test]
fn doubtful_numbers_are_written_where_somebody_says_so() {
    let schema = "create table places(id integer primary key, url text not null unique);
        create table marks(id integer primary key, title text not null unique, fk integer)";
    let here = "insert into places values (1, 'a.org'), (2, 'b.org'); insert into marks values (1, 'A', 1), (2, 'B', 2)";
    let there = "insert into places values (1, 'z.org')";
    let titles = "select ifnull(group_concat(title || fk, ' ' order by title), '') from marks";
    let pair = Pair::new(schema, here, there);
    Somebody::at(&pair, &[]).sees("marks.fk").sees("Write these numbers as they stand").types("n").ends(4);
    assert_eq!(pair.there(titles), [""]);
    Somebody::at(&pair, &[])
        .sees("Write these numbers as they stand")
        .types("y")
        .sees(YES)
        .types("y")
        .ends(0);
    assert_eq!(pair.there(titles), ["A1 B2"]);
    // Nobody is asked who says yes to everything: it is no answer to this.
    let pair = Pair::new(schema, here, there);
    Somebody::at(&pair, &["--yes"]).ends(4);
    assert_eq!(pair.there(titles), [""]);
}

#[test]
fn an_item_comes_in_under_a_name_that_is_typed() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &[]);
    somebody.answers("1 of 4", "k");
    somebody.answers("2 of 4", "r").sees("Name: b (1)");
    // As it is proposed, but for its end; wide letters too.
    somebody.types("\u{7f}\u{7f}\u{7f}東京\r").sees("it comes in as \"b ");
    somebody.answers("3 of 4", "r").sees("Name: c (1)").types("\r").sees("it comes in as \"c (1)\"");
    somebody.answers("4 of 4", "t");
    somebody.sees(YES).types("y").ends(0);
    // What the file hung on them follows.
    assert_eq!(
        all(&pair),
        "a green old z, b green old, b 東京 red new y, c green old, c (1) red new, d red new, e red new; pb 東京1 qc (1)1"
    );
    assert_sound(&pair.scene.path("b.db"));
}

/// What has no key has no other name either.
#[test]
fn both_are_kept_of_a_row_without_a_key() {
    let schema = "create table film(id integer primary key, title text, year int);
        create table rating(id integer primary key, film_id int references film(id), who text)";
    let here = "insert into film values (1, 'Alien', 1979), (2, 'Heat', 1995); insert into rating values (1, 1, 'a'), (2, 2, 'b')";
    let there = "insert into film values (7, 'Alien', 1980), (8, 'Heat', 1996); insert into rating values (7, 7, 'a'), (8, 8, 'b')";
    let pair = Pair::new(schema, here, there);
    let mut somebody = Somebody::at(&pair, &[]);
    somebody.answers("1 of 2", "r").sees("both are kept");
    somebody.answers("2 of 2", "t").sees("the file's is taken");
    somebody.sees(YES).types("y").ends(0);
    let films = "select group_concat(title || year || who, ' ' order by year) from film f join rating r on r.film_id = f.id";
    assert_eq!(pair.there(films), ["Alien1979a Alien1980a Heat1995b"]);
}

#[test]
fn a_name_that_is_taken_is_asked_for_again() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
    somebody.answers("1 of 3", "r").sees("Name: a (1)").types("\u{15}c\r");
    somebody.answers("2 of 3", "k");
    somebody.answers("3 of 3", "k");
    somebody.sees("another item is called \"c\"");
    // The name that was typed is there to be changed.
    somebody.answers("colour", "r").sees("Name: c").types("3\r");
    somebody.sees(YES).types("y").ends(0);
    assert_eq!(pair.there("select group_concat(name, ' ' order by name) from lists"), ["a b c c3 d e"]);
}

#[test]
fn one_answer_may_be_for_all_that_are_left_and_be_taken_back() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
    somebody.answers("1 of 3", "t");
    somebody.answers("2 of 3", "b");
    somebody.sees("1 of 3").sees("(your answer before)").sees("Stop: write nothing").types("k");
    somebody.sees("2 of 3").sees("The same for 1 more in lists").sees("Stop: write nothing").types("a");
    somebody.sees("For this and 1 more in lists:").sees("Stop: write nothing").types("t");
    somebody.sees("for this and 1 more in lists: the file's is taken");
    somebody.sees(YES).types("y").ends(0);
    assert_eq!(all(&pair), "a green old z, b red new y, c red new, d red new, e red new; pa9");
}

#[test]
fn nothing_is_written_where_somebody_says_no_or_stops() {
    for keys in ["q", "\u{1b}"] {
        let pair = pair();
        let bytes = pair.bytes();
        let mut somebody = Somebody::at(&pair, &[]);
        somebody.answers("1 of 4", "t").answers("2 of 4", keys).sees("stopped; nothing was written").ends(4);
        assert!(bytes == pair.bytes());
        assert!(pair.scene.snapshots("backups").is_empty());
    }
    for keys in ["n", "\u{1b}"] {
        let pair = pair();
        let bytes = pair.bytes();
        let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
        for question in ["1 of 3", "2 of 3", "3 of 3"] {
            somebody.answers(question, "t");
        }
        // One Enter too many is neither.
        somebody.sees(YES).types("\r").types(keys).sees("not confirmed").ends(4);
        assert!(bytes == pair.bytes());
        assert!(pair.scene.snapshots("backups").is_empty());
    }
}

#[test]
fn signals_at_any_question_write_nothing_and_end_with_130() {
    for at in 0..4 {
        for signal in [None, Some(Signal::SIGINT), Some(Signal::SIGTERM), Some(Signal::SIGHUP)] {
            let pair = pair();
            let bytes = pair.bytes();
            let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
            for question in ["1 of 3", "2 of 3", "3 of 3"].iter().take(at.min(3)) {
                somebody.answers(question, "t");
            }
            match at {
                3 => somebody.sees(YES),
                // In the middle of a name.
                2 => somebody.answers("3 of 3", "r").sees("Name: c (1)"),
                _ => somebody.sees("Stop: write nothing"),
            };
            match signal {
                None => somebody.types("\u{3}"),
                Some(signal) => {
                    somebody.session.process_mut().signal(signal).expect("a signal");
                    &mut somebody
                }
            };
            somebody.ends(130);
            assert!(bytes == pair.bytes(), "{at} {signal:?}");
            assert!(pair.scene.snapshots("backups").is_empty());
            assert_eq!(pair.scene.names(""), ["a.db", "a.json", "b.db"], "{at} {signal:?}");
        }
    }
}

#[test]
fn answers_are_kept_and_used_again_without_a_terminal() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &["--save-answers", "answers.jsonl"]);
    somebody.answers("1 of 4", "m").answers("2 of 4", "r").sees("Name: b (1)").types("\r");
    somebody.answers("3 of 4", "k").answers("4 of 4", "t");
    somebody.sees(YES).types("n").ends(4);
    let kept = std::fs::read_to_string(pair.scene.path("answers.jsonl")).expect("they were kept");
    let lines: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0], json!({"format": "larder-answers", "version": 1}));
    assert_eq!(lines[1], json!({"section": "lists", "key": "a", "answer": "merge"}));
    assert_eq!(lines.len(), 5, "{kept}");
    let said = pair.brings(&["--answers", "answers.jsonl"]);
    assert_eq!(
        said,
        json!({"lists": {"merged": 1, "new": 1, "renamed": 1, "same": 1, "skipped": 1}, "pins": {"new": 1, "overwritten": 1}})
    );
    assert_eq!(
        all(&pair),
        "a red old x z, b green old, b (1) red new y, c green old, d red new, e red new; pb (1)1 qc1"
    );
    // What has no answer is an error without a terminal, and wrong answers are named with their line.
    let pair = self::pair();
    std::fs::write(pair.scene.path("answers.jsonl"), format!("{}\n{}\n", lines[0], lines[1])).expect("write");
    pair.refuses(4, &["--answers", "answers.jsonl"]).says("data.lists[1]");
    std::fs::write(
        pair.scene.path("answers.jsonl"),
        format!("{}\n{{\"section\": \"lists\", \"answer\": \"tkae\"}}\n", lines[0]),
    )
    .expect("write");
    let run = pair.import(&["--answers", "answers.jsonl"]);
    assert!(matches!(run.code(), Some(2 | 3)), "{run}");
    run.says("answers.jsonl:2:");
}

/// They are known by what they hold, in whatever order the next export numbers them.
#[test]
fn answers_for_items_without_a_key_are_kept() {
    let schema = "create table film(id integer primary key, title text, year int);
        create table rating(id integer primary key, film_id int references film(id), who text)";
    let here = "insert into film values (1, 'Alien', 1979), (2, 'Heat', 1995); insert into rating values (1, 1, 'a'), (2, 2, 'b')";
    let there = "insert into film values (7, 'Alien', 1980), (8, 'Heat', 1996); insert into rating values (7, 7, 'a'), (8, 8, 'b')";
    let pair = Pair::new(schema, here, there);
    let mut somebody = Somebody::at(&pair, &["--save-answers", "kept"]);
    somebody.sees("film has no key: that this row in the database is it, edited, is a guess.");
    somebody.answers("1979", "k").answers("2 of 2", "t").sees(YES).types("n").ends(4);
    let kept = std::fs::read_to_string(pair.scene.path("kept")).expect("they were kept");
    assert!(kept.contains("\"$label\":\"Alien\"") && kept.lines().count() == 3, "{kept}");
    fill(
        &pair.scene.path("a.db"),
        "insert into film values (0, 'Aaa', 1900); insert into rating values (9, 0, 'c')",
    );
    pair.export(&[]);
    assert_eq!(
        pair.brings(&["--answers", "kept"])["film"],
        json!({"new": 1, "overwritten": 1, "skipped": 1})
    );
}

/// Others write to the database while somebody thinks. What they changed of what was asked about is not overwritten.
#[test]
fn the_database_is_free_while_somebody_thinks_and_what_changed_is_not_overwritten() {
    for (mode, at_the_end, sql) in [
        ("delete", false, "update lists set colour = 'blue' where name = 'a'"),
        ("wal", true, "update lists set colour = 'blue' where name = 'a'"),
        ("wal", false, "delete from lists where name = 'b'"),
        ("delete", true, "delete from lists where name = 'b'"),
        ("delete", true, "insert into entries values (90, 72, 'fresh')"),
    ] {
        let pair = pair();
        pair.change(&format!("pragma journal_mode = {mode}"));
        let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
        somebody.answers("1 of 3", "t").answers("2 of 3", "t");
        somebody.sees("3 of 3").sees("Stop: write nothing");
        // A writer that does not wait.
        let write = |sql: &str| {
            pair.change(&format!(
                "pragma busy_timeout = 0; begin immediate; update pins set n = n + 1; commit; {sql}"
            ));
        };
        write(if at_the_end { "" } else { sql });
        somebody.types("k");
        if at_the_end {
            somebody.sees(YES);
            write(sql);
            somebody.types("y");
        }
        let rest = somebody.ends(1);
        let said = "the database was changed after it was looked at; nothing was written";
        assert!(rest.contains(said), "{mode} {sql}: {rest}");
        assert_eq!(pair.there("select colour from lists where name = 'c'"), ["green"]);
        assert_eq!(pair.there("select n || '' from pins"), [if at_the_end { "11" } else { "10" }]);
        assert!(pair.scene.snapshots("backups").is_empty(), "there is nothing to go back to");
    }
}

/// A row that was as the file has it is not any more.
#[test]
fn what_differs_since_is_asked_about_too_or_ends_it() {
    let pair = pair();
    let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
    somebody.answers("1 of 3", "t").answers("2 of 3", "t");
    somebody.sees("3 of 3").sees("Stop: write nothing");
    pair.change(
        "update lists set note = 'other' where name = 'd'; insert into lists values (99, 'more', 'x', null)",
    );
    somebody.types("k").answers("4 of 4", "m");
    somebody.sees(YES);
    pair.change("update lists set note = 'another' where name = 'more'");
    somebody.types("y").ends(0);
    assert_eq!(
        pair.there("select group_concat(name || note, ' ' order by name) from lists where name >= 'd'"),
        ["dnew enew moreanother"]
    );
    let pair = self::pair();
    let mut somebody = Somebody::at(&pair, &["--only", "lists"]);
    somebody.answers("1 of 3", "t").answers("2 of 3", "t").answers("3 of 3", "k").sees(YES);
    pair.change("update lists set note = 'other' where name = 'd'");
    let bytes = pair.bytes();
    let rest = somebody.types("y").ends(1);
    assert!(rest.contains("the database was changed after it was looked at; nothing was written"), "{rest}");
    assert!(bytes == pair.bytes());
    assert!(pair.scene.snapshots("backups").is_empty());
}
