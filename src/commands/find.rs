//! `larder find`

mod search;

use super::choose::pair;
use super::configuration::settings;
use super::diff::fields_of;
use super::keys::{KeyArgs, KeySettings};
use super::shelf::{Failures, Shelf, meant};
use super::{Context, shell_word, store};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use indexmap::IndexMap;
use larder::config::Config;
use larder::error::Fault;
use larder::snapshot::catalog::{self, Entry};
use larder::snapshot::zone::Zone;
use larder::store::Store;
use search::{Place, Search, Seen};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say in which snapshots an item is, and when it appeared, changed and went
///
/// The snapshots of a store are compared from one to the next, and with the database that larder.toml names. An item is found
/// by its row id, its key, any column that is unique, or its name; what is inside it is compared too. The exit code is 1 where
/// no snapshot has it.
#[derive(Debug, Args)]
pub struct Find {
    /// The item: a section, and the item's row id, key or name there
    #[arg(value_name = "SECTION=KEY", value_parser = pair)]
    item: (String, String),
    /// The store: a folder, or the URL of a remote one [default: those of larder.toml, or the folder backups here]
    store: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Find {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let shelves = meant(self.store.as_deref(), &self.app, context)?;
        let mut failures = Failures::default();
        let stores = open(&shelves, &mut failures, context)?;
        let found = snapshots(&stores, &mut failures, context)?;
        let app = self.only_app(&found, &shelves)?;
        let config = settings(&store::App::of(&app), None, context)?;
        let keys = self.keys.keys(&KeySettings::of(&config)?, context)?;
        let item = (self.item.0.as_str(), self.item.1.as_str());
        let mut search = Search::new(item, &config.rules, &keys, context);
        let seen = search.run(database(&config), found, &mut failures)?;
        let zone = self.timezone.unwrap_or_default();
        self.render(&seen, &failures, zone, context)
    }

    /// The application whose snapshots these are.
    fn only_app(&self, found: &[(&Store, Entry)], shelves: &[Shelf]) -> Result<String> {
        let mut apps: Vec<&str> = found.iter().map(|(_, entry)| entry.name.base_app()).collect();
        apps.sort_unstable();
        apps.dedup();
        match apps.as_slice() {
            [app] => Ok((*app).to_owned()),
            [] => {
                let stores: Vec<String> = shelves.iter().map(|shelf| shelf.location.to_string()).collect();
                let of = self.app.given().map(|app| format!(" of {app}")).unwrap_or_default();
                Err(Fault::failed(format!("no snapshots{of} in {}", stores.join(", "))).into())
            }
            apps => Err(Fault::usage(format!("the store holds snapshots of {}", apps.join(", ")))
                .hint("choose with --app NAME")
                .into()),
        }
    }

    fn render(&self, seen: &[Seen], failures: &Failures, zone: Zone, context: &Context<'_>) -> Result<Exit> {
        let snapshots: Vec<&Seen> = seen.iter().filter(|seen| seen.place.is_snapshot()).collect();
        let holding: Vec<&Seen> = snapshots.iter().copied().filter(|seen| seen.is_there()).collect();
        let exit = if holding.is_empty() || !failures.is_empty() { Exit::Failed } else { Exit::Done };
        if context.ui.wants_json() {
            Ui::print_json(&self.described(seen, failures))?;
            return Ok(exit);
        }
        let rows: Vec<Vec<String>> = seen.iter().filter_map(|seen| row(seen, zone)).collect();
        if !context.ui.is_quiet() && !rows.is_empty() {
            Ui::print(&table::table(&["TIME", "WHAT", "FILE", "CHANGES"], rows, &[]))?;
        }
        let (section, key) = &self.item;
        let number = snapshots.len() as u64;
        let Some(newest) = holding.last() else {
            context.ui.say(&format!(
                "{section} {key:?} is in none of {}",
                table::count(number, "snapshot", "snapshots")
            ));
            return Ok(exit);
        };
        context.ui.say(&format!(
            "{section} {key:?} is in {} of {}",
            table::number(holding.len() as u64),
            table::count(number, "snapshot", "snapshots")
        ));
        // Whoever has it needs no way to get it back.
        if let Some(last) = seen.last().filter(|last| !last.is_there()) {
            let database = match &last.place {
                Place::Database(path) => shell_word(path),
                Place::Snapshot(_) => "DATABASE".to_owned(),
            };
            let (file, item) = (shell_word(&newest.place.path()), format!("{section}={key}"));
            let item = shell_word(Path::new(&item));
            context.ui.say(&format!("to get it back: larder restore {file} {database} --item {item}"));
        }
        Ok(exit)
    }

    /// The result for programs.
    fn described(&self, seen: &[Seen], failures: &Failures) -> Value {
        let (section, key) = &self.item;
        let snapshots: Vec<Value> =
            seen.iter().filter(|seen| seen.place.is_snapshot()).map(Seen::described).collect();
        let database = seen.iter().find(|seen| !seen.place.is_snapshot()).map(Seen::described);
        json!({
            "section": section,
            "key": key,
            "found": seen.iter().any(|seen| seen.place.is_snapshot() && seen.is_there()),
            "snapshots": snapshots,
            "database": database,
            "failed": failures.describe(),
        })
    }
}

/// A store, and whose snapshots in it are meant.
type Opened<'s> = (Store, Option<&'s str>);

/// Opens stores. Where there is one, what is wrong with it is an error.
fn open<'s>(shelves: &'s [Shelf], failures: &mut Failures, context: &Context<'_>) -> Result<Vec<Opened<'s>>> {
    let mut stores = Vec::new();
    for shelf in shelves {
        let opened = if shelves.len() == 1 {
            Some(shelf.open(context)?)
        } else {
            failures.attempt(&shelf.location.to_string(), context, || shelf.open(context))?
        };
        stores.extend(opened.map(|store| (store, shelf.app.as_deref())));
    }
    Ok(stores)
}

/// The snapshots of stores, the oldest first; one that several have is taken of the first.
fn snapshots<'s>(
    stores: &'s [Opened<'_>],
    failures: &mut Failures,
    context: &Context<'_>,
) -> Result<Vec<(&'s Store, Entry)>> {
    let mut found: IndexMap<String, (&Store, Entry)> = IndexMap::new();
    for (store, app) in stores {
        let read = || catalog::read(store, *app);
        let entries = if stores.len() == 1 {
            Some(read()?)
        } else {
            failures.attempt(&store.location().to_string(), context, read)?
        };
        for entry in entries.into_iter().flatten().filter(|entry| !entry.name.is_export()) {
            found.entry(entry.name.stem()).or_insert((store, entry));
        }
    }
    let mut found: Vec<(&Store, Entry)> = found.into_values().collect();
    found.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    Ok(found)
}

/// The database of the settings, where it is there.
fn database(config: &Config) -> Option<PathBuf> {
    config.database.clone().filter(|path| path.is_file())
}

/// What is shown of a state; nothing of one that does not have the item and has not lost it.
fn row(seen: &Seen, zone: Zone) -> Option<Vec<String>> {
    if !seen.is_there() && seen.what != "gone" {
        return None;
    }
    let time = match &seen.place {
        Place::Snapshot(entry) => zone.wall_clock(entry.name.time).format("%Y-%m-%d %H:%M:%S").to_string(),
        Place::Database(_) => "now".to_owned(),
    };
    let changes: Vec<String> = seen
        .changes
        .iter()
        .filter_map(|change| {
            let value = serde_json::to_value(change).ok()?;
            let fields = fields_of(&value);
            // The item itself is what the whole line is about.
            let is_own = change.section.eq_ignore_ascii_case(&seen.section);
            (!is_own || !fields.is_empty()).then(|| match (is_own, fields.as_str()) {
                (true, fields) => fields.to_owned(),
                (false, "") => {
                    format!("{} {} {}", super::diff::word(change.what), change.section, change.item)
                }
                (false, fields) => format!("{} {}: {fields}", change.section, change.item),
            })
        })
        .collect();
    Some(vec![time, seen.what.to_owned(), seen.place.name(), changes.join("; ")])
}
