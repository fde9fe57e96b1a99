//! What a manifest of an encrypted snapshot keeps to itself: all that tells of the content.

use super::{Comparison, Contents, FilesContents, Loss, Manifest, SEALED};
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
    /// What the files are that belong to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) files: Option<FilesContents>,
    /// What the drill noted.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// The tables that lost many rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) lost: Vec<Loss>,
    /// What the settings require and is not so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unmet: Vec<String>,
}

/// What tells whether a database, or a lock, is the same: digests with a salt, which say nothing to those who have only
/// these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Random, in hexadecimal digits.
    salt: String,
    /// SHA-256 of the salt and the content digest, both as text.
    content_sha256: Digest,
    /// SHA-256 of the salt and the digest of the files' archive before it is compressed, both as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    files_sha256: Option<Digest>,
    /// SHA-256 of the salt and the recipients, one a line, sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipients_sha256: Option<Digest>,
}

impl Proof {
    fn new(content: Digest, files: Option<Digest>, lock: &Lock) -> Self {
        // A new public key is as random as anything is.
        let (_, random) = generate(DateTime::UNIX_EPOCH);
        let salt = digest_of(random.as_bytes()).to_string()[..32].to_owned();
        let recipients_sha256 = lock.digest(salt.as_bytes());
        let files_sha256 = files.map(|files| salted(&salt, files));
        Self { content_sha256: salted(&salt, content), files_sha256, recipients_sha256, salt }
    }

    fn is_of(&self, content: Digest) -> bool {
        self.content_sha256 == salted(&self.salt, content)
    }

    fn is_of_files(&self, files: Digest) -> bool {
        self.files_sha256 == Some(salted(&self.salt, files))
    }
}

fn salted(salt: &str, content: Digest) -> Digest {
    digest_of(format!("{salt}{content}").as_bytes())
}

impl Manifest {
    /// Encrypts what tells of the content.
    pub fn seal(&mut self, lock: &Lock) -> Result<()> {
        let Some(contents) = self.plain.take() else { return Ok(()) };
        let notes = std::mem::take(&mut self.drill.notes);
        let files = self.files.as_mut().and_then(|files| files.contents.take());
        let found = self.comparison.as_mut();
        let found = found.map(|found| (std::mem::take(&mut found.lost), std::mem::take(&mut found.unmet)));
        let (lost, unmet) = found.unwrap_or_default();
        let sealed = Sealed { contents, files, notes, lost, unmet };
        let text = serde_json::to_vec(&sealed).context("cannot write the manifest")?;
        self.sealed = Some(lock.armoured(&text).context("cannot encrypt the manifest")?);
        let of_files = sealed.files.as_ref().map(|files| files.tar_sha256);
        self.proof = Some(Proof::new(sealed.contents.content_sha256, of_files, lock));
        self.encryption = Some(age::NAME.to_owned());
        self.version = SEALED;
        self.opened = Some(Box::new(sealed));
        Ok(())
    }

    /// Notes what comparing its rows found. Of what is encrypted, tables are named inside the seal, or nowhere.
    pub fn note_comparison(&mut self, mut found: Comparison, lock: Option<&Lock>) -> Result<()> {
        if self.sealed.is_none() {
            self.comparison = Some(found);
            return Ok(());
        }
        if let (Some(lock), Some(opened)) = (lock, self.opened.take()) {
            let Sealed { contents, files, notes, .. } = *opened;
            (self.plain, self.drill.notes, self.comparison) = (Some(contents), notes, Some(found));
            if let Some(own) = &mut self.files {
                own.contents = files;
            }
            return self.seal(lock);
        }
        (found.lost, found.unmet) = (Vec::new(), Vec::new());
        self.comparison = Some(found);
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

    /// Whether the files that belong to it are those whose archive has that digest before it is compressed.
    pub fn holds_files(&self, tar: Digest) -> bool {
        match (self.files_contents(), &self.proof) {
            (Some(contents), _) => contents.tar_sha256 == tar,
            (None, Some(proof)) => proof.is_of_files(tar),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::age::{ExposeSecret, IdentityFile, SecretString};

    /// A manifest as larder 0.1 wrote it.
    const OLD: &str = r#"{
  "format": "larder-snapshot",
  "version": 1,
  "app": "app",
  "kind": "manual",
  "created_at": "2026-11-20T10:30:00Z",
  "unchanged_at": null,
  "source": {
    "file": "app.db",
    "path": "/srv/app.db",
    "uid": 0,
    "gid": 0,
    "mode": "0644"
  },
  "page_size": 4096,
  "encoding": "UTF-8",
  "journal_mode": "wal",
  "auto_vacuum": 0,
  "user_version": 0,
  "application_id": 0,
  "schema_sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "rows": {
    "diary": 20
  },
  "database_size": 8192,
  "database_sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
  "content_sha256": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
  "size": 100,
  "sha256": "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
  "compression": "gzip",
  "level": 6,
  "encryption": null,
  "method": "vacuum-into",
  "drill": {
    "depth": "full",
    "integrity": "ok",
    "notes": [
      "diary: a flaw"
    ],
    "foreign_key_violations": 0,
    "rows": "same",
    "read_back": true,
    "verified_at": "2026-11-20T10:30:01Z"
  },
  "sqlite_version": "3.54.1",
  "larder_version": "0.1.0",
  "duration_ms": 9
}
"#;

    fn lock() -> (tempfile::TempDir, Lock, Keys<'static>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key");
        let (identity, recipient) = generate(DateTime::UNIX_EPOCH);
        std::fs::write(&path, identity.expose_secret()).expect("write");
        let keys = Keys::new(vec![IdentityFile::read(&path).expect("an identity")], None, None);
        (folder, Lock::for_recipients(&[recipient]).expect("a recipient"), keys)
    }

    #[test]
    fn a_manifest_that_is_not_sealed_stays_as_it_was_to_the_byte() {
        let manifest = Manifest::parse(OLD.as_bytes()).expect("a manifest");
        assert_eq!(String::from_utf8(manifest.to_text()).expect("text"), OLD);
        let broken = OLD.replace("\"page_size\": 4096,", "");
        let error = Manifest::parse(broken.as_bytes()).expect_err("it lacks a field");
        assert!(format!("{error:#}").contains("missing field `page_size`"), "{error:#}");
    }

    #[test]
    fn what_tells_of_the_content_is_inside_and_comes_back() {
        let (_folder, lock, keys) = lock();
        let plain = Manifest::parse(OLD.as_bytes()).expect("a manifest");
        let content = plain.contents().expect("it is not sealed").content_sha256;
        let mut manifest = plain.clone();
        manifest.seal(&lock).expect("seal");
        let text = String::from_utf8(manifest.to_text()).expect("text");
        for inside in ["diary", "page_size", "aaaaaa", "bbbbbb", "cccccc", "8192", "a flaw", "rows\": {"] {
            assert!(!text.contains(inside), "{inside} is outside: {text}");
        }
        let mut read = Manifest::parse(text.as_bytes()).expect("a manifest");
        assert_eq!((read.contents(), read.notes().len()), (None, 0));
        assert!(read.holds(content) && !read.holds(digest_of(b"other")));
        read.unseal(&keys, "it").expect("open");
        assert_eq!((read.contents(), read.notes()), (plain.contents(), plain.notes()));
        // What was opened does not get out.
        assert_eq!(read.to_text(), text.as_bytes());
        let (_other, _, wrong) = self::lock();
        let error = Manifest::parse(text.as_bytes()).expect("a manifest").unseal(&wrong, "it");
        assert!(error.expect_err("it is another key").to_string().contains("not encrypted for the key"));
    }

    #[test]
    fn another_lock_is_noticed() {
        let ((_a, lock, _), (_b, other, _)) = (lock(), lock());
        let passphrase = |text: &str| Lock::Passphrase(SecretString::from(text));
        let plain = Manifest::parse(OLD.as_bytes()).expect("a manifest");
        assert!(plain.is_locked_by(None) && !plain.is_locked_by(Some(&lock)));
        let mut sealed = plain.clone();
        sealed.seal(&lock).expect("seal");
        let sealed = Manifest::parse(&sealed.to_text()).expect("a manifest");
        assert!(sealed.is_locked_by(Some(&lock)));
        assert!(!sealed.is_locked_by(None) && !sealed.is_locked_by(Some(&other)));
        assert!(!sealed.is_locked_by(Some(&passphrase("x"))));
        let mut sealed = plain.clone();
        sealed.seal(&passphrase("correct")).expect("seal");
        let sealed = Manifest::parse(&sealed.to_text()).expect("a manifest");
        assert!(sealed.is_locked_by(Some(&passphrase("correct"))));
        assert!(!sealed.is_locked_by(Some(&passphrase("wrong"))) && !sealed.is_locked_by(Some(&lock)));
    }
}
