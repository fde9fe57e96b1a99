//! Paths and numbers of JSON, however it is built.

use super::*;
use std::fmt::Write;

fn places(texts: &[&str]) -> Vec<(String, Vec<i64>, bool)> {
    let mut collected = Collected::default();
    for text in texts {
        collected.add(text.as_bytes()).expect("JSON");
    }
    let place = |inside: Inside| (inside.path, inside.numbers.iter().collect(), inside.is_vague);
    collected.places().into_iter().map(place).collect()
}

#[test]
fn integers_are_found_at_their_places() {
    let text = r#"{"decks": {"1": {"id": 7}, "20": {"id": 8}, "3": 9}, "tags": [3, "4", true, 1.5, "x"], "a.b": 5, "n": null}"#;
    let wanted = [
        ("\"a.b\"", vec![5]),
        ("decks.{}", vec![1, 3, 20]),
        ("decks[*]", vec![9]),
        ("decks.{}.id", vec![7, 8]),
        ("tags[*]", vec![3, 4]),
    ];
    let wanted = wanted.map(|(path, numbers)| (path.to_owned(), numbers, false));
    assert_eq!(places(&[text]), wanted);
    assert_eq!(
        places(&["[[1], 2]"]),
        [("[*]", vec![2]), ("[*][*]", vec![1])].map(|(path, numbers)| (path.to_owned(), numbers, false))
    );
    let mut collected = Collected::default();
    assert!(collected.add(b"[1, 2").is_err() && collected.add(b"[3] x").is_err());
    assert!(collected.places().is_empty());
}

#[test]
fn of_too_many_names_the_numbers_stay() {
    let mut text = "{".to_owned();
    for at in 0..MOST_MEMBERS + 5 {
        write!(text, "\"k{at}x\": {{\"card_id\": {at}}}, ").expect("a text");
    }
    text.push_str("\"n\": 4}");
    let found = places(&[&text]);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].0.as_str(), found[0].2), ("n", false));
    assert_eq!((found[1].0.as_str(), found[1].1.len(), found[1].2), ("[*].card_id", MOST_MEMBERS + 5, true));

    let mut text = "{".to_owned();
    for at in 0..=MOST_NAMES {
        write!(text, "\"k{at}x\": {at}, ").expect("a text");
    }
    text.push_str("\"n\": 4}");
    let found = places(&[&text]);
    assert_eq!(found.len(), MOST_NAMES + 1);
    let (path, numbers, is_vague) = found.last().expect("a place");
    assert_eq!(
        (path.as_str(), numbers.as_slice(), *is_vague),
        ("[*]", &[4, i64::try_from(MOST_NAMES).expect("small")][..], true)
    );
}

/// A list or JSON in a text is one as if it stood there itself, and says that it is in a text.
#[test]
fn texts_inside_json_are_looked_at() {
    let mut collected = Collected::default();
    let text = r#"{"tags": "3,17", "inner": "{\"book_id\": 5, \"of\": [{\"id\": \"9\"}]}", "title": "3 men", "plain": 4}"#;
    collected.add(text.as_bytes()).expect("JSON");
    let place = |inside: Inside| (inside.path, inside.numbers.iter().collect::<Vec<_>>(), inside.in_text);
    let wanted = [
        ("plain", vec![4], false),
        ("tags[*]", vec![3, 17], true),
        ("inner.book_id", vec![5], true),
        ("inner.of[*].id", vec![9], true),
    ];
    let wanted = wanted.map(|(path, numbers, in_text)| (path.to_owned(), numbers, in_text));
    assert_eq!(collected.places().into_iter().map(place).collect::<Vec<_>>(), wanted);
}
