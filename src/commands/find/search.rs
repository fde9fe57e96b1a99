//! An item in one state after another.

use crate::commands::shelf::Failures;
use crate::commands::{Context, text};
use anyhow::Result;
use larder::config::Rules;
use larder::database::content::schema_digest;
use larder::database::{ReadOptions, Source};
use larder::diff::{Item, ItemChange, Sought, changes};
use larder::error::{Kind, kind};
use larder::files;
use larder::progress::{Progress, Stepless, Unit, go_on, step};
use larder::snapshot::catalog::{Entry, Known};
use larder::store::Store;
use larder::stream::Digest;
use larder::stream::age::Keys;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What was looked at.
pub(super) enum Place {
    Snapshot(Box<Entry>),
    Database(PathBuf),
}

impl Place {
    pub(super) fn is_snapshot(&self) -> bool {
        matches!(self, Self::Snapshot(_))
    }

    /// Where it is.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Snapshot(entry) => entry.location.to_path(),
            Self::Database(path) => path.clone(),
        }
    }

    /// What it is called among its like.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Snapshot(entry) => entry.name.file_name(),
            Self::Database(path) => path.display().to_string(),
        }
    }
}

/// What a state says of the item.
pub(super) struct Seen {
    pub place: Place,
    pub section: String,
    /// What it is called there.
    name: Option<String>,
    /// What became of it since the state before: new, same, changed or gone; present in the first state, and absent where it
    /// was not there before either.
    pub what: &'static str,
    pub changes: Vec<ItemChange>,
}

impl Seen {
    pub(super) fn is_there(&self) -> bool {
        self.name.is_some()
    }

    /// It for programs.
    pub(super) fn described(&self) -> Value {
        let mut value = json!({
            "file": text(&self.place.path()),
            "there": self.is_there(),
            "item": self.name,
            "what": self.what,
            "changes": self.changes,
        });
        if let Place::Snapshot(entry) = &self.place {
            value["created_at"] = json!(entry.name.time);
            value["kind"] = json!(entry.manifest().map(|manifest| manifest.kind));
        }
        value
    }
}

/// Looks for an item in states.
pub(super) struct Search<'a> {
    item: (&'a str, &'a str),
    rules: &'a Rules,
    keys: &'a Keys<'a>,
    context: &'a Context<'a>,
    /// By the model of the newest state that has its section.
    sought: Option<Sought>,
    /// What the first state said that has no such section.
    unknown: Option<anyhow::Error>,
    /// The schemas that have no such section.
    schemas: Vec<Digest>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        item: (&'a str, &'a str),
        rules: &'a Rules,
        keys: &'a Keys<'a>,
        context: &'a Context<'a>,
    ) -> Self {
        Self { item, rules, keys, context, sought: None, unknown: None, schemas: Vec::new() }
    }

    /// Looks in snapshots, which are given the oldest first, and in the database as it is now.
    pub(super) fn run(
        &mut self,
        database: Option<PathBuf>,
        snapshots: Vec<(&Store, Entry)>,
        failures: &mut Failures,
    ) -> Result<Vec<Seen>> {
        let mut seen: Vec<Seen> = Vec::new();
        let mut later: Option<(Option<Digest>, Option<Item>)> = None;
        if let Some(path) = database {
            let name = path.display().to_string();
            let looked = self.look_in(&path);
            let looked = self.unless_fatal(&name, looked, failures)?;
            if let Some(item) = looked {
                seen.push(self.seen(Place::Database(path), item.as_ref()));
                later = Some((None, item));
            }
        }
        let all = snapshots.len();
        // The newest first: its model is that of the application as it is now.
        for (at, (store, mut entry)) in snapshots.into_iter().enumerate().rev() {
            go_on(self.context.ui)?;
            self.unseal(&mut entry);
            let name = entry.name.to_string();
            let content = entry.manifest().and_then(|manifest| manifest.contents());
            let content = content.map(|contents| contents.content_sha256);
            let what = format!("looking in {name} ({} of {all})", all - at);
            let known = later.as_ref().filter(|(other, _)| other.is_some() && *other == content);
            let item = if let Some((_, item)) = known {
                Some(item.clone())
            } else {
                let ui = self.context.ui;
                let look = || self.look(store, &entry);
                let looked = step(ui, &what, None, Unit::Rows, look);
                self.unless_fatal(&name, looked, failures)?
            };
            let Some(item) = item else { continue };
            if let (Some((_, after)), Some(newer)) = (&later, seen.last_mut()) {
                newer.set_changes(item.as_ref(), after.as_ref());
            }
            seen.push(self.seen(Place::Snapshot(Box::new(entry)), item.as_ref()));
            later = Some((content, item));
        }
        match self.unknown.take() {
            Some(unknown) if self.sought.is_none() => Err(unknown),
            _ => {
                seen.reverse();
                Ok(seen)
            }
        }
    }

    /// One state that cannot be read does not keep the others from being read, unless the same is wrong with all.
    fn unless_fatal<T>(&self, name: &str, looked: Result<T>, failures: &mut Failures) -> Result<Option<T>> {
        match looked {
            Err(error) if kind(&error) == Kind::Undecided => Err(error),
            Err(error) if kind(&error) == Kind::Usage && self.keys.is_empty() => Err(error),
            looked => failures.attempt(name, self.context, || looked),
        }
    }

    fn seen(&self, place: Place, item: Option<&Item>) -> Seen {
        let what = if item.is_some() { "present" } else { "absent" };
        let name = item.map(|item| item.name().to_owned());
        Seen { place, section: self.item.0.to_owned(), name, what, changes: Vec::new() }
    }

    /// Opens what the manifest of an encrypted snapshot keeps to itself, so that one that holds nothing new need not be
    /// unpacked. What cannot be opened is told by the snapshot.
    fn unseal(&self, entry: &mut Entry) {
        let name = format!("the manifest of {}", entry.name);
        if let Known::Manifest(manifest) = &mut entry.known
            && let Err(error) = manifest.unseal(self.keys, &name)
        {
            self.context.ui.detail(&format!("{error:#}"));
        }
    }

    /// The item in a snapshot.
    fn look(&mut self, store: &Store, entry: &Entry) -> Result<Option<Item>> {
        if let Some(contents) = entry.manifest().and_then(|manifest| manifest.contents()) {
            let table = self.sought.as_ref().map(Sought::table);
            let has_rows = |table: &str| {
                let mut rows = contents.rows.iter().filter(|(name, _)| name.eq_ignore_ascii_case(table));
                rows.any(|(_, rows)| *rows > 0)
            };
            if table.is_some_and(|table| !has_rows(table)) || self.schemas.contains(&contents.schema_sha256) {
                return Ok(None);
            }
        }
        let beside: &Path = &self.context.temporary;
        let fetched = store.fetch(&entry.name.file_name(), &[beside], &Stepless(self.context.ui))?;
        self.look_in(&fetched.path)
    }

    /// The item in a database or a snapshot of this machine.
    fn look_in(&mut self, path: &Path) -> Result<Option<Item>> {
        let beside = files::folder_of(path);
        let progress = Stepless(self.context.ui);
        let scratch: [&Path; 2] = [&self.context.temporary, &beside];
        let patience = self.context.patience.clone();
        let read = ReadOptions { scratch: &scratch, patience, progress: &progress };
        let source = Source::open_by(path, self.keys, &read)?;
        if self.sought.is_none() {
            match Sought::prepare(&source, self.rules, self.item, &progress) {
                Ok(sought) => self.sought = Some(sought),
                Err(error) if kind(&error) == Kind::Usage => {
                    self.schemas.push(schema_digest(source.connection())?);
                    self.unknown.get_or_insert(error);
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
        self.sought.as_ref().map_or(Ok(None), |sought| sought.find(&source, &progress))
    }
}

impl Seen {
    /// Says what became of the item since the state before.
    fn set_changes(&mut self, before: Option<&Item>, after: Option<&Item>) {
        self.changes = match (before, after) {
            (Some(before), Some(after)) => changes(Some(before), Some(after)),
            _ => Vec::new(),
        };
        self.what = match (before, after) {
            (None, None) => "absent",
            (None, Some(_)) => "new",
            (Some(_), None) => "gone",
            (Some(_), Some(_)) if self.changes.is_empty() => "same",
            (Some(_), Some(_)) => "changed",
        };
    }
}
