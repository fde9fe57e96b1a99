//! Where a document comes from, whatever its format.

use super::envelope::Metadata;
use super::reader::archive::CsvZip;
use super::reader::csv::{self, CsvFolder};
use super::reader::{self, Document, Limits, Place, Sink};
use crate::database::value::Value;
use crate::error::blame_input;
use anyhow::{Result, bail};
use std::cell::RefCell;
use std::io::{self, Cursor, Read, Seek};
use std::path::PathBuf;
use std::rc::Rc;

/// What can be read and gone about in.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Keeps what is read.
struct Recorded {
    text: Box<dyn Read>,
    kept: Vec<u8>,
}

struct Recorder(Rc<RefCell<Recorded>>);

impl Read for Recorder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut recorded = self.0.borrow_mut();
        let read = recorded.text.read(buffer)?;
        recorded.kept.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}

/// Takes the metadata, and stops the reading.
struct First(Option<Metadata>);

impl Sink for First {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        self.0 = Some(metadata.clone());
        bail!("only the metadata are wanted")
    }

    fn section(&mut self, _: &str) -> Result<Option<Vec<String>>> {
        Ok(None)
    }

    fn row(&mut self, _: Option<i64>, _: Vec<Value>, _: Place) -> Result<()> {
        Ok(())
    }

    fn item(&mut self, _: Option<i64>, _: Vec<Option<Value>>, _: Place) -> Result<()> {
        Ok(())
    }
}

/// A document that is to be read.
pub enum Input {
    /// JSON, in one object or in lines.
    Json(Box<dyn Read>),
    /// CSV in a zip archive.
    Zip(Box<dyn ReadSeek>),
    /// CSV in a folder.
    Folder(PathBuf),
}

impl Input {
    /// Reads the metadata, and gives the whole document back, to be read from its beginning.
    pub fn metadata(self, name: &str, limits: Limits) -> Result<(Metadata, Self)> {
        let mut first = First(None);
        let (read, input) = match self {
            Self::Json(text) => {
                let text = Rc::new(RefCell::new(Recorded { text, kept: Vec::new() }));
                let read = reader::read(Recorder(Rc::clone(&text)), name, limits, &mut first);
                let recorded = Rc::into_inner(text).expect("the reader is done").into_inner();
                (read, Self::Json(Box::new(Cursor::new(recorded.kept).chain(recorded.text))))
            }
            Self::Folder(folder) => {
                let read = csv::read(&mut CsvFolder::new(folder.clone()), name, limits, &mut first);
                (read, Self::Folder(folder))
            }
            Self::Zip(mut archive) => {
                let read = CsvZip::new(&mut archive)
                    .map_err(|error| blame_input(error, format!("cannot read {name}")))
                    .and_then(|mut source| csv::read(&mut source, name, limits, &mut first));
                (read, Self::Zip(archive))
            }
        };
        match (first.0, read) {
            (Some(metadata), _) => Ok((metadata, input)),
            (None, Err(error)) => Err(error),
            (None, Ok(document)) => Ok((document.metadata, input)),
        }
    }

    /// Reads the document to its end, and passes what it holds to a sink. `name` is what it is called in errors.
    pub fn read(self, name: &str, limits: Limits, sink: &mut dyn Sink) -> Result<Document> {
        match self {
            Self::Json(text) => reader::read(text, name, limits, sink),
            Self::Folder(folder) => csv::read(&mut CsvFolder::new(folder), name, limits, sink),
            Self::Zip(archive) => {
                let archive =
                    CsvZip::new(archive).map_err(|error| blame_input(error, format!("cannot read {name}")));
                csv::read(&mut archive?, name, limits, sink)
            }
        }
    }
}
