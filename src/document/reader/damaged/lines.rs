//! The data of a document of lines that may be damaged.

use super::super::lines::{Line, LineSeed, Section, end_section, pass_empty};
use super::super::tap::Tap;
use super::super::{Parts, State};
use super::scan::{End, Scanner};
use super::{NOT_APART, read_item, tell_cut, why};
use crate::document::envelope::{Metadata, Summary};
use anyhow::Result;
use indexmap::IndexMap;
use std::io::Read;

/// Reads what follows the metadata.
pub fn lines<R: Read>(tap: &mut Tap<R>, metadata: Metadata, state: &mut State<'_>) -> Result<Parts> {
    let scanner = Scanner::new(tap, state.tapped.clone(), state.name);
    scanner.tapped.begin_lines();
    scanner.tapped.end_row();
    let mut lines = Lines { scanner, state, metadata: &metadata, section: None, incomplete: false };
    let summary = lines.read()?;
    let digest = lines.scanner.tapped.end_lines();
    let (state, incomplete) = (lines.state, lines.incomplete);
    end_section(lines.section.take(), state);
    let summed = summary.as_ref().map_or_else(IndexMap::new, |summary| summary.items.clone());
    pass_empty(&metadata, &summed, None, state)?;
    Ok(Parts { metadata, digest, summary, incomplete })
}

struct Lines<'a, 'b, R> {
    scanner: Scanner<'a, R>,
    state: &'a mut State<'b>,
    metadata: &'a Metadata,
    section: Option<Section>,
    incomplete: bool,
}

impl<R: Read> Lines<'_, '_, R> {
    /// Reads all lines, and returns the summary, where there is one.
    fn read(&mut self) -> Result<Option<Summary>> {
        let mut summary = None;
        let (mut item, mut end) = (Vec::new(), End::Closed);
        while end != End::Cut
            && let Some(byte) = self.scanner.significant(&[])?
        {
            if summary.is_some() || byte != b'{' {
                self.pass_line(byte)?;
                continue;
            }
            item.clear();
            self.scanner.tapped.begin_row();
            let place = self.scanner.tapped.row_place();
            end = self.scanner.line(&mut item)?;
            self.scanner.tapped.end_row();
            if !is_summary(&item) {
                self.scanner.tapped.take_line();
            }
            let is_apart = !matches!(end, End::Closed | End::Crossed) || self.is_followed()?;
            if let Some(Line::Summary(found)) = self.line(&item, place, end, is_apart)? {
                summary = Some(found);
            }
        }
        if summary.is_none() || self.scanner.broken.is_some() {
            self.incomplete = true;
            tell_cut(&self.scanner, self.state)?;
        }
        Ok(summary)
    }

    /// Passes over a line that does not begin like one.
    fn pass_line(&mut self, byte: u8) -> Result<()> {
        self.scanner.give_back(byte);
        let place = self.scanner.tapped.place();
        self.scanner.pass(b"\n")?;
        self.incomplete = true;
        self.state.lose("document", place, "this line is lost: it is not a JSON object")
    }

    /// Whether a line ends behind its object. If it does not, the rest of it is passed over.
    fn is_followed(&mut self) -> Result<bool> {
        let next = loop {
            match self.scanner.next()? {
                Some(b' ' | b'\t' | b'\r') => {}
                next => break next,
            }
        };
        let Some(byte) = next else { return Ok(true) };
        let is_next = matches!(byte, b'\n' | b'{');
        self.scanner.give_back(byte);
        if !is_next {
            self.scanner.pass(b"\n")?;
        }
        Ok(is_next)
    }

    /// Reads a line. Where it cannot be read, the item is told as a problem if its section is known.
    fn line(&mut self, line: &[u8], place: (u64, u64), end: End, is_apart: bool) -> Result<Option<Line>> {
        let (tap, tapped) = Tap::of_row(line, place);
        self.state.tapped = tapped;
        self.state.in_section = false;
        let seed = LineSeed { state: self.state, metadata: self.metadata, section: &mut self.section };
        let read = if is_apart { read_item(tap, place, seed) } else { Err((NOT_APART.to_owned(), place)) };
        let (message, at) = match read {
            Ok(line) => return Ok(Some(line)),
            Err(error) => error,
        };
        if let Some(error) = self.state.failed.take() {
            return Err(error);
        }
        let message = why(end, message);
        if let Some(section) = self.section.as_mut().filter(|_| self.state.in_section) {
            self.state.refuse_item((&section.name, section.items), section.is_wanted(), at, message)?;
            section.items += 1;
        } else {
            self.incomplete = true;
            self.state.lose("document", at, format!("this line is lost: {message}"))?;
        }
        Ok(None)
    }
}

/// Whether a line is that of the summary.
fn is_summary(line: &[u8]) -> bool {
    line.get(1..).is_some_and(|inside| inside.trim_ascii_start().starts_with(b"\"summary\""))
}
