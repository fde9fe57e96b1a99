//! `larder completions`

use super::Context;
use crate::cli::Cli;
use crate::exit::Exit;
use crate::ui::{Ui, require_stdout};
use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

/// Print the completions of a shell
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        require_stdout()?;
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "larder", &mut script);
        let script = String::from_utf8_lossy(&script);
        if context.ui.wants_json() {
            Ui::print_json(&json!({ "shell": self.shell.to_string(), "script": script }))?;
        } else {
            // It is code for a shell, and shown as it is.
            Ui::print_bytes(script.as_bytes())?;
        }
        Ok(Exit::Done)
    }
}
