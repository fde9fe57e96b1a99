//! The digests by which services call the content of a file.

use md5::{Digest as _, Md5};
use sha2::Sha256;

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        text += &format!("{byte:02x}");
        text
    })
}

/// What Dropbox calls `content_hash`: the SHA-256 of the SHA-256s of blocks of 4 MiB.
pub(super) fn dropbox_hash(bytes: &[u8]) -> String {
    let mut hash = BlockHash::default();
    hash.update(bytes);
    hash.finish()
}

/// The same of bytes that come one after the other.
#[derive(Default)]
pub(super) struct BlockHash {
    /// The digests of the blocks so far.
    all: Sha256,
    block: Sha256,
    /// Bytes of the block that is not whole yet.
    filled: usize,
}

impl BlockHash {
    const BLOCK: usize = 4 << 20;

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (taken, rest) = bytes.split_at(bytes.len().min(Self::BLOCK - self.filled));
            self.block.update(taken);
            self.filled += taken.len();
            bytes = rest;
            if self.filled == Self::BLOCK {
                self.end_block();
            }
        }
    }

    fn end_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        self.all.update(block.finalize());
        self.filled = 0;
    }

    pub(super) fn finish(mut self) -> String {
        if self.filled > 0 {
            self.end_block();
        }
        hex(&self.all.finalize())
    }
}

/// What S3 calls an object of these parts: the MD5 of a single one, else the MD5 of their MD5s and their number.
pub(super) fn etag_of(parts: &[[u8; 16]]) -> String {
    match parts {
        [] => hex(&Md5::digest(b"")),
        [one] => hex(one),
        parts => format!("{}-{}", hex(&Md5::digest(parts.concat())), parts.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_is_as_s3_makes_it() {
        let digest = |text: &str| Md5::digest(text).into();
        assert_eq!(etag_of(&[digest("abc")]), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(etag_of(&[digest("abc"), digest("abc")]), "043a916d6cfeecedf5e04f0312ba762d-2");
        assert_eq!(etag_of(&[]), "d41d8cd98f00b204e9800998ecf8427e");
    }

    #[test]
    fn a_content_hash_is_as_dropbox_makes_it() {
        let twice = |bytes: &[u8]| hex(&Sha256::digest(Sha256::digest(bytes)));
        assert_eq!(dropbox_hash(b"abc"), twice(b"abc"));
        let long = vec![7; (4 << 20) + 1];
        let (first, second) = (Sha256::digest(&long[..4 << 20]), Sha256::digest(&long[4 << 20..]));
        assert_eq!(dropbox_hash(&long), hex(&Sha256::digest([first, second].concat())));
        let mut in_pieces = BlockHash::default();
        long.chunks(1_000_001).for_each(|piece| in_pieces.update(piece));
        assert_eq!(in_pieces.finish(), dropbox_hash(&long));
        assert_eq!(dropbox_hash(b""), hex(&Sha256::digest(b"")));
    }
}
