//! A line of text that is edited: what a key does, and what is to be seen of it.

use super::fit::cut_end;
use super::safe::one_line;
use console::{Key, measure_text_width};
use unicode_segmentation::UnicodeSegmentation;

/// A text, and where in it one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    text: String,
    at: usize,
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// This is the text.
    Entered(String),
    /// There is none.
    Left,
    /// It is not finished.
    Open,
}

impl Line {
    /// A line with a text to begin with, and its end to go on from.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), at: text.len() }
    }

    /// Does what a key says. What a terminal shows as one character is one.
    pub fn press(&mut self, key: &Key) -> Pressed {
        let (before, after) = self.text.split_at(self.at);
        let back = before.graphemes(true).next_back().map_or(0, str::len);
        let forward = after.graphemes(true).next().map_or(0, str::len);
        match key {
            Key::ArrowLeft => self.at -= back,
            Key::ArrowRight => self.at += forward,
            Key::Home | Key::ArrowUp => self.at = 0,
            Key::End | Key::ArrowDown => self.at = self.text.len(),
            Key::Backspace => {
                self.at -= back;
                self.text.replace_range(self.at..self.at + back, "");
            }
            Key::Del => self.text.replace_range(self.at..self.at + forward, ""),
            // Control-U and Control-K, as everywhere.
            Key::Char('\u{15}') => {
                self.text.replace_range(..self.at, "");
                self.at = 0;
            }
            Key::Char('\u{b}') => self.text.truncate(self.at),
            Key::Char(c) if !c.is_control() => {
                self.text.insert(self.at, *c);
                self.at += c.len_utf8();
            }
            Key::Enter => return Pressed::Entered(self.text.clone()),
            Key::Escape => return Pressed::Left,
            _ => {}
        }
        Pressed::Open
    }

    /// What fits a width, and the column where one is in that: all, or the part around where one is.
    pub fn view(&self, width: usize) -> (String, usize) {
        let (before, after) = self.text.split_at(self.at);
        let (mut before, after) = (one_line(before), one_line(after));
        while measure_text_width(&before) >= width.max(1) {
            let first = before.graphemes(true).next().map_or(0, str::len);
            before = before[first..].to_owned().into();
        }
        let at = measure_text_width(&before);
        (format!("{before}{}", cut_end(&after, width.saturating_sub(at))), at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(line: &mut Line, keys: &[Key]) {
        for key in keys {
            assert_eq!(line.press(key), Pressed::Open);
        }
    }

    #[test]
    fn a_text_is_edited() {
        let mut line = Line::new("Favorites (1)");
        press(&mut line, &[Key::Backspace, Key::Backspace, Key::Char('2'), Key::Char(')')]);
        press(&mut line, &[Key::Home, Key::Del, Key::Char('f'), Key::ArrowRight, Key::Char('\u{7}')]);
        assert_eq!(line.press(&Key::Enter), Pressed::Entered("favorites (2)".into()));
        press(&mut line, &[Key::Char('\u{b}')]);
        assert_eq!(line.press(&Key::Enter), Pressed::Entered("fa".into()));
        press(&mut line, &[Key::Char('\u{15}'), Key::Backspace, Key::Del, Key::ArrowLeft, Key::ArrowRight]);
        assert_eq!(line.press(&Key::Enter), Pressed::Entered(String::new()));
        assert_eq!(line.press(&Key::Escape), Pressed::Left);
    }

    #[test]
    fn wide_and_joined_characters_are_one() {
        let mut line = Line::new("東京👨‍👩‍👧e\u{301}");
        press(&mut line, &[Key::ArrowLeft, Key::Backspace, Key::ArrowLeft]);
        assert_eq!(line.press(&Key::Enter), Pressed::Entered("東京e\u{301}".into()));
        assert_eq!(line.view(20), ("東京e\u{301}".into(), 2));
    }

    #[test]
    fn a_long_text_is_seen_around_where_one_is() {
        let mut line = Line::new("a long name it has");
        assert_eq!(line.view(9), ("e it has".into(), 8));
        press(&mut line, &[Key::Home]);
        assert_eq!(line.view(9), ("a long n…".into(), 0));
        assert_eq!(Line::new("a\u{1b}[31m").view(20).0, "a\\u{1b}[31m");
    }

    proptest! {
        #[test]
        fn what_is_seen_fits(text in "\\PC{0,30}", moves in 0_usize..20, width in 1_usize..40) {
            let mut line = Line::new(&text);
            press(&mut line, &vec![Key::ArrowLeft; moves]);
            let (seen, at) = line.view(width);
            prop_assert!(measure_text_width(&seen) <= width && at < width);
        }
    }
}
