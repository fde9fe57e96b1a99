//! What comes through a pipe: how much of it is let in, and how it becomes a file that can be read more than once.
//!
//! A pipe says nothing about its length, and may have no end.

use super::{is_pipe, name, open};
use crate::commands::{Context, store};
use anyhow::{Context as _, Result};
use larder::database::header::HEADER;
use larder::error::Fault;
use larder::files::{self, Scratch};
use larder::platform;
use larder::store::{Fetched, Location};
use larder::stream::{BUFFER, Form, read_full};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How much is let in where nobody says.
pub const MOST: u64 = 16 << 30;

/// A file that can be read more than once: the one that was named, or what came through a pipe or from a remote store.
pub struct Spooled {
    /// Where it is.
    pub path: PathBuf,
    kept: Kept,
}

/// What keeps a file that is not the user's own.
#[expect(dead_code, reason = "it is kept for as long as the file is used")]
enum Kept {
    Nothing,
    Scratch(Scratch),
    Fetched(Fetched),
}

impl Spooled {
    /// Fetches the files that belong to what `file` means, where that is a snapshot that was fetched.
    pub fn fetch_files(&self, file: &Path, context: &Context<'_>) -> Result<()> {
        match (&self.kept, Location::of(file)?) {
            (Kept::Fetched(fetched), Location::Url(url)) => {
                larder::store::fetch_files(&url, fetched, &context.surroundings, context.ui)
            }
            _ => Ok(()),
        }
    }
}

/// The file that an argument means; what comes through a pipe is written down in one of `folders` first, up to `most` bytes.
/// Of what is not `wanted`, no more than its beginning is written: that tells the reader what it is.
pub fn spool(
    file: &Path,
    wanted: fn(Form) -> bool,
    most: u64,
    folders: &[&Path],
    context: &Context<'_>,
) -> Result<Spooled> {
    if let Some(fetched) = store::fetched(file, context)? {
        return Ok(Spooled { path: fetched.path.clone(), kept: Kept::Fetched(fetched) });
    }
    if !is_pipe(file)? {
        files::require_file(file)?;
        return Ok(Spooled { path: file.to_owned(), kept: Kept::Nothing });
    }
    let mut reader = open(file, context)?;
    let scratch = Scratch::new_in(files::roomy_folder(folders, 0))?;
    let path = scratch.file("standard-input");
    context.ui.call(&path, &name(file));
    let mut head = vec![0; HEADER];
    let read = read_full(&mut reader, &mut head).with_context(|| format!("cannot read {}", name(file)))?;
    head.truncate(read);
    let rest: Box<dyn Read> = if wanted(Form::of(&head)) { reader } else { Box::new(io::empty()) };
    write_down(head.chain(rest), &path, &name(file), most, context)?;
    Ok(Spooled { path, kept: Kept::Scratch(scratch) })
}

/// Writes a stream to a new file. A tenth of the file system's free space is left to others.
pub fn write_down(
    reader: impl Read,
    path: &Path,
    name: &str,
    most: u64,
    context: &Context<'_>,
) -> Result<()> {
    let folder = files::folder_of(path);
    let free = platform::free_space(&folder)
        .with_context(|| format!("cannot ask how much space is free at {}", folder.display()))?;
    let room = free.map_or(u64::MAX, |free| free / 10 * 9);
    let mut reader = Piped { inner: reader, left: most, most };
    let mut output = files::create(path)?;
    let mut buffer = vec![0; BUFFER];
    let mut written = 0;
    loop {
        larder::progress::go_on(context.ui)?;
        let read =
            read_full(&mut reader, &mut buffer).with_context(|| format!("cannot keep a copy of {name}"))?;
        written += read as u64;
        if written > room {
            let message = format!("not enough space at {} to keep a copy of {name}", folder.display());
            return Err(Fault::failed(message)
                .hint("free some space, or set TMPDIR to another place")
                .into());
        }
        output.write_all(&buffer[..read])?;
        if read < buffer.len() {
            return Ok(output.flush()?);
        }
    }
}

/// A reader that fails once more than `most` bytes have come.
pub struct Piped<R> {
    inner: R,
    left: u64,
    most: u64,
}

impl<R> Piped<R> {
    /// Lets `most` bytes pass.
    pub fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most, most }
    }
}

impl<R: Read> Read for Piped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(left) = self.left.checked_sub(read as u64) {
            self.left = left;
            return Ok(read);
        }
        let message = format!("more than {} come through it", bytesize::ByteSize(self.most));
        Err(io::Error::other(Fault::invalid(message).hint("--max-size SIZE lets more in")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_pipe_ends_with_what_lets_more_in() {
        let mut read = Vec::new();
        let error = Piped::new(io::repeat(0), 1 << 20).read_to_end(&mut read).expect_err("it has no end");
        assert!(error.to_string().contains("more than 1.0 MiB"), "{error}");
        assert!(larder::error::hint(&error.into()).is_some_and(|hint| hint.contains("--max-size")));
        assert!(Piped::new(io::repeat(0).take(1 << 20), 1 << 20).read_to_end(&mut read).is_ok());
    }
}
