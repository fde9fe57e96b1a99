//! Which application and which store a command is about.

pub mod command;
mod login;

use super::Context;
use crate::ui::{Ui, is_interactive};
use anyhow::Result;
use clap::{Args, ValueEnum};
use larder::config::Places;
use larder::error::Fault;
use larder::files::{self, Scratch};
use larder::progress::Progress;
use larder::store::{Fetched, Folder, Location, Store, Surroundings, Url, VerifyUpload, is_app_name};
use std::path::{Path, PathBuf};

/// The folder beside a database that is its store where no other is named.
const DEFAULT: &str = "backups";

/// `--app`.
#[derive(Debug, Default, Args)]
pub struct App {
    /// The application's name [default: that of larder.toml, or the name of the database's file (or folder, where it is
    /// called data.db)]
    #[arg(long = "app", value_name = "NAME", value_parser = app_name)]
    name: Option<String>,
}

impl App {
    /// As if it was given.
    pub fn of(name: &str) -> Self {
        Self { name: Some(name.to_owned()) }
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

/// How an upload is verified, as an option.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Verify {
    /// By a digest that the store tells, else by reading it back
    Auto,
    /// By its size alone
    Size,
}

impl From<Verify> for VerifyUpload {
    fn from(verify: Verify) -> Self {
        match verify {
            Verify::Auto => Self::Auto,
            Verify::Size => Self::Size,
        }
    }
}

/// What is to be known to reach remote stores.
pub fn surroundings(places: &Places, ui: &Ui) -> Surroundings {
    Surroundings {
        variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()),
        home: places.home.clone(),
        settings: places.user.clone(),
        verify: VerifyUpload::default(),
        stop: ui.stop_signal(),
    }
}

/// The store beside a database.
pub fn beside(database: &Path) -> Result<PathBuf> {
    Ok(files::folder_of(&files::resolve(database)?).join(DEFAULT))
}

/// Who may make a store where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// Anybody: it was asked for, or it is the folder beside the database.
    Anybody,
    /// A person at a terminal, who names it.
    Person,
    /// Nobody: the settings name it, or a schedule writes to it. It may be a disk that is not mounted.
    Nobody,
}

impl Making {
    /// Who may make the store at `location` for snapshots of `database`. It `is_named` by the command line.
    pub fn of(location: &Location, database: &Path, creates: bool, is_named: bool) -> Result<Self> {
        let is_default = location.is_same_as(&Location::Path(beside(database)?));
        Ok(match () {
            () if creates || is_default => Self::Anybody,
            () if is_named => Self::Person,
            () => Self::Nobody,
        })
    }
}

/// A store that is about to be written to. It is made where it does not exist and that is not the work of a schedule on a disk
/// that is not mounted.
pub fn to_write(location: &Location, making: Making, surroundings: &Surroundings) -> Result<Store> {
    if let Some(path) = location.path().filter(|_| making != Making::Anybody)
        && !Folder::is_store(path)?
    {
        let is_parent_there = files::folder_of(path).is_dir();
        if making == Making::Nobody || !is_interactive() || !is_parent_there {
            let is_there = if path.is_dir() { "is a folder, but no store" } else { "is not there" };
            return Err(Fault::failed(format!("the store {} {is_there}", path.display()))
                .hint("if it is on a disk that is not mounted, mount it; --create makes a new store there")
                .into());
        }
    }
    Store::create(location, surroundings)
}

/// The store in the current folder.
pub fn here() -> Result<Location> {
    if Path::new(DEFAULT).is_dir() {
        return Ok(Location::Path(PathBuf::from(DEFAULT)));
    }
    Err(Fault::usage("which store? There is no folder backups here")
        .hint("name the folder that the snapshots are in, or the URL of a remote store")
        .into())
}

/// What an argument names, where it is a URL: fetched into a private folder, and called like the URL in messages.
pub fn fetched(argument: &Path, context: &Context<'_>) -> Result<Option<Fetched>> {
    let Location::Url(url) = Location::of(argument)? else { return Ok(None) };
    let fetched = larder::store::fetch(&url, &context.surroundings, &[&context.temporary], context.ui)?;
    context.ui.call(&fetched.path, &url.to_string());
    Ok(Some(fetched))
}

/// A file that is written here, and goes to a remote store when it is whole.
pub struct Outgoing {
    url: Url,
    _scratch: Scratch,
    /// Where it is written.
    pub path: PathBuf,
}

impl Outgoing {
    /// What an argument names, where it is a URL.
    pub fn of(argument: Option<&Path>, context: &Context<'_>) -> Result<Option<Self>> {
        let Some(argument) = argument else { return Ok(None) };
        let Location::Url(url) = Location::of(argument)? else { return Ok(None) };
        let (_, name) = url.split()?;
        let scratch = Scratch::new_in(&context.temporary)?;
        let path = files::resolve(scratch.folder())?.join(name);
        context.ui.call(&path, &url.to_string());
        Ok(Some(Self { url, path, _scratch: scratch }))
    }

    /// Sends it, and gives its URL.
    pub fn send(&self, overwrite: bool, context: &Context<'_>) -> Result<PathBuf> {
        if self.path.is_dir() {
            return Err(Fault::usage(format!("{} would be a folder of files", self.url))
                .hint("name a .zip, which is a single one")
                .into());
        }
        larder::store::send(&self.path, &self.url, overwrite, &context.surroundings, context.ui)?;
        Ok(PathBuf::from(self.url.to_string()))
    }
}
