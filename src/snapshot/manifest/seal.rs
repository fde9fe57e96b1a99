//! What a manifest of an encrypted snapshot keeps to itself: all that tells of the content.

use super::{Contents, Manifest, SEALED};
use crate::error::{Fault, is_broken_stream};
use crate::stream::age::{self, Keys, Lock, generate, unlock};
use crate::stream::{Digest, Limited, digest_of};
use anyhow::{Context, Result};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// The longest text that comes out of a seal, in bytes: no manifest is longer.
const LONGEST: u64 = 64 << 20;

/// What is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// What the database is.
    #[serde(flatten)]
    pub(super) contents: Contents,
    /// What the drill noted.
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

/// What tells whether a database, or a lock, is the same: digests with a salt, which say nothing to those who have only
/// these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Random, in hexadecimal digits.
    salt: String,
    /// SHA-256 of the salt and the content digest, both as text.
    content_sha256: Digest,
    /// SHA-256 of the salt and the recipients, one a line, sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipients_sha256: Option<Digest>,
}

impl Proof {
    fn new(content: Digest, lock: &Lock) -> Self {
        // A new public key is as random as anything is.
        let (_, random) = generate(DateTime::UNIX_EPOCH);
        let salt = digest_of(random.as_bytes()).to_string()[..32].to_owned();
        let recipients_sha256 = lock.digest(salt.as_bytes());
        Self { content_sha256: salted(&salt, content), recipients_sha256, salt }
    }

    fn is_of(&self, content: Digest) -> bool {
        self.content_sha256 == salted(&self.salt, content)
    }
}

fn salted(salt: &str, content: Digest) -> Digest {
    digest_of(format!("{salt}{content}").as_bytes())
}

impl Manifest {
    /// Encrypts what tells of the content.
    pub fn seal(&mut self, lock: &Lock) -> Result<()> {
        let Some(contents) = self.plain.take() else { return Ok(()) };
        let sealed = Sealed { contents, notes: std::mem::take(&mut self.drill.notes) };
        let text = serde_json::to_vec(&sealed).context("cannot write the manifest")?;
        self.sealed = Some(lock.armoured(&text).context("cannot encrypt the manifest")?);
        self.proof = Some(Proof::new(sealed.contents.content_sha256, lock));
        self.encryption = Some(age::NAME.to_owned());
        self.version = SEALED;
        self.opened = Some(Box::new(sealed));
        Ok(())
    }

    /// Opens what is sealed. `name` is what the manifest is called in errors.
    pub fn unseal(&mut self, keys: &Keys<'_>, name: &str) -> Result<()> {
        let (Some(sealed), None) = (&self.sealed, &self.opened) else { return Ok(()) };
        let (_, opened) = unlock(sealed.as_bytes(), keys, name)?;
        let mut text = Vec::new();
        Limited::new(opened, LONGEST).read_to_end(&mut text).map_err(|error| {
            let is_broken = is_broken_stream(&error);
            let message = format!("{name} cannot be read");
            let fault = if is_broken { Fault::invalid(message) } else { Fault::failed(message) };
            anyhow::Error::new(error).context(fault)
        })?;
        let opened = serde_json::from_slice(&text)
            .with_context(|| Fault::invalid(format!("{name} is not what it should be")))?;
        self.opened = Some(Box::new(opened));
        Ok(())
    }

    /// Whether the database in it has that content digest.
    pub fn holds(&self, content: Digest) -> bool {
        match (self.contents(), &self.proof) {
            (Some(contents), _) => contents.content_sha256 == content,
            (None, Some(proof)) => proof.is_of(content),
            (None, None) => false,
        }
    }

    /// Whether it is locked as a new snapshot would be: not at all, for the same recipients, or with the same passphrase.
    pub fn is_locked_by(&self, lock: Option<&Lock>) -> bool {
        let Some(lock) = lock else { return !self.is_encrypted() };
        match (&self.proof, lock.own_keys()) {
            (Some(proof), None) => lock.digest(proof.salt.as_bytes()) == proof.recipients_sha256,
            (Some(proof), Some(keys)) => {
                proof.recipients_sha256.is_none() && self.clone().unseal(&keys, "the manifest").is_ok()
            }
            (None, _) => false,
        }
    }
}
