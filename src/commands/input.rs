//! Files as arguments: a path, a pipe, `-` for the standard input, or the URL of a file in a remote store.

mod spool;

pub use spool::{Spooled, spool};

use super::{Context, store};
use crate::ui::pipe;
use anyhow::{Context as _, Result};
use clap::Args;
use larder::database::header::read_head;
use larder::document::envelope::METADATA_FILE;
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::document::reader::foreign::{CsvOptions, Foreign};
use larder::error::{Fault, is_broken_stream};
use larder::files::{self, Scratch};
use larder::progress::Progress;
use larder::store::{Fetched, Location};
use larder::stream::age::{Keys, unlock, without_extension};
use larder::stream::{Expansion, Form, Text, decompress};
use spool::{MOST as MOST_PIPED, Piped, write_down};
use std::io::Read;
use std::path::Path;

/// What an argument is called in messages.
pub fn name(file: &Path) -> String {
    if is_standard(file) { "standard input".to_owned() } else { file.display().to_string() }
}

/// What an argument is called in JSON.
pub fn text(file: &Path) -> String {
    if is_standard(file) { name(file) } else { super::text(file) }
}

/// Whether an argument means the standard input.
pub fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// Whether an argument is the URL of a file in a remote store.
pub fn is_url(file: &Path) -> Result<bool> {
    Ok(Location::of(file)?.path().is_none())
}

/// Whether an argument means something that is no file of this machine, and is read once only.
pub fn is_pipe(file: &Path) -> Result<bool> {
    if is_url(file)? {
        return Ok(true);
    }
    let is_pipe = |metadata: std::fs::Metadata| !metadata.is_file() && !metadata.is_dir();
    Ok(is_standard(file) || files::metadata(file)?.is_some_and(is_pipe))
}

/// Opens what an argument means, to be read once from the beginning to the end.
pub fn open(file: &Path, context: &Context<'_>) -> Result<Box<dyn Read>> {
    let stop = context.ui.stop_signal();
    if is_standard(file) {
        return Ok(Box::new(pipe::Input::standard(stop).context("cannot read the standard input")?));
    }
    if let Some(fetched) = store::fetched(file, context)? {
        return Ok(Box::new(FetchedFile { file: files::open(&fetched.path)?, _fetched: fetched }));
    }
    if is_pipe(file)? {
        let path = file.to_owned();
        let piped = pipe::Input::new(move || std::fs::File::open(path), stop);
        return Ok(Box::new(piped.with_context(|| format!("cannot read {}", file.display()))?));
    }
    files::require_file(file)?;
    Ok(Box::new(files::open(file)?))
}

/// A file that was fetched, and goes when it was read.
struct FetchedFile {
    file: std::fs::File,
    _fetched: Fetched,
}

impl Read for FetchedFile {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.file.read(buffer)
    }
}

/// How much of a document is let in.
#[derive(Debug, Args)]
pub struct LimitOptions {
    /// The largest row that is let in [default: 256MiB]
    #[arg(long, value_name = "SIZE", value_parser = larder::config::size)]
    max_row: Option<u64>,
    /// How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in;
    /// 16GiB through a pipe]
    #[arg(long, value_name = "SIZE", value_parser = larder::config::size)]
    max_size: Option<u64>,
}

impl LimitOptions {
    /// The limits.
    pub fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits { row: self.max_row.unwrap_or(default.row), expansion: Expansion { limit: self.max_size } }
    }

    /// How many bytes may come through a pipe whose content is kept.
    pub fn piped(&self) -> u64 {
        self.max_size.unwrap_or(MOST_PIPED)
    }

    /// The same where nothing is kept: no more than the user says.
    pub fn streamed(&self) -> u64 {
        self.max_size.unwrap_or(u64::MAX)
    }
}

/// A document that is to be read.
pub struct Document {
    /// The document.
    pub input: Input,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Keeps what came through a pipe, until it was read.
    pub kept: Kept,
}

/// What came through a pipe, and goes with this.
pub struct Kept {
    _spooled: Option<Scratch>,
}

/// The document that an argument means, whatever it is compressed by, of which `piped` bytes may come through a pipe. What is
/// no document is said to be what it is.
pub fn document(
    file: &Path,
    limits: &Limits,
    piped: u64,
    keys: &Keys<'_>,
    context: &Context<'_>,
) -> Result<Document> {
    if file.is_dir() && !is_standard(file) {
        if !file.join(METADATA_FILE).is_file() {
            let message = format!("{} is a folder without {METADATA_FILE}: it is no export", file.display());
            return Err(Fault::invalid(message).into());
        }
        let input = Input::Folder(file.to_owned());
        return Ok(Document { input, encrypted: false, kept: Kept { _spooled: None } });
    }
    let (form, text, encrypted) = opened(file, limits, piped, keys, context)?;
    let input = match form {
        Form::Json => Input::Json(json(text, file)?),
        Form::Zip => return archive(file, text, encrypted, context),
        Form::Unknown => {
            return Err(Fault::invalid(format!(
                "{} is no export: neither JSON nor a zip archive",
                name(file)
            ))
            .hint("larder export writes documents; rows of other programs come in with --section TABLE")
            .into());
        }
        other => return Err(no_text(other, &name(file)).into()),
    };
    Ok(Document { input, encrypted, kept: Kept { _spooled: None } })
}

/// The rows of another program that an argument means: JSON, or else CSV.
pub fn foreign(
    file: &Path,
    limits: &Limits,
    options: CsvOptions,
    keys: &Keys<'_>,
    context: &Context<'_>,
) -> Result<Foreign> {
    let plain = without_extension(file);
    let is_csv = plain.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let piped = limits.expansion.limit.unwrap_or(MOST_PIPED);
    let (form, text, _) = opened(file, limits, piped, keys, context)?;
    match form {
        Form::Json if !is_csv => Ok(Foreign::Json(json(text, file)?)),
        Form::Json | Form::Unknown => Ok(Foreign::Csv(text, options)),
        other => Err(no_text(other, &name(file)).into()),
    }
}

/// What an argument holds, decrypted and decompressed, and whether it is encrypted.
fn opened(
    file: &Path,
    limits: &Limits,
    piped: u64,
    keys: &Keys<'_>,
    context: &Context<'_>,
) -> Result<(Form, Box<dyn Read>, bool)> {
    let reader = open(file, context)?;
    let reader: Box<dyn Read> = if is_pipe(file)? { Box::new(Piped::new(reader, piped)) } else { reader };
    let (encrypted, plain) = unlock(reader, keys, &name(file))?;
    let (form, text) = decompress(plain, limits.expansion).map_err(|error| {
        let is_broken = is_broken_stream(&error);
        let message = format!("{} cannot be read", name(file));
        anyhow::Error::new(error).context(if is_broken {
            Fault::invalid(message)
        } else {
            Fault::failed(message)
        })
    })?;
    Ok((form, text, encrypted))
}

/// An error that says what a file is instead of text.
fn no_text(form: Form, name: &str) -> Fault {
    match form {
        Form::Sqlite => Fault::usage(format!("{name} holds a database, not an export"))
            .hint("larder restore puts a snapshot back"),
        Form::Age => Fault::invalid(format!("{name} is encrypted twice")).hint("decrypt it first: age -d"),
        Form::Empty => Fault::invalid(format!("{name} is empty")),
        Form::Compressed(_) => Fault::invalid(format!("{name} is compressed twice")),
        Form::Zip => Fault::invalid(format!("{name} is a zip archive: take the file out first")),
        Form::Json | Form::Unknown => Fault::invalid(format!("{name} is not what it should be")),
    }
}

/// A zip archive, which is read from its end: what comes through a pipe, or was compressed once more, is written down.
fn archive(file: &Path, text: impl Read, encrypted: bool, context: &Context<'_>) -> Result<Document> {
    let is_plain = !is_pipe(file)? && Form::of(&read_head(file)?) == Form::Zip;
    if is_plain {
        let input = Input::Zip(Box::new(files::open(file)?));
        return Ok(Document { input, encrypted, kept: Kept { _spooled: None } });
    }
    let scratch = Scratch::new_in(&context.temporary)?;
    let path = scratch.file("archive");
    // What comes through a pipe and what comes out of a compressed file has its limit already.
    write_down(text, &path, &name(file), u64::MAX, context)?;
    let input = Input::Zip(Box::new(files::open(&path)?));
    Ok(Document { input, encrypted, kept: Kept { _spooled: Some(scratch) } })
}

/// JSON as UTF-8, whatever an editor made of it.
fn json(text: impl Read + 'static, file: &Path) -> Result<Box<dyn Read>> {
    Ok(Box::new(Text::json(text).with_context(|| format!("cannot read {}", name(file)))?))
}
