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
        assert_eq!(safe("a\u{1b}[31mb\u{7}\r\t\u{202e}"), "a\\u{1b}[31mb\\u{7}\\r\\t\\u{202e}");
    }
}
