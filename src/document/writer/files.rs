//! Where the files of a CSV document go: a folder, or a zip archive.

use crate::document::envelope::METADATA_FILE;
use crate::files::{AtomicFolder, Output};
use crate::stream::{BUFFER, Compression, Encoder, Level};
use anyhow::{Context, Result};
use std::cell::Cell;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Where the files of a document go.
pub trait CsvFiles {
    /// What a compression adds to the names of the sections' files.
    fn extension(&self) -> &'static str {
        ""
    }
    /// Whether there is room for a single file only.
    fn takes_one(&self) -> bool {
        false
    }
    /// Begins a file.
    fn begin(&mut self, name: &str) -> Result<()>;
    /// Writes to the file that was begun last.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;
    /// The file is whole.
    fn end(&mut self) -> Result<()>;
    /// All files are whole. `metadata.json` is the last.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Files in a folder, which appears whole or not at all.
pub struct CsvFolder {
    folder: AtomicFolder,
    compression: Compression,
    level: Level,
    file: Option<Encoder<BufWriter<Output>>>,
}

impl CsvFolder {
    /// Files of sections are compressed like that.
    pub fn new(folder: AtomicFolder, compression: Compression, level: Level) -> Self {
        Self { folder, compression, level, file: None }
    }
}

impl CsvFiles for CsvFolder {
    fn extension(&self) -> &'static str {
        self.compression.extension()
    }

    fn begin(&mut self, name: &str) -> Result<()> {
        let output = BufWriter::with_capacity(BUFFER, self.folder.create_file(name)?);
        let (compression, level) =
            if name == METADATA_FILE { (Compression::None, 0) } else { (self.compression, self.level) };
        self.file = Some(Encoder::new(output, compression, level)?);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.file.as_mut().expect("a file was begun").write_all(bytes)?)
    }

    fn end(&mut self) -> Result<()> {
        let file = self.file.take().expect("a file was begun");
        file.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync()
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.folder.commit(METADATA_FILE)
    }
}

/// Files in a zip archive, which is written from its beginning to its end.
pub struct CsvZip<W: Write> {
    archive: Option<ZipWriter<StreamWriter<Quieted<W>>>>,
    quiet: Rc<Cell<bool>>,
    level: Level,
    /// Takes the output back, to make it durable.
    finished: Option<Box<dyn FnOnce(W) -> Result<()>>>,
}

/// Takes no more once the archive is given up: dropped, its writer would go on, and complain on the standard error.
struct Quieted<W> {
    inner: W,
    quiet: Rc<Cell<bool>>,
}

impl<W: Write> Write for Quieted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.quiet.get() { Ok(bytes.len()) } else { self.inner.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.quiet.get() { Ok(()) } else { self.inner.flush() }
    }
}

impl<W: Write> Drop for CsvZip<W> {
    fn drop(&mut self) {
        self.quiet.set(true);
    }
}

impl<W: Write> CsvZip<W> {
    /// Writes an archive to `output`, and gives it to `finished` once it is whole.
    pub fn new(output: W, level: Level, finished: impl FnOnce(W) -> Result<()> + 'static) -> Self {
        let quiet = Rc::new(Cell::new(false));
        let output = Quieted { inner: output, quiet: Rc::clone(&quiet) };
        Self {
            archive: Some(ZipWriter::new_stream(output)),
            quiet,
            level,
            finished: Some(Box::new(finished)),
        }
    }
}

impl<W: Write> CsvFiles for CsvZip<W> {
    fn begin(&mut self, name: &str) -> Result<()> {
        // The time is the same in every archive, so that the same data gives the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(if self.level == 0 {
                CompressionMethod::Stored
            } else {
                CompressionMethod::Deflated
            })
            .compression_level((self.level > 0).then(|| i64::from(self.level)))
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o600)
            .large_file(true);
        let archive = self.archive.as_mut().context("an archive is finished once")?;
        archive.start_file(name, options).with_context(|| format!("cannot write {name} into the archive"))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let archive = self.archive.as_mut().context("an archive is finished once")?;
        archive.write_all(bytes).context("cannot write the archive")
    }

    fn end(&mut self) -> Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let archive = self.archive.take().context("an archive is finished once")?;
        let output = archive.finish().context("cannot write the archive")?;
        let output = output.into_inner().inner;
        let finished = self.finished.take().context("an archive is finished once")?;
        finished(output)
    }
}

/// A single file, without a name of its own.
pub struct CsvSingle<W: Write> {
    output: W,
    /// Takes the output back, to make it durable.
    finished: Box<dyn FnOnce(W) -> Result<()>>,
}

impl<W: Write> CsvSingle<W> {
    /// Writes the file to `output`, and gives it to `finished` once it is whole.
    pub fn new(output: W, finished: impl FnOnce(W) -> Result<()> + 'static) -> Self {
        Self { output, finished: Box::new(finished) }
    }
}

impl<W: Write> CsvFiles for CsvSingle<W> {
    fn takes_one(&self) -> bool {
        true
    }

    fn begin(&mut self, _: &str) -> Result<()> {
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.output.write_all(bytes)?)
    }

    fn end(&mut self) -> Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        (self.finished)(self.output)
    }
}
