//! `larder snapshot`

use super::configuration::Subject;
use super::keep::Keep;
use super::{Context, hooks, prune as prune_command, store, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use larder::database::check::Depth;
use larder::error::Fault;
use larder::progress::Progress;
use larder::snapshot::create::{self, Created, Options};
use larder::snapshot::manifest::Verdict;
use larder::snapshot::prune::{self, Rules};
use larder::snapshot::zone::Zone;
use larder::snapshot::{IfDamaged, Kind, Manifest};
use larder::store::{Location, SnapshotName, Store};
use larder::stream::{Compression, Level};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Write a verified, compressed copy of a database with a manifest
///
/// The copy is consistent while the application writes, compact, and free of what was deleted. It is checked, packed
/// and read back before it gets its name; a snapshot that fails leaves nothing. It is a plain gzipped SQLite file:
/// gunzip and sqlite3 are enough to use it.
#[derive(Debug, Args)]
pub struct Snapshot {
    /// The database
    database: PathBuf,
    /// The folder that takes it, or the URL of a remote store [default: the folder backups beside the database]
    #[arg(long, value_name = "STORE", alias = "store", conflicts_with = "output")]
    to: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, or a folder
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["if_changed", "prune"])]
    output: Option<PathBuf>,
    /// Overwrite the file of --output
    #[arg(long, requires = "output")]
    force: bool,
    /// Why it is taken
    #[arg(long, value_enum, default_value = "manual")]
    kind: Reason,
    /// How to compress [default: gzip, or what the name of --output says]
    #[arg(long, value_enum, value_name = "CODEC")]
    compress: Option<Codec>,
    /// How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]
    #[arg(long, value_name = "N")]
    level: Option<Level>,
    /// How thoroughly to check the copy: full compares every index with its table, quick does not
    #[arg(long, value_enum, default_value = "full")]
    drill: DrillDepth,
    /// Make none where the newest snapshot holds the same, and note there that it still does
    #[arg(long)]
    if_changed: bool,
    /// Keep what can be copied of a damaged database, marked as damaged
    #[arg(long)]
    keep_damaged: bool,
    /// Afterwards, delete the snapshots of this application that the rules below do not keep
    #[arg(long)]
    prune: bool,
    /// With --prune: do not ask. Without a terminal, --prune itself is the answer
    #[arg(short, long, requires = "prune")]
    yes: bool,
    /// With --prune: the zone in which days begin
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Zone,
    #[command(flatten)]
    keep: Keep,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reason {
    /// By hand
    Manual,
    /// By a schedule
    Scheduled,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DrillDepth {
    Full,
    Quick,
}

/// A compression as an option.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Codec {
    Gzip,
    Zstd,
    None,
}

impl From<Codec> for Compression {
    fn from(codec: Codec) -> Self {
        match codec {
            Codec::Gzip => Self::Gzip,
            Codec::Zstd => Self::Zstd,
            Codec::None => Self::None,
        }
    }
}

/// The level, or the codec's default; one that the codec does not have is an error.
pub fn level_of(compression: Compression, level: Option<Level>) -> Result<Level> {
    let levels = compression.levels();
    match level {
        None => Ok(compression.default_level()),
        Some(level) if levels.contains(&level) => Ok(level),
        Some(_) if compression == Compression::None => {
            Err(Fault::usage("--level is for compressed files, and this one is not").into())
        }
        Some(level) => Err(Fault::usage(format!("there is no level {level} of this compression"))
            .hint(format!("choose {} to {}", levels.start(), levels.end()))
            .into()),
    }
}

impl Snapshot {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let rules = if self.prune {
            Some(self.keep.rules(self.timezone, context.now)?)
        } else {
            self.keep.refuse_without_prune()?;
            None
        };
        let app = self.app.of(&self.database)?;
        let subject = Subject::to_write(Some(&self.database), &self.app, context)?;
        let work = || match &self.output {
            Some(output) => self.to_file(output, &app, context),
            None => self.to_store(&app, rules.as_ref(), context),
        };
        let made = |path: &PathBuf| vec![("LARDER_SNAPSHOT", text(path))];
        Ok(hooks::around(&subject, "snapshot", context, work, made)?.1)
    }

    fn options<'a>(
        &self,
        app: &'a str,
        compression: Compression,
        context: &'a Context<'_>,
    ) -> Result<Options<'a>> {
        Ok(Options {
            app,
            app_is_certain: self.app.given().is_some(),
            kind: match self.kind {
                Reason::Manual => Kind::Manual,
                Reason::Scheduled => Kind::Scheduled,
            },
            now: context.now,
            compression,
            level: level_of(compression, self.level)?,
            depth: match self.drill {
                DrillDepth::Full => Depth::Full,
                DrillDepth::Quick => Depth::Quick,
            },
            if_damaged: if self.keep_damaged { IfDamaged::KeepAnything } else { IfDamaged::Refuse },
            if_changed: self.if_changed,
            in_use: false,
            replaced_by: None,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        })
    }

    fn to_file(&self, output: &Path, app: &str, context: &Context<'_>) -> Result<PathBuf> {
        let named = Compression::by_name(output);
        let (file, compression) = if output.is_dir() {
            let compression = self.compress.map_or(Compression::Gzip, Compression::from);
            (output.join(SnapshotName::new(app, context.now, compression).file_name()), compression)
        } else {
            (output.to_owned(), self.compress.map_or(named, Compression::from))
        };
        refuse_unwritable(&file)?;
        let options = self.options(app, compression, context)?;
        let made = create::in_file(&self.database, &file, self.force, &options)?;
        let made = Created::New(Box::new(made));
        print_json(&show(&made, context)?, context)?;
        Ok(path_of(&made))
    }

    fn to_store(&self, app: &str, rules: Option<&Rules>, context: &Context<'_>) -> Result<PathBuf> {
        let location = match &self.to {
            Some(store) => Location::of(store)?,
            None => Location::Path(store::beside(&self.database)?),
        };
        // A store is not made for a database that is not there.
        larder::files::require_file(&self.database)?;
        let store = Store::create(&location, &context.surroundings)?;
        let compression = self.compress.map_or(Compression::Gzip, Compression::from);
        let created = create::in_store(&self.database, &store, &self.options(app, compression, context)?)?;
        // The path is out before a question is asked, and before pruning can fail.
        let mut result = show(&created, context)?;
        if let Some(rules) = rules {
            let plan = self.prune(app, &store, rules, context).context("the snapshot is made, but")?;
            context.ui.say(&prune_command::summary(&plan, "removed"));
            result["prune"] = prune_command::describe(&plan);
        }
        print_json(&result, context)?;
        Ok(path_of(&created))
    }

    fn prune(&self, app: &str, store: &Store, rules: &Rules, context: &Context<'_>) -> Result<prune::Plan> {
        let plan = prune::plan(store, Some(app), rules)?;
        let yes = self.yes || !crate::ui::is_interactive();
        prune_command::carry_out(store, Some(app), rules, &plan, yes, context)
    }
}

/// The new snapshot, or the one that still holds the same.
fn path_of(created: &Created) -> PathBuf {
    match created {
        Created::New(made) => made.location.to_path(),
        Created::Unchanged(newest) => newest.to_path(),
    }
}

fn refuse_unwritable(file: &Path) -> Result<()> {
    if Location::of(file)?.path().is_none() {
        return Err(Fault::usage("-o writes a file of this machine")
            .hint("--to takes the URL of a remote store")
            .into());
    }
    if file == Path::new("-") {
        return Err(Fault::usage(
            "a snapshot is read back before it counts, so it cannot go to the standard output",
        )
        .hint("name a file: -o FILE.db.gz")
        .into());
    }
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("age")) {
        return Err(Fault::usage("larder cannot encrypt yet")
            .hint("write to a file without .age, and encrypt that with age")
            .into());
    }
    Ok(())
}

/// Says what was made, prints the path for people and scripts, and returns what is printed for programs.
fn show(created: &Created, context: &Context<'_>) -> Result<Value> {
    let path = path_of(created);
    let result = match created {
        Created::New(made) => {
            say(&made.manifest, context);
            json!({ "snapshot": text(&path), "manifest": made.manifest })
        }
        Created::Unchanged(_) => {
            context.ui.say("unchanged since the newest snapshot, so none was made");
            json!({ "skipped": "unchanged", "newest": text(&path) })
        }
    };
    if !context.ui.wants_json() {
        context.ui.result_path(&result, &path)?;
    }
    Ok(result)
}

fn print_json(result: &Value, context: &Context<'_>) -> Result<()> {
    if context.ui.wants_json() { Ui::print_json(result) } else { Ok(()) }
}

/// Says what a new snapshot is.
fn say(manifest: &Manifest, context: &Context<'_>) {
    let contents = &manifest.contents;
    let (tables, rows) = (contents.rows.len() as u64, contents.rows.values().sum());
    context.ui.say(&format!(
        "{}: {}, {}, {}; packed into {}, {}",
        manifest.source.file,
        table::count(tables, "table", "tables"),
        table::count(rows, "row", "rows"),
        table::bytes(contents.database_size),
        table::bytes(manifest.size),
        drilled(manifest),
    ));
    if manifest.drill.foreign_key_violations > 0 {
        let number = table::count(manifest.drill.foreign_key_violations, "row has", "rows have");
        context.ui.warn(&format!("{number} a foreign key that leads nowhere, as in the database itself"));
    }
    for note in manifest.drill.notes.iter().take(3) {
        context.ui.warn(note);
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
