//! Which settings count for what is read, and which database a store is of.

use super::{means_stored, snapshot_name};
use crate::commands::configuration::{Subject, said_app, settings};
use crate::commands::store::{self, App};
use crate::commands::{Context, shell_word};
use anyhow::Result;
use larder::config::Config;
use larder::error::Fault;
use larder::files;
use larder::snapshot::Manifest;
use larder::snapshot::catalog::{self, Entry, Known};
use larder::store::{Location, Store, app_of, is_app_name};
use std::path::{Path, PathBuf};

/// What a command that reads is about: the database or the snapshot that an argument names, else the database of the settings.
/// Its application and settings are those that it was taken with, where it is the user's own.
pub fn subject(file: Option<&Path>, app: &App, context: &Context<'_>) -> Result<Subject> {
    let Some(file) = file else { return Subject::to_write(None, app, context) };
    if means_stored(file) {
        return of_store(file, app, context);
    }
    match snapshot_name(file).filter(|name| !name.is_export()) {
        Some(name) if file.is_file() => of_snapshot(file, name.base_app(), app, context),
        _ => Subject::to_write(Some(file), app, context),
    }
}

/// The subject where an argument means something of a store: the one of the settings, else the folder `backups` here.
fn of_store(file: &Path, app: &App, context: &Context<'_>) -> Result<Subject> {
    let config = settings(app, None, context)?;
    if config.database.is_some() {
        return Subject::to_write(None, app, context);
    }
    let location = config.snapshot.to.as_deref().map_or_else(store::here, Location::of)?;
    let said = said_app(app, &config)?;
    let named = snapshot_name(file).map(|name| name.base_app().to_owned());
    let entries = catalog::read(&Store::open(&location, &context.surroundings)?, None)?;
    let app = match said.or(named) {
        Some(app) => app,
        None => only_app(&location, &entries)?,
    };
    let taken_of = newest_manifest(&entries, Some(&app)).map(|manifest| manifest.source.file.clone());
    let database = PathBuf::from(taken_of.unwrap_or_else(|| app.clone()));
    let mut config = config;
    config.snapshot.to = Some(location.to_path());
    Ok(Subject { database, app, app_is_said: true, config })
}

/// The application whose snapshots a store holds, where it is one.
fn only_app(location: &Location, entries: &[Entry]) -> Result<String> {
    let mut apps: Vec<&str> = entries.iter().map(|entry| entry.name.base_app()).collect();
    apps.sort_unstable();
    apps.dedup();
    match apps.as_slice() {
        [app] => Ok((*app).to_owned()),
        [] => Err(Fault::failed(format!("no snapshots in {location}")).into()),
        apps => Err(Fault::usage(format!("{location} holds snapshots of {}", apps.join(", ")))
            .hint("choose with --app NAME")
            .into()),
    }
}

/// The subject where an argument is the file of a snapshot of that application, which its manifest may call otherwise.
fn of_snapshot(file: &Path, named: &str, app: &App, context: &Context<'_>) -> Result<Subject> {
    let manifest = match catalog::beside(file)? {
        Known::Manifest(manifest) => Some(manifest),
        Known::Nothing | Known::Unreadable(_) => None,
    };
    // Settings and states are files of that name; a manifest that says another one comes from anywhere.
    let said = manifest.as_ref().map(|manifest| manifest.app.as_str()).filter(|app| is_app_name(app));
    let app_is_said = app.given().is_some() || said.is_some();
    let app = app.given().or(said).unwrap_or(named).to_owned();
    let mut config = settings(&App::of(&app), None, context)?;
    let source = manifest.as_ref().map(|manifest| Path::new(&manifest.source.path));
    if context.places.named.is_none() && !is_own(file, &app, source, &config)? {
        config = Config::default();
        config.rules.known_app = context.no_known_app.then_some(false);
    }
    Ok(Subject { database: file.to_owned(), app, app_is_said, config })
}

/// Whether settings are about a snapshot: it is one of their application, in their store or of their database. Those that name
/// neither are about any.
fn is_own(file: &Path, app: &str, source: Option<&Path>, config: &Config) -> Result<bool> {
    let own = config.database.as_deref().map(files::resolve).transpose()?;
    let own_app = match (&config.app, &own) {
        (Some(own), _) => Some(own.clone()),
        (None, Some(own)) => Some(app_of(own)),
        (None, None) => None,
    };
    if own_app.as_deref().is_some_and(|own| own != app) {
        return Ok(false);
    }
    let Some(own) = own else { return Ok(true) };
    let folder = Location::Path(files::folder_of(&files::resolve(file)?));
    let mut stores: Vec<Location> = Vec::new();
    for to in config.snapshot.to.iter().chain(config.snapshot.also_to.iter().map(|other| &other.to)) {
        stores.push(Location::of(to)?);
    }
    stores.push(Location::Path(store::beside(&own)?));
    Ok(source == Some(&own) || stores.iter().any(|store| store.is_same_as(&folder)))
}

fn newest_manifest<'e>(entries: &'e [Entry], app: Option<&str>) -> Option<&'e Manifest> {
    let mut own = entries.iter().rev().filter(|entry| app.is_none_or(|app| entry.name.is_of(app)));
    own.find_map(Entry::manifest)
}

/// The database that snapshots were taken of.
pub struct Origin {
    /// Where it is on this machine, else the name of its file.
    pub database: PathBuf,
    /// What says so.
    why: String,
}

impl Origin {
    /// Of the snapshots of a store; nothing where it has none, or is not there.
    fn of_store(from: Option<&Path>, app: &App, context: &Context<'_>) -> Result<Option<Self>> {
        let location = from.map_or_else(store::here, Location::of);
        let Ok(location) = location else { return Ok(None) };
        if location.path().is_some_and(|path| !path.is_dir()) {
            return Ok(None);
        }
        let entries = catalog::read(&Store::open(&location, &context.surroundings)?, app.given())?;
        let of = |manifest: &Manifest| {
            let why = format!("{location} holds snapshots of {}", manifest.source.path);
            Self { database: found_again(manifest), why }
        };
        Ok(newest_manifest(&entries, None).map(of))
    }

    /// Of the file of a snapshot; nothing where it has no manifest.
    pub fn of_snapshot(snapshot: &Path) -> Result<Option<Self>> {
        if !snapshot.is_file() {
            return Ok(None);
        }
        let Known::Manifest(manifest) = catalog::beside(snapshot)? else { return Ok(None) };
        let why = format!("it was taken of {}", manifest.source.path);
        Ok(Some(Self { database: found_again(&manifest), why }))
    }
}

/// The database of a manifest: as it was called where it is there, else by the name of its file, in the current folder.
fn found_again(manifest: &Manifest) -> PathBuf {
    let there = PathBuf::from(&manifest.source.path);
    let is_here = files::resolve(Path::new(".")).is_ok_and(|here| files::folder_of(&there) == here);
    if there.is_file() && !is_here { there } else { PathBuf::from(&manifest.source.file) }
}

/// An error where no database is named, neither by the command line nor by settings, that says which it may be: the one that a
/// store or a snapshot is of. `command` is the command line without it.
pub fn require_database(
    named: Option<&Path>,
    (from, snapshot): (Option<&Path>, Option<&Path>),
    app: &App,
    command: &str,
    context: &Context<'_>,
) -> Result<()> {
    if named.is_some() {
        return Ok(());
    }
    let config = settings(app, None, context)?;
    if config.database.is_some() {
        return Ok(());
    }
    let of_snapshot = snapshot.map(Origin::of_snapshot).transpose()?.flatten();
    let origin = match of_snapshot {
        Some(origin) => Some(origin),
        None => Origin::of_store(from.or(config.snapshot.to.as_deref()), app, context)?,
    };
    // The general error says how to name it.
    let Some(Origin { database, why }) = origin else { return Ok(()) };
    let hint = format!("{command} {} ({why})", shell_word(&database));
    Err(Fault::usage("no database given").hint(hint).into())
}
