//! `larder keygen`

use super::{Context, text};
use crate::commands::keys::{KeyArgs, KeySettings};
use crate::exit::Exit;
use crate::ui::{Ui, require_stdout};
use anyhow::Result;
use clap::Args;
use larder::error::Fault;
use larder::files::{self, AtomicFile};
use larder::stream::age::{ExposeSecret, IdentityFile, generate};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make a key for encrypted snapshots and exports
///
/// It is an identity file of age, as age-keygen writes it. What is encrypted for its recipient (age1…) is opened by the file
/// alone: keep it away from the backups, and keep a copy of it.
#[derive(Debug, Args)]
pub struct Keygen {
    /// Write the identity to this file, for its owner alone, and print the recipient
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print the recipients that belong to an identity file, and make nothing
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    public: Option<PathBuf>,
}

impl Keygen {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        match (&self.public, &self.output) {
            (Some(file), _) => public(file, context),
            (None, Some(output)) => to_file(output, context),
            (None, None) => to_output(context),
        }
    }
}

fn public(file: &Path, context: &Context<'_>) -> Result<Exit> {
    files::require_file(file)?;
    let keys = KeyArgs::default().keys(&KeySettings::default(), context)?;
    let recipients = IdentityFile::read(file)?.recipients(&keys)?;
    let json = json!({ "file": text(file), "recipients": recipients });
    context.ui.result(&json, || recipients.join("\n") + "\n")?;
    Ok(Exit::Done)
}

fn to_file(output: &Path, context: &Context<'_>) -> Result<Exit> {
    let output = files::resolve(output)?;
    if files::metadata(&output)?.is_some() {
        return Err(Fault::usage(format!("{} exists already", output.display()))
            .hint("a key is never overwritten: choose another name")
            .into());
    }
    let (identity, recipient) = generate(context.now);
    let mut file = AtomicFile::create(&output, false)?;
    file.write_all(identity.expose_secret().as_bytes())?;
    file.commit()?;
    context.ui.say(&format!("the key is in {}", output.display()));
    context.ui.say("keep a copy of it, away from the backups: without it nobody can open them");
    let json = json!({ "file": text(&output), "recipient": recipient });
    context.ui.result(&json, || format!("{recipient}\n"))?;
    Ok(Exit::Done)
}

fn to_output(context: &Context<'_>) -> Result<Exit> {
    require_stdout()?;
    let (identity, recipient) = generate(context.now);
    let text = identity.expose_secret();
    if context.ui.wants_json() {
        Ui::print_json(&json!({ "identity": text, "recipient": recipient }))?;
    } else {
        Ui::print(text)?;
        context.ui.say(&format!("the recipient is {recipient}"));
    }
    Ok(Exit::Done)
}
