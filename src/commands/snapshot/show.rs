//! What is said of a snapshot that was made.

use crate::commands::{Context, shell_word, text};
use crate::ui::table;
use anyhow::Result;
use larder::database::check::Depth;
use larder::progress::Progress;
use larder::snapshot::Manifest;
use larder::snapshot::create::Created;
use larder::snapshot::manifest::{Verdict, named};
use larder::store::SnapshotName;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The new snapshot, or the one that still holds the same.
pub fn path_of(created: &Created) -> PathBuf {
    match created {
        Created::New(made) => made.location.to_path(),
        Created::Unchanged { newest, .. } => newest.to_path(),
    }
}

/// Says what was made, prints the path for people and scripts, and returns what is printed for programs.
pub fn show(created: &Created, context: &Context<'_>) -> Result<Value> {
    let path = path_of(created);
    let result = match created {
        Created::New(made) => {
            say(&made.manifest, context);
            json!({ "snapshot": text(&path), "manifest": made.manifest })
        }
        Created::Unchanged { .. } => {
            context.ui.say("unchanged since the newest snapshot, so none was made");
            json!({ "skipped": "unchanged", "newest": text(&path) })
        }
    };
    tell_findings(manifest_of(created), &path, context);
    if !context.ui.wants_json() {
        context.ui.result_path(&result, &path)?;
    }
    Ok(result)
}

fn manifest_of(created: &Created) -> &Manifest {
    match created {
        Created::New(made) => &made.manifest,
        Created::Unchanged { manifest, .. } => manifest,
    }
}

/// Why a snapshot is suspicious; nothing where it is not.
pub fn suspicion(created: &Created) -> Option<String> {
    manifest_of(created).suspicion()
}

/// Whether something that the settings require is not so.
pub fn is_unmet(created: &Created) -> bool {
    let manifest = manifest_of(created);
    manifest.is_suspicious() && manifest.unmet().is_some_and(|unmet| !unmet.is_empty())
}

/// Tells of tables that lost many rows, and of what is not as it is required. Where that makes the snapshot suspicious, even
/// those are told who want to hear of errors alone.
pub fn tell_findings(manifest: &Manifest, path: &Path, context: &Context<'_>) {
    let Some(comparison) = &manifest.comparison else { return };
    let since = comparison.with.as_ref().map(|with| format!(" (in {with})")).unwrap_or_default();
    let usual = named(manifest.lost().unwrap_or_default().iter().filter(|loss| loss.usual));
    if !usual.is_empty() {
        context.ui.warn(&format!("{usual}{since}"));
    }
    let Some(why) = manifest.suspicion() else { return };
    let has_lost = manifest.lost().is_none_or(|lost| lost.iter().any(|loss| !loss.usual));
    let since = if has_lost { since.as_str() } else { "" };
    let is_in_store = path.file_name().and_then(SnapshotName::parse).is_some();
    let counts = if is_in_store {
        let accept = shell_word(path);
        format!(
            ". Neither latest nor the keep rules count it; if that was meant: larder pin --accept {accept}"
        )
    } else {
        String::new()
    };
    context.ui.alarm(&format!("the snapshot is suspicious: {why}{since}{counts}"));
}

/// Says what a new snapshot is.
fn say(manifest: &Manifest, context: &Context<'_>) {
    let Some(contents) = manifest.contents() else { return };
    let (tables, rows) = (contents.rows.len() as u64, contents.rows.values().sum());
    context.ui.say(&format!(
        "{}: {}, {}, {}; {} {}, {}",
        manifest.source.file,
        table::count(tables, "table", "tables"),
        table::count(rows, "row", "rows"),
        table::bytes(contents.database_size),
        if manifest.is_encrypted() { "packed and encrypted into" } else { "packed into" },
        table::bytes(manifest.size),
        drilled(manifest),
    ));
    if let Some((facts, files)) = manifest.files.as_ref().zip(manifest.files_contents()) {
        context.ui.say(&format!(
            "{}, {}; packed into {}{}",
            table::count(files.count, "file", "files"),
            table::bytes(files.bytes),
            table::bytes(facts.size),
            match files.named - files.missing.min(files.named) {
                0 => String::new(),
                there => format!("; {} that rows name are there", table::count(there, "file", "files")),
            }
        ));
    }
    if manifest.drill.foreign_key_violations > 0 {
        let number = table::count(manifest.drill.foreign_key_violations, "row has", "rows have");
        context.ui.warn(&format!("{number} a foreign key that leads nowhere, as in the database itself"));
    }
    let is_damaged = manifest.drill.integrity == Verdict::Damaged;
    if is_damaged {
        context.ui.alarm(&format!("{} is damaged; what could be copied of it is kept", manifest.source.file));
    }
    for note in manifest.notes().iter().take(3) {
        if is_damaged { context.ui.alarm(note) } else { context.ui.warn(note) }
    }
}

fn drilled(manifest: &Manifest) -> &'static str {
    match (manifest.drill.integrity, manifest.drill.depth) {
        (Verdict::Damaged, _) => "DAMAGED",
        (Verdict::Partial, _) => "checked as far as it can be without the application, and read back",
        (Verdict::Ok, Depth::Full) => "checked and read back",
        (Verdict::Ok, Depth::Quick) => "checked quickly and read back",
    }
}
