use super::*;
use crate::ui::conflict::tests::question;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const SCREEN: Screen = Screen { height: 24, width: 80, colours: false };

fn difference(field: &str, there: impl Into<Option<Json>>, incoming: impl Into<Option<Json>>) -> Difference {
    Difference { field: field.into(), there: there.into(), incoming: incoming.into() }
}

fn with(differences: Vec<Difference>) -> Question {
    Question { differences, ..question() }
}

/// The lines as one text, without the blank one that they begin with.
fn drawn(question: &Question, screen: Screen) -> String {
    let lines = picture(question, screen, 10).lines;
    assert_eq!(lines[0], "");
    lines[1..].iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn several() -> Question {
    let notes = |word: &str| json!(format!("It was a {word} evening.\n.{}", " And then?".repeat(20)));
    with(vec![
        difference("status", json!("seen"), json!("custom")),
        difference("my_rating", Json::Null, json!(8.5)),
        difference("title", json!("東京物語"), json!("東京暮色")),
        difference("poster", json!({"$blob": "AAEC"}), json!({"$blob": "AAECAw=="})),
        difference("notes", notes("fine"), notes("dull")),
        difference("recommendations[Ada Alder].vote_type", None, json!(1)),
    ])
}

#[test]
fn what_differs_stands_side_by_side() {
    assert_eq!(
        drawn(&several(), SCREEN),
        "\
3 of 17 · movies · Heat                                                  line 41
field      in the database                    in the file
─────────  ─────────────────────────────────  ──────────────────────────────────
status     seen                               custom
my_rating  null                               8.5
title      東京物語                           東京暮色
poster     3 bytes                            4 bytes
notes      It was a fine evening.⏎. And the…  It was a dull evening.⏎. And then…
recommendations[Ada Alder].vote_type
           —                                  1
"
    );
}

#[test]
fn a_narrow_screen_has_it_below_each_other() {
    assert_eq!(
        drawn(&several(), Screen { width: 36, height: 60, ..SCREEN }),
        "\
3 of 17 · movies · Heat      line 41
status
  database  seen
  file      custom
my_rating
  database  null
  file      8.5
title
  database  東京物語
  file      東京暮色
poster
  database  3 bytes
  file      4 bytes
notes
  database  It was a fine evening.⏎…
  file      It was a dull evening.⏎…
recommendations[Ada Alder].vote_type
  database  —
  file      1
"
    );
}

#[test]
fn what_has_no_room_is_counted() {
    let rows = (0..40).map(|at| difference(&format!("field_{at}"), json!(at), json!(at + 1))).collect();
    let drawn = drawn(&with(rows), SCREEN);
    assert_eq!(drawn.lines().count(), 24 - 10 - 1);
    assert!(drawn.ends_with("field_8   8                9\nand 31 more\n"), "{drawn}");
}

#[test]
fn a_long_label_has_its_own_line() {
    let question = Question { label: "東京".repeat(60), ..question() };
    let drawn = drawn(&question, Screen { width: 30, ..SCREEN });
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines[0], "3 of 17 · movies · line 41");
    assert!(lines[1].starts_with("東京東") && lines[1].contains('…') && lines[1].ends_with("東京"));
}

#[test]
fn why_it_cannot_take_a_place_is_a_sentence() {
    let why = "it shares its imdb_id with \"Heat\" and its title with \"Heat (1986)\"";
    let mut question = with(vec![]);
    question.why_not = Some(why.into());
    assert_eq!(
        drawn(&question, Screen { width: 50, ..SCREEN }),
        "\
3 of 17 · movies · Heat                    line 41
It cannot take the place of what is there: it
shares its imdb_id with \"Heat\" and its title with
\"Heat (1986)\".
"
    );
}

#[test]
fn whether_all_is_to_be_seen_is_known() {
    assert!(picture(&question(), SCREEN, 10).is_whole);
    assert!(!picture(&several(), SCREEN, 10).is_whole);
    assert!(picture(&several(), Screen { width: 600, ..SCREEN }, 10).is_whole);
    assert!(!picture(&several(), Screen { width: 600, height: 14, ..SCREEN }, 10).is_whole);
}

#[test]
fn in_full_nothing_is_cut() {
    let notes = json!(format!("{}  end", "x".repeat(30)));
    let rows = vec![difference("notes", notes, None), difference("seen", json!(0), json!(1))];
    let lines = in_full(&with(rows), Screen { width: 24, ..SCREEN });
    assert_eq!(
        lines[3..],
        [
            "notes",
            "  in the database",
            "    xxxxxxxxxxxxxxxxxxxx",
            "    xxxxxxxxxx  end",
            "  in the file      —",
            "seen",
            "  in the database  0",
            "  in the file      1",
        ]
    );
}

#[test]
fn colours_change_no_letter() {
    let coloured = picture(&several(), Screen { colours: true, ..SCREEN }, 10).lines;
    let plain = picture(&several(), SCREEN, 10).lines;
    assert_ne!(coloured, plain);
    let strip = |line: &String| console::strip_ansi_codes(line).into_owned();
    assert_eq!(coloured.iter().map(strip).collect::<Vec<_>>(), plain);
}

/// Texts with all that is wide, has no width, joins, or does something to a terminal.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z ]{1,20}",
        2 => "[東京物語한글]{1,20}",
        1 => Just("👨‍👩‍👧".to_owned()),
        1 => Just("☺\u{fe0f}".to_owned()),
        1 => Just("e\u{301}\u{308}".to_owned()),
        1 => Just("لا\u{202e}".to_owned()),
        1 => Just("\u{200b}\u{feff}\u{ad}\u{200d}".to_owned()),
        1 => Just("\u{1b}[31m\r\n\t\u{9b}2J".to_owned()),
        2 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Option<Json>> {
    prop_oneof![
        4 => text().prop_map(|text| Some(json!(text))),
        1 => any::<f64>().prop_map(|number| Some(json!(number))),
        1 => (text(), text()).prop_map(|(key, text)| Some(json!({key: [text]}))),
        1 => Just(Some(Json::Null)),
        1 => Just(Some(json!({"$blob": "AAEC"}))),
        1 => Just(None),
    ]
}

proptest! {
    #[test]
    fn every_line_fits_every_screen(
        rows in prop::collection::vec((text(), value(), value()), 0..9), label in text(), section in text(),
        why_not in prop::option::of(text()), width in 20_usize..200, height in 5_usize..60, colours: bool,
    ) {
        let differences = rows.into_iter().map(|(field, there, incoming)| difference(&field, there, incoming));
        let differences: Vec<_> = differences.collect();
        let count = differences.len();
        let question = Question { label, section, why_not, ..with(differences) };
        let screen = Screen { height, width, colours };
        let picture = picture(&question, screen, 10);
        for line in picture.lines.iter().chain(&in_full(&question, screen)) {
            prop_assert!(measure_text_width(line) <= width, "{line:?}");
            let bare = console::strip_ansi_codes(line);
            prop_assert!(!bare.chars().any(char::is_control), "{line:?}");
        }
        let header = header(&question, screen).len();
        prop_assert!(picture.lines.len() + 10 <= height.max(header + 10 + 1 + 3 + 1 + 1), "{count}");
    }
}
