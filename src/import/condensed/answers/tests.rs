use super::*;
use crate::error::{Kind, hint, kind};
use crate::import::condensed::Strategy;
use proptest::prelude::*;

fn answer(strategy: Strategy) -> Answer {
    Answer { strategy, name: None, for_section: false }
}

fn named(name: &str) -> Answer {
    Answer { name: Some(name.into()), ..answer(Strategy::Rename) }
}

fn for_all(strategy: Strategy) -> Answer {
    Answer { for_section: true, ..answer(strategy) }
}

fn several() -> Answers {
    let mut answers = Answers::default();
    answers.put("movies", "tt0113277", named("Heat (1995)"));
    answers.put("lists", "Favorites", answer(Strategy::Rename));
    answers.put("movies", r#"{"title":"Heat","year":1986}"#, answer(Strategy::Overwrite));
    answers.put("movies", "last", for_all(Strategy::Merge));
    answers
}

const TEXT: &str = r#"{"format":"larder-answers","version":1}
{"section":"movies","key":"tt0113277","answer":"rename","name":"Heat (1995)"}
{"section":"movies","key":{"title":"Heat","year":1986},"answer":"overwrite"}
{"section":"movies","answer":"merge"}
{"section":"lists","key":"Favorites","answer":"rename"}
"#;

#[test]
fn the_file_looks_as_documented_and_is_read_again() {
    assert_eq!(several().to_text(), TEXT);
    assert_eq!(Answers::parse(TEXT, "answers").expect("it is right"), several());
    let edited = TEXT.replace('\n', "\r\n\r\n");
    assert_eq!(Answers::parse(&format!("\u{feff}{edited}"), "answers").expect("it is right"), several());
}

#[test]
fn an_item_has_its_own_answer_or_that_of_its_section() {
    let answers = several();
    assert_eq!(answers.get("movies", "tt0113277"), Some(named("Heat (1995)")));
    assert_eq!(answers.get("MOVIES", "another"), Some(for_all(Strategy::Merge)));
    assert_eq!(answers.get("lists", "Favorites"), Some(answer(Strategy::Rename)));
    assert_eq!(answers.get("lists", "another"), None);
    assert_eq!(answers.get("people", "Ada"), None);
}

#[test]
fn a_later_answer_takes_the_place_of_an_earlier_one() {
    let mut answers = several();
    answers.put("movies", "tt0113277", answer(Strategy::Skip));
    assert_eq!(answers.get("movies", "tt0113277"), Some(answer(Strategy::Skip)));
    answers.put("movies", "tt0113277", for_all(Strategy::Overwrite));
    assert_eq!(answers.get("movies", "tt0113277"), Some(for_all(Strategy::Overwrite)));
}

#[test]
fn a_number_is_a_key_too() {
    let text = format!("{}\n{{\"section\":\"s\",\"key\":42,\"answer\":\"skip\"}}\n", line::header());
    let answers = Answers::parse(&text, "answers").expect("it is right");
    assert_eq!(answers.get("s", "42"), Some(answer(Strategy::Skip)));
}

/// The error of a file with this line, and its hint.
fn wrong(line: &str) -> (String, Option<String>) {
    let text = format!("{}\n\n{line}\n", line::header());
    let error = Answers::parse(&text, "a.jsonl").expect_err(line);
    assert_eq!(kind(&error), Kind::Invalid);
    (error.to_string(), hint(&error))
}

#[test]
fn what_is_wrong_has_its_line() {
    for (line, message) in [
        ("{", "a.jsonl:3:1: EOF while parsing an object"),
        (r#"{"section":"s"}"#, "a.jsonl:3:15: missing field `answer`"),
        (r#"{"section":"s","answer":"skip","nmae":""}"#, "a.jsonl:3:37: unknown field `nmae`"),
        (r#"{"section":"s","answer":"skip","answer":"merge"}"#, "a.jsonl:3:39: duplicate field `answer`"),
        (r#"{"section":"","answer":"skip"}"#, "a.jsonl:3:1: the section has no name"),
        (r#"{"section":"s","key":null,"answer":"skip"}"#, "a.jsonl:3:1: null is no key"),
        (r#"{"section":"s","answer":"newer"}"#, "a.jsonl:3:1: \"newer\" is no answer"),
        (r#"{"section":"s","key":"k","answer":"skip","name":"n"}"#, "a.jsonl:3:1: a name is for one item"),
        (r#"{"section":"s","answer":"rename","name":"n"}"#, "a.jsonl:3:1: a name is for one item"),
        (r#"{"section":"s","key":"k","answer":"rename","name":""}"#, "a.jsonl:3:1: the name is empty"),
    ] {
        let (error, _) = wrong(line);
        assert!(error.starts_with(message), "{error}");
    }
    let (_, hint) = wrong(r#"{"section":"s","answer":"overwirte"}"#);
    assert_eq!(hint.as_deref(), Some("did you mean \"overwrite\"?"));
}

#[test]
fn two_answers_for_the_same_are_none() {
    for (line, message) in [
        (r#"{"section":"s","key":"k","answer":"skip"}"#, "a.jsonl:4:1: \"k\" of \"S\" has an answer already"),
        (r#"{"section":"s","answer":"skip"}"#, "a.jsonl:4:1: \"S\" has an answer for all already"),
    ] {
        let (error, _) = wrong(&format!("{line}\n{}", line.replace("\"s\"", "\"S\"")));
        assert_eq!(error, message);
    }
}

#[test]
fn only_this_version_of_this_format_is_read() {
    for (header, message) in [
        ("", "a.jsonl:1:1: this is no file of answers"),
        ("[]", "a.jsonl:1:1: this is no file of answers"),
        (r#"{"format":"larder-export","version":1}"#, "a.jsonl:1:1: this is no file of answers"),
        (r#"{"format":"larder-answers"}"#, "a.jsonl:1:1: null is no version of answers"),
        (r#"{"format":"larder-answers","version":0}"#, "a.jsonl:1:1: 0 is no version of answers"),
        (
            r#"{"format":"larder-answers","version":2,"more":1}"#,
            "a.jsonl:1:1: this larder reads answers up to version 1, not 2",
        ),
        (r#"{"format":"larder-answers","version":1,"more":1}"#, "a.jsonl:1:1: unknown field `more`"),
    ] {
        let error = Answers::parse(header, "a.jsonl").expect_err(header);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn only_answers_are_overwritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("answers.jsonl");
    several().write(&path).expect("written");
    assert_eq!(Answers::read(&path).expect("it is right"), several());
    Answers::default().write(&path).expect("written over answers");
    assert_eq!(Answers::read(&path).expect("it is right"), Answers::default());
    for other in [&b"{}"[..], b"", b"\xff", b"{\"format\":\"larder-answers\",\"version\":2}"] {
        std::fs::write(&path, other).expect("write");
        let error = several().write(&path).expect_err("it is no file of answers");
        assert_eq!((kind(&error), hint(&error).is_some()), (Kind::Usage, true), "{error:#}");
        assert_eq!(std::fs::read(&path).expect("read"), other);
    }
    assert!(several().write(folder.path()).is_err());
    assert!(Answers::read(&folder.path().join("none")).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 1);
}

proptest! {
    #[test]
    fn every_key_and_name_comes_back(
        kept in prop::collection::vec((".{1,8}", "\\PC*|\\{\"a\":[0-9]{1,30}\\}|\\[.*\\]", ".{1,8}"), 0..6)
    ) {
        let mut answers = Answers::default();
        for (section, key, name) in &kept {
            answers.put(section, key, named(name));
        }
        prop_assert_eq!(Answers::parse(&answers.to_text(), "answers").expect("it is right"), answers);
    }
}
