//! The records of CSV, whose bytes are followed on their way to the reader of CSV as that reader takes them: where each row
//! begins, how large it is, and whether a quote is open where the file ends.

use crate::document::envelope::METADATA_LIMIT;
use crate::error::{Fault, is_broken_stream};
use crate::stream::BUFFER;
use anyhow::Result;
use csv::{ByteRecord, ReaderBuilder};
use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// More cells than a row can have, and few enough for the memory.
const MOST_CELLS: usize = 1 << 20;

/// Reads the records of a file.
pub(super) struct Records<'a, R> {
    reader: csv::Reader<Metered<R>>,
    meter: Rc<RefCell<Meter>>,
    name: &'a str,
}

impl<'a, R: Read> Records<'a, R> {
    /// The records of a file of that name. Each may have as many bytes as the limit says; the first names the columns.
    pub(super) fn new(text: R, delimiter: u8, limit: u64, name: &'a str) -> Self {
        let meter = Rc::new(RefCell::new(Meter::new(limit, delimiter)));
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(Metered { inner: text, meter: Rc::clone(&meter) });
        Self { reader, meter, name }
    }

    /// The same where that many lines of the file were read before.
    pub(super) fn after(self, passed: u64) -> Self {
        self.meter.borrow_mut().line += passed;
        self
    }

    /// Reads the next record, if there is one. One that ends within quotes is none: the file was cut, or edited.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> Result<bool> {
        let read = self.reader.read_byte_record(record).map_err(|error| broken(error, self.name))?;
        match self.meter.borrow().open_quote() {
            None => Ok(read),
            Some((line, cell)) => {
                let why = "the quote that begins this cell is not closed before the file ends";
                let hint =
                    "close it, and write a quote within quotes twice; where the file was cut, get it again";
                let fault = Fault::invalid(format!("{}:{line}:{cell}: {why}", self.name));
                Err(fault.at(line, cell).hint(hint).into())
            }
        }
    }

    /// Whether the file ended without the end of its last line.
    pub(super) fn is_cut(&self) -> bool {
        let meter = self.meter.borrow();
        meter.ended && meter.state != State::Between
    }

    /// The line on which the next record begins.
    pub(super) fn line(&self) -> u64 {
        self.reader.position().line()
    }
}

fn broken(error: csv::Error, name: &str) -> anyhow::Error {
    let message = format!("cannot read {name} to its end");
    match error.into_kind() {
        csv::ErrorKind::Io(error) => {
            let is_broken = is_broken_stream(&error);
            let fault = if is_broken { Fault::invalid(message) } else { Fault::failed(message) };
            anyhow::Error::new(error).context(fault)
        }
        other => Fault::invalid(format!("{message}: {other:?}")).into(),
    }
}

/// Where the next byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two rows.
    Between,
    /// At the beginning of a cell that is not the first.
    Cell,
    /// In a cell without quotes, or behind them.
    Plain,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: it closes them, unless another follows.
    Quote,
}

/// What is known of the bytes that have passed.
struct Meter {
    delimiter: u8,
    /// Bytes that the present row may have.
    limit: u64,
    /// Bytes that every row may have but the first, which names the columns.
    row_limit: u64,
    state: State,
    /// Bytes of the present row in earlier buffers.
    before: u64,
    /// Delimiters of the present row.
    delimiters: usize,
    line: u64,
    /// The line and the cell of the last quote that was opened.
    quote: (u64, u64),
    ended: bool,
    /// Why no more passes.
    fault: Option<Fault>,
}

impl Meter {
    fn new(row_limit: u64, delimiter: u8) -> Self {
        let limit = METADATA_LIMIT;
        let state = State::Between;
        Self {
            delimiter,
            limit,
            row_limit,
            state,
            before: 0,
            delimiters: 0,
            line: 1,
            quote: (1, 1),
            ended: false,
            fault: None,
        }
    }

    fn open_quote(&self) -> Option<(u64, u64)> {
        (self.ended && self.state == State::Quoted).then_some(self.quote)
    }

    /// Follows bytes, and returns how many of them pass.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        // Where the present row begins, or goes on.
        let mut begin = 0;
        for (at, byte) in bytes.iter().copied().enumerate() {
            let next = self.after(byte);
            match (self.state, next) {
                (State::Between, State::Between) => {}
                (State::Between, _) => (begin, self.before, self.delimiters) = (at, 0, 0),
                (_, State::Between) if self.is_too_large(at - begin) => return self.stop(begin),
                (_, State::Between) => self.limit = self.row_limit,
                _ => {}
            }
            if next == State::Quoted && matches!(self.state, State::Between | State::Cell) {
                self.quote = (self.line, self.delimiters as u64 + 1);
            }
            if next == State::Cell {
                self.delimiters += 1;
                if self.delimiters >= MOST_CELLS {
                    self.fault = Some(Fault::invalid(format!("a row of more than {MOST_CELLS} cells")));
                    return at;
                }
            }
            self.line += u64::from(byte == b'\n');
            self.state = next;
        }
        if self.state != State::Between {
            if self.is_too_large(bytes.len() - begin) {
                return self.stop(begin);
            }
            self.before += (bytes.len() - begin) as u64;
        }
        bytes.len()
    }

    /// Where the byte after this one is, as the reader of CSV has it.
    fn after(&self, byte: u8) -> State {
        match (self.state, byte) {
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) | (State::Between | State::Cell | State::Quote, b'"') => State::Quoted,
            (_, b'\n' | b'\r') => State::Between,
            (_, byte) if byte == self.delimiter => State::Cell,
            _ => State::Plain,
        }
    }

    fn is_too_large(&self, more: usize) -> bool {
        self.before + more as u64 > self.limit
    }

    /// Lets as much of the present row pass as it may have, and nothing after it.
    fn stop(&mut self, begin: usize) -> usize {
        let fault = super::row_too_large(self.limit);
        self.fault = Some(match self.state {
            State::Quoted => fault.hint(format!(
                "close the quote that opens on line {}, or let the row in by --max-row SIZE",
                self.quote.0
            )),
            _ => fault,
        });
        begin + usize::try_from(self.limit - self.before).unwrap_or(usize::MAX)
    }
}

/// Lets pass what the meter does.
struct Metered<R> {
    inner: R,
    meter: Rc<RefCell<Meter>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut meter = self.meter.borrow_mut();
        loop {
            if let Some(fault) = &meter.fault {
                return Err(io::Error::other(fault.clone()));
            }
            let read = self.inner.read(buffer)?;
            meter.ended |= read == 0 && !buffer.is_empty();
            let passed = meter.pass(&buffer[..read]);
            // Nothing at all would be the end of the file.
            if passed > 0 || read == 0 {
                return Ok(passed);
            }
        }
    }
}

/// The line on which a record begins. Where lines end with two characters, the reader has not yet counted the end of the
/// line before.
pub(super) fn line_of(record: &ByteRecord, crlf: bool) -> u64 {
    let line = record.position().map_or(0, csv::Position::line);
    if crlf && line > 0 { line + 1 } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives a few bytes at once.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let taken = self.1.min(self.0.len()).min(buffer.len());
            let (first, rest) = self.0.split_at(taken);
            buffer[..taken].copy_from_slice(first);
            self.0 = rest;
            Ok(taken)
        }
    }

    fn read(text: &str, limit: u64, step: usize) -> (Vec<Vec<String>>, Option<String>) {
        let mut records = Records::new(Slow(text.as_bytes(), step), b',', limit, "t.csv");
        let (mut rows, mut record) = (Vec::new(), ByteRecord::new());
        loop {
            match records.next(&mut record) {
                Ok(true) => {
                    rows.push(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
                }
                Ok(false) => return (rows, None),
                Err(error) => return (rows, Some(format!("{error:#}"))),
            }
        }
    }

    #[test]
    fn a_row_may_have_as_many_bytes_as_the_limit_says_without_its_end() {
        for end in ["\n", "\r\n", "\r", "\n\n\n"] {
            for row in ["12345,6", "\"1,\n\"\"\"", "1234\"56"] {
                let text = ["names,of,columns", row, "c", row].join(end);
                let size = row.len() as u64;
                for step in [1, 2, 3, 7, 100] {
                    let (rows, error) = read(&text, size, step);
                    assert_eq!((rows.len(), error), (4, None), "{text:?} {step}");
                    let (rows, error) = read(&text, size - 1, step);
                    assert_eq!(rows.len(), 1, "{text:?} {step}");
                    let message =
                        format!("cannot read t.csv to its end: a row of more than {} bytes", size - 1);
                    assert_eq!(error, Some(message));
                }
            }
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_with_its_place() {
        for (text, place) in [
            ("a,b\n1,\"2\n3,4\n", "2:2"),
            ("a,\"b\n1,2\n", "1:2"),
            ("a\n\"x\"\"y\"\n\"x\"\"\n", "3:1"),
            ("a\r\n\"b\r\nc\"\r\n\"d", "4:1"),
        ] {
            for step in [1, 100] {
                let (_, error) = read(text, 1000, step);
                let error = error.expect("an error");
                assert!(error.starts_with(&format!("t.csv:{place}: the quote")), "{text:?}: {error}");
            }
        }
        for text in ["a\n5\" disk\n", "a\n\"b\"\"\"\n", "a\n\"b\"c\"\n", "a\n\"b\"", "a\nb\""] {
            assert_eq!(read(text, 1000, 100).1, None, "{text:?}");
        }
    }
}
