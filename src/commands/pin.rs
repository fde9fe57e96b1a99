//! `larder pin`

use super::shelf::{self, Shelf};
use super::{Context, store};
use crate::exit::Exit;
use anyhow::Result;
use clap::Args;
use larder::error::Fault;
use larder::files;
use larder::progress::Progress;
use larder::snapshot::catalog;
use larder::snapshot::pin::{accept, pin};
use larder::snapshot::select::{Among, select};
use larder::snapshot::zone::Zone;
use larder::store::{Location, SnapshotName, Store};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Keep a snapshot whatever the keep rules say, or stop keeping it; or say that a suspicious one is right
///
/// The pin stands in the manifest. Pruning never removes a pinned snapshot, nor counts it for --max-size; larder list shows it.
/// With --accept nothing is pinned: what a suspicious snapshot lost was meant, so that latest and the keep rules count it.
#[derive(Debug, Args)]
pub struct Pin {
    /// A snapshot's file or URL, latest, or a time such as 2026-11-19T14:00: the newest at or before it
    snapshot: PathBuf,
    /// Take the pin away
    #[arg(long)]
    remove: bool,
    /// Say that what a suspicious snapshot lost was meant, in every store of larder.toml. Here, latest is a suspicious one too
    #[arg(long, conflicts_with = "remove")]
    accept: bool,
    /// The store in which to look [default: that of larder.toml, or the folder backups here]
    #[arg(long, value_name = "STORE", aliases = ["to", "store"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
}

impl Pin {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let location = self.select(context)?;
        let (store, file) = match &location {
            Location::Path(path) => {
                let path = files::resolve(path)?;
                let folder = Location::Path(files::folder_of(&path));
                (Store::open(&folder, &context.surroundings)?, files::name_of(&path))
            }
            Location::Url(url) => {
                let (folder, file) = url.split()?;
                (Store::open(&Location::Url(folder), &context.surroundings)?, file)
            }
        };
        let name = SnapshotName::parse(file.as_ref()).ok_or_else(|| {
            Fault::usage(format!("{location} is not in a store: its name is not a snapshot's"))
                .hint("pruning leaves it alone anyway")
        })?;
        if self.accept {
            return self.accept(&store, &name, &location, context);
        }
        let changed = pin(&store, &name, !self.remove, &context.temporary, &context.patience)?;
        let done = match (self.remove, changed) {
            (false, true) => "is pinned",
            (false, false) => "was pinned already",
            (true, true) => "is not pinned any more",
            (true, false) => "was not pinned",
        };
        context.ui.say(&format!("{location} {done}"));
        let result = json!({ "file": location.to_string(), "pinned": !self.remove, "changed": changed });
        context.ui.result_path(&result, &location.to_path())?;
        Ok(Exit::Done)
    }

    /// Accepts a suspicious snapshot, also where other stores of the settings have it.
    fn accept(
        &self,
        store: &Store,
        name: &SnapshotName,
        location: &Location,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let accept = |store: &Store| accept(store, name, context.now, &context.temporary, &context.patience);
        let changed = accept(store)?;
        let done = if changed { "is accepted: it counts from now on" } else { "was not suspicious" };
        context.ui.say(&format!("{location} {done}"));
        for shelf in &self.others(store, context)? {
            let accepted =
                shelf.open(context).and_then(|store| Ok(store.has(&name.file_name())? && accept(&store)?));
            match accepted {
                Ok(true) => context.ui.say(&format!("accepted in {} too", shelf.location)),
                Ok(false) => {}
                Err(error) => context.ui.warn(&format!("{}: {error:#}", shelf.location)),
            }
        }
        let result = json!({ "file": location.to_string(), "accepted": true, "changed": changed });
        context.ui.result_path(&result, &location.to_path())?;
        Ok(Exit::Done)
    }

    /// The other stores of the settings, where a store is one of them.
    fn others(&self, store: &Store, context: &Context<'_>) -> Result<Vec<Shelf>> {
        let mut shelves = match shelf::meant(self.from.as_deref(), &self.app, context) {
            // There need be no settings, and no store here, where a file is named.
            Err(_) if self.names_a_file()? => return Ok(Vec::new()),
            shelves => shelves?,
        };
        let own = store.location();
        if !shelves.iter().any(|shelf| shelf.location.is_same_as(&own)) {
            return Ok(Vec::new());
        }
        shelves.retain(|shelf| !shelf.location.is_same_as(&own));
        Ok(shelves)
    }

    fn names_a_file(&self) -> Result<bool> {
        Ok(Location::of(&self.snapshot)?.path().is_none() || self.snapshot.is_file())
    }

    fn select(&self, context: &Context<'_>) -> Result<Location> {
        if self.names_a_file()? {
            return Location::of(&self.snapshot);
        }
        let shelf = shelf::meant(self.from.as_deref(), &self.app, context)?.swap_remove(0);
        let store = shelf.open(context)?;
        let app = app_in(&store, &shelf)?;
        if self.accept
            && self.snapshot == Path::new("latest")
            && let Some(newest) = catalog::newest_of_all(&catalog::read(&store, Some(&app))?, context.now)
        {
            return Ok(newest.location.clone());
        }
        let zone = self.timezone.or(shelf.retention.timezone).unwrap_or_default();
        let among = Among { store: Some(&store), app: &app, zone, now: context.now, progress: context.ui };
        select(&self.snapshot, among)
    }
}

/// Whose snapshots are meant: of a store of one application, that one's.
fn app_in(store: &Store, shelf: &Shelf) -> Result<String> {
    if let Some(app) = &shelf.app {
        return Ok(app.clone());
    }
    let mut apps: Vec<String> = catalog::read(store, None)?.into_iter().map(|entry| entry.name.app).collect();
    apps.sort();
    apps.dedup();
    match apps.len() {
        0 => Err(Fault::failed(format!("there are no snapshots in {}", shelf.location)).into()),
        1 => Ok(apps.remove(0)),
        _ => Err(Fault::usage(format!(
            "whose snapshot? {} holds those of {}",
            shelf.location,
            apps.join(", ")
        ))
        .hint("--app NAME says it")
        .into()),
    }
}
