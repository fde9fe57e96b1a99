//! Bytes on their way: compression, digests, limits, and what a stream is by its first bytes.

pub mod age;
pub mod charset;
mod codec;
mod digest;
mod expand;
mod gzip;
mod limit;

pub use charset::Text;
pub use codec::{Compression, Decoder, Encoder, Form, HEAD, Level};
pub use digest::{Digest, DigestReader, DigestWriter, RowsDigest, digest_of};
pub use expand::{Expansion, Spent, decompress, decompress_into};
pub use gzip::GzipWriter;
pub use limit::Limited;

use std::io::{self, Read};

/// Bytes that are read at once from a file or a decoder.
pub const BUFFER: usize = 256 << 10;

/// Reads until the buffer is full or the stream ends; returns how much it was.
pub fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
