//! `larder store`

use super::login::{Login, Logout};
use crate::commands::{Context, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::{Args, Subcommand};
use larder::error::{Fault, hint};
use larder::files::{self, Scratch};
use larder::progress::Progress;
use larder::snapshot::catalog::{Known, beside};
use larder::store::{Location, SnapshotName, Store, probe};
use larder::stream::DigestReader;
use serde_json::json;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Try a store, sign in to one, fetch or delete one file of it
///
/// A store is a folder, or a URL: `s3://BUCKET/PATH`, `webdav://USER@HOST/PATH`, `webdavs://USER@HOST/PATH`,
/// `sftp://USER@HOST/PATH`, `gdrive://PATH` or `dropbox://PATH`. Passwords and keys come from the environment or from files.
#[derive(Debug, Args)]
pub struct StoreCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Test(Test),
    Get(Get),
    Rm(Rm),
    Login(Login),
    Logout(Logout),
}

/// Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted
#[derive(Debug, Args)]
struct Test {
    /// The store: a folder or a URL
    store: PathBuf,
}

/// Fetch one file of a store, and compare a snapshot with its manifest
#[derive(Debug, Args)]
struct Get {
    /// The file: STORE/FILE
    file: PathBuf,
    /// Where it goes: a file, or a folder [default: the same name, here]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite what is there
    #[arg(long)]
    force: bool,
}

/// Delete files of a store, a snapshot with its manifest
#[derive(Debug, Args)]
struct Rm {
    /// The files: STORE/FILE
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Delete also what is not called like a snapshot
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl StoreCommand {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        match &self.action {
            Action::Test(test) => test.run(context),
            Action::Get(get) => get.run(context),
            Action::Rm(rm) => rm.run(context),
            Action::Login(login) => login.run(context),
            Action::Logout(logout) => logout.run(context),
        }
    }
}

impl Test {
    fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let location = Location::of(&self.store)?;
        let store = match &location {
            Location::Path(_) => Store::open(&location, &context.surroundings)?,
            Location::Url(_) => Store::create(&location, &context.surroundings)?,
        };
        let mut steps = Vec::new();
        let tried = probe::probe(&store, context.ui, &mut |step| {
            context.ui.say(&format!("ok: {step}"));
            steps.push(step.to_owned());
        });
        if let Err(error) = tried {
            let fault = Fault::failed(format!("{location} fails its test"));
            return Err(match hint(&error) {
                Some(hint) => error.context(fault.hint(hint)),
                None => error.context(fault),
            });
        }
        let room = probe::room(&store)?;
        if let Some(room) = room {
            context.ui.say(&format!("it says that it has room for {}", table::bytes(room)));
        }
        let result = json!({ "store": location.to_string(), "steps": steps, "room": room });
        context.ui.result(&result, || format!("{location}: all is well\n"))?;
        Ok(Exit::Done)
    }
}

impl Get {
    fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let (store, name) = parts(&self.file, context)?;
        let to = match &self.output {
            None => PathBuf::from(&name),
            Some(output) if output.is_dir() => output.join(&name),
            Some(output) => output.clone(),
        };
        files::refuse_taken(&to, self.force)?;
        let scratch = Scratch::new_in(&files::folder_of(&to))?;
        let fetched = store.fetch(&name, &[scratch.folder()], context.ui)?;
        compare(&fetched.path, context)?;
        let staged = scratch.file("file");
        files::copy(&fetched.path, &staged, context.ui)?;
        files::sync(&staged)?;
        files::place(&staged, &to, self.force)?;
        context.ui.result_path(&json!({ "file": text(&to), "from": text(&self.file) }), &to)?;
        Ok(Exit::Done)
    }
}

/// An error where a snapshot is not the file that its manifest describes.
fn compare(file: &Path, context: &Context<'_>) -> Result<()> {
    let Known::Manifest(manifest) = beside(file)? else {
        context.ui.detail("there is no manifest to compare it with");
        return Ok(());
    };
    let (digest, _) = DigestReader::new(files::open(file)?).finish()?;
    if digest == manifest.sha256 {
        return Ok(());
    }
    let message = format!("{} is not the file that its manifest describes", files::name_of(file));
    Err(Fault::invalid(message).hint("it was changed or damaged: larder validate says more").into())
}

impl Rm {
    fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let mut files = Vec::new();
        for file in &self.files {
            let (store, name) = parts(file, context)?;
            let is_larders = SnapshotName::parse(OsStr::new(&name)).is_some()
                || SnapshotName::parse_manifest(OsStr::new(&name)).is_some();
            if !is_larders && !self.force {
                let message = format!("{} is not called like a snapshot", file.display());
                return Err(Fault::usage(message).hint("--force deletes it all the same").into());
            }
            if !store.has(&name)? {
                return Err(
                    Fault::failed(format!("there is no file {}", store.location().join(&name))).into()
                );
            }
            files.push((store, name));
        }
        if !self.yes {
            let names: Vec<String> =
                files.iter().map(|(store, name)| store.location().join(name).to_string()).collect();
            context.ui.confirm(&format!("Delete {}?", names.join(", ")), "--yes")?;
        }
        let mut removed = Vec::new();
        for (store, name) in &files {
            let _lock = store.lock(&context.patience)?;
            match SnapshotName::parse(OsStr::new(name)) {
                Some(snapshot) => store.remove(&snapshot)?,
                None => store.delete(name)?,
            }
            store.sync()?;
            removed.push(store.location().join(name).to_string());
        }
        if context.ui.wants_json() {
            Ui::print_json(&json!({ "removed": removed }))?;
        }
        context.ui.say(&format!("{} deleted", table::count(removed.len() as u64, "file is", "files are")));
        Ok(Exit::Done)
    }
}

/// The store and the name of a file in it.
fn parts(file: &Path, context: &Context<'_>) -> Result<(Store, String)> {
    let (folder, name) = match Location::of(file)? {
        Location::Path(path) => (Location::Path(files::folder_of(&path)), files::name_of(&path)),
        Location::Url(url) => {
            let (folder, name) = url.split()?;
            (Location::Url(folder), name)
        }
    };
    Ok((Store::open(&folder, &context.surroundings)?, name))
}
