//! Files of identities, as `age-keygen` and `larder keygen` write them.

use super::{ExposeSecret, Keys, SecretString, unlock};
use crate::error::{Fault, is_broken_stream};
use crate::files;
use crate::stream::{Form, Limited};
use age::x25519;
use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file of identities that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// How every identity begins that is a key.
const SECRET: &str = "AGE-SECRET-KEY-";

/// A file of identities.
pub struct IdentityFile {
    path: PathBuf,
    content: Content,
}

enum Content {
    Open(Vec<x25519::Identity>),
    /// Encrypted with a passphrase, which is asked for when it is needed.
    Locked(Vec<u8>),
}

impl IdentityFile {
    /// Reads a file of identities. One that is encrypted is opened when it is needed.
    pub fn read(path: &Path) -> Result<Self> {
        refuse_identity_itself(path)?;
        let bytes = files::read_small(path, MAX_FILE)?;
        let content = if Form::of(&bytes) == Form::Age {
            Content::Locked(bytes)
        } else {
            let text = SecretString::from(String::from_utf8_lossy(&bytes).into_owned());
            Content::Open(parse(&text, path)?)
        };
        Ok(Self { path: path.to_owned(), content })
    }

    /// Its identities; `passphrase` opens it where it is encrypted.
    pub(super) fn identities(&self, keys: &Keys<'_>) -> Result<Vec<x25519::Identity>> {
        match &self.content {
            Content::Open(identities) => Ok(identities.clone()),
            Content::Locked(bytes) => {
                let name = self.path.display().to_string();
                let (_, opened) = unlock(&bytes[..], &keys.passphrases_only(), &name)?;
                let mut text = String::new();
                let read = Limited::new(opened, MAX_FILE).read_to_string(&mut text);
                let text = SecretString::from(text);
                read.map_err(|error| {
                    let is_broken = is_broken_stream(&error);
                    let message = format!("{name} cannot be read");
                    anyhow::Error::new(error).context(if is_broken {
                        Fault::invalid(message)
                    } else {
                        Fault::failed(message)
                    })
                })?;
                parse(&text, &self.path)
            }
        }
    }

    /// The recipients for whom its identities open files.
    pub fn recipients(&self, keys: &Keys<'_>) -> Result<Vec<String>> {
        let identities = self.identities(keys)?;
        Ok(identities.iter().map(|identity| identity.to_public().to_string()).collect())
    }
}

/// An error where a path is an identity. It is not repeated.
fn refuse_identity_itself(path: &Path) -> Result<()> {
    let text = path.to_string_lossy();
    if !text.get(..SECRET.len()).is_some_and(|start| start.eq_ignore_ascii_case(SECRET)) {
        return Ok(());
    }
    Err(Fault::usage("an identity itself was given where the path of an identity file is expected")
        .hint("write it to a file that only you may read, and pass the path of the file")
        .into())
}

/// Reads identities, a line each. What a line holds that is none is not shown: it may be a secret.
fn parse(text: &SecretString, path: &Path) -> Result<Vec<x25519::Identity>> {
    let mut identities = Vec::new();
    for (number, line) in text.expose_secret().lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        identities.push(line.parse().map_err(|_| no_identity(line, number + 1, path))?);
    }
    if identities.is_empty() {
        return Err(Fault::usage(format!("{} holds no identity", path.display()))
            .hint("larder keygen -o FILE makes one")
            .into());
    }
    Ok(identities)
}

fn no_identity(line: &str, number: usize, path: &Path) -> Fault {
    let at = format!("{}, line {number}", path.display());
    match line {
        _ if line.starts_with("age1") => {
            Fault::usage(format!("{at}: it is a recipient, which cannot open anything"))
                .hint("the identity that belongs to it begins with AGE-SECRET-KEY-1")
        }
        _ if line.starts_with("AGE-PLUGIN-") => {
            Fault::usage(format!("{at}: it is the identity of an age plugin"))
                .hint("decrypt the file first: age -d -i FILE")
        }
        _ if line.starts_with("-----BEGIN") => Fault::usage(format!("{at}: it is a key of another program"))
            .hint("decrypt the file first: age -d -i FILE; larder keygen makes an identity"),
        _ if line.starts_with(SECRET) => Fault::usage(format!("{at}: the identity is not whole")),
        _ => Fault::usage(format!("{at}: it is no identity"))
            .hint("a file of identities is what larder keygen or age-keygen wrote"),
    }
}

/// A new identity: the text of its file, and the recipient that belongs to it.
pub fn generate(now: DateTime<Utc>) -> (SecretString, String) {
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let now = now.trunc_subsecs(0).to_rfc3339_opts(SecondsFormat::Secs, true);
    let secret = identity.to_string();
    let text = format!("# created: {now}\n# public key: {recipient}\n{}\n", secret.expose_secret());
    (SecretString::from(text), recipient)
}

/// The recipients whose identities a file holds, where it is a file of identities that is not encrypted.
pub(super) fn recipients_in(path: &Path) -> Result<Vec<String>> {
    match IdentityFile::read(path).context("it is no file of identities")?.content {
        Content::Open(identities) => {
            Ok(identities.iter().map(|identity| identity.to_public().to_string()).collect())
        }
        Content::Locked(_) => Ok(Vec::new()),
    }
}
