//! Databases inside compressed or encrypted files.

use super::header::{HEADER, Header, not_a_database};
use crate::error::{Fault, Kind, fault_inside, is_broken_stream};
use crate::files;
use crate::platform;
use crate::progress::{Progress, Unit, go_on, step};
use crate::stream::age::{Keys, unlock};
use crate::stream::{
    BUFFER, Compression, Decoder, Digest, DigestReader, DigestWriter, Form, HEAD, Limited, read_full,
};
use anyhow::{Context, Result};
use std::cell::RefCell;
use std::io::{Cursor, Read, Write};
use std::path::Path;

/// A database that came out of a file, and what both are.
#[derive(Debug, Clone)]
pub struct Unpacked {
    /// The database's header; `None` where the database is an empty file.
    pub header: Option<Header>,
    /// Bytes of the database.
    pub size: u64,
    /// Digest of the database.
    pub digest: Digest,
    /// Bytes of the file that it came out of.
    pub packed_size: u64,
    /// Digest of the file that it came out of.
    pub packed_digest: Digest,
    /// Whether that is encrypted.
    pub encrypted: bool,
}

/// Decrypts and decompresses a database into a new private file.
///
/// No more comes out than the database's own header announces, and no more than there is room for.
pub fn unpack(path: &Path, keys: &Keys<'_>, to: &Path, progress: &dyn Progress) -> Result<Unpacked> {
    let size = files::metadata(path)?.map(|metadata| metadata.len());
    let what = format!("reading {}", path.display());
    step(progress, &what, size, Unit::Bytes, || unpack_counted(path, keys, to, progress))
}

fn unpack_counted(path: &Path, keys: &Keys<'_>, to: &Path, progress: &dyn Progress) -> Result<Unpacked> {
    let packed = RefCell::new(DigestReader::new(Counted { inner: files::open(path)?, progress }));
    let name = path.display().to_string();
    let (encrypted, opened) = unlock(Shared(&packed), keys, &name)?;
    let (compression, opened) = peek(opened, path)?;
    let (header, size, digest) = unpack_database(opened, path, compression, to, progress)?;
    if let Some(expected) = header.and_then(|header| header.file_size()).filter(|expected| *expected != size)
    {
        let message = format!("{} holds {size} bytes of a database of {expected} bytes", path.display());
        return Err(Fault::invalid(message).hint("the file was cut: use another snapshot").into());
    }
    let packed = packed.into_inner().finish();
    let (packed_digest, packed_size) = packed.map_err(|error| broken(path, compression, error))?;
    Ok(Unpacked { header, size, digest, packed_size, packed_digest, encrypted })
}

/// How a stream is compressed, and the stream from its beginning.
fn peek<'a>(mut reader: impl Read + 'a, path: &Path) -> Result<(Compression, impl Read + 'a)> {
    let mut head = vec![0; HEAD];
    let read = read_full(&mut reader, &mut head).map_err(|error| broken(path, Compression::None, error))?;
    head.truncate(read);
    let compression = match Form::of(&head) {
        Form::Compressed(compression) => compression,
        _ => Compression::None,
    };
    Ok((compression, Cursor::new(head).chain(reader)))
}

fn unpack_database(
    reader: impl Read,
    path: &Path,
    compression: Compression,
    to: &Path,
    progress: &dyn Progress,
) -> Result<(Option<Header>, u64, Digest)> {
    let broken = |error: std::io::Error| broken(path, compression, error);
    let mut decoder = Decoder::new(reader, compression).map_err(broken)?;
    let mut head = vec![0; HEADER];
    let read = read_full(&mut decoder, &mut head).map_err(broken)?;
    head.truncate(read);
    let header = match Header::parse(&head) {
        None if head.is_empty() => None,
        None => return Err(inside(path, not_a_database(path, &head))),
        header => header,
    };
    let limit = limit(header.as_ref(), to)?;
    let mut output = DigestWriter::new(files::create(to)?);
    output.write_all(&head)?;
    let mut rest = Limited::new(decoder, limit.saturating_sub(head.len() as u64));
    let mut buffer = vec![0; BUFFER];
    loop {
        go_on(progress)?;
        match rest.read(&mut buffer).map_err(broken)? {
            0 => break,
            read => output.write_all(&buffer[..read])?,
        }
    }
    let (_, digest, size) = output.finish();
    Ok((header, size, digest))
}

/// Reads what is digested to its end by somebody else.
struct Shared<'a, R>(&'a RefCell<R>);

impl<R: Read> Read for Shared<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// How much may come out: what the header announces, else nine tenths of what there is room for.
fn limit(header: Option<&Header>, to: &Path) -> Result<u64> {
    let folder = files::folder_of(to);
    if let Some(size) = header.and_then(Header::file_size) {
        files::require_space(&folder, size)?;
        return Ok(size);
    }
    let free = platform::free_space(&folder)
        .with_context(|| format!("cannot ask how much space is free at {}", folder.display()))?;
    Ok(free.unwrap_or(u64::MAX) / 10 * 9)
}

fn inside(path: &Path, fault: Fault) -> anyhow::Error {
    anyhow::Error::new(fault)
        .context(Fault::invalid(format!("{} is packed, but no snapshot", path.display())))
}

fn broken(path: &Path, compression: Compression, error: std::io::Error) -> anyhow::Error {
    let what = match compression {
        Compression::None => "cannot be read",
        Compression::Gzip => "is not whole gzip data",
        Compression::Zstd => "is not whole zstd data",
    };
    let kind = if is_broken_stream(&error) { Kind::Invalid } else { Kind::Failed };
    // An error that says so much itself is about the encryption.
    let what = if fault_inside(&error).is_some() { "cannot be read" } else { what };
    anyhow::Error::new(error).context(Fault::new(kind, format!("{} {what}", path.display())))
}

/// Reports the bytes that are read.
struct Counted<'a, R> {
    inner: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}
