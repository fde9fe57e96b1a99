//! A list of which one thing is chosen, with arrows or by its letter. What a key does and what is to be seen are plain
//! functions; whoever asks reads the keys and draws.

use super::fit::{Look, cut_end, paint};
use console::Key;

/// What may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The letters that choose it; the first is shown.
    pub letters: &'static str,
    /// What it says.
    pub text: String,
    /// What it says besides, where there is room.
    pub remark: String,
}

impl Item {
    /// One that says only this.
    pub fn new(letters: &'static str, text: impl Into<String>) -> Self {
        Self { letters, text: text.into(), remark: String::new() }
    }

    /// With something said besides.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// This one is chosen.
    Chosen(usize),
    /// None is.
    Left,
    /// Nothing is decided.
    Open,
}

/// A list, and where one is in it.
#[derive(Debug, Clone)]
pub struct Menu {
    /// What it says above the items, where it says anything.
    pub heading: Option<String>,
    /// The items.
    pub items: Vec<Item>,
    /// The item that Enter chooses.
    pub at: usize,
}

impl Menu {
    /// How many lines it takes, where there is room.
    pub fn height(&self) -> usize {
        // A blank line, the items, and what the keys do.
        1 + usize::from(self.heading.is_some()) + self.items.len() + 1
    }

    /// Does what a key says.
    pub fn press(&mut self, key: &Key) -> Pressed {
        let count = self.items.len();
        match key {
            Key::ArrowDown | Key::Tab => self.at = (self.at + 1) % count,
            Key::ArrowUp | Key::BackTab => self.at = (self.at + count - 1) % count,
            Key::Home | Key::PageUp => self.at = 0,
            Key::End | Key::PageDown => self.at = count - 1,
            Key::Enter => return Pressed::Chosen(self.at),
            Key::Escape => return Pressed::Left,
            Key::Char(letter) => {
                let letter = letter.to_ascii_lowercase();
                let chosen = self.items.iter().position(|item| item.letters.contains(letter));
                return chosen.map_or(Pressed::Open, Pressed::Chosen);
            }
            _ => {}
        }
        Pressed::Open
    }

    /// Its lines, at most `height`, none wider than `width`. Where not all items have room, those around the one that
    /// Enter chooses.
    pub fn lines(&self, hint: &str, width: usize, height: usize, colours: bool) -> Vec<String> {
        let is_roomy = self.height() <= height;
        let room = if is_roomy { self.items.len() } else { height.clamp(1, self.items.len()) };
        let first = self.at.saturating_sub(room / 2).min(self.items.len() - room);
        let mut lines = Vec::new();
        if is_roomy {
            lines.push(String::new());
            let heading = self.heading.iter().map(|text| (cut_end(text, width), Look::Bold));
            lines.extend(heading.map(|heading| paint(&[heading], colours)));
        }
        let items = self.items.iter().enumerate().skip(first).take(room);
        lines.extend(items.map(|(at, item)| line(item, at == self.at, width, colours)));
        if is_roomy {
            lines.push(paint(&[(cut_end(&format!("  {hint}"), width), Look::Quiet)], colours));
        }
        lines
    }
}

fn line(item: &Item, is_at: bool, width: usize, colours: bool) -> String {
    let (mark, look) = if is_at { ("> ", Look::Chosen) } else { ("  ", Look::Plain) };
    let letter = item.letters.get(..1).unwrap_or_default();
    let text = cut_end(&item.text, width.saturating_sub(5));
    let room = width.saturating_sub(5 + console::measure_text_width(&text));
    let mut runs = vec![(cut_end(mark, width), look)];
    if width > 5 {
        runs.extend([(format!("{letter}  "), Look::Quiet), (text, look)]);
        runs.push((cut_end(&item.remark, room), Look::Quiet));
    }
    paint(&runs, colours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use console::measure_text_width;

    fn menu() -> Menu {
        let items = vec![
            Item::new("ks", "Keep 東京物語"),
            Item::new("t", "Take").remark(", and go on"),
            Item::new("q", "Stop"),
        ];
        Menu { heading: Some("For this and the 11 others:".into()), items, at: 0 }
    }

    #[test]
    fn arrows_go_round_and_letters_choose() {
        let mut menu = menu();
        for (key, at) in [
            (Key::ArrowUp, 2),
            (Key::ArrowDown, 0),
            (Key::Tab, 1),
            (Key::End, 2),
            (Key::Home, 0),
            (Key::Char('x'), 0),
            (Key::UnknownEscSeq(vec!['[']), 0),
        ] {
            assert_eq!(menu.press(&key), Pressed::Open);
            assert_eq!(menu.at, at, "{key:?}");
        }
        assert_eq!(menu.press(&Key::Enter), Pressed::Chosen(0));
        assert_eq!(menu.press(&Key::Char('S')), Pressed::Chosen(0));
        assert_eq!(menu.press(&Key::Char('t')), Pressed::Chosen(1));
        assert_eq!(menu.press(&Key::Escape), Pressed::Left);
    }

    #[test]
    fn the_list_says_what_enter_does() {
        let mut menu = menu();
        menu.at = 1;
        let lines = menu.lines("Enter", 40, 20, false);
        assert_eq!(
            lines,
            [
                "",
                "For this and the 11 others:",
                "  k  Keep 東京物語",
                "> t  Take, and go on",
                "  q  Stop",
                "  Enter"
            ]
        );
        assert_eq!(lines.len(), menu.height());
    }

    #[test]
    fn it_fits_whatever_there_is() {
        let mut menu = menu();
        for (at, width, height) in
            (0..3).flat_map(|at| (2..30).flat_map(move |width| (1..9).map(move |height| (at, width, height))))
        {
            menu.at = at;
            let lines = menu.lines("Enter chooses", width, height, false);
            assert!(lines.len() <= height && lines.iter().all(|line| measure_text_width(line) <= width));
            assert!(lines.iter().any(|line| line.starts_with('>')), "{lines:?}");
        }
    }
}
