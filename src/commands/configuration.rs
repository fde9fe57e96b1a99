//! Which settings a command goes by, and so which database and application it is about.

use super::{Context, store};
use anyhow::Result;
use larder::config::{Hooks, Places, Rules};
use larder::error::Fault;
use larder::files;
use larder::progress::Progress;
use larder::store::{app_of, is_app_name};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a command is about.
pub struct Subject {
    /// The database.
    pub database: PathBuf,
    /// The application.
    pub app: String,
    /// What is said of its data.
    pub rules: Rules,
    /// What is run before and after.
    pub hooks: Hooks,
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
        let found = context.places.find(app.given(), database)?;
        if let Some(why) = &found.passed_over {
            context.ui.note(why);
        }
        let config = found.config.unwrap_or_default();
        if config.file.as_os_str().is_empty() {
            context.ui.detail("there are no settings for it");
        } else {
            context.ui.detail(&format!("settings: {}", config.file.display()));
        }
        let Some(database) = database.map(Path::to_owned).or(config.database) else {
            return Err(unnamed(app, &config.file, context).into());
        };
        let app = match (app.given(), config.app) {
            (Some(app), _) => app.to_owned(),
            (None, Some(app)) if is_app_name(&app) => app,
            (None, Some(app)) => {
                let message =
                    format!("{}: app: {app:?} cannot be part of a file's name", config.file.display());
                return Err(Fault::usage(message).into());
            }
            (None, None) => app_of(&files::resolve(&database)?),
        };
        Ok(Self { database, app, rules: config.rules, hooks: config.hooks })
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
