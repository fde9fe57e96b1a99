//! Names and values as they are written in a file of settings.

/// A name as a key is written.
pub fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}

/// A text as a value is written, without control characters and those that turn the direction of text.
pub fn quoted(text: &str) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => written.extend(['\\', letter]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            letter if is_harmful(letter) => written.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// Whether a letter does something to a terminal or an editor instead of being shown.
pub fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, Source};
    use super::*;
    use std::path::Path;

    #[test]
    fn names_are_written_so_that_they_are_read_again() {
        for name in [
            "plain",
            "a.b",
            "",
            "q\"q",
            "back\\slash",
            "new\nline",
            "\u{1b}[31m",
            "naïve 🎬",
            "\u{202e}",
            "'",
        ] {
            let text = format!("{} = {}", key(name), quoted(name));
            let source = Source { file: Path::new("larder.toml"), text: &text, home: None };
            let settings = Settings::parse(source).unwrap_or_else(|error| panic!("{error:#}: {text}"));
            let (read, value) = settings.table.iter().next().expect("one");
            assert_eq!((read.get_ref().as_ref(), value.get_ref().as_str()), (name, Some(name)), "{text}");
            assert!(!text.chars().any(char::is_control), "{text}");
        }
        assert_eq!(key("plain-key_1"), "plain-key_1");
    }
}
