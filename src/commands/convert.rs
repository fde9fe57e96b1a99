//! `larder convert`

use super::format::{self, FormatOptions};
use super::input::{self, LimitOptions};
use super::keys::{EncryptArgs, KeyArgs, warn_of_keys_beside};
use super::state::{self, Found};
use super::store::App;
use super::{Context, shell_word, text};
use crate::exit::Exit;
use crate::ui::table;
use anyhow::Result;
use clap::Args;
use larder::convert::convert;
use larder::error::Fault;
use larder::files;
use larder::progress::Progress;
use serde_json::json;
use std::path::PathBuf;

/// Turn an export into another format or compression
///
/// Nothing is lost on the way: a document that is converted and converted back is the same, byte for byte.
#[derive(Debug, Args)]
pub struct Convert {
    /// The document: a file, a folder of CSV, or - for the standard input
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// What it becomes: .json, .ndjson, .zip (CSV), each also with .gz or .zst and
    /// with .age, a folder (CSV), or - for the standard output
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// Overwrite the output
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    format: FormatOptions,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    encrypt: EncryptArgs,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Convert {
    pub fn run(self, context: &Context<'_>) -> Result<Exit> {
        let output = format::output(Some(&self.output))?;
        if context.ui.wants_json() && output.is_none() {
            return Err(Fault::usage("--json and the document cannot both go to the standard output").into());
        }
        if let Some(output) = output.as_ref().filter(|_| !input::is_pipe(&self.input).unwrap_or(true)) {
            let (from, to) = (files::resolve(&self.input)?, files::resolve(output)?);
            if from == to {
                return Err(Fault::usage(format!("{} is the input itself", self.output.display())).into());
            }
            if from.starts_with(&to) || to.starts_with(&from) {
                let message = format!("{} and the input lie one in the other", self.output.display());
                return Err(Fault::usage(message).hint("choose another place").into());
            }
        }
        let input = self.stored(context)?;
        let input = input.as_ref().map_or(&self.input, |found| &found.path);
        let limits = self.limits.limits();
        let settings = super::configuration::keys_here(context)?;
        let keys = self.keys.keys(&settings, context)?;
        let document = input::document(input, &limits, self.limits.streamed(), &keys, context)?;
        let name = input::name(&self.input);
        let encrypted = document.encrypted;
        let lock = self.encrypt.lock_of(output.as_deref(), encrypted, &self.keys, &settings, context)?;
        let target = self.format.target(output.as_deref(), self.force, lock.clone())?;
        let mut edited = false;
        let summary = target.write(context, |format| {
            let converted = convert(document.input, &name, limits, format, context.ui)?;
            edited = converted.edited;
            Ok((converted.output, converted.summary))
        })?;
        if edited {
            context.ui.warn(&format!("{name} was changed after it was written"));
        }
        let rows = summary.items.values().sum();
        let sections = table::count(summary.items.len() as u64, "section", "sections");
        context.ui.say(&format!("{} of {sections}", table::count(rows, "row", "rows")));
        if let Some(output) = &output {
            if let Some(lock) = &lock {
                warn_of_keys_beside(output, lock, &self.keys, &settings, context);
            }
            context.ui.result_path(&json!({ "file": text(output), "items": summary.items }), output)?;
        }
        Ok(Exit::Done)
    }

    /// The export of a store that the input names.
    fn stored(&self, context: &Context<'_>) -> Result<Option<Found>> {
        if !state::means_stored(&self.input) {
            return Ok(None);
        }
        if state::snapshot_name(&self.input).is_none_or(|name| !name.is_export()) {
            let input = shell_word(&self.input);
            return Err(Fault::usage(format!("{} is a snapshot, not an export", self.input.display()))
                .hint(format!("larder export {input} -o {}", shell_word(&self.output)))
                .into());
        }
        let subject = state::subject(Some(&self.input), &App::default(), context)?;
        state::stored(&self.input, &subject, context)
    }
}
