//! Files as arguments: a path, a pipe, or `-` for the standard input.

use super::Context;
use crate::ui::pipe;
use anyhow::{Context as _, Result};
use larder::files::{self, Scratch};
use larder::progress::Progress;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

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

/// Whether an argument means something that can be read once only.
pub fn is_pipe(file: &Path) -> Result<bool> {
    let is_pipe = |metadata: std::fs::Metadata| !metadata.is_file() && !metadata.is_dir();
    Ok(is_standard(file) || files::metadata(file)?.is_some_and(is_pipe))
}

/// Opens what an argument means, to be read once from the beginning to the end.
pub fn open(file: &Path, context: &Context<'_>) -> Result<Box<dyn Read>> {
    let stop = context.ui.stop_signal();
    if is_standard(file) {
        return Ok(Box::new(pipe::Input::standard(stop).context("cannot read the standard input")?));
    }
    if is_pipe(file)? {
        let path = file.to_owned();
        let piped = pipe::Input::new(move || std::fs::File::open(path), stop);
        return Ok(Box::new(piped.with_context(|| format!("cannot read {}", file.display()))?));
    }
    files::require_file(file)?;
    Ok(Box::new(files::open(file)?))
}

/// A file that can be read more than once: the one that was named, or what came through a pipe.
pub struct Spooled {
    /// Where it is.
    pub path: PathBuf,
    _scratch: Option<Scratch>,
}

/// The file that an argument means; what comes through a pipe is written down in one of `folders` first.
pub fn spool(file: &Path, folders: &[&Path], context: &Context<'_>) -> Result<Spooled> {
    if !is_pipe(file)? {
        files::require_file(file)?;
        return Ok(Spooled { path: file.to_owned(), _scratch: None });
    }
    let mut reader = open(file, context)?;
    let scratch = Scratch::new_in(files::roomy_folder(folders, 0))?;
    let path = scratch.file("standard-input");
    let mut output = files::create(&path)?;
    std::io::copy(&mut reader, &mut output)
        .with_context(|| format!("cannot keep a copy of {}", name(file)))?;
    output.flush()?;
    context.ui.call(&path, &name(file));
    Ok(Spooled { path, _scratch: Some(scratch) })
}
