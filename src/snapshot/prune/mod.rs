//! Pruning: which snapshots of a store go, and why each stays or goes.
//!
//! The keep rules ([`super::retention`]) decide over the good snapshots of one application. Around them stands what
//! they may not do: remove the last good one, remove what nobody proved to be larder's, or let a snapshot that is
//! damaged, undrilled or dated in the future push a good one out.

mod decide;
mod drilled;

use super::catalog::{self, Catalog, Entry, Known};
use super::expiry::expired;
use super::retention::{Policy, Reasons};
use super::span::Span;
use super::verify::VerifyOptions;
use super::zone::Zone;
use crate::error::Fault;
use crate::files;
use crate::patience::Patience;
use crate::progress::{Progress, go_on};
use crate::store::{Location, SnapshotName, Store};
use crate::stream::age::Keys;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use decide::decide;
use drilled::drilled_plan;

/// How long safety snapshots are kept where nothing else is said.
pub const SAFETY: Span = Span::days(14);

/// A manifest may be without its snapshot for a while, when a store is copied; after that it is left over.
const ORPHAN_AGE: TimeDelta = TimeDelta::days(1);

/// What to prune by.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The keep rules; where they say nothing, everything is kept but for `max_size`.
    pub policy: Policy,
    /// The zone in which days begin.
    pub zone: Zone,
    /// How many bytes the regular snapshots of an application may have.
    pub max_size: Option<u64>,
    /// The keep rules and the size of exports, where they have their own.
    pub exports: Option<(Policy, Option<u64>)>,
    /// How long safety snapshots are kept.
    pub safety: Span,
    /// The present.
    pub now: DateTime<Utc>,
}

impl Rules {
    /// Those of snapshots, or of exports.
    fn of(&self, exports: bool) -> Cow<'_, Self> {
        match &self.exports {
            Some((policy, max_size)) if exports => {
                Cow::Owned(Self { policy: policy.clone(), max_size: *max_size, ..self.clone() })
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// An error where the rules say nothing: pruning by nothing would keep or remove all.
    pub fn refuse_empty(&self) -> Result<()> {
        if self.policy.is_empty() && self.max_size.is_none() && self.exports.is_none() {
            return Err(Fault::usage("nothing says what to keep")
                .hint("name at least one rule, such as --keep-daily 14")
                .into());
        }
        Ok(())
    }
}

/// What becomes of a file.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Where it is.
    pub location: Location,
    /// Its size in bytes, with its files.
    pub size: u64,
    /// Why.
    pub reasons: Reasons,
    name: SnapshotName,
    orphan: bool,
}

/// What pruning would do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What stays, by time.
    pub keep: Vec<Decision>,
    /// What goes, by time.
    pub remove: Vec<Decision>,
    /// What could not be read or fails its drill, and why. It stays, and somebody should look after it.
    pub problems: Vec<(String, String)>,
}

/// Plans, with each application by itself, or one alone. Nothing is changed, and no lock is taken.
pub fn plan(store: &Store, app: Option<&str>, rules: &Rules) -> Result<Plan> {
    Ok(plan_without(store, &catalog::read_all(store, app)?, rules, &BTreeSet::new()))
}

/// Plans as if the snapshots in `failed` had failed their drill.
fn plan_without(store: &Store, catalog: &Catalog, rules: &Rules, failed: &BTreeSet<String>) -> Plan {
    let mut groups: BTreeMap<(&str, bool), Vec<&Entry>> = BTreeMap::new();
    for entry in &catalog.entries {
        groups.entry(entry.name.group()).or_default().push(entry);
    }
    let mut plan = Plan::default();
    for ((_, is_export), entries) in groups {
        decide(store, entries, &rules.of(is_export), failed, &mut plan);
    }
    for name in &catalog.orphans {
        let location = store.location().join(&name.manifest_name());
        match is_left_over(store, name, rules.now) {
            Ok(true) => {
                let reasons = vec!["manifest without its snapshot".to_owned()];
                plan.remove.push(Decision { location, size: 0, reasons, name: name.clone(), orphan: true });
            }
            Ok(false) => {}
            Err(error) => plan.problems.push((location.to_string(), format!("cannot be read: {error:#}"))),
        }
    }
    plan.keep.sort_by(|a, b| a.name.cmp(&b.name));
    plan.remove.sort_by(|a, b| a.name.cmp(&b.name));
    plan
}

/// Whether a manifest without its snapshot is larder's, and nobody is copying the store just now.
fn is_left_over(store: &Store, name: &SnapshotName, now: DateTime<Utc>) -> Result<bool> {
    let written = store.manifest_written_at(name)?.map(DateTime::<Utc>::from);
    let is_old = now - name.time > ORPHAN_AGE && written.is_some_and(|written| now - written > ORPHAN_AGE);
    Ok(is_old && matches!(Known::of(store.read_manifest(name)?.as_deref()), Known::Manifest(_)))
}

impl Plan {
    fn add(&mut self, entry: &Entry, keep: bool, reasons: Reasons) {
        let (location, name) = (entry.location.clone(), entry.name.clone());
        let decision = Decision { location, size: entry.total_size(), reasons, name, orphan: false };
        if keep { self.keep.push(decision) } else { self.remove.push(decision) }
    }

    /// Keeps what the plan that was shown does not remove, and says why that plan could not tell.
    fn keep_what_was_not_shown(&mut self, shown: &Self) {
        let agreed: BTreeSet<&Location> = shown.remove.iter().map(|decision| &decision.location).collect();
        let is_agreed = |decision: &Decision| agreed.contains(&decision.location);
        let (remove, kept) = std::mem::take(&mut self.remove).into_iter().partition(is_agreed);
        self.remove = remove;
        self.keep.extend(Vec::into_iter(kept).map(|decision| Decision {
            reasons: vec!["kept by the plan that was shown".to_owned()],
            ..decision
        }));
        self.keep.sort_by(|a, b| a.name.cmp(&b.name));
        let earlier: Vec<_> =
            shown.problems.iter().filter(|problem| !self.problems.contains(problem)).cloned().collect();
        self.problems.extend(earlier);
    }

    /// What becomes of exports alone.
    #[must_use]
    pub fn of_exports(mut self) -> Self {
        self.keep.retain(|decision| decision.name.is_export());
        self.remove.retain(|decision| decision.name.is_export());
        self
    }

    /// Adds what becomes of another store.
    pub fn extend(&mut self, other: Self) {
        self.keep.extend(other.keep);
        self.remove.extend(other.remove);
        self.problems.extend(other.problems);
    }

    /// Bytes that would become free.
    pub fn freed(&self) -> u64 {
        self.remove.iter().map(|decision| decision.size).sum()
    }
}

/// Carries a plan out, and returns what was done.
///
/// The plan is made again under the store's lock, and only what both want gone goes. Before that, the newest good
/// snapshot that stays is read whole; one that fails is no longer good, and the plan is made once more without it.
pub fn execute(
    store: &Store,
    app: Option<&str>,
    rules: &Rules,
    shown: &Plan,
    temporary: &Path,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<Plan> {
    let _lock = store.lock(patience)?;
    let (keys, patience) = (Keys::none(), patience.clone());
    let options = VerifyOptions { scratch: &[temporary], keys: &keys, require: &[], patience, progress };
    let mut plan = drilled_plan(store, app, rules, &options)?;
    plan.keep_what_was_not_shown(shown);
    let removed = remove_all(store, &plan, progress);
    let synced = store.sync();
    removed?;
    if let Err(error) = synced {
        progress.alarm(&format!("what was removed may be there again after a power failure: {error:#}"));
    }
    Ok(plan)
}

fn remove_all(store: &Store, plan: &Plan, progress: &dyn Progress) -> Result<()> {
    let (orphans, snapshots): (Vec<&Decision>, Vec<&Decision>) =
        plan.remove.iter().partition(|decision| decision.orphan);
    let names: Vec<&SnapshotName> = snapshots.iter().map(|decision| &decision.name).collect();
    store.remove_all(&names, &mut |name| {
        progress.detail(&format!("removing {}", store.place(name)));
        go_on(progress)
    })?;
    for orphan in orphans {
        progress.detail(&format!("removing {}", orphan.location));
        go_on(progress)?;
        store.remove_orphan(&orphan.name)?;
    }
    Ok(())
}

/// Removes the safety snapshots of an application whose time is over, whatever else there is. `made` is the one that this run
/// made.
pub fn drop_expired_safety(
    store: &Store,
    app: &str,
    (lifetime, now): (Span, DateTime<Utc>),
    made: Option<&Path>,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    let _lock = store.lock(patience)?;
    let entries = catalog::read(store, Some(app))?;
    let all: Vec<&Entry> = entries.iter().collect();
    let made = made.map(files::name_of);
    let is_own = |name: &SnapshotName| made.as_ref().is_some_and(|made| *made == name.file_name());
    let over = expired(&all, lifetime, now, Zone::Local, is_own);
    let is_over = |name: &&SnapshotName| over.contains(&name.file_name());
    let expired: Vec<&SnapshotName> = entries.iter().map(|entry| &entry.name).filter(is_over).collect();
    if expired.is_empty() {
        return Ok(());
    }
    store.remove_all(&expired, &mut |name| {
        progress.detail(&format!("removing the expired safety snapshot {}", store.place(name)));
        Ok(())
    })?;
    store.sync()
}
