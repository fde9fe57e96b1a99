//! The format of a document as options, and where it goes.

use super::input;
use super::snapshot::{Codec, level_of};
use super::target::{Container, Place, Target};
use anyhow::Result;
use clap::{Args, ValueEnum};
use larder::document::cell::Dialect;
use larder::document::reader::csv::files_of;
use larder::document::writer::Layout;
use larder::error::Fault;
use larder::files::{self, AtomicFile, AtomicFolder};
use larder::store::Held;
use larder::stream::age::{Lock, without_extension};
use larder::stream::{Compression, Level};
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
    compress: Option<Codec>,
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

impl FormatOptions {
    /// Begins a document at a path, or on the standard output, encrypted where there is a lock; `path` is resolved. Where something is there already and
    /// `overwrite` is not set, that is an error.
    pub fn target(&self, path: Option<&Path>, overwrite: bool, lock: Option<Lock>) -> Result<Target> {
        let container = self.container(path)?;
        if lock.is_some() && container == Container::Folder {
            return Err(Fault::usage("a folder of files cannot be encrypted")
                .hint("name a .zip.age, which has them all")
                .into());
        }
        self.refuse_idle(container)?;
        let compression = self.compression(container, path)?;
        let level = match container {
            Container::Zip => level_of(Compression::Gzip, self.level)?,
            _ => level_of(compression, self.level)?,
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
        let (bom, flat) = (self.bom, self.flat);
        Ok(Target { container, layout, dialect, bom, flat, compression, level, lock, place })
    }

    /// What an export in a store is, and how it is compressed.
    pub fn stored(&self) -> Result<(Held, Compression)> {
        let held = match self.format {
            Some(FormatName::Ndjson) => Held::Ndjson,
            Some(FormatName::Csv) => Held::Zip,
            _ => Held::Json,
        };
        let compression = match (held, self.compress.map(Compression::from)) {
            (Held::Zip, None | Some(Compression::None)) => Compression::None,
            (Held::Zip, Some(_)) => {
                return Err(Fault::usage("a zip archive is compressed already").into());
            }
            (_, codec) => codec.unwrap_or(Compression::Gzip),
        };
        Ok((held, compression))
    }

    /// What the name of a document ends in that nobody named. What is several files is packed into one.
    pub fn ending(&self) -> Result<String> {
        let name = match self.format {
            Some(FormatName::Ndjson) => ".ndjson",
            Some(FormatName::Csv) => ".zip",
            _ if self.flat => ".zip",
            _ => ".json",
        };
        let container = self.container(Some(Path::new(&format!("x{name}"))))?;
        let compression = self.compression(container, Some(Path::new(name)))?;
        Ok(format!("{name}{}", compression.extension()))
    }

    fn compression(&self, container: Container, path: Option<&Path>) -> Result<Compression> {
        let packed_by_name = path.map_or(Compression::None, Compression::by_name);
        Ok(match (self.compress, path, container) {
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
        })
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

/// A name without what says how it is compressed and encrypted.
fn without_compression(path: &Path) -> PathBuf {
    let path = without_extension(path);
    match Compression::by_name(&path) {
        Compression::None => path,
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
