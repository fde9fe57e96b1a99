//! Where snapshots live, and what they are called: a folder, or a remote store.
//!
//! A store knows names, sizes and the bytes of manifests; what they mean is [`crate::snapshot`]'s.

mod folder;
mod listing;
mod location;
mod name;
pub mod probe;
mod receipt;
pub mod remote;
mod url;

pub use folder::{Folder, LOCK, StoreLock};
pub use listing::{Item, Listing};
pub use location::{Location, not_a_url};
pub use name::{Held, SnapshotName, app_of, is_app_name};
pub use receipt::{Receipt, Receipts, Verified, VerifyUpload};
pub use remote::{Remote, Surroundings};
pub use url::{Scheme, Url, meant};

use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::stream::Digest;
use anyhow::{Context, Result};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The largest manifest that is read, in bytes.
const MAX_MANIFEST: u64 = 64 << 20;

/// Where snapshots are.
#[derive(Debug)]
pub enum Store {
    /// A folder of this machine.
    Folder(Folder),
    /// Somewhere else.
    Remote(Box<Remote>),
}

/// A snapshot that is ready to get its name.
pub struct Finished<'a> {
    /// The file, on the store's file system where the store is a folder.
    pub file: &'a Path,
    /// Its SHA-256.
    pub sha256: Digest,
    /// The archive with the files that belong to it, and its SHA-256; in the same folder as the snapshot's file.
    pub files: Option<(&'a Path, Digest)>,
    /// The text of its manifest, which says how the uploads were verified where there were any.
    pub manifest: &'a dyn Fn(&Receipts) -> Vec<u8>,
}

/// A file of a store that can be read here: the store's own, or what was fetched for as long as this lives.
#[derive(Debug)]
pub struct Fetched {
    /// Where it is.
    pub path: PathBuf,
    _scratch: Option<Scratch>,
}

impl From<Folder> for Store {
    fn from(folder: Folder) -> Self {
        Self::Folder(folder)
    }
}

impl Store {
    /// A store that exists. Whether a remote one does is seen when it is asked for something.
    pub fn open(location: &Location, surroundings: &Surroundings) -> Result<Self> {
        match location {
            Location::Path(path) => Folder::open(path).map(Self::Folder),
            Location::Url(url) => Ok(Self::Remote(Box::new(Remote::open(url, surroundings)?))),
        }
    }

    /// A store that is made where it does not exist.
    pub fn create(location: &Location, surroundings: &Surroundings) -> Result<Self> {
        match location {
            Location::Path(path) => Folder::create(path).map(Self::Folder),
            Location::Url(url) => Ok(Self::Remote(Box::new(Remote::create(url, surroundings)?))),
        }
    }

    /// Where it is.
    pub fn location(&self) -> Location {
        match self {
            Self::Folder(folder) => Location::Path(folder.path().to_owned()),
            Self::Remote(remote) => Location::Url(remote.url().clone()),
        }
    }

    /// Where the snapshot of that name is, or would be.
    pub fn place(&self, name: &SnapshotName) -> Location {
        self.location().join(&name.file_name())
    }

    /// Waits for the right to write. A remote store knows no lock that ends with a process: there, names are new and
    /// nothing is ever overwritten.
    pub fn lock(&self, patience: &Patience) -> Result<StoreLock> {
        match self {
            Self::Folder(folder) => folder.lock(patience),
            Self::Remote(_) => Ok(StoreLock::none()),
        }
    }

    /// A private folder where a snapshot of that many bytes can be made: on the store's own file system, or in one of
    /// `folders`.
    pub fn scratch(&self, folders: &[&Path], needed: u64) -> Result<Scratch> {
        match self {
            Self::Folder(folder) => Scratch::new_in(folder.path()),
            Self::Remote(_) => Scratch::new_in(files::roomy_folder(folders, needed)),
        }
    }

    /// Everything that has the name of a snapshot or of a manifest. Other files are not looked at.
    pub fn list(&self) -> Result<Listing> {
        match self {
            Self::Folder(folder) => folder.list(),
            Self::Remote(remote) => remote.list(),
        }
    }

    /// When a manifest was last written.
    pub fn manifest_written_at(&self, name: &SnapshotName) -> Result<Option<SystemTime>> {
        match self {
            Self::Folder(folder) => folder.manifest_written_at(name),
            Self::Remote(remote) => remote.manifest_written_at(name),
        }
    }

    /// The text of a manifest; `None` where there is none.
    pub fn read_manifest(&self, name: &SnapshotName) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Folder(folder) => folder.read_manifest(name),
            Self::Remote(remote) => remote.read_manifest(name),
        }
    }

    /// The first bytes of a snapshot, as many as there are up to a limit.
    pub fn read_head(&self, name: &SnapshotName, limit: u64) -> Result<Vec<u8>> {
        match self {
            Self::Folder(folder) => {
                let path = folder.file(name);
                let mut head = Vec::new();
                let read = files::open(&path)?.take(limit).read_to_end(&mut head);
                read.with_context(|| format!("cannot read {}", path.display()))?;
                Ok(head)
            }
            Self::Remote(remote) => remote.read_head(name, limit),
        }
    }

    /// A name like `wanted` that nothing in the store has, behind all of the same second. The lock must be held.
    pub fn free_name(&self, wanted: SnapshotName) -> Result<SnapshotName> {
        Ok(self.list()?.free_name(wanted))
    }

    /// Gives a finished snapshot, its files and its manifest their names. Of an upload, the receipts say how it was verified.
    /// The lock must be held.
    pub fn publish(
        &self,
        finished: &Finished<'_>,
        name: &SnapshotName,
        scratch: &Path,
        progress: &dyn Progress,
    ) -> Result<Receipts> {
        match self {
            Self::Folder(folder) => {
                folder.publish(finished, name, scratch, progress).map(|_| Receipts::default())
            }
            Self::Remote(remote) => remote.publish(finished, name, progress),
        }
    }

    /// Replaces a manifest. The lock must be held.
    pub fn replace_manifest(&self, name: &SnapshotName, manifest: &[u8], scratch: &Path) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.replace_manifest(name, manifest, scratch),
            Self::Remote(remote) => remote.replace_manifest(name, manifest),
        }
    }

    /// Deletes the files of a snapshot, the snapshot, then its manifest, unless another snapshot has the same name but for its
    /// compression. The lock must be held.
    pub fn remove(&self, name: &SnapshotName) -> Result<()> {
        self.remove_all(&[name], &mut |_| Ok(()))
    }

    /// Deletes several, one after the other. `next` is told of each before, and may end it. The lock must be held.
    pub fn remove_all(
        &self,
        names: &[&SnapshotName],
        next: &mut dyn FnMut(&SnapshotName) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.remove_all(names, next),
            Self::Remote(remote) => remote.remove_all(names, next),
        }
    }

    /// Deletes a manifest whose snapshot is not there, and the files that belong to that. The lock must be held.
    pub fn remove_orphan(&self, name: &SnapshotName) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.remove_orphan(name),
            Self::Remote(remote) => remote.remove_orphan(name),
        }
    }

    /// Whether a file of that name is there.
    pub fn has(&self, file: &str) -> Result<bool> {
        match self {
            Self::Folder(folder) => Ok(files::metadata(&folder.path().join(file))?.is_some()),
            Self::Remote(remote) => remote.has(file),
        }
    }

    /// Deletes a file, whatever it is. The lock must be held.
    pub fn delete(&self, file: &str) -> Result<()> {
        match self {
            Self::Folder(folder) => files::remove(&folder.path().join(file)),
            Self::Remote(remote) => remote.delete(file),
        }
    }

    /// Makes deletions durable.
    pub fn sync(&self) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.sync(),
            Self::Remote(_) => Ok(()),
        }
    }

    /// A file of the store, with its manifest beside it where it is a snapshot that has one: a remote one is fetched into a
    /// private folder in one of `folders`.
    pub fn fetch(&self, file: &str, folders: &[&Path], progress: &dyn Progress) -> Result<Fetched> {
        match self {
            Self::Folder(folder) => Ok(Fetched { path: folder.path().join(file), _scratch: None }),
            Self::Remote(remote) => {
                let size = remote.size(file)?;
                let scratch = Scratch::new_in(files::roomy_folder(folders, size))?;
                let path = scratch.file(file);
                remote.fetch(file, size, &path, progress)?;
                Ok(Fetched { path, _scratch: Some(scratch) })
            }
        }
    }

    /// Fetches the archive with the files of a snapshot that was fetched, to lie beside it, where there is one.
    pub fn fetch_files(&self, fetched: &Fetched, progress: &dyn Progress) -> Result<()> {
        let Self::Remote(remote) = self else { return Ok(()) };
        let Some(name) = fetched.path.file_name().and_then(SnapshotName::parse) else { return Ok(()) };
        let file = name.files_name();
        let to = files::folder_of(&fetched.path).join(&file);
        if name.is_export() || files::is_there(&to)? || !remote.has(&file)? {
            return Ok(());
        }
        remote.fetch(&file, remote.size(&file)?, &to, progress)
    }
}

/// Fetches the files that belong to the snapshot that was fetched from a URL, where there are any.
pub fn fetch_files(
    url: &Url,
    fetched: &Fetched,
    surroundings: &Surroundings,
    progress: &dyn Progress,
) -> Result<()> {
    let (folder, _) = url.split()?;
    Store::Remote(Box::new(Remote::open(&folder, surroundings)?)).fetch_files(fetched, progress)
}

/// Fetches the file at a URL, with its manifest beside it where it is a snapshot that has one.
pub fn fetch(
    url: &Url,
    surroundings: &Surroundings,
    folders: &[&Path],
    progress: &dyn Progress,
) -> Result<Fetched> {
    let (folder, file) = url.split()?;
    Store::Remote(Box::new(Remote::open(&folder, surroundings)?)).fetch(&file, folders, progress)
}

/// Uploads a file to a URL, and verifies it there. Where `overwrite` is not set, nothing may be there.
pub fn send(
    file: &Path,
    url: &Url,
    overwrite: bool,
    surroundings: &Surroundings,
    progress: &dyn Progress,
) -> Result<Receipt> {
    let (folder, name) = url.split()?;
    Remote::create(&folder, surroundings)?.send(file, &name, overwrite, progress)
}
