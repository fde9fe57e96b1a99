//! How a file gets to Google Drive or Dropbox: from memory with a single request, or in parts.

use super::Provider;
use super::account::Account;
use super::client::Remote;
use super::etag::{dropbox_hash, etag_of};
use super::upload::Uploaded;
use crate::progress::Progress;
use anyhow::{Context, Result};
use md5::{Digest as _, Md5};
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// What is to be known to send a file to Google Drive or Dropbox.
pub(super) struct Whole {
    /// How large a file may be that is sent with one request, and how large the parts of others are.
    pub(super) limit: u64,
    /// Who it is, which is to say how it makes its digests.
    pub(super) provider: Provider,
    /// What is asked of it besides.
    pub(super) account: Arc<Account>,
}

impl Remote {
    /// Sends a file: a small one from memory with a single request, a larger one in parts.
    pub(super) fn upload_whole(
        &self,
        whole: &Whole,
        mut file: File,
        size: u64,
        to: &str,
        progress: &dyn Progress,
    ) -> Result<Uploaded> {
        if size > whole.limit {
            return self.upload_in_parts(whole, file, size, to, progress);
        }
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
