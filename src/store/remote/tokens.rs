//! What lets larder into Google Drive and Dropbox for a user: a refresh token, and whose program asks.

use super::{Provider, Surroundings};
use crate::error::Fault;
use crate::files::{self, AtomicFile};
use crate::stream::Form;
use crate::stream::age::{Keys, Lock, SecretString, unlock};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

/// The largest file with a token that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// What names the file with the passphrase that tokens are encrypted with.
const PASSPHRASE: &str = "LARDER_TOKEN_PASSPHRASE_FILE";

/// A refresh token, and the program that it was given to: the user's own, as they registered it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) refresh_token: String,
}

impl Tokens {
    /// Those of the environment, else those that a login left.
    pub(super) fn find(provider: Provider, surroundings: &Surroundings) -> Result<Self> {
        let prefix = format!("LARDER_{}_", provider.name().to_uppercase());
        let variable = |name: &str| (surroundings.variable)(&format!("{prefix}{name}"));
        let said = (variable("CLIENT_ID"), variable("CLIENT_SECRET"), variable("REFRESH_TOKEN"));
        if let (Some(client_id), Some(client_secret), Some(refresh_token)) = said {
            return Ok(Self { client_id, client_secret, refresh_token });
        }
        let file = file(provider, surroundings)?;
        if files::metadata(&file)?.is_none() {
            let name = provider.name();
            return Err(Fault::failed(format!("larder is not signed in to {name}"))
                .hint(format!("larder store login {name}; docs/stores.md says how, step by step"))
                .into());
        }
        let mut text = files::read_small(&file, LARGEST)?;
        if Form::of(&text) == Form::Age {
            let Some(passphrase) = passphrase(surroundings)? else {
                let message = format!("{} is encrypted, and {PASSPHRASE} is not set", file.display());
                return Err(Fault::failed(message).hint("it names the file with the passphrase").into());
            };
            let keys = Keys::new(Vec::new(), Some(passphrase), None);
            let (_, opened) = unlock(Cursor::new(text), &keys, &file.display().to_string())?;
            text = Vec::new();
            let read = opened.take(LARGEST).read_to_end(&mut text);
            read.with_context(|| format!("cannot read {}", file.display()))?;
        }
        // What is wrong with it is not said: it is a secret.
        serde_json::from_slice(&text).map_err(|_| {
            let message = format!("{} is not what a login writes", file.display());
            Fault::failed(message)
                .hint(format!("larder store login {} writes it anew", provider.name()))
                .into()
        })
    }

    /// Keeps them for the user alone, and says where.
    pub(super) fn keep(&self, provider: Provider, surroundings: &Surroundings) -> Result<PathBuf> {
        let path = file(provider, surroundings)?;
        files::create_folders(&files::folder_of(&path))?;
        let mut output = AtomicFile::create(&path, true)?;
        let mut text = serde_json::to_vec_pretty(self).context("a token cannot be written")?;
        if let Some(passphrase) = passphrase(surroundings)? {
            text = Lock::Passphrase(passphrase).armoured(&text)?.into_bytes();
        }
        output.write_all(&text)?;
        output.commit()?;
        Ok(path)
    }
}

/// Deletes what a login left, and says where that was; nothing where there is none.
pub fn log_out(provider: Provider, surroundings: &Surroundings) -> Result<Option<PathBuf>> {
    let file = file(provider, surroundings)?;
    if files::metadata_of_link(&file)?.is_none() {
        return Ok(None);
    }
    files::remove(&file)?;
    files::sync_folder(&files::folder_of(&file))?;
    Ok(Some(file))
}

/// The passphrase that a token is encrypted with, where one is said: the only line of a file.
fn passphrase(surroundings: &Surroundings) -> Result<Option<SecretString>> {
    let Some(file) = (surroundings.variable)(PASSPHRASE) else { return Ok(None) };
    let bytes = files::read_small(Path::new(&file), LARGEST).with_context(|| PASSPHRASE.to_owned())?;
    let text = String::from_utf8(bytes).ok().map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    match text.filter(|text| !text.is_empty() && !text.contains('\n')) {
        Some(text) => Ok(Some(SecretString::from(text))),
        None => {
            Err(Fault::usage(format!("{file} does not hold a passphrase, which is its only line")).into())
        }
    }
}

fn file(provider: Provider, surroundings: &Surroundings) -> Result<PathBuf> {
    let folder = surroundings.settings.as_ref().ok_or_else(|| {
        Fault::failed("there is no folder for settings, which has the tokens too")
            .hint("set HOME or XDG_CONFIG_HOME")
    })?;
    Ok(folder.join("tokens").join(format!("{}.json", provider.name())))
}
