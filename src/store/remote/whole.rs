//! How a file gets to Google Drive or Dropbox: from memory, with a single request.

use super::Provider;
use super::account::Account;
use super::client::Remote;
use super::etag::{dropbox_hash, etag_of};
use super::upload::Uploaded;
use crate::error::Fault;
use crate::progress::Progress;
use anyhow::{Context, Result};
use md5::{Digest as _, Md5};
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// What a service takes that takes a file from memory only.
pub(super) struct Whole {
    /// How large a file may be.
    pub(super) limit: u64,
    /// Who it is, which is to say how it makes its digests.
    pub(super) provider: Provider,
    /// What is asked of it besides.
    pub(super) account: Arc<Account>,
}

impl Whole {
    /// An error where a file is larger than that, before anything is sent.
    pub(super) fn refuse_large(&self, file: &str, size: u64) -> Result<()> {
        if size <= self.limit {
            return Ok(());
        }
        let (has, limit) =
            (bytesize::ByteSize(size).display().si(), bytesize::ByteSize(self.limit).display().si());
        let message =
            format!("{file} has {has}, and larder sends at most {limit} to {}://", self.provider.name());
        Err(Fault::failed(message)
            .hint("choose a store on S3, WebDAV or SFTP, or --compress zstd --level 19 for a smaller file")
            .into())
    }
}

impl Remote {
    /// Sends a file from memory, with a single request.
    pub(super) fn upload_whole(
        &self,
        whole: &Whole,
        mut file: File,
        size: u64,
        to: &str,
        progress: &dyn Progress,
    ) -> Result<Uploaded> {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.read_to_end(&mut bytes).context("cannot read what is to be uploaded")?;
        let etag = match whole.provider {
            Provider::Dropbox => dropbox_hash(&bytes),
            Provider::Gdrive => etag_of(&[Md5::digest(&bytes).into()]),
        };
        let taken = self.ask("write", to, self.service.operator.write(&self.path(to), bytes))?;
        progress.advance(size);
        let told = match whole.provider {
            Provider::Dropbox => taken.etag().map(str::to_owned),
            Provider::Gdrive => self.runner.run(async { Ok(whole.account.md5_of(to).await) })?,
        };
        Ok(Uploaded { etag: Some(etag), told })
    }
}
