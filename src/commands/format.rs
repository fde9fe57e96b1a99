//! The format of a document as options, and where it goes.

use super::Context;
use super::input;
use crate::ui::pipe::StandardOutput;
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use larder::document::cell::Dialect;
use larder::document::envelope::Summary;
use larder::document::reader::csv::files_of;
use larder::document::writer::{CsvFiles, CsvFolder, CsvSingle, CsvZip, Format, Layout};
use larder::error::Fault;
use larder::files::{self, AtomicFile, AtomicFolder};
use larder::progress::Progress;
use larder::stream::{BUFFER, Compression, Encoder, Level};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How a document is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Format")]
pub struct FormatOptions {
    /// The format of the document [default: what the name of the output says, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatName>,
    /// JSON with a value a line
    #[arg(long, conflicts_with = "compact")]
    pretty: bool,
    /// JSON without white space
    #[arg(long)]
    compact: bool,
    /// CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file
    #[arg(long)]
    flat: bool,
    /// What stands between the cells of CSV, such as ; or tab [default: ,]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<char>,
    /// What stands for NULL in CSV [default: \N, with --flat nothing]
    #[arg(long, value_name = "TEXT")]
    null: Option<String>,
    /// Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8
    #[arg(long)]
    bom: bool,
    /// How to compress [default: what the name of the output says]
    #[arg(long, value_enum, value_name = "CODEC")]
    compress: Option<super::snapshot::Codec>,
    /// How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]
    #[arg(long, value_name = "N")]
    level: Option<Level>,
}

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// One JSON document
    Json,
    /// A JSON object a line
    Ndjson,
    /// A file of CSV for each section: a folder, or a zip archive
    Csv,
}

/// Reads what stands between cells.
pub fn delimiter(text: &str) -> Result<char, String> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ if text.eq_ignore_ascii_case("tab") || text == "\\t" => Ok('\t'),
        _ => Err("a delimiter is a single character, or tab".to_owned()),
    }
}

/// What kind of file a document goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Json,
    Lines,
    Zip,
    Folder,
    /// A single file of CSV for people.
    Single,
}

/// A document that is about to be written.
pub struct Target {
    container: Container,
    layout: Layout,
    dialect: Dialect,
    bom: bool,
    flat: bool,
    compression: Compression,
    level: Level,
    place: Place,
}

/// Where a document goes.
enum Place {
    File(AtomicFile),
    Folder(AtomicFolder),
    Standard,
}

impl FormatOptions {
    /// Begins a document at a path, or on the standard output; `path` is resolved. Where something is there already and
    /// `overwrite` is not set, that is an error.
    pub fn target(&self, path: Option<&Path>, overwrite: bool) -> Result<Target> {
        let container = self.container(path)?;
        self.refuse_idle(container)?;
        let packed_by_name = path.map_or(Compression::None, Compression::by_name);
        let compression = match (self.compress, path, container) {
            (_, _, Container::Zip) if packed_by_name != Compression::None => {
                return Err(Fault::usage("a zip archive is compressed already").hint("name it .zip").into());
            }
            (Some(codec), _, Container::Zip) if Compression::from(codec) != Compression::None => {
                return Err(Fault::usage("a zip archive is compressed already").into());
            }
            (Some(codec), ..) => codec.into(),
            (None, Some(path), Container::Json | Container::Lines | Container::Single) => {
                Compression::by_name(path)
            }
            _ => Compression::None,
        };
        let level = match container {
            Container::Zip => super::snapshot::level_of(Compression::Gzip, self.level)?,
            _ => super::snapshot::level_of(compression, self.level)?,
        };
        let default = Dialect::default();
        let dialect = Dialect {
            delimiter: self.delimiter.unwrap_or(default.delimiter),
            null: self.null.clone().unwrap_or(if self.flat { String::new() } else { default.null }),
        };
        dialect.check()?;
        let place = match (path, container) {
            (None, Container::Folder) => unreachable!("the standard output is no folder"),
            (None, _) => Place::Standard,
            (Some(path), Container::Folder) => {
                let replaced = if overwrite { files_of(path).or(Some(Vec::new())) } else { None };
                Place::Folder(AtomicFolder::create(path, replaced)?)
            }
            (Some(path), _) => Place::File(AtomicFile::create(path, overwrite)?),
        };
        let layout = match (self.pretty, self.compact) {
            (true, _) => Layout::Pretty,
            (_, true) => Layout::Compact,
            _ => Layout::Rows,
        };
        Ok(Target { container, layout, dialect, bom: self.bom, flat: self.flat, compression, level, place })
    }

    fn container(&self, path: Option<&Path>) -> Result<Container> {
        let named = path.and_then(container_by_name);
        if self.flat {
            return match (self.format, named, path) {
                (Some(FormatName::Json | FormatName::Ndjson), ..)
                | (_, Some(Container::Json | Container::Lines), _) => {
                    Err(Fault::usage("--flat is for CSV").hint("name a .csv, a .zip or a folder").into())
                }
                (_, Some(container), _) => Ok(container),
                (_, None, Some(path)) if !has_extension(&without_compression(path), "csv") => {
                    Ok(Container::Folder)
                }
                _ => Ok(Container::Single),
            };
        }
        match (self.format, named, path) {
            (Some(FormatName::Csv), Some(Container::Zip), _) | (Some(FormatName::Csv), _, None) => {
                Ok(Container::Zip)
            }
            (Some(FormatName::Csv), ..) => Ok(Container::Folder),
            (Some(FormatName::Ndjson), ..) => Ok(Container::Lines),
            (None, Some(container), _) => Ok(container),
            (None, None, Some(path)) if has_extension(&without_compression(path), "csv") => Err(Fault::usage(format!(
                "{} would be a single file, and a document in CSV has several",
                path.display()
            ))
            .hint("name a folder (with a / at its end) or a .zip; --format csv makes a folder of that name; --flat a single file for people")
            .into()),
            (Some(FormatName::Json), ..) | (None, None, _) => Ok(Container::Json),
        }
    }

    /// An error where an option was given that would do nothing.
    fn refuse_idle(&self, container: Container) -> Result<()> {
        let is_csv = matches!(container, Container::Zip | Container::Folder | Container::Single);
        let idle = [
            ("--pretty", self.pretty && container != Container::Json),
            ("--compact", self.compact && container != Container::Json),
            ("--delimiter", self.delimiter.is_some() && !is_csv),
            ("--null", self.null.is_some() && !is_csv),
            ("--bom", self.bom && !is_csv),
        ];
        match idle.iter().find(|(_, is_idle)| *is_idle) {
            Some((option, _)) => Err(Fault::usage(format!("{option} does nothing in this format")).into()),
            None => Ok(()),
        }
    }
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// What a name says of its content.
fn container_by_name(path: &Path) -> Option<Container> {
    if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR) {
        return Some(Container::Folder);
    }
    let plain = without_compression(path);
    let is = |extension: &str| has_extension(&plain, extension);
    match () {
        () if is("json") => Some(Container::Json),
        () if is("ndjson") || is("jsonl") => Some(Container::Lines),
        () if is("zip") => Some(Container::Zip),
        () => None,
    }
}

/// A name without what says how it is compressed.
fn without_compression(path: &Path) -> PathBuf {
    match Compression::by_name(path) {
        Compression::None => path.to_owned(),
        _ => path.with_extension(""),
    }
}

/// A path as an argument, resolved; nothing for the standard output. A separator at its end stays, which says folder.
pub fn output(path: Option<&Path>) -> Result<Option<PathBuf>> {
    let Some(path) = path.filter(|path| !input::is_standard(path)) else { return Ok(None) };
    let is_folder = path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR);
    let mut resolved = files::resolve(path)?;
    if is_folder {
        resolved.push("");
    }
    Ok(Some(resolved))
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
pub type Packed = Encoder<BufWriter<Out>>;

impl Target {
    /// Writes a document by a function that takes its format, and gives it its name.
    pub fn write(
        self,
        context: &Context<'_>,
        write: impl FnOnce(Format<Packed>) -> Result<(Option<Packed>, Summary)>,
    ) -> Result<Summary> {
        let out = match self.place {
            Place::Folder(folder) => {
                let files = Box::new(CsvFolder::new(folder, self.compression, self.level));
                return write(csv(files, self.dialect, self.bom, self.flat)).map(|(_, summary)| summary);
            }
            Place::File(file) => Out::File(file),
            Place::Standard => {
                let output = StandardOutput::new(context.ui.stop_signal());
                Out::Standard(output.context("cannot write to the standard output")?)
            }
        };
        let out = BufWriter::with_capacity(BUFFER, out);
        if self.container == Container::Zip {
            let finished =
                |out: BufWriter<Out>| out.into_inner().map_err(io::IntoInnerError::into_error)?.finish();
            let files = Box::new(CsvZip::new(out, self.level, finished));
            return write(csv(files, self.dialect, self.bom, self.flat)).map(|(_, summary)| summary);
        }
        let packed = Encoder::new(out, self.compression, self.level)?;
        if self.container == Container::Single {
            let files = Box::new(CsvSingle::new(packed, finish));
            return write(Format::Flat(files, self.dialect, self.bom)).map(|(_, summary)| summary);
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
    packed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
}

fn csv(files: Box<dyn CsvFiles>, dialect: Dialect, bom: bool, flat: bool) -> Format<Packed> {
    if flat { Format::Flat(files, dialect, bom) } else { Format::Csv(files, dialect, bom) }
}
