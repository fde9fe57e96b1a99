//! SHA-256 of what passes by.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{self, Read, Write};

/// A SHA-256 digest; written as 64 hexadecimal digits, as `sha256sum` prints it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Its first half, which is enough to tell what was not made to be mistaken.
    pub fn first_bytes(self) -> [u8; 16] {
        *self.0.first_chunk().expect("a digest has 32 bytes")
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let not_one = || format!("{text:?} is not a SHA-256 digest of 64 hexadecimal digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(not_one());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| not_one())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| not_one())?;
        }
        Ok(Self(bytes))
    }
}

/// The digest of bytes that are all there.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// Passes writes on, and digests and counts them.
#[derive(Debug, Clone)]
pub struct DigestWriter<W> {
    inner: W,
    hash: Sha256,
    count: u64,
}

impl<W: Write> DigestWriter<W> {
    /// Begins at nothing.
    pub fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), count: 0 }
    }

    /// The writer inside, the digest and the number of bytes.
    pub fn finish(self) -> (W, Digest, u64) {
        (self.inner, Digest(self.hash.finalize().into()), self.count)
    }
}

impl<W: Write> Write for DigestWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Passes reads on, and digests and counts them.
#[derive(Debug)]
pub struct DigestReader<R> {
    inner: R,
    hash: Sha256,
    count: u64,
}

impl<R: Read> DigestReader<R> {
    /// Begins at nothing.
    pub fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), count: 0 }
    }

    /// Reads what is left, and gives the digest and the number of bytes of the whole.
    pub fn finish(mut self) -> io::Result<(Digest, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((Digest(self.hash.finalize().into()), self.count))
    }
}

impl<R: Read> Read for DigestReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.count += read as u64;
        Ok(read)
    }
}

/// A digest of a multiset: the same whatever the order in which its members were added.
///
/// It is the sum of the members' SHA-256 digests, taken as four numbers of 64 bits without carries between
/// them: enough to notice an accident, no proof against somebody who looks for collisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowsDigest {
    sum: [u64; 4],
    count: u64,
}

impl RowsDigest {
    /// Adds a member.
    pub fn add(&mut self, member: &[u8]) {
        let hash: [u8; 32] = Sha256::digest(member).into();
        for (sum, part) in self.sum.iter_mut().zip(hash.chunks_exact(8)) {
            let part = u64::from_le_bytes(part.try_into().expect("chunks of eight are eight long"));
            *sum = sum.wrapping_add(part);
        }
        self.count += 1;
    }

    /// How many members were added.
    pub fn count(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_digest_is_the_one_that_sha256sum_prints() {
        assert_eq!(digest_of(b"abc").to_string(), ABC);
        let mut writer = DigestWriter::new(Vec::new());
        writer.write_all(b"abc").expect("writing to memory");
        let (bytes, digest, count) = writer.finish();
        assert_eq!((bytes.as_slice(), digest.to_string().as_str(), count), (&b"abc"[..], ABC, 3));
        let (digest, count) = DigestReader::new(&b"abc"[..]).finish().expect("reading from memory");
        assert_eq!((digest.to_string().as_str(), count), (ABC, 3));
    }

    #[test]
    fn digests_survive_their_text() {
        assert_eq!(Digest::try_from(ABC.to_owned()), Ok(digest_of(b"abc")));
        assert!(Digest::try_from(ABC[1..].to_owned()).is_err());
        assert!(Digest::try_from(ABC.replace('b', "x")).is_err());
        assert!(Digest::try_from("é".repeat(32)).is_err());
    }

    #[test]
    fn the_order_of_members_does_not_matter_but_their_number_does() {
        let of = |members: &[&str]| {
            let mut digest = RowsDigest::default();
            for member in members {
                digest.add(member.as_bytes());
            }
            digest
        };
        assert_eq!(of(&["a", "b"]), of(&["b", "a"]));
        assert_ne!(of(&["a", "b"]), of(&["a", "b", "b"]));
        assert_ne!(of(&["a", "a"]), of(&["b", "b"]));
    }
}
