//! `larder completions`

use super::Context;
use crate::cli::Cli;
use crate::exit::Exit;
use crate::ui::Ui;
use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, _: &Context<'_>) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "larder", &mut script);
        Ui::print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}
