//! Whether what was uploaded is there as it was meant.

use super::client::Remote;
use super::service::Way;
use super::upload::Uploaded;
use crate::error::Fault;
use crate::progress::Progress;
use crate::store::{Receipt, Verified, VerifyUpload};
use crate::stream::{Digest, DigestWriter};
use anyhow::Result;

impl Remote {
    /// Verifies a file that was uploaded: by the digest that the service tells, else by reading it back.
    pub(super) fn verified(
        &self,
        file: &str,
        size: u64,
        sha256: Digest,
        uploaded: &Uploaded,
        progress: &dyn Progress,
    ) -> Result<Receipt> {
        let url = self.url.join(file);
        let missing = || Fault::failed(format!("{url} was uploaded, and is not there"));
        let found = self.stat(file)?.ok_or_else(missing)?;
        if found.content_length() != size {
            let message = format!("{url} has {} bytes, and {size} were uploaded", found.content_length());
            return Err(Fault::failed(message).hint("it is deleted again; look at the server").into());
        }
        let told = uploaded.told.clone().or_else(|| found.etag().map(str::to_owned));
        // Where the file is renamed afterwards, what it is called may change with its name.
        let etag = told.clone().filter(|_| matches!(self.service.way, Way::Parts));
        if self.verify == VerifyUpload::Size {
            return Ok(Receipt { verified: Verified::Size, etag });
        }
        let plain = told.as_deref().map(|etag| etag.trim_matches('"').to_ascii_lowercase());
        if uploaded.etag.is_some() && uploaded.etag == plain {
            return Ok(Receipt { verified: Verified::Digest, etag });
        }
        if let (Way::Whole(_), Some(plain)) = (&self.service.way, &plain) {
            let message = format!("{url} has the digest {plain}, which is not that of what was uploaded");
            return Err(Fault::failed(message).hint("it is deleted again; run it again").into());
        }
        // Where it is no digest (objects that the service encrypts have none), the bytes themselves are compared.
        let mut digest = DigestWriter::new(std::io::sink());
        self.read_all("reading the upload back", file, size, &mut digest, progress)?;
        let (_, found, _) = digest.finish();
        if found != sha256 {
            let message = format!("what was read back from {url} is not what was uploaded");
            return Err(Fault::failed(message).hint("it is deleted again; look at the server").into());
        }
        Ok(Receipt { verified: Verified::ReadBack, etag })
    }
}
