//! How applications write JSON into their columns: a few styles, by which most of it comes back byte by byte.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Where JSON has white space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Spacing {
    /// Nowhere, as JavaScript writes it.
    #[default]
    #[serde(rename = "compact")]
    Compact,
    /// After each colon and comma, as Python writes it.
    #[serde(rename = "spaced")]
    Spaced,
    /// One member or element a line, two further in.
    #[serde(rename = "indent-2")]
    Indent2,
    /// The same, four further in.
    #[serde(rename = "indent-4")]
    Indent4,
}

/// How JSON is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct JsonStyle {
    /// Where it has white space.
    pub spacing: Spacing,
    /// Whether everything beyond ASCII is escaped.
    pub ascii: bool,
}

impl Spacing {
    const ALL: [Self; 4] = [Self::Compact, Self::Spaced, Self::Indent2, Self::Indent4];

    /// By the first white space outside strings; nothing where the JSON has no place for any, or has other.
    fn of(text: &str) -> Option<Self> {
        let (mut in_string, mut escaped) = (false, false);
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'\n' => {
                    let indent = bytes[at + 1..].iter().take_while(|byte| **byte == b' ').count();
                    return [(2, Self::Indent2), (4, Self::Indent4)]
                        .into_iter()
                        .find_map(|(width, own)| (width == indent).then_some(own));
                }
                b':' | b',' => {
                    let is_spaced = bytes.get(at + 1) == Some(&b' ');
                    return Some(if is_spaced { Self::Spaced } else { Self::Compact });
                }
                _ => {}
            }
        }
        None
    }
}

impl JsonStyle {
    /// JSON as a text.
    pub fn write(self, json: &Json) -> String {
        let text = match self.spacing {
            Spacing::Compact => written(json, CompactFormatter),
            Spacing::Spaced => written(json, Spaced),
            Spacing::Indent2 => written(json, PrettyFormatter::with_indent(b"  ")),
            Spacing::Indent4 => written(json, PrettyFormatter::with_indent(b"    ")),
        };
        if self.ascii { in_ascii(&text) } else { text }
    }

    /// Whether a text is what this style makes of it.
    pub fn fits(self, text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|json| self.write(&json) == text)
    }
}

fn written(json: &Json, formatter: impl Formatter) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
    json.serialize(&mut serializer).expect("JSON is written to memory");
    String::from_utf8(text).expect("JSON is written as UTF-8")
}

/// Escapes all that is not ASCII, and the one sign of ASCII that is none to be seen. It stands in strings only.
fn in_ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() && letter != '\u{7f}' {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            write!(escaped, "\\u{unit:04x}").expect("memory takes everything");
        }
    }
    escaped
}

/// Writes a space after each colon and comma.
pub struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

/// So many values are all tried; of more, one in [`SAMPLE`], chosen by what it holds and not by where it stands.
const FEW: u64 = 1000;
const SAMPLE: u64 = 16;

/// The styles of the JSON in a column.
#[derive(Debug, Default)]
pub struct Styles {
    spacings: [u64; 4],
    ascii: u64,
    beyond: u64,
    values: u64,
    /// How many were tried, and came back: of the first, and of those that were chosen.
    first: (u64, u64),
    chosen: (u64, u64),
}

impl Styles {
    /// Adds a text that is JSON.
    pub fn add(&mut self, text: &str) {
        self.values += 1;
        let spacing = Spacing::of(text);
        if let Some(at) = spacing.and_then(|own| Spacing::ALL.iter().position(|other| *other == own)) {
            self.spacings[at] += 1;
        }
        let is_beyond = !text.is_ascii();
        let is_escaped = !is_beyond && text.contains("\\u");
        self.beyond += u64::from(is_beyond);
        self.ascii += u64::from(is_escaped);
        let is_chosen = digest(text).is_multiple_of(SAMPLE);
        if self.values > FEW && !is_chosen {
            return;
        }
        let style = JsonStyle { spacing: spacing.unwrap_or_default(), ascii: is_escaped };
        let fits =
            u64::from(style.fits(text) || is_escaped && JsonStyle { ascii: false, ..style }.fits(text));
        if self.values <= FEW {
            self.first = (self.first.0 + 1, self.first.1 + fits);
        }
        if is_chosen {
            self.chosen = (self.chosen.0 + 1, self.chosen.1 + fits);
        }
    }

    /// Whether there is any JSON, and most of it comes back as it is.
    pub fn come_back(&self) -> bool {
        let (tried, fit) = if self.values <= FEW { self.first } else { self.chosen };
        tried > 0 && fit * 2 >= tried
    }

    /// The style of most.
    pub fn style(&self) -> JsonStyle {
        let most = self.spacings.iter().max().copied().unwrap_or_default();
        let at = self.spacings.iter().position(|count| *count == most).unwrap_or_default();
        JsonStyle { spacing: Spacing::ALL[at], ascii: self.ascii > self.beyond }
    }
}

/// A number that is the same for the same text, in every run.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(texts: &[&str]) -> Styles {
        let mut styles = Styles::default();
        for text in texts {
            styles.add(text);
        }
        styles
    }

    #[test]
    fn most_json_comes_back_in_one_of_the_styles() {
        for (text, spacing, ascii) in [
            (r#"{"a":1,"b":[true,null,"ü"]}"#, Spacing::Compact, false),
            (r#"{"a": 1, "b": [1.5, -2]}"#, Spacing::Spaced, false),
            ("{\n  \"a\": [],\n  \"b\": {\n    \"c\": {}\n  }\n}", Spacing::Indent2, false),
            ("[\n    1,\n    2\n]", Spacing::Indent4, false),
            (r#"{"a": "\u00fc\ud83c\udfac\u007f"}"#, Spacing::Spaced, true),
            (r#"{"a":"\u00fc"}"#, Spacing::Compact, true),
        ] {
            let found = styles(&[text]);
            assert!(found.come_back(), "{text}");
            assert_eq!(found.style(), JsonStyle { spacing, ascii }, "{text}");
            assert!(found.style().fits(text), "{text}");
        }
    }

    #[test]
    fn what_would_not_come_back_fits_no_style() {
        for text in [
            "{\"a\" : 1}",
            "[1,  2]",
            "{\"a\":1.50}",
            "[1e5]",
            "[123456789012345678901234567890]",
            "{\"a\":1,\"a\":2}",
            "{\"a\":\"\\/\"}",
            "[\"\\u00FC\"]",
            "[\n\t1\n]",
            " {}",
            "{\"a\":1, \"b\":2}",
        ] {
            let found = styles(&[text]);
            assert!(!found.come_back(), "{text}");
            assert!(!found.style().fits(text), "{text}");
        }
    }

    #[test]
    fn a_column_has_the_style_of_most_in_whatever_order() {
        let few = ["{\"a\":1}", "{\"a\": 1}", "{\"a\": 2}", "{}"];
        assert_eq!(styles(&few).style().spacing, Spacing::Spaced);
        let texts: Vec<String> = (0..3000)
            .map(|number| if number % 3 == 0 { format!("[{number} ]") } else { format!("[{number},1]") })
            .collect();
        let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = styles(&texts);
        texts.sort_unstable_by_key(|text| text.len() % 2);
        assert_eq!(styles(&texts).come_back(), found.come_back());
        assert_eq!((found.style().spacing, found.come_back()), (Spacing::Compact, true));
    }
}
