//! `larder man`

use super::Context;
use crate::cli::Cli;
use crate::exit::Exit;
use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory};
use larder::files::{self, AtomicFile};
use std::io::Write;
use std::path::PathBuf;

/// Write the manual pages into a folder, one for larder and one a command
#[derive(Debug, Args)]
pub struct Man {
    /// The folder, made where it does not exist
    folder: PathBuf,
    /// Overwrite pages that differ
    #[arg(long)]
    force: bool,
}

impl Man {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        files::create_folders(&self.folder)?;
        let mut larder = Cli::command();
        larder.build();
        let mut written = vec![self.write(larder.clone(), "larder")?];
        for command in larder.get_subcommands().filter(|command| command.get_name() != "help") {
            written.push(self.write(command.clone(), &format!("larder-{}", command.get_name()))?);
        }
        let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        context.ui.result(&serde_json::json!({ "files": paths }), || paths.join("\n") + "\n")?;
        Ok(Exit::Done)
    }

    fn write(&self, command: clap::Command, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(format!("{name}.1"));
        let mut page = Vec::new();
        clap_mangen::Man::new(command.display_name(name)).title(name).render(&mut page)?;
        if files::metadata(&path)?.is_some_and(|metadata| metadata.is_file())
            && std::fs::read(&path).is_ok_and(|there| there == page)
        {
            return Ok(path);
        }
        let mut file = AtomicFile::create(&path, self.force)?;
        file.write_all(&page).with_context(|| format!("cannot write {}", path.display()))?;
        file.commit()?;
        Ok(path)
    }
}
