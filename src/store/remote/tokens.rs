//! What lets larder into Google Drive and Dropbox for a user: a refresh token, and whose program asks.

use super::{Provider, Surroundings};
use crate::error::Fault;
use crate::files::{self, AtomicFile};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;

/// The largest file with a token that is read, in bytes.
const LARGEST: u64 = 1 << 20;

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
        let text = files::read_small(&file, LARGEST)?;
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
        let text = serde_json::to_vec_pretty(self).context("a token cannot be written")?;
        output.write_all(&text)?;
        output.commit()?;
        Ok(path)
    }
}

fn file(provider: Provider, surroundings: &Surroundings) -> Result<PathBuf> {
    let folder = surroundings.settings.as_ref().ok_or_else(|| {
        Fault::failed("there is no folder for settings, which has the tokens too")
            .hint("set HOME or XDG_CONFIG_HOME")
    })?;
    Ok(folder.join("tokens").join(format!("{}.json", provider.name())))
}
