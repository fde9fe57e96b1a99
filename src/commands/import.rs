//! `larder import`

use super::{Context, input, text};
use crate::exit::Exit;
use crate::ui::table;
use anyhow::{Context as _, Result};
use clap::Args;
use larder::database::selection::Selection;
use larder::error::{Fault, is_broken_stream};
use larder::files;
use larder::import::{ImportOptions, Imported, full};
use larder::stream::{BUFFER, Decoder, Form, HEAD, read_full};
use serde_json::{Map, Value, json};
use std::io::{BufReader, Cursor, Read};
use std::path::PathBuf;

/// Bring a full export into a new or an empty database
///
/// The document is read whole, the database is built beside its place, read back and compared, and only then gets its
/// name. Compressed documents are recognised by their content.
#[derive(Debug, Args)]
pub struct Import {
    /// The document, or - for the standard input
    file: PathBuf,
    /// The database that it becomes: a new file, or one without tables
    database: PathBuf,
    /// Only these tables and views, with their indexes and triggers
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    only: Vec<String>,
    /// Not these tables and views
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Read and build everything, say what would come in, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub fn run(self, context: &Context<'_>) -> Result<Exit> {
        let selection = Selection { only: self.only, exclude: self.exclude };
        let options = ImportOptions {
            selection: &selection,
            dry_run: self.dry_run,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let file = input::open(&self.file, context)?;
        if !input::is_standard(&self.file) && files::resolve(&self.file)? == files::resolve(&self.database)? {
            return Err(Fault::usage(format!("{} is the document itself", self.database.display())).into());
        }
        let name = input::name(&self.file);
        let imported = full(document(file, &name)?, &name, &self.database, &options)?;
        render(&imported, self.dry_run, context)
    }
}

/// The text of a document, whatever it is compressed by. What is no document is said to be what it is.
fn document<R: Read>(file: R, name: &str) -> Result<impl Read + use<R>> {
    let unreadable = || format!("cannot read {name}");
    let (outer, reader) = peek(file).with_context(unreadable)?;
    let decoder = match outer {
        Form::Compressed(compression) => Decoder::new(reader, compression),
        _ => Decoder::new(reader, larder::stream::Compression::None),
    };
    let (form, reader) = decoder.and_then(peek).map_err(|error| {
        let is_broken = is_broken_stream(&error);
        let message = format!("{name} cannot be decompressed");
        anyhow::Error::new(error).context(if is_broken {
            Fault::invalid(message)
        } else {
            Fault::failed(message)
        })
    })?;
    match form {
        Form::Json => Ok(without_mark(reader)),
        Form::Sqlite => Err(Fault::usage(format!("{name} holds a database, not an export"))
            .hint("larder restore puts a snapshot back")
            .into()),
        Form::Age => {
            Err(Fault::invalid(format!("{name} is encrypted")).hint("decrypt it first: age -d").into())
        }
        Form::Empty => Err(Fault::invalid(format!("{name} is empty")).into()),
        Form::Compressed(_) => Err(Fault::invalid(format!("{name} is compressed twice")).into()),
        Form::Unknown => {
            Err(Fault::invalid(format!("{name} is not JSON")).hint("larder export writes documents").into())
        }
    }
}

/// Text without the byte order mark that some editors put before it.
fn without_mark(mut text: impl Read) -> impl Read {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut head = vec![0; MARK.len()];
    // It was read before, to see what the document is, so that nothing can go wrong.
    let read = read_full(&mut text, &mut head).unwrap_or(0);
    head.truncate(if head == MARK { 0 } else { read });
    Cursor::new(head).chain(text)
}

/// What a stream is, and the stream from its beginning.
fn peek<R: Read>(mut reader: R) -> std::io::Result<(Form, impl Read + use<R>)> {
    let mut head = vec![0; HEAD];
    let read = read_full(&mut reader, &mut head)?;
    head.truncate(read);
    Ok((Form::of(&head), Cursor::new(head).chain(BufReader::with_capacity(BUFFER, reader))))
}

fn render(imported: &Imported, dry_run: bool, context: &Context<'_>) -> Result<Exit> {
    let rows = table::count(imported.sections.values().sum(), "row", "rows");
    let tables = table::count(imported.sections.len() as u64, "table", "tables");
    let verb = if dry_run { "would come" } else { "came" };
    context.ui.say(&format!("{rows} of {tables} {verb} into {}", imported.database.display()));
    let section = |(name, new): (&String, &u64)| {
        let counts = json!({
            "new": new, "same": 0, "skipped": 0, "overwritten": 0, "merged": 0, "renamed": 0, "rejected": 0,
        });
        (name.clone(), counts)
    };
    let sections: Map<String, Value> = imported.sections.iter().map(section).collect();
    let result = json!({
        "dry_run": dry_run,
        "database": text(&imported.database),
        "sections": sections,
        "problems": [],
        "needs_refetch": {},
        "safety_snapshot": null,
        "undo": null,
    });
    context.ui.result_path(&result, &imported.database)?;
    Ok(Exit::Done)
}
