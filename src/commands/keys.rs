//! Encryption as options: whom a file is encrypted for, and what opens one.
//!
//! What the settings say of it comes as [`KeySettings`]; what the command line says counts more.

mod beside;
mod passphrase;

pub use beside::warn_of_keys_beside;

use super::Context;
use crate::ui::is_interactive;
use anyhow::Result;
use clap::Args;
use larder::config::Config;
use larder::error::Fault;
use larder::files;
use larder::platform;
use larder::progress::Progress;
use larder::stream::age::{IdentityFile, Keys, Lock, is_named_so};
use passphrase::{Asking, from_command, from_file};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What settings say of encryption.
#[derive(Debug, Default, Clone)]
pub struct KeySettings {
    /// Recipients, or the paths of files of them.
    pub encrypt_to: Vec<String>,
    /// The file that holds the passphrase.
    pub passphrase_file: Option<PathBuf>,
    /// The command that prints it.
    pub passphrase_command: Option<String>,
    /// Files of identities.
    pub identity: Vec<PathBuf>,
}

impl KeySettings {
    /// What the settings of an application say.
    pub fn of(config: &Config) -> Result<Self> {
        Ok(Self {
            encrypt_to: config.snapshot.encrypt_to.clone(),
            passphrase_file: config.snapshot.passphrase_file.clone(),
            passphrase_command: config.passphrase_command()?.map(str::to_owned),
            identity: config.identity.clone(),
        })
    }

    fn encrypts(&self) -> bool {
        !self.encrypt_to.is_empty() || self.passphrase_file.is_some() || self.passphrase_command.is_some()
    }
}

/// What opens an encrypted file.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Encryption")]
pub struct KeyArgs {
    /// A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the
    /// file that `LARDER_IDENTITY` names]
    #[arg(long, value_name = "FILE")]
    identity: Vec<PathBuf>,
    /// A file that holds a passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_command")]
    passphrase_file: Option<PathBuf>,
    /// A command of the shell that prints a passphrase
    #[arg(long, value_name = "COMMAND")]
    passphrase_command: Option<String>,
}

/// Whom a file is encrypted for.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Encryption")]
pub struct EncryptArgs {
    /// Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "encrypt")]
    encrypt_to: Vec<String>,
    /// Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice
    #[arg(long)]
    encrypt: bool,
}

impl KeyArgs {
    /// Whether a passphrase is given.
    fn has_passphrase(&self) -> bool {
        self.passphrase_file.is_some() || self.passphrase_command.is_some()
    }

    /// What opens files: who is on a terminal is asked for a passphrase where one is needed.
    pub fn keys<'a>(&self, settings: &KeySettings, context: &'a Context<'_>) -> Result<Keys<'a>> {
        self.keys_of(settings, is_interactive(), context)
    }

    /// The same, and nobody is asked.
    pub fn keys_given<'a>(&self, settings: &KeySettings, context: &'a Context<'_>) -> Result<Keys<'a>> {
        self.keys_of(settings, false, context)
    }

    fn keys_of<'a>(&self, settings: &KeySettings, asks: bool, context: &'a Context<'_>) -> Result<Keys<'a>> {
        let mut identities = Vec::new();
        for path in self.identities(settings) {
            warn_if_readable(&path, "identity", context)?;
            identities.push(IdentityFile::read(&path)?);
        }
        let (file, command) = self.passphrase_sources(settings);
        if let Some(file) = file {
            warn_if_readable(file, "passphrase", context)?;
        }
        let passphrase = file.map(from_file).transpose()?;
        let asking = Asking::new(command.map(ToOwned::to_owned), asks, context.ui);
        Ok(Keys::new(identities, passphrase, Some(Arc::new(asking))))
    }

    /// The files of identities: those that are named, else the one of the environment, else those of the settings.
    fn identities(&self, settings: &KeySettings) -> Vec<PathBuf> {
        if !self.identity.is_empty() {
            return self.identity.clone();
        }
        match std::env::var_os("LARDER_IDENTITY").filter(|path| !path.is_empty()) {
            Some(path) => vec![PathBuf::from(path)],
            None => settings.identity.clone(),
        }
    }

    fn passphrase_sources<'s>(&'s self, settings: &'s KeySettings) -> (Option<&'s Path>, Option<&'s str>) {
        if self.has_passphrase() {
            (self.passphrase_file.as_deref(), self.passphrase_command.as_deref())
        } else {
            (settings.passphrase_file.as_deref(), settings.passphrase_command.as_deref())
        }
    }
}

impl EncryptArgs {
    /// Whether a lock is asked for here.
    fn is_said(&self) -> bool {
        self.encrypt || !self.encrypt_to.is_empty()
    }

    /// Whom a snapshot is encrypted for; nothing where it is not. A passphrase that is given is meant for it.
    pub fn lock(
        &self,
        keys: &KeyArgs,
        settings: &KeySettings,
        context: &Context<'_>,
    ) -> Result<Option<Lock>> {
        if !self.encrypt_to.is_empty() && keys.has_passphrase() {
            return Err(Fault::usage("a file is encrypted for recipients or with a passphrase, not both")
                .hint("leave --encrypt-to or the passphrase out")
                .into());
        }
        if !self.is_said() && !keys.has_passphrase() && !settings.encrypts() {
            return Ok(None);
        }
        self.any_lock(keys, settings, context).map(Some)
    }

    /// Whom a file is encrypted for, which its name says: nothing where it does not end in `.age`. Without a file, it goes to
    /// the standard output. With `reads`, a passphrase may be there for what is read.
    pub fn lock_of(
        &self,
        output: Option<&Path>,
        reads: bool,
        keys: &KeyArgs,
        settings: &KeySettings,
        context: &Context<'_>,
    ) -> Result<Option<Lock>> {
        let is_meant = self.is_said() || (keys.has_passphrase() && !reads);
        let is_named = output.is_some_and(is_named_so);
        match output {
            Some(output) if is_meant && !is_named => {
                let message = format!("{} would be encrypted, and its name does not say so", output.display());
                Err(Fault::usage(message).hint("name it with .age at its end").into())
            }
            Some(output) if is_named && !is_meant && !keys.has_passphrase() && !settings.encrypts() => {
                Err(Fault::usage(format!("nothing says whom {} is to be encrypted for", output.display()))
                    .hint("--encrypt-to RECIPIENT, --passphrase-file FILE, --passphrase-command COMMAND, or --encrypt")
                    .into())
            }
            _ if is_named || is_meant => self.any_lock(keys, settings, context).map(Some),
            _ => Ok(None),
        }
    }

    /// The lock that the command line says, else that of the settings.
    fn any_lock(&self, keys: &KeyArgs, settings: &KeySettings, context: &Context<'_>) -> Result<Lock> {
        let passphrase = self.encrypt || keys.has_passphrase();
        let recipients = match (self.encrypt_to.is_empty(), passphrase) {
            (false, _) => &self.encrypt_to,
            (true, true) => &Vec::new(),
            (true, false) => &settings.encrypt_to,
        };
        if !recipients.is_empty() {
            return Lock::for_recipients(recipients);
        }
        let (file, command) = keys.passphrase_sources(settings);
        Ok(Lock::Passphrase(match (file, command) {
            (Some(file), _) => from_file(file)?,
            (None, Some(command)) => from_command(command, context.ui)?,
            (None, None) => passphrase::asked_twice(context.ui)?,
        }))
    }
}

impl KeyArgs {
    /// The passphrase file that a lock comes from, where it comes from one.
    pub fn file_of<'s>(&'s self, lock: &Lock, settings: &'s KeySettings) -> Option<&'s Path> {
        match lock {
            Lock::Passphrase(_) => self.passphrase_sources(settings).0,
            Lock::Recipients(_) => None,
        }
    }
}

/// Says so where others can read a secret.
fn warn_if_readable(path: &Path, what: &str, context: &Context<'_>) -> Result<()> {
    let metadata = files::metadata(path)?.filter(std::fs::Metadata::is_file);
    if metadata.is_some_and(|metadata| platform::others_may_read(&metadata)) {
        let path = path.display();
        context.ui.warn(&format!("others on this machine can read the {what} in {path}: chmod 600 {path}"));
    }
    Ok(())
}
