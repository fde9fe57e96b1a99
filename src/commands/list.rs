//! `larder list`

use super::{Context, store};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use larder::snapshot::catalog::{self, Entry, Known};
use larder::snapshot::zone::Zone;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show the snapshots of a store: when, how large, how verified, of which kind
#[derive(Debug, Args)]
pub struct List {
    /// The folder that holds the snapshots, or the URL of a remote store [default: the folder backups here]
    store: Option<PathBuf>,
    /// Only those of this application
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Zone,
}

impl List {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let store = store::named_or_here(self.store.as_deref(), context)?;
        let entries = catalog::read(&store, self.app.as_deref())?;
        if context.ui.wants_json() {
            let snapshots: Vec<Value> = entries.iter().map(describe).collect();
            Ui::print_json(&json!({ "snapshots": snapshots }))?;
            return Ok(Exit::Done);
        }
        if context.ui.is_quiet() {
            return Ok(Exit::Done);
        }
        if entries.is_empty() {
            context.ui.say(&format!("no snapshots in {}", store.location()));
            return Ok(Exit::Done);
        }
        let rows = entries.iter().map(|entry| self.row(entry)).collect();
        let header = ["TIME", "APPLICATION", "KIND", "SIZE", "DATABASE", "DRILL", "FILE"];
        Ui::print(&table::table(&header, rows, &[3, 4]))?;
        let total = entries.iter().map(|entry| entry.size).sum();
        let number = table::count(entries.len() as u64, "snapshot", "snapshots");
        context.ui.say(&format!("{number}, {}; times are {}", table::bytes(total), self.timezone));
        Ok(Exit::Done)
    }

    fn row(&self, entry: &Entry) -> Vec<String> {
        let manifest = entry.manifest();
        vec![
            self.timezone.wall_clock(entry.name.time).format("%Y-%m-%d %H:%M:%S").to_string(),
            entry.name.app.clone(),
            manifest.map_or("unknown", |manifest| manifest.kind.name()).to_owned(),
            table::bytes(entry.size),
            manifest.map_or("?".to_owned(), |manifest| table::bytes(manifest.contents.database_size)),
            drill(entry),
            entry.name.file_name(),
        ]
    }
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
        "app": entry.name.app,
        "created_at": entry.name.time,
        "unchanged_at": manifest.and_then(|manifest| manifest.unchanged_at),
        "kind": manifest.map(|manifest| manifest.kind),
        "size": entry.size,
        "database_size": manifest.map(|manifest| manifest.contents.database_size),
        "compression": entry.name.compression,
        "encrypted": manifest.is_some_and(|manifest| manifest.encryption.is_some()),
        "verified_at": manifest.filter(|_| entry.is_good()).map(|manifest| manifest.drill.verified_at),
        "drill": manifest.map(|manifest| &manifest.drill),
        "damaged": entry.is_damaged(),
        "source": manifest.map(|manifest| &manifest.source.path),
    })
}
