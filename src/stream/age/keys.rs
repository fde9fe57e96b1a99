//! What opens an encrypted stream.

use super::identity::IdentityFile;
use super::{MAX_WORK_FACTOR, SecretString};
use age::{scrypt, x25519};
use anyhow::Result;
use std::sync::{Arc, OnceLock};

/// Somebody who may be asked for a passphrase.
pub trait Ask: Send + Sync {
    /// The passphrase of a file; nothing where nobody is there to answer.
    fn passphrase(&self, file: &str) -> Result<Option<SecretString>>;
}

/// Identities and a passphrase. A passphrase that has to be asked for is asked for once.
#[derive(Default)]
pub struct Keys<'a> {
    files: Vec<IdentityFile>,
    passphrase: Option<SecretString>,
    ask: Option<Arc<dyn Ask + 'a>>,
    asked: OnceLock<SecretString>,
    identities: OnceLock<Vec<x25519::Identity>>,
}

impl<'a> Keys<'a> {
    /// Keys of these; `ask` is who knows what is not given.
    pub fn new(
        files: Vec<IdentityFile>,
        passphrase: Option<SecretString>,
        ask: Option<Arc<dyn Ask + 'a>>,
    ) -> Self {
        Self { files, passphrase, ask, ..Self::default() }
    }

    /// No keys at all, and nobody to ask.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing is known yet by which something could be opened.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.passphrase.is_none() && self.asked.get().is_none()
    }

    /// Whether files of identities are given.
    pub fn has_identities(&self) -> bool {
        !self.files.is_empty()
    }

    /// The same without its identities, for what opens a file of them.
    pub(super) fn passphrases_only(&self) -> Keys<'_> {
        let passphrase = self.passphrase.clone();
        Keys { passphrase, ask: self.ask.clone(), ..Keys::default() }
    }

    /// The identities; encrypted files of them are opened now.
    pub(super) fn identities(&self) -> Result<&[x25519::Identity]> {
        if let Some(identities) = self.identities.get() {
            return Ok(identities);
        }
        let mut identities = Vec::new();
        for file in &self.files {
            identities.extend(file.identities(self)?);
        }
        Ok(self.identities.get_or_init(|| identities))
    }

    /// The passphrase of a file, given or asked for; nothing where there is none.
    pub(super) fn passphrase(&self, file: &str) -> Result<Option<scrypt::Identity>> {
        let passphrase = match (self.passphrase.as_ref().or(self.asked.get()), &self.ask) {
            (Some(passphrase), _) => passphrase.clone(),
            (None, None) => return Ok(None),
            (None, Some(ask)) => match ask.passphrase(file)? {
                Some(passphrase) => self.asked.get_or_init(|| passphrase).clone(),
                None => return Ok(None),
            },
        };
        let mut identity = scrypt::Identity::new(passphrase);
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        Ok(Some(identity))
    }
}
