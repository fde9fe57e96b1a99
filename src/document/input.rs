//! Where a document comes from, whatever its format.

use super::reader::archive::CsvZip;
use super::reader::csv::{self, CsvFolder};
use super::reader::{self, Document, Limits, Sink};
use crate::error::blame_input;
use anyhow::Result;
use std::io::{Read, Seek};
use std::path::PathBuf;

/// What can be read and gone about in.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

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
