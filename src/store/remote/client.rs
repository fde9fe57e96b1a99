//! A remote store: what is there, and what its files hold.

use super::Surroundings;
use super::fault::fault;
use super::runner::Runner;
use super::service::Service;
use crate::error::Fault;
use crate::files;
use crate::progress::{Progress, Unit, step};
use crate::store::{Listing, MAX_MANIFEST, Receipt, SnapshotName, Url, VerifyUpload};
use anyhow::{Context, Result};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use opendal::{ErrorKind, Metadata};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

/// What uploads are called until they are verified, where a service can rename.
pub(super) const UNFINISHED: &str = ".larder-upload-";

/// How much is fetched with one request, where a service takes several at once.
const CHUNK: usize = 8 << 20;

/// A store that is somewhere else.
#[derive(Debug)]
pub struct Remote {
    pub(super) url: Url,
    // Its connections are closed while there is a runtime.
    pub(super) service: Service,
    pub(super) runner: Runner,
    pub(super) verify: VerifyUpload,
    /// It need not be there yet.
    may_be_new: bool,
}

impl Remote {
    /// A store that exists, which is seen when it is asked for something.
    pub fn open(url: &Url, surroundings: &Surroundings) -> Result<Self> {
        let runner = Runner::new(surroundings.stop.clone())?;
        let service = Service::new(url, surroundings, &runner)?;
        Ok(Self { url: url.clone(), service, runner, verify: surroundings.verify, may_be_new: false })
    }

    /// A store that comes into being with the first file that is put there.
    pub fn create(url: &Url, surroundings: &Surroundings) -> Result<Self> {
        Ok(Self { may_be_new: true, ..Self::open(url, surroundings)? })
    }

    /// Where it is.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A file as the service calls it.
    pub(super) fn path(&self, file: &str) -> String {
        format!("{}{file}", self.service.prefix)
    }

    /// Asks the service for something that is about a file, or about the whole store where that is empty.
    pub(super) fn ask<T>(
        &self,
        operation: &str,
        file: &str,
        work: impl Future<Output = opendal::Result<T>>,
    ) -> Result<T> {
        let url = if file.is_empty() { self.url.clone() } else { self.url.join(file) };
        self.runner.run(async { work.await.map_err(|error| fault(operation, &url, &error)) })
    }

    /// The same, where that something may not be there.
    pub(super) fn ask_for<T>(
        &self,
        operation: &str,
        file: &str,
        work: impl Future<Output = opendal::Result<T>>,
    ) -> Result<Option<T>> {
        let found = async {
            match work.await {
                Ok(found) => Ok(Some(found)),
                Err(error) if is_absent(&error) => Ok(None),
                Err(error) => Err(error),
            }
        };
        self.ask(operation, file, found)
    }

    /// The names and sizes of all that is there; what has no size is no file.
    pub(super) fn entries(&self) -> Result<Vec<(String, Option<u64>)>> {
        let folder = if self.service.prefix.is_empty() { "/" } else { &self.service.prefix };
        let listed = self.ask_for("list", "", self.service.operator.list(folder))?;
        let Some(listed) = listed else {
            if self.may_be_new {
                return Ok(Vec::new());
            }
            return Err(Fault::failed(format!("there is no store at {}", self.url))
                .hint("larder snapshot DB --to URL makes one")
                .into());
        };
        let size = |metadata: &Metadata| metadata.is_file().then(|| metadata.content_length());
        let entries = listed.iter().filter(|entry| entry.path() != folder && !entry.name().is_empty());
        Ok(entries.map(|entry| (entry.name().to_owned(), size(entry.metadata()))).collect())
    }

    /// The names of all files that are there.
    pub fn names(&self) -> Result<Vec<String>> {
        Ok(self.entries()?.into_iter().filter(|(_, size)| size.is_some()).map(|(name, _)| name).collect())
    }

    /// The bytes of a small file, as many as there are up to a limit.
    pub fn read_small(&self, file: &str, limit: u64) -> Result<Vec<u8>> {
        self.ask("read", file, self.read_up_to(file, limit))
    }

    /// See [`crate::store::Store::list`].
    pub fn list(&self) -> Result<Listing> {
        Ok(Listing::of(self.entries()?.into_iter().map(|(name, size)| (OsString::from(name), size))))
    }

    /// What the service says of a file; `None` where it is not there.
    pub(super) fn stat(&self, file: &str) -> Result<Option<Metadata>> {
        self.ask_for("look at", file, self.service.operator.stat(&self.path(file)))
    }

    /// Whether a file of that name is there.
    pub fn has(&self, file: &str) -> Result<bool> {
        Ok(self.stat(file)?.is_some_and(|found| found.is_file()))
    }

    /// How large a file is.
    pub fn size(&self, file: &str) -> Result<u64> {
        let missing = || Fault::failed(format!("there is no file {}", self.url.join(file)));
        let found = self.stat(file)?.filter(Metadata::is_file).ok_or_else(missing)?;
        Ok(found.content_length())
    }

    /// When a manifest was last written.
    pub fn manifest_written_at(&self, name: &SnapshotName) -> Result<Option<SystemTime>> {
        let found = self.stat(&name.manifest_name())?;
        Ok(found.and_then(|metadata| metadata.last_modified()).map(SystemTime::from))
    }

    /// The text of a manifest; `None` where there is none.
    pub fn read_manifest(&self, name: &SnapshotName) -> Result<Option<Vec<u8>>> {
        let file = name.manifest_name();
        let text = self.ask_for("read", &file, self.read_up_to(&file, MAX_MANIFEST + 1))?;
        text.map(|text| self.refuse_large(&file, text)).transpose()
    }

    /// The texts of several, in their order. Where the service cannot be asked, none can be told apart from damage.
    pub fn read_manifests(&self, names: &[&SnapshotName]) -> Result<Vec<Result<Option<Vec<u8>>>>> {
        let read = |name: &&SnapshotName| {
            let file = name.manifest_name();
            async move {
                let text = match self.read_up_to(&file, MAX_MANIFEST + 1).await {
                    Ok(text) => Some(text),
                    Err(error) if is_absent(&error) => None,
                    Err(error) => return Err(fault("read", &self.url.join(&file), &error)),
                };
                self.runner.moved();
                Ok(text.map(|text| self.refuse_large(&file, text)).transpose())
            }
        };
        let all = stream::iter(names.iter().map(read)).buffered(self.service.at_once);
        self.runner.run(all.try_collect())
    }

    fn refuse_large(&self, file: &str, text: Vec<u8>) -> Result<Vec<u8>> {
        if text.len() as u64 > MAX_MANIFEST {
            let message = format!("{} is larger than {MAX_MANIFEST} bytes", self.url.join(file));
            return Err(Fault::invalid(message).into());
        }
        Ok(text)
    }

    /// The first bytes of a snapshot, as many as there are up to a limit.
    pub fn read_head(&self, name: &SnapshotName, limit: u64) -> Result<Vec<u8>> {
        let file = name.file_name();
        self.ask("read", &file, self.read_up_to(&file, limit))
    }

    pub(super) async fn read_up_to(&self, file: &str, limit: u64) -> opendal::Result<Vec<u8>> {
        let reader = self.service.operator.reader(&self.path(file)).await?;
        let mut stream = reader.into_stream(..).await?;
        let mut bytes = Vec::new();
        while let Some(buffer) = stream.try_next().await? {
            bytes.extend(buffer.to_vec());
            if bytes.len() as u64 >= limit {
                bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                break;
            }
        }
        Ok(bytes)
    }

    /// Reads a whole file of `size` bytes to a sink, and says what was done.
    pub(super) fn read_all(
        &self,
        what: &str,
        file: &str,
        size: u64,
        sink: &mut dyn Write,
        progress: &dyn Progress,
    ) -> Result<()> {
        let read = || self.runner.run(self.pump(file, size, sink, progress));
        step(progress, what, Some(size), Unit::Bytes, read)
    }

    async fn pump(&self, file: &str, size: u64, sink: &mut dyn Write, progress: &dyn Progress) -> Result<()> {
        let url = self.url.join(file);
        let broken = |error: opendal::Error| fault("read", &url, &error);
        let path = self.path(file);
        let reader = self.service.operator.reader_with(&path);
        let reader = if self.service.reads_in_parts() { reader.chunk(CHUNK).concurrent(2) } else { reader };
        let reader = reader.await.map_err(broken)?;
        let mut stream = reader.into_stream(0..size).await.map_err(broken)?;
        let mut read = 0;
        while let Some(buffer) = stream.try_next().await.map_err(broken)? {
            for bytes in buffer {
                sink.write_all(&bytes)?;
                read += bytes.len() as u64;
                progress.advance(bytes.len() as u64);
            }
            self.runner.moved();
        }
        if read != size {
            let message = format!("{url} ended after {read} of {size} bytes");
            return Err(Fault::failed(message).hint("run it again").into());
        }
        Ok(())
    }

    /// Fetches a file to a new private one, and the manifest beside it where it is a snapshot that has one.
    pub fn fetch(&self, file: &str, size: u64, to: &Path, progress: &dyn Progress) -> Result<()> {
        files::require_space(&files::folder_of(to), size)?;
        if let Some(name) = SnapshotName::parse(file.as_ref())
            && let Some(manifest) = self.read_manifest(&name)?
        {
            files::create(&files::folder_of(to).join(name.manifest_name()))?.write_all(&manifest)?;
        }
        let mut output = files::create(to)?;
        self.read_all(&format!("fetching {file}"), file, size, &mut output, progress)
            .with_context(|| format!("{} is not fetched", self.url.join(file)))?;
        output.sync()
    }

    /// Whether a snapshot is still the version that was uploaded, as far as the service tells.
    pub fn is_as_uploaded(&self, name: &SnapshotName, receipt: Option<&Receipt>) -> Result<bool> {
        let Some(found) = self.stat(&name.file_name())? else { return Ok(false) };
        let (was, is) = (receipt.and_then(|receipt| receipt.etag.as_deref()), found.etag());
        Ok(was.is_none() || is.is_none() || was == is)
    }

    /// Deletes a file; one that is not there is as good as deleted.
    pub fn delete(&self, file: &str) -> Result<()> {
        self.ask_for("delete", file, self.service.operator.delete(&self.path(file))).map(drop)
    }

    /// See [`crate::store::Store::remove_all`].
    pub fn remove_all(
        &self,
        names: &[&SnapshotName],
        next: &mut dyn FnMut(&SnapshotName) -> Result<()>,
    ) -> Result<()> {
        // Asked for once: there may be thousands.
        let mut alike: HashMap<String, Vec<SnapshotName>> = HashMap::new();
        let mut archives = HashSet::new();
        for item in self.list()?.items {
            archives.extend(item.files.map(|_| item.name.files_name()));
            alike.entry(item.name.stem()).or_default().push(item.name);
        }
        for name in names {
            next(name)?;
            let archive = name.files_name();
            if archives.contains(&archive) {
                self.delete(&archive)?;
            }
            self.delete(&name.file_name())?;
            let left = alike.entry(name.stem()).or_default();
            left.retain(|other| other != *name);
            if left.is_empty() {
                self.delete(&name.manifest_name())?;
            }
        }
        Ok(())
    }

    /// Deletes a manifest whose snapshot is not there, and the files that belong to that.
    pub fn remove_orphan(&self, name: &SnapshotName) -> Result<()> {
        for file in self.names()? {
            if SnapshotName::parse_files(file.as_ref()).is_some_and(|files| files.stem() == name.stem()) {
                self.delete(&file)?;
            }
        }
        self.delete(&name.manifest_name())
    }
}

/// Whether a file is not there. That the bucket is not there is another matter.
pub(super) fn is_absent(error: &opendal::Error) -> bool {
    error.kind() == ErrorKind::NotFound && !error.to_string().contains("NoSuchBucket")
}
