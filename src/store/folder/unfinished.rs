//! Manifests whose snapshot did not get its name, because the process died between the two.
//!
//! A manifest alone may also be one whose snapshot is still being copied by another program, so the scratch folder says
//! which file and which manifest belong together. While the file is still in it, the snapshot has no name.

use super::super::SnapshotName;
use crate::files;
use crate::platform;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

/// The file in a scratch folder that says what is about to get its name.
const NOTE: &str = "publishing";
const MAX_NOTE: u64 = 4096;

/// Says that a manifest is about to get its name, then the snapshot's files, and then the snapshot: both wait in the scratch
/// folder.
pub(super) fn begin(
    scratch: &Path,
    staged: &Path,
    archive: Option<&Path>,
    name: &SnapshotName,
) -> Result<()> {
    let note = scratch.join(NOTE);
    files::remove(&note)?;
    let mut file = files::create(&note)?;
    let mut text = format!("{}\n{}\n", files::name_of(staged), name.manifest_name());
    if let Some(archive) = archive {
        text += &format!("{}\n{}\n", files::name_of(archive), name.files_name());
    }
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", note.display()))
}

/// Removes the manifests of those that did not get to it. The lock of the store must be held, so that nobody is about to.
/// What cannot be looked at is left for the next time.
pub(super) fn sweep(store: &Path) {
    for entry in files::entries(store).unwrap_or_default() {
        let ours = |metadata: std::fs::Metadata| metadata.is_dir() && platform::owned_by_me(&metadata);
        if files::is_scratch(&entry.file_name()) && entry.metadata().is_ok_and(ours) {
            sweep_one(store, &entry.path());
        }
    }
}

fn sweep_one(store: &Path, scratch: &Path) {
    let Ok(Some(note)) = files::read_small_if_there(&scratch.join(NOTE), MAX_NOTE) else { return };
    let note = String::from_utf8_lossy(&note);
    let mut lines = note.lines();
    let (Some(staged), Some(manifest)) = (lines.next(), lines.next()) else { return };
    let is_plain = |name: &str| Path::new(name).file_name() == Some(OsStr::new(name));
    let is_manifest = SnapshotName::parse_manifest(OsStr::new(manifest)).is_some();
    if !is_plain(staged) || !is_manifest || !scratch.join(staged).is_file() {
        return;
    }
    if let (Some(waiting), Some(archive)) = (lines.next(), lines.next())
        && is_plain(waiting)
        && !scratch.join(waiting).exists()
        && SnapshotName::parse_files(OsStr::new(archive)).is_some()
    {
        files::discard(&store.join(archive));
    }
    files::discard(&store.join(manifest));
}
