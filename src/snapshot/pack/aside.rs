//! Unpacking what is packed while it is: what is encrypted for others cannot be read back.

use crate::stream::{Compression, Decoder, Digest, DigestReader};
use anyhow::{Context, Result};
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// How many pieces may wait to be unpacked.
const WAITING: usize = 16;

/// Unpacks, in a thread of its own, what it is given, and digests what comes out.
pub(super) struct Aside {
    pieces: SyncSender<Vec<u8>>,
    thread: JoinHandle<io::Result<(Digest, u64)>>,
}

impl Aside {
    pub(super) fn begin(compression: Compression) -> Result<Self> {
        let (pieces, receiver) = sync_channel(WAITING);
        let work = move || {
            let pieces = Pieces { receiver, piece: Vec::new(), at: 0 };
            DigestReader::new(Decoder::new(pieces, compression)?).finish()
        };
        let thread = thread::Builder::new().name("unpack".into()).spawn(work);
        Ok(Self { pieces, thread: thread.context("cannot begin to check what is packed")? })
    }

    /// What came out: its digest and the number of bytes.
    fn finish(self) -> io::Result<(Digest, u64)> {
        drop(self.pieces);
        self.thread.join().expect("unpacking does not panic")
    }
}

/// The pieces, one after the other.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let taken = buffer.len().min(self.piece.len() - self.at);
        buffer[..taken].copy_from_slice(&self.piece[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// Passes writes on, and where they are checked, to an [`Aside`] too.
pub(super) enum Checked<W> {
    Not(W),
    By(Aside, W),
}

impl<W> Checked<W> {
    /// The writer inside, and what came out of what was packed.
    pub(super) fn finish(self) -> (W, Option<io::Result<(Digest, u64)>>) {
        match self {
            Self::Not(inner) => (inner, None),
            Self::By(aside, inner) => (inner, Some(aside.finish())),
        }
    }
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Not(inner) => inner.write(bytes),
            Self::By(aside, inner) => {
                let written = inner.write(bytes)?;
                // One that has ended says why when it is finished.
                let _ = aside.pieces.send(bytes[..written].to_vec());
                Ok(written)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Not(inner) | Self::By(_, inner) => inner.flush(),
        }
    }
}
