//! A document on its way to a file, a folder or the standard output.

use super::Context;
use crate::ui::pipe::StandardOutput;
use crate::ui::require_stdout;
use anyhow::{Context as _, Result};
use larder::document::cell::Dialect;
use larder::document::envelope::Summary;
use larder::document::writer::{CsvFiles, CsvFolder, CsvSingle, CsvZip, Format, Layout};
use larder::files::{AtomicFile, AtomicFolder};
use larder::progress::Progress;
use larder::stream::age::{Lock, Sealing};
use larder::stream::{BUFFER, Compression, Encoder, Level};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// What kind of file a document goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Json,
    Lines,
    Zip,
    Folder,
    /// A single file of CSV for people.
    Single,
}

/// A document that is about to be written.
pub struct Target {
    pub container: Container,
    pub layout: Layout,
    pub dialect: Dialect,
    pub bom: bool,
    pub flat: bool,
    pub compression: Compression,
    pub level: Level,
    /// Whom it is encrypted for; nothing where it is not.
    pub lock: Option<Lock>,
    pub place: Place,
}

/// Where a document goes.
pub enum Place {
    File(AtomicFile),
    Folder(AtomicFolder),
    Standard,
}

/// Takes the bytes of a document.
pub enum Out {
    File(AtomicFile),
    Standard(StandardOutput),
}

impl Out {
    fn finish(self) -> Result<()> {
        match self {
            Self::File(file) => file.commit(),
            Self::Standard(output) => Ok(output.finish()?),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Standard(output) => output.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Standard(output) => output.flush(),
        }
    }
}

/// What a JSON document is written to.
pub type Packed = Encoder<Sealed>;

/// What takes it compressed.
type Sealed = Sealing<BufWriter<Out>>;

impl Target {
    /// Writes a document by a function that takes its format, and gives it its name.
    pub fn write(
        self,
        context: &Context<'_>,
        write: impl FnOnce(Format<Packed>) -> Result<(Option<Packed>, Summary)>,
    ) -> Result<Summary> {
        let temporary = self.flat.then(|| context.temporary.clone());
        let out = match self.place {
            Place::Folder(folder) => {
                let files = Box::new(CsvFolder::new(folder, self.compression, self.level));
                return write(csv(files, self.dialect, self.bom, temporary)).map(|(_, summary)| summary);
            }
            Place::File(file) => Out::File(file),
            Place::Standard => {
                require_stdout()?;
                let output = StandardOutput::new(context.ui.stop_signal());
                Out::Standard(output.context("cannot write to the standard output")?)
            }
        };
        let out = Sealing::new(BufWriter::with_capacity(BUFFER, out), self.lock.as_ref())?;
        if self.container == Container::Zip {
            let files = Box::new(CsvZip::new(out, self.level, unseal));
            return write(csv(files, self.dialect, self.bom, temporary)).map(|(_, summary)| summary);
        }
        let packed = Encoder::new(out, self.compression, self.level)?;
        if self.container == Container::Single {
            let files = Box::new(CsvSingle::new(packed, finish));
            let format = Format::Flat(files, self.dialect, self.bom, context.temporary.clone());
            return write(format).map(|(_, summary)| summary);
        }
        let format = match self.container {
            Container::Lines => Format::Lines(packed),
            _ => Format::Json(packed, self.layout),
        };
        let (packed, summary) = write(format)?;
        finish(packed.expect("JSON gives its output back"))?;
        Ok(summary)
    }
}

/// Makes what was written whole and durable.
fn finish(packed: Packed) -> Result<()> {
    unseal(packed.finish()?)
}

fn unseal(sealed: Sealed) -> Result<()> {
    sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
}

/// CSV; with a folder for private files, that for people.
fn csv(files: Box<dyn CsvFiles>, dialect: Dialect, bom: bool, flat: Option<PathBuf>) -> Format<Packed> {
    match flat {
        Some(temporary) => Format::Flat(files, dialect, bom, temporary),
        None => Format::Csv(files, dialect, bom),
    }
}
