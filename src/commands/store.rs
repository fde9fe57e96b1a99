//! Which application and which store a command is about.

use anyhow::Result;
use clap::Args;
use larder::error::Fault;
use larder::files;
use larder::store::{Folder, app_of, is_app_name};
use std::path::{Path, PathBuf};

/// The folder beside a database that is its store where no other is named.
const DEFAULT: &str = "backups";

/// `--app`.
#[derive(Debug, Args)]
pub struct App {
    /// The application's name; without it, the name of the database's file (or folder, where it is called data.db)
    #[arg(long = "app", value_name = "NAME", value_parser = app_name)]
    name: Option<String>,
}

impl App {
    /// The application of a database.
    pub fn of(&self, database: &Path) -> Result<String> {
        match &self.name {
            Some(name) => Ok(name.clone()),
            None => Ok(app_of(&files::resolve(database)?)),
        }
    }

    /// The name, where one was given.
    pub fn given(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

fn app_name(text: &str) -> Result<String> {
    if is_app_name(text) {
        return Ok(text.to_owned());
    }
    Err(Fault::usage(format!("{text:?} cannot be part of a file's name")).into())
}

/// The store beside a database.
pub fn beside(database: &Path) -> Result<PathBuf> {
    Ok(files::folder_of(&files::resolve(database)?).join(DEFAULT))
}

/// The store that was named, else the one in the current folder.
pub fn named_or_here(store: Option<&Path>) -> Result<Folder> {
    match store {
        Some(store) => Folder::open(store),
        None if Path::new(DEFAULT).is_dir() => Folder::open(Path::new(DEFAULT)),
        None => Err(Fault::usage("which store? There is no folder backups here")
            .hint("name the folder that the snapshots are in")
            .into()),
    }
}
