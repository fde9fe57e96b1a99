//! Gzip on all processors, in one ordinary member that every reader of gzip reads.
//!
//! The input is cut into blocks. Each is deflated by itself with the 32 KiB before it as dictionary, ends at a
//! byte boundary (a sync flush), and is written in its turn; the check sums are combined. The technique is pigz's.

use flate2::{Compress, Compression, FlushCompress, Status};
use std::collections::VecDeque;
use std::io::{self, Error, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// Input bytes of a block.
const BLOCK: usize = 256 << 10;
/// How far back deflate may refer.
const WINDOW: usize = 32 << 10;
/// Magic, deflate, no flags, no time, no level, unknown system (RFC 1952, 2.3): nothing that differs between runs.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Compresses what is written to it. [`GzipWriter::finish`] must be called; dropped without, the output is cut.
#[derive(Debug)]
pub struct GzipWriter<W: Write> {
    inner: W,
    block: Vec<u8>,
    dictionary: Vec<u8>,
    jobs: Sender<Job>,
    pending: VecDeque<Receiver<Result<Block, Error>>>,
    max_pending: usize,
    checksum: crc32fast::Hasher,
    length: u64,
}

#[derive(Debug)]
struct Job {
    input: Vec<u8>,
    dictionary: Vec<u8>,
    last: bool,
    done: SyncSender<Result<Block, Error>>,
}

#[derive(Debug)]
struct Block {
    deflated: Vec<u8>,
    checksum: crc32fast::Hasher,
    length: u64,
}

impl<W: Write> GzipWriter<W> {
    /// Writes the header. `level` is 0 (stored) to 9 (smallest).
    pub fn new(mut inner: W, level: u32) -> io::Result<Self> {
        inner.write_all(&HEADER)?;
        let threads = thread::available_parallelism().map_or(1, usize::from).min(16);
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads {
            let queue = Arc::clone(&queue);
            let started = thread::Builder::new().name("gzip".into()).spawn(move || work(&queue, level));
            // Where threads are scarce, fewer do; none is an error.
            match started {
                Err(_) if number > 0 => break,
                started => drop(started?),
            }
        }
        Ok(Self {
            inner,
            block: Vec::with_capacity(BLOCK),
            dictionary: Vec::new(),
            jobs,
            pending: VecDeque::new(),
            max_pending: threads * 2,
            checksum: crc32fast::Hasher::new(),
            length: 0,
        })
    }

    /// Writes what is left and the trailer, and gives the writer inside back.
    pub fn finish(mut self) -> io::Result<W> {
        self.submit(true)?;
        while !self.pending.is_empty() {
            self.write_next()?;
        }
        self.inner.write_all(&self.checksum.clone().finalize().to_le_bytes())?;
        // The length modulo 2^32 (RFC 1952, 2.3.1).
        self.inner.write_all(&self.length.to_le_bytes()[..4])?;
        Ok(self.inner)
    }

    fn submit(&mut self, last: bool) -> io::Result<()> {
        if self.pending.len() == self.max_pending {
            self.write_next()?;
        }
        let input = std::mem::replace(&mut self.block, Vec::with_capacity(if last { 0 } else { BLOCK }));
        let window = input[input.len().saturating_sub(WINDOW)..].to_vec();
        let dictionary = std::mem::replace(&mut self.dictionary, window);
        let (done, result) = sync_channel(1);
        self.jobs.send(Job { input, dictionary, last, done }).map_err(|_| worker_died())?;
        self.pending.push_back(result);
        Ok(())
    }

    fn write_next(&mut self) -> io::Result<()> {
        let Some(result) = self.pending.pop_front() else { return Ok(()) };
        let block = result.recv().map_err(|_| worker_died())??;
        self.checksum.combine(&block.checksum);
        self.length += block.length;
        self.inner.write_all(&block.deflated)
    }
}

impl<W: Write> Write for GzipWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = BLOCK - self.block.len();
        let taken = room.min(bytes.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK {
            self.submit(false)?;
        }
        Ok(taken)
    }

    /// Does not force a block out: the blocks are what makes it parallel.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn worker_died() -> Error {
    Error::other("a compression thread ended unexpectedly")
}

fn work(queue: &Mutex<Receiver<Job>>, level: u32) {
    let mut deflate = Compress::new(Compression::new(level), false);
    loop {
        let Ok(queue) = queue.lock() else { return };
        let Ok(job) = queue.recv() else { return };
        drop(queue);
        // Nobody waits for it where the writer was dropped.
        let _ = job.done.send(deflate_block(&mut deflate, &job));
    }
}

fn deflate_block(deflate: &mut Compress, job: &Job) -> Result<Block, Error> {
    deflate.reset();
    if !job.dictionary.is_empty() {
        deflate.set_dictionary(&job.dictionary)?;
    }
    let flush = if job.last { FlushCompress::Finish } else { FlushCompress::Sync };
    let mut deflated = Vec::with_capacity(job.input.len() / 2 + 64);
    loop {
        let rest = &job.input[usize::try_from(deflate.total_in()).map_err(Error::other)?..];
        let status = deflate.compress_vec(rest, &mut deflated, flush)?;
        let spare = deflated.capacity() > deflated.len();
        let finished = if job.last {
            status == Status::StreamEnd
        } else {
            // A sync flush is complete once it leaves room in the output.
            spare && deflate.total_in() == job.input.len() as u64
        };
        if finished {
            break;
        }
        deflated.reserve(deflated.len().max(1024));
    }
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&job.input);
    Ok(Block { deflated, checksum, length: job.input.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn gzip(input: &[u8], level: u32) -> Vec<u8> {
        let mut writer = GzipWriter::new(Vec::new(), level).expect("memory takes a header");
        writer.write_all(input).expect("writing to memory");
        writer.finish().expect("writing to memory")
    }

    /// Bytes that are neither all alike nor incompressible.
    fn sample(length: usize) -> Vec<u8> {
        let mut state = 1u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"larder keeps what it is given "[(state >> 24) as usize % 30]
        };
        (0..length).map(step).collect()
    }

    #[test]
    fn every_length_around_a_block_comes_back_from_a_single_member() {
        for length in [0, 1, WINDOW, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 9 * BLOCK + 17] {
            for level in [0, 1, 6, 9] {
                let input = sample(length);
                let zipped = gzip(&input, level);
                let mut output = Vec::new();
                // GzDecoder stops after the first member, so this also says that there is one only.
                GzDecoder::new(&zipped[..]).read_to_end(&mut output).expect("it is gzip");
                assert!(output == input, "length {length} at level {level}");
            }
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let input = sample(5 * BLOCK);
        assert_eq!(gzip(&input, 6), gzip(&input, 6));
    }

    #[test]
    fn incompressible_input_grows_a_little_only() {
        let input: Vec<u8> =
            (0..200_000u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        assert!(gzip(&input, 6).len() < input.len() + 2000);
    }

    #[test]
    fn an_error_of_the_writer_inside_comes_out() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                if bytes.len() == HEADER.len() {
                    Ok(bytes.len())
                } else {
                    Err(io::ErrorKind::StorageFull.into())
                }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writer = GzipWriter::new(Full, 6).expect("the header fits");
        let result = writer.write_all(&sample(40 * BLOCK)).and_then(|()| writer.finish().map(drop));
        assert_eq!(result.expect_err("it is full").kind(), io::ErrorKind::StorageFull);
    }
}
