//! Decompressing what somebody else compressed: a small file can become a very large one.

use super::{BUFFER, Decoder, Form, HEAD, read_full};
use crate::error::Fault;
use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

/// What every compressed file may become.
const ALWAYS: u64 = 1 << 30;
/// How many times its size a compressed file may become beyond that. Exports are rarely packed to a hundredth.
const RATIO: u64 = 200;

/// How many bytes may come out of a compressed file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expansion {
    /// That many; where nothing is said, a gibibyte, or two hundred times what went in.
    pub limit: Option<u64>,
}

/// What went into and came out of the compressed files of a document so far.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    taken: Rc<Cell<u64>>,
    out: Rc<Cell<u64>>,
}

impl Expansion {
    /// Limits what comes out of `reader`, which has that many bytes compressed, together with what came out before.
    pub fn limit<R: Read>(self, reader: R, compressed: u64, spent: &Spent) -> Expanding<R> {
        spent.taken.set(spent.taken.get() + compressed);
        Expanding { inner: reader, spent: spent.clone(), limit: self.limit }
    }
}

/// Fails once too much has come out.
pub struct Expanding<R> {
    inner: R,
    spent: Spent,
    limit: Option<u64>,
}

impl<R: Read> Read for Expanding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.spent.out.set(self.spent.out.get() + read as u64);
        let limit = self.limit.unwrap_or_else(|| ALWAYS.max(self.spent.taken.get().saturating_mul(RATIO)));
        if self.spent.out.get() > limit {
            let message = format!("more than {limit} bytes come out of it: it may be made to fill a disk");
            return Err(io::Error::other(Fault::invalid(message).hint("--max-size SIZE lets it in")));
        }
        Ok(read)
    }
}

/// Counts what is taken.
struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

/// What a stream holds, and its bytes from the beginning, decompressed where they are compressed.
pub fn decompress<'a>(
    reader: impl Read + 'a,
    expansion: Expansion,
) -> io::Result<(Form, Box<dyn Read + 'a>)> {
    decompress_into(reader, expansion, &Spent::default())
}

/// The same, for one of several files of a document.
pub fn decompress_into<'a>(
    reader: impl Read + 'a,
    expansion: Expansion,
    spent: &Spent,
) -> io::Result<(Form, Box<dyn Read + 'a>)> {
    let (form, reader) = peek(reader)?;
    let Form::Compressed(compression) = form else { return Ok((form, Box::new(reader))) };
    let counted = Counted { inner: reader, taken: Rc::clone(&spent.taken) };
    let decoder = Decoder::new(counted, compression)?;
    let (form, inside) = peek(Expanding { inner: decoder, spent: spent.clone(), limit: expansion.limit })?;
    Ok((form, Box::new(inside)))
}

/// What a stream is, and the stream from its beginning.
fn peek<R: Read>(mut reader: R) -> io::Result<(Form, impl Read)> {
    let mut head = vec![0; HEAD];
    let read = read_full(&mut reader, &mut head)?;
    head.truncate(read);
    Ok((Form::of(&head), Cursor::new(head).chain(BufReader::with_capacity(BUFFER, reader))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Compression, Encoder};
    use std::io::Write;

    fn packed(bytes: &[u8], compression: Compression) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new(), compression, compression.default_level()).expect("memory");
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn one_layer_is_taken_off_and_what_is_inside_is_known() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let (form, mut reader) =
                decompress(Cursor::new(packed(b"{\"a\": 1}", compression)), Expansion::default())
                    .expect("read");
            let mut text = String::new();
            reader.read_to_string(&mut text).expect("read");
            assert_eq!((form, text.as_str()), (Form::Json, "{\"a\": 1}"));
        }
    }

    #[test]
    fn what_becomes_too_large_is_stopped() {
        let bytes = vec![b'{'; 100_000];
        for compression in [Compression::Gzip, Compression::Zstd] {
            let expansion = Expansion { limit: Some(99_999) };
            let (_, mut reader) =
                decompress(Cursor::new(packed(&bytes, compression)), expansion).expect("begin");
            let error = reader.read_to_end(&mut Vec::new()).expect_err("it is too large");
            assert!(error.to_string().contains("more than 99999 bytes"), "{error}");
            let expansion = Expansion { limit: Some(100_000) };
            let (_, mut reader) =
                decompress(Cursor::new(packed(&bytes, compression)), expansion).expect("begin");
            assert_eq!(reader.read_to_end(&mut Vec::new()).expect("it fits"), 100_000);
        }
    }
}
