//! Compression by name and by content.

use super::charset::unicode_of;
use super::{BUFFER, GzipWriter, age};
use encoding_rs::UTF_8;
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

/// How many first bytes [`Form::of`] wants to see.
pub const HEAD: usize = 32;

/// How hard to compress: the scale of the codec itself (gzip 0 to 9, zstd 1 to 19).
pub type Level = u32;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    None,
    /// Gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878), with a check sum.
    Zstd,
}

impl Compression {
    /// What a file name promises: `.gz` and `.zst`, also before `.age`, else nothing.
    pub fn by_name(path: &Path) -> Self {
        match age::without_extension(path).extension().and_then(|extension| extension.to_str()) {
            Some(e) if e.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(e) if e.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// What it adds to a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// The level where none is asked for: gzip's own 6, zstd's own 3.
    pub fn default_level(self) -> Level {
        match self {
            Self::None => 0,
            Self::Gzip => 6,
            Self::Zstd => 3,
        }
    }

    /// The level that is worth its time where only speed counts.
    pub fn fast_level(self) -> Level {
        match self {
            Self::None => 0,
            // Level 1 of zlib-rs is a strategy of its own that compresses badly.
            Self::Gzip => 2,
            Self::Zstd => 1,
        }
    }

    /// The levels there are.
    pub fn levels(self) -> std::ops::RangeInclusive<Level> {
        match self {
            Self::None => 0..=0,
            Self::Gzip => 0..=9,
            Self::Zstd => 1..=19,
        }
    }
}

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing at all.
    Empty,
    /// A SQLite database.
    Sqlite,
    /// Compressed; what it holds is not known yet.
    Compressed(Compression),
    /// A zip archive.
    Zip,
    /// Encrypted by age.
    Age,
    /// JSON text in any Unicode, as far as its first character tells.
    Json,
    /// Something else.
    Unknown,
}

impl Form {
    /// Recognises the first [`HEAD`] bytes (or the whole, where it is shorter).
    pub fn of(head: &[u8]) -> Self {
        const SQLITE: &[u8] = b"SQLite format 3\0";
        if head.is_empty() {
            return Self::Empty;
        }
        if head.starts_with(SQLITE) {
            return Self::Sqlite;
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Self::Compressed(Compression::Gzip);
        }
        if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            return Self::Compressed(Compression::Zstd);
        }
        if head.starts_with(b"PK\x03\x04") {
            return Self::Zip;
        }
        if head.starts_with(b"age-encryption.org/") || head.starts_with(b"-----BEGIN AGE") {
            return Self::Age;
        }
        let (unicode, mark) = unicode_of(head);
        // Every other byte of an ASCII letter is zero in UTF-16.
        let mut letters = head[mark..].iter().filter(|byte| **byte != 0 || unicode == UTF_8);
        match letters.find(|letter| !letter.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Unknown,
        }
    }
}

/// Compresses what is written to it; [`Encoder::finish`] must be called.
pub enum Encoder<W: Write> {
    /// Passes everything on.
    None(W),
    /// Gzip on all processors.
    Gzip(GzipWriter<W>),
    /// Zstandard.
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Encoder<W> {
    /// Begins a compressed stream on `inner`.
    pub fn new(inner: W, compression: Compression, level: Level) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(inner),
            Compression::Gzip => Self::Gzip(GzipWriter::new(inner, level)?),
            Compression::Zstd => {
                let level = i32::try_from(level).map_err(io::Error::other)?;
                let mut encoder = zstd::Encoder::new(inner, level)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Writes what is left and gives the writer inside back.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::None(inner) => Ok(inner),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(inner) => inner.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(inner) => inner.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

/// Decompresses what is read from it, all members or frames to the end of the file.
pub enum Decoder<R: Read> {
    /// Passes everything on.
    None(R),
    /// Gzip.
    Gzip(Box<MultiGzDecoder<R>>),
    /// Zstandard.
    Zstd(zstd::Decoder<'static, BufReader<R>>),
}

impl<R: Read> Decoder<R> {
    /// Begins to read a compressed stream.
    pub fn new(inner: R, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(inner),
            Compression::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(inner))),
            Compression::Zstd => {
                Self::Zstd(zstd::Decoder::with_buffer(BufReader::with_capacity(BUFFER, inner))?)
            }
        })
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::None(inner) => inner.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_codec_gives_back_what_it_got_and_is_recognised() {
        let input: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
        for codec in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let mut encoder = Encoder::new(Vec::new(), codec, codec.default_level()).expect("begin");
            encoder.write_all(&input).expect("write");
            let encoded = encoder.finish().expect("finish");
            let mut output = Vec::new();
            Decoder::new(&encoded[..], codec).expect("begin").read_to_end(&mut output).expect("read");
            assert!(output == input, "{codec:?}");
            if codec != Compression::None {
                assert_eq!(Form::of(&encoded[..HEAD]), Form::Compressed(codec));
            }
        }
    }

    #[test]
    fn a_cut_stream_is_an_error() {
        let input: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
        for codec in [Compression::Gzip, Compression::Zstd] {
            let mut encoder = Encoder::new(Vec::new(), codec, codec.default_level()).expect("begin");
            encoder.write_all(&input).expect("write");
            let mut encoded = encoder.finish().expect("finish");
            encoded.truncate(encoded.len() - 3);
            let mut output = Vec::new();
            let mut decoder = Decoder::new(&encoded[..], codec).expect("begin");
            assert!(decoder.read_to_end(&mut output).is_err(), "{codec:?}");
        }
    }

    #[test]
    fn forms_are_recognised_by_content() {
        assert_eq!(Form::of(b""), Form::Empty);
        assert_eq!(Form::of(b"SQLite format 3\0rest"), Form::Sqlite);
        assert_eq!(Form::of(b"age-encryption.org/v1\n"), Form::Age);
        assert_eq!(Form::of(b"\xef\xbb\xbf \n{\"metadata\""), Form::Json);
        assert_eq!(Form::of(b"\xff\xfe \0\n\0{\0\""), Form::Json);
        assert_eq!(Form::of(b"\0[\0\""), Form::Json);
        assert_eq!(Form::of(b"\0\0{"), Form::Unknown);
        assert_eq!(Form::of(b"SQLite format 2\0"), Form::Unknown);
    }

    #[test]
    fn names_promise_a_compression() {
        assert_eq!(Compression::by_name(Path::new("a.db.GZ")), Compression::Gzip);
        assert_eq!(Compression::by_name(Path::new("a.zst")), Compression::Zstd);
        assert_eq!(Compression::by_name(Path::new("gz")), Compression::None);
        assert_eq!(Compression::by_name(Path::new("a.db.zst.age")), Compression::Zstd);
        assert_eq!(Compression::by_name(Path::new("a.db.age")), Compression::None);
    }
}
