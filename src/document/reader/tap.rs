//! The bytes of a document on their way to the JSON reader, which takes them one at a time: digested where they
//! belong to the data, with their lines counted, and a few of them remembered.

use crate::document::envelope::METADATA_LIMIT;
use crate::error::Fault;
use crate::stream::{BUFFER, Digest, DigestWriter};
use std::cell::RefCell;
use std::io::{Read, Sink, Write, sink};
use std::rc::Rc;

/// How many bytes are remembered across two buffers.
const CARRY: usize = 1024;

/// A reader that is tapped.
pub(super) struct Tap<R> {
    reader: R,
    state: Rc<RefCell<State>>,
}

/// What can be asked while the reader is read.
#[derive(Clone)]
pub(super) struct Tapped(Rc<RefCell<State>>);

struct State {
    buffer: Vec<u8>,
    /// The next byte to give out.
    at: usize,
    /// Where the bytes end that may be given out.
    end: usize,
    /// Where the bytes end that are there.
    filled: usize,
    digest: Option<DigestWriter<Sink>>,
    /// Lines are told apart: which of them belong to the data is known only at their end.
    in_lines: bool,
    /// The digest as it was at the end of the last line that belongs to the data, where a part of the next is in
    /// [`State::digest`] already.
    after_line: Option<DigestWriter<Sink>>,
    /// The digest has not met its first byte yet.
    awaits_value: bool,
    /// Where the bytes begin that are not digested yet.
    undigested: usize,
    /// The line of the byte at `counted`, from 1.
    line: u64,
    counted: usize,
    /// The bytes of the present line before `counted`.
    column: u64,
    /// How many bytes were given out of earlier buffers.
    passed: u64,
    /// How many bytes may be given out in all until a row begins or ends.
    stop: u64,
    /// Bytes that a row may have.
    limit: u64,
    in_row: bool,
    /// The line and column at which the present row begins.
    row: (u64, u64),
}

impl<R: Read> Tap<R> {
    pub(super) fn new(reader: R, limit: u64) -> (Self, Tapped) {
        Self::sized(reader, limit, BUFFER)
    }

    fn sized(reader: R, limit: u64, buffer: usize) -> (Self, Tapped) {
        let state = Rc::new(RefCell::new(State {
            buffer: vec![0; CARRY + buffer],
            at: CARRY,
            end: CARRY,
            filled: CARRY,
            digest: None,
            in_lines: false,
            after_line: None,
            awaits_value: false,
            undigested: CARRY,
            line: 1,
            counted: CARRY,
            column: 0,
            passed: 0,
            stop: METADATA_LIMIT,
            limit,
            in_row: false,
            row: (1, 1),
        }));
        (Self { reader, state: Rc::clone(&state) }, Tapped(state))
    }
}

impl<'a> Tap<&'a [u8]> {
    /// The bytes of a single row, which begins at this place of its document.
    pub(super) fn of_row(row: &'a [u8], (line, column): (u64, u64)) -> (Self, Tapped) {
        let (tap, tapped) = Self::sized(row, u64::MAX, row.len().max(1));
        {
            let mut state = tapped.0.borrow_mut();
            (state.line, state.column, state.stop) = (line, column.saturating_sub(1), u64::MAX);
            state.set_end();
        }
        (tap, tapped)
    }
}

impl<R: Read> Read for Tap<R> {
    #[inline]
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut state = self.state.borrow_mut();
        if state.at == state.end && !state.refill(&mut self.reader)? {
            return Ok(0);
        }
        let taken = into.len().min(state.end - state.at);
        into[..taken].copy_from_slice(&state.buffer[state.at..state.at + taken]);
        state.at += taken;
        Ok(taken)
    }
}

impl State {
    fn refill(&mut self, reader: &mut impl Read) -> std::io::Result<bool> {
        if self.in_lines && self.after_line.is_none() {
            self.after_line.clone_from(&self.digest);
        }
        self.digest_up_to_here();
        self.count_up_to_here();
        if self.taken() >= self.stop {
            return Err(std::io::Error::other(self.too_large()));
        }
        self.buffer.copy_within(self.filled - CARRY..self.filled, 0);
        let read = loop {
            match reader.read(&mut self.buffer[CARRY..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.passed = self.taken();
        (self.at, self.filled, self.undigested, self.counted) = (CARRY, CARRY + read, CARRY, CARRY);
        self.set_end();
        Ok(read > 0)
    }

    /// How many bytes were given out.
    fn taken(&self) -> u64 {
        self.passed + (self.at - CARRY) as u64
    }

    /// Lets nothing pass beyond [`State::stop`].
    fn set_end(&mut self) {
        let more = self.stop.saturating_sub(self.taken());
        self.end = self.filled.min(self.at.saturating_add(usize::try_from(more).unwrap_or(usize::MAX)));
    }

    fn too_large(&self) -> Fault {
        if self.in_row {
            return super::row_too_large(self.limit);
        }
        Fault::invalid(format!("more than {METADATA_LIMIT} bytes of metadata, or between two rows"))
    }

    fn digest_up_to_here(&mut self) {
        let mut bytes = &self.buffer[self.undigested..self.at];
        if self.awaits_value {
            // What is between the colon and the value is not part of the value.
            bytes = bytes.trim_ascii_start();
            self.awaits_value = bytes.is_empty();
        }
        if let Some(digest) = &mut self.digest {
            digest.write_all(bytes).expect("a sink takes everything");
        }
        self.undigested = self.at;
    }

    #[expect(clippy::naive_bytecount, reason = "the compiler makes it fast enough for lines")]
    fn count_up_to_here(&mut self) {
        let bytes = &self.buffer[self.counted..self.at];
        let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.line += feeds as u64;
        self.column = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(feed) => (bytes.len() - feed - 1) as u64,
            None => self.column + bytes.len() as u64,
        };
        self.counted = self.at;
    }
}

impl Tapped {
    /// Begins to digest with the next byte that is not white space.
    pub(super) fn begin_digest(&self) {
        let mut state = self.0.borrow_mut();
        state.undigested = state.at;
        state.awaits_value = true;
        state.digest = Some(DigestWriter::new(sink()));
    }

    /// Ends the digest with the last byte that was taken.
    pub(super) fn end_digest(&self) -> Option<Digest> {
        let mut state = self.0.borrow_mut();
        state.digest_up_to_here();
        state.digest.take().map(|digest| digest.finish().1)
    }

    /// Begins to digest lines with the next byte that is not white space. Each is taken in by [`Tapped::take_line`].
    pub(super) fn begin_lines(&self) {
        self.begin_digest();
        self.0.borrow_mut().in_lines = true;
    }

    /// The line that ends with the last byte that was taken belongs to the data.
    pub(super) fn take_line(&self) {
        let mut state = self.0.borrow_mut();
        state.digest_up_to_here();
        state.after_line = None;
    }

    /// The digest of the lines that were taken in.
    pub(super) fn end_lines(&self) -> Option<Digest> {
        let mut state = self.0.borrow_mut();
        let digest = state.digest.take();
        state.in_lines = false;
        state.after_line.take().or(digest).map(|digest| digest.finish().1)
    }

    /// The last byte that was taken.
    pub(super) fn last(&self) -> u8 {
        let state = self.0.borrow();
        state.buffer[state.at - 1]
    }

    /// The line and the column of the last byte that was taken, both from 1.
    pub(super) fn place(&self) -> (u64, u64) {
        let mut state = self.0.borrow_mut();
        state.count_up_to_here();
        (state.line, state.column.max(1))
    }

    /// The line and the column at which the last row began, both from 1.
    pub(super) fn row_place(&self) -> (u64, u64) {
        self.0.borrow().row
    }

    /// A row begins with the last byte that was taken. It may have as many bytes as the limit says.
    pub(super) fn begin_row(&self) {
        let mut state = self.0.borrow_mut();
        state.count_up_to_here();
        state.row = (state.line, state.column.max(1));
        state.in_row = true;
        state.stop = (state.taken() - 1).saturating_add(state.limit);
        state.set_end();
    }

    /// What follows the last byte that was taken belongs to no row, until one begins.
    pub(super) fn end_row(&self) {
        let mut state = self.0.borrow_mut();
        state.in_row = false;
        state.stop = state.taken().saturating_add(METADATA_LIMIT);
        state.set_end();
    }

    /// Whether the number that was just read is written as an integer. The reader has looked at a byte beyond it.
    pub(super) fn number_is_integer(&self) -> bool {
        let state = self.0.borrow();
        let before = &state.buffer[..state.at];
        let is_number = |byte: &&u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let end = before.iter().rev().position(|byte| is_number(&byte)).unwrap_or(before.len());
        let number = before[..before.len() - end].iter().rev().take_while(is_number);
        !number.into_iter().any(|byte| b".eE".contains(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::digest_of;

    #[test]
    fn the_digest_is_that_of_the_value_across_buffers() {
        let value: Vec<u8> = (0..3 * BUFFER + 17).map(|at| b"{\n ab}"[at % 6]).collect();
        for space in [0, 1, CARRY, BUFFER - 1, BUFFER, BUFFER + 5] {
            let text = [&b"{\"data\":"[..], &vec![b' '; space], &value, b"rest"].concat();
            let (mut tap, tapped) = Tap::new(&text[..], u64::MAX);
            let mut byte = [0];
            let mut take = |bytes: usize| {
                for _ in 0..bytes {
                    assert_eq!(tap.read(&mut byte).expect("memory"), 1);
                }
            };
            take(8);
            tapped.begin_digest();
            take(space + value.len());
            assert_eq!(tapped.end_digest(), Some(digest_of(&value)), "{space}");
            take(4);
            let feeds = text.split(|byte| *byte == b'\n').count() as u64 - 1;
            tapped.begin_row();
            assert_eq!(tapped.row_place(), (1 + feeds, 4 + value.len() as u64 % 6 - 2));
        }
    }

    #[test]
    fn a_row_may_have_as_many_bytes_as_the_limit_says_wherever_a_buffer_ends() {
        for before in [1, BUFFER - 1, BUFFER, BUFFER + 3] {
            for (limit, size) in [(5, 5), (5, 6), (BUFFER as u64, BUFFER), (BUFFER as u64, BUFFER + 1)] {
                let text = vec![b'x'; before + size + 10];
                let (mut tap, tapped) = Tap::new(&text[..], limit);
                let mut take =
                    |bytes: usize| (0..bytes).all(|_| tap.read(&mut [0]).is_ok_and(|read| read == 1));
                assert!(take(before + 1));
                tapped.begin_row();
                assert_eq!(take(size - 1), size as u64 <= limit, "{before} {limit} {size}");
                tapped.end_row();
                assert!(take(10));
            }
        }
    }
}
