//! Which stores a command is about, and whose snapshots in them: those that are named, else those of the settings.

use super::Context;
use super::configuration::{said_app, settings};
use super::store::{self, App};
use anyhow::Result;
use clap::Args;
use larder::config::{CheckConfig, Config, RetentionConfig};
use larder::error::{Fault, Kind, kind};
use larder::files;
use larder::store::{Location, Store, app_of};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Options that say which stores are meant.
#[derive(Debug, Args)]
pub struct Shelves {
    /// The store: a folder, or the URL of a remote one [default: those of larder.toml, or the folder backups here]
    store: Option<PathBuf>,
    #[command(flatten)]
    app: App,
    /// Every application that has settings in ~/.config/larder; one that fails does not keep the others from it
    #[arg(long, conflicts_with_all = ["store", "name"])]
    all: bool,
}

/// A store, and what is said of the snapshots in it.
pub struct Shelf {
    /// Where it is.
    pub location: Location,
    /// Whose snapshots are meant, where not everybody's.
    pub app: Option<String>,
    /// How long they are kept.
    pub retention: RetentionConfig,
    /// What a check expects of them.
    pub check: CheckConfig,
}

impl Shelf {
    /// The store itself.
    pub fn open(&self, context: &Context<'_>) -> Result<Store> {
        Store::open(&self.location, &context.surroundings)
    }
}

/// What could not be done, of several things.
#[derive(Default)]
pub struct Failures(Vec<(String, anyhow::Error)>);

impl Failures {
    /// Does something of several. That it fails does not keep the others from being done, but a wish to stop does.
    pub fn attempt<T>(
        &mut self,
        what: &str,
        context: &Context<'_>,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        match work() {
            Ok(done) => Ok(Some(done)),
            Err(error) if kind(&error) == Kind::Interrupted => Err(error),
            Err(error) => {
                self.add(what, error, context);
                Ok(None)
            }
        }
    }

    fn add(&mut self, what: &str, error: anyhow::Error, context: &Context<'_>) {
        let hint = larder::error::hint(&error);
        context.ui.error(&format!("{what}: {error:#}"), hint.as_deref());
        self.0.push((what.to_owned(), error));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Them as JSON.
    pub fn describe(&self) -> Vec<Value> {
        let one =
            |(what, error): &(String, anyhow::Error)| json!({ "of": what, "error": format!("{error:#}") });
        self.0.iter().map(one).collect()
    }
}

impl Shelves {
    /// The stores that are meant. Where there is one, what is wrong with it is an error; of several, what is wrong with one is
    /// among the failures.
    pub fn find(&self, context: &Context<'_>) -> Result<(Vec<Shelf>, Failures)> {
        let mut failures = Failures::default();
        if !self.all {
            return Ok((self.of_one(context)?, failures));
        }
        let apps = context.places.apps();
        if apps.is_empty() {
            return Err(Fault::usage("--all: there are no settings of any application")
                .hint("write ~/.config/larder/NAME.toml for each")
                .into());
        }
        let mut shelves = Vec::new();
        for app in apps {
            let of_app = || of_settings(&context.places.of_app(&app)?, &app);
            shelves.extend(failures.attempt(&app, context, of_app)?.unwrap_or_default());
        }
        Ok((shelves, failures))
    }

    /// Whether a store is named, and nobody's snapshots in it.
    pub fn is_whole_store(&self) -> bool {
        self.store.is_some() && self.app.given().is_none()
    }

    fn of_one(&self, context: &Context<'_>) -> Result<Vec<Shelf>> {
        let named = self.store.as_deref().map(Location::of).transpose()?;
        let config = settings(&self.app, None, context)?;
        let app = match (said_app(&self.app, &config)?, &config.database) {
            (Some(app), _) => Some(app),
            (None, Some(database)) => Some(app_of(&files::resolve(database)?)),
            (None, None) => None,
        };
        let is_said = config.snapshot.to.is_some() || config.database.is_some();
        let mut of_settings = match &app {
            Some(app) if is_said => of_settings(&config, app)?,
            _ => Vec::new(),
        };
        match named {
            Some(named) => {
                of_settings.retain(|shelf| is_same(&shelf.location, &named));
                Ok(vec![of_settings.pop().unwrap_or_else(|| self.plain(named))])
            }
            None if !of_settings.is_empty() => Ok(of_settings),
            None => Ok(vec![self.plain(store::here()?)]),
        }
    }

    /// A store that no settings are about.
    fn plain(&self, location: Location) -> Shelf {
        let app = self.app.given().map(str::to_owned);
        Shelf { location, app, retention: RetentionConfig::default(), check: CheckConfig::default() }
    }
}

/// The stores that settings name.
fn of_settings(config: &Config, app: &str) -> Result<Vec<Shelf>> {
    let first = match (&config.snapshot.to, &config.database) {
        (Some(to), _) => Location::of(to)?,
        (None, Some(database)) => Location::Path(store::beside(database)?),
        (None, None) => {
            let message = format!("{}: neither snapshot.to nor database is said", config.file.display());
            return Err(Fault::usage(message).into());
        }
    };
    let shelf = |location, retention: Option<&RetentionConfig>| Shelf {
        location,
        app: Some(app.to_owned()),
        retention: retention.unwrap_or(&config.retention).clone(),
        check: config.check.clone(),
    };
    let mut shelves = vec![shelf(first, None)];
    for other in &config.snapshot.also_to {
        shelves.push(shelf(Location::of(&other.to)?, other.retention.as_ref()));
    }
    Ok(shelves)
}

fn is_same(one: &Location, other: &Location) -> bool {
    let resolved = |location: &Location| location.path().and_then(|path: &Path| files::resolve(path).ok());
    one == other || resolved(one).is_some_and(|one| resolved(other).is_some_and(|other| one == other))
}
