//! Text in whatever a program wrote it in, as UTF-8.

use super::{BUFFER, read_full};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, Cursor, Read};

/// The byte order mark that some programs put before UTF-8.
pub const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// How much is looked at to tell.
const LOOK: usize = 64 << 10;
/// How much of JSON is.
const LOOK_JSON: usize = 4;

/// Reads text as UTF-8, without its byte order mark. Text that is UTF-8 comes as it is; whether it is all valid, nobody
/// has looked.
pub struct Text<R> {
    reader: io::Chain<Cursor<Vec<u8>>, R>,
    /// Decodes; nothing where there is nothing to do.
    decoder: Option<Decoder>,
    input: Vec<u8>,
    output: Vec<u8>,
    at: usize,
    ended: bool,
    crlf: bool,
}

impl<R: Read> Text<R> {
    /// Looks at the beginning of a text to tell what it is in: by its byte order mark; else UTF-16, where every other byte
    /// is zero; else UTF-8, where it is valid; else Latin-1, as Windows writes it.
    pub fn new(mut reader: R) -> io::Result<Self> {
        let head = look(&mut reader, LOOK)?;
        let (encoding, mark) = charset_of(&head, head.len() == LOOK);
        Ok(Self::of(reader, head, encoding, mark))
    }

    /// Looks at the beginning of JSON to tell which Unicode it is in.
    pub fn json(mut reader: R) -> io::Result<Self> {
        let head = look(&mut reader, LOOK_JSON)?;
        let (encoding, mark) = unicode_of(&head);
        Ok(Self::of(reader, head, encoding, mark))
    }

    fn of(reader: R, mut head: Vec<u8>, encoding: &'static Encoding, mark: usize) -> Self {
        head.drain(..mark);
        let mut letters = head.iter().filter(|byte| **byte != 0).take_while(|byte| **byte != b'\n');
        let crlf = letters.by_ref().last() == Some(&b'\r');
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let reader = Cursor::new(head).chain(reader);
        Self { reader, decoder, input: Vec::new(), output: Vec::new(), at: 0, ended: false, crlf }
    }

    /// Whether the first line ends with a carriage return and a line feed.
    pub fn has_crlf(&self) -> bool {
        self.crlf
    }

    fn refill(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        self.input.resize(BUFFER, 0);
        let read = read_full(&mut self.reader, &mut self.input)?;
        self.ended = read < BUFFER;
        let room = decoder.max_utf8_buffer_length(read).unwrap_or(read * 4 + 16);
        self.output.resize(room, 0);
        let (result, _, written, had_errors) =
            decoder.decode_to_utf8(&self.input[..read], &mut self.output, self.ended);
        debug_assert!(result == CoderResult::InputEmpty);
        if had_errors {
            let name = decoder.encoding().name();
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it is not whole {name}")));
        }
        self.output.truncate(written);
        self.at = 0;
        Ok(())
    }
}

fn look(reader: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut head = vec![0; length];
    let read = read_full(reader, &mut head)?;
    head.truncate(read);
    Ok(head)
}

/// Which Unicode JSON is in, and the length of its mark: without one, by the zeros of its first letter, which is ASCII
/// (RFC 4627, section 3).
pub fn unicode_of(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(marked) = Encoding::for_bom(head) {
        return marked;
    }
    match head {
        [first, 0, ..] if *first != 0 => (UTF_16LE, 0),
        [0, second, ..] if *second != 0 => (UTF_16BE, 0),
        _ => (UTF_8, 0),
    }
}

/// What a text is in, by its beginning, and the length of its mark.
fn charset_of(head: &[u8], is_cut: bool) -> (&'static Encoding, usize) {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return (encoding, mark);
    }
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    if head.len() >= 4 && head.len() / 2 > 0 {
        let half = head.len() / 2;
        if zeros(1) * 10 > half * 9 && zeros(0) == 0 {
            return (UTF_16LE, 0);
        }
        if zeros(0) * 10 > half * 9 && zeros(1) == 0 {
            return (UTF_16BE, 0);
        }
    }
    match std::str::from_utf8(head) {
        Ok(_) => (UTF_8, 0),
        // A letter that the look cut through.
        Err(error) if is_cut && error.error_len().is_none() => (UTF_8, 0),
        // A letter of several bytes that is whole is no accident: the rest is UTF-8 too, and what is not is an error.
        Err(_) if head.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) => (UTF_8, 0),
        Err(_) => (WINDOWS_1252, 0),
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.reader.read(buffer);
        }
        while self.at == self.output.len() && !self.ended {
            self.refill()?;
        }
        let taken = buffer.len().min(self.output.len() - self.at);
        buffer[..taken].copy_from_slice(&self.output[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Text::new(bytes).expect("read").read_to_string(&mut text).expect("it is UTF-8 now");
        text
    }

    #[test]
    fn json_is_read_in_every_unicode_and_nothing_else() {
        let text = "{\"größe\": \"🎬 名前\"}".repeat(20_000);
        let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
            [mark, &text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()].concat()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            [UTF8_MARK, text.as_bytes()].concat(),
            utf16(b"\xff\xfe", u16::to_le_bytes),
            utf16(b"\xfe\xff", u16::to_be_bytes),
            utf16(b"", u16::to_le_bytes),
            utf16(b"", u16::to_be_bytes),
        ] {
            let mut read = String::new();
            Text::json(&bytes[..]).expect("read").read_to_string(&mut read).expect("it is UTF-8 now");
            assert!(read == text);
        }
        let latin = b"{\"a\": \"caf\xe9\"}";
        let mut kept = Vec::new();
        Text::json(&latin[..]).expect("read").read_to_end(&mut kept).expect("read");
        assert_eq!(kept, latin);
    }

    #[test]
    fn what_other_programs_write_is_read() {
        let text = "name;größe\nZoë;1\n".repeat(9000);
        let utf16 = |big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [UTF8_MARK, text.as_bytes()].concat(),
            [&b"\xff\xfe"[..], &utf16(false)].concat(),
            [&b"\xfe\xff"[..], &utf16(true)].concat(),
            utf16(false),
            utf16(true),
            latin,
        ] {
            assert!(read(&bytes) == text);
        }
        assert_eq!(read(b""), "");
        assert_eq!(read(b"a"), "a");
        assert_eq!(read(b"\x80 5"), "€ 5");
        let mut bytes = Vec::new();
        Text::new("größe caf\u{e9}".as_bytes()).expect("read").read_to_end(&mut bytes).expect("read");
        let mixed = [&b"gr\xc3\xb6\xc3\x9fe, caf\xe9"[..]].concat();
        let mut kept = Vec::new();
        Text::new(&mixed[..]).expect("read").read_to_end(&mut kept).expect("read");
        assert_eq!(kept, mixed, "one bad byte does not make Latin-1 of UTF-8");
        for cut in [&b"\xff\xfea\0b"[..], b"\xff\xfe\x00\xd8a\0"] {
            assert!(Text::new(cut).expect("read").read_to_end(&mut Vec::new()).is_err(), "{cut:?}");
        }
    }
}
