//! Which settings a command goes by, and so which database and application it is about.

use super::keys::KeySettings;
use super::{Context, shell_word, store};
use anyhow::Result;
use larder::config::{Config, Places};
use larder::error::Fault;
use larder::failpoint;
use larder::files;
use larder::progress::Progress;
use larder::snapshot::prune::SAFETY;
use larder::snapshot::span::Span;
use larder::store::{Folder, Location, app_of, is_app_name};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a command is about.
#[derive(Clone)]
pub struct Subject {
    /// The database.
    pub database: PathBuf,
    /// The application.
    pub app: String,
    /// Whether somebody said that this is its name.
    pub app_is_said: bool,
    /// What the settings say.
    pub config: Config,
}

/// Where settings are looked for.
pub fn places(named: Option<PathBuf>) -> Places {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("HOME").filter(|home| home.is_absolute());
    // The specification of these folders has relative ones ignored.
    let folder = variable("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute());
    let folder = folder.or_else(|| home.as_ref().map(|home| home.join(".config")));
    Places {
        named: named.or_else(|| variable("LARDER_CONFIG")),
        folder: PathBuf::new(),
        user: folder.map(|folder| folder.join("larder")),
        home,
    }
}

impl Subject {
    /// The database that was named, else the one of the settings, which must be there; with the settings that are about it.
    pub fn of(database: Option<&Path>, app: &store::App, context: &Context<'_>) -> Result<Self> {
        let subject = Self::to_write(database, app, context)?;
        files::require_file(&subject.database)?;
        Ok(subject)
    }

    /// The same of a database that may not be there yet.
    pub fn to_write(database: Option<&Path>, app: &store::App, context: &Context<'_>) -> Result<Self> {
        let config = settings(app, database, context)?;
        let Some(database) = database.map(Path::to_owned).or_else(|| config.database.clone()) else {
            return Err(unnamed(app, &config.file, context).into());
        };
        // Settings that were named count for any database, but say only of their own what it is called.
        let is_own = |own: &PathBuf| files::resolve(own).ok() == files::resolve(&database).ok();
        let app_is_said =
            app.given().is_some() || (config.app.is_some() && config.database.as_ref().is_none_or(is_own));
        let app = match said_app(app, &config)? {
            Some(app) => app,
            None => app_of(&files::resolve(&database)?),
        };
        Ok(Self { database, app, app_is_said, config })
    }

    /// What the settings of an application are about.
    pub fn of_settings(config: Config, app: &str) -> Result<Self> {
        let Some(database) = config.database.clone() else {
            return Err(Fault::usage(format!("{} names no database", config.file.display())).into());
        };
        let app = config.app.clone().filter(|name| is_app_name(name)).unwrap_or_else(|| app.to_owned());
        Ok(Self { database, app, app_is_said: true, config })
    }

    /// The store: the one that is named, else the one of the settings, else the folder beside the database.
    pub fn store(&self, named: Option<&Path>) -> Result<Location> {
        match named.or(self.config.snapshot.to.as_deref()) {
            Some(store) => Location::of(store),
            None => Ok(Location::Path(store::beside(&self.database)?)),
        }
    }

    /// The folder that takes what a restore or an import replaces: it stays on this machine, beside the database where the
    /// store is a remote one or encrypted. It is the database's own whatever store a command reads from, so that an undo finds
    /// what any of them kept.
    pub fn safety_store(&self) -> Result<PathBuf> {
        match self.store(None)? {
            // One that is not there may be on a disk that is not mounted.
            Location::Path(store) if Folder::is_store(&store)? && !self.is_encrypted(&store)? => Ok(store),
            _ => store::beside(&self.database),
        }
    }

    /// The other folders in which safety snapshots may be: where they go depends on what the store holds, and that changes; and
    /// earlier versions put them into the store that `--from` named.
    pub fn safety_stores_elsewhere(&self, named: Option<&Path>) -> Result<Vec<PathBuf>> {
        let mut seen = vec![files::resolve(&self.safety_store()?)?];
        let mut elsewhere = Vec::new();
        for place in [Location::Path(store::beside(&self.database)?), self.store(None)?, self.store(named)?] {
            let Location::Path(folder) = place else { continue };
            // What cannot be resolved is looked into all the same, and whoever does so says why that fails.
            let resolved = files::resolve(&folder).unwrap_or_else(|_| folder.clone());
            if !seen.contains(&resolved) {
                seen.push(resolved);
                elsewhere.push(folder);
            }
        }
        Ok(elsewhere)
    }

    /// How long safety snapshots are kept.
    pub fn safety_lifetime(&self) -> Span {
        self.config.retention.keep_safety.unwrap_or(SAFETY)
    }

    /// Whether the snapshots in a folder are encrypted: what is not, as a safety snapshot, has no place there.
    fn is_encrypted(&self, store: &Path) -> Result<bool> {
        if self.config.snapshot.encrypts() {
            return Ok(true);
        }
        if files::metadata(store)?.is_none() {
            return Ok(false);
        }
        let items = Folder::open(store)?.list()?.items;
        Ok(items.iter().any(|item| item.name.encrypted && item.name.app == self.app))
    }

    /// What goes back to what a restore or an import replaced, in any folder and whatever the settings say there.
    pub fn undo_command(&self) -> Result<String> {
        failpoint::hit("say how to undo")?;
        let database = files::resolve(&self.database)?;
        let mut command = format!("larder restore --undo {}", shell_word(&database));
        let store = files::resolve(&self.safety_store()?)?;
        if store != store::beside(&database)? {
            command += &format!(" --from {}", shell_word(&store));
        }
        if self.app != app_of(&database) {
            command += &format!(" --app {}", shell_word(Path::new(&self.app)));
        }
        Ok(command)
    }
}

/// The command that undoes what was just done. That it cannot be said changes nothing of what was done.
pub fn or_warn(undo: Option<Result<String>>, context: &Context<'_>) -> Option<String> {
    let warn = |error| context.ui.warn(&format!("how to undo it cannot be said: {error:#}"));
    undo.and_then(|undo| undo.map_err(warn).ok())
}

/// What the settings in force here say of what opens a file.
pub fn keys_here(context: &Context<'_>) -> Result<KeySettings> {
    let config = context.places.find(None, None)?.config.unwrap_or_default();
    let keys = KeySettings::of(&config)?;
    // Whom snapshots are encrypted for says nothing of other files.
    Ok(KeySettings { encrypt_to: Vec::new(), ..keys })
}

/// The settings for an application or a database.
pub fn settings(app: &store::App, database: Option<&Path>, context: &Context<'_>) -> Result<Config> {
    let found = context.places.find(app.given(), database)?;
    if let Some(why) = &found.passed_over {
        context.ui.note(why);
    }
    let mut config = found.config.unwrap_or_default();
    if context.no_known_app {
        config.rules.known_app = Some(false);
    }
    if config.file.as_os_str().is_empty() {
        context.ui.detail("there are no settings for it");
    } else {
        context.ui.detail(&format!("settings: {}", config.file.display()));
    }
    Ok(config)
}

/// Where this machine remembers what it knows of an application's stores: beside the settings.
pub fn state_file(app: &str, settings: &Path, context: &Context<'_>) -> Option<PathBuf> {
    match &context.places.user {
        Some(user) => Some(user.join("state").join(format!("{app}.json"))),
        None if settings.as_os_str().is_empty() => None,
        None => Some(settings.with_file_name(format!(".larder-state-{app}.json"))),
    }
}

/// The name of the application, where somebody said it.
pub fn said_app(app: &store::App, config: &Config) -> Result<Option<String>> {
    match (app.given(), &config.app) {
        (Some(app), _) => Ok(Some(app.to_owned())),
        (None, Some(app)) if !is_app_name(app) => {
            let message = format!("{}: app: {app:?} cannot be part of a file's name", config.file.display());
            Err(Fault::usage(message).into())
        }
        (None, app) => Ok(app.clone()),
    }
}

/// An error that says how to name a database.
fn unnamed(app: &store::App, file: &Path, context: &Context<'_>) -> Fault {
    let apps = context.places.apps();
    match (app.given(), file.file_name().and_then(OsStr::to_str)) {
        (_, Some(_)) => Fault::usage(format!("which database? {} names none", file.display()))
            .hint("name it, or write database = \"…\" there"),
        (Some(app), None) => {
            Fault::usage(format!("which database? There are no settings of {app}")).hint(if apps.is_empty() {
                "name it".to_owned()
            } else {
                format!("name it; there are settings of {}", apps.join(", "))
            })
        }
        (None, None) if apps.is_empty() => Fault::usage("which database?").hint("name it"),
        (None, None) => Fault::usage("which database?")
            .hint(format!("name it, or its application: --app {}", apps.join(", "))),
    }
}
