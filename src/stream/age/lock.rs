//! What a stream is encrypted for.

use super::identity::recipients_in;
use super::{ExposeSecret, Keys, SecretString, WORK_FACTOR};
use crate::error::Fault;
use crate::files;
use crate::stream::{Digest, digest_of};
use age::stream::StreamWriter;
use age::{Encryptor, armor, scrypt, x25519};
use anyhow::{Context, Result};
use std::io::{self, Write};
use std::path::Path;

/// The largest file of recipients that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// Who will be able to open a stream.
#[derive(Clone)]
pub enum Lock {
    /// Each of these.
    Recipients(Vec<x25519::Recipient>),
    /// Everybody who knows this passphrase.
    Passphrase(SecretString),
}

impl Lock {
    /// For recipients, each an `age1…` or the path of a file of them.
    pub fn for_recipients(texts: &[String]) -> Result<Self> {
        let mut recipients = Vec::new();
        for text in texts {
            recipients.extend(recipients_of(text)?);
        }
        recipients.sort_by_cached_key(ToString::to_string);
        recipients.dedup();
        Ok(Self::Recipients(recipients))
    }

    fn encryptor(&self) -> Result<Encryptor> {
        let encryptor = match self {
            Self::Recipients(recipients) => {
                Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as _))
            }
            Self::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK_FACTOR);
                Encryptor::with_recipients(std::iter::once(&recipient as _))
            }
        };
        encryptor.context("cannot encrypt")
    }

    /// Encrypts a short text, as text.
    pub fn armoured(&self, text: &[u8]) -> Result<String> {
        let armour = armor::ArmoredWriter::wrap_output(Vec::new(), armor::Format::AsciiArmor)?;
        let mut writer = self.encryptor()?.wrap_output(armour)?;
        writer.write_all(text)?;
        let bytes = writer.finish()?.finish()?;
        String::from_utf8(bytes).context("an armour is ASCII")
    }

    /// A digest by which one knows whether another lock is for the same recipients; nothing of a passphrase, which could be
    /// guessed by it.
    pub fn digest(&self, salt: &[u8]) -> Option<Digest> {
        let Self::Recipients(recipients) = self else { return None };
        let names: Vec<String> = recipients.iter().map(ToString::to_string).collect();
        Some(digest_of(&[salt, names.join("\n").as_bytes()].concat()))
    }

    /// The key to it, where it is its own key.
    pub fn own_keys(&self) -> Option<Keys<'static>> {
        match self {
            Self::Recipients(_) => None,
            Self::Passphrase(passphrase) => Some(Keys::new(Vec::new(), Some(passphrase.clone()), None)),
        }
    }

    /// Whether a file holds an identity that opens it.
    pub fn is_opened_by(&self, file: &Path) -> bool {
        match self {
            Self::Recipients(recipients) => {
                let there = recipients_in(file).unwrap_or_default();
                recipients.iter().any(|recipient| there.contains(&recipient.to_string()))
            }
            Self::Passphrase(_) => false,
        }
    }
}

/// The recipients that a text means: one of them, or the path of a file with one a line.
pub fn recipients_of(text: &str) -> Result<Vec<x25519::Recipient>> {
    if text.starts_with("age1") || looks_secret(text) || text.starts_with("ssh-") {
        return Ok(vec![recipient(text)?]);
    }
    let path = Path::new(text);
    if files::metadata(path)?.is_none() {
        let message = format!("--encrypt-to {text}: it is no recipient, and there is no such file");
        return Err(Fault::usage(message)
            .hint("a recipient begins with age1; larder keygen makes one")
            .into());
    }
    let bytes = files::read_small(path, MAX_FILE)?;
    let bytes = SecretString::from(String::from_utf8_lossy(&bytes).into_owned());
    let mut recipients = Vec::new();
    for (number, line) in bytes.expose_secret().lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = || format!("{}, line {}", path.display(), number + 1);
        recipients.push(recipient(line).map_err(|fault| {
            let placed = Fault::usage(format!("{}: {fault}", at()));
            fault.hint.map_or(placed.clone(), |hint| placed.hint(hint))
        })?);
    }
    if recipients.is_empty() {
        return Err(Fault::usage(format!("{} holds no recipient", path.display())).into());
    }
    Ok(recipients)
}

fn looks_secret(text: &str) -> bool {
    text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-")
}

/// Reads a recipient. What is none is not shown: it may be a secret.
fn recipient(text: &str) -> Result<x25519::Recipient, Fault> {
    text.parse().map_err(|_| match text {
        _ if looks_secret(text) => Fault::usage("a secret key stands where a recipient should")
            .hint("the recipient begins with age1: larder keygen --public FILE prints it"),
        _ if text.starts_with("ssh-") => Fault::usage("keys of SSH cannot be encrypted to")
            .hint("larder keygen makes an age key, whose recipient begins with age1"),
        _ if text.starts_with("age1") => {
            Fault::usage("the recipient is not whole, or is one of an age plugin")
                .hint("copy it again; larder knows those that larder keygen and age-keygen print")
        }
        _ => Fault::usage("it is no recipient").hint("a recipient begins with age1"),
    })
}

/// Encrypts what is written to it, where there is a lock; [`Sealing::finish`] must be called.
pub enum Sealing<W: Write> {
    /// Passes everything on.
    Open(W),
    /// An age file.
    Age(Box<StreamWriter<W>>),
}

impl<W: Write> Sealing<W> {
    /// Begins a stream on `inner`.
    pub fn new(inner: W, lock: Option<&Lock>) -> Result<Self> {
        match lock {
            None => Ok(Self::Open(inner)),
            Some(lock) => Ok(Self::Age(Box::new(lock.encryptor()?.wrap_output(inner)?))),
        }
    }

    /// Writes what is left and gives the writer inside back.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Open(inner) => Ok(inner),
            Self::Age(writer) => writer.finish(),
        }
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(inner) => inner.write(bytes),
            Self::Age(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(inner) => inner.flush(),
            Self::Age(writer) => writer.flush(),
        }
    }
}
