//! `larder list`

use super::Context;
use super::check::length;
use super::keys::{KeyArgs, KeySettings};
use super::shelf::{Shelf, Shelves};
use crate::exit::Exit;
use crate::ui::{Ui, one_line, table};
use anyhow::Result;
use chrono::TimeDelta;
use clap::Args;
use larder::progress::{Progress, go_on};
use larder::snapshot::catalog::{self, Entry, Known};
use larder::snapshot::zone::Zone;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Show the snapshots of a store: when, how large, how verified, of which kind
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    shelves: Shelves,
    /// The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
    /// Show when each was last drilled: when it was made, or by larder check --drill
    #[arg(long)]
    drills: bool,
    #[command(flatten)]
    keys: KeyArgs,
}

impl List {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let (shelves, mut failures) = self.shelves.find(context)?;
        let is_single = shelves.len() == 1 && failures.is_empty();
        let mut snapshots = Vec::new();
        for shelf in &shelves {
            // Who names a store wants to see what is in it.
            let app = shelf.app.as_deref().filter(|_| !self.shelves.is_whole_store());
            let read = || {
                let mut entries = catalog::read(&shelf.open(context)?, app)?;
                self.open(&mut entries, shelf, context)?;
                Ok(entries)
            };
            let entries = if is_single {
                Some(read()?)
            } else {
                failures.attempt(&shelf.location.to_string(), context, read)?
            };
            let Some(entries) = entries else { continue };
            if context.ui.wants_json() {
                snapshots.extend(entries.iter().map(describe));
            } else if !context.ui.is_quiet() {
                self.show(shelf, &entries, is_single, context)?;
            }
        }
        if context.ui.wants_json() {
            let mut result = json!({ "snapshots": snapshots });
            if !is_single {
                result["failed"] = failures.describe().into();
            }
            Ui::print_json(&result)?;
        }
        Ok(if failures.is_empty() { Exit::Done } else { Exit::Failed })
    }

    fn show(&self, shelf: &Shelf, entries: &[Entry], is_single: bool, context: &Context<'_>) -> Result<()> {
        if entries.is_empty() {
            context.ui.say(&format!("no snapshots in {}", shelf.location));
            return Ok(());
        }
        if !is_single {
            Ui::print(&format!("{}\n", one_line(&shelf.location.to_string())))?;
        }
        let zone = self.timezone.or(shelf.retention.timezone).unwrap_or_default();
        if self.drills {
            return show_drills(entries, zone, context);
        }
        let rows = entries.iter().map(|entry| row(entry, zone)).collect();
        let header = ["TIME", "APPLICATION", "KIND", "SIZE", "DATABASE", "DRILL", "FILE"];
        Ui::print(&table::table(&header, rows, &[3, 4]))?;
        let total = entries.iter().map(Entry::total_size).sum();
        let exports = entries.iter().filter(|entry| entry.name.is_export()).count();
        let mut number = table::count((entries.len() - exports) as u64, "snapshot", "snapshots");
        if exports > 0 {
            number += &format!(", {}", table::count(exports as u64, "export", "exports"));
        }
        context.ui.say(&format!("{number}, {}; times are {zone}", table::bytes(total)));
        Ok(())
    }

    /// Opens what the manifests of encrypted snapshots keep to themselves, as far as a key is given.
    fn open(&self, entries: &mut [Entry], shelf: &Shelf, context: &Context<'_>) -> Result<()> {
        // A passphrase takes a second for each.
        let settings = KeySettings { identity: shelf.keys.identity.clone(), ..KeySettings::default() };
        let keys = self.keys.keys_given(&settings, context)?;
        for entry in entries {
            go_on(context.ui)?;
            let name = format!("the manifest of {}", entry.name);
            let Known::Manifest(manifest) = &mut entry.known else { continue };
            if let Err(error) = manifest.unseal(&keys, &name) {
                context.ui.detail(&format!("{error:#}"));
            }
        }
        Ok(())
    }
}

/// Shows when each snapshot was last drilled, and for each application how many are known to be whole.
fn show_drills(entries: &[Entry], zone: Zone, context: &Context<'_>) -> Result<()> {
    let time = |time| zone.wall_clock(time).format("%Y-%m-%d %H:%M:%S").to_string();
    let row = |entry: &Entry| {
        let proven = match (entry.proven_at(), entry.manifest().and_then(|manifest| manifest.proven)) {
            (Some(at), _) => time(at),
            (None, Some(failed)) => format!("FAILED {}", time(failed.at)),
            (None, None) => "never".to_owned(),
        };
        vec![time(entry.name.time), entry.name.app.clone(), drill(entry), proven, entry.name.file_name()]
    };
    let header = ["TIME", "APPLICATION", "DRILL", "LAST PROVEN", "FILE"];
    Ui::print(&table::table(&header, entries.iter().map(row).collect(), &[]))?;
    let mut apps: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.is_safety()) {
        apps.entry(&entry.name.app).or_default().push(entry);
    }
    for (app, entries) in apps {
        let proven: Vec<_> = entries.iter().filter_map(|entry| entry.proven_at()).collect();
        let last = proven.iter().max().map(|last| {
            let ago = (context.now - *last).max(TimeDelta::zero()).to_std().unwrap_or_default();
            format!("last proven {} ago", length(ago))
        });
        let last = last.unwrap_or("never proven".to_owned());
        Ui::print(&format!("{}: {last}, {} of {}\n", one_line(app), proven.len(), entries.len()))?;
    }
    Ok(())
}

fn row(entry: &Entry, zone: Zone) -> Vec<String> {
    vec![
        zone.wall_clock(entry.name.time).format("%Y-%m-%d %H:%M:%S").to_string(),
        entry.name.app.clone(),
        kind(entry),
        table::bytes(entry.total_size()),
        match items(entry) {
            Some(items) => table::count(items, "item", "items"),
            None => database(entry),
        },
        drill(entry),
        entry.name.file_name(),
    ]
}

/// How large the database is, and how many files belong to it.
fn database(entry: &Entry) -> String {
    let manifest = entry.manifest();
    let contents = manifest.and_then(|manifest| manifest.contents());
    let size = contents.map_or("?".to_owned(), |contents| table::bytes(contents.database_size));
    match manifest.and_then(|manifest| Some((manifest.files.as_ref()?, manifest.files_contents()))) {
        None => size,
        Some((_, None)) => format!("{size} + files"),
        Some((_, Some(files))) => format!("{size} + {}", table::count(files.count, "file", "files")),
    }
}

/// Why it was taken, and whether it stays.
fn kind(entry: &Entry) -> String {
    let kind = entry.manifest().map_or("unknown", |manifest| manifest.kind.name());
    let export = if entry.name.is_export() { " export" } else { "" };
    let pinned = if entry.is_pinned() { ", pinned" } else { "" };
    let suspicious = if entry.is_suspicious() { ", suspicious" } else { "" };
    format!("{kind}{export}{pinned}{suspicious}")
}

/// How many items an export has.
fn items(entry: &Entry) -> Option<u64> {
    let export = entry.manifest()?.export.as_ref()?;
    // A manifest may say anything.
    Some(export.items.as_ref()?.values().fold(0, |sum: u64, items| sum.saturating_add(*items)))
}

/// How far a snapshot can be trusted, in a word or two.
fn drill(entry: &Entry) -> String {
    let Some(manifest) = entry.manifest() else {
        return match entry.known {
            Known::Unreadable(_) => "bad manifest".to_owned(),
            _ => "no manifest".to_owned(),
        };
    };
    let passed = json!(manifest.drill.integrity);
    let depth = json!(manifest.drill.depth);
    match () {
        () if entry.is_damaged() => "damaged".to_owned(),
        () if !entry.is_good() => "size changed".to_owned(),
        () => format!("{} ({})", passed.as_str().unwrap_or("?"), depth.as_str().unwrap_or("?")),
    }
}

fn describe(entry: &Entry) -> Value {
    let manifest = entry.manifest();
    json!({
        "file": entry.location.to_string(),
        "name": entry.name.file_name(),
        "app": entry.name.base_app(),
        "holds": entry.name.held,
        "export": manifest.and_then(|manifest| manifest.export.as_ref()),
        "created_at": entry.name.time,
        "unchanged_at": manifest.and_then(|manifest| manifest.unchanged_at),
        "kind": manifest.map(|manifest| manifest.kind),
        "size": entry.size,
        "files": manifest.and_then(|manifest| manifest.files.as_ref()).map(|files| json!({
            "file": entry.name.files_name(),
            "size": files.size,
            "count": manifest.and_then(|manifest| manifest.files_contents()).map(|files| files.count),
        })),
        "database_size": manifest.and_then(|manifest| manifest.contents()).map(|contents| contents.database_size),
        "compression": entry.name.compression,
        "encrypted": entry.name.encrypted,
        "verified_at": manifest.filter(|_| entry.is_good()).map(|manifest| manifest.drill.verified_at),
        "drill": manifest.map(|manifest| &manifest.drill),
        "proven_at": entry.proven_at(),
        "damaged": entry.is_damaged(),
        "pinned": entry.is_pinned(),
        "suspicious": entry.is_suspicious(),
        "lost": manifest.and_then(|manifest| manifest.lost()),
        "source": manifest.map(|manifest| &manifest.source.path),
    })
}
