//! A store that is a folder.

mod unfinished;

use super::listing::stem_of;
use super::name::MANIFEST;
use super::{Finished, Listing, MAX_MANIFEST, Receipts, SnapshotName};
use crate::error::Fault;
use crate::files;
use crate::patience::Patience;
use crate::progress::Progress;
use anyhow::{Context, Result};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{DirEntry, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The file by which writers to a store wait for each other.
pub const LOCK: &str = ".larder.lock";

/// The file that says that a folder is a store. Where a disk is not mounted, its folder lacks it.
const MARKER: &str = ".larder-store";

/// A folder of snapshots.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// The right to write to a store. It ends with the value, or with the process.
#[derive(Debug)]
pub struct StoreLock {
    _file: Option<File>,
}

impl StoreLock {
    /// Where there are no locks.
    pub(super) fn none() -> Self {
        Self { _file: None }
    }
}

impl Folder {
    /// A store that exists.
    pub fn open(path: &Path) -> Result<Self> {
        match files::metadata(path)? {
            Some(metadata) if metadata.is_dir() => Ok(Self { path: files::resolve(path)? }),
            Some(_) => {
                Err(Fault::usage(format!("{} is not a folder, so it is no store", path.display())).into())
            }
            None => Err(Fault::failed(format!("there is no store at {}", path.display()))
                .hint("larder snapshot DB makes one; another is named by its path")
                .into()),
        }
    }

    /// A store that is made where it does not exist, for its owner alone.
    pub fn create(path: &Path) -> Result<Self> {
        files::create_folders(path)?;
        let store = Self::open(path)?;
        store.mark()?;
        Ok(store)
    }

    /// Whether a folder is known to be a store: by its marker, or by what an earlier version left there.
    pub fn is_store(path: &Path) -> Result<bool> {
        if !files::metadata(path)?.is_some_and(|metadata| metadata.is_dir()) {
            return Ok(false);
        }
        if files::is_there(&path.join(MARKER))? || files::is_there(&path.join(LOCK))? {
            return Ok(true);
        }
        let Listing { items, orphans } = Self::open(path)?.list()?;
        Ok(!items.is_empty() || !orphans.is_empty())
    }

    /// Marks the folder as a store, where it is not yet.
    fn mark(&self) -> Result<()> {
        let marker = self.path.join(MARKER);
        if files::is_there(&marker)? {
            return Ok(());
        }
        let marked = files::create(&marker).and_then(|mut output| {
            let text = "larder keeps snapshots here. Without this file, no schedule writes to the folder.\n";
            output.write_all(text.as_bytes())?;
            files::give_to_owner_of(&self.path, &marker)
        });
        match marked {
            // Another larder was faster.
            Err(_) if files::is_there(&marker)? => Ok(()),
            marked => marked.with_context(|| format!("cannot write to the store {}", self.path.display())),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the snapshot of that name is, or would be.
    pub fn file(&self, name: &SnapshotName) -> PathBuf {
        self.path.join(name.file_name())
    }

    fn manifest_file(&self, name: &SnapshotName) -> PathBuf {
        self.path.join(name.manifest_name())
    }

    /// Waits for the right to write, and removes what killed runs left. File systems without locks let everybody in.
    pub fn lock(&self, patience: &Patience) -> Result<StoreLock> {
        let path = self.path.join(LOCK);
        let is_new = files::metadata(&path)?.is_none();
        let file = files::open_lock(&path)
            .with_context(|| format!("cannot write to the store {}", self.path.display()))?;
        if is_new {
            files::give_to_owner_of(&self.path, &path)?;
        }
        files::lock(&file, patience, || {
            format!("another larder is writing to the store {}", self.path.display())
        })?;
        unfinished::sweep(&self.path);
        files::sweep(&self.path);
        Ok(StoreLock { _file: Some(file) })
    }

    /// Everything that has the name of a snapshot or of a manifest. Other files are not looked at.
    pub fn list(&self) -> Result<Listing> {
        let entries = files::entries(&self.path)?;
        let sized = entries.iter().map(|entry| Ok((entry.file_name(), size_of(entry)?)));
        Ok(Listing::of(sized.collect::<Result<Vec<_>>>()?))
    }

    /// When a manifest was last written.
    pub fn manifest_written_at(&self, name: &SnapshotName) -> Result<Option<SystemTime>> {
        Ok(files::metadata(&self.manifest_file(name))?.and_then(|metadata| metadata.modified().ok()))
    }

    /// The text of a manifest; `None` where there is none.
    pub fn read_manifest(&self, name: &SnapshotName) -> Result<Option<Vec<u8>>> {
        files::read_small_if_there(&self.manifest_file(name), MAX_MANIFEST)
    }

    /// Gives a finished snapshot, its manifest and its files their names, durably: the manifest first and the snapshot last, so
    /// that neither snapshot nor files ever stand there without. `scratch` is a folder on the store's file system. The lock must be held.
    ///
    /// Once both have their names, the snapshot is there: what fails then is a warning.
    pub fn publish(
        &self,
        finished: &Finished<'_>,
        name: &SnapshotName,
        scratch: &Path,
        progress: &dyn Progress,
    ) -> Result<PathBuf> {
        let staged_manifest = scratch.join("manifest");
        write_durably(&staged_manifest, &(finished.manifest)(&Receipts::default()))?;
        let (file, manifest_file) = (self.file(name), self.manifest_file(name));
        let archive = finished.files.map(|(staged, _)| (staged, self.path.join(name.files_name())));
        let staged_files = archive.as_ref().map(|(staged, _)| *staged);
        for path in [finished.file, &staged_manifest].into_iter().chain(staged_files) {
            files::give_to_owner_of(&self.path, path)?;
        }
        self.mark()?;
        unfinished::begin(scratch, finished.file, staged_files, name)?;
        files::rename_new(&staged_manifest, &manifest_file)?;
        if let Some((staged, archive)) = &archive {
            files::rename_new(staged, archive).inspect_err(|_| files::discard(&manifest_file))?;
        }
        files::rename_new(finished.file, &file).inspect_err(|_| {
            files::discard(&manifest_file);
            if let Some((_, archive)) = &archive {
                files::discard(archive);
            }
        })?;
        if let Err(error) = files::sync_folder(&self.path) {
            let file = file.display();
            progress.alarm(&format!("{file} is whole, but it may be gone after a power failure: {error:#}"));
        }
        Ok(file)
    }

    /// Replaces a manifest, durably. The lock must be held.
    pub fn replace_manifest(&self, name: &SnapshotName, manifest: &[u8], scratch: &Path) -> Result<()> {
        let staged = scratch.join("manifest");
        write_durably(&staged, manifest)?;
        files::give_to_owner_of(&self.path, &staged)?;
        files::rename(&staged, &self.manifest_file(name))?;
        files::sync_folder(&self.path)
    }

    /// Deletes snapshots, each with its files before and its manifest after it, unless another file has the same name but for its
    /// compression. `next` is told of each before, and may end it. The lock must be held.
    pub fn remove_all(
        &self,
        names: &[&SnapshotName],
        next: &mut dyn FnMut(&SnapshotName) -> Result<()>,
    ) -> Result<()> {
        // Looked at once: there may be thousands.
        let mut alike: HashMap<String, Vec<OsString>> = HashMap::new();
        let mut archives = HashSet::new();
        for file in files::entries(&self.path)?.iter().map(DirEntry::file_name) {
            if SnapshotName::parse_files(&file).is_some() {
                archives.insert(file);
            } else if let Some(stem) = stem_of(&file) {
                alike.entry(stem).or_default().push(file);
            }
        }
        for name in names {
            next(name)?;
            let archive = OsString::from(name.files_name());
            if archives.contains(&archive) {
                files::remove(&self.path.join(archive))?;
            }
            files::remove(&self.file(name))?;
            let left = alike.entry(name.stem()).or_default();
            left.retain(|file| *file != *name.file_name());
            if left.is_empty() {
                files::remove(&self.manifest_file(name))?;
            }
        }
        Ok(())
    }

    /// Deletes a manifest whose snapshot is not there, and the files that belong to that. The lock must be held.
    pub fn remove_orphan(&self, name: &SnapshotName) -> Result<()> {
        for file in files::entries(&self.path)?.iter().map(DirEntry::file_name) {
            if SnapshotName::parse_files(&file).is_some_and(|files| files.stem() == name.stem()) {
                files::remove(&self.path.join(file))?;
            }
        }
        files::remove(&self.manifest_file(name))
    }

    /// Makes deletions durable.
    pub fn sync(&self) -> Result<()> {
        files::sync_folder(&self.path)
    }
}

/// The size of a file that can be larder's, which links and folders are not; what vanished meanwhile is nobody's. Nobody asks
/// for that of a manifest. What cannot be looked at may be the newest snapshot, so it is an error.
fn size_of(entry: &DirEntry) -> Result<Option<u64>> {
    if entry.file_name().as_encoded_bytes().ends_with(MANIFEST.as_bytes()) {
        let kind = files::if_there(entry.file_type(), &entry.path())?;
        return Ok(kind.and_then(|kind| kind.is_file().then_some(0)));
    }
    let file = files::if_there(entry.metadata(), &entry.path())?;
    Ok(file.and_then(|file| file.is_file().then_some(file.len())))
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = files::create(path)?;
    file.write_all(bytes)?;
    file.sync()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::progress::Silent;
    use crate::stream::{Compression, digest_of};
    use chrono::{TimeZone, Utc};
    use std::time::Duration;

    fn name() -> SnapshotName {
        let time = Utc.with_ymd_and_hms(2026, 11, 20, 10, 30, 0).single().expect("a time");
        SnapshotName::new("app", time, Compression::Gzip)
    }

    #[test]
    fn what_is_published_is_listed_and_foreign_files_are_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Folder::create(&folder.path().join("deep/store")).expect("create");
        std::fs::write(store.path().join("holiday.db.gz"), "x").expect("write");
        std::fs::create_dir(store.path().join("app-2026-11-20T10-30-09Z.db.gz")).expect("a folder");
        std::fs::write(store.path().join("staged"), "snapshot").expect("write");
        let scratch = store.path().to_owned();
        let staged = scratch.join("staged");
        let finished =
            Finished { file: &staged, sha256: digest_of(b""), files: None, manifest: &|_| b"{}".to_vec() };
        let file = store.publish(&finished, &name(), &scratch, &Silent).expect("publish");
        assert_eq!(file, store.file(&name()));
        let listing = store.list().expect("list");
        assert_eq!(listing.items.len(), 1);
        assert!(listing.items[0].has_manifest);
        assert_eq!(store.list().expect("list").free_name(name()).number, 2);
        store.remove_all(&[&name()], &mut |_| Ok(())).expect("remove");
        assert!(store.list().expect("list").items.is_empty());
        assert_eq!(store.read_manifest(&name()).expect("read"), None);
    }

    #[test]
    fn a_manifest_alone_is_an_orphan_whose_name_is_taken() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Folder::create(folder.path()).expect("create");
        std::fs::write(store.manifest_file(&name()), "{}").expect("write");
        let listing = store.list().expect("list");
        assert_eq!((listing.items.len(), listing.orphans.len()), (0, 1));
        assert_eq!(store.list().expect("list").free_name(name()).number, 2);
    }

    #[test]
    fn a_second_writer_waits_and_gives_up() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Folder::create(folder.path()).expect("create");
        let patience = Patience::new(Duration::from_millis(50), &Silent);
        let lock = store.lock(&patience).expect("the first");
        let error = store.lock(&patience).expect_err("the second");
        assert_eq!(crate::error::kind(&error), Kind::Busy);
        drop(lock);
        store.lock(&patience).expect("free again");
    }
}
