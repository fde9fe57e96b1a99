//! Which stores a command is about, and whose snapshots in them: those that are named, else those of the settings.

use super::Context;
use super::configuration::{said_app, settings};
use super::keys::KeySettings;
use super::store::{self, App};
use anyhow::Result;
use clap::Args;
use larder::config::{CheckConfig, Config, RetentionConfig};
use larder::error::{Fault, Kind, kind};
use larder::files;
use larder::store::{Location, Store, app_of};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::rc::Rc;

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
    /// Whether the settings say that snapshots go there.
    pub takes_snapshots: bool,
    /// How long they are kept.
    pub retention: RetentionConfig,
    /// What a check expects of them.
    pub check: CheckConfig,
    /// What the settings say of encryption.
    pub keys: KeySettings,
    /// The file of these settings; empty where there are none.
    pub settings: PathBuf,
    /// These settings.
    pub config: Option<Rc<Config>>,
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

    /// Adds one, and says it.
    pub fn add(&mut self, what: &str, error: anyhow::Error, context: &Context<'_>) {
        let hint = larder::error::hint(&error);
        context.ui.error(&format!("{what}: {error:#}"), hint.as_deref());
        self.0.push((what.to_owned(), error));
    }

    /// The same of work that adds failures of its own.
    pub fn attempt_parts<T>(
        &mut self,
        what: &str,
        context: &Context<'_>,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut own = Self::default();
        let done = self.attempt(what, context, || work(&mut own))?;
        self.0.extend(own.0);
        Ok(done)
    }

    /// Whether something failed.
    pub fn has(&self, what: &str) -> bool {
        self.0.iter().any(|(failed, _)| failed == what)
    }

    /// All of them in a line; nothing where there are none.
    pub fn text(&self) -> Option<String> {
        let one = |(what, error): &(String, anyhow::Error)| format!("{what}: {error:#}");
        let all: Vec<String> = self.0.iter().map(one).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The same of those that came after the first so many.
    pub fn text_since(&self, first: usize) -> Option<String> {
        let one = |(what, error): &(String, anyhow::Error)| format!("{what}: {error:#}");
        let all: Vec<String> = self.0.iter().skip(first).map(one).collect();
        (!all.is_empty()).then(|| all.join("; "))
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
            return Ok((meant(self.store.as_deref(), &self.app, context)?, failures));
        }
        let apps = context.places.apps();
        if apps.is_empty() {
            return Err(nobody().into());
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
}

/// An error where `--all` means nobody.
pub fn nobody() -> Fault {
    Fault::usage("--all: there are no settings of any application")
        .hint("write ~/.config/larder/NAME.toml for each")
}

/// The stores that are meant: the one that is named, with what the settings say of it, else those of the settings, else the
/// one in the current folder.
pub fn meant(store: Option<&Path>, app: &App, context: &Context<'_>) -> Result<Vec<Shelf>> {
    let given = app.given().map(str::to_owned);
    let plain = |location| Shelf {
        location,
        app: given.clone(),
        takes_snapshots: false,
        retention: RetentionConfig::default(),
        check: CheckConfig::default(),
        keys: KeySettings::default(),
        settings: PathBuf::new(),
        config: None,
    };
    let config = settings(app, None, context)?;
    let app = match (said_app(app, &config)?, &config.database) {
        (Some(app), _) => Some(app),
        (None, Some(database)) => Some(app_of(&files::resolve(database)?)),
        (None, None) => None,
    };
    let is_said = config.snapshot.to.is_some() || config.database.is_some();
    let mut shelves = match &app {
        Some(app) if is_said => of_settings(&config, app)?,
        _ => Vec::new(),
    };
    let Some(store) = store else {
        return if shelves.is_empty() { Ok(vec![plain(store::here()?)]) } else { Ok(shelves) };
    };
    let named = Location::of(store)?;
    shelves.retain(|shelf| shelf.location.is_same_as(&named));
    Ok(vec![shelves.pop().unwrap_or_else(|| plain(named))])
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
    let (keys, shared) = (KeySettings::of(config)?, Rc::new(config.clone()));
    let shelf = |location, retention: Option<&RetentionConfig>, takes_snapshots| Shelf {
        location,
        app: Some(app.to_owned()),
        takes_snapshots,
        retention: retention.unwrap_or(&config.retention).clone(),
        check: config.check.clone(),
        keys: keys.clone(),
        settings: config.file.clone(),
        config: Some(Rc::clone(&shared)),
    };
    let mut shelves = vec![shelf(first, None, config.snapshot.to.is_some())];
    for other in &config.snapshot.also_to {
        shelves.push(shelf(Location::of(&other.to)?, other.retention.as_ref(), true));
    }
    Ok(shelves)
}
