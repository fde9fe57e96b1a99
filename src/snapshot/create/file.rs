//! A snapshot as a single file, anywhere.

use super::{Options, Snapshot, make, plain_scratch, require, take_into};
use crate::database::replace::aside::is_held;
use crate::database::sidecar;
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::store::Location;
use crate::stream::Compression;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// Makes a snapshot as a single file without a manifest beside it.
pub fn in_file(database: &Path, to: &Path, overwrite: bool, options: &Options<'_>) -> Result<Snapshot> {
    file_snapshot(database, to, overwrite, options)
        .with_context(|| format!("no snapshot of {}", database.display()))
}

fn file_snapshot(database: &Path, to: &Path, overwrite: bool, options: &Options<'_>) -> Result<Snapshot> {
    let began = Instant::now();
    let to = files::resolve(to)?;
    sidecar::refuse_output(&to, database)?;
    files::refuse_taken(&to, overwrite)?;
    refuse_company(&to, options)?;
    let staging = Scratch::new_in(&files::folder_of(&to))?;
    let size = files::metadata(database)?.map_or(0, |metadata| metadata.len());
    let scratch = if let Some(scratch) = plain_scratch(database, None, options)? {
        scratch
    } else {
        let folders = [options.temporary, staging.folder()];
        Scratch::new_in(files::roomy_folder(&folders, size.saturating_mul(2)))?
    };
    let (taken, content, _) = take_into(&scratch, database, options)?;
    let staged = staging.file("snapshot");
    let mut manifest = make(&taken, content, (&staged, None), options, began)?;
    require(&taken, &mut manifest, options)?;
    if let Some(lock) = options.lock {
        manifest.seal(lock)?;
    }
    refuse_company(&to, options)?;
    files::place(&staged, &to, overwrite)?;
    Ok(Snapshot { location: Location::Path(to), manifest, witness: None, staged: None })
}

/// An error where SQLite would take something beside a plain database for a part of it, or where somebody has the one open
/// that it would replace.
fn refuse_company(to: &Path, options: &Options<'_>) -> Result<()> {
    if options.compression != Compression::None || options.lock.is_some() {
        return Ok(());
    }
    let what = match sidecar::present(to)?.first() {
        Some(sidecar) => format!("{} lies beside it", sidecar.display()),
        None if files::metadata(to)?.is_some() && is_held(to)? => "another program has it open".to_owned(),
        None => return Ok(()),
    };
    let message = format!("{} cannot be put in its place: {what}", to.display());
    Err(Fault::failed(message).hint("choose another name; to replace a database, use larder restore").into())
}
