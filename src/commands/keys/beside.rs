//! A key that lies beside what it opens: who gets the one gets the other, and what loses the one loses both.

use super::{KeyArgs, KeySettings};
use crate::commands::Context;
use larder::files;
use larder::progress::Progress;
use larder::store::SnapshotName;
use larder::stream::age::Lock;
use std::path::{Path, PathBuf};

/// The largest file that is looked at, in bytes: identities are small.
const LARGEST: u64 = 16 << 10;

/// How many files are looked at.
const MOST: usize = 1000;

/// Says so where the folder of a file that was just encrypted also holds what opens it.
pub fn warn_of_keys_beside(
    file: &Path,
    lock: &Lock,
    keys: &KeyArgs,
    settings: &KeySettings,
    context: &Context<'_>,
) {
    let folder = files::folder_of(file);
    let Some(key) = passphrase_in(&folder, lock, keys, settings).or_else(|| identity_in(&folder, lock))
    else {
        return;
    };
    context.ui.warn(&format!(
        "THE KEY LIES BESIDE THE BACKUP: {} opens {}. Whoever gets the folder can read it, and whoever loses the folder loses \
         both. Keep the key somewhere else, and a copy of it too",
        key.display(),
        files::name_of(file),
    ));
}

fn passphrase_in(folder: &Path, lock: &Lock, keys: &KeyArgs, settings: &KeySettings) -> Option<PathBuf> {
    let file = keys.file_of(lock, settings)?;
    let resolved = |path: &Path| files::resolve(path).ok();
    (resolved(&files::folder_of(&resolved(file)?)) == resolved(folder)).then(|| file.to_owned())
}

fn identity_in(folder: &Path, lock: &Lock) -> Option<PathBuf> {
    let is_small = |path: &PathBuf| {
        let metadata = files::metadata(path).ok().flatten();
        metadata.is_some_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST)
    };
    // A folder that cannot be read is nothing to warn of.
    let entries = files::entries(folder).unwrap_or_default();
    let names = entries.iter().filter(|entry| {
        let name = entry.file_name();
        SnapshotName::parse(&name).is_none() && SnapshotName::parse_manifest(&name).is_none()
    });
    let mut candidates = names.take(MOST).map(std::fs::DirEntry::path).filter(is_small);
    candidates.find(|path| lock.is_opened_by(path))
}
