//! How a file gets its name in a remote store: when it is there, whole and verified.

use super::client::{Remote, UNFINISHED};
use super::service::Way;
use crate::error::{Fault, Kind};
use crate::files;
use crate::progress::Progress;
use crate::store::name::MANIFEST;
use crate::store::{Finished, Receipt, Receipts, SnapshotName};
use crate::stream::{Digest, DigestReader};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use opendal::ErrorKind;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

/// After that long, an upload that has not got its name never will.
const ABANDONED: TimeDelta = TimeDelta::days(2);

impl Remote {
    /// See [`crate::store::Store::publish`].
    pub fn publish(
        &self,
        finished: &Finished<'_>,
        name: &SnapshotName,
        progress: &dyn Progress,
    ) -> Result<Receipts> {
        let published = match self.service.way {
            Way::Parts => self.publish_object(finished, name, progress),
            _ => self.publish_by_renaming(finished, name, progress),
        };
        published.with_context(|| format!("nothing of {name} is kept"))
    }

    /// Where an object appears whole or not at all: first the manifest, whose name is taken by that, then the files that belong to
    /// the snapshot, then the snapshot.
    fn publish_object(
        &self,
        finished: &Finished<'_>,
        name: &SnapshotName,
        progress: &dyn Progress,
    ) -> Result<Receipts> {
        let (file, manifest, archive) = (name.file_name(), name.manifest_name(), name.files_name());
        self.write_new(&manifest, (finished.manifest)(&Receipts::default()))?;
        let upload = |file: &Path, to: &str, sha256| self.upload_verified(file, to, sha256, true, progress);
        let files = finished.files.map(|(file, sha256)| upload(file, &archive, sha256)).transpose();
        let files = files.inspect_err(|_| self.discard(&manifest))?;
        let snapshot = upload(finished.file, &file, finished.sha256).inspect_err(|_| {
            self.discard(&manifest);
            if files.is_some() {
                self.discard(&archive);
            }
        })?;
        let receipts = Receipts { snapshot: Some(snapshot), files };
        if let Err(error) = self.write_over(&manifest, (finished.manifest)(&receipts)) {
            // It is there, whole and verified; its manifest only does not say by what.
            progress.warn(&format!("the manifest does not say how the upload was verified: {error:#}"));
        }
        Ok(receipts)
    }

    /// Where files can be renamed: under a name of no snapshot until it is verified, then the manifest, then the names of its
    /// files and its own.
    fn publish_by_renaming(
        &self,
        finished: &Finished<'_>,
        name: &SnapshotName,
        progress: &dyn Progress,
    ) -> Result<Receipts> {
        let (file, manifest) = (name.file_name(), name.manifest_name());
        self.refuse_taken(&file)?;
        self.sweep(name, progress)?;
        let archive = finished.files.map(|(file, sha256)| (file, sha256, name.files_name()));
        if let Some((_, _, archive)) = &archive {
            self.refuse_taken(archive)?;
        }
        let waiting = unfinished(&file);
        let snapshot = self.upload_verified(finished.file, &waiting, finished.sha256, true, progress)?;
        let mut receipts = Receipts { snapshot: Some(snapshot), files: None };
        let mut left = vec![waiting.clone()];
        let named = (|| {
            let mut renamed = Vec::new();
            if let Some((file, sha256, archive)) = archive {
                let waiting = unfinished(&archive);
                receipts.files = Some(self.upload_verified(file, &waiting, sha256, true, progress)?);
                left.extend([waiting.clone(), archive.clone()]);
                renamed.push((waiting, archive));
            }
            renamed.push((waiting, file));
            left.push(manifest.clone());
            self.write_manifest(&manifest, (finished.manifest)(&receipts))?;
            renamed.iter().try_for_each(|(from, to)| self.rename(from, to))
        })();
        named.inspect_err(|_: &anyhow::Error| left.iter().for_each(|file| self.discard(file)))?;
        Ok(receipts)
    }

    /// Uploads a file that is no snapshot. Where `overwrite` is not set, nothing of its name may be there.
    pub fn send(&self, file: &Path, to: &str, overwrite: bool, progress: &dyn Progress) -> Result<Receipt> {
        if !overwrite {
            self.refuse_taken(to)?;
        }
        let (sha256, _) = DigestReader::new(files::open(file)?).finish()?;
        if matches!(self.service.way, Way::Parts) {
            return self.upload_verified(file, to, sha256, !overwrite, progress);
        }
        let unfinished = format!("{UNFINISHED}{:016x}", random());
        let receipt = self.upload_verified(file, &unfinished, sha256, true, progress)?;
        let replaced = if overwrite { self.delete(to) } else { Ok(()) };
        let named = replaced.and_then(|()| self.rename(&unfinished, to));
        named.inspect_err(|_| self.discard(&unfinished))?;
        Ok(receipt)
    }

    /// Uploads a file and verifies it; where either fails, nothing of it stays.
    fn upload_verified(
        &self,
        file: &Path,
        to: &str,
        sha256: Digest,
        is_new: bool,
        progress: &dyn Progress,
    ) -> Result<Receipt> {
        let size = files::metadata(file)?.map_or(0, |metadata| metadata.len());
        // An object that was not finished is not there; what has that name would be somebody else's.
        let leaves_a_part = !matches!(self.service.way, Way::Parts);
        let uploaded = self.upload(file, to, is_new, progress);
        let uploaded = uploaded.inspect_err(|_| {
            if leaves_a_part {
                self.discard(to);
            }
        })?;
        let verified = self.verified(to, size, sha256, &uploaded, progress);
        verified.inspect_err(|_| self.discard(to))
    }

    fn refuse_taken(&self, file: &str) -> Result<()> {
        match self.stat(file)? {
            None => Ok(()),
            Some(_) => Err(Fault::failed(format!("{} exists", self.url.join(file)))
                .hint("choose another name, or --force where there is one")
                .into()),
        }
    }

    /// Writes a small file whose name nothing has, where the service can make sure of that.
    fn write_new(&self, file: &str, bytes: Vec<u8>) -> Result<()> {
        self.refuse_taken(file)?;
        let path = self.path(file);
        if self.service.knows_conditions() {
            let write = self.service.operator.write_with(&path, bytes.clone()).if_not_exists(true);
            let written = self.ask("write", file, async {
                match write.await {
                    Ok(_) => Ok(true),
                    Err(error) if is_unknown_condition(&error) => Ok(false),
                    // An answer that got lost: it was written, and the second try found it.
                    Err(error) if is_taken(&error) && self.holds(file, &bytes).await => Ok(true),
                    Err(error) => Err(error),
                }
            })?;
            if written {
                return Ok(());
            }
            self.service.forget_conditions();
        }
        self.write_over(file, bytes)
    }

    async fn holds(&self, file: &str, bytes: &[u8]) -> bool {
        let limit = bytes.len() as u64 + 1;
        self.read_up_to(file, limit).await.is_ok_and(|found| found == bytes)
    }

    /// Writes a small file, whatever is there.
    pub fn write_small(&self, file: &str, bytes: &[u8]) -> Result<()> {
        self.write_over(file, bytes.to_vec())
    }

    fn write_over(&self, file: &str, bytes: Vec<u8>) -> Result<()> {
        self.ask("write", file, self.service.operator.write(&self.path(file), bytes)).map(drop)
    }

    /// See [`crate::store::Store::replace_manifest`].
    pub fn replace_manifest(&self, name: &SnapshotName, manifest: &[u8]) -> Result<()> {
        self.write_manifest(&name.manifest_name(), manifest.to_vec())
    }

    /// Writes a manifest, which is the old one until it is the new one, whole.
    fn write_manifest(&self, file: &str, bytes: Vec<u8>) -> Result<()> {
        match self.service.way {
            Way::Parts | Way::Whole(_) => self.write_over(file, bytes),
            Way::Stream | Way::Put(_) => self.write_by_renaming(file, bytes),
        }
    }

    fn write_by_renaming(&self, file: &str, bytes: Vec<u8>) -> Result<()> {
        let unfinished = unfinished(file);
        let written = self.write_over(&unfinished, bytes).and_then(|()| self.rename(&unfinished, file));
        written.inspect_err(|_| self.discard(&unfinished))
    }

    /// Gives a file another name. Not every service replaces what has it: a manifest then makes room first, and comes back
    /// where that was for nothing.
    fn rename(&self, from: &str, to: &str) -> Result<()> {
        if let Err(error) = self.rename_once(from, to) {
            let aside = unfinished(to);
            let may_be_replaced = to.ends_with(MANIFEST) && crate::error::kind(&error) == Kind::Failed;
            if !may_be_replaced || self.rename_once(to, &aside).is_err() {
                return Err(error);
            }
            self.rename_once(from, to).inspect_err(|_| {
                let _ = self.rename_once(&aside, to);
            })?;
            self.delete(&aside)?;
        }
        // Not every service says it where there was nothing to be renamed.
        if matches!(self.service.way, Way::Whole(_)) && self.stat(to)?.is_none() {
            return Err(Fault::failed(format!("{} was named, and is not there", self.url.join(to))).into());
        }
        Ok(())
    }

    fn rename_once(&self, from: &str, to: &str) -> Result<()> {
        self.ask("name", to, self.service.operator.rename(&self.path(from), &self.path(to)))
    }

    /// Deletes what a failed operation left, also after a request to stop.
    fn discard(&self, file: &str) {
        let path = self.path(file);
        self.runner.tidy(async {
            let _ = self.service.operator.delete(&path).await;
        });
    }

    /// Deletes uploads that a process left that was killed long before the time of `name`.
    fn sweep(&self, name: &SnapshotName, progress: &dyn Progress) -> Result<()> {
        for (file, _) in self.entries()? {
            let rest = file.strip_prefix(UNFINISHED).and_then(|rest| rest.rsplit_once('~'));
            let name_of = |of: &str| {
                let ways = [SnapshotName::parse, SnapshotName::parse_manifest, SnapshotName::parse_files];
                ways.into_iter().find_map(|parse| parse(of.as_ref()))
            };
            let of = rest.and_then(|(of, _)| name_of(of));
            if of.is_some_and(|of| name.time - of.time > ABANDONED) {
                self.delete(&file)?;
                progress.detail(&format!("deleted the abandoned upload {file}"));
            }
        }
        Ok(())
    }
}

/// What an upload is called until it is verified: by it, it is known later how old it is.
fn unfinished(file: &str) -> String {
    format!("{UNFINISHED}{file}~{:016x}", random())
}

fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// Whether a service does not know how to write only where nothing is.
fn is_unknown_condition(error: &opendal::Error) -> bool {
    error.kind() == ErrorKind::Unsupported || error.to_string().contains("NotImplemented")
}

fn is_taken(error: &opendal::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConditionNotMatch | ErrorKind::AlreadyExists)
}
