//! Values as one sees them beside each other: safe, on one line, and never alike where they differ.

use crate::ui::fit::{Look, Runs, pair};
use crate::ui::safe::one_line;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// How many bytes of a text are compared letter by letter; of longer ones, those around the first difference.
const LONG: usize = 16 << 10;

/// A value as it is shown, before it is made to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// There is no such child.
    Absent,
    /// It is null.
    Null,
    /// It is this.
    Text(String),
}

/// What two values that differ look like.
pub fn cells(there: Option<&Json>, incoming: Option<&Json>) -> (Cell, Cell) {
    let (mut a, mut b) = (cell(there, incoming), cell(incoming, there));
    if let (Cell::Text(one), Cell::Text(other)) = (&a, &b) {
        if let (Some(there), Some(incoming)) = (there.and_then(blob), incoming.and_then(blob)) {
            (a, b) = blobs(&there, &incoming);
        } else if one.len().max(other.len()) > LONG {
            let (one, other) = around(one, other);
            (a, b) = (Cell::Text(one), Cell::Text(other));
        } else if look_alike(one, other) {
            (a, b) = (Cell::Text(escaped(one)), Cell::Text(escaped(other)));
        }
    }
    (a, b)
}

/// Both as they fit their widths.
pub fn fitted(cells: &(Cell, Cell), widths: (usize, usize)) -> (Runs, Runs) {
    match cells {
        (Cell::Text(one), Cell::Text(other)) => pair(one, other, widths),
        (one, other) => (alone(one, widths.0), alone(other, widths.1)),
    }
}

/// One that has nothing to be compared with.
fn alone(cell: &Cell, width: usize) -> Runs {
    let quiet = |text: &str| vec![(crate::ui::fit::cut_end(text, width), Look::Quiet)];
    match cell {
        Cell::Absent => quiet("—"),
        Cell::Null => quiet("null"),
        Cell::Text(text) => pair(text, "", (width, 0)).0,
    }
}

fn cell(value: Option<&Json>, other: Option<&Json>) -> Cell {
    match value {
        None => Cell::Absent,
        Some(Json::Null) => Cell::Null,
        Some(Json::String(text)) if is_plain(text, other) => Cell::Text(one_line(text).into_owned()),
        Some(Json::String(text)) => Cell::Text(format!("\"{}\"", one_line(text))),
        Some(value) => match blob(value) {
            Some(bytes) => Cell::Text(size(bytes.len())),
            None => Cell::Text(one_line(&value.to_string()).into_owned()),
        },
    }
}

/// Whether a text without quotes is taken for what it is: not for a number beside one, nor for nothing. Where the text
/// beside it needs quotes, it has them too.
fn is_plain(text: &str, other: Option<&Json>) -> bool {
    let is_whole = |text: &str| {
        let text = one_line(text);
        text.trim() == text && !["", "null", "—"].contains(&&*text)
    };
    is_whole(text)
        && match other {
            Some(Json::String(other)) => is_whole(other),
            None | Some(Json::Null) => true,
            Some(_) => serde_json::from_str::<Json>(text).is_err(),
        }
}

/// The bytes that `{"$blob": "base64"}` stands for.
fn blob(value: &Json) -> Option<Vec<u8>> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    STANDARD.decode(object.get("$blob")?.as_str()?).ok()
}

fn size(bytes: usize) -> String {
    crate::ui::table::count(bytes as u64, "byte", "bytes")
}

/// Blobs by their size, and where that is the same, by their first bytes that differ.
fn blobs(there: &[u8], incoming: &[u8]) -> (Cell, Cell) {
    let same = there.iter().zip(incoming).take_while(|(one, other)| one == other).count();
    let show = |bytes: &[u8]| {
        let mut text = size(bytes.len());
        if there.len() == incoming.len() && same < bytes.len() {
            let hex = bytes[same..].iter().take(8).fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            let more = if bytes.len() - same > 8 { "…" } else { "" };
            let _ = write!(text, ", from {}: {hex}{more}", same + 1);
        }
        Cell::Text(text)
    };
    (show(there), show(incoming))
}

/// What is around the first difference of two long texts.
fn around(one: &str, other: &str) -> (String, String) {
    let same: usize =
        one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let boundary =
        |text: &str, at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let from = boundary(one, same.saturating_sub(LONG / 8));
    let part = |text: &str| {
        let to = boundary(text, (from + LONG / 2).min(text.len()));
        let cut = |is: bool| if is { "…" } else { "" };
        format!("{}{}{}", cut(from > 0), &text[from..to], cut(to < text.len()))
    };
    (part(one), part(other))
}

/// Whether two texts that differ would look the same: one has a no-break space, a joiner that shows nothing, or a
/// letter and its accent where the other has one letter.
fn look_alike(one: &str, other: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (one.graphemes(true).collect(), other.graphemes(true).collect());
    let seen = |text: &str| -> String {
        text.chars()
            .filter(|c| !takes_no_place(*c))
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect()
    };
    let is_accent = |text: &str| text.chars().any(is_accent);
    one != other && (seen(one) == seen(other))
        || a.len() == b.len()
            && a.iter().zip(&b).filter(|(a, b)| a != b).all(|(a, b)| is_accent(a) != is_accent(b))
            && one != other
}

fn takes_no_place(c: char) -> bool {
    console::measure_text_width(c.encode_utf8(&mut [0; 4])) == 0
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A text with what makes it different from one that looks the same.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        c if takes_no_place(c) || c.is_whitespace() && !c.is_ascii() => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fit::width_of;
    use serde_json::json;

    /// What two values look like where there is room.
    fn shown(there: impl Into<Option<Json>>, incoming: impl Into<Option<Json>>) -> [String; 2] {
        let cells = cells(there.into().as_ref(), incoming.into().as_ref());
        let (a, b) = fitted(&cells, (200, 200));
        [a, b].map(|runs| runs.into_iter().map(|(text, _)| text).collect())
    }

    #[test]
    fn every_kind_of_value_has_its_look() {
        assert_eq!(shown(json!("seen"), Json::Null), ["seen", "null"]);
        assert_eq!(shown(None, json!(8.5)), ["—", "8.5"]);
        assert_eq!(shown(json!(true), json!([1, {"a": "b"}])), ["true", "[1,{\"a\":\"b\"}]"]);
        assert_eq!(shown(json!({"$blob": "AAEC"}), json!({"$blob": ""})), ["3 bytes", "0 bytes"]);
        assert_eq!(shown(json!({"$blob": "?"}), None), ["{\"$blob\":\"?\"}", "—"]);
    }

    #[test]
    fn control_characters_and_lines_are_seen_and_do_nothing() {
        let text = json!("one\r\ntwo\u{1b}[31m\u{7}\u{202e}");
        assert_eq!(shown(text, None)[0], "one\\r⏎two\\u{1b}[31m\\u{7}\\u{202e}");
        assert_eq!(shown(json!(["\u{9b}31m"]), None)[0], "[\"\\u{9b}31m\"]");
    }

    #[test]
    fn a_text_is_not_taken_for_something_else() {
        assert_eq!(shown(json!("8"), json!(8)), ["\"8\"", "8"]);
        assert_eq!(shown(json!("8"), json!("9")), ["8", "9"]);
        assert_eq!(shown(json!("null"), Json::Null), ["\"null\"", "null"]);
        assert_eq!(shown(json!(""), None), ["\"\"", "—"]);
        assert_eq!(shown(json!("Heat"), json!("Heat ")), ["\"Heat\"", "\"Heat \""]);
    }

    #[test]
    fn what_differs_never_looks_the_same() {
        assert_eq!(shown(json!("a b"), json!("a\u{a0}b")), ["a b", "a\\u{a0}b"]);
        assert_eq!(shown(json!("Amélie"), json!("Ame\u{301}lie")), ["Amélie", "Ame\\u{301}lie"]);
        assert_eq!(shown(json!("☺"), json!("☺\u{fe0f}")), ["☺", "☺\\u{fe0f}"]);
        // What looks different is left as it is.
        assert_eq!(shown(json!("नमस्ते"), json!("👩‍🚀")), ["नमस्ते", "👩‍🚀"]);
        let blobs = shown(json!({"$blob": "AAECAw=="}), json!({"$blob": "AAEDAw=="}));
        assert_eq!(blobs, ["4 bytes, from 3: 0203", "4 bytes, from 3: 0303"]);
    }

    #[test]
    fn long_texts_are_shown_around_what_differs() {
        let long = |middle: &str| json!(format!("{}{middle}{}", "東".repeat(400_000), "b".repeat(400_000)));
        let (there, incoming) = (long("one"), long("two"));
        let (a, b) = fitted(&cells(Some(&there), Some(&incoming)), (20, 20));
        assert!(a.iter().any(|(text, _)| text == "one") && b.iter().any(|(text, _)| text == "two"), "{a:?}");
        assert!(width_of(&a) <= 20 && width_of(&b) <= 20);
    }
}
