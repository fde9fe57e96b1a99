//! The standard streams, and other pipes, on threads of their own: whoever is at the other end may take any time, and a
//! blocked read or write would not notice that a signal asked to stop.

use crate::exit::ClosedPipe;
use larder::error::Fault;
use larder::progress::StopSignal;
use larder::stream::BUFFER;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, sleep};
use std::time::Duration;

/// Pieces that wait at most.
const WAITING: usize = 8;
/// Between two looks at whether to go on.
const LOOK: Duration = Duration::from_millis(50);
/// Between two tries to hand a piece over.
const RETRY: Duration = Duration::from_millis(1);

fn stopped() -> io::Error {
    io::Error::other(Fault::interrupted())
}

/// The standard output. [`StandardOutput::finish`] says whether everything was written.
pub struct StandardOutput {
    pieces: SyncSender<Vec<u8>>,
    outcome: Receiver<io::Result<()>>,
    stop: StopSignal,
}

impl StandardOutput {
    /// Starts the thread.
    pub fn new(stop: StopSignal) -> io::Result<Self> {
        let (pieces, received) = sync_channel::<Vec<u8>>(WAITING);
        let (said, outcome) = sync_channel(1);
        Builder::new().name("output".into()).spawn(move || {
            let mut out = io::stdout().lock();
            let written =
                received.iter().try_for_each(|piece| out.write_all(&piece)).and_then(|()| out.flush());
            // Nobody asks where the writing was given up.
            let _ = said.send(written);
        })?;
        Ok(Self { pieces, outcome, stop })
    }

    /// Waits until everything is written.
    pub fn finish(self) -> io::Result<()> {
        let Self { pieces, outcome, stop } = self;
        drop(pieces);
        wait(&outcome, &stop)?.unwrap_or(Ok(())).map_err(|error| named(&error))
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut piece = bytes.to_vec();
        loop {
            piece = match self.pieces.try_send(piece) {
                Ok(()) => return Ok(bytes.len()),
                Err(TrySendError::Full(piece)) => piece,
                Err(TrySendError::Disconnected(_)) => {
                    let outcome = wait(&self.outcome, &self.stop)?.unwrap_or(Ok(()));
                    return outcome.map_err(|error| named(&error)).and(Err(ErrorKind::WriteZero.into()));
                }
            };
            if self.stop.load(Ordering::Relaxed) {
                return Err(stopped());
            }
            sleep(RETRY);
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn named(error: &io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => io::Error::new(ErrorKind::BrokenPipe, ClosedPipe),
        kind => io::Error::new(kind, format!("cannot write to the standard output: {error}")),
    }
}

/// Whatever a reader gives, which may block.
pub struct Input {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
    stop: StopSignal,
}

impl Input {
    /// Starts the thread. `open` runs on it, since opening a pipe waits for its writer.
    pub fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        stop: StopSignal,
    ) -> io::Result<Self> {
        let (send, pieces) = sync_channel(WAITING);
        Builder::new().name("input".into()).spawn(move || {
            let failed = open().and_then(|mut reader| read_all(&mut reader, &send)).err();
            // Nobody asks where the reading was given up.
            let _ = failed.map(|error| send.send(Err(error)));
        })?;
        Ok(Self { pieces, piece: Vec::new(), at: 0, stop })
    }

    /// The standard input.
    pub fn standard(stop: StopSignal) -> io::Result<Self> {
        Self::new(|| Ok(io::stdin()), stop)
    }
}

fn read_all(reader: &mut impl Read, send: &SyncSender<io::Result<Vec<u8>>>) -> io::Result<()> {
    loop {
        let mut piece = vec![0; BUFFER];
        let read = match reader.read(&mut piece) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        piece.truncate(read);
        if read == 0 || send.send(Ok(piece)).is_err() {
            return Ok(());
        }
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            let Some(piece) = wait(&self.pieces, &self.stop)? else { return Ok(0) };
            (self.piece, self.at) = (piece?, 0);
        }
        let taken = into.len().min(self.piece.len() - self.at);
        into[..taken].copy_from_slice(&self.piece[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// The next that comes; nothing where no more will. An error where a signal asks to stop first.
fn wait<T>(channel: &Receiver<T>, stop: &StopSignal) -> io::Result<Option<T>> {
    loop {
        match channel.recv_timeout(LOOK) {
            Ok(value) => return Ok(Some(value)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return Err(stopped()),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_comes_whole_and_in_its_order() {
        let bytes: Vec<u8> = (0..5 * BUFFER).map(|at| u8::try_from(at % 251).expect("it is small")).collect();
        let given = bytes.clone();
        let mut input =
            Input::new(move || Ok(io::Cursor::new(given)), StopSignal::default()).expect("a thread");
        let mut read = Vec::new();
        input.read_to_end(&mut read).expect("read");
        assert!(read == bytes);
    }

    #[test]
    fn a_stop_ends_a_read_that_nothing_comes_from() {
        let (_keep, never) = sync_channel::<u8>(1);
        let stop = StopSignal::default();
        stop.store(true, Ordering::Relaxed);
        let open = move || never.recv().map(|_| io::empty()).map_err(io::Error::other);
        let mut input = Input::new(open, stop).expect("a thread");
        let error = input.read(&mut [0]).expect_err("it is stopped");
        assert!(error.get_ref().is_some_and(|inside| inside.is::<Fault>()));
    }
}
