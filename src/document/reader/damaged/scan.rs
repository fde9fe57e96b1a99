//! The bytes of a document that may be damaged, cut into items without an understanding of them.
//!
//! An item ends where its first brace is closed. Where a brace or a quote of it was lost, the layout says where the next one
//! begins: JSON has no line break in a string, and items of one document begin at one distance from the margin.

use super::super::tap::{Tap, Tapped};
use super::super::unreadable;
use crate::error::is_broken_stream;
use anyhow::Result;
use std::io::Read;

/// Takes the bytes of a document one by one.
pub(super) struct Scanner<'a, R> {
    tap: &'a mut Tap<R>,
    pub(super) tapped: Tapped,
    /// What the document is called.
    name: &'a str,
    /// A byte that was taken, and is taken again.
    back: Option<u8>,
    /// The white space before the last byte that was taken, where it is the first of its line that is none.
    margin: Option<usize>,
    /// The white space of a line that has nothing else so far.
    blank: Option<usize>,
    /// Why no more bytes come, where that is not the end of the file.
    pub(super) broken: Option<String>,
}

/// How an item ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With its last brace.
    Closed,
    /// With its last brace, where braces and brackets close each other wrongly: it may be another's.
    Crossed,
    /// Another begins before its braces are closed.
    Unclosed,
    /// With the file.
    Cut,
}

impl<'a, R: Read> Scanner<'a, R> {
    pub(super) fn new(tap: &'a mut Tap<R>, tapped: Tapped, name: &'a str) -> Self {
        Self { tap, tapped, name, back: None, margin: None, blank: None, broken: None }
    }

    /// The next byte; nothing where the file ends, or cannot be read any further.
    pub(super) fn next(&mut self) -> Result<Option<u8>> {
        if let Some(byte) = self.back.take() {
            return Ok(Some(byte));
        }
        let mut byte = [0];
        match self.tap.read(&mut byte) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) if is_broken_stream(&error) => {
                self.broken = Some(error.to_string());
                return Ok(None);
            }
            Err(error) => return Err(unreadable(self.name, error)),
        }
        let [byte] = byte;
        self.margin = self.blank.filter(|_| !is_space(byte));
        self.blank = match byte {
            b'\n' => Some(0),
            b' ' | b'\t' => self.blank.map(|blank| blank + 1),
            b'\r' => self.blank,
            _ => None,
        };
        Ok(Some(byte))
    }

    /// Gives the last byte back, so that it is the next again.
    pub(super) fn give_back(&mut self, byte: u8) {
        self.back = Some(byte);
    }

    /// The white space before the last byte that was taken, where it is the first of its line that is none.
    pub(super) fn margin(&self) -> Option<usize> {
        self.margin
    }

    /// Whether the next byte is one of these, or there is none.
    pub(super) fn is_before(&mut self, bytes: &[u8]) -> Result<bool> {
        let next = self.next()?;
        if let Some(byte) = next {
            self.give_back(byte);
        }
        Ok(next.is_none_or(|byte| bytes.contains(&byte)))
    }

    /// The next byte that is neither white space nor one of `others`.
    pub(super) fn significant(&mut self, others: &[u8]) -> Result<Option<u8>> {
        loop {
            match self.next()? {
                Some(byte) if is_space(byte) || others.contains(&byte) => {}
                next => return Ok(next),
            }
        }
    }

    /// Passes over everything up to one of these bytes, which is the next then. What is passed over has no limit.
    pub(super) fn pass(&mut self, ends: &[u8]) -> Result<()> {
        while let Some(byte) = self.next()? {
            if ends.contains(&byte) {
                self.give_back(byte);
                return Ok(());
            }
            self.tapped.end_row();
        }
        Ok(())
    }

    /// The text of a string whose first quote was taken; nothing where it is none.
    pub(super) fn string(&mut self) -> Result<Option<String>> {
        let mut text = b"\"".to_vec();
        let mut escaped = false;
        while let Some(byte) = self.next()? {
            if byte == b'\n' {
                self.give_back(byte);
                return Ok(None);
            }
            text.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Ok(serde_json::from_slice(&text).ok()),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Adds the bytes of an item whose first brace was taken, with this white space before it.
    pub(super) fn item(&mut self, own: Option<usize>, item: &mut Vec<u8>) -> Result<End> {
        self.object(own, false, item)
    }

    /// Adds the bytes of an object whose first brace was taken, and which ends with its line unless it begins with one of its
    /// own.
    pub(super) fn line(&mut self, line: &mut Vec<u8>) -> Result<End> {
        self.object(Some(0), true, line)
    }

    fn object(&mut self, own: Option<usize>, is_line: bool, item: &mut Vec<u8>) -> Result<End> {
        item.push(b'{');
        let mut nesting = Nesting { open: vec![b'{'], ..Nesting::default() };
        // Whether the item stands in its first line, and does not begin with a line of its own.
        let mut in_line = true;
        while let Some(byte) = self.next()? {
            if item.len() == 1 {
                in_line = !matches!(byte, b'\n' | b'\r');
            }
            let is_next = match (own, self.margin, byte) {
                (Some(own), Some(margin), b'{') => margin == own,
                (Some(own), Some(margin), b']') => margin < own,
                _ => false,
            };
            if is_line && in_line && byte == b'\n' {
                self.give_back(byte);
                return Ok(End::Unclosed);
            }
            if is_next && (in_line || !nesting.may_have(byte)) {
                self.give_back(byte);
                return Ok(End::Unclosed);
            }
            item.push(byte);
            nesting.take(byte);
            if nesting.open.is_empty() {
                return Ok(if nesting.is_crossed { End::Crossed } else { End::Closed });
            }
        }
        Ok(End::Cut)
    }
}

/// What is open within an item.
#[derive(Default)]
struct Nesting {
    /// Braces and brackets.
    open: Vec<u8>,
    is_crossed: bool,
    in_string: bool,
    escaped: bool,
    /// The last byte outside strings that is no white space.
    before: u8,
}

impl Nesting {
    fn take(&mut self, byte: u8) {
        match byte {
            // A string has no line breaks: its last quote was lost.
            b'\n' => (self.in_string, self.escaped) = (false, false),
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => self.is_crossed |= self.open.pop().is_some_and(|open| open + 2 != byte),
            _ => {}
        }
        if !is_space(byte) {
            self.before = byte;
        }
    }

    /// Whether JSON may have a brace or a bracket here.
    fn may_have(&self, byte: u8) -> bool {
        let is_in_list = self.open.last() == Some(&b'[');
        match byte {
            b'{' => self.before == b':' || is_in_list && matches!(self.before, b'[' | b','),
            _ => is_in_list,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
