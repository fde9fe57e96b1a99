//! Texts in pieces, each of which a terminal shows as one character.

use console::measure_text_width;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a terminal shows as one character.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    pub text: &'a str,
    width: usize,
}

/// A text in such pieces.
pub struct Pieces<'a>(pub Vec<Piece<'a>>);

impl<'a> Pieces<'a> {
    pub fn of(text: &'a str) -> Self {
        let piece = |text: &'a str| Piece { text, width: measure_text_width(text) };
        Self(text.graphemes(true).map(piece).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn width(&self) -> usize {
        self.width_in(0..self.len())
    }

    pub fn width_in(&self, part: Range<usize>) -> usize {
        self.0[part].iter().map(|piece| piece.width).sum()
    }

    pub fn text(&self, part: Range<usize>) -> String {
        self.0[part].iter().map(|piece| piece.text).collect()
    }

    /// Where what fits a width ends, from the start of a part.
    pub fn front(&self, part: Range<usize>, width: usize) -> usize {
        let mut used = 0;
        let fits = |piece: &&Piece<'_>| {
            used += piece.width;
            used <= width
        };
        part.start + self.0[part].iter().take_while(fits).count()
    }

    /// Where what fits a width starts, from the end of a part.
    pub fn back(&self, part: Range<usize>, width: usize) -> usize {
        let mut used = 0;
        let fits = |piece: &&Piece<'_>| {
            used += piece.width;
            used <= width
        };
        part.end - self.0[part].iter().rev().take_while(fits).count()
    }

    /// How many columns before what differs may be shown in a width: what leaves it in the middle, or all that is left
    /// where the end of the text fits too.
    pub fn lead(&self, differs: &Range<usize>, width: usize) -> usize {
        let itself = self.width_in(differs.clone());
        let after = self.width_in(differs.end..self.len());
        let room = width.saturating_sub(2 + itself);
        if room == 0 { width / 4 } else { (room / 2).max(width.saturating_sub(1 + itself + after)) }
    }
}
