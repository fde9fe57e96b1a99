//! Lines of JSON of which some cannot be read: those are emptied, so that the others keep their numbers.

use crate::document::reader::unique::Unique;
use crate::stream::BUFFER;
use serde_json::Deserializer;
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// How many lines that cannot be read say why.
const MOST_REASONS: usize = 100;

/// The lines that cannot be read, each with the reason; those of later ones are empty.
pub(super) type BadLines = Rc<RefCell<Vec<(u64, String)>>>;

/// Passes on objects that stand one after the other, each on a line or on several, without those that cannot be read.
pub(super) struct GoodLines<R> {
    inner: BufReader<R>,
    /// How many bytes an object may have.
    limit: u64,
    /// The number of the last line that was read.
    line: u64,
    /// Lines that begin an object, and the number of the first.
    begun: (u64, Vec<u8>),
    /// What is passed on.
    out: Vec<u8>,
    at: usize,
    bad: BadLines,
}

impl<R: Read> GoodLines<R> {
    pub(super) fn new(inner: R, limit: u64) -> (Self, BadLines) {
        let bad = BadLines::default();
        let inner = BufReader::with_capacity(BUFFER, inner);
        let lines = Self {
            inner,
            limit,
            line: 0,
            begun: (1, Vec::new()),
            out: Vec::new(),
            at: 0,
            bad: Rc::clone(&bad),
        };
        (lines, bad)
    }

    /// Reads a line, or what is left of the file; whether there was anything.
    fn refill(&mut self) -> io::Result<bool> {
        (self.out, self.at) = (Vec::new(), 0);
        let mut line = Vec::new();
        let read = self.inner.by_ref().take(self.limit.saturating_add(1)).read_until(b'\n', &mut line)?;
        if read == 0 {
            self.reject(None);
            return Ok(!self.out.is_empty());
        }
        self.line += 1;
        if (line.len() + self.begun.1.len()) as u64 > self.limit {
            // Whoever reads it says that it is too large.
            self.out = std::mem::take(&mut self.begun.1);
            self.out.append(&mut line);
            return Ok(true);
        }
        self.take(&line);
        Ok(true)
    }

    fn take(&mut self, line: &[u8]) {
        if self.begun.1.is_empty() {
            self.begun.0 = self.line;
        } else if line.starts_with(b"{") && objects(line).is_ok() {
            // What was begun before never ends.
            self.reject(None);
            self.begun.0 = self.line;
        }
        self.begun.1.extend_from_slice(line);
        match objects(&self.begun.1) {
            Ok(()) => self.out.append(&mut self.begun.1),
            Err(error) if error.is_eof() => {}
            Err(error) => self.reject(Some(error)),
        }
    }

    /// Empties the lines that were begun.
    fn reject(&mut self, why: Option<serde_json::Error>) {
        let lines = std::mem::take(&mut self.begun.1);
        if lines.is_empty() {
            return;
        }
        let mut bad = self.bad.borrow_mut();
        let reason = || match why.or_else(|| objects(&lines).err()) {
            Some(error) => {
                let place = format!(" at line {} column {}", error.line(), error.column());
                error.to_string().replace(&place, "")
            }
            None => String::new(),
        };
        let reason = if bad.len() < MOST_REASONS { reason() } else { String::new() };
        bad.push((self.begun.0, reason));
        self.out.extend(lines.into_iter().filter(|byte| *byte == b'\n'));
    }
}

impl<R: Read> Read for GoodLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let read = (&self.out[self.at..]).read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// Whether a text holds objects only, one after the other.
fn objects(text: &[u8]) -> Result<(), serde_json::Error> {
    Deserializer::from_slice(text)
        .into_iter::<HashMap<String, Unique>>()
        .try_for_each(|object| object.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<u64>) {
        let (mut lines, bad) = GoodLines::new(text.as_bytes(), 1000);
        let mut good = String::new();
        lines.read_to_string(&mut good).expect("it is text");
        let bad = bad.borrow().iter().map(|(line, _)| *line).collect();
        (good, bad)
    }

    #[test]
    fn lines_that_cannot_be_read_are_emptied_and_others_keep_their_numbers() {
        for (text, good, bad) in [
            ("{\"a\": 1}\n\n{\"a\": 2}", "{\"a\": 1}\n\n{\"a\": 2}", &[][..]),
            ("{\"a\": 1}\nx\n{\"a\": 2}\n", "{\"a\": 1}\n\n{\"a\": 2}\n", &[2]),
            ("{\"a\": \n{\"a\": 2}\n", "\n{\"a\": 2}\n", &[1]),
            ("{\"a\": 1}\n{\"a\": 2", "{\"a\": 1}\n", &[2]),
            (
                "{\n \"a\": 1\n}\n{\n \"a\":: 1\n}\n{\"a\": 2}\n",
                "{\n \"a\": 1\n}\n\n\n\n{\"a\": 2}\n",
                &[4, 6],
            ),
            ("{\"a\": 1}{\"a\": 2}\n5\n[{}]\n", "{\"a\": 1}{\"a\": 2}\n\n\n", &[2, 3]),
            ("{\"a\": {\"b\": 1, \"b\": 2}}\n{\"a\": 1e999}\n", "\n\n", &[1, 2]),
        ] {
            assert_eq!(read(text), (good.to_owned(), bad.to_vec()), "{text}");
        }
    }
}
