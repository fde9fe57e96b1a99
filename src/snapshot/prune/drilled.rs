//! A plan that does not trust manifests alone: what it relies on is read whole before anything is removed.

use super::super::attached;
use super::super::catalog::{self, Entry};
use super::super::verify::{VerifyOptions, is_whole, matches_manifest};
use super::decide::Standing;
use super::{Plan, Rules, plan_without};
use crate::store::Store;
use anyhow::{Context, Result};
use std::collections::BTreeSet;

/// A plan whose newest snapshots of each application that loses something have just been read whole: the newest good one, and
/// where a later one without a manifest may be whole, that one too. One that fails is no longer good or whole, and the plan is
/// made once more without it.
///
/// A remote one is fetched into the scratch folder for that.
pub(super) fn drilled_plan(
    store: &Store,
    app: Option<&str>,
    rules: &Rules,
    options: &VerifyOptions<'_>,
) -> Result<Plan> {
    let catalog = catalog::read_all(store, app)?;
    let (mut failed, mut passed) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let mut plan = plan_without(store, &catalog, rules, &failed);
        let losing: BTreeSet<_> = plan.remove.iter().map(|decision| decision.name.group()).collect();
        let relied_on = losing.into_iter().flat_map(|group| {
            let of_group = |entry: &&Entry| entry.name.group() == group && !entry.is_safety();
            let entries: Vec<&Entry> = catalog.entries.iter().filter(of_group).collect();
            newest(store, &entries, rules, &failed)
        });
        let mut failing = Vec::new();
        for entry in relied_on {
            let file = entry.name.file_name();
            if passed.contains(&file) {
                continue;
            }
            if passes(store, entry, options).with_context(|| format!("cannot drill {file}"))? {
                passed.insert(file);
            } else {
                options
                    .progress
                    .alarm(&format!("{file} fails its drill: it does not count as a good snapshot"));
                failing.push(file);
            }
        }
        if failing.is_empty() {
            let told = |entry: &&Entry| failed.contains(&entry.name.file_name());
            let failures = catalog.entries.iter().filter(told);
            plan.problems
                .extend(failures.map(|entry| (entry.location.to_string(), "fails its drill".to_owned())));
            return Ok(plan);
        }
        failed.extend(failing);
    }
}

/// The newest good snapshot, and the newest that may be whole, where that is another one.
fn newest<'e>(
    store: &Store,
    entries: &[&'e Entry],
    rules: &Rules,
    failed: &BTreeSet<String>,
) -> Vec<&'e Entry> {
    let newest = |counts: &dyn Fn(&Standing) -> bool| {
        let counts = |entry: &&&Entry| counts(&Standing::of(store, entry, rules.now, failed));
        entries.iter().rev().find(counts).copied()
    };
    let good = newest(&|standing| *standing == Standing::Good);
    let whole = newest(&Standing::may_be_whole).filter(|entry| entry.manifest().is_none());
    good.into_iter().chain(whole).collect()
}

fn passes(store: &Store, entry: &Entry, options: &VerifyOptions<'_>) -> Result<bool> {
    let file = entry.name.file_name();
    options.progress.detail(&format!("drilling {file}"));
    let fetched = store.fetch(&file, options.scratch, options.progress)?;
    match entry.manifest() {
        Some(manifest) => {
            if manifest.files.is_some() {
                store.fetch_files(&fetched, options.progress)?;
            }
            Ok(matches_manifest(&fetched.path, manifest, options.progress)?
                && attached::is_whole(&fetched.path, manifest, options.progress)?)
        }
        None => is_whole(&fetched.path, options),
    }
}
