//! Text from data made harmless for a terminal.

use std::borrow::Cow;

/// Replaces control characters by visible escapes, but for line feeds: a name in a database could otherwise move
/// the cursor, change colours or rename the window. Characters that turn the direction of text are replaced too.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if is_harmful(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// The same for a text that has one line to itself, in which everything is to be seen: line feeds are shown as ⏎, and
/// characters that take no place as what they are.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c == '\n' || is_harmful(c) || is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| match c {
        '\n' => "⏎".to_owned(),
        c if is_harmful(c) || is_unseen(c) => c.escape_default().to_string(),
        c => c.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Characters that no terminal shows, and that join nothing.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{2028}'..='\u{2029}' | '\u{2060}'..='\u{2064}')
        || matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

fn is_harmful(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_shown_and_text_is_left() {
        assert_eq!(safe("naïve 東京 🎬\nnext"), "naïve 東京 🎬\nnext");
        assert_eq!(one_line("naïve 東京 👩‍🚀"), "naïve 東京 👩‍🚀");
        assert_eq!(one_line("a\r\nb\u{200b}"), "a\\r⏎b\\u{200b}");
        assert_eq!(safe("a\u{1b}[31mb\u{7}\r\t\u{202e}"), "a\\u{1b}[31mb\\u{7}\\r\\t\\u{202e}");
    }
}
