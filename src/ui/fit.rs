//! Texts made to fit a width, with what matters left to see. What is measured is what a terminal shows: one character
//! may be several code points, and take two columns.

mod pieces;

use console::{Style, measure_text_width};
use pieces::{Piece, Pieces};
use std::ops::Range;

/// Stands for what was cut out.
const CUT: &str = "…";

/// How a part of a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As any text.
    Plain,
    /// It is what matters.
    Bold,
    /// It is what would be chosen.
    Chosen,
    /// It is what differs.
    Differs,
    /// It matters less.
    Quiet,
}

/// Parts of a line, each with its look.
pub type Runs = Vec<(String, Look)>;

/// Parts of a line as a terminal gets them.
pub fn paint(runs: &[(String, Look)], colours: bool) -> String {
    let paint = |(text, look): &(String, Look)| {
        let style = match look {
            Look::Plain => return text.clone(),
            Look::Bold => Style::new().bold(),
            Look::Chosen => Style::new().cyan(),
            Look::Differs => Style::new().yellow().bold(),
            Look::Quiet => Style::new().dim(),
        };
        style.force_styling(colours).apply_to(text).to_string()
    };
    runs.iter().map(paint).collect()
}

/// How many columns parts take.
pub fn width_of(runs: &[(String, Look)]) -> usize {
    measure_text_width(&runs.iter().map(|(text, _)| text.as_str()).collect::<String>())
}

/// The start of a text.
pub fn cut_end(text: &str, width: usize) -> String {
    let pieces = Pieces::of(text);
    if pieces.width() <= width {
        return text.to_owned();
    }
    let end = pieces.front(0..pieces.len(), width.saturating_sub(1));
    format!("{}{}", pieces.text(0..end), if width > 0 { CUT } else { "" })
}

/// The start and the end of a text.
pub fn cut_middle(text: &str, width: usize) -> String {
    let pieces = Pieces::of(text);
    window(&pieces, 0..pieces.len(), 0, width).into_iter().map(|(text, _)| text).collect()
}

/// The words of a text on lines. A word that is wider than a line goes on in the next.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let pieces = Pieces::of(word);
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + pieces.width() <= width => {
                line.push(' ');
                line.push_str(word);
                continue;
            }
            _ => {}
        }
        lines.extend(fold(word, width));
    }
    lines
}

/// A text on lines, as it is.
pub fn fold(text: &str, width: usize) -> Vec<String> {
    let pieces = Pieces::of(text);
    let (mut lines, mut from) = (Vec::new(), 0);
    while from < pieces.len() {
        let to = pieces.front(from..pieces.len(), width);
        // What is wider than a whole line cannot be shown.
        lines.push(if to > from { pieces.text(from..to) } else { CUT.to_owned() });
        from = to.max(from + 1);
    }
    lines
}

/// Two texts, each in its width, around what differs in them.
pub fn pair(there: &str, incoming: &str, widths: (usize, usize)) -> (Runs, Runs) {
    let (there, incoming) = (Pieces::of(there), Pieces::of(incoming));
    let (before, after) = common(&there, &incoming);
    let (a, b) = (before..there.len() - after, before..incoming.len() - after);
    let lead = there.lead(&a, widths.0).min(incoming.lead(&b, widths.1));
    let mut shown = (window(&there, a, lead, widths.0), window(&incoming, b, lead, widths.1));
    if (before + after) * 3 < there.len().max(incoming.len()) {
        // What they share is chance.
        let plain =
            |(_, look): &mut (String, Look)| *look = if *look == Look::Quiet { *look } else { Look::Plain };
        shown.0.iter_mut().chain(&mut shown.1).for_each(plain);
    }
    shown
}

/// How much two texts have in common at their start and, besides, at their end.
fn common(one: &Pieces<'_>, other: &Pieces<'_>) -> (usize, usize) {
    let shorter = one.len().min(other.len());
    let same = |pair: &(&Piece<'_>, &Piece<'_>)| pair.0.text == pair.1.text;
    let before = one.0.iter().zip(&other.0).take_while(same).count();
    let backwards = one.0.iter().rev().zip(other.0.iter().rev());
    (before, backwards.take(shorter - before).take_while(same).count())
}

/// What of a text fits a width: the part that differs, with up to `lead` columns before it. Where that part is too
/// wide itself, its middle is cut out.
fn window(pieces: &Pieces<'_>, differs: Range<usize>, lead: usize, width: usize) -> Runs {
    let all = 0..pieces.len();
    let mut runs = Shown { pieces, differs: differs.clone(), runs: Vec::new() };
    if pieces.width() <= width {
        return runs.show(all).runs;
    }
    if width == 0 {
        return Vec::new();
    }
    let mut from = pieces.back(0..differs.start, lead);
    if pieces.width_in(0..from) <= 1 {
        from = 0;
    }
    let mut room = width;
    if from > 0 {
        runs = runs.cut();
        room -= 1;
    }
    if pieces.width_in(from..all.end) <= room {
        let from = pieces.back(0..all.end, room).min(from);
        return runs.show(from..all.end).runs;
    }
    if pieces.width_in(from..differs.end) < room {
        let to = pieces.front(from..all.end, room - 1);
        return runs.show(from..to).cut().runs;
    }
    let hides_end = differs.end < all.end;
    let room = room.saturating_sub(1 + usize::from(hides_end));
    let before = pieces.width_in(from..differs.start);
    let tail = pieces.back(from..differs.end, room.saturating_sub(before) / 2);
    let head = pieces.front(from..tail, room - pieces.width_in(tail..differs.end));
    let runs = runs.show(from..head);
    match (room, hides_end) {
        (0, _) if from > 0 => runs.runs,
        (0, _) => runs.cut().runs,
        (_, false) => runs.cut().show(tail..differs.end).runs,
        (_, true) => runs.cut().show(tail..differs.end).cut().runs,
    }
}

/// What is shown of a text, from left to right.
struct Shown<'a> {
    pieces: &'a Pieces<'a>,
    differs: Range<usize>,
    runs: Runs,
}

impl Shown<'_> {
    fn cut(mut self) -> Self {
        self.runs.push((CUT.to_owned(), Look::Quiet));
        self
    }

    /// Shows a part. Where everything differs, nothing stands out.
    fn show(mut self, part: Range<usize>) -> Self {
        let Range { start, end } = self.differs;
        let look = if start == 0 && end == self.pieces.len() { Look::Plain } else { Look::Differs };
        let clamp = |at: usize| at.clamp(part.start, part.end);
        for (from, to, look) in [
            (part.start, clamp(start), Look::Plain),
            (clamp(start), clamp(end), look),
            (clamp(end), part.end, Look::Plain),
        ] {
            if from < to {
                self.runs.push((self.pieces.text(from..to), look));
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(runs: &[(String, Look)]) -> String {
        runs.iter().map(|(text, _)| text.as_str()).collect()
    }

    #[test]
    fn texts_are_cut_between_what_a_terminal_shows_as_one() {
        assert_eq!(cut_end("a short one", 20), "a short one");
        assert_eq!(cut_end("東京物語", 8), "東京物語");
        assert_eq!(cut_end("東京物語", 7), "東京物…");
        assert_eq!(cut_end("東京物語", 6), "東京…");
        assert_eq!(cut_end("ae\u{301}b", 2), "a…");
        assert_eq!(cut_end("👨‍👩‍👧 family", 4), "👨‍👩‍👧 …");
        assert_eq!(cut_middle("recommendations", 9), "reco…ions");
        assert_eq!(cut_middle("東京物語", 5), "東…語");
        assert_eq!([cut_middle("東京", 0), cut_middle("東京", 1)], ["", "…"]);
    }

    #[test]
    fn words_go_on_in_the_next_line() {
        assert_eq!(wrap("it shares the name\nof another", 12), ["it shares", "the name of", "another"]);
        assert_eq!(wrap("a 東京物語 b", 6), ["a", "東京物", "語 b"]);
        assert!(wrap(" ", 5).is_empty());
    }

    #[test]
    fn what_differs_stays_to_be_seen() {
        let text_of = |middle: &str| format!("{}{middle}{}", "before ".repeat(80), " after".repeat(80));
        let (there, incoming) = (text_of("red"), text_of("green"));
        let (there, incoming) = pair(&there, &incoming, (24, 24));
        assert_eq!(text(&there), "… before red after afte…");
        assert_eq!(text(&incoming), "… before green after af…");
        assert_eq!(there[2], ("red".to_owned(), Look::Differs));
        assert_eq!(incoming[2], ("green".to_owned(), Look::Differs));
    }

    #[test]
    fn a_difference_at_either_end_needs_one_cut() {
        let long = "x".repeat(50);
        let (there, incoming) = pair(&format!("{long}one"), &format!("{long}three"), (10, 10));
        assert_eq!((text(&there), text(&incoming)), ("…xxxxxxone".into(), "…xxxxthree".into()));
        let (there, incoming) = pair(&format!("one{long}"), &format!("two{long}"), (10, 10));
        assert_eq!((text(&there), text(&incoming)), ("onexxxxxx…".into(), "twoxxxxxx…".into()));
    }

    #[test]
    fn a_difference_that_is_too_wide_itself_loses_its_middle() {
        let (there, incoming) = pair("it was short", &format!("it {} short", "w".repeat(50)), (12, 12));
        assert_eq!((text(&there), text(&incoming)), ("it was short".into(), "it wwww…www…".into()));
    }

    #[test]
    fn texts_that_have_next_to_nothing_in_common_differ_as_a_whole() {
        let (there, incoming) = pair("seen", "somewhere else", (20, 20));
        assert!(there.iter().chain(&incoming).all(|(_, look)| *look == Look::Plain));
    }

    #[test]
    fn without_colours_nothing_but_the_text_comes_out() {
        let runs = vec![("a".to_owned(), Look::Differs), ("b".to_owned(), Look::Plain)];
        assert_eq!(paint(&runs, false), "ab");
        assert_ne!(paint(&runs, true), "ab");
    }

    proptest! {
        #[test]
        fn nothing_is_ever_wider_than_it_may_be(
            start in "\\PC{0,30}", one in "\\PC{0,40}", other in "\\PC{0,40}", end in "\\PC{0,30}",
            width in 0_usize..60,
        ) {
            let (one, other) = (format!("{start}{one}{end}"), format!("{start}{other}{end}"));
            let (a, b) = pair(&one, &other, (width, width + 3));
            prop_assert!(width_of(&a) <= width && width_of(&b) <= width + 3);
            prop_assert!(measure_text_width(&cut_end(&one, width)) <= width);
            prop_assert!(measure_text_width(&cut_middle(&one, width)) <= width);
            for line in wrap(&one, width.max(1)).into_iter().chain(fold(&one, width.max(1))) {
                prop_assert!(measure_text_width(&line) <= width.max(1), "{line}");
            }
        }
    }
}
