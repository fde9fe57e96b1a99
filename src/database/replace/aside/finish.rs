//! Carrying out what a record says.

use super::super::super::sidecar;
use super::record::{INCOMING, RECORD, write_record};
use super::{Aside, file_name};
use crate::error::Fault;
use crate::files;
use crate::progress::Progress;
use anyhow::{Context, Result};
use std::fs::DirEntry;
use std::path::Path;

/// Moves what has not moved yet, from wherever it was left. Once the database is in its place, what fails is a warning: the
/// next run tidies up.
pub(super) fn finish(target: &Path, aside: &mut Aside, progress: &dyn Progress) -> Result<()> {
    move_all(target, aside)?;
    if let Err(error) = tidy_up(target, aside) {
        let target = target.display();
        progress.warn(&format!("{target} is in its place, and the next run tidies up: {error:#}"));
    }
    Ok(())
}

fn move_all(target: &Path, aside: &Aside) -> Result<()> {
    let parent = files::folder_of(target);
    for moved in &aside.record.files {
        let (from, to) = (parent.join(&moved.name), aside.folder.join(&moved.name));
        // Where it has moved already, what has its old name is what came in its place.
        if !files::is_there(&to)? && files::is_there(&from)? {
            files::rename_new(&from, &to)?;
        }
    }
    move_latecomers(target, aside)?;
    files::sync_folder(&aside.folder)?;
    for (from, name) in &aside.record.incoming {
        let (from, to) = (parent.join(from), parent.join(name));
        if files::is_there(&from)? {
            files::rename_new(&from, &to).with_context(|| {
                let folder = aside.folder.display();
                Fault::failed(format!("{} appeared while its place was empty", to.display()))
                    .hint(format!("move it away and run this again; everything is in {folder}"))
            })?;
        }
    }
    Ok(())
}

fn tidy_up(target: &Path, aside: &mut Aside) -> Result<()> {
    let parent = files::folder_of(target);
    files::sync_folder(&parent)?;
    let incoming = aside.folder.join(INCOMING);
    if files::is_there(&incoming)? {
        files::remove_folder(&incoming)?;
    }
    aside.record.done = true;
    write_record(&aside.folder, &aside.record)?;
    for (from, _) in &aside.record.incoming {
        remove_emptied(&files::folder_of(&parent.join(from)))?;
    }
    Ok(())
}

/// Moves what somebody made beside the database since the record was written, if the database has not come in yet: a
/// log must not stand beside a database that is not its own.
fn move_latecomers(target: &Path, aside: &Aside) -> Result<()> {
    if files::is_there(target)? {
        return Ok(());
    }
    for path in sidecar::present(target)? {
        let name = file_name(&path)?;
        let to = aside.folder.join(&name);
        if !has_come_in(&name, target, aside)? && !files::is_there(&to)? {
            files::rename_new(&path, &to)?;
        }
    }
    Ok(())
}

/// Whether what is there under that name is what was to come in.
fn has_come_in(name: &str, target: &Path, aside: &Aside) -> Result<bool> {
    for (from, to) in &aside.record.incoming {
        if to == name && !files::is_there(&files::folder_of(target).join(from))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes the folder of something that was moved aside and has been moved back.
fn remove_emptied(folder: &Path) -> Result<()> {
    if !files::is_there(folder)? {
        return Ok(());
    }
    let names: Vec<_> = files::entries(folder)?.iter().map(DirEntry::file_name).collect();
    if names != [RECORD] {
        return Ok(());
    }
    files::remove(&folder.join(RECORD))?;
    files::remove_folder(folder)
}
